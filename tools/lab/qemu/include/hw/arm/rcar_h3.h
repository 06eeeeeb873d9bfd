/*
 * Renesas R-Car H3 (r8a77951): memory map and interrupts of the machine
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_RCAR_H3_H
#define HW_ARM_RCAR_H3_H

#include "hw/boards.h"
#include "hw/arm/boot.h"
#include "hw/arm/rcar_cache.h"
#include "hw/intc/arm_gic.h"
#include "target/arm/cpu.h"

#define RCAR_H3_RAM_BASE        0x48000000
/*
 * The blocks of the display path have 32-bit addresses, and RAM above 4 GiB
 * is at another place on the board: this is all that they can fetch from.
 */
#define RCAR_H3_RAM_MAX         0x78000000

#define RCAR_H3_MAX_CPUS        8
#define RCAR_H3_NUM_SPIS        480
#define RCAR_H3_NUM_VSPD        3
#define RCAR_H3_NUM_DU_IRQS     4
#define RCAR_H3_NUM_VIRTIO      16

#define RCAR_H3_CPG             0xe6150000
#define RCAR_H3_RST             0xe6160000
#define RCAR_H3_SYSC            0xe6180000
#define RCAR_H3_SCIF2           0xe6e88000
#define RCAR_H3_GICD            0xf1010000
#define RCAR_H3_GICC            0xf1020000
#define RCAR_H3_GICH            0xf1040000
#define RCAR_H3_GICV            0xf1060000
/* In a hole of the map of the SoC, and on SPIs that it does not use */
#define RCAR_H3_VIRTIO          0xf2000000
#define RCAR_H3_VIRTIO_SIZE     0x200
#define RCAR_H3_VSPD0           0xfea20000
#define RCAR_H3_FCPVD0          0xfea27000
#define RCAR_H3_VSPD_STRIDE     0x8000
#define RCAR_H3_DU              0xfeb00000
#define RCAR_H3_LVDS0           0xfeb90000
#define RCAR_H3_PRR             0xfff00044

enum {
    RCAR_H3_SPI_SCIF2 = 164,
    RCAR_H3_SPI_VIRTIO = 448,
    RCAR_H3_SPI_VSPD0 = 466,
};

#define TYPE_RCAR_H3_MACHINE MACHINE_TYPE_NAME("rcar-h3")
OBJECT_DECLARE_SIMPLE_TYPE(RCarH3State, RCAR_H3_MACHINE)

/* Property "caches" of the machine */
typedef enum RCarH3Caches {
    RCAR_H3_CACHES_OFF,
    RCAR_H3_CACHES_WATCHED,     /* all stores to what matters to a device */
    RCAR_H3_CACHES_EXACT,       /* all stores */
    RCAR_H3_CACHES_AUTO,        /* watched if strict, and with TCG */
} RCarH3Caches;

struct RCarH3State {
    MachineState parent_obj;

    struct arm_boot_info bootinfo;
    ARMCPU *cpu[RCAR_H3_MAX_CPUS];
    GICState gic;
    MemoryRegion gicc;
    MemoryRegion gicv;
    MemoryRegion gic_alias[2][32];
    DeviceState *cpg;
    RCarCacheState *cache;
    bool strict;
    RCarH3Caches caches;
};

#endif
