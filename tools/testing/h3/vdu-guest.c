// SPDX-License-Identifier: GPL-2.0-only
/*
 * vdu-guest: what a guest does with a mediated device, without a guest
 *
 *   VFIO_GFX_MDEV=UUID vdu-guest WIDTH HEIGHT [RATE]
 *
 * Turns the display on and does what it reads, line by line:
 *
 *   show FILE.ppm X Y	show a picture on the primary plane
 *   overlay FILE.ppm X Y	show a picture on an overlay plane as well
 *   scatter FILE.ppm X Y	show a picture in memory that is not contiguous
 *   flip COUNT		flip between two buffers, each time when the display
 *			says that the one before is shown
 *   poke COUNT		the same, by one register each
 *   spam COUNT		the same, but don't wait for the display
 *   glide COUNT		the same, by shadow plane pages
 *   latency COUNT	the same by registers, each at another time of the frame: how
 *   glide_latency COUNT	long it takes until the panel shows it, in eighths of a frame
 *   combine			draw as if memory was mapped write-combined
 *   unmap			take the memory away
 *   status			print how things are
 *   stop			turn the display off
 *   end			as if there was nothing more to read
 *
 * Each answer is a line "ready ...".
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "vfio_gfx_shadow.h"

#include "h3-kms.h"

#define BUFFERS		3
#define BUFFER_SIZE	(8ull << 20)
#define RAM_SIZE	(32ull << 20)

static struct vfio_gfx_dev gfx;
static struct vfio_gfx_ram ram;
static struct vfio_gfx_timing timing;
static unsigned int next_buffer;
static struct vfio_gfx_plane plane = {
	.fourcc = DRM_FORMAT_XRGB8888,
	.role = RCAR_VDU_ROLE_PRIMARY,
};

static struct vfio_gfx_plane overlay = {
	.page = 1,
	.fourcc = DRM_FORMAT_XRGB8888,
	.role = RCAR_VDU_ROLE_OVERLAY,
};

/* One page of 32 MiB: what has to be fetched is contiguous. */
static void ram_init(void)
{
	void *va = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB | 25 << 26,
			-1, 0);

	if (va == MAP_FAILED)
		die("no page of 32 MiB");
	ram.va = va;
	ram.iova = VFIO_GFX_RAM_IOVA;
	ram.size = RAM_SIZE;
	vfio_gfx_ram_map(&gfx, &ram);
}

/* Reduced blanking, nearly */
static void timing_init(unsigned int width, unsigned int height, double rate)
{
	timing.hdisplay = width;
	timing.hsync_start = width + 48;
	timing.hsync_end = width + 80;
	timing.htotal = width + 160;
	timing.vdisplay = height;
	timing.vsync_start = height + 3;
	timing.vsync_end = height + 9;
	timing.vtotal = height + 30;
	timing.clock = timing.htotal * timing.vtotal * rate;
}

/* Until the frame after this one */
static void wait_vblank(void)
{
	__u32 frame = vfio_gfx_page_read(&gfx, RCAR_VDU_FRAME_COUNT);

	if (!vfio_gfx_poll(&gfx, VFIO_GFX_PAGE, RCAR_VDU_FRAME_COUNT, ~0u,
			   frame, false))
		die("no vertical blank");
}

static void latch(void)
{
	vfio_gfx_begin(&gfx);
	vfio_gfx_plane_write(&gfx, &plane);
	if (overlay.addr)
		vfio_gfx_plane_write(&gfx, &overlay);
	vfio_gfx_priority(&gfx, overlay.addr ? 0x12 : 0x1);
	vfio_gfx_commit(&gfx);
}

static void update(void)
{
	latch();
	wait_vblank();
}

static bool combined;

/*
 * A process can't map memory write-combined. Cleaned at once it is the same to the
 * display.
 */
static void drawn(const __u8 *at, size_t size)
{
	if (!combined)
		return;
#ifdef __aarch64__
	for (size_t i = 0; i < size; i += 64)
		asm volatile("dc cvac, %0" : : "r" (at + i) : "memory");
	asm volatile("dsb sy" : : : "memory");
#else
	die("no way to clean a cache");
#endif
}

static void combine(void)
{
	for (unsigned int i = 0; i < 2; i++)
		vfio_gfx_page_write(&gfx, RCAR_VDU_PLANE(i) +
				    RCAR_VDU_PLANE_MAPPING,
				    RCAR_VDU_MAPPING_WRITE_COMBINED);
	combined = true;
}

static void draw(__u8 *to, const struct picture *picture)
{
	size_t size = (size_t)picture->width * picture->height * 4;

	memcpy(to, picture->pixels, size);
	drawn(to, size);
}

