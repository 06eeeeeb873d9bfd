// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: commits of our own
 *
 * A CRTC takes one commit for each frame. So there is one worker for each CRTC. What is
 * new goes into a commit of the host's if one is to be expected, and else into one that is
 * made here. Neither waits with a lock held: newer frames replace older ones meanwhile.
 * Only a mode set does, as the core wants it.
 */

#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/list.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_uapi.h>
#include <drm/drm_crtc.h>
#include <drm/drm_drv.h>
#include <drm/drm_modes.h>
#include <drm/drm_modeset_lock.h>
#include <drm/drm_plane.h>
#include <drm/drm_vblank.h>

#include "rcar_du_scanout_claim.h"
#include "rcar_du_scanout_commit.h"
#include "rcar_du_scanout_connector.h"
#include "rcar_du_scanout_head.h"
#include "rcar_du_scanout_hook.h"
#include "rcar_du_scanout_left.h"
#include "rcar_du_scanout_pool.h"
#include "rcar_du_scanout_report.h"
#include "rcar_du_scanout_sink.h"

/* -----------------------------------------------------------------------------
 * Channels
 */

/* The channel of a CRTC, or NULL. */
static struct rcar_du_scanout_sink *
rcar_du_scanout_channel_locked(struct rcar_du_scanout_head *head)
{
	struct rcar_du_scanout_sinks *sinks = head->data;
	struct rcar_du_scanout_sink *sink;

	lockdep_assert_held(&sinks->mutex);

	list_for_each_entry(sink, &sinks->list, link) {
		if (sink->head == head &&
		    sink->claim.kind == RCAR_DU_SCANOUT_CHANNEL)
			return sink;
	}

	return NULL;
}

/**
 * struct rcar_du_scanout_search - Which mode is looked for
 */
struct rcar_du_scanout_search {
	/** @serial: for which state */
	u32 serial;
	/** @frame: that of this frame, without its layers */
	struct rcar_du_scanout_frame frame;
	/** @any: any other one, if there is none for the frame */
	bool any;
	/** @preferred: the one that the display prefers, whatever the frame */
	bool preferred;
	/** @keep: the one of before */
	struct drm_display_mode keep;
};

/* Returns false if the one of before will do, or there is no channel. */
static bool rcar_du_scanout_search_begin(struct rcar_du_scanout_head *head,
					 struct rcar_du_scanout_search *search)
{
	struct rcar_du_scanout_sinks *sinks = head->data;
	const struct rcar_du_scanout_state *next;
	struct rcar_du_scanout_sink *sink;
	bool does;

	guard(mutex)(&sinks->mutex);

	sink = rcar_du_scanout_channel_locked(head);
	if (!sink || rcar_du_scanout_sink_decided_locked(sink))
		return false;

	next = &sink->next;

	search->preferred = next->props[RCAR_DU_SCANOUT_FIXED];
	does = search->preferred || !next->frame.on ?
	       next->mode.clock : rcar_du_scanout_claim_has_mode(next);
	if (does && !sink->mode_stale) {
		sink->mode_serial = sink->serial;
		return false;
	}

	search->serial = sink->serial;
	search->frame = next->frame;
	search->frame.num_layers = 0;
	search->any = rcar_du_scanout_claim_stays_on(next);
	search->keep = next->mode;

	return true;
}

/* The modes of a connector are protected by a mutex of the core. */
static void rcar_du_scanout_search_mode(struct drm_connector *connector,
					const struct rcar_du_scanout_search *search,
					struct drm_display_mode *mode)
{
	if (search->preferred) {
		rcar_du_scanout_connector_mode(connector, NULL, NULL, mode);
		return;
	}

	memset(mode, 0, sizeof(*mode));
	if (search->frame.on)
		rcar_du_scanout_connector_mode(connector, &search->frame,
					       &search->keep, mode);
	if (!mode->clock && search->any)
		rcar_du_scanout_connector_mode(connector, NULL, &search->keep,
					       mode);
}

