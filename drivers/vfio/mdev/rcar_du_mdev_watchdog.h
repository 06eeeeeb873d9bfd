/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: tells when a guest's display has frozen
 */

#ifndef __RCAR_DU_MDEV_WATCHDOG_H__
#define __RCAR_DU_MDEV_WATCHDOG_H__

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "rcar_du_mdev_watch.h"

struct device;
struct rcar_du_mdev_watchdog;

/**
 * enum rcar_du_mdev_frame_policy - What becomes of a picture that has frozen
 * @RCAR_DU_MDEV_FRAME_LAST: it stays
 * @RCAR_DU_MDEV_FRAME_OFF: it is taken off the host's display until there is a new frame
 * @RCAR_DU_MDEV_FRAME_PICTURE: a picture of the host takes its place
 */
enum rcar_du_mdev_frame_policy {
	RCAR_DU_MDEV_FRAME_LAST,
	RCAR_DU_MDEV_FRAME_OFF,
	RCAR_DU_MDEV_FRAME_PICTURE,
};

/**
 * struct rcar_du_mdev_watchdog_ops - What a watchdog tells its owner
 * @hides: rcar_du_mdev_watchdog_hides() has changed, but not for a new frame. Sleeping
 *	is allowed.
 */
struct rcar_du_mdev_watchdog_ops {
	void (*hides)(struct rcar_du_mdev_watchdog *watchdog);
};

/**
 * struct rcar_du_mdev_watchdog - Tells when a guest's display has frozen
 */
struct rcar_du_mdev_watchdog {
	/** @dev: the device, of which user space is told */
	struct device *dev;
	/** @ops: calls of the owner */
	const struct rcar_du_mdev_watchdog_ops *ops;
	/** @work: looks when there may be something to tell */
	struct delayed_work work;
	/** @lock: protects what follows; taken in timers */
	spinlock_t lock;
	/** @watch: whether new frames come */
	struct rcar_du_mdev_watch watch;
	/** @policy: what becomes of a picture that has frozen; read without the lock, too */
	enum rcar_du_mdev_frame_policy policy;
};

void rcar_du_mdev_watchdog_init(struct rcar_du_mdev_watchdog *watchdog,
				struct device *dev,
				const struct rcar_du_mdev_watchdog_ops *ops);
void rcar_du_mdev_watchdog_stop(struct rcar_du_mdev_watchdog *watchdog);

/* The guest's side */
void rcar_du_mdev_watchdog_runs(struct rcar_du_mdev_watchdog *watchdog,
				bool runs);
void rcar_du_mdev_watchdog_latched(struct rcar_du_mdev_watchdog *watchdog);

/* The admin's side */
int rcar_du_mdev_watchdog_set_timeout(struct rcar_du_mdev_watchdog *watchdog,
				      unsigned int ms);
unsigned int
rcar_du_mdev_watchdog_timeout(struct rcar_du_mdev_watchdog *watchdog);
void rcar_du_mdev_watchdog_set_policy(struct rcar_du_mdev_watchdog *watchdog,
				      enum rcar_du_mdev_frame_policy policy);
enum rcar_du_mdev_frame_policy
rcar_du_mdev_watchdog_policy(const struct rcar_du_mdev_watchdog *watchdog);
const char *rcar_du_mdev_watchdog_state(struct rcar_du_mdev_watchdog *watchdog);
u64 rcar_du_mdev_watchdog_freezes(struct rcar_du_mdev_watchdog *watchdog);

bool rcar_du_mdev_watchdog_hides(struct rcar_du_mdev_watchdog *watchdog);

int rcar_du_mdev_watchdog_register(void);
void rcar_du_mdev_watchdog_unregister(void);

#endif /* __RCAR_DU_MDEV_WATCHDOG_H__ */
