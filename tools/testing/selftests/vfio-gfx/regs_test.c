// SPDX-License-Identifier: GPL-2.0-only
/*
 * registers of the DU and the VDU
 */

#include "kselftest_harness.h"

#include <time.h>

#include "lib/vfio_gfx.h"

FIXTURE(regs) {
	struct vfio_gfx_dev dev;
};

FIXTURE_VARIANT(regs) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(regs, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(regs, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(regs)
{
	const char *missing = vfio_gfx_open(&self->dev, variant->mode);

	if (missing)
		SKIP(return, "no %s", missing);
}

FIXTURE_TEARDOWN(regs)
{
	vfio_gfx_close(&self->dev);
}

static const __u32 du_regs[] = {
	DIER, HDSR, HDER, VDSR, VDER, HCR, HSWR, VCR, VSPR, DESR, DEWR,
	ESCR0, OTAR0, DORCR, DPTSR, DS1PR, DS2PR,
};

static const __u32 plane_regs[] = {
	PnMR, PnMWR, PnALPHAR, PnDSXR, PnDSYR, PnDPXR, PnDPYR, PnDSA0R,
	PnDSA1R, PnDSA2R, PnSPXR, PnSPYR, PnTC2R, PnTC3R, PnDDCR2, PnDDCR4,
};

static const __u32 page_plane_regs[] = {
	RCAR_VDU_PLANE_ADDR_HI, RCAR_VDU_PLANE_ROLE, RCAR_VDU_PLANE_HOT_X,
	RCAR_VDU_PLANE_HOT_Y, RCAR_VDU_PLANE_ALPHA, RCAR_VDU_PLANE_BLEND,
	RCAR_VDU_PLANE_MAPPING,
};

/*
 * Bits that a register does not have may be dropped or kept; bits 7:4 are
 * among those that every register in the lists above has, except for the role.
 */
#define COMMON_BITS	0xf0

/* -----------------------------------------------------------------------------
 * Stored values
 */

TEST_F(regs, identity)
{
	struct vfio_gfx_dev *dev = &self->dev;
	__u32 version = vfio_gfx_page_read(dev, RCAR_VDU_VERSION);

	EXPECT_EQ(RCAR_VDU_MAGIC_VALUE,
		  vfio_gfx_page_read(dev, RCAR_VDU_MAGIC));
	EXPECT_EQ(RCAR_VDU_VERSION_MAJOR, version >> 16);
	EXPECT_LE(RCAR_VDU_VERSION_MINOR, version & 0xffff);
}

TEST_F(regs, limits)
{
	struct vfio_gfx_dev *dev = &self->dev;

	EXPECT_LE(1, vfio_gfx_page_read(dev, RCAR_VDU_NUM_PLANES));
	EXPECT_GE(RCAR_VDU_NUM_PLANE_PAGES,
		  vfio_gfx_page_read(dev, RCAR_VDU_NUM_PLANES));
	EXPECT_LE(1920, vfio_gfx_page_read(dev, RCAR_VDU_MAX_WIDTH));
	EXPECT_LE(1080, vfio_gfx_page_read(dev, RCAR_VDU_MAX_HEIGHT));
	EXPECT_LE(1920, vfio_gfx_page_read(dev, RCAR_VDU_MAX_PITCH));
	EXPECT_NE(0, vfio_gfx_page_read(dev, RCAR_VDU_PITCH_ALIGN));
	EXPECT_NE(0, vfio_gfx_page_read(dev, RCAR_VDU_FORMATS) &
		  RCAR_VDU_FORMAT_XRGB8888);
	EXPECT_LE(32, vfio_gfx_page_read(dev, RCAR_VDU_ADDR_BITS));
	EXPECT_GE(60000, vfio_gfx_page_read(dev, RCAR_VDU_MIN_REFRESH));
	EXPECT_LE(60000, vfio_gfx_page_read(dev, RCAR_VDU_MAX_REFRESH));
	EXPECT_LE(148500000, vfio_gfx_page_read(dev, RCAR_VDU_CLKS));
}

TEST_F(regs, read_back)
{
	struct vfio_gfx_dev *dev = &self->dev;
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(du_regs); i++) {
		vfio_gfx_du_write(dev, du_regs[i], 0x50);
		EXPECT_EQ(0x50, vfio_gfx_du_read(dev, du_regs[i]) & COMMON_BITS)
			TH_LOG("register 0x%05x", du_regs[i]);
		vfio_gfx_du_write(dev, du_regs[i], 0);
		EXPECT_EQ(0, vfio_gfx_du_read(dev, du_regs[i]))
			TH_LOG("register 0x%05x", du_regs[i]);
	}

	for (n = 0; n < RCAR_VDU_NUM_PLANE_PAGES; n++) {
		for (i = 0; i < ARRAY_SIZE(plane_regs); i++) {
			__u32 reg = RCAR_VDU_PLANE_PAGE(n) + plane_regs[i];

			vfio_gfx_du_write(dev, reg, n << 4);
			EXPECT_EQ(n << 4,
				  vfio_gfx_du_read(dev, reg) & COMMON_BITS)
				TH_LOG("register 0x%05x", reg);
		}
	}

	for (n = 0; n < RCAR_VDU_NUM_PLANE_PAGES; n++) {
		for (i = 0; i < ARRAY_SIZE(page_plane_regs); i++) {
			__u32 reg = RCAR_VDU_PLANE(n) + page_plane_regs[i];

			vfio_gfx_page_write(dev, reg, 2);
			EXPECT_EQ(2, vfio_gfx_page_read(dev, reg))
				TH_LOG("VDU register 0x%04x", reg);
		}
	}
}

/* Writing one register changes no other one. */
TEST_F(regs, independent)
{
	struct vfio_gfx_dev *dev = &self->dev;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(du_regs); i++)
		vfio_gfx_du_write(dev, du_regs[i], i << 4);
	for (i = 0; i < ARRAY_SIZE(plane_regs); i++)
		vfio_gfx_du_write(dev, RCAR_VDU_PLANE_PAGE(3) + plane_regs[i],
				  i << 4);

	for (i = 0; i < ARRAY_SIZE(du_regs); i++) {
		__u32 value = vfio_gfx_du_read(dev, du_regs[i]);

		EXPECT_EQ((i << 4) & COMMON_BITS, value & COMMON_BITS)
			TH_LOG("register 0x%05x", du_regs[i]);
	}
	for (i = 0; i < ARRAY_SIZE(plane_regs); i++) {
		__u32 value = vfio_gfx_du_read(dev, RCAR_VDU_PLANE_PAGE(3) +
					       plane_regs[i]);

		EXPECT_EQ((i << 4) & COMMON_BITS, value & COMMON_BITS)
			TH_LOG("plane register 0x%02x", plane_regs[i]);
	}
}

