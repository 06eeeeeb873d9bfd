// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: CRTCs that belong to a sink, and their connectors
 */

#include <kunit/visibility.h>
#include <linux/math64.h>
#include <linux/string.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_uapi.h>
#include <drm/drm_connector.h>
#include <drm/drm_crtc.h>
#include <drm/drm_encoder.h>
#include <drm/drm_mode_config.h>
#include <drm/drm_property.h>

#include "rcar_du_scanout_sink.h"

/* A mode's frame rate may differ by 1 %: 60 Hz and 59.94 Hz are the same. */
#define RCAR_DU_SCANOUT_RATE_TOLERANCE	100

static bool rcar_du_scanout_can_drive(struct drm_crtc *crtc,
				      struct drm_connector *connector)
{
	struct drm_encoder *encoder;

	if (connector->connector_type == DRM_MODE_CONNECTOR_WRITEBACK)
		return false;

	drm_connector_for_each_possible_encoder(connector, encoder) {
		if (encoder->possible_crtcs & drm_crtc_mask(crtc))
			return true;
	}

	return false;
}

/**
 * rcar_du_scanout_find_connector - Find what is plugged to a CRTC
 * @crtc: the CRTC
 *
 * Each output of the R-Car H3 is wired to one CRTC. Where there is a choice the
 * first one is taken.
 *
 * Return: the connector with a reference, or NULL.
 */
struct drm_connector *rcar_du_scanout_find_connector(struct drm_crtc *crtc)
{
	struct drm_connector_list_iter iter;
	struct drm_connector *connector;

	drm_connector_list_iter_begin(crtc->dev, &iter);
	drm_for_each_connector_iter(connector, &iter) {
		if (rcar_du_scanout_can_drive(crtc, connector)) {
			drm_connector_get(connector);
			break;
		}
	}
	drm_connector_list_iter_end(&iter);

	return connector;
}

/**
 * rcar_du_scanout_connected - Look what is plugged to a CRTC
 * @head: the CRTC
 *
 * Reads the modes of the display, too.
 *
 * Context: sleeps; may take long, as it may read an EDID.
 * Return: true if there is a display.
 */
bool rcar_du_scanout_connected(struct rcar_du_scanout_head *head)
{
	struct drm_mode_config *config = &head->crtc->dev->mode_config;

	if (!head->connector)
		return false;

	guard(mutex)(&config->mutex);
	head->connector->funcs->fill_modes(head->connector, config->max_width,
					   config->max_height);

	return head->connector->status == connector_status_connected;
}

/**
 * rcar_du_scanout_mode_fits - Tell whether a frame can be shown in a mode
 * @mode: the mode, progressive if anything is to fit
 * @frame: the frame
 *
 * Return: true if the size is the same, and the rate nearly.
 */
bool rcar_du_scanout_mode_fits(const struct drm_display_mode *mode,
			       const struct rcar_du_scanout_frame *frame)
{
	u64 period;

	if (mode->status != MODE_OK || !mode->clock ||
	    mode->flags & DRM_MODE_FLAG_INTERLACE ||
	    mode->hdisplay != frame->width || mode->vdisplay != frame->height)
		return false;

	period = div_u64((u64)mode->htotal * mode->vtotal * NSEC_PER_MSEC,
			 mode->clock);

	return abs_diff(period, frame->period) <
	       div_u64(period, RCAR_DU_SCANOUT_RATE_TOLERANCE);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_scanout_mode_fits);

/**
 * rcar_du_scanout_find_mode - Find the display's mode for the frame of a channel
 * @sink: the channel
 * @head: its CRTC
 *
 * The clock of the pending state's mode is 0 if there is none.
 */
void rcar_du_scanout_find_mode(struct rcar_du_scanout_sink *sink,
			       struct rcar_du_scanout_head *head)
{
	const struct rcar_du_scanout_frame *frame = &sink->pending.frame;
	struct drm_display_mode *mode = &sink->pending.mode;
	const struct drm_display_mode *candidate;

	/* Most frames have the mode of the one before. */
	if (rcar_du_scanout_mode_fits(&sink->shown.mode, frame)) {
		*mode = sink->shown.mode;
		return;
	}

	memset(mode, 0, sizeof(*mode));
	if (!frame->on || !head->connector)
		return;

