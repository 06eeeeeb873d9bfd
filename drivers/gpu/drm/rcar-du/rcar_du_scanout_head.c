// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: a CRTC, its worker and its vertical blanks
 */

#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <drm/drm_atomic.h>
#include <drm/drm_connector.h>
#include <drm/drm_crtc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_vblank.h>

#include "rcar_du_scanout_connector.h"
#include "rcar_du_scanout_head.h"

/* Some frames, and more than any mode set of the displays that there are. */
#define RCAR_DU_SCANOUT_COMMIT_TIMEOUT	HZ

/*
 * Tells of the vertical blank after @last, or, if that is NULL, after now. Returns
 * false if the CRTC is off.
 */
static bool rcar_du_scanout_next_vblank(struct rcar_du_scanout_head *head,
					const u64 *last, u64 *count)
{
	struct drm_crtc *crtc = head->crtc;
	ktime_t time;
	u64 before;

	if (drm_crtc_vblank_get(crtc))
		return false;

	before = last ? *last : drm_crtc_vblank_count(crtc);
	wait_event_timeout(*drm_crtc_vblank_waitqueue(crtc),
			   drm_crtc_vblank_count(crtc) != before ||
			   kthread_should_stop(), HZ / 10);
	*count = drm_crtc_vblank_count_and_time(crtc, &time);

	drm_crtc_vblank_put(crtc);

	if (*count != before)
		head->ops->vblank(head, *count, ktime_to_ns(time));

	return true;
}

/*
 * A drm_vblank_work must not be pending when its CRTC is turned off, which is
 * not ours to know. A thread may wait.
 */
static int rcar_du_scanout_vblank_thread(void *data)
{
	struct rcar_du_scanout_head *head = data;
	const u64 *last = NULL;
	u64 count;

	sched_set_fifo(current);

	while (!kthread_should_stop()) {
		if (head->ops->wanted(head) &&
		    rcar_du_scanout_next_vblank(head, last, &count)) {
			last = &count;
			continue;
		}

		wait_event_idle(head->wait, xchg(&head->kicked, 0) ||
				kthread_should_stop());
		last = NULL;
	}

	return 0;
}

/**
 * rcar_du_scanout_head_tick - See whether there are vertical blanks to be told
 * @head: the CRTC
 */
void rcar_du_scanout_head_tick(struct rcar_du_scanout_head *head)
{
	xchg(&head->kicked, 1);
	wake_up(&head->wait);
}

/**
 * rcar_du_scanout_head_blank - Number the vertical blanks of a CRTC
 * @head: the CRTC
 * @blank: the number of the last one
 *
 * Return: true, or false if the CRTC is off.
 */
bool rcar_du_scanout_head_blank(struct rcar_du_scanout_head *head, u64 *blank)
{
	/* They are counted only while somebody wants them. */
	if (drm_crtc_vblank_get(head->crtc))
		return false;

	*blank = drm_crtc_vblank_count(head->crtc);
	drm_crtc_vblank_put(head->crtc);

	return true;
}

/**
 * rcar_du_scanout_head_wait_blank - Wait for a vertical blank of a CRTC
 * @head: the CRTC; if it is off it is a tenth of a second
 */
void rcar_du_scanout_head_wait_blank(struct rcar_du_scanout_head *head)
{
	struct drm_crtc *crtc = head->crtc;
	u64 before;

	if (drm_crtc_vblank_get(crtc)) {
		schedule_timeout_uninterruptible(HZ / 10);
		return;
	}

	before = drm_crtc_vblank_count(crtc);
	wait_event_timeout(*drm_crtc_vblank_waitqueue(crtc),
			   drm_crtc_vblank_count(crtc) != before, HZ / 10);
	drm_crtc_vblank_put(crtc);
}

/**
 * rcar_du_scanout_head_wait_news - Wait for more that is new, but not for too long
 * @head: the CRTC
 * @seen: rcar_du_scanout_head.updates of what is known already
 *
 * A driver takes what is committed in the first half of a frame for the next one.
 *
 * Return: true if there is more, false if the first half of the frame is over.
 */
