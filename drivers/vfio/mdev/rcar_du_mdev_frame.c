// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: from latched registers to framebuffers
 *
 * This undoes what rcar_du_plane_setup_format_gen2(), _setup_mode() and
 * _setup_scanout() of drivers/gpu/drm/renesas/rcar-du/rcar_du_plane.c and
 * rcar_du_crtc_update_planes() of rcar_du_crtc.c do. What they never write is
 * refused, so that nothing is ever shown in another way than the hardware
 * would.
 *
 * All register values come from the guest, and the latch is not assumed to
 * have gone through the masks of the register table.
 */

#include <linux/align.h>
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/math.h>
#include <linux/string.h>

#include <drm/drm_blend.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_plane.h>

#include <kunit/visibility.h>

#include "rcar_du_mdev_frame.h"

/* Four bits for each field of DS1PR. */
#define RCAR_DU_MDEV_DSPR_FIELDS	8

/* The source is a VSP, not memory: rcar_du_regs.h */
#define RCAR_DU_MDEV_DDCR4_VSPS		BIT(13)

#define RCAR_DU_MDEV_MR_MASK						\
	(PnMR_YCDF_YUYV | PnMR_SPIM_MASK | PnMR_BM_MASK | PnMR_DDDF_MASK)
#define RCAR_DU_MDEV_DDCR2_MASK						\
	(PnDDCR2_NV21 | PnDDCR2_Y420 | PnDDCR2_DIVU | PnDDCR2_DIVY)
#define RCAR_DU_MDEV_DDCR4_MASK						\
	(RCAR_DU_MDEV_DDCR4_VSPS | PnDDCR4_EDF_MASK)

/* -----------------------------------------------------------------------------
 * Formats
 */

/**
 * struct rcar_du_mdev_format - How a pixel format is programmed
 * @fourcc: DRM fourcc
 * @mr: PnMR; colour keys, which the VDU has not, are always off (TP_OFF)
 * @edf: PnDDCR4.EDF
 * @ddcr2: PnDDCR2; that of the chroma page if the format has one
 * @alphar: PnALPHAR
 * @alphar_mask: bits of PnALPHAR that tell this format from others
 * @num_planes: memory planes
 * @cpp: bytes of a pixel in the first memory plane
 * @hsub: pixels that share chroma samples in a line
 * @vsub: lines that share chroma samples
 */
struct rcar_du_mdev_format {
	u32 fourcc;
	u32 mr;
	u32 edf;
	u32 ddcr2;
	u32 alphar;
	u32 alphar_mask;
	u8 num_planes;
	u8 cpp;
	u8 hsub;
	u8 vsub;
};

