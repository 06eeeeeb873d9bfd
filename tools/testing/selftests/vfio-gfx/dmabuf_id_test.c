// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ids of dma-bufs, and what clients may make of them
 */

#include "kselftest_harness.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>

#include "lib/vfio_gfx.h"

#define WIDTH	VFIO_GFX_BUF_WIDTH
#define HEIGHT	VFIO_GFX_BUF_HEIGHT
#define SIZE	VFIO_GFX_BUF_SIZE

/* What QEMU keeps: hw/vfio/display.c */
#define CACHE_SIZE	5

/* More than any slab of struct file holds. */
#define NUM_FILES	512

/* Framebuffers that take a while to pin, and what is in them. */
#define BIG_WIDTH	1920
#define BIG_HEIGHT	1080
#define BIG_VALUE	0x5a

/* For how long a client guesses. */
#define GUESS_MS	1000

/* How far beyond the newest id that it knows a client guesses. */
#define NUM_GUESSES	4

FIXTURE(dmabuf_id) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
};

FIXTURE_VARIANT(dmabuf_id) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(dmabuf_id, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(dmabuf_id, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(dmabuf_id)
{
	const char *missing = vfio_gfx_open_with_ram(&self->dev, &self->ram,
						     variant->mode);

	if (missing)
		SKIP(return, "no %s", missing);
	vfio_gfx_display_on(&self->dev);
}

FIXTURE_TEARDOWN(dmabuf_id)
{
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
}

/* -----------------------------------------------------------------------------
 * Ids and file descriptors
 */

/* mbochs b: two file descriptors of one buffer live on their own. */
TEST_F(dmabuf_id, get_twice)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 9, 0);
	int fd1 = vfio_gfx_get(&self->dev, id);
	int fd2 = vfio_gfx_get(&self->dev, id);
	__u8 *map;

	EXPECT_NE(fd1, fd2);
	EXPECT_EQ(vfio_gfx_inode(fd1), vfio_gfx_inode(fd2));
	close(fd1);
	EXPECT_EQ(SIZE, lseek(fd2, 0, SEEK_END));
	map = vfio_gfx_map(fd2, SIZE);
	EXPECT_EQ(9, map[0]);
	munmap(map, SIZE);
	close(fd2);
}

/* mbochs c: what QEMU does with a buffer that it evicted. */
TEST_F(dmabuf_id, get_close_get)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 9, 0);
	unsigned int i;

	for (i = 0; i < 10; i++) {
		int fd = vfio_gfx_get(&self->dev, id);
		__u8 *map = vfio_gfx_map(fd, SIZE);

		close(fd);
		EXPECT_EQ(9, map[SIZE - 1]);
		munmap(map, SIZE);
	}
}

/*
 * What O_PATH keeps is the dma-buf's inode, not its file, whose memory may
 * soon be another file.
 */
TEST_F(dmabuf_id, o_path)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 9, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	int path = vfio_gfx_o_path(fd);
	ino_t inode = vfio_gfx_inode(fd);
	int files[NUM_FILES];
	unsigned int i;
	__u8 *map;

	close(fd);
	for (i = 0; i < NUM_FILES; i++) {
		files[i] = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
		ASSERT_LE(0, files[i]);
	}

	fd = vfio_gfx_get(&self->dev, id);
	EXPECT_TRUE(vfio_gfx_is_dmabuf(fd));
	ASSERT_EQ(inode, vfio_gfx_inode(fd));
	map = vfio_gfx_map(fd, SIZE);
	EXPECT_EQ(9, map[SIZE - 1]);
	munmap(map, SIZE);
	close(fd);

	for (i = 0; i < NUM_FILES; i++)
		close(files[i]);
	close(path);
}

TEST_F(dmabuf_id, stays_while_shown)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);
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
TEST_F(dmabuf_id, previous_id)
{
	__u32 id1 = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);
	__u32 id2 = vfio_gfx_show_buffer(&self->dev, &self->ram, 2, id1);
	int fd1 = vfio_gfx_get(&self->dev, id1);
	int fd2 = vfio_gfx_get(&self->dev, id2);
	__u8 *map1 = vfio_gfx_map(fd1, SIZE);
	__u8 *map2 = vfio_gfx_map(fd2, SIZE);

	EXPECT_NE(vfio_gfx_inode(fd1), vfio_gfx_inode(fd2));
	EXPECT_EQ(1, map1[0]);
	EXPECT_EQ(2, map2[0]);
	close(fd1);
	close(fd2);
}

