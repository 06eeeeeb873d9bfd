// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: tests of whether new frames come
 */

#include <linux/limits.h>
#include <linux/module.h>
#include <linux/time64.h>

#include <kunit/test.h>

#include "../rcar_du_mdev_watch.h"

#define MS		((u64)NSEC_PER_MSEC)
#define START		(1000 * NSEC_PER_SEC)
#define TIMEOUT		(500 * MS)

/* At most one in that time tells who waits that a display starts or stops. */
#define INTERVAL	(100 * MS)

#define FROZEN	(RCAR_DU_MDEV_TELL_FROZEN | RCAR_DU_MDEV_TELL_STATE)
#define THAWED	(RCAR_DU_MDEV_TELL_THAWED | RCAR_DU_MDEV_TELL_STATE)

/* A display that starts now, and that somebody watches. Nothing is left to be told. */
static struct rcar_du_mdev_watch watch_test_live(struct kunit *test)
{
	struct rcar_du_mdev_watch watch = { };

	rcar_du_mdev_watch_set_timeout(&watch, TIMEOUT, START);
	rcar_du_mdev_watch_set_runs(&watch, true, START);
	KUNIT_ASSERT_EQ(test, RCAR_DU_MDEV_TELL_STATE,
			rcar_du_mdev_watch_look(&watch, START));
	KUNIT_ASSERT_EQ(test, RCAR_DU_MDEV_WATCH_LIVE, watch.state);

	return watch;
}

/* The same after a timeout */
static struct rcar_du_mdev_watch watch_test_frozen(struct kunit *test)
{
	struct rcar_du_mdev_watch watch = watch_test_live(test);

	KUNIT_ASSERT_EQ(test, FROZEN,
			rcar_du_mdev_watch_look(&watch, START + TIMEOUT));
	KUNIT_ASSERT_EQ(test, RCAR_DU_MDEV_WATCH_FROZEN, watch.state);

	return watch;
}

static void watch_test_nobody_watches(struct kunit *test)
{
	struct rcar_du_mdev_watch watch = { };

	rcar_du_mdev_watch_set_runs(&watch, true, START);
	rcar_du_mdev_watch_latched(&watch, START);
	KUNIT_EXPECT_EQ(test, U64_MAX,
			rcar_du_mdev_watch_delay(&watch, START));
	KUNIT_EXPECT_EQ(test, 0,
			rcar_du_mdev_watch_look(&watch, START + 3600 * TIMEOUT));
	KUNIT_EXPECT_EQ(test, RCAR_DU_MDEV_WATCH_OFF, watch.state);
	KUNIT_EXPECT_EQ(test, 0, watch.freezes);
}

static void watch_test_display_is_off(struct kunit *test)
{
	struct rcar_du_mdev_watch watch = { };

	rcar_du_mdev_watch_set_timeout(&watch, TIMEOUT, START);
	KUNIT_EXPECT_EQ(test, U64_MAX,
			rcar_du_mdev_watch_delay(&watch, START));
	KUNIT_EXPECT_EQ(test, 0,
			rcar_du_mdev_watch_look(&watch, START + 2 * TIMEOUT));
	KUNIT_EXPECT_EQ(test, RCAR_DU_MDEV_WATCH_OFF, watch.state);
}

/* To the nanosecond, and not before the watch began */
static void watch_test_timeout(struct kunit *test)
{
	struct rcar_du_mdev_watch watch = watch_test_live(test);

	KUNIT_EXPECT_EQ(test, TIMEOUT,
			rcar_du_mdev_watch_delay(&watch, START));
	KUNIT_EXPECT_EQ(test, 0,
			rcar_du_mdev_watch_look(&watch, START + TIMEOUT - 1));
	KUNIT_EXPECT_EQ(test, RCAR_DU_MDEV_WATCH_LIVE, watch.state);
	KUNIT_EXPECT_EQ(test, 1,
			rcar_du_mdev_watch_delay(&watch, START + TIMEOUT - 1));
	KUNIT_EXPECT_EQ(test, FROZEN,
			rcar_du_mdev_watch_look(&watch, START + TIMEOUT));
	KUNIT_EXPECT_EQ(test, RCAR_DU_MDEV_WATCH_FROZEN, watch.state);
	KUNIT_EXPECT_EQ(test, 1, watch.freezes);
}

