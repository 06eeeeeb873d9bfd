// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: pinning of guest framebuffers
 *
 * latch_work alone pins, one framebuffer after the other. unpin_work takes
 * framebuffers away from their users, and chunks of pages go back to VFIO by
 * work of their own. Nothing here waits for what VFIO does in another thread.
 */

#include <linux/dma-buf.h>
#include <linux/iommu.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "rcar_du_mdev.h"
#include "rcar_du_mdev_dmabuf.h"
#include "rcar_du_mdev_fb.h"
#include "rcar_du_mdev_trace.h"

/* -----------------------------------------------------------------------------
 * Pinning
 */

static int rcar_du_mdev_fb_pin_pages(struct rcar_du_mdev_device *rdev,
				     struct rcar_du_mdev_fb *fb,
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
		if (READ_ONCE(fb->dead))
			return -EFAULT;

		ret = vfio_pin_pages(&rdev->vdev,
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
	fb->writable = !fb->readonly &&
		       rcar_du_mdev_admin_get(&rdev->admin,
					      RCAR_DU_MDEV_DMABUF_WRITABLE);

	return 0;
}

/**
 * rcar_du_mdev_fb_pin - Pin the pages of a framebuffer
 * @rdev: the device
 * @fb: the framebuffer, new, which no one else unpins while it is pinning
 *
 * What is pinned after an error is given back by rcar_du_mdev_fb_unpin_work().
 *
 * Context: latch_work, no locks held. Sleeps.
 * Return: 0, -ENOMEM if RLIMIT_MEMLOCK would be exceeded or there is no memory,
 * or the error of vfio_pin_pages().
 */
int rcar_du_mdev_fb_pin(struct rcar_du_mdev_device *rdev,
			struct rcar_du_mdev_fb *fb)
{
	ktime_t start = ktime_get();
	struct page **pages;
	unsigned long i;
	int ret;

	pages = kvcalloc(fb->npages, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return -ENOMEM;

	ret = rcar_du_mdev_fb_pin_pages(rdev, fb, pages);
	if (!ret)
		ret = sg_alloc_table_from_pages(&fb->sgt, pages, fb->npages, 0,
						rcar_du_mdev_fb_size(fb),
						GFP_KERNEL);
	if (ret) {
		kvfree(pages);
		return ret;
	}

	for (i = 0; i < fb->npages; i++)
		get_page(pages[i]);

	atomic64_inc(&rdev->stats.pins);
	atomic64_add(ktime_to_ns(ktime_sub(ktime_get(), start)),
		     &rdev->stats.pin_ns);
	atomic64_add(rcar_du_mdev_fb_size(fb), &rdev->stats.bytes_pinned);
	atomic64_add(fb->sgt.orig_nents, &rdev->stats.sgt_entries);
	trace_rcar_du_mdev_pin(rdev->vdev.dev, fb->iova, fb->npages, fb->sgt.orig_nents);

	scoped_guard(mutex, &fb->mutex)
		fb->pages = pages;

	return 0;
}

/* -----------------------------------------------------------------------------
 * Unpinning
 */

static void rcar_du_mdev_fb_unpinned(struct rcar_du_mdev_device *rdev,
				     struct rcar_du_mdev_fb *fb)
{
	scoped_guard(mutex, &rdev->fb_mutex)
		list_del_init(&fb->link);
	complete_all(&fb->started);
	complete_all(&fb->unpinned);

	/* The device's reference. */
	rcar_du_mdev_fb_put(fb);
}

static void rcar_du_mdev_fb_chunk_work(struct work_struct *work)
{
	struct rcar_du_mdev_fb_chunk *chunk =
		container_of(work, struct rcar_du_mdev_fb_chunk, work);
	struct rcar_du_mdev_device *rdev = chunk->rdev;
	struct rcar_du_mdev_fb *fb = chunk->fb;

	if (atomic_dec_and_test(&fb->chunks_waiting))
		complete_all(&fb->started);

	vfio_unpin_pages(&rdev->vdev, chunk->iova, chunk->npages);

	/* The last one frees the chunks. */
	if (atomic_dec_and_test(&fb->chunks_pinned))
		rcar_du_mdev_fb_unpinned(rdev, fb);
}

/*
 * All chunks go for type1's iommu->lock together: see
 * rcar_du_mdev_fb_dma_unmap(). @fb may be gone when this returns.
 */
static void rcar_du_mdev_fb_unpin(struct rcar_du_mdev_device *rdev,
				  struct rcar_du_mdev_fb *fb)
{
	unsigned int n = rcar_du_mdev_fb_num_chunks(fb->npinned);
	unsigned int i;

	if (!n) {
		rcar_du_mdev_fb_unpinned(rdev, fb);
		return;
	}

	atomic_set(&fb->chunks_waiting, n);
	atomic_set(&fb->chunks_pinned, n);

	for (i = 0; i < n; i++) {
		struct rcar_du_mdev_fb_chunk *chunk = &fb->chunks[i];
		unsigned long first = i * RCAR_DU_MDEV_PIN_MAX;

		chunk->rdev = rdev;
		chunk->fb = fb;
		chunk->iova = fb->iova + ((u64)first << PAGE_SHIFT);
		chunk->npages = min_t(unsigned long, fb->npinned - first,
				      RCAR_DU_MDEV_PIN_MAX);
		INIT_WORK(&chunk->work, rcar_du_mdev_fb_chunk_work);
	}

	/* From the last one on @fb may be gone, and its chunks with it. */
	for (i = 0; i < n; i++)
		queue_work(rdev->unpin_wq, &fb->chunks[i].work);
}

static void rcar_du_mdev_fb_take_away(struct rcar_du_mdev_device *rdev,
				      struct rcar_du_mdev_fb *fb)
{
	struct dma_buf *dmabuf;
	unsigned int entries;
	bool pinned;

	scoped_guard(mutex, &fb->mutex) {
		pinned = fb->pages;
		entries = fb->sgt.orig_nents;
		dmabuf = fb->dmabuf;
		if (dmabuf)
			get_dma_buf(dmabuf);
	}

	rcar_du_mdev_dmabuf_revoke(fb);
	rcar_du_mdev_fbregion_zap(rdev);
	if (dmabuf) {
		rcar_du_mdev_output_forget(&rdev->output, dmabuf);
		dma_buf_put(dmabuf);
	}

	if (pinned) {
		atomic64_inc(&rdev->stats.revocations);
		atomic64_sub(rcar_du_mdev_fb_size(fb),
			     &rdev->stats.bytes_pinned);
		atomic64_sub(entries, &rdev->stats.sgt_entries);
		trace_rcar_du_mdev_revoke(rdev->vdev.dev, fb->iova, fb->npages);
	}

	rcar_du_mdev_fb_unpin(rdev, fb);
}

/*
 * Returns a framebuffer that is on its way out, but has nobody who takes it
 * away. It stays on fb_dead until it is unpinned, so that
 * rcar_du_mdev_fb_dma_unmap() finds it.
 */
static struct rcar_du_mdev_fb *
rcar_du_mdev_fb_next_dead(struct rcar_du_mdev_device *rdev)
{
	struct rcar_du_mdev_fb *fb;

	guard(mutex)(&rdev->fb_mutex);

	list_for_each_entry(fb, &rdev->fb_dead, link) {
		if (!fb->pinning && !fb->unpinning) {
			fb->unpinning = true;
			return fb;
		}
	}

	return NULL;
}

/**
 * rcar_du_mdev_fb_unpin_work - Take away the framebuffers that are on their way out
 * @work: rcar_du_mdev_device.unpin_work
 *
 * One that is being pinned is left for later: whoever pins it queues this again.
 */
void rcar_du_mdev_fb_unpin_work(struct work_struct *work)
{
	struct rcar_du_mdev_device *rdev =
		container_of(work, struct rcar_du_mdev_device, unpin_work);
	struct rcar_du_mdev_fb *fb;

	while ((fb = rcar_du_mdev_fb_next_dead(rdev)))
		rcar_du_mdev_fb_take_away(rdev, fb);
}
