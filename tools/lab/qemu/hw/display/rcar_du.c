/*
 * Renesas R-Car H3 Display Unit: registers, interrupts, consoles
 *
 * Four channels in two groups. On Gen3 a channel does not fetch from memory: a
 * VSPD gives it composed frames. The channel gives the VSPD its rhythm.
 *
 * Not modelled: interlaced pictures, colour management (CMM), the blending of
 * two planes that some channels are capable of, dual-link.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "qapi/error.h"
#include "qemu/module.h"
#include "rcar_du_internal.h"
#include "trace.h"

/* Size of the picture of a head that never had one */
#define OFF_WIDTH  640
#define OFF_HEIGHT 480

/*
 * S2D1 with a crystal of 16.666666 MHz. The pins of the channels with a fixed
 * panel have the dot clock of that panel, as a clock generator on a board would
 * give; the others feed a PLL.
 */
#define CLK_HZ     399999984
#define DCLKIN0_HZ 65000000
#define DCLKIN1_HZ 33000000
#define DCLKIN2_HZ 33000000
#define DCLKIN3_HZ 51200000

/* Which VSPD, and which of its outputs, is wired to a channel */
static const struct {
    uint8_t vspd, wpf;
} wiring[RCAR_DU_NUM_CHANNELS] = { { 0, 0 }, { 1, 0 }, { 2, 0 }, { 0, 1 } };

/* Extension registers take a value only with the right code above it. */
static const struct {
    uint32_t offset, mask, code;
} codes[] = {
    { A_DEFR, 0xffff0000, 0x77730000 },
    { A_DEFR5, 0xff000000, 0x66000000 },
    { A_DEFR6, 0xffff0000, 0x77780000 },
    { A_DEFR7, 0xffff0000, 0x77790000 },
    { A_DEFR8, 0xffff0000, 0x77900000 },
    { A_DOFLR, 0xffff0000, 0x77900000 },
    { A_DIDSR, 0xffff0000, 0x77900000 },
    { A_DEFR10, 0xffff0000, 0x77950000 },
    { A_DPLLCR, 0xff000000, 0x95000000 },
};

static void du_update_irq(RCarDUChannel *c)
{
    bool level = du_channel_reg(c->du, c->index, A_DSSR) &
                 du_channel_reg(c->du, c->index, A_DIER) & DSSR_IRQ_MASK;

    trace_rcar_du_irq(c->index, level);
    qemu_set_irq(c->irq, level);
}

/*
 * The VSPD goes first: Linux expects that the display list of the new frame is
 * in effect when it hears of the frame, from whichever interrupt.
 */
void du_channel_frame(RCarDUChannel *c)
{
    RCarDUState *s = c->du;
    RCarVSPDState *vspd = s->vspd[wiring[c->index].vspd];
    bool shows = du_channel_shows(s, c->index);

    if (vspd) {
        rcar_vspd_frame(vspd, wiring[c->index].wpf, shows ? c->width : 0,
                        shows ? c->height : 0);
    }
    s->regs[(du_channel_base(c->index) + A_DSSR) / 4] |=
        R_DSSR_VBK_MASK | R_DSSR_FRM_MASK;
    du_update_irq(c);
}

/* Clocks of which one must run for an access to @offset */
static uint32_t du_clocks(hwaddr offset)
{
    unsigned group = offset / GROUP_SIZE;
    bool odd = offset % GROUP_SIZE >= ODD_CHANNEL;

    /*
     * The registers of a group lie in the page of its even channel; Linux
     * writes them while only the odd channel is in use.
     */
    return (odd ? 2 : 3) << (group * 2);
}

static bool du_access(RCarDUState *s, hwaddr offset, bool write)
{
    return rcar_gate_access_lines(&s->gate, du_clocks(offset),
                                  1 << (offset / GROUP_SIZE), offset, write);
}

static uint64_t du_mmio_read(void *opaque, hwaddr offset, unsigned size)
{
    RCarDUState *s = opaque;
    uint32_t value;

    if (!du_access(s, offset, false)) {
        return 0;
    }
    value = s->regs[offset / 4];
    trace_rcar_du_read(offset, value);
    return value;
}

