// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a display client does with the pictures it gets
 */

#define _GNU_SOURCE

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <linux/pci_regs.h>

#include "random.h"

static const int query_errors[] = { EINVAL, EFAULT, 0 };

static int op_query(struct random_ctx *ctx)
{
	struct vfio_device_gfx_plane_info info = {
		.argsz = rnd_near(&ctx->rnd, sizeof(info)),
		.flags = rnd_one_in(&ctx->rnd, 8) ? rnd_next(&ctx->rnd) :
			 VFIO_GFX_PLANE_TYPE_DMABUF,
		.drm_plane_type = rnd_near(&ctx->rnd,
					   1 + rnd_below(&ctx->rnd, 2)),
	};

	if (rnd_one_in(&ctx->rnd, 16))
		info.flags = VFIO_GFX_PLANE_TYPE_PROBE |
			     VFIO_GFX_PLANE_TYPE_REGION;
	if (ioctl(ctx->state->dev.fd, VFIO_DEVICE_QUERY_GFX_PLANE, &info))
		return -errno;
	if (info.dmabuf_id && info.flags == VFIO_GFX_PLANE_TYPE_DMABUF)
		__atomic_store_n(&ctx->state->ids[rnd_below(&ctx->rnd,
							    RANDOM_SLOTS)],
				 info.dmabuf_id, __ATOMIC_RELAXED);
	return 0;
}

static const int get_errors[] = {
	EINVAL, EFAULT, ENODEV, EMFILE, ENFILE, ENOMEM, 0
};

static int op_get(struct random_ctx *ctx)
{
	struct random_slot *slot = random_slot_get(ctx, ctx->state->bufs,
						   false);
	__u32 id = rnd_near(&ctx->rnd, rnd_pick(&ctx->rnd, ctx->state->ids));
	int fd;

	if (!slot)
		return RANDOM_NOTHING;
	fd = __vfio_gfx_get(&ctx->state->dev, id);
	if (fd >= 0) {
		random_slot_clear(slot);
		slot->fd = fd;
		slot->size = lseek(fd, 0, SEEK_END);
	}
	random_slot_put(slot);
	return fd < 0 ? fd : 0;
}

/* What a good guest shows, at once. */
static void show_one(struct random_ctx *ctx)
{
	struct vfio_gfx_dev *dev = &ctx->state->dev;
	struct vfio_gfx_plane plane = {
		.fourcc = DRM_FORMAT_XRGB8888,
		.addr = VFIO_GFX_RAM_IOVA + RANDOM_BLOCK_SIZE *
			rnd_below(&ctx->rnd, RANDOM_BLOCKS / 2),
		.width = 640,
		.height = 480,
		.role = RCAR_VDU_ROLE_PRIMARY,
	};
	__u16 command = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;

	__vfio_gfx_pwrite(dev, VFIO_GFX_CONFIG, PCI_COMMAND, &command,
			  sizeof(command));
	vfio_gfx_page_write(dev, RCAR_VDU_SHADOW_CTRL, 0);
	vfio_gfx_stop(dev);
	vfio_gfx_timing(dev, strcmp(ctx->state->target->type, "virtual") ?
			&vfio_gfx_vga60 : &vfio_gfx_fast);
	vfio_gfx_plane_write(dev, &plane);
	vfio_gfx_priority(dev, 1);
	vfio_gfx_start(dev);
}

/* A display client that takes what is shown next. */
static int op_picture(struct random_ctx *ctx)
{
	__u64 end = vfio_gfx_now_ms() + 200;
	struct vfio_device_gfx_plane_info info;
	struct random_slot *slot;
	int fd = -EINVAL;

	show_one(ctx);
	do {
		vfio_gfx_sleep_ms(2);
		__vfio_gfx_query(&ctx->state->dev, VFIO_GFX_PRIMARY, &info);
	} while (!info.dmabuf_id && vfio_gfx_now_ms() < end);
	if (!info.dmabuf_id)
		return RANDOM_NOTHING;
	__atomic_store_n(&ctx->state->ids[rnd_below(&ctx->rnd, RANDOM_SLOTS)],
			 info.dmabuf_id, __ATOMIC_RELAXED);

	slot = random_slot_get(ctx, ctx->state->bufs, false);
	if (!slot)
		return RANDOM_NOTHING;
	fd = __vfio_gfx_get(&ctx->state->dev, info.dmabuf_id);
	if (fd >= 0) {
		random_slot_clear(slot);
		slot->fd = fd;
		slot->size = lseek(fd, 0, SEEK_END);
	}
	random_slot_put(slot);
	return fd < 0 ? fd : 0;
}

static int op_close(struct random_ctx *ctx)
{
	struct random_slot *slot = random_slot_get(ctx, ctx->state->bufs,
						   true);

	if (!slot)
		return RANDOM_NOTHING;
	random_slot_clear(slot);
	random_slot_put(slot);
	return 0;
}

