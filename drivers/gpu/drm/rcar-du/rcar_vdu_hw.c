// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car virtual Display Unit: timing, interrupts, head
 *
 * Every register access leaves the guest and costs as much as thousands of
 * instructions. The driver therefore never reads back what it wrote and writes
 * only what changes: a page flip is one write, of the new address.
 */

#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "rcar_vdu_drv.h"

/* HCR and VCR are 13 bits wide and hold the total minus one. */
#define RCAR_VDU_MAX_TOTAL	0x2000

/*
 * The DU starts to count pixels before it outputs the first one, and needs
 * lines to prefetch: a shorter back porch cannot be programmed.
 */
#define RCAR_VDU_HDS_OFFSET	19
#define RCAR_VDU_MIN_VBP	3

/* -----------------------------------------------------------------------------
 * Display timing
 */

/**
 * rcar_vdu_hw_mode_valid - Check a mode against what the device can do
 * @vdu: VDU device
 * @mode: mode to check
 *
 * Return: MODE_OK or the reason for refusing the mode.
 */
enum drm_mode_status
rcar_vdu_hw_mode_valid(const struct rcar_vdu_device *vdu,
		       const struct drm_display_mode *mode)
{
	const struct rcar_vdu_limits *limits = &vdu->limits;
	u64 refresh;

	if (mode->flags & DRM_MODE_FLAG_INTERLACE)
		return MODE_NO_INTERLACE;
	if (mode->flags & DRM_MODE_FLAG_DBLSCAN)
		return MODE_NO_DBLESCAN;
	if (mode->vscan > 1)
		return MODE_NO_VSCAN;

	if (mode->hdisplay > limits->max_width)
		return MODE_VIRTUAL_X;
	if (mode->vdisplay > limits->max_height)
		return MODE_VIRTUAL_Y;
	if (mode->htotal > RCAR_VDU_MAX_TOTAL)
		return MODE_BAD_HVALUE;
	if (mode->vtotal > RCAR_VDU_MAX_TOTAL)
		return MODE_BAD_VVALUE;
	if (mode->htotal - mode->hsync_start < RCAR_VDU_HDS_OFFSET)
		return MODE_HBLANK_NARROW;
	if (mode->hsync_end == mode->hsync_start)
		return MODE_HSYNC_NARROW;
	if (mode->vtotal - mode->vsync_end < RCAR_VDU_MIN_VBP)
		return MODE_VBLANK_NARROW;

	/* The dot clock register is 32 bits of Hz. */
	if (mode->clock <= 0 || !mode->htotal || !mode->vtotal)
		return MODE_CLOCK_RANGE;
	if (mode->clock > U32_MAX / 1000)
		return MODE_CLOCK_HIGH;

	refresh = div_u64(mul_u32_u32(mode->clock, 1000000),
			  mode->htotal * mode->vtotal);
	if (refresh < limits->min_refresh)
		return MODE_CLOCK_LOW;
	if (refresh > limits->max_refresh)
		return MODE_CLOCK_HIGH;

	return MODE_OK;
}

static void rcar_vdu_set_timing(struct rcar_vdu_device *vdu,
				const struct drm_display_mode *mode)
{
	unsigned int hbegin = mode->htotal - mode->hsync_start;
	unsigned int vbegin = mode->vtotal - mode->vsync_end;

	rcar_vdu_write(vdu, RCAR_VDU_DCLKIN, (u32)mode->clock * 1000);
	rcar_vdu_du_write(vdu, ESCR0, ESCR_DCLKSEL_DCLKIN);
	rcar_vdu_du_write(vdu, OTAR0, 0);

	rcar_vdu_du_write(vdu, HDSR, hbegin - RCAR_VDU_HDS_OFFSET);
	rcar_vdu_du_write(vdu, HDER,
			  hbegin + mode->hdisplay - RCAR_VDU_HDS_OFFSET);
	rcar_vdu_du_write(vdu, HSWR, mode->hsync_end - mode->hsync_start - 1);
	rcar_vdu_du_write(vdu, HCR, mode->htotal - 1);

	rcar_vdu_du_write(vdu, VDSR, vbegin - 2);
	rcar_vdu_du_write(vdu, VDER, vbegin + mode->vdisplay - 2);
	rcar_vdu_du_write(vdu, VSPR, vbegin + mode->vsync_start - 1);
	rcar_vdu_du_write(vdu, VCR, mode->vtotal - 1);

	rcar_vdu_du_write(vdu, DESR, hbegin - 1);
	rcar_vdu_du_write(vdu, DEWR, mode->hdisplay);
}

static void rcar_vdu_write_dsysr(struct rcar_vdu_device *vdu, u32 dsysr)
{
	rcar_vdu_du_write(vdu, DSYSR, dsysr);
	vdu->dsysr = dsysr;
}