static const struct rcar_du_mdev_format rcar_du_mdev_formats[] = {
	{
		.fourcc = DRM_FORMAT_RGB565,
		.mr = PnMR_SPIM_TP_OFF | PnMR_SPIM_TP | PnMR_DDDF_16BPP,
		.num_planes = 1, .cpp = 2, .hsub = 1, .vsub = 1,
	}, {
		/* Alpha is that of the register for A = 0, opaque for A = 1. */
		.fourcc = DRM_FORMAT_ARGB1555,
		.mr = PnMR_SPIM_TP_OFF | PnMR_SPIM_ALP | PnMR_DDDF_ARGB,
		.alphar = PnALPHAR_ABIT_0 | 0,
		.alphar_mask = PnALPHAR_ABIT_MASK | PnALPHAR_ALPHA_MASK,
		.num_planes = 1, .cpp = 2, .hsub = 1, .vsub = 1,
	}, {
		/* Alpha is that of the register whatever the X bit is. */
		.fourcc = DRM_FORMAT_XRGB1555,
		.mr = PnMR_SPIM_TP_OFF | PnMR_SPIM_ALP | PnMR_DDDF_ARGB,
		.alphar = PnALPHAR_ABIT_X,
		.alphar_mask = PnALPHAR_ABIT_MASK,
		.num_planes = 1, .cpp = 2, .hsub = 1, .vsub = 1,
	}, {
		.fourcc = DRM_FORMAT_XRGB8888,
		.mr = PnMR_SPIM_TP_OFF | PnMR_SPIM_TP | PnMR_DDDF_16BPP,
		.edf = PnDDCR4_EDF_RGB888,
		.num_planes = 1, .cpp = 4, .hsub = 1, .vsub = 1,
	}, {
		.fourcc = DRM_FORMAT_ARGB8888,
		.mr = PnMR_SPIM_TP_OFF | PnMR_SPIM_ALP | PnMR_DDDF_16BPP,
		.edf = PnDDCR4_EDF_ARGB8888,
		.num_planes = 1, .cpp = 4, .hsub = 1, .vsub = 1,
	}, {
		.fourcc = DRM_FORMAT_UYVY,
		.mr = PnMR_SPIM_TP_OFF | PnMR_DDDF_YC,
		.num_planes = 1, .cpp = 2, .hsub = 2, .vsub = 1,
	}, {
		.fourcc = DRM_FORMAT_YUYV,
		.mr = PnMR_SPIM_TP_OFF | PnMR_DDDF_YC | PnMR_YCDF_YUYV,
		.num_planes = 1, .cpp = 2, .hsub = 2, .vsub = 1,
	}, {
		.fourcc = DRM_FORMAT_NV12,
		.mr = PnMR_SPIM_TP_OFF | PnMR_DDDF_YC,
		.ddcr2 = PnDDCR2_DIVU | PnDDCR2_Y420,
		.num_planes = 2, .cpp = 1, .hsub = 2, .vsub = 2,
	}, {
		.fourcc = DRM_FORMAT_NV21,
		.mr = PnMR_SPIM_TP_OFF | PnMR_DDDF_YC,
		.ddcr2 = PnDDCR2_DIVU | PnDDCR2_Y420 | PnDDCR2_NV21,
		.num_planes = 2, .cpp = 1, .hsub = 2, .vsub = 2,
	}, {
		.fourcc = DRM_FORMAT_NV16,
		.mr = PnMR_SPIM_TP_OFF | PnMR_DDDF_YC,
		.ddcr2 = PnDDCR2_DIVU,
		.num_planes = 2, .cpp = 1, .hsub = 2, .vsub = 1,
	},
};

static bool rcar_du_mdev_plane_is_luma(const struct rcar_du_mdev_plane_regs *page)
{
	return (page->ddcr2 & (PnDDCR2_DIVY | PnDDCR2_DIVU)) == PnDDCR2_DIVY;
}

static bool rcar_du_mdev_plane_is_chroma(const struct rcar_du_mdev_plane_regs *page)
{
	return (page->ddcr2 & (PnDDCR2_DIVY | PnDDCR2_DIVU)) == PnDDCR2_DIVU;
}

/* @chroma is NULL for formats with one memory plane. */
static const struct rcar_du_mdev_format *
rcar_du_mdev_format_find(const struct rcar_du_mdev_plane_regs *page,
			 const struct rcar_du_mdev_plane_regs *chroma)
{
	u32 ddcr2 = (chroma ?: page)->ddcr2 & RCAR_DU_MDEV_DDCR2_MASK;
	u32 ddcr4 = page->ddcr4 & RCAR_DU_MDEV_DDCR4_MASK;
	u32 mr = page->mr & RCAR_DU_MDEV_MR_MASK;
	unsigned int i;

	if (chroma && (page->ddcr2 & RCAR_DU_MDEV_DDCR2_MASK) != PnDDCR2_DIVY)
		return NULL;

	for (i = 0; i < ARRAY_SIZE(rcar_du_mdev_formats); i++) {
		const struct rcar_du_mdev_format *format =
			&rcar_du_mdev_formats[i];

		if (mr == format->mr && ddcr4 == format->edf &&
		    ddcr2 == format->ddcr2 &&
		    (page->alphar & format->alphar_mask) == format->alphar)
			return format;
	}

	return NULL;
}

/* -----------------------------------------------------------------------------
 * Planes
 */

/*
 * The DU fetches lines of @width pixels from start position @x, @y of a buffer
 * @mwr pixels wide. @y has been converted to lines of this memory plane.
 */
