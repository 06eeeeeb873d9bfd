// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pixel formats of a framebuffer, and the way from a canvas into them
 *
 * YUV is BT.601 in limited range; chroma is that of the first pixel of a pair.
 */

#include <string.h>

#include "format.h"

static uint8_t red(uint32_t pixel)
{
	return pixel >> 16;
}

static uint8_t green(uint32_t pixel)
{
	return pixel >> 8;
}

static uint8_t blue(uint32_t pixel)
{
	return pixel;
}

static uint8_t luma(uint32_t pixel)
{
	return ((66 * red(pixel) + 129 * green(pixel) + 25 * blue(pixel) +
		 128) >> 8) + 16;
}

static uint8_t chroma_u(uint32_t pixel)
{
	return ((-38 * red(pixel) - 74 * green(pixel) + 112 * blue(pixel) +
		 128) >> 8) + 128;
}

static uint8_t chroma_v(uint32_t pixel)
{
	return ((112 * red(pixel) - 94 * green(pixel) - 18 * blue(pixel) +
		 128) >> 8) + 128;
}

static void encode_xrgb8888(const uint32_t *src, uint8_t **dst, int width)
{
	memcpy(dst[0], src, 4 * width);
}

static void encode_argb8888(const uint32_t *src, uint8_t **dst, int width)
{
	uint32_t *out = (uint32_t *)dst[0];

	for (int x = 0; x < width; x++)
		out[x] = src[x] | 0xff000000;
}

static void encode_rgb565(const uint32_t *src, uint8_t **dst, int width)
{
	uint16_t *out = (uint16_t *)dst[0];

	for (int x = 0; x < width; x++)
		out[x] = (src[x] >> 8 & 0xf800) | (src[x] >> 5 & 0x07e0) |
			 (src[x] >> 3 & 0x001f);
}

static void encode_xrgb1555(const uint32_t *src, uint8_t **dst, int width)
{
	uint16_t *out = (uint16_t *)dst[0];

	for (int x = 0; x < width; x++)
		out[x] = (src[x] >> 9 & 0x7c00) | (src[x] >> 6 & 0x03e0) |
			 (src[x] >> 3 & 0x001f);
}

static void encode_argb1555(const uint32_t *src, uint8_t **dst, int width)
{
	uint16_t *out = (uint16_t *)dst[0];

	encode_xrgb1555(src, dst, width);
	for (int x = 0; x < width; x++)
		out[x] |= 0x8000;
}

static void encode_yuyv(const uint32_t *src, uint8_t **dst, int width)
{
	uint8_t *out = dst[0];

	for (int x = 0; x < width; x += 2, out += 4) {
		out[0] = luma(src[x]);
		out[1] = chroma_u(src[x]);
		out[2] = luma(src[x + 1]);
		out[3] = chroma_v(src[x]);
	}
}

static void encode_uyvy(const uint32_t *src, uint8_t **dst, int width)
{
	uint8_t *out = dst[0];

	for (int x = 0; x < width; x += 2, out += 4) {
		out[0] = chroma_u(src[x]);
		out[1] = luma(src[x]);
		out[2] = chroma_v(src[x]);
		out[3] = luma(src[x + 1]);
	}
}

static void encode_nv(const uint32_t *src, uint8_t **dst, int width, int v)
{
	for (int x = 0; x < width; x++)
		dst[0][x] = luma(src[x]);
	if (!dst[1])
		return;
	for (int x = 0; x < width; x += 2) {
		dst[1][x + !v] = chroma_v(src[x]);
		dst[1][x + v] = chroma_u(src[x]);
	}
}

static void encode_nv12(const uint32_t *src, uint8_t **dst, int width)
{
	encode_nv(src, dst, width, 0);
}

static void encode_nv21(const uint32_t *src, uint8_t **dst, int width)
{
	encode_nv(src, dst, width, 1);
}

static const struct format formats[] = {
	{ "XR24", 1, { 4 }, 1, encode_xrgb8888 },
	{ "AR24", 1, { 4 }, 1, encode_argb8888 },
	{ "RG16", 1, { 2 }, 1, encode_rgb565 },
	{ "XR15", 1, { 2 }, 1, encode_xrgb1555 },
	{ "AR15", 1, { 2 }, 1, encode_argb1555 },
	{ "YUYV", 1, { 2 }, 1, encode_yuyv },
	{ "UYVY", 1, { 2 }, 1, encode_uyvy },
	{ "NV12", 2, { 1, 2 }, 2, encode_nv12 },
	{ "NV21", 2, { 1, 2 }, 2, encode_nv21 },
	{ "NV16", 2, { 1, 2 }, 1, encode_nv12 },
};

const struct format *format_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	return NULL;
}

uint32_t format_fourcc(const struct format *format)
{
	return format->name[0] | format->name[1] << 8 | format->name[2] << 16 |
	       (uint32_t)format->name[3] << 24;
}

int format_is_yuv(const struct format *format)
{
	return !!strchr(format->name, 'V');
}

int format_plane_lines(const struct format *format, int plane, int height)
{
	return plane ? height / format->vsub : height;
}

int format_plane_bytes(const struct format *format, int plane, int width)
{
	return plane ? width / 2 * format->cpp[1] : width * format->cpp[0];
}

/* YUV goes by pairs of pixels, and by pairs of lines with 4:2:0. */
static struct rect format_align(const struct format *format, struct rect rect)
{
	if (!format_is_yuv(format))
		return rect;
	rect.width = (rect.x % 2 + rect.width + 1) & ~1;
	rect.x &= ~1;
	rect.height = (rect.y % 2 + rect.height + 1) & ~1;
	rect.y &= ~1;
	return rect;
}

void format_encode(const struct format *format, const struct canvas *canvas,
		   struct rect rect, const struct format_target *target)
{
	rect = canvas_clip(canvas, format_align(format,
						canvas_clip(canvas, rect)));
	for (int y = rect.y; y < rect.y + rect.height; y++) {
		uint8_t *dst[FORMAT_MAX_PLANES] = { 0 };

		dst[0] = target->data[0] + (size_t)y * target->pitch[0] +
			 format_plane_bytes(format, 0, rect.x);
		if (format->planes > 1 && y % format->vsub == 0)
			dst[1] = target->data[1] +
				 (size_t)(y / format->vsub) * target->pitch[1] +
				 format_plane_bytes(format, 1, rect.x);
		format->encode(canvas->pixels + (size_t)y * canvas->width +
			       rect.x, dst, rect.width);
	}
}

int format_dump(const struct format *format,
		const struct format_target *target, int width, int height,
		FILE *file)
{
	for (int plane = 0; plane < format->planes; plane++) {
		size_t bytes = format_plane_bytes(format, plane, width);
		int lines = format_plane_lines(format, plane, height);

		for (int y = 0; y < lines; y++)
			if (fwrite(target->data[plane] +
				   (size_t)y * target->pitch[plane], bytes, 1,
				   file) != 1)
				return -1;
	}
	return fflush(file);
}
