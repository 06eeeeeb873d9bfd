// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car virtual Display Unit: mode setting objects, framebuffers
 */

#include <linux/align.h>
#include <linux/container_of.h>
#include <linux/err.h>
#include <linux/lcm.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_atomic_state_helper.h>
#include <drm/drm_crtc.h>
#include <drm/drm_drv.h>
#include <drm/drm_edid.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_dma_helper.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_modeset_lock.h>
#include <drm/drm_plane.h>
#include <drm/drm_print.h>
#include <drm/drm_probe_helper.h>

#include "rcar_vdu_crtc.h"
#include "rcar_vdu_hw.h"
#include "rcar_vdu_kms.h"
#include "rcar_vdu_plane.h"

/* What GPUs of the host commonly ask of the pitch of a dma-buf, bytes. */
#define RCAR_VDU_DUMB_PITCH_ALIGN	64

/* Large enough for the cursors of high resolutions; the device has no limit. */
#define RCAR_VDU_CURSOR_SIZE		256

/* PnSPYR has 13 bits, and counts lines of 32 bits per pixel twice. */
#define RCAR_VDU_MAX_FB_HEIGHT		4095

/* -----------------------------------------------------------------------------
 * Framebuffers
 */

/**
 * rcar_vdu_gem_create_object - Allocate a buffer object
 * @drm: DRM device
 * @size: size of the buffer
 *
 * Implements &drm_driver.gem_create_object.
 *
 * Return: the object, or an error pointer.
 */
struct drm_gem_object *rcar_vdu_gem_create_object(struct drm_device *drm,
						  size_t size)
{
	struct drm_gem_dma_object *obj;

	obj = kzalloc(sizeof(*obj), GFP_KERNEL);
	if (!obj)
		return ERR_PTR(-ENOMEM);

	/*
	 * The host maps guest memory as this driver does. If the display
	 * snoops, that is cacheable, whatever the firmware says of the PCI
	 * host: dma_alloc_wc() would look at that. There is nothing to
	 * synchronize. If it does not, it is write-combined: see
	 * rcar_vdu_hw_init_dma(). The pages come from the same contiguous
	 * allocator in both cases.
	 */
	obj->map_noncoherent = !to_rcar_vdu(drm)->hw.write_combined;

	return &obj->base;
}

/**
 * rcar_vdu_dumb_create - Create a dumb buffer
 * @file: DRM file
 * @drm: DRM device
 * @args: what user space asks for and gets
 *
 * Implements &drm_driver.dumb_create.
 *
 * Return: 0 or a negative error code.
 */
int rcar_vdu_dumb_create(struct drm_file *file, struct drm_device *drm,
			 struct drm_mode_create_dumb *args)
{
	const struct rcar_vdu_limits *limits = &to_rcar_vdu(drm)->hw.limits;
	u32 cpp = DIV_ROUND_UP(args->bpp, 8);
	u32 pixels = args->width;
	u32 pitch;
	u32 align;
	u32 size;

	/* No format has three bytes to a pixel. */
	if (cpp == 3)
		return -EINVAL;

	/* Wider buffers cannot be shown and need not be aligned. */
	if (pixels <= limits->max_pitch) {
		align = lcm(limits->pitch_align,
			    max(RCAR_VDU_DUMB_PITCH_ALIGN / cpp, 1));
		pixels = roundup(args->width, align);
		if (pixels > limits->max_pitch)
			pixels = roundup(args->width, limits->pitch_align);
	}

	if (check_mul_overflow(pixels, cpp, &pitch) ||
	    check_mul_overflow(pitch, args->height, &size))
		return -EINVAL;

	args->pitch = pitch;
	args->size = PAGE_ALIGN((u64)size);

	return drm_gem_dma_dumb_create_internal(file, drm, args);
}

/* -----------------------------------------------------------------------------
 * Encoder and connector
 */

static struct rcar_vdu_device *
connector_to_rcar_vdu(struct drm_connector *connector)
{
	return container_of(connector, struct rcar_vdu_device, connector);
}

