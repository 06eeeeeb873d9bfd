// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO_DEVICE_GET_GFX_DMABUF: the guest's pixels
 */

#include "kselftest_harness.h"

#include <fcntl.h>
#include <sys/ioctl.h>

#include <linux/dma-buf.h>

#include "lib/vfio_gfx.h"

#define WIDTH	VFIO_GFX_BUF_WIDTH
#define HEIGHT	VFIO_GFX_BUF_HEIGHT
#define SIZE	VFIO_GFX_BUF_SIZE

FIXTURE(dmabuf) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
};

FIXTURE_VARIANT(dmabuf) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(dmabuf, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(dmabuf, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(dmabuf)
{
	const char *missing = vfio_gfx_open_with_ram(&self->dev, &self->ram,
						     variant->mode);

	if (missing)
		SKIP(return, "no %s", missing);
	vfio_gfx_display_on(&self->dev);
}

FIXTURE_TEARDOWN(dmabuf)
{
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
}

/* -----------------------------------------------------------------------------
 * Arguments
 */

TEST_F(dmabuf, unknown_id)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 0, 0);

	EXPECT_EQ(-EINVAL, __vfio_gfx_get(&self->dev, 0));
	EXPECT_EQ(-EINVAL, __vfio_gfx_get(&self->dev, id + 1000));
	EXPECT_EQ(-EINVAL, __vfio_gfx_get(&self->dev, ~0));
}

TEST_F(dmabuf, nothing_shown_yet)
{
	EXPECT_EQ(-EINVAL, __vfio_gfx_get(&self->dev, 0));
	EXPECT_EQ(-EINVAL, __vfio_gfx_get(&self->dev, 1));
}

/* -----------------------------------------------------------------------------
 * Content
 */

TEST_F(dmabuf, size)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 0, 0);
	struct vfio_device_gfx_plane_info info;
	int fd = vfio_gfx_get(&self->dev, id);

	vfio_gfx_query(&self->dev, VFIO_GFX_PRIMARY, &info);
	EXPECT_EQ(info.size, lseek(fd, 0, SEEK_END));
	EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
	close(fd);
}

TEST_F(dmabuf, shared_pages)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 3, 0);
	__u8 *guest = self->ram.va + 3 * SIZE;
	int fd = vfio_gfx_get(&self->dev, id);
	__u8 *map = vfio_gfx_map(fd, SIZE);
	unsigned int i;

	EXPECT_EQ(0, memcmp(map, guest, SIZE));
	for (i = 0; i < SIZE; i++)
		guest[i] = i * 7 + i / 4096;
	EXPECT_EQ(0, memcmp(map, guest, SIZE));
	munmap(map, SIZE);
	close(fd);
}

TEST_F(dmabuf, panned)
{
	size_t page = vfio_gfx_page_size();
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 0);
	__u32 id;
	__u8 *map;
	int fd;

	if (page != 4096)
		SKIP(return, "pages are longer than lines");
	plane.pitch = page / 4;
	plane.src_y = 5;
	memset(self->ram.va, 0x11, 5 * page);
	memset(self->ram.va + 5 * page, 0x55, HEIGHT * page);
	id = vfio_gfx_show_id(&self->dev, &plane, 0);
	fd = vfio_gfx_get(&self->dev, id);
	map = vfio_gfx_map(fd, HEIGHT * page);
	EXPECT_EQ(0x55, map[0]);
	EXPECT_EQ(0x55, map[HEIGHT * page - 1]);
	close(fd);
}

static int try_read(int fd, size_t size, off_t offset)
{
	return __vfio_gfx_try_map(fd, size, PROT_READ, MAP_SHARED, offset);
}

TEST_F(dmabuf, mmap)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 0, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	size_t page = vfio_gfx_page_size();

	/* mbochs f */
	EXPECT_EQ(0, try_read(fd, SIZE, 0));
	EXPECT_EQ(0, try_read(fd, page, 0));
	EXPECT_EQ(0, try_read(fd, SIZE - page, page));
	EXPECT_EQ(-EINVAL, try_read(fd, SIZE + page, 0));
	EXPECT_EQ(-EINVAL, try_read(fd, SIZE, page));
	EXPECT_EQ(-EINVAL, try_read(fd, page, SIZE));
	close(fd);
}

TEST_F(dmabuf, mmap_offset)
{
	size_t page = vfio_gfx_page_size();
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 0, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	__u8 *map;

	self->ram.va[2 * page] = 0x77;
	map = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 2 * page);
	ASSERT_NE(MAP_FAILED, (void *)map);
	EXPECT_EQ(0x77, map[0]);
	munmap(map, page);
	close(fd);
}

static void expect_read_only(struct __test_metadata *_metadata, int fd,
			     int flags)
{
	size_t page = vfio_gfx_page_size();
	__u8 *map;

	EXPECT_EQ(-EACCES, __vfio_gfx_try_map(fd, page, PROT_READ | PROT_WRITE,
					      flags, 0));
	EXPECT_EQ(-EACCES, __vfio_gfx_try_map(fd, page, PROT_WRITE, flags, 0));

	map = mmap(NULL, page, PROT_READ, flags, fd, 0);
	ASSERT_NE(MAP_FAILED, (void *)map);
	EXPECT_EQ(2, map[0]);
	EXPECT_EQ(-1, mprotect(map, page, PROT_READ | PROT_WRITE));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(-1, mprotect(map, page, PROT_WRITE));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(2, map[0]);
	munmap(map, page);
}

