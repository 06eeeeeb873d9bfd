/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car virtual Display Unit: from the device's clock to the guest's
 */

#ifndef __RCAR_VDU_CLOCK_H__
#define __RCAR_VDU_CLOCK_H__

#include <linux/ktime.h>
#include <linux/types.h>

/**
 * struct rcar_vdu_clock - How far the device's clock and the guest's are apart
 * @offset: what to add to a time of the host for that of the guest, plus the time
 *	that the quickest interrupt took, ns, modulo 2^32
 * @excess: how much longer the quickest interrupt took since @offset was chosen, ns
 * @count: interrupts since @offset was chosen
 * @last: guest time of the last interrupt
 * @known: @offset and @last are right
 */
struct rcar_vdu_clock {
	u32 offset;
	u32 excess;
	unsigned int count;
	ktime_t last;
	bool known;
};

void rcar_vdu_clock_forget(struct rcar_vdu_clock *clock);
void rcar_vdu_clock_sample(struct rcar_vdu_clock *clock, u32 host_time,
			   ktime_t now);
bool rcar_vdu_clock_convert(const struct rcar_vdu_clock *clock, u32 host_time,
			    ktime_t now, ktime_t *time);

#endif /* __RCAR_VDU_CLOCK_H__ */
