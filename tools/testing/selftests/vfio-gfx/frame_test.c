// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO_DEVICE_FEATURE_GFX_FRAME: all planes of a frame at once
 */

#include "kselftest_harness.h"

#include <sys/ioctl.h>
#include <time.h>

#include "lib/vfio_gfx.h"

#define SIZE	VFIO_GFX_BUF_SIZE

FIXTURE(frame) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
	struct vfio_device_feature_gfx_frame frame;
};

FIXTURE_VARIANT(frame) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(frame, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(frame, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(frame)
{
	const char *missing = vfio_gfx_open_with_ram(&self->dev, &self->ram,
						     variant->mode);

	if (missing)
		SKIP(return, "no %s", missing);
}

FIXTURE_TEARDOWN(frame)
{
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
}

static __u32 latch_count(struct vfio_gfx_dev *dev)
{
	return vfio_gfx_page_read(dev, RCAR_VDU_LATCH_COUNT);
}

/* The frame of what was committed last. */
static void newest(struct vfio_gfx_dev *dev,
		   struct vfio_device_feature_gfx_frame *frame)
{
	vfio_gfx_frame_wait(dev, latch_count(dev), frame);
}

/* -----------------------------------------------------------------------------
 * Arguments
 */

static int feature(struct vfio_gfx_dev *dev, __u32 flags, size_t room)
{
	struct vfio_device_feature_gfx_frame *frame;
	struct {
		struct vfio_device_feature head;
		__u8 room[sizeof(*frame) + 16];
	} arg = {
		.head.argsz = sizeof(arg.head) + room,
		.head.flags = flags,
	};

	return ioctl(dev->fd, VFIO_DEVICE_FEATURE, &arg) ? -errno : 0;
}

TEST_F(frame, probe)
{
	EXPECT_EQ(0, feature(&self->dev, VFIO_DEVICE_FEATURE_PROBE |
			     VFIO_DEVICE_FEATURE_GET |
			     VFIO_DEVICE_FEATURE_GFX_FRAME, 0));
	EXPECT_EQ(-EINVAL, feature(&self->dev, VFIO_DEVICE_FEATURE_PROBE |
				   VFIO_DEVICE_FEATURE_SET |
				   VFIO_DEVICE_FEATURE_GFX_FRAME, 0));
}

TEST_F(frame, set)
{
	EXPECT_EQ(-EINVAL, feature(&self->dev, VFIO_DEVICE_FEATURE_SET |
				   VFIO_DEVICE_FEATURE_GFX_FRAME,
				   sizeof(self->frame)));
}

TEST_F(frame, argsz)
{
	__u32 flags = VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_GFX_FRAME;

	EXPECT_EQ(-EINVAL, feature(&self->dev, flags, 0));
	EXPECT_EQ(-EINVAL, feature(&self->dev, flags, sizeof(self->frame) - 1));
	EXPECT_EQ(0, feature(&self->dev, flags, sizeof(self->frame)));
	EXPECT_EQ(0, feature(&self->dev, flags, sizeof(self->frame) + 16));
}

TEST_F(frame, other_feature)
{
	EXPECT_EQ(-ENOTTY, feature(&self->dev, VFIO_DEVICE_FEATURE_GET |
				   (VFIO_DEVICE_FEATURE_GFX_FRAME + 1),
				   sizeof(self->frame)));
}

TEST_F(frame, fault)
{
	struct {
		struct vfio_device_feature head;
	} *end;
	size_t page = vfio_gfx_page_size();
	__u8 *two = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, (void *)two);
	ASSERT_EQ(0, munmap(two + page, page));
	end = (void *)(two + page - sizeof(*end));
	end->head.argsz = sizeof(*end) + sizeof(self->frame);
	end->head.flags = VFIO_DEVICE_FEATURE_GET |
			  VFIO_DEVICE_FEATURE_GFX_FRAME;
	EXPECT_EQ(-1, ioctl(self->dev.fd, VFIO_DEVICE_FEATURE, end));
	EXPECT_EQ(EFAULT, errno);
	munmap(two, page);
}

/* -----------------------------------------------------------------------------
 * Contents
 */

TEST_F(frame, off)
{
	vfio_gfx_frame(&self->dev, &self->frame);
	EXPECT_EQ(0, self->frame.flags);
	EXPECT_EQ(0, self->frame.num_planes);
	EXPECT_EQ(0, self->frame.width);
	EXPECT_EQ(0, self->frame.height);
}

TEST_F(frame, no_planes)
{
	vfio_gfx_display_on(&self->dev);
	vfio_gfx_off(&self->dev);
	newest(&self->dev, &self->frame);
	EXPECT_EQ(VFIO_GFX_FRAME_ON, self->frame.flags);
	EXPECT_EQ(0, self->frame.num_planes);
	EXPECT_EQ(640, self->frame.width);
	EXPECT_EQ(480, self->frame.height);
}

TEST_F(frame, one_plane)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 0);
	struct vfio_device_gfx_frame_plane *out = &self->frame.planes[0];

	plane.x = 17;
	plane.y = 33;
	plane.pitch = VFIO_GFX_BUF_WIDTH * 2;
	plane.height = VFIO_GFX_BUF_HEIGHT / 2;
	vfio_gfx_display_on(&self->dev);
	vfio_gfx_show(&self->dev, &plane);
	newest(&self->dev, &self->frame);
	ASSERT_EQ(1, self->frame.num_planes);
	EXPECT_EQ(VFIO_GFX_PRIMARY, out->type);
	EXPECT_EQ(0, out->index);
	EXPECT_EQ(0, out->zpos);
	EXPECT_EQ(0, out->error);
	ASSERT_EQ(1, out->num_memory_planes);
	EXPECT_EQ(DRM_FORMAT_XRGB8888, out->drm_format);
	EXPECT_EQ(DRM_FORMAT_MOD_LINEAR, out->drm_format_mod);
	EXPECT_EQ(0, out->src_x);
	EXPECT_EQ(0, out->src_y);
	EXPECT_EQ(VFIO_GFX_BUF_WIDTH, out->src_width);
	EXPECT_EQ(VFIO_GFX_BUF_HEIGHT / 2, out->src_height);
	EXPECT_EQ(17, out->dst_x);
	EXPECT_EQ(33, out->dst_y);
	EXPECT_EQ(VFIO_GFX_BUF_WIDTH, out->dst_width);
	EXPECT_EQ(VFIO_GFX_BUF_HEIGHT / 2, out->dst_height);
	EXPECT_EQ(0xffff, out->alpha);
	EXPECT_EQ(VFIO_GFX_BLEND_NONE, out->pixel_blend_mode);
	EXPECT_NE(0, out->memory[0].dmabuf_id);
	EXPECT_EQ(VFIO_GFX_BUF_WIDTH * 8, out->memory[0].pitch);
	EXPECT_EQ(0, out->memory[0].offset);
	EXPECT_EQ(0, out->memory[1].dmabuf_id);
}

