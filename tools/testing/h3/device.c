// SPDX-License-Identifier: GPL-2.0-only
/*
 * The DRM device of the DU
 */

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <drm_fourcc.h>

#include "h3-kms.h"

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "h3-kms: ");
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, "\n");
	va_end(ap);
	exit(1);
}

uint32_t property(struct device *dev, uint32_t object, const char *name)
{
	drmModeObjectProperties *props;
	uint32_t id = 0;

	props = drmModeObjectGetProperties(dev->fd, object, DRM_MODE_OBJECT_ANY);
	if (!props)
		die("object %u has no properties", object);
	for (uint32_t i = 0; i < props->count_props && !id; i++) {
		drmModePropertyRes *prop;

		prop = drmModeGetProperty(dev->fd, props->props[i]);
		if (prop && !strcmp(prop->name, name))
			id = prop->prop_id;
		drmModeFreeProperty(prop);
	}
	drmModeFreeObjectProperties(props);
	if (!id)
		die("object %u has no %s", object, name);
	return id;
}

void set(drmModeAtomicReq *req, struct device *dev, uint32_t object,
	 const char *name, uint64_t value)
{
	if (drmModeAtomicAddProperty(req, object, property(dev, object, name),
				     value) < 0)
		die("no memory");
}

void set_mode(drmModeAtomicReq *req, struct device *dev, struct head *head,
	      const drmModeModeInfo *mode)
{
	uint32_t blob;

	if (drmModeCreatePropertyBlob(dev->fd, mode, sizeof(*mode), &blob))
		die("mode blob: %m");
	set(req, dev, head->connector, "CRTC_ID", head->crtc);
	set(req, dev, head->crtc, "MODE_ID", blob);
	set(req, dev, head->crtc, "ACTIVE", 1);
	if (head->mode_blob)
		drmModeDestroyPropertyBlob(dev->fd, head->mode_blob);
	head->mode_blob = blob;
}

void set_off(drmModeAtomicReq *req, struct device *dev, struct head *head)
{
	set(req, dev, head->connector, "CRTC_ID", 0);
	if (head->writeback)
		set(req, dev, head->writeback, "CRTC_ID", 0);
	set(req, dev, head->crtc, "MODE_ID", 0);
	set(req, dev, head->crtc, "ACTIVE", 0);
	for (unsigned int i = 0; i < head->num_planes; i++)
		set_plane(req, dev, head, &head->planes[i], NULL, 0, 0);
}

/* The whole buffer at a place on the screen; without buffer, nothing. */
void set_plane(drmModeAtomicReq *req, struct device *dev, struct head *head,
	       struct plane *plane, const struct buffer *buffer, int x, int y)
{
	uint64_t w = buffer ? buffer->width : 0;
	uint64_t h = buffer ? buffer->height : 0;

	set(req, dev, plane->id, "FB_ID", buffer ? buffer->fb : 0);
	set(req, dev, plane->id, "CRTC_ID", buffer ? head->crtc : 0);
	set(req, dev, plane->id, "SRC_X", 0);
	set(req, dev, plane->id, "SRC_Y", 0);
	set(req, dev, plane->id, "SRC_W", w << 16);
	set(req, dev, plane->id, "SRC_H", h << 16);
	set(req, dev, plane->id, "CRTC_X", (uint64_t)(int64_t)x);
	set(req, dev, plane->id, "CRTC_Y", (uint64_t)(int64_t)y);
	set(req, dev, plane->id, "CRTC_W", w);
	set(req, dev, plane->id, "CRTC_H", h);
}

void commit(struct device *dev, drmModeAtomicReq *req, uint32_t flags,
	    void *data)
{
	int ret = drmModeAtomicCommit(dev->fd, req, flags, data);

	if (ret)
		die("atomic request: %s", strerror(-ret));
	drmModeAtomicFree(req);
}

