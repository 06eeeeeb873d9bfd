// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything at once, with values that no driver would write
 *
 * VFIO_GFX_SEED repeats a run, as far as threads can be repeated.
 * VFIO_GFX_STRESS_MS sets its length.
 */

#include "kselftest_harness.h"

#include <pthread.h>
#include <sys/ioctl.h>
#include <time.h>

#include <linux/pci_regs.h>

#include "lib/vfio_gfx.h"

#define WIDTH	256
#define HEIGHT	64
#define HOLE	(4ull << 20)

FIXTURE(stress) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
	struct vfio_gfx_ram hole;	/* comes and goes */
	unsigned int seed;
	unsigned int ms;
	bool stop;
};

VFIO_GFX_VARIANTS(stress);

static unsigned int env(const char *name, unsigned int value)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 0) : value;
}

FIXTURE_SETUP(stress)
{
	VFIO_GFX_OPEN(&self->dev, variant->mode);
	ASSERT_EQ(0, __vfio_gfx_ram_alloc(&self->ram, VFIO_GFX_MEMFD,
					  VFIO_GFX_RAM_IOVA,
					  VFIO_GFX_RAM_SIZE));
	ASSERT_EQ(0, __vfio_gfx_ram_alloc(&self->hole, VFIO_GFX_MEMFD,
					  VFIO_GFX_RAM_IOVA + VFIO_GFX_RAM_SIZE,
					  HOLE));
	vfio_gfx_ram_map(&self->dev, &self->ram);
	self->seed = env("VFIO_GFX_SEED", time(NULL) ^ getpid());
	self->ms = env("VFIO_GFX_STRESS_MS", 3000);
	TH_LOG("VFIO_GFX_SEED=%u", self->seed);
}

FIXTURE_TEARDOWN(stress)
{
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
	vfio_gfx_ram_free(&self->hole);
}

static unsigned int seed_of(FIXTURE_DATA(stress) *self, unsigned int n)
{
	return self->seed + n * 7919;
}

static __u32 rand32(unsigned int *seed)
{
	return rand_r(seed) ^ (__u32)rand_r(seed) << 16;
}

/* -----------------------------------------------------------------------------
 * Threads
 */

/* Any size and value anywhere. */
static void *noise(void *data)
{
	static const unsigned int regions[] = {
		VFIO_GFX_CONFIG, VFIO_GFX_DU, VFIO_GFX_PAGE,
	};
	static const unsigned int sizes[] = {
		0x180, RCAR_VDU_DU_BAR_SIZE + 0x100,
		RCAR_VDU_PAGE_BAR_SIZE + 0x100,
	};
	FIXTURE_DATA(stress) *self = data;
	unsigned int seed = seed_of(self, 1);

	while (!__atomic_load_n(&self->stop, __ATOMIC_RELAXED)) {
		unsigned int i = rand_r(&seed) % ARRAY_SIZE(regions);
		__u32 offset = rand32(&seed) % sizes[i];
		__u32 count = 1 + rand_r(&seed) % 16;
		__u32 buf[4] = {
			rand32(&seed), rand32(&seed), rand32(&seed), 0,
		};

		/* Mostly what a CPU can do, and mostly registers. */
		if (rand_r(&seed) % 8) {
			offset &= ~3u;
			count = 4;
		}
		if (regions[i] == VFIO_GFX_DU && rand_r(&seed) % 8)
			offset %= 0x1000;
		if (rand_r(&seed) % 4)
			__vfio_gfx_pwrite(&self->dev, regions[i], offset, buf,
					  count);
		else
			__vfio_gfx_pread(&self->dev, regions[i], offset, buf,
					 count);
	}
	return NULL;
}

