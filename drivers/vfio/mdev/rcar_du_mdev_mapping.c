// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: framebuffers that devices have imported
 *
 * A device has one DMA mapping of a framebuffer, however often it imports it: more of
 * one memory are what the DMA API takes for a bug.
 *
 * Memory that only the guest may write is mapped for devices to read, whatever was asked
 * for. Otherwise the end of a mapping, or of an access by the CPU, would throw away what
 * the guest has just written: its lines of the cache, or, with a bounce buffer, all of
 * it.
 */

#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include <kunit/visibility.h>

#include "rcar_du_mdev_fb.h"
#include "rcar_du_mdev_mapping.h"
#include "rcar_du_mdev_snoop.h"

/**
 * struct rcar_du_mdev_mapping - The DMA mapping of a device
 * @link: entry of rcar_du_mdev_fb.devices
 * @dev: the device
 * @dir: what it may do
 * @users: imports that are mapped
 * @sgt: the pages, mapped
 */
struct rcar_du_mdev_mapping {
	struct list_head link;
	struct device *dev;
	enum dma_data_direction dir;
	unsigned int users;
	struct sg_table sgt;
};

/* -----------------------------------------------------------------------------
 * A device
 */

static struct rcar_du_mdev_mapping *
rcar_du_mdev_mapping_find_locked(struct rcar_du_mdev_fb *fb, struct device *dev)
{
	struct rcar_du_mdev_mapping *mapping;

	lockdep_assert_held(&fb->mutex);

	list_for_each_entry(mapping, &fb->devices, link) {
		if (mapping->dev == dev)
			return mapping;
	}

	return NULL;
}

static struct rcar_du_mdev_mapping *
rcar_du_mdev_mapping_create_locked(struct rcar_du_mdev_fb *fb,
				   struct device *dev)
{
	struct rcar_du_mdev_mapping *mapping;
	int ret;

	lockdep_assert_held(&fb->mutex);

	mapping = kzalloc(sizeof(*mapping), GFP_KERNEL);
	if (!mapping)
		return ERR_PTR(-ENOMEM);

	mapping->dev = dev;
	/* Others may share it, so it has to do for all that they may ask for. */
	mapping->dir = fb->writable ? DMA_BIDIRECTIONAL : DMA_TO_DEVICE;

	ret = sg_alloc_table_from_pages_segment(&mapping->sgt, fb->pages,
						fb->npages, 0,
						rcar_du_mdev_fb_size(fb),
						rcar_du_mdev_max_segment(dev),
						GFP_KERNEL);
	if (ret)
		goto err_free;

	ret = dma_map_sgtable(dev, &mapping->sgt, mapping->dir, 0);
	if (ret)
		goto err_free_table;

	list_add(&mapping->link, &fb->devices);

	return mapping;

err_free_table:
	sg_free_table(&mapping->sgt);
err_free:
	kfree(mapping);

	return ERR_PTR(ret);
}

static void
rcar_du_mdev_mapping_destroy_locked(struct rcar_du_mdev_fb *fb,
				    struct rcar_du_mdev_mapping *mapping)
{
	lockdep_assert_held(&fb->mutex);

	list_del(&mapping->link);
	dma_unmap_sgtable(mapping->dev, &mapping->sgt, mapping->dir, 0);
	sg_free_table(&mapping->sgt);
	kfree(mapping);
}

/* -----------------------------------------------------------------------------
 * Its imports
 */

/* Each import has a table of its own: the DMA-buf core may change what is in it. */
static struct sg_table *rcar_du_mdev_mapping_copy_sgt(const struct sg_table *from)
{
	struct scatterlist *src, *dst;
	struct sg_table *sgt;
	unsigned int i;
	int ret;

	sgt = kzalloc(sizeof(*sgt), GFP_KERNEL);
	if (!sgt)
		return ERR_PTR(-ENOMEM);

	ret = sg_alloc_table(sgt, from->orig_nents, GFP_KERNEL);
	if (ret) {
		kfree(sgt);
		return ERR_PTR(ret);
	}

	dst = sgt->sgl;
	for_each_sgtable_sg(from, src, i) {
		sg_set_page(dst, sg_page(src), src->length, src->offset);
		if (i < from->nents) {
			sg_dma_address(dst) = sg_dma_address(src);
			sg_dma_len(dst) = sg_dma_len(src);
		}
		dst = sg_next(dst);
	}
	sgt->nents = from->nents;

	return sgt;
}

/* The imports of a device share its mapping, which goes with the last of them. */
static void
rcar_du_mdev_mapping_unuse_locked(struct rcar_du_mdev_fb *fb,
				  struct rcar_du_mdev_mapping *mapping)
{
	lockdep_assert_held(&fb->mutex);

	if (!mapping->users)
		rcar_du_mdev_mapping_destroy_locked(fb, mapping);
}

/**
 * rcar_du_mdev_mapping_get_locked - Map a framebuffer for a device
 * @fb: the framebuffer, usable; the caller holds its mutex
 * @dev: the device
 * @dir: what is to be done with it. One that asks for both directions, as DRM does each
 *	time, gets what it may have
 *
 * A mapping stops only devices that are behind an IOMMU.
 *
 * Return: the table of an import, or an ERR_PTR: -EACCES if nobody, or not even the
 * VMM, may write the memory, -ENOMEM, or the error of dma_map_sgtable().
 */
