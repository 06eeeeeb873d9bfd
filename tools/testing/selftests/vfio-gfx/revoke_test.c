// SPDX-License-Identifier: GPL-2.0-only
/*
 * dma-bufs whose memory, device or mdev goes away
 */

#include "kselftest_harness.h"

#include <fcntl.h>

#include "lib/vfio_gfx.h"

#define WIDTH	VFIO_GFX_BUF_WIDTH
#define HEIGHT	VFIO_GFX_BUF_HEIGHT
#define SIZE	VFIO_GFX_BUF_SIZE

/* More than any slab of struct file holds. */
#define NUM_FILES	512

/* The mediator looks once a second for memory that has come back. */
#define RETRY_MS	3000

FIXTURE(revoke) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
};

FIXTURE_VARIANT(revoke) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(revoke, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(revoke, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(revoke)
{
	const char *missing = vfio_gfx_open_with_ram(&self->dev, &self->ram,
						     variant->mode);

	if (missing)
		SKIP(return, "no %s", missing);
	vfio_gfx_display_on(&self->dev);
}

FIXTURE_TEARDOWN(revoke)
{
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
}

/* -----------------------------------------------------------------------------
 * Revocation
 */

/* mbochs e: the dma-buf outlives the device's last user. */
TEST_F(revoke, outlives_close)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	__u8 *map = vfio_gfx_map(fd, SIZE);

	ASSERT_EQ(1, map[0]);
	vfio_gfx_close(&self->dev);
	EXPECT_TRUE(vfio_gfx_gone(map, SIZE));
	EXPECT_EQ(SIZE, lseek(fd, 0, SEEK_END));
	munmap(map, SIZE);

	/* A new mapping may be refused or be as dead as the one before. */
	map = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, fd, 0);
	if (map != MAP_FAILED)
		EXPECT_TRUE(vfio_gfx_gone(map, SIZE));
	close(fd);
}

TEST_F(revoke, outlives_mdev)
{
	char uuid[VFIO_GFX_UUID_LEN];
	struct vfio_gfx_dev dev;
	__u8 *map;
	__u32 id;
	int fd;

	if (__vfio_gfx_mdev_create("virtual", uuid))
		SKIP(return, "no room for a second mediated device");
	ASSERT_EQ(0, __vfio_gfx_open_uuid(&dev, variant->mode, uuid));
	vfio_gfx_ram_map(&dev, &self->ram);
	vfio_gfx_display_on(&dev);
	id = vfio_gfx_show_buffer(&dev, &self->ram, 1, 0);
	fd = vfio_gfx_get(&dev, id);
	map = vfio_gfx_map(fd, SIZE);
	EXPECT_EQ(1, map[0]);

	vfio_gfx_close(&dev);
	ASSERT_EQ(0, __vfio_gfx_mdev_remove(uuid));
	EXPECT_FALSE(vfio_gfx_mdev_exists(uuid));
	EXPECT_TRUE(vfio_gfx_gone(map, SIZE));
	munmap(map, SIZE);
	close(fd);
}

/* Buffers that nobody holds make no room at the cost of one that a client has. */
TEST_F(revoke, open_stays_pinned)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	__u8 *map = vfio_gfx_map(fd, SIZE);
	__u8 value = 0;
	unsigned int i;

	for (i = 2; i < 20; i++)
		id = vfio_gfx_show_buffer(&self->dev, &self->ram, i, id);
	EXPECT_EQ(0, vfio_gfx_peek(map, &value));
	EXPECT_EQ(1, value);
	close(fd);
}

TEST_F(revoke, revoked_by_reset)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	__u8 *map = vfio_gfx_map(fd, SIZE);

	ASSERT_EQ(1, map[0]);
	vfio_gfx_reset(&self->dev);
	EXPECT_TRUE(vfio_gfx_gone(map, SIZE));
	close(fd);
}

