// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: check codes of what is shown
 *
 * For tests in guests. The processor composes each published frame, as far as it
 * keeps up: one at a time, the newest next. Nothing waits for it.
 */

#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "rcar_du_mdev_cache.h"
#include "rcar_du_mdev_compose.h"
#include "rcar_du_mdev_crc.h"
#include "rcar_du_mdev_fb.h"
#include "rcar_du_mdev_screen.h"
#include "rcar_du_mdev_vdu.h"

/**
 * struct rcar_du_mdev_picture - A frame that is being composed
 * @frame: the frame
 * @fb: framebuffers of its planes that are shown, each with a reference
 * @map: kernel addresses of @fb, or NULL
 * @layers: the planes that are shown
 * @num_layers: number of @layers
 * @line: a line of it
 * @scratch: a line of one plane
 */
struct rcar_du_mdev_picture {
	struct rcar_du_mdev_frame frame;
	struct rcar_du_mdev_fb *fb[RCAR_VDU_NUM_PLANE_PAGES][2];
	void *map[RCAR_VDU_NUM_PLANE_PAGES][2];
	struct rcar_du_mdev_layer layers[RCAR_VDU_NUM_PLANE_PAGES];
	unsigned int num_layers;
	u32 line[RCAR_DU_MDEV_MAX_WIDTH];
	u32 scratch[RCAR_DU_MDEV_MAX_WIDTH];
};

/* Takes the published frame, if it is one that can be composed. */
static bool rcar_du_mdev_crc_take(struct rcar_du_mdev_crc *crc,
				  struct rcar_du_mdev_picture *picture)
{
	const struct rcar_du_mdev_frame *frame;
	unsigned int i, j;

	guard(rcar_du_mdev_cache)(crc->cache);

	frame = rcar_du_mdev_screen_frame_locked(crc->screen);
	/* The display may have any size; bound the work. */
	if (rcar_du_mdev_cache_closing(crc->cache) || !frame->on ||
	    frame->width > RCAR_DU_MDEV_MAX_WIDTH ||
	    frame->height > RCAR_DU_MDEV_MAX_HEIGHT)
		return false;

	picture->frame = *frame;

	for (i = 0; i < frame->num_planes; i++) {
		const struct rcar_du_mdev_plane *plane = &frame->planes[i];
		const struct rcar_du_mdev_shown *shown =
			rcar_du_mdev_screen_shown_locked(crc->screen, plane);

		if (plane->error ||
		    rcar_du_mdev_screen_lost_locked(crc->screen, plane, shown))
			continue;

		for (j = 0; j < plane->num_planes; j++) {
			picture->fb[i][j] = shown->fb[j];
			rcar_du_mdev_fb_get(picture->fb[i][j]);
		}
	}

	return true;
}

static bool rcar_du_mdev_crc_map(struct rcar_du_mdev_picture *picture)
{
	unsigned int i, j;

	for (i = 0; i < picture->frame.num_planes; i++) {
		const struct rcar_du_mdev_plane *plane = &picture->frame.planes[i];
		struct rcar_du_mdev_layer *layer;

		if (!picture->fb[i][0])
			continue;

		layer = &picture->layers[picture->num_layers++];
		layer->plane = plane;
		for (j = 0; j < plane->num_planes; j++) {
			struct rcar_du_mdev_fb *fb = picture->fb[i][j];

			picture->map[i][j] = rcar_du_mdev_fb_vmap(fb);
			if (!picture->map[i][j])
				return false;
			layer->pixels[j] = picture->map[i][j] +
					   (plane->addr[j] - fb->iova);
		}
	}

	return true;
}

static void rcar_du_mdev_crc_release(struct rcar_du_mdev_picture *picture)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(picture->fb); i++) {
		for (j = 0; j < ARRAY_SIZE(picture->fb[i]); j++) {
			if (picture->map[i][j])
				rcar_du_mdev_fb_vunmap(picture->fb[i][j],
						       picture->map[i][j]);
			if (picture->fb[i][j])
				rcar_du_mdev_fb_put(picture->fb[i][j]);
		}
	}
}

/*
 * Taking memory away does not wait for the composition: the pages stay until they
 * are unmapped here, and nobody will look at what is read of them meanwhile.
 */
static bool rcar_du_mdev_crc_obsolete(struct rcar_du_mdev_crc *crc,
				      const struct rcar_du_mdev_picture *picture)
{
	unsigned int i, j;

	if (rcar_du_mdev_cache_closing(crc->cache) ||
	    !rcar_du_mdev_vdu_crc_enabled(crc->vdu))
		return true;

	for (i = 0; i < picture->frame.num_planes; i++) {
		for (j = 0; j < ARRAY_SIZE(picture->fb[i]); j++) {
			if (picture->fb[i][j] &&
			    rcar_du_mdev_fb_lost(picture->fb[i][j]))
				return true;
		}
	}

	return false;
}

static bool rcar_du_mdev_crc_compose(struct rcar_du_mdev_crc *crc,
				     struct rcar_du_mdev_picture *picture,
				     u32 *code)
{
	u32 width = picture->frame.width;
	u32 y;

	*code = 0;

	for (y = 0; y < picture->frame.height; y++) {
		if (rcar_du_mdev_crc_obsolete(crc, picture))
			return false;

		rcar_du_mdev_compose_line(picture->layers, picture->num_layers,
					  y, picture->line, picture->scratch,
					  width);
		*code = rcar_du_mdev_compose_crc(*code, picture->line, width);
		cond_resched();
	}

	return true;
}

static void rcar_du_mdev_crc_work(struct work_struct *work)
{
	struct rcar_du_mdev_crc *crc =
		container_of(work, struct rcar_du_mdev_crc, work);
	struct rcar_du_mdev_picture *picture;
	u32 code;

	picture = kvzalloc(sizeof(*picture), GFP_KERNEL);
	if (!picture)
		return;

	if (rcar_du_mdev_crc_take(crc, picture) &&
	    rcar_du_mdev_crc_map(picture) &&
	    rcar_du_mdev_crc_compose(crc, picture, &code)) {
		atomic64_inc(&crc->count);
		rcar_du_mdev_vdu_report_crc(crc->vdu, picture->frame.seq, code);
	}

	rcar_du_mdev_crc_release(picture);
	kvfree(picture);
}

/**
 * rcar_du_mdev_crc_published - There is a new frame to look at
 * @crc: who computes check codes
 *
 * Context: any.
 */
void rcar_du_mdev_crc_published(struct rcar_du_mdev_crc *crc)
{
	if (rcar_du_mdev_vdu_crc_enabled(crc->vdu))
		rcar_du_mdev_cache_queue(crc->cache, &crc->work);
}

/**
 * rcar_du_mdev_crc_stop - Look at no more frames
 * @crc: who computes check codes; nobody publishes any more
 *
 * Context: sleeps.
 */
void rcar_du_mdev_crc_stop(struct rcar_du_mdev_crc *crc)
{
	cancel_work_sync(&crc->work);
}

/**
 * rcar_du_mdev_crc_init - Prepare the check codes of a new device
 * @crc: who computes check codes
 * @vdu: the device's VDU
 * @cache: the device's framebuffers
 * @screen: what the device shows
 */
void rcar_du_mdev_crc_init(struct rcar_du_mdev_crc *crc,
			   struct rcar_du_mdev_vdu *vdu,
			   struct rcar_du_mdev_cache *cache,
			   struct rcar_du_mdev_screen *screen)
{
	crc->vdu = vdu;
	crc->cache = cache;
	crc->screen = screen;
	INIT_WORK(&crc->work, rcar_du_mdev_crc_work);
}