static u32 rcar_du_mdev_plane_fetch(struct rcar_du_mdev_plane *plane,
				    unsigned int index,
				    const struct rcar_du_mdev_plane_regs *page,
				    const struct rcar_du_mdev_format *format,
				    u32 y)
{
	u32 vsub = index ? format->vsub : 1;
	u32 width = ALIGN(plane->width, format->hsub);
	u32 lines = DIV_ROUND_UP(plane->height, vsub);
	u32 x = page->spxr & PnSPXY_MASK;
	u64 base = (u64)page->addr_hi << 32 | (page->dsa0r & PnDSA_MASK);
	u64 end;

	if (!page->mwr || page->mwr > RCAR_DU_MDEV_MAX_PITCH ||
	    x + width > page->mwr)
		return RCAR_VDU_ERROR_PITCH;

	/* Samples of @hsub pixels can't be taken apart. */
	if (x % format->hsub)
		return RCAR_VDU_ERROR_ADDRESS;

	/* Cleaning what needs none does no harm, so other values are cacheable. */
	plane->write_combined[index] =
		page->mapping == RCAR_VDU_MAPPING_WRITE_COMBINED;
	plane->pitch[index] = page->mwr * format->cpp;
	plane->size[index] = (lines - 1) * plane->pitch[index] +
			     width * format->cpp;

	/* All but @base is below 2^28. */
	if (base >> RCAR_DU_MDEV_ADDR_BITS)
		return RCAR_VDU_ERROR_ADDRESS;
	plane->addr[index] = base + (u64)y * plane->pitch[index] +
			     x * format->cpp;
	end = plane->addr[index] + plane->size[index] - 1;

	return end >> RCAR_DU_MDEV_ADDR_BITS ? RCAR_VDU_ERROR_ADDRESS
					     : RCAR_VDU_ERROR_NONE;
}

static u32 rcar_du_mdev_plane_blend(struct rcar_du_mdev_plane *plane, u32 blend)
{
	bool has_alpha = plane->format == DRM_FORMAT_ARGB8888 ||
			 plane->format == DRM_FORMAT_ARGB1555;

	switch (blend) {
	case RCAR_VDU_BLEND_COVERAGE:
		plane->blend = DRM_MODE_BLEND_COVERAGE;
		break;
	case RCAR_VDU_BLEND_PREMULTI:
		plane->blend = DRM_MODE_BLEND_PREMULTI;
		break;
	case RCAR_VDU_BLEND_NONE:
		plane->blend = DRM_MODE_BLEND_PIXEL_NONE;
		break;
	default:
		return RCAR_VDU_ERROR_FORMAT;
	}

	if (!has_alpha)
		plane->blend = DRM_MODE_BLEND_PIXEL_NONE;

	return RCAR_VDU_ERROR_NONE;
}

/* @chroma is NULL for formats with one memory plane. */
static u32 rcar_du_mdev_plane_describe(struct rcar_du_mdev_plane *plane,
				       const struct rcar_du_mdev_plane_regs *page,
				       const struct rcar_du_mdev_plane_regs *chroma)
{
	const struct rcar_du_mdev_format *format;
	u32 y = page->spyr & PnSPXY_MASK;
	u32 error;

	format = rcar_du_mdev_format_find(page, chroma);
	if (!format)
		return RCAR_VDU_ERROR_FORMAT;

	plane->format = format->fourcc;
	plane->num_planes = format->num_planes;
	plane->width = page->dsxr;
	plane->height = page->dsyr;
	plane->x = page->dpxr & PnDSXY_MASK;
	plane->y = page->dpyr & PnDSXY_MASK;
	plane->alpha = page->alpha & RCAR_VDU_PLANE_ALPHA_MASK;
	if (format->fourcc == DRM_FORMAT_XRGB1555)
		plane->alpha = plane->alpha *
			       (page->alphar & PnALPHAR_ALPHA_MASK) / 0xff;

	error = rcar_du_mdev_plane_blend(plane, page->blend);
	if (error)
		return error;

	if (!plane->width || plane->width > RCAR_DU_MDEV_MAX_WIDTH ||
	    !plane->height || plane->height > RCAR_DU_MDEV_MAX_HEIGHT)
		return RCAR_VDU_ERROR_SIZE;

	/*
	 * The start line counts double for 32 bits per pixel, see
	 * rcar_du_plane_setup_scanout(). An odd one is in the middle of a line.
	 */
	if (format->cpp == 4 && y % 2)
		return RCAR_VDU_ERROR_ADDRESS;

	error = rcar_du_mdev_plane_fetch(plane, 0, page, format,
					 format->cpp == 4 ? y / 2 : y);
	if (error || !chroma)
		return error;

	/* The guest has divided the chroma page's start line by @vsub. */
	return rcar_du_mdev_plane_fetch(plane, 1, chroma, format,
					chroma->spyr & PnSPXY_MASK);
}