/* G1 */
TEST_F(revoke, revoked_by_unmap)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 1);
	struct vfio_gfx_ram other;
	__u8 *map, *other_map;
	__u32 id, other_id;
	int fd, other_fd;

	vfio_gfx_ram_alloc(&other, 0x80000000, 2 * SIZE);
	vfio_gfx_ram_map(&self->dev, &other);
	other_id = vfio_gfx_show_buffer(&self->dev, &other, 0, 0);
	other_fd = vfio_gfx_get(&self->dev, other_id);
	other_map = vfio_gfx_map(other_fd, SIZE);
	memset(other.va, 0x99, SIZE);
	ASSERT_EQ(0x99, other_map[0]);

	id = vfio_gfx_show_id(&self->dev, &plane, other_id);
	fd = vfio_gfx_get(&self->dev, id);
	map = vfio_gfx_map(fd, SIZE);
	ASSERT_EQ(1, map[0]);

	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	EXPECT_TRUE(vfio_gfx_gone(map, SIZE));
	EXPECT_EQ(0x99, other_map[0]);
	EXPECT_EQ(0x99, other_map[SIZE - 1]);

	/* The guest may go on at the same place, under another id. */
	vfio_gfx_ram_map(&self->dev, &self->ram);
	other_id = vfio_gfx_show_id(&self->dev, &plane, id);
	close(other_fd);
	other_fd = vfio_gfx_get(&self->dev, other_id);
	EXPECT_NE(vfio_gfx_inode(fd), vfio_gfx_inode(other_fd));
	munmap(other_map, SIZE);
	other_map = vfio_gfx_map(other_fd, SIZE);
	EXPECT_EQ(1, other_map[0]);
	EXPECT_TRUE(vfio_gfx_gone(map, SIZE));

	close(fd);
	close(other_fd);
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&other);
}

TEST_F(revoke, unmap_turns_plane_off)
{
	struct vfio_device_gfx_plane_info info;
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);
	int fd;

	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	EXPECT_TRUE(vfio_gfx_query_off(&self->dev, VFIO_GFX_PRIMARY, &info));
	fd = __vfio_gfx_get(&self->dev, id);
	EXPECT_TRUE(fd == -EINVAL || fd == -ENODEV);
}

TEST_F(revoke, unmap_never_exported)
{
	unsigned int i;

	for (i = 0; i < 10; i++) {
		vfio_gfx_show_buffer(&self->dev, &self->ram, i, 0);
		vfio_gfx_ram_unmap(&self->dev, &self->ram);
		vfio_gfx_ram_map(&self->dev, &self->ram);
	}
}

/* The VMM's memory is really given back. */
TEST_F(revoke, unmap_then_munmap)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	__u8 *map = vfio_gfx_map(fd, SIZE);

	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	vfio_gfx_ram_free(&self->ram);
	EXPECT_TRUE(vfio_gfx_gone(map, SIZE));
	close(fd);
}

TEST_F(revoke, unmap_unpins)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(&self->dev, id);

	if (__vfio_gfx_stat(&self->dev, "bytes_pinned") < 0)
		SKIP(return, "no statistics in debugfs");
	EXPECT_LE(SIZE, __vfio_gfx_stat(&self->dev, "bytes_pinned"));
	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	EXPECT_EQ(0, __vfio_gfx_stat(&self->dev, "bytes_pinned"));
	close(fd);
}

