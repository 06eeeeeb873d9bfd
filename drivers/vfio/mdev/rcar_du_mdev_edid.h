/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: EDID
 *
 * Pure: the generator for the default monitor, and the contents of the VFIO
 * graphics EDID region. The caller serializes.
 */

#ifndef __RCAR_DU_MDEV_EDID_H__
#define __RCAR_DU_MDEV_EDID_H__

#include <linux/types.h>

#include <uapi/linux/rcar_vdu.h>

#define RCAR_DU_MDEV_EDID_BLOCK		128
#define RCAR_DU_MDEV_EDID_OFFSET	0x1000 /* of the blob in the region */
#define RCAR_DU_MDEV_EDID_MAX_SIZE	RCAR_VDU_EDID_WINDOW_SIZE
#define RCAR_DU_MDEV_EDID_REGION_SIZE	\
	(RCAR_DU_MDEV_EDID_OFFSET + RCAR_DU_MDEV_EDID_MAX_SIZE)

/**
 * struct rcar_du_mdev_edid - State of the VFIO graphics EDID region
 * @blob: the EDID as user space wrote it
 * @size: edid_size as user space wrote it; may exceed the room in @blob, the
 *	tail is dropped then
 * @max_xres: reported as max_xres, and thereby QEMU's preferred width
 * @max_yres: reported as max_yres, and thereby QEMU's preferred height
 * @link_up: link_state is VFIO_DEVICE_GFX_LINK_STATE_UP
 */
struct rcar_du_mdev_edid {
	u8 blob[RCAR_DU_MDEV_EDID_MAX_SIZE];
	u32 size;
	u32 max_xres;
	u32 max_yres;
	bool link_up;
};

u32 rcar_du_mdev_edid_generate(u8 *edid, u32 width, u32 height, u32 refresh);
void rcar_du_mdev_edid_restrict(u8 *edid);
u32 rcar_du_mdev_edid_sanitise(u8 *edid, u32 size);

void rcar_du_mdev_edid_init(struct rcar_du_mdev_edid *edid, u32 width,
			    u32 height);
void rcar_du_mdev_edid_read(const struct rcar_du_mdev_edid *edid, u32 offset,
			    u8 *buf, u32 count);
bool rcar_du_mdev_edid_write(struct rcar_du_mdev_edid *edid, u32 offset,
			     const u8 *buf, u32 count);

#endif /* __RCAR_DU_MDEV_EDID_H__ */
