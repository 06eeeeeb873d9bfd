// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: atomic commits and vertical blanks
 *
 * A CRTC takes one commit for each frame. So there is one worker for each CRTC,
 * which takes the newest frame of each sink there and commits them together.
 *
 * It waits for each commit. Nobody but itself waits with it, and newer frames
 * replace older ones meanwhile. A non-blocking commit would gain nothing, and
 * would make the non-blocking commits of a compositor on the same CRTC fail
 * with EBUSY: with a blocking one they wait for their turn.
 */

#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_uapi.h>
#include <drm/drm_blend.h>
#include <drm/drm_connector.h>
#include <drm/drm_crtc.h>
#include <drm/drm_drv.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_modeset_lock.h>
#include <drm/drm_plane.h>
#include <drm/drm_vblank.h>

#include "rcar_du_scanout_sink.h"

/* -----------------------------------------------------------------------------
 * States
 */

/**
 * rcar_du_scanout_state_put - Drop the references of a state
 * @state: the state; it shows nothing afterwards
 */
void rcar_du_scanout_state_put(struct rcar_du_scanout_state *state)
{
	unsigned int i;

	for (i = 0; i < state->frame.num_layers; i++)
		drm_framebuffer_put(state->frame.layers[i].fb);

	memset(&state->frame, 0, sizeof(state->frame));
}

static void rcar_du_scanout_state_copy(struct rcar_du_scanout_state *to,
				       const struct rcar_du_scanout_state *from)
{
	unsigned int i;

	*to = *from;
	for (i = 0; i < to->frame.num_layers; i++)
		drm_framebuffer_get(to->frame.layers[i].fb);
}

/* -----------------------------------------------------------------------------
 * Commit
 */

static int rcar_du_scanout_plane_off(struct drm_plane_state *plane_state)
{
	drm_atomic_set_fb_for_plane(plane_state, NULL);

	return drm_atomic_set_crtc_for_plane(plane_state, NULL);
}

static void rcar_du_scanout_plane_place(const struct rcar_du_scanout_sink *sink,
					const struct rcar_du_scanout_state *state,
					unsigned int index,
					struct drm_plane_state *plane_state)
{
	const struct rcar_du_scanout_layer *layer = &state->frame.layers[index];
	u32 alpha = layer->alpha;

	plane_state->src_x = 0;
	plane_state->src_y = 0;
	plane_state->src_w = layer->width << 16;
	plane_state->src_h = layer->height << 16;
	plane_state->crtc_x = layer->x;
	plane_state->crtc_y = layer->y;
	plane_state->crtc_w = layer->width;
	plane_state->crtc_h = layer->height;
	plane_state->zpos = index;

	if (sink->kind == RCAR_DU_SCANOUT_PLANE) {
		plane_state->crtc_x += state->props[RCAR_DU_SCANOUT_X];
		plane_state->crtc_y += state->props[RCAR_DU_SCANOUT_Y];
		plane_state->zpos = state->props[RCAR_DU_SCANOUT_ZPOS];
		alpha = alpha * state->props[RCAR_DU_SCANOUT_ALPHA] /
			DRM_BLEND_ALPHA_OPAQUE;
	}

	plane_state->alpha = alpha;
	if (plane_state->plane->blend_mode_property)
		plane_state->pixel_blend_mode = layer->blend;
}

static int rcar_du_scanout_plane_on(const struct rcar_du_scanout_sink *sink,
				    struct drm_crtc *crtc, unsigned int index,
				    struct drm_plane_state *plane_state)
{
	const struct rcar_du_scanout_state *state = &sink->pending;
	int ret;

	ret = drm_atomic_set_crtc_for_plane(plane_state, crtc);
	if (ret)
		return ret;

	drm_atomic_set_fb_for_plane(plane_state, state->frame.layers[index].fb);
	rcar_du_scanout_plane_place(sink, state, index, plane_state);

	return 0;
}

/* Adds the planes of a sink to a commit, and the CRTC of a channel. */
static int rcar_du_scanout_add(struct rcar_du_scanout_sink *sink,
			       struct rcar_du_scanout_head *head,
			       struct drm_atomic_state *state)
{
	const struct rcar_du_scanout_frame *frame = &sink->pending.frame;
	struct drm_crtc_state *crtc_state;
	unsigned int i;
	bool show;
	int ret;

