// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: tests of the states of a framebuffer
 */

#include <linux/array_size.h>
#include <linux/module.h>

#include <kunit/test.h>

#include "../rcar_du_mdev_fb.h"

/* All steps that there are, in the order of the drawing in the documentation. */
static const struct {
	enum rcar_du_mdev_fb_state from;
	enum rcar_du_mdev_fb_state to;
} fb_test_steps[] = {
	/* It is pinned and used, taken away, and given back. */
	{ RCAR_DU_MDEV_FB_NEW, RCAR_DU_MDEV_FB_PINNING },
	{ RCAR_DU_MDEV_FB_PINNING, RCAR_DU_MDEV_FB_PINNED },
	{ RCAR_DU_MDEV_FB_PINNED, RCAR_DU_MDEV_FB_REVOKED },
	{ RCAR_DU_MDEV_FB_REVOKED, RCAR_DU_MDEV_FB_UNPINNING },
	{ RCAR_DU_MDEV_FB_UNPINNING, RCAR_DU_MDEV_FB_GONE },
	/* It is not pinned, as that may not be tried, or its memory goes before. */
	{ RCAR_DU_MDEV_FB_NEW, RCAR_DU_MDEV_FB_REVOKED },
	/* It can't be pinned. */
	{ RCAR_DU_MDEV_FB_PINNING, RCAR_DU_MDEV_FB_REVOKED },
	/* Its memory goes while it is being pinned. */
	{ RCAR_DU_MDEV_FB_PINNING, RCAR_DU_MDEV_FB_CANCELLED },
	{ RCAR_DU_MDEV_FB_CANCELLED, RCAR_DU_MDEV_FB_REVOKED },
};

static bool fb_test_expected(enum rcar_du_mdev_fb_state from,
			     enum rcar_du_mdev_fb_state to)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fb_test_steps); i++) {
		if (fb_test_steps[i].from == from && fb_test_steps[i].to == to)
			return true;
	}

	return false;
}

static void fb_test_legal_steps(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fb_test_steps); i++)
		KUNIT_EXPECT_TRUE_MSG(test,
				      rcar_du_mdev_fb_may_step(fb_test_steps[i].from,
							       fb_test_steps[i].to),
				      "step %u", i);
}

static void fb_test_wrong_steps(struct kunit *test)
{
	unsigned int from, to;

	for (from = 0; from < RCAR_DU_MDEV_NUM_FB_STATES; from++) {
		for (to = 0; to < RCAR_DU_MDEV_NUM_FB_STATES; to++) {
			if (fb_test_expected(from, to))
				continue;

			KUNIT_EXPECT_FALSE_MSG(test,
					       rcar_du_mdev_fb_may_step(from, to),
					       "from %u to %u", from, to);
		}
	}
}

/* A framebuffer can be found until its memory goes, pinned or not. */
static void fb_test_lost(struct kunit *test)
{
	static const bool lost[] = {
		[RCAR_DU_MDEV_FB_NEW] = false,
		[RCAR_DU_MDEV_FB_PINNING] = false,
		[RCAR_DU_MDEV_FB_CANCELLED] = true,
		[RCAR_DU_MDEV_FB_PINNED] = false,
		[RCAR_DU_MDEV_FB_REVOKED] = true,
		[RCAR_DU_MDEV_FB_UNPINNING] = true,
		[RCAR_DU_MDEV_FB_GONE] = true,
	};
	struct rcar_du_mdev_fb fb = { };
	unsigned int state;

	for (state = 0; state < RCAR_DU_MDEV_NUM_FB_STATES; state++) {
		fb.state = state;
		KUNIT_EXPECT_EQ_MSG(test, rcar_du_mdev_fb_lost(&fb),
				    lost[state], "state %u", state);
	}
}

static struct kunit_case fb_test_cases[] = {
	KUNIT_CASE(fb_test_legal_steps),
	KUNIT_CASE(fb_test_wrong_steps),
	KUNIT_CASE(fb_test_lost),
	{}
};

static struct kunit_suite fb_test_suite = {
	.name = "rcar_du_mdev_fb",
	.test_cases = fb_test_cases,
};

kunit_test_suite(fb_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("R-Car DU mediated device: tests of the states of a framebuffer");
MODULE_LICENSE("GPL");
