/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: connectors and their modes
 *
 * No state: all of it is the DRM core's.
 */

#ifndef __RCAR_DU_SCANOUT_CONNECTOR_H__
#define __RCAR_DU_SCANOUT_CONNECTOR_H__

#include <linux/types.h>

struct drm_atomic_state;
struct drm_connector;
struct drm_crtc;
struct drm_display_mode;
struct rcar_du_scanout_frame;
struct rcar_du_scanout_monitor;

struct drm_connector *rcar_du_scanout_connector_find(struct drm_crtc *crtc);
bool rcar_du_scanout_connector_detect(struct drm_connector *connector);
bool rcar_du_scanout_mode_fits(const struct drm_display_mode *mode,
			       const struct rcar_du_scanout_frame *frame);
void rcar_du_scanout_connector_mode(struct drm_connector *connector,
				    const struct rcar_du_scanout_frame *frame,
				    const struct drm_display_mode *keep,
				    struct drm_display_mode *mode);
int rcar_du_scanout_connector_route(struct drm_connector *connector,
				    struct drm_crtc *crtc, bool on,
				    struct drm_atomic_state *state);
void rcar_du_scanout_connector_monitor(struct drm_connector *connector,
				       struct rcar_du_scanout_monitor *monitor);

#endif /* __RCAR_DU_SCANOUT_CONNECTOR_H__ */
