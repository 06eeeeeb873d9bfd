// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: what is shown
 *
 * The published frame with its framebuffers. It is shown on the host's display and
 * told to VMMs; when memory goes, the planes that show it are off.
 */

#include <linux/array_size.h>
#include <linux/string.h>

#include <drm/drm_framebuffer.h>
#include <drm/drm_plane.h>

#include "rcar_du_mdev_cache.h"
#include "rcar_du_mdev_fb.h"
#include "rcar_du_mdev_screen.h"
#include "rcar_du_mdev_vdu.h"
#include "rcar_du_mdev_watchdog.h"

/* -----------------------------------------------------------------------------
 * Planes
 */

/**
 * rcar_du_mdev_screen_lost_locked - Tell if the guest's memory has gone
 * @screen: the screen; the caller holds the cache's mutex
 * @plane: a plane, also of a frame that is not published yet
 * @shown: its framebuffers
 *
 * Return: true if some of the memory that @plane shows has gone since it was
 * resolved, or was never there.
 */
bool rcar_du_mdev_screen_lost_locked(const struct rcar_du_mdev_screen *screen,
				     const struct rcar_du_mdev_plane *plane,
				     const struct rcar_du_mdev_shown *shown)
{
	unsigned int i;

	rcar_du_mdev_cache_assert_held(screen->cache);

	for (i = 0; i < plane->num_planes; i++) {
		if (!shown->fb[i] || rcar_du_mdev_fb_lost(shown->fb[i]))
			return true;
	}

	return false;
}

/* The display shows it no more, and is to have nothing left of it. */
static void
rcar_du_mdev_screen_drop_scanout_locked(struct rcar_du_mdev_screen *screen,
					struct rcar_du_mdev_shown *shown)
{
	rcar_du_mdev_cache_assert_held(screen->cache);

	if (shown->scanout.fb)
		drm_framebuffer_put(shown->scanout.fb);
	shown->scanout.fb = NULL;
}

/**
 * rcar_du_mdev_screen_drop_locked - Give back what a plane shows
 * @screen: the screen; the caller holds the cache's mutex
 * @shown: what it shows, zeros on return
 */
void rcar_du_mdev_screen_drop_locked(struct rcar_du_mdev_screen *screen,
				     struct rcar_du_mdev_shown *shown)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(shown->fb); i++)
		rcar_du_mdev_cache_unuse_locked(screen->cache, shown->fb[i]);
	rcar_du_mdev_screen_drop_scanout_locked(screen, shown);

	memset(shown, 0, sizeof(*shown));
}

/**
 * rcar_du_mdev_screen_frame_locked - Get the published frame
 * @screen: the screen; the caller holds the cache's mutex
 *
 * Return: the frame, as long as the mutex is held.
 */
const struct rcar_du_mdev_frame *
rcar_du_mdev_screen_frame_locked(const struct rcar_du_mdev_screen *screen)
{
	rcar_du_mdev_cache_assert_held(screen->cache);

	return &screen->frame;
}

/**
 * rcar_du_mdev_screen_shown_locked - Get what a plane of the published frame shows
 * @screen: the screen; the caller holds the cache's mutex
 * @plane: the plane, of the published frame
 *
 * Return: what it shows, as long as the mutex is held.
 */
const struct rcar_du_mdev_shown *
rcar_du_mdev_screen_shown_locked(const struct rcar_du_mdev_screen *screen,
				 const struct rcar_du_mdev_plane *plane)
{
	rcar_du_mdev_cache_assert_held(screen->cache);

	return &screen->shown[plane - screen->frame.planes];
}

/* -----------------------------------------------------------------------------
 * Display
 */

/*
 * A framebuffer that is lost later is taken off the display by
 * rcar_du_mdev_output_forget(). The display stays on when its picture is hidden.
 */
