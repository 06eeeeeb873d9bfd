// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: VDU registers
 *
 * BAR 2: limits, head, frame clock and what the DU's plane pages lack.
 */

#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include <kunit/visibility.h>

#include "rcar_du_mdev_bar2.h"
#include "rcar_du_mdev_regs.h"

#define RCAR_DU_MDEV_FORMATS						\
	(RCAR_VDU_FORMAT_RGB565 | RCAR_VDU_FORMAT_ARGB1555 |		\
	 RCAR_VDU_FORMAT_XRGB1555 | RCAR_VDU_FORMAT_XRGB8888 |		\
	 RCAR_VDU_FORMAT_ARGB8888 | RCAR_VDU_FORMAT_UYVY |		\
	 RCAR_VDU_FORMAT_YUYV | RCAR_VDU_FORMAT_NV12 |			\
	 RCAR_VDU_FORMAT_NV21 | RCAR_VDU_FORMAT_NV16)

#define RCAR_DU_MDEV_FEATURES						\
	(RCAR_VDU_FEATURE_BLEND | RCAR_VDU_FEATURE_SHADOW |		\
	 RCAR_VDU_FEATURE_FRAME_TIME)

#define RCAR_DU_MDEV_HEAD_INTS		RCAR_VDU_HEAD_INT_HOTPLUG

#define RCAR_DU_MDEV_SHADOW_CTRL_MASK					\
	(RCAR_VDU_SHADOW_CTRL_ENABLE | RCAR_VDU_SHADOW_CTRL_MESSAGES)

/* These keep values that mean nothing: a later minor version may define them. */
#define RCAR_DU_MDEV_ROLE_MASK		0xff
#define RCAR_DU_MDEV_BLEND_MASK		0xff
#define RCAR_DU_MDEV_MAPPING_MASK	0xff

static const u32 rcar_du_mdev_bar2_constants[] = {
	[RCAR_VDU_MAGIC / 4]		= RCAR_VDU_MAGIC_VALUE,
	[RCAR_VDU_VERSION / 4]		= RCAR_VDU_VERSION_MAJOR << 16 |
					  RCAR_VDU_VERSION_MINOR,
	[RCAR_VDU_MAX_WIDTH / 4]	= RCAR_DU_MDEV_MAX_WIDTH,
	[RCAR_VDU_MAX_HEIGHT / 4]	= RCAR_DU_MDEV_MAX_HEIGHT,
	[RCAR_VDU_MAX_PITCH / 4]	= RCAR_DU_MDEV_MAX_PITCH,
	[RCAR_VDU_PITCH_ALIGN / 4]	= RCAR_DU_MDEV_PITCH_ALIGN,
	[RCAR_VDU_FORMATS / 4]		= RCAR_DU_MDEV_FORMATS,
	[RCAR_VDU_ADDR_BITS / 4]	= RCAR_DU_MDEV_ADDR_BITS,
	[RCAR_VDU_MIN_REFRESH / 4]	= RCAR_DU_MDEV_MIN_REFRESH_MILLIHZ,
	[RCAR_VDU_MAX_REFRESH / 4]	= RCAR_DU_MDEV_MAX_REFRESH_MILLIHZ,
	[RCAR_VDU_CLKS / 4]		= RCAR_DU_MDEV_CLKS_HZ,
};

static bool rcar_du_mdev_bar2_is_plane(u32 offset)
{
	return offset >= RCAR_VDU_PLANE(0) &&
	       offset < RCAR_VDU_PLANE(RCAR_VDU_NUM_PLANE_PAGES);
}

/* Tells whether a plane page is one of what was latched last. */
static bool rcar_du_mdev_bar2_latched(const struct rcar_du_mdev_regs *regs,
				      u32 index)
{
	u32 dspr;

	for (dspr = regs->latch.dspr; dspr; dspr >>= 4) {
		if ((dspr & 0xf) == index + 1)
			return true;
	}

	return false;
}

