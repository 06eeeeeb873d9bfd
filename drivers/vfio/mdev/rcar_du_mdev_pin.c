// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: pages to and from VFIO
 *
 * Framebuffers are pinned one after the other, and chunks of pages go back to type1
 * by work of their own. Nothing here waits for what VFIO does in another thread.
 */

#include <linux/iommu.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#include "rcar_du_mdev_fb.h"
#include "rcar_du_mdev_pin.h"
#include "rcar_du_mdev_snoop.h"

static unsigned int rcar_du_mdev_pin_num_chunks(unsigned long npages)
{
	return DIV_ROUND_UP(npages, RCAR_DU_MDEV_PIN_MAX);
}

/**
 * rcar_du_mdev_pinner_iommufd - Tell who has the guest's memory
 * @pinner: who pins
 *
 * Return: true if it is iommufd, false if it is type1.
 */
bool rcar_du_mdev_pinner_iommufd(const struct rcar_du_mdev_pinner *pinner)
{
	return pinner->vdev->iommufd_access;
}

/* -----------------------------------------------------------------------------
 * Pinning
 */

/**
 * rcar_du_mdev_pin_prepare - Allocate what unpinning will need
 * @fb: the framebuffer, new
 *
 * Return: 0 or -ENOMEM.
 */
int rcar_du_mdev_pin_prepare(struct rcar_du_mdev_fb *fb)
{
	fb->chunks = kvcalloc(rcar_du_mdev_pin_num_chunks(fb->npages),
			      sizeof(*fb->chunks), GFP_KERNEL);

	return fb->chunks ? 0 : -ENOMEM;
}

static int rcar_du_mdev_pin_pages(struct rcar_du_mdev_pinner *pinner,
				  struct rcar_du_mdev_fb *fb, bool writable,
				  struct page **pages)
{
	/*
	 * The host only reads, but most importers map for both directions. So
	 * make sure that they may, or remember that they may not.
	 */
	int prot = IOMMU_READ | IOMMU_WRITE;

	while (fb->npinned < fb->npages) {
		int n = min_t(unsigned long, fb->npages - fb->npinned,
			      RCAR_DU_MDEV_PIN_MAX);
		int ret;

		/* Don't make an unmap wait for pins that are for nothing. */
		if (rcar_du_mdev_fb_lost(fb))
			return -EFAULT;

		ret = vfio_pin_pages(pinner->vdev,
				     fb->iova + ((u64)fb->npinned << PAGE_SHIFT),
				     n, prot, &pages[fb->npinned]);
		if (ret == -EPERM && prot & IOMMU_WRITE) {
			prot = IOMMU_READ;
			continue;
		}
		if (ret != n)
			return ret < 0 ? ret : -EFAULT;

		fb->npinned += n;
	}

	fb->readonly = !(prot & IOMMU_WRITE);
	fb->writable = !fb->readonly && writable;

	return 0;
}

/* Contiguous pages are joined, as those who import them do it. */
static int rcar_du_mdev_pin_clean(struct rcar_du_mdev_pinner *pinner,
				  struct rcar_du_mdev_fb *fb,
				  struct page **pages)
{
	struct sg_table sgt;
	int ret;

	ret = sg_alloc_table_from_pages(&sgt, pages, fb->npages, 0,
					rcar_du_mdev_fb_size(fb),
					GFP_KERNEL_ACCOUNT);
	if (ret)
		return ret;

	fb->sgt_entries = sgt.orig_nents;
	ret = rcar_du_mdev_snoop_clean_pages(pinner->snoop, &sgt);
	sg_free_table(&sgt);

	return ret;
}

/**
 * rcar_du_mdev_pin - Pin the pages of a framebuffer
 * @pinner: who pins
 * @fb: the framebuffer, which no one else unpins while it is pinning
 * @writable: let everybody write it, if the VMM may
 *
 * What is pinned after an error is given back by rcar_du_mdev_unpin().
 *
 * Context: no locks held. Sleeps.
 * Return: 0, -ENOMEM if RLIMIT_MEMLOCK would be exceeded or there is no memory,
 * -EFAULT if @fb has been lost meanwhile, -ENOBUFS if it can't be cleaned, or the
 * error of vfio_pin_pages().
 */