TEST_F(regs, dclkin)
{
	vfio_gfx_page_write(&self->dev, RCAR_VDU_DCLKIN, 74250000);
	EXPECT_EQ(74250000, vfio_gfx_page_read(&self->dev, RCAR_VDU_DCLKIN));
}

TEST_F(regs, read_only)
{
	static const __u32 regs[] = {
		RCAR_VDU_MAGIC, RCAR_VDU_VERSION, RCAR_VDU_FEATURES,
		RCAR_VDU_NUM_PLANES, RCAR_VDU_MAX_WIDTH, RCAR_VDU_MAX_HEIGHT,
		RCAR_VDU_MAX_PITCH, RCAR_VDU_PITCH_ALIGN, RCAR_VDU_FORMATS,
		RCAR_VDU_ADDR_BITS, RCAR_VDU_MIN_REFRESH, RCAR_VDU_MAX_REFRESH,
		RCAR_VDU_CLKS, RCAR_VDU_HEAD_STATUS, RCAR_VDU_EDID_SIZE,
		RCAR_VDU_FRAME_COUNT, RCAR_VDU_LATCH_COUNT,
		RCAR_VDU_PLANE(0) + RCAR_VDU_PLANE_ERROR, RCAR_VDU_EDID,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(regs); i++) {
		__u32 old = vfio_gfx_page_read(&self->dev, regs[i]);

		vfio_gfx_page_write(&self->dev, regs[i], ~old);
		EXPECT_EQ(old, vfio_gfx_page_read(&self->dev, regs[i]))
			TH_LOG("VDU register 0x%04x", regs[i]);
	}
}

