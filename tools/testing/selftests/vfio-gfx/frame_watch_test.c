// SPDX-License-Identifier: GPL-2.0-only
/*
 * The watch for guests that show no new frames: attributes, events, the panel
 *
 * The parent of the panel is vkms. Its DRM device tells what is on the screen.
 */

#include "kselftest_harness.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <linux/netlink.h>

#include "lib/channel_fixture.h"
#include "lib/vfio_gfx.h"
#include "lib/vfio_gfx_screen.h"

/* After which a display that nobody draws on is frozen. The clock sleeps earlier. */
#define TIMEOUT_MS	300
#define TIMEOUT		"300"
/* One that a slow machine does not exceed between two frames */
#define LONG_TIMEOUT	"3000"

/* -----------------------------------------------------------------------------
 * States and events
 */

static bool is_state(const char *uuid, const char *wanted)
{
	char state[32];

	return !__vfio_gfx_mdev_attr(uuid, "frame_state", state,
				     sizeof(state)) &&
	       !strcmp(strtok(state, "\n"), wanted);
}

static bool wait_state(const char *uuid, const char *wanted)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_TIMEOUT_MS;

	do {
		if (is_state(uuid, wanted))
			return true;
		vfio_gfx_sleep_ms(5);
	} while (vfio_gfx_now_ms() < end);
	return false;
}

/* Events of the kernel, from here on */
static int events_open(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Text is "change@PATH", and then NAME=VALUE strings. */
static bool parse_event(const char *text, size_t size, const char *uuid,
			char *state, size_t len)
{
	static const char name[] = "FRAME_STATE=";
	const char *end = text + size;

	if (strncmp(text, "change@", 7) || !strstr(text, uuid))
		return false;
	for (; text < end; text += strlen(text) + 1) {
		if (strncmp(text, name, strlen(name)))
			continue;
		snprintf(state, len, "%s", text + strlen(name));
		return true;
	}
	return false;
}

/* The next state that an event tells of; an empty one if there is none in that time */
static void next_event(int fd, const char *uuid, unsigned int timeout_ms,
		       char *state, size_t len)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	__u64 end = vfio_gfx_now_ms() + timeout_ms;
	char text[4096];
	__u64 now;
	ssize_t n;

	while ((now = vfio_gfx_now_ms()) <= end) {
		poll(&pollfd, 1, end - now);
		n = recv(fd, text, sizeof(text) - 1, 0);
		if (n <= 0)
			continue;
		text[n] = 0;
		if (parse_event(text, n, uuid, state, len))
			return;
	}
	state[0] = 0;
}

/* -----------------------------------------------------------------------------
 * A display that nobody sees
 */

FIXTURE(watch) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
	struct vfio_gfx_plane plane;
	const char *uuid;
	int events;
};

FIXTURE_SETUP(watch)
{
	const char *missing = vfio_gfx_open_with_ram(&self->dev, &self->ram,
						     VFIO_GFX_GROUP);

	self->events = -1;
	if (missing)
		SKIP(return, "no %s", missing);
	self->uuid = vfio_gfx_uuid();
	self->plane = vfio_gfx_buffer(&self->ram, 0);
	self->events = events_open();
	ASSERT_LE(0, self->events);
	ASSERT_EQ(0, __vfio_gfx_set_attr("frame_timeout_ms", "0"));
}

FIXTURE_TEARDOWN(watch)
{
	__vfio_gfx_set_attr("frame_timeout_ms", "0");
	if (self->events >= 0)
		close(self->events);
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
}

static void show(FIXTURE_DATA(watch) *self)
{
	vfio_gfx_show(&self->dev, &self->plane);
}

/* A display that shows something, and is watched */
static void begin(struct __test_metadata *_metadata, FIXTURE_DATA(watch) *self,
		  const char *timeout)
{
	vfio_gfx_display_on(&self->dev);
	show(self);
	ASSERT_EQ(0, __vfio_gfx_set_attr("frame_timeout_ms", timeout));
}

static void expect_event(struct __test_metadata *_metadata,
			 FIXTURE_DATA(watch) *self, const char *wanted)
{
	char state[32];

	next_event(self->events, self->uuid, VFIO_GFX_TIMEOUT_MS, state,
		   sizeof(state));
	EXPECT_STREQ(wanted, state);
}

static void expect_refused(struct __test_metadata *_metadata, const char *value,
			   int error)
{
	EXPECT_EQ(error, __vfio_gfx_set_attr("frame_timeout_ms", value))
		TH_LOG("%s", value);
}