/**
 * rcar_vdu_hw_enable - Start the display
 * @vdu: VDU device
 * @mode: mode that rcar_vdu_hw_mode_valid() accepts
 *
 * The first frame shows what the last rcar_vdu_hw_commit() wrote.
 */
void rcar_vdu_hw_enable(struct rcar_vdu_device *vdu,
			const struct drm_display_mode *mode)
{
	rcar_vdu_set_timing(vdu, mode);
	rcar_vdu_write_dsysr(vdu, DSYSR_DEN);
}

/**
 * rcar_vdu_hw_disable - Stop the display and turn all planes off
 * @vdu: VDU device
 */
void rcar_vdu_hw_disable(struct rcar_vdu_device *vdu)
{
	vdu->dspr = 0;
	rcar_vdu_du_write(vdu, DS1PR, 0);
	/* Seen by the device with the next commit, as the display does not run. */
	if (vdu->shadow)
		rcar_vdu_shadow_write(vdu, RCAR_VDU_SHADOW_DS1PR, 0);
	rcar_vdu_write_dsysr(vdu, DSYSR_DRES);
}

/**
 * rcar_vdu_hw_hold - Keep the display from taking over what is being written
 * @vdu: VDU device
 * @hold: from now on, or no longer
 *
 * Nothing is taken over while the display is stopped anyway.
 */
void rcar_vdu_hw_hold(struct rcar_vdu_device *vdu, bool hold)
{
	if (vdu->dsysr & DSYSR_DRES)
		return;

	rcar_vdu_write_dsysr(vdu, hold ? vdu->dsysr | DSYSR_IUPD
				       : vdu->dsysr & ~DSYSR_IUPD);
}

/* -----------------------------------------------------------------------------
 * Interrupts and frame counter
 */

/**
 * rcar_vdu_hw_enable_vblank - Enable or disable the vertical blank interrupt
 * @vdu: VDU device
 * @enable: enable it
 *
 * Vertical blanks from before the call raise no interrupt.
 */
void rcar_vdu_hw_enable_vblank(struct rcar_vdu_device *vdu, bool enable)
{
	u32 dier = enable ? DSSR_VBK : 0;

	if (enable)
		rcar_vdu_du_write(vdu, DSRCR, DSSR_VBK);

	WRITE_ONCE(vdu->dier, dier);
	rcar_vdu_du_write(vdu, DIER, dier);
}

/* Whether BAR 4 has the frame clock, to be read after this. */
static bool rcar_vdu_shadow_awake(struct rcar_vdu_device *vdu)
{
	if (!vdu->shadow || !rcar_vdu_shadow_read(vdu, RCAR_VDU_SHADOW_AWAKE))
		return false;

	/* Pairs with the device's barrier before it writes AWAKE. */
	virt_rmb();

	return true;
}

/**
 * rcar_vdu_hw_frame_count - Read the number of vertical blanks so far
 * @vdu: VDU device
 *
 * Return: the number of vertical blanks, modulo 2^32.
 */
u32 rcar_vdu_hw_frame_count(struct rcar_vdu_device *vdu)
{
	if (rcar_vdu_shadow_awake(vdu))
		return rcar_vdu_shadow_read(vdu, RCAR_VDU_SHADOW_FRAME_COUNT);

	return rcar_vdu_read(vdu, RCAR_VDU_FRAME_COUNT);
}

/**
 * rcar_vdu_hw_frame_time - Read the time of the last vertical blank
 * @vdu: VDU device
 * @frame_time: returns the time by the host's clock, ns, modulo 2^32
 *
 * Return: true, or false if there is a new vertical blank right now.
 */
bool rcar_vdu_hw_frame_time(struct rcar_vdu_device *vdu, u32 *frame_time)
{
	u32 frame;

	if (!(vdu->limits.features & RCAR_VDU_FEATURE_FRAME_TIME) ||
	    !rcar_vdu_shadow_awake(vdu)) {
		*frame_time = rcar_vdu_read(vdu, RCAR_VDU_FRAME_TIME_LO);
		return true;
	}

	frame = rcar_vdu_shadow_read(vdu, RCAR_VDU_SHADOW_FRAME_COUNT);
	/* Pairs with the device's barrier before it writes FRAME_COUNT. */
	virt_rmb();
	*frame_time = rcar_vdu_shadow_read(vdu, RCAR_VDU_SHADOW_FRAME_TIME_LO);
	/* Pairs with the device's barrier after it has written FRAME_BEGUN. */
	virt_rmb();

	return rcar_vdu_shadow_read(vdu, RCAR_VDU_SHADOW_FRAME_BEGUN) == frame;
}

