// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a VMM asks the device for, right and nearly right
 */

#define _GNU_SOURCE

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "random.h"

/* Arguments end where the memory ends: what is read beyond faults. */
#define ARG_SIZE	4096

static __thread __u8 *arg_page;

/* Room for an argument of that size. */
static void *arg_of(size_t size)
{
	if (!arg_page) {
		__u8 *p = mmap(NULL, 2 * ARG_SIZE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			return NULL;
		mprotect(p + ARG_SIZE, ARG_SIZE, PROT_NONE);
		arg_page = p;
	}
	size = (size + 7) & ~7ul;
	return memset(arg_page + ARG_SIZE - size, 0, size);
}

static int result(int ret)
{
	return ret < 0 ? -errno : 0;
}

static int dev_ioctl(struct random_ctx *ctx, unsigned long request, void *arg)
{
	return result(ioctl(ctx->state->dev.fd, request, arg));
}

/* -----------------------------------------------------------------------------
 * What there is
 */

static const int info_errors[] = { EINVAL, EFAULT, ENOMEM, 0 };

static int op_info(struct random_ctx *ctx)
{
	struct vfio_device_info *info = arg_of(sizeof(*info));

	info->argsz = rnd_near(&ctx->rnd, sizeof(*info));
	return dev_ioctl(ctx, VFIO_DEVICE_GET_INFO, info);
}

static int op_region_info(struct random_ctx *ctx)
{
	size_t size = sizeof(struct vfio_region_info) +
		      8 * rnd_below(&ctx->rnd, 20);
	struct vfio_region_info *info = arg_of(size);

	info->argsz = rnd_near(&ctx->rnd, size);
	info->index = rnd_near(&ctx->rnd, rnd_below(&ctx->rnd,
						    VFIO_GFX_NUM_REGIONS));
	return dev_ioctl(ctx, VFIO_DEVICE_GET_REGION_INFO, info);
}

static int op_irq_info(struct random_ctx *ctx)
{
	size_t size = sizeof(struct vfio_irq_info) +
		      8 * rnd_below(&ctx->rnd, 5);
	struct vfio_irq_info *info = arg_of(size);

	info->argsz = rnd_near(&ctx->rnd, size);
	info->index = rnd_near(&ctx->rnd, rnd_below(&ctx->rnd,
						    VFIO_GFX_NUM_IRQS));
	return dev_ioctl(ctx, VFIO_DEVICE_GET_IRQ_INFO, info);
}

static const int feature_errors[] = { EINVAL, EFAULT, ENOMEM, ENOTTY, E2BIG, 0 };

static int op_feature(struct random_ctx *ctx)
{
	static const __u32 features[] = {
		VFIO_DEVICE_FEATURE_GFX_FRAME, VFIO_DEVICE_FEATURE_GFX_FRAME,
		VFIO_DEVICE_FEATURE_GFX_FRAME, VFIO_DEVICE_FEATURE_MIGRATION,
		VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE,
		VFIO_DEVICE_FEATURE_DMA_LOGGING_START,
	};
	size_t size = sizeof(struct vfio_device_feature) +
		      sizeof(struct vfio_device_feature_gfx_frame);
	struct vfio_device_feature *feature = arg_of(size);

	feature->argsz = rnd_near(&ctx->rnd, size);
	feature->flags = rnd_near(&ctx->rnd, VFIO_DEVICE_FEATURE_GET |
				  rnd_pick(&ctx->rnd, features));
	return dev_ioctl(ctx, VFIO_DEVICE_FEATURE, feature);
}

/* -----------------------------------------------------------------------------
 * Interrupts
 */

static const int irq_errors[] = { EINVAL, EFAULT, ENOMEM, ENOTTY, EBADF, 0 };

/* An eventfd of the round, or no file, or something that is no eventfd. */
static int any_event(struct random_ctx *ctx)
{
	struct random_slot *slot;
	int fd = -1;

	if (rnd_one_in(&ctx->rnd, 8))
		return rnd_one_in(&ctx->rnd, 2) ? -1 : ctx->state->ram_fd;

	slot = random_slot_get(ctx, ctx->state->events, false);
	if (!slot)
		return -1;
	if (slot->fd < 0 || rnd_one_in(&ctx->rnd, 16)) {
		random_slot_clear(slot);
		slot->fd = vfio_gfx_eventfd();
	}
	fd = slot->fd;
	random_slot_put(slot);
	return fd;
}

static int op_irq_event(struct random_ctx *ctx)
{
	struct {
		struct vfio_irq_set set;
		__s32 fd;
	} *arg = arg_of(sizeof(*arg));

	arg->set.argsz = sizeof(*arg);
	arg->set.flags = VFIO_IRQ_SET_DATA_EVENTFD |
			 VFIO_IRQ_SET_ACTION_TRIGGER;
	arg->set.index = rnd_below(&ctx->rnd, VFIO_GFX_NUM_IRQS);
	arg->set.count = 1;
	arg->fd = any_event(ctx);
	return dev_ioctl(ctx, VFIO_DEVICE_SET_IRQS, &arg->set);
}

/* The eventfd that unmasks INTx. */
static int op_irq_unmask_event(struct random_ctx *ctx)
{
	struct {
		struct vfio_irq_set set;
		__s32 fd;
	} *arg = arg_of(sizeof(*arg));

	arg->set.argsz = sizeof(*arg);
	arg->set.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_UNMASK;
	arg->set.index = VFIO_PCI_INTX_IRQ_INDEX;
	arg->set.count = 1;
	arg->fd = any_event(ctx);
	return dev_ioctl(ctx, VFIO_DEVICE_SET_IRQS, &arg->set);
}

static int op_irq_any(struct random_ctx *ctx)
{
	static const __u32 data[] = {
		VFIO_IRQ_SET_DATA_NONE, VFIO_IRQ_SET_DATA_BOOL,
	};
	static const __u32 actions[] = {
		VFIO_IRQ_SET_ACTION_MASK, VFIO_IRQ_SET_ACTION_UNMASK,
		VFIO_IRQ_SET_ACTION_TRIGGER,
	};
	struct {
		struct vfio_irq_set set;
		__u8 bools[8];
	} *arg = arg_of(sizeof(*arg));

	rnd_fill(&ctx->rnd, arg->bools, sizeof(arg->bools));
	arg->set.argsz = rnd_near(&ctx->rnd, sizeof(*arg));
	arg->set.flags = rnd_near(&ctx->rnd, rnd_pick(&ctx->rnd, data) |
				  rnd_pick(&ctx->rnd, actions));
	arg->set.index = rnd_near(&ctx->rnd, rnd_below(&ctx->rnd,
						       VFIO_GFX_NUM_IRQS));
	arg->set.start = rnd_near(&ctx->rnd, 0);
	arg->set.count = rnd_near(&ctx->rnd, rnd_below(&ctx->rnd, 2));
	return dev_ioctl(ctx, VFIO_DEVICE_SET_IRQS, &arg->set);
}

static int op_signal(struct random_ctx *ctx)
{
	struct random_slot *slot = random_slot_get(ctx, ctx->state->events,
						   true);
	__u64 value = 1;
	ssize_t ret;

	if (!slot)
		return RANDOM_NOTHING;
	if (rnd_one_in(&ctx->rnd, 2))
		ret = write(slot->fd, &value, sizeof(value));
	else
		ret = read(slot->fd, &value, sizeof(value));
	random_slot_put(slot);
	return ret < 0 && errno != EAGAIN ? -errno : 0;
}

/* -----------------------------------------------------------------------------
 * Regions
 */

static const int no_errors[] = { 0 };

static int op_reset(struct random_ctx *ctx)
{
	int ret = __vfio_gfx_reset(&ctx->state->dev);
	__u16 command = 7;

	/* As the guest's PCI core does, mostly. */
	if (!rnd_one_in(&ctx->rnd, 8))
		__vfio_gfx_pwrite(&ctx->state->dev, VFIO_GFX_CONFIG, 4,
				  &command, sizeof(command));
	return ret;
}

static const int region_errors[] = { EINVAL, EFAULT, EIO, ENODEV, ENOMEM, 0 };

static __u64 region_size(struct random_ctx *ctx, unsigned int region)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info),
		.index = region,
	};

	ioctl(ctx->state->dev.fd, VFIO_DEVICE_GET_REGION_INFO, &info);
	return info.size;
}

