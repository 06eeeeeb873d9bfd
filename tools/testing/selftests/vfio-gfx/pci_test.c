// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the configuration space switches: Bus Master, Memory Space, power states and
 * the function level reset
 */

#include "kselftest_harness.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include <linux/kvm.h>
#include <linux/pci_regs.h>

#include "lib/vfio_gfx.h"
#include "lib/vfio_gfx_shadow.h"

#define WIDTH	VFIO_GFX_BUF_WIDTH
#define HEIGHT	VFIO_GFX_BUF_HEIGHT
#define SIZE	VFIO_GFX_BUF_SIZE

#define MEMORY	PCI_COMMAND_MEMORY
#define MASTER	PCI_COMMAND_MASTER

#define MSI	VFIO_PCI_MSI_IRQ_INDEX
#define INTX	VFIO_PCI_INTX_IRQ_INDEX

#define D0	0
#define D1	1
#define D2	2
#define D3HOT	3

/* Long enough for dozens of vertical blanks of the fast mode. */
#define QUIET_MS	200

#define POISON	0x5a17e5a1u

FIXTURE(pci) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
	struct vfio_gfx_shadow bar;
	int fd;			/* eventfd */
};

FIXTURE_VARIANT(pci) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(pci, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(pci, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(pci)
{
	const char *missing = vfio_gfx_open_with_ram(&self->dev, &self->ram,
						     variant->mode);

	if (missing)
		SKIP(return, "no %s", missing);
	ASSERT_EQ(0, __vfio_gfx_shadow_map(&self->bar, &self->dev));
	self->fd = vfio_gfx_eventfd();
	vfio_gfx_display_on(&self->dev);
}

FIXTURE_TEARDOWN(pci)
{
	vfio_gfx_shadow_unmap(&self->bar);
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
	close(self->fd);
}

static void command(struct vfio_gfx_dev *dev, __u16 value)
{
	vfio_gfx_cfg_write16(dev, PCI_COMMAND, value);
}

static __u8 cfg_read8(struct vfio_gfx_dev *dev, __u32 reg)
{
	__u8 value = 0;

	__vfio_gfx_pread(dev, VFIO_GFX_CONFIG, reg, &value, 1);
	return value;
}

static void cfg_write8(struct vfio_gfx_dev *dev, __u32 reg, __u8 value)
{
	__vfio_gfx_pwrite(dev, VFIO_GFX_CONFIG, reg, &value, 1);
}

static unsigned int find_cap(struct vfio_gfx_dev *dev, __u8 id)
{
	unsigned int pos, ttl = 48;

	for (pos = cfg_read8(dev, PCI_CAPABILITY_LIST); pos >= 0x40 && ttl--;
	     pos = cfg_read8(dev, pos + PCI_CAP_LIST_NEXT)) {
		if (cfg_read8(dev, pos + PCI_CAP_LIST_ID) == id)
			return pos;
	}
	return 0;
}

static unsigned int pmcsr(struct vfio_gfx_dev *dev)
{
	unsigned int pos = find_cap(dev, PCI_CAP_ID_PM);

	return pos ? pos + PCI_PM_CTRL : 0;
}

static bool power(struct vfio_gfx_dev *dev, unsigned int state)
{
	unsigned int reg = pmcsr(dev);

	if (reg)
		vfio_gfx_cfg_write16(dev, reg, state);
	return reg;
}

static bool flr(struct vfio_gfx_dev *dev)
{
	unsigned int pos = find_cap(dev, PCI_CAP_ID_AF);

	if (pos)
		cfg_write8(dev, pos + PCI_AF_CTRL, PCI_AF_CTRL_FLR);
	return pos;
}

static __u64 quiet(int fd)
{
	return vfio_gfx_eventfd_wait(fd, QUIET_MS);
}

static __u64 wait_irq(int fd)
{
	return vfio_gfx_eventfd_wait(fd, VFIO_GFX_TIMEOUT_MS);
}

/* VBK is set and enabled, and stays so. */
static void one_blank(struct vfio_gfx_dev *dev)
{
	vfio_gfx_du_write(dev, DIER, DSSR_VBK);
	vfio_gfx_poll(dev, VFIO_GFX_DU, DSSR, DSSR_VBK, DSSR_VBK, true);
}

static bool bar4_gone(const struct vfio_gfx_shadow *bar)
{
	return vfio_gfx_gone((const __u8 *)bar->bar, RCAR_VDU_SHADOW_BAR_SIZE);
}

static __u32 bar4_read(struct vfio_gfx_dev *dev, __u32 offset)
{
	return vfio_gfx_read(dev, RCAR_VDU_SHADOW_BAR, offset);
}

/* -----------------------------------------------------------------------------
 * Bus Master
 */

TEST_F(pci, no_master_shows_nothing)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_dev *dev = &self->dev;

	vfio_gfx_show_buffer(dev, &self->ram, 1, 0);
	command(dev, MEMORY);
	EXPECT_TRUE(vfio_gfx_query_off(dev, VFIO_GFX_PRIMARY, &info));
	EXPECT_EQ(0, vfio_gfx_page_read(dev, RCAR_VDU_PLANE(0) +
					RCAR_VDU_PLANE_ERROR));
}

/* The guest may give its memory to somebody else once the write is done. */
TEST_F(pci, no_master_lets_go)
{
	struct vfio_gfx_dev *dev = &self->dev;
	__u32 id = vfio_gfx_show_buffer(dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(dev, id);
	__u8 *map = vfio_gfx_map(fd, SIZE);

	ASSERT_EQ(1, map[0]);
	command(dev, MEMORY);
	EXPECT_TRUE(vfio_gfx_gone(map, SIZE));
	EXPECT_EQ(0, __vfio_gfx_stat(dev, "bytes_pinned"));
	munmap(map, SIZE);
	close(fd);
}

TEST_F(pci, no_master_pins_nothing)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 1);
	struct vfio_gfx_dev *dev = &self->dev;
	long long pins = __vfio_gfx_stat(dev, "pins");

	ASSERT_LE(0, pins);
	command(dev, MEMORY);
	vfio_gfx_plane_write(dev, &plane);
	vfio_gfx_priority(dev, 1);
	vfio_gfx_stop(dev);
	vfio_gfx_start(dev);
	vfio_gfx_wait_frames(dev, 10);
	EXPECT_EQ(pins, __vfio_gfx_stat(dev, "pins"));
}

