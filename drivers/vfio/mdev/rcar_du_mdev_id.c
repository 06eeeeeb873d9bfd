// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: dma-buf ids
 *
 * QEMU takes an id for a buffer and its geometry for ever, and keeps few of
 * them. So an id is used again only for the same buffer with the same
 * geometry, of the same plane, while that plane stays on, and for a limited
 * number of buffers at a time.
 */

#include <linux/array_size.h>
#include <linux/string.h>

#include "rcar_du_mdev_cache.h"
#include "rcar_du_mdev_fb.h"
#include "rcar_du_mdev_frame.h"
#include "rcar_du_mdev_id.h"

/*
 * QEMU keeps the five buffers it used last of primary and cursor together
 * (hw/vfio/display.c), and its D-Bus display loses a frame when it frees one.
 */
#define RCAR_DU_MDEV_LIVE_IDS		5

/**
 * rcar_du_mdev_ids_init - Prepare the ids of a new device
 * @ids: the ids
 * @cache: the device's framebuffers
 */
void rcar_du_mdev_ids_init(struct rcar_du_mdev_ids *ids,
			   struct rcar_du_mdev_cache *cache)
{
	ids->cache = cache;
}

/**
 * rcar_du_mdev_ids_find_locked - Find what an id names
 * @ids: the ids; the caller holds the cache's mutex
 * @id: the id, not 0
 *
 * Return: the framebuffer, without a reference, or NULL.
 */
struct rcar_du_mdev_fb *
rcar_du_mdev_ids_find_locked(const struct rcar_du_mdev_ids *ids, u32 id)
{
	unsigned int i;

	rcar_du_mdev_cache_assert_held(ids->cache);

	for (i = 0; i < ARRAY_SIZE(ids->ids); i++) {
		if (ids->ids[i].id == id)
			return ids->ids[i].fb;
	}

	return NULL;
}

/**
 * rcar_du_mdev_ids_forget_locked - Let no id name a framebuffer
 * @ids: the ids; the caller holds the cache's mutex
 * @fb: the framebuffer
 */
void rcar_du_mdev_ids_forget_locked(struct rcar_du_mdev_ids *ids,
				    const struct rcar_du_mdev_fb *fb)
{
	unsigned int i;

	rcar_du_mdev_cache_assert_held(ids->cache);

	for (i = 0; i < ARRAY_SIZE(ids->ids); i++) {
		struct rcar_du_mdev_id *id = &ids->ids[i];

		if (id->fb != fb)
			continue;

		rcar_du_mdev_fb_put(id->fb);
		memset(id, 0, sizeof(*id));
	}
}

/**
 * rcar_du_mdev_ids_retire_locked - Show no id of a plane again
 * @ids: the ids; the caller holds the cache's mutex
 * @role: DRM_PLANE_TYPE_PRIMARY or DRM_PLANE_TYPE_CURSOR
 *
 * They can still be asked for.
 */
void rcar_du_mdev_ids_retire_locked(struct rcar_du_mdev_ids *ids, u32 role)
{
	unsigned int i;

	rcar_du_mdev_cache_assert_held(ids->cache);

	for (i = 0; i < ARRAY_SIZE(ids->ids); i++) {
		if (ids->ids[i].role == role)
			ids->ids[i].live = false;
	}
}

/* Keeps the ids that may be shown again to what clients keep. */
static void rcar_du_mdev_ids_bound_locked(struct rcar_du_mdev_ids *ids)
{
	struct rcar_du_mdev_id *oldest;
	unsigned int live;
	unsigned int i;

	rcar_du_mdev_cache_assert_held(ids->cache);

	do {
		oldest = NULL;
		live = 0;

		for (i = 0; i < ARRAY_SIZE(ids->ids); i++) {
			struct rcar_du_mdev_id *id = &ids->ids[i];

			if (!id->live)
				continue;

			live++;
			if (!oldest || id->used < oldest->used)
				oldest = id;
		}

		if (live > RCAR_DU_MDEV_LIVE_IDS)
			oldest->live = false;
	} while (live > RCAR_DU_MDEV_LIVE_IDS);
}

static bool rcar_du_mdev_id_same_geometry(const struct rcar_du_mdev_id *id,
					  const struct rcar_du_mdev_plane *plane)
{
	return id->format == plane->format && id->width == plane->width &&
	       id->height == plane->height && id->stride == plane->pitch[0];
}

static struct rcar_du_mdev_id *
rcar_du_mdev_ids_find_plane_locked(struct rcar_du_mdev_ids *ids,
				   const struct rcar_du_mdev_plane *plane,
			    struct rcar_du_mdev_fb *fb)
{
	unsigned int i;

	rcar_du_mdev_cache_assert_held(ids->cache);

	for (i = 0; i < ARRAY_SIZE(ids->ids); i++) {
		struct rcar_du_mdev_id *id = &ids->ids[i];

		if (!id->live || id->role != plane->role)
			continue;

		if (!rcar_du_mdev_id_same_geometry(id, plane)) {
			rcar_du_mdev_ids_retire_locked(ids, plane->role);
			return NULL;
		}

		if (id->fb == fb)
			return id;
	}

	return NULL;
}

static struct rcar_du_mdev_id *
rcar_du_mdev_ids_slot_locked(struct rcar_du_mdev_ids *ids)
{
	struct rcar_du_mdev_id *slot = &ids->ids[0];
	unsigned int i;

	rcar_du_mdev_cache_assert_held(ids->cache);

	for (i = 0; i < ARRAY_SIZE(ids->ids); i++) {
		struct rcar_du_mdev_id *id = &ids->ids[i];

		if (!id->id)
			return id;
		if (id->used < slot->used)
			slot = id;
	}

	rcar_du_mdev_fb_put(slot->fb);

	return slot;
}

/**
 * rcar_du_mdev_ids_get_locked - Get the id of a plane that is shown
 * @ids: the ids; the caller holds the cache's mutex
 * @plane: the plane
 * @fb: its framebuffer
 *
 * Return: the id, not 0.
 */
u32 rcar_du_mdev_ids_get_locked(struct rcar_du_mdev_ids *ids,
				const struct rcar_du_mdev_plane *plane,
			       struct rcar_du_mdev_fb *fb)
{
	struct rcar_du_mdev_id *id;

	rcar_du_mdev_cache_assert_held(ids->cache);

	id = rcar_du_mdev_ids_find_plane_locked(ids, plane, fb);
	if (!id) {
		id = rcar_du_mdev_ids_slot_locked(ids);

		rcar_du_mdev_fb_get(fb);
		id->fb = fb;
		id->role = plane->role;
		id->format = plane->format;
		id->width = plane->width;
		id->height = plane->height;
		id->stride = plane->pitch[0];
		id->live = true;
		/* The slot's old id is free again. */
		id->id = 0;
		id->id = rcar_du_mdev_cache_new_id_locked(ids->cache);
	}

	id->used = ++ids->clock;
	rcar_du_mdev_ids_bound_locked(ids);

	return id->id;
}