/* Where in a region: mostly where something is, often at its end. */
static __u64 any_offset(struct random_ctx *ctx, __u64 size)
{
	if (rnd_one_in(&ctx->rnd, 64))
		return rnd_next(&ctx->rnd);
	if (size && rnd_one_in(&ctx->rnd, 8))
		return size - rnd_below(&ctx->rnd, 32);
	if (rnd_one_in(&ctx->rnd, 2))
		size = size < 0x1000 ? size : 0x1000;
	return rnd_next(&ctx->rnd) % (size + 1);
}

static int op_region_any(struct random_ctx *ctx)
{
	unsigned int region = rnd_below(&ctx->rnd, VFIO_GFX_NUM_REGIONS);
	__u64 offset = any_offset(ctx, region_size(ctx, region));
	size_t count = 1 + rnd_below(&ctx->rnd, 64);
	void *buf = arg_of(64);
	ssize_t ret;

	if (rnd_one_in(&ctx->rnd, 2)) {
		offset &= ~3ull;
		count = 4;
	}
	rnd_fill(&ctx->rnd, buf, 64);
	if (rnd_one_in(&ctx->rnd, 2))
		ret = __vfio_gfx_pread(&ctx->state->dev, region, offset, buf,
				       count);
	else
		ret = __vfio_gfx_pwrite(&ctx->state->dev, region, offset, buf,
					count);
	return ret < 0 ? ret : 0;
}

