// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car virtual Display Unit: registers
 *
 * Every register access leaves the guest and costs as much as thousands of
 * instructions. The driver therefore never reads back what it wrote and writes
 * only what changes: a page flip is one write, of the new address.
 */

#include <linux/io.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include <drm/drm_fourcc.h>

#include "rcar_vdu_drv.h"

/* HCR and VCR are 13 bits wide and hold the total minus one. */
#define RCAR_VDU_MAX_TOTAL	0x2000

/*
 * The DU starts to count pixels before it outputs the first one, and needs
 * lines to prefetch: a shorter back porch cannot be programmed.
 */
#define RCAR_VDU_HDS_OFFSET	19
#define RCAR_VDU_MIN_VBP	3

static u32 rcar_vdu_du_read(struct rcar_vdu_device *vdu, u32 reg)
{
	return readl(vdu->du + reg);
}

static void rcar_vdu_du_write(struct rcar_vdu_device *vdu, u32 reg, u32 value)
{
	writel(value, vdu->du + reg);
}

static u32 rcar_vdu_read(struct rcar_vdu_device *vdu, u32 reg)
{
	return readl(vdu->vdu + reg);
}

static void rcar_vdu_write(struct rcar_vdu_device *vdu, u32 reg, u32 value)
{
	writel(value, vdu->vdu + reg);
}

/* -----------------------------------------------------------------------------
 * Formats
 */

/**
 * struct rcar_vdu_format - How a format is programmed
 * @fourcc: DRM format
 * @feature: RCAR_VDU_FORMAT_*
 * @pnmr: PnMR
 * @alphar: PnALPHAR
 * @edf: PnDDCR4.EDF
 * @uv: PnDDCR2 of the chroma page, 0 if there is none
 * @uv_vsub: lines of luma to a line of chroma
 */
struct rcar_vdu_format {
	u32 fourcc;
	u32 feature;
	u32 pnmr;
	u32 alphar;
	u32 edf;
	u32 uv;
	unsigned int uv_vsub;
};

#define RCAR_VDU_PNMR(dddf)	(PnMR_BM_MD | PnMR_SPIM_TP_OFF | (dddf))

static const struct rcar_vdu_format rcar_vdu_formats[] = {
	{
		.fourcc = DRM_FORMAT_XRGB8888,
		.feature = RCAR_VDU_FORMAT_XRGB8888,
		.pnmr = RCAR_VDU_PNMR(PnMR_DDDF_16BPP),
		.alphar = PnALPHAR_ABIT_0,
		.edf = PnDDCR4_EDF_RGB888,
	}, {
		.fourcc = DRM_FORMAT_ARGB8888,
		.feature = RCAR_VDU_FORMAT_ARGB8888,
		.pnmr = RCAR_VDU_PNMR(PnMR_SPIM_ALP | PnMR_DDDF_16BPP),
		.alphar = PnALPHAR_ABIT_0,
		.edf = PnDDCR4_EDF_ARGB8888,
	}, {
		.fourcc = DRM_FORMAT_RGB565,
		.feature = RCAR_VDU_FORMAT_RGB565,
		.pnmr = RCAR_VDU_PNMR(PnMR_DDDF_16BPP),
		.alphar = PnALPHAR_ABIT_0,
	}, {
		.fourcc = DRM_FORMAT_XRGB1555,
		.feature = RCAR_VDU_FORMAT_XRGB1555,
		.pnmr = RCAR_VDU_PNMR(PnMR_SPIM_ALP | PnMR_DDDF_ARGB),
		.alphar = PnALPHAR_ABIT_X | PnALPHAR_ALPHA_MASK,
	}, {
		.fourcc = DRM_FORMAT_ARGB1555,
		.feature = RCAR_VDU_FORMAT_ARGB1555,
		.pnmr = RCAR_VDU_PNMR(PnMR_SPIM_ALP | PnMR_DDDF_ARGB),
		.alphar = PnALPHAR_ABIT_0,
	}, {
		.fourcc = DRM_FORMAT_UYVY,
		.feature = RCAR_VDU_FORMAT_UYVY,
		.pnmr = RCAR_VDU_PNMR(PnMR_DDDF_YC),
		.alphar = PnALPHAR_ABIT_0,
	}, {
		.fourcc = DRM_FORMAT_YUYV,
		.feature = RCAR_VDU_FORMAT_YUYV,
		.pnmr = RCAR_VDU_PNMR(PnMR_YCDF_YUYV | PnMR_DDDF_YC),
		.alphar = PnALPHAR_ABIT_0,
	}, {
		.fourcc = DRM_FORMAT_NV12,
		.feature = RCAR_VDU_FORMAT_NV12,
		.pnmr = RCAR_VDU_PNMR(PnMR_DDDF_YC),
		.alphar = PnALPHAR_ABIT_0,
		.uv = PnDDCR2_DIVU | PnDDCR2_Y420,
		.uv_vsub = 2,
	}, {
		.fourcc = DRM_FORMAT_NV21,
		.feature = RCAR_VDU_FORMAT_NV21,
		.pnmr = RCAR_VDU_PNMR(PnMR_DDDF_YC),
		.alphar = PnALPHAR_ABIT_0,
		.uv = PnDDCR2_DIVU | PnDDCR2_Y420 | PnDDCR2_NV21,
		.uv_vsub = 2,
	}, {
		.fourcc = DRM_FORMAT_NV16,
		.feature = RCAR_VDU_FORMAT_NV16,
		.pnmr = RCAR_VDU_PNMR(PnMR_DDDF_YC),
		.alphar = PnALPHAR_ABIT_0,
		.uv = PnDDCR2_DIVU,
		.uv_vsub = 1,
	},
};

