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
#include <linux/highmem.h>
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

static void rcar_du_mdev_copy_free_blank(void *blank, struct page *page)
{
	if (blank)
		vunmap(blank);
	if (page)
		__free_page(page);
}

/**
 * rcar_du_mdev_copy_fini - Free what was prepared
 * @copy: the copy, which nobody has mapped
 */
void rcar_du_mdev_copy_fini(struct rcar_du_mdev_copy *copy)
{
	rcar_du_mdev_copy_free_blank(copy->blank, copy->page);
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

/**
 * rcar_du_mdev_copy_prepare - See to it that rcar_du_mdev_copy_alloc() succeeds
 * @copy: the copy
 * @npages: number of pages, the same each time
 *
 * The DMA-buf core warns of an exporter that can't map. So what an importer gets who may
 * not have the memory for a copy is there before: as many pages, which share one.
 *
 * Context: sleeps.
 * Return: 0 or -ENOMEM.
 */
int rcar_du_mdev_copy_prepare(struct rcar_du_mdev_copy *copy,
			      unsigned long npages)
{
	struct page *page;
	void *blank;

	scoped_guard(mutex, &copy->mutex) {
		if (copy->blank)
			return 0;
	}

	page = alloc_page(GFP_KERNEL_ACCOUNT);
	if (!page)
		return -ENOMEM;

	blank = rcar_du_mdev_copy_map_page(page, npages);
	if (!blank) {
		__free_page(page);
		return -ENOMEM;
	}

	scoped_guard(mutex, &copy->mutex) {
		if (!copy->blank) {
			copy->blank = blank;
			copy->page = page;
			return 0;
		}
	}

	/* Somebody was faster. */
	rcar_du_mdev_copy_free_blank(blank, page);

	return 0;
}

/**
 * rcar_du_mdev_copy_alloc - Get memory for a copy
 * @copy: the copy, prepared, which has none; the caller sees to it that only one thread
 *	allocates or frees
 * @npages: number of pages
 * @blank: nothing will be copied
 *
 * The memory is charged to the caller. One who may not have it gets what was prepared.
 *
 * Context: sleeps.
 * Return: its address, zeros that may be written, or NULL if nothing was prepared.
 */
void *rcar_du_mdev_copy_alloc(struct rcar_du_mdev_copy *copy,
			      unsigned long npages, bool blank)
{
	void *vaddr = NULL;

	/* With no lock held: it may take long to find what is to be charged. */
	if (!blank)
		vaddr = __vmalloc(npages << PAGE_SHIFT, GFP_KERNEL_ACCOUNT |
				  __GFP_ZERO | __GFP_NOWARN);

	guard(mutex)(&copy->mutex);

	if (!vaddr && copy->blank) {
		clear_highpage(copy->page);
		vaddr = copy->blank;
	}
	copy->vaddr = vaddr;

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
	void *vaddr, *blank;

	scoped_guard(mutex, &copy->mutex) {
		vaddr = copy->vaddr;
		blank = copy->blank;
		copy->vaddr = NULL;
	}

	if (vaddr != blank)
		vfree(vaddr);

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

	return copy->vaddr != copy->blank ? copy->vaddr : NULL;
}
