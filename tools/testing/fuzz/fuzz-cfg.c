// SPDX-License-Identifier: GPL-2.0-only
/*
 * Configuration space: writes and reads of all sizes at all offsets
 */

#include <linux/pci_regs.h>

#include "fuzz.h"
#include "kernel-api.h"
#include "rcar_du_mdev_cfg.h"

#define SIZE	RCAR_DU_MDEV_CFG_SIZE
#define HEADER	PCI_STD_HEADER_SIZEOF

static struct rcar_du_mdev_cfg fresh;
/* Bits that a driver can change, as it finds out itself. */
static u8 writable[SIZE];
static bool intx;

static u16 get16(const struct rcar_du_mdev_cfg *cfg, u32 offset)
{
	return get_unaligned_le16(&cfg->data[offset]);
}

/* A BAR's bits below its size can't be written, and its size is a power of two. */
static void check_bar(u32 offset)
{
	u32 mask = get_unaligned_le32(&writable[offset]);

	must_equal(mask & (~mask >> 1), 0);
	must_equal(mask & PCI_BASE_ADDRESS_MEM_PREFETCH, 0);
	must(!mask || mask & BIT(31));
}

static void find_writable(void)
{
	static const u32 constant[] = {
		PCI_VENDOR_ID, PCI_DEVICE_ID, PCI_STATUS, PCI_REVISION_ID,
		PCI_CLASS_DEVICE, PCI_HEADER_TYPE, PCI_CARDBUS_CIS,
		PCI_SUBSYSTEM_VENDOR_ID, PCI_SUBSYSTEM_ID, PCI_ROM_ADDRESS,
		PCI_ROM_ADDRESS + 2, PCI_CAPABILITY_LIST,
	};
	struct rcar_du_mdev_cfg ones, zeros;
	u8 bytes[SIZE];
	u32 i;

	rcar_du_mdev_cfg_init(&fresh);
	ones = fresh;
	zeros = fresh;
	memset(bytes, 0xff, sizeof(bytes));
	rcar_du_mdev_cfg_write(&ones, 0, bytes, SIZE);
	memset(bytes, 0, sizeof(bytes));
	rcar_du_mdev_cfg_write(&zeros, 0, bytes, SIZE);
	for (i = 0; i < SIZE; i++)
		writable[i] = (ones.data[i] ^ fresh.data[i]) |
			      (zeros.data[i] ^ fresh.data[i]);

	for (i = 0; i < ARRAY_SIZE(constant); i++)
		must_equal(get_unaligned_le16(&writable[constant[i]]), 0);
	must_equal(writable[PCI_INTERRUPT_PIN], 0);
	for (i = PCI_BASE_ADDRESS_0; i <= PCI_BASE_ADDRESS_5; i += 4)
		check_bar(i);
}

/* The list of capabilities comes to an end, and has MSI and power management. */
static void check_capabilities(const struct rcar_du_mdev_cfg *cfg)
{
	u8 at = cfg->data[PCI_CAPABILITY_LIST];
	unsigned int left = SIZE / PCI_CAP_SIZEOF;
	bool msi = false, pm = false;

	must(get16(cfg, PCI_STATUS) & PCI_STATUS_CAP_LIST);
	for (; at; at = cfg->data[at + PCI_CAP_LIST_NEXT]) {
		must(at >= HEADER && at % 4 == 0);
		must(left--);
		if (cfg->data[at + PCI_CAP_LIST_ID] == PCI_CAP_ID_MSI)
			msi = true;
		if (cfg->data[at + PCI_CAP_LIST_ID] == PCI_CAP_ID_PM)
			pm = true;
	}
	must(msi && pm);
}