/* A dma-buf that only O_PATH names, while other files take its place. */
static void only_o_path(struct vfio_gfx_dev *dev, struct vfio_gfx_ram *ram,
			int *path, int *files)
{
	__u32 id = vfio_gfx_show_buffer(dev, ram, 1, 0);
	int fd = vfio_gfx_get(dev, id);
	unsigned int i;

	*path = vfio_gfx_o_path(fd);
	close(fd);
	for (i = 0; i < NUM_FILES; i++)
		files[i] = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

static void expect_o_path_harmless(struct __test_metadata *_metadata,
				   struct vfio_gfx_dev *dev,
				   struct vfio_gfx_ram *ram, int path,
				   int *files)
{
	ino_t inode = vfio_gfx_inode(path);
	unsigned int i;
	__u32 id;
	int fd;

	for (i = 0; i < NUM_FILES; i++) {
		char byte;

		EXPECT_EQ(1, read(files[i], &byte, 1));
		EXPECT_EQ(0, close(files[i]));
	}

	id = vfio_gfx_show_buffer(dev, ram, 1, 0);
	fd = vfio_gfx_get(dev, id);
	EXPECT_TRUE(vfio_gfx_is_dmabuf(fd));
	EXPECT_NE(inode, vfio_gfx_inode(fd));
	close(fd);
	close(path);
}

TEST_F(revoke, o_path_over_reset)
{
	int files[NUM_FILES], path;

	only_o_path(&self->dev, &self->ram, &path, files);
	vfio_gfx_reset(&self->dev);
	vfio_gfx_display_on(&self->dev);
	expect_o_path_harmless(_metadata, &self->dev, &self->ram, path, files);
}

TEST_F(revoke, o_path_over_unmap)
{
	int files[NUM_FILES], path;

	only_o_path(&self->dev, &self->ram, &path, files);
	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	vfio_gfx_ram_map(&self->dev, &self->ram);
	expect_o_path_harmless(_metadata, &self->dev, &self->ram, path, files);
}

/* The guest does nothing: the mediator finds the memory again. */
TEST_F(revoke, comes_back)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);
	struct vfio_device_gfx_plane_info info;
	__u64 start;
	__u8 *map;
	int fd;

	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	ASSERT_TRUE(vfio_gfx_query_off(&self->dev, VFIO_GFX_PRIMARY, &info));
	EXPECT_EQ(RCAR_VDU_ERROR_ADDRESS, vfio_gfx_plane_error(&self->dev, 0));
	/* Not only once. */
	vfio_gfx_sleep_ms(1500);

	vfio_gfx_ram_map(&self->dev, &self->ram);
	start = vfio_gfx_now_ms();
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, id,
			  &info);
	EXPECT_GE(RETRY_MS, vfio_gfx_now_ms() - start);
	EXPECT_EQ(RCAR_VDU_ERROR_NONE,
		  vfio_gfx_page_read(&self->dev, RCAR_VDU_PLANE(0) +
				     RCAR_VDU_PLANE_ERROR));

	fd = vfio_gfx_get(&self->dev, info.dmabuf_id);
	map = vfio_gfx_map(fd, SIZE);
	EXPECT_EQ(1, map[0]);
	munmap(map, SIZE);
	close(fd);
}

/* -----------------------------------------------------------------------------
 * Importers
 */

TEST_F(revoke, import_over_unmap)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	int drm = __vfio_gfx_drm_open("vgem");
	__u32 handle = 0, second = 0;
	int ret;

	if (drm < 0)
		SKIP(return, "no vgem");
	ASSERT_EQ(0, __vfio_gfx_import(drm, fd, &handle));
	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	vfio_gfx_ram_free(&self->ram);

	/* Who was not there before it is too late gets nothing. */
	close(drm);
	drm = __vfio_gfx_drm_open("vgem");
	ret = __vfio_gfx_import(drm, fd, &second);
	EXPECT_EQ(-ENODEV, ret);
	close(fd);
	close(drm);
}

TEST_F(revoke, import_over_close)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	int drm = __vfio_gfx_drm_open("vgem");
	__u32 handle = 0;

	if (drm < 0)
		SKIP(return, "no vgem");
	ASSERT_EQ(0, __vfio_gfx_import(drm, fd, &handle));
	vfio_gfx_close(&self->dev);
	close(fd);
	vfio_gfx_ram_free(&self->ram);
	vfio_gfx_release(drm, handle);
	close(drm);
}

TEST_HARNESS_MAIN
