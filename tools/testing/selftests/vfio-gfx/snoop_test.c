// SPDX-License-Identifier: GPL-2.0-only
/*
 * Displays that do not snoop the CPU caches: what the guest is told, what it says of
 * its buffers, and what comes of that
 *
 * On a host whose parent snoops nothing comes of it. The parent of another one is a
 * node of the device tree that is not coherent, as on an R-Car H3.
 */

#include "kselftest_harness.h"

#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/vfio_gfx_screen.h"

#define SIZE	VFIO_GFX_BUF_SIZE

#define MAPPING	(RCAR_VDU_PLANE(0) + RCAR_VDU_PLANE_MAPPING)

/* How long nothing is to happen */
#define QUIET_MS	300

/* Whether node or the nearest node above it that says anything says that it snoops */
static bool node_snoops(char *node)
{
	char path[PATH_MAX + 32];
	char *end;

	while ((end = strrchr(node, '/'))) {
		snprintf(path, sizeof(path), "%s/dma-coherent", node);
		if (!access(path, F_OK))
			return true;
		snprintf(path, sizeof(path), "%s/dma-noncoherent", node);
		if (!access(path, F_OK))
			return false;
		*end = '\0';
	}
	return false;
}

static bool parent_snoops(void)
{
	char node[PATH_MAX];
	bool snoops = true;
	glob_t parents;
	size_t i;

#ifndef __aarch64__
	return true;
#endif
	if (glob("/sys/class/mdev_bus/*/of_node", 0, NULL, &parents))
		return true;

	for (i = 0; i < parents.gl_pathc; i++) {
		if (realpath(parents.gl_pathv[i], node))
			snoops = node_snoops(node);
	}
	globfree(&parents);
	return snoops;
}

static bool told(struct vfio_gfx_dev *dev)
{
	return vfio_gfx_page_read(dev, RCAR_VDU_FEATURES) &
	       RCAR_VDU_FEATURE_NO_SNOOP;
}

/* Whether a read needs no page fault; there is a mapping afterwards. */
static bool mapped(const void *p)
{
	struct rusage before, after;

	getrusage(RUSAGE_SELF, &before);
	*(const volatile __u8 *)p;
	getrusage(RUSAGE_SELF, &after);
	return after.ru_minflt == before.ru_minflt;
}

static bool unmapped_soon(const void *p)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_TIMEOUT_MS;

	while (mapped(p)) {
		if (vfio_gfx_now_ms() > end)
			return false;
		vfio_gfx_sleep_ms(1);
	}
	return true;
}

static bool shows_soon(const __u8 *p, __u8 wanted)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_TIMEOUT_MS;
	__u8 value;

	while (vfio_gfx_peek(p, &value) || value != wanted) {
		if (vfio_gfx_now_ms() > end)
			return false;
		vfio_gfx_sleep_ms(1);
	}
	return true;
}

/* -----------------------------------------------------------------------------
 * The admin's attribute
 */

FIXTURE(attr) {
	struct vfio_gfx_dev dev;
};

FIXTURE_SETUP(attr)
{
	ASSERT_EQ(0, __vfio_gfx_set_attr("snoop", "1"));
}

FIXTURE_TEARDOWN(attr)
{
}

TEST_F(attr, garbage)
{
	EXPECT_EQ(-EINVAL, __vfio_gfx_set_attr("snoop", "maybe"));
	EXPECT_EQ(-EINVAL, __vfio_gfx_set_attr("snoop", "\n"));
}

TEST_F(attr, refused)
{
	char text[32];

	if (!parent_snoops())
		SKIP(return, "no parent that snoops");
	EXPECT_EQ(-EOPNOTSUPP, __vfio_gfx_set_attr("snoop", "0"));
	ASSERT_EQ(0, __vfio_gfx_attr("snoop", text, sizeof(text)));
	EXPECT_STREQ("1\n", text);
}

TEST_F(attr, changed)
{
	char text[32];

	if (parent_snoops())
		SKIP(return, "no parent that does not snoop");
	EXPECT_EQ(0, __vfio_gfx_set_attr("snoop", "0"));
	ASSERT_EQ(0, __vfio_gfx_attr("snoop", text, sizeof(text)));
	EXPECT_STREQ("0\n", text);
}

TEST_F(attr, busy)
{
	const char *missing = vfio_gfx_open(&self->dev, VFIO_GFX_GROUP);

	if (missing)
		SKIP(return, "no %s", missing);
	EXPECT_EQ(-EBUSY, __vfio_gfx_set_attr("snoop", "1"));
	vfio_gfx_close(&self->dev);
	EXPECT_EQ(0, __vfio_gfx_set_attr("snoop", "1"));
}

FIXTURE(display) {
	char uuid[VFIO_GFX_UUID_LEN];
};

