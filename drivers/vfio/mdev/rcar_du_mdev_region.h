/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: VFIO regions
 */

#ifndef __RCAR_DU_MDEV_REGION_H__
#define __RCAR_DU_MDEV_REGION_H__

#include <linux/types.h>

struct vfio_device;
struct vfio_info_cap;
struct vfio_region_info;
struct vm_area_struct;

int rcar_du_mdev_region_info_caps(struct vfio_device *vdev,
				  struct vfio_region_info *info,
				  struct vfio_info_cap *caps);
ssize_t rcar_du_mdev_region_read(struct vfio_device *vdev, char __user *buf,
				 size_t count, loff_t *ppos);
ssize_t rcar_du_mdev_region_write(struct vfio_device *vdev,
				  const char __user *buf, size_t count,
				  loff_t *ppos);
int rcar_du_mdev_region_mmap(struct vfio_device *vdev,
			     struct vm_area_struct *vma);

#endif /* __RCAR_DU_MDEV_REGION_H__ */