/* The display runs without planes: what has to do with time goes on. */
TEST_F(pci, no_master_runs)
{
	struct vfio_device_feature_gfx_frame frame;
	struct vfio_gfx_dev *dev = &self->dev;

	vfio_gfx_show_buffer(dev, &self->ram, 1, 0);
	command(dev, MEMORY);
	vfio_gfx_wait_frames(dev, 3);
	vfio_gfx_frame_latched(dev, &frame);
	EXPECT_EQ(VFIO_GFX_FRAME_ON, frame.flags & VFIO_GFX_FRAME_ON);
	EXPECT_EQ(0, frame.num_planes);
}

TEST_F(pci, master_shows_again)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_dev *dev = &self->dev;
	int fd;

	vfio_gfx_show_buffer(dev, &self->ram, 1, 0);
	command(dev, MEMORY);
	ASSERT_TRUE(vfio_gfx_query_off(dev, VFIO_GFX_PRIMARY, &info));
	command(dev, MEMORY | MASTER);
	vfio_gfx_query_on(dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, 0, &info);
	fd = vfio_gfx_get(dev, info.dmabuf_id);
	EXPECT_EQ(1, *(__u8 *)vfio_gfx_map(fd, SIZE));
	close(fd);
}

/* What was written to BAR 4 while nothing could be fetched */
TEST_F(pci, master_shows_shadow)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_dev *dev = &self->dev;
	__u32 id;

	id = vfio_gfx_show_buffer(dev, &self->ram, 1, 0);
	vfio_gfx_shadow_enable(&self->bar, dev, 0);
	command(dev, MEMORY);
	vfio_gfx_shadow_begin(&self->bar);
	vfio_gfx_shadow_point(&self->bar, vfio_gfx_buffer(&self->ram, 2).addr);
	vfio_gfx_shadow_commit(&self->bar);
	ASSERT_TRUE(vfio_gfx_shadow_wait(&self->bar));
	EXPECT_TRUE(vfio_gfx_query_off(dev, VFIO_GFX_PRIMARY, &info));
	command(dev, MEMORY | MASTER);
	vfio_gfx_query_on(dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, id, &info);
}

