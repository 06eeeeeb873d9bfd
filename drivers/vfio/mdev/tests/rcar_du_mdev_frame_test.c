// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests: from latched registers to framebuffers
 *
 * The register values are what rcar_du_plane_setup_format_gen2() and
 * rcar_du_plane_setup_scanout() of
 * drivers/gpu/drm/renesas/rcar-du/rcar_du_plane.c write for a format, as
 * numbers, with the bits of rcar_du_regs.h there.
 */

#include <linux/module.h>

#include <drm/drm_fourcc.h>
#include <drm/drm_plane.h>

#include <kunit/test.h>

#include "../rcar_du_mdev_frame.h"

/* PnDDCR2 and PnDDCR4 with their codes. */
#define DDCR2(bits)	(0x77760000 | (bits))
#define DDCR4(bits)	(0x77660000 | (bits))

/* PnMR: TP_OFF, SPIM and DDDF */
#define MR_RGB		0x4001
#define MR_RGB_ALPHA	0x5001
#define MR_1555		0x5002
#define MR_YC		0x4003
#define MR_YC_YUYV	0x104003

/* 640x480 at 32, 16 of a buffer that is 1024 pixels wide, from 8, 4 on. */
static const struct rcar_du_mdev_plane_regs plane_test_rgb565 = {
	.mr = MR_RGB,
	.mwr = 1024,
	.alphar = 0x1000,
	.dsxr = 640,
	.dsyr = 480,
	.dpxr = 32,
	.dpyr = 16,
	.dsa0r = 0x48000000,
	.spxr = 8,
	.spyr = 4,
	.ddcr2 = DDCR2(0),
	.ddcr4 = DDCR4(0),
	.alpha = 0xffff,
};

/**
 * struct plane_test_case - A state of the registers, and what it shows
 * @latch: the latch
 * @frame: what was decoded from it
 */
struct plane_test_case {
	struct rcar_du_mdev_latch latch;
	struct rcar_du_mdev_frame frame;
};

/* The display is on, and page 2 alone shows a plane without a fault. */
static struct plane_test_case *plane_test_new(struct kunit *test)
{
	struct plane_test_case *t;

	t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t);
	t->latch.on = true;
	t->latch.seq = 5;
	t->latch.frame = 6;
	t->latch.time_ns = 7;
	t->latch.num_planes = 8;
	t->latch.width = 1280;
	t->latch.height = 720;
	t->latch.dspr = 0x3;
	t->latch.planes[2] = plane_test_rgb565;
	/* Whatever the memory held before. */
	memset(&t->frame, 0xa5, sizeof(t->frame));
	return t;
}

/* ... page 2 and 3, for a format with two memory planes. */
static struct plane_test_case *plane_test_new_nv12(struct kunit *test)
{
	struct plane_test_case *t = plane_test_new(test);

	t->latch.dspr = 0x34;
	t->latch.planes[2].mr = MR_YC;
	t->latch.planes[2].ddcr2 = DDCR2(0x01);
	t->latch.planes[3] = t->latch.planes[2];
	t->latch.planes[3].ddcr2 = DDCR2(0x12);
	t->latch.planes[3].dsa0r = 0x49000000;
	t->latch.planes[3].spyr = 2;

	return t;
}

static const struct rcar_du_mdev_plane *plane_test_decode(struct plane_test_case *t)
{
	rcar_du_mdev_frame_decode(&t->latch, &t->frame);

	return t->frame.planes;
}

/* -----------------------------------------------------------------------------
 * Formats
 */

/**
 * struct plane_test_format - How a format is programmed, and what comes out
 * @name: name
 * @mr: PnMR
 * @alphar: PnALPHAR
 * @ddcr2: PnDDCR2 without code
 * @ddcr4: PnDDCR4 without code
 * @spyr: PnSPYR for line 4
 * @uv_ddcr2: PnDDCR2 of the chroma page without code
 * @uv_spyr: PnSPYR of the chroma page
 * @fourcc: expected format
 * @num_planes: expected number of memory planes
 * @offset: expected start address, relative to the buffers
 * @pitch: expected pitch
 * @size: expected size
 * @alpha: expected plane alpha, 8 bits
 */
