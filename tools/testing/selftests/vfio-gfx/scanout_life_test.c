// SPDX-License-Identifier: GPL-2.0-only
/*
 * Planes and CRTCs of the parent's display: the display comes and goes
 *
 * It is that of vkms, which is loaded and unloaded. None who has a part of it is in the
 * way of that, and none is closed or removed by it.
 */

#include "kselftest_harness.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/rcar_vdu.h>

#include "lib/channel_fixture.h"
#include "lib/vfio_gfx.h"
#include "lib/vfio_gfx_screen.h"

/* A driver that waits for a VMM waits for ever; one that does not, for vertical blanks. */
#define UNLOAD_MS	5000

/* modprobe takes its time on a slow machine: seconds for a test that loads often */
#define LOADS_S		120

static int load(void)
{
	return system("modprobe vkms enable_overlay=1") ? -EIO : 0;
}

/* Others want it, too, also after a test that was killed. */
static __attribute__((destructor)) void load_at_exit(void)
{
	load();
}

/* O_NONBLOCK: it does not wait for those who use the module. */
static int unload(void)
{
	return syscall(SYS_delete_module, "vkms", O_NONBLOCK) ? -errno : 0;
}

/* -EBUSY also while the mediator looks at a display that has just come. */
static int unload_soon(void)
{
	__u64 end = vfio_gfx_now_ms() + UNLOAD_MS;
	int ret;

	do {
		ret = unload();
		if (ret != -EAGAIN && ret != -EBUSY && ret != -EWOULDBLOCK)
			break;
		vfio_gfx_sleep_ms(10);
	} while (vfio_gfx_now_ms() < end);
	return ret;
}

/* Until there are as many, or, if that is -ENODEV, there is no such type. */
static bool wait_available(const char *type, int wanted)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_SOON_MS;

	while (__vfio_gfx_mdev_available(type) != wanted) {
		if (vfio_gfx_now_ms() > end)
			return false;
		vfio_gfx_sleep_ms(10);
	}
	return true;
}

static bool wait_connected(struct vfio_gfx_dev *dev, bool connected)
{
	return vfio_gfx_poll(dev, VFIO_GFX_PAGE, RCAR_VDU_HEAD_STATUS,
			     RCAR_VDU_HEAD_CONNECTED,
			     RCAR_VDU_HEAD_CONNECTED, connected);
}

/* -----------------------------------------------------------------------------
 * Types
 */

FIXTURE(types) {
	char uuid[VFIO_GFX_UUID_LEN];
};

FIXTURE_SETUP(types)
{
	vfio_gfx_screen_remove_all();
	if (__vfio_gfx_mdev_available("channel") < 0)
		SKIP(return, "no display that the driver's parent has");
	if (unload_soon())
		SKIP(return, "vkms is not a module, or is used");
	ASSERT_EQ(0, load());
	ASSERT_TRUE(wait_available("channel", 1));
}

FIXTURE_TEARDOWN(types)
{
	load();
	wait_available("channel", 1);
	vfio_gfx_screen_remove_all();
}

TEST_F_TIMEOUT(types, come_and_go, LOADS_S)
{
	int left = __vfio_gfx_mdev_available("virtual");
	int i;

	ASSERT_LT(0, left);
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, unload_soon());
		EXPECT_TRUE(wait_available("channel", -ENODEV));
		EXPECT_TRUE(wait_available("plane", -ENODEV));
		EXPECT_EQ(left, __vfio_gfx_mdev_available("virtual"));
		EXPECT_EQ(-ENODEV, __vfio_gfx_mdev_create("channel", self->uuid));
		ASSERT_EQ(0, load());
		EXPECT_TRUE(wait_available("channel", 1));
		EXPECT_EQ(left, __vfio_gfx_mdev_available("virtual"));
	}
}

TEST_F(types, virtual_stays)
{
	ASSERT_EQ(0, unload_soon());
	EXPECT_TRUE(wait_available("channel", -ENODEV));
	ASSERT_EQ(0, __vfio_gfx_mdev_create("virtual", self->uuid));
	ASSERT_EQ(0, load());
	EXPECT_TRUE(wait_available("channel", 1));
	ASSERT_EQ(0, unload_soon());
	EXPECT_TRUE(wait_available("channel", -ENODEV));
	EXPECT_TRUE(vfio_gfx_mdev_exists(self->uuid));
	EXPECT_EQ(0, __vfio_gfx_mdev_remove(self->uuid));
}

