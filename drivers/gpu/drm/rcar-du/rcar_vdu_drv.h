/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car virtual Display Unit: guest KMS driver
 */

#ifndef __RCAR_VDU_DRV_H__
#define __RCAR_VDU_DRV_H__

#include <linux/types.h>

#include <drm/drm_connector.h>
#include <drm/drm_crtc.h>
#include <drm/drm_device.h>
#include <drm/drm_encoder.h>
#include <drm/drm_modes.h>

#include <uapi/linux/rcar_vdu.h>

#include "rcar_vdu_clock.h"
#include "rcar_vdu_hw.h"

struct drm_file;
struct drm_gem_object;
struct drm_mode_create_dumb;
struct drm_pending_vblank_event;

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
	RCAR_VDU_REG_ADDR_HI,
	RCAR_VDU_REG_DSA0R,
	RCAR_VDU_NUM_PAGE_REGS
};

/**
 * struct rcar_vdu_page - Registers of one plane page
 * @staged: what the next rcar_vdu_hw_commit() makes them
 * @written: what they are
 * @known: @written is right; false after a reset
 * @fresh: there is something new in the framebuffer, if it is the same or not
 */
struct rcar_vdu_page {
	u32 staged[RCAR_VDU_NUM_PAGE_REGS];
	u32 written[RCAR_VDU_NUM_PAGE_REGS];
	bool known;
	bool fresh;
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
};

/**
 * struct rcar_vdu_crtc_state - State of the CRTC
 * @base: DRM CRTC state
 * @dspr: DS1PR: which plane pages are shown, the lowest four bits are on top
 */
struct rcar_vdu_crtc_state {
	struct drm_crtc_state base;
	u32 dspr;
};

#define to_rcar_vdu_crtc_state(s)					\
	container_of_const(s, struct rcar_vdu_crtc_state, base)

/**
 * struct rcar_vdu_device - One VDU
 * @drm: DRM device
 * @crtc: the only CRTC
 * @encoder: the only encoder
 * @connector: the only connector
 * @hw: registers
 * @shadow_seq: RCAR_VDU_SHADOW_SEQ; written by the running atomic commit
 * @event: to be sent when the planes of @event_seq are shown; this and @event_seq
 *	are protected by the DRM device's event_lock
 * @event_seq: RCAR_VDU_SHADOW_SEQ of the commit that @event is of
 * @pages: plane pages; they and @dspr belong to the running atomic commit
 * @dspr: DS1PR
 * @clock: how to turn FRAME_TIME into a time of the guest; protected by
 *	the DRM core's vblank_time_lock
 * @crc_on: check codes are on; written by the file of the DRM core, of which there
 *	is one, and read by the interrupt handler
 * @crc_next_known: there were check codes since @crc_on; this and @crc_next belong
 *	to the interrupt handler while @crc_on
 * @crc_next: the frame after the last one that had a check code
 * @reset_state: what is to be shown again when the function has been reset, or
 *	NULL; protected by all modeset locks
 */
struct rcar_vdu_device {
	struct drm_device drm;
	struct drm_crtc crtc;
	struct drm_encoder encoder;
	struct drm_connector connector;

	struct rcar_vdu_hw hw;

	u32 shadow_seq;
	struct drm_pending_vblank_event *event;
	u32 event_seq;

	struct rcar_vdu_page pages[RCAR_VDU_NUM_PLANE_PAGES];
	u32 dspr;

	struct rcar_vdu_clock clock;
	bool crc_on;
	bool crc_next_known;
	u32 crc_next;

	struct drm_atomic_state *reset_state;
};

#define to_rcar_vdu(d)	container_of(d, struct rcar_vdu_device, drm)

/* rcar_vdu_page.c: plane pages; as rcar_vdu_hw.h */
void rcar_vdu_hw_start(struct rcar_vdu_device *vdu);
void rcar_vdu_hw_clear(struct rcar_vdu_device *vdu);
void rcar_vdu_hw_set_plane(struct rcar_vdu_device *vdu,
			   const struct rcar_vdu_plane_config *config);
void rcar_vdu_hw_commit(struct rcar_vdu_device *vdu, u32 dspr);
u32 rcar_vdu_hw_next_seq(const struct rcar_vdu_device *vdu);
bool rcar_vdu_hw_done(struct rcar_vdu_device *vdu, u32 seq);
void rcar_vdu_hw_panic(struct rcar_vdu_device *vdu, unsigned int page);

/* rcar_vdu_crc.c: check codes, if the device has RCAR_VDU_FEATURE_CRC */
const char *const *rcar_vdu_crc_sources_get(struct drm_crtc *crtc,
					    size_t *count);
int rcar_vdu_crc_source_verify(struct drm_crtc *crtc, const char *source,
			       size_t *values);
int rcar_vdu_crc_source_set(struct drm_crtc *crtc, const char *source);
void rcar_vdu_crc_read(struct rcar_vdu_device *vdu);
void rcar_vdu_crc_restore(struct rcar_vdu_device *vdu);

/* rcar_vdu_plane.c: planes */
struct drm_plane *rcar_vdu_plane_create(struct rcar_vdu_device *vdu,
					enum drm_plane_type type,
					unsigned int zpos);
unsigned int rcar_vdu_num_planes(const struct rcar_vdu_device *vdu);
int rcar_vdu_planes_check(struct rcar_vdu_device *vdu,
			  struct drm_atomic_state *state);

/* rcar_vdu_crtc.c: CRTC */
int rcar_vdu_crtc_init(struct rcar_vdu_device *vdu, struct drm_plane *primary,
		       struct drm_plane *cursor);
void rcar_vdu_crtc_finish(struct rcar_vdu_device *vdu);

/* rcar_vdu_kms.c: mode setting objects and framebuffer memory */
int rcar_vdu_kms_init(struct rcar_vdu_device *vdu);
struct drm_gem_object *rcar_vdu_gem_create_object(struct drm_device *drm,
						  size_t size);
int rcar_vdu_dumb_create(struct drm_file *file, struct drm_device *drm,
			 struct drm_mode_create_dumb *args);

#endif /* __RCAR_VDU_DRV_H__ */
