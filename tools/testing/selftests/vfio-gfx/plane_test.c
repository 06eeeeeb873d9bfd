// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO_DEVICE_QUERY_GFX_PLANE: what the guest's planes show
 */

#include "kselftest_harness.h"

#include <sys/ioctl.h>

#include "lib/vfio_gfx.h"

#define WIDTH	256
#define HEIGHT	64

#define DMABUF	VFIO_GFX_PLANE_TYPE_DMABUF
#define REGION	VFIO_GFX_PLANE_TYPE_REGION
#define PROBE	VFIO_GFX_PLANE_TYPE_PROBE

FIXTURE(plane) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
};

FIXTURE_VARIANT(plane) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(plane, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(plane, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(plane)
{
	const char *missing = vfio_gfx_open_with_ram(&self->dev, &self->ram,
						     variant->mode);

	if (missing)
		SKIP(return, "no %s", missing);
	vfio_gfx_display_on(&self->dev);
}

FIXTURE_TEARDOWN(plane)
{
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
}

static struct vfio_gfx_plane primary(void)
{
	return (struct vfio_gfx_plane) {
		.fourcc = DRM_FORMAT_XRGB8888,
		.addr = VFIO_GFX_RAM_IOVA,
		.width = WIDTH,
		.height = HEIGHT,
	};
}

static struct vfio_gfx_plane cursor(void)
{
	return (struct vfio_gfx_plane) {
		.page = 1,
		.fourcc = DRM_FORMAT_ARGB8888,
		.addr = VFIO_GFX_RAM_IOVA + 0x100000,
		.width = 64,
		.height = 64,
		.role = RCAR_VDU_ROLE_CURSOR,
	};
}

static __u64 page_align(__u64 size)
{
	return (size + vfio_gfx_page_size() - 1) & ~(vfio_gfx_page_size() - 1);
}

static int __query_flags(struct vfio_gfx_dev *dev, __u32 flags)
{
	struct vfio_device_gfx_plane_info info = {
		.argsz = sizeof(info),
		.flags = flags,
		.drm_plane_type = flags & PROBE ? 0 : VFIO_GFX_PRIMARY,
	};

	return ioctl(dev->fd, VFIO_DEVICE_QUERY_GFX_PLANE, &info) ? -errno : 0;
}

/* -----------------------------------------------------------------------------
 * Arguments
 */

TEST_F(plane, flags)
{
	struct vfio_gfx_dev *dev = &self->dev;

	EXPECT_EQ(0, __query_flags(dev, PROBE | DMABUF));
	EXPECT_EQ(0, __query_flags(dev, DMABUF));
	EXPECT_EQ(-EINVAL, __query_flags(dev, PROBE | REGION));
	EXPECT_EQ(-EINVAL, __query_flags(dev, REGION));
	EXPECT_EQ(-EINVAL, __query_flags(dev, 0));
	EXPECT_EQ(-EINVAL, __query_flags(dev, PROBE));
	EXPECT_EQ(-EINVAL, __query_flags(dev, DMABUF | REGION));
	EXPECT_EQ(-EINVAL, __query_flags(dev, PROBE | DMABUF | REGION));
	EXPECT_EQ(-EINVAL, __query_flags(dev, DMABUF | 1 << 3));
	EXPECT_EQ(-EINVAL, __query_flags(dev, PROBE | DMABUF | 1u << 31));
}

TEST_F(plane, short_argsz)
{
	struct vfio_device_gfx_plane_info info = {
		.argsz = offsetof(typeof(info), dmabuf_id) + 3,
		.flags = DMABUF,
		.drm_plane_type = VFIO_GFX_PRIMARY,
	};

	EXPECT_EQ(-1, ioctl(self->dev.fd, VFIO_DEVICE_QUERY_GFX_PLANE, &info));
	EXPECT_EQ(EINVAL, errno);
}

/* As of Linux 4.16, without the field at the end. */
TEST_F(plane, old_argsz)
{
	struct vfio_device_gfx_plane_info info = {
		.argsz = offsetof(typeof(info), reserved),
		.flags = DMABUF,
		.drm_plane_type = VFIO_GFX_PRIMARY,
	};

	EXPECT_EQ(0, ioctl(self->dev.fd, VFIO_DEVICE_QUERY_GFX_PLANE, &info));
}

TEST_F(plane, type)
{
	struct vfio_device_gfx_plane_info info;

	EXPECT_EQ(0, __vfio_gfx_query(&self->dev, VFIO_GFX_PRIMARY, &info));
	EXPECT_EQ(0, __vfio_gfx_query(&self->dev, VFIO_GFX_CURSOR, &info));
	EXPECT_EQ(-EINVAL, __vfio_gfx_query(&self->dev, 3, &info));
	EXPECT_EQ(-EINVAL, __vfio_gfx_query(&self->dev, ~0, &info));
}

TEST_F(plane, keeps_input)
{
	struct vfio_gfx_plane plane = primary();
	struct vfio_device_gfx_plane_info info;

	vfio_gfx_show(&self->dev, &plane);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, 0, &info);
	EXPECT_EQ(sizeof(info), info.argsz);
	EXPECT_EQ(DMABUF, info.flags);
	EXPECT_EQ(VFIO_GFX_PRIMARY, info.drm_plane_type);
}

/* -----------------------------------------------------------------------------
 * Off
 */

static void expect_off(struct __test_metadata *_metadata,
		       struct vfio_gfx_dev *dev, __u32 type)
{
	struct vfio_device_gfx_plane_info info;

	EXPECT_TRUE(vfio_gfx_query_off(dev, type, &info));
	EXPECT_EQ(0, info.drm_format);
	EXPECT_EQ(0, info.size);
	EXPECT_EQ(0, info.width);
	EXPECT_EQ(0, info.height);
	EXPECT_EQ(0, info.stride);
	EXPECT_EQ(0, info.dmabuf_id);
}

TEST_F(plane, off_at_first)
{
	expect_off(_metadata, &self->dev, VFIO_GFX_PRIMARY);
	expect_off(_metadata, &self->dev, VFIO_GFX_CURSOR);
}

TEST_F(plane, off_by_priority)
{
	struct vfio_gfx_plane plane = primary();
	struct vfio_device_gfx_plane_info info;

	vfio_gfx_show(&self->dev, &plane);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, 0, &info);
	vfio_gfx_off(&self->dev);
	expect_off(_metadata, &self->dev, VFIO_GFX_PRIMARY);
}

