/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car virtual Display Unit: planes
 */

#ifndef __RCAR_VDU_PLANE_H__
#define __RCAR_VDU_PLANE_H__

#include <linux/types.h>

#include <drm/drm_plane.h>

struct drm_atomic_state;
struct drm_device;
struct rcar_vdu_hw;
struct rcar_vdu_pages;

unsigned int rcar_vdu_num_planes(const struct rcar_vdu_hw *hw);
struct drm_plane *rcar_vdu_plane_create(struct drm_device *drm,
					struct rcar_vdu_hw *hw,
					struct rcar_vdu_pages *pages,
					enum drm_plane_type type,
					unsigned int zpos);
bool rcar_vdu_planes_stay(struct drm_atomic_state *state);
int rcar_vdu_planes_assign(struct drm_atomic_state *state,
			   const struct rcar_vdu_hw *hw, u32 *dspr);

#endif /* __RCAR_VDU_PLANE_H__ */
