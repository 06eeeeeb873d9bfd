// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: what a sink has of a CRTC, and what becomes of it in a commit
 *
 * Planes have their states in the commit already, with their locks. Nothing here sleeps
 * or fails.
 */

#include <linux/err.h>
#include <linux/string.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_uapi.h>
#include <drm/drm_blend.h>
#include <drm/drm_color_mgmt.h>
#include <drm/drm_crtc.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_mode_object.h>
#include <drm/drm_modes.h>
#include <drm/drm_plane.h>
#include <drm/drm_property.h>

#include "rcar_du_scanout_claim.h"
#include "rcar_du_scanout_clip.h"
#include "rcar_du_scanout_connector.h"

/**
 * rcar_du_scanout_claim_has - Tell whether a plane is one of a claim's
 * @claim: the claim
 * @plane: the plane
 *
 * Return: true if it is.
 */
bool rcar_du_scanout_claim_has(const struct rcar_du_scanout_claim *claim,
			       const struct drm_plane *plane)
{
	unsigned int i;

	for (i = 0; i < claim->num_planes; i++) {
		if (claim->planes[i] == plane)
			return true;
	}

	return false;
}

/**
 * rcar_du_scanout_claim_owned - Tell whether others may use its planes now
 * @claim: the claim
 *
 * A plane is its sink's from the guest's first frame on. A channel whose guest has turned
 * its display off is left to the host.
 *
 * Return: true if they may not.
 */
bool rcar_du_scanout_claim_owned(const struct rcar_du_scanout_claim *claim)
{
	return claim->kind == RCAR_DU_SCANOUT_PLANE ? claim->taken : claim->lit;
}

/**
 * rcar_du_scanout_claim_has_mode - Tell whether the mode of a channel is that of its frame
 * @next: what the channel is to show
 *
 * Return: true if it is.
 */
bool rcar_du_scanout_claim_has_mode(const struct rcar_du_scanout_state *next)
{
	return next->frame.on &&
	       rcar_du_scanout_mode_fits(&next->mode, &next->frame);
}

static bool rcar_du_scanout_claim_has_standby(const struct rcar_du_scanout_state *next)
{
	return next->standby && !next->no_standby;
}

/**
 * rcar_du_scanout_claim_stays_on - Tell whether a CRTC is to be on whatever its frame is
 * @next: what the channel is to show
 *
 * Return: true if it is.
 */
bool rcar_du_scanout_claim_stays_on(const struct rcar_du_scanout_state *next)
{
	return next->props[RCAR_DU_SCANOUT_FIXED] ||
	       rcar_du_scanout_claim_has_standby(next);
}

/**
 * rcar_du_scanout_claim_on - Tell whether the CRTC of a channel is to be on
 * @next: what the channel is to show
 *
 * Return: true if it is.
 */
bool rcar_du_scanout_claim_on(const struct rcar_du_scanout_state *next)
{
	if (!next->props[RCAR_DU_SCANOUT_VISIBLE])
		return false;

	return rcar_du_scanout_claim_stays_on(next) ?
	       next->mode.clock : rcar_du_scanout_claim_has_mode(next);
}

/* Tells whether there is something of the frame to be seen. */
static bool rcar_du_scanout_claim_shows(const struct rcar_du_scanout_claim *claim,
					const struct rcar_du_scanout_state *next)
{
	return next->frame.num_layers &&
	       (claim->kind == RCAR_DU_SCANOUT_PLANE ||
		rcar_du_scanout_claim_has_mode(next));
}

/**
 * rcar_du_scanout_claim_stands_by - Tell whether the host's picture is to be seen
 * @claim: the claim
 * @next: what it is to show
 *
 * Return: true if it is, as there is nothing of the frame.
 */
