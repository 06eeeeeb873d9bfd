/*
 * Renesas R-Car H3: which lines of RAM are only in a cache of the CPUs
 *
 * One bit for each line of 64 bytes, in one word for each 4 KiB. Stores come
 * from a hook in the softmmu, DC instructions replace those of the CPU, which
 * do nothing. By default stores are seen one by one only in pages that matter,
 * those that a device fetched from or that were cleaned to the point of
 * coherency; of another page the first store after the page got clean and its
 * TLB entry is new. With "exact" all are, which is slower. Neither takes a
 * clean line for dirty.
 *
 * With "exact" a second bit of a line says that memory is newer than what a
 * cache may have: a store that was not cacheable, or a device that does not
 * snoop, sets it; what takes the line out of the caches, or replaces it there,
 * clears it. Loads are seen in pages that had such a line once.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "exec/cputlb.h"
#include "exec/exec-all.h"
#include "exec/memory.h"
#include "exec/tlb-hook.h"
#include "hw/arm/rcar_cache.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "qapi/error.h"
#include "cpu.h"
#include "target/arm/cpregs.h"
#include "target/arm/internals.h"
#include "tcg/insn-start-words.h"

#define LINE            64
#define PAGE            4096
#define LINES_PER_PAGE  (PAGE / LINE)
#define MAX_CPUS        8

QEMU_BUILD_BUG_ON(LINES_PER_PAGE != 64);

/* A loop over a range: of what is wrong in it only the first is told. */
typedef struct RCarCacheLoop {
    uint64_t next;              /* the address that comes next in it */
    bool told;
} RCarCacheLoop;

struct RCarCacheState {
    SysBusDevice parent_obj;

    MemoryRegion *ram;
    uint64_t base;
    bool exact;

    TLBHook hook;
    ram_addr_t ram_addr;
    size_t pages;
    uint64_t *dirty;            /* one word for each page, atomic */
    uint64_t *newer;            /* likewise: in memory than in caches */
    bool *watched;              /* one for each page, atomic; never unset */
    bool *loads;                /* likewise: loads are seen */
    RCarCacheLoop loop[MAX_CPUS];
    RCarCacheLoop load_loop[MAX_CPUS];
};

/* Whether a nibble of MAIR is normal memory, write-back */
static bool is_write_back(unsigned nibble)
{
    return (nibble & 4) && nibble != 4;
}

/* Can stores through this mapping stay in a cache? */
static bool can_dirty(const CPUTLBEntryFull *full)
{
    unsigned outer = full->extra.arm.pte_attrs >> 4;
    unsigned inner = full->extra.arm.pte_attrs & 15;

    /* Without an outer attribute it is device memory. */
    return outer && (is_write_back(outer) || is_write_back(inner));
}

/* Can loads through this mapping be answered by a cache? */
static bool can_cache(const CPUTLBEntryFull *full)
{
    return full->extra.arm.pte_attrs >> 4 && full->extra.arm.pte_attrs != 0x44;
}

/* The lines of a page that @size bytes from @addr on are in */
static uint64_t lines_of(uint64_t addr, uint64_t size)
{
    unsigned first = addr % PAGE / LINE;
    unsigned last = (addr % PAGE + size - 1) / LINE;

    return MAKE_64BIT_MASK(first, MIN(last, LINES_PER_PAGE - 1) - first + 1);
}

static bool is_watched(RCarCacheState *s, size_t page)
{
    return s->exact || qatomic_read(&s->watched[page]);
}

static unsigned cache_fill(TLBHook *hook, const CPUTLBEntryFull *full,
                           ram_addr_t addr)
{
    RCarCacheState *s = container_of(hook, RCarCacheState, hook);
    size_t page = (addr - s->ram_addr) / PAGE;
    unsigned told = 0;

    if (page >= s->pages) {
        return 0;
    }
    if (s->exact || (can_dirty(full) &&
                     (is_watched(s, page) || !qatomic_read(&s->dirty[page])))) {
        told |= TLB_HOOK_STORE;
    }
    if (can_cache(full) && qatomic_read(&s->loads[page])) {
        told |= TLB_HOOK_LOAD;
    }
    return told;
}

static void set_lines(uint64_t *word, uint64_t lines)
{
    if ((qatomic_read(word) & lines) != lines) {
        qatomic_or(word, lines);
    }
}

static void clear_lines(uint64_t *word, uint64_t lines)
{
    if (qatomic_read(word) & lines) {
        qatomic_and(word, ~lines);
    }
}

