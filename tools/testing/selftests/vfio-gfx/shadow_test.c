// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shadow plane pages: BAR 4
 */

#include "kselftest_harness.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "lib/vfio_gfx_shadow.h"

#define SHADOW		RCAR_VDU_SHADOW_BAR
#define BAR_SIZE	RCAR_VDU_SHADOW_BAR_SIZE
#define SIZE		VFIO_GFX_BUF_SIZE

#define SCRIBBLE_MS	500
#define ASLEEP_MS	1000
#define FRAME_TIME_MS	500

FIXTURE(shadow) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
	struct vfio_gfx_shadow bar;
};

FIXTURE_VARIANT(shadow) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(shadow, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(shadow, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(shadow)
{
	struct vfio_gfx_plane plane;
	const char *missing;

	missing = vfio_gfx_open_with_ram(&self->dev, &self->ram, variant->mode);
	if (missing)
		SKIP(return, "no %s", missing);
	ASSERT_EQ(0, __vfio_gfx_shadow_map(&self->bar, &self->dev));

	vfio_gfx_display_on(&self->dev);
	plane = vfio_gfx_buffer(&self->ram, 0);
	vfio_gfx_plane_write(&self->dev, &plane);
	vfio_gfx_shadow_enable(&self->bar, &self->dev, 0);
}

FIXTURE_TEARDOWN(shadow)
{
	vfio_gfx_shadow_unmap(&self->bar);
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
}

static void begin(FIXTURE_DATA(shadow) *self)
{
	vfio_gfx_shadow_begin(&self->bar);
}

static void commit(FIXTURE_DATA(shadow) *self)
{
	vfio_gfx_shadow_commit(&self->bar);
}

static void put(FIXTURE_DATA(shadow) *self, __u32 offset, __u32 value)
{
	vfio_gfx_shadow_write(&self->bar, offset, value);
}

static __u32 get(FIXTURE_DATA(shadow) *self, __u32 offset)
{
	return vfio_gfx_shadow_read(&self->bar, offset);
}

static void point_to(FIXTURE_DATA(shadow) *self, unsigned int n)
{
	vfio_gfx_shadow_point(&self->bar, vfio_gfx_buffer(&self->ram, n).addr);
}

/* Flip to a buffer, and wait until the device says that it is shown. */
static bool flip(FIXTURE_DATA(shadow) *self, unsigned int n)
{
	begin(self);
	point_to(self, n);
	commit(self);
	return vfio_gfx_shadow_wait(&self->bar);
}

/* The byte that the buffer on the screen is filled with, or -1 */
static int shown(struct vfio_gfx_dev *dev)
{
	struct vfio_device_feature_gfx_frame frame;
	struct vfio_device_gfx_plane_info info;
	__u8 *map;
	int fd, value;

	vfio_gfx_frame_latched(dev, &frame);
	vfio_gfx_query(dev, VFIO_GFX_PRIMARY, &info);
	if (!info.dmabuf_id)
		return -1;
	fd = vfio_gfx_get(dev, info.dmabuf_id);
	map = vfio_gfx_map(fd, SIZE);
	value = map[0];
	munmap(map, SIZE);
	close(fd);
	return value;
}

/* The frame clock stops when nobody wants to know. */
static bool falls_asleep(FIXTURE_DATA(shadow) *self)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_TIMEOUT_MS;

	while (get(self, RCAR_VDU_SHADOW_AWAKE)) {
		if (vfio_gfx_now_ms() > end)
			return false;
		vfio_gfx_sleep_ms(1);
	}

	return true;
}

TEST_F(shadow, region)
{
	struct vfio_region_info *info;

	ASSERT_EQ(0, __vfio_gfx_region_info(&self->dev, SHADOW, &info));
	EXPECT_EQ(BAR_SIZE, info->size);
	EXPECT_EQ(VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE |
		  VFIO_REGION_INFO_FLAG_MMAP, info->flags);
	free(info);
}

TEST_F(shadow, beyond)
{
	off_t offset = self->dev.offset[SHADOW];

	EXPECT_EQ(-EINVAL, __vfio_gfx_try_map(self->dev.fd, BAR_SIZE + 4096,
					      PROT_READ, MAP_SHARED, offset));
	EXPECT_EQ(-EINVAL, __vfio_gfx_try_map(self->dev.fd, BAR_SIZE, PROT_READ,
					      MAP_SHARED, offset + 4096));
	EXPECT_EQ(-EINVAL, __vfio_gfx_try_map(self->dev.fd, BAR_SIZE, PROT_READ,
					      MAP_PRIVATE, offset));
}

/* For VMMs that don't map it, at any size and place. */
TEST_F(shadow, read_write)
{
	__u8 bytes[] = { 1, 2, 3, 4, 5 }, seen[5];

	ASSERT_EQ(5, __vfio_gfx_pwrite(&self->dev, SHADOW, BAR_SIZE - 7, bytes,
				       5));
	EXPECT_EQ(0, memcmp((__u8 *)self->bar.bar + BAR_SIZE - 7, bytes, 5));
	ASSERT_EQ(5, __vfio_gfx_pread(&self->dev, SHADOW, BAR_SIZE - 7, seen,
				      5));
	EXPECT_EQ(0, memcmp(seen, bytes, 5));
}

TEST_F(shadow, flips)
{
	unsigned int i;

	for (i = 1; i < 8; i++) {
		ASSERT_TRUE(flip(self, 1 + i % 3));
		EXPECT_EQ(1 + i % 3, shown(&self->dev));
	}
}

TEST_F(shadow, off)
{
	struct vfio_device_gfx_plane_info info;

	ASSERT_TRUE(flip(self, 1));
	begin(self);
	put(self, RCAR_VDU_SHADOW_DS1PR, 0);
	commit(self);
	EXPECT_TRUE(vfio_gfx_query_off(&self->dev, VFIO_GFX_PRIMARY, &info));
}

TEST_F(shadow, being_written)
{
	ASSERT_TRUE(flip(self, 1));
	begin(self);
	point_to(self, 2);
	vfio_gfx_wait_frames(&self->dev, 3);
	EXPECT_EQ(1, shown(&self->dev));
	commit(self);
	vfio_gfx_wait_frames(&self->dev, 2);
	EXPECT_EQ(2, shown(&self->dev));
	EXPECT_EQ(self->bar.seq, get(self, RCAR_VDU_SHADOW_DONE));
}

TEST_F(shadow, disabled)
{
	ASSERT_TRUE(flip(self, 1));
	vfio_gfx_page_write(&self->dev, RCAR_VDU_SHADOW_CTRL, 0);
	begin(self);
	point_to(self, 2);
	commit(self);
	vfio_gfx_wait_frames(&self->dev, 3);
	EXPECT_EQ(1, shown(&self->dev));
}

/* The display shows what is there when it starts. */
TEST_F(shadow, start)
{
	vfio_gfx_stop(&self->dev);
	EXPECT_EQ(0, get(self, RCAR_VDU_SHADOW_AWAKE));
	begin(self);
	point_to(self, 3);
	commit(self);
	vfio_gfx_start(&self->dev);
	EXPECT_EQ(1, get(self, RCAR_VDU_SHADOW_AWAKE));
	EXPECT_EQ(3, shown(&self->dev));
}

TEST_F(shadow, doorbell)
{
	begin(self);
	point_to(self, 2);
	commit(self);
	vfio_gfx_page_write(&self->dev, RCAR_VDU_SHADOW_DOORBELL, 1);
	EXPECT_EQ(1, vfio_gfx_du_read(&self->dev, DS1PR));
}

TEST_F(shadow, frame_count)
{
	__u32 before = vfio_gfx_page_read(&self->dev, RCAR_VDU_FRAME_COUNT);

	vfio_gfx_wait_frames(&self->dev, 3);
	EXPECT_LE(before + 3, get(self, RCAR_VDU_SHADOW_FRAME_COUNT));
	EXPECT_GE(vfio_gfx_page_read(&self->dev, RCAR_VDU_FRAME_COUNT),
		  get(self, RCAR_VDU_SHADOW_FRAME_COUNT));
}

/* A frame has one time, and no other frame has the same. */
TEST_F(shadow, frame_time)
{
	__u64 time, last_time = 0, start = vfio_gfx_now_ms();
	__u32 frame, last = 0;
	int changes = 0;

	while (vfio_gfx_now_ms() < start + FRAME_TIME_MS) {
		frame = get(self, RCAR_VDU_SHADOW_FRAME_COUNT);
		atomic_thread_fence(memory_order_acquire);
		time = get(self, RCAR_VDU_SHADOW_FRAME_TIME_LO) |
		       (__u64)get(self, RCAR_VDU_SHADOW_FRAME_TIME_HI) << 32;
		atomic_thread_fence(memory_order_acquire);
		if (get(self, RCAR_VDU_SHADOW_FRAME_BEGUN) != frame)
			continue;
		if (frame == last) {
			ASSERT_EQ(last_time, time);
			continue;
		}
		ASSERT_LT(last_time, time);
		changes++;
		last = frame;
		last_time = time;
	}
	EXPECT_LT(5, changes);
}

/* MSI at each vertical blank, though nobody clears VBK */
TEST_F(shadow, messages)
{
	int fd = vfio_gfx_eventfd();
	unsigned int i;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(&self->dev, VFIO_PCI_MSI_IRQ_INDEX,
					    fd));
	vfio_gfx_shadow_enable(&self->bar, &self->dev,
			       RCAR_VDU_SHADOW_CTRL_MESSAGES);
	vfio_gfx_du_write(&self->dev, DIER, DSSR_VBK);
	for (i = 0; i < 5; i++)
		EXPECT_LT(0, vfio_gfx_eventfd_wait(fd, VFIO_GFX_TIMEOUT_MS));
	close(fd);
}

