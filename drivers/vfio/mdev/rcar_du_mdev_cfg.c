// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: PCI configuration space
 *
 * A conventional PCI function with three memory BARs and capabilities: MSI with
 * one vector, power management with D0 and D3hot, and the advanced features, of
 * which there is the function level reset. See the PCI Local Bus Specification
 * 3.0, chapter 6, the PCI Bus Power Management Interface Specification 1.2,
 * chapter 3, and the ECN Advanced Capabilities for Conventional PCI. A VMM like
 * QEMU keeps BARs and MSI to itself; others find the registers here.
 */

#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/export.h>
#include <linux/pci_regs.h>
#include <linux/unaligned.h>

#include <kunit/visibility.h>

#include <uapi/linux/rcar_vdu.h>

#include "rcar_du_mdev_cfg.h"

/* The first offset behind the standard header. */
#define RCAR_DU_MDEV_CFG_MSI		0x40
#define RCAR_DU_MDEV_CFG_PM		0x50
#define RCAR_DU_MDEV_CFG_AF		0x58

#define RCAR_DU_MDEV_CFG_PMCSR		(RCAR_DU_MDEV_CFG_PM + PCI_PM_CTRL)
#define RCAR_DU_MDEV_CFG_AF_CTRL	(RCAR_DU_MDEV_CFG_AF + PCI_AF_CTRL)

/* The two states that there are, as PMCSR has them. */
#define RCAR_DU_MDEV_CFG_D0		0
#define RCAR_DU_MDEV_CFG_D3HOT		3

/* Of the power management interface, PCI_PM_CAP_VER_MASK: that of 1.2. */
#define RCAR_DU_MDEV_CFG_PM_VERSION	3

/**
 * struct rcar_du_mdev_cfg_reg - Four bytes of the configuration space
 * @value: value after a reset
 * @wmask: bits that can be written
 */
struct rcar_du_mdev_cfg_reg {
	u32 value;
	u32 wmask;
};

/*
 * A BAR's address bits below its size can't be written: this is how its size
 * is found out. The BARs are 32 bits wide and not prefetchable, which is all
 * zeroes in the lower bits, but the one with memory, which is prefetchable.
 */
