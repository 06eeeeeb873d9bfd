// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: tests of a VDU on a CRTC of the host
 *
 * The CRTC is played by the test. Timers of the VDU expire in softirqs: with these
 * off, no timer of this processor does, however slow it is.
 */

#include <linux/bottom_half.h>
#include <linux/hrtimer.h>
#include <linux/module.h>
#include <linux/pci_regs.h>
#include <linux/slab.h>

#include <kunit/device.h>
#include <kunit/test.h>

#include "../rcar_du_mdev_vdu.h"

/* 60 Hz with the dot clock that the VDU begins with, 148.5 MHz. */
#define TOTAL_WIDTH	2200
#define TOTAL_HEIGHT	1125

/**
 * struct vdu_test - A VDU
 * @vdu: the VDU
 * @latches: how often it has latched
 * @again: of these, how often there was nothing new
 * @runs: it runs
 * @count: number of the CRTC's last vertical blank
 */
struct vdu_test {
	struct rcar_du_mdev_vdu vdu;
	unsigned int latches;
	unsigned int again;
	bool runs;
	u64 count;
};

static void vdu_test_latch(struct rcar_du_mdev_vdu *vdu, bool again)
{
	struct vdu_test *t = container_of(vdu, struct vdu_test, vdu);

	t->latches++;
	t->again += again;
}

static void vdu_test_runs(struct rcar_du_mdev_vdu *vdu, bool runs)
{
	container_of(vdu, struct vdu_test, vdu)->runs = runs;
}

static const struct rcar_du_mdev_vdu_ops vdu_test_ops = {
	.runs = vdu_test_runs,
	.latch = vdu_test_latch,
};

static void vdu_test_free(void *data)
{
	struct vdu_test *t = data;

	rcar_du_mdev_vdu_stop(&t->vdu);
	rcar_du_mdev_vdu_fini(&t->vdu);
	kfree(t);
}

static void vdu_test_du(struct vdu_test *t, u32 offset, u32 value)
{
	rcar_du_mdev_vdu_write(&t->vdu, RCAR_VDU_DU_BAR, offset, value);
}

static void vdu_test_command(struct vdu_test *t, u8 value)
{
	rcar_du_mdev_vdu_write_cfg(&t->vdu, PCI_COMMAND, &value, 1);
}

static u32 vdu_test_frames(struct vdu_test *t)
{
	u32 latches, frames;

	rcar_du_mdev_vdu_counters(&t->vdu, &latches, &frames);

	return frames;
}

static void vdu_test_vblank(struct vdu_test *t)
{
	rcar_du_mdev_vdu_crtc_vblank(&t->vdu, ++t->count, ktime_get_ns());
}

static void vdu_test_shown(struct vdu_test *t)
{
	struct rcar_du_mdev_latch latch;

	rcar_du_mdev_vdu_latch(&t->vdu, &latch);
	rcar_du_mdev_vdu_crtc_shown(&t->vdu, latch.seq, ++t->count,
				    ktime_get_ns());
}

static bool vdu_test_looks(struct vdu_test *t)
{
	return hrtimer_active(&t->vdu.clock.look_timer);
}

static struct vdu_test *vdu_test_new(struct kunit *test)
{
	struct device *dev = kunit_device_register(test, "vdu");
	struct vdu_test *t = kzalloc(sizeof(*t), GFP_KERNEL);
	int ret;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	KUNIT_ASSERT_NOT_NULL(test, t);
	ret = rcar_du_mdev_vdu_init(&t->vdu, dev, &vdu_test_ops);
	if (ret)
		kfree(t);
	KUNIT_ASSERT_EQ(test, ret, 0);
	ret = kunit_add_action_or_reset(test, vdu_test_free, t);
	KUNIT_ASSERT_EQ(test, ret, 0);
	vdu_test_command(t, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);

	return t;
}

/*
 * Starts the display, on a CRTC that then has a vertical blank. No timer expires until
 * vdu_test_end().
 */
static void vdu_test_begin(struct vdu_test *t, bool shadow)
{
	local_bh_disable();

	rcar_du_mdev_vdu_set_display(&t->vdu, 1);
	if (shadow)
		rcar_du_mdev_vdu_write(&t->vdu, RCAR_VDU_REGS_BAR,
				       RCAR_VDU_SHADOW_CTRL,
				       RCAR_VDU_SHADOW_CTRL_ENABLE);
	vdu_test_du(t, HCR, TOTAL_WIDTH - 1);
	vdu_test_du(t, VCR, TOTAL_HEIGHT - 1);
	vdu_test_du(t, DSYSR, DSYSR_DEN);
	vdu_test_vblank(t);
	t->latches = 0;
}

static void vdu_test_end(void)
{
	local_bh_enable();
}

/* What is written to registers waits for the vertical blank, if it is no flip. */
static void vdu_test_registers(struct kunit *test)
{
	struct vdu_test *t = vdu_test_new(test);
	unsigned int before, after;
	bool looks;

	vdu_test_begin(t, false);
	vdu_test_vblank(t);
	looks = vdu_test_looks(t);
	vdu_test_du(t, RCAR_VDU_PLANE_PAGE(0) + PnMWR, 64);
	before = t->latches;
	vdu_test_vblank(t);
	after = t->latches;
	vdu_test_end();

	KUNIT_EXPECT_FALSE(test, looks);
	KUNIT_EXPECT_EQ(test, before, 0);
	KUNIT_EXPECT_EQ(test, after, 1);
}

