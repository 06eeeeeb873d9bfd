// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car virtual Display Unit: formats
 */

#include <linux/array_size.h>
#include <linux/build_bug.h>

#include <drm/drm_fourcc.h>

#include <uapi/linux/rcar_vdu.h>

#include "rcar_vdu_format.h"

#define RCAR_VDU_PNMR(dddf)	(PnMR_BM_MD | PnMR_SPIM_TP_OFF | (dddf))

static const struct rcar_vdu_format rcar_vdu_formats[] = {
	{
		.fourcc = DRM_FORMAT_XRGB8888,
		.feature = RCAR_VDU_FORMAT_XRGB8888,
		.pnmr = RCAR_VDU_PNMR(PnMR_DDDF_16BPP),
		.alphar = PnALPHAR_ABIT_0,
		.edf = PnDDCR4_EDF_RGB888,
	}, {
		.fourcc = DRM_FORMAT_ARGB8888,
		.feature = RCAR_VDU_FORMAT_ARGB8888,
		.pnmr = RCAR_VDU_PNMR(PnMR_SPIM_ALP | PnMR_DDDF_16BPP),
		.alphar = PnALPHAR_ABIT_0,
		.edf = PnDDCR4_EDF_ARGB8888,
	}, {
		.fourcc = DRM_FORMAT_RGB565,
		.feature = RCAR_VDU_FORMAT_RGB565,
		.pnmr = RCAR_VDU_PNMR(PnMR_DDDF_16BPP),
		.alphar = PnALPHAR_ABIT_0,
	}, {
		.fourcc = DRM_FORMAT_XRGB1555,
		.feature = RCAR_VDU_FORMAT_XRGB1555,
		.pnmr = RCAR_VDU_PNMR(PnMR_SPIM_ALP | PnMR_DDDF_ARGB),
		.alphar = PnALPHAR_ABIT_X | PnALPHAR_ALPHA_MASK,
	}, {
		.fourcc = DRM_FORMAT_ARGB1555,
		.feature = RCAR_VDU_FORMAT_ARGB1555,
		.pnmr = RCAR_VDU_PNMR(PnMR_SPIM_ALP | PnMR_DDDF_ARGB),
		.alphar = PnALPHAR_ABIT_0,
	}, {
		.fourcc = DRM_FORMAT_UYVY,
		.feature = RCAR_VDU_FORMAT_UYVY,
		.pnmr = RCAR_VDU_PNMR(PnMR_DDDF_YC),
		.alphar = PnALPHAR_ABIT_0,
	}, {
		.fourcc = DRM_FORMAT_YUYV,
		.feature = RCAR_VDU_FORMAT_YUYV,
		.pnmr = RCAR_VDU_PNMR(PnMR_YCDF_YUYV | PnMR_DDDF_YC),
		.alphar = PnALPHAR_ABIT_0,
	}, {
		.fourcc = DRM_FORMAT_NV12,
		.feature = RCAR_VDU_FORMAT_NV12,
		.pnmr = RCAR_VDU_PNMR(PnMR_DDDF_YC),
		.alphar = PnALPHAR_ABIT_0,
		.uv = PnDDCR2_DIVU | PnDDCR2_Y420,
		.uv_vsub = 2,
	}, {
		.fourcc = DRM_FORMAT_NV21,
		.feature = RCAR_VDU_FORMAT_NV21,
		.pnmr = RCAR_VDU_PNMR(PnMR_DDDF_YC),
		.alphar = PnALPHAR_ABIT_0,
		.uv = PnDDCR2_DIVU | PnDDCR2_Y420 | PnDDCR2_NV21,
		.uv_vsub = 2,
	}, {
		.fourcc = DRM_FORMAT_NV16,
		.feature = RCAR_VDU_FORMAT_NV16,
		.pnmr = RCAR_VDU_PNMR(PnMR_DDDF_YC),
		.alphar = PnALPHAR_ABIT_0,
		.uv = PnDDCR2_DIVU,
		.uv_vsub = 1,
	},
};

static_assert(ARRAY_SIZE(rcar_vdu_formats) == RCAR_VDU_MAX_FORMATS);

/**
 * rcar_vdu_format_find - Find a format
 * @fourcc: DRM format
 *
 * Return: the format, or NULL if no VDU has it.
 */
const struct rcar_vdu_format *rcar_vdu_format_find(u32 fourcc)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rcar_vdu_formats); ++i) {
		if (rcar_vdu_formats[i].fourcc == fourcc)
			return &rcar_vdu_formats[i];
	}

	return NULL;
}

/**
 * rcar_vdu_format_list - List the formats that a device can show
 * @supported: RCAR_VDU_FORMAT_* of the device
 * @num_pages: plane pages of the device
 * @formats: returns DRM formats, the most useful ones first
 *
 * Return: the number of formats.
 */
unsigned int rcar_vdu_format_list(u32 supported, unsigned int num_pages,
				  u32 formats[RCAR_VDU_MAX_FORMATS])
{
	unsigned int num_formats = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rcar_vdu_formats); ++i) {
		const struct rcar_vdu_format *format = &rcar_vdu_formats[i];

		if (!(supported & format->feature))
			continue;
		if (format->uv && num_pages < 2)
			continue;

		formats[num_formats++] = format->fourcc;
	}

	return num_formats;
}