FIXTURE_SETUP(display)
{
	vfio_gfx_screen_remove_all();
	if (__vfio_gfx_mdev_available("channel") < 0)
		SKIP(return, "no display that the driver's parent has");
	ASSERT_EQ(0, __vfio_gfx_mdev_create("channel", self->uuid));
}

FIXTURE_TEARDOWN(display)
{
	if (self->uuid[0])
		__vfio_gfx_mdev_remove(self->uuid);
}

/* Of a display it is known. */
TEST_F(display, read_only)
{
	char text[32];

	ASSERT_EQ(0, __vfio_gfx_mdev_attr(self->uuid, "snoop", text,
					  sizeof(text)));
	EXPECT_STREQ(parent_snoops() ? "1\n" : "0\n", text);
	EXPECT_EQ(-EACCES, __vfio_gfx_mdev_set_attr(self->uuid, "snoop", "1"));
}

/* -----------------------------------------------------------------------------
 * A display that snoops
 */

FIXTURE(snoop) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
};

FIXTURE_VARIANT(snoop) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(snoop, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(snoop, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(snoop)
{
	const char *missing;

	ASSERT_EQ(0, __vfio_gfx_set_attr("snoop", "1"));
	missing = vfio_gfx_open_with_ram(&self->dev, &self->ram, variant->mode);
	if (missing)
		SKIP(return, "no %s", missing);
	vfio_gfx_display_on(&self->dev);
}

FIXTURE_TEARDOWN(snoop)
{
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
}

TEST_F(snoop, not_told)
{
	EXPECT_FALSE(told(&self->dev));
}

/* The guest may say what it wants. */
TEST_F(snoop, ignored)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 3, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	__u8 *map = vfio_gfx_map(fd, SIZE);
	__u8 value;

	ASSERT_EQ(0, vfio_gfx_peek(map, &value));
	vfio_gfx_page_write(&self->dev, MAPPING,
			    RCAR_VDU_MAPPING_WRITE_COMBINED);
	EXPECT_EQ(RCAR_VDU_MAPPING_WRITE_COMBINED,
		  vfio_gfx_page_read(&self->dev, MAPPING));
	vfio_gfx_wait_frames(&self->dev, 2);
	vfio_gfx_sleep_ms(QUIET_MS);
	EXPECT_TRUE(mapped(map));
	EXPECT_EQ(0, __vfio_gfx_stat(&self->dev, "pin_cleans"));
	munmap(map, SIZE);
	close(fd);
}

/* -----------------------------------------------------------------------------
 * A guest on the parent's display
 */

FIXTURE(panel) {
	struct vfio_gfx_screen s;
};

FIXTURE_SETUP(panel)
{
	const char *missing;

	if (!parent_snoops())
		SKIP(return, "no parent that snoops");
	missing = vfio_gfx_screen_open(&self->s, "channel", VFIO_GFX_CDEV);
	if (missing)
		SKIP(return, "no %s", missing);
}

FIXTURE_TEARDOWN(panel)
{
	vfio_gfx_screen_close(&self->s);
}

/* A CPU reads for vkms, whatever the architecture takes it for. */
TEST_F(panel, not_told)
{
	EXPECT_FALSE(told(&self->s.dev));
	vfio_gfx_screen_show(&self->s, 0);
	EXPECT_EQ(0, __vfio_gfx_stat(&self->s.dev, "pin_cleans"));
}

/* -----------------------------------------------------------------------------
 * A display that does not snoop
 */

FIXTURE(no_snoop) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
};

