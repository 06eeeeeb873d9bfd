// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO_DEVICE_GET_GFX_DMABUF: the guest's pixels, and for how long
 */

#include "kselftest_harness.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <drm/drm.h>

#include "lib/vfio_gfx.h"

#define WIDTH	256
#define HEIGHT	64
#define SIZE	(WIDTH * HEIGHT * 4)

/* What QEMU keeps: hw/vfio/display.c */
#define CACHE_SIZE	5

FIXTURE(dmabuf) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
};

VFIO_GFX_VARIANTS(dmabuf);

FIXTURE_SETUP(dmabuf)
{
	VFIO_GFX_OPEN(&self->dev, variant->mode);
	ASSERT_EQ(0, __vfio_gfx_ram_alloc(&self->ram, VFIO_GFX_MEMFD,
					  VFIO_GFX_RAM_IOVA,
					  VFIO_GFX_RAM_SIZE));
	vfio_gfx_ram_map(&self->dev, &self->ram);
	vfio_gfx_display_on(&self->dev);
}

FIXTURE_TEARDOWN(dmabuf)
{
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
}

/* The guest's n-th buffer, filled with n. Buffers do not overlap. */
static struct vfio_gfx_plane buffer(struct vfio_gfx_ram *ram, unsigned int n)
{
	memset(ram->va + n * SIZE, n, SIZE);
	return (struct vfio_gfx_plane) {
		.fourcc = DRM_FORMAT_XRGB8888,
		.addr = ram->iova + n * SIZE,
		.width = WIDTH,
		.height = HEIGHT,
	};
}

/* Show a plane of another id than not_id, and return its id. */
static __u32 show(struct vfio_gfx_dev *dev,
		  const struct vfio_gfx_plane *plane, __u32 not_id)
{
	struct vfio_device_gfx_plane_info info;

	vfio_gfx_show(dev, plane);
	vfio_gfx_query_on(dev, VFIO_GFX_PRIMARY, plane->width, plane->height,
			  not_id, &info);
	return info.dmabuf_id;
}

static __u32 show_buffer(struct vfio_gfx_dev *dev, struct vfio_gfx_ram *ram,
			 unsigned int n, __u32 not_id)
{
	struct vfio_gfx_plane plane = buffer(ram, n);

	return show(dev, &plane, not_id);
}

static void *map_ro(int fd, size_t size)
{
	void *p = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);

	if (p == MAP_FAILED)
		vfio_gfx_fail(__FILE__, __LINE__, "mmap of a dma-buf: %s",
			      strerror(errno));
	return p;
}

static void expect_gone(struct __test_metadata *_metadata, const __u8 *map)
{
	__u8 value;

	EXPECT_EQ(SIGBUS, vfio_gfx_peek(map, &value));
	EXPECT_EQ(SIGBUS, vfio_gfx_peek(map + SIZE - 1, &value));
}

static int __map_errno(int fd, size_t size, int prot, off_t offset)
{
	void *p = mmap(NULL, size, prot, MAP_SHARED, fd, offset);

	if (p == MAP_FAILED)
		return -errno;
	munmap(p, size);
	return 0;
}

static ino_t inode(int fd)
{
	struct stat st = { 0 };

	fstat(fd, &st);
	return st.st_ino;
}

/* -----------------------------------------------------------------------------
 * Arguments
 */

TEST_F(dmabuf, unknown_id)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 0, 0);

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
	__u32 id = show_buffer(&self->dev, &self->ram, 0, 0);
	struct vfio_device_gfx_plane_info info;
	int fd = vfio_gfx_get(&self->dev, id);

	vfio_gfx_query(&self->dev, VFIO_GFX_PRIMARY, &info);
	EXPECT_EQ(info.size, lseek(fd, 0, SEEK_END));
	EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
	close(fd);
}

TEST_F(dmabuf, shared_pages)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 3, 0);
	__u8 *guest = self->ram.va + 3 * SIZE;
	int fd = vfio_gfx_get(&self->dev, id);
	__u8 *map = map_ro(fd, SIZE);
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
	struct vfio_gfx_plane plane = buffer(&self->ram, 0);
	__u32 id;
	__u8 *map;
	int fd;

	if (page != 4096)
		SKIP(return, "pages are longer than lines");
	plane.pitch = page / 4;
	plane.src_y = 5;
	memset(self->ram.va, 0x11, 5 * page);
	memset(self->ram.va + 5 * page, 0x55, HEIGHT * page);
	id = show(&self->dev, &plane, 0);
	fd = vfio_gfx_get(&self->dev, id);
	map = map_ro(fd, HEIGHT * page);
	EXPECT_EQ(0x55, map[0]);
	EXPECT_EQ(0x55, map[HEIGHT * page - 1]);
	close(fd);
}

