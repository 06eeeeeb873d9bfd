// SPDX-License-Identifier: GPL-2.0-only
/*
 * The region plane API, for VMMs without OpenGL, and the admin's attributes
 */

#include "kselftest_harness.h"

#include <fcntl.h>
#include <sys/ioctl.h>

#include "lib/vfio_gfx.h"

#define WIDTH	VFIO_GFX_BUF_WIDTH
#define HEIGHT	VFIO_GFX_BUF_HEIGHT
#define SIZE	VFIO_GFX_BUF_SIZE

#define REGION_SIZE	(32u << 20)

/* -----------------------------------------------------------------------------
 * Attributes
 */

FIXTURE(attr) {
	struct vfio_gfx_dev dev;
};

FIXTURE_SETUP(attr)
{
	ASSERT_EQ(0, __vfio_gfx_set_attr("plane_api", "dmabuf"));
	ASSERT_EQ(0, __vfio_gfx_set_attr("dmabuf_writable", "0"));
}

FIXTURE_TEARDOWN(attr)
{
}

TEST_F(attr, plane_api)
{
	char text[32];

	ASSERT_EQ(0, __vfio_gfx_attr("plane_api", text, sizeof(text)));
	EXPECT_STREQ("dmabuf\n", text);
	EXPECT_EQ(0, __vfio_gfx_set_attr("plane_api", "region\n"));
	ASSERT_EQ(0, __vfio_gfx_attr("plane_api", text, sizeof(text)));
	EXPECT_STREQ("region\n", text);
	EXPECT_EQ(-EINVAL, __vfio_gfx_set_attr("plane_api", "regio"));
	EXPECT_EQ(-EINVAL, __vfio_gfx_set_attr("plane_api", "1"));
}

TEST_F(attr, dmabuf_writable)
{
	char text[32];

	ASSERT_EQ(0, __vfio_gfx_attr("dmabuf_writable", text, sizeof(text)));
	EXPECT_STREQ("0\n", text);
	EXPECT_EQ(0, __vfio_gfx_set_attr("dmabuf_writable", "1"));
	ASSERT_EQ(0, __vfio_gfx_attr("dmabuf_writable", text, sizeof(text)));
	EXPECT_STREQ("1\n", text);
	EXPECT_EQ(-EINVAL, __vfio_gfx_set_attr("dmabuf_writable", "maybe"));
}

TEST_F(attr, busy)
{
	const char *missing = vfio_gfx_open(&self->dev, VFIO_GFX_GROUP);

	if (missing)
		SKIP(return, "no %s", missing);
	EXPECT_EQ(-EBUSY, __vfio_gfx_set_attr("plane_api", "region"));
	EXPECT_EQ(-EBUSY, __vfio_gfx_set_attr("dmabuf_writable", "1"));
	EXPECT_EQ(-EBUSY, __vfio_gfx_set_attr("crc", "1"));
	vfio_gfx_close(&self->dev);
	EXPECT_EQ(0, __vfio_gfx_set_attr("plane_api", "region"));
}

TEST_F(attr, dmabuf_device_has_no_region)
{
	const char *missing = vfio_gfx_open(&self->dev, VFIO_GFX_GROUP);
	struct vfio_region_info info = {
		.argsz = sizeof(info),
		.index = VFIO_GFX_FB,
	};
	struct vfio_device_gfx_plane_info plane = {
		.argsz = sizeof(plane),
		.flags = VFIO_GFX_PLANE_TYPE_PROBE | VFIO_GFX_PLANE_TYPE_REGION,
	};

	if (missing)
		SKIP(return, "no %s", missing);
	ASSERT_EQ(0, ioctl(self->dev.fd, VFIO_DEVICE_GET_REGION_INFO, &info));
	EXPECT_EQ(0, info.size);
	EXPECT_EQ(0, info.flags);
	EXPECT_EQ(-1, ioctl(self->dev.fd, VFIO_DEVICE_QUERY_GFX_PLANE, &plane));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-EINVAL, __vfio_gfx_try_map(self->dev.fd, SIZE, PROT_READ,
					      MAP_SHARED,
					      self->dev.offset[VFIO_GFX_FB]));
	vfio_gfx_close(&self->dev);
}

