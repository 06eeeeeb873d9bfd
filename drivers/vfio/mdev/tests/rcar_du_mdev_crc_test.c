// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: tests of the registers of check codes
 */

#include <kunit/test.h>

#include "../rcar_du_mdev_bar2.h"
#include "../rcar_du_mdev_regs.h"

#define CRC	0x12345678

/* The display runs, has 5 vertical blanks behind it, and check codes are on. */
static struct rcar_du_mdev_regs *crc_test_new(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs;
	unsigned int i;

	regs = kunit_kzalloc(test, sizeof(*regs), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, regs);
	rcar_du_mdev_regs_init(regs);
	regs->has_crc = true;
	rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN);
	for (i = 0; i < 5; i++)
		rcar_du_mdev_regs_vblank(regs, i);
	rcar_du_mdev_bar2_write(regs, RCAR_VDU_CRC_CTRL,
				RCAR_VDU_CRC_CTRL_ENABLE);

	return regs;
}

/* Something new is latched at the vertical blank. */
static void crc_test_flip(struct rcar_du_mdev_regs *regs)
{
	rcar_du_mdev_regs_write(regs, DS1PR, 1);
	rcar_du_mdev_regs_vblank(regs, 0);
}

static void crc_test_expect(struct kunit *test, struct rcar_du_mdev_regs *regs,
			    u32 frames, u32 frame, u32 value)
{
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_CRC_FRAMES),
			frames);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_CRC_VALUE),
			value);
	if (frames)
		KUNIT_EXPECT_EQ(test,
				rcar_du_mdev_bar2_read(regs, RCAR_VDU_CRC_FRAME),
				frame);
}

/* As if the registers were not there. */
static void crc_test_not_allowed(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = crc_test_new(test);

	regs->has_crc = false;
	rcar_du_mdev_regs_reset(regs);
	rcar_du_mdev_bar2_write(regs, RCAR_VDU_CRC_CTRL, ~0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_CRC_CTRL), 0);
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_FEATURES) &
				 RCAR_VDU_FEATURE_CRC);
	rcar_du_mdev_bar2_set_crc(regs, 2, CRC);
	crc_test_expect(test, regs, 0, 0, 0);
}

static void crc_test_enable(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = crc_test_new(test);

	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_FEATURES) &
				RCAR_VDU_FEATURE_CRC);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_CRC_CTRL),
			RCAR_VDU_CRC_CTRL_ENABLE);
	crc_test_expect(test, regs, 0, 0, 0);
	/* What is shown already is latched again, and only then has a code. */
	rcar_du_mdev_bar2_set_crc(regs, 1, 1);
	crc_test_expect(test, regs, 0, 0, 0);
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_regs_vblank(regs, 0) &
				RCAR_DU_MDEV_EV_LATCH);
	rcar_du_mdev_bar2_set_crc(regs, 2, CRC);
	crc_test_expect(test, regs, 1, 6, CRC);
}

/* A picture that stays has one code. */
static void crc_test_stays(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = crc_test_new(test);

	rcar_du_mdev_regs_vblank(regs, 0);
	rcar_du_mdev_regs_vblank(regs, 0);
	rcar_du_mdev_regs_vblank(regs, 0);
	rcar_du_mdev_bar2_set_crc(regs, 2, CRC);
	crc_test_expect(test, regs, 3, 6, CRC);
	rcar_du_mdev_regs_vblank(regs, 0);
	crc_test_expect(test, regs, 4, 6, CRC);
}

/* Composing took longer than the picture was shown. */
static void crc_test_late(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = crc_test_new(test);

	rcar_du_mdev_regs_vblank(regs, 0);
	rcar_du_mdev_regs_vblank(regs, 0);
	crc_test_flip(regs);
	crc_test_flip(regs);
	rcar_du_mdev_bar2_set_crc(regs, 2, CRC);
	crc_test_expect(test, regs, 2, 6, CRC);
	rcar_du_mdev_bar2_set_crc(regs, 3, CRC + 1);
	crc_test_expect(test, regs, 1, 8, CRC + 1);
	rcar_du_mdev_bar2_set_crc(regs, 4, CRC + 2);
	crc_test_expect(test, regs, 1, 9, CRC + 2);
}

