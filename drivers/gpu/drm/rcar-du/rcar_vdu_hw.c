// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car virtual Display Unit: timing, interrupts, head
 *
 * Every register access leaves the guest and costs as much as thousands of
 * instructions. The driver therefore never reads back what it wrote and writes
 * only what changes: a page flip is one write, of the new address.
 */

#include <linux/device.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/ioport.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "rcar_vdu_hw.h"

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
 * @hw: registers of the VDU
 * @mode: mode to check
 *
 * Return: MODE_OK or the reason for refusing the mode.
 */
enum drm_mode_status
rcar_vdu_hw_mode_valid(const struct rcar_vdu_hw *hw,
		       const struct drm_display_mode *mode)
{
	const struct rcar_vdu_limits *limits = &hw->limits;
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

static void rcar_vdu_set_timing(struct rcar_vdu_hw *hw,
				const struct drm_display_mode *mode)
{
	unsigned int hbegin = mode->htotal - mode->hsync_start;
	unsigned int vbegin = mode->vtotal - mode->vsync_end;

	rcar_vdu_write(hw, RCAR_VDU_DCLKIN, (u32)mode->clock * 1000);
	rcar_vdu_du_write(hw, ESCR0, ESCR_DCLKSEL_DCLKIN);
	rcar_vdu_du_write(hw, OTAR0, 0);

	rcar_vdu_du_write(hw, HDSR, hbegin - RCAR_VDU_HDS_OFFSET);
	rcar_vdu_du_write(hw, HDER,
			  hbegin + mode->hdisplay - RCAR_VDU_HDS_OFFSET);
	rcar_vdu_du_write(hw, HSWR, mode->hsync_end - mode->hsync_start - 1);
	rcar_vdu_du_write(hw, HCR, mode->htotal - 1);

	rcar_vdu_du_write(hw, VDSR, vbegin - 2);
	rcar_vdu_du_write(hw, VDER, vbegin + mode->vdisplay - 2);
	rcar_vdu_du_write(hw, VSPR, vbegin + mode->vsync_start - 1);
	rcar_vdu_du_write(hw, VCR, mode->vtotal - 1);

	rcar_vdu_du_write(hw, DESR, hbegin - 1);
	rcar_vdu_du_write(hw, DEWR, mode->hdisplay);
}

static void rcar_vdu_write_dsysr(struct rcar_vdu_hw *hw, u32 dsysr)
{
	rcar_vdu_du_write(hw, DSYSR, dsysr);
	hw->dsysr = dsysr;
}

/**
 * rcar_vdu_hw_enable - Start the display
 * @hw: registers of the VDU
 * @mode: mode that rcar_vdu_hw_mode_valid() accepts
 *
 * The first frame shows what is in the plane pages.
 */
void rcar_vdu_hw_enable(struct rcar_vdu_hw *hw,
			const struct drm_display_mode *mode)
{
	rcar_vdu_set_timing(hw, mode);
	rcar_vdu_write_dsysr(hw, DSYSR_DEN);
}

/**
 * rcar_vdu_hw_disable - Stop the display
 * @hw: registers of the VDU
 */
void rcar_vdu_hw_disable(struct rcar_vdu_hw *hw)
{
	rcar_vdu_write_dsysr(hw, DSYSR_DRES);
}

/**
 * rcar_vdu_hw_hold - Keep the display from taking over what is being written
 * @hw: registers of the VDU
 * @hold: from now on, or no longer
 *
 * Nothing is taken over while the display is stopped anyway.
 */
void rcar_vdu_hw_hold(struct rcar_vdu_hw *hw, bool hold)
{
	if (hw->dsysr & DSYSR_DRES)
		return;

	rcar_vdu_write_dsysr(hw, hold ? hw->dsysr | DSYSR_IUPD
				       : hw->dsysr & ~DSYSR_IUPD);
}

/* -----------------------------------------------------------------------------
 * Interrupts and frame counter
 */

/**
 * rcar_vdu_hw_enable_vblank - Enable or disable the vertical blank interrupt
 * @hw: registers of the VDU
 * @enable: enable it
 *
 * Vertical blanks from before the call raise no interrupt.
 */
void rcar_vdu_hw_enable_vblank(struct rcar_vdu_hw *hw, bool enable)
{
	u32 dier = enable ? DSSR_VBK : 0;

	if (enable)
		rcar_vdu_du_write(hw, DSRCR, DSSR_VBK);

	WRITE_ONCE(hw->dier, dier);
	rcar_vdu_du_write(hw, DIER, dier);
}

/* Whether BAR 4 has the frame clock, to be read after this. */
static bool rcar_vdu_shadow_awake(struct rcar_vdu_hw *hw)
{
	if (!hw->shadow || !rcar_vdu_shadow_read(hw, RCAR_VDU_SHADOW_AWAKE))
		return false;

	/* Pairs with the device's barrier before it writes AWAKE. */
	virt_rmb();

	return true;
}

/**
 * rcar_vdu_hw_read_frame_count - Read the number of vertical blanks so far
 * @hw: registers of the VDU
 */
void rcar_vdu_hw_read_frame_count(struct rcar_vdu_hw *hw)
{
	u32 frame_count;

	if (rcar_vdu_shadow_awake(hw))
		frame_count = rcar_vdu_shadow_read(hw,
						   RCAR_VDU_SHADOW_FRAME_COUNT);
	else
		frame_count = rcar_vdu_read(hw, RCAR_VDU_FRAME_COUNT);

	WRITE_ONCE(hw->frame_count, frame_count);
}

/**
 * rcar_vdu_hw_frame_count - Say what rcar_vdu_hw_read_frame_count() read last
 * @hw: registers of the VDU, or what is left of a device that is gone
 *
 * Return: the number of vertical blanks, modulo 2^32.
 */
u32 rcar_vdu_hw_frame_count(const struct rcar_vdu_hw *hw)
{
	return READ_ONCE(hw->frame_count);
}

/**
 * rcar_vdu_hw_frame_time - Read the time of the last vertical blank
 * @hw: registers of the VDU
 * @frame_time: returns the time by the device's clock, ns, modulo 2^32
 *
 * Return: true, or false if there is a new vertical blank right now.
 */
bool rcar_vdu_hw_frame_time(struct rcar_vdu_hw *hw, u32 *frame_time)
{
	u32 frame;

	if (!rcar_vdu_hw_has(hw, RCAR_VDU_FEATURE_FRAME_TIME) ||
	    !rcar_vdu_shadow_awake(hw)) {
		*frame_time = rcar_vdu_read(hw, RCAR_VDU_FRAME_TIME_LO);
		return true;
	}

	frame = rcar_vdu_shadow_read(hw, RCAR_VDU_SHADOW_FRAME_COUNT);
	/* Pairs with the device's barrier before it writes FRAME_COUNT. */
	virt_rmb();
	*frame_time = rcar_vdu_shadow_read(hw, RCAR_VDU_SHADOW_FRAME_TIME_LO);
	/* Pairs with the device's barrier after it has written FRAME_BEGUN. */
	virt_rmb();

	return rcar_vdu_shadow_read(hw, RCAR_VDU_SHADOW_FRAME_BEGUN) == frame;
}

/* Each vertical blank sends an MSI, and nothing has to be cleared. */
static unsigned int rcar_vdu_shadow_irq_ack(struct rcar_vdu_hw *hw)
{
	u32 frame = rcar_vdu_shadow_read(hw, RCAR_VDU_SHADOW_FRAME_COUNT);

	if (frame == hw->shadow_frame)
		return 0;

	hw->shadow_frame = frame;

	return READ_ONCE(hw->dier) ? RCAR_VDU_IRQ_VBLANK : 0;
}

/**
 * rcar_vdu_hw_irq_ack - Find and clear the causes of an interrupt
 * @hw: registers of the VDU
 *
 * Return: the enabled interrupts that were pending, RCAR_VDU_IRQ_*.
 */
unsigned int rcar_vdu_hw_irq_ack(struct rcar_vdu_hw *hw)
{
	u32 head_int = READ_ONCE(hw->head_int);
	u32 dier = READ_ONCE(hw->dier);
	unsigned int irqs = 0;
	u32 status;

	/* Both causes must be looked at: an MSI may stand for more than one. */
	if (hw->shadow) {
		irqs = rcar_vdu_shadow_irq_ack(hw);
		head_int &= rcar_vdu_shadow_read(hw,
						 RCAR_VDU_SHADOW_HEAD_INT_STATUS);
	} else if (dier) {
		status = rcar_vdu_du_read(hw, DSSR);
		if (PCI_POSSIBLE_ERROR(status))
			return 0;
		if (status & dier) {
			rcar_vdu_du_write(hw, DSRCR, status & dier);
			irqs |= RCAR_VDU_IRQ_VBLANK;
		}
	}

	if (head_int) {
		status = rcar_vdu_read(hw, RCAR_VDU_HEAD_INT_STATUS);
		if (PCI_POSSIBLE_ERROR(status))
			return 0;
		if (status & head_int) {
			rcar_vdu_write(hw, RCAR_VDU_HEAD_INT_STATUS,
				       status & head_int);
			irqs |= RCAR_VDU_IRQ_HOTPLUG;
		}
	}

	return irqs;
}

/**
 * rcar_vdu_hw_synchronize_irq - Wait for the interrupt handler
 * @hw: registers of the VDU
 *
 * When this returns, all calls of the handler that began before are done.
 */
void rcar_vdu_hw_synchronize_irq(struct rcar_vdu_hw *hw)
{
	synchronize_irq(hw->irq);
}

/* -----------------------------------------------------------------------------
 * Head
 */

/**
 * rcar_vdu_hw_enable_hotplug - Enable or disable the hot-plug interrupt
 * @hw: registers of the VDU
 * @enable: enable it
 *
 * A hot-plug that happened while the interrupt was disabled raises it.
 */
void rcar_vdu_hw_enable_hotplug(struct rcar_vdu_hw *hw, bool enable)
{
	u32 head_int = enable ? RCAR_VDU_HEAD_INT_HOTPLUG : 0;

	WRITE_ONCE(hw->head_int, head_int);
	rcar_vdu_write(hw, RCAR_VDU_HEAD_INT_ENABLE, head_int);
}

/**
 * rcar_vdu_hw_connected - Tell if the display is connected
 * @hw: registers of the VDU
 *
 * Return: true if it is.
 */
bool rcar_vdu_hw_connected(struct rcar_vdu_hw *hw)
{
	return rcar_vdu_read(hw, RCAR_VDU_HEAD_STATUS) & RCAR_VDU_HEAD_CONNECTED;
}

/**
 * rcar_vdu_hw_read_edid - Read a part of the EDID
 * @hw: registers of the VDU
 * @buf: returns the EDID
 * @offset: first byte to read, a multiple of 4
 * @len: number of bytes to read, a multiple of 4
 *
 * Return: 0, or -ENXIO if the EDID is shorter than that.
 */
int rcar_vdu_hw_read_edid(struct rcar_vdu_hw *hw, u8 *buf,
			  size_t offset, size_t len)
{
	size_t size = min(rcar_vdu_read(hw, RCAR_VDU_EDID_SIZE),
			  RCAR_VDU_EDID_WINDOW_SIZE);
	size_t i;

	if (offset > size || len > size - offset)
		return -ENXIO;

	for (i = 0; i < len; i += 4)
		put_unaligned_le32(rcar_vdu_read(hw, RCAR_VDU_EDID + offset + i),
				   buf + i);

	return 0;
}

/* -----------------------------------------------------------------------------
 * Init
 */

/**
 * rcar_vdu_hw_reset - Bring the device to a known, silent state
 * @hw: registers of the VDU
 *
 * The display and all planes are off and all interrupts are disabled after this
 * function.
 */
void rcar_vdu_hw_reset(struct rcar_vdu_hw *hw)
{
	rcar_vdu_write(hw, RCAR_VDU_SHADOW_CTRL, 0);
	rcar_vdu_write(hw, RCAR_VDU_CRC_CTRL, 0);
	rcar_vdu_hw_enable_hotplug(hw, false);
	rcar_vdu_hw_enable_vblank(hw, false);
	rcar_vdu_du_write(hw, DS1PR, 0);
	rcar_vdu_hw_disable(hw);

	/* One CRTC has all planes, in the order of DS1PR, on black. */
	rcar_vdu_du_write(hw, DORCR, DORCR_DPRS);
	rcar_vdu_du_write(hw, DPTSR, 0);
	rcar_vdu_du_write(hw, DOOR, 0);
	rcar_vdu_du_write(hw, BPOR, 0);
}

static int rcar_vdu_hw_map(struct rcar_vdu_hw *hw, struct pci_dev *pdev)
{
	const char *name = dev_driver_string(&pdev->dev);

	if (pci_resource_len(pdev, RCAR_VDU_DU_BAR) < RCAR_VDU_DU_BAR_SIZE ||
	    pci_resource_len(pdev, RCAR_VDU_REGS_BAR) < RCAR_VDU_REGS_BAR_SIZE)
		return dev_err_probe(&pdev->dev, -ENODEV,
				     "BARs are too small\n");

	hw->du = pcim_iomap_region(pdev, RCAR_VDU_DU_BAR, name);
	if (IS_ERR(hw->du))
		return dev_err_probe(&pdev->dev, PTR_ERR(hw->du),
				     "cannot map the DU registers\n");

	hw->vdu = pcim_iomap_region(pdev, RCAR_VDU_REGS_BAR, name);
	if (IS_ERR(hw->vdu))
		return dev_err_probe(&pdev->dev, PTR_ERR(hw->vdu),
				     "cannot map the VDU registers\n");

	return 0;
}

static void rcar_vdu_read_limits(struct rcar_vdu_hw *hw)
{
	struct rcar_vdu_limits *limits = &hw->limits;

	limits->num_pages = min(rcar_vdu_read(hw, RCAR_VDU_NUM_PLANES),
				RCAR_VDU_NUM_PLANE_PAGES);
	limits->max_width = min(rcar_vdu_read(hw, RCAR_VDU_MAX_WIDTH),
				PnDSXY_MASK);
	limits->max_height = min(rcar_vdu_read(hw, RCAR_VDU_MAX_HEIGHT),
				 PnDSXY_MASK);
	limits->max_pitch = min(rcar_vdu_read(hw, RCAR_VDU_MAX_PITCH),
				PnMWR_MASK);
	limits->pitch_align = max(rcar_vdu_read(hw, RCAR_VDU_PITCH_ALIGN), 1);
	limits->addr_align = -PnDSA_MASK;
	limits->addr_bits = min(rcar_vdu_read(hw, RCAR_VDU_ADDR_BITS), 64);
	limits->formats = rcar_vdu_read(hw, RCAR_VDU_FORMATS);
	limits->min_refresh = rcar_vdu_read(hw, RCAR_VDU_MIN_REFRESH);
	limits->max_refresh = rcar_vdu_read(hw, RCAR_VDU_MAX_REFRESH);
	limits->features = rcar_vdu_read(hw, RCAR_VDU_FEATURES);
}

/**
 * rcar_vdu_hw_formats - List the formats that the device can show
 * @hw: registers of the VDU
 * @formats: returns DRM formats, the most useful ones first
 *
 * Return: the number of formats.
 */
unsigned int rcar_vdu_hw_formats(const struct rcar_vdu_hw *hw,
				 u32 formats[RCAR_VDU_MAX_FORMATS])
{
	return rcar_vdu_format_list(hw->limits.formats, hw->limits.num_pages,
				    formats);
}

static int rcar_vdu_hw_check(struct rcar_vdu_hw *hw, struct device *dev)
{
	const struct rcar_vdu_limits *limits = &hw->limits;
	u32 formats[RCAR_VDU_MAX_FORMATS];
	u32 value;

	value = rcar_vdu_read(hw, RCAR_VDU_MAGIC);
	if (value != RCAR_VDU_MAGIC_VALUE)
		return dev_err_probe(dev, -ENODEV,
				     "not a VDU: magic is 0x%08x\n", value);

	value = rcar_vdu_read(hw, RCAR_VDU_VERSION);
	if (value >> 16 != RCAR_VDU_VERSION_MAJOR)
		return dev_err_probe(dev, -ENODEV,
				     "VDU version %u.%u is not supported\n",
				     value >> 16, value & 0xffff);

	rcar_vdu_read_limits(hw);
	if (!limits->num_pages || !limits->max_width || !limits->max_height ||
	    limits->max_pitch < limits->pitch_align || limits->addr_bits < 32 ||
	    !rcar_vdu_hw_formats(hw, formats))
		return dev_err_probe(dev, -ENODEV, "VDU has no usable plane\n");

	return 0;
}

/**
 * rcar_vdu_hw_init - Map the registers, check the device and reset it
 * @hw: registers of the VDU
 * @pdev: enabled PCI device
 *
 * Return: 0, -ENODEV if the driver does not know the device, or another error.
 */
int rcar_vdu_hw_init(struct rcar_vdu_hw *hw, struct pci_dev *pdev)
{
	int ret;

	ret = rcar_vdu_hw_map(hw, pdev);
	if (ret)
		return ret;

	ret = rcar_vdu_hw_check(hw, &pdev->dev);
	if (ret)
		return ret;

	rcar_vdu_hw_reset(hw);

	return 0;
}

/**
 * rcar_vdu_hw_init_dma - Prepare the device for buffers
 * @hw: registers of the VDU
 * @pdev: enabled PCI device
 *
 * The firmware says that the PCI host snoops. The display may not: buffers are to be
 * mapped write-combined then, which is what the DMA API does for a device that is
 * not coherent. The next probe finds the firmware's word again.
 *
 * Return: 0 or a negative error code.
 */
int rcar_vdu_hw_init_dma(struct rcar_vdu_hw *hw, struct pci_dev *pdev)
{
	int ret;

	/* Before the mask is set, which decides what there is to synchronize. */
	if (rcar_vdu_hw_has(hw, RCAR_VDU_FEATURE_NO_SNOOP)) {
		rcar_du_clear_dma_coherent(&pdev->dev);
		hw->write_combined = !dev_is_dma_coherent(&pdev->dev);
	}

	ret = dma_set_mask_and_coherent(&pdev->dev,
					DMA_BIT_MASK(hw->limits.addr_bits));
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "no DMA addressing\n");

	/* The device has no scatter-gather that could limit a segment. */
	dma_set_max_seg_size(&pdev->dev, UINT_MAX);
	pci_set_master(pdev);

	return 0;
}

