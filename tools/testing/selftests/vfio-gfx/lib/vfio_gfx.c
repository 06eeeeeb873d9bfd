// SPDX-License-Identifier: GPL-2.0-only
/*
 * A VDU mediated device seen as a VFIO user sees it, without a VM
 */

#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <linux/capability.h>
#include <linux/iommufd.h>
#include <linux/pci_regs.h>

#include <drm/drm.h>

#include "vfio_gfx.h"

#define MDEV_DEVICES	"/sys/bus/mdev/devices"
#define MDEV_CREATE	"/sys/class/mdev_bus/*/mdev_supported_types/*-virtual/create"

#define die(...)	vfio_gfx_fail(__FILE__, __LINE__, __VA_ARGS__)

void vfio_gfx_fail(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "# %s:%d: ", file, line);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

/* -----------------------------------------------------------------------------
 * Mediated devices
 */

static char own_uuid[VFIO_GFX_UUID_LEN];
static pid_t creator;

static int write_file(const char *path, const char *text)
{
	int fd, ret = 0;

	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static int read_file(const char *path, char *buf, size_t size)
{
	ssize_t len;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read(fd, buf, size - 1);
	close(fd);
	if (len < 0)
		return -errno;
	buf[len] = '\0';
	return 0;
}

int __vfio_gfx_mdev_create(char *uuid)
{
	int ret = -ENODEV;
	glob_t types;
	size_t i;

	if (glob(MDEV_CREATE, 0, NULL, &types))
		return -ENODEV;
	if (read_file("/proc/sys/kernel/random/uuid", uuid, VFIO_GFX_UUID_LEN))
		die("no random UUID");

	for (i = 0; i < types.gl_pathc && ret; i++)
		ret = write_file(types.gl_pathv[i], uuid);
	globfree(&types);

	if (ret)
		uuid[0] = '\0';
	return ret;
}

int __vfio_gfx_mdev_remove(const char *uuid)
{
	char path[128];

	snprintf(path, sizeof(path), MDEV_DEVICES "/%s/remove", uuid);
	return write_file(path, "1");
}

bool vfio_gfx_mdev_exists(const char *uuid)
{
	char path[128];

	snprintf(path, sizeof(path), MDEV_DEVICES "/%s", uuid);
	return !access(path, F_OK);
}

const char *vfio_gfx_uuid(void)
{
	return own_uuid;
}

static void __attribute__((constructor)) vfio_gfx_init(void)
{
	const char *uuid = getenv("VFIO_GFX_MDEV");
	int ret;

	if (uuid) {
		snprintf(own_uuid, sizeof(own_uuid), "%s", uuid);
		return;
	}

	ret = __vfio_gfx_mdev_create(own_uuid);
	if (ret)
		fprintf(stderr, "# no mediated device: %s\n", strerror(-ret));
	else
		creator = getpid();
}

static void __attribute__((destructor)) vfio_gfx_fini(void)
{
	if (creator == getpid())
		__vfio_gfx_mdev_remove(own_uuid);
}

/* -----------------------------------------------------------------------------
 * Opening and closing
 */

static int open_group(struct vfio_gfx_dev *dev)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char path[128], target[256];
	ssize_t len;

	dev->iommu = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	if (dev->iommu < 0)
		return -errno;

	snprintf(path, sizeof(path), MDEV_DEVICES "/%s/iommu_group", dev->uuid);
	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0)
		return -errno;
	target[len] = '\0';

	snprintf(path, sizeof(path), "/dev/vfio/%s", strrchr(target, '/') + 1);
	dev->group = open(path, O_RDWR | O_CLOEXEC);
	if (dev->group < 0)
		return -errno;

	if (ioctl(dev->group, VFIO_GROUP_GET_STATUS, &status) ||
	    !(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		die("group is not viable");
	if (ioctl(dev->group, VFIO_GROUP_SET_CONTAINER, &dev->iommu))
		return -errno;
	if (ioctl(dev->iommu, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return -errno;

	dev->fd = ioctl(dev->group, VFIO_GROUP_GET_DEVICE_FD, dev->uuid);
	return dev->fd < 0 ? -errno : 0;
}

static int open_cdev(struct vfio_gfx_dev *dev)
{
	struct vfio_device_bind_iommufd bind = { .argsz = sizeof(bind) };
	struct vfio_device_attach_iommufd_pt attach = {
		.argsz = sizeof(attach),
	};
	struct iommu_ioas_alloc alloc = { .size = sizeof(alloc) };
	char path[128];
	glob_t names;

	dev->iommu = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	if (dev->iommu < 0)
		return -errno;

	snprintf(path, sizeof(path), MDEV_DEVICES "/%s/vfio-dev/vfio*",
		 dev->uuid);
	if (glob(path, 0, NULL, &names))
		return -ENOENT;
	snprintf(path, sizeof(path), "/dev/vfio/devices/%s",
		 strrchr(names.gl_pathv[0], '/') + 1);
	globfree(&names);

	dev->fd = open(path, O_RDWR | O_CLOEXEC);
	if (dev->fd < 0)
		return -errno;

	bind.iommufd = dev->iommu;
	if (ioctl(dev->fd, VFIO_DEVICE_BIND_IOMMUFD, &bind))
		return -errno;
	if (ioctl(dev->iommu, IOMMU_IOAS_ALLOC, &alloc))
		return -errno;
	dev->ioas = alloc.out_ioas_id;

	attach.pt_id = dev->ioas;
	if (ioctl(dev->fd, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach))
		return -errno;
	return 0;
}

int __vfio_gfx_open_uuid(struct vfio_gfx_dev *dev, enum vfio_gfx_mode mode,
			 const char *uuid)
{
	unsigned int i;
	int ret;

	memset(dev, 0, sizeof(*dev));
	dev->mode = mode;
	dev->fd = -1;
	dev->iommu = -1;
	dev->group = -1;
	snprintf(dev->uuid, sizeof(dev->uuid), "%s", uuid);

	ret = mode == VFIO_GFX_GROUP ? open_group(dev) : open_cdev(dev);
	if (ret) {
		vfio_gfx_close(dev);
		return ret;
	}

	for (i = 0; i < VFIO_PCI_NUM_REGIONS; i++) {
		struct vfio_region_info info = {
			.argsz = sizeof(info),
			.index = i,
		};

		if (!ioctl(dev->fd, VFIO_DEVICE_GET_REGION_INFO, &info))
			dev->offset[i] = info.offset;
	}

	vfio_gfx_cfg_write16(dev, PCI_COMMAND,
			     PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	return 0;
}

void vfio_gfx_close_device(struct vfio_gfx_dev *dev)
{
	if (dev->fd >= 0)
		close(dev->fd);
	dev->fd = -1;
}

void vfio_gfx_close(struct vfio_gfx_dev *dev)
{
	vfio_gfx_close_device(dev);
	if (dev->group >= 0)
		close(dev->group);
	if (dev->iommu >= 0)
		close(dev->iommu);
	dev->group = -1;
	dev->iommu = -1;
}

int __vfio_gfx_reset(struct vfio_gfx_dev *dev)
{
	return ioctl(dev->fd, VFIO_DEVICE_RESET) ? -errno : 0;
}

void vfio_gfx_reset(struct vfio_gfx_dev *dev)
{
	int ret = __vfio_gfx_reset(dev);

	if (ret)
		die("reset: %s", strerror(-ret));
	vfio_gfx_cfg_write16(dev, PCI_COMMAND,
			     PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
}

long long __vfio_gfx_stat(struct vfio_gfx_dev *dev, const char *name)
{
	size_t len = strlen(name);
	char path[128], text[4096];
	char *line, *save = NULL;
	int ret;

	snprintf(path, sizeof(path), "/sys/kernel/debug/rcar-du-mdev/%s/stats",
		 dev->uuid);
	ret = read_file(path, text, sizeof(text));
	if (ret)
		return ret;

	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (strncmp(line, name, len) || !strchr(": \t=", line[len]))
			continue;
		return strtoll(line + len + strspn(line + len, ": \t="),
			       NULL, 0);
	}
	return -ENOENT;
}

/* -----------------------------------------------------------------------------
 * Guest RAM
 */

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

/* -----------------------------------------------------------------------------
 * Registers
 */

ssize_t __vfio_gfx_pread(struct vfio_gfx_dev *dev, unsigned int region,
			 __u64 offset, void *buf, size_t count)
{
	ssize_t ret = pread(dev->fd, buf, count, dev->offset[region] + offset);

	return ret < 0 ? -errno : ret;
}

ssize_t __vfio_gfx_pwrite(struct vfio_gfx_dev *dev, unsigned int region,
			  __u64 offset, const void *buf, size_t count)
{
	ssize_t ret = pwrite(dev->fd, buf, count, dev->offset[region] + offset);

	return ret < 0 ? -errno : ret;
}

__u32 vfio_gfx_read(struct vfio_gfx_dev *dev, unsigned int region,
		    __u64 offset)
{
	__u32 value;
	ssize_t ret;

	ret = __vfio_gfx_pread(dev, region, offset, &value, sizeof(value));
	if (ret != sizeof(value))
		die("read of region %u + 0x%llx returned %zd", region,
		    (unsigned long long)offset, ret);
	return value;
}

void vfio_gfx_write(struct vfio_gfx_dev *dev, unsigned int region,
		    __u64 offset, __u32 value)
{
	ssize_t ret;

	ret = __vfio_gfx_pwrite(dev, region, offset, &value, sizeof(value));
	if (ret != sizeof(value))
		die("write to region %u + 0x%llx returned %zd", region,
		    (unsigned long long)offset, ret);
}

__u32 vfio_gfx_du_read(struct vfio_gfx_dev *dev, __u32 reg)
{
	return vfio_gfx_read(dev, VFIO_GFX_DU, reg);
}

void vfio_gfx_du_write(struct vfio_gfx_dev *dev, __u32 reg, __u32 value)
{
	vfio_gfx_write(dev, VFIO_GFX_DU, reg, value);
}

__u32 vfio_gfx_page_read(struct vfio_gfx_dev *dev, __u32 reg)
{
	return vfio_gfx_read(dev, VFIO_GFX_PAGE, reg);
}

void vfio_gfx_page_write(struct vfio_gfx_dev *dev, __u32 reg, __u32 value)
{
	vfio_gfx_write(dev, VFIO_GFX_PAGE, reg, value);
}

__u16 vfio_gfx_cfg_read16(struct vfio_gfx_dev *dev, __u32 reg)
{
	__u16 value;

	if (__vfio_gfx_pread(dev, VFIO_GFX_CONFIG, reg, &value, 2) != 2)
		die("read of config space 0x%x failed", reg);
	return value;
}

void vfio_gfx_cfg_write16(struct vfio_gfx_dev *dev, __u32 reg,
			  __u16 value)
{
	if (__vfio_gfx_pwrite(dev, VFIO_GFX_CONFIG, reg, &value, 2) != 2)
		die("write to config space 0x%x failed", reg);
}

bool vfio_gfx_poll(struct vfio_gfx_dev *dev, unsigned int region,
		   __u64 offset, __u32 mask, __u32 value, bool equal)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_TIMEOUT_MS;

	for (;;) {
		bool late = vfio_gfx_now_ms() > end;
		__u32 seen = vfio_gfx_read(dev, region, offset);

		if (((seen & mask) == value) == equal)
			return true;
		if (late)
			return false;
		vfio_gfx_sleep_ms(1);
	}
}

/* -----------------------------------------------------------------------------
 * Display
 */

const struct vfio_gfx_timing vfio_gfx_1080p60 = {
	.clock = 148500000,
	.hdisplay = 1920, .hsync_start = 2008, .hsync_end = 2052, .htotal = 2200,
	.vdisplay = 1080, .vsync_start = 1084, .vsync_end = 1089, .vtotal = 1125,
};

const struct vfio_gfx_timing vfio_gfx_vga60 = {
	.clock = 25175000,
	.hdisplay = 640, .hsync_start = 656, .hsync_end = 752, .htotal = 800,
	.vdisplay = 480, .vsync_start = 490, .vsync_end = 492, .vtotal = 525,
};

const struct vfio_gfx_timing vfio_gfx_fast = {
	.clock = 84000000,
	.hdisplay = 640, .hsync_start = 656, .hsync_end = 752, .htotal = 800,
	.vdisplay = 480, .vsync_start = 490, .vsync_end = 492, .vtotal = 525,
};

/* As drivers/gpu/drm/renesas/rcar-du/rcar_du_plane.c programs them. */
#define RGB	(PnMR_SPIM_TP_OFF | PnMR_DDDF_16BPP)
#define ALPHA	(PnMR_SPIM_TP_OFF | PnMR_SPIM_ALP | PnMR_DDDF_16BPP)
#define ARGB	(PnMR_SPIM_TP_OFF | PnMR_SPIM_ALP | PnMR_DDDF_ARGB)
#define YC	(PnMR_SPIM_TP_OFF | PnMR_DDDF_YC)

const struct vfio_gfx_format vfio_gfx_formats[VFIO_GFX_NUM_FORMATS] = {
	{ "RGB565", DRM_FORMAT_RGB565, 2, 1, RGB, PnALPHAR_ABIT_0,
	  PnDDCR4_EDF_NONE, 0, 0 },
	{ "ARGB1555", DRM_FORMAT_ARGB1555, 2, 1, ARGB, PnALPHAR_ABIT_0,
	  PnDDCR4_EDF_NONE, 0, 0 },
	{ "XRGB1555", DRM_FORMAT_XRGB1555, 2, 1, ARGB, PnALPHAR_ABIT_X | 0xff,
	  PnDDCR4_EDF_NONE, 0, 0 },
	{ "XRGB8888", DRM_FORMAT_XRGB8888, 4, 1, RGB, PnALPHAR_ABIT_0,
	  PnDDCR4_EDF_RGB888, 0, 0 },
	{ "ARGB8888", DRM_FORMAT_ARGB8888, 4, 1, ALPHA, PnALPHAR_ABIT_0,
	  PnDDCR4_EDF_ARGB8888, 0, 0 },
	{ "UYVY", DRM_FORMAT_UYVY, 2, 1, YC, PnALPHAR_ABIT_0,
	  PnDDCR4_EDF_NONE, 0, 0 },
	{ "YUYV", DRM_FORMAT_YUYV, 2, 1, YC | PnMR_YCDF_YUYV, PnALPHAR_ABIT_0,
	  PnDDCR4_EDF_NONE, 0, 0 },
	{ "NV12", DRM_FORMAT_NV12, 1, 2, YC, PnALPHAR_ABIT_0, PnDDCR4_EDF_NONE,
	  PnDDCR2_DIVY, PnDDCR2_DIVU | PnDDCR2_Y420 },
	{ "NV21", DRM_FORMAT_NV21, 1, 2, YC, PnALPHAR_ABIT_0, PnDDCR4_EDF_NONE,
	  PnDDCR2_DIVY, PnDDCR2_DIVU | PnDDCR2_Y420 | PnDDCR2_NV21 },
	{ "NV16", DRM_FORMAT_NV16, 1, 2, YC, PnALPHAR_ABIT_0, PnDDCR4_EDF_NONE,
	  PnDDCR2_DIVY, PnDDCR2_DIVU },
};

const struct vfio_gfx_format *vfio_gfx_format(__u32 fourcc)
{
	unsigned int i;

	for (i = 0; i < VFIO_GFX_NUM_FORMATS; i++) {
		if (vfio_gfx_formats[i].fourcc == fourcc)
			return &vfio_gfx_formats[i];
	}
	die("no format 0x%x", fourcc);
}

/* As rcar_du_crtc_set_display_timing() does. */
void vfio_gfx_timing(struct vfio_gfx_dev *dev, const struct vfio_gfx_timing *t)
{
	unsigned int left = t->htotal - t->hsync_start;
	unsigned int top = t->vtotal - t->vsync_end;

	vfio_gfx_page_write(dev, RCAR_VDU_DCLKIN, t->clock);
	vfio_gfx_du_write(dev, ESCR0, ESCR_DCLKSEL_DCLKIN);

	vfio_gfx_du_write(dev, HDSR, left - 19);
	vfio_gfx_du_write(dev, HDER, left + t->hdisplay - 19);
	vfio_gfx_du_write(dev, HSWR, t->hsync_end - t->hsync_start - 1);
	vfio_gfx_du_write(dev, HCR, t->htotal - 1);
	vfio_gfx_du_write(dev, VDSR, top - 2);
	vfio_gfx_du_write(dev, VDER, top + t->vdisplay - 2);
	vfio_gfx_du_write(dev, VSPR, top + t->vsync_start - 1);
	vfio_gfx_du_write(dev, VCR, t->vtotal - 1);
	vfio_gfx_du_write(dev, DESR, left - 1);
	vfio_gfx_du_write(dev, DEWR, t->hdisplay);
	vfio_gfx_du_write(dev, DORCR, DORCR_DPRS);
}

void vfio_gfx_start(struct vfio_gfx_dev *dev)
{
	vfio_gfx_du_write(dev, DSYSR, DSYSR_DEN);
}

void vfio_gfx_stop(struct vfio_gfx_dev *dev)
{
	vfio_gfx_du_write(dev, DSYSR, DSYSR_DRES);
}

void vfio_gfx_display_on(struct vfio_gfx_dev *dev)
{
	vfio_gfx_stop(dev);
	vfio_gfx_timing(dev, &vfio_gfx_fast);
	vfio_gfx_priority(dev, 0);
	vfio_gfx_start(dev);
}

void vfio_gfx_wait_frames(struct vfio_gfx_dev *dev, unsigned int frames)
{
	__u32 count = vfio_gfx_page_read(dev, RCAR_VDU_FRAME_COUNT);

	while (frames--) {
		if (!vfio_gfx_poll(dev, VFIO_GFX_PAGE, RCAR_VDU_FRAME_COUNT,
				   ~0, count, false))
			die("no vertical blank");
		count = vfio_gfx_page_read(dev, RCAR_VDU_FRAME_COUNT);
	}
}

void vfio_gfx_begin(struct vfio_gfx_dev *dev)
{
	vfio_gfx_du_write(dev, DSYSR,
			  vfio_gfx_du_read(dev, DSYSR) | DSYSR_IUPD);
}

void vfio_gfx_commit(struct vfio_gfx_dev *dev)
{
	__u32 latched = vfio_gfx_page_read(dev, RCAR_VDU_LATCH_COUNT);

	vfio_gfx_du_write(dev, DSYSR,
			  vfio_gfx_du_read(dev, DSYSR) & ~DSYSR_IUPD);
	if (!vfio_gfx_poll(dev, VFIO_GFX_PAGE, RCAR_VDU_LATCH_COUNT, ~0,
			   latched, false))
		die("no latch");
}

static void plane_reg(struct vfio_gfx_dev *dev, unsigned int page,
		      __u32 reg, __u32 value)
{
	vfio_gfx_du_write(dev, RCAR_VDU_PLANE_PAGE(page) + reg, value);
}

static void plane_page_write(struct vfio_gfx_dev *dev,
			     const struct vfio_gfx_plane *plane,
			     const struct vfio_gfx_format *format, bool chroma)
{
	unsigned int page = plane->page + chroma;
	__u64 addr = chroma ? plane->chroma : plane->addr;
	unsigned int src_y = plane->src_y;

	if (format->cpp == 4)
		src_y *= 2;
	if (format->ddcr2_chroma & PnDDCR2_Y420 && chroma)
		src_y /= 2;

	plane_reg(dev, page, PnMR, format->mr);
	plane_reg(dev, page, PnMWR, plane->pitch ?: plane->width);
	plane_reg(dev, page, PnALPHAR, format->alphar);
	plane_reg(dev, page, PnDSXR, plane->width);
	plane_reg(dev, page, PnDSYR, plane->height);
	plane_reg(dev, page, PnDPXR, plane->x);
	plane_reg(dev, page, PnDPYR, plane->y);
	plane_reg(dev, page, PnDSA0R, (__u32)addr);
	plane_reg(dev, page, PnSPXR, plane->src_x);
	plane_reg(dev, page, PnSPYR, src_y);
	plane_reg(dev, page, PnWASPR, 0);
	plane_reg(dev, page, PnWAMWR, 4095);
	plane_reg(dev, page, PnBTR, 0);
	plane_reg(dev, page, PnMLR, 0);
	plane_reg(dev, page, PnDDCR2, PnDDCR2_CODE |
		  (chroma ? format->ddcr2_chroma : format->ddcr2));
	plane_reg(dev, page, PnDDCR4, PnDDCR4_CODE | format->edf);

	vfio_gfx_page_write(dev, RCAR_VDU_PLANE(page) + RCAR_VDU_PLANE_ADDR_HI,
			    addr >> 32);
	vfio_gfx_page_write(dev, RCAR_VDU_PLANE(page) + RCAR_VDU_PLANE_ROLE,
			    plane->role);
	vfio_gfx_page_write(dev, RCAR_VDU_PLANE(page) + RCAR_VDU_PLANE_HOT_X,
			    plane->hot_x);
	vfio_gfx_page_write(dev, RCAR_VDU_PLANE(page) + RCAR_VDU_PLANE_HOT_Y,
			    plane->hot_y);
}

void vfio_gfx_plane_write(struct vfio_gfx_dev *dev,
			  const struct vfio_gfx_plane *plane)
{
	const struct vfio_gfx_format *format = vfio_gfx_format(plane->fourcc);

	plane_page_write(dev, plane, format, false);
	if (format->pages == 2)
		plane_page_write(dev, plane, format, true);
}

void vfio_gfx_priority(struct vfio_gfx_dev *dev, __u32 dspr)
{
	vfio_gfx_du_write(dev, DS1PR, dspr);
}

void vfio_gfx_show(struct vfio_gfx_dev *dev, const struct vfio_gfx_plane *plane)
{
	__u32 dspr = plane->page + 1;

	if (vfio_gfx_format(plane->fourcc)->pages == 2)
		dspr = (dspr << 4) | (plane->page + 2);

	vfio_gfx_begin(dev);
	vfio_gfx_plane_write(dev, plane);
	vfio_gfx_priority(dev, dspr);
	vfio_gfx_commit(dev);
}

void vfio_gfx_off(struct vfio_gfx_dev *dev)
{
	vfio_gfx_begin(dev);
	vfio_gfx_priority(dev, 0);
	vfio_gfx_commit(dev);
}

__u32 vfio_gfx_plane_error(struct vfio_gfx_dev *dev, unsigned int page)
{
	__u32 reg = RCAR_VDU_PLANE(page) + RCAR_VDU_PLANE_ERROR;

	vfio_gfx_poll(dev, VFIO_GFX_PAGE, reg, ~0, RCAR_VDU_ERROR_NONE, false);
	return vfio_gfx_page_read(dev, reg);
}

/* -----------------------------------------------------------------------------
 * Graphics ioctls
 */

int __vfio_gfx_query(struct vfio_gfx_dev *dev, __u32 type,
		     struct vfio_device_gfx_plane_info *info)
{
	memset(info, 0, sizeof(*info));
	info->argsz = sizeof(*info);
	info->flags = VFIO_GFX_PLANE_TYPE_DMABUF;
	info->drm_plane_type = type;
	return ioctl(dev->fd, VFIO_DEVICE_QUERY_GFX_PLANE, info) ? -errno : 0;
}

int __vfio_gfx_get(struct vfio_gfx_dev *dev, __u32 id)
{
	int fd = ioctl(dev->fd, VFIO_DEVICE_GET_GFX_DMABUF, &id);

	return fd < 0 ? -errno : fd;
}

void vfio_gfx_query(struct vfio_gfx_dev *dev, __u32 type,
		    struct vfio_device_gfx_plane_info *info)
{
	int ret = __vfio_gfx_query(dev, type, info);

	if (ret)
		die("VFIO_DEVICE_QUERY_GFX_PLANE: %s", strerror(-ret));
}

int vfio_gfx_get(struct vfio_gfx_dev *dev, __u32 id)
{
	int fd = __vfio_gfx_get(dev, id);

	if (fd < 0)
		die("VFIO_DEVICE_GET_GFX_DMABUF of %u: %s", id, strerror(-fd));
	return fd;
}

static bool is_off(const struct vfio_device_gfx_plane_info *info)
{
	return !info->drm_format || !info->size;
}

void vfio_gfx_query_on(struct vfio_gfx_dev *dev, __u32 type,
		       unsigned int width, unsigned int height, __u32 not_id,
		       struct vfio_device_gfx_plane_info *info)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_TIMEOUT_MS;

	for (;;) {
		bool late = vfio_gfx_now_ms() > end;

		vfio_gfx_query(dev, type, info);
		if (!is_off(info) && info->width == width &&
		    info->height == height && info->dmabuf_id != not_id)
			return;
		if (late)
			break;
		vfio_gfx_sleep_ms(1);
	}
	die("plane type %u shows %ux%u id %u instead of %ux%u and a new id",
	    type, info->width, info->height, info->dmabuf_id, width, height);
}

bool vfio_gfx_query_off(struct vfio_gfx_dev *dev, __u32 type,
			struct vfio_device_gfx_plane_info *info)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_TIMEOUT_MS;

	for (;;) {
		bool late = vfio_gfx_now_ms() > end;

		vfio_gfx_query(dev, type, info);
		if (is_off(info))
			return true;
		if (late)
			return false;
		vfio_gfx_sleep_ms(1);
	}
}

/* -----------------------------------------------------------------------------
 * Interrupts
 */

int __vfio_gfx_set_irqs(struct vfio_gfx_dev *dev, __u32 flags,
			__u32 index, __u32 start, __u32 count,
			const void *data, size_t size)
{
	union {
		struct vfio_irq_set set;
		__u8 bytes[sizeof(struct vfio_irq_set) + 16];
	} arg = { .set = {
		.argsz = sizeof(struct vfio_irq_set) + size,
		.flags = flags,
		.index = index,
		.start = start,
		.count = count,
	} };

	if (size > sizeof(arg) - sizeof(arg.set))
		die("too much data");
	if (size)
		memcpy(arg.bytes + sizeof(arg.set), data, size);
	return ioctl(dev->fd, VFIO_DEVICE_SET_IRQS, &arg) ? -errno : 0;
}

int __vfio_gfx_irq_eventfd(struct vfio_gfx_dev *dev, __u32 index, int fd)
{
	__s32 data = fd;

	return __vfio_gfx_set_irqs(dev, VFIO_IRQ_SET_DATA_EVENTFD |
				   VFIO_IRQ_SET_ACTION_TRIGGER,
				   index, 0, 1, &data, sizeof(data));
}

int vfio_gfx_eventfd(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		die("eventfd: %s", strerror(errno));
	return fd;
}

__u64 vfio_gfx_eventfd_wait(int fd, unsigned int timeout_ms)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	__u64 count = 0;

	if (poll(&poller, 1, timeout_ms) != 1)
		return 0;
	return read(fd, &count, sizeof(count)) == sizeof(count) ? count : 0;
}

