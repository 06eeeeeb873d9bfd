// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: from the latch to VFIO's graphics plane interface
 *
 * A worker turns each latched state into framebuffers and publishes it; the
 * ioctls only look at what is published. They run in the VMM's main loop, and
 * must neither wait nor pin.
 */

#include <linux/dma-buf.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_plane.h>

#include "rcar_du_mdev.h"
#include "rcar_du_mdev_fb.h"
#include "rcar_du_mdev_layout.h"
#include "rcar_du_mdev_trace.h"

/* -----------------------------------------------------------------------------
 * Publishing
 */

static void rcar_du_mdev_gfx_resolve(struct rcar_du_mdev_device *rdev,
				     struct rcar_du_mdev_plane *plane,
				     struct rcar_du_mdev_shown *shown)
{
	unsigned int i;

	memset(shown, 0, sizeof(*shown));

	for (i = 0; i < plane->num_planes && !plane->error; i++)
		/*
		 * Importers take a buffer of stride * height bytes, though
		 * nobody reads the end of the last line.
		 */
		shown->fb[i] = rcar_du_mdev_cache_use(&rdev->cache, plane->addr[i],
						      plane->size[i],
						   roundup(plane->size[i],
							   plane->pitch[i]),
						   &plane->error);

	if (!plane->error)
		rcar_du_mdev_output_import(&rdev->output, plane, shown->fb,
					   &shown->scanout);
}

/* The display shows it no more, and is to have nothing left of it. */
static void rcar_du_mdev_gfx_drop_scanout_locked(struct rcar_du_mdev_device *rdev,
						 struct rcar_du_mdev_shown *shown)
{
	rcar_du_mdev_cache_assert_held(&rdev->cache);

	if (shown->scanout.fb)
		drm_framebuffer_put(shown->scanout.fb);
	shown->scanout.fb = NULL;
}

static void rcar_du_mdev_gfx_drop_locked(struct rcar_du_mdev_device *rdev,
					 struct rcar_du_mdev_shown *shown)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(shown->fb); i++)
		rcar_du_mdev_cache_unuse_locked(&rdev->cache, shown->fb[i]);
	rcar_du_mdev_gfx_drop_scanout_locked(rdev, shown);

	memset(shown, 0, sizeof(*shown));
}

/**
 * rcar_du_mdev_gfx_lost - Tell if the guest's memory has gone
 * @plane: the plane
 * @shown: its framebuffers; the caller holds the cache's mutex
 *
 * Return: true if some of the memory that @plane shows has gone since it was
 * resolved.
 */
bool rcar_du_mdev_gfx_lost(const struct rcar_du_mdev_plane *plane,
			   const struct rcar_du_mdev_shown *shown)
{
	unsigned int i;

	for (i = 0; i < plane->num_planes; i++) {
		if (!shown->fb[i] || rcar_du_mdev_fb_lost(shown->fb[i]))
			return true;
	}

	return false;
}

/**
 * rcar_du_mdev_gfx_expressible - Tell if VFIO's plane can express a plane
 * @plane: the plane, or NULL
 *
 * VFIO's plane has one memory plane, no offset in its buffer, and a role that
 * is primary or cursor.
 *
 * Return: true if it can be expressed.
 */
bool rcar_du_mdev_gfx_expressible(const struct rcar_du_mdev_plane *plane)
{
	return plane && plane->num_planes == 1 &&
	       IS_ALIGNED(plane->addr[0], PAGE_SIZE);
}

static void rcar_du_mdev_gfx_name_locked(struct rcar_du_mdev_device *rdev,
					 u32 role)
{
	const struct rcar_du_mdev_plane *plane;
	struct rcar_du_mdev_shown *shown;

	plane = rcar_du_mdev_frame_find(&rdev->next, role);
	if (!rcar_du_mdev_gfx_expressible(plane)) {
		rcar_du_mdev_id_retire_locked(rdev, role);
		return;
	}

	shown = &rdev->next_shown[plane - rdev->next.planes];
	/* The guest's memory may have gone since it was resolved. */
	if (rcar_du_mdev_fb_lost(shown->fb[0]))
		rcar_du_mdev_id_retire_locked(rdev, role);
	else
		shown->id = rcar_du_mdev_id_get_locked(rdev, plane,
						       shown->fb[0]);
}

