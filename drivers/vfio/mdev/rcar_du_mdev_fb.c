// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: guest framebuffers
 *
 * Pins the pages of a guest framebuffer once and keeps them while the
 * framebuffer is shown, exported or recently used, so that a guest that flips
 * between a few buffers costs one lookup for each flip.
 *
 * Pins are taken and given back by the device's ordered workqueue only. That
 * makes the order of both plain, and it is what allows a dma_unmap() that
 * arrives in the middle of a pin to wait for its end.
 */

#include <linux/iommu.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "rcar_du_mdev.h"
#include "rcar_du_mdev_fb.h"
#include "rcar_du_mdev_trace.h"

/* VFIO_PIN_PAGES_MAX_ENTRIES of drivers/vfio/container.c */
#define RCAR_DU_MDEV_PIN_MAX	(PAGE_SIZE / sizeof(unsigned long))

/* How long dma_unmap() waits for importers, and then for the locks of VFIO. */
#define RCAR_DU_MDEV_REVOKE_TIMEOUT	(10 * HZ)
#define RCAR_DU_MDEV_UNPIN_TIMEOUT	(HZ / 5)

/* -----------------------------------------------------------------------------
 * References
 */

static void rcar_du_mdev_fb_release(struct kref *ref)
{
	struct rcar_du_mdev_fb *fb = container_of(ref, struct rcar_du_mdev_fb,
						  ref);

	mutex_destroy(&fb->mutex);
	kvfree(fb->chunks);
	kfree(fb);
}

/**
 * rcar_du_mdev_fb_get - Take a reference
 * @fb: the framebuffer
 */
void rcar_du_mdev_fb_get(struct rcar_du_mdev_fb *fb)
{
	kref_get(&fb->ref);
}

/**
 * rcar_du_mdev_fb_put - Drop a reference
 * @fb: the framebuffer
 *
 * The device's own reference goes only after the pages went, so that the last
 * reference never has any pages to give back.
 */
void rcar_du_mdev_fb_put(struct rcar_du_mdev_fb *fb)
{
	kref_put(&fb->ref, rcar_du_mdev_fb_release);
}

/**
 * rcar_du_mdev_fb_put_pages_locked - Give the pages back if nobody uses them
 * @fb: the framebuffer
 *
 * Does nothing unless @fb is revoked and the last importer is gone. The caller
 * holds @fb's mutex and has seen to it that no CPU mapping is left.
 */
void rcar_du_mdev_fb_put_pages_locked(struct rcar_du_mdev_fb *fb)
{
	unsigned long i;

	lockdep_assert_held(&fb->mutex);

	if (!fb->pages || !fb->revoked || fb->mappings)
		return;

	for (i = 0; i < fb->npages; i++)
		put_page(fb->pages[i]);

	sg_free_table(&fb->sgt);
	kvfree(fb->pages);
	fb->pages = NULL;
}

/* -----------------------------------------------------------------------------
 * Pinning, on the workqueue only
 */

static void rcar_du_mdev_fb_chunk_work(struct work_struct *work)
{
	struct rcar_du_mdev_fb_chunk *chunk =
		container_of(work, struct rcar_du_mdev_fb_chunk, work);

	if (atomic_dec_and_test(&chunk->fb->waiting))
		complete_all(&chunk->fb->started);

	vfio_unpin_pages(&chunk->rdev->vdev, chunk->iova, chunk->npages);
}

/*
 * Starts to unpin the first @npages pages. All chunks go for type1's
 * iommu->lock together: see rcar_du_mdev_fb_dma_unmap().
 */
static void rcar_du_mdev_fb_unpin_start(struct rcar_du_mdev_device *rdev,
					struct rcar_du_mdev_fb *fb,
					unsigned long npages)
{
	struct rcar_du_mdev_fb_chunk *chunk = fb->chunks;
	unsigned long done;

	atomic_set(&fb->waiting, DIV_ROUND_UP(npages, RCAR_DU_MDEV_PIN_MAX));

	for (done = 0; done < npages; done += chunk->npages, chunk++) {
		chunk->rdev = rdev;
		chunk->fb = fb;
		chunk->iova = fb->iova + ((u64)done << PAGE_SHIFT);
		chunk->npages = min_t(unsigned long, npages - done,
				      RCAR_DU_MDEV_PIN_MAX);
		INIT_WORK(&chunk->work, rcar_du_mdev_fb_chunk_work);
		queue_work(rdev->unpin_wq, &chunk->work);
	}
}

