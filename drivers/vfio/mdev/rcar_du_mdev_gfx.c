// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: VFIO's graphics interface
 *
 * The ioctls only look at what is published. They run in the VMM's main loop, and
 * must neither wait nor pin.
 */

#include <linux/dma-buf.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <drm/drm_blend.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_plane.h>

#include "rcar_du_mdev.h"
#include "rcar_du_mdev_fb.h"
#include "rcar_du_mdev_gfx.h"

/* -----------------------------------------------------------------------------
 * VFIO_DEVICE_QUERY_GFX_PLANE
 */

static int rcar_du_mdev_gfx_query_check(struct rcar_du_mdev_device *rdev,
					struct vfio_device_gfx_plane_info *info)
{
	bool region = rcar_du_mdev_fbregion_size(&rdev->fbregion);
	u32 type = region ? VFIO_GFX_PLANE_TYPE_REGION :
			    VFIO_GFX_PLANE_TYPE_DMABUF;

	/* A probe has all other fields 0. */
	if (info->flags == (VFIO_GFX_PLANE_TYPE_PROBE | type))
		return 0;

	if (info->flags != type)
		return -EINVAL;

	/* QEMU leaves it 0 when it asks for a region. */
	if (region && !info->drm_plane_type)
		info->drm_plane_type = DRM_PLANE_TYPE_PRIMARY;

	if (info->drm_plane_type != DRM_PLANE_TYPE_PRIMARY &&
	    info->drm_plane_type != DRM_PLANE_TYPE_CURSOR)
		return -EINVAL;

	return 0;
}

static void rcar_du_mdev_gfx_fill_plane(const struct rcar_du_mdev_plane *plane,
					const struct rcar_du_mdev_fb *fb,
					struct vfio_device_gfx_plane_info *info)
{
	bool cursor = info->drm_plane_type == DRM_PLANE_TYPE_CURSOR;

	info->drm_format = plane->format;
	info->drm_format_mod = DRM_FORMAT_MOD_LINEAR;
	info->width = plane->width;
	info->height = plane->height;
	info->stride = plane->pitch[0];
	info->size = rcar_du_mdev_fb_size(fb);
	info->x_pos = plane->x;
	info->y_pos = plane->y;
	info->x_hot = cursor ? plane->hot_x : U32_MAX;
	info->y_hot = cursor ? plane->hot_y : U32_MAX;
}

/* The region has the primary plane only. */
static void rcar_du_mdev_gfx_fill_region(struct rcar_du_mdev_device *rdev,
					 struct vfio_device_gfx_plane_info *info)
{
	const struct rcar_du_mdev_plane *plane;
	struct rcar_du_mdev_fb *fb;

	guard(rcar_du_mdev_cache)(&rdev->cache);

	info->region_index = rcar_du_mdev_fbregion_index_locked(&rdev->fbregion);
	if (info->drm_plane_type != DRM_PLANE_TYPE_PRIMARY)
		return;

	plane = rcar_du_mdev_fbregion_plane_locked(&rdev->fbregion, &fb);
	if (plane)
		rcar_du_mdev_gfx_fill_plane(plane, fb, info);
}

static void rcar_du_mdev_gfx_fill_dmabuf(struct rcar_du_mdev_device *rdev,
					 struct vfio_device_gfx_plane_info *info)
{
	const struct rcar_du_mdev_frame *frame;
	const struct rcar_du_mdev_shown *shown;
	const struct rcar_du_mdev_plane *plane;

	guard(rcar_du_mdev_cache)(&rdev->cache);

	frame = rcar_du_mdev_screen_frame_locked(&rdev->screen);
	plane = rcar_du_mdev_frame_find(frame, info->drm_plane_type);
	if (!plane)
		return;

	shown = rcar_du_mdev_screen_shown_locked(&rdev->screen, plane);
	if (!shown->id)
		return;

	rcar_du_mdev_gfx_fill_plane(plane, shown->fb[0], info);
	info->dmabuf_id = shown->id;
}

/**
 * rcar_du_mdev_gfx_query - VFIO_DEVICE_QUERY_GFX_PLANE
 * @rdev: the device
 * @arg: in: what to query, out: the plane
 *
 * A plane that is off, or that the structure cannot express, is success with
 * zero format and size.
 *
 * Return: 0, or -EINVAL if @arg is not understood, -EFAULT.
 */
long rcar_du_mdev_gfx_query(struct rcar_du_mdev_device *rdev,
			    struct vfio_device_gfx_plane_info __user *arg)
{
	const unsigned long minsz =
		offsetofend(struct vfio_device_gfx_plane_info, dmabuf_id);
	struct vfio_device_gfx_plane_info info = { };
	struct vfio_device_gfx_plane_info in = { };
	int ret;

	if (copy_from_user(&in, arg, minsz))
		return -EFAULT;

	if (in.argsz < minsz)
		return -EINVAL;

	ret = rcar_du_mdev_gfx_query_check(rdev, &in);
	if (ret || in.flags & VFIO_GFX_PLANE_TYPE_PROBE)
		return ret;

