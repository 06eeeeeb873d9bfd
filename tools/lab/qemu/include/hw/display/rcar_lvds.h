/*
 * Renesas R-Car Gen3 LVDS encoder
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_DISPLAY_RCAR_LVDS_H
#define HW_DISPLAY_RCAR_LVDS_H

#include "exec/memory.h"
#include "hw/misc/rcar_gate.h"
#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_RCAR_LVDS "rcar-lvds"
OBJECT_DECLARE_SIMPLE_TYPE(RCarLVDSState, RCAR_LVDS)

#define RCAR_LVDS_MMIO_SIZE 0x14

struct RCarLVDSState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    RCarGate gate;
    uint32_t regs[RCAR_LVDS_MMIO_SIZE / 4];
};

#endif
