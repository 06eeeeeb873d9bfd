/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: what VFIO may be unmapping
 */

#ifndef __RCAR_DU_MDEV_WINDOW_H__
#define __RCAR_DU_MDEV_WINDOW_H__

#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/types.h>

/* For how long after an unmap nothing is pinned where it took pins away. */
#define RCAR_DU_MDEV_UNMAP_RETRY	(HZ / 4)

/**
 * struct rcar_du_mdev_window - What VFIO may be unmapping
 *
 * VFIO looks for pins, and waits for its locks, after dma_unmap() has returned.
 */
struct rcar_du_mdev_window {
	/** @first: guest address of the first byte */
	u64 first;
	/** @last: and of the last one */
	u64 last;
	/** @until: for how long, jiffies of 64 bits */
	u64 until;
};

/* Whether VFIO may be unmapping at all. */
static inline bool
rcar_du_mdev_window_open(const struct rcar_du_mdev_window *window)
{
	return time_before64(get_jiffies_64(), window->until);
}

/* Whether it may be unmapping a byte from @first to @last. */
static inline bool
rcar_du_mdev_window_overlaps(const struct rcar_du_mdev_window *window,
			     u64 first, u64 last)
{
	return rcar_du_mdev_window_open(window) && window->first <= last &&
	       window->last >= first;
}

/* It unmaps from @first to @last, too. */
static inline void rcar_du_mdev_window_add(struct rcar_du_mdev_window *window,
					   u64 first, u64 last)
{
	if (rcar_du_mdev_window_open(window)) {
		first = min(first, window->first);
		last = max(last, window->last);
	}
	window->first = first;
	window->last = last;
	window->until = get_jiffies_64() + RCAR_DU_MDEV_UNMAP_RETRY;
}

#endif /* __RCAR_DU_MDEV_WINDOW_H__ */