/* -----------------------------------------------------------------------------
 * Regions with a type
 */

/* The caller frees *info. */
int __vfio_gfx_region_info(struct vfio_gfx_dev *dev, __u32 index,
			   struct vfio_region_info **info)
{
	__u32 size = sizeof(**info);

	for (;;) {
		struct vfio_region_info *buf = calloc(1, size);
		int ret;

		if (!buf)
			die("no memory");
		buf->argsz = size;
		buf->index = index;
		if (ioctl(dev->fd, VFIO_DEVICE_GET_REGION_INFO, buf)) {
			ret = -errno;
			free(buf);
			return ret;
		}
		if (buf->argsz <= size) {
			*info = buf;
			return 0;
		}
		/* The answer needs more room: ask again with that much. */
		size = buf->argsz;
		free(buf);
	}
}

int __vfio_gfx_region_by_type(struct vfio_gfx_dev *dev, __u32 type,
			      __u32 subtype, struct vfio_region_info *found)
{
	struct vfio_device_info dev_info = { .argsz = sizeof(dev_info) };
	__u32 i;

	if (ioctl(dev->fd, VFIO_DEVICE_GET_INFO, &dev_info))
		return -errno;

	for (i = VFIO_PCI_NUM_REGIONS; i < dev_info.num_regions; i++) {
		struct vfio_region_info_cap_type *cap;
		struct vfio_region_info *info;
		__u32 offset;
		bool match = false;

		if (__vfio_gfx_region_info(dev, i, &info))
			continue;
		offset = info->flags & VFIO_REGION_INFO_FLAG_CAPS ?
			 info->cap_offset : 0;
		while (offset && offset + sizeof(*cap) <= info->argsz) {
			cap = (void *)((__u8 *)info + offset);
			if (cap->header.id == VFIO_REGION_INFO_CAP_TYPE &&
			    cap->type == type && cap->subtype == subtype)
				match = true;
			offset = cap->header.next;
		}
		*found = *info;
		free(info);
		if (match)
			return 0;
	}
	return -ENOENT;
}