/*
 * Guest memory comes and goes without a word to the device, and limits are
 * raised. Come back to planes that could not be pinned.
 */
static void rcar_du_mdev_gfx_plan_retry_locked(struct rcar_du_mdev_device *rdev)
{
	unsigned long delay =
		rcar_du_mdev_cache_retry_delay_locked(&rdev->cache);
	unsigned int i;

	rcar_du_mdev_cache_assert_held(&rdev->cache);

	for (i = 0; i < rdev->next.num_planes; i++) {
		u32 error = rdev->next.planes[i].error;
		struct rcar_du_mdev_fb *fb = rdev->next_shown[i].fb[0];

		if (error == RCAR_VDU_ERROR_ADDRESS ||
		    error == RCAR_VDU_ERROR_LIMIT || (fb && rcar_du_mdev_fb_lost(fb)))
			queue_delayed_work(rdev->wq, &rdev->retry_work, delay);
	}
}

static void rcar_du_mdev_gfx_retry_work(struct work_struct *work)
{
	struct rcar_du_mdev_device *rdev =
		container_of(to_delayed_work(work), struct rcar_du_mdev_device,
			     retry_work);

	rcar_du_mdev_vdu_latch_again(&rdev->vdu);
}

static void rcar_du_mdev_gfx_report(struct rcar_du_mdev_device *rdev)
{
	u32 errors[RCAR_VDU_NUM_PLANE_PAGES] = { };
	unsigned int i;

	for (i = 0; i < rdev->next.num_planes; i++) {
		const struct rcar_du_mdev_plane *plane = &rdev->next.planes[i];

		errors[plane->index] = plane->error ?:
				       rdev->next_shown[i].scanout.error;
	}

	rcar_du_mdev_vdu_report(&rdev->vdu, rdev->next.seq, errors);
}

/*
 * A framebuffer that is killed later is taken off the display by
 * rcar_du_mdev_output_forget().
 */
static void rcar_du_mdev_gfx_show_locked(struct rcar_du_mdev_device *rdev)
{
	const struct rcar_du_mdev_frame *from = &rdev->frame;
	struct rcar_du_scanout_frame frame = {
		.seq = from->seq,
		.on = from->on,
		.width = from->width,
		.height = from->height,
	};
	unsigned int i;

	BUILD_BUG_ON(ARRAY_SIZE(from->planes) > ARRAY_SIZE(frame.layers));
	rcar_du_mdev_cache_assert_held(&rdev->cache);

	for (i = 0; i < from->num_planes; i++) {
		const struct rcar_du_mdev_plane *plane = &from->planes[i];
		const struct rcar_du_mdev_shown *shown = &rdev->shown[i];

		/* Those whose memory has gone have none. */
		if (plane->error || !shown->scanout.fb)
			continue;

		frame.layers[frame.num_layers++] = (struct rcar_du_scanout_layer) {
			.fb = shown->scanout.fb,
			.x = plane->x,
			.y = plane->y,
			.width = plane->width,
			.height = plane->height,
			.alpha = plane->alpha,
			.blend = plane->blend,
		};
	}

	rcar_du_mdev_output_show(&rdev->output, &frame);
}

