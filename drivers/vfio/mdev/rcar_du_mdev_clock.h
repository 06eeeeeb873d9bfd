/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: frame clock
 */

#ifndef __RCAR_DU_MDEV_CLOCK_H__
#define __RCAR_DU_MDEV_CLOCK_H__

#include <linux/hrtimer.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct rcar_du_mdev_clock;

/**
 * enum rcar_du_mdev_clock_state - Where vertical blanks come from
 * @RCAR_DU_MDEV_CLOCK_OFF: the display is stopped, there are none
 * @RCAR_DU_MDEV_CLOCK_TIMER: a timer expires at each of them
 * @RCAR_DU_MDEV_CLOCK_ASLEEP: nobody wants to know, and they go by uncounted until
 *	somebody looks
 * @RCAR_DU_MDEV_CLOCK_CRTC: a CRTC of the host that shows the display; the timer is
 *	for when it stops
 * @RCAR_DU_MDEV_CLOCK_PENDING: likewise, but what was latched last is not on the screen
 *	yet, and the guest is told of none until it is, or until the timer expires
 * @RCAR_DU_MDEV_NUM_CLOCK_STATES: number of states
 */
enum rcar_du_mdev_clock_state {
	RCAR_DU_MDEV_CLOCK_OFF,
	RCAR_DU_MDEV_CLOCK_TIMER,
	RCAR_DU_MDEV_CLOCK_ASLEEP,
	RCAR_DU_MDEV_CLOCK_CRTC,
	RCAR_DU_MDEV_CLOCK_PENDING,
	RCAR_DU_MDEV_NUM_CLOCK_STATES
};

/**
 * struct rcar_du_mdev_clock_ops - What a clock tells its owner
 * @expired: the timer has expired; the owner counts with
 *	rcar_du_mdev_clock_forward_locked()
 * @look: the last moment in the frame that leaves time to show on the CRTC what the
 *	guest has written
 *
 * Both are called with the owner's lock held, from a timer.
 */
struct rcar_du_mdev_clock_ops {
	void (*expired)(struct rcar_du_mdev_clock *clock);
	void (*look)(struct rcar_du_mdev_clock *clock);
};

/**
 * struct rcar_du_mdev_clock - Frame clock of a display
 */
struct rcar_du_mdev_clock {
	/** @ops: calls of the owner */
	const struct rcar_du_mdev_clock_ops *ops;
	/** @lock: the owner's; protects what follows */
	spinlock_t *lock;
	/** @state: changed by rcar_du_mdev_clock_step() only */
	enum rcar_du_mdev_clock_state state;
	/** @timer: expires at the next vertical blank, or when the CRTC has stopped */
	struct hrtimer timer;
	/** @look_timer: expires some time before the CRTC's vertical blank */
	struct hrtimer look_timer;
	/**
	 * @period: from one vertical blank to the next, ns, 0 if there are none;
	 * read without the lock, too
	 */
	u64 period;
	/** @idle_frames: vertical blanks in a row that concerned nobody */
	unsigned int idle_frames;
	/** @crtc_count: number of the CRTC's last vertical blank */
	u64 crtc_count;
};

bool rcar_du_mdev_clock_may_step(enum rcar_du_mdev_clock_state from,
				 enum rcar_du_mdev_clock_state to);

void rcar_du_mdev_clock_init(struct rcar_du_mdev_clock *clock, spinlock_t *lock,
			     const struct rcar_du_mdev_clock_ops *ops);
void rcar_du_mdev_clock_stop(struct rcar_du_mdev_clock *clock);
u64 rcar_du_mdev_clock_period(const struct rcar_du_mdev_clock *clock);

void rcar_du_mdev_clock_set_period_locked(struct rcar_du_mdev_clock *clock,
					  u64 period);
u64 rcar_du_mdev_clock_forward_locked(struct rcar_du_mdev_clock *clock,
				      u64 *time_ns);

void rcar_du_mdev_clock_busy_locked(struct rcar_du_mdev_clock *clock);
bool rcar_du_mdev_clock_idle_locked(struct rcar_du_mdev_clock *clock);
bool rcar_du_mdev_clock_awake_locked(const struct rcar_du_mdev_clock *clock);
bool rcar_du_mdev_clock_wake_locked(struct rcar_du_mdev_clock *clock);
bool rcar_du_mdev_clock_overdue_locked(const struct rcar_du_mdev_clock *clock);
void rcar_du_mdev_clock_resume_locked(struct rcar_du_mdev_clock *clock);

bool rcar_du_mdev_clock_on_crtc_locked(const struct rcar_du_mdev_clock *clock);
bool rcar_du_mdev_clock_pending_locked(const struct rcar_du_mdev_clock *clock);
bool rcar_du_mdev_clock_crtc_locked(struct rcar_du_mdev_clock *clock);
void rcar_du_mdev_clock_look_later_locked(struct rcar_du_mdev_clock *clock,
					  u64 time_ns);
bool rcar_du_mdev_clock_tick_locked(struct rcar_du_mdev_clock *clock, u64 count,
				    u64 *missed);
void rcar_du_mdev_clock_latched_locked(struct rcar_du_mdev_clock *clock);
void rcar_du_mdev_clock_shown_locked(struct rcar_du_mdev_clock *clock);

#endif /* __RCAR_DU_MDEV_CLOCK_H__ */
