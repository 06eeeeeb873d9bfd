/*
 * Renesas R-Car H3 Display Unit: what its source files share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_DISPLAY_RCAR_DU_INTERNAL_H
#define HW_DISPLAY_RCAR_DU_INTERNAL_H

#include "hw/display/rcar_du.h"
#include "hw/registerfields.h"
#include "qemu/log.h"

/* Of a channel, at du_channel_base() */
REG32(DSYSR, 0x00)
    FIELD(DSYSR, TVM, 6, 2)
    FIELD(DSYSR, DEN, 8, 1)                 /* of the group, even channel */
    FIELD(DSYSR, DRES, 9, 1)                /* of the group, even channel */
#define DSYSR_TVM_MASTER 0
#define DSYSR_TVM_TVSYNC 2
REG32(DSMR, 0x04)
REG32(DSSR, 0x08)
    FIELD(DSSR, VBK, 11, 1)
    FIELD(DSSR, FRM, 14, 1)
#define DSSR_IRQ_MASK 0x0000cbff
REG32(DSRCR, 0x0c)
REG32(DIER, 0x10)
REG32(HDSR, 0x40)
REG32(HDER, 0x44)
REG32(VDSR, 0x48)
REG32(VDER, 0x4c)
REG32(HCR, 0x50)
REG32(VCR, 0x58)
REG32(DEWR, 0x7c)
#define TIMING_MASK 0x1fff
#define ESCR_EVEN 0x10000
#define ESCR_ODD  0x01000
    FIELD(ESCR, FRQSEL, 0, 6)
    FIELD(ESCR, DCLKSEL, 20, 1)

/* Of a group, at du_group_base() */
REG32(DEFR, 0x20)
REG32(DEFR5, 0xe0)
REG32(DEFR6, 0xe8)
REG32(DEFR7, 0xec)
REG32(DORCR, 0x11000)
REG32(DPTSR, 0x11004)
REG32(DS1PR, 0x11020)                       /* then DS2PR */
REG32(DEFR8, 0x20020)
REG32(DOFLR, 0x20024)
REG32(DIDSR, 0x20028)
REG32(DEFR10, 0x20038)
REG32(DPLLCR, 0x20044)
    FIELD(DPLLCR, INCS, 1, 1)
    FIELD(DPLLCR, STBY, 2, 1)
    FIELD(DPLLCR, M, 3, 2)
    FIELD(DPLLCR, N, 5, 7)
    FIELD(DPLLCR, FDPLL, 12, 6)
    FIELD(DPLLCR, CLKE, 18, 1)
    FIELD(DPLLCR, PLCS0, 21, 1)
    FIELD(DPLLCR, PLCS1, 23, 1)

#define GROUP_SIZE 0x40000
#define ODD_CHANNEL 0x30000                 /* in its group */

static inline hwaddr du_group_base(unsigned channel)
{
    return channel / 2 * GROUP_SIZE;
}

static inline hwaddr du_channel_base(unsigned channel)
{
    return du_group_base(channel) + (channel % 2 ? ODD_CHANNEL : 0);
}

static inline uint32_t du_channel_reg(const RCarDUState *s, unsigned channel,
                                      hwaddr offset)
{
    return s->regs[(du_channel_base(channel) + offset) / 4];
}

static inline uint32_t du_group_reg(const RCarDUState *s, unsigned channel,
                                    hwaddr offset)
{
    return s->regs[(du_group_base(channel) + offset) / 4];
}

#define du_strict(s, fmt, ...) \
    rcar_gate_complain(&(s)->gate, fmt, ## __VA_ARGS__)

/* True if a plane, which on the H3 means a VSPD, is routed to the channel. */
static inline bool du_channel_shows(const RCarDUState *s, unsigned channel)
{
    return du_group_reg(s, channel, A_DS1PR + channel % 2 * 4);
}

void du_channel_frame(RCarDUChannel *c);
void du_timing_init(RCarDUChannel *c);
void du_timing_update(RCarDUState *s, unsigned group);
void du_timing_stop(RCarDUChannel *c);

#endif
