// SPDX-License-Identifier: GPL-2.0-only
/*
 * The refresh event: a VMM that does not poll
 */

#include "kselftest_harness.h"

#include <sys/ioctl.h>

#include "lib/vfio_gfx.h"

FIXTURE(refresh) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
	int event;
};

FIXTURE_VARIANT(refresh) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(refresh, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(refresh, cdev) {
	.mode = VFIO_GFX_CDEV,
};

/* The counter, and whatever is still on its way. */
static __u64 drain(int event)
{
	__u64 count = 0, more;

	while ((more = vfio_gfx_eventfd_wait(event, 100)))
		count += more;
	return count;
}

FIXTURE_SETUP(refresh)
{
	const char *missing = vfio_gfx_open_with_ram(&self->dev, &self->ram,
						     variant->mode);

	self->event = -1;
	if (missing)
		SKIP(return, "no %s", missing);
	vfio_gfx_display_on(&self->dev);
	self->event = vfio_gfx_eventfd();
	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(&self->dev, VFIO_GFX_REFRESH_IRQ,
					    self->event));
	drain(self->event);
}

FIXTURE_TEARDOWN(refresh)
{
	close(self->event);
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
}

/* -----------------------------------------------------------------------------
 * How it is found
 */

struct caps {
	struct vfio_irq_info_caps info;
	struct vfio_irq_info_cap_type type;
	__u8 tail[16];
};

static int irq_info(struct vfio_gfx_dev *dev, struct caps *caps, __u32 argsz)
{
	memset(caps, 0xa5, sizeof(*caps));
	caps->info.info.argsz = argsz;
	caps->info.info.index = VFIO_GFX_REFRESH_IRQ;
	return ioctl(dev->fd, VFIO_DEVICE_GET_IRQ_INFO, caps) ? -errno : 0;
}

TEST_F(refresh, type)
{
	struct caps caps;

	ASSERT_EQ(0, irq_info(&self->dev, &caps, sizeof(caps)));
	EXPECT_EQ(VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_NORESIZE |
		  VFIO_IRQ_INFO_FLAG_CAPS, caps.info.info.flags);
	EXPECT_EQ(1, caps.info.info.count);
	ASSERT_EQ(offsetof(struct caps, type), caps.info.cap_offset);
	EXPECT_EQ(VFIO_IRQ_INFO_CAP_TYPE, caps.type.header.id);
	EXPECT_EQ(1, caps.type.header.version);
	EXPECT_EQ(0, caps.type.header.next);
	EXPECT_EQ(VFIO_IRQ_TYPE_GFX, caps.type.type);
	EXPECT_EQ(VFIO_IRQ_SUBTYPE_GFX_REFRESH, caps.type.subtype);
	EXPECT_EQ(0xa5, caps.tail[0]);
}

/* A caller that knows no capabilities is told how much room they need. */
TEST_F(refresh, type_without_room)
{
	__u32 argsz = sizeof(struct vfio_irq_info);
	__u32 full = offsetof(struct caps, tail);
	struct caps caps;

	EXPECT_EQ(-EINVAL, irq_info(&self->dev, &caps, argsz - 1));

	ASSERT_EQ(0, irq_info(&self->dev, &caps, argsz));
	EXPECT_EQ(full, caps.info.info.argsz);
	EXPECT_EQ(0xa5a5a5a5, caps.info.cap_offset);

	ASSERT_EQ(0, irq_info(&self->dev, &caps, full - 1));
	EXPECT_EQ(full, caps.info.info.argsz);
	EXPECT_EQ(0, caps.info.cap_offset);
	EXPECT_EQ(0xa5a5, caps.type.header.id);
}

/* -----------------------------------------------------------------------------
 * When it comes
 */

TEST_F(refresh, flip)
{
	struct vfio_device_feature_gfx_frame frame;
	unsigned int i;

	for (i = 0; i < 5; i++) {
		struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, i % 2);

		vfio_gfx_show(&self->dev, &plane);
		EXPECT_EQ(1, vfio_gfx_eventfd_wait(self->event,
						   VFIO_GFX_TIMEOUT_MS));
		/* What it announces can be seen. */
		vfio_gfx_frame(&self->dev, &frame);
		EXPECT_EQ(vfio_gfx_page_read(&self->dev, RCAR_VDU_LATCH_COUNT),
			  frame.sequence);
	}
	EXPECT_EQ(0, drain(self->event));
}

TEST_F(refresh, nothing_new)
{
	vfio_gfx_wait_frames(&self->dev, 10);
	EXPECT_EQ(0, drain(self->event));
}

TEST_F(refresh, held)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 0);

	vfio_gfx_begin(&self->dev);
	vfio_gfx_plane_write(&self->dev, &plane);
	vfio_gfx_priority(&self->dev, 1);
	vfio_gfx_wait_frames(&self->dev, 3);
	EXPECT_EQ(0, drain(self->event));
	vfio_gfx_commit(&self->dev);
	EXPECT_EQ(1, vfio_gfx_eventfd_wait(self->event, VFIO_GFX_TIMEOUT_MS));
}

TEST_F(refresh, stop)
{
	struct vfio_device_feature_gfx_frame frame;

	vfio_gfx_stop(&self->dev);
	EXPECT_EQ(1, vfio_gfx_eventfd_wait(self->event, VFIO_GFX_TIMEOUT_MS));
	vfio_gfx_frame(&self->dev, &frame);
	EXPECT_EQ(0, frame.flags);
	EXPECT_EQ(0, drain(self->event));
}

TEST_F(refresh, reset)
{
	ASSERT_EQ(0, __vfio_gfx_reset(&self->dev));
	EXPECT_EQ(1, drain(self->event));

	/* The display is off now. */
	ASSERT_EQ(0, __vfio_gfx_reset(&self->dev));
	EXPECT_EQ(0, drain(self->event));
}

TEST_F(refresh, unmap)
{
	vfio_gfx_show_buffer(&self->dev, &self->ram, 0, 0);
	drain(self->event);
	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	EXPECT_LE(1, vfio_gfx_eventfd_wait(self->event, VFIO_GFX_TIMEOUT_MS));
}

TEST_F(refresh, turned_off)
{
	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(&self->dev, VFIO_GFX_REFRESH_IRQ,
					    -1));
	vfio_gfx_show_buffer(&self->dev, &self->ram, 0, 0);
	EXPECT_EQ(0, drain(self->event));
}

TEST_F(refresh, test_signal)
{
	EXPECT_EQ(0, __vfio_gfx_set_irqs(&self->dev, VFIO_IRQ_SET_DATA_NONE |
					 VFIO_IRQ_SET_ACTION_TRIGGER,
					 VFIO_GFX_REFRESH_IRQ, 0, 1, NULL, 0));
	EXPECT_EQ(1, vfio_gfx_eventfd_wait(self->event, VFIO_GFX_TIMEOUT_MS));
}

TEST_F(refresh, mask)
{
	EXPECT_EQ(-EINVAL, __vfio_gfx_set_irqs(&self->dev,
					       VFIO_IRQ_SET_DATA_NONE |
					       VFIO_IRQ_SET_ACTION_MASK,
					       VFIO_GFX_REFRESH_IRQ, 0, 1,
					       NULL, 0));
}

TEST_HARNESS_MAIN
