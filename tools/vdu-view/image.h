/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Picture files
 */

#ifndef VDU_VIEW_IMAGE_H
#define VDU_VIEW_IMAGE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "pixel.h"

/* Write lines of @width pixels without padding to a PNG file. */
bool image_write_png(const char *path, const struct pixel_format *format,
		     uint32_t width, uint32_t height, const uint8_t *pixels,
		     GError **error);

#endif
