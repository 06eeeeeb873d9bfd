// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: tests of the shadow plane pages
 */

#include <linux/slab.h>

#include <kunit/test.h>

#include "../rcar_du_mdev_bar2.h"
#include "../rcar_du_mdev_regs.h"
#include "../rcar_du_mdev_shadow.h"

#define CTRL	(RCAR_VDU_SHADOW_CTRL_ENABLE | RCAR_VDU_SHADOW_CTRL_MESSAGES)

struct shadow_test_case {
	struct rcar_du_mdev_regs regs;
	__le32 shadow[RCAR_VDU_SHADOW_BAR_SIZE / sizeof(__le32)];
};

static void shadow_test_write(struct shadow_test_case *t, u32 offset, u32 value)
{
	t->shadow[offset / sizeof(u32)] = cpu_to_le32(value);
}

static u32 shadow_test_read(struct shadow_test_case *t, u32 offset)
{
	return le32_to_cpu(t->shadow[offset / sizeof(u32)]);
}

static u32 shadow_test_dsa0r(struct shadow_test_case *t, unsigned int page)
{
	return rcar_du_mdev_regs_read(&t->regs,
				      RCAR_VDU_PLANE_PAGE(page) + PnDSA0R);
}

static bool shadow_test_take(struct shadow_test_case *t)
{
	return rcar_du_mdev_shadow_take(&t->regs, t->shadow);
}

static void shadow_test_free(void *data)
{
	kvfree(data);
}

/* The display runs, and planes 0 and 1 are ready to be taken. */
static struct shadow_test_case *shadow_test_new(struct kunit *test)
{
	struct shadow_test_case *t;

	t = kvzalloc(sizeof(*t), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, shadow_test_free, t));
	rcar_du_mdev_regs_init(&t->regs);
	rcar_du_mdev_regs_write(&t->regs, DSYSR, DSYSR_DEN);
	rcar_du_mdev_bar2_write(&t->regs, RCAR_VDU_SHADOW_CTRL, CTRL);

	shadow_test_write(t, RCAR_VDU_SHADOW_DS1PR, 0x21);
	shadow_test_write(t, RCAR_VDU_PLANE_PAGE(0) + PnDSA0R, 0x48000000);
	shadow_test_write(t, RCAR_VDU_PLANE_PAGE(1) + PnDSA0R, 0x49000000);
	shadow_test_write(t, RCAR_VDU_PLANE_PAGE(2) + PnDSA0R, 0x4a000000);
	shadow_test_write(t, RCAR_VDU_SHADOW_PLANE(1) + RCAR_VDU_PLANE_ALPHA,
			  0x1234);
	shadow_test_write(t, RCAR_VDU_SHADOW_SEQ, 2);

	return t;
}

static void shadow_test_taken(struct kunit *test)
{
	struct shadow_test_case *t = shadow_test_new(test);

	KUNIT_EXPECT_TRUE(test, shadow_test_take(t));
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_read(&t->regs, DS1PR), 0x21);
	KUNIT_EXPECT_EQ(test, shadow_test_dsa0r(t, 0), 0x48000000);
	KUNIT_EXPECT_EQ(test, shadow_test_dsa0r(t, 1), 0x49000000);
	KUNIT_EXPECT_EQ(test,
			rcar_du_mdev_bar2_read(&t->regs, RCAR_VDU_PLANE(1) +
					       RCAR_VDU_PLANE_ALPHA), 0x1234);
	/* DS1PR does not name it. */
	KUNIT_EXPECT_EQ(test, shadow_test_dsa0r(t, 2), 0);
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_regs_vblank(&t->regs, 1) &
				RCAR_DU_MDEV_EV_LATCH);
}