struct plane_test_format {
	const char *name;
	u32 mr;
	u32 alphar;
	u32 ddcr2;
	u32 ddcr4;
	u32 spyr;
	u32 uv_ddcr2;
	u32 uv_spyr;
	u32 fourcc;
	u8 num_planes;
	u32 offset[2];
	u32 pitch[2];
	u32 size[2];
	u8 alpha;
};

/*
 * With x = 8, y = 4, 640x480 and 1024 pixels from line to line: the offset is
 * 4 * pitch + 8 * bytes per pixel and the size 479 * pitch + 640 * bytes per
 * pixel. The chroma of NV12 and NV21 has 240 lines and starts at line 2.
 */
static const struct plane_test_format plane_test_formats[] = {
	{ "RGB565", MR_RGB, 0x1000, 0, 0, 4, 0, 0, DRM_FORMAT_RGB565, 1,
	  { 8208 }, { 2048 }, { 982272 }, 0xff },
	{ "ARGB1555", MR_1555, 0x1000, 0, 0, 4, 0, 0, DRM_FORMAT_ARGB1555, 1,
	  { 8208 }, { 2048 }, { 982272 }, 0xff },
	{ "XRGB1555", MR_1555, 0x20ff, 0, 0, 4, 0, 0, DRM_FORMAT_XRGB1555, 1,
	  { 8208 }, { 2048 }, { 982272 }, 0xff },
	{ "XRGB1555, alpha", MR_1555, 0x2040, 0, 0, 4, 0, 0,
	  DRM_FORMAT_XRGB1555, 1, { 8208 }, { 2048 }, { 982272 }, 0x40 },
	{ "XRGB8888", MR_RGB, 0x1000, 0, 2, 8, 0, 0, DRM_FORMAT_XRGB8888, 1,
	  { 16416 }, { 4096 }, { 1964544 }, 0xff },
	{ "ARGB8888", MR_RGB_ALPHA, 0x1000, 0, 1, 8, 0, 0, DRM_FORMAT_ARGB8888,
	  1, { 16416 }, { 4096 }, { 1964544 }, 0xff },
	{ "UYVY", MR_YC, 0x1000, 0, 0, 4, 0, 0, DRM_FORMAT_UYVY, 1,
	  { 8208 }, { 2048 }, { 982272 }, 0xff },
	{ "YUYV", MR_YC_YUYV, 0x1000, 0, 0, 4, 0, 0, DRM_FORMAT_YUYV, 1,
	  { 8208 }, { 2048 }, { 982272 }, 0xff },
	{ "NV12", MR_YC, 0x1000, 0x01, 0, 4, 0x12, 2, DRM_FORMAT_NV12, 2,
	  { 4104, 2056 }, { 1024, 1024 }, { 491136, 245376 }, 0xff },
	{ "NV21", MR_YC, 0x1000, 0x01, 0, 4, 0x32, 2, DRM_FORMAT_NV21, 2,
	  { 4104, 2056 }, { 1024, 1024 }, { 491136, 245376 }, 0xff },
	{ "NV16", MR_YC, 0x1000, 0x01, 0, 4, 0x02, 4, DRM_FORMAT_NV16, 2,
	  { 4104, 4104 }, { 1024, 1024 }, { 491136, 491136 }, 0xff },
};

KUNIT_ARRAY_PARAM_DESC(plane_test_format, plane_test_formats, name);

