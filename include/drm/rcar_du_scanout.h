/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: shows dma-bufs of the kernel on planes of a DRM device
 *
 * The seam between those who have pictures (the mediator of virtual displays)
 * and the display. It knows dma-bufs, not where they are from; its users know
 * neither CRTCs nor framebuffers.
 */

#ifndef __DRM_RCAR_DU_SCANOUT_H__
#define __DRM_RCAR_DU_SCANOUT_H__

#include <linux/types.h>

struct device;
struct dma_buf;
struct drm_framebuffer;
struct rcar_du_scanout;
struct rcar_du_scanout_sink;

#define RCAR_DU_SCANOUT_MAX_LAYERS	8

/**
 * enum rcar_du_scanout_kind - What a sink gets of the display
 * @RCAR_DU_SCANOUT_PLANE: an overlay plane on a CRTC that somebody else drives
 * @RCAR_DU_SCANOUT_CHANNEL: a CRTC with its primary and overlay planes
 */
enum rcar_du_scanout_kind {
	RCAR_DU_SCANOUT_PLANE,
	RCAR_DU_SCANOUT_CHANNEL,
};

/**
 * enum rcar_du_scanout_prop - What the host decides about a sink at run time
 * @RCAR_DU_SCANOUT_X: plane: position on the CRTC, pixels, may be negative
 * @RCAR_DU_SCANOUT_Y: plane: position on the CRTC, lines, may be negative
 * @RCAR_DU_SCANOUT_WIDTH: plane: pixels from RCAR_DU_SCANOUT_X on that layers are clipped
 *	to, 0: as many as they have
 * @RCAR_DU_SCANOUT_HEIGHT: plane: lines from RCAR_DU_SCANOUT_Y on, likewise
 * @RCAR_DU_SCANOUT_ZPOS: plane: position in the stack of planes
 * @RCAR_DU_SCANOUT_ALPHA: plane: 0 (transparent) to 65535 (opaque)
 * @RCAR_DU_SCANOUT_VISIBLE: 0 if nothing is to be shown
 * @RCAR_DU_SCANOUT_COPY: 1 if pictures that the display can't fetch are copied,
 *	from the next frame on
 * @RCAR_DU_SCANOUT_FIXED: channel: 1 if the CRTC is on all the time, in the mode that the
 *	display prefers, whatever the frames are like: those of another size or rate are
 *	not shown
 * @RCAR_DU_SCANOUT_CRTC: index of the CRTC
 * @RCAR_DU_SCANOUT_NUM_PROPS: number of properties
 */
enum rcar_du_scanout_prop {
	RCAR_DU_SCANOUT_X,
	RCAR_DU_SCANOUT_Y,
	RCAR_DU_SCANOUT_WIDTH,
	RCAR_DU_SCANOUT_HEIGHT,
	RCAR_DU_SCANOUT_ZPOS,
	RCAR_DU_SCANOUT_ALPHA,
	RCAR_DU_SCANOUT_VISIBLE,
	RCAR_DU_SCANOUT_COPY,
	RCAR_DU_SCANOUT_FIXED,
	RCAR_DU_SCANOUT_CRTC,
	RCAR_DU_SCANOUT_NUM_PROPS,
};

/**
 * struct rcar_du_scanout_buffer - A picture in memory
 * @format: DRM fourcc, linear
 * @width: pixels
 * @height: lines
 * @num_planes: memory planes of @format, 1 or 2
 * @dmabuf: where each memory plane is; the caller holds references
 * @pitch: bytes from one line to the next
 * @offset: of the first pixel in @dmabuf, bytes
 */
struct rcar_du_scanout_buffer {
	u32 format;
	u32 width;
	u32 height;
	unsigned int num_planes;
	struct dma_buf *dmabuf[2];
	u32 pitch[2];
	u32 offset[2];
};

/**
 * struct rcar_du_scanout_layer - A picture on the screen
 * @fb: from rcar_du_scanout_import()
 * @x: position, pixels, relative to the sink's
 * @y: position, lines, relative to the sink's
 * @width: pixels
 * @height: lines
 * @alpha: 0 (transparent) to 65535 (opaque)
 * @blend: DRM_MODE_BLEND_*
 */
struct rcar_du_scanout_layer {
	struct drm_framebuffer *fb;
	u32 x;
	u32 y;
	u32 width;
	u32 height;
	u16 alpha;
	u8 blend;
};

/**
 * struct rcar_du_scanout_frame - What a sink shows
 * @seq: given back by rcar_du_scanout_ops.shown
 * @on: the display of the sink's owner is on
 * @width: of the display, pixels; a channel's mode has it
 * @height: of the display, lines
 * @period: time from one frame to the next, ns
 * @num_layers: valid entries of @layers
 * @layers: the pictures, lowest first
 */
struct rcar_du_scanout_frame {
	u32 seq;
	bool on;
	u32 width;
	u32 height;
	u64 period;
	unsigned int num_layers;
	struct rcar_du_scanout_layer layers[RCAR_DU_SCANOUT_MAX_LAYERS];
};

