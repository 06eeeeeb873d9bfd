// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: shadow plane pages
 *
 * BAR 4: memory in which a driver writes planes without leaving the guest. It can
 * change at any time, so each word is read once, into a private copy.
 */

#include <linux/array_size.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include <asm/barrier.h>
#include <asm/byteorder.h>

#include <kunit/visibility.h>

#include "rcar_du_mdev_bar2.h"
#include "rcar_du_mdev_regs.h"
#include "rcar_du_mdev_shadow.h"

/* What the VDU looks at of a plane page: the other registers have no effect. */
static const u16 rcar_du_mdev_shadow_page[] = {
	PnMR, PnMWR, PnALPHAR, PnDSXR, PnDSYR, PnDPXR, PnDPYR, PnDSA0R, PnSPXR,
	PnSPYR, PnDDCR2, PnDDCR4,
};

static const u16 rcar_du_mdev_shadow_plane[] = {
	RCAR_VDU_PLANE_ADDR_HI, RCAR_VDU_PLANE_ROLE, RCAR_VDU_PLANE_HOT_X,
	RCAR_VDU_PLANE_HOT_Y, RCAR_VDU_PLANE_ALPHA, RCAR_VDU_PLANE_BLEND,
	RCAR_VDU_PLANE_MAPPING,
};

/**
 * struct rcar_du_mdev_shadow_copy - What was read
 * @dspr: DS1PR
 * @page: registers of the plane pages that @dspr names, as BAR 0 has them
 * @plane: likewise, as BAR 2 has them
 */
struct rcar_du_mdev_shadow_copy {
	u32 dspr;
	u32 page[RCAR_VDU_NUM_PLANE_PAGES][ARRAY_SIZE(rcar_du_mdev_shadow_page)];
	u32 plane[RCAR_VDU_NUM_PLANE_PAGES][ARRAY_SIZE(rcar_du_mdev_shadow_plane)];
};

static u32 rcar_du_mdev_shadow_read(const void *shadow, u32 offset)
{
	return le32_to_cpu(READ_ONCE(*(const __le32 *)(shadow + offset)));
}

static void rcar_du_mdev_shadow_write(void *shadow, u32 offset, u32 value)
{
	WRITE_ONCE(*(__le32 *)(shadow + offset), cpu_to_le32(value));
}

/* The next plane page that DS1PR names, or -1. Invalid fields are reported later. */
static int rcar_du_mdev_shadow_next(u32 *dspr)
{
	while (*dspr) {
		u32 field = *dspr & 0xf;

		*dspr >>= 4;
		if (field && field <= RCAR_VDU_NUM_PLANE_PAGES)
			return field - 1;
	}

	return -1;
}

static void rcar_du_mdev_shadow_read_all(struct rcar_du_mdev_shadow_copy *copy,
					 const void *shadow)
{
	unsigned int i;
	u32 fields;
	int page;

	copy->dspr = rcar_du_mdev_shadow_read(shadow, RCAR_VDU_SHADOW_DS1PR);
	fields = copy->dspr;

	while ((page = rcar_du_mdev_shadow_next(&fields)) >= 0) {
		for (i = 0; i < ARRAY_SIZE(rcar_du_mdev_shadow_page); i++)
			copy->page[page][i] =
				rcar_du_mdev_shadow_read(shadow,
							 RCAR_VDU_PLANE_PAGE(page) +
							 rcar_du_mdev_shadow_page[i]);
		for (i = 0; i < ARRAY_SIZE(rcar_du_mdev_shadow_plane); i++)
			copy->plane[page][i] =
				rcar_du_mdev_shadow_read(shadow,
							 RCAR_VDU_SHADOW_PLANE(page) +
							 rcar_du_mdev_shadow_plane[i]);
	}
}

static void rcar_du_mdev_shadow_apply(struct rcar_du_mdev_regs *regs,
				      const struct rcar_du_mdev_shadow_copy *copy)
{
	u32 fields = copy->dspr;
	unsigned int i;
	int page;

	while ((page = rcar_du_mdev_shadow_next(&fields)) >= 0) {
		for (i = 0; i < ARRAY_SIZE(rcar_du_mdev_shadow_page); i++)
			rcar_du_mdev_regs_write(regs, RCAR_VDU_PLANE_PAGE(page) +
						rcar_du_mdev_shadow_page[i],
						copy->page[page][i]);
		for (i = 0; i < ARRAY_SIZE(rcar_du_mdev_shadow_plane); i++)
			rcar_du_mdev_bar2_write(regs, RCAR_VDU_PLANE(page) +
						rcar_du_mdev_shadow_plane[i],
						copy->plane[page][i]);
	}

	rcar_du_mdev_regs_write(regs, DS1PR, copy->dspr);
}

