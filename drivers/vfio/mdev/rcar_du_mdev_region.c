// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: VFIO regions
 *
 * All checks of offsets and sizes are here. The registers behind it see
 * aligned 32-bit accesses within their BAR only, the other regions accesses
 * within their size. Whether a BAR answers is known behind it, where that can't change
 * on the way.
 */

#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/uaccess.h>

#include "rcar_du_mdev.h"
#include "rcar_du_mdev_cfg.h"
#include "rcar_du_mdev_edid.h"
#include "rcar_du_mdev_layout.h"
#include "rcar_du_mdev_region.h"

#define RCAR_DU_MDEV_REGION_MASK	GENMASK_ULL(RCAR_DU_MDEV_REGION_SHIFT - 1, 0)

/* Bytes handled by one access; one call does at most ACCESS_MAX of them. */
#define RCAR_DU_MDEV_CHUNK		64
#define RCAR_DU_MDEV_ACCESS_MAX		SZ_64K

static bool rcar_du_mdev_region_is_fb(unsigned int index)
{
	return index >= RCAR_DU_MDEV_FB_REGION;
}

static u32 rcar_du_mdev_region_size(struct rcar_du_mdev_device *rdev,
				    unsigned int index)
{
	if (rcar_du_mdev_region_is_fb(index))
		return rcar_du_mdev_fbregion_size(&rdev->fbregion);

	switch (index) {
	case VFIO_PCI_BAR0_REGION_INDEX + RCAR_VDU_DU_BAR:
		return RCAR_VDU_DU_BAR_SIZE;
	case VFIO_PCI_BAR0_REGION_INDEX + RCAR_VDU_REGS_BAR:
		return RCAR_VDU_REGS_BAR_SIZE;
	case RCAR_DU_MDEV_SHADOW_REGION:
		return RCAR_VDU_SHADOW_BAR_SIZE;
	case VFIO_PCI_CONFIG_REGION_INDEX:
		return RCAR_DU_MDEV_CFG_SIZE;
	case RCAR_DU_MDEV_EDID_REGION:
		return RCAR_DU_MDEV_EDID_REGION_SIZE;
	default:
		return 0;
	}
}

/* -----------------------------------------------------------------------------
 * VFIO_DEVICE_GET_REGION_INFO
 */

static u32 rcar_du_mdev_region_flags(unsigned int index)
{
	if (rcar_du_mdev_region_is_fb(index))
		return VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_MMAP;
	if (index == RCAR_DU_MDEV_SHADOW_REGION)
		return VFIO_REGION_INFO_FLAG_READ |
		       VFIO_REGION_INFO_FLAG_WRITE |
		       VFIO_REGION_INFO_FLAG_MMAP;

	return VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
}

/**
 * rcar_du_mdev_region_info_caps - Describe a region
 * @vdev: the VFIO device
 * @info: in: index, out: the region
 * @caps: the region's capabilities are added here
 *
 * Return: 0, or -EINVAL for an index that does not exist, -ENOMEM.
 */
int rcar_du_mdev_region_info_caps(struct vfio_device *vdev,
				  struct vfio_region_info *info,
				  struct vfio_info_cap *caps)
{
	struct vfio_region_info_cap_type type = {
		.header.id = VFIO_REGION_INFO_CAP_TYPE,
		.header.version = 1,
		.type = VFIO_REGION_TYPE_GFX,
		.subtype = VFIO_REGION_SUBTYPE_GFX_EDID,
	};

	if (info->index >= RCAR_DU_MDEV_NUM_REGIONS ||
	    info->index == VFIO_PCI_VGA_REGION_INDEX)
		return -EINVAL;

	info->size = rcar_du_mdev_region_size(to_rcar_du_mdev(vdev),
					      info->index);
	info->offset = (u64)info->index << RCAR_DU_MDEV_REGION_SHIFT;
	info->cap_offset = 0;
	info->flags = info->size ? rcar_du_mdev_region_flags(info->index) : 0;

	if (info->index != RCAR_DU_MDEV_EDID_REGION)
		return 0;

	return vfio_info_add_capability(caps, &type.header, sizeof(type));
}

/* -----------------------------------------------------------------------------
 * BARs
 *
 * Registers are 32 bits wide. A read of some bytes of one register returns
 * these bytes. A write that is not of whole registers has no byte enables to
 * go with and is dropped.
 */

