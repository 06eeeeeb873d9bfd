// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests: EDID
 *
 * Offsets and bits are those of the VESA Enhanced EDID Standard 1.4, and the
 * region is used as QEMU's hw/vfio/display.c does.
 */

#include <linux/module.h>
#include <linux/unaligned.h>

#include <uapi/linux/vfio.h>

#include <kunit/test.h>

#include "../rcar_du_mdev_edid.h"

#define BLOCK		128

static_assert(sizeof(struct vfio_region_gfx_edid) <= RCAR_DU_MDEV_EDID_OFFSET);

static const u8 edid_test_header[] = { 0, 255, 255, 255, 255, 255, 255, 0 };

static u8 edid_test_sum(const u8 *block)
{
	unsigned int i;
	u8 sum = 0;

	for (i = 0; i < BLOCK; i++)
		sum += block[i];

	return sum;
}

static void edid_test_fix_sum(u8 *block)
{
	block[127] -= edid_test_sum(block);
}

/* No byte more than @size, so that KASAN sees accesses beyond it. */
static void *edid_test_dup(struct kunit *test, const void *src, size_t size)
{
	void *dst = kunit_kmalloc(test, size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, dst);

	return memcpy(dst, src, size);
}

/* -----------------------------------------------------------------------------
 * Generator
 */

/**
 * struct edid_test_mode - A preferred mode, and what it is made of
 * @name: name
 * @width: width asked for
 * @height: height asked for
 * @refresh: refresh rate asked for, Hz
 * @dtd_width: expected width
 * @dtd_height: expected height
 * @htotal: expected pixels of a line, or 0 if not known
 * @vtotal: expected lines, or 0 if not known
 * @clock: expected pixel clock in kHz, or 0 if not known
 * @mhz_min: least refresh rate expected, mHz
 * @mhz_max: greatest refresh rate expected, mHz
 */
struct edid_test_mode {
	const char *name;
	u32 width;
	u32 height;
	u32 refresh;
	u32 dtd_width;
	u32 dtd_height;
	u32 htotal;
	u32 vtotal;
	u32 clock;
	u32 mhz_min;
	u32 mhz_max;
};

static const struct edid_test_mode edid_test_modes[] = {
	/* CEA-861 formats 16 and 4 */
	{ "1080p60", 1920, 1080, 60, 1920, 1080, 2200, 1125, 148500,
	  60000, 60000 },
	{ "720p60", 1280, 720, 60, 1280, 720, 1650, 750, 74250, 60000, 60000 },
	/* VESA DMT, with reduced blanking: drm_dmt_modes in drm_edid.c */
	{ "1920x1200", 1920, 1200, 60, 1920, 1200, 2080, 1235, 0,
	  59990, 60010 },
	{ "2560x1600", 2560, 1600, 60, 2560, 1600, 2720, 1646, 0,
	  59990, 60010 },
	{ "1080p75", 1920, 1080, 75, 1920, 1080, 2080, 0, 0, 74980, 75020 },
	{ "odd size", 801, 603, 60, 801, 603, 961, 0, 0, 59980, 60020 },
	{ "1024x600 at 240 Hz", 1024, 600, 240, 1024, 600, 1184, 0, 0,
	  239900, 240100 },
	/* Over 655.35 MHz at the rate asked for. */
	{ "2160p at 75 Hz", 3840, 2160, 75, 3840, 2160, 4000, 0, 0,
	  70000, 75000 },
	{ "largest", 4095, 2047, 240, 4095, 2047, 4255, 0, 0, 70000, 80000 },
	{ "square", 4095, 4095, 60, 4095, 4095, 4255, 0, 0, 30000, 40000 },
	{ "too large", U32_MAX, U32_MAX, U32_MAX, 4095, 4095, 4255, 0, 0,
	  30000, 40000 },
	{ "too small", 0, 0, 0, 64, 64, 224, 0, 0, 9000, 11000 },
};

