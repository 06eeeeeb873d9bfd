/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: the device
 *
 * What it is made of; each part is declared and described beside the functions that
 * own it. The locks, each with those that are taken while it is held:
 *
 * rcar_du_mdev_admin.mutex      opening against settings   locks of rcar_du_scanout,
 *                                                          rcar_du_mdev_vdu.lock
 * rcar_du_mdev_picture.mutex    the host's picture, and    locks of rcar_du_scanout,
 *                               when it is shown           rcar_du_mdev_cache.mutex,
 *                                                          rcar_du_mdev_watchdog.lock
 * rcar_du_mdev_monitor.mutex    EDID                       locks of rcar_du_scanout,
 *                                                          rcar_du_mdev_vdu.lock
 * locks of the DRM core and     the display comes or       rcar_du_mdev_output.mutex
 *   rcar_du_scanout.mutex       goes
 * rcar_du_mdev_output.mutex     what is imported for the   locks of rcar_du_scanout but
 *                               display                    that one, of the DRM core but
 *                                                          clientlist_mutex, dma_resv,
 *                                                          rcar_du_mdev_cache.mutex
 * rcar_du_mdev_pci.mutex        resets, configuration      rcar_du_mdev_bar4.lock,
 *                               space                      rcar_du_mdev_cache.mutex,
 *                                                          rcar_du_mdev_vdu.lock
 * mmap_lock                     of clients                 rcar_du_mdev_bar4.lock,
 *                                                          rcar_du_mdev_cache.mutex,
 *                                                          rcar_du_mdev_fb.mutex
 * rcar_du_mdev_bar4.lock        whether BAR 4 answers      i_mmap_rwsem
 * dma_resv                      of a dma-buf               rcar_du_mdev_copy.mutex,
 *                                                          rcar_du_mdev_fb.mutex
 * rcar_du_mdev_cache.mutex      framebuffers, screen       locks of rcar_du_scanout,
 *                                                          of the DRM core, dma_resv,
 *                                                          i_mmap_rwsem,
 *                                                          rcar_du_mdev_fb.mutex,
 *                                                          rcar_du_mdev_vdu.lock,
 *                                                          rcar_du_mdev_irq.lock,
 *                                                          rcar_du_mdev_watchdog.lock
 * rcar_du_mdev_copy.mutex       what importers have        rcar_du_mdev_fb.mutex
 *                               instead of its pages
 * rcar_du_mdev_fb.mutex         pages of a framebuffer     none
 * rcar_du_mdev_irq.mutex        VFIO_DEVICE_SET_IRQS       rcar_du_mdev_irq.lock
 * rcar_du_scanout's spinlock    who is told of blanks      rcar_du_mdev_vdu.lock
 * rcar_du_mdev_vdu.lock         what the guest sees        rcar_du_mdev_irq.lock,
 *                                                          rcar_du_mdev_watchdog.lock
 * rcar_du_mdev_irq.lock         eventfds                   that of an eventfd
 * rcar_du_mdev_watchdog.lock    whether frames come        none
 *
 * None of them is held around vfio_pin_pages() or vfio_unpin_pages(): the VFIO core
 * takes its own locks there, and holds some of them around dma_unmap(), see
 * rcar_du_mdev_unmap().
 */

#ifndef __RCAR_DU_MDEV_H__
#define __RCAR_DU_MDEV_H__

#include <linux/vfio.h>

#include "rcar_du_mdev_admin.h"
#include "rcar_du_mdev_bar4.h"
#include "rcar_du_mdev_cache.h"
#include "rcar_du_mdev_crc.h"
#include "rcar_du_mdev_fbregion.h"
#include "rcar_du_mdev_monitor.h"
#include "rcar_du_mdev_output.h"
#include "rcar_du_mdev_pci.h"
#include "rcar_du_mdev_picture.h"
#include "rcar_du_mdev_pipe.h"
#include "rcar_du_mdev_screen.h"
#include "rcar_du_mdev_snoop.h"
#include "rcar_du_mdev_vdu.h"
#include "rcar_du_mdev_watchdog.h"

struct dentry;

/**
 * struct rcar_du_mdev_device - One virtual display unit
 */
struct rcar_du_mdev_device {
	/** @vdev: VFIO device */
	struct vfio_device vdev;
	/** @number: names its workqueues */
	unsigned int number;
	/** @admin: what the admin decides */
	struct rcar_du_mdev_admin admin;
	/** @watchdog: tells when no new frames come */
	struct rcar_du_mdev_watchdog watchdog;
	/** @vdu: what the guest sees */
	struct rcar_du_mdev_vdu vdu;
	/** @bar4: who gets at BAR 4 */
	struct rcar_du_mdev_bar4 bar4;
	/** @output: the part of the host's display that it has */
	struct rcar_du_mdev_output output;
	/** @picture: what is there while the guest shows nothing */
	struct rcar_du_mdev_picture picture;
	/** @snoop: what has to be cleaned for who fetches its pictures */
	struct rcar_du_mdev_snoop snoop;
	/** @monitor: what is plugged into it */
	struct rcar_du_mdev_monitor monitor;
	/** @cache: framebuffers */
	struct rcar_du_mdev_cache cache;
	/** @screen: the published frame */
	struct rcar_du_mdev_screen screen;
	/** @fbregion: framebuffer regions */
	struct rcar_du_mdev_fbregion fbregion;
	/** @crc: check codes */
	struct rcar_du_mdev_crc crc;
	/** @pipe: from the latch to the published frame */
	struct rcar_du_mdev_pipe pipe;
	/** @pci: what switches all this */
	struct rcar_du_mdev_pci pci;
	/** @debugfs: directory of this device */
	struct dentry *debugfs;
};

static inline struct rcar_du_mdev_device *
to_rcar_du_mdev(struct vfio_device *vdev)
{
	return container_of(vdev, struct rcar_du_mdev_device, vdev);
}

#endif /* __RCAR_DU_MDEV_H__ */
