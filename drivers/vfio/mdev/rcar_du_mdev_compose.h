/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: composition of a frame
 *
 * Pure: plane descriptions and pixels in, pixels and a check code out.
 */

#ifndef __RCAR_DU_MDEV_COMPOSE_H__
#define __RCAR_DU_MDEV_COMPOSE_H__

#include <linux/types.h>

#include "rcar_du_mdev_frame.h"

/**
 * struct rcar_du_mdev_layer - A plane and where its pixels are
 * @plane: the plane, without an error
 * @pixels: its first visible pixel, for each memory plane; the guest may change
 *	pixels at any time
 */
struct rcar_du_mdev_layer {
	const struct rcar_du_mdev_plane *plane;
	const void *pixels[2];
};

void rcar_du_mdev_compose_line(const struct rcar_du_mdev_layer *layers,
			       unsigned int num_layers, u32 y, u32 *line,
			       u32 *scratch, u32 width);
u32 rcar_du_mdev_compose_crc(u32 crc, u32 *line, u32 width);

#endif /* __RCAR_DU_MDEV_COMPOSE_H__ */
