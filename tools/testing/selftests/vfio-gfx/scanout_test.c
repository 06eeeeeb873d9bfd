// SPDX-License-Identifier: GPL-2.0-only
/*
 * Planes and CRTCs of the parent's display: types, attributes, pictures
 *
 * The parent is vkms. Its DRM device tells what is on the screen.
 */

#include "kselftest_harness.h"

#include "lib/channel_fixture.h"
#include "lib/vfio_gfx.h"
#include "lib/vfio_gfx_screen.h"

/* How long nothing is to happen */
#define QUIET_MS	500

/* -----------------------------------------------------------------------------
 * Types
 */

#define MAX_DEVICES	64

FIXTURE(types) {
	char uuid[VFIO_GFX_UUID_LEN];
};

FIXTURE_SETUP(types)
{
	vfio_gfx_screen_remove_all();
	if (__vfio_gfx_mdev_available("channel") < 0)
		SKIP(return, "no display that the driver's parent has");
}

FIXTURE_TEARDOWN(types)
{
	vfio_gfx_screen_remove_all();
}

/* Each one that is made is one less. Returns how many there were. */
static int take_all(struct __test_metadata *_metadata, const char *type)
{
	int left = __vfio_gfx_mdev_available(type);
	char uuid[VFIO_GFX_UUID_LEN];
	int i;

	for (i = 0; i < left; i++) {
		ASSERT_EQ(0, __vfio_gfx_mdev_create(type, uuid));
		EXPECT_EQ(left - i - 1, __vfio_gfx_mdev_available(type));
	}
	return left;
}

static void take_too_many(struct __test_metadata *_metadata, const char *type,
			  char *uuid)
{
	int left = take_all(_metadata, type);

	EXPECT_EQ(-ENOSPC, __vfio_gfx_mdev_create(type, uuid));
	vfio_gfx_mdev_remove_all(type);
	EXPECT_EQ(left, __vfio_gfx_mdev_available(type));
}

TEST_F(types, channels)
{
	ASSERT_LT(0, __vfio_gfx_mdev_available("channel"));
	take_too_many(_metadata, "channel", self->uuid);
}

TEST_F(types, planes)
{
	take_too_many(_metadata, "plane", self->uuid);
}

TEST_F(types, again)
{
	int i;

	for (i = 0; i < 10; i++) {
		ASSERT_EQ(0, __vfio_gfx_mdev_create("channel", self->uuid));
		ASSERT_EQ(0, __vfio_gfx_mdev_remove(self->uuid));
	}
}

/* vkms has one CRTC. */
TEST_F(types, channel_takes_planes)
{
	int planes = __vfio_gfx_mdev_available("plane");

	take_all(_metadata, "channel");
	EXPECT_EQ(0, __vfio_gfx_mdev_available("plane"));
	EXPECT_EQ(-ENOSPC, __vfio_gfx_mdev_create("plane", self->uuid));
	vfio_gfx_mdev_remove_all("channel");
	EXPECT_EQ(planes, __vfio_gfx_mdev_available("plane"));
}

TEST_F(types, plane_takes_channel)
{
	const char *missing = vfio_gfx_screen_missing("plane");

	if (missing)
		SKIP(return, "no %s", missing);
	ASSERT_EQ(1, __vfio_gfx_mdev_available("channel"));
	ASSERT_EQ(0, __vfio_gfx_mdev_create("plane", self->uuid));
	EXPECT_EQ(0, __vfio_gfx_mdev_available("channel"));
	ASSERT_EQ(0, __vfio_gfx_mdev_remove(self->uuid));
	EXPECT_EQ(1, __vfio_gfx_mdev_available("channel"));
}

