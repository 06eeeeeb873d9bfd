// SPDX-License-Identifier: GPL-2.0-only
/*
 * Planes and CRTCs of the parent's display: clients that have what a guest shows
 *
 * A client of VFIO, or whoever it gave a dma-buf to, attaches fences to it that are
 * never signalled. A DRM master writes the screen to the guest's buffers.
 */

#include "kselftest_harness.h"

#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/dma-buf.h>

#include "lib/channel_fixture.h"
#include "lib/vfio_gfx.h"
#include "lib/vfio_gfx_screen.h"

/* -----------------------------------------------------------------------------
 * Fences
 */

/* Of drivers/dma-buf/sw_sync.c, which has no header */
struct sw_sync_create_fence_data {
	__u32 value;
	char name[32];
	__s32 fence;
};

#define SW_SYNC_IOC_CREATE_FENCE	_IOWR('W', 0, struct sw_sync_create_fence_data)

/* A fence that is signalled when the timeline is closed, and not before. */
static int make_fence(int timeline)
{
	struct sw_sync_create_fence_data data = { .value = 1 };

	return ioctl(timeline, SW_SYNC_IOC_CREATE_FENCE, &data) ?
	       -errno : data.fence;
}

static int attach_fence(int timeline, int dmabuf)
{
	struct dma_buf_import_sync_file import = {
		.flags = DMA_BUF_SYNC_RW,
		.fd = make_fence(timeline),
	};
	int ret;

	if (import.fd < 0)
		return import.fd;
	ret = ioctl(dmabuf, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &import) ? -errno : 0;
	close(import.fd);
	return ret;
}

/*
 * Show the guest's n-th buffer, which is not that of the id given, and attach a fence
 * to it.
 */
static int fence_buffer(struct vfio_gfx_screen *s, int timeline, unsigned int n,
			__u32 *id)
{
	struct vfio_device_gfx_plane_info info;
	int fd, ret;

	vfio_gfx_screen_show(s, n);
	vfio_gfx_query_on(&s->dev, VFIO_GFX_PRIMARY, VFIO_GFX_SCREEN_WIDTH,
			  VFIO_GFX_SCREEN_HEIGHT, *id, &info);
	*id = info.dmabuf_id;
	fd = vfio_gfx_get(&s->dev, *id);
	ret = attach_fence(timeline, fd);
	close(fd);
	return ret;
}

/* All buffers have one. Returns the timeline, -1 if there are no such fences. */
static int fence_buffers(struct __test_metadata *_metadata,
			 struct vfio_gfx_screen *s)
{
	int timeline = open("/sys/kernel/debug/sync/sw_sync",
			    O_RDWR | O_CLOEXEC);
	unsigned int i;
	__u32 id = 0;

	for (i = 0; i < VFIO_GFX_SCREEN_BUFFERS && timeline >= 0; i++)
		EXPECT_EQ(0, fence_buffer(s, timeline, i, &id));
	return timeline;
}

TEST_F(channel, fence_flip)
{
	int timeline = fence_buffers(_metadata, &self->s);
	unsigned int i;
	__u32 fb;

	if (timeline < 0)
		SKIP(return, "no sw_sync in debugfs");
	fb = vfio_gfx_kms_wait_new_fb(&self->s.kms, 0, VFIO_GFX_SOON_MS);
	for (i = 0; i < 3 * VFIO_GFX_SCREEN_BUFFERS; i++) {
		vfio_gfx_screen_show(&self->s, i % VFIO_GFX_SCREEN_BUFFERS);
		fb = vfio_gfx_kms_wait_new_fb(&self->s.kms, fb,
					      VFIO_GFX_SOON_MS);
		EXPECT_NE(0, fb);
	}
	close(timeline);
}

TEST_F(channel, fence_reset)
{
	int timeline = fence_buffers(_metadata, &self->s);
	__u64 before = vfio_gfx_now_ms();

	if (timeline < 0)
		SKIP(return, "no sw_sync in debugfs");
	vfio_gfx_screen_show(&self->s, 0);
	vfio_gfx_reset(&self->s.dev);
	EXPECT_GE(VFIO_GFX_SOON_MS, vfio_gfx_now_ms() - before);
	EXPECT_TRUE(vfio_gfx_kms_wait_fb(&self->s.kms, 0, VFIO_GFX_SOON_MS));
	close(timeline);
}