/* A guest that shows good buffers, in the RAM that stays or that goes. */
static void *guest(void *data)
{
	FIXTURE_DATA(stress) *self = data;
	unsigned int seed = seed_of(self, 2);

	while (!__atomic_load_n(&self->stop, __ATOMIC_RELAXED)) {
		struct vfio_gfx_plane plane = {
			.page = rand_r(&seed) % 4,
			.fourcc = DRM_FORMAT_XRGB8888,
			.addr = VFIO_GFX_RAM_IOVA +
				(rand32(&seed) % 20) * 0x100000,
			.width = 1 + rand_r(&seed) % 512,
			.height = 1 + rand_r(&seed) % 512,
			.role = rand_r(&seed) % 4,
		};

		vfio_gfx_cfg_write16(&self->dev, PCI_COMMAND,
				     PCI_COMMAND_MEMORY);
		vfio_gfx_timing(&self->dev, &vfio_gfx_fast);
		vfio_gfx_plane_write(&self->dev, &plane);
		vfio_gfx_priority(&self->dev, rand_r(&seed) % 2 ?
				  plane.page + 1 : rand32(&seed));
		vfio_gfx_start(&self->dev);
		vfio_gfx_sleep_ms(rand_r(&seed) % 20);
	}
	return NULL;
}

/* A display client that maps what it gets and looks at it. */
static void *client(void *data)
{
	FIXTURE_DATA(stress) *self = data;
	unsigned int seed = seed_of(self, 3);
	__u32 last = 0;

	while (!__atomic_load_n(&self->stop, __ATOMIC_RELAXED)) {
		struct vfio_device_gfx_plane_info info;
		void *map;
		int fd;

		__vfio_gfx_query(&self->dev, 1 + rand_r(&seed) % 2, &info);
		fd = __vfio_gfx_get(&self->dev, rand_r(&seed) % 8 ?
				    info.dmabuf_id : last);
		last = info.dmabuf_id;
		if (fd < 0)
			continue;
		map = mmap(NULL, vfio_gfx_page_size(), PROT_READ, MAP_SHARED,
			   fd, 0);
		close(fd);
		if (map != MAP_FAILED) {
			__u8 value;

			/* Only this thread touches what can go. */
			vfio_gfx_peek(map, &value);
			munmap(map, vfio_gfx_page_size());
		}
	}
	return NULL;
}

/* The VMM's memory hotplug. */
static void *memory(void *data)
{
	FIXTURE_DATA(stress) *self = data;
	unsigned int seed = seed_of(self, 4);

	while (!__atomic_load_n(&self->stop, __ATOMIC_RELAXED)) {
		__vfio_gfx_dma_map(&self->dev, self->hole.va, self->hole.iova,
				   self->hole.size, true);
		vfio_gfx_sleep_ms(rand_r(&seed) % 30);
		__vfio_gfx_dma_unmap(&self->dev, self->hole.iova,
				     self->hole.size);
		vfio_gfx_sleep_ms(rand_r(&seed) % 5);
	}
	return NULL;
}

/* The VMM's other habits: reset, interrupts, EDID. */
static void *vmm(void *data)
{
	FIXTURE_DATA(stress) *self = data;
	unsigned int seed = seed_of(self, 5);
	int fd = vfio_gfx_eventfd();

	while (!__atomic_load_n(&self->stop, __ATOMIC_RELAXED)) {
		__u32 index = rand_r(&seed) % VFIO_PCI_NUM_IRQS;
		__u32 state = 1 + rand_r(&seed) % 2;
		struct vfio_region_info info;

		switch (rand_r(&seed) % 8) {
		case 0:
			__vfio_gfx_reset(&self->dev);
			break;
		case 1:
			__vfio_gfx_irq_eventfd(&self->dev, index, -1);
			break;
		case 2:
			if (__vfio_gfx_region_by_type(&self->dev, VFIO_REGION_TYPE_GFX,
						      VFIO_REGION_SUBTYPE_GFX_EDID,
						      &info))
				break;
			pwrite(self->dev.fd, &state, sizeof(state), info.offset +
			       offsetof(struct vfio_region_gfx_edid, link_state));
			break;
		case 3:
			__vfio_gfx_set_irqs(&self->dev, VFIO_IRQ_SET_DATA_NONE |
					    VFIO_IRQ_SET_ACTION_UNMASK,
					    VFIO_PCI_INTX_IRQ_INDEX, 0, 1,
					    NULL, 0);
			break;
		default:
			__vfio_gfx_irq_eventfd(&self->dev, index, fd);
			break;
		}
		vfio_gfx_eventfd_wait(fd, rand_r(&seed) % 10);
	}
	close(fd);
	return NULL;
}

