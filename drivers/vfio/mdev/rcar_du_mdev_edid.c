// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: EDID
 *
 * The default monitor, and the VFIO graphics EDID region (struct
 * vfio_region_gfx_edid), through which a VMM replaces it.
 *
 * Offsets and bits are those of the VESA Enhanced EDID Standard, release A,
 * revision 2 (EDID 1.4).
 */

#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/unaligned.h>

#include <kunit/visibility.h>

#include "rcar_du_mdev_edid.h"

/* -----------------------------------------------------------------------------
 * Timings
 */

/* A detailed timing descriptor counts in 10 kHz, in 16 bits. */
#define RCAR_DU_MDEV_DTD_CLOCK_UNIT	10000
#define RCAR_DU_MDEV_DTD_MAX_CLOCK	0xffff
/* It has 12 bits for the active pixels and lines. */
#define RCAR_DU_MDEV_DTD_MAX_ACTIVE	4095

#define RCAR_DU_MDEV_DTD_HSYNC_POSITIVE	BIT(1)
#define RCAR_DU_MDEV_DTD_VSYNC_POSITIVE	BIT(2)
#define RCAR_DU_MDEV_DTD_SYNC_SEPARATE	(BIT(4) | BIT(3))

/* VESA CVT 1.2, section 3.4: reduced blanking */
#define RCAR_DU_MDEV_CVT_RB_H_BLANK	160
#define RCAR_DU_MDEV_CVT_RB_H_FRONT	48
#define RCAR_DU_MDEV_CVT_RB_H_SYNC	32
#define RCAR_DU_MDEV_CVT_RB_V_FRONT	3
#define RCAR_DU_MDEV_CVT_RB_V_BACK	6
#define RCAR_DU_MDEV_CVT_RB_V_BLANK_US	460

/**
 * struct rcar_du_mdev_timing - A display timing
 * @width: displayed pixels
 * @height: displayed lines
 * @refresh: frames per second
 * @clock: pixel clock, in units of 10 kHz
 * @h_blank: pixels of horizontal blanking
 * @h_front: pixels of the front porch
 * @h_sync: pixels of the sync pulse
 * @v_blank: lines of vertical blanking
 * @v_front: lines of the front porch
 * @v_sync: lines of the sync pulse
 * @flags: polarities, as in the detailed timing descriptor
 */
struct rcar_du_mdev_timing {
	u32 width;
	u32 height;
	u32 refresh;
	u32 clock;
	u32 h_blank;
	u32 h_front;
	u32 h_sync;
	u32 v_blank;
	u32 v_front;
	u32 v_sync;
	u8 flags;
};

/* CEA-861 video formats 16 and 4, which all displays take. */
static const struct rcar_du_mdev_timing rcar_du_mdev_cea_timings[] = {
	{
		.width = 1920, .height = 1080, .refresh = 60, .clock = 14850,
		.h_blank = 280, .h_front = 88, .h_sync = 44,
		.v_blank = 45, .v_front = 4, .v_sync = 5,
		.flags = RCAR_DU_MDEV_DTD_HSYNC_POSITIVE |
			 RCAR_DU_MDEV_DTD_VSYNC_POSITIVE,
	}, {
		.width = 1280, .height = 720, .refresh = 60, .clock = 7425,
		.h_blank = 370, .h_front = 110, .h_sync = 40,
		.v_blank = 30, .v_front = 5, .v_sync = 5,
		.flags = RCAR_DU_MDEV_DTD_HSYNC_POSITIVE |
			 RCAR_DU_MDEV_DTD_VSYNC_POSITIVE,
	},
};

/* The width of the vertical sync pulse encodes the aspect ratio. */
static u32 rcar_du_mdev_cvt_v_sync(u32 width, u32 height)
{
	static const struct {
		u8 h, v, lines;
	} ratios[] = {
		{ 4, 3, 4 }, { 16, 9, 5 }, { 16, 10, 6 }, { 5, 4, 7 },
		{ 15, 9, 7 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ratios); i++) {
		if (width * ratios[i].v == height * ratios[i].h)
			return ratios[i].lines;
	}

	return 10;
}

/*
 * Unlike CVT, the width is not rounded to a multiple of 8, and the clock is
 * rounded to the descriptor's 10 kHz, so that size and rate are what was asked
 * for.
 */
