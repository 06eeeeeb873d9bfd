// SPDX-License-Identifier: GPL-2.0-only
/*
 * A picture of the host's, while the guest shows nothing
 *
 * The parent of the panel is vkms. Its DRM device tells what is on the screen: pictures
 * are told from those of guests by their size.
 */

#include "kselftest_harness.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <linux/rcar_vdu.h>

#include "lib/vfio_gfx.h"
#include "lib/vfio_gfx_screen.h"

/* Where the kernel looks first for files that drivers ask for */
#define SEARCH_PATH	"/sys/module/firmware_class/parameters/path"

/* Sides of the pictures: a small one, and one that is larger than the screen */
#define SMALL		32
#define LARGE		1300

/* After which a display that nobody draws on is frozen */
#define TIMEOUT		"300"

FIXTURE(picture) {
	struct vfio_gfx_screen s;
	char dir[32];
	char old_path[PATH_MAX];
};

/* A file with a head, and as many bytes behind it */
static int make_file(FIXTURE_DATA(picture) *self, const char *name,
		     const char *head, unsigned int size)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", self->dir, name);
	file = fopen(path, "w");
	if (!file)
		return -errno;
	fputs(head, file);
	while (size--)
		fputc(0x5a, file);
	return fclose(file) ? -EIO : 0;
}

static int make_picture(FIXTURE_DATA(picture) *self, const char *name,
			unsigned int side)
{
	char head[32];

	snprintf(head, sizeof(head), "P6\n%u %u\n255\n", side, side);
	return make_file(self, name, head, side * side * 3);
}

static int set(FIXTURE_DATA(picture) *self, const char *attr, const char *value)
{
	return __vfio_gfx_mdev_set_attr(self->s.uuid, attr, value);
}

/* The device is closed, and the screen is off. */
FIXTURE_SETUP(picture)
{
	const char *missing = vfio_gfx_screen_open(&self->s, "channel",
						   VFIO_GFX_GROUP);

	if (missing)
		SKIP(return, "no %s", missing);
	if (__vfio_gfx_read_file(SEARCH_PATH, self->old_path, sizeof(self->old_path)))
		SKIP(return, "the kernel loads no files");
	strtok(self->old_path, "\n");
	strcpy(self->dir, "/tmp/picture_test.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	ASSERT_EQ(0, __vfio_gfx_write_file(SEARCH_PATH, self->dir));
	ASSERT_EQ(0, make_picture(self, "small.ppm", SMALL));
	ASSERT_EQ(0, make_picture(self, "large.ppm", LARGE));
	vfio_gfx_close(&self->s.dev);
	ASSERT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, false,
					     VFIO_GFX_SOON_MS));
}

FIXTURE_TEARDOWN(picture)
{
	char command[64];

	vfio_gfx_screen_close(&self->s);
	if (!self->dir[0])
		return;
	/* An empty one is written as a line. */
	__vfio_gfx_write_file(SEARCH_PATH, self->old_path[0] ? self->old_path : "\n");
	snprintf(command, sizeof(command), "rm -r %s", self->dir);
	EXPECT_EQ(0, system(command));
}

/* What is on the screen: the side of a picture, 1 for something else, or 0 */
static unsigned int side(FIXTURE_DATA(picture) *self)
{
	struct vfio_gfx_kms_state state;
	unsigned int width, height;

	vfio_gfx_kms_state(&self->s.kms, &state);
	if (!state.active || !state.fb)
		return 0;
	if (__vfio_gfx_kms_fb_size(&self->s.kms, state.fb, &width, &height))
		return 0;
	return width == height ? width : 1;
}

static bool shows(FIXTURE_DATA(picture) *self, unsigned int wanted)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_SOON_MS;

	while (side(self) != wanted) {
		if (vfio_gfx_now_ms() > end)
			return false;
		vfio_gfx_sleep_ms(1);
	}
	return true;
}

static void show_small(struct __test_metadata *_metadata,
		       FIXTURE_DATA(picture) *self)
{
	ASSERT_EQ(0, set(self, "picture", "small.ppm"));
	ASSERT_EQ(0, set(self, "frame_policy", "picture"));
	ASSERT_TRUE(shows(self, SMALL));
}