bool rcar_du_scanout_claim_stands_by(const struct rcar_du_scanout_claim *claim,
				     const struct rcar_du_scanout_state *next)
{
	return next->props[RCAR_DU_SCANOUT_VISIBLE] &&
	       rcar_du_scanout_claim_has_standby(next) &&
	       !rcar_du_scanout_claim_shows(claim, next);
}

/**
 * rcar_du_scanout_claim_fits - Tell whether a CRTC is as a claim wants it
 * @claim: the claim
 * @next: what it is to show
 * @crtc_state: the CRTC in a commit
 *
 * Return: true if that is so, and a mode set is not needed.
 */
bool rcar_du_scanout_claim_fits(const struct rcar_du_scanout_claim *claim,
				const struct rcar_du_scanout_state *next,
				const struct drm_crtc_state *crtc_state)
{
	if (claim->kind == RCAR_DU_SCANOUT_PLANE)
		return true;

	if (!rcar_du_scanout_claim_on(next))
		return !crtc_state->active;

	return crtc_state->active &&
	       drm_mode_equal(&crtc_state->mode, &next->mode);
}

static int rcar_du_scanout_default(struct drm_plane *plane,
				   struct drm_property *property)
{
	u64 value = 0;

	if (property)
		drm_object_property_get_default_value(&plane->base, property,
						      &value);

	return value;
}

/**
 * rcar_du_scanout_claim_reset_plane - Drop what others may have set on a plane
 * @state: a commit, with the plane
 * @plane: the plane; what fill() and keep() set is left to them
 */
void rcar_du_scanout_claim_reset_plane(struct drm_atomic_state *state,
				       struct drm_plane *plane)
{
	struct drm_plane_state *plane_state =
		drm_atomic_get_new_plane_state(state, plane);

	plane_state->rotation = DRM_MODE_ROTATE_0;
	plane_state->scaling_filter = DRM_SCALING_FILTER_DEFAULT;
	plane_state->color_encoding =
		rcar_du_scanout_default(plane, plane->color_encoding_property);
	plane_state->color_range =
		rcar_du_scanout_default(plane, plane->color_range_property);
	plane_state->ignore_damage_clips = false;
	drm_property_replace_blob(&plane_state->fb_damage_clips, NULL);
	rcar_du_plane_bypass_color_pipeline(plane_state);
}

/* Fails only if it has to add a CRTC to the commit, and those of a plane are there. */
static void rcar_du_scanout_plane_set_crtc(struct drm_plane_state *plane_state,
					   struct drm_crtc *crtc)
{
	WARN_ON_ONCE(drm_atomic_set_crtc_for_plane(plane_state, crtc));
}

static void rcar_du_scanout_plane_off(struct drm_plane_state *plane_state)
{
	drm_atomic_set_fb_for_plane(plane_state, NULL);
	rcar_du_scanout_plane_set_crtc(plane_state, NULL);
}

/*
 * Clips a layer of a plane, which is placed already, to the window that it has. Pixels and
 * lines of YUV formats share their colour in pairs, and the VSP fetches such pictures from
 * and to even pixels and lines only, whatever the format.
 */
static bool rcar_du_scanout_plane_clip(const struct rcar_du_scanout_state *state,
				       const struct rcar_du_scanout_layer *layer,
				       struct rcar_du_scanout_span *h,
				       struct rcar_du_scanout_span *v)
{
	u32 step = layer->fb->format->is_yuv ? 2 : 1;
	const int *props = state->props;

	return rcar_du_scanout_clip(h, props[RCAR_DU_SCANOUT_X],
				    props[RCAR_DU_SCANOUT_WIDTH], step) &&
	       rcar_du_scanout_clip(v, props[RCAR_DU_SCANOUT_Y],
				    props[RCAR_DU_SCANOUT_HEIGHT], step);
}

/*
 * Returns false if nothing of the layer is to be seen. The host's picture is where the layers
 * of a plane are, or in the middle of a channel.
 */
