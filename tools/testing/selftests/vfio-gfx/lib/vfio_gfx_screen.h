/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mediated device with a part of the parent's display
 *
 * Its guest has buffers of the size of the screen, and flips between them.
 */

#ifndef VFIO_GFX_SCREEN_H
#define VFIO_GFX_SCREEN_H

#include "vfio_gfx.h"
#include "vfio_gfx_kms.h"

#define VFIO_GFX_SCREEN_WIDTH	640
#define VFIO_GFX_SCREEN_HEIGHT	480
#define VFIO_GFX_SCREEN_SIZE	(VFIO_GFX_SCREEN_WIDTH * \
				 VFIO_GFX_SCREEN_HEIGHT * 4)

/* Buffers that a guest flips between; there is memory for more. */
#define VFIO_GFX_SCREEN_BUFFERS	3

/* For what has to be over at once */
#define VFIO_GFX_SOON_MS	5000

/* For what the mediator sees once a second */
#define VFIO_GFX_WATCH_MS	5000

struct vfio_gfx_screen {
	char uuid[VFIO_GFX_UUID_LEN];
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
	struct vfio_gfx_kms kms;
	const struct drm_mode_modeinfo *mode;
};

/* What is missing for devices of a type, or NULL */
const char *vfio_gfx_screen_missing(const char *type);
/* Also what a test that failed has left */
void vfio_gfx_screen_remove_all(void);
/*
 * Make a device, open it and start its display with nothing on it. NULL, or the
 * name of what is missing.
 */
const char *vfio_gfx_screen_open(struct vfio_gfx_screen *screen,
				 const char *type, enum vfio_gfx_mode mode);
/* Open the device again, after it was closed or in another process. */
void vfio_gfx_screen_reopen(struct vfio_gfx_screen *screen,
			    enum vfio_gfx_mode mode);
/* Remove the device, too. */
void vfio_gfx_screen_close(struct vfio_gfx_screen *screen);

void vfio_gfx_screen_start(struct vfio_gfx_screen *screen,
			   const struct drm_mode_modeinfo *mode);
void vfio_gfx_screen_show(struct vfio_gfx_screen *screen, unsigned int n);
/* Returns the framebuffer, or 0 if the screen does not show anything new. */
__u32 vfio_gfx_screen_show_new(struct vfio_gfx_screen *screen, unsigned int n,
			       __u32 not_fb);
/* As a guest does that waits for each flip */
void vfio_gfx_screen_flip(struct vfio_gfx_screen *screen, unsigned int n);

bool vfio_gfx_same_mode(const struct drm_mode_modeinfo *a,
			const struct drm_mode_modeinfo *b);
/* Pages that are pinned for somebody in this system */
long long vfio_gfx_pinned_pages(void);
/* Dma-bufs that somebody holds, or a negative error code */
int __vfio_gfx_num_dmabufs(void);
/* Files are closed a moment after their last user went. */
bool vfio_gfx_wait_dmabufs(int wanted);

#endif /* VFIO_GFX_SCREEN_H */