TEST_F(pci, no_master_no_msi)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, MSI, self->fd));
	command(dev, MEMORY);
	one_blank(dev);
	EXPECT_EQ(0, quiet(self->fd));
}

/* What is pending still is told, by one message. */
TEST_F(pci, master_tells_pending)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, MSI, self->fd));
	command(dev, MEMORY);
	one_blank(dev);
	command(dev, MEMORY | MASTER);
	EXPECT_EQ(1, wait_irq(self->fd));
	command(dev, MEMORY | MASTER);
	EXPECT_EQ(0, quiet(self->fd));
}

TEST_F(pci, master_tells_nothing_old)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, MSI, self->fd));
	command(dev, MEMORY);
	one_blank(dev);
	vfio_gfx_du_write(dev, DIER, 0);
	vfio_gfx_du_write(dev, DSRCR, DSRCR_MASK);
	command(dev, MEMORY | MASTER);
	EXPECT_EQ(0, quiet(self->fd));
}

/* What was sent before is not sent again. */
TEST_F(pci, master_tells_once)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, MSI, self->fd));
	one_blank(dev);
	ASSERT_EQ(1, wait_irq(self->fd));
	command(dev, MEMORY);
	command(dev, MEMORY | MASTER);
	EXPECT_EQ(0, quiet(self->fd));
}

/* A wire, and no access to memory. */
TEST_F(pci, no_master_intx)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, INTX, self->fd));
	command(dev, MEMORY);
	one_blank(dev);
	EXPECT_EQ(1, wait_irq(self->fd));
}

/* -----------------------------------------------------------------------------
 * Memory Space
 */

TEST_F(pci, no_memory_registers)
{
	struct vfio_gfx_dev *dev = &self->dev;

	vfio_gfx_du_write(dev, DEWR, 123);
	command(dev, MASTER);
	EXPECT_EQ(~0u, vfio_gfx_du_read(dev, DEWR));
	EXPECT_EQ(~0u, vfio_gfx_page_read(dev, RCAR_VDU_MAGIC));
	vfio_gfx_du_write(dev, DEWR, 456);
	command(dev, MASTER | MEMORY);
	EXPECT_EQ(123, vfio_gfx_du_read(dev, DEWR));
}

TEST_F(pci, no_memory_bar4)
{
	struct vfio_gfx_dev *dev = &self->dev;

	vfio_gfx_write(dev, RCAR_VDU_SHADOW_BAR, 0x800, POISON);
	command(dev, MASTER);
	EXPECT_EQ(~0u, bar4_read(dev, 0x800));
	vfio_gfx_write(dev, RCAR_VDU_SHADOW_BAR, 0x800, 0);
	command(dev, MASTER | MEMORY);
	EXPECT_EQ(POISON, bar4_read(dev, 0x800));
}

TEST_F(pci, no_memory_zaps)
{
	struct vfio_gfx_dev *dev = &self->dev;

	vfio_gfx_shadow_write(&self->bar, 0x800, POISON);
	command(dev, MASTER);
	EXPECT_TRUE(bar4_gone(&self->bar));
	command(dev, MASTER | MEMORY);
	EXPECT_FALSE(bar4_gone(&self->bar));
	EXPECT_EQ(POISON, vfio_gfx_shadow_read(&self->bar, 0x800));
}

