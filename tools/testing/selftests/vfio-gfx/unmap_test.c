// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several threads of the VMM unmap guest memory that is shown
 */

#include "kselftest_harness.h"

#include <pthread.h>
#include <sys/param.h>

#include "lib/vfio_gfx.h"

#define SIZE	VFIO_GFX_BUF_SIZE

#define MAX_THREADS	8
/* A device that waits for VFIO's locks while it holds some needs 10 s and more. */
#define UNMAP_MS	9000
/* Memory that was unmapped is not pinned again for longer than that. */
#define AGAIN_MS	200
/* Unmaps in a row. */
#define BURST		8
/* Unlucky interleavings are rare. */
#define ROUNDS_MS	1000

FIXTURE(unmap) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;	/* one buffer for each thread */
	__u64 size;			/* of one */
};

FIXTURE_VARIANT(unmap) {
	enum vfio_gfx_mode mode;
	__u32 width;
	__u32 height;
	unsigned int threads;
	bool series;	/* only where type1 has the patches of tools/series */
};

/*
 * type1 calls BUG() when a thread had to tell the device more than ten times. Threads
 * that unmap at once may give 512 pages back for each time: 6 times in all here.
 */
FIXTURE_VARIANT_ADD(unmap, group_720p) {
	VFIO_GFX_GROUP, 1280, 720, 3, false,
};

FIXTURE_VARIANT_ADD(unmap, group_1080p) {
	VFIO_GFX_GROUP, 1920, 1080, MAX_THREADS, true,
};

FIXTURE_VARIANT_ADD(unmap, group_biggest) {
	VFIO_GFX_GROUP, 4095, 2047, MAX_THREADS, true,
};

FIXTURE_VARIANT_ADD(unmap, cdev_1080p) {
	VFIO_GFX_CDEV, 1920, 1080, MAX_THREADS, false,
};

FIXTURE_VARIANT_ADD(unmap, cdev_biggest) {
	VFIO_GFX_CDEV, 4095, 2047, MAX_THREADS, false,
};

FIXTURE_SETUP(unmap)
{
	const char *missing;

	if (variant->series && !getenv("LAB_SERIES"))
		SKIP(return, "type1 may call BUG()");
	missing = vfio_gfx_open(&self->dev, variant->mode);
	if (missing)
		SKIP(return, "no %s", missing);
	/* With some room. */
	self->size = roundup(variant->width * variant->height * 4, 4 << 20);
	vfio_gfx_ram_alloc(&self->ram, VFIO_GFX_RAM_IOVA,
			   variant->threads * self->size);
	memset(self->ram.va, 0x5a, self->ram.size);
	vfio_gfx_display_on(&self->dev);
}

FIXTURE_TEARDOWN(unmap)
{
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
}

struct unmapper {
	pthread_t id;
	pthread_barrier_t *start;
	struct vfio_gfx_dev *dev;
	__u64 iova;
	__u64 size;
	int ret;
};

static void *unmap(void *data)
{
	struct unmapper *unmapper = data;

	pthread_barrier_wait(unmapper->start);
	unmapper->ret = __vfio_gfx_dma_unmap(unmapper->dev, unmapper->iova,
					     unmapper->size);
	return NULL;
}

static void run_unmappers(struct __test_metadata *_metadata,
			  struct unmapper *unmappers, unsigned int threads)
{
	pthread_barrier_t start;
	unsigned int i;

	pthread_barrier_init(&start, NULL, threads);
	for (i = 0; i < threads; i++) {
		unmappers[i].start = &start;
		ASSERT_EQ(0, pthread_create(&unmappers[i].id, NULL, unmap,
					    &unmappers[i]));
	}
	for (i = 0; i < threads; i++)
		ASSERT_EQ(0, pthread_join(unmappers[i].id, NULL));
	pthread_barrier_destroy(&start);
}

/* One plane in each buffer. */
static void show_all(struct vfio_gfx_dev *dev, unsigned int threads,
		     __u64 size, __u32 width, __u32 height)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_plane plane = {
		.fourcc = DRM_FORMAT_XRGB8888,
		.width = width,
		.height = height,
	};
	unsigned int i;

	vfio_gfx_begin(dev);
	for (i = 0; i < threads; i++) {
		plane.page = i;
		plane.addr = VFIO_GFX_RAM_IOVA + i * size;
		plane.role = i ? RCAR_VDU_ROLE_OVERLAY : RCAR_VDU_ROLE_PRIMARY;
		vfio_gfx_plane_write(dev, &plane);
	}
	vfio_gfx_priority(dev, 0x12345678 >> 4 * (MAX_THREADS - threads));
	vfio_gfx_commit(dev);
	vfio_gfx_query_on(dev, VFIO_GFX_PRIMARY, plane.width, plane.height, 0,
			  &info);
}

static void expect_works(struct __test_metadata *_metadata,
			 struct vfio_gfx_dev *dev, struct vfio_gfx_ram *ram)
{
	__u8 *map;
	__u32 id;
	int fd;

	vfio_gfx_ram_map(dev, ram);
	id = vfio_gfx_show_buffer(dev, ram, 1, 0);
	fd = vfio_gfx_get(dev, id);
	map = vfio_gfx_map(fd, SIZE);
	EXPECT_EQ(0, memcmp(map, ram->va + SIZE, SIZE));
	vfio_gfx_ram_unmap(dev, ram);
	EXPECT_TRUE(vfio_gfx_gone(map, SIZE));
	munmap(map, SIZE);
	close(fd);
}

