/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: framebuffers that a sink has used last
 */

#ifndef __RCAR_DU_SCANOUT_CACHE_H__
#define __RCAR_DU_SCANOUT_CACHE_H__

#include <linux/mutex.h>
#include <linux/types.h>

#include <drm/rcar_du_scanout.h>

#include "rcar_du_scanout_copy.h"

struct dma_buf;
struct drm_client_dev;
struct drm_framebuffer;

/*
 * Framebuffers that are kept. Those of the frames that are shown, being committed
 * and next are among them.
 */
#define RCAR_DU_SCANOUT_NUM_FBS		(3 * RCAR_DU_SCANOUT_MAX_LAYERS)

/**
 * struct rcar_du_scanout_fb - A picture that has been imported
 */
struct rcar_du_scanout_fb {
	/** @fb: its framebuffer with a reference, or NULL */
	struct drm_framebuffer *fb;
	/** @buffer: what it was made from; the framebuffer keeps the dma-bufs */
	struct rcar_du_scanout_buffer buffer;
	/** @used: value of rcar_du_scanout_cache.clock when it was used last */
	u64 used;
};

/**
 * struct rcar_du_scanout_cache - The framebuffers of a sink
 */
struct rcar_du_scanout_cache {
	/** @ops: calls of the sink's owner; does not change */
	const struct rcar_du_scanout_ops *ops;
	/** @mutex: protects everything below */
	struct mutex mutex;
	/** @client: makes the framebuffers, NULL while there is no display */
	struct drm_client_dev *client;
	/** @fbs: framebuffers that were used last */
	struct rcar_du_scanout_fb fbs[RCAR_DU_SCANOUT_NUM_FBS];
	/** @clock: counts the uses */
	u64 clock;
	/** @copies: framebuffers for copies of pictures that can't be fetched */
	struct rcar_du_scanout_copies copies;
};

void rcar_du_scanout_cache_init(struct rcar_du_scanout_cache *cache,
				struct drm_client_dev *client,
				const struct rcar_du_scanout_ops *ops);
void rcar_du_scanout_cache_fini(struct rcar_du_scanout_cache *cache);
void rcar_du_scanout_cache_open(struct rcar_du_scanout_cache *cache,
				struct drm_client_dev *client);
void rcar_du_scanout_cache_close(struct rcar_du_scanout_cache *cache);
struct drm_framebuffer *
rcar_du_scanout_cache_get(struct rcar_du_scanout_cache *cache,
			  const struct rcar_du_scanout_buffer *buffer,
			  bool copy, size_t *copied);
unsigned int
rcar_du_scanout_cache_forget(struct rcar_du_scanout_cache *cache,
			     const struct dma_buf *dmabuf,
			     struct drm_framebuffer **fbs);

#endif /* __RCAR_DU_SCANOUT_CACHE_H__ */
