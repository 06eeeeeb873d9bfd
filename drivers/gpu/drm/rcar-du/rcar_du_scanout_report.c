// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: what owners are told of their frames
 */

#include <linux/completion.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/lockdep.h>

#include <drm/drm_atomic.h>
#include <drm/drm_crtc.h>
#include <drm/drm_vblank.h>

#include "rcar_du_scanout_claim.h"
#include "rcar_du_scanout_head.h"
#include "rcar_du_scanout_report.h"
#include "rcar_du_scanout_sink.h"

/*
 * Waits for the last commit that has something of ours in it. Returns it with a reference,
 * or NULL if there is none, or an ERR_PTR if it is not on the screen: one of the host's may
 * be waiting for a fence, and nobody is to wait for that.
 */
static struct drm_crtc_commit *
rcar_du_scanout_wait_landed(struct rcar_du_scanout_head *head)
{
	struct rcar_du_scanout_sinks *sinks = head->data;
	struct drm_crtc_commit *commit = NULL;
	bool late = false;

	scoped_guard(mutex, &sinks->mutex) {
		if (head->landed)
			commit = drm_crtc_commit_get(head->landed);
		late = head->landed_late;
	}

	if (!commit || completion_done(&commit->flip_done) ||
	    (!late && wait_for_completion_timeout(&commit->flip_done,
						  RCAR_DU_SCANOUT_PATIENCE)))
		return commit;

	scoped_guard(mutex, &sinks->mutex) {
		if (head->landed == commit)
			head->landed_late = true;
	}
	drm_crtc_commit_put(commit);

	return ERR_PTR(-ETIMEDOUT);
}

/* Lists those of whom @report takes something. */
static void
rcar_du_scanout_list_locked(struct rcar_du_scanout_head *head,
			    bool (*report)(struct rcar_du_scanout_claim *claim),
			    struct list_head *reports)
{
	struct rcar_du_scanout_sinks *sinks = head->data;
	struct rcar_du_scanout_sink *sink;

	lockdep_assert_held(&sinks->mutex);

	list_for_each_entry(sink, &sinks->list, link) {
		if (sink->head == head && report(&sink->claim))
			list_add_tail(&sink->claim.report, reports);
	}
}

/*
 * Lists whom to tell, now that @commit is on the screen. Returns false if there is a newer
 * one, which is to be waited for.
 */
static bool rcar_du_scanout_collect(struct rcar_du_scanout_head *head,
				    struct drm_crtc_commit *commit,
				    struct list_head *reports)
{
	struct rcar_du_scanout_sinks *sinks = head->data;

	scoped_guard(mutex, &sinks->mutex) {
		if (head->landed != commit)
			return false;

		head->landed = NULL;
		head->landed_late = false;
		rcar_du_scanout_list_locked(head,
					    rcar_du_scanout_claim_report_shown,
					    reports);
	}

	/* The reference of the CRTC. */
	if (commit)
		drm_crtc_commit_put(commit);

	return true;
}

/* Returns whether there was something to tell. */
static bool rcar_du_scanout_tell(struct rcar_du_scanout_head *head,
				 struct list_head *reports)
{
	struct rcar_du_scanout_claim *claim;
	ktime_t time = 0;
	u64 count;

	if (list_empty(reports))
		return false;

	count = drm_crtc_vblank_count_and_time(head->crtc, &time);
	list_for_each_entry(claim, reports, report)
		rcar_du_scanout_sink_shown(claim, count, ktime_to_ns(time));

	return true;
}

/* Tells those of whom @report takes something. */
static bool
rcar_du_scanout_tell_by(struct rcar_du_scanout_head *head,
			bool (*report)(struct rcar_du_scanout_claim *claim))
{
	struct rcar_du_scanout_sinks *sinks = head->data;
	LIST_HEAD(reports);

	scoped_guard(mutex, &sinks->mutex)
		rcar_du_scanout_list_locked(head, report, &reports);

	return rcar_du_scanout_tell(head, &reports);
}

/**
 * rcar_du_scanout_report - Tell owners what has become of their frames
 * @head: the CRTC
 *
 * Of what can't be shown they are told at once, and of what is on its way once it is there, or
 * if that takes long: a guest is not to wait for a fence of the host's.
 *
 * Context: the worker of the CRTC.
 * Return: true if there may be more.
 */
bool rcar_du_scanout_report(struct rcar_du_scanout_head *head)
{
	struct drm_crtc_commit *commit;
	LIST_HEAD(reports);
	bool more;

	/* Whose frame is refused waits for no other that is on its way. */
	if (rcar_du_scanout_tell_by(head, rcar_du_scanout_claim_report_refused))
		return true;

	/* The worker is asked again now and then. */
	commit = rcar_du_scanout_wait_landed(head);
	if (IS_ERR(commit)) {
		rcar_du_scanout_tell_by(head, rcar_du_scanout_claim_report_late);
		return false;
	}

	more = !rcar_du_scanout_collect(head, commit, &reports);
	if (commit)
		drm_crtc_commit_put(commit);

	return rcar_du_scanout_tell(head, &reports) || more;
}
