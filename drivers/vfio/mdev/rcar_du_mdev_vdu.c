// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: what the guest sees of the VDU
 *
 * Registers, configuration space and shadow plane pages under one lock, what a
 * vertical blank does to them, and the place where their events are acted upon.
 */

#include <linux/export.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <kunit/visibility.h>

#include "rcar_du_mdev_bar2.h"
#include "rcar_du_mdev_shadow.h"
#include "rcar_du_mdev_trace.h"
#include "rcar_du_mdev_vdu.h"

/* -----------------------------------------------------------------------------
 * Events
 */

static void rcar_du_mdev_vdu_publish_locked(struct rcar_du_mdev_vdu *vdu)
{
	lockdep_assert_held(&vdu->lock);

	rcar_du_mdev_shadow_publish(&vdu->regs, vdu->shadow,
				    rcar_du_mdev_clock_awake_locked(&vdu->clock));
}

static void rcar_du_mdev_vdu_update_clock_locked(struct rcar_du_mdev_vdu *vdu)
{
	bool runs = rcar_du_mdev_regs_running(&vdu->regs);
	u64 period = 0;

	lockdep_assert_held(&vdu->lock);

	if (runs)
		period = rcar_du_mdev_regs_frame_period(&vdu->regs);

	rcar_du_mdev_clock_set_period_locked(&vdu->clock, period);
	vdu->ops->runs(vdu, runs);
}

/* Acts upon what the registers ask for: RCAR_DU_MDEV_EV_*. */
static void rcar_du_mdev_vdu_events_locked(struct rcar_du_mdev_vdu *vdu,
					   unsigned int events)
{
	lockdep_assert_held(&vdu->lock);

	if (events & RCAR_DU_MDEV_EV_CLOCK)
		rcar_du_mdev_vdu_update_clock_locked(vdu);
	if (events & RCAR_DU_MDEV_EV_UPDATE &&
	    rcar_du_mdev_clock_on_crtc_locked(&vdu->clock))
		events |= rcar_du_mdev_regs_update(&vdu->regs);
	if (events & RCAR_DU_MDEV_EV_LATCH) {
		rcar_du_mdev_clock_latched_locked(&vdu->clock);
		vdu->ops->latch(vdu, vdu->regs.latch.again);
	}
	rcar_du_mdev_vdu_publish_locked(vdu);
	if (events & RCAR_DU_MDEV_EV_RAISE) {
		rcar_du_mdev_cfg_set_intx(&vdu->cfg, true);
		rcar_du_mdev_irq_raise(&vdu->irq);
	}
	if (events & RCAR_DU_MDEV_EV_LOWER) {
		rcar_du_mdev_cfg_set_intx(&vdu->cfg, false);
		rcar_du_mdev_irq_lower(&vdu->irq);
	}
}

/* Acts upon what the configuration space allows the function to do. */
static void rcar_du_mdev_vdu_update_power_locked(struct rcar_du_mdev_vdu *vdu)
{
	bool powered = rcar_du_mdev_cfg_powered(&vdu->cfg);
	bool master = rcar_du_mdev_cfg_master_enabled(&vdu->cfg);
	unsigned int events;

	lockdep_assert_held(&vdu->lock);

	/* What may be fetched again shows what is in the shadow pages. */
	if (master && !vdu->regs.master)
		rcar_du_mdev_shadow_take(&vdu->regs, vdu->shadow);
	events = rcar_du_mdev_regs_set_power(&vdu->regs, powered, master);
	if (events)
		rcar_du_mdev_vdu_events_locked(vdu, events);
	rcar_du_mdev_irq_allow(&vdu->irq,
			       rcar_du_mdev_cfg_intx_enabled(&vdu->cfg), master);
}

/* -----------------------------------------------------------------------------
 * Vertical blanks by the timer
 */

/* Counts the vertical blanks until now. Returns the events. */
static unsigned int
rcar_du_mdev_vdu_count_locked(struct rcar_du_mdev_vdu *vdu)
{
	unsigned int events;
	u64 time_ns;

	lockdep_assert_held(&vdu->lock);

	/* A late host loses interrupts, but the frames have gone by all the same. */
	vdu->regs.frame_count +=
		rcar_du_mdev_clock_forward_locked(&vdu->clock, &time_ns);
	events = rcar_du_mdev_regs_vblank(&vdu->regs, time_ns);
	rcar_du_mdev_shadow_done(&vdu->regs, vdu->shadow);
	rcar_du_mdev_vdu_events_locked(vdu, events);
	trace_rcar_du_mdev_vblank(vdu->dev, vdu->regs.frame_count, events);

	return events;
}