static bool rcar_du_scanout_plane_place(const struct rcar_du_scanout_claim *claim,
					const struct rcar_du_scanout_state *state,
					const struct rcar_du_scanout_layer *layer,
					struct drm_plane_state *plane_state)
{
	struct rcar_du_scanout_span h = { .pos = layer->x, .size = layer->width };
	struct rcar_du_scanout_span v = { .pos = layer->y, .size = layer->height };
	u32 alpha = layer->alpha;

	if (claim->kind == RCAR_DU_SCANOUT_PLANE) {
		h.pos += state->props[RCAR_DU_SCANOUT_X];
		v.pos += state->props[RCAR_DU_SCANOUT_Y];
		if (!rcar_du_scanout_plane_clip(state, layer, &h, &v))
			return false;

		plane_state->zpos = state->props[RCAR_DU_SCANOUT_ZPOS];
		alpha = alpha * state->props[RCAR_DU_SCANOUT_ALPHA] /
			DRM_BLEND_ALPHA_OPAQUE;
	} else if (layer->fb == state->standby) {
		rcar_du_scanout_centre(&h, state->mode.hdisplay);
		rcar_du_scanout_centre(&v, state->mode.vdisplay);
	}

	plane_state->src_x = h.src << 16;
	plane_state->src_y = v.src << 16;
	plane_state->src_w = h.size << 16;
	plane_state->src_h = v.size << 16;
	plane_state->crtc_x = h.pos;
	plane_state->crtc_y = v.pos;
	plane_state->crtc_w = h.size;
	plane_state->crtc_h = v.size;
	plane_state->alpha = alpha;
	if (plane_state->plane->blend_mode_property)
		plane_state->pixel_blend_mode = layer->blend;

	return true;
}

static void rcar_du_scanout_plane_on(const struct rcar_du_scanout_claim *claim,
				     const struct rcar_du_scanout_state *next,
				     const struct rcar_du_scanout_layer *layer,
				     unsigned int zpos, struct drm_crtc *crtc,
				     struct drm_plane_state *plane_state)
{
	plane_state->zpos = zpos;
	if (!rcar_du_scanout_plane_place(claim, next, layer, plane_state)) {
		rcar_du_scanout_plane_off(plane_state);
		return;
	}

	rcar_du_scanout_plane_set_crtc(plane_state, crtc);
	drm_atomic_set_fb_for_plane(plane_state, layer->fb);
}

static void rcar_du_scanout_plane_standby(const struct rcar_du_scanout_claim *claim,
					  const struct rcar_du_scanout_state *next,
					  struct drm_crtc *crtc,
					  struct drm_plane_state *plane_state)
{
	const struct rcar_du_scanout_layer layer = {
		.fb = next->standby,
		.width = next->standby->width,
		.height = next->standby->height,
		.alpha = DRM_BLEND_ALPHA_OPAQUE,
		.blend = DRM_MODE_BLEND_PIXEL_NONE,
	};

	rcar_du_scanout_plane_on(claim, next, &layer, 0, crtc, plane_state);
}

/* What a plane shows goes on, whatever was asked. */
static void rcar_du_scanout_plane_keep(const struct drm_plane_state *old,
				       struct drm_plane_state *plane_state)
{
	rcar_du_scanout_plane_set_crtc(plane_state, old->crtc);
	drm_atomic_set_fb_for_plane(plane_state, old->fb);
	plane_state->src_x = old->src_x;
	plane_state->src_y = old->src_y;
	plane_state->src_w = old->src_w;
	plane_state->src_h = old->src_h;
	plane_state->crtc_x = old->crtc_x;
	plane_state->crtc_y = old->crtc_y;
	plane_state->crtc_w = old->crtc_w;
	plane_state->crtc_h = old->crtc_h;
	plane_state->zpos = old->zpos;
	plane_state->alpha = old->alpha;
	plane_state->pixel_blend_mode = old->pixel_blend_mode;
}

