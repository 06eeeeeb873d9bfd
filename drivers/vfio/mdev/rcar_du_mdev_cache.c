// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: cache of guest framebuffers
 *
 * Keeps the pages of a guest framebuffer pinned while the framebuffer is shown,
 * exported or recently used, so that a guest that flips between a few buffers
 * costs one lookup for each flip.
 */

#include <linux/dma-buf.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/vfio.h>

#include "rcar_du_mdev_cache.h"
#include "rcar_du_mdev_dmabuf.h"
#include "rcar_du_mdev_fb.h"
#include "rcar_du_mdev_pin.h"
#include "rcar_du_mdev_trace.h"

/* Framebuffers that are neither shown nor exported but stay pinned. */
#define RCAR_DU_MDEV_FB_IDLE_MAX	8
/* All framebuffers of a device, whatever clients keep open. */
#define RCAR_DU_MDEV_FB_MAX		40

/*
 * How many threads give a device's pages back to type1, each waiting for its lock with
 * 512 of them. The largest framebuffer has 16 such chunks, and those that have to wait
 * for a thread are not in front of whoever unmaps.
 */
#define RCAR_DU_MDEV_UNPIN_THREADS	512

/* How often a plane that could not be pinned is tried again by itself. */
#define RCAR_DU_MDEV_PIN_RETRY		HZ

/* -----------------------------------------------------------------------------
 * Lookup
 */

static struct rcar_du_mdev_fb *
rcar_du_mdev_cache_find_any_id_locked(struct rcar_du_mdev_cache *cache, u32 id)
{
	struct rcar_du_mdev_fb *fb;

	rcar_du_mdev_cache_assert_held(cache);

	list_for_each_entry(fb, &cache->fbs, link) {
		if (fb->id == id)
			return fb;
	}

	return NULL;
}

/**
 * rcar_du_mdev_cache_find_id_locked - Find a framebuffer by its id
 * @cache: the cache, whose mutex the caller holds
 * @id: the id
 *
 * Nobody has been told the id of one that is not pinned yet.
 *
 * Return: the framebuffer, without a reference, or NULL.
 */
struct rcar_du_mdev_fb *
rcar_du_mdev_cache_find_id_locked(struct rcar_du_mdev_cache *cache, u32 id)
{
	struct rcar_du_mdev_fb *fb =
		rcar_du_mdev_cache_find_any_id_locked(cache, id);

	return fb && rcar_du_mdev_fb_state(fb) == RCAR_DU_MDEV_FB_PINNED ?
	       fb : NULL;
}

/**
 * rcar_du_mdev_cache_new_id_locked - Get an id that names nothing
 * @cache: the cache, whose mutex the caller holds
 *
 * Return: the id, not 0.
 */
u32 rcar_du_mdev_cache_new_id_locked(struct rcar_du_mdev_cache *cache)
{
	rcar_du_mdev_cache_assert_held(cache);

	do {
		cache->last_id++;
	} while (!cache->last_id ||
		 rcar_du_mdev_cache_find_any_id_locked(cache, cache->last_id) ||
		 cache->ops->named(cache, cache->last_id));

	return cache->last_id;
}

static struct rcar_du_mdev_fb *
rcar_du_mdev_cache_create_locked(struct rcar_du_mdev_cache *cache, u64 iova,
				 unsigned long npages)
{
	struct rcar_du_mdev_fb *fb;

	rcar_du_mdev_cache_assert_held(cache);

	fb = rcar_du_mdev_fb_create(rcar_du_mdev_cache_new_id_locked(cache),
				    iova, npages);
	if (!fb)
		return NULL;

	if (rcar_du_mdev_pin_prepare(fb)) {
		rcar_du_mdev_fb_put(fb);
		return NULL;
	}

	/* The first reference is the cache's. */
	list_add(&fb->link, &cache->fbs);

	return fb;
}

static struct rcar_du_mdev_fb *
rcar_du_mdev_cache_find_locked(struct rcar_du_mdev_cache *cache, u64 iova,
			       unsigned long npages)
{
	struct rcar_du_mdev_fb *fb;

	rcar_du_mdev_cache_assert_held(cache);

	list_for_each_entry(fb, &cache->fbs, link) {
		if (fb->iova == iova && fb->npages == npages)
			return fb;
	}

	return NULL;
}

