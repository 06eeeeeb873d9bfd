/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: when a commit of ours does not get in the host's way
 *
 * A CRTC takes one commit for each frame, whoever makes it. Pure: no DRM objects, no
 * locks, no allocation.
 */

#ifndef __RCAR_DU_SCANOUT_PACE_H__
#define __RCAR_DU_SCANOUT_PACE_H__

#include <linux/types.h>

#define RCAR_DU_SCANOUT_PACE_INTERVALS	4

/**
 * struct rcar_du_scanout_pace - How the host commits on a CRTC
 * @seen: the host has committed
 * @last: the vertical blank after which it did last
 * @num: valid entries of @intervals
 * @intervals: vertical blanks between its last commits, in no order
 * @next: entry of @intervals that is written next
 * @testing: it has tested since it committed last
 * @tested: the vertical blank after which it tested last, if @testing
 * @tested_first: the one after which it tested first since then, if @testing
 */
struct rcar_du_scanout_pace {
	bool seen;
	u64 last;
	unsigned int num;
	u64 intervals[RCAR_DU_SCANOUT_PACE_INTERVALS];
	unsigned int next;
	bool testing;
	u64 tested;
	u64 tested_first;
};

void rcar_du_scanout_pace_committed(struct rcar_du_scanout_pace *pace,
				    u64 blank);
void rcar_du_scanout_pace_tested(struct rcar_du_scanout_pace *pace, u64 blank);
bool rcar_du_scanout_pace_may_commit(const struct rcar_du_scanout_pace *pace,
				     u64 blank);

#endif /* __RCAR_DU_SCANOUT_PACE_H__ */
