/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shadow plane pages, as a driver writes them
 */

#ifndef VFIO_GFX_SHADOW_H
#define VFIO_GFX_SHADOW_H

#include "vfio_gfx.h"

struct vfio_gfx_shadow {
	struct vfio_gfx_dev *dev;
	volatile __u32 *bar;
	__u32 seq;
};

/* Map BAR 4. Negative error code if that fails. */
int __vfio_gfx_shadow_map(struct vfio_gfx_shadow *shadow,
			  struct vfio_gfx_dev *dev);
void vfio_gfx_shadow_unmap(struct vfio_gfx_shadow *shadow);
__u32 vfio_gfx_shadow_read(struct vfio_gfx_shadow *shadow, __u32 offset);
void vfio_gfx_shadow_write(struct vfio_gfx_shadow *shadow, __u32 offset,
			   __u32 value);
/*
 * Begin with what the registers of plane page 0 are, and no plane, and have the
 * device look, with these bits of SHADOW_CTRL besides.
 */
void vfio_gfx_shadow_enable(struct vfio_gfx_shadow *shadow,
			    struct vfio_gfx_dev *dev, __u32 ctrl);
void vfio_gfx_shadow_begin(struct vfio_gfx_shadow *shadow);
void vfio_gfx_shadow_commit(struct vfio_gfx_shadow *shadow);
/* Show plane page 0 alone, from another address, with the next commit. */
void vfio_gfx_shadow_point(struct vfio_gfx_shadow *shadow, __u64 addr);
/* Until the device says that the last commit is shown: false after a timeout. */
bool vfio_gfx_shadow_wait(struct vfio_gfx_shadow *shadow);

#endif /* VFIO_GFX_SHADOW_H */
