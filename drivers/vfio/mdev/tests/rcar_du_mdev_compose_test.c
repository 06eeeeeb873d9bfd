// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: tests of composition
 *
 * Colours in YUV are those of BT.601's colour bars with 100 % amplitude, check codes
 * those of zlib's crc32().
 */

#include <linux/string.h>

#include <kunit/test.h>

#include <drm/drm_blend.h>
#include <drm/drm_fourcc.h>

#include "../rcar_du_mdev_compose.h"

#define WIDTH	8

struct compose_test_ctx {
	struct rcar_du_mdev_plane planes[2];
	struct rcar_du_mdev_layer layers[2];
	u32 line[WIDTH];
	u32 scratch[WIDTH];
};

static struct compose_test_ctx *compose_test_new(struct kunit *test)
{
	struct compose_test_ctx *ctx;

	ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx);

	return ctx;
}

/* An opaque plane of a line in the upper left corner. */
static struct rcar_du_mdev_plane *
compose_test_plane(struct compose_test_ctx *ctx, unsigned int index, u32 format,
		   const void *pixels, const void *chroma, u32 width)
{
	struct rcar_du_mdev_plane *plane = &ctx->planes[index];

	plane->format = format;
	plane->num_planes = chroma ? 2 : 1;
	plane->width = width;
	plane->height = 1;
	plane->alpha = 0xffff;
	plane->blend = DRM_MODE_BLEND_PIXEL_NONE;
	ctx->layers[index].plane = plane;
	ctx->layers[index].pixels[0] = pixels;
	ctx->layers[index].pixels[1] = chroma;

	return plane;
}

static void compose_test_line(struct compose_test_ctx *ctx, unsigned int planes,
			      u32 y)
{
	memset(ctx->line, 0xa5, sizeof(ctx->line));
	rcar_du_mdev_compose_line(ctx->layers, planes, y, ctx->line,
				  ctx->scratch, WIDTH);
}

static void compose_test_expect(struct kunit *test, struct compose_test_ctx *ctx,
				const u32 *pixels, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < WIDTH; i++)
		KUNIT_EXPECT_EQ_MSG(test, ctx->line[i],
				    0xff000000 | (i < count ? pixels[i] : 0),
				    "pixel %u", i);
}

static void compose_test_background(struct kunit *test)
{
	struct compose_test_ctx *ctx = compose_test_new(test);

	compose_test_line(ctx, 0, 0);
	compose_test_expect(test, ctx, NULL, 0);
}

struct compose_test_format {
	u32 fourcc;
	u8 pixels[16];
	u8 chroma[4];
	u32 expect[4];
};