static void rcar_du_mdev_bar_read(struct rcar_du_mdev_device *rdev,
				  unsigned int bar, u32 offset, u8 *buf,
				  u32 count)
{
	__le32 word;
	u32 n;

	for (; count; offset += n, buf += n, count -= n) {
		u32 byte = offset & 3;

		n = min(count, 4 - byte);
		word = cpu_to_le32(rcar_du_mdev_vdu_read(&rdev->vdu, bar,
							 offset - byte));
		memcpy(buf, (u8 *)&word + byte, n);
	}
}

static void rcar_du_mdev_bar_write(struct rcar_du_mdev_device *rdev,
				   unsigned int bar, u32 offset, const u8 *buf,
				   u32 count)
{
	__le32 word;

	for (; count >= 4; offset += 4, buf += 4, count -= 4) {
		memcpy(&word, buf, 4);
		rcar_du_mdev_vdu_write(&rdev->vdu, bar, offset,
				       le32_to_cpu(word));
	}
}

/*
 * An access that is not naturally aligned: PCI has no such thing below 4
 * bytes, and above it is a sequence of aligned ones.
 */
static bool rcar_du_mdev_bar_aligned(u32 offset, u32 count)
{
	if (count < 4)
		return count != 3 && IS_ALIGNED(offset, count);

	return IS_ALIGNED(offset, 4) && IS_ALIGNED(count, 4);
}

/* -----------------------------------------------------------------------------
 * read() and write()
 */

/* Fills @buf with @count bytes, all within the region. */
static void rcar_du_mdev_region_get(struct rcar_du_mdev_device *rdev,
				    unsigned int index, u32 offset, u8 *buf,
				    u32 count)
{
	switch (index) {
	case VFIO_PCI_CONFIG_REGION_INDEX:
		rcar_du_mdev_vdu_read_cfg(&rdev->vdu, offset, buf, count);
		break;
	case RCAR_DU_MDEV_EDID_REGION:
		rcar_du_mdev_monitor_read(&rdev->monitor, offset, buf, count);
		break;
	case RCAR_DU_MDEV_FB_REGION ... RCAR_DU_MDEV_NUM_REGIONS - 1:
		rcar_du_mdev_fbregion_read(&rdev->fbregion, offset, buf,
					   count);
		break;
	case RCAR_DU_MDEV_SHADOW_REGION:
		rcar_du_mdev_bar4_read(&rdev->bar4, offset, buf, count);
		break;
	default:
		rcar_du_mdev_bar_read(rdev, index, offset, buf, count);
		break;
	}
}

static void rcar_du_mdev_region_put(struct rcar_du_mdev_device *rdev,
				    unsigned int index, u32 offset,
				    const u8 *buf, u32 count)
{
	switch (index) {
	case VFIO_PCI_CONFIG_REGION_INDEX:
		rcar_du_mdev_pci_write(&rdev->pci, offset, buf, count);
		break;
	case RCAR_DU_MDEV_EDID_REGION:
		rcar_du_mdev_monitor_write(&rdev->monitor, offset, buf, count);
		break;
	case RCAR_DU_MDEV_FB_REGION ... RCAR_DU_MDEV_NUM_REGIONS - 1:
		/* Nobody writes the guest's memory. */
		break;
	case RCAR_DU_MDEV_SHADOW_REGION:
		rcar_du_mdev_bar4_write(&rdev->bar4, offset, buf, count);
		break;
	default:
		rcar_du_mdev_bar_write(rdev, index, offset, buf, count);
		break;
	}
}

/* BAR 4 is memory, the other BARs are registers. */
static bool rcar_du_mdev_region_is_regs(unsigned int index)
{
	return index <= VFIO_PCI_BAR5_REGION_INDEX &&
	       index != RCAR_DU_MDEV_SHADOW_REGION;
}

/*
 * Bytes of an access that reach the region; the others read as all ones and
 * are dropped when written, as nobody answers there on the bus.
 */
static u32 rcar_du_mdev_region_valid(struct rcar_du_mdev_device *rdev,
				     unsigned int index, u64 offset, u32 count)
{
	u32 size = rcar_du_mdev_region_size(rdev, index);

	if (offset >= size)
		return 0;

	count = min_t(u64, count, size - offset);
	if (rcar_du_mdev_region_is_regs(index) &&
	    !rcar_du_mdev_bar_aligned(offset, count))
		return 0;

	return count;
}

