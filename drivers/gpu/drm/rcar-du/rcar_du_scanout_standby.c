// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: a picture of the host, while the owner of a sink shows nothing
 *
 * The framebuffer is the display's and goes with it. The picture is kept by whoever has
 * set it, and is there for the next display.
 */

#include <linux/err.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>

#include <drm/drm_client.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_print.h>
#include <drm/rcar_du_scanout.h>

#include "rcar_du_scanout_fb.h"
#include "rcar_du_scanout_sink.h"
#include "rcar_du_scanout_standby.h"

static struct drm_framebuffer *
rcar_du_scanout_standby_make(struct drm_client_dev *client,
			     const struct rcar_du_scanout_picture *picture)
{
	struct drm_framebuffer *fb;
	int ret;

	fb = rcar_du_scanout_fb_alloc(client, DRM_FORMAT_XRGB8888,
				      picture->width, picture->height);
	if (IS_ERR(fb))
		return fb;

	ret = rcar_du_scanout_fb_write(fb, picture->pixels,
				       (size_t)picture->width * 4);
	if (ret) {
		drm_framebuffer_put(fb);
		return ERR_PTR(ret);
	}

	return fb;
}

/* The reference of @fb, which may be NULL, is the sink's from here on. */
static void rcar_du_scanout_standby_swap(struct rcar_du_scanout_sink *sink,
					 struct drm_framebuffer *fb)
{
	struct drm_framebuffer *old;

	scoped_guard(mutex, &sink->sinks->mutex) {
		old = sink->next.standby;
		sink->next.standby = fb;
		sink->next.no_standby = false;
		if (old || fb)
			rcar_du_scanout_sink_update_locked(sink);
	}

	if (old)
		drm_framebuffer_put(old);
}

/**
 * rcar_du_scanout_standby_set - Set the picture of a sink
 * @sink: the sink; the caller holds its prop_mutex
 * @client: the client to make framebuffers by, or NULL if there is no display now
 * @picture: the picture, which stays until there is another one, or NULL
 *
 * Return: 0, or an error of the driver: then the sink has the picture that it had.
 */
int rcar_du_scanout_standby_set(struct rcar_du_scanout_sink *sink,
				struct drm_client_dev *client,
				const struct rcar_du_scanout_picture *picture)
{
	struct drm_framebuffer *fb = NULL;

	lockdep_assert_held(&sink->prop_mutex);

	if (picture && client) {
		fb = rcar_du_scanout_standby_make(client, picture);
		if (IS_ERR(fb))
			return PTR_ERR(fb);
	}

	sink->picture = picture;
	rcar_du_scanout_standby_swap(sink, fb);

	return 0;
}

/**
 * rcar_du_scanout_standby_show - Show the picture of a sink on a display that has come back
 * @sink: the sink; the caller holds its prop_mutex
 * @client: the client to make framebuffers by
 */
void rcar_du_scanout_standby_show(struct rcar_du_scanout_sink *sink,
				  struct drm_client_dev *client)
{
	int ret;

	ret = rcar_du_scanout_standby_set(sink, client, sink->picture);
	if (ret)
		drm_err(client->dev, "no picture for a guest that shows nothing: %d\n",
			ret);
}

/**
 * rcar_du_scanout_standby_hide - Take the picture of a sink off a display that goes
 * @sink: the sink; the caller holds its prop_mutex
 */
void rcar_du_scanout_standby_hide(struct rcar_du_scanout_sink *sink)
{
	rcar_du_scanout_standby_swap(sink, NULL);
}
