// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: what is ours, in commits of anybody
 *
 * Planes and CRTCs of guests are in each commit on their CRTC, with the newest frame. So
 * nothing that others ask of them has an effect, and host and guests change pictures at
 * the same vertical blank. It is the same for commits of ours, which are but an empty
 * state with the CRTC, or with its mode.
 */

#include <linux/dma-fence.h>
#include <linux/list.h>
#include <linux/lockdep.h>

#include <drm/drm_atomic.h>
#include <drm/drm_crtc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_modeset_lock.h>
#include <drm/drm_plane.h>

#include "rcar_du_scanout_claim.h"
#include "rcar_du_scanout_head.h"
#include "rcar_du_scanout_hook.h"
#include "rcar_du_scanout_owner.h"
#include "rcar_du_scanout_pool.h"
#include "rcar_du_scanout_rider.h"
#include "rcar_du_scanout_sink.h"

/* How long a commit of the host's waits for one of ours: some frames. */
#define RCAR_DU_SCANOUT_RIDER_TIMEOUT	(HZ / 10)

/* Nobody else can have a state at the same address while ours is made. */
static bool rcar_du_scanout_rider_own(const struct rcar_du_scanout_riders *riders,
				      const struct drm_atomic_state *state)
{
	unsigned int i;

	for (i = 0; i < riders->num_heads; i++) {
		if (READ_ONCE(riders->heads[i].own) == state)
			return true;
	}

	return false;
}

/* -----------------------------------------------------------------------------
 * References
 */

/**
 * struct rcar_du_scanout_held - Framebuffers of a state
 *
 * So that none loses its last reference while a mutex is held.
 */
struct rcar_du_scanout_held {
	/** @num: valid entries of @fbs */
	unsigned int num;
	/** @fbs: with references */
	struct drm_framebuffer *fbs[RCAR_DU_SCANOUT_MAX_PLANES];
};

static void rcar_du_scanout_hold(struct rcar_du_scanout_held *held,
				 struct drm_framebuffer *fb)
{
	if (!fb || held->num == ARRAY_SIZE(held->fbs))
		return;

	drm_framebuffer_get(fb);
	held->fbs[held->num++] = fb;
}

static void rcar_du_scanout_hold_all(struct rcar_du_scanout_held *held,
				     struct drm_atomic_state *state)
{
	struct drm_plane_state *plane_state;
	struct drm_plane *plane;
	int i;

	held->num = 0;
	for_each_new_plane_in_state(state, plane, plane_state, i)
		rcar_du_scanout_hold(held, plane_state->fb);
}

static void rcar_du_scanout_let_go(struct rcar_du_scanout_held *held)
{
	while (held->num)
		drm_framebuffer_put(held->fbs[--held->num]);
}

/* -----------------------------------------------------------------------------
 * What is ours
 */

/*
 * All of them, also those that stay as they are: what the helpers add later for a mode
 * set would have no fence of ours.
 */
static int rcar_du_scanout_rider_add(struct drm_plane *plane,
				     const struct drm_crtc *crtc,
				     struct drm_atomic_state *state)
{
	struct drm_plane_state *plane_state;
	int ret;

	ret = drm_modeset_lock(&plane->mutex, state->acquire_ctx);
	if (ret)
		return ret;

	/* That would add the other CRTC. */
	if (plane->state->crtc && plane->state->crtc != crtc)
		return 0;

	if (!drm_atomic_get_new_plane_state(state, plane)) {
		plane_state = drm_atomic_get_plane_state(state, plane);
		if (IS_ERR(plane_state))
			return PTR_ERR(plane_state);
	}

	rcar_du_scanout_claim_reset_plane(state, plane);

	return 0;
}

/* What a sink has in a commit: the newest, or what it had. */
static void rcar_du_scanout_rider_offer_locked(struct rcar_du_scanout_sink *sink,
					       struct drm_crtc_state *crtc_state,
					       bool own)
{
	const struct rcar_du_scanout_sink *only = own ? sink->head->own_sink : NULL;
	struct rcar_du_scanout_claim *claim = &sink->claim;
	struct drm_atomic_state *state = crtc_state->state;
	bool off = !crtc_state->active;

	lockdep_assert_held(&sink->sinks->mutex);

	if (!own && !rcar_du_scanout_claim_owned(claim))
		return;

	/* Where the CRTC goes off nobody sees what was asked. */
	if (!own && off)
		return;

	claim->stuck = !rcar_du_scanout_claim_ready(claim, crtc_state->crtc, state);
	if (sink->serial == claim->refused || (only && only != sink) ||
	    !rcar_du_scanout_sink_decided_locked(sink) ||
	    !rcar_du_scanout_claim_fits(claim, &sink->next, crtc_state)) {
		rcar_du_scanout_claim_keep(claim, crtc_state->crtc, state);
		return;
	}

	if (!rcar_du_scanout_claim_fill(claim, &sink->next, crtc_state->crtc, off,
					state))
		return;

	claim->offered_in = state;
	claim->withdrawn = 0;
	claim->offered = sink->serial;
	claim->offered_seq = sink->next.frame.seq;
	claim->offered_error = rcar_du_scanout_claim_error(claim, &sink->next);
}

