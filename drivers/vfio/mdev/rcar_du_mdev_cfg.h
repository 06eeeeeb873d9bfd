/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: PCI configuration space
 *
 * Pure: state in, state out. The caller serializes.
 */

#ifndef __RCAR_DU_MDEV_CFG_H__
#define __RCAR_DU_MDEV_CFG_H__

#include <linux/types.h>

#define RCAR_DU_MDEV_CFG_SIZE		256

/**
 * struct rcar_du_mdev_cfg - PCI configuration space of one VDU
 * @data: current contents, little endian
 */
struct rcar_du_mdev_cfg {
	u8 data[RCAR_DU_MDEV_CFG_SIZE];
};

void rcar_du_mdev_cfg_init(struct rcar_du_mdev_cfg *cfg);
void rcar_du_mdev_cfg_reset(struct rcar_du_mdev_cfg *cfg);
void rcar_du_mdev_cfg_read(const struct rcar_du_mdev_cfg *cfg, u32 offset,
			   u8 *buf, u32 count);
bool rcar_du_mdev_cfg_write(struct rcar_du_mdev_cfg *cfg, u32 offset,
			    const u8 *buf, u32 count);
bool rcar_du_mdev_cfg_powered(const struct rcar_du_mdev_cfg *cfg);
bool rcar_du_mdev_cfg_memory_enabled(const struct rcar_du_mdev_cfg *cfg);
bool rcar_du_mdev_cfg_master_enabled(const struct rcar_du_mdev_cfg *cfg);
bool rcar_du_mdev_cfg_intx_enabled(const struct rcar_du_mdev_cfg *cfg);
void rcar_du_mdev_cfg_set_intx(struct rcar_du_mdev_cfg *cfg, bool asserted);

#endif /* __RCAR_DU_MDEV_CFG_H__ */