/* -----------------------------------------------------------------------------
 * Region
 */

FIXTURE(region) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
	__u8 *map;
};

FIXTURE_VARIANT(region) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(region, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(region, cdev) {
	.mode = VFIO_GFX_CDEV,
};

static void *map_region(struct vfio_gfx_dev *dev, unsigned int index)
{
	return mmap(NULL, REGION_SIZE, PROT_READ, MAP_SHARED, dev->fd,
		    dev->offset[index]);
}

FIXTURE_SETUP(region)
{
	const char *missing;

	ASSERT_EQ(0, __vfio_gfx_set_attr("plane_api", "region"));
	missing = vfio_gfx_open_with_ram(&self->dev, &self->ram, variant->mode);
	if (missing)
		SKIP(return, "no %s", missing);
	vfio_gfx_display_on(&self->dev);
	self->map = map_region(&self->dev, VFIO_GFX_FB);
	ASSERT_NE(MAP_FAILED, (void *)self->map);
}

FIXTURE_TEARDOWN(region)
{
	munmap(self->map, REGION_SIZE);
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
	__vfio_gfx_set_attr("plane_api", "dmabuf");
}

/* As QEMU does: no plane type. */
static int query(struct vfio_gfx_dev *dev, struct vfio_device_gfx_plane_info *info)
{
	memset(info, 0, sizeof(*info));
	info->argsz = sizeof(*info);
	info->flags = VFIO_GFX_PLANE_TYPE_REGION;
	return ioctl(dev->fd, VFIO_DEVICE_QUERY_GFX_PLANE, info) ? -errno : 0;
}

/* Show a plane and wait until the frame is there. */
static void show(struct vfio_gfx_dev *dev, const struct vfio_gfx_plane *plane)
{
	struct vfio_device_feature_gfx_frame frame;

	vfio_gfx_show(dev, plane);
	vfio_gfx_frame_latched(dev, &frame);
}

static void show_buffer(struct vfio_gfx_dev *dev, struct vfio_gfx_ram *ram,
			unsigned int n)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(ram, n);

	show(dev, &plane);
}

TEST_F(region, probe)
{
	struct vfio_device_gfx_plane_info info = {
		.argsz = sizeof(info),
		.flags = VFIO_GFX_PLANE_TYPE_PROBE | VFIO_GFX_PLANE_TYPE_REGION,
	};

	EXPECT_EQ(0, ioctl(self->dev.fd, VFIO_DEVICE_QUERY_GFX_PLANE, &info));
	info.flags = VFIO_GFX_PLANE_TYPE_PROBE | VFIO_GFX_PLANE_TYPE_DMABUF;
	EXPECT_EQ(-1, ioctl(self->dev.fd, VFIO_DEVICE_QUERY_GFX_PLANE, &info));
	EXPECT_EQ(EINVAL, errno);
	info.flags = VFIO_GFX_PLANE_TYPE_DMABUF;
	info.drm_plane_type = VFIO_GFX_PRIMARY;
	EXPECT_EQ(-1, ioctl(self->dev.fd, VFIO_DEVICE_QUERY_GFX_PLANE, &info));
	EXPECT_EQ(EINVAL, errno);
}

TEST_F(region, info)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info),
		.index = VFIO_GFX_FB,
	};

	ASSERT_EQ(0, ioctl(self->dev.fd, VFIO_DEVICE_GET_REGION_INFO, &info));
	EXPECT_EQ(VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_MMAP,
		  info.flags);
	EXPECT_EQ(REGION_SIZE, info.size);
}