KUNIT_ARRAY_PARAM_DESC(edid_test_mode, edid_test_modes, name);

static void edid_test_preferred_mode(struct kunit *test)
{
	const struct edid_test_mode *mode = test->param_value;
	u32 hactive, hblank, vactive, vblank, clock, rate;
	u32 hfront, hsync, vfront, vsync;
	u8 edid[BLOCK];
	u8 *dtd = &edid[54];

	memset(edid, 0xa5, sizeof(edid));
	KUNIT_ASSERT_EQ(test,
			rcar_du_mdev_edid_generate(edid, mode->width,
						   mode->height, mode->refresh),
			BLOCK);
	KUNIT_EXPECT_MEMEQ(test, edid, edid_test_header, 8);
	KUNIT_EXPECT_EQ(test, edid_test_sum(edid), 0);

	clock = get_unaligned_le16(dtd) * 10;
	hactive = dtd[2] | (dtd[4] & 0xf0) << 4;
	hblank = dtd[3] | (dtd[4] & 0x0f) << 8;
	vactive = dtd[5] | (dtd[7] & 0xf0) << 4;
	vblank = dtd[6] | (dtd[7] & 0x0f) << 8;
	hfront = dtd[8] | (dtd[11] & 0xc0) << 2;
	hsync = dtd[9] | (dtd[11] & 0x30) << 4;
	vfront = dtd[10] >> 4 | (dtd[11] & 0x0c) << 2;
	vsync = (dtd[10] & 0x0f) | (dtd[11] & 0x03) << 4;

	KUNIT_EXPECT_EQ(test, hactive, mode->dtd_width);
	KUNIT_EXPECT_EQ(test, vactive, mode->dtd_height);
	if (mode->htotal)
		KUNIT_EXPECT_EQ(test, hactive + hblank, mode->htotal);
	if (mode->vtotal)
		KUNIT_EXPECT_EQ(test, vactive + vblank, mode->vtotal);
	if (mode->clock)
		KUNIT_EXPECT_EQ(test, clock, mode->clock);

	KUNIT_ASSERT_GT(test, clock, 0);
	KUNIT_EXPECT_GT(test, hfront, 0);
	KUNIT_EXPECT_GT(test, hsync, 0);
	KUNIT_EXPECT_LT(test, hfront + hsync, hblank);
	KUNIT_EXPECT_GT(test, vfront, 0);
	KUNIT_EXPECT_GT(test, vsync, 0);
	/* rcar_du_crtc_mode_valid() wants a back porch of 3 lines. */
	KUNIT_EXPECT_LE(test, vfront + vsync + 3, vblank);

	rate = div_u64(clock * 1000000ULL, (hactive + hblank) * (vactive + vblank));
	KUNIT_EXPECT_GE(test, rate, mode->mhz_min);
	KUNIT_EXPECT_LE(test, rate, mode->mhz_max);
}

