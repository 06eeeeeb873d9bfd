// SPDX-License-Identifier: GPL-2.0-only
/*
 * Planes and CRTCs of the parent's display: what goes away, and who else has it
 *
 * The parent is vkms. Its DRM device tells what is on the screen.
 */

#include "kselftest_harness.h"

#include <errno.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "lib/channel_fixture.h"
#include "lib/vfio_gfx.h"
#include "lib/vfio_gfx_screen.h"

#define CRTC	DRM_MODE_OBJECT_CRTC
#define PLANE	DRM_MODE_OBJECT_PLANE

/* Some rounds of the mediator's look at the display */
#define ROUNDS_MS	2500

/* -----------------------------------------------------------------------------
 * Memory and devices that go away
 */

static bool turns_off(struct vfio_gfx_screen *s, unsigned int timeout_ms)
{
	return vfio_gfx_kms_wait_active(&s->kms, false, timeout_ms) &&
	       vfio_gfx_kms_wait_fb(&s->kms, 0, timeout_ms);
}

TEST_F(channel, unmap)
{
	int dmabufs = __vfio_gfx_num_dmabufs();
	long long pages = vfio_gfx_pinned_pages();
	struct vfio_gfx_kms_state state;
	__u64 before;
	__u32 fb;

	fb = vfio_gfx_screen_show_new(&self->s, 0, 0);
	ASSERT_NE(0, fb);
	EXPECT_LT(pages, vfio_gfx_pinned_pages());

	before = vfio_gfx_now_ms();
	vfio_gfx_ram_unmap(&self->s.dev, &self->s.ram);
	EXPECT_GE(VFIO_GFX_SOON_MS, vfio_gfx_now_ms() - before);
	vfio_gfx_kms_state(&self->s.kms, &state);
	EXPECT_EQ(0, state.fb);
	EXPECT_EQ(0, __vfio_gfx_stat(&self->s.dev, "bytes_pinned"));
	EXPECT_EQ(pages, vfio_gfx_pinned_pages());
	if (dmabufs >= 0)
		EXPECT_TRUE(vfio_gfx_wait_dmabufs(dmabufs));

	/* The guest does nothing: the mediator finds the memory again. */
	vfio_gfx_ram_map(&self->s.dev, &self->s.ram);
	EXPECT_NE(0, vfio_gfx_kms_wait_new_fb(&self->s.kms, 0,
					      VFIO_GFX_TIMEOUT_MS));
}

/* A guest that holds the latch does not keep the memory. */
TEST_F(channel, unmap_held)
{
	int dmabufs = __vfio_gfx_num_dmabufs();

	if (dmabufs < 0)
		SKIP(return, "no list of dma-bufs in debugfs");
	ASSERT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
	vfio_gfx_begin(&self->s.dev);
	vfio_gfx_ram_unmap(&self->s.dev, &self->s.ram);
	EXPECT_TRUE(vfio_gfx_kms_wait_fb(&self->s.kms, 0, VFIO_GFX_SOON_MS));
	EXPECT_TRUE(vfio_gfx_wait_dmabufs(dmabufs));
}

/* What a guest shows is not the host's: not even a DRM master, or root, gets a handle. */
TEST_F(channel, sealed)
{
	struct drm_mode_fb_cmd2 cmd2 = { };
	struct drm_mode_fb_cmd cmd = { };

	cmd.fb_id = vfio_gfx_screen_show_new(&self->s, 0, 0);
	ASSERT_NE(0, cmd.fb_id);
	cmd2.fb_id = cmd.fb_id;
	ASSERT_EQ(0, __vfio_gfx_kms_set_master(&self->s.kms));
	EXPECT_EQ(-1, ioctl(self->s.kms.fd, DRM_IOCTL_MODE_GETFB2, &cmd2));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(-1, ioctl(self->s.kms.fd, DRM_IOCTL_MODE_GETFB, &cmd));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(0, __vfio_gfx_kms_drop_master(&self->s.kms));
}