/* What the program uses is one of them. */
TEST_F(types, virtuals)
{
	int left = __vfio_gfx_mdev_available("virtual");
	char uuids[MAX_DEVICES][VFIO_GFX_UUID_LEN];
	int i;

	ASSERT_GE(MAX_DEVICES, left);
	for (i = 0; i < left; i++) {
		ASSERT_EQ(0, __vfio_gfx_mdev_create("virtual", uuids[i]));
		EXPECT_EQ(left - i - 1, __vfio_gfx_mdev_available("virtual"));
	}
	EXPECT_EQ(-EUSERS, __vfio_gfx_mdev_create("virtual", self->uuid));
	for (i = 0; i < left; i++)
		EXPECT_EQ(0, __vfio_gfx_mdev_remove(uuids[i]));
	EXPECT_EQ(left, __vfio_gfx_mdev_available("virtual"));
}

/* -----------------------------------------------------------------------------
 * Attributes
 */

FIXTURE(attrs) {
	char uuid[VFIO_GFX_UUID_LEN];
};

FIXTURE_VARIANT(attrs) {
	const char *type;
	bool display;
	bool position;
};

FIXTURE_VARIANT_ADD(attrs, channel) {
	.type = "channel",
	.display = true,
};

FIXTURE_VARIANT_ADD(attrs, plane) {
	.type = "plane",
	.display = true,
	.position = true,
};

FIXTURE_VARIANT_ADD(attrs, virtual) {
	.type = "virtual",
};

FIXTURE_SETUP(attrs)
{
	const char *missing;

	vfio_gfx_screen_remove_all();
	if (__vfio_gfx_mdev_available("channel") < 0)
		SKIP(return, "no display that the driver's parent has");
	missing = vfio_gfx_screen_missing(variant->type);
	if (missing)
		SKIP(return, "no %s", missing);
	ASSERT_EQ(0, __vfio_gfx_mdev_create(variant->type, self->uuid));
}

FIXTURE_TEARDOWN(attrs)
{
	if (self->uuid[0])
		__vfio_gfx_mdev_remove(self->uuid);
}

static const char * const display_attrs[] = {
	"visible", "crtc", "connector",
};

static const char * const position_attrs[] = {
	"x", "y", "width", "height", "zpos", "alpha",
};

static void expect_attrs(struct __test_metadata *_metadata, const char *uuid,
			 const char * const *names, size_t count, bool there)
{
	char text[32];
	size_t i;

	for (i = 0; i < count; i++)
		EXPECT_EQ(there ? 0 : -ENOENT,
			  __vfio_gfx_mdev_attr(uuid, names[i], text,
					       sizeof(text)))
			TH_LOG("%s", names[i]);
}

TEST_F(attrs, present)
{
	expect_attrs(_metadata, self->uuid, display_attrs,
		     ARRAY_SIZE(display_attrs), variant->display);
	expect_attrs(_metadata, self->uuid, position_attrs,
		     ARRAY_SIZE(position_attrs), variant->position);
}

static void expect_garbage(struct __test_metadata *_metadata, const char *uuid,
			   const char *name)
{
	static const char * const garbage[] = {
		"\n", "x", "1x", "1 2", "-", "0x", "1.5",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(garbage); i++)
		EXPECT_EQ(-EINVAL, __vfio_gfx_mdev_set_attr(uuid, name,
							    garbage[i]))
			TH_LOG("%s: %s", name, garbage[i]);
}

/* What no int holds */
static void expect_overflow(struct __test_metadata *_metadata,
			    const char *uuid, const char *name)
{
	EXPECT_EQ(-ERANGE, __vfio_gfx_mdev_set_attr(uuid, name, "2147483648"));
	EXPECT_EQ(-ERANGE, __vfio_gfx_mdev_set_attr(uuid, name, "4294967296"));
}

TEST_F(attrs, garbage)
{
	size_t i;

	if (!variant->display)
		SKIP(return, "no attributes");
	for (i = 0; i < ARRAY_SIZE(display_attrs); i++)
		expect_garbage(_metadata, self->uuid, display_attrs[i]);
	expect_overflow(_metadata, self->uuid, "visible");
	expect_overflow(_metadata, self->uuid, "crtc");
	for (i = 0; i < ARRAY_SIZE(position_attrs) && variant->position; i++) {
		expect_garbage(_metadata, self->uuid, position_attrs[i]);
		expect_overflow(_metadata, self->uuid, position_attrs[i]);
	}
}