TEST_F(plane, off_with_display)
{
	struct vfio_gfx_plane plane = primary();
	struct vfio_device_gfx_plane_info info;

	vfio_gfx_show(&self->dev, &plane);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, 0, &info);
	vfio_gfx_stop(&self->dev);
	expect_off(_metadata, &self->dev, VFIO_GFX_PRIMARY);
	vfio_gfx_start(&self->dev);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT,
			  info.dmabuf_id, &info);
}

TEST_F(plane, off_at_reset)
{
	struct vfio_gfx_plane plane = primary();
	struct vfio_device_gfx_plane_info info;

	vfio_gfx_show(&self->dev, &plane);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, 0, &info);
	vfio_gfx_reset(&self->dev);
	vfio_gfx_query(&self->dev, VFIO_GFX_PRIMARY, &info);
	EXPECT_EQ(0, info.drm_format);
	EXPECT_EQ(0, info.size);
}

/* What is written but not latched is not shown. */
TEST_F(plane, not_before_latch)
{
	struct vfio_gfx_plane plane = primary();
	struct vfio_device_gfx_plane_info info;

	vfio_gfx_begin(&self->dev);
	vfio_gfx_plane_write(&self->dev, &plane);
	vfio_gfx_priority(&self->dev, 1);
	vfio_gfx_wait_frames(&self->dev, 5);
	vfio_gfx_query(&self->dev, VFIO_GFX_PRIMARY, &info);
	EXPECT_EQ(0, info.drm_format);
	vfio_gfx_commit(&self->dev);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, 0, &info);
}

/* -----------------------------------------------------------------------------
 * Formats and geometry
 */

TEST_F(plane, formats)
{
	unsigned int i;

	for (i = 0; i < VFIO_GFX_NUM_FORMATS; i++) {
		const struct vfio_gfx_format *format = &vfio_gfx_formats[i];
		struct vfio_device_gfx_plane_info info;
		struct vfio_gfx_plane plane = primary();

		if (format->pages > 1)
			continue;

		plane.fourcc = format->fourcc;
		/* Told apart by its size from the one before. */
		plane.height += i;
		vfio_gfx_show(&self->dev, &plane);
		vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH,
				  plane.height, 0, &info);
		EXPECT_EQ(format->fourcc, info.drm_format)
			TH_LOG("%s", format->name);
		EXPECT_EQ(DRM_FORMAT_MOD_LINEAR, info.drm_format_mod)
			TH_LOG("%s", format->name);
		EXPECT_EQ(WIDTH * format->cpp, info.stride)
			TH_LOG("%s", format->name);
		EXPECT_EQ(page_align(info.stride * plane.height), info.size)
			TH_LOG("%s", format->name);
		EXPECT_EQ(RCAR_VDU_ERROR_NONE,
			  vfio_gfx_page_read(&self->dev, RCAR_VDU_PLANE(0) +
					     RCAR_VDU_PLANE_ERROR))
			TH_LOG("%s", format->name);
	}
}

