// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCI configuration space
 */

#include "kselftest_harness.h"

#include <linux/pci_regs.h>

#include "lib/vfio_gfx.h"

#define CFG_SIZE	256

FIXTURE(cfg) {
	struct vfio_gfx_dev dev;
};

FIXTURE_VARIANT(cfg) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(cfg, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(cfg, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(cfg)
{
	const char *missing = vfio_gfx_open(&self->dev, variant->mode);

	if (missing)
		SKIP(return, "no %s", missing);
}

FIXTURE_TEARDOWN(cfg)
{
	vfio_gfx_close(&self->dev);
}

static __u32 cfg_read(struct vfio_gfx_dev *dev, __u32 reg)
{
	return vfio_gfx_read(dev, VFIO_GFX_CONFIG, reg);
}

static void cfg_write(struct vfio_gfx_dev *dev, __u32 reg, __u32 value)
{
	vfio_gfx_write(dev, VFIO_GFX_CONFIG, reg, value);
}

static __u8 cfg_read8(struct vfio_gfx_dev *dev, __u32 reg)
{
	__u8 value = 0;

	__vfio_gfx_pread(dev, VFIO_GFX_CONFIG, reg, &value, 1);
	return value;
}

static void cfg_read_all(struct vfio_gfx_dev *dev, __u8 *data)
{
	unsigned int i;

	for (i = 0; i < CFG_SIZE; i++)
		data[i] = cfg_read8(dev, i);
}

static unsigned int find_cap(struct vfio_gfx_dev *dev, __u8 id)
{
	unsigned int pos, ttl = 48;

	if (!(vfio_gfx_cfg_read16(dev, PCI_STATUS) & PCI_STATUS_CAP_LIST))
		return 0;
	for (pos = cfg_read8(dev, PCI_CAPABILITY_LIST); pos >= 0x40 && ttl--;
	     pos = cfg_read8(dev, pos + PCI_CAP_LIST_NEXT)) {
		if (cfg_read8(dev, pos + PCI_CAP_LIST_ID) == id)
			return pos;
	}
	return 0;
}

TEST_F(cfg, ids)
{
	EXPECT_EQ(RCAR_VDU_PCI_VENDOR_ID,
		  vfio_gfx_cfg_read16(&self->dev, PCI_VENDOR_ID));
	EXPECT_EQ(RCAR_VDU_PCI_DEVICE_ID,
		  vfio_gfx_cfg_read16(&self->dev, PCI_DEVICE_ID));
	EXPECT_EQ(RCAR_VDU_PCI_CLASS << 8 | RCAR_VDU_PCI_REVISION,
		  cfg_read(&self->dev, PCI_CLASS_REVISION));
	EXPECT_EQ(PCI_HEADER_TYPE_NORMAL,
		  cfg_read8(&self->dev, PCI_HEADER_TYPE));
	EXPECT_EQ(1, cfg_read8(&self->dev, PCI_INTERRUPT_PIN));
}

TEST_F(cfg, bar_sizes)
{
	static const __u32 sizes[PCI_STD_NUM_BARS] = {
		[RCAR_VDU_DU_BAR] = RCAR_VDU_DU_BAR_SIZE,
		[RCAR_VDU_REGS_BAR] = RCAR_VDU_REGS_BAR_SIZE,
		[RCAR_VDU_SHADOW_BAR] = RCAR_VDU_SHADOW_BAR_SIZE,
	};
	unsigned int i;

	for (i = 0; i < PCI_STD_NUM_BARS; i++) {
		__u32 reg = PCI_BASE_ADDRESS_0 + 4 * i;
		__u32 mask = sizes[i] ? ~(sizes[i] - 1) : 0;
		__u32 old = cfg_read(&self->dev, reg);

		cfg_write(&self->dev, reg, ~0);
		EXPECT_EQ(mask, cfg_read(&self->dev, reg) & ~0xf)
			TH_LOG("BAR %u", i);
		EXPECT_EQ(0, cfg_read(&self->dev, reg) &
			  (PCI_BASE_ADDRESS_SPACE_IO |
			   PCI_BASE_ADDRESS_MEM_TYPE_MASK))
			TH_LOG("BAR %u", i);
		cfg_write(&self->dev, reg, old);
	}
}

TEST_F(cfg, bar_address)
{
	cfg_write(&self->dev, PCI_BASE_ADDRESS_0, 0x12345678);
	EXPECT_EQ(0x12340000, cfg_read(&self->dev, PCI_BASE_ADDRESS_0) & ~0xf);
}

TEST_F(cfg, bar_written_in_bytes)
{
	static const __u8 byte = 0x12;

	cfg_write(&self->dev, PCI_BASE_ADDRESS_0, 0);
	ASSERT_EQ(1, __vfio_gfx_pwrite(&self->dev, VFIO_GFX_CONFIG,
				       PCI_BASE_ADDRESS_0 + 3, &byte, 1));
	EXPECT_EQ(0x12000000, cfg_read(&self->dev, PCI_BASE_ADDRESS_0) & ~0xf);
}

TEST_F(cfg, no_rom)
{
	cfg_write(&self->dev, PCI_ROM_ADDRESS, ~0);
	EXPECT_EQ(0, cfg_read(&self->dev, PCI_ROM_ADDRESS));
}

TEST_F(cfg, read_only)
{
	static const __u32 regs[] = {
		PCI_VENDOR_ID, PCI_CLASS_REVISION, PCI_CARDBUS_CIS,
		PCI_SUBSYSTEM_VENDOR_ID, PCI_CAPABILITY_LIST, 0x38,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(regs); i++) {
		__u32 old = cfg_read(&self->dev, regs[i]);

		cfg_write(&self->dev, regs[i], ~old);
		EXPECT_EQ(old, cfg_read(&self->dev, regs[i]))
			TH_LOG("register 0x%02x", regs[i]);
	}
}

TEST_F(cfg, interrupt_pin_read_only)
{
	static const __u8 data[2] = { 0x2a, 0x04 };

	ASSERT_EQ(2, __vfio_gfx_pwrite(&self->dev, VFIO_GFX_CONFIG,
				       PCI_INTERRUPT_LINE, data, 2));
	EXPECT_EQ(0x2a, cfg_read8(&self->dev, PCI_INTERRUPT_LINE));
	EXPECT_EQ(1, cfg_read8(&self->dev, PCI_INTERRUPT_PIN));
}

TEST_F(cfg, command)
{
	__u16 bits = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER |
			PCI_COMMAND_INTX_DISABLE;

	vfio_gfx_cfg_write16(&self->dev, PCI_COMMAND, 0xffff);
	EXPECT_EQ(bits, vfio_gfx_cfg_read16(&self->dev, PCI_COMMAND) & bits);
	EXPECT_EQ(0, vfio_gfx_cfg_read16(&self->dev, PCI_COMMAND) &
		  PCI_COMMAND_IO);
	vfio_gfx_cfg_write16(&self->dev, PCI_COMMAND, 0);
	EXPECT_EQ(0, vfio_gfx_cfg_read16(&self->dev, PCI_COMMAND));
}

TEST_F(cfg, command_written_as_byte)
{
	static const __u8 memory = PCI_COMMAND_MEMORY;

	vfio_gfx_cfg_write16(&self->dev, PCI_COMMAND, PCI_COMMAND_INTX_DISABLE);
	ASSERT_EQ(1, __vfio_gfx_pwrite(&self->dev, VFIO_GFX_CONFIG, PCI_COMMAND,
				       &memory, 1));
	EXPECT_EQ(PCI_COMMAND_INTX_DISABLE | PCI_COMMAND_MEMORY,
		  vfio_gfx_cfg_read16(&self->dev, PCI_COMMAND));
}

/* As on a bus where nobody answers. */
TEST_F(cfg, memory_disabled)
{
	vfio_gfx_cfg_write16(&self->dev, PCI_COMMAND, 0);
	EXPECT_EQ(~0u, vfio_gfx_page_read(&self->dev, RCAR_VDU_MAGIC));
	EXPECT_EQ(~0u, vfio_gfx_du_read(&self->dev, DSYSR));
	vfio_gfx_du_write(&self->dev, HCR, 0x123);
	vfio_gfx_cfg_write16(&self->dev, PCI_COMMAND, PCI_COMMAND_MEMORY);
	EXPECT_EQ(RCAR_VDU_MAGIC_VALUE,
		  vfio_gfx_page_read(&self->dev, RCAR_VDU_MAGIC));
	EXPECT_EQ(0, vfio_gfx_du_read(&self->dev, HCR));
}

TEST_F(cfg, msi)
{
	unsigned int pos = find_cap(&self->dev, PCI_CAP_ID_MSI);
	unsigned int data;
	__u16 flags;

	ASSERT_NE(0, pos);
	flags = vfio_gfx_cfg_read16(&self->dev, pos + PCI_MSI_FLAGS);
	EXPECT_EQ(0, flags & PCI_MSI_FLAGS_ENABLE);
	EXPECT_EQ(0, flags & PCI_MSI_FLAGS_QMASK);

	vfio_gfx_cfg_write16(&self->dev, pos + PCI_MSI_FLAGS, 0xffff);
	EXPECT_EQ(flags | PCI_MSI_FLAGS_ENABLE,
		  vfio_gfx_cfg_read16(&self->dev, pos + PCI_MSI_FLAGS) &
		  ~PCI_MSI_FLAGS_QSIZE);

	cfg_write(&self->dev, pos + PCI_MSI_ADDRESS_LO, 0xfee00123);
	EXPECT_EQ(0xfee00120,
		  cfg_read(&self->dev, pos + PCI_MSI_ADDRESS_LO));
	data = flags & PCI_MSI_FLAGS_64BIT ? PCI_MSI_DATA_64 : PCI_MSI_DATA_32;
	vfio_gfx_cfg_write16(&self->dev, pos + data, 0x4321);
	EXPECT_EQ(0x4321, vfio_gfx_cfg_read16(&self->dev, pos + data));
}

TEST_F(cfg, conventional_pci)
{
	EXPECT_EQ(0, find_cap(&self->dev, PCI_CAP_ID_EXP));
	EXPECT_EQ(0, find_cap(&self->dev, PCI_CAP_ID_MSIX));
}

TEST_F(cfg, any_length_and_alignment)
{
	__u8 all[CFG_SIZE], some[CFG_SIZE];
	size_t count, offset;

	cfg_read_all(&self->dev, all);
	for (count = 1; count <= 17; count++) {
		for (offset = 0; offset < 8; offset++) {
			ASSERT_EQ((ssize_t)count,
				  __vfio_gfx_pread(&self->dev, VFIO_GFX_CONFIG,
						   offset, some, count));
			EXPECT_EQ(0, memcmp(all + offset, some, count))
				TH_LOG("%zu bytes at %zu", count, offset);
		}
	}
	ASSERT_EQ(CFG_SIZE, __vfio_gfx_pread(&self->dev, VFIO_GFX_CONFIG, 0,
					     some, CFG_SIZE));
	EXPECT_EQ(0, memcmp(all, some, CFG_SIZE));
}

/* Reading nothing is no error, and does nothing. */
TEST_F(cfg, no_length)
{
	__u8 byte = 0xa5;

	EXPECT_EQ(0, __vfio_gfx_pread(&self->dev, VFIO_GFX_CONFIG, 0, &byte,
				      0));
	EXPECT_EQ(0xa5, byte);
}

TEST_F(cfg, beyond_the_end)
{
	__u32 value = 0;

	EXPECT_EQ(~0u, cfg_read(&self->dev, CFG_SIZE));
	EXPECT_EQ(~0u, cfg_read(&self->dev, CFG_SIZE + 0x100));
	cfg_write(&self->dev, CFG_SIZE, 0);

	ASSERT_EQ(4, __vfio_gfx_pread(&self->dev, VFIO_GFX_CONFIG,
				      CFG_SIZE - 2, &value, 4));
	EXPECT_EQ(0xffff0000u |
		  vfio_gfx_cfg_read16(&self->dev, CFG_SIZE - 2), value);
}

TEST_F(cfg, bad_buffer)
{
	EXPECT_EQ(-EFAULT, __vfio_gfx_pread(&self->dev, VFIO_GFX_CONFIG, 0,
					    NULL, 4));
	EXPECT_EQ(-EFAULT, __vfio_gfx_pwrite(&self->dev, VFIO_GFX_CONFIG, 0,
					     NULL, 4));
}

TEST_F(cfg, reset)
{
	unsigned int pos = find_cap(&self->dev, PCI_CAP_ID_MSI);

	ASSERT_NE(0, pos);
	cfg_write(&self->dev, PCI_BASE_ADDRESS_0, 0x12340000);
	vfio_gfx_cfg_write16(&self->dev, pos + PCI_MSI_FLAGS,
			     PCI_MSI_FLAGS_ENABLE);
	ASSERT_EQ(0, __vfio_gfx_reset(&self->dev));
	EXPECT_EQ(0, vfio_gfx_cfg_read16(&self->dev, PCI_COMMAND));
	EXPECT_EQ(0, cfg_read(&self->dev, PCI_BASE_ADDRESS_0) & ~0xf);
	EXPECT_EQ(0, vfio_gfx_cfg_read16(&self->dev, pos + PCI_MSI_FLAGS) &
		  PCI_MSI_FLAGS_ENABLE);
}

TEST_HARNESS_MAIN
