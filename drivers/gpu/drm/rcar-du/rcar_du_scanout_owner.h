/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: whose it is, and what others may ask of it
 */

#ifndef __RCAR_DU_SCANOUT_OWNER_H__
#define __RCAR_DU_SCANOUT_OWNER_H__

#include <linux/types.h>

struct drm_atomic_state;
struct drm_crtc;
struct drm_plane;
struct rcar_du_scanout_head;
struct rcar_du_scanout_sink;
struct rcar_du_scanout_sinks;

/**
 * struct rcar_du_scanout_riders - Who may have something in a commit
 */
struct rcar_du_scanout_riders {
	/** @sinks: all sinks of the display */
	struct rcar_du_scanout_sinks *sinks;
	/** @heads: its CRTCs, in the order of the device */
	struct rcar_du_scanout_head *heads;
	/**
	 * @num_heads: how many there are; others are the host's alone. Does not change
	 * while the display is there
	 */
	unsigned int num_heads;
};

struct rcar_du_scanout_head *
rcar_du_scanout_owner_head(const struct rcar_du_scanout_riders *riders,
			   const struct drm_crtc *crtc);
struct rcar_du_scanout_sink *
rcar_du_scanout_owner_locked(struct rcar_du_scanout_sinks *sinks,
			     const struct drm_plane *plane);
bool rcar_du_scanout_owner_driven(const struct rcar_du_scanout_riders *riders,
				  const struct drm_crtc *crtc);
int rcar_du_scanout_owner_judge(const struct rcar_du_scanout_riders *riders,
				struct drm_atomic_state *state);
int rcar_du_scanout_owner_keep_crtc(struct drm_crtc *crtc,
				    struct drm_atomic_state *state);

#endif /* __RCAR_DU_SCANOUT_OWNER_H__ */