/* BAR 4 is looked at once more in each frame, also in the first of a CRTC. */
static void vdu_test_look(struct kunit *test)
{
	struct vdu_test *t = vdu_test_new(test);
	bool looks;

	vdu_test_begin(t, true);
	looks = vdu_test_looks(t);
	vdu_test_end();

	KUNIT_EXPECT_TRUE(test, looks);
}

/* A flip is latched at once, and no vertical blank is told until it is shown. */
static void vdu_test_pending(struct kunit *test)
{
	struct vdu_test *t = vdu_test_new(test);
	u32 before, pending, shown, after;
	unsigned int latches;

	vdu_test_begin(t, false);
	before = vdu_test_frames(t);
	vdu_test_du(t, RCAR_VDU_PLANE_PAGE(0) + PnDSA0R, 0x1000);
	latches = t->latches;
	vdu_test_vblank(t);
	pending = vdu_test_frames(t);
	vdu_test_shown(t);
	shown = vdu_test_frames(t);
	vdu_test_vblank(t);
	after = vdu_test_frames(t);
	vdu_test_end();

	KUNIT_EXPECT_EQ(test, latches, 1);
	KUNIT_EXPECT_EQ(test, pending, before);
	/* The one in between has gone by all the same. */
	KUNIT_EXPECT_EQ(test, shown, before + 2);
	KUNIT_EXPECT_EQ(test, after, before + 3);
}

static u32 vdu_test_error(struct vdu_test *t, unsigned int page)
{
	return rcar_du_mdev_vdu_read(&t->vdu, RCAR_VDU_REGS_BAR,
				     RCAR_VDU_PLANE(page) +
				     RCAR_VDU_PLANE_ERROR);
}

/* What the display refuses is an error of the planes that were to be shown, and of no other. */
static void vdu_test_refused(struct kunit *test)
{
	struct vdu_test *t = vdu_test_new(test);
	u32 errors[RCAR_VDU_NUM_PLANE_PAGES] = { };
	u32 shown, other, wrong, later, next;
	struct rcar_du_mdev_latch latch;

	vdu_test_begin(t, false);
	rcar_du_mdev_vdu_set_display(&t->vdu, 5);
	vdu_test_du(t, DS1PR, 0x31);
	vdu_test_vblank(t);
	rcar_du_mdev_vdu_latch(&t->vdu, &latch);
	errors[2] = RCAR_VDU_ERROR_FORMAT;
	rcar_du_mdev_vdu_report(&t->vdu, latch.seq, errors);
	rcar_du_mdev_vdu_set_refused(&t->vdu, latch.seq, true);
	shown = vdu_test_error(t, 0);
	other = vdu_test_error(t, 1);
	wrong = vdu_test_error(t, 2);
	/* Nobody asks for what was before. */
	rcar_du_mdev_vdu_set_refused(&t->vdu, latch.seq - 1, false);
	later = vdu_test_error(t, 0);
	vdu_test_du(t, RCAR_VDU_PLANE_PAGE(0) + PnDSA0R, 0x1000);
	next = vdu_test_error(t, 0);
	vdu_test_end();

	KUNIT_EXPECT_EQ(test, shown, RCAR_VDU_ERROR_INTERNAL);
	KUNIT_EXPECT_EQ(test, other, RCAR_VDU_ERROR_NONE);
	KUNIT_EXPECT_EQ(test, wrong, RCAR_VDU_ERROR_FORMAT);
	KUNIT_EXPECT_EQ(test, later, RCAR_VDU_ERROR_INTERNAL);
	KUNIT_EXPECT_EQ(test, next, RCAR_VDU_ERROR_NONE);
}

/* That another latch is shown says nothing. */
static void vdu_test_other_latch(struct kunit *test)
{
	struct vdu_test *t = vdu_test_new(test);
	struct rcar_du_mdev_latch latch;
	u32 before, after;

	vdu_test_begin(t, false);
	before = vdu_test_frames(t);
	vdu_test_du(t, RCAR_VDU_PLANE_PAGE(0) + PnDSA0R, 0x1000);
	rcar_du_mdev_vdu_latch(&t->vdu, &latch);
	rcar_du_mdev_vdu_crtc_shown(&t->vdu, latch.seq - 1, ++t->count,
				    ktime_get_ns());
	after = vdu_test_frames(t);
	vdu_test_end();

	KUNIT_EXPECT_EQ(test, after, before);
}

/* Each vertical blank is told once. */
static void vdu_test_told_once(struct kunit *test)
{
	struct vdu_test *t = vdu_test_new(test);
	u32 before, after;

	vdu_test_begin(t, false);
	before = vdu_test_frames(t);
	rcar_du_mdev_vdu_crtc_vblank(&t->vdu, t->count, ktime_get_ns());
	after = vdu_test_frames(t);
	vdu_test_end();

	KUNIT_EXPECT_EQ(test, after, before);
}