static const struct rcar_du_mdev_cfg_reg
rcar_du_mdev_cfg_regs[RCAR_DU_MDEV_CFG_SIZE / sizeof(u32)] = {
	[PCI_VENDOR_ID / 4] = {
		.value = RCAR_VDU_PCI_DEVICE_ID << 16 | RCAR_VDU_PCI_VENDOR_ID,
	},
	[PCI_COMMAND / 4] = {
		.value = PCI_STATUS_CAP_LIST << 16,
		.wmask = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER |
			 PCI_COMMAND_INTX_DISABLE,
	},
	[PCI_CLASS_REVISION / 4] = {
		.value = RCAR_VDU_PCI_CLASS << 8 | RCAR_VDU_PCI_REVISION,
	},
	[PCI_BASE_ADDRESS_0 / 4 + RCAR_VDU_DU_BAR] = {
		.wmask = ~(RCAR_VDU_DU_BAR_SIZE - 1u),
	},
	[PCI_BASE_ADDRESS_0 / 4 + RCAR_VDU_REGS_BAR] = {
		.wmask = ~(RCAR_VDU_REGS_BAR_SIZE - 1u),
	},
	[PCI_BASE_ADDRESS_0 / 4 + RCAR_VDU_SHADOW_BAR] = {
		.value = PCI_BASE_ADDRESS_MEM_PREFETCH,
		.wmask = ~(RCAR_VDU_SHADOW_BAR_SIZE - 1u),
	},
	[PCI_SUBSYSTEM_VENDOR_ID / 4] = {
		.value = RCAR_VDU_PCI_DEVICE_ID << 16 | RCAR_VDU_PCI_VENDOR_ID,
	},
	[PCI_CAPABILITY_LIST / 4] = {
		.value = RCAR_DU_MDEV_CFG_MSI,
	},
	/* With the interrupt pin, 1 is INTA, in the second byte. */
	[PCI_INTERRUPT_LINE / 4] = {
		.value = 1 << 8,
		.wmask = 0xff,
	},
	/* Capability id, the next one, and PCI_MSI_FLAGS. */
	[RCAR_DU_MDEV_CFG_MSI / 4] = {
		.value = PCI_CAP_ID_MSI | RCAR_DU_MDEV_CFG_PM << 8 |
			 PCI_MSI_FLAGS_64BIT << 16,
		.wmask = (PCI_MSI_FLAGS_ENABLE | PCI_MSI_FLAGS_QSIZE) << 16,
	},
	[(RCAR_DU_MDEV_CFG_MSI + PCI_MSI_ADDRESS_LO) / 4] = {
		.wmask = 0xfffffffc,
	},
	[(RCAR_DU_MDEV_CFG_MSI + PCI_MSI_ADDRESS_HI) / 4] = {
		.wmask = 0xffffffff,
	},
	[(RCAR_DU_MDEV_CFG_MSI + PCI_MSI_DATA_64) / 4] = {
		.wmask = 0xffff,
	},
	/* No D1, no D2 and no PME. */
	[RCAR_DU_MDEV_CFG_PM / 4] = {
		.value = PCI_CAP_ID_PM | RCAR_DU_MDEV_CFG_AF << 8 |
			 RCAR_DU_MDEV_CFG_PM_VERSION << 16,
	},
	/* Registers keep their values in D3hot. */
	[RCAR_DU_MDEV_CFG_PMCSR / 4] = {
		.value = PCI_PM_CTRL_NO_SOFT_RESET,
		.wmask = PCI_PM_CTRL_STATE_MASK,
	},
	/* Capability id, end of the list, length, and PCI_AF_CAP. */
	[RCAR_DU_MDEV_CFG_AF / 4] = {
		.value = PCI_CAP_ID_AF | PCI_CAP_AF_SIZEOF << 16 |
			 (PCI_AF_CAP_TP | PCI_AF_CAP_FLR) << 24,
	},
	/*
	 * PCI_AF_CTRL and PCI_AF_STATUS: a reset is over when the write that asks for it
	 * is, and no transaction is left then.
	 */
	[RCAR_DU_MDEV_CFG_AF_CTRL / 4] = { },
};

/**
 * rcar_du_mdev_cfg_init - Initialize the configuration space of a new device
 * @cfg: the configuration space
 */
void rcar_du_mdev_cfg_init(struct rcar_du_mdev_cfg *cfg)
{
	rcar_du_mdev_cfg_reset(cfg);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_cfg_init);

/**
 * rcar_du_mdev_cfg_reset - Reset the configuration space
 * @cfg: the configuration space
 */
void rcar_du_mdev_cfg_reset(struct rcar_du_mdev_cfg *cfg)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rcar_du_mdev_cfg_regs); i++)
		put_unaligned_le32(rcar_du_mdev_cfg_regs[i].value,
				   &cfg->data[i * sizeof(u32)]);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_cfg_reset);

/**
 * rcar_du_mdev_cfg_read - Read from the configuration space
 * @cfg: the configuration space
 * @offset: offset of the first byte, aligned or not
 * @buf: gets the bytes; all ones for those beyond the end
 * @count: number of bytes
 */
void rcar_du_mdev_cfg_read(const struct rcar_du_mdev_cfg *cfg, u32 offset,
			   u8 *buf, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		u64 pos = (u64)offset + i;

		buf[i] = pos < sizeof(cfg->data) ? cfg->data[pos] : 0xff;
	}
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_cfg_read);

/* A power state that there is not is not taken, as the specification has it. */
static u8 rcar_du_mdev_cfg_pmcsr(u8 old, u8 value)
{
	u8 state = value & PCI_PM_CTRL_STATE_MASK;

	if (state == RCAR_DU_MDEV_CFG_D0 || state == RCAR_DU_MDEV_CFG_D3HOT)
		return value;

	return (value & ~PCI_PM_CTRL_STATE_MASK) |
	       (old & PCI_PM_CTRL_STATE_MASK);
}

