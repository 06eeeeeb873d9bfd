/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: what a sink has of a CRTC, and what is on it
 */

#ifndef __RCAR_DU_SCANOUT_CLAIM_H__
#define __RCAR_DU_SCANOUT_CLAIM_H__

#include <linux/list.h>
#include <linux/types.h>

#include <drm/rcar_du_scanout.h>

#include "rcar_du_scanout_state.h"

struct drm_atomic_state;
struct drm_plane;
struct rcar_du_scanout_head;

/**
 * struct rcar_du_scanout_claim - What a sink has of a CRTC, and what is on it
 *
 * Belongs to the worker of the CRTC, but for what says something else. The core
 * changes it while it is on no CRTC.
 */
struct rcar_du_scanout_claim {
	/** @kind: plane or channel; does not change */
	enum rcar_du_scanout_kind kind;
	/**
	 * @num_planes: valid entries of @planes; changed by the core with
	 * rcar_du_scanout_sinks.mutex held, so that others but the worker can read it
	 */
	unsigned int num_planes;
	/** @planes: the DRM planes, lowest first; as @num_planes */
	struct drm_plane *planes[RCAR_DU_SCANOUT_MAX_LAYERS];
	/** @batch: entry of a list of what is committed together */
	struct list_head batch;
	/** @pending: what is being committed */
	struct rcar_du_scanout_state pending;
	/** @shown: what was committed last */
	struct rcar_du_scanout_state shown;
	/** @restoring: @pending is @shown, which others have changed */
	bool restoring;
};

void rcar_du_scanout_claim_begin(struct rcar_du_scanout_claim *claim,
				 const struct rcar_du_scanout_state *state);
void rcar_du_scanout_claim_restore(struct rcar_du_scanout_claim *claim);
void rcar_du_scanout_claim_find_mode(struct rcar_du_scanout_claim *claim,
				     struct rcar_du_scanout_head *head);
int rcar_du_scanout_claim_add(struct rcar_du_scanout_claim *claim,
			      struct rcar_du_scanout_head *head,
			      struct drm_atomic_state *state);
int rcar_du_scanout_claim_end(struct rcar_du_scanout_claim *claim, int error);
bool rcar_du_scanout_claim_intact(struct rcar_du_scanout_claim *claim,
				  struct rcar_du_scanout_head *head);

#endif /* __RCAR_DU_SCANOUT_CLAIM_H__ */
