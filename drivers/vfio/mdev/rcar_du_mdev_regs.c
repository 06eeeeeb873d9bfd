// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: DU registers
 *
 * BAR 0: what is stored, what a write sets off, and the snapshot ("latch") of
 * the internal update registers that is taken at the vertical blank.
 *
 * The names and bits are those of the Gen2 programming model, see
 * drivers/gpu/drm/renesas/rcar-du/rcar_du_regs.h. When the internal update
 * happens, and that DSYSR.IUPD holds it off, is described in the SH7785
 * hardware manual (REJ09B0261), section 19, for the ancestor of the DU.
 */

#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <linux/time64.h>

#include <kunit/visibility.h>

#include "rcar_du_mdev_regs.h"

/* -----------------------------------------------------------------------------
 * Register table
 */

/* The timing fields have 13 bits at most. */
#define RCAR_DU_MDEV_TIMING_MASK	0x1fff

/* Taken over at the latch: a write makes the next vertical blank take one. */
#define RCAR_DU_MDEV_REG_UPDATE		BIT(0)
/* The displayed size, part of the latch: only a change counts as one. */
#define RCAR_DU_MDEV_REG_SIZE		BIT(1)
/* Changes the frame period. */
#define RCAR_DU_MDEV_REG_CLOCK		BIT(2)

/**
 * struct rcar_du_mdev_reg - A stored register
 * @mask: bits that can be written, 0 if there is no register
 * @flags: RCAR_DU_MDEV_REG_*
 */
struct rcar_du_mdev_reg {
	u32 mask;
	u32 flags;
};

static const struct rcar_du_mdev_reg
rcar_du_mdev_du_regs[RCAR_VDU_PLANE_PAGE(0) / sizeof(u32)] = {
	[DSYSR / 4]	= { ~0u },
	[DSMR / 4]	= { ~0u },
	[DIER / 4]	= { DSRCR_MASK },
	[CPCR / 4]	= { ~0u },
	[DPPR / 4]	= { ~0u },
	[DEFR / 4]	= { ~0u },
	[DEFR2 / 4]	= { ~0u },
	[DEFR3 / 4]	= { ~0u },
	[DEFR4 / 4]	= { ~0u },
	[DEFR5 / 4]	= { ~0u },
	[DEFR6 / 4]	= { ~0u },
	[DEFR7 / 4]	= { ~0u },
	[HDSR / 4]	= { RCAR_DU_MDEV_TIMING_MASK },
	[HDER / 4]	= { RCAR_DU_MDEV_TIMING_MASK },
	[VDSR / 4]	= { RCAR_DU_MDEV_TIMING_MASK, RCAR_DU_MDEV_REG_SIZE },
	[VDER / 4]	= { RCAR_DU_MDEV_TIMING_MASK, RCAR_DU_MDEV_REG_SIZE },
	[HCR / 4]	= { RCAR_DU_MDEV_TIMING_MASK, RCAR_DU_MDEV_REG_CLOCK },
	[HSWR / 4]	= { RCAR_DU_MDEV_TIMING_MASK },
	[VCR / 4]	= { RCAR_DU_MDEV_TIMING_MASK, RCAR_DU_MDEV_REG_CLOCK },
	[VSPR / 4]	= { RCAR_DU_MDEV_TIMING_MASK },
	[DESR / 4]	= { RCAR_DU_MDEV_TIMING_MASK },
	[DEWR / 4]	= { RCAR_DU_MDEV_TIMING_MASK, RCAR_DU_MDEV_REG_SIZE },
	[DOOR / 4]	= { ~0u },
	[CDER / 4]	= { ~0u },
	[BPOR / 4]	= { ~0u },
};

