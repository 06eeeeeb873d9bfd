// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: what sinks that have gone have left on a CRTC
 *
 * A commit of the host's that waits for a fence keeps a CRTC, and a sink that goes waits a
 * second for that and no longer. Its framebuffers are taken off as soon as a commit of ours
 * can be had.
 */

#include <linux/cleanup.h>
#include <linux/lockdep.h>
#include <linux/string.h>

#include <drm/drm_atomic.h>
#include <drm/drm_crtc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_modeset_lock.h>
#include <drm/drm_plane.h>

#include "rcar_du_scanout_claim.h"
#include "rcar_du_scanout_head.h"
#include "rcar_du_scanout_left.h"
#include "rcar_du_scanout_sink.h"

static void rcar_du_scanout_left_on(struct rcar_du_scanout_head *head,
				    struct drm_plane *plane)
{
	struct rcar_du_scanout_sinks *sinks = head->data;
	struct drm_framebuffer *fb = NULL;

	drm_modeset_lock(&plane->mutex, NULL);
	if (plane->state->crtc == head->crtc)
		fb = plane->state->fb;
	if (fb)
		drm_framebuffer_get(fb);
	drm_modeset_unlock(&plane->mutex);
	if (!fb)
		return;

	scoped_guard(mutex, &sinks->mutex) {
		if (head->num_left < ARRAY_SIZE(head->left)) {
			head->left[head->num_left++] = (struct rcar_du_scanout_left) {
				.plane = plane,
				.fb = fb,
			};
			return;
		}
	}

	drm_framebuffer_put(fb);
}

/**
 * rcar_du_scanout_left_by - Remember what a sink leaves behind
 * @sink: the sink, which is on no CRTC any more, with its claim; the caller holds its prop_mutex
 * @head: the CRTC that it was on
 *
 * Context: takes modeset locks of planes.
 */
void rcar_du_scanout_left_by(struct rcar_du_scanout_sink *sink,
			     struct rcar_du_scanout_head *head)
{
	struct rcar_du_scanout_claim *claim = &sink->claim;
	unsigned int i;

	lockdep_assert_held(&sink->prop_mutex);

	scoped_guard(mutex, &sink->sinks->mutex) {
		if (!rcar_du_scanout_claim_owned(claim) ||
		    claim->committed == sink->serial)
			return;
	}

	for (i = 0; i < claim->num_planes; i++)
		rcar_du_scanout_left_on(head, claim->planes[i]);
}

/**
 * rcar_du_scanout_left_num - Count what there is to take off
 * @head: the CRTC
 *
 * Return: the number; the worker of the CRTC alone makes it smaller.
 */
unsigned int rcar_du_scanout_left_num(struct rcar_du_scanout_head *head)
{
	struct rcar_du_scanout_sinks *sinks = head->data;

	guard(mutex)(&sinks->mutex);

	return head->num_left;
}

/**
 * rcar_du_scanout_left_take_off - Take off what was left
 * @head: the CRTC
 * @num: how much of it, the oldest
 * @state: a commit of ours, before it is checked: what others have on a plane by now stays
 *
 * Context: the worker of the CRTC.
 * Return: 0, -EDEADLK, or another error of the core.
 */
int rcar_du_scanout_left_take_off(struct rcar_du_scanout_head *head,
				  unsigned int num,
				  struct drm_atomic_state *state)
{
	struct rcar_du_scanout_sinks *sinks = head->data;
	unsigned int i;
	int ret;

	for (i = 0; i < num; i++) {
		struct rcar_du_scanout_left left;

		scoped_guard(mutex, &sinks->mutex)
			left = head->left[i];

		ret = drm_modeset_lock(&left.plane->mutex, state->acquire_ctx);
		if (ret)
			return ret;

		if (left.plane->state->fb != left.fb ||
		    left.plane->state->crtc != head->crtc)
			continue;

		ret = rcar_du_scanout_claim_take_off(left.plane, state);
		if (ret)
			return ret;
	}

	return 0;
}

/**
 * rcar_du_scanout_left_done - Forget what was taken off
 * @head: the CRTC, on which a commit has taken it off
 * @num: how much, the oldest: there may be more by now
 *
 * Context: the worker of the CRTC.
 */
void rcar_du_scanout_left_done(struct rcar_du_scanout_head *head,
			       unsigned int num)
{
	struct rcar_du_scanout_sinks *sinks = head->data;
	struct drm_framebuffer *fb;

	while (num--) {
		scoped_guard(mutex, &sinks->mutex) {
			fb = head->left[0].fb;
			head->num_left--;
			memmove(head->left, head->left + 1,
				head->num_left * sizeof(*head->left));
		}
		drm_framebuffer_put(fb);
	}
}