static void watch_test_frames_keep_it_live(struct kunit *test)
{
	struct rcar_du_mdev_watch watch = watch_test_live(test);
	u64 now = START;
	unsigned int i;

	for (i = 0; i < 100; i++) {
		now += TIMEOUT - 1;
		KUNIT_ASSERT_FALSE(test, rcar_du_mdev_watch_latched(&watch, now));
		KUNIT_ASSERT_EQ(test, 0, rcar_du_mdev_watch_look(&watch, now));
	}
	KUNIT_EXPECT_EQ(test, 0, watch.freezes);
}

/* It stays so however long, and is told of once. */
static void watch_test_stays_frozen(struct kunit *test)
{
	struct rcar_du_mdev_watch watch = watch_test_frozen(test);

	KUNIT_EXPECT_EQ(test, U64_MAX,
			rcar_du_mdev_watch_delay(&watch, START + TIMEOUT));
	KUNIT_EXPECT_EQ(test, 0,
			rcar_du_mdev_watch_look(&watch, START + 100 * TIMEOUT));
	KUNIT_EXPECT_EQ(test, RCAR_DU_MDEV_WATCH_FROZEN, watch.state);
	KUNIT_EXPECT_EQ(test, 1, watch.freezes);
}

static void watch_test_thaws(struct kunit *test)
{
	struct rcar_du_mdev_watch watch = watch_test_frozen(test);
	u64 now = START + TIMEOUT + 1;

	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_watch_latched(&watch, now));
	KUNIT_EXPECT_EQ(test, RCAR_DU_MDEV_WATCH_LIVE, watch.state);
	KUNIT_EXPECT_EQ(test, 0, rcar_du_mdev_watch_delay(&watch, now));
	KUNIT_EXPECT_EQ(test, THAWED, rcar_du_mdev_watch_look(&watch, now));
	KUNIT_EXPECT_EQ(test, TIMEOUT, rcar_du_mdev_watch_delay(&watch, now));
}

/* A frame that comes too late does not hide that it does, though nobody looked. */
static void watch_test_nobody_looked(struct kunit *test)
{
	struct rcar_du_mdev_watch watch = watch_test_live(test);

	KUNIT_EXPECT_TRUE(test,
			  rcar_du_mdev_watch_latched(&watch, START + TIMEOUT));
	KUNIT_EXPECT_EQ(test, RCAR_DU_MDEV_WATCH_LIVE, watch.state);
	KUNIT_EXPECT_EQ(test, 1, watch.freezes);
	KUNIT_EXPECT_EQ(test, FROZEN | THAWED,
			rcar_du_mdev_watch_look(&watch, START + TIMEOUT));
}

static void watch_test_stopped_too_late(struct kunit *test)
{
	struct rcar_du_mdev_watch watch = watch_test_live(test);

	rcar_du_mdev_watch_set_runs(&watch, false, START + TIMEOUT);
	KUNIT_EXPECT_EQ(test, 1, watch.freezes);
	KUNIT_EXPECT_EQ(test, FROZEN | THAWED,
			rcar_du_mdev_watch_look(&watch, START + TIMEOUT));
	KUNIT_EXPECT_EQ(test, RCAR_DU_MDEV_WATCH_OFF, watch.told);
}

/* A display that goes on has not begun. */
static void watch_test_goes_on(struct kunit *test)
{
	struct rcar_du_mdev_watch watch = watch_test_live(test);

	rcar_du_mdev_watch_set_runs(&watch, true, START + TIMEOUT - 1);
	KUNIT_EXPECT_EQ(test, 1,
			rcar_du_mdev_watch_delay(&watch, START + TIMEOUT - 1));
	rcar_du_mdev_watch_set_runs(&watch, true, START + TIMEOUT);
	KUNIT_EXPECT_EQ(test, RCAR_DU_MDEV_WATCH_FROZEN, watch.state);
}