TEST_F(regs, unknown)
{
	static const __u32 du[] = {
		0x00f00, 0x01000, 0x0f000, 0x10008, 0x11010, 0x20000, 0x20030,
		0x30000, 0x3fffc,
	};
	static const __u32 page[] = {
		0x000c, 0x0034, 0x0070, 0x0088, 0x00fc, 0x0200, 0x0ffc, 0x2000,
		0x3ffc,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(du); i++) {
		vfio_gfx_du_write(&self->dev, du[i], ~0);
		EXPECT_EQ(0, vfio_gfx_du_read(&self->dev, du[i]))
			TH_LOG("register 0x%05x", du[i]);
	}
	for (i = 0; i < ARRAY_SIZE(page); i++) {
		vfio_gfx_page_write(&self->dev, page[i], ~0);
		EXPECT_EQ(0, vfio_gfx_page_read(&self->dev, page[i]))
			TH_LOG("VDU register 0x%04x", page[i]);
	}
}

/* -----------------------------------------------------------------------------
 * Access sizes
 */

TEST_F(regs, short_reads)
{
	struct vfio_gfx_dev *dev = &self->dev;
	__u32 value = RCAR_VDU_MAGIC_VALUE;
	__u8 *bytes = (__u8 *)&value;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		__u8 byte = 0;

		ASSERT_EQ(1, __vfio_gfx_pread(dev, VFIO_GFX_PAGE,
					      RCAR_VDU_MAGIC + i, &byte, 1));
		EXPECT_EQ(bytes[i], byte);
	}
	for (i = 0; i < 4; i += 2) {
		__u16 half = 0;

		ASSERT_EQ(2, __vfio_gfx_pread(dev, VFIO_GFX_PAGE,
					      RCAR_VDU_MAGIC + i, &half, 2));
		EXPECT_EQ(0, memcmp(bytes + i, &half, 2));
	}
}

TEST_F(regs, unaligned)
{
	struct vfio_gfx_dev *dev = &self->dev;
	unsigned int i;
	__u16 half;

	vfio_gfx_du_write(dev, HCR, 0x123);
	for (i = 1; i < 4; i++) {
		EXPECT_EQ(~0u, vfio_gfx_du_read(dev, HCR + i));
		EXPECT_EQ(~0u, vfio_gfx_page_read(dev, RCAR_VDU_MAGIC + i));
		vfio_gfx_du_write(dev, HCR + i, 0);
	}
	EXPECT_EQ(0x123, vfio_gfx_du_read(dev, HCR));

	for (i = 1; i < 4; i += 2) {
		half = 0;
		ASSERT_EQ(2, __vfio_gfx_pread(dev, VFIO_GFX_PAGE,
					      RCAR_VDU_MAGIC + i, &half, 2));
		EXPECT_EQ(0xffff, half);
	}
}

TEST_F(regs, two_registers_at_once)
{
	struct vfio_gfx_dev *dev = &self->dev;
	__u32 set[2] = { 0x111, 0x22 };
	__u32 get[2] = { 0 };

	ASSERT_EQ(8, __vfio_gfx_pwrite(dev, VFIO_GFX_DU, HCR, set, 8));
	EXPECT_EQ(0x111, vfio_gfx_du_read(dev, HCR));
	EXPECT_EQ(0x22, vfio_gfx_du_read(dev, HSWR));
	ASSERT_EQ(8, __vfio_gfx_pread(dev, VFIO_GFX_DU, HCR, get, 8));
	EXPECT_EQ(0, memcmp(set, get, 8));
}