struct sg_table *rcar_du_mdev_mapping_get_locked(struct rcar_du_mdev_fb *fb,
						 struct device *dev,
						 enum dma_data_direction dir)
{
	struct rcar_du_mdev_mapping *mapping;
	struct sg_table *sgt;

	lockdep_assert_held(&fb->mutex);

	if (dir != DMA_TO_DEVICE &&
	    (fb->readonly || (dir == DMA_FROM_DEVICE && !fb->writable)))
		return ERR_PTR(-EACCES);

	mapping = rcar_du_mdev_mapping_find_locked(fb, dev);
	if (!mapping)
		mapping = rcar_du_mdev_mapping_create_locked(fb, dev);
	if (IS_ERR(mapping))
		return ERR_CAST(mapping);

	sgt = rcar_du_mdev_mapping_copy_sgt(&mapping->sgt);
	if (IS_ERR(sgt)) {
		rcar_du_mdev_mapping_unuse_locked(fb, mapping);
		return sgt;
	}

	mapping->users++;
	fb->mappings++;

	return sgt;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_mapping_get_locked);

/**
 * rcar_du_mdev_mapping_put_locked - Undo rcar_du_mdev_mapping_get_locked()
 * @fb: the framebuffer; the caller holds its mutex
 * @dev: the device
 * @sgt: the table
 */
void rcar_du_mdev_mapping_put_locked(struct rcar_du_mdev_fb *fb,
				     struct device *dev, struct sg_table *sgt)
{
	struct rcar_du_mdev_mapping *mapping;

	lockdep_assert_held(&fb->mutex);

	sg_free_table(sgt);
	kfree(sgt);

	mapping = rcar_du_mdev_mapping_find_locked(fb, dev);
	mapping->users--;
	rcar_du_mdev_mapping_unuse_locked(fb, mapping);

	fb->mappings--;
	rcar_du_mdev_fb_put_pages_locked(fb);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_mapping_put_locked);

/* -----------------------------------------------------------------------------
 * Access by the CPU
 */

/**
 * rcar_du_mdev_mapping_begin_cpu_locked - The CPU is about to look
 * @fb: the framebuffer; the caller holds its mutex
 * @dir: DMA_FROM_DEVICE to read, DMA_TO_DEVICE to write, or both
 *
 * What no device may write there is nothing to wait for.
 */
void rcar_du_mdev_mapping_begin_cpu_locked(struct rcar_du_mdev_fb *fb,
					   enum dma_data_direction dir)
{
	struct rcar_du_mdev_mapping *mapping;

	lockdep_assert_held(&fb->mutex);

	if (!fb->writable)
		return;

	list_for_each_entry(mapping, &fb->devices, link)
		dma_sync_sgtable_for_cpu(mapping->dev, &mapping->sgt, dir);
}

/**
 * rcar_du_mdev_mapping_end_cpu_locked - The CPU has looked
 * @fb: the framebuffer; the caller holds its mutex
 * @dir: as before
 */
void rcar_du_mdev_mapping_end_cpu_locked(struct rcar_du_mdev_fb *fb,
					 enum dma_data_direction dir)
{
	struct rcar_du_mdev_mapping *mapping;

	lockdep_assert_held(&fb->mutex);

	if (!fb->writable)
		dir = DMA_TO_DEVICE;

	list_for_each_entry(mapping, &fb->devices, link)
		dma_sync_sgtable_for_device(mapping->dev, &mapping->sgt, dir);
}

/* -----------------------------------------------------------------------------
 * New contents
 */

static bool
rcar_du_mdev_mapping_needs_sync(const struct rcar_du_mdev_mapping *mapping)
{
	struct scatterlist *sg;
	unsigned int i;

	/* Some pages may have a bounce buffer, and others none. */
	for_each_sgtable_dma_sg(&mapping->sgt, sg, i) {
		if (dma_need_sync(mapping->dev, sg_dma_address(sg)))
			return true;
	}

	return false;
}

/**
 * rcar_du_mdev_mapping_clean_locked - Have devices see what the guest has drawn
 * @fb: the framebuffer; the caller holds its mutex
 * @write_combined: the guest's writes pass no cache
 *
 * Return: for how many devices there was something to do.
 */
unsigned int rcar_du_mdev_mapping_clean_locked(struct rcar_du_mdev_fb *fb,
					       bool write_combined)
{
	struct rcar_du_mdev_mapping *mapping;
	unsigned int cleans = 0;

	lockdep_assert_held(&fb->mutex);

	list_for_each_entry(mapping, &fb->devices, link) {
		if (write_combined && !dev_is_dma_coherent(mapping->dev))
			continue;
		if (!rcar_du_mdev_mapping_needs_sync(mapping))
			continue;

		dma_sync_sgtable_for_device(mapping->dev, &mapping->sgt,
					    DMA_TO_DEVICE);
		cleans++;
	}

	return cleans;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_mdev_mapping_clean_locked);
