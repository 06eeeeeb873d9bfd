/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: copies of pictures that the display can't fetch
 *
 * No locks: the caller serializes all calls on one struct rcar_du_scanout_copies.
 */

#ifndef __RCAR_DU_SCANOUT_COPY_H__
#define __RCAR_DU_SCANOUT_COPY_H__

struct drm_client_dev;
struct drm_framebuffer;
struct rcar_du_scanout_buffer;
struct rcar_du_scanout_ops;

/* Of two layers what is shown, being committed, and next. */
#define RCAR_DU_SCANOUT_NUM_COPIES	6

/**
 * struct rcar_du_scanout_copies - Where pictures are copied to
 */
struct rcar_du_scanout_copies {
	/**
	 * @fbs: framebuffers in the display's own memory, each with a reference,
	 * or NULL; whoever is to show one has another
	 */
	struct drm_framebuffer *fbs[RCAR_DU_SCANOUT_NUM_COPIES];
};

struct drm_framebuffer *
rcar_du_scanout_copy(struct rcar_du_scanout_copies *copies,
		     struct drm_client_dev *client,
		     const struct rcar_du_scanout_ops *ops,
		     const struct rcar_du_scanout_buffer *buffer);
void rcar_du_scanout_copy_fini(struct rcar_du_scanout_copies *copies);

#endif /* __RCAR_DU_SCANOUT_COPY_H__ */
