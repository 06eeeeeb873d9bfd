// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: dma-buf ids
 *
 * QEMU takes an id for a buffer and its geometry for ever, and keeps few of
 * them. So an id is used again only for the same buffer with the same
 * geometry, of the same plane, while that plane stays on, and for a limited
 * number of buffers at a time.
 */

#include "rcar_du_mdev.h"
#include "rcar_du_mdev_fb.h"

/**
 * rcar_du_mdev_id_taken_locked - Tell if an id names something that was shown
 * @rdev: the device; the caller holds the cache's mutex
 * @id: the id, not 0
 *
 * Return: true if it does.
 */
bool rcar_du_mdev_id_taken_locked(struct rcar_du_mdev_device *rdev, u32 id)
{
	unsigned int i;

	rcar_du_mdev_cache_assert_held(&rdev->cache);

	for (i = 0; i < ARRAY_SIZE(rdev->ids); i++) {
		if (rdev->ids[i].id == id)
			return true;
	}

	return false;
}

/**
 * rcar_du_mdev_id_forget_locked - Let no id name a framebuffer
 * @rdev: the device; the caller holds the cache's mutex
 * @fb: the framebuffer
 */
void rcar_du_mdev_id_forget_locked(struct rcar_du_mdev_device *rdev,
				   const struct rcar_du_mdev_fb *fb)
{
	unsigned int i;

	rcar_du_mdev_cache_assert_held(&rdev->cache);

	for (i = 0; i < ARRAY_SIZE(rdev->ids); i++) {
		struct rcar_du_mdev_id *id = &rdev->ids[i];

		if (id->fb != fb)
			continue;

		rcar_du_mdev_fb_put(id->fb);
		memset(id, 0, sizeof(*id));
	}
}

/**
 * rcar_du_mdev_id_retire_locked - Show no id of a plane again
 * @rdev: the device; the caller holds the cache's mutex
 * @role: DRM_PLANE_TYPE_PRIMARY or DRM_PLANE_TYPE_CURSOR
 *
 * They can still be asked for.
 */
void rcar_du_mdev_id_retire_locked(struct rcar_du_mdev_device *rdev, u32 role)
{
	unsigned int i;

	rcar_du_mdev_cache_assert_held(&rdev->cache);

	for (i = 0; i < ARRAY_SIZE(rdev->ids); i++) {
		if (rdev->ids[i].role == role)
			rdev->ids[i].live = false;
	}
}

/* Keeps the ids that may be shown again to what clients keep. */
static void rcar_du_mdev_id_bound_locked(struct rcar_du_mdev_device *rdev)
{
	struct rcar_du_mdev_id *oldest;
	unsigned int live;
	unsigned int i;

	rcar_du_mdev_cache_assert_held(&rdev->cache);

	do {
		oldest = NULL;
		live = 0;

		for (i = 0; i < ARRAY_SIZE(rdev->ids); i++) {
			struct rcar_du_mdev_id *id = &rdev->ids[i];

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
rcar_du_mdev_id_find_locked(struct rcar_du_mdev_device *rdev,
			    const struct rcar_du_mdev_plane *plane,
			    struct rcar_du_mdev_fb *fb)
{
	unsigned int i;

	rcar_du_mdev_cache_assert_held(&rdev->cache);

	for (i = 0; i < ARRAY_SIZE(rdev->ids); i++) {
		struct rcar_du_mdev_id *id = &rdev->ids[i];

		if (!id->live || id->role != plane->role)
			continue;

		if (!rcar_du_mdev_id_same_geometry(id, plane)) {
			rcar_du_mdev_id_retire_locked(rdev, plane->role);
			return NULL;
		}

		if (id->fb == fb)
			return id;
	}

	return NULL;
}

static struct rcar_du_mdev_id *
rcar_du_mdev_id_slot_locked(struct rcar_du_mdev_device *rdev)
{
	struct rcar_du_mdev_id *slot = &rdev->ids[0];
	unsigned int i;

	rcar_du_mdev_cache_assert_held(&rdev->cache);

	for (i = 0; i < ARRAY_SIZE(rdev->ids); i++) {
		struct rcar_du_mdev_id *id = &rdev->ids[i];

		if (!id->id)
			return id;
		if (id->used < slot->used)
			slot = id;
	}

	rcar_du_mdev_fb_put(slot->fb);

	return slot;
}

/**
 * rcar_du_mdev_id_get_locked - Get the id of a plane that is shown
 * @rdev: the device; the caller holds the cache's mutex
 * @plane: the plane
 * @fb: its framebuffer
 *
 * Return: the id, not 0.
 */
u32 rcar_du_mdev_id_get_locked(struct rcar_du_mdev_device *rdev,
			       const struct rcar_du_mdev_plane *plane,
			       struct rcar_du_mdev_fb *fb)
{
	struct rcar_du_mdev_id *id;

	rcar_du_mdev_cache_assert_held(&rdev->cache);

	id = rcar_du_mdev_id_find_locked(rdev, plane, fb);
	if (!id) {
		id = rcar_du_mdev_id_slot_locked(rdev);

		rcar_du_mdev_fb_get(fb);
		id->fb = fb;
		id->role = plane->role;
		id->format = plane->format;
		id->width = plane->width;
		id->height = plane->height;
		id->stride = plane->pitch[0];
		id->live = true;
		id->id = 0;
		id->id = rcar_du_mdev_cache_new_id_locked(&rdev->cache);
	}

	id->used = ++rdev->id_clock;
	rcar_du_mdev_id_bound_locked(rdev);

	return id->id;
}
