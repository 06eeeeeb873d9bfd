// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: frame clock
 *
 * A timer that expires at each vertical blank of the timing the guest has
 * programmed, as long as somebody wants to know, and the place where the events of
 * the registers are acted upon.
 */

#include <linux/hrtimer.h>
#include <linux/workqueue.h>

#include "rcar_du_mdev.h"
#include "rcar_du_mdev_trace.h"

/*
 * A CRTC that shows the display is its clock, until there was no vertical blank
 * for that time, ns.
 */
#define RCAR_DU_MDEV_CRTC_TIMEOUT	(100 * NSEC_PER_MSEC)

/*
 * When in a frame to look at what the guest has written to BAR 4, in quarters: as
 * late as leaves time to put it on the CRTC at its next vertical blank.
 */
#define RCAR_DU_MDEV_LOOK_QUARTER	3

/*
 * Vertical blanks in a row that concern nobody before the clock stops to count
 * them: most of a second.
 */
#define RCAR_DU_MDEV_IDLE_FRAMES	50

/* Counts the vertical blanks until now. Returns what there was to do. */
static unsigned int
rcar_du_mdev_clock_count_locked(struct rcar_du_mdev_device *rdev)
{
	struct hrtimer *timer = &rdev->vblank_timer;
	unsigned int events;
	ktime_t expires;
	u64 missed;

	lockdep_assert_held(&rdev->lock);

	expires = hrtimer_get_expires(timer);
	missed = hrtimer_forward_now(timer, ns_to_ktime(rdev->vblank_period)) - 1;

	/* A late host loses interrupts, but the frames have gone by all the same. */
	rdev->regs.frame_count += missed;
	events = rcar_du_mdev_regs_vblank(&rdev->regs, ktime_to_ns(expires) +
						       missed * rdev->vblank_period);
	rcar_du_mdev_shadow_done(&rdev->regs, rdev->shadow);
	rcar_du_mdev_events_locked(rdev, events);
	trace_rcar_du_mdev_vblank(rdev, rdev->regs.frame_count, events);

	return events;
}

/* Returns whether the clock stops, after a vertical blank with @events. */
static bool rcar_du_mdev_clock_sleep_locked(struct rcar_du_mdev_device *rdev,
					    unsigned int events)
{
	lockdep_assert_held(&rdev->lock);

	/* A display without a CRTC for a clock waits for one to come back. */
	if (events || rdev->sink || rcar_du_mdev_regs_wants_vblank(&rdev->regs))
		rdev->idle_frames = 0;
	else
		rdev->idle_frames++;
	if (rdev->idle_frames < RCAR_DU_MDEV_IDLE_FRAMES)
		return false;

	rdev->regs.asleep = true;
	rcar_du_mdev_shadow_publish(&rdev->regs, rdev->shadow);

	/* A driver that did not see that yet sends no doorbell: it wrote before. */
	virt_mb();
	if (rcar_du_mdev_shadow_take(&rdev->regs, rdev->shadow)) {
		rdev->regs.asleep = false;
		rdev->idle_frames = 0;
		rcar_du_mdev_shadow_publish(&rdev->regs, rdev->shadow);
	}

	return rdev->regs.asleep;
}

static enum hrtimer_restart
rcar_du_mdev_clock_locked(struct rcar_du_mdev_device *rdev)
{
	unsigned int events;

	lockdep_assert_held(&rdev->lock);

	/*
	 * The guest may have stopped the display, or started it again with
	 * another timing, since the timer expired.
	 */
	if (!rdev->vblank_period || hrtimer_is_queued(&rdev->vblank_timer))
		return HRTIMER_NORESTART;

	/* The CRTC has stopped, or has not shown what it should. */
	rdev->crtc_ticking = false;
	rdev->crtc_busy = false;

	rcar_du_mdev_shadow_take(&rdev->regs, rdev->shadow);
	events = rcar_du_mdev_clock_count_locked(rdev);
	if (rcar_du_mdev_clock_sleep_locked(rdev, events))
		return HRTIMER_NORESTART;

	return HRTIMER_RESTART;
}

static enum hrtimer_restart rcar_du_mdev_clock_expired(struct hrtimer *timer)
{
	struct rcar_du_mdev_device *rdev =
		container_of(timer, struct rcar_du_mdev_device, vblank_timer);
	enum hrtimer_restart restart;

