// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: frame clock
 *
 * When vertical blanks are, as long as somebody wants to know: by a timer with the
 * timing that the guest has programmed, or when the CRTC that shows the display
 * has one. What happens then is up to the clock's owner.
 */

#include <linux/bits.h>
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/lockdep.h>

#include <kunit/visibility.h>

#include "rcar_du_mdev_clock.h"

/*
 * A CRTC that shows the display is its clock, until there was no vertical blank
 * for that time, ns.
 */
#define RCAR_DU_MDEV_CRTC_TIMEOUT	(100 * NSEC_PER_MSEC)

/*
 * When in a frame to look at what the guest has written to BAR 4, in quarters: the
 * latest that leaves time to put it on the CRTC at its next vertical blank.
 */
#define RCAR_DU_MDEV_LOOK_QUARTER	3

/*
 * Vertical blanks in a row that concern nobody before the clock stops counting
 * them: most of a second.
 */
#define RCAR_DU_MDEV_IDLE_FRAMES	50

/* -----------------------------------------------------------------------------
 * States
 */

static const u8 rcar_du_mdev_clock_steps[] = {
	[RCAR_DU_MDEV_CLOCK_OFF] = BIT(RCAR_DU_MDEV_CLOCK_TIMER),
	/* Waits for its CRTC to come back, or falls asleep if it has none. */
	[RCAR_DU_MDEV_CLOCK_TIMER] = BIT(RCAR_DU_MDEV_CLOCK_OFF) |
				     BIT(RCAR_DU_MDEV_CLOCK_ASLEEP) |
				     BIT(RCAR_DU_MDEV_CLOCK_CRTC),
	[RCAR_DU_MDEV_CLOCK_ASLEEP] = BIT(RCAR_DU_MDEV_CLOCK_OFF) |
				      BIT(RCAR_DU_MDEV_CLOCK_TIMER),
	[RCAR_DU_MDEV_CLOCK_CRTC] = BIT(RCAR_DU_MDEV_CLOCK_OFF) |
				    BIT(RCAR_DU_MDEV_CLOCK_TIMER) |
				    BIT(RCAR_DU_MDEV_CLOCK_PENDING),
	[RCAR_DU_MDEV_CLOCK_PENDING] = BIT(RCAR_DU_MDEV_CLOCK_OFF) |
				    BIT(RCAR_DU_MDEV_CLOCK_TIMER) |
				    BIT(RCAR_DU_MDEV_CLOCK_CRTC),
};

static_assert(ARRAY_SIZE(rcar_du_mdev_clock_steps) ==
	      RCAR_DU_MDEV_NUM_CLOCK_STATES);

/**
 * rcar_du_mdev_clock_may_step - Tell if a step from state to state is legal
 * @from: the state
 * @to: the next one, another one
 *
 * Return: true if it is.
 */
bool rcar_du_mdev_clock_may_step(enum rcar_du_mdev_clock_state from,
				 enum rcar_du_mdev_clock_state to)
{
	return rcar_du_mdev_clock_steps[from] & BIT(to);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_clock_may_step);

/* The only place that changes the state. */
static void rcar_du_mdev_clock_step(struct rcar_du_mdev_clock *clock,
				    enum rcar_du_mdev_clock_state to)
{
	lockdep_assert_held(clock->lock);

	if (clock->state == to)
		return;

	WARN_ON_ONCE(!rcar_du_mdev_clock_may_step(clock->state, to));
	clock->state = to;
}

/* -----------------------------------------------------------------------------
 * Timer
 */

/**
 * rcar_du_mdev_clock_set_period_locked - Start or stop the clock, or change its pace
 * @clock: the clock
 * @period: time from one vertical blank to the next, ns, or 0 to stop it
 *
 * The first vertical blank is a period from now. Nothing changes if that is the
 * period already.
 *
 * Context: any; the caller holds the lock.
 */
