// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shadow plane pages, as a driver writes them
 */

#include <errno.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "vfio_gfx_shadow.h"

int __vfio_gfx_shadow_map(struct vfio_gfx_shadow *shadow,
			  struct vfio_gfx_dev *dev)
{
	void *bar = mmap(NULL, RCAR_VDU_SHADOW_BAR_SIZE, PROT_READ | PROT_WRITE,
			 MAP_SHARED, dev->fd, dev->offset[RCAR_VDU_SHADOW_BAR]);

	shadow->dev = dev;
	shadow->bar = bar == MAP_FAILED ? NULL : bar;
	return shadow->bar ? 0 : -errno;
}

void vfio_gfx_shadow_unmap(struct vfio_gfx_shadow *shadow)
{
	if (shadow->bar)
		munmap((void *)shadow->bar, RCAR_VDU_SHADOW_BAR_SIZE);
	shadow->bar = NULL;
}

__u32 vfio_gfx_shadow_read(struct vfio_gfx_shadow *shadow, __u32 offset)
{
	return shadow->bar[offset / 4];
}

void vfio_gfx_shadow_write(struct vfio_gfx_shadow *shadow, __u32 offset,
			   __u32 value)
{
	shadow->bar[offset / 4] = value;
}

void vfio_gfx_shadow_enable(struct vfio_gfx_shadow *shadow,
			    struct vfio_gfx_dev *dev, __u32 ctrl)
{
	__u32 i;

	vfio_gfx_page_write(dev, RCAR_VDU_SHADOW_CTRL, 0);
	for (i = 0; i < RCAR_VDU_PLANE_PAGE_SIZE; i += 4)
		vfio_gfx_shadow_write(shadow, RCAR_VDU_PLANE_PAGE(0) + i,
				      vfio_gfx_du_read(dev, i +
						       RCAR_VDU_PLANE_PAGE(0)));
	for (i = 0; i <= RCAR_VDU_PLANE_MAPPING; i += 4)
		vfio_gfx_shadow_write(shadow, RCAR_VDU_SHADOW_PLANE(0) + i,
				      vfio_gfx_page_read(dev, i +
							 RCAR_VDU_PLANE(0)));
	vfio_gfx_shadow_write(shadow, RCAR_VDU_SHADOW_DS1PR, 0);
	vfio_gfx_shadow_write(shadow, RCAR_VDU_SHADOW_DONE, 0);
	vfio_gfx_shadow_write(shadow, RCAR_VDU_SHADOW_SEQ, 0);
	shadow->seq = 0;
	vfio_gfx_page_write(dev, RCAR_VDU_SHADOW_CTRL,
			    RCAR_VDU_SHADOW_CTRL_ENABLE | ctrl);
}

void vfio_gfx_shadow_begin(struct vfio_gfx_shadow *shadow)
{
	vfio_gfx_shadow_write(shadow, RCAR_VDU_SHADOW_SEQ, ++shadow->seq);
	atomic_thread_fence(memory_order_seq_cst);
}

void vfio_gfx_shadow_commit(struct vfio_gfx_shadow *shadow)
{
	atomic_thread_fence(memory_order_seq_cst);
	vfio_gfx_shadow_write(shadow, RCAR_VDU_SHADOW_SEQ, ++shadow->seq);
	atomic_thread_fence(memory_order_seq_cst);
	if (!vfio_gfx_shadow_read(shadow, RCAR_VDU_SHADOW_AWAKE))
		vfio_gfx_page_write(shadow->dev, RCAR_VDU_SHADOW_DOORBELL, 1);
}

void vfio_gfx_shadow_point(struct vfio_gfx_shadow *shadow, __u64 addr)
{
	vfio_gfx_shadow_write(shadow, RCAR_VDU_SHADOW_DS1PR, 1);
	vfio_gfx_shadow_write(shadow, RCAR_VDU_PLANE_PAGE(0) + PnDSA0R, addr);
}

bool vfio_gfx_shadow_wait(struct vfio_gfx_shadow *shadow)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_TIMEOUT_MS;

	while (vfio_gfx_shadow_read(shadow, RCAR_VDU_SHADOW_DONE) !=
	       shadow->seq) {
		if (vfio_gfx_now_ms() > end)
			return false;
		vfio_gfx_sleep_ms(1);
	}
	return true;
}
