// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: private memory for importers
 *
 * An importer that maps a dma-buf with the CPU gets a mapping that it may write, as the
 * DMA-buf core has no other. Nobody but the guest may write the guest's memory, so what
 * is mapped is a copy.
 */

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "rcar_du_mdev_copy.h"

/**
 * rcar_du_mdev_copy_init - Prepare to have a copy
 * @copy: the copy, which has no memory yet
 */
void rcar_du_mdev_copy_init(struct rcar_du_mdev_copy *copy)
{
	mutex_init(&copy->mutex);
}

/**
 * rcar_du_mdev_copy_fini - Undo rcar_du_mdev_copy_init()
 * @copy: the copy, which nobody has mapped
 */
void rcar_du_mdev_copy_fini(struct rcar_du_mdev_copy *copy)
{
	mutex_destroy(&copy->mutex);
}

/* What is written at one page is read at all of them. */
static void *rcar_du_mdev_copy_map_page(struct page *page, unsigned long npages)
{
	struct page **pages;
	unsigned long i;
	void *vaddr;

	pages = kvmalloc_array(npages, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return NULL;

	for (i = 0; i < npages; i++)
		pages[i] = page;

	vaddr = vmap(pages, npages, VM_MAP, PAGE_KERNEL);
	kvfree(pages);

	return vaddr;
}

static void *rcar_du_mdev_copy_map_blank(struct page **blank,
					 unsigned long npages)
{
	struct page *page;
	void *vaddr;

	page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!page)
		return NULL;

	vaddr = rcar_du_mdev_copy_map_page(page, npages);
	if (!vaddr) {
		__free_page(page);
		return NULL;
	}

	*blank = page;

	return vaddr;
}

/**
 * rcar_du_mdev_copy_alloc - Get memory for a copy
 * @copy: the copy, which has none; the caller sees to it that only one thread
 *	allocates or frees
 * @npages: number of pages
 * @blank: nothing will be copied
 *
 * The memory is charged to the caller. One who may not have it gets as many pages that
 * share one, as the DMA-buf core warns of an exporter that can't map. These are charged
 * to nobody, and so are to be had unless the kernel itself is out of memory.
 *
 * Context: sleeps.
 * Return: its address, zeros that may be written, or NULL if there is no memory at all.
 */
void *rcar_du_mdev_copy_alloc(struct rcar_du_mdev_copy *copy,
			      unsigned long npages, bool blank)
{
	struct page *page = NULL;
	void *vaddr = NULL;

	/* With no lock held: it may take long to find what is to be charged. */
	if (!blank)
		vaddr = __vmalloc(npages << PAGE_SHIFT, GFP_KERNEL_ACCOUNT |
				  __GFP_ZERO | __GFP_NOWARN);
	if (!vaddr)
		vaddr = rcar_du_mdev_copy_map_blank(&page, npages);

	guard(mutex)(&copy->mutex);

	copy->vaddr = vaddr;
	copy->blank = page;

	return vaddr;
}

/**
 * rcar_du_mdev_copy_free - Free the memory of a copy
 * @copy: the copy
 *
 * Context: sleeps.
 * Return: true if it had some.
 */
bool rcar_du_mdev_copy_free(struct rcar_du_mdev_copy *copy)
{
	struct page *blank;
	void *vaddr;

	scoped_guard(mutex, &copy->mutex) {
		vaddr = copy->vaddr;
		blank = copy->blank;
		copy->vaddr = NULL;
		copy->blank = NULL;
	}

	if (blank) {
		vunmap(vaddr);
		__free_page(blank);
	} else {
		vfree(vaddr);
	}

	return vaddr;
}

/**
 * rcar_du_mdev_copy_target_locked - Get where to copy to
 * @copy: the copy; the caller holds its mutex
 *
 * Return: the address, or NULL if nothing is to be copied.
 */
void *rcar_du_mdev_copy_target_locked(struct rcar_du_mdev_copy *copy)
{
	lockdep_assert_held(&copy->mutex);

	return copy->blank ? NULL : copy->vaddr;
}
