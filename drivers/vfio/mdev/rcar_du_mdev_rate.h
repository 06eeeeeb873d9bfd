/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: how much of something there may be in a second
 */

#ifndef __RCAR_DU_MDEV_RATE_H__
#define __RCAR_DU_MDEV_RATE_H__

#include <linux/types.h>

/**
 * struct rcar_du_mdev_rate - What has been taken of a rate
 *
 * All zeros is one of which nothing has been taken.
 */
struct rcar_du_mdev_rate {
	/** @paid: when all that was taken is paid for, ns */
	u64 paid;
	/** @per_second: the rate that @paid was counted with, 0: no limit */
	unsigned int per_second;
};

u64 rcar_du_mdev_rate_delay(struct rcar_du_mdev_rate *rate,
			    unsigned int per_second, u64 burst, u64 now);
void rcar_du_mdev_rate_take(struct rcar_du_mdev_rate *rate, unsigned long n,
			    u64 now);

#endif /* __RCAR_DU_MDEV_RATE_H__ */
