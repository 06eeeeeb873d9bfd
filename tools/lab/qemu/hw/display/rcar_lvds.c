/*
 * Renesas R-Car Gen3 LVDS encoder
 *
 * Pixels of a panel do not depend on it; the model knows in which order it has
 * to be started. There is no status register.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/display/rcar_lvds.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "trace.h"

REG32(LVDCR0, 0x00)
    FIELD(LVDCR0, LVRES, 0, 1)
    FIELD(LVDCR0, LVEN, 1, 1)
    FIELD(LVDCR0, PWD, 2, 1)
    FIELD(LVDCR0, PLLON, 4, 1)
REG32(LVDCR1, 0x04)
REG32(LVDPLLCR, 0x08)
    FIELD(LVDPLLCR, PLLDIVCNT, 0, 19)
REG32(LVDCTRCR, 0x0c)
REG32(LVDCHCR, 0x10)

/* The output may be switched on once there is something to put out. */
static void lvds_check(RCarLVDSState *s)
{
    uint32_t cr0 = s->regs[R_LVDCR0];

    if (!(cr0 & R_LVDCR0_LVRES_MASK)) {
        return;
    }
    if (!(cr0 & R_LVDCR0_PLLON_MASK) ||
        !(s->regs[R_LVDPLLCR] & R_LVDPLLCR_PLLDIVCNT_MASK)) {
        rcar_gate_complain(&s->gate, "output without a PLL");
    }
    if (!s->regs[R_LVDCR1]) {
        rcar_gate_complain(&s->gate, "output with all channels in standby");
    }
}

static uint64_t lvds_read(void *opaque, hwaddr offset, unsigned size)
{
    RCarLVDSState *s = opaque;

    return rcar_gate_access(&s->gate, offset, false) ? s->regs[offset / 4] : 0;
}

static void lvds_write(void *opaque, hwaddr offset, uint64_t value,
                       unsigned size)
{
    RCarLVDSState *s = opaque;

    if (!rcar_gate_access(&s->gate, offset, true)) {
        return;
    }
    trace_rcar_lvds_write(offset, value);
    s->regs[offset / 4] = value;
    if (offset == A_LVDCR0) {
        lvds_check(s);
    }
}

static const MemoryRegionOps lvds_ops = {
    .read = lvds_read,
    .write = lvds_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

static void lvds_reset_enter(Object *obj, ResetType type)
{
    RCarLVDSState *s = RCAR_LVDS(obj);

    memset(s->regs, 0, sizeof(s->regs));
}

static void lvds_init(Object *obj)
{
    RCarLVDSState *s = RCAR_LVDS(obj);

    memory_region_init_io(&s->iomem, obj, &lvds_ops, s, TYPE_RCAR_LVDS,
                          RCAR_LVDS_MMIO_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    rcar_gate_init(DEVICE(obj), &s->gate, 1, 1);
}

static const VMStateDescription vmstate_lvds = {
    .name = TYPE_RCAR_LVDS,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_RCAR_GATE(gate, RCarLVDSState),
        VMSTATE_UINT32_ARRAY(regs, RCarLVDSState, RCAR_LVDS_MMIO_SIZE / 4),
        VMSTATE_END_OF_LIST()
    },
};

static const Property lvds_properties[] = {
    DEFINE_PROP_RCAR_GATE(RCarLVDSState, gate),
};

static void lvds_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->desc = "R-Car LVDS encoder";
    dc->vmsd = &vmstate_lvds;
    rc->phases.enter = lvds_reset_enter;
    device_class_set_props(dc, lvds_properties);
    set_bit(DEVICE_CATEGORY_DISPLAY, dc->categories);
}

static const TypeInfo lvds_types[] = {
    {
        .name = TYPE_RCAR_LVDS,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(RCarLVDSState),
        .instance_init = lvds_init,
        .class_init = lvds_class_init,
    },
};

DEFINE_TYPES(lvds_types)