static const struct compose_test_format compose_test_formats[] = {
	{
		.fourcc = DRM_FORMAT_XRGB8888,
		.pixels = { 1, 2, 3, 0, 4, 5, 6, 0xff, 7, 8, 9, 0x80, 0, 0, 0, 0 },
		.expect = { 0x030201, 0x060504, 0x090807, 0 },
	}, {
		/* Blend mode "none" */
		.fourcc = DRM_FORMAT_ARGB8888,
		.pixels = { 1, 2, 3, 0, 4, 5, 6, 0xff, 7, 8, 9, 0x80, 0, 0, 0, 1 },
		.expect = { 0x030201, 0x060504, 0x090807, 0 },
	}, {
		.fourcc = DRM_FORMAT_RGB565,
		.pixels = { 0xff, 0xff, 0x00, 0xf8, 0xe0, 0x07, 0x10, 0x84 },
		.expect = { 0xffffff, 0xff0000, 0x00ff00, 0x848284 },
	}, {
		.fourcc = DRM_FORMAT_XRGB1555,
		.pixels = { 0xff, 0x7f, 0x00, 0xfc, 0xe0, 0x03, 0x10, 0xc2 },
		.expect = { 0xffffff, 0xff0000, 0x00ff00, 0x848484 },
	}, {
		.fourcc = DRM_FORMAT_ARGB1555,
		.pixels = { 0xff, 0x7f, 0x00, 0xfc, 0xe0, 0x03, 0x10, 0xc2 },
		.expect = { 0xffffff, 0xff0000, 0x00ff00, 0x848484 },
	}, {
		/* White and black share chroma, as red does with itself. */
		.fourcc = DRM_FORMAT_YUYV,
		.pixels = { 235, 128, 16, 128, 81, 90, 81, 240 },
		.expect = { 0xffffff, 0x000000, 0xff0000, 0xff0000 },
	}, {
		.fourcc = DRM_FORMAT_UYVY,
		.pixels = { 128, 235, 128, 16, 90, 81, 240, 81 },
		.expect = { 0xffffff, 0x000000, 0xff0000, 0xff0000 },
	}, {
		.fourcc = DRM_FORMAT_NV12,
		.pixels = { 235, 16, 41, 41 },
		.chroma = { 128, 128, 240, 110 },
		.expect = { 0xffffff, 0x000000, 0x0000ff, 0x0000ff },
	}, {
		.fourcc = DRM_FORMAT_NV21,
		.pixels = { 235, 16, 41, 41 },
		.chroma = { 128, 128, 110, 240 },
		.expect = { 0xffffff, 0x000000, 0x0000ff, 0x0000ff },
	}, {
		.fourcc = DRM_FORMAT_NV16,
		.pixels = { 255, 0, 41, 41 },
		.chroma = { 128, 128, 240, 110 },
		.expect = { 0xffffff, 0x000000, 0x0000ff, 0x0000ff },
	},
};

static void compose_test_format_name(const struct compose_test_format *format,
				     char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%p4cc", &format->fourcc);
}

KUNIT_ARRAY_PARAM(compose_test_formats, compose_test_formats,
		  compose_test_format_name);

static void compose_test_pixels(struct kunit *test)
{
	const struct compose_test_format *format = test->param_value;
	struct compose_test_ctx *ctx = compose_test_new(test);

	compose_test_plane(ctx, 0, format->fourcc, format->pixels,
			   format->chroma, 4);
	compose_test_line(ctx, 1, 0);
	compose_test_expect(test, ctx, format->expect, 4);
}

/* Each line of chroma is for two of luma, with NV16 for one. */
static void compose_test_chroma_lines(struct kunit *test)
{
	static const u8 luma[] = { 41, 41, 41, 41, 41, 41, 81, 81 };
	static const u8 chroma[] = { 128, 128, 240, 110, 90, 240 };
	struct compose_test_ctx *ctx = compose_test_new(test);
	struct rcar_du_mdev_plane *plane;

	plane = compose_test_plane(ctx, 0, DRM_FORMAT_NV12, luma, chroma, 2);
	plane->height = 4;
	plane->pitch[0] = 2;
	plane->pitch[1] = 2;
	compose_test_line(ctx, 1, 1);
	KUNIT_EXPECT_EQ(test, ctx->line[0] & 0xffffff, 0x1d1d1d);
	compose_test_line(ctx, 1, 2);
	KUNIT_EXPECT_EQ(test, ctx->line[0] & 0xffffff, 0x0000ff);

	plane->format = DRM_FORMAT_NV16;
	compose_test_line(ctx, 1, 1);
	KUNIT_EXPECT_EQ(test, ctx->line[0] & 0xffffff, 0x0000ff);
	compose_test_line(ctx, 1, 2);
	KUNIT_EXPECT_EQ(test, ctx->line[1] & 0xffffff, 0xd00000);
}

