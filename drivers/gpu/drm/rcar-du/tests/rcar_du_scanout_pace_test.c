// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests: when a commit of ours does not get in the host's way
 */

#include <linux/module.h>

#include <kunit/test.h>

#include "../rcar_du_scanout_pace.h"

/* Any number: vertical blanks are counted since the driver was loaded. */
#define FIRST	1000

static void pace_idle(struct kunit *test)
{
	struct rcar_du_scanout_pace pace = { };

	KUNIT_EXPECT_TRUE(test, rcar_du_scanout_pace_may_commit(&pace, 0));
	KUNIT_EXPECT_TRUE(test, rcar_du_scanout_pace_may_commit(&pace, FIRST));
}

static void pace_first_commit(struct kunit *test)
{
	struct rcar_du_scanout_pace pace = { };

	rcar_du_scanout_pace_committed(&pace, FIRST);
	KUNIT_EXPECT_FALSE(test, rcar_du_scanout_pace_may_commit(&pace, FIRST));
	KUNIT_EXPECT_FALSE(test, rcar_du_scanout_pace_may_commit(&pace, FIRST + 2));
	KUNIT_EXPECT_TRUE(test, rcar_du_scanout_pace_may_commit(&pace, FIRST + 3));
}

/* Returns the blank of the last one. */
static u64 pace_commits(struct rcar_du_scanout_pace *pace, u64 blank, u64 interval,
			unsigned int count)
{
	while (count--) {
		rcar_du_scanout_pace_committed(pace, blank);
		blank += interval;
	}

	return blank - interval;
}

static void pace_each_frame(struct kunit *test)
{
	struct rcar_du_scanout_pace pace = { };
	u64 last = pace_commits(&pace, FIRST, 1, 100);

	KUNIT_EXPECT_FALSE(test, rcar_du_scanout_pace_may_commit(&pace, last));
	KUNIT_EXPECT_FALSE(test, rcar_du_scanout_pace_may_commit(&pace, last + 1));
	KUNIT_EXPECT_FALSE(test, rcar_du_scanout_pace_may_commit(&pace, last + 2));
	KUNIT_EXPECT_TRUE(test, rcar_du_scanout_pace_may_commit(&pace, last + 3));
}

static void pace_each_second_frame(struct kunit *test)
{
	struct rcar_du_scanout_pace pace = { };
	u64 last = pace_commits(&pace, FIRST, 2, 5);

	KUNIT_EXPECT_FALSE(test, rcar_du_scanout_pace_may_commit(&pace, last));
	KUNIT_EXPECT_TRUE(test, rcar_du_scanout_pace_may_commit(&pace, last + 1));
	KUNIT_EXPECT_FALSE(test, rcar_du_scanout_pace_may_commit(&pace, last + 2));
	KUNIT_EXPECT_TRUE(test, rcar_du_scanout_pace_may_commit(&pace, last + 3));
}

/* Its next commit is not expected before the longest interval is over. */
static void pace_slow(struct kunit *test)
{
	struct rcar_du_scanout_pace pace = { };
	u64 last = pace_commits(&pace, FIRST, 5, 5);
	u64 since;

	for (since = 1; since < 5; since++)
		KUNIT_EXPECT_TRUE(test, rcar_du_scanout_pace_may_commit(&pace,
									last + since));
	KUNIT_EXPECT_FALSE(test, rcar_du_scanout_pace_may_commit(&pace, last + 5));
	KUNIT_EXPECT_TRUE(test, rcar_du_scanout_pace_may_commit(&pace, last + 6));
}

/* 24 frames of 60: two and three by turns */
static void pace_uneven(struct kunit *test)
{
	struct rcar_du_scanout_pace pace = { };
	u64 last = FIRST;
	unsigned int i;

	for (i = 0; i < 8; i++) {
		rcar_du_scanout_pace_committed(&pace, last);
		last += 2 + i % 2;
	}
	last -= 3;
	KUNIT_EXPECT_TRUE(test, rcar_du_scanout_pace_may_commit(&pace, last + 1));
	KUNIT_EXPECT_FALSE(test, rcar_du_scanout_pace_may_commit(&pace, last + 2));
	KUNIT_EXPECT_FALSE(test, rcar_du_scanout_pace_may_commit(&pace, last + 3));
	KUNIT_EXPECT_TRUE(test, rcar_du_scanout_pace_may_commit(&pace, last + 4));
}

