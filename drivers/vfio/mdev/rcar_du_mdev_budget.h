/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: what may be pinned, and when
 */

#ifndef __RCAR_DU_MDEV_BUDGET_H__
#define __RCAR_DU_MDEV_BUDGET_H__

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "rcar_du_mdev_memlock.h"
#include "rcar_du_mdev_rate.h"

struct mem_cgroup;
struct rcar_du_mdev_fb;

/*
 * 512 MiB a second with pages of 4 KiB: a guest that shows another 1080p buffer at each
 * of 60 vertical blanks in a second stays below.
 */
#define RCAR_DU_MDEV_PIN_RATE	131072

/**
 * struct rcar_du_mdev_budget - What a device may pin, and when
 *
 * Belongs to the only user of rcar_du_mdev_cache_use() but for @pin_rate, @wait and the
 * counters.
 */
struct rcar_du_mdev_budget {
	/** @pin_rate: pages in a second, 0: no limit; the admin changes it any time */
	unsigned int pin_rate;
	/** @wait: who waits for it */
	wait_queue_head_t wait;
	/** @pins: pages that were pinned */
	struct rcar_du_mdev_rate pins;
	/** @memlock: the limit of locked memory */
	struct rcar_du_mdev_memlock memlock;

	/** @delays: framebuffers that had to wait for @pin_rate */
	atomic64_t delays;
	/** @delay_ns: time that this took, ns */
	atomic64_t delay_ns;
	/** @skips: framebuffers that VFIO was not asked for, because of the limit */
	atomic64_t skips;
};

static inline unsigned int
rcar_du_mdev_budget_pin_rate(const struct rcar_du_mdev_budget *budget)
{
	return READ_ONCE(budget->pin_rate);
}

void rcar_du_mdev_budget_set_pin_rate(struct rcar_du_mdev_budget *budget,
				      unsigned int pin_rate);

int rcar_du_mdev_budget_wait(struct rcar_du_mdev_budget *budget,
			     struct rcar_du_mdev_fb *fb);
void rcar_du_mdev_budget_wake(struct rcar_du_mdev_budget *budget);
void rcar_du_mdev_budget_charge(struct rcar_du_mdev_budget *budget,
				struct rcar_du_mdev_fb *fb, int ret);

struct mem_cgroup *
rcar_du_mdev_budget_enter(struct rcar_du_mdev_budget *budget);
void rcar_du_mdev_budget_leave(struct mem_cgroup *old);

void rcar_du_mdev_budget_init(struct rcar_du_mdev_budget *budget,
			      struct vfio_device *vdev);

#endif /* __RCAR_DU_MDEV_BUDGET_H__ */
