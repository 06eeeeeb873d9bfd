/*
 * R-Car Gen3 Reset controller and Product Register
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_MISC_RCAR_RST_H
#define HW_MISC_RCAR_RST_H

#include "hw/sysbus.h"

#define TYPE_RCAR_RST "rcar-rst"
OBJECT_DECLARE_SIMPLE_TYPE(RCarRSTState, RCAR_RST)

#define RCAR_RST_SIZE       0x200

struct RCarRSTState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    uint32_t regs[RCAR_RST_SIZE / 4];
    /* The levels of the mode pins */
    uint32_t modemr;
};

#define TYPE_RCAR_PRR "rcar-prr"
OBJECT_DECLARE_SIMPLE_TYPE(RCarPRRState, RCAR_PRR)

#define RCAR_PRR_SIZE       4

struct RCarPRRState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    uint32_t value;
};

#endif
