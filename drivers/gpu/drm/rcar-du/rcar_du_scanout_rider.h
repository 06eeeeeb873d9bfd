/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: what is ours, in commits of anybody
 */

#ifndef __RCAR_DU_SCANOUT_RIDER_H__
#define __RCAR_DU_SCANOUT_RIDER_H__

struct rcar_du_scanout_hook_ops;

/* The data of these is a struct rcar_du_scanout_riders. */
extern const struct rcar_du_scanout_hook_ops rcar_du_scanout_rider_ops;

#endif /* __RCAR_DU_SCANOUT_RIDER_H__ */
