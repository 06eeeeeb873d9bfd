/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: from the latch to the published frame
 */

#ifndef __RCAR_DU_MDEV_PIPE_H__
#define __RCAR_DU_MDEV_PIPE_H__

#include <linux/workqueue.h>

#include "rcar_du_mdev_frame.h"
#include "rcar_du_mdev_regs.h"
#include "rcar_du_mdev_screen.h"

struct rcar_du_mdev_cache;
struct rcar_du_mdev_crc;
struct rcar_du_mdev_fbregion;
struct rcar_du_mdev_output;
struct rcar_du_mdev_vdu;

/**
 * struct rcar_du_mdev_pipe - From the latch to the published frame
 */
struct rcar_du_mdev_pipe {
	/** @vdu: what is latched */
	struct rcar_du_mdev_vdu *vdu;
	/** @cache: where framebuffers are from */
	struct rcar_du_mdev_cache *cache;
	/** @output: the host's display */
	struct rcar_du_mdev_output *output;
	/** @screen: where frames are published */
	struct rcar_du_mdev_screen *screen;
	/** @fbregion: shows the published frame, too */
	struct rcar_du_mdev_fbregion *fbregion;
	/** @crc: looks at it */
	struct rcar_du_mdev_crc *crc;
	/** @wq: runs @work, @retry_work, and what else a reset flushes */
	struct workqueue_struct *wq;
	/** @work: publishes what was latched; the only place that pins */
	struct work_struct work;
	/** @retry_work: latches again after a plane could not be pinned */
	struct delayed_work retry_work;

	/** @latch: a copy of the latch; this and what follows belongs to @work */
	struct rcar_du_mdev_latch latch;
	/** @frame: the decoded latch, before it is published */
	struct rcar_du_mdev_frame frame;
	/** @shown: what its planes show */
	struct rcar_du_mdev_shown shown[RCAR_VDU_NUM_PLANE_PAGES];
};

static inline struct workqueue_struct *
rcar_du_mdev_pipe_wq(const struct rcar_du_mdev_pipe *pipe)
{
	return pipe->wq;
}

int rcar_du_mdev_pipe_init(struct rcar_du_mdev_pipe *pipe, unsigned int number,
			   struct rcar_du_mdev_vdu *vdu,
			   struct rcar_du_mdev_cache *cache,
			   struct rcar_du_mdev_output *output,
			   struct rcar_du_mdev_screen *screen,
			   struct rcar_du_mdev_fbregion *fbregion,
			   struct rcar_du_mdev_crc *crc);
void rcar_du_mdev_pipe_fini(struct rcar_du_mdev_pipe *pipe);
void rcar_du_mdev_pipe_latched(struct rcar_du_mdev_pipe *pipe);
void rcar_du_mdev_pipe_reset(struct rcar_du_mdev_pipe *pipe);
void rcar_du_mdev_pipe_let_go(struct rcar_du_mdev_pipe *pipe);

#endif /* __RCAR_DU_MDEV_PIPE_H__ */
