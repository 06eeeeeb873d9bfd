// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures, and what pixels of each format mean
 *
 * Meant to be plain, and to have nothing in common with the device model that
 * is compared with it.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <drm_fourcc.h>

#include "h3-kms.h"

uint32_t random_next(struct random *random)
{
	random->state ^= random->state << 13;
	random->state ^= random->state >> 17;
	random->state ^= random->state << 5;
	return random->state;
}

unsigned int random_below(struct random *random, unsigned int limit)
{
	return random_next(random) % limit;
}

void picture_init(struct picture *picture, int width, int height)
{
	picture->width = width;
	picture->height = height;
	picture->pixels = calloc((size_t)width * height, 4);
	if (!picture->pixels)
		die("no memory");
}

void picture_fini(struct picture *picture)
{
	free(picture->pixels);
	picture->pixels = NULL;
}

/* As QEMU's screendump writes it */
void picture_save(const struct picture *picture, const char *path)
{
	size_t count = (size_t)picture->width * picture->height;
	uint8_t *bytes = malloc(count * 3);
	FILE *file = fopen(path, "w");

	if (!file || !bytes)
		die("%s: %m", path);
	for (size_t i = 0; i < count; i++) {
		bytes[i * 3] = picture->pixels[i] >> 16;
		bytes[i * 3 + 1] = picture->pixels[i] >> 8;
		bytes[i * 3 + 2] = picture->pixels[i];
	}
	fprintf(file, "P6\n%d %d\n255\n", picture->width, picture->height);
	if (fwrite(bytes, 3, count, file) != count || fclose(file))
		die("%s: %m", path);
	free(bytes);
}

void picture_load(struct picture *picture, const char *path)
{
	FILE *file = fopen(path, "r");
	int width, height;
	uint8_t *bytes;
	size_t count;

	if (!file || fscanf(file, "P6 %d %d 255", &width, &height) != 2 ||
	    fgetc(file) != '\n')
		die("%s: not a picture", path);
	picture_init(picture, width, height);
	count = (size_t)width * height;
	bytes = malloc(count * 3);
	if (!bytes || fread(bytes, 3, count, file) != count)
		die("%s: too short", path);
	for (size_t i = 0; i < count; i++)
		picture->pixels[i] = bytes[i * 3] << 16 |
				     bytes[i * 3 + 1] << 8 | bytes[i * 3 + 2];
	free(bytes);
	fclose(file);
}

int pixel_differ(uint32_t a, uint32_t b)
{
	int worst = 0;

	for (int shift = 0; shift < 24; shift += 8) {
		int d = abs((int)(a >> shift & 255) - (int)(b >> shift & 255));

		worst = d > worst ? d : worst;
	}
	return worst;
}

/* Every row and column differs, the frame shows cut edges. */
void picture_pattern(struct picture *picture, unsigned int seed)
{
	int w = picture->width, h = picture->height;

	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			uint32_t *to = &picture->pixels[(size_t)y * w + x];

			*to = (x * 255 / w) << 16 | (y * 255 / h) << 8 |
			      ((x ^ y ^ seed * 37) & 255);
			if (!x || !y || x == w - 1 || y == h - 1)
				*to = 0xffffff;
		}
}

static const struct layout layouts[] = {
	{ DRM_FORMAT_RGB332, 1, { 1 }, 1, 1, false, false },
	{ DRM_FORMAT_ARGB4444, 1, { 2 }, 1, 1, true, false },
	{ DRM_FORMAT_XRGB4444, 1, { 2 }, 1, 1, false, false },
	{ DRM_FORMAT_ARGB1555, 1, { 2 }, 1, 1, true, false },
	{ DRM_FORMAT_XRGB1555, 1, { 2 }, 1, 1, false, false },
	{ DRM_FORMAT_RGB565, 1, { 2 }, 1, 1, false, false },
	{ DRM_FORMAT_BGR888, 1, { 3 }, 1, 1, false, false },
	{ DRM_FORMAT_RGB888, 1, { 3 }, 1, 1, false, false },
	{ DRM_FORMAT_BGRA8888, 1, { 4 }, 1, 1, true, false },
	{ DRM_FORMAT_BGRX8888, 1, { 4 }, 1, 1, false, false },
	{ DRM_FORMAT_ABGR8888, 1, { 4 }, 1, 1, true, false },
	{ DRM_FORMAT_XBGR8888, 1, { 4 }, 1, 1, false, false },
	{ DRM_FORMAT_ARGB8888, 1, { 4 }, 1, 1, true, false },
	{ DRM_FORMAT_XRGB8888, 1, { 4 }, 1, 1, false, false },
	{ DRM_FORMAT_UYVY, 1, { 2 }, 2, 1, false, true },
	{ DRM_FORMAT_YUYV, 1, { 2 }, 2, 1, false, true },
	{ DRM_FORMAT_YVYU, 1, { 2 }, 2, 1, false, true },
	{ DRM_FORMAT_NV12, 2, { 1, 2 }, 2, 2, false, true },
	{ DRM_FORMAT_NV21, 2, { 1, 2 }, 2, 2, false, true },
	{ DRM_FORMAT_NV16, 2, { 1, 2 }, 2, 1, false, true },
	{ DRM_FORMAT_NV61, 2, { 1, 2 }, 2, 1, false, true },
	{ DRM_FORMAT_YUV420, 3, { 1, 1, 1 }, 2, 2, false, true },
	{ DRM_FORMAT_YVU420, 3, { 1, 1, 1 }, 2, 2, false, true },
	{ DRM_FORMAT_YUV422, 3, { 1, 1, 1 }, 2, 1, false, true },
	{ DRM_FORMAT_YVU422, 3, { 1, 1, 1 }, 2, 1, false, true },
	{ DRM_FORMAT_YUV444, 3, { 1, 1, 1 }, 1, 1, false, true },
	{ DRM_FORMAT_YVU444, 3, { 1, 1, 1 }, 1, 1, false, true },
};

