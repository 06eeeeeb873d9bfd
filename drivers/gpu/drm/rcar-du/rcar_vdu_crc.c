// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car virtual Display Unit: check codes (CRCs) of what is shown
 *
 * For tests. The device computes one code for each commit, some time after the
 * first frame that shows it, and says which frames have it.
 */

#include <linux/array_size.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <drm/drm_crtc.h>
#include <drm/drm_debugfs_crc.h>
#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_vblank.h>

#include "rcar_vdu_crc.h"
#include "rcar_vdu_hw.h"

static const char * const rcar_vdu_crc_sources[] = { "auto" };

static int rcar_vdu_crc_parse(const char *source, bool *enable)
{
	*enable = source;

	return source && strcmp(source, "auto") ? -EINVAL : 0;
}

/**
 * rcar_vdu_crc_sources_get - List the sources of check codes
 * @crtc: any CRTC
 * @count: returns how many there are
 *
 * Implements &drm_crtc_funcs.get_crc_sources.
 *
 * Return: their names.
 */
const char *const *rcar_vdu_crc_sources_get(struct drm_crtc *crtc, size_t *count)
{
	*count = ARRAY_SIZE(rcar_vdu_crc_sources);

	return rcar_vdu_crc_sources;
}

/**
 * rcar_vdu_crc_source_verify - Check the name of a source
 * @crtc: any CRTC
 * @source: the name, or NULL for none
 * @values: returns how many values a code has
 *
 * Implements &drm_crtc_funcs.verify_crc_source.
 *
 * Return: 0, or -EINVAL if there is no such source.
 */
int rcar_vdu_crc_source_verify(struct drm_crtc *crtc, const char *source,
			       size_t *values)
{
	bool enable;

	*values = 1;

	return rcar_vdu_crc_parse(source, &enable);
}

/**
 * rcar_vdu_crc_set_source - Turn check codes on or off
 * @crc: check codes
 * @source: "auto", or NULL to turn them off
 *
 * For &drm_crtc_funcs.set_crc_source.
 *
 * Return: 0, -EINVAL if there is no such source, or the CRTC is off, or -ENODEV.
 */
int rcar_vdu_crc_set_source(struct rcar_vdu_crc *crc, const char *source)
{
	bool enable;
	int ret;
	int idx;

	ret = rcar_vdu_crc_parse(source, &enable);
	if (ret || enable == crc->on)
		return ret;

	/* They are read after vertical blanks. */
	if (enable) {
		ret = drm_crtc_vblank_get(crc->crtc);
		if (ret)
			return ret;
		crc->next_known = false;
	}

	if (drm_dev_enter(crc->crtc->dev, &idx)) {
		rcar_vdu_write(crc->hw, RCAR_VDU_CRC_CTRL,
			       enable ? RCAR_VDU_CRC_CTRL_ENABLE : 0);
		drm_dev_exit(idx);
	}

	/* Pairs with rcar_vdu_crc_read(), in the interrupt handler. */
	smp_store_release(&crc->on, enable);

	if (!enable) {
		rcar_vdu_hw_synchronize_irq(crc->hw);
		drm_crtc_vblank_put(crc->crtc);
	}

	return 0;
}

/* From the device's number of a frame to that of the DRM core. */
static u32 rcar_vdu_crc_frame_offset(struct rcar_vdu_crc *crc)
{
	u32 offset;

	scoped_guard(spinlock_irqsave, &crc->crtc->dev->vblank_time_lock)
		offset = (u32)drm_crtc_vblank_count(crc->crtc) -
			 rcar_vdu_hw_frame_count(crc->hw);

	return offset;
}

/**
 * rcar_vdu_crc_read - Read what the device says, for user space
 * @crc: check codes
 *
 * Each frame gets one entry, in order. Frames that were gone before the device
 * began with them get none.
 *
 * Context: interrupt handler, after the DRM core was told of the vertical blank.
 */
void rcar_vdu_crc_read(struct rcar_vdu_crc *crc)
{
	u32 frames, frame, end, value, offset;

	/* Pairs with rcar_vdu_crc_set_source(): @next_known is of this time. */
	if (!smp_load_acquire(&crc->on))
		return;

	frames = rcar_vdu_read(crc->hw, RCAR_VDU_CRC_FRAMES);
	if (!frames || PCI_POSSIBLE_ERROR(frames))
		return;

	frame = rcar_vdu_read(crc->hw, RCAR_VDU_CRC_FRAME);
	end = frame + frames;
	if (crc->next_known && (s32)(frame - crc->next) < 0)
		frame = crc->next;
	if ((s32)(end - frame) <= 0)
		return;

	value = rcar_vdu_read(crc->hw, RCAR_VDU_CRC_VALUE);
	offset = rcar_vdu_crc_frame_offset(crc);

	/* User space that reads too slowly loses frames. */
	for (; frame != end; ++frame) {
		if (drm_crtc_add_crc_entry(crc->crtc, true, frame + offset,
					   &value))
			break;
	}

	crc->next = end;
	crc->next_known = true;
}

/**
 * rcar_vdu_crc_restore - Turn check codes on again after a reset
 * @crc: check codes
 */
void rcar_vdu_crc_restore(struct rcar_vdu_crc *crc)
{
	if (READ_ONCE(crc->on))
		rcar_vdu_write(crc->hw, RCAR_VDU_CRC_CTRL,
			       RCAR_VDU_CRC_CTRL_ENABLE);
}

/**
 * rcar_vdu_crc_init - Prepare check codes, which are off
 * @crc: check codes
 * @hw: registers of the VDU
 * @crtc: the CRTC whose frames they are of
 */
void rcar_vdu_crc_init(struct rcar_vdu_crc *crc, struct rcar_vdu_hw *hw,
		       struct drm_crtc *crtc)
{
	crc->hw = hw;
	crc->crtc = crtc;
}