/* Who asks for no handle is told how large it is, as of any other framebuffer. */
TEST_F(channel, sealed_size)
{
	unsigned int width, height;
	__u32 fb = vfio_gfx_screen_show_new(&self->s, 0, 0);

	ASSERT_NE(0, fb);
	ASSERT_EQ(0, __vfio_gfx_kms_fb_size(&self->s.kms, fb, &width, &height));
	EXPECT_EQ(VFIO_GFX_SCREEN_WIDTH, width);
	EXPECT_EQ(VFIO_GFX_SCREEN_HEIGHT, height);
}

TEST_F(channel, unmap_flips)
{
	long long pages = vfio_gfx_pinned_pages();
	unsigned int i;

	for (i = 0; i < 10; i++) {
		vfio_gfx_screen_flip(&self->s, 0);
		vfio_gfx_screen_flip(&self->s, 1);
		vfio_gfx_screen_show(&self->s, 2);
		vfio_gfx_ram_unmap(&self->s.dev, &self->s.ram);
		EXPECT_EQ(pages, vfio_gfx_pinned_pages());
		vfio_gfx_ram_map(&self->s.dev, &self->s.ram);
	}
	EXPECT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
}

TEST_F(channel, reset)
{
	int dmabufs = __vfio_gfx_num_dmabufs();

	ASSERT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
	vfio_gfx_reset(&self->s.dev);
	EXPECT_EQ(0, __vfio_gfx_stat(&self->s.dev, "bytes_pinned"));
	EXPECT_TRUE(turns_off(&self->s, VFIO_GFX_SOON_MS));
	if (dmabufs >= 0)
		EXPECT_TRUE(vfio_gfx_wait_dmabufs(dmabufs));

	vfio_gfx_screen_start(&self->s, self->s.mode);
	EXPECT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
}

TEST_F(channel, remove)
{
	int dmabufs = __vfio_gfx_num_dmabufs();
	unsigned int i;
	__u64 before;

	for (i = 0; i < 5; i++) {
		ASSERT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
		vfio_gfx_close(&self->s.dev);
		before = vfio_gfx_now_ms();
		ASSERT_EQ(0, __vfio_gfx_mdev_remove(self->s.uuid));
		EXPECT_GE(VFIO_GFX_SOON_MS, vfio_gfx_now_ms() - before);
		EXPECT_TRUE(turns_off(&self->s, 0));
		if (dmabufs >= 0)
			EXPECT_TRUE(vfio_gfx_wait_dmabufs(dmabufs));

		ASSERT_EQ(0, __vfio_gfx_mdev_create("channel", self->s.uuid));
		vfio_gfx_screen_reopen(&self->s, variant->mode);
	}
}

/* A child has the device, and flips until it is killed. */
TEST_F(channel, kill)
{
	int dmabufs = __vfio_gfx_num_dmabufs();
	int status;
	pid_t pid;

	vfio_gfx_close(&self->s.dev);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		unsigned int i;

		vfio_gfx_screen_reopen(&self->s, variant->mode);
		for (i = 0;; i++)
			vfio_gfx_screen_flip(&self->s,
					     i % VFIO_GFX_SCREEN_BUFFERS);
	}

	EXPECT_NE(0, vfio_gfx_kms_wait_new_fb(&self->s.kms, 0,
					      VFIO_GFX_TIMEOUT_MS));
	EXPECT_EQ(0, kill(pid, SIGKILL));
	EXPECT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	EXPECT_TRUE(turns_off(&self->s, VFIO_GFX_SOON_MS));
	if (dmabufs >= 0)
		EXPECT_TRUE(vfio_gfx_wait_dmabufs(dmabufs));
	EXPECT_EQ(0, __vfio_gfx_mdev_remove(self->s.uuid));
	self->s.uuid[0] = '\0';
}

/* -----------------------------------------------------------------------------
 * Others on the display
 */

/* Shows something, and lets somebody else be the master. */
static __u32 show_to_master(struct __test_metadata *_metadata,
			    struct vfio_gfx_screen *s)
{
	__u32 fb = vfio_gfx_screen_show_new(s, 0, 0);