/**
 * rcar_du_mdev_cfg_write - Write to the configuration space
 * @cfg: the configuration space
 * @offset: offset of the first byte, aligned or not
 * @buf: the bytes; those beyond the end are dropped
 * @count: number of bytes
 *
 * Return: true if this asks for a function level reset, which the caller does.
 */
bool rcar_du_mdev_cfg_write(struct rcar_du_mdev_cfg *cfg, u32 offset,
			    const u8 *buf, u32 count)
{
	bool reset = false;
	u32 i;

	for (i = 0; i < count; i++) {
		u64 pos = (u64)offset + i;
		u8 value, wmask;

		if (pos >= sizeof(cfg->data))
			break;

		wmask = rcar_du_mdev_cfg_regs[pos / sizeof(u32)].wmask >>
			pos % sizeof(u32) * BITS_PER_BYTE;
		value = (cfg->data[pos] & ~wmask) | (buf[i] & wmask);
		if (pos == RCAR_DU_MDEV_CFG_PMCSR)
			value = rcar_du_mdev_cfg_pmcsr(cfg->data[pos], value);
		if (pos == RCAR_DU_MDEV_CFG_AF_CTRL && buf[i] & PCI_AF_CTRL_FLR)
			reset = true;
		cfg->data[pos] = value;
	}

	return reset;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_cfg_write);

static u16 rcar_du_mdev_cfg_command(const struct rcar_du_mdev_cfg *cfg)
{
	return get_unaligned_le16(&cfg->data[PCI_COMMAND]);
}

/**
 * rcar_du_mdev_cfg_powered - The function is in D0
 * @cfg: the configuration space
 *
 * Return: false in D3hot, where nothing but the configuration space works.
 */
bool rcar_du_mdev_cfg_powered(const struct rcar_du_mdev_cfg *cfg)
{
	return (cfg->data[RCAR_DU_MDEV_CFG_PMCSR] & PCI_PM_CTRL_STATE_MASK) ==
	       RCAR_DU_MDEV_CFG_D0;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_cfg_powered);

/**
 * rcar_du_mdev_cfg_memory_enabled - The BARs can be accessed
 * @cfg: the configuration space
 *
 * Return: true if the function answers to memory accesses.
 */
bool rcar_du_mdev_cfg_memory_enabled(const struct rcar_du_mdev_cfg *cfg)
{
	return rcar_du_mdev_cfg_powered(cfg) &&
	       rcar_du_mdev_cfg_command(cfg) & PCI_COMMAND_MEMORY;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_cfg_memory_enabled);

/**
 * rcar_du_mdev_cfg_master_enabled - The function may access memory
 * @cfg: the configuration space
 *
 * Return: true if it may fetch from the guest's memory and send MSI, which is a
 * write to memory.
 */
bool rcar_du_mdev_cfg_master_enabled(const struct rcar_du_mdev_cfg *cfg)
{
	return rcar_du_mdev_cfg_powered(cfg) &&
	       rcar_du_mdev_cfg_command(cfg) & PCI_COMMAND_MASTER;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_cfg_master_enabled);

/**
 * rcar_du_mdev_cfg_intx_enabled - INTx is enabled
 * @cfg: the configuration space
 *
 * Return: true if the function may assert INTx.
 */
bool rcar_du_mdev_cfg_intx_enabled(const struct rcar_du_mdev_cfg *cfg)
{
	return rcar_du_mdev_cfg_powered(cfg) &&
	       !(rcar_du_mdev_cfg_command(cfg) & PCI_COMMAND_INTX_DISABLE);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_cfg_intx_enabled);

/**
 * rcar_du_mdev_cfg_set_intx - Set the interrupt status bit
 * @cfg: the configuration space
 * @asserted: an interrupt is pending, whether INTx is disabled or not
 */
void rcar_du_mdev_cfg_set_intx(struct rcar_du_mdev_cfg *cfg, bool asserted)
{
	if (asserted)
		cfg->data[PCI_STATUS] |= PCI_STATUS_INTERRUPT;
	else
		cfg->data[PCI_STATUS] &= ~PCI_STATUS_INTERRUPT;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_cfg_set_intx);