static enum drm_connector_status
rcar_vdu_connector_detect(struct drm_connector *connector, bool force)
{
	struct rcar_vdu_device *vdu = connector_to_rcar_vdu(connector);
	bool connected;
	int idx;

	if (!drm_dev_enter(&vdu->drm, &idx))
		return connector_status_disconnected;

	connected = rcar_vdu_hw_connected(&vdu->hw);
	drm_dev_exit(idx);

	return connected ? connector_status_connected
			 : connector_status_disconnected;
}

static int rcar_vdu_connector_read_edid(void *context, u8 *buf,
					unsigned int block, size_t len)
{
	struct rcar_vdu_device *vdu = context;
	int ret;
	int idx;

	if (!drm_dev_enter(&vdu->drm, &idx))
		return -ENODEV;

	ret = rcar_vdu_hw_read_edid(&vdu->hw, buf, block * EDID_LENGTH, len);
	drm_dev_exit(idx);

	return ret;
}

static int rcar_vdu_connector_get_modes(struct drm_connector *connector)
{
	struct rcar_vdu_device *vdu = connector_to_rcar_vdu(connector);
	const struct drm_edid *edid;
	int count;

	edid = drm_edid_read_custom(connector, rcar_vdu_connector_read_edid,
				    vdu);
	drm_edid_connector_update(connector, edid);
	drm_edid_free(edid);

	count = drm_edid_connector_add_modes(connector);
	if (count)
		return count;

	/* Without an EDID: the standard modes that most displays have. */
	count = drm_add_modes_noedid(connector,
				     min(vdu->hw.limits.max_width, 1920),
				     min(vdu->hw.limits.max_height, 1080));
	drm_set_preferred_mode(connector, 1024, 768);

	return count;
}

static void rcar_vdu_connector_set_hpd(struct drm_connector *connector,
				       bool enable)
{
	struct rcar_vdu_device *vdu = connector_to_rcar_vdu(connector);
	int idx;

	if (!drm_dev_enter(&vdu->drm, &idx))
		return;

	rcar_vdu_hw_enable_hotplug(&vdu->hw, enable);
	drm_dev_exit(idx);
}

static void rcar_vdu_connector_enable_hpd(struct drm_connector *connector)
{
	rcar_vdu_connector_set_hpd(connector, true);
}

static void rcar_vdu_connector_disable_hpd(struct drm_connector *connector)
{
	rcar_vdu_connector_set_hpd(connector, false);
}

/**
 * rcar_vdu_kms_hotplug - Handle a change of the connection or of the EDID
 * @vdu: VDU device
 */
void rcar_vdu_kms_hotplug(struct rcar_vdu_device *vdu)
{
	/* If the connection is as it was, it is the EDID that changed. */
	if (!drm_helper_hpd_irq_event(&vdu->drm))
		drm_kms_helper_connector_hotplug_event(&vdu->connector);
}

static const struct drm_connector_helper_funcs
rcar_vdu_connector_helper_funcs = {
	.get_modes = rcar_vdu_connector_get_modes,
	.enable_hpd = rcar_vdu_connector_enable_hpd,
	.disable_hpd = rcar_vdu_connector_disable_hpd,
};

static const struct drm_connector_funcs rcar_vdu_connector_funcs = {
	.reset = drm_atomic_helper_connector_reset,
	.detect = rcar_vdu_connector_detect,
	.fill_modes = drm_helper_probe_single_connector_modes,
	.atomic_duplicate_state = drm_atomic_helper_connector_duplicate_state,
	.atomic_destroy_state = drm_atomic_helper_connector_destroy_state,
};

/* -----------------------------------------------------------------------------
 * Mode setting
 */

/*
 * Planes are programmed before the CRTC is enabled, so that the first frame is
 * complete, and old framebuffers are kept until the flip is done: the next
 * vertical blank, for which drm_atomic_helper_commit_tail() waits, can be one
 * too early.
 */
