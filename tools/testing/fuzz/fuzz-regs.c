// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers: a stream of accesses, vertical blanks, resets and events of the monitor
 *
 * What can be read is compared with a model that knows no more than
 * include/uapi/linux/rcar_vdu.h says.
 */

#include "abi.h"
#include "fuzz.h"
#include "kernel-api.h"
#include "rcar_du_mdev_bar2.h"
#include "rcar_du_mdev_regs.h"

#define NSEC	1000000000ull

/**
 * struct model - What has to be read
 * @bar0: stored registers of BAR 0
 * @bar2: stored registers of BAR 2, without the EDID
 * @edid: EDID window
 * @edid_size: bytes of it
 * @now: time, ns
 * @frames: FRAME_COUNT
 * @has_crc: RCAR_VDU_FEATURE_CRC
 */
struct model {
	u32 bar0[RCAR_VDU_DU_BAR_SIZE / 4];
	u32 bar2[RCAR_VDU_EDID / 4];
	u8 edid[RCAR_VDU_EDID_WINDOW_SIZE];
	u32 edid_size;
	u64 now;
	u32 frames;
	bool has_crc;
};

static struct model model;
static struct rcar_du_mdev_regs regs;

static bool runs(void)
{
	return (model.bar0[DSYSR / 4] & (DSYSR_DEN | DSYSR_DRES)) == DSYSR_DEN;
}

static bool held(void)
{
	return model.bar0[DSYSR / 4] & DSYSR_IUPD;
}

static u64 pending(const struct rcar_du_mdev_regs *of)
{
	return (u64)(of->head_int_status & of->head_int_enable) << 32 |
	       (of->dssr & rcar_du_mdev_regs_read(of, DIER));
}

/* The registers after a reset. */
static void model_reset(void)
{
	unsigned int i;

	memset(model.bar0, 0, sizeof(model.bar0));
	memset(model.bar2, 0, sizeof(model.bar2));
	model.bar0[DSYSR / 4] = DSYSR_DRES;
	model.bar2[RCAR_VDU_DCLKIN / 4] = RCAR_DU_MDEV_DCLKIN_HZ;
	for (i = 0; i < RCAR_VDU_NUM_PLANE_PAGES; i++)
		model.bar2[(RCAR_VDU_PLANE(i) + RCAR_VDU_PLANE_ALPHA) / 4] =
			RCAR_VDU_PLANE_ALPHA_MASK;
}

/* Registers that read what was written to them. */
static void check_stored(void)
{
	struct abi_reg reg;
	unsigned int i;

	for (i = 0; abi_bar0(i, &reg); i++) {
		if (reg.stored)
			must_equal(rcar_du_mdev_regs_read(&regs, reg.offset),
				   model.bar0[reg.offset / 4]);
	}
	for (i = 0; abi_bar2(i, &reg); i++) {
		if (reg.stored)
			must_equal(rcar_du_mdev_bar2_read(&regs, reg.offset),
				   model.bar2[reg.offset / 4]);
	}
	must_equal(rcar_du_mdev_bar2_read(&regs, RCAR_VDU_FRAME_COUNT),
		   model.frames);
	must_equal(rcar_du_mdev_bar2_read(&regs, RCAR_VDU_EDID_SIZE),
		   model.edid_size);
	must_equal(rcar_du_mdev_bar2_read(&regs, RCAR_VDU_HEAD_STATUS) & ~7u, 0);
}

static void check_state(void)
{
	must_equal(rcar_du_mdev_regs_running(&regs), runs());
	must_equal(rcar_du_mdev_regs_pending(&regs), pending(&regs));
	must(!regs.latch.on || runs());
	must_equal(regs.latch.seq, regs.latch_count);
	must(!regs.latch.on || regs.latch.num_planes == regs.num_planes);
}

/* @before: the registers before what made @events. */
static void check_events(const struct rcar_du_mdev_regs *before,
			 unsigned int events, bool message)
{
	u64 was = pending(before), is = pending(&regs);

	must_equal(!!(events & RCAR_DU_MDEV_EV_RAISE), message || is & ~was);
	must_equal(!!(events & RCAR_DU_MDEV_EV_LOWER), was && !is);
	must_equal(regs.latch_count - before->latch_count,
		   !!(events & RCAR_DU_MDEV_EV_LATCH));
	/* A stop shows nothing and leaves what is new for the next start. */
	if (events & RCAR_DU_MDEV_EV_LATCH)
		must(regs.latch.on == runs() && !(regs.dirty && runs()));
	else
		must(!memcmp(&regs.latch, &before->latch, sizeof(regs.latch)));
	check_state();
}

/* -----------------------------------------------------------------------------
 * Accesses
 */