/* Each vertical blank sends an MSI, and nothing has to be cleared. */
static unsigned int rcar_vdu_shadow_irq_ack(struct rcar_vdu_device *vdu)
{
	u32 frame = rcar_vdu_shadow_read(vdu, RCAR_VDU_SHADOW_FRAME_COUNT);

	if (frame == vdu->shadow_frame)
		return 0;

	vdu->shadow_frame = frame;

	return READ_ONCE(vdu->dier) ? RCAR_VDU_IRQ_VBLANK : 0;
}

/**
 * rcar_vdu_hw_irq_ack - Find and clear the causes of an interrupt
 * @vdu: VDU device
 *
 * Return: the enabled interrupts that were pending, RCAR_VDU_IRQ_*.
 */
unsigned int rcar_vdu_hw_irq_ack(struct rcar_vdu_device *vdu)
{
	u32 head_int = READ_ONCE(vdu->head_int);
	u32 dier = READ_ONCE(vdu->dier);
	unsigned int irqs = 0;
	u32 status;

	/* Both causes must be looked at: an MSI may stand for more than one. */
	if (vdu->shadow) {
		irqs = rcar_vdu_shadow_irq_ack(vdu);
		head_int &= rcar_vdu_shadow_read(vdu,
						 RCAR_VDU_SHADOW_HEAD_INT_STATUS);
	} else if (dier) {
		status = rcar_vdu_du_read(vdu, DSSR);
		if (PCI_POSSIBLE_ERROR(status))
			return 0;
		if (status & dier) {
			rcar_vdu_du_write(vdu, DSRCR, status & dier);
			irqs |= RCAR_VDU_IRQ_VBLANK;
		}
	}

	if (head_int) {
		status = rcar_vdu_read(vdu, RCAR_VDU_HEAD_INT_STATUS);
		if (PCI_POSSIBLE_ERROR(status))
			return 0;
		if (status & head_int) {
			rcar_vdu_write(vdu, RCAR_VDU_HEAD_INT_STATUS,
				       status & head_int);
			irqs |= RCAR_VDU_IRQ_HOTPLUG;
		}
	}

	return irqs;
}

/* -----------------------------------------------------------------------------
 * Head
 */

/**
 * rcar_vdu_hw_enable_hotplug - Enable or disable the hot-plug interrupt
 * @vdu: VDU device
 * @enable: enable it
 *
 * A hot-plug that happened while the interrupt was disabled raises it.
 */
void rcar_vdu_hw_enable_hotplug(struct rcar_vdu_device *vdu, bool enable)
{
	u32 head_int = enable ? RCAR_VDU_HEAD_INT_HOTPLUG : 0;

	WRITE_ONCE(vdu->head_int, head_int);
	rcar_vdu_write(vdu, RCAR_VDU_HEAD_INT_ENABLE, head_int);
}

/**
 * rcar_vdu_hw_connected - Tell if the display is connected
 * @vdu: VDU device
 *
 * Return: true if it is.
 */
bool rcar_vdu_hw_connected(struct rcar_vdu_device *vdu)
{
	return rcar_vdu_read(vdu, RCAR_VDU_HEAD_STATUS) & RCAR_VDU_HEAD_CONNECTED;
}

/**
 * rcar_vdu_hw_read_edid - Read a part of the EDID
 * @vdu: VDU device
 * @buf: returns the EDID
 * @offset: first byte to read, a multiple of 4
 * @len: number of bytes to read, a multiple of 4
 *
 * Return: 0, or -ENXIO if the EDID is shorter than that.
 */
int rcar_vdu_hw_read_edid(struct rcar_vdu_device *vdu, u8 *buf,
			  size_t offset, size_t len)
{
	size_t size = min(rcar_vdu_read(vdu, RCAR_VDU_EDID_SIZE),
			  RCAR_VDU_EDID_WINDOW_SIZE);
	size_t i;

	if (offset > size || len > size - offset)
		return -ENXIO;

	for (i = 0; i < len; i += 4)
		put_unaligned_le32(rcar_vdu_read(vdu, RCAR_VDU_EDID + offset + i),
				   buf + i);

	return 0;
}

/* -----------------------------------------------------------------------------
 * Init
 */

/**
 * rcar_vdu_hw_reset - Bring the device to a known, silent state
 * @vdu: VDU device
 *
 * The display is off and all interrupts are disabled after this function.
 */
void rcar_vdu_hw_reset(struct rcar_vdu_device *vdu)
{
	unsigned int i;

	rcar_vdu_write(vdu, RCAR_VDU_SHADOW_CTRL, 0);
	rcar_vdu_write(vdu, RCAR_VDU_CRC_CTRL, 0);
	rcar_vdu_hw_enable_hotplug(vdu, false);
	rcar_vdu_hw_enable_vblank(vdu, false);
	rcar_vdu_hw_disable(vdu);

	/* One CRTC has all planes, in the order of DS1PR, on black. */
	rcar_vdu_du_write(vdu, DORCR, DORCR_DPRS);
	rcar_vdu_du_write(vdu, DPTSR, 0);
	rcar_vdu_du_write(vdu, DOOR, 0);
	rcar_vdu_du_write(vdu, BPOR, 0);

	for (i = 0; i < ARRAY_SIZE(vdu->pages); ++i)
		vdu->pages[i].known = false;
}

