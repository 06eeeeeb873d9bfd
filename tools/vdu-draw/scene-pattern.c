// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test pattern and pictures, with a bouncing box
 */

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scene.h"

#define BOX_STEP 12

static struct {
	int width;
	int height;
	uint32_t *pixels;
} picture;

const struct scene *scene_by_name(const char *name)
{
	static const struct scene *const scenes[] = {
		&scene_cluster, &scene_navigation, &scene_pattern,
	};

	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++)
		if (!strcmp(scenes[i]->name, name))
			return scenes[i];
	return NULL;
}

/* There and back again, between 0 and @range. */
static int bounce(unsigned int distance, int range)
{
	int at;

	if (range <= 0)
		return 0;
	at = distance % (2 * range);
	return at < range ? at : 2 * range - at;
}

static int box_movers(const struct canvas *canvas, unsigned int frame,
		      struct rect rects[SCENE_MAX_MOVERS])
{
	int side = canvas->height / 8;

	rects[0] = (struct rect){
		bounce(frame * BOX_STEP, canvas->width - side),
		bounce(frame * BOX_STEP * 2 / 3, canvas->height - side),
		side, side
	};
	return 1;
}

static void box_draw(struct canvas *canvas, unsigned int frame)
{
	struct rect rects[SCENE_MAX_MOVERS];
	char text[12];
	int scale;

	box_movers(canvas, frame, rects);
	scale = rects[0].width / 32 + 1;
	canvas_fill(canvas, rects[0], 0xf0f0f0);
	canvas_fill(canvas, (struct rect){ rects[0].x + scale,
		    rects[0].y + scale,
					   rects[0].width - 2 * scale,
					   rects[0].height - 2 * scale },
		    0x102040 + (frame % 16) * 0x0c0000);
	snprintf(text, sizeof(text), "%04u", frame % 10000);
	canvas_text(canvas, rects[0].x + 4 * scale,
		    rects[0].y + rects[0].height / 2 - 4 * scale, scale,
		    0xf0f0f0, text);
}

/* Eight bars, two ramps, and a border of one pixel. */
static void pattern_background(struct canvas *canvas)
{
	static const uint32_t bars[] = {
		0xc0c0c0, 0xc0c000, 0x00c0c0, 0x00c000,
		0xc000c0, 0xc00000, 0x0000c0, 0x101010,
	};
	int width = canvas->width, height = canvas->height;
	int ramp = height / 6;

	for (int i = 0; i < 8; i++)
		canvas_fill(canvas, (struct rect){ i * width / 8, 0,
			    width / 8 + 1, height },
			    bars[i]);
	for (int x = 0; x < width; x++) {
		uint32_t v = 255 * x / width;

		canvas_fill(canvas, (struct rect){ x, height - 2 * ramp, 1,
			    ramp }, v * 0x010101);
		canvas_fill(canvas, (struct rect){ x, height - ramp, 1, ramp },
			    (255 - v) << 16 | v);
	}
	canvas_fill(canvas, (struct rect){ 0, 0, width, 1 }, 0xffffff);
	canvas_fill(canvas, (struct rect){ 0, height - 1, width, 1 }, 0xffffff);
	canvas_fill(canvas, (struct rect){ 0, 0, 1, height }, 0xffffff);
	canvas_fill(canvas, (struct rect){ width - 1, 0, 1, height }, 0xffffff);
}

const struct scene scene_pattern = {
	.name = "pattern",
	.background = pattern_background,
	.movers = box_movers,
	.draw = box_draw,
};

/* In the middle, as large as fits, by the nearest pixel. */
static void picture_background(struct canvas *canvas)
{
	int width = canvas->width;
	int height = (long)picture.height * width / picture.width;
	int left, top;

	canvas_gradient(canvas, 0x203050, 0x080810);
	if (height > canvas->height) {
		height = canvas->height;
		width = (long)picture.width * height / picture.height;
	}
	left = (canvas->width - width) / 2;
	top = (canvas->height - height) / 2;
	for (int y = 0; y < height; y++) {
		const uint32_t *src = picture.pixels +
			(long)y * picture.height / height * picture.width;
		uint32_t *dst = canvas->pixels +
			(long)(top + y) * canvas->width + left;

		for (int x = 0; x < width; x++)
			dst[x] = src[(long)x * picture.width / width];
	}
}

static const struct scene scene_picture = {
	.name = "picture",
	.background = picture_background,
	.movers = box_movers,
	.draw = box_draw,
};

const struct scene *scene_from_png(const char *path)
{
	png_color background = { 0x18, 0x20, 0x38 };
	png_image image = { .version = PNG_IMAGE_VERSION };

	if (!png_image_begin_read_from_file(&image, path)) {
		fprintf(stderr, "vdu-draw: %s: %s\n", path, image.message);
		return NULL;
	}
	image.format = PNG_FORMAT_BGRA;
	picture.width = image.width;
	picture.height = image.height;
	picture.pixels = malloc(PNG_IMAGE_SIZE(image));
	if (!picture.pixels ||
	    !png_image_finish_read(&image, &background, picture.pixels, 0,
				   NULL)) {
		fprintf(stderr, "vdu-draw: %s: %s\n", path, image.message);
		png_image_free(&image);
		free(picture.pixels);
		return NULL;
	}
	return &scene_picture;
}
