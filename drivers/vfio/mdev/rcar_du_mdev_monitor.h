/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: what is plugged into the VDU
 */

#ifndef __RCAR_DU_MDEV_MONITOR_H__
#define __RCAR_DU_MDEV_MONITOR_H__

#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "rcar_du_mdev_edid.h"

struct rcar_du_mdev_output;
struct rcar_du_mdev_vdu;

/**
 * struct rcar_du_mdev_monitor - What is plugged into the VDU
 */
struct rcar_du_mdev_monitor {
	/** @vdu: where the guest sees it */
	struct rcar_du_mdev_vdu *vdu;
	/** @output: whose panel the guest of a channel sees */
	struct rcar_du_mdev_output *output;
	/** @wq: runs @work */
	struct workqueue_struct *wq;
	/** @work: the panel has changed */
	struct work_struct work;

	/** @mutex: protects @edid, and the order in which the guest sees changes */
	struct mutex mutex;
	/** @edid: EDID region */
	struct rcar_du_mdev_edid edid;
};

void rcar_du_mdev_monitor_init(struct rcar_du_mdev_monitor *monitor,
			       struct rcar_du_mdev_vdu *vdu,
			       struct rcar_du_mdev_output *output,
			       struct workqueue_struct *wq);
void rcar_du_mdev_monitor_stop(struct rcar_du_mdev_monitor *monitor);
void rcar_du_mdev_monitor_fini(struct rcar_du_mdev_monitor *monitor);

void rcar_du_mdev_monitor_plug_default(struct rcar_du_mdev_monitor *monitor);
void rcar_du_mdev_monitor_changed(struct rcar_du_mdev_monitor *monitor);
void rcar_du_mdev_monitor_read(struct rcar_du_mdev_monitor *monitor, u32 offset,
			       u8 *buf, u32 count);
void rcar_du_mdev_monitor_write(struct rcar_du_mdev_monitor *monitor,
				u32 offset, const u8 *buf, u32 count);

#endif /* __RCAR_DU_MDEV_MONITOR_H__ */