	scoped_guard(spinlock_irqsave, &rdev->lock)
		restart = rcar_du_mdev_clock_locked(rdev);

	return restart;
}

static void rcar_du_mdev_clock_update_locked(struct rcar_du_mdev_device *rdev)
{
	u64 period = 0;

	lockdep_assert_held(&rdev->lock);

	if (rcar_du_mdev_regs_running(&rdev->regs))
		period = rcar_du_mdev_regs_frame_period(&rdev->regs);

	if (period == rdev->vblank_period)
		return;

	rdev->vblank_period = period;
	rdev->idle_frames = 0;
	rdev->crtc_ticking = false;
	rdev->crtc_busy = false;
	if (period)
		hrtimer_start(&rdev->vblank_timer,
			      ktime_add_ns(ktime_get(), period),
			      HRTIMER_MODE_ABS_SOFT);
	else
		hrtimer_try_to_cancel(&rdev->vblank_timer);
}

/**
 * rcar_du_mdev_clock_wake_locked - Somebody looks at the frame clock
 * @rdev: the device
 *
 * Whoever reads or writes registers, or wants a latch, calls this first. The
 * vertical blanks that nobody counted are counted then.
 *
 * Context: any; the caller holds the device's lock.
 */
void rcar_du_mdev_clock_wake_locked(struct rcar_du_mdev_device *rdev)
{
	struct hrtimer *timer = &rdev->vblank_timer;

	lockdep_assert_held(&rdev->lock);

	rdev->idle_frames = 0;
	if (!rdev->regs.asleep)
		return;

	rdev->regs.asleep = false;
	if (ktime_compare(ktime_get(), hrtimer_get_expires(timer)) >= 0)
		rcar_du_mdev_clock_count_locked(rdev);
	rcar_du_mdev_shadow_publish(&rdev->regs, rdev->shadow);
	hrtimer_start_expires(timer, HRTIMER_MODE_ABS_SOFT);
}

/**
 * rcar_du_mdev_events_locked - Act upon what the registers ask for
 * @rdev: the device
 * @events: RCAR_DU_MDEV_EV_*
 *
 * Context: any; the caller holds the device's lock.
 */
void rcar_du_mdev_events_locked(struct rcar_du_mdev_device *rdev,
				unsigned int events)
{
	lockdep_assert_held(&rdev->lock);

	if (events & RCAR_DU_MDEV_EV_CLOCK)
		rcar_du_mdev_clock_update_locked(rdev);
	if (events & RCAR_DU_MDEV_EV_UPDATE && rdev->crtc_ticking)
		events |= rcar_du_mdev_regs_update(&rdev->regs);
	/* What a CRTC is to show is not to be taken for shown by the guest. */
	if (events & RCAR_DU_MDEV_EV_LATCH) {
		rdev->crtc_busy = rdev->crtc_ticking;
		queue_work(rdev->wq, &rdev->latch_work);
	}
	rcar_du_mdev_shadow_publish(&rdev->regs, rdev->shadow);
	if (events & RCAR_DU_MDEV_EV_RAISE) {
		rcar_du_mdev_cfg_set_intx(&rdev->cfg, true);
		rcar_du_mdev_irq_raise(&rdev->irq);
	}
	if (events & RCAR_DU_MDEV_EV_LOWER) {
		rcar_du_mdev_cfg_set_intx(&rdev->cfg, false);
		rcar_du_mdev_irq_lower(&rdev->irq);
	}
}

/* Takes over what is new, if the CRTC can show it. */
static void rcar_du_mdev_clock_look_locked(struct rcar_du_mdev_device *rdev)
{
	lockdep_assert_held(&rdev->lock);

	if (rdev->crtc_busy)
		return;

	rcar_du_mdev_shadow_take(&rdev->regs, rdev->shadow);
	rcar_du_mdev_events_locked(rdev, RCAR_DU_MDEV_EV_UPDATE);
}

static enum hrtimer_restart rcar_du_mdev_clock_look(struct hrtimer *timer)
{
	struct rcar_du_mdev_device *rdev =
		container_of(timer, struct rcar_du_mdev_device, look_timer);

	scoped_guard(spinlock_irqsave, &rdev->lock)
		rcar_du_mdev_clock_look_locked(rdev);

	return HRTIMER_NORESTART;
}

