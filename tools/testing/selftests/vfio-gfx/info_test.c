// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the VFIO device says about itself
 */

#include "kselftest_harness.h"

#include <sys/ioctl.h>

#include "lib/vfio_gfx.h"

FIXTURE(info) {
	struct vfio_gfx_dev dev;
};

FIXTURE_VARIANT(info) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(info, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(info, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(info)
{
	const char *missing = vfio_gfx_open(&self->dev, variant->mode);

	if (missing)
		SKIP(return, "no %s", missing);
}

FIXTURE_TEARDOWN(info)
{
	vfio_gfx_close(&self->dev);
}

static int __ioctl(struct vfio_gfx_dev *dev, unsigned long cmd, void *arg)
{
	return ioctl(dev->fd, cmd, arg) < 0 ? -errno : 0;
}

static int __irq_info(struct vfio_gfx_dev *dev, struct vfio_irq_info *info,
		      __u32 index)
{
	memset(info, 0, sizeof(*info));
	info->argsz = sizeof(*info);
	info->index = index;
	return __ioctl(dev, VFIO_DEVICE_GET_IRQ_INFO, info);
}

TEST_F(info, device)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };

	ASSERT_EQ(0, __ioctl(&self->dev, VFIO_DEVICE_GET_INFO, &info));
	EXPECT_EQ(VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET,
		  info.flags & ~VFIO_DEVICE_FLAGS_CAPS);
	EXPECT_EQ(VFIO_GFX_NUM_REGIONS, info.num_regions);
	EXPECT_EQ(VFIO_GFX_NUM_IRQS, info.num_irqs);
}

TEST_F(info, device_bigger_argsz)
{
	struct {
		struct vfio_device_info info;
		__u8 tail[64];
	} arg = { .info.argsz = sizeof(arg) };
	__u8 tail[64];

	memset(arg.tail, 0xa5, sizeof(arg.tail));
	memset(tail, 0xa5, sizeof(tail));
	ASSERT_EQ(0, __ioctl(&self->dev, VFIO_DEVICE_GET_INFO, &arg));
	EXPECT_EQ(0, memcmp(arg.tail, tail, sizeof(tail)));
}

TEST_F(info, regions)
{
	static const struct {
		__u32 index;
		__u64 size;
	} regions[] = {
		{ VFIO_PCI_BAR0_REGION_INDEX, RCAR_VDU_DU_BAR_SIZE },
		{ VFIO_PCI_BAR1_REGION_INDEX, 0 },
		{ VFIO_PCI_BAR2_REGION_INDEX, RCAR_VDU_REGS_BAR_SIZE },
		{ VFIO_PCI_BAR3_REGION_INDEX, 0 },
		{ VFIO_PCI_BAR4_REGION_INDEX, RCAR_VDU_SHADOW_BAR_SIZE },
		{ VFIO_PCI_BAR5_REGION_INDEX, 0 },
		{ VFIO_PCI_ROM_REGION_INDEX, 0 },
		{ VFIO_PCI_CONFIG_REGION_INDEX, 256 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		struct vfio_region_info info = {
			.argsz = sizeof(info),
			.index = regions[i].index,
		};
		__u32 flags = regions[i].size ? VFIO_REGION_INFO_FLAG_READ |
				 VFIO_REGION_INFO_FLAG_WRITE : 0;

		if (info.index == RCAR_VDU_SHADOW_BAR)
			flags |= VFIO_REGION_INFO_FLAG_MMAP;

		ASSERT_EQ(0, __ioctl(&self->dev, VFIO_DEVICE_GET_REGION_INFO,
				     &info))
			TH_LOG("region %u", info.index);
		EXPECT_EQ(regions[i].size, info.size)
			TH_LOG("region %u", info.index);
		EXPECT_EQ(flags, info.flags)
			TH_LOG("region %u", info.index);
	}
}

TEST_F(info, regions_do_not_overlap)
{
	struct vfio_device_info dev_info = { .argsz = sizeof(dev_info) };
	struct vfio_region_info info[16];
	__u32 i, j;

	ASSERT_EQ(0, __ioctl(&self->dev, VFIO_DEVICE_GET_INFO, &dev_info));
	ASSERT_GE(ARRAY_SIZE(info), dev_info.num_regions);

	for (i = 0; i < dev_info.num_regions; i++) {
		info[i] = (struct vfio_region_info){
			.argsz = sizeof(info[i]),
			.index = i,
		};
		if (__ioctl(&self->dev, VFIO_DEVICE_GET_REGION_INFO, &info[i]))
			info[i].size = 0;
		for (j = 0; j < i; j++)
			EXPECT_TRUE(!info[i].size || !info[j].size ||
				    info[i].offset + info[i].size <=
				    info[j].offset ||
				    info[j].offset + info[j].size <=
				    info[i].offset);
	}
}

TEST_F(info, region_vga)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info),
		.index = VFIO_PCI_VGA_REGION_INDEX,
	};

	EXPECT_EQ(-EINVAL, __ioctl(&self->dev, VFIO_DEVICE_GET_REGION_INFO,
				   &info));
}

TEST_F(info, region_beyond)
{
	struct vfio_device_info dev_info = { .argsz = sizeof(dev_info) };
	struct vfio_region_info info = { .argsz = sizeof(info) };

	ASSERT_EQ(0, __ioctl(&self->dev, VFIO_DEVICE_GET_INFO, &dev_info));
	info.index = dev_info.num_regions;
	EXPECT_EQ(-EINVAL, __ioctl(&self->dev, VFIO_DEVICE_GET_REGION_INFO,
				   &info));
	info.index = ~0;
	EXPECT_EQ(-EINVAL, __ioctl(&self->dev, VFIO_DEVICE_GET_REGION_INFO,
				   &info));
}