	info.argsz = in.argsz;
	info.flags = in.flags;
	info.drm_plane_type = in.drm_plane_type;
	if (in.flags & VFIO_GFX_PLANE_TYPE_REGION)
		rcar_du_mdev_gfx_fill_region(rdev, &info);
	else
		rcar_du_mdev_gfx_fill_dmabuf(rdev, &info);

	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

/* -----------------------------------------------------------------------------
 * VFIO_DEVICE_GET_GFX_DMABUF
 */

/**
 * rcar_du_mdev_gfx_get_dmabuf - VFIO_DEVICE_GET_GFX_DMABUF
 * @rdev: the device
 * @arg: the dma-buf id
 *
 * All file descriptors of one buffer refer to one dma-buf.
 *
 * Return: a new file descriptor, or -EINVAL for an id that was never given out
 * or is forgotten, -ENODEV if the guest's memory has gone, -EFAULT, -EMFILE,
 * -ENFILE or -ENOMEM.
 */
long rcar_du_mdev_gfx_get_dmabuf(struct rcar_du_mdev_device *rdev,
				 u32 __user *arg)
{
	struct rcar_du_mdev_fb *fb;
	struct dma_buf *dmabuf;
	u32 id;
	int fd;

	if (get_user(id, arg))
		return -EFAULT;

	fb = rcar_du_mdev_screen_find_id(&rdev->screen, id);
	if (!fb)
		return -EINVAL;

	dmabuf = rcar_du_mdev_cache_export(&rdev->cache, fb);
	rcar_du_mdev_fb_put(fb);
	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);

	/* The file descriptor takes over our reference. */
	fd = dma_buf_fd(dmabuf, O_CLOEXEC);
	if (fd < 0)
		dma_buf_put(dmabuf);

	return fd;
}

/* -----------------------------------------------------------------------------
 * VFIO_DEVICE_FEATURE_GFX_FRAME
 */

static u32 rcar_du_mdev_gfx_blend_mode(u8 blend)
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

static void
rcar_du_mdev_gfx_fill_frame_plane(const struct rcar_du_mdev_screen *screen,
				  const struct rcar_du_mdev_plane *plane,
				  const struct rcar_du_mdev_shown *shown,
				  struct vfio_device_gfx_frame_plane *out)
{
	unsigned int i;

	out->type = plane->role;
	out->index = plane->index;
	out->zpos = plane->zpos;
	out->error = plane->error;
	if (!out->error &&
	    rcar_du_mdev_screen_lost_locked(screen, plane, shown))
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
	out->pixel_blend_mode = rcar_du_mdev_gfx_blend_mode(plane->blend);
	out->hot_x = plane->hot_x;
	out->hot_y = plane->hot_y;

	for (i = 0; i < plane->num_planes; i++) {
		out->memory[i].dmabuf_id = shown->fb[i]->id;
		out->memory[i].pitch = plane->pitch[i];
		out->memory[i].offset = plane->addr[i] - shown->fb[i]->iova;
	}
}

static void rcar_du_mdev_gfx_fill_frame(struct rcar_du_mdev_device *rdev,
					struct vfio_device_feature_gfx_frame *out)
{
	const struct rcar_du_mdev_frame *frame;
	unsigned int i;

	BUILD_BUG_ON(ARRAY_SIZE(frame->planes) > VFIO_GFX_FRAME_MAX_PLANES);

	guard(rcar_du_mdev_cache)(&rdev->cache);

	frame = rcar_du_mdev_screen_frame_locked(&rdev->screen);
	out->flags = frame->on ? VFIO_GFX_FRAME_ON : 0;
	out->sequence = frame->seq;
	out->vblank = frame->frame;
	out->time_ns = frame->time_ns;
	out->width = frame->width;
	out->height = frame->height;
	out->num_planes = frame->num_planes;

	for (i = 0; i < frame->num_planes; i++) {
		const struct rcar_du_mdev_plane *plane = &frame->planes[i];
		const struct rcar_du_mdev_shown *shown =
			rcar_du_mdev_screen_shown_locked(&rdev->screen, plane);

		rcar_du_mdev_gfx_fill_frame_plane(&rdev->screen, plane, shown,
						  &out->planes[i]);
		if (shown->scanout.copied)
			out->flags |= VFIO_GFX_FRAME_COPIED;
	}
}

/**
 * rcar_du_mdev_gfx_feature - VFIO_DEVICE_FEATURE
 * @vdev: the VFIO device
 * @flags: feature and operation
 * @arg: struct vfio_device_feature_gfx_frame
 * @argsz: bytes that the caller has room for at @arg
 *
 * Return: 0, or -ENOTTY for another feature than VFIO_DEVICE_FEATURE_GFX_FRAME,
 * -EINVAL for another operation than GET or if @argsz is too small, -EFAULT,
 * -ENOMEM.
 */
int rcar_du_mdev_gfx_feature(struct vfio_device *vdev, u32 flags,
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

	rcar_du_mdev_gfx_fill_frame(rdev, frame);
	ret = copy_to_user(arg, frame, sizeof(*frame)) ? -EFAULT : 0;
	kfree(frame);

	return ret;
}