/**
 * struct rcar_du_scanout_picture - A picture of the host's
 * @width: pixels
 * @height: lines
 * @pixels: in DRM_FORMAT_XRGB8888, without gaps between the lines
 */
struct rcar_du_scanout_picture {
	u32 width;
	u32 height;
	const u8 *pixels;
};

/* Base block and as many extensions as one can ask for. */
#define RCAR_DU_SCANOUT_EDID_SIZE	4096

/**
 * struct rcar_du_scanout_monitor - What is plugged to a sink's CRTC
 * @connected: there is something
 * @width: of its preferred mode, pixels
 * @height: of its preferred mode, lines
 * @refresh: of its preferred mode, Hz
 * @edid_size: valid bytes of @edid, 0 if it has none
 * @edid: its EDID
 */
struct rcar_du_scanout_monitor {
	bool connected;
	u32 width;
	u32 height;
	u32 refresh;
	u32 edid_size;
	u8 edid[RCAR_DU_SCANOUT_EDID_SIZE];
};

/**
 * struct rcar_du_scanout_ops - What a sink tells and asks its owner
 * @vblank: a vertical blank of the CRTC began; @count numbers them. In a thread
 *	of its own, with a spinlock held.
 * @shown: the frame @seq is on the screen since the vertical blank @count; or
 *	nothing of it could be shown, and why: -ERANGE if the display has no mode
 *	for it, -EBUSY if the host's commits have kept the CRTC for a second. Such a
 *	frame is tried again, and reported again once it is on the screen. Frames that a
 *	newer one overtook are not reported. Sleeping is allowed; no locks are held.
 * @hotplug: the display was plugged in or out, or is another one. Sleeping is
 *	allowed, but calling into the sink is not.
 * @display: the display comes (@there) or goes. When it goes the owner drops all
 *	framebuffers before it returns. What it shows from then on it imports anew, which
 *	works again when the display has come. Sleeping is allowed, but calling into the
 *	sink is not.
 * @map: map a dma-buf of the owner, all of it, for the kernel to read. What
 *	dma_buf_vmap() maps may be a copy itself. Returns NULL if its memory has gone,
 *	or if there is none. Sleeping is allowed, but calling into the sink is not.
 * @unmap: undo @map
 */
struct rcar_du_scanout_ops {
	void (*vblank)(void *data, u64 count, u64 time_ns);
	void (*shown)(void *data, u32 seq, u64 count, u64 time_ns, int error);
	void (*hotplug)(void *data);
	void (*display)(void *data, bool there);
	void *(*map)(struct dma_buf *dmabuf);
	void (*unmap)(struct dma_buf *dmabuf, void *vaddr);
};

/**
 * struct rcar_du_scanout_display_ops - What a display tells who opened it
 * @changed: it came or went. Sleeping is allowed, but calling into the display is not.
 */
struct rcar_du_scanout_display_ops {
	void (*changed)(void *data);
};

struct rcar_du_scanout *
rcar_du_scanout_open(const char *name, unsigned int reserved,
		     const struct rcar_du_scanout_display_ops *ops, void *data);
void rcar_du_scanout_close(struct rcar_du_scanout *scanout);
struct device *rcar_du_scanout_parent(struct rcar_du_scanout *scanout);
unsigned int rcar_du_scanout_available(struct rcar_du_scanout *scanout,
				       enum rcar_du_scanout_kind kind);

struct rcar_du_scanout_sink *
rcar_du_scanout_create(struct rcar_du_scanout *scanout,
		       enum rcar_du_scanout_kind kind,
		       const struct rcar_du_scanout_ops *ops, void *data);
void rcar_du_scanout_destroy(struct rcar_du_scanout_sink *sink);
unsigned int rcar_du_scanout_num_planes(struct rcar_du_scanout_sink *sink);
void rcar_du_scanout_connector(struct rcar_du_scanout_sink *sink, char *name,
			       size_t size);
void rcar_du_scanout_start(struct rcar_du_scanout_sink *sink);
void rcar_du_scanout_stop(struct rcar_du_scanout_sink *sink);

struct drm_framebuffer *
rcar_du_scanout_import(struct rcar_du_scanout_sink *sink,
		       const struct rcar_du_scanout_buffer *buffer,
		       size_t *copied);
void rcar_du_scanout_forget(struct rcar_du_scanout_sink *sink,
			    const struct dma_buf *dmabuf);
void rcar_du_scanout_show(struct rcar_du_scanout_sink *sink,
			  const struct rcar_du_scanout_frame *frame);

int rcar_du_scanout_set_picture(struct rcar_du_scanout_sink *sink,
				const struct rcar_du_scanout_picture *picture);

void rcar_du_scanout_monitor(struct rcar_du_scanout_sink *sink,
			     struct rcar_du_scanout_monitor *monitor);

int rcar_du_scanout_find_crtc(struct rcar_du_scanout_sink *sink,
			      const char *connector);
int rcar_du_scanout_set(struct rcar_du_scanout_sink *sink,
			enum rcar_du_scanout_prop prop, int value);
int rcar_du_scanout_get(struct rcar_du_scanout_sink *sink,
			enum rcar_du_scanout_prop prop);

#endif /* __DRM_RCAR_DU_SCANOUT_H__ */
