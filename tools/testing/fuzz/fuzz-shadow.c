// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shadow plane pages: BAR 4 as a guest writes it that does not keep to the rules
 *
 * The guest writes between any two reads. Each word is read once, what was read is
 * what counts, and a change of SHADOW_SEQ meanwhile means that nothing does.
 */

#include "fuzz.h"
#include "kernel-api.h"
#include "rcar_du_mdev_bar2.h"
#include "rcar_du_mdev_regs.h"
#include "rcar_du_mdev_shadow.h"

#define WORDS	(RCAR_VDU_SHADOW_BAR_SIZE / 4)

static struct rcar_du_mdev_regs regs;
static void *shadow;

/* What was read of BAR 4: how often, and the last value. */
static u8 times[WORDS];
static u32 values[WORDS];
static u32 first_seq;

/* The guest writes @tear_value to @tear_offset before that many reads. */
static u32 tear_after;
static u32 tear_offset;
static u32 tear_value;

static void poke32(u32 offset, u32 value)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		guest_poke(shadow, offset + i, value >> 8 * i);
}

static void before_read(size_t offset, size_t size)
{
	must(offset % 4 == 0 && size == 4);
	if (tear_after && !--tear_after)
		poke32(tear_offset, tear_value);
}

/* How often DS1PR names a page; it has been read by then. */
static unsigned int named(u32 offset)
{
	u32 fields = values[RCAR_VDU_SHADOW_DS1PR / 4], page;
	unsigned int count = 0;

	page = offset >= RCAR_VDU_SHADOW_PLANE(0) ?
	       (offset - RCAR_VDU_SHADOW_PLANE(0)) /
	       (RCAR_VDU_SHADOW_PLANE(1) - RCAR_VDU_SHADOW_PLANE(0)) :
	       offset / RCAR_VDU_PLANE_PAGE_SIZE - 1;
	for (; fields; fields >>= 4)
		count += (fields & 15) == page + 1;

	return count;
}

static void was_read(size_t offset, size_t size, uint64_t value)
{
	u32 word = offset / 4, allowed = 1;

	if (offset == RCAR_VDU_SHADOW_SEQ)
		allowed = 2;
	else if (offset != RCAR_VDU_SHADOW_DS1PR)
		allowed = named(offset);
	must(times[word]++ < allowed);
	values[word] = value;
	if (word == RCAR_VDU_SHADOW_SEQ / 4 && times[word] == 1)
		first_seq = value;
}

/* The device writes its own words only. */
static void written(size_t offset, size_t size)
{
	must_equal(size, 4);
	must(offset >= RCAR_VDU_SHADOW_AWAKE &&
	     offset <= RCAR_VDU_SHADOW_FRAME_BEGUN);
}

static const struct guest_ops watch = {
	.read = before_read,
	.was_read = was_read,
	.written = written,
};

static u32 take_offset(struct input *in)
{
	u8 where = take8(in);
	u32 n = where % RCAR_VDU_NUM_PLANE_PAGES;

	switch (where >> 4) {
	case 0:
		return RCAR_VDU_SHADOW_SEQ;
	case 1:
		return RCAR_VDU_SHADOW_DS1PR;
	case 2 ... 7:
		return RCAR_VDU_PLANE_PAGE(n) + take8(in) / 4 * 4;
	case 8 ... 11:
		return RCAR_VDU_SHADOW_PLANE(n) + take8(in) % 8 * 4;
	default:
		return take16(in) / 4 * 4;
	}
}

static void set_tear(struct input *in)
{
	tear_after = take8(in);
	tear_offset = take_offset(in);
	tear_value = take32(in);
}

/* @mask: bits of a register that are kept */
static void check_word(u32 offset, u32 is, u32 mask)
{
	must(times[offset / 4]);
	must_equal(is, values[offset / 4] & mask);
}

