// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests: which mode of a display shows the frame of a channel
 */

#include <linux/module.h>

#include <kunit/test.h>

#include <drm/drm_modes.h>
#include <drm/rcar_du_scanout.h>

#include "../rcar_du_scanout_connector.h"

/* CTA-861, VIC 16 */
static const struct drm_display_mode mode_test_1080p60 = {
	.status = MODE_OK,
	.clock = 148500,
	.hdisplay = 1920,
	.htotal = 2200,
	.vdisplay = 1080,
	.vtotal = 1125,
};

struct mode_test_frame {
	const char *name;
	u32 width;
	u32 height;
	u64 period;
	bool fits;
};

static const struct mode_test_frame mode_test_frames[] = {
	{ "60 Hz", 1920, 1080, 16666667, true },
	{ "59.94 Hz", 1920, 1080, 16683350, true },
	{ "0.9 % faster", 1920, 1080, 16518000, true },
	{ "1.1 % faster", 1920, 1080, 16485000, false },
	{ "1.1 % slower", 1920, 1080, 16851000, false },
	{ "50 Hz", 1920, 1080, 20000000, false },
	{ "stopped", 1920, 1080, 0, false },
	{ "narrower", 1919, 1080, 16666667, false },
	{ "higher", 1920, 1081, 16666667, false },
	{ "nothing", 0, 0, 16666667, false },
};

KUNIT_ARRAY_PARAM_DESC(mode_test_frame, mode_test_frames, name);

static void mode_test_fits(struct kunit *test)
{
	const struct mode_test_frame *param = test->param_value;
	struct rcar_du_scanout_frame frame = {
		.on = true,
		.width = param->width,
		.height = param->height,
		.period = param->period,
	};

	KUNIT_EXPECT_EQ(test, param->fits,
			rcar_du_scanout_mode_fits(&mode_test_1080p60, &frame));
}

/* Modes that no frame fits */
static void mode_test_never(struct kunit *test)
{
	struct rcar_du_scanout_frame frame = {
		.on = true,
		.width = 1920,
		.height = 1080,
		.period = 16666667,
	};
	struct drm_display_mode mode = mode_test_1080p60;

	mode.flags = DRM_MODE_FLAG_INTERLACE;
	KUNIT_EXPECT_FALSE(test, rcar_du_scanout_mode_fits(&mode, &frame));

	mode = mode_test_1080p60;
	mode.clock = 0;
	KUNIT_EXPECT_FALSE(test, rcar_du_scanout_mode_fits(&mode, &frame));

	mode = mode_test_1080p60;
	mode.status = MODE_CLOCK_HIGH;
	KUNIT_EXPECT_FALSE(test, rcar_du_scanout_mode_fits(&mode, &frame));
}

static struct kunit_case mode_test_cases[] = {
	KUNIT_CASE_PARAM(mode_test_fits, mode_test_frame_gen_params),
	KUNIT_CASE(mode_test_never),
	{ }
};

static struct kunit_suite mode_test_suite = {
	.name = "rcar_du_scanout_mode",
	.test_cases = mode_test_cases,
};

kunit_test_suite(mode_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("KUnit tests for the modes of R-Car DU scanout");
MODULE_LICENSE("GPL");
