// SPDX-License-Identifier: GPL-2.0-only
/*
 * h3-kms: what the tests of the H3 machine do with KMS
 *
 *   h3-kms list
 *   h3-kms pattern PREFIX HEAD...
 *   h3-kms telltale PREFIX HEAD		a pattern, and an overlay above all
 *   h3-kms overlay PREFIX HEAD SEED...	RGB only up to seed 4
 *   h3-kms share PREFIX			heads 0 and 3, on one VSPD
 *   h3-kms layers PREFIX HEAD SEED...	of a DU that has no VSP
 *   h3-kms formats PREFIX HEAD
 *   h3-kms writeback PREFIX HEAD
 *   h3-kms overwrite PREFIX HEAD OTHER	what somebody else shows on OTHER
 *   h3-kms flip SECONDS HEAD...
 *   h3-kms modeset COUNT HEAD...
 *   h3-kms compare A.ppm B.ppm [TOLERANCE]
 *   h3-kms draw SEED WIDTH HEIGHT OUT.ppm
 *   h3-kms convert FORMAT WIDTH HEIGHT RAW OUT.ppm	without gaps, one plane
 *   h3-kms compose OUT.ppm BASE.ppm [LAYER.ppm X Y ALPHA]...
 *
 * What must be seen goes to PREFIX.HEAD.ppm; then "ready ..." is printed, and
 * the picture stays until a line is read.
 */

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <drm_fourcc.h>

#include "h3-kms.h"

static struct device dev;

static void hold(const char *what)
{
	char line[16];

	printf("ready %s\n", what);
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		exit(0);
}

static void save(const struct picture *picture, const char *prefix,
		 unsigned int head)
{
	char path[256];

	snprintf(path, sizeof(path), "%s.%u.ppm", prefix, head);
	picture_save(picture, path);
}

static double mode_hz(const drmModeModeInfo *mode)
{
	return mode->clock * 1000.0 / (mode->htotal * mode->vtotal);
}

static int cmd_list(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	for (unsigned int i = 0; i < HEADS; i++) {
		struct head *head = &dev.heads[i];

		if (!head->present)
			continue;
		printf("head %u crtc %u connector %u writeback %u planes", i,
		       head->crtc, head->connector, head->writeback);
		for (unsigned int j = 0; j < head->num_planes; j++)
			printf(" %u", head->planes[j].id);
		printf(" modes %u", head->num_modes);
		if (head->num_modes)
			printf(" %s %.3f", head->modes[0].name,
			       mode_hz(&head->modes[0]));
		printf("\n");
	}
	return 0;
}

/*
 * Heads that an earlier user left on take part in what follows: those on one
 * VSPD share its planes and blenders.
 */
static void all_off(void)
{
	drmModeAtomicReq *req = drmModeAtomicAlloc();

	for (unsigned int i = 0; i < HEADS; i++)
		if (dev.heads[i].present)
			set_off(req, &dev, &dev.heads[i]);
	commit(&dev, req, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL);
}

/* The head's first mode, with a pattern on its primary plane */
static void show_pattern(drmModeAtomicReq *req, struct head *head,
			 struct buffer *buffer, struct picture *picture)
{
	const drmModeModeInfo *mode = &head->modes[0];

	picture_init(picture, mode->hdisplay, mode->vdisplay);
	picture_pattern(picture, head->index);
	buffer_init(&dev, buffer, DRM_FORMAT_XRGB8888, mode->hdisplay,
		    mode->vdisplay);
	buffer_picture(buffer, picture);
	set_mode(req, &dev, head, mode);
	set_plane(req, &dev, head, &head->planes[0], buffer, 0, 0);
}

static int cmd_pattern(int argc, char **argv)
{
	struct picture pictures[HEADS];
	struct buffer buffers[HEADS];
	drmModeAtomicReq *req = drmModeAtomicAlloc();

	for (int i = 1; i < argc; i++) {
		struct head *head = device_head(&dev, number(argv[i]));

		show_pattern(req, head, &buffers[i - 1], &pictures[i - 1]);
		save(&pictures[i - 1], argv[0], head->index);
	}
	commit(&dev, req, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL);
	hold("pattern");
	return 0;
}

