// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts
 */

#include "kselftest_harness.h"

#include <pthread.h>
#include <sys/ioctl.h>

#include <linux/pci_regs.h>

#include "lib/vfio_gfx.h"

#define INTX	VFIO_PCI_INTX_IRQ_INDEX
#define MSI	VFIO_PCI_MSI_IRQ_INDEX
#define REQ	VFIO_PCI_REQ_IRQ_INDEX

#define TRIGGER	VFIO_IRQ_SET_ACTION_TRIGGER
#define MASK	VFIO_IRQ_SET_ACTION_MASK
#define UNMASK	VFIO_IRQ_SET_ACTION_UNMASK
#define NONE	VFIO_IRQ_SET_DATA_NONE
#define BOOL	VFIO_IRQ_SET_DATA_BOOL
#define EVENTFD	VFIO_IRQ_SET_DATA_EVENTFD

/* Long enough for dozens of vertical blanks of the fast mode. */
#define QUIET_MS	200
/* INTx that nobody handles, in a second: 2000, and a burst */
#define MAX_INTX_RATE	2500

FIXTURE(irq) {
	struct vfio_gfx_dev dev;
	int fd;
};

FIXTURE_VARIANT(irq) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(irq, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(irq, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(irq)
{
	const char *missing = vfio_gfx_open(&self->dev, variant->mode);

	if (missing)
		SKIP(return, "no %s", missing);
	self->fd = vfio_gfx_eventfd();
	vfio_gfx_display_on(&self->dev);
}

FIXTURE_TEARDOWN(irq)
{
	vfio_gfx_close(&self->dev);
	close(self->fd);
}

static __u64 wait_irq(int fd)
{
	return vfio_gfx_eventfd_wait(fd, VFIO_GFX_TIMEOUT_MS);
}

static __u64 quiet(int fd)
{
	return vfio_gfx_eventfd_wait(fd, QUIET_MS);
}

static void drain(int fd)
{
	while (vfio_gfx_eventfd_wait(fd, 0))
		;
}

/* Let one interrupt source become pending, and have no more of them. */
static void one_blank(struct vfio_gfx_dev *dev)
{
	vfio_gfx_du_write(dev, DSRCR, DSRCR_MASK);
	vfio_gfx_du_write(dev, DIER, DSSR_VBK);
	vfio_gfx_wait_frames(dev, 1);
	vfio_gfx_stop(dev);
}

static void ack(struct vfio_gfx_dev *dev)
{
	vfio_gfx_du_write(dev, DSRCR, DSRCR_MASK);
}

/* -----------------------------------------------------------------------------
 * MSI
 */

TEST_F(irq, msi)
{
	struct vfio_gfx_dev *dev = &self->dev;
	unsigned int i;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, MSI, self->fd));
	vfio_gfx_du_write(dev, DIER, DSSR_VBK);
	for (i = 0; i < 5; i++) {
		ASSERT_NE(0, wait_irq(self->fd));
		EXPECT_EQ(DSSR_VBK, vfio_gfx_du_read(dev, DSSR) & DSSR_VBK);
		ack(dev);
	}
}

TEST_F(irq, msi_not_enabled)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, MSI, self->fd));
	vfio_gfx_du_write(dev, DIER, 0);
	EXPECT_EQ(0, quiet(self->fd));
	EXPECT_EQ(DSSR_VBK, vfio_gfx_du_read(dev, DSSR) & DSSR_VBK);
}

/* Enabling a source that is pending already raises the interrupt. */
TEST_F(irq, msi_enabled_late)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, MSI, self->fd));
	vfio_gfx_wait_frames(dev, 2);
	vfio_gfx_stop(dev);
	ASSERT_EQ(0, quiet(self->fd));
	vfio_gfx_du_write(dev, DIER, DSSR_VBK);
	EXPECT_EQ(1, wait_irq(self->fd));
}

