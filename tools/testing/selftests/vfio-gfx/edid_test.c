// SPDX-License-Identifier: GPL-2.0-only
/*
 * The EDID region, and what the guest sees of it
 */

#include "kselftest_harness.h"

#include "lib/vfio_gfx.h"

#define BLOCK	128
#define UP	VFIO_DEVICE_GFX_LINK_STATE_UP
#define DOWN	VFIO_DEVICE_GFX_LINK_STATE_DOWN

#define EDID_FIELD(f)	offsetof(struct vfio_region_gfx_edid, f)

struct region {
	struct vfio_gfx_dev *dev;
	__u64 pos;	/* in the file of the device */
	__u64 size;
	__u32 offset;	/* of the blob */
	__u32 max_size;
};

FIXTURE(edid) {
	struct vfio_gfx_dev dev;
	struct region region;
};

FIXTURE_VARIANT(edid) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(edid, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(edid, cdev) {
	.mode = VFIO_GFX_CDEV,
};

static int __get(struct vfio_gfx_dev *dev, __u64 pos, __u32 *value)
{
	return pread(dev->fd, value, 4, pos) == 4 ? 0 : -errno;
}

static int __set(struct vfio_gfx_dev *dev, __u64 pos, __u32 value)
{
	return pwrite(dev->fd, &value, 4, pos) == 4 ? 0 : -errno;
}

FIXTURE_SETUP(edid)
{
	const char *missing = vfio_gfx_open(&self->dev, variant->mode);
	struct vfio_region_info info;

	if (missing)
		SKIP(return, "no %s", missing);
	ASSERT_EQ(0, __vfio_gfx_region_by_type(&self->dev, VFIO_REGION_TYPE_GFX,
					       VFIO_REGION_SUBTYPE_GFX_EDID,
					       &info));
	self->region.dev = &self->dev;
	self->region.pos = info.offset;
	self->region.size = info.size;
	ASSERT_EQ(0, __get(&self->dev, info.offset + EDID_FIELD(edid_offset),
			   &self->region.offset));
	ASSERT_EQ(0, __get(&self->dev, info.offset + EDID_FIELD(edid_max_size),
			   &self->region.max_size));
}

FIXTURE_TEARDOWN(edid)
{
	vfio_gfx_close(&self->dev);
}

static __u32 get(struct region *region, __u32 field)
{
	__u32 value;

	if (__get(region->dev, region->pos + field, &value))
		vfio_gfx_fail(__FILE__, __LINE__, "read of field %u", field);
	return value;
}

static void set(struct region *region, __u32 field, __u32 value)
{
	if (__set(region->dev, region->pos + field, value))
		vfio_gfx_fail(__FILE__, __LINE__, "write of field %u", field);
}

static ssize_t write_blob(struct region *region, const void *blob,
			  size_t size)
{
	return pwrite(region->dev->fd, blob, size, region->pos + region->offset);
}

static __u8 sum(const __u8 *block)
{
	__u8 sum = 0;
	unsigned int i;

	for (i = 0; i < BLOCK; i++)
		sum += block[i];
	return sum;
}

static void fix_sum(__u8 *block)
{
	block[BLOCK - 1] -= sum(block);
}

/* A monitor with one detailed timing: 1024x768 at 60 Hz. */
static void make_base(__u8 *edid, __u8 extensions)
{
	static const __u8 base[] = {
		0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00,
		0x49, 0x14, 0x34, 0x12, 0x00, 0x00, 0x00, 0x00,
		0x2a, 0x18, 0x01, 0x04, 0xa5, 0x1a, 0x13, 0x78,
		0x06, 0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26,
		0x0f, 0x50, 0x54, 0x00, 0x08, 0x00, 0x01, 0x01,
		0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01,
		0x01, 0x01, 0x01, 0x01, 0x01, 0x01,
		0x64, 0x19, 0x00, 0x40, 0x41, 0x00, 0x26, 0x30,
		0x18, 0x88, 0x36, 0x00, 0x04, 0xc3, 0x10, 0x00,
		0x00, 0x18,
		0x00, 0x00, 0x00, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0x00, 0x00, 0x00, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0x00, 0x00, 0x00, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	};

	_Static_assert(sizeof(base) == BLOCK - 2, "base block");
	memcpy(edid, base, sizeof(base));
	edid[126] = extensions;
	edid[127] = 0;
	fix_sum(edid);
}

static void make_cta(__u8 *block)
{
	memset(block, 0, BLOCK);
	block[0] = 0x02;
	block[1] = 0x03;
	block[2] = 0x04;
	fix_sum(block);
}

/* As QEMU does it: link down, size, blob, link up. */
static void plug(struct region *region, const __u8 *edid, size_t size)
{
	ssize_t ret;

	set(region, EDID_FIELD(link_state), DOWN);
	set(region, EDID_FIELD(edid_size), size);
	ret = write_blob(region, edid, size);
	if (ret != (ssize_t)size)
		vfio_gfx_fail(__FILE__, __LINE__,
			      "write of %zu bytes of EDID returned %zd", size,
			      ret);
	set(region, EDID_FIELD(link_state), UP);
}

static bool connected(struct vfio_gfx_dev *dev, bool on)
{
	return vfio_gfx_poll(dev, VFIO_GFX_PAGE, RCAR_VDU_HEAD_STATUS,
			     RCAR_VDU_HEAD_CONNECTED,
			     on ? RCAR_VDU_HEAD_CONNECTED : 0, true);
}

static __u32 read_window(struct vfio_gfx_dev *dev, __u8 *edid)
{
	__u32 size = vfio_gfx_page_read(dev, RCAR_VDU_EDID_SIZE);
	__u32 i;

	if (size > RCAR_VDU_EDID_WINDOW_SIZE)
		vfio_gfx_fail(__FILE__, __LINE__, "EDID of %u bytes", size);
	for (i = 0; i < size; i += 4) {
		__u32 word = vfio_gfx_page_read(dev,
						   RCAR_VDU_EDID + i);

		memcpy(edid + i, &word, 4);
	}
	return size;
}

/* What a guest's DRM core would accept. */
static void expect_good_window(struct __test_metadata *_metadata,
			       struct vfio_gfx_dev *dev)
{
	__u8 edid[RCAR_VDU_EDID_WINDOW_SIZE] = { 0 };
	__u32 size = read_window(dev, edid);
	__u32 i;

	ASSERT_LE(BLOCK, size);
	EXPECT_EQ(0, size % BLOCK);
	EXPECT_EQ(0, memcmp(edid, "\x00\xff\xff\xff\xff\xff\xff\x00", 8));
	EXPECT_EQ(size / BLOCK - 1, edid[126]);
	for (i = 0; i < size; i += BLOCK)
		EXPECT_EQ(0, sum(edid + i));
}

/* -----------------------------------------------------------------------------
 * The region
 */

TEST_F(edid, fields)
{
	EXPECT_LE(sizeof(struct vfio_region_gfx_edid), self->region.offset);
	/* QEMU needs that much for a preferred mode of 4096 pixels or more. */
	EXPECT_LE(3 * BLOCK, self->region.max_size);
	EXPECT_LE(self->region.offset + self->region.max_size, self->region.size);
	EXPECT_LT(0, get(&self->region, EDID_FIELD(max_xres)));
	EXPECT_LT(0, get(&self->region, EDID_FIELD(max_yres)));
	EXPECT_GE(vfio_gfx_page_read(&self->dev, RCAR_VDU_MAX_WIDTH),
		  get(&self->region, EDID_FIELD(max_xres)));
	EXPECT_GE(vfio_gfx_page_read(&self->dev, RCAR_VDU_MAX_HEIGHT),
		  get(&self->region, EDID_FIELD(max_yres)));
}

TEST_F(edid, read_only_fields)
{
	static const __u32 fields[] = {
		EDID_FIELD(edid_offset), EDID_FIELD(edid_max_size),
		EDID_FIELD(max_xres), EDID_FIELD(max_yres),
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		__u32 old = get(&self->region, fields[i]);

		/* It may be refused or ignored. */
		__set(&self->dev, self->region.pos + fields[i], ~old);
		EXPECT_EQ(old, get(&self->region, fields[i]));
	}
}

TEST_F(edid, blob_reads_back)
{
	__u8 edid[2 * BLOCK], back[2 * BLOCK];

	make_base(edid, 1);
	make_cta(edid + BLOCK);
	set(&self->region, EDID_FIELD(link_state), DOWN);
	EXPECT_EQ(DOWN, get(&self->region, EDID_FIELD(link_state)));
	set(&self->region, EDID_FIELD(edid_size), sizeof(edid));
	EXPECT_EQ(sizeof(edid), get(&self->region, EDID_FIELD(edid_size)));
	ASSERT_EQ(sizeof(edid), write_blob(&self->region, edid, sizeof(edid)));
	ASSERT_EQ(sizeof(back), pread(self->dev.fd, back, sizeof(back),
				      self->region.pos + self->region.offset));
	EXPECT_EQ(0, memcmp(edid, back, sizeof(edid)));
	set(&self->region, EDID_FIELD(link_state), UP);
	EXPECT_EQ(UP, get(&self->region, EDID_FIELD(link_state)));
}

/* Nothing but the blob and the four bytes that were named. */
TEST_F(edid, blob_in_pieces)
{
	__u8 edid[BLOCK], back[BLOCK];
	unsigned int i;

	make_base(edid, 0);
	set(&self->region, EDID_FIELD(link_state), DOWN);
	for (i = 0; i < BLOCK; i++)
		ASSERT_EQ(1, pwrite(self->dev.fd, edid + i, 1,
				    self->region.pos + self->region.offset + i));
	ASSERT_EQ(BLOCK, pread(self->dev.fd, back, BLOCK,
			       self->region.pos + self->region.offset));
	EXPECT_EQ(0, memcmp(edid, back, BLOCK));
}

TEST_F(edid, outside_region)
{
	__u32 value = 0;

	/* Refused, nothing, or all ones: but nobody's memory. */
	if (pread(self->dev.fd, &value, 4, self->region.pos + self->region.size) == 4)
		EXPECT_EQ(~0u, value);
	pwrite(self->dev.fd, &value, 4, self->region.pos + self->region.size);
	pwrite(self->dev.fd, &value, 4, self->region.pos + (1ull << 39));
}

TEST_F(edid, bad_link_state)
{
	set(&self->region, EDID_FIELD(link_state), DOWN);
	__set(&self->dev, self->region.pos + EDID_FIELD(link_state), 77);
	EXPECT_NE(77, get(&self->region, EDID_FIELD(link_state)));
}

/* -----------------------------------------------------------------------------
 * What the guest sees
 */

/* A user that knows nothing of EDIDs leaves the guest with a monitor. */
TEST_F(edid, default_monitor)
{
	EXPECT_TRUE(connected(&self->dev, true));
	expect_good_window(_metadata, &self->dev);
}

TEST_F(edid, window)
{
	__u8 window[RCAR_VDU_EDID_WINDOW_SIZE];
	__u8 edid[2 * BLOCK];

	make_base(edid, 1);
	make_cta(edid + BLOCK);
	plug(&self->region, edid, sizeof(edid));
	ASSERT_TRUE(connected(&self->dev, true));
	ASSERT_EQ(sizeof(edid), read_window(&self->dev, window));
	EXPECT_EQ(0, memcmp(edid, window, sizeof(edid)));
}

TEST_F(edid, link)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		set(&self->region, EDID_FIELD(link_state), DOWN);
		EXPECT_TRUE(connected(&self->dev, false));
		EXPECT_EQ(0, vfio_gfx_page_read(&self->dev,
						RCAR_VDU_EDID_SIZE));
		set(&self->region, EDID_FIELD(link_state), UP);
		EXPECT_TRUE(connected(&self->dev, true));
		expect_good_window(_metadata, &self->dev);
	}
}

