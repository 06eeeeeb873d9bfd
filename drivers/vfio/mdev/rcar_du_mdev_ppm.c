// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: pictures in files
 *
 * Portable pixmaps in binary, as ppm(5) of Netpbm says: "P6", width, height and the highest
 * value in decimal, each after white space or comments, one white space, and then a byte for
 * each of red, green and blue of all pixels. Files whose highest value is not 255, or that
 * have more than one picture, are not read.
 */

#include <linux/errno.h>
#include <linux/export.h>

#include <kunit/visibility.h>

#include "rcar_du_mdev_ppm.h"

#define RCAR_DU_MDEV_PPM_MAX_VALUE	255

struct rcar_du_mdev_ppm_reader {
	const u8 *pos;
	const u8 *end;
};

/* A no-break space (isspace() of the kernel) is a colour. */
static bool rcar_du_mdev_ppm_is_space(u8 byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool rcar_du_mdev_ppm_is_digit(u8 byte)
{
	return byte >= '0' && byte <= '9';
}

/* Returns false at the end of the file. */
static bool rcar_du_mdev_ppm_skip_comment(struct rcar_du_mdev_ppm_reader *reader)
{
	while (reader->pos < reader->end && *reader->pos != '\n')
		reader->pos++;

	return reader->pos < reader->end;
}

/* Returns false if there is no space, or nothing behind it. */
static bool rcar_du_mdev_ppm_skip_space(struct rcar_du_mdev_ppm_reader *reader)
{
	const u8 *begin = reader->pos;

	for (; reader->pos < reader->end; reader->pos++) {
		if (*reader->pos == '#' && !rcar_du_mdev_ppm_skip_comment(reader))
			return false;
		if (!rcar_du_mdev_ppm_is_space(*reader->pos))
			break;
	}

	return reader->pos > begin && reader->pos < reader->end;
}

/* Reads a number behind white space. Returns 0, or -EINVAL. One above @max is @max + 1. */
static int rcar_du_mdev_ppm_number(struct rcar_du_mdev_ppm_reader *reader, u32 max,
				   u32 *number)
{
	if (!rcar_du_mdev_ppm_skip_space(reader) ||
	    !rcar_du_mdev_ppm_is_digit(*reader->pos))
		return -EINVAL;

	*number = 0;
	while (reader->pos < reader->end &&
	       rcar_du_mdev_ppm_is_digit(*reader->pos)) {
		if (*number <= max)
			*number = *number * 10 + *reader->pos - '0';
		reader->pos++;
	}
	if (*number > max)
		*number = max + 1;

	return 0;
}

/**
 * rcar_du_mdev_ppm_parse - Read what is said of a picture in a file
 * @file: the file
 * @size: of the file, bytes
 * @ppm: returns the picture
 *
 * Return: 0, -EINVAL if it is no such file, or is too short, -EFBIG if a side is longer than
 * RCAR_DU_MDEV_PPM_MAX_SIZE.
 */
int rcar_du_mdev_ppm_parse(const u8 *file, size_t size,
			   struct rcar_du_mdev_ppm *ppm)
{
	struct rcar_du_mdev_ppm_reader reader = { file + 2, file + size };
	u32 value;

	if (size < 2 || file[0] != 'P' || file[1] != '6')
		return -EINVAL;

	if (rcar_du_mdev_ppm_number(&reader, RCAR_DU_MDEV_PPM_MAX_SIZE,
				    &ppm->width) ||
	    rcar_du_mdev_ppm_number(&reader, RCAR_DU_MDEV_PPM_MAX_SIZE,
				    &ppm->height) ||
	    rcar_du_mdev_ppm_number(&reader, RCAR_DU_MDEV_PPM_MAX_VALUE, &value) ||
	    value != RCAR_DU_MDEV_PPM_MAX_VALUE || !ppm->width || !ppm->height)
		return -EINVAL;

	if (ppm->width > RCAR_DU_MDEV_PPM_MAX_SIZE ||
	    ppm->height > RCAR_DU_MDEV_PPM_MAX_SIZE)
		return -EFBIG;

	if (reader.pos == reader.end || !rcar_du_mdev_ppm_is_space(*reader.pos))
		return -EINVAL;

	ppm->data = reader.pos + 1;
	if (reader.end - ppm->data <
	    (size_t)ppm->width * ppm->height * RCAR_DU_MDEV_PPM_FILE_CPP)
		return -EINVAL;

	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_ppm_parse);

/**
 * rcar_du_mdev_ppm_read - Read a line of a picture in a file
 * @ppm: the picture
 * @y: the line
 * @pixels: returns blue, green, red and 0 of all its pixels, as DRM_FORMAT_XRGB8888
 */
void rcar_du_mdev_ppm_read(const struct rcar_du_mdev_ppm *ppm, u32 y, u8 *pixels)
{
	const u8 *from = ppm->data +
			 (size_t)y * ppm->width * RCAR_DU_MDEV_PPM_FILE_CPP;
	u32 x;

	for (x = 0; x < ppm->width; x++) {
		pixels[0] = from[2];
		pixels[1] = from[1];
		pixels[2] = from[0];
		pixels[3] = 0;
		pixels += RCAR_DU_MDEV_PPM_CPP;
		from += RCAR_DU_MDEV_PPM_FILE_CPP;
	}
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_ppm_read);
