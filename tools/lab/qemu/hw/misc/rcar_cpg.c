/*
 * R-Car Gen3 Clock Pulse Generator, Module Standby and Software Reset
 *
 * Clock rates are not modelled: the registers that select them are stored, so
 * that an operating system computes the rates of a board. Module clocks and
 * resets are, and drive the gates of the blocks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "qemu/log.h"
#include "hw/irq.h"
#include "hw/misc/rcar_cpg.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "trace.h"

REG32(FRQCRB, 0x004)
    FIELD(FRQCRB, KICK, 31, 1)
REG32(PLLECR, 0x0d0)
    FIELD(PLLECR, ENABLE, 0, 5)
    FIELD(PLLECR, STATUS, 8, 5)
REG32(PLL0CR, 0x0d8)
REG32(PLL2CR, 0x02c)
REG32(PLL4CR, 0x1f4)
    FIELD(PLLCR, STC, 24, 7)
REG32(RPCCKCR, 0x238)
REG32(SRSTCLR0, 0x940)

static const uint16_t mstpsr_offset[RCAR_CPG_BANKS] = {
    0x030, 0x038, 0x040, 0x048, 0x04c, 0x03c,
    0x1c0, 0x1c4, 0x9a0, 0x9a4, 0x9a8, 0x9ac,
};

static const uint16_t smstpcr_offset[RCAR_CPG_BANKS] = {
    0x130, 0x134, 0x138, 0x13c, 0x140, 0x144,
    0x148, 0x14c, 0x990, 0x994, 0x998, 0x99c,
};

static const uint16_t srcr_offset[RCAR_CPG_BANKS] = {
    0x0a0, 0x0a8, 0x0b0, 0x0b8, 0x0bc, 0x0c4,
    0x1c8, 0x1cc, 0x920, 0x924, 0x928, 0x92c,
};

/*
 * The clocks that a boot loader leaves running: SCIF2 for the console, the
 * watchdog and the interrupt controller. Everything else is stopped, so that
 * an access without its clock does not go unnoticed.
 */
static const uint16_t running[] = { 310, 402, 408 };

/* The index of @addr in the addresses of a kind of register, or -1 */
static int rcar_cpg_bank(const uint16_t offset[RCAR_CPG_BANKS], hwaddr addr)
{
    for (int i = 0; i < RCAR_CPG_BANKS; i++) {
        if (offset[i] == addr) {
            return i;
        }
    }
    return -1;
}

static bool rcar_cpg_is_srstclr(hwaddr addr)
{
    return addr >= A_SRSTCLR0 && addr < A_SRSTCLR0 + 4 * RCAR_CPG_BANKS;
}

static void rcar_cpg_drive(qemu_irq *lines, int bank, uint32_t levels)
{
    for (int i = 0; i < 32; i++) {
        qemu_set_irq(lines[32 * bank + i], extract32(levels, i, 1));
    }
}

static void rcar_cpg_set_smstpcr(RCarCPGState *s, int bank, uint32_t value)
{
    trace_rcar_cpg_mstp(bank, s->smstpcr[bank], value);
    s->smstpcr[bank] = value;
    rcar_cpg_drive(s->mstp, bank, ~value);
}

static void rcar_cpg_set_srcr(RCarCPGState *s, int bank, uint32_t value)
{
    trace_rcar_cpg_srst(bank, s->srcr[bank], value);
    s->srcr[bank] = value;
    rcar_cpg_drive(s->srst, bank, value);
}

static uint64_t rcar_cpg_read(void *opaque, hwaddr addr, unsigned size)
{
    RCarCPGState *s = opaque;
    uint32_t value;
    int bank;

    bank = rcar_cpg_bank(smstpcr_offset, addr);
    if (bank < 0) {
        /* A module follows its control bit at once */
        bank = rcar_cpg_bank(mstpsr_offset, addr);
    }
    if (bank >= 0) {
        return s->smstpcr[bank];
    }
    bank = rcar_cpg_bank(srcr_offset, addr);
    if (bank >= 0) {
        return s->srcr[bank];
    }
    value = s->regs[addr / 4];
    if (addr == A_PLLECR) {
        /* A PLL has locked as soon as it is on */
        value = FIELD_DP32(value, PLLECR, STATUS,
                           FIELD_EX32(value, PLLECR, ENABLE));
    }
    return value;
}