static void flush_cpu(CPUState *cpu, run_on_cpu_data data)
{
    tlb_flush(cpu);
}

/* Memory has changed, and no cache knows of it. */
static void set_newer(RCarCacheState *s, size_t page, uint64_t lines)
{
    CPUState *cpu;

    set_lines(&s->newer[page], lines);
    if (!qatomic_read(&s->loads[page]) &&
        !qatomic_xchg(&s->loads[page], true)) {
        /* TLB entries for it were made without the trap. */
        CPU_FOREACH(cpu) {
            async_run_on_cpu(cpu, flush_cpu, RUN_ON_CPU_NULL);
        }
    }
}

static bool cache_store(TLBHook *hook, const CPUTLBEntryFull *full,
                        ram_addr_t addr, unsigned size)
{
    RCarCacheState *s = container_of(hook, RCarCacheState, hook);
    size_t page = (addr - s->ram_addr) / PAGE;
    uint64_t lines = lines_of(addr, size);

    if (page >= s->pages) {
        return false;
    }
    if (can_dirty(full)) {
        set_lines(&s->dirty[page], lines);
        clear_lines(&s->newer[page], lines);
        return is_watched(s, page);
    }
    if (s->exact && !can_cache(full)) {
        set_newer(s, page, lines);
    }
    return s->exact;
}

/* Has @loop nothing to tell yet? From now on it has. */
static bool loop_tells(RCarCacheLoop *loop)
{
    bool tell = !loop->told;

    loop->told = true;
    return tell;
}

/* @addr is the next in @loop, the same again, or begins a new one. */
static void loop_goes_on(RCarCacheLoop *loop, uint64_t addr)
{
    if (addr != loop->next && addr + LINE != loop->next) {
        loop->told = false;
    }
    loop->next = addr + LINE;
}

/* The address of the instruction in which a helper was called */
static uint64_t unwind_pc(CPUState *cpu, uintptr_t retaddr)
{
    uint64_t data[TARGET_INSN_START_WORDS], pc = cpu_env(cpu)->pc;

    if (cpu_unwind_state_data(cpu, retaddr, data)) {
        pc = (pc & TARGET_PAGE_MASK) | (data[0] & ~TARGET_PAGE_MASK);
    }
    return pc;
}

static void cache_load(TLBHook *hook, CPUState *cpu,
                       const CPUTLBEntryFull *full, ram_addr_t addr,
                       unsigned size, uintptr_t retaddr)
{
    RCarCacheState *s = container_of(hook, RCarCacheState, hook);
    size_t page = (addr - s->ram_addr) / PAGE;
    uint64_t lines = lines_of(addr, size);
    RCarCacheLoop *loop = &s->load_loop[cpu->cpu_index];
    hwaddr phys;

    if (page >= s->pages || !can_cache(full) ||
        !(qatomic_read(&s->newer[page]) & lines)) {
        return;
    }
    clear_lines(&s->newer[page], lines);
    phys = s->base + (hwaddr)page * PAGE + ctz64(lines) * LINE;
    loop_goes_on(loop, phys);
    if (loop_tells(loop)) {
        qemu_log_mask(LOG_GUEST_ERROR, "rcar-strict: cpu%d: load at pc 0x%"
                      PRIx64 " (EL%d) of 0x%" HWADDR_PRIx ", a line that a "
                      "cache may have as it was before\n", cpu->cpu_index,
                      unwind_pc(cpu, retaddr),
                      arm_current_el(cpu_env(cpu)), phys);
    }
}

/* Devices of QEMU are coherent: whatever a cache had is replaced. */
static void cache_dma(TLBHook *hook, ram_addr_t addr, ram_addr_t size)
{
    RCarCacheState *s = container_of(hook, RCarCacheState, hook);
    ram_addr_t at = addr - s->ram_addr, end = at + size;

    while (at < end && at / PAGE < s->pages) {
        ram_addr_t part = MIN(end - at, PAGE - at % PAGE);

        clear_lines(&s->newer[at / PAGE], lines_of(at, part));
        at += part;
    }
}

/* The pages of @len bytes at @addr, clipped to RAM: none if *end <= *page */
static void find_pages(RCarCacheState *s, hwaddr addr, hwaddr len,
                       size_t *page, size_t *end)
{
    hwaddr from = MAX(addr, s->base), to = addr + len;

    *page = (from - s->base) / PAGE;
    *end = to > from ? MIN(DIV_ROUND_UP(to - s->base, PAGE), s->pages) : 0;
}

