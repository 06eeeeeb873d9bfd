/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: VDU registers
 *
 * Pure, like the DU registers.
 */

#ifndef __RCAR_DU_MDEV_BAR2_H__
#define __RCAR_DU_MDEV_BAR2_H__

#include <linux/types.h>

struct rcar_du_mdev_regs;

u32 rcar_du_mdev_bar2_read(struct rcar_du_mdev_regs *regs, u32 offset);
unsigned int rcar_du_mdev_bar2_write(struct rcar_du_mdev_regs *regs, u32 offset,
				     u32 value);
void rcar_du_mdev_bar2_set_crc(struct rcar_du_mdev_regs *regs, u32 seq,
			       u32 value);
unsigned int rcar_du_mdev_bar2_set_edid(struct rcar_du_mdev_regs *regs,
					const u8 *edid, u32 size,
					bool connected);

#endif /* __RCAR_DU_MDEV_BAR2_H__ */
