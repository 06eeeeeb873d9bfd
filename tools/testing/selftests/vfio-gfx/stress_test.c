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

struct stress {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
	struct vfio_gfx_ram hole;	/* comes and goes */
	unsigned int seed;
	unsigned int ms;
	bool stop;
};

FIXTURE(stress) {
	struct stress all;
};

FIXTURE_VARIANT(stress) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(stress, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(stress, cdev) {
	.mode = VFIO_GFX_CDEV,
};

static unsigned int env(const char *name, unsigned int value)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 0) : value;
}

FIXTURE_SETUP(stress)
{
	const char *missing = vfio_gfx_open(&self->all.dev, variant->mode);

	if (missing)
		SKIP(return, "no %s", missing);
	vfio_gfx_ram_alloc(&self->all.ram, VFIO_GFX_RAM_IOVA, VFIO_GFX_RAM_SIZE);
	vfio_gfx_ram_alloc(&self->all.hole, VFIO_GFX_RAM_IOVA + VFIO_GFX_RAM_SIZE,
			   HOLE);
	vfio_gfx_ram_map(&self->all.dev, &self->all.ram);
	self->all.seed = env("VFIO_GFX_SEED", time(NULL) ^ getpid());
	self->all.ms = env("VFIO_GFX_STRESS_MS", 3000);
	TH_LOG("VFIO_GFX_SEED=%u", self->all.seed);
}

FIXTURE_TEARDOWN(stress)
{
	vfio_gfx_close(&self->all.dev);
	vfio_gfx_ram_free(&self->all.ram);
	vfio_gfx_ram_free(&self->all.hole);
}

static unsigned int seed_of(struct stress *all, unsigned int n)
{
	return all->seed + n * 7919;
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
		RCAR_VDU_REGS_BAR_SIZE + 0x100,
	};
	struct stress *all = data;
	unsigned int seed = seed_of(all, 1);

	while (!__atomic_load_n(&all->stop, __ATOMIC_RELAXED)) {
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
			__vfio_gfx_pwrite(&all->dev, regions[i], offset, buf,
					  count);
		else
			__vfio_gfx_pread(&all->dev, regions[i], offset, buf,
					 count);
	}
	return NULL;
}