static void rcar_du_scanout_rider_offer(struct rcar_du_scanout_sinks *sinks,
					const struct rcar_du_scanout_head *head,
					struct drm_crtc_state *crtc_state, bool own)
{
	struct rcar_du_scanout_sink *sink;
	struct rcar_du_scanout_held held;

	rcar_du_scanout_hold_all(&held, crtc_state->state);
	scoped_guard(mutex, &sinks->mutex) {
		list_for_each_entry(sink, &sinks->list, link) {
			if (sink->head == head)
				rcar_du_scanout_rider_offer_locked(sink, crtc_state,
								   own);
		}
	}
	rcar_du_scanout_let_go(&held);
}

/* A host that tests commits is about to commit. */
static void rcar_du_scanout_rider_tested(struct rcar_du_scanout_sinks *sinks,
					 struct rcar_du_scanout_head *head)
{
	u64 blank;

	if (!rcar_du_scanout_head_blank(head, &blank))
		return;

	guard(mutex)(&sinks->mutex);
	rcar_du_scanout_pace_tested(&head->pace, blank);
}

static int rcar_du_scanout_rider_join(struct rcar_du_scanout_riders *riders,
				      struct rcar_du_scanout_head *head,
				      struct drm_crtc_state *crtc_state)
{
	struct drm_plane *planes[RCAR_DU_SCANOUT_MAX_PLANES];
	struct drm_atomic_state *state = crtc_state->state;
	bool own = READ_ONCE(head->own) == state;
	struct drm_crtc *crtc = crtc_state->crtc;
	unsigned int num, i;
	int ret;

	if (!own && rcar_du_scanout_owner_driven(riders, crtc)) {
		ret = rcar_du_scanout_owner_keep_crtc(crtc, state);
		if (ret)
			return ret;
	}

	num = rcar_du_scanout_sinks_planes(riders->sinks, head, own, planes);
	if (!num)
		return 0;

	/* There is nothing to be seen on a CRTC that the host turns off. */
	if (own || crtc_state->active) {
		for (i = 0; i < num; i++) {
			ret = rcar_du_scanout_rider_add(planes[i], crtc, state);
			if (ret)
				return ret;
		}
	}

	if (!own)
		rcar_du_scanout_rider_tested(riders->sinks, head);
	rcar_du_scanout_rider_offer(riders->sinks, head, crtc_state, own);

	return 0;
}

/*
 * Tells whether our frames can be in a commit. Some do not wait for the vertical blank, and
 * free buffers that are still on the screen.
 */
static bool rcar_du_scanout_rider_carries(const struct drm_atomic_state *state,
					  const struct drm_crtc_state *crtc_state)
{
	return !state->legacy_cursor_update && !crtc_state->async_flip;
}

/* Another state may have had the same address, and was tested only, or refused. */
static void rcar_du_scanout_rider_forget(struct rcar_du_scanout_sinks *sinks,
					 const struct drm_atomic_state *state)
{
	struct rcar_du_scanout_sink *sink;

	guard(mutex)(&sinks->mutex);

	list_for_each_entry(sink, &sinks->list, link) {
		if (sink->claim.offered_in != state)
			continue;

		sink->claim.offered_in = NULL;
		sink->claim.withdrawn = 0;
	}
}

static int rcar_du_scanout_rider_check(void *data, struct drm_atomic_state *state)
{
	struct rcar_du_scanout_riders *riders = data;
	struct drm_crtc_state *crtc_state;
	struct drm_crtc *crtc;
	int i, ret;

	rcar_du_scanout_rider_forget(riders->sinks, state);

	if (!rcar_du_scanout_rider_own(riders, state)) {
		ret = rcar_du_scanout_owner_judge(riders, state);
		if (ret)
			return ret;
	}

	for_each_new_crtc_in_state(state, crtc, crtc_state, i) {
		struct rcar_du_scanout_head *head =
			rcar_du_scanout_owner_head(riders, crtc);

		if (!head || !rcar_du_scanout_rider_carries(state, crtc_state))
			continue;

		ret = rcar_du_scanout_rider_join(riders, head, crtc_state);
		if (ret)
			return ret;
	}

	return 0;
}

/*
 * What a plane shows may be too much for another mode, and what was committed while the CRTC
 * was off was never there: the planes are off then.
 */
