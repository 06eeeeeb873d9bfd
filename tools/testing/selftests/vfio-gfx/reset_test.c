// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resets while other threads use the device
 */

#define _GNU_SOURCE

#include "kselftest_harness.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

#include <linux/pci_regs.h>

#include "lib/vfio_gfx.h"
#include "lib/vfio_gfx_shadow.h"

#define ROUNDS		20
#define RESETS		50
#define ALL_MS		3000

#define POISON		0x5a17e5a1u
#define POISON_OFFSET	0x800

FIXTURE(reset) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
	struct vfio_gfx_shadow bar;
	bool stop;
};

FIXTURE_VARIANT(reset) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(reset, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(reset, cdev) {
	.mode = VFIO_GFX_CDEV,
};

static __thread sigjmp_buf bus_env;

static void bus_handler(int sig)
{
	siglongjmp(bus_env, sig);
}

FIXTURE_SETUP(reset)
{
	struct sigaction action = {
		.sa_handler = bus_handler,
		.sa_flags = SA_NODEFER,
	};
	const char *missing = vfio_gfx_open_with_ram(&self->dev, &self->ram,
						     variant->mode);

	if (missing)
		SKIP(return, "no %s", missing);
	ASSERT_EQ(0, __vfio_gfx_shadow_map(&self->bar, &self->dev));
	ASSERT_EQ(0, sigaction(SIGBUS, &action, NULL));
}

FIXTURE_TEARDOWN(reset)
{
	vfio_gfx_shadow_unmap(&self->bar);
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
}

static void enable(struct vfio_gfx_dev *dev)
{
	vfio_gfx_cfg_write16(dev, PCI_COMMAND,
			     PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
}

static bool stopped(FIXTURE_DATA(reset) *self)
{
	return __atomic_load_n(&self->stop, __ATOMIC_RELAXED);
}

static void start(FIXTURE_DATA(reset) *self, void *(*fn)(void *),
		  pthread_t *thread)
{
	__atomic_store_n(&self->stop, false, __ATOMIC_RELAXED);
	if (pthread_create(thread, NULL, fn, self))
		vfio_gfx_fail(__FILE__, __LINE__, "no thread");
}

static void stop(FIXTURE_DATA(reset) *self, pthread_t *threads, unsigned int n)
{
	__atomic_store_n(&self->stop, true, __ATOMIC_RELAXED);
	while (n--)
		pthread_join(threads[n], NULL);
}

/* -----------------------------------------------------------------------------
 * What came before a reset is not there after it
 */

static void *store(void *data)
{
	FIXTURE_DATA(reset) *self = data;

	while (!stopped(self)) {
		if (!sigsetjmp(bus_env, 1))
			vfio_gfx_shadow_write(&self->bar, POISON_OFFSET,
					      POISON);
	}
	return NULL;
}

TEST_F(reset, against_stores)
{
	struct vfio_gfx_dev *dev = &self->dev;
	pthread_t thread;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		enable(dev);
		start(self, store, &thread);
		vfio_gfx_sleep_ms(2);
		ASSERT_EQ(0, __vfio_gfx_reset(dev));
		stop(self, &thread, 1);
		enable(dev);
		ASSERT_EQ(0, vfio_gfx_read(dev, RCAR_VDU_SHADOW_BAR,
					   POISON_OFFSET))
			TH_LOG("round %u", i);
	}
}

static void *write_registers(void *data)
{
	FIXTURE_DATA(reset) *self = data;

	while (!stopped(self)) {
		vfio_gfx_du_write(&self->dev, DEWR, 123);
		vfio_gfx_write(&self->dev, RCAR_VDU_SHADOW_BAR, POISON_OFFSET,
			       POISON);
		vfio_gfx_page_write(&self->dev, RCAR_VDU_PLANE_HOT_X +
				    RCAR_VDU_PLANE(7), 123);
	}
	return NULL;
}

TEST_F(reset, against_writes)
{
	struct vfio_gfx_dev *dev = &self->dev;
	pthread_t thread;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		enable(dev);
		start(self, write_registers, &thread);
		vfio_gfx_sleep_ms(2);
		ASSERT_EQ(0, __vfio_gfx_reset(dev));
		stop(self, &thread, 1);
		enable(dev);
		ASSERT_EQ(0, vfio_gfx_du_read(dev, DEWR));
		ASSERT_EQ(0, vfio_gfx_read(dev, RCAR_VDU_SHADOW_BAR,
					   POISON_OFFSET));
		ASSERT_EQ(0, vfio_gfx_page_read(dev, RCAR_VDU_PLANE_HOT_X +
						RCAR_VDU_PLANE(7)));
	}
}

/* -----------------------------------------------------------------------------
 * At the same time
 */

static void *many_resets(void *data)
{
	FIXTURE_DATA(reset) *self = data;
	unsigned int i;

	for (i = 0; i < RESETS; i++) {
		if (__vfio_gfx_reset(&self->dev))
			vfio_gfx_fail(__FILE__, __LINE__, "reset failed");
		enable(&self->dev);
	}
	return NULL;
}

