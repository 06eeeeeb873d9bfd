/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: whether new frames come
 *
 * Pure: state in, state out. The caller serializes all calls on one struct
 * rcar_du_mdev_watch, and says what time it is.
 */

#ifndef __RCAR_DU_MDEV_WATCH_H__
#define __RCAR_DU_MDEV_WATCH_H__

#include <linux/bits.h>
#include <linux/types.h>

/**
 * enum rcar_du_mdev_watch_state - What is known of a display
 * @RCAR_DU_MDEV_WATCH_OFF: nobody watches, or the display is stopped
 * @RCAR_DU_MDEV_WATCH_LIVE: the last frame, or the begin of the watch, is not longer
 *	ago than the timeout
 * @RCAR_DU_MDEV_WATCH_FROZEN: it is
 * @RCAR_DU_MDEV_NUM_WATCH_STATES: number of states
 */
enum rcar_du_mdev_watch_state {
	RCAR_DU_MDEV_WATCH_OFF,
	RCAR_DU_MDEV_WATCH_LIVE,
	RCAR_DU_MDEV_WATCH_FROZEN,
	RCAR_DU_MDEV_NUM_WATCH_STATES
};

/* What there is to tell user space. */
#define RCAR_DU_MDEV_TELL_FROZEN	BIT(0)	/* an event: it has frozen */
#define RCAR_DU_MDEV_TELL_THAWED	BIT(1)	/* an event: it is in another state again */
#define RCAR_DU_MDEV_TELL_STATE		BIT(2)	/* who waits for the state: look */

/*
 * A shorter timeout is no use, as guests may have 10 frames a second, and it would
 * let them cause more events.
 */
#define RCAR_DU_MDEV_WATCH_MIN_MS	100
#define RCAR_DU_MDEV_WATCH_MAX_MS	(3600 * 1000)

/**
 * struct rcar_du_mdev_watch - A watch
 *
 * All zeros is one that nobody has set.
 */
struct rcar_du_mdev_watch {
	/** @state: changed by rcar_du_mdev_watch_step() only */
	enum rcar_du_mdev_watch_state state;
	/** @timeout: how long there may be no new frame, ns, 0: for ever */
	u64 timeout;
	/** @runs: the display runs */
	bool runs;
	/** @seen: when there was a new frame, or the watch began, ns */
	u64 seen;
	/** @freezes: how often it has frozen */
	u64 freezes;
	/** @told: the state that user space was told of last */
	enum rcar_du_mdev_watch_state told;
	/** @told_freezes: how many of @freezes it was told of */
	u64 told_freezes;
	/** @told_at: when that was, ns */
	u64 told_at;
};

bool rcar_du_mdev_watch_may_step(enum rcar_du_mdev_watch_state from,
				 enum rcar_du_mdev_watch_state to);
void rcar_du_mdev_watch_set_timeout(struct rcar_du_mdev_watch *watch,
				    u64 timeout, u64 now);
void rcar_du_mdev_watch_set_runs(struct rcar_du_mdev_watch *watch, bool runs,
				 u64 now);
bool rcar_du_mdev_watch_latched(struct rcar_du_mdev_watch *watch, u64 now);
u64 rcar_du_mdev_watch_delay(const struct rcar_du_mdev_watch *watch, u64 now);
unsigned int rcar_du_mdev_watch_look(struct rcar_du_mdev_watch *watch, u64 now);

#endif /* __RCAR_DU_MDEV_WATCH_H__ */
