// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: interrupts
 *
 * MSI with one vector, and INTx as a fall-back. A message is sent for each
 * interrupt source that becomes pending. INTx is a level: VFIO masks it when
 * it signals, and the unmask looks at the level again.
 */

#include <linux/device.h>
#include <linux/eventfd.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/slab.h>
#include <linux/time64.h>
#include <linux/uaccess.h>

#include "rcar_du_mdev_irq.h"
#include "rcar_du_mdev_layout.h"

/*
 * How often INTx is unmasked by eventfd in a second. It is a level, so that what
 * signals the eventfd when INTx comes gets another one for it at once. A guest that
 * handles each of them is slower; eventfds that user space has made a circle of
 * are not.
 */
#define RCAR_DU_MDEV_UNMASK_RATE	2000
#define RCAR_DU_MDEV_UNMASK_BURST	(10 * NSEC_PER_MSEC)

/* -----------------------------------------------------------------------------
 * Delivery
 */

/* A message that may not be sent is remembered, and what comes after it with it. */
static void rcar_du_mdev_irq_signal_msi_locked(struct rcar_du_mdev_irq *irq)
{
	lockdep_assert_held(&irq->lock);

	irq->msi_held = irq->msi_disabled;
	if (!irq->msi_held)
		eventfd_signal(irq->msi);
}

static void rcar_du_mdev_irq_signal_intx_locked(struct rcar_du_mdev_irq *irq)
{
	lockdep_assert_held(&irq->lock);

	if (irq->msi || !irq->intx || irq->intx_masked || irq->intx_disabled ||
	    !irq->asserted)
		return;

	irq->intx_masked = true;
	WRITE_ONCE(irq->intx_signals, irq->intx_signals + 1);
	eventfd_signal(irq->intx);
}

/**
 * rcar_du_mdev_irq_raise - An enabled interrupt source became pending
 * @irq: interrupt delivery
 *
 * Context: any.
 */
void rcar_du_mdev_irq_raise(struct rcar_du_mdev_irq *irq)
{
	scoped_guard(spinlock_irqsave, &irq->lock) {
		irq->asserted = true;
		if (irq->msi)
			rcar_du_mdev_irq_signal_msi_locked(irq);
		else
			rcar_du_mdev_irq_signal_intx_locked(irq);
	}
}

/**
 * rcar_du_mdev_irq_lower - No enabled interrupt source is pending
 * @irq: interrupt delivery
 *
 * Context: any.
 */
void rcar_du_mdev_irq_lower(struct rcar_du_mdev_irq *irq)
{
	scoped_guard(spinlock_irqsave, &irq->lock) {
		irq->asserted = false;
		irq->msi_held = false;
	}
}

/**
 * rcar_du_mdev_irq_allow - The guest has written what enables interrupts
 * @irq: interrupt delivery
 * @intx: the function may assert INTx
 * @msi: the function may send MSI
 *
 * INTx is a level: if it is asserted when it gets allowed, it is signalled. Of the
 * messages that could not be sent one is, unless no source is pending any more.
 *
 * Context: any.
 */
void rcar_du_mdev_irq_allow(struct rcar_du_mdev_irq *irq, bool intx, bool msi)
{
	scoped_guard(spinlock_irqsave, &irq->lock) {
		irq->intx_disabled = !intx;
		irq->msi_disabled = !msi;
		if (irq->msi && irq->msi_held)
			rcar_du_mdev_irq_signal_msi_locked(irq);
		rcar_du_mdev_irq_signal_intx_locked(irq);
	}
}

/**
 * rcar_du_mdev_irq_refresh - There is something new to see
 * @irq: interrupt delivery
 *
 * Context: any.
 */
void rcar_du_mdev_irq_refresh(struct rcar_du_mdev_irq *irq)
{
	scoped_guard(spinlock_irqsave, &irq->lock) {
		if (irq->refresh)
			eventfd_signal(irq->refresh);
	}
}

/**
 * rcar_du_mdev_irq_request - Ask user space to give the device back
 * @irq: interrupt delivery
 * @count: how many times it was asked before
 */
void rcar_du_mdev_irq_request(struct rcar_du_mdev_irq *irq, unsigned int count)
{
	bool asked = false;

	scoped_guard(spinlock_irqsave, &irq->lock) {
		if (irq->req) {
			eventfd_signal(irq->req);
			asked = true;
		}
	}

	/* The VFIO core repeats the request until the device is closed. */
	if (!count)
		dev_notice(irq->dev, "%s\n",
			   asked ? "user asked to release the device" :
				   "user can't be asked, waiting for release");
}

/* -----------------------------------------------------------------------------
 * VFIO_DEVICE_GET_IRQ_INFO
 */