TEST_F(irq, msi_once_per_event)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, MSI, self->fd));
	one_blank(dev);
	EXPECT_NE(0, wait_irq(self->fd));
	ack(dev);
	drain(self->fd);
	EXPECT_EQ(0, quiet(self->fd));
}

TEST_F(irq, msi_off)
{
	struct vfio_gfx_dev *dev = &self->dev;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, MSI, self->fd));
		vfio_gfx_du_write(dev, DIER, DSSR_VBK);
		ack(dev);
		ASSERT_NE(0, wait_irq(self->fd));

		/* The two ways of saying so. */
		ASSERT_EQ(0, i ? __vfio_gfx_irq_eventfd(dev, MSI, -1) :
				 __vfio_gfx_set_irqs(dev, NONE | TRIGGER, MSI,
						     0, 0, NULL, 0));
		drain(self->fd);
		ack(dev);
		EXPECT_EQ(0, quiet(self->fd));
	}
}

TEST_F(irq, msi_replaced)
{
	struct vfio_gfx_dev *dev = &self->dev;
	int second = vfio_gfx_eventfd();

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, MSI, self->fd));
	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, MSI, second));
	vfio_gfx_du_write(dev, DIER, DSSR_VBK);
	ack(dev);
	EXPECT_NE(0, wait_irq(second));
	EXPECT_EQ(0, quiet(self->fd));
	close(second);
}

TEST_F(irq, msi_eventfd_closed)
{
	struct vfio_gfx_dev *dev = &self->dev;
	int second = vfio_gfx_eventfd();

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, MSI, second));
	close(second);
	vfio_gfx_du_write(dev, DIER, DSSR_VBK);
	vfio_gfx_wait_frames(dev, 5);
}

/* What was programmed is forgotten, and with it every reason to interrupt. */
TEST_F(irq, msi_reset)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, MSI, self->fd));
	vfio_gfx_du_write(dev, DIER, DSSR_VBK);
	ack(dev);
	ASSERT_NE(0, wait_irq(self->fd));
	vfio_gfx_reset(dev);
	drain(self->fd);
	EXPECT_EQ(0, quiet(self->fd));
	vfio_gfx_display_on(dev);
	EXPECT_EQ(0, quiet(self->fd));
}

/* -----------------------------------------------------------------------------
 * INTx
 */

TEST_F(irq, intx)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, INTX, self->fd));
	one_blank(dev);
	EXPECT_EQ(1, wait_irq(self->fd));
	EXPECT_EQ(PCI_STATUS_INTERRUPT,
		  vfio_gfx_cfg_read16(dev, PCI_STATUS) & PCI_STATUS_INTERRUPT);
	ack(dev);
	EXPECT_EQ(0, vfio_gfx_cfg_read16(dev, PCI_STATUS) &
		  PCI_STATUS_INTERRUPT);
}

/* Masked when it fires: silent until it is unmasked, whatever comes. */
TEST_F(irq, intx_automasked)
{
	struct vfio_gfx_dev *dev = &self->dev;
	unsigned int i;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, INTX, self->fd));
	vfio_gfx_du_write(dev, DIER, DSSR_VBK);
	ack(dev);
	ASSERT_EQ(1, wait_irq(self->fd));
	for (i = 0; i < 5; i++) {
		ack(dev);
		vfio_gfx_wait_frames(dev, 1);
	}
	EXPECT_EQ(0, quiet(self->fd));
}

/* A level: unmasking it while it is pending fires again at once. */
TEST_F(irq, intx_unmask_pending)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, INTX, self->fd));
	one_blank(dev);
	ASSERT_EQ(1, wait_irq(self->fd));
	ASSERT_EQ(0, __vfio_gfx_set_irqs(dev, NONE | UNMASK, INTX, 0, 1, NULL,
					 0));
	EXPECT_EQ(1, wait_irq(self->fd));
}