TEST_F(region, off)
{
	struct vfio_device_gfx_plane_info info;

	ASSERT_EQ(0, query(&self->dev, &info));
	EXPECT_EQ(0, info.drm_format);
	EXPECT_EQ(0, info.size);
	EXPECT_EQ(VFIO_GFX_FB, info.region_index);
	EXPECT_EQ(0, self->map[0]);
	EXPECT_EQ(0, self->map[REGION_SIZE - 1]);
}

TEST_F(region, query)
{
	struct vfio_device_gfx_plane_info info;

	show_buffer(&self->dev, &self->ram, 1);
	ASSERT_EQ(0, query(&self->dev, &info));
	EXPECT_EQ(DRM_FORMAT_XRGB8888, info.drm_format);
	EXPECT_EQ(DRM_FORMAT_MOD_LINEAR, info.drm_format_mod);
	EXPECT_EQ(WIDTH, info.width);
	EXPECT_EQ(HEIGHT, info.height);
	EXPECT_EQ(WIDTH * 4, info.stride);
	EXPECT_EQ(SIZE, info.size);
	EXPECT_EQ(VFIO_GFX_FB, info.region_index);
}

TEST_F(region, shared_pages)
{
	show_buffer(&self->dev, &self->ram, 3);
	EXPECT_EQ(0, memcmp(self->map, self->ram.va + 3 * SIZE, SIZE));
	memset(self->ram.va + 3 * SIZE, 0x77, SIZE);
	EXPECT_EQ(0, memcmp(self->map, self->ram.va + 3 * SIZE, SIZE));
	EXPECT_EQ(0, self->map[SIZE]);
}

TEST_F(region, flip)
{
	unsigned int i;

	for (i = 0; i < 8; i++) {
		show_buffer(&self->dev, &self->ram, 1 + i % 3);
		EXPECT_EQ(1 + i % 3, self->map[0]);
		EXPECT_EQ(1 + i % 3, self->map[SIZE - 1]);
	}
}

TEST_F(region, smaller)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 2);

	show(&self->dev, &plane);
	EXPECT_EQ(2, self->map[SIZE - 1]);
	plane = vfio_gfx_buffer(&self->ram, 4);
	plane.height /= 2;
	show(&self->dev, &plane);
	EXPECT_EQ(4, self->map[SIZE / 2 - 1]);
	EXPECT_EQ(0, self->map[SIZE / 2]);
}

/* No signal kills a VMM that looks at what has gone. */
TEST_F(region, plane_off)
{
	struct vfio_device_feature_gfx_frame frame;

	show_buffer(&self->dev, &self->ram, 5);
	EXPECT_EQ(5, self->map[0]);
	vfio_gfx_off(&self->dev);
	vfio_gfx_frame_latched(&self->dev, &frame);
	EXPECT_EQ(0, self->map[0]);
	EXPECT_EQ(0, self->map[SIZE - 1]);
}

TEST_F(region, unmap)
{
	struct vfio_device_gfx_plane_info info;

	show_buffer(&self->dev, &self->ram, 5);
	EXPECT_EQ(5, self->map[0]);
	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	EXPECT_EQ(0, self->map[0]);
	ASSERT_EQ(0, query(&self->dev, &info));
	EXPECT_EQ(0, info.size);
}

TEST_F(region, reset)
{
	show_buffer(&self->dev, &self->ram, 5);
	EXPECT_EQ(5, self->map[0]);
	ASSERT_EQ(0, __vfio_gfx_reset(&self->dev));
	EXPECT_EQ(0, self->map[0]);
}

/* A mapping keeps the device open, and shows nothing any more. */
TEST_F(region, close)
{
	show_buffer(&self->dev, &self->ram, 5);
	EXPECT_EQ(5, self->map[0]);
	vfio_gfx_close_device(&self->dev);
	EXPECT_EQ(5, self->map[0]);
}

