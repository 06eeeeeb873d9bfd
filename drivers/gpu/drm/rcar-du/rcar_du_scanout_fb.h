/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: framebuffers of foreign memory, and of the display's
 */

#ifndef __RCAR_DU_SCANOUT_FB_H__
#define __RCAR_DU_SCANOUT_FB_H__

#include <linux/types.h>

struct drm_client_dev;
struct drm_framebuffer;
struct drm_mode_fb_cmd2;
struct rcar_du_scanout_buffer;

struct drm_framebuffer *
rcar_du_scanout_fb_create(struct drm_client_dev *client,
			  const struct drm_mode_fb_cmd2 *cmd);
struct drm_framebuffer *
rcar_du_scanout_fb_alloc(struct drm_client_dev *client, u32 format, u32 width,
			 u32 height);
int rcar_du_scanout_fb_write(struct drm_framebuffer *fb, const void *from,
			     size_t pitch);
struct drm_framebuffer *
rcar_du_scanout_fb_import(struct drm_client_dev *client,
			  const struct rcar_du_scanout_buffer *buffer);

#endif /* __RCAR_DU_SCANOUT_FB_H__ */
