// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks of vdu-view that need no QEMU, in TAP: frames with honest and with
 * hostile geometry. A memfd stands in for the dma-buf.
 */

#include <fcntl.h>
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "frame.h"
#include "image.h"

#define XR24 FOURCC('X', 'R', '2', '4')
#define RG16 FOURCC('R', 'G', '1', '6')

static unsigned int tests, failures;

static void check(bool good, const char *what)
{
	tests++;
	failures += !good;
	printf("%sok %u - %s\n", good ? "" : "not ", tests, what);
}

static int new_buffer(size_t size)
{
	int fd = memfd_create("check", MFD_CLOEXEC);
	uint8_t *map;

	if (ftruncate(fd, size))
		return -1;
	if (!size)
		return fd;
	map = mmap(NULL, size, PROT_WRITE, MAP_SHARED, fd, 0);
	for (size_t i = 0; i < size; i++)
		map[i] = i * 7;
	munmap(map, size);
	return fd;
}

static void check_copy(void)
{
	struct frame_geometry geo = { .width = 3, .height = 2, .stride = 16 };
	static const uint8_t rgb[] = { 14, 7, 0, 42, 35, 28, 70, 63, 56 };

	g_autofree uint8_t *copy = NULL;
	uint8_t line[9];
	struct frame frame;
	size_t size;

	frame_init(&frame);
	check(frame_set_dmabuf(&frame, new_buffer(32), XR24, &geo, NULL),
	      "a good buffer is taken");
	copy = frame_copy(&frame, &size, NULL);
	check(copy && size == 24 && copy[12] == 112,
	      "padding is left out of the copy");
	pixel_by_fourcc(XR24)->to_rgb(copy, line, 3);
	check(!memcmp(line, rgb, sizeof(rgb)), "XR24 is converted to RGB");
	frame_clear(&frame);
}

static void check_sample(void)
{
	struct frame_geometry geo = { .width = 64, .height = 64, .stride = 128 };
	uint64_t before, after;
	struct frame frame;
	uint8_t *map;
	int fd;

	frame_init(&frame);
	fd = new_buffer(128 * 64);
	map = mmap(NULL, 128 * 64, PROT_WRITE, MAP_SHARED, fd, 0);
	frame_set_dmabuf(&frame, fd, RG16, &geo, NULL);
	frame_sample(&frame, &before, NULL);
	map[128 * 32 + 16] ^= 1;
	frame_sample(&frame, &after, NULL);
	check(before != after, "a change on the grid changes the hash");
	munmap(map, 128 * 64);
	frame_clear(&frame);
}

static void check_revoked(void)
{
	struct frame_geometry geo = { .width = 64, .height = 64, .stride = 256 };

	g_autoptr(GError) error = NULL;
	struct frame frame;
	uint64_t hash;
	size_t size;

	frame_init(&frame);
	frame_set_dmabuf(&frame, new_buffer(256 * 64), XR24, &geo, NULL);
	if (ftruncate(frame.fd, 0))
		return;
	check(!frame_sample(&frame, &hash, &error) && error &&
	      error->code == G_IO_ERROR_CLOSED,
	      "a buffer whose pages went away is an error");
	check(!frame_copy(&frame, &size, NULL), "also when copied");
	frame_clear(&frame);
	check(!frame_copy(&frame, &size, NULL), "no frame, no copy");
}

static const struct {
	const char *what;
	size_t size;
	uint32_t fourcc;
	struct frame_geometry geo;
} hostile[] = {
	{ "one line too many", 4096, XR24, { 64, 17, 256, 0 } },
	{ "zero width", 4096, XR24, { 0, 16, 256, 0 } },
	{ "zero height", 4096, XR24, { 64, 0, 256, 0 } },
	{ "zero stride", 4096, XR24, { 64, 16, 0, 0 } },
	{ "stride below width", 4096, XR24, { 64, 16, 252, 0 } },
	{ "width * cpp wraps", 4096, XR24, { 0x40000000, 1, 4096, 0 } },
	{ "stride * height wraps", 4096, XR24, { 1, 4, 0x40000000, 0 } },
	{ "everything is huge", 4096, XR24, { -1, -1, -1, 0 } },
	{ "unknown fourcc", 4096, FOURCC('N', 'O', 'P', 'E'), { 64, 16, 256, 0 } },
	{ "fourcc 0", 4096, 0, { 64, 16, 256, 0 } },
	{ "tiled", 4096, XR24, { 64, 16, 256, 1 } },
	{ "empty buffer", 0, XR24, { 64, 16, 256, 0 } },
};

static void check_hostile(void)
{
	struct frame frame;

	frame_init(&frame);
	for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *what =
			g_strdup_printf("refused: %s", hostile[i].what);
		bool taken = frame_set_dmabuf(&frame,
					      new_buffer(hostile[i].size),
					      hostile[i].fourcc,
					      &hostile[i].geo, &error);

		check(!taken && error && !frame.format, what);
	}
	check(!frame_set_dmabuf(&frame, open("/dev/null", 0), XR24,
				&hostile[0].geo, NULL),
	      "refused: not a dma-buf");
	frame_clear(&frame);
}

static void check_memory(void)
{
	struct frame_geometry geo = { .width = 4, .height = 4, .stride = 16 };
	struct frame_geometry part = { .width = 2, .height = 2, .stride = 8 };
	uint8_t pixels[64] = { 0 }, patch[16];
	struct frame frame;

	frame_init(&frame);
	memset(patch, 1, sizeof(patch));
	check(frame_set_memory(&frame, 0x20020888, &geo, pixels, 64, NULL),
	      "a frame in memory is taken");
	check(frame_update_memory(&frame, 2, 2, 0x20020888, &part, patch, 16,
				  NULL) && frame.data[63] == 1 &&
	      !frame.data[39], "a part of it is replaced");
	check(!frame_update_memory(&frame, 3, 2, 0x20020888, &part, patch, 16,
				   NULL), "refused: a part outside of it");
	check(!frame_update_memory(&frame, -1, 0, 0x20020888, &part, patch, 16,
				   NULL), "refused: a negative place");
	check(!frame_update_memory(&frame, 0, 0, 0x20020888, &part, patch, 15,
				   NULL), "refused: a part with data missing");
	check(!frame_set_memory(&frame, 0x20020888, &geo, pixels, 63, NULL),
	      "refused: a frame with data missing");
	frame_clear(&frame);
}

int main(void)
{
	puts("TAP version 13");
	check_copy();
	check_sample();
	check_revoked();
	check_hostile();
	check_memory();
	printf("1..%u\n", tests);
	return failures ? 1 : 0;
}