static void rcar_vdu_atomic_commit_tail(struct drm_atomic_state *state)
{
	struct drm_device *drm = state->dev;

	drm_atomic_helper_commit_modeset_disables(drm, state);
	drm_atomic_helper_commit_planes(drm, state,
					DRM_PLANE_COMMIT_ACTIVE_ONLY);
	drm_atomic_helper_commit_modeset_enables(drm, state);
	drm_atomic_helper_commit_hw_done(state);
	drm_atomic_helper_wait_for_flip_done(drm, state);
	drm_atomic_helper_cleanup_planes(drm, state);
}

static const struct drm_mode_config_helper_funcs
rcar_vdu_mode_config_helper_funcs = {
	.atomic_commit_tail = rcar_vdu_atomic_commit_tail,
};

/* Pages are given away anew, so all planes have to be in the commit. */
static int rcar_vdu_kms_check_pages(struct rcar_vdu_device *vdu,
				    struct drm_atomic_state *state)
{
	struct drm_crtc *crtc = &vdu->crtc.base;
	struct drm_crtc_state *crtc_state;
	u32 dspr;
	int ret;

	crtc_state = drm_atomic_get_crtc_state(state, crtc);
	if (IS_ERR(crtc_state))
		return PTR_ERR(crtc_state);

	ret = drm_atomic_add_affected_planes(state, crtc);
	if (ret)
		return ret;

	ret = rcar_vdu_planes_assign(state, &vdu->hw, &dspr);
	if (ret)
		return ret;

	rcar_vdu_crtc_set_dspr(crtc_state, dspr);

	return 0;
}

static int rcar_vdu_atomic_check(struct drm_device *drm,
				 struct drm_atomic_state *state)
{
	int ret;

	ret = drm_atomic_helper_check(drm, state);
	if (ret || rcar_vdu_planes_stay(state))
		return ret;

	return rcar_vdu_kms_check_pages(to_rcar_vdu(drm), state);
}

static const struct drm_mode_config_funcs rcar_vdu_mode_config_funcs = {
	.fb_create = drm_gem_fb_create,
	.atomic_check = rcar_vdu_atomic_check,
	.atomic_commit = drm_atomic_helper_commit,
};

/* -----------------------------------------------------------------------------
 * Reset
 */

/**
 * rcar_vdu_kms_reset_prepare - Turn everything off before a reset
 * @vdu: VDU device
 *
 * As suspend, but clients go on: they have to wait for the modeset locks, which
 * are held until rcar_vdu_kms_reset_done().
 */
void rcar_vdu_kms_reset_prepare(struct rcar_vdu_device *vdu)
{
	struct drm_device *drm = &vdu->drm;
	struct drm_modeset_acquire_ctx *ctx;
	int ret;

	drm_kms_helper_poll_disable(drm);
	drm_modeset_lock_all(drm);
	ctx = drm->mode_config.acquire_ctx;

	vdu->reset_state = drm_atomic_helper_duplicate_state(drm, ctx);
	if (IS_ERR(vdu->reset_state)) {
		drm_err(drm, "what is shown will be lost: %pe\n",
			vdu->reset_state);
		vdu->reset_state = NULL;
	}

	ret = drm_atomic_helper_disable_all(drm, ctx);
	if (ret)
		drm_err(drm, "cannot be turned off: %d\n", ret);
}

/**
 * rcar_vdu_kms_reset_done - Turn everything on again after a reset
 * @vdu: VDU device, ready for commits
 */
void rcar_vdu_kms_reset_done(struct rcar_vdu_device *vdu)
{
	struct drm_device *drm = &vdu->drm;
	int ret;

	if (vdu->reset_state) {
		ret = drm_atomic_helper_commit_duplicated_state(vdu->reset_state,
								drm->mode_config.acquire_ctx);
		if (ret)
			drm_err(drm, "cannot be turned on: %d\n", ret);
		drm_atomic_state_put(vdu->reset_state);
		vdu->reset_state = NULL;
	}

	drm_modeset_unlock_all(drm);
	drm_kms_helper_poll_enable(drm);
}

