/*
 * Renesas R-Car Gen3 VSPD and VSPDL: registers, frames, interrupts
 *
 * VSPD0 of the H3 is a VSPDL: it has two outputs (WPF and LIF) and a second
 * blender, BRS. The others have one output and the BRU.
 *
 * Registers of units that are not modelled (UDS, SRU, LUT, CLU, HGO, HGT, ...)
 * keep what is written to them: Linux sets their routes to "unused".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "qapi/error.h"
#include "qemu/module.h"
#include "rcar_vspd_internal.h"
#include "trace.h"

static void vspd_update_irq(RCarVSPDState *s)
{
    bool level = false;
    unsigned i;

    for (i = 0; i < vspd_num_wpf(s); i++) {
        uint32_t sta = vspd_reg(s->regs, A_WPF_IRQ_STA + i * WPF_IRQ_STEP);
        uint32_t enb = vspd_reg(s->regs, A_WPF_IRQ_ENB + i * WPF_IRQ_STEP);

        level |= sta & enb & WPF_IRQ_MASK;
    }
    trace_rcar_vspd_irq(vspd_name(s), level);
    qemu_set_irq(s->irq, level);
}

static bool vspd_active(RCarVSPDState *s, unsigned wpf)
{
    return vspd_reg(s->regs, A_STATUS) & (1 << (R_STATUS_SYS_ACT_SHIFT + wpf));
}

static void vspd_write_cmd(RCarVSPDState *s, unsigned wpf, uint32_t value)
{
    if (!(value & R_CMD_STRCMD_MASK)) {
        return;
    }
    s->regs[R_STATUS] |= 1 << (R_STATUS_SYS_ACT_SHIFT + wpf);
    s->regs[(A_CMD + wpf * CMD_STEP) / 4] &= ~R_CMD_UPDHDR_MASK;
    s->list[wpf].header = vspd_reg(s->regs,
                                   A_DL_HDR_ADDR + wpf * DL_HDR_ADDR_STEP);
    s->list[wpf].started = true;
    s->list[wpf].complained = false;
    trace_rcar_vspd_start(vspd_name(s), wpf, s->list[wpf].header);
}

static void vspd_write_sreset(RCarVSPDState *s, uint32_t value)
{
    unsigned i;

    for (i = 0; i < vspd_num_wpf(s); i++) {
        if (value & (1 << i)) {
            s->regs[R_STATUS] &= ~(1 << (R_STATUS_SYS_ACT_SHIFT + i));
            s->regs[(A_CMD + i * CMD_STEP) / 4] &= ~R_CMD_UPDHDR_MASK;
            s->list[i] = (RCarVSPDList) { };
            trace_rcar_vspd_stop(vspd_name(s), i);
        }
    }
}

/* Register writes by the CPU and from display lists */
void vspd_write(RCarVSPDState *s, hwaddr offset, uint32_t value)
{
    unsigned i;

    switch (offset) {
    case A_CMD:
    case A_CMD + CMD_STEP:
        vspd_write_cmd(s, (offset - A_CMD) / CMD_STEP, value);
        return;
    case A_SRESET:
        vspd_write_sreset(s, value);
        return;
    case A_STATUS:
    case A_IP_VERSION:
    case A_UIF_DOCMCCRCR:
    case A_UIF_DOCMCCRCR + UIF_STEP:
        return;
    case A_WPF_IRQ_STA:
    case A_WPF_IRQ_STA + WPF_IRQ_STEP:
    case A_DISP_IRQ_STA:
    case A_DISP_IRQ_STA + DISP_IRQ_STEP:
        s->regs[offset / 4] &= value;           /* a 0 clears */
        break;
    case A_DL_HDR_ADDR:
    case A_DL_HDR_ADDR + DL_HDR_ADDR_STEP:
        i = (offset - A_DL_HDR_ADDR) / DL_HDR_ADDR_STEP;
        s->regs[offset / 4] = value;
        if (vspd_active(s, i)) {
            s->regs[(A_CMD + i * CMD_STEP) / 4] |= R_CMD_UPDHDR_MASK;
        }
        return;
    default:
        s->regs[offset / 4] = value;
        break;
    }
    vspd_update_irq(s);
}

