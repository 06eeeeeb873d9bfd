/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pixel formats of a framebuffer, and the way from a canvas into them
 */

#ifndef VDU_DRAW_FORMAT_H
#define VDU_DRAW_FORMAT_H

#include <stdint.h>
#include <stdio.h>

#include "canvas.h"

#define FORMAT_MAX_PLANES 2

/* Lines of a framebuffer: where they are, how far apart. */
struct format_target {
	uint8_t *data[FORMAT_MAX_PLANES];
	uint32_t pitch[FORMAT_MAX_PLANES];
};

/**
 * struct format - a pixel format
 * @name: its four characters
 * @planes: number of planes
 * @cpp: bytes per pixel, or per two pixels' chroma, of each plane
 * @vsub: the second plane has one line for @vsub lines of the first
 * @encode: convert @width pixels of a line; @dst[1] is NULL in lines that have
 *          no chroma
 */
struct format {
	char name[5];
	int planes;
	int cpp[FORMAT_MAX_PLANES];
	int vsub;
	void (*encode)(const uint32_t *src, uint8_t *dst[FORMAT_MAX_PLANES],
		       int width);
};

const struct format *format_by_name(const char *name);
uint32_t format_fourcc(const struct format *format);
int format_is_yuv(const struct format *format);

/* Lines of @plane that an image of @height lines has, and bytes of a line. */
int format_plane_lines(const struct format *format, int plane, int height);
int format_plane_bytes(const struct format *format, int plane, int width);

/* Bring a part of @target up to date with @canvas. */
void format_encode(const struct format *format, const struct canvas *canvas,
		   struct rect rect, const struct format_target *target);

/* All visible bytes, plane by plane, lines without padding. */
int format_dump(const struct format *format,
		const struct format_target *target, int width, int height,
		FILE *file);

#endif
