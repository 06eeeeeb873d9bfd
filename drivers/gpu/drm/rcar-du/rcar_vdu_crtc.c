// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car virtual Display Unit: CRTC
 */

#include <linux/container_of.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_atomic_state_helper.h>
#include <drm/drm_crtc.h>
#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_modeset_helper_vtables.h>
#include <drm/drm_plane.h>
#include <drm/drm_vblank.h>

#include "rcar_vdu_clock.h"
#include "rcar_vdu_crc.h"
#include "rcar_vdu_crtc.h"
#include "rcar_vdu_hw.h"
#include "rcar_vdu_page.h"

/**
 * struct rcar_vdu_crtc_state - State of the CRTC
 * @base: DRM CRTC state
 * @dspr: DS1PR: which plane pages are shown, the topmost in the lowest four bits
 */
struct rcar_vdu_crtc_state {
	struct drm_crtc_state base;
	u32 dspr;
};

#define to_rcar_vdu_crtc_state(s)					\
	container_of_const(s, struct rcar_vdu_crtc_state, base)

static struct rcar_vdu_crtc *to_rcar_vdu_crtc(struct drm_crtc *crtc)
{
	return container_of(crtc, struct rcar_vdu_crtc, base);
}

/* -----------------------------------------------------------------------------
 * Events
 */

/*
 * Have the event of the commit sent when it is shown.
 *
 * Registers must be written before this: arming reads FRAME_COUNT, so that only a
 * vertical blank that comes after the writes, and so takes them over, sends the
 * event. If one slips in between, the event is a frame late.
 *
 * Shadow plane pages must be written after this: the device may look at them at
 * any time, and says when it shows those of @seq.
 */
static void rcar_vdu_crtc_arm_event(struct rcar_vdu_crtc *rcrtc,
				    struct drm_crtc_state *crtc_state, u32 seq)
{
	struct drm_crtc *crtc = &rcrtc->base;
	struct drm_pending_vblank_event *event = crtc_state->event;

	if (!event)
		return;

	crtc_state->event = NULL;

	scoped_guard(spinlock_irq, &crtc->dev->event_lock) {
		if (drm_crtc_vblank_get(crtc)) {
			drm_crtc_send_vblank_event(crtc, event);
		} else if (rcar_vdu_hw_has_shadow(rcrtc->hw)) {
			rcrtc->event = event;
			rcrtc->event_seq = seq;
		} else {
			drm_crtc_arm_vblank_event(crtc, event);
		}
	}
}

static void rcar_vdu_crtc_send_event_locked(struct rcar_vdu_crtc *rcrtc)
{
	lockdep_assert_held(&rcrtc->base.dev->event_lock);

	if (!rcrtc->event)
		return;

	drm_crtc_send_vblank_event(&rcrtc->base, rcrtc->event);
	drm_crtc_vblank_put(&rcrtc->base);
	rcrtc->event = NULL;
}

/*
 * Send the event of a commit to the shadow plane pages if it is shown now. A
 * vertical blank alone does not tell: the device may have looked at the pages just
 * before the commit.
 */
static void rcar_vdu_crtc_finish(struct rcar_vdu_crtc *rcrtc)
{
	scoped_guard(spinlock_irqsave, &rcrtc->base.dev->event_lock) {
		if (rcrtc->event &&
		    rcar_vdu_pages_done(rcrtc->pages, rcrtc->event_seq))
			rcar_vdu_crtc_send_event_locked(rcrtc);
	}
}

/* -----------------------------------------------------------------------------
 * Commits
 */

static enum drm_mode_status
rcar_vdu_crtc_mode_valid(struct drm_crtc *crtc,
			 const struct drm_display_mode *mode)
{
	return rcar_vdu_hw_mode_valid(to_rcar_vdu_crtc(crtc)->hw, mode);
}

