/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: a CRTC, its worker and its vertical blanks
 */

#ifndef __RCAR_DU_SCANOUT_HEAD_H__
#define __RCAR_DU_SCANOUT_HEAD_H__

#include <linux/atomic.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "rcar_du_scanout_pace.h"
#include "rcar_du_scanout_pool.h"

struct drm_atomic_state;
struct drm_connector;
struct drm_crtc;
struct drm_crtc_commit;
struct drm_framebuffer;
struct drm_plane;
struct rcar_du_scanout_head;
struct rcar_du_scanout_sink;
struct task_struct;

/**
 * struct rcar_du_scanout_head_ops - What a CRTC tells those who show something
 *
 * Sleeping is allowed in all of them, and no locks are held.
 */
struct rcar_du_scanout_head_ops {
	/** @commit: put on the CRTC what is new; in the worker */
	void (*commit)(struct rcar_du_scanout_head *head);
	/** @wanted: does anybody want vertical blanks? In the thread */
	bool (*wanted)(struct rcar_du_scanout_head *head);
	/** @vblank: a vertical blank began; in the thread */
	void (*vblank)(struct rcar_du_scanout_head *head, u64 count, u64 time_ns);
};

/**
 * struct rcar_du_scanout_left - What a sink that has gone has left on a CRTC
 */
struct rcar_du_scanout_left {
	/** @plane: the plane */
	struct drm_plane *plane;
	/** @fb: what it shows, with a reference */
	struct drm_framebuffer *fb;
};

/**
 * struct rcar_du_scanout_head - A CRTC
 *
 * What says nothing else is atomic, or does not change while it is in use.
 */
struct rcar_du_scanout_head {
	/** @ops: calls of those above */
	const struct rcar_du_scanout_head_ops *ops;
	/** @data: for them */
	void *data;
	/** @crtc: the CRTC */
	struct drm_crtc *crtc;
	/** @connector: what is plugged to it, with a reference, or NULL */
	struct drm_connector *connector;
	/** @wq: ordered; runs @commit_work */
	struct workqueue_struct *wq;
	/** @commit_work: calls rcar_du_scanout_head_ops.commit */
	struct work_struct commit_work;
	/** @updates: times that @commit_work was asked for */
	atomic_t updates;
	/** @news: where the worker waits for more of them */
	wait_queue_head_t news;
	/** @asked: times that somebody wanted to know that @commit_work has run */
	atomic_t asked;
	/** @answered: @asked when @commit_work began that ended last */
	atomic_t answered;
	/** @answers: where these wait */
	wait_queue_head_t answers;
	/** @thread: calls rcar_du_scanout_head_ops.vblank */
	struct task_struct *thread;
	/** @wait: where @thread sleeps if there are no blanks, or nobody wants any */
	wait_queue_head_t wait;
	/** @kicked: @thread is to look again; atomic */
	int kicked;
	/** @own: a commit of ours while it is made; with the CRTC's modeset lock */
	const struct drm_atomic_state *own;
	/** @own_sink: it is to have nothing new but of this one; as @own */
	const struct rcar_du_scanout_sink *own_sink;
	/** @own_commit: the last of ours; with rcar_du_scanout_sinks.mutex */
	struct drm_crtc_commit *own_commit;
	/**
	 * @landed: the last commit with something of ours in it, of which owners are
	 * not told yet; NULL if it was done at once. As @own_commit
	 */
	struct drm_crtc_commit *landed;
	/** @landed_late: it was waited for already, in vain; as @own_commit */
	bool landed_late;
	/** @num_left: valid entries of @left; as @own_commit */
	unsigned int num_left;
	/** @left: what is to be taken off; as @own_commit */
	struct rcar_du_scanout_left left[RCAR_DU_SCANOUT_MAX_PLANES];
	/** @pace: how the host commits; as @own_commit */
	struct rcar_du_scanout_pace pace;
};

int rcar_du_scanout_head_init(struct rcar_du_scanout_head *head,
			      struct drm_crtc *crtc,
			      const struct rcar_du_scanout_head_ops *ops,
			      void *data);
void rcar_du_scanout_head_fini(struct rcar_du_scanout_head *head);
void rcar_du_scanout_head_commit(struct rcar_du_scanout_head *head);
void rcar_du_scanout_head_flush(struct rcar_du_scanout_head *head);
bool rcar_du_scanout_head_wait(struct rcar_du_scanout_head *head);
void rcar_du_scanout_head_tick(struct rcar_du_scanout_head *head);
bool rcar_du_scanout_head_blank(struct rcar_du_scanout_head *head, u64 *blank);
void rcar_du_scanout_head_wait_blank(struct rcar_du_scanout_head *head);
bool rcar_du_scanout_head_wait_news(struct rcar_du_scanout_head *head, int seen);

#endif /* __RCAR_DU_SCANOUT_HEAD_H__ */
