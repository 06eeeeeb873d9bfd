/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: framebuffers that devices have imported
 */

#ifndef __RCAR_DU_MDEV_MAPPING_H__
#define __RCAR_DU_MDEV_MAPPING_H__

#include <linux/dma-direction.h>
#include <linux/types.h>

struct device;
struct rcar_du_mdev_fb;
struct sg_table;

struct sg_table *rcar_du_mdev_mapping_get_locked(struct rcar_du_mdev_fb *fb,
						 struct device *dev,
						 enum dma_data_direction dir);
void rcar_du_mdev_mapping_put_locked(struct rcar_du_mdev_fb *fb,
				     struct device *dev, struct sg_table *sgt);
void rcar_du_mdev_mapping_begin_cpu_locked(struct rcar_du_mdev_fb *fb,
					   enum dma_data_direction dir);
void rcar_du_mdev_mapping_end_cpu_locked(struct rcar_du_mdev_fb *fb,
					 enum dma_data_direction dir);
unsigned int rcar_du_mdev_mapping_clean_locked(struct rcar_du_mdev_fb *fb,
					       bool write_combined);

#endif /* __RCAR_DU_MDEV_MAPPING_H__ */
