/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: CPU caches that the display does not snoop
 */

#ifndef __RCAR_DU_MDEV_SNOOP_H__
#define __RCAR_DU_MDEV_SNOOP_H__

#include <linux/atomic.h>
#include <linux/types.h>

struct device;
struct sg_table;

/**
 * struct rcar_du_mdev_snoop - What has to be cleaned for a device's pictures
 */
struct rcar_du_mdev_snoop {
	/**
	 * @dev: fetches pictures and does not see what is only in a CPU cache;
	 * NULL if there is no such device; constant while the device is open
	 */
	struct device *dev;
	/** @pin_cleans: framebuffers that were cleaned when they were pinned */
	atomic64_t pin_cleans;
	/** @pin_clean_ns: time that this took, ns */
	atomic64_t pin_clean_ns;
};

bool rcar_du_mdev_snoops(struct device *dev);
void rcar_du_mdev_snoop_like(struct device *dev, struct device *display);
unsigned int rcar_du_mdev_max_segment(struct device *dev);
void rcar_du_mdev_snoop_open(struct rcar_du_mdev_snoop *snoop,
			     struct device *dev);
bool rcar_du_mdev_snoop_offers_wc(const struct rcar_du_mdev_snoop *snoop);
int rcar_du_mdev_snoop_clean_pages(struct rcar_du_mdev_snoop *snoop,
				   struct sg_table *sgt);

#endif /* __RCAR_DU_MDEV_SNOOP_H__ */