static u32 rcar_du_mdev_bar2_plane_error(const struct rcar_du_mdev_regs *regs,
					 u32 index)
{
	if (regs->error[index] != RCAR_VDU_ERROR_NONE || !regs->refused)
		return regs->error[index];

	return rcar_du_mdev_bar2_latched(regs, index) ?
	       RCAR_VDU_ERROR_INTERNAL : RCAR_VDU_ERROR_NONE;
}

static u32 rcar_du_mdev_bar2_read_plane(const struct rcar_du_mdev_regs *regs,
					u32 offset)
{
	u32 stride = RCAR_VDU_PLANE(1) - RCAR_VDU_PLANE(0);
	u32 index = (offset - RCAR_VDU_PLANE(0)) / stride;

	switch ((offset - RCAR_VDU_PLANE(0)) % stride) {
	case RCAR_VDU_PLANE_ADDR_HI:
		return regs->addr_hi[index];
	case RCAR_VDU_PLANE_ROLE:
		return regs->role[index];
	case RCAR_VDU_PLANE_HOT_X:
		return regs->hot_x[index];
	case RCAR_VDU_PLANE_HOT_Y:
		return regs->hot_y[index];
	case RCAR_VDU_PLANE_ERROR:
		return rcar_du_mdev_bar2_plane_error(regs, index);
	case RCAR_VDU_PLANE_ALPHA:
		return regs->alpha[index];
	case RCAR_VDU_PLANE_BLEND:
		return regs->blend[index];
	case RCAR_VDU_PLANE_MAPPING:
		return regs->mapping[index];
	default:
		return 0;
	}
}

static void rcar_du_mdev_bar2_write_plane(struct rcar_du_mdev_regs *regs,
					  u32 offset, u32 value)
{
	u32 stride = RCAR_VDU_PLANE(1) - RCAR_VDU_PLANE(0);
	u32 index = (offset - RCAR_VDU_PLANE(0)) / stride;

	switch ((offset - RCAR_VDU_PLANE(0)) % stride) {
	case RCAR_VDU_PLANE_ADDR_HI:
		regs->addr_hi[index] = value;
		break;
	case RCAR_VDU_PLANE_ROLE:
		regs->role[index] = value & RCAR_DU_MDEV_ROLE_MASK;
		break;
	case RCAR_VDU_PLANE_HOT_X:
		regs->hot_x[index] = value;
		break;
	case RCAR_VDU_PLANE_HOT_Y:
		regs->hot_y[index] = value;
		break;
	case RCAR_VDU_PLANE_ALPHA:
		regs->alpha[index] = value & RCAR_VDU_PLANE_ALPHA_MASK;
		break;
	case RCAR_VDU_PLANE_BLEND:
		regs->blend[index] = value & RCAR_DU_MDEV_BLEND_MASK;
		break;
	case RCAR_VDU_PLANE_MAPPING:
		regs->mapping[index] = value & RCAR_DU_MDEV_MAPPING_MASK;
		break;
	default:
		return;
	}

	regs->dirty = true;
}

/* -----------------------------------------------------------------------------
 * Check codes
 */

/*
 * Frames that have the code: from the first that showed the latch to the last one
 * before the next latch, or to now.
 */
static u32 rcar_du_mdev_bar2_crc_frames(const struct rcar_du_mdev_regs *regs,
					u32 *first)
{
	const struct rcar_du_mdev_crc_regs *crc = &regs->crc;
	u32 end = regs->frame_count + 1;

	*first = 0;
	if (!crc->valid ||
	    regs->latch_count - crc->seq >= RCAR_DU_MDEV_CRC_LATCHES)
		return 0;

	*first = crc->first[crc->seq % RCAR_DU_MDEV_CRC_LATCHES];
	if (regs->latch_count != crc->seq)
		end = crc->first[(crc->seq + 1) % RCAR_DU_MDEV_CRC_LATCHES];

	/* What was latched ahead of a frame may never have been shown. */
	return max_t(s32, end - *first, 0);
}

static u32 rcar_du_mdev_bar2_read_crc_frames(struct rcar_du_mdev_regs *regs)
{
	u32 frames = rcar_du_mdev_bar2_crc_frames(regs, &regs->crc.frame);

	regs->crc.frozen = frames ? regs->crc.value : 0;

	return frames;
}