/* VFIO_DEVICE_QUERY_GFX_PLANE has no offset, so this is off there. */
TEST_F(frame, offset)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 1);
	struct vfio_device_gfx_frame_memory *memory =
		&self->frame.planes[0].memory[0];
	__u8 *map;
	int fd;

	plane.src_x = 4;
	plane.src_y = 2;
	plane.width -= 4;
	plane.height -= 2;
	plane.pitch = VFIO_GFX_BUF_WIDTH;
	vfio_gfx_display_on(&self->dev);
	vfio_gfx_show(&self->dev, &plane);
	newest(&self->dev, &self->frame);
	ASSERT_EQ(1, self->frame.num_planes);
	ASSERT_EQ(0, self->frame.planes[0].error);
	EXPECT_EQ((2 * VFIO_GFX_BUF_WIDTH + 4) * 4, memory->offset);

	self->ram.va[SIZE + memory->offset] = 0x99;
	fd = vfio_gfx_get(&self->dev, memory->dmabuf_id);
	map = vfio_gfx_map(fd, SIZE);
	EXPECT_EQ(0x99, map[memory->offset]);
	munmap(map, SIZE);
	close(fd);
}

TEST_F(frame, two_memory_planes)
{
	struct vfio_gfx_plane plane = {
		.fourcc = DRM_FORMAT_NV12,
		.addr = self->ram.iova,
		.chroma = self->ram.iova + SIZE,
		.width = 128,
		.height = 64,
	};
	struct vfio_device_gfx_frame_plane *out = &self->frame.planes[0];
	unsigned int i;

	self->ram.va[0] = 0x10;
	self->ram.va[SIZE] = 0x11;
	vfio_gfx_display_on(&self->dev);
	vfio_gfx_show(&self->dev, &plane);
	newest(&self->dev, &self->frame);
	ASSERT_EQ(1, self->frame.num_planes);
	EXPECT_EQ(DRM_FORMAT_NV12, out->drm_format);
	ASSERT_EQ(2, out->num_memory_planes);
	EXPECT_NE(out->memory[0].dmabuf_id, out->memory[1].dmabuf_id);

	for (i = 0; i < 2; i++) {
		int fd = vfio_gfx_get(&self->dev, out->memory[i].dmabuf_id);
		__u8 *map = vfio_gfx_map(fd, vfio_gfx_page_size());

		EXPECT_EQ(128, out->memory[i].pitch);
		EXPECT_EQ(0x10 + i, map[out->memory[i].offset]);
		munmap(map, vfio_gfx_page_size());
		close(fd);
	}
}