static unsigned long rcar_du_mdev_cache_npages(u64 addr, u64 size)
{
	return PFN_UP(offset_in_page(addr) + size);
}

/* Returns a framebuffer in use, and whether it was there already. */
static struct rcar_du_mdev_fb *
rcar_du_mdev_cache_lookup(struct rcar_du_mdev_cache *cache, u64 addr, u64 size,
			  u64 wanted, bool *found)
{
	unsigned long npages = rcar_du_mdev_cache_npages(addr, wanted);
	u64 iova = ALIGN_DOWN(addr, PAGE_SIZE);
	struct rcar_du_mdev_fb *fb;

	guard(rcar_du_mdev_cache)(cache);

	if (cache->closing)
		return NULL;

	fb = rcar_du_mdev_cache_find_locked(cache, iova, npages);
	if (!fb)
		fb = rcar_du_mdev_cache_find_locked(cache, iova,
						    rcar_du_mdev_cache_npages(addr, size));
	*found = fb;
	if (!fb)
		fb = rcar_du_mdev_cache_create_locked(cache, iova, npages);
	if (!fb)
		return NULL;

	list_move(&fb->link, &cache->fbs);
	rcar_du_mdev_fb_get(fb);
	fb->users++;

	return fb;
}

/* Takes a framebuffer out of the cache. */
static void rcar_du_mdev_cache_lose_locked(struct rcar_du_mdev_cache *cache,
					   struct rcar_du_mdev_fb *fb,
					   enum rcar_du_mdev_fb_state to)
{
	rcar_du_mdev_cache_assert_held(cache);

	rcar_du_mdev_fb_step(fb, to);
	list_move_tail(&fb->link, &cache->lost);
	rcar_du_mdev_budget_wake(&cache->budget);
	cache->ops->lost(cache, fb);
	queue_work(cache->pinner.wq, &cache->unpin_work);
}

/*
 * It can't be found any more, no dma-buf id names it, and unpin_work will take it
 * away, as soon as nobody pins it.
 */
static void rcar_du_mdev_cache_revoke_locked(struct rcar_du_mdev_cache *cache,
					     struct rcar_du_mdev_fb *fb)
{
	rcar_du_mdev_cache_assert_held(cache);

	if (rcar_du_mdev_fb_state(fb) == RCAR_DU_MDEV_FB_PINNING)
		rcar_du_mdev_cache_lose_locked(cache, fb,
					       RCAR_DU_MDEV_FB_CANCELLED);
	else if (!rcar_du_mdev_fb_lost(fb))
		rcar_du_mdev_cache_lose_locked(cache, fb,
					       RCAR_DU_MDEV_FB_REVOKED);
}

/* -----------------------------------------------------------------------------
 * Pinning
 */

/* Don't pin again what is just being unmapped: see rcar_du_mdev_unmap(). */
static int rcar_du_mdev_cache_begin_pin(struct rcar_du_mdev_cache *cache,
					struct rcar_du_mdev_fb *fb)
{
	guard(rcar_du_mdev_cache)(cache);

	if (rcar_du_mdev_fb_state(fb) != RCAR_DU_MDEV_FB_NEW)
		return -EFAULT;

	if (rcar_du_mdev_window_overlaps(&cache->unmap, fb->iova,
					 rcar_du_mdev_fb_last(fb)))
		return -EFAULT;

	rcar_du_mdev_fb_step(fb, RCAR_DU_MDEV_FB_PINNING);

	return 0;
}

static int rcar_du_mdev_cache_pin(struct rcar_du_mdev_cache *cache,
				  struct rcar_du_mdev_fb *fb)
{
	u64 start = ktime_get_ns();
	struct mem_cgroup *memcg;
	int ret;

	memcg = rcar_du_mdev_budget_enter(&cache->budget);
	ret = rcar_du_mdev_pin(&cache->pinner, fb, cache->writable);
	rcar_du_mdev_budget_leave(memcg);
	if (ret)
		return ret;