static void rcar_du_mdev_bar2_write_crc_ctrl(struct rcar_du_mdev_regs *regs,
					     u32 value)
{
	u32 old = regs->crc.ctrl;

	if (!regs->has_crc)
		return;

	regs->crc.ctrl = value & RCAR_VDU_CRC_CTRL_ENABLE;
	if (!regs->crc.ctrl)
		regs->crc.valid = false;

	/* Codes are of latches, so what is shown already is latched again. */
	if (regs->crc.ctrl & ~old) {
		regs->crc.after = regs->latch_count;
		regs->again = true;
	}
}

/**
 * rcar_du_mdev_bar2_set_crc - The check code of what is or was shown is known
 * @regs: the registers
 * @seq: LATCH_COUNT of the latch
 * @value: the code
 *
 * Codes of latches from before they were turned on are dropped.
 */
void rcar_du_mdev_bar2_set_crc(struct rcar_du_mdev_regs *regs, u32 seq,
			       u32 value)
{
	struct rcar_du_mdev_crc_regs *crc = &regs->crc;

	if (!(crc->ctrl & RCAR_VDU_CRC_CTRL_ENABLE) ||
	    (s32)(seq - crc->after) <= 0)
		return;

	crc->seq = seq;
	crc->value = value;
	crc->valid = true;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_bar2_set_crc);

/* -----------------------------------------------------------------------------
 * Registers
 */

static u32 rcar_du_mdev_bar2_read_frame_time(struct rcar_du_mdev_regs *regs)
{
	u64 time = rcar_du_mdev_regs_frame_time(regs);

	regs->frame_time_hi = upper_32_bits(time);

	return lower_32_bits(time);
}

static u32 rcar_du_mdev_bar2_read_edid(const struct rcar_du_mdev_regs *regs,
				       u32 offset)
{
	u8 bytes[sizeof(u32)] = {};

	offset -= RCAR_VDU_EDID;
	if (offset < regs->edid_size)
		memcpy(bytes, regs->edid + offset,
		       min_t(u32, sizeof(bytes), regs->edid_size - offset));

	return get_unaligned_le32(bytes);
}

/**
 * rcar_du_mdev_bar2_read - Read a register of BAR 2
 * @regs: the registers
 * @offset: offset in BAR 2
 *
 * Return: the value; 0 for offsets that have no register.
 */
u32 rcar_du_mdev_bar2_read(struct rcar_du_mdev_regs *regs, u32 offset)
{
	if (offset % sizeof(u32))
		return 0;

	if (offset >= RCAR_VDU_EDID &&
	    offset < RCAR_VDU_EDID + RCAR_VDU_EDID_WINDOW_SIZE)
		return rcar_du_mdev_bar2_read_edid(regs, offset);

	if (rcar_du_mdev_bar2_is_plane(offset))
		return rcar_du_mdev_bar2_read_plane(regs, offset);

	switch (offset) {
	case RCAR_VDU_FEATURES:
		return RCAR_DU_MDEV_FEATURES |
		       (regs->has_crc ? RCAR_VDU_FEATURE_CRC : 0) |
		       (regs->no_snoop ? RCAR_VDU_FEATURE_NO_SNOOP : 0);
	case RCAR_VDU_NUM_PLANES:
		return regs->num_planes;
	case RCAR_VDU_DCLKIN:
		return regs->dclkin;
	case RCAR_VDU_HEAD_STATUS:
		return regs->head_status;
	case RCAR_VDU_HEAD_INT_STATUS:
		return regs->head_int_status;
	case RCAR_VDU_HEAD_INT_ENABLE:
		return regs->head_int_enable;
	case RCAR_VDU_EDID_SIZE:
		return regs->edid_size;
	case RCAR_VDU_FRAME_COUNT:
		return regs->frame_count;
	case RCAR_VDU_LATCH_COUNT:
		return regs->latch_count;
	case RCAR_VDU_FRAME_TIME_LO:
		return rcar_du_mdev_bar2_read_frame_time(regs);
	case RCAR_VDU_FRAME_TIME_HI:
		return regs->frame_time_hi;
	case RCAR_VDU_SHADOW_CTRL:
		return regs->shadow_ctrl;
	case RCAR_VDU_CRC_CTRL:
		return regs->crc.ctrl;
	case RCAR_VDU_CRC_FRAMES:
		return rcar_du_mdev_bar2_read_crc_frames(regs);
	case RCAR_VDU_CRC_FRAME:
		return regs->crc.frame;
	case RCAR_VDU_CRC_VALUE:
		return regs->crc.frozen;
	}

	offset /= sizeof(u32);
	return offset < ARRAY_SIZE(rcar_du_mdev_bar2_constants) ?
	       rcar_du_mdev_bar2_constants[offset] : 0;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_bar2_read);

