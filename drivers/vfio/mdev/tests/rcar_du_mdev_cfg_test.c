// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests: PCI configuration space
 *
 * Register offsets and bits are those of the PCI Local Bus Specification 3.0,
 * written as numbers so that they do not come from the code that is tested.
 */

#include <linux/module.h>
#include <linux/unaligned.h>

#include <kunit/test.h>

#include "../rcar_du_mdev_cfg.h"

static struct rcar_du_mdev_cfg *cfg_test_new(struct kunit *test)
{
	struct rcar_du_mdev_cfg *cfg;

	cfg = kunit_kzalloc(test, sizeof(*cfg), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, cfg);
	/* Whatever the memory held before. */
	memset(cfg, 0xa5, sizeof(*cfg));
	rcar_du_mdev_cfg_init(cfg);

	return cfg;
}

static u32 cfg_test_read(const struct rcar_du_mdev_cfg *cfg, u32 offset,
			 u32 count)
{
	u8 bytes[4] = {};

	rcar_du_mdev_cfg_read(cfg, offset, bytes, count);

	return get_unaligned_le32(bytes);
}

/* Returns whether a reset is asked for. */
static bool cfg_test_write(struct rcar_du_mdev_cfg *cfg, u32 offset, u32 count,
			   u32 value)
{
	u8 bytes[4];

	put_unaligned_le32(value, bytes);

	return rcar_du_mdev_cfg_write(cfg, offset, bytes, count);
}

/**
 * struct cfg_test_reg - Expected behaviour of a register
 * @name: name
 * @offset: offset
 * @reset: value after a reset
 * @ones: value after all ones were written
 */
struct cfg_test_reg {
	const char *name;
	u32 offset;
	u32 reset;
	u32 ones;
};

static const struct cfg_test_reg cfg_test_regs[] = {
	{ "vendor and device", 0x00, 0x56441912, 0x56441912 },
	/* Memory, bus master, INTx disable; capability list. */
	{ "command and status", 0x04, 0x00100000, 0x00100406 },
	{ "revision and class", 0x08, 0x03800001, 0x03800001 },
	{ "header type", 0x0c, 0x00000000, 0x00000000 },
	/* Memory, 32 bits, not prefetchable: 256 KiB and 16 KiB. */
	{ "BAR 0", 0x10, 0x00000000, 0xfffc0000 },
	{ "BAR 1", 0x14, 0x00000000, 0x00000000 },
	{ "BAR 2", 0x18, 0x00000000, 0xffffc000 },
	{ "BAR 3", 0x1c, 0x00000000, 0x00000000 },
	/* Prefetchable, 64 KiB. */
	{ "BAR 4", 0x20, 0x00000008, 0xffff0008 },
	{ "BAR 5", 0x24, 0x00000000, 0x00000000 },
	{ "CardBus CIS", 0x28, 0x00000000, 0x00000000 },
	{ "subsystem", 0x2c, 0x56441912, 0x56441912 },
	{ "ROM", 0x30, 0x00000000, 0x00000000 },
	{ "capabilities", 0x34, 0x00000040, 0x00000040 },
	{ "reserved", 0x38, 0x00000000, 0x00000000 },
	/* INTA; only the line can be written. */
	{ "interrupt", 0x3c, 0x00000100, 0x000001ff },
	/* 64 bits, one vector, no masking; the next one is at 0x50. */
	{ "MSI control", 0x40, 0x00805005, 0x00f15005 },
	{ "MSI address", 0x44, 0x00000000, 0xfffffffc },
	{ "MSI upper address", 0x48, 0x00000000, 0xffffffff },
	{ "MSI data", 0x4c, 0x00000000, 0x0000ffff },
	/* Version 3, no D1, D2 and PME; the next one is at 0x58. */
	{ "PM capabilities", 0x50, 0x00035801, 0x00035801 },
	/* No soft reset. The state is D3hot with all ones. */
	{ "PM control and status", 0x54, 0x00000008, 0x0000000b },
	/* 6 bytes, TP and FLR; end of list. */
	{ "AF capabilities", 0x58, 0x03060013, 0x03060013 },
	{ "AF control and status", 0x5c, 0x00000000, 0x00000000 },
	{ "behind AF", 0x60, 0x00000000, 0x00000000 },
	{ "last", 0xfc, 0x00000000, 0x00000000 },
};

KUNIT_ARRAY_PARAM_DESC(cfg_test_reg, cfg_test_regs, name);

static void cfg_test_register(struct kunit *test)
{
	const struct cfg_test_reg *reg = test->param_value;
	struct rcar_du_mdev_cfg *cfg = cfg_test_new(test);

	KUNIT_EXPECT_EQ(test, cfg_test_read(cfg, reg->offset, 4), reg->reset);

	cfg_test_write(cfg, reg->offset, 4, 0xffffffff);
	KUNIT_EXPECT_EQ(test, cfg_test_read(cfg, reg->offset, 4), reg->ones);

	rcar_du_mdev_cfg_reset(cfg);
	KUNIT_EXPECT_EQ(test, cfg_test_read(cfg, reg->offset, 4), reg->reset);
}