	atomic64_inc(&cache->stats.pins);
	atomic64_add(ktime_get_ns() - start, &cache->stats.pin_ns);
	atomic64_add(rcar_du_mdev_fb_size(fb), &cache->stats.bytes_pinned);
	atomic64_add(fb->sgt_entries, &cache->stats.sgt_entries);
	trace_rcar_du_mdev_pin(cache->pinner.vdev->dev, fb->iova, fb->npages,
			       fb->sgt_entries);

	return 0;
}

static int rcar_du_mdev_cache_try_pin(struct rcar_du_mdev_cache *cache,
				      struct rcar_du_mdev_fb *fb)
{
	int ret;

	ret = rcar_du_mdev_budget_wait(&cache->budget, fb);
	if (ret)
		return ret;

	ret = rcar_du_mdev_cache_begin_pin(cache, fb);
	if (ret)
		return ret;

	ret = rcar_du_mdev_cache_pin(cache, fb);
	rcar_du_mdev_budget_charge(&cache->budget, fb, ret);

	return ret;
}

/* Pinning has ended with @ret, or was not begun. */
static void rcar_du_mdev_cache_end_pin_locked(struct rcar_du_mdev_cache *cache,
					      struct rcar_du_mdev_fb *fb, int ret)
{
	rcar_du_mdev_cache_assert_held(cache);

	if (ret)
		atomic64_inc(&cache->stats.pin_errors);

	if (rcar_du_mdev_fb_state(fb) == RCAR_DU_MDEV_FB_CANCELLED) {
		/* Unmapped while it was being pinned. */
		rcar_du_mdev_fb_step(fb, RCAR_DU_MDEV_FB_REVOKED);
		queue_work(cache->pinner.wq, &cache->unpin_work);
	} else if (!ret) {
		rcar_du_mdev_fb_step(fb, RCAR_DU_MDEV_FB_PINNED);
	} else if (!rcar_du_mdev_fb_lost(fb)) {
		rcar_du_mdev_cache_lose_locked(cache, fb,
					       RCAR_DU_MDEV_FB_REVOKED);
	}
}

/* Gives @fb back if it is not good to use. */
static int rcar_du_mdev_cache_settle(struct rcar_du_mdev_cache *cache,
				     struct rcar_du_mdev_fb *fb, bool found,
				     int ret)
{
	guard(rcar_du_mdev_cache)(cache);

	if (!found)
		rcar_du_mdev_cache_end_pin_locked(cache, fb, ret);
	if (!ret && rcar_du_mdev_fb_lost(fb))
		ret = -EFAULT;
	if (ret)
		rcar_du_mdev_cache_unuse_locked(cache, fb);

	return ret;
}

static struct rcar_du_mdev_fb *
rcar_du_mdev_cache_use_range(struct rcar_du_mdev_cache *cache, u64 addr,
			     u64 size, u64 wanted)
{
	struct rcar_du_mdev_fb *fb;
	bool found;
	int ret = 0;

	fb = rcar_du_mdev_cache_lookup(cache, addr, size, wanted, &found);
	if (!fb)
		return ERR_PTR(-ENOBUFS);

	if (found)
		atomic64_inc(&cache->stats.cache_hits);
	else
		ret = rcar_du_mdev_cache_try_pin(cache, fb);

	ret = rcar_du_mdev_cache_settle(cache, fb, found, ret);

	return ret ? ERR_PTR(ret) : fb;
}

/**
 * rcar_du_mdev_cache_use - Find or make the framebuffer of an address range
 * @cache: the cache
 * @addr: guest address of the first byte
 * @size: number of bytes that are shown, not 0
 * @wanted: number of bytes that importers want to find, at least @size; if they are
 *	not all guest memory the framebuffer has @size bytes
 *
 * Context: one thread at a time, no locks held. Sleeps.
 * Return: the framebuffer, with a reference and a use that
 * rcar_du_mdev_cache_unuse_locked() gives back, or an ERR_PTR: -ENOBUFS if the device
 * is closing or there is no memory for the structure, -ENOMEM at the limit of pinned
 * memory, and any other error if there is no guest memory.
 */
struct rcar_du_mdev_fb *
rcar_du_mdev_cache_use(struct rcar_du_mdev_cache *cache, u64 addr, u64 size,
		       u64 wanted)
{
	struct rcar_du_mdev_fb *fb;

	fb = rcar_du_mdev_cache_use_range(cache, addr, size, wanted);
	if (IS_ERR(fb) && fb != ERR_PTR(-ENOBUFS) && fb != ERR_PTR(-ENOMEM) &&
	    rcar_du_mdev_cache_npages(addr, size) <
	    rcar_du_mdev_cache_npages(addr, wanted))
		fb = rcar_du_mdev_cache_use_range(cache, addr, size, size);

	return fb;
}

