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

#define LINE            64
#define PAGE            4096
#define LINES_PER_PAGE  (PAGE / LINE)
#define MAX_CPUS        8

QEMU_BUILD_BUG_ON(LINES_PER_PAGE != 64);

/* A loop of DC IVAC over a range */
typedef struct RCarCacheLoop {
    vaddr next;                 /* the address that comes next in it */
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
    bool *watched;              /* one for each page, atomic; never unset */
    RCarCacheLoop loop[MAX_CPUS];
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

static bool cache_fill(TLBHook *hook, const CPUTLBEntryFull *full,
                       ram_addr_t addr)
{
    RCarCacheState *s = container_of(hook, RCarCacheState, hook);
    size_t page = (addr - s->ram_addr) / PAGE;

    return page < s->pages && can_dirty(full) &&
           (is_watched(s, page) || !qatomic_read(&s->dirty[page]));
}

static bool cache_store(TLBHook *hook, const CPUTLBEntryFull *full,
                        ram_addr_t addr, unsigned size)
{
    RCarCacheState *s = container_of(hook, RCarCacheState, hook);
    size_t page = (addr - s->ram_addr) / PAGE;
    uint64_t lines = lines_of(addr, size);

    if (page >= s->pages || !can_dirty(full)) {
        return false;
    }
    if ((qatomic_read(&s->dirty[page]) & lines) != lines) {
        qatomic_or(&s->dirty[page], lines);
    }
    return is_watched(s, page);
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

static void clean_line(RCarCacheState *s, size_t page, uint64_t line)
{
    if (qatomic_read(&s->dirty[page]) & line) {
        qatomic_and(&s->dirty[page], ~line);
    }
}

static void dc_civac(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t va)
{
    RCarCacheState *s = ri->opaque;
    size_t page;
    uint64_t line;

    if (find_line(s, env, va, &page, &line)) {
        clean_line(s, page, line);
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
        clean_line(s, page, line);
    }
}

/* A line that is only in a cache is thrown away: told once for each loop. */
static void complain_ivac(RCarCacheState *s, CPUARMState *env, vaddr va,
                          size_t page, uint64_t line)
{
    int cpu = env_cpu(env)->cpu_index;

    if (!s->loop[cpu].told) {
        s->loop[cpu].told = true;
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
    if (va != loop->next) {
        loop->told = false;
    }
    loop->next = va + LINE;
    if (!find_line(s, env, va, &page, &line)) {
        return;
    }
    /* In a guest it cleans as well. */
    if ((qatomic_read(&s->dirty[page]) & line) &&
        (arm_current_el(env) == 2 ||
         !(arm_hcr_el2_eff(env) & (HCR_VM | HCR_DC)))) {
        complain_ivac(s, env, va, page, line);
    }
    clean_line(s, page, line);
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
    memset(s->loop, 0, sizeof(s->loop));
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
    s->watched = g_new0(bool, s->pages);
    s->hook.fill = cache_fill;
    s->hook.store = cache_store;
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