/* Finds the mode for the newest frame of the channel. Most have that of the last. */
static void rcar_du_scanout_find_mode(struct rcar_du_scanout_head *head)
{
	struct rcar_du_scanout_sinks *sinks = head->data;
	struct rcar_du_scanout_search search;
	struct rcar_du_scanout_sink *sink;
	struct drm_display_mode mode;

	if (!rcar_du_scanout_search_begin(head, &search))
		return;

	rcar_du_scanout_search_mode(head->connector, &search, &mode);

	guard(mutex)(&sinks->mutex);

	sink = rcar_du_scanout_channel_locked(head);
	if (!sink || sink->serial != search.serial)
		return;

	sink->next.mode = mode;
	sink->mode_serial = search.serial;
	sink->mode_stale = false;
}

/* Tells whether a sink shows nothing, and the host has what it would show it on. */
static bool rcar_du_scanout_quiet_locked(struct rcar_du_scanout_sink *sink)
{
	const struct rcar_du_scanout_claim *claim = &sink->claim;

	lockdep_assert_held(&sink->sinks->mutex);

	if (claim->kind == RCAR_DU_SCANOUT_PLANE)
		return !claim->taken && !sink->next.frame.num_layers &&
		       !rcar_du_scanout_claim_stands_by(claim, &sink->next);

	return !claim->lit && rcar_du_scanout_sink_decided_locked(sink) &&
	       !rcar_du_scanout_claim_on(&sink->next);
}

/*
 * Nobody sees what a guest shows whose display is off, or has no mode for it: what the
 * host has is not touched.
 */
static void rcar_du_scanout_settle(struct rcar_du_scanout_head *head)
{
	struct rcar_du_scanout_sinks *sinks = head->data;
	struct rcar_du_scanout_sink *sink;

	guard(mutex)(&sinks->mutex);

	list_for_each_entry(sink, &sinks->list, link) {
		if (sink->head != head || !rcar_du_scanout_sink_dirty_locked(sink) ||
		    !rcar_du_scanout_quiet_locked(sink))
			continue;

		rcar_du_scanout_claim_commit(&sink->claim, sink->serial,
					     sink->next.frame.seq,
					     rcar_du_scanout_claim_error(&sink->claim,
									 &sink->next));
		/* No commit has it that could be late. */
		sink->claim.committed_late = true;
	}
}

/**
 * struct rcar_du_scanout_drive - What the guest of a channel wants of the CRTC
 */
struct rcar_du_scanout_drive {
	/** @channel: there is a channel */
	bool channel;
	/** @lit: the CRTC is its own already */
	bool lit;
	/** @on: it is to be on */
	bool on;
	/** @mode: if so, in this mode */
	struct drm_display_mode mode;
};

static void rcar_du_scanout_drive_get(struct rcar_du_scanout_head *head,
				      struct rcar_du_scanout_drive *drive)
{
	struct rcar_du_scanout_sinks *sinks = head->data;
	struct rcar_du_scanout_sink *sink;

	memset(drive, 0, sizeof(*drive));

	guard(mutex)(&sinks->mutex);

	sink = rcar_du_scanout_channel_locked(head);
	if (!sink)
		return;

	drive->channel = true;
	drive->lit = sink->claim.lit;
	/* As long as it is not known what it wants it has what it had. */
	if (rcar_du_scanout_sink_decided_locked(sink)) {
		drive->on = rcar_du_scanout_claim_on(&sink->next);
		drive->mode = sink->next.mode;
	} else {
		drive->on = drive->lit;
		drive->mode = sink->claim.lit_mode;
	}
}

static void rcar_du_scanout_drive_done(struct rcar_du_scanout_head *head,
				       const struct rcar_du_scanout_drive *drive)
{
	struct rcar_du_scanout_sinks *sinks = head->data;
	struct rcar_du_scanout_sink *sink;

	if (!drive->channel)
		return;

	guard(mutex)(&sinks->mutex);

	sink = rcar_du_scanout_channel_locked(head);
	if (!sink)
		return;

	sink->claim.lit = drive->on;
	sink->claim.lit_mode = drive->mode;
}

/* What the host has routed to the CRTC of a guest, too, to clone it or to capture it */
static int rcar_du_scanout_drive_alone(struct rcar_du_scanout_head *head,
				       struct drm_atomic_state *state)
{
	struct drm_connector_state *connector_state;
	struct drm_connector *connector;
	int i, ret;