/* -----------------------------------------------------------------------------
 * Frames
 */

/* What a field of DS1PR says: 0 for none, or a plane page + 1. */
static u32 rcar_du_mdev_dspr_field(u32 dspr, unsigned int field)
{
	return dspr >> (4 * field) & 0xf;
}

/*
 * A field beyond the last page is an error that the guest should see: it is
 * reported on the page that the lower three bits name.
 */
static unsigned int rcar_du_mdev_dspr_page(u32 dspr, unsigned int field)
{
	return (rcar_du_mdev_dspr_field(dspr, field) - 1) %
	       RCAR_VDU_NUM_PLANE_PAGES;
}

/* The page of @field is named by it and by no other field. */
static bool rcar_du_mdev_dspr_valid(const struct rcar_du_mdev_latch *latch,
				    unsigned int field)
{
	u32 dspr = latch->dspr;
	unsigned int page = rcar_du_mdev_dspr_page(dspr, field);
	unsigned int named = 0;
	unsigned int i;

	if (rcar_du_mdev_dspr_field(dspr, field) > latch->num_planes)
		return false;

	for (i = 0; i < RCAR_DU_MDEV_DSPR_FIELDS; i++) {
		if (rcar_du_mdev_dspr_field(dspr, i) &&
		    rcar_du_mdev_dspr_page(dspr, i) == page)
			named++;
	}

	return named == 1;
}

/*
 * The chroma page follows the luma page in number, modulo 8, and in DS1PR,
 * where it takes the next lower field: rcar_du_crtc_update_planes().
 */
static const struct rcar_du_mdev_plane_regs *
rcar_du_mdev_frame_chroma(const struct rcar_du_mdev_latch *latch,
			  unsigned int field)
{
	unsigned int index = rcar_du_mdev_dspr_page(latch->dspr, field);
	const struct rcar_du_mdev_plane_regs *luma = &latch->planes[index];
	const struct rcar_du_mdev_plane_regs *chroma;

	index = (index + 1) % RCAR_VDU_NUM_PLANE_PAGES;
	chroma = &latch->planes[index];

	if (!field || rcar_du_mdev_dspr_field(latch->dspr, field - 1) != index + 1)
		return NULL;

	if (!rcar_du_mdev_dspr_valid(latch, field - 1))
		return NULL;

	if (!rcar_du_mdev_plane_is_chroma(chroma) ||
	    ((chroma->mr ^ luma->mr) & RCAR_DU_MDEV_MR_MASK) ||
	    ((chroma->ddcr4 ^ luma->ddcr4) & RCAR_DU_MDEV_DDCR4_MASK) ||
	    chroma->dsxr != luma->dsxr || chroma->dsyr != luma->dsyr ||
	    chroma->dpxr != luma->dpxr || chroma->dpyr != luma->dpyr)
		return NULL;

	return chroma;
}

/* Decode the plane of @field. Returns how many fields it takes. */
static unsigned int rcar_du_mdev_frame_add(struct rcar_du_mdev_frame *frame,
					   const struct rcar_du_mdev_latch *latch,
					   unsigned int field)
{
	const struct rcar_du_mdev_plane_regs *chroma = NULL;
	const struct rcar_du_mdev_plane_regs *page;
	struct rcar_du_mdev_plane *plane;

	plane = &frame->planes[frame->num_planes];
	plane->index = rcar_du_mdev_dspr_page(latch->dspr, field);
	plane->zpos = frame->num_planes++;

	page = &latch->planes[plane->index];
	plane->hot_x = page->hot_x;
	plane->hot_y = page->hot_y;

	if (!rcar_du_mdev_dspr_valid(latch, field)) {
		plane->error = RCAR_VDU_ERROR_PRIORITY;
		return 1;
	}

	/* All fields are progressive, one line after the other. */
	if (latch->interlaced) {
		plane->error = RCAR_VDU_ERROR_FORMAT;
		return 1;
	}

	if (rcar_du_mdev_plane_is_luma(page))
		chroma = rcar_du_mdev_frame_chroma(latch, field);

	if (rcar_du_mdev_plane_is_chroma(page) ||
	    (rcar_du_mdev_plane_is_luma(page) && !chroma)) {
		plane->error = RCAR_VDU_ERROR_PAIR;
		return 1;
	}

	plane->error = rcar_du_mdev_plane_describe(plane, page, chroma);

	return chroma ? 2 : 1;
}