/* The guest must not see half of a blob. */
TEST_F(edid, not_before_link_up)
{
	__u8 window[RCAR_VDU_EDID_WINDOW_SIZE];
	__u8 edid[BLOCK], other[BLOCK];

	make_base(edid, 0);
	plug(&self->region, edid, sizeof(edid));
	ASSERT_TRUE(connected(&self->dev, true));
	memcpy(other, edid, sizeof(other));
	other[12] = 0x55;
	fix_sum(other);
	set(&self->region, EDID_FIELD(link_state), DOWN);
	ASSERT_EQ(BLOCK, write_blob(&self->region, other, BLOCK));
	EXPECT_EQ(0, vfio_gfx_page_read(&self->dev, RCAR_VDU_EDID_SIZE));
	set(&self->region, EDID_FIELD(link_state), UP);
	ASSERT_TRUE(connected(&self->dev, true));
	ASSERT_EQ(BLOCK, read_window(&self->dev, window));
	EXPECT_EQ(0, memcmp(other, window, BLOCK));
}

TEST_F(edid, hotplug_status)
{
	struct vfio_gfx_dev *dev = &self->dev;
	__u8 edid[BLOCK];

	make_base(edid, 0);
	plug(&self->region, edid, sizeof(edid));
	ASSERT_TRUE(vfio_gfx_poll(dev, VFIO_GFX_PAGE, RCAR_VDU_HEAD_INT_STATUS,
				  RCAR_VDU_HEAD_INT_HOTPLUG,
				  RCAR_VDU_HEAD_INT_HOTPLUG, true));
	vfio_gfx_page_write(dev, RCAR_VDU_HEAD_INT_STATUS, 0);
	EXPECT_EQ(RCAR_VDU_HEAD_INT_HOTPLUG,
		  vfio_gfx_page_read(dev, RCAR_VDU_HEAD_INT_STATUS));
	vfio_gfx_page_write(dev, RCAR_VDU_HEAD_INT_STATUS,
			    RCAR_VDU_HEAD_INT_HOTPLUG);
	EXPECT_EQ(0, vfio_gfx_page_read(dev, RCAR_VDU_HEAD_INT_STATUS));
	set(&self->region, EDID_FIELD(link_state), DOWN);
	EXPECT_TRUE(vfio_gfx_poll(dev, VFIO_GFX_PAGE, RCAR_VDU_HEAD_INT_STATUS,
				  RCAR_VDU_HEAD_INT_HOTPLUG,
				  RCAR_VDU_HEAD_INT_HOTPLUG, true));
}