static void write_bar0(struct input *in)
{
	u32 offset = abi_take_offset(in, RCAR_VDU_DU_BAR_SIZE, abi_bar0);
	struct rcar_du_mdev_regs before = regs;
	bool ran = runs(), was_held = held();
	u32 value = take32(in), mask = 0;
	unsigned int events;

	if (abi_find(abi_bar0, offset, &mask))
		model.bar0[offset / 4] = value & mask;
	events = rcar_du_mdev_regs_write(&regs, offset, value);
	check_events(&before, events, false);

	if (!abi_find(abi_bar0, offset, &mask) && offset != DSRCR) {
		must(!memcmp(&before, &regs, sizeof(regs)));
		must(!events);
	}
	if (offset == DSRCR)
		must_equal(regs.dssr, before.dssr & ~(value & DSRCR_MASK));
	else
		must_equal(regs.dssr, before.dssr);
	if (!ran && runs())
		must_equal(!!(events & RCAR_DU_MDEV_EV_LATCH), !held());
	if (ran == runs())
		must(!(events & RCAR_DU_MDEV_EV_LATCH));
	if (ran != runs())
		must(events & RCAR_DU_MDEV_EV_CLOCK);
	if (was_held && !held() && runs())
		must(events & RCAR_DU_MDEV_EV_UPDATE);
}

static void write_bar2(struct input *in)
{
	u32 offset = abi_take_offset(in, RCAR_VDU_REGS_BAR_SIZE, abi_bar2);
	struct rcar_du_mdev_regs before = regs;
	u32 value = take32(in), mask = 0;
	unsigned int events;
	bool stored = abi_find(abi_bar2, offset, &mask);

	if (offset == RCAR_VDU_CRC_CTRL && !model.has_crc)
		mask = 0;
	if (stored)
		model.bar2[offset / 4] = value & mask;
	events = rcar_du_mdev_bar2_write(&regs, offset, value);
	check_events(&before, events, false);

	if (offset == RCAR_VDU_HEAD_INT_STATUS) {
		must_equal(regs.head_int_status, before.head_int_status & ~value);
	} else if (offset == RCAR_VDU_SHADOW_DOORBELL) {
		must(events & RCAR_DU_MDEV_EV_UPDATE);
	} else if (!stored) {
		must(!memcmp(&before, &regs, sizeof(regs)));
		must(!events);
	}
}

static void read_bar0(struct input *in)
{
	u32 offset = abi_take_offset(in, RCAR_VDU_DU_BAR_SIZE, abi_bar0), mask;
	u32 value = rcar_du_mdev_regs_read(&regs, offset);

	if (offset == DSSR)
		must_equal(value & ~(u32)DSRCR_MASK, 0);
	else if (!abi_find(abi_bar0, offset, &mask))
		must_equal(value, 0);
}

static void check_edid(u32 offset, u32 value)
{
	u32 want = 0, at = offset - RCAR_VDU_EDID, i;

	for (i = 0; i < 4; i++) {
		if (at + i < model.edid_size)
			want |= (u32)model.edid[at + i] << 8 * i;
	}
	must_equal(value, want);
}

static void read_bar2(struct input *in)
{
	u32 offset = abi_take_offset(in, RCAR_VDU_REGS_BAR_SIZE, abi_bar2);
	u32 value = rcar_du_mdev_bar2_read(&regs, offset), mask;

	if (offset % 4)
		must_equal(value, 0);
	else if (offset >= RCAR_VDU_EDID && offset < 2 * RCAR_VDU_EDID)
		check_edid(offset, value);
	else if (!abi_find(abi_bar2, offset, &mask) && !abi_read_only(offset))
		must_equal(value, 0);

	/* Reading the lower half freezes the upper one. */
	if (offset == RCAR_VDU_FRAME_TIME_LO) {
		must_equal(value, (u32)model.now);
		must_equal(rcar_du_mdev_bar2_read(&regs, RCAR_VDU_FRAME_TIME_HI),
			   model.now >> 32);
	}
	if (offset == RCAR_VDU_CRC_FRAMES && !value)
		must_equal(rcar_du_mdev_bar2_read(&regs, RCAR_VDU_CRC_VALUE), 0);
}

/* -----------------------------------------------------------------------------
 * What comes from the host
 */

/* Something is new, or check codes are wanted of what is not. */
static bool wants(const struct rcar_du_mdev_regs *before)
{
	return before->dirty || before->again;
}

static void vblank(struct input *in)
{
	struct rcar_du_mdev_regs before = regs;
	u64 now = model.now + take32(in);
	bool message = model.bar2[RCAR_VDU_SHADOW_CTRL / 4] &
		       RCAR_VDU_SHADOW_CTRL_MESSAGES &&
		       model.bar0[DIER / 4] & DSSR_VBK;
	unsigned int events = rcar_du_mdev_regs_vblank(&regs, now);

	if (!runs()) {
		must(!events);
		must(!memcmp(&before, &regs, sizeof(regs)));
		return;
	}

	model.frames++;
	model.now = now;
	check_events(&before, events, message);
	must_equal(regs.dssr, before.dssr | DSSR_VBK | DSSR_FRM);
	must_equal(!!(events & RCAR_DU_MDEV_EV_LATCH), wants(&before) && !held());
	must(!held() || !(events & RCAR_DU_MDEV_EV_LATCH));
}