static void watch_pages(RCarCacheState *s, size_t page, size_t end)
{
    size_t i, from = end;

    for (i = page; i < end; i++) {
        if (!qatomic_xchg(&s->watched[i], true) && from == end) {
            from = i;
        }
    }
    /* Entries that were made without the trap get it. */
    if (from < end && !s->exact) {
        tlb_reset_dirty_range_all(s->ram_addr + from * PAGE,
                                  (end - from) * PAGE);
    }
}

void rcar_cache_watch(RCarCacheState *s, hwaddr addr, hwaddr len)
{
    size_t page, end;

    find_pages(s, addr, len, &page, &end);
    watch_pages(s, page, end);
}

bool rcar_cache_is_dirty(RCarCacheState *s, hwaddr addr, hwaddr len,
                         hwaddr *first)
{
    size_t page, end;

    find_pages(s, addr, len, &page, &end);
    for (; page < end; page++) {
        hwaddr start = s->base + (hwaddr)page * PAGE;
        hwaddr from = MAX(addr, start);
        uint64_t dirty = qatomic_read(&s->dirty[page]) &
                         lines_of(from, MIN(addr + len, start + PAGE) - from);

        if (dirty) {
            *first = start + ctz64(dirty) * LINE;
            return true;
        }
    }
    return false;
}

void rcar_cache_written(RCarCacheState *s, hwaddr addr, hwaddr len)
{
    size_t page, end;

    find_pages(s, addr, len, &page, &end);
    for (; s->exact && page < end; page++) {
        hwaddr start = s->base + (hwaddr)page * PAGE;
        hwaddr from = MAX(addr, start);

        set_newer(s, page,
                  lines_of(from, MIN(addr + len, start + PAGE) - from));
    }
}

/* --- DC instructions, by address ----------------------------------------- */

/*
 * Which line of RAM is at @va? A DC instruction of the CPU model does nothing,
 * so it doesn't fault here either.
 */
static bool find_line(RCarCacheState *s, CPUARMState *env, vaddr va,
                      size_t *page, uint64_t *line)
{
    CPUTLBEntryFull *full;
    ram_addr_t addr;
    int flags = probe_access_full_mmu(env, va, 1, MMU_DATA_LOAD,
                                      arm_env_mmu_index(env), NULL, &full);

    if (flags & (TLB_INVALID_MASK | TLB_MMIO)) {
        return false;
    }
    addr = va + full->xlat_section - s->ram_addr;
    *page = addr / PAGE;
    *line = lines_of(addr, 1);
    return *page < s->pages;
}

static void dc_civac(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t va)
{
    RCarCacheState *s = ri->opaque;
    size_t page;
    uint64_t line;

    if (find_line(s, env, va, &page, &line)) {
        clear_lines(&s->dirty[page], line);
        clear_lines(&s->newer[page], line);
    }
}

/* Software that does this without invalidation works for a device. */
static void dc_cvac(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t va)
{
    RCarCacheState *s = ri->opaque;
    size_t page;
    uint64_t line;

    if (find_line(s, env, va, &page, &line)) {
        if (!is_watched(s, page)) {
            watch_pages(s, page, page + 1);
        }
        clear_lines(&s->dirty[page], line);
    }
}

/* A line that is only in a cache is thrown away. */
static void complain_ivac(RCarCacheState *s, CPUARMState *env, size_t page,
                          uint64_t line)
{
    int cpu = env_cpu(env)->cpu_index;

    if (loop_tells(&s->loop[cpu])) {
        qemu_log_mask(LOG_GUEST_ERROR, "rcar-strict: cpu%d: DC IVAC at pc 0x%"
                      PRIx64 " throws away 0x%" HWADDR_PRIx ", a line that is "
                      "only in a cache\n", cpu, env->pc,
                      s->base + (hwaddr)page * PAGE + ctz64(line) * LINE);
    }
}

static void dc_ivac(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t va)
{
    RCarCacheState *s = ri->opaque;
    RCarCacheLoop *loop = &s->loop[env_cpu(env)->cpu_index];
    size_t page;
    uint64_t line;

    va = QEMU_ALIGN_DOWN(va, LINE);
    loop_goes_on(loop, va);
    if (!find_line(s, env, va, &page, &line)) {
        return;
    }
    /* In a guest it cleans as well. */
    if ((qatomic_read(&s->dirty[page]) & line) &&
        (arm_current_el(env) == 2 ||
         !(arm_hcr_el2_eff(env) & (HCR_VM | HCR_DC)))) {
        complain_ivac(s, env, page, line);
    }
    clear_lines(&s->dirty[page], line);
    clear_lines(&s->newer[page], line);
}

