// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the graphics ioctls cost, beside the kernel's mbochs sample and udmabuf
 *
 * Prints one line for each figure and its ratio, and TAP for what the ratios
 * have to be. The best of several rounds counts, as the machine may be busy.
 */

#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <linux/udmabuf.h>

#include "../lib/vfio_gfx.h"

#define MBOCHS_CREATE \
	"/sys/class/mdev_bus/mbochs/mdev_supported_types/mbochs-medium/create"
#define MBOCHS_UUID	"6d626f63-6873-4000-8000-000000000001"
#define MBOCHS_DISPI	0x500

#define WIDTH		1920
#define HEIGHT		1080
#define BYTES		(WIDTH * HEIGHT * 4)
#define RAM_SIZE	(32ull << 20)

#define ROUNDS		7
#define QUERY_ROUNDS	40
#define CALLS		500

static double now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e6 + ts.tv_nsec / 1e3;
}

static double least(double a, double b)
{
	return a < b ? a : b;
}

/* -----------------------------------------------------------------------------
 * What is measured, microseconds for each call
 */

static double query_us(struct vfio_gfx_dev *dev)
{
	struct vfio_device_gfx_plane_info info;
	double best = 1e12, start;
	unsigned int i, round;

	for (round = 0; round < QUERY_ROUNDS; round++) {
		start = now_us();
		for (i = 0; i < CALLS; i++)
			vfio_gfx_query(dev, VFIO_GFX_PRIMARY, &info);
		best = least(best, (now_us() - start) / CALLS);
	}
	return best;
}

/* GET of a buffer that has a dma-buf. */
static double get_us(struct vfio_gfx_dev *dev, __u32 id)
{
	int keep = vfio_gfx_get(dev, id);
	double best = 1e12, start;
	unsigned int i, round;

	for (round = 0; round < ROUNDS; round++) {
		double sum = 0;

		for (i = 0; i < CALLS; i++) {
			int fd;

			start = now_us();
			fd = vfio_gfx_get(dev, id);
			sum += now_us() - start;
			close(fd);
		}
		best = least(best, sum / CALLS);
	}
	close(keep);
	return best;
}

static struct vfio_gfx_plane picture(struct vfio_gfx_ram *ram,
				     unsigned int width, unsigned int height)
{
	return (struct vfio_gfx_plane) {
		.fourcc = DRM_FORMAT_XRGB8888,
		.addr = ram->iova,
		.width = width,
		.height = height,
	};
}

/* From nothing to a file descriptor: pin, scatterlist, GET. */
static double first_export_us(struct vfio_gfx_dev *dev,
			      struct vfio_gfx_ram *ram)
{
	double best = 1e12, start;
	unsigned int round;

	for (round = 0; round < ROUNDS; round++) {
		struct vfio_gfx_plane plane = picture(ram, WIDTH, HEIGHT);
		long long pin_ns;
		__u32 id;
		int fd;

		vfio_gfx_reset(dev);
		vfio_gfx_display_on(dev);
		pin_ns = __vfio_gfx_stat(dev, "pin_ns");
		id = vfio_gfx_show_id(dev, &plane, 0);
		pin_ns = __vfio_gfx_stat(dev, "pin_ns") - pin_ns;
		start = now_us();
		fd = vfio_gfx_get(dev, id);
		best = least(best, now_us() - start + pin_ns / 1e3);
		close(fd);
	}
	return best;
}

static double udmabuf_us(void)
{
	int memfd = memfd_create("guest", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	int dev = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
	size_t page = vfio_gfx_page_size();
	struct udmabuf_create create = {
		.memfd = memfd,
		.size = (BYTES + page - 1) / page * page,
	};
	double best = 1e12, start;
	unsigned int round;
	void *p;

	if (memfd < 0 || dev < 0 || ftruncate(memfd, RAM_SIZE) ||
	    fcntl(memfd, F_ADD_SEALS, F_SEAL_SHRINK))
		return -1;
	/* The guest has touched its memory. */
	p = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, memfd, 0);
	if (p == MAP_FAILED)
		return -1;
	memset(p, 0x5a, RAM_SIZE);

	for (round = 0; round < ROUNDS; round++) {
		int fd;

		start = now_us();
		fd = ioctl(dev, UDMABUF_CREATE, &create);
		best = least(best, now_us() - start);
		if (fd < 0)
			return -1;
		close(fd);
	}
	munmap(p, RAM_SIZE);
	close(dev);
	close(memfd);
	return best;
}

/* -----------------------------------------------------------------------------
 * mbochs
 */

static int mbochs_create(void)
{
	int fd = open(MBOCHS_CREATE, O_WRONLY);
	int ret;

	if (fd < 0)
		return -errno;
	ret = write(fd, MBOCHS_UUID, strlen(MBOCHS_UUID)) < 0 ? -errno : 0;
	close(fd);
	return ret;
}