FIXTURE_VARIANT(no_snoop) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(no_snoop, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(no_snoop, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(no_snoop)
{
	const char *missing;

	if (parent_snoops())
		SKIP(return, "no parent that does not snoop");
	ASSERT_EQ(0, __vfio_gfx_set_attr("snoop", "0"));
	missing = vfio_gfx_open_with_ram(&self->dev, &self->ram, variant->mode);
	if (missing)
		SKIP(return, "no %s", missing);
	vfio_gfx_display_on(&self->dev);
}

FIXTURE_TEARDOWN(no_snoop)
{
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
	__vfio_gfx_set_attr("plane_api", "dmabuf");
	__vfio_gfx_set_attr("snoop", "1");
}

TEST_F(no_snoop, told)
{
	EXPECT_TRUE(told(&self->dev));
	vfio_gfx_reset(&self->dev);
	EXPECT_TRUE(told(&self->dev));
	EXPECT_EQ(0, vfio_gfx_page_read(&self->dev, MAPPING));
	EXPECT_EQ(-EBUSY, __vfio_gfx_set_attr("snoop", "1"));
}

/* Each buffer once, when it is pinned, whatever the guest says. */
TEST_F(no_snoop, cleaned_at_pin)
{
	long long before = __vfio_gfx_stat(&self->dev, "pin_cleans");
	__u32 id;

	id = vfio_gfx_show_buffer(&self->dev, &self->ram, 0, 0);
	EXPECT_EQ(before + 1, __vfio_gfx_stat(&self->dev, "pin_cleans"));
	vfio_gfx_page_write(&self->dev, MAPPING,
			    RCAR_VDU_MAPPING_WRITE_COMBINED);
	id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, id);
	EXPECT_EQ(before + 2, __vfio_gfx_stat(&self->dev, "pin_cleans"));
	vfio_gfx_show_buffer(&self->dev, &self->ram, 0, id);
	EXPECT_EQ(before + 2, __vfio_gfx_stat(&self->dev, "pin_cleans"));
}

/* Mappings of clients go, and become what the guest's are. */
TEST_F(no_snoop, mapped_anew)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 3, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	__u8 *map = vfio_gfx_map(fd, SIZE);
	unsigned int i;
	__u8 value;

	for (i = 0; i < 4; i++) {
		ASSERT_EQ(0, vfio_gfx_peek(map, &value));
		ASSERT_TRUE(mapped(map));
		vfio_gfx_page_write(&self->dev, MAPPING,
				    i % 2 ? RCAR_VDU_MAPPING_CACHEABLE :
					    RCAR_VDU_MAPPING_WRITE_COMBINED);
		ASSERT_TRUE(unmapped_soon(map)) TH_LOG("change %u", i);
		EXPECT_EQ(0, memcmp(map, self->ram.va + 3 * SIZE, SIZE));
	}

	/* The same again is no change. */
	vfio_gfx_page_write(&self->dev, MAPPING, RCAR_VDU_MAPPING_CACHEABLE);
	vfio_gfx_wait_frames(&self->dev, 2);
	vfio_gfx_sleep_ms(QUIET_MS);
	EXPECT_TRUE(mapped(map));
	munmap(map, SIZE);
	close(fd);
}

/* Nobody knows what they mean, so they are what a guest does that says nothing. */
TEST_F(no_snoop, other_values)
{
	__u32 id = vfio_gfx_show_buffer(&self->dev, &self->ram, 3, 0);
	int fd = vfio_gfx_get(&self->dev, id);
	__u8 *map = vfio_gfx_map(fd, SIZE);
	__u8 value;

	ASSERT_EQ(0, vfio_gfx_peek(map, &value));
	vfio_gfx_page_write(&self->dev, MAPPING, 0x102);
	EXPECT_EQ(2, vfio_gfx_page_read(&self->dev, MAPPING));
	vfio_gfx_wait_frames(&self->dev, 2);
	vfio_gfx_sleep_ms(QUIET_MS);
	EXPECT_EQ(0, vfio_gfx_page_read(&self->dev, RCAR_VDU_PLANE(0) +
					RCAR_VDU_PLANE_ERROR));
	EXPECT_TRUE(mapped(map));
	munmap(map, SIZE);
	close(fd);
}

TEST_F(no_snoop, region)
{
	struct vfio_gfx_plane plane;
	__u8 bytes[64];
	__u8 *buffer, *map;

	vfio_gfx_close(&self->dev);
	ASSERT_EQ(0, __vfio_gfx_set_attr("plane_api", "region"));
	ASSERT_EQ(NULL, vfio_gfx_open(&self->dev, variant->mode));
	vfio_gfx_ram_map(&self->dev, &self->ram);
	vfio_gfx_display_on(&self->dev);

	plane = vfio_gfx_buffer(&self->ram, 5);
	buffer = self->ram.va + 5 * SIZE;
	map = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, self->dev.fd,
		   self->dev.offset[VFIO_GFX_FB]);
	ASSERT_NE(MAP_FAILED, (void *)map);
	vfio_gfx_page_write(&self->dev, MAPPING,
			    RCAR_VDU_MAPPING_WRITE_COMBINED);
	vfio_gfx_show(&self->dev, &plane);
	ASSERT_TRUE(shows_soon(map, 5));
	EXPECT_EQ(0, memcmp(map, buffer, SIZE));

	/* Also by read(), over the end of a page */
	buffer[4096] = 0xaa;
	ASSERT_EQ((ssize_t)sizeof(bytes),
		  __vfio_gfx_pread(&self->dev, VFIO_GFX_FB, 4096 - 32, bytes,
				   sizeof(bytes)));
	EXPECT_EQ(0, memcmp(bytes, buffer + 4096 - 32, sizeof(bytes)));

	ASSERT_TRUE(mapped(map));
	vfio_gfx_page_write(&self->dev, MAPPING, RCAR_VDU_MAPPING_CACHEABLE);
	EXPECT_TRUE(unmapped_soon(map));
	EXPECT_EQ(0, memcmp(map, buffer, SIZE));
	munmap(map, SIZE);
}

TEST_HARNESS_MAIN