static bool du_code_matches(RCarDUState *s, hwaddr offset, uint32_t value)
{
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(codes); i++) {
        if (offset % GROUP_SIZE == codes[i].offset &&
            (value & codes[i].mask) != codes[i].code) {
            du_strict(s, "write of 0x%x to 0x%" HWADDR_PRIx
                      ": the code is wrong", value, offset);
            return false;
        }
    }
    return true;
}

/* Registers that do something, at @reg in the page of channel @index */
static bool du_write_channel(RCarDUState *s, unsigned index, hwaddr reg,
                             uint32_t value)
{
    uint32_t *page = &s->regs[du_channel_base(index) / 4];

    switch (reg) {
    case A_DSYSR:
        page[R_DSYSR] = value;
        du_timing_update(s, index / 2);
        return true;
    case A_DSSR:
        return true;
    case A_DSRCR:
        page[R_DSSR] &= ~(value & DSSR_IRQ_MASK);
        du_update_irq(&s->channel[index]);
        return true;
    case A_DIER:
        page[R_DIER] = value;
        du_update_irq(&s->channel[index]);
        return true;
    default:
        return false;
    }
}

static void du_mmio_write(void *opaque, hwaddr offset, uint64_t value,
                          unsigned size)
{
    RCarDUState *s = opaque;
    unsigned group = offset / GROUP_SIZE;
    hwaddr reg = offset % GROUP_SIZE;
    bool odd = reg >= ODD_CHANNEL;

    if (!du_access(s, offset, true)) {
        return;
    }
    trace_rcar_du_write(offset, value);
    if (!du_code_matches(s, offset, value) ||
        du_write_channel(s, group * 2 + odd, odd ? reg - ODD_CHANNEL : reg,
                         value)) {
        return;
    }
    s->regs[offset / 4] = value;
}

static const MemoryRegionOps du_ops = {
    .read = du_mmio_read,
    .write = du_mmio_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

/* Called when somebody looks, and only then */
static void du_gfx_update(void *opaque)
{
    RCarDUChannel *c = opaque;
    RCarVSPDState *vspd = c->du->vspd[wiring[c->index].vspd];
    DisplaySurface *surface;
    unsigned width = c->width ?: OFF_WIDTH, height = c->height ?: OFF_HEIGHT;

    qemu_console_resize(c->console, width, height);
    surface = qemu_console_surface(c->console);
    if (c->running && vspd && du_channel_shows(c->du, c->index)) {
        rcar_vspd_compose(vspd, wiring[c->index].wpf, surface_data(surface),
                          surface_stride(surface) / 4, width, height);
    } else {
        memset(surface_data(surface), 0,
               (size_t)surface_stride(surface) * height);
    }
    dpy_gfx_update_full(c->console);
}

static const GraphicHwOps du_gfx_ops = {
    .gfx_update = du_gfx_update,
};

static void du_reset_enter(Object *obj, ResetType type)
{
    RCarDUState *s = RCAR_DU(obj);
    unsigned i;

    memset(s->regs, 0, sizeof(s->regs));
    for (i = 0; i < RCAR_DU_NUM_CHANNELS; i++) {
        RCarDUChannel *c = &s->channel[i];

        /*
         * As on older Display Units whose manual is public: the display is off,
         * and sync signals come from outside.
         */
        s->regs[(du_channel_base(i) + A_DSYSR) / 4] =
            DSYSR_TVM_TVSYNC << R_DSYSR_TVM_SHIFT |
            (i % 2 ? 0 : R_DSYSR_DRES_MASK);
        du_timing_stop(c);
        c->width = 0;
        c->height = 0;
    }
}

static void du_reset_hold(Object *obj, ResetType type)
{
    RCarDUState *s = RCAR_DU(obj);
    unsigned i;

    for (i = 0; i < RCAR_DU_NUM_CHANNELS; i++) {
        du_update_irq(&s->channel[i]);
    }
}

static void du_realize(DeviceState *dev, Error **errp)
{
    RCarDUState *s = RCAR_DU(dev);
    unsigned i;

    if (s->vspd[0] && !s->vspd[0]->dual) {
        error_setg(errp, "channels 0 and 3 need a VSPD with two outputs");
        return;
    }
    if (!dev->id) {
        /* screendump finds a head by the id of its device. */
        dev->id = g_strdup(object_get_canonical_path_component(OBJECT(dev)));
    }
    for (i = 0; i < RCAR_DU_NUM_CHANNELS; i++) {
        s->channel[i].console = graphic_console_init(dev, i, &du_gfx_ops,
                                                     &s->channel[i]);
        du_timing_init(&s->channel[i]);
    }
}

static void du_init(Object *obj)
{
    RCarDUState *s = RCAR_DU(obj);
    SysBusDevice *sbd = SYS_BUS_DEVICE(obj);
    unsigned i;

    memory_region_init_io(&s->iomem, obj, &du_ops, s, TYPE_RCAR_DU,
                          RCAR_DU_MMIO_SIZE);
    sysbus_init_mmio(sbd, &s->iomem);
    for (i = 0; i < RCAR_DU_NUM_CHANNELS; i++) {
        s->channel[i].du = s;
        s->channel[i].index = i;
        sysbus_init_irq(sbd, &s->channel[i].irq);
    }
    rcar_gate_init(DEVICE(obj), &s->gate, RCAR_DU_NUM_CHANNELS,
                   RCAR_DU_NUM_GROUPS);
}

static const VMStateDescription vmstate_du_channel = {
    .name = TYPE_RCAR_DU "-channel",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_TIMER(timer, RCarDUChannel),
        VMSTATE_BOOL(running, RCarDUChannel),
        VMSTATE_UINT32(width, RCarDUChannel),
        VMSTATE_UINT32(height, RCarDUChannel),
        VMSTATE_UINT64(numerator, RCarDUChannel),
        VMSTATE_UINT64(denominator, RCarDUChannel),
        VMSTATE_INT64(next_ns, RCarDUChannel),
        VMSTATE_UINT64(rest, RCarDUChannel),
        VMSTATE_UINT64(frames, RCarDUChannel),
        VMSTATE_UINT64(lost, RCarDUChannel),
        VMSTATE_END_OF_LIST()
    },
};