/* Four writes of a byte do what one of four bytes does. */
static void cfg_test_register_in_bytes(struct kunit *test)
{
	const struct cfg_test_reg *reg = test->param_value;
	struct rcar_du_mdev_cfg *cfg = cfg_test_new(test);
	u32 expected = reg->reset;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		u32 byte = 0xffu << (8 * i);

		cfg_test_write(cfg, reg->offset + i, 1, 0xff);
		expected = (expected & ~byte) | (reg->ones & byte);
		KUNIT_EXPECT_EQ(test, cfg_test_read(cfg, reg->offset, 4),
				expected);
	}

	KUNIT_EXPECT_EQ(test, expected, reg->ones);
}

/* The address stays where it was put, below it there is the size. */
static void cfg_test_bar_address(struct kunit *test)
{
	struct rcar_du_mdev_cfg *cfg = cfg_test_new(test);

	cfg_test_write(cfg, 0x10, 4, 0x12345678);
	cfg_test_write(cfg, 0x18, 4, 0x9abcdef0);
	KUNIT_EXPECT_EQ(test, cfg_test_read(cfg, 0x10, 4), 0x12340000);
	KUNIT_EXPECT_EQ(test, cfg_test_read(cfg, 0x18, 4), 0x9abcc000);
}

static void cfg_test_command(struct kunit *test)
{
	struct rcar_du_mdev_cfg *cfg = cfg_test_new(test);

	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_cfg_memory_enabled(cfg));
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_cfg_master_enabled(cfg));
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_cfg_intx_enabled(cfg));

	cfg_test_write(cfg, 0x04, 1, 0x02);
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_cfg_memory_enabled(cfg));
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_cfg_master_enabled(cfg));
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_cfg_intx_enabled(cfg));

	cfg_test_write(cfg, 0x05, 1, 0x04);
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_cfg_memory_enabled(cfg));
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_cfg_intx_enabled(cfg));

	cfg_test_write(cfg, 0x04, 1, 0x04);
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_cfg_memory_enabled(cfg));
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_cfg_master_enabled(cfg));
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_cfg_intx_enabled(cfg));

	rcar_du_mdev_cfg_reset(cfg);
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_cfg_master_enabled(cfg));
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_cfg_intx_enabled(cfg));
}

/* Error bits of the status register: write 1 to clear, and never set. */
static void cfg_test_status_clear(struct kunit *test)
{
	struct rcar_du_mdev_cfg *cfg = cfg_test_new(test);

	cfg_test_write(cfg, 0x06, 2, 0xf900);
	KUNIT_EXPECT_EQ(test, cfg_test_read(cfg, 0x06, 2), 0x0010);
}

/* Nothing but the configuration space works in D3hot; COMMAND stays. */
static void cfg_test_d3hot(struct kunit *test)
{
	struct rcar_du_mdev_cfg *cfg = cfg_test_new(test);

	cfg_test_write(cfg, 0x04, 2, 0x0006);
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_cfg_powered(cfg));

	cfg_test_write(cfg, 0x54, 2, 0x0003);
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_cfg_powered(cfg));
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_cfg_memory_enabled(cfg));
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_cfg_master_enabled(cfg));
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_cfg_intx_enabled(cfg));
	KUNIT_EXPECT_EQ(test, cfg_test_read(cfg, 0x04, 2), 0x0006);

	cfg_test_write(cfg, 0x54, 2, 0x0000);
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_cfg_powered(cfg));
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_cfg_memory_enabled(cfg));
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_cfg_master_enabled(cfg));
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_cfg_intx_enabled(cfg));
}

/* D1 and D2 are not there: the state stays what it is. */
static void cfg_test_no_such_state(struct kunit *test)
{
	struct rcar_du_mdev_cfg *cfg = cfg_test_new(test);
	u32 state;

	for (state = 1; state <= 2; state++) {
		cfg_test_write(cfg, 0x54, 1, 0);
		cfg_test_write(cfg, 0x54, 1, state);
		KUNIT_EXPECT_EQ(test, cfg_test_read(cfg, 0x54, 1), 0x08);
		cfg_test_write(cfg, 0x54, 1, 3);
		cfg_test_write(cfg, 0x54, 1, state);
		KUNIT_EXPECT_EQ(test, cfg_test_read(cfg, 0x54, 1), 0x0b);
	}
}

/* One bit of one byte asks for a reset, in whatever write it is. */
static void cfg_test_flr(struct kunit *test)
{
	struct rcar_du_mdev_cfg *cfg = cfg_test_new(test);
	u32 pos;

	for (pos = 0; pos < 256; pos++)
		KUNIT_EXPECT_EQ(test, cfg_test_write(cfg, pos, 1, 0xff),
				pos == 0x5c);

	KUNIT_EXPECT_FALSE(test, cfg_test_write(cfg, 0x5c, 1, 0xfe));
	KUNIT_EXPECT_TRUE(test, cfg_test_write(cfg, 0x5c, 1, 0x01));
	KUNIT_EXPECT_TRUE(test, cfg_test_write(cfg, 0x5a, 4, 0x00010000));
	KUNIT_EXPECT_EQ(test, cfg_test_read(cfg, 0x5c, 2), 0);
}

