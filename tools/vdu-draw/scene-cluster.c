// SPDX-License-Identifier: GPL-2.0-only
/*
 * An instrument cluster: two dials with moving needles
 */

#include <math.h>
#include <stdio.h>

#include "scene.h"

#define PI 3.14159265f

#define FACE	0x0b0f16
#define RING	0x3a4658
#define WHITE	0xe8ecf0
#define GREY	0x8a94a2
#define RED	0xe03030
#define BLUE	0x3fa9f5
#define GREEN	0x35c46a
#define AMBER	0xf0b030

/**
 * struct dial - a round instrument
 * @x, @y: centre, in parts of the canvas
 * @marks: numbers on its scale
 * @step: from a number to the next
 * @red: first mark of the red range
 * @period: frames from zero to the end of the scale and back
 * @unit: what it shows
 */
struct dial {
	float x, y;
	int marks;
	int step;
	int red;
	int period;
	const char *unit;
};

static const struct dial dials[] = {
	{ 0.23f, 0.53f, 13, 20, 99, 400, "KM/H" },
	{ 0.77f, 0.53f, 9, 1, 7, 240, "RPM 1000/MIN" },
};

struct place {
	float x, y, radius;
	int scale;
};

static struct place dial_place(const struct canvas *canvas,
			       const struct dial *dial)
{
	float radius = fminf(canvas->height * 0.40f, canvas->width * 0.205f);

	return (struct place){
		canvas->width * dial->x, canvas->height * dial->y, radius,
		radius / 72 + 1
	};
}

/* The scale goes from lower left, over the top, to lower right. */
static float dial_angle(float part)
{
	return PI * (0.75f + 1.5f * part);
}

/* Position of the needle, 0 to 1. */
static float dial_value(const struct dial *dial, unsigned int frame)
{
	float phase = (frame + dial->period / 6) % dial->period;

	return 0.5f - 0.5f * cosf(2 * PI * phase / dial->period);
}

static void text_centred(struct canvas *canvas, float x, float y, int scale,
			 uint32_t color, const char *text)
{
	canvas_text(canvas, x - canvas_text_width(scale, text) / 2.0f,
		    y - CANVAS_TEXT_HEIGHT * scale / 2.0f, scale, color, text);
}

static void draw_scale(struct canvas *canvas, const struct dial *dial,
		       const struct place *at)
{
	int ticks = (dial->marks - 1) * 4;
	char text[8];

	for (int i = 0; i <= ticks; i++) {
		float angle = dial_angle((float)i / ticks);
		float dx = cosf(angle), dy = sinf(angle);
		float inner = at->radius * (i % 4 ? 0.88f : 0.83f);
		uint32_t color = i >= dial->red * 4 ? RED : WHITE;

		canvas_line(canvas, at->x + dx * inner, at->y + dy * inner,
			    at->x + dx * at->radius * 0.93f,
			    at->y + dy * at->radius * 0.93f,
			    at->radius * (i % 4 ? 0.008f : 0.02f), color);
		if (i % 4)
			continue;
		snprintf(text, sizeof(text), "%d", i / 4 * dial->step);
		text_centred(canvas, at->x + dx * at->radius * 0.70f,
			     at->y + dy * at->radius * 0.70f,
			     at->scale - at->scale / 3, color, text);
	}
}

static void draw_dial(struct canvas *canvas, const struct dial *dial)
{
	struct place at = dial_place(canvas, dial);

	canvas_disc(canvas, at.x, at.y, at.radius * 1.03f, RING);
	canvas_disc(canvas, at.x, at.y, at.radius * 1.01f, 0x141a24);
	canvas_disc(canvas, at.x, at.y, at.radius * 0.96f, FACE);
	draw_scale(canvas, dial, &at);
	canvas_disc(canvas, at.x, at.y, at.radius * 0.36f, RING);
	canvas_disc(canvas, at.x, at.y, at.radius * 0.345f, 0x10161f);
	text_centred(canvas, at.x, at.y + at.radius * 0.78f, at.scale / 2 + 1,
		     GREY, dial->unit);
}