static void rcar_du_mdev_gfx_publish(struct rcar_du_mdev_device *rdev)
{
	unsigned int i;

	guard(rcar_du_mdev_cache)(&rdev->cache);

	if (rcar_du_mdev_cache_closing(&rdev->cache)) {
		for (i = 0; i < ARRAY_SIZE(rdev->next_shown); i++)
			rcar_du_mdev_gfx_drop_locked(rdev, &rdev->next_shown[i]);
		return;
	}

	rcar_du_mdev_gfx_report(rdev);
	rcar_du_mdev_gfx_plan_retry_locked(rdev);
	rcar_du_mdev_gfx_name_locked(rdev, DRM_PLANE_TYPE_PRIMARY);
	rcar_du_mdev_gfx_name_locked(rdev, DRM_PLANE_TYPE_CURSOR);

	for (i = 0; i < rdev->next.num_planes; i++) {
		if (rcar_du_mdev_gfx_lost(&rdev->next.planes[i],
					  &rdev->next_shown[i]))
			rcar_du_mdev_gfx_drop_scanout_locked(rdev,
							     &rdev->next_shown[i]);
	}

	/* The previous buffers are let go only now that the next are there. */
	for (i = 0; i < ARRAY_SIZE(rdev->shown); i++) {
		rcar_du_mdev_gfx_drop_locked(rdev, &rdev->shown[i]);
		swap(rdev->shown[i], rdev->next_shown[i]);
	}
	rdev->frame = rdev->next;

	rcar_du_mdev_fbregion_update_locked(rdev);
	rcar_du_mdev_gfx_show_locked(rdev);
	rcar_du_mdev_cache_trim_locked(&rdev->cache);
	rcar_du_mdev_irq_refresh(&rdev->vdu.irq);
	rcar_du_mdev_crc_published_locked(rdev);
}

static void rcar_du_mdev_gfx_latch_work(struct work_struct *work)
{
	struct rcar_du_mdev_device *rdev =
		container_of(work, struct rcar_du_mdev_device, latch_work);
	unsigned int i;

	rcar_du_mdev_vdu_latch(&rdev->vdu, &rdev->latch);
	rcar_du_mdev_frame_decode(&rdev->latch, &rdev->next);

	memset(rdev->next_shown, 0, sizeof(rdev->next_shown));
	for (i = 0; i < rdev->next.num_planes; i++)
		rcar_du_mdev_gfx_resolve(rdev, &rdev->next.planes[i],
					 &rdev->next_shown[i]);

	trace_rcar_du_mdev_frame(rdev->vdev.dev, &rdev->next);

	rcar_du_mdev_gfx_publish(rdev);
}

/**
 * rcar_du_mdev_gfx_lose_locked - A framebuffer's memory has gone
 * @rdev: the device
 * @fb: the framebuffer
 *
 * The planes that show it are off until the next vertical blank tries again, and
 * no id names it. The caller holds the cache's mutex.
 */
void rcar_du_mdev_gfx_lose_locked(struct rcar_du_mdev_device *rdev,
				  struct rcar_du_mdev_fb *fb)
{
	bool lost = false;
	unsigned int i;

	rcar_du_mdev_cache_assert_held(&rdev->cache);

	rcar_du_mdev_id_forget_locked(rdev, fb);

	for (i = 0; i < rdev->frame.num_planes; i++) {
		struct rcar_du_mdev_shown *shown = &rdev->shown[i];

		if (shown->fb[0] != fb && shown->fb[1] != fb)
			continue;

		lost = true;
		shown->id = 0;
		rcar_du_mdev_gfx_drop_scanout_locked(rdev, shown);
		rcar_du_mdev_id_retire_locked(rdev,
					      rdev->frame.planes[i].role);
	}

	if (!lost)
		return;

	rcar_du_mdev_vdu_latch_again(&rdev->vdu);
	rcar_du_mdev_irq_refresh(&rdev->vdu.irq);
}

/**
 * rcar_du_mdev_gfx_reset - Show nothing and take all guest memory away
 * @rdev: the device
 *
 * On return nothing is pinned and all dma-bufs are revoked.
 *
 * Context: sleeps until the workqueue is idle.
 */