TEST_F(dmabuf, mmap)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 0, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	size_t page = vfio_gfx_page_size();

	/* mbochs f */
	EXPECT_EQ(0, __map_errno(fd, SIZE, PROT_READ, 0));
	EXPECT_EQ(0, __map_errno(fd, page, PROT_READ, 0));
	EXPECT_EQ(0, __map_errno(fd, SIZE - page, PROT_READ, page));
	EXPECT_EQ(-EINVAL, __map_errno(fd, SIZE + page, PROT_READ, 0));
	EXPECT_EQ(-EINVAL, __map_errno(fd, SIZE, PROT_READ, page));
	EXPECT_EQ(-EINVAL, __map_errno(fd, page, PROT_READ, SIZE));
	close(fd);
}

TEST_F(dmabuf, mmap_offset)
{
	size_t page = vfio_gfx_page_size();
	__u32 id = show_buffer(&self->dev, &self->ram, 0, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	__u8 *map;

	self->ram.va[2 * page] = 0x77;
	map = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 2 * page);
	ASSERT_NE(MAP_FAILED, (void *)map);
	EXPECT_EQ(0x77, map[0]);
	munmap(map, page);
	close(fd);
}

/* Display clients must not write guest memory. */
TEST_F(dmabuf, read_only)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 0, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	size_t page = vfio_gfx_page_size();
	void *map;

	EXPECT_EQ(O_RDONLY, fcntl(fd, F_GETFL) & O_ACCMODE);
	EXPECT_EQ(-EACCES, __map_errno(fd, page, PROT_READ | PROT_WRITE, 0));
	map = map_ro(fd, page);
	EXPECT_EQ(-1, mprotect(map, page, PROT_READ | PROT_WRITE));
	EXPECT_EQ(EACCES, errno);
	munmap(map, page);
	close(fd);
}

/* A private mapping may be written, and the guest must not notice. */
TEST_F(dmabuf, private_mapping)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 2, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	size_t page = vfio_gfx_page_size();
	__u8 *map;

	map = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (map != MAP_FAILED) {
		__u8 value;

		if (!vfio_gfx_peek(map, &value))
			map[0] = 0xee;
		EXPECT_EQ(2, self->ram.va[2 * SIZE]);
		munmap(map, page);
	}
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
	int ret;

	VFIO_GFX_OPEN(&self->dev, variant->mode);
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

	for (n = 0; n <= last; n += last) {
		__u8 *guest = self->ram.va + n * SIZE;
		__u32 id = show_buffer(&self->dev, &self->ram, n, 0);
		int fd = vfio_gfx_get(&self->dev, id);
		__u8 *map = map_ro(fd, SIZE);

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
	__u32 id = show(&self->dev, &plane, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	__u8 *map = map_ro(fd, SIZE);

	EXPECT_EQ(0, map[0]);
	self->ram.va[5 * SIZE] = 0x42;
	EXPECT_EQ(0x42, map[0]);
	munmap(map, SIZE);
	close(fd);
}

/* -----------------------------------------------------------------------------
 * Ids and file descriptors
 */

/* mbochs b: two file descriptors of one buffer live on their own. */
TEST_F(dmabuf, get_twice)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 9, 0);
	int fd1 = vfio_gfx_get(&self->dev, id);
	int fd2 = vfio_gfx_get(&self->dev, id);
	__u8 *map;

	EXPECT_NE(fd1, fd2);
	EXPECT_EQ(inode(fd1), inode(fd2));
	close(fd1);
	EXPECT_EQ(SIZE, lseek(fd2, 0, SEEK_END));
	map = map_ro(fd2, SIZE);
	EXPECT_EQ(9, map[0]);
	munmap(map, SIZE);
	close(fd2);
}

/* mbochs c: what QEMU does with a buffer that it evicted. */
TEST_F(dmabuf, get_close_get)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 9, 0);
	unsigned int i;

	for (i = 0; i < 10; i++) {
		int fd = vfio_gfx_get(&self->dev, id);
		__u8 *map = map_ro(fd, SIZE);

		close(fd);
		EXPECT_EQ(9, map[SIZE - 1]);
		munmap(map, SIZE);
	}
}