/* So much longer that nobody knows any more when that was. */
static void crc_test_forgotten(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = crc_test_new(test);
	unsigned int i;

	for (i = 0; i < RCAR_DU_MDEV_CRC_LATCHES; i++)
		crc_test_flip(regs);
	rcar_du_mdev_bar2_set_crc(regs, 2, CRC);
	crc_test_expect(test, regs, 1, 6, CRC);
	crc_test_flip(regs);
	crc_test_expect(test, regs, 0, 0, 0);
}

static void crc_test_frozen(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = crc_test_new(test);

	rcar_du_mdev_regs_vblank(regs, 0);
	rcar_du_mdev_bar2_set_crc(regs, 2, CRC);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_CRC_FRAMES), 1);
	crc_test_flip(regs);
	rcar_du_mdev_bar2_set_crc(regs, 3, CRC + 1);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_CRC_FRAME), 6);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_CRC_VALUE),
			CRC);
	crc_test_expect(test, regs, 1, 7, CRC + 1);
}

/* Latched ahead of its frame, for a panel, and taken off before it was shown. */
static void crc_test_ahead(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = crc_test_new(test);

	rcar_du_mdev_regs_update(regs);
	rcar_du_mdev_bar2_set_crc(regs, 2, CRC);
	crc_test_expect(test, regs, 0, 0, 0);
	rcar_du_mdev_regs_vblank(regs, 0);
	rcar_du_mdev_bar2_set_crc(regs, 2, CRC);
	crc_test_expect(test, regs, 1, 6, CRC);

	rcar_du_mdev_regs_write(regs, DS1PR, 1);
	rcar_du_mdev_regs_update(regs);
	rcar_du_mdev_bar2_set_crc(regs, 3, CRC);
	rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DRES);
	crc_test_expect(test, regs, 0, 0, 0);
}

/* Codes of before are not taken for those of after. */
static void crc_test_off_and_on(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = crc_test_new(test);

	rcar_du_mdev_regs_vblank(regs, 0);
	rcar_du_mdev_bar2_set_crc(regs, 2, CRC);
	rcar_du_mdev_bar2_write(regs, RCAR_VDU_CRC_CTRL, 0);
	crc_test_expect(test, regs, 0, 0, 0);
	rcar_du_mdev_bar2_set_crc(regs, 2, CRC);
	crc_test_expect(test, regs, 0, 0, 0);

	rcar_du_mdev_bar2_write(regs, RCAR_VDU_CRC_CTRL,
				RCAR_VDU_CRC_CTRL_ENABLE);
	rcar_du_mdev_bar2_set_crc(regs, 2, CRC);
	crc_test_expect(test, regs, 0, 0, 0);

	rcar_du_mdev_regs_reset(regs);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_CRC_CTRL), 0);
	KUNIT_EXPECT_TRUE(test, regs->has_crc);
}

static struct kunit_case crc_test_cases[] = {
	KUNIT_CASE(crc_test_not_allowed),
	KUNIT_CASE(crc_test_enable),
	KUNIT_CASE(crc_test_stays),
	KUNIT_CASE(crc_test_late),
	KUNIT_CASE(crc_test_forgotten),
	KUNIT_CASE(crc_test_frozen),
	KUNIT_CASE(crc_test_ahead),
	KUNIT_CASE(crc_test_off_and_on),
	{}
};

static struct kunit_suite crc_test_suite = {
	.name = "rcar_du_mdev_crc",
	.test_cases = crc_test_cases,
};

kunit_test_suite(crc_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("R-Car DU mediated device: tests of check codes");
MODULE_LICENSE("GPL");
