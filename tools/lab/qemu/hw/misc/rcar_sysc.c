/*
 * R-Car H3 System Controller: power areas
 *
 * Power areas are switched at once. Nothing depends on them: the display path
 * is in the area that is always on, and cores are switched through PSCI.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "qemu/log.h"
#include "hw/misc/rcar_sysc.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "trace.h"

REG32(SYSCSR, 0x00)
    FIELD(SYSCSR, POFFENB, 0, 1)
    FIELD(SYSCSR, PONENB, 1, 1)
REG32(SYSCISR, 0x04)
REG32(SYSCISCR, 0x08)

/* Registers of a power control channel, from its base */
enum {
    PWRSR = 0x00,
    PWROFFCR = 0x04,
    PWRONCR = 0x0c,
    PWRER = 0x14,
    CHANNEL_SIZE = 0x18,
};

/* The interrupt bit that tells that area @bit of @channel was switched */
typedef struct RCarPowerArea {
    uint16_t channel;
    uint8_t bit;
    uint8_t isr;
} RCarPowerArea;

static const RCarPowerArea areas[] = {
    { 0x080, 0, 0 },    /* CA57-CPU0 */
    { 0x080, 1, 1 },
    { 0x080, 2, 2 },
    { 0x080, 3, 3 },
    { 0x100, 0, 17 },   /* 3DG-A */
    { 0x100, 1, 18 },
    { 0x100, 2, 19 },
    { 0x100, 3, 20 },
    { 0x100, 4, 22 },
    { 0x140, 0, 21 },   /* CA53-SCU */
    { 0x180, 0, 24 },   /* A3IR */
    { 0x1c0, 0, 12 },   /* CA57-SCU */
    { 0x200, 0, 5 },    /* CA53-CPU0 */
    { 0x200, 1, 6 },
    { 0x200, 2, 7 },
    { 0x200, 3, 8 },
    { 0x240, 0, 13 },   /* CR7 */
    { 0x340, 0, 9 },    /* A3VP */
    { 0x380, 0, 14 },   /* A3VC */
    { 0x3c0, 1, 26 },   /* A2VC1 */
};

/* The channel that @addr is in, or 0 */
static hwaddr rcar_sysc_channel(hwaddr addr)
{
    for (int i = 0; i < ARRAY_SIZE(areas); i++) {
        if (addr >= areas[i].channel &&
            addr < areas[i].channel + CHANNEL_SIZE) {
            return areas[i].channel;
        }
    }
    return 0;
}

static void rcar_sysc_switch(RCarSYSCState *s, hwaddr channel, uint32_t bits,
                             bool on)
{
    uint32_t *off = &s->regs[(channel + PWRSR) / 4];

    for (int i = 0; i < ARRAY_SIZE(areas); i++) {
        if (areas[i].channel != channel ||
            !extract32(bits, areas[i].bit, 1)) {
            continue;
        }
        trace_rcar_sysc_switch(channel, areas[i].bit, on);
        *off = deposit32(*off, areas[i].bit, 1, !on);
        s->regs[R_SYSCISR] |= BIT(areas[i].isr);
    }
}

static uint64_t rcar_sysc_read(void *opaque, hwaddr addr, unsigned size)
{
    RCarSYSCState *s = opaque;

    if (addr == A_SYSCSR) {
        /* No request is ever under way */
        return R_SYSCSR_POFFENB_MASK | R_SYSCSR_PONENB_MASK;
    }
    return s->regs[addr / 4];
}

static void rcar_sysc_write(void *opaque, hwaddr addr, uint64_t value,
                            unsigned size)
{
    RCarSYSCState *s = opaque;
    hwaddr channel = rcar_sysc_channel(addr);

    if (channel) {
        switch (addr - channel) {
        case PWROFFCR:
            rcar_sysc_switch(s, channel, value, false);
            return;
        case PWRONCR:
            rcar_sysc_switch(s, channel, value, true);
            return;
        default:
            /* State and errors are read-only */
            return;
        }
    }
    switch (addr) {
    case A_SYSCSR:
    case A_SYSCISR:
        qemu_log_mask(LOG_GUEST_ERROR,
                      "rcar-sysc: write of 0x%" HWADDR_PRIx
                      ", which is read-only\n", addr);
        break;
    case A_SYSCISCR:
        s->regs[R_SYSCISR] &= ~value;
        break;
    default:
        s->regs[addr / 4] = value;
        break;
    }
}

static const MemoryRegionOps rcar_sysc_ops = {
    .read = rcar_sysc_read,
    .write = rcar_sysc_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

/* All areas are on: a kernel switches off those that it does not use. */
static void rcar_sysc_reset_enter(Object *obj, ResetType type)
{
    RCarSYSCState *s = RCAR_SYSC(obj);

    memset(s->regs, 0, sizeof(s->regs));
}

static const VMStateDescription vmstate_rcar_sysc = {
    .name = TYPE_RCAR_SYSC,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(regs, RCarSYSCState, RCAR_SYSC_SIZE / 4),
        VMSTATE_END_OF_LIST()
    },
};

static void rcar_sysc_init(Object *obj)
{
    RCarSYSCState *s = RCAR_SYSC(obj);

    memory_region_init_io(&s->iomem, obj, &rcar_sysc_ops, s, TYPE_RCAR_SYSC,
                          RCAR_SYSC_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
}

static void rcar_sysc_class_init(ObjectClass *oc, void *data)
{
    ResettableClass *rc = RESETTABLE_CLASS(oc);
    DeviceClass *dc = DEVICE_CLASS(oc);

    dc->desc = "R-Car H3 SYSC";
    dc->vmsd = &vmstate_rcar_sysc;
    rc->phases.enter = rcar_sysc_reset_enter;
}

static const TypeInfo rcar_sysc_type = {
    .name = TYPE_RCAR_SYSC,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(RCarSYSCState),
    .instance_init = rcar_sysc_init,
    .class_init = rcar_sysc_class_init,
};

static void rcar_sysc_register_types(void)
{
    type_register_static(&rcar_sysc_type);
}

type_init(rcar_sysc_register_types)
