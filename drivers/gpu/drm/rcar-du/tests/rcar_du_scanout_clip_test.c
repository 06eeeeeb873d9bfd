// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests: what a window, or a screen, leaves of a picture
 */

#include <linux/limits.h>
#include <linux/module.h>

#include <kunit/test.h>

#include "../rcar_du_scanout_clip.h"

/* A window from 100 to 199 */
#define BEGIN	100
#define SIZE	100

struct clip_test_case {
	const char *name;
	/* The picture is @size at @pos, and can be cut at multiples of @step. */
	s32 pos;
	u32 size;
	u32 step;
	/* What is left of it; no size: nothing */
	struct rcar_du_scanout_span left;
};

static const struct clip_test_case clip_test_cases[] = {
	{ "inside", 120, 30, 1, { 120, 0, 30 } },
	{ "as large", 100, 100, 1, { 100, 0, 100 } },
	{ "over the end", 150, 60, 1, { 150, 0, 50 } },
	{ "over the begin", 70, 60, 1, { 100, 30, 30 } },
	{ "over both", -50, 1000, 1, { 100, 150, 100 } },
	{ "first pixel", 1, 100, 1, { 100, 99, 1 } },
	{ "last pixel", 199, 100, 1, { 199, 0, 1 } },
	{ "ends where it begins", 0, 100, 1 },
	{ "begins where it ends", 200, 100, 1 },
	{ "far before", -30000, 4095, 1 },
	{ "far behind", 30000, 4095, 1 },
	{ "lowest", S32_MIN, 4095, 1 },
	{ "highest", S32_MAX, 4095, 1 },
	{ "largest", S32_MIN, U32_MAX, 1,
		{ 100, (u32)S32_MAX + 1 + 100, 100 } },
	/* Pairs of pixels stay together, and within the window. */
	{ "pairs inside", 121, 31, 2, { 121, 0, 31 } },
	{ "pairs at the begin", 70, 60, 2, { 100, 30, 30 } },
	{ "a pair over the begin", 71, 60, 2, { 101, 30, 30 } },
	{ "a pair over the end", 151, 60, 2, { 151, 0, 48 } },
	{ "a pair over either", 71, 1000, 2, { 101, 30, 98 } },
	{ "half a pair at the begin", 1, 100, 2 },
	{ "half a pair at the end", 199, 100, 2 },
	{ "an odd end stays", 71, 61, 2, { 101, 30, 31 } },
};

static void clip_test_name(const struct clip_test_case *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(clip_test, clip_test_cases, clip_test_name);

static void clip_test_window(struct kunit *test)
{
	const struct clip_test_case *param = test->param_value;
	struct rcar_du_scanout_span span = {
		.pos = param->pos,
		.size = param->size,
	};
	bool left = rcar_du_scanout_clip(&span, BEGIN, SIZE, param->step);

	KUNIT_ASSERT_EQ(test, !!param->left.size, left);
	if (!left)
		return;
	KUNIT_EXPECT_EQ(test, param->left.pos, span.pos);
	KUNIT_EXPECT_EQ(test, param->left.src, span.src);
	KUNIT_EXPECT_EQ(test, param->left.size, span.size);
}

static void clip_test_no_window(struct kunit *test)
{
	struct rcar_du_scanout_span span = { .pos = -5, .size = 4095 };

	KUNIT_EXPECT_TRUE(test, rcar_du_scanout_clip(&span, BEGIN, 0, 2));
	KUNIT_EXPECT_EQ(test, -5, span.pos);
	KUNIT_EXPECT_EQ(test, 0, span.src);
	KUNIT_EXPECT_EQ(test, 4095, span.size);
}

/* What is cut off comes on top of what was cut off before. */
static void clip_test_twice(struct kunit *test)
{
	struct rcar_du_scanout_span span = { .pos = 0, .src = 8, .size = 200 };

	KUNIT_EXPECT_TRUE(test, rcar_du_scanout_clip(&span, BEGIN, SIZE, 1));
	KUNIT_EXPECT_EQ(test, 108, span.src);
}

/* A window that begins left of the CRTC */
static void clip_test_negative_window(struct kunit *test)
{
	struct rcar_du_scanout_span span = { .pos = -40, .size = 100 };

	KUNIT_EXPECT_TRUE(test, rcar_du_scanout_clip(&span, -30, 50, 1));
	KUNIT_EXPECT_EQ(test, -30, span.pos);
	KUNIT_EXPECT_EQ(test, 10, span.src);
	KUNIT_EXPECT_EQ(test, 50, span.size);
}

struct centre_test_case {
	const char *name;
	/* A picture of @size on a screen of SIZE */
	u32 size;
	struct rcar_du_scanout_span left;
};

static const struct centre_test_case centre_test_cases[] = {
	{ "as large", SIZE, { 0, 0, SIZE } },
	{ "smaller", SIZE - 10, { 5, 0, SIZE - 10 } },
	{ "smaller by one", SIZE - 1, { 0, 0, SIZE - 1 } },
	{ "a pixel", 1, { 49, 0, 1 } },
	{ "larger", SIZE + 10, { 0, 5, SIZE } },
	{ "larger by one", SIZE + 1, { 0, 0, SIZE } },
	{ "largest", U32_MAX, { 0, (U32_MAX - SIZE) / 2, SIZE } },
};

KUNIT_ARRAY_PARAM_DESC(centre_test, centre_test_cases, name);

static void clip_test_centre(struct kunit *test)
{
	const struct centre_test_case *param = test->param_value;
	struct rcar_du_scanout_span span = { .size = param->size };

	rcar_du_scanout_centre(&span, SIZE);
	KUNIT_EXPECT_EQ(test, param->left.pos, span.pos);
	KUNIT_EXPECT_EQ(test, param->left.src, span.src);
	KUNIT_EXPECT_EQ(test, param->left.size, span.size);
}

/* Wherever it is, whatever its size: never outside, and the picture does not move. */
static void clip_test_never_outside(struct kunit *test)
{
	struct rcar_du_scanout_span span;
	s32 pos;
	u32 size, step;

	for (pos = 80; pos <= 220; pos++) {
		for (size = 1; size <= 130; size++) {
			for (step = 1; step <= 4; step *= 2) {
				span = (struct rcar_du_scanout_span) {
					.pos = pos,
					.size = size,
				};
				if (!rcar_du_scanout_clip(&span, BEGIN, SIZE,
							  step))
					continue;
				KUNIT_ASSERT_LE(test, BEGIN, span.pos);
				KUNIT_ASSERT_GE(test, BEGIN + SIZE,
						span.pos + (s32)span.size);
				KUNIT_ASSERT_EQ(test, pos + (s32)span.src,
						span.pos);
				KUNIT_ASSERT_EQ(test, 0, span.src % step);
				KUNIT_ASSERT_GE(test, size,
						span.src + span.size);
			}
		}
	}
}

static struct kunit_case clip_test_kunit_cases[] = {
	KUNIT_CASE_PARAM(clip_test_window, clip_test_gen_params),
	KUNIT_CASE(clip_test_no_window),
	KUNIT_CASE(clip_test_twice),
	KUNIT_CASE(clip_test_negative_window),
	KUNIT_CASE(clip_test_never_outside),
	KUNIT_CASE_PARAM(clip_test_centre, centre_test_gen_params),
	{ }
};

static struct kunit_suite clip_test_suite = {
	.name = "rcar_du_scanout_clip",
	.test_cases = clip_test_kunit_cases,
};

kunit_test_suite(clip_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("KUnit tests for the window of a scanout plane");
MODULE_LICENSE("GPL");
