// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: tests of rates
 */

#include <linux/module.h>
#include <linux/time64.h>

#include <kunit/test.h>

#include "../rcar_du_mdev_rate.h"

#define START	(1000 * NSEC_PER_SEC)
#define BURST	(100 * NSEC_PER_MSEC)

/* Takes one after the other for that long, as fast as it gets them. */
static unsigned int rate_test_take_all(struct rcar_du_mdev_rate *rate,
				       unsigned int per_second, u64 start,
				       u64 ns)
{
	unsigned int taken = 0;
	u64 now = start;

	for (;;) {
		now += rcar_du_mdev_rate_delay(rate, per_second, BURST, now);
		if (now >= start + ns)
			return taken;
		rcar_du_mdev_rate_take(rate, 1, now);
		taken++;
	}
}

static void rate_test_burst_then_rate(struct kunit *test)
{
	struct rcar_du_mdev_rate rate = { };

	/* Those of the burst are had at once, and one that begins within it. */
	KUNIT_EXPECT_EQ(test, 101,
			rate_test_take_all(&rate, 1000, START, 1));
	/* And then no more than the rate. */
	KUNIT_EXPECT_EQ(test, 1000,
			rate_test_take_all(&rate, 1000, START + 1,
					   NSEC_PER_SEC));
}

static void rate_test_idle_saves_no_more(struct kunit *test)
{
	struct rcar_du_mdev_rate rate = { };

	rate_test_take_all(&rate, 1000, START, NSEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, 101,
			rate_test_take_all(&rate, 1000,
					   START + 3600 * NSEC_PER_SEC, 1));
}

static void rate_test_no_limit(struct kunit *test)
{
	struct rcar_du_mdev_rate rate = { };
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		KUNIT_ASSERT_EQ(test, 0,
				rcar_du_mdev_rate_delay(&rate, 0, BURST,
							START));
		rcar_du_mdev_rate_take(&rate, 1000000, START);
	}
}

/* More than a burst is had at once, and paid for by who comes next. */
static void rate_test_big(struct kunit *test)
{
	struct rcar_du_mdev_rate rate = { };

	KUNIT_EXPECT_EQ(test, 0,
			rcar_du_mdev_rate_delay(&rate, 1000, BURST, START));
	rcar_du_mdev_rate_take(&rate, 8187, START);
	KUNIT_EXPECT_EQ(test, 8187 * NSEC_PER_MSEC - BURST,
			rcar_du_mdev_rate_delay(&rate, 1000, BURST, START));
	KUNIT_EXPECT_EQ(test, 1,
			rcar_du_mdev_rate_delay(&rate, 1000, BURST,
						START + 8187 * NSEC_PER_MSEC -
						BURST - 1));
	KUNIT_EXPECT_EQ(test, 0,
			rcar_du_mdev_rate_delay(&rate, 1000, BURST,
						START + 8187 * NSEC_PER_MSEC -
						BURST));
}

/* A debt at a low rate does not last when the rate is raised. */
static void rate_test_changed(struct kunit *test)
{
	struct rcar_du_mdev_rate rate = { };

	rcar_du_mdev_rate_delay(&rate, 1, BURST, START);
	rcar_du_mdev_rate_take(&rate, 8187, START);
	KUNIT_EXPECT_LT(test, 8000 * NSEC_PER_SEC,
			rcar_du_mdev_rate_delay(&rate, 1, BURST, START));
	KUNIT_EXPECT_EQ(test, 0,
			rcar_du_mdev_rate_delay(&rate, 1000, BURST, START));
}

static struct kunit_case rate_test_cases[] = {
	KUNIT_CASE(rate_test_burst_then_rate),
	KUNIT_CASE(rate_test_idle_saves_no_more),
	KUNIT_CASE(rate_test_no_limit),
	KUNIT_CASE(rate_test_big),
	KUNIT_CASE(rate_test_changed),
	{}
};

static struct kunit_suite rate_test_suite = {
	.name = "rcar_du_mdev_rate",
	.test_cases = rate_test_cases,
};

kunit_test_suite(rate_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("R-Car DU mediated device: tests of rates");
MODULE_LICENSE("GPL");
