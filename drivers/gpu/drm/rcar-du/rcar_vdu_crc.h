/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car virtual Display Unit: check codes (CRCs) of what is shown
 */

#ifndef __RCAR_VDU_CRC_H__
#define __RCAR_VDU_CRC_H__

#include <linux/types.h>

struct drm_crtc;
struct rcar_vdu_hw;

/**
 * struct rcar_vdu_crc - Check codes
 * @hw: registers
 * @crtc: the CRTC; this and @hw are constant after probe
 * @on: check codes are on; written when the DRM core opens or closes its file of
 *	check codes, read by the interrupt handler and after a reset
 * @next_known: there were check codes since @on; this and @next belong to the
 *	interrupt handler while @on
 * @next: the frame after the last one that had a check code
 */
struct rcar_vdu_crc {
	struct rcar_vdu_hw *hw;
	struct drm_crtc *crtc;
	bool on;
	bool next_known;
	u32 next;
};

const char *const *rcar_vdu_crc_sources_get(struct drm_crtc *crtc,
					    size_t *count);
int rcar_vdu_crc_source_verify(struct drm_crtc *crtc, const char *source,
			       size_t *values);
int rcar_vdu_crc_set_source(struct rcar_vdu_crc *crc, const char *source);
void rcar_vdu_crc_read(struct rcar_vdu_crc *crc);
void rcar_vdu_crc_restore(struct rcar_vdu_crc *crc);
void rcar_vdu_crc_init(struct rcar_vdu_crc *crc, struct rcar_vdu_hw *hw,
		       struct drm_crtc *crtc);

#endif /* __RCAR_VDU_CRC_H__ */
