/*
 * Renesas R-Car Gen3 VSPD and VSPDL: the video signal processor of a display
 *
 * It fetches pictures from memory (RPF), blends them (BRU, BRS) and hands the
 * result to a channel of the Display Unit (WPF, LIF). All of that is programmed
 * by display lists in memory.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_DISPLAY_RCAR_VSPD_H
#define HW_DISPLAY_RCAR_VSPD_H

#include "exec/memory.h"
#include "hw/arm/rcar_cache.h"
#include "hw/misc/rcar_fcp.h"
#include "hw/misc/rcar_gate.h"
#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_RCAR_VSPD "rcar-vspd"
OBJECT_DECLARE_SIMPLE_TYPE(RCarVSPDState, RCAR_VSPD)

#define RCAR_VSPD_MMIO_SIZE 0x5000
#define RCAR_VSPD_NUM_WPF   2
#define RCAR_VSPD_NUM_RPF   5
#define RCAR_VSPD_NUM_UIF   2

/* What one WPF does with its display lists */
typedef struct RCarVSPDList {
    uint32_t header;    /* the list that was executed last */
    bool started;       /* STRCMD was written, no frame since */
    bool complained;    /* this list was found wrong and said so */
} RCarVSPDList;

struct RCarVSPDState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq irq;
    RCarGate gate;

    bool dual;
    RCarFCPState *fcp;
    RCarCacheState *cache;      /* or NULL */

    uint32_t regs[RCAR_VSPD_MMIO_SIZE / 4];
    /*
     * What the registers were when the present frame of each WPF began, with
     * its display list executed. A list repeats all it says at each frame, and
     * Linux leaves in the list of one WPF of the VSPDL that the blender which
     * it gave to the other one is unused: what is in the registers between two
     * frames of a WPF cannot be what it works with. How hardware does that is
     * in the H3 manual only.
     */
    uint32_t latched[RCAR_VSPD_NUM_WPF][RCAR_VSPD_MMIO_SIZE / 4];
    RCarVSPDList list[RCAR_VSPD_NUM_WPF];

    /* The check code of a frame is made when it is read for the first time. */
    bool crc_valid[RCAR_VSPD_NUM_UIF];
};

/**
 * rcar_vspd_frame: the DU channel behind WPF @wpf begins a frame
 *
 * Takes a new display list if there is one, executes it, writes the frame back
 * to memory if that was asked for, and raises the frame end interrupt. The
 * channel shows @width x @height pixels; 0 x 0 if its planes are off, and then
 * nobody misses what the VSP does not deliver.
 */
void rcar_vspd_frame(RCarVSPDState *s, unsigned wpf, unsigned width,
                     unsigned height);

/**
 * rcar_vspd_compose: what WPF @wpf gives to its DU channel, as ARGB8888
 *
 * @stride counts pixels. What lies outside of the WPF's picture is black.
 */
void rcar_vspd_compose(RCarVSPDState *s, unsigned wpf, uint32_t *pixels,
                       unsigned stride, unsigned width, unsigned height);

#endif
