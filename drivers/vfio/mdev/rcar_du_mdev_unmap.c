// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: VFIO unmaps guest memory
 */

#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/overflow.h>

#include "rcar_du_mdev_cache.h"
#include "rcar_du_mdev_fb.h"
#include "rcar_du_mdev_unmap.h"

/*
 * With type1: how long dma_unmap() waits for importers, and then for the locks of
 * VFIO, while nothing goes on there.
 */
#define RCAR_DU_MDEV_REVOKE_TIMEOUT	(10 * HZ)
#define RCAR_DU_MDEV_UNPIN_TIMEOUT	(HZ / 5)

/* Waits while chunks go back to VFIO, and returns whether all have gone. */
static bool rcar_du_mdev_unmap_wait(struct rcar_du_mdev_fb *fb)
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

/* Returns whether type1 has all pins of @fb back. */
static bool rcar_du_mdev_unmap_type1(struct rcar_du_mdev_fb *fb, bool pinning)
{
	if (!pinning)
		wait_for_completion_timeout(&fb->started,
					    RCAR_DU_MDEV_REVOKE_TIMEOUT);

	return rcar_du_mdev_unmap_wait(fb);
}

static bool rcar_du_mdev_unmap_iommufd(struct rcar_du_mdev_fb *fb)
{
	wait_for_completion(&fb->unpinned);

	return true;
}

/**
 * rcar_du_mdev_unmap - Guest memory goes away
 * @cache: the cache
 * @iova: guest address
 * @length: bytes; the whole address space is (0, ULONG_MAX)
 *
 * Revokes and unpins what lies in the range before it returns.
 *
 * iommufd holds none of its locks here, and when it detaches a device it calls once
 * and takes the memory away then: wait until all is done. What is waited for are the
 * workers: one that pins, which sees before the next 512 pages that it is for nothing,
 * and those that revoke and unpin, which wait for importers' reservation lock and a
 * second at most for the host's display, whatever fences others have attached.
 *
 * type1 holds its device_list_lock here. Threads that unmap at the same time
 * take that lock while they hold iommu->lock, which vfio_pin_pages() and
 * vfio_unpin_pages() need: unpinning in this thread, or waiting without an end
 * for one that pins or unpins, can deadlock. So wait while something goes on, and
 * a bounded time only if nothing does. type1 calls again while it
 * finds pins, after it dropped its locks for a moment. All chunks wait for
 * that moment together, in front of whoever calls again: type1 gives up with
 * BUG() after it has called ten times.
 */
void rcar_du_mdev_unmap(struct rcar_du_mdev_cache *cache, u64 iova, u64 length)
{
	bool iommufd = rcar_du_mdev_pinner_iommufd(&cache->pinner);
	struct rcar_du_mdev_fb *fb;
	bool unpinned = true;
	bool pinning;
	u64 last;

	if (!length)
		return;
	if (check_add_overflow(iova, length - 1, &last))
		last = U64_MAX;

	rcar_du_mdev_cache_revoke_range(cache, iova, last);

	while (unpinned &&
	       (fb = rcar_du_mdev_cache_find_lost(cache, iova, last, &pinning))) {
		unpinned = iommufd ? rcar_du_mdev_unmap_iommufd(fb) :
				     rcar_du_mdev_unmap_type1(fb, pinning);
		rcar_du_mdev_fb_put(fb);
		rcar_du_mdev_cache_hold_off(cache, iova, last);
	}
}
