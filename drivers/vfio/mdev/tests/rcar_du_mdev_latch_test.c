// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests: latch, interrupts and frame clock
 *
 * Expected behaviour is that of include/uapi/linux/rcar_vdu.h. Register values
 * are what drivers/gpu/drm/renesas/rcar-du/rcar_du_crtc.c writes for the mode
 * that is named.
 */

#include <linux/module.h>

#include <kunit/test.h>

#include "../rcar_du_mdev_bar2.h"
#include "../rcar_du_mdev_frame.h"
#include "../rcar_du_mdev_regs.h"

#define EV_CLOCK	RCAR_DU_MDEV_EV_CLOCK
#define EV_LATCH	RCAR_DU_MDEV_EV_LATCH
#define EV_RAISE	RCAR_DU_MDEV_EV_RAISE
#define EV_LOWER	RCAR_DU_MDEV_EV_LOWER

/* Multiples of 16 that fit into all address registers. */
#define BUFFER_A	0x48000000
#define BUFFER_B	0x49000000

#define PAGE_REG(n, reg)	(RCAR_VDU_PLANE_PAGE(n) + (reg))
#define VDU_REG(n, reg)		(RCAR_VDU_PLANE(n) + (reg))

static struct rcar_du_mdev_regs *latch_test_new(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs;

	regs = kunit_kzalloc(test, sizeof(*regs), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, regs);
	memset(regs, 0xa5, sizeof(*regs));
	rcar_du_mdev_regs_init(regs);

	return regs;
}

/* Running, with nothing waiting to be latched. */
static struct rcar_du_mdev_regs *latch_test_running(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_new(test);

	KUNIT_ASSERT_EQ(test, rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN),
			EV_CLOCK | EV_LATCH);

	return regs;
}

/* -----------------------------------------------------------------------------
 * Start, stop and latch
 */

static void latch_test_start_stop(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_new(test);

	rcar_du_mdev_regs_write(regs, PAGE_REG(0, PnDSA0R), BUFFER_A);
	rcar_du_mdev_regs_write(regs, DS1PR, 1);
	KUNIT_EXPECT_FALSE(test, regs->latch.on);
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_regs_running(regs));

	/* rcar_du_group_start_stop() */
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN),
			EV_CLOCK | EV_LATCH);
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_regs_running(regs));
	KUNIT_EXPECT_TRUE(test, regs->latch.on);
	KUNIT_EXPECT_EQ(test, regs->latch.seq, 1);
	KUNIT_EXPECT_EQ(test, regs->latch.dspr, 1);
	KUNIT_EXPECT_EQ(test, regs->latch.planes[0].dsa0r, BUFFER_A);

	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DRES),
			EV_CLOCK | EV_LATCH);
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_regs_running(regs));
	KUNIT_EXPECT_FALSE(test, regs->latch.on);
	KUNIT_EXPECT_EQ(test, regs->latch.seq, 2);

	/* Again, with what was written in between. */
	rcar_du_mdev_regs_write(regs, PAGE_REG(0, PnDSA0R), BUFFER_B);
	rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN);
	KUNIT_EXPECT_EQ(test, regs->latch.planes[0].dsa0r, BUFFER_B);
}

/**
 * struct latch_test_dsysr - A write of DSYSR
 * @name: name
 * @from: DSYSR before
 * @to: value written
 * @events: what the write asks for
 */
struct latch_test_dsysr {
	const char *name;
	u32 from;
	u32 to;
	unsigned int events;
};

static const struct latch_test_dsysr latch_test_dsysrs[] = {
	{ "nothing, off", DSYSR_DRES, DSYSR_DRES, 0 },
	{ "nothing, on", DSYSR_DEN, DSYSR_DEN, 0 },
	{ "end of reset, off", DSYSR_DRES, 0, EV_CLOCK },
	{ "on in reset", DSYSR_DRES, DSYSR_DRES | DSYSR_DEN, 0 },
	{ "end of reset, on", DSYSR_DRES | DSYSR_DEN, DSYSR_DEN,
	  EV_CLOCK | EV_LATCH },
	{ "on", 0, DSYSR_DEN, EV_CLOCK | EV_LATCH },
	{ "off", DSYSR_DEN, 0, EV_CLOCK | EV_LATCH },
	{ "reset", DSYSR_DEN, DSYSR_DRES | DSYSR_DEN, EV_CLOCK | EV_LATCH },
	{ "start, held", DSYSR_DRES, DSYSR_DEN | DSYSR_IUPD, EV_CLOCK },
	{ "stop, held", DSYSR_DEN, DSYSR_DRES | DSYSR_IUPD,
	  EV_CLOCK | EV_LATCH },
	{ "other bits", DSYSR_DEN, DSYSR_DEN | 0x100000, 0 },
};