/* Display clients must not write guest memory, nor get a copy that is stale. */
TEST_F(dmabuf, read_only)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 2, 0);
	int fd = vfio_gfx_get(&self->dev, id);

	EXPECT_EQ(O_RDONLY, fcntl(fd, F_GETFL) & O_ACCMODE);
	expect_read_only(_metadata, fd, MAP_SHARED);
	expect_read_only(_metadata, fd, MAP_PRIVATE);
	close(fd);
}

FIXTURE(backing) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
};

FIXTURE_VARIANT(backing) {
	enum vfio_gfx_mode mode;
	enum vfio_gfx_backing how;
};

FIXTURE_VARIANT_ADD(backing, group_memfd) {
	VFIO_GFX_GROUP, VFIO_GFX_MEMFD,
};

FIXTURE_VARIANT_ADD(backing, group_anon) {
	VFIO_GFX_GROUP, VFIO_GFX_ANON,
};

FIXTURE_VARIANT_ADD(backing, group_hugetlb) {
	VFIO_GFX_GROUP, VFIO_GFX_HUGETLB,
};

FIXTURE_VARIANT_ADD(backing, cdev_memfd) {
	VFIO_GFX_CDEV, VFIO_GFX_MEMFD,
};

FIXTURE_VARIANT_ADD(backing, cdev_anon) {
	VFIO_GFX_CDEV, VFIO_GFX_ANON,
};

FIXTURE_VARIANT_ADD(backing, cdev_hugetlb) {
	VFIO_GFX_CDEV, VFIO_GFX_HUGETLB,
};

FIXTURE_SETUP(backing)
{
	const char *missing = vfio_gfx_open(&self->dev, variant->mode);
	int ret;

	if (missing)
		SKIP(return, "no %s", missing);
	ret = __vfio_gfx_ram_alloc(&self->ram, variant->how, VFIO_GFX_RAM_IOVA,
				   VFIO_GFX_RAM_SIZE);
	if (ret && variant->how == VFIO_GFX_HUGETLB)
		SKIP(return, "no huge pages");
	ASSERT_EQ(0, ret);
	vfio_gfx_ram_map(&self->dev, &self->ram);
	vfio_gfx_display_on(&self->dev);
}

FIXTURE_TEARDOWN(backing)
{
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
}

TEST_F(backing, content)
{
	unsigned int n, last = self->ram.size / SIZE - 1;
	__u32 id = 0;

	for (n = 0; n <= last; n += last) {
		__u8 *guest = self->ram.va + n * SIZE;
		__u8 *map;
		int fd;

		/* The host may still show the one before. */
		id = vfio_gfx_show_buffer(&self->dev, &self->ram, n, id);
		fd = vfio_gfx_get(&self->dev, id);
		map = vfio_gfx_map(fd, SIZE);
		EXPECT_EQ(0, memcmp(map, guest, SIZE));
		memset(guest, 0xc3, SIZE);
		EXPECT_EQ(0, memcmp(map, guest, SIZE));
		vfio_gfx_off(&self->dev);
		munmap(map, SIZE);
		close(fd);
	}
}

/* Memory that the guest has not touched yet. */
TEST_F(backing, fresh_memory)
{
	struct vfio_gfx_plane plane = {
		.fourcc = DRM_FORMAT_XRGB8888,
		.addr = self->ram.iova + 5 * SIZE,
		.width = WIDTH,
		.height = HEIGHT,
	};
	__u32 id = vfio_gfx_show_id(&self->dev, &plane, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	__u8 *map = vfio_gfx_map(fd, SIZE);

	EXPECT_EQ(0, map[0]);
	self->ram.va[5 * SIZE] = 0x42;
	EXPECT_EQ(0x42, map[0]);
	munmap(map, SIZE);
	close(fd);
}

/* -----------------------------------------------------------------------------
 * Importers
 */

TEST_F(dmabuf, import)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	int drm = __vfio_gfx_drm_open("vgem");
	__u32 handle = 0;

	if (drm < 0)
		SKIP(return, "no vgem");
	EXPECT_EQ(0, __vfio_gfx_import(drm, fd, &handle));
	close(fd);
	vfio_gfx_release(drm, handle);
	close(drm);
}

static int sync_cpu(int fd, __u64 flags)
{
	struct dma_buf_sync sync = { .flags = flags | DMA_BUF_SYNC_READ };

	return ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync) ? -errno : 0;
}