TEST_F(regs, odd_sizes_do_no_harm)
{
	struct vfio_gfx_dev *dev = &self->dev;
	__u8 buf[64] = { 0 };
	size_t count, offset;

	for (count = 1; count <= sizeof(buf); count++) {
		for (offset = 0; offset < 8; offset++) {
			EXPECT_LT(0, __vfio_gfx_pread(dev, VFIO_GFX_DU,
						      0x200 + offset, buf,
						      count));
			EXPECT_LT(0, __vfio_gfx_pwrite(dev, VFIO_GFX_DU,
						       0x200 + offset, buf,
						       count));
		}
	}
	EXPECT_EQ(RCAR_VDU_MAGIC_VALUE,
		  vfio_gfx_page_read(dev, RCAR_VDU_MAGIC));
}

/* mbochs d: what is written to one BAR must not show up in the other. */
TEST_F(regs, beyond_the_end)
{
	struct vfio_gfx_dev *dev = &self->dev;
	__u32 pair[2] = { 0, 0 };

	EXPECT_EQ(~0u, vfio_gfx_du_read(dev, RCAR_VDU_DU_BAR_SIZE));
	EXPECT_EQ(~0u, vfio_gfx_page_read(dev, RCAR_VDU_REGS_BAR_SIZE));
	EXPECT_EQ(~0u, vfio_gfx_page_read(dev, 0x100000));
	vfio_gfx_du_write(dev, RCAR_VDU_DU_BAR_SIZE, 0x5a5a5a5a);
	vfio_gfx_page_write(dev, RCAR_VDU_REGS_BAR_SIZE, 0x5a5a5a5a);

	ASSERT_EQ(8, __vfio_gfx_pread(dev, VFIO_GFX_DU,
				      RCAR_VDU_DU_BAR_SIZE - 4, pair, 8));
	EXPECT_EQ(0, pair[0]);
	EXPECT_EQ(~0u, pair[1]);
	EXPECT_EQ(DSYSR_DRES, vfio_gfx_du_read(dev, DSYSR));
	EXPECT_EQ(RCAR_VDU_MAGIC_VALUE,
		  vfio_gfx_page_read(dev, RCAR_VDU_MAGIC));
}

TEST_F(regs, absent_bar)
{
	struct vfio_gfx_dev *dev = &self->dev;

	EXPECT_EQ(~0u, vfio_gfx_read(dev, VFIO_PCI_BAR1_REGION_INDEX, 0));
	vfio_gfx_write(dev, VFIO_PCI_BAR1_REGION_INDEX, 0, 0);
	EXPECT_EQ(~0u, vfio_gfx_read(dev, VFIO_PCI_ROM_REGION_INDEX, 0));
}

TEST_F(regs, negative_position)
{
	__u32 value;

	EXPECT_EQ(-1, pread(self->dev.fd, &value, 4, -4));
	EXPECT_NE(4, pread(self->dev.fd, &value, 4, INT64_MAX - 3));
}

TEST_F(regs, no_mmap)
{
	EXPECT_EQ(MAP_FAILED, mmap(NULL, vfio_gfx_page_size(), PROT_READ,
				   MAP_SHARED, self->dev.fd,
				   self->dev.offset[VFIO_GFX_DU]));
}

/* -----------------------------------------------------------------------------
 * Vertical blank
 */

static bool blanks(struct vfio_gfx_dev *dev)
{
	__u32 count = vfio_gfx_page_read(dev, RCAR_VDU_FRAME_COUNT);

	vfio_gfx_sleep_ms(200);
	return vfio_gfx_page_read(dev, RCAR_VDU_FRAME_COUNT) != count;
}

