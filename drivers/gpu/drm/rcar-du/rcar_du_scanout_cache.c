// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: framebuffers that a sink has used last
 *
 * A dma-buf is imported as a GEM object once, and a framebuffer made of it, when
 * it is shown for the first time. Owners that show the same few pictures again
 * and again cause no work here.
 */

#include <linux/err.h>
#include <linux/lockdep.h>
#include <linux/string.h>

#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>

#include "rcar_du_scanout_cache.h"
#include "rcar_du_scanout_fb.h"

static bool rcar_du_scanout_same(const struct rcar_du_scanout_buffer *a,
				 const struct rcar_du_scanout_buffer *b)
{
	unsigned int i;

	if (a->format != b->format || a->width != b->width ||
	    a->height != b->height || a->num_planes != b->num_planes)
		return false;

	for (i = 0; i < a->num_planes; i++) {
		if (a->dmabuf[i] != b->dmabuf[i] ||
		    a->pitch[i] != b->pitch[i] || a->offset[i] != b->offset[i])
			return false;
	}

	return true;
}

static struct rcar_du_scanout_fb *
rcar_du_scanout_cache_find_locked(struct rcar_du_scanout_cache *cache,
				  const struct rcar_du_scanout_buffer *buffer)
{
	unsigned int i;

	lockdep_assert_held(&cache->mutex);

	for (i = 0; i < ARRAY_SIZE(cache->fbs); i++) {
		struct rcar_du_scanout_fb *entry = &cache->fbs[i];

		if (entry->fb && rcar_du_scanout_same(&entry->buffer, buffer))
			return entry;
	}

	return NULL;
}

static void rcar_du_scanout_cache_drop_locked(struct rcar_du_scanout_cache *cache,
					      struct rcar_du_scanout_fb *entry)
{
	lockdep_assert_held(&cache->mutex);

	if (entry->fb)
		drm_framebuffer_put(entry->fb);
	memset(entry, 0, sizeof(*entry));
}

/* Takes the place of the one that was not used for the longest time. */
static struct rcar_du_scanout_fb *
rcar_du_scanout_cache_slot_locked(struct rcar_du_scanout_cache *cache)
{
	struct rcar_du_scanout_fb *slot = &cache->fbs[0];
	unsigned int i;

	lockdep_assert_held(&cache->mutex);

	for (i = 1; i < ARRAY_SIZE(cache->fbs); i++) {
		if (cache->fbs[i].used < slot->used)
			slot = &cache->fbs[i];
	}

	rcar_du_scanout_cache_drop_locked(cache, slot);

	return slot;
}

static struct drm_framebuffer *
rcar_du_scanout_cache_copy_locked(struct rcar_du_scanout_cache *cache,
				  const struct rcar_du_scanout_buffer *buffer,
				  size_t *copied)
{
	struct drm_framebuffer *fb;

	lockdep_assert_held(&cache->mutex);

	fb = rcar_du_scanout_copy(&cache->copies, cache->client, cache->ops,
				  buffer);
	if (!IS_ERR(fb))
		*copied = (size_t)fb->width * fb->height * fb->format->cpp[0];

	return fb;
}

/**
 * rcar_du_scanout_cache_get - Get a framebuffer for a picture in memory
 * @cache: the framebuffers of the sink
 * @buffer: the picture
 * @copy: copy it if the display can't fetch from this memory
 * @copied: number of bytes that were copied, 0 otherwise
 *
 * Return: the framebuffer with a reference, or an ERR_PTR as
 * rcar_du_scanout_import().
 */