/* The clock has stopped counting: see that nothing was written meanwhile. */
static void rcar_du_mdev_vdu_asleep_locked(struct rcar_du_mdev_vdu *vdu)
{
	lockdep_assert_held(&vdu->lock);

	rcar_du_mdev_vdu_publish_locked(vdu);

	/* A driver that did not see that yet sends no doorbell: it wrote before. */
	virt_mb();
	if (rcar_du_mdev_shadow_take(&vdu->regs, vdu->shadow)) {
		rcar_du_mdev_clock_wake_locked(&vdu->clock);
		rcar_du_mdev_vdu_publish_locked(vdu);
	}
}

static void rcar_du_mdev_vdu_expired(struct rcar_du_mdev_clock *clock)
{
	struct rcar_du_mdev_vdu *vdu =
		container_of(clock, struct rcar_du_mdev_vdu, clock);
	unsigned int events;

	lockdep_assert_held(&vdu->lock);

	rcar_du_mdev_shadow_take(&vdu->regs, vdu->shadow);
	events = rcar_du_mdev_vdu_count_locked(vdu);

	/* A device with a part of a display waits for its CRTC to come back. */
	if (events || vdu->has_crtc ||
	    rcar_du_mdev_regs_wants_vblank(&vdu->regs))
		rcar_du_mdev_clock_busy_locked(clock);
	else if (rcar_du_mdev_clock_idle_locked(clock))
		rcar_du_mdev_vdu_asleep_locked(vdu);
}

/*
 * Somebody looks at the frame clock: whoever reads or writes registers, or wants
 * a latch, calls this first. The vertical blanks that nobody counted are counted
 * then.
 */
static void rcar_du_mdev_vdu_wake_locked(struct rcar_du_mdev_vdu *vdu)
{
	lockdep_assert_held(&vdu->lock);

	if (!rcar_du_mdev_clock_wake_locked(&vdu->clock))
		return;

	if (rcar_du_mdev_clock_overdue_locked(&vdu->clock))
		rcar_du_mdev_vdu_count_locked(vdu);
	rcar_du_mdev_vdu_publish_locked(vdu);
	rcar_du_mdev_clock_resume_locked(&vdu->clock);
}

/* -----------------------------------------------------------------------------
 * Vertical blanks of a CRTC
 */

/* Takes over what is new, if the CRTC can show it. */
static void rcar_du_mdev_vdu_look_locked(struct rcar_du_mdev_vdu *vdu)
{
	lockdep_assert_held(&vdu->lock);

	if (rcar_du_mdev_clock_pending_locked(&vdu->clock))
		return;

	rcar_du_mdev_shadow_take(&vdu->regs, vdu->shadow);
	rcar_du_mdev_vdu_events_locked(vdu, RCAR_DU_MDEV_EV_UPDATE);
}

static void rcar_du_mdev_vdu_look(struct rcar_du_mdev_clock *clock)
{
	rcar_du_mdev_vdu_look_locked(container_of(clock, struct rcar_du_mdev_vdu,
						  clock));
}

static const struct rcar_du_mdev_clock_ops rcar_du_mdev_vdu_clock_ops = {
	.expired = rcar_du_mdev_vdu_expired,
	.look = rcar_du_mdev_vdu_look,
};

/* A frame began on the CRTC that shows the display. */
static void rcar_du_mdev_vdu_tick_locked(struct rcar_du_mdev_vdu *vdu,
					 u64 count, u64 time_ns)
{
	unsigned int events;
	u64 missed;

	lockdep_assert_held(&vdu->lock);

	if (!rcar_du_mdev_clock_tick_locked(&vdu->clock, count, &missed))
		return;

	vdu->regs.frame_count += missed;
	rcar_du_mdev_shadow_done(&vdu->regs, vdu->shadow);
	events = rcar_du_mdev_regs_vblank(&vdu->regs, time_ns);
	rcar_du_mdev_vdu_events_locked(vdu, events);
	trace_rcar_du_mdev_vblank(vdu->dev, vdu->regs.frame_count, events);
}

