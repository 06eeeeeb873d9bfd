/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: interrupts
 */

#ifndef __RCAR_DU_MDEV_IRQ_H__
#define __RCAR_DU_MDEV_IRQ_H__

#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

#include "rcar_du_mdev_rate.h"

struct device;
struct eventfd_ctx;
struct virqfd;

/**
 * struct rcar_du_mdev_irq - Interrupt delivery
 */
struct rcar_du_mdev_irq {
	/** @dev: the device, for messages */
	struct device *dev;

	/** @lock: protects the members from @msi to @unmasks */
	spinlock_t lock;
	/** @msi: signalled for each newly pending interrupt source, or NULL */
	struct eventfd_ctx *msi;
	/** @intx: signalled when INTx gets asserted, or NULL */
	struct eventfd_ctx *intx;
	/** @req: signalled when the host wants the device back, or NULL */
	struct eventfd_ctx *req;
	/** @refresh: signalled when there is something new to see, or NULL */
	struct eventfd_ctx *refresh;
	/** @asserted: an enabled interrupt source is pending */
	bool asserted;
	/** @msi_disabled: no MSI may be sent: COMMAND.BusMaster is clear, or D3hot */
	bool msi_disabled;
	/** @msi_held: one should have been, and a source is still pending */
	bool msi_held;
	/** @intx_disabled: COMMAND.INTxDisable is set, or D3hot */
	bool intx_disabled;
	/** @intx_masked: VFIO masks INTx each time it signals @intx */
	bool intx_masked;
	/** @intx_signals: how often @intx was signalled; read without @lock, too */
	u64 intx_signals;
	/** @unmasks: how often it was unmasked by eventfd */
	struct rcar_du_mdev_rate unmasks;

	/** @unmask_work: an unmask by eventfd that came too early */
	struct delayed_work unmask_work;

	/** @mutex: serializes VFIO_DEVICE_SET_IRQS, and protects @intx_unmask */
	struct mutex mutex;
	/** @intx_unmask: unmasks INTx when user space signals its eventfd, or NULL */
	struct virqfd *intx_unmask;
};

void rcar_du_mdev_irq_init(struct rcar_du_mdev_irq *irq, struct device *dev);
void rcar_du_mdev_irq_fini(struct rcar_du_mdev_irq *irq);
void rcar_du_mdev_irq_close(struct rcar_du_mdev_irq *irq);

void rcar_du_mdev_irq_raise(struct rcar_du_mdev_irq *irq);
void rcar_du_mdev_irq_lower(struct rcar_du_mdev_irq *irq);
void rcar_du_mdev_irq_allow(struct rcar_du_mdev_irq *irq, bool intx, bool msi);
void rcar_du_mdev_irq_refresh(struct rcar_du_mdev_irq *irq);
void rcar_du_mdev_irq_request(struct rcar_du_mdev_irq *irq, unsigned int count);

static inline u64
rcar_du_mdev_irq_intx_signals(const struct rcar_du_mdev_irq *irq)
{
	return READ_ONCE(irq->intx_signals);
}

long rcar_du_mdev_irq_info(struct vfio_irq_info __user *arg);
long rcar_du_mdev_irq_set(struct rcar_du_mdev_irq *irq,
			  struct vfio_irq_set __user *arg);

#endif /* __RCAR_DU_MDEV_IRQ_H__ */