/* A VMM maps BARs before its guest turns them on. */
TEST_F(pci, no_memory_mmap)
{
	struct vfio_gfx_dev *dev = &self->dev;
	struct vfio_gfx_shadow other;

	command(dev, MASTER);
	ASSERT_EQ(0, __vfio_gfx_shadow_map(&other, dev));
	EXPECT_TRUE(bar4_gone(&other));
	command(dev, MASTER | MEMORY);
	vfio_gfx_shadow_write(&other, 0x800, POISON);
	EXPECT_EQ(POISON, vfio_gfx_shadow_read(&self->bar, 0x800));
	vfio_gfx_shadow_unmap(&other);
}

/* KVM puts it into the guest's address space. */
TEST_F(pci, bar4_kvm)
{
	struct kvm_userspace_memory_region slot = {
		.guest_phys_addr = 1ull << 30,
		.memory_size = RCAR_VDU_SHADOW_BAR_SIZE,
		.userspace_addr = (uintptr_t)self->bar.bar,
	};
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	int vm;

	if (kvm < 0)
		SKIP(return, "no KVM");
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	ASSERT_LE(0, vm);
	EXPECT_EQ(0, ioctl(vm, KVM_SET_USER_MEMORY_REGION, &slot)) {
		TH_LOG("KVM_SET_USER_MEMORY_REGION: %s", strerror(errno));
	}
	close(vm);
	close(kvm);
}

/* Nobody keeps a page of it, e.g. in a pipe. */
TEST_F(pci, bar4_no_references)
{
	struct iovec iov = {
		.iov_base = (void *)self->bar.bar,
		.iov_len = RCAR_VDU_SHADOW_BAR_SIZE,
	};
	int fds[2];

	vfio_gfx_shadow_write(&self->bar, 0x800, POISON);
	ASSERT_EQ(0, pipe(fds));
	EXPECT_EQ(-1, vmsplice(fds[1], &iov, 1, 0));
	EXPECT_EQ(EFAULT, errno);
	close(fds[0]);
	close(fds[1]);
}

/* What is shown stays, and is fetched. */
TEST_F(pci, no_memory_shows)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_dev *dev = &self->dev;
	__u32 id = vfio_gfx_show_buffer(dev, &self->ram, 1, 0);

	command(dev, MASTER);
	vfio_gfx_sleep_ms(QUIET_MS);
	vfio_gfx_query(dev, VFIO_GFX_PRIMARY, &info);
	EXPECT_EQ(id, info.dmabuf_id);
}

/* It is VFIO's, and not PCI's. */
TEST_F(pci, no_memory_edid_region)
{
	struct vfio_gfx_dev *dev = &self->dev;
	__u32 offset = offsetof(struct vfio_region_gfx_edid, edid_offset);

	command(dev, 0);
	EXPECT_NE(~0u, vfio_gfx_read(dev, VFIO_GFX_EDID, offset));
}

TEST_F(pci, no_memory_bar_size)
{
	struct vfio_gfx_dev *dev = &self->dev;

	command(dev, 0);
	vfio_gfx_write(dev, VFIO_GFX_CONFIG, PCI_BASE_ADDRESS_0, ~0);
	EXPECT_EQ(~(RCAR_VDU_DU_BAR_SIZE - 1u),
		  vfio_gfx_read(dev, VFIO_GFX_CONFIG, PCI_BASE_ADDRESS_0));
}

/* -----------------------------------------------------------------------------
 * Power states
 */

TEST_F(pci, d3hot_registers)
{
	struct vfio_gfx_dev *dev = &self->dev;

	vfio_gfx_du_write(dev, DEWR, 123);
	ASSERT_TRUE(power(dev, D3HOT));
	EXPECT_EQ(D3HOT, vfio_gfx_cfg_read16(dev, pmcsr(dev)) &
		  PCI_PM_CTRL_STATE_MASK);
	EXPECT_EQ(~0u, vfio_gfx_page_read(dev, RCAR_VDU_MAGIC));
	EXPECT_EQ(~0u, bar4_read(dev, 0));
	EXPECT_TRUE(bar4_gone(&self->bar));
	EXPECT_EQ(RCAR_VDU_PCI_VENDOR_ID,
		  vfio_gfx_cfg_read16(dev, PCI_VENDOR_ID));
}