void rcar_du_mdev_clock_set_period_locked(struct rcar_du_mdev_clock *clock,
					  u64 period)
{
	lockdep_assert_held(clock->lock);

	if (period == clock->period)
		return;

	WRITE_ONCE(clock->period, period);
	clock->idle_frames = 0;
	if (period) {
		rcar_du_mdev_clock_step(clock, RCAR_DU_MDEV_CLOCK_TIMER);
		hrtimer_start(&clock->timer, ktime_add_ns(ktime_get(), period),
			      HRTIMER_MODE_ABS_SOFT);
	} else {
		rcar_du_mdev_clock_step(clock, RCAR_DU_MDEV_CLOCK_OFF);
		hrtimer_try_to_cancel(&clock->timer);
	}
}

/**
 * rcar_du_mdev_clock_period - Time from one vertical blank to the next
 * @clock: the clock
 *
 * Return: the time, ns, or 0 if there are none.
 */
u64 rcar_du_mdev_clock_period(const struct rcar_du_mdev_clock *clock)
{
	return READ_ONCE(clock->period);
}

/**
 * rcar_du_mdev_clock_forward_locked - Count the vertical blanks until now
 * @clock: the clock, whose timer has expired
 * @time_ns: returns when the last one was, CLOCK_MONOTONIC ns
 *
 * Context: any; the caller holds the lock.
 * Return: how many there were before the last one.
 */
u64 rcar_du_mdev_clock_forward_locked(struct rcar_du_mdev_clock *clock,
				      u64 *time_ns)
{
	ktime_t expires = hrtimer_get_expires(&clock->timer);
	u64 missed;

	lockdep_assert_held(clock->lock);

	missed = hrtimer_forward_now(&clock->timer,
				     ns_to_ktime(clock->period)) - 1;
	*time_ns = ktime_to_ns(expires) + missed * clock->period;

	return missed;
}

static enum hrtimer_restart
rcar_du_mdev_clock_expired_locked(struct rcar_du_mdev_clock *clock)
{
	lockdep_assert_held(clock->lock);

	/*
	 * The guest may have stopped the display, or started it again with
	 * another timing, since the timer expired.
	 */
	if (clock->state == RCAR_DU_MDEV_CLOCK_OFF ||
	    hrtimer_is_queued(&clock->timer))
		return HRTIMER_NORESTART;

	/* The CRTC has stopped. */
	rcar_du_mdev_clock_step(clock, RCAR_DU_MDEV_CLOCK_TIMER);
	clock->ops->expired(clock);

	return clock->state == RCAR_DU_MDEV_CLOCK_TIMER ? HRTIMER_RESTART :
							  HRTIMER_NORESTART;
}

static enum hrtimer_restart rcar_du_mdev_clock_expired(struct hrtimer *timer)
{
	struct rcar_du_mdev_clock *clock =
		container_of(timer, struct rcar_du_mdev_clock, timer);
	enum hrtimer_restart restart;

	scoped_guard(spinlock_irqsave, clock->lock)
		restart = rcar_du_mdev_clock_expired_locked(clock);

	return restart;
}

/* -----------------------------------------------------------------------------
 * Sleep
 */

/**
 * rcar_du_mdev_clock_busy_locked - A vertical blank concerned somebody
 * @clock: the clock
 *
 * Context: any; the caller holds the lock.
 */
void rcar_du_mdev_clock_busy_locked(struct rcar_du_mdev_clock *clock)
{
	lockdep_assert_held(clock->lock);

	clock->idle_frames = 0;
}

/**
 * rcar_du_mdev_clock_idle_locked - A vertical blank concerned nobody
 * @clock: the clock
 *
 * Context: rcar_du_mdev_clock_ops.expired.
 * Return: true if the clock sleeps now, after too many of them.
 */
bool rcar_du_mdev_clock_idle_locked(struct rcar_du_mdev_clock *clock)
{
	lockdep_assert_held(clock->lock);

	if (++clock->idle_frames < RCAR_DU_MDEV_IDLE_FRAMES)
		return false;

	rcar_du_mdev_clock_step(clock, RCAR_DU_MDEV_CLOCK_ASLEEP);

	return true;
}

/**
 * rcar_du_mdev_clock_awake_locked - Tell if vertical blanks are counted
 * @clock: the clock
 *
 * Context: any; the caller holds the lock.
 * Return: false if it sleeps.
 */
