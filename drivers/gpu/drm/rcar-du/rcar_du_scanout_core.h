/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: who has which part of a display
 */

#ifndef __RCAR_DU_SCANOUT_CORE_H__
#define __RCAR_DU_SCANOUT_CORE_H__

#include <linux/mutex.h>
#include <linux/workqueue.h>

#include <drm/drm_client.h>
#include <drm/rcar_du_scanout.h>

#include "rcar_du_scanout_card.h"
#include "rcar_du_scanout_head.h"
#include "rcar_du_scanout_owner.h"
#include "rcar_du_scanout_pool.h"
#include "rcar_du_scanout_sink.h"

struct drm_plane;

/**
 * struct rcar_du_scanout - A display, there or not
 *
 * Sinks outlive the display. While they have a CRTC, with their prop_mutex held, nothing
 * of what is here changes but @pool and @last_id.
 */
struct rcar_du_scanout {
	/** @card: tells when it is there */
	struct rcar_du_scanout_card card;
	/** @ops: calls of who opened it; does not change */
	const struct rcar_du_scanout_display_ops *ops;
	/** @data: for them */
	void *data;
	/**
	 * @mutex: held while the display comes or goes, and while sinks do; taken inside of
	 * the DRM core's clientlist_mutex, and outside of the locks of the sinks
	 */
	struct mutex mutex;
	/**
	 * @client: holds the DRM device, and the DRM file that makes framebuffers; its
	 * device is NULL while there is no display, and changes to that with
	 * clientlist_mutex held, too
	 */
	struct drm_client_dev client;
	/** @watch_work: tries again now and then what was refused */
	struct delayed_work watch_work;
	/** @num_heads: valid entries of @heads */
	unsigned int num_heads;
	/** @heads: the CRTCs, in the order of @pool */
	struct rcar_du_scanout_head heads[RCAR_DU_SCANOUT_MAX_CRTCS];
	/** @planes: the DRM planes, in the order of @pool */
	struct drm_plane *planes[RCAR_DU_SCANOUT_MAX_PLANES];
	/** @riders: what is ours, in commits of anybody; does not change */
	struct rcar_du_scanout_riders riders;
	/** @sinks: all sinks; their mutex protects @pool and @last_id, too */
	struct rcar_du_scanout_sinks sinks;
	/** @pool: who has what */
	struct rcar_du_scanout_pool pool;
	/** @last_id: the number of the newest sink */
	unsigned int last_id;
};

void rcar_du_scanout_seat(struct rcar_du_scanout_sink *sink);
void rcar_du_scanout_unseat(struct rcar_du_scanout_sink *sink);

#endif /* __RCAR_DU_SCANOUT_CORE_H__ */