/**
 * rcar_vdu_hw_init_irq - Choose the interrupt
 * @hw: registers of the VDU
 * @pdev: enabled PCI device
 *
 * Return: 0 or a negative error code.
 */
int rcar_vdu_hw_init_irq(struct rcar_vdu_hw *hw, struct pci_dev *pdev)
{
	int ret;

	/* Freed by pcim_enable_device(). */
	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI | PCI_IRQ_INTX);
	if (ret < 0)
		return dev_err_probe(&pdev->dev, ret, "no interrupt\n");

	hw->irq = pci_irq_vector(pdev, 0);

	return hw->irq < 0 ? hw->irq : 0;
}

/**
 * rcar_vdu_hw_init_shadow - Map the shadow plane pages, if the device has them
 * @hw: registers of the VDU
 * @pdev: PCI device with its interrupt
 *
 * The host has its own, cacheable mapping of the memory behind BAR 4. Only MSI
 * needs nothing cleared in registers.
 */
void rcar_vdu_hw_init_shadow(struct rcar_vdu_hw *hw, struct pci_dev *pdev)
{
	struct resource *res = &pdev->resource[RCAR_VDU_SHADOW_BAR];
	void *shadow;

	if (!pdev->msi_enabled ||
	    !rcar_vdu_hw_has(hw, RCAR_VDU_FEATURE_SHADOW) ||
	    resource_size(res) < RCAR_VDU_SHADOW_BAR_SIZE ||
	    !devm_request_mem_region(&pdev->dev, res->start, resource_size(res),
				     dev_driver_string(&pdev->dev)))
		return;

	shadow = devm_memremap(&pdev->dev, res->start, RCAR_VDU_SHADOW_BAR_SIZE,
			       MEMREMAP_WB);
	if (!IS_ERR(shadow))
		hw->shadow = shadow;
}