static unsigned int rcar_du_mdev_irq_count(unsigned int index)
{
	switch (index) {
	case VFIO_PCI_INTX_IRQ_INDEX:
	case VFIO_PCI_MSI_IRQ_INDEX:
	case VFIO_PCI_REQ_IRQ_INDEX:
	case RCAR_DU_MDEV_REFRESH_IRQ:
		return 1;
	default:
		return 0;
	}
}

/* Adds the type, as far as there is room for it. */
static long rcar_du_mdev_irq_info_refresh(const struct vfio_irq_info *info,
					  struct vfio_irq_info __user *arg)
{
	struct {
		struct vfio_irq_info_caps caps;
		struct vfio_irq_info_cap_type type;
	} out = {
		.caps.info = *info,
		.type.header.id = VFIO_IRQ_INFO_CAP_TYPE,
		.type.header.version = 1,
		.type.type = VFIO_IRQ_TYPE_GFX,
		.type.subtype = VFIO_IRQ_SUBTYPE_GFX_REFRESH,
	};
	size_t size = sizeof(out);

	out.caps.info.flags |= VFIO_IRQ_INFO_FLAG_CAPS;
	if (info->argsz >= sizeof(out)) {
		out.caps.cap_offset = offsetof(typeof(out), type);
	} else {
		size = info->argsz < sizeof(out.caps) ? sizeof(out.caps.info) :
							sizeof(out.caps);
		out.caps.info.argsz = sizeof(out);
	}

	return copy_to_user(arg, &out, size) ? -EFAULT : 0;
}

/**
 * rcar_du_mdev_irq_info - VFIO_DEVICE_GET_IRQ_INFO
 * @arg: in: index, out: flags and count
 *
 * QEMU takes an error for the ERR interrupt as "not supported", and warns when
 * it finds one that has no vectors.
 *
 * Return: 0, or -EINVAL for an index that does not exist, -EFAULT.
 */
