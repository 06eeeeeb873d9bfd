// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: framebuffer regions
 *
 * For VMMs without OpenGL, a VFIO region whose pages are those of the guest's
 * primary plane. A client maps it once; a flip takes its page table entries
 * away, and the next access finds the new framebuffer. Where there is no
 * framebuffer there are zeros and never a signal: the VMM must not die of what
 * its guest does.
 *
 * QEMU notices a change of size or format, but none of the pitch alone
 * (hw/vfio/display.c), unless the region changes. So there are two regions with
 * the same contents, and a change of the pitch moves on to the other one.
 */

#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/vfio.h>

#include <drm/drm_plane.h>

#include "rcar_du_mdev_cache.h"
#include "rcar_du_mdev_fb.h"
#include "rcar_du_mdev_fbregion.h"
#include "rcar_du_mdev_frame.h"
#include "rcar_du_mdev_layout.h"
#include "rcar_du_mdev_screen.h"

/**
 * rcar_du_mdev_fbregion_plane_locked - Find the plane that the region shows
 * @fbregion: the regions; the caller holds the cache's mutex
 * @fb: set to its framebuffer
 *
 * The picture has to begin at the first byte of the region. A pitch that is
 * not a multiple of 4 is none that pixman takes; QEMU would abort.
 *
 * Return: the plane, or NULL if there is nothing to see.
 */
const struct rcar_du_mdev_plane *
rcar_du_mdev_fbregion_plane_locked(struct rcar_du_mdev_fbregion *fbregion,
				   struct rcar_du_mdev_fb **fb)
{
	const struct rcar_du_mdev_frame *frame;
	const struct rcar_du_mdev_shown *shown;
	const struct rcar_du_mdev_plane *plane;

	rcar_du_mdev_cache_assert_held(fbregion->cache);

	frame = rcar_du_mdev_screen_frame_locked(fbregion->screen);
	plane = rcar_du_mdev_frame_find(frame, DRM_PLANE_TYPE_PRIMARY);
	if (!rcar_du_mdev_plane_is_simple(plane) || plane->pitch[0] % 4)
		return NULL;

	shown = rcar_du_mdev_screen_shown_locked(fbregion->screen, plane);
	if (rcar_du_mdev_screen_lost_locked(fbregion->screen, plane, shown))
		return NULL;

	*fb = shown->fb[0];

	return plane;
}

/**
 * rcar_du_mdev_fbregion_index_locked - Tell which region shows the plane
 * @fbregion: the regions; the caller holds the cache's mutex
 *
 * Return: its VFIO region index.
 */
unsigned int
rcar_du_mdev_fbregion_index_locked(const struct rcar_du_mdev_fbregion *fbregion)
{
	rcar_du_mdev_cache_assert_held(fbregion->cache);

	return RCAR_DU_MDEV_FB_REGION + fbregion->index;
}

/**
 * rcar_du_mdev_fbregion_zap - Take the region's pages away from its users
 * @fbregion: the regions
 *
 * The next access faults.
 */
void rcar_du_mdev_fbregion_zap(struct rcar_du_mdev_fbregion *fbregion)
{
	unsigned int index;

	if (!fbregion->enabled)
		return;

	for (index = RCAR_DU_MDEV_FB_REGION;
	     index < RCAR_DU_MDEV_FB_REGION + RCAR_DU_MDEV_NUM_FB_REGIONS;
	     index++)
		unmap_mapping_range(fbregion->vdev->inode->i_mapping,
				    (loff_t)index << RCAR_DU_MDEV_REGION_SHIFT,
				    RCAR_DU_MDEV_FB_REGION_SIZE, 1);
}

/**
 * rcar_du_mdev_fbregion_update_locked - Show the frame that was published
 * @fbregion: the regions; the caller holds the cache's mutex
 */
void rcar_du_mdev_fbregion_update_locked(struct rcar_du_mdev_fbregion *fbregion)
{
	struct rcar_du_mdev_fb *fb = NULL;
	const struct rcar_du_mdev_plane *plane;
	bool write_combined;
	u32 id;

	rcar_du_mdev_cache_assert_held(fbregion->cache);

	if (!fbregion->enabled)
		return;

	plane = rcar_du_mdev_fbregion_plane_locked(fbregion, &fb);
	id = plane ? fb->id : 0;
	write_combined = plane && rcar_du_mdev_fb_write_combined(fb);
	if (id != fbregion->fb_id || write_combined != fbregion->write_combined)
		rcar_du_mdev_fbregion_zap(fbregion);
	fbregion->fb_id = id;
	fbregion->write_combined = write_combined;

	if (!plane)
		return;

	if (fbregion->pitch && fbregion->pitch != plane->pitch[0])
		fbregion->index ^= 1;
	fbregion->pitch = plane->pitch[0];
}

/**
 * rcar_du_mdev_fbregion_read - Read from the region
 * @fbregion: the regions
 * @offset: first byte, within the region
 * @buf: where to
 * @count: bytes, within the region
 */