	ret = drm_atomic_add_affected_connectors(state, head->crtc);
	if (ret)
		return ret;

	for_each_new_connector_in_state(state, connector, connector_state, i) {
		if (connector == head->connector ||
		    connector_state->crtc != head->crtc)
			continue;

		ret = drm_atomic_set_crtc_for_connector(connector_state, NULL);
		if (ret)
			return ret;
	}

	return 0;
}

/* The connector's state takes a lock that all CRTCs share: for mode sets only. */
static int rcar_du_scanout_drive_add(struct rcar_du_scanout_head *head,
				     const struct rcar_du_scanout_drive *drive,
				     struct drm_crtc_state *crtc_state)
{
	struct drm_atomic_state *state = crtc_state->state;
	int ret;

	if (!drive->channel || (!drive->on && !drive->lit))
		return 0;

	if (drive->on && drive->lit && crtc_state->enable && crtc_state->active &&
	    drm_mode_equal(&crtc_state->mode, &drive->mode))
		return 0;

	state->allow_modeset = true;
	if (!drive->on || !crtc_state->enable ||
	    !drm_mode_equal(&crtc_state->mode, &drive->mode)) {
		ret = drm_atomic_set_mode_for_crtc(crtc_state, drive->on ?
						   &drive->mode : NULL);
		if (ret)
			return ret;
	}

	crtc_state->active = drive->on;
	if (!drive->on || !drive->lit) {
		ret = rcar_du_scanout_drive_alone(head, state);
		if (ret)
			return ret;
	}

	return rcar_du_scanout_connector_route(head->connector, head->crtc,
					       drive->on, state);
}

/* -----------------------------------------------------------------------------
 * Commits
 */

/*
 * A plane that the host shows on another CRTC has to leave that first. The two can't be
 * in one commit.
 */
static int rcar_du_scanout_evict(struct rcar_du_scanout_head *head,
				 struct drm_atomic_state *state, bool *evicted)
{
	struct drm_plane *planes[RCAR_DU_SCANOUT_MAX_PLANES];
	unsigned int num, i;
	int ret;

	num = rcar_du_scanout_sinks_planes(head->data, head, true, planes);
	for (i = 0; i < num; i++) {
		struct drm_plane *plane = planes[i];

		ret = drm_modeset_lock(&plane->mutex, state->acquire_ctx);
		if (ret)
			return ret;

		if (!plane->state->crtc || plane->state->crtc == head->crtc)
			continue;

		/* For another CRTC than the caller's. */
		state->allow_modeset = true;
		*evicted = true;
		ret = rcar_du_scanout_claim_take_off(plane, state);
		if (ret)
			return ret;
	}

	return 0;
}

/* What is on the planes is added in the check, as in every commit. */
static int rcar_du_scanout_build(struct rcar_du_scanout_head *head,
				 struct rcar_du_scanout_drive *drive,
				 struct drm_crtc_state *crtc_state)
{
	bool evicted = false;
	int ret;

	ret = rcar_du_scanout_evict(head, crtc_state->state, &evicted);
	if (ret)
		return ret;

	/* The CRTC is not to be on without what the guest has on it. */
	if (evicted)
		drive->channel = false;

	ret = rcar_du_scanout_drive_add(head, drive, crtc_state);
	if (ret)
		return ret;

	return crtc_state->state->allow_modeset ?
	       drm_atomic_commit(crtc_state->state) :
	       drm_atomic_nonblocking_commit(crtc_state->state);
}

static int rcar_du_scanout_try(struct rcar_du_scanout_head *head,
			       const struct rcar_du_scanout_sink *only,
			       struct drm_modeset_acquire_ctx *ctx)
{
	unsigned int num_left = rcar_du_scanout_left_num(head);
	struct rcar_du_scanout_drive drive;
	struct drm_crtc_state *crtc_state;
	struct drm_atomic_state *state;
	int ret;

	state = drm_atomic_state_alloc(head->crtc->dev);
	if (!state)
		return -ENOMEM;