void rcar_du_mdev_gfx_reset(struct rcar_du_mdev_device *rdev)
{
	unsigned int i;

	scoped_guard(rcar_du_mdev_cache, &rdev->cache) {
		if (rdev->frame.on)
			rcar_du_mdev_irq_refresh(&rdev->vdu.irq);
		rdev->frame.on = false;
		rdev->frame.width = 0;
		rdev->frame.height = 0;
		rdev->frame.num_planes = 0;
		rcar_du_mdev_gfx_show_locked(rdev);
		memset(&rdev->fbregion, 0, sizeof(rdev->fbregion));

		for (i = 0; i < ARRAY_SIZE(rdev->shown); i++)
			rcar_du_mdev_gfx_drop_locked(rdev, &rdev->shown[i]);

		rcar_du_mdev_cache_close_locked(&rdev->cache);
	}

	cancel_delayed_work_sync(&rdev->retry_work);
	/*
	 * Whoever still latches finds the cache closing and pins nothing, so
	 * what is queued by now is all there is.
	 */
	flush_workqueue(rdev->wq);
	rcar_du_mdev_crc_stop(rdev);
	rcar_du_mdev_cache_drain(&rdev->cache);
}

/**
 * rcar_du_mdev_gfx_init - Prepare the graphics state of a new device
 * @rdev: the device
 *
 * Return: 0 or -ENOMEM.
 */
int rcar_du_mdev_gfx_init(struct rcar_du_mdev_device *rdev)
{
	INIT_WORK(&rdev->latch_work, rcar_du_mdev_gfx_latch_work);
	INIT_DELAYED_WORK(&rdev->retry_work, rcar_du_mdev_gfx_retry_work);
	rcar_du_mdev_crc_init(rdev);

	rdev->wq = alloc_ordered_workqueue("rcar-du-mdev", 0);

	return rdev->wq ? 0 : -ENOMEM;
}

/**
 * rcar_du_mdev_gfx_fini - Undo rcar_du_mdev_gfx_init()
 * @rdev: the device, closed
 */
void rcar_du_mdev_gfx_fini(struct rcar_du_mdev_device *rdev)
{
	destroy_workqueue(rdev->wq);
}

/* -----------------------------------------------------------------------------
 * ioctls
 */

static int rcar_du_mdev_gfx_query_check(struct rcar_du_mdev_device *rdev,
					struct vfio_device_gfx_plane_info *info)
{
	bool region = rcar_du_mdev_fbregion_size(rdev);
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

	info->region_index = RCAR_DU_MDEV_FB_REGION + rdev->fbregion.index;
	if (info->drm_plane_type != DRM_PLANE_TYPE_PRIMARY)
		return;

	plane = rcar_du_mdev_fbregion_plane_locked(rdev, &fb);
	if (plane)
		rcar_du_mdev_gfx_fill_plane(plane, fb, info);
}

static void rcar_du_mdev_gfx_fill_dmabuf(struct rcar_du_mdev_device *rdev,
					 struct vfio_device_gfx_plane_info *info)
{
	const struct rcar_du_mdev_shown *shown;
	const struct rcar_du_mdev_plane *plane;

	guard(rcar_du_mdev_cache)(&rdev->cache);

	plane = rcar_du_mdev_frame_find(&rdev->frame, info->drm_plane_type);
	if (!plane)
		return;

	shown = &rdev->shown[plane - rdev->frame.planes];
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

static struct rcar_du_mdev_fb *
rcar_du_mdev_gfx_fb_by_id(struct rcar_du_mdev_device *rdev, u32 id)
{
	struct rcar_du_mdev_fb *fb;
	unsigned int i;

	guard(rcar_du_mdev_cache)(&rdev->cache);

	for (i = 0; id && i < ARRAY_SIZE(rdev->ids); i++) {
		if (rdev->ids[i].id == id) {
			rcar_du_mdev_fb_get(rdev->ids[i].fb);
			return rdev->ids[i].fb;
		}
	}

	/* An id of VFIO_DEVICE_FEATURE_GFX_FRAME. */
	fb = rcar_du_mdev_cache_find_id_locked(&rdev->cache, id);
	if (fb)
		rcar_du_mdev_fb_get(fb);

	return fb;
}

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

	fb = rcar_du_mdev_gfx_fb_by_id(rdev, id);
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
