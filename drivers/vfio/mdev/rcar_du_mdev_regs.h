/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: DU registers
 *
 * Pure: state in, state out. Nothing here sleeps, allocates, knows VFIO or
 * takes a lock; the caller serializes all calls on one struct
 * rcar_du_mdev_regs.
 */

#ifndef __RCAR_DU_MDEV_REGS_H__
#define __RCAR_DU_MDEV_REGS_H__

#include <linux/bits.h>
#include <linux/types.h>

#include <uapi/linux/rcar_vdu.h>

/* What a register write or a vertical blank asks the caller to do. */
#define RCAR_DU_MDEV_EV_CLOCK	BIT(0)	/* look at running() and frame_period() again */
#define RCAR_DU_MDEV_EV_LATCH	BIT(1)	/* @latch of the registers has changed */
#define RCAR_DU_MDEV_EV_RAISE	BIT(2)	/* an enabled interrupt source became pending */
#define RCAR_DU_MDEV_EV_LOWER	BIT(3)	/* no enabled interrupt source is pending now */
#define RCAR_DU_MDEV_EV_UPDATE	BIT(4)	/* an update is complete: update() would latch it */

/**
 * struct rcar_du_mdev_plane_regs - Internal update registers of one plane page
 * @mr: PnMR
 * @mwr: PnMWR
 * @alphar: PnALPHAR
 * @dsxr: PnDSXR
 * @dsyr: PnDSYR
 * @dpxr: PnDPXR
 * @dpyr: PnDPYR
 * @dsa0r: PnDSA0R
 * @spxr: PnSPXR
 * @spyr: PnSPYR
 * @ddcr2: PnDDCR2
 * @ddcr4: PnDDCR4
 * @addr_hi: RCAR_VDU_PLANE_ADDR_HI
 * @role: RCAR_VDU_PLANE_ROLE
 * @hot_x: RCAR_VDU_PLANE_HOT_X
 * @hot_y: RCAR_VDU_PLANE_HOT_Y
 * @alpha: RCAR_VDU_PLANE_ALPHA
 * @blend: RCAR_VDU_PLANE_BLEND
 * @mapping: RCAR_VDU_PLANE_MAPPING, or 0 if it does not count
 */
struct rcar_du_mdev_plane_regs {
	u32 mr;
	u32 mwr;
	u32 alphar;
	u32 dsxr;
	u32 dsyr;
	u32 dpxr;
	u32 dpyr;
	u32 dsa0r;
	u32 spxr;
	u32 spyr;
	u32 ddcr2;
	u32 ddcr4;
	u32 addr_hi;
	u32 role;
	u32 hot_x;
	u32 hot_y;
	u32 alpha;
	u32 blend;
	u32 mapping;
};

/**
 * struct rcar_du_mdev_latch - One consistent snapshot of the display
 * @on: the display runs (DSYSR.DEN = 1 and DSYSR.DRES = 0); no plane is shown
 *	otherwise
 * @again: the guest has written nothing that would be new in it
 * @seq: LATCH_COUNT of this snapshot
 * @frame: FRAME_COUNT at which it was taken
 * @time_ns: CLOCK_MONOTONIC time of that vertical blank
 * @num_planes: RCAR_VDU_NUM_PLANES
 * @dspr: DS1PR
 * @width: displayed pixels of a line
 * @height: displayed lines
 * @interlaced: DSYSR.SCM asks for interlaced output, which the VDU has not
 * @planes: the plane pages
 */
struct rcar_du_mdev_latch {
	bool on;
	bool again;
	u32 seq;
	u32 frame;
	u64 time_ns;
	u32 num_planes;
	u32 dspr;
	u32 width;
	u32 height;
	bool interlaced;
	struct rcar_du_mdev_plane_regs planes[RCAR_VDU_NUM_PLANE_PAGES];
};

/* Latches of which it is known when they were shown. */
#define RCAR_DU_MDEV_CRC_LATCHES	32

/**
 * struct rcar_du_mdev_crc_regs - Check code of what is shown
 * @ctrl: RCAR_VDU_CRC_CTRL
 * @after: LATCH_COUNT when it was turned on; later latches have a code
 * @valid: there is a code
 * @seq: LATCH_COUNT that it belongs to
 * @value: the code
 * @frame: what RCAR_VDU_CRC_FRAME returns
 * @frozen: what RCAR_VDU_CRC_VALUE returns
 * @first: FRAME_COUNT of the first frame that showed a latch, by the lower bits
 *	of its LATCH_COUNT
 */