const struct layout *format_layout(uint32_t format)
{
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)
		if (layouts[i].format == format)
			return &layouts[i];
	die("unknown format %.4s", (char *)&format);
}

static uint32_t argb(uint32_t a, uint32_t r, uint32_t g, uint32_t b)
{
	return a << 24 | r << 16 | g << 8 | b;
}

static uint32_t limit(double value)
{
	return value < 0 ? 0 : value > 255 ? 255 : (uint32_t)(value + 0.5);
}

/* BT.601, limited range: what planes are without a property that says more */
static uint32_t yuv(double y, double u, double v)
{
	y = 1.164383 * (y - 16);
	u -= 128;
	v -= 128;
	return argb(255, limit(y + 1.596027 * v),
		    limit(y - 0.391762 * u - 0.812968 * v),
		    limit(y + 2.017232 * u));
}

static uint32_t yuv_pixel(const struct buffer *b, int x, int y)
{
	const struct layout *l = format_layout(b->format);
	const uint8_t *row = b->data + b->offsets[0] + y * b->pitches[0];
	const uint8_t *c[3];

	row += x / l->hsub * l->hsub * l->bytes[0];
	for (unsigned int i = 1; i < l->planes; i++)
		c[i] = b->data + b->offsets[i] + y / l->vsub * b->pitches[i] +
		       x / l->hsub * l->bytes[i];
	switch (b->format) {
	case DRM_FORMAT_UYVY:
		return yuv(row[x % 2 * 2 + 1], row[0], row[2]);
	case DRM_FORMAT_YUYV:
		return yuv(row[x % 2 * 2], row[1], row[3]);
	case DRM_FORMAT_YVYU:
		return yuv(row[x % 2 * 2], row[3], row[1]);
	}
	row += x % l->hsub;
	switch (b->format) {
	case DRM_FORMAT_NV12:
	case DRM_FORMAT_NV16:
		return yuv(*row, c[1][0], c[1][1]);
	case DRM_FORMAT_NV21:
	case DRM_FORMAT_NV61:
		return yuv(*row, c[1][1], c[1][0]);
	case DRM_FORMAT_YVU420:
	case DRM_FORMAT_YVU422:
	case DRM_FORMAT_YVU444:
		return yuv(*row, *c[2], *c[1]);
	default:
		return yuv(*row, *c[1], *c[2]);
	}
}

/*
 * Components of less than eight bits get zeros below; alpha is repeated. That
 * is what rcar-du asks the VSP for.
 */
uint32_t buffer_pixel(const struct buffer *buffer, int x, int y)
{
	const struct layout *layout = format_layout(buffer->format);
	const uint8_t *p = buffer->data + (size_t)y * buffer->pitches[0] +
			   (size_t)x * layout->bytes[0];
	uint32_t v = p[0];

	if (layout->bytes[0] >= 2)
		v |= p[1] << 8;

	switch (buffer->format) {
	case DRM_FORMAT_RGB332:
		return argb(255, v & 0xe0, v << 3 & 0xe0, v << 6 & 0xc0);
	case DRM_FORMAT_ARGB4444:
	case DRM_FORMAT_XRGB4444:
		return argb((v >> 12) * 17, v >> 4 & 0xf0, v & 0xf0,
			    v << 4 & 0xf0);
	case DRM_FORMAT_ARGB1555:
	case DRM_FORMAT_XRGB1555:
		return argb((v >> 15) * 255, v >> 7 & 0xf8, v >> 2 & 0xf8,
			    v << 3 & 0xf8);
	case DRM_FORMAT_RGB565:
		return argb(255, v >> 8 & 0xf8, v >> 3 & 0xfc, v << 3 & 0xf8);
	case DRM_FORMAT_BGR888:
		return argb(255, p[0], p[1], p[2]);
	case DRM_FORMAT_RGB888:
		return argb(255, p[2], p[1], p[0]);
	case DRM_FORMAT_BGRA8888:
	case DRM_FORMAT_BGRX8888:
		return argb(p[0], p[1], p[2], p[3]);
	case DRM_FORMAT_ABGR8888:
	case DRM_FORMAT_XBGR8888:
		return argb(p[3], p[0], p[1], p[2]);
	case DRM_FORMAT_ARGB8888:
	case DRM_FORMAT_XRGB8888:
		return argb(p[3], p[2], p[1], p[0]);
	default:
		return yuv_pixel(buffer, x, y);
	}
}

void buffer_random(struct buffer *buffer, struct random *random)
{
	for (size_t i = 0; i < buffer->size; i++)
		buffer->data[i] = random_next(random) >> 11;
}

/* Only for XRGB8888 */
void buffer_picture(struct buffer *buffer, const struct picture *picture)
{
	for (int y = 0; y < buffer->height; y++)
		memcpy(buffer->data + (size_t)y * buffer->pitches[0],
		       picture->pixels + (size_t)y * picture->width,
		       buffer->width * 4);
}

void buffer_read(const struct buffer *buffer, struct picture *picture)
{
	picture_init(picture, buffer->width, buffer->height);
	for (int y = 0; y < buffer->height; y++)
		for (int x = 0; x < buffer->width; x++)
			picture->pixels[(size_t)y * buffer->width + x] =
				buffer_pixel(buffer, x, y) & 0xffffff;
}
