// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parent's display seen as any user of its DRM device sees it
 */

#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "internal.h"
#include "vfio_gfx_kms.h"

/* A user without rights */
#define NOBODY	65534

static int kms_ioctl(struct vfio_gfx_kms *kms, unsigned long cmd, void *arg)
{
	return ioctl(kms->fd, cmd, arg) ? -errno : 0;
}

static __u64 ptr(const void *p)
{
	return (uintptr_t)p;
}

/* -----------------------------------------------------------------------------
 * What there is
 */

/* Writeback connectors are not seen unless they are asked for. */
static int find_objects(struct vfio_gfx_kms *kms)
{
	__u32 connectors[VFIO_GFX_KMS_MAX], crtcs[VFIO_GFX_KMS_MAX];
	struct drm_mode_card_res res = {
		.connector_id_ptr = ptr(connectors),
		.count_connectors = VFIO_GFX_KMS_MAX,
		.crtc_id_ptr = ptr(crtcs),
		.count_crtcs = VFIO_GFX_KMS_MAX,
	};
	struct drm_mode_get_plane_res planes = {
		.plane_id_ptr = ptr(kms->planes),
		.count_planes = VFIO_GFX_KMS_MAX,
	};
	int ret;

	ret = kms_ioctl(kms, DRM_IOCTL_MODE_GETRESOURCES, &res);
	if (ret)
		return ret;
	if (!res.count_crtcs || !res.count_connectors)
		return -ENOENT;
	kms->crtc = crtcs[0];
	kms->connector = connectors[0];

	ret = kms_ioctl(kms, DRM_IOCTL_MODE_GETPLANERESOURCES, &planes);
	kms->num_planes = planes.count_planes;
	return ret;
}

static int read_modes(struct vfio_gfx_kms *kms)
{
	struct drm_mode_get_connector connector = {
		.connector_id = kms->connector,
		.modes_ptr = ptr(kms->modes),
		.count_modes = VFIO_GFX_KMS_MAX,
	};
	int ret = kms_ioctl(kms, DRM_IOCTL_MODE_GETCONNECTOR, &connector);

	if (ret)
		return ret;
	if (connector.count_modes > VFIO_GFX_KMS_MAX)
		die("%u modes", connector.count_modes);
	kms->num_modes = connector.count_modes;
	return 0;
}

int __vfio_gfx_kms_open(struct vfio_gfx_kms *kms, const char *driver)
{
	struct drm_set_client_cap cap = {
		.capability = DRM_CLIENT_CAP_ATOMIC,
		.value = 1,
	};
	int ret;

	memset(kms, 0, sizeof(*kms));
	kms->fd = __vfio_gfx_drm_open(driver);
	if (kms->fd < 0)
		return kms->fd;

	/* Also shows all planes and their properties. */
	ret = kms_ioctl(kms, DRM_IOCTL_SET_CLIENT_CAP, &cap);
	if (!ret)
		ret = find_objects(kms);
	if (!ret)
		ret = read_modes(kms);
	if (ret)
		vfio_gfx_kms_close(kms);
	else
		/* Whoever opens it first is. */
		__vfio_gfx_kms_drop_master(kms);
	return ret;
}

void vfio_gfx_kms_close(struct vfio_gfx_kms *kms)
{
	if (kms->fd >= 0)
		close(kms->fd);
	kms->fd = -1;
}

const struct drm_mode_modeinfo *
vfio_gfx_kms_mode(const struct vfio_gfx_kms *kms, unsigned int width,
		  unsigned int height, unsigned int rate)
{
	unsigned int i;

	for (i = 0; i < kms->num_modes; i++) {
		const struct drm_mode_modeinfo *mode = &kms->modes[i];

		if (mode->hdisplay == width && mode->vdisplay == height &&
		    mode->vrefresh == rate)
			return mode;
	}
	return NULL;
}