/* VFIO's structure has one memory plane: not shown, and yet no error. */
TEST_F(plane, two_page_formats)
{
	unsigned int i;

	for (i = 0; i < VFIO_GFX_NUM_FORMATS; i++) {
		const struct vfio_gfx_format *format = &vfio_gfx_formats[i];
		struct vfio_gfx_plane plane = primary();

		if (format->pages == 1)
			continue;

		plane.fourcc = format->fourcc;
		plane.chroma = plane.addr + 0x100000;
		vfio_gfx_show(&self->dev, &plane);
		vfio_gfx_wait_frames(&self->dev, 10);
		expect_off(_metadata, &self->dev, VFIO_GFX_PRIMARY);
		EXPECT_EQ(RCAR_VDU_ERROR_NONE,
			  vfio_gfx_page_read(&self->dev, RCAR_VDU_PLANE(0) +
					     RCAR_VDU_PLANE_ERROR))
			TH_LOG("%s", format->name);
		EXPECT_EQ(RCAR_VDU_ERROR_NONE,
			  vfio_gfx_page_read(&self->dev, RCAR_VDU_PLANE(1) +
					     RCAR_VDU_PLANE_ERROR))
			TH_LOG("%s", format->name);
	}
}

TEST_F(plane, any_page)
{
	unsigned int num = vfio_gfx_page_read(&self->dev, RCAR_VDU_NUM_PLANES);
	struct vfio_device_gfx_plane_info info;
	unsigned int i;

	ASSERT_LE(1, num);
	for (i = 0; i < num; i++) {
		struct vfio_gfx_plane plane = primary();

		plane.page = i;
		plane.height += i;
		vfio_gfx_show(&self->dev, &plane);
		vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH,
				  HEIGHT + i, 0, &info);
	}
}

TEST_F(plane, sizes)
{
	static const struct {
		unsigned int width, height;
	} sizes[] = {
		{ 1, 1 }, { 3, 5 }, { 640, 480 }, { 800, 600 }, { 1366, 768 },
		{ 1920, 1080 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct vfio_device_gfx_plane_info info;
		struct vfio_gfx_plane plane = primary();

		plane.width = sizes[i].width;
		plane.height = sizes[i].height;
		vfio_gfx_show(&self->dev, &plane);
		vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, plane.width,
				  plane.height, 0, &info);
		EXPECT_EQ(4 * plane.width, info.stride);
		EXPECT_EQ(page_align(info.stride * plane.height), info.size);
	}
}

TEST_F(plane, biggest)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_plane plane = primary();

	plane.fourcc = DRM_FORMAT_RGB565;
	plane.width = vfio_gfx_page_read(&self->dev, RCAR_VDU_MAX_WIDTH);
	plane.height = vfio_gfx_page_read(&self->dev, RCAR_VDU_MAX_HEIGHT);
	ASSERT_GE(self->ram.size, 2 * plane.width * plane.height);
	vfio_gfx_show(&self->dev, &plane);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, plane.width,
			  plane.height, 0, &info);
}

/* Importers demand that the buffer holds stride * height bytes. */
TEST_F(plane, pitch)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_plane plane = primary();

	plane.pitch = 4000;
	vfio_gfx_show(&self->dev, &plane);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, 0, &info);
	EXPECT_EQ(4 * plane.pitch, info.stride);
	EXPECT_LE(info.stride * HEIGHT, info.size);
	EXPECT_EQ(0, info.size % vfio_gfx_page_size());
}

TEST_F(plane, last_page_of_ram)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_plane plane = primary();

	plane.addr += self->ram.size - 4 * WIDTH * HEIGHT;
	vfio_gfx_show(&self->dev, &plane);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, 0, &info);
}

TEST_F(plane, above_4g)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_plane plane = primary();
	struct vfio_gfx_ram high;

	vfio_gfx_ram_alloc(&high, 0x123450000000, 4 << 20);
	vfio_gfx_ram_map(&self->dev, &high);
	plane.addr = high.iova;
	vfio_gfx_show(&self->dev, &plane);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, 0, &info);
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&high);
}