TEST_F(dmabuf_id, three_buffers_three_ids)
{
	__u32 ids[3] = { 0 }, last = 0;
	unsigned int i;

	for (i = 0; i < 12; i++) {
		unsigned int n = i % 3;

		last = vfio_gfx_show_buffer(&self->dev, &self->ram, n, last);
		if (i < 3)
			ids[n] = last;
		EXPECT_EQ(ids[n], last);
	}
}

TEST_F(dmabuf_id, fresh_id_after_off)
{
	struct vfio_device_gfx_plane_info info;
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);

	vfio_gfx_off(&self->dev);
	ASSERT_TRUE(vfio_gfx_query_off(&self->dev, VFIO_GFX_PRIMARY, &info));
	vfio_gfx_show_buffer(&self->dev, &self->ram, 1, id);
}

/* Also if nobody looked while it was off. */
TEST_F(dmabuf_id, fresh_id_after_unseen_off)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);

	vfio_gfx_off(&self->dev);
	vfio_gfx_wait_frames(&self->dev, 5);
	vfio_gfx_show_buffer(&self->dev, &self->ram, 1, id);
}

TEST_F(dmabuf_id, fresh_id_after_reset)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);

	vfio_gfx_reset(&self->dev);
	vfio_gfx_display_on(&self->dev);
	vfio_gfx_show_buffer(&self->dev, &self->ram, 1, id);
}

/* Neither may an id of before come back for another geometry. */
TEST_F(dmabuf_id, fresh_id_after_geometry)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 1);
	__u32 ids[5];
	unsigned int i, j;

	ids[0] = vfio_gfx_show_id(&self->dev, &plane, 0);
	plane.width = WIDTH / 2;
	plane.pitch = WIDTH;
	ids[1] = vfio_gfx_show_id(&self->dev, &plane, ids[0]);
	plane.pitch = WIDTH / 2;
	ids[2] = vfio_gfx_show_id(&self->dev, &plane, ids[1]);
	plane.fourcc = DRM_FORMAT_ARGB8888;
	ids[3] = vfio_gfx_show_id(&self->dev, &plane, ids[2]);
	plane = vfio_gfx_buffer(&self->ram, 1);
	ids[4] = vfio_gfx_show_id(&self->dev, &plane, ids[3]);

	for (i = 0; i < ARRAY_SIZE(ids); i++)
		for (j = 0; j < i; j++)
			EXPECT_NE(ids[i], ids[j]);
}

TEST_F(dmabuf_id, no_old_id_after_reset)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);
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
		client->entry[i].map = vfio_gfx_map(fd, info->size);
		close(fd);
	}

	found = client->entry[i];
	memmove(&client->entry[1], &client->entry[0], i * sizeof(found));
	client->entry[0] = found;
	return found.map;
}

/* mbochs c, G2, and what QEMU's cache forces (no stale frame, ever). */
TEST_F_TIMEOUT(dmabuf_id, cached_by_id, 60)
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
		plane = vfio_gfx_buffer(&self->ram, n);
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
TEST_F(dmabuf_id, eight_buffers)
{
	struct client client = { 0 };
	__u32 last = 0;
	unsigned int i;

	for (i = 0; i < 40; i++) {
		struct vfio_device_gfx_plane_info info;
		unsigned int n = i % 8;

		last = vfio_gfx_show_buffer(&self->dev, &self->ram, n, last);
		vfio_gfx_query(&self->dev, VFIO_GFX_PRIMARY, &info);
		ASSERT_EQ(last, info.dmabuf_id);
		ASSERT_EQ(n, *client_look(&client, &self->dev, &info));
	}
}