static void edid_test_base_block(struct kunit *test)
{
	static const u8 name[] = {
		0, 0, 0, 0xfc, 0, 'R', '-', 'C', 'a', 'r', ' ', 'V', 'D', 'U',
		'\n', ' ', ' ', ' ',
	};
	u8 edid[BLOCK];
	unsigned int i;
	u16 vendor;

	rcar_du_mdev_edid_generate(edid, 1920, 1080, 60);

	vendor = get_unaligned_be16(&edid[8]);
	KUNIT_EXPECT_FALSE(test, vendor & 0x8000);
	for (i = 0; i < 15; i += 5) {
		KUNIT_EXPECT_GE(test, vendor >> i & 0x1f, 1);
		KUNIT_EXPECT_LE(test, vendor >> i & 0x1f, 26);
	}

	/* Version 1.4, digital. */
	KUNIT_EXPECT_EQ(test, edid[18], 1);
	KUNIT_EXPECT_EQ(test, edid[19], 4);
	KUNIT_EXPECT_TRUE(test, edid[20] & 0x80);
	/* 1920x1080 at 96 dpi is 508 mm x 286 mm. */
	KUNIT_EXPECT_EQ(test, edid[21], 51);
	KUNIT_EXPECT_EQ(test, edid[22], 29);
	KUNIT_EXPECT_EQ(test, edid[66] | (edid[68] & 0xf0) << 4, 508);
	KUNIT_EXPECT_EQ(test, edid[67] | (edid[68] & 0x0f) << 8, 286);
	/* 640x480, 800x600 and 1024x768 at 60 Hz, nothing else. */
	KUNIT_EXPECT_EQ(test, edid[35], 0x21);
	KUNIT_EXPECT_EQ(test, edid[36], 0x08);
	KUNIT_EXPECT_EQ(test, edid[37], 0x00);
	for (i = 38; i < 54; i++)
		KUNIT_EXPECT_EQ(test, edid[i], 1);
	/* Separate syncs, positive both. */
	KUNIT_EXPECT_EQ(test, edid[71], 0x1e);
	KUNIT_EXPECT_MEMEQ(test, &edid[72], name, sizeof(name));
	KUNIT_EXPECT_EQ(test, edid[126], 0);
}

static void edid_test_range_limits(struct kunit *test)
{
	static const u8 tag[] = { 0, 0, 0, 0xfd, 0 };
	u8 edid[BLOCK];

	rcar_du_mdev_edid_generate(edid, 1920, 1080, 60);
	KUNIT_EXPECT_MEMEQ(test, &edid[90], tag, sizeof(tag));
	/* 60 Hz, 67.5 kHz, 148.5 MHz; the least is 640x480: 31.5 kHz. */
	KUNIT_EXPECT_LE(test, edid[95], 60);
	KUNIT_EXPECT_GE(test, edid[96], 60);
	KUNIT_EXPECT_LE(test, edid[97], 31);
	KUNIT_EXPECT_GE(test, edid[98], 68);
	KUNIT_EXPECT_GE(test, edid[99] * 10, 149);
	KUNIT_EXPECT_EQ(test, edid[101], '\n');

	/* Small modes must not exclude the established timings. */
	rcar_du_mdev_edid_generate(edid, 320, 240, 30);
	KUNIT_EXPECT_LE(test, edid[95], 30);
	KUNIT_EXPECT_GE(test, edid[96], 60);
	KUNIT_EXPECT_GE(test, edid[98], 49);
	KUNIT_EXPECT_GE(test, edid[99] * 10, 65);

	/* 1024x2047 at 240 Hz has over 500 kHz: offset by 255. */
	rcar_du_mdev_edid_generate(edid, 1024, 2047, 240);
	KUNIT_EXPECT_EQ(test, edid[94], 0x08);
	KUNIT_EXPECT_GE(test, edid[98] + 255, 500);
}

/* What is left is the preferred timing, from which nothing is inferred. */
static void edid_test_restrict(struct kunit *test)
{
	static const u8 unused[18] = { [3] = 0x10 };
	u8 edid[BLOCK], full[BLOCK];
	unsigned int i;
	u8 sum = 0;

	rcar_du_mdev_edid_generate(full, 1024, 600, 60);
	memcpy(edid, full, sizeof(edid));
	rcar_du_mdev_edid_restrict(edid);
	KUNIT_EXPECT_EQ(test, edid[24], 0x06);
	KUNIT_EXPECT_EQ(test, edid[35] | edid[36] | edid[37], 0);
	for (i = 38; i < 54; i++)
		KUNIT_EXPECT_EQ(test, edid[i], 1);
	KUNIT_EXPECT_MEMEQ(test, &edid[54], &full[54], 36);
	KUNIT_EXPECT_MEMEQ(test, &edid[90], unused, sizeof(unused));
	KUNIT_EXPECT_MEMEQ(test, &edid[108], unused, sizeof(unused));
	for (i = 0; i < BLOCK; i++)
		sum += edid[i];
	KUNIT_EXPECT_EQ(test, sum, 0);
}

