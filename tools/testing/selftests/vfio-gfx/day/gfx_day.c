// SPDX-License-Identifier: GPL-2.0-only
/*
 * A long day: guests that come and go, flips, viewers, resets
 *
 * Usage: gfx_day MINUTES FLIPS [leak]
 *
 * A guest stays for LIFE minutes and flips FLIPS times in each. Beside it there is one
 * in each minute that comes, flips, is looked at, and goes. After each minute, when
 * nothing is under way, one line tells what the host has; the first line names the
 * columns. With "leak" the viewer forgets to close what it gets.
 */

#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "../lib/internal.h"

#define LIFE		45	/* minutes */
#define BUFFERS		6
#define VISIT_FLIPS	5

/**
 * struct guest - One that is there
 * @dev: its device
 * @ram: its memory
 * @flips: flips so far, also the next buffer
 * @id: dma-buf id that it shows
 */
struct guest {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
	unsigned int flips;
	__u32 id;
};

static bool leak;
static int vgem;
static int kmsg;

/* -----------------------------------------------------------------------------
 * Guests and viewers
 */

static void arrive(struct guest *guest, enum vfio_gfx_mode mode)
{
	char uuid[VFIO_GFX_UUID_LEN];
	int ret;

	memset(guest, 0, sizeof(*guest));
	ret = __vfio_gfx_mdev_create("virtual", uuid);
	if (ret)
		die("create: %s", strerror(-ret));
	ret = __vfio_gfx_open_uuid(&guest->dev, mode, uuid);
	if (ret)
		die("open: %s", strerror(-ret));
	vfio_gfx_ram_alloc(&guest->ram, VFIO_GFX_RAM_IOVA, VFIO_GFX_RAM_SIZE);
	vfio_gfx_ram_map(&guest->dev, &guest->ram);
	vfio_gfx_display_on(&guest->dev);
}

static void leave(struct guest *guest)
{
	char uuid[VFIO_GFX_UUID_LEN];
	int ret;

	memcpy(uuid, guest->dev.uuid, sizeof(uuid));
	vfio_gfx_close(&guest->dev);
	vfio_gfx_ram_free(&guest->ram);
	ret = __vfio_gfx_mdev_remove(uuid);
	if (ret)
		die("remove: %s", strerror(-ret));
}

static void flip(struct guest *guest)
{
	guest->id = vfio_gfx_show_buffer(&guest->dev, &guest->ram,
					 guest->flips++ % BUFFERS, guest->id);
}

static void reset(struct guest *guest)
{
	vfio_gfx_reset(&guest->dev);
	vfio_gfx_display_on(&guest->dev);
	guest->id = 0;
}

/* Looks at what is shown, and lets vgem import it. */
static void view(struct guest *guest)
{
	struct vfio_device_gfx_plane_info info;
	__u32 handle;
	__u8 *map;
	int fd;

	vfio_gfx_query(&guest->dev, VFIO_GFX_PRIMARY, &info);
	fd = vfio_gfx_get(&guest->dev, info.dmabuf_id);
	map = vfio_gfx_map(fd, VFIO_GFX_BUF_SIZE);
	if (map[0] != (guest->flips - 1) % BUFFERS)
		die("another picture");
	munmap(map, VFIO_GFX_BUF_SIZE);
	if (vgem >= 0 && !__vfio_gfx_import(vgem, fd, &handle))
		vfio_gfx_release(vgem, handle);
	if (!leak)
		close(fd);
}

/* Comes, is looked at, loses its memory under a viewer, and goes. */
static void visit(unsigned int minute)
{
	struct guest guest;
	unsigned int i;
	int fd;

	arrive(&guest, minute % 2 ? VFIO_GFX_CDEV : VFIO_GFX_GROUP);
	for (i = 0; i < VISIT_FLIPS; i++) {
		flip(&guest);
		view(&guest);
	}
	fd = vfio_gfx_get(&guest.dev, guest.id);
	if (minute % 3)
		reset(&guest);
	else
		vfio_gfx_ram_unmap(&guest.dev, &guest.ram);
	leave(&guest);
	close(fd);
}

/* -----------------------------------------------------------------------------
 * What the host has
 */

/* The number after @key in a file of "key value" lines, or 0. */
static long long figure(const char *path, const char *key)
{
	char line[256];
	size_t len = strlen(key);
	long long value = 0;
	FILE *file = fopen(path, "re");

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, key, len) && strchr(": \t", line[len])) {
			value = atoll(line + len + 1);
			break;
		}
	}
	fclose(file);
	return value;
}

