// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests: vertical blanks of the host's clock by the guest's
 */

#include <linux/module.h>

#include <kunit/test.h>

#include "../rcar_vdu_clock.h"

#define PERIOD		16666667
/* What the quickest interrupt takes, ns */
#define QUICK		20000
/* More than one value of 32 bits in the future of the host */
#define APART		(5 * NSEC_PER_SEC + 123)

struct clock_test {
	struct rcar_vdu_clock clock;
	/* Host time of the last vertical blank, and how far the guest's clock is ahead */
	u64 host;
	u64 apart;
};

static struct clock_test *clock_test_new(struct kunit *test)
{
	struct clock_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	/* Runs over 32 bits after a few frames. */
	t->host = U32_MAX - 5 * PERIOD;
	t->apart = APART;

	return t;
}

/* The next vertical blank: its interrupt comes after @latency ns. */
static void clock_test_frame(struct clock_test *t, u64 latency)
{
	t->host += PERIOD;
	rcar_vdu_clock_sample(&t->clock, t->host,
			      ns_to_ktime(t->host + t->apart + latency));
}

/* The time that the driver says of the last vertical blank, too late by, ns */
static s64 clock_test_error(struct kunit *test, struct clock_test *t)
{
	ktime_t now = ns_to_ktime(t->host + t->apart + 2 * NSEC_PER_MSEC);
	ktime_t time = 0;

	KUNIT_EXPECT_TRUE(test, rcar_vdu_clock_convert(&t->clock, t->host, now,
						       &time));
	return ktime_to_ns(time) - t->host - t->apart;
}

static void clock_test_unknown(struct kunit *test)
{
	struct clock_test *t = clock_test_new(test);
	ktime_t time;

	KUNIT_EXPECT_FALSE(test, rcar_vdu_clock_convert(&t->clock, t->host,
							APART, &time));
	clock_test_frame(t, QUICK);
	clock_test_error(test, t);
	rcar_vdu_clock_forget(&t->clock);
	KUNIT_EXPECT_FALSE(test, rcar_vdu_clock_convert(&t->clock, t->host,
							APART, &time));
}

/* Interrupts of any latency: the time stamps are as those of the quickest. */
static void clock_test_late(struct kunit *test)
{
	struct clock_test *t = clock_test_new(test);
	unsigned int i;

	clock_test_frame(t, QUICK);
	for (i = 0; i < 1000; i++) {
		clock_test_frame(t, i % 20 ? QUICK + i * 10000 : QUICK);
		KUNIT_EXPECT_EQ(test, clock_test_error(test, t), QUICK);
	}
}

static void clock_test_quicker(struct kunit *test)
{
	struct clock_test *t = clock_test_new(test);

	clock_test_frame(t, 5 * QUICK);
	KUNIT_EXPECT_EQ(test, clock_test_error(test, t), 5 * QUICK);
	clock_test_frame(t, QUICK);
	KUNIT_EXPECT_EQ(test, clock_test_error(test, t), QUICK);
	clock_test_frame(t, 5 * QUICK);
	KUNIT_EXPECT_EQ(test, clock_test_error(test, t), QUICK);
}

/* @drift: by what the guest's clock gains in each frame, ns */
static void clock_test_drifts(struct kunit *test, s64 drift)
{
	struct clock_test *t = clock_test_new(test);
	s64 error;
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		clock_test_frame(t, i % 4 ? 50 * QUICK : QUICK);
		error = clock_test_error(test, t);
		KUNIT_EXPECT_LE(test, error, QUICK + 4 * abs(drift));
		KUNIT_EXPECT_GE(test, error, QUICK - 68 * abs(drift));
		t->apart += drift;
	}
}

/* 500 parts per million is what NTP may do. */
static void clock_test_drift(struct kunit *test)
{
	clock_test_drifts(test, PERIOD / 2000);
	clock_test_drifts(test, -PERIOD / 2000);
}

/* After a long time without an interrupt the clocks may be anywhere. */
static void clock_test_pause(struct kunit *test)
{
	struct clock_test *t = clock_test_new(test);
	ktime_t time;

	clock_test_frame(t, QUICK);
	t->host += NSEC_PER_SEC + NSEC_PER_MSEC;
	KUNIT_EXPECT_FALSE(test,
			   rcar_vdu_clock_convert(&t->clock, t->host,
						  ns_to_ktime(t->host + t->apart),
						  &time));
	t->apart += NSEC_PER_MSEC;
	clock_test_frame(t, QUICK);
	KUNIT_EXPECT_EQ(test, clock_test_error(test, t), QUICK);
}

/* Seen before its interrupt: not in the future. */
static void clock_test_early(struct kunit *test)
{
	struct clock_test *t = clock_test_new(test);
	ktime_t now, time = 0;

	clock_test_frame(t, QUICK);
	t->host += PERIOD;
	now = ns_to_ktime(t->host + t->apart + QUICK / 2);
	KUNIT_EXPECT_TRUE(test, rcar_vdu_clock_convert(&t->clock, t->host, now,
						       &time));
	KUNIT_EXPECT_EQ(test, ktime_to_ns(time), ktime_to_ns(now));
}

static struct kunit_case clock_test_cases[] = {
	KUNIT_CASE(clock_test_unknown),
	KUNIT_CASE(clock_test_late),
	KUNIT_CASE(clock_test_quicker),
	KUNIT_CASE(clock_test_drift),
	KUNIT_CASE(clock_test_pause),
	KUNIT_CASE(clock_test_early),
	{ }
};

static struct kunit_suite clock_test_suite = {
	.name = "rcar_vdu_clock",
	.test_cases = clock_test_cases,
};

kunit_test_suite(clock_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("KUnit tests for the time stamps of the R-Car virtual Display Unit");
MODULE_LICENSE("GPL");