static void rcar_du_mdev_cvt(struct rcar_du_mdev_timing *timing, u32 width,
			     u32 height, u32 refresh)
{
	u32 active_us = USEC_PER_SEC / refresh - RCAR_DU_MDEV_CVT_RB_V_BLANK_US;
	u32 v_blank;
	u64 rate;

	timing->width = width;
	timing->height = height;
	timing->refresh = refresh;
	timing->h_blank = RCAR_DU_MDEV_CVT_RB_H_BLANK;
	timing->h_front = RCAR_DU_MDEV_CVT_RB_H_FRONT;
	timing->h_sync = RCAR_DU_MDEV_CVT_RB_H_SYNC;
	timing->v_front = RCAR_DU_MDEV_CVT_RB_V_FRONT;
	timing->v_sync = rcar_du_mdev_cvt_v_sync(width, height);
	timing->flags = RCAR_DU_MDEV_DTD_HSYNC_POSITIVE;

	v_blank = RCAR_DU_MDEV_CVT_RB_V_BLANK_US * height / active_us + 1;
	timing->v_blank = max(v_blank, timing->v_front + timing->v_sync +
				       RCAR_DU_MDEV_CVT_RB_V_BACK);

	rate = (u64)(width + timing->h_blank) * (height + timing->v_blank) *
	       refresh;
	timing->clock = div_u64(rate + RCAR_DU_MDEV_DTD_CLOCK_UNIT / 2,
				RCAR_DU_MDEV_DTD_CLOCK_UNIT);
}

static void rcar_du_mdev_timing_get(struct rcar_du_mdev_timing *timing,
				    u32 width, u32 height, u32 refresh)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rcar_du_mdev_cea_timings); i++) {
		*timing = rcar_du_mdev_cea_timings[i];
		if (timing->width == width && timing->height == height &&
		    timing->refresh == refresh)
			return;
	}

	/* The largest display of all is within the clock at 30 Hz. */
	do {
		rcar_du_mdev_cvt(timing, width, height, refresh--);
	} while (timing->clock > RCAR_DU_MDEV_DTD_MAX_CLOCK);
}

/* -----------------------------------------------------------------------------
 * Base block
 */

#define RCAR_DU_MDEV_EDID_EXTENSIONS	126
#define RCAR_DU_MDEV_EDID_CHECKSUM	127

#define RCAR_DU_MDEV_EDID_DESCRIPTOR	18 /* bytes */

static const u8 rcar_du_mdev_edid_header[] = {
	0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00,
};

/* Three letters of five bits each, 1 is A. Not a registered id. */
#define RCAR_DU_MDEV_EDID_VENDOR	(('R' - '@') << 10 | ('C' - '@') << 5 | \
					 ('D' - '@'))
/* Counted from 1990. */
#define RCAR_DU_MDEV_EDID_YEAR		(2025 - 1990)

/* What is the same for all sizes; zeroes fill up descriptors 1 and 3. */
static const u8 rcar_du_mdev_edid_base[RCAR_DU_MDEV_EDID_BLOCK] = {
	[8] = RCAR_DU_MDEV_EDID_VENDOR >> 8,
	[9] = RCAR_DU_MDEV_EDID_VENDOR & 0xff,
	[10] = RCAR_VDU_PCI_DEVICE_ID & 0xff,
	[11] = RCAR_VDU_PCI_DEVICE_ID >> 8,
	[17] = RCAR_DU_MDEV_EDID_YEAR,
	[18] = 1, 4,
	[20] = 0xa0,	/* digital, 8 bits per primary colour */
	[23] = 120,	/* gamma 2.2 */
	[24] = 0x07,	/* sRGB, native timing is preferred, any rate */
	/* sRGB primaries and white point, IEC 61966-2-1. */
	[25] = 0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54,
	[35] = 0x21,	/* 640x480 and 800x600 at 60 Hz */
	[36] = 0x08,	/* 1024x768 at 60 Hz */
	[38] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* unused */
	[72] = 0, 0, 0, 0xfc, 0,	/* product name */
	'R', '-', 'C', 'a', 'r', ' ', 'V', 'D', 'U', '\n', ' ', ' ', ' ',
	[108] = 0, 0, 0, 0x10, 0,	/* unused */
};

/* As if the display had 96 pixels per inch. */
static u32 rcar_du_mdev_edid_mm(u32 pixels)
{
	return DIV_ROUND_CLOSEST(pixels * 254, 960);
}

