// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: from the latch to the published frame
 *
 * A worker turns each latched state into framebuffers and publishes it. Everything
 * else only looks at what is published.
 */

#include <linux/array_size.h>
#include <linux/err.h>
#include <linux/math.h>
#include <linux/string.h>
#include <linux/vfio.h>

#include "rcar_du_mdev_cache.h"
#include "rcar_du_mdev_crc.h"
#include "rcar_du_mdev_fb.h"
#include "rcar_du_mdev_fbregion.h"
#include "rcar_du_mdev_output.h"
#include "rcar_du_mdev_pipe.h"
#include "rcar_du_mdev_screen.h"
#include "rcar_du_mdev_trace.h"
#include "rcar_du_mdev_vdu.h"

/* -----------------------------------------------------------------------------
 * Framebuffers
 */

static u32 rcar_du_mdev_pipe_error(int ret)
{
	switch (ret) {
	case -ENOBUFS:
		return RCAR_VDU_ERROR_INTERNAL;
	case -ENOMEM:
		/* What VFIO says when RLIMIT_MEMLOCK would be exceeded. */
		return RCAR_VDU_ERROR_LIMIT;
	default:
		return RCAR_VDU_ERROR_ADDRESS;
	}
}

/* May wait for a page fault that user space handles: the output is not held. */
static void rcar_du_mdev_pipe_pin(struct rcar_du_mdev_pipe *pipe,
				  struct rcar_du_mdev_plane *plane,
				  struct rcar_du_mdev_shown *shown)
{
	struct rcar_du_mdev_fb *fb;
	unsigned int i;

	if (plane->error)
		return;

	for (i = 0; i < plane->num_planes; i++) {
		/*
		 * Importers take a buffer of stride * height bytes, though
		 * nobody reads the end of the last line.
		 */
		fb = rcar_du_mdev_cache_use(pipe->cache, plane->addr[i],
					    plane->size[i],
					    roundup(plane->size[i],
						    plane->pitch[i]));
		if (IS_ERR(fb)) {
			plane->error = rcar_du_mdev_pipe_error(PTR_ERR(fb));
			return;
		}
		shown->fb[i] = fb;
		rcar_du_mdev_fb_set_write_combined(fb, plane->write_combined[i]);
	}
}

static void rcar_du_mdev_pipe_import(struct rcar_du_mdev_pipe *pipe)
{
	unsigned int i;

	for (i = 0; i < pipe->frame.num_planes; i++) {
		const struct rcar_du_mdev_plane *plane = &pipe->frame.planes[i];
		struct rcar_du_mdev_shown *shown = &pipe->shown[i];

		if (!plane->error)
			rcar_du_mdev_output_import(pipe->output, plane,
						   shown->fb, &shown->scanout);
	}
}

/*
 * Guest memory comes and goes without a word to the device, and limits are
 * raised. Come back to planes that could not be pinned.
 */
static void rcar_du_mdev_pipe_plan_retry_locked(struct rcar_du_mdev_pipe *pipe)
{
	unsigned long delay =
		rcar_du_mdev_cache_retry_delay_locked(pipe->cache);
	unsigned int i;

	for (i = 0; i < pipe->frame.num_planes; i++) {
		u32 error = pipe->frame.planes[i].error;
		struct rcar_du_mdev_fb *fb = pipe->shown[i].fb[0];

		if (error == RCAR_VDU_ERROR_ADDRESS ||
		    error == RCAR_VDU_ERROR_LIMIT ||
		    error == RCAR_VDU_ERROR_INTERNAL ||
		    (fb && rcar_du_mdev_fb_lost(fb)))
			queue_delayed_work(pipe->wq, &pipe->retry_work, delay);
	}
}

static void rcar_du_mdev_pipe_retry_work(struct work_struct *work)
{
	struct rcar_du_mdev_pipe *pipe =
		container_of(to_delayed_work(work), struct rcar_du_mdev_pipe,
			     retry_work);

	rcar_du_mdev_vdu_latch_again(pipe->vdu);
}

/* -----------------------------------------------------------------------------
 * Publishing
 */

static void rcar_du_mdev_pipe_report(struct rcar_du_mdev_pipe *pipe)
{
	u32 errors[RCAR_VDU_NUM_PLANE_PAGES] = { };
	unsigned int i;

	for (i = 0; i < pipe->frame.num_planes; i++) {
		const struct rcar_du_mdev_plane *plane = &pipe->frame.planes[i];

		errors[plane->index] = plane->error ?:
				       pipe->shown[i].scanout.error;
	}

	rcar_du_mdev_vdu_report(pipe->vdu, pipe->frame.seq, errors);
}

static void rcar_du_mdev_pipe_publish(struct rcar_du_mdev_pipe *pipe)
{
	unsigned int i;

	guard(rcar_du_mdev_cache)(pipe->cache);

	if (rcar_du_mdev_cache_closing(pipe->cache)) {
		for (i = 0; i < ARRAY_SIZE(pipe->shown); i++)
			rcar_du_mdev_screen_drop_locked(pipe->screen,
							&pipe->shown[i]);
		return;
	}

	rcar_du_mdev_pipe_report(pipe);
	rcar_du_mdev_pipe_plan_retry_locked(pipe);
	rcar_du_mdev_screen_publish_locked(pipe->screen, &pipe->frame,
					   pipe->shown);
	rcar_du_mdev_fbregion_update_locked(pipe->fbregion);
	rcar_du_mdev_cache_trim_locked(pipe->cache);
	rcar_du_mdev_irq_refresh(rcar_du_mdev_vdu_irq(pipe->vdu));
	rcar_du_mdev_crc_published(pipe->crc);
}

