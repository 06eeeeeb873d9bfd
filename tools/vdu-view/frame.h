/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The frame a console shows now: a dma-buf, or a copy sent over D-Bus
 */

#ifndef VDU_VIEW_FRAME_H
#define VDU_VIEW_FRAME_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "pixel.h"

/* Values as the sender gave them: not to be trusted before frame_set_*(). */
struct frame_geometry {
	uint32_t width;
	uint32_t height;
	uint32_t stride;
	uint64_t modifier;
};

/**
 * struct frame - the frame a console shows now
 * @format: pixel format, NULL when there is no frame
 * @geo: geometry, checked against the size of the data
 * @data: first byte of the frame: a mapping of @fd, or memory of our own
 * @size: bytes at @data
 * @fd: the dma-buf, -1 for memory
 * @inode: inode of the dma-buf; the same for all fds of a buffer
 * @exporter: name of the kernel module behind the dma-buf, if known
 */
struct frame {
	const struct pixel_format *format;
	struct frame_geometry geo;
	uint8_t *data;
	size_t size;
	int fd;
	ino_t inode;
	char exporter[32];
};

void frame_init(struct frame *frame);
void frame_clear(struct frame *frame);

/*
 * Show a new buffer. The old one is dropped in any case; on error there is no
 * frame afterwards. frame_set_dmabuf() takes over @fd, even on error.
 */
bool frame_set_dmabuf(struct frame *frame, int fd, uint32_t fourcc,
		      const struct frame_geometry *geo, GError **error);
bool frame_set_memory(struct frame *frame, uint32_t pixman,
		      const struct frame_geometry *geo,
		      const void *data, size_t size, GError **error);

/* Replace a rectangle of a frame in memory. */
bool frame_update_memory(struct frame *frame, int x, int y, uint32_t pixman,
			 const struct frame_geometry *geo,
			 const void *data, size_t size, GError **error);

/* A hash over one pixel of every 8 x 32 pixels. */
bool frame_sample(const struct frame *frame, uint64_t *hash, GError **error);

/* The visible lines without padding, in memory of the caller's own. */
uint8_t *frame_copy(const struct frame *frame, size_t *size, GError **error);

#endif
