/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: what owners are told of their frames
 */

#ifndef __RCAR_DU_SCANOUT_REPORT_H__
#define __RCAR_DU_SCANOUT_REPORT_H__

#include <linux/jiffies.h>
#include <linux/types.h>

struct rcar_du_scanout_head;

/* For how long a commit that does not end is waited for */
#define RCAR_DU_SCANOUT_PATIENCE	HZ

bool rcar_du_scanout_report(struct rcar_du_scanout_head *head);

#endif /* __RCAR_DU_SCANOUT_REPORT_H__ */