/* The interrupt needs no running display. */
TEST_F(edid, hotplug_interrupt)
{
	struct vfio_gfx_dev *dev = &self->dev;
	int fd = vfio_gfx_eventfd();
	unsigned int i;

	set(&self->region, EDID_FIELD(link_state), DOWN);
	ASSERT_TRUE(connected(&self->dev, false));
	vfio_gfx_page_write(dev, RCAR_VDU_HEAD_INT_STATUS,
			    RCAR_VDU_HEAD_INT_HOTPLUG);
	ASSERT_EQ(0, __vfio_gfx_irq_eventfd(dev, VFIO_PCI_MSI_IRQ_INDEX, fd));
	vfio_gfx_page_write(dev, RCAR_VDU_HEAD_INT_ENABLE,
			    RCAR_VDU_HEAD_INT_HOTPLUG);
	ASSERT_EQ(0, vfio_gfx_eventfd_wait(fd, 100));

	for (i = 0; i < 4; i++) {
		set(&self->region, EDID_FIELD(link_state), i % 2 ? DOWN : UP);
		EXPECT_NE(0, vfio_gfx_eventfd_wait(fd, VFIO_GFX_TIMEOUT_MS));
		vfio_gfx_page_write(dev, RCAR_VDU_HEAD_INT_STATUS,
				    RCAR_VDU_HEAD_INT_HOTPLUG);
	}

	vfio_gfx_page_write(dev, RCAR_VDU_HEAD_INT_ENABLE, 0);
	vfio_gfx_eventfd_wait(fd, 0);
	set(&self->region, EDID_FIELD(link_state), UP);
	EXPECT_EQ(0, vfio_gfx_eventfd_wait(fd, 200));
	close(fd);
}

