/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: frames on the host's display
 */

#ifndef __RCAR_DU_MDEV_OUTPUT_H__
#define __RCAR_DU_MDEV_OUTPUT_H__

#include <linux/atomic.h>
#include <linux/cleanup.h>
#include <linux/mutex.h>
#include <linux/types.h>

#include <drm/rcar_du_scanout.h>

struct drm_framebuffer;
struct rcar_du_mdev_fb;
struct rcar_du_mdev_output;
struct rcar_du_mdev_plane;
struct rcar_du_mdev_vdu;

/**
 * struct rcar_du_mdev_output_ops - What an output tells its owner
 * @hotplug: the panel of a channel was plugged in or out, or is another one. Sleeping
 *	is allowed, but calling into the output is not.
 * @lost: the display goes: drop what was imported. The output is held.
 */
struct rcar_du_mdev_output_ops {
	void (*hotplug)(struct rcar_du_mdev_output *output);
	void (*lost)(struct rcar_du_mdev_output *output);
};

/**
 * struct rcar_du_mdev_output - The part of the host's display that is a device's
 *
 * A device of type virtual has none: @sink is NULL, and nothing is shown.
 */
struct rcar_du_mdev_output {
	/** @vdu: told of the display's vertical blanks */
	struct rcar_du_mdev_vdu *vdu;
	/** @ops: calls of the owner */
	const struct rcar_du_mdev_output_ops *ops;
	/** @mutex: held from the import of a plane until it is published */
	struct mutex mutex;
	/** @sink: the part, or NULL; constant while the device is registered */
	struct rcar_du_scanout_sink *sink;
	/** @kind: what kind of part; constant likewise */
	enum rcar_du_scanout_kind kind;
	/** @frames: frames that the display has shown */
	atomic64_t frames;
	/** @refused: pictures that the display cannot show */
	atomic64_t refused;
	/** @bytes_copied: bytes that were copied for the display */
	atomic64_t bytes_copied;
	/** @cleans: times that caches were cleaned of a picture that is shown again */
	atomic64_t cleans;
	/** @clean_ns: time that this took, ns */
	atomic64_t clean_ns;
};

/**
 * struct rcar_du_mdev_scanout - A plane of the guest, for the display
 * @fb: what shows it, with a reference, or NULL if nothing does
 * @error: RCAR_VDU_ERROR_*, why nothing does
 * @copied: it shows a copy
 */
struct rcar_du_mdev_scanout {
	struct drm_framebuffer *fb;
	u32 error;
	bool copied;
};

/* guard(rcar_du_mdev_output)(output) holds it: the display does not go. */
DEFINE_GUARD(rcar_du_mdev_output, struct rcar_du_mdev_output *,
	     mutex_lock(&_T->mutex), mutex_unlock(&_T->mutex))

void rcar_du_mdev_output_init(struct rcar_du_mdev_output *output,
			      struct rcar_du_mdev_vdu *vdu,
			      const struct rcar_du_mdev_output_ops *ops);
void rcar_du_mdev_output_fini(struct rcar_du_mdev_output *output);
int rcar_du_mdev_output_attach(struct rcar_du_mdev_output *output,
			       struct rcar_du_scanout *scanout,
			       enum rcar_du_scanout_kind kind);
void rcar_du_mdev_output_detach(struct rcar_du_mdev_output *output);
void rcar_du_mdev_output_start(struct rcar_du_mdev_output *output);
void rcar_du_mdev_output_stop(struct rcar_du_mdev_output *output);

bool rcar_du_mdev_output_is_plane(const struct rcar_du_mdev_output *output);
bool rcar_du_mdev_output_is_channel(const struct rcar_du_mdev_output *output);
struct rcar_du_scanout_sink *
rcar_du_mdev_output_sink(const struct rcar_du_mdev_output *output);
int rcar_du_mdev_output_set_crtc(struct rcar_du_mdev_output *output, int crtc);
int rcar_du_mdev_output_set_picture(struct rcar_du_mdev_output *output,
				    const struct rcar_du_scanout_picture *picture);
u32 rcar_du_mdev_output_edid(struct rcar_du_mdev_output *output, u8 *edid,
			     bool *connected);

void rcar_du_mdev_output_import(struct rcar_du_mdev_output *output,
				const struct rcar_du_mdev_plane *plane,
				struct rcar_du_mdev_fb *const fb[2],
				struct rcar_du_mdev_scanout *scanout);
void rcar_du_mdev_output_show(struct rcar_du_mdev_output *output,
			      struct rcar_du_scanout_frame *frame);
void rcar_du_mdev_output_forget(struct rcar_du_mdev_output *output,
				const struct dma_buf *dmabuf);

#endif /* __RCAR_DU_MDEV_OUTPUT_H__ */
