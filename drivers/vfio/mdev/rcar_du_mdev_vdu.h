/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: what the guest sees of the VDU
 */

#ifndef __RCAR_DU_MDEV_VDU_H__
#define __RCAR_DU_MDEV_VDU_H__

#include <linux/spinlock.h>
#include <linux/types.h>

#include "rcar_du_mdev_cfg.h"
#include "rcar_du_mdev_clock.h"
#include "rcar_du_mdev_irq.h"
#include "rcar_du_mdev_regs.h"

struct device;
struct rcar_du_mdev_vdu;

/**
 * struct rcar_du_mdev_vdu_ops - What a VDU tells its owner
 * @runs: the display runs, or does not; also if that is as before
 * @latch: rcar_du_mdev_vdu_latch() has something new, or, if @again, what was there
 *	before
 *
 * Both are called with the lock held, also in timers. The display is stopped when the
 * device is reset, and when its user closes it.
 */
struct rcar_du_mdev_vdu_ops {
	void (*runs)(struct rcar_du_mdev_vdu *vdu, bool runs);
	void (*latch)(struct rcar_du_mdev_vdu *vdu, bool again);
};

/**
 * struct rcar_du_mdev_vdu - Registers, configuration space and their clock
 */
struct rcar_du_mdev_vdu {
	/** @dev: the device, for trace events */
	struct device *dev;
	/** @ops: calls of the owner */
	const struct rcar_du_mdev_vdu_ops *ops;
	/** @irq: interrupt delivery, with a lock of its own */
	struct rcar_du_mdev_irq irq;
	/** @shadow: BAR 4, shared with the guest; never trusted */
	void *shadow;

	/** @lock: protects what follows; taken in timers */
	spinlock_t lock;
	/** @regs: DU and VDU registers */
	struct rcar_du_mdev_regs regs;
	/** @cfg: PCI configuration space */
	struct rcar_du_mdev_cfg cfg;
	/** @clock: frame clock */
	struct rcar_du_mdev_clock clock;
	/** @has_crtc: a CRTC of the host may become the frame clock */
	bool has_crtc;
};

static inline struct device *
rcar_du_mdev_vdu_dev(const struct rcar_du_mdev_vdu *vdu)
{
	return vdu->dev;
}

static inline void *rcar_du_mdev_vdu_shadow(const struct rcar_du_mdev_vdu *vdu)
{
	return vdu->shadow;
}

static inline struct rcar_du_mdev_irq *
rcar_du_mdev_vdu_irq(struct rcar_du_mdev_vdu *vdu)
{
	return &vdu->irq;
}

int rcar_du_mdev_vdu_init(struct rcar_du_mdev_vdu *vdu, struct device *dev,
			  const struct rcar_du_mdev_vdu_ops *ops);
void rcar_du_mdev_vdu_fini(struct rcar_du_mdev_vdu *vdu);
void rcar_du_mdev_vdu_reset(struct rcar_du_mdev_vdu *vdu);
void rcar_du_mdev_vdu_renew(struct rcar_du_mdev_vdu *vdu);
void rcar_du_mdev_vdu_stop(struct rcar_du_mdev_vdu *vdu);

/* What the device is */
void rcar_du_mdev_vdu_set_crc(struct rcar_du_mdev_vdu *vdu, bool has_crc);
void rcar_du_mdev_vdu_set_no_snoop(struct rcar_du_mdev_vdu *vdu, bool no_snoop);
void rcar_du_mdev_vdu_set_display(struct rcar_du_mdev_vdu *vdu,
				  unsigned int num_planes);

/* The guest's side */
u32 rcar_du_mdev_vdu_read(struct rcar_du_mdev_vdu *vdu, unsigned int bar,
			  u32 offset);
void rcar_du_mdev_vdu_write(struct rcar_du_mdev_vdu *vdu, unsigned int bar,
			    u32 offset, u32 value);
void rcar_du_mdev_vdu_read_cfg(struct rcar_du_mdev_vdu *vdu, u32 offset,
			       u8 *buf, u32 count);
bool rcar_du_mdev_vdu_write_cfg(struct rcar_du_mdev_vdu *vdu, u32 offset,
				const u8 *buf, u32 count);
bool rcar_du_mdev_vdu_memory_enabled(struct rcar_du_mdev_vdu *vdu);
bool rcar_du_mdev_vdu_master_enabled(struct rcar_du_mdev_vdu *vdu);

/* What the guest shows, and is told of it */
void rcar_du_mdev_vdu_latch(struct rcar_du_mdev_vdu *vdu,
			    struct rcar_du_mdev_latch *latch);
void rcar_du_mdev_vdu_latch_again(struct rcar_du_mdev_vdu *vdu);
void rcar_du_mdev_vdu_set_refused(struct rcar_du_mdev_vdu *vdu, u32 seq,
				  bool refused);
void rcar_du_mdev_vdu_report(struct rcar_du_mdev_vdu *vdu, u32 seq,
			     const u32 errors[RCAR_VDU_NUM_PLANE_PAGES]);
bool rcar_du_mdev_vdu_crc_enabled(struct rcar_du_mdev_vdu *vdu);
void rcar_du_mdev_vdu_report_crc(struct rcar_du_mdev_vdu *vdu, u32 seq,
				 u32 crc);
void rcar_du_mdev_vdu_counters(struct rcar_du_mdev_vdu *vdu, u32 *latches,
			       u32 *frames);

/* The monitor and the host's display */
void rcar_du_mdev_vdu_set_edid(struct rcar_du_mdev_vdu *vdu, const u8 *edid,
			       u32 size, bool connected);
void rcar_du_mdev_vdu_set_no_mode(struct rcar_du_mdev_vdu *vdu, bool no_mode);
u64 rcar_du_mdev_vdu_frame_period(const struct rcar_du_mdev_vdu *vdu);
void rcar_du_mdev_vdu_crtc_vblank(struct rcar_du_mdev_vdu *vdu, u64 count,
				  u64 time_ns);
void rcar_du_mdev_vdu_crtc_shown(struct rcar_du_mdev_vdu *vdu, u32 seq,
				 u64 count, u64 time_ns);

#endif /* __RCAR_DU_MDEV_VDU_H__ */