void rcar_du_mdev_fbregion_read(struct rcar_du_mdev_fbregion *fbregion, u32 offset,
				u8 *buf, u32 count)
{
	struct rcar_du_mdev_fb *fb = NULL;

	memset(buf, 0, count);

	guard(rcar_du_mdev_cache)(fbregion->cache);

	if (!rcar_du_mdev_fbregion_plane_locked(fbregion, &fb))
		return;

	guard(mutex)(&fb->mutex);

	if (!rcar_du_mdev_fb_usable_locked(fb) ||
	    offset >= rcar_du_mdev_fb_size(fb))
		return;

	count = min_t(size_t, count, rcar_du_mdev_fb_size(fb) - offset);
	rcar_du_mdev_fb_read_locked(fb, offset, buf, count);
	atomic64_add(count, &fbregion->bytes_copied);
}

static vm_fault_t rcar_du_mdev_fbregion_fault(struct vm_fault *vmf)
{
	struct rcar_du_mdev_fbregion *fbregion = vmf->vma->vm_private_data;
	unsigned long mask = (RCAR_DU_MDEV_FB_REGION_SIZE >> PAGE_SHIFT) - 1;
	unsigned long pgoff = vmf->pgoff & mask;
	struct rcar_du_mdev_fb *fb = NULL;

	/*
	 * Held while the pages go into the page table: a flip takes them away
	 * afterwards, and so misses none.
	 */
	guard(rcar_du_mdev_cache)(fbregion->cache);

	if (rcar_du_mdev_fbregion_plane_locked(fbregion, &fb) &&
	    pgoff < fb->npages) {
		guard(mutex)(&fb->mutex);

		if (rcar_du_mdev_fb_usable_locked(fb))
			return rcar_du_mdev_fb_insert_locked(fb, vmf, pgoff);
	}

	return vmf_insert_pfn(vmf->vma, vmf->address,
			      page_to_pfn(ZERO_PAGE(0)));
}

static const struct vm_operations_struct rcar_du_mdev_fbregion_vm_ops = {
	.fault = rcar_du_mdev_fbregion_fault,
};

/**
 * rcar_du_mdev_fbregion_mmap - Map a framebuffer region
 * @fbregion: the regions
 * @vma: the mapping, shared, whose offset says which region
 *
 * Return: 0, or -EINVAL if the region cannot be mapped, or not so far, -EACCES for
 * a mapping that can be written.
 */
int rcar_du_mdev_fbregion_mmap(struct rcar_du_mdev_fbregion *fbregion,
			       struct vm_area_struct *vma)
{
	unsigned int shift = RCAR_DU_MDEV_REGION_SHIFT - PAGE_SHIFT;
	unsigned long index = vma->vm_pgoff >> shift;
	unsigned long first = vma->vm_pgoff & ((1UL << shift) - 1);

	if (!fbregion->enabled || index < RCAR_DU_MDEV_FB_REGION ||
	    index >= RCAR_DU_MDEV_FB_REGION + RCAR_DU_MDEV_NUM_FB_REGIONS)
		return -EINVAL;

	if (first + vma_pages(vma) > RCAR_DU_MDEV_FB_REGION_SIZE >> PAGE_SHIFT)
		return -EINVAL;

	if (vma->vm_flags & VM_WRITE)
		return -EACCES;

	vma->vm_ops = &rcar_du_mdev_fbregion_vm_ops;
	vma->vm_private_data = fbregion;
	vm_flags_mod(vma, VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP,
		     VM_MAYWRITE);

	return 0;
}

/**
 * rcar_du_mdev_fbregion_size - Size of a framebuffer region
 * @fbregion: the regions
 *
 * Return: bytes, 0 if there is none.
 */
u32 rcar_du_mdev_fbregion_size(const struct rcar_du_mdev_fbregion *fbregion)
{
	return fbregion->enabled ? RCAR_DU_MDEV_FB_REGION_SIZE : 0;
}

/**
 * rcar_du_mdev_fbregion_clear_locked - Forget what was shown
 * @fbregion: the regions; the caller holds the cache's mutex
 */
void rcar_du_mdev_fbregion_clear_locked(struct rcar_du_mdev_fbregion *fbregion)
{
	rcar_du_mdev_cache_assert_held(fbregion->cache);

	fbregion->fb_id = 0;
	fbregion->pitch = 0;
	fbregion->index = 0;
}

/**
 * rcar_du_mdev_fbregion_open - The device is used from now on
 * @fbregion: the regions
 * @enabled: VMMs get at planes by regions
 */
void rcar_du_mdev_fbregion_open(struct rcar_du_mdev_fbregion *fbregion,
				bool enabled)
{
	fbregion->enabled = enabled;
}

/**
 * rcar_du_mdev_fbregion_init - Prepare the framebuffer regions of a new device
 * @fbregion: the regions
 * @vdev: the VFIO device
 * @cache: the device's framebuffers
 * @screen: what the device shows
 */
void rcar_du_mdev_fbregion_init(struct rcar_du_mdev_fbregion *fbregion,
				struct vfio_device *vdev,
				struct rcar_du_mdev_cache *cache,
				struct rcar_du_mdev_screen *screen)
{
	fbregion->vdev = vdev;
	fbregion->cache = cache;
	fbregion->screen = screen;
}
