// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: tells when a guest's display has frozen
 *
 * By a timer of its own, as the frame clock may sleep, and in a workqueue of its own, as
 * the workers of the device may be stuck in what the guest does: these are what is
 * watched.
 */

#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/math64.h>
#include <linux/sysfs.h>

#include "rcar_du_mdev_watchdog.h"

static struct workqueue_struct *rcar_du_mdev_watchdog_wq;

static const char * const rcar_du_mdev_watchdog_states[] = {
	[RCAR_DU_MDEV_WATCH_OFF] = "off",
	[RCAR_DU_MDEV_WATCH_LIVE] = "live",
	[RCAR_DU_MDEV_WATCH_FROZEN] = "frozen",
};

/* Has the work look when there may be something to tell, and not before. */
static void
rcar_du_mdev_watchdog_wind_locked(struct rcar_du_mdev_watchdog *watchdog)
{
	u64 delay = rcar_du_mdev_watch_delay(&watchdog->watch, ktime_get_ns());

	lockdep_assert_held(&watchdog->lock);

	if (delay == U64_MAX)
		return;

	/* What is left of a jiffy has to go by, too. */
	mod_delayed_work(rcar_du_mdev_watchdog_wq, &watchdog->work,
			 delay ? nsecs_to_jiffies(delay) + 1 : 0);
}

static bool
rcar_du_mdev_watchdog_hides_locked(const struct rcar_du_mdev_watchdog *watchdog)
{
	lockdep_assert_held(&watchdog->lock);

	return watchdog->policy != RCAR_DU_MDEV_FRAME_LAST &&
	       watchdog->watch.state == RCAR_DU_MDEV_WATCH_FROZEN;
}

/* -----------------------------------------------------------------------------
 * User space
 */

static void rcar_du_mdev_watchdog_event(struct rcar_du_mdev_watchdog *watchdog,
					enum rcar_du_mdev_watch_state state)
{
	char text[sizeof("FRAME_STATE=frozen")];
	char *env[2] = { text };

	scnprintf(text, sizeof(text), "FRAME_STATE=%s",
		  rcar_du_mdev_watchdog_states[state]);
	kobject_uevent_env(&watchdog->dev->kobj, KOBJ_CHANGE, env);
}

static void rcar_du_mdev_watchdog_work(struct work_struct *work)
{
	struct rcar_du_mdev_watchdog *watchdog =
		container_of(to_delayed_work(work), struct rcar_du_mdev_watchdog,
			     work);
	enum rcar_du_mdev_watch_state state;
	unsigned int tell;
	bool hides;

	scoped_guard(spinlock_irqsave, &watchdog->lock) {
		tell = rcar_du_mdev_watch_look(&watchdog->watch, ktime_get_ns());
		state = watchdog->watch.state;
		hides = rcar_du_mdev_watchdog_hides_locked(watchdog);
		rcar_du_mdev_watchdog_wind_locked(watchdog);
	}

	if (tell & RCAR_DU_MDEV_TELL_FROZEN)
		rcar_du_mdev_watchdog_event(watchdog, RCAR_DU_MDEV_WATCH_FROZEN);
	if (tell & RCAR_DU_MDEV_TELL_THAWED)
		rcar_du_mdev_watchdog_event(watchdog, state);
	if (tell & RCAR_DU_MDEV_TELL_STATE)
		sysfs_notify(&watchdog->dev->kobj, NULL, "frame_state");
	/* Last, as it may have to wait for the display. */
	if (hides && tell & RCAR_DU_MDEV_TELL_FROZEN)
		watchdog->ops->hides(watchdog);
}

/* -----------------------------------------------------------------------------
 * The guest's side
 */

/**
 * rcar_du_mdev_watchdog_runs - The display starts or stops, or goes on
 * @watchdog: the watchdog
 * @runs: it runs
 *
 * Context: any.
 */
void rcar_du_mdev_watchdog_runs(struct rcar_du_mdev_watchdog *watchdog,
				bool runs)
{
	scoped_guard(spinlock_irqsave, &watchdog->lock) {
		rcar_du_mdev_watch_set_runs(&watchdog->watch, runs,
					    ktime_get_ns());
		rcar_du_mdev_watchdog_wind_locked(watchdog);
	}
}

/**
 * rcar_du_mdev_watchdog_latched - There is a new frame
 * @watchdog: the watchdog
 *
 * Context: any.
 */
void rcar_du_mdev_watchdog_latched(struct rcar_du_mdev_watchdog *watchdog)
{
	scoped_guard(spinlock_irqsave, &watchdog->lock) {
		/* The work finds out itself that it has more time. */
		if (rcar_du_mdev_watch_latched(&watchdog->watch,
					       ktime_get_ns()))
			rcar_du_mdev_watchdog_wind_locked(watchdog);
	}
}

/* -----------------------------------------------------------------------------
 * The admin's side
 */

/**
 * rcar_du_mdev_watchdog_set_timeout - Set when a display is frozen
 * @watchdog: the watchdog
 * @ms: after how long without a new frame, 0: never
 *
 * Context: sleeps.
 * Return: 0, or -ERANGE.
 */
