/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VDU mediated device seen as a VFIO user sees it, without a VM
 *
 * x() ends the test with a failure when something goes wrong, __x() returns a
 * negative error code and leaves the judgement to the caller.
 *
 * The program creates one mediated device before its first test runs and
 * removes it when it ends, or uses the one that the environment variable
 * VFIO_GFX_MDEV names. Tests open and close it.
 */

#ifndef VFIO_GFX_H
#define VFIO_GFX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/types.h>
#include <linux/vfio.h>

#include <drm/drm_fourcc.h>

#include <linux/rcar_vdu.h>

#include "kselftest.h"

#define VFIO_GFX_CONFIG		VFIO_PCI_CONFIG_REGION_INDEX
#define VFIO_GFX_DU		VFIO_PCI_BAR0_REGION_INDEX
#define VFIO_GFX_PAGE		VFIO_PCI_BAR2_REGION_INDEX
#define VFIO_GFX_EDID		VFIO_PCI_NUM_REGIONS
#define VFIO_GFX_FB		(VFIO_PCI_NUM_REGIONS + 1)	/* and the next */
#define VFIO_GFX_NUM_REGIONS	(VFIO_PCI_NUM_REGIONS + 3)

/* The refresh event */
#define VFIO_GFX_REFRESH_IRQ	VFIO_PCI_NUM_IRQS
#define VFIO_GFX_NUM_IRQS	(VFIO_PCI_NUM_IRQS + 1)

/* From drm_plane.h, which is not a UAPI header; VFIO uses the values. */
#define VFIO_GFX_OVERLAY	0
#define VFIO_GFX_PRIMARY	1
#define VFIO_GFX_CURSOR		2

#define VFIO_GFX_UUID_LEN	37

/* Where the tests put guest RAM, and how much of it. */
#define VFIO_GFX_RAM_IOVA	0x40000000ull
#define VFIO_GFX_RAM_SIZE	(16ull << 20)

/* The buffers of vfio_gfx_buffer(), XRGB8888. */
#define VFIO_GFX_BUF_WIDTH	256
#define VFIO_GFX_BUF_HEIGHT	64
#define VFIO_GFX_BUF_SIZE	(VFIO_GFX_BUF_WIDTH * VFIO_GFX_BUF_HEIGHT * 4)

/* How long anything that should happen at once may take, on a slow machine. */
#define VFIO_GFX_TIMEOUT_MS	20000

enum vfio_gfx_mode {
	VFIO_GFX_GROUP,		/* group and type 1 container */
	VFIO_GFX_CDEV,		/* character device and iommufd */
};

enum vfio_gfx_backing {
	VFIO_GFX_MEMFD,
	VFIO_GFX_ANON,
	VFIO_GFX_HUGETLB,
};

struct vfio_gfx_dev {
	enum vfio_gfx_mode mode;
	char uuid[VFIO_GFX_UUID_LEN];
	int fd;
	int iommu;		/* container, or iommufd */
	int group;
	__u32 ioas;
	__u64 offset[VFIO_GFX_NUM_REGIONS];
};

struct vfio_gfx_ram {
	__u8 *va;
	__u64 iova;
	__u64 size;
};

/* A display mode, in the terms of the DRM's struct drm_mode_modeinfo. */
struct vfio_gfx_timing {
	unsigned int clock;	/* Hz */
	unsigned int hdisplay, hsync_start, hsync_end, htotal;
	unsigned int vdisplay, vsync_start, vsync_end, vtotal;
};

extern const struct vfio_gfx_timing vfio_gfx_1080p60;
extern const struct vfio_gfx_timing vfio_gfx_vga60;
extern const struct vfio_gfx_timing vfio_gfx_fast;	/* 200 Hz */

/* A pixel format, and how a plane page is programmed for it. */
struct vfio_gfx_format {
	const char *name;
	__u32 fourcc;
	unsigned int cpp;	/* bytes per pixel of the first memory plane */
	unsigned int pages;	/* plane pages, and memory planes */
	__u32 mr;
	__u32 alphar;
	__u32 edf;
	__u32 ddcr2;
	__u32 ddcr2_chroma;
};

