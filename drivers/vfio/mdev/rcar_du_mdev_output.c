// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: frames on the host's display
 *
 * The device's end of rcar_du_scanout, which knows dma-bufs and no guests.
 */

#include <linux/dma-buf.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <drm/drm_framebuffer.h>

#include "rcar_du_mdev_dmabuf.h"
#include "rcar_du_mdev_edid.h"
#include "rcar_du_mdev_fb.h"
#include "rcar_du_mdev_frame.h"
#include "rcar_du_mdev_output.h"
#include "rcar_du_mdev_vdu.h"

/* -----------------------------------------------------------------------------
 * What the display tells
 */

static void rcar_du_mdev_output_vblank(void *data, u64 count, u64 time_ns)
{
	struct rcar_du_mdev_output *output = data;

	rcar_du_mdev_vdu_crtc_vblank(output->vdu, count, time_ns);
}

static void rcar_du_mdev_output_shown(void *data, u32 seq, u64 count,
				      u64 time_ns, int error)
{
	struct rcar_du_mdev_output *output = data;

	if (error)
		atomic64_inc(&output->refused);
	else
		atomic64_inc(&output->frames);

	rcar_du_mdev_vdu_set_no_mode(output->vdu, error == -ERANGE);
	rcar_du_mdev_vdu_set_refused(output->vdu, seq,
				     error && error != -ERANGE);
	rcar_du_mdev_vdu_crtc_shown(output->vdu, seq, count, time_ns);
}

static void rcar_du_mdev_output_hotplug(void *data)
{
	struct rcar_du_mdev_output *output = data;

	if (rcar_du_mdev_output_is_channel(output))
		output->ops->hotplug(output);
}

/*
 * The driver of the display waits for this when it is unbound. Whoever has imported
 * something publishes it without waiting for guests or VMMs.
 */
static void rcar_du_mdev_output_display(void *data, bool there)
{
	struct rcar_du_mdev_output *output = data;
	u32 latches, frames;

	if (there) {
		/* What the guest shows now is on no panel yet. */
		rcar_du_mdev_vdu_latch_again(output->vdu);
	} else {
		scoped_guard(rcar_du_mdev_output, output)
			output->ops->lost(output);
		/* It finds no fault any more. */
		rcar_du_mdev_vdu_counters(output->vdu, &latches, &frames);
		rcar_du_mdev_vdu_set_refused(output->vdu, latches, false);
		rcar_du_mdev_vdu_set_no_mode(output->vdu, false);
	}

	rcar_du_mdev_output_hotplug(output);
}

static const struct rcar_du_scanout_ops rcar_du_mdev_scanout_ops = {
	.vblank = rcar_du_mdev_output_vblank,
	.shown = rcar_du_mdev_output_shown,
	.hotplug = rcar_du_mdev_output_hotplug,
	.display = rcar_du_mdev_output_display,
	.map = rcar_du_mdev_dmabuf_map_pages,
	.unmap = rcar_du_mdev_dmabuf_unmap_pages,
};

/* -----------------------------------------------------------------------------
 * What it is
 */

/**
 * rcar_du_mdev_output_is_plane - Tell if a device has a plane of a display
 * @output: its output
 *
 * Return: true if it has.
 */
bool rcar_du_mdev_output_is_plane(const struct rcar_du_mdev_output *output)
{
	return output->sink && output->kind == RCAR_DU_SCANOUT_PLANE;
}

/**
 * rcar_du_mdev_output_is_channel - Tell if a device has a channel of a display
 * @output: its output
 *
 * Return: true if it has.
 */
bool rcar_du_mdev_output_is_channel(const struct rcar_du_mdev_output *output)
{
	return output->sink && output->kind == RCAR_DU_SCANOUT_CHANNEL;
}

/**
 * rcar_du_mdev_output_sink - Get what a device has of a display
 * @output: its output
 *
 * Return: the sink, or NULL if it has none.
 */
struct rcar_du_scanout_sink *
rcar_du_mdev_output_sink(const struct rcar_du_mdev_output *output)
{
	return output->sink;
}

/**
 * rcar_du_mdev_output_set_crtc - Move to another CRTC
 * @output: the output; nobody uses the device of a channel
 * @crtc: index of the CRTC
 *
 * Return: 0, or an error of rcar_du_scanout_set().
 */
int rcar_du_mdev_output_set_crtc(struct rcar_du_mdev_output *output, int crtc)
{
	int ret;

	ret = rcar_du_scanout_set(output->sink, RCAR_DU_SCANOUT_CRTC, crtc);
	rcar_du_mdev_vdu_set_display(output->vdu,
				     rcar_du_scanout_num_planes(output->sink));

	return ret;
}