TEST_F(irq, intx_no_storm)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, INTX, self->fd));
	one_blank(dev);
	ASSERT_EQ(1, wait_irq(self->fd));
	ack(dev);
	ASSERT_EQ(0, __vfio_gfx_set_irqs(dev, NONE | UNMASK, INTX, 0, 1, NULL,
					 0));
	EXPECT_EQ(0, quiet(self->fd));
}

TEST_F(irq, intx_each_blank)
{
	struct vfio_gfx_dev *dev = &self->dev;
	unsigned int i;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, INTX, self->fd));
	vfio_gfx_du_write(dev, DIER, DSSR_VBK);
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(1, wait_irq(self->fd));
		ack(dev);
		ASSERT_EQ(0, __vfio_gfx_set_irqs(dev, NONE | UNMASK, INTX, 0, 1,
						 NULL, 0));
	}
}

TEST_F(irq, intx_mask)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, INTX, self->fd));
	ASSERT_EQ(0, __vfio_gfx_set_irqs(dev, NONE | MASK, INTX, 0, 1, NULL,
					 0));
	one_blank(dev);
	EXPECT_EQ(0, quiet(self->fd));
	ASSERT_EQ(0, __vfio_gfx_set_irqs(dev, NONE | UNMASK, INTX, 0, 1, NULL,
					 0));
	EXPECT_EQ(1, wait_irq(self->fd));
}

TEST_F(irq, intx_mask_bool)
{
	static const __u8 no, yes = 1;
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, INTX, self->fd));
	ASSERT_EQ(0, __vfio_gfx_set_irqs(dev, BOOL | MASK, INTX, 0, 1, &yes,
					 1));
	one_blank(dev);
	EXPECT_EQ(0, quiet(self->fd));
	ASSERT_EQ(0, __vfio_gfx_set_irqs(dev, BOOL | UNMASK, INTX, 0, 1, &no,
					 1));
	EXPECT_EQ(0, quiet(self->fd));
	ASSERT_EQ(0, __vfio_gfx_set_irqs(dev, BOOL | UNMASK, INTX, 0, 1, &yes,
					 1));
	EXPECT_EQ(1, wait_irq(self->fd));
}

/* What KVM's resamplefd does at the end of interrupt. */
TEST_F(irq, intx_unmask_by_eventfd)
{
	static const __u64 one = 1;
	struct vfio_gfx_dev *dev = &self->dev;
	int resample = vfio_gfx_eventfd();
	__s32 none = -1;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, INTX, self->fd));
	ASSERT_EQ(0, __vfio_gfx_set_irqs(dev, EVENTFD | UNMASK, INTX, 0, 1,
					 &resample, sizeof(resample)));
	one_blank(dev);
	ASSERT_EQ(1, wait_irq(self->fd));
	ASSERT_EQ(sizeof(one), write(resample, &one, sizeof(one)));
	EXPECT_EQ(1, wait_irq(self->fd));
	ack(dev);
	ASSERT_EQ(sizeof(one), write(resample, &one, sizeof(one)));
	EXPECT_EQ(0, quiet(self->fd));

	ASSERT_EQ(0, __vfio_gfx_set_irqs(dev, EVENTFD | UNMASK, INTX, 0, 1,
					 &none, sizeof(none)));
	close(resample);
}

/* How often INTx comes in a second of quiet, or a negative error code. */
static long long intx_rate(struct vfio_gfx_dev *dev)
{
	__u64 start = vfio_gfx_now_ms();
	long long before = __vfio_gfx_stat(dev, "intx_signals");

	if (before < 0)
		return before;
	vfio_gfx_sleep_ms(1000);
	return (__vfio_gfx_stat(dev, "intx_signals") - before) * 1000 /
	       (long long)(vfio_gfx_now_ms() - start);
}