	state->acquire_ctx = ctx;
	/* It is in a new state: a commit that sets no mode is not to block. */
	state->allow_modeset = false;
	crtc_state = drm_atomic_get_crtc_state(state, head->crtc);
	if (IS_ERR(crtc_state)) {
		ret = PTR_ERR(crtc_state);
		goto put;
	}

	ret = rcar_du_scanout_left_take_off(head, num_left, state);
	if (ret)
		goto put;

	rcar_du_scanout_drive_get(head, &drive);
	head->own_sink = only;
	WRITE_ONCE(head->own, state);
	ret = rcar_du_scanout_build(head, &drive, crtc_state);
	WRITE_ONCE(head->own, NULL);
	if (!ret) {
		rcar_du_scanout_drive_done(head, &drive);
		rcar_du_scanout_left_done(head, num_left);
	}
put:
	drm_atomic_state_put(state);

	return ret;
}

static int rcar_du_scanout_commit(struct rcar_du_scanout_head *head,
				  const struct rcar_du_scanout_sink *only)
{
	struct drm_device *dev = head->crtc->dev;
	struct drm_modeset_acquire_ctx ctx;
	int ret, idx;

	if (!drm_dev_enter(dev, &idx))
		return -ENODEV;

	drm_modeset_acquire_init(&ctx, 0);
	do {
		ret = rcar_du_scanout_try(head, only, &ctx);
	} while (ret == -EDEADLK && !drm_modeset_backoff(&ctx));
	drm_modeset_drop_locks(&ctx);
	drm_modeset_acquire_fini(&ctx);

	drm_dev_exit(idx);

	return ret;
}

/* -----------------------------------------------------------------------------
 * What the worker does
 */

/* A sink that has something new, or NULL. */
static struct rcar_du_scanout_sink *
rcar_du_scanout_dirty(struct rcar_du_scanout_head *head)
{
	struct rcar_du_scanout_sinks *sinks = head->data;
	struct rcar_du_scanout_sink *sink;

	guard(mutex)(&sinks->mutex);

	list_for_each_entry(sink, &sinks->list, link) {
		if (sink->head == head && rcar_du_scanout_sink_dirty_locked(sink))
			return sink;
	}

	return NULL;
}

/*
 * Tells whether a sink that has had a new frame for each of the last vertical blanks is
 * about to have one.
 */
static bool rcar_du_scanout_expects(struct rcar_du_scanout_head *head, u64 blank)
{
	struct rcar_du_scanout_sinks *sinks = head->data;
	struct rcar_du_scanout_sink *sink;

	guard(mutex)(&sinks->mutex);

	list_for_each_entry(sink, &sinks->list, link) {
		if (sink->head == head && !rcar_du_scanout_sink_dirty_locked(sink) &&
		    sink->claim.committed &&
		    blank - sink->claim.committed_blank <= 1)
			return true;
	}

	return false;
}

/* Until all that flip in each frame have, or half of the frame is over. */
static void rcar_du_scanout_gather(struct rcar_du_scanout_head *head, u64 blank)
{
	int seen;

	do {
		seen = atomic_read(&head->updates);
	} while (rcar_du_scanout_expects(head, blank) &&
		 rcar_du_scanout_head_wait_news(head, seen));
}

static bool rcar_du_scanout_may_commit(struct rcar_du_scanout_head *head, u64 blank)
{
	struct rcar_du_scanout_sinks *sinks = head->data;

	guard(mutex)(&sinks->mutex);

	return rcar_du_scanout_pace_may_commit(&head->pace, blank);
}

/* Tells whether there is something that commits of the host can't have. */
static bool rcar_du_scanout_insists(struct rcar_du_scanout_head *head)
{
	struct rcar_du_scanout_sinks *sinks = head->data;
	struct rcar_du_scanout_sink *sink;

	guard(mutex)(&sinks->mutex);

	list_for_each_entry(sink, &sinks->list, link) {
		if (sink->head == head && rcar_du_scanout_sink_dirty_locked(sink) &&
		    rcar_du_scanout_sink_insists_locked(sink))
			return true;
	}

	return false;
}

