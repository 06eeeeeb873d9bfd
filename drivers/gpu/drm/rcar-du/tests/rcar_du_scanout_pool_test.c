// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests: who has which CRTC and which plane
 */

#include <linux/module.h>

#include <kunit/test.h>

#include "../rcar_du_scanout_pool.h"

#define LVDS0	0
#define HDMI0	1
#define HDMI1	2
#define DPAD0	3

static void pool_test_add_planes(struct rcar_du_scanout_pool *pool, u32 crtcs)
{
	unsigned int primaries = hweight32(crtcs);
	unsigned int i;

	for (i = 0; i < 5; i++) {
		struct rcar_du_scanout_pool_plane *plane =
			&pool->planes[pool->num_planes++];

		plane->crtcs = crtcs;
		plane->overlay = i >= primaries;
	}
}

/* R-Car H3: VSPD0 serves LVDS0 and DPAD0, the others one CRTC each. */
static struct rcar_du_scanout_pool *pool_test_h3(struct kunit *test,
						 unsigned int reserved)
{
	static const unsigned int primaries[] = { 0, 5, 10, 1 };
	struct rcar_du_scanout_pool *pool;
	unsigned int i;

	pool = kunit_kzalloc(test, sizeof(*pool), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, pool);

	pool_test_add_planes(pool, BIT(LVDS0) | BIT(DPAD0));
	pool_test_add_planes(pool, BIT(HDMI0));
	pool_test_add_planes(pool, BIT(HDMI1));
	pool->num_crtcs = ARRAY_SIZE(primaries);
	pool->reserved = reserved;
	for (i = 0; i < pool->num_crtcs; i++) {
		pool->crtcs[i].connected = true;
		pool->crtcs[i].primary = primaries[i];
	}

	return pool;
}

static void pool_test_planes_of_own(struct kunit *test)
{
	struct rcar_du_scanout_pool *pool = pool_test_h3(test, 0);

	KUNIT_EXPECT_EQ(test, 6, rcar_du_scanout_pool_take_plane(pool, HDMI0, 1));
	KUNIT_EXPECT_EQ(test, 7, rcar_du_scanout_pool_take_plane(pool, HDMI0, 2));
	KUNIT_EXPECT_EQ(test, 8, rcar_du_scanout_pool_take_plane(pool, HDMI0, 3));
	KUNIT_EXPECT_EQ(test, 9, rcar_du_scanout_pool_take_plane(pool, HDMI0, 4));
	KUNIT_EXPECT_EQ(test, -ENOSPC,
			rcar_du_scanout_pool_take_plane(pool, HDMI0, 5));
}

/* The larger blender has five inputs, two of which are primary planes. */
static void pool_test_planes_shared(struct kunit *test)
{
	struct rcar_du_scanout_pool *pool = pool_test_h3(test, 0);

	KUNIT_EXPECT_EQ(test, 2, rcar_du_scanout_pool_take_plane(pool, LVDS0, 1));
	KUNIT_EXPECT_EQ(test, 3, rcar_du_scanout_pool_take_plane(pool, LVDS0, 2));
	KUNIT_EXPECT_EQ(test, 4, rcar_du_scanout_pool_take_plane(pool, LVDS0, 3));
	KUNIT_EXPECT_EQ(test, -ENOSPC,
			rcar_du_scanout_pool_take_plane(pool, DPAD0, 4));
}

static void pool_test_one_large_blender(struct kunit *test)
{
	struct rcar_du_scanout_pool *pool = pool_test_h3(test, 0);

	/* Three planes with the primary one, and so the large blender. */
	KUNIT_ASSERT_LE(test, 0, rcar_du_scanout_pool_take_plane(pool, LVDS0, 1));
	KUNIT_ASSERT_LE(test, 0, rcar_du_scanout_pool_take_plane(pool, LVDS0, 2));

	pool_test_add_planes(pool, BIT(LVDS0) | BIT(DPAD0));
	KUNIT_EXPECT_LE(test, 0, rcar_du_scanout_pool_take_plane(pool, DPAD0, 3));
	KUNIT_EXPECT_EQ(test, -ENOSPC,
			rcar_du_scanout_pool_take_plane(pool, DPAD0, 4));
	KUNIT_EXPECT_LE(test, 0, rcar_du_scanout_pool_take_plane(pool, LVDS0, 5));

	rcar_du_scanout_pool_release(pool, 1);
	rcar_du_scanout_pool_release(pool, 2);
	rcar_du_scanout_pool_release(pool, 5);
	KUNIT_EXPECT_LE(test, 0, rcar_du_scanout_pool_take_plane(pool, DPAD0, 4));
}

static void pool_test_no_such_crtc(struct kunit *test)
{
	struct rcar_du_scanout_pool *pool = pool_test_h3(test, 0);

	KUNIT_EXPECT_EQ(test, -EINVAL,
			rcar_du_scanout_pool_take_plane(pool, 4, 1));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			rcar_du_scanout_pool_take_channel(pool, 4, 1));
}

