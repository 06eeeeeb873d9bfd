// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest RAM
 */

#define _GNU_SOURCE

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>
#include <linux/iommufd.h>

#include "internal.h"

int __vfio_gfx_ram_alloc(struct vfio_gfx_ram *ram, enum vfio_gfx_backing how,
			 __u64 iova, __u64 size)
{
	int flags = how == VFIO_GFX_ANON ? MAP_PRIVATE | MAP_ANONYMOUS :
					   MAP_SHARED;
	int fd = -1;
	int ret = 0;

	if (how != VFIO_GFX_ANON) {
		fd = memfd_create("guest-ram", how == VFIO_GFX_HUGETLB ?
				  MFD_CLOEXEC | MFD_HUGETLB : MFD_CLOEXEC);
		if (fd < 0)
			return -errno;
		if (ftruncate(fd, size)) {
			ret = -errno;
			goto out_close;
		}
	}

	ram->va = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);
	if (ram->va == MAP_FAILED) {
		ram->va = NULL;
		ret = -errno;
		goto out_close;
	}
	ram->iova = iova;
	ram->size = size;

out_close:
	if (fd >= 0)
		close(fd);
	return ret;
}

void vfio_gfx_ram_alloc(struct vfio_gfx_ram *ram, __u64 iova, __u64 size)
{
	int ret = __vfio_gfx_ram_alloc(ram, VFIO_GFX_MEMFD, iova, size);

	if (ret)
		die("guest RAM: %s", strerror(-ret));
}

void vfio_gfx_ram_free(struct vfio_gfx_ram *ram)
{
	if (ram->va)
		munmap(ram->va, ram->size);
	ram->va = NULL;
}

int __vfio_gfx_dma_map(struct vfio_gfx_dev *dev, void *va, __u64 iova,
		       __u64 size, bool writable)
{
	struct vfio_iommu_type1_dma_map type1 = {
		.argsz = sizeof(type1),
		.flags = VFIO_DMA_MAP_FLAG_READ |
			 (writable ? VFIO_DMA_MAP_FLAG_WRITE : 0),
		.vaddr = (uintptr_t)va,
		.iova = iova,
		.size = size,
	};
	struct iommu_ioas_map ioas = {
		.size = sizeof(ioas),
		.flags = IOMMU_IOAS_MAP_FIXED_IOVA | IOMMU_IOAS_MAP_READABLE |
			 (writable ? IOMMU_IOAS_MAP_WRITEABLE : 0),
		.ioas_id = dev->ioas,
		.user_va = (uintptr_t)va,
		.length = size,
		.iova = iova,
	};
	int ret;

	if (dev->mode == VFIO_GFX_GROUP)
		ret = ioctl(dev->iommu, VFIO_IOMMU_MAP_DMA, &type1);
	else
		ret = ioctl(dev->iommu, IOMMU_IOAS_MAP, &ioas);
	return ret ? -errno : 0;
}

int __vfio_gfx_dma_unmap(struct vfio_gfx_dev *dev, __u64 iova, __u64 size)
{
	struct vfio_iommu_type1_dma_unmap type1 = {
		.argsz = sizeof(type1),
		.iova = iova,
		.size = size,
	};
	struct iommu_ioas_unmap ioas = {
		.size = sizeof(ioas),
		.ioas_id = dev->ioas,
		.iova = iova,
		.length = size,
	};
	int ret;

	if (dev->mode == VFIO_GFX_GROUP)
		ret = ioctl(dev->iommu, VFIO_IOMMU_UNMAP_DMA, &type1);
	else
		ret = ioctl(dev->iommu, IOMMU_IOAS_UNMAP, &ioas);
	return ret ? -errno : 0;
}

void vfio_gfx_ram_map(struct vfio_gfx_dev *dev, struct vfio_gfx_ram *ram)
{
	int ret = __vfio_gfx_dma_map(dev, ram->va, ram->iova, ram->size, true);

	if (ret)
		die("map guest RAM: %s", strerror(-ret));
}

void vfio_gfx_ram_unmap(struct vfio_gfx_dev *dev, struct vfio_gfx_ram *ram)
{
	int ret = __vfio_gfx_dma_unmap(dev, ram->iova, ram->size);

	if (ret)
		die("unmap guest RAM: %s", strerror(-ret));
}

int __vfio_gfx_detach(struct vfio_gfx_dev *dev)
{
	struct vfio_device_detach_iommufd_pt detach = {
		.argsz = sizeof(detach),
	};

	return ioctl(dev->fd, VFIO_DEVICE_DETACH_IOMMUFD_PT, &detach) ?
	       -errno : 0;
}

int __vfio_gfx_attach(struct vfio_gfx_dev *dev)
{
	struct vfio_device_attach_iommufd_pt attach = {
		.argsz = sizeof(attach),
		.pt_id = dev->ioas,
	};

	return ioctl(dev->fd, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach) ?
	       -errno : 0;
}

int __vfio_gfx_limit_memlock(__u64 bytes)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	struct rlimit limit;

	if (syscall(SYS_capget, &header, data))
		return -errno;
	data[CAP_IPC_LOCK / 32].effective &= ~(1u << (CAP_IPC_LOCK % 32));
	if (syscall(SYS_capset, &header, data))
		return -errno;

	if (getrlimit(RLIMIT_MEMLOCK, &limit))
		return -errno;
	limit.rlim_cur = bytes;
	if (limit.rlim_max < bytes)
		limit.rlim_max = bytes;
	return setrlimit(RLIMIT_MEMLOCK, &limit) ? -errno : 0;
}