	crtc_state = drm_atomic_get_crtc_state(state, head->crtc);
	if (IS_ERR(crtc_state))
		return PTR_ERR(crtc_state);

	if (sink->kind == RCAR_DU_SCANOUT_CHANNEL) {
		ret = rcar_du_scanout_channel_state(sink, head, state);
		if (ret)
			return ret;
	}

	show = crtc_state->active && sink->pending.props[RCAR_DU_SCANOUT_VISIBLE];

	for (i = 0; i < sink->num_planes; i++) {
		struct drm_plane_state *plane_state;

		plane_state = drm_atomic_get_plane_state(state, sink->planes[i]);
		if (IS_ERR(plane_state))
			return PTR_ERR(plane_state);

		ret = show && i < frame->num_layers ?
		      rcar_du_scanout_plane_on(sink, head->crtc, i,
					       plane_state) :
		      rcar_du_scanout_plane_off(plane_state);
		if (ret)
			return ret;
	}

	return 0;
}

static int rcar_du_scanout_try_commit(struct rcar_du_scanout_head *head,
				      struct list_head *batch,
				      struct drm_modeset_acquire_ctx *ctx)
{
	struct rcar_du_scanout_sink *sink;
	struct drm_atomic_state *state;
	int ret = 0;

	state = drm_atomic_state_alloc(head->crtc->dev);
	if (!state)
		return -ENOMEM;

	state->acquire_ctx = ctx;

	list_for_each_entry(sink, batch, batch) {
		ret = rcar_du_scanout_add(sink, head, state);
		if (ret)
			break;
	}

	if (!ret)
		ret = drm_atomic_commit(state);
	drm_atomic_state_put(state);

	return ret;
}

static int rcar_du_scanout_commit(struct rcar_du_scanout_head *head,
				  struct list_head *batch)
{
	struct drm_device *dev = head->crtc->dev;
	struct drm_modeset_acquire_ctx ctx;
	int ret, idx;

	if (!drm_dev_enter(dev, &idx))
		return -ENODEV;

	drm_modeset_acquire_init(&ctx, 0);
	do {
		ret = rcar_du_scanout_try_commit(head, batch, &ctx);
	} while (ret == -EDEADLK && !drm_modeset_backoff(&ctx));
	drm_modeset_drop_locks(&ctx);
	drm_modeset_acquire_fini(&ctx);

	drm_dev_exit(idx);

	return ret;
}

static bool rcar_du_scanout_same_plane(const struct rcar_du_scanout_sink *sink,
				       unsigned int index,
				       const struct drm_plane_state *now)
{
	const struct rcar_du_scanout_frame *frame = &sink->shown.frame;
	struct drm_plane_state wanted = *now;

	if (now->fb != frame->layers[index].fb)
		return false;

	rcar_du_scanout_plane_place(sink, &sink->shown, index, &wanted);

	return now->crtc_x == wanted.crtc_x && now->crtc_y == wanted.crtc_y &&
	       now->crtc_w == wanted.crtc_w && now->crtc_h == wanted.crtc_h &&
	       now->src_x == wanted.src_x && now->src_y == wanted.src_y &&
	       now->src_w == wanted.src_w && now->src_h == wanted.src_h &&
	       now->zpos == wanted.zpos && now->alpha == wanted.alpha &&
	       now->pixel_blend_mode == wanted.pixel_blend_mode;
}

/*
 * A DRM master can change any plane and any CRTC, and does: compositors turn off
 * what they don't know when they start, and so does the console when they end.
 * What shows nothing is left to them.
 */
static bool rcar_du_scanout_intact(struct rcar_du_scanout_sink *sink,
				   struct rcar_du_scanout_head *head)
{
	const struct rcar_du_scanout_state *shown = &sink->shown;
	bool channel = sink->kind == RCAR_DU_SCANOUT_CHANNEL;
	bool active, same;
	unsigned int i;

	if (channel ? !rcar_du_scanout_channel_on(shown) :
		      !shown->props[RCAR_DU_SCANOUT_VISIBLE])
		return true;