bool rcar_du_scanout_head_wait_news(struct rcar_du_scanout_head *head, int seen)
{
	struct drm_crtc *crtc = head->crtc;
	int period = crtc->dev->vblank[drm_crtc_index(crtc)].framedur_ns;
	ktime_t blank, left;

	if (drm_crtc_vblank_get(crtc))
		return false;

	drm_crtc_vblank_count_and_time(crtc, &blank);
	drm_crtc_vblank_put(crtc);

	left = ktime_sub(ktime_add_ns(blank, period / 2), ktime_get());
	if (left <= 0 || left > period)
		return false;

	return !wait_event_hrtimeout(head->news,
				     atomic_read(&head->updates) != seen, left);
}

static void rcar_du_scanout_head_commit_work(struct work_struct *work)
{
	struct rcar_du_scanout_head *head =
		container_of(work, struct rcar_du_scanout_head, commit_work);

	int asked = atomic_read(&head->asked);

	head->ops->commit(head);

	atomic_set(&head->answered, asked);
	wake_up_all(&head->answers);
}

/**
 * rcar_du_scanout_head_commit - Have something new put on a CRTC
 * @head: the CRTC
 */
void rcar_du_scanout_head_commit(struct rcar_du_scanout_head *head)
{
	atomic_inc(&head->updates);
	wake_up(&head->news);
	queue_work(head->wq, &head->commit_work);
}

/**
 * rcar_du_scanout_head_flush - Wait for the worker of a CRTC
 * @head: the CRTC
 *
 * On return everything has been committed that was new at the call.
 */
void rcar_du_scanout_head_flush(struct rcar_du_scanout_head *head)
{
	flush_work(&head->commit_work);
}

/**
 * rcar_du_scanout_head_wait - Wait for the worker of a CRTC, but not for ever
 * @head: the CRTC
 *
 * The worker has to wait for the commits of others on its CRTC, and these may wait for
 * a fence that is never signalled.
 *
 * Return: true if everything has been committed that was new at the call, false after a
 * second.
 */
bool rcar_du_scanout_head_wait(struct rcar_du_scanout_head *head)
{
	int asked = atomic_inc_return(&head->asked);

	/* If it runs already it may have looked before: it runs once more. */
	rcar_du_scanout_head_commit(head);

	return wait_event_timeout(head->answers,
				  atomic_read(&head->answered) - asked >= 0,
				  RCAR_DU_SCANOUT_COMMIT_TIMEOUT);
}

/**
 * rcar_du_scanout_head_init - Prepare a CRTC
 * @head: the CRTC to be
 * @crtc: the DRM CRTC
 * @ops: calls of those above
 * @data: for them
 *
 * Return: 0, or -ENOMEM or another error of kthread_run().
 */
int rcar_du_scanout_head_init(struct rcar_du_scanout_head *head,
			      struct drm_crtc *crtc,
			      const struct rcar_du_scanout_head_ops *ops,
			      void *data)
{
	struct task_struct *thread;

	head->ops = ops;
	head->data = data;
	head->crtc = crtc;
	INIT_WORK(&head->commit_work, rcar_du_scanout_head_commit_work);
	init_waitqueue_head(&head->wait);
	init_waitqueue_head(&head->news);
	init_waitqueue_head(&head->answers);

	head->wq = alloc_ordered_workqueue("rcar-du-scanout", WQ_HIGHPRI);
	if (!head->wq)
		return -ENOMEM;

	thread = kthread_run(rcar_du_scanout_vblank_thread, head,
			     "rcar-du-scanout/%u", drm_crtc_index(crtc));
	if (IS_ERR(thread)) {
		destroy_workqueue(head->wq);
		return PTR_ERR(thread);
	}
	head->thread = thread;
	head->connector = rcar_du_scanout_connector_find(crtc);

	return 0;
}

/**
 * rcar_du_scanout_head_fini - Undo rcar_du_scanout_head_init()
 * @head: the CRTC, without sinks
 */
void rcar_du_scanout_head_fini(struct rcar_du_scanout_head *head)
{
	kthread_stop(head->thread);
	destroy_workqueue(head->wq);
	while (head->num_left)
		drm_framebuffer_put(head->left[--head->num_left].fb);
	if (head->own_commit)
		drm_crtc_commit_put(head->own_commit);
	if (head->landed)
		drm_crtc_commit_put(head->landed);
	if (head->connector)
		drm_connector_put(head->connector);
}
