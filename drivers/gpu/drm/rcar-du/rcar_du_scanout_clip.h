/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: what a window, or a screen, leaves of a picture
 *
 * Pure: no DRM objects, no locks, no allocation.
 */

#ifndef __RCAR_DU_SCANOUT_CLIP_H__
#define __RCAR_DU_SCANOUT_CLIP_H__

#include <linux/types.h>

/**
 * struct rcar_du_scanout_span - A picture on the CRTC, in one direction
 * @pos: where it begins on the CRTC
 * @src: what of the picture is there, from its begin
 * @size: number of pixels or lines
 */
struct rcar_du_scanout_span {
	s32 pos;
	u32 src;
	u32 size;
};

bool rcar_du_scanout_clip(struct rcar_du_scanout_span *span, s32 begin,
			  u32 size, u32 step);
void rcar_du_scanout_centre(struct rcar_du_scanout_span *span, u32 size);

#endif /* __RCAR_DU_SCANOUT_CLIP_H__ */
