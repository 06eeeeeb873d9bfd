/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: who has which CRTC and which plane
 *
 * Pure: no DRM objects, no locks, no allocation. The caller serializes all
 * calls on one struct rcar_du_scanout_pool.
 */

#ifndef __RCAR_DU_SCANOUT_POOL_H__
#define __RCAR_DU_SCANOUT_POOL_H__

#include <linux/types.h>

#define RCAR_DU_SCANOUT_MAX_CRTCS	8
#define RCAR_DU_SCANOUT_MAX_PLANES	32

/**
 * struct rcar_du_scanout_pool_crtc - A CRTC
 * @connected: its connector has a display
 * @primary: index of its primary plane
 * @channel: whose channel it is, or 0
 */
struct rcar_du_scanout_pool_crtc {
	bool connected;
	unsigned int primary;
	unsigned int channel;
};

/**
 * struct rcar_du_scanout_pool_plane - A plane
 * @crtcs: mask of the CRTCs that can show it, 0 if it is none to be given away
 * @overlay: no CRTC has it as its primary plane
 * @owner: who has it, or 0
 * @crtc: the CRTC it was taken for, while it has an owner
 */
struct rcar_du_scanout_pool_plane {
	u32 crtcs;
	bool overlay;
	unsigned int owner;
	unsigned int crtc;
};

/**
 * struct rcar_du_scanout_pool - The CRTCs and planes of a display device
 * @num_crtcs: valid entries of @crtcs
 * @num_planes: valid entries of @planes
 * @reserved: overlay planes for each CRTC that stay with the host
 * @crtcs: the CRTCs, in the order of the device
 * @planes: the planes, in the order of the device
 */
struct rcar_du_scanout_pool {
	unsigned int num_crtcs;
	unsigned int num_planes;
	unsigned int reserved;
	struct rcar_du_scanout_pool_crtc crtcs[RCAR_DU_SCANOUT_MAX_CRTCS];
	struct rcar_du_scanout_pool_plane planes[RCAR_DU_SCANOUT_MAX_PLANES];
};

int rcar_du_scanout_pool_take_plane(struct rcar_du_scanout_pool *pool,
				    unsigned int crtc, unsigned int owner);
int rcar_du_scanout_pool_take_channel(struct rcar_du_scanout_pool *pool,
				      unsigned int crtc, unsigned int owner);
void rcar_du_scanout_pool_release(struct rcar_du_scanout_pool *pool,
				  unsigned int owner);
unsigned int
rcar_du_scanout_pool_free_planes(const struct rcar_du_scanout_pool *pool);
unsigned int
rcar_du_scanout_pool_free_channels(const struct rcar_du_scanout_pool *pool);

#endif /* __RCAR_DU_SCANOUT_POOL_H__ */