static void rcar_du_mdev_edid_put_dtd(u8 *dtd,
				      const struct rcar_du_mdev_timing *timing)
{
	u32 width_mm = rcar_du_mdev_edid_mm(timing->width);
	u32 height_mm = rcar_du_mdev_edid_mm(timing->height);

	put_unaligned_le16(timing->clock, dtd);
	dtd[2] = timing->width;
	dtd[3] = timing->h_blank;
	dtd[4] = timing->width >> 8 << 4 | timing->h_blank >> 8;
	dtd[5] = timing->height;
	dtd[6] = timing->v_blank;
	dtd[7] = timing->height >> 8 << 4 | timing->v_blank >> 8;
	dtd[8] = timing->h_front;
	dtd[9] = timing->h_sync;
	dtd[10] = (timing->v_front & 0xf) << 4 | (timing->v_sync & 0xf);
	dtd[11] = timing->h_front >> 8 << 6 | timing->h_sync >> 8 << 4 |
		  timing->v_front >> 4 << 2 | timing->v_sync >> 4;
	dtd[12] = width_mm;
	dtd[13] = height_mm;
	dtd[14] = width_mm >> 8 << 4 | height_mm >> 8;
	dtd[17] = RCAR_DU_MDEV_DTD_SYNC_SEPARATE | timing->flags;
}

/*
 * The range has to include the established timings: 31 to 49 kHz, 60 Hz, 25 to
 * 65 MHz (VESA DMT).
 */
static void rcar_du_mdev_edid_put_range(u8 *range,
					const struct rcar_du_mdev_timing *timing)
{
	static const u8 header[] = { 0, 0, 0, 0xfd };
	u32 khz, mhz;

	khz = DIV_ROUND_UP(timing->clock * 10, timing->width + timing->h_blank);
	khz = max(khz, 49u);
	mhz = max(timing->clock / 100, 65u);

	memcpy(range, header, sizeof(header));
	range[5] = min(timing->refresh, 59u);
	range[6] = max(timing->refresh, 61u);
	range[7] = 15;
	range[8] = min(khz, 255u);
	if (khz > 255) {
		/* The maximum is offset by 255. */
		range[4] = BIT(3);
		range[8] = min(khz - 255, 255u);
	}
	range[9] = DIV_ROUND_UP(mhz + 1, 10);
	range[10] = 0x01; /* range limits only */
	range[11] = '\n';
	memset(&range[12], ' ', RCAR_DU_MDEV_EDID_DESCRIPTOR - 12);
}

static u8 rcar_du_mdev_edid_sum(const u8 *block)
{
	unsigned int i;
	u8 sum = 0;

	for (i = 0; i < RCAR_DU_MDEV_EDID_BLOCK; i++)
		sum += block[i];

	return sum;
}

static void rcar_du_mdev_edid_put_checksum(u8 *block)
{
	block[RCAR_DU_MDEV_EDID_CHECKSUM] = 0;
	block[RCAR_DU_MDEV_EDID_CHECKSUM] = -rcar_du_mdev_edid_sum(block);
}

/**
 * rcar_du_mdev_edid_generate - Make the EDID of a monitor
 * @edid: gets the EDID, one block
 * @width: preferred width, 64 to 4095 pixels
 * @height: preferred height, 64 to 4095 lines
 * @refresh: preferred refresh rate, 10 to 240 Hz
 *
 * Values out of range are replaced by the nearest possible ones. The refresh
 * rate is lowered if the pixel clock would be over 655.35 MHz otherwise.
 *
 * Return: the size in bytes.
 */
u32 rcar_du_mdev_edid_generate(u8 *edid, u32 width, u32 height, u32 refresh)
{
	struct rcar_du_mdev_timing timing;

	rcar_du_mdev_timing_get(&timing,
				clamp(width, 64u, RCAR_DU_MDEV_DTD_MAX_ACTIVE),
				clamp(height, 64u, RCAR_DU_MDEV_DTD_MAX_ACTIVE),
				clamp(refresh, 10u, 240u));

	memcpy(edid, rcar_du_mdev_edid_base, sizeof(rcar_du_mdev_edid_base));
	memcpy(edid, rcar_du_mdev_edid_header,
	       sizeof(rcar_du_mdev_edid_header));
	edid[21] = DIV_ROUND_CLOSEST(rcar_du_mdev_edid_mm(timing.width), 10);
	edid[22] = DIV_ROUND_CLOSEST(rcar_du_mdev_edid_mm(timing.height), 10);
	rcar_du_mdev_edid_put_dtd(&edid[54], &timing);
	rcar_du_mdev_edid_put_range(&edid[90], &timing);
	rcar_du_mdev_edid_put_checksum(edid);

	return RCAR_DU_MDEV_EDID_BLOCK;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_edid_generate);