static const struct rcar_du_mdev_reg
rcar_du_mdev_plane_page_regs[RCAR_VDU_PLANE_PAGE_SIZE / sizeof(u32)] = {
	[PnMR / 4]	= { ~0u, RCAR_DU_MDEV_REG_UPDATE },
	[PnMWR / 4]	= { PnMWR_MASK, RCAR_DU_MDEV_REG_UPDATE },
	[PnALPHAR / 4]	= { ~0u, RCAR_DU_MDEV_REG_UPDATE },
	[PnDSXR / 4]	= { PnDSXY_MASK, RCAR_DU_MDEV_REG_UPDATE },
	[PnDSYR / 4]	= { PnDSXY_MASK, RCAR_DU_MDEV_REG_UPDATE },
	[PnDPXR / 4]	= { PnDSXY_MASK, RCAR_DU_MDEV_REG_UPDATE },
	[PnDPYR / 4]	= { PnDSXY_MASK, RCAR_DU_MDEV_REG_UPDATE },
	[PnDSA0R / 4]	= { PnDSA_MASK, RCAR_DU_MDEV_REG_UPDATE },
	[PnDSA1R / 4]	= { PnDSA_MASK, RCAR_DU_MDEV_REG_UPDATE },
	[PnDSA2R / 4]	= { PnDSA_MASK, RCAR_DU_MDEV_REG_UPDATE },
	[PnSPXR / 4]	= { PnSPXY_MASK, RCAR_DU_MDEV_REG_UPDATE },
	[PnSPYR / 4]	= { PnSPXY_MASK, RCAR_DU_MDEV_REG_UPDATE },
	[PnWASPR / 4]	= { ~0u, RCAR_DU_MDEV_REG_UPDATE },
	[PnWAMWR / 4]	= { ~0u, RCAR_DU_MDEV_REG_UPDATE },
	[PnBTR / 4]	= { ~0u, RCAR_DU_MDEV_REG_UPDATE },
	[PnTC1R / 4]	= { ~0u, RCAR_DU_MDEV_REG_UPDATE },
	[PnTC2R / 4]	= { ~0u, RCAR_DU_MDEV_REG_UPDATE },
	[PnTC3R / 4]	= { ~0u, RCAR_DU_MDEV_REG_UPDATE },
	[PnMLR / 4]	= { ~0u, RCAR_DU_MDEV_REG_UPDATE },
	[PnSWAPR / 4]	= { ~0u, RCAR_DU_MDEV_REG_UPDATE },
	[PnDDCR / 4]	= { ~0u, RCAR_DU_MDEV_REG_UPDATE },
	[PnDDCR2 / 4]	= { ~0u, RCAR_DU_MDEV_REG_UPDATE },
	[PnDDCR4 / 4]	= { ~0u, RCAR_DU_MDEV_REG_UPDATE },
};

static const struct rcar_du_mdev_reg rcar_du_mdev_escr_regs[] = {
	[(ESCR0 - ESCR0) / 4]	= { ~0u, RCAR_DU_MDEV_REG_CLOCK },
	[(OTAR0 - ESCR0) / 4]	= { ~0u },
};

static const struct rcar_du_mdev_reg rcar_du_mdev_dorcr_regs[] = {
	[(DORCR - DORCR) / 4]	= { ~0u },
	[(DPTSR - DORCR) / 4]	= { ~0u },
	[(DS1PR - DORCR) / 4]	= { ~0u, RCAR_DU_MDEV_REG_UPDATE },
	[(DS2PR - DORCR) / 4]	= { ~0u },
};

static const struct rcar_du_mdev_reg rcar_du_mdev_defr8_regs[] = {
	[(DEFR8 - DEFR8) / 4]	= { ~0u },
	[(DOFLR - DEFR8) / 4]	= { ~0u },
	[(DIDSR - DEFR8) / 4]	= { ~0u },
};

/**
 * struct rcar_du_mdev_window - Part of BAR 0 that has registers
 * @base: offset of the first one
 * @size: bytes
 * @regs: register table
 * @period: bytes that @regs describes; the table repeats if @size is larger
 * @slot: index of the first one in rcar_du_mdev_regs.du
 */
struct rcar_du_mdev_window {
	u32 base;
	u32 size;
	const struct rcar_du_mdev_reg *regs;
	u32 period;
	u32 slot;
};

#define RCAR_DU_MDEV_PLANES_SIZE	\
	(RCAR_VDU_NUM_PLANE_PAGES * RCAR_VDU_PLANE_PAGE_SIZE)

#define RCAR_DU_MDEV_PLANES_SLOT	ARRAY_SIZE(rcar_du_mdev_du_regs)
#define RCAR_DU_MDEV_ESCR_SLOT		\
	(RCAR_DU_MDEV_PLANES_SLOT + RCAR_DU_MDEV_PLANES_SIZE / sizeof(u32))