/* Returns false if a commit now would be in the host's way, or has nothing new. */
static bool rcar_du_scanout_turn(struct rcar_du_scanout_head *head)
{
	u64 blank;

	/* Nothing of the host's is on the screen. */
	if (!rcar_du_scanout_head_blank(head, &blank) ||
	    rcar_du_scanout_insists(head) || rcar_du_scanout_left_num(head))
		return true;
	if (!rcar_du_scanout_may_commit(head, blank))
		return false;

	rcar_du_scanout_gather(head, blank);

	/* The host may have committed meanwhile. */
	return rcar_du_scanout_may_commit(head, blank) &&
	       rcar_du_scanout_dirty(head);
}

static void rcar_du_scanout_refuse(struct rcar_du_scanout_sink *sink, int error)
{
	guard(mutex)(&sink->sinks->mutex);

	rcar_du_scanout_sink_refuse_locked(sink, sink->serial,
					   sink->next.frame.seq, error);
}

/*
 * What one of them can't have is not to stop the others. A sink that goes waits for the
 * worker.
 */
static int rcar_du_scanout_commit_each(struct rcar_du_scanout_head *head)
{
	struct rcar_du_scanout_sink *sink;
	int ret = 0;

	while (ret != -EBUSY && (sink = rcar_du_scanout_dirty(head))) {
		ret = rcar_du_scanout_commit(head, sink);
		/* The next one can't be had before this one is on the screen. */
		if (!ret)
			rcar_du_scanout_report(head);
		else if (ret != -EBUSY)
			rcar_du_scanout_refuse(sink, ret);
	}

	return ret;
}

static void rcar_du_scanout_refuse_all(struct rcar_du_scanout_head *head)
{
	struct rcar_du_scanout_sink *sink;

	while ((sink = rcar_du_scanout_dirty(head)))
		rcar_du_scanout_refuse(sink, -EBUSY);
}

/**
 * struct rcar_du_scanout_busy - The host is in the way of commits of ours
 */
struct rcar_du_scanout_busy {
	/** @is: it is, each time that it was tried */
	bool is;
	/** @for_long: ... and was for as long as is waited for that */
	bool for_long;
	/** @since: jiffies of the first time */
	unsigned long since;
};

static void rcar_du_scanout_commit_one(struct rcar_du_scanout_head *head,
				       struct rcar_du_scanout_busy *busy)
{
	int ret;

	ret = rcar_du_scanout_commit(head, NULL);
	if (ret && ret != -EBUSY)
		ret = rcar_du_scanout_commit_each(head);
	if (ret != -EBUSY) {
		busy->is = false;
		return;
	}

	if (!busy->is)
		busy->since = jiffies;
	busy->is = true;

	/* The host was faster. What it has committed may be waiting for a fence. */
	if (time_after(jiffies, busy->since + RCAR_DU_SCANOUT_PATIENCE)) {
		rcar_du_scanout_refuse_all(head);
		busy->is = false;
		busy->for_long = true;
	} else {
		rcar_du_scanout_head_wait_blank(head);
	}
}

/**
 * rcar_du_scanout_commit_frames - Put the newest frames on a CRTC
 * @head: the CRTC
 *
 * Returns once there is nothing new any more, and owners have been told.
 *
 * Context: the worker of the CRTC.
 */
void rcar_du_scanout_commit_frames(struct rcar_du_scanout_head *head)
{
	struct rcar_du_scanout_sinks *sinks = head->data;
	struct rcar_du_scanout_busy busy = { };

	for (;;) {
		rcar_du_scanout_find_mode(head);
		rcar_du_scanout_settle(head);
		if (rcar_du_scanout_report(head)) {
			busy.is = false;
			continue;
		}
		/* What is left there is tried again now and then. */
		if (!rcar_du_scanout_dirty(head) &&
		    (busy.for_long || !rcar_du_scanout_left_num(head)))
			break;
		if (rcar_du_scanout_hook_quiet(sinks->hook))
			break;

		if (rcar_du_scanout_turn(head)) {
			rcar_du_scanout_commit_one(head, &busy);
		} else {
			busy.is = false;
			rcar_du_scanout_head_wait_blank(head);
		}
	}

	rcar_du_scanout_head_tick(head);
}
