/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fixture "importer": a guest that has drawn, and the dma-buf of that
 */

#ifndef IMPORTER_FIXTURE_H
#define IMPORTER_FIXTURE_H

#include "kselftest_harness.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "vfio_gfx.h"

#define WIDTH	1024
#define HEIGHT	768
#define SIZE	(WIDTH * HEIGHT * 4)

/* What the guest has drawn, and what it draws then */
#define OLD	0x77
#define NEW	0x5a

FIXTURE(importer) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
	int fd;
};

FIXTURE_VARIANT(importer) {
	enum vfio_gfx_mode mode;
	const char *writable;
};

FIXTURE_VARIANT_ADD(importer, group) {
	VFIO_GFX_GROUP, "0",
};

FIXTURE_VARIANT_ADD(importer, cdev) {
	VFIO_GFX_CDEV, "0",
};

/* What the admin lets everybody write */
FIXTURE_VARIANT_ADD(importer, writable) {
	VFIO_GFX_CDEV, "1",
};

static inline bool is_writable(const char *attr)
{
	return attr[0] == '1';
}

static inline void fill(struct vfio_gfx_ram *ram, __u8 value)
{
	memset(ram->va, value, SIZE);
}

static inline bool is_filled(const struct vfio_gfx_ram *ram, __u8 value)
{
	return ram->va[0] == value && !memcmp(ram->va, ram->va + 1, SIZE - 1);
}

static inline int show(struct vfio_gfx_dev *dev)
{
	struct vfio_gfx_plane plane = {
		.fourcc = DRM_FORMAT_XRGB8888,
		.addr = VFIO_GFX_RAM_IOVA,
		.width = WIDTH,
		.height = HEIGHT,
	};

	return vfio_gfx_get(dev, vfio_gfx_show_id(dev, &plane, 0));
}

FIXTURE_SETUP(importer)
{
	const char *missing;

	if (__vfio_gfx_set_attr("dmabuf_writable", variant->writable))
		SKIP(return, "no dmabuf_writable");
	missing = vfio_gfx_open_with_ram(&self->dev, &self->ram, variant->mode);
	if (missing)
		SKIP(return, "no %s", missing);
	vfio_gfx_display_on(&self->dev);
	fill(&self->ram, OLD);
	self->fd = show(&self->dev);
}

FIXTURE_TEARDOWN(importer)
{
	close(self->fd);
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
	__vfio_gfx_set_attr("dmabuf_writable", "0");
}

static inline int sync_cpu(int fd, __u64 flags)
{
	struct dma_buf_sync sync = { .flags = flags };

	return ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync) ? -errno : 0;
}

#endif /* IMPORTER_FIXTURE_H */
