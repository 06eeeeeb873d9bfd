// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests: registers of the DU and the VDU
 *
 * Which registers there are and what can be written to them, from
 * include/uapi/linux/rcar_vdu.h.
 */

#include <linux/module.h>

#include <kunit/test.h>

#include "../rcar_du_mdev_bar2.h"
#include "../rcar_du_mdev_regs.h"

#define EV_CLOCK	RCAR_DU_MDEV_EV_CLOCK
#define EV_LATCH	RCAR_DU_MDEV_EV_LATCH

#define VDU_REG(n, reg)		(RCAR_VDU_PLANE(n) + (reg))

static struct rcar_du_mdev_regs *regs_test_new(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs;

	regs = kunit_kzalloc(test, sizeof(*regs), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, regs);
	memset(regs, 0xa5, sizeof(*regs));
	rcar_du_mdev_regs_init(regs);

	return regs;
}

/* Running, with nothing waiting to be latched. */
static struct rcar_du_mdev_regs *regs_test_running(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = regs_test_new(test);

	KUNIT_ASSERT_EQ(test, rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN),
			EV_CLOCK | EV_LATCH);

	return regs;
}

/* -----------------------------------------------------------------------------
 * Stored registers
 */

/**
 * struct regs_test_reg - Expected behaviour of a register
 * @name: name
 * @offset: offset
 * @ones: what is read after all ones were written
 * @latched: a write makes the next vertical blank latch
 */
struct regs_test_reg {
	const char *name;
	u32 offset;
	u32 ones;
	bool latched;
};

static const struct regs_test_reg regs_test_du_regs[] = {
	{ "DSMR", 0x00004, 0xffffffff },
	{ "DSSR", 0x00008, 0 },
	{ "DSRCR", 0x0000c, 0 },
	{ "DIER", 0x00010, 0x0000cbff },
	{ "DPPR", 0x00018, 0xffffffff },
	{ "none, behind DPPR", 0x0001c, 0 },
	{ "DEFR", 0x00020, 0xffffffff },
	{ "DAPCR", 0x00024, 0 },
	{ "HDSR", 0x00040, 0x1fff },
	{ "VDSR", 0x00048, 0x1fff, true },
	{ "VDER", 0x0004c, 0x1fff, true },
	{ "HCR", 0x00050, 0x1fff },
	{ "VCR", 0x00058, 0x1fff },
	{ "DEWR", 0x0007c, 0x1fff, true },
	{ "BPOR", 0x00098, 0xffffffff },
	{ "DEFR7", 0x000ec, 0xffffffff },
	{ "P1MR", 0x00100, 0xffffffff, true },
	{ "P1MWR", 0x00104, 0x1fff, true },
	{ "P1ALPHAR", 0x00108, 0xffffffff, true },
	{ "none, behind P1ALPHAR", 0x0010c, 0 },
	{ "P1DSXR", 0x00110, 0x1fff, true },
	{ "P1DPYR", 0x0011c, 0x1fff, true },
	{ "P1DSA0R", 0x00120, 0xfffffff0, true },
	{ "P2DSA0R", 0x00220, 0xfffffff0, true },
	{ "P8MR", 0x00800, 0xffffffff, true },
	{ "P8SPYR", 0x00834, 0x1fff, true },
	{ "P8TC3R", 0x0084c, 0xffffffff, true },
	{ "P8DDCR2", 0x00888, 0xffffffff, true },
	{ "P8DDCR4", 0x00890, 0xffffffff, true },
	{ "none, behind P8DDCR4", 0x00894, 0 },
	{ "none, after the plane pages", 0x00900, 0 },
	{ "ESCR0", 0x10000, 0xffffffff },
	{ "OTAR0", 0x10004, 0xffffffff },
	{ "none, behind OTAR0", 0x10008, 0 },
	{ "DORCR", 0x11000, 0xffffffff },
	{ "DPTSR", 0x11004, 0xffffffff },
	{ "DAPTSR", 0x11008, 0 },
	{ "DS1PR", 0x11020, 0xffffffff, true },
	{ "DS2PR", 0x11024, 0xffffffff },
	{ "none, behind DS2PR", 0x11028, 0 },
	{ "none, before DEFR8", 0x2001c, 0 },
	{ "DEFR8", 0x20020, 0xffffffff },
	{ "DIDSR", 0x20028, 0xffffffff },
	{ "none, behind DIDSR", 0x2002c, 0 },
	{ "DU1", 0x30000, 0 },
	{ "last", 0x3fffc, 0 },
	{ "beyond the BAR", 0x40000, 0 },
	{ "far beyond the BAR", 0xfffffffc, 0 },
	{ "unaligned", 0x00041, 0 },
};