/* A frame began on the CRTC that shows the display. */
static void rcar_du_mdev_clock_tick_locked(struct rcar_du_mdev_device *rdev,
					   u64 count, u64 time_ns)
{
	unsigned int events;

	lockdep_assert_held(&rdev->lock);

	/* Told already. */
	if (rdev->crtc_ticking && count == rdev->crtc_count)
		return;

	if (rdev->crtc_ticking && count > rdev->crtc_count)
		rdev->regs.frame_count += count - rdev->crtc_count - 1;
	rdev->crtc_ticking = true;
	rdev->crtc_count = count;

	rcar_du_mdev_shadow_done(&rdev->regs, rdev->shadow);
	events = rcar_du_mdev_regs_vblank(&rdev->regs, time_ns);
	rcar_du_mdev_events_locked(rdev, events);
	trace_rcar_du_mdev_vblank(rdev, rdev->regs.frame_count, events);
}

/**
 * rcar_du_mdev_clock_crtc - A vertical blank of the CRTC that shows the display
 * @rdev: the device
 * @count: its number
 * @time_ns: CLOCK_MONOTONIC time, ns
 *
 * A guest that has written registers takes the next vertical blank it sees for
 * the one that shows them, and draws into the buffer that was shown before. So
 * it sees none until the CRTC shows what was latched.
 *
 * Context: any.
 */
void rcar_du_mdev_clock_crtc(struct rcar_du_mdev_device *rdev, u64 count,
			     u64 time_ns)
{
	scoped_guard(spinlock_irqsave, &rdev->lock) {
		if (!rdev->vblank_period)
			return;

		hrtimer_start(&rdev->vblank_timer,
			      ktime_add_ns(ktime_get(),
					   RCAR_DU_MDEV_CRTC_TIMEOUT),
			      HRTIMER_MODE_ABS_SOFT);

		if (rdev->regs.shadow_ctrl & RCAR_VDU_SHADOW_CTRL_ENABLE)
			hrtimer_start(&rdev->look_timer,
				      ns_to_ktime(time_ns + rdev->vblank_period /
						  4 * RCAR_DU_MDEV_LOOK_QUARTER),
				      HRTIMER_MODE_ABS_SOFT);

		/* Guests that don't use IUPD. */
		rcar_du_mdev_clock_look_locked(rdev);
		if (!rdev->crtc_busy)
			rcar_du_mdev_clock_tick_locked(rdev, count, time_ns);
	}
}

/**
 * rcar_du_mdev_clock_shown - The CRTC shows what was latched
 * @rdev: the device
 * @seq: LATCH_COUNT of what it shows
 * @count: number of the vertical blank since which it does
 * @time_ns: CLOCK_MONOTONIC time of it, ns
 *
 * Context: any.
 */
void rcar_du_mdev_clock_shown(struct rcar_du_mdev_device *rdev, u32 seq,
			      u64 count, u64 time_ns)
{
	scoped_guard(spinlock_irqsave, &rdev->lock) {
		if (!rdev->crtc_busy || seq != rdev->regs.latch.seq)
			return;

		rdev->crtc_busy = false;
		rcar_du_mdev_clock_tick_locked(rdev, count, time_ns);
	}
}

/**
 * rcar_du_mdev_clock_init - Prepare the frame clock of a new device
 * @rdev: the device
 */
void rcar_du_mdev_clock_init(struct rcar_du_mdev_device *rdev)
{
	hrtimer_setup(&rdev->vblank_timer, rcar_du_mdev_clock_expired,
		      CLOCK_MONOTONIC, HRTIMER_MODE_ABS_SOFT);
	hrtimer_setup(&rdev->look_timer, rcar_du_mdev_clock_look,
		      CLOCK_MONOTONIC, HRTIMER_MODE_ABS_SOFT);
}

/**
 * rcar_du_mdev_clock_stop - Stop the frame clock
 * @rdev: the device
 *
 * Context: sleeps until a vertical blank in progress is over.
 */
void rcar_du_mdev_clock_stop(struct rcar_du_mdev_device *rdev)
{
	scoped_guard(spinlock_irqsave, &rdev->lock) {
		rdev->vblank_period = 0;
		rdev->regs.asleep = false;
	}

	hrtimer_cancel(&rdev->vblank_timer);
	hrtimer_cancel(&rdev->look_timer);
}
