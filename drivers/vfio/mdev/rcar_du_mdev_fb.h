/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: guest framebuffers
 */

#ifndef __RCAR_DU_MDEV_FB_H__
#define __RCAR_DU_MDEV_FB_H__

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/mutex.h>
#include <linux/types.h>

#include "rcar_du_mdev_copy.h"

struct dma_buf;
struct page;
struct rcar_du_mdev_pin_chunk;
struct vm_fault;

/**
 * enum rcar_du_mdev_fb_state - What is going on with a framebuffer's memory
 * @RCAR_DU_MDEV_FB_NEW: it can be found, and is to be pinned
 * @RCAR_DU_MDEV_FB_PINNING: VFIO is asked for its pages
 * @RCAR_DU_MDEV_FB_CANCELLED: likewise, but it is not wanted any more and can't be
 *	found
 * @RCAR_DU_MDEV_FB_PINNED: it can be found and used
 * @RCAR_DU_MDEV_FB_REVOKED: it can't be found any more, and is to be taken away from
 *	its users
 * @RCAR_DU_MDEV_FB_UNPINNING: nobody may begin to use its memory; it is being taken
 *	away, and goes back to VFIO
 * @RCAR_DU_MDEV_FB_GONE: VFIO has its pins back
 * @RCAR_DU_MDEV_NUM_FB_STATES: number of states
 */
enum rcar_du_mdev_fb_state {
	RCAR_DU_MDEV_FB_NEW,
	RCAR_DU_MDEV_FB_PINNING,
	RCAR_DU_MDEV_FB_CANCELLED,
	RCAR_DU_MDEV_FB_PINNED,
	RCAR_DU_MDEV_FB_REVOKED,
	RCAR_DU_MDEV_FB_UNPINNING,
	RCAR_DU_MDEV_FB_GONE,
	RCAR_DU_MDEV_NUM_FB_STATES
};

/**
 * struct rcar_du_mdev_fb - Pinned pages of a guest framebuffer
 *
 * Two owners keep a framebuffer: the cache, which pins it and can find it, and its
 * dma-buf, which may outlive the device by any time. The dma-buf never looks at
 * the device.
 */
struct rcar_du_mdev_fb {
	/**
	 * @ref: references: the cache's, one of each plane that shows it, of
	 * each dma-buf id, and of the dma-buf
	 */
	struct kref ref;
	/** @id: names it in VFIO_DEVICE_FEATURE_GFX_FRAME */
	u32 id;
	/** @iova: guest address, page aligned */
	u64 iova;
	/** @npages: number of pages */
	unsigned long npages;

	/**
	 * @state: written with the cache's mutex held, and for the steps to
	 * UNPINNING and GONE, which only who unpins takes, with @mutex held
	 */
	enum rcar_du_mdev_fb_state state;
	/** @link: in a list of the cache, protected by its mutex */
	struct list_head link;
	/**
	 * @users: planes of the published and of the next frame that show it;
	 * protected by the cache's mutex
	 */
	unsigned int users;

	/** @npinned: pages that VFIO has pinned; belongs to who pins or unpins */
	unsigned long npinned;
	/** @chunks: work to unpin each chunk that VFIO allows to unpin at once */
	struct rcar_du_mdev_pin_chunk *chunks;
	/** @chunks_waiting: chunks whose work has not started yet */
	atomic_t chunks_waiting;
	/** @chunks_pinned: chunks that VFIO does not have back yet */
	atomic_t chunks_pinned;
	/** @started: all chunks have started */
	struct completion started;
	/** @unpinned: VFIO has its pins back */
	struct completion unpinned;
	/**
	 * @readonly: the VMM may not write this memory, and so nobody may;
	 * constant once pinned, as are @writable and @sgt_entries
	 */
	bool readonly;
	/** @writable: the admin lets everybody write it */
	bool writable;
	/** @sgt_entries: a scatterlist of its pages has so many, contiguous ones joined */
	unsigned int sgt_entries;

	/**
	 * @copy: what importers have mapped for the CPU, if they may not write the
	 * pages; its mutex is taken before @mutex
	 */
	struct rcar_du_mdev_copy copy;