KUNIT_ARRAY_PARAM_DESC(regs_test_du_reg, regs_test_du_regs, name);

static void regs_test_register(struct kunit *test)
{
	const struct regs_test_reg *reg = test->param_value;
	struct rcar_du_mdev_regs *regs = regs_test_new(test);

	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_read(regs, reg->offset), 0);
	rcar_du_mdev_regs_write(regs, reg->offset, 0xffffffff);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_read(regs, reg->offset),
			reg->ones);

	rcar_du_mdev_regs_reset(regs);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_read(regs, reg->offset), 0);
}

static void regs_test_dsysr(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = regs_test_new(test);

	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_read(regs, DSYSR), DSYSR_DRES);
	rcar_du_mdev_regs_write(regs, DSYSR, 0xffffffff);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_read(regs, DSYSR), 0xffffffff);
	rcar_du_mdev_regs_reset(regs);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_regs_read(regs, DSYSR), DSYSR_DRES);
}

static void regs_test_register_latched(struct kunit *test)
{
	const struct regs_test_reg *reg = test->param_value;
	struct rcar_du_mdev_regs *regs = regs_test_running(test);

	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_regs_write(regs, reg->offset, 0x10) &
				 EV_LATCH);
	KUNIT_EXPECT_EQ(test, !!(rcar_du_mdev_regs_vblank(regs, 1) & EV_LATCH),
			reg->latched);
	/* Once. */
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_regs_vblank(regs, 2) & EV_LATCH);
}

/* Each has a place of its own. */
static void regs_test_no_aliases(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = regs_test_new(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(regs_test_du_regs); i++)
		rcar_du_mdev_regs_write(regs, regs_test_du_regs[i].offset,
					(i + 1) << 4);
	for (i = 0; i < ARRAY_SIZE(regs_test_du_regs); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    rcar_du_mdev_regs_read(regs, regs_test_du_regs[i].offset),
				    ((i + 1) << 4) & regs_test_du_regs[i].ones,
				    "%s", regs_test_du_regs[i].name);
}

/* Nothing that is written to any offset makes a register beyond it appear. */
static void regs_test_sweep(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = regs_test_new(test);
	u32 offset, found = 0;

	for (offset = 0; offset < RCAR_VDU_DU_BAR_SIZE; offset += 4)
		rcar_du_mdev_regs_write(regs, offset, 0xffffffff);
	for (offset = 0; offset < RCAR_VDU_DU_BAR_SIZE; offset += 4)
		found += !!rcar_du_mdev_regs_read(regs, offset);

	/* DSYSR to BPOR: 25, plane pages: 8 * 23, the others: 9 */
	KUNIT_EXPECT_EQ(test, found, 25 + 8 * 23 + 9);

	for (offset = 0; offset < RCAR_VDU_REGS_BAR_SIZE; offset += 4)
		rcar_du_mdev_bar2_write(regs, offset, 0xffffffff);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, 0x88), 0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, 0x200), 0);
}

/* -----------------------------------------------------------------------------
 * VDU registers
 */

/**
 * struct regs_test_page_reg - Expected behaviour of a register of the VDU registers
 * @name: name
 * @offset: offset
 * @reset: value after a reset
 * @ones: what is read after all ones were written
 * @latched: a write makes the next vertical blank latch
 */
struct regs_test_page_reg {
	const char *name;
	u32 offset;
	u32 reset;
	u32 ones;
	bool latched;
};