/* QEMU sees no change of the pitch alone. */
TEST_F(region, pitch)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 6);
	struct vfio_device_gfx_plane_info info;
	__u8 *other = map_region(&self->dev, VFIO_GFX_FB + 1);

	ASSERT_NE(MAP_FAILED, (void *)other);
	plane.height /= 2;
	show(&self->dev, &plane);
	ASSERT_EQ(0, query(&self->dev, &info));
	EXPECT_EQ(VFIO_GFX_FB, info.region_index);
	EXPECT_EQ(WIDTH * 4, info.stride);

	plane.pitch = WIDTH * 2;
	show(&self->dev, &plane);
	ASSERT_EQ(0, query(&self->dev, &info));
	EXPECT_EQ(VFIO_GFX_FB + 1, info.region_index);
	EXPECT_EQ(WIDTH * 8, info.stride);
	EXPECT_EQ(6, other[0]);
	EXPECT_EQ(6, self->map[0]);

	plane.pitch = WIDTH;
	show(&self->dev, &plane);
	ASSERT_EQ(0, query(&self->dev, &info));
	EXPECT_EQ(VFIO_GFX_FB, info.region_index);
	munmap(other, REGION_SIZE);
}

/* pixman, and with it QEMU, wants whole words. */
TEST_F(region, odd_pitch)
{
	struct vfio_gfx_plane plane = {
		.fourcc = DRM_FORMAT_RGB565,
		.addr = self->ram.iova,
		.width = 101,
		.height = 16,
	};
	struct vfio_device_gfx_plane_info info;

	show(&self->dev, &plane);
	ASSERT_EQ(0, query(&self->dev, &info));
	EXPECT_EQ(0, info.drm_format);
	EXPECT_EQ(0, info.size);
}

TEST_F(region, cursor)
{
	struct vfio_device_gfx_plane_info info = {
		.argsz = sizeof(info),
		.flags = VFIO_GFX_PLANE_TYPE_REGION,
		.drm_plane_type = VFIO_GFX_CURSOR,
	};
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 6);

	plane.role = RCAR_VDU_ROLE_CURSOR;
	show(&self->dev, &plane);
	ASSERT_EQ(0, ioctl(self->dev.fd, VFIO_DEVICE_QUERY_GFX_PLANE, &info));
	EXPECT_EQ(0, info.size);
}

static int try_map(struct vfio_gfx_dev *dev, size_t size, int prot, int flags,
		   __u64 offset)
{
	return __vfio_gfx_try_map(dev->fd, size, prot, flags,
				  dev->offset[VFIO_GFX_FB] + offset);
}

TEST_F(region, mmap)
{
	size_t page = vfio_gfx_page_size();
	struct vfio_gfx_dev *dev = &self->dev;
	int rw = PROT_READ | PROT_WRITE;

	EXPECT_EQ(0, try_map(dev, page, PROT_READ, MAP_SHARED, 0));
	EXPECT_EQ(0, try_map(dev, page, PROT_READ, MAP_SHARED,
			     REGION_SIZE - page));
	EXPECT_EQ(-EINVAL, try_map(dev, REGION_SIZE + page, PROT_READ,
				   MAP_SHARED, 0));
	EXPECT_EQ(-EINVAL, try_map(dev, 2 * page, PROT_READ, MAP_SHARED,
				   REGION_SIZE - page));
	EXPECT_EQ(-EINVAL, try_map(dev, page, PROT_READ, MAP_SHARED,
				   REGION_SIZE));
	EXPECT_EQ(-EACCES, try_map(dev, page, rw, MAP_SHARED, 0));
	EXPECT_EQ(-EINVAL, try_map(dev, page, PROT_READ, MAP_PRIVATE, 0));
	EXPECT_EQ(-1, mprotect(self->map, page, rw));
	EXPECT_EQ(EACCES, errno);
}

TEST_F(region, mmap_offset)
{
	size_t page = vfio_gfx_page_size();
	__u8 *map = mmap(NULL, page, PROT_READ, MAP_SHARED, self->dev.fd,
			 self->dev.offset[VFIO_GFX_FB] + page);

	ASSERT_NE(MAP_FAILED, (void *)map);
	show_buffer(&self->dev, &self->ram, 0);
	self->ram.va[page] = 0x42;
	EXPECT_EQ(0x42, map[0]);
	munmap(map, page);
}