static void rcar_du_mdev_frame_set_roles(struct rcar_du_mdev_frame *frame,
					 const struct rcar_du_mdev_latch *latch)
{
	bool has_primary = false;
	unsigned int i;

	for (i = 0; i < frame->num_planes; i++) {
		if (latch->planes[frame->planes[i].index].role ==
		    RCAR_VDU_ROLE_PRIMARY)
			has_primary = true;
	}

	for (i = 0; i < frame->num_planes; i++) {
		struct rcar_du_mdev_plane *plane = &frame->planes[i];

		switch (latch->planes[plane->index].role) {
		case RCAR_VDU_ROLE_PRIMARY:
			plane->role = DRM_PLANE_TYPE_PRIMARY;
			break;
		case RCAR_VDU_ROLE_OVERLAY:
			plane->role = DRM_PLANE_TYPE_OVERLAY;
			break;
		case RCAR_VDU_ROLE_CURSOR:
			plane->role = DRM_PLANE_TYPE_CURSOR;
			break;
		default:
			plane->role = i || has_primary ? DRM_PLANE_TYPE_OVERLAY
						       : DRM_PLANE_TYPE_PRIMARY;
			break;
		}
	}
}

/**
 * rcar_du_mdev_frame_decode - Find out what the display shows
 * @latch: the latched registers
 * @frame: gets the description
 *
 * One thing wrong with a plane takes only this plane off. A page that DS1PR
 * names twice is in @frame twice, and a field of DS1PR that is above 8 counts
 * as naming the page of its lower three bits, so that each error is seen on
 * some page. YUV formats need an even horizontal start position and those
 * with 32 bits per pixel an even PnSPYR, it is RCAR_VDU_ERROR_ADDRESS
 * otherwise.
 */
void rcar_du_mdev_frame_decode(const struct rcar_du_mdev_latch *latch,
			       struct rcar_du_mdev_frame *frame)
{
	unsigned int field = RCAR_DU_MDEV_DSPR_FIELDS;

	memset(frame, 0, sizeof(*frame));
	frame->on = latch->on;
	frame->seq = latch->seq;
	frame->frame = latch->frame;
	frame->time_ns = latch->time_ns;
	frame->width = latch->width;
	frame->height = latch->height;

	if (!latch->on)
		return;

	/* The highest field is the lowest plane. */
	while (field) {
		if (rcar_du_mdev_dspr_field(latch->dspr, field - 1))
			field -= rcar_du_mdev_frame_add(frame, latch,
							field - 1);
		else
			field--;
	}

	rcar_du_mdev_frame_set_roles(frame, latch);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_frame_decode);

/**
 * rcar_du_mdev_frame_find - Find the plane of a role
 * @frame: the frame
 * @role: DRM_PLANE_TYPE_*
 *
 * There may be several: the top-most cursor counts, and the lowest plane of
 * any other role.
 *
 * Return: the plane, or NULL if there is none or it can't be shown.
 */
const struct rcar_du_mdev_plane *
rcar_du_mdev_frame_find(const struct rcar_du_mdev_frame *frame, u32 role)
{
	const struct rcar_du_mdev_plane *found = NULL;
	unsigned int i;

	for (i = 0; i < frame->num_planes; i++) {
		if (frame->planes[i].role != role)
			continue;

		found = &frame->planes[i];
		if (role != DRM_PLANE_TYPE_CURSOR)
			break;
	}

	return found && !found->error ? found : NULL;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_frame_find);

/**
 * rcar_du_mdev_plane_is_simple - Tell if VFIO's plane can express a plane
 * @plane: the plane, or NULL
 *
 * VFIO's plane has one memory plane, no offset in its buffer, and a role that
 * is primary or cursor.
 *
 * Return: true if it can be expressed.
 */
bool rcar_du_mdev_plane_is_simple(const struct rcar_du_mdev_plane *plane)
{
	return plane && plane->num_planes == 1 &&
	       IS_ALIGNED(plane->addr[0], PAGE_SIZE);
}