#define VFIO_GFX_NUM_FORMATS	10
extern const struct vfio_gfx_format vfio_gfx_formats[VFIO_GFX_NUM_FORMATS];
const struct vfio_gfx_format *vfio_gfx_format(__u32 fourcc);

struct vfio_gfx_plane {
	unsigned int page;
	__u32 fourcc;
	__u64 addr;		/* guest address */
	__u64 chroma;	/* guest address, formats with two pages */
	unsigned int pitch;	/* pixels, 0: width */
	unsigned int width;
	unsigned int height;
	unsigned int src_x;
	unsigned int src_y;
	unsigned int x;
	unsigned int y;
	__u32 role;
	unsigned int hot_x;
	unsigned int hot_y;
};

/* Devices */

const char *vfio_gfx_uuid(void);
/* Types are "virtual", "channel" and "plane". */
int __vfio_gfx_mdev_create(const char *type, char *uuid);
int __vfio_gfx_mdev_remove(const char *uuid);
bool vfio_gfx_mdev_exists(const char *uuid);
/* How many more there can be, or a negative error code */
int __vfio_gfx_mdev_available(const char *type);
/* Also what a test that failed has left */
void vfio_gfx_mdev_remove_all(const char *type);
/* Write or read a sysfs attribute. */
int __vfio_gfx_mdev_set_attr(const char *uuid, const char *name,
			     const char *value);
int __vfio_gfx_mdev_attr(const char *uuid, const char *name, char *value,
			 size_t size);

/*
 * Open the program's device, also with guest RAM. NULL, or the name of what is
 * missing.
 */
const char *vfio_gfx_open(struct vfio_gfx_dev *dev, enum vfio_gfx_mode mode);
const char *vfio_gfx_open_with_ram(struct vfio_gfx_dev *dev,
				   struct vfio_gfx_ram *ram,
				   enum vfio_gfx_mode mode);
int __vfio_gfx_open_uuid(struct vfio_gfx_dev *dev, enum vfio_gfx_mode mode,
			 const char *uuid);
void vfio_gfx_close(struct vfio_gfx_dev *dev);
/* Close only the device; memory stays mapped until vfio_gfx_close(). */
void vfio_gfx_close_device(struct vfio_gfx_dev *dev);
int __vfio_gfx_reset(struct vfio_gfx_dev *dev);
/* Reset, and enable memory again as the guest's PCI core does. */
void vfio_gfx_reset(struct vfio_gfx_dev *dev);
/* Write or read a sysfs attribute of the program's device. */
int __vfio_gfx_set_attr(const char *name, const char *value);
int __vfio_gfx_attr(const char *name, char *value, size_t size);
/* A counter of the device's debugfs statistics, or a negative error code. */
long long __vfio_gfx_stat(struct vfio_gfx_dev *dev, const char *name);

/* Guest RAM */

int __vfio_gfx_ram_alloc(struct vfio_gfx_ram *ram, enum vfio_gfx_backing how,
			 __u64 iova, __u64 size);
void vfio_gfx_ram_alloc(struct vfio_gfx_ram *ram, __u64 iova, __u64 size);
void vfio_gfx_ram_free(struct vfio_gfx_ram *ram);
int __vfio_gfx_dma_map(struct vfio_gfx_dev *dev, void *va, __u64 iova,
		       __u64 size, bool writable);
int __vfio_gfx_dma_unmap(struct vfio_gfx_dev *dev, __u64 iova,
			 __u64 size);
void vfio_gfx_ram_map(struct vfio_gfx_dev *dev, struct vfio_gfx_ram *ram);
void vfio_gfx_ram_unmap(struct vfio_gfx_dev *dev, struct vfio_gfx_ram *ram);
/* Take guest RAM away from a device that iommufd has, and give it back. */
int __vfio_gfx_detach(struct vfio_gfx_dev *dev);
int __vfio_gfx_attach(struct vfio_gfx_dev *dev);
/* Give up CAP_IPC_LOCK and limit the memory that may be locked. */
int __vfio_gfx_limit_memlock(__u64 bytes);