/* A guest that shows good buffers, in the RAM that stays or that goes. */
static void *guest(void *data)
{
	struct stress *all = data;
	unsigned int seed = seed_of(all, 2);

	while (!__atomic_load_n(&all->stop, __ATOMIC_RELAXED)) {
		struct vfio_gfx_plane plane = {
			.page = rand_r(&seed) % 4,
			.fourcc = DRM_FORMAT_XRGB8888,
			.addr = VFIO_GFX_RAM_IOVA +
				(rand32(&seed) % 20) * 0x100000,
			.width = 1 + rand_r(&seed) % 512,
			.height = 1 + rand_r(&seed) % 512,
			.role = rand_r(&seed) % 4,
		};

		vfio_gfx_cfg_write16(&all->dev, PCI_COMMAND,
				     PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
		vfio_gfx_timing(&all->dev, &vfio_gfx_fast);
		vfio_gfx_plane_write(&all->dev, &plane);
		vfio_gfx_priority(&all->dev, rand_r(&seed) % 2 ?
				  plane.page + 1 : rand32(&seed));
		vfio_gfx_start(&all->dev);
		vfio_gfx_sleep_ms(rand_r(&seed) % 20);
	}
	return NULL;
}

/* A display client that maps what it gets and looks at it. */
static void *client(void *data)
{
	struct stress *all = data;
	unsigned int seed = seed_of(all, 3);
	__u32 last = 0;

	while (!__atomic_load_n(&all->stop, __ATOMIC_RELAXED)) {
		struct vfio_device_gfx_plane_info info;
		void *map;
		int fd;

		__vfio_gfx_query(&all->dev, 1 + rand_r(&seed) % 2, &info);
		fd = __vfio_gfx_get(&all->dev, rand_r(&seed) % 8 ?
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
	struct stress *all = data;
	unsigned int seed = seed_of(all, 4);

	while (!__atomic_load_n(&all->stop, __ATOMIC_RELAXED)) {
		__vfio_gfx_dma_map(&all->dev, all->hole.va, all->hole.iova,
				   all->hole.size, true);
		vfio_gfx_sleep_ms(rand_r(&seed) % 30);
		__vfio_gfx_dma_unmap(&all->dev, all->hole.iova,
				     all->hole.size);
		vfio_gfx_sleep_ms(rand_r(&seed) % 5);
	}
	return NULL;
}

/* The VMM's other habits: reset, interrupts, EDID. */
static void *vmm(void *data)
{
	struct stress *all = data;
	unsigned int seed = seed_of(all, 5);
	int fd = vfio_gfx_eventfd();

	while (!__atomic_load_n(&all->stop, __ATOMIC_RELAXED)) {
		__u32 index = rand_r(&seed) % VFIO_GFX_NUM_IRQS;
		__u32 state = 1 + rand_r(&seed) % 2;
		struct vfio_region_info info;

		switch (rand_r(&seed) % 8) {
		case 0:
			__vfio_gfx_reset(&all->dev);
			break;
		case 1:
			__vfio_gfx_irq_eventfd(&all->dev, index, -1);
			break;
		case 2:
			if (__vfio_gfx_region_by_type(&all->dev, VFIO_REGION_TYPE_GFX,
						      VFIO_REGION_SUBTYPE_GFX_EDID,
						      &info))
				break;
			pwrite(all->dev.fd, &state, sizeof(state), info.offset +
			       offsetof(struct vfio_region_gfx_edid, link_state));
			break;
		case 3:
			__vfio_gfx_set_irqs(&all->dev, VFIO_IRQ_SET_DATA_NONE |
					    VFIO_IRQ_SET_ACTION_UNMASK,
					    VFIO_PCI_INTX_IRQ_INDEX, 0, 1,
					    NULL, 0);
			break;
		default:
			__vfio_gfx_irq_eventfd(&all->dev, index, fd);
			break;
		}
		vfio_gfx_eventfd_wait(fd, rand_r(&seed) % 10);
	}
	close(fd);
	return NULL;
}

static void run(struct __test_metadata *_metadata, struct stress *all,
		void *(*const *threads)(void *), unsigned int num)
{
	pthread_t ids[8];
	unsigned int i;

	ASSERT_GE(ARRAY_SIZE(ids), num);
	for (i = 0; i < num; i++)
		ASSERT_EQ(0, pthread_create(&ids[i], NULL, threads[i], all));
	vfio_gfx_sleep_ms(all->ms);
	__atomic_store_n(&all->stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < num; i++)
		EXPECT_EQ(0, pthread_join(ids[i], NULL));
}

static void expect_works(struct __test_metadata *_metadata, struct stress *all)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_plane plane = {
		.fourcc = DRM_FORMAT_XRGB8888,
		.addr = all->ram.iova,
		.width = WIDTH,
		.height = HEIGHT,
	};
	__u8 *map;
	int fd;

	vfio_gfx_reset(&all->dev);
	vfio_gfx_display_on(&all->dev);
	memset(all->ram.va, 0x3c, WIDTH * HEIGHT * 4);
	vfio_gfx_show(&all->dev, &plane);
	vfio_gfx_query_on(&all->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, 0, &info);
	fd = vfio_gfx_get(&all->dev, info.dmabuf_id);
	map = mmap(NULL, WIDTH * HEIGHT * 4, PROT_READ, MAP_SHARED, fd, 0);
	ASSERT_NE(MAP_FAILED, (void *)map);
	EXPECT_EQ(0x3c, map[0]);
	munmap(map, WIDTH * HEIGHT * 4);
	close(fd);
}

TEST_F_TIMEOUT(stress, registers, 120)
{
	static void *(*const threads[])(void *) = { noise, noise };

	vfio_gfx_display_on(&self->all.dev);
	run(_metadata, &self->all, threads, ARRAY_SIZE(threads));
	expect_works(_metadata, &self->all);
}

TEST_F_TIMEOUT(stress, buffers, 120)
{
	static void *(*const threads[])(void *) = { guest, client, memory };

	run(_metadata, &self->all, threads, ARRAY_SIZE(threads));
	expect_works(_metadata, &self->all);
}

TEST_F_TIMEOUT(stress, everything, 120)
{
	static void *(*const threads[])(void *) = {
		noise, guest, client, memory, vmm,
	};

	run(_metadata, &self->all, threads, ARRAY_SIZE(threads));
	expect_works(_metadata, &self->all);
	vfio_gfx_close_device(&self->all.dev);
	if (__vfio_gfx_stat(&self->all.dev, "bytes_pinned") >= 0)
		EXPECT_EQ(0, __vfio_gfx_stat(&self->all.dev, "bytes_pinned"));
}

/* The VMM dies with everything going on. */
TEST_F_TIMEOUT(stress, exit, 120)
{
	static void *(*const threads[])(void *) = { noise, guest, memory };
	unsigned int i;

	vfio_gfx_close(&self->all.dev);
	for (i = 0; i < 5; i++) {
		pid_t child = fork();
		int status;

		ASSERT_LE(0, child);
		if (!child) {
			unsigned int j;

			if (__vfio_gfx_open_uuid(&self->all.dev, variant->mode,
						 vfio_gfx_uuid()))
				_exit(1);
			vfio_gfx_ram_map(&self->all.dev, &self->all.ram);
			for (j = 0; j < ARRAY_SIZE(threads); j++) {
				pthread_t id;

				pthread_create(&id, NULL, threads[j],
					       &self->all);
			}
			vfio_gfx_sleep_ms(100 + 50 * i);
			raise(SIGKILL);
		}
		ASSERT_EQ(child, waitpid(child, &status, 0));
		EXPECT_TRUE(WIFSIGNALED(status));
	}

	ASSERT_EQ(0, __vfio_gfx_open_uuid(&self->all.dev, variant->mode,
					  vfio_gfx_uuid()));
	vfio_gfx_ram_map(&self->all.dev, &self->all.ram);
	expect_works(_metadata, &self->all);
}

TEST_HARNESS_MAIN
