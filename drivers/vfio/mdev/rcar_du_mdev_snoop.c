// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: CPU caches that the display does not snoop
 *
 * The display of an R-Car SoC fetches what is in memory. What a guest has drawn
 * through a cacheable mapping may be in a cache only, until it is cleaned.
 */

#include <linux/align.h>
#include <linux/cpufeature.h>
#include <linux/device.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/property.h>
#include <linux/scatterlist.h>

#include "rcar_du_mdev_snoop.h"

/**
 * rcar_du_mdev_snoops - Tell if a device sees what is only in a CPU cache
 * @dev: the device
 *
 * One on a bus that neither the firmware nor the bus knows is no bus master, like vkms,
 * which the architecture takes for one that does not snoop: a CPU reads for it. One that
 * is on no bus is our own, see rcar_du_mdev_snoop_like().
 *
 * Return: true if it does, or is no bus master.
 */
bool rcar_du_mdev_snoops(struct device *dev)
{
	if (!dev->dma_mask ||
	    (dev->bus && !dev_fwnode(dev) && !dev_is_pci(dev)))
		return true;

	return dev_is_dma_coherent(dev);
}

/**
 * rcar_du_mdev_snoop_like - Have a device of our own stand in for another
 * @dev: the device, on no bus, not registered yet
 * @display: the other one, which a driver is bound to
 *
 * What is to be cleaned for @display can be cleaned for @dev, also when @display has lost
 * its driver or is gone.
 */
void rcar_du_mdev_snoop_like(struct device *dev, struct device *display)
{
	if (rcar_du_mdev_snoops(display))
		return;

	dev->coherent_dma_mask = dma_get_mask(display);
	dev->bus_dma_limit = display->bus_dma_limit;
	dev->dma_mask = &dev->coherent_dma_mask;
	rcar_du_clear_dma_coherent(dev);
}

/**
 * rcar_du_mdev_max_segment - Tell how much a device can map at once
 * @dev: the device
 *
 * A bounce buffer, which some devices need, has no room for more.
 *
 * Return: bytes, whole pages.
 */
unsigned int rcar_du_mdev_max_segment(struct device *dev)
{
	size_t size = min_t(size_t, dma_max_mapping_size(dev), UINT_MAX);

	return max(ALIGN_DOWN(size, PAGE_SIZE), PAGE_SIZE);
}

/**
 * rcar_du_mdev_snoop_open - The device is used from now on
 * @snoop: its caches
 * @dev: who fetches its pictures, or NULL if CPUs do
 */
void rcar_du_mdev_snoop_open(struct rcar_du_mdev_snoop *snoop,
			     struct device *dev)
{
	snoop->dev = dev && !rcar_du_mdev_snoops(dev) ? dev : NULL;
}

/**
 * rcar_du_mdev_snoop_offers_wc - Tell if a guest should map buffers write-combined
 * @snoop: the caches
 *
 * With FWB the hypervisor makes all memory of a guest cacheable, whatever the guest
 * says: what it takes for write-combined has to be cleaned all the same.
 *
 * Return: true if what it draws then is in memory.
 */
bool rcar_du_mdev_snoop_offers_wc(const struct rcar_du_mdev_snoop *snoop)
{
#ifdef CONFIG_ARM64
	if (cpus_have_final_cap(ARM64_HAS_STAGE2_FWB))
		return false;
#endif
	/* A bounce buffer is filled through the caches. */
	return snoop->dev && dma_max_mapping_size(snoop->dev) == SIZE_MAX;
}

/* Modules have no other call that cleans than to map for a device. */
static int rcar_du_mdev_snoop_clean(struct device *dev,
				    struct scatterlist *sg)
{
	unsigned int limit = rcar_du_mdev_max_segment(dev);
	unsigned int offset, size;

	for (offset = 0; offset < sg->length; offset += size) {
		dma_addr_t addr;

		size = min(sg->length - offset, limit);
		addr = dma_map_page(dev, sg_page(sg), sg->offset + offset, size,
				    DMA_TO_DEVICE);
		if (dma_mapping_error(dev, addr))
			return -ENOBUFS;

		dma_unmap_page(dev, addr, size, DMA_TO_DEVICE);
	}

	return 0;
}

/**
 * rcar_du_mdev_snoop_clean_pages - Clean pages that have just been pinned
 * @snoop: the caches
 * @sgt: the pages, which nobody maps for a device or past the caches yet
 *
 * Pages that the guest never touched have been cleared, but perhaps in a cache only:
 * the display would show what was in the memory before, which is somebody else's.
 *
 * Return: 0, or -ENOBUFS if the device can't reach them.
 */
int rcar_du_mdev_snoop_clean_pages(struct rcar_du_mdev_snoop *snoop,
				   struct sg_table *sgt)
{
	u64 start = ktime_get_ns();
	struct scatterlist *sg;
	unsigned int i;
	int ret;

	if (!snoop->dev)
		return 0;

	for_each_sgtable_sg(sgt, sg, i) {
		ret = rcar_du_mdev_snoop_clean(snoop->dev, sg);
		if (ret)
			return ret;
	}

	atomic64_inc(&snoop->pin_cleans);
	atomic64_add(ktime_get_ns() - start, &snoop->pin_clean_ns);

	return 0;
}