TEST_F(watch, values)
{
	static const char * const garbage[] = {
		"\n", "x", "1x", "-1", "0x", "1.5", "1 2",
	};
	static const char * const beyond[] = {
		"1", "99", "3600001", "4294967295", "4294967296",
	};
	static const char * const good[] = { "0\n", "100\n", "3600000\n" };
	char text[32];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(garbage); i++)
		expect_refused(_metadata, garbage[i], -EINVAL);
	for (i = 0; i < ARRAY_SIZE(beyond); i++)
		expect_refused(_metadata, beyond[i], -ERANGE);
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		EXPECT_EQ(0, __vfio_gfx_set_attr("frame_timeout_ms", good[i]));
		EXPECT_EQ(0, __vfio_gfx_attr("frame_timeout_ms", text,
					     sizeof(text)));
		EXPECT_STREQ(good[i], text);
	}
	EXPECT_EQ(-EACCES, __vfio_gfx_set_attr("frame_state", "live"));
}

/* Of what nobody sees nothing can be taken away. */
TEST_F(watch, no_policy)
{
	char text[32];

	EXPECT_EQ(-ENOENT, __vfio_gfx_attr("frame_policy", text, sizeof(text)));
}

TEST_F(watch, off_at_first)
{
	char text[32];

	ASSERT_EQ(0, __vfio_gfx_attr("frame_timeout_ms", text, sizeof(text)));
	EXPECT_STREQ("0\n", text);
	vfio_gfx_display_on(&self->dev);
	show(self);
	EXPECT_TRUE(is_state(self->uuid, "off"));
	ASSERT_EQ(0, __vfio_gfx_set_attr("frame_timeout_ms", LONG_TIMEOUT));
	EXPECT_TRUE(is_state(self->uuid, "live"));
}

/* Nobody touches a register meanwhile, so that the clock sleeps. */
TEST_F(watch, freezes)
{
	long long before = __vfio_gfx_stat(&self->dev, "freezes");
	__u64 start;

	begin(_metadata, self, TIMEOUT);
	start = vfio_gfx_now_ms();
	show(self);
	ASSERT_TRUE(wait_state(self->uuid, "frozen"));
	EXPECT_LE(TIMEOUT_MS, vfio_gfx_now_ms() - start);
	if (before >= 0)
		EXPECT_LE(before + 1, __vfio_gfx_stat(&self->dev, "freezes"));
}

static void show_and_live(struct __test_metadata *_metadata,
			  FIXTURE_DATA(watch) *self)
{
	/* What is frozen stays so. */
	ASSERT_EQ(0, __vfio_gfx_set_attr("frame_timeout_ms", LONG_TIMEOUT));
	EXPECT_TRUE(is_state(self->uuid, "frozen"));
	show(self);
	EXPECT_TRUE(is_state(self->uuid, "live"));
}

TEST_F(watch, thaws)
{
	begin(_metadata, self, TIMEOUT);
	ASSERT_TRUE(wait_state(self->uuid, "frozen"));
	show_and_live(_metadata, self);
}

/* Always the same picture: that is up to the guest. */
TEST_F(watch, frames_keep_it_live)
{
	char state[32];
	int i;

	begin(_metadata, self, LONG_TIMEOUT);
	for (i = 0; i < 40; i++) {
		show(self);
		EXPECT_TRUE(is_state(self->uuid, "live"));
		vfio_gfx_sleep_ms(100);
	}
	next_event(self->events, self->uuid, 0, state, sizeof(state));
	EXPECT_STREQ("", state);
}

/* A guest that goes on writing, but never lets anything be latched */
TEST_F(watch, writes_without_a_latch)
{
	__u64 end;

	begin(_metadata, self, TIMEOUT);
	vfio_gfx_begin(&self->dev);
	end = vfio_gfx_now_ms() + 4 * TIMEOUT_MS;
	while (vfio_gfx_now_ms() < end) {
		vfio_gfx_plane_write(&self->dev, &self->plane);
		vfio_gfx_du_write(&self->dev, DSRCR, ~0);
		vfio_gfx_timing(&self->dev, &vfio_gfx_fast);
		vfio_gfx_page_read(&self->dev, RCAR_VDU_FRAME_COUNT);
	}
	EXPECT_TRUE(is_state(self->uuid, "frozen"));
	expect_event(_metadata, self, "frozen");
	show_and_live(_metadata, self);
}

