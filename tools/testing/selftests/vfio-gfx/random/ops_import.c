// SPDX-License-Identifier: GPL-2.0-only
/*
 * Other devices that take the guest's pictures, and other users of its memory
 */

#define _GNU_SOURCE

#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <drm/drm.h>
#include <linux/udmabuf.h>

#include "random.h"
#include "../lib/vfio_gfx_kms.h"

static const int import_errors[] = {
	EINVAL, ENODEV, ENOMEM, EACCES, EBUSY, EAGAIN, EOPNOTSUPP, EFAULT, 0
};

/* In one of the slots, which keeps the DRM file of its own open. */
static int import_into(struct random_ctx *ctx, const char *driver)
{
	struct random_slot *buf = random_slot_get(ctx, ctx->state->bufs, true);
	struct random_slot *slot;
	int ret = RANDOM_NOTHING;

	if (!buf)
		return ret;
	slot = random_slot_get(ctx, ctx->state->imports, false);
	if (slot) {
		random_slot_clear(slot);
		slot->handle = 0;
		slot->fd = __vfio_gfx_drm_open(driver);
		ret = slot->fd < 0 ? RANDOM_NOTHING :
		      __vfio_gfx_import(slot->fd, buf->fd, &slot->handle);
		random_slot_put(slot);
	}
	random_slot_put(buf);
	return ret;
}

static int op_vgem(struct random_ctx *ctx)
{
	return import_into(ctx, "vgem");
}

static int op_vkms(struct random_ctx *ctx)
{
	return import_into(ctx, "vkms");
}

static int op_release(struct random_ctx *ctx)
{
	struct random_slot *slot = random_slot_get(ctx, ctx->state->imports,
						   true);

	if (!slot)
		return RANDOM_NOTHING;
	if (rnd_one_in(&ctx->rnd, 2))
		vfio_gfx_release(slot->fd, slot->handle);
	random_slot_clear(slot);
	random_slot_put(slot);
	return 0;
}

/* The importer gives the buffer on: it stays the same one. */
static int op_pass_on(struct random_ctx *ctx)
{
	struct random_slot *slot = random_slot_get(ctx, ctx->state->imports,
						   true);
	struct random_slot *buf;
	struct drm_prime_handle args = { .flags = DRM_CLOEXEC | DRM_RDWR };
	int ret = RANDOM_NOTHING;

	if (!slot)
		return ret;
	buf = random_slot_get(ctx, ctx->state->bufs, false);
	if (buf) {
		args.handle = slot->handle;
		ret = ioctl(slot->fd, DRM_IOCTL_PRIME_HANDLE_TO_FD, &args) ?
		      -errno : 0;
		if (!ret) {
			random_slot_clear(buf);
			buf->fd = args.fd;
			buf->size = lseek(args.fd, 0, SEEK_END);
		}
		random_slot_put(buf);
	}
	random_slot_put(slot);
	/* What was not imported has no handle. */
	return ret == -ENOENT ? RANDOM_NOTHING : ret;
}

/* The guest's memory as another dma-buf, as QEMU has it for other displays */
static int op_udmabuf(struct random_ctx *ctx)
{
	struct udmabuf_create create = {
		.memfd = ctx->state->ram_fd,
		.flags = UDMABUF_FLAGS_CLOEXEC,
		.offset = RANDOM_BLOCK_SIZE * rnd_below(&ctx->rnd, RANDOM_BLOCKS),
		.size = RANDOM_BLOCK_SIZE,
	};
	__u32 handle;
	int dev, fd, ret = 0;

	dev = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
	if (dev < 0)
		return RANDOM_NOTHING;
	fcntl(ctx->state->ram_fd, F_ADD_SEALS, F_SEAL_SHRINK);
	fd = ioctl(dev, UDMABUF_CREATE, &create);
	if (fd < 0) {
		ret = -errno;
	} else {
		void *map = mmap(NULL, RANDOM_BLOCK_SIZE, PROT_READ,
				 MAP_SHARED, fd, 0);

		if (map != MAP_FAILED) {
			random_touch(map, false);
			munmap(map, RANDOM_BLOCK_SIZE);
		}
		if (ctx->state->vgem >= 0 &&
		    !__vfio_gfx_import(ctx->state->vgem, fd, &handle))
			vfio_gfx_release(ctx->state->vgem, handle);
		close(fd);
	}
	close(dev);
	return ret;
}

/* -----------------------------------------------------------------------------
 * A display that scans the picture out, and one that writes into it
 */

#define WIDTH	640
#define HEIGHT	480

static const int kms_errors[] = {
	EINVAL, ENODEV, ENOMEM, EACCES, EPERM, EBUSY, ENOENT, ENOSPC, EFAULT, 0
};

/* The framebuffer is gone with the file. */
static int add_fb(int fd, int buf, __u32 *fb)
{
	struct drm_mode_fb_cmd2 cmd = {
		.width = WIDTH,
		.height = HEIGHT,
		.pixel_format = DRM_FORMAT_XRGB8888,
		.pitches = { WIDTH * 4 },
	};
	int ret = __vfio_gfx_import(fd, buf, &cmd.handles[0]);

	if (ret)
		return ret;
	ret = ioctl(fd, DRM_IOCTL_MODE_ADDFB2, &cmd) ? -errno : 0;
	*fb = cmd.fb_id;
	return ret;
}

/* Another client of the host's display shows what the guest has drawn. */
static int op_kms(struct random_ctx *ctx)
{
	struct random_slot *buf = random_slot_get(ctx, ctx->state->bufs, true);
	const struct drm_mode_modeinfo *mode;
	struct vfio_gfx_kms kms;
	int ret = RANDOM_NOTHING;
	__u32 fb;

	if (!buf)
		return ret;
	if (__vfio_gfx_kms_open(&kms, "vkms"))
		goto out_buf;
	/* The kernel waits for fences of what a client shows, whoever it is. */
	random_fences_hold(ctx->state);
	ret = __vfio_gfx_kms_set_master(&kms);
	mode = vfio_gfx_kms_mode(&kms, WIDTH, HEIGHT, 60);
	if (!ret)
		ret = add_fb(kms.fd, buf->fd, &fb);
	if (!ret && mode)
		ret = __vfio_gfx_kms_set_crtc(&kms, fb, mode);
	vfio_gfx_sleep_ms(rnd_below(&ctx->rnd, 40));
	vfio_gfx_kms_close(&kms);
	random_fences_release(ctx->state);
out_buf:
	random_slot_put(buf);
	return ret;
}

const struct random_op random_import_ops[] = {
	{ "vgem", 12, op_vgem, import_errors, 0, NULL },
	{ "vkms", 4, op_vkms, import_errors, 0, NULL },
	{ "release", 16, op_release, NULL, 0, NULL },
	{ "pass_on", 4, op_pass_on, import_errors, 0, NULL },
	{ "udmabuf", 4, op_udmabuf, import_errors, 0, NULL },
	{ "kms", 1, op_kms, kms_errors, 0, NULL },
	{ 0 }
};