	ASSERT_NE(0, fb);
	/* What happens now is not the end of what was before. */
	vfio_gfx_wait_frames(&s->dev, 2);
	ASSERT_EQ(0, __vfio_gfx_kms_set_master(&s->kms));
	return fb;
}

static void expect_back(struct __test_metadata *_metadata,
			struct vfio_gfx_screen *s, __u32 fb)
{
	struct vfio_gfx_kms_state state;

	EXPECT_TRUE(vfio_gfx_kms_wait_active(&s->kms, true, VFIO_GFX_WATCH_MS));
	EXPECT_TRUE(vfio_gfx_kms_wait_fb(&s->kms, fb, VFIO_GFX_WATCH_MS));
	vfio_gfx_kms_state(&s->kms, &state);
	EXPECT_TRUE(vfio_gfx_same_mode(s->mode, &state.mode));
	EXPECT_EQ(0, __vfio_gfx_kms_drop_master(&s->kms));
}

static __u32 master_fb(struct vfio_gfx_screen *s)
{
	return vfio_gfx_kms_fb(&s->kms, VFIO_GFX_SCREEN_WIDTH,
			       VFIO_GFX_SCREEN_HEIGHT);
}

static bool wait_prop(struct vfio_gfx_kms *kms, __u32 plane, const char *name,
		      __u64 value)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_SOON_MS;

	while (vfio_gfx_kms_prop(kms, plane, PLANE, name) != value) {
		if (vfio_gfx_now_ms() > end)
			return false;
		vfio_gfx_sleep_ms(5);
	}
	return true;
}

TEST_F(channel, master_turns_off)
{
	__u32 fb = show_to_master(_metadata, &self->s);

	ASSERT_EQ(0, __vfio_gfx_kms_set_crtc(&self->s.kms, 0, NULL));
	expect_back(_metadata, &self->s, fb);
}

/* As with DPMS */
TEST_F(channel, master_inactive)
{
	__u32 fb = show_to_master(_metadata, &self->s);

	ASSERT_EQ(0, __vfio_gfx_kms_set_prop(&self->s.kms, self->s.kms.crtc,
					     CRTC, "ACTIVE", 0));
	expect_back(_metadata, &self->s, fb);
}

TEST_F(channel, master_inactive_empty)
{
	ASSERT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, true,
					     VFIO_GFX_TIMEOUT_MS));
	vfio_gfx_wait_frames(&self->s.dev, 2);
	ASSERT_EQ(0, __vfio_gfx_kms_set_master(&self->s.kms));
	ASSERT_EQ(0, __vfio_gfx_kms_set_crtc(&self->s.kms, 0, NULL));
	expect_back(_metadata, &self->s, 0);
}

TEST_F(channel, master_takes_plane)
{
	__u32 fb = show_to_master(_metadata, &self->s);
	__u32 own = master_fb(&self->s);

	ASSERT_EQ(-EBUSY, __vfio_gfx_kms_set_crtc(&self->s.kms, own,
						  self->s.mode));
	expect_back(_metadata, &self->s, fb);
}

/* It has a framebuffer of the guest's memory, and shows it when that has gone. */
TEST_F(channel, master_shows_gone)
{
	struct drm_mode_fb_cmd2 cmd = {
		.width = VFIO_GFX_SCREEN_WIDTH,
		.height = VFIO_GFX_SCREEN_HEIGHT,
		.pixel_format = DRM_FORMAT_XRGB8888,
		.pitches = { VFIO_GFX_SCREEN_WIDTH * 4 },
	};
	struct vfio_device_gfx_plane_info info;
	int fd;

	show_to_master(_metadata, &self->s);
	vfio_gfx_query(&self->s.dev, VFIO_GFX_PRIMARY, &info);
	fd = vfio_gfx_get(&self->s.dev, info.dmabuf_id);
	ASSERT_EQ(0, __vfio_gfx_import(self->s.kms.fd, fd, &cmd.handles[0]));
	ASSERT_EQ(0, ioctl(self->s.kms.fd, DRM_IOCTL_MODE_ADDFB2, &cmd));

	vfio_gfx_close(&self->s.dev);
	ASSERT_TRUE(turns_off(&self->s, VFIO_GFX_SOON_MS));
	EXPECT_EQ(0, __vfio_gfx_kms_set_crtc(&self->s.kms, cmd.fb_id,
					     self->s.mode));
	EXPECT_EQ(0, __vfio_gfx_kms_set_crtc(&self->s.kms, 0, NULL));
	EXPECT_EQ(0, __vfio_gfx_kms_drop_master(&self->s.kms));
	close(fd);
}

