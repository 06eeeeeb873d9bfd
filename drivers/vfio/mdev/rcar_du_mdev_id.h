/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: dma-buf ids
 */

#ifndef __RCAR_DU_MDEV_ID_H__
#define __RCAR_DU_MDEV_ID_H__

#include <linux/types.h>

struct rcar_du_mdev_cache;
struct rcar_du_mdev_fb;
struct rcar_du_mdev_plane;

/* The ids that were shown last can be asked for again, this many of them. */
#define RCAR_DU_MDEV_NUM_IDS		16

/**
 * struct rcar_du_mdev_id - What a dma-buf id names
 * @id: the id, 0 if the slot is free
 * @fb: the framebuffer, with a reference
 * @role: DRM_PLANE_TYPE_PRIMARY or DRM_PLANE_TYPE_CURSOR
 * @format: DRM fourcc
 * @width: pixels
 * @height: lines
 * @stride: bytes
 * @used: value of rcar_du_mdev_ids.clock when it was shown last
 * @live: may be shown again under the same id
 */
struct rcar_du_mdev_id {
	u32 id;
	struct rcar_du_mdev_fb *fb;
	u32 role;
	u32 format;
	u32 width;
	u32 height;
	u32 stride;
	u64 used;
	bool live;
};

/**
 * struct rcar_du_mdev_ids - dma-buf ids of a device
 */
struct rcar_du_mdev_ids {
	/** @cache: where framebuffers are from; its mutex protects what follows */
	struct rcar_du_mdev_cache *cache;
	/** @ids: the ids */
	struct rcar_du_mdev_id ids[RCAR_DU_MDEV_NUM_IDS];
	/** @clock: counts the uses of ids */
	u64 clock;
};

void rcar_du_mdev_ids_init(struct rcar_du_mdev_ids *ids,
			   struct rcar_du_mdev_cache *cache);
u32 rcar_du_mdev_ids_get_locked(struct rcar_du_mdev_ids *ids,
				const struct rcar_du_mdev_plane *plane,
				struct rcar_du_mdev_fb *fb);
void rcar_du_mdev_ids_retire_locked(struct rcar_du_mdev_ids *ids, u32 role);
void rcar_du_mdev_ids_forget_locked(struct rcar_du_mdev_ids *ids,
				    const struct rcar_du_mdev_fb *fb);
struct rcar_du_mdev_fb *
rcar_du_mdev_ids_find_locked(const struct rcar_du_mdev_ids *ids, u32 id);

#endif /* __RCAR_DU_MDEV_ID_H__ */
