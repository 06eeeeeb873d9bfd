/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: the limit of locked memory
 */

#ifndef __RCAR_DU_MDEV_MEMLOCK_H__
#define __RCAR_DU_MDEV_MEMLOCK_H__

#include <linux/ratelimit_types.h>
#include <linux/types.h>

struct mm_struct;
struct task_struct;
struct user_struct;
struct vfio_device;

/**
 * struct rcar_du_mdev_memlock - The limit of locked memory, and what ran into it
 *
 * Belongs to who pins, but for @retry.
 */
struct rcar_du_mdev_memlock {
	/** @vdev: VFIO device; constant, as are the next three while it is open */
	struct vfio_device *vdev;
	/** @vmm: who has opened it, and so has the limit */
	struct task_struct *vmm;
	/** @mm: whom type1 charges */
	struct mm_struct *mm;
	/** @user: whom iommufd charges */
	struct user_struct *user;

	/** @failed: pages of the smallest one that could not be pinned, 0: none */
	unsigned long failed;
	/** @reached: because of the limit, as far as can be seen */
	bool reached;
	/** @pace: how long it is left alone then, jiffies */
	unsigned long pace;
	/** @retry: until when; written by who unmaps, too */
	unsigned long retry;

	/** @told: the log says so, for who has opened the device */
	bool told;
	/** @lines: what the log has got, whoever opened the device */
	struct ratelimit_state lines;
};

void rcar_du_mdev_memlock_init(struct rcar_du_mdev_memlock *memlock,
			       struct vfio_device *vdev);
void rcar_du_mdev_memlock_open(struct rcar_du_mdev_memlock *memlock);
void rcar_du_mdev_memlock_close(struct rcar_du_mdev_memlock *memlock);

bool rcar_du_mdev_memlock_may_pin(const struct rcar_du_mdev_memlock *memlock,
				  unsigned long npages);
void rcar_du_mdev_memlock_pinned(struct rcar_du_mdev_memlock *memlock,
				 unsigned long npages);
void rcar_du_mdev_memlock_failed(struct rcar_du_mdev_memlock *memlock,
				 unsigned long npages, unsigned long npinned);
void rcar_du_mdev_memlock_unmapped(struct rcar_du_mdev_memlock *memlock);

#endif /* __RCAR_DU_MDEV_MEMLOCK_H__ */