/* -----------------------------------------------------------------------------
 * Odds and ends
 */

static sigjmp_buf peek_env;

static void peek_handler(int sig)
{
	siglongjmp(peek_env, sig);
}

int vfio_gfx_peek(const __u8 *p, __u8 *value)
{
	struct sigaction action = { .sa_handler = peek_handler };
	struct sigaction bus, segv;
	int sig;

	sigaction(SIGBUS, &action, &bus);
	sigaction(SIGSEGV, &action, &segv);
	sig = sigsetjmp(peek_env, 1);
	if (!sig)
		*value = __atomic_load_n(p, __ATOMIC_RELAXED);
	sigaction(SIGBUS, &bus, NULL);
	sigaction(SIGSEGV, &segv, NULL);
	return sig;
}

size_t vfio_gfx_page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

__u64 vfio_gfx_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

void vfio_gfx_sleep_ms(unsigned int ms)
{
	struct timespec ts = {
		.tv_sec = ms / 1000,
		.tv_nsec = (ms % 1000) * 1000000l,
	};

	nanosleep(&ts, NULL);
}

int __vfio_gfx_limit_memlock(__u64 bytes)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	struct rlimit limit = { .rlim_cur = bytes, .rlim_max = bytes };

	if (syscall(SYS_capget, &header, data))
		return -errno;
	data[CAP_IPC_LOCK / 32].effective &= ~(1u << (CAP_IPC_LOCK % 32));
	if (syscall(SYS_capset, &header, data))
		return -errno;
	return setrlimit(RLIMIT_MEMLOCK, &limit) ? -errno : 0;
}

int __vfio_gfx_drm_open(const char *driver)
{
	int ret = -ENOENT;
	glob_t nodes;
	size_t i;

	if (glob("/dev/dri/card*", 0, NULL, &nodes))
		return -ENOENT;

	for (i = 0; i < nodes.gl_pathc && ret < 0; i++) {
		char name[32] = "";
		struct drm_version version = {
			.name = name,
			.name_len = sizeof(name) - 1,
		};
		int fd = open(nodes.gl_pathv[i], O_RDWR | O_CLOEXEC);

		if (fd < 0)
			continue;
		if (!ioctl(fd, DRM_IOCTL_VERSION, &version) &&
		    !strcmp(name, driver))
			ret = fd;
		else
			close(fd);
	}
	globfree(&nodes);
	return ret;
}