#define RCAR_DU_MDEV_DORCR_SLOT		\
	(RCAR_DU_MDEV_ESCR_SLOT + ARRAY_SIZE(rcar_du_mdev_escr_regs))
#define RCAR_DU_MDEV_DEFR8_SLOT		\
	(RCAR_DU_MDEV_DORCR_SLOT + ARRAY_SIZE(rcar_du_mdev_dorcr_regs))

static_assert(RCAR_DU_MDEV_DEFR8_SLOT + ARRAY_SIZE(rcar_du_mdev_defr8_regs) <=
	      RCAR_DU_MDEV_NUM_DU_REGS);

/* The ones that a flip accesses come first. */
static const struct rcar_du_mdev_window rcar_du_mdev_windows[] = {
	{
		.base = RCAR_VDU_PLANE_PAGE(0),
		.size = RCAR_DU_MDEV_PLANES_SIZE,
		.regs = rcar_du_mdev_plane_page_regs,
		.period = RCAR_VDU_PLANE_PAGE_SIZE,
		.slot = RCAR_DU_MDEV_PLANES_SLOT,
	}, {
		.base = DORCR,
		.size = sizeof(u32) * ARRAY_SIZE(rcar_du_mdev_dorcr_regs),
		.regs = rcar_du_mdev_dorcr_regs,
		.period = sizeof(u32) * ARRAY_SIZE(rcar_du_mdev_dorcr_regs),
		.slot = RCAR_DU_MDEV_DORCR_SLOT,
	}, {
		.base = DSYSR,
		.size = sizeof(u32) * ARRAY_SIZE(rcar_du_mdev_du_regs),
		.regs = rcar_du_mdev_du_regs,
		.period = sizeof(u32) * ARRAY_SIZE(rcar_du_mdev_du_regs),
		.slot = 0,
	}, {
		.base = ESCR0,
		.size = sizeof(u32) * ARRAY_SIZE(rcar_du_mdev_escr_regs),
		.regs = rcar_du_mdev_escr_regs,
		.period = sizeof(u32) * ARRAY_SIZE(rcar_du_mdev_escr_regs),
		.slot = RCAR_DU_MDEV_ESCR_SLOT,
	}, {
		.base = DEFR8,
		.size = sizeof(u32) * ARRAY_SIZE(rcar_du_mdev_defr8_regs),
		.regs = rcar_du_mdev_defr8_regs,
		.period = sizeof(u32) * ARRAY_SIZE(rcar_du_mdev_defr8_regs),
		.slot = RCAR_DU_MDEV_DEFR8_SLOT,
	},
};

static const struct rcar_du_mdev_reg *rcar_du_mdev_regs_find(u32 offset,
							     u32 *slot)
{
	const struct rcar_du_mdev_reg *reg;
	unsigned int i;

	if (offset % sizeof(u32))
		return NULL;

	for (i = 0; i < ARRAY_SIZE(rcar_du_mdev_windows); i++) {
		const struct rcar_du_mdev_window *window =
			&rcar_du_mdev_windows[i];

		if (offset < window->base ||
		    offset - window->base >= window->size)
			continue;

		offset -= window->base;
		*slot = window->slot + offset / sizeof(u32);
		reg = &window->regs[offset % window->period / sizeof(u32)];

		return reg->mask ? reg : NULL;
	}

	return NULL;
}

/* -----------------------------------------------------------------------------
 * Interrupts
 */

/**
 * rcar_du_mdev_regs_pending - Interrupt sources that are pending and enabled
 * @regs: the registers
 *
 * Return: the bits of HEAD_INT_STATUS in the upper and those of DSSR in the
 * lower half.
 */
u64 rcar_du_mdev_regs_pending(const struct rcar_du_mdev_regs *regs)
{
	u32 head = regs->head_int_status & regs->head_int_enable;

	return (u64)head << 32 | (regs->dssr & regs->du[DIER / 4]);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_regs_pending);

/**
 * rcar_du_mdev_regs_irq_events - What a change means for the interrupt
 * @regs: the registers
 * @before: rcar_du_mdev_regs_pending() before the change
 *
 * Return: RCAR_DU_MDEV_EV_RAISE if a source is pending that was not before,
 * RCAR_DU_MDEV_EV_LOWER if none is pending any more, or 0.
 */