/* Both ends are fine, and what is beyond is not. */
static void expect_range(struct __test_metadata *_metadata, const char *uuid,
			 const char *name, int min, int max)
{
	char text[32], value[32];

	snprintf(value, sizeof(value), "%d", min - 1);
	EXPECT_EQ(-ERANGE, __vfio_gfx_mdev_set_attr(uuid, name, value));
	snprintf(value, sizeof(value), "%d", max + 1);
	EXPECT_EQ(-ERANGE, __vfio_gfx_mdev_set_attr(uuid, name, value));

	snprintf(value, sizeof(value), "%d\n", min);
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(uuid, name, value));
	EXPECT_EQ(0, __vfio_gfx_mdev_attr(uuid, name, text, sizeof(text)));
	EXPECT_STREQ(value, text);
	snprintf(value, sizeof(value), "%d\n", max);
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(uuid, name, value));
	EXPECT_EQ(0, __vfio_gfx_mdev_attr(uuid, name, text, sizeof(text)));
	EXPECT_STREQ(value, text);
}

TEST_F(attrs, visible)
{
	if (!variant->display)
		SKIP(return, "no attributes");
	expect_range(_metadata, self->uuid, "visible", 0, 1);
}

TEST_F(attrs, position)
{
	if (!variant->position)
		SKIP(return, "no position");
	expect_range(_metadata, self->uuid, "x", -32767, 32767);
	expect_range(_metadata, self->uuid, "y", -32767, 32767);
	expect_range(_metadata, self->uuid, "width", 0, 32767);
	expect_range(_metadata, self->uuid, "height", 0, 32767);
	expect_range(_metadata, self->uuid, "alpha", 0, 65535);
	/* vkms has no positions. */
	expect_range(_metadata, self->uuid, "zpos", 0, 0);
}

TEST_F(attrs, crtc)
{
	char text[32];

	if (!variant->display)
		SKIP(return, "no attributes");
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(self->uuid, "crtc", "0"));
	EXPECT_EQ(-EINVAL, __vfio_gfx_mdev_set_attr(self->uuid, "crtc", "1"));
	EXPECT_EQ(-EINVAL, __vfio_gfx_mdev_set_attr(self->uuid, "crtc", "-1"));
	EXPECT_EQ(-EINVAL, __vfio_gfx_mdev_set_attr(self->uuid, "crtc",
						    "2147483647"));
	EXPECT_EQ(0, __vfio_gfx_mdev_attr(self->uuid, "crtc", text,
					  sizeof(text)));
	EXPECT_STREQ("0\n", text);
}

TEST_F(attrs, connector)
{
	char text[32];

	if (!variant->display)
		SKIP(return, "no attributes");
	ASSERT_EQ(0, __vfio_gfx_mdev_attr(self->uuid, "connector", text,
					  sizeof(text)));
	EXPECT_STREQ("Virtual-1\n", text);
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(self->uuid, "connector", text));
	EXPECT_EQ(-EINVAL, __vfio_gfx_mdev_set_attr(self->uuid, "connector",
						    "Virtual"));
	EXPECT_EQ(-EINVAL, __vfio_gfx_mdev_set_attr(self->uuid, "connector",
						    "Virtual-2"));
}

/* -----------------------------------------------------------------------------
 * A guest that has a CRTC
 */

TEST_F(channel, mode)
{
	struct vfio_gfx_kms_state state;

	ASSERT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, true,
					     VFIO_GFX_TIMEOUT_MS));
	vfio_gfx_kms_state(&self->s.kms, &state);
	EXPECT_TRUE(vfio_gfx_same_mode(self->s.mode, &state.mode));
	EXPECT_EQ(0, state.fb);
}

