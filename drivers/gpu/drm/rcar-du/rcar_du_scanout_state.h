/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: what is, or is to be, on the planes of a sink
 *
 * No locks: whoever has a state sees to that.
 */

#ifndef __RCAR_DU_SCANOUT_STATE_H__
#define __RCAR_DU_SCANOUT_STATE_H__

#include <linux/types.h>

#include <drm/drm_modes.h>
#include <drm/rcar_du_scanout.h>

/**
 * struct rcar_du_scanout_state - What is, or is to be, on the planes of a sink
 */
struct rcar_du_scanout_state {
	/** @frame: the frame; its layers have references on their framebuffers */
	struct rcar_du_scanout_frame frame;
	/** @standby: what is there while @frame is not, or NULL; the reference is the sink's */
	struct drm_framebuffer *standby;
	/** @no_standby: the display does not take @standby */
	bool no_standby;
	/** @props: the host's wishes */
	int props[RCAR_DU_SCANOUT_NUM_PROPS];
	/**
	 * @mode: the mode of a channel's CRTC; its clock is 0 if the display has
	 * none that fits, or none was looked for yet
	 */
	struct drm_display_mode mode;
};

void rcar_du_scanout_state_put(struct rcar_du_scanout_state *state);
void rcar_du_scanout_state_set(struct rcar_du_scanout_state *state,
			       const struct rcar_du_scanout_frame *frame);
void rcar_du_scanout_state_remove(struct rcar_du_scanout_state *state,
				  const struct drm_framebuffer *fb);

#endif /* __RCAR_DU_SCANOUT_STATE_H__ */
