/*
 * R-Car Gen3 Serial Communication Interface with FIFO
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_CHAR_RCAR_SCIF_H
#define HW_CHAR_RCAR_SCIF_H

#include "chardev/char-fe.h"
#include "hw/sysbus.h"
#include "qemu/fifo8.h"

#define TYPE_RCAR_SCIF "rcar-scif"
OBJECT_DECLARE_SIMPLE_TYPE(RCarSCIFState, RCAR_SCIF)

#define RCAR_SCIF_SIZE      0x40
#define RCAR_SCIF_FIFO      16

struct RCarSCIFState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    CharBackend chr;
    qemu_irq irq;
    Fifo8 rx;

    /* As written, but those below */
    uint16_t regs[RCAR_SCIF_SIZE / 4];
    /* Flags of SCFSR that last until they are cleared */
    uint16_t status;
};

#endif