bool rcar_du_mdev_clock_awake_locked(const struct rcar_du_mdev_clock *clock)
{
	lockdep_assert_held(clock->lock);

	return clock->state != RCAR_DU_MDEV_CLOCK_ASLEEP;
}

/**
 * rcar_du_mdev_clock_wake_locked - Somebody wants to know
 * @clock: the clock
 *
 * A clock that was asleep has vertical blanks that nobody counted if it is
 * overdue, and needs rcar_du_mdev_clock_resume_locked(), unless this is the call
 * of its timer.
 *
 * Context: any; the caller holds the lock.
 * Return: true if it was asleep.
 */
bool rcar_du_mdev_clock_wake_locked(struct rcar_du_mdev_clock *clock)
{
	lockdep_assert_held(clock->lock);

	clock->idle_frames = 0;
	if (clock->state != RCAR_DU_MDEV_CLOCK_ASLEEP)
		return false;

	rcar_du_mdev_clock_step(clock, RCAR_DU_MDEV_CLOCK_TIMER);

	return true;
}

/**
 * rcar_du_mdev_clock_overdue_locked - Tell if there were uncounted vertical blanks
 * @clock: the clock, which was asleep
 *
 * Context: any; the caller holds the lock.
 * Return: true if there were.
 */
bool rcar_du_mdev_clock_overdue_locked(const struct rcar_du_mdev_clock *clock)
{
	lockdep_assert_held(clock->lock);

	return ktime_compare(ktime_get(),
			     hrtimer_get_expires(&clock->timer)) >= 0;
}

/**
 * rcar_du_mdev_clock_resume_locked - Go on with vertical blanks
 * @clock: the clock, which was asleep and is not overdue
 *
 * Context: any; the caller holds the lock.
 */
void rcar_du_mdev_clock_resume_locked(struct rcar_du_mdev_clock *clock)
{
	lockdep_assert_held(clock->lock);

	hrtimer_start_expires(&clock->timer, HRTIMER_MODE_ABS_SOFT);
}

/* -----------------------------------------------------------------------------
 * CRTC
 */

/**
 * rcar_du_mdev_clock_on_crtc_locked - Tell if a CRTC is the clock
 * @clock: the clock
 *
 * Context: any; the caller holds the lock.
 * Return: true if it is.
 */
bool rcar_du_mdev_clock_on_crtc_locked(const struct rcar_du_mdev_clock *clock)
{
	lockdep_assert_held(clock->lock);

	return clock->state == RCAR_DU_MDEV_CLOCK_CRTC ||
	       clock->state == RCAR_DU_MDEV_CLOCK_PENDING;
}

/**
 * rcar_du_mdev_clock_pending_locked - Tell if the CRTC does not show the last latch yet
 * @clock: the clock
 *
 * Context: any; the caller holds the lock.
 * Return: true if it does not.
 */
bool rcar_du_mdev_clock_pending_locked(const struct rcar_du_mdev_clock *clock)
{
	lockdep_assert_held(clock->lock);

	return clock->state == RCAR_DU_MDEV_CLOCK_PENDING;
}

/**
 * rcar_du_mdev_clock_crtc_locked - A frame began on the CRTC
 * @clock: the clock
 *
 * The timer waits for the next one.
 *
 * Context: any; the caller holds the lock.
 * Return: false if the display is stopped.
 */
bool rcar_du_mdev_clock_crtc_locked(struct rcar_du_mdev_clock *clock)
{
	lockdep_assert_held(clock->lock);

	if (clock->state == RCAR_DU_MDEV_CLOCK_OFF)
		return false;

	hrtimer_start(&clock->timer,
		      ktime_add_ns(ktime_get(), RCAR_DU_MDEV_CRTC_TIMEOUT),
		      HRTIMER_MODE_ABS_SOFT);

	return true;
}

/**
 * rcar_du_mdev_clock_look_later_locked - Look once more in this frame
 * @clock: the clock, which runs
 * @time_ns: when the frame began, CLOCK_MONOTONIC ns
 *
 * Context: any; the caller holds the lock.
 */