/**
 * rcar_du_mdev_output_set_picture - Set what is shown while the guest shows nothing
 * @output: the output
 * @picture: the picture, which stays until there is another one, or NULL
 *
 * Context: sleeps.
 * Return: 0, or an error of rcar_du_scanout_set_picture().
 */
int rcar_du_mdev_output_set_picture(struct rcar_du_mdev_output *output,
				    const struct rcar_du_scanout_picture *picture)
{
	return rcar_du_scanout_set_picture(output->sink, picture);
}

/**
 * rcar_du_mdev_output_edid - Get the EDID of a channel's panel
 * @output: the output
 * @edid: has room for RCAR_DU_MDEV_EDID_MAX_SIZE bytes
 * @connected: returns whether there is a panel
 *
 * A panel without an EDID gets one with its preferred mode, and so does one whose mode is
 * fixed.
 *
 * Context: sleeps.
 * Return: number of bytes, 0 if there is no panel or no memory.
 */
u32 rcar_du_mdev_output_edid(struct rcar_du_mdev_output *output, u8 *edid,
			     bool *connected)
{
	struct rcar_du_scanout_monitor *monitor __free(kfree) =
		kzalloc(sizeof(*monitor), GFP_KERNEL);
	bool fixed = rcar_du_scanout_get(output->sink, RCAR_DU_SCANOUT_FIXED);
	u32 size = 0;

	BUILD_BUG_ON(sizeof(monitor->edid) > RCAR_DU_MDEV_EDID_MAX_SIZE);

	*connected = false;
	if (!monitor)
		return 0;

	rcar_du_scanout_monitor(output->sink, monitor);
	*connected = monitor->connected;
	if (!monitor->connected)
		return 0;

	if (monitor->edid_size && !fixed) {
		memcpy(edid, monitor->edid, monitor->edid_size);
		size = rcar_du_mdev_edid_sanitise(edid, monitor->edid_size);
	}
	if (!size)
		size = rcar_du_mdev_edid_generate(edid, monitor->width,
						  monitor->height,
						  monitor->refresh);
	/* The guest is to know no other mode. */
	if (fixed)
		rcar_du_mdev_edid_restrict(edid);

	return size;
}

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
rcar_du_mdev_output_get(struct rcar_du_mdev_output *output,
			const struct rcar_du_mdev_plane *plane,
			struct rcar_du_mdev_fb *const fb[2], size_t *copied)
{
	struct rcar_du_scanout_buffer buffer = {
		.format = plane->format,
		.width = plane->width,
		.height = plane->height,
	};
	struct drm_framebuffer *scanout = NULL;
	unsigned int i;
	bool exported;

	for (i = 0; i < plane->num_planes; i++) {
		struct dma_buf *dmabuf;

		dmabuf = rcar_du_mdev_dmabuf_get(fb[i], &exported);
		if (IS_ERR(dmabuf)) {
			scanout = ERR_CAST(dmabuf);
			break;
		}

		buffer.dmabuf[i] = dmabuf;
		buffer.pitch[i] = plane->pitch[i];
		buffer.offset[i] = plane->addr[i] - fb[i]->iova;
		buffer.num_planes++;
	}

	if (!scanout)
		scanout = rcar_du_scanout_import(output->sink, &buffer, copied);

	for (i = 0; i < buffer.num_planes; i++)
		dma_buf_put(buffer.dmabuf[i]);

	return scanout;
}

/*
 * Importers have a buffer as it was when they mapped it. A guest that draws through
 * the caches has drawn to it since.
 */
static void rcar_du_mdev_output_refresh(struct rcar_du_mdev_output *output,
					const struct rcar_du_mdev_plane *plane,
					struct rcar_du_mdev_fb *const fb[2])
{
	u64 start = ktime_get_ns();
	unsigned int cleans = 0;
	unsigned int i;

	for (i = 0; i < plane->num_planes; i++)
		cleans += rcar_du_mdev_dmabuf_refresh(fb[i],
						      plane->write_combined[i]);

	if (cleans) {
		atomic64_add(cleans, &output->cleans);
		atomic64_add(ktime_get_ns() - start, &output->clean_ns);
	}
}

/**
 * rcar_du_mdev_output_import - Prepare a plane for the display
 * @output: the output
 * @plane: the plane, without an error
 * @fb: its framebuffers, referenced
 * @scanout: returns what the display needs, or why it can't show the plane
 *
 * What has been drawn is in memory on return, for all importers.
 *
 * Context: the caller holds the output until the plane is published. Sleeps.
 */
