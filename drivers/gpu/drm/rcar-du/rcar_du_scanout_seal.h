/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: memory that nobody else gets a handle of
 */

#ifndef __RCAR_DU_SCANOUT_SEAL_H__
#define __RCAR_DU_SCANOUT_SEAL_H__

struct drm_device;
struct drm_gem_object;

int rcar_du_scanout_seal(struct drm_gem_object *obj);
void rcar_du_scanout_seal_close(const struct drm_device *dev);

#endif /* __RCAR_DU_SCANOUT_SEAL_H__ */
