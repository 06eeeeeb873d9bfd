// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: composition of a frame
 *
 * What the DU would show, line by line, for check codes. Each pixel of guest
 * memory is read once, as the guest may change it meanwhile.
 */

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/crc32.h>
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include <asm/byteorder.h>

#include <drm/drm_blend.h>
#include <drm/drm_fourcc.h>

#include <kunit/visibility.h>

#include "rcar_du_mdev_compose.h"

#define RCAR_DU_MDEV_OPAQUE	0xffff
#define RCAR_DU_MDEV_BLACK	0xff000000

/* -----------------------------------------------------------------------------
 * Pixels
 *
 * All formats become ARGB8888, of which A is 0xff if the alpha of pixels does not count.
 */

static u32 rcar_du_mdev_argb(u32 a, u32 r, u32 g, u32 b)
{
	return a << 24 | r << 16 | g << 8 | b;
}

/* The upper bits of a component are its lower bits, too: white stays white. */
static u32 rcar_du_mdev_expand5(u32 value)
{
	value &= 0x1f;

	return value << 3 | value >> 2;
}

static u32 rcar_du_mdev_expand6(u32 value)
{
	value &= 0x3f;

	return value << 2 | value >> 4;
}

static u32 rcar_du_mdev_read16(const void *pixels, u32 index)
{
	return le16_to_cpu(READ_ONCE(((const __le16 *)pixels)[index]));
}

static void rcar_du_mdev_fetch_8888(const void *pixels, u32 *argb, u32 width,
				    u32 alpha)
{
	const __le32 *from = pixels;
	u32 x;

	for (x = 0; x < width; x++)
		argb[x] = le32_to_cpu(READ_ONCE(from[x])) | alpha;
}

static void rcar_du_mdev_fetch_565(const void *pixels, u32 *argb, u32 width)
{
	u32 x;

	for (x = 0; x < width; x++) {
		u32 value = rcar_du_mdev_read16(pixels, x);

		argb[x] = rcar_du_mdev_argb(0xff,
					    rcar_du_mdev_expand5(value >> 11),
					    rcar_du_mdev_expand6(value >> 5),
					    rcar_du_mdev_expand5(value));
	}
}

static void rcar_du_mdev_fetch_1555(const void *pixels, u32 *argb, u32 width,
				    u32 alpha)
{
	u32 x;

	for (x = 0; x < width; x++) {
		u32 value = rcar_du_mdev_read16(pixels, x) | alpha;

		argb[x] = rcar_du_mdev_argb(value & BIT(15) ? 0xff : 0,
					    rcar_du_mdev_expand5(value >> 10),
					    rcar_du_mdev_expand5(value >> 5),
					    rcar_du_mdev_expand5(value));
	}
}

/* BT.601, limited range, in units of 1/256. */
static u32 rcar_du_mdev_yuv(int y, int cb, int cr)
{
	int c = 298 * (y - 16) + 128;
	int d = cb - 128;
	int e = cr - 128;

	return rcar_du_mdev_argb(0xff,
				 clamp((c + 409 * e) >> 8, 0, 255),
				 clamp((c - 100 * d - 208 * e) >> 8, 0, 255),
				 clamp((c + 516 * d) >> 8, 0, 255));
}

/* @luma is the bit at which luma begins in each 16 bits. */
static void rcar_du_mdev_fetch_yuyv(const void *pixels, u32 *argb, u32 width,
				    unsigned int luma)
{
	unsigned int chroma = 8 - luma;
	u32 x;

	for (x = 0; x < width; x++) {
		u32 first = rcar_du_mdev_read16(pixels, x & ~1);
		u32 second = rcar_du_mdev_read16(pixels, x | 1);

		argb[x] = rcar_du_mdev_yuv((x & 1 ? second : first) >> luma & 0xff,
					   first >> chroma & 0xff,
					   second >> chroma & 0xff);
	}
}

/* @cr is the byte of Cr in each pair of chroma. Its lines may begin anywhere. */
static void rcar_du_mdev_fetch_nv(const void *luma, const void *chroma,
				  u32 *argb, u32 width, u32 cr)
{
	const u8 *uv = chroma;
	const u8 *y = luma;
	u32 x;

	for (x = 0; x < width; x++)
		argb[x] = rcar_du_mdev_yuv(READ_ONCE(y[x]),
					   READ_ONCE(uv[(x & ~1) + !cr]),
					   READ_ONCE(uv[(x & ~1) + cr]));
}

static void rcar_du_mdev_fetch(const struct rcar_du_mdev_layer *layer, u32 line,
			       u32 *argb, u32 width)
{
	const struct rcar_du_mdev_plane *plane = layer->plane;
	const void *pixels = layer->pixels[0] + (size_t)line * plane->pitch[0];
	bool none = plane->blend == DRM_MODE_BLEND_PIXEL_NONE;
	const void *chroma = layer->pixels[1];

	switch (plane->format) {
	case DRM_FORMAT_RGB565:
		rcar_du_mdev_fetch_565(pixels, argb, width);
		break;
	case DRM_FORMAT_ARGB1555:
	case DRM_FORMAT_XRGB1555:
		rcar_du_mdev_fetch_1555(pixels, argb, width, none ? BIT(15) : 0);
		break;
	case DRM_FORMAT_ARGB8888:
	case DRM_FORMAT_XRGB8888:
		rcar_du_mdev_fetch_8888(pixels, argb, width,
					none ? RCAR_DU_MDEV_BLACK : 0);
		break;
	case DRM_FORMAT_YUYV:
		rcar_du_mdev_fetch_yuyv(pixels, argb, width, 0);
		break;
	case DRM_FORMAT_UYVY:
		rcar_du_mdev_fetch_yuyv(pixels, argb, width, 8);
		break;
	case DRM_FORMAT_NV12:
	case DRM_FORMAT_NV21:
		chroma += (size_t)(line / 2) * plane->pitch[1];
		rcar_du_mdev_fetch_nv(pixels, chroma, argb, width,
				      plane->format != DRM_FORMAT_NV21);
		break;
	case DRM_FORMAT_NV16:
		chroma += (size_t)line * plane->pitch[1];
		rcar_du_mdev_fetch_nv(pixels, chroma, argb, width, 1);
		break;
	}
}