void rcar_du_mdev_output_import(struct rcar_du_mdev_output *output,
				const struct rcar_du_mdev_plane *plane,
				struct rcar_du_mdev_fb *const fb[2],
				struct rcar_du_mdev_scanout *scanout)
{
	struct drm_framebuffer *shown;
	size_t copied = 0;

	lockdep_assert_held(&output->mutex);

	memset(scanout, 0, sizeof(*scanout));
	rcar_du_mdev_output_refresh(output, plane, fb);
	if (!output->sink)
		return;

	shown = rcar_du_mdev_output_get(output, plane, fb, &copied);
	/* As if its cable were pulled: there is nothing wrong with the plane. */
	if (shown == ERR_PTR(-ENOTCONN))
		return;
	if (IS_ERR(shown)) {
		scanout->error = rcar_du_mdev_output_error(PTR_ERR(shown));
		atomic64_inc(&output->refused);
		return;
	}

	atomic64_add(copied, &output->bytes_copied);
	scanout->copied = copied;
	/* Our reference goes with @scanout. */
	scanout->fb = shown;
}

/**
 * rcar_du_mdev_output_show - Show a frame on the display
 * @output: the output
 * @frame: what to show; its period is set here
 *
 * Context: sleeps.
 */
void rcar_du_mdev_output_show(struct rcar_du_mdev_output *output,
			      struct rcar_du_scanout_frame *frame)
{
	if (!output->sink)
		return;

	frame->period = rcar_du_mdev_vdu_frame_period(output->vdu);
	rcar_du_scanout_show(output->sink, frame);
}

/**
 * rcar_du_mdev_output_forget - Have the display stop using a dma-buf
 * @output: the output
 * @dmabuf: the dma-buf, which can't be imported any more, and so does not come back
 *
 * Context: sleeps until the next vertical blank if it was on the screen.
 */
void rcar_du_mdev_output_forget(struct rcar_du_mdev_output *output,
				const struct dma_buf *dmabuf)
{
	if (output->sink)
		rcar_du_scanout_forget(output->sink, dmabuf);
}

/* -----------------------------------------------------------------------------
 * Initialization
 */

/**
 * rcar_du_mdev_output_start - The device is used: ask for vertical blanks
 * @output: the output
 */
void rcar_du_mdev_output_start(struct rcar_du_mdev_output *output)
{
	if (output->sink)
		rcar_du_scanout_start(output->sink);
}

/**
 * rcar_du_mdev_output_stop - The device is not used any more
 * @output: the output
 *
 * No vertical blank is told on return.
 */
void rcar_du_mdev_output_stop(struct rcar_du_mdev_output *output)
{
	if (output->sink)
		rcar_du_scanout_stop(output->sink);
}

/**
 * rcar_du_mdev_output_init - Prepare the output of a new device
 * @output: the output, with nothing of a display yet
 * @vdu: the device's VDU
 * @ops: calls of the owner
 */
void rcar_du_mdev_output_init(struct rcar_du_mdev_output *output,
			      struct rcar_du_mdev_vdu *vdu,
			      const struct rcar_du_mdev_output_ops *ops)
{
	output->vdu = vdu;
	output->ops = ops;
	mutex_init(&output->mutex);
}

/**
 * rcar_du_mdev_output_fini - Undo rcar_du_mdev_output_init()
 * @output: the output, with nothing of a display any more
 */
void rcar_du_mdev_output_fini(struct rcar_du_mdev_output *output)
{
	mutex_destroy(&output->mutex);
}

/**
 * rcar_du_mdev_output_attach - Give a device its part of a display
 * @output: the output
 * @scanout: the display
 * @kind: which part
 *
 * Return: 0, -ENODEV if the display is not there, -ENOSPC if nothing is left, -ENOMEM.
 */
int rcar_du_mdev_output_attach(struct rcar_du_mdev_output *output,
			       struct rcar_du_scanout *scanout,
			       enum rcar_du_scanout_kind kind)
{
	struct rcar_du_scanout_sink *sink;

	sink = rcar_du_scanout_create(scanout, kind, &rcar_du_mdev_scanout_ops,
				      output);
	if (IS_ERR(sink))
		return PTR_ERR(sink);

	output->sink = sink;
	output->kind = kind;
	rcar_du_mdev_vdu_set_display(output->vdu,
				     rcar_du_scanout_num_planes(sink));

	return 0;
}

/**
 * rcar_du_mdev_output_detach - Give it back
 * @output: the output of a device that nobody uses, with a part of a display
 */
void rcar_du_mdev_output_detach(struct rcar_du_mdev_output *output)
{
	rcar_du_scanout_destroy(output->sink);
	output->sink = NULL;
}
