/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car virtual Display Unit: CRTC
 */

#ifndef __RCAR_VDU_CRTC_H__
#define __RCAR_VDU_CRTC_H__

#include <linux/spinlock.h>
#include <linux/types.h>

#include <drm/drm_crtc.h>

#include "rcar_vdu_clock.h"
#include "rcar_vdu_crc.h"

struct drm_pending_vblank_event;
struct drm_plane;
struct rcar_vdu_hw;
struct rcar_vdu_pages;

/**
 * struct rcar_vdu_crtc - The CRTC
 * @base: DRM CRTC
 * @hw: registers
 * @pages: plane pages; this and @hw are constant after probe
 * @crc: check codes
 * @clock_lock: protects @clock
 * @clock: how to turn FRAME_TIME into a time of the guest
 * @event: to be sent when the commit of @event_seq is shown, or NULL; this and
 *	@event_seq are protected by the DRM device's event_lock. Not used without
 *	shadow plane pages
 * @event_seq: RCAR_VDU_SHADOW_SEQ of the commit that @event is of
 */
struct rcar_vdu_crtc {
	struct drm_crtc base;
	struct rcar_vdu_hw *hw;
	struct rcar_vdu_pages *pages;
	struct rcar_vdu_crc crc;
	spinlock_t clock_lock;	/* protects @clock */
	struct rcar_vdu_clock clock;
	struct drm_pending_vblank_event *event;
	u32 event_seq;
};

int rcar_vdu_crtc_init(struct rcar_vdu_crtc *rcrtc, struct rcar_vdu_hw *hw,
		       struct rcar_vdu_pages *pages, struct drm_plane *primary,
		       struct drm_plane *cursor);
void rcar_vdu_crtc_set_dspr(struct drm_crtc_state *crtc_state, u32 dspr);
void rcar_vdu_crtc_vblank(struct rcar_vdu_crtc *rcrtc);
void rcar_vdu_crtc_restore(struct rcar_vdu_crtc *rcrtc);

#endif /* __RCAR_VDU_CRTC_H__ */
