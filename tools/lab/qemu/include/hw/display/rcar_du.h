/*
 * Renesas R-Car H3 Display Unit
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_DISPLAY_RCAR_DU_H
#define HW_DISPLAY_RCAR_DU_H

#include "hw/display/rcar_vspd.h"
#include "hw/misc/rcar_gate.h"
#include "hw/sysbus.h"
#include "qemu/timer.h"
#include "qom/object.h"
#include "ui/console.h"

#define TYPE_RCAR_DU "rcar-du"
OBJECT_DECLARE_SIMPLE_TYPE(RCarDUState, RCAR_DU)

#define RCAR_DU_MMIO_SIZE    0x80000
#define RCAR_DU_NUM_CHANNELS 4
#define RCAR_DU_NUM_GROUPS   2
#define RCAR_DU_NUM_VSPS     3

/* A display output: timing, interrupt, and a console that shows the panel */
typedef struct RCarDUChannel {
    RCarDUState *du;
    unsigned index;
    qemu_irq irq;
    QemuConsole *console;
    QEMUTimer timer;

    bool running;
    uint32_t width, height;
    /*
     * A frame lasts numerator / denominator ns. The next one begins at next_ns
     * and rest / denominator ns: on the average no error is left.
     */
    uint64_t numerator, denominator;
    int64_t next_ns;
    uint64_t rest;
    uint64_t frames, lost;
} RCarDUChannel;

struct RCarDUState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    RCarGate gate;

    RCarVSPDState *vspd[RCAR_DU_NUM_VSPS];
    /* Rates in Hz of the CPG's clock du.N and of the pins DU_DOTCLKIN0 to 3 */
    uint64_t clk_hz;
    uint64_t dclkin_hz[RCAR_DU_NUM_CHANNELS];

    RCarDUChannel channel[RCAR_DU_NUM_CHANNELS];
    uint32_t regs[RCAR_DU_MMIO_SIZE / 4];
};

#endif