static void pool_test_channel_of_own(struct kunit *test)
{
	struct rcar_du_scanout_pool *pool = pool_test_h3(test, 0);

	KUNIT_EXPECT_EQ(test, 5,
			rcar_du_scanout_pool_take_channel(pool, HDMI0, 1));
	KUNIT_EXPECT_EQ(test, -EBUSY,
			rcar_du_scanout_pool_take_channel(pool, HDMI0, 2));
	KUNIT_EXPECT_EQ(test, -EBUSY,
			rcar_du_scanout_pool_take_plane(pool, HDMI0, 2));
}

static void pool_test_channels_shared(struct kunit *test)
{
	struct rcar_du_scanout_pool *pool = pool_test_h3(test, 0);

	KUNIT_EXPECT_EQ(test, 3,
			rcar_du_scanout_pool_take_channel(pool, LVDS0, 1));
	KUNIT_EXPECT_EQ(test, 2,
			rcar_du_scanout_pool_take_channel(pool, DPAD0, 2));
}

static void pool_test_channel_unplugged(struct kunit *test)
{
	struct rcar_du_scanout_pool *pool = pool_test_h3(test, 0);

	pool->crtcs[HDMI1].connected = false;
	KUNIT_EXPECT_EQ(test, -ENOTCONN,
			rcar_du_scanout_pool_take_channel(pool, HDMI1, 1));
	KUNIT_EXPECT_EQ(test, 3, rcar_du_scanout_pool_free_channels(pool));
}

static void pool_test_channel_with_planes_taken(struct kunit *test)
{
	struct rcar_du_scanout_pool *pool = pool_test_h3(test, 0);

	KUNIT_ASSERT_LE(test, 0, rcar_du_scanout_pool_take_plane(pool, HDMI0, 1));
	KUNIT_EXPECT_EQ(test, -EBUSY,
			rcar_du_scanout_pool_take_channel(pool, HDMI0, 2));
}

static void pool_test_reserved(struct kunit *test)
{
	struct rcar_du_scanout_pool *pool = pool_test_h3(test, 1);

	/* One overlay for each CRTC stays: 3 - 2 on VSPD0, 4 - 1 elsewhere. */
	KUNIT_EXPECT_EQ(test, 1 + 3 + 3, rcar_du_scanout_pool_free_planes(pool));
	KUNIT_EXPECT_EQ(test, 4,
			rcar_du_scanout_pool_take_channel(pool, HDMI0, 1));
	KUNIT_EXPECT_EQ(test, 2,
			rcar_du_scanout_pool_take_channel(pool, LVDS0, 2));
	KUNIT_EXPECT_EQ(test, 1,
			rcar_du_scanout_pool_take_channel(pool, DPAD0, 3));
}

static void pool_test_free(struct kunit *test)
{
	struct rcar_du_scanout_pool *pool = pool_test_h3(test, 0);

	KUNIT_EXPECT_EQ(test, 3 + 4 + 4, rcar_du_scanout_pool_free_planes(pool));
	KUNIT_EXPECT_EQ(test, 4, rcar_du_scanout_pool_free_channels(pool));

	KUNIT_ASSERT_LE(test, 0, rcar_du_scanout_pool_take_plane(pool, HDMI0, 1));
	KUNIT_EXPECT_EQ(test, 3 + 3 + 4, rcar_du_scanout_pool_free_planes(pool));
	KUNIT_EXPECT_EQ(test, 3, rcar_du_scanout_pool_free_channels(pool));

	rcar_du_scanout_pool_release(pool, 1);
	KUNIT_EXPECT_EQ(test, 3 + 4 + 4, rcar_du_scanout_pool_free_planes(pool));
	KUNIT_EXPECT_EQ(test, 4, rcar_du_scanout_pool_free_channels(pool));
}

static struct kunit_case pool_test_cases[] = {
	KUNIT_CASE(pool_test_planes_of_own),
	KUNIT_CASE(pool_test_planes_shared),
	KUNIT_CASE(pool_test_one_large_blender),
	KUNIT_CASE(pool_test_no_such_crtc),
	KUNIT_CASE(pool_test_channel_of_own),
	KUNIT_CASE(pool_test_channels_shared),
	KUNIT_CASE(pool_test_channel_unplugged),
	KUNIT_CASE(pool_test_channel_with_planes_taken),
	KUNIT_CASE(pool_test_reserved),
	KUNIT_CASE(pool_test_free),
	{ }
};

static struct kunit_suite pool_test_suite = {
	.name = "rcar_du_scanout_pool",
	.test_cases = pool_test_cases,
};

kunit_test_suite(pool_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("KUnit tests for R-Car DU scanout");
MODULE_LICENSE("GPL");