/**
 * rcar_du_mdev_edid_restrict - Leave a monitor its preferred mode only
 * @edid: of rcar_du_mdev_edid_generate()
 *
 * Without established timings, and no range from which more modes are inferred.
 */
void rcar_du_mdev_edid_restrict(u8 *edid)
{
	edid[24] &= ~1;
	edid[35] = 0;
	edid[36] = 0;
	/* An unused descriptor, as there is one already. */
	memcpy(&edid[90], &edid[108], RCAR_DU_MDEV_EDID_DESCRIPTOR);
	rcar_du_mdev_edid_put_checksum(edid);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_edid_restrict);

/* -----------------------------------------------------------------------------
 * EDIDs from user space
 */

static bool rcar_du_mdev_edid_keep(const u8 *block)
{
	switch (block[0]) {
	case 0x02: /* CTA-861 */
	case 0x70: /* DisplayID */
		return !rcar_du_mdev_edid_sum(block);
	default:
		return false;
	}
}

/**
 * rcar_du_mdev_edid_sanitise - Make sense of an EDID from user space
 * @edid: the EDID, changed in place
 * @size: bytes in @edid
 *
 * QEMU counts up the number of extension blocks each time it changes an EDID
 * and leaves the surplus ones empty or stale (qemu_edid_generate()). Those
 * that are no valid CTA or DisplayID blocks are dropped, and so is what @size
 * or the number of blocks in the base block leaves out.
 *
 * Return: the new size in bytes, or 0 if the base block is no EDID.
 */
u32 rcar_du_mdev_edid_sanitise(u8 *edid, u32 size)
{
	u32 num_blocks = size / RCAR_DU_MDEV_EDID_BLOCK;
	u32 kept = 1;
	u32 i;

	if (!num_blocks || rcar_du_mdev_edid_sum(edid) ||
	    memcmp(edid, rcar_du_mdev_edid_header,
		   sizeof(rcar_du_mdev_edid_header)))
		return 0;

	num_blocks = min(num_blocks,
			 edid[RCAR_DU_MDEV_EDID_EXTENSIONS] + 1u);

	for (i = 1; i < num_blocks; i++) {
		const u8 *block = edid + i * RCAR_DU_MDEV_EDID_BLOCK;

		if (rcar_du_mdev_edid_keep(block))
			memmove(edid + kept++ * RCAR_DU_MDEV_EDID_BLOCK, block,
				RCAR_DU_MDEV_EDID_BLOCK);
	}

	edid[RCAR_DU_MDEV_EDID_EXTENSIONS] = kept - 1;
	rcar_du_mdev_edid_put_checksum(edid);

	return kept * RCAR_DU_MDEV_EDID_BLOCK;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_edid_sanitise);

/* -----------------------------------------------------------------------------
 * Region
 */

/* The fields of struct vfio_region_gfx_edid, in the CPU's byte order. */
enum rcar_du_mdev_edid_field {
	RCAR_DU_MDEV_EDID_FIELD_OFFSET,
	RCAR_DU_MDEV_EDID_FIELD_MAX_SIZE,
	RCAR_DU_MDEV_EDID_FIELD_SIZE,
	RCAR_DU_MDEV_EDID_FIELD_MAX_XRES,
	RCAR_DU_MDEV_EDID_FIELD_MAX_YRES,
	RCAR_DU_MDEV_EDID_FIELD_LINK_STATE,
	RCAR_DU_MDEV_EDID_NUM_FIELDS,
};

/* VFIO_DEVICE_GFX_LINK_STATE_* */
#define RCAR_DU_MDEV_EDID_LINK_UP	1
#define RCAR_DU_MDEV_EDID_LINK_DOWN	2

static void rcar_du_mdev_edid_get_fields(const struct rcar_du_mdev_edid *edid,
					 u32 *fields)
{
	fields[RCAR_DU_MDEV_EDID_FIELD_OFFSET] = RCAR_DU_MDEV_EDID_OFFSET;
	fields[RCAR_DU_MDEV_EDID_FIELD_MAX_SIZE] = RCAR_DU_MDEV_EDID_MAX_SIZE;
	fields[RCAR_DU_MDEV_EDID_FIELD_SIZE] = edid->size;
	fields[RCAR_DU_MDEV_EDID_FIELD_MAX_XRES] = edid->max_xres;
	fields[RCAR_DU_MDEV_EDID_FIELD_MAX_YRES] = edid->max_yres;
	fields[RCAR_DU_MDEV_EDID_FIELD_LINK_STATE] =
		edid->link_up ? RCAR_DU_MDEV_EDID_LINK_UP
			      : RCAR_DU_MDEV_EDID_LINK_DOWN;
}

