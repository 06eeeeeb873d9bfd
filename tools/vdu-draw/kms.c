// SPDX-License-Identifier: GPL-2.0-only
/*
 * A CRTC, its mode, its buffers and its page flips
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>

#include "kms.h"

#define KMS_FLIP_TIMEOUT_MS 10000

static int kms_error(const char *what)
{
	fprintf(stderr, "vdu-draw: %s: %s\n", what, strerror(errno));
	return -1;
}

static int kms_fail(const char *what)
{
	fprintf(stderr, "vdu-draw: %s\n", what);
	return -1;
}

static bool kms_is_driver(int fd, const char *driver)
{
	drmVersionPtr version = drmGetVersion(fd);
	bool is = version && !strcmp(version->name, driver);

	drmFreeVersion(version);
	return is;
}

static int kms_open_driver(const char *driver)
{
	char path[32];

	for (int i = 0; i < 16; i++) {
		int fd;

		snprintf(path, sizeof(path), "/dev/dri/card%d", i);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (kms_is_driver(fd, driver))
			return fd;
		close(fd);
	}
	fprintf(stderr, "vdu-draw: no /dev/dri/card* of driver %s\n", driver);
	return -1;
}

static int kms_find_crtc(struct kms *kms, drmModeRes *res,
			 drmModeConnector *connector)
{
	for (int i = 0; i < connector->count_encoders; i++) {
		drmModeEncoder *encoder =
			drmModeGetEncoder(kms->fd, connector->encoders[i]);
		uint32_t possible = encoder ? encoder->possible_crtcs : 0;

		drmModeFreeEncoder(encoder);
		for (int j = 0; j < res->count_crtcs; j++)
			if (possible >> j & 1) {
				kms->crtc = res->crtcs[j];
				return j;
			}
	}
	return kms_fail("the connector has no CRTC");
}

/* Returns the index of the CRTC. */
static int kms_find_display(struct kms *kms)
{
	drmModeRes *res = drmModeGetResources(kms->fd);
	int index = -1;

	if (!res)
		return kms_error("resources of the device");
	for (int i = 0; i < res->count_connectors && !kms->connector; i++) {
		drmModeConnector *connector =
			drmModeGetConnector(kms->fd, res->connectors[i]);

		if (connector && connector->connection == DRM_MODE_CONNECTED) {
			kms->connector = connector->connector_id;
			index = kms_find_crtc(kms, res, connector);
		}
		drmModeFreeConnector(connector);
	}
	drmModeFreeResources(res);
	return kms->connector ? index : kms_fail("no connected display");
}

uint32_t kms_find_property(struct kms *kms, uint32_t object, uint32_t type,
			   const char *name, uint64_t *value)
{
	drmModeObjectProperties *props =
		drmModeObjectGetProperties(kms->fd, object, type);
	uint32_t id = 0;

	for (uint32_t i = 0; props && i < props->count_props; i++) {
		drmModePropertyRes *prop =
			drmModeGetProperty(kms->fd, props->props[i]);

		if (prop && !strcmp(prop->name, name)) {
			id = prop->prop_id;
			*value = props->prop_values[i];
		}
		drmModeFreeProperty(prop);
	}
	drmModeFreeObjectProperties(props);
	return id;
}

static int kms_find_plane(struct kms *kms, int crtc_index)
{
	drmModePlaneRes *res = drmModeGetPlaneResources(kms->fd);

	if (!res)
		return kms_error("planes of the device");
	for (uint32_t i = 0; i < res->count_planes && !kms->plane; i++) {
		drmModePlane *plane = drmModeGetPlane(kms->fd, res->planes[i]);
		uint64_t type = -1;

		if (plane && plane->possible_crtcs >> crtc_index & 1) {
			kms_find_property(kms, plane->plane_id,
					  DRM_MODE_OBJECT_PLANE, "type", &type);
			if (type == DRM_PLANE_TYPE_PRIMARY)
				kms->plane = plane->plane_id;
		}
		drmModeFreePlane(plane);
	}
	drmModeFreePlaneResources(res);
	return kms->plane ? 0 : kms_fail("the CRTC has no primary plane");
}

static int kms_setup_atomic(struct kms *kms, int crtc_index)
{
	uint64_t value;

	if (drmSetClientCap(kms->fd, DRM_CLIENT_CAP_ATOMIC, 1))
		return kms_error("atomic mode setting");
	if (kms_find_plane(kms, crtc_index))
		return -1;
	kms->prop_fb = kms_find_property(kms, kms->plane, DRM_MODE_OBJECT_PLANE,
					 "FB_ID", &value);
	return kms->prop_fb ? 0 : kms_fail("the plane has no FB_ID");
}

int kms_open(struct kms *kms, const char *driver, bool atomic)
{
	int index;

	memset(kms, 0, sizeof(*kms));
	kms->atomic = atomic;
	kms->fd = kms_open_driver(driver);
	if (kms->fd < 0)
		return -1;
	index = kms_find_display(kms);
	if (index < 0)
		return -1;
	return atomic ? kms_setup_atomic(kms, index) : 0;
}

