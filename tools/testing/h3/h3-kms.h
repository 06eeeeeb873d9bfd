/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drawing on the heads of an H3 through KMS, and knowing what must be seen
 */

#ifndef H3_KMS_H
#define H3_KMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xf86drm.h>
#include <xf86drmMode.h>

#define HEADS	4
#define PLANES	8	/* of one head */

/* --- device.c: the DRM device ------------------------------------------- */

struct plane {
	uint32_t id;
	uint32_t formats[64];
	unsigned int num_formats;
};

struct head {
	bool present;
	unsigned int index;		/* of the CRTC */
	uint32_t crtc;
	uint32_t connector;
	uint32_t writeback;		/* connector, 0: none */
	drmModeModeInfo modes[64];
	unsigned int num_modes;
	uint32_t mode_blob;
	struct plane planes[PLANES];	/* the primary plane is the first */
	unsigned int num_planes;
};

struct device {
	int fd;
	struct head heads[HEADS];
};

struct buffer {
	uint32_t format;
	int width, height;
	uint32_t fb;
	uint32_t handle;
	uint8_t *data;
	size_t size;
	uint32_t pitches[4], offsets[4];
};

void device_open(struct device *dev);
/* Like KMS, but what cannot be is an error that ends the program. */
struct head *device_head(struct device *dev, unsigned int index);
/* The framebuffer that is on its primary plane, once there is one */
uint32_t head_wait_fb(struct device *dev, const struct head *head);
uint32_t property(struct device *dev, uint32_t object, const char *name);
void set(drmModeAtomicReq *req, struct device *dev, uint32_t object,
	 const char *name, uint64_t value);
void set_mode(drmModeAtomicReq *req, struct device *dev, struct head *head,
	      const drmModeModeInfo *mode);
void set_off(drmModeAtomicReq *req, struct device *dev, struct head *head);
void set_plane(drmModeAtomicReq *req, struct device *dev, struct head *head,
	       struct plane *plane, const struct buffer *buffer, int x, int y);
void commit(struct device *dev, drmModeAtomicReq *req, uint32_t flags,
	    void *data);
void buffer_init(struct device *dev, struct buffer *buffer, uint32_t format,
		 int width, int height);
void buffer_fini(struct device *dev, struct buffer *buffer);
[[gnu::format(printf, 1, 2), noreturn]]
void die(const char *fmt, ...);

/* --- picture.c: pixels --------------------------------------------------- */

/* What a head shows, in XRGB8888 */
struct picture {
	int width, height;
	uint32_t *pixels;
};

struct random {
	uint32_t state;
};

uint32_t random_next(struct random *random);
unsigned int random_below(struct random *random, unsigned int limit);

void picture_init(struct picture *picture, int width, int height);
void picture_fini(struct picture *picture);
void picture_save(const struct picture *picture, const char *path);
void picture_load(struct picture *picture, const char *path);
/* The largest difference of a component */
int pixel_differ(uint32_t a, uint32_t b);
void picture_pattern(struct picture *picture, unsigned int seed);

/* Planes of a format in memory: bytes for each pixel and subsampling */
struct layout {
	uint32_t format;
	unsigned int planes;
	unsigned int bytes[3];
	unsigned int hsub, vsub;
	bool alpha;
	bool yuv;
};

const struct layout *format_layout(uint32_t format);
/* One pixel of memory as ARGB8888, as the display has to understand it */
uint32_t buffer_pixel(const struct buffer *buffer, int x, int y);
void buffer_random(struct buffer *buffer, struct random *random);
void buffer_picture(struct buffer *buffer, const struct picture *picture);
void buffer_read(const struct buffer *buffer, struct picture *picture);

/* --- layers.c: planes over each other ------------------------------------- */

enum blend {
	BLEND_PREMULTIPLIED,
	BLEND_COVERAGE,
	BLEND_NONE,
};

struct layer {
	struct buffer buffer;
	struct plane *plane;
	int x, y;
	unsigned int zpos;
	uint16_t alpha;
	enum blend blend;
};

void layer_set(drmModeAtomicReq *req, struct device *dev, struct head *head,
	       const struct layer *layer);
/* Draws the layers, sorted by zpos, as the VSP blends them. */
void layers_compose(struct layer *layers, unsigned int count,
		    struct picture *picture);

/* --- files.c: commands that need no device -------------------------------- */

unsigned int number(const char *text);
int cmd_compare(int argc, char **argv);
int cmd_draw(int argc, char **argv);
int cmd_convert(int argc, char **argv);
int cmd_compose(int argc, char **argv);

#endif
