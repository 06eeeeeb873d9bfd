/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: private memory for importers
 */

#ifndef __RCAR_DU_MDEV_COPY_H__
#define __RCAR_DU_MDEV_COPY_H__

#include <linux/mutex.h>
#include <linux/types.h>

struct page;

/**
 * struct rcar_du_mdev_copy - Memory that importers map instead of the guest's
 */
struct rcar_du_mdev_copy {
	/** @mutex: protects what follows */
	struct mutex mutex;
	/** @vaddr: what is mapped, or NULL */
	void *vaddr;
	/**
	 * @blank: the one page of which all of @vaddr consists, where there is no
	 * copy, or NULL
	 */
	struct page *blank;
};

void rcar_du_mdev_copy_init(struct rcar_du_mdev_copy *copy);
void rcar_du_mdev_copy_fini(struct rcar_du_mdev_copy *copy);
void *rcar_du_mdev_copy_alloc(struct rcar_du_mdev_copy *copy,
			      unsigned long npages, bool blank);
bool rcar_du_mdev_copy_free(struct rcar_du_mdev_copy *copy);
void *rcar_du_mdev_copy_target_locked(struct rcar_du_mdev_copy *copy);

#endif /* __RCAR_DU_MDEV_COPY_H__ */