static void draw_bar(struct canvas *canvas, float y, float part,
		     uint32_t color, const char *label)
{
	int width = canvas->width / 9, height = canvas->height / 60 + 2;
	int x = (canvas->width - width) / 2, top = canvas->height * y;

	canvas_fill(canvas, (struct rect){ x, top, width, height }, 0x202834);
	canvas_fill(canvas, (struct rect){ x, top, width * part, height },
		    color);
	text_centred(canvas, canvas->width / 2.0f, top - height,
		     canvas->height / 360 + 1, GREY, label);
}

static void draw_arrow(struct canvas *canvas, float x, float y, float size,
		       uint32_t color)
{
	for (float d = -fabsf(size); d < fabsf(size); d++) {
		float tip = size * (1 - fabsf(d / size));

		canvas_line(canvas, x, y + d, x + tip, y + d, 1.5f, color);
	}
}

static void draw_middle(struct canvas *canvas)
{
	float x = canvas->width / 2.0f, h = canvas->height;
	int scale = canvas->height / 240 + 1;

	text_centred(canvas, x, h * 0.27f, scale, WHITE, "10:42");
	text_centred(canvas, x, h * 0.40f, scale * 3, BLUE, "D");
	text_centred(canvas, x, h * 0.52f, scale, WHITE, "RANGE");
	text_centred(canvas, x, h * 0.57f, scale, WHITE, "412 KM");
	draw_bar(canvas, 0.69f, 0.62f, GREEN, "FUEL");
	draw_bar(canvas, 0.78f, 0.45f, AMBER, "TEMP");
	text_centred(canvas, x, h * 0.93f, scale / 2 + 1, GREY,
		     "R-CAR DU CLUSTER");
	draw_arrow(canvas, x - h * 0.10f, h * 0.12f, -h * 0.03f, GREEN);
	draw_arrow(canvas, x + h * 0.10f, h * 0.12f, h * 0.03f, 0x25303c);
}

static void cluster_background(struct canvas *canvas)
{
	canvas_gradient(canvas, 0x1b2433, 0x05070b);
	canvas_fill(canvas, (struct rect){ 0, canvas->height * 97 / 100,
		    canvas->width,
					   canvas->height / 200 + 1 }, BLUE);
	for (int i = 0; i < 2; i++)
		draw_dial(canvas, &dials[i]);
	draw_middle(canvas);
}

struct needle {
	float x0, y0, x1, y1, width;
	struct rect digits;
};

static struct needle dial_needle(const struct canvas *canvas,
				 const struct dial *dial, unsigned int frame)
{
	struct place at = dial_place(canvas, dial);
	float angle = dial_angle(dial_value(dial, frame));
	float dx = cosf(angle), dy = sinf(angle);
	int width = canvas_text_width(at.scale * 2, "000");
	int height = CANVAS_TEXT_HEIGHT * at.scale * 2;

	return (struct needle){
		at.x + dx * at.radius * 0.37f, at.y + dy * at.radius * 0.37f,
		at.x + dx * at.radius * 0.90f, at.y + dy * at.radius * 0.90f,
		at.radius * 0.035f,
		{ at.x - width / 2, at.y - height / 2, width, height }
	};
}

static int cluster_movers(const struct canvas *canvas, unsigned int frame,
			  struct rect rects[SCENE_MAX_MOVERS])
{
	for (int i = 0; i < 2; i++) {
		struct needle n = dial_needle(canvas, &dials[i], frame);

		rects[2 * i] = canvas_line_rect(n.x0, n.y0, n.x1, n.y1,
						n.width);
		rects[2 * i + 1] = n.digits;
	}
	return 4;
}

static void cluster_draw(struct canvas *canvas, unsigned int frame)
{
	for (int i = 0; i < 2; i++) {
		const struct dial *dial = &dials[i];
		struct needle n = dial_needle(canvas, dial, frame);
		float value = dial_value(dial, frame) * dial->step *
			      (dial->marks - 1);
		struct place at = dial_place(canvas, dial);
		char text[8];

		canvas_line(canvas, n.x0, n.y0, n.x1, n.y1, n.width,
			    i ? AMBER : RED);
		if (i)
			snprintf(text, sizeof(text), "%.1f", value);
		else
			snprintf(text, sizeof(text), "%3d", (int)value);
		canvas_text(canvas, n.digits.x, n.digits.y, at.scale * 2,
			    WHITE, text);
	}
}

const struct scene scene_cluster = {
	.name = "cluster",
	.background = cluster_background,
	.movers = cluster_movers,
	.draw = cluster_draw,
};
