// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: one snapshot of all planes, for VMMs
 */

#include <linux/slab.h>
#include <linux/uaccess.h>

#include <drm/drm_blend.h>
#include <drm/drm_fourcc.h>

#include "rcar_du_mdev.h"
#include "rcar_du_mdev_fb.h"

static u32 rcar_du_mdev_query_blend_mode(u8 blend)
{
	switch (blend) {
	case DRM_MODE_BLEND_COVERAGE:
		return VFIO_GFX_BLEND_COVERAGE;
	case DRM_MODE_BLEND_PREMULTI:
		return VFIO_GFX_BLEND_PREMULTI;
	default:
		return VFIO_GFX_BLEND_NONE;
	}
}

static void rcar_du_mdev_query_fill_plane(const struct rcar_du_mdev_plane *plane,
					  const struct rcar_du_mdev_shown *shown,
					  struct vfio_device_gfx_frame_plane *out)
{
	unsigned int i;

	out->type = plane->role;
	out->index = plane->index;
	out->zpos = plane->zpos;
	out->error = plane->error;
	if (!out->error && rcar_du_mdev_gfx_lost(plane, shown))
		out->error = RCAR_VDU_ERROR_ADDRESS;
	if (out->error)
		return;

	/* There is a picture, but not on the display. */
	out->error = shown->scanout.error;

	out->num_memory_planes = plane->num_planes;
	out->drm_format = plane->format;
	out->drm_format_mod = DRM_FORMAT_MOD_LINEAR;
	out->src_width = plane->width;
	out->src_height = plane->height;
	out->dst_x = plane->x;
	out->dst_y = plane->y;
	out->dst_width = plane->width;
	out->dst_height = plane->height;
	out->alpha = plane->alpha;
	out->pixel_blend_mode = rcar_du_mdev_query_blend_mode(plane->blend);
	out->hot_x = plane->hot_x;
	out->hot_y = plane->hot_y;

	for (i = 0; i < plane->num_planes; i++) {
		out->memory[i].dmabuf_id = shown->fb[i]->id;
		out->memory[i].pitch = plane->pitch[i];
		out->memory[i].offset = plane->addr[i] - shown->fb[i]->iova;
	}
}

static void rcar_du_mdev_query_fill(struct rcar_du_mdev_device *rdev,
				    struct vfio_device_feature_gfx_frame *out)
{
	const struct rcar_du_mdev_frame *frame = &rdev->frame;
	unsigned int i;

	BUILD_BUG_ON(ARRAY_SIZE(frame->planes) > VFIO_GFX_FRAME_MAX_PLANES);

	guard(rcar_du_mdev_cache)(&rdev->cache);

	out->flags = frame->on ? VFIO_GFX_FRAME_ON : 0;
	out->sequence = frame->seq;
	out->vblank = frame->frame;
	out->time_ns = frame->time_ns;
	out->width = frame->width;
	out->height = frame->height;
	out->num_planes = frame->num_planes;

	for (i = 0; i < frame->num_planes; i++) {
		rcar_du_mdev_query_fill_plane(&frame->planes[i],
					      &rdev->shown[i], &out->planes[i]);
		if (rdev->shown[i].scanout.copied)
			out->flags |= VFIO_GFX_FRAME_COPIED;
	}
}

/**
 * rcar_du_mdev_query_feature - VFIO_DEVICE_FEATURE
 * @vdev: the VFIO device
 * @flags: feature and operation
 * @arg: struct vfio_device_feature_gfx_frame
 * @argsz: bytes that the caller has room for at @arg
 *
 * Return: 0, or -ENOTTY for another feature than VFIO_DEVICE_FEATURE_GFX_FRAME,
 * -EINVAL for another operation than GET or if @argsz is too small, -EFAULT,
 * -ENOMEM.
 */
int rcar_du_mdev_query_feature(struct vfio_device *vdev, u32 flags,
			       void __user *arg, size_t argsz)
{
	struct rcar_du_mdev_device *rdev = to_rcar_du_mdev(vdev);
	struct vfio_device_feature_gfx_frame *frame;
	int ret;

	if ((flags & VFIO_DEVICE_FEATURE_MASK) != VFIO_DEVICE_FEATURE_GFX_FRAME)
		return -ENOTTY;

	ret = vfio_check_feature(flags, argsz, VFIO_DEVICE_FEATURE_GET,
				 sizeof(*frame));
	if (ret != 1)
		return ret;

	frame = kzalloc(sizeof(*frame), GFP_KERNEL);
	if (!frame)
		return -ENOMEM;

	rcar_du_mdev_query_fill(rdev, frame);
	ret = copy_to_user(arg, frame, sizeof(*frame)) ? -EFAULT : 0;
	kfree(frame);

	return ret;
}