TEST_F(edid, survives_reset)
{
	__u8 window[RCAR_VDU_EDID_WINDOW_SIZE];
	__u8 edid[BLOCK];

	make_base(edid, 0);
	plug(&self->region, edid, sizeof(edid));
	ASSERT_TRUE(connected(&self->dev, true));
	vfio_gfx_reset(&self->dev);
	EXPECT_TRUE(connected(&self->dev, true));
	ASSERT_EQ(BLOCK, read_window(&self->dev, window));
	EXPECT_EQ(0, memcmp(edid, window, BLOCK));
}

/* -----------------------------------------------------------------------------
 * What QEMU makes of it
 */

/*
 * QEMU adds one to the number of extensions and 128 to the size at each
 * resize, beyond max_size in the end: hw/display/edid-generate.c
 */
TEST_F(edid, growing)
{
	__u32 blocks = self->region.max_size / BLOCK + 4;
	__u8 *edid = calloc(blocks, BLOCK);
	__u32 n;

	ASSERT_NE(NULL, edid);
	for (n = 1; n <= blocks; n++) {
		make_base(edid, n - 1);
		if (n == 2)
			make_cta(edid + BLOCK);
		plug(&self->region, edid, n * BLOCK);
		ASSERT_TRUE(connected(&self->dev, true));
		expect_good_window(_metadata, &self->dev);
	}
	free(edid);
}