/* -----------------------------------------------------------------------------
 * Init
 */

static struct drm_plane *rcar_vdu_kms_init_plane(struct rcar_vdu_device *vdu,
						 enum drm_plane_type type,
						 unsigned int zpos)
{
	return rcar_vdu_plane_create(&vdu->drm, &vdu->hw, &vdu->pages, type,
				     zpos);
}

static int rcar_vdu_kms_init_crtc(struct rcar_vdu_device *vdu)
{
	unsigned int num_planes = rcar_vdu_num_planes(&vdu->hw);
	struct drm_plane *primary, *cursor = NULL;
	unsigned int i;

	primary = rcar_vdu_kms_init_plane(vdu, DRM_PLANE_TYPE_PRIMARY, 0);
	if (IS_ERR(primary))
		return PTR_ERR(primary);

	if (num_planes > 1 &&
	    vdu->hw.limits.formats & RCAR_VDU_FORMAT_ARGB8888) {
		cursor = rcar_vdu_kms_init_plane(vdu, DRM_PLANE_TYPE_CURSOR,
						 --num_planes);
		if (IS_ERR(cursor))
			return PTR_ERR(cursor);
	}

	for (i = 1; i < num_planes; ++i) {
		struct drm_plane *overlay =
			rcar_vdu_kms_init_plane(vdu, DRM_PLANE_TYPE_OVERLAY, i);

		if (IS_ERR(overlay))
			return PTR_ERR(overlay);
	}

	return rcar_vdu_crtc_init(&vdu->crtc, &vdu->hw, &vdu->pages, primary,
				  cursor);
}

static int rcar_vdu_connector_init(struct rcar_vdu_device *vdu)
{
	struct drm_connector *connector = &vdu->connector;
	struct drm_encoder *encoder = &vdu->encoder;
	int ret;

	ret = drmm_encoder_init(&vdu->drm, encoder, NULL,
				DRM_MODE_ENCODER_VIRTUAL, NULL);
	if (ret)
		return ret;

	encoder->possible_crtcs = drm_crtc_mask(&vdu->crtc.base);

	ret = drmm_connector_init(&vdu->drm, connector,
				  &rcar_vdu_connector_funcs,
				  DRM_MODE_CONNECTOR_VIRTUAL, NULL);
	if (ret)
		return ret;

	drm_connector_helper_add(connector, &rcar_vdu_connector_helper_funcs);
	connector->polled = DRM_CONNECTOR_POLL_HPD;

	/* Virtual connectors do not get the property by themselves. */
	drm_connector_attach_edid_property(connector);

	return drm_connector_attach_encoder(connector, encoder);
}

/**
 * rcar_vdu_kms_init - Create the mode setting objects
 * @vdu: VDU device
 *
 * Return: 0 or a negative error code.
 */
int rcar_vdu_kms_init(struct rcar_vdu_device *vdu)
{
	struct drm_device *drm = &vdu->drm;
	int ret;

	ret = drmm_mode_config_init(drm);
	if (ret)
		return ret;

	drm->mode_config.max_width = vdu->hw.limits.max_width;
	drm->mode_config.max_height = RCAR_VDU_MAX_FB_HEIGHT;
	drm->mode_config.cursor_width = RCAR_VDU_CURSOR_SIZE;
	drm->mode_config.cursor_height = RCAR_VDU_CURSOR_SIZE;
	drm->mode_config.normalize_zpos = true;
	drm->mode_config.preferred_depth =
		vdu->hw.limits.formats & RCAR_VDU_FORMAT_XRGB8888 ? 24 : 16;
	drm->mode_config.funcs = &rcar_vdu_mode_config_funcs;
	drm->mode_config.helper_private = &rcar_vdu_mode_config_helper_funcs;

	ret = rcar_vdu_kms_init_crtc(vdu);
	if (ret)
		return ret;

	ret = rcar_vdu_connector_init(vdu);
	if (ret)
		return ret;

	drm_mode_config_reset(drm);

	return 0;
}