static void rcar_vdu_crtc_atomic_flush(struct drm_crtc *crtc,
				       struct drm_atomic_state *state)
{
	struct rcar_vdu_crtc *rcrtc = to_rcar_vdu_crtc(crtc);
	struct drm_crtc_state *crtc_state =
		drm_atomic_get_new_crtc_state(state, crtc);
	/* There is no vertical blank before rcar_vdu_crtc_atomic_enable(). */
	bool arm = !drm_atomic_crtc_needs_modeset(crtc_state);
	bool present;
	int idx;

	present = drm_dev_enter(crtc->dev, &idx);

	/* What is not written any more is as good as shown. */
	if (arm && rcar_vdu_hw_has_shadow(rcrtc->hw))
		rcar_vdu_crtc_arm_event(rcrtc, crtc_state, present ?
					rcar_vdu_pages_next_seq(rcrtc->pages) :
					rcar_vdu_pages_seq(rcrtc->pages));

	if (present) {
		rcar_vdu_pages_commit(rcrtc->pages,
				      to_rcar_vdu_crtc_state(crtc_state)->dspr);
		drm_dev_exit(idx);
	}

	if (arm && !rcar_vdu_hw_has_shadow(rcrtc->hw))
		rcar_vdu_crtc_arm_event(rcrtc, crtc_state, 0);
}

static void rcar_vdu_crtc_atomic_enable(struct drm_crtc *crtc,
					struct drm_atomic_state *state)
{
	struct rcar_vdu_crtc *rcrtc = to_rcar_vdu_crtc(crtc);
	struct drm_crtc_state *crtc_state =
		drm_atomic_get_new_crtc_state(state, crtc);
	int idx;

	if (drm_dev_enter(crtc->dev, &idx)) {
		rcar_vdu_hw_enable(rcrtc->hw, &crtc_state->adjusted_mode);
		drm_dev_exit(idx);
	}

	/* The last vertical blank was before the display stopped. */
	scoped_guard(spinlock_irq, &rcrtc->clock_lock)
		rcar_vdu_clock_forget(&rcrtc->clock);
	drm_crtc_vblank_on(crtc);
	rcar_vdu_crtc_arm_event(rcrtc, crtc_state,
				rcar_vdu_pages_seq(rcrtc->pages));
}

static void rcar_vdu_crtc_atomic_disable(struct drm_crtc *crtc,
					 struct drm_atomic_state *state)
{
	struct rcar_vdu_crtc *rcrtc = to_rcar_vdu_crtc(crtc);
	struct drm_crtc_state *crtc_state =
		drm_atomic_get_new_crtc_state(state, crtc);
	int idx;

	/* There will be no vertical blank that could. */
	scoped_guard(spinlock_irq, &crtc->dev->event_lock)
		rcar_vdu_crtc_send_event_locked(rcrtc);

	drm_crtc_vblank_off(crtc);

	if (drm_dev_enter(crtc->dev, &idx)) {
		rcar_vdu_pages_clear(rcrtc->pages);
		rcar_vdu_hw_disable(rcrtc->hw);
		drm_dev_exit(idx);
	}

	if (crtc_state->event && !crtc_state->active) {
		scoped_guard(spinlock_irq, &crtc->dev->event_lock)
			drm_crtc_send_vblank_event(crtc, crtc_state->event);
		crtc_state->event = NULL;
	}
}

static const struct drm_crtc_helper_funcs rcar_vdu_crtc_helper_funcs = {
	.mode_valid = rcar_vdu_crtc_mode_valid,
	.atomic_flush = rcar_vdu_crtc_atomic_flush,
	.atomic_enable = rcar_vdu_crtc_atomic_enable,
	.atomic_disable = rcar_vdu_crtc_atomic_disable,
};

/* -----------------------------------------------------------------------------
 * Vertical blank
 */

static int rcar_vdu_crtc_enable_vblank(struct drm_crtc *crtc)
{
	struct rcar_vdu_crtc *rcrtc = to_rcar_vdu_crtc(crtc);
	int idx;

	lockdep_assert_held(&crtc->dev->vblank_time_lock);

	if (!drm_dev_enter(crtc->dev, &idx))
		return -ENODEV;

	rcar_vdu_hw_enable_vblank(rcrtc->hw, true);
	drm_dev_exit(idx);

	return 0;
}

