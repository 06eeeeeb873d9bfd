// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: what a sink has of a CRTC, and what is on it
 */

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_uapi.h>
#include <drm/drm_blend.h>
#include <drm/drm_crtc.h>
#include <drm/drm_modes.h>
#include <drm/drm_modeset_lock.h>
#include <drm/drm_plane.h>

#include "rcar_du_scanout_claim.h"
#include "rcar_du_scanout_connector.h"
#include "rcar_du_scanout_head.h"

/**
 * rcar_du_scanout_claim_begin - Take what is to be committed
 * @claim: the claim
 * @state: what its planes are to show
 */
void rcar_du_scanout_claim_begin(struct rcar_du_scanout_claim *claim,
				 const struct rcar_du_scanout_state *state)
{
	rcar_du_scanout_state_copy(&claim->pending, state);
}

/**
 * rcar_du_scanout_claim_restore - Take what was committed before once more
 * @claim: the claim
 */
void rcar_du_scanout_claim_restore(struct rcar_du_scanout_claim *claim)
{
	rcar_du_scanout_state_copy(&claim->pending, &claim->shown);
	claim->restoring = true;
}

/**
 * rcar_du_scanout_claim_find_mode - Find the mode for a channel's frame
 * @claim: the channel
 * @head: its CRTC
 *
 * The clock of the pending state's mode is 0 if there is none. A plane has none.
 */
void rcar_du_scanout_claim_find_mode(struct rcar_du_scanout_claim *claim,
				     struct rcar_du_scanout_head *head)
{
	const struct rcar_du_scanout_frame *frame = &claim->pending.frame;
	struct drm_display_mode *mode = &claim->pending.mode;

	if (claim->kind != RCAR_DU_SCANOUT_CHANNEL)
		return;

	/* Most frames have the mode of the one before. */
	if (rcar_du_scanout_mode_fits(&claim->shown.mode, frame))
		*mode = claim->shown.mode;
	else
		rcar_du_scanout_connector_mode(head->connector, frame, mode);
}

/* Tells whether the CRTC of a channel is to be on. */
static bool rcar_du_scanout_channel_on(const struct rcar_du_scanout_state *state)
{
	return state->frame.on && state->mode.clock &&
	       state->props[RCAR_DU_SCANOUT_VISIBLE];
}

/* Adds the CRTC of a channel to a commit. It is off if there is no mode. */
static int rcar_du_scanout_channel_state(struct rcar_du_scanout_claim *claim,
					 struct rcar_du_scanout_head *head,
					 struct drm_atomic_state *state)
{
	const struct rcar_du_scanout_state *pending = &claim->pending;
	bool on = rcar_du_scanout_channel_on(pending);
	struct drm_crtc_state *crtc_state;
	int ret;

	crtc_state = drm_atomic_get_crtc_state(state, head->crtc);
	if (IS_ERR(crtc_state))
		return PTR_ERR(crtc_state);

	if (!on && !crtc_state->active && !crtc_state->enable)
		return 0;

	if (!on || !crtc_state->enable ||
	    !drm_mode_equal(&crtc_state->mode, &pending->mode)) {
		ret = drm_atomic_set_mode_for_crtc(crtc_state,
						   on ? &pending->mode : NULL);
		if (ret)
			return ret;
	}

	crtc_state->active = on;

	return rcar_du_scanout_connector_route(head->connector, head->crtc, on,
					       state);
}

static int rcar_du_scanout_plane_off(struct drm_plane_state *plane_state)
{
	drm_atomic_set_fb_for_plane(plane_state, NULL);

	return drm_atomic_set_crtc_for_plane(plane_state, NULL);
}

static void rcar_du_scanout_plane_place(const struct rcar_du_scanout_claim *claim,
					const struct rcar_du_scanout_state *state,
					unsigned int index,
					struct drm_plane_state *plane_state)
{
	const struct rcar_du_scanout_layer *layer = &state->frame.layers[index];
	u32 alpha = layer->alpha;

	plane_state->src_x = 0;
	plane_state->src_y = 0;
	plane_state->src_w = layer->width << 16;
	plane_state->src_h = layer->height << 16;
	plane_state->crtc_x = layer->x;
	plane_state->crtc_y = layer->y;
	plane_state->crtc_w = layer->width;
	plane_state->crtc_h = layer->height;
	plane_state->zpos = index;

	if (claim->kind == RCAR_DU_SCANOUT_PLANE) {
		plane_state->crtc_x += state->props[RCAR_DU_SCANOUT_X];
		plane_state->crtc_y += state->props[RCAR_DU_SCANOUT_Y];
		plane_state->zpos = state->props[RCAR_DU_SCANOUT_ZPOS];
		alpha = alpha * state->props[RCAR_DU_SCANOUT_ALPHA] /
			DRM_BLEND_ALPHA_OPAQUE;
	}

	plane_state->alpha = alpha;
	if (plane_state->plane->blend_mode_property)
		plane_state->pixel_blend_mode = layer->blend;
}

static int rcar_du_scanout_plane_on(const struct rcar_du_scanout_claim *claim,
				    struct drm_crtc *crtc, unsigned int index,
				    struct drm_plane_state *plane_state)
{
	const struct rcar_du_scanout_state *state = &claim->pending;
	int ret;