unsigned int rcar_du_mdev_regs_irq_events(const struct rcar_du_mdev_regs *regs,
					  u64 before)
{
	u64 after = rcar_du_mdev_regs_pending(regs);

	if (after & ~before)
		return RCAR_DU_MDEV_EV_RAISE;

	return before && !after ? RCAR_DU_MDEV_EV_LOWER : 0;
}

/* -----------------------------------------------------------------------------
 * Latch
 */

static void rcar_du_mdev_regs_latch_plane(const struct rcar_du_mdev_regs *regs,
					  unsigned int index,
					  struct rcar_du_mdev_plane_regs *plane)
{
	const u32 *page = &regs->du[RCAR_DU_MDEV_PLANES_SLOT +
				    index * RCAR_VDU_PLANE_PAGE_SIZE / 4];

	plane->mr = page[PnMR / 4];
	plane->mwr = page[PnMWR / 4];
	plane->alphar = page[PnALPHAR / 4];
	plane->dsxr = page[PnDSXR / 4];
	plane->dsyr = page[PnDSYR / 4];
	plane->dpxr = page[PnDPXR / 4];
	plane->dpyr = page[PnDPYR / 4];
	plane->dsa0r = page[PnDSA0R / 4];
	plane->spxr = page[PnSPXR / 4];
	plane->spyr = page[PnSPYR / 4];
	plane->ddcr2 = page[PnDDCR2 / 4];
	plane->ddcr4 = page[PnDDCR4 / 4];
	plane->addr_hi = regs->addr_hi[index];
	plane->role = regs->role[index];
	plane->hot_x = regs->hot_x[index];
	plane->hot_y = regs->hot_y[index];
	plane->alpha = regs->alpha[index];
	plane->blend = regs->blend[index];
	plane->mapping = regs->no_snoop ? regs->mapping[index] :
					  RCAR_VDU_MAPPING_CACHEABLE;
}

/* @first: FRAME_COUNT of the first frame that shows it. */
static u32 rcar_du_mdev_regs_latch_seq(struct rcar_du_mdev_regs *regs, u32 first)
{
	u32 seq = ++regs->latch_count;

	regs->refused = false;
	regs->crc.first[seq % RCAR_DU_MDEV_CRC_LATCHES] = first;

	return seq;
}

static unsigned int rcar_du_mdev_regs_latch(struct rcar_du_mdev_regs *regs,
					    u32 first)
{
	struct rcar_du_mdev_latch *latch = &regs->latch;
	u32 start = regs->du[VDSR / 4];
	u32 end = regs->du[VDER / 4];
	unsigned int i;

	latch->on = rcar_du_mdev_regs_running(regs);
	latch->again = !regs->dirty;
	latch->seq = rcar_du_mdev_regs_latch_seq(regs, first);
	latch->frame = regs->frame_count;
	latch->time_ns = regs->frame_time;
	latch->num_planes = regs->num_planes;
	latch->dspr = regs->master ? rcar_du_mdev_regs_read(regs, DS1PR) : 0;
	latch->width = regs->du[DEWR / 4];
	latch->height = end > start ? end - start : 0;
	latch->interlaced = regs->du[DSYSR / 4] & DSYSR_SCM_MASK;
	for (i = 0; i < ARRAY_SIZE(latch->planes); i++)
		rcar_du_mdev_regs_latch_plane(regs, i, &latch->planes[i]);

	regs->dirty = false;
	regs->again = false;

	return RCAR_DU_MDEV_EV_LATCH;
}

static unsigned int rcar_du_mdev_regs_latch_off(struct rcar_du_mdev_regs *regs)
{
	regs->latch = (struct rcar_du_mdev_latch) {
		.seq = rcar_du_mdev_regs_latch_seq(regs, regs->frame_count),
		.frame = regs->frame_count,
		.time_ns = regs->frame_time,
	};

	return RCAR_DU_MDEV_EV_LATCH;
}

/* What is shown goes on without its planes. */
static unsigned int
rcar_du_mdev_regs_latch_no_planes(struct rcar_du_mdev_regs *regs)
{
	regs->latch.seq = rcar_du_mdev_regs_latch_seq(regs, regs->frame_count);
	regs->latch.frame = regs->frame_count;
	regs->latch.time_ns = regs->frame_time;
	regs->latch.dspr = 0;
	regs->latch.again = false;

	return RCAR_DU_MDEV_EV_LATCH;
}