TEST_F(info, region_edid)
{
	struct vfio_region_info info;

	ASSERT_EQ(0, __vfio_gfx_region_by_type(&self->dev, VFIO_REGION_TYPE_GFX,
					       VFIO_REGION_SUBTYPE_GFX_EDID,
					       &info));
	EXPECT_EQ(VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE |
		  VFIO_REGION_INFO_FLAG_CAPS, info.flags);
	EXPECT_LE(sizeof(struct vfio_region_gfx_edid), info.size);
}

/* A caller that knows no capabilities is told how much room they need. */
TEST_F(info, region_edid_without_room)
{
	struct {
		struct vfio_region_info info;
		__u8 tail[64];
	} arg = {
		.info.argsz = sizeof(arg.info),
		.info.index = VFIO_GFX_EDID,
	};
	__u8 tail[64];

	memset(arg.tail, 0xa5, sizeof(arg.tail));
	memset(tail, 0xa5, sizeof(tail));
	ASSERT_EQ(0, __ioctl(&self->dev, VFIO_DEVICE_GET_REGION_INFO, &arg));
	EXPECT_LT(sizeof(arg.info), arg.info.argsz);
	EXPECT_EQ(0, arg.info.cap_offset);
	EXPECT_EQ(0, memcmp(arg.tail, tail, sizeof(tail)));
}

TEST_F(info, irq_intx)
{
	struct vfio_irq_info info;

	ASSERT_EQ(0, __irq_info(&self->dev, &info, VFIO_PCI_INTX_IRQ_INDEX));
	EXPECT_EQ(VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE |
		  VFIO_IRQ_INFO_AUTOMASKED, info.flags);
	EXPECT_EQ(1, info.count);
}

TEST_F(info, irq_msi)
{
	struct vfio_irq_info info;

	ASSERT_EQ(0, __irq_info(&self->dev, &info, VFIO_PCI_MSI_IRQ_INDEX));
	EXPECT_EQ(VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_NORESIZE, info.flags);
	EXPECT_EQ(1, info.count);
}

TEST_F(info, irq_msix)
{
	struct vfio_irq_info info;
	int ret;

	ret = __irq_info(&self->dev, &info, VFIO_PCI_MSIX_IRQ_INDEX);
	EXPECT_TRUE(ret == -EINVAL || (!ret && !info.count));
}

/* QEMU warns at each start when the query succeeds with no interrupt. */
TEST_F(info, irq_err)
{
	struct vfio_irq_info info;

	EXPECT_EQ(-EINVAL, __irq_info(&self->dev, &info,
				      VFIO_PCI_ERR_IRQ_INDEX));
}

TEST_F(info, irq_req)
{
	struct vfio_irq_info info;

	ASSERT_EQ(0, __irq_info(&self->dev, &info, VFIO_PCI_REQ_IRQ_INDEX));
	EXPECT_EQ(VFIO_IRQ_INFO_EVENTFD, info.flags & VFIO_IRQ_INFO_EVENTFD);
	EXPECT_EQ(1, info.count);
}

TEST_F(info, irq_beyond)
{
	struct vfio_irq_info info;

	EXPECT_EQ(-EINVAL, __irq_info(&self->dev, &info, VFIO_GFX_NUM_IRQS));
	EXPECT_EQ(-EINVAL, __irq_info(&self->dev, &info, ~0));
}

TEST_F(info, short_argsz)
{
	struct vfio_device_info dev_info = {
		.argsz = offsetof(struct vfio_device_info, num_irqs) + 3,
	};
	struct vfio_region_info region_info = {
		.argsz = sizeof(region_info) - 1,
	};
	struct vfio_irq_info irq_info = {
		.argsz = sizeof(irq_info) - 1,
	};

	EXPECT_EQ(-EINVAL, __ioctl(&self->dev, VFIO_DEVICE_GET_INFO,
				   &dev_info));
	EXPECT_EQ(-EINVAL, __ioctl(&self->dev, VFIO_DEVICE_GET_REGION_INFO,
				   &region_info));
	EXPECT_EQ(-EINVAL, __ioctl(&self->dev, VFIO_DEVICE_GET_IRQ_INFO,
				   &irq_info));
}

TEST_F(info, bad_pointer)
{
	static const unsigned long cmds[] = {
		VFIO_DEVICE_GET_INFO,
		VFIO_DEVICE_GET_REGION_INFO,
		VFIO_DEVICE_GET_IRQ_INFO,
		VFIO_DEVICE_SET_IRQS,
		VFIO_DEVICE_QUERY_GFX_PLANE,
		VFIO_DEVICE_GET_GFX_DMABUF,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cmds); i++)
		EXPECT_EQ(-EFAULT, __ioctl(&self->dev, cmds[i], NULL))
			TH_LOG("ioctl 0x%lx", cmds[i]);
}

TEST_F(info, unknown_ioctl)
{
	__u32 arg[64] = { sizeof(arg) };

	EXPECT_EQ(-ENOTTY, __ioctl(&self->dev,
				   _IO(VFIO_TYPE, VFIO_BASE + 99), arg));
	EXPECT_EQ(-ENOTTY, __ioctl(&self->dev,
				   VFIO_DEVICE_GET_PCI_HOT_RESET_INFO, arg));
}

TEST_F(info, open_again)
{
	unsigned int i;

	for (i = 0; i < 20; i++) {
		vfio_gfx_close(&self->dev);
		ASSERT_EQ(0, __vfio_gfx_open_uuid(&self->dev, variant->mode,
						  vfio_gfx_uuid()));
	}
	EXPECT_EQ(RCAR_VDU_MAGIC_VALUE,
		  vfio_gfx_page_read(&self->dev, RCAR_VDU_MAGIC));
}

TEST_HARNESS_MAIN