static void cfg_test_intx_status(struct kunit *test)
{
	struct rcar_du_mdev_cfg *cfg = cfg_test_new(test);

	rcar_du_mdev_cfg_set_intx(cfg, true);
	KUNIT_EXPECT_EQ(test, cfg_test_read(cfg, 0x06, 2), 0x0018);

	/* The guest can't clear it. */
	cfg_test_write(cfg, 0x06, 2, 0xffff);
	KUNIT_EXPECT_EQ(test, cfg_test_read(cfg, 0x06, 2), 0x0018);

	rcar_du_mdev_cfg_set_intx(cfg, false);
	KUNIT_EXPECT_EQ(test, cfg_test_read(cfg, 0x06, 2), 0x0010);
}

/* Any offset and length reads what single bytes do, and nothing else. */
static void cfg_test_any_access(struct kunit *test)
{
	struct rcar_du_mdev_cfg *cfg = cfg_test_new(test);
	u8 all[256], some[256 + 1];
	u32 offset, count, i;

	for (i = 0; i < 256; i++)
		rcar_du_mdev_cfg_read(cfg, i, &all[i], 1);

	for (offset = 0; offset < 256; offset++) {
		for (count = 0; offset + count <= 256; count++) {
			some[count] = 0x5a;
			rcar_du_mdev_cfg_read(cfg, offset, some, count);
			KUNIT_ASSERT_MEMEQ(test, some, all + offset, count);
			KUNIT_ASSERT_EQ(test, some[count], 0x5a);
		}
	}
}

static void cfg_test_unaligned_write(struct kunit *test)
{
	static const u8 bytes[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct rcar_du_mdev_cfg *cfg = cfg_test_new(test);

	/* The upper half of BAR 0, BAR 1 and nothing of BAR 2. */
	rcar_du_mdev_cfg_write(cfg, 0x12, bytes, sizeof(bytes));
	KUNIT_EXPECT_EQ(test, cfg_test_read(cfg, 0x10, 4), 0xfffc0000);
	KUNIT_EXPECT_EQ(test, cfg_test_read(cfg, 0x14, 4), 0);
	KUNIT_EXPECT_EQ(test, cfg_test_read(cfg, 0x18, 4), 0);
}

static void cfg_test_out_of_range(struct kunit *test)
{
	static const u8 ones[8] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	};
	struct rcar_du_mdev_cfg *cfg = cfg_test_new(test);
	struct rcar_du_mdev_cfg before = *cfg;
	u8 bytes[8];

	KUNIT_EXPECT_EQ(test, cfg_test_read(cfg, 0xfe, 4), 0xffff0000);

	memset(bytes, 0, sizeof(bytes));
	rcar_du_mdev_cfg_read(cfg, 256, bytes, sizeof(bytes));
	KUNIT_EXPECT_MEMEQ(test, bytes, ones, sizeof(bytes));

	/* Must not come around to the vendor id. */
	memset(bytes, 0, sizeof(bytes));
	rcar_du_mdev_cfg_read(cfg, U32_MAX - 3, bytes, sizeof(bytes));
	KUNIT_EXPECT_MEMEQ(test, bytes, ones, sizeof(bytes));

	rcar_du_mdev_cfg_write(cfg, 0xfc, ones, sizeof(ones));
	rcar_du_mdev_cfg_write(cfg, 0x110, ones, sizeof(ones));
	rcar_du_mdev_cfg_write(cfg, U32_MAX - 3, ones, sizeof(ones));
	KUNIT_EXPECT_MEMEQ(test, cfg, &before, sizeof(before));
}

static struct kunit_case cfg_test_cases[] = {
	KUNIT_CASE_PARAM(cfg_test_register, cfg_test_reg_gen_params),
	KUNIT_CASE_PARAM(cfg_test_register_in_bytes, cfg_test_reg_gen_params),
	KUNIT_CASE(cfg_test_bar_address),
	KUNIT_CASE(cfg_test_command),
	KUNIT_CASE(cfg_test_status_clear),
	KUNIT_CASE(cfg_test_d3hot),
	KUNIT_CASE(cfg_test_no_such_state),
	KUNIT_CASE(cfg_test_flr),
	KUNIT_CASE(cfg_test_intx_status),
	KUNIT_CASE(cfg_test_any_access),
	KUNIT_CASE(cfg_test_unaligned_write),
	KUNIT_CASE(cfg_test_out_of_range),
	{}
};

static struct kunit_suite cfg_test_suite = {
	.name = "rcar_du_mdev_cfg",
	.test_cases = cfg_test_cases,
};

kunit_test_suite(cfg_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("R-Car DU mediated device: tests of the PCI configuration space");
MODULE_LICENSE("GPL");