static void plane_test_format_decode(struct kunit *test)
{
	static const u32 bases[] = { 0x48000000, 0x49000000 };
	const struct plane_test_format *format = test->param_value;
	struct plane_test_case *t = plane_test_new_nv12(test);
	const struct rcar_du_mdev_plane *plane;
	unsigned int i;

	t->latch.dspr = format->num_planes == 2 ? 0x34 : 0x3;
	for (i = 2; i < 4; i++) {
		t->latch.planes[i].mr = format->mr;
		t->latch.planes[i].alphar = format->alphar;
		t->latch.planes[i].ddcr4 = DDCR4(format->ddcr4);
		t->latch.planes[i].addr_hi = 0xabcde;
	}
	t->latch.planes[2].ddcr2 = DDCR2(format->ddcr2);
	t->latch.planes[2].spyr = format->spyr;
	t->latch.planes[3].ddcr2 = DDCR2(format->uv_ddcr2);
	t->latch.planes[3].spyr = format->uv_spyr;

	plane = plane_test_decode(t);

	KUNIT_ASSERT_EQ(test, t->frame.num_planes, 1);
	KUNIT_EXPECT_EQ(test, plane->error, RCAR_VDU_ERROR_NONE);
	KUNIT_EXPECT_EQ(test, plane->index, 2);
	KUNIT_EXPECT_EQ(test, plane->format, format->fourcc);
	KUNIT_ASSERT_EQ(test, plane->num_planes, format->num_planes);
	KUNIT_EXPECT_EQ(test, plane->width, 640);
	KUNIT_EXPECT_EQ(test, plane->height, 480);
	KUNIT_EXPECT_EQ(test, plane->x, 32);
	KUNIT_EXPECT_EQ(test, plane->y, 16);
	KUNIT_EXPECT_EQ(test, plane->alpha, format->alpha * 0x101);
	for (i = 0; i < format->num_planes; i++) {
		KUNIT_EXPECT_EQ(test, plane->addr[i], 0xabcde00000000ULL +
				bases[i] + format->offset[i]);
		KUNIT_EXPECT_EQ(test, plane->pitch[i], format->pitch[i]);
		KUNIT_EXPECT_EQ(test, plane->size[i], format->size[i]);
	}
}

/* Chroma has a sample for each two pixels begun, and a line likewise. */
static void plane_test_odd_size(struct kunit *test)
{
	struct plane_test_case *t = plane_test_new_nv12(test);
	const struct rcar_du_mdev_plane *plane;

	t->latch.planes[2].dsxr = 639;
	t->latch.planes[2].dsyr = 479;
	t->latch.planes[3].dsxr = 639;
	t->latch.planes[3].dsyr = 479;
	plane = plane_test_decode(t);

	KUNIT_EXPECT_EQ(test, plane->error, RCAR_VDU_ERROR_NONE);
	KUNIT_EXPECT_EQ(test, plane->size[1], 239 * 1024 + 640);
}

/* Each memory plane has a pitch and a start of its own. */
static void plane_test_chroma_layout(struct kunit *test)
{
	struct plane_test_case *t = plane_test_new_nv12(test);
	const struct rcar_du_mdev_plane *plane;

	t->latch.planes[3].mwr = 2048;
	t->latch.planes[3].spxr = 16;
	t->latch.planes[3].spyr = 3;
	t->latch.planes[3].addr_hi = 1;
	plane = plane_test_decode(t);

	KUNIT_EXPECT_EQ(test, plane->error, RCAR_VDU_ERROR_NONE);
	KUNIT_EXPECT_EQ(test, plane->pitch[0], 1024);
	KUNIT_EXPECT_EQ(test, plane->pitch[1], 2048);
	KUNIT_EXPECT_EQ(test, plane->addr[1], 0x149000000ULL + 3 * 2048 + 16);
}

/* The page after the last one is the first one: rcar_du_plane_setup(). */
static void plane_test_chroma_wraps(struct kunit *test)
{
	struct plane_test_case *t = plane_test_new_nv12(test);
	const struct rcar_du_mdev_plane *plane;

	t->latch.planes[7] = t->latch.planes[2];
	t->latch.planes[0] = t->latch.planes[3];
	t->latch.dspr = 0x81;
	plane = plane_test_decode(t);

	KUNIT_EXPECT_EQ(test, t->frame.num_planes, 1);
	KUNIT_EXPECT_EQ(test, plane->error, RCAR_VDU_ERROR_NONE);
	KUNIT_EXPECT_EQ(test, plane->index, 7);
	KUNIT_EXPECT_EQ(test, plane->addr[1], 0x49000000 + 2 * 1024 + 8);
}

/* -----------------------------------------------------------------------------
 * Errors: one wrong thing each
 */

/**
 * struct plane_test_reg - A register of a plane
 * @format: format to start from; the chroma of NV12 is on page 3
 * @page: page of the register
 * @offset: offset of the register in struct rcar_du_mdev_plane_regs
 */
struct plane_test_reg {
	u32 format;
	unsigned int page;
	size_t offset;
};

/**
 * struct plane_test_error - A register value that is wrong
 * @name: name
 * @reg: the register
 * @value: the value
 * @error: expected error of page 2
 */