/* Who may maintain caches to the point of coherency */
static CPAccessResult dc_access(CPUARMState *env, const ARMCPRegInfo *ri,
                                bool isread)
{
    int el = arm_current_el(env);

    if (el == 0 && !(arm_sctlr(env, 0) & SCTLR_UCI)) {
        return CP_ACCESS_TRAP_EL1;
    }
    if (el < 2 && (arm_hcr_el2_eff(env) & HCR_TPCP)) {
        return CP_ACCESS_TRAP_EL2;
    }
    return CP_ACCESS_OK;
}

#define DC_TYPE (ARM_CP_OVERRIDE | ARM_CP_NO_RAW | ARM_CP_SUPPRESS_TB_END)

static const ARMCPRegInfo dc_regs[] = {
    { .name = "DC_IVAC", .state = ARM_CP_STATE_AA64,
      .opc0 = 1, .opc1 = 0, .crn = 7, .crm = 6, .opc2 = 1,
      .access = PL1_W, .accessfn = dc_access, .fgt = FGT_DCIVAC,
      .type = DC_TYPE, .writefn = dc_ivac },
    { .name = "DC_CVAC", .state = ARM_CP_STATE_AA64,
      .opc0 = 1, .opc1 = 3, .crn = 7, .crm = 10, .opc2 = 1,
      .access = PL0_W, .accessfn = dc_access, .fgt = FGT_DCCVAC,
      .type = DC_TYPE, .writefn = dc_cvac },
    { .name = "DC_CIVAC", .state = ARM_CP_STATE_AA64,
      .opc0 = 1, .opc1 = 3, .crn = 7, .crm = 14, .opc2 = 1,
      .access = PL0_W, .accessfn = dc_access, .fgt = FGT_DCCIVAC,
      .type = DC_TYPE, .writefn = dc_civac },
};

void rcar_cache_add_cpu(RCarCacheState *s, ARMCPU *cpu)
{
    assert(CPU(cpu)->cpu_index < MAX_CPUS);
    define_arm_cp_regs_with_opaque(cpu, dc_regs, s);
}

/* --- device --------------------------------------------------------------- */

/* So after loadvm as well: all lines are clean. */
static void cache_reset_hold(Object *obj, ResetType type)
{
    RCarCacheState *s = RCAR_CACHE(obj);

    memset(s->dirty, 0, s->pages * sizeof(*s->dirty));
    memset(s->newer, 0, s->pages * sizeof(*s->newer));
    memset(s->loop, 0, sizeof(s->loop));
    memset(s->load_loop, 0, sizeof(s->load_loop));
}

static void cache_realize(DeviceState *dev, Error **errp)
{
    RCarCacheState *s = RCAR_CACHE(dev);

    if (!s->ram || tlb_hook) {
        error_setg(errp, "rcar-cache: no \"ram\", or there is one already");
        return;
    }
    s->ram_addr = memory_region_get_ram_addr(s->ram);
    s->pages = memory_region_size(s->ram) / PAGE;
    s->dirty = g_new0(uint64_t, s->pages);
    s->newer = g_new0(uint64_t, s->pages);
    s->watched = g_new0(bool, s->pages);
    s->loads = g_new0(bool, s->pages);
    s->hook.fill = cache_fill;
    s->hook.store = cache_store;
    s->hook.load = cache_load;
    s->hook.dma = cache_dma;
    tlb_hook = &s->hook;
}

static const Property cache_properties[] = {
    DEFINE_PROP_LINK("ram", RCarCacheState, ram, TYPE_MEMORY_REGION,
                     MemoryRegion *),
    DEFINE_PROP_UINT64("base", RCarCacheState, base, 0),
    DEFINE_PROP_BOOL("exact", RCarCacheState, exact, false),
};

static void cache_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->desc = "R-Car H3 caches, as the display path sees them";
    dc->realize = cache_realize;
    RESETTABLE_CLASS(klass)->phases.hold = cache_reset_hold;
    device_class_set_props(dc, cache_properties);
    set_bit(DEVICE_CATEGORY_MISC, dc->categories);
}

static const TypeInfo cache_types[] = {
    {
        .name = TYPE_RCAR_CACHE,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(RCarCacheState),
        .class_init = cache_class_init,
    },
};

DEFINE_TYPES(cache_types)
