// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: when a commit of ours does not get in the host's way
 *
 * What the host commits carries our frames, too. A commit of ours makes the host's next
 * one wait until it is on the screen. So there is one only where the host is not about
 * to commit: while it is idle, and in the frames that a slower host leaves out. It then
 * waits for one frame when it begins, or changes its cadence, and never else.
 */

#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/minmax.h>

#include "rcar_du_scanout_pace.h"

/* A host that has not committed for so many vertical blanks is idle. */
#define RCAR_DU_SCANOUT_PACE_IDLE	3

/* The longest interval that is a cadence: 10 Hz of 60. */
#define RCAR_DU_SCANOUT_PACE_SLOWEST	6

static u64 rcar_du_scanout_pace_longest(const struct rcar_du_scanout_pace *pace)
{
	u64 longest = 0;
	unsigned int i;

	for (i = 0; i < pace->num; i++)
		longest = max(longest, pace->intervals[i]);

	return longest;
}

/* 0 as long as it is not known. */
static u64 rcar_du_scanout_pace_shortest(const struct rcar_du_scanout_pace *pace)
{
	u64 shortest = pace->intervals[0];
	unsigned int i;

	if (pace->num < RCAR_DU_SCANOUT_PACE_INTERVALS)
		return 0;

	for (i = 1; i < pace->num; i++)
		shortest = min(shortest, pace->intervals[i]);

	return shortest;
}

/**
 * rcar_du_scanout_pace_committed - The host has committed
 * @pace: the pace
 * @blank: number of the last vertical blank
 */
void rcar_du_scanout_pace_committed(struct rcar_du_scanout_pace *pace, u64 blank)
{
	u64 interval = blank - pace->last;

	pace->testing = false;
	if (pace->seen && !interval)
		return;

	/* Also if the numbers begin anew. */
	if (!pace->seen || interval > RCAR_DU_SCANOUT_PACE_SLOWEST) {
		pace->num = 0;
		pace->next = 0;
	} else {
		pace->intervals[pace->next] = interval;
		pace->next = (pace->next + 1) % RCAR_DU_SCANOUT_PACE_INTERVALS;
		pace->num = min(pace->num + 1, RCAR_DU_SCANOUT_PACE_INTERVALS);
	}

	pace->last = blank;
	pace->seen = true;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_scanout_pace_committed);

/**
 * rcar_du_scanout_pace_tested - The host has tested a commit
 * @pace: the pace
 * @blank: number of the last vertical blank
 *
 * It is about to commit. One that tests for ever and does not is idle all the same.
 */
void rcar_du_scanout_pace_tested(struct rcar_du_scanout_pace *pace, u64 blank)
{
	if (!pace->testing)
		pace->tested_first = blank;

	pace->testing = true;
	pace->tested = blank;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_scanout_pace_tested);

/**
 * rcar_du_scanout_pace_may_commit - Tell whether to commit now
 * @pace: the pace
 * @blank: number of the last vertical blank
 *
 * Return: true, or false if the host's next commit, or the next vertical blank, is to
 * be waited for.
 */
bool rcar_du_scanout_pace_may_commit(const struct rcar_du_scanout_pace *pace,
				     u64 blank)
{
	u64 since = blank - pace->last;

	if (pace->testing && pace->tested == blank &&
	    blank - pace->tested_first < RCAR_DU_SCANOUT_PACE_IDLE)
		return false;

	if (!pace->seen ||
	    since >= max_t(u64, RCAR_DU_SCANOUT_PACE_IDLE,
			   rcar_du_scanout_pace_longest(pace) + 1))
		return true;

	return since && since < rcar_du_scanout_pace_shortest(pace);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_scanout_pace_may_commit);