	drm_modeset_lock(&head->crtc->mutex, NULL);
	active = head->crtc->state->active;
	same = !channel || (active && drm_mode_equal(&head->crtc->state->mode,
						     &shown->mode));
	drm_modeset_unlock(&head->crtc->mutex);

	/* There is nothing to be seen on a CRTC that the host has turned off. */
	if (!active)
		return same;

	for (i = 0; i < min(sink->num_planes, shown->frame.num_layers) && same;
	     i++) {
		struct drm_plane *plane = sink->planes[i];

		drm_modeset_lock(&plane->mutex, NULL);
		same = rcar_du_scanout_same_plane(sink, i, plane->state);
		drm_modeset_unlock(&plane->mutex);
	}

	return same;
}

/*
 * Takes the newest frames, those that come from now on are for the next commit.
 * Sinks without a new one that somebody may have interfered with are idle.
 */
static void rcar_du_scanout_collect(struct rcar_du_scanout_head *head,
				    struct list_head *batch,
				    struct list_head *idle)
{
	struct rcar_du_scanout_sink *sink;
	bool check;

	guard(mutex)(&head->scanout->mutex);

	check = head->check;
	head->check = false;

	list_for_each_entry(sink, &head->scanout->sinks, link) {
		if (sink->head != head)
			continue;

		if (sink->dirty) {
			sink->dirty = false;
			rcar_du_scanout_state_copy(&sink->pending, &sink->next);
			list_add_tail(&sink->batch, batch);
		} else if (check) {
			list_add_tail(&sink->batch, idle);
		}
	}
}

static void rcar_du_scanout_restore(struct rcar_du_scanout_head *head,
				    struct list_head *batch,
				    struct list_head *idle)
{
	struct rcar_du_scanout_sink *sink, *tmp;

	list_for_each_entry_safe(sink, tmp, idle, batch) {
		if (rcar_du_scanout_intact(sink, head))
			continue;

		rcar_du_scanout_state_copy(&sink->pending, &sink->shown);
		sink->restoring = true;
		list_move_tail(&sink->batch, batch);
	}
}

static void rcar_du_scanout_done(struct rcar_du_scanout_sink *sink,
				 struct rcar_du_scanout_head *head, int error)
{
	const struct rcar_du_scanout_frame *frame = &sink->pending.frame;
	u32 seq = frame->seq;
	bool no_mode = sink->kind == RCAR_DU_SCANOUT_CHANNEL && frame->on &&
		       !sink->pending.mode.clock;
	ktime_t time = 0;
	u64 count;

	if (!error)
		swap(sink->shown, sink->pending);
	rcar_du_scanout_state_put(&sink->pending);
	if (!error && no_mode)
		error = -ERANGE;

	/* That is nothing new. */
	if (sink->restoring) {
		sink->restoring = false;
		return;
	}

	count = drm_crtc_vblank_count_and_time(head->crtc, &time);
	sink->ops->shown(sink->data, seq, count, ktime_to_ns(time), error);
}

static void rcar_du_scanout_commit_work(struct work_struct *work)
{
	struct rcar_du_scanout_head *head =
		container_of(work, struct rcar_du_scanout_head, commit_work);
	struct rcar_du_scanout_sink *sink, *tmp;
	LIST_HEAD(batch);
	LIST_HEAD(idle);
	int ret;

	rcar_du_scanout_collect(head, &batch, &idle);
	rcar_du_scanout_restore(head, &batch, &idle);
	if (list_empty(&batch))
		return;

	list_for_each_entry(sink, &batch, batch)
		if (sink->kind == RCAR_DU_SCANOUT_CHANNEL)
			rcar_du_scanout_find_mode(sink, head);

	ret = rcar_du_scanout_commit(head, &batch);
	if (ret && !list_is_singular(&batch)) {
		/* What one of them can't have is not to stop the others. */
		list_for_each_entry_safe(sink, tmp, &batch, batch) {
			LIST_HEAD(single);

			list_move(&sink->batch, &single);
			ret = rcar_du_scanout_commit(head, &single);
			rcar_du_scanout_done(sink, head, ret);
		}
	} else {
		list_for_each_entry(sink, &batch, batch)
			rcar_du_scanout_done(sink, head, ret);
	}

	rcar_du_scanout_head_tick(head);
}

/**
 * rcar_du_scanout_update_locked - Have a sink's next state committed
 * @sink: the sink; the caller holds the mutex
 */