/*
 * Something was written that starts or stops the display, or not. A stop takes the
 * planes off at once, whatever IUPD says: the guest may do with its memory what it
 * likes from here on. A start shows what is in the registers then, or, while IUPD
 * holds it off, at the next vertical blank that may latch.
 */
static unsigned int rcar_du_mdev_regs_run(struct rcar_du_mdev_regs *regs,
					  bool was_running)
{
	bool running = rcar_du_mdev_regs_running(regs);
	unsigned int events;

	if (running == was_running)
		return 0;

	events = RCAR_DU_MDEV_EV_CLOCK;
	if (!running)
		return events | rcar_du_mdev_regs_latch_off(regs);

	regs->dirty = true;
	if (!(regs->du[DSYSR / 4] & DSYSR_IUPD))
		events |= rcar_du_mdev_regs_latch(regs, regs->frame_count);

	return events;
}

/* -----------------------------------------------------------------------------
 * Register accesses
 */

/**
 * rcar_du_mdev_regs_read - Read a register of BAR 0
 * @regs: the registers
 * @offset: offset in BAR 0
 *
 * Return: the value; 0 for offsets that have no register.
 */
u32 rcar_du_mdev_regs_read(const struct rcar_du_mdev_regs *regs, u32 offset)
{
	u32 slot;

	if (offset == DSSR)
		return regs->dssr;

	return rcar_du_mdev_regs_find(offset, &slot) ? regs->du[slot] : 0;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_regs_read);

static unsigned int rcar_du_mdev_regs_write_dsysr(struct rcar_du_mdev_regs *regs,
						  u32 value)
{
	bool was_running = rcar_du_mdev_regs_running(regs);
	u32 old = regs->du[DSYSR / 4];
	unsigned int events = 0;

	regs->du[DSYSR / 4] = value;

	if ((old ^ value) & DSYSR_SCM_MASK)
		regs->dirty = true;

	if (old & ~value & DSYSR_DRES)
		events |= RCAR_DU_MDEV_EV_CLOCK;

	events |= rcar_du_mdev_regs_run(regs, was_running);

	if (rcar_du_mdev_regs_running(regs) && (old & ~value & DSYSR_IUPD))
		events |= RCAR_DU_MDEV_EV_UPDATE;

	return events;
}

/* The address of a plane: without IUPD, writing it alone is a page flip. */
static bool rcar_du_mdev_regs_is_flip(u32 offset)
{
	return offset >= RCAR_VDU_PLANE_PAGE(0) &&
	       offset < RCAR_VDU_PLANE_PAGE(RCAR_VDU_NUM_PLANE_PAGES) &&
	       offset % RCAR_VDU_PLANE_PAGE_SIZE == PnDSA0R;
}

static unsigned int rcar_du_mdev_regs_store(struct rcar_du_mdev_regs *regs,
					    u32 offset, u32 value)
{
	const struct rcar_du_mdev_reg *reg;
	unsigned int events = 0;
	u32 slot;

	reg = rcar_du_mdev_regs_find(offset, &slot);
	if (!reg)
		return 0;

	value &= reg->mask;

	/* A flip to the buffer that is shown already says it has new contents. */
	if ((reg->flags & RCAR_DU_MDEV_REG_UPDATE) ||
	    ((reg->flags & RCAR_DU_MDEV_REG_SIZE) && regs->du[slot] != value))
		regs->dirty = true;

	if ((reg->flags & RCAR_DU_MDEV_REG_CLOCK) &&
	    rcar_du_mdev_regs_running(regs))
		events |= RCAR_DU_MDEV_EV_CLOCK;

	regs->du[slot] = value;

	if (rcar_du_mdev_regs_is_flip(offset) &&
	    rcar_du_mdev_regs_running(regs) &&
	    !(regs->du[DSYSR / 4] & DSYSR_IUPD))
		events |= RCAR_DU_MDEV_EV_UPDATE;

	return events;
}

/**
 * rcar_du_mdev_regs_write - Write a register of BAR 0
 * @regs: the registers
 * @offset: offset in BAR 0
 * @value: the value
 *
 * The codes that DEFRx, PnDDCR2 and others have in their upper bits are stored
 * but not checked.
 *
 * Return: RCAR_DU_MDEV_EV_*, what the caller has to do.
 */