TEST_F(channel, fence_unmap)
{
	int timeline = fence_buffers(_metadata, &self->s);
	__u64 before = vfio_gfx_now_ms();

	if (timeline < 0)
		SKIP(return, "no sw_sync in debugfs");
	vfio_gfx_screen_show(&self->s, 0);
	vfio_gfx_ram_unmap(&self->s.dev, &self->s.ram);
	EXPECT_GE(VFIO_GFX_SOON_MS, vfio_gfx_now_ms() - before);
	EXPECT_EQ(0, __vfio_gfx_stat(&self->s.dev, "bytes_pinned"));
	close(timeline);
}

TEST_F(channel, fence_close)
{
	int timeline = fence_buffers(_metadata, &self->s);
	__u64 before = vfio_gfx_now_ms();

	if (timeline < 0)
		SKIP(return, "no sw_sync in debugfs");
	vfio_gfx_screen_show(&self->s, 0);
	vfio_gfx_close(&self->s.dev);
	EXPECT_EQ(0, __vfio_gfx_mdev_remove(self->s.uuid));
	self->s.uuid[0] = '\0';
	EXPECT_GE(VFIO_GFX_SOON_MS, vfio_gfx_now_ms() - before);
	EXPECT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, false,
					     VFIO_GFX_SOON_MS));
	close(timeline);
}

/* Two guests and the host on one CRTC */
FIXTURE(planes) {
	struct vfio_gfx_screen a;
	struct vfio_gfx_screen b;
	__u32 fb;		/* the host's */
};

FIXTURE_SETUP(planes)
{
	const char *missing = vfio_gfx_screen_open(&self->a, "plane",
						   VFIO_GFX_CDEV);
	struct vfio_gfx_kms *kms = &self->a.kms;

	if (missing)
		SKIP(return, "no %s", missing);
	ASSERT_EQ(0, __vfio_gfx_kms_set_master(kms));
	self->fb = vfio_gfx_kms_fb(kms, VFIO_GFX_SCREEN_WIDTH,
				   VFIO_GFX_SCREEN_HEIGHT);
	ASSERT_EQ(0, __vfio_gfx_kms_set_crtc(kms, self->fb, self->a.mode));

	self->b = self->a;
	if (__vfio_gfx_mdev_create("plane", self->b.uuid))
		SKIP(return, "no second overlay plane");
	vfio_gfx_screen_reopen(&self->b, VFIO_GFX_CDEV);
}

FIXTURE_TEARDOWN(planes)
{
	if (strcmp(self->a.uuid, self->b.uuid)) {
		vfio_gfx_close(&self->b.dev);
		__vfio_gfx_mdev_remove(self->b.uuid);
	}
	__vfio_gfx_kms_set_crtc(&self->a.kms, 0, NULL);
	vfio_gfx_screen_close(&self->a);
}

static bool wait_shown(struct vfio_gfx_dev *dev, long long frames)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_SOON_MS;

	while (__vfio_gfx_stat(dev, "scanout_frames") < frames) {
		if (vfio_gfx_now_ms() > end)
			return false;
		vfio_gfx_sleep_ms(5);
	}
	return true;
}

TEST_F(planes, fence_neighbour)
{
	int timeline = fence_buffers(_metadata, &self->a);
	long long shown = __vfio_gfx_stat(&self->b.dev, "scanout_frames");
	unsigned int i;

	if (timeline < 0)
		SKIP(return, "no sw_sync in debugfs");
	ASSERT_LE(0, shown);
	for (i = 0; i < 5; i++) {
		vfio_gfx_screen_show(&self->a, i % VFIO_GFX_SCREEN_BUFFERS);
		vfio_gfx_screen_show(&self->b, i % VFIO_GFX_SCREEN_BUFFERS);
		EXPECT_TRUE(wait_shown(&self->b.dev, ++shown));
	}
	close(timeline);
}

/* The host's own frames go on. */
TEST_F(planes, fence_host)
{
	int timeline = fence_buffers(_metadata, &self->a);
	__u64 before;

	if (timeline < 0)
		SKIP(return, "no sw_sync in debugfs");
	vfio_gfx_screen_show(&self->a, 0);
	before = vfio_gfx_now_ms();
	EXPECT_EQ(0, __vfio_gfx_kms_set_crtc(&self->a.kms, self->fb,
					     self->a.mode));
	EXPECT_GE(VFIO_GFX_SOON_MS, vfio_gfx_now_ms() - before);
	close(timeline);
}

