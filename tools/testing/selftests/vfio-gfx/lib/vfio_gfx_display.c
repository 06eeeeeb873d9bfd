// SPDX-License-Identifier: GPL-2.0-only
/*
 * The display: timing, planes, and what VFIO tells of them
 */

#define _GNU_SOURCE

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "internal.h"

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

int __vfio_gfx_frame(struct vfio_gfx_dev *dev,
		     struct vfio_device_feature_gfx_frame *frame)
{
	struct vfio_device_feature *feature;
	size_t size = sizeof(*feature) + sizeof(*frame);
	int ret;

	feature = calloc(1, size);
	if (!feature)
		die("no memory");
	feature->argsz = size;
	feature->flags = VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_GFX_FRAME;
	ret = ioctl(dev->fd, VFIO_DEVICE_FEATURE, feature) ? -errno : 0;
	memcpy(frame, feature->data, sizeof(*frame));
	free(feature);
	return ret;
}

void vfio_gfx_frame(struct vfio_gfx_dev *dev,
		    struct vfio_device_feature_gfx_frame *frame)
{
	int ret = __vfio_gfx_frame(dev, frame);

	if (ret)
		die("VFIO_DEVICE_FEATURE_GFX_FRAME: %s", strerror(-ret));
}

void vfio_gfx_frame_wait(struct vfio_gfx_dev *dev, __u32 latch,
			 struct vfio_device_feature_gfx_frame *frame)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_TIMEOUT_MS;

	for (;;) {
		bool late = vfio_gfx_now_ms() > end;

		vfio_gfx_frame(dev, frame);
		if ((__s32)(frame->sequence - latch) >= 0)
			return;
		if (late)
			die("frame %u instead of %u", frame->sequence, latch);
		vfio_gfx_sleep_ms(1);
	}
}

void vfio_gfx_frame_latched(struct vfio_gfx_dev *dev,
			    struct vfio_device_feature_gfx_frame *frame)
{
	vfio_gfx_frame_wait(dev, vfio_gfx_page_read(dev, RCAR_VDU_LATCH_COUNT),
			    frame);
}
