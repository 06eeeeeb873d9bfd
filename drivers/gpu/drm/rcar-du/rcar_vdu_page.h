/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car virtual Display Unit: plane pages
 */

#ifndef __RCAR_VDU_PAGE_H__
#define __RCAR_VDU_PAGE_H__

#include <linux/types.h>

#include <uapi/linux/rcar_vdu.h>

struct rcar_vdu_hw;

/* Registers of a plane page that the driver programs, in both BARs. */
enum rcar_vdu_page_reg {
	RCAR_VDU_REG_MR,
	RCAR_VDU_REG_MWR,
	RCAR_VDU_REG_ALPHAR,
	RCAR_VDU_REG_DSXR,
	RCAR_VDU_REG_DSYR,
	RCAR_VDU_REG_DPXR,
	RCAR_VDU_REG_DPYR,
	RCAR_VDU_REG_SPXR,
	RCAR_VDU_REG_SPYR,
	RCAR_VDU_REG_DDCR2,
	RCAR_VDU_REG_DDCR4,
	RCAR_VDU_REG_ROLE,
	RCAR_VDU_REG_HOT_X,
	RCAR_VDU_REG_HOT_Y,
	RCAR_VDU_REG_ALPHA,
	RCAR_VDU_REG_BLEND,
	RCAR_VDU_REG_MAPPING,
	RCAR_VDU_REG_ADDR_HI,
	RCAR_VDU_REG_DSA0R,
	RCAR_VDU_NUM_PAGE_REGS
};

/**
 * struct rcar_vdu_page - Registers of one plane page
 * @staged: what the next rcar_vdu_pages_commit() makes them
 * @written: what they are
 * @known: @written is right; false after a reset
 * @fresh: there may be new pixels, even if no register differs
 */
struct rcar_vdu_page {
	u32 staged[RCAR_VDU_NUM_PAGE_REGS];
	u32 written[RCAR_VDU_NUM_PAGE_REGS];
	bool known;
	bool fresh;
};

/**
 * struct rcar_vdu_pages - All plane pages, and which of them are shown
 * @hw: registers, constant after probe
 * @page: plane pages
 * @dspr: DS1PR
 * @shadow_seq: RCAR_VDU_SHADOW_SEQ
 *
 * All of it belongs to the running atomic commit, or to probe, resume and the end
 * of a reset, when there is none, or to a panic, which stops it.
 */
struct rcar_vdu_pages {
	struct rcar_vdu_hw *hw;
	struct rcar_vdu_page page[RCAR_VDU_NUM_PLANE_PAGES];
	u32 dspr;
	u32 shadow_seq;
};

/**
 * struct rcar_vdu_plane_config - What a plane shows and where
 * @page: plane page; formats with two memory planes use the next one, too
 * @role: RCAR_VDU_ROLE_*
 * @fourcc: DRM format
 * @addr: device address of each memory plane
 * @pitch: pixels of the first memory plane from one line to the next
 * @src_x: first visible pixel of the framebuffer
 * @src_y: first visible line of the framebuffer
 * @x: horizontal position on the display, pixels
 * @y: vertical position on the display, lines
 * @width: visible pixels
 * @height: visible lines
 * @hot_x: hotspot of a cursor, pixels
 * @hot_y: hotspot of a cursor, lines
 * @alpha: opacity, 0 to RCAR_VDU_PLANE_ALPHA_MASK
 * @blend: RCAR_VDU_BLEND_*
 * @mapping: RCAR_VDU_MAPPING_*, of each memory plane
 */
struct rcar_vdu_plane_config {
	unsigned int page;
	u32 role;
	u32 fourcc;
	u64 addr[2];
	unsigned int pitch;
	unsigned int src_x;
	unsigned int src_y;
	unsigned int x;
	unsigned int y;
	unsigned int width;
	unsigned int height;
	unsigned int hot_x;
	unsigned int hot_y;
	u32 alpha;
	u32 blend;
	u32 mapping[2];
};

/* Callers make sure that the device is there, see drm_dev_enter(). */
void rcar_vdu_pages_init(struct rcar_vdu_pages *pages, struct rcar_vdu_hw *hw);
void rcar_vdu_pages_start(struct rcar_vdu_pages *pages);
void rcar_vdu_pages_stage(struct rcar_vdu_pages *pages,
			  const struct rcar_vdu_plane_config *config);
void rcar_vdu_pages_commit(struct rcar_vdu_pages *pages, u32 dspr);
void rcar_vdu_pages_clear(struct rcar_vdu_pages *pages);
void rcar_vdu_pages_panic(struct rcar_vdu_pages *pages, unsigned int page);

/* Shadow plane pages are shown later than they are written. */
u32 rcar_vdu_pages_seq(const struct rcar_vdu_pages *pages);
u32 rcar_vdu_pages_next_seq(const struct rcar_vdu_pages *pages);
bool rcar_vdu_pages_done(const struct rcar_vdu_pages *pages, u32 seq);

#endif /* __RCAR_VDU_PAGE_H__ */
