/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: what a sink has of a CRTC, and what becomes of it in a commit
 */

#ifndef __RCAR_DU_SCANOUT_CLAIM_H__
#define __RCAR_DU_SCANOUT_CLAIM_H__

#include <linux/list.h>
#include <linux/types.h>

#include <drm/rcar_du_scanout.h>

#include "rcar_du_scanout_state.h"

struct drm_atomic_state;
struct drm_crtc;
struct drm_crtc_state;
struct drm_plane;

/**
 * struct rcar_du_scanout_claim - What a sink has of a CRTC, and how far it is
 *
 * States have serial numbers, see &struct rcar_du_scanout_sink. All of it is protected
 * by rcar_du_scanout_sinks.mutex.
 */
struct rcar_du_scanout_claim {
	/** @kind: plane or channel; does not change */
	enum rcar_du_scanout_kind kind;
	/** @num_planes: valid entries of @planes */
	unsigned int num_planes;
	/** @planes: the DRM planes, lowest first */
	struct drm_plane *planes[RCAR_DU_SCANOUT_MAX_LAYERS];
	/** @taken: plane: something of the sink was committed on it */
	bool taken;
	/** @stuck: plane: the host shows it on another CRTC */
	bool stuck;
	/** @lit: channel: its guest's display is on, and the CRTC is ours */
	bool lit;
	/** @lit_mode: in this mode */
	struct drm_display_mode lit_mode;
	/** @offered_in: the commit that was checked last; only compared */
	const struct drm_atomic_state *offered_in;
	/** @offered: the state that is in it */
	u32 offered;
	/** @offered_seq: with which frame */
	u32 offered_seq;
	/** @offered_error: and why not all of it can be shown */
	int offered_error;
	/** @withdrawn: it was to be in it, but the driver refused that; or 0 */
	u32 withdrawn;
	/** @committed: the state that was committed last */
	u32 committed;
	/** @committed_seq: with which frame */
	u32 committed_seq;
	/** @committed_error: and why not all of it is shown */
	int committed_error;
	/** @committed_blank: after this vertical blank */
	u64 committed_blank;
	/** @committed_told: the owner knows that it is on the screen */
	bool committed_told;
	/** @committed_late: the owner knows that it is not */
	bool committed_late;
	/** @refused: the state that was refused last, and is in no commit */
	u32 refused;
	/** @refused_seq: with which frame */
	u32 refused_seq;
	/** @refused_error: and why, 0 once the owner knows */
	int refused_error;
	/** @refused_busy: the host was in the way, not the display */
	bool refused_busy;
	/** @report: entry of a list of those whose owners are to be told; the worker's */
	struct list_head report;
	/** @report_seq: of which frame; the worker's */
	u32 report_seq;
	/** @report_error: and why it is not shown; the worker's */
	int report_error;
};

bool rcar_du_scanout_claim_has(const struct rcar_du_scanout_claim *claim,
			       const struct drm_plane *plane);
bool rcar_du_scanout_claim_owned(const struct rcar_du_scanout_claim *claim);
bool rcar_du_scanout_claim_has_mode(const struct rcar_du_scanout_state *next);
bool rcar_du_scanout_claim_stays_on(const struct rcar_du_scanout_state *next);
bool rcar_du_scanout_claim_stands_by(const struct rcar_du_scanout_claim *claim,
				     const struct rcar_du_scanout_state *next);
bool rcar_du_scanout_claim_on(const struct rcar_du_scanout_state *next);
bool rcar_du_scanout_claim_fits(const struct rcar_du_scanout_claim *claim,
				const struct rcar_du_scanout_state *next,
				const struct drm_crtc_state *crtc_state);
void rcar_du_scanout_claim_reset_plane(struct drm_atomic_state *state,
				       struct drm_plane *plane);
int rcar_du_scanout_claim_take_off(struct drm_plane *plane,
				   struct drm_atomic_state *state);
bool rcar_du_scanout_claim_ready(const struct rcar_du_scanout_claim *claim,
				 const struct drm_crtc *crtc,
				 struct drm_atomic_state *state);
bool rcar_du_scanout_claim_fill(const struct rcar_du_scanout_claim *claim,
				const struct rcar_du_scanout_state *next,
				struct drm_crtc *crtc, bool off,
				struct drm_atomic_state *state);
bool rcar_du_scanout_claim_keep(const struct rcar_du_scanout_claim *claim,
				struct drm_crtc *crtc,
				struct drm_atomic_state *state);

int rcar_du_scanout_claim_error(const struct rcar_du_scanout_claim *claim,
				const struct rcar_du_scanout_state *next);
void rcar_du_scanout_claim_clear(struct rcar_du_scanout_claim *claim);
void rcar_du_scanout_claim_commit(struct rcar_du_scanout_claim *claim, u32 serial,
				  u32 seq, int error);
void rcar_du_scanout_claim_refuse(struct rcar_du_scanout_claim *claim, u32 serial,
				  u32 seq, int error);
bool rcar_du_scanout_claim_report_refused(struct rcar_du_scanout_claim *claim);
bool rcar_du_scanout_claim_report_late(struct rcar_du_scanout_claim *claim);
bool rcar_du_scanout_claim_report_shown(struct rcar_du_scanout_claim *claim);

#endif /* __RCAR_DU_SCANOUT_CLAIM_H__ */
