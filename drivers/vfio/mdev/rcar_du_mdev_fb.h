/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: guest framebuffers
 */

#ifndef __RCAR_DU_MDEV_FB_H__
#define __RCAR_DU_MDEV_FB_H__

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/mutex.h>
#include <linux/scatterlist.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct dma_buf;
struct page;
struct rcar_du_mdev_device;
struct vfio_device;
struct vm_fault;

/* VFIO_PIN_PAGES_MAX_ENTRIES of drivers/vfio/container.c */
#define RCAR_DU_MDEV_PIN_MAX	(PAGE_SIZE / sizeof(unsigned long))

/**
 * struct rcar_du_mdev_fb_chunk - Pages that are unpinned by one call
 * @work: unpins them
 * @rdev: the device
 * @fb: the framebuffer
 * @iova: guest address
 * @npages: number of pages
 */
struct rcar_du_mdev_fb_chunk {
	struct work_struct work;
	struct rcar_du_mdev_device *rdev;
	struct rcar_du_mdev_fb *fb;
	u64 iova;
	int npages;
};

/**
 * struct rcar_du_mdev_fb - Pinned pages of a guest framebuffer
 *
 * Two owners keep a framebuffer: the device, which pins it and can find it,
 * and its dma-buf, which may outlive the device by any time. The dma-buf never
 * looks at the device.
 *
 * @ref: references: the device's list, each plane that shows it, each dma-buf
 *	id, the dma-buf
 * @link: entry of rcar_du_mdev_device.fbs or .fb_dead; protected by
 *	rcar_du_mdev_device.fb_mutex, as are @users and @dead
 * @id: names it in VFIO_DEVICE_FEATURE_GFX_FRAME
 * @iova: guest address, page aligned
 * @npages: number of pages
 * @users: planes of the published and of the next frame that show it
 * @dead: it is on its way out and can't be found any more
 * @pinning: latch_work is pinning it, and alone uses @npinned; protected by
 *	rcar_du_mdev_device.fb_mutex, as is @unpinning
 * @unpinning: unpin_work takes it away
 * @npinned: number of pages that VFIO has pinned
 * @chunks: work to unpin each chunk that VFIO allows to unpin at once
 * @chunks_waiting: chunks whose work has not started yet
 * @chunks_pinned: chunks that VFIO does not have back yet
 * @started: all chunks have started
 * @unpinned: VFIO has its pins back
 * @readonly: the VMM may not write this memory, and so nobody may
 * @writable: the admin lets everybody write it
 * @mutex: protects the fields below
 * @revoked: the guest's memory is not to be touched any more
 * @mappings: importers, and mappings of the kernel, that still use @pages
 * @pages: the pages, each with a page reference of its own, so that an
 *	importer that can't be told to stop reads stale pixels and never
 *	somebody else's memory; NULL once given back
 * @sgt: @pages, contiguous ones joined
 * @dmabuf: the dma-buf once there is one, with a reference until @revoked.
 *	It has a reference on the framebuffer in turn
 * @attachments: importers, struct rcar_du_mdev_attachment.link
 */
struct rcar_du_mdev_fb {
	struct kref ref;
	struct list_head link;
	u32 id;
	u64 iova;
	unsigned long npages;
	unsigned int users;
	bool dead;
	bool pinning;
	bool unpinning;
	unsigned long npinned;
	struct rcar_du_mdev_fb_chunk *chunks;
	atomic_t chunks_waiting;
	atomic_t chunks_pinned;
	struct completion started;
	struct completion unpinned;
	bool readonly;
	bool writable;

	struct mutex mutex; /* what follows */
	bool revoked;
	unsigned int mappings;
	struct page **pages;
	struct sg_table sgt;
	struct dma_buf *dmabuf;
	struct list_head attachments;
};

static inline size_t rcar_du_mdev_fb_size(const struct rcar_du_mdev_fb *fb)
{
	return fb->npages << PAGE_SHIFT;
}

static inline unsigned int rcar_du_mdev_fb_num_chunks(unsigned long npages)
{
	return DIV_ROUND_UP(npages, RCAR_DU_MDEV_PIN_MAX);
}

/* rcar_du_mdev_fb.c */
struct rcar_du_mdev_fb *rcar_du_mdev_fb_use(struct rcar_du_mdev_device *rdev,
					    u64 addr, u64 size, u64 wanted,
					    u32 *error);
void rcar_du_mdev_fb_unuse_locked(struct rcar_du_mdev_device *rdev,
				  struct rcar_du_mdev_fb *fb);
void rcar_du_mdev_fb_trim_locked(struct rcar_du_mdev_device *rdev);
void rcar_du_mdev_fb_kill_locked(struct rcar_du_mdev_device *rdev,
				 struct rcar_du_mdev_fb *fb);
void rcar_du_mdev_fb_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length);
void rcar_du_mdev_fb_get(struct rcar_du_mdev_fb *fb);
void rcar_du_mdev_fb_put(struct rcar_du_mdev_fb *fb);
void rcar_du_mdev_fb_put_pages_locked(struct rcar_du_mdev_fb *fb);
void *rcar_du_mdev_fb_vmap(struct rcar_du_mdev_fb *fb);
void rcar_du_mdev_fb_vunmap(struct rcar_du_mdev_fb *fb, void *vaddr);
vm_fault_t rcar_du_mdev_fb_insert_locked(struct rcar_du_mdev_fb *fb,
					 struct vm_fault *vmf, pgoff_t pgoff);

/* rcar_du_mdev_pin.c */
int rcar_du_mdev_fb_pin(struct rcar_du_mdev_device *rdev,
			struct rcar_du_mdev_fb *fb);
void rcar_du_mdev_fb_unpin_work(struct work_struct *work);

#endif /* __RCAR_DU_MDEV_FB_H__ */
