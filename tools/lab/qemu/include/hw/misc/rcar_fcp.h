/*
 * R-Car Gen3 Frame Compression Processor of a VSPD (FCPVD)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_MISC_RCAR_FCP_H
#define HW_MISC_RCAR_FCP_H

#include "hw/misc/rcar_gate.h"
#include "hw/sysbus.h"

#define TYPE_RCAR_FCP "rcar-fcp"
OBJECT_DECLARE_SIMPLE_TYPE(RCarFCPState, RCAR_FCP)

#define RCAR_FCP_SIZE       0x200

struct RCarFCPState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    RCarGate gate;
    uint32_t regs[RCAR_FCP_SIZE / 4];
};

/*
 * Whether a VSPD can fetch through this FCP: its clock runs and its reset is
 * not asserted. If not, a strict FCP logs it.
 */
bool rcar_fcp_ready(RCarFCPState *s);

#endif