static const VMStateDescription vmstate_du = {
    .name = TYPE_RCAR_DU,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_RCAR_GATE(gate, RCarDUState),
        VMSTATE_STRUCT_ARRAY(channel, RCarDUState, RCAR_DU_NUM_CHANNELS, 1,
                             vmstate_du_channel, RCarDUChannel),
        VMSTATE_UINT32_ARRAY(regs, RCarDUState, RCAR_DU_MMIO_SIZE / 4),
        VMSTATE_END_OF_LIST()
    },
};

static const Property du_properties[] = {
    DEFINE_PROP_LINK("vspd0", RCarDUState, vspd[0], TYPE_RCAR_VSPD,
                     RCarVSPDState *),
    DEFINE_PROP_LINK("vspd1", RCarDUState, vspd[1], TYPE_RCAR_VSPD,
                     RCarVSPDState *),
    DEFINE_PROP_LINK("vspd2", RCarDUState, vspd[2], TYPE_RCAR_VSPD,
                     RCarVSPDState *),
    DEFINE_PROP_UINT64("clk-hz", RCarDUState, clk_hz, CLK_HZ),
    DEFINE_PROP_UINT64("dclkin0-hz", RCarDUState, dclkin_hz[0], DCLKIN0_HZ),
    DEFINE_PROP_UINT64("dclkin1-hz", RCarDUState, dclkin_hz[1], DCLKIN1_HZ),
    DEFINE_PROP_UINT64("dclkin2-hz", RCarDUState, dclkin_hz[2], DCLKIN2_HZ),
    DEFINE_PROP_UINT64("dclkin3-hz", RCarDUState, dclkin_hz[3], DCLKIN3_HZ),
    DEFINE_PROP_RCAR_GATE(RCarDUState, gate),
};

static void du_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->desc = "R-Car H3 Display Unit";
    dc->realize = du_realize;
    dc->vmsd = &vmstate_du;
    rc->phases.enter = du_reset_enter;
    rc->phases.hold = du_reset_hold;
    device_class_set_props(dc, du_properties);
    set_bit(DEVICE_CATEGORY_DISPLAY, dc->categories);
}

static const TypeInfo du_types[] = {
    {
        .name = TYPE_RCAR_DU,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(RCarDUState),
        .instance_init = du_init,
        .class_init = du_class_init,
    },
};

DEFINE_TYPES(du_types)