static void shadow_test_once(struct kunit *test)
{
	struct shadow_test_case *t = shadow_test_new(test);

	KUNIT_EXPECT_TRUE(test, shadow_test_take(t));
	shadow_test_write(t, RCAR_VDU_PLANE_PAGE(0) + PnDSA0R, 0x4b000000);
	KUNIT_EXPECT_FALSE(test, shadow_test_take(t));
	KUNIT_EXPECT_EQ(test, shadow_test_dsa0r(t, 0), 0x48000000);

	shadow_test_write(t, RCAR_VDU_SHADOW_SEQ, 4);
	KUNIT_EXPECT_TRUE(test, shadow_test_take(t));
	KUNIT_EXPECT_EQ(test, shadow_test_dsa0r(t, 0), 0x4b000000);
}

static void shadow_test_being_written(struct kunit *test)
{
	struct shadow_test_case *t = shadow_test_new(test);

	shadow_test_write(t, RCAR_VDU_SHADOW_SEQ, 3);
	KUNIT_EXPECT_FALSE(test, shadow_test_take(t));
	KUNIT_EXPECT_EQ(test, shadow_test_dsa0r(t, 0), 0);
}

static void shadow_test_disabled(struct kunit *test)
{
	struct shadow_test_case *t = shadow_test_new(test);

	rcar_du_mdev_bar2_write(&t->regs, RCAR_VDU_SHADOW_CTRL,
				CTRL & ~RCAR_VDU_SHADOW_CTRL_ENABLE);
	KUNIT_EXPECT_FALSE(test, shadow_test_take(t));
	rcar_du_mdev_shadow_publish(&t->regs, t->shadow, true);
	KUNIT_EXPECT_EQ(test, shadow_test_read(t, RCAR_VDU_SHADOW_AWAKE), 0);
}

static void shadow_test_held(struct kunit *test)
{
	struct shadow_test_case *t = shadow_test_new(test);

	rcar_du_mdev_regs_write(&t->regs, DSYSR, DSYSR_DEN | DSYSR_IUPD);
	KUNIT_EXPECT_FALSE(test, shadow_test_take(t));
	rcar_du_mdev_regs_write(&t->regs, DSYSR, DSYSR_DEN);
	KUNIT_EXPECT_TRUE(test, shadow_test_take(t));
}

/* A guest may write anything. Registers keep to their masks. */
static void shadow_test_all_ones(struct kunit *test)
{
	struct shadow_test_case *t = shadow_test_new(test);

	memset(t->shadow, 0xff, sizeof(t->shadow));
	shadow_test_write(t, RCAR_VDU_SHADOW_SEQ, 0xfffffffe);
	shadow_test_write(t, RCAR_VDU_SHADOW_DS1PR, 0xfff1881f);
	KUNIT_EXPECT_TRUE(test, shadow_test_take(t));
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_read(&t->regs, DS1PR),
			0xfff1881f);
	KUNIT_EXPECT_EQ(test, shadow_test_dsa0r(t, 0), 0xfffffff0);
	KUNIT_EXPECT_EQ(test, shadow_test_dsa0r(t, 7), 0xfffffff0);
	KUNIT_EXPECT_EQ(test,
			rcar_du_mdev_bar2_read(&t->regs, RCAR_VDU_PLANE(0) +
					       RCAR_VDU_PLANE_ALPHA), 0xffff);
}

/* The driver begins with 0, whatever the one before it had. */
static void shadow_test_enabled_again(struct kunit *test)
{
	struct shadow_test_case *t = shadow_test_new(test);

	KUNIT_EXPECT_TRUE(test, shadow_test_take(t));
	rcar_du_mdev_bar2_write(&t->regs, RCAR_VDU_SHADOW_CTRL, 0);
	rcar_du_mdev_bar2_write(&t->regs, RCAR_VDU_SHADOW_CTRL, CTRL);
	KUNIT_EXPECT_TRUE(test, shadow_test_take(t));
}