/* -----------------------------------------------------------------------------
 * Sanitising
 */

/* What a block of the EDID to be sanitised is. */
enum edid_test_block {
	NONE,
	CTA,		/* with its number in the second byte */
	DISPLAYID,
	BAD_SUM,	/* CTA with a wrong checksum */
	EMPTY,
	OTHER,		/* another tag, right checksum */
};

#define MAX_BLOCKS	6

/**
 * struct edid_test_blob - An EDID from user space
 * @name: name
 * @blocks: extension blocks
 * @claimed: number of extension blocks that the base block says
 * @size: bytes handed over
 * @kept: positions of the extension blocks that stay, ended by 0
 */
struct edid_test_blob {
	const char *name;
	u8 blocks[MAX_BLOCKS];
	u8 claimed;
	u32 size;
	u8 kept[MAX_BLOCKS + 1];
};

static const struct edid_test_blob edid_test_blobs[] = {
	{ "base only", { NONE }, 0, 128 },
	{ "CTA", { CTA }, 1, 256, { 1 } },
	{ "CTA and DisplayID", { CTA, DISPLAYID }, 2, 384, { 1, 2 } },
	{ "QEMU, first resize", { CTA, EMPTY }, 2, 384, { 1 } },
	{ "QEMU, third resize", { CTA, EMPTY, EMPTY, EMPTY }, 4, 640, { 1 } },
	{ "QEMU, stale block", { CTA, OTHER, DISPLAYID }, 3, 512, { 1, 3 } },
	{ "bad checksum first", { BAD_SUM, CTA }, 2, 384, { 2 } },
	{ "nothing of use", { BAD_SUM, EMPTY, OTHER }, 3, 512 },
	{ "claims too many", { CTA }, 5, 256, { 1 } },
	{ "claims 255", { CTA, CTA }, 255, 384, { 1, 2 } },
	{ "claims too few", { CTA, CTA, CTA }, 1, 512, { 1 } },
	{ "claims none", { CTA }, 0, 256 },
	{ "half a block", { CTA, CTA }, 2, 383, { 1 } },
	{ "one byte more", { CTA }, 1, 257, { 1 } },
	{ "cut to the base", { CTA }, 1, 255 },
	{ "all", { CTA, CTA, CTA, CTA, CTA, CTA }, 6, 896,
	  { 1, 2, 3, 4, 5, 6 } },
};

KUNIT_ARRAY_PARAM_DESC(edid_test_blob, edid_test_blobs, name);

static void edid_test_put_block(u8 *block, enum edid_test_block type, u8 number)
{
	static const u8 tags[] = {
		[CTA] = 0x02, [DISPLAYID] = 0x70, [BAD_SUM] = 0x02,
		[OTHER] = 0x40,
	};

	memset(block, 0, BLOCK);
	if (type == NONE || type == EMPTY)
		return;

	block[0] = tags[type];
	block[1] = number;
	edid_test_fix_sum(block);
	if (type == BAD_SUM)
		block[127]++;
}

static void edid_test_sanitise(struct kunit *test)
{
	const struct edid_test_blob *blob = test->param_value;
	u32 i, size, kept = 0;
	u8 *edid;

	edid = kunit_kzalloc(test, (MAX_BLOCKS + 1) * BLOCK, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, edid);
	rcar_du_mdev_edid_generate(edid, 1280, 800, 75);
	edid[126] = blob->claimed;
	edid_test_fix_sum(edid);
	for (i = 0; i < MAX_BLOCKS; i++)
		edid_test_put_block(edid + (i + 1) * BLOCK, blob->blocks[i],
				    i + 1);
	edid = edid_test_dup(test, edid, blob->size);

	size = rcar_du_mdev_edid_sanitise(edid, blob->size);

	while (blob->kept[kept])
		kept++;
	KUNIT_ASSERT_EQ(test, size, (1 + kept) * BLOCK);
	KUNIT_EXPECT_EQ(test, edid[126], kept);
	for (i = 0; i <= kept; i++)
		KUNIT_EXPECT_EQ(test, edid_test_sum(edid + i * BLOCK), 0);
	for (i = 0; i < kept; i++)
		KUNIT_EXPECT_EQ(test, edid[(i + 1) * BLOCK + 1], blob->kept[i]);

	/* Once more changes nothing. */
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_edid_sanitise(edid, size), size);
}