int rcar_du_mdev_pin(struct rcar_du_mdev_pinner *pinner,
		     struct rcar_du_mdev_fb *fb, bool writable)
{
	struct page **pages;
	unsigned long i;
	int ret;

	pages = kvcalloc(fb->npages, sizeof(*pages), GFP_KERNEL_ACCOUNT);
	if (!pages)
		return -ENOMEM;

	ret = rcar_du_mdev_pin_pages(pinner, fb, writable, pages);
	/* Before anybody can map them. */
	if (!ret)
		ret = rcar_du_mdev_pin_clean(pinner, fb, pages);
	if (ret) {
		kvfree(pages);
		return ret;
	}

	for (i = 0; i < fb->npages; i++)
		get_page(pages[i]);

	scoped_guard(mutex, &fb->mutex)
		fb->pages = pages;

	return 0;
}

/* -----------------------------------------------------------------------------
 * Unpinning
 */

static void rcar_du_mdev_pin_finish(struct rcar_du_mdev_pinner *pinner,
				    struct rcar_du_mdev_fb *fb)
{
	pinner->ops->unpinned(pinner, fb);
	complete_all(&fb->started);
	complete_all(&fb->unpinned);
	/* The reference that rcar_du_mdev_unpin() was given. */
	rcar_du_mdev_fb_put(fb);
}

static void rcar_du_mdev_pin_unpin_chunk(struct rcar_du_mdev_pin_chunk *chunk)
{
	struct rcar_du_mdev_pinner *pinner = chunk->pinner;
	struct rcar_du_mdev_fb *fb = chunk->fb;

	if (atomic_dec_and_test(&fb->chunks_waiting))
		complete_all(&fb->started);

	vfio_unpin_pages(pinner->vdev, chunk->iova, chunk->npages);

	/* The last one frees the chunks. */
	if (atomic_dec_and_test(&fb->chunks_pinned))
		rcar_du_mdev_pin_finish(pinner, fb);
}

static void rcar_du_mdev_pin_chunk_work(struct work_struct *work)
{
	rcar_du_mdev_pin_unpin_chunk(container_of(work,
						  struct rcar_du_mdev_pin_chunk,
						  work));
}

/**
 * rcar_du_mdev_unpin - Give VFIO its pins back
 * @pinner: who has pinned
 * @fb: the framebuffer, which nobody pins or uses any more; the caller's reference
 *	is given up when VFIO has its pins back
 *
 * @fb may be gone on return. All chunks go for type1's iommu->lock together: see
 * rcar_du_mdev_unmap(). iommufd, which holds no lock that an unmap needs, has them
 * back on return.
 *
 * Context: sleeps.
 */
void rcar_du_mdev_unpin(struct rcar_du_mdev_pinner *pinner,
			struct rcar_du_mdev_fb *fb)
{
	unsigned int n = rcar_du_mdev_pin_num_chunks(fb->npinned);
	unsigned int i;

	if (!n) {
		rcar_du_mdev_pin_finish(pinner, fb);
		return;
	}

	atomic_set(&fb->chunks_waiting, n);
	atomic_set(&fb->chunks_pinned, n);

	for (i = 0; i < n; i++) {
		struct rcar_du_mdev_pin_chunk *chunk = &fb->chunks[i];
		unsigned long first = i * RCAR_DU_MDEV_PIN_MAX;

		chunk->pinner = pinner;
		chunk->fb = fb;
		chunk->iova = fb->iova + ((u64)first << PAGE_SHIFT);
		chunk->npages = min_t(unsigned long, fb->npinned - first,
				      RCAR_DU_MDEV_PIN_MAX);
		INIT_WORK(&chunk->work, rcar_du_mdev_pin_chunk_work);
	}

	/* From the last one on @fb may be gone, and its chunks with it. */
	for (i = 0; i < n; i++) {
		if (rcar_du_mdev_pinner_iommufd(pinner))
			rcar_du_mdev_pin_unpin_chunk(&fb->chunks[i]);
		else
			queue_work(pinner->wq, &fb->chunks[i].work);
	}
}