	ret = drm_atomic_set_crtc_for_plane(plane_state, crtc);
	if (ret)
		return ret;

	drm_atomic_set_fb_for_plane(plane_state, state->frame.layers[index].fb);
	rcar_du_scanout_plane_place(claim, state, index, plane_state);

	return 0;
}

/**
 * rcar_du_scanout_claim_add - Add what was claimed to a commit
 * @claim: the claim
 * @head: its CRTC, which is added as well
 * @state: the commit
 *
 * Return: 0, -EDEADLK, or another error of the DRM core.
 */
int rcar_du_scanout_claim_add(struct rcar_du_scanout_claim *claim,
			      struct rcar_du_scanout_head *head,
			      struct drm_atomic_state *state)
{
	const struct rcar_du_scanout_frame *frame = &claim->pending.frame;
	struct drm_crtc_state *crtc_state;
	unsigned int i;
	bool show;
	int ret;

	crtc_state = drm_atomic_get_crtc_state(state, head->crtc);
	if (IS_ERR(crtc_state))
		return PTR_ERR(crtc_state);

	if (claim->kind == RCAR_DU_SCANOUT_CHANNEL) {
		ret = rcar_du_scanout_channel_state(claim, head, state);
		if (ret)
			return ret;
	}

	show = crtc_state->active && claim->pending.props[RCAR_DU_SCANOUT_VISIBLE];

	for (i = 0; i < claim->num_planes; i++) {
		struct drm_plane_state *plane_state;

		plane_state = drm_atomic_get_plane_state(state, claim->planes[i]);
		if (IS_ERR(plane_state))
			return PTR_ERR(plane_state);

		ret = show && i < frame->num_layers ?
		      rcar_du_scanout_plane_on(claim, head->crtc, i,
					       plane_state) :
		      rcar_du_scanout_plane_off(plane_state);
		if (ret)
			return ret;
	}

	return 0;
}

/**
 * rcar_du_scanout_claim_end - Take note of how a commit went
 * @claim: the claim
 * @error: how the commit went
 *
 * Return: @error, or -ERANGE if nothing could be shown as there is no mode.
 */
int rcar_du_scanout_claim_end(struct rcar_du_scanout_claim *claim, int error)
{
	bool no_mode = claim->kind == RCAR_DU_SCANOUT_CHANNEL &&
		       claim->pending.frame.on && !claim->pending.mode.clock;

	if (!error)
		swap(claim->shown, claim->pending);
	rcar_du_scanout_state_put(&claim->pending);
	claim->restoring = false;

	return !error && no_mode ? -ERANGE : error;
}

static bool rcar_du_scanout_same_plane(const struct rcar_du_scanout_claim *claim,
				       unsigned int index,
				       const struct drm_plane_state *now)
{
	const struct rcar_du_scanout_frame *frame = &claim->shown.frame;
	struct drm_plane_state wanted = *now;

	if (now->fb != frame->layers[index].fb)
		return false;

	rcar_du_scanout_plane_place(claim, &claim->shown, index, &wanted);

	return now->crtc_x == wanted.crtc_x && now->crtc_y == wanted.crtc_y &&
	       now->crtc_w == wanted.crtc_w && now->crtc_h == wanted.crtc_h &&
	       now->src_x == wanted.src_x && now->src_y == wanted.src_y &&
	       now->src_w == wanted.src_w && now->src_h == wanted.src_h &&
	       now->zpos == wanted.zpos && now->alpha == wanted.alpha &&
	       now->pixel_blend_mode == wanted.pixel_blend_mode;
}

/**
 * rcar_du_scanout_claim_intact - Look whether others have changed it
 * @claim: the claim
 * @head: its CRTC
 *
 * A DRM master can change any plane and any CRTC, and does: compositors turn off
 * what they don't know when they start, and so does the console when they end.
 * What shows nothing is left to them.
 *
 * Return: true if everything is as it was committed.
 */
bool rcar_du_scanout_claim_intact(struct rcar_du_scanout_claim *claim,
				  struct rcar_du_scanout_head *head)
{
	const struct rcar_du_scanout_state *shown = &claim->shown;
	bool channel = claim->kind == RCAR_DU_SCANOUT_CHANNEL;
	bool active, same;
	unsigned int i;

	if (channel ? !rcar_du_scanout_channel_on(shown) :
		      !shown->props[RCAR_DU_SCANOUT_VISIBLE])
		return true;

	drm_modeset_lock(&head->crtc->mutex, NULL);
	active = head->crtc->state->active;
	same = !channel || (active && drm_mode_equal(&head->crtc->state->mode,
						     &shown->mode));
	drm_modeset_unlock(&head->crtc->mutex);

	/* There is nothing to be seen on a CRTC that the host has turned off. */
	if (!active)
		return same;

	for (i = 0; i < min(claim->num_planes, shown->frame.num_layers) && same;
	     i++) {
		struct drm_plane *plane = claim->planes[i];

		drm_modeset_lock(&plane->mutex, NULL);
		same = rcar_du_scanout_same_plane(claim, i, plane->state);
		drm_modeset_unlock(&plane->mutex);
	}

	return same;
}