static_assert(ARRAY_SIZE(rcar_vdu_formats) == RCAR_VDU_MAX_FORMATS);

static const struct rcar_vdu_format *rcar_vdu_format_find(u32 fourcc)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rcar_vdu_formats); ++i) {
		if (rcar_vdu_formats[i].fourcc == fourcc)
			return &rcar_vdu_formats[i];
	}

	return NULL;
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
	unsigned int num_formats = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rcar_vdu_formats); ++i) {
		const struct rcar_vdu_format *format = &rcar_vdu_formats[i];

		if (!(vdu->limits.formats & format->feature))
			continue;
		if (format->uv && vdu->limits.num_pages < 2)
			continue;

		formats[num_formats++] = format->fourcc;
	}

	return num_formats;
}

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

static bool rcar_vdu_running(const struct rcar_vdu_device *vdu)
{
	return !(vdu->dsysr & DSYSR_DRES);
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
	vdu->staged_dspr = 0;
	vdu->dspr = 0;
	rcar_vdu_du_write(vdu, DS1PR, 0);
	rcar_vdu_write_dsysr(vdu, DSYSR_DRES);
}

/* -----------------------------------------------------------------------------
 * Planes
 */

/**
 * struct rcar_vdu_page_reg_info - Where a register of a plane page is
 * @offset: from the start of the page
 * @vdu: the register is in the VDU page, not among the DU registers
 */
struct rcar_vdu_page_reg_info {
	u16 offset;
	bool vdu;
};

static const struct rcar_vdu_page_reg_info rcar_vdu_page_regs[] = {
	[RCAR_VDU_REG_MR] = { PnMR },
	[RCAR_VDU_REG_MWR] = { PnMWR },
	[RCAR_VDU_REG_ALPHAR] = { PnALPHAR },
	[RCAR_VDU_REG_DSXR] = { PnDSXR },
	[RCAR_VDU_REG_DSYR] = { PnDSYR },
	[RCAR_VDU_REG_DPXR] = { PnDPXR },
	[RCAR_VDU_REG_DPYR] = { PnDPYR },
	[RCAR_VDU_REG_SPXR] = { PnSPXR },
	[RCAR_VDU_REG_SPYR] = { PnSPYR },
	[RCAR_VDU_REG_DDCR2] = { PnDDCR2 },
	[RCAR_VDU_REG_DDCR4] = { PnDDCR4 },
	[RCAR_VDU_REG_ROLE] = { RCAR_VDU_PLANE_ROLE, true },
	[RCAR_VDU_REG_ADDR_HI] = { RCAR_VDU_PLANE_ADDR_HI, true },
	[RCAR_VDU_REG_DSA0R] = { PnDSA0R },
};

static_assert(ARRAY_SIZE(rcar_vdu_page_regs) == RCAR_VDU_NUM_PAGE_REGS);

static void rcar_vdu_page_write(struct rcar_vdu_device *vdu, unsigned int page,
				enum rcar_vdu_page_reg reg, u32 value)
{
	const struct rcar_vdu_page_reg_info *info = &rcar_vdu_page_regs[reg];

	if (info->vdu)
		rcar_vdu_write(vdu, RCAR_VDU_PLANE(page) + info->offset, value);
	else
		rcar_vdu_du_write(vdu, RCAR_VDU_PLANE_PAGE(page) + info->offset,
				  value);
}

