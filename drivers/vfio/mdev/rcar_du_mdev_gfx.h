/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: VFIO's graphics interface
 */

#ifndef __RCAR_DU_MDEV_GFX_H__
#define __RCAR_DU_MDEV_GFX_H__

#include <linux/types.h>

struct rcar_du_mdev_device;
struct vfio_device;
struct vfio_device_gfx_plane_info;

long rcar_du_mdev_gfx_query(struct rcar_du_mdev_device *rdev,
			    struct vfio_device_gfx_plane_info __user *arg);
long rcar_du_mdev_gfx_get_dmabuf(struct rcar_du_mdev_device *rdev,
				 u32 __user *arg);
int rcar_du_mdev_gfx_feature(struct vfio_device *vdev, u32 flags,
			     void __user *arg, size_t argsz);

#endif /* __RCAR_DU_MDEV_GFX_H__ */