struct drm_framebuffer *
rcar_du_scanout_cache_get(struct rcar_du_scanout_cache *cache,
			  const struct rcar_du_scanout_buffer *buffer,
			  bool copy, size_t *copied)
{
	struct rcar_du_scanout_fb *entry;
	struct drm_framebuffer *fb;

	*copied = 0;

	guard(mutex)(&cache->mutex);

	if (!cache->client)
		return ERR_PTR(-ENOTCONN);

	entry = rcar_du_scanout_cache_find_locked(cache, buffer);
	if (!entry) {
		fb = rcar_du_scanout_fb_import(cache->client, buffer);
		if (fb == ERR_PTR(-EMEDIUMTYPE) && copy)
			return rcar_du_scanout_cache_copy_locked(cache, buffer,
								 copied);
		if (IS_ERR(fb))
			return fb;

		entry = rcar_du_scanout_cache_slot_locked(cache);
		entry->fb = fb;
		entry->buffer = *buffer;
	}

	entry->used = ++cache->clock;
	drm_framebuffer_get(entry->fb);

	return entry->fb;
}

static bool rcar_du_scanout_uses(const struct rcar_du_scanout_buffer *buffer,
				 const struct dma_buf *dmabuf)
{
	unsigned int i;

	for (i = 0; i < buffer->num_planes; i++) {
		if (buffer->dmabuf[i] == dmabuf)
			return true;
	}

	return false;
}

/**
 * rcar_du_scanout_cache_forget - Give up the framebuffers of a dma-buf
 * @cache: the framebuffers of the sink
 * @dmabuf: the dma-buf, which is only compared
 * @fbs: gets the framebuffers with their references; has room for
 *	RCAR_DU_SCANOUT_NUM_FBS
 *
 * Return: how many there are.
 */
unsigned int
rcar_du_scanout_cache_forget(struct rcar_du_scanout_cache *cache,
			     const struct dma_buf *dmabuf,
			     struct drm_framebuffer **fbs)
{
	unsigned int i, num = 0;

	guard(mutex)(&cache->mutex);

	for (i = 0; i < ARRAY_SIZE(cache->fbs); i++) {
		struct rcar_du_scanout_fb *entry = &cache->fbs[i];

		if (!entry->fb || !rcar_du_scanout_uses(&entry->buffer, dmabuf))
			continue;

		fbs[num++] = entry->fb;
		/* The reference is the caller's now. */
		entry->fb = NULL;
		rcar_du_scanout_cache_drop_locked(cache, entry);
	}

	return num;
}

/**
 * rcar_du_scanout_cache_init - Prepare the framebuffers of a new sink
 * @cache: the framebuffers of the sink
 * @client: the client to make them by
 * @ops: calls of the sink's owner
 */
void rcar_du_scanout_cache_init(struct rcar_du_scanout_cache *cache,
				struct drm_client_dev *client,
				const struct rcar_du_scanout_ops *ops)
{
	cache->client = client;
	cache->ops = ops;
	mutex_init(&cache->mutex);
}

/**
 * rcar_du_scanout_cache_open - Allow to make framebuffers
 * @cache: the framebuffers of the sink, of which there are none
 * @client: the client to make them by
 */
void rcar_du_scanout_cache_open(struct rcar_du_scanout_cache *cache,
				struct drm_client_dev *client)
{
	guard(mutex)(&cache->mutex);

	cache->client = client;
}

/**
 * rcar_du_scanout_cache_close - Drop all framebuffers of a sink, and make no more
 * @cache: the framebuffers of the sink
 */
void rcar_du_scanout_cache_close(struct rcar_du_scanout_cache *cache)
{
	unsigned int i;

	guard(mutex)(&cache->mutex);

	for (i = 0; i < ARRAY_SIZE(cache->fbs); i++)
		rcar_du_scanout_cache_drop_locked(cache, &cache->fbs[i]);
	rcar_du_scanout_copy_fini(&cache->copies);
	cache->client = NULL;
}

/**
 * rcar_du_scanout_cache_fini - Drop all framebuffers of a sink
 * @cache: the framebuffers of the sink, which shows nothing any more
 */
void rcar_du_scanout_cache_fini(struct rcar_du_scanout_cache *cache)
{
	rcar_du_scanout_cache_close(cache);
	mutex_destroy(&cache->mutex);
}
