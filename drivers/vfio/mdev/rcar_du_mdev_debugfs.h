/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: what is on the screen and why
 */

#ifndef __RCAR_DU_MDEV_DEBUGFS_H__
#define __RCAR_DU_MDEV_DEBUGFS_H__

struct rcar_du_mdev_device;

void rcar_du_mdev_debugfs_register(void);
void rcar_du_mdev_debugfs_unregister(void);
void rcar_du_mdev_debugfs_add(struct rcar_du_mdev_device *rdev);
void rcar_du_mdev_debugfs_remove(struct rcar_du_mdev_device *rdev);

#endif /* __RCAR_DU_MDEV_DEBUGFS_H__ */
