// SPDX-License-Identifier: GPL-2.0-only
/*
 * h3-host: a host that moves while guests are on its panels
 *
 *   h3-host flip SECONDS DELAY HEAD	flips DELAY ms after each vertical blank
 *   h3-host storm SECONDS HEAD		tests commits all the time, and makes none
 *   h3-host clear			turns all planes and CRTCs off, as compositors do
 *   h3-host take HEAD			wants all overlay planes of a head for itself
 *   h3-host disable HEAD		tests to turn it off without a mode set
 *   h3-host fence SECONDS HEAD		a flip that waits for a fence for so long
 *
 * Each prints what became of it on one line.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <drm_fourcc.h>

#include "h3-kms.h"

/* One frame late, once, when the host begins to flip. */
#define MAY_MISS	1

static struct device dev;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static int try(drmModeAtomicReq *req, uint32_t flags, void *data)
{
	int ret = drmModeAtomicCommit(dev.fd, req, flags, data);

	drmModeAtomicFree(req);
	return ret;
}

/* --- flip ------------------------------------------------------------------ */

static struct {
	struct head *head;
	struct buffer buffers[2];
	unsigned int delay;		/* ms */
	unsigned int step;		/* frames from one flip to the next */
	unsigned int flips, missed, busy, sequence;
	double end;
} flipper;

static void flip(void)
{
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	int ret;

	usleep(flipper.delay * 1000);
	set(req, &dev, flipper.head->planes[0].id, "FB_ID",
	    flipper.buffers[flipper.flips % 2].fb);
	ret = try(req, DRM_MODE_ATOMIC_NONBLOCK | DRM_MODE_PAGE_FLIP_EVENT, NULL);
	if (ret == -EBUSY)
		flipper.busy++;
	else if (ret)
		die("atomic request: %s", strerror(-ret));
}

static void flipped(int fd, unsigned int sequence, unsigned int s,
		    unsigned int us, unsigned int crtc, void *data)
{
	(void)fd;
	(void)s;
	(void)us;
	(void)crtc;
	(void)data;
	if (flipper.flips++)
		flipper.missed += sequence - flipper.sequence - flipper.step;
	flipper.sequence = sequence;
	if (now() < flipper.end)
		flip();
}

static void show(struct head *head, struct buffer *buffer)
{
	drmModeAtomicReq *req = drmModeAtomicAlloc();

	set_mode(req, &dev, head, &head->modes[0]);
	set_plane(req, &dev, head, &head->planes[0], buffer, 0, 0);
	commit(&dev, req, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL);
}

static void full_size(struct head *head, struct buffer *buffer)
{
	buffer_init(&dev, buffer, DRM_FORMAT_XRGB8888, head->modes[0].hdisplay,
		    head->modes[0].vdisplay);
}

static int cmd_flip(char **argv)
{
	drmEventContext events = {
		.version = 3,
		.page_flip_handler2 = flipped,
	};
	struct pollfd pfd = { .fd = dev.fd, .events = POLLIN };

	flipper.delay = number(argv[1]);
	flipper.head = device_head(&dev, number(argv[2]));
	flipper.step = 1 + flipper.delay * flipper.head->modes[0].vrefresh / 1000;
	full_size(flipper.head, &flipper.buffers[0]);
	full_size(flipper.head, &flipper.buffers[1]);
	show(flipper.head, &flipper.buffers[0]);
	flipper.end = now() + number(argv[0]);
	flip();
	while (now() < flipper.end + 0.2) {
		if (poll(&pfd, 1, 100) == 1)
			drmHandleEvent(dev.fd, &events);
	}
	printf("%u flips, %u missed, %u busy\n", flipper.flips, flipper.missed,
	       flipper.busy);
	return flipper.missed > MAY_MISS || flipper.busy;
}

/* --- others ---------------------------------------------------------------- */

static int cmd_storm(char **argv)
{
	struct head *head = device_head(&dev, number(argv[1]));
	unsigned int tests = 0, failed = 0;
	struct buffer buffer;
	double end;

	full_size(head, &buffer);
	show(head, &buffer);
	for (end = now() + number(argv[0]); now() < end; tests++) {
		drmModeAtomicReq *req = drmModeAtomicAlloc();

		set_plane(req, &dev, head, &head->planes[0], &buffer, 0, 0);
		failed += !!try(req, DRM_MODE_ATOMIC_TEST_ONLY, NULL);
		usleep(1000);
	}
	printf("%u tests, %u failed\n", tests, failed);
	return failed || !tests;
}

static int cmd_clear(char **argv)
{
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	int ret;

	(void)argv;
	for (unsigned int i = 0; i < HEADS; i++) {
		if (dev.heads[i].present)
			set_off(req, &dev, &dev.heads[i]);
	}
	ret = try(req, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL);
	printf("clear: %s\n", strerror(-ret));
	return !!ret;
}

