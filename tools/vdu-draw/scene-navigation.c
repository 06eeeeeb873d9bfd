// SPDX-License-Identifier: GPL-2.0-only
/*
 * A navigation map: streets, a river, a route, and a car on it
 */

#include <math.h>

#include "scene.h"

#define LAND	0xe9e5dc
#define BLOCK	0xdcd7cc
#define PARK	0xb9dba0
#define WATER	0x9cc8ec
#define STREET	0xffffff
#define AVENUE	0xf8d478
#define ROUTE	0x2f6fe0
#define PANEL	0x1c2430
#define WHITE	0xf2f5f8
#define CAR	0xd8262c

#define CAR_STEP 2	/* pixels, for a map 720 lines high */

/* In parts of the canvas. */
struct point {
	float x, y;
};

static const struct point route[] = {
	{ 0.33f, 0.92f }, { 0.36f, 0.70f }, { 0.56f, 0.62f }, { 0.53f, 0.42f },
	{ 0.74f, 0.34f }, { 0.71f, 0.17f }, { 0.90f, 0.10f },
};

static const struct point river[] = {
	{ 0.26f, 0.30f }, { 0.42f, 0.26f }, { 0.55f, 0.12f }, { 0.62f, -0.1f },
};

#define POINTS(line) ((int)(sizeof(line) / sizeof((line)[0])))

static float scale(const struct canvas *canvas)
{
	return canvas->height / 720.0f;
}

static void draw_path(struct canvas *canvas, const struct point *points,
		      int count, float width, uint32_t color)
{
	float w = canvas->width, h = canvas->height;

	width *= scale(canvas);
	for (int i = 0; i < count; i++) {
		canvas_disc(canvas, points[i].x * w, points[i].y * h, width / 2,
			    color);
		if (i)
			canvas_line(canvas, points[i - 1].x * w,
				    points[i - 1].y * h, points[i].x * w,
				    points[i].y * h, width, color);
	}
}

/* A grid of streets, slightly turned. */
static void draw_streets(struct canvas *canvas)
{
	for (int i = -3; i < 16; i++) {
		float at = i * 0.085f;
		struct point across[] = {
			{ 0.0f, at + 0.3f }, { 1.0f, at - 0.1f }
		};
		struct point along[] = {
			{ at + 0.05f, 1.0f }, { at - 0.03f, 0.0f }
		};
		float width = i % 4 ? 7 : 13;
		uint32_t color = i % 4 ? STREET : AVENUE;

		draw_path(canvas, across, 2, width, color);
		draw_path(canvas, along, 2, width, color);
	}
}

static void draw_panel(struct canvas *canvas)
{
	float s = scale(canvas), w = canvas->width, h = canvas->height;
	int text = 4 * s + 0.5f;
	struct point turn[] = {
		{ 0.08f, 0.30f }, { 0.08f, 0.16f }, { 0.155f, 0.16f }
	};

	if (text < 1)
		text = 1;
	canvas_fill(canvas, (struct rect){ 0, 0, w * 0.25f, h }, PANEL);
	draw_path(canvas, turn, POINTS(turn), 18, WHITE);
	for (float d = 0; d < 28 * s; d++)
		canvas_line(canvas, w * 0.155f + 28 * s - d, h * 0.16f - d,
			    w * 0.155f + 28 * s - d, h * 0.16f + d, 1.5f,
			    WHITE);
	canvas_text(canvas, w * 0.03f, h * 0.38f, text * 2, WHITE, "300 M");
	canvas_text(canvas, w * 0.03f, h * 0.48f, text, 0xa8b4c4,
		    "HARBOUR ST");
	canvas_fill(canvas, (struct rect){ w * 0.03f, h * 0.56f, w * 0.19f,
		    2 * s + 1 }, 0x3a4658);
	canvas_text(canvas, w * 0.03f, h * 0.62f, text, WHITE, "ARRIVAL");
	canvas_text(canvas, w * 0.03f, h * 0.68f, text * 2, 0x7fd38c, "11:07");
	canvas_text(canvas, w * 0.03f, h * 0.78f, text, WHITE, "18.4 KM");
	canvas_text(canvas, w * 0.03f, h * 0.92f, text * 2 / 3 + 1, 0xa8b4c4,
		    "R-CAR DU MAP");
}

static void navigation_background(struct canvas *canvas)
{
	int w = canvas->width, h = canvas->height;
	const struct point *end = &route[POINTS(route) - 1];

	canvas_fill(canvas, (struct rect){ 0, 0, w, h }, LAND);
	canvas_fill(canvas, (struct rect){ w * 0.45f, h * 0.5f, w * 0.4f,
		    h * 0.4f }, BLOCK);
	canvas_disc(canvas, w * 0.78f, h * 0.72f, h * 0.17f, PARK);
	canvas_fill(canvas, (struct rect){ w * 0.28f, h * 0.42f, w * 0.13f,
		    h * 0.18f }, PARK);
	draw_path(canvas, river, POINTS(river), 64, WATER);
	draw_streets(canvas);
	draw_path(canvas, route, POINTS(route), 20, 0x1f4fb0);
	draw_path(canvas, route, POINTS(route), 14, ROUTE);
	canvas_disc(canvas, end->x * w, end->y * h, 18 * scale(canvas), CAR);
	canvas_disc(canvas, end->x * w, end->y * h, 8 * scale(canvas), WHITE);
	draw_panel(canvas);
}

static float leg_length(const struct canvas *canvas, int leg)
{
	return hypotf((route[leg + 1].x - route[leg].x) * canvas->width,
		      (route[leg + 1].y - route[leg].y) * canvas->height);
}

/* Where the car is, in pixels; it starts again at the end of the route. */
static struct point car_at(const struct canvas *canvas, unsigned int frame)
{
	float total = 0, at;
	int leg;

	for (leg = 0; leg < POINTS(route) - 1; leg++)
		total += leg_length(canvas, leg);
	at = fmodf(frame * CAR_STEP * scale(canvas), total);
	for (leg = 0; leg < POINTS(route) - 2; leg++) {
		float length = leg_length(canvas, leg);

		if (at < length)
			break;
		at -= length;
	}
	at /= leg_length(canvas, leg);
	return (struct point){
		(route[leg].x + (route[leg + 1].x - route[leg].x) * at) *
			canvas->width,
		(route[leg].y + (route[leg + 1].y - route[leg].y) * at) *
			canvas->height
	};
}

static int navigation_movers(const struct canvas *canvas, unsigned int frame,
			     struct rect rects[SCENE_MAX_MOVERS])
{
	struct point at = car_at(canvas, frame);

	rects[0] = canvas_line_rect(at.x, at.y, at.x, at.y,
				    50 * scale(canvas));
	return 1;
}

static void navigation_draw(struct canvas *canvas, unsigned int frame)
{
	struct point at = car_at(canvas, frame);
	float s = scale(canvas);

	canvas_disc(canvas, at.x, at.y, 24 * s, WHITE);
	canvas_disc(canvas, at.x, at.y, 20 * s, ROUTE);
	canvas_disc(canvas, at.x, at.y, 9 * s, WHITE);
}

const struct scene scene_navigation = {
	.name = "navigation",
	.background = navigation_background,
	.movers = navigation_movers,
	.draw = navigation_draw,
};
