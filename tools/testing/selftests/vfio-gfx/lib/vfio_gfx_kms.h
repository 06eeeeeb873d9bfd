/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parent's display seen as any user of its DRM device sees it
 *
 * x() ends the test with a failure when something goes wrong, __x() returns a
 * negative error code and leaves the judgement to the caller.
 */

#ifndef VFIO_GFX_KMS_H
#define VFIO_GFX_KMS_H

#include <drm/drm.h>
#include <drm/drm_mode.h>

#include "vfio_gfx.h"

#define VFIO_GFX_KMS_MAX	64

/* The first CRTC and what is plugged to it */
struct vfio_gfx_kms {
	int fd;
	__u32 crtc;
	__u32 connector;
	unsigned int num_planes;
	__u32 planes[VFIO_GFX_KMS_MAX];
	unsigned int num_modes;
	struct drm_mode_modeinfo modes[VFIO_GFX_KMS_MAX];
};

struct vfio_gfx_kms_state {
	bool active;
	struct drm_mode_modeinfo mode;
	__u32 fb;		/* of the primary plane */
};

/* Open it, without being its master. */
int __vfio_gfx_kms_open(struct vfio_gfx_kms *kms, const char *driver);
void vfio_gfx_kms_close(struct vfio_gfx_kms *kms);
/* The first mode of that size and rate, or NULL */
const struct drm_mode_modeinfo *
vfio_gfx_kms_mode(const struct vfio_gfx_kms *kms, unsigned int width,
		  unsigned int height, unsigned int rate);
void vfio_gfx_kms_timing(const struct drm_mode_modeinfo *mode,
			 struct vfio_gfx_timing *timing);

void vfio_gfx_kms_state(struct vfio_gfx_kms *kms,
			struct vfio_gfx_kms_state *state);
/* What the plane shows, or 0 */
__u32 vfio_gfx_kms_plane_fb(struct vfio_gfx_kms *kms, __u32 plane);
int __vfio_gfx_kms_fb_size(struct vfio_gfx_kms *kms, __u32 fb,
			   unsigned int *width, unsigned int *height);
__u64 vfio_gfx_kms_prop(struct vfio_gfx_kms *kms, __u32 object, __u32 type,
			const char *name);

/* Wait until it is so; false if it is not after the time. */
bool vfio_gfx_kms_wait_active(struct vfio_gfx_kms *kms, bool active,
			      unsigned int timeout_ms);
/* Wait until the primary plane shows that, which may be 0 for nothing. */
bool vfio_gfx_kms_wait_fb(struct vfio_gfx_kms *kms, __u32 fb,
			  unsigned int timeout_ms);
/* Wait until the primary plane shows something else, and return it, or 0. */
__u32 vfio_gfx_kms_wait_new_fb(struct vfio_gfx_kms *kms, __u32 not_fb,
			       unsigned int timeout_ms);

/* What a DRM master does */
int __vfio_gfx_kms_set_master(struct vfio_gfx_kms *kms);
int __vfio_gfx_kms_drop_master(struct vfio_gfx_kms *kms);
/* A framebuffer of its own, black */
__u32 vfio_gfx_kms_fb(struct vfio_gfx_kms *kms, unsigned int width,
		      unsigned int height);
/* Show it, or turn the CRTC off if there is no mode. */
int __vfio_gfx_kms_set_crtc(struct vfio_gfx_kms *kms, __u32 fb,
			    const struct drm_mode_modeinfo *mode);
int __vfio_gfx_kms_set_prop(struct vfio_gfx_kms *kms, __u32 object, __u32 type,
			    const char *name, __u64 value);

/* A framebuffer of a dma-buf: XRGB8888, no padding */
int __vfio_gfx_kms_import(struct vfio_gfx_kms *kms, int fd, unsigned int width,
			  unsigned int height, __u32 *fb);
/*
 * Turn the CRTC on, have what is on it written to the framebuffer, and wait until it
 * is. -ENOENT if the display can't. vkms of Linux 6.12 takes the first of two at a time
 * for the last.
 */
int __vfio_gfx_kms_write_back(struct vfio_gfx_kms *kms, __u32 fb);

/* The CRC of what is on the screen, or a negative error code */
long long __vfio_gfx_kms_crc(struct vfio_gfx_kms *kms);

#endif /* VFIO_GFX_KMS_H */