static void edid_test_sanitise_bad_base(struct kunit *test)
{
	u8 edid[BLOCK];
	unsigned int i;

	for (i = 0; i < 8; i++) {
		rcar_du_mdev_edid_generate(edid, 1280, 800, 75);
		edid[i] ^= 0x10;
		edid_test_fix_sum(edid);
		KUNIT_EXPECT_EQ(test, rcar_du_mdev_edid_sanitise(edid, BLOCK), 0);
	}

	rcar_du_mdev_edid_generate(edid, 1280, 800, 75);
	edid[60] ^= 0x01;
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_edid_sanitise(edid, BLOCK), 0);

	rcar_du_mdev_edid_generate(edid, 1280, 800, 75);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_edid_sanitise(edid, BLOCK - 1), 0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_edid_sanitise(edid, 0), 0);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_edid_sanitise(NULL, 0), 0);
}

/* -----------------------------------------------------------------------------
 * Region
 */

#define FIELD(name)	offsetof(struct vfio_region_gfx_edid, name)

static struct rcar_du_mdev_edid *edid_test_new(struct kunit *test)
{
	struct rcar_du_mdev_edid *edid;

	edid = kunit_kzalloc(test, sizeof(*edid), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, edid);
	memset(edid, 0xa5, sizeof(*edid));
	rcar_du_mdev_edid_init(edid, 1920, 1080);

	return edid;
}

static u32 edid_test_get(const struct rcar_du_mdev_edid *edid, u32 offset)
{
	u32 value = 0;

	rcar_du_mdev_edid_read(edid, offset, (u8 *)&value, sizeof(value));

	return value;
}

static bool edid_test_set(struct rcar_du_mdev_edid *edid, u32 offset, u32 value)
{
	return rcar_du_mdev_edid_write(edid, offset, (u8 *)&value,
				       sizeof(value));
}

static void edid_test_region_init(struct kunit *test)
{
	struct rcar_du_mdev_edid *edid = edid_test_new(test);
	u32 offset = edid_test_get(edid, FIELD(edid_offset));
	u8 expected[BLOCK], blob[BLOCK];

	KUNIT_EXPECT_EQ(test, offset, RCAR_DU_MDEV_EDID_OFFSET);
	KUNIT_EXPECT_EQ(test, edid_test_get(edid, FIELD(edid_max_size)),
			RCAR_VDU_EDID_WINDOW_SIZE);
	KUNIT_EXPECT_EQ(test, edid_test_get(edid, FIELD(edid_size)), BLOCK);
	KUNIT_EXPECT_EQ(test, edid_test_get(edid, FIELD(max_xres)), 1920);
	KUNIT_EXPECT_EQ(test, edid_test_get(edid, FIELD(max_yres)), 1080);
	KUNIT_EXPECT_EQ(test, edid_test_get(edid, FIELD(link_state)),
			VFIO_DEVICE_GFX_LINK_STATE_UP);

	rcar_du_mdev_edid_generate(expected, 1920, 1080, 60);
	rcar_du_mdev_edid_read(edid, offset, blob, sizeof(blob));
	KUNIT_EXPECT_MEMEQ(test, blob, expected, sizeof(expected));
}