static void rcar_du_mdev_pipe_work(struct work_struct *work)
{
	struct rcar_du_mdev_pipe *pipe =
		container_of(work, struct rcar_du_mdev_pipe, work);
	unsigned int i;

	rcar_du_mdev_vdu_latch(pipe->vdu, &pipe->latch);
	rcar_du_mdev_frame_decode(&pipe->latch, &pipe->frame);

	memset(pipe->shown, 0, sizeof(pipe->shown));
	for (i = 0; i < pipe->frame.num_planes; i++)
		rcar_du_mdev_pipe_pin(pipe, &pipe->frame.planes[i],
				      &pipe->shown[i]);

	guard(rcar_du_mdev_output)(pipe->output);

	rcar_du_mdev_pipe_import(pipe);
	trace_rcar_du_mdev_frame(rcar_du_mdev_vdu_dev(pipe->vdu), &pipe->frame);

	rcar_du_mdev_pipe_publish(pipe);
}

/**
 * rcar_du_mdev_pipe_latched - There is something new to publish
 * @pipe: the pipe
 *
 * Context: any.
 */
void rcar_du_mdev_pipe_latched(struct rcar_du_mdev_pipe *pipe)
{
	queue_work(pipe->wq, &pipe->work);
}

/* -----------------------------------------------------------------------------
 * Initialization and reset
 */

/**
 * rcar_du_mdev_pipe_reset - Show nothing and take all guest memory away
 * @pipe: the pipe
 *
 * On return nothing is pinned and all dma-bufs are revoked.
 *
 * Context: sleeps until the workqueues are idle.
 */
void rcar_du_mdev_pipe_reset(struct rcar_du_mdev_pipe *pipe)
{
	scoped_guard(rcar_du_mdev_cache, pipe->cache) {
		rcar_du_mdev_screen_clear_locked(pipe->screen);
		rcar_du_mdev_fbregion_clear_locked(pipe->fbregion);
		rcar_du_mdev_cache_close_locked(pipe->cache);
	}

	cancel_delayed_work_sync(&pipe->retry_work);
	/*
	 * Whoever still latches finds the cache closing and pins nothing, so
	 * what is queued by now is all there is.
	 */
	flush_workqueue(pipe->wq);
	rcar_du_mdev_crc_stop(pipe->crc);
	rcar_du_mdev_cache_drain(pipe->cache);
}

/**
 * rcar_du_mdev_pipe_let_go - Take all guest memory away
 * @pipe: the pipe, of a VDU that latches no planes
 *
 * What is shown goes on without planes. On return nothing is pinned and all dma-bufs
 * are revoked.
 *
 * Context: sleeps until the workqueues are idle.
 */
void rcar_du_mdev_pipe_let_go(struct rcar_du_mdev_pipe *pipe)
{
	/* Nobody pins from here on, and who waits to be allowed to does so no more. */
	scoped_guard(rcar_du_mdev_cache, pipe->cache)
		rcar_du_mdev_cache_close_locked(pipe->cache);
	flush_workqueue(pipe->wq);
	rcar_du_mdev_cache_drain(pipe->cache);

	/* The frame without planes was not published. */
	queue_work(pipe->wq, &pipe->work);
	flush_work(&pipe->work);
}

/**
 * rcar_du_mdev_pipe_init - Prepare the pipe of a new device
 * @pipe: the pipe
 * @number: number of the device, for the workqueue's name
 * @vdu: the device's VDU
 * @cache: the device's framebuffers
 * @output: the device's output
 * @screen: where frames are published
 * @fbregion: the device's framebuffer regions
 * @crc: the device's check codes
 *
 * Return: 0 or -ENOMEM.
 */
int rcar_du_mdev_pipe_init(struct rcar_du_mdev_pipe *pipe, unsigned int number,
			   struct rcar_du_mdev_vdu *vdu,
			   struct rcar_du_mdev_cache *cache,
			   struct rcar_du_mdev_output *output,
			   struct rcar_du_mdev_screen *screen,
			   struct rcar_du_mdev_fbregion *fbregion,
			   struct rcar_du_mdev_crc *crc)
{
	/* Not ordered, which WQ_SYSFS excludes: nothing here depends on it. */
	pipe->wq = alloc_workqueue("rcar-du-mdev%u", WQ_UNBOUND | WQ_SYSFS, 1,
				   number);
	if (!pipe->wq)
		return -ENOMEM;

	pipe->vdu = vdu;
	pipe->cache = cache;
	pipe->output = output;
	pipe->screen = screen;
	pipe->fbregion = fbregion;
	pipe->crc = crc;
	INIT_WORK(&pipe->work, rcar_du_mdev_pipe_work);
	INIT_DELAYED_WORK(&pipe->retry_work, rcar_du_mdev_pipe_retry_work);

	return 0;
}

/**
 * rcar_du_mdev_pipe_fini - Undo rcar_du_mdev_pipe_init()
 * @pipe: the pipe of a closed device
 */
void rcar_du_mdev_pipe_fini(struct rcar_du_mdev_pipe *pipe)
{
	destroy_workqueue(pipe->wq);
}