static void watch_test_off_and_on(struct kunit *test)
{
	struct rcar_du_mdev_watch watch = watch_test_frozen(test);
	u64 now = START + 2 * TIMEOUT;

	rcar_du_mdev_watch_set_runs(&watch, false, now);
	KUNIT_EXPECT_EQ(test, THAWED, rcar_du_mdev_watch_look(&watch, now));
	KUNIT_EXPECT_EQ(test, RCAR_DU_MDEV_WATCH_OFF, watch.state);

	now += TIMEOUT;
	rcar_du_mdev_watch_set_runs(&watch, true, now);
	KUNIT_EXPECT_EQ(test, RCAR_DU_MDEV_TELL_STATE,
			rcar_du_mdev_watch_look(&watch, now));
	KUNIT_EXPECT_EQ(test, RCAR_DU_MDEV_WATCH_LIVE, watch.state);
	KUNIT_EXPECT_EQ(test, TIMEOUT, rcar_du_mdev_watch_delay(&watch, now));
}

static void watch_test_other_timeout(struct kunit *test)
{
	struct rcar_du_mdev_watch watch = watch_test_live(test);
	u64 now = START + TIMEOUT / 2;

	rcar_du_mdev_watch_set_timeout(&watch, 2 * TIMEOUT, now);
	KUNIT_EXPECT_EQ(test, 2 * TIMEOUT - TIMEOUT / 2,
			rcar_du_mdev_watch_delay(&watch, now));
	rcar_du_mdev_watch_set_timeout(&watch, TIMEOUT / 2, now);
	KUNIT_EXPECT_EQ(test, 0, rcar_du_mdev_watch_delay(&watch, now));
	KUNIT_EXPECT_EQ(test, FROZEN, rcar_du_mdev_watch_look(&watch, now));

	/* What is frozen stays so. */
	rcar_du_mdev_watch_set_timeout(&watch, 10 * TIMEOUT, now);
	KUNIT_EXPECT_EQ(test, RCAR_DU_MDEV_WATCH_FROZEN, watch.state);
	rcar_du_mdev_watch_set_timeout(&watch, 0, now);
	KUNIT_EXPECT_EQ(test, RCAR_DU_MDEV_WATCH_OFF, watch.state);
	KUNIT_EXPECT_EQ(test, THAWED, rcar_du_mdev_watch_look(&watch, now));
}

/* -----------------------------------------------------------------------------
 * What is told
 */

struct watch_test_sum {
	unsigned int frozen;
	unsigned int thawed;
	unsigned int state;
};

static void watch_test_add(struct watch_test_sum *sum, unsigned int tell)
{
	sum->frozen += !!(tell & RCAR_DU_MDEV_TELL_FROZEN);
	sum->thawed += !!(tell & RCAR_DU_MDEV_TELL_THAWED);
	sum->state += !!(tell & RCAR_DU_MDEV_TELL_STATE);
}

/* A display that starts and stops all the time is no event, and waits to be told of. */
static void watch_test_toggles(struct kunit *test)
{
	struct rcar_du_mdev_watch watch = watch_test_live(test);
	struct watch_test_sum sum = { };
	u64 now;

	for (now = START; now < START + 100 * INTERVAL; now += MS) {
		rcar_du_mdev_watch_set_runs(&watch, now / MS % 2, now);
		if (!rcar_du_mdev_watch_delay(&watch, now))
			watch_test_add(&sum, rcar_du_mdev_watch_look(&watch,
								     now));
	}
	KUNIT_EXPECT_EQ(test, 0, sum.frozen);
	KUNIT_EXPECT_EQ(test, 0, sum.thawed);
	KUNIT_EXPECT_GE(test, 100, sum.state);
	KUNIT_EXPECT_LT(test, 0, sum.state);
}