static void shadow_test_publish(struct kunit *test)
{
	struct shadow_test_case *t = shadow_test_new(test);

	rcar_du_mdev_regs_vblank(&t->regs, 0x123456789ULL);
	rcar_du_mdev_bar2_set_edid(&t->regs, NULL, 0, true);
	rcar_du_mdev_shadow_publish(&t->regs, t->shadow, true);
	KUNIT_EXPECT_EQ(test, shadow_test_read(t, RCAR_VDU_SHADOW_AWAKE), 1);
	KUNIT_EXPECT_EQ(test, shadow_test_read(t, RCAR_VDU_SHADOW_FRAME_COUNT),
			rcar_du_mdev_bar2_read(&t->regs, RCAR_VDU_FRAME_COUNT));
	KUNIT_EXPECT_EQ(test, shadow_test_read(t, RCAR_VDU_SHADOW_FRAME_BEGUN),
			shadow_test_read(t, RCAR_VDU_SHADOW_FRAME_COUNT));
	KUNIT_EXPECT_EQ(test, shadow_test_read(t, RCAR_VDU_SHADOW_FRAME_TIME_LO),
			0x23456789);
	KUNIT_EXPECT_EQ(test, shadow_test_read(t, RCAR_VDU_SHADOW_FRAME_TIME_HI),
			1);
	KUNIT_EXPECT_EQ(test,
			shadow_test_read(t, RCAR_VDU_SHADOW_HEAD_INT_STATUS),
			RCAR_VDU_HEAD_INT_HOTPLUG);

	rcar_du_mdev_shadow_publish(&t->regs, t->shadow, false);
	KUNIT_EXPECT_EQ(test, shadow_test_read(t, RCAR_VDU_SHADOW_AWAKE), 0);

	rcar_du_mdev_regs_write(&t->regs, DSYSR, DSYSR_DRES);
	rcar_du_mdev_shadow_publish(&t->regs, t->shadow, true);
	KUNIT_EXPECT_EQ(test, shadow_test_read(t, RCAR_VDU_SHADOW_AWAKE), 0);
}

static void shadow_test_done(struct kunit *test)
{
	struct shadow_test_case *t = shadow_test_new(test);

	rcar_du_mdev_shadow_done(&t->regs, t->shadow);
	KUNIT_EXPECT_EQ(test, shadow_test_read(t, RCAR_VDU_SHADOW_DONE), 0);
	shadow_test_take(t);
	rcar_du_mdev_shadow_done(&t->regs, t->shadow);
	KUNIT_EXPECT_EQ(test, shadow_test_read(t, RCAR_VDU_SHADOW_DONE), 2);
}

/* A message for each vertical blank, though nobody clears VBK. */
static void shadow_test_messages(struct kunit *test)
{
	struct shadow_test_case *t = shadow_test_new(test);
	unsigned int i;

	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_regs_vblank(&t->regs, 1) &
				 RCAR_DU_MDEV_EV_RAISE);
	rcar_du_mdev_regs_write(&t->regs, DIER, DSSR_VBK);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_TRUE(test,
				  rcar_du_mdev_regs_vblank(&t->regs, 2 + i) &
				  RCAR_DU_MDEV_EV_RAISE);

	rcar_du_mdev_bar2_write(&t->regs, RCAR_VDU_SHADOW_CTRL,
				RCAR_VDU_SHADOW_CTRL_ENABLE);
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_regs_vblank(&t->regs, 5) &
				 RCAR_DU_MDEV_EV_RAISE);
}

static struct kunit_case shadow_test_cases[] = {
	KUNIT_CASE(shadow_test_taken),
	KUNIT_CASE(shadow_test_once),
	KUNIT_CASE(shadow_test_being_written),
	KUNIT_CASE(shadow_test_disabled),
	KUNIT_CASE(shadow_test_held),
	KUNIT_CASE(shadow_test_all_ones),
	KUNIT_CASE(shadow_test_enabled_again),
	KUNIT_CASE(shadow_test_publish),
	KUNIT_CASE(shadow_test_done),
	KUNIT_CASE(shadow_test_messages),
	{}
};

static struct kunit_suite shadow_test_suite = {
	.name = "rcar_du_mdev_shadow",
	.test_cases = shadow_test_cases,
};

kunit_test_suite(shadow_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("R-Car DU mediated device: tests of the shadow plane pages");
MODULE_LICENSE("GPL");