/* Nothing can be made of what is not there, and no more is left when it is back. */
TEST_F(types, with_a_device)
{
	char uuid[VFIO_GFX_UUID_LEN];

	ASSERT_EQ(0, __vfio_gfx_mdev_create("channel", self->uuid));
	ASSERT_EQ(0, unload_soon());
	EXPECT_TRUE(vfio_gfx_mdev_exists(self->uuid));
	EXPECT_EQ(0, __vfio_gfx_mdev_available("channel"));
	EXPECT_EQ(0, __vfio_gfx_mdev_available("plane"));
	EXPECT_EQ(-ENODEV, __vfio_gfx_mdev_create("channel", uuid));
	EXPECT_EQ(-ENODEV, __vfio_gfx_mdev_create("plane", uuid));
	EXPECT_EQ(-ENODEV, __vfio_gfx_mdev_set_attr(self->uuid, "visible", "0"));
	EXPECT_EQ(-ENODEV, __vfio_gfx_mdev_set_attr(self->uuid, "crtc", "0"));
	EXPECT_EQ(-ENODEV, __vfio_gfx_mdev_set_attr(self->uuid, "connector",
						    "Virtual-1"));
	ASSERT_EQ(0, load());
	/* The device has it. */
	vfio_gfx_sleep_ms(500);
	EXPECT_EQ(0, __vfio_gfx_mdev_available("channel"));
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(self->uuid, "crtc", "0"));
	EXPECT_EQ(0, __vfio_gfx_mdev_remove(self->uuid));
	EXPECT_EQ(1, __vfio_gfx_mdev_available("channel"));
}

/* The types stay as long as there are devices of them. */
TEST_F(types, last_device)
{
	ASSERT_EQ(0, __vfio_gfx_mdev_create("channel", self->uuid));
	ASSERT_EQ(0, unload_soon());
	vfio_gfx_sleep_ms(200);
	EXPECT_EQ(0, __vfio_gfx_mdev_available("channel"));
	EXPECT_EQ(0, __vfio_gfx_mdev_remove(self->uuid));
	EXPECT_TRUE(wait_available("channel", -ENODEV));
}

/* -----------------------------------------------------------------------------
 * A guest that has a CRTC
 */

static void lose(struct __test_metadata *_metadata,
		 FIXTURE_DATA(channel) *self)
{
	/* Whoever has the DRM device open keeps the module. */
	vfio_gfx_kms_close(&self->s.kms);
	ASSERT_EQ(0, unload_soon());
}

static void find(struct __test_metadata *_metadata,
		 FIXTURE_DATA(channel) *self)
{
	ASSERT_EQ(0, load());
	/* There are modes after somebody, the mediator, has looked what is plugged in. */
	ASSERT_TRUE(wait_connected(&self->s.dev, true));
	ASSERT_EQ(0, __vfio_gfx_kms_open(&self->s.kms, "vkms"));
	self->s.mode = vfio_gfx_kms_mode(&self->s.kms, VFIO_GFX_SCREEN_WIDTH,
					 VFIO_GFX_SCREEN_HEIGHT, 60);
	ASSERT_NE(NULL, self->s.mode);
}

/* It has its vertical blanks and flips on, and is not told of an error. */
static void go_on(struct __test_metadata *_metadata,
		  FIXTURE_DATA(channel) *self)
{
	unsigned int i;

	for (i = 0; i < 2 * VFIO_GFX_SCREEN_BUFFERS; i++)
		vfio_gfx_screen_flip(&self->s, i % VFIO_GFX_SCREEN_BUFFERS);
	vfio_gfx_wait_frames(&self->s.dev, 3);
	EXPECT_EQ(RCAR_VDU_ERROR_NONE,
		  vfio_gfx_page_read(&self->s.dev, RCAR_VDU_PLANE(0) +
				     RCAR_VDU_PLANE_ERROR));
}

TEST_F(channel, goes_and_comes)
{
	ASSERT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
	lose(_metadata, self);
	EXPECT_TRUE(wait_connected(&self->s.dev, false));
	go_on(_metadata, self);

	find(_metadata, self);
	EXPECT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, true,
					     VFIO_GFX_TIMEOUT_MS));
	EXPECT_NE(0, vfio_gfx_kms_wait_new_fb(&self->s.kms, 0,
					      VFIO_GFX_TIMEOUT_MS));
	go_on(_metadata, self);
}