static void rcar_vdu_crtc_disable_vblank(struct drm_crtc *crtc)
{
	struct rcar_vdu_crtc *rcrtc = to_rcar_vdu_crtc(crtc);
	int idx;

	lockdep_assert_held(&crtc->dev->vblank_time_lock);

	if (!drm_dev_enter(crtc->dev, &idx))
		return;

	rcar_vdu_hw_enable_vblank(rcrtc->hw, false);
	drm_dev_exit(idx);
}

static u32 rcar_vdu_crtc_get_vblank_counter(struct drm_crtc *crtc)
{
	struct rcar_vdu_crtc *rcrtc = to_rcar_vdu_crtc(crtc);
	int idx;

	lockdep_assert_held(&crtc->dev->vblank_time_lock);

	if (drm_dev_enter(crtc->dev, &idx)) {
		rcar_vdu_hw_read_frame_count(rcrtc->hw);
		drm_dev_exit(idx);
	}

	return rcar_vdu_hw_frame_count(rcrtc->hw);
}

/*
 * A commit that asks for the next vertical blank does not hold vblank_time_lock, as
 * others do.
 */
static bool rcar_vdu_crtc_get_vblank_timestamp(struct drm_crtc *crtc,
					       int *max_error,
					       ktime_t *vblank_time,
					       bool in_vblank_irq)
{
	struct rcar_vdu_crtc *rcrtc = to_rcar_vdu_crtc(crtc);
	bool known = false;
	u32 frame_time;
	ktime_t now;
	int idx;

	if (drm_dev_enter(crtc->dev, &idx)) {
		known = rcar_vdu_hw_frame_time(rcrtc->hw, &frame_time);
		drm_dev_exit(idx);
	}

	now = ktime_get();
	scoped_guard(spinlock_irqsave, &rcrtc->clock_lock) {
		if (known && in_vblank_irq)
			rcar_vdu_clock_sample(&rcrtc->clock, frame_time, now);
		if (known && rcar_vdu_clock_convert(&rcrtc->clock, frame_time,
						    now, vblank_time))
			return true;
	}

	*vblank_time = now;

	return in_vblank_irq;
}

/**
 * rcar_vdu_crtc_vblank - Handle a vertical blank
 * @rcrtc: the CRTC
 *
 * Context: interrupt handler.
 */
void rcar_vdu_crtc_vblank(struct rcar_vdu_crtc *rcrtc)
{
	/* For the last events, as rcar_vdu_crtc_get_vblank_counter() reads no more. */
	if (drm_dev_is_unplugged(rcrtc->base.dev))
		rcar_vdu_hw_read_frame_count(rcrtc->hw);

	drm_crtc_handle_vblank(&rcrtc->base);
	rcar_vdu_crtc_finish(rcrtc);
	rcar_vdu_crc_read(&rcrtc->crc);
}

/* -----------------------------------------------------------------------------
 * State
 */

static struct drm_crtc_state *
rcar_vdu_crtc_duplicate_state(struct drm_crtc *crtc)
{
	const struct rcar_vdu_crtc_state *old =
		to_rcar_vdu_crtc_state(crtc->state);
	struct rcar_vdu_crtc_state *new;

	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return NULL;

	__drm_atomic_helper_crtc_duplicate_state(crtc, &new->base);
	new->dspr = old->dspr;

	return &new->base;
}

static void rcar_vdu_crtc_destroy_state(struct drm_crtc *crtc,
					struct drm_crtc_state *crtc_state)
{
	__drm_atomic_helper_crtc_destroy_state(crtc_state);
	kfree(to_rcar_vdu_crtc_state(crtc_state));
}