TEST_F(channel, master_changes_mode)
{
	const struct drm_mode_modeinfo *mode =
		vfio_gfx_kms_mode(&self->s.kms, 800, 600, 60);
	__u32 fb = show_to_master(_metadata, &self->s);
	__u32 own = vfio_gfx_kms_fb(&self->s.kms, 800, 600);

	ASSERT_NE(NULL, mode);
	ASSERT_EQ(-EBUSY, __vfio_gfx_kms_set_crtc(&self->s.kms, own, mode));
	expect_back(_metadata, &self->s, fb);
}

/* The picture is ours, but not where it belongs. */
TEST_F(channel, master_moves_plane)
{
	__u32 fb = show_to_master(_metadata, &self->s);
	struct vfio_gfx_kms *kms = &self->s.kms;
	unsigned int i = 0;

	while (vfio_gfx_kms_plane_fb(kms, kms->planes[i]) != fb)
		ASSERT_GT(kms->num_planes, ++i);
	ASSERT_EQ(0, __vfio_gfx_kms_set_prop(kms, kms->planes[i], PLANE,
					     "CRTC_X", 100));
	EXPECT_TRUE(wait_prop(kms, kms->planes[i], "CRTC_X", 0));
	EXPECT_EQ(0, __vfio_gfx_kms_drop_master(kms));
}

/* While the guest flips, nothing of this is seen. */
TEST_F(channel, master_while_flipping)
{
	__u32 fb = show_to_master(_metadata, &self->s);
	__u32 own = master_fb(&self->s);
	unsigned int i;

	ASSERT_NE(0, fb);
	for (i = 0; i < 10; i++) {
		EXPECT_EQ(-EBUSY, __vfio_gfx_kms_set_crtc(&self->s.kms, own,
							  self->s.mode));
		vfio_gfx_screen_flip(&self->s, 1);
		EXPECT_EQ(0, __vfio_gfx_kms_set_crtc(&self->s.kms, 0, NULL));
		vfio_gfx_screen_flip(&self->s, 2);
	}
	vfio_gfx_screen_flip(&self->s, 0);
	expect_back(_metadata, &self->s, fb);
}

/* The display is the host's again when the guest has gone. */
TEST_F(channel, master_after_close)
{
	__u32 own = master_fb(&self->s);
	struct vfio_gfx_kms_state state;

	show_to_master(_metadata, &self->s);
	vfio_gfx_close(&self->s.dev);
	ASSERT_TRUE(turns_off(&self->s, VFIO_GFX_SOON_MS));
	ASSERT_EQ(0, __vfio_gfx_kms_set_crtc(&self->s.kms, own, self->s.mode));
	vfio_gfx_sleep_ms(ROUNDS_MS);
	vfio_gfx_kms_state(&self->s.kms, &state);
	EXPECT_TRUE(state.active);
	EXPECT_EQ(own, state.fb);

	ASSERT_EQ(0, __vfio_gfx_mdev_remove(self->s.uuid));
	self->s.uuid[0] = '\0';
	vfio_gfx_kms_state(&self->s.kms, &state);
	EXPECT_TRUE(state.active);
	EXPECT_EQ(own, state.fb);
	EXPECT_EQ(0, __vfio_gfx_kms_set_crtc(&self->s.kms, 0, NULL));
}

/* -----------------------------------------------------------------------------
 * A guest that has a plane
 */

FIXTURE(plane) {
	struct vfio_gfx_screen s;
	__u32 host_fb;
};