/* User space has made the end of the interrupt its beginning. */
TEST_F(irq, intx_circle)
{
	struct vfio_gfx_dev *dev = &self->dev;
	long long rate;
	__s32 none = -1;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, INTX, self->fd));
	ASSERT_EQ(0, __vfio_gfx_set_irqs(dev, EVENTFD | UNMASK, INTX, 0, 1,
					 &self->fd, sizeof(self->fd)));
	one_blank(dev);
	rate = intx_rate(dev);
	if (rate < 0)
		SKIP(return, "no statistics in debugfs");
	EXPECT_LT(0, rate);
	EXPECT_GT(MAX_INTX_RATE, rate);

	/* It ends with the interrupt, and works as before. */
	ack(dev);
	ASSERT_EQ(0, __vfio_gfx_set_irqs(dev, EVENTFD | UNMASK, INTX, 0, 1,
					 &none, sizeof(none)));
	EXPECT_EQ(0, intx_rate(dev));
	drain(self->fd);
	vfio_gfx_display_on(dev);
	one_blank(dev);
	EXPECT_EQ(1, wait_irq(self->fd));
}

/* The same by way of another device. */
TEST_F(irq, intx_circle_of_two)
{
	struct vfio_gfx_dev *dev = &self->dev, other;
	char uuid[VFIO_GFX_UUID_LEN];
	int back = vfio_gfx_eventfd();
	long long rate;

	if (__vfio_gfx_mdev_create("virtual", uuid))
		SKIP(return, "no room for a second mediated device");
	ASSERT_EQ(0, __vfio_gfx_open_uuid(&other, variant->mode, uuid));
	vfio_gfx_display_on(&other);

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, INTX, self->fd));
	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(&other, INTX, back));
	ASSERT_EQ(0, __vfio_gfx_set_irqs(dev, EVENTFD | UNMASK, INTX, 0, 1,
					 &back, sizeof(back)));
	ASSERT_EQ(0, __vfio_gfx_set_irqs(&other, EVENTFD | UNMASK, INTX, 0, 1,
					 &self->fd, sizeof(self->fd)));
	one_blank(dev);
	one_blank(&other);
	rate = intx_rate(dev);
	if (rate >= 0) {
		EXPECT_LT(0, rate);
		EXPECT_GT(MAX_INTX_RATE, rate);
	}

	vfio_gfx_close(&other);
	EXPECT_EQ(0, __vfio_gfx_mdev_remove(uuid));
	close(back);
}

/* An unmask that has to wait is not lost. */
TEST_F(irq, intx_unmask_burst)
{
	static const __u64 one = 1;
	struct vfio_gfx_dev *dev = &self->dev;
	int resample = vfio_gfx_eventfd();
	unsigned int i;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, INTX, self->fd));
	ASSERT_EQ(0, __vfio_gfx_set_irqs(dev, EVENTFD | UNMASK, INTX, 0, 1,
					 &resample, sizeof(resample)));
	one_blank(dev);
	for (i = 0; i < 200; i++) {
		ASSERT_EQ(1, wait_irq(self->fd));
		ASSERT_EQ(sizeof(one), write(resample, &one, sizeof(one)));
	}
	EXPECT_EQ(1, wait_irq(self->fd));
	close(resample);
}

TEST_F(irq, intx_disabled_by_guest)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, INTX, self->fd));
	vfio_gfx_cfg_write16(dev, PCI_COMMAND, PCI_COMMAND_MEMORY |
			     PCI_COMMAND_INTX_DISABLE);
	one_blank(dev);
	EXPECT_EQ(0, quiet(self->fd));
	vfio_gfx_cfg_write16(dev, PCI_COMMAND, PCI_COMMAND_MEMORY);
	EXPECT_EQ(1, wait_irq(self->fd));
}

TEST_F(irq, intx_off)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, INTX, self->fd));
	ASSERT_EQ(0, __vfio_gfx_set_irqs(dev, NONE | TRIGGER, INTX, 0, 0, NULL,
					 0));
	one_blank(dev);
	EXPECT_EQ(0, quiet(self->fd));
}

