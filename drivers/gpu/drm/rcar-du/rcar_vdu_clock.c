// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car virtual Display Unit: from the device's clock to the guest's
 *
 * FRAME_TIME is of a clock of the device, which differs from the guest's by an
 * amount that nobody tells, and by a little more or less each second. Each
 * interrupt shows that amount plus the time that the interrupt took: the quickest
 * of some interrupts is close to it. What that one took is a constant error.
 *
 * Times of the device are modulo 2^32 ns, as a register holds that much. That does, as
 * no vertical blank that is asked for was two seconds ago.
 */

#include <linux/minmax.h>

#include <kunit/visibility.h>

#include "rcar_vdu_clock.h"

/* Interrupts of which one is quick, and in which clocks don't drift far apart. */
#define RCAR_VDU_CLOCK_COUNT	32

/* Without an interrupt for that long, ns, the clocks may have drifted apart. */
#define RCAR_VDU_CLOCK_AGE	NSEC_PER_SEC

static bool rcar_vdu_clock_valid(const struct rcar_vdu_clock *clock, ktime_t now)
{
	return clock->known &&
	       ktime_to_ns(ktime_sub(now, clock->last)) < RCAR_VDU_CLOCK_AGE;
}

/* From now on the quickest interrupt is looked for anew. */
static void rcar_vdu_clock_choose(struct rcar_vdu_clock *clock, u32 offset)
{
	clock->offset = offset;
	clock->excess = U32_MAX;
	clock->count = 0;
}

/**
 * rcar_vdu_clock_forget - Begin anew
 * @clock: the clock
 */
void rcar_vdu_clock_forget(struct rcar_vdu_clock *clock)
{
	clock->known = false;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_vdu_clock_forget);

/**
 * rcar_vdu_clock_sample - Compare the clocks
 * @clock: the clock
 * @host_time: when a vertical blank was, by the device's clock, ns, modulo 2^32
 * @now: the guest's time, read in its interrupt and after @host_time: there may have
 *	been a new vertical blank in the meantime
 */
void rcar_vdu_clock_sample(struct rcar_vdu_clock *clock, u32 host_time,
			   ktime_t now)
{
	u32 offset = (u32)ktime_to_ns(now) - host_time;
	s32 excess = offset - clock->offset;

	/* A quicker one is better at once. */
	if (!rcar_vdu_clock_valid(clock, now) || excess < 0) {
		rcar_vdu_clock_choose(clock, offset);
		clock->known = true;
	} else {
		clock->excess = min_t(u32, clock->excess, excess);
		clock->count++;
	}
	clock->last = now;

	/* None was as quick again: the guest's clock is the faster one. */
	if (clock->count == RCAR_VDU_CLOCK_COUNT)
		rcar_vdu_clock_choose(clock, clock->offset + clock->excess);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_vdu_clock_sample);

/**
 * rcar_vdu_clock_convert - Turn a time of the device into one of the guest
 * @clock: the clock
 * @host_time: a time by the device's clock, less than two seconds ago, ns, modulo 2^32
 * @now: the guest's time now
 * @time: returns that time by the guest's clock
 *
 * Return: true, or false if it is not known how far the clocks are apart.
 */
bool rcar_vdu_clock_convert(const struct rcar_vdu_clock *clock, u32 host_time,
			    ktime_t now, ktime_t *time)
{
	s32 age = (u32)ktime_to_ns(now) - (host_time + clock->offset);

	if (!rcar_vdu_clock_valid(clock, now))
		return false;

	/* A vertical blank whose interrupt is still on its way. */
	*time = ktime_sub_ns(now, max(age, 0));

	return true;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_vdu_clock_convert);