struct rcar_du_mdev_crc_regs {
	u32 ctrl;
	u32 after;
	bool valid;
	u32 seq;
	u32 value;
	u32 frame;
	u32 frozen;
	u32 first[RCAR_DU_MDEV_CRC_LATCHES];
};

#define RCAR_DU_MDEV_NUM_DU_REGS	1024

/**
 * struct rcar_du_mdev_regs - All guest-visible registers of one VDU
 * @du: stored BAR 0 registers, in the order of the register table
 * @dssr: DSSR
 * @addr_hi: RCAR_VDU_PLANE_ADDR_HI of each plane
 * @role: RCAR_VDU_PLANE_ROLE of each plane
 * @hot_x: RCAR_VDU_PLANE_HOT_X of each plane
 * @hot_y: RCAR_VDU_PLANE_HOT_Y of each plane
 * @alpha: RCAR_VDU_PLANE_ALPHA of each plane
 * @blend: RCAR_VDU_PLANE_BLEND of each plane
 * @mapping: RCAR_VDU_PLANE_MAPPING of each plane
 * @error: RCAR_VDU_PLANE_ERROR of each plane
 * @refused: the host's display does not take what was latched last
 * @dclkin: RCAR_VDU_DCLKIN
 * @head_status: RCAR_VDU_HEAD_STATUS
 * @head_int_status: RCAR_VDU_HEAD_INT_STATUS
 * @head_int_enable: RCAR_VDU_HEAD_INT_ENABLE
 * @frame_count: RCAR_VDU_FRAME_COUNT
 * @latch_count: RCAR_VDU_LATCH_COUNT
 * @frame_time: time of the last vertical blank, CLOCK_MONOTONIC ns
 * @frame_time_hi: what RCAR_VDU_FRAME_TIME_HI returns
 * @shadow_ctrl: RCAR_VDU_SHADOW_CTRL
 * @shadow_seq: RCAR_VDU_SHADOW_SEQ of what was taken from BAR 4 last
 * @crc: check code
 * @dirty: an internal update register was written since the last latch
 * @again: a latch is wanted, though there is nothing new
 * @latch: the latched state
 * @edid: EDID window contents; this and what follows survives a reset
 * @edid_size: valid bytes in @edid
 * @num_planes: RCAR_VDU_NUM_PLANES
 * @has_crc: RCAR_VDU_FEATURE_CRC
 * @powered: the PCI function is in D0; the display is stopped otherwise
 * @master: the PCI function may access memory; no plane is shown otherwise
 * @epoch: when the device's clock was 0, CLOCK_MONOTONIC ns
 * @no_snoop: RCAR_VDU_FEATURE_NO_SNOOP
 */
struct rcar_du_mdev_regs {
	u32 du[RCAR_DU_MDEV_NUM_DU_REGS];
	u32 dssr;
	u32 addr_hi[RCAR_VDU_NUM_PLANE_PAGES];
	u32 role[RCAR_VDU_NUM_PLANE_PAGES];
	u32 hot_x[RCAR_VDU_NUM_PLANE_PAGES];
	u32 hot_y[RCAR_VDU_NUM_PLANE_PAGES];
	u32 alpha[RCAR_VDU_NUM_PLANE_PAGES];
	u32 blend[RCAR_VDU_NUM_PLANE_PAGES];
	u32 mapping[RCAR_VDU_NUM_PLANE_PAGES];
	u32 error[RCAR_VDU_NUM_PLANE_PAGES];
	bool refused;
	u32 dclkin;
	u32 head_status;
	u32 head_int_status;
	u32 head_int_enable;
	u32 frame_count;
	u32 latch_count;
	u64 frame_time;
	u32 frame_time_hi;
	u32 shadow_ctrl;
	u32 shadow_seq;
	struct rcar_du_mdev_crc_regs crc;
	bool dirty;
	bool again;
	struct rcar_du_mdev_latch latch;
	u8 edid[RCAR_VDU_EDID_WINDOW_SIZE];
	u32 edid_size;
	u32 num_planes;
	bool has_crc;
	bool powered;
	bool master;
	u64 epoch;
	bool no_snoop;
};