KUNIT_ARRAY_PARAM_DESC(latch_test_dsysr, latch_test_dsysrs, name);

static void latch_test_dsysr_write(struct kunit *test)
{
	const struct latch_test_dsysr *param = test->param_value;
	struct rcar_du_mdev_regs *regs = latch_test_new(test);

	rcar_du_mdev_regs_write(regs, DSYSR, param->from);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_write(regs, DSYSR, param->to),
			param->events);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_read(regs, DSYSR), param->to);
}

/* Planes go at once and come back with the next vertical blank; the rest goes on. */
static void latch_test_master(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_running(test);

	rcar_du_mdev_regs_write(regs, DS1PR, 1);
	rcar_du_mdev_regs_vblank(regs, 1000);
	KUNIT_ASSERT_EQ(test, regs->latch.dspr, 1);
	rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN | DSYSR_IUPD);

	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_set_power(regs, true, false),
			EV_LATCH);
	KUNIT_EXPECT_TRUE(test, regs->latch.on);
	KUNIT_EXPECT_EQ(test, regs->latch.dspr, 0);
	KUNIT_EXPECT_EQ(test, regs->latch.seq, 3);

	rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN);
	rcar_du_mdev_regs_write(regs, DS1PR, 2);
	rcar_du_mdev_regs_vblank(regs, 2000);
	KUNIT_EXPECT_EQ(test, regs->latch.dspr, 0);

	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_set_power(regs, true, true),
			RCAR_DU_MDEV_EV_UPDATE);
	rcar_du_mdev_regs_vblank(regs, 3000);
	KUNIT_EXPECT_EQ(test, regs->latch.dspr, 2);
}

static void latch_test_power(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_running(test);

	rcar_du_mdev_regs_write(regs, DS1PR, 1);
	rcar_du_mdev_regs_vblank(regs, 1000);

	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_set_power(regs, false, false),
			EV_CLOCK | EV_LATCH);
	KUNIT_EXPECT_FALSE(test, regs->latch.on);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_vblank(regs, 2000), 0);
	KUNIT_EXPECT_EQ(test, regs->frame_count, 1);

	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_set_power(regs, true, true),
			EV_CLOCK | EV_LATCH);
	KUNIT_EXPECT_TRUE(test, regs->latch.on);
	KUNIT_EXPECT_EQ(test, regs->latch.dspr, 1);
}

static void latch_test_vblank(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_running(test);

	rcar_du_mdev_regs_write(regs, DEWR, 1280);
	rcar_du_mdev_regs_write(regs, VDSR, 18);
	rcar_du_mdev_regs_write(regs, VDER, 738);
	rcar_du_mdev_regs_write(regs, PAGE_REG(7, PnMR), 0x01234567);
	rcar_du_mdev_bar2_write(regs, VDU_REG(7, RCAR_VDU_PLANE_ADDR_HI), 5);
	rcar_du_mdev_bar2_write(regs, VDU_REG(7, RCAR_VDU_PLANE_HOT_X), 6);
	KUNIT_EXPECT_EQ(test, regs->latch.width, 0);

	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_vblank(regs, 1000), EV_LATCH);
	KUNIT_EXPECT_TRUE(test, regs->latch.on);
	KUNIT_EXPECT_EQ(test, regs->latch.seq, 2);
	KUNIT_EXPECT_EQ(test, regs->latch.frame, 1);
	KUNIT_EXPECT_EQ(test, regs->latch.time_ns, 1000);
	KUNIT_EXPECT_EQ(test, regs->latch.width, 1280);
	KUNIT_EXPECT_EQ(test, regs->latch.height, 720);
	KUNIT_EXPECT_EQ(test, regs->latch.planes[7].mr, 0x01234567);
	KUNIT_EXPECT_EQ(test, regs->latch.planes[7].addr_hi, 5);
	KUNIT_EXPECT_EQ(test, regs->latch.planes[7].hot_x, 6);

	/* Nothing new: time goes on, the latch stays. */
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_vblank(regs, 2000), 0);
	KUNIT_EXPECT_EQ(test, regs->latch.seq, 2);
	KUNIT_EXPECT_EQ(test, regs->latch.time_ns, 1000);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_FRAME_COUNT),
			2);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_LATCH_COUNT),
			2);
}