/* No_Soft_Reset */
TEST_F(pci, d3hot_keeps)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_dev *dev = &self->dev;

	vfio_gfx_show_buffer(dev, &self->ram, 1, 0);
	vfio_gfx_shadow_write(&self->bar, 0x800, POISON);
	ASSERT_TRUE(power(dev, D3HOT));
	EXPECT_TRUE(vfio_gfx_query_off(dev, VFIO_GFX_PRIMARY, &info));
	EXPECT_EQ(0, __vfio_gfx_stat(dev, "bytes_pinned"));

	ASSERT_TRUE(power(dev, D0));
	EXPECT_EQ(PCI_PM_CTRL_NO_SOFT_RESET,
		  vfio_gfx_cfg_read16(dev, pmcsr(dev)));
	vfio_gfx_query_on(dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, 0, &info);
	EXPECT_EQ(POISON, vfio_gfx_shadow_read(&self->bar, 0x800));
	EXPECT_EQ(MEMORY | MASTER, vfio_gfx_cfg_read16(dev, PCI_COMMAND));
}

TEST_F(pci, d3hot_stops)
{
	struct vfio_gfx_dev *dev = &self->dev;
	__u32 before;

	vfio_gfx_wait_frames(dev, 1);
	before = vfio_gfx_page_read(dev, RCAR_VDU_FRAME_COUNT);
	ASSERT_TRUE(power(dev, D3HOT));
	vfio_gfx_sleep_ms(QUIET_MS);
	ASSERT_TRUE(power(dev, D0));
	EXPECT_GT(10, vfio_gfx_page_read(dev, RCAR_VDU_FRAME_COUNT) - before);
	vfio_gfx_wait_frames(dev, 3);
}

TEST_F(pci, d3hot_no_intx)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, INTX, self->fd));
	one_blank(dev);
	ASSERT_EQ(1, wait_irq(self->fd));
	ASSERT_TRUE(power(dev, D3HOT));
	ASSERT_EQ(0, __vfio_gfx_set_irqs(dev, VFIO_IRQ_SET_DATA_NONE |
					 VFIO_IRQ_SET_ACTION_UNMASK, INTX, 0, 1,
					 NULL, 0));
	EXPECT_EQ(0, quiet(self->fd));
	ASSERT_TRUE(power(dev, D0));
	EXPECT_EQ(1, wait_irq(self->fd));
}

/* Another monitor is plugged in meanwhile. */
TEST_F(pci, d3hot_no_msi)
{
	__u32 link = offsetof(struct vfio_region_gfx_edid, link_state);
	struct vfio_gfx_dev *dev = &self->dev;

	vfio_gfx_page_write(dev, RCAR_VDU_HEAD_INT_STATUS, ~0);
	vfio_gfx_page_write(dev, RCAR_VDU_HEAD_INT_ENABLE,
			    RCAR_VDU_HEAD_INT_HOTPLUG);
	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, MSI, self->fd));
	ASSERT_TRUE(power(dev, D3HOT));
	vfio_gfx_write(dev, VFIO_GFX_EDID, link,
		       VFIO_DEVICE_GFX_LINK_STATE_DOWN);
	EXPECT_EQ(0, quiet(self->fd));
	ASSERT_TRUE(power(dev, D0));
	EXPECT_EQ(1, wait_irq(self->fd));
}

TEST_F(pci, no_such_state)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_TRUE(power(dev, D1));
	EXPECT_EQ(D0, vfio_gfx_cfg_read16(dev, pmcsr(dev)) &
		  PCI_PM_CTRL_STATE_MASK);
	ASSERT_TRUE(power(dev, D3HOT));
	ASSERT_TRUE(power(dev, D2));
	EXPECT_EQ(D3HOT, vfio_gfx_cfg_read16(dev, pmcsr(dev)) &
		  PCI_PM_CTRL_STATE_MASK);
}

