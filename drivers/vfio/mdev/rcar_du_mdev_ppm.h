/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: pictures in files
 */

#ifndef __RCAR_DU_MDEV_PPM_H__
#define __RCAR_DU_MDEV_PPM_H__

#include <linux/types.h>

/* The largest picture of an input of the R-Car VSP (VI6_RPF_SRC_BSIZE) */
#define RCAR_DU_MDEV_PPM_MAX_SIZE	8190

/* Bytes of a pixel in a file, and as it is shown */
#define RCAR_DU_MDEV_PPM_FILE_CPP	3
#define RCAR_DU_MDEV_PPM_CPP		4

/**
 * struct rcar_du_mdev_ppm - A picture in a file
 * @width: pixels, not 0
 * @height: lines, not 0
 * @data: red, green and blue of all pixels
 */
struct rcar_du_mdev_ppm {
	u32 width;
	u32 height;
	const u8 *data;
};

int rcar_du_mdev_ppm_parse(const u8 *file, size_t size,
			   struct rcar_du_mdev_ppm *ppm);
void rcar_du_mdev_ppm_read(const struct rcar_du_mdev_ppm *ppm, u32 y, u8 *pixels);

#endif /* __RCAR_DU_MDEV_PPM_H__ */