struct plane_test_error {
	const char *name;
	struct plane_test_reg reg;
	u32 value;
	u32 error;
};

#define REG(format, page, reg)	\
	{ DRM_FORMAT_ ## format, page, \
	  offsetof(struct rcar_du_mdev_plane_regs, reg) }
#define RGB(reg)	REG(RGB565, 2, reg)
#define ARGB(reg)	REG(ARGB1555, 2, reg)
#define XRGB(reg)	REG(XRGB8888, 2, reg)
#define LUMA(reg)	REG(NV12, 2, reg)
#define CHROMA(reg)	REG(NV12, 3, reg)

static const struct plane_test_error plane_test_errors[] = {
	{ "none, largest", RGB(dpxr), 0x1fff, RCAR_VDU_ERROR_NONE },
	{ "none, pitch is width", RGB(mwr), 648, RCAR_VDU_ERROR_NONE },
	{ "none, last address", RGB(addr_hi), 0xfffff, RCAR_VDU_ERROR_NONE },
	{ "none, even start", LUMA(spxr), 10, RCAR_VDU_ERROR_NONE },

	{ "8 bpp", RGB(mr), 0x4000, RCAR_VDU_ERROR_FORMAT },
	{ "colour key", RGB(mr), 0x0001, RCAR_VDU_ERROR_FORMAT },
	{ "colour key and alpha", RGB(mr), 0x1002, RCAR_VDU_ERROR_FORMAT },
	{ "EOR", RGB(mr), 0x6001, RCAR_VDU_ERROR_FORMAT },
	{ "alpha without alpha", RGB(mr), 0x5001, RCAR_VDU_ERROR_FORMAT },
	{ "auto rendering", RGB(mr), 0x4011, RCAR_VDU_ERROR_FORMAT },
	{ "auto display change", RGB(mr), 0x4021, RCAR_VDU_ERROR_FORMAT },
	{ "video capture", RGB(mr), 0x4031, RCAR_VDU_ERROR_FORMAT },
	{ "ARGB8888 without blending", RGB(ddcr4), 1, RCAR_VDU_ERROR_FORMAT },
	{ "RGB666", RGB(ddcr4), 3, RCAR_VDU_ERROR_FORMAT },
	{ "no such EDF", RGB(ddcr4), 7, RCAR_VDU_ERROR_FORMAT },
	{ "VSP source", RGB(ddcr4), 0x2000, RCAR_VDU_ERROR_FORMAT },
	{ "RGB with Y420", RGB(ddcr2), 0x10, RCAR_VDU_ERROR_FORMAT },
	{ "luma and chroma", RGB(ddcr2), 0x03, RCAR_VDU_ERROR_FORMAT },
	{ "NV61", CHROMA(ddcr2), 0x22, RCAR_VDU_ERROR_FORMAT },
	{ "luma with Y420", LUMA(ddcr2), 0x11, RCAR_VDU_ERROR_FORMAT },

	/* PnALPHAR: translucent if A = 0, transparent if A = 1, reserved. */
	{ "alpha of A = 0", ARGB(alphar), 0x1080, RCAR_VDU_ERROR_FORMAT },
	{ "ABIT_1", ARGB(alphar), 0x0000, RCAR_VDU_ERROR_FORMAT },
	{ "no such ABIT", ARGB(alphar), 0x3000, RCAR_VDU_ERROR_FORMAT },
	{ "no such blend", ARGB(blend), 3, RCAR_VDU_ERROR_FORMAT },

	{ "no width", RGB(dsxr), 0, RCAR_VDU_ERROR_SIZE },
	{ "no height", RGB(dsyr), 0, RCAR_VDU_ERROR_SIZE },
	{ "too wide", RGB(dsxr), 4096, RCAR_VDU_ERROR_SIZE },
	{ "too high", RGB(dsyr), 2048, RCAR_VDU_ERROR_SIZE },

	{ "no pitch", RGB(mwr), 0, RCAR_VDU_ERROR_PITCH },
	{ "pitch too large", RGB(mwr), 4096, RCAR_VDU_ERROR_PITCH },
	{ "pitch one too small", RGB(mwr), 647, RCAR_VDU_ERROR_PITCH },
	{ "start too far right", RGB(spxr), 385, RCAR_VDU_ERROR_PITCH },
	{ "chroma pitch", CHROMA(mwr), 646, RCAR_VDU_ERROR_PITCH },

	{ "beyond 52 bits", RGB(addr_hi), 0x100000, RCAR_VDU_ERROR_ADDRESS },
	{ "chroma beyond", CHROMA(addr_hi), 0x100000, RCAR_VDU_ERROR_ADDRESS },
	/* The start line counts double, an odd one is none. */
	{ "half a line", XRGB(spyr), 9, RCAR_VDU_ERROR_ADDRESS },
	{ "odd luma start", LUMA(spxr), 9, RCAR_VDU_ERROR_ADDRESS },
	{ "odd chroma start", CHROMA(spxr), 9, RCAR_VDU_ERROR_ADDRESS },

	{ "chroma on its own", RGB(ddcr2), 0x02, RCAR_VDU_ERROR_PAIR },
	{ "luma on its own", RGB(ddcr2), 0x01, RCAR_VDU_ERROR_PAIR },
	{ "two luma pages", CHROMA(ddcr2), 0x01, RCAR_VDU_ERROR_PAIR },
	{ "chroma is RGB", CHROMA(ddcr2), 0x00, RCAR_VDU_ERROR_PAIR },
	{ "chroma mode", CHROMA(mr), MR_YC_YUYV, RCAR_VDU_ERROR_PAIR },
	{ "chroma EDF", CHROMA(ddcr4), 1, RCAR_VDU_ERROR_PAIR },
	{ "chroma width", CHROMA(dsxr), 320, RCAR_VDU_ERROR_PAIR },
	{ "chroma height", CHROMA(dsyr), 240, RCAR_VDU_ERROR_PAIR },
	{ "chroma position", CHROMA(dpxr), 33, RCAR_VDU_ERROR_PAIR },
	{ "chroma line", CHROMA(dpyr), 17, RCAR_VDU_ERROR_PAIR },
};

