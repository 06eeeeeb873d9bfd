// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the host's admin does, and a VMM that comes and goes
 */

#define _GNU_SOURCE

#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "random.h"

static const int attr_errors[] = {
	EINVAL, EBUSY, ENODATA, ENODEV, ENOENT, ERANGE, EOVERFLOW, EACCES, ENOMEM, EIO, 0
};

static const int no_errors[] = { 0 };

/* -----------------------------------------------------------------------------
 * Attributes
 */

static const char * const attrs[] = {
	"plane_api", "crc", "x", "y", "width", "height", "zpos", "alpha",
	"visible", "copy", "crtc", "connector", "frame_timeout_ms",
	"frame_policy", "frame_state", "picture", "mode",
};

static int op_set_attr(struct random_ctx *ctx)
{
	static const char * const values[] = {
		"0", "1", "2", "-1", "64", "65535", "65536", "-32768", "dmabuf",
		"region", "both", "auto", "Virtual-1", "", "\n",
		"99999999999999999999", "HDMI-A-1", "100", "last", "off",
		"picture", "../picture.ppm", "fixed", "guest",
	};
	const char *value = rnd_pick(&ctx->rnd, values);

	/* A write of nothing is not seen by anybody. */
	return __vfio_gfx_mdev_set_attr(ctx->state->report->uuid,
					rnd_pick(&ctx->rnd, attrs), value);
}

/*
 * Whoever is allowed to write guest memory may do so: only that it cannot be
 * allowed while the device is open.
 */
static int op_set_writable(struct random_ctx *ctx)
{
	int ret = __vfio_gfx_mdev_set_attr(ctx->state->report->uuid,
					   "dmabuf_writable", "1");

	if (!ret)
		random_failed(ctx->state, "dmabuf_writable of an open device was set");
	return ret;
}

static void read_all(const char *path)
{
	char buf[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return;
	while (read(fd, buf, sizeof(buf)) > 0)
		;
	close(fd);
}

static int op_read_attrs(struct random_ctx *ctx)
{
	const char *uuid = ctx->state->report->uuid;
	char path[128];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(attrs); i++) {
		snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/%s",
			 uuid, attrs[i]);
		read_all(path);
	}
	return 0;
}

static int op_debugfs(struct random_ctx *ctx)
{
	const char *uuid = ctx->state->report->uuid;
	char path[128];

	snprintf(path, sizeof(path), "/sys/kernel/debug/rcar-du-mdev/%s/%s",
		 uuid, rnd_one_in(&ctx->rnd, 2) ? "stats" : "state");
	read_all(path);
	if (rnd_one_in(&ctx->rnd, 8))
		read_all("/sys/kernel/debug/dma_buf/bufinfo");
	return 0;
}

/* -----------------------------------------------------------------------------
 * Open and close
 */

/* The caller has locked the device for writing. */
static void close_device(struct random_state *state)
{
	unsigned int i;

	/* A mapping of BAR 4 keeps the file. */
	pthread_mutex_lock(&state->shadow.lock);
	random_slot_clear(&state->shadow);
	pthread_mutex_unlock(&state->shadow.lock);
	if (state->open)
		vfio_gfx_close(&state->dev);
	state->open = false;

	/* Nobody sees the guest's memory any more. */
	for (i = 0; i < RANDOM_SLOTS; i++) {
		struct random_slot *slot = &state->maps[i];

		pthread_mutex_lock(&slot->lock);
		if (slot->map && !random_touch(slot->map, false))
			random_failed(state, "memory of a closed device can be read");
		pthread_mutex_unlock(&slot->lock);
	}
}

static int op_reopen(struct random_ctx *ctx)
{
	struct random_state *state = ctx->state;
	int ret = 0;

	pthread_rwlock_wrlock(&state->dev_lock);
	close_device(state);
	if (__vfio_gfx_stat(&state->dev, "bytes_pinned") > 0)
		random_failed(state, "a closed device has pinned memory");
	ret = random_dev_open(state, 2000);
	if (ret && !state->may_fail)
		random_failed(state, "open again: %s", strerror(-ret));
	pthread_rwlock_unlock(&state->dev_lock);
	return ret;
}

struct removal {
	char uuid[VFIO_GFX_UUID_LEN];
	int ret;
};