/*
 * The part of [@offset, @offset + @count) that lies in [@start, @start +
 * @size). Returns its size, and where it is in both.
 */
static u32 rcar_du_mdev_edid_overlap(u32 offset, u32 count, u32 start, u32 size,
				     u32 *from, u32 *to)
{
	u64 first = max(offset, start);
	u64 last = min((u64)offset + count, (u64)start + size);

	if (first >= last)
		return 0;

	*from = first - offset;
	*to = first - start;

	return last - first;
}

/**
 * rcar_du_mdev_edid_init - Plug in the default monitor
 * @edid: the region
 * @width: preferred width of the monitor
 * @height: preferred height of the monitor
 */
void rcar_du_mdev_edid_init(struct rcar_du_mdev_edid *edid, u32 width,
			    u32 height)
{
	memset(edid, 0, sizeof(*edid));
	edid->size = rcar_du_mdev_edid_generate(edid->blob, width, height, 60);
	edid->max_xres = width;
	edid->max_yres = height;
	edid->link_up = true;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_edid_init);

/**
 * rcar_du_mdev_edid_read - Read from the region
 * @edid: the region
 * @offset: offset of the first byte
 * @buf: gets the bytes; zeroes where there is nothing
 * @count: number of bytes
 */
void rcar_du_mdev_edid_read(const struct rcar_du_mdev_edid *edid, u32 offset,
			    u8 *buf, u32 count)
{
	u32 fields[RCAR_DU_MDEV_EDID_NUM_FIELDS];
	u32 from, to, size;

	memset(buf, 0, count);

	rcar_du_mdev_edid_get_fields(edid, fields);
	size = rcar_du_mdev_edid_overlap(offset, count, 0, sizeof(fields),
					 &to, &from);
	if (size)
		memcpy(buf + to, (u8 *)fields + from, size);

	size = rcar_du_mdev_edid_overlap(offset, count,
					 RCAR_DU_MDEV_EDID_OFFSET,
					 sizeof(edid->blob), &to, &from);
	if (size)
		memcpy(buf + to, edid->blob + from, size);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_edid_read);

static bool rcar_du_mdev_edid_write_fields(struct rcar_du_mdev_edid *edid,
					   const u8 *buf, u32 offset, u32 size)
{
	u32 fields[RCAR_DU_MDEV_EDID_NUM_FIELDS];
	u32 *link_state = &fields[RCAR_DU_MDEV_EDID_FIELD_LINK_STATE];
	bool was_up = edid->link_up;

	rcar_du_mdev_edid_get_fields(edid, fields);
	memcpy((u8 *)fields + offset, buf, size);

	edid->size = fields[RCAR_DU_MDEV_EDID_FIELD_SIZE];

	if (offset + size <= RCAR_DU_MDEV_EDID_FIELD_LINK_STATE * sizeof(u32))
		return false;

	switch (*link_state) {
	case RCAR_DU_MDEV_EDID_LINK_UP:
		edid->link_up = true;
		return true;
	case RCAR_DU_MDEV_EDID_LINK_DOWN:
		edid->link_up = false;
		return was_up;
	default:
		return false;
	}
}

/**
 * rcar_du_mdev_edid_write - Write to the region
 * @edid: the region
 * @offset: offset of the first byte
 * @buf: the bytes; those that can't be written, or that an EDID larger than
 *	edid_max_size has too many, are dropped
 * @count: number of bytes
 *
 * What is written to edid_size and the blob counts from the next write of
 * VFIO_DEVICE_GFX_LINK_STATE_UP to link_state on.
 *
 * Return: true if what the guest sees has to be looked at again: link_state
 * has changed, or is set to UP again.
 */
bool rcar_du_mdev_edid_write(struct rcar_du_mdev_edid *edid, u32 offset,
			     const u8 *buf, u32 count)
{
	u32 from, to, size;

	size = rcar_du_mdev_edid_overlap(offset, count,
					 RCAR_DU_MDEV_EDID_OFFSET,
					 sizeof(edid->blob), &from, &to);
	if (size)
		memcpy(edid->blob + to, buf + from, size);

	size = rcar_du_mdev_edid_overlap(offset, count, 0,
					 RCAR_DU_MDEV_EDID_NUM_FIELDS *
					 sizeof(u32), &from, &to);

	return size && rcar_du_mdev_edid_write_fields(edid, buf + from, to,
						      size);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_edid_write);
