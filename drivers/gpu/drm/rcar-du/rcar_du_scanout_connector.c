// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: connectors and their modes
 */

#include <kunit/visibility.h>
#include <linux/lockdep.h>
#include <linux/math64.h>
#include <linux/string.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_uapi.h>
#include <drm/drm_connector.h>
#include <drm/drm_crtc.h>
#include <drm/drm_encoder.h>
#include <drm/drm_mode_config.h>
#include <drm/drm_modes.h>
#include <drm/drm_property.h>
#include <drm/rcar_du_scanout.h>

#include "rcar_du_scanout_connector.h"

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
 * rcar_du_scanout_connector_find - Find what is plugged to a CRTC
 * @crtc: the CRTC
 *
 * Each output of the R-Car H3 is wired to one CRTC. Where there is a choice the
 * first one is taken.
 *
 * Return: the connector with a reference, or NULL.
 */
struct drm_connector *rcar_du_scanout_connector_find(struct drm_crtc *crtc)
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
 * rcar_du_scanout_connector_detect - Look what is plugged to a connector
 * @connector: the connector, or NULL
 *
 * Reads the modes of the display, too.
 *
 * Context: sleeps; may take long, as it may read an EDID.
 * Return: true if there is a display.
 */
bool rcar_du_scanout_connector_detect(struct drm_connector *connector)
{
	struct drm_mode_config *config;

	if (!connector)
		return false;

	config = &connector->dev->mode_config;
	guard(mutex)(&config->mutex);
	connector->funcs->fill_modes(connector, config->max_width,
				     config->max_height);

	return connector->status == connector_status_connected;
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

/* The preferred mode is the first. */
static bool rcar_du_scanout_mode_does(const struct drm_display_mode *mode,
				      const struct rcar_du_scanout_frame *frame)
{
	if (frame)
		return rcar_du_scanout_mode_fits(mode, frame);

	return mode->status == MODE_OK && !(mode->flags & DRM_MODE_FLAG_INTERLACE);
}

/* Returns NULL if there is none. */
static const struct drm_display_mode *
rcar_du_scanout_find_mode_locked(struct drm_connector *connector,
				 const struct rcar_du_scanout_frame *frame,
				 const struct drm_display_mode *keep)
{
	const struct drm_display_mode *mode, *first = NULL;

	lockdep_assert_held(&connector->dev->mode_config.mutex);

	list_for_each_entry(mode, &connector->modes, head) {
		if (!rcar_du_scanout_mode_does(mode, frame))
			continue;
		if (!keep || drm_mode_equal(mode, keep))
			return mode;
		if (!first)
			first = mode;
	}

	return first;
}

/**
 * rcar_du_scanout_connector_mode - Find the mode for a frame
 * @connector: the connector, or NULL
 * @frame: the frame, or NULL for any mode
 * @keep: the mode of before, which is to stay if it will do, or NULL for the one that the
 *	display prefers
 * @mode: the mode; its clock is 0 if there is none
 *
 * Context: takes drm_mode_config.mutex.
 */
void rcar_du_scanout_connector_mode(struct drm_connector *connector,
				    const struct rcar_du_scanout_frame *frame,
				    const struct drm_display_mode *keep,
				    struct drm_display_mode *mode)
{
	const struct drm_display_mode *found;

	memset(mode, 0, sizeof(*mode));
	if (!connector)
		return;

	guard(mutex)(&connector->dev->mode_config.mutex);
	found = rcar_du_scanout_find_mode_locked(connector, frame, keep);
	if (!found)
		return;

	drm_mode_init(mode, found);
	mode->status = MODE_OK;
}

/**
 * rcar_du_scanout_connector_route - Connect a CRTC, or disconnect it
 * @connector: the connector
 * @crtc: the CRTC
 * @on: connect it
 * @state: the commit that does it
 *
 * Return: 0, -EDEADLK, or another error of the DRM core.
 */
int rcar_du_scanout_connector_route(struct drm_connector *connector,
				    struct drm_crtc *crtc, bool on,
				    struct drm_atomic_state *state)
{
	struct drm_connector_state *connector_state;
	bool connected;

	connector_state = drm_atomic_get_connector_state(state, connector);
	if (IS_ERR(connector_state))
		return PTR_ERR(connector_state);

	/* Setting what is set already would be a mode change. */
	connected = connector_state->crtc == crtc;
	if (on == connected)
		return 0;

	return drm_atomic_set_crtc_for_connector(connector_state,
						 on ? crtc : NULL);
}

/**
 * rcar_du_scanout_connector_monitor - Tell what is plugged to a connector
 * @connector: the connector
 * @monitor: what it is; all zeros before
 *
 * Context: takes drm_mode_config.mutex.
 */
void rcar_du_scanout_connector_monitor(struct drm_connector *connector,
				       struct rcar_du_scanout_monitor *monitor)
{
	const struct drm_property_blob *blob;
	const struct drm_display_mode *mode;

	guard(mutex)(&connector->dev->mode_config.mutex);

	monitor->connected = connector->status == connector_status_connected;

	mode = rcar_du_scanout_find_mode_locked(connector, NULL, NULL);
	if (mode) {
		monitor->width = mode->hdisplay;
		monitor->height = mode->vdisplay;
		monitor->refresh = drm_mode_vrefresh(mode);
	}

	blob = connector->edid_blob_ptr;
	if (blob && blob->length <= sizeof(monitor->edid)) {
		monitor->edid_size = blob->length;
		memcpy(monitor->edid, blob->data, blob->length);
	}
}
