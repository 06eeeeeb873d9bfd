/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: mdev parent and types
 */

#ifndef __RCAR_DU_MDEV_PARENT_H__
#define __RCAR_DU_MDEV_PARENT_H__

struct mdev_driver;

int rcar_du_mdev_parent_register(struct mdev_driver *driver);
void rcar_du_mdev_parent_unregister(void);

#endif /* __RCAR_DU_MDEV_PARENT_H__ */
