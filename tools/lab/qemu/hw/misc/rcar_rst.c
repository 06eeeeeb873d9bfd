/*
 * R-Car Gen3 Reset controller and Product Register
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "hw/misc/rcar_rst.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"

REG32(MODEMR, 0x60)

static uint64_t rcar_rst_read(void *opaque, hwaddr addr, unsigned size)
{
    RCarRSTState *s = opaque;

    return addr == A_MODEMR ? s->modemr : s->regs[addr / 4];
}

static void rcar_rst_write(void *opaque, hwaddr addr, uint64_t value,
                           unsigned size)
{
    RCarRSTState *s = opaque;

    if (addr == A_MODEMR) {
        qemu_log_mask(LOG_GUEST_ERROR,
                      "rcar-rst: write of MODEMR, which is read-only\n");
        return;
    }
    s->regs[addr / 4] = value;
}

static const MemoryRegionOps rcar_rst_ops = {
    .read = rcar_rst_read,
    .write = rcar_rst_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

static void rcar_rst_reset_enter(Object *obj, ResetType type)
{
    RCarRSTState *s = RCAR_RST(obj);

    memset(s->regs, 0, sizeof(s->regs));
}

static const VMStateDescription vmstate_rcar_rst = {
    .name = TYPE_RCAR_RST,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(regs, RCarRSTState, RCAR_RST_SIZE / 4),
        VMSTATE_END_OF_LIST()
    },
};

/* All mode pins low: EXTAL 16.66 MHz, PLL1 x 192 */
static const Property rcar_rst_properties[] = {
    DEFINE_PROP_UINT32("modemr", RCarRSTState, modemr, 0),
};

static void rcar_rst_init(Object *obj)
{
    RCarRSTState *s = RCAR_RST(obj);

    memory_region_init_io(&s->iomem, obj, &rcar_rst_ops, s, TYPE_RCAR_RST,
                          RCAR_RST_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
}

static void rcar_rst_class_init(ObjectClass *oc, void *data)
{
    ResettableClass *rc = RESETTABLE_CLASS(oc);
    DeviceClass *dc = DEVICE_CLASS(oc);

    dc->desc = "R-Car Gen3 RST";
    dc->vmsd = &vmstate_rcar_rst;
    device_class_set_props(dc, rcar_rst_properties);
    rc->phases.enter = rcar_rst_reset_enter;
}

static uint64_t rcar_prr_read(void *opaque, hwaddr addr, unsigned size)
{
    RCarPRRState *s = opaque;

    return s->value;
}

static void rcar_prr_write(void *opaque, hwaddr addr, uint64_t value,
                           unsigned size)
{
    qemu_log_mask(LOG_GUEST_ERROR,
                  "rcar-prr: write of PRR, which is read-only\n");
}

static const MemoryRegionOps rcar_prr_ops = {
    .read = rcar_prr_read,
    .write = rcar_prr_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

/* Product 0x4f is the H3, cut 0x20 is ES3.0 */
static const Property rcar_prr_properties[] = {
    DEFINE_PROP_UINT32("value", RCarPRRState, value, 0x4f20),
};

static void rcar_prr_init(Object *obj)
{
    RCarPRRState *s = RCAR_PRR(obj);

    memory_region_init_io(&s->iomem, obj, &rcar_prr_ops, s, TYPE_RCAR_PRR,
                          RCAR_PRR_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
}

static void rcar_prr_class_init(ObjectClass *oc, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);

    dc->desc = "R-Car Gen3 PRR";
    device_class_set_props(dc, rcar_prr_properties);
}

static const TypeInfo rcar_rst_types[] = {
    {
        .name = TYPE_RCAR_RST,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(RCarRSTState),
        .instance_init = rcar_rst_init,
        .class_init = rcar_rst_class_init,
    },
    {
        .name = TYPE_RCAR_PRR,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(RCarPRRState),
        .instance_init = rcar_prr_init,
        .class_init = rcar_prr_class_init,
    },
};

DEFINE_TYPES(rcar_rst_types)