/* vfio_display_edid_update() */
static void edid_test_region_update(struct kunit *test)
{
	struct rcar_du_mdev_edid *edid = edid_test_new(test);
	u8 blob[3 * BLOCK], read[3 * BLOCK];

	memset(blob, 0x3c, sizeof(blob));

	KUNIT_EXPECT_TRUE(test, edid_test_set(edid, FIELD(link_state),
					      VFIO_DEVICE_GFX_LINK_STATE_DOWN));
	KUNIT_EXPECT_FALSE(test, edid->link_up);
	KUNIT_EXPECT_FALSE(test, edid_test_set(edid, FIELD(edid_size),
					       sizeof(blob)));
	KUNIT_EXPECT_FALSE(test, rcar_du_mdev_edid_write(edid,
							 RCAR_DU_MDEV_EDID_OFFSET,
							 blob, sizeof(blob)));
	KUNIT_EXPECT_TRUE(test, edid_test_set(edid, FIELD(link_state),
					      VFIO_DEVICE_GFX_LINK_STATE_UP));
	KUNIT_EXPECT_TRUE(test, edid->link_up);
	KUNIT_EXPECT_EQ(test, edid->size, sizeof(blob));
	KUNIT_EXPECT_MEMEQ(test, edid->blob, blob, sizeof(blob));

	rcar_du_mdev_edid_read(edid, RCAR_DU_MDEV_EDID_OFFSET, read,
			       sizeof(read));
	KUNIT_EXPECT_MEMEQ(test, read, blob, sizeof(blob));
}

static void edid_test_region_link_state(struct kunit *test)
{
	struct rcar_du_mdev_edid *edid = edid_test_new(test);

	/* UP again takes a new blob over, DOWN again is nothing. */
	KUNIT_EXPECT_TRUE(test, edid_test_set(edid, FIELD(link_state), 1));
	KUNIT_EXPECT_TRUE(test, edid_test_set(edid, FIELD(link_state), 2));
	KUNIT_EXPECT_FALSE(test, edid_test_set(edid, FIELD(link_state), 2));
	KUNIT_EXPECT_EQ(test, edid_test_get(edid, FIELD(link_state)), 2);

	/* There are no other states. */
	KUNIT_EXPECT_FALSE(test, edid_test_set(edid, FIELD(link_state), 0));
	KUNIT_EXPECT_FALSE(test, edid_test_set(edid, FIELD(link_state), 3));
	KUNIT_EXPECT_EQ(test, edid_test_get(edid, FIELD(link_state)), 2);
	KUNIT_EXPECT_TRUE(test, edid_test_set(edid, FIELD(link_state), 1));
}

static void edid_test_region_read_only(struct kunit *test)
{
	static const u32 fields[] = {
		FIELD(edid_offset), FIELD(edid_max_size), FIELD(max_xres),
		FIELD(max_yres), sizeof(struct vfio_region_gfx_edid), 0xffc,
	};
	struct rcar_du_mdev_edid *edid = edid_test_new(test);
	struct rcar_du_mdev_edid *before;
	unsigned int i;

	before = edid_test_dup(test, edid, sizeof(*edid));

	for (i = 0; i < ARRAY_SIZE(fields); i++)
		KUNIT_EXPECT_FALSE(test, edid_test_set(edid, fields[i], 1));
	KUNIT_EXPECT_MEMEQ(test, edid, before, sizeof(*edid));
}

