// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: frames on the planes of the display
 */

#include <linux/dma-buf.h>
#include <linux/slab.h>

#include <drm/drm_framebuffer.h>

#include "rcar_du_mdev.h"
#include "rcar_du_mdev_fb.h"

/* -----------------------------------------------------------------------------
 * What the display tells
 */

static void rcar_du_mdev_output_vblank(void *data, u64 count, u64 time_ns)
{
	struct rcar_du_mdev_device *rdev = data;

	rcar_du_mdev_vdu_crtc_vblank(&rdev->vdu, count, time_ns);
}

static void rcar_du_mdev_output_shown(void *data, u32 seq, u64 count,
				      u64 time_ns, int error)
{
	struct rcar_du_mdev_device *rdev = data;

	if (error)
		atomic64_inc(&rdev->stats.scanout_refused);
	else
		atomic64_inc(&rdev->stats.scanout_frames);

	rcar_du_mdev_vdu_set_no_mode(&rdev->vdu, error == -ERANGE);
	rcar_du_mdev_vdu_crtc_shown(&rdev->vdu, seq, count, time_ns);
}

static void rcar_du_mdev_output_hotplug(void *data)
{
	struct rcar_du_mdev_device *rdev = data;

	if (rdev->sink_kind == RCAR_DU_SCANOUT_CHANNEL)
		queue_work(rdev->wq, &rdev->monitor_work);
}

static void rcar_du_mdev_output_monitor_work(struct work_struct *work)
{
	struct rcar_du_mdev_device *rdev =
		container_of(work, struct rcar_du_mdev_device, monitor_work);

	guard(mutex)(&rdev->edid_mutex);
	rcar_du_mdev_region_publish_edid(rdev);
}

/**
 * rcar_du_mdev_output_edid - Get the EDID of a channel's panel
 * @rdev: the device
 * @edid: has room for RCAR_DU_MDEV_EDID_MAX_SIZE bytes
 * @connected: whether there is a panel
 *
 * A panel without an EDID gets one with its preferred mode.
 *
 * Return: number of bytes, 0 if there is no panel or no memory.
 */
u32 rcar_du_mdev_output_edid(struct rcar_du_mdev_device *rdev, u8 *edid,
			     bool *connected)
{
	struct rcar_du_scanout_monitor *monitor __free(kfree) =
		kzalloc(sizeof(*monitor), GFP_KERNEL);
	u32 size = 0;

	BUILD_BUG_ON(sizeof(monitor->edid) > RCAR_DU_MDEV_EDID_MAX_SIZE);

	*connected = false;
	if (!monitor)
		return 0;

	rcar_du_scanout_monitor(rdev->sink, monitor);
	*connected = monitor->connected;
	if (!monitor->connected)
		return 0;

	if (monitor->edid_size) {
		memcpy(edid, monitor->edid, monitor->edid_size);
		size = rcar_du_mdev_edid_sanitise(edid, monitor->edid_size);
	}
	if (!size)
		size = rcar_du_mdev_edid_generate(edid, monitor->width,
						  monitor->height,
						  monitor->refresh);

	return size;
}

static const struct rcar_du_scanout_ops rcar_du_mdev_output_ops = {
	.vblank = rcar_du_mdev_output_vblank,
	.shown = rcar_du_mdev_output_shown,
	.hotplug = rcar_du_mdev_output_hotplug,
};

/* -----------------------------------------------------------------------------
 * What it shows
 */

static u32 rcar_du_mdev_output_error(int ret)
{
	switch (ret) {
	case -EMEDIUMTYPE:
		return RCAR_VDU_ERROR_MEMORY;
	case -EOPNOTSUPP:
		return RCAR_VDU_ERROR_FORMAT;
	case -EINVAL:
		return RCAR_VDU_ERROR_SIZE;
	case -ENODEV:
		/* The guest's memory has just gone. */
		return RCAR_VDU_ERROR_ADDRESS;
	default:
		return RCAR_VDU_ERROR_INTERNAL;
	}
}

static struct drm_framebuffer *
rcar_du_mdev_output_get(struct rcar_du_mdev_device *rdev,
			const struct rcar_du_mdev_plane *plane,
			 const struct rcar_du_mdev_shown *shown, size_t *copied)
{
	struct rcar_du_scanout_buffer buffer = {
		.format = plane->format,
		.width = plane->width,
		.height = plane->height,
	};
	struct drm_framebuffer *fb = NULL;
	unsigned int i;
	bool exported;

	for (i = 0; i < plane->num_planes; i++) {
		struct dma_buf *dmabuf;

		dmabuf = rcar_du_mdev_dmabuf_get(shown->fb[i], &exported);
		if (IS_ERR(dmabuf)) {
			fb = ERR_CAST(dmabuf);
			break;
		}

		buffer.dmabuf[i] = dmabuf;
		buffer.pitch[i] = plane->pitch[i];
		buffer.offset[i] = plane->addr[i] - shown->fb[i]->iova;
		buffer.num_planes++;
	}

	if (!fb)
		fb = rcar_du_scanout_import(rdev->sink, &buffer, copied);

	for (i = 0; i < buffer.num_planes; i++)
		dma_buf_put(buffer.dmabuf[i]);

	return fb;
}

