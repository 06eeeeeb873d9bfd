// SPDX-License-Identifier: GPL-2.0-only
/*
 * Check codes of what is shown
 */

#include "kselftest_harness.h"

#include "lib/vfio_gfx.h"

#define WIDTH	VFIO_GFX_BUF_WIDTH
#define HEIGHT	VFIO_GFX_BUF_HEIGHT
#define SIZE	VFIO_GFX_BUF_SIZE

#define SCRIBBLE_MS	500

static const struct vfio_gfx_timing timing = {
	.clock = 25000000,
	.hdisplay = 640, .hsync_start = 656, .hsync_end = 752, .htotal = 800,
	.vdisplay = 480, .vsync_start = 490, .vsync_end = 492, .vtotal = 525,
};

/* CRC-32 of IEEE 802.3 */
static __u32 crc32(__u32 crc, const void *data, size_t size)
{
	const __u8 *p = data;
	unsigned int i;

	for (crc = ~crc; size; size--) {
		crc ^= *p++;
		for (i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

/* The code of a screen with a buffer of one byte value at a place */
static __u32 expected(unsigned int x, unsigned int y, __u8 byte)
{
	__u32 line[640], crc = 0;
	unsigned int i, j;

	for (i = 0; i < timing.vdisplay; i++) {
		for (j = 0; j < timing.hdisplay; j++)
			line[j] = 0xff000000;
		for (j = 0; i >= y && i < y + HEIGHT && j < WIDTH; j++)
			line[x + j] |= byte * 0x010101;
		crc = crc32(crc, line, sizeof(line));
	}
	return crc;
}

FIXTURE(crc) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
};

FIXTURE_VARIANT(crc) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(crc, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(crc, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(crc)
{
	const char *missing;

	ASSERT_EQ(0, __vfio_gfx_set_attr("crc", "1"));
	missing = vfio_gfx_open_with_ram(&self->dev, &self->ram, variant->mode);
	if (missing)
		SKIP(return, "no %s", missing);
	vfio_gfx_timing(&self->dev, &timing);
	vfio_gfx_start(&self->dev);
}

FIXTURE_TEARDOWN(crc)
{
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
	__vfio_gfx_set_attr("crc", "0");
}

static void turn(FIXTURE_DATA(crc) *self, bool on)
{
	vfio_gfx_page_write(&self->dev, RCAR_VDU_CRC_CTRL,
			    on ? RCAR_VDU_CRC_CTRL_ENABLE : 0);
}

/* The code of frame number "frame" or a later one; *found is that number. */
static __u32 code(FIXTURE_DATA(crc) *self, __u32 frame, __u32 *found)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_TIMEOUT_MS;
	__u32 frames, first;

	while (vfio_gfx_now_ms() < end) {
		frames = vfio_gfx_page_read(&self->dev, RCAR_VDU_CRC_FRAMES);
		first = vfio_gfx_page_read(&self->dev, RCAR_VDU_CRC_FRAME);
		if (frames && (__s32)(first + frames - 1 - frame) >= 0) {
			*found = first;
			return vfio_gfx_page_read(&self->dev, RCAR_VDU_CRC_VALUE);
		}
		vfio_gfx_sleep_ms(1);
	}
	*found = 0;
	return 0;
}

/* Of what is shown now, in the frame that is next */
static __u32 code_now(FIXTURE_DATA(crc) *self)
{
	__u32 frame = vfio_gfx_page_read(&self->dev, RCAR_VDU_FRAME_COUNT);

	return code(self, frame + 1, &frame);
}

TEST_F(crc, not_allowed)
{
	vfio_gfx_close(&self->dev);
	ASSERT_EQ(0, __vfio_gfx_set_attr("crc", "0"));
	ASSERT_EQ(NULL, vfio_gfx_open(&self->dev, variant->mode));
	EXPECT_EQ(0, vfio_gfx_page_read(&self->dev, RCAR_VDU_FEATURES) &
		     RCAR_VDU_FEATURE_CRC);
	turn(self, true);
	EXPECT_EQ(0, vfio_gfx_page_read(&self->dev, RCAR_VDU_CRC_CTRL));
	EXPECT_EQ(-EBUSY, __vfio_gfx_set_attr("crc", "1"));
}

TEST_F(crc, registers)
{
	EXPECT_EQ(RCAR_VDU_FEATURE_CRC,
		  vfio_gfx_page_read(&self->dev, RCAR_VDU_FEATURES) &
		  RCAR_VDU_FEATURE_CRC);
	EXPECT_EQ(0, vfio_gfx_page_read(&self->dev, RCAR_VDU_CRC_CTRL));
	vfio_gfx_page_write(&self->dev, RCAR_VDU_CRC_CTRL, ~0u);
	EXPECT_EQ(RCAR_VDU_CRC_CTRL_ENABLE,
		  vfio_gfx_page_read(&self->dev, RCAR_VDU_CRC_CTRL));
	vfio_gfx_reset(&self->dev);
	EXPECT_EQ(0, vfio_gfx_page_read(&self->dev, RCAR_VDU_CRC_CTRL));
	EXPECT_EQ(0, vfio_gfx_page_read(&self->dev, RCAR_VDU_CRC_FRAMES));
}

TEST_F(crc, values)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 3);

	turn(self, true);
	EXPECT_EQ(expected(0, 0, 0), code_now(self));

	vfio_gfx_show(&self->dev, &plane);
	EXPECT_EQ(expected(0, 0, 3), code_now(self));

	plane.x = 100;
	plane.y = 200;
	vfio_gfx_show(&self->dev, &plane);
	EXPECT_EQ(expected(100, 200, 3), code_now(self));

	vfio_gfx_off(&self->dev);
	EXPECT_EQ(expected(0, 0, 0), code_now(self));
}

/* A picture that stays has its code in each frame, and is composed once. */
TEST_F(crc, stays)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 3);
	__u32 now, first, again;
	long long crcs;

	vfio_gfx_show(&self->dev, &plane);
	turn(self, true);
	now = vfio_gfx_page_read(&self->dev, RCAR_VDU_FRAME_COUNT);
	EXPECT_EQ(expected(0, 0, 3), code(self, now, &first));
	crcs = __vfio_gfx_stat(&self->dev, "crcs");

	vfio_gfx_wait_frames(&self->dev, 5);
	EXPECT_EQ(expected(0, 0, 3), code(self, first + 5, &again));
	EXPECT_EQ(first, again);
	EXPECT_EQ(crcs, __vfio_gfx_stat(&self->dev, "crcs"));
}

