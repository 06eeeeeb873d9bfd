// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: guest framebuffers
 *
 * Keeps the pages of a guest framebuffer pinned while the framebuffer is shown,
 * exported or recently used, so that a guest that flips between a few buffers
 * costs one lookup for each flip.
 */

#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "rcar_du_mdev.h"
#include "rcar_du_mdev_dmabuf.h"
#include "rcar_du_mdev_fb.h"

/*
 * How long dma_unmap() waits for importers, and then for the locks of VFIO while
 * nothing goes on there.
 */
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

/**
 * rcar_du_mdev_fb_vmap - Map a framebuffer for the kernel to read
 * @fb: the framebuffer, which the caller has a reference of
 *
 * The pages are not given back before rcar_du_mdev_fb_vunmap(), whatever
 * happens to the guest's memory.
 *
 * Context: sleeps.
 * Return: its address, or NULL if it is revoked or there is no memory.
 */
void *rcar_du_mdev_fb_vmap(struct rcar_du_mdev_fb *fb)
{
	void *vaddr;

	guard(mutex)(&fb->mutex);

	if (fb->revoked || !fb->pages)
		return NULL;

	vaddr = vmap(fb->pages, fb->npages, VM_MAP, PAGE_KERNEL_RO);
	if (vaddr)
		fb->mappings++;

	return vaddr;
}

/**
 * rcar_du_mdev_fb_vunmap - Undo rcar_du_mdev_fb_vmap()
 * @fb: the framebuffer
 * @vaddr: what it returned
 *
 * Context: sleeps.
 */
void rcar_du_mdev_fb_vunmap(struct rcar_du_mdev_fb *fb, void *vaddr)
{
	guard(mutex)(&fb->mutex);

	vunmap(vaddr);
	fb->mappings--;
	rcar_du_mdev_fb_put_pages_locked(fb);
}

/**
 * rcar_du_mdev_fb_insert_locked - Put pages into the page table of a client
 * @fb: the framebuffer
 * @vmf: the fault
 * @pgoff: the page of @fb that is wanted, within it
 *
 * A client reads the whole picture: all pages from @pgoff on that the mapping
 * has room for save it the other faults. The caller holds @fb's mutex and has
 * seen to it that @fb is not revoked: whoever takes the pages away does so after
 * it took the mutex, and so misses none.
 *
 * Return: VM_FAULT_NOPAGE if the page that is wanted is there, or the error.
 */
vm_fault_t rcar_du_mdev_fb_insert_locked(struct rcar_du_mdev_fb *fb,
					 struct vm_fault *vmf, pgoff_t pgoff)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long addr = vmf->address;
	vm_fault_t ret;

	lockdep_assert_held(&fb->mutex);

	ret = vmf_insert_pfn(vma, addr, page_to_pfn(fb->pages[pgoff]));

	while (ret == VM_FAULT_NOPAGE) {
		addr += PAGE_SIZE;
		pgoff++;
		if (addr >= vma->vm_end || pgoff >= fb->npages)
			break;

		if (vmf_insert_pfn(vma, addr, page_to_pfn(fb->pages[pgoff])) !=
		    VM_FAULT_NOPAGE)
			break;
	}

	return ret;
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

	fb->chunks = kvcalloc(rcar_du_mdev_fb_num_chunks(npages),
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
	fb->id = rcar_du_mdev_id_new_locked(rdev);
	fb->iova = iova;
	fb->npages = npages;
	fb->pinning = true;

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

	fb->pinning = false;
	if (ret) {
		atomic64_inc(&rdev->stats.pin_errors);
		rcar_du_mdev_fb_kill_locked(rdev, fb);
	} else if (fb->dead) {
		/* Unmapped while it was being pinned. */
		ret = -EFAULT;
	}
	if (fb->dead)
		queue_work(rdev->unpin_wq, &rdev->unpin_work);

	*error = rcar_du_mdev_fb_error(ret);
	if (!ret)
		return fb;

	rcar_du_mdev_fb_unuse_locked(rdev, fb);

	return NULL;
}

static bool rcar_du_mdev_fb_overlaps(const struct rcar_du_mdev_fb *fb,
				     u64 first, u64 last)
{
	return fb->iova <= last &&
	       fb->iova + rcar_du_mdev_fb_size(fb) - 1 >= first;
}

/* Whether VFIO may still be looking for pins there. */
static bool rcar_du_mdev_fb_unmapping(struct rcar_du_mdev_device *rdev,
				      const struct rcar_du_mdev_fb *fb)
{
	guard(mutex)(&rdev->fb_mutex);

	return time_before64(get_jiffies_64(), rdev->unmap.until) &&
	       rcar_du_mdev_fb_overlaps(fb, rdev->unmap.first,
					rdev->unmap.last);
}

