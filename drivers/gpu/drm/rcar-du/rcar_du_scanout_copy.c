// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: copies of pictures that the display can't fetch
 *
 * Slow, and only for those who ask for it.
 */

#include <linux/dma-buf.h>

#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/rcar_du_scanout.h>

#include "rcar_du_scanout_copy.h"
#include "rcar_du_scanout_fb.h"

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

	fb = rcar_du_scanout_fb_alloc(client, buffer->format, buffer->width,
				      buffer->height);
	if (!IS_ERR(fb))
		*unused = fb;

	return fb;
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

	ret = rcar_du_scanout_fb_write(fb, from + buffer->offset[0],
				       buffer->pitch[0]);
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
