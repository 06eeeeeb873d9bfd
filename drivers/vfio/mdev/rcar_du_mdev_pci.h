/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: PCI function
 */

#ifndef __RCAR_DU_MDEV_PCI_H__
#define __RCAR_DU_MDEV_PCI_H__

#include <linux/mutex.h>
#include <linux/types.h>

struct rcar_du_mdev_bar4;
struct rcar_du_mdev_pipe;
struct rcar_du_mdev_vdu;

/**
 * struct rcar_du_mdev_pci - What switches the function
 */
struct rcar_du_mdev_pci {
	/** @vdu: the device's VDU, which has the configuration space */
	struct rcar_du_mdev_vdu *vdu;
	/** @bar4: the device's BAR 4 */
	struct rcar_du_mdev_bar4 *bar4;
	/** @pipe: the device's pipe, which has the guest's memory */
	struct rcar_du_mdev_pipe *pipe;

	/**
	 * @mutex: orders resets and writes to the configuration space: each is over,
	 * with all that comes of it, before the next begins
	 */
	struct mutex mutex;
};

void rcar_du_mdev_pci_init(struct rcar_du_mdev_pci *pci,
			   struct rcar_du_mdev_vdu *vdu,
			   struct rcar_du_mdev_bar4 *bar4,
			   struct rcar_du_mdev_pipe *pipe);
void rcar_du_mdev_pci_fini(struct rcar_du_mdev_pci *pci);

void rcar_du_mdev_pci_write(struct rcar_du_mdev_pci *pci, u32 offset,
			    const u8 *buf, u32 count);
void rcar_du_mdev_pci_reset(struct rcar_du_mdev_pci *pci);

#endif /* __RCAR_DU_MDEV_PCI_H__ */
