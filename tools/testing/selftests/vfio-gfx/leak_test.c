// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one user of a device leaves for the next: nothing
 *
 * Settings of the admin stay, see Documentation/ABI/testing/sysfs-bus-mdev-rcar-du,
 * and so do the statistics in debugfs. All else is as with a new device.
 */

#include "kselftest_harness.h"

#include <dirent.h>
#include <errno.h>
#include <sys/ioctl.h>
#include <time.h>

#include <linux/pci_regs.h>

#include "lib/vfio_gfx.h"

#define WIDTH		VFIO_GFX_BUF_WIDTH
#define HEIGHT		VFIO_GFX_BUF_HEIGHT

#define CFG_SIZE	256
#define EDID_SIZE	8192
#define ATTRS_SIZE	4096
#define CHUNK		0x10000

#define POISON		0x5a17e5a1u
#define FRAMES		20

/* The control register of power management */
#define PMCSR		0x54
#define D3HOT		3

/* What a user can look at before there is a vertical blank */
struct snapshot {
	__u8 cfg[CFG_SIZE];
	__u8 du[RCAR_VDU_DU_BAR_SIZE];
	__u8 page[RCAR_VDU_REGS_BAR_SIZE];
	__u8 shadow[RCAR_VDU_SHADOW_BAR_SIZE];
	__u8 edid[EDID_SIZE];
	struct vfio_region_info regions[VFIO_GFX_NUM_REGIONS];
	struct vfio_irq_info irqs[VFIO_GFX_NUM_IRQS];
	struct vfio_device_gfx_plane_info planes[2];
	struct vfio_device_feature_gfx_frame frame;
	char attrs[ATTRS_SIZE];
};

FIXTURE(leak) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
	char uuid[VFIO_GFX_UUID_LEN];
	struct snapshot *fresh;
	struct snapshot *used;
};