TEST_F(dmabuf, stays_while_shown)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 1, 0);
	struct vfio_device_gfx_plane_info info;
	unsigned int i;

	for (i = 0; i < 20; i++) {
		vfio_gfx_query(&self->dev, VFIO_GFX_PRIMARY, &info);
		EXPECT_EQ(id, info.dmabuf_id);
		/* Also when the guest writes the same once more. */
		vfio_gfx_priority(&self->dev, 1);
		vfio_gfx_wait_frames(&self->dev, 2);
	}
}

/* An id of a buffer that is not shown any more can still be asked for. */
TEST_F(dmabuf, previous_id)
{
	__u32 id1 = show_buffer(&self->dev, &self->ram, 1, 0);
	__u32 id2 = show_buffer(&self->dev, &self->ram, 2, id1);
	int fd1 = vfio_gfx_get(&self->dev, id1);
	int fd2 = vfio_gfx_get(&self->dev, id2);
	__u8 *map1 = map_ro(fd1, SIZE);
	__u8 *map2 = map_ro(fd2, SIZE);

	EXPECT_NE(inode(fd1), inode(fd2));
	EXPECT_EQ(1, map1[0]);
	EXPECT_EQ(2, map2[0]);
	close(fd1);
	close(fd2);
}

TEST_F(dmabuf, three_buffers_three_ids)
{
	__u32 ids[3] = { 0 }, last = 0;
	unsigned int i;

	for (i = 0; i < 12; i++) {
		unsigned int n = i % 3;

		last = show_buffer(&self->dev, &self->ram, n, last);
		if (i < 3)
			ids[n] = last;
		EXPECT_EQ(ids[n], last);
	}
}

TEST_F(dmabuf, fresh_id_after_off)
{
	struct vfio_device_gfx_plane_info info;
	__u32 id = show_buffer(&self->dev, &self->ram, 1, 0);

	vfio_gfx_off(&self->dev);
	ASSERT_TRUE(vfio_gfx_query_off(&self->dev, VFIO_GFX_PRIMARY, &info));
	show_buffer(&self->dev, &self->ram, 1, id);
}

/* Also if nobody looked while it was off. */
TEST_F(dmabuf, fresh_id_after_unseen_off)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 1, 0);

	vfio_gfx_off(&self->dev);
	vfio_gfx_wait_frames(&self->dev, 5);
	show_buffer(&self->dev, &self->ram, 1, id);
}

TEST_F(dmabuf, fresh_id_after_reset)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 1, 0);

	vfio_gfx_reset(&self->dev);
	vfio_gfx_display_on(&self->dev);
	show_buffer(&self->dev, &self->ram, 1, id);
}

/* Neither may an id of before come back for another geometry. */
TEST_F(dmabuf, fresh_id_after_geometry)
{
	struct vfio_gfx_plane plane = buffer(&self->ram, 1);
	__u32 ids[5];
	unsigned int i, j;

	ids[0] = show(&self->dev, &plane, 0);
	plane.width = WIDTH / 2;
	plane.pitch = WIDTH;
	ids[1] = show(&self->dev, &plane, ids[0]);
	plane.pitch = WIDTH / 2;
	ids[2] = show(&self->dev, &plane, ids[1]);
	plane.fourcc = DRM_FORMAT_ARGB8888;
	ids[3] = show(&self->dev, &plane, ids[2]);
	plane = buffer(&self->ram, 1);
	ids[4] = show(&self->dev, &plane, ids[3]);

	for (i = 0; i < ARRAY_SIZE(ids); i++)
		for (j = 0; j < i; j++)
			EXPECT_NE(ids[i], ids[j]);
}

TEST_F(dmabuf, no_old_id_after_reset)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 1, 0);
	int fd;

	vfio_gfx_reset(&self->dev);
	fd = __vfio_gfx_get(&self->dev, id);
	EXPECT_TRUE(fd == -EINVAL || fd == -ENODEV);
}

/*
 * A client that, like QEMU, keeps the buffers it used last, knows them by id
 * alone and takes an id for the same pixels for ever.
 */
struct client {
	struct {
		__u32 id;
		__u8 *map;
		size_t size;
	} entry[CACHE_SIZE];	/* most recently used first */
};

static void client_drop(struct client *client, unsigned int i)
{
	if (client->entry[i].map)
		munmap(client->entry[i].map, client->entry[i].size);
	client->entry[i].map = NULL;
	client->entry[i].id = 0;
}