long rcar_du_mdev_irq_info(struct vfio_irq_info __user *arg)
{
	const unsigned long minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;

	if (info.argsz < minsz || info.index >= RCAR_DU_MDEV_NUM_IRQS ||
	    info.index == VFIO_PCI_ERR_IRQ_INDEX)
		return -EINVAL;

	info.count = rcar_du_mdev_irq_count(info.index);
	info.flags = VFIO_IRQ_INFO_EVENTFD;

	if (info.index == VFIO_PCI_INTX_IRQ_INDEX)
		info.flags |= VFIO_IRQ_INFO_MASKABLE |
			      VFIO_IRQ_INFO_AUTOMASKED;
	else
		info.flags |= VFIO_IRQ_INFO_NORESIZE;

	if (info.index == RCAR_DU_MDEV_REFRESH_IRQ)
		return rcar_du_mdev_irq_info_refresh(&info, arg);

	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

/* -----------------------------------------------------------------------------
 * VFIO_DEVICE_SET_IRQS
 */

static struct eventfd_ctx **
rcar_du_mdev_irq_trigger(struct rcar_du_mdev_irq *irq, unsigned int index)
{
	switch (index) {
	case VFIO_PCI_INTX_IRQ_INDEX:
		return &irq->intx;
	case VFIO_PCI_MSI_IRQ_INDEX:
		return &irq->msi;
	case VFIO_PCI_REQ_IRQ_INDEX:
		return &irq->req;
	case RCAR_DU_MDEV_REFRESH_IRQ:
		return &irq->refresh;
	default:
		return NULL;
	}
}

/* Takes over the reference of @ctx. */
static void rcar_du_mdev_irq_set_trigger(struct rcar_du_mdev_irq *irq,
					 unsigned int index,
					 struct eventfd_ctx *ctx)
{
	struct eventfd_ctx **trigger = rcar_du_mdev_irq_trigger(irq, index);

	scoped_guard(spinlock_irqsave, &irq->lock) {
		swap(*trigger, ctx);

		if (index == VFIO_PCI_INTX_IRQ_INDEX) {
			irq->intx_masked = false;
			rcar_du_mdev_irq_signal_intx_locked(irq);
		}
	}

	if (ctx)
		eventfd_ctx_put(ctx);
}

static int rcar_du_mdev_irq_connect(struct rcar_du_mdev_irq *irq,
				    unsigned int index, s32 fd)
{
	struct eventfd_ctx *ctx = NULL;

	if (fd < -1)
		return -EINVAL;

	if (fd >= 0) {
		ctx = eventfd_ctx_fdget(fd);
		if (IS_ERR(ctx))
			return PTR_ERR(ctx);
	}

	rcar_du_mdev_irq_set_trigger(irq, index, ctx);

	return 0;
}

/* Lets user space try out its end of the line. */
static void rcar_du_mdev_irq_loopback(struct rcar_du_mdev_irq *irq,
				      unsigned int index)
{
	struct eventfd_ctx **trigger = rcar_du_mdev_irq_trigger(irq, index);

	scoped_guard(spinlock_irqsave, &irq->lock) {
		if (*trigger)
			eventfd_signal(*trigger);
	}
}

static int rcar_du_mdev_irq_set_action_trigger(struct rcar_du_mdev_irq *irq,
					       const struct vfio_irq_set *hdr,
					       const void *data)
{
	switch (hdr->flags & VFIO_IRQ_SET_DATA_TYPE_MASK) {
	case VFIO_IRQ_SET_DATA_EVENTFD:
		return rcar_du_mdev_irq_connect(irq, hdr->index,
						*(const s32 *)data);
	case VFIO_IRQ_SET_DATA_NONE:
		/* A count of 0 turns the interrupt off. */
		if (hdr->count)
			rcar_du_mdev_irq_loopback(irq, hdr->index);
		else
			rcar_du_mdev_irq_set_trigger(irq, hdr->index, NULL);
		return 0;
	case VFIO_IRQ_SET_DATA_BOOL:
		if (*(const u8 *)data)
			rcar_du_mdev_irq_loopback(irq, hdr->index);
		return 0;
	default:
		return -EINVAL;
	}
}

static void rcar_du_mdev_irq_mask_intx(struct rcar_du_mdev_irq *irq,
				       bool mask)
{
	scoped_guard(spinlock_irqsave, &irq->lock) {
		irq->intx_masked = mask;
		rcar_du_mdev_irq_signal_intx_locked(irq);
	}
}

/*
 * Runs under the lock of the eventfd that was signalled. Unmasking may signal
 * another one, or by user space's choice the same, so leave it to the thread.
 * That one may signal the first one in turn, through other devices, too, without
 * user space: see RCAR_DU_MDEV_UNMASK_RATE.
 */
static int rcar_du_mdev_irq_unmask_handler(void *opaque, void *unused)
{
	return 1;
}

/* Returns in how many nanoseconds it may be done, 0 if it is counted as done. */
static u64 rcar_du_mdev_irq_unmask_delay(struct rcar_du_mdev_irq *irq)
{
	u64 now = ktime_get_ns();
	u64 delay = 0;

	scoped_guard(spinlock_irqsave, &irq->lock) {
		delay = rcar_du_mdev_rate_delay(&irq->unmasks,
						RCAR_DU_MDEV_UNMASK_RATE,
						RCAR_DU_MDEV_UNMASK_BURST, now);
		if (!delay)
			rcar_du_mdev_rate_take(&irq->unmasks, 1, now);
	}

	return delay;
}

static void rcar_du_mdev_irq_unmask_thread(void *opaque, void *unused)
{
	struct rcar_du_mdev_irq *irq = opaque;
	u64 delay = rcar_du_mdev_irq_unmask_delay(irq);

	if (delay)
		schedule_delayed_work(&irq->unmask_work,
				      nsecs_to_jiffies(delay) + 1);
	else
		rcar_du_mdev_irq_mask_intx(irq, false);
}

static void rcar_du_mdev_irq_unmask_work(struct work_struct *work)
{
	rcar_du_mdev_irq_mask_intx(container_of(to_delayed_work(work),
						struct rcar_du_mdev_irq,
						unmask_work), false);
}

/* No eventfd unmasks on return, and none that did is forgotten. */
static void rcar_du_mdev_irq_stop_unmask(struct rcar_du_mdev_irq *irq)
{
	lockdep_assert_held(&irq->mutex);

	vfio_virqfd_disable(&irq->intx_unmask);
	flush_delayed_work(&irq->unmask_work);
}

static int rcar_du_mdev_irq_set_unmask_fd(struct rcar_du_mdev_irq *irq,
					  s32 fd)
{
	lockdep_assert_held(&irq->mutex);

	rcar_du_mdev_irq_stop_unmask(irq);

	if (fd < 0)
		return fd == -1 ? 0 : -EINVAL;

	return vfio_virqfd_enable(irq, rcar_du_mdev_irq_unmask_handler,
				  rcar_du_mdev_irq_unmask_thread, NULL,
				  &irq->intx_unmask, fd);
}

static int rcar_du_mdev_irq_set_action_mask(struct rcar_du_mdev_irq *irq,
					    const struct vfio_irq_set *hdr,
					    const void *data)
{
	bool mask = hdr->flags & VFIO_IRQ_SET_ACTION_MASK;

	lockdep_assert_held(&irq->mutex);

	if (hdr->index != VFIO_PCI_INTX_IRQ_INDEX || !hdr->count)
		return -EINVAL;

	/* What came by eventfd came before. */
	if (cancel_delayed_work_sync(&irq->unmask_work))
		rcar_du_mdev_irq_mask_intx(irq, false);

	switch (hdr->flags & VFIO_IRQ_SET_DATA_TYPE_MASK) {
	case VFIO_IRQ_SET_DATA_EVENTFD:
		/* vfio-pci does not mask by eventfd either. */
		if (mask)
			return -ENOTTY;
		return rcar_du_mdev_irq_set_unmask_fd(irq,
						      *(const s32 *)data);
	case VFIO_IRQ_SET_DATA_NONE:
		rcar_du_mdev_irq_mask_intx(irq, mask);
		return 0;
	case VFIO_IRQ_SET_DATA_BOOL:
		if (*(const u8 *)data)
			rcar_du_mdev_irq_mask_intx(irq, mask);
		return 0;
	default:
		return -EINVAL;
	}
}

static int rcar_du_mdev_irq_apply(struct rcar_du_mdev_irq *irq,
				  const struct vfio_irq_set *hdr,
				  const void *data)
{
	guard(mutex)(&irq->mutex);

	switch (hdr->flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) {
	case VFIO_IRQ_SET_ACTION_TRIGGER:
		return rcar_du_mdev_irq_set_action_trigger(irq, hdr, data);
	case VFIO_IRQ_SET_ACTION_MASK:
	case VFIO_IRQ_SET_ACTION_UNMASK:
		return rcar_du_mdev_irq_set_action_mask(irq, hdr, data);
	default:
		return -EINVAL;
	}
}

/**
 * rcar_du_mdev_irq_set - VFIO_DEVICE_SET_IRQS
 * @irq: interrupt delivery
 * @arg: what to do with which interrupt
 *
 * Return: 0, or -EINVAL if @arg is not understood, -ENOTTY for masking by
 * eventfd, -EBADF for a bad eventfd, -EFAULT, -ENOMEM.
 */
long rcar_du_mdev_irq_set(struct rcar_du_mdev_irq *irq,
			  struct vfio_irq_set __user *arg)
{
	const unsigned long minsz = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set hdr;
	size_t data_size = 0;
	void *data = NULL;
	int ret;

	if (copy_from_user(&hdr, arg, minsz))
		return -EFAULT;

	if (hdr.index >= RCAR_DU_MDEV_NUM_IRQS ||
	    !rcar_du_mdev_irq_count(hdr.index))
		return -EINVAL;

	ret = vfio_set_irqs_validate_and_prepare(&hdr,
						 rcar_du_mdev_irq_count(hdr.index),
						 RCAR_DU_MDEV_NUM_IRQS,
						 &data_size);
	if (ret)
		return ret;

	/* One vector only: a count of 0 makes sense without data only. */
	if (!hdr.count && !(hdr.flags & VFIO_IRQ_SET_DATA_NONE))
		return -EINVAL;

	if (data_size) {
		data = memdup_user(arg->data, data_size);
		if (IS_ERR(data))
			return PTR_ERR(data);
	}

	ret = rcar_du_mdev_irq_apply(irq, &hdr, data);
	kfree(data);

	return ret;
}

/**
 * rcar_du_mdev_irq_close - Forget all eventfds
 * @irq: interrupt delivery
 */
void rcar_du_mdev_irq_close(struct rcar_du_mdev_irq *irq)
{
	guard(mutex)(&irq->mutex);

	rcar_du_mdev_irq_stop_unmask(irq);
	rcar_du_mdev_irq_set_trigger(irq, VFIO_PCI_INTX_IRQ_INDEX, NULL);
	rcar_du_mdev_irq_set_trigger(irq, VFIO_PCI_MSI_IRQ_INDEX, NULL);
	rcar_du_mdev_irq_set_trigger(irq, VFIO_PCI_REQ_IRQ_INDEX, NULL);
	rcar_du_mdev_irq_set_trigger(irq, RCAR_DU_MDEV_REFRESH_IRQ, NULL);
}

/**
 * rcar_du_mdev_irq_init - Prepare the interrupts of a new device
 * @irq: interrupt delivery
 * @dev: the device
 */
void rcar_du_mdev_irq_init(struct rcar_du_mdev_irq *irq, struct device *dev)
{
	irq->dev = dev;
	spin_lock_init(&irq->lock);
	mutex_init(&irq->mutex);
	INIT_DELAYED_WORK(&irq->unmask_work, rcar_du_mdev_irq_unmask_work);
}

/**
 * rcar_du_mdev_irq_fini - Undo rcar_du_mdev_irq_init()
 * @irq: interrupt delivery of a closed device
 */
void rcar_du_mdev_irq_fini(struct rcar_du_mdev_irq *irq)
{
	mutex_destroy(&irq->mutex);
}
