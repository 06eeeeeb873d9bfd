/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: private structures
 *
 * Lock order:
 *
 *	rcar_du_mdev_admin.mutex -> the locks of rcar_du_scanout
 *	rcar_du_mdev_admin.mutex -> rcar_du_mdev_vdu.lock
 *	rcar_du_mdev_monitor.mutex -> the locks of rcar_du_scanout
 *	rcar_du_mdev_cache.mutex -> the locks of rcar_du_scanout
 *	rcar_du_mdev_vdu.lock -> rcar_du_mdev_irq.lock
 *	rcar_du_mdev_irq.mutex -> rcar_du_mdev_irq.lock
 *	rcar_du_mdev_cache.mutex -> rcar_du_mdev_irq.lock
 *	rcar_du_mdev_monitor.mutex -> rcar_du_mdev_vdu.lock
 *	rcar_du_mdev_cache.mutex -> rcar_du_mdev_fb.mutex
 *	rcar_du_mdev_cache.mutex -> rcar_du_mdev_vdu.lock
 *	rcar_du_mdev_cache.mutex -> i_mmap_rwsem
 *	mmap_lock -> rcar_du_mdev_cache.mutex
 *	mmap_lock -> rcar_du_mdev_fb.mutex
 *	dma_resv -> rcar_du_mdev_fb.mutex
 *
 * None of them is held around vfio_pin_pages() or vfio_unpin_pages(): the
 * VFIO core takes its own locks there, and holds some of them around
 * dma_unmap(), see rcar_du_mdev_unmap().
 */

#ifndef __RCAR_DU_MDEV_H__
#define __RCAR_DU_MDEV_H__

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>
#include <uapi/linux/vfio.h>

#include "rcar_du_mdev_admin.h"
#include "rcar_du_mdev_cache.h"
#include "rcar_du_mdev_frame.h"
#include "rcar_du_mdev_monitor.h"
#include "rcar_du_mdev_output.h"
#include "rcar_du_mdev_vdu.h"

struct attribute_group;
struct dentry;
struct drm_framebuffer;
struct mdev_device;
struct rcar_du_mdev_fb;
struct vm_area_struct;

/*
 * QEMU keeps the five buffers it used last of primary and cursor together
 * (hw/vfio/display.c), and its D-Bus display loses a frame when it frees one.
 */
#define RCAR_DU_MDEV_LIVE_IDS		5
/* The ids that were shown last can be asked for again, this many of them. */
#define RCAR_DU_MDEV_NUM_IDS		16

/**
 * struct rcar_du_mdev_id - What a dma-buf id names
 * @id: the id, 0 if the slot is free
 * @fb: the framebuffer, with a reference
 * @role: DRM_PLANE_TYPE_PRIMARY or DRM_PLANE_TYPE_CURSOR
 * @format: DRM fourcc
 * @width: pixels
 * @height: lines
 * @stride: bytes
 * @used: value of rcar_du_mdev_device.id_clock when it was shown last
 * @live: may be shown again under the same id
 */
struct rcar_du_mdev_id {
	u32 id;
	struct rcar_du_mdev_fb *fb;
	u32 role;
	u32 format;
	u32 width;
	u32 height;
	u32 stride;
	u64 used;
	bool live;
};

/**
 * struct rcar_du_mdev_shown - A plane of the published frame
 * @fb: framebuffers of its memory planes, each with a reference, or NULL
 * @id: dma-buf id, or 0 if the plane can't be expressed by one
 * @scanout: what the host's display needs
 */
struct rcar_du_mdev_shown {
	struct rcar_du_mdev_fb *fb[2];
	u32 id;
	struct rcar_du_mdev_scanout scanout;
};

/**
 * struct rcar_du_mdev_fbregion - What the framebuffer region shows
 * @fb_id: id of the framebuffer, 0 if there is none
 * @pitch: the pitch that was shown last, bytes, 0 if none was
 * @index: which of the regions is told to VMMs
 */
struct rcar_du_mdev_fbregion {
	u32 fb_id;
	u32 pitch;
	unsigned int index;
};

/**
 * struct rcar_du_mdev_device - One virtual display unit
 * @vdev: VFIO device
 * @admin: what the admin decides
 * @vdu: what the guest sees
 * @output: the part of the host's display that it has
 * @monitor: what is plugged to it
 * @wq: ordered; runs @latch_work
 * @latch_work: publishes the latched state; the only place that pins
 * @crc_work: computes the check code of the published frame
 * @retry_work: latches again after a plane could not be pinned
 * @cache: framebuffers; its mutex protects @frame, @shown, @ids, @id_clock and
 *	@fbregion
 * @latch: @latch_work's private copy of the latch
 * @next: @latch_work's decoded frame, before it is published
 * @next_shown: the framebuffers of @next
 * @frame: the published frame
 * @shown: what @frame's planes show
 * @ids: dma-buf ids
 * @id_clock: counts the uses of ids
 * @fbregion: what the framebuffer region shows
 * @bytes_read: bytes read from the framebuffer regions
 * @crcs: frames that have got a check code
 * @debugfs: directory of this device
 */
