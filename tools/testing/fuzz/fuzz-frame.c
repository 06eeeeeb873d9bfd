// SPDX-License-Identifier: GPL-2.0-only
/*
 * Planes: from any latch to a frame, and what is small of it composed
 *
 * A plane without an error keeps to the limits, and the memory that it says it needs
 * is all that is read of it.
 */

#include <drm/drm_fourcc.h>

#include "fuzz.h"
#include "kernel-api.h"
#include "rcar_du_mdev_compose.h"
#include "rcar_du_mdev_frame.h"

/* Of what is composed. */
#define MAX_BYTES	8192
#define MAX_LINES	12
#define MAX_PIXELS	160

/* Registers of a plane page that the input has. */
#define PAGE_WORDS	(offsetof(struct rcar_du_mdev_plane_regs, blend) / 4 + 1)

static const struct shape {
	u32 format;
	u8 num_planes, cpp, hsub, vsub;
	bool alpha;
} shapes[] = {
	{ DRM_FORMAT_RGB565, 1, 2, 1, 1 },
	{ DRM_FORMAT_ARGB1555, 1, 2, 1, 1, true },
	{ DRM_FORMAT_XRGB1555, 1, 2, 1, 1 },
	{ DRM_FORMAT_XRGB8888, 1, 4, 1, 1 },
	{ DRM_FORMAT_ARGB8888, 1, 4, 1, 1, true },
	{ DRM_FORMAT_UYVY, 1, 2, 2, 1 },
	{ DRM_FORMAT_YUYV, 1, 2, 2, 1 },
	{ DRM_FORMAT_NV12, 2, 1, 2, 2 },
	{ DRM_FORMAT_NV21, 2, 1, 2, 2 },
	{ DRM_FORMAT_NV16, 2, 1, 2, 1 },
};

static const struct shape *find_shape(u32 format)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		if (shapes[i].format == format)
			return &shapes[i];
	}
	must(!"a format of the VDU");

	return NULL;
}

/* @latch was not masked: a page is what the input says. */
static void take_latch(struct input *in, struct rcar_du_mdev_latch *latch)
{
	u8 flags = take8(in);
	unsigned int i, j;

	memset(latch, 0, sizeof(*latch));
	latch->on = !(flags & 1);
	latch->interlaced = flags & 2;
	latch->num_planes = (flags >> 2) % RCAR_VDU_NUM_PLANE_PAGES + 1;
	latch->dspr = take32(in);
	latch->width = take16(in) & 0x1fff;
	latch->height = take16(in) & 0x1fff;
	for (i = 0; i < ARRAY_SIZE(latch->planes); i++) {
		u32 *words = (u32 *)&latch->planes[i];

		for (j = 0; j < PAGE_WORDS && in->size; j++)
			words[j] = take32(in);
		/* Where the addresses end, which a fuzzer does not guess. */
		if (flags & 0x80) {
			latch->planes[i].addr_hi = 0xfffff;
			latch->planes[i].dsa0r |= 0xffffff00;
		}
	}
}

/* -----------------------------------------------------------------------------
 * Frames
 */

static void check_memory(const struct rcar_du_mdev_plane *plane,
			 const struct shape *shape, unsigned int i)
{
	u64 lines = i ? DIV_ROUND_UP(plane->height, shape->vsub) : plane->height;
	u64 width = ALIGN(plane->width, shape->hsub);
	u64 last = plane->addr[i] + plane->size[i] - 1;

	must(plane->pitch[i] % shape->cpp == 0);
	must(plane->pitch[i] <= RCAR_DU_MDEV_MAX_PITCH * shape->cpp);
	must(width * shape->cpp <= plane->pitch[i]);
	must_equal(plane->size[i],
		   (lines - 1) * plane->pitch[i] + width * shape->cpp);
	/* The largest framebuffer region: layout.h */
	must(plane->size[i] <= 32 << 20);
	must_equal(plane->addr[i] % shape->cpp, 0);
	must(last >= plane->addr[i]);
	must_equal(last >> RCAR_DU_MDEV_ADDR_BITS, 0);
}

static void check_plane(const struct rcar_du_mdev_plane *plane,
			const struct rcar_du_mdev_plane_regs *page)
{
	const struct shape *shape;
	unsigned int i;

	must(plane->error <= RCAR_VDU_ERROR_PRIORITY);
	must(plane->role <= DRM_PLANE_TYPE_CURSOR);
	must_equal(plane->hot_x, page->hot_x);
	must_equal(plane->hot_y, page->hot_y);
	if (plane->error)
		return;

	shape = find_shape(plane->format);
	must_equal(plane->num_planes, shape->num_planes);
	must(plane->width && plane->width <= RCAR_DU_MDEV_MAX_WIDTH);
	must(plane->height && plane->height <= RCAR_DU_MDEV_MAX_HEIGHT);
	must_equal(plane->width, page->dsxr);
	must_equal(plane->height, page->dsyr);
	must((page->spxr & PnSPXY_MASK) + ALIGN(plane->width, shape->hsub) <=
	     page->mwr);
	must(plane->x <= PnDSXY_MASK && plane->y <= PnDSXY_MASK);
	must(plane->blend <= DRM_MODE_BLEND_PIXEL_NONE);
	must(shape->alpha || plane->blend == DRM_MODE_BLEND_PIXEL_NONE);
	for (i = 0; i < plane->num_planes; i++)
		check_memory(plane, shape, i);
	must(!rcar_du_mdev_plane_is_simple(plane) ||
	     (plane->num_planes == 1 && plane->addr[0] % PAGE_SIZE == 0));
}

