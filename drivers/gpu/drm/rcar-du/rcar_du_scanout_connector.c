// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: connectors and their modes
 */

#include <kunit/visibility.h>
#include <linux/math64.h>

#include <drm/drm_connector.h>
#include <drm/drm_crtc.h>
#include <drm/drm_encoder.h>
#include <drm/drm_mode_config.h>

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