TEST_F(regs, blank_only_when_on)
{
	struct vfio_gfx_dev *dev = &self->dev;

	vfio_gfx_timing(dev, &vfio_gfx_fast);
	EXPECT_FALSE(blanks(dev));
	vfio_gfx_du_write(dev, DSYSR, 0);
	EXPECT_FALSE(blanks(dev));
	vfio_gfx_du_write(dev, DSYSR, DSYSR_DRES | DSYSR_DEN);
	EXPECT_FALSE(blanks(dev));
	vfio_gfx_du_write(dev, DSYSR, DSYSR_DEN);
	EXPECT_TRUE(blanks(dev));
	vfio_gfx_du_write(dev, DSYSR, DSYSR_DRES);
	EXPECT_FALSE(blanks(dev));
}

TEST_F(regs, blank_status)
{
	struct vfio_gfx_dev *dev = &self->dev;

	vfio_gfx_display_on(dev);
	ASSERT_TRUE(vfio_gfx_poll(dev, VFIO_GFX_DU, DSSR, DSSR_VBK, DSSR_VBK,
				  true));
	vfio_gfx_stop(dev);

	/* Only DSRCR clears it, and only what is written to it. */
	vfio_gfx_du_write(dev, DSSR, 0);
	EXPECT_EQ(DSSR_VBK, vfio_gfx_du_read(dev, DSSR) & DSSR_VBK);
	vfio_gfx_du_write(dev, DSSR, ~0);
	EXPECT_EQ(DSSR_VBK, vfio_gfx_du_read(dev, DSSR) & DSSR_VBK);
	vfio_gfx_du_write(dev, DSRCR, DSRCR_MASK & ~DSSR_VBK);
	EXPECT_EQ(DSSR_VBK, vfio_gfx_du_read(dev, DSSR) & DSSR_VBK);
	vfio_gfx_du_write(dev, DSRCR, DSSR_VBK);
	EXPECT_EQ(0, vfio_gfx_du_read(dev, DSSR) & DSSR_VBK);
	EXPECT_EQ(0, vfio_gfx_du_read(dev, DSRCR));
}

static __u64 frame_time(struct vfio_gfx_dev *dev)
{
	__u32 lo = vfio_gfx_page_read(dev, RCAR_VDU_FRAME_TIME_LO);
	__u32 hi = vfio_gfx_page_read(dev, RCAR_VDU_FRAME_TIME_HI);

	return (__u64)hi << 32 | lo;
}

/* Frame number and its time stamp, both of the same frame. */
static __u32 frame(struct vfio_gfx_dev *dev, __u64 *time)
{
	__u32 count;

	do {
		count = vfio_gfx_page_read(dev, RCAR_VDU_FRAME_COUNT);
		*time = frame_time(dev);
	} while (vfio_gfx_page_read(dev, RCAR_VDU_FRAME_COUNT) != count);

	return count;
}

/* Also when the host is late: it counts the blanks that it slept over. */
static void expect_rate(struct __test_metadata *_metadata,
			struct vfio_gfx_dev *dev, double hz)
{
	double average, period = 1e9 / hz;
	__u32 first, now;
	__u64 start, end;

	vfio_gfx_wait_frames(dev, 2);
	first = frame(dev, &start);
	do {
		vfio_gfx_sleep_ms(5);
		now = frame(dev, &end);
	} while (now - first < 30);

	average = (double)(end - start) / (now - first);
	EXPECT_GT(period * 1.03, average);
	EXPECT_LT(period * 0.97, average);
}

TEST_F(regs, rate_1080p60)
{
	vfio_gfx_timing(&self->dev, &vfio_gfx_1080p60);
	vfio_gfx_start(&self->dev);
	expect_rate(_metadata, &self->dev, 60.0);
}