/* A vertical blank in the middle of an update shows all of the old state. */
static void latch_test_iupd(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_running(test);
	u32 seq = regs->latch.seq;

	rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN | DSYSR_IUPD);
	rcar_du_mdev_regs_write(regs, PAGE_REG(0, PnDSA0R), BUFFER_A);
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_regs_vblank(regs, 1) & EV_LATCH);
	rcar_du_mdev_regs_write(regs, PAGE_REG(1, PnDSA0R), BUFFER_B);
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_regs_vblank(regs, 2) & EV_LATCH);
	KUNIT_EXPECT_EQ(test, regs->latch.seq, seq);
	KUNIT_EXPECT_EQ(test, regs->latch.planes[0].dsa0r, 0);

	/* The end of the update is no vertical blank. */
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN),
			RCAR_DU_MDEV_EV_UPDATE);
	KUNIT_EXPECT_EQ(test, regs->latch.planes[0].dsa0r, 0);

	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_regs_vblank(regs, 3) & EV_LATCH);
	KUNIT_EXPECT_EQ(test, regs->latch.seq, seq + 1);
	KUNIT_EXPECT_EQ(test, regs->latch.frame, 3);
	KUNIT_EXPECT_EQ(test, regs->latch.planes[0].dsa0r, BUFFER_A);
	KUNIT_EXPECT_EQ(test, regs->latch.planes[1].dsa0r, BUFFER_B);
}

/* Ahead of the vertical blank, for who needs time to show it. */
static void latch_test_update(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_running(test);
	u32 frame = regs->frame_count;
	u32 seq = regs->latch.seq;

	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_update(regs), 0);

	rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN | DSYSR_IUPD);
	rcar_du_mdev_regs_write(regs, PAGE_REG(0, PnDSA0R), BUFFER_A);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_update(regs), 0);

	rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_update(regs), EV_LATCH);
	KUNIT_EXPECT_EQ(test, regs->latch.seq, seq + 1);
	KUNIT_EXPECT_EQ(test, regs->latch.planes[0].dsa0r, BUFFER_A);
	/* No time went by, and no interrupt is due. */
	KUNIT_EXPECT_EQ(test, regs->frame_count, frame);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_read(regs, DSSR), 0);

	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_update(regs), 0);
}

/* Nothing comes of a vertical blank but a number. */
static void latch_test_wants_vblank(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_running(test);

	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_regs_wants_vblank(regs));
	rcar_du_mdev_regs_write(regs, DIER, DSSR_VBK);
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_regs_wants_vblank(regs));
	rcar_du_mdev_regs_write(regs, DIER, DSSR_FRM);
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_regs_wants_vblank(regs));
	rcar_du_mdev_regs_write(regs, DIER, 0);

	rcar_du_mdev_regs_write(regs, PAGE_REG(0, PnDSA0R), BUFFER_A);
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_regs_wants_vblank(regs));
	rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN | DSYSR_IUPD);
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_regs_wants_vblank(regs));
}

/* A page flip of one register is complete as it is. */
static void latch_test_flip(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_running(test);

	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_write(regs, PAGE_REG(7, PnDSA0R),
						      BUFFER_A),
			RCAR_DU_MDEV_EV_UPDATE);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_write(regs, PAGE_REG(7, PnSPYR),
						      1), 0);

	rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN | DSYSR_IUPD);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_write(regs, PAGE_REG(7, PnDSA0R),
						      BUFFER_B), 0);
}