/* mbochs a: no query fails because something is new. */
TEST_F(dmabuf_id, first_query)
{
	unsigned int i;

	for (i = 1; i <= 20; i++) {
		struct vfio_device_gfx_plane_info info;
		struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, i);
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
TEST_F_TIMEOUT(dmabuf_id, hundred_modes, 60)
{
	long long first = 0, pinned, limit;
	unsigned int i;

	limit = 16ll << 20;
	for (i = 0; i < 100; i++) {
		struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, i % 50);
		__u32 id;

		plane.width = WIDTH - i;
		plane.pitch = WIDTH;
		id = vfio_gfx_show_id(&self->dev, &plane, 0);
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

TEST_F(dmabuf_id, flipping_pins_once)
{
	long long before, after;
	__u32 last = 0;
	unsigned int i;

	for (i = 0; i < 3; i++)
		last = vfio_gfx_show_buffer(&self->dev, &self->ram, i, last);
	before = __vfio_gfx_stat(&self->dev, "pins");
	if (before < 0)
		SKIP(return, "no statistics in debugfs");
	for (i = 0; i < 12; i++)
		last = vfio_gfx_show_buffer(&self->dev, &self->ram, i % 3, last);
	after = __vfio_gfx_stat(&self->dev, "pins");
	EXPECT_EQ(before, after);
}

TEST_F(dmabuf_id, nothing_copied)
{
	long long copied;
	__u32 id;

	id = vfio_gfx_show_buffer(&self->dev, &self->ram, 0, 0);
	close(vfio_gfx_get(&self->dev, id));
	copied = __vfio_gfx_stat(&self->dev, "bytes_copied");
	if (copied < 0)
		SKIP(return, "no statistics in debugfs");
	EXPECT_EQ(0, copied);
}

/* G4 */
TEST_F(dmabuf_id, no_fd_left)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 4, 0);
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
	map = vfio_gfx_map(fd, SIZE);
	EXPECT_EQ(4, map[0]);
	close(fd);
}

/* -----------------------------------------------------------------------------
 * Ids that the client was not told
 */

struct guesser {
	struct vfio_gfx_dev *dev;
	bool stop;
	unsigned int unknown;	/* -EINVAL, as it should be */
	unsigned int bad;	/* neither memory nor a reason why not */
	int why;		/* the last of these */
};

static void guess_bad(struct guesser *guesser, int why)
{
	guesser->why = why;
	guesser->bad++;
}

static void guess(struct guesser *guesser, __u32 id)
{
	size_t size = vfio_gfx_page_size();
	int fd = __vfio_gfx_get(guesser->dev, id);
	__u8 value = 0;
	__u8 *map;
	int sig;

	if (fd == -EINVAL) {
		__atomic_fetch_add(&guesser->unknown, 1, __ATOMIC_RELAXED);
		return;
	}
	if (fd < 0) {
		if (fd != -ENODEV)
			guess_bad(guesser, fd);
		return;
	}

	map = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED) {
		guess_bad(guesser, -errno);
		return;
	}

	/* Only this thread touches what can go. */
	sig = vfio_gfx_peek(map, &value);
	munmap(map, size);
	if (sig ? sig != SIGBUS : value != BIG_VALUE)
		guess_bad(guesser, sig ?: value);
}

static void *guesser_run(void *data)
{
	struct guesser *guesser = data;

	while (!__atomic_load_n(&guesser->stop, __ATOMIC_RELAXED)) {
		struct vfio_device_gfx_plane_info info;
		unsigned int i;

		if (__vfio_gfx_query(guesser->dev, VFIO_GFX_PRIMARY, &info))
			continue;
		for (i = 1; i <= NUM_GUESSES; i++)
			guess(guesser, info.dmabuf_id + i);
	}
	return NULL;
}

/*
 * Framebuffers have ids before they have pages. Each one here is at an address of
 * its own, and so is pinned anew.
 */
TEST_F_TIMEOUT(dmabuf_id, guessed, 60)
{
	struct vfio_gfx_plane plane = {
		.fourcc = DRM_FORMAT_XRGB8888,
		.width = BIG_WIDTH,
		.height = BIG_HEIGHT,
	};
	struct guesser guesser = { .dev = &self->dev };
	__u64 size = BIG_WIDTH * BIG_HEIGHT * 4;
	__u64 offset, end;
	pthread_t thread;
	__u32 id = 0;

	memset(self->ram.va, BIG_VALUE, self->ram.size);
	ASSERT_EQ(0, pthread_create(&thread, NULL, guesser_run, &guesser));
	end = vfio_gfx_now_ms() + GUESS_MS;
	/* On a busy machine until the other thread has had its turn. */
	for (offset = 0; offset + size <= self->ram.size &&
	     (vfio_gfx_now_ms() < end ||
	      !__atomic_load_n(&guesser.unknown, __ATOMIC_RELAXED));
	     offset += vfio_gfx_page_size()) {
		plane.addr = self->ram.iova + offset;
		id = vfio_gfx_show_id(&self->dev, &plane, id);
	}
	__atomic_store_n(&guesser.stop, true, __ATOMIC_RELAXED);
	ASSERT_EQ(0, pthread_join(thread, NULL));

	EXPECT_LT(0, guesser.unknown);
	EXPECT_EQ(0, guesser.bad) {
		TH_LOG("the last one: %d", guesser.why);
	}
	close(vfio_gfx_get(&self->dev, id));
}

TEST_HARNESS_MAIN