/* Three planes, of which the page with the highest number is the lowest. */
static void show_stack(struct vfio_gfx_dev *dev, struct vfio_gfx_ram *ram)
{
	static const __u32 roles[] = {
		RCAR_VDU_ROLE_CURSOR, RCAR_VDU_ROLE_OVERLAY,
		RCAR_VDU_ROLE_PRIMARY,
	};
	unsigned int i;

	vfio_gfx_display_on(dev);
	vfio_gfx_begin(dev);
	for (i = 0; i < 3; i++) {
		struct vfio_gfx_plane plane = vfio_gfx_buffer(ram, i);

		plane.page = i;
		plane.role = roles[i];
		plane.fourcc = i ? DRM_FORMAT_XRGB8888 : DRM_FORMAT_ARGB8888;
		plane.x = 10 * i;
		plane.hot_x = i ? 0 : 3;
		plane.hot_y = i ? 0 : 4;
		vfio_gfx_plane_write(dev, &plane);
	}
	vfio_gfx_priority(dev, 0x321);
	vfio_gfx_commit(dev);
}

TEST_F(frame, stack)
{
	static const __u32 types[] = {
		VFIO_GFX_PRIMARY, VFIO_GFX_OVERLAY, VFIO_GFX_CURSOR,
	};
	struct vfio_device_gfx_frame_plane *cursor = &self->frame.planes[2];
	unsigned int i;

	show_stack(&self->dev, &self->ram);
	newest(&self->dev, &self->frame);
	ASSERT_EQ(3, self->frame.num_planes);
	for (i = 0; i < 3; i++) {
		struct vfio_device_gfx_frame_plane *out = &self->frame.planes[i];

		EXPECT_EQ(i, out->zpos);
		EXPECT_EQ(2 - i, out->index);
		EXPECT_EQ(types[i], out->type);
		EXPECT_EQ(10 * (2 - i), out->dst_x);
		EXPECT_EQ(1, out->num_memory_planes);
	}
	EXPECT_EQ(VFIO_GFX_BLEND_COVERAGE, cursor->pixel_blend_mode);
	EXPECT_EQ(3, cursor->hot_x);
	EXPECT_EQ(4, cursor->hot_y);
}

TEST_F(frame, error)
{
	struct vfio_gfx_plane good = vfio_gfx_buffer(&self->ram, 0);
	struct vfio_gfx_plane bad = vfio_gfx_buffer(&self->ram, 1);

	bad.page = 1;
	bad.addr = self->ram.iova + self->ram.size;
	vfio_gfx_display_on(&self->dev);
	vfio_gfx_begin(&self->dev);
	vfio_gfx_plane_write(&self->dev, &good);
	vfio_gfx_plane_write(&self->dev, &bad);
	vfio_gfx_priority(&self->dev, 0x12);
	vfio_gfx_commit(&self->dev);
	newest(&self->dev, &self->frame);
	ASSERT_EQ(2, self->frame.num_planes);
	EXPECT_EQ(0, self->frame.planes[0].error);
	EXPECT_EQ(1, self->frame.planes[0].num_memory_planes);
	EXPECT_EQ(RCAR_VDU_ERROR_ADDRESS, self->frame.planes[1].error);
	EXPECT_EQ(0, self->frame.planes[1].num_memory_planes);
	EXPECT_EQ(0, self->frame.planes[1].memory[0].dmabuf_id);
}

