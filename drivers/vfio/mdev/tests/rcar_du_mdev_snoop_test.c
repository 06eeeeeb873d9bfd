// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: tests of how a guest says that it maps buffers
 */

#include <linux/slab.h>

#include <kunit/test.h>

#include "../rcar_du_mdev_bar2.h"
#include "../rcar_du_mdev_frame.h"
#include "../rcar_du_mdev_regs.h"
#include "../rcar_du_mdev_shadow.h"

#define MAPPING(n)	(RCAR_VDU_PLANE(n) + RCAR_VDU_PLANE_MAPPING)

struct snoop_test_case {
	struct rcar_du_mdev_regs regs;
	struct rcar_du_mdev_frame frame;
	__le32 shadow[RCAR_VDU_SHADOW_BAR_SIZE / sizeof(__le32)];
};

static void snoop_test_free(void *data)
{
	kvfree(data);
}

static void snoop_test_page(struct snoop_test_case *t, unsigned int page,
			    u32 ddcr2)
{
	u32 base = RCAR_VDU_PLANE_PAGE(page);

	rcar_du_mdev_regs_write(&t->regs, base + PnMR,
				ddcr2 ? 0x4003 : 0x4001);
	rcar_du_mdev_regs_write(&t->regs, base + PnMWR, 640);
	rcar_du_mdev_regs_write(&t->regs, base + PnDSXR, 640);
	rcar_du_mdev_regs_write(&t->regs, base + PnDSYR, 480);
	rcar_du_mdev_regs_write(&t->regs, base + PnDSA0R, 0x48000000);
	rcar_du_mdev_regs_write(&t->regs, base + PnDDCR2, ddcr2);
}

/* The display runs and does not snoop, and page 0 shows 640x480 RGB565. */
static struct snoop_test_case *snoop_test_new(struct kunit *test)
{
	struct snoop_test_case *t;

	t = kvzalloc(sizeof(*t), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, snoop_test_free, t));
	rcar_du_mdev_regs_init(&t->regs);
	t->regs.no_snoop = true;
	rcar_du_mdev_regs_write(&t->regs, DSYSR, DSYSR_DEN);
	rcar_du_mdev_regs_write(&t->regs, DS1PR, 1);
	snoop_test_page(t, 0, 0);

	return t;
}

/* What the next vertical blank shows. */
static const struct rcar_du_mdev_plane *snoop_test_show(struct kunit *test,
							struct snoop_test_case *t)
{
	rcar_du_mdev_regs_vblank(&t->regs, 1);
	rcar_du_mdev_frame_decode(&t->regs.latch, &t->frame);
	KUNIT_ASSERT_EQ(test, t->frame.num_planes, 1);
	KUNIT_ASSERT_EQ(test, t->frame.planes[0].error, RCAR_VDU_ERROR_NONE);

	return &t->frame.planes[0];
}

static void snoop_test_feature(struct kunit *test)
{
	struct snoop_test_case *t = snoop_test_new(test);

	KUNIT_EXPECT_TRUE(test,
			  rcar_du_mdev_bar2_read(&t->regs, RCAR_VDU_FEATURES) &
			  RCAR_VDU_FEATURE_NO_SNOOP);
	rcar_du_mdev_regs_reset(&t->regs);
	KUNIT_EXPECT_TRUE(test,
			  rcar_du_mdev_bar2_read(&t->regs, RCAR_VDU_FEATURES) &
			  RCAR_VDU_FEATURE_NO_SNOOP);
	t->regs.no_snoop = false;
	KUNIT_EXPECT_FALSE(test,
			   rcar_du_mdev_bar2_read(&t->regs, RCAR_VDU_FEATURES) &
			   RCAR_VDU_FEATURE_NO_SNOOP);
}

static void snoop_test_register(struct kunit *test)
{
	struct snoop_test_case *t = snoop_test_new(test);
	unsigned int i;

	for (i = 0; i < RCAR_VDU_NUM_PLANE_PAGES; i++) {
		KUNIT_EXPECT_EQ(test,
				rcar_du_mdev_bar2_read(&t->regs, MAPPING(i)), 0);
		rcar_du_mdev_bar2_write(&t->regs, MAPPING(i), ~i);
	}
	for (i = 0; i < RCAR_VDU_NUM_PLANE_PAGES; i++)
		KUNIT_EXPECT_EQ(test,
				rcar_du_mdev_bar2_read(&t->regs, MAPPING(i)),
				~i & 0xff);

	rcar_du_mdev_regs_reset(&t->regs);
	for (i = 0; i < RCAR_VDU_NUM_PLANE_PAGES; i++)
		KUNIT_EXPECT_EQ(test,
				rcar_du_mdev_bar2_read(&t->regs, MAPPING(i)), 0);
}