/* -----------------------------------------------------------------------------
 * Function level reset
 */

TEST_F(pci, flr_capability)
{
	struct vfio_gfx_dev *dev = &self->dev;
	unsigned int pos = find_cap(dev, PCI_CAP_ID_AF);

	ASSERT_NE(0, pos);
	EXPECT_EQ(PCI_CAP_AF_SIZEOF, cfg_read8(dev, pos + PCI_AF_LENGTH));
	EXPECT_EQ(PCI_AF_CAP_TP | PCI_AF_CAP_FLR,
		  cfg_read8(dev, pos + PCI_AF_CAP));
	EXPECT_EQ(0, cfg_read8(dev, pos + PCI_AF_CTRL));
	EXPECT_EQ(0, cfg_read8(dev, pos + PCI_AF_STATUS));
}

TEST_F(pci, flr_resets)
{
	struct vfio_gfx_dev *dev = &self->dev;
	__u32 id = vfio_gfx_show_buffer(dev, &self->ram, 1, 0);
	int fd = vfio_gfx_get(dev, id);
	__u8 *map = vfio_gfx_map(fd, SIZE);

	vfio_gfx_write(dev, VFIO_GFX_CONFIG, PCI_BASE_ADDRESS_0, 0x12340000);
	vfio_gfx_shadow_write(&self->bar, 0x800, POISON);
	ASSERT_TRUE(flr(dev));

	EXPECT_EQ(0, vfio_gfx_cfg_read16(dev, PCI_COMMAND));
	EXPECT_EQ(0, vfio_gfx_read(dev, VFIO_GFX_CONFIG, PCI_BASE_ADDRESS_0));
	EXPECT_TRUE(bar4_gone(&self->bar));
	EXPECT_TRUE(vfio_gfx_gone(map, SIZE));
	EXPECT_EQ(0, __vfio_gfx_stat(dev, "bytes_pinned"));
	EXPECT_EQ(0, cfg_read8(dev, find_cap(dev, PCI_CAP_ID_AF) +
			       PCI_AF_CTRL));

	command(dev, MEMORY | MASTER);
	EXPECT_EQ(DSYSR_DRES, vfio_gfx_du_read(dev, DSYSR));
	EXPECT_EQ(0, vfio_gfx_du_read(dev, DS1PR));
	EXPECT_EQ(0, vfio_gfx_shadow_read(&self->bar, 0x800));
	munmap(map, SIZE);
	close(fd);
}

TEST_F(pci, flr_wakes)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_TRUE(power(dev, D3HOT));
	ASSERT_TRUE(flr(dev));
	EXPECT_EQ(PCI_PM_CTRL_NO_SOFT_RESET,
		  vfio_gfx_cfg_read16(dev, pmcsr(dev)));
	command(dev, MEMORY | MASTER);
	EXPECT_EQ(RCAR_VDU_MAGIC_VALUE,
		  vfio_gfx_page_read(dev, RCAR_VDU_MAGIC));
}

/* A 0 is no reset. */
TEST_F(pci, flr_zero)
{
	struct vfio_gfx_dev *dev = &self->dev;
	unsigned int pos = find_cap(dev, PCI_CAP_ID_AF);

	ASSERT_NE(0, pos);
	cfg_write8(dev, pos + PCI_AF_CTRL, (__u8)~PCI_AF_CTRL_FLR);
	EXPECT_EQ(MEMORY | MASTER, vfio_gfx_cfg_read16(dev, PCI_COMMAND));
}

/* The eventfds are VFIO's: interrupts come as before. */
TEST_F(pci, flr_keeps_eventfds)
{
	struct vfio_gfx_dev *dev = &self->dev;

	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, MSI, self->fd));
	ASSERT_TRUE(flr(dev));
	command(dev, MEMORY | MASTER);
	vfio_gfx_display_on(dev);
	one_blank(dev);
	EXPECT_EQ(1, wait_irq(self->fd));
}

TEST_HARNESS_MAIN