TEST_F(regs, rate_vga60)
{
	vfio_gfx_timing(&self->dev, &vfio_gfx_vga60);
	vfio_gfx_start(&self->dev);
	expect_rate(_metadata, &self->dev, 59.94);
}

/* The SoC's clock and a divider instead of the dot clock input. */
TEST_F(regs, rate_internal_clock)
{
	struct vfio_gfx_dev *dev = &self->dev;
	__u32 div;

	div = (vfio_gfx_page_read(dev, RCAR_VDU_CLKS) + 74250000) / 148500000;
	ASSERT_GE(ESCR_FRQSEL_MASK + 1, div);
	vfio_gfx_timing(dev, &vfio_gfx_1080p60);
	vfio_gfx_page_write(dev, RCAR_VDU_DCLKIN, 1000000);
	vfio_gfx_du_write(dev, ESCR0, ESCR_DCLKSEL_CLKS | (div - 1));
	vfio_gfx_start(dev);
	expect_rate(_metadata, dev, vfio_gfx_page_read(dev, RCAR_VDU_CLKS) /
		    (double)div / (2200 * 1125));
}

TEST_F(regs, rate_changes_while_on)
{
	struct vfio_gfx_dev *dev = &self->dev;

	vfio_gfx_timing(dev, &vfio_gfx_1080p60);
	vfio_gfx_start(dev);
	vfio_gfx_wait_frames(dev, 2);
	vfio_gfx_page_write(dev, RCAR_VDU_DCLKIN, 74250000);
	expect_rate(_metadata, dev, 30.0);
	EXPECT_EQ(0, vfio_gfx_page_read(dev, RCAR_VDU_HEAD_STATUS) &
		  RCAR_VDU_HEAD_BAD_TIMING);
}

/* Reading the low half freezes the high one. */
TEST_F(regs, time_stamp_frozen)
{
	struct vfio_gfx_dev *dev = &self->dev;
	__u64 last = 0;
	unsigned int i;

	vfio_gfx_display_on(dev);
	vfio_gfx_wait_frames(dev, 1);
	for (i = 0; i < 200; i++) {
		__u64 time = frame_time(dev);

		EXPECT_LE(last, time);
		last = time;
	}
}

/* Neither must stop the clock, run away with the CPU or divide by zero. */
TEST_F(regs, absurd_timing)
{
	static const struct {
		__u32 clock, escr, hcr, vcr;
	} timings[] = {
		{ 0, ESCR_DCLKSEL_DCLKIN, 799, 524 },
		{ ~0, ESCR_DCLKSEL_DCLKIN, 0, 0 },
		{ 1, ESCR_DCLKSEL_DCLKIN | ESCR_FRQSEL_MASK, ~0, ~0 },
		{ 0, ESCR_DCLKSEL_CLKS, 0, 0 },
		{ 25175000, ~0, ~0, 0 },
	};
	struct vfio_gfx_dev *dev = &self->dev;
	unsigned int i;

	vfio_gfx_display_on(dev);
	for (i = 0; i < ARRAY_SIZE(timings); i++) {
		__u32 frames;

		vfio_gfx_page_write(dev, RCAR_VDU_DCLKIN, timings[i].clock);
		vfio_gfx_du_write(dev, ESCR0, timings[i].escr);
		vfio_gfx_du_write(dev, HCR, timings[i].hcr);
		vfio_gfx_du_write(dev, VCR, timings[i].vcr);

		frames = vfio_gfx_page_read(dev, RCAR_VDU_FRAME_COUNT);
		vfio_gfx_sleep_ms(500);
		frames = vfio_gfx_page_read(dev, RCAR_VDU_FRAME_COUNT) - frames;
		EXPECT_LE(2, frames) TH_LOG("timing %u", i);
		/* MAX_REFRESH, and the 500 ms may be more on a slow machine */
		EXPECT_GE(1000, frames)
			TH_LOG("timing %u", i);
		EXPECT_EQ(RCAR_VDU_HEAD_BAD_TIMING,
			  vfio_gfx_page_read(dev, RCAR_VDU_HEAD_STATUS) &
			  RCAR_VDU_HEAD_BAD_TIMING)
			TH_LOG("timing %u", i);
	}

	vfio_gfx_display_on(dev);
	vfio_gfx_wait_frames(dev, 2);
	EXPECT_EQ(0, vfio_gfx_page_read(dev, RCAR_VDU_HEAD_STATUS) &
		  RCAR_VDU_HEAD_BAD_TIMING);
}