static void rcar_du_mdev_fb_unpin_wait(struct rcar_du_mdev_fb *fb,
				       unsigned long npages)
{
	unsigned long i;

	for (i = 0; i < DIV_ROUND_UP(npages, RCAR_DU_MDEV_PIN_MAX); i++)
		flush_work(&fb->chunks[i].work);
}

static int rcar_du_mdev_fb_vfio_pin(struct rcar_du_mdev_device *rdev,
				    struct rcar_du_mdev_fb *fb, int prot,
				    struct page **pages)
{
	unsigned long done = 0;

	while (done < fb->npages) {
		int n = min_t(unsigned long, fb->npages - done,
			      RCAR_DU_MDEV_PIN_MAX);
		int ret = -EFAULT;

		/* Don't make an unmap wait for pins that are for nothing. */
		if (!READ_ONCE(fb->dead))
			ret = vfio_pin_pages(&rdev->vdev,
					     fb->iova + ((u64)done << PAGE_SHIFT),
					     n, prot, &pages[done]);
		if (ret != n) {
			rcar_du_mdev_fb_unpin_start(rdev, fb, done);
			rcar_du_mdev_fb_unpin_wait(fb, done);
			return ret < 0 ? ret : -EFAULT;
		}

		done += n;
	}

	return 0;
}

static int rcar_du_mdev_fb_pin_pages(struct rcar_du_mdev_device *rdev,
				     struct rcar_du_mdev_fb *fb,
				     struct page **pages)
{
	int ret;

	/*
	 * The host only reads, but most importers map for both directions. So
	 * make sure that they may, or remember that they may not.
	 */
	ret = rcar_du_mdev_fb_vfio_pin(rdev, fb, IOMMU_READ | IOMMU_WRITE,
				       pages);
	if (ret != -EPERM) {
		fb->writable = rdev->dmabuf_writable;
		return ret;
	}

	fb->readonly = true;

	return rcar_du_mdev_fb_vfio_pin(rdev, fb, IOMMU_READ, pages);
}