/* -----------------------------------------------------------------------------
 * Mappings
 */

static const int map_errors[] = {
	EINVAL, EACCES, EPERM, ENODEV, ENOMEM, EOVERFLOW, 0
};

static int op_map(struct random_ctx *ctx)
{
	struct random_slot *buf = random_slot_get(ctx, ctx->state->bufs, true);
	struct random_slot *slot = NULL;
	int prot = PROT_READ | (rnd_one_in(&ctx->rnd, 4) ? PROT_WRITE : 0);
	int flags = rnd_one_in(&ctx->rnd, 8) ? MAP_PRIVATE : MAP_SHARED;
	off_t offset = 0;
	int ret = RANDOM_NOTHING;
	size_t size;
	void *map;

	if (!buf)
		return ret;
	slot = random_slot_get(ctx, ctx->state->maps, false);
	if (!slot)
		goto out_buf;
	if (rnd_one_in(&ctx->rnd, 4))
		offset = 4096 * rnd_near(&ctx->rnd, rnd_below(&ctx->rnd, 16));
	size = rnd_one_in(&ctx->rnd, 4) ? 4096 * rnd_below(&ctx->rnd, 64) :
	       buf->size;

	map = mmap(NULL, size, prot, flags, buf->fd, offset);
	ret = map == MAP_FAILED ? -errno : 0;
	if (!ret) {
		random_slot_clear(slot);
		slot->map = map;
		slot->size = size;
		slot->writable = prot & PROT_WRITE;
	}
	random_slot_put(slot);
out_buf:
	random_slot_put(buf);
	return ret;
}

static int op_unmap(struct random_ctx *ctx)
{
	struct random_slot *slot = random_slot_get(ctx, ctx->state->maps,
						   true);

	if (!slot)
		return RANDOM_NOTHING;
	random_slot_clear(slot);
	random_slot_put(slot);
	return 0;
}

/* What has gone raises SIGBUS; what may be read only can't be written. */
static int op_touch(struct random_ctx *ctx)
{
	struct random_slot *slot = random_slot_get(ctx, ctx->state->maps,
						   true);
	unsigned int i;

	if (!slot)
		return RANDOM_NOTHING;
	for (i = 0; i < 4; i++)
		random_touch((__u8 *)slot->map + rnd_below(&ctx->rnd, slot->size),
			     slot->writable && rnd_one_in(&ctx->rnd, 4));
	if (rnd_one_in(&ctx->rnd, 4))
		madvise(slot->map, slot->size, MADV_DONTNEED);
	random_slot_put(slot);
	return 0;
}

static const int protect_errors[] = { EACCES, ENOMEM, 0 };

static int op_protect(struct random_ctx *ctx)
{
	struct random_slot *slot = random_slot_get(ctx, ctx->state->maps,
						   true);
	int ret;

	if (!slot)
		return RANDOM_NOTHING;
	ret = mprotect(slot->map, slot->size, PROT_READ | PROT_WRITE);
	if (!ret && !slot->writable)
		random_failed(ctx->state, "a mapping for reading became writable");
	ret = ret ? -errno : 0;
	random_slot_put(slot);
	return ret;
}

/* -----------------------------------------------------------------------------
 * The dma-buf's own ioctls
 */

static const int sync_errors[] = {
	EINVAL, EACCES, ENODEV, ENOMEM, ENOTTY, EINTR, EAGAIN, EBUSY, EFAULT, 0
};

static int op_sync(struct random_ctx *ctx)
{
	struct random_slot *slot = random_slot_get(ctx, ctx->state->bufs,
						   true);
	struct dma_buf_sync sync = {
		.flags = rnd_near(&ctx->rnd, DMA_BUF_SYNC_READ),
	};
	int ret;

	if (!slot)
		return RANDOM_NOTHING;
	if (rnd_one_in(&ctx->rnd, 4))
		sync.flags = 1 + rnd_below(&ctx->rnd, 3);
	if (rnd_one_in(&ctx->rnd, 2))
		sync.flags |= DMA_BUF_SYNC_END;
	random_fences_hold(ctx->state);
	ret = ioctl(slot->fd, DMA_BUF_IOCTL_SYNC, &sync) ? -errno : 0;
	random_fences_release(ctx->state);
	random_slot_put(slot);
	return ret;
}