/* The state that is left is told of in the end. */
static void watch_test_toggles_end(struct kunit *test)
{
	struct rcar_du_mdev_watch watch = watch_test_live(test);
	u64 now = START + MS;

	rcar_du_mdev_watch_set_runs(&watch, false, now);
	KUNIT_EXPECT_EQ(test, INTERVAL - MS,
			rcar_du_mdev_watch_delay(&watch, now));
	KUNIT_EXPECT_EQ(test, 0, rcar_du_mdev_watch_look(&watch, now));
	now = START + INTERVAL;
	KUNIT_EXPECT_EQ(test, RCAR_DU_MDEV_TELL_STATE,
			rcar_du_mdev_watch_look(&watch, now));
	KUNIT_EXPECT_EQ(test, RCAR_DU_MDEV_WATCH_OFF, watch.told);
}

/* The worst that a guest can do: each event needs a timeout. */
static void watch_test_events(struct kunit *test)
{
	const u64 timeout = RCAR_DU_MDEV_WATCH_MIN_MS * MS;
	struct rcar_du_mdev_watch watch = { };
	struct watch_test_sum sum = { };
	u64 now;

	rcar_du_mdev_watch_set_timeout(&watch, timeout, START);
	rcar_du_mdev_watch_set_runs(&watch, true, START);
	for (now = START; now < START + 100 * timeout; now += MS) {
		if (watch.state == RCAR_DU_MDEV_WATCH_FROZEN)
			rcar_du_mdev_watch_latched(&watch, now);
		if (!rcar_du_mdev_watch_delay(&watch, now))
			watch_test_add(&sum, rcar_du_mdev_watch_look(&watch,
								     now));
	}
	KUNIT_EXPECT_GE(test, 100, sum.frozen);
	KUNIT_EXPECT_LE(test, 90, sum.frozen);
	KUNIT_EXPECT_GE(test, sum.frozen, sum.thawed);
	KUNIT_EXPECT_GE(test, 201, sum.state);
}

/* -----------------------------------------------------------------------------
 * States
 */

static void watch_test_steps(struct kunit *test)
{
	static const bool legal[RCAR_DU_MDEV_NUM_WATCH_STATES]
			       [RCAR_DU_MDEV_NUM_WATCH_STATES] = {
		[RCAR_DU_MDEV_WATCH_OFF][RCAR_DU_MDEV_WATCH_LIVE] = true,
		[RCAR_DU_MDEV_WATCH_LIVE][RCAR_DU_MDEV_WATCH_OFF] = true,
		[RCAR_DU_MDEV_WATCH_LIVE][RCAR_DU_MDEV_WATCH_FROZEN] = true,
		[RCAR_DU_MDEV_WATCH_FROZEN][RCAR_DU_MDEV_WATCH_OFF] = true,
		[RCAR_DU_MDEV_WATCH_FROZEN][RCAR_DU_MDEV_WATCH_LIVE] = true,
	};
	unsigned int from, to;

	for (from = 0; from < RCAR_DU_MDEV_NUM_WATCH_STATES; from++) {
		for (to = 0; to < RCAR_DU_MDEV_NUM_WATCH_STATES; to++)
			KUNIT_EXPECT_EQ(test, legal[from][to],
					rcar_du_mdev_watch_may_step(from, to));
	}
}

static struct kunit_case watch_test_cases[] = {
	KUNIT_CASE(watch_test_nobody_watches),
	KUNIT_CASE(watch_test_display_is_off),
	KUNIT_CASE(watch_test_timeout),
	KUNIT_CASE(watch_test_frames_keep_it_live),
	KUNIT_CASE(watch_test_stays_frozen),
	KUNIT_CASE(watch_test_thaws),
	KUNIT_CASE(watch_test_nobody_looked),
	KUNIT_CASE(watch_test_stopped_too_late),
	KUNIT_CASE(watch_test_goes_on),
	KUNIT_CASE(watch_test_off_and_on),
	KUNIT_CASE(watch_test_other_timeout),
	KUNIT_CASE(watch_test_toggles),
	KUNIT_CASE(watch_test_toggles_end),
	KUNIT_CASE(watch_test_events),
	KUNIT_CASE(watch_test_steps),
	{}
};

static struct kunit_suite watch_test_suite = {
	.name = "rcar_du_mdev_watch",
	.test_cases = watch_test_cases,
};

kunit_test_suite(watch_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("R-Car DU mediated device: tests of whether new frames come");
MODULE_LICENSE("GPL");