KUNIT_ARRAY_PARAM_DESC(plane_test_error, plane_test_errors, name);

static void plane_test_error_decode(struct kunit *test)
{
	const struct plane_test_error *param = test->param_value;
	const struct rcar_du_mdev_plane *plane;
	struct plane_test_case *t;

	t = param->reg.format == DRM_FORMAT_NV12 ? plane_test_new_nv12(test)
					   : plane_test_new(test);
	if (param->reg.format == DRM_FORMAT_ARGB1555)
		t->latch.planes[2].mr = MR_1555;
	if (param->reg.format == DRM_FORMAT_XRGB8888)
		t->latch.planes[2].ddcr4 = DDCR4(2);

	/* The base is right. */
	plane = plane_test_decode(t);
	KUNIT_ASSERT_EQ(test, plane->error, RCAR_VDU_ERROR_NONE);
	KUNIT_ASSERT_EQ(test, plane->format, param->reg.format);

	*(u32 *)((u8 *)&t->latch.planes[param->reg.page] + param->reg.offset) =
		param->value;
	plane = plane_test_decode(t);

	KUNIT_ASSERT_GE(test, t->frame.num_planes, 1);
	KUNIT_EXPECT_EQ(test, plane->index, 2);
	KUNIT_EXPECT_EQ(test, plane->error, param->error);
}

/* The last byte counts, not the first one. */
static void plane_test_end_of_memory(struct kunit *test)
{
	struct plane_test_case *t = plane_test_new(test);
	u64 size = 479 * 2048 + 640 * 2;
	u64 start = (1ULL << RCAR_DU_MDEV_ADDR_BITS) - size;

	KUNIT_ASSERT_EQ(test, start % 16, 0);
	t->latch.planes[2].spxr = 0;
	t->latch.planes[2].spyr = 0;
	t->latch.planes[2].addr_hi = upper_32_bits(start);
	t->latch.planes[2].dsa0r = lower_32_bits(start);
	KUNIT_EXPECT_EQ(test, plane_test_decode(t)->error, RCAR_VDU_ERROR_NONE);

	t->latch.planes[2].spxr = 1;
	KUNIT_EXPECT_EQ(test, plane_test_decode(t)->error,
			RCAR_VDU_ERROR_ADDRESS);
}

