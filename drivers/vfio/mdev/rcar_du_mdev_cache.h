/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: cache of guest framebuffers
 */

#ifndef __RCAR_DU_MDEV_CACHE_H__
#define __RCAR_DU_MDEV_CACHE_H__

#include <linux/atomic.h>
#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "rcar_du_mdev_budget.h"
#include "rcar_du_mdev_pin.h"
#include "rcar_du_mdev_window.h"

struct dma_buf;
struct rcar_du_mdev_cache;
struct rcar_du_mdev_fb;
struct rcar_du_mdev_snoop;
struct vfio_device;

/**
 * struct rcar_du_mdev_cache_ops - What a cache tells its owner
 * @named: whether @id names something of the owner; called with the mutex held
 * @lost: @fb can't be found any more: it is to be shown no more, and no id is to name
 *	it; called with the mutex held
 * @gone: nobody may begin to use @fb, and all mappings of it are to go before the
 *	pages do; @dmabuf is its dma-buf, or NULL. No locks are held. May sleep
 */
struct rcar_du_mdev_cache_ops {
	bool (*named)(struct rcar_du_mdev_cache *cache, u32 id);
	void (*lost)(struct rcar_du_mdev_cache *cache,
		     struct rcar_du_mdev_fb *fb);
	void (*gone)(struct rcar_du_mdev_cache *cache,
		     struct dma_buf *dmabuf);
};

/**
 * struct rcar_du_mdev_cache_stats - Counters of a cache, for debugfs
 * @pins: framebuffers pinned
 * @pin_ns: time that this took, ns
 * @bytes_pinned: bytes pinned now
 * @sgt_entries: scatterlist entries of the framebuffers pinned now
 * @cache_hits: latched planes whose framebuffer was pinned already
 * @exports: dma-bufs made for VFIO_DEVICE_GET_GFX_DMABUF
 * @revocations: framebuffers taken away
 * @pin_errors: framebuffers that could not be pinned
 */
struct rcar_du_mdev_cache_stats {
	atomic64_t pins;
	atomic64_t pin_ns;
	atomic64_t bytes_pinned;
	atomic64_t sgt_entries;
	atomic64_t cache_hits;
	atomic64_t exports;
	atomic64_t revocations;
	atomic64_t pin_errors;
};

/**
 * struct rcar_du_mdev_cache - Framebuffers of a device
 *
 * Its mutex also protects what is shown of them, which has other owners:
 * guard(rcar_du_mdev_cache).
 */
struct rcar_du_mdev_cache {
	/** @ops: calls of the owner */
	const struct rcar_du_mdev_cache_ops *ops;
	/** @pinner: pages to and from VFIO */
	struct rcar_du_mdev_pinner pinner;
	/** @unpin_work: takes away the framebuffers of @lost */
	struct work_struct unpin_work;
	/** @writable: dma-bufs can be written; constant while the device is open */
	bool writable;
	/** @budget: what may be pinned, and when */
	struct rcar_du_mdev_budget budget;
	/** @stats: counters */
	struct rcar_du_mdev_cache_stats stats;

	/** @mutex: protects what follows */
	struct mutex mutex;
	/** @fbs: framebuffers that can be found, most recently used first */
	struct list_head fbs;
	/** @lost: framebuffers on their way out, until VFIO has its pins back */
	struct list_head lost;
	/** @last_id: the id given out last */
	u32 last_id;
	/** @closing: the device is being closed or reset, nothing may be pinned */
	bool closing;
	/** @unmap: what VFIO may be unmapping; nothing is pinned there */
	struct rcar_du_mdev_window unmap;
};

/* guard(rcar_du_mdev_cache)(cache) holds the mutex. */
DEFINE_GUARD(rcar_du_mdev_cache, struct rcar_du_mdev_cache *,
	     mutex_lock(&_T->mutex), mutex_unlock(&_T->mutex))

static inline void
rcar_du_mdev_cache_assert_held(const struct rcar_du_mdev_cache *cache)
{
	lockdep_assert_held(&cache->mutex);
}

/* Whether all framebuffers are being taken away; without the mutex it may be old. */
static inline bool
rcar_du_mdev_cache_closing(const struct rcar_du_mdev_cache *cache)
{
	return READ_ONCE(cache->closing);
}

/* Runs work that may take long. */
static inline void rcar_du_mdev_cache_queue(struct rcar_du_mdev_cache *cache,
					    struct work_struct *work)
{
	queue_work(cache->pinner.wq, work);
}

int rcar_du_mdev_cache_init(struct rcar_du_mdev_cache *cache,
			    struct vfio_device *vdev,
			    struct rcar_du_mdev_snoop *snoop,
			    unsigned int number,
			    const struct rcar_du_mdev_cache_ops *ops);
void rcar_du_mdev_cache_fini(struct rcar_du_mdev_cache *cache);
void rcar_du_mdev_cache_open(struct rcar_du_mdev_cache *cache, bool writable);
void rcar_du_mdev_cache_close(struct rcar_du_mdev_cache *cache);

struct rcar_du_mdev_fb *
rcar_du_mdev_cache_use(struct rcar_du_mdev_cache *cache, u64 addr, u64 size,
		       u64 wanted);
void rcar_du_mdev_cache_unuse_locked(struct rcar_du_mdev_cache *cache,
				     struct rcar_du_mdev_fb *fb);
void rcar_du_mdev_cache_trim_locked(struct rcar_du_mdev_cache *cache);
unsigned long
rcar_du_mdev_cache_retry_delay_locked(const struct rcar_du_mdev_cache *cache);

u32 rcar_du_mdev_cache_new_id_locked(struct rcar_du_mdev_cache *cache);
struct rcar_du_mdev_fb *
rcar_du_mdev_cache_find_id_locked(struct rcar_du_mdev_cache *cache, u32 id);
struct dma_buf *rcar_du_mdev_cache_export(struct rcar_du_mdev_cache *cache,
					  struct rcar_du_mdev_fb *fb);

void rcar_du_mdev_cache_close_locked(struct rcar_du_mdev_cache *cache);
void rcar_du_mdev_cache_drain(struct rcar_du_mdev_cache *cache);

void rcar_du_mdev_cache_revoke_range(struct rcar_du_mdev_cache *cache,
				     u64 first, u64 last);
struct rcar_du_mdev_fb *
rcar_du_mdev_cache_find_lost(struct rcar_du_mdev_cache *cache, u64 first,
			     u64 last, bool *pinning);
void rcar_du_mdev_cache_hold_off(struct rcar_du_mdev_cache *cache, u64 first,
				 u64 last);

#endif /* __RCAR_DU_MDEV_CACHE_H__ */