static int op_buf_any(struct random_ctx *ctx)
{
	struct random_slot *slot = random_slot_get(ctx, ctx->state->bufs,
						   true);
	__u64 arg[4];
	int ret;

	if (!slot)
		return RANDOM_NOTHING;
	rnd_fill(&ctx->rnd, arg, sizeof(arg));
	switch (rnd_below(&ctx->rnd, 4)) {
	case 0:
		ret = ioctl(slot->fd, DMA_BUF_SET_NAME_B, "random");
		break;
	case 1:
		ret = ioctl(slot->fd, _IOC(rnd_below(&ctx->rnd, 4), 'b',
					   rnd_below(&ctx->rnd, 4), 8), arg);
		break;
	case 2:
		ret = lseek(slot->fd, rnd_near(&ctx->rnd, 0),
			    rnd_below(&ctx->rnd, 4)) < 0 ? -1 : 0;
		break;
	default:
		ret = pread(slot->fd, arg, sizeof(arg), 0) < 0 ? -1 : 0;
		break;
	}
	ret = ret ? -errno : 0;
	random_slot_put(slot);
	return ret;
}

/* -----------------------------------------------------------------------------
 * Fences
 */

#define SW_SYNC		"/sys/kernel/debug/sync/sw_sync"

struct sw_sync_create {
	__u32 value;
	char name[32];
	__s32 fence;
};

#define SW_SYNC_CREATE	_IOWR('W', 0, struct sw_sync_create)

/* A new fence on the slot's timeline, or a negative error code */
static int new_fence(struct random_ctx *ctx, struct random_slot *slot)
{
	struct sw_sync_create create = {
		.value = 1 + rnd_below(&ctx->rnd, 4),
		.name = "random",
	};

	if (slot->fd < 0)
		slot->fd = open(SW_SYNC, O_RDWR | O_CLOEXEC);
	if (slot->fd < 0)
		return -errno;
	return ioctl(slot->fd, SW_SYNC_CREATE, &create) ? -errno : create.fence;
}

/* A fence that may never be signalled, as any holder of the buffer can attach. */
static int op_fence(struct random_ctx *ctx)
{
	struct random_slot *buf = random_slot_get(ctx, ctx->state->bufs, true);
	struct random_slot *slot = NULL;
	struct dma_buf_import_sync_file import = {
		.flags = rnd_near(&ctx->rnd, 1 + rnd_below(&ctx->rnd, 3)),
	};
	int ret = RANDOM_NOTHING;

	if (!buf)
		return ret;
	slot = random_slot_get(ctx, ctx->state->fences, false);
	if (!slot)
		goto out_buf;
	import.fd = new_fence(ctx, slot);
	ret = import.fd;
	if (ret >= 0) {
		ret = ioctl(buf->fd, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &import) ?
		      -errno : 0;
		close(import.fd);
	}
	random_slot_put(slot);
out_buf:
	random_slot_put(buf);
	return ret == -ENOENT ? RANDOM_NOTHING : ret;
}

static int op_signal_fence(struct random_ctx *ctx)
{
	struct random_slot *slot = random_slot_get(ctx, ctx->state->fences,
						   true);
	__u32 steps = rnd_one_in(&ctx->rnd, 2) ? 1 : RANDOM_ALL_FENCES;

	if (!slot)
		return RANDOM_NOTHING;
	ioctl(slot->fd, RANDOM_SW_SYNC_INC, &steps);
	if (steps > 1)
		random_slot_clear(slot);
	random_slot_put(slot);
	return 0;
}

static int op_poll(struct random_ctx *ctx)
{
	struct random_slot *slot = random_slot_get(ctx, ctx->state->bufs,
						   true);
	struct dma_buf_export_sync_file export = {
		.flags = rnd_near(&ctx->rnd, 1 + rnd_below(&ctx->rnd, 3)),
	};
	struct pollfd poller = { .events = POLLIN | POLLOUT };
	int ret;

	if (!slot)
		return RANDOM_NOTHING;
	poller.fd = slot->fd;
	poll(&poller, 1, rnd_below(&ctx->rnd, 2));
	ret = ioctl(slot->fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &export) ?
	      -errno : 0;
	if (!ret)
		close(export.fd);
	random_slot_put(slot);
	return ret;
}

const struct random_op random_dmabuf_ops[] = {
	{ "query", 16, op_query, query_errors, RANDOM_DEV, NULL },
	{ "get", 8, op_get, get_errors, RANDOM_DEV, NULL },
	{ "picture", 20, op_picture, get_errors, RANDOM_DEV, NULL },
	{ "close", 6, op_close, NULL, 0, NULL },
	{ "map", 16, op_map, map_errors, 0, NULL },
	{ "unmap", 4, op_unmap, NULL, 0, NULL },
	{ "touch", 24, op_touch, NULL, 0, NULL },
	{ "protect", 4, op_protect, protect_errors, 0, NULL },
	{ "sync", 16, op_sync, sync_errors, 0, NULL },
	{ "buf_any", 8, op_buf_any, NULL, 0, NULL },
	{ "fence", 8, op_fence, sync_errors, 0, NULL },
	{ "signal_fence", 8, op_signal_fence, NULL, 0, NULL },
	{ "poll", 4, op_poll, sync_errors, 0, NULL },
	{ 0 }
};
