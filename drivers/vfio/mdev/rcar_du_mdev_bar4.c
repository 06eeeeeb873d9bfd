// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: BAR 4
 *
 * Memory that the guest maps. When the function does not answer to memory accesses
 * the mappings go, and an access raises SIGBUS until it does again. Not all ones as
 * with read(): there is no page for them that a store would not change. A VMM that
 * maps BARs where the guest has them has no mapping there at that time.
 */

#include <linux/fs.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/vfio.h>
#include <linux/vmalloc.h>

#include <uapi/linux/rcar_vdu.h>

#include "rcar_du_mdev_bar4.h"
#include "rcar_du_mdev_layout.h"

/**
 * rcar_du_mdev_bar4_read - Read from BAR 4
 * @bar4: BAR 4
 * @offset: first byte, within it
 * @buf: where to; all ones if it does not answer
 * @count: bytes, within it
 */
void rcar_du_mdev_bar4_read(struct rcar_du_mdev_bar4 *bar4, u32 offset,
			    u8 *buf, u32 count)
{
	guard(rwsem_read)(&bar4->lock);

	if (bar4->enabled)
		memcpy(buf, bar4->data + offset, count);
	else
		memset(buf, 0xff, count);
}

/**
 * rcar_du_mdev_bar4_write - Write to BAR 4
 * @bar4: BAR 4
 * @offset: first byte, within it
 * @buf: where from; dropped if it does not answer
 * @count: bytes, within it
 */
void rcar_du_mdev_bar4_write(struct rcar_du_mdev_bar4 *bar4, u32 offset,
			     const u8 *buf, u32 count)
{
	guard(rwsem_read)(&bar4->lock);

	if (bar4->enabled)
		memcpy(bar4->data + offset, buf, count);
}

/* -----------------------------------------------------------------------------
 * Mappings
 */

static pgoff_t rcar_du_mdev_bar4_page(pgoff_t pgoff)
{
	return pgoff & ((1UL << (RCAR_DU_MDEV_REGION_SHIFT - PAGE_SHIFT)) - 1);
}

static vm_fault_t rcar_du_mdev_bar4_fault(struct vm_fault *vmf)
{
	struct rcar_du_mdev_bar4 *bar4 = vmf->vma->vm_private_data;
	pgoff_t pgoff = rcar_du_mdev_bar4_page(vmf->pgoff);

	/*
	 * Held while the page goes into the page table, so that who turns BAR 4 off
	 * misses none.
	 */
	guard(rwsem_read)(&bar4->lock);

	if (!bar4->enabled)
		return VM_FAULT_SIGBUS;

	return rcar_du_insert_mixed(vmf->vma, vmf->address,
				    vmalloc_to_pfn(bar4->data +
						   (pgoff << PAGE_SHIFT)));
}

static const struct vm_operations_struct rcar_du_mdev_bar4_vm_ops = {
	.fault = rcar_du_mdev_bar4_fault,
};

/**
 * rcar_du_mdev_bar4_mmap - Map BAR 4
 * @bar4: BAR 4, whether it answers or not
 * @vma: the mapping, shared
 *
 * Return: 0, or -EINVAL if BAR 4 does not reach so far.
 */
int rcar_du_mdev_bar4_mmap(struct rcar_du_mdev_bar4 *bar4,
			   struct vm_area_struct *vma)
{
	pgoff_t first = rcar_du_mdev_bar4_page(vma->vm_pgoff);

	if (first + vma_pages(vma) > RCAR_VDU_SHADOW_BAR_SIZE >> PAGE_SHIFT)
		return -EINVAL;

	vma->vm_ops = &rcar_du_mdev_bar4_vm_ops;
	vma->vm_private_data = bar4;
	/*
	 * VM_IO: nobody can keep a page when the mapping is taken away. Not VM_PFNMAP:
	 * KVM on arm64 refuses a cacheable one if the processor has no FEAT_S2FWB.
	 */
	vm_flags_set(vma, VM_IO | VM_MIXEDMAP | VM_DONTEXPAND | VM_DONTDUMP);

	return 0;
}

static void rcar_du_mdev_bar4_zap_locked(struct rcar_du_mdev_bar4 *bar4)
{
	loff_t offset = (u64)RCAR_DU_MDEV_SHADOW_REGION <<
			RCAR_DU_MDEV_REGION_SHIFT;

	lockdep_assert_held_write(&bar4->lock);

	unmap_mapping_range(bar4->vdev->inode->i_mapping, offset,
			    RCAR_VDU_SHADOW_BAR_SIZE, 1);
}

/* -----------------------------------------------------------------------------
 * Who may access it
 */

/**
 * rcar_du_mdev_bar4_enable - Let BAR 4 answer, or not
 * @bar4: BAR 4
 * @enable: it answers
 *
 * On return nobody has a mapping of what does not answer. What is in it stays.
 *
 * Context: sleeps.
 */
void rcar_du_mdev_bar4_enable(struct rcar_du_mdev_bar4 *bar4, bool enable)
{
	guard(rwsem_write)(&bar4->lock);

	if (bar4->enabled == enable)
		return;

	bar4->enabled = enable;
	if (!enable)
		rcar_du_mdev_bar4_zap_locked(bar4);
}

/**
 * rcar_du_mdev_bar4_clear - The next user is to find nothing of this one's
 * @bar4: BAR 4, which does not answer and which the VDU does not look at
 */
void rcar_du_mdev_bar4_clear(struct rcar_du_mdev_bar4 *bar4)
{
	memset(bar4->data, 0, RCAR_VDU_SHADOW_BAR_SIZE);
}

/**
 * rcar_du_mdev_bar4_init - Prepare BAR 4 of a new device
 * @bar4: BAR 4; it does not answer
 * @vdev: the VFIO device
 * @data: its memory, of vmalloc()
 */
void rcar_du_mdev_bar4_init(struct rcar_du_mdev_bar4 *bar4,
			    struct vfio_device *vdev, void *data)
{
	bar4->vdev = vdev;
	bar4->data = data;
	init_rwsem(&bar4->lock);
}