/**
 * rcar_du_mdev_cache_unuse_locked - Give back what rcar_du_mdev_cache_use() gave
 * @cache: the cache, whose mutex the caller holds
 * @fb: the framebuffer, or NULL
 */
void rcar_du_mdev_cache_unuse_locked(struct rcar_du_mdev_cache *cache,
				     struct rcar_du_mdev_fb *fb)
{
	rcar_du_mdev_cache_assert_held(cache);

	if (!fb)
		return;

	fb->users--;
	rcar_du_mdev_fb_put(fb);
}

/**
 * rcar_du_mdev_cache_trim_locked - Keep the cache within its bounds
 * @cache: the cache, whose mutex the caller holds
 */
void rcar_du_mdev_cache_trim_locked(struct rcar_du_mdev_cache *cache)
{
	struct rcar_du_mdev_fb *fb, *tmp;
	unsigned int kept = 0;
	unsigned int idle = 0;

	rcar_du_mdev_cache_assert_held(cache);

	list_for_each_entry_safe(fb, tmp, &cache->fbs, link) {
		if (fb->users ||
		    (kept < RCAR_DU_MDEV_FB_MAX &&
		     (rcar_du_mdev_dmabuf_exported(fb) ||
		      idle++ < RCAR_DU_MDEV_FB_IDLE_MAX)))
			kept++;
		else
			rcar_du_mdev_cache_revoke_locked(cache, fb);
	}
}

/**
 * rcar_du_mdev_cache_retry_delay_locked - When to try again what could not be pinned
 * @cache: the cache, whose mutex the caller holds
 *
 * Return: in how many jiffies.
 */
unsigned long
rcar_du_mdev_cache_retry_delay_locked(const struct rcar_du_mdev_cache *cache)
{
	rcar_du_mdev_cache_assert_held(cache);

	return rcar_du_mdev_window_open(&cache->unmap) ?
	       RCAR_DU_MDEV_UNMAP_RETRY : RCAR_DU_MDEV_PIN_RETRY;
}

/**
 * rcar_du_mdev_cache_export - Get the dma-buf of a framebuffer for user space
 * @cache: the cache
 * @fb: the framebuffer; the caller has a reference
 *
 * Return: the dma-buf with a reference, or an error of rcar_du_mdev_dmabuf_get().
 */
struct dma_buf *rcar_du_mdev_cache_export(struct rcar_du_mdev_cache *cache,
					  struct rcar_du_mdev_fb *fb)
{
	struct dma_buf *dmabuf;
	bool exported;

	dmabuf = rcar_du_mdev_dmabuf_get(fb, &exported);
	if (exported)
		atomic64_inc(&cache->stats.exports);

	return dmabuf;
}

/* -----------------------------------------------------------------------------
 * Unpinning
 */

/*
 * Returns a framebuffer that is to be taken away. It stays in the list until it is
 * unpinned, so that rcar_du_mdev_unmap() finds it. One that is being pinned is left
 * for later: whoever pins it queues the work again.
 */
static struct rcar_du_mdev_fb *
rcar_du_mdev_cache_next_revoked(struct rcar_du_mdev_cache *cache)
{
	struct rcar_du_mdev_fb *fb;

	guard(rcar_du_mdev_cache)(cache);

	list_for_each_entry(fb, &cache->lost, link) {
		if (rcar_du_mdev_fb_state(fb) == RCAR_DU_MDEV_FB_REVOKED)
			return fb;
	}

	return NULL;
}

static void rcar_du_mdev_cache_take_away(struct rcar_du_mdev_cache *cache,
					 struct rcar_du_mdev_fb *fb)
{
	struct rcar_du_mdev_cache_stats *stats = &cache->stats;
	struct dma_buf *dmabuf;
	bool pinned;

