// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: dma-buf exporter
 *
 * One dma-buf for each framebuffer. It refers to the framebuffer and to
 * nothing of the device, so that it may outlive the device.
 */

#include <linux/dma-buf.h>
#include <linux/dma-direction.h>
#include <linux/dma-resv.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/iosys-map.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/string.h>

#include "rcar_du_mdev_copy.h"
#include "rcar_du_mdev_dmabuf.h"
#include "rcar_du_mdev_fb.h"
#include "rcar_du_mdev_mapping.h"

/* -----------------------------------------------------------------------------
 * Device access
 */

/*
 * These make the exporter dynamic, so that dynamic importers are told of a
 * revocation. There is nothing to do: the memory never moves.
 */
static int rcar_du_mdev_dmabuf_pin(struct dma_buf_attachment *attach)
{
	return 0;
}

static void rcar_du_mdev_dmabuf_unpin(struct dma_buf_attachment *attach)
{
}

/* Nobody says here what for: that is told when it is mapped. */
static int rcar_du_mdev_dmabuf_attach(struct dma_buf *dmabuf,
				      struct dma_buf_attachment *attach)
{
	struct rcar_du_mdev_fb *fb = dmabuf->priv;

	guard(mutex)(&fb->mutex);

	/* Importers that map later would find out too late. */
	return rcar_du_mdev_fb_usable_locked(fb) ? 0 : -ENODEV;
}

static struct sg_table *
rcar_du_mdev_dmabuf_map(struct dma_buf_attachment *attach,
			enum dma_data_direction dir)
{
	struct rcar_du_mdev_fb *fb = attach->dmabuf->priv;

	guard(mutex)(&fb->mutex);

	if (!rcar_du_mdev_fb_usable_locked(fb))
		return ERR_PTR(-ENODEV);

	return rcar_du_mdev_mapping_get_locked(fb, attach->dev, dir);
}

static void rcar_du_mdev_dmabuf_unmap(struct dma_buf_attachment *attach,
				      struct sg_table *sgt,
				      enum dma_data_direction dir)
{
	struct rcar_du_mdev_fb *fb = attach->dmabuf->priv;

	guard(mutex)(&fb->mutex);

	rcar_du_mdev_mapping_put_locked(fb, attach->dev, sgt);
}

/* -----------------------------------------------------------------------------
 * CPU access
 */

static void rcar_du_mdev_dmabuf_update_copy_locked(struct rcar_du_mdev_fb *fb)
{
	void *from, *to;

	lockdep_assert_held(&fb->copy.mutex);

	to = rcar_du_mdev_copy_target_locked(&fb->copy);
	if (!to)
		return;

	from = rcar_du_mdev_fb_vmap(fb);
	if (!from)
		return;

	memcpy(to, from, rcar_du_mdev_fb_size(fb));
	rcar_du_mdev_fb_vunmap(fb, from);
}

static void rcar_du_mdev_dmabuf_update_copy(struct rcar_du_mdev_fb *fb)
{
	guard(mutex)(&fb->copy.mutex);

	rcar_du_mdev_dmabuf_update_copy_locked(fb);
}

static int rcar_du_mdev_dmabuf_begin_cpu_access(struct dma_buf *dmabuf,
						enum dma_data_direction dir)
{
	struct rcar_du_mdev_fb *fb = dmabuf->priv;

	scoped_guard(mutex, &fb->mutex) {
		if (!rcar_du_mdev_fb_usable_locked(fb))
			return -ENODEV;

		rcar_du_mdev_mapping_begin_cpu_locked(fb, dir);
	}

	if (dir != DMA_TO_DEVICE)
		rcar_du_mdev_dmabuf_update_copy(fb);

	return 0;
}

static int rcar_du_mdev_dmabuf_end_cpu_access(struct dma_buf *dmabuf,
					      enum dma_data_direction dir)
{
	struct rcar_du_mdev_fb *fb = dmabuf->priv;

	guard(mutex)(&fb->mutex);

	if (!rcar_du_mdev_fb_usable_locked(fb))
		return -ENODEV;

	rcar_du_mdev_mapping_end_cpu_locked(fb, dir);

	return 0;
}

static vm_fault_t rcar_du_mdev_dmabuf_fault(struct vm_fault *vmf)
{
	struct rcar_du_mdev_fb *fb = vmf->vma->vm_private_data;

	guard(mutex)(&fb->mutex);

	if (!rcar_du_mdev_fb_usable_locked(fb) || vmf->pgoff >= fb->npages)
		return VM_FAULT_SIGBUS;

	return rcar_du_mdev_fb_insert_locked(fb, vmf, vmf->pgoff);
}

static const struct vm_operations_struct rcar_du_mdev_dmabuf_vm_ops = {
	.fault = rcar_du_mdev_dmabuf_fault,
};

static int rcar_du_mdev_dmabuf_mmap(struct dma_buf *dmabuf,
				    struct vm_area_struct *vma)
{
	struct rcar_du_mdev_fb *fb = dmabuf->priv;

