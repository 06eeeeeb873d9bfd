// SPDX-License-Identifier: GPL-2.0-only
/*
 * The frame a console shows now
 *
 * A sender can lie about a buffer, and can take its pages away at any time: a
 * revoked dma-buf, a truncated memfd. Geometry is checked once, against the
 * size that the kernel reports. Reads of a mapping are guarded against SIGBUS
 * and end in an error.
 */

#include <errno.h>
#include <gio/gio.h>
#include <linux/dma-buf.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frame.h"

#define FRAME_MAX_SIDE		16384
#define FRAME_SAMPLE_X		8
#define FRAME_SAMPLE_Y		32
#define FNV64_BASIS		0xcbf29ce484222325ull
#define FNV64_PRIME		0x100000001b3ull

static sigjmp_buf bus_env;
static volatile sig_atomic_t bus_guarded;

static void bus_handler(int sig)
{
	if (bus_guarded)
		siglongjmp(bus_env, 1);
	signal(sig, SIG_DFL);
	raise(sig);
}

void frame_init(struct frame *frame)
{
	struct sigaction action = { .sa_handler = bus_handler };

	memset(frame, 0, sizeof(*frame));
	frame->fd = -1;
	sigaction(SIGBUS, &action, NULL);
}

void frame_clear(struct frame *frame)
{
	if (frame->fd >= 0) {
		munmap(frame->data, frame->size);
		close(frame->fd);
	} else {
		g_free(frame->data);
	}
	memset(frame, 0, sizeof(*frame));
	frame->fd = -1;
}

static bool frame_refuse(GError **error, const char *why,
			 const struct frame_geometry *geo, uint64_t size)
{
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
		    "%s (%ux%u, stride %u, %" G_GUINT64_FORMAT " bytes)", why,
		    geo->width, geo->height, geo->stride, size);
	return false;
}

static bool frame_check(const struct pixel_format *format,
			const struct frame_geometry *geo, uint64_t size,
			GError **error)
{
	if (!geo->width || !geo->height)
		return frame_refuse(error, "a side is zero", geo, size);
	if (geo->width > FRAME_MAX_SIDE || geo->height > FRAME_MAX_SIDE)
		return frame_refuse(error, "too large", geo, size);
	if (geo->stride < geo->width * format->cpp)
		return frame_refuse(error, "lines overlap", geo, size);
	if ((uint64_t)geo->stride * geo->height > size)
		return frame_refuse(error, "larger than its buffer", geo, size);
	return true;
}

static bool frame_error(GError **error, const char *what, int err)
{
	g_set_error(error, G_IO_ERROR, g_io_error_from_errno(err), "%s: %s",
		    what, g_strerror(err));
	return false;
}

/* fdinfo of a dma-buf has a line "exp_name:\tNAME". */
static void frame_read_exporter(struct frame *frame)
{
	char path[64], line[128];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", frame->fd);
	file = fopen(path, "re");
	if (!file)
		return;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "exp_name: %31s", frame->exporter) == 1)
			break;
	fclose(file);
}

static bool frame_map(struct frame *frame, int fd,
		      const struct pixel_format *format,
		      const struct frame_geometry *geo, GError **error)
{
	off_t size = lseek(fd, 0, SEEK_END);
	struct stat st;
	void *data;

	if (size < 0 || fstat(fd, &st))
		return frame_error(error, "size of the dma-buf", errno);
	if (!frame_check(format, geo, size, error))
		return false;
	data = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (data == MAP_FAILED)
		return frame_error(error, "mmap of the dma-buf", errno);

	frame->format = format;
	frame->geo = *geo;
	frame->data = data;
	frame->size = size;
	frame->fd = fd;
	frame->inode = st.st_ino;
	frame_read_exporter(frame);
	return true;
}

bool frame_set_dmabuf(struct frame *frame, int fd, uint32_t fourcc,
		      const struct frame_geometry *geo, GError **error)
{
	const struct pixel_format *format = pixel_by_fourcc(fourcc);
	char name[5];

	frame_clear(frame);
	if (!format) {
		pixel_name(fourcc, name);
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
			    "unknown pixel format '%s' (0x%08x)", name, fourcc);
	} else if (geo->modifier) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
			    "not a linear buffer, modifier 0x%" G_GINT64_MODIFIER "x",
			    geo->modifier);
	} else if (frame_map(frame, fd, format, geo, error)) {
		return true;
	}
	close(fd);
	return false;
}

