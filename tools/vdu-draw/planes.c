// SPDX-License-Identifier: GPL-2.0-only
/*
 * Overlays and the cursor, over what the primary plane shows
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xf86drm.h>

#include "planes.h"
#include "scene.h"

#ifndef DRM_CLIENT_CAP_CURSOR_PLANE_HOTSPOT
#define DRM_CLIENT_CAP_CURSOR_PLANE_HOTSPOT 6
#endif

static int planes_parse_option(const char *text, struct plane_want *want)
{
	if (!strcmp(text, "cursor"))
		want->cursor = true;
	else if (sscanf(text, "hot=%d+%d", &want->hot_x, &want->hot_y) != 2 &&
		 sscanf(text, "zpos=%d", &want->zpos) != 1 &&
		 sscanf(text, "alpha=%d", &want->alpha) != 1 &&
		 sscanf(text, "blend=%15s", want->blend) != 1)
		return -1;
	return 0;
}

int planes_parse(const char *text, struct plane_want *want)
{
	char copy[128], name[5], *option;

	*want = (struct plane_want){ .zpos = -1, .alpha = -1 };
	snprintf(copy, sizeof(copy), "%s", text);
	option = strtok(copy, ",");
	if (!option || sscanf(option, "%4[A-Z0-9]:%dx%d%d%d", name,
			      &want->width, &want->height, &want->x,
			      &want->y) != 5)
		return -1;
	if (want->width <= 0 || want->height <= 0)
		return -1;
	want->format = format_by_name(name);
	while ((option = strtok(NULL, ",")))
		if (planes_parse_option(option, want))
			return -1;
	return want->format ? 0 : -1;
}

static int planes_draw(const struct plane_want *want,
		       const struct kms_buffer *buffer, const char *path)
{
	struct rect all = { 0, 0, want->width, want->height };
	struct canvas canvas;
	FILE *file;
	int ret;

	if (canvas_init(&canvas, want->width, want->height))
		return -1;
	scene_pattern.background(&canvas);
	format_encode(want->format, &canvas, all, &buffer->target);
	canvas_fini(&canvas);
	if (!path)
		return 0;
	file = fopen(path, "wb");
	ret = file ? format_dump(want->format, &buffer->target, want->width,
				 want->height, file) : -1;
	if (ret)
		perror(path);
	if (file)
		fclose(file);
	return ret;
}

struct planes_property {
	const char *name;
	uint64_t value;
	bool wanted;
};

/* The value of an enumeration's name. */
static uint64_t planes_blend(struct kms *kms, uint32_t plane, const char *name)
{
	uint64_t value = UINT64_MAX, now;
	drmModePropertyRes *prop;

	prop = drmModeGetProperty(kms->fd,
				  kms_find_property(kms, plane,
						    DRM_MODE_OBJECT_PLANE,
						    "pixel blend mode", &now));
	for (int i = 0; prop && i < prop->count_enums; i++)
		if (!strcmp(prop->enums[i].name, name))
			value = prop->enums[i].value;
	drmModeFreeProperty(prop);
	return value;
}

static int planes_set(struct kms *kms, drmModeAtomicReq *req, uint32_t object,
		      uint32_t type, const char *name, uint64_t value)
{
	uint64_t now;
	uint32_t id = kms_find_property(kms, object, type, name, &now);

	if (id && drmModeAtomicAddProperty(req, object, id, value) >= 0)
		return 0;
	fprintf(stderr, "vdu-draw: there is no %s\n", name);
	return -1;
}

static int planes_add(struct kms *kms, drmModeAtomicReq *req, uint32_t plane,
		      const struct plane_want *want, uint32_t fb)
{
	const struct planes_property props[] = {
		{ "FB_ID", fb, true },
		{ "CRTC_ID", kms->crtc, true },
		{ "SRC_X", 0, true },
		{ "SRC_Y", 0, true },
		{ "SRC_W", (uint64_t)want->width << 16, true },
		{ "SRC_H", (uint64_t)want->height << 16, true },
		{ "CRTC_X", want->x, true },
		{ "CRTC_Y", want->y, true },
		{ "CRTC_W", want->width, true },
		{ "CRTC_H", want->height, true },
		{ "HOTSPOT_X", want->hot_x, want->cursor },
		{ "HOTSPOT_Y", want->hot_y, want->cursor },
		{ "zpos", want->zpos, want->zpos >= 0 },
		{ "alpha", want->alpha, want->alpha >= 0 },
		{ "pixel blend mode", planes_blend(kms, plane, want->blend),
		  want->blend[0] },
	};

	for (size_t i = 0; i < sizeof(props) / sizeof(props[0]); i++)
		if (props[i].wanted &&
		    planes_set(kms, req, plane, DRM_MODE_OBJECT_PLANE,
			       props[i].name, props[i].value))
			return -1;
	return 0;
}

