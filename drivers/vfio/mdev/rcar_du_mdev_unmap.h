/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: VFIO unmaps guest memory
 */

#ifndef __RCAR_DU_MDEV_UNMAP_H__
#define __RCAR_DU_MDEV_UNMAP_H__

#include <linux/types.h>

struct rcar_du_mdev_cache;

void rcar_du_mdev_unmap(struct rcar_du_mdev_cache *cache, u64 iova, u64 length);

#endif /* __RCAR_DU_MDEV_UNMAP_H__ */