static __u8 *client_look(struct client *client, struct vfio_gfx_dev *dev,
			 const struct vfio_device_gfx_plane_info *info)
{
	__typeof__(client->entry[0]) found;
	unsigned int i;
	int fd;

	for (i = 0; i < CACHE_SIZE - 1; i++) {
		if (client->entry[i].id == info->dmabuf_id)
			break;
	}
	if (client->entry[i].id != info->dmabuf_id) {
		client_drop(client, i);
		fd = vfio_gfx_get(dev, info->dmabuf_id);
		client->entry[i].id = info->dmabuf_id;
		client->entry[i].size = info->size;
		client->entry[i].map = map_ro(fd, info->size);
		close(fd);
	}

	found = client->entry[i];
	memmove(&client->entry[1], &client->entry[0], i * sizeof(found));
	client->entry[0] = found;
	return found.map;
}

/* mbochs c, G2, and what QEMU's cache forces (no stale frame, ever). */
TEST_F_TIMEOUT(dmabuf, cached_by_id, 60)
{
	struct client client = { 0 };
	unsigned int i;

	srand(1);
	for (i = 0; i < 150; i++) {
		struct vfio_device_gfx_plane_info info;
		struct vfio_gfx_plane plane;
		unsigned int n = 1 + rand() % 8;
		__u64 end;

		switch (rand() % 16) {
		case 0:
			vfio_gfx_off(&self->dev);
			break;
		case 1:
			vfio_gfx_reset(&self->dev);
			vfio_gfx_display_on(&self->dev);
			break;
		case 2:
			vfio_gfx_ram_unmap(&self->dev, &self->ram);
			vfio_gfx_ram_map(&self->dev, &self->ram);
			break;
		}

		/* A size of its own tells when this flip is published. */
		plane = buffer(&self->ram, n);
		plane.width = WIDTH - (rand() % 2) * 8;
		plane.pitch = WIDTH;
		plane.height = HEIGHT - n;
		vfio_gfx_show(&self->dev, &plane);
		end = vfio_gfx_now_ms() + VFIO_GFX_TIMEOUT_MS;
		do {
			vfio_gfx_query(&self->dev, VFIO_GFX_PRIMARY, &info);
		} while ((info.width != plane.width ||
			  info.height != plane.height) &&
			 vfio_gfx_now_ms() < end);

		ASSERT_EQ(plane.width, info.width);
		ASSERT_EQ(plane.height, info.height);
		ASSERT_EQ(n, *client_look(&client, &self->dev, &info));
	}
}

/* More buffers than clients keep, of one geometry. */
TEST_F(dmabuf, eight_buffers)
{
	struct client client = { 0 };
	__u32 last = 0;
	unsigned int i;

	for (i = 0; i < 40; i++) {
		struct vfio_device_gfx_plane_info info;
		unsigned int n = i % 8;

		last = show_buffer(&self->dev, &self->ram, n, last);
		vfio_gfx_query(&self->dev, VFIO_GFX_PRIMARY, &info);
		ASSERT_EQ(last, info.dmabuf_id);
		ASSERT_EQ(n, *client_look(&client, &self->dev, &info));
	}
}

/* mbochs a: no query fails because something is new. */
TEST_F(dmabuf, first_query)
{
	unsigned int i;

	for (i = 1; i <= 20; i++) {
		struct vfio_device_gfx_plane_info info;
		struct vfio_gfx_plane plane = buffer(&self->ram, i);
		unsigned int tries = 0;

		plane.height = HEIGHT - i;
		vfio_gfx_show(&self->dev, &plane);
		do {
			ASSERT_EQ(0, __vfio_gfx_query(&self->dev,
						      VFIO_GFX_PRIMARY, &info));
		} while (info.height != plane.height && ++tries < 100000);
		EXPECT_EQ(plane.height, info.height);
	}
}

/* mbochs i */
TEST_F_TIMEOUT(dmabuf, hundred_modes, 60)
{
	long long first = 0, pinned, limit;
	unsigned int i;

	limit = 16ll << 20;
	for (i = 0; i < 100; i++) {
		struct vfio_gfx_plane plane = buffer(&self->ram, i % 50);
		__u32 id;

		plane.width = WIDTH - i;
		plane.pitch = WIDTH;
		id = show(&self->dev, &plane, 0);
		close(vfio_gfx_get(&self->dev, id));

		pinned = __vfio_gfx_stat(&self->dev, "bytes_pinned");
		if (!i)
			first = pinned;
		if (pinned >= 0)
			EXPECT_GT(limit, pinned);
	}
	if (first < 0)
		SKIP(return, "no statistics in debugfs");
	/* LRU of a few buffers, not one of each mode */
	EXPECT_GE(first * 16, pinned);
}

