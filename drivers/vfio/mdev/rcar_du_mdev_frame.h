/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: from latched registers to framebuffers
 *
 * Pure: a latch in, a frame description out.
 */

#ifndef __RCAR_DU_MDEV_FRAME_H__
#define __RCAR_DU_MDEV_FRAME_H__

#include <linux/types.h>

#include "rcar_du_mdev_regs.h"

/**
 * struct rcar_du_mdev_plane - What one plane shows
 * @index: plane page (of luma, for two-page formats), 0..7
 * @role: DRM_PLANE_TYPE_PRIMARY, _OVERLAY or _CURSOR
 * @zpos: position in the stack, 0 is the lowest plane
 * @format: DRM fourcc
 * @num_planes: memory planes of @format, 1 or 2
 * @addr: guest address of the first visible pixel, for each memory plane;
 *	start position already applied
 * @pitch: bytes from one line to the next, for each memory plane
 * @size: bytes from @addr to the end of the last visible line, for each
 *	memory plane
 * @width: visible pixels
 * @height: visible lines
 * @x: horizontal position on the display, pixels, never negative
 * @y: vertical position on the display, lines, never negative
 * @alpha: opacity of the plane, 0 to 0xffff (opaque)
 * @blend: DRM_MODE_BLEND_*; DRM_MODE_BLEND_PIXEL_NONE if @format has no alpha
 * @write_combined: nothing of it is in a CPU cache, for each memory plane
 * @hot_x: cursor hotspot, pixels
 * @hot_y: cursor hotspot, lines
 * @error: RCAR_VDU_ERROR_*; the plane is not shown unless it is
 *	RCAR_VDU_ERROR_NONE
 */
struct rcar_du_mdev_plane {
	u8 index;
	u8 role;
	u8 zpos;
	u32 format;
	u8 num_planes;
	u64 addr[2];
	u32 pitch[2];
	u32 size[2];
	u32 width;
	u32 height;
	u32 x;
	u32 y;
	u16 alpha;
	u8 blend;
	bool write_combined[2];
	u32 hot_x;
	u32 hot_y;
	u32 error;
};

/**
 * struct rcar_du_mdev_frame - What the display shows, bottom to top
 * @on: the display runs
 * @seq: LATCH_COUNT of the latch it was decoded from
 * @frame: FRAME_COUNT of that latch
 * @time_ns: CLOCK_MONOTONIC time of that vertical blank
 * @width: displayed pixels of a line
 * @height: displayed lines
 * @num_planes: valid entries in @planes, 0 when the display is off
 * @planes: the planes named by DS1PR in stacking order, lowest first; planes
 *	with an error are included so that it can be reported
 */
struct rcar_du_mdev_frame {
	bool on;
	u32 seq;
	u32 frame;
	u64 time_ns;
	u32 width;
	u32 height;
	unsigned int num_planes;
	struct rcar_du_mdev_plane planes[RCAR_VDU_NUM_PLANE_PAGES];
};

void rcar_du_mdev_frame_decode(const struct rcar_du_mdev_latch *latch,
			       struct rcar_du_mdev_frame *frame);
const struct rcar_du_mdev_plane *
rcar_du_mdev_frame_find(const struct rcar_du_mdev_frame *frame, u32 role);
bool rcar_du_mdev_plane_is_simple(const struct rcar_du_mdev_plane *plane);

#endif /* __RCAR_DU_MDEV_FRAME_H__ */
