// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a guest does: good pictures, and registers with anything in them
 */

#include <string.h>
#include <sys/mman.h>

#include <linux/pci_regs.h>

#include "random.h"

static const int no_errors[] = { 0 };
static const int region_errors[] = { EINVAL, EFAULT, EIO, 0 };

static int write_reg(struct random_ctx *ctx, unsigned int region, __u64 offset,
		     __u32 value)
{
	ssize_t ret = __vfio_gfx_pwrite(&ctx->state->dev, region, offset,
					&value, sizeof(value));

	return ret < 0 ? ret : 0;
}

/* -----------------------------------------------------------------------------
 * The display
 */

static int op_timing(struct random_ctx *ctx)
{
	const struct vfio_gfx_timing *timings[] = {
		&vfio_gfx_fast, &vfio_gfx_vga60, &vfio_gfx_vga60,
		&vfio_gfx_1080p60,
	};
	struct vfio_gfx_timing t = *rnd_pick(&ctx->rnd, timings);
	struct vfio_gfx_dev *dev = &ctx->state->dev;
	__u16 command = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;

	/* The host's display has none that is so fast. */
	if (strcmp(ctx->state->target->type, "virtual") && t.clock > 80000000 &&
	    !rnd_one_in(&ctx->rnd, 8))
		t = vfio_gfx_vga60;
	if (rnd_one_in(&ctx->rnd, 8))
		t.htotal = rnd_near(&ctx->rnd, t.htotal);

	__vfio_gfx_pwrite(dev, VFIO_GFX_CONFIG, PCI_COMMAND, &command,
			  sizeof(command));
	vfio_gfx_timing(dev, &t);
	vfio_gfx_start(dev);
	return 0;
}

static int op_stop(struct random_ctx *ctx)
{
	return write_reg(ctx, VFIO_GFX_DU, DSYSR, DSYSR_DRES);
}

static int op_command(struct random_ctx *ctx)
{
	__u16 command = rnd_near(&ctx->rnd, PCI_COMMAND_MEMORY |
				 PCI_COMMAND_MASTER);

	__vfio_gfx_pwrite(&ctx->state->dev, VFIO_GFX_CONFIG, PCI_COMMAND,
			  &command, sizeof(command));
	return 0;
}

/* -----------------------------------------------------------------------------
 * Planes
 */

/* In guest RAM, in memory that comes and goes, rarely elsewhere. */
static __u64 any_address(struct random_ctx *ctx)
{
	__u64 addr = VFIO_GFX_RAM_IOVA +
		     rnd_below(&ctx->rnd, RANDOM_BLOCKS) * RANDOM_BLOCK_SIZE;

	if (rnd_one_in(&ctx->rnd, 4))
		addr = RANDOM_HOLE_IOVA + 0x10000 * rnd_below(&ctx->rnd, 64);
	if (rnd_one_in(&ctx->rnd, 8))
		addr += 16 * rnd_below(&ctx->rnd, 4096);
	if (rnd_one_in(&ctx->rnd, 32))
		addr = rnd_next(&ctx->rnd);
	return addr;
}

static void any_plane(struct random_ctx *ctx, struct vfio_gfx_plane *plane)
{
	static const unsigned int widths[] = { 64, 256, 640, 1280, 4095 };
	static const unsigned int heights[] = { 16, 64, 480, 720, 2047 };

	*plane = (struct vfio_gfx_plane) {
		.page = rnd_below(&ctx->rnd, 6),
		.fourcc = rnd_one_in(&ctx->rnd, 2) ? DRM_FORMAT_XRGB8888 :
			  rnd_pick(&ctx->rnd, vfio_gfx_formats).fourcc,
		.addr = any_address(ctx),
		.chroma = any_address(ctx),
		.width = rnd_pick(&ctx->rnd, widths),
		.height = rnd_pick(&ctx->rnd, heights),
		.x = rnd_near(&ctx->rnd, 0),
		.y = rnd_near(&ctx->rnd, 0),
		.role = rnd_below(&ctx->rnd, 4),
	};
	if (rnd_one_in(&ctx->rnd, 8))
		plane->pitch = rnd_near(&ctx->rnd, plane->width);
	if (rnd_one_in(&ctx->rnd, 8))
		plane->src_x = rnd_near(&ctx->rnd, 16);
}

static int op_show(struct random_ctx *ctx)
{
	struct vfio_gfx_dev *dev = &ctx->state->dev;
	unsigned int i, num = 1 + rnd_below(&ctx->rnd, 3);
	__u32 priority = 0;

	vfio_gfx_du_write(dev, DSYSR, DSYSR_DEN | DSYSR_IUPD);
	for (i = 0; i < num; i++) {
		struct vfio_gfx_plane plane;

		any_plane(ctx, &plane);
		vfio_gfx_plane_write(dev, &plane);
		priority = priority << 4 | (plane.page + 1);
		if (vfio_gfx_format(plane.fourcc)->pages == 2)
			priority = priority << 4 | (plane.page + 2);
	}
	vfio_gfx_priority(dev, rnd_near(&ctx->rnd, priority));
	vfio_gfx_du_write(dev, DSYSR, DSYSR_DEN);
	return 0;
}

/* As a guest does that flips between two buffers. */
static int op_flip(struct random_ctx *ctx)
{
	struct vfio_gfx_dev *dev = &ctx->state->dev;
	unsigned int page = rnd_below(&ctx->rnd, 2);

	vfio_gfx_du_write(dev, RCAR_VDU_PLANE_PAGE(page) + PnDSA0R,
			  VFIO_GFX_RAM_IOVA + RANDOM_BLOCK_SIZE *
			  rnd_below(&ctx->rnd, RANDOM_BLOCKS));
	return 0;
}

