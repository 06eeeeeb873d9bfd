// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: atomic commits
 *
 * A CRTC takes one commit for each frame. So there is one worker for each CRTC,
 * which takes the newest frame of each sink there and commits them together.
 *
 * It waits for each commit. Nobody but itself waits with it, and newer frames
 * replace older ones meanwhile. A non-blocking commit would gain nothing, and
 * would make the non-blocking commits of a compositor on the same CRTC fail
 * with EBUSY: with a blocking one they wait for their turn.
 */

#include <linux/dma-fence.h>
#include <linux/list.h>

#include <drm/drm_atomic.h>
#include <drm/drm_crtc.h>
#include <drm/drm_drv.h>
#include <drm/drm_mode_config.h>
#include <drm/drm_modeset_lock.h>
#include <drm/drm_plane.h>
#include <drm/drm_vblank.h>

#include "rcar_du_scanout_claim.h"
#include "rcar_du_scanout_commit.h"
#include "rcar_du_scanout_head.h"
#include "rcar_du_scanout_sink.h"

/*
 * Whoever holds a dma-buf can attach a fence to it, and never signal it. The commit is
 * not to wait for one: ours are of pictures that are complete, and what else may be part
 * of it is on the screen already. A driver waits for no other fence of a plane that
 * has one.
 */
static void rcar_du_scanout_no_fences(struct drm_atomic_state *state)
{
	struct drm_plane_state *plane_state;
	struct drm_plane *plane;
	int i;

	for_each_new_plane_in_state(state, plane, plane_state, i) {
		if (!plane_state->fb)
			continue;

		dma_fence_put(plane_state->fence);
		plane_state->fence = dma_fence_get_stub();
	}
}

/* The check may add planes, such as those whose order changes. */
static int rcar_du_scanout_commit_state(struct drm_atomic_state *state)
{
	int ret;

	ret = drm_atomic_check_only(state);
	if (ret)
		return ret;

	rcar_du_scanout_no_fences(state);

	return state->dev->mode_config.funcs->atomic_commit(state->dev, state,
							    false);
}

static int rcar_du_scanout_try_commit(struct rcar_du_scanout_head *head,
				      struct list_head *batch,
				      struct drm_modeset_acquire_ctx *ctx)
{
	struct rcar_du_scanout_claim *claim;
	struct drm_atomic_state *state;
	int ret = 0;

	state = drm_atomic_state_alloc(head->crtc->dev);
	if (!state)
		return -ENOMEM;

	state->acquire_ctx = ctx;

	list_for_each_entry(claim, batch, batch) {
		ret = rcar_du_scanout_claim_add(claim, head, state);
		if (ret)
			break;
	}

	if (!ret)
		ret = rcar_du_scanout_commit_state(state);
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

static void rcar_du_scanout_restore(struct rcar_du_scanout_head *head,
				    struct list_head *batch,
				    struct list_head *idle)
{
	struct rcar_du_scanout_claim *claim, *tmp;

	list_for_each_entry_safe(claim, tmp, idle, batch) {
		if (rcar_du_scanout_claim_intact(claim, head))
			continue;

		rcar_du_scanout_claim_restore(claim);
		list_move_tail(&claim->batch, batch);
	}
}

static void rcar_du_scanout_done(struct rcar_du_scanout_claim *claim,
				 struct rcar_du_scanout_head *head, int error)
{
	u32 seq = claim->pending.frame.seq;
	bool restoring = claim->restoring;
	ktime_t time = 0;
	u64 count;

	error = rcar_du_scanout_claim_end(claim, error);

	/* What was restored is nothing new. */
	if (restoring)
		return;

	count = drm_crtc_vblank_count_and_time(head->crtc, &time);
	rcar_du_scanout_sink_shown(claim, seq, count, ktime_to_ns(time), error);
}

/**
 * rcar_du_scanout_commit_frames - Put the newest frames on a CRTC
 * @head: the CRTC
 * @check: put back what others have changed, too
 *
 * Context: the worker of the CRTC.
 */
void rcar_du_scanout_commit_frames(struct rcar_du_scanout_head *head, bool check)
{
	struct rcar_du_scanout_claim *claim, *tmp;
	LIST_HEAD(batch);
	LIST_HEAD(idle);
	int ret;

	rcar_du_scanout_sinks_collect(head, check, &batch, &idle);
	rcar_du_scanout_restore(head, &batch, &idle);
	if (list_empty(&batch))
		return;

	list_for_each_entry(claim, &batch, batch)
		rcar_du_scanout_claim_find_mode(claim, head);

	ret = rcar_du_scanout_commit(head, &batch);
	if (ret && !list_is_singular(&batch)) {
		/* What one of them can't have is not to stop the others. */
		list_for_each_entry_safe(claim, tmp, &batch, batch) {
			LIST_HEAD(single);

			list_move(&claim->batch, &single);
			ret = rcar_du_scanout_commit(head, &single);
			rcar_du_scanout_done(claim, head, ret);
		}
	} else {
		list_for_each_entry(claim, &batch, batch)
			rcar_du_scanout_done(claim, head, ret);
	}

	rcar_du_scanout_head_tick(head);
}
