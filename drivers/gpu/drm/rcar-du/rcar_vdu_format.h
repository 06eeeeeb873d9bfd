/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car virtual Display Unit: formats
 */

#ifndef __RCAR_VDU_FORMAT_H__
#define __RCAR_VDU_FORMAT_H__

#include <linux/types.h>

#define RCAR_VDU_MAX_FORMATS	10

/**
 * struct rcar_vdu_format - How a format is programmed
 * @fourcc: DRM format
 * @feature: RCAR_VDU_FORMAT_*
 * @pnmr: PnMR
 * @alphar: PnALPHAR
 * @edf: PnDDCR4.EDF
 * @uv: PnDDCR2 of the chroma page, 0 if there is none
 * @uv_vsub: lines of luma to a line of chroma
 */
struct rcar_vdu_format {
	u32 fourcc;
	u32 feature;
	u32 pnmr;
	u32 alphar;
	u32 edf;
	u32 uv;
	unsigned int uv_vsub;
};

const struct rcar_vdu_format *rcar_vdu_format_find(u32 fourcc);
unsigned int rcar_vdu_format_list(u32 supported, unsigned int num_pages,
				  u32 formats[RCAR_VDU_MAX_FORMATS]);

#endif /* __RCAR_VDU_FORMAT_H__ */