/* The next plane of the type after those that are used. */
static uint32_t planes_pick(struct kms *kms, const drmModePlaneRes *res,
			    bool cursor, unsigned int *next)
{
	while (*next < res->count_planes) {
		uint32_t plane = res->planes[(*next)++];
		uint64_t type = 0;

		kms_find_property(kms, plane, DRM_MODE_OBJECT_PLANE, "type",
				  &type);
		if (type == (cursor ? DRM_PLANE_TYPE_CURSOR :
				      DRM_PLANE_TYPE_OVERLAY))
			return plane;
	}
	fprintf(stderr, "vdu-draw: there is no such plane any more\n");
	return 0;
}

static int planes_add_all(struct kms *kms, drmModeAtomicReq *req,
			  const drmModePlaneRes *res,
			  const struct plane_want *wants, unsigned int count,
			  const char *dump)
{
	unsigned int next[2] = { 0, 0 };

	for (unsigned int i = 0; i < count; i++) {
		const struct plane_want *want = &wants[i];
		struct kms_buffer buffer;
		char path[256];
		uint32_t plane;

		snprintf(path, sizeof(path), "%s.%u", dump, i);
		plane = planes_pick(kms, res, want->cursor,
				    &next[want->cursor]);
		if (!plane ||
		    kms_create_buffer(kms, want->format, want->width,
				      want->height, &buffer) ||
		    planes_draw(want, &buffer, dump ? path : NULL) ||
		    planes_add(kms, req, plane, want, buffer.fb))
			return -1;
	}
	return 0;
}

int planes_show(struct kms *kms, const struct plane_want *wants,
		unsigned int count, const char *dump)
{
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	drmModePlaneRes *res;
	int ret = -1;

	/* Cursors are hidden from who doesn't know of hotspots. */
	drmSetClientCap(kms->fd, DRM_CLIENT_CAP_ATOMIC, 1);
	drmSetClientCap(kms->fd, DRM_CLIENT_CAP_CURSOR_PLANE_HOTSPOT, 1);
	res = drmModeGetPlaneResources(kms->fd);
	if (req && res &&
	    !planes_add_all(kms, req, res, wants, count, dump)) {
		ret = drmModeAtomicCommit(kms->fd, req, 0, NULL);
		if (ret)
			perror("vdu-draw: planes");
	}
	drmModeFreePlaneResources(res);
	drmModeAtomicFree(req);
	return ret;
}

static int planes_add_hidden(struct kms *kms, drmModeAtomicReq *req,
			     const drmModePlaneRes *res, bool active)
{
	for (uint32_t i = 0; i < res->count_planes; i++)
		if (planes_set(kms, req, res->planes[i], DRM_MODE_OBJECT_PLANE,
			       "FB_ID", 0) ||
		    planes_set(kms, req, res->planes[i], DRM_MODE_OBJECT_PLANE,
			       "CRTC_ID", 0))
			return -1;
	return planes_set(kms, req, kms->crtc, DRM_MODE_OBJECT_CRTC, "ACTIVE",
			  active);
}

static int planes_commit_hidden(struct kms *kms, const drmModePlaneRes *res,
				bool active)
{
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	int ret = -1;

	if (req && !planes_add_hidden(kms, req, res, active)) {
		ret = drmModeAtomicCommit(kms->fd, req,
					  DRM_MODE_ATOMIC_ALLOW_MODESET, NULL);
		if (ret)
			perror("vdu-draw: no planes");
	}
	drmModeAtomicFree(req);
	return ret;
}

int planes_hide(struct kms *kms)
{
	drmModePlaneRes *res;
	int ret = -1;

	drmSetClientCap(kms->fd, DRM_CLIENT_CAP_ATOMIC, 1);
	res = drmModeGetPlaneResources(kms->fd);
	if (res && !planes_commit_hidden(kms, res, false))
		ret = planes_commit_hidden(kms, res, true);
	drmModeFreePlaneResources(res);
	return ret;
}