/* Registers. Regions are named by VFIO_GFX_CONFIG, _DU and _PAGE. */

ssize_t __vfio_gfx_pread(struct vfio_gfx_dev *dev, unsigned int region,
			 __u64 offset, void *buf, size_t count);
ssize_t __vfio_gfx_pwrite(struct vfio_gfx_dev *dev, unsigned int region,
			  __u64 offset, const void *buf, size_t count);
__u32 vfio_gfx_read(struct vfio_gfx_dev *dev, unsigned int region,
		    __u64 offset);
void vfio_gfx_write(struct vfio_gfx_dev *dev, unsigned int region,
		    __u64 offset, __u32 value);
__u32 vfio_gfx_du_read(struct vfio_gfx_dev *dev, __u32 reg);
void vfio_gfx_du_write(struct vfio_gfx_dev *dev, __u32 reg, __u32 value);
__u32 vfio_gfx_page_read(struct vfio_gfx_dev *dev, __u32 reg);
void vfio_gfx_page_write(struct vfio_gfx_dev *dev, __u32 reg,
			 __u32 value);
__u16 vfio_gfx_cfg_read16(struct vfio_gfx_dev *dev, __u32 reg);
void vfio_gfx_cfg_write16(struct vfio_gfx_dev *dev, __u32 reg,
			  __u16 value);
/* Read until (value & mask) is or, if !equal, is not as given. */
bool vfio_gfx_poll(struct vfio_gfx_dev *dev, unsigned int region,
		   __u64 offset, __u32 mask, __u32 value, bool equal);

/* Display */

void vfio_gfx_timing(struct vfio_gfx_dev *dev, const struct vfio_gfx_timing *t);
void vfio_gfx_start(struct vfio_gfx_dev *dev);
void vfio_gfx_stop(struct vfio_gfx_dev *dev);
/* vfio_gfx_timing() with a fast mode, no planes, and vfio_gfx_start() */
void vfio_gfx_display_on(struct vfio_gfx_dev *dev);
void vfio_gfx_wait_frames(struct vfio_gfx_dev *dev, unsigned int frames);
/* Hold the latch; let it go and wait until what was written is latched. */
void vfio_gfx_begin(struct vfio_gfx_dev *dev);
void vfio_gfx_commit(struct vfio_gfx_dev *dev);
void vfio_gfx_plane_write(struct vfio_gfx_dev *dev,
			  const struct vfio_gfx_plane *plane);
void vfio_gfx_priority(struct vfio_gfx_dev *dev, __u32 dspr);
/* Show one plane alone, or nothing. */
void vfio_gfx_show(struct vfio_gfx_dev *dev,
		   const struct vfio_gfx_plane *plane);
void vfio_gfx_off(struct vfio_gfx_dev *dev);
/* RCAR_VDU_PLANE_ERROR once it is not 0 any more, or 0 after the timeout. */
__u32 vfio_gfx_plane_error(struct vfio_gfx_dev *dev, unsigned int page);

/* Graphics ioctls */

int __vfio_gfx_query(struct vfio_gfx_dev *dev, __u32 type,
		     struct vfio_device_gfx_plane_info *info);
int __vfio_gfx_get(struct vfio_gfx_dev *dev, __u32 id);
void vfio_gfx_query(struct vfio_gfx_dev *dev, __u32 type,
		    struct vfio_device_gfx_plane_info *info);
int vfio_gfx_get(struct vfio_gfx_dev *dev, __u32 id);
/* The frame that is shown, of VFIO_DEVICE_FEATURE_GFX_FRAME */
int __vfio_gfx_frame(struct vfio_gfx_dev *dev,
		     struct vfio_device_feature_gfx_frame *frame);
void vfio_gfx_frame(struct vfio_gfx_dev *dev,
		    struct vfio_device_feature_gfx_frame *frame);
/* The frame of that latch, or of a later one, as soon as it is shown */
void vfio_gfx_frame_wait(struct vfio_gfx_dev *dev, __u32 latch,
			 struct vfio_device_feature_gfx_frame *frame);