TEST_F(channel, picture)
{
	__u32 fb = vfio_gfx_screen_show_new(&self->s, 0, 0);
	unsigned int width, height;

	ASSERT_NE(0, fb);
	ASSERT_EQ(0, __vfio_gfx_kms_fb_size(&self->s.kms, fb, &width, &height));
	EXPECT_EQ(VFIO_GFX_SCREEN_WIDTH, width);
	EXPECT_EQ(VFIO_GFX_SCREEN_HEIGHT, height);
	EXPECT_EQ(RCAR_VDU_ERROR_NONE,
		  vfio_gfx_page_read(&self->s.dev, RCAR_VDU_PLANE(0) +
				     RCAR_VDU_PLANE_ERROR));
}

/* Half a percent, and two */
TEST_F(channel, rate)
{
	struct vfio_gfx_timing timing;

	vfio_gfx_kms_timing(self->s.mode, &timing);
	timing.clock += timing.clock / 200;
	vfio_gfx_stop(&self->s.dev);
	ASSERT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, false,
					     VFIO_GFX_TIMEOUT_MS));
	vfio_gfx_timing(&self->s.dev, &timing);
	vfio_gfx_start(&self->s.dev);
	EXPECT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, true,
					     VFIO_GFX_TIMEOUT_MS));

	timing.clock += timing.clock / 50;
	vfio_gfx_stop(&self->s.dev);
	ASSERT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, false,
					     VFIO_GFX_TIMEOUT_MS));
	vfio_gfx_timing(&self->s.dev, &timing);
	vfio_gfx_start(&self->s.dev);
	vfio_gfx_wait_frames(&self->s.dev, 2);
	EXPECT_FALSE(vfio_gfx_kms_wait_active(&self->s.kms, true, QUIET_MS));
}

/* A guest that does not ask gets no picture, but its vertical blanks. */
TEST_F(channel, wrong_mode)
{
	struct drm_mode_modeinfo mode = *self->s.mode;

	mode.hdisplay -= 16;
	vfio_gfx_screen_start(&self->s, &mode);
	ASSERT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, false,
					     VFIO_GFX_TIMEOUT_MS));
	vfio_gfx_screen_show(&self->s, 0);
	vfio_gfx_wait_frames(&self->s.dev, 5);
	EXPECT_FALSE(vfio_gfx_kms_wait_active(&self->s.kms, true, QUIET_MS));

	vfio_gfx_screen_start(&self->s, self->s.mode);
	EXPECT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
}

TEST_F(channel, other_mode)
{
	const struct drm_mode_modeinfo *mode =
		vfio_gfx_kms_mode(&self->s.kms, 800, 600, 60);
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_TIMEOUT_MS;
	struct vfio_gfx_kms_state state;
	bool shown;

	ASSERT_NE(NULL, mode);
	ASSERT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
	vfio_gfx_screen_start(&self->s, mode);
	vfio_gfx_screen_show(&self->s, 1);
	do {
		vfio_gfx_kms_state(&self->s.kms, &state);
		shown = state.active && state.fb &&
			vfio_gfx_same_mode(mode, &state.mode);
	} while (!shown && vfio_gfx_now_ms() < end);
	EXPECT_TRUE(shown);
}

/* A guest knows its planes and its panel. */
TEST_F(channel, busy)
{
	EXPECT_EQ(-EBUSY, __vfio_gfx_mdev_set_attr(self->s.uuid, "crtc", "0"));
	EXPECT_EQ(-EBUSY, __vfio_gfx_mdev_set_attr(self->s.uuid, "connector",
						   "Virtual-1"));
	vfio_gfx_close(&self->s.dev);
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "crtc", "0"));
}