/* Of a part of a display there may be fewer planes than plane pages. */
static void latch_test_few_planes(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_running(test);
	struct rcar_du_mdev_frame *frame;

	frame = kunit_kzalloc(test, sizeof(*frame), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, frame);

	regs->num_planes = 2;
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_NUM_PLANES),
			2);
	rcar_du_mdev_regs_write(regs, DS1PR, 0x32);
	KUNIT_ASSERT_EQ(test, rcar_du_mdev_regs_update(regs), EV_LATCH);
	rcar_du_mdev_frame_decode(&regs->latch, frame);

	KUNIT_ASSERT_EQ(test, frame->num_planes, 2);
	KUNIT_EXPECT_EQ(test, frame->planes[0].index, 2);
	KUNIT_EXPECT_EQ(test, frame->planes[0].error, RCAR_VDU_ERROR_PRIORITY);
	KUNIT_EXPECT_EQ(test, frame->planes[1].index, 1);
	KUNIT_EXPECT_NE(test, frame->planes[1].error, RCAR_VDU_ERROR_PRIORITY);
}

static void latch_test_start_held(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_new(test);

	rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN | DSYSR_IUPD);
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_regs_vblank(regs, 1) & EV_LATCH);
	KUNIT_EXPECT_FALSE(test, regs->latch.on);

	rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN);
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_regs_vblank(regs, 2) & EV_LATCH);
	KUNIT_EXPECT_TRUE(test, regs->latch.on);
}

/* Flipping to the buffer that is shown already counts. */
static void latch_test_same_buffer(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_running(test);
	unsigned int i;

	for (i = 0; i < 3; i++) {
		rcar_du_mdev_regs_write(regs, PAGE_REG(0, PnDSA0R), BUFFER_A);
		KUNIT_EXPECT_TRUE(test, rcar_du_mdev_regs_vblank(regs, i) &
					EV_LATCH);
	}
}

/* The size is written at each mode set, mostly with what it is anyway. */
static void latch_test_same_size(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_running(test);

	rcar_du_mdev_regs_write(regs, DEWR, 800);
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_regs_vblank(regs, 1) & EV_LATCH);
	rcar_du_mdev_regs_write(regs, DEWR, 800);
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_regs_vblank(regs, 2) & EV_LATCH);
}

static void latch_test_height(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_running(test);

	rcar_du_mdev_regs_write(regs, VDSR, 100);
	rcar_du_mdev_regs_write(regs, VDER, 100);
	rcar_du_mdev_regs_vblank(regs, 1);
	KUNIT_EXPECT_EQ(test, regs->latch.height, 0);

	rcar_du_mdev_regs_write(regs, VDER, 99);
	rcar_du_mdev_regs_vblank(regs, 2);
	KUNIT_EXPECT_EQ(test, regs->latch.height, 0);
}

static void latch_test_interlaced(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_running(test);

	/* DSYSR.SCM: sync and video interlace. */
	rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN | 3 << 4);
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_regs_vblank(regs, 1) & EV_LATCH);
	KUNIT_EXPECT_TRUE(test, regs->latch.interlaced);

	rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN);
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_regs_vblank(regs, 2) & EV_LATCH);
	KUNIT_EXPECT_FALSE(test, regs->latch.interlaced);
}

static void latch_test_no_vblank_when_off(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_new(test);

	rcar_du_mdev_regs_write(regs, DIER, DSSR_VBK);
	rcar_du_mdev_regs_write(regs, DS1PR, 1);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_vblank(regs, 1), 0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_read(regs, DSSR), 0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_FRAME_COUNT),
			0);
}

