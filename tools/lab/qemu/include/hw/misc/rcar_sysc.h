/*
 * R-Car H3 System Controller: power areas
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_MISC_RCAR_SYSC_H
#define HW_MISC_RCAR_SYSC_H

#include "hw/sysbus.h"

#define TYPE_RCAR_SYSC "rcar-sysc"
OBJECT_DECLARE_SIMPLE_TYPE(RCarSYSCState, RCAR_SYSC)

#define RCAR_SYSC_SIZE      0x400

struct RCarSYSCState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    uint32_t regs[RCAR_SYSC_SIZE / 4];
};

#endif
