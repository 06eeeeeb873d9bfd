/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: pages to and from VFIO
 */

#ifndef __RCAR_DU_MDEV_PIN_H__
#define __RCAR_DU_MDEV_PIN_H__

#include <linux/types.h>
#include <linux/workqueue.h>

struct rcar_du_mdev_fb;
struct rcar_du_mdev_pinner;
struct rcar_du_mdev_snoop;
struct vfio_device;

/* VFIO_PIN_PAGES_MAX_ENTRIES of drivers/vfio/container.c */
#define RCAR_DU_MDEV_PIN_MAX	(PAGE_SIZE / sizeof(unsigned long))

/**
 * struct rcar_du_mdev_pinner_ops - What happens to framebuffers
 * @unpinned: VFIO has all pins of @fb back. The caller gives up the reference that
 *	rcar_du_mdev_unpin() was given
 */
struct rcar_du_mdev_pinner_ops {
	void (*unpinned)(struct rcar_du_mdev_pinner *pinner,
			 struct rcar_du_mdev_fb *fb);
};

/**
 * struct rcar_du_mdev_pinner - Who pins for a device
 *
 * All of it is constant.
 */
struct rcar_du_mdev_pinner {
	/** @vdev: VFIO device */
	struct vfio_device *vdev;
	/** @snoop: what has to be cleaned */
	struct rcar_du_mdev_snoop *snoop;
	/** @ops: calls of the owner */
	const struct rcar_du_mdev_pinner_ops *ops;
	/**
	 * @wq: gives chunks of pages back to type1, each in a thread of its own; the
	 * owner may run other work there
	 */
	struct workqueue_struct *wq;
};

/**
 * struct rcar_du_mdev_pin_chunk - Pages that are unpinned by one call
 * @work: unpins them, for type1
 * @pinner: who pinned them
 * @fb: the framebuffer
 * @iova: guest address
 * @npages: number of pages
 */
struct rcar_du_mdev_pin_chunk {
	struct work_struct work;
	struct rcar_du_mdev_pinner *pinner;
	struct rcar_du_mdev_fb *fb;
	u64 iova;
	int npages;
};

bool rcar_du_mdev_pinner_iommufd(const struct rcar_du_mdev_pinner *pinner);

int rcar_du_mdev_pin_prepare(struct rcar_du_mdev_fb *fb);
int rcar_du_mdev_pin(struct rcar_du_mdev_pinner *pinner,
		     struct rcar_du_mdev_fb *fb, bool writable);
void rcar_du_mdev_unpin(struct rcar_du_mdev_pinner *pinner,
			struct rcar_du_mdev_fb *fb);

#endif /* __RCAR_DU_MDEV_PIN_H__ */
