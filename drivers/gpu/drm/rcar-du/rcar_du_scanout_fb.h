/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: framebuffers of foreign memory
 */

#ifndef __RCAR_DU_SCANOUT_FB_H__
#define __RCAR_DU_SCANOUT_FB_H__

struct drm_client_dev;
struct drm_framebuffer;
struct drm_mode_fb_cmd2;
struct rcar_du_scanout_buffer;

struct drm_framebuffer *
rcar_du_scanout_fb_create(struct drm_client_dev *client,
			  const struct drm_mode_fb_cmd2 *cmd);
struct drm_framebuffer *
rcar_du_scanout_fb_import(struct drm_client_dev *client,
			  const struct rcar_du_scanout_buffer *buffer);

#endif /* __RCAR_DU_SCANOUT_FB_H__ */