/* The last plane, on top of whatever others show on the head */
static int cmd_telltale(int argc, char **argv)
{
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	struct head *head = device_head(&dev, number(argv[1]));
	struct layer layer = {
		.plane = &head->planes[head->num_planes - 1],
		.x = 16,
		.y = 16,
		.zpos = head->num_planes - 1,
		.alpha = 0xffff,
		.blend = BLEND_COVERAGE,
	};
	struct picture picture, telltale;
	struct buffer buffer;

	(void)argc;
	show_pattern(req, head, &buffer, &picture);
	save(&picture, argv[0], head->index);
	picture_init(&telltale, 64, 32);
	picture_pattern(&telltale, 99);
	buffer_init(&dev, &layer.buffer, DRM_FORMAT_XRGB8888, 64, 32);
	buffer_picture(&layer.buffer, &telltale);
	layer_set(req, &dev, head, &layer);
	commit(&dev, req, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL);
	hold("telltale");
	return 0;
}

/*
 * YUV pictures have even sizes and places: the driver rounds what it shows of
 * them, subsampled or not, and drops what is over.
 */
static void random_layer(struct layer *layer, struct random *random,
			 const drmModeModeInfo *mode, bool rgb_only)
{
	const struct plane *plane = layer->plane;
	int width = 16 + random_below(random, 240);
	int height = 16 + random_below(random, 200);
	const struct layout *layout;
	unsigned int grid;
	uint32_t format;

	do {
		format = plane->formats[random_below(random,
						     plane->num_formats)];
		layout = format_layout(format);
	} while (rgb_only && layout->yuv);
	grid = layout->yuv ? 2 : 1;
	layer->x = random_below(random, mode->hdisplay - width);
	layer->y = random_below(random, mode->vdisplay - height);
	if (grid == 1 && random_below(random, 4) == 0)
		layer->x -= mode->hdisplay / 2;
	layer->x = layer->x / (int)grid * (int)grid;
	layer->y = layer->y / (int)grid * (int)grid;
	layer->blend = random_below(random, 3);
	layer->alpha = random_below(random, 3) ? random_below(random, 65536) :
						 65535;
	/* See blend() in layers.c. */
	if (layer->blend == BLEND_PREMULTIPLIED && !layout->alpha)
		layer->blend = BLEND_COVERAGE;
	if (layer->blend == BLEND_NONE)
		layer->alpha = 65535;
	buffer_init(&dev, &layer->buffer, format, width / grid * grid,
		    height / grid * grid);
	buffer_random(&layer->buffer, random);
}

/* A full-screen pattern at the bottom, or a small one anywhere over black */
static void primary_layer(struct layer *layer, unsigned int seed,
			  const drmModeModeInfo *mode)
{
	int width = seed % 2 ? mode->hdisplay / 2 : mode->hdisplay;
	int height = seed % 2 ? mode->vdisplay / 2 : mode->vdisplay;
	struct picture picture;

	picture_init(&picture, width, height);
	picture_pattern(&picture, seed);
	buffer_init(&dev, &layer->buffer, DRM_FORMAT_XRGB8888, width, height);
	buffer_picture(&layer->buffer, &picture);
	picture_fini(&picture);
	layer->blend = BLEND_NONE;
	layer->alpha = 65535;
	layer->x = seed % 2 * 77;
	layer->y = seed % 2 * 55;
}

static void shuffle_zpos(struct layer *layers, unsigned int count,
			 struct random *random, bool first_below)
{
	for (unsigned int i = 0; i < count; i++)
		layers[i].zpos = i;
	for (unsigned int i = count - 1; i > first_below; i--) {
		unsigned int j = first_below +
				 random_below(random, i + 1 - first_below);
		unsigned int zpos = layers[i].zpos;

		layers[i].zpos = layers[j].zpos;
		layers[j].zpos = zpos;
	}
}

static void show_overlays(struct head *head, unsigned int seed,
			  struct layer *layers, const char *prefix, bool modeset)
{
	const drmModeModeInfo *mode = &head->modes[0];
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	struct random random = { .state = seed * 2654435761u + 1 };
	unsigned int count = head->num_planes;
	struct picture picture;