static const struct pixel_format *frame_pixman(uint32_t pixman, GError **error)
{
	const struct pixel_format *format = pixel_by_pixman(pixman);

	if (!format)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
			    "unknown pixman format 0x%08x", pixman);
	return format;
}

bool frame_set_memory(struct frame *frame, uint32_t pixman,
		      const struct frame_geometry *geo,
		      const void *data, size_t size, GError **error)
{
	const struct pixel_format *format;

	frame_clear(frame);
	format = frame_pixman(pixman, error);
	if (!format || !frame_check(format, geo, size, error))
		return false;
	frame->format = format;
	frame->geo = *geo;
	frame->data = g_memdup2(data, size);
	frame->size = size;
	return true;
}

bool frame_update_memory(struct frame *frame, int x, int y, uint32_t pixman,
			 const struct frame_geometry *geo,
			 const void *data, size_t size, GError **error)
{
	const struct pixel_format *format = frame_pixman(pixman, error);
	const uint8_t *src = data;
	uint8_t *dst;

	if (!format || !frame_check(format, geo, size, error))
		return false;
	if (format != frame->format || frame->fd >= 0 || x < 0 || y < 0 ||
	    (uint64_t)x + geo->width > frame->geo.width ||
	    (uint64_t)y + geo->height > frame->geo.height)
		return frame_refuse(error, "does not fit into the frame", geo,
				    size);

	dst = frame->data + (size_t)y * frame->geo.stride + x * format->cpp;
	for (uint32_t i = 0; i < geo->height; i++) {
		memcpy(dst, src, geo->width * format->cpp);
		dst += frame->geo.stride;
		src += geo->stride;
	}
	return true;
}

static void frame_sync(const struct frame *frame, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags | DMA_BUF_SYNC_READ };

	/* Fails on a memfd (as tests use it), harmless on a revoked buffer. */
	if (frame->fd >= 0)
		while (ioctl(frame->fd, DMA_BUF_IOCTL_SYNC, &sync) &&
		       (errno == EINTR || errno == EAGAIN))
			;
}

static bool frame_read(const struct frame *frame,
		       void (*fn)(const struct frame *frame, void *arg),
		       void *arg, GError **error)
{
	volatile bool read = false;

	if (!frame->format) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
			    "there is no frame");
		return false;
	}

	frame_sync(frame, DMA_BUF_SYNC_START);
	if (!sigsetjmp(bus_env, 1)) {
		bus_guarded = 1;
		fn(frame, arg);
		read = true;
	}
	bus_guarded = 0;
	frame_sync(frame, DMA_BUF_SYNC_END);

	if (!read)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_CLOSED,
			    "the buffer was revoked while it was read");
	return read;
}

static void frame_do_sample(const struct frame *frame, void *arg)
{
	unsigned int cpp = frame->format->cpp;
	uint64_t hash = FNV64_BASIS;

	for (uint32_t y = 0; y < frame->geo.height; y += FRAME_SAMPLE_Y) {
		const uint8_t *line = frame->data +
				      (size_t)y * frame->geo.stride;

		for (uint32_t x = 0; x < frame->geo.width;
		     x += FRAME_SAMPLE_X) {
			uint32_t pixel = 0;

			memcpy(&pixel, line + x * cpp, cpp);
			hash = (hash ^ pixel) * FNV64_PRIME;
		}
	}
	*(uint64_t *)arg = hash;
}

bool frame_sample(const struct frame *frame, uint64_t *hash, GError **error)
{
	return frame_read(frame, frame_do_sample, hash, error);
}

static void frame_do_copy(const struct frame *frame, void *arg)
{
	size_t bytes = (size_t)frame->geo.width * frame->format->cpp;
	uint8_t *dst = arg;

	for (uint32_t y = 0; y < frame->geo.height; y++)
		memcpy(dst + y * bytes,
		       frame->data + (size_t)y * frame->geo.stride, bytes);
}

uint8_t *frame_copy(const struct frame *frame, size_t *size, GError **error)
{
	uint8_t *copy = NULL;

	*size = 0;
	if (frame->format) {
		*size = (size_t)frame->geo.width * frame->geo.height *
			frame->format->cpp;
		copy = g_malloc(*size);
	}
	if (!frame_read(frame, frame_do_copy, copy, error)) {
		g_free(copy);
		return NULL;
	}
	return copy;
}
