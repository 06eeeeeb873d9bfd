// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: the limit of locked memory
 *
 * VFIO charges pinned pages and says no at the limit; type1 logs each time. So look at
 * what is charged, and do not ask while it is too much. What is seen here may be
 * wrong: another process may have mapped the memory, or it is locked anyway. Then
 * VFIO is asked from time to time.
 */

#include <linux/atomic.h>
#include <linux/cred.h>
#include <linux/device.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/mm_types.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/user.h>
#include <linux/vfio.h>

#include "rcar_du_mdev_memlock.h"

/* How often VFIO is asked again if nothing seems to have changed, at first and at last. */
#define RCAR_DU_MDEV_MEMLOCK_RETRY	HZ
#define RCAR_DU_MDEV_MEMLOCK_RETRY_MAX	(60 * HZ)
/* And how many lines the log gets of a device. */
#define RCAR_DU_MDEV_MEMLOCK_INTERVAL	(60 * HZ)
#define RCAR_DU_MDEV_MEMLOCK_LINES	5

/* -----------------------------------------------------------------------------
 * What is charged
 */

#if IS_ENABLED(CONFIG_IOMMUFD)
static unsigned long rcar_du_mdev_memlock_of_user(const struct user_struct *user)
{
	return atomic_long_read(&user->locked_vm);
}
#else
static unsigned long rcar_du_mdev_memlock_of_user(const struct user_struct *user)
{
	return 0;
}
#endif

static unsigned long
rcar_du_mdev_memlock_used(const struct rcar_du_mdev_memlock *memlock)
{
	return vfio_device_cdev_opened(memlock->vdev) ?
	       rcar_du_mdev_memlock_of_user(memlock->user) :
	       READ_ONCE(memlock->mm->locked_vm);
}

static unsigned long
rcar_du_mdev_memlock_limit(const struct rcar_du_mdev_memlock *memlock)
{
	return task_rlimit(memlock->vmm, RLIMIT_MEMLOCK) >> PAGE_SHIFT;
}

static bool rcar_du_mdev_memlock_fits(const struct rcar_du_mdev_memlock *memlock,
				      unsigned long npages)
{
	return rcar_du_mdev_memlock_used(memlock) + npages <=
	       rcar_du_mdev_memlock_limit(memlock);
}

/* -----------------------------------------------------------------------------
 * Pinning
 */

/**
 * rcar_du_mdev_memlock_may_pin - Tell if VFIO may be asked to pin
 * @memlock: the limit, of an open device
 * @npages: number of pages
 *
 * After a failure it may be for what seems to fit into the limit now, or when some time
 * has gone by.
 *
 * Return: true if it may.
 */
bool rcar_du_mdev_memlock_may_pin(const struct rcar_du_mdev_memlock *memlock,
				  unsigned long npages)
{
	if (!memlock->failed ||
	    time_after_eq(jiffies, READ_ONCE(memlock->retry)))
		return true;

	if (!memlock->reached)
		return npages < memlock->failed;

	return rcar_du_mdev_memlock_fits(memlock, npages);
}

/**
 * rcar_du_mdev_memlock_pinned - VFIO has pinned something
 * @memlock: the limit, of an open device
 * @npages: number of pages
 */
void rcar_du_mdev_memlock_pinned(struct rcar_du_mdev_memlock *memlock,
				 unsigned long npages)
{
	/* Something smaller tells nothing of what did not fit. */
	if (!memlock->reached || npages >= memlock->failed)
		memlock->failed = 0;
}

static void rcar_du_mdev_memlock_tell(struct rcar_du_mdev_memlock *memlock,
				      unsigned long npages, unsigned long used,
				      unsigned long limit)
{
	const unsigned int kib = PAGE_SHIFT - 10;

	if (memlock->told || !__ratelimit(&memlock->lines))
		return;

	memlock->told = true;
	dev_warn(memlock->vdev->dev,
		 "a framebuffer of %lu KiB is not shown: RLIMIT_MEMLOCK of %s[%d] is %lu KiB, %s has locked %lu KiB, so it has to be %lu KiB\n",
		 npages << kib, memlock->vmm->comm, task_tgid_nr(memlock->vmm),
		 limit << kib,
		 vfio_device_cdev_opened(memlock->vdev) ? "its user" : "it",
		 used << kib, (used + npages) << kib);
}

/**
 * rcar_du_mdev_memlock_failed - VFIO had no memory, or not as much as may be locked
 * @memlock: the limit, of an open device
 * @npages: number of pages
 * @npinned: number of those that are pinned, and about to be unpinned
 *
 * The log gets one line for who has opened the device, and no more than five in a
 * minute, however often it is opened.
 */
void rcar_du_mdev_memlock_failed(struct rcar_du_mdev_memlock *memlock,
				 unsigned long npages, unsigned long npinned)
{
	unsigned long used = rcar_du_mdev_memlock_used(memlock);
	unsigned long limit = rcar_du_mdev_memlock_limit(memlock);

	used -= min(used, npinned);
	memlock->reached = used + npages > limit;
	if (memlock->reached) {
		memlock->pace = RCAR_DU_MDEV_MEMLOCK_RETRY_MAX;
		rcar_du_mdev_memlock_tell(memlock, npages, used, limit);
	} else {
		memlock->pace = memlock->failed ?
				min(2 * memlock->pace,
				    RCAR_DU_MDEV_MEMLOCK_RETRY_MAX) :
				RCAR_DU_MDEV_MEMLOCK_RETRY;
	}

	memlock->failed = memlock->failed ? min(memlock->failed, npages) :
					    npages;
	WRITE_ONCE(memlock->retry, jiffies + memlock->pace);
}

/**
 * rcar_du_mdev_memlock_unmapped - Pinned memory was unmapped
 * @memlock: the limit
 *
 * VFIO may be asked at once.
 *
 * Context: any.
 */
void rcar_du_mdev_memlock_unmapped(struct rcar_du_mdev_memlock *memlock)
{
	WRITE_ONCE(memlock->retry, jiffies);
}

/* -----------------------------------------------------------------------------
 * Opening
 */

/**
 * rcar_du_mdev_memlock_open - The current process opens the device
 * @memlock: the limit
 */
void rcar_du_mdev_memlock_open(struct rcar_du_mdev_memlock *memlock)
{
	memlock->vmm = get_task_struct(current->group_leader);
	memlock->mm = current->mm;
	mmgrab(memlock->mm);
	memlock->user = get_current_user();
	memlock->failed = 0;
	memlock->told = false;
}

/**
 * rcar_du_mdev_memlock_close - Undo rcar_du_mdev_memlock_open()
 * @memlock: the limit; nobody pins
 */
void rcar_du_mdev_memlock_close(struct rcar_du_mdev_memlock *memlock)
{
	free_uid(memlock->user);
	mmdrop(memlock->mm);
	put_task_struct(memlock->vmm);
}

/**
 * rcar_du_mdev_memlock_init - Prepare the limit of a new device
 * @memlock: the limit
 * @vdev: VFIO device
 */
void rcar_du_mdev_memlock_init(struct rcar_du_mdev_memlock *memlock,
			       struct vfio_device *vdev)
{
	memlock->vdev = vdev;
	ratelimit_state_init(&memlock->lines, RCAR_DU_MDEV_MEMLOCK_INTERVAL,
			     RCAR_DU_MDEV_MEMLOCK_LINES);
	/* No line about lines that are left out. */
	ratelimit_set_flags(&memlock->lines, RATELIMIT_MSG_ON_RELEASE);
}