FIXTURE_SETUP(plane)
{
	const char *missing = vfio_gfx_screen_open(&self->s, "plane",
						   VFIO_GFX_CDEV);
	struct vfio_gfx_kms *kms = &self->s.kms;

	if (missing)
		SKIP(return, "no %s", missing);
	ASSERT_EQ(0, __vfio_gfx_kms_set_master(kms));
	self->host_fb = vfio_gfx_kms_fb(kms, VFIO_GFX_SCREEN_WIDTH,
					VFIO_GFX_SCREEN_HEIGHT);
	ASSERT_EQ(0, __vfio_gfx_kms_set_crtc(kms, self->host_fb, self->s.mode));
}

FIXTURE_TEARDOWN(plane)
{
	if (self->host_fb)
		__vfio_gfx_kms_set_crtc(&self->s.kms, 0, NULL);
	vfio_gfx_screen_close(&self->s);
}

/* The plane that shows something and is not the host's, or 0 */
static __u32 find_plane(struct vfio_gfx_kms *kms, __u32 host_fb)
{
	unsigned int i;
	__u32 fb;

	for (i = 0; i < kms->num_planes; i++) {
		fb = vfio_gfx_kms_plane_fb(kms, kms->planes[i]);
		if (fb && fb != host_fb)
			return kms->planes[i];
	}
	return 0;
}

static __u32 wait_plane(struct vfio_gfx_kms *kms, __u32 host_fb, bool there,
			unsigned int timeout_ms)
{
	__u64 end = vfio_gfx_now_ms() + timeout_ms;
	__u32 plane;

	for (;;) {
		bool late = vfio_gfx_now_ms() > end;

		plane = find_plane(kms, host_fb);
		if (!!plane == there || late)
			return plane;
		vfio_gfx_sleep_ms(5);
	}
}

static __u32 show_plane(struct vfio_gfx_screen *s, __u32 host_fb)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&s->ram, 1);

	vfio_gfx_show(&s->dev, &plane);
	return wait_plane(&s->kms, host_fb, true, VFIO_GFX_TIMEOUT_MS);
}

TEST_F(plane, picture)
{
	__u32 plane = show_plane(&self->s, self->host_fb);
	unsigned int width, height;

	ASSERT_NE(0, plane);
	ASSERT_EQ(0, __vfio_gfx_kms_fb_size(&self->s.kms,
					    vfio_gfx_kms_plane_fb(&self->s.kms,
								  plane),
					    &width, &height));
	EXPECT_EQ(VFIO_GFX_BUF_WIDTH, width);
	EXPECT_EQ(VFIO_GFX_BUF_HEIGHT, height);
	EXPECT_EQ(1, vfio_gfx_page_read(&self->s.dev, RCAR_VDU_NUM_PLANES));
}

TEST_F(plane, position)
{
	__u32 plane = show_plane(&self->s, self->host_fb);

	ASSERT_NE(0, plane);
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "x", "100"));
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "y", "-20"));
	EXPECT_TRUE(wait_prop(&self->s.kms, plane, "CRTC_X", 100));
	EXPECT_TRUE(wait_prop(&self->s.kms, plane, "CRTC_Y", -20));
	/* Out of the screen */
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "x", "32767"));
	EXPECT_TRUE(wait_prop(&self->s.kms, plane, "CRTC_X", 32767));
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "x", "-32767"));
	EXPECT_TRUE(wait_prop(&self->s.kms, plane, "CRTC_X", -32767));
	EXPECT_EQ(0, __vfio_gfx_stat(&self->s.dev, "scanout_refused"));
}

TEST_F(plane, visible)
{
	long long frames;

	ASSERT_NE(0, show_plane(&self->s, self->host_fb));
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "visible", "0"));
	EXPECT_EQ(0, wait_plane(&self->s.kms, self->host_fb, false, VFIO_GFX_SOON_MS));
	vfio_gfx_wait_frames(&self->s.dev, 2);
	frames = __vfio_gfx_stat(&self->s.dev, "scanout_frames");
	vfio_gfx_sleep_ms(ROUNDS_MS);
	EXPECT_EQ(frames, __vfio_gfx_stat(&self->s.dev, "scanout_frames"));
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "visible", "1"));
	EXPECT_NE(0, wait_plane(&self->s.kms, self->host_fb, true, VFIO_GFX_SOON_MS));
}