static void update(struct input *in)
{
	struct rcar_du_mdev_regs before = regs;
	unsigned int events = rcar_du_mdev_regs_update(&regs);

	check_events(&before, events, false);
	must_equal(events, runs() && !held() && wants(&before) ?
		   RCAR_DU_MDEV_EV_LATCH : 0);
	must(rcar_du_mdev_regs_wants_vblank(&regs) ||
	     !(model.bar0[DIER / 4] & DSSR_VBK));
}

static void frame_period(struct input *in)
{
	const u64 min_ns = NSEC * 1000 / RCAR_DU_MDEV_MAX_REFRESH_MILLIHZ;
	const u64 max_ns = NSEC * 1000 / RCAR_DU_MDEV_MIN_REFRESH_MILLIHZ;
	u32 escr = model.bar0[ESCR0 / 4];
	u64 clock = escr & ESCR_DCLKSEL_CLKS ? RCAR_DU_MDEV_CLKS_HZ :
					       model.bar2[RCAR_VDU_DCLKIN / 4];
	unsigned __int128 want = (model.bar0[HCR / 4] + 1ull) *
				 (model.bar0[VCR / 4] + 1ull) *
				 ((escr & ESCR_FRQSEL_MASK) + 1ull);
	u64 period = rcar_du_mdev_regs_frame_period(&regs);
	u32 status = rcar_du_mdev_bar2_read(&regs, RCAR_VDU_HEAD_STATUS);
	bool bad;

	want = clock ? want * NSEC / clock : max_ns + 1;
	bad = want < min_ns || want > max_ns;
	must_equal(period, want < min_ns ? min_ns : want > max_ns ? max_ns :
		   (u64)want);
	must_equal(!!(status & RCAR_VDU_HEAD_BAD_TIMING), bad);
}

static void set_edid(struct input *in)
{
	size_t count = take16(in) % (2 * RCAR_VDU_EDID_WINDOW_SIZE);
	u32 size = count, was = regs.head_int_status;
	struct rcar_du_mdev_regs before = regs;
	const u8 *data = take_bytes(in, &count);
	bool connected = take8(in) & 1, changed;
	u8 *edid = calloc(1, size);
	unsigned int events;

	memcpy(edid, data, count);
	events = rcar_du_mdev_bar2_set_edid(&regs, edid, size, connected);
	check_events(&before, events, false);
	size = min_t(u32, size, RCAR_VDU_EDID_WINDOW_SIZE);
	changed = size != model.edid_size || memcmp(model.edid, edid, size) ||
		  connected != !!(before.head_status & RCAR_VDU_HEAD_CONNECTED);
	must_equal(regs.head_int_status,
		   was | (changed ? RCAR_VDU_HEAD_INT_HOTPLUG : 0));
	must_equal(!!(regs.head_status & RCAR_VDU_HEAD_CONNECTED), connected);
	memcpy(model.edid, edid, size);
	model.edid_size = size;
	free(edid);

	/* Nothing is left of a longer one. */
	if (size < RCAR_VDU_EDID_WINDOW_SIZE) {
		u32 last = RCAR_VDU_EDID + size / 4 * 4;

		check_edid(last, rcar_du_mdev_bar2_read(&regs, last));
	}
}

static void set_crc(struct input *in)
{
	u32 seq = regs.latch_count + take8(in) - 128, value = take32(in);
	bool on = model.bar2[RCAR_VDU_CRC_CTRL / 4];

	rcar_du_mdev_bar2_set_crc(&regs, seq, value);
	must(on || !regs.crc.valid);
	if (rcar_du_mdev_bar2_read(&regs, RCAR_VDU_CRC_FRAMES))
		must(on);
}

/* A monitor and time go on over a reset. */
static void reset(struct input *in)
{
	struct rcar_du_mdev_regs before = regs;
	u32 mask = RCAR_VDU_HEAD_CONNECTED;

	rcar_du_mdev_regs_reset(&regs);
	model_reset();
	check_state();
	must(!regs.latch.on && !regs.dirty && !regs.dssr);
	must_equal(regs.head_status, before.head_status & mask);
	must_equal(regs.latch_count - before.latch_count, before.latch.on);
	must_equal(regs.frame_time, before.frame_time);
	must_equal(regs.num_planes, before.num_planes);
}

/* The first byte of a step says which. */
static void (*const ops[])(struct input *in) = {
	reset, vblank, update, frame_period, set_edid, set_crc, read_bar0,
	read_bar2, write_bar2, write_bar2, write_bar2,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	u8 first = take8(&in);

	memset(&model, 0, sizeof(model));
	model_reset();
	model.has_crc = first & 8;
	rcar_du_mdev_regs_init(&regs);
	regs.num_planes = first % 8 + 1;
	regs.has_crc = model.has_crc;

	while (in.size) {
		unsigned int op = take8(&in) % 16;

		if (op < ARRAY_SIZE(ops))
			ops[op](&in);
		else
			write_bar0(&in);
	}
	check_stored();

	return 0;
}