TEST_F(watch, nothing_since_it_started)
{
	vfio_gfx_timing(&self->dev, &vfio_gfx_fast);
	ASSERT_EQ(0, __vfio_gfx_set_attr("frame_timeout_ms", TIMEOUT));
	EXPECT_TRUE(is_state(self->uuid, "off"));
	vfio_gfx_du_write(&self->dev, DSYSR, DSYSR_DEN | DSYSR_IUPD);
	EXPECT_TRUE(wait_state(self->uuid, "frozen"));
}

/* What the device tries again by itself is nothing new of the guest's. */
TEST_F(watch, tries_again)
{
	__u32 latches;
	__u64 end;

	begin(_metadata, self, TIMEOUT);
	self->plane.addr = self->ram.iova + self->ram.size;
	show(self);
	ASSERT_EQ(RCAR_VDU_ERROR_ADDRESS, vfio_gfx_plane_error(&self->dev, 0));
	ASSERT_TRUE(wait_state(self->uuid, "frozen"));

	latches = vfio_gfx_page_read(&self->dev, RCAR_VDU_LATCH_COUNT);
	end = vfio_gfx_now_ms() + VFIO_GFX_TIMEOUT_MS;
	while (vfio_gfx_page_read(&self->dev, RCAR_VDU_LATCH_COUNT) -
	       latches < 2 && vfio_gfx_now_ms() < end)
		vfio_gfx_sleep_ms(5);
	ASSERT_LE(2, vfio_gfx_page_read(&self->dev, RCAR_VDU_LATCH_COUNT) -
		     latches);
	EXPECT_TRUE(is_state(self->uuid, "frozen"));
}

TEST_F(watch, display_off)
{
	begin(_metadata, self, TIMEOUT);
	ASSERT_TRUE(wait_state(self->uuid, "frozen"));
	vfio_gfx_stop(&self->dev);
	EXPECT_TRUE(is_state(self->uuid, "off"));
	ASSERT_EQ(0, __vfio_gfx_set_attr("frame_timeout_ms", LONG_TIMEOUT));
	vfio_gfx_start(&self->dev);
	EXPECT_TRUE(is_state(self->uuid, "live"));
	vfio_gfx_reset(&self->dev);
	EXPECT_TRUE(is_state(self->uuid, "off"));
}

TEST_F(watch, closed)
{
	char state[32];

	begin(_metadata, self, LONG_TIMEOUT);
	vfio_gfx_close(&self->dev);
	EXPECT_TRUE(is_state(self->uuid, "off"));
	ASSERT_EQ(0, __vfio_gfx_set_attr("frame_timeout_ms", TIMEOUT));
	next_event(self->events, self->uuid, 2 * TIMEOUT_MS, state,
		   sizeof(state));
	EXPECT_STREQ("", state);
}

TEST_F(watch, timeout_changed)
{
	begin(_metadata, self, LONG_TIMEOUT);
	EXPECT_TRUE(is_state(self->uuid, "live"));
	ASSERT_EQ(0, __vfio_gfx_set_attr("frame_timeout_ms", TIMEOUT));
	ASSERT_TRUE(wait_state(self->uuid, "frozen"));
	ASSERT_EQ(0, __vfio_gfx_set_attr("frame_timeout_ms", LONG_TIMEOUT));
	EXPECT_TRUE(is_state(self->uuid, "frozen"));
	ASSERT_EQ(0, __vfio_gfx_set_attr("frame_timeout_ms", "0"));
	EXPECT_TRUE(is_state(self->uuid, "off"));
}

/* Waits until there may be another state, and reads it. */
static bool next_state(int fd, char *state, size_t size)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLPRI };
	bool woken = poll(&pollfd, 1, VFIO_GFX_TIMEOUT_MS) == 1 &&
		     pollfd.revents & POLLPRI;
	ssize_t n = pread(fd, state, size - 1, 0);

	state[n > 0 ? n : 0] = 0;
	return woken;
}

TEST_F(watch, poll)
{
	char path[128], state[32];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/frame_state",
		 self->uuid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	begin(_metadata, self, TIMEOUT);
	/* Only who has read the state waits for the next one. */
	do {
		ASSERT_TRUE(next_state(fd, state, sizeof(state)));
	} while (strcmp(state, "frozen\n"));
	show_and_live(_metadata, self);
	EXPECT_TRUE(next_state(fd, state, sizeof(state)));
	EXPECT_STREQ("live\n", state);
	close(fd);
}

