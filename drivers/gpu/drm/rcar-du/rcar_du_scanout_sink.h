/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: private structures
 *
 * Lock order:
 *
 *	rcar_du_scanout.mutex -> rcar_du_scanout.lock
 *	rcar_du_scanout_sink.prop_mutex -> rcar_du_scanout.mutex
 *
 * rcar_du_scanout_cache.mutex is taken alone.
 *
 * None of them is held around a commit or with any lock of the DRM core: user
 * space can make page faults wait for those. @lock is held around
 * rcar_du_scanout_ops.vblank, @mutex around .hotplug.
 */

#ifndef __RCAR_DU_SCANOUT_SINK_H__
#define __RCAR_DU_SCANOUT_SINK_H__

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <drm/drm_client.h>
#include <drm/rcar_du_scanout.h>

#include "rcar_du_scanout_cache.h"
#include "rcar_du_scanout_claim.h"
#include "rcar_du_scanout_head.h"
#include "rcar_du_scanout_pool.h"

struct drm_plane;

/**
 * struct rcar_du_scanout_sink - What somebody has of the display
 * @scanout: the display
 * @id: the owner's number in the pool
 * @ops: calls of the owner
 * @data: for them
 * @link: entry of rcar_du_scanout.sinks; protected by its mutex and lock
 * @head: the CRTC, NULL while it changes; protected by rcar_du_scanout.mutex and
 *	lock
 * @started: the owner wants vertical blanks; protected by rcar_du_scanout.lock
 * @next: what is to be shown; protected by rcar_du_scanout.mutex
 * @dirty: @next was not taken by commit_work yet; protected by
 *	rcar_du_scanout.mutex
 * @claim: what it has of the CRTC
 * @prop_mutex: serializes changes of properties, so that @head stays what it is
 * @cache: framebuffers that were used last
 */
struct rcar_du_scanout_sink {
	struct rcar_du_scanout *scanout;
	unsigned int id;
	const struct rcar_du_scanout_ops *ops;
	void *data;
	struct list_head link;
	struct rcar_du_scanout_head *head;
	bool started;
	struct rcar_du_scanout_state next;
	bool dirty;
	struct rcar_du_scanout_claim claim;
	struct mutex prop_mutex; /* serializes set() and start() */

	struct rcar_du_scanout_cache cache;
};

/**
 * struct rcar_du_scanout - A display
 * @client: holds the DRM device, and the DRM file that framebuffers are made by
 * @watch_work: looks after the CRTCs now and then
 * @num_heads: valid entries of @heads
 * @heads: the CRTCs
 * @planes: the DRM planes, in the order of @pool
 * @mutex: protects @pool, @sinks, @last_id and the sinks
 * @pool: who has what
 * @sinks: all sinks
 * @last_id: the number of the newest sink
 * @lock: protects what a vertical blank looks at: @sinks,
 *	rcar_du_scanout_sink.head and .started
 */
struct rcar_du_scanout {
	struct drm_client_dev client;
	struct delayed_work watch_work;
	unsigned int num_heads;
	struct rcar_du_scanout_head heads[RCAR_DU_SCANOUT_MAX_CRTCS];
	struct drm_plane *planes[RCAR_DU_SCANOUT_MAX_PLANES];

	struct mutex mutex; /* pool, sinks, last_id */
	struct rcar_du_scanout_pool pool;
	struct list_head sinks;
	unsigned int last_id;

	spinlock_t lock; /* what a vertical blank looks at */
};

/* rcar_du_scanout_sink.c */
void rcar_du_scanout_collect(struct rcar_du_scanout_head *head, bool check,
			     struct list_head *batch, struct list_head *idle);
void rcar_du_scanout_shown(struct rcar_du_scanout_claim *claim, u32 seq, u64 count,
			   u64 time_ns, int error);
bool rcar_du_scanout_wanted(struct rcar_du_scanout_head *head);
void rcar_du_scanout_tell(struct rcar_du_scanout_head *head, u64 count,
			  u64 time_ns);
void rcar_du_scanout_update_locked(struct rcar_du_scanout_sink *sink);

#endif /* __RCAR_DU_SCANOUT_SINK_H__ */