/**
 * rcar_du_mdev_vdu_crtc_vblank - A vertical blank of the CRTC that shows the display
 * @vdu: the VDU
 * @count: its number
 * @time_ns: CLOCK_MONOTONIC time, ns
 *
 * A guest that has written registers takes the next vertical blank it sees for
 * the one that shows them, and draws into the buffer that was shown before. So
 * it sees none until the CRTC shows what was latched.
 *
 * Context: any.
 */
void rcar_du_mdev_vdu_crtc_vblank(struct rcar_du_mdev_vdu *vdu, u64 count,
				  u64 time_ns)
{
	scoped_guard(spinlock_irqsave, &vdu->lock) {
		if (!rcar_du_mdev_clock_crtc_locked(&vdu->clock))
			return;

		/* What is written to BAR 4 comes without a word. */
		if (vdu->regs.shadow_ctrl & RCAR_VDU_SHADOW_CTRL_ENABLE)
			rcar_du_mdev_clock_look_later_locked(&vdu->clock,
							     time_ns);

		/* Guests that don't use IUPD. */
		rcar_du_mdev_vdu_look_locked(vdu);
		if (!rcar_du_mdev_clock_pending_locked(&vdu->clock))
			rcar_du_mdev_vdu_tick_locked(vdu, count, time_ns);
	}
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_vdu_crtc_vblank);

/**
 * rcar_du_mdev_vdu_crtc_shown - The CRTC shows what was latched
 * @vdu: the VDU
 * @seq: LATCH_COUNT of what it shows
 * @count: number of the vertical blank since which it does
 * @time_ns: CLOCK_MONOTONIC time of it, ns
 *
 * Context: any.
 */
void rcar_du_mdev_vdu_crtc_shown(struct rcar_du_mdev_vdu *vdu, u32 seq,
				 u64 count, u64 time_ns)
{
	scoped_guard(spinlock_irqsave, &vdu->lock) {
		if (!rcar_du_mdev_clock_pending_locked(&vdu->clock) ||
		    seq != vdu->regs.latch.seq)
			return;

		rcar_du_mdev_clock_shown_locked(&vdu->clock);
		rcar_du_mdev_vdu_tick_locked(vdu, count, time_ns);
	}
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_vdu_crtc_shown);

/**
 * rcar_du_mdev_vdu_frame_period - Time from one vertical blank to the next
 * @vdu: the VDU
 *
 * Context: any.
 * Return: the time, ns, or 0 if the display is stopped.
 */
u64 rcar_du_mdev_vdu_frame_period(const struct rcar_du_mdev_vdu *vdu)
{
	return rcar_du_mdev_clock_period(&vdu->clock);
}

/* -----------------------------------------------------------------------------
 * Accesses of the guest
 */

/**
 * rcar_du_mdev_vdu_read - Read a register
 * @vdu: the VDU
 * @bar: RCAR_VDU_DU_BAR or RCAR_VDU_REGS_BAR
 * @offset: offset in it
 *
 * Context: any.
 * Return: the value; 0 for offsets that have no register, all ones if the function
 * does not answer.
 */
u32 rcar_du_mdev_vdu_read(struct rcar_du_mdev_vdu *vdu, unsigned int bar,
			  u32 offset)
{
	u32 value;

	scoped_guard(spinlock_irqsave, &vdu->lock) {
		if (!rcar_du_mdev_cfg_memory_enabled(&vdu->cfg))
			return ~0;

		rcar_du_mdev_vdu_wake_locked(vdu);
		if (bar == RCAR_VDU_DU_BAR)
			value = rcar_du_mdev_regs_read(&vdu->regs, offset);
		else
			value = rcar_du_mdev_bar2_read(&vdu->regs, offset);
	}

	return value;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_vdu_read);

/**
 * rcar_du_mdev_vdu_write - Write a register
 * @vdu: the VDU
 * @bar: RCAR_VDU_DU_BAR or RCAR_VDU_REGS_BAR
 * @offset: offset in it
 * @value: the value
 *
 * It is dropped if the function does not answer.
 *
 * Context: any.
 */