/* Guests switch from INTx to MSI. */
TEST_F(irq, intx_then_msi)
{
	struct vfio_gfx_dev *dev = &self->dev;
	int msi = vfio_gfx_eventfd();

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, INTX, self->fd));
	ASSERT_EQ(0, __vfio_gfx_set_irqs(dev, NONE | TRIGGER, INTX, 0, 0, NULL,
					 0));
	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, MSI, msi));
	one_blank(dev);
	EXPECT_NE(0, wait_irq(msi));
	EXPECT_EQ(0, quiet(self->fd));
	close(msi);
}

/* -----------------------------------------------------------------------------
 * Loopback
 */

TEST_F(irq, loopback)
{
	static const __u32 irqs[] = { INTX, MSI, REQ };
	static const __u8 no, yes = 1;
	struct vfio_gfx_dev *dev = &self->dev;
	unsigned int i;

	vfio_gfx_stop(dev);
	for (i = 0; i < ARRAY_SIZE(irqs); i++) {
		ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, irqs[i], self->fd));

		EXPECT_EQ(0, __vfio_gfx_set_irqs(dev, NONE | TRIGGER, irqs[i],
						 0, 1, NULL, 0))
			TH_LOG("interrupt %u", irqs[i]);
		EXPECT_EQ(1, wait_irq(self->fd))
			TH_LOG("interrupt %u", irqs[i]);

		if (irqs[i] == INTX)
			ASSERT_EQ(0, __vfio_gfx_set_irqs(dev, NONE | UNMASK,
							 INTX, 0, 1, NULL, 0));
		EXPECT_EQ(0, __vfio_gfx_set_irqs(dev, BOOL | TRIGGER, irqs[i],
						 0, 1, &no, 1))
			TH_LOG("interrupt %u", irqs[i]);
		EXPECT_EQ(0, vfio_gfx_eventfd_wait(self->fd, 20))
			TH_LOG("interrupt %u", irqs[i]);
		EXPECT_EQ(0, __vfio_gfx_set_irqs(dev, BOOL | TRIGGER, irqs[i],
						 0, 1, &yes, 1))
			TH_LOG("interrupt %u", irqs[i]);
		EXPECT_EQ(1, wait_irq(self->fd))
			TH_LOG("interrupt %u", irqs[i]);

		EXPECT_EQ(0, __vfio_gfx_irq_eventfd(dev, irqs[i], -1))
			TH_LOG("interrupt %u", irqs[i]);
	}
}

/* -----------------------------------------------------------------------------
 * Bad arguments: one wrong thing each
 */

static const struct {
	char what[28];
	__u32 flags, index, start, count;
	size_t size;
} bad_args[] = {
	{ "no data type", TRIGGER, MSI, 0, 1, 4 },
	{ "two data types", NONE | BOOL | TRIGGER, MSI, 0, 1, 4 },
	{ "unknown flag", EVENTFD | TRIGGER | 1 << 6, MSI, 0, 1, 4 },
	{ "unknown high flag", EVENTFD | TRIGGER | 1u << 31, MSI, 0, 1, 4 },
	{ "no action", EVENTFD, MSI, 0, 1, 4 },
	{ "two actions", NONE | MASK | UNMASK, INTX, 0, 1, 0 },
	{ "interrupt without vectors", EVENTFD | TRIGGER,
	  VFIO_PCI_MSIX_IRQ_INDEX, 0, 1, 4 },
	{ "error interrupt", EVENTFD | TRIGGER, VFIO_PCI_ERR_IRQ_INDEX, 0, 1,
	  4 },
	{ "first index beyond", EVENTFD | TRIGGER, VFIO_GFX_NUM_IRQS, 0, 1, 4 },
	{ "last index", EVENTFD | TRIGGER, ~0, 0, 1, 4 },
	{ "start beyond", EVENTFD | TRIGGER, MSI, 1, 1, 4 },
	{ "count beyond", EVENTFD | TRIGGER, MSI, 0, 2, 8 },
	{ "start and count overflow", EVENTFD | TRIGGER, MSI, ~0, 2, 8 },
	{ "huge count", EVENTFD | TRIGGER, MSI, 0, ~0, 8 },
	{ "no room for an eventfd", EVENTFD | TRIGGER, MSI, 0, 1, 3 },
	{ "no room for a bool", BOOL | TRIGGER, MSI, 0, 1, 0 },
};

