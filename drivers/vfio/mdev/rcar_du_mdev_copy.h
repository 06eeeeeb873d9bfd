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
	/** @blank: takes its place where there is no memory for a copy, or NULL */
	void *blank;
	/** @page: the one page of which all of @blank consists */
	struct page *page;
};

void rcar_du_mdev_copy_init(struct rcar_du_mdev_copy *copy);
void rcar_du_mdev_copy_fini(struct rcar_du_mdev_copy *copy);
int rcar_du_mdev_copy_prepare(struct rcar_du_mdev_copy *copy,
			      unsigned long npages);
void *rcar_du_mdev_copy_alloc(struct rcar_du_mdev_copy *copy,
			      unsigned long npages, bool blank);
bool rcar_du_mdev_copy_free(struct rcar_du_mdev_copy *copy);
void *rcar_du_mdev_copy_target_locked(struct rcar_du_mdev_copy *copy);

#endif /* __RCAR_DU_MDEV_COPY_H__ */