static void rcar_du_mdev_screen_show_locked(struct rcar_du_mdev_screen *screen)
{
	const struct rcar_du_mdev_frame *from = &screen->frame;
	struct rcar_du_scanout_frame frame = {
		.seq = from->seq,
		.on = from->on,
		.width = from->width,
		.height = from->height,
	};
	bool hidden = rcar_du_mdev_watchdog_hides(screen->watchdog);
	unsigned int i;

	BUILD_BUG_ON(ARRAY_SIZE(from->planes) > ARRAY_SIZE(frame.layers));
	rcar_du_mdev_cache_assert_held(screen->cache);

	for (i = 0; i < from->num_planes && !hidden; i++) {
		const struct rcar_du_mdev_plane *plane = &from->planes[i];
		const struct rcar_du_mdev_shown *shown = &screen->shown[i];

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

	rcar_du_mdev_output_show(screen->output, &frame);
}

/* -----------------------------------------------------------------------------
 * Publishing
 */

/* Names the plane that has @role, if VFIO's plane can express it. */
static void rcar_du_mdev_screen_name_locked(struct rcar_du_mdev_screen *screen,
					    const struct rcar_du_mdev_frame *frame,
					    struct rcar_du_mdev_shown *shown,
					    u32 role)
{
	const struct rcar_du_mdev_plane *plane;

	rcar_du_mdev_cache_assert_held(screen->cache);

	plane = rcar_du_mdev_frame_find(frame, role);
	if (plane)
		shown += plane - frame->planes;

	/* The guest's memory may have gone since it was resolved. */
	if (!rcar_du_mdev_plane_is_simple(plane) ||
	    rcar_du_mdev_fb_lost(shown->fb[0]))
		rcar_du_mdev_ids_retire_locked(&screen->ids, role);
	else
		shown->id = rcar_du_mdev_ids_get_locked(&screen->ids, plane,
							shown->fb[0]);
}

/**
 * rcar_du_mdev_screen_publish_locked - Show a frame
 * @screen: the screen; the caller holds the cache's mutex
 * @frame: the frame
 * @shown: what its planes show, an array as large as that of a frame's planes; zeros
 *	on return
 */
void rcar_du_mdev_screen_publish_locked(struct rcar_du_mdev_screen *screen,
					const struct rcar_du_mdev_frame *frame,
					struct rcar_du_mdev_shown *shown)
{
	unsigned int i;

	rcar_du_mdev_cache_assert_held(screen->cache);

	rcar_du_mdev_screen_name_locked(screen, frame, shown,
					DRM_PLANE_TYPE_PRIMARY);
	rcar_du_mdev_screen_name_locked(screen, frame, shown,
					DRM_PLANE_TYPE_CURSOR);

	for (i = 0; i < frame->num_planes; i++) {
		if (rcar_du_mdev_screen_lost_locked(screen, &frame->planes[i],
						    &shown[i]))
			rcar_du_mdev_screen_drop_scanout_locked(screen,
								&shown[i]);
	}

	/* Release the previous buffers only now, with the next ones in place. */
	for (i = 0; i < ARRAY_SIZE(screen->shown); i++) {
		rcar_du_mdev_screen_drop_locked(screen, &screen->shown[i]);
		swap(screen->shown[i], shown[i]);
	}
	screen->frame = *frame;

	rcar_du_mdev_screen_show_locked(screen);
}

/**
 * rcar_du_mdev_screen_unplug_locked - The host's display goes
 * @screen: the screen; the caller holds the cache's mutex
 *
 * The frame stays published, for all others.
 */
void rcar_du_mdev_screen_unplug_locked(struct rcar_du_mdev_screen *screen)
{
	unsigned int i;

	rcar_du_mdev_cache_assert_held(screen->cache);

	for (i = 0; i < ARRAY_SIZE(screen->shown); i++)
		rcar_du_mdev_screen_drop_scanout_locked(screen,
							&screen->shown[i]);
}

/**
 * rcar_du_mdev_screen_lose_locked - A framebuffer's memory has gone
 * @screen: the screen; the caller holds the cache's mutex
 * @fb: the framebuffer
 *
 * The planes that show it are off until the next vertical blank tries again, and
 * no id names it.
 */
void rcar_du_mdev_screen_lose_locked(struct rcar_du_mdev_screen *screen,
				     struct rcar_du_mdev_fb *fb)
{
	bool lost = false;
	unsigned int i;

	rcar_du_mdev_cache_assert_held(screen->cache);

	rcar_du_mdev_ids_forget_locked(&screen->ids, fb);

	for (i = 0; i < screen->frame.num_planes; i++) {
		struct rcar_du_mdev_shown *shown = &screen->shown[i];

		if (shown->fb[0] != fb && shown->fb[1] != fb)
			continue;

		lost = true;
		shown->id = 0;
		rcar_du_mdev_screen_drop_scanout_locked(screen, shown);
		rcar_du_mdev_ids_retire_locked(&screen->ids,
					       screen->frame.planes[i].role);
	}

	if (!lost)
		return;

	rcar_du_mdev_vdu_latch_again(screen->vdu);
	rcar_du_mdev_irq_refresh(rcar_du_mdev_vdu_irq(screen->vdu));
}

/**
 * rcar_du_mdev_screen_clear_locked - Show nothing
 * @screen: the screen; the caller holds the cache's mutex
 */
void rcar_du_mdev_screen_clear_locked(struct rcar_du_mdev_screen *screen)
{
	struct rcar_du_mdev_frame *frame = &screen->frame;
	unsigned int i;

	rcar_du_mdev_cache_assert_held(screen->cache);

	if (frame->on)
		rcar_du_mdev_irq_refresh(rcar_du_mdev_vdu_irq(screen->vdu));
	frame->on = false;
	frame->width = 0;
	frame->height = 0;
	frame->num_planes = 0;
	rcar_du_mdev_screen_show_locked(screen);

	for (i = 0; i < ARRAY_SIZE(screen->shown); i++)
		rcar_du_mdev_screen_drop_locked(screen, &screen->shown[i]);
}

/**
 * rcar_du_mdev_screen_refresh - Show or hide what is shown, as the watchdog says now
 * @screen: the screen
 *
 * Context: sleeps.
 */
void rcar_du_mdev_screen_refresh(struct rcar_du_mdev_screen *screen)
{
	guard(rcar_du_mdev_cache)(screen->cache);

	rcar_du_mdev_screen_show_locked(screen);
}

/**
 * rcar_du_mdev_screen_open - The device is used from now on
 * @screen: the screen, cleared
 *
 * Counters and times of its last frame were those of another guest.
 */
void rcar_du_mdev_screen_open(struct rcar_du_mdev_screen *screen)
{
	guard(rcar_du_mdev_cache)(screen->cache);

	memset(&screen->frame, 0, sizeof(screen->frame));
}

/* -----------------------------------------------------------------------------
 * Ids
 */

/**
 * rcar_du_mdev_screen_named_locked - Tell if an id names something that was shown
 * @screen: the screen; the caller holds the cache's mutex
 * @id: the id, not 0
 *
 * Return: true if it does.
 */
bool rcar_du_mdev_screen_named_locked(const struct rcar_du_mdev_screen *screen,
				      u32 id)
{
	return rcar_du_mdev_ids_find_locked(&screen->ids, id);
}

/**
 * rcar_du_mdev_screen_find_id - Find what an id names
 * @screen: the screen
 * @id: of VFIO_DEVICE_QUERY_GFX_PLANE or VFIO_DEVICE_FEATURE_GFX_FRAME
 *
 * Return: the framebuffer, with a reference, or NULL.
 */
struct rcar_du_mdev_fb *
rcar_du_mdev_screen_find_id(struct rcar_du_mdev_screen *screen, u32 id)
{
	struct rcar_du_mdev_fb *fb;

	guard(rcar_du_mdev_cache)(screen->cache);

	if (!id)
		return NULL;

	fb = rcar_du_mdev_ids_find_locked(&screen->ids, id);
	if (!fb)
		fb = rcar_du_mdev_cache_find_id_locked(screen->cache, id);
	if (fb)
		rcar_du_mdev_fb_get(fb);

	return fb;
}

/**
 * rcar_du_mdev_screen_init - Prepare the screen of a new device
 * @screen: the screen
 * @cache: the device's framebuffers
 * @vdu: the device's VDU
 * @output: the device's output
 * @watchdog: the device's watchdog
 */
void rcar_du_mdev_screen_init(struct rcar_du_mdev_screen *screen,
			      struct rcar_du_mdev_cache *cache,
			      struct rcar_du_mdev_vdu *vdu,
			      struct rcar_du_mdev_output *output,
			      struct rcar_du_mdev_watchdog *watchdog)
{
	screen->cache = cache;
	screen->vdu = vdu;
	screen->output = output;
	screen->watchdog = watchdog;
	rcar_du_mdev_ids_init(&screen->ids, cache);
}