	for (unsigned int i = 0; i < count; i++) {
		layers[i].plane = &head->planes[i];
		if (i)
			random_layer(&layers[i], &random, mode, seed <= 4);
		else
			primary_layer(&layers[i], seed, mode);
	}
	shuffle_zpos(layers, count, &random, seed % 2 == 0);
	if (modeset)
		set_mode(req, &dev, head, mode);
	for (unsigned int i = 0; i < count; i++) {
		layer_set(req, &dev, head, &layers[i]);
		fprintf(stderr, "seed %u: %.4s %dx%d%+d%+d zpos %u alpha %u blend %u\n",
			seed, (char *)&layers[i].buffer.format,
			layers[i].buffer.width, layers[i].buffer.height,
			layers[i].x, layers[i].y, layers[i].zpos,
			layers[i].alpha >> 8, layers[i].blend);
	}
	commit(&dev, req, modeset ? DRM_MODE_ATOMIC_ALLOW_MODESET : 0, NULL);
	picture_init(&picture, mode->hdisplay, mode->vdisplay);
	layers_compose(layers, count, &picture);
	save(&picture, prefix, head->index);
	picture_fini(&picture);
}

/* The primary plane and @count overlays from @first on; no other overlay */
static void show_share(struct head *head, unsigned int first,
		       unsigned int count, struct random *random,
		       const char *prefix, bool modeset)
{
	const drmModeModeInfo *mode = &head->modes[0];
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	struct layer layers[PLANES] = { { .plane = &head->planes[0] } };
	static struct plane *in_use[HEADS][PLANES];
	struct picture picture;

	primary_layer(&layers[0], head->index * 2, mode);
	for (unsigned int i = 0; i < PLANES; i++) {
		if (in_use[head->index][i])
			set_plane(req, &dev, head, in_use[head->index][i], NULL,
				  0, 0);
		in_use[head->index][i] = NULL;
	}
	for (unsigned int i = 1; i <= count; i++) {
		layers[i].plane = &head->planes[first + i - 1];
		layers[i].zpos = i;
		in_use[head->index][i] = layers[i].plane;
		random_layer(&layers[i], random, mode, true);
	}
	if (modeset)
		set_mode(req, &dev, head, mode);
	for (unsigned int i = 0; i <= count; i++)
		layer_set(req, &dev, head, &layers[i]);
	commit(&dev, req, modeset ? DRM_MODE_ATOMIC_ALLOW_MODESET : 0, NULL);
	picture_init(&picture, mode->hdisplay, mode->vdisplay);
	layers_compose(layers, count + 1, &picture);
	save(&picture, prefix, head->index);
	picture_fini(&picture);
}

/*
 * Without a VSP there are no blend modes, and the plane's alpha acts on XRGB1555
 * only. All overlays overlap; that with alpha in its pixels begins outside.
 */
static void show_layers(struct head *head, unsigned int seed,
			struct layer *layers, const char *prefix, bool modeset)
{
	static const uint32_t formats[] = {
		DRM_FORMAT_XRGB8888, DRM_FORMAT_XRGB1555, DRM_FORMAT_ARGB8888,
		DRM_FORMAT_RGB565,
	};
	static const int places[][2] = { {}, { 90, 70 }, { -30, -25 }, { 150, 20 } };
	const drmModeModeInfo *mode = &head->modes[0];
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	struct random random = { .state = seed * 2654435761u + 1 };
	struct picture picture;

	primary_layer(&layers[0], 0, mode);
	layers[0].plane = &head->planes[0];
	set_plane(req, &dev, head, layers[0].plane, &layers[0].buffer, 0, 0);
	if (modeset)
		set_mode(req, &dev, head, mode);
	for (unsigned int i = 1; i < 4; i++) {
		struct layer *layer = &layers[i];

		buffer_init(&dev, &layer->buffer, formats[i], 233, 177);
		buffer_random(&layer->buffer, &random);
		layer->plane = &head->planes[i];
		layer->x = places[i][0] + (int)seed;
		layer->y = places[i][1];
		layer->zpos = 1 + (i + seed) % 3;
		layer->blend = BLEND_COVERAGE;
		layer->alpha = i == 1 ? random_below(&random, 65536) : 65535;
		set_plane(req, &dev, head, layer->plane, &layer->buffer,
			  layer->x, layer->y);
		set(req, &dev, layer->plane->id, "zpos", layer->zpos);
		set(req, &dev, layer->plane->id, "alpha", layer->alpha);
	}
	commit(&dev, req, modeset ? DRM_MODE_ATOMIC_ALLOW_MODESET : 0, NULL);
	picture_init(&picture, mode->hdisplay, mode->vdisplay);
	layers_compose(layers, 4, &picture);
	save(&picture, prefix, head->index);
	picture_fini(&picture);
}