static void *reset(void *data)
{
	FIXTURE_DATA(reset) *self = data;

	while (!stopped(self))
		__vfio_gfx_reset(&self->dev);
	return NULL;
}

/* Shows buffers, whenever the function lets it. */
static void *guest(void *data)
{
	FIXTURE_DATA(reset) *self = data;
	unsigned int i;

	for (i = 0; !stopped(self); i++) {
		struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram,
							      i % 32);

		enable(&self->dev);
		vfio_gfx_timing(&self->dev, &vfio_gfx_fast);
		vfio_gfx_plane_write(&self->dev, &plane);
		vfio_gfx_priority(&self->dev, 1);
		vfio_gfx_start(&self->dev);
		vfio_gfx_sleep_ms(i % 7);
	}
	return NULL;
}

/* COMMAND, PMCSR and the reset bit, wherever capabilities are */
static void *switches(void *data)
{
	FIXTURE_DATA(reset) *self = data;
	unsigned int seed = 1;

	while (!stopped(self)) {
		__u8 value = rand_r(&seed);

		__vfio_gfx_pwrite(&self->dev, VFIO_GFX_CONFIG,
				  rand_r(&seed) % 2 ? PCI_COMMAND :
				  0x50 + rand_r(&seed) % 16, &value, 1);
	}
	return NULL;
}

static void *monitor(void *data)
{
	FIXTURE_DATA(reset) *self = data;
	__u32 link = offsetof(struct vfio_region_gfx_edid, link_state);
	unsigned int i;

	for (i = 0; !stopped(self); i++)
		vfio_gfx_write(&self->dev, VFIO_GFX_EDID, link,
			       i % 2 ? VFIO_DEVICE_GFX_LINK_STATE_UP :
				       VFIO_DEVICE_GFX_LINK_STATE_DOWN);
	return NULL;
}

static void *viewer(void *data)
{
	FIXTURE_DATA(reset) *self = data;

	while (!stopped(self)) {
		struct vfio_device_feature_gfx_frame frame;
		struct vfio_device_gfx_plane_info info;
		int fd;

		__vfio_gfx_frame(&self->dev, &frame);
		__vfio_gfx_query(&self->dev, VFIO_GFX_PRIMARY, &info);
		fd = __vfio_gfx_get(&self->dev, info.dmabuf_id);
		if (fd >= 0)
			close(fd);
	}
	return NULL;
}

static void expect_works(struct __test_metadata *_metadata,
			 FIXTURE_DATA(reset) *self)
{
	struct vfio_gfx_dev *dev = &self->dev;

	vfio_gfx_reset(dev);
	EXPECT_EQ(0, __vfio_gfx_stat(dev, "bytes_pinned"));
	vfio_gfx_display_on(dev);
	EXPECT_NE(0, vfio_gfx_show_buffer(dev, &self->ram, 1, 0));
}

TEST_F(reset, against_reset)
{
	pthread_t threads[5];
	unsigned int i;

	start(self, guest, &threads[0]);
	for (i = 1; i < ARRAY_SIZE(threads); i++)
		start(self, many_resets, &threads[i]);
	for (i = 1; i < ARRAY_SIZE(threads); i++)
		pthread_join(threads[i], NULL);
	stop(self, threads, 1);
	expect_works(_metadata, self);
}

TEST_F(reset, against_all)
{
	static void *(*const fns[])(void *) = {
		reset, guest, switches, store, write_registers, monitor, viewer,
	};
	pthread_t threads[ARRAY_SIZE(fns)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fns); i++)
		start(self, fns[i], &threads[i]);
	vfio_gfx_sleep_ms(ALL_MS);
	stop(self, threads, ARRAY_SIZE(fns));
	expect_works(_metadata, self);
}

/* What the reset of one thread takes away nobody gives back before it returns. */
TEST_F(reset, against_switches)
{
	pthread_t threads[2];
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		start(self, guest, &threads[0]);
		start(self, switches, &threads[1]);
		vfio_gfx_sleep_ms(10);
		stop(self, threads, ARRAY_SIZE(threads));
		ASSERT_EQ(0, __vfio_gfx_reset(&self->dev));
		ASSERT_EQ(0, __vfio_gfx_stat(&self->dev, "bytes_pinned"));
		ASSERT_EQ(0, vfio_gfx_cfg_read16(&self->dev, PCI_COMMAND));
	}
	expect_works(_metadata, self);
}

/* Close and open do not fall behind a reset that is still to come. */
TEST_F(reset, reopened)
{
	pthread_t threads[2];
	unsigned int i;

	for (i = 0; i < 5; i++) {
		start(self, many_resets, &threads[0]);
		start(self, many_resets, &threads[1]);
		pthread_join(threads[0], NULL);
		pthread_join(threads[1], NULL);
		vfio_gfx_shadow_unmap(&self->bar);
		vfio_gfx_close(&self->dev);
		ASSERT_EQ(NULL, vfio_gfx_open(&self->dev, variant->mode));
		ASSERT_EQ(0, __vfio_gfx_shadow_map(&self->bar, &self->dev));
		EXPECT_EQ(0, vfio_gfx_shadow_read(&self->bar, 0));
	}
}

TEST_HARNESS_MAIN