	guard(mutex)(&head->crtc->dev->mode_config.mutex);
	list_for_each_entry(candidate, &head->connector->modes, head) {
		if (rcar_du_scanout_mode_fits(candidate, frame)) {
			drm_mode_init(mode, candidate);
			mode->status = MODE_OK;
			return;
		}
	}
}

static int rcar_du_scanout_route(struct rcar_du_scanout_head *head,
				 struct drm_atomic_state *state, bool on)
{
	struct drm_connector_state *connector_state;
	struct drm_crtc *crtc = on ? head->crtc : NULL;

	connector_state = drm_atomic_get_connector_state(state, head->connector);
	if (IS_ERR(connector_state))
		return PTR_ERR(connector_state);

	/* Setting what is set already would be a mode change. */
	if (connector_state->crtc == crtc ||
	    (!on && connector_state->crtc != head->crtc))
		return 0;

	return drm_atomic_set_crtc_for_connector(connector_state, crtc);
}

/**
 * rcar_du_scanout_channel_on - Tell whether the CRTC of a channel is to be on
 * @state: the channel's state
 *
 * Return: true if it is.
 */
bool rcar_du_scanout_channel_on(const struct rcar_du_scanout_state *state)
{
	return state->frame.on && state->mode.clock &&
	       state->props[RCAR_DU_SCANOUT_VISIBLE];
}

/**
 * rcar_du_scanout_channel_state - Add the CRTC of a channel to a commit
 * @sink: the channel
 * @head: its CRTC
 * @state: the commit
 *
 * It is off if the display has no mode for the frame.
 *
 * Return: 0, -EDEADLK, or another error of the DRM core.
 */
int rcar_du_scanout_channel_state(struct rcar_du_scanout_sink *sink,
				  struct rcar_du_scanout_head *head,
				  struct drm_atomic_state *state)
{
	const struct rcar_du_scanout_state *pending = &sink->pending;
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

	return rcar_du_scanout_route(head, state, on);
}

/**
 * rcar_du_scanout_monitor - Tell what is plugged to a sink's CRTC
 * @sink: the sink
 * @monitor: what it is
 *
 * Context: sleeps.
 */
void rcar_du_scanout_monitor(struct rcar_du_scanout_sink *sink,
			     struct rcar_du_scanout_monitor *monitor)
{
	const struct drm_display_mode *mode, *best = NULL;
	const struct drm_property_blob *blob;
	struct drm_connector *connector;

	memset(monitor, 0, sizeof(*monitor));

	/* Nobody moves it meanwhile. */
	guard(mutex)(&sink->prop_mutex);

	connector = sink->head->connector;
	if (!connector)
		return;

	guard(mutex)(&connector->dev->mode_config.mutex);

	monitor->connected = connector->status == connector_status_connected;

	list_for_each_entry(mode, &connector->modes, head) {
		if (!best || (mode->type & DRM_MODE_TYPE_PREFERRED &&
			      !(best->type & DRM_MODE_TYPE_PREFERRED)))
			best = mode;
	}
	if (best) {
		monitor->width = best->hdisplay;
		monitor->height = best->vdisplay;
		monitor->refresh = drm_mode_vrefresh(best);
	}

	blob = connector->edid_blob_ptr;
	if (blob && blob->length <= sizeof(monitor->edid)) {
		monitor->edid_size = blob->length;
		memcpy(monitor->edid, blob->data, blob->length);
	}
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_monitor);

/**
 * rcar_du_scanout_find_crtc - Find the CRTC of a connector
 * @sink: a sink of the display
 * @connector: name of the connector, as in /sys/class/drm but for the card
 *
 * Return: the index of the CRTC, or -EINVAL.
 */
int rcar_du_scanout_find_crtc(struct rcar_du_scanout_sink *sink,
			      const char *connector)
{
	struct rcar_du_scanout *scanout = sink->scanout;
	unsigned int i;

	for (i = 0; i < scanout->num_heads; i++) {
		if (scanout->heads[i].connector &&
		    sysfs_streq(scanout->heads[i].connector->name, connector))
			return i;
	}

	return -EINVAL;
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_find_crtc);

/**
 * rcar_du_scanout_connector - Name the connector of a sink's CRTC
 * @sink: the sink
 *
 * Return: the name, or NULL.
 */
const char *rcar_du_scanout_connector(struct rcar_du_scanout_sink *sink)
{
	guard(mutex)(&sink->prop_mutex);

	return sink->head->connector ? sink->head->connector->name : NULL;
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_connector);
