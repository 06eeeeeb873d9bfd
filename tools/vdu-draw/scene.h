/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What can be drawn: a still background, and parts that move over it
 */

#ifndef VDU_DRAW_SCENE_H
#define VDU_DRAW_SCENE_H

#include "canvas.h"

#define SCENE_MAX_MOVERS 4

/**
 * struct scene - something to draw
 * @name: for --scene
 * @background: draw what does not move
 * @movers: set the rectangles that draw() touches for @frame, return how many
 * @draw: draw the moving parts over the background
 *
 * What is drawn depends on the size of the canvas and on @frame alone.
 */
struct scene {
	const char *name;
	void (*background)(struct canvas *canvas);
	int (*movers)(const struct canvas *canvas, unsigned int frame,
		      struct rect rects[SCENE_MAX_MOVERS]);
	void (*draw)(struct canvas *canvas, unsigned int frame);
};

extern const struct scene scene_cluster;
extern const struct scene scene_navigation;
extern const struct scene scene_pattern;

const struct scene *scene_by_name(const char *name);

/* A scene around a picture; returns NULL if it cannot be read. */
const struct scene *scene_from_png(const char *path);

#endif