TEST_F_TIMEOUT(unmap, same_memory, 90)
{
	__u64 start = vfio_gfx_now_ms();

	do {
		struct unmapper unmappers[MAX_THREADS] = { 0 };
		unsigned int i, won = 0;
		__u64 before;

		vfio_gfx_ram_map(&self->dev, &self->ram);
		show_all(&self->dev, variant->threads, self->size,
			 variant->width, variant->height);
		for (i = 0; i < variant->threads; i++) {
			unmappers[i].dev = &self->dev;
			unmappers[i].iova = self->ram.iova;
			unmappers[i].size = self->ram.size;
		}

		before = vfio_gfx_now_ms();
		run_unmappers(_metadata, unmappers, variant->threads);
		EXPECT_GT(UNMAP_MS, vfio_gfx_now_ms() - before);
		for (i = 0; i < variant->threads; i++) {
			won += !unmappers[i].ret;
			/* iommufd: somebody else did it, or is just doing it */
			EXPECT_TRUE(!unmappers[i].ret ||
				    unmappers[i].ret == -ENOENT ||
				    unmappers[i].ret == -EBUSY)
				TH_LOG("unmap: %d", unmappers[i].ret);
		}
		EXPECT_LE(1, won);
	} while (vfio_gfx_now_ms() - start < ROUNDS_MS);

	expect_works(_metadata, &self->dev, &self->ram);
}

TEST_F_TIMEOUT(unmap, different_memory, 90)
{
	__u64 start = vfio_gfx_now_ms();

	do {
		struct unmapper unmappers[MAX_THREADS] = { 0 };
		unsigned int i;
		__u64 before;

		for (i = 0; i < variant->threads; i++) {
			__u64 offset = i * self->size;

			unmappers[i].dev = &self->dev;
			unmappers[i].iova = self->ram.iova + offset;
			unmappers[i].size = self->size;
			ASSERT_EQ(0, __vfio_gfx_dma_map(&self->dev,
							self->ram.va + offset,
							unmappers[i].iova,
							self->size, true));
		}
		show_all(&self->dev, variant->threads, self->size,
			 variant->width, variant->height);

		before = vfio_gfx_now_ms();
		run_unmappers(_metadata, unmappers, variant->threads);
		EXPECT_GT(UNMAP_MS, vfio_gfx_now_ms() - before);
		for (i = 0; i < variant->threads; i++)
			EXPECT_EQ(0, unmappers[i].ret);
	} while (vfio_gfx_now_ms() - start < ROUNDS_MS);

	expect_works(_metadata, &self->dev, &self->ram);
}

static void show_frame(struct vfio_gfx_dev *dev, struct vfio_gfx_ram *ram)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(ram, 0);
	struct vfio_device_feature_gfx_frame frame;

	vfio_gfx_ram_map(dev, ram);
	vfio_gfx_show(dev, &plane);
	vfio_gfx_frame_latched(dev, &frame);
}

/*
 * Memory that was unmapped is not pinned for a moment: VFIO may still be looking
 * for pins there. On a busy machine the moment may be over too soon to see it.
 */
TEST_F_TIMEOUT(unmap, map_again, 90)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 0);
	struct vfio_device_gfx_plane_info info;
	unsigned int i;
	bool seen = false;

	for (i = 0; i < BURST && !seen; i++) {
		__u64 before;

		vfio_gfx_ram_map(&self->dev, &self->ram);
		vfio_gfx_show(&self->dev, &plane);
		vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, plane.width,
				  plane.height, 0, &info);

		before = vfio_gfx_now_ms();
		vfio_gfx_ram_unmap(&self->dev, &self->ram);
		vfio_gfx_ram_map(&self->dev, &self->ram);
		vfio_gfx_sleep_ms(AGAIN_MS / 2);
		vfio_gfx_query(&self->dev, VFIO_GFX_PRIMARY, &info);
		seen = vfio_gfx_now_ms() - before < AGAIN_MS;
		if (seen)
			EXPECT_EQ(0, info.dmabuf_id);

		vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, plane.width,
				  plane.height, 0, &info);
		vfio_gfx_ram_unmap(&self->dev, &self->ram);
	}
	EXPECT_TRUE(seen);
}

/* What unmaps in a row cost one user is not for the next one to pay. */
TEST_F_TIMEOUT(unmap, next_user, 90)
{
	struct vfio_device_gfx_plane_info info;
	unsigned int i;

	for (i = 0; i < BURST; i++) {
		show_frame(&self->dev, &self->ram);
		vfio_gfx_ram_unmap(&self->dev, &self->ram);
	}
	vfio_gfx_close(&self->dev);

	ASSERT_EQ(NULL, vfio_gfx_open(&self->dev, variant->mode));
	vfio_gfx_display_on(&self->dev);
	show_frame(&self->dev, &self->ram);
	vfio_gfx_query(&self->dev, VFIO_GFX_PRIMARY, &info);
	EXPECT_NE(0, info.dmabuf_id);
}

TEST_HARNESS_MAIN