TEST_F(irq, bad_args)
{
	__s32 data[4] = { self->fd, self->fd, self->fd, self->fd };
	struct vfio_gfx_dev *dev = &self->dev;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad_args); i++)
		EXPECT_EQ(-EINVAL, __vfio_gfx_set_irqs(dev, bad_args[i].flags,
						       bad_args[i].index,
						       bad_args[i].start,
						       bad_args[i].count, data,
						       bad_args[i].size))
			TH_LOG("%s", bad_args[i].what);
}

TEST_F(irq, short_argsz)
{
	struct vfio_irq_set set = {
		.argsz = sizeof(set) - 1,
		.flags = NONE | TRIGGER,
		.index = MSI,
	};

	EXPECT_EQ(-1, ioctl(self->dev.fd, VFIO_DEVICE_SET_IRQS, &set));
	EXPECT_EQ(EINVAL, errno);
}

TEST_F(irq, bad_fd)
{
	static const __u32 irqs[] = { INTX, MSI, REQ };
	struct vfio_gfx_dev *dev = &self->dev;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(irqs); i++) {
		EXPECT_EQ(-EBADF, __vfio_gfx_irq_eventfd(dev, irqs[i], 9999))
			TH_LOG("interrupt %u", irqs[i]);
		EXPECT_EQ(-EINVAL, __vfio_gfx_irq_eventfd(dev, irqs[i],
							  dev->fd))
			TH_LOG("interrupt %u", irqs[i]);
	}
}

/* A refused eventfd leaves the working one alone. */
TEST_F(irq, bad_fd_changes_nothing)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, MSI, self->fd));
	ASSERT_EQ(-EBADF, __vfio_gfx_irq_eventfd(dev, MSI, 9999));
	vfio_gfx_du_write(dev, DIER, DSSR_VBK);
	ack(dev);
	EXPECT_NE(0, wait_irq(self->fd));
}

/* -----------------------------------------------------------------------------
 * Request interrupt
 */

TEST_F(irq, req_off)
{
	struct vfio_gfx_dev *dev = &self->dev;

	EXPECT_EQ(0, __vfio_gfx_irq_eventfd(dev, REQ, self->fd));
	EXPECT_EQ(0, __vfio_gfx_irq_eventfd(dev, REQ, -1));
	EXPECT_EQ(0, __vfio_gfx_irq_eventfd(dev, REQ, self->fd));
	EXPECT_EQ(0, __vfio_gfx_set_irqs(dev, NONE | TRIGGER, REQ, 0, 0, NULL,
					 0));
}

static void *remove_mdev(void *uuid)
{
	return (void *)(intptr_t)__vfio_gfx_mdev_remove(uuid);
}

TEST_F(irq, req_at_removal)
{
	char uuid[VFIO_GFX_UUID_LEN];
	struct vfio_gfx_dev dev;
	pthread_t thread;
	void *ret;

	if (__vfio_gfx_mdev_create("virtual", uuid))
		SKIP(return, "no room for a second mediated device");
	ASSERT_EQ(0, __vfio_gfx_open_uuid(&dev, variant->mode, uuid));
	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(&dev, REQ, self->fd));
	ASSERT_EQ(0, pthread_create(&thread, NULL, remove_mdev, uuid));
	EXPECT_NE(0, wait_irq(self->fd));
	vfio_gfx_close(&dev);
	ASSERT_EQ(0, pthread_join(thread, &ret));
	EXPECT_EQ(0, (intptr_t)ret);
	EXPECT_FALSE(vfio_gfx_mdev_exists(uuid));
}

TEST_HARNESS_MAIN