/* A display that is off has no vertical blank, whatever the CRTC does. */
static void vdu_test_off(struct kunit *test)
{
	struct vdu_test *t = vdu_test_new(test);
	u32 before, after;
	bool ticks;

	vdu_test_begin(t, false);
	vdu_test_du(t, DSYSR, DSYSR_DRES);
	before = vdu_test_frames(t);
	vdu_test_vblank(t);
	after = vdu_test_frames(t);
	ticks = hrtimer_active(&t->vdu.clock.timer);
	vdu_test_end();

	KUNIT_EXPECT_EQ(test, after, before);
	KUNIT_EXPECT_FALSE(test, ticks);
}

/* The guest sees a vertical blank only when the planes are off the screen. */
static void vdu_test_no_master(struct kunit *test)
{
	struct vdu_test *t = vdu_test_new(test);
	u32 before, pending, shown;

	vdu_test_begin(t, false);
	vdu_test_vblank(t);
	before = vdu_test_frames(t);
	vdu_test_command(t, PCI_COMMAND_MEMORY);
	vdu_test_vblank(t);
	pending = vdu_test_frames(t);
	vdu_test_shown(t);
	shown = vdu_test_frames(t);
	vdu_test_end();

	KUNIT_EXPECT_EQ(test, t->latches, 1);
	KUNIT_EXPECT_EQ(test, pending, before);
	KUNIT_EXPECT_EQ(test, shown, before + 2);
}

/* A write that comes when BARs do not answer is dropped, however late that is known. */
static void vdu_test_no_memory(struct kunit *test)
{
	struct vdu_test *t = vdu_test_new(test);

	vdu_test_du(t, DEWR, 123);
	vdu_test_command(t, 0);
	vdu_test_du(t, DEWR, 456);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_vdu_read(&t->vdu, RCAR_VDU_DU_BAR,
						    DEWR), ~0);
	vdu_test_command(t, PCI_COMMAND_MEMORY);
	KUNIT_EXPECT_EQ(test, rcar_du_mdev_vdu_read(&t->vdu, RCAR_VDU_DU_BAR,
						    DEWR), 123);
}

/* What the host wants to be latched once more is nothing new, but what a guest writes is. */
static void vdu_test_again(struct kunit *test)
{
	struct vdu_test *t = vdu_test_new(test);
	unsigned int latches, again;

	vdu_test_begin(t, false);
	rcar_du_mdev_vdu_latch_again(&t->vdu);
	vdu_test_vblank(t);
	vdu_test_shown(t);
	latches = t->latches;
	again = t->again;
	rcar_du_mdev_vdu_latch_again(&t->vdu);
	vdu_test_du(t, RCAR_VDU_PLANE_PAGE(0) + PnMWR, 64);
	vdu_test_vblank(t);
	vdu_test_end();

	KUNIT_EXPECT_EQ(test, latches, 1);
	KUNIT_EXPECT_EQ(test, again, 1);
	KUNIT_EXPECT_EQ(test, t->latches, 2);
	KUNIT_EXPECT_EQ(test, t->again, 1);
}

/* Also one whose planes are held off by IUPD, and one that is reset. */
static void vdu_test_tells_if_it_runs(struct kunit *test)
{
	struct vdu_test *t = vdu_test_new(test);
	bool held, written, stopped, again;

	vdu_test_begin(t, false);
	vdu_test_du(t, DSYSR, DSYSR_DRES);
	stopped = t->runs;
	vdu_test_du(t, DSYSR, DSYSR_DEN | DSYSR_IUPD);
	held = t->runs;
	vdu_test_du(t, HCR, TOTAL_WIDTH);
	written = t->runs;
	rcar_du_mdev_vdu_reset(&t->vdu);
	again = t->runs;
	vdu_test_end();

	KUNIT_EXPECT_FALSE(test, stopped);
	KUNIT_EXPECT_TRUE(test, held);
	KUNIT_EXPECT_TRUE(test, written);
	KUNIT_EXPECT_FALSE(test, again);
}

static struct kunit_case vdu_test_cases[] = {
	KUNIT_CASE(vdu_test_registers),
	KUNIT_CASE(vdu_test_look),
	KUNIT_CASE(vdu_test_pending),
	KUNIT_CASE(vdu_test_refused),
	KUNIT_CASE(vdu_test_other_latch),
	KUNIT_CASE(vdu_test_told_once),
	KUNIT_CASE(vdu_test_off),
	KUNIT_CASE(vdu_test_no_master),
	KUNIT_CASE(vdu_test_no_memory),
	KUNIT_CASE(vdu_test_again),
	KUNIT_CASE(vdu_test_tells_if_it_runs),
	{}
};

static struct kunit_suite vdu_test_suite = {
	.name = "rcar_du_mdev_vdu",
	.test_cases = vdu_test_cases,
};

kunit_test_suite(vdu_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("R-Car DU mediated device: tests of a VDU on a CRTC of the host");
MODULE_LICENSE("GPL");