void vfio_gfx_kms_timing(const struct drm_mode_modeinfo *mode,
			 struct vfio_gfx_timing *timing)
{
	*timing = (struct vfio_gfx_timing) {
		.clock = mode->clock * 1000,
		.hdisplay = mode->hdisplay,
		.hsync_start = mode->hsync_start,
		.hsync_end = mode->hsync_end,
		.htotal = mode->htotal,
		.vdisplay = mode->vdisplay,
		.vsync_start = mode->vsync_start,
		.vsync_end = mode->vsync_end,
		.vtotal = mode->vtotal,
	};
}

/* -----------------------------------------------------------------------------
 * What it shows
 */

/* Returns the value, and the id if it is wanted. */
static __u64 find_prop(struct vfio_gfx_kms *kms, __u32 object, __u32 type,
		       const char *name, __u32 *id)
{
	__u32 ids[VFIO_GFX_KMS_MAX];
	__u64 values[VFIO_GFX_KMS_MAX];
	struct drm_mode_obj_get_properties props = {
		.props_ptr = ptr(ids),
		.prop_values_ptr = ptr(values),
		.count_props = VFIO_GFX_KMS_MAX,
		.obj_id = object,
		.obj_type = type,
	};
	unsigned int i;

	if (kms_ioctl(kms, DRM_IOCTL_MODE_OBJ_GETPROPERTIES, &props))
		die("properties of object %u: %s", object, strerror(errno));

	for (i = 0; i < props.count_props; i++) {
		struct drm_mode_get_property prop = { .prop_id = ids[i] };

		if (kms_ioctl(kms, DRM_IOCTL_MODE_GETPROPERTY, &prop))
			die("property %u: %s", ids[i], strerror(errno));
		if (strcmp(prop.name, name))
			continue;
		if (id)
			*id = ids[i];
		return values[i];
	}
	die("object %u has no %s", object, name);
}

__u64 vfio_gfx_kms_prop(struct vfio_gfx_kms *kms, __u32 object, __u32 type,
			const char *name)
{
	return find_prop(kms, object, type, name, NULL);
}

void vfio_gfx_kms_state(struct vfio_gfx_kms *kms,
			struct vfio_gfx_kms_state *state)
{
	struct drm_mode_crtc crtc = { .crtc_id = kms->crtc };

	if (kms_ioctl(kms, DRM_IOCTL_MODE_GETCRTC, &crtc))
		die("CRTC: %s", strerror(errno));
	memset(state, 0, sizeof(*state));
	state->active = vfio_gfx_kms_prop(kms, kms->crtc, DRM_MODE_OBJECT_CRTC,
					  "ACTIVE");
	if (crtc.mode_valid)
		state->mode = crtc.mode;
	state->fb = crtc.fb_id;
}

__u32 vfio_gfx_kms_plane_fb(struct vfio_gfx_kms *kms, __u32 plane)
{
	struct drm_mode_get_plane info = { .plane_id = plane };

	if (kms_ioctl(kms, DRM_IOCTL_MODE_GETPLANE, &info))
		die("plane %u: %s", plane, strerror(errno));
	return info.fb_id;
}