/**
 * rcar_du_mdev_output_import - Prepare a plane for the display
 * @rdev: the device
 * @plane: the plane
 * @shown: its framebuffers, which are there; gets what the display needs, or
 *	why it can't show the plane
 *
 * Context: latch_work, no locks held. Sleeps.
 */
void rcar_du_mdev_output_import(struct rcar_du_mdev_device *rdev,
				const struct rcar_du_mdev_plane *plane,
				 struct rcar_du_mdev_shown *shown)
{
	struct drm_framebuffer *fb;
	size_t copied = 0;

	fb = rcar_du_mdev_output_get(rdev, plane, shown, &copied);
	if (IS_ERR(fb)) {
		shown->scanout_error = rcar_du_mdev_output_error(PTR_ERR(fb));
		atomic64_inc(&rdev->stats.scanout_refused);
		return;
	}

	atomic64_add(copied, &rdev->stats.bytes_copied);
	shown->copied = copied;
	/* Our reference goes with @shown. */
	shown->scanout = fb;
}

/**
 * rcar_du_mdev_output_show_locked - Show the published frame on the display
 * @rdev: the device; the caller holds its fb_mutex
 *
 * A framebuffer that is killed later is taken off the display by
 * rcar_du_scanout_forget().
 */
void rcar_du_mdev_output_show_locked(struct rcar_du_mdev_device *rdev)
{
	const struct rcar_du_mdev_frame *from = &rdev->frame;
	struct rcar_du_scanout_frame frame = {
		.seq = from->seq,
		.on = from->on,
		.width = from->width,
		.height = from->height,
		.period = rcar_du_mdev_vdu_frame_period(&rdev->vdu),
	};
	unsigned int i;

	lockdep_assert_held(&rdev->fb_mutex);

	if (!rdev->sink)
		return;

	for (i = 0; i < from->num_planes; i++) {
		const struct rcar_du_mdev_plane *plane = &from->planes[i];
		const struct rcar_du_mdev_shown *shown = &rdev->shown[i];

		/* Those whose memory has gone have none. */
		if (plane->error || !shown->scanout)
			continue;

		frame.layers[frame.num_layers++] = (struct rcar_du_scanout_layer) {
			.fb = shown->scanout,
			.x = plane->x,
			.y = plane->y,
			.width = plane->width,
			.height = plane->height,
			.alpha = plane->alpha,
			.blend = plane->blend,
		};
	}

	rcar_du_scanout_show(rdev->sink, &frame);
}

/**
 * rcar_du_mdev_output_init - Give a device its part of the display
 * @rdev: the device
 * @scanout: the display
 * @kind: which part
 *
 * Return: 0, -ENOSPC if nothing is left, -ENOMEM.
 */
int rcar_du_mdev_output_init(struct rcar_du_mdev_device *rdev,
			     struct rcar_du_scanout *scanout,
			      enum rcar_du_scanout_kind kind)
{
	struct rcar_du_scanout_sink *sink;

	BUILD_BUG_ON(RCAR_VDU_NUM_PLANE_PAGES > RCAR_DU_SCANOUT_MAX_LAYERS);

	sink = rcar_du_scanout_create(scanout, kind, &rcar_du_mdev_output_ops,
				      rdev);
	if (IS_ERR(sink))
		return PTR_ERR(sink);

	INIT_WORK(&rdev->monitor_work, rcar_du_mdev_output_monitor_work);
	rdev->sink = sink;
	rdev->sink_kind = kind;
	rcar_du_mdev_vdu_set_planes(&rdev->vdu,
				    rcar_du_scanout_num_planes(sink));

	return 0;
}

/**
 * rcar_du_mdev_output_fini - Give it back
 * @rdev: the device, closed, with a sink
 */
void rcar_du_mdev_output_fini(struct rcar_du_mdev_device *rdev)
{
	/* The display may be plugged in or out to the last. */
	disable_work_sync(&rdev->monitor_work);
	rcar_du_scanout_destroy(rdev->sink);
	rdev->sink = NULL;
}
