/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: what sinks that have gone have left on a CRTC
 */

#ifndef __RCAR_DU_SCANOUT_LEFT_H__
#define __RCAR_DU_SCANOUT_LEFT_H__

#include <linux/types.h>

struct drm_atomic_state;
struct rcar_du_scanout_head;
struct rcar_du_scanout_sink;

void rcar_du_scanout_left_by(struct rcar_du_scanout_sink *sink,
			     struct rcar_du_scanout_head *head);
unsigned int rcar_du_scanout_left_num(struct rcar_du_scanout_head *head);
int rcar_du_scanout_left_take_off(struct rcar_du_scanout_head *head,
				  unsigned int num,
				  struct drm_atomic_state *state);
void rcar_du_scanout_left_done(struct rcar_du_scanout_head *head,
			       unsigned int num);

#endif /* __RCAR_DU_SCANOUT_LEFT_H__ */
