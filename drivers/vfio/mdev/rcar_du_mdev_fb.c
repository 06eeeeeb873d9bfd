// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: guest framebuffers
 *
 * References, states and pages of one framebuffer. The cache owns it, its pages are
 * pinned and exported elsewhere.
 */

#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/bug.h>
#include <linux/dma-buf.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include <kunit/visibility.h>

#include "rcar_du_mdev_fb.h"

/* -----------------------------------------------------------------------------
 * States
 */

static const u8 rcar_du_mdev_fb_steps[] = {
	[RCAR_DU_MDEV_FB_NEW] = BIT(RCAR_DU_MDEV_FB_PINNING) |
				BIT(RCAR_DU_MDEV_FB_REVOKED),
	[RCAR_DU_MDEV_FB_PINNING] = BIT(RCAR_DU_MDEV_FB_CANCELLED) |
				    BIT(RCAR_DU_MDEV_FB_PINNED) |
				    BIT(RCAR_DU_MDEV_FB_REVOKED),
	/* Only who pins may say that it is over, and then they go back. */
	[RCAR_DU_MDEV_FB_CANCELLED] = BIT(RCAR_DU_MDEV_FB_REVOKED),
	[RCAR_DU_MDEV_FB_PINNED] = BIT(RCAR_DU_MDEV_FB_REVOKED),
	[RCAR_DU_MDEV_FB_REVOKED] = BIT(RCAR_DU_MDEV_FB_UNPINNING),
	[RCAR_DU_MDEV_FB_UNPINNING] = BIT(RCAR_DU_MDEV_FB_GONE),
	[RCAR_DU_MDEV_FB_GONE] = 0,
};

static_assert(ARRAY_SIZE(rcar_du_mdev_fb_steps) == RCAR_DU_MDEV_NUM_FB_STATES);

/**
 * rcar_du_mdev_fb_may_step - Tell if a step from state to state is legal
 * @from: the state
 * @to: the next one
 *
 * Return: true if it is.
 */
bool rcar_du_mdev_fb_may_step(enum rcar_du_mdev_fb_state from,
			      enum rcar_du_mdev_fb_state to)
{
	return rcar_du_mdev_fb_steps[from] & BIT(to);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_fb_may_step);

/**
 * rcar_du_mdev_fb_step - Change the state
 * @fb: the framebuffer
 * @to: its next state
 *
 * The only place that does. The caller holds the cache's mutex, but for the steps to
 * UNPINNING and GONE that of @fb: nobody else takes a step once @fb is revoked.
 */
void rcar_du_mdev_fb_step(struct rcar_du_mdev_fb *fb,
			  enum rcar_du_mdev_fb_state to)
{
	if (to >= RCAR_DU_MDEV_FB_UNPINNING)
		lockdep_assert_held(&fb->mutex);

	WARN_ON_ONCE(!rcar_du_mdev_fb_may_step(fb->state, to));
	WRITE_ONCE(fb->state, to);
}

/* -----------------------------------------------------------------------------
 * References
 */

/**
 * rcar_du_mdev_fb_create - Make a framebuffer that has no pages yet
 * @id: what it is called
 * @iova: guest address, page aligned
 * @npages: number of pages
 *
 * Return: the framebuffer with a reference, or NULL.
 */
struct rcar_du_mdev_fb *rcar_du_mdev_fb_create(u32 id, u64 iova,
					       unsigned long npages)
{
	struct rcar_du_mdev_fb *fb;

	fb = kzalloc(sizeof(*fb), GFP_KERNEL);
	if (!fb)
		return NULL;

	kref_init(&fb->ref);
	mutex_init(&fb->mutex);
	init_completion(&fb->started);
	init_completion(&fb->unpinned);
	INIT_LIST_HEAD(&fb->link);
	INIT_LIST_HEAD(&fb->devices);
	rcar_du_mdev_copy_init(&fb->copy);
	fb->id = id;
	fb->iova = iova;
	fb->npages = npages;

	return fb;
}

