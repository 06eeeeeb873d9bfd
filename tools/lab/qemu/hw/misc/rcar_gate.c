/*
 * Clock and reset lines of a block of an R-Car SoC
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "qemu/log.h"
#include "hw/irq.h"
#include "hw/misc/rcar_gate.h"
#include "trace.h"

const VMStateDescription vmstate_rcar_gate = {
    .name = "rcar-gate",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(clock, RCarGate),
        VMSTATE_UINT32(reset, RCarGate),
        VMSTATE_END_OF_LIST()
    },
};

static const char *rcar_gate_name(RCarGate *g)
{
    return object_get_canonical_path_component(OBJECT(g->dev)) ?:
           object_get_typename(OBJECT(g->dev));
}

/*
 * The opaque pointer of a GPIO input is the state that the line changes, as
 * the gate is not at a fixed place in its device.
 */
static void rcar_gate_set(void *opaque, int n, int level)
{
    uint32_t *lines = opaque;

    *lines = deposit32(*lines, n, 1, !!level);
}

void rcar_gate_complain(RCarGate *g, const char *fmt, ...)
{
    g_autofree char *text = NULL;
    va_list ap;

    if (!g->strict) {
        return;
    }
    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    qemu_log_mask(LOG_GUEST_ERROR, "rcar-strict: %s: %s\n",
                  rcar_gate_name(g), text);
}

bool rcar_gate_access_lines(RCarGate *g, uint32_t clocks, uint32_t resets,
                            hwaddr addr, bool write)
{
    bool clock = g->clock & clocks;
    bool reset = g->reset & resets;

    if (!g->strict || (clock && !reset)) {
        return true;
    }
    trace_rcar_gate_blocked(rcar_gate_name(g), addr, write, clock, reset);
    rcar_gate_complain(g, "%s of 0x%" HWADDR_PRIx " with the %s",
                       write ? "write" : "read", addr,
                       reset ? "reset asserted" : "clock stopped");
    return false;
}

bool rcar_gate_access(RCarGate *g, hwaddr addr, bool write)
{
    return rcar_gate_access_lines(g, UINT32_MAX, UINT32_MAX, addr, write);
}

void rcar_gate_init(DeviceState *dev, RCarGate *g, int nclocks, int nresets)
{
    g->dev = dev;
    qdev_init_gpio_in_named_with_opaque(dev, rcar_gate_set, &g->clock,
                                        "clock", nclocks);
    qdev_init_gpio_in_named_with_opaque(dev, rcar_gate_set, &g->reset,
                                        "reset", nresets);
}