static void rcar_cpg_write(void *opaque, hwaddr addr, uint64_t value,
                           unsigned size)
{
    RCarCPGState *s = opaque;
    int bank;

    bank = rcar_cpg_bank(smstpcr_offset, addr);
    if (bank >= 0) {
        rcar_cpg_set_smstpcr(s, bank, value);
        return;
    }
    bank = rcar_cpg_bank(srcr_offset, addr);
    if (bank >= 0) {
        rcar_cpg_set_srcr(s, bank, s->srcr[bank] | value);
        return;
    }
    if (rcar_cpg_is_srstclr(addr)) {
        bank = (addr - A_SRSTCLR0) / 4;
        rcar_cpg_set_srcr(s, bank, s->srcr[bank] & ~value);
        return;
    }
    if (rcar_cpg_bank(mstpsr_offset, addr) >= 0) {
        qemu_log_mask(LOG_GUEST_ERROR,
                      "rcar-cpg: write of 0x%" HWADDR_PRIx
                      ", which is read-only\n", addr);
        return;
    }
    if (addr == A_FRQCRB) {
        /* New dividers take effect at once */
        value = FIELD_DP32(value, FRQCRB, KICK, 0);
    }
    s->regs[addr / 4] = value;
}

static const MemoryRegionOps rcar_cpg_ops = {
    .read = rcar_cpg_read,
    .write = rcar_cpg_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

static void rcar_cpg_reset_enter(Object *obj, ResetType type)
{
    RCarCPGState *s = RCAR_CPG(obj);

    memset(s->regs, 0, sizeof(s->regs));
    memset(s->srcr, 0, sizeof(s->srcr));
    memset(s->smstpcr, 0xff, sizeof(s->smstpcr));
    for (int i = 0; i < ARRAY_SIZE(running); i++) {
        s->smstpcr[running[i] / 100] &= ~BIT(running[i] % 100);
    }
    /* A57 1.5 GHz, A53 1.2 GHz, PLL4 1.2 GHz; a divider that is valid */
    s->regs[R_PLL0CR] = FIELD_DP32(0, PLLCR, STC, 0x59);
    s->regs[R_PLL2CR] = FIELD_DP32(0, PLLCR, STC, 0x47);
    s->regs[R_PLL4CR] = FIELD_DP32(0, PLLCR, STC, 0x47);
    s->regs[R_PLLECR] = R_PLLECR_ENABLE_MASK;
    s->regs[R_RPCCKCR] = 0x31f;
}

/* Lines are changed when all devices have been reset. */
static void rcar_cpg_reset_exit(Object *obj, ResetType type)
{
    RCarCPGState *s = RCAR_CPG(obj);

    for (int i = 0; i < RCAR_CPG_BANKS; i++) {
        rcar_cpg_drive(s->mstp, i, ~s->smstpcr[i]);
        rcar_cpg_drive(s->srst, i, s->srcr[i]);
    }
}

static const VMStateDescription vmstate_rcar_cpg = {
    .name = TYPE_RCAR_CPG,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(regs, RCarCPGState, RCAR_CPG_SIZE / 4),
        VMSTATE_UINT32_ARRAY(smstpcr, RCarCPGState, RCAR_CPG_BANKS),
        VMSTATE_UINT32_ARRAY(srcr, RCarCPGState, RCAR_CPG_BANKS),
        VMSTATE_END_OF_LIST()
    },
};

static void rcar_cpg_init(Object *obj)
{
    RCarCPGState *s = RCAR_CPG(obj);

    memory_region_init_io(&s->iomem, obj, &rcar_cpg_ops, s, TYPE_RCAR_CPG,
                          RCAR_CPG_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    qdev_init_gpio_out_named(DEVICE(obj), s->mstp, "mstp", RCAR_CPG_MODULES);
    qdev_init_gpio_out_named(DEVICE(obj), s->srst, "srst", RCAR_CPG_MODULES);
}

static void rcar_cpg_class_init(ObjectClass *oc, void *data)
{
    ResettableClass *rc = RESETTABLE_CLASS(oc);
    DeviceClass *dc = DEVICE_CLASS(oc);

    dc->desc = "R-Car Gen3 CPG/MSSR";
    dc->vmsd = &vmstate_rcar_cpg;
    rc->phases.enter = rcar_cpg_reset_enter;
    rc->phases.exit = rcar_cpg_reset_exit;
}

static const TypeInfo rcar_cpg_type = {
    .name = TYPE_RCAR_CPG,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(RCarCPGState),
    .instance_init = rcar_cpg_init,
    .class_init = rcar_cpg_class_init,
};

static void rcar_cpg_register_types(void)
{
    type_register_static(&rcar_cpg_type);
}

type_init(rcar_cpg_register_types)