static void show(struct vfio_gfx_plane *on, const char *file, unsigned int x,
		 unsigned int y, __u64 iova, __u8 *va)
{
	struct picture picture;

	picture_load(&picture, file);
	if ((size_t)picture.width * picture.height * 4 > BUFFER_SIZE)
		die("%s is too large", file);
	draw(va, &picture);
	on->addr = iova;
	on->width = picture.width;
	on->height = picture.height;
	on->x = x;
	on->y = y;
	picture_fini(&picture);
	update();
}

static void show_buffer(const char *file, unsigned int x, unsigned int y)
{
	__u64 offset = next_buffer * BUFFER_SIZE;

	next_buffer = (next_buffer + 1) % BUFFERS;
	show(&plane, file, x, y, ram.iova + offset, ram.va + offset);
}

/* Not where flips go to */
static void show_overlay(const char *file, unsigned int x, unsigned int y)
{
	__u64 offset = BUFFERS * BUFFER_SIZE;

	show(&overlay, file, x, y, ram.iova + offset, ram.va + offset);
}

static void show_scattered(const char *file, unsigned int x, unsigned int y)
{
	static struct vfio_gfx_ram other;

	if (!other.va) {
		vfio_gfx_ram_alloc(&other, ram.iova + ram.size, BUFFER_SIZE);
		vfio_gfx_ram_map(&gfx, &other);
	}
	show(&plane, file, x, y, other.iova, other.va);
}

enum how {
	UPDATE,		/* a whole plane, under IUPD */
	POKE,		/* its address */
	SPAM,		/* as UPDATE, without a rest */
	GLIDE,		/* shadow plane pages */
};

static struct vfio_gfx_shadow shadow;

/* What is shown stays. */
static void glide_begin(void)
{
	if (__vfio_gfx_shadow_map(&shadow, &gfx))
		die("no shadow plane pages");
	vfio_gfx_shadow_enable(&shadow, &gfx, 0);
}

static void glide(void)
{
	vfio_gfx_shadow_begin(&shadow);
	vfio_gfx_shadow_point(&shadow, plane.addr);
	vfio_gfx_shadow_commit(&shadow);
	if (!vfio_gfx_shadow_wait(&shadow))
		die("a flip is not shown");
}

static void glide_end(void)
{
	vfio_gfx_page_write(&gfx, RCAR_VDU_SHADOW_CTRL, 0);
	vfio_gfx_shadow_unmap(&shadow);
}

static void flip_once(enum how how)
{
	switch (how) {
	case GLIDE:
		glide();
		break;
	case POKE:
		vfio_gfx_du_write(&gfx, RCAR_VDU_PLANE_PAGE(0) + PnDSA0R,
				  plane.addr);
		wait_vblank();
		break;
	case UPDATE:
		update();
		break;
	case SPAM:
		latch();
		break;
	}
}

/* The address of the buffer that is not shown */
static __u64 other_buffer(void)
{
	return ram.iova + (plane.addr - ram.iova + BUFFER_SIZE) %
	       (2 * BUFFER_SIZE);
}

static void flip_begin(enum how how)
{
	__u8 *other = ram.va + (other_buffer() - ram.iova);

	memcpy(other, ram.va + (plane.addr - ram.iova), BUFFER_SIZE);
	drawn(other, BUFFER_SIZE);
	if (how == GLIDE)
		glide_begin();
	wait_vblank();
}

static void flip_end(enum how how)
{
	if (how == SPAM)
		wait_vblank();
	if (how == GLIDE)
		glide_end();
}

static void flip(unsigned int count, enum how how)
{
	long long shown = __vfio_gfx_stat(&gfx, "scanout_frames");
	__u32 frames;

	flip_begin(how);
	frames = vfio_gfx_page_read(&gfx, RCAR_VDU_FRAME_COUNT);
	for (unsigned int i = 0; i < count; i++) {
		plane.addr = other_buffer();
		flip_once(how);
	}
	flip_end(how);
	frames = vfio_gfx_page_read(&gfx, RCAR_VDU_FRAME_COUNT) - frames;
	printf("ready %u flips in %u frames, %lld shown\n", count, frames,
	       __vfio_gfx_stat(&gfx, "scanout_frames") - shown);
}

/* From that of the guest's clock to that of the device's, at the least */
static __s64 clock_distance = INT64_MAX;

static __s64 now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ll + time.tv_nsec;
}

/* When the last vertical blank was, by the device's clock */
static __s64 frame_time(void)
{
	__u64 low = vfio_gfx_page_read(&gfx, RCAR_VDU_FRAME_TIME_LO);
	__u64 high = vfio_gfx_page_read(&gfx, RCAR_VDU_FRAME_TIME_HI);

	return high << 32 | low;
}

