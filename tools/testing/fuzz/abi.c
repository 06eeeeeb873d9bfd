// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registers that include/uapi/linux/rcar_vdu.h has, and no others
 */

#include <uapi/linux/rcar_vdu.h>

#include "abi.h"
#include "kernel-api.h"

#define ALL	0xffffffff
#define TIMING	0x1fff

static const struct abi_reg bar0[] = {
	{ DSYSR, ALL, true }, { DSMR, ALL, true }, { DSSR, 0, false },
	{ DSRCR, 0, false }, { DIER, DSRCR_MASK, true }, { CPCR, ALL, true },
	{ DPPR, ALL, true }, { DEFR, ALL, true }, { DEFR2, ALL, true },
	{ DEFR3, ALL, true }, { DEFR4, ALL, true }, { DEFR5, ALL, true },
	{ DEFR6, ALL, true }, { DEFR7, ALL, true }, { HDSR, TIMING, true },
	{ HDER, TIMING, true }, { VDSR, TIMING, true }, { VDER, TIMING, true },
	{ HCR, TIMING, true }, { HSWR, TIMING, true }, { VCR, TIMING, true },
	{ VSPR, TIMING, true }, { DESR, TIMING, true }, { DEWR, TIMING, true },
	{ DOOR, ALL, true }, { CDER, ALL, true }, { BPOR, ALL, true },
	{ ESCR0, ALL, true }, { OTAR0, ALL, true }, { DORCR, ALL, true },
	{ DPTSR, ALL, true }, { DS1PR, ALL, true }, { DS2PR, ALL, true },
	{ DEFR8, ALL, true }, { DOFLR, ALL, true }, { DIDSR, ALL, true },
};

static const struct abi_reg page[] = {
	{ PnMR, ALL, true }, { PnMWR, PnMWR_MASK, true },
	{ PnALPHAR, ALL, true }, { PnDSXR, PnDSXY_MASK, true },
	{ PnDSYR, PnDSXY_MASK, true }, { PnDPXR, PnDSXY_MASK, true },
	{ PnDPYR, PnDSXY_MASK, true }, { PnDSA0R, PnDSA_MASK, true },
	{ PnDSA1R, PnDSA_MASK, true }, { PnDSA2R, PnDSA_MASK, true },
	{ PnSPXR, PnSPXY_MASK, true }, { PnSPYR, PnSPXY_MASK, true },
	{ PnWASPR, ALL, true }, { PnWAMWR, ALL, true }, { PnBTR, ALL, true },
	{ PnTC1R, ALL, true }, { PnTC2R, ALL, true }, { PnTC3R, ALL, true },
	{ PnMLR, ALL, true }, { PnSWAPR, ALL, true }, { PnDDCR, ALL, true },
	{ PnDDCR2, ALL, true }, { PnDDCR4, ALL, true },
};

static const struct abi_reg bar2[] = {
	{ RCAR_VDU_DCLKIN, ALL, true },
	{ RCAR_VDU_HEAD_INT_STATUS, 0, false },
	{ RCAR_VDU_HEAD_INT_ENABLE, RCAR_VDU_HEAD_INT_HOTPLUG, true },
	{ RCAR_VDU_SHADOW_CTRL, RCAR_VDU_SHADOW_CTRL_ENABLE |
				RCAR_VDU_SHADOW_CTRL_MESSAGES, true },
	{ RCAR_VDU_SHADOW_DOORBELL, 0, false },
	{ RCAR_VDU_CRC_CTRL, RCAR_VDU_CRC_CTRL_ENABLE, true },
	/* Those that are only read. */
	{ RCAR_VDU_MAGIC }, { RCAR_VDU_VERSION }, { RCAR_VDU_FEATURES },
	{ RCAR_VDU_NUM_PLANES }, { RCAR_VDU_MAX_WIDTH },
	{ RCAR_VDU_MAX_HEIGHT }, { RCAR_VDU_MAX_PITCH },
	{ RCAR_VDU_PITCH_ALIGN }, { RCAR_VDU_FORMATS },
	{ RCAR_VDU_ADDR_BITS }, { RCAR_VDU_MIN_REFRESH },
	{ RCAR_VDU_MAX_REFRESH }, { RCAR_VDU_CLKS }, { RCAR_VDU_HEAD_STATUS },
	{ RCAR_VDU_EDID_SIZE }, { RCAR_VDU_FRAME_COUNT },
	{ RCAR_VDU_LATCH_COUNT }, { RCAR_VDU_FRAME_TIME_LO },
	{ RCAR_VDU_FRAME_TIME_HI }, { RCAR_VDU_CRC_FRAMES },
	{ RCAR_VDU_CRC_FRAME }, { RCAR_VDU_CRC_VALUE },
};

static const struct abi_reg plane[] = {
	{ RCAR_VDU_PLANE_ADDR_HI, ALL, true },
	{ RCAR_VDU_PLANE_ROLE, 0xff, true },
	{ RCAR_VDU_PLANE_HOT_X, ALL, true },
	{ RCAR_VDU_PLANE_HOT_Y, ALL, true },
	{ RCAR_VDU_PLANE_ALPHA, RCAR_VDU_PLANE_ALPHA_MASK, true },
	{ RCAR_VDU_PLANE_BLEND, 0xff, true },
	{ RCAR_VDU_PLANE_MAPPING, 0xff, true },
	{ RCAR_VDU_PLANE_ERROR, 0, false },
};

/* @index of @count registers, and after them of @each for each plane page. */
static bool pick(unsigned int index, struct abi_reg *reg,
		 const struct abi_reg *regs, unsigned int count,
		 const struct abi_reg *each, unsigned int each_count,
		 uint32_t first, uint32_t stride)
{
	if (index < count) {
		*reg = regs[index];
		return true;
	}

	index -= count;
	if (index >= each_count * RCAR_VDU_NUM_PLANE_PAGES)
		return false;

	*reg = each[index % each_count];
	reg->offset += first + index / each_count * stride;

	return true;
}

bool abi_bar0(unsigned int index, struct abi_reg *reg)
{
	return pick(index, reg, bar0, ARRAY_SIZE(bar0), page, ARRAY_SIZE(page),
		    RCAR_VDU_PLANE_PAGE(0), RCAR_VDU_PLANE_PAGE_SIZE);
}

bool abi_bar2(unsigned int index, struct abi_reg *reg)
{
	return pick(index, reg, bar2, ARRAY_SIZE(bar2), plane,
		    ARRAY_SIZE(plane), RCAR_VDU_PLANE(0),
		    RCAR_VDU_PLANE(1) - RCAR_VDU_PLANE(0));
}

bool abi_find(abi_bar bar, uint32_t offset, uint32_t *mask)
{
	struct abi_reg reg;
	unsigned int i;

	for (i = 0; bar(i, &reg); i++) {
		if (reg.offset == offset && reg.stored) {
			*mask = reg.mask;
			return true;
		}
	}

	return false;
}

bool abi_read_only(uint32_t offset)
{
	struct abi_reg reg;
	unsigned int i;

	for (i = 0; abi_bar2(i, &reg); i++) {
		if (reg.offset == offset)
			return !reg.stored && offset != RCAR_VDU_SHADOW_DOORBELL;
	}

	return false;
}

uint32_t abi_take_offset(struct input *in, uint32_t size, abi_bar bar)
{
	uint8_t index = take8(in);
	struct abi_reg reg;

	return bar(index, &reg) ? reg.offset : take32(in) % size;
}