static bool rcar_du_scanout_rider_withdraw_locked(struct rcar_du_scanout_sink *sink,
						  struct drm_atomic_state *state)
{
	struct rcar_du_scanout_claim *claim = &sink->claim;
	struct drm_crtc_state *crtc_state;
	bool modeset;

	lockdep_assert_held(&sink->sinks->mutex);

	if (!sink->head || claim->offered_in != state)
		return false;

	crtc_state = drm_atomic_get_new_crtc_state(state, sink->head->crtc);
	modeset = drm_atomic_crtc_needs_modeset(crtc_state);
	if (!modeset && claim->offered == claim->committed)
		return false;

	if (modeset && claim->kind == RCAR_DU_SCANOUT_PLANE)
		rcar_du_scanout_claim_fill(claim, &sink->next, crtc_state->crtc,
					   true, state);
	else
		rcar_du_scanout_claim_keep(claim, crtc_state->crtc, state);
	claim->withdrawn = claim->offered;

	return true;
}

static bool rcar_du_scanout_rider_withdraw(void *data,
					   struct drm_atomic_state *state)
{
	struct rcar_du_scanout_riders *riders = data;
	struct rcar_du_scanout_sink *sink;
	struct rcar_du_scanout_held held;
	bool withdrawn = false;

	/* Commits of ours tell what is wrong. */
	if (rcar_du_scanout_rider_own(riders, state))
		return false;

	rcar_du_scanout_hold_all(&held, state);
	scoped_guard(mutex, &riders->sinks->mutex) {
		list_for_each_entry(sink, &riders->sinks->list, link)
			withdrawn |= rcar_du_scanout_rider_withdraw_locked(sink,
									    state);
	}
	rcar_du_scanout_let_go(&held);

	return withdrawn;
}

/*
 * Whoever holds a dma-buf can attach a fence to it, and never signal it. No commit is to
 * wait for one on a plane of ours: these pictures are complete. Nor is a commit of ours to
 * wait for what else the driver has added to it, which is on the screen already. A driver
 * waits for no other fence of a plane that has one.
 */
static void rcar_du_scanout_rider_checked(void *data, struct drm_atomic_state *state)
{
	struct rcar_du_scanout_riders *riders = data;
	bool own = rcar_du_scanout_rider_own(riders, state);
	struct drm_plane_state *plane_state;
	struct drm_plane *plane;
	int i;

	for_each_new_plane_in_state(state, plane, plane_state, i) {
		bool ours = own;

		if (!plane_state->fb)
			continue;

		scoped_guard(mutex, &riders->sinks->mutex)
			ours |= !!rcar_du_scanout_owner_locked(riders->sinks,
								      plane);
		if (!ours)
			continue;

		dma_fence_put(plane_state->fence);
		plane_state->fence = dma_fence_get_stub();
	}
}

/* -----------------------------------------------------------------------------
 * What becomes of it
 */

/*
 * A commit that does not block fails while the one before is not on the screen. That is
 * right if the host made that, too, but it cannot know of ours.
 */
static int rcar_du_scanout_rider_begin(void *data, struct drm_atomic_state *state,
				       bool nonblock)
{
	struct rcar_du_scanout_riders *riders = data;
	struct drm_crtc_state *crtc_state;
	struct drm_crtc *crtc;
	int i;

	if (!nonblock || rcar_du_scanout_rider_own(riders, state))
		return 0;

	for_each_new_crtc_in_state(state, crtc, crtc_state, i) {
		struct rcar_du_scanout_head *head =
			rcar_du_scanout_owner_head(riders, crtc);
		struct drm_crtc_commit *commit = NULL;
		long ret = 0;

		if (!head)
			continue;

		scoped_guard(mutex, &riders->sinks->mutex) {
			if (head->own_commit)
				commit = drm_crtc_commit_get(head->own_commit);
		}
		if (!commit)
			continue;

		ret = wait_for_completion_interruptible_timeout(&commit->flip_done,
								RCAR_DU_SCANOUT_RIDER_TIMEOUT);
		drm_crtc_commit_put(commit);
		if (ret < 0)
			return ret;
	}

	return 0;
}

/* Errors that are not about what is in a commit. */
static bool rcar_du_scanout_rider_excuses(int error)
{
	return error == -EBUSY || error == -EINTR || error == -ERESTARTSYS;
}

/*
 * Takes note of what became of a commit. What was withdrawn from one that is only tested
 * has another chance. Otherwise it was in the host's way: it is not tried again, as is
 * what was in a commit that failed too late to withdraw it. Returns whether there is
 * something to be told.
 */