static void clock_look(void)
{
	__s64 distance = now_ns() - frame_time();

	if (distance < clock_distance)
		clock_distance = distance;
}

/* Half of the frames go by before it is known how far the clocks are apart. */
static void latency(unsigned int count, enum how how)
{
	__s64 period = 1000000000ll * timing.htotal * timing.vtotal /
		       timing.clock;
	unsigned int eighths[32] = { }, last = 0;
	__s64 most = 0;

	flip_begin(how);
	for (unsigned int i = 0; i < 2 * count; i++) {
		unsigned int eighth;
		__s64 begin, time;

		wait_vblank();
		clock_look();
		if (i < count)
			continue;
		usleep(rand() % period / 1000);
		plane.addr = other_buffer();
		begin = now_ns();
		flip_once(how);
		time = frame_time() + clock_distance - begin;
		eighth = time < 0 ? 0 : time * 8 / period;
		if (eighth > 31)
			eighth = 31;
		eighths[eighth]++;
		if (eighth > last)
			last = eighth;
		if (time > most)
			most = time;
	}
	flip_end(how);
	printf("ready %u flips, %lld us at the most, frames of %lld us, eighths",
	       count, most / 1000, period / 1000);
	for (unsigned int i = 0; i <= last; i++)
		printf(" %u", eighths[i]);
	printf("\n");
}

static void status(void)
{
	printf("ready planes %u error %u frames %u latches %u copied %lld "
	       "pins %lld shown %lld refused %lld head 0x%x\n",
	       vfio_gfx_page_read(&gfx, RCAR_VDU_NUM_PLANES),
	       vfio_gfx_page_read(&gfx, RCAR_VDU_PLANE(0) +
					RCAR_VDU_PLANE_ERROR),
	       vfio_gfx_page_read(&gfx, RCAR_VDU_FRAME_COUNT),
	       vfio_gfx_page_read(&gfx, RCAR_VDU_LATCH_COUNT),
	       __vfio_gfx_stat(&gfx, "bytes_copied"),
	       __vfio_gfx_stat(&gfx, "pins"),
	       __vfio_gfx_stat(&gfx, "scanout_frames"),
	       __vfio_gfx_stat(&gfx, "scanout_refused"),
	       vfio_gfx_page_read(&gfx, RCAR_VDU_HEAD_STATUS));
}

static void command(char *line)
{
	char file[200];
	unsigned int x, y;

	if (sscanf(line, "show %199s %u %u", file, &x, &y) == 3) {
		show_buffer(file, x, y);
		status();
	} else if (sscanf(line, "overlay %199s %u %u", file, &x, &y) == 3) {
		show_overlay(file, x, y);
		status();
	} else if (sscanf(line, "scatter %199s %u %u", file, &x, &y) == 3) {
		show_scattered(file, x, y);
		status();
	} else if (sscanf(line, "flip %u", &x) == 1) {
		flip(x, UPDATE);
	} else if (sscanf(line, "poke %u", &x) == 1) {
		flip(x, POKE);
	} else if (sscanf(line, "spam %u", &x) == 1) {
		flip(x, SPAM);
	} else if (sscanf(line, "glide %u", &x) == 1) {
		flip(x, GLIDE);
	} else if (sscanf(line, "latency %u", &x) == 1) {
		latency(x, UPDATE);
	} else if (sscanf(line, "glide_latency %u", &x) == 1) {
		latency(x, GLIDE);
	} else if (!strncmp(line, "combine", 7)) {
		combine();
		status();
	} else if (!strncmp(line, "unmap", 5)) {
		vfio_gfx_ram_unmap(&gfx, &ram);
		status();
	} else if (!strncmp(line, "status", 6)) {
		status();
	} else if (!strncmp(line, "stop", 4)) {
		vfio_gfx_stop(&gfx);
		status();
	} else {
		die("what is %s", line);
	}
	fflush(stdout);
}

int main(int argc, char **argv)
{
	const char *missing;
	char line[256];

	if (argc < 3)
		die("usage: vdu-guest WIDTH HEIGHT [RATE]");
	missing = vfio_gfx_open(&gfx, VFIO_GFX_CDEV);
	if (missing)
		die("no %s", missing);
	ram_init();
	timing_init(atoi(argv[1]), atoi(argv[2]), argc > 3 ? atof(argv[3]) : 60);
	vfio_gfx_timing(&gfx, &timing);
	vfio_gfx_start(&gfx);
	wait_vblank();
	status();
	fflush(stdout);

	while (fgets(line, sizeof(line), stdin) && strncmp(line, "end", 3))
		command(line);
	vfio_gfx_close(&gfx);
	return 0;
}
