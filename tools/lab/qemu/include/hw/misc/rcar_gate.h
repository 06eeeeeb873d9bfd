/*
 * Clock and reset lines of a block of an R-Car SoC
 *
 * The CPG drives one line for each module clock and one for each software
 * reset. A block whose clock is stopped, or whose reset is asserted, must not
 * be touched: hardware answers with a bus error, a hang or garbage.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_MISC_RCAR_GATE_H
#define HW_MISC_RCAR_GATE_H

#include "exec/hwaddr.h"
#include "hw/qdev-core.h"
#include "migration/vmstate.h"

typedef struct RCarGate {
    DeviceState *dev;
    /* One bit for each line: 1 = the clock runs, 1 = the reset is asserted */
    uint32_t clock;
    uint32_t reset;
    /* Property "strict" of the device: complain about what hardware punishes */
    bool strict;
} RCarGate;

extern const VMStateDescription vmstate_rcar_gate;

#define VMSTATE_RCAR_GATE(_field, _state) \
    VMSTATE_STRUCT(_field, _state, 1, vmstate_rcar_gate, RCarGate)

#define DEFINE_PROP_RCAR_GATE(_state, _field) \
    DEFINE_PROP_BOOL("strict", _state, _field.strict, true)

/*
 * Give @dev the named GPIO inputs "clock" and "reset". Called from
 * instance_init. All clocks are stopped and no reset is asserted until the
 * CPG says something else.
 */
void rcar_gate_init(DeviceState *dev, RCarGate *g, int nclocks, int nresets);

/*
 * Whether a register can be accessed now: one of the clocks in @clocks runs
 * and none of the resets in @resets is asserted. If not, and if the device is
 * strict, this is logged; the caller then reads 0 or ignores the write. A
 * device that is not strict can be accessed at any time.
 */
bool rcar_gate_access_lines(RCarGate *g, uint32_t clocks, uint32_t resets,
                            hwaddr addr, bool write);

/* As above, for all lines of the device */
bool rcar_gate_access(RCarGate *g, hwaddr addr, bool write);

/*
 * Log something else that hardware would punish, such as a fetch from what is
 * not RAM: "rcar-strict: <device>: <text>\n". The text has no newline.
 */
void rcar_gate_complain(RCarGate *g, const char *fmt, ...) G_GNUC_PRINTF(2, 3);

#endif