/* -----------------------------------------------------------------------------
 * Stacking
 */

#define MAX_PLANES	RCAR_VDU_NUM_PLANE_PAGES

/**
 * struct plane_test_priority - A value of DS1PR
 * @name: name
 * @dspr: DS1PR; pages 2 and 3 show NV12 and the others RGB565
 * @num_planes: expected number of planes
 * @pages: expected plane pages, lowest first
 * @errors: their expected errors
 */
struct plane_test_priority {
	const char *name;
	u32 dspr;
	unsigned int num_planes;
	u8 pages[MAX_PLANES];
	u8 errors[MAX_PLANES];
};

#define OK		RCAR_VDU_ERROR_NONE
#define PAIR		RCAR_VDU_ERROR_PAIR
#define PRIORITY	RCAR_VDU_ERROR_PRIORITY

static const struct plane_test_priority plane_test_priorities[] = {
	{ "nothing", 0x00000000, 0 },
	{ "top", 0x00000001, 1, { 0 } },
	{ "bottom", 0x10000000, 1, { 0 } },
	{ "last page", 0x00000008, 1, { 7 } },
	{ "lowest nibble is top", 0x00000125, 3, { 0, 1, 4 } },
	{ "gaps", 0x50000201, 3, { 4, 1, 0 } },
	{ "NV12 between", 0x00001342, 3, { 0, 2, 1 } },
	{ "NV12 at the bottom", 0x34000000, 1, { 2 } },
	{ "all", 0x34876521, 7, { 2, 7, 6, 5, 4, 1, 0 } },
	{ "twice", 0x00000151, 3, { 0, 4, 0 }, { PRIORITY, OK, PRIORITY } },
	{ "all the same", 0x11111111, 8, { }, { PRIORITY, PRIORITY, PRIORITY,
	  PRIORITY, PRIORITY, PRIORITY, PRIORITY, PRIORITY } },
	/* Reported on page 9 % 8. */
	{ "beyond the last page", 0x00000a51, 3, { 1, 4, 0 },
	  { PRIORITY, OK, OK } },
	{ "an alias", 0x00000029, 2, { 1, 0 }, { OK, PRIORITY } },
	{ "luma only", 0x00000031, 2, { 2, 0 }, { PAIR, OK } },
	{ "luma on top", 0x00000013, 2, { 0, 2 }, { OK, PAIR } },
	{ "chroma only", 0x00000041, 2, { 3, 0 }, { PAIR, OK } },
	{ "chroma below luma", 0x00000043, 2, { 3, 2 }, { PAIR, PAIR } },
	{ "something between", 0x00000314, 3, { 2, 0, 3 }, { PAIR, OK, PAIR } },
	{ "gap between", 0x00000304, 2, { 2, 3 }, { PAIR, PAIR } },
	{ "chroma twice", 0x00000344, 3, { 2, 3, 3 },
	  { PAIR, PRIORITY, PRIORITY } },
	{ "luma twice", 0x00000334, 3, { 2, 2, 3 },
	  { PRIORITY, PRIORITY, PAIR } },
};

KUNIT_ARRAY_PARAM_DESC(plane_test_priority, plane_test_priorities, name);

static void plane_test_priority_decode(struct kunit *test)
{
	const struct plane_test_priority *param = test->param_value;
	struct plane_test_case *t = plane_test_new_nv12(test);
	const struct rcar_du_mdev_plane *planes;
	unsigned int i;

	for (i = 0; i < MAX_PLANES; i++) {
		if (i != 2 && i != 3)
			t->latch.planes[i] = plane_test_rgb565;
	}
	t->latch.dspr = param->dspr;
	planes = plane_test_decode(t);

	KUNIT_ASSERT_EQ(test, t->frame.num_planes, param->num_planes);
	for (i = 0; i < param->num_planes; i++) {
		KUNIT_EXPECT_EQ_MSG(test, planes[i].index, param->pages[i],
				    "plane %u", i);
		KUNIT_EXPECT_EQ_MSG(test, planes[i].error, param->errors[i],
				    "plane %u", i);
		KUNIT_EXPECT_EQ(test, planes[i].zpos, i);
	}
}

