// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: whether new frames come
 *
 * A guest that hangs leaves its last picture on the screen, where nobody can tell it from
 * one of now. A watch knows how long ago the last frame was latched. It does not depend on
 * how soon somebody looks: a frame that comes too late was frozen before, and user space
 * is told of it, also if it thaws before anybody could be told.
 *
 * What a guest can make the host tell is bounded. It freezes once in a timeout, and thaws
 * once for each time. Of a display that starts and stops nobody is told more often than
 * once in RCAR_DU_MDEV_TELL_INTERVAL.
 */

#include <linux/array_size.h>
#include <linux/bug.h>
#include <linux/build_bug.h>
#include <linux/export.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/time64.h>

#include <kunit/visibility.h>

#include "rcar_du_mdev_watch.h"

#define RCAR_DU_MDEV_TELL_INTERVAL	(100 * NSEC_PER_MSEC)

/* -----------------------------------------------------------------------------
 * States
 */

static const u8 rcar_du_mdev_watch_steps[] = {
	[RCAR_DU_MDEV_WATCH_OFF] = BIT(RCAR_DU_MDEV_WATCH_LIVE),
	[RCAR_DU_MDEV_WATCH_LIVE] = BIT(RCAR_DU_MDEV_WATCH_OFF) |
				    BIT(RCAR_DU_MDEV_WATCH_FROZEN),
	[RCAR_DU_MDEV_WATCH_FROZEN] = BIT(RCAR_DU_MDEV_WATCH_OFF) |
				      BIT(RCAR_DU_MDEV_WATCH_LIVE),
};

static_assert(ARRAY_SIZE(rcar_du_mdev_watch_steps) ==
	      RCAR_DU_MDEV_NUM_WATCH_STATES);

/**
 * rcar_du_mdev_watch_may_step - Tell if a step from state to state is legal
 * @from: the state
 * @to: the next one, another one
 *
 * Return: true if it is.
 */
bool rcar_du_mdev_watch_may_step(enum rcar_du_mdev_watch_state from,
				 enum rcar_du_mdev_watch_state to)
{
	return rcar_du_mdev_watch_steps[from] & BIT(to);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_watch_may_step);

/* The only place that changes the state. */
static void rcar_du_mdev_watch_step(struct rcar_du_mdev_watch *watch,
				    enum rcar_du_mdev_watch_state to)
{
	WARN_ON_ONCE(!rcar_du_mdev_watch_may_step(watch->state, to));
	watch->state = to;
}

/* How long there is until then, ns. */
static u64 rcar_du_mdev_watch_until(u64 then, u64 now)
{
	return then > now ? then - now : 0;
}

/* Freezes what has waited for too long. */
static void rcar_du_mdev_watch_expire(struct rcar_du_mdev_watch *watch, u64 now)
{
	if (watch->state != RCAR_DU_MDEV_WATCH_LIVE ||
	    rcar_du_mdev_watch_until(watch->seen + watch->timeout, now))
		return;

	rcar_du_mdev_watch_step(watch, RCAR_DU_MDEV_WATCH_FROZEN);
	watch->freezes++;
}

/* Begins or ends to watch, or goes on with it. */
static void rcar_du_mdev_watch_update(struct rcar_du_mdev_watch *watch, u64 now)
{
	bool off = watch->state == RCAR_DU_MDEV_WATCH_OFF;

	if (watch->timeout && watch->runs) {
		if (!off)
			return;
		watch->seen = now;
		rcar_du_mdev_watch_step(watch, RCAR_DU_MDEV_WATCH_LIVE);
	} else if (!off) {
		rcar_du_mdev_watch_step(watch, RCAR_DU_MDEV_WATCH_OFF);
	}
}

/* Nobody waits to be told of what has frozen, or is not frozen any more. */
static bool rcar_du_mdev_watch_urgent(const struct rcar_du_mdev_watch *watch)
{
	return watch->freezes != watch->told_freezes ||
	       (watch->state != watch->told &&
		watch->told == RCAR_DU_MDEV_WATCH_FROZEN);
}