static uint64_t vspd_mmio_read(void *opaque, hwaddr offset, unsigned size)
{
    RCarVSPDState *s = opaque;
    unsigned uif;
    uint32_t value;

    if (!rcar_gate_access(&s->gate, offset, false)) {
        return 0;
    }
    switch (offset) {
    case A_UIF_DOCMCCRCR:
    case A_UIF_DOCMCCRCR + UIF_STEP:
        /*
         * Linux reads this with each frame, used or not: only make it if the
         * unit compares something, and once for each frame.
         */
        uif = (offset - A_UIF_DOCMCCRCR) / UIF_STEP;
        if (!s->crc_valid[uif] &&
            (vspd_reg(s->regs, A_UIF_DOCMCR + uif * UIF_STEP) &
             R_UIF_DOCMCR_CMPR_MASK)) {
            s->regs[offset / 4] = vspd_uif_crc(s, uif);
            s->crc_valid[uif] = true;
        }
        break;
    }
    value = vspd_reg(s->regs, offset);
    trace_rcar_vspd_read(vspd_name(s), offset, value);
    return value;
}

static void vspd_mmio_write(void *opaque, hwaddr offset, uint64_t value,
                            unsigned size)
{
    RCarVSPDState *s = opaque;

    if (!rcar_gate_access(&s->gate, offset, true)) {
        return;
    }
    trace_rcar_vspd_write(vspd_name(s), offset, value);
    vspd_write(s, offset, value);
}

static const MemoryRegionOps vspd_ops = {
    .read = vspd_mmio_read,
    .write = vspd_mmio_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

/* Says once for each list why the DU, if it shows anything, gets nothing. */
static void vspd_underrun(RCarVSPDState *s, unsigned wpf, unsigned width,
                          const char *why)
{
    if (width && !s->list[wpf].complained) {
        s->list[wpf].complained = true;
        vspd_strict(s, "WPF%u: the DU shows a frame, but %s", wpf, why);
    }
}

/*
 * The list goes first: it holds writes of 0 to WPF_IRQ_STA, which would wipe
 * out the interrupt of the frame that it is executed for.
 */
void rcar_vspd_frame(RCarVSPDState *s, unsigned wpf, unsigned width,
                     unsigned height)
{
    bool fresh;

    assert(wpf < vspd_num_wpf(s));
    s->crc_valid[0] = s->crc_valid[1] = false;
    if (s->gate.strict && (!s->gate.clock || s->gate.reset)) {
        vspd_underrun(s, wpf, width,
                      "the VSP has no clock or is in reset");
        return;
    }
    if (!vspd_active(s, wpf)) {
        vspd_underrun(s, wpf, width, "the VSP was not started");
        return;
    }
    if (s->fcp && !rcar_fcp_ready(s->fcp)) {
        return;
    }
    fresh = vspd_dl_run(s, wpf);
    memcpy(s->latched[wpf], s->regs, sizeof(s->regs));
    if (!(vspd_reg(s->regs, A_LIF_CTRL + (int)wpf * LIF_STEP) &
          R_LIF_CTRL_EN_MASK)) {
        vspd_underrun(s, wpf, width, "the LIF is off");
        return;
    }
    if (fresh) {
        vspd_check_wpf(s, wpf, width, height);
    }
    if (wpf_reg(s->regs, wpf, A_WPF_WRBCK_CTRL) & R_WPF_WRBCK_CTRL_WBMD_MASK) {
        vspd_writeback(s, wpf);
    }
    s->regs[(A_WPF_IRQ_STA + wpf * WPF_IRQ_STEP) / 4] |=
        R_WPF_IRQ_STA_DFE_MASK;
    vspd_update_irq(s);
}

static void vspd_reset_enter(Object *obj, ResetType type)
{
    RCarVSPDState *s = RCAR_VSPD(obj);
    unsigned i;

    memset(s->regs, 0, sizeof(s->regs));
    memset(s->latched, 0, sizeof(s->latched));
    memset(s->list, 0, sizeof(s->list));
    memset(s->crc_valid, 0, sizeof(s->crc_valid));
    s->regs[R_IP_VERSION] = s->dual ? IP_VERSION_VSPDL_H3 : IP_VERSION_VSPD_H3;
    for (i = A_DPR_RPF_ROUTE; i <= A_DPR_UIF_ROUTE + DPR_STEP; i += 4) {
        s->regs[i / 4] = DPR_NODE_UNUSED;
    }
}

static void vspd_reset_hold(Object *obj, ResetType type)
{
    vspd_update_irq(RCAR_VSPD(obj));
}

static void vspd_init(Object *obj)
{
    RCarVSPDState *s = RCAR_VSPD(obj);
    SysBusDevice *sbd = SYS_BUS_DEVICE(obj);

    memory_region_init_io(&s->iomem, obj, &vspd_ops, s, TYPE_RCAR_VSPD,
                          RCAR_VSPD_MMIO_SIZE);
    sysbus_init_mmio(sbd, &s->iomem);
    sysbus_init_irq(sbd, &s->irq);
    rcar_gate_init(DEVICE(obj), &s->gate, 1, 1);
}

static const VMStateDescription vmstate_vspd_list = {
    .name = TYPE_RCAR_VSPD "-list",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(header, RCarVSPDList),
        VMSTATE_BOOL(started, RCarVSPDList),
        VMSTATE_BOOL(complained, RCarVSPDList),
        VMSTATE_END_OF_LIST()
    },
};

