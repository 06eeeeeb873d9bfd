// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drawing in memory, in XRGB8888
 *
 * Shapes are drawn line by line from their exact extent in that line, with one
 * blended pixel at either end: cheap enough for an emulated processor.
 */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "canvas.h"
#include "font.h"

int canvas_init(struct canvas *canvas, int width, int height)
{
	canvas->width = width;
	canvas->height = height;
	canvas->pixels = calloc((size_t)width * height, sizeof(uint32_t));
	return canvas->pixels ? 0 : -1;
}

void canvas_fini(struct canvas *canvas)
{
	free(canvas->pixels);
	canvas->pixels = NULL;
}

static int min(int a, int b)
{
	return a < b ? a : b;
}

static int max(int a, int b)
{
	return a > b ? a : b;
}

struct rect canvas_clip(const struct canvas *canvas, struct rect rect)
{
	int x1 = min(rect.x + rect.width, canvas->width);
	int y1 = min(rect.y + rect.height, canvas->height);

	rect.x = max(rect.x, 0);
	rect.y = max(rect.y, 0);
	rect.width = max(x1 - rect.x, 0);
	rect.height = max(y1 - rect.y, 0);
	return rect;
}

static uint32_t *canvas_at(const struct canvas *canvas, int x, int y)
{
	return canvas->pixels + (size_t)y * canvas->width + x;
}

void canvas_copy(struct canvas *canvas, const struct canvas *src,
		 struct rect rect)
{
	rect = canvas_clip(canvas, rect);
	for (int y = rect.y; y < rect.y + rect.height; y++)
		memcpy(canvas_at(canvas, rect.x, y), canvas_at(src, rect.x, y),
		       rect.width * sizeof(uint32_t));
}

void canvas_fill(struct canvas *canvas, struct rect rect, uint32_t color)
{
	rect = canvas_clip(canvas, rect);
	for (int y = rect.y; y < rect.y + rect.height; y++) {
		uint32_t *pixel = canvas_at(canvas, rect.x, y);

		for (int x = 0; x < rect.width; x++)
			pixel[x] = color;
	}
}

/* @alpha is 0 (all @under) to 256 (all @over). */
static uint32_t mix(uint32_t under, uint32_t over, int alpha)
{
	uint32_t rb = (under & 0xff00ff) * (256 - alpha) +
		      (over & 0xff00ff) * alpha;
	uint32_t g = (under & 0x00ff00) * (256 - alpha) +
		     (over & 0x00ff00) * alpha;

	return (rb >> 8 & 0xff00ff) | (g >> 8 & 0x00ff00);
}

void canvas_gradient(struct canvas *canvas, uint32_t top, uint32_t bottom)
{
	for (int y = 0; y < canvas->height; y++) {
		struct rect line = { 0, y, canvas->width, 1 };

		canvas_fill(canvas, line,
			    mix(top, bottom, 256 * y / canvas->height));
	}
}

/* Fill line @y from @x0 to @x1, pixels that are touched in part are mixed. */
static void canvas_span(struct canvas *canvas, int y, float x0, float x1,
			uint32_t color)
{
	int first, last;

	if (y < 0 || y >= canvas->height)
		return;
	if (x0 < 0)
		x0 = 0;
	if (x1 > canvas->width)
		x1 = canvas->width;
	if (x0 >= x1)
		return;

	first = ceilf(x0);
	last = floorf(x1);
	if (first > last) {
		uint32_t *pixel = canvas_at(canvas, last, y);

		*pixel = mix(*pixel, color, 256 * (x1 - x0));
		return;
	}
	canvas_fill(canvas, (struct rect){ first, y, last - first, 1 }, color);
	if (first > x0) {
		uint32_t *pixel = canvas_at(canvas, first - 1, y);

		*pixel = mix(*pixel, color, 256 * (first - x0));
	}
	if (last < x1) {
		uint32_t *pixel = canvas_at(canvas, last, y);

		*pixel = mix(*pixel, color, 256 * (x1 - last));
	}
}

void canvas_disc(struct canvas *canvas, float x, float y, float radius,
		 uint32_t color)
{
	int end = min(ceilf(y + radius), canvas->height);

	for (int line = max(floorf(y - radius), 0); line < end; line++) {
		float dy = line + 0.5f - y;
		float square = radius * radius - dy * dy;

		if (square > 0)
			canvas_span(canvas, line, x - sqrtf(square),
				    x + sqrtf(square), color);
	}
}

/* A line is a rectangle: a convex polygon of four corners. */
struct corner {
	float x;
	float y;
};

static void line_corners(float x0, float y0, float x1, float y1, float width,
			 struct corner corner[4])
{
	float dx = x1 - x0, dy = y1 - y0;
	float length = sqrtf(dx * dx + dy * dy);
	float nx = 0, ny = 0;

	if (length > 0) {
		nx = -dy / length * width / 2;
		ny = dx / length * width / 2;
	}
	corner[0] = (struct corner){ x0 + nx, y0 + ny };
	corner[1] = (struct corner){ x1 + nx, y1 + ny };
	corner[2] = (struct corner){ x1 - nx, y1 - ny };
	corner[3] = (struct corner){ x0 - nx, y0 - ny };
}

struct rect canvas_line_rect(float x0, float y0, float x1, float y1,
			     float width)
{
	int left = floorf(fminf(x0, x1) - width / 2) - 1;
	int top = floorf(fminf(y0, y1) - width / 2) - 1;
	int right = ceilf(fmaxf(x0, x1) + width / 2) + 1;
	int bottom = ceilf(fmaxf(y0, y1) + width / 2) + 1;

	return (struct rect){ left, top, right - left, bottom - top };
}

void canvas_line(struct canvas *canvas, float x0, float y0, float x1, float y1,
		 float width, uint32_t color)
{
	struct rect rect = canvas_clip(canvas, canvas_line_rect(x0, y0, x1, y1,
								width));
	struct corner corner[4];

	line_corners(x0, y0, x1, y1, width, corner);
	for (int y = rect.y; y < rect.y + rect.height; y++) {
		float middle = y + 0.5f;
		float left = canvas->width, right = 0;

		for (int i = 0; i < 4; i++) {
			struct corner a = corner[i], b = corner[(i + 1) % 4];
			int a_above = a.y <= middle;
			int b_above = b.y <= middle;
			float x;

			if (a_above == b_above)
				continue;
			x = a.x + (b.x - a.x) * (middle - a.y) / (b.y - a.y);
			left = fminf(left, x);
			right = fmaxf(right, x);
		}
		canvas_span(canvas, y, left, right, color);
	}
}

static void canvas_glyph(struct canvas *canvas, int x, int y, int scale,
			 uint32_t color, const uint8_t columns[5])
{
	for (int column = 0; column < 5; column++)
		for (int row = 0; row < CANVAS_TEXT_HEIGHT; row++)
			if (columns[column] >> row & 1)
				canvas_fill(canvas, (struct rect){
						x + column * scale,
						y + row * scale, scale, scale },
					    color);
}

void canvas_text(struct canvas *canvas, int x, int y, int scale,
		 uint32_t color, const char *text)
{
	for (; *text; text++, x += 6 * scale)
		if (*text >= FONT_FIRST && *text <= FONT_LAST)
			canvas_glyph(canvas, x, y, scale, color,
				     font[*text - FONT_FIRST]);
}

int canvas_text_width(int scale, const char *text)
{
	return (6 * (int)strlen(text) - 1) * scale;
}