static int rcar_du_mdev_fb_pin(struct rcar_du_mdev_device *rdev,
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
	if (ret) {
		kvfree(pages);
		return ret;
	}

	ret = sg_alloc_table_from_pages(&fb->sgt, pages, fb->npages, 0,
					rcar_du_mdev_fb_size(fb), GFP_KERNEL);
	if (ret) {
		rcar_du_mdev_fb_unpin_start(rdev, fb, fb->npages);
		rcar_du_mdev_fb_unpin_wait(fb, fb->npages);
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
	trace_rcar_du_mdev_pin(rdev, fb->iova, fb->npages, fb->sgt.orig_nents);

	scoped_guard(mutex, &fb->mutex)
		fb->pages = pages;

	return 0;
}

/* Returns the number of pages that are on their way back to VFIO. */
static unsigned long
rcar_du_mdev_fb_take_away(struct rcar_du_mdev_device *rdev,
			  struct rcar_du_mdev_fb *fb)
{
	unsigned int entries;
	bool pinned;

	scoped_guard(mutex, &fb->mutex) {
		pinned = fb->pages;
		entries = fb->sgt.orig_nents;
	}

	rcar_du_mdev_dmabuf_revoke(fb);
	rcar_du_mdev_fbregion_zap(rdev);

	if (!pinned)
		return 0;

	rcar_du_mdev_fb_unpin_start(rdev, fb, fb->npages);

	atomic64_inc(&rdev->stats.revocations);
	atomic64_sub(rcar_du_mdev_fb_size(fb), &rdev->stats.bytes_pinned);
	atomic64_sub(entries, &rdev->stats.sgt_entries);
	trace_rcar_du_mdev_revoke(rdev, fb->iova, fb->npages);

	return fb->npages;
}

/**
 * rcar_du_mdev_fb_unpin_work - Take away the framebuffers that are on their way out
 * @work: rcar_du_mdev_device.unpin_work
 */
void rcar_du_mdev_fb_unpin_work(struct work_struct *work)
{
	struct rcar_du_mdev_device *rdev =
		container_of(work, struct rcar_du_mdev_device, unpin_work);
	struct rcar_du_mdev_fb *fb, *tmp;
	LIST_HEAD(batch);

	/*
	 * They stay on fb_dead until they are unpinned, so that
	 * rcar_du_mdev_fb_dma_unmap() finds them. Nobody else takes anything
	 * off that list.
	 */
	scoped_guard(mutex, &rdev->fb_mutex) {
		list_for_each_entry(fb, &rdev->fb_dead, link)
			list_add_tail(&fb->batch, &batch);
	}

	list_for_each_entry(fb, &batch, batch)
		fb->unpinning = rcar_du_mdev_fb_take_away(rdev, fb);

	list_for_each_entry_safe(fb, tmp, &batch, batch) {
		rcar_du_mdev_fb_unpin_wait(fb, fb->unpinning);

		scoped_guard(mutex, &rdev->fb_mutex)
			list_del_init(&fb->link);
		complete_all(&fb->started);
		complete_all(&fb->unpinned);

		/* The device's reference. */
		rcar_du_mdev_fb_put(fb);
	}
}

/* -----------------------------------------------------------------------------
 * Cache
 */

static struct rcar_du_mdev_fb *
rcar_du_mdev_fb_create_locked(struct rcar_du_mdev_device *rdev, u64 iova,
			      unsigned long npages)
{
	struct rcar_du_mdev_fb *fb;

	lockdep_assert_held(&rdev->fb_mutex);

	fb = kzalloc(sizeof(*fb), GFP_KERNEL);
	if (!fb)
		return NULL;

	fb->chunks = kvcalloc(DIV_ROUND_UP(npages, RCAR_DU_MDEV_PIN_MAX),
			      sizeof(*fb->chunks), GFP_KERNEL);
	if (!fb->chunks) {
		kfree(fb);
		return NULL;
	}

	kref_init(&fb->ref);
	mutex_init(&fb->mutex);
	init_completion(&fb->started);
	init_completion(&fb->unpinned);
	INIT_LIST_HEAD(&fb->attachments);
	fb->id = rcar_du_mdev_gfx_new_id_locked(rdev);
	fb->iova = iova;
	fb->npages = npages;

	/* The first reference is the device's. */
	list_add(&fb->link, &rdev->fbs);

	return fb;
}

static struct rcar_du_mdev_fb *
rcar_du_mdev_fb_find_locked(struct rcar_du_mdev_device *rdev, u64 iova,
			    unsigned long npages)
{
	struct rcar_du_mdev_fb *fb;

	lockdep_assert_held(&rdev->fb_mutex);

	list_for_each_entry(fb, &rdev->fbs, link) {
		if (fb->iova == iova && fb->npages == npages)
			return fb;
	}

	return NULL;
}

static u32 rcar_du_mdev_fb_error(int ret)
{
	switch (ret) {
	case 0:
		return RCAR_VDU_ERROR_NONE;
	case -ENOMEM:
		/* What VFIO says when RLIMIT_MEMLOCK would be exceeded. */
		return RCAR_VDU_ERROR_LIMIT;
	default:
		return RCAR_VDU_ERROR_ADDRESS;
	}
}

static unsigned long rcar_du_mdev_fb_npages(u64 addr, u64 size)
{
	return PFN_UP(offset_in_page(addr) + size);
}

/* Returns a framebuffer in use, and whether it has to be pinned. */
static struct rcar_du_mdev_fb *
rcar_du_mdev_fb_lookup(struct rcar_du_mdev_device *rdev, u64 addr, u64 size,
		       u64 wanted, bool *found)
{
	u64 iova = ALIGN_DOWN(addr, PAGE_SIZE);
	struct rcar_du_mdev_fb *fb;

	guard(mutex)(&rdev->fb_mutex);

	if (rdev->closing)
		return NULL;

	fb = rcar_du_mdev_fb_find_locked(rdev, iova,
					 rcar_du_mdev_fb_npages(addr, wanted));
	if (!fb)
		fb = rcar_du_mdev_fb_find_locked(rdev, iova,
						 rcar_du_mdev_fb_npages(addr, size));
	*found = fb;
	if (!fb)
		fb = rcar_du_mdev_fb_create_locked(rdev, iova,
						   rcar_du_mdev_fb_npages(addr, wanted));
	if (!fb)
		return NULL;

	list_move(&fb->link, &rdev->fbs);
	rcar_du_mdev_fb_get(fb);
	fb->users++;

	return fb;
}

/* Returns @fb if it is good to use, or gives it back. */
static struct rcar_du_mdev_fb *
rcar_du_mdev_fb_settle(struct rcar_du_mdev_device *rdev,
		       struct rcar_du_mdev_fb *fb, int ret, u32 *error)
{
	guard(mutex)(&rdev->fb_mutex);

	if (ret) {
		atomic64_inc(&rdev->stats.pin_errors);
		rcar_du_mdev_fb_kill_locked(rdev, fb);
	} else if (fb->dead) {
		/* Unmapped while it was being pinned. */
		ret = -EFAULT;
	}

	*error = rcar_du_mdev_fb_error(ret);
	if (!ret)
		return fb;

	rcar_du_mdev_fb_unuse_locked(rdev, fb);

	return NULL;
}

/* VFIO logs each attempt beyond RLIMIT_MEMLOCK: don't let a guest flood it. */
static int rcar_du_mdev_fb_try_pin(struct rcar_du_mdev_device *rdev,
				   struct rcar_du_mdev_fb *fb)
{
	int ret;

	if (rdev->pin_failed && time_before(jiffies, rdev->pin_retry))
		return -ENOMEM;

	ret = rcar_du_mdev_fb_pin(rdev, fb);
	rdev->pin_failed = ret == -ENOMEM;
	rdev->pin_retry = jiffies + RCAR_DU_MDEV_PIN_RETRY;

	return ret;
}

/**
 * rcar_du_mdev_fb_use - Find or make the framebuffer of an address range
 * @rdev: the device
 * @addr: guest address of the first byte
 * @size: number of bytes that are shown, not 0
 * @wanted: number of bytes that importers want to find, at least @size; it is
 *	@size if the rest is outside guest memory
 * @error: RCAR_VDU_ERROR_* on failure
 *
 * Context: the device's workqueue, no locks held. Sleeps.
 * Return: the framebuffer, with a reference and a use that
 * rcar_du_mdev_fb_unuse_locked() gives back, or NULL.
 */
struct rcar_du_mdev_fb *rcar_du_mdev_fb_use(struct rcar_du_mdev_device *rdev,
					    u64 addr, u64 size, u64 wanted,
					    u32 *error)
{
	struct rcar_du_mdev_fb *fb;
	bool found;
	int ret;

	*error = RCAR_VDU_ERROR_INTERNAL;
	fb = rcar_du_mdev_fb_lookup(rdev, addr, size, wanted, &found);
	if (!fb)
		return NULL;

	if (found) {
		atomic64_inc(&rdev->stats.cache_hits);
		return rcar_du_mdev_fb_settle(rdev, fb, 0, error);
	}

	ret = rcar_du_mdev_fb_try_pin(rdev, fb);
	fb = rcar_du_mdev_fb_settle(rdev, fb, ret, error);
	if (!fb && *error == RCAR_VDU_ERROR_ADDRESS &&
	    rcar_du_mdev_fb_npages(addr, size) <
	    rcar_du_mdev_fb_npages(addr, wanted))
		return rcar_du_mdev_fb_use(rdev, addr, size, size, error);

	return fb;
}

/**
 * rcar_du_mdev_fb_unuse_locked - Give back what rcar_du_mdev_fb_use() gave
 * @rdev: the device
 * @fb: the framebuffer, or NULL
 *
 * The caller holds the device's fb_mutex.
 */
void rcar_du_mdev_fb_unuse_locked(struct rcar_du_mdev_device *rdev,
				  struct rcar_du_mdev_fb *fb)
{
	lockdep_assert_held(&rdev->fb_mutex);

	if (!fb)
		return;

	fb->users--;
	rcar_du_mdev_fb_put(fb);
}

/**
 * rcar_du_mdev_fb_kill_locked - Take a framebuffer out of the cache
 * @rdev: the device
 * @fb: the framebuffer
 *
 * It can't be found any more, no dma-buf id names it, and the workqueue will
 * revoke its dma-buf and unpin it. The caller holds the device's fb_mutex.
 */
void rcar_du_mdev_fb_kill_locked(struct rcar_du_mdev_device *rdev,
				 struct rcar_du_mdev_fb *fb)
{
	unsigned int i;

	lockdep_assert_held(&rdev->fb_mutex);

	if (fb->dead)
		return;

	WRITE_ONCE(fb->dead, true);
	list_move_tail(&fb->link, &rdev->fb_dead);

	for (i = 0; i < ARRAY_SIZE(rdev->ids); i++) {
		struct rcar_du_mdev_id *id = &rdev->ids[i];

		if (id->fb != fb)
			continue;

		rcar_du_mdev_fb_put(id->fb);
		memset(id, 0, sizeof(*id));
	}

	queue_work(rdev->wq, &rdev->unpin_work);
}

/**
 * rcar_du_mdev_fb_trim_locked - Keep the cache within its bounds
 * @rdev: the device
 *
 * The caller holds the device's fb_mutex.
 */
void rcar_du_mdev_fb_trim_locked(struct rcar_du_mdev_device *rdev)
{
	struct rcar_du_mdev_fb *fb, *tmp;
	unsigned int total = 0;
	unsigned int idle = 0;

	lockdep_assert_held(&rdev->fb_mutex);

	list_for_each_entry_safe(fb, tmp, &rdev->fbs, link) {
		total++;

		if (fb->users)
			continue;

		if (!rcar_du_mdev_dmabuf_exported(fb))
			idle++;

		if (idle > RCAR_DU_MDEV_FB_IDLE_MAX ||
		    total > RCAR_DU_MDEV_FB_MAX)
			rcar_du_mdev_fb_kill_locked(rdev, fb);
	}
}

/* -----------------------------------------------------------------------------
 * VFIO unmaps guest memory
 */

static bool rcar_du_mdev_fb_overlaps(const struct rcar_du_mdev_fb *fb,
				     u64 first, u64 last)
{
	return fb->iova <= last &&
	       fb->iova + rcar_du_mdev_fb_size(fb) - 1 >= first;
}

/* Returns a framebuffer in the range that is still pinned, referenced. */
static struct rcar_du_mdev_fb *
rcar_du_mdev_fb_kill_range(struct rcar_du_mdev_device *rdev, u64 first,
			   u64 last)
{
	struct rcar_du_mdev_fb *fb, *tmp;

	guard(mutex)(&rdev->fb_mutex);

	list_for_each_entry_safe(fb, tmp, &rdev->fbs, link) {
		if (rcar_du_mdev_fb_overlaps(fb, first, last)) {
			rcar_du_mdev_fb_kill_locked(rdev, fb);
			rcar_du_mdev_gfx_lost_locked(rdev, fb);
		}
	}

	list_for_each_entry(fb, &rdev->fb_dead, link) {
		if (rcar_du_mdev_fb_overlaps(fb, first, last)) {
			rcar_du_mdev_fb_get(fb);
			return fb;
		}
	}

	return NULL;
}

/**
 * rcar_du_mdev_fb_dma_unmap - Guest memory goes away
 * @vdev: the VFIO device
 * @iova: guest address
 * @length: bytes; the whole address space is (0, ULONG_MAX)
 *
 * Revokes and unpins what lies in the range before it returns.
 *
 * type1 holds its device_list_lock here. Threads that unmap at the same time
 * take that lock while they hold iommu->lock, which vfio_unpin_pages() needs:
 * unpinning in this thread, or waiting without an end for the one that does,
 * can deadlock. So wait for a bounded time only. type1 and iommufd call again
 * while they find pins, after they dropped their locks for a moment. All
 * chunks wait for that moment together, in front of whoever calls again: type1
 * gives up with BUG() after it has called ten times. Once they wait there is
 * nothing to be gained by staying.
 */
void rcar_du_mdev_fb_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct rcar_du_mdev_device *rdev = to_rcar_du_mdev(vdev);
	struct rcar_du_mdev_fb *fb;
	unsigned long left;
	u64 last;

	if (!length)
		return;
	if (check_add_overflow(iova, length - 1, &last))
		last = U64_MAX;

	while ((fb = rcar_du_mdev_fb_kill_range(rdev, iova, last))) {
		left = wait_for_completion_timeout(&fb->started,
						   RCAR_DU_MDEV_REVOKE_TIMEOUT);
		if (left)
			left = wait_for_completion_timeout(&fb->unpinned,
							   RCAR_DU_MDEV_UNPIN_TIMEOUT);
		rcar_du_mdev_fb_put(fb);
		if (!left)
			return;
	}
}