/* Nothing is made or pinned once each buffer was shown. */
TEST_F(channel, steady)
{
	long long pins, copied, refused;
	__u32 fbs[VFIO_GFX_SCREEN_BUFFERS], fb = 0;
	unsigned int i, j;

	for (i = 0; i < VFIO_GFX_SCREEN_BUFFERS; i++) {
		fb = vfio_gfx_screen_show_new(&self->s, i, fb);
		ASSERT_NE(0, fb);
		for (j = 0; j < i; j++)
			EXPECT_NE(fbs[j], fb);
		fbs[i] = fb;
	}

	pins = __vfio_gfx_stat(&self->s.dev, "pins");
	copied = __vfio_gfx_stat(&self->s.dev, "bytes_copied");
	refused = __vfio_gfx_stat(&self->s.dev, "scanout_refused");
	if (pins < 0)
		SKIP(return, "no statistics in debugfs");
	for (i = 0; i < 10 * VFIO_GFX_SCREEN_BUFFERS; i++) {
		j = i % VFIO_GFX_SCREEN_BUFFERS;
		vfio_gfx_screen_show(&self->s, j);
		EXPECT_TRUE(vfio_gfx_kms_wait_fb(&self->s.kms, fbs[j],
						 VFIO_GFX_TIMEOUT_MS));
	}
	EXPECT_EQ(pins, __vfio_gfx_stat(&self->s.dev, "pins"));
	EXPECT_EQ(VFIO_GFX_SCREEN_BUFFERS, pins);
	EXPECT_EQ(copied, __vfio_gfx_stat(&self->s.dev, "bytes_copied"));
	EXPECT_EQ(0, copied);
	EXPECT_EQ(refused, __vfio_gfx_stat(&self->s.dev, "scanout_refused"));
	EXPECT_EQ(0, refused);
}

/* Each is shown, and no vertical blank is told before. */
TEST_F(channel, flips)
{
	long long shown = __vfio_gfx_stat(&self->s.dev, "scanout_frames");
	const unsigned int flips = 100;
	unsigned int i;
	__u32 frames;

	if (shown < 0)
		SKIP(return, "no statistics in debugfs");
	ASSERT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
	vfio_gfx_screen_flip(&self->s, 1);
	vfio_gfx_wait_frames(&self->s.dev, 2);

	shown = __vfio_gfx_stat(&self->s.dev, "scanout_frames");
	frames = vfio_gfx_page_read(&self->s.dev, RCAR_VDU_FRAME_COUNT);
	for (i = 0; i < flips; i++)
		vfio_gfx_screen_flip(&self->s, i % 2);
	frames = vfio_gfx_page_read(&self->s.dev, RCAR_VDU_FRAME_COUNT) - frames;
	shown = __vfio_gfx_stat(&self->s.dev, "scanout_frames") - shown;
	TH_LOG("%u flips in %u frames, %lld shown", flips, frames, shown);
	EXPECT_EQ(flips, shown);
	/* A slow machine misses some. */
	EXPECT_LE(flips, frames);
}

TEST_F(channel, stop)
{
	ASSERT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
	vfio_gfx_stop(&self->s.dev);
	EXPECT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, false, VFIO_GFX_SOON_MS));
	EXPECT_TRUE(vfio_gfx_kms_wait_fb(&self->s.kms, 0, VFIO_GFX_SOON_MS));

	/* What was on is shown again. */
	vfio_gfx_start(&self->s.dev);
	EXPECT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, true, VFIO_GFX_SOON_MS));
	EXPECT_NE(0, vfio_gfx_kms_wait_new_fb(&self->s.kms, 0, VFIO_GFX_SOON_MS));
}

TEST_F(channel, plane_off)
{
	ASSERT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
	vfio_gfx_off(&self->s.dev);
	EXPECT_TRUE(vfio_gfx_kms_wait_fb(&self->s.kms, 0, VFIO_GFX_SOON_MS));
	EXPECT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, true, VFIO_GFX_SOON_MS));
}

TEST_F(channel, close)
{
	ASSERT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
	vfio_gfx_close(&self->s.dev);
	EXPECT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, false, VFIO_GFX_SOON_MS));
	EXPECT_TRUE(vfio_gfx_kms_wait_fb(&self->s.kms, 0, VFIO_GFX_SOON_MS));

	vfio_gfx_screen_reopen(&self->s, variant->mode);
	EXPECT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
}