/**
 * rcar_du_scanout_claim_take_off - Add a plane to a commit, which turns it off
 * @plane: the plane, with its lock
 * @state: the commit, before it is checked
 *
 * Return: 0, -EDEADLK, or another error of the core.
 */
int rcar_du_scanout_claim_take_off(struct drm_plane *plane,
				   struct drm_atomic_state *state)
{
	struct drm_plane_state *plane_state;

	plane_state = drm_atomic_get_plane_state(state, plane);
	if (IS_ERR(plane_state))
		return PTR_ERR(plane_state);

	drm_atomic_set_fb_for_plane(plane_state, NULL);

	return drm_atomic_set_crtc_for_plane(plane_state, NULL);
}

/*
 * Tells whether a claim's plane can be on a CRTC after a commit. One that is still on
 * another has to leave that first.
 */
static bool rcar_du_scanout_plane_ready(struct drm_plane *plane,
					const struct drm_crtc *crtc,
					struct drm_atomic_state *state)
{
	const struct drm_plane_state *old =
		drm_atomic_get_old_plane_state(state, plane);

	return old && (!old->crtc || old->crtc == crtc);
}

/**
 * rcar_du_scanout_claim_ready - Tell whether a commit can have what is a claim's
 * @claim: the claim
 * @crtc: its CRTC
 * @state: the commit
 *
 * Return: true, or false if it does not have all of its planes, or one is still on another
 * CRTC.
 */
bool rcar_du_scanout_claim_ready(const struct rcar_du_scanout_claim *claim,
				 const struct drm_crtc *crtc,
				 struct drm_atomic_state *state)
{
	unsigned int i;

	for (i = 0; i < claim->num_planes; i++) {
		if (!rcar_du_scanout_plane_ready(claim->planes[i], crtc, state))
			return false;
	}

	return true;
}

/**
 * rcar_du_scanout_claim_fill - Put what a claim is to show into a commit
 * @claim: the claim
 * @next: what it is to show
 * @crtc: its CRTC, which is in the commit
 * @off: nothing of it
 * @state: the commit; the caller has references on all framebuffers in it
 *
 * Return: true, or false if the commit does not have all of its planes.
 */
bool rcar_du_scanout_claim_fill(const struct rcar_du_scanout_claim *claim,
				const struct rcar_du_scanout_state *next,
				struct drm_crtc *crtc, bool off,
				struct drm_atomic_state *state)
{
	bool show = !off && next->props[RCAR_DU_SCANOUT_VISIBLE] &&
		    rcar_du_scanout_claim_shows(claim, next);
	bool standby = !off && rcar_du_scanout_claim_stands_by(claim, next);
	unsigned int i;

	if (!rcar_du_scanout_claim_ready(claim, crtc, state))
		return false;

	for (i = 0; i < claim->num_planes; i++) {
		struct drm_plane_state *plane_state =
			drm_atomic_get_new_plane_state(state, claim->planes[i]);

		if (show && i < next->frame.num_layers)
			rcar_du_scanout_plane_on(claim, next,
						 &next->frame.layers[i], i,
						 crtc, plane_state);
		else if (standby && !i)
			rcar_du_scanout_plane_standby(claim, next, crtc,
						      plane_state);
		else
			rcar_du_scanout_plane_off(plane_state);
	}

	return true;
}

/**
 * rcar_du_scanout_claim_keep - Leave on a claim's planes what they show
 * @claim: the claim
 * @crtc: its CRTC, which is in the commit
 * @state: the commit; the caller has references on all framebuffers in it
 *
 * Return: true, or false if the commit does not have all of its planes.
 */
bool rcar_du_scanout_claim_keep(const struct rcar_du_scanout_claim *claim,
				struct drm_crtc *crtc,
				struct drm_atomic_state *state)
{
	unsigned int i;

	if (!rcar_du_scanout_claim_ready(claim, crtc, state))
		return false;