/* The host's CRTC is the host's. */
TEST_F(plane, crtc_off)
{
	ASSERT_NE(0, show_plane(&self->s, self->host_fb));
	ASSERT_EQ(0, __vfio_gfx_kms_set_crtc(&self->s.kms, 0, NULL));
	vfio_gfx_wait_frames(&self->s.dev, 5);
	EXPECT_FALSE(vfio_gfx_kms_wait_active(&self->s.kms, true, ROUNDS_MS));

	ASSERT_EQ(0, __vfio_gfx_kms_set_crtc(&self->s.kms, self->host_fb,
					     self->s.mode));
	EXPECT_NE(0, wait_plane(&self->s.kms, self->host_fb, true, VFIO_GFX_WATCH_MS));
}

TEST_F(plane, master_takes_plane)
{
	__u32 plane = show_plane(&self->s, self->host_fb);

	ASSERT_NE(0, plane);
	vfio_gfx_wait_frames(&self->s.dev, 2);
	ASSERT_EQ(0, __vfio_gfx_kms_set_crtc(&self->s.kms, 0, NULL));
	ASSERT_EQ(0, __vfio_gfx_kms_set_crtc(&self->s.kms, self->host_fb,
					     self->s.mode));
	EXPECT_NE(0, wait_plane(&self->s.kms, self->host_fb, true, VFIO_GFX_WATCH_MS));
}

TEST_F(plane, unmap)
{
	long long pages = vfio_gfx_pinned_pages();
	__u64 before;

	ASSERT_NE(0, show_plane(&self->s, self->host_fb));
	before = vfio_gfx_now_ms();
	vfio_gfx_ram_unmap(&self->s.dev, &self->s.ram);
	EXPECT_GE(VFIO_GFX_SOON_MS, vfio_gfx_now_ms() - before);
	EXPECT_EQ(0, wait_plane(&self->s.kms, self->host_fb, false, 0));
	EXPECT_EQ(pages, vfio_gfx_pinned_pages());
}

TEST_F(plane, close)
{
	struct vfio_gfx_kms_state state;

	ASSERT_NE(0, show_plane(&self->s, self->host_fb));
	vfio_gfx_close(&self->s.dev);
	EXPECT_EQ(0, wait_plane(&self->s.kms, self->host_fb, false, VFIO_GFX_SOON_MS));
	vfio_gfx_kms_state(&self->s.kms, &state);
	EXPECT_TRUE(state.active);
	EXPECT_EQ(self->host_fb, state.fb);
}

/* Two guests on one screen: neither takes anything of the other. */
TEST_F(plane, neighbour)
{
	struct vfio_gfx_screen other = self->s;
	struct vfio_gfx_plane picture;
	unsigned int i;

	if (__vfio_gfx_mdev_create("plane", other.uuid))
		SKIP(return, "no second overlay plane");
	vfio_gfx_screen_reopen(&other, VFIO_GFX_CDEV);

	for (i = 0; i < 20; i++) {
		picture = vfio_gfx_buffer(&self->s.ram,
					  i % VFIO_GFX_SCREEN_BUFFERS);
		vfio_gfx_show(&other.dev, &picture);
		vfio_gfx_show(&self->s.dev, &picture);
		vfio_gfx_wait_frames(&other.dev, 1);
	}
	vfio_gfx_close(&other.dev);
	EXPECT_EQ(0, __vfio_gfx_mdev_remove(other.uuid));
	vfio_gfx_wait_frames(&self->s.dev, 5);
	EXPECT_NE(0, wait_plane(&self->s.kms, self->host_fb, true,
				VFIO_GFX_SOON_MS));
	EXPECT_EQ(0, __vfio_gfx_stat(&self->s.dev, "scanout_refused"));
}

TEST_HARNESS_MAIN
