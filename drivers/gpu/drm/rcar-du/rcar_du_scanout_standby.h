/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: a picture of the host, while the owner of a sink shows nothing
 */

#ifndef __RCAR_DU_SCANOUT_STANDBY_H__
#define __RCAR_DU_SCANOUT_STANDBY_H__

struct drm_client_dev;
struct rcar_du_scanout_picture;
struct rcar_du_scanout_sink;

int rcar_du_scanout_standby_set(struct rcar_du_scanout_sink *sink,
				struct drm_client_dev *client,
				const struct rcar_du_scanout_picture *picture);
void rcar_du_scanout_standby_show(struct rcar_du_scanout_sink *sink,
				  struct drm_client_dev *client);
void rcar_du_scanout_standby_hide(struct rcar_du_scanout_sink *sink);

#endif /* __RCAR_DU_SCANOUT_STANDBY_H__ */
