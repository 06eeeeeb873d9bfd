/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: what sinks want, and calls of their owners
 *
 * Lock order, from the outside to the inside:
 *
 *	clientlist_mutex of the DRM core
 *	rcar_du_scanout.mutex		the display and its sinks stay, or come and go
 *	those of the owner		in rcar_du_scanout_ops.display
 *	rcar_du_scanout_sink.prop_mutex	a sink stays on its CRTC, or moves
 *	rcar_du_scanout_cache.mutex	framebuffers of a sink; never with prop_mutex
 *	(modeset locks of the DRM core)
 *	rcar_du_scanout_sinks.mutex	who has what, and what is to be shown
 *	rcar_du_scanout_sinks.lock	who is told of vertical blanks
 *
 * The mutex of the sinks is taken in commits of others: nothing is allocated or waited
 * for inside of it, nor is the last reference of anything dropped. Commits are waited
 * for inside of prop_mutex. rcar_du_scanout_ops.hotplug is called with the mutex of
 * the sinks held, .vblank with their lock.
 */

#ifndef __RCAR_DU_SCANOUT_SINK_H__
#define __RCAR_DU_SCANOUT_SINK_H__

#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include <drm/rcar_du_scanout.h>

#include "rcar_du_scanout_cache.h"
#include "rcar_du_scanout_claim.h"
#include "rcar_du_scanout_pool.h"
#include "rcar_du_scanout_state.h"

struct drm_client_dev;
struct drm_framebuffer;
struct rcar_du_scanout_head;
struct rcar_du_scanout_hook;

/**
 * struct rcar_du_scanout_sinks - All sinks of a display
 */
struct rcar_du_scanout_sinks {
	/** @mutex: protects what is to be shown, and what the core gives to whom */
	struct mutex mutex;
	/** @lock: protects what a vertical blank looks at */
	spinlock_t lock;
	/** @hook: sees all commits of the display; does not change while it is there */
	struct rcar_du_scanout_hook *hook;
	/** @list: the sinks; changed with @mutex and @lock, read with one of them */
	struct list_head list;
	/** @present: there is a display; with @mutex */
	bool present;
};

/**
 * struct rcar_du_scanout_sink - What somebody has of the display
 */
struct rcar_du_scanout_sink {
	/** @sinks: all sinks of the display; does not change */
	struct rcar_du_scanout_sinks *sinks;
	/** @id: the owner's number in the pool; does not change */
	unsigned int id;
	/** @ops: calls of the owner; does not change */
	const struct rcar_du_scanout_ops *ops;
	/** @data: for them */
	void *data;
	/** @link: entry of rcar_du_scanout_sinks.list */
	struct list_head link;
	/** @prop_mutex: serializes changes of properties, so that @head stays */
	struct mutex prop_mutex;
	/**
	 * @head: the CRTC, NULL while it changes or has gone; changed with @prop_mutex,
	 * rcar_du_scanout_sinks.mutex and .lock, read with one of them
	 */
	struct rcar_du_scanout_head *head;
	/** @started: the owner wants vertical blanks; with rcar_du_scanout_sinks.lock */
	bool started;
	/** @next: what is to be shown; with rcar_du_scanout_sinks.mutex */
	struct rcar_du_scanout_state next;
	/** @picture: what is in the standby framebuffer of @next, or NULL; with @prop_mutex */
	const struct rcar_du_scanout_picture *picture;
	/** @serial: number of @next, never 0; as @next */
	u32 serial;
	/** @mode_serial: the state for which a mode was looked for last; as @next */
	u32 mode_serial;
	/** @mode_stale: the display is another one, or another mode is wanted; as @next */
	bool mode_stale;
	/** @claim: what it has of @head, and how far it is; as @next */
	struct rcar_du_scanout_claim claim;
	/** @cache: framebuffers that were used last; has a lock of its own */
	struct rcar_du_scanout_cache cache;
};

/* The display. */
void rcar_du_scanout_sinks_init(struct rcar_du_scanout_sinks *sinks);
void rcar_du_scanout_sinks_fini(struct rcar_du_scanout_sinks *sinks);
void rcar_du_scanout_sinks_synchronize(void);
void rcar_du_scanout_sinks_hotplug(struct rcar_du_scanout_sinks *sinks);
struct rcar_du_scanout_sink *
rcar_du_scanout_sink_alloc(struct rcar_du_scanout_sinks *sinks,
			   struct drm_client_dev *client,
			   enum rcar_du_scanout_kind kind,
			   const struct rcar_du_scanout_ops *ops, void *data);
void rcar_du_scanout_sink_close(struct rcar_du_scanout_sink *sink);
void rcar_du_scanout_sink_free(struct rcar_du_scanout_sink *sink);
void rcar_du_scanout_sink_add_locked(struct rcar_du_scanout_sink *sink);
void rcar_du_scanout_sink_del_locked(struct rcar_du_scanout_sink *sink);
void rcar_du_scanout_sink_move_locked(struct rcar_du_scanout_sink *sink,
				      struct rcar_du_scanout_head *head);
void rcar_du_scanout_sink_set_locked(struct rcar_du_scanout_sink *sink,
				     enum rcar_du_scanout_prop prop, int value);
void rcar_du_scanout_sink_update_locked(struct rcar_du_scanout_sink *sink);

bool rcar_du_scanout_sink_refuse_locked(struct rcar_du_scanout_sink *sink,
					u32 serial, u32 seq, int error);
bool rcar_du_scanout_sink_dirty_locked(const struct rcar_du_scanout_sink *sink);
bool rcar_du_scanout_sink_decided_locked(const struct rcar_du_scanout_sink *sink);
bool rcar_du_scanout_sink_insists_locked(const struct rcar_du_scanout_sink *sink);
void rcar_du_scanout_sinks_renew(struct rcar_du_scanout_sinks *sinks);
void rcar_du_scanout_sinks_retry(struct rcar_du_scanout_sinks *sinks);

/* The CRTC: rcar_du_scanout_head.data are the sinks. */
void rcar_du_scanout_sink_shown(struct rcar_du_scanout_claim *claim, u64 count,
				u64 time_ns);
unsigned int
rcar_du_scanout_sinks_planes(struct rcar_du_scanout_sinks *sinks,
			     const struct rcar_du_scanout_head *head, bool all,
			     struct drm_plane *planes[RCAR_DU_SCANOUT_MAX_PLANES]);
bool rcar_du_scanout_sinks_wanted(struct rcar_du_scanout_head *head);
void rcar_du_scanout_sinks_vblank(struct rcar_du_scanout_head *head, u64 count,
				  u64 time_ns);

#endif /* __RCAR_DU_SCANOUT_SINK_H__ */