TEST_F(watch, events)
{
	begin(_metadata, self, TIMEOUT);
	expect_event(_metadata, self, "frozen");
	show(self);
	expect_event(_metadata, self, "live");
	expect_event(_metadata, self, "frozen");
	vfio_gfx_stop(&self->dev);
	expect_event(_metadata, self, "off");
}

/* A guest can't cause events without a timeout between them. */
TEST_F(watch, no_flood)
{
	char state[32];
	int i;

	begin(_metadata, self, LONG_TIMEOUT);
	for (i = 0; i < 500; i++) {
		vfio_gfx_stop(&self->dev);
		vfio_gfx_start(&self->dev);
	}
	vfio_gfx_stop(&self->dev);
	next_event(self->events, self->uuid, TIMEOUT_MS, state, sizeof(state));
	EXPECT_STREQ("", state);
	EXPECT_TRUE(is_state(self->uuid, "off"));
}

/* -----------------------------------------------------------------------------
 * A panel
 */

static void freeze(struct __test_metadata *_metadata,
		   FIXTURE_DATA(channel) *self, const char *policy)
{
	ASSERT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "frame_policy",
					      policy));
	ASSERT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "frame_timeout_ms",
					      TIMEOUT));
	ASSERT_TRUE(wait_state(self->s.uuid, "frozen"));
}

static bool shows(FIXTURE_DATA(channel) *self, __u32 fb)
{
	return vfio_gfx_kms_wait_fb(&self->s.kms, fb, VFIO_GFX_SOON_MS);
}

TEST_F(channel, policy_values)
{
	char text[32];

	ASSERT_EQ(0, __vfio_gfx_mdev_attr(self->s.uuid, "frame_policy", text,
					  sizeof(text)));
	EXPECT_STREQ("last\n", text);
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "frame_policy",
					      "off\n"));
	ASSERT_EQ(0, __vfio_gfx_mdev_attr(self->s.uuid, "frame_policy", text,
					  sizeof(text)));
	EXPECT_STREQ("off\n", text);
	EXPECT_EQ(-EINVAL, __vfio_gfx_mdev_set_attr(self->s.uuid,
						    "frame_policy", "of"));
	EXPECT_EQ(-EINVAL, __vfio_gfx_mdev_set_attr(self->s.uuid,
						    "frame_policy", "\n"));
}

TEST_F(channel, frozen_stays)
{
	__u32 fb = vfio_gfx_screen_show_new(&self->s, 0, 0);
	struct vfio_gfx_kms_state state;

	ASSERT_NE(0, fb);
	freeze(_metadata, self, "last");
	vfio_gfx_sleep_ms(TIMEOUT_MS);
	vfio_gfx_kms_state(&self->s.kms, &state);
	EXPECT_TRUE(state.active);
	EXPECT_EQ(fb, state.fb);
}

/* The CRTC stays on: the panel does not lose its signal. */
TEST_F(channel, frozen_is_off)
{
	__u32 fb = vfio_gfx_screen_show_new(&self->s, 0, 0);
	struct vfio_gfx_kms_state state;

	ASSERT_NE(0, fb);
	freeze(_metadata, self, "off");
	ASSERT_TRUE(shows(self, 0));
	vfio_gfx_kms_state(&self->s.kms, &state);
	EXPECT_TRUE(state.active);

	/* The same picture, but of now */
	ASSERT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "frame_timeout_ms",
					      LONG_TIMEOUT));
	vfio_gfx_screen_show(&self->s, 0);
	EXPECT_TRUE(shows(self, fb));
	ASSERT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "frame_timeout_ms",
					      TIMEOUT));
	EXPECT_TRUE(shows(self, 0));
}

TEST_F(channel, policy_changed)
{
	__u32 fb = vfio_gfx_screen_show_new(&self->s, 0, 0);

	ASSERT_NE(0, fb);
	freeze(_metadata, self, "last");
	ASSERT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "frame_policy",
					      "off"));
	EXPECT_TRUE(shows(self, 0));
	ASSERT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "frame_policy",
					      "last"));
	EXPECT_TRUE(shows(self, fb));
}

/* Who does not watch any more does not know that it is frozen. */
TEST_F(channel, watch_ends)
{
	__u32 fb = vfio_gfx_screen_show_new(&self->s, 0, 0);

	ASSERT_NE(0, fb);
	freeze(_metadata, self, "off");
	ASSERT_TRUE(shows(self, 0));
	ASSERT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "frame_timeout_ms",
					      "0"));
	EXPECT_TRUE(shows(self, fb));
}

TEST_HARNESS_MAIN