/* One line for each plane: what a test says, and the legacy ioctl */
static int cmd_take(char **argv)
{
	struct head *head = device_head(&dev, number(argv[0]));
	struct buffer screen, buffer;

	full_size(head, &screen);
	show(head, &screen);
	buffer_init(&dev, &buffer, DRM_FORMAT_XRGB8888, 64, 64);
	for (unsigned int i = 1; i < head->num_planes; i++) {
		drmModeAtomicReq *req = drmModeAtomicAlloc();
		int test, set;

		set_plane(req, &dev, head, &head->planes[i], &buffer, 0, 0);
		test = try(req, DRM_MODE_ATOMIC_TEST_ONLY, NULL);
		set = drmModeSetPlane(dev.fd, head->planes[i].id, head->crtc,
				      buffer.fb, 0, 0, 0, 64, 64, 0, 0,
				      64 << 16, 64 << 16);
		printf("plane %u: test %d set %d\n", i, -test, -set);
	}
	return 0;
}

static int cmd_disable(char **argv)
{
	struct head *head = device_head(&dev, number(argv[0]));
	drmModeAtomicReq *req = drmModeAtomicAlloc();

	set(req, &dev, head->crtc, "MODE_ID", 0);
	set(req, &dev, head->crtc, "ACTIVE", 0);
	printf("disable: %d\n", -try(req, DRM_MODE_ATOMIC_TEST_ONLY, NULL));
	return 0;
}

/* Neither is in the headers for user space. */
#define SW_SYNC		"/sys/kernel/debug/sync/sw_sync"

struct sw_sync_create {
	uint32_t value;
	char name[32];
	int32_t fence;
};

#define SW_SYNC_CREATE	_IOWR('W', 0, struct sw_sync_create)
#define SW_SYNC_INC	_IOW('W', 1, uint32_t)

static void count(int fd, unsigned int sequence, unsigned int s, unsigned int us,
		  unsigned int crtc, void *data)
{
	(void)fd;
	(void)sequence;
	(void)s;
	(void)us;
	(void)crtc;
	++*(unsigned int *)data;
}

static unsigned int wait_flips(unsigned int *flips, double seconds)
{
	drmEventContext events = { .version = 3, .page_flip_handler2 = count };
	struct pollfd pfd = { .fd = dev.fd, .events = POLLIN };
	double end = now() + seconds;

	while (!*flips && now() < end) {
		if (poll(&pfd, 1, 100) == 1)
			drmHandleEvent(dev.fd, &events);
	}
	return *flips;
}

static int cmd_fence(char **argv)
{
	struct head *head = device_head(&dev, number(argv[1]));
	struct sw_sync_create create = { .value = 1, .name = "h3-host" };
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	unsigned int flips = 0, early;
	struct buffer buffers[2];
	uint32_t steps = 1;
	int timeline, ret;

	timeline = open(SW_SYNC, O_RDWR | O_CLOEXEC);
	if (timeline < 0 || ioctl(timeline, SW_SYNC_CREATE, &create))
		die("no fences: %s", strerror(errno));
	full_size(head, &buffers[0]);
	full_size(head, &buffers[1]);
	show(head, &buffers[0]);
	set(req, &dev, head->planes[0].id, "FB_ID", buffers[1].fb);
	set(req, &dev, head->planes[0].id, "IN_FENCE_FD", create.fence);
	ret = try(req, DRM_MODE_ATOMIC_NONBLOCK | DRM_MODE_PAGE_FLIP_EVENT,
		  &flips);
	if (ret)
		die("atomic request: %s", strerror(-ret));
	printf("waits\n");
	fflush(stdout);
	early = wait_flips(&flips, number(argv[0]));
	ioctl(timeline, SW_SYNC_INC, &steps);
	printf("%s before the fence, %s after it\n",
	       early ? "a flip" : "no flip",
	       wait_flips(&flips, 1) ? "a flip" : "no flip");
	return early || !flips;
}

static const struct {
	const char *name;
	int (*run)(char **argv);
	int num_args;
} commands[] = {
	{ "flip", cmd_flip, 3 },
	{ "storm", cmd_storm, 2 },
	{ "clear", cmd_clear, 0 },
	{ "take", cmd_take, 1 },
	{ "disable", cmd_disable, 1 },
	{ "fence", cmd_fence, 2 },
};

int main(int argc, char **argv)
{
	for (unsigned int i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (argc < 2 || strcmp(argv[1], commands[i].name) ||
		    argc - 2 != commands[i].num_args)
			continue;
		device_open(&dev);
		return commands[i].run(argv + 2);
	}
	die("usage: see the top of h3-host.c");
}
