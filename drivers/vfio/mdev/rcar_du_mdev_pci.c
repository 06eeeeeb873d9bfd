// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: PCI function
 *
 * What is written to the configuration space switches parts of the device on and
 * off, or resets it. Registers, interrupts and the display follow at once, under the
 * VDU's lock. The rest sleeps, and so it is done here: mappings of BAR 4, and the
 * guest's memory.
 */

#include <linux/lockdep.h>

#include "rcar_du_mdev_bar4.h"
#include "rcar_du_mdev_pci.h"
#include "rcar_du_mdev_pipe.h"
#include "rcar_du_mdev_vdu.h"

static void rcar_du_mdev_pci_reset_locked(struct rcar_du_mdev_pci *pci)
{
	lockdep_assert_held(&pci->mutex);

	/* No register answers from here on, so nobody shows anything. */
	rcar_du_mdev_vdu_reset(pci->vdu);
	rcar_du_mdev_bar4_enable(pci->bar4, false);
	rcar_du_mdev_bar4_clear(pci->bar4);
	rcar_du_mdev_pipe_reset(pci->pipe);
}

/**
 * rcar_du_mdev_pci_reset - Reset the function
 * @pci: the function
 *
 * On return nothing of the guest's is shown, pinned or exported, and the device is
 * off.
 *
 * Context: sleeps.
 */
void rcar_du_mdev_pci_reset(struct rcar_du_mdev_pci *pci)
{
	guard(mutex)(&pci->mutex);

	rcar_du_mdev_pci_reset_locked(pci);
}

/**
 * rcar_du_mdev_pci_write - Write to the configuration space
 * @pci: the function
 * @offset: first byte, within it
 * @buf: where from
 * @count: bytes, within it
 *
 * What this switches off is off on return: BAR 4 has no mappings, nothing is pinned,
 * and dma-bufs are revoked.
 *
 * Context: sleeps.
 */
void rcar_du_mdev_pci_write(struct rcar_du_mdev_pci *pci, u32 offset,
			    const u8 *buf, u32 count)
{
	bool master;

	guard(mutex)(&pci->mutex);

	master = rcar_du_mdev_vdu_master_enabled(pci->vdu);
	if (rcar_du_mdev_vdu_write_cfg(pci->vdu, offset, buf, count)) {
		rcar_du_mdev_pci_reset_locked(pci);
		return;
	}

	rcar_du_mdev_bar4_enable(pci->bar4,
				 rcar_du_mdev_vdu_memory_enabled(pci->vdu));
	if (master && !rcar_du_mdev_vdu_master_enabled(pci->vdu))
		rcar_du_mdev_pipe_let_go(pci->pipe);
}

/**
 * rcar_du_mdev_pci_init - Prepare the function of a new device
 * @pci: the function
 * @vdu: the device's VDU
 * @bar4: the device's BAR 4
 * @pipe: the device's pipe
 */
void rcar_du_mdev_pci_init(struct rcar_du_mdev_pci *pci,
			   struct rcar_du_mdev_vdu *vdu,
			   struct rcar_du_mdev_bar4 *bar4,
			   struct rcar_du_mdev_pipe *pipe)
{
	pci->vdu = vdu;
	pci->bar4 = bar4;
	pci->pipe = pipe;
	mutex_init(&pci->mutex);
}

/**
 * rcar_du_mdev_pci_fini - Undo rcar_du_mdev_pci_init()
 * @pci: the function of a closed device
 */
void rcar_du_mdev_pci_fini(struct rcar_du_mdev_pci *pci)
{
	mutex_destroy(&pci->mutex);
}