/* The buffer's id stays, where that of the query changes with the geometry. */
TEST_F(frame, id_names_the_buffer)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 0);
	struct vfio_device_gfx_frame_memory *memory =
		&self->frame.planes[0].memory[0];
	struct vfio_device_gfx_plane_info info;
	__u32 id, query;

	vfio_gfx_display_on(&self->dev);
	query = vfio_gfx_show_id(&self->dev, &plane, 0);
	vfio_gfx_frame(&self->dev, &self->frame);
	id = memory->dmabuf_id;
	EXPECT_NE(query, id);

	vfio_gfx_off(&self->dev);
	ASSERT_TRUE(vfio_gfx_query_off(&self->dev, VFIO_GFX_PRIMARY, &info));
	query = vfio_gfx_show_id(&self->dev, &plane, query);
	vfio_gfx_frame(&self->dev, &self->frame);
	EXPECT_EQ(id, memory->dmabuf_id);
	EXPECT_EQ(vfio_gfx_inode(vfio_gfx_get(&self->dev, query)),
		  vfio_gfx_inode(vfio_gfx_get(&self->dev, id)));
}

TEST_F(frame, id_after_reset)
{
	__u32 id;

	vfio_gfx_display_on(&self->dev);
	vfio_gfx_show_buffer(&self->dev, &self->ram, 0, 0);
	vfio_gfx_frame(&self->dev, &self->frame);
	id = self->frame.planes[0].memory[0].dmabuf_id;
	vfio_gfx_reset(&self->dev);

	EXPECT_EQ(-EINVAL, __vfio_gfx_get(&self->dev, id));
	vfio_gfx_frame(&self->dev, &self->frame);
	EXPECT_EQ(0, self->frame.flags);
	EXPECT_EQ(0, self->frame.num_planes);
}

TEST_F(frame, unmapped)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 0);
	__u32 id;

	vfio_gfx_display_on(&self->dev);
	vfio_gfx_show(&self->dev, &plane);
	newest(&self->dev, &self->frame);
	ASSERT_EQ(1, self->frame.num_planes);
	id = self->frame.planes[0].memory[0].dmabuf_id;
	vfio_gfx_ram_unmap(&self->dev, &self->ram);

	vfio_gfx_frame(&self->dev, &self->frame);
	ASSERT_EQ(1, self->frame.num_planes);
	EXPECT_EQ(RCAR_VDU_ERROR_ADDRESS, self->frame.planes[0].error);
	EXPECT_EQ(-EINVAL, __vfio_gfx_get(&self->dev, id));
}

/* -----------------------------------------------------------------------------
 * When
 */

TEST_F(frame, sequence)
{
	__u32 latch, vblank;

	vfio_gfx_display_on(&self->dev);
	vfio_gfx_show_buffer(&self->dev, &self->ram, 0, 0);
	newest(&self->dev, &self->frame);
	EXPECT_EQ(latch_count(&self->dev), self->frame.sequence);
	latch = self->frame.sequence;
	vblank = self->frame.vblank;

	/* Nothing new is no new frame. */
	vfio_gfx_wait_frames(&self->dev, 3);
	vfio_gfx_frame(&self->dev, &self->frame);
	EXPECT_EQ(latch, self->frame.sequence);

	vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);
	newest(&self->dev, &self->frame);
	EXPECT_EQ(latch + 1, self->frame.sequence);
	EXPECT_LE(3, self->frame.vblank - vblank);
}

static __u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

TEST_F(frame, time)
{
	__u64 before, after;

	vfio_gfx_display_on(&self->dev);
	vfio_gfx_wait_frames(&self->dev, 1);
	before = now_ns();
	vfio_gfx_show_buffer(&self->dev, &self->ram, 0, 0);
	newest(&self->dev, &self->frame);
	after = now_ns();
	EXPECT_LE(before, self->frame.time_ns);
	EXPECT_GE(after, self->frame.time_ns);
}

TEST_HARNESS_MAIN