static int show_each(int argc, char **argv,
		     void (*draw)(struct head *head, unsigned int seed,
				  struct layer *layers, const char *prefix,
				  bool modeset))
{
	struct head *head = device_head(&dev, number(argv[1]));
	struct layer old[PLANES], new[PLANES];

	for (int i = 2; i < argc; i++) {
		memset(new, 0, sizeof(new));
		draw(head, number(argv[i]), new, argv[0], i == 2);
		for (unsigned int j = 0; i > 2 && j < PLANES; j++)
			buffer_fini(&dev, &old[j].buffer);
		memcpy(old, new, sizeof(old));
		hold(argv[i]);
	}
	return 0;
}

static int cmd_overlay(int argc, char **argv)
{
	return show_each(argc, argv, show_overlays);
}

static int cmd_layers(int argc, char **argv)
{
	return show_each(argc, argv, show_layers);
}

/*
 * Heads 0 and 3 share the three overlays of VSPD0, and its blenders: who shows
 * more than two planes needs the BRU, and the other one has to give it away.
 */
static int cmd_share(int argc, char **argv)
{
	static const unsigned int of_head0[] = { 3, 0, 1, 2, 0, 3 };
	struct head *heads[2] = { device_head(&dev, 0), device_head(&dev, 3) };
	struct random random = { .state = 7 };

	(void)argc;
	for (unsigned int i = 0; i < 2; i++)
		show_share(heads[i], 0, 0, &random, argv[0], true);
	for (unsigned int round = 0; round < 6; round++) {
		unsigned int count = of_head0[round];

		for (unsigned int i = 0; i < 2; i++)
			show_share(heads[i], 0, 0, &random, argv[0], false);
		show_share(heads[0], 1, count, &random, argv[0], false);
		show_share(heads[1], 1 + count, 3 - count, &random, argv[0],
			   false);
		hold("share");
	}
	return 0;
}

/* Each format of an overlay, over a pattern */
static int cmd_formats(int argc, char **argv)
{
	struct head *head = device_head(&dev, number(argv[argc - 1]));
	struct layer layers[2] = { { .plane = &head->planes[0] } };
	const drmModeModeInfo *mode = &head->modes[0];
	struct plane *plane = &head->planes[1];

	primary_layer(&layers[0], 0, mode);
	for (unsigned int i = 0; i < plane->num_formats; i++) {
		struct random random = { .state = i + 1 };
		drmModeAtomicReq *req = drmModeAtomicAlloc();
		struct buffer buffer;
		struct picture picture;
		char name[5] = { 0 };

		buffer_init(&dev, &buffer, plane->formats[i], 256, 128);
		buffer_random(&buffer, &random);
		layers[1] = (struct layer) {
			.buffer = buffer, .plane = plane, .x = 100, .y = 60,
			.zpos = 1, .alpha = 65535, .blend = BLEND_COVERAGE,
		};
		if (!i)
			set_mode(req, &dev, head, mode);
		layer_set(req, &dev, head, &layers[0]);
		layer_set(req, &dev, head, &layers[1]);
		commit(&dev, req, i ? 0 : DRM_MODE_ATOMIC_ALLOW_MODESET, NULL);
		picture_init(&picture, mode->hdisplay, mode->vdisplay);
		layers_compose(layers, 2, &picture);
		save(&picture, argv[0], head->index);
		picture_fini(&picture);
		memcpy(name, &plane->formats[i], 4);
		hold(name);
	}
	return 0;
}

static void wait_fence(int fence)
{
	struct pollfd pfd = { .fd = fence, .events = POLLIN };

	if (fence < 0 || poll(&pfd, 1, 5000) != 1)
		die("the write back does not end");
	close(fence);
}

/*
 * The writeback connector is alone on the CRTC, as rcar-du leaves its encoder out of the
 * possible clones of the others, and the kernel checks that since 6.12.
 */