int rcar_du_mdev_watchdog_set_timeout(struct rcar_du_mdev_watchdog *watchdog,
				      unsigned int ms)
{
	bool hid;

	if (ms && (ms < RCAR_DU_MDEV_WATCH_MIN_MS ||
		   ms > RCAR_DU_MDEV_WATCH_MAX_MS))
		return -ERANGE;

	scoped_guard(spinlock_irqsave, &watchdog->lock) {
		hid = rcar_du_mdev_watchdog_hides_locked(watchdog);
		rcar_du_mdev_watch_set_timeout(&watchdog->watch,
					       (u64)ms * NSEC_PER_MSEC,
					       ktime_get_ns());
		rcar_du_mdev_watchdog_wind_locked(watchdog);
	}

	/* Nobody knows when there is a new frame. */
	if (hid && !ms)
		watchdog->ops->hides(watchdog);

	return 0;
}

/**
 * rcar_du_mdev_watchdog_timeout - Get when a display is frozen
 * @watchdog: the watchdog
 *
 * Return: after how many milliseconds without a new frame, 0: never.
 */
unsigned int
rcar_du_mdev_watchdog_timeout(struct rcar_du_mdev_watchdog *watchdog)
{
	u64 timeout;

	scoped_guard(spinlock_irqsave, &watchdog->lock)
		timeout = watchdog->watch.timeout;

	return div_u64(timeout, NSEC_PER_MSEC);
}

/**
 * rcar_du_mdev_watchdog_set_policy - Set what becomes of a picture that has frozen
 * @watchdog: the watchdog
 * @policy: the policy, also for one that is frozen now
 *
 * Context: sleeps.
 */
void rcar_du_mdev_watchdog_set_policy(struct rcar_du_mdev_watchdog *watchdog,
				      enum rcar_du_mdev_frame_policy policy)
{
	bool hid, hides;

	scoped_guard(spinlock_irqsave, &watchdog->lock) {
		hid = rcar_du_mdev_watchdog_hides_locked(watchdog);
		WRITE_ONCE(watchdog->policy, policy);
		hides = rcar_du_mdev_watchdog_hides_locked(watchdog);
	}

	if (hides != hid)
		watchdog->ops->hides(watchdog);
}

/**
 * rcar_du_mdev_watchdog_policy - Get what becomes of a picture that has frozen
 * @watchdog: the watchdog
 *
 * Return: the policy.
 */
enum rcar_du_mdev_frame_policy
rcar_du_mdev_watchdog_policy(const struct rcar_du_mdev_watchdog *watchdog)
{
	return READ_ONCE(watchdog->policy);
}

/**
 * rcar_du_mdev_watchdog_state - Name the state of a display
 * @watchdog: the watchdog
 *
 * Return: the name of its enum rcar_du_mdev_watch_state.
 */
const char *rcar_du_mdev_watchdog_state(struct rcar_du_mdev_watchdog *watchdog)
{
	enum rcar_du_mdev_watch_state state;

	scoped_guard(spinlock_irqsave, &watchdog->lock)
		state = watchdog->watch.state;

	return rcar_du_mdev_watchdog_states[state];
}

/**
 * rcar_du_mdev_watchdog_freezes - Count how often a display has frozen
 * @watchdog: the watchdog
 *
 * Return: the number.
 */
u64 rcar_du_mdev_watchdog_freezes(struct rcar_du_mdev_watchdog *watchdog)
{
	u64 freezes;

	scoped_guard(spinlock_irqsave, &watchdog->lock)
		freezes = watchdog->watch.freezes;

	return freezes;
}

/**
 * rcar_du_mdev_watchdog_hides - Tell if what the guest shows is to be seen by nobody
 * @watchdog: the watchdog
 *
 * It is false from the latch of a new frame on, before that is shown.
 *
 * Context: any.
 * Return: true if it is frozen, and the policy says so.
 */
bool rcar_du_mdev_watchdog_hides(struct rcar_du_mdev_watchdog *watchdog)
{
	bool hides;

	scoped_guard(spinlock_irqsave, &watchdog->lock)
		hides = rcar_du_mdev_watchdog_hides_locked(watchdog);

	return hides;
}

/* -----------------------------------------------------------------------------
 * Initialization
 */

/**
 * rcar_du_mdev_watchdog_init - Prepare the watchdog of a new device
 * @watchdog: the watchdog
 * @dev: the device
 * @ops: calls of the owner
 */
void rcar_du_mdev_watchdog_init(struct rcar_du_mdev_watchdog *watchdog,
				struct device *dev,
				const struct rcar_du_mdev_watchdog_ops *ops)
{
	watchdog->dev = dev;
	watchdog->ops = ops;
	spin_lock_init(&watchdog->lock);
	INIT_DELAYED_WORK(&watchdog->work, rcar_du_mdev_watchdog_work);
}

/**
 * rcar_du_mdev_watchdog_stop - Tell nothing any more
 * @watchdog: the watchdog of a device that nobody uses any more
 *
 * Context: sleeps.
 */
void rcar_du_mdev_watchdog_stop(struct rcar_du_mdev_watchdog *watchdog)
{
	disable_delayed_work_sync(&watchdog->work);
}

/**
 * rcar_du_mdev_watchdog_register - Prepare for watchdogs
 *
 * Return: 0 or -ENOMEM.
 */
int rcar_du_mdev_watchdog_register(void)
{
	rcar_du_mdev_watchdog_wq = alloc_workqueue("rcar-du-mdev-watchdog",
						   WQ_UNBOUND | WQ_HIGHPRI, 0);

	return rcar_du_mdev_watchdog_wq ? 0 : -ENOMEM;
}

/**
 * rcar_du_mdev_watchdog_unregister - Undo rcar_du_mdev_watchdog_register()
 */
void rcar_du_mdev_watchdog_unregister(void)
{
	destroy_workqueue(rcar_du_mdev_watchdog_wq);
}