static const struct regs_test_page_reg regs_test_page_regs[] = {
	{ "MAGIC", 0x0000, 0x55445652, 0x55445652 },
	{ "VERSION", 0x0004, 0x00010004, 0x00010004 },
	{ "FEATURES", 0x0008, 0xb, 0xb },
	{ "NUM_PLANES", 0x0010, 8, 8 },
	{ "MAX_WIDTH", 0x0014, 4095, 4095 },
	{ "MAX_HEIGHT", 0x0018, 2047, 2047 },
	{ "MAX_PITCH", 0x001c, 4095, 4095 },
	{ "PITCH_ALIGN", 0x0020, 1, 1 },
	{ "FORMATS", 0x0024, 0x3ff, 0x3ff },
	{ "ADDR_BITS", 0x0028, 52, 52 },
	{ "MIN_REFRESH", 0x002c, 10000, 10000 },
	{ "MAX_REFRESH", 0x0030, 240000, 240000 },
	{ "CLKS", 0x0040, 1188000000, 1188000000 },
	{ "DCLKIN", 0x0044, 148500000, 0xffffffff },
	{ "HEAD_STATUS", 0x0050, 0, 0 },
	{ "HEAD_INT_STATUS", 0x0054, 0, 0 },
	{ "HEAD_INT_ENABLE", 0x0058, 0, 1 },
	{ "EDID_SIZE", 0x005c, 0, 0 },
	{ "FRAME_COUNT", 0x0060, 0, 0 },
	{ "LATCH_COUNT", 0x0064, 0, 0 },
	{ "SHADOW_CTRL", 0x0080, 0, 0x3 },
	{ "SHADOW_DOORBELL", 0x0084, 0, 0 },
	{ "reserved", 0x0088, 0, 0 },
	{ "ADDR_HI of plane 0", 0x0100, 0, 0xffffffff, true },
	{ "ROLE of plane 0", 0x0104, 0, 0xff, true },
	{ "HOT_X of plane 0", 0x0108, 0, 0xffffffff, true },
	{ "HOT_Y of plane 0", 0x010c, 0, 0xffffffff, true },
	{ "ERROR of plane 0", 0x0110, 0, 0 },
	{ "ALPHA of plane 0", 0x0114, 0xffff, 0xffff, true },
	{ "BLEND of plane 0", 0x0118, 0, 0xff, true },
	{ "MAPPING of plane 0", 0x011c, 0, 0xff, true },
	{ "ADDR_HI of plane 7", 0x01e0, 0, 0xffffffff, true },
	{ "HOT_Y of plane 7", 0x01ec, 0, 0xffffffff, true },
	{ "ALPHA of plane 7", 0x01f4, 0xffff, 0xffff, true },
	{ "none, after the planes", 0x0200, 0, 0 },
	{ "EDID window", 0x1000, 0, 0 },
	{ "end of the EDID window", 0x1ffc, 0, 0 },
	{ "behind the EDID window", 0x2000, 0, 0 },
	{ "beyond the BAR", 0x4000, 0, 0 },
	{ "unaligned", 0x0045, 0, 0 },
};

KUNIT_ARRAY_PARAM_DESC(regs_test_page_reg, regs_test_page_regs, name);

static void regs_test_page_register(struct kunit *test)
{
	const struct regs_test_page_reg *reg = test->param_value;
	struct rcar_du_mdev_regs *regs = regs_test_new(test);

	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, reg->offset),
			reg->reset);
	rcar_du_mdev_bar2_write(regs, reg->offset, 0xffffffff);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, reg->offset),
			reg->ones);
	rcar_du_mdev_regs_reset(regs);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, reg->offset),
			reg->reset);
}

static void regs_test_page_register_latched(struct kunit *test)
{
	const struct regs_test_page_reg *reg = test->param_value;
	struct rcar_du_mdev_regs *regs = regs_test_running(test);

	rcar_du_mdev_bar2_write(regs, reg->offset, 1);
	KUNIT_EXPECT_EQ(test, !!(rcar_du_mdev_regs_vblank(regs, 1) & EV_LATCH),
			reg->latched);
}

static void regs_test_plane_error(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = regs_test_new(test);

	regs->error[3] = RCAR_VDU_ERROR_PITCH;
	KUNIT_EXPECT_EQ(test,
			rcar_du_mdev_bar2_read(regs, VDU_REG(3, RCAR_VDU_PLANE_ERROR)),
			RCAR_VDU_ERROR_PITCH);
	KUNIT_EXPECT_EQ(test,
			rcar_du_mdev_bar2_read(regs, VDU_REG(2, RCAR_VDU_PLANE_ERROR)),
			RCAR_VDU_ERROR_NONE);
}

/* Reading the lower half freezes the upper one. */
static void regs_test_frame_time(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = regs_test_running(test);

	rcar_du_mdev_regs_vblank(regs, 0x12fffffffULL);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_FRAME_TIME_LO),
			0x2fffffff);
	rcar_du_mdev_regs_vblank(regs, 0x230000000ULL);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_FRAME_TIME_HI),
			1);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_FRAME_TIME_LO),
			0x30000000);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_FRAME_TIME_HI),
			2);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_FRAME_COUNT),
			2);
}