unsigned int rcar_du_mdev_regs_write(struct rcar_du_mdev_regs *regs, u32 offset,
				     u32 value)
{
	u64 pending = rcar_du_mdev_regs_pending(regs);
	unsigned int events = 0;

	switch (offset) {
	case DSYSR:
		events = rcar_du_mdev_regs_write_dsysr(regs, value);
		break;
	case DSRCR:
		regs->dssr &= ~(value & DSRCR_MASK);
		break;
	default:
		events = rcar_du_mdev_regs_store(regs, offset, value);
		break;
	}

	return events | rcar_du_mdev_regs_irq_events(regs, pending);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_regs_write);

/**
 * rcar_du_mdev_regs_set_power - The PCI function is switched on or off
 * @regs: the registers
 * @powered: it is in D0; the display is stopped otherwise
 * @master: it may access memory; a display that runs shows no planes otherwise
 *
 * Planes go off at once, whatever IUPD says. They come back with what is in the
 * registers then, when IUPD lets them.
 *
 * Return: RCAR_DU_MDEV_EV_*, what the caller has to do.
 */
unsigned int rcar_du_mdev_regs_set_power(struct rcar_du_mdev_regs *regs,
					 bool powered, bool master)
{
	bool was_running = rcar_du_mdev_regs_running(regs);
	bool was_master = regs->master;
	unsigned int events;

	regs->powered = powered;
	regs->master = master;

	events = rcar_du_mdev_regs_run(regs, was_running);
	if (events || !was_running || master == was_master)
		return events;

	if (!master)
		return rcar_du_mdev_regs_latch_no_planes(regs);

	regs->dirty = true;

	return RCAR_DU_MDEV_EV_UPDATE;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_regs_set_power);

/* -----------------------------------------------------------------------------
 * Frame clock
 */

/**
 * rcar_du_mdev_regs_frame_period - Time from one vertical blank to the next
 * @regs: the registers
 *
 * A timing out of the limits gets the next possible period, and sets
 * HEAD_STATUS.BAD_TIMING until it is looked at again.
 *
 * Return: the time in ns.
 */
u64 rcar_du_mdev_regs_frame_period(struct rcar_du_mdev_regs *regs)
{
	/* 1 s in ns, times 1000 for mHz. */
	const u64 min = div_u64(NSEC_PER_SEC * 1000ULL,
				RCAR_DU_MDEV_MAX_REFRESH_MILLIHZ);
	const u64 max = div_u64(NSEC_PER_SEC * 1000ULL,
				RCAR_DU_MDEV_MIN_REFRESH_MILLIHZ);
	u32 escr = rcar_du_mdev_regs_read(regs, ESCR0);
	u32 clock = escr & ESCR_DCLKSEL_CLKS ? RCAR_DU_MDEV_CLKS_HZ
					     : regs->dclkin;
	u64 cycles, period = U64_MAX;

	/* 2^13 pixels * 2^13 lines * 2^6: times 1e9 this is below 2^62. */
	cycles = (u64)(regs->du[HCR / 4] + 1) * (regs->du[VCR / 4] + 1) *
		 ((escr & ESCR_FRQSEL_MASK) + 1);
	if (clock)
		period = div_u64(cycles * NSEC_PER_SEC, clock);

	if (period < min || period > max)
		regs->head_status |= RCAR_VDU_HEAD_BAD_TIMING;
	else
		regs->head_status &= ~RCAR_VDU_HEAD_BAD_TIMING;

	return clamp(period, min, max);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_regs_frame_period);

/**
 * rcar_du_mdev_regs_vblank - A vertical blank begins
 * @regs: the registers
 * @now: CLOCK_MONOTONIC time, ns
 *
 * Does nothing while the display is stopped: it has no vertical blank then.
 *
 * Return: RCAR_DU_MDEV_EV_*, what the caller has to do.
 */