static void rcar_vdu_crtc_reset(struct drm_crtc *crtc)
{
	struct rcar_vdu_crtc_state *state;

	if (crtc->state)
		rcar_vdu_crtc_destroy_state(crtc, crtc->state);

	state = kzalloc(sizeof(*state), GFP_KERNEL);
	__drm_atomic_helper_crtc_reset(crtc, state ? &state->base : NULL);
}

/**
 * rcar_vdu_crtc_set_dspr - Say which plane pages a commit shows
 * @crtc_state: new state of the CRTC
 * @dspr: DS1PR
 */
void rcar_vdu_crtc_set_dspr(struct drm_crtc_state *crtc_state, u32 dspr)
{
	to_rcar_vdu_crtc_state(crtc_state)->dspr = dspr;
}

/* -----------------------------------------------------------------------------
 * Init
 */

static int rcar_vdu_crtc_set_crc_source(struct drm_crtc *crtc,
					const char *source)
{
	return rcar_vdu_crc_set_source(&to_rcar_vdu_crtc(crtc)->crc, source);
}

#define RCAR_VDU_CRTC_FUNCS						\
	.reset = rcar_vdu_crtc_reset,					\
	.set_config = drm_atomic_helper_set_config,			\
	.page_flip = drm_atomic_helper_page_flip,			\
	.atomic_duplicate_state = rcar_vdu_crtc_duplicate_state,	\
	.atomic_destroy_state = rcar_vdu_crtc_destroy_state,		\
	.enable_vblank = rcar_vdu_crtc_enable_vblank,			\
	.disable_vblank = rcar_vdu_crtc_disable_vblank,			\
	.get_vblank_counter = rcar_vdu_crtc_get_vblank_counter,		\
	.get_vblank_timestamp = rcar_vdu_crtc_get_vblank_timestamp

static const struct drm_crtc_funcs rcar_vdu_crtc_funcs = {
	RCAR_VDU_CRTC_FUNCS,
};

/* The DRM core makes the files of check codes if it finds these. */
static const struct drm_crtc_funcs rcar_vdu_crtc_crc_funcs = {
	RCAR_VDU_CRTC_FUNCS,
	.get_crc_sources = rcar_vdu_crc_sources_get,
	.verify_crc_source = rcar_vdu_crc_source_verify,
	.set_crc_source = rcar_vdu_crtc_set_crc_source,
};

/**
 * rcar_vdu_crtc_restore - Bring back what a reset has turned off
 * @rcrtc: the CRTC
 *
 * What belongs to commits is not: the next one brings that back.
 */
void rcar_vdu_crtc_restore(struct rcar_vdu_crtc *rcrtc)
{
	rcar_vdu_crc_restore(&rcrtc->crc);
}

/**
 * rcar_vdu_crtc_init - Create the CRTC
 * @rcrtc: the CRTC
 * @hw: registers of the VDU
 * @pages: plane pages
 * @primary: primary plane
 * @cursor: cursor plane, or NULL
 *
 * Return: 0 or a negative error code.
 */
int rcar_vdu_crtc_init(struct rcar_vdu_crtc *rcrtc, struct rcar_vdu_hw *hw,
		       struct rcar_vdu_pages *pages, struct drm_plane *primary,
		       struct drm_plane *cursor)
{
	const struct drm_crtc_funcs *funcs =
		rcar_vdu_hw_has(hw, RCAR_VDU_FEATURE_CRC) ?
		&rcar_vdu_crtc_crc_funcs : &rcar_vdu_crtc_funcs;
	struct drm_device *drm = primary->dev;
	int ret;

	rcrtc->hw = hw;
	rcrtc->pages = pages;
	spin_lock_init(&rcrtc->clock_lock);
	rcar_vdu_crc_init(&rcrtc->crc, hw, &rcrtc->base);

	ret = drmm_crtc_init_with_planes(drm, &rcrtc->base, primary, cursor,
					 funcs, NULL);
	if (ret)
		return ret;

	drm_crtc_helper_add(&rcrtc->base, &rcar_vdu_crtc_helper_funcs);

	drm->max_vblank_count = U32_MAX;

	return drm_vblank_init(drm, 1);
}