/* -----------------------------------------------------------------------------
 * Latch
 */

TEST_F(regs, latch_at_blank)
{
	struct vfio_gfx_dev *dev = &self->dev;
	__u32 latched;

	vfio_gfx_display_on(dev);
	vfio_gfx_wait_frames(dev, 2);
	latched = vfio_gfx_page_read(dev, RCAR_VDU_LATCH_COUNT);
	vfio_gfx_wait_frames(dev, 5);
	EXPECT_EQ(latched, vfio_gfx_page_read(dev, RCAR_VDU_LATCH_COUNT));

	vfio_gfx_du_write(dev, RCAR_VDU_PLANE_PAGE(0) + PnDSXR, 16);
	EXPECT_TRUE(vfio_gfx_poll(dev, VFIO_GFX_PAGE, RCAR_VDU_LATCH_COUNT, ~0,
				  latched + 1, true));
	vfio_gfx_wait_frames(dev, 5);
	EXPECT_EQ(latched + 1, vfio_gfx_page_read(dev, RCAR_VDU_LATCH_COUNT));
}

TEST_F(regs, latch_at_start)
{
	struct vfio_gfx_dev *dev = &self->dev;
	__u32 latched = vfio_gfx_page_read(dev, RCAR_VDU_LATCH_COUNT);

	vfio_gfx_timing(dev, &vfio_gfx_vga60);
	vfio_gfx_du_write(dev, RCAR_VDU_PLANE_PAGE(0) + PnDSXR, 16);
	EXPECT_EQ(latched, vfio_gfx_page_read(dev, RCAR_VDU_LATCH_COUNT));
	vfio_gfx_start(dev);
	EXPECT_NE(latched, vfio_gfx_page_read(dev, RCAR_VDU_LATCH_COUNT));
}

TEST_F(regs, latch_held)
{
	struct vfio_gfx_dev *dev = &self->dev;
	__u32 latched;

	vfio_gfx_display_on(dev);
	vfio_gfx_wait_frames(dev, 2);
	vfio_gfx_begin(dev);
	latched = vfio_gfx_page_read(dev, RCAR_VDU_LATCH_COUNT);
	vfio_gfx_du_write(dev, RCAR_VDU_PLANE_PAGE(0) + PnDSXR, 16);
	vfio_gfx_page_write(dev, RCAR_VDU_PLANE(0) + RCAR_VDU_PLANE_HOT_X, 3);
	vfio_gfx_priority(dev, 0);
	vfio_gfx_wait_frames(dev, 5);
	EXPECT_EQ(latched, vfio_gfx_page_read(dev, RCAR_VDU_LATCH_COUNT));

	/* All of it is taken over at once. */
	vfio_gfx_commit(dev);
	vfio_gfx_wait_frames(dev, 3);
	EXPECT_EQ(latched + 1, vfio_gfx_page_read(dev, RCAR_VDU_LATCH_COUNT));
}

/* -----------------------------------------------------------------------------
 * Reset
 */

static void expect_zero(struct __test_metadata *_metadata,
			struct vfio_gfx_dev *dev, unsigned int region,
			__u32 first, __u32 end)
{
	__u32 reg;

	for (reg = first; reg < end; reg += 4) {
		__u32 value = vfio_gfx_read(dev, region, reg);

		EXPECT_EQ(0, value)
			TH_LOG("region %u register 0x%05x", region, reg);
	}
}

