// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pixel formats a frame may have, and their conversion to RGB
 *
 * Sources are little endian, whatever the host is.
 */

#include <stddef.h>

#include "pixel.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static void xrgb8888_to_rgb(const uint8_t *src, uint8_t *dst,
			    unsigned int width)
{
	for (; width; width--, src += 4, dst += 3) {
		dst[0] = src[2];
		dst[1] = src[1];
		dst[2] = src[0];
	}
}

static void xbgr8888_to_rgb(const uint8_t *src, uint8_t *dst,
			    unsigned int width)
{
	for (; width; width--, src += 4, dst += 3) {
		dst[0] = src[0];
		dst[1] = src[1];
		dst[2] = src[2];
	}
}

static uint8_t expand5(unsigned int v)
{
	return v << 3 | v >> 2;
}

static uint8_t expand6(unsigned int v)
{
	return v << 2 | v >> 4;
}

static void rgb565_to_rgb(const uint8_t *src, uint8_t *dst, unsigned int width)
{
	for (; width; width--, src += 2, dst += 3) {
		unsigned int v = src[0] | src[1] << 8;

		dst[0] = expand5(v >> 11);
		dst[1] = expand6(v >> 5 & 0x3f);
		dst[2] = expand5(v & 0x1f);
	}
}

static void rgb1555_to_rgb(const uint8_t *src, uint8_t *dst, unsigned int width)
{
	for (; width; width--, src += 2, dst += 3) {
		unsigned int v = src[0] | src[1] << 8;

		dst[0] = expand5(v >> 10 & 0x1f);
		dst[1] = expand5(v >> 5 & 0x1f);
		dst[2] = expand5(v & 0x1f);
	}
}

static uint8_t clamp(int v)
{
	if (v < 0)
		return 0;
	return v > 255 ? 255 : v;
}

/* BT.601, limited range. */
static void yuv_to_rgb(int y, int u, int v, uint8_t *dst)
{
	int c = 298 * (y - 16);
	int d = u - 128;
	int e = v - 128;

	dst[0] = clamp((c + 409 * e + 128) >> 8);
	dst[1] = clamp((c - 100 * d - 208 * e + 128) >> 8);
	dst[2] = clamp((c + 516 * d + 128) >> 8);
}

/* An odd last pixel has its own half of a pair: no V, so none is used. */
static void yuv422_to_rgb(const uint8_t *src, uint8_t *dst, unsigned int width,
			  unsigned int y, unsigned int c)
{
	for (; width > 1; width -= 2, src += 4, dst += 6) {
		yuv_to_rgb(src[y], src[c], src[c + 2], dst);
		yuv_to_rgb(src[y + 2], src[c], src[c + 2], dst + 3);
	}
	if (width)
		yuv_to_rgb(src[y], 128, 128, dst);
}

static void yuyv_to_rgb(const uint8_t *src, uint8_t *dst, unsigned int width)
{
	yuv422_to_rgb(src, dst, width, 0, 1);
}

static void uyvy_to_rgb(const uint8_t *src, uint8_t *dst, unsigned int width)
{
	yuv422_to_rgb(src, dst, width, 1, 0);
}

static const struct pixel_format pixel_formats[] = {
	{ FOURCC('X', 'R', '2', '4'), 0x20020888, 4, xrgb8888_to_rgb },
	{ FOURCC('A', 'R', '2', '4'), 0x20028888, 4, xrgb8888_to_rgb },
	{ FOURCC('X', 'B', '2', '4'), 0x20030888, 4, xbgr8888_to_rgb },
	{ FOURCC('A', 'B', '2', '4'), 0x20038888, 4, xbgr8888_to_rgb },
	{ FOURCC('R', 'G', '1', '6'), 0x10020565, 2, rgb565_to_rgb },
	{ FOURCC('X', 'R', '1', '5'), 0x10020555, 2, rgb1555_to_rgb },
	{ FOURCC('A', 'R', '1', '5'), 0x10021555, 2, rgb1555_to_rgb },
	{ FOURCC('Y', 'U', 'Y', 'V'), 0, 2, yuyv_to_rgb },
	{ FOURCC('U', 'Y', 'V', 'Y'), 0, 2, uyvy_to_rgb },
};

const struct pixel_format *pixel_by_fourcc(uint32_t fourcc)
{
	for (size_t i = 0; i < ARRAY_SIZE(pixel_formats); i++)
		if (pixel_formats[i].fourcc == fourcc)
			return &pixel_formats[i];
	return NULL;
}

const struct pixel_format *pixel_by_pixman(uint32_t pixman)
{
	for (size_t i = 0; i < ARRAY_SIZE(pixel_formats); i++)
		if (pixman && pixel_formats[i].pixman == pixman)
			return &pixel_formats[i];
	return NULL;
}

void pixel_name(uint32_t fourcc, char buf[5])
{
	for (int i = 0; i < 4; i++) {
		uint8_t c = fourcc >> (8 * i);

		buf[i] = c > ' ' && c < 0x7f ? c : '?';
	}
	buf[4] = '\0';
}
