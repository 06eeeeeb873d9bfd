// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: what may be pinned, and when
 *
 * A guest that asks for too much gets it later.
 */

#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/memcontrol.h>
#include <linux/sched/mm.h>
#include <linux/time64.h>

#include "rcar_du_mdev_budget.h"
#include "rcar_du_mdev_fb.h"

/* What a guest may have in advance: it makes its buffers all at once. */
#define RCAR_DU_MDEV_PIN_BURST	NSEC_PER_SEC

/**
 * rcar_du_mdev_budget_set_pin_rate - Limit how much is pinned
 * @budget: the budget
 * @pin_rate: pages in a second, 0: no limit
 *
 * Context: sleeps not. Any time.
 */
void rcar_du_mdev_budget_set_pin_rate(struct rcar_du_mdev_budget *budget,
				      unsigned int pin_rate)
{
	WRITE_ONCE(budget->pin_rate, pin_rate);
	rcar_du_mdev_budget_wake(budget);
}

/**
 * rcar_du_mdev_budget_wake - A framebuffer is lost
 * @budget: the budget
 *
 * Who waits for its turn is to look whether it still has to.
 *
 * Context: any.
 */
void rcar_du_mdev_budget_wake(struct rcar_du_mdev_budget *budget)
{
	wake_up_all(&budget->wait);
}

static u64 rcar_du_mdev_budget_delay(struct rcar_du_mdev_budget *budget)
{
	return rcar_du_mdev_rate_delay(&budget->pins,
				       rcar_du_mdev_budget_pin_rate(budget),
				       RCAR_DU_MDEV_PIN_BURST, ktime_get_ns());
}

/* Waits until nothing is unpaid, the rate is another one, or @fb is not wanted. */
static void rcar_du_mdev_budget_wait_rate(struct rcar_du_mdev_budget *budget,
					  struct rcar_du_mdev_fb *fb)
{
	u64 delay = rcar_du_mdev_budget_delay(budget);
	u64 start = ktime_get_ns();

	if (!delay)
		return;

	atomic64_inc(&budget->delays);
	while (delay && !rcar_du_mdev_fb_lost(fb)) {
		unsigned int rate = budget->pins.per_second;

		wait_event_idle_timeout(budget->wait,
					rcar_du_mdev_fb_lost(fb) ||
					rcar_du_mdev_budget_pin_rate(budget) != rate,
					nsecs_to_jiffies(delay) + 1);
		delay = rcar_du_mdev_budget_delay(budget);
	}
	atomic64_add(ktime_get_ns() - start, &budget->delay_ns);
}

/**
 * rcar_du_mdev_budget_wait - Wait until a framebuffer may be pinned
 * @budget: the budget
 * @fb: the framebuffer, new
 *
 * Context: one thread at a time, no locks held. Sleeps, until
 * rcar_du_mdev_budget_wake() if @fb is lost.
 * Return: 0 if it may or @fb is lost, -ENOMEM if it is not worth trying.
 */
int rcar_du_mdev_budget_wait(struct rcar_du_mdev_budget *budget,
			     struct rcar_du_mdev_fb *fb)
{
	if (!rcar_du_mdev_memlock_may_pin(&budget->memlock, fb->npages)) {
		atomic64_inc(&budget->skips);
		return -ENOMEM;
	}

	rcar_du_mdev_budget_wait_rate(budget, fb);

	return 0;
}

/**
 * rcar_du_mdev_budget_charge - A framebuffer was pinned, or was not
 * @budget: the budget
 * @fb: the framebuffer
 * @ret: what rcar_du_mdev_pin() returned
 *
 * Trying to costs as much, as far as it went.
 */
void rcar_du_mdev_budget_charge(struct rcar_du_mdev_budget *budget,
				struct rcar_du_mdev_fb *fb, int ret)
{
	rcar_du_mdev_rate_take(&budget->pins, fb->npinned + 1, ktime_get_ns());

	if (!ret)
		rcar_du_mdev_memlock_pinned(&budget->memlock, fb->npages);
	else if (ret == -ENOMEM)
		rcar_du_mdev_memlock_failed(&budget->memlock, fb->npages,
					    fb->npinned);
}

/**
 * rcar_du_mdev_budget_enter - Charge the VMM for what is allocated from now on
 * @budget: the budget
 *
 * It is what has __GFP_ACCOUNT, and what faulting the guest's memory in takes. A worker
 * is in no memory cgroup itself.
 *
 * Return: for rcar_du_mdev_budget_leave().
 */
struct mem_cgroup *
rcar_du_mdev_budget_enter(struct rcar_du_mdev_budget *budget)
{
	return set_active_memcg(get_mem_cgroup_from_mm(budget->memlock.mm));
}

/**
 * rcar_du_mdev_budget_leave - Undo rcar_du_mdev_budget_enter()
 * @old: what it returned
 */
void rcar_du_mdev_budget_leave(struct mem_cgroup *old)
{
	mem_cgroup_put(set_active_memcg(old));
}

/**
 * rcar_du_mdev_budget_init - Prepare the budget of a new device
 * @budget: the budget
 * @vdev: VFIO device
 */
void rcar_du_mdev_budget_init(struct rcar_du_mdev_budget *budget,
			      struct vfio_device *vdev)
{
	budget->pin_rate = RCAR_DU_MDEV_PIN_RATE;
	init_waitqueue_head(&budget->wait);
	rcar_du_mdev_memlock_init(&budget->memlock, vdev);
}
