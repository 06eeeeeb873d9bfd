/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: attributes of a device
 */

#ifndef __RCAR_DU_MDEV_SYSFS_H__
#define __RCAR_DU_MDEV_SYSFS_H__

struct attribute_group;

extern const struct attribute_group *rcar_du_mdev_groups[];

#endif /* __RCAR_DU_MDEV_SYSFS_H__ */
