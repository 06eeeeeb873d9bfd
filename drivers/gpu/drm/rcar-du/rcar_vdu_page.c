// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car virtual Display Unit: plane pages
 */

#include <linux/align.h>
#include <linux/array_size.h>
#include <linux/bug.h>

#include "rcar_vdu_format.h"
#include "rcar_vdu_hw.h"
#include "rcar_vdu_page.h"

/**
 * struct rcar_vdu_page_reg_info - Where a register of a plane page is
 * @offset: from the start of the page
 * @vdu: the register is in the VDU registers, not among the DU registers
 */
struct rcar_vdu_page_reg_info {
	u16 offset;
	bool vdu;
};

static const struct rcar_vdu_page_reg_info rcar_vdu_page_regs[] = {
	[RCAR_VDU_REG_MR] = { PnMR },
	[RCAR_VDU_REG_MWR] = { PnMWR },
	[RCAR_VDU_REG_ALPHAR] = { PnALPHAR },
	[RCAR_VDU_REG_DSXR] = { PnDSXR },
	[RCAR_VDU_REG_DSYR] = { PnDSYR },
	[RCAR_VDU_REG_DPXR] = { PnDPXR },
	[RCAR_VDU_REG_DPYR] = { PnDPYR },
	[RCAR_VDU_REG_SPXR] = { PnSPXR },
	[RCAR_VDU_REG_SPYR] = { PnSPYR },
	[RCAR_VDU_REG_DDCR2] = { PnDDCR2 },
	[RCAR_VDU_REG_DDCR4] = { PnDDCR4 },
	[RCAR_VDU_REG_ROLE] = { RCAR_VDU_PLANE_ROLE, true },
	[RCAR_VDU_REG_HOT_X] = { RCAR_VDU_PLANE_HOT_X, true },
	[RCAR_VDU_REG_HOT_Y] = { RCAR_VDU_PLANE_HOT_Y, true },
	[RCAR_VDU_REG_ALPHA] = { RCAR_VDU_PLANE_ALPHA, true },
	[RCAR_VDU_REG_BLEND] = { RCAR_VDU_PLANE_BLEND, true },
	[RCAR_VDU_REG_MAPPING] = { RCAR_VDU_PLANE_MAPPING, true },
	[RCAR_VDU_REG_ADDR_HI] = { RCAR_VDU_PLANE_ADDR_HI, true },
	[RCAR_VDU_REG_DSA0R] = { PnDSA0R },
};

static_assert(ARRAY_SIZE(rcar_vdu_page_regs) == RCAR_VDU_NUM_PAGE_REGS);

static void rcar_vdu_page_write(struct rcar_vdu_hw *hw, unsigned int page,
				enum rcar_vdu_page_reg reg, u32 value)
{
	const struct rcar_vdu_page_reg_info *info = &rcar_vdu_page_regs[reg];

	if (rcar_vdu_hw_has_shadow(hw))
		rcar_vdu_shadow_write(hw, info->offset +
				      (info->vdu ? RCAR_VDU_SHADOW_PLANE(page) :
						   RCAR_VDU_PLANE_PAGE(page)),
				      value);
	else if (info->vdu)
		rcar_vdu_write(hw, RCAR_VDU_PLANE(page) + info->offset, value);
	else
		rcar_vdu_du_write(hw, RCAR_VDU_PLANE_PAGE(page) + info->offset,
				  value);
}

static void rcar_vdu_page_stage(struct rcar_vdu_page *page,
				const struct rcar_vdu_format *format,
				const struct rcar_vdu_plane_config *config,
				bool chroma)
{
	u64 addr = config->addr[chroma];
	u32 *regs = page->staged;
	u32 ddcr2 = 0;
	u32 spyr = config->src_y;

	if (chroma) {
		ddcr2 = format->uv;
		spyr /= format->uv_vsub;
	} else if (format->uv) {
		ddcr2 = PnDDCR2_DIVY;
	}

	/* PnSPYR counts lines as if pixels had 16 bits. */
	if (format->edf != PnDDCR4_EDF_NONE)
		spyr *= 2;

	regs[RCAR_VDU_REG_MR] = format->pnmr;
	regs[RCAR_VDU_REG_MWR] = config->pitch;
	regs[RCAR_VDU_REG_ALPHAR] = format->alphar;
	regs[RCAR_VDU_REG_DSXR] = config->width;
	regs[RCAR_VDU_REG_DSYR] = config->height;
	regs[RCAR_VDU_REG_DPXR] = config->x;
	regs[RCAR_VDU_REG_DPYR] = config->y;
	regs[RCAR_VDU_REG_SPXR] = config->src_x;
	regs[RCAR_VDU_REG_SPYR] = spyr;
	regs[RCAR_VDU_REG_DDCR2] = PnDDCR2_CODE | ddcr2;
	regs[RCAR_VDU_REG_DDCR4] = PnDDCR4_CODE | format->edf;
	regs[RCAR_VDU_REG_ROLE] = chroma ? RCAR_VDU_ROLE_AUTO : config->role;
	regs[RCAR_VDU_REG_HOT_X] = config->hot_x;
	regs[RCAR_VDU_REG_HOT_Y] = config->hot_y;
	regs[RCAR_VDU_REG_ALPHA] = config->alpha;
	regs[RCAR_VDU_REG_BLEND] = config->blend;
	regs[RCAR_VDU_REG_MAPPING] = config->mapping[chroma];
	regs[RCAR_VDU_REG_ADDR_HI] = upper_32_bits(addr);
	regs[RCAR_VDU_REG_DSA0R] = lower_32_bits(addr);
	page->fresh = true;
}

