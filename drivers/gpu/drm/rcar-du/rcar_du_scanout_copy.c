// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: copies of pictures that the display can't fetch
 *
 * Slow, and only for those who ask for it.
 */

#include <linux/dma-buf.h>
#include <linux/iosys-map.h>

#include <drm/drm_client.h>
#include <drm/drm_drv.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_mode.h>
#include <drm/rcar_du_scanout.h>

#include "rcar_du_scanout_copy.h"
#include "rcar_du_scanout_fb.h"

static struct drm_framebuffer *
rcar_du_scanout_copy_make(struct drm_client_dev *client,
			  const struct rcar_du_scanout_buffer *buffer)
{
	struct drm_device *dev = client->dev;
	struct drm_mode_create_dumb dumb = {
		.width = buffer->width,
		.height = buffer->height,
		.bpp = drm_format_info(buffer->format)->cpp[0] * 8,
	};
	struct drm_mode_fb_cmd2 cmd = {
		.width = buffer->width,
		.height = buffer->height,
		.pixel_format = buffer->format,
	};
	int ret;

	ret = dev->driver->dumb_create(client->file, dev, &dumb);
	if (ret)
		return ERR_PTR(ret);

	cmd.handles[0] = dumb.handle;
	cmd.pitches[0] = dumb.pitch;

	return rcar_du_scanout_fb_create(client, &cmd);
}

static bool rcar_du_scanout_copy_fits(const struct drm_framebuffer *fb,
				      const struct rcar_du_scanout_buffer *buffer)
{
	return fb->format->format == buffer->format &&
	       fb->width == buffer->width && fb->height == buffer->height;
}

/* Returns one that nobody shows, with no reference of its own, or an ERR_PTR. */
static struct drm_framebuffer *
rcar_du_scanout_copy_get(struct rcar_du_scanout_copies *copies,
			 struct drm_client_dev *client,
			 const struct rcar_du_scanout_buffer *buffer)
{
	struct drm_framebuffer **unused = NULL;
	struct drm_framebuffer *fb;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(copies->fbs); i++) {
		fb = copies->fbs[i];
		/* Whoever is to show it has a reference. */
		if (fb && drm_framebuffer_read_refcount(fb) > 1)
			continue;
		if (fb && rcar_du_scanout_copy_fits(fb, buffer))
			return fb;
		if (!unused || !fb)
			unused = &copies->fbs[i];
	}

	if (!unused)
		return ERR_PTR(-EBUSY);

	if (*unused)
		drm_framebuffer_put(*unused);
	*unused = NULL;

	fb = rcar_du_scanout_copy_make(client, buffer);
	if (!IS_ERR(fb))
		*unused = fb;

	return fb;
}

static int rcar_du_scanout_copy_lines(struct drm_framebuffer *fb,
				      const struct rcar_du_scanout_buffer *buffer,
				      const void *from)
{
	struct iosys_map map[DRM_FORMAT_MAX_PLANES] = { };
	struct iosys_map data[DRM_FORMAT_MAX_PLANES] = { };
	size_t line = buffer->width * fb->format->cpp[0];
	unsigned int y;
	int ret;

	ret = drm_gem_fb_vmap(fb, map, data);
	if (ret)
		return ret;

	for (y = 0; y < buffer->height; y++)
		iosys_map_memcpy_to(&data[0], (size_t)y * fb->pitches[0],
				    from + buffer->offset[0] +
				    (size_t)y * buffer->pitch[0], line);
	drm_gem_fb_vunmap(fb, map);

	return 0;
}

/**
 * rcar_du_scanout_copy - Copy a picture to where the display can fetch it
 * @copies: where to
 * @client: the client that makes its framebuffers
 * @ops: map the picture
 * @buffer: the picture
 *
 * Return: a framebuffer with a reference, or an ERR_PTR: -EMEDIUMTYPE if the
 * format has more than one memory plane, -EINVAL if @buffer is too small for
 * it, -EBUSY, -ENODEV if its memory has gone or can't be mapped, -ENOMEM.
 */
struct drm_framebuffer *
rcar_du_scanout_copy(struct rcar_du_scanout_copies *copies,
		     struct drm_client_dev *client,
		     const struct rcar_du_scanout_ops *ops,
		     const struct rcar_du_scanout_buffer *buffer)
{
	struct drm_framebuffer *fb;
	void *from;
	u64 end;
	int ret;

	if (buffer->num_planes != 1)
		return ERR_PTR(-EMEDIUMTYPE);

	fb = rcar_du_scanout_copy_get(copies, client, buffer);
	if (IS_ERR(fb))
		return fb;

	end = buffer->offset[0] + (u64)buffer->pitch[0] * (buffer->height - 1) +
	      buffer->width * fb->format->cpp[0];
	if (end > buffer->dmabuf[0]->size)
		return ERR_PTR(-EINVAL);

	from = ops->map(buffer->dmabuf[0]);
	if (!from)
		return ERR_PTR(-ENODEV);

	ret = rcar_du_scanout_copy_lines(fb, buffer, from);
	ops->unmap(buffer->dmabuf[0], from);
	if (ret)
		return ERR_PTR(ret);

	drm_framebuffer_get(fb);

	return fb;
}

/**
 * rcar_du_scanout_copy_fini - Drop all copies
 * @copies: the copies, of which nothing is shown any more
 */
void rcar_du_scanout_copy_fini(struct rcar_du_scanout_copies *copies)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(copies->fbs); i++) {
		if (copies->fbs[i])
			drm_framebuffer_put(copies->fbs[i]);
		copies->fbs[i] = NULL;
	}
}