TEST_F(dmabuf, flipping_pins_once)
{
	long long before, after;
	__u32 last = 0;
	unsigned int i;

	for (i = 0; i < 3; i++)
		last = show_buffer(&self->dev, &self->ram, i, last);
	before = __vfio_gfx_stat(&self->dev, "pins");
	if (before < 0)
		SKIP(return, "no statistics in debugfs");
	for (i = 0; i < 12; i++)
		last = show_buffer(&self->dev, &self->ram, i % 3, last);
	after = __vfio_gfx_stat(&self->dev, "pins");
	EXPECT_EQ(before, after);
}

TEST_F(dmabuf, nothing_copied)
{
	long long copied;
	__u32 id;

	id = show_buffer(&self->dev, &self->ram, 0, 0);
	close(vfio_gfx_get(&self->dev, id));
	copied = __vfio_gfx_stat(&self->dev, "bytes_copied");
	if (copied < 0)
		SKIP(return, "no statistics in debugfs");
	EXPECT_EQ(0, copied);
}

/* G4 */
TEST_F(dmabuf, no_fd_left)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 4, 0);
	struct rlimit old, none;
	__u8 *map;
	int i, fd;

	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &old));
	none = old;
	none.rlim_cur = 0;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &none));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(-EMFILE, __vfio_gfx_get(&self->dev, id));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &old));

	fd = vfio_gfx_get(&self->dev, id);
	map = map_ro(fd, SIZE);
	EXPECT_EQ(4, map[0]);
	close(fd);
}

/* -----------------------------------------------------------------------------
 * Revocation
 */

/* mbochs e: the dma-buf outlives the device's last user. */
TEST_F(dmabuf, outlives_close)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	__u8 *map = map_ro(fd, SIZE);

	ASSERT_EQ(1, map[0]);
	vfio_gfx_close(&self->dev);
	expect_gone(_metadata, map);
	EXPECT_EQ(SIZE, lseek(fd, 0, SEEK_END));
	munmap(map, SIZE);

	/* A new mapping may be refused or be as dead as the one before. */
	map = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, fd, 0);
	if (map != MAP_FAILED)
		expect_gone(_metadata, map);
	close(fd);
}

TEST_F(dmabuf, outlives_mdev)
{
	char uuid[VFIO_GFX_UUID_LEN];
	struct vfio_gfx_dev dev;
	__u8 *map;
	__u32 id;
	int fd;

	if (__vfio_gfx_mdev_create(uuid))
		SKIP(return, "no room for a second mediated device");
	ASSERT_EQ(0, __vfio_gfx_open_uuid(&dev, variant->mode, uuid));
	vfio_gfx_ram_map(&dev, &self->ram);
	vfio_gfx_display_on(&dev);
	id = show_buffer(&dev, &self->ram, 1, 0);
	fd = vfio_gfx_get(&dev, id);
	map = map_ro(fd, SIZE);
	EXPECT_EQ(1, map[0]);

	vfio_gfx_close(&dev);
	ASSERT_EQ(0, __vfio_gfx_mdev_remove(uuid));
	EXPECT_FALSE(vfio_gfx_mdev_exists(uuid));
	expect_gone(_metadata, map);
	munmap(map, SIZE);
	close(fd);
}

TEST_F(dmabuf, revoked_by_reset)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	__u8 *map = map_ro(fd, SIZE);

	ASSERT_EQ(1, map[0]);
	vfio_gfx_reset(&self->dev);
	expect_gone(_metadata, map);
	close(fd);
}