/* Guest RAM need not be one mapping of the VMM. */
TEST_F(plane, across_mappings)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_plane plane = primary();
	struct vfio_gfx_ram next;

	vfio_gfx_ram_alloc(&next, self->ram.iova + self->ram.size,
			   1 << 20);
	vfio_gfx_ram_map(&self->dev, &next);
	plane.addr = next.iova - vfio_gfx_page_size();
	vfio_gfx_show(&self->dev, &plane);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, 0, &info);
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&next);
}

/* -----------------------------------------------------------------------------
 * Start position
 */

TEST_F(plane, pan_to_page)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_plane plane = primary();
	__u32 id;

	/* A page is a line. */
	plane.pitch = vfio_gfx_page_size() / 4;
	if (plane.pitch > vfio_gfx_page_read(&self->dev, RCAR_VDU_MAX_PITCH))
		SKIP(return, "pages are longer than lines");
	vfio_gfx_show(&self->dev, &plane);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, 0, &info);
	id = info.dmabuf_id;

	plane.src_y = 3;
	vfio_gfx_show(&self->dev, &plane);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, id,
			  &info);
	EXPECT_EQ(4 * plane.pitch, info.stride);
}

/* mbochs h. VFIO's structure has no offset: not shown, and yet no error. */
TEST_F(plane, pan_within_page)
{
	struct vfio_gfx_plane plane = primary();

	plane.pitch = 2 * WIDTH;
	plane.src_x = 16;
	vfio_gfx_show(&self->dev, &plane);
	vfio_gfx_wait_frames(&self->dev, 10);
	expect_off(_metadata, &self->dev, VFIO_GFX_PRIMARY);
	EXPECT_EQ(RCAR_VDU_ERROR_NONE,
		  vfio_gfx_page_read(&self->dev, RCAR_VDU_PLANE(0) +
				     RCAR_VDU_PLANE_ERROR));

	plane = primary();
	plane.addr += 0x10;
	vfio_gfx_show(&self->dev, &plane);
	vfio_gfx_wait_frames(&self->dev, 10);
	expect_off(_metadata, &self->dev, VFIO_GFX_PRIMARY);
	EXPECT_EQ(RCAR_VDU_ERROR_NONE,
		  vfio_gfx_page_read(&self->dev, RCAR_VDU_PLANE(0) +
				     RCAR_VDU_PLANE_ERROR));
}

/* -----------------------------------------------------------------------------
 * Cursor
 */

TEST_F(plane, cursor)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_plane below = primary();
	struct vfio_gfx_plane plane = cursor();
	__u32 id;

	plane.x = 100;
	plane.y = 50;
	plane.hot_x = 7;
	plane.hot_y = 9;
	vfio_gfx_begin(&self->dev);
	vfio_gfx_plane_write(&self->dev, &below);
	vfio_gfx_plane_write(&self->dev, &plane);
	vfio_gfx_priority(&self->dev, 0x12);
	vfio_gfx_commit(&self->dev);

	vfio_gfx_query_on(&self->dev, VFIO_GFX_CURSOR, 64, 64, 0, &info);
	id = info.dmabuf_id;
	EXPECT_EQ(DRM_FORMAT_ARGB8888, info.drm_format);
	EXPECT_EQ(64 * 4, info.stride);
	EXPECT_EQ(100, info.x_pos);
	EXPECT_EQ(50, info.y_pos);
	EXPECT_EQ(7, info.x_hot);
	EXPECT_EQ(9, info.y_hot);

	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, 0, &info);
	EXPECT_NE(id, info.dmabuf_id);
}

TEST_F(plane, cursor_moves)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_plane plane = cursor();
	unsigned int i;
	__u32 id;

	vfio_gfx_show(&self->dev, &plane);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_CURSOR, 64, 64, 0, &info);
	id = info.dmabuf_id;

	for (i = 1; i < 5; i++) {
		__u64 end = vfio_gfx_now_ms() + VFIO_GFX_TIMEOUT_MS;

		plane.x = 10 * i;
		vfio_gfx_show(&self->dev, &plane);
		do {
			vfio_gfx_query(&self->dev, VFIO_GFX_CURSOR, &info);
		} while (info.x_pos != plane.x && vfio_gfx_now_ms() < end);
		EXPECT_EQ(plane.x, info.x_pos);
		EXPECT_EQ(id, info.dmabuf_id);
	}
}

TEST_F(plane, cursor_is_no_primary)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_plane plane = cursor();

	vfio_gfx_show(&self->dev, &plane);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_CURSOR, 64, 64, 0, &info);
	expect_off(_metadata, &self->dev, VFIO_GFX_PRIMARY);
}

TEST_HARNESS_MAIN