void rcar_du_mdev_clock_look_later_locked(struct rcar_du_mdev_clock *clock,
					  u64 time_ns)
{
	lockdep_assert_held(clock->lock);

	hrtimer_start(&clock->look_timer,
		      ns_to_ktime(time_ns + clock->period / 4 *
				  RCAR_DU_MDEV_LOOK_QUARTER),
		      HRTIMER_MODE_ABS_SOFT);
}

/**
 * rcar_du_mdev_clock_tick_locked - The guest is told of a vertical blank of the CRTC
 * @clock: the clock, which runs and has nothing pending
 * @count: its number
 * @missed: returns how many there were since the last one that was told
 *
 * Context: any; the caller holds the lock.
 * Return: false if it was told already.
 */
bool rcar_du_mdev_clock_tick_locked(struct rcar_du_mdev_clock *clock, u64 count,
				    u64 *missed)
{
	lockdep_assert_held(clock->lock);

	*missed = 0;
	if (clock->state == RCAR_DU_MDEV_CLOCK_CRTC) {
		if (count == clock->crtc_count)
			return false;
		if (count > clock->crtc_count)
			*missed = count - clock->crtc_count - 1;
	}

	rcar_du_mdev_clock_step(clock, RCAR_DU_MDEV_CLOCK_CRTC);
	clock->crtc_count = count;

	return true;
}

/**
 * rcar_du_mdev_clock_latched_locked - There is something new to be shown
 * @clock: the clock
 *
 * What a CRTC is to show is not to be taken for shown by the guest.
 *
 * Context: any; the caller holds the lock.
 */
void rcar_du_mdev_clock_latched_locked(struct rcar_du_mdev_clock *clock)
{
	lockdep_assert_held(clock->lock);

	if (clock->state == RCAR_DU_MDEV_CLOCK_CRTC)
		rcar_du_mdev_clock_step(clock, RCAR_DU_MDEV_CLOCK_PENDING);
}

/**
 * rcar_du_mdev_clock_shown_locked - The CRTC shows the last latch
 * @clock: the clock, which has something pending
 *
 * Context: any; the caller holds the lock.
 */
void rcar_du_mdev_clock_shown_locked(struct rcar_du_mdev_clock *clock)
{
	rcar_du_mdev_clock_step(clock, RCAR_DU_MDEV_CLOCK_CRTC);
}

static enum hrtimer_restart rcar_du_mdev_clock_look(struct hrtimer *timer)
{
	struct rcar_du_mdev_clock *clock =
		container_of(timer, struct rcar_du_mdev_clock, look_timer);

	scoped_guard(spinlock_irqsave, clock->lock)
		clock->ops->look(clock);

	return HRTIMER_NORESTART;
}

/* -----------------------------------------------------------------------------
 * Initialization
 */

/**
 * rcar_du_mdev_clock_init - Prepare the frame clock of a new device
 * @clock: the clock
 * @lock: the owner's lock, which protects it
 * @ops: calls of the owner
 */
void rcar_du_mdev_clock_init(struct rcar_du_mdev_clock *clock, spinlock_t *lock,
			     const struct rcar_du_mdev_clock_ops *ops)
{
	clock->lock = lock;
	clock->ops = ops;
	clock->state = RCAR_DU_MDEV_CLOCK_OFF;
	hrtimer_setup(&clock->timer, rcar_du_mdev_clock_expired,
		      CLOCK_MONOTONIC, HRTIMER_MODE_ABS_SOFT);
	hrtimer_setup(&clock->look_timer, rcar_du_mdev_clock_look,
		      CLOCK_MONOTONIC, HRTIMER_MODE_ABS_SOFT);
}

/**
 * rcar_du_mdev_clock_stop - Stop the frame clock
 * @clock: the clock
 *
 * Context: sleeps until a vertical blank in progress is over.
 */
void rcar_du_mdev_clock_stop(struct rcar_du_mdev_clock *clock)
{
	scoped_guard(spinlock_irqsave, clock->lock)
		rcar_du_mdev_clock_set_period_locked(clock, 0);

	hrtimer_cancel(&clock->timer);
	hrtimer_cancel(&clock->look_timer);
}