/**
 * rcar_du_mdev_bar2_write - Write a register of BAR 2
 * @regs: the registers
 * @offset: offset in BAR 2
 * @value: the value
 *
 * Return: RCAR_DU_MDEV_EV_*, what the caller has to do.
 */
unsigned int rcar_du_mdev_bar2_write(struct rcar_du_mdev_regs *regs, u32 offset,
				     u32 value)
{
	u64 pending = rcar_du_mdev_regs_pending(regs);
	unsigned int events = 0;

	if (offset % sizeof(u32))
		return 0;

	if (rcar_du_mdev_bar2_is_plane(offset)) {
		rcar_du_mdev_bar2_write_plane(regs, offset, value);
		return 0;
	}

	switch (offset) {
	case RCAR_VDU_DCLKIN:
		regs->dclkin = value;
		if (rcar_du_mdev_regs_running(regs))
			events |= RCAR_DU_MDEV_EV_CLOCK;
		break;
	case RCAR_VDU_HEAD_INT_STATUS:
		regs->head_int_status &= ~value;
		break;
	case RCAR_VDU_HEAD_INT_ENABLE:
		regs->head_int_enable = value & RCAR_DU_MDEV_HEAD_INTS;
		break;
	case RCAR_VDU_SHADOW_CTRL:
		regs->shadow_ctrl = value & RCAR_DU_MDEV_SHADOW_CTRL_MASK;
		regs->shadow_seq = 0;
		break;
	case RCAR_VDU_SHADOW_DOORBELL:
		events |= RCAR_DU_MDEV_EV_UPDATE;
		break;
	case RCAR_VDU_CRC_CTRL:
		rcar_du_mdev_bar2_write_crc_ctrl(regs, value);
		break;
	}

	return events | rcar_du_mdev_regs_irq_events(regs, pending);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_bar2_write);

/**
 * rcar_du_mdev_bar2_set_edid - Change what the guest sees of the monitor
 * @regs: the registers
 * @edid: the EDID; not looked at if @size is 0
 * @size: bytes of @edid; what the EDID window has no room for is left out
 * @connected: there is a monitor
 *
 * The guest gets a hot-plug interrupt only if something has changed.
 *
 * Return: RCAR_DU_MDEV_EV_*, what the caller has to do.
 */
unsigned int rcar_du_mdev_bar2_set_edid(struct rcar_du_mdev_regs *regs,
					const u8 *edid, u32 size,
					bool connected)
{
	bool was_connected = regs->head_status & RCAR_VDU_HEAD_CONNECTED;
	u64 pending = rcar_du_mdev_regs_pending(regs);

	size = min_t(u32, size, sizeof(regs->edid));

	if (connected == was_connected && size == regs->edid_size &&
	    (!size || !memcmp(regs->edid, edid, size)))
		return 0;

	if (size)
		memcpy(regs->edid, edid, size);
	regs->edid_size = size;

	if (connected)
		regs->head_status |= RCAR_VDU_HEAD_CONNECTED;
	else
		regs->head_status &= ~RCAR_VDU_HEAD_CONNECTED;
	regs->head_int_status |= RCAR_VDU_HEAD_INT_HOTPLUG;

	return rcar_du_mdev_regs_irq_events(regs, pending);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_bar2_set_edid);
