/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pixel formats a frame may have, and their conversion to RGB
 */

#ifndef VDU_VIEW_PIXEL_H
#define VDU_VIEW_PIXEL_H

#include <stdint.h>

#define FOURCC(a, b, c, d) \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | \
	 (uint32_t)(d) << 24)

/**
 * struct pixel_format - a packed pixel format
 * @fourcc: DRM name of the format
 * @pixman: pixman name of the same format, 0 if there is none
 * @cpp: bytes per pixel
 * @to_rgb: convert @width pixels from @src to three bytes each at @dst
 */
struct pixel_format {
	uint32_t fourcc;
	uint32_t pixman;
	unsigned int cpp;
	void (*to_rgb)(const uint8_t *src, uint8_t *dst, unsigned int width);
};

const struct pixel_format *pixel_by_fourcc(uint32_t fourcc);
const struct pixel_format *pixel_by_pixman(uint32_t pixman);

/* Write a printable form of @fourcc to @buf. */
void pixel_name(uint32_t fourcc, char buf[5]);

#endif
