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
#include <drm/drm_modes.h>
#include <drm/rcar_du_scanout.h>

#include "rcar_du_scanout_cache.h"
#include "rcar_du_scanout_head.h"
#include "rcar_du_scanout_pool.h"

struct drm_plane;

/**
 * struct rcar_du_scanout_state - What is, or is to be, on the planes of a sink
 * @frame: the frame; its layers have references on their framebuffers
 * @props: the host's wishes
 * @mode: the mode of a channel's CRTC; its clock is 0 if the display has none
 *	that fits
 */
struct rcar_du_scanout_state {
	struct rcar_du_scanout_frame frame;
	int props[RCAR_DU_SCANOUT_NUM_PROPS];
	struct drm_display_mode mode;
};

/**
 * struct rcar_du_scanout_sink - What somebody has of the display
 * @scanout: the display
 * @kind: plane or channel
 * @id: the owner's number in the pool
 * @ops: calls of the owner
 * @data: for them
 * @link: entry of rcar_du_scanout.sinks; protected by its mutex and lock
 * @head: the CRTC, NULL while it changes; protected by rcar_du_scanout.mutex and
 *	lock
 * @num_planes: valid entries of @planes
 * @planes: the DRM planes, lowest first; protected by rcar_du_scanout.mutex
 * @started: the owner wants vertical blanks; protected by rcar_du_scanout.lock
 * @next: what is to be shown; protected by rcar_du_scanout.mutex
 * @dirty: @next was not taken by commit_work yet; protected by
 *	rcar_du_scanout.mutex
 * @batch: entry of commit_work's list; this and what follows to @restoring
 *	belongs to it
 * @pending: what is being committed
 * @shown: what was committed last
 * @restoring: @pending is @shown, which others have changed
 * @prop_mutex: serializes changes of properties, so that @head stays what it is
 * @cache: framebuffers that were used last
 */
struct rcar_du_scanout_sink {
	struct rcar_du_scanout *scanout;
	enum rcar_du_scanout_kind kind;
	unsigned int id;
	const struct rcar_du_scanout_ops *ops;
	void *data;
	struct list_head link;
	struct rcar_du_scanout_head *head;
	unsigned int num_planes;
	struct drm_plane *planes[RCAR_DU_SCANOUT_MAX_LAYERS];
	bool started;
	struct rcar_du_scanout_state next;
	bool dirty;
	struct list_head batch;
	struct rcar_du_scanout_state pending;
	struct rcar_du_scanout_state shown;
	bool restoring;

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

/* rcar_du_scanout_claim.c */
void rcar_du_scanout_find_mode(struct rcar_du_scanout_sink *sink,
			       struct rcar_du_scanout_head *head);
int rcar_du_scanout_add(struct rcar_du_scanout_sink *sink,
			struct rcar_du_scanout_head *head,
			struct drm_atomic_state *state);
bool rcar_du_scanout_intact(struct rcar_du_scanout_sink *sink,
			    struct rcar_du_scanout_head *head);

/* rcar_du_scanout_sink.c */
void rcar_du_scanout_collect(struct rcar_du_scanout_head *head, bool check,
			     struct list_head *batch, struct list_head *idle);
bool rcar_du_scanout_wanted(struct rcar_du_scanout_head *head);
void rcar_du_scanout_tell(struct rcar_du_scanout_head *head, u64 count,
			  u64 time_ns);
void rcar_du_scanout_update_locked(struct rcar_du_scanout_sink *sink);

/* rcar_du_scanout_state.c */
void rcar_du_scanout_state_put(struct rcar_du_scanout_state *state);
void rcar_du_scanout_state_copy(struct rcar_du_scanout_state *to,
				const struct rcar_du_scanout_state *from);
void rcar_du_scanout_state_remove(struct rcar_du_scanout_state *state,
				  const struct drm_framebuffer *fb);

#endif /* __RCAR_DU_SCANOUT_SINK_H__ */