void rcar_du_mdev_vdu_write(struct rcar_du_mdev_vdu *vdu, unsigned int bar,
			    u32 offset, u32 value)
{
	unsigned int events;

	trace_rcar_du_mdev_write(vdu->dev, bar, offset, value);

	scoped_guard(spinlock_irqsave, &vdu->lock) {
		if (!rcar_du_mdev_cfg_memory_enabled(&vdu->cfg))
			return;

		rcar_du_mdev_vdu_wake_locked(vdu);
		/* A display that starts shows what is in the shadow pages. */
		if (bar == RCAR_VDU_DU_BAR ? offset == DSYSR :
					     offset == RCAR_VDU_SHADOW_DOORBELL)
			rcar_du_mdev_shadow_take(&vdu->regs, vdu->shadow);

		if (bar == RCAR_VDU_DU_BAR)
			events = rcar_du_mdev_regs_write(&vdu->regs, offset, value);
		else
			events = rcar_du_mdev_bar2_write(&vdu->regs, offset, value);

		rcar_du_mdev_vdu_events_locked(vdu, events);
	}
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_vdu_write);

/**
 * rcar_du_mdev_vdu_read_cfg - Read from the configuration space
 * @vdu: the VDU
 * @offset: first byte, within it
 * @buf: where to
 * @count: bytes, within it
 */
void rcar_du_mdev_vdu_read_cfg(struct rcar_du_mdev_vdu *vdu, u32 offset,
			       u8 *buf, u32 count)
{
	scoped_guard(spinlock_irqsave, &vdu->lock)
		rcar_du_mdev_cfg_read(&vdu->cfg, offset, buf, count);
}

/**
 * rcar_du_mdev_vdu_write_cfg - Write to the configuration space
 * @vdu: the VDU
 * @offset: first byte, within it
 * @buf: where from
 * @count: bytes, within it
 *
 * Return: true if this asks for a function level reset, which the caller does.
 */
bool rcar_du_mdev_vdu_write_cfg(struct rcar_du_mdev_vdu *vdu, u32 offset,
				const u8 *buf, u32 count)
{
	bool reset;

	scoped_guard(spinlock_irqsave, &vdu->lock) {
		rcar_du_mdev_vdu_wake_locked(vdu);
		reset = rcar_du_mdev_cfg_write(&vdu->cfg, offset, buf, count);
		rcar_du_mdev_vdu_update_power_locked(vdu);
	}

	return reset;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_vdu_write_cfg);

/**
 * rcar_du_mdev_vdu_memory_enabled - Tell if the BARs answer
 * @vdu: the VDU
 *
 * Return: true in D0 if the guest has set COMMAND.Memory.
 */
bool rcar_du_mdev_vdu_memory_enabled(struct rcar_du_mdev_vdu *vdu)
{
	bool enabled;

	scoped_guard(spinlock_irqsave, &vdu->lock)
		enabled = rcar_du_mdev_cfg_memory_enabled(&vdu->cfg);

	return enabled;
}

/**
 * rcar_du_mdev_vdu_master_enabled - Tell if the guest's memory may be accessed
 * @vdu: the VDU
 *
 * Return: true in D0 if the guest has set COMMAND.BusMaster.
 */
bool rcar_du_mdev_vdu_master_enabled(struct rcar_du_mdev_vdu *vdu)
{
	bool enabled;

	scoped_guard(spinlock_irqsave, &vdu->lock)
		enabled = rcar_du_mdev_cfg_master_enabled(&vdu->cfg);

	return enabled;
}

/* -----------------------------------------------------------------------------
 * What the guest shows, and is told of it
 */

/**
 * rcar_du_mdev_vdu_latch - Get what was latched last
 * @vdu: the VDU
 * @latch: returns a copy
 */
void rcar_du_mdev_vdu_latch(struct rcar_du_mdev_vdu *vdu,
			    struct rcar_du_mdev_latch *latch)
{
	scoped_guard(spinlock_irqsave, &vdu->lock)
		memcpy(latch, &vdu->regs.latch, sizeof(*latch));
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_vdu_latch);

/**
 * rcar_du_mdev_vdu_latch_again - Latch at the next vertical blank, new or not
 * @vdu: the VDU
 *
 * Context: any.
 */
void rcar_du_mdev_vdu_latch_again(struct rcar_du_mdev_vdu *vdu)
{
	scoped_guard(spinlock_irqsave, &vdu->lock) {
		vdu->regs.again = true;
		rcar_du_mdev_vdu_wake_locked(vdu);
	}
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_vdu_latch_again);

/**
 * rcar_du_mdev_vdu_report - Tell the guest what is wrong with its planes
 * @vdu: the VDU
 * @seq: LATCH_COUNT of the latch that this is of
 * @errors: RCAR_VDU_ERROR_* for each plane page
 */