static void latch_test_reset(struct kunit *test)
{
	static const u8 edid[] = { 0x11, 0x22, 0x33, 0x44 };
	struct rcar_du_mdev_regs *regs = latch_test_running(test);

	rcar_du_mdev_bar2_set_edid(regs, edid, sizeof(edid), true);
	rcar_du_mdev_bar2_write(regs, RCAR_VDU_HEAD_INT_ENABLE, 1);
	rcar_du_mdev_bar2_write(regs, RCAR_VDU_DCLKIN, 1);
	rcar_du_mdev_regs_write(regs, DIER, DSSR_VBK);
	rcar_du_mdev_regs_write(regs, DS1PR, 1);
	rcar_du_mdev_regs_vblank(regs, 7);
	regs->error[0] = RCAR_VDU_ERROR_FORMAT;
	KUNIT_ASSERT_EQ(test, regs->latch.seq, 2);
	KUNIT_ASSERT_TRUE(test, rcar_du_mdev_regs_pending(regs));

	rcar_du_mdev_regs_reset(regs);

	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_regs_running(regs));
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_regs_pending(regs));
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_read(regs, DSSR), 0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_DCLKIN),
			148500000);
	KUNIT_EXPECT_EQ(test,
			rcar_du_mdev_bar2_read(regs, VDU_REG(0, RCAR_VDU_PLANE_ERROR)),
			0);

	/* Time does not go back, and the monitor is still plugged in. */
	KUNIT_EXPECT_FALSE(test, regs->latch.on);
	KUNIT_EXPECT_EQ(test, regs->latch.seq, 3);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_LATCH_COUNT),
			3);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_FRAME_COUNT),
			1);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_HEAD_STATUS),
			RCAR_VDU_HEAD_CONNECTED);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, 0x1000), 0x44332211);
}

static struct kunit_case latch_test_cases[] = {
	KUNIT_CASE(latch_test_start_stop),
	KUNIT_CASE_PARAM(latch_test_dsysr_write, latch_test_dsysr_gen_params),
	KUNIT_CASE(latch_test_master),
	KUNIT_CASE(latch_test_power),
	KUNIT_CASE(latch_test_vblank),
	KUNIT_CASE(latch_test_iupd),
	KUNIT_CASE(latch_test_update),
	KUNIT_CASE(latch_test_wants_vblank),
	KUNIT_CASE(latch_test_flip),
	KUNIT_CASE(latch_test_few_planes),
	KUNIT_CASE(latch_test_start_held),
	KUNIT_CASE(latch_test_same_buffer),
	KUNIT_CASE(latch_test_same_size),
	KUNIT_CASE(latch_test_height),
	KUNIT_CASE(latch_test_interlaced),
	KUNIT_CASE(latch_test_no_vblank_when_off),
	KUNIT_CASE(latch_test_reset),
	{}
};

static struct kunit_suite latch_test_suite = {
	.name = "rcar_du_mdev_latch",
	.test_cases = latch_test_cases,
};

/* -----------------------------------------------------------------------------
 * Interrupts
 */

static void irq_test_vblank(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_running(test);

	/* Pending, but not enabled. */
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_vblank(regs, 1), 0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_read(regs, DSSR),
			DSSR_VBK | DSSR_FRM);
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_regs_pending(regs));

	/* Enabling finds it pending. */
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_write(regs, DIER, DSSR_VBK),
			EV_RAISE);
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_regs_pending(regs));
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_write(regs, DIER, DSSR_VBK), 0);

	/* Not cleared: no further message. */
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_vblank(regs, 2), 0);

	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_write(regs, DSRCR, DSSR_FRM), 0);
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_regs_pending(regs));
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_write(regs, DSRCR, DSSR_VBK),
			EV_LOWER);
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_regs_pending(regs));
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_read(regs, DSSR), 0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_write(regs, DSRCR, DSSR_VBK), 0);

	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_vblank(regs, 3), EV_RAISE);

	/* Disabling takes the level away, not the status. */
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_write(regs, DIER, 0), EV_LOWER);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_read(regs, DSSR),
			DSSR_VBK | DSSR_FRM);
}

/* One message for each source that becomes pending, in any order. */
static void irq_test_second_source(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_running(test);

	rcar_du_mdev_regs_write(regs, DIER, DSSR_VBK);
	rcar_du_mdev_bar2_write(regs, RCAR_VDU_HEAD_INT_ENABLE, 1);

	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_vblank(regs, 1), EV_RAISE);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_set_edid(regs, NULL, 0, true),
			EV_RAISE);

	/* The other one is still pending. */
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_write(regs, DSRCR, 0xcbff), 0);
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_regs_pending(regs));
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_vblank(regs, 2), EV_RAISE);
	KUNIT_EXPECT_EQ(test,
			rcar_du_mdev_bar2_write(regs, RCAR_VDU_HEAD_INT_STATUS, 1),
			0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_write(regs, DSRCR, 0xcbff),
			EV_LOWER);
}