static void plane_test_frame(struct kunit *test)
{
	struct plane_test_case *t = plane_test_new(test);

	plane_test_decode(t);
	KUNIT_EXPECT_EQ(test, t->frame.seq, 5);
	KUNIT_EXPECT_EQ(test, t->frame.frame, 6);
	KUNIT_EXPECT_EQ(test, t->frame.time_ns, 7);
	KUNIT_EXPECT_EQ(test, t->frame.width, 1280);
	KUNIT_EXPECT_EQ(test, t->frame.height, 720);
	KUNIT_EXPECT_EQ(test, t->frame.num_planes, 1);

	t->latch.on = false;
	plane_test_decode(t);
	KUNIT_EXPECT_EQ(test, t->frame.seq, 5);
	KUNIT_EXPECT_EQ(test, t->frame.num_planes, 0);
}

static void plane_test_interlaced(struct kunit *test)
{
	struct plane_test_case *t = plane_test_new_nv12(test);
	unsigned int i;

	t->latch.planes[0] = plane_test_rgb565;
	t->latch.dspr = 0x134;
	t->latch.interlaced = true;
	plane_test_decode(t);

	KUNIT_ASSERT_GE(test, t->frame.num_planes, 2);
	for (i = 0; i < t->frame.num_planes; i++)
		KUNIT_EXPECT_EQ(test, t->frame.planes[i].error,
				RCAR_VDU_ERROR_FORMAT);
}

/* -----------------------------------------------------------------------------
 * Roles
 */

/**
 * struct plane_test_role - Roles the guest asks for, and what it gets
 * @name: name
 * @roles: RCAR_VDU_ROLE_* of pages 0 to 2, which lie on each other
 * @types: DRM_PLANE_TYPE_* that they get
 * @primary: page that is found as primary, or -1
 * @cursor: page that is found as cursor, or -1
 */
struct plane_test_role {
	const char *name;
	u32 roles[3];
	u8 types[3];
	int primary;
	int cursor;
};

#define O		DRM_PLANE_TYPE_OVERLAY
#define P		DRM_PLANE_TYPE_PRIMARY
#define C		DRM_PLANE_TYPE_CURSOR

static const struct plane_test_role plane_test_roles[] = {
	{ "auto", { 0, 0, 0 }, { P, O, O }, 0, -1 },
	{ "explicit", { 1, 2, 3 }, { P, O, C }, 0, 2 },
	{ "auto and cursor", { 0, 0, 3 }, { P, O, C }, 0, 2 },
	{ "primary in the middle", { 0, 1, 0 }, { O, P, O }, 1, -1 },
	{ "two primaries", { 1, 1, 0 }, { P, P, O }, 0, -1 },
	{ "no primary", { 2, 2, 0 }, { O, O, O }, -1, -1 },
	{ "two cursors", { 3, 3, 2 }, { C, C, O }, -1, 1 },
	{ "unknown roles", { 4, 0xff, U32_MAX }, { P, O, O }, 0, -1 },
};

KUNIT_ARRAY_PARAM_DESC(plane_test_role, plane_test_roles, name);

static int plane_test_find(const struct plane_test_case *t, u32 role)
{
	const struct rcar_du_mdev_plane *plane;

	plane = rcar_du_mdev_frame_find(&t->frame, role);

	return plane ? plane->index : -1;
}

static void plane_test_role_decode(struct kunit *test)
{
	const struct plane_test_role *param = test->param_value;
	struct plane_test_case *t = plane_test_new(test);
	unsigned int i;

	for (i = 0; i < 3; i++) {
		t->latch.planes[i] = plane_test_rgb565;
		t->latch.planes[i].role = param->roles[i];
	}
	t->latch.dspr = 0x123;
	plane_test_decode(t);

	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ_MSG(test, t->frame.planes[i].role,
				    param->types[i], "page %u", i);
	KUNIT_EXPECT_EQ(test, plane_test_find(t, P), param->primary);
	KUNIT_EXPECT_EQ(test, plane_test_find(t, C), param->cursor);

	/* A plane with an error is not shown, and no other one in its place. */
	for (i = 0; i < 3; i++)
		t->latch.planes[i].mwr = 0;
	plane_test_decode(t);
	KUNIT_EXPECT_EQ(test, plane_test_find(t, P), -1);
	KUNIT_EXPECT_EQ(test, plane_test_find(t, C), -1);
}