/* A plane that is partly beyond the display, and one that is all beyond it. */
static void compose_test_position(struct kunit *test)
{
	static const u32 pixels[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct compose_test_ctx *ctx = compose_test_new(test);
	struct rcar_du_mdev_plane *plane;

	plane = compose_test_plane(ctx, 0, DRM_FORMAT_XRGB8888, pixels, NULL, 4);
	plane->height = 2;
	plane->pitch[0] = 16;
	plane->x = WIDTH - 2;
	plane->y = 3;

	compose_test_line(ctx, 1, 2);
	compose_test_expect(test, ctx, NULL, 0);
	compose_test_line(ctx, 1, 3);
	KUNIT_EXPECT_EQ(test, ctx->line[WIDTH - 3] & 0xffffff, 0);
	KUNIT_EXPECT_EQ(test, ctx->line[WIDTH - 2] & 0xffffff, 1);
	KUNIT_EXPECT_EQ(test, ctx->line[WIDTH - 1] & 0xffffff, 2);
	compose_test_line(ctx, 1, 4);
	KUNIT_EXPECT_EQ(test, ctx->line[WIDTH - 1] & 0xffffff, 6);
	compose_test_line(ctx, 1, 5);
	compose_test_expect(test, ctx, NULL, 0);

	plane->x = WIDTH;
	compose_test_line(ctx, 1, 3);
	compose_test_expect(test, ctx, NULL, 0);
	plane->x = 0x1fff;
	compose_test_line(ctx, 1, 3);
	compose_test_expect(test, ctx, NULL, 0);
}

static void compose_test_order(struct kunit *test)
{
	static const u32 below[] = { 1, 2, 3 }, above[] = { 4 };
	struct compose_test_ctx *ctx = compose_test_new(test);

	compose_test_plane(ctx, 0, DRM_FORMAT_XRGB8888, below, NULL, 3);
	compose_test_plane(ctx, 1, DRM_FORMAT_XRGB8888, above, NULL, 1)->x = 1;
	compose_test_line(ctx, 2, 0);
	compose_test_expect(test, ctx, (const u32[]){ 1, 4, 3 }, 3);
}

struct compose_test_blend {
	const char *name;
	u8 mode;
	u16 alpha;
	u32 front;
	u32 back;
	u32 expect;
};

static const struct compose_test_blend compose_test_blends[] = {
	{ "none", DRM_MODE_BLEND_PIXEL_NONE, 0xffff, 0x00102030, 0xffffff, 0x102030 },
	{ "none half", DRM_MODE_BLEND_PIXEL_NONE, 0x8000, 0x00ff0000, 0xff, 0x80007f },
	{ "none off", DRM_MODE_BLEND_PIXEL_NONE, 0, 0xffffffff, 0x123456, 0x123456 },
	{ "coverage opaque", DRM_MODE_BLEND_COVERAGE, 0xffff, 0xff102030, 0xffffff,
	  0x102030 },
	{ "coverage half", DRM_MODE_BLEND_COVERAGE, 0xffff, 0x80ff0000, 0xff,
	  0x80007f },
	{ "coverage clear", DRM_MODE_BLEND_COVERAGE, 0xffff, 0x00ffffff, 0x123456,
	  0x123456 },
	{ "coverage both", DRM_MODE_BLEND_COVERAGE, 0x8080, 0x80ff0000, 0xff,
	  0x4000bf },
	{ "premulti opaque", DRM_MODE_BLEND_PREMULTI, 0xffff, 0xff102030, 0xffffff,
	  0x102030 },
	{ "premulti half", DRM_MODE_BLEND_PREMULTI, 0xffff, 0x80800000, 0xff,
	  0x80007f },
	{ "premulti both", DRM_MODE_BLEND_PREMULTI, 0x8080, 0x80800000, 0xff,
	  0x4000bf },
	{ "premulti adds", DRM_MODE_BLEND_PREMULTI, 0xffff, 0x00102030, 0x010101,
	  0x112131 },
	/* Colours that can't be */
	{ "premulti too much", DRM_MODE_BLEND_PREMULTI, 0xffff, 0x00ff80ff, 0xffffff,
	  0xffffff },
};

static void compose_test_blend_name(const struct compose_test_blend *blend,
				    char *desc)
{
	strscpy(desc, blend->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(compose_test_blends, compose_test_blends,
		  compose_test_blend_name);

static void compose_test_blending(struct kunit *test)
{
	const struct compose_test_blend *blend = test->param_value;
	struct compose_test_ctx *ctx = compose_test_new(test);
	struct rcar_du_mdev_plane *plane;

	compose_test_plane(ctx, 0, DRM_FORMAT_XRGB8888, &blend->back, NULL, 1);
	plane = compose_test_plane(ctx, 1, DRM_FORMAT_ARGB8888, &blend->front,
				   NULL, 1);
	plane->blend = blend->mode;
	plane->alpha = blend->alpha;
	compose_test_line(ctx, 2, 0);
	KUNIT_EXPECT_EQ(test, ctx->line[0] & 0xffffff, blend->expect);
}

/* The alpha of a pixel and the opacity of a plane can be exchanged. */
static void compose_test_exchange(struct kunit *test)
{
	struct compose_test_ctx *ctx = compose_test_new(test);
	u32 back = 0x55aa33, front, first, a, b;
	struct rcar_du_mdev_plane *plane;

	compose_test_plane(ctx, 0, DRM_FORMAT_XRGB8888, &back, NULL, 1);
	plane = compose_test_plane(ctx, 1, DRM_FORMAT_ARGB8888, &front, NULL, 1);
	plane->blend = DRM_MODE_BLEND_COVERAGE;

	for (a = 0; a < 256; a += 5) {
		for (b = 0; b < 256; b += 7) {
			front = a << 24 | 0xc0ffee;
			plane->alpha = b * 0x101;
			compose_test_line(ctx, 2, 0);
			first = ctx->line[0];
			front = b << 24 | 0xc0ffee;
			plane->alpha = a * 0x101;
			compose_test_line(ctx, 2, 0);
			KUNIT_EXPECT_EQ(test, ctx->line[0], first);
		}
	}
}

static void compose_test_argb1555(struct kunit *test)
{
	static const u32 below[] = { 0x123456, 0x123456 };
	static const u8 above[] = { 0xff, 0x7f, 0xff, 0xff };
	struct compose_test_ctx *ctx = compose_test_new(test);
	struct rcar_du_mdev_plane *plane;

	compose_test_plane(ctx, 0, DRM_FORMAT_XRGB8888, below, NULL, 2);
	plane = compose_test_plane(ctx, 1, DRM_FORMAT_ARGB1555, above, NULL, 2);
	plane->blend = DRM_MODE_BLEND_COVERAGE;
	compose_test_line(ctx, 2, 0);
	compose_test_expect(test, ctx, (const u32[]){ 0x123456, 0xffffff }, 2);
}

static void compose_test_crc(struct kunit *test)
{
	u32 line[] = { 0xffff0000, 0xff00ff00, 0xff0000ff, 0xffffffff };
	u32 black[] = { 0xff000000, 0xff000000, 0xff000000, 0xff000000 };
	u32 crc;

	KUNIT_EXPECT_EQ(test, rcar_du_mdev_compose_crc(0, black, 4), 0x7f7ce3b9);
	crc = rcar_du_mdev_compose_crc(0, line, 4);
	KUNIT_EXPECT_EQ(test, crc, 0x8f3d51ca);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_compose_crc(crc, black, 4),
			0x5518b98c);
}

static struct kunit_case compose_test_cases[] = {
	KUNIT_CASE(compose_test_background),
	KUNIT_CASE_PARAM(compose_test_pixels, compose_test_formats_gen_params),
	KUNIT_CASE(compose_test_chroma_lines),
	KUNIT_CASE(compose_test_position),
	KUNIT_CASE(compose_test_order),
	KUNIT_CASE_PARAM(compose_test_blending, compose_test_blends_gen_params),
	KUNIT_CASE(compose_test_exchange),
	KUNIT_CASE(compose_test_argb1555),
	KUNIT_CASE(compose_test_crc),
	{}
};

static struct kunit_suite compose_test_suite = {
	.name = "rcar_du_mdev_compose",
	.test_cases = compose_test_cases,
};

kunit_test_suite(compose_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("R-Car DU mediated device: tests of composition");
MODULE_LICENSE("GPL");