/**
 * rcar_du_mdev_shadow_take - Write registers as the shadow plane pages say
 * @regs: the registers
 * @shadow: BAR 4
 *
 * What the driver is writing right now is left for the next time, as is all
 * while IUPD is 1.
 *
 * Return: true if there was something new.
 */
bool rcar_du_mdev_shadow_take(struct rcar_du_mdev_regs *regs,
			      const void *shadow)
{
	struct rcar_du_mdev_shadow_copy copy;
	u32 seq;

	if (!(regs->shadow_ctrl & RCAR_VDU_SHADOW_CTRL_ENABLE) ||
	    rcar_du_mdev_regs_read(regs, DSYSR) & DSYSR_IUPD)
		return false;

	seq = rcar_du_mdev_shadow_read(shadow, RCAR_VDU_SHADOW_SEQ);
	if (seq % 2 || seq == regs->shadow_seq)
		return false;

	/* Pairs with the driver's barrier before it makes SHADOW_SEQ even. */
	virt_rmb();
	rcar_du_mdev_shadow_read_all(&copy, shadow);
	/* Pairs with the driver's barrier after it has made SHADOW_SEQ odd. */
	virt_rmb();
	if (rcar_du_mdev_shadow_read(shadow, RCAR_VDU_SHADOW_SEQ) != seq)
		return false;

	rcar_du_mdev_shadow_apply(regs, &copy);
	regs->shadow_seq = seq;

	return true;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_shadow_take);

/* The numbers on both sides of the time tell the driver what time it reads. */
static void rcar_du_mdev_shadow_publish_frame(const struct rcar_du_mdev_regs *regs,
					      void *shadow)
{
	u64 time = rcar_du_mdev_regs_frame_time(regs);

	rcar_du_mdev_shadow_write(shadow, RCAR_VDU_SHADOW_FRAME_BEGUN,
				  regs->frame_count);
	/* Pairs with the driver's barrier before it reads FRAME_BEGUN. */
	virt_wmb();
	rcar_du_mdev_shadow_write(shadow, RCAR_VDU_SHADOW_FRAME_TIME_LO,
				  lower_32_bits(time));
	rcar_du_mdev_shadow_write(shadow, RCAR_VDU_SHADOW_FRAME_TIME_HI,
				  upper_32_bits(time));
	/* Pairs with the driver's barrier after it has read FRAME_COUNT. */
	virt_wmb();
	rcar_du_mdev_shadow_write(shadow, RCAR_VDU_SHADOW_FRAME_COUNT,
				  regs->frame_count);
}

/**
 * rcar_du_mdev_shadow_publish - Tell the driver the state of the device
 * @regs: the registers
 * @shadow: BAR 4
 * @awake: vertical blanks are counted as long as the display runs
 */
void rcar_du_mdev_shadow_publish(const struct rcar_du_mdev_regs *regs,
				 void *shadow, bool awake)
{
	if (!(regs->shadow_ctrl & RCAR_VDU_SHADOW_CTRL_ENABLE))
		return;

	rcar_du_mdev_shadow_publish_frame(regs, shadow);
	rcar_du_mdev_shadow_write(shadow, RCAR_VDU_SHADOW_HEAD_INT_STATUS,
				  regs->head_int_status);
	/* Pairs with the driver's barrier after it has read AWAKE. */
	virt_wmb();
	rcar_du_mdev_shadow_write(shadow, RCAR_VDU_SHADOW_AWAKE,
				  rcar_du_mdev_regs_running(regs) && awake);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_shadow_publish);

/**
 * rcar_du_mdev_shadow_done - Tell the driver that its planes are shown
 * @regs: the registers, of which all that was taken is shown
 * @shadow: BAR 4
 */
void rcar_du_mdev_shadow_done(const struct rcar_du_mdev_regs *regs,
			      void *shadow)
{
	if (regs->shadow_ctrl & RCAR_VDU_SHADOW_CTRL_ENABLE)
		rcar_du_mdev_shadow_write(shadow, RCAR_VDU_SHADOW_DONE,
					  regs->shadow_seq);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_shadow_done);
