// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest memory comes and goes, and is looked at
 */

#include <sys/mman.h>

#include "random.h"

static const int map_errors[] = { EEXIST, EINVAL, ENOMEM, ENOSPC, EFAULT, EBUSY, 0 };
static const int unmap_errors[] = { ENOENT, EINVAL, EBUSY, ENOMEM, 0 };
static const int no_errors[] = { 0 };

static int op_map_hole(struct random_ctx *ctx)
{
	struct random_state *state = ctx->state;
	__u64 offset = 0, size = state->hole.size;

	if (rnd_one_in(&ctx->rnd, 4)) {
		offset = 0x10000 * rnd_below(&ctx->rnd, 64);
		size = 0x10000 * (1 + rnd_below(&ctx->rnd, 8));
		if (offset + size > state->hole.size)
			size = state->hole.size - offset;
	}
	return __vfio_gfx_dma_map(&state->dev, state->hole.va + offset,
				  state->hole.iova + offset, size,
				  !rnd_one_in(&ctx->rnd, 4));
}

static int op_unmap_hole(struct random_ctx *ctx)
{
	struct random_state *state = ctx->state;
	__u64 offset = 0, size = state->hole.size;

	if (rnd_one_in(&ctx->rnd, 4)) {
		offset = 0x1000 * rnd_below(&ctx->rnd, 1024);
		size = rnd_near(&ctx->rnd, 0x10000);
	}
	return __vfio_gfx_dma_unmap(&state->dev, state->hole.iova + offset,
				    size);
}

/* What a VMM maps by mistake */
static int op_map_any(struct random_ctx *ctx)
{
	struct random_state *state = ctx->state;
	__u64 size = rnd_near(&ctx->rnd, 0x1000);
	__u64 iova = rnd_one_in(&ctx->rnd, 2) ? rnd_next(&ctx->rnd) :
		     RANDOM_HOLE_IOVA + RANDOM_HOLE_SIZE;
	int ret;

	ret = __vfio_gfx_dma_map(&state->dev, state->hole.va, iova, size, true);
	if (!ret)
		__vfio_gfx_dma_unmap(&state->dev, iova, size);
	return ret;
}

/* As when the guest moves a BAR over its memory */
static int op_remap_ram(struct random_ctx *ctx)
{
	struct random_state *state = ctx->state;
	int ret = __vfio_gfx_dma_unmap(&state->dev, state->ram.iova,
				       state->ram.size);

	vfio_gfx_sleep_ms(rnd_below(&ctx->rnd, 4));
	__vfio_gfx_dma_map(&state->dev, state->ram.va, state->ram.iova,
			   state->ram.size, true);
	return ret;
}

/* Private memory that VFIO does not know has changed. */
static int op_replace_hole(struct random_ctx *ctx)
{
	struct random_state *state = ctx->state;

	madvise(state->hole.va, state->hole.size, MADV_DONTNEED);
	return 0;
}

static int op_check(struct random_ctx *ctx)
{
	unsigned int n = rnd_below(&ctx->rnd, RANDOM_BLOCKS);

	random_block_check(ctx->state, n);
	return 0;
}

const struct random_op random_memory_ops[] = {
	{ "map_hole", 12, op_map_hole, map_errors, RANDOM_DEV, NULL },
	{ "unmap_hole", 12, op_unmap_hole, unmap_errors, RANDOM_DEV, NULL },
	{ "map_any", 1, op_map_any, NULL, RANDOM_DEV, NULL },
	{ "remap_ram", 1, op_remap_ram, unmap_errors, RANDOM_DEV, NULL },
	{ "replace_hole", 1, op_replace_hole, no_errors, 0, NULL },
	{ "check", 12, op_check, no_errors, 0, NULL },
	{ 0 }
};
