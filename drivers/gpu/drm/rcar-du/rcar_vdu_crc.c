// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car virtual Display Unit: check codes (CRCs) of what is shown
 *
 * For tests. The device computes one code for each commit, some time after the
 * first frame that shows it, and says which frames have it.
 */

#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <drm/drm_crtc.h>
#include <drm/drm_debugfs_crc.h>
#include <drm/drm_drv.h>
#include <drm/drm_vblank.h>

#include "rcar_vdu_drv.h"

static const char * const rcar_vdu_crc_sources[] = { "auto" };

static struct rcar_vdu_device *crtc_to_rcar_vdu(struct drm_crtc *crtc)
{
	return container_of(crtc, struct rcar_vdu_device, crtc);
}

static int rcar_vdu_crc_parse(const char *source, bool *enable)
{
	*enable = source;

	return source && strcmp(source, "auto") ? -EINVAL : 0;
}

/**
 * rcar_vdu_crc_sources_get - List the sources of check codes
 * @crtc: CRTC
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
 * @crtc: CRTC
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
 * rcar_vdu_crc_source_set - Turn check codes on or off
 * @crtc: CRTC
 * @source: "auto", or NULL to turn them off
 *
 * Implements &drm_crtc_funcs.set_crc_source.
 *
 * Return: 0, -EINVAL if there is no such source, or the CRTC is off, or -ENODEV.
 */
int rcar_vdu_crc_source_set(struct drm_crtc *crtc, const char *source)
{
	struct rcar_vdu_device *vdu = crtc_to_rcar_vdu(crtc);
	bool enable;
	int ret;
	int idx;

	ret = rcar_vdu_crc_parse(source, &enable);
	if (ret || enable == vdu->crc_on)
		return ret;

	/* They are read after vertical blanks. */
	if (enable) {
		ret = drm_crtc_vblank_get(crtc);
		if (ret)
			return ret;
		vdu->crc_next_known = false;
	}

	if (drm_dev_enter(&vdu->drm, &idx)) {
		rcar_vdu_write(&vdu->hw, RCAR_VDU_CRC_CTRL,
			       enable ? RCAR_VDU_CRC_CTRL_ENABLE : 0);
		drm_dev_exit(idx);
	}

	/* Pairs with rcar_vdu_crc_read(), in the interrupt handler. */
	smp_store_release(&vdu->crc_on, enable);

	if (!enable) {
		rcar_vdu_hw_synchronize_irq(&vdu->hw);
		drm_crtc_vblank_put(crtc);
	}

	return 0;
}

/* From the device's number of a frame to that of the DRM core. */
static u32 rcar_vdu_crc_frame_offset(struct rcar_vdu_device *vdu)
{
	u32 offset;

	scoped_guard(spinlock_irqsave, &vdu->drm.vblank_time_lock)
		offset = (u32)drm_crtc_vblank_count(&vdu->crtc) -
			 rcar_vdu_hw_frame_count(&vdu->hw);

	return offset;
}

/**
 * rcar_vdu_crc_read - Read what the device says, for user space
 * @vdu: VDU device
 *
 * Each frame gets one entry, in order. Frames that were gone before the device
 * began with them get none.
 *
 * Context: interrupt handler, after the DRM core was told of the vertical blank.
 */
void rcar_vdu_crc_read(struct rcar_vdu_device *vdu)
{
	u32 frames, frame, end, value, offset;

	/* Pairs with rcar_vdu_crc_source_set(): @crc_next_known is of this time. */
	if (!smp_load_acquire(&vdu->crc_on))
		return;

	frames = rcar_vdu_read(&vdu->hw, RCAR_VDU_CRC_FRAMES);
	if (!frames || PCI_POSSIBLE_ERROR(frames))
		return;

	frame = rcar_vdu_read(&vdu->hw, RCAR_VDU_CRC_FRAME);
	end = frame + frames;
	if (vdu->crc_next_known && (s32)(frame - vdu->crc_next) < 0)
		frame = vdu->crc_next;
	if ((s32)(end - frame) <= 0)
		return;

	value = rcar_vdu_read(&vdu->hw, RCAR_VDU_CRC_VALUE);
	offset = rcar_vdu_crc_frame_offset(vdu);

	/* User space that reads too slowly loses frames. */
	for (; frame != end; ++frame) {
		if (drm_crtc_add_crc_entry(&vdu->crtc, true, frame + offset,
					   &value))
			break;
	}

	vdu->crc_next = end;
	vdu->crc_next_known = true;
}

/**
 * rcar_vdu_crc_restore - Turn check codes on again after a reset
 * @vdu: VDU device
 */
void rcar_vdu_crc_restore(struct rcar_vdu_device *vdu)
{
	if (vdu->crc_on)
		rcar_vdu_write(&vdu->hw, RCAR_VDU_CRC_CTRL,
			       RCAR_VDU_CRC_CTRL_ENABLE);
}