TEST_F(crc, off)
{
	turn(self, true);
	code_now(self);
	turn(self, false);
	EXPECT_EQ(0, vfio_gfx_page_read(&self->dev, RCAR_VDU_CRC_FRAMES));
	vfio_gfx_wait_frames(&self->dev, 3);
	EXPECT_EQ(0, vfio_gfx_page_read(&self->dev, RCAR_VDU_CRC_FRAMES));
}

/* A display of a size that nobody has costs nothing. */
TEST_F(crc, huge)
{
	turn(self, true);
	code_now(self);
	vfio_gfx_du_write(&self->dev, DEWR, 0x1fff);
	vfio_gfx_wait_frames(&self->dev, 10);
	EXPECT_GT(10, vfio_gfx_page_read(&self->dev, RCAR_VDU_CRC_FRAMES));
}

/* Memory goes, and the device with it, while pictures are composed. */
TEST_F(crc, unmap)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 3);
	__u64 end = vfio_gfx_now_ms() + SCRIBBLE_MS;
	unsigned int i = 0;

	turn(self, true);
	while (vfio_gfx_now_ms() < end) {
		vfio_gfx_show(&self->dev, &plane);
		if (i++ % 4)
			vfio_gfx_sleep_ms(i % 7);
		vfio_gfx_ram_unmap(&self->dev, &self->ram);
		vfio_gfx_ram_map(&self->dev, &self->ram);
		turn(self, i % 3);
	}
	turn(self, true);
	vfio_gfx_show(&self->dev, &plane);
	/* What was unmapped is pinned again a moment later. */
	for (end += VFIO_GFX_TIMEOUT_MS; vfio_gfx_now_ms() < end;) {
		if (code_now(self) == expected(0, 0, 3))
			break;
	}
	EXPECT_EQ(expected(0, 0, 3), code_now(self));
}

TEST_F(crc, reset)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 3);
	unsigned int i;

	for (i = 0; i < 20; i++) {
		turn(self, true);
		vfio_gfx_show(&self->dev, &plane);
		vfio_gfx_reset(&self->dev);
		EXPECT_EQ(0, vfio_gfx_page_read(&self->dev,
						RCAR_VDU_CRC_FRAMES));
		vfio_gfx_timing(&self->dev, &timing);
		vfio_gfx_start(&self->dev);
	}
	turn(self, true);
	vfio_gfx_show(&self->dev, &plane);
	EXPECT_EQ(expected(0, 0, 3), code_now(self));
}

TEST_HARNESS_MAIN
