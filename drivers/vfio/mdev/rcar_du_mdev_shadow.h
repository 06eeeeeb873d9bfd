/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: shadow plane pages
 *
 * Pure, like the registers. @shadow has RCAR_VDU_SHADOW_BAR_SIZE bytes.
 */

#ifndef __RCAR_DU_MDEV_SHADOW_H__
#define __RCAR_DU_MDEV_SHADOW_H__

#include <linux/types.h>

struct rcar_du_mdev_regs;

bool rcar_du_mdev_shadow_take(struct rcar_du_mdev_regs *regs,
			      const void *shadow);
void rcar_du_mdev_shadow_publish(const struct rcar_du_mdev_regs *regs,
				 void *shadow, bool awake);
void rcar_du_mdev_shadow_done(const struct rcar_du_mdev_regs *regs,
			      void *shadow);

#endif /* __RCAR_DU_MDEV_SHADOW_H__ */
