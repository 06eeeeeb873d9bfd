// SPDX-License-Identifier: GPL-2.0-only
/*
 * h3-cache: pictures in memory that a CPU caches and the display does not snoop
 *
 *   h3-cache sync HEAD		draws as one has to
 *   h3-cache fetch HEAD	the display fetches what is not cleaned
 *   h3-cache writeback HEAD	the display writes over what is not cleaned
 *   h3-cache invalidate HEAD	what is not cleaned is invalidated
 *
 * All but the first are wrong. The machine has to say so, once.
 */

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <drm_fourcc.h>
#include <linux/dma-buf.h>
#include <linux/memfd.h>
#include <linux/udmabuf.h>

#include "h3-kms.h"

#define PICTURES	4
#define HUGE_BYTES	(2 << 20)

static struct device dev;

/* A picture in the memory of this process, which the display has imported */
struct shared {
	int fd;
	struct buffer buffer;
};

/* The display wants contiguous memory: within a page, of 4 KiB or of 2 MiB. */
static int shared_memory(size_t size)
{
	unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd;

	if (size == HUGE_BYTES)
		flags |= MFD_HUGETLB | MFD_HUGE_2MB;
	fd = memfd_create("h3-cache", flags);
	if (fd < 0 || ftruncate(fd, size) ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK))
		die("memory of %zu bytes: %m", size);
	return fd;
}

static void shared_init(struct shared *shared, uint32_t format, int width,
			int height, size_t size)
{
	struct buffer *buffer = &shared->buffer;
	struct udmabuf_create create = { .size = size };
	int udmabuf = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
	uint32_t handles[4] = { 0 };

	memset(buffer, 0, sizeof(*buffer));
	buffer->format = format;
	buffer->width = width;
	buffer->height = height;
	buffer->pitches[0] = width * format_layout(format)->bytes[0];
	buffer->size = size;
	create.memfd = shared_memory(size);
	buffer->data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			    create.memfd, 0);
	if (buffer->data == MAP_FAILED)
		die("map: %m");
	shared->fd = ioctl(udmabuf, UDMABUF_CREATE, &create);
	if (shared->fd < 0)
		die("udmabuf: %m");
	/* This maps it for the display, and does not clean it. */
	if (drmPrimeFDToHandle(dev.fd, shared->fd, &handles[0]))
		die("import: %m");
	if (drmModeAddFB2(dev.fd, width, height, format, handles,
			  buffer->pitches, buffer->offsets, &buffer->fb, 0))
		die("framebuffer: %m");
	close(udmabuf);
	close(create.memfd);
}

static void shared_sync(struct shared *shared, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags };

	if (ioctl(shared->fd, DMA_BUF_IOCTL_SYNC, &sync))
		die("sync: %m");
}

static void draw(struct shared *shared, int value)
{
	memset(shared->buffer.data, value, shared->buffer.size);
}

/* Cleans it, as nothing was written by the display. */
static void draw_synced(struct shared *shared, int value)
{
	shared_sync(shared, DMA_BUF_SYNC_START | DMA_BUF_SYNC_WRITE);
	draw(shared, value);
	shared_sync(shared, DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE);
}

/* The head's first mode, with a picture of the display's own */
static void set_head(drmModeAtomicReq *req, struct head *head)
{
	const drmModeModeInfo *mode = &head->modes[0];
	struct buffer buffer;

	buffer_init(&dev, &buffer, DRM_FORMAT_XRGB8888, mode->hdisplay,
		    mode->vdisplay);
	set_mode(req, &dev, head, mode);
	set_plane(req, &dev, head, &head->planes[0], &buffer, 0, 0);
}

/* Shows pictures on an overlay, each by a display list of its own. */
static void show_pictures(struct head *head, bool sync)
{
	struct shared shared;

	shared_init(&shared, DRM_FORMAT_XRGB8888, 64, 16, 4096);
	for (int i = 0; i < PICTURES; i++) {
		drmModeAtomicReq *req = drmModeAtomicAlloc();

		if (!i)
			set_head(req, head);
		/* Only the last picture is not cleaned. */
		if (sync || i < PICTURES - 1)
			draw_synced(&shared, i);
		else
			draw(&shared, i);
		set_plane(req, &dev, head, &head->planes[1], &shared.buffer, i,
			  i);
		commit(&dev, req, i ? 0 : DRM_MODE_ATOMIC_ALLOW_MODESET, NULL);
	}
	/* When this program ends there are more display lists. */
	draw_synced(&shared, 0);
}

static void write_back(struct head *head)
{
	const drmModeModeInfo *mode = &head->modes[0];
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	struct shared shared;
	struct pollfd poll_fence = { .fd = -1, .events = POLLIN };

	shared_init(&shared, DRM_FORMAT_RGB565, mode->hdisplay, mode->vdisplay,
		    HUGE_BYTES);
	draw(&shared, 1);
	set_head(req, head);
	set(req, &dev, head->connector, "CRTC_ID", 0);
	set(req, &dev, head->writeback, "CRTC_ID", head->crtc);
	set(req, &dev, head->writeback, "WRITEBACK_FB_ID", shared.buffer.fb);
	set(req, &dev, head->writeback, "WRITEBACK_OUT_FENCE_PTR",
	    (uintptr_t)&poll_fence.fd);
	commit(&dev, req, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL);
	if (poll(&poll_fence, 1, 2000) != 1)
		die("nothing was written back");
}

static void invalidate(void)
{
	struct shared shared;

	shared_init(&shared, DRM_FORMAT_XRGB8888, 64, 16, 4096);
	/*
	 * What comes first has to be a write: udmabuf of 6.12 invalidates without
	 * having cleaned, and so throws away the zeros of a new page.
	 */
	draw_synced(&shared, 0);
	draw(&shared, 1);
	shared_sync(&shared, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
	shared_sync(&shared, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
}

int main(int argc, char **argv)
{
	struct head *head;

	if (argc != 3)
		die("usage: see the top of h3-cache.c");
	device_open(&dev);
	head = device_head(&dev, number(argv[2]));
	if (!strcmp(argv[1], "sync"))
		show_pictures(head, true);
	else if (!strcmp(argv[1], "fetch"))
		show_pictures(head, false);
	else if (!strcmp(argv[1], "writeback"))
		write_back(head);
	else if (!strcmp(argv[1], "invalidate"))
		invalidate();
	else
		die("usage: see the top of h3-cache.c");
	return 0;
}