static int op_register(struct random_ctx *ctx)
{
	static const __u32 registers[] = {
		DSYSR, DSMR, DSSR, DSRCR, DIER, HDSR, VDSR, HCR, VCR, DESR,
		DEWR, DS1PR, DS2PR, DORCR, DPTSR,
	};
	__u32 reg = rnd_pick(&ctx->rnd, registers);

	if (rnd_one_in(&ctx->rnd, 2))
		reg = RCAR_VDU_PLANE_PAGE(rnd_below(&ctx->rnd, 8)) +
		      4 * rnd_below(&ctx->rnd, 0x28);
	if (rnd_one_in(&ctx->rnd, 8))
		reg = ESCR0;
	return write_reg(ctx, VFIO_GFX_DU, reg, rnd_one_in(&ctx->rnd, 2) ?
			 rnd_next(&ctx->rnd) : rnd_below(&ctx->rnd, 0x1000));
}

static int op_page_register(struct random_ctx *ctx)
{
	static const __u16 registers[] = {
		RCAR_VDU_DCLKIN, RCAR_VDU_HEAD_INT_STATUS,
		RCAR_VDU_HEAD_INT_ENABLE, RCAR_VDU_SHADOW_CTRL,
		RCAR_VDU_SHADOW_DOORBELL, RCAR_VDU_CRC_CTRL,
	};
	__u32 reg = rnd_pick(&ctx->rnd, registers);

	if (rnd_one_in(&ctx->rnd, 2))
		reg = RCAR_VDU_PLANE(rnd_below(&ctx->rnd, 8)) +
		      4 * rnd_below(&ctx->rnd, 7);
	return write_reg(ctx, VFIO_GFX_PAGE, reg, rnd_one_in(&ctx->rnd, 2) ?
			 rnd_next(&ctx->rnd) : rnd_below(&ctx->rnd, 4));
}

/* -----------------------------------------------------------------------------
 * Shadow plane pages
 */

static const int shadow_errors[] = { EINVAL, ENODEV, ENOMEM, EAGAIN, 0 };

static int shadow_map(struct random_ctx *ctx, struct random_slot *slot)
{
	slot->size = RCAR_VDU_SHADOW_BAR_SIZE;
	slot->map = mmap(NULL, slot->size, PROT_READ | PROT_WRITE, MAP_SHARED,
			 ctx->state->dev.fd,
			 ctx->state->dev.offset[RCAR_VDU_SHADOW_BAR]);
	if (slot->map != MAP_FAILED)
		return 0;
	slot->map = NULL;
	return -errno;
}

/* May fault, as the guest can have turned memory off. */
static void shadow_store(struct random_slot *slot, __u32 offset, __u32 value)
{
	random_store((__u32 *)slot->map + offset / 4, value);
}

static int op_shadow(struct random_ctx *ctx)
{
	struct random_slot *slot = &ctx->state->shadow;
	int ret = 0;

	if (pthread_mutex_trylock(&slot->lock))
		return RANDOM_NOTHING;
	if (!slot->map)
		ret = shadow_map(ctx, slot);
	if (!ret) {
		__u32 seq = rnd_next(&ctx->rnd);
		unsigned int i;

		shadow_store(slot, RCAR_VDU_SHADOW_SEQ, seq | 1);
		for (i = rnd_below(&ctx->rnd, 8); i; i--)
			shadow_store(slot, 4 * rnd_below(&ctx->rnd, 0x700),
				     rnd_next(&ctx->rnd));
		shadow_store(slot, RCAR_VDU_SHADOW_DS1PR, rnd_near(&ctx->rnd, 1));
		shadow_store(slot, RCAR_VDU_PLANE_PAGE(0) + PnDSA0R,
			     any_address(ctx));
		shadow_store(slot, RCAR_VDU_SHADOW_SEQ, (seq | 1) + 1);
		if (rnd_one_in(&ctx->rnd, 4)) {
			write_reg(ctx, VFIO_GFX_PAGE, RCAR_VDU_SHADOW_CTRL,
				  rnd_below(&ctx->rnd, 4));
			write_reg(ctx, VFIO_GFX_PAGE, RCAR_VDU_SHADOW_DOORBELL,
				  1);
		}
		if (rnd_one_in(&ctx->rnd, 16))
			random_slot_clear(slot);
	}
	random_slot_put(slot);
	return ret;
}

static int op_draw(struct random_ctx *ctx)
{
	random_block_draw(ctx->state, rnd_below(&ctx->rnd, RANDOM_BLOCKS));
	return 0;
}

const struct random_op random_guest_ops[] = {
	{ "timing", 4, op_timing, no_errors, RANDOM_DEV, NULL },
	{ "stop", 1, op_stop, region_errors, RANDOM_DEV, NULL },
	{ "command", 1, op_command, no_errors, RANDOM_DEV, NULL },
	{ "show", 40, op_show, no_errors, RANDOM_DEV, NULL },
	{ "flip", 24, op_flip, no_errors, RANDOM_DEV, NULL },
	{ "register", 8, op_register, region_errors, RANDOM_DEV, NULL },
	{ "page_register", 6, op_page_register, region_errors, RANDOM_DEV,
	  NULL },
	{ "shadow", 16, op_shadow, shadow_errors, RANDOM_DEV, NULL },
	{ "draw", 16, op_draw, no_errors, 0, NULL },
	{ 0 }
};