static void guest_shows(struct __test_metadata *_metadata,
			FIXTURE_DATA(picture) *self)
{
	vfio_gfx_screen_reopen(&self->s, VFIO_GFX_GROUP);
	vfio_gfx_screen_show(&self->s, 0);
	ASSERT_TRUE(shows(self, 1));
}

/* -----------------------------------------------------------------------------
 * Attributes
 */

static void expect_name(struct __test_metadata *_metadata,
			FIXTURE_DATA(picture) *self, const char *wanted)
{
	char text[64];

	ASSERT_EQ(0, __vfio_gfx_mdev_attr(self->s.uuid, "picture", text,
					  sizeof(text)));
	EXPECT_STREQ(wanted, text);
}

TEST_F(picture, name)
{
	expect_name(_metadata, self, "\n");
	ASSERT_EQ(0, set(self, "picture", "small.ppm\n"));
	expect_name(_metadata, self, "small.ppm\n");
	ASSERT_EQ(0, set(self, "picture", "\n"));
	expect_name(_metadata, self, "\n");
}

TEST_F(picture, policy_without)
{
	EXPECT_EQ(-ENODATA, set(self, "frame_policy", "picture"));
	EXPECT_EQ(0, side(self));
}

TEST_F(picture, no_file)
{
	EXPECT_EQ(-ENOENT, set(self, "picture", "missing.ppm"));
	expect_name(_metadata, self, "\n");
}

TEST_F(picture, no_picture)
{
	ASSERT_EQ(0, make_file(self, "short.ppm", "P6 2 2 255 ", 11));
	EXPECT_EQ(-EINVAL, set(self, "picture", "short.ppm"));
}

TEST_F(picture, too_large)
{
	ASSERT_EQ(0, make_file(self, "wide.ppm", "P6 8191 1 255 ", 8191 * 3));
	EXPECT_EQ(-EFBIG, set(self, "picture", "wide.ppm"));
}

/* What can't be had leaves what there was. */
TEST_F(picture, stays_with_an_error)
{
	show_small(_metadata, self);
	EXPECT_EQ(-ENOENT, set(self, "picture", "missing.ppm"));
	expect_name(_metadata, self, "small.ppm\n");
	EXPECT_EQ(SMALL, side(self));
}

TEST_F(picture, busy)
{
	show_small(_metadata, self);
	EXPECT_EQ(-EBUSY, set(self, "picture", "\n"));
	EXPECT_EQ(SMALL, side(self));
	ASSERT_EQ(0, set(self, "frame_policy", "last"));
	EXPECT_EQ(0, set(self, "picture", "\n"));
}

/* -----------------------------------------------------------------------------
 * The screen
 */

TEST_F(picture, read_but_not_shown)
{
	ASSERT_EQ(0, set(self, "picture", "small.ppm"));
	vfio_gfx_sleep_ms(200);
	EXPECT_EQ(0, side(self));
}

/* In the mode that the panel prefers, whatever guest there will be */
TEST_F(picture, before_the_first_frame)
{
	struct vfio_gfx_kms_state state;

	/* One that never had a guest */
	ASSERT_EQ(0, __vfio_gfx_mdev_remove(self->s.uuid));
	ASSERT_EQ(0, __vfio_gfx_mdev_create("channel", self->s.uuid));
	show_small(_metadata, self);
	vfio_gfx_kms_state(&self->s.kms, &state);
	EXPECT_TRUE(vfio_gfx_same_mode(&state.mode, &self->s.kms.modes[0]));
}

TEST_F(picture, larger_than_the_screen)
{
	ASSERT_EQ(0, set(self, "picture", "large.ppm"));
	ASSERT_EQ(0, set(self, "frame_policy", "picture"));
	EXPECT_TRUE(shows(self, LARGE));
}

TEST_F(picture, ends)
{
	show_small(_metadata, self);
	ASSERT_EQ(0, set(self, "frame_policy", "off"));
	EXPECT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, false,
					     VFIO_GFX_SOON_MS));
}

TEST_F(picture, another_one)
{
	show_small(_metadata, self);
	ASSERT_EQ(0, set(self, "picture", "large.ppm"));
	EXPECT_TRUE(shows(self, LARGE));
}

TEST_F(picture, guest_is_shown)
{
	show_small(_metadata, self);
	guest_shows(_metadata, self);
}