static void irq_test_hotplug(struct kunit *test)
{
	static const u8 edid[] = { 1, 2, 3, 4 };
	struct rcar_du_mdev_regs *regs = latch_test_new(test);

	/* Plugged in, nobody listens. */
	KUNIT_EXPECT_EQ(test,
			rcar_du_mdev_bar2_set_edid(regs, edid, sizeof(edid), true),
			0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_HEAD_STATUS),
			RCAR_VDU_HEAD_CONNECTED);
	KUNIT_EXPECT_EQ(test,
			rcar_du_mdev_bar2_read(regs, RCAR_VDU_HEAD_INT_STATUS),
			RCAR_VDU_HEAD_INT_HOTPLUG);
	KUNIT_EXPECT_EQ(test,
			rcar_du_mdev_bar2_write(regs, RCAR_VDU_HEAD_INT_ENABLE, 1),
			EV_RAISE);

	/* Writing zeroes clears nothing. */
	KUNIT_EXPECT_EQ(test,
			rcar_du_mdev_bar2_write(regs, RCAR_VDU_HEAD_INT_STATUS, 0),
			0);
	KUNIT_EXPECT_EQ(test,
			rcar_du_mdev_bar2_write(regs, RCAR_VDU_HEAD_INT_STATUS, 1),
			EV_LOWER);

	/* The same again is nothing new. */
	KUNIT_EXPECT_EQ(test,
			rcar_du_mdev_bar2_set_edid(regs, edid, sizeof(edid), true),
			0);
	KUNIT_EXPECT_EQ(test,
			rcar_du_mdev_bar2_read(regs, RCAR_VDU_HEAD_INT_STATUS),
			0);

	/* Another size, and unplugged. */
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_set_edid(regs, edid, 3, true),
			EV_RAISE);
	rcar_du_mdev_bar2_write(regs, RCAR_VDU_HEAD_INT_STATUS, 1);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_set_edid(regs, NULL, 0, false),
			EV_RAISE);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_HEAD_STATUS),
			0);
}

static struct kunit_case irq_test_cases[] = {
	KUNIT_CASE(irq_test_vblank),
	KUNIT_CASE(irq_test_second_source),
	KUNIT_CASE(irq_test_hotplug),
	{}
};

static struct kunit_suite irq_test_suite = {
	.name = "rcar_du_mdev_irq",
	.test_cases = irq_test_cases,
};

/* -----------------------------------------------------------------------------
 * Frame clock
 */

/**
 * struct clock_test_timing - A display timing and its frame period
 * @name: name
 * @htotal: pixels of a line
 * @vtotal: lines
 * @escr: ESCR0
 * @dclkin: RCAR_VDU_DCLKIN
 * @period: frame period, ns
 * @bad: the timing is out of the limits
 */
struct clock_test_timing {
	const char *name;
	u32 htotal;
	u32 vtotal;
	u32 escr;
	u32 dclkin;
	u64 period;
	bool bad;
};

#define CLKS(div)	(ESCR_DCLKSEL_CLKS | ((div) - 1))
#define DCLKIN(div)	(ESCR_DCLKSEL_DCLKIN | ((div) - 1))

