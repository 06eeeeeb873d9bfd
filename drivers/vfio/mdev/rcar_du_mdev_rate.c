// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: how much of something there may be in a second
 *
 * What is taken is paid for in time, at the rate. Nothing is to be had while more than a
 * burst is unpaid. What is taken at once may be more than a burst: the next one waits
 * the longer.
 */

#include <linux/export.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/time64.h>

#include <kunit/visibility.h>

#include "rcar_du_mdev_rate.h"

/**
 * rcar_du_mdev_rate_delay - When something is to be had again
 * @rate: the rate
 * @per_second: how much of it there is in a second, 0: no limit. What was taken at
 *	another rate is forgotten
 * @burst: for how long that may be had in advance, ns
 * @now: the time, ns
 *
 * Return: in how many nanoseconds, 0: now.
 */
u64 rcar_du_mdev_rate_delay(struct rcar_du_mdev_rate *rate,
			    unsigned int per_second, u64 burst, u64 now)
{
	if (per_second != rate->per_second) {
		rate->per_second = per_second;
		rate->paid = 0;
	}

	return rate->paid > now + burst ? rate->paid - now - burst : 0;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_rate_delay);

/**
 * rcar_du_mdev_rate_take - Take something
 * @rate: the rate, which rcar_du_mdev_rate_delay() was asked of
 * @n: how much
 * @now: the time, ns
 */
void rcar_du_mdev_rate_take(struct rcar_du_mdev_rate *rate, unsigned long n,
			    u64 now)
{
	if (rate->per_second)
		rate->paid = max(rate->paid, now) +
			     div_u64((u64)n * NSEC_PER_SEC, rate->per_second);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_rate_take);