int __vfio_gfx_kms_fb_size(struct vfio_gfx_kms *kms, __u32 fb,
			   unsigned int *width, unsigned int *height)
{
	struct drm_mode_fb_cmd2 cmd = { .fb_id = fb };
	char path[32];
	int fd, ret;

	/* Masters and root ask for handles, too, which nobody gets of what a guest shows. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", kms->fd);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ioctl(fd, DRM_IOCTL_DROP_MASTER, 0);
	if (seteuid(NOBODY))
		die("seteuid: %s", strerror(errno));
	ret = ioctl(fd, DRM_IOCTL_MODE_GETFB2, &cmd) ? -errno : 0;
	if (seteuid(0))
		die("seteuid: %s", strerror(errno));
	close(fd);
	*width = cmd.width;
	*height = cmd.height;
	return ret;
}

/* -----------------------------------------------------------------------------
 * Waiting
 */

/* What is looked at once more after the time is up */
static bool wait_for(struct vfio_gfx_kms *kms, unsigned int timeout_ms,
		     bool (*done)(const struct vfio_gfx_kms_state *state,
				  __u32 arg),
		     __u32 arg, struct vfio_gfx_kms_state *state)
{
	__u64 end = vfio_gfx_now_ms() + timeout_ms;

	for (;;) {
		bool late = vfio_gfx_now_ms() > end;

		vfio_gfx_kms_state(kms, state);
		if (done(state, arg))
			return true;
		if (late)
			return false;
		vfio_gfx_sleep_ms(5);
	}
}

static bool is_active(const struct vfio_gfx_kms_state *state, __u32 active)
{
	return state->active == active;
}

static bool is_fb(const struct vfio_gfx_kms_state *state, __u32 fb)
{
	return state->fb == fb;
}

static bool is_new_fb(const struct vfio_gfx_kms_state *state, __u32 not_fb)
{
	return state->fb && state->fb != not_fb;
}

bool vfio_gfx_kms_wait_active(struct vfio_gfx_kms *kms, bool active,
			      unsigned int timeout_ms)
{
	struct vfio_gfx_kms_state state;

	return wait_for(kms, timeout_ms, is_active, active, &state);
}

bool vfio_gfx_kms_wait_fb(struct vfio_gfx_kms *kms, __u32 fb,
			  unsigned int timeout_ms)
{
	struct vfio_gfx_kms_state state;

	return wait_for(kms, timeout_ms, is_fb, fb, &state);
}

__u32 vfio_gfx_kms_wait_new_fb(struct vfio_gfx_kms *kms, __u32 not_fb,
			       unsigned int timeout_ms)
{
	struct vfio_gfx_kms_state state;

	return wait_for(kms, timeout_ms, is_new_fb, not_fb, &state) ?
	       state.fb : 0;
}

/* -----------------------------------------------------------------------------
 * What a DRM master does
 */

int __vfio_gfx_kms_set_master(struct vfio_gfx_kms *kms)
{
	return kms_ioctl(kms, DRM_IOCTL_SET_MASTER, NULL);
}

int __vfio_gfx_kms_drop_master(struct vfio_gfx_kms *kms)
{
	return kms_ioctl(kms, DRM_IOCTL_DROP_MASTER, NULL);
}

__u32 vfio_gfx_kms_fb(struct vfio_gfx_kms *kms, unsigned int width,
		      unsigned int height)
{
	struct drm_mode_create_dumb dumb = {
		.width = width,
		.height = height,
		.bpp = 32,
	};
	struct drm_mode_fb_cmd2 cmd = {
		.width = width,
		.height = height,
		.pixel_format = DRM_FORMAT_XRGB8888,
	};

	if (kms_ioctl(kms, DRM_IOCTL_MODE_CREATE_DUMB, &dumb))
		die("dumb buffer: %s", strerror(errno));
	cmd.handles[0] = dumb.handle;
	cmd.pitches[0] = dumb.pitch;
	if (kms_ioctl(kms, DRM_IOCTL_MODE_ADDFB2, &cmd))
		die("framebuffer: %s", strerror(errno));
	return cmd.fb_id;
}

int __vfio_gfx_kms_set_crtc(struct vfio_gfx_kms *kms, __u32 fb,
			    const struct drm_mode_modeinfo *mode)
{
	struct drm_mode_crtc crtc = {
		.crtc_id = kms->crtc,
		.fb_id = fb,
	};

	if (mode) {
		crtc.mode = *mode;
		crtc.mode_valid = 1;
		crtc.set_connectors_ptr = ptr(&kms->connector);
		crtc.count_connectors = 1;
	}
	return kms_ioctl(kms, DRM_IOCTL_MODE_SETCRTC, &crtc);
}

int __vfio_gfx_kms_set_prop(struct vfio_gfx_kms *kms, __u32 object, __u32 type,
			    const char *name, __u64 value)
{
	__u32 count = 1, id;
	struct drm_mode_atomic atomic = {
		.flags = DRM_MODE_ATOMIC_ALLOW_MODESET,
		.count_objs = 1,
		.objs_ptr = ptr(&object),
		.count_props_ptr = ptr(&count),
		.props_ptr = ptr(&id),
		.prop_values_ptr = ptr(&value),
	};

	find_prop(kms, object, type, name, &id);
	return kms_ioctl(kms, DRM_IOCTL_MODE_ATOMIC, &atomic);
}

int __vfio_gfx_kms_import(struct vfio_gfx_kms *kms, int fd, unsigned int width,
			  unsigned int height, __u32 *fb)
{
	struct drm_mode_fb_cmd2 cmd = {
		.width = width,
		.height = height,
		.pixel_format = DRM_FORMAT_XRGB8888,
		.pitches = { width * 4 },
	};
	int ret;

	ret = __vfio_gfx_import(kms->fd, fd, &cmd.handles[0]);
	if (ret)
		return ret;

	ret = kms_ioctl(kms, DRM_IOCTL_MODE_ADDFB2, &cmd);
	/* The framebuffer has a reference of its own. */
	vfio_gfx_release(kms->fd, cmd.handles[0]);
	*fb = cmd.fb_id;
	return ret;
}

/* -----------------------------------------------------------------------------
 * Writeback
 */

/* Returns 0 if there is none. */
static __u32 find_writeback(struct vfio_gfx_kms *kms)
{
	struct drm_set_client_cap cap = {
		.capability = DRM_CLIENT_CAP_WRITEBACK_CONNECTORS,
		.value = 1,
	};
	__u32 connectors[VFIO_GFX_KMS_MAX];
	struct drm_mode_card_res res = {
		.connector_id_ptr = ptr(connectors),
		.count_connectors = VFIO_GFX_KMS_MAX,
	};
	unsigned int i;

	if (kms_ioctl(kms, DRM_IOCTL_SET_CLIENT_CAP, &cap) ||
	    kms_ioctl(kms, DRM_IOCTL_MODE_GETRESOURCES, &res))
		return 0;
	for (i = 0; i < res.count_connectors; i++) {
		struct drm_mode_get_connector connector = {
			.connector_id = connectors[i],
		};

		if (!kms_ioctl(kms, DRM_IOCTL_MODE_GETCONNECTOR, &connector) &&
		    connector.connector_type == DRM_MODE_CONNECTOR_WRITEBACK)
			return connectors[i];
	}
	return 0;
}

static __u32 mode_blob(struct vfio_gfx_kms *kms)
{
	struct drm_mode_create_blob blob = {
		.data = ptr(&kms->modes[0]),
		.length = sizeof(kms->modes[0]),
	};
	struct vfio_gfx_kms_state state;

	vfio_gfx_kms_state(kms, &state);
	if (state.active)
		blob.data = ptr(&state.mode);
	if (kms_ioctl(kms, DRM_IOCTL_MODE_CREATEPROPBLOB, &blob))
		die("blob: %s", strerror(errno));
	return blob.blob_id;
}

/* The clone check of Linux 6.12 wants the writeback connector alone on its CRTC. */
static int commit_write_back(struct vfio_gfx_kms *kms, __u32 writeback,
			     __u32 fb, int *fence)
{
	__u32 objects[] = { kms->crtc, kms->connector, writeback };
	__u32 counts[] = { 2, 1, 3 };
	__u32 props[6];
	__u64 values[] = {
		1, mode_blob(kms), 0, kms->crtc, fb, ptr(fence),
	};
	struct drm_mode_atomic atomic = {
		.flags = DRM_MODE_ATOMIC_ALLOW_MODESET,
		.count_objs = ARRAY_SIZE(objects),
		.objs_ptr = ptr(objects),
		.count_props_ptr = ptr(counts),
		.props_ptr = ptr(props),
		.prop_values_ptr = ptr(values),
	};

	find_prop(kms, kms->crtc, DRM_MODE_OBJECT_CRTC, "ACTIVE", &props[0]);
	find_prop(kms, kms->crtc, DRM_MODE_OBJECT_CRTC, "MODE_ID", &props[1]);
	find_prop(kms, kms->connector, DRM_MODE_OBJECT_CONNECTOR, "CRTC_ID",
		  &props[2]);
	find_prop(kms, writeback, DRM_MODE_OBJECT_CONNECTOR, "CRTC_ID",
		  &props[3]);
	find_prop(kms, writeback, DRM_MODE_OBJECT_CONNECTOR, "WRITEBACK_FB_ID",
		  &props[4]);
	find_prop(kms, writeback, DRM_MODE_OBJECT_CONNECTOR,
		  "WRITEBACK_OUT_FENCE_PTR", &props[5]);
	return kms_ioctl(kms, DRM_IOCTL_MODE_ATOMIC, &atomic);
}

static int end_write_back(struct vfio_gfx_kms *kms, __u32 writeback)
{
	__u32 objects[] = { kms->connector, writeback };
	__u32 counts[] = { 1, 1 };
	__u32 props[2];
	__u64 values[] = { kms->crtc, 0 };
	struct drm_mode_atomic atomic = {
		.flags = DRM_MODE_ATOMIC_ALLOW_MODESET,
		.count_objs = ARRAY_SIZE(objects),
		.objs_ptr = ptr(objects),
		.count_props_ptr = ptr(counts),
		.props_ptr = ptr(props),
		.prop_values_ptr = ptr(values),
	};

	find_prop(kms, kms->connector, DRM_MODE_OBJECT_CONNECTOR, "CRTC_ID",
		  &props[0]);
	find_prop(kms, writeback, DRM_MODE_OBJECT_CONNECTOR, "CRTC_ID",
		  &props[1]);
	return kms_ioctl(kms, DRM_IOCTL_MODE_ATOMIC, &atomic);
}

int __vfio_gfx_kms_write_back(struct vfio_gfx_kms *kms, __u32 fb)
{
	__u32 writeback = find_writeback(kms);
	struct pollfd poller = { .events = POLLIN };
	int fence = -1, ret;

	if (!writeback)
		return -ENOENT;

	ret = commit_write_back(kms, writeback, fb, &fence);
	if (ret)
		return ret;

	poller.fd = fence;
	ret = poll(&poller, 1, VFIO_GFX_TIMEOUT_MS) == 1 ? 0 : -ETIMEDOUT;
	close(fence);
	return end_write_back(kms, writeback) ?: ret;
}

/* -----------------------------------------------------------------------------
 * Checksums
 */

/* Lines are "0x<frame> 0x<crc>". */
static long long read_crc(int fd)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	unsigned int frame, crc;
	char line[64];
	ssize_t len;

	if (poll(&poller, 1, VFIO_GFX_TIMEOUT_MS) != 1)
		return -ETIMEDOUT;
	len = read(fd, line, sizeof(line) - 1);
	if (len < 0)
		return -errno;
	line[len] = '\0';
	if (sscanf(line, "0x%x 0x%x", &frame, &crc) != 2)
		return -EBADMSG;
	return crc;
}

/*
 * vkms goes on with a picture that it began before, and reports it for all
 * frames that went by meanwhile: skip those, and see one that was begun later.
 */
static long long read_new_crc(int fd)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	__u64 end = vfio_gfx_now_ms() + 1000;
	long long crc = read_crc(fd);

	while (crc >= 0 && poll(&poller, 1, 50) == 1 && vfio_gfx_now_ms() < end)
		crc = read_crc(fd);
	return crc < 0 ? crc : read_crc(fd);
}

long long __vfio_gfx_kms_crc(struct vfio_gfx_kms *kms)
{
	char dir[64], path[96];
	struct stat st;
	long long crc;
	int fd, ret;

	if (fstat(kms->fd, &st))
		return -errno;
	snprintf(dir, sizeof(dir), "/sys/kernel/debug/dri/%u/crtc-0/crc",
		 minor(st.st_rdev));
	snprintf(path, sizeof(path), "%s/control", dir);
	ret = __vfio_gfx_write_file(path, "auto");
	if (ret)
		return ret;

	snprintf(path, sizeof(path), "%s/data", dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	crc = read_new_crc(fd);
	close(fd);
	return crc;
}