/* It is latched like the address that it is about. */
static void snoop_test_latched(struct kunit *test)
{
	struct snoop_test_case *t = snoop_test_new(test);

	KUNIT_EXPECT_FALSE(test, snoop_test_show(test, t)->write_combined[0]);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_vblank(&t->regs, 1) &
			      RCAR_DU_MDEV_EV_LATCH, 0);

	rcar_du_mdev_bar2_write(&t->regs, MAPPING(0),
				RCAR_VDU_MAPPING_WRITE_COMBINED);
	KUNIT_EXPECT_EQ(test, t->regs.latch.planes[0].mapping, 0);
	KUNIT_EXPECT_TRUE(test, snoop_test_show(test, t)->write_combined[0]);

	rcar_du_mdev_bar2_write(&t->regs, MAPPING(0),
				RCAR_VDU_MAPPING_CACHEABLE);
	KUNIT_EXPECT_FALSE(test, snoop_test_show(test, t)->write_combined[0]);
}

/* What nobody knows is cleaned. */
static void snoop_test_other_values(struct kunit *test)
{
	static const u32 values[] = { 2, 3, 0x80, 0xff };
	struct snoop_test_case *t = snoop_test_new(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		rcar_du_mdev_bar2_write(&t->regs, MAPPING(0), values[i]);
		KUNIT_EXPECT_FALSE(test,
				   snoop_test_show(test, t)->write_combined[0]);
	}
}

/* Where the display snoops the guest may say what it wants. */
static void snoop_test_ignored(struct kunit *test)
{
	struct snoop_test_case *t = snoop_test_new(test);

	t->regs.no_snoop = false;
	rcar_du_mdev_bar2_write(&t->regs, MAPPING(0),
				RCAR_VDU_MAPPING_WRITE_COMBINED);
	KUNIT_EXPECT_FALSE(test, snoop_test_show(test, t)->write_combined[0]);
}

/* Each memory plane has its own buffer. */
static void snoop_test_two_pages(struct kunit *test)
{
	struct snoop_test_case *t = snoop_test_new(test);
	const struct rcar_du_mdev_plane *plane;

	rcar_du_mdev_regs_write(&t->regs, DS1PR, 0x12);
	snoop_test_page(t, 0, PnDDCR2_DIVY);
	snoop_test_page(t, 1, PnDDCR2_DIVU | PnDDCR2_Y420);
	rcar_du_mdev_bar2_write(&t->regs, MAPPING(1),
				RCAR_VDU_MAPPING_WRITE_COMBINED);
	plane = snoop_test_show(test, t);
	KUNIT_EXPECT_EQ(test, plane->num_planes, 2);
	KUNIT_EXPECT_FALSE(test, plane->write_combined[0]);
	KUNIT_EXPECT_TRUE(test, plane->write_combined[1]);
}

static void snoop_test_shadow(struct kunit *test)
{
	struct snoop_test_case *t = snoop_test_new(test);
	u32 offset = RCAR_VDU_SHADOW_PLANE(1) + RCAR_VDU_PLANE_MAPPING;

	rcar_du_mdev_bar2_write(&t->regs, RCAR_VDU_SHADOW_CTRL,
				RCAR_VDU_SHADOW_CTRL_ENABLE);
	t->shadow[offset / 4] = cpu_to_le32(RCAR_VDU_MAPPING_WRITE_COMBINED);
	t->shadow[RCAR_VDU_SHADOW_DS1PR / 4] = cpu_to_le32(2);
	t->shadow[RCAR_VDU_SHADOW_SEQ / 4] = cpu_to_le32(2);
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_shadow_take(&t->regs, t->shadow));
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(&t->regs, MAPPING(0)), 0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(&t->regs, MAPPING(1)),
			RCAR_VDU_MAPPING_WRITE_COMBINED);
}

static struct kunit_case snoop_test_cases[] = {
	KUNIT_CASE(snoop_test_feature),
	KUNIT_CASE(snoop_test_register),
	KUNIT_CASE(snoop_test_latched),
	KUNIT_CASE(snoop_test_other_values),
	KUNIT_CASE(snoop_test_ignored),
	KUNIT_CASE(snoop_test_two_pages),
	KUNIT_CASE(snoop_test_shadow),
	{}
};

static struct kunit_suite snoop_test_suite = {
	.name = "rcar_du_mdev_snoop",
	.test_cases = snoop_test_cases,
};

kunit_test_suite(snoop_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("R-Car DU mediated device: tests of mappings");
MODULE_LICENSE("GPL");