/* No extension tag and no checksum is right, and yet there is a picture. */
TEST_F(edid, malformed)
{
	static const char * const how[] = {
		"zeroes", "ones", "bad header", "bad checksum",
		"missing extension", "bad extension", "partial block",
		"no blob", "tiny blob",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(how); i++) {
		__u8 edid[2 * BLOCK];
		size_t size = sizeof(edid);

		make_base(edid, 1);
		make_cta(edid + BLOCK);
		switch (i) {
		case 0:
			memset(edid, 0, sizeof(edid));
			break;
		case 1:
			memset(edid, 0xff, sizeof(edid));
			break;
		case 2:
			edid[0] = 1;
			fix_sum(edid);
			break;
		case 3:
			edid[127]++;
			break;
		case 4:
			size = BLOCK;
			break;
		case 5:
			memset(edid + BLOCK, 0x5a, BLOCK);
			break;
		case 6:
			size = BLOCK + 17;
			break;
		case 7:
			size = 0;
			break;
		case 8:
			size = 1;
			break;
		}
		plug(&self->region, edid, size);
		EXPECT_TRUE(connected(&self->dev, true))
			TH_LOG("%s", how[i]);
		expect_good_window(_metadata, &self->dev);
	}
}

TEST_F(edid, huge_size)
{
	__u8 edid[BLOCK];

	make_base(edid, 0);
	set(&self->region, EDID_FIELD(link_state), DOWN);
	ASSERT_EQ(BLOCK, write_blob(&self->region, edid, BLOCK));
	set(&self->region, EDID_FIELD(edid_size), ~0);
	set(&self->region, EDID_FIELD(link_state), UP);
	EXPECT_TRUE(connected(&self->dev, true));
	expect_good_window(_metadata, &self->dev);
}

TEST_HARNESS_MAIN