void rcar_du_scanout_update_locked(struct rcar_du_scanout_sink *sink)
{
	lockdep_assert_held(&sink->scanout->mutex);

	sink->dirty = true;
	/* It has none while it moves from one CRTC to another. */
	if (sink->head)
		queue_work(sink->head->wq, &sink->head->commit_work);
}

static bool rcar_du_scanout_nothing(const struct rcar_du_scanout_frame *frame)
{
	return !frame->on && !frame->num_layers;
}

/**
 * rcar_du_scanout_show - Show a frame at the next vertical blank
 * @sink: the sink
 * @frame: the frame; references are taken on its framebuffers
 *
 * Takes the place of a frame that is not on its way to the screen yet.
 */
void rcar_du_scanout_show(struct rcar_du_scanout_sink *sink,
			  const struct rcar_du_scanout_frame *frame)
{
	struct rcar_du_scanout_state old;
	unsigned int i;

	scoped_guard(mutex, &sink->scanout->mutex) {
		/* The CRTC of a channel that is off may be somebody else's. */
		if (!sink->dirty && rcar_du_scanout_nothing(frame) &&
		    rcar_du_scanout_nothing(&sink->next.frame))
			return;

		old = sink->next;
		sink->next.frame = *frame;
		for (i = 0; i < frame->num_layers; i++)
			drm_framebuffer_get(frame->layers[i].fb);
		rcar_du_scanout_update_locked(sink);
	}

	rcar_du_scanout_state_put(&old);
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_show);

/* -----------------------------------------------------------------------------
 * Vertical blanks
 */

static bool rcar_du_scanout_wanted(struct rcar_du_scanout_head *head)
{
	struct rcar_du_scanout_sink *sink;
	bool wanted = false;

	scoped_guard(spinlock, &head->scanout->lock) {
		list_for_each_entry(sink, &head->scanout->sinks, link)
			wanted |= sink->head == head && sink->started;
	}

	return wanted;
}

static void rcar_du_scanout_tell(struct rcar_du_scanout_head *head, u64 count,
				 ktime_t time)
{
	struct rcar_du_scanout_sink *sink;

	scoped_guard(spinlock, &head->scanout->lock) {
		list_for_each_entry(sink, &head->scanout->sinks, link) {
			if (sink->head == head && sink->started)
				sink->ops->vblank(sink->data, count,
						  ktime_to_ns(time));
		}
	}
}

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
		rcar_du_scanout_tell(head, *count, time);

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
		if (rcar_du_scanout_wanted(head) &&
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
 * rcar_du_scanout_watch_work - Look after the CRTCs now and then
 * @work: rcar_du_scanout.watch_work
 *
 * Puts back what others have changed, and finds CRTCs that others have turned
 * on: those that are off have no vertical blank to wait for.
 */
void rcar_du_scanout_watch_work(struct work_struct *work)
{
	struct rcar_du_scanout *scanout =
		container_of(to_delayed_work(work), struct rcar_du_scanout,
			     watch_work);
	unsigned int i;

	for (i = 0; i < scanout->num_heads; i++) {
		struct rcar_du_scanout_head *head = &scanout->heads[i];

		scoped_guard(mutex, &scanout->mutex)
			head->check = true;
		queue_work(head->wq, &head->commit_work);
		rcar_du_scanout_head_tick(head);
	}

	queue_delayed_work(system_wq, &scanout->watch_work, HZ);
}

/**
 * rcar_du_scanout_head_init - Prepare a CRTC
 * @head: the CRTC to be
 * @scanout: the display
 * @crtc: the DRM CRTC
 *
 * Return: 0, or -ENOMEM or another error of kthread_run().
 */
int rcar_du_scanout_head_init(struct rcar_du_scanout_head *head,
			      struct rcar_du_scanout *scanout,
			      struct drm_crtc *crtc)
{
	struct task_struct *thread;

	head->scanout = scanout;
	head->crtc = crtc;
	INIT_WORK(&head->commit_work, rcar_du_scanout_commit_work);
	init_waitqueue_head(&head->wait);

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
	head->connector = rcar_du_scanout_find_connector(crtc);

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
	if (head->connector)
		drm_connector_put(head->connector);
}