static void run(struct __test_metadata *_metadata, FIXTURE_DATA(stress) *self,
		void *(*const *threads)(void *), unsigned int num)
{
	pthread_t ids[8];
	unsigned int i;

	ASSERT_GE(ARRAY_SIZE(ids), num);
	for (i = 0; i < num; i++)
		ASSERT_EQ(0, pthread_create(&ids[i], NULL, threads[i], self));
	vfio_gfx_sleep_ms(self->ms);
	__atomic_store_n(&self->stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < num; i++)
		EXPECT_EQ(0, pthread_join(ids[i], NULL));
}

static void expect_works(struct __test_metadata *_metadata, FIXTURE_DATA(stress) *self)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_plane plane = {
		.fourcc = DRM_FORMAT_XRGB8888,
		.addr = self->ram.iova,
		.width = WIDTH,
		.height = HEIGHT,
	};
	__u8 *map;
	int fd;

	vfio_gfx_reset(&self->dev);
	vfio_gfx_display_on(&self->dev);
	memset(self->ram.va, 0x3c, WIDTH * HEIGHT * 4);
	vfio_gfx_show(&self->dev, &plane);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, 0, &info);
	fd = vfio_gfx_get(&self->dev, info.dmabuf_id);
	map = mmap(NULL, WIDTH * HEIGHT * 4, PROT_READ, MAP_SHARED, fd, 0);
	ASSERT_NE(MAP_FAILED, (void *)map);
	EXPECT_EQ(0x3c, map[0]);
	munmap(map, WIDTH * HEIGHT * 4);
	close(fd);
}

TEST_F_TIMEOUT(stress, registers, 120)
{
	static void *(*const threads[])(void *) = { noise, noise };

	vfio_gfx_display_on(&self->dev);
	run(_metadata, self, threads, ARRAY_SIZE(threads));
	expect_works(_metadata, self);
}

TEST_F_TIMEOUT(stress, buffers, 120)
{
	static void *(*const threads[])(void *) = { guest, client, memory };

	run(_metadata, self, threads, ARRAY_SIZE(threads));
	expect_works(_metadata, self);
}

TEST_F_TIMEOUT(stress, everything, 120)
{
	static void *(*const threads[])(void *) = {
		noise, guest, client, memory, vmm,
	};

	run(_metadata, self, threads, ARRAY_SIZE(threads));
	expect_works(_metadata, self);
	vfio_gfx_close_device(&self->dev);
	if (__vfio_gfx_stat(&self->dev, "bytes_pinned") >= 0)
		EXPECT_EQ(0, __vfio_gfx_stat(&self->dev, "bytes_pinned"));
}

/* The VMM dies with everything going on. */
TEST_F_TIMEOUT(stress, exit, 120)
{
	static void *(*const threads[])(void *) = { noise, guest, memory };
	unsigned int i;

	vfio_gfx_close(&self->dev);
	for (i = 0; i < 5; i++) {
		pid_t child = fork();
		int status;

		ASSERT_LE(0, child);
		if (!child) {
			unsigned int j;

			if (__vfio_gfx_open_uuid(&self->dev, variant->mode,
						 vfio_gfx_uuid()))
				_exit(1);
			vfio_gfx_ram_map(&self->dev, &self->ram);
			for (j = 0; j < ARRAY_SIZE(threads); j++) {
				pthread_t id;

				pthread_create(&id, NULL, threads[j], self);
			}
			vfio_gfx_sleep_ms(100 + 50 * i);
			raise(SIGKILL);
		}
		ASSERT_EQ(child, waitpid(child, &status, 0));
		EXPECT_TRUE(WIFSIGNALED(status));
	}

	ASSERT_EQ(0, __vfio_gfx_open_uuid(&self->dev, variant->mode,
					  vfio_gfx_uuid()));
	vfio_gfx_ram_map(&self->dev, &self->ram);
	expect_works(_metadata, self);
}

TEST_HARNESS_MAIN