unsigned int rcar_du_mdev_regs_vblank(struct rcar_du_mdev_regs *regs, u64 now)
{
	u64 pending = rcar_du_mdev_regs_pending(regs);
	unsigned int events = 0;

	if (!rcar_du_mdev_regs_running(regs))
		return 0;

	regs->frame_count++;
	regs->frame_time = now;
	regs->dssr |= DSSR_VBK | DSSR_FRM;

	if (rcar_du_mdev_regs_wants_latch(regs))
		events = rcar_du_mdev_regs_latch(regs, regs->frame_count);

	if (regs->shadow_ctrl & RCAR_VDU_SHADOW_CTRL_MESSAGES &&
	    regs->du[DIER / 4] & DSSR_VBK)
		events |= RCAR_DU_MDEV_EV_RAISE;

	return events | rcar_du_mdev_regs_irq_events(regs, pending);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_regs_vblank);

/**
 * rcar_du_mdev_regs_update - Latch ahead of the vertical blank
 * @regs: the registers
 *
 * For who needs some time to show what is latched at the next vertical blank,
 * and will see to it that the guest is not told of one before it is shown.
 *
 * Return: RCAR_DU_MDEV_EV_LATCH, or 0 if there is nothing new, the display is
 * stopped, or IUPD holds it.
 */
unsigned int rcar_du_mdev_regs_update(struct rcar_du_mdev_regs *regs)
{
	if (!rcar_du_mdev_regs_running(regs) ||
	    !rcar_du_mdev_regs_wants_latch(regs))
		return 0;

	return rcar_du_mdev_regs_latch(regs, regs->frame_count + 1);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_regs_update);

/* -----------------------------------------------------------------------------
 * Initialization and reset
 */

/**
 * rcar_du_mdev_regs_init - Initialize the registers of a new device
 * @regs: the registers
 */
void rcar_du_mdev_regs_init(struct rcar_du_mdev_regs *regs)
{
	memset(regs, 0, sizeof(*regs));
	regs->num_planes = RCAR_VDU_NUM_PLANE_PAGES;
	regs->powered = true;
	regs->master = true;
	rcar_du_mdev_regs_reset(regs);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_regs_init);

/**
 * rcar_du_mdev_regs_renew - Forget all that was, the device has another user
 * @regs: the registers, of a stopped display
 * @now: CLOCK_MONOTONIC time, ns: FRAME_TIME begins with 0 here
 *
 * What the device is stays: NUM_PLANES and FEATURES.
 */
void rcar_du_mdev_regs_renew(struct rcar_du_mdev_regs *regs, u64 now)
{
	const u32 num_planes = regs->num_planes;
	const bool has_crc = regs->has_crc;
	const bool powered = regs->powered;
	const bool master = regs->master;

	rcar_du_mdev_regs_init(regs);
	regs->num_planes = num_planes;
	regs->has_crc = has_crc;
	regs->powered = powered;
	regs->master = master;
	regs->epoch = now;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_regs_renew);

/**
 * rcar_du_mdev_regs_reset - Reset the device
 * @regs: the registers
 *
 * What belongs to the world outside stays: the monitor (EDID, CONNECTED) and
 * time (FRAME_COUNT, FRAME_TIME, LATCH_COUNT), which a guest that reads them
 * before and after must not see going back. The display is off afterwards,
 * and that counts as a latch if it was on. The caller looks at the frame
 * clock, the latch and the interrupt itself.
 */
void rcar_du_mdev_regs_reset(struct rcar_du_mdev_regs *regs)
{
	const u32 head_status = regs->head_status & RCAR_VDU_HEAD_CONNECTED;
	const u32 latch_count = regs->latch_count + regs->latch.on;
	const u32 frame_count = regs->frame_count;
	const u64 frame_time = regs->frame_time;
	unsigned int i;

	/* The EDID comes last. */
	memset(regs, 0, offsetof(struct rcar_du_mdev_regs, edid));

	regs->du[DSYSR / 4] = DSYSR_DRES;
	for (i = 0; i < ARRAY_SIZE(regs->alpha); i++)
		regs->alpha[i] = RCAR_VDU_PLANE_ALPHA_MASK;
	regs->dclkin = RCAR_DU_MDEV_DCLKIN_HZ;
	regs->head_status = head_status;
	regs->frame_count = frame_count;
	regs->latch_count = latch_count;
	regs->frame_time = frame_time;
	regs->latch.seq = latch_count;
	regs->latch.frame = frame_count;
	regs->latch.time_ns = frame_time;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_regs_reset);