static void write_back(struct head *head, uint32_t fb, uint32_t flags)
{
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	int32_t fence = -1;

	set(req, &dev, head->connector, "CRTC_ID", 0);
	set(req, &dev, head->writeback, "CRTC_ID", head->crtc);
	set(req, &dev, head->writeback, "WRITEBACK_FB_ID", fb);
	set(req, &dev, head->writeback, "WRITEBACK_OUT_FENCE_PTR",
	    (uintptr_t)&fence);
	commit(&dev, req, flags, NULL);
	wait_fence(fence);
}

/* The head shows a picture, which the display writes to the buffer. */
static void write_picture(struct head *head, struct layer *layers,
			  const char *prefix, struct buffer *target)
{
	const drmModeModeInfo *mode = &head->modes[0];

	if (!head->writeback)
		die("head %u has no writeback connector", head->index);
	show_overlays(head, 42, layers, prefix, true);
	buffer_init(&dev, target, DRM_FORMAT_XRGB8888, mode->hdisplay,
		    mode->vdisplay);
	/* The first time is a mode set, the second none. */
	for (int i = 0; i < 2; i++) {
		memset(target->data, 0, target->size);
		write_back(head, target->fb,
			   i ? 0 : DRM_MODE_ATOMIC_ALLOW_MODESET);
	}
}

/* The display writes what it shows: that is what must be seen. */
static int cmd_writeback(int argc, char **argv)
{
	struct head *head = device_head(&dev, number(argv[argc - 1]));
	struct layer layers[PLANES] = { 0 };
	struct picture picture;
	struct buffer target;

	write_picture(head, layers, argv[0], &target);
	buffer_read(&target, &picture);
	save(&picture, argv[0], head->index);
	hold("writeback");
	return 0;
}

/* The display writes to what it shows on another head. */
static int cmd_overwrite(int argc, char **argv)
{
	struct head *head = device_head(&dev, number(argv[argc - 2]));
	struct head *other = device_head(&dev, number(argv[argc - 1]));
	struct layer layers[PLANES] = { 0 };
	struct picture picture;
	struct buffer target;

	write_picture(head, layers, argv[0], &target);
	buffer_read(&target, &picture);
	save(&picture, argv[0], other->index);
	write_back(head, head_wait_fb(&dev, other), 0);
	hold("overwrite");
	return 0;
}

/* --- flips ---------------------------------------------------------------- */

struct flipper {
	struct head *head;
	struct buffer buffers[2];
	uint32_t fb_property;
	unsigned int flips, missed, current;
	uint32_t sequence;
	double first, last;
	double shortest, longest;
};

static void flip(struct flipper *f)
{
	drmModeAtomicReq *req = drmModeAtomicAlloc();

	f->current = !f->current;
	drmModeAtomicAddProperty(req, f->head->planes[0].id, f->fb_property,
				 f->buffers[f->current].fb);
	commit(&dev, req, DRM_MODE_ATOMIC_NONBLOCK | DRM_MODE_PAGE_FLIP_EVENT,
	       f);
}

static double flip_end;

static void flipped(int fd, unsigned int sequence, unsigned int s,
		    unsigned int us, unsigned int crtc, void *data)
{
	struct flipper *f = data;
	double now = s + us / 1e6;
	double step = now - f->last;

	(void)fd;
	(void)crtc;
	if (!f->flips) {
		f->first = now;
	} else {
		f->missed += sequence - f->sequence - 1;
		if (f->flips == 1 || step < f->shortest)
			f->shortest = step;
		if (step > f->longest)
			f->longest = step;
	}
	f->flips++;
	f->sequence = sequence;
	f->last = now;
	if (now < flip_end)
		flip(f);
}

static bool flip_report(const struct flipper *f)
{
	double hz = (f->flips - 1) / (f->last - f->first);
	double want = mode_hz(&f->head->modes[0]);

	printf("head %u: %u flips, %.3f Hz (mode %.3f), %u missed, %.2f to %.2f ms\n",
	       f->head->index, f->flips, hz, want, f->missed,
	       f->shortest * 1000, f->longest * 1000);
	return !f->missed && hz > want * 0.99 && hz < want * 1.01;
}