TEST_F(shadow, reset)
{
	ASSERT_TRUE(flip(self, 1));
	vfio_gfx_reset(&self->dev);
	EXPECT_EQ(0, get(self, RCAR_VDU_SHADOW_SEQ));
	EXPECT_EQ(0, get(self, RCAR_VDU_PLANE_PAGE(0) + PnDSA0R));
	EXPECT_EQ(0, vfio_gfx_page_read(&self->dev, RCAR_VDU_SHADOW_CTRL));
}

TEST_F(shadow, next_user)
{
	put(self, BAR_SIZE - 4, 0x5ec7e7);
	vfio_gfx_shadow_unmap(&self->bar);
	vfio_gfx_close(&self->dev);
	ASSERT_EQ(NULL, vfio_gfx_open(&self->dev, variant->mode));
	ASSERT_EQ(0, __vfio_gfx_shadow_map(&self->bar, &self->dev));
	EXPECT_EQ(0, get(self, BAR_SIZE - 4));
}

struct scribbler {
	struct vfio_gfx_shadow bar;
	atomic_bool stop;
};

static void *scribble(void *data)
{
	struct scribbler *scribbler = data;
	unsigned int i, x = 1;

	while (!atomic_load(&scribbler->stop)) {
		for (i = 0; i < 0x2000; i += 4) {
			x = x * 1103515245 + 12345;
			vfio_gfx_shadow_write(&scribbler->bar, i, x);
		}
		vfio_gfx_shadow_write(&scribbler->bar, RCAR_VDU_SHADOW_SEQ,
				      x & ~1u);
	}
	return NULL;
}