/* QEMU's EDID grows: larger than edid_max_size is fine, the tail is dropped. */
static void edid_test_region_too_large(struct kunit *test)
{
	struct rcar_du_mdev_edid *edid = edid_test_new(test);
	u32 size = RCAR_DU_MDEV_EDID_MAX_SIZE + BLOCK;
	u8 *blob;

	blob = kunit_kzalloc(test, size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, blob);
	memset(blob, 0x77, size);

	edid_test_set(edid, FIELD(edid_size), size);
	rcar_du_mdev_edid_write(edid, RCAR_DU_MDEV_EDID_OFFSET, blob, size);
	KUNIT_EXPECT_EQ(test, edid_test_get(edid, FIELD(edid_size)), size);
	KUNIT_EXPECT_EQ(test, edid->max_xres, 1920);
	KUNIT_EXPECT_MEMEQ(test, edid->blob, blob, sizeof(edid->blob));

	/* Behind the end, and so far behind that offset + count wraps. */
	rcar_du_mdev_edid_write(edid, RCAR_DU_MDEV_EDID_REGION_SIZE, blob, 8);
	rcar_du_mdev_edid_write(edid, U32_MAX - 3, blob, 64);
	KUNIT_EXPECT_EQ(test, edid_test_get(edid, FIELD(edid_size)), size);
	KUNIT_EXPECT_EQ(test, edid_test_get(edid, U32_MAX - 3), 0);
	KUNIT_EXPECT_EQ(test, edid_test_get(edid,
					    RCAR_DU_MDEV_EDID_REGION_SIZE), 0);
}

/* In pieces of any size, across fields and into the blob. */
static void edid_test_region_pieces(struct kunit *test)
{
	struct rcar_du_mdev_edid *edid = edid_test_new(test);
	struct vfio_region_gfx_edid fields;
	u32 value = 0x12345678;
	u8 bytes[8] = {};
	unsigned int i;

	for (i = 0; i < sizeof(value); i++)
		rcar_du_mdev_edid_write(edid, FIELD(edid_size) + i,
					(u8 *)&value + i, 1);
	KUNIT_EXPECT_EQ(test, edid_test_get(edid, FIELD(edid_size)), value);

	/* All fields at once, as nobody does. */
	rcar_du_mdev_edid_read(edid, 0, (u8 *)&fields, sizeof(fields));
	KUNIT_EXPECT_EQ(test, fields.edid_offset, RCAR_DU_MDEV_EDID_OFFSET);
	fields.edid_size = 256;
	fields.max_xres = 1;
	fields.link_state = VFIO_DEVICE_GFX_LINK_STATE_DOWN;
	KUNIT_EXPECT_TRUE(test, rcar_du_mdev_edid_write(edid, 0, (u8 *)&fields,
							sizeof(fields)));
	KUNIT_EXPECT_EQ(test, edid->size, 256);
	KUNIT_EXPECT_EQ(test, edid->max_xres, 1920);
	KUNIT_EXPECT_FALSE(test, edid->link_up);

	/* Four bytes of nothing and the first four of the EDID header. */
	rcar_du_mdev_edid_read(edid, RCAR_DU_MDEV_EDID_OFFSET - 4, bytes, 8);
	KUNIT_EXPECT_EQ(test, get_unaligned_le32(&bytes[0]), 0);
	KUNIT_EXPECT_EQ(test, get_unaligned_le32(&bytes[4]), 0xffffff00);
}

static struct kunit_case edid_test_cases[] = {
	KUNIT_CASE_PARAM(edid_test_preferred_mode, edid_test_mode_gen_params),
	KUNIT_CASE(edid_test_base_block),
	KUNIT_CASE(edid_test_range_limits),
	KUNIT_CASE(edid_test_restrict),
	KUNIT_CASE_PARAM(edid_test_sanitise, edid_test_blob_gen_params),
	KUNIT_CASE(edid_test_sanitise_bad_base),
	KUNIT_CASE(edid_test_region_init),
	KUNIT_CASE(edid_test_region_update),
	KUNIT_CASE(edid_test_region_link_state),
	KUNIT_CASE(edid_test_region_read_only),
	KUNIT_CASE(edid_test_region_too_large),
	KUNIT_CASE(edid_test_region_pieces),
	{}
};

static struct kunit_suite edid_test_suite = {
	.name = "rcar_du_mdev_edid",
	.test_cases = edid_test_cases,
};

kunit_test_suite(edid_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("R-Car DU mediated device: tests of the EDID");
MODULE_LICENSE("GPL");