static int cmd_flip(int argc, char **argv)
{
	struct flipper flippers[HEADS] = { 0 };
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	drmEventContext events = {
		.version = 3,
		.page_flip_handler2 = flipped,
	};
	struct pollfd pfd = { .fd = dev.fd, .events = POLLIN };
	struct timespec now;
	int status = 0;

	for (int i = 1; i < argc; i++) {
		struct flipper *f = &flippers[i - 1];
		struct picture picture;

		f->head = device_head(&dev, number(argv[i]));
		f->fb_property = property(&dev, f->head->planes[0].id, "FB_ID");
		show_pattern(req, f->head, &f->buffers[0], &picture);
		picture_fini(&picture);
		buffer_init(&dev, &f->buffers[1], DRM_FORMAT_XRGB8888,
			    f->head->modes[0].hdisplay,
			    f->head->modes[0].vdisplay);
	}
	commit(&dev, req, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL);
	clock_gettime(CLOCK_MONOTONIC, &now);
	flip_end = now.tv_sec + now.tv_nsec / 1e9 + number(argv[0]);
	for (int i = 1; i < argc; i++)
		flip(&flippers[i - 1]);
	while (clock_gettime(CLOCK_MONOTONIC, &now),
	       now.tv_sec + now.tv_nsec / 1e9 < flip_end + 0.2) {
		if (poll(&pfd, 1, 100) == 1)
			drmHandleEvent(dev.fd, &events);
	}
	for (int i = 1; i < argc; i++)
		if (!flip_report(&flippers[i - 1]))
			status = 1;
	return status;
}

/* --- modes ----------------------------------------------------------------- */

static const drmModeModeInfo *nth_mode(const struct head *head, unsigned int n)
{
	const drmModeModeInfo *mode = &head->modes[n % head->num_modes];

	/* Larger ones take long to draw under emulation and add nothing. */
	return mode->hdisplay <= 1280 ? mode : &head->modes[0];
}

static void modeset_once(struct head *head, unsigned int round)
{
	const drmModeModeInfo *mode = nth_mode(head, round);
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	struct buffer buffer;

	buffer_init(&dev, &buffer, DRM_FORMAT_XRGB8888, mode->hdisplay,
		    mode->vdisplay);
	set_mode(req, &dev, head, mode);
	set_plane(req, &dev, head, &head->planes[0], &buffer, 0, 0);
	commit(&dev, req, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL);
	for (int active = 0; active < 2; active++) {
		req = drmModeAtomicAlloc();
		set(req, &dev, head->crtc, "ACTIVE", active);
		commit(&dev, req, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL);
	}
	req = drmModeAtomicAlloc();
	set_off(req, &dev, head);
	commit(&dev, req, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL);
	buffer_fini(&dev, &buffer);
}

/* Mode on, DPMS off and on, mode off */
static int cmd_modeset(int argc, char **argv)
{
	unsigned int count = number(argv[0]);

	for (unsigned int round = 0; round < count; round++)
		for (int i = 1; i < argc; i++)
			modeset_once(device_head(&dev, number(argv[i])), round);
	printf("%u mode sets on %d heads\n", count, argc - 1);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	int min_args;
	bool without_device;
} commands[] = {
	{ "list", cmd_list, 0, false },
	{ "pattern", cmd_pattern, 2, false },
	{ "telltale", cmd_telltale, 2, false },
	{ "overlay", cmd_overlay, 3, false },
	{ "share", cmd_share, 1, false },
	{ "layers", cmd_layers, 3, false },
	{ "formats", cmd_formats, 2, false },
	{ "writeback", cmd_writeback, 2, false },
	{ "overwrite", cmd_overwrite, 3, false },
	{ "flip", cmd_flip, 2, false },
	{ "modeset", cmd_modeset, 2, false },
	{ "compare", cmd_compare, 2, true },
	{ "draw", cmd_draw, 4, true },
	{ "convert", cmd_convert, 5, true },
	{ "compose", cmd_compose, 2, true },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (argc < 2 || strcmp(argv[1], commands[i].name))
			continue;
		if (argc - 2 < commands[i].min_args)
			break;
		if (!commands[i].without_device)
			device_open(&dev);
		if (commands[i].min_args && !commands[i].without_device)
			all_off();
		return commands[i].run(argc - 2, argv + 2);
	}
	die("usage: see the top of h3-kms.c");
}
