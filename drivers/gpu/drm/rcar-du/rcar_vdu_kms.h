/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car virtual Display Unit: mode setting objects, framebuffers
 */

#ifndef __RCAR_VDU_KMS_H__
#define __RCAR_VDU_KMS_H__

#include <linux/types.h>

#include <drm/drm_connector.h>
#include <drm/drm_device.h>
#include <drm/drm_encoder.h>

#include "rcar_vdu_crtc.h"
#include "rcar_vdu_hw.h"
#include "rcar_vdu_page.h"

struct drm_atomic_state;
struct drm_file;
struct drm_gem_object;
struct drm_mode_create_dumb;

/**
 * struct rcar_vdu_device - One VDU
 * @drm: DRM device
 * @hw: registers
 * @pages: plane pages
 * @crtc: the only CRTC
 * @encoder: the only encoder
 * @connector: the only connector
 * @reset_state: what is to be shown again when the function has been reset, or
 *	NULL; protected by all modeset locks
 */
struct rcar_vdu_device {
	struct drm_device drm;
	struct rcar_vdu_hw hw;
	struct rcar_vdu_pages pages;
	struct rcar_vdu_crtc crtc;
	struct drm_encoder encoder;
	struct drm_connector connector;
	struct drm_atomic_state *reset_state;
};

#define to_rcar_vdu(d)	container_of(d, struct rcar_vdu_device, drm)

struct drm_gem_object *rcar_vdu_gem_create_object(struct drm_device *drm,
						  size_t size);
int rcar_vdu_dumb_create(struct drm_file *file, struct drm_device *drm,
			 struct drm_mode_create_dumb *args);

int rcar_vdu_kms_init(struct rcar_vdu_device *vdu);
void rcar_vdu_kms_hotplug(struct rcar_vdu_device *vdu);
void rcar_vdu_kms_reset_prepare(struct rcar_vdu_device *vdu);
void rcar_vdu_kms_reset_done(struct rcar_vdu_device *vdu);

#endif /* __RCAR_VDU_KMS_H__ */