	for (i = 0; i < claim->num_planes; i++) {
		struct drm_plane *plane = claim->planes[i];

		rcar_du_scanout_plane_keep(drm_atomic_get_old_plane_state(state, plane),
					   drm_atomic_get_new_plane_state(state, plane));
	}

	return true;
}

/**
 * rcar_du_scanout_claim_error - Tell why nothing of a state is to be seen
 * @claim: the claim
 * @next: what it is to show
 *
 * Return: 0, or -ERANGE if the display of a channel has no mode for it.
 */
int rcar_du_scanout_claim_error(const struct rcar_du_scanout_claim *claim,
				const struct rcar_du_scanout_state *next)
{
	return claim->kind == RCAR_DU_SCANOUT_CHANNEL && next->frame.on &&
	       !rcar_du_scanout_claim_has_mode(next) ?
	       -ERANGE : 0;
}

/**
 * rcar_du_scanout_claim_clear - Forget a part of the display that has gone
 * @claim: the claim, which is on no CRTC
 */
void rcar_du_scanout_claim_clear(struct rcar_du_scanout_claim *claim)
{
	enum rcar_du_scanout_kind kind = claim->kind;

	memset(claim, 0, sizeof(*claim));
	claim->kind = kind;
}

/**
 * rcar_du_scanout_claim_commit - Take note that a state was committed
 * @claim: the claim
 * @serial: the state
 * @seq: its frame
 * @error: rcar_du_scanout_claim_error() of the state
 */
void rcar_du_scanout_claim_commit(struct rcar_du_scanout_claim *claim, u32 serial,
				  u32 seq, int error)
{
	claim->committed = serial;
	claim->committed_seq = seq;
	claim->committed_error = error;
	claim->committed_told = false;
	claim->committed_late = false;
	/* Nobody waits for a frame that a newer one overtook. */
	claim->refused_error = 0;
}

/**
 * rcar_du_scanout_claim_refuse - Take note that a state can't be committed
 * @claim: the claim; it shows what it did
 * @serial: the state
 * @seq: its frame
 * @error: why
 */
void rcar_du_scanout_claim_refuse(struct rcar_du_scanout_claim *claim, u32 serial,
				  u32 seq, int error)
{
	claim->refused = serial;
	claim->refused_seq = seq;
	claim->refused_error = error;
	claim->refused_busy = error == -EBUSY;
}

/**
 * rcar_du_scanout_claim_report_refused - Take what the owner is to be told of a refused frame
 * @claim: the claim; sets what begins with report
 *
 * Return: true if there is something.
 */
bool rcar_du_scanout_claim_report_refused(struct rcar_du_scanout_claim *claim)
{
	if (!claim->refused_error)
		return false;

	claim->report_seq = claim->refused_seq;
	claim->report_error = claim->refused_error;
	claim->refused_error = 0;

	return true;
}

/**
 * rcar_du_scanout_claim_report_late - Take what the owner is to be told of a late frame
 * @claim: the claim, what was committed last is not on the screen for long; sets what begins
 *	with report
 *
 * It is told again once it is there.
 *
 * Return: true if there is something.
 */
bool rcar_du_scanout_claim_report_late(struct rcar_du_scanout_claim *claim)
{
	if (claim->committed_told || claim->committed_late || !claim->committed)
		return false;

	claim->report_seq = claim->committed_seq;
	claim->report_error = -EBUSY;
	claim->committed_late = true;

	return true;
}

/**
 * rcar_du_scanout_claim_report_shown - Take what the owner is to be told of a committed frame
 * @claim: the claim, what was committed last is on the screen; sets what begins with report
 *
 * Return: true if there is something.
 */
bool rcar_du_scanout_claim_report_shown(struct rcar_du_scanout_claim *claim)
{
	if (claim->committed_told || !claim->committed)
		return false;

	claim->report_seq = claim->committed_seq;
	claim->report_error = claim->committed_error;
	claim->committed_told = true;

	return true;
}