static void check_find(const struct rcar_du_mdev_frame *frame)
{
	const struct rcar_du_mdev_plane *plane;
	u32 role;

	for (role = 0; role <= DRM_PLANE_TYPE_CURSOR; role++) {
		plane = rcar_du_mdev_frame_find(frame, role);
		if (!plane)
			continue;
		must(plane >= frame->planes &&
		     plane < frame->planes + frame->num_planes);
		must(plane->role == role && !plane->error);
	}
}

static void check_frame(const struct rcar_du_mdev_latch *latch,
			const struct rcar_du_mdev_frame *frame)
{
	u32 shown = 0;
	unsigned int i;

	must_equal(frame->on, latch->on);
	must(frame->num_planes <= RCAR_VDU_NUM_PLANE_PAGES);
	must(latch->on || !frame->num_planes);
	for (i = 0; i < frame->num_planes; i++) {
		const struct rcar_du_mdev_plane *plane = &frame->planes[i];

		must(plane->index < RCAR_VDU_NUM_PLANE_PAGES);
		must_equal(plane->zpos, i);
		check_plane(plane, &latch->planes[plane->index]);
		if (plane->error)
			continue;
		/* No page is shown twice, and none that the device has not. */
		must(plane->index < latch->num_planes && !latch->interlaced);
		must(!(shown & BIT(plane->index)));
		shown |= BIT(plane->index);
	}
	check_find(frame);
}

/* -----------------------------------------------------------------------------
 * Pictures
 */

/* Gives the planes memory. Returns how many are small enough. */
static unsigned int make_layers(const struct rcar_du_mdev_frame *frame,
				struct rcar_du_mdev_layer *layers,
				const struct input *rest)
{
	unsigned int i, j, count = 0;

	for (i = 0; i < frame->num_planes; i++) {
		const struct rcar_du_mdev_plane *plane = &frame->planes[i];

		if (plane->error || plane->size[0] > MAX_BYTES)
			continue;
		layers[count].plane = plane;
		for (j = 0; j < plane->num_planes; j++)
			layers[count].pixels[j] =
				guest_new(plane->size[j], plane->addr[j] % 16,
					  rest->data, rest->size);
		count++;
	}

	return count;
}

/* A plane covers the pixel. */
static bool covered(const struct rcar_du_mdev_layer *layers, unsigned int count,
		    u32 x, u32 y)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		const struct rcar_du_mdev_plane *plane = layers[i].plane;

		if (x - plane->x < plane->width && y - plane->y < plane->height)
			return true;
	}

	return false;
}

/* A narrower display shows the same pixels; its line has room for no more. */
static void check_narrow(const struct rcar_du_mdev_layer *layers,
			 unsigned int count, u32 y, const u32 *line, u32 width)
{
	u32 *narrow = malloc(width * sizeof(*narrow));
	u32 *scratch = malloc(width * sizeof(*scratch));

	rcar_du_mdev_compose_line(layers, count, y, narrow, scratch, width);
	must(!memcmp(line, narrow, width * sizeof(*line)));
	free(scratch);
	free(narrow);
}

static void compose(const struct rcar_du_mdev_frame *frame,
		    const struct rcar_du_mdev_layer *layers, unsigned int count)
{
	u32 width = min_t(u32, frame->width, MAX_PIXELS);
	u32 *line = malloc(width * sizeof(*line));
	u32 *scratch = malloc(width * sizeof(*scratch));
	u32 y, x, crc = 0;

	for (y = 0; y < min_t(u32, frame->height, MAX_LINES); y++) {
		rcar_du_mdev_compose_line(layers, count, y, line, scratch, width);
		for (x = 0; x < width; x++) {
			must_equal(line[x] >> 24, 0xff);
			if (!covered(layers, count, x, y))
				must_equal(line[x], 0xff000000);
		}
		check_narrow(layers, count, y, line, width / 3);
		crc = rcar_du_mdev_compose_crc(crc, line, width);
	}
	must(crc || !frame->height || !width);
	free(scratch);
	free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rcar_du_mdev_layer layers[RCAR_VDU_NUM_PLANE_PAGES] = {};
	struct input in = { data, size };
	struct rcar_du_mdev_latch latch;
	struct rcar_du_mdev_frame frame;
	unsigned int count;

	take_latch(&in, &latch);
	memset(&frame, 0xa5, sizeof(frame));
	rcar_du_mdev_frame_decode(&latch, &frame);
	check_frame(&latch, &frame);

	if (!in.size)
		in = (struct input){ data, size };
	count = make_layers(&frame, layers, &in);
	compose(&frame, layers, count);
	guest_free_all();

	return 0;
}
