// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: framebuffer region
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
#include <linux/highmem.h>
#include <linux/mm.h>

#include <drm/drm_plane.h>

#include "rcar_du_mdev.h"
#include "rcar_du_mdev_fb.h"
#include "rcar_du_mdev_layout.h"

/**
 * rcar_du_mdev_fbregion_plane_locked - Find the plane that the region shows
 * @rdev: the device; the caller holds the cache's mutex
 * @fb: set to its framebuffer
 *
 * The picture has to begin at the first byte of the region. A pitch that is
 * not a multiple of 4 is none that pixman takes; QEMU would abort.
 *
 * Return: the plane, or NULL if there is nothing to see.
 */
const struct rcar_du_mdev_plane *
rcar_du_mdev_fbregion_plane_locked(struct rcar_du_mdev_device *rdev,
				   struct rcar_du_mdev_fb **fb)
{
	const struct rcar_du_mdev_plane *plane;

	rcar_du_mdev_cache_assert_held(&rdev->cache);

	plane = rcar_du_mdev_frame_find(&rdev->frame, DRM_PLANE_TYPE_PRIMARY);
	if (!rcar_du_mdev_gfx_expressible(plane) || plane->pitch[0] % 4)
		return NULL;

	*fb = rdev->shown[plane - rdev->frame.planes].fb[0];

	return *fb && !rcar_du_mdev_fb_lost(*fb) ? plane : NULL;
}

/**
 * rcar_du_mdev_fbregion_size - Size of a framebuffer region
 * @rdev: the device
 *
 * Return: bytes, 0 if there is none.
 */
u32 rcar_du_mdev_fbregion_size(struct rcar_du_mdev_device *rdev)
{
	return rcar_du_mdev_admin_get(&rdev->admin, RCAR_DU_MDEV_PLANE_API) ==
	       RCAR_DU_MDEV_PLANE_API_REGION ? RCAR_DU_MDEV_FB_REGION_SIZE : 0;
}

/**
 * rcar_du_mdev_fbregion_zap - Take the region's pages away from its users
 * @rdev: the device
 *
 * The next access faults.
 */
void rcar_du_mdev_fbregion_zap(struct rcar_du_mdev_device *rdev)
{
	unsigned int index;

	if (!rcar_du_mdev_fbregion_size(rdev))
		return;

	for (index = RCAR_DU_MDEV_FB_REGION;
	     index < RCAR_DU_MDEV_FB_REGION + RCAR_DU_MDEV_NUM_FB_REGIONS;
	     index++)
		unmap_mapping_range(rdev->vdev.inode->i_mapping,
				    (loff_t)index << RCAR_DU_MDEV_REGION_SHIFT,
				    RCAR_DU_MDEV_FB_REGION_SIZE, 1);
}

/**
 * rcar_du_mdev_fbregion_update_locked - Show the frame that was published
 * @rdev: the device; the caller holds the cache's mutex
 */
void rcar_du_mdev_fbregion_update_locked(struct rcar_du_mdev_device *rdev)
{
	struct rcar_du_mdev_fb *fb = NULL;
	const struct rcar_du_mdev_plane *plane;
	u32 id;

	rcar_du_mdev_cache_assert_held(&rdev->cache);

	if (!rcar_du_mdev_fbregion_size(rdev))
		return;

	plane = rcar_du_mdev_fbregion_plane_locked(rdev, &fb);
	id = plane ? fb->id : 0;
	if (id != rdev->fbregion.fb_id)
		rcar_du_mdev_fbregion_zap(rdev);
	rdev->fbregion.fb_id = id;

	if (!plane)
		return;

	if (rdev->fbregion.pitch && rdev->fbregion.pitch != plane->pitch[0])
		rdev->fbregion.index ^= 1;
	rdev->fbregion.pitch = plane->pitch[0];
}

/**
 * rcar_du_mdev_fbregion_read - Read from the region
 * @rdev: the device
 * @offset: first byte, within the region
 * @buf: where to
 * @count: bytes, within the region
 */
void rcar_du_mdev_fbregion_read(struct rcar_du_mdev_device *rdev, u32 offset,
				u8 *buf, u32 count)
{
	struct rcar_du_mdev_fb *fb = NULL;
	u32 n;

	memset(buf, 0, count);

	guard(rcar_du_mdev_cache)(&rdev->cache);

	if (!rcar_du_mdev_fbregion_plane_locked(rdev, &fb))
		return;

	guard(mutex)(&fb->mutex);

	if (!rcar_du_mdev_fb_usable_locked(fb))
		return;

	for (; count && offset < rcar_du_mdev_fb_size(fb);
	     offset += n, buf += n, count -= n) {
		n = min_t(u32, count, PAGE_SIZE - offset_in_page(offset));
		memcpy_from_page(buf, fb->pages[offset >> PAGE_SHIFT],
				 offset_in_page(offset), n);
		atomic64_add(n, &rdev->bytes_read);
	}
}

static vm_fault_t rcar_du_mdev_fbregion_fault(struct vm_fault *vmf)
{
	struct rcar_du_mdev_device *rdev = vmf->vma->vm_private_data;
	unsigned long mask = (RCAR_DU_MDEV_FB_REGION_SIZE >> PAGE_SHIFT) - 1;
	unsigned long pgoff = vmf->pgoff & mask;
	struct rcar_du_mdev_fb *fb = NULL;

	/*
	 * Held while the pages go into the page table: a flip takes them away
	 * afterwards, and so misses none.
	 */
	guard(rcar_du_mdev_cache)(&rdev->cache);

	if (rcar_du_mdev_fbregion_plane_locked(rdev, &fb) &&
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
 * @rdev: the device
 * @vma: the mapping, shared, whose offset says which region
 *
 * Return: 0, or -EINVAL if the region cannot be mapped, or not so far, -EACCES for
 * a mapping that can be written.
 */
int rcar_du_mdev_fbregion_mmap(struct rcar_du_mdev_device *rdev,
			       struct vm_area_struct *vma)
{
	unsigned int shift = RCAR_DU_MDEV_REGION_SHIFT - PAGE_SHIFT;
	unsigned long index = vma->vm_pgoff >> shift;
	unsigned long first = vma->vm_pgoff & ((1UL << shift) - 1);

	if (!rcar_du_mdev_fbregion_size(rdev) ||
	    index < RCAR_DU_MDEV_FB_REGION ||
	    index >= RCAR_DU_MDEV_FB_REGION + RCAR_DU_MDEV_NUM_FB_REGIONS)
		return -EINVAL;

	if (first + vma_pages(vma) > RCAR_DU_MDEV_FB_REGION_SIZE >> PAGE_SHIFT)
		return -EINVAL;

	if (vma->vm_flags & VM_WRITE)
		return -EACCES;

	vma->vm_ops = &rcar_du_mdev_fbregion_vm_ops;
	vma->vm_private_data = rdev;
	vm_flags_mod(vma, VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP,
		     VM_MAYWRITE);

	return 0;
}