static void pace_unknown(struct kunit *test)
{
	struct rcar_du_scanout_pace pace = { };
	u64 last = pace_commits(&pace, FIRST, 2, 4);

	KUNIT_EXPECT_FALSE(test, rcar_du_scanout_pace_may_commit(&pace, last + 1));
}

/* What was before does not count. */
static void pace_pause(struct kunit *test)
{
	struct rcar_du_scanout_pace pace = { };
	u64 last = pace_commits(&pace, FIRST, 2, 5);

	rcar_du_scanout_pace_committed(&pace, last + 60);
	KUNIT_EXPECT_FALSE(test, rcar_du_scanout_pace_may_commit(&pace, last + 61));
}

static void pace_same_frame(struct kunit *test)
{
	struct rcar_du_scanout_pace pace = { };
	u64 last = pace_commits(&pace, FIRST, 2, 5);

	rcar_du_scanout_pace_committed(&pace, last);
	KUNIT_EXPECT_TRUE(test, rcar_du_scanout_pace_may_commit(&pace, last + 1));
}

static void pace_tested(struct kunit *test)
{
	struct rcar_du_scanout_pace pace = { };

	rcar_du_scanout_pace_tested(&pace, FIRST);
	KUNIT_EXPECT_FALSE(test, rcar_du_scanout_pace_may_commit(&pace, FIRST));
	KUNIT_EXPECT_TRUE(test, rcar_du_scanout_pace_may_commit(&pace, FIRST + 1));
}

static void pace_tested_for_ever(struct kunit *test)
{
	struct rcar_du_scanout_pace pace = { };
	u64 blank;

	for (blank = FIRST; blank < FIRST + 3; blank++) {
		rcar_du_scanout_pace_tested(&pace, blank);
		KUNIT_EXPECT_FALSE(test, rcar_du_scanout_pace_may_commit(&pace, blank));
	}
	rcar_du_scanout_pace_tested(&pace, blank);
	KUNIT_EXPECT_TRUE(test, rcar_du_scanout_pace_may_commit(&pace, blank));
}

/* The numbers begin anew when the driver does. */
static void pace_backwards(struct kunit *test)
{
	struct rcar_du_scanout_pace pace = { };

	pace_commits(&pace, FIRST, 2, 5);
	rcar_du_scanout_pace_committed(&pace, 1);
	KUNIT_EXPECT_FALSE(test, rcar_du_scanout_pace_may_commit(&pace, 2));
	KUNIT_EXPECT_TRUE(test, rcar_du_scanout_pace_may_commit(&pace, 4));
}

static struct kunit_case rcar_du_scanout_pace_cases[] = {
	KUNIT_CASE(pace_idle),
	KUNIT_CASE(pace_first_commit),
	KUNIT_CASE(pace_each_frame),
	KUNIT_CASE(pace_each_second_frame),
	KUNIT_CASE(pace_slow),
	KUNIT_CASE(pace_uneven),
	KUNIT_CASE(pace_unknown),
	KUNIT_CASE(pace_pause),
	KUNIT_CASE(pace_same_frame),
	KUNIT_CASE(pace_tested),
	KUNIT_CASE(pace_tested_for_ever),
	KUNIT_CASE(pace_backwards),
	{}
};

static struct kunit_suite rcar_du_scanout_pace_suite = {
	.name = "rcar_du_scanout_pace",
	.test_cases = rcar_du_scanout_pace_cases,
};

kunit_test_suite(rcar_du_scanout_pace_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("KUnit tests for R-Car DU scanout");
MODULE_LICENSE("GPL");
