/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: BAR 4
 */

#ifndef __RCAR_DU_MDEV_BAR4_H__
#define __RCAR_DU_MDEV_BAR4_H__

#include <linux/rwsem.h>
#include <linux/types.h>

struct vfio_device;
struct vm_area_struct;

/**
 * struct rcar_du_mdev_bar4 - Who gets at BAR 4
 */
struct rcar_du_mdev_bar4 {
	/** @vdev: VFIO device, whose address space has the mappings */
	struct vfio_device *vdev;
	/** @data: the memory, shared with the guest; belongs to the VDU */
	void *data;

	/** @lock: held for reading by who accesses @data for the guest */
	struct rw_semaphore lock;
	/** @enabled: BAR 4 answers; protected by @lock */
	bool enabled;
};

void rcar_du_mdev_bar4_init(struct rcar_du_mdev_bar4 *bar4,
			    struct vfio_device *vdev, void *data);
void rcar_du_mdev_bar4_enable(struct rcar_du_mdev_bar4 *bar4, bool enable);
void rcar_du_mdev_bar4_clear(struct rcar_du_mdev_bar4 *bar4);

void rcar_du_mdev_bar4_read(struct rcar_du_mdev_bar4 *bar4, u32 offset,
			    u8 *buf, u32 count);
void rcar_du_mdev_bar4_write(struct rcar_du_mdev_bar4 *bar4, u32 offset,
			     const u8 *buf, u32 count);
int rcar_du_mdev_bar4_mmap(struct rcar_du_mdev_bar4 *bar4,
			   struct vm_area_struct *vma);

#endif /* __RCAR_DU_MDEV_BAR4_H__ */