	/* From here on nobody begins to use it. */
	scoped_guard(mutex, &fb->mutex) {
		rcar_du_mdev_fb_step(fb, RCAR_DU_MDEV_FB_UNPINNING);
		pinned = fb->pages;
		dmabuf = fb->dmabuf;
		if (dmabuf)
			get_dma_buf(dmabuf);
	}

	rcar_du_mdev_dmabuf_revoke(fb);
	cache->ops->gone(cache, dmabuf);
	if (dmabuf)
		dma_buf_put(dmabuf);

	if (pinned) {
		atomic64_inc(&stats->revocations);
		atomic64_sub(rcar_du_mdev_fb_size(fb), &stats->bytes_pinned);
		atomic64_sub(fb->sgt_entries, &stats->sgt_entries);
		trace_rcar_du_mdev_revoke(cache->pinner.vdev->dev, fb->iova,
					  fb->npages);
	}

	/* Takes over the cache's reference. */
	rcar_du_mdev_unpin(&cache->pinner, fb);
}

/* The only place that takes framebuffers away, one at a time. */
static void rcar_du_mdev_cache_unpin_work(struct work_struct *work)
{
	struct rcar_du_mdev_cache *cache =
		container_of(work, struct rcar_du_mdev_cache, unpin_work);
	struct rcar_du_mdev_fb *fb;

	while ((fb = rcar_du_mdev_cache_next_revoked(cache)))
		rcar_du_mdev_cache_take_away(cache, fb);
}

static void rcar_du_mdev_cache_unpinned(struct rcar_du_mdev_pinner *pinner,
					struct rcar_du_mdev_fb *fb)
{
	struct rcar_du_mdev_cache *cache =
		container_of(pinner, struct rcar_du_mdev_cache, pinner);

	scoped_guard(mutex, &fb->mutex)
		rcar_du_mdev_fb_step(fb, RCAR_DU_MDEV_FB_GONE);

	guard(rcar_du_mdev_cache)(cache);

	list_del_init(&fb->link);
}

static const struct rcar_du_mdev_pinner_ops rcar_du_mdev_cache_pinner_ops = {
	.unpinned = rcar_du_mdev_cache_unpinned,
};

/* -----------------------------------------------------------------------------
 * VFIO unmaps guest memory
 */

/**
 * rcar_du_mdev_cache_hold_off - Pin nothing in a range for a while
 * @cache: the cache
 * @first: guest address of the first byte
 * @last: and of the last one
 */
void rcar_du_mdev_cache_hold_off(struct rcar_du_mdev_cache *cache, u64 first,
				 u64 last)
{
	guard(rcar_du_mdev_cache)(cache);

	rcar_du_mdev_window_add(&cache->unmap, first, last);
}

/**
 * rcar_du_mdev_cache_revoke_range - Take what lies in a range out of the cache
 * @cache: the cache
 * @first: guest address of the first byte
 * @last: and of the last one
 *
 * If there was something, nothing is pinned there for a while.
 */
void rcar_du_mdev_cache_revoke_range(struct rcar_du_mdev_cache *cache,
				     u64 first, u64 last)
{
	struct rcar_du_mdev_fb *fb, *tmp;

	guard(rcar_du_mdev_cache)(cache);

	rcar_du_mdev_memlock_unmapped(&cache->budget.memlock);

	list_for_each_entry_safe(fb, tmp, &cache->fbs, link) {
		if (!rcar_du_mdev_fb_overlaps(fb, first, last))
			continue;

		rcar_du_mdev_cache_revoke_locked(cache, fb);
		rcar_du_mdev_window_add(&cache->unmap, first, last);
	}
}

/**
 * rcar_du_mdev_cache_find_lost - Find what VFIO does not have back yet
 * @cache: the cache
 * @first: guest address of the first byte
 * @last: and of the last one
 * @pinning: returns whether it is still being pinned
 *
 * Return: a framebuffer in the range that is on its way out, with a reference, or
 * NULL.
 */
struct rcar_du_mdev_fb *
rcar_du_mdev_cache_find_lost(struct rcar_du_mdev_cache *cache, u64 first,
			     u64 last, bool *pinning)
{
	struct rcar_du_mdev_fb *fb;

	guard(rcar_du_mdev_cache)(cache);

	list_for_each_entry(fb, &cache->lost, link) {
		if (rcar_du_mdev_fb_overlaps(fb, first, last)) {
			*pinning = rcar_du_mdev_fb_state(fb) ==
				   RCAR_DU_MDEV_FB_CANCELLED;
			rcar_du_mdev_fb_get(fb);
			return fb;
		}
	}

	return NULL;
}

