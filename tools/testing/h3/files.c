// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands of h3-kms that need no device
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <drm_fourcc.h>

#include "h3-kms.h"

unsigned int number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || end == text)
		die("not decimal: %s", text);
	return value;
}

int cmd_compare(int argc, char **argv)
{
	int tolerance = argc > 2 ? (int)number(argv[2]) : 0;
	int x0, y0, x1, y1, count = 0;
	struct picture a, b;

	picture_load(&a, argv[0]);
	picture_load(&b, argv[1]);
	if (a.width != b.width || a.height != b.height)
		die("%dx%d is not %dx%d", a.width, a.height, b.width, b.height);
	x0 = a.width;
	y0 = a.height;
	x1 = -1;
	y1 = -1;
	for (int i = 0; i < a.width * a.height; i++) {
		int x = i % a.width, y = i / a.width;

		if (pixel_differ(a.pixels[i], b.pixels[i]) <= tolerance)
			continue;
		if (!count++)
			fprintf(stderr, "first at %d,%d: %06x, %06x\n", x, y,
				a.pixels[i], b.pixels[i]);
		x0 = x < x0 ? x : x0;
		x1 = x > x1 ? x : x1;
		y0 = y < y0 ? y : y0;
		y1 = y;
	}
	if (count)
		die("%d pixels differ, all in %dx%d+%d+%d", count, x1 - x0 + 1,
		    y1 - y0 + 1, x0, y0);
	return 0;
}

int cmd_draw(int argc, char **argv)
{
	struct picture picture;

	(void)argc;
	picture_init(&picture, number(argv[1]), number(argv[2]));
	picture_pattern(&picture, number(argv[0]));
	picture_save(&picture, argv[3]);
	return 0;
}

int cmd_convert(int argc, char **argv)
{
	struct buffer buffer = {
		.width = number(argv[1]),
		.height = number(argv[2]),
	};
	const struct layout *layout;
	struct picture picture;
	FILE *file;

	(void)argc;
	if (strlen(argv[0]) != 4)
		die("%s is no fourcc", argv[0]);
	buffer.format = fourcc_code(argv[0][0], argv[0][1], argv[0][2],
				    argv[0][3]);
	layout = format_layout(buffer.format);
	buffer.pitches[0] = buffer.width * layout->bytes[0];
	buffer.size = (size_t)buffer.pitches[0] * buffer.height;
	buffer.data = malloc(buffer.size);
	file = fopen(argv[3], "rb");
	if (!buffer.data || !file ||
	    fread(buffer.data, 1, buffer.size, file) != buffer.size)
		die("no picture in %s", argv[3]);
	fclose(file);
	buffer_read(&buffer, &picture);
	picture_save(&picture, argv[4]);
	free(buffer.data);
	return 0;
}

/* Planes without alpha of their own, the lowest one first. */
int cmd_compose(int argc, char **argv)
{
	struct picture base, picture;

	picture_load(&base, argv[1]);
	for (int i = 2; i + 3 < argc; i += 4) {
		struct layer layer = {
			.buffer.format = DRM_FORMAT_XRGB8888,
			.x = atoi(argv[i + 1]),
			.y = atoi(argv[i + 2]),
			.alpha = number(argv[i + 3]),
			.blend = BLEND_COVERAGE,
		};

		picture_load(&picture, argv[i]);
		layer.buffer.width = picture.width;
		layer.buffer.height = picture.height;
		layer.buffer.data = (uint8_t *)picture.pixels;
		layer.buffer.pitches[0] = 4 * picture.width;
		layers_compose(&layer, 1, &base);
		picture_fini(&picture);
	}
	picture_save(&base, argv[0]);
	return 0;
}