void rcar_du_mdev_vdu_report(struct rcar_du_mdev_vdu *vdu, u32 seq,
			     const u32 errors[RCAR_VDU_NUM_PLANE_PAGES])
{
	scoped_guard(spinlock_irqsave, &vdu->lock) {
		/* Otherwise there was a reset, or there is a newer latch. */
		if (seq == vdu->regs.latch.seq)
			memcpy(vdu->regs.error, errors,
			       sizeof(vdu->regs.error));
	}
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_vdu_report);

/**
 * rcar_du_mdev_vdu_set_refused - Tell the guest if the host's display takes its planes
 * @vdu: the VDU
 * @seq: LATCH_COUNT of the latch that this is of
 * @refused: it does not
 */
void rcar_du_mdev_vdu_set_refused(struct rcar_du_mdev_vdu *vdu, u32 seq,
				  bool refused)
{
	scoped_guard(spinlock_irqsave, &vdu->lock) {
		if (seq == vdu->regs.latch.seq)
			vdu->regs.refused = refused;
	}
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_vdu_set_refused);

/**
 * rcar_du_mdev_vdu_crc_enabled - Tell if the guest wants check codes
 * @vdu: the VDU
 *
 * Return: true if it does.
 */
bool rcar_du_mdev_vdu_crc_enabled(struct rcar_du_mdev_vdu *vdu)
{
	bool enabled;

	scoped_guard(spinlock_irqsave, &vdu->lock)
		enabled = vdu->regs.crc.ctrl & RCAR_VDU_CRC_CTRL_ENABLE;

	return enabled;
}

/**
 * rcar_du_mdev_vdu_report_crc - Tell the guest a check code
 * @vdu: the VDU
 * @seq: LATCH_COUNT of the latch that this is of
 * @crc: the code
 */
void rcar_du_mdev_vdu_report_crc(struct rcar_du_mdev_vdu *vdu, u32 seq,
				 u32 crc)
{
	scoped_guard(spinlock_irqsave, &vdu->lock)
		rcar_du_mdev_bar2_set_crc(&vdu->regs, seq, crc);
}

/**
 * rcar_du_mdev_vdu_counters - Get what the guest can count, without waking the clock
 * @vdu: the VDU
 * @latches: returns LATCH_COUNT
 * @frames: returns FRAME_COUNT
 */
void rcar_du_mdev_vdu_counters(struct rcar_du_mdev_vdu *vdu, u32 *latches,
			       u32 *frames)
{
	scoped_guard(spinlock_irqsave, &vdu->lock) {
		*latches = vdu->regs.latch_count;
		*frames = vdu->regs.frame_count;
	}
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_vdu_counters);

/**
 * rcar_du_mdev_vdu_set_edid - Change what the guest sees of the monitor
 * @vdu: the VDU
 * @edid: the EDID; not looked at if @size is 0
 * @size: bytes of @edid
 * @connected: there is a monitor
 */
void rcar_du_mdev_vdu_set_edid(struct rcar_du_mdev_vdu *vdu, const u8 *edid,
			       u32 size, bool connected)
{
	unsigned int events;

	scoped_guard(spinlock_irqsave, &vdu->lock) {
		events = rcar_du_mdev_bar2_set_edid(&vdu->regs, edid, size, connected);
		rcar_du_mdev_vdu_events_locked(vdu, events);
	}
}

/**
 * rcar_du_mdev_vdu_set_no_mode - Tell the guest if the host's display has its mode
 * @vdu: the VDU
 * @no_mode: it has not
 */
void rcar_du_mdev_vdu_set_no_mode(struct rcar_du_mdev_vdu *vdu, bool no_mode)
{
	scoped_guard(spinlock_irqsave, &vdu->lock) {
		vdu->regs.head_status &= ~RCAR_VDU_HEAD_NO_MODE;
		if (no_mode)
			vdu->regs.head_status |= RCAR_VDU_HEAD_NO_MODE;
	}
}

/* -----------------------------------------------------------------------------
 * Initialization and reset
 */

/**
 * rcar_du_mdev_vdu_set_crc - Decide if there are check codes
 * @vdu: the VDU; no guest uses it
 * @has_crc: there are
 */