/* -----------------------------------------------------------------------------
 * Pixels
 */

static void fill(struct vfio_gfx_ram *ram, unsigned int n, __u8 value)
{
	memset(ram->va + n * VFIO_GFX_SCREEN_SIZE, value, VFIO_GFX_SCREEN_SIZE);
}

static bool is_filled(struct vfio_gfx_ram *ram, unsigned int n, __u8 value)
{
	const __u8 *va = ram->va + n * VFIO_GFX_SCREEN_SIZE;

	return va[0] == value && !memcmp(va, va + 1, VFIO_GFX_SCREEN_SIZE - 1);
}

/* What a guest's plane shows, once it is neither the host's nor that before. */
static __u32 wait_guest_fb(struct vfio_gfx_kms *kms, __u32 host, __u32 before)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_SOON_MS;
	unsigned int i;

	do {
		for (i = 0; i < kms->num_planes; i++) {
			__u32 fb = vfio_gfx_kms_plane_fb(kms, kms->planes[i]);

			if (fb && fb != host && fb != before)
				return fb;
		}
		vfio_gfx_sleep_ms(5);
	} while (vfio_gfx_now_ms() < end);

	return 0;
}

/* The framebuffers of a guest are framebuffers as any other to a master. */
static void master_writes(struct __test_metadata *_metadata,
			  struct vfio_gfx_screen *s, __u32 host, bool to_shown)
{
	__u32 shown, other;
	int ret;

	fill(&s->ram, 0, 0x77);
	fill(&s->ram, 1, 0x11);
	vfio_gfx_screen_show(s, 0);
	other = wait_guest_fb(&s->kms, host, 0);
	ASSERT_NE(0, other);
	vfio_gfx_screen_show(s, 1);
	shown = wait_guest_fb(&s->kms, host, other);
	ASSERT_NE(0, shown);

	ret = __vfio_gfx_kms_write_back(&s->kms, to_shown ? shown : other);
	if (ret == -ENOENT)
		SKIP(return, "no writeback");
	EXPECT_EQ(0, ret);
	EXPECT_TRUE(is_filled(&s->ram, 0, 0x77));
	EXPECT_TRUE(is_filled(&s->ram, 1, 0x11));
}

TEST_F(planes, master_writes_shown)
{
	master_writes(_metadata, &self->a, self->fb, true);
}

TEST_F(planes, master_writes_other)
{
	master_writes(_metadata, &self->a, self->fb, false);
}

/* A guest that shows a buffer again, with something else in it */
TEST_F(channel, same_buffer)
{
	long long crc;

	fill(&self->s.ram, 0, 0x20);
	ASSERT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
	crc = __vfio_gfx_kms_crc(&self->s.kms);
	if (crc == -ENOENT)
		SKIP(return, "no CRC in debugfs");
	ASSERT_LE(0, crc);

	fill(&self->s.ram, 0, 0xc0);
	vfio_gfx_screen_flip(&self->s, 0);
	EXPECT_NE(crc, __vfio_gfx_kms_crc(&self->s.kms));
	fill(&self->s.ram, 0, 0x20);
	vfio_gfx_screen_flip(&self->s, 0);
	EXPECT_EQ(crc, __vfio_gfx_kms_crc(&self->s.kms));
}

/* On arm64 a device without a firmware node, as vkms, is taken for one without snoop. */
TEST_F(channel, cleans)
{
	long long cleans = __vfio_gfx_stat(&self->s.dev, "cleans");
	const unsigned int flips = 2 * VFIO_GFX_SCREEN_BUFFERS;
	unsigned int i;

	ASSERT_LE(0, cleans);
	for (i = 0; i < VFIO_GFX_SCREEN_BUFFERS; i++)
		vfio_gfx_screen_flip(&self->s, i);
	/* They were not shown before. */
	EXPECT_EQ(cleans, __vfio_gfx_stat(&self->s.dev, "cleans"));
	for (i = 0; i < flips; i++)
		vfio_gfx_screen_flip(&self->s, i % VFIO_GFX_SCREEN_BUFFERS);
#ifdef __aarch64__
	cleans += flips;
#endif
	EXPECT_EQ(cleans, __vfio_gfx_stat(&self->s.dev, "cleans"));
}

TEST_HARNESS_MAIN