/**
 * rcar_vdu_hw_start - Make the device ready for commits
 * @vdu: VDU device, after rcar_vdu_hw_reset()
 *
 * From now on planes are those of the shadow plane pages, if @vdu has them.
 */
void rcar_vdu_hw_start(struct rcar_vdu_device *vdu)
{
	if (!vdu->shadow)
		return;

	vdu->shadow_seq = 0;
	rcar_vdu_shadow_write(vdu, RCAR_VDU_SHADOW_DS1PR, 0);
	rcar_vdu_shadow_write(vdu, RCAR_VDU_SHADOW_SEQ, 0);
	rcar_vdu_shadow_write(vdu, RCAR_VDU_SHADOW_DONE, 0);
	rcar_vdu_write(vdu, RCAR_VDU_SHADOW_CTRL,
		       RCAR_VDU_SHADOW_CTRL_ENABLE |
		       RCAR_VDU_SHADOW_CTRL_MESSAGES);
}

static void rcar_vdu_read_limits(struct rcar_vdu_device *vdu)
{
	struct rcar_vdu_limits *limits = &vdu->limits;

	limits->num_pages = min(rcar_vdu_read(vdu, RCAR_VDU_NUM_PLANES),
				RCAR_VDU_NUM_PLANE_PAGES);
	limits->max_width = min(rcar_vdu_read(vdu, RCAR_VDU_MAX_WIDTH),
				PnDSXY_MASK);
	limits->max_height = min(rcar_vdu_read(vdu, RCAR_VDU_MAX_HEIGHT),
				 PnDSXY_MASK);
	limits->max_pitch = min(rcar_vdu_read(vdu, RCAR_VDU_MAX_PITCH),
				PnMWR_MASK);
	limits->pitch_align = max(rcar_vdu_read(vdu, RCAR_VDU_PITCH_ALIGN), 1);
	limits->addr_align = -PnDSA_MASK;
	limits->addr_bits = min(rcar_vdu_read(vdu, RCAR_VDU_ADDR_BITS), 64);
	limits->formats = rcar_vdu_read(vdu, RCAR_VDU_FORMATS);
	limits->min_refresh = rcar_vdu_read(vdu, RCAR_VDU_MIN_REFRESH);
	limits->max_refresh = rcar_vdu_read(vdu, RCAR_VDU_MAX_REFRESH);
	limits->features = rcar_vdu_read(vdu, RCAR_VDU_FEATURES);
}

/**
 * rcar_vdu_hw_formats - List the formats that the device can show
 * @vdu: VDU device
 * @formats: returns DRM formats, the most useful ones first
 *
 * Return: the number of formats.
 */
unsigned int rcar_vdu_hw_formats(const struct rcar_vdu_device *vdu,
				 u32 formats[RCAR_VDU_MAX_FORMATS])
{
	return rcar_vdu_format_list(vdu->limits.formats, vdu->limits.num_pages,
				    formats);
}

/**
 * rcar_vdu_hw_init - Check that the device is one that the driver knows
 * @vdu: VDU device
 *
 * Return: 0, or -ENODEV if it is not.
 */
int rcar_vdu_hw_init(struct rcar_vdu_device *vdu)
{
	const struct rcar_vdu_limits *limits = &vdu->limits;
	struct device *dev = vdu->drm.dev;
	u32 formats[RCAR_VDU_MAX_FORMATS];
	u32 value;

	value = rcar_vdu_read(vdu, RCAR_VDU_MAGIC);
	if (value != RCAR_VDU_MAGIC_VALUE)
		return dev_err_probe(dev, -ENODEV,
				     "not a VDU: magic is 0x%08x\n", value);

	value = rcar_vdu_read(vdu, RCAR_VDU_VERSION);
	if (value >> 16 != RCAR_VDU_VERSION_MAJOR)
		return dev_err_probe(dev, -ENODEV,
				     "VDU version %u.%u is not supported\n",
				     value >> 16, value & 0xffff);

	rcar_vdu_read_limits(vdu);
	if (!limits->num_pages || !limits->max_width || !limits->max_height ||
	    limits->max_pitch < limits->pitch_align || limits->addr_bits < 32 ||
	    !rcar_vdu_hw_formats(vdu, formats))
		return dev_err_probe(dev, -ENODEV, "VDU has no usable plane\n");

	rcar_vdu_hw_reset(vdu);

	return 0;
}