/* Nothing of the display keeps a page or a dma-buf. */
TEST_F(channel, unmapped_meanwhile)
{
	ASSERT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
	lose(_metadata, self);
	vfio_gfx_ram_unmap(&self->s.dev, &self->s.ram);
	EXPECT_TRUE(vfio_gfx_wait_dmabufs(0));
	find(_metadata, self);
	EXPECT_FALSE(vfio_gfx_kms_wait_new_fb(&self->s.kms, 0, 500));
	vfio_gfx_ram_map(&self->s.dev, &self->s.ram);
	EXPECT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
}

TEST_F(channel, reset_meanwhile)
{
	ASSERT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
	lose(_metadata, self);
	vfio_gfx_reset(&self->s.dev);
	find(_metadata, self);
	EXPECT_FALSE(vfio_gfx_kms_wait_active(&self->s.kms, true, 500));
	vfio_gfx_screen_start(&self->s, self->s.mode);
	EXPECT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
}

TEST_F(channel, opened_meanwhile)
{
	lose(_metadata, self);
	vfio_gfx_close(&self->s.dev);
	ASSERT_EQ(0, __vfio_gfx_open_uuid(&self->s.dev, variant->mode,
					  self->s.uuid));
	EXPECT_TRUE(wait_connected(&self->s.dev, false));
	vfio_gfx_ram_map(&self->s.dev, &self->s.ram);
	find(_metadata, self);
	vfio_gfx_screen_start(&self->s, self->s.mode);
	EXPECT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
}

TEST_F(channel, removed_meanwhile)
{
	ASSERT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
	lose(_metadata, self);
	vfio_gfx_close(&self->s.dev);
	EXPECT_EQ(0, __vfio_gfx_mdev_remove(self->s.uuid));
	self->s.uuid[0] = '\0';
	EXPECT_TRUE(wait_available("channel", -ENODEV));
	EXPECT_EQ(0, load());
	EXPECT_TRUE(wait_available("channel", 1));
}

/* What the host has decided is kept. */
TEST_F(channel, hidden_before)
{
	ASSERT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "visible", "0"));
	lose(_metadata, self);
	find(_metadata, self);
	EXPECT_FALSE(vfio_gfx_kms_wait_active(&self->s.kms, true, 500));
	EXPECT_EQ(0, __vfio_gfx_mdev_set_attr(self->s.uuid, "visible", "1"));
	EXPECT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, true,
					     VFIO_GFX_TIMEOUT_MS));
}

struct flipper {
	struct vfio_gfx_screen *screen;
	bool stop;
};

static void *flip_on(void *data)
{
	struct flipper *flipper = data;
	unsigned int i = 0;

	while (!__atomic_load_n(&flipper->stop, __ATOMIC_RELAXED))
		vfio_gfx_screen_show(flipper->screen,
				     i++ % VFIO_GFX_SCREEN_BUFFERS);
	return NULL;
}

/* Whatever the guest does at that moment */
TEST_F_TIMEOUT(channel, while_it_flips, LOADS_S)
{
	struct flipper flipper = { .screen = &self->s };
	pthread_t thread;
	int i;

	ASSERT_NE(0, vfio_gfx_screen_show_new(&self->s, 0, 0));
	ASSERT_EQ(0, pthread_create(&thread, NULL, flip_on, &flipper));
	vfio_gfx_kms_close(&self->s.kms);
	for (i = 0; i < 6; i++) {
		EXPECT_EQ(0, unload_soon());
		vfio_gfx_sleep_ms(5 * i);
		EXPECT_EQ(0, load());
		vfio_gfx_sleep_ms(20 * (i % 5));
	}
	__atomic_store_n(&flipper.stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	EXPECT_EQ(0, __vfio_gfx_kms_open(&self->s.kms, "vkms"));
	EXPECT_TRUE(vfio_gfx_kms_wait_active(&self->s.kms, true,
					     VFIO_GFX_TIMEOUT_MS));
	EXPECT_NE(0, vfio_gfx_kms_wait_new_fb(&self->s.kms, 0,
					      VFIO_GFX_TIMEOUT_MS));
}

TEST_HARNESS_MAIN
