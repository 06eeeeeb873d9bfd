// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: tests of the states of the frame clock
 */

#include <linux/array_size.h>
#include <linux/module.h>

#include <kunit/test.h>

#include "../rcar_du_mdev_clock.h"

/* All steps that there are, in the order of the drawing in the documentation. */
static const struct {
	enum rcar_du_mdev_clock_state from;
	enum rcar_du_mdev_clock_state to;
} clock_test_steps[] = {
	/* The display starts. */
	{ RCAR_DU_MDEV_CLOCK_OFF, RCAR_DU_MDEV_CLOCK_TIMER },
	/* Nobody wants to know, and somebody does again. */
	{ RCAR_DU_MDEV_CLOCK_TIMER, RCAR_DU_MDEV_CLOCK_ASLEEP },
	{ RCAR_DU_MDEV_CLOCK_ASLEEP, RCAR_DU_MDEV_CLOCK_TIMER },
	/* A CRTC shows the display, and shows it no more. */
	{ RCAR_DU_MDEV_CLOCK_TIMER, RCAR_DU_MDEV_CLOCK_CRTC },
	{ RCAR_DU_MDEV_CLOCK_CRTC, RCAR_DU_MDEV_CLOCK_TIMER },
	/* There is something new to show, and it is shown, or not in time. */
	{ RCAR_DU_MDEV_CLOCK_CRTC, RCAR_DU_MDEV_CLOCK_PENDING },
	{ RCAR_DU_MDEV_CLOCK_PENDING, RCAR_DU_MDEV_CLOCK_CRTC },
	{ RCAR_DU_MDEV_CLOCK_PENDING, RCAR_DU_MDEV_CLOCK_TIMER },
	/* The display stops. */
	{ RCAR_DU_MDEV_CLOCK_TIMER, RCAR_DU_MDEV_CLOCK_OFF },
	{ RCAR_DU_MDEV_CLOCK_ASLEEP, RCAR_DU_MDEV_CLOCK_OFF },
	{ RCAR_DU_MDEV_CLOCK_CRTC, RCAR_DU_MDEV_CLOCK_OFF },
	{ RCAR_DU_MDEV_CLOCK_PENDING, RCAR_DU_MDEV_CLOCK_OFF },
};

static bool clock_test_expected(enum rcar_du_mdev_clock_state from,
				enum rcar_du_mdev_clock_state to)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(clock_test_steps); i++) {
		if (clock_test_steps[i].from == from &&
		    clock_test_steps[i].to == to)
			return true;
	}

	return false;
}

static void clock_test_legal_steps(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(clock_test_steps); i++)
		KUNIT_EXPECT_TRUE_MSG(test,
				      rcar_du_mdev_clock_may_step(clock_test_steps[i].from,
								  clock_test_steps[i].to),
				      "step %u", i);
}

static void clock_test_wrong_steps(struct kunit *test)
{
	unsigned int from, to;

	for (from = 0; from < RCAR_DU_MDEV_NUM_CLOCK_STATES; from++) {
		for (to = 0; to < RCAR_DU_MDEV_NUM_CLOCK_STATES; to++) {
			if (clock_test_expected(from, to))
				continue;

			KUNIT_EXPECT_FALSE_MSG(test,
					       rcar_du_mdev_clock_may_step(from, to),
					       "from %u to %u", from, to);
		}
	}
}

static struct kunit_case clock_test_cases[] = {
	KUNIT_CASE(clock_test_legal_steps),
	KUNIT_CASE(clock_test_wrong_steps),
	{}
};

static struct kunit_suite clock_test_suite = {
	.name = "rcar_du_mdev_clock",
	.test_cases = clock_test_cases,
};

kunit_test_suite(clock_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("R-Car DU mediated device: tests of the states of the frame clock");
MODULE_LICENSE("GPL");