static void plane_test_hotspot(struct kunit *test)
{
	struct plane_test_case *t = plane_test_new(test);

	t->latch.planes[2].role = RCAR_VDU_ROLE_CURSOR;
	t->latch.planes[2].hot_x = 11;
	t->latch.planes[2].hot_y = 12;
	plane_test_decode(t);
	KUNIT_EXPECT_EQ(test, t->frame.planes[0].hot_x, 11);
	KUNIT_EXPECT_EQ(test, t->frame.planes[0].hot_y, 12);
}

/* -----------------------------------------------------------------------------
 * Hostile registers
 */

static void plane_test_check_frame(struct kunit *test,
				   const struct rcar_du_mdev_frame *frame)
{
	unsigned int i, j;

	KUNIT_ASSERT_LE(test, frame->num_planes, MAX_PLANES);
	for (i = 0; i < frame->num_planes; i++) {
		const struct rcar_du_mdev_plane *plane = &frame->planes[i];

		KUNIT_ASSERT_LT(test, plane->index, MAX_PLANES);
		KUNIT_ASSERT_LE(test, plane->num_planes, 2);
		if (plane->error)
			continue;
		KUNIT_ASSERT_LE(test, plane->width, 4095);
		KUNIT_ASSERT_LE(test, plane->height, 2047);
		for (j = 0; j < plane->num_planes; j++) {
			KUNIT_ASSERT_LE(test, plane->size[j], 4095 * 4 * 2047);
			KUNIT_ASSERT_LE(test, plane->addr[j],
					(1ULL << 52) - plane->size[j]);
		}
	}
}

static void plane_test_all_ones(struct kunit *test)
{
	struct plane_test_case *t = plane_test_new(test);
	u32 i;

	memset(&t->latch, 0xff, sizeof(t->latch));
	t->latch.on = true;
	t->latch.interlaced = false;
	for (i = 0; i <= 0xf; i++) {
		t->latch.dspr = i * 0x11111111;
		plane_test_decode(t);
		plane_test_check_frame(test, &t->frame);
		KUNIT_EXPECT_NULL(test, rcar_du_mdev_frame_find(&t->frame, P));
	}
}

/* Each bit of each register turned over: a plane is right or has an error. */
static void plane_test_bit_flips(struct kunit *test)
{
	struct plane_test_case *t = plane_test_new_nv12(test);
	u32 *regs = (u32 *)&t->latch.planes[2];
	const size_t count = 2 * sizeof(t->latch.planes[2]) / sizeof(u32);
	unsigned int i, bit;

	for (i = 0; i < count; i++) {
		for (bit = 0; bit < 32; bit++) {
			regs[i] ^= 1u << bit;
			plane_test_decode(t);
			plane_test_check_frame(test, &t->frame);
			regs[i] ^= 1u << bit;
		}
	}

	KUNIT_EXPECT_EQ(test, plane_test_decode(t)->error, RCAR_VDU_ERROR_NONE);
}

static struct kunit_case plane_test_cases[] = {
	KUNIT_CASE_PARAM(plane_test_format_decode,
			 plane_test_format_gen_params),
	KUNIT_CASE(plane_test_odd_size),
	KUNIT_CASE(plane_test_chroma_layout),
	KUNIT_CASE(plane_test_chroma_wraps),
	KUNIT_CASE_PARAM(plane_test_error_decode, plane_test_error_gen_params),
	KUNIT_CASE(plane_test_end_of_memory),
	KUNIT_CASE_PARAM(plane_test_priority_decode,
			 plane_test_priority_gen_params),
	KUNIT_CASE(plane_test_frame),
	KUNIT_CASE(plane_test_interlaced),
	KUNIT_CASE_PARAM(plane_test_role_decode, plane_test_role_gen_params),
	KUNIT_CASE(plane_test_hotspot),
	KUNIT_CASE(plane_test_all_ones),
	KUNIT_CASE(plane_test_bit_flips),
	{}
};

static struct kunit_suite plane_test_suite = {
	.name = "rcar_du_mdev_plane",
	.test_cases = plane_test_cases,
};

kunit_test_suite(plane_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("R-Car DU mediated device: tests of the plane decoder");
MODULE_LICENSE("GPL");