static bool kms_mode_fits(const drmModeModeInfo *mode,
			  const struct kms_want *want)
{
	if (want->width &&
	    (mode->hdisplay != want->width || mode->vdisplay != want->height))
		return false;
	return !want->refresh || (int)mode->vrefresh == want->refresh;
}

static void kms_print_modes(const drmModeConnector *connector)
{
	fputs("vdu-draw: no such mode, there are", stderr);
	for (int i = 0; i < connector->count_modes; i++)
		fprintf(stderr, " %dx%d@%d", connector->modes[i].hdisplay,
			connector->modes[i].vdisplay,
			connector->modes[i].vrefresh);
	fputc('\n', stderr);
}

int kms_pick_mode(struct kms *kms, const struct kms_want *want)
{
	drmModeConnector *connector =
		drmModeGetConnector(kms->fd, kms->connector);
	const drmModeModeInfo *found = NULL;

	if (!connector)
		return kms_error("connector");
	for (int i = 0; i < connector->count_modes; i++) {
		const drmModeModeInfo *mode = &connector->modes[i];

		if (!kms_mode_fits(mode, want))
			continue;
		if (!found || (mode->type & DRM_MODE_TYPE_PREFERRED &&
			       !(found->type & DRM_MODE_TYPE_PREFERRED)))
			found = mode;
	}
	if (found)
		kms->mode = *found;
	else
		kms_print_modes(connector);
	drmModeFreeConnector(connector);
	return found ? 0 : -1;
}

static uint8_t *kms_map(struct kms *kms, uint32_t handle, uint64_t size)
{
	uint64_t offset;
	void *map;

	if (drmModeMapDumbBuffer(kms->fd, handle, &offset)) {
		kms_error("offset of a buffer");
		return NULL;
	}
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, kms->fd,
		   offset);
	if (map == MAP_FAILED) {
		kms_error("mmap of a buffer");
		return NULL;
	}
	return map;
}

/* Both planes of a two-plane format are in one buffer, one after the other. */
int kms_create_buffer(struct kms *kms, const struct format *format,
		      int width, int height, struct kms_buffer *buffer)
{
	uint32_t handles[4] = { 0 }, pitches[4] = { 0 }, offsets[4] = { 0 };
	int lines = height;
	uint32_t handle;
	uint64_t size;
	uint8_t *map;

	if (format->planes > 1)
		lines += format_plane_lines(format, 1, height);
	if (drmModeCreateDumbBuffer(kms->fd, width, lines, 8 * format->cpp[0],
				    0, &handle, pitches, &size))
		return kms_error("a buffer");
	map = kms_map(kms, handle, size);
	if (!map)
		return -1;
	for (int i = 0; i < format->planes; i++) {
		handles[i] = handle;
		pitches[i] = pitches[0];
		offsets[i] = i * pitches[0] * height;
		buffer->target.data[i] = map + offsets[i];
		buffer->target.pitch[i] = pitches[i];
	}
	if (drmModeAddFB2(kms->fd, width, height, format_fourcc(format),
			  handles, pitches, offsets, &buffer->fb, 0))
		return kms_error("a framebuffer of that format");
	return 0;
}

int kms_show(struct kms *kms, const struct kms_buffer *buffer)
{
	if (drmModeSetCrtc(kms->fd, kms->crtc, buffer->fb, 0, 0,
			   &kms->connector, 1, &kms->mode))
		return kms_error("mode setting");
	return 0;
}

static int kms_flip_atomic(struct kms *kms, const struct kms_buffer *buffer)
{
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	int ret = -1;

	if (req && drmModeAtomicAddProperty(req, kms->plane, kms->prop_fb,
					    buffer->fb) > 0)
		ret = drmModeAtomicCommit(kms->fd, req,
					  DRM_MODE_PAGE_FLIP_EVENT |
					  DRM_MODE_ATOMIC_NONBLOCK, NULL);
	drmModeAtomicFree(req);
	return ret;
}

int kms_flip(struct kms *kms, const struct kms_buffer *buffer)
{
	int ret;

	if (kms->atomic)
		ret = kms_flip_atomic(kms, buffer);
	else
		ret = drmModePageFlip(kms->fd, kms->crtc, buffer->fb,
				      DRM_MODE_PAGE_FLIP_EVENT, NULL);
	return ret ? kms_error("page flip") : 0;
}

int kms_wait_flip(struct kms *kms, struct kms_event *event)
{
	struct pollfd pollfd = { .fd = kms->fd, .events = POLLIN };
	struct drm_event_vblank vblank;
	int ret;

	do {
		ret = poll(&pollfd, 1, KMS_FLIP_TIMEOUT_MS);
	} while (ret < 0 && errno == EINTR);
	if (ret < 0)
		return kms_error("poll");
	if (!ret)
		return kms_fail("a page flip was never reported done");
	/* One flip is pending at a time, so one event comes. */
	if (read(kms->fd, &vblank, sizeof(vblank)) != sizeof(vblank) ||
	    vblank.base.type != DRM_EVENT_FLIP_COMPLETE)
		return kms_fail("unexpected event of the device");
	event->sequence = vblank.sequence;
	event->seconds = vblank.tv_sec + vblank.tv_usec / 1e6;
	return 0;
}