static void rcar_vdu_stage_page(struct rcar_vdu_page *page,
				const struct rcar_vdu_format *format,
				const struct rcar_vdu_plane_config *config,
				bool chroma)
{
	u64 addr = config->addr[chroma];
	u32 *regs = page->staged;
	u32 ddcr2 = 0;
	u32 spyr = config->src_y;

	if (chroma) {
		ddcr2 = format->uv;
		spyr /= format->uv_vsub;
	} else if (format->uv) {
		ddcr2 = PnDDCR2_DIVY;
	}

	/* PnSPYR counts lines as if pixels had 16 bits. */
	if (format->edf != PnDDCR4_EDF_NONE)
		spyr *= 2;

	regs[RCAR_VDU_REG_MR] = format->pnmr;
	regs[RCAR_VDU_REG_MWR] = config->pitch;
	regs[RCAR_VDU_REG_ALPHAR] = format->alphar;
	regs[RCAR_VDU_REG_DSXR] = config->width;
	regs[RCAR_VDU_REG_DSYR] = config->height;
	regs[RCAR_VDU_REG_DPXR] = config->x;
	regs[RCAR_VDU_REG_DPYR] = config->y;
	regs[RCAR_VDU_REG_SPXR] = config->src_x;
	regs[RCAR_VDU_REG_SPYR] = spyr;
	regs[RCAR_VDU_REG_DDCR2] = PnDDCR2_CODE | ddcr2;
	regs[RCAR_VDU_REG_DDCR4] = PnDDCR4_CODE | format->edf;
	regs[RCAR_VDU_REG_ROLE] = chroma ? RCAR_VDU_ROLE_AUTO
					 : RCAR_VDU_ROLE_PRIMARY;
	regs[RCAR_VDU_REG_ADDR_HI] = upper_32_bits(addr);
	regs[RCAR_VDU_REG_DSA0R] = lower_32_bits(addr);
}

/**
 * rcar_vdu_hw_set_plane - Stage what the primary plane shows
 * @vdu: VDU device
 * @config: what to show, NULL to turn the plane off
 *
 * Nothing is written before rcar_vdu_hw_commit().
 */
void rcar_vdu_hw_set_plane(struct rcar_vdu_device *vdu,
			   const struct rcar_vdu_plane_config *config)
{
	const struct rcar_vdu_format *format;

	vdu->staged_dspr = 0;
	if (!config)
		return;

	format = rcar_vdu_format_find(config->fourcc);
	if (WARN_ON(!format))
		return;

	/* DS1PR names pages counted from 1, luma above chroma. */
	rcar_vdu_stage_page(&vdu->pages[0], format, config, false);
	vdu->staged_dspr = 1;
	if (format->uv) {
		rcar_vdu_stage_page(&vdu->pages[1], format, config, true);
		vdu->staged_dspr = 1 << 4 | 2;
	}
}

/*
 * Write what differs between the staged and the written registers of a page,
 * or just count it.
 */
static unsigned int rcar_vdu_sync_page(struct rcar_vdu_device *vdu,
				       unsigned int index, bool write)
{
	struct rcar_vdu_page *page = &vdu->pages[index];
	unsigned int num_writes = 0;
	unsigned int i;

	for (i = 0; i < RCAR_VDU_NUM_PAGE_REGS; ++i) {
		if (page->known && page->staged[i] == page->written[i])
			continue;

		++num_writes;
		if (!write)
			continue;

		rcar_vdu_page_write(vdu, index, i, page->staged[i]);
		page->written[i] = page->staged[i];
	}

	if (write)
		page->known = true;

	return num_writes;
}

static unsigned int rcar_vdu_sync_planes(struct rcar_vdu_device *vdu,
					 bool write)
{
	unsigned int num_writes = 0;
	u32 dspr;

	for (dspr = vdu->staged_dspr; dspr; dspr >>= 4)
		num_writes += rcar_vdu_sync_page(vdu, (dspr & 0xf) - 1, write);

	if (vdu->staged_dspr != vdu->dspr) {
		++num_writes;
		if (write) {
			rcar_vdu_du_write(vdu, DS1PR, vdu->staged_dspr);
			vdu->dspr = vdu->staged_dspr;
		}
	}

	return num_writes;
}

/**
 * rcar_vdu_hw_commit - Write what was staged
 * @vdu: VDU device
 *
 * The display takes all of it over at the same vertical blank, the first one
 * after this function, or one during it.
 */
void rcar_vdu_hw_commit(struct rcar_vdu_device *vdu)
{
	bool hold;

	/*
	 * A single write cannot be torn by a vertical blank, and nothing is
	 * taken over while the display is stopped: no need to hold updates.
	 */
	hold = rcar_vdu_running(vdu) && rcar_vdu_sync_planes(vdu, false) > 1;

	if (hold)
		rcar_vdu_write_dsysr(vdu, vdu->dsysr | DSYSR_IUPD);
	rcar_vdu_sync_planes(vdu, true);
	if (hold)
		rcar_vdu_write_dsysr(vdu, vdu->dsysr & ~DSYSR_IUPD);
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

/**
 * rcar_vdu_hw_frame_count - Read the number of vertical blanks so far
 * @vdu: VDU device
 *
 * Return: the number of vertical blanks, modulo 2^32.
 */
u32 rcar_vdu_hw_frame_count(struct rcar_vdu_device *vdu)
{
	return rcar_vdu_read(vdu, RCAR_VDU_FRAME_COUNT);
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
	if (dier) {
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