/* A guest may write anything at any time. */
TEST_F(shadow, scribbler)
{
	struct scribbler scribbler = { .bar = self->bar };
	__u64 end = vfio_gfx_now_ms() + SCRIBBLE_MS;
	struct vfio_device_gfx_plane_info info;
	pthread_t thread;

	ASSERT_EQ(0, pthread_create(&thread, NULL, scribble, &scribbler));
	while (vfio_gfx_now_ms() < end)
		vfio_gfx_query(&self->dev, VFIO_GFX_PRIMARY, &info);
	atomic_store(&scribbler.stop, true);
	pthread_join(thread, NULL);

	vfio_gfx_shadow_enable(&self->bar, &self->dev, 0);
	ASSERT_TRUE(flip(self, 0));
}

/* Whoever looks finds all frames counted. */
TEST_F(shadow, asleep)
{
	__u32 frame, now;

	ASSERT_TRUE(flip(self, 0));
	ASSERT_TRUE(falls_asleep(self));
	frame = get(self, RCAR_VDU_SHADOW_FRAME_COUNT);
	vfio_gfx_sleep_ms(ASLEEP_MS);
	EXPECT_EQ(frame, get(self, RCAR_VDU_SHADOW_FRAME_COUNT));
	EXPECT_EQ(0, get(self, RCAR_VDU_SHADOW_AWAKE));

	now = vfio_gfx_page_read(&self->dev, RCAR_VDU_FRAME_COUNT);
	EXPECT_LE(frame + ASLEEP_MS * 50 / 1000, now);
	EXPECT_EQ(1, get(self, RCAR_VDU_SHADOW_AWAKE));
	EXPECT_LE(now, get(self, RCAR_VDU_SHADOW_FRAME_COUNT));
}

TEST_F(shadow, wakes_up)
{
	ASSERT_TRUE(flip(self, 0));
	ASSERT_TRUE(falls_asleep(self));
	EXPECT_TRUE(flip(self, 1));
	EXPECT_EQ(1, shown(&self->dev));
}

/* A flip that no doorbell follows waits until somebody looks. */
TEST_F(shadow, no_doorbell)
{
	ASSERT_TRUE(flip(self, 0));
	ASSERT_TRUE(falls_asleep(self));
	begin(self);
	point_to(self, 1);
	put(self, RCAR_VDU_SHADOW_SEQ, ++self->bar.seq);
	vfio_gfx_sleep_ms(ASLEEP_MS);
	EXPECT_NE(self->bar.seq, get(self, RCAR_VDU_SHADOW_DONE));
	vfio_gfx_page_read(&self->dev, RCAR_VDU_FRAME_COUNT);
	EXPECT_TRUE(vfio_gfx_shadow_wait(&self->bar));
}

/* Interrupts are wanted. */
TEST_F(shadow, awake)
{
	vfio_gfx_du_write(&self->dev, DIER, DSSR_VBK);
	ASSERT_TRUE(flip(self, 0));
	vfio_gfx_sleep_ms(2 * ASLEEP_MS);
	EXPECT_EQ(1, get(self, RCAR_VDU_SHADOW_AWAKE));
}

TEST_HARNESS_MAIN