/**
 * rcar_vdu_pages_stage - Stage what a plane shows
 * @pages: plane pages
 * @config: what to show
 *
 * Nothing is written before rcar_vdu_pages_commit().
 */
void rcar_vdu_pages_stage(struct rcar_vdu_pages *pages,
			  const struct rcar_vdu_plane_config *config)
{
	const struct rcar_vdu_format *format;

	format = rcar_vdu_format_find(config->fourcc);
	if (WARN_ON(!format))
		return;

	rcar_vdu_page_stage(&pages->page[config->page], format, config, false);
	if (format->uv)
		rcar_vdu_page_stage(&pages->page[config->page + 1], format,
				    config, true);
}

/*
 * Writing the address, the last register, is what tells the host that there is
 * something new.
 */
static bool rcar_vdu_page_reg_differs(const struct rcar_vdu_page *page,
				      enum rcar_vdu_page_reg reg)
{
	return !page->known || page->staged[reg] != page->written[reg] ||
	       (reg == RCAR_VDU_REG_DSA0R && page->fresh);
}

/*
 * Write the registers of a page whose staged value differs from the written one,
 * or only count them. Returns how many there are.
 */
static unsigned int rcar_vdu_page_sync(struct rcar_vdu_pages *pages,
				       unsigned int index, bool write)
{
	struct rcar_vdu_page *page = &pages->page[index];
	unsigned int num_writes = 0;
	unsigned int i;

	for (i = 0; i < RCAR_VDU_NUM_PAGE_REGS; ++i) {
		if (!rcar_vdu_page_reg_differs(page, i))
			continue;

		++num_writes;
		if (!write)
			continue;

		rcar_vdu_page_write(pages->hw, index, i, page->staged[i]);
		page->written[i] = page->staged[i];
	}

	if (write) {
		page->known = true;
		page->fresh = false;
	}

	return num_writes;
}

static void rcar_vdu_pages_write_dspr(struct rcar_vdu_pages *pages, u32 dspr)
{
	if (rcar_vdu_hw_has_shadow(pages->hw))
		rcar_vdu_shadow_write(pages->hw, RCAR_VDU_SHADOW_DS1PR, dspr);
	else
		rcar_vdu_du_write(pages->hw, DS1PR, dspr);
}

static unsigned int rcar_vdu_pages_sync(struct rcar_vdu_pages *pages,
					u32 dspr, bool write)
{
	unsigned int num_writes = 0;
	u32 fields;

	/* DS1PR names pages counted from 1. */
	for (fields = dspr; fields; fields >>= 4)
		num_writes += rcar_vdu_page_sync(pages, (fields & 0xf) - 1, write);

	if (dspr != pages->dspr) {
		++num_writes;
		if (write) {
			rcar_vdu_pages_write_dspr(pages, dspr);
			pages->dspr = dspr;
		}
	}

	return num_writes;
}

/* The device looks at the shadow plane pages before the next vertical blank. */
static void rcar_vdu_pages_commit_shadow(struct rcar_vdu_pages *pages, u32 dspr)
{
	rcar_vdu_shadow_write(pages->hw, RCAR_VDU_SHADOW_SEQ, ++pages->shadow_seq);
	/* Odd before anything is written: pairs with the device's second barrier. */
	virt_wmb();
	rcar_vdu_pages_sync(pages, dspr, true);
	/* Even after all is written: pairs with the device's first barrier. */
	virt_wmb();
	rcar_vdu_shadow_write(pages->hw, RCAR_VDU_SHADOW_SEQ, ++pages->shadow_seq);

	/* A device that falls asleep looks again after it has said so. */
	virt_mb();
	if (!rcar_vdu_shadow_read(pages->hw, RCAR_VDU_SHADOW_AWAKE))
		rcar_vdu_write(pages->hw, RCAR_VDU_SHADOW_DOORBELL, 1);
}

/**
 * rcar_vdu_pages_seq - What the last rcar_vdu_pages_commit() made SHADOW_SEQ
 * @pages: plane pages
 *
 * Return: SHADOW_SEQ after the last commit.
 */