static const struct clock_test_timing clock_test_timings[] = {
	/* CEA-861 formats 16, 4 and 3: 1188 MHz / 8, / 16 and / 44 */
	{ "1080p60", 2200, 1125, CLKS(8), 0, 16666666 },
	{ "720p60", 1650, 750, CLKS(16), 0, 16666666 },
	{ "480p60", 858, 525, CLKS(44), 0, 16683333 },
	/* CEA-861 format 31 */
	{ "1080p50", 2640, 1125, CLKS(8), 0, 20000000 },
	{ "1080p60 of DCLKIN", 2200, 1125, DCLKIN(1), 148500000, 16666666 },
	{ "1080p30 of DCLKIN", 2200, 1125, DCLKIN(2), 148500000, 33333333 },
	/* 100 * 100 cycles at 2.4 MHz and 0.1 MHz */
	{ "fastest", 100, 100, DCLKIN(1), 2400000, 4166666 },
	{ "too fast", 100, 100, DCLKIN(1), 2401000, 4166666, true },
	{ "slowest", 100, 100, DCLKIN(1), 100000, 100000000 },
	{ "too slow", 100, 100, DCLKIN(1), 99999, 100000000, true },
	{ "no clock", 2200, 1125, DCLKIN(1), 0, 100000000, true },
	{ "1 Hz", 8192, 8192, DCLKIN(64), 1, 100000000, true },
	{ "largest", 8192, 8192, CLKS(64), 0, 100000000, true },
	{ "smallest", 1, 1, DCLKIN(1), U32_MAX, 4166666, true },
	{ "as after a reset", 1, 1, 0, 148500000, 4166666, true },
};

KUNIT_ARRAY_PARAM_DESC(clock_test_timing, clock_test_timings, name);

static void clock_test_period(struct kunit *test)
{
	const struct clock_test_timing *timing = test->param_value;
	struct rcar_du_mdev_regs *regs = latch_test_new(test);
	u64 period, error;

	rcar_du_mdev_regs_write(regs, HCR, timing->htotal - 1);
	rcar_du_mdev_regs_write(regs, VCR, timing->vtotal - 1);
	rcar_du_mdev_regs_write(regs, ESCR0, timing->escr);
	rcar_du_mdev_bar2_write(regs, RCAR_VDU_DCLKIN, timing->dclkin);

	period = rcar_du_mdev_regs_frame_period(regs);
	error = period > timing->period ? period - timing->period
					: timing->period - period;
	KUNIT_EXPECT_LE_MSG(test, error * 1000, timing->period,
			    "%llu instead of %llu", period, timing->period);
	KUNIT_EXPECT_EQ(test,
			!!(rcar_du_mdev_bar2_read(regs, RCAR_VDU_HEAD_STATUS) &
			   RCAR_VDU_HEAD_BAD_TIMING), timing->bad);
}

static void clock_test_bad_timing_goes(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = latch_test_new(test);

	rcar_du_mdev_bar2_set_edid(regs, NULL, 0, true);
	rcar_du_mdev_regs_frame_period(regs);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_HEAD_STATUS),
			RCAR_VDU_HEAD_CONNECTED | RCAR_VDU_HEAD_BAD_TIMING);

	rcar_du_mdev_regs_write(regs, HCR, 2199);
	rcar_du_mdev_regs_write(regs, VCR, 1124);
	rcar_du_mdev_regs_frame_period(regs);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_HEAD_STATUS),
			RCAR_VDU_HEAD_CONNECTED);
}

static void clock_test_events(struct kunit *test)
{
	static const u32 offsets[] = { HCR, VCR, ESCR0 };
	struct rcar_du_mdev_regs *regs = latch_test_new(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++)
		KUNIT_EXPECT_EQ(test,
				rcar_du_mdev_regs_write(regs, offsets[i], 1), 0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_write(regs, RCAR_VDU_DCLKIN, 1),
			0);

	rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN);
	for (i = 0; i < ARRAY_SIZE(offsets); i++)
		KUNIT_EXPECT_EQ(test,
				rcar_du_mdev_regs_write(regs, offsets[i], 2),
				EV_CLOCK);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_write(regs, RCAR_VDU_DCLKIN, 2),
			EV_CLOCK);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_write(regs, HSWR, 2), 0);
}

static struct kunit_case clock_test_cases[] = {
	KUNIT_CASE_PARAM(clock_test_period, clock_test_timing_gen_params),
	KUNIT_CASE(clock_test_bad_timing_goes),
	KUNIT_CASE(clock_test_events),
	{}
};

static struct kunit_suite clock_test_suite = {
	.name = "rcar_du_mdev_clock",
	.test_cases = clock_test_cases,
};

kunit_test_suites(&latch_test_suite, &irq_test_suite, &clock_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("R-Car DU mediated device: tests of latch, interrupts and frame clock");
MODULE_LICENSE("GPL");
