// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: tests of opacity and blend modes
 */

#include <kunit/test.h>

#include <drm/drm_blend.h>
#include <drm/drm_fourcc.h>

#include "../rcar_du_mdev_frame.h"

/* The display is on, and page 0 shows 640x480 RGB565. */
static struct rcar_du_mdev_latch *blend_test_new(struct kunit *test)
{
	struct rcar_du_mdev_latch *latch;

	latch = kunit_kzalloc(test, sizeof(*latch), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, latch);

	latch->on = true;
	latch->num_planes = 8;
	latch->dspr = 1;
	latch->planes[0].mr = 0x4001;
	latch->planes[0].mwr = 640;
	latch->planes[0].alphar = 0x1000;
	latch->planes[0].dsxr = 640;
	latch->planes[0].dsyr = 480;
	latch->planes[0].dsa0r = 0x48000000;
	latch->planes[0].alpha = 0xffff;

	return latch;
}

static const struct rcar_du_mdev_plane *
blend_test_decode(struct kunit *test, const struct rcar_du_mdev_latch *latch)
{
	struct rcar_du_mdev_frame *frame;

	frame = kunit_kzalloc(test, sizeof(*frame), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, frame);
	rcar_du_mdev_frame_decode(latch, frame);
	KUNIT_ASSERT_EQ(test, frame->num_planes, 1);
	KUNIT_ASSERT_EQ(test, frame->planes[0].error, RCAR_VDU_ERROR_NONE);

	return &frame->planes[0];
}

static void blend_test_alpha(struct kunit *test)
{
	struct rcar_du_mdev_latch *latch = blend_test_new(test);

	KUNIT_EXPECT_EQ(test, blend_test_decode(test, latch)->alpha, 0xffff);
	latch->planes[0].alpha = 0x8000;
	KUNIT_EXPECT_EQ(test, blend_test_decode(test, latch)->alpha, 0x8000);
	latch->planes[0].alpha = 0;
	KUNIT_EXPECT_EQ(test, blend_test_decode(test, latch)->alpha, 0);
}

/* The opacity of the VDU registers and that of PnALPHAR are multiplied. */
static void blend_test_alphar(struct kunit *test)
{
	struct rcar_du_mdev_latch *latch = blend_test_new(test);
	const struct rcar_du_mdev_plane *plane;

	latch->planes[0].mr = 0x5002;
	latch->planes[0].alphar = 0x2033;
	latch->planes[0].alpha = 0x8000;
	plane = blend_test_decode(test, latch);

	KUNIT_EXPECT_EQ(test, plane->format, DRM_FORMAT_XRGB1555);
	KUNIT_EXPECT_EQ(test, plane->alpha, 0x8000 * 0x33 / 0xff);
}

static void blend_test_mode(struct kunit *test)
{
	static const u8 modes[] = {
		[RCAR_VDU_BLEND_COVERAGE] = DRM_MODE_BLEND_COVERAGE,
		[RCAR_VDU_BLEND_PREMULTI] = DRM_MODE_BLEND_PREMULTI,
		[RCAR_VDU_BLEND_NONE] = DRM_MODE_BLEND_PIXEL_NONE,
	};
	struct rcar_du_mdev_latch *latch = blend_test_new(test);
	unsigned int i;

	latch->planes[0].mr = 0x5002;
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		latch->planes[0].blend = i;
		KUNIT_EXPECT_EQ(test, blend_test_decode(test, latch)->format,
				DRM_FORMAT_ARGB1555);
		KUNIT_EXPECT_EQ(test, blend_test_decode(test, latch)->blend,
				modes[i]);
	}
}

/* Without alpha there is nothing to blend by. */
static void blend_test_no_alpha(struct kunit *test)
{
	struct rcar_du_mdev_latch *latch = blend_test_new(test);
	unsigned int i;

	for (i = RCAR_VDU_BLEND_COVERAGE; i <= RCAR_VDU_BLEND_NONE; i++) {
		latch->planes[0].blend = i;
		KUNIT_EXPECT_EQ(test, blend_test_decode(test, latch)->blend,
				DRM_MODE_BLEND_PIXEL_NONE);
	}
}

static struct kunit_case blend_test_cases[] = {
	KUNIT_CASE(blend_test_alpha),
	KUNIT_CASE(blend_test_alphar),
	KUNIT_CASE(blend_test_mode),
	KUNIT_CASE(blend_test_no_alpha),
	{}
};

static struct kunit_suite blend_test_suite = {
	.name = "rcar_du_mdev_blend",
	.test_cases = blend_test_cases,
};

kunit_test_suite(blend_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("R-Car DU mediated device: tests of blending");
MODULE_LICENSE("GPL");