/* -----------------------------------------------------------------------------
 * Initialization and reset
 */

/**
 * rcar_du_mdev_cache_open - The device is used from now on
 * @cache: the cache, empty
 * @writable: dma-bufs can be written
 */
void rcar_du_mdev_cache_open(struct rcar_du_mdev_cache *cache, bool writable)
{
	guard(rcar_du_mdev_cache)(cache);

	cache->writable = writable;
	cache->last_id = 0;
	cache->unmap.until = 0;
	/* Nothing is shown yet, and so nobody pins. */
	rcar_du_mdev_memlock_open(&cache->budget.memlock);
}

/**
 * rcar_du_mdev_cache_close_locked - Take all framebuffers away
 * @cache: the cache
 *
 * None can be found or made until rcar_du_mdev_cache_drain() has returned. The
 * caller holds the cache's mutex.
 */
void rcar_du_mdev_cache_close_locked(struct rcar_du_mdev_cache *cache)
{
	struct rcar_du_mdev_fb *fb, *tmp;

	rcar_du_mdev_cache_assert_held(cache);

	WRITE_ONCE(cache->closing, true);
	list_for_each_entry_safe(fb, tmp, &cache->fbs, link)
		rcar_du_mdev_cache_revoke_locked(cache, fb);
}

/**
 * rcar_du_mdev_cache_drain - Wait until VFIO has all pins back
 * @cache: the cache, closing, whose users have given all back
 *
 * Framebuffers can be made again on return. Sleeps.
 */
void rcar_du_mdev_cache_drain(struct rcar_du_mdev_cache *cache)
{
	flush_work(&cache->unpin_work);
	/* The chunks that it sent. */
	flush_workqueue(cache->pinner.wq);
	rcar_du_mdev_memlock_unmapped(&cache->budget.memlock);

	guard(rcar_du_mdev_cache)(cache);

	WRITE_ONCE(cache->closing, false);
}

/**
 * rcar_du_mdev_cache_close - Undo rcar_du_mdev_cache_open()
 * @cache: the cache, drained, that nobody uses any more
 */
void rcar_du_mdev_cache_close(struct rcar_du_mdev_cache *cache)
{
	rcar_du_mdev_memlock_close(&cache->budget.memlock);
}

/**
 * rcar_du_mdev_cache_init - Prepare the cache of a new device
 * @cache: the cache
 * @vdev: the VFIO device
 * @snoop: what has to be cleaned for it
 * @number: number of the device, for the workqueue's name
 * @ops: calls of the owner
 *
 * Return: 0 or -ENOMEM.
 */
int rcar_du_mdev_cache_init(struct rcar_du_mdev_cache *cache,
			    struct vfio_device *vdev,
			    struct rcar_du_mdev_snoop *snoop,
			    unsigned int number,
			    const struct rcar_du_mdev_cache_ops *ops)
{
	cache->pinner.wq = alloc_workqueue("rcar-du-mdev%u-unpin",
					   WQ_UNBOUND | WQ_SYSFS,
					   RCAR_DU_MDEV_UNPIN_THREADS, number);
	if (!cache->pinner.wq)
		return -ENOMEM;

	cache->ops = ops;
	rcar_du_mdev_budget_init(&cache->budget, vdev);
	cache->pinner.vdev = vdev;
	cache->pinner.snoop = snoop;
	cache->pinner.ops = &rcar_du_mdev_cache_pinner_ops;
	INIT_WORK(&cache->unpin_work, rcar_du_mdev_cache_unpin_work);
	mutex_init(&cache->mutex);
	INIT_LIST_HEAD(&cache->fbs);
	INIT_LIST_HEAD(&cache->lost);

	return 0;
}

/**
 * rcar_du_mdev_cache_fini - Undo rcar_du_mdev_cache_init()
 * @cache: the cache, empty
 */
void rcar_du_mdev_cache_fini(struct rcar_du_mdev_cache *cache)
{
	destroy_workqueue(cache->pinner.wq);
	mutex_destroy(&cache->mutex);
}
