/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: framebuffer regions
 */

#ifndef __RCAR_DU_MDEV_FBREGION_H__
#define __RCAR_DU_MDEV_FBREGION_H__

#include <linux/atomic.h>
#include <linux/types.h>

struct rcar_du_mdev_cache;
struct rcar_du_mdev_fb;
struct rcar_du_mdev_plane;
struct rcar_du_mdev_screen;
struct vfio_device;
struct vm_area_struct;

/**
 * struct rcar_du_mdev_fbregion - What the framebuffer regions show
 */
struct rcar_du_mdev_fbregion {
	/** @vdev: VFIO device, whose file has the regions */
	struct vfio_device *vdev;
	/** @screen: the published frame */
	struct rcar_du_mdev_screen *screen;
	/** @enabled: VMMs get at planes by regions; constant while the device is open */
	bool enabled;
	/** @bytes_copied: bytes that were read from the regions */
	atomic64_t bytes_copied;

	/** @cache: where framebuffers are from; its mutex protects what follows */
	struct rcar_du_mdev_cache *cache;
	/** @fb_id: id of the framebuffer that is shown, 0 if there is none */
	u32 fb_id;
	/** @write_combined: it is drawn, and so mapped, past the CPU caches */
	bool write_combined;
	/** @pitch: the pitch that was shown last, bytes, 0 if none was */
	u32 pitch;
	/** @index: which of the regions is told to VMMs */
	unsigned int index;
};

void rcar_du_mdev_fbregion_init(struct rcar_du_mdev_fbregion *fbregion,
				struct vfio_device *vdev,
				struct rcar_du_mdev_cache *cache,
				struct rcar_du_mdev_screen *screen);
void rcar_du_mdev_fbregion_open(struct rcar_du_mdev_fbregion *fbregion,
				bool enabled);
void rcar_du_mdev_fbregion_clear_locked(struct rcar_du_mdev_fbregion *fbregion);
u32 rcar_du_mdev_fbregion_size(const struct rcar_du_mdev_fbregion *fbregion);

const struct rcar_du_mdev_plane *
rcar_du_mdev_fbregion_plane_locked(struct rcar_du_mdev_fbregion *fbregion,
				   struct rcar_du_mdev_fb **fb);
unsigned int
rcar_du_mdev_fbregion_index_locked(const struct rcar_du_mdev_fbregion *fbregion);
void rcar_du_mdev_fbregion_update_locked(struct rcar_du_mdev_fbregion *fbregion);
void rcar_du_mdev_fbregion_zap(struct rcar_du_mdev_fbregion *fbregion);
void rcar_du_mdev_fbregion_read(struct rcar_du_mdev_fbregion *fbregion,
				u32 offset, u8 *buf, u32 count);
int rcar_du_mdev_fbregion_mmap(struct rcar_du_mdev_fbregion *fbregion,
			       struct vm_area_struct *vma);

#endif /* __RCAR_DU_MDEV_FBREGION_H__ */
