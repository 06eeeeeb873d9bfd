// SPDX-License-Identifier: GPL-2.0-only
/*
 * Picture files
 */

#include <errno.h>
#include <gio/gio.h>
#include <png.h>
#include <stdio.h>

#include "image.h"

struct image {
	FILE *file;
	png_structp png;
	png_infop info;
	uint8_t *line;
};

/* Returns false when libpng ran into an error. */
static bool image_write_lines(struct image *image,
			      const struct pixel_format *format,
			      uint32_t width, uint32_t height,
			      const uint8_t *pixels)
{
	if (setjmp(png_jmpbuf(image->png)))
		return false;

	png_init_io(image->png, image->file);
	png_set_compression_level(image->png, 3);
	png_set_IHDR(image->png, image->info, width, height, 8,
		     PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_write_info(image->png, image->info);
	for (uint32_t y = 0; y < height; y++) {
		format->to_rgb(pixels + (size_t)y * width * format->cpp,
			       image->line, width);
		png_write_row(image->png, image->line);
	}
	png_write_end(image->png, NULL);
	return true;
}

static bool image_failed(const char *path, GError **error)
{
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot write %s: %s",
		    path, errno ? g_strerror(errno) : "libpng failed");
	return false;
}

bool image_write_png(const char *path, const struct pixel_format *format,
		     uint32_t width, uint32_t height, const uint8_t *pixels,
		     GError **error)
{
	struct image image = { .file = fopen(path, "wbe") };
	bool written = false;

	if (!image.file)
		return image_failed(path, error);
	image.line = g_malloc((size_t)width * 3);
	image.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL,
					    NULL);
	if (image.png)
		image.info = png_create_info_struct(image.png);
	errno = 0;
	if (image.info)
		written = image_write_lines(&image, format, width, height,
					    pixels);
	png_destroy_write_struct(&image.png, &image.info);
	g_free(image.line);
	if (fclose(image.file))
		written = false;
	return written || image_failed(path, error);
}