/*
 * VFIO logs each attempt beyond RLIMIT_MEMLOCK: don't let a guest flood it. And
 * don't pin again what is just being unmapped, until type1 loses its patience:
 * see rcar_du_mdev_fb_dma_unmap().
 */
static int rcar_du_mdev_fb_try_pin(struct rcar_du_mdev_device *rdev,
				   struct rcar_du_mdev_fb *fb)
{
	int ret;

	if (rdev->pin_failed && time_before(jiffies, rdev->pin_retry))
		return -ENOMEM;
	if (rcar_du_mdev_fb_unmapping(rdev, fb))
		return -EFAULT;

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

	queue_work(rdev->unpin_wq, &rdev->unpin_work);
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

/*
 * Nothing in the range is pinned for a while: VFIO looks for pins only after
 * dma_unmap() has returned, and type1 waits for its locks before it does.
 */
static void rcar_du_mdev_fb_hold_off_locked(struct rcar_du_mdev_device *rdev,
					    u64 first, u64 last)
{
	u64 now = get_jiffies_64();

	lockdep_assert_held(&rdev->fb_mutex);

	if (time_before64(now, rdev->unmap.until)) {
		first = min(first, rdev->unmap.first);
		last = max(last, rdev->unmap.last);
	}
	rdev->unmap.first = first;
	rdev->unmap.last = last;
	rdev->unmap.until = now + RCAR_DU_MDEV_UNMAP_RETRY;
}

/* Takes what lies in the range out of the cache. */
static void rcar_du_mdev_fb_kill_range(struct rcar_du_mdev_device *rdev,
				       u64 first, u64 last)
{
	struct rcar_du_mdev_fb *fb, *tmp;

	guard(mutex)(&rdev->fb_mutex);

	list_for_each_entry_safe(fb, tmp, &rdev->fbs, link) {
		if (!rcar_du_mdev_fb_overlaps(fb, first, last))
			continue;

		rcar_du_mdev_fb_kill_locked(rdev, fb);
		rcar_du_mdev_gfx_lost_locked(rdev, fb);
		rcar_du_mdev_fb_hold_off_locked(rdev, first, last);
	}
}

/* Returns a framebuffer in the range that is not unpinned yet, referenced. */
static struct rcar_du_mdev_fb *
rcar_du_mdev_fb_find_dead(struct rcar_du_mdev_device *rdev, u64 first, u64 last,
			  bool *pinning)
{
	struct rcar_du_mdev_fb *fb;

	guard(mutex)(&rdev->fb_mutex);

	list_for_each_entry(fb, &rdev->fb_dead, link) {
		if (rcar_du_mdev_fb_overlaps(fb, first, last)) {
			*pinning = fb->pinning;
			rcar_du_mdev_fb_get(fb);
			return fb;
		}
	}

	return NULL;
}

/* Waits while chunks go back to VFIO, and returns whether all have gone. */
static bool rcar_du_mdev_fb_wait_unpinned(struct rcar_du_mdev_fb *fb)
{
	int before;

	do {
		before = atomic_read(&fb->chunks_pinned);
		if (wait_for_completion_timeout(&fb->unpinned,
						RCAR_DU_MDEV_UNPIN_TIMEOUT))
			return true;
	} while (atomic_read(&fb->chunks_pinned) < before);

	return false;
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
 * take that lock while they hold iommu->lock, which vfio_pin_pages() and
 * vfio_unpin_pages() need: unpinning in this thread, or waiting without an end
 * for one that pins or unpins, can deadlock. So wait while something goes on, and
 * a bounded time only if nothing does. type1 and iommufd call again while they
 * find pins, after they dropped their locks for a moment. All chunks wait for
 * that moment together, in front of whoever calls again: type1 gives up with
 * BUG() after it has called ten times.
 */
void rcar_du_mdev_fb_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct rcar_du_mdev_device *rdev = to_rcar_du_mdev(vdev);
	struct rcar_du_mdev_fb *fb;
	bool unpinned = true;
	bool pinning;
	u64 last;

	if (!length)
		return;
	if (check_add_overflow(iova, length - 1, &last))
		last = U64_MAX;

	rcar_du_mdev_fb_kill_range(rdev, iova, last);

	while (unpinned &&
	       (fb = rcar_du_mdev_fb_find_dead(rdev, iova, last, &pinning))) {
		if (!pinning)
			wait_for_completion_timeout(&fb->started,
						    RCAR_DU_MDEV_REVOKE_TIMEOUT);
		unpinned = rcar_du_mdev_fb_wait_unpinned(fb);
		rcar_du_mdev_fb_put(fb);
		scoped_guard(mutex, &rdev->fb_mutex)
			rcar_du_mdev_fb_hold_off_locked(rdev, iova, last);
	}
}
