// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests: pictures in files
 */

#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>

#include <kunit/test.h>

#include "../rcar_du_mdev_ppm.h"

struct ppm_test_case {
	const char *name;
	const char *file;
	int ret;
	u32 width;
	u32 height;
};

static const struct ppm_test_case ppm_test_cases[] = {
	{ "a pixel", "P6 1 1 255\nrgb", 0, 1, 1 },
	{ "two lines", "P6\n1 2\n255\nrgbRGB", 0, 1, 2 },
	{ "more than a picture", "P6 1 1 255 rgbP6 1 1 255 rgb", 0, 1, 1 },
	{ "comments", "P6 # P5\n#\n1 #2\n1\n255\nrgb", 0, 1, 1 },
	{ "a pixel like a comment", "P6 1 1 255\n#gb", 0, 1, 1 },
	{ "zeros before", "P6 0001 01 0255 rgb", 0, 1, 1 },
	{ "nothing", "", -EINVAL },
	{ "P", "P", -EINVAL },
	{ "only what it is", "P6", -EINVAL },
	{ "text", "P3 1 1 255\n1 2 3", -EINVAL },
	{ "no space", "P61 1 255\nrgb", -EINVAL },
	{ "a word", "P6 one 1 255\nrgb", -EINVAL },
	{ "negative", "P6 -1 1 255\nrgb", -EINVAL },
	{ "one number", "P6 1", -EINVAL },
	{ "an endless comment", "P6 1 1 #255 rgb", -EINVAL },
	{ "no highest value", "P6 1 1\n", -EINVAL },
	{ "two bytes for a colour", "P6 1 1 65535\nrrggbb", -EINVAL },
	{ "less than a byte", "P6 1 1 31\nrgb", -EINVAL },
	{ "256", "P6 1 1 256\nrgb", -EINVAL },
	{ "no space before pixels", "P6 1 1 255rgb", -EINVAL },
	{ "no pixels", "P6 1 1 255\n", -EINVAL },
	{ "ends before pixels", "P6 1 1 255", -EINVAL },
	{ "a byte is missing", "P6 1 2 255\nrgbRG", -EINVAL },
	{ "no width", "P6 0 1 255\nrgb", -EINVAL },
	{ "no height", "P6 1 0 255\nrgb", -EINVAL },
	{ "too short for the largest", "P6 8190 8190 255\nrgb", -EINVAL },
	{ "too wide", "P6 8191 1 255\nrgb", -EFBIG },
	{ "too high", "P6 1 8191 255\nrgb", -EFBIG },
	{ "4294967297 is not 1", "P6 4294967297 1 255\nrgb", -EFBIG },
	{ "very wide", "P6 99999999999999999999999 1 255\nrgb", -EFBIG },
};

KUNIT_ARRAY_PARAM_DESC(ppm_test, ppm_test_cases, name);

static void ppm_test_parse(struct kunit *test)
{
	const struct ppm_test_case *param = test->param_value;
	size_t size = strlen(param->file);
	struct rcar_du_mdev_ppm ppm = { };
	u8 *file;

	/* Without a byte behind it */
	file = kunit_kmalloc(test, size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, file);
	memcpy(file, param->file, size);

	KUNIT_ASSERT_EQ(test, param->ret,
			rcar_du_mdev_ppm_parse(file, size, &ppm));
	if (param->ret)
		return;

	KUNIT_EXPECT_EQ(test, param->width, ppm.width);
	KUNIT_EXPECT_EQ(test, param->height, ppm.height);
}

/* A file that is cut off anywhere has no picture. */
static void ppm_test_cut(struct kunit *test)
{
	static const char file[] = "P6 # x\n2 2\n255\nrgbrgbrgbrgb";
	struct rcar_du_mdev_ppm ppm;
	size_t size;

	for (size = 0; size < strlen(file); size++)
		KUNIT_EXPECT_EQ(test, -EINVAL,
				rcar_du_mdev_ppm_parse((const u8 *)file, size,
						       &ppm));
	KUNIT_EXPECT_EQ(test, 0,
			rcar_du_mdev_ppm_parse((const u8 *)file, size, &ppm));
}

static void ppm_test_read(struct kunit *test)
{
	static const char file[] = "P6 1 2 255\n123456";
	static const char wanted[] = { '3', '2', '1', 0, '6', '5', '4', 0 };
	struct rcar_du_mdev_ppm ppm;
	u8 pixels[sizeof(wanted)];

	KUNIT_ASSERT_EQ(test, 0, rcar_du_mdev_ppm_parse((const u8 *)file,
							strlen(file), &ppm));
	memset(pixels, 0xff, sizeof(pixels));
	rcar_du_mdev_ppm_read(&ppm, 0, pixels);
	rcar_du_mdev_ppm_read(&ppm, 1, pixels + RCAR_DU_MDEV_PPM_CPP);
	KUNIT_EXPECT_MEMEQ(test, wanted, pixels, sizeof(wanted));
}

static struct kunit_case ppm_test_suite_cases[] = {
	KUNIT_CASE_PARAM(ppm_test_parse, ppm_test_gen_params),
	KUNIT_CASE(ppm_test_cut),
	KUNIT_CASE(ppm_test_read),
	{}
};

static struct kunit_suite ppm_test_suite = {
	.name = "rcar_du_mdev_ppm",
	.test_cases = ppm_test_suite_cases,
};

kunit_test_suite(ppm_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("R-Car DU mediated device: tests of pictures in files");
MODULE_LICENSE("GPL");
