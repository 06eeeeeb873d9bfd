/*
 * R-Car Gen3 Clock Pulse Generator, Module Standby and Software Reset
 *
 * Named GPIO outputs:
 *   "mstp"  [RCAR_CPG_MODULES]: 1 = the clock of the module runs
 *   "srst"  [RCAR_CPG_MODULES]: 1 = the software reset is asserted
 * A module is numbered 32 * register + bit.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_MISC_RCAR_CPG_H
#define HW_MISC_RCAR_CPG_H

#include "hw/sysbus.h"

#define TYPE_RCAR_CPG "rcar-cpg"
OBJECT_DECLARE_SIMPLE_TYPE(RCarCPGState, RCAR_CPG)

#define RCAR_CPG_SIZE       0x1000
#define RCAR_CPG_BANKS      12
#define RCAR_CPG_MODULES    (32 * RCAR_CPG_BANKS)

struct RCarCPGState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq mstp[RCAR_CPG_MODULES];
    qemu_irq srst[RCAR_CPG_MODULES];

    /* All registers, but those below */
    uint32_t regs[RCAR_CPG_SIZE / 4];
    uint32_t smstpcr[RCAR_CPG_BANKS];
    uint32_t srcr[RCAR_CPG_BANKS];
};

#endif