static void check_page(unsigned int n)
{
	const u32 page = RCAR_VDU_PLANE_PAGE(n);
	const u32 plane = RCAR_VDU_PLANE(n), in_shadow = RCAR_VDU_SHADOW_PLANE(n);
	static const struct {
		u32 offset, mask;
	} words[] = {
		{ PnMR, ~0u }, { PnMWR, PnMWR_MASK }, { PnALPHAR, ~0u },
		{ PnDSXR, PnDSXY_MASK }, { PnDSYR, PnDSXY_MASK },
		{ PnDPXR, PnDSXY_MASK }, { PnDPYR, PnDSXY_MASK },
		{ PnDSA0R, PnDSA_MASK }, { PnSPXR, PnSPXY_MASK },
		{ PnSPYR, PnSPXY_MASK }, { PnDDCR2, ~0u }, { PnDDCR4, ~0u },
	}, more[] = {
		{ RCAR_VDU_PLANE_ADDR_HI, ~0u }, { RCAR_VDU_PLANE_ROLE, 0xff },
		{ RCAR_VDU_PLANE_HOT_X, ~0u }, { RCAR_VDU_PLANE_HOT_Y, ~0u },
		{ RCAR_VDU_PLANE_ALPHA, RCAR_VDU_PLANE_ALPHA_MASK },
		{ RCAR_VDU_PLANE_BLEND, 0xff },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		check_word(page + words[i].offset,
			   rcar_du_mdev_regs_read(&regs, page + words[i].offset),
			   words[i].mask);
	for (i = 0; i < ARRAY_SIZE(more); i++)
		check_word(in_shadow + more[i].offset,
			   rcar_du_mdev_bar2_read(&regs, plane + more[i].offset),
			   more[i].mask);
}

static void take(void)
{
	u32 ctrl = rcar_du_mdev_bar2_read(&regs, RCAR_VDU_SHADOW_CTRL);
	bool held = rcar_du_mdev_regs_read(&regs, DSYSR) & DSYSR_IUPD;
	struct rcar_du_mdev_regs before = regs;
	u32 fields;

	memset(times, 0, sizeof(times));
	if (!rcar_du_mdev_shadow_take(&regs, shadow)) {
		must(!memcmp(&before, &regs, sizeof(regs)));
		return;
	}

	must(ctrl & RCAR_VDU_SHADOW_CTRL_ENABLE && !held);
	must(first_seq % 2 == 0 && first_seq != before.shadow_seq);
	must_equal(times[RCAR_VDU_SHADOW_SEQ / 4], 2);
	must_equal(values[RCAR_VDU_SHADOW_SEQ / 4], first_seq);
	must_equal(regs.shadow_seq, first_seq);
	must_equal(regs.latch_count, before.latch_count);
	must(regs.dirty);
	check_word(RCAR_VDU_SHADOW_DS1PR, rcar_du_mdev_regs_read(&regs, DS1PR),
		   ~0u);
	for (fields = values[RCAR_VDU_SHADOW_DS1PR / 4]; fields; fields >>= 4) {
		u32 field = fields & 15;

		if (field && field <= RCAR_VDU_NUM_PLANE_PAGES)
			check_page(field - 1);
	}
}

static void write_reg(struct input *in)
{
	static const u16 bar0[] = { DSYSR, DIER, HCR, VCR };
	u8 which = take8(in);
	u32 value = take32(in);

	if (which & 8)
		rcar_du_mdev_bar2_write(&regs, RCAR_VDU_SHADOW_CTRL, value);
	else
		rcar_du_mdev_regs_write(&regs, bar0[which % 4], value);
}

/* Ends a change of the pages: SHADOW_SEQ gets another number, mostly an even one. */
static void bump(struct input *in)
{
	u32 seq = guest_peek(shadow, RCAR_VDU_SHADOW_SEQ);

	poke32(RCAR_VDU_SHADOW_SEQ, (seq + take8(in)) & 0xff);
}

static void publish(bool awake)
{
	u32 ctrl = rcar_du_mdev_bar2_read(&regs, RCAR_VDU_SHADOW_CTRL);

	rcar_du_mdev_shadow_publish(&regs, shadow, awake);
	if (ctrl & RCAR_VDU_SHADOW_CTRL_ENABLE)
		must_equal(guest_peek(shadow, RCAR_VDU_SHADOW_AWAKE),
			   awake && rcar_du_mdev_regs_running(&regs));
}

static void tell(struct input *in)
{
	u8 what = take8(in);

	if (what & 1)
		publish(what & 2);
	if (what & 4)
		rcar_du_mdev_shadow_done(&regs, shadow);
	if (what & 8)
		rcar_du_mdev_regs_vblank(&regs, regs.frame_time + 1000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };

	tear_after = 0;
	shadow = guest_new(RCAR_VDU_SHADOW_BAR_SIZE, 0, NULL, 0);
	guest_watch(&watch);
	rcar_du_mdev_regs_init(&regs);
	rcar_du_mdev_bar2_write(&regs, RCAR_VDU_SHADOW_CTRL,
				RCAR_VDU_SHADOW_CTRL_ENABLE);

	while (in.size) {
		u8 op = take8(&in);

		switch (op % 8) {
		case 0:
		case 1:
			write_reg(&in);
			break;
		case 2:
			tell(&in);
			break;
		case 3:
			set_tear(&in);
			break;
		case 4:
			bump(&in);
			take();
			break;
		default:
			poke32(take_offset(&in), take32(&in));
			break;
		}
	}
	guest_free_all();

	return 0;
}