/* -----------------------------------------------------------------------------
 * Blending
 */

/* The greatest product of the opacity of a plane and the alpha of a pixel. */
#define RCAR_DU_MDEV_WEIGHT	(RCAR_DU_MDEV_OPAQUE * 0xffu)

/*
 * @front and @back are the weights of the two. Both at most RCAR_DU_MDEV_WEIGHT,
 * but with colours that claim to be multiplied with alpha and are not the sum may be
 * more.
 */
static u32 rcar_du_mdev_mix(u32 front, u32 src, u32 back, u32 dst)
{
	u64 sum = (u64)front * src + (u64)back * dst + RCAR_DU_MDEV_WEIGHT / 2;

	if (sum >= 0xffull * RCAR_DU_MDEV_WEIGHT)
		return 0xff;

	/* Now it is below 2^32. */
	return (u32)sum / RCAR_DU_MDEV_WEIGHT;
}

static u32 rcar_du_mdev_blend(const struct rcar_du_mdev_plane *plane, u32 src,
			      u32 dst)
{
	u32 cover = (src >> 24) * plane->alpha;
	u32 back = RCAR_DU_MDEV_WEIGHT - cover;
	u32 front = cover;

	if (plane->blend == DRM_MODE_BLEND_PREMULTI)
		front = plane->alpha * 0xffu;

	return rcar_du_mdev_argb(0xff,
				 rcar_du_mdev_mix(front, src >> 16 & 0xff, back,
						  dst >> 16 & 0xff),
				 rcar_du_mdev_mix(front, src >> 8 & 0xff, back,
						  dst >> 8 & 0xff),
				 rcar_du_mdev_mix(front, src & 0xff, back,
						  dst & 0xff));
}

static void rcar_du_mdev_blend_line(const struct rcar_du_mdev_plane *plane,
				    const u32 *argb, u32 *line, u32 width)
{
	bool opaque = plane->alpha == RCAR_DU_MDEV_OPAQUE;
	u32 x;

	for (x = 0; x < width; x++) {
		/* Most pixels hide all that is behind them. */
		if (opaque && argb[x] >> 24 == 0xff)
			line[x] = argb[x];
		else
			line[x] = rcar_du_mdev_blend(plane, argb[x], line[x]);
	}
}

/* -----------------------------------------------------------------------------
 * Lines
 */

/**
 * rcar_du_mdev_compose_line - Compose a line of the display
 * @layers: the planes, lowest first
 * @num_layers: number of planes
 * @y: the line
 * @line: gets the pixels, 0xffRRGGBB
 * @scratch: room for as many pixels as @line has
 * @width: displayed pixels of the line
 *
 * The background is black. The components of RGB565, XRGB1555 and ARGB1555 get 8
 * bits by repeating their upper ones, chroma samples are repeated, and YUV becomes
 * RGB as BT.601 with limited range says. Each plane is rounded to 8 bits.
 */
void rcar_du_mdev_compose_line(const struct rcar_du_mdev_layer *layers,
			       unsigned int num_layers, u32 y, u32 *line,
			       u32 *scratch, u32 width)
{
	unsigned int i;

	memset32(line, RCAR_DU_MDEV_BLACK, width);

	for (i = 0; i < num_layers; i++) {
		const struct rcar_du_mdev_plane *plane = layers[i].plane;
		u32 n;

		if (y < plane->y || y - plane->y >= plane->height ||
		    plane->x >= width)
			continue;

		n = min(plane->width, width - plane->x);
		if (plane->alpha == RCAR_DU_MDEV_OPAQUE &&
		    plane->blend == DRM_MODE_BLEND_PIXEL_NONE) {
			rcar_du_mdev_fetch(&layers[i], y - plane->y,
					   line + plane->x, n);
			continue;
		}

		rcar_du_mdev_fetch(&layers[i], y - plane->y, scratch, n);
		rcar_du_mdev_blend_line(plane, scratch, line + plane->x, n);
	}
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_compose_line);

/**
 * rcar_du_mdev_compose_crc - Add a line to a check code
 * @crc: the code of the lines above it, 0 for the first line
 * @line: the line; its byte order is lost
 * @width: pixels of the line
 *
 * Return: the code, the CRC-32 of IEEE 802.3 of the lines as ARGB8888 with A = 0xff.
 */
u32 rcar_du_mdev_compose_crc(u32 crc, u32 *line, u32 width)
{
	cpu_to_le32_array(line, width);

	return ~crc32_le(~crc, (const u8 *)line, width * sizeof(*line));
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_compose_crc);