TEST_F(channel, visible)
{
	__u32 fb = vfio_gfx_screen_show_new(&self->s, 0, 0);

	ASSERT_NE(0, fb);
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "visible", "0"));
	EXPECT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, false, VFIO_GFX_SOON_MS));
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "visible", "1"));
	EXPECT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, true, VFIO_GFX_SOON_MS));
	EXPECT_TRUE(vfio_gfx_kms_wait_fb(&self->s.kms, fb, VFIO_GFX_SOON_MS));
}

/* The guest flips on all the same, and has its vertical blanks. */
TEST_F(channel, flips_hidden)
{
	__u32 fb = vfio_gfx_screen_show_new(&self->s, 0, 0);
	unsigned int i;

	ASSERT_NE(0, fb);
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "visible", "0"));
	for (i = 0; i < 10; i++)
		vfio_gfx_screen_flip(&self->s, i % VFIO_GFX_SCREEN_BUFFERS);
	EXPECT_FALSE(vfio_gfx_kms_wait_active(&self->s.kms, true, QUIET_MS));
	vfio_gfx_screen_flip(&self->s, 1);
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "visible", "1"));
	EXPECT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, true, VFIO_GFX_SOON_MS));
	EXPECT_NE(0, vfio_gfx_kms_wait_new_fb(&self->s.kms, fb, VFIO_GFX_SOON_MS));
}

/* Nothing is committed to the display while nothing happens. */
static void expect_idle(struct __test_metadata *_metadata,
			struct vfio_gfx_dev *dev)
{
	long long before = __vfio_gfx_stat(dev, "scanout_frames");

	ASSERT_LE(0, before);
	vfio_gfx_sleep_ms(2500);
	EXPECT_EQ(before, __vfio_gfx_stat(dev, "scanout_frames"));
}

TEST_F(channel, idle_shown)
{
	ASSERT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
	vfio_gfx_wait_frames(&self->s.dev, 2);
	expect_idle(_metadata, &self->s.dev);
}

TEST_F(channel, idle_hidden)
{
	ASSERT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "visible", "0"));
	ASSERT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, false, VFIO_GFX_SOON_MS));
	vfio_gfx_wait_frames(&self->s.dev, 2);
	expect_idle(_metadata, &self->s.dev);
}

/* -----------------------------------------------------------------------------
 * Pixels
 */

static void fill(struct vfio_gfx_ram *ram, unsigned int n, __u8 value)
{
	memset(ram->va + n * VFIO_GFX_SCREEN_SIZE, value, VFIO_GFX_SCREEN_SIZE);
}

TEST_F(channel, crc)
{
	long long crc[VFIO_GFX_SCREEN_BUFFERS];
	__u32 fb = 0;
	unsigned int i;

	fill(&self->s.ram, 0, 0x20);
	fill(&self->s.ram, 1, 0xc0);
	fill(&self->s.ram, 2, 0x20);
	for (i = 0; i < VFIO_GFX_SCREEN_BUFFERS; i++) {
		fb = vfio_gfx_screen_show_new(&self->s, i, fb);
		ASSERT_NE(0, fb);
		/* The plane has it as soon as it is committed. */
		vfio_gfx_wait_frames(&self->s.dev, 2);
		crc[i] = __vfio_gfx_kms_crc(&self->s.kms);
		if (crc[i] == -ENOENT)
			SKIP(return, "no CRC in debugfs");
		ASSERT_LE(0, crc[i]);
	}
	EXPECT_NE(crc[0], crc[1]);
	EXPECT_EQ(crc[0], crc[2]);

	/* One pixel, in the buffer that is shown again */
	self->s.ram.va[2 * VFIO_GFX_SCREEN_SIZE + VFIO_GFX_SCREEN_SIZE / 2] ^= 0x10;
	vfio_gfx_screen_flip(&self->s, 2);
	EXPECT_NE(crc[2], __vfio_gfx_kms_crc(&self->s.kms));
}

TEST_HARNESS_MAIN