/* Time begins when the device has another user, and so does all else. */
static void regs_test_renew(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = regs_test_running(test);

	regs->num_planes = 5;
	rcar_du_mdev_bar2_set_edid(regs, "edid", 4, true);
	rcar_du_mdev_regs_vblank(regs, 0x500000000ull);
	rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DRES);
	rcar_du_mdev_regs_renew(regs, 0x600000000ull);

	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_FRAME_COUNT),
			0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_LATCH_COUNT),
			0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_EDID_SIZE),
			0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs,
						     RCAR_VDU_FRAME_TIME_LO), 0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_NUM_PLANES),
			5);

	rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN);
	rcar_du_mdev_regs_vblank(regs, 0x700000001ull);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs,
						     RCAR_VDU_FRAME_TIME_LO), 1);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs,
						     RCAR_VDU_FRAME_TIME_HI), 1);
	/* What clients of the host are told is of the host's clock. */
	KUNIT_EXPECT_EQ(test, regs->frame_time, 0x700000001ull);
}

/* A CRTC may tell of a vertical blank from before. */
static void regs_test_frame_time_before(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = regs_test_running(test);

	rcar_du_mdev_regs_renew(regs, 2000);
	rcar_du_mdev_regs_write(regs, DSYSR, DSYSR_DEN);
	rcar_du_mdev_regs_vblank(regs, 1999);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs,
						     RCAR_VDU_FRAME_TIME_LO), 0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs,
						     RCAR_VDU_FRAME_TIME_HI), 0);
}

static void regs_test_edid_window(struct kunit *test)
{
	static const u8 edid[] = { 0x00, 0xff, 0x11, 0x22, 0x33, 0x44 };
	struct rcar_du_mdev_regs *regs = regs_test_new(test);

	rcar_du_mdev_bar2_set_edid(regs, edid, sizeof(edid), true);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_EDID_SIZE), 6);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, 0x1000), 0x2211ff00);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, 0x1004), 0x4433);

	/* What an earlier, longer EDID had there must not show. */
	rcar_du_mdev_bar2_set_edid(regs, edid, 2, true);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, 0x1000), 0xff00);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, 0x1004), 0);

	rcar_du_mdev_bar2_set_edid(regs, NULL, 0, false);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, 0x1000), 0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_EDID_SIZE), 0);
}

static void regs_test_edid_too_large(struct kunit *test)
{
	struct rcar_du_mdev_regs *regs = regs_test_new(test);
	u32 size = RCAR_VDU_EDID_WINDOW_SIZE + 128;
	u8 *edid;

	edid = kunit_kzalloc(test, size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, edid);
	memset(edid, 0xee, size);

	rcar_du_mdev_bar2_set_edid(regs, edid, size, true);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, RCAR_VDU_EDID_SIZE),
			RCAR_VDU_EDID_WINDOW_SIZE);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, 0x1ffc), 0xeeeeeeee);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_bar2_read(regs, 0x2000), 0);
}

static struct kunit_case regs_test_cases[] = {
	KUNIT_CASE_PARAM(regs_test_register, regs_test_du_reg_gen_params),
	KUNIT_CASE_PARAM(regs_test_register_latched,
			 regs_test_du_reg_gen_params),
	KUNIT_CASE(regs_test_dsysr),
	KUNIT_CASE(regs_test_no_aliases),
	KUNIT_CASE(regs_test_sweep),
	KUNIT_CASE_PARAM(regs_test_page_register,
			 regs_test_page_reg_gen_params),
	KUNIT_CASE_PARAM(regs_test_page_register_latched,
			 regs_test_page_reg_gen_params),
	KUNIT_CASE(regs_test_plane_error),
	KUNIT_CASE(regs_test_frame_time),
	KUNIT_CASE(regs_test_renew),
	KUNIT_CASE(regs_test_frame_time_before),
	KUNIT_CASE(regs_test_edid_window),
	KUNIT_CASE(regs_test_edid_too_large),
	{}
};

static struct kunit_suite regs_test_suite = {
	.name = "rcar_du_mdev_regs",
	.test_cases = regs_test_cases,
};

kunit_test_suite(regs_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("R-Car DU mediated device: tests of registers of the DU and the VDU");
MODULE_LICENSE("GPL");