/**
 * rcar_du_mdev_region_read - Read from a region
 * @vdev: the VFIO device
 * @buf: where to
 * @count: bytes
 * @ppos: region index and offset
 *
 * Return: bytes read, or -EINVAL if there is no such region, -EFAULT.
 */
ssize_t rcar_du_mdev_region_read(struct vfio_device *vdev, char __user *buf,
				 size_t count, loff_t *ppos)
{
	struct rcar_du_mdev_device *rdev = to_rcar_du_mdev(vdev);
	u64 index = (u64)*ppos >> RCAR_DU_MDEV_REGION_SHIFT;
	u64 offset = *ppos & RCAR_DU_MDEV_REGION_MASK;
	size_t done = 0;
	u32 valid;

	if (index >= RCAR_DU_MDEV_NUM_REGIONS)
		return -EINVAL;

	count = min_t(size_t, count, RCAR_DU_MDEV_ACCESS_MAX);
	valid = rcar_du_mdev_region_valid(rdev, index, offset, count);

	while (done < count) {
		u8 chunk[RCAR_DU_MDEV_CHUNK];
		u32 n = min_t(size_t, count - done, sizeof(chunk));

		memset(chunk, 0xff, sizeof(chunk));
		if (done < valid)
			rcar_du_mdev_region_get(rdev, index, offset + done,
						chunk,
						min_t(u32, n, valid - done));

		if (copy_to_user(buf + done, chunk, n))
			return -EFAULT;

		done += n;
	}

	*ppos += done;

	return done;
}

/**
 * rcar_du_mdev_region_write - Write to a region
 * @vdev: the VFIO device
 * @buf: where from
 * @count: bytes
 * @ppos: region index and offset
 *
 * Return: bytes taken, also when they were dropped, or -EINVAL if there is no
 * such region, -EFAULT.
 */
ssize_t rcar_du_mdev_region_write(struct vfio_device *vdev,
				  const char __user *buf, size_t count,
				  loff_t *ppos)
{
	struct rcar_du_mdev_device *rdev = to_rcar_du_mdev(vdev);
	u64 index = (u64)*ppos >> RCAR_DU_MDEV_REGION_SHIFT;
	u64 offset = *ppos & RCAR_DU_MDEV_REGION_MASK;
	size_t done = 0;
	u32 valid;

	if (index >= RCAR_DU_MDEV_NUM_REGIONS)
		return -EINVAL;

	count = min_t(size_t, count, RCAR_DU_MDEV_ACCESS_MAX);
	valid = rcar_du_mdev_region_valid(rdev, index, offset, count);

	while (done < valid) {
		u8 chunk[RCAR_DU_MDEV_CHUNK];
		u32 n = min_t(size_t, valid - done, sizeof(chunk));

		if (copy_from_user(chunk, buf + done, n))
			return -EFAULT;

		rcar_du_mdev_region_put(rdev, index, offset + done, chunk, n);
		done += n;
	}

	*ppos += count;

	return count;
}

/* -----------------------------------------------------------------------------
 * mmap()
 */

/**
 * rcar_du_mdev_region_mmap - Map a region
 * @vdev: the VFIO device
 * @vma: the mapping, whose offset says which region
 *
 * Return: 0, or -EINVAL if the region cannot be mapped, or not so far, or not
 * privately, -EACCES for a mapping of a framebuffer that can be written.
 */
int rcar_du_mdev_region_mmap(struct vfio_device *vdev,
			     struct vm_area_struct *vma)
{
	struct rcar_du_mdev_device *rdev = to_rcar_du_mdev(vdev);
	unsigned int shift = RCAR_DU_MDEV_REGION_SHIFT - PAGE_SHIFT;
	unsigned long index = vma->vm_pgoff >> shift;

	/* A private mapping would be a copy. */
	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;

	if (index == RCAR_DU_MDEV_SHADOW_REGION)
		return rcar_du_mdev_bar4_mmap(&rdev->bar4, vma);

	return rcar_du_mdev_fbregion_mmap(&rdev->fbregion, vma);
}
