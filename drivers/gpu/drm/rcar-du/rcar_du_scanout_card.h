/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: DRM devices that come and go
 */

#ifndef __RCAR_DU_SCANOUT_CARD_H__
#define __RCAR_DU_SCANOUT_CARD_H__

#include <linux/list.h>
#include <linux/workqueue.h>

struct drm_device;

/**
 * struct rcar_du_scanout_card - A DRM device that somebody waits for
 */
struct rcar_du_scanout_card {
	/** @name: of the device that has it, BUS/NAME; does not change */
	const char *name;
	/**
	 * @found: it is there, and registered; in a worker. It does not end being
	 * unregistered before this returns. Does not change.
	 */
	void (*found)(struct rcar_du_scanout_card *card, struct drm_device *drm);
	/** @link: entry of the list of all */
	struct list_head link;
	/** @drm: the one to be told of, with a reference, or NULL */
	struct drm_device *drm;
	/** @work: calls @found */
	struct delayed_work work;
};

int rcar_du_scanout_card_watch(struct rcar_du_scanout_card *card);
void rcar_du_scanout_card_unwatch(struct rcar_du_scanout_card *card);

#endif /* __RCAR_DU_SCANOUT_CARD_H__ */
