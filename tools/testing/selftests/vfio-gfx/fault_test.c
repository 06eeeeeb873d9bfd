// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation of the kernel fails once
 *
 * Each operation is done again and again, with the first, the second, ...
 * allocation on its way failing, until none is left to fail. It has to end
 * with a clear error or to succeed, and leave nothing behind: what stays is
 * found by the kernel's own checks, and by the counters at the end.
 */

#include "kselftest_harness.h"

#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>

#include "lib/vfio_gfx.h"

#define FAULTS		"/sys/kernel/debug/"
#define SIZE		VFIO_GFX_BUF_SIZE

/* More allocations than any operation makes. */
#define MAX_ALLOCATIONS	2000

static unsigned int read_number(const char *path)
{
	unsigned int n = 0;
	FILE *file = fopen(path, "r");

	if (file) {
		if (fscanf(file, "%u", &n) != 1)
			n = 0;
		fclose(file);
	}
	return n;
}

/* What may fail: everything, also what could wait for memory. */
static bool faults_available(void)
{
	return !__vfio_gfx_write_file(FAULTS "failslab/ignore-gfp-wait", "N") &&
	       !__vfio_gfx_write_file(FAULTS "failslab/verbose", "0") &&
	       !__vfio_gfx_write_file(FAULTS "fail_page_alloc/ignore-gfp-wait", "N") &&
	       !__vfio_gfx_write_file(FAULTS "fail_page_alloc/min-order", "0") &&
	       !__vfio_gfx_write_file(FAULTS "fail_page_alloc/verbose", "0");
}

/* -----------------------------------------------------------------------------
 * The n-th allocation of this thread, or of a worker of the kernel
 */

static bool is_worker(const char *fail_nth)
{
	char path[64], name[16] = "";
	FILE *file;

	snprintf(path, sizeof(path), "%.*scomm",
		 (int)(strrchr(fail_nth, '/') + 1 - fail_nth), fail_nth);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (!fgets(name, sizeof(name), file))
		name[0] = '\0';
	fclose(file);
	return !strncmp(name, "kworker/u", 9);
}

/* The device's work is done by unbound workers, any of them. */
static void arm_workers(unsigned int n)
{
	char text[16];
	glob_t tasks;
	size_t i;

	snprintf(text, sizeof(text), "%u", n);
	if (glob("/proc/[0-9]*/fail-nth", 0, NULL, &tasks))
		return;
	for (i = 0; i < tasks.gl_pathc; i++) {
		if (is_worker(tasks.gl_pathv[i]))
			__vfio_gfx_write_file(tasks.gl_pathv[i], text);
	}
	globfree(&tasks);
}

/* Whether an allocation of a worker has failed. */
static bool disarm_workers(void)
{
	bool failed = false;
	glob_t tasks;
	size_t i;

	if (glob("/proc/[0-9]*/fail-nth", 0, NULL, &tasks))
		return false;
	for (i = 0; i < tasks.gl_pathc; i++) {
		if (!is_worker(tasks.gl_pathv[i]))
			continue;
		failed |= !read_number(tasks.gl_pathv[i]);
		__vfio_gfx_write_file(tasks.gl_pathv[i], "0");
	}
	globfree(&tasks);
	return failed;
}

static void arm_self(unsigned int n)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", n);
	__vfio_gfx_write_file("/proc/thread-self/fail-nth", text);
}

static bool disarm_self(void)
{
	bool failed = !read_number("/proc/thread-self/fail-nth");

	arm_self(0);
	return failed;
}

/* What is on the screen. */
static __u32 shown_id;

FIXTURE(fault) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
};

