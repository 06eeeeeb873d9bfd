/*
 * R-Car Gen3 Frame Compression Processor of a VSPD (FCPVD)
 *
 * A VSPD fetches everything through its FCP, which has a clock and a reset of
 * its own. It changes nothing of what is fetched: there is no compression for
 * a VSPD, and translation is done by the IPMMU behind it, which is not here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "hw/misc/rcar_fcp.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "trace.h"

REG32(RST, 0x10)
    FIELD(RST, SOFTRST, 0, 1)
REG32(STA, 0x18)

bool rcar_fcp_ready(RCarFCPState *s)
{
    if (!s->gate.strict || (s->gate.clock && !s->gate.reset)) {
        return true;
    }
    rcar_gate_complain(&s->gate, "fetch with the %s",
                       s->gate.reset ? "reset asserted" : "clock stopped");
    return false;
}

static uint64_t rcar_fcp_read(void *opaque, hwaddr addr, unsigned size)
{
    RCarFCPState *s = opaque;

    if (!rcar_gate_access(&s->gate, addr, false)) {
        return 0;
    }
    /* A soft reset is over at once, and no fetch outlasts an access */
    if (addr == A_RST || addr == A_STA) {
        return 0;
    }
    return s->regs[addr / 4];
}

static void rcar_fcp_write(void *opaque, hwaddr addr, uint64_t value,
                           unsigned size)
{
    RCarFCPState *s = opaque;

    if (!rcar_gate_access(&s->gate, addr, true)) {
        return;
    }
    trace_rcar_fcp_write(addr, value);
    switch (addr) {
    case A_RST:
        if (FIELD_EX32(value, RST, SOFTRST)) {
            memset(s->regs, 0, sizeof(s->regs));
        }
        break;
    case A_STA:
        qemu_log_mask(LOG_GUEST_ERROR,
                      "rcar-fcp: write of STA, which is read-only\n");
        break;
    default:
        s->regs[addr / 4] = value;
        break;
    }
}

static const MemoryRegionOps rcar_fcp_ops = {
    .read = rcar_fcp_read,
    .write = rcar_fcp_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

static void rcar_fcp_reset_enter(Object *obj, ResetType type)
{
    RCarFCPState *s = RCAR_FCP(obj);

    memset(s->regs, 0, sizeof(s->regs));
}

static const VMStateDescription vmstate_rcar_fcp = {
    .name = TYPE_RCAR_FCP,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_RCAR_GATE(gate, RCarFCPState),
        VMSTATE_UINT32_ARRAY(regs, RCarFCPState, RCAR_FCP_SIZE / 4),
        VMSTATE_END_OF_LIST()
    },
};

static const Property rcar_fcp_properties[] = {
    DEFINE_PROP_RCAR_GATE(RCarFCPState, gate),
};

static void rcar_fcp_init(Object *obj)
{
    RCarFCPState *s = RCAR_FCP(obj);

    memory_region_init_io(&s->iomem, obj, &rcar_fcp_ops, s, TYPE_RCAR_FCP,
                          RCAR_FCP_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    rcar_gate_init(DEVICE(obj), &s->gate, 1, 1);
}

static void rcar_fcp_class_init(ObjectClass *oc, void *data)
{
    ResettableClass *rc = RESETTABLE_CLASS(oc);
    DeviceClass *dc = DEVICE_CLASS(oc);

    dc->desc = "R-Car Gen3 FCPVD";
    dc->vmsd = &vmstate_rcar_fcp;
    device_class_set_props(dc, rcar_fcp_properties);
    rc->phases.enter = rcar_fcp_reset_enter;
}

static const TypeInfo rcar_fcp_type = {
    .name = TYPE_RCAR_FCP,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(RCarFCPState),
    .instance_init = rcar_fcp_init,
    .class_init = rcar_fcp_class_init,
};

static void rcar_fcp_register_types(void)
{
    type_register_static(&rcar_fcp_type);
}

type_init(rcar_fcp_register_types)
