/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: layout of the VFIO device
 */

#ifndef __RCAR_DU_MDEV_LAYOUT_H__
#define __RCAR_DU_MDEV_LAYOUT_H__

#include <linux/sizes.h>
#include <linux/vfio.h>

#include <uapi/linux/rcar_vdu.h>

/* As vfio-pci: the region index is in the upper bits of the file offset. */
#define RCAR_DU_MDEV_REGION_SHIFT	40

/* The EDID region and the framebuffer regions follow the PCI ones. */
#define RCAR_DU_MDEV_SHADOW_REGION	\
	(VFIO_PCI_BAR0_REGION_INDEX + RCAR_VDU_SHADOW_BAR)
#define RCAR_DU_MDEV_EDID_REGION	VFIO_PCI_NUM_REGIONS
#define RCAR_DU_MDEV_FB_REGION		(RCAR_DU_MDEV_EDID_REGION + 1)
#define RCAR_DU_MDEV_NUM_FB_REGIONS	2
#define RCAR_DU_MDEV_NUM_REGIONS	(RCAR_DU_MDEV_FB_REGION + \
					 RCAR_DU_MDEV_NUM_FB_REGIONS)

/* The largest framebuffer: MAX_PITCH pixels of 4 bytes, MAX_HEIGHT lines. */
#define RCAR_DU_MDEV_FB_REGION_SIZE	SZ_32M

/* The refresh event follows the PCI interrupts. */
#define RCAR_DU_MDEV_REFRESH_IRQ	VFIO_PCI_NUM_IRQS
#define RCAR_DU_MDEV_NUM_IRQS		(VFIO_PCI_NUM_IRQS + 1)

#endif /* __RCAR_DU_MDEV_LAYOUT_H__ */