void buffer_init(struct device *dev, struct buffer *buffer, uint32_t format,
		 int width, int height)
{
	const struct layout *layout = format_layout(format);
	uint32_t handles[4] = { 0 };
	struct drm_mode_create_dumb create = { .bpp = 8, .height = 1 };
	struct drm_mode_map_dumb map = { 0 };
	unsigned int pitch;

	memset(buffer, 0, sizeof(*buffer));
	buffer->format = format;
	buffer->width = width;
	buffer->height = height;
	/* A pitch that is not that of the width, so that both matter */
	pitch = (width * layout->bytes[0] + 63) / 64 * 64 + 64;
	for (unsigned int i = 0; i < layout->planes; i++) {
		buffer->offsets[i] = buffer->size;
		buffer->pitches[i] = pitch;
		if (i)
			buffer->pitches[i] = pitch / layout->hsub *
					     layout->bytes[i];
		buffer->size += (size_t)buffer->pitches[i] *
				(i ? height / (int)layout->vsub : height);
	}
	create.width = buffer->size;
	if (drmIoctl(dev->fd, DRM_IOCTL_MODE_CREATE_DUMB, &create))
		die("buffer of %zu bytes: %m", buffer->size);
	buffer->handle = create.handle;
	for (unsigned int i = 0; i < layout->planes; i++)
		handles[i] = buffer->handle;
	if (drmModeAddFB2(dev->fd, width, height, format, handles,
			  buffer->pitches, buffer->offsets, &buffer->fb, 0))
		die("framebuffer %.4s %dx%d: %m", (char *)&format, width,
		    height);
	map.handle = buffer->handle;
	if (drmIoctl(dev->fd, DRM_IOCTL_MODE_MAP_DUMB, &map))
		die("map: %m");
	buffer->data = mmap(NULL, buffer->size, PROT_READ | PROT_WRITE,
			    MAP_SHARED, dev->fd, map.offset);
	if (buffer->data == MAP_FAILED)
		die("map: %m");
}

void buffer_fini(struct device *dev, struct buffer *buffer)
{
	struct drm_mode_destroy_dumb destroy = { .handle = buffer->handle };

	if (!buffer->fb)
		return;
	munmap(buffer->data, buffer->size);
	drmModeRmFB(dev->fd, buffer->fb);
	drmIoctl(dev->fd, DRM_IOCTL_MODE_DESTROY_DUMB, &destroy);
	memset(buffer, 0, sizeof(*buffer));
}

uint32_t head_wait_fb(struct device *dev, const struct head *head)
{
	for (int i = 0; i < 1000; i++) {
		drmModeCrtc *crtc = drmModeGetCrtc(dev->fd, head->crtc);
		uint32_t fb = crtc ? crtc->buffer_id : 0;

		drmModeFreeCrtc(crtc);
		if (fb)
			return fb;
		usleep(10000);
	}
	die("nothing is shown on head %u", head->index);
}

static bool plane_is_primary(struct device *dev, uint32_t plane)
{
	uint32_t id = property(dev, plane, "type");
	drmModeObjectProperties *props;
	bool primary = false;

	props = drmModeObjectGetProperties(dev->fd, plane,
					   DRM_MODE_OBJECT_PLANE);
	for (uint32_t i = 0; i < props->count_props; i++)
		if (props->props[i] == id)
			primary = props->prop_values[i] ==
				  DRM_PLANE_TYPE_PRIMARY;
	drmModeFreeObjectProperties(props);
	return primary;
}

static void head_add_plane(struct head *head, const drmModePlane *plane,
			   bool first)
{
	struct plane *to;

	if (head->num_planes == PLANES)
		return;
	if (first)
		memmove(head->planes + 1, head->planes,
			head->num_planes * sizeof(*to));
	to = &head->planes[first ? 0 : head->num_planes];
	head->num_planes++;
	to->id = plane->plane_id;
	to->num_formats = plane->count_formats;
	if (to->num_formats > 64)
		to->num_formats = 64;
	memcpy(to->formats, plane->formats, to->num_formats * 4);
}