u32 rcar_vdu_pages_seq(const struct rcar_vdu_pages *pages)
{
	return pages->shadow_seq;
}

/**
 * rcar_vdu_pages_next_seq - What rcar_vdu_pages_commit() makes SHADOW_SEQ
 * @pages: plane pages
 *
 * Return: SHADOW_SEQ after the next commit: it is odd during the commit.
 */
u32 rcar_vdu_pages_next_seq(const struct rcar_vdu_pages *pages)
{
	return pages->shadow_seq + 2;
}

/**
 * rcar_vdu_pages_done - Tell if a commit to the shadow plane pages is shown
 * @pages: plane pages
 * @seq: what rcar_vdu_pages_next_seq() said before the commit
 *
 * Return: true if it is shown, or a later one.
 */
bool rcar_vdu_pages_done(const struct rcar_vdu_pages *pages, u32 seq)
{
	u32 done = rcar_vdu_shadow_read(pages->hw, RCAR_VDU_SHADOW_DONE);

	return (s32)(done - seq) >= 0;
}

/**
 * rcar_vdu_pages_commit - Write what was staged
 * @pages: plane pages
 * @dspr: DS1PR
 *
 * The display takes all of it over at the same vertical blank, the first one
 * after this function, or one during it.
 */
void rcar_vdu_pages_commit(struct rcar_vdu_pages *pages, u32 dspr)
{
	bool hold;

	if (rcar_vdu_hw_has_shadow(pages->hw)) {
		rcar_vdu_pages_commit_shadow(pages, dspr);
		return;
	}

	/* A single write cannot be torn by a vertical blank. */
	hold = rcar_vdu_pages_sync(pages, dspr, false) > 1;

	if (hold)
		rcar_vdu_hw_hold(pages->hw, true);
	rcar_vdu_pages_sync(pages, dspr, true);
	if (hold)
		rcar_vdu_hw_hold(pages->hw, false);
}

/**
 * rcar_vdu_pages_clear - Turn all planes off
 * @pages: plane pages
 *
 * The device looks at shadow plane pages after a commit only, so the caller stops
 * the display, too.
 */
void rcar_vdu_pages_clear(struct rcar_vdu_pages *pages)
{
	pages->dspr = 0;
	rcar_vdu_du_write(pages->hw, DS1PR, 0);
	if (rcar_vdu_hw_has_shadow(pages->hw))
		rcar_vdu_shadow_write(pages->hw, RCAR_VDU_SHADOW_DS1PR, 0);
}

/**
 * rcar_vdu_pages_panic - Show one plane page alone, at once
 * @pages: plane pages
 * @page: the plane page, staged with rcar_vdu_pages_stage()
 *
 * A commit may have been interrupted halfway, so nothing is assumed of what is
 * written.
 *
 * Context: panic. All other processors are stopped.
 */
void rcar_vdu_pages_panic(struct rcar_vdu_pages *pages, unsigned int page)
{
	/* rcar_vdu_pages_commit_shadow() counts on from an even number. */
	pages->shadow_seq = ALIGN(pages->shadow_seq, 2);
	pages->page[page].known = false;
	pages->dspr = 0;

	rcar_vdu_pages_commit(pages, page + 1);
}

/* -----------------------------------------------------------------------------
 * Init
 */

/**
 * rcar_vdu_pages_start - Make the device ready for commits
 * @pages: plane pages, after rcar_vdu_hw_reset()
 *
 * From now on planes are those of the shadow plane pages, if the device has them.
 */
void rcar_vdu_pages_start(struct rcar_vdu_pages *pages)
{
	struct rcar_vdu_hw *hw = pages->hw;
	unsigned int i;

	pages->dspr = 0;
	for (i = 0; i < ARRAY_SIZE(pages->page); ++i)
		pages->page[i].known = false;

	if (!rcar_vdu_hw_has_shadow(hw))
		return;

	pages->shadow_seq = 0;
	rcar_vdu_shadow_write(hw, RCAR_VDU_SHADOW_DS1PR, 0);
	rcar_vdu_shadow_write(hw, RCAR_VDU_SHADOW_SEQ, 0);
	rcar_vdu_shadow_write(hw, RCAR_VDU_SHADOW_DONE, 0);
	rcar_vdu_write(hw, RCAR_VDU_SHADOW_CTRL,
		       RCAR_VDU_SHADOW_CTRL_ENABLE |
		       RCAR_VDU_SHADOW_CTRL_MESSAGES);
}

/**
 * rcar_vdu_pages_init - Make the device ready for commits for the first time
 * @pages: plane pages
 * @hw: registers of the VDU, after rcar_vdu_hw_init_shadow()
 */
void rcar_vdu_pages_init(struct rcar_vdu_pages *pages, struct rcar_vdu_hw *hw)
{
	pages->hw = hw;
	rcar_vdu_pages_start(pages);
}