/* Limits of the Gen2 plane interface: rcar_du_fb_create(), rcar_du_modeset_init() */
#define RCAR_DU_MDEV_MAX_WIDTH		4095
#define RCAR_DU_MDEV_MAX_HEIGHT		2047
#define RCAR_DU_MDEV_MAX_PITCH		4095
#define RCAR_DU_MDEV_PITCH_ALIGN	1
#define RCAR_DU_MDEV_ADDR_BITS		52

/* The frame clock stays within these whatever the guest programs. */
#define RCAR_DU_MDEV_MIN_REFRESH_MILLIHZ	10000	/* 10 Hz */
#define RCAR_DU_MDEV_MAX_REFRESH_MILLIHZ	240000	/* 240 Hz */

/*
 * 1188 MHz has integer divisors to the common pixel clocks (148.5 MHz, 74.25
 * MHz, 27 MHz) and lies within 2 % of the others within ESCR's divider range.
 */
#define RCAR_DU_MDEV_CLKS_HZ		1188000000
#define RCAR_DU_MDEV_DCLKIN_HZ		148500000

/**
 * rcar_du_mdev_regs_running - The display runs
 * @regs: the registers
 *
 * Return: true if there are vertical blanks and planes are shown.
 */
static inline bool
rcar_du_mdev_regs_running(const struct rcar_du_mdev_regs *regs)
{
	return regs->powered &&
	       (regs->du[DSYSR / 4] & (DSYSR_DEN | DSYSR_DRES)) == DSYSR_DEN;
}

/**
 * rcar_du_mdev_regs_frame_time - What FRAME_TIME is
 * @regs: the registers
 *
 * A guest is not to learn for how long the host runs. A CRTC may tell the time of a
 * vertical blank from before the device was opened.
 *
 * Return: the time of the last vertical blank by the device's clock, ns; 0 before
 * the first one.
 */
static inline u64
rcar_du_mdev_regs_frame_time(const struct rcar_du_mdev_regs *regs)
{
	return regs->frame_time > regs->epoch ? regs->frame_time - regs->epoch :
						0;
}

/**
 * rcar_du_mdev_regs_wants_latch - Tell if there is something to latch
 * @regs: the registers
 *
 * Return: true if there is, and IUPD does not hold it off.
 */
static inline bool
rcar_du_mdev_regs_wants_latch(const struct rcar_du_mdev_regs *regs)
{
	return (regs->dirty || regs->again) &&
	       !(regs->du[DSYSR / 4] & DSYSR_IUPD);
}

/**
 * rcar_du_mdev_regs_wants_vblank - Tell if a vertical blank would be of any use
 * @regs: the registers
 *
 * Return: false if neither an interrupt nor a latch can come of it, and counting
 * is all there is to do.
 */
static inline bool
rcar_du_mdev_regs_wants_vblank(const struct rcar_du_mdev_regs *regs)
{
	return regs->du[DIER / 4] & (DSSR_VBK | DSSR_FRM) ||
	       rcar_du_mdev_regs_wants_latch(regs);
}

void rcar_du_mdev_regs_init(struct rcar_du_mdev_regs *regs);
void rcar_du_mdev_regs_reset(struct rcar_du_mdev_regs *regs);
void rcar_du_mdev_regs_renew(struct rcar_du_mdev_regs *regs, u64 now);

u32 rcar_du_mdev_regs_read(const struct rcar_du_mdev_regs *regs, u32 offset);
unsigned int rcar_du_mdev_regs_write(struct rcar_du_mdev_regs *regs, u32 offset,
				     u32 value);
unsigned int rcar_du_mdev_regs_set_power(struct rcar_du_mdev_regs *regs,
					 bool powered, bool master);

u64 rcar_du_mdev_regs_frame_period(struct rcar_du_mdev_regs *regs);
unsigned int rcar_du_mdev_regs_vblank(struct rcar_du_mdev_regs *regs, u64 now);
unsigned int rcar_du_mdev_regs_update(struct rcar_du_mdev_regs *regs);

/* Shared by the two BARs. */
u64 rcar_du_mdev_regs_pending(const struct rcar_du_mdev_regs *regs);
unsigned int rcar_du_mdev_regs_irq_events(const struct rcar_du_mdev_regs *regs,
					  u64 before);

#endif /* __RCAR_DU_MDEV_REGS_H__ */
