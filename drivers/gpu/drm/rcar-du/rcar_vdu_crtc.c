// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car virtual Display Unit: CRTC
 */

#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_atomic_state_helper.h>
#include <drm/drm_crtc.h>
#include <drm/drm_drv.h>
#include <drm/drm_modeset_helper_vtables.h>
#include <drm/drm_vblank.h>

#include "rcar_vdu_drv.h"

static struct rcar_vdu_device *crtc_to_rcar_vdu(struct drm_crtc *crtc)
{
	return container_of(crtc, struct rcar_vdu_device, crtc);
}

static enum drm_mode_status
rcar_vdu_crtc_mode_valid(struct drm_crtc *crtc,
			 const struct drm_display_mode *mode)
{
	return rcar_vdu_hw_mode_valid(&crtc_to_rcar_vdu(crtc)->hw, mode);
}

/*
 * Have the event of the commit sent when it is shown.
 *
 * All registers must be written by now: arming reads FRAME_COUNT, so that only a
 * vertical blank that comes after the writes, and so takes them over, sends the
 * event. If one slips in between, the event is a frame late.
 *
 * The device looks at shadow plane pages when it likes, and says which ones are
 * shown: those of @seq are to be written after this.
 */
static void rcar_vdu_crtc_arm_event(struct drm_crtc *crtc,
				    struct drm_crtc_state *crtc_state, u32 seq)
{
	struct rcar_vdu_device *vdu = crtc_to_rcar_vdu(crtc);
	struct drm_pending_vblank_event *event = crtc_state->event;

	if (!event)
		return;

	crtc_state->event = NULL;

	scoped_guard(spinlock_irq, &crtc->dev->event_lock) {
		if (drm_crtc_vblank_get(crtc)) {
			drm_crtc_send_vblank_event(crtc, event);
		} else if (rcar_vdu_hw_has_shadow(&vdu->hw)) {
			vdu->event = event;
			vdu->event_seq = seq;
		} else {
			drm_crtc_arm_vblank_event(crtc, event);
		}
	}
}

static void rcar_vdu_crtc_send_event_locked(struct rcar_vdu_device *vdu)
{
	lockdep_assert_held(&vdu->drm.event_lock);

	if (!vdu->event)
		return;

	drm_crtc_send_vblank_event(&vdu->crtc, vdu->event);
	drm_crtc_vblank_put(&vdu->crtc);
	vdu->event = NULL;
}

/**
 * rcar_vdu_crtc_finish - Send the event of a commit that is shown now
 * @vdu: VDU device
 *
 * For the shadow plane pages, which the device may have looked at just before the
 * commit: a vertical blank alone does not tell.
 *
 * Context: interrupt handler.
 */
void rcar_vdu_crtc_finish(struct rcar_vdu_device *vdu)
{
	scoped_guard(spinlock_irqsave, &vdu->drm.event_lock) {
		if (vdu->event && rcar_vdu_pages_done(&vdu->pages, vdu->event_seq))
			rcar_vdu_crtc_send_event_locked(vdu);
	}
}

static void rcar_vdu_crtc_atomic_flush(struct drm_crtc *crtc,
				       struct drm_atomic_state *state)
{
	struct rcar_vdu_device *vdu = crtc_to_rcar_vdu(crtc);
	struct drm_crtc_state *crtc_state =
		drm_atomic_get_new_crtc_state(state, crtc);
	/* There is no vertical blank before rcar_vdu_crtc_atomic_enable(). */
	bool arm = !drm_atomic_crtc_needs_modeset(crtc_state);
	bool present;
	int idx;

	present = drm_dev_enter(&vdu->drm, &idx);

	/* What is not written any more is as good as shown. */
	if (arm && rcar_vdu_hw_has_shadow(&vdu->hw))
		rcar_vdu_crtc_arm_event(crtc, crtc_state, present ?
					rcar_vdu_pages_next_seq(&vdu->pages) :
					rcar_vdu_pages_seq(&vdu->pages));

	if (present) {
		rcar_vdu_pages_commit(&vdu->pages, to_rcar_vdu_crtc_state(crtc_state)->dspr);
		drm_dev_exit(idx);
	}

	if (arm && !rcar_vdu_hw_has_shadow(&vdu->hw))
		rcar_vdu_crtc_arm_event(crtc, crtc_state, 0);
}

static void rcar_vdu_crtc_atomic_enable(struct drm_crtc *crtc,
					struct drm_atomic_state *state)
{
	struct rcar_vdu_device *vdu = crtc_to_rcar_vdu(crtc);
	struct drm_crtc_state *crtc_state =
		drm_atomic_get_new_crtc_state(state, crtc);
	int idx;

	if (drm_dev_enter(&vdu->drm, &idx)) {
		rcar_vdu_hw_enable(&vdu->hw, &crtc_state->adjusted_mode);
		drm_dev_exit(idx);
	}

