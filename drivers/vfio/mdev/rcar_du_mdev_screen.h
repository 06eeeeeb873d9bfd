/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: what is shown
 */

#ifndef __RCAR_DU_MDEV_SCREEN_H__
#define __RCAR_DU_MDEV_SCREEN_H__

#include <linux/types.h>

#include "rcar_du_mdev_frame.h"
#include "rcar_du_mdev_id.h"
#include "rcar_du_mdev_output.h"

struct rcar_du_mdev_cache;
struct rcar_du_mdev_fb;
struct rcar_du_mdev_vdu;
struct rcar_du_mdev_watchdog;

/**
 * struct rcar_du_mdev_shown - What a plane of a frame shows
 * @fb: framebuffers of its memory planes, each with a reference and a use, or NULL
 * @id: dma-buf id, or 0 if the plane can't be expressed by one
 * @scanout: what the host's display needs
 */
struct rcar_du_mdev_shown {
	struct rcar_du_mdev_fb *fb[2];
	u32 id;
	struct rcar_du_mdev_scanout scanout;
};

/**
 * struct rcar_du_mdev_screen - The published frame
 */
struct rcar_du_mdev_screen {
	/** @cache: where framebuffers are from; its mutex protects @ids, @frame, @shown */
	struct rcar_du_mdev_cache *cache;
	/** @vdu: told that a frame is lost, and of what is new to see */
	struct rcar_du_mdev_vdu *vdu;
	/** @output: shows the frame */
	struct rcar_du_mdev_output *output;
	/** @watchdog: says if nobody is to see it */
	struct rcar_du_mdev_watchdog *watchdog;
	/** @ids: dma-buf ids */
	struct rcar_du_mdev_ids ids;
	/** @frame: the published frame */
	struct rcar_du_mdev_frame frame;
	/** @shown: what its planes show */
	struct rcar_du_mdev_shown shown[RCAR_VDU_NUM_PLANE_PAGES];
};

void rcar_du_mdev_screen_init(struct rcar_du_mdev_screen *screen,
			      struct rcar_du_mdev_cache *cache,
			      struct rcar_du_mdev_vdu *vdu,
			      struct rcar_du_mdev_output *output,
			      struct rcar_du_mdev_watchdog *watchdog);
void rcar_du_mdev_screen_open(struct rcar_du_mdev_screen *screen);
void rcar_du_mdev_screen_refresh(struct rcar_du_mdev_screen *screen);
void rcar_du_mdev_screen_clear_locked(struct rcar_du_mdev_screen *screen);

void rcar_du_mdev_screen_publish_locked(struct rcar_du_mdev_screen *screen,
					const struct rcar_du_mdev_frame *frame,
					struct rcar_du_mdev_shown *shown);
void rcar_du_mdev_screen_drop_locked(struct rcar_du_mdev_screen *screen,
				     struct rcar_du_mdev_shown *shown);
void rcar_du_mdev_screen_unplug_locked(struct rcar_du_mdev_screen *screen);
void rcar_du_mdev_screen_lose_locked(struct rcar_du_mdev_screen *screen,
				     struct rcar_du_mdev_fb *fb);

const struct rcar_du_mdev_frame *
rcar_du_mdev_screen_frame_locked(const struct rcar_du_mdev_screen *screen);
const struct rcar_du_mdev_shown *
rcar_du_mdev_screen_shown_locked(const struct rcar_du_mdev_screen *screen,
				 const struct rcar_du_mdev_plane *plane);
bool rcar_du_mdev_screen_lost_locked(const struct rcar_du_mdev_screen *screen,
				     const struct rcar_du_mdev_plane *plane,
				     const struct rcar_du_mdev_shown *shown);
bool rcar_du_mdev_screen_named_locked(const struct rcar_du_mdev_screen *screen,
				      u32 id);
struct rcar_du_mdev_fb *
rcar_du_mdev_screen_find_id(struct rcar_du_mdev_screen *screen, u32 id);

#endif /* __RCAR_DU_MDEV_SCREEN_H__ */