static void expect_reset_values(struct __test_metadata *_metadata,
				struct vfio_gfx_dev *dev)
{
	unsigned int i;

	EXPECT_EQ(DSYSR_DRES, vfio_gfx_du_read(dev, DSYSR));
	expect_zero(_metadata, dev, VFIO_GFX_DU, DSYSR + 4,
		    RCAR_VDU_PLANE_PAGE(8));
	expect_zero(_metadata, dev, VFIO_GFX_DU, ESCR0, ESCR0 + 0x40);
	expect_zero(_metadata, dev, VFIO_GFX_DU, DORCR, DORCR + 0x40);
	expect_zero(_metadata, dev, VFIO_GFX_DU, DEFR8, DIDSR + 4);
	for (i = RCAR_VDU_PLANE(0); i < RCAR_VDU_PLANE(8); i += 0x20) {
		expect_zero(_metadata, dev, VFIO_GFX_PAGE, i,
			    i + RCAR_VDU_PLANE_ALPHA);
		EXPECT_EQ(0xffff, vfio_gfx_page_read(dev, i + RCAR_VDU_PLANE_ALPHA));
		expect_zero(_metadata, dev, VFIO_GFX_PAGE,
			    i + RCAR_VDU_PLANE_BLEND, i + 0x20);
	}
	EXPECT_EQ(0, vfio_gfx_page_read(dev, RCAR_VDU_SHADOW_CTRL));
	EXPECT_EQ(0, vfio_gfx_page_read(dev, RCAR_VDU_HEAD_INT_ENABLE));
}

TEST_F(regs, reset_values)
{
	expect_reset_values(_metadata, &self->dev);
}

TEST_F(regs, reset)
{
	struct vfio_gfx_dev *dev = &self->dev;
	__u32 dclkin = vfio_gfx_page_read(dev, RCAR_VDU_DCLKIN);
	__u32 reg;

	vfio_gfx_display_on(dev);
	for (reg = DSYSR + 4; reg < RCAR_VDU_PLANE_PAGE(8); reg += 4)
		vfio_gfx_du_write(dev, reg, 0x11);
	for (reg = RCAR_VDU_PLANE(0); reg < RCAR_VDU_PLANE(8); reg += 4)
		vfio_gfx_page_write(dev, reg, 2);
	vfio_gfx_page_write(dev, RCAR_VDU_HEAD_INT_ENABLE,
			    RCAR_VDU_HEAD_INT_HOTPLUG);
	vfio_gfx_page_write(dev, RCAR_VDU_DCLKIN, 1234567);
	vfio_gfx_wait_frames(dev, 1);

	vfio_gfx_reset(dev);
	expect_reset_values(_metadata, dev);
	EXPECT_EQ(dclkin, vfio_gfx_page_read(dev, RCAR_VDU_DCLKIN));
	EXPECT_FALSE(blanks(dev));
}

/* The next owner must not see what the one before it wrote. */
TEST_F(regs, close_resets)
{
	struct vfio_gfx_dev *dev = &self->dev;

	vfio_gfx_display_on(dev);
	vfio_gfx_du_write(dev, RCAR_VDU_PLANE_PAGE(0) + PnDSA0R, 0x12345670);
	vfio_gfx_wait_frames(dev, 1);
	vfio_gfx_close(dev);

	ASSERT_EQ(0, __vfio_gfx_open_uuid(dev, variant->mode, vfio_gfx_uuid()));
	expect_reset_values(_metadata, dev);
}

TEST_F(regs, display_works_after_reset)
{
	struct vfio_gfx_dev *dev = &self->dev;
	unsigned int i;

	for (i = 0; i < 10; i++) {
		vfio_gfx_display_on(dev);
		vfio_gfx_wait_frames(dev, 1);
		vfio_gfx_reset(dev);
	}
}

TEST_HARNESS_MAIN