/* A client brackets its accesses, whether or not a device has the buffer. */
TEST_F(dmabuf, cpu_access)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	int drm = __vfio_gfx_drm_open("vgem");
	__u32 handle = 0;

	EXPECT_EQ(0, sync_cpu(fd, DMA_BUF_SYNC_START));
	EXPECT_EQ(0, sync_cpu(fd, DMA_BUF_SYNC_END));
	if (drm >= 0) {
		ASSERT_EQ(0, __vfio_gfx_import(drm, fd, &handle));
		EXPECT_EQ(0, sync_cpu(fd, DMA_BUF_SYNC_START));
		EXPECT_EQ(0, sync_cpu(fd, DMA_BUF_SYNC_END));
		vfio_gfx_release(drm, handle);
		close(drm);
	}
	close(fd);
}

TEST_F(dmabuf, cpu_access_revoked)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(&self->dev, id);

	EXPECT_EQ(0, sync_cpu(fd, DMA_BUF_SYNC_START));
	vfio_gfx_reset(&self->dev);
	EXPECT_EQ(-ENODEV, sync_cpu(fd, DMA_BUF_SYNC_END));
	EXPECT_EQ(-ENODEV, sync_cpu(fd, DMA_BUF_SYNC_START));
	close(fd);
}

/* -----------------------------------------------------------------------------
 * Guest memory that devices may only read
 */

FIXTURE(rom) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
	struct vfio_gfx_ram rom;	/* follows ram */
};

FIXTURE_VARIANT(rom) {
	enum vfio_gfx_mode mode;
	/* What the VMM may do itself. */
	int prot;
};

FIXTURE_VARIANT_ADD(rom, group) {
	VFIO_GFX_GROUP, PROT_READ | PROT_WRITE,
};

FIXTURE_VARIANT_ADD(rom, group_vmm_too) {
	VFIO_GFX_GROUP, PROT_READ,
};

FIXTURE_VARIANT_ADD(rom, cdev) {
	VFIO_GFX_CDEV, PROT_READ | PROT_WRITE,
};

FIXTURE_VARIANT_ADD(rom, cdev_vmm_too) {
	VFIO_GFX_CDEV, PROT_READ,
};

FIXTURE_SETUP(rom)
{
	const char *missing = vfio_gfx_open_with_ram(&self->dev, &self->ram,
						     variant->mode);
	unsigned int n;

	if (missing)
		SKIP(return, "no %s", missing);
	vfio_gfx_ram_alloc(&self->rom, self->ram.iova + self->ram.size,
			   4 * SIZE);
	for (n = 0; n < 4; n++)
		memset(self->rom.va + n * SIZE, 0xe0 + n, SIZE);
	ASSERT_EQ(0, mprotect(self->rom.va, self->rom.size, variant->prot));
	ASSERT_EQ(0, __vfio_gfx_dma_map(&self->dev, self->rom.va,
					self->rom.iova, self->rom.size, false));
	vfio_gfx_display_on(&self->dev);
}

FIXTURE_TEARDOWN(rom)
{
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
	vfio_gfx_ram_free(&self->rom);
}

/*
 * The dma-buf of a buffer at an offset from the start of the ROM, which is not
 * that of the id given, and the id.
 */
static int show_rom(struct vfio_gfx_dev *dev, struct vfio_gfx_ram *rom,
		    long offset, __u32 *id)
{
	struct vfio_gfx_plane plane = {
		.fourcc = DRM_FORMAT_XRGB8888,
		.addr = rom->iova + offset,
		.width = WIDTH,
		.height = HEIGHT,
	};

	*id = vfio_gfx_show_id(dev, &plane, *id);
	return vfio_gfx_get(dev, *id);
}

TEST_F(rom, content)
{
	__u32 id = 0;
	int fd = show_rom(&self->dev, &self->rom, 2 * SIZE, &id);
	__u8 *map = vfio_gfx_map(fd, SIZE);

	EXPECT_EQ(0, memcmp(map, self->rom.va + 2 * SIZE, SIZE));
	EXPECT_EQ(0xe2, map[0]);
	EXPECT_EQ(RCAR_VDU_ERROR_NONE,
		  vfio_gfx_page_read(&self->dev, RCAR_VDU_PLANE(0) +
				     RCAR_VDU_PLANE_ERROR));
	munmap(map, SIZE);
	close(fd);
}

/* vgem, as most importers, maps for both directions. */
TEST_F(rom, import)
{
	int drm = __vfio_gfx_drm_open("vgem");
	__u32 handle = 0, id = 0;
	int fd;

	if (drm < 0 || !vfio_gfx_vgem_maps())
		SKIP(return, "no vgem that maps what it imports");
	fd = show_rom(&self->dev, &self->rom, 0, &id);
	EXPECT_EQ(-EACCES, __vfio_gfx_import(drm, fd, &handle));
	close(fd);

	/* Part of it is enough. */
	fd = show_rom(&self->dev, &self->rom, -SIZE / 2, &id);
	EXPECT_EQ(-EACCES, __vfio_gfx_import(drm, fd, &handle));
	close(fd);

	fd = show_rom(&self->dev, &self->rom, -SIZE, &id);
	EXPECT_EQ(0, __vfio_gfx_import(drm, fd, &handle));
	close(fd);
	vfio_gfx_release(drm, handle);
	close(drm);
}

TEST_HARNESS_MAIN