FIXTURE_VARIANT(leak) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(leak, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(leak, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(leak)
{
	int ret;

	self->dev.fd = -1;
	self->dev.iommu = -1;
	self->dev.group = -1;
	ret = __vfio_gfx_mdev_create("virtual", self->uuid);
	if (ret)
		SKIP(return, "no room for another mediated device");
	ret = __vfio_gfx_open_uuid(&self->dev, variant->mode, self->uuid);
	if (ret == -ENOENT)
		SKIP(return, "no such way to open it");
	ASSERT_EQ(0, ret);
	self->fresh = calloc(1, sizeof(*self->fresh));
	self->used = calloc(1, sizeof(*self->used));
	ASSERT_NE(NULL, self->fresh);
	ASSERT_NE(NULL, self->used);
	vfio_gfx_ram_alloc(&self->ram, VFIO_GFX_RAM_IOVA, VFIO_GFX_RAM_SIZE);
	vfio_gfx_ram_map(&self->dev, &self->ram);
}

FIXTURE_TEARDOWN(leak)
{
	vfio_gfx_close(&self->dev);
	if (self->ram.va)
		vfio_gfx_ram_free(&self->ram);
	if (self->uuid[0])
		__vfio_gfx_mdev_remove(self->uuid);
	free(self->fresh);
	free(self->used);
}

static void reopen(struct __test_metadata *_metadata,
		   FIXTURE_DATA(leak) *self)
{
	enum vfio_gfx_mode mode = self->dev.mode;

	vfio_gfx_close(&self->dev);
	ASSERT_EQ(0, __vfio_gfx_open_uuid(&self->dev, mode, self->uuid));
	vfio_gfx_ram_map(&self->dev, &self->ram);
}

static void read_region(struct vfio_gfx_dev *dev, unsigned int region,
			__u8 *buf, size_t size)
{
	size_t pos, n;

	for (pos = 0; pos < size; pos += n) {
		n = size - pos < CHUNK ? size - pos : CHUNK;
		if (__vfio_gfx_pread(dev, region, pos, buf + pos, n) !=
		    (ssize_t)n)
			vfio_gfx_fail(__FILE__, __LINE__, "region %u", region);
	}
}

/* Each attribute of the mdev that can be read, with its name */
static void read_attrs(struct vfio_gfx_dev *dev, char *text)
{
	char path[128], value[256];
	struct dirent *entry;
	size_t len = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s", dev->uuid);
	dir = opendir(path);
	if (!dir)
		vfio_gfx_fail(__FILE__, __LINE__, "no directory in sysfs");
	while ((entry = readdir(dir))) {
		if (entry->d_type != DT_REG || !strcmp(entry->d_name, "uevent"))
			continue;
		if (__vfio_gfx_mdev_attr(dev->uuid, entry->d_name, value,
					 sizeof(value)))
			continue;
		len += snprintf(text + len, ATTRS_SIZE - len, "%s %s",
				entry->d_name, value);
	}
	closedir(dir);
}

static void look(struct vfio_gfx_dev *dev, struct snapshot *s)
{
	unsigned int i;

	read_region(dev, VFIO_GFX_CONFIG, s->cfg, sizeof(s->cfg));
	read_region(dev, VFIO_GFX_DU, s->du, sizeof(s->du));
	read_region(dev, VFIO_GFX_PAGE, s->page, sizeof(s->page));
	read_region(dev, RCAR_VDU_SHADOW_BAR, s->shadow, sizeof(s->shadow));
	read_region(dev, VFIO_GFX_EDID, s->edid, sizeof(s->edid));

	for (i = 0; i < VFIO_GFX_NUM_REGIONS; i++) {
		s->regions[i].argsz = sizeof(s->regions[i]);
		s->regions[i].index = i;
		ioctl(dev->fd, VFIO_DEVICE_GET_REGION_INFO, &s->regions[i]);
	}
	for (i = 0; i < VFIO_GFX_NUM_IRQS; i++) {
		s->irqs[i].argsz = sizeof(s->irqs[i]);
		s->irqs[i].index = i;
		ioctl(dev->fd, VFIO_DEVICE_GET_IRQ_INFO, &s->irqs[i]);
	}
	__vfio_gfx_query(dev, VFIO_GFX_PRIMARY, &s->planes[0]);
	__vfio_gfx_query(dev, VFIO_GFX_CURSOR, &s->planes[1]);
	vfio_gfx_frame(dev, &s->frame);
	read_attrs(dev, s->attrs);
}

static void poison_region(struct vfio_gfx_dev *dev, unsigned int region,
			  __u32 first, __u32 end)
{
	for (; first < end; first += 4)
		vfio_gfx_write(dev, region, first, POISON);
}

static void poison_edid(struct vfio_gfx_dev *dev)
{
	__u32 at, size = 128;
	__u8 blob[128];

	memset(blob, 0x5a, sizeof(blob));
	at = vfio_gfx_read(dev, VFIO_GFX_EDID,
			   offsetof(struct vfio_region_gfx_edid, edid_offset));
	vfio_gfx_write(dev, VFIO_GFX_EDID,
		       offsetof(struct vfio_region_gfx_edid, link_state),
		       VFIO_DEVICE_GFX_LINK_STATE_DOWN);
	__vfio_gfx_pwrite(dev, VFIO_GFX_EDID, at, blob, sizeof(blob));
	vfio_gfx_write(dev, VFIO_GFX_EDID,
		       offsetof(struct vfio_region_gfx_edid, edid_size), size);
	vfio_gfx_write(dev, VFIO_GFX_EDID,
		       offsetof(struct vfio_region_gfx_edid, link_state),
		       VFIO_DEVICE_GFX_LINK_STATE_UP);
}

/* A guest that uses all that there is, and a VMM that does */
static void poison(struct vfio_gfx_dev *dev, struct vfio_gfx_ram *ram)
{
	struct vfio_gfx_plane bad = vfio_gfx_buffer(ram, 1);
	unsigned int i;
	__u32 id = 0;

	poison_edid(dev);
	vfio_gfx_display_on(dev);
	for (i = 1; i < FRAMES; i++)
		id = vfio_gfx_show_buffer(dev, ram, i, id);
	bad.addr = 0x12345000;
	bad.page = 1;
	bad.role = VFIO_GFX_CURSOR;
	vfio_gfx_plane_write(dev, &bad);
	vfio_gfx_priority(dev, 0x12);
	vfio_gfx_plane_error(dev, 1);
	vfio_gfx_page_write(dev, RCAR_VDU_CRC_CTRL, RCAR_VDU_CRC_CTRL_ENABLE);
	vfio_gfx_page_write(dev, RCAR_VDU_SHADOW_CTRL,
			    RCAR_VDU_SHADOW_CTRL_ENABLE);
	vfio_gfx_page_read(dev, RCAR_VDU_FRAME_TIME_LO);

	poison_region(dev, RCAR_VDU_SHADOW_BAR, 0, RCAR_VDU_SHADOW_BAR_SIZE);
	poison_region(dev, VFIO_GFX_DU, HDSR, 0x1000);
	poison_region(dev, VFIO_GFX_DU, ESCR0, ESCR0 + 0x2000);
	poison_region(dev, VFIO_GFX_PAGE, RCAR_VDU_HEAD_INT_ENABLE, 0x1000);
	poison_region(dev, VFIO_GFX_CONFIG, 0, 0x50);
}

static void expect_equal(struct __test_metadata *_metadata, const char *what,
			 const void *fresh, const void *used, size_t size)
{
	const __u8 *a = fresh, *b = used;
	size_t at;

	for (at = 0; at < size && a[at] == b[at]; at++)
		;
	EXPECT_EQ(size, at)
		TH_LOG("%s: 0x%02x, not 0x%02x, at 0x%zx", what, b[at], a[at],
		       at);
}

static void expect_same(struct __test_metadata *_metadata,
			const struct snapshot *a, const struct snapshot *b)
{
	expect_equal(_metadata, "configuration", a->cfg, b->cfg,
		     sizeof(a->cfg));
	expect_equal(_metadata, "BAR 0", a->du, b->du, sizeof(a->du));
	expect_equal(_metadata, "BAR 2", a->page, b->page, sizeof(a->page));
	expect_equal(_metadata, "BAR 4", a->shadow, b->shadow,
		     sizeof(a->shadow));
	expect_equal(_metadata, "EDID", a->edid, b->edid, sizeof(a->edid));
	expect_equal(_metadata, "regions", a->regions, b->regions,
		     sizeof(a->regions));
	expect_equal(_metadata, "interrupts", a->irqs, b->irqs,
		     sizeof(a->irqs));
	expect_equal(_metadata, "planes", a->planes, b->planes,
		     sizeof(a->planes));
	expect_equal(_metadata, "frame", &a->frame, &b->frame,
		     sizeof(a->frame));
	EXPECT_STREQ(a->attrs, b->attrs);
}

TEST_F(leak, all)
{
	look(&self->dev, self->fresh);
	poison(&self->dev, &self->ram);
	reopen(_metadata, self);
	look(&self->dev, self->used);
	expect_same(_metadata, self->fresh, self->used);
}

/* A guest that leaves the function off, and a monitor that is as it was. */
TEST_F(leak, powered_down)
{
	look(&self->dev, self->fresh);
	vfio_gfx_display_on(&self->dev);
	vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);
	vfio_gfx_cfg_write16(&self->dev, PMCSR, D3HOT);
	reopen(_metadata, self);
	look(&self->dev, self->used);
	expect_same(_metadata, self->fresh, self->used);
}

/* Counters and ids begin as those of a new device do. */
TEST_F(leak, counters)
{
	struct vfio_gfx_dev *dev = &self->dev;
	__u32 id, latches;

	vfio_gfx_display_on(dev);
	id = vfio_gfx_show_buffer(dev, &self->ram, 1, 0);
	latches = vfio_gfx_page_read(dev, RCAR_VDU_LATCH_COUNT);
	poison(dev, &self->ram);
	reopen(_metadata, self);

	EXPECT_EQ(0, vfio_gfx_page_read(dev, RCAR_VDU_FRAME_COUNT));
	EXPECT_EQ(0, vfio_gfx_page_read(dev, RCAR_VDU_LATCH_COUNT));
	vfio_gfx_display_on(dev);
	EXPECT_EQ(id, vfio_gfx_show_buffer(dev, &self->ram, 1, 0));
	EXPECT_GE(latches + 2, vfio_gfx_page_read(dev, RCAR_VDU_LATCH_COUNT));
}

static __u64 frame_time(struct vfio_gfx_dev *dev)
{
	__u32 lo = vfio_gfx_page_read(dev, RCAR_VDU_FRAME_TIME_LO);

	return (__u64)vfio_gfx_page_read(dev, RCAR_VDU_FRAME_TIME_HI) << 32 |
	       lo;
}

static __u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/*
 * FRAME_TIME is of a clock that began when the device was opened, and the vertical
 * blank comes when it says.
 */
TEST_F(leak, time)
{
	__u64 opening, opened, before, time, after;
	struct vfio_gfx_dev *dev = &self->dev;

	vfio_gfx_display_on(dev);
	vfio_gfx_wait_frames(dev, 1);
	opening = now_ns();
	reopen(_metadata, self);
	opened = now_ns();
	EXPECT_EQ(0, frame_time(dev));

	before = now_ns();
	vfio_gfx_display_on(dev);
	vfio_gfx_wait_frames(dev, 1);
	time = frame_time(dev);
	after = now_ns();

	EXPECT_LE(before - opened, time);
	EXPECT_GE(after - opening, time);
}

/* A reset does not set it back: a guest sees time go on. */
TEST_F(leak, time_over_reset)
{
	struct vfio_gfx_dev *dev = &self->dev;
	__u64 before;

	vfio_gfx_display_on(dev);
	vfio_gfx_wait_frames(dev, 2);
	before = frame_time(dev);
	vfio_gfx_reset(dev);
	EXPECT_LE(before, frame_time(dev));
	vfio_gfx_display_on(dev);
	vfio_gfx_wait_frames(dev, 2);
	EXPECT_LT(before, frame_time(dev));
}

/* Nobody who had the device before is told what becomes of it. */
TEST_F(leak, eventfds)
{
	static const __u32 irqs[] = {
		VFIO_PCI_INTX_IRQ_INDEX, VFIO_PCI_MSI_IRQ_INDEX,
		VFIO_PCI_REQ_IRQ_INDEX, VFIO_GFX_REFRESH_IRQ,
	};
	struct vfio_gfx_dev *dev = &self->dev;
	int fd = vfio_gfx_eventfd();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(irqs); i++)
		ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, irqs[i], fd));
	vfio_gfx_display_on(dev);
	reopen(_metadata, self);
	vfio_gfx_eventfd_wait(fd, 0);

	vfio_gfx_display_on(dev);
	vfio_gfx_du_write(dev, DIER, DSSR_VBK);
	vfio_gfx_show_buffer(dev, &self->ram, 1, 0);
	for (i = 0; i < ARRAY_SIZE(irqs); i++)
		__vfio_gfx_set_irqs(dev, VFIO_IRQ_SET_DATA_NONE |
				    VFIO_IRQ_SET_ACTION_TRIGGER, irqs[i], 0, 1,
				    NULL, 0);
	EXPECT_EQ(0, vfio_gfx_eventfd_wait(fd, 100));
	close(fd);
}

TEST_HARNESS_MAIN