/* The panel keeps the mode of the guest. */
TEST_F(picture, guest_turns_off)
{
	struct vfio_gfx_kms_state state;

	show_small(_metadata, self);
	guest_shows(_metadata, self);
	vfio_gfx_stop(&self->s.dev);
	EXPECT_TRUE(shows(self, SMALL));
	vfio_gfx_kms_state(&self->s.kms, &state);
	EXPECT_TRUE(vfio_gfx_same_mode(&state.mode, self->s.mode));
}

/* Before its first frame, or after its memory was taken away */
TEST_F(picture, guest_is_on_without_planes)
{
	show_small(_metadata, self);
	guest_shows(_metadata, self);
	vfio_gfx_priority(&self->s.dev, 0);
	EXPECT_TRUE(shows(self, SMALL));
}

/* One that the panel does not have: a guest can't make it dark. */
TEST_F(picture, guest_in_another_mode)
{
	struct drm_mode_modeinfo mode = *self->s.mode;

	show_small(_metadata, self);
	guest_shows(_metadata, self);
	mode.hdisplay -= 10;
	vfio_gfx_screen_start(&self->s, &mode);
	vfio_gfx_screen_show(&self->s, 0);
	EXPECT_TRUE(shows(self, SMALL));
	EXPECT_TRUE(vfio_gfx_poll(&self->s.dev, VFIO_GFX_PAGE,
				  RCAR_VDU_HEAD_STATUS, RCAR_VDU_HEAD_NO_MODE,
				  RCAR_VDU_HEAD_NO_MODE, true));
	vfio_gfx_screen_start(&self->s, self->s.mode);
	vfio_gfx_screen_show(&self->s, 0);
	EXPECT_TRUE(shows(self, 1));
}

TEST_F(picture, guest_ends)
{
	show_small(_metadata, self);
	guest_shows(_metadata, self);
	vfio_gfx_close(&self->s.dev);
	EXPECT_EQ(SMALL, side(self));
}

/* A VM that starts again and again: the panel is dark at no time. */
TEST_F(picture, guest_comes_and_goes)
{
	struct vfio_gfx_kms_state state;
	int i;

	show_small(_metadata, self);
	for (i = 0; i < 5; i++) {
		guest_shows(_metadata, self);
		vfio_gfx_close(&self->s.dev);
		vfio_gfx_kms_state(&self->s.kms, &state);
		EXPECT_TRUE(state.active);
		EXPECT_EQ(SMALL, side(self));
	}
}

TEST_F(picture, set_while_a_guest_shows)
{
	vfio_gfx_screen_reopen(&self->s, VFIO_GFX_GROUP);
	vfio_gfx_screen_show(&self->s, 0);
	ASSERT_TRUE(shows(self, 1));
	ASSERT_EQ(0, set(self, "picture", "small.ppm"));
	ASSERT_EQ(0, set(self, "frame_policy", "picture"));
	EXPECT_EQ(1, side(self));
	vfio_gfx_close(&self->s.dev);
	EXPECT_EQ(SMALL, side(self));
}

TEST_F(picture, frozen)
{
	show_small(_metadata, self);
	guest_shows(_metadata, self);
	ASSERT_EQ(0, set(self, "frame_timeout_ms", TIMEOUT));
	ASSERT_TRUE(shows(self, SMALL));
	/* The same buffer, but of now */
	vfio_gfx_screen_show(&self->s, 0);
	EXPECT_TRUE(shows(self, 1));
	EXPECT_TRUE(shows(self, SMALL));
}

/* What has frozen is to be seen again without its planes in between. */
TEST_F(picture, frozen_and_last)
{
	show_small(_metadata, self);
	guest_shows(_metadata, self);
	ASSERT_EQ(0, set(self, "frame_timeout_ms", TIMEOUT));
	ASSERT_TRUE(shows(self, SMALL));
	ASSERT_EQ(0, set(self, "frame_policy", "last"));
	EXPECT_TRUE(shows(self, 1));
}

TEST_F(picture, removed)
{
	show_small(_metadata, self);
	ASSERT_EQ(0, __vfio_gfx_mdev_remove(self->s.uuid));
	self->s.uuid[0] = 0;
	EXPECT_EQ(0, side(self));
}

TEST_HARNESS_MAIN