/* What the function does is what the guest has written. */
static void check_switches(const struct rcar_du_mdev_cfg *cfg)
{
	u16 command = get16(cfg, PCI_COMMAND);
	u8 at = cfg->data[PCI_CAPABILITY_LIST];
	bool on;

	while (cfg->data[at + PCI_CAP_LIST_ID] != PCI_CAP_ID_PM)
		at = cfg->data[at + PCI_CAP_LIST_NEXT];
	on = !(cfg->data[at + PCI_PM_CTRL] & PCI_PM_CTRL_STATE_MASK);

	must_equal(rcar_du_mdev_cfg_powered(cfg), on);
	must_equal(rcar_du_mdev_cfg_memory_enabled(cfg),
		   on && command & PCI_COMMAND_MEMORY);
	must_equal(rcar_du_mdev_cfg_master_enabled(cfg),
		   on && command & PCI_COMMAND_MASTER);
	must_equal(rcar_du_mdev_cfg_intx_enabled(cfg),
		   on && !(command & PCI_COMMAND_INTX_DISABLE));
}

static void check(const struct rcar_du_mdev_cfg *cfg)
{
	u16 status = get16(&fresh, PCI_STATUS) & ~PCI_STATUS_INTERRUPT;
	u32 i;

	for (i = 0; i < SIZE; i++) {
		if (i != PCI_STATUS && i != PCI_STATUS + 1)
			must_equal(cfg->data[i] & ~writable[i],
				   fresh.data[i] & ~writable[i]);
	}
	must_equal(get16(cfg, PCI_STATUS),
		   status | (intx ? PCI_STATUS_INTERRUPT : 0));
	check_capabilities(cfg);
	check_switches(cfg);
}

/* One of the first bytes, one of the last that an offset can have, or any. */
static u32 take_offset(struct input *in)
{
	switch (take8(in) % 4) {
	case 1:
		return take32(in);
	case 3:
		return -(u32)take8(in);
	default:
		return take8(in);
	}
}

/* What is written at once is what is written byte by byte. */
static void do_write(struct rcar_du_mdev_cfg *cfg, struct input *in)
{
	u32 offset = take_offset(in);
	size_t count = take16(in) % (SIZE + 16), i;
	const u8 *data = take_bytes(in, &count);
	struct rcar_du_mdev_cfg bytewise = *cfg;
	u8 *buf = malloc(count);

	memcpy(buf, data, count);
	rcar_du_mdev_cfg_write(cfg, offset, buf, count);
	for (i = 0; i < count; i++) {
		u64 at = (u64)offset + i;

		if (at >= SIZE)
			break;
		rcar_du_mdev_cfg_write(&bytewise, at, &buf[i], 1);
		if (at < HEADER)
			must_equal(cfg->data[at] & writable[at],
				   buf[i] & writable[at]);
	}
	must(!memcmp(cfg, &bytewise, sizeof(*cfg)));
	free(buf);
}

static void do_read(const struct rcar_du_mdev_cfg *cfg, struct input *in)
{
	u32 offset = take_offset(in);
	u32 count = take16(in) % (2 * SIZE), i;
	u8 *buf = malloc(count);

	rcar_du_mdev_cfg_read(cfg, offset, buf, count);
	for (i = 0; i < count; i++) {
		u64 at = (u64)offset + i;

		must_equal(buf[i], at < SIZE ? cfg->data[at] : 0xff);
	}
	free(buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct rcar_du_mdev_cfg cfg;

	find_writable();
	rcar_du_mdev_cfg_init(&cfg);
	intx = false;

	while (in.size) {
		switch (take8(&in) % 8) {
		case 0:
			rcar_du_mdev_cfg_reset(&cfg);
			intx = false;
			must(!memcmp(&cfg, &fresh, sizeof(cfg)));
			break;
		case 1:
			intx = take8(&in) & 1;
			rcar_du_mdev_cfg_set_intx(&cfg, intx);
			break;
		case 2:
		case 3:
			do_read(&cfg, &in);
			break;
		default:
			do_write(&cfg, &in);
			break;
		}
		check(&cfg);
	}

	return 0;
}