static void *remove_mdev(void *data)
{
	struct removal *removal = data;

	removal->ret = __vfio_gfx_mdev_remove(removal->uuid);
	return NULL;
}

/* The device is removed while it is used: it has to wait until it is closed. */
static int op_remove(struct random_ctx *ctx)
{
	struct random_state *state = ctx->state;
	struct removal removal;
	pthread_t thread;
	int ret;

	/* One at a time, and nobody opens it meanwhile. */
	pthread_rwlock_wrlock(&state->dev_lock);
	memcpy(removal.uuid, state->report->uuid, sizeof(removal.uuid));
	if (pthread_create(&thread, NULL, remove_mdev, &removal)) {
		pthread_rwlock_unlock(&state->dev_lock);
		return RANDOM_NOTHING;
	}
	vfio_gfx_sleep_ms(rnd_below(&ctx->rnd, 5));
	close_device(state);
	pthread_join(thread, NULL);
	ret = removal.ret;
	if (ret)
		random_failed(state, "remove: %s", strerror(-ret));

	ret = __vfio_gfx_mdev_create(state->target->type, state->report->uuid);
	if (!ret)
		ret = random_dev_open(state, 2000);
	else
		state->open = false;
	if (ret && !state->may_fail)
		random_failed(state, "create again: %s", strerror(-ret));
	pthread_rwlock_unlock(&state->dev_lock);
	return ret;
}

/* Another device beside it, opened or not. */
static int op_neighbour(struct random_ctx *ctx)
{
	struct vfio_gfx_dev dev;
	char uuid[VFIO_GFX_UUID_LEN];
	int ret = __vfio_gfx_mdev_create("virtual", uuid);

	if (ret)
		return ret;
	if (rnd_one_in(&ctx->rnd, 2) &&
	    !__vfio_gfx_open_uuid(&dev, ctx->state->target->mode, uuid)) {
		__vfio_gfx_dma_map(&dev, ctx->state->ram.va,
				   ctx->state->ram.iova, ctx->state->ram.size,
				   true);
		vfio_gfx_display_on(&dev);
		vfio_gfx_sleep_ms(rnd_below(&ctx->rnd, 10));
		vfio_gfx_close(&dev);
	}
	return __vfio_gfx_mdev_remove(uuid);
}

static const int create_errors[] = {
	EINVAL, EEXIST, ENODEV, EUSERS, ENOSPC, EBUSY, EAGAIN, 0
};

static int op_create_any(struct random_ctx *ctx)
{
	static const char * const names[] = {
		"", "x", "00000000-0000-0000-0000-000000000000",
		"12345678-1234-1234-1234-12345678901",
		"12345678-1234-1234-1234-1234567890123",
	};
	const char *name = rnd_one_in(&ctx->rnd, 2) ? ctx->state->report->uuid :
			   rnd_pick(&ctx->rnd, names);
	glob_t types;
	int ret = RANDOM_NOTHING;

	if (glob("/sys/class/mdev_bus/*/mdev_supported_types/*/create", 0, NULL,
		 &types))
		return ret;
	ret = __vfio_gfx_write_file(types.gl_pathv[rnd_below(&ctx->rnd,
							     types.gl_pathc)],
				    name);
	globfree(&types);
	if (!ret && strlen(name) == VFIO_GFX_UUID_LEN - 1)
		__vfio_gfx_mdev_remove(name);
	return ret;
}

const struct random_op random_host_ops[] = {
	{ "set_attr", 8, op_set_attr, attr_errors, 0, NULL },
	{ "set_writable", 1, op_set_writable, attr_errors, RANDOM_DEV, NULL },
	{ "read_attrs", 4, op_read_attrs, no_errors, 0, NULL },
	{ "debugfs", 4, op_debugfs, no_errors, 0, NULL },
	{ "reopen", 1, op_reopen, NULL, 0, NULL },
	{ "remove", 1, op_remove, NULL, RANDOM_NO_FAULT, NULL },
	{ "neighbour", 1, op_neighbour, create_errors,
	  RANDOM_DEV | RANDOM_NO_FAULT, NULL },
	{ "create_any", 1, op_create_any, create_errors,
	  RANDOM_DEV | RANDOM_NO_FAULT, NULL },
	{ 0 }
};