/* G1 */
TEST_F(dmabuf, revoked_by_unmap)
{
	struct vfio_gfx_plane plane = buffer(&self->ram, 1);
	struct vfio_gfx_ram other;
	__u8 *map, *other_map;
	__u32 id, other_id;
	int fd, other_fd;

	ASSERT_EQ(0, __vfio_gfx_ram_alloc(&other, VFIO_GFX_MEMFD, 0x80000000,
					  2 * SIZE));
	vfio_gfx_ram_map(&self->dev, &other);
	other_id = show_buffer(&self->dev, &other, 0, 0);
	other_fd = vfio_gfx_get(&self->dev, other_id);
	other_map = map_ro(other_fd, SIZE);
	memset(other.va, 0x99, SIZE);
	ASSERT_EQ(0x99, other_map[0]);

	id = show(&self->dev, &plane, other_id);
	fd = vfio_gfx_get(&self->dev, id);
	map = map_ro(fd, SIZE);
	ASSERT_EQ(1, map[0]);

	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	expect_gone(_metadata, map);
	EXPECT_EQ(0x99, other_map[0]);
	EXPECT_EQ(0x99, other_map[SIZE - 1]);

	/* The guest may go on at the same place, under another id. */
	vfio_gfx_ram_map(&self->dev, &self->ram);
	other_id = show(&self->dev, &plane, id);
	close(other_fd);
	other_fd = vfio_gfx_get(&self->dev, other_id);
	EXPECT_NE(inode(fd), inode(other_fd));
	munmap(other_map, SIZE);
	other_map = map_ro(other_fd, SIZE);
	EXPECT_EQ(1, other_map[0]);
	expect_gone(_metadata, map);

	close(fd);
	close(other_fd);
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&other);
}

TEST_F(dmabuf, unmap_turns_plane_off)
{
	struct vfio_device_gfx_plane_info info;
	__u32 id = show_buffer(&self->dev, &self->ram, 1, 0);
	int fd;

	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	EXPECT_TRUE(vfio_gfx_query_off(&self->dev, VFIO_GFX_PRIMARY, &info));
	fd = __vfio_gfx_get(&self->dev, id);
	EXPECT_TRUE(fd == -EINVAL || fd == -ENODEV);
}

TEST_F(dmabuf, unmap_never_exported)
{
	unsigned int i;

	for (i = 0; i < 10; i++) {
		show_buffer(&self->dev, &self->ram, i, 0);
		vfio_gfx_ram_unmap(&self->dev, &self->ram);
		vfio_gfx_ram_map(&self->dev, &self->ram);
	}
}

/* The VMM's memory is really given back. */
TEST_F(dmabuf, unmap_then_munmap)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	__u8 *map = map_ro(fd, SIZE);

	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	vfio_gfx_ram_free(&self->ram);
	expect_gone(_metadata, map);
	close(fd);
}

TEST_F(dmabuf, unmap_unpins)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(&self->dev, id);

	if (__vfio_gfx_stat(&self->dev, "bytes_pinned") < 0)
		SKIP(return, "no statistics in debugfs");
	EXPECT_LE(SIZE, __vfio_gfx_stat(&self->dev, "bytes_pinned"));
	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	EXPECT_EQ(0, __vfio_gfx_stat(&self->dev, "bytes_pinned"));
	close(fd);
}

/* -----------------------------------------------------------------------------
 * Importers
 */

static int __import(int drm, int fd, __u32 *handle)
{
	struct drm_prime_handle args = { .fd = fd };

	if (ioctl(drm, DRM_IOCTL_PRIME_FD_TO_HANDLE, &args))
		return -errno;
	*handle = args.handle;
	return 0;
}

static void release(int drm, __u32 handle)
{
	struct drm_gem_close args = { .handle = handle };

	ioctl(drm, DRM_IOCTL_GEM_CLOSE, &args);
}

TEST_F(dmabuf, import)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	int drm = __vfio_gfx_drm_open("vgem");
	__u32 handle = 0;

	if (drm < 0)
		SKIP(return, "no vgem");
	EXPECT_EQ(0, __import(drm, fd, &handle));
	close(fd);
	release(drm, handle);
	close(drm);
}

TEST_F(dmabuf, import_over_unmap)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	int drm = __vfio_gfx_drm_open("vgem");
	__u32 handle = 0, second = 0;
	int ret;

	if (drm < 0)
		SKIP(return, "no vgem");
	ASSERT_EQ(0, __import(drm, fd, &handle));
	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	vfio_gfx_ram_free(&self->ram);

	/* Who was not there before it is too late gets nothing. */
	close(drm);
	drm = __vfio_gfx_drm_open("vgem");
	ret = __import(drm, fd, &second);
	EXPECT_EQ(-ENODEV, ret);
	close(fd);
	close(drm);
}

TEST_F(dmabuf, import_over_close)
{
	__u32 id = show_buffer(&self->dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	int drm = __vfio_gfx_drm_open("vgem");
	__u32 handle = 0;

	if (drm < 0)
		SKIP(return, "no vgem");
	ASSERT_EQ(0, __import(drm, fd, &handle));
	vfio_gfx_close(&self->dev);
	close(fd);
	vfio_gfx_ram_free(&self->ram);
	release(drm, handle);
	close(drm);
}

TEST_HARNESS_MAIN