FIXTURE_VARIANT(fault) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(fault, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(fault, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(fault)
{
	const char *missing;

	if (!faults_available())
		SKIP(return, "no fault injection");
	missing = vfio_gfx_open_with_ram(&self->dev, &self->ram, variant->mode);
	if (missing)
		SKIP(return, "no %s", missing);
	vfio_gfx_display_on(&self->dev);
	shown_id = vfio_gfx_show_buffer(&self->dev, &self->ram, 1, 0);
}

FIXTURE_TEARDOWN(fault)
{
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
}

/* The errors that lack of memory may end in; looking for a file finds none. */
static bool out_of_memory(int ret)
{
	return ret == -ENOMEM || ret == -ENOSPC || ret == -EFAULT ||
	       ret == -EAGAIN || ret == -ENOENT || ret == -ENODEV;
}

/* Does op() until no allocation is left to fail, and says how many did. */
static int sweep(struct vfio_gfx_dev *dev,
		 int (*op)(struct vfio_gfx_dev *dev))
{
	unsigned int n;
	bool failed;
	int ret;

	for (n = 1; n < MAX_ALLOCATIONS; n++) {
		arm_self(n);
		ret = op(dev);
		failed = disarm_self();
		if (ret < 0 && (!failed || !out_of_memory(ret)))
			return ret;
		if (!failed)
			return n - 1;
	}
	return -E2BIG;
}

/* -----------------------------------------------------------------------------
 * What a VMM asks for
 */

static int op_get(struct vfio_gfx_dev *dev)
{
	int fd = __vfio_gfx_get(dev, shown_id);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

TEST_F_TIMEOUT(fault, get, 300)
{
	EXPECT_LT(0, sweep(&self->dev, op_get));
	EXPECT_EQ(0, op_get(&self->dev));
}

static int op_map(struct vfio_gfx_dev *dev)
{
	int fd = __vfio_gfx_get(dev, shown_id);
	__u8 *map;
	int ret = 0;

	if (fd < 0)
		return fd;
	map = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		ret = -errno;
	else
		munmap(map, SIZE);
	close(fd);
	return ret;
}

TEST_F_TIMEOUT(fault, map, 300)
{
	EXPECT_LT(0, sweep(&self->dev, op_map));
}

static int op_import(struct vfio_gfx_dev *dev)
{
	int drm = __vfio_gfx_drm_open("vgem");
	int fd = __vfio_gfx_get(dev, shown_id);
	__u32 handle;
	int ret = fd;

	if (drm >= 0 && fd >= 0) {
		ret = __vfio_gfx_import(drm, fd, &handle);
		if (!ret)
			vfio_gfx_release(drm, handle);
	}
	close(fd);
	close(drm);
	return ret < 0 ? ret : 0;
}

TEST_F_TIMEOUT(fault, import, 300)
{
	EXPECT_LT(0, sweep(&self->dev, op_import));
}

static int op_frame(struct vfio_gfx_dev *dev)
{
	struct vfio_device_feature_gfx_frame frame;

	return __vfio_gfx_frame(dev, &frame);
}

TEST_F_TIMEOUT(fault, frame, 300)
{
	EXPECT_LT(0, sweep(&self->dev, op_frame));
}

static int op_irqs(struct vfio_gfx_dev *dev)
{
	static const __u32 indices[] = {
		VFIO_PCI_INTX_IRQ_INDEX, VFIO_PCI_MSI_IRQ_INDEX,
		VFIO_PCI_REQ_IRQ_INDEX, VFIO_GFX_REFRESH_IRQ,
	};
	int event = eventfd(0, EFD_CLOEXEC);
	unsigned int i;
	int ret = 0;

	if (event < 0)
		return -errno;
	for (i = 0; i < ARRAY_SIZE(indices) && !ret; i++)
		ret = __vfio_gfx_irq_eventfd(dev, indices[i], event);
	close(event);
	return ret;
}

TEST_F_TIMEOUT(fault, irqs, 300)
{
	EXPECT_LT(0, sweep(&self->dev, op_irqs));
}

static int op_unmask(struct vfio_gfx_dev *dev)
{
	int event = eventfd(0, EFD_CLOEXEC);
	int ret;

	if (event < 0)
		return -errno;
	ret = __vfio_gfx_set_irqs(dev, VFIO_IRQ_SET_DATA_EVENTFD |
				  VFIO_IRQ_SET_ACTION_UNMASK,
				  VFIO_PCI_INTX_IRQ_INDEX, 0, 1, &event,
				  sizeof(event));
	close(event);
	return ret;
}

TEST_F_TIMEOUT(fault, unmask, 300)
{
	EXPECT_LT(0, sweep(&self->dev, op_unmask));
}

static int op_edid(struct vfio_gfx_dev *dev)
{
	__u32 up = VFIO_DEVICE_GFX_LINK_STATE_UP;

	/* Never an error: the guest keeps the EDID that it has. */
	return __vfio_gfx_pwrite(dev, VFIO_GFX_EDID,
				 offsetof(struct vfio_region_gfx_edid,
					  link_state),
				 &up, sizeof(up)) == sizeof(up) ? 0 : -EIO;
}

TEST_F_TIMEOUT(fault, edid, 300)
{
	EXPECT_LT(0, sweep(&self->dev, op_edid));
}

static int op_region_info(struct vfio_gfx_dev *dev)
{
	struct {
		struct vfio_region_info info;
		__u8 tail[64];
	} arg = {
		.info.argsz = sizeof(arg),
		.info.index = VFIO_GFX_EDID,
	};

	return ioctl(dev->fd, VFIO_DEVICE_GET_REGION_INFO, &arg) ? -errno : 0;
}

TEST_F_TIMEOUT(fault, region_info, 300)
{
	EXPECT_LT(0, sweep(&self->dev, op_region_info));
}

static int op_open(struct vfio_gfx_dev *dev)
{
	struct vfio_gfx_dev again;
	int ret;

	ret = __vfio_gfx_open_uuid(&again, dev->mode, vfio_gfx_uuid());
	if (!ret)
		vfio_gfx_close(&again);
	return ret;
}

TEST_F_TIMEOUT(fault, open, 300)
{
	vfio_gfx_close(&self->dev);
	EXPECT_LT(0, sweep(&self->dev, op_open));
}

static int op_create(void)
{
	char uuid[VFIO_GFX_UUID_LEN];
	int ret;

	ret = __vfio_gfx_mdev_create("virtual", uuid);
	arm_self(0);
	if (!ret)
		__vfio_gfx_mdev_remove(uuid);
	return ret;
}

/*
 * Its own count, as the removal is not part of it. When the name of a group
 * cannot be allocated the VFIO core frees it with its IOMMU group, and warns
 * (vfio_create_group(), vfio_group_release()).
 */
TEST_F_TIMEOUT(fault, create, 300)
{
	unsigned int n;

	if (!getenv("VFIO_GFX_FAULT_CREATE"))
		SKIP(return, "VFIO_GFX_FAULT_CREATE is not set: the VFIO core warns");

	for (n = 1; n < 200; n++) {
		int ret;

		arm_self(n);
		ret = op_create();
		ASSERT_TRUE(!ret || out_of_memory(ret)) {
			TH_LOG("allocation %u: %d", n, ret);
		}
	}
	EXPECT_EQ(0, op_create());
}

/* -----------------------------------------------------------------------------
 * What a guest asks for
 */

/* Wait until the latch is published. */
static void published(struct vfio_gfx_dev *dev)
{
	struct vfio_device_feature_gfx_frame frame;

	vfio_gfx_frame_latched(dev, &frame);
}

/*
 * A buffer that has not been pinned yet. What fails is a plane with an error;
 * it comes back by itself.
 */
TEST_F_TIMEOUT(fault, pin, 300)
{
	unsigned int n, failures = 0;
	bool failed = true;

	for (n = 1; failed && n < MAX_ALLOCATIONS; n++) {
		struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram,
							      n % 2);

		/* Forgets all buffers. */
		vfio_gfx_reset(&self->dev);
		vfio_gfx_display_on(&self->dev);
		arm_workers(n);
		vfio_gfx_show(&self->dev, &plane);
		published(&self->dev);
		failed = disarm_workers();
		failures += failed;
	}
	EXPECT_LT(0, failures);
	EXPECT_LT(n, MAX_ALLOCATIONS);
	TH_LOG("%u allocations of workers failed", failures);
	vfio_gfx_show_buffer(&self->dev, &self->ram, 2, 0);
	EXPECT_EQ(0, vfio_gfx_page_read(&self->dev, RCAR_VDU_PLANE(0) +
					RCAR_VDU_PLANE_ERROR));
}

TEST_HARNESS_MAIN