static long long pinned_by_devices(void)
{
	long long sum = 0;
	glob_t stats;
	size_t i;

	if (glob("/sys/kernel/debug/rcar-du-mdev/*/stats", 0, NULL, &stats))
		return 0;
	for (i = 0; i < stats.gl_pathc; i++)
		sum += figure(stats.gl_pathv[i], "bytes_pinned");
	globfree(&stats);
	return sum;
}

static unsigned int count(const char *pattern)
{
	unsigned int n = 0;
	glob_t found;

	if (!glob(pattern, 0, NULL, &found)) {
		n = found.gl_pathc;
		globfree(&found);
	}
	return n;
}

/*
 * Lines that the kernel has printed since the program began, without those that the
 * IOMMU core has for each mediated device that comes or goes
 */
static unsigned int log_lines(void)
{
	static unsigned int lines;
	char record[8192];
	ssize_t len;

	if (kmsg < 0)
		return 0;
	/* -EPIPE: some were overwritten, which tells that there were many. */
	while ((len = read(kmsg, record, sizeof(record) - 1)) > 0 ||
	       errno == EPIPE) {
		record[len > 0 ? len : 0] = '\0';
		if (!strstr(record, "iommu group"))
			lines++;
	}
	return lines;
}

static long long files(void)
{
	long long open_files = 0;
	FILE *file = fopen("/proc/sys/fs/file-nr", "re");

	if (file) {
		if (fscanf(file, "%lld", &open_files) != 1)
			open_files = -1;
		fclose(file);
	}
	return open_files;
}

static void print_header(void)
{
	printf("minute available_kb slab_kb unreclaimable_kb files fds pins "
	       "device_kb locked_kb tasks log_lines\n");
}

/* What can be reclaimed goes first: 2 is for slabs, 4 for not saying so each time. */
static void print_sample(unsigned int minute)
{
	__vfio_gfx_write_file("/proc/sys/vm/drop_caches", "6");
	printf("%u %lld %lld %lld %lld %u %lld %lld %lld %u %u\n", minute,
	       figure("/proc/meminfo", "MemAvailable"),
	       figure("/proc/meminfo", "Slab"),
	       figure("/proc/meminfo", "SUnreclaim"), files(),
	       count("/proc/self/fd/*"),
	       figure("/proc/vmstat", "nr_foll_pin_acquired") -
	       figure("/proc/vmstat", "nr_foll_pin_released"),
	       pinned_by_devices() / 1024,
	       figure("/proc/self/status", "VmLck") +
	       figure("/proc/self/status", "VmPin"),
	       count("/proc/[0-9]*"), log_lines());
	fflush(stdout);
}

/* -----------------------------------------------------------------------------
 * The day
 */

static void sleep_until(const struct timespec *start, double seconds)
{
	struct timespec at = *start;

	at.tv_sec += (time_t)seconds;
	at.tv_nsec += (seconds - (time_t)seconds) * 1e9;
	if (at.tv_nsec >= 1000000000) {
		at.tv_nsec -= 1000000000;
		at.tv_sec++;
	}
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
		;
}

int main(int argc, char **argv)
{
	unsigned int minutes, flips, minute, i;
	struct guest resident;
	struct timespec start;

	if (argc < 3) {
		fprintf(stderr, "usage: gfx_day MINUTES FLIPS [leak]\n");
		return EXIT_FAILURE;
	}
	minutes = atoi(argv[1]);
	flips = atoi(argv[2]);
	leak = argc > 3 && !strcmp(argv[3], "leak");
	vgem = __vfio_gfx_drm_open("vgem");
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	lseek(kmsg, 0, SEEK_END);
	clock_gettime(CLOCK_MONOTONIC, &start);
	print_header();

	for (minute = 0; minute < minutes; minute++) {
		if (minute % LIFE == 0)
			arrive(&resident, minute / LIFE % 2 ? VFIO_GFX_CDEV :
							      VFIO_GFX_GROUP);
		for (i = 0; i < flips; i++) {
			flip(&resident);
			view(&resident);
			if (i == flips / 2)
				visit(minute);
			sleep_until(&start, 60 * minute + 55. * (i + 1) / flips);
		}
		if (minute % 10 == 9)
			reset(&resident);
		sleep_until(&start, 60 * (minute + 1));
		print_sample(minute + 1);
		if (minute % LIFE == LIFE - 1 || minute == minutes - 1)
			leave(&resident);
	}
	return EXIT_SUCCESS;
}