	/* The last vertical blank was before the display stopped. */
	rcar_vdu_clock_forget(&vdu->clock);
	drm_crtc_vblank_on(crtc);
	rcar_vdu_crtc_arm_event(crtc, crtc_state, rcar_vdu_pages_seq(&vdu->pages));
}

static void rcar_vdu_crtc_atomic_disable(struct drm_crtc *crtc,
					 struct drm_atomic_state *state)
{
	struct rcar_vdu_device *vdu = crtc_to_rcar_vdu(crtc);
	struct drm_crtc_state *crtc_state =
		drm_atomic_get_new_crtc_state(state, crtc);
	int idx;

	/* Nothing tells any more that it is shown. */
	scoped_guard(spinlock_irq, &crtc->dev->event_lock)
		rcar_vdu_crtc_send_event_locked(vdu);

	drm_crtc_vblank_off(crtc);

	if (drm_dev_enter(&vdu->drm, &idx)) {
		rcar_vdu_pages_clear(&vdu->pages);
		rcar_vdu_hw_disable(&vdu->hw);
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

static int rcar_vdu_crtc_enable_vblank(struct drm_crtc *crtc)
{
	struct rcar_vdu_device *vdu = crtc_to_rcar_vdu(crtc);
	int idx;

	if (!drm_dev_enter(&vdu->drm, &idx))
		return -ENODEV;

	rcar_vdu_hw_enable_vblank(&vdu->hw, true);
	drm_dev_exit(idx);

	return 0;
}

static void rcar_vdu_crtc_disable_vblank(struct drm_crtc *crtc)
{
	struct rcar_vdu_device *vdu = crtc_to_rcar_vdu(crtc);
	int idx;

	if (!drm_dev_enter(&vdu->drm, &idx))
		return;

	rcar_vdu_hw_enable_vblank(&vdu->hw, false);
	drm_dev_exit(idx);
}

static u32 rcar_vdu_crtc_get_vblank_counter(struct drm_crtc *crtc)
{
	struct rcar_vdu_device *vdu = crtc_to_rcar_vdu(crtc);
	int idx;

	if (drm_dev_enter(&vdu->drm, &idx)) {
		rcar_vdu_hw_read_frame_count(&vdu->hw);
		drm_dev_exit(idx);
	}

	return rcar_vdu_hw_frame_count(&vdu->hw);
}

/* Called with the DRM core's vblank_time_lock held, which protects the clock. */
static bool rcar_vdu_crtc_get_vblank_timestamp(struct drm_crtc *crtc,
					       int *max_error,
					       ktime_t *vblank_time,
					       bool in_vblank_irq)
{
	struct rcar_vdu_device *vdu = crtc_to_rcar_vdu(crtc);
	bool known = false;
	u32 frame_time;
	ktime_t now;
	int idx;

	if (drm_dev_enter(&vdu->drm, &idx)) {
		known = rcar_vdu_hw_frame_time(&vdu->hw, &frame_time);
		drm_dev_exit(idx);
	}

	now = ktime_get();
	if (known && in_vblank_irq)
		rcar_vdu_clock_sample(&vdu->clock, frame_time, now);
	if (known && rcar_vdu_clock_convert(&vdu->clock, frame_time, now,
					    vblank_time))
		return true;

	*vblank_time = now;

	return in_vblank_irq;
}

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

static int rcar_vdu_crtc_set_crc_source(struct drm_crtc *crtc,
					const char *source)
{
	return rcar_vdu_crc_set_source(&crtc_to_rcar_vdu(crtc)->crc, source);
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
 * rcar_vdu_crtc_init - Create the CRTC
 * @vdu: VDU device
 * @primary: primary plane
 * @cursor: cursor plane, or NULL
 *
 * Return: 0 or a negative error code.
 */
int rcar_vdu_crtc_init(struct rcar_vdu_device *vdu, struct drm_plane *primary,
		       struct drm_plane *cursor)
{
	const struct drm_crtc_funcs *funcs =
		rcar_vdu_hw_has(&vdu->hw, RCAR_VDU_FEATURE_CRC) ?
		&rcar_vdu_crtc_crc_funcs : &rcar_vdu_crtc_funcs;
	struct drm_device *drm = &vdu->drm;
	int ret;

	ret = drmm_crtc_init_with_planes(drm, &vdu->crtc, primary, cursor,
					 funcs, NULL);
	if (ret)
		return ret;

	rcar_vdu_crc_init(&vdu->crc, &vdu->hw, &vdu->crtc);
	drm_crtc_helper_add(&vdu->crtc, &rcar_vdu_crtc_helper_funcs);

	drm->max_vblank_count = U32_MAX;

	return drm_vblank_init(drm, 1);
}