void rcar_du_mdev_vdu_set_crc(struct rcar_du_mdev_vdu *vdu, bool has_crc)
{
	scoped_guard(spinlock_irqsave, &vdu->lock)
		vdu->regs.has_crc = has_crc;
}

/**
 * rcar_du_mdev_vdu_set_no_snoop - Decide what the guest is told of the display
 * @vdu: the VDU; no guest uses it
 * @no_snoop: the display does not snoop, and the guest can draw past the caches
 */
void rcar_du_mdev_vdu_set_no_snoop(struct rcar_du_mdev_vdu *vdu, bool no_snoop)
{
	scoped_guard(spinlock_irqsave, &vdu->lock)
		vdu->regs.no_snoop = no_snoop;
}

/**
 * rcar_du_mdev_vdu_set_display - Tell the VDU of its part of the host's display
 * @vdu: the VDU; no guest uses it
 * @num_planes: number of planes that the part has
 *
 * A CRTC of that display may become the frame clock.
 */
void rcar_du_mdev_vdu_set_display(struct rcar_du_mdev_vdu *vdu,
				  unsigned int num_planes)
{
	scoped_guard(spinlock_irqsave, &vdu->lock) {
		vdu->regs.num_planes = num_planes;
		vdu->has_crtc = true;
	}
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_vdu_set_display);

/**
 * rcar_du_mdev_vdu_reset - Reset the VDU
 * @vdu: the VDU
 *
 * BARs do not answer on return. What is in BAR 4 stays.
 */
void rcar_du_mdev_vdu_reset(struct rcar_du_mdev_vdu *vdu)
{
	scoped_guard(spinlock_irqsave, &vdu->lock) {
		rcar_du_mdev_regs_reset(&vdu->regs);
		rcar_du_mdev_cfg_reset(&vdu->cfg);
		rcar_du_mdev_vdu_events_locked(vdu, RCAR_DU_MDEV_EV_CLOCK |
						    RCAR_DU_MDEV_EV_LOWER);
		rcar_du_mdev_vdu_update_power_locked(vdu);
	}
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_vdu_reset);

/**
 * rcar_du_mdev_vdu_renew - Forget the last user
 * @vdu: the VDU, stopped
 *
 * FRAME_TIME begins with 0, and so do the counters.
 */
void rcar_du_mdev_vdu_renew(struct rcar_du_mdev_vdu *vdu)
{
	scoped_guard(spinlock_irqsave, &vdu->lock)
		rcar_du_mdev_regs_renew(&vdu->regs, ktime_get_ns());
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_vdu_renew);

/**
 * rcar_du_mdev_vdu_stop - Stop the frame clock
 * @vdu: the VDU
 *
 * Context: sleeps until a vertical blank in progress is over.
 */
void rcar_du_mdev_vdu_stop(struct rcar_du_mdev_vdu *vdu)
{
	rcar_du_mdev_clock_stop(&vdu->clock);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_vdu_stop);

/**
 * rcar_du_mdev_vdu_init - Prepare the VDU of a new device
 * @vdu: the VDU
 * @dev: the device
 * @ops: calls of the owner
 *
 * Return: 0 or -ENOMEM.
 */
int rcar_du_mdev_vdu_init(struct rcar_du_mdev_vdu *vdu, struct device *dev,
			  const struct rcar_du_mdev_vdu_ops *ops)
{
	vdu->shadow = vmalloc_user(RCAR_VDU_SHADOW_BAR_SIZE);
	if (!vdu->shadow)
		return -ENOMEM;

	vdu->dev = dev;
	vdu->ops = ops;
	spin_lock_init(&vdu->lock);
	rcar_du_mdev_irq_init(&vdu->irq, dev);
	rcar_du_mdev_regs_init(&vdu->regs);
	rcar_du_mdev_cfg_init(&vdu->cfg);
	rcar_du_mdev_clock_init(&vdu->clock, &vdu->lock,
				&rcar_du_mdev_vdu_clock_ops);
	rcar_du_mdev_vdu_reset(vdu);

	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_vdu_init);

/**
 * rcar_du_mdev_vdu_fini - Undo rcar_du_mdev_vdu_init()
 * @vdu: the VDU, which nobody uses any more
 */
void rcar_du_mdev_vdu_fini(struct rcar_du_mdev_vdu *vdu)
{
	rcar_du_mdev_irq_fini(&vdu->irq);
	vfree(vdu->shadow);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_vdu_fini);