/* -----------------------------------------------------------------------------
 * What happens
 */

/**
 * rcar_du_mdev_watch_set_timeout - Set a watch
 * @watch: the watch
 * @timeout: how long there may be no new frame, ns, 0: nobody watches
 * @now: the time, ns
 *
 * A watch that runs goes on: what is frozen stays so.
 */
void rcar_du_mdev_watch_set_timeout(struct rcar_du_mdev_watch *watch,
				    u64 timeout, u64 now)
{
	rcar_du_mdev_watch_expire(watch, now);
	watch->timeout = timeout;
	rcar_du_mdev_watch_update(watch, now);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_watch_set_timeout);

/**
 * rcar_du_mdev_watch_set_runs - The display starts or stops, or goes on
 * @watch: the watch
 * @runs: it runs
 * @now: the time, ns
 */
void rcar_du_mdev_watch_set_runs(struct rcar_du_mdev_watch *watch, bool runs,
				 u64 now)
{
	rcar_du_mdev_watch_expire(watch, now);
	watch->runs = runs;
	rcar_du_mdev_watch_update(watch, now);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_watch_set_runs);

/**
 * rcar_du_mdev_watch_latched - There is a new frame
 * @watch: the watch
 * @now: the time, ns
 *
 * Return: true if there is something to tell at once, as there is not of most frames.
 */
bool rcar_du_mdev_watch_latched(struct rcar_du_mdev_watch *watch, u64 now)
{
	rcar_du_mdev_watch_expire(watch, now);
	watch->seen = now;
	if (watch->state == RCAR_DU_MDEV_WATCH_FROZEN)
		rcar_du_mdev_watch_step(watch, RCAR_DU_MDEV_WATCH_LIVE);

	return rcar_du_mdev_watch_urgent(watch);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_watch_latched);

/* -----------------------------------------------------------------------------
 * What is told
 */

/**
 * rcar_du_mdev_watch_delay - When to look
 * @watch: the watch
 * @now: the time, ns
 *
 * Return: in how many nanoseconds, 0: now; U64_MAX if there is nothing to come.
 */
u64 rcar_du_mdev_watch_delay(const struct rcar_du_mdev_watch *watch, u64 now)
{
	u64 delay = U64_MAX;

	if (rcar_du_mdev_watch_urgent(watch))
		return 0;

	if (watch->state != watch->told)
		delay = rcar_du_mdev_watch_until(watch->told_at +
						 RCAR_DU_MDEV_TELL_INTERVAL,
						 now);
	if (watch->state == RCAR_DU_MDEV_WATCH_LIVE)
		delay = min(delay,
			    rcar_du_mdev_watch_until(watch->seen +
						     watch->timeout, now));

	return delay;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_watch_delay);

/**
 * rcar_du_mdev_watch_look - See how things are, and what there is to tell
 * @watch: the watch
 * @now: the time, ns
 *
 * The caller tells user space: it is not told twice.
 *
 * Return: RCAR_DU_MDEV_TELL_*, in this order.
 */
unsigned int rcar_du_mdev_watch_look(struct rcar_du_mdev_watch *watch, u64 now)
{
	unsigned int tell = 0;

	rcar_du_mdev_watch_expire(watch, now);

	if (watch->freezes != watch->told_freezes) {
		watch->told_freezes = watch->freezes;
		watch->told = RCAR_DU_MDEV_WATCH_FROZEN;
		tell |= RCAR_DU_MDEV_TELL_FROZEN | RCAR_DU_MDEV_TELL_STATE;
	}

	if (watch->state != watch->told) {
		if (watch->told == RCAR_DU_MDEV_WATCH_FROZEN)
			tell |= RCAR_DU_MDEV_TELL_THAWED;
		else if (rcar_du_mdev_watch_until(watch->told_at +
						  RCAR_DU_MDEV_TELL_INTERVAL,
						  now))
			return 0;
		watch->told = watch->state;
		tell |= RCAR_DU_MDEV_TELL_STATE;
	}

	if (tell)
		watch->told_at = now;

	return tell;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_watch_look);