/*
 * CRTCs on one VSP share its planes: the first of its primary planes belongs to
 * the first of the CRTCs, and so on.
 */
static void device_planes(struct device *dev)
{
	drmModePlaneRes *res = drmModeGetPlaneResources(dev->fd);
	unsigned int primaries[32] = { 0 };

	for (uint32_t i = 0; res && i < res->count_planes; i++) {
		drmModePlane *plane = drmModeGetPlane(dev->fd, res->planes[i]);
		uint32_t crtcs = plane->possible_crtcs;

		if (plane_is_primary(dev, plane->plane_id)) {
			unsigned int skip = primaries[__builtin_ctz(crtcs)]++;

			while (skip--)
				crtcs &= crtcs - 1;
			head_add_plane(&dev->heads[__builtin_ctz(crtcs)], plane,
				       true);
		} else {
			for (unsigned int h = 0; h < HEADS; h++)
				if (crtcs & 1 << h)
					head_add_plane(&dev->heads[h], plane,
						       false);
		}
		drmModeFreePlane(plane);
	}
	drmModeFreePlaneResources(res);
}

/* Connectors are hard-wired; a writeback connector says so by its CRTC, too. */
static void device_connector(struct device *dev, const drmModeConnector *conn)
{
	drmModeEncoder *encoder;
	struct head *head;

	encoder = drmModeGetEncoder(dev->fd, conn->encoders[0]);
	if (!encoder)
		return;
	head = &dev->heads[__builtin_ctz(encoder->possible_crtcs) % HEADS];
	drmModeFreeEncoder(encoder);
	if (conn->connector_type == DRM_MODE_CONNECTOR_WRITEBACK) {
		head->writeback = conn->connector_id;
		return;
	}
	head->connector = conn->connector_id;
	head->present = true;
	head->num_modes = conn->count_modes;
	if (head->num_modes > 64)
		head->num_modes = 64;
	memcpy(head->modes, conn->modes,
	       head->num_modes * sizeof(*conn->modes));
}

static int open_driver(const char *name)
{
	for (int i = 0; i < 8; i++) {
		drmVersion *version;
		char path[32];
		bool found;
		int fd;

		snprintf(path, sizeof(path), "/dev/dri/card%d", i);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			continue;
		version = drmGetVersion(fd);
		found = version && !strcmp(version->name, name);
		drmFreeVersion(version);
		if (found)
			return fd;
		close(fd);
	}
	die("there is no device of the driver %s", name);
}

void device_open(struct device *dev)
{
	drmModeRes *res;

	memset(dev, 0, sizeof(*dev));
	dev->fd = open_driver("rcar-du");
	if (drmSetClientCap(dev->fd, DRM_CLIENT_CAP_ATOMIC, 1) ||
	    drmSetClientCap(dev->fd, DRM_CLIENT_CAP_WRITEBACK_CONNECTORS, 1))
		die("no atomic mode setting");
	res = drmModeGetResources(dev->fd);
	if (!res)
		die("no mode setting");
	for (int i = 0; i < res->count_crtcs && i < HEADS; i++) {
		dev->heads[i].index = i;
		dev->heads[i].crtc = res->crtcs[i];
	}
	for (int i = 0; i < res->count_connectors; i++) {
		drmModeConnector *conn;

		conn = drmModeGetConnector(dev->fd, res->connectors[i]);
		if (conn)
			device_connector(dev, conn);
		drmModeFreeConnector(conn);
	}
	drmModeFreeResources(res);
	device_planes(dev);
}

struct head *device_head(struct device *dev, unsigned int index)
{
	struct head *head = &dev->heads[index];

	if (index >= HEADS || !head->present)
		die("there is no head %u", index);
	if (!head->num_modes || !head->num_planes)
		die("head %u has no modes or no planes", index);
	return head;
}