static void mbochs_mode(struct vfio_gfx_dev *dev, __u16 width, __u16 height)
{
	/* XRES, YRES, BPP, ENABLE: indices 1 to 4 */
	__u16 values[] = { width, height, 32, 1 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(values); i++)
		__vfio_gfx_pwrite(dev, VFIO_PCI_BAR2_REGION_INDEX,
				  MBOCHS_DISPI + 2 * (i + 1), &values[i], 2);
}

/*
 * A new mode is a new buffer. The first query of each fails, as a defect of
 * mbochs; so the second one is what a VMM sees.
 */
static double mbochs_first_get_us(struct vfio_gfx_dev *dev)
{
	struct vfio_device_gfx_plane_info info;
	double best = 1e12, start;
	unsigned int round;

	for (round = 0; round < ROUNDS; round++) {
		int fd;

		mbochs_mode(dev, WIDTH, HEIGHT - round);
		start = now_us();
		if (__vfio_gfx_query(dev, VFIO_GFX_PRIMARY, &info) &&
		    __vfio_gfx_query(dev, VFIO_GFX_PRIMARY, &info))
			return -1;
		fd = __vfio_gfx_get(dev, info.dmabuf_id);
		if (fd < 0)
			return -1;
		best = least(best, now_us() - start);
		close(fd);
	}
	return best;
}

static int mbochs(double *first_get, double *query)
{
	struct vfio_gfx_dev dev;
	int ret = mbochs_create();

	if (ret)
		return ret;
	ret = __vfio_gfx_open_uuid(&dev, VFIO_GFX_GROUP, MBOCHS_UUID);
	if (!ret) {
		*first_get = mbochs_first_get_us(&dev);
		*query = query_us(&dev);
		vfio_gfx_close(&dev);
	}
	__vfio_gfx_mdev_remove(MBOCHS_UUID);
	return ret;
}

/* -----------------------------------------------------------------------------
 * Report
 */

static bool all_ok = true;

static void check(const char *name, double ours, double theirs, double most)
{
	static unsigned int n;
	bool ok = theirs > 0 && ours <= theirs * most;

	if (theirs < 0) {
		printf("ok %u %s # SKIP nothing to compare with\n", ++n, name);
		return;
	}
	all_ok &= ok;
	printf("%s %u %s: %.2f us, the other %.2f us, ratio %.3f, at most %.3f\n",
	       ok ? "ok" : "not ok", ++n, name, ours, theirs, ours / theirs,
	       most);
}

static void sgt_line(struct vfio_gfx_dev *dev)
{
	printf("# 1080p: %lld scatterlist entries, %lld bytes pinned\n",
	       __vfio_gfx_stat(dev, "sgt_entries"),
	       __vfio_gfx_stat(dev, "bytes_pinned"));
}

struct figures {
	double query_small, query_big, get, first_export;
};

/* NULL, or the name of what is missing. */
static const char *measure(enum vfio_gfx_mode mode, struct figures *f)
{
	struct vfio_gfx_plane plane;
	struct vfio_gfx_ram ram;
	struct vfio_gfx_dev dev;
	const char *missing;
	__u32 id;

	missing = vfio_gfx_open(&dev, mode);
	if (missing)
		return missing;
	vfio_gfx_ram_alloc(&ram, VFIO_GFX_RAM_IOVA, RAM_SIZE);
	memset(ram.va, 0x5a, RAM_SIZE);
	vfio_gfx_ram_map(&dev, &ram);

	vfio_gfx_display_on(&dev);
	plane = picture(&ram, 64, 64);
	vfio_gfx_show_id(&dev, &plane, 0);
	f->query_small = query_us(&dev);
	plane = picture(&ram, WIDTH, HEIGHT);
	id = vfio_gfx_show_id(&dev, &plane, 0);
	f->query_big = query_us(&dev);
	f->get = get_us(&dev, id);
	sgt_line(&dev);
	f->first_export = first_export_us(&dev, &ram);

	vfio_gfx_close(&dev);
	vfio_gfx_ram_free(&ram);
	return NULL;
}

int main(void)
{
	double mbochs_get = -1, mbochs_query = -1, udmabuf;
	struct figures group, cdev;
	const char *missing;

	printf("TAP version 13\n1..4\n");
	missing = measure(VFIO_GFX_GROUP, &group);
	if (!missing)
		missing = measure(VFIO_GFX_CDEV, &cdev);
	if (missing) {
		printf("Bail out! no %s\n", missing);
		return 1;
	}
	udmabuf = udmabuf_us();
	mbochs(&mbochs_get, &mbochs_query);

	check("query of 1920x1080, beside one of 64x64", group.query_big,
	      group.query_small, 1.3);
	check("query, beside mbochs", group.query_big, mbochs_query, 1.2);
	check("GET of a cached id, beside the first of mbochs", group.get,
	      mbochs_get, 0.2);
	check("first export with iommufd, beside udmabuf", cdev.first_export,
	      udmabuf, 1.0);
	/* type1 takes its locks and walks its trees for each page. */
	printf("# first export with type1: %.2f us, ratio to udmabuf %.3f\n",
	       group.first_export, group.first_export / udmabuf);
	return all_ok ? 0 : 1;
}