static int op_edid(struct random_ctx *ctx)
{
	struct vfio_region_gfx_edid edid;
	struct vfio_gfx_dev *dev = &ctx->state->dev;
	__u8 blob[256];
	ssize_t ret;

	ret = __vfio_gfx_pread(dev, VFIO_GFX_EDID, 0, &edid, sizeof(edid));
	if (ret < 0)
		return ret;
	edid.link_state = rnd_near(&ctx->rnd, 1 + rnd_below(&ctx->rnd, 2));
	edid.edid_size = rnd_near(&ctx->rnd, 128 * rnd_below(&ctx->rnd, 3));
	rnd_fill(&ctx->rnd, blob, sizeof(blob));
	if (rnd_one_in(&ctx->rnd, 4))
		__vfio_gfx_pwrite(dev, VFIO_GFX_EDID, edid.edid_offset, blob,
				  sizeof(blob));
	__vfio_gfx_pwrite(dev, VFIO_GFX_EDID,
			  offsetof(struct vfio_region_gfx_edid, edid_size),
			  &edid.edid_size, sizeof(edid.edid_size));
	ret = __vfio_gfx_pwrite(dev, VFIO_GFX_EDID,
				offsetof(struct vfio_region_gfx_edid, link_state),
				&edid.link_state, sizeof(edid.link_state));
	return ret < 0 ? ret : 0;
}

/* -----------------------------------------------------------------------------
 * Anything else
 */