TEST_F(region, read)
{
	__u8 buf[64];

	show_buffer(&self->dev, &self->ram, 7);
	EXPECT_EQ(sizeof(buf), __vfio_gfx_pread(&self->dev, VFIO_GFX_FB,
						SIZE - 32, buf, sizeof(buf)));
	EXPECT_EQ(7, buf[0]);
	EXPECT_EQ(7, buf[31]);
	EXPECT_EQ(0, buf[32]);
	EXPECT_EQ(0, buf[63]);
	EXPECT_EQ(sizeof(buf), __vfio_gfx_pread(&self->dev, VFIO_GFX_FB,
						REGION_SIZE - 32, buf,
						sizeof(buf)));
	EXPECT_EQ(0, buf[31]);
	EXPECT_EQ(0xff, buf[32]);
}

TEST_F(region, write)
{
	__u32 value = 0x12345678;

	show_buffer(&self->dev, &self->ram, 7);
	EXPECT_EQ(sizeof(value), __vfio_gfx_pwrite(&self->dev, VFIO_GFX_FB, 0,
						   &value, sizeof(value)));
	EXPECT_EQ(7, self->ram.va[7 * SIZE]);
}

/* -----------------------------------------------------------------------------
 * Writable dma-bufs
 */

FIXTURE(writable) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
};

FIXTURE_SETUP(writable)
{
	const char *missing;

	ASSERT_EQ(0, __vfio_gfx_set_attr("plane_api", "dmabuf"));
	ASSERT_EQ(0, __vfio_gfx_set_attr("dmabuf_writable", "1"));
	missing = vfio_gfx_open_with_ram(&self->dev, &self->ram,
					 VFIO_GFX_GROUP);
	if (missing)
		SKIP(return, "no %s", missing);
	vfio_gfx_display_on(&self->dev);
}

FIXTURE_TEARDOWN(writable)
{
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
	__vfio_gfx_set_attr("dmabuf_writable", "0");
}

TEST_F(writable, write)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 0, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	__u8 *map;

	EXPECT_EQ(O_RDWR, fcntl(fd, F_GETFL) & O_ACCMODE);
	map = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ASSERT_NE(MAP_FAILED, (void *)map);
	map[SIZE - 1] = 0x4d;
	EXPECT_EQ(0x4d, self->ram.va[SIZE - 1]);

	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	EXPECT_TRUE(vfio_gfx_gone(map, SIZE));
	munmap(map, SIZE);
	close(fd);
}

TEST_F(writable, private)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 0, 0);
	int fd = vfio_gfx_get(&self->dev, id);

	EXPECT_EQ(-EINVAL, __vfio_gfx_try_map(fd, SIZE, PROT_READ | PROT_WRITE,
					      MAP_PRIVATE, 0));
	EXPECT_EQ(-EINVAL, __vfio_gfx_try_map(fd, SIZE, PROT_READ, MAP_PRIVATE,
					      0));
	close(fd);
}

/* Memory that devices may only read stays so. */
TEST_F(writable, rom)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 0);
	__u32 id;
	int fd;

	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	ASSERT_EQ(0, __vfio_gfx_dma_map(&self->dev, self->ram.va,
					self->ram.iova, self->ram.size, false));
	id = vfio_gfx_show_id(&self->dev, &plane, 0);
	fd = vfio_gfx_get(&self->dev, id);
	EXPECT_EQ(O_RDONLY, fcntl(fd, F_GETFL) & O_ACCMODE);
	EXPECT_EQ(-EACCES, __vfio_gfx_try_map(fd, SIZE, PROT_READ | PROT_WRITE,
					      MAP_SHARED, 0));
	close(fd);
}

TEST_HARNESS_MAIN