static void rcar_du_mdev_fb_release(struct kref *ref)
{
	struct rcar_du_mdev_fb *fb = container_of(ref, struct rcar_du_mdev_fb,
						  ref);

	rcar_du_mdev_copy_fini(&fb->copy);
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
 * The cache's own reference goes after the pages went, or while a mapping, which has
 * a reference of its own, still uses them: the last reference has none to give back.
 */
void rcar_du_mdev_fb_put(struct rcar_du_mdev_fb *fb)
{
	kref_put(&fb->ref, rcar_du_mdev_fb_release);
}

/* -----------------------------------------------------------------------------
 * Pages
 */

/* Nobody may begin to use the memory of a framebuffer that is being unpinned. */
static bool rcar_du_mdev_fb_closed_locked(const struct rcar_du_mdev_fb *fb)
{
	lockdep_assert_held(&fb->mutex);

	return rcar_du_mdev_fb_state(fb) >= RCAR_DU_MDEV_FB_UNPINNING;
}

/**
 * rcar_du_mdev_fb_usable_locked - Tell if the memory may be used
 * @fb: the framebuffer
 *
 * Once it may not, it will never again. The caller holds @fb's mutex.
 *
 * Return: true if it is pinned, and not being taken away.
 */
bool rcar_du_mdev_fb_usable_locked(const struct rcar_du_mdev_fb *fb)
{
	return fb->pages && !rcar_du_mdev_fb_closed_locked(fb);
}

/**
 * rcar_du_mdev_fb_put_pages_locked - Give the pages back if nobody uses them
 * @fb: the framebuffer
 *
 * Does nothing unless @fb is being unpinned and the last importer is gone. CPU
 * mappings that are still to go have no need for these references: VFIO has its own
 * until then. The caller holds @fb's mutex.
 */
void rcar_du_mdev_fb_put_pages_locked(struct rcar_du_mdev_fb *fb)
{
	unsigned long i;

	lockdep_assert_held(&fb->mutex);

	if (!fb->pages || !rcar_du_mdev_fb_closed_locked(fb) || fb->mappings)
		return;

	for (i = 0; i < fb->npages; i++)
		put_page(fb->pages[i]);

	kvfree(fb->pages);
	fb->pages = NULL;
}

/*
 * Sees to it that the pages stay, and tells how to map them; false if they may not be
 * used any more.
 */
static bool rcar_du_mdev_fb_get_pages(struct rcar_du_mdev_fb *fb, pgprot_t *prot)
{
	guard(mutex)(&fb->mutex);

	if (!rcar_du_mdev_fb_usable_locked(fb))
		return false;

	fb->mappings++;
	*prot = rcar_du_mdev_fb_pgprot(fb, fb->writable ? PAGE_KERNEL :
							  PAGE_KERNEL_RO);

	return true;
}

static void rcar_du_mdev_fb_put_pages(struct rcar_du_mdev_fb *fb)
{
	guard(mutex)(&fb->mutex);

	fb->mappings--;
	rcar_du_mdev_fb_put_pages_locked(fb);
}

/**
 * rcar_du_mdev_fb_write_combined - Tell how a guest draws to a framebuffer
 * @fb: the framebuffer
 *
 * Without its mutex the answer may be old.
 *
 * Return: true if what the guest draws is not in a CPU cache.
 */
bool rcar_du_mdev_fb_write_combined(const struct rcar_du_mdev_fb *fb)
{
	return READ_ONCE(fb->write_combined);
}

/**
 * rcar_du_mdev_fb_set_write_combined - A guest says how it draws to a framebuffer
 * @fb: the framebuffer; the caller has a reference
 * @write_combined: what it draws is not in a CPU cache
 *
 * If that is new, clients' mappings of the dma-buf go, so that they fault and become
 * like the guest's; those of regions are the caller's to take away. Mappings of the
 * kernel stay as they are until they are made anew.
 *
 * Context: one thread at a time, no locks held. Sleeps.
 */
void rcar_du_mdev_fb_set_write_combined(struct rcar_du_mdev_fb *fb,
					bool write_combined)
{
	struct dma_buf *dmabuf;

	/* Nobody else writes it, and a client may hold the mutex in a fault. */
	if (fb->write_combined == write_combined)
		return;

	scoped_guard(mutex, &fb->mutex) {
		WRITE_ONCE(fb->write_combined, write_combined);
		dmabuf = fb->dmabuf;
		if (dmabuf)
			get_dma_buf(dmabuf);
	}

	/* What faults from now on is right already. */
	if (dmabuf) {
		unmap_mapping_range(dmabuf->file->f_mapping, 0, 0, 1);
		dma_buf_put(dmabuf);
	}
}

/**
 * rcar_du_mdev_fb_pgprot - How a CPU has to map a framebuffer to read it
 * @fb: the framebuffer; with its mutex held the answer stays right
 * @prot: the protection of the mapping
 *
 * A CPU that reads through its cache what a guest draws past it may get what was
 * there before, and to invalidate the cache would take from other guests, which draw
 * through it, what they have drawn. So it is mapped as the guest maps it.
 *
 * Return: the protection with the guest's memory type.
 */
pgprot_t rcar_du_mdev_fb_pgprot(const struct rcar_du_mdev_fb *fb, pgprot_t prot)
{
	return rcar_du_mdev_fb_write_combined(fb) ? pgprot_writecombine(prot) :
						    prot;
}

static void rcar_du_mdev_fb_read_page_locked(struct rcar_du_mdev_fb *fb,
					     u32 offset, u8 *buf, u32 count)
{
	struct page *page = fb->pages[offset >> PAGE_SHIFT];
	void *vaddr;

	lockdep_assert_held(&fb->mutex);

	if (!fb->write_combined) {
		memcpy_from_page(buf, page, offset_in_page(offset), count);
		return;
	}

	/* The kernel's own mapping of the page is cacheable. */
	vaddr = vmap(&page, 1, VM_MAP,
		     rcar_du_mdev_fb_pgprot(fb, PAGE_KERNEL_RO));
	if (!vaddr) {
		memset(buf, 0, count);
		return;
	}

	memcpy(buf, vaddr + offset_in_page(offset), count);
	vunmap(vaddr);
}

/**
 * rcar_du_mdev_fb_read_locked - Copy from a framebuffer
 * @fb: the framebuffer, usable, whose mutex the caller holds
 * @offset: first byte
 * @buf: where to
 * @count: number of bytes, all within @fb
 *
 * Where there is no memory for a mapping there are zeros.
 *
 * Context: sleeps.
 */
void rcar_du_mdev_fb_read_locked(struct rcar_du_mdev_fb *fb, u32 offset,
				 u8 *buf, u32 count)
{
	u32 n;

	lockdep_assert_held(&fb->mutex);

	for (; count; offset += n, buf += n, count -= n) {
		n = min_t(u32, count, PAGE_SIZE - offset_in_page(offset));
		rcar_du_mdev_fb_read_page_locked(fb, offset, buf, n);
	}
}

/**
 * rcar_du_mdev_fb_vmap - Map a framebuffer for the kernel
 * @fb: the framebuffer, which the caller has a reference of
 *
 * To read, and to write if everybody may. The pages are not given back before
 * rcar_du_mdev_fb_vunmap(), whatever happens to the guest's memory.
 *
 * Context: sleeps; takes @fb's mutex.
 * Return: its address, or NULL if it is not usable or there is no memory.
 */
void *rcar_du_mdev_fb_vmap(struct rcar_du_mdev_fb *fb)
{
	pgprot_t prot;
	void *vaddr;

	if (!rcar_du_mdev_fb_get_pages(fb, &prot))
		return NULL;

	vaddr = vmap(fb->pages, fb->npages, VM_MAP, prot);
	if (!vaddr)
		rcar_du_mdev_fb_put_pages(fb);

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
	vunmap(vaddr);
	rcar_du_mdev_fb_put_pages(fb);
}

/**
 * rcar_du_mdev_fb_insert_locked - Put pages into the page table of a client
 * @fb: the framebuffer
 * @vmf: the fault
 * @pgoff: the page of @fb that is wanted, within it
 *
 * A client reads the whole picture: all further pages are mapped now, to save faults.
 * The caller holds @fb's mutex and has
 * seen to it that @fb is usable: whoever takes the pages away does so after
 * it took the mutex, and so misses none.
 *
 * Return: VM_FAULT_NOPAGE if the page that is wanted is there, or the error.
 */
vm_fault_t rcar_du_mdev_fb_insert_locked(struct rcar_du_mdev_fb *fb,
					 struct vm_fault *vmf, pgoff_t pgoff)
{
	struct vm_area_struct *vma = vmf->vma;
	pgprot_t prot = rcar_du_mdev_fb_pgprot(fb, vma->vm_page_prot);
	unsigned long addr = vmf->address;
	vm_fault_t ret;

	lockdep_assert_held(&fb->mutex);

	ret = vmf_insert_pfn_prot(vma, addr, page_to_pfn(fb->pages[pgoff]),
				  prot);

	while (ret == VM_FAULT_NOPAGE) {
		addr += PAGE_SIZE;
		pgoff++;
		if (addr >= vma->vm_end || pgoff >= fb->npages)
			break;

		if (vmf_insert_pfn_prot(vma, addr,
					page_to_pfn(fb->pages[pgoff]), prot) !=
		    VM_FAULT_NOPAGE)
			break;
	}

	return ret;
}
