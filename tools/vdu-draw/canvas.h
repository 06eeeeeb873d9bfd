/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drawing in memory, in XRGB8888
 */

#ifndef VDU_DRAW_CANVAS_H
#define VDU_DRAW_CANVAS_H

#include <stdint.h>

struct rect {
	int x;
	int y;
	int width;
	int height;
};

struct canvas {
	int width;
	int height;
	uint32_t *pixels;
};

int canvas_init(struct canvas *canvas, int width, int height);
void canvas_fini(struct canvas *canvas);

/* Everything below is cut at the edges of the canvas. */
struct rect canvas_clip(const struct canvas *canvas, struct rect rect);
void canvas_copy(struct canvas *canvas, const struct canvas *src,
		 struct rect rect);

void canvas_fill(struct canvas *canvas, struct rect rect, uint32_t color);
void canvas_gradient(struct canvas *canvas, uint32_t top, uint32_t bottom);
void canvas_disc(struct canvas *canvas, float x, float y, float radius,
		 uint32_t color);
void canvas_line(struct canvas *canvas, float x0, float y0, float x1, float y1,
		 float width, uint32_t color);

/* Upper case letters, digits and "./:-", 5 x 7 cells of @scale pixels. */
void canvas_text(struct canvas *canvas, int x, int y, int scale,
		 uint32_t color, const char *text);
int canvas_text_width(int scale, const char *text);
#define CANVAS_TEXT_HEIGHT 7

/* The smallest rectangle that a line of @width touches. */
struct rect canvas_line_rect(float x0, float y0, float x1, float y1,
			     float width);

#endif