/* All numbers of VFIO but those that give the device to somebody else. */
static int op_ioctl_any(struct random_ctx *ctx)
{
	unsigned int nr = VFIO_BASE + rnd_below(&ctx->rnd, 30);
	size_t size = 4 * (1 + rnd_below(&ctx->rnd, 40));
	__u32 *arg = arg_of(size);

	/* Nor what makes file descriptors that nobody closes. */
	if (_IO(VFIO_TYPE, nr) == VFIO_DEVICE_DETACH_IOMMUFD_PT ||
	    _IO(VFIO_TYPE, nr) == VFIO_DEVICE_ATTACH_IOMMUFD_PT ||
	    _IO(VFIO_TYPE, nr) == VFIO_DEVICE_GET_GFX_DMABUF)
		return RANDOM_NOTHING;
	rnd_fill(&ctx->rnd, arg, size);
	arg[0] = rnd_near(&ctx->rnd, size);
	if (!rnd_one_in(&ctx->rnd, 4))
		arg[1] &= 0x1f;
	if (rnd_one_in(&ctx->rnd, 16))
		arg = NULL;
	return dev_ioctl(ctx, _IO(VFIO_TYPE, nr), arg);
}

/* The same for the container or iommufd, but what unmaps all. */
static int op_iommu_any(struct random_ctx *ctx)
{
	size_t size = 4 * (1 + rnd_below(&ctx->rnd, 24));
	__u32 *arg = arg_of(size);
	unsigned long request;

	rnd_fill(&ctx->rnd, arg, size);
	arg[0] = rnd_near(&ctx->rnd, size);
	if (ctx->state->dev.mode == VFIO_GFX_CDEV)
		request = _IO(VFIO_TYPE, 0x80 + rnd_below(&ctx->rnd, 16));
	else
		request = _IO(VFIO_TYPE, VFIO_BASE + rnd_below(&ctx->rnd, 24));
	return result(ioctl(ctx->state->dev.iommu, request, arg));
}

static const int attach_errors[] = { EINVAL, ENOENT, EBUSY, ENOMEM, ENODEV, 0 };

/* The device loses its memory, and gets it again. */
static int op_attach(struct random_ctx *ctx)
{
	struct vfio_device_detach_iommufd_pt detach = {
		.argsz = sizeof(detach),
	};
	struct vfio_device_attach_iommufd_pt attach = {
		.argsz = sizeof(attach),
		.pt_id = ctx->state->dev.ioas,
	};
	int ret;

	if (ctx->state->dev.mode != VFIO_GFX_CDEV)
		return RANDOM_NOTHING;
	ret = dev_ioctl(ctx, VFIO_DEVICE_DETACH_IOMMUFD_PT, &detach);
	vfio_gfx_sleep_ms(rnd_below(&ctx->rnd, 3));
	return dev_ioctl(ctx, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach) ?: ret;
}

const struct random_op random_ioctl_ops[] = {
	{ "info", 4, op_info, info_errors, RANDOM_DEV, NULL },
	{ "region_info", 8, op_region_info, info_errors, RANDOM_DEV, NULL },
	{ "irq_info", 4, op_irq_info, info_errors, RANDOM_DEV, NULL },
	{ "feature", 16, op_feature, feature_errors, RANDOM_DEV, NULL },
	{ "irq_event", 16, op_irq_event, irq_errors, RANDOM_DEV, NULL },
	{ "irq_unmask_event", 4, op_irq_unmask_event, irq_errors, RANDOM_DEV,
	  "an eventfd that is signalled by what it unmasks spins" },
	{ "irq_any", 16, op_irq_any, irq_errors, RANDOM_DEV, NULL },
	{ "signal", 8, op_signal, no_errors, 0, NULL },
	{ "reset", 1, op_reset, no_errors, RANDOM_DEV, NULL },
	{ "region_any", 32, op_region_any, region_errors, RANDOM_DEV, NULL },
	{ "edid", 8, op_edid, region_errors, RANDOM_DEV, NULL },
	{ "ioctl_any", 16, op_ioctl_any, NULL, RANDOM_DEV, NULL },
	{ "iommu_any", 1, op_iommu_any, NULL, RANDOM_DEV, NULL },
	{ "attach", 1, op_attach, attach_errors, RANDOM_DEV, NULL },
	{ 0 }
};
