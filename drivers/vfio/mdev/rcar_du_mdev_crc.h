/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: check codes of what is shown
 */

#ifndef __RCAR_DU_MDEV_CRC_H__
#define __RCAR_DU_MDEV_CRC_H__

#include <linux/atomic.h>
#include <linux/workqueue.h>

struct rcar_du_mdev_cache;
struct rcar_du_mdev_screen;
struct rcar_du_mdev_vdu;

/**
 * struct rcar_du_mdev_crc - Who computes check codes
 */
struct rcar_du_mdev_crc {
	/** @vdu: where the guest asks for them, and reads them */
	struct rcar_du_mdev_vdu *vdu;
	/** @cache: where framebuffers are from */
	struct rcar_du_mdev_cache *cache;
	/** @screen: the published frame */
	struct rcar_du_mdev_screen *screen;
	/** @work: computes the check code of the published frame */
	struct work_struct work;
	/** @count: frames that have got one */
	atomic64_t count;
};

void rcar_du_mdev_crc_init(struct rcar_du_mdev_crc *crc,
			   struct rcar_du_mdev_vdu *vdu,
			   struct rcar_du_mdev_cache *cache,
			   struct rcar_du_mdev_screen *screen);
void rcar_du_mdev_crc_stop(struct rcar_du_mdev_crc *crc);
void rcar_du_mdev_crc_published(struct rcar_du_mdev_crc *crc);

#endif /* __RCAR_DU_MDEV_CRC_H__ */