static bool rcar_du_scanout_rider_land_locked(struct rcar_du_scanout_sink *sink,
					      const struct drm_atomic_state *state,
					      bool own, u64 blank, int error)
{
	struct rcar_du_scanout_claim *claim = &sink->claim;

	lockdep_assert_held(&sink->sinks->mutex);

	if (claim->offered_in != state)
		return false;

	claim->offered_in = NULL;
	if (!error && !claim->withdrawn) {
		claim->taken = true;
		if (claim->offered == claim->committed)
			return false;

		rcar_du_scanout_claim_commit(claim, claim->offered,
					     claim->offered_seq,
					     claim->offered_error);
		claim->committed_blank = blank;
		return true;
	}

	/* Of several in a commit of ours the worker finds out which one it was. */
	if (own || rcar_du_scanout_rider_excuses(error) ||
	    (error && claim->offered == claim->committed))
		return false;

	if (claim->withdrawn == claim->committed)
		claim->committed = 0;

	return rcar_du_scanout_sink_refuse_locked(sink, claim->offered,
						  claim->offered_seq,
						  error ?: -EINVAL);
}

static bool rcar_du_scanout_rider_land_all_locked(struct rcar_du_scanout_sinks *sinks,
						  const struct rcar_du_scanout_head *head,
						  const struct drm_atomic_state *state,
						  bool own, u64 blank, int error)
{
	struct rcar_du_scanout_sink *sink;
	bool new = false;

	lockdep_assert_held(&sinks->mutex);

	list_for_each_entry(sink, &sinks->list, link) {
		if (sink->head == head)
			new |= rcar_du_scanout_rider_land_locked(sink, state, own,
								 blank, error);
	}

	return new;
}

static void rcar_du_scanout_rider_end_head(struct rcar_du_scanout_riders *riders,
					   struct rcar_du_scanout_head *head,
					   struct drm_atomic_state *state,
					   struct drm_crtc_state *crtc_state,
					   bool own, int error)
{
	bool carries = rcar_du_scanout_rider_carries(state, crtc_state);
	unsigned int index = drm_crtc_index(head->crtc);
	struct drm_crtc_commit *commit = state->crtcs[index].commit;
	struct drm_crtc_commit *old_own = NULL, *old_landed = NULL;
	bool new, on;
	u64 blank = 0;

	on = rcar_du_scanout_head_blank(head, &blank);

	scoped_guard(mutex, &riders->sinks->mutex) {
		new = rcar_du_scanout_rider_land_all_locked(riders->sinks, head,
							    state, own, blank, error);
		if (new && !error) {
			old_landed = head->landed;
			head->landed = commit ? drm_crtc_commit_get(commit) : NULL;
			head->landed_late = false;
		}
		if (own && !error) {
			old_own = head->own_commit;
			head->own_commit = commit ? drm_crtc_commit_get(commit) :
						    NULL;
		}
		if (!own && !error && on && carries)
			rcar_du_scanout_pace_committed(&head->pace, blank);
	}

	if (old_own)
		drm_crtc_commit_put(old_own);
	if (old_landed)
		drm_crtc_commit_put(old_landed);

	/* What we have committed ourselves the worker knows of. */
	if (new && !own)
		rcar_du_scanout_head_commit(head);
	/* The CRTC may be on now. */
	rcar_du_scanout_head_tick(head);
}

static void rcar_du_scanout_rider_end(void *data, struct drm_atomic_state *state,
				      int error)
{
	struct rcar_du_scanout_riders *riders = data;
	bool own = rcar_du_scanout_rider_own(riders, state);
	struct drm_crtc_state *crtc_state;
	struct drm_crtc *crtc;
	int i;

	for_each_new_crtc_in_state(state, crtc, crtc_state, i) {
		struct rcar_du_scanout_head *head =
			rcar_du_scanout_owner_head(riders, crtc);

		if (head)
			rcar_du_scanout_rider_end_head(riders, head, state,
						       crtc_state, own, error);
	}
}

/*
 * Nothing is changed from when the driver turns everything off to when it is on again. Then
 * there is the newest.
 */
static void rcar_du_scanout_rider_quiesce(void *data, bool quiesce)
{
	struct rcar_du_scanout_riders *riders = data;
	unsigned int i;

	if (!quiesce)
		rcar_du_scanout_sinks_renew(riders->sinks);

	for (i = 0; i < riders->num_heads; i++) {
		if (quiesce)
			rcar_du_scanout_head_flush(&riders->heads[i]);
		else
			rcar_du_scanout_head_tick(&riders->heads[i]);
	}
}

const struct rcar_du_scanout_hook_ops rcar_du_scanout_rider_ops = {
	.check = rcar_du_scanout_rider_check,
	.withdraw = rcar_du_scanout_rider_withdraw,
	.checked = rcar_du_scanout_rider_checked,
	.begin = rcar_du_scanout_rider_begin,
	.end = rcar_du_scanout_rider_end,
	.quiesce = rcar_du_scanout_rider_quiesce,
};