static const VMStateDescription vmstate_vspd = {
    .name = TYPE_RCAR_VSPD,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_RCAR_GATE(gate, RCarVSPDState),
        VMSTATE_UINT32_ARRAY(regs, RCarVSPDState, RCAR_VSPD_MMIO_SIZE / 4),
        VMSTATE_UINT32_2DARRAY(latched, RCarVSPDState, RCAR_VSPD_NUM_WPF,
                               RCAR_VSPD_MMIO_SIZE / 4),
        VMSTATE_STRUCT_ARRAY(list, RCarVSPDState, RCAR_VSPD_NUM_WPF, 1,
                             vmstate_vspd_list, RCarVSPDList),
        VMSTATE_BOOL_ARRAY(crc_valid, RCarVSPDState, RCAR_VSPD_NUM_UIF),
        VMSTATE_END_OF_LIST()
    },
};

static const Property vspd_properties[] = {
    DEFINE_PROP_BOOL("dual", RCarVSPDState, dual, false),
    DEFINE_PROP_LINK("fcp", RCarVSPDState, fcp, TYPE_RCAR_FCP, RCarFCPState *),
    DEFINE_PROP_LINK("cache", RCarVSPDState, cache, TYPE_RCAR_CACHE,
                     RCarCacheState *),
    DEFINE_PROP_RCAR_GATE(RCarVSPDState, gate),
};

static void vspd_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->desc = "R-Car VSPD";
    dc->vmsd = &vmstate_vspd;
    rc->phases.enter = vspd_reset_enter;
    rc->phases.hold = vspd_reset_hold;
    device_class_set_props(dc, vspd_properties);
    set_bit(DEVICE_CATEGORY_DISPLAY, dc->categories);
}

static const TypeInfo vspd_types[] = {
    {
        .name = TYPE_RCAR_VSPD,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(RCarVSPDState),
        .instance_init = vspd_init,
        .class_init = vspd_class_init,
    },
};

DEFINE_TYPES(vspd_types)