struct rcar_du_mdev_device {
	struct vfio_device vdev;

	struct rcar_du_mdev_admin admin;
	struct rcar_du_mdev_vdu vdu;

	struct rcar_du_mdev_output output;
	struct rcar_du_mdev_monitor monitor;

	struct workqueue_struct *wq;
	struct work_struct latch_work;
	struct work_struct crc_work;
	struct delayed_work retry_work;

	struct rcar_du_mdev_cache cache;
	struct rcar_du_mdev_latch latch;
	struct rcar_du_mdev_frame next;
	struct rcar_du_mdev_shown next_shown[RCAR_VDU_NUM_PLANE_PAGES];
	struct rcar_du_mdev_frame frame;
	struct rcar_du_mdev_shown shown[RCAR_VDU_NUM_PLANE_PAGES];
	struct rcar_du_mdev_id ids[RCAR_DU_MDEV_NUM_IDS];
	u64 id_clock;
	struct rcar_du_mdev_fbregion fbregion;

	atomic64_t bytes_read;
	atomic64_t crcs;
	struct dentry *debugfs;
};

static inline struct rcar_du_mdev_device *
to_rcar_du_mdev(struct vfio_device *vdev)
{
	return container_of(vdev, struct rcar_du_mdev_device, vdev);
}

/* rcar_du_mdev_gfx.c */
int rcar_du_mdev_gfx_init(struct rcar_du_mdev_device *rdev);
void rcar_du_mdev_gfx_fini(struct rcar_du_mdev_device *rdev);
void rcar_du_mdev_gfx_reset(struct rcar_du_mdev_device *rdev);
void rcar_du_mdev_gfx_lose_locked(struct rcar_du_mdev_device *rdev,
				  struct rcar_du_mdev_fb *fb);
bool rcar_du_mdev_gfx_expressible(const struct rcar_du_mdev_plane *plane);
bool rcar_du_mdev_gfx_lost(const struct rcar_du_mdev_plane *plane,
			   const struct rcar_du_mdev_shown *shown);
long rcar_du_mdev_gfx_query(struct rcar_du_mdev_device *rdev,
			    struct vfio_device_gfx_plane_info __user *arg);
long rcar_du_mdev_gfx_get_dmabuf(struct rcar_du_mdev_device *rdev,
				 u32 __user *arg);

/* rcar_du_mdev_crc.c */
void rcar_du_mdev_crc_init(struct rcar_du_mdev_device *rdev);
void rcar_du_mdev_crc_stop(struct rcar_du_mdev_device *rdev);
void rcar_du_mdev_crc_published_locked(struct rcar_du_mdev_device *rdev);

/* rcar_du_mdev_id.c */
bool rcar_du_mdev_id_taken_locked(struct rcar_du_mdev_device *rdev, u32 id);
void rcar_du_mdev_id_forget_locked(struct rcar_du_mdev_device *rdev,
				   const struct rcar_du_mdev_fb *fb);
u32 rcar_du_mdev_id_get_locked(struct rcar_du_mdev_device *rdev,
			       const struct rcar_du_mdev_plane *plane,
			       struct rcar_du_mdev_fb *fb);
void rcar_du_mdev_id_retire_locked(struct rcar_du_mdev_device *rdev, u32 role);

/* rcar_du_mdev_query.c */
int rcar_du_mdev_query_feature(struct vfio_device *vdev, u32 flags,
			       void __user *arg, size_t argsz);

/* rcar_du_mdev_fbregion.c */
const struct rcar_du_mdev_plane *
rcar_du_mdev_fbregion_plane_locked(struct rcar_du_mdev_device *rdev,
				   struct rcar_du_mdev_fb **fb);
u32 rcar_du_mdev_fbregion_size(struct rcar_du_mdev_device *rdev);
void rcar_du_mdev_fbregion_zap(struct rcar_du_mdev_device *rdev);
void rcar_du_mdev_fbregion_update_locked(struct rcar_du_mdev_device *rdev);
void rcar_du_mdev_fbregion_read(struct rcar_du_mdev_device *rdev, u32 offset,
				u8 *buf, u32 count);
int rcar_du_mdev_fbregion_mmap(struct rcar_du_mdev_device *rdev,
			       struct vm_area_struct *vma);

#endif /* __RCAR_DU_MDEV_H__ */
