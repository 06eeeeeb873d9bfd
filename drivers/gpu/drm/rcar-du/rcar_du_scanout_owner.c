// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: whose it is, and what others may ask of it
 *
 * Whoever wants to show something on a plane of a guest is told that it is busy. Not so
 * for who turns it off: compositors do that to all they do not know, and the console when
 * they end. Nothing happens then.
 */

#include <linux/list.h>
#include <linux/lockdep.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_uapi.h>
#include <drm/drm_connector.h>
#include <drm/drm_crtc.h>
#include <drm/drm_plane.h>
#include <drm/drm_property.h>

#include "rcar_du_scanout_claim.h"
#include "rcar_du_scanout_head.h"
#include "rcar_du_scanout_owner.h"
#include "rcar_du_scanout_sink.h"

/**
 * rcar_du_scanout_owner_head - Find what belongs to a CRTC
 * @riders: whoever may have it
 * @crtc: the CRTC
 *
 * Return: the CRTC as it is known here, or NULL if it is the host's alone.
 */
struct rcar_du_scanout_head *
rcar_du_scanout_owner_head(const struct rcar_du_scanout_riders *riders,
			   const struct drm_crtc *crtc)
{
	unsigned int index = drm_crtc_index(crtc);

	return index < riders->num_heads ? &riders->heads[index] : NULL;
}

/**
 * rcar_du_scanout_owner_locked - Find whose a plane is
 * @sinks: all sinks; the caller holds their mutex
 * @plane: the plane
 *
 * Return: the sink that it is taken from by nobody now, or NULL.
 */
struct rcar_du_scanout_sink *
rcar_du_scanout_owner_locked(struct rcar_du_scanout_sinks *sinks,
			     const struct drm_plane *plane)
{
	struct rcar_du_scanout_sink *sink;

	lockdep_assert_held(&sinks->mutex);

	list_for_each_entry(sink, &sinks->list, link) {
		if (rcar_du_scanout_claim_owned(&sink->claim) &&
		    rcar_du_scanout_claim_has(&sink->claim, plane))
			return sink;
	}

	return NULL;
}

/* The channel whose guest drives a CRTC, or NULL. */
static struct rcar_du_scanout_sink *
rcar_du_scanout_owner_driver_locked(struct rcar_du_scanout_sinks *sinks,
				    const struct rcar_du_scanout_head *head)
{
	struct rcar_du_scanout_sink *sink;

	lockdep_assert_held(&sinks->mutex);

	list_for_each_entry(sink, &sinks->list, link) {
		if (sink->head == head && sink->claim.lit)
			return sink;
	}

	return NULL;
}

/**
 * rcar_du_scanout_owner_driven - Tell whether the guest of a channel drives a CRTC
 * @riders: whoever may have it
 * @crtc: the CRTC, with its lock
 *
 * Return: true if one does.
 */
bool rcar_du_scanout_owner_driven(const struct rcar_du_scanout_riders *riders,
				  const struct drm_crtc *crtc)
{
	struct rcar_du_scanout_head *head =
		rcar_du_scanout_owner_head(riders, crtc);

	if (!head)
		return false;

	guard(mutex)(&riders->sinks->mutex);

	return rcar_du_scanout_owner_driver_locked(riders->sinks, head);
}

/* Tells whether a commit is about CRTCs of guests only. */
static bool rcar_du_scanout_owner_all_driven(const struct rcar_du_scanout_riders *riders,
					     struct drm_atomic_state *state)
{
	struct drm_crtc_state *crtc_state;
	struct drm_crtc *crtc;
	int i;

	for_each_new_crtc_in_state(state, crtc, crtc_state, i) {
		if (!rcar_du_scanout_owner_driven(riders, crtc))
			return false;
	}

	return true;
}

/**
 * rcar_du_scanout_owner_judge - Look whether a commit may be
 * @riders: whoever may have something in it
 * @state: the commit, of somebody else
 *
 * The console sets all CRTCs at a time: it is not to lose the others for the sake of one
 * that is a guest's.
 *
 * Return: 0, or -EBUSY if it is to show something on a plane of a guest.
 */
int rcar_du_scanout_owner_judge(const struct rcar_du_scanout_riders *riders,
				struct drm_atomic_state *state)
{
	bool all_driven = rcar_du_scanout_owner_all_driven(riders, state);
	struct drm_plane_state *old, *new;
	struct drm_plane *plane;
	int i;

	guard(mutex)(&riders->sinks->mutex);

	for_each_oldnew_plane_in_state(state, plane, old, new, i) {
		const struct rcar_du_scanout_sink *sink;

		if (!new->fb || new->fb == old->fb)
			continue;

		sink = rcar_du_scanout_owner_locked(riders->sinks, plane);
		if (sink && (sink->claim.kind == RCAR_DU_SCANOUT_PLANE ||
			     all_driven))
			return -EBUSY;
	}

	return 0;
}

/* The host may capture what a guest shows. */
static bool rcar_du_scanout_owner_captures(const struct drm_connector *connector)
{
	return connector->connector_type == DRM_MODE_CONNECTOR_WRITEBACK;
}

static int rcar_du_scanout_owner_keep_routes(const struct drm_crtc *crtc,
					     struct drm_atomic_state *state)
{
	struct drm_connector_state *old, *new;
	struct drm_connector *connector;
	int i, ret;

	for_each_oldnew_connector_in_state(state, connector, old, new, i) {
		if (rcar_du_scanout_owner_captures(connector) ||
		    old->crtc == new->crtc ||
		    (old->crtc != crtc && new->crtc != crtc))
			continue;

		ret = drm_atomic_set_crtc_for_connector(new, old->crtc);
		if (ret)
			return ret;
	}

	return 0;
}

/**
 * rcar_du_scanout_owner_keep_crtc - Leave the CRTC of a guest as it is, whatever was asked
 * @crtc: the CRTC
 * @state: a commit with it, of somebody else
 *
 * Return: 0, -EINVAL as the core if it needs a mode set that is not allowed, -EDEADLK, or
 * another error of the core.
 */
int rcar_du_scanout_owner_keep_crtc(struct drm_crtc *crtc,
				    struct drm_atomic_state *state)
{
	struct drm_crtc_state *old = drm_atomic_get_old_crtc_state(state, crtc);
	struct drm_crtc_state *new = drm_atomic_get_new_crtc_state(state, crtc);
	int ret;

	/* The core has counted what is on already, and would find one more. */
	if (new->enable != old->enable && !state->allow_modeset)
		return -EINVAL;

	if (new->enable != old->enable || new->mode_blob != old->mode_blob) {
		ret = drm_atomic_set_mode_prop_for_crtc(new, old->mode_blob);
		if (ret)
			return ret;
	}

	new->active = old->active;
	new->vrr_enabled = old->vrr_enabled;
	new->scaling_filter = old->scaling_filter;
	drm_property_replace_blob(&new->degamma_lut, old->degamma_lut);
	drm_property_replace_blob(&new->ctm, old->ctm);
	drm_property_replace_blob(&new->gamma_lut, old->gamma_lut);

	return rcar_du_scanout_owner_keep_routes(crtc, state);
}