	/* Page frames can't be copied on write. */
	if (fb->writable && !(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;

	/*
	 * The mode of the file is not enough: importers hand on mappings of
	 * their own files.
	 */
	if ((vma->vm_flags & VM_WRITE) && !fb->writable)
		return -EACCES;

	vma->vm_ops = &rcar_du_mdev_dmabuf_vm_ops;
	vma->vm_private_data = fb;
	vm_flags_mod(vma, VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP,
		     fb->writable ? 0 : VM_MAYWRITE);

	return 0;
}

static void *rcar_du_mdev_dmabuf_vmap_copy(struct rcar_du_mdev_fb *fb)
{
	bool blank;
	void *vaddr;

	scoped_guard(mutex, &fb->mutex)
		blank = !rcar_du_mdev_fb_usable_locked(fb);

	vaddr = rcar_du_mdev_copy_alloc(&fb->copy, fb->npages, blank);
	if (vaddr)
		rcar_du_mdev_dmabuf_update_copy(fb);

	return vaddr;
}

/*
 * An importer may write what it maps, whatever the dma-buf allows. If it may not write
 * the guest's memory it gets a copy. One that comes too late gets zeros: the DMA-buf
 * core takes an error for a bug of the exporter and warns, but memory may go between an
 * importer's check and its mapping.
 */
static int rcar_du_mdev_dmabuf_vmap(struct dma_buf *dmabuf,
				    struct iosys_map *map)
{
	struct rcar_du_mdev_fb *fb = dmabuf->priv;
	void *vaddr = NULL;

	if (fb->writable)
		vaddr = rcar_du_mdev_fb_vmap(fb);
	if (!vaddr)
		vaddr = rcar_du_mdev_dmabuf_vmap_copy(fb);
	if (!vaddr)
		return -ENOMEM;

	iosys_map_set_vaddr(map, vaddr);

	return 0;
}

static void rcar_du_mdev_dmabuf_vunmap(struct dma_buf *dmabuf,
				       struct iosys_map *map)
{
	struct rcar_du_mdev_fb *fb = dmabuf->priv;

	/* There is only one at a time: the DMA-buf core maps once for all. */
	if (!rcar_du_mdev_copy_free(&fb->copy))
		rcar_du_mdev_fb_vunmap(fb, map->vaddr);
}

static void rcar_du_mdev_dmabuf_release(struct dma_buf *dmabuf)
{
	rcar_du_mdev_fb_put(dmabuf->priv);
}

static const struct dma_buf_ops rcar_du_mdev_dmabuf_ops = {
	.attach = rcar_du_mdev_dmabuf_attach,
	.pin = rcar_du_mdev_dmabuf_pin,
	.unpin = rcar_du_mdev_dmabuf_unpin,
	.map_dma_buf = rcar_du_mdev_dmabuf_map,
	.unmap_dma_buf = rcar_du_mdev_dmabuf_unmap,
	.begin_cpu_access = rcar_du_mdev_dmabuf_begin_cpu_access,
	.end_cpu_access = rcar_du_mdev_dmabuf_end_cpu_access,
	.mmap = rcar_du_mdev_dmabuf_mmap,
	.vmap = rcar_du_mdev_dmabuf_vmap,
	.vunmap = rcar_du_mdev_dmabuf_vunmap,
	.release = rcar_du_mdev_dmabuf_release,
};

/* -----------------------------------------------------------------------------
 * New contents
 */

/**
 * rcar_du_mdev_dmabuf_refresh - Have importers see what the guest has drawn
 * @fb: the framebuffer; the caller holds a reference
 * @write_combined: the guest's writes pass no cache
 *
 * For importers that keep a buffer mapped from one time that it is shown to the next.
 * There is nothing to do for devices that snoop, and none for those that do not if the
 * guest has written past the caches.
 *
 * Context: sleeps; takes the mutexes of @fb.
 * Return: for how many devices caches were cleaned.
 */
unsigned int rcar_du_mdev_dmabuf_refresh(struct rcar_du_mdev_fb *fb,
					 bool write_combined)
{
	/*
	 * A client that is just having a copy made may be slow: nothing here waits
	 * for it. What it gets is newer than what was shown before.
	 */
	if (mutex_trylock(&fb->copy.mutex)) {
		rcar_du_mdev_dmabuf_update_copy_locked(fb);
		mutex_unlock(&fb->copy.mutex);
	}

	guard(mutex)(&fb->mutex);

	return rcar_du_mdev_mapping_clean_locked(fb, write_combined);
}

/* -----------------------------------------------------------------------------
 * Export and revocation
 */

/* Returns the dma-buf with a reference, NULL if there is none yet, or an ERR_PTR. */
static struct dma_buf *rcar_du_mdev_dmabuf_find(struct rcar_du_mdev_fb *fb)
{
	guard(mutex)(&fb->mutex);

	if (!rcar_du_mdev_fb_usable_locked(fb))
		return ERR_PTR(-ENODEV);

	if (fb->dmabuf)
		get_dma_buf(fb->dmabuf);

	return fb->dmabuf;
}

/**
 * rcar_du_mdev_dmabuf_get - Get the dma-buf of a framebuffer
 * @fb: the framebuffer; the caller holds a reference
 * @exported: set to true if the dma-buf was made by this call
 *
 * The dma-buf is read-only unless the admin says otherwise: display clients
 * have no business to write guest memory.
 *
 * Return: the dma-buf with a reference, or an ERR_PTR: -ENODEV if @fb was
 * revoked, -ENOMEM.
 */
struct dma_buf *rcar_du_mdev_dmabuf_get(struct rcar_du_mdev_fb *fb,
					bool *exported)
{
	DEFINE_DMA_BUF_EXPORT_INFO(exp_info);
	struct dma_buf *dmabuf, *found;

	*exported = false;
	found = rcar_du_mdev_dmabuf_find(fb);
	if (found)
		return found;

	exp_info.ops = &rcar_du_mdev_dmabuf_ops;
	exp_info.size = rcar_du_mdev_fb_size(fb);
	exp_info.flags = fb->writable ? O_RDWR : O_RDONLY;
	exp_info.priv = fb;

	/*
	 * Not with @fb's mutex held: this takes the lock of the list of all
	 * dma-bufs, which debugfs holds while it takes reservation locks, and
	 * @fb's mutex is taken with those held.
	 */
	dmabuf = dma_buf_export(&exp_info);
	if (IS_ERR(dmabuf))
		return dmabuf;

	/* The dma-buf's own reference, dropped by its release. */
	rcar_du_mdev_fb_get(fb);

	scoped_guard(mutex, &fb->mutex) {
		if (rcar_du_mdev_fb_usable_locked(fb) && !fb->dmabuf) {
			/* The framebuffer's, dropped by rcar_du_mdev_dmabuf_revoke(). */
			get_dma_buf(dmabuf);
			fb->dmabuf = dmabuf;
			*exported = true;
			return dmabuf;
		}
	}

	/* Somebody was faster, or the memory has just gone. */
	dma_buf_put(dmabuf);

	return rcar_du_mdev_dmabuf_find(fb) ?: ERR_PTR(-ENODEV);
}

/**
 * rcar_du_mdev_dmabuf_exported - Tell whether a framebuffer has a dma-buf
 * @fb: the framebuffer
 *
 * Waits for nobody: a client that faults pages in may wait for memory with @fb's mutex
 * held, and the caller's locks are not for that client alone.
 *
 * Return: true if somebody else holds the dma-buf of @fb, or uses @fb just now.
 */
bool rcar_du_mdev_dmabuf_exported(struct rcar_du_mdev_fb *fb)
{
	bool exported;

	if (!mutex_trylock(&fb->mutex))
		return true;

	exported = fb->dmabuf && file_count(fb->dmabuf->file) > 1;
	mutex_unlock(&fb->mutex);

	return exported;
}

/**
 * rcar_du_mdev_dmabuf_map_pages - Map the guest's pages for the kernel to read
 * @dmabuf: a dma-buf of rcar_du_mdev_dmabuf_get()
 *
 * dma_buf_vmap() is for others: it makes a copy.
 *
 * Context: sleeps; takes the framebuffer's mutex.
 * Return: the address, or NULL if it was revoked or there is no memory.
 */
void *rcar_du_mdev_dmabuf_map_pages(struct dma_buf *dmabuf)
{
	return rcar_du_mdev_fb_vmap(dmabuf->priv);
}

/**
 * rcar_du_mdev_dmabuf_unmap_pages - Undo rcar_du_mdev_dmabuf_map_pages()
 * @dmabuf: the dma-buf
 * @vaddr: what it returned
 *
 * Context: sleeps; takes the framebuffer's mutex.
 */
void rcar_du_mdev_dmabuf_unmap_pages(struct dma_buf *dmabuf, void *vaddr)
{
	rcar_du_mdev_fb_vunmap(dmabuf->priv, vaddr);
}

/**
 * rcar_du_mdev_dmabuf_revoke - Take the memory away from all users
 * @fb: the framebuffer
 *
 * CPU mappings are gone on return and fault with SIGBUS from now on, dynamic
 * importers have been told, new mappings get -ENODEV. The pages are given back
 * when the last importer that could not be told unmaps.
 *
 * Context: sleeps; takes the dma-buf's reservation lock.
 */
void rcar_du_mdev_dmabuf_revoke(struct rcar_du_mdev_fb *fb)
{
	struct dma_buf *dmabuf;

	scoped_guard(mutex, &fb->mutex) {
		dmabuf = fb->dmabuf;
		fb->dmabuf = NULL;
	}

	if (dmabuf) {
		unmap_mapping_range(dmabuf->file->f_mapping, 0, 0, 1);

		dma_resv_lock(dmabuf->resv, NULL);
		dma_buf_invalidate_mappings(dmabuf);
		dma_resv_unlock(dmabuf->resv);
	}

	scoped_guard(mutex, &fb->mutex)
		rcar_du_mdev_fb_put_pages_locked(fb);

	/* The framebuffer's reference. */
	if (dmabuf)
		dma_buf_put(dmabuf);
}

RCAR_DU_MODULE_IMPORT_NS(DMA_BUF);