	/** @mutex: protects what follows */
	struct mutex mutex;
	/** @mappings: importers, and mappings of the kernel, that still use @pages */
	unsigned int mappings;
	/**
	 * @pages: the pages, each with a page reference of its own, so that an
	 * importer that can't be told to stop reads stale pixels and never
	 * somebody else's memory; NULL before they are pinned and once given back
	 */
	struct page **pages;
	/**
	 * @dmabuf: the dma-buf once there is one, with a reference until it is
	 * revoked. It has a reference on the framebuffer in turn
	 */
	struct dma_buf *dmabuf;
	/**
	 * @write_combined: the guest draws past the CPU caches, and so must be read
	 * past them; changed by rcar_du_mdev_fb_set_write_combined() only
	 */
	bool write_combined;
	/** @devices: those that have it mapped, struct rcar_du_mdev_mapping.link */
	struct list_head devices;
};

static inline size_t rcar_du_mdev_fb_size(const struct rcar_du_mdev_fb *fb)
{
	return fb->npages << PAGE_SHIFT;
}

/* Guest address of the last byte */
static inline u64 rcar_du_mdev_fb_last(const struct rcar_du_mdev_fb *fb)
{
	return fb->iova + rcar_du_mdev_fb_size(fb) - 1;
}

/* Whether it has a byte from @first to @last. */
static inline bool rcar_du_mdev_fb_overlaps(const struct rcar_du_mdev_fb *fb,
					    u64 first, u64 last)
{
	return fb->iova <= last && rcar_du_mdev_fb_last(fb) >= first;
}

/* Without the lock that protects it the answer may be old. */
static inline enum rcar_du_mdev_fb_state
rcar_du_mdev_fb_state(const struct rcar_du_mdev_fb *fb)
{
	return READ_ONCE(fb->state);
}

/**
 * rcar_du_mdev_fb_lost - Tell if a framebuffer is on its way out
 * @fb: the framebuffer
 *
 * Without the cache's mutex the answer may be old.
 *
 * Return: true if it can't be found any more.
 */
static inline bool rcar_du_mdev_fb_lost(const struct rcar_du_mdev_fb *fb)
{
	enum rcar_du_mdev_fb_state state = rcar_du_mdev_fb_state(fb);

	return state == RCAR_DU_MDEV_FB_CANCELLED ||
	       state >= RCAR_DU_MDEV_FB_REVOKED;
}

bool rcar_du_mdev_fb_may_step(enum rcar_du_mdev_fb_state from,
			      enum rcar_du_mdev_fb_state to);
void rcar_du_mdev_fb_step(struct rcar_du_mdev_fb *fb,
			  enum rcar_du_mdev_fb_state to);

struct rcar_du_mdev_fb *rcar_du_mdev_fb_create(u32 id, u64 iova,
					       unsigned long npages);
void rcar_du_mdev_fb_get(struct rcar_du_mdev_fb *fb);
void rcar_du_mdev_fb_put(struct rcar_du_mdev_fb *fb);

bool rcar_du_mdev_fb_usable_locked(const struct rcar_du_mdev_fb *fb);
void rcar_du_mdev_fb_put_pages_locked(struct rcar_du_mdev_fb *fb);
bool rcar_du_mdev_fb_write_combined(const struct rcar_du_mdev_fb *fb);
void rcar_du_mdev_fb_set_write_combined(struct rcar_du_mdev_fb *fb,
					bool write_combined);
pgprot_t rcar_du_mdev_fb_pgprot(const struct rcar_du_mdev_fb *fb, pgprot_t prot);
void rcar_du_mdev_fb_read_locked(struct rcar_du_mdev_fb *fb, u32 offset,
				 u8 *buf, u32 count);
void *rcar_du_mdev_fb_vmap(struct rcar_du_mdev_fb *fb);
void rcar_du_mdev_fb_vunmap(struct rcar_du_mdev_fb *fb, void *vaddr);
vm_fault_t rcar_du_mdev_fb_insert_locked(struct rcar_du_mdev_fb *fb,
					 struct vm_fault *vmf, pgoff_t pgoff);

#endif /* __RCAR_DU_MDEV_FB_H__ */