/* The same of what is latched now */
void vfio_gfx_frame_latched(struct vfio_gfx_dev *dev,
			    struct vfio_device_feature_gfx_frame *frame);
/*
 * Query until the plane shows something of the given size with an id other
 * than not_id. The mediator publishes a frame a moment after its latch.
 */
void vfio_gfx_query_on(struct vfio_gfx_dev *dev, __u32 type,
		       unsigned int width, unsigned int height, __u32 not_id,
		       struct vfio_device_gfx_plane_info *info);
/* Query until the plane is off; false if it stays on. */
bool vfio_gfx_query_off(struct vfio_gfx_dev *dev, __u32 type,
			struct vfio_device_gfx_plane_info *info);

/* Buffers and their dma-bufs */

/* The guest's n-th buffer, filled with n. Buffers do not overlap. */
struct vfio_gfx_plane vfio_gfx_buffer(struct vfio_gfx_ram *ram, unsigned int n);
/* Show a plane alone, wait for another id than not_id, and return it. */
__u32 vfio_gfx_show_id(struct vfio_gfx_dev *dev,
		       const struct vfio_gfx_plane *plane, __u32 not_id);
__u32 vfio_gfx_show_buffer(struct vfio_gfx_dev *dev, struct vfio_gfx_ram *ram,
			   unsigned int n, __u32 not_id);
/* Map a dma-buf to be read. */
void *vfio_gfx_map(int fd, size_t size);
/* Map and unmap it again: 0 or a negative error code. */
int __vfio_gfx_try_map(int fd, size_t size, int prot, int flags, off_t offset);
/* Both ends of a mapping raise SIGBUS. */
bool vfio_gfx_gone(const __u8 *map, size_t size);
ino_t vfio_gfx_inode(int fd);
bool vfio_gfx_is_dmabuf(int fd);
/* Another file descriptor, with O_PATH, that does not keep the file open. */
int vfio_gfx_o_path(int fd);
/* The DRM device of that driver, opened, or a negative error code. */
int __vfio_gfx_drm_open(const char *driver);
/* Whether vgem maps what it imports, as it does before 7.x. */
bool vfio_gfx_vgem_maps(void);
int __vfio_gfx_import(int drm, int fd, __u32 *handle);
void vfio_gfx_release(int drm, __u32 handle);

/*
 * Attach an importer that takes that long to let go of memory that is taken away; an
 * error if there is no such importer. The library has one, until it is released.
 */
int __vfio_gfx_hold(int fd, unsigned int ms);
void vfio_gfx_let_go(void);

/* Interrupts */

int __vfio_gfx_set_irqs(struct vfio_gfx_dev *dev, __u32 flags,
			__u32 index, __u32 start, __u32 count,
			const void *data, size_t size);
int __vfio_gfx_irq_eventfd(struct vfio_gfx_dev *dev, __u32 index, int fd);
int vfio_gfx_eventfd(void);
/* The counter of an eventfd as soon as it is not 0, or 0 after the timeout. */
__u64 vfio_gfx_eventfd_wait(int fd, unsigned int timeout_ms);

/* Regions with a type */

int __vfio_gfx_region_info(struct vfio_gfx_dev *dev, __u32 index,
			   struct vfio_region_info **info);
int __vfio_gfx_region_by_type(struct vfio_gfx_dev *dev, __u32 type,
			      __u32 subtype,
			      struct vfio_region_info *info);

/* Odds and ends */

int __vfio_gfx_write_file(const char *path, const char *text);
/* A text of the kernel's, which fits. */
int __vfio_gfx_read_file(const char *path, char *text, size_t size);
/* Read a byte: 0, or the signal that this raised. */
int vfio_gfx_peek(const __u8 *p, __u8 *value);
size_t vfio_gfx_page_size(void);
__u64 vfio_gfx_now_ms(void);
void vfio_gfx_sleep_ms(unsigned int ms);

void __printf(3, 4) __noreturn
vfio_gfx_fail(const char *file, int line, const char *fmt, ...);

#endif /* VFIO_GFX_H */
