// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: memory that nobody else gets a handle of
 *
 * Any user of the DRM device can find the ids of framebuffers, and DRM masters and root get a
 * handle of each from the core (GETFB2), with which they map it, or hand it to others. Not so of
 * the pictures of guests: the core asks the GEM object before it gives a handle away, lets it
 * be mapped, or exports it.
 */

#include <linux/cleanup.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include <drm/drm_device.h>
#include <drm/drm_gem.h>

#include "rcar_du_scanout_seal.h"

/**
 * struct rcar_du_scanout_seal - Functions of sealed objects
 * @link: entry of rcar_du_scanout_seals
 * @ref: one of the list, and one of each object
 * @dev: the DRM device; only compared
 * @original: the functions of the driver
 * @funcs: the same, but for those that give something away
 */
struct rcar_du_scanout_seal {
	struct list_head link;
	struct kref ref;
	const struct drm_device *dev;
	const struct drm_gem_object_funcs *original;
	struct drm_gem_object_funcs funcs;
};

/* Protects the list. Nothing else is taken while it is held. */
static DEFINE_MUTEX(rcar_du_scanout_seals_mutex);
static LIST_HEAD(rcar_du_scanout_seals);

static void rcar_du_scanout_seal_release(struct kref *ref)
{
	kfree(container_of(ref, struct rcar_du_scanout_seal, ref));
}

static int rcar_du_scanout_seal_open(struct drm_gem_object *obj,
				     struct drm_file *file)
{
	return -EACCES;
}

/* The core lets who asks for a handle map the object before it asks .open. */
static int rcar_du_scanout_seal_mmap(struct drm_gem_object *obj,
				     struct vm_area_struct *vma)
{
	return -EACCES;
}

static struct dma_buf *rcar_du_scanout_seal_export(struct drm_gem_object *obj,
						   int flags)
{
	return ERR_PTR(-EACCES);
}

/* How often it is looked for objects that go, and for how long, ms */
#define RCAR_DU_SCANOUT_SEAL_INTERVAL	5
#define RCAR_DU_SCANOUT_SEAL_PATIENCE	1000

/*
 * Each object has a reference on this module, as it calls it when it goes. What is done
 * after that was given back the exit of the module waits for.
 */
static void rcar_du_scanout_seal_free(struct drm_gem_object *obj)
{
	struct rcar_du_scanout_seal *seal =
		container_of(obj->funcs, struct rcar_du_scanout_seal, funcs);

	obj->funcs = seal->original;
	obj->funcs->free(obj);

	module_put(THIS_MODULE);
	kref_put(&seal->ref, rcar_du_scanout_seal_release);
}

/* Objects of a driver have one table, or a few: there is not one for each object. */
static struct rcar_du_scanout_seal *
rcar_du_scanout_seal_find_locked(const struct drm_device *dev,
				 const struct drm_gem_object_funcs *original)
{
	struct rcar_du_scanout_seal *seal;

	lockdep_assert_held(&rcar_du_scanout_seals_mutex);

	list_for_each_entry(seal, &rcar_du_scanout_seals, link) {
		if (seal->dev == dev && seal->original == original)
			return seal;
	}

	seal = kzalloc(sizeof(*seal), GFP_KERNEL);
	if (!seal)
		return NULL;

	kref_init(&seal->ref);
	seal->dev = dev;
	seal->original = original;
	seal->funcs = *original;
	seal->funcs.open = rcar_du_scanout_seal_open;
	seal->funcs.mmap = rcar_du_scanout_seal_mmap;
	seal->funcs.export = rcar_du_scanout_seal_export;
	seal->funcs.free = rcar_du_scanout_seal_free;
	list_add(&seal->link, &rcar_du_scanout_seals);

	return seal;
}

/**
 * rcar_du_scanout_seal - Let nobody else have an object
 * @obj: the object, which nobody else has yet
 *
 * Return: 0, or -ENOMEM.
 */
int rcar_du_scanout_seal(struct drm_gem_object *obj)
{
	struct rcar_du_scanout_seal *seal;

	/* It may be more than one memory plane of a framebuffer. */
	if (obj->funcs->open == rcar_du_scanout_seal_open)
		return 0;

	guard(mutex)(&rcar_du_scanout_seals_mutex);

	seal = rcar_du_scanout_seal_find_locked(obj->dev, obj->funcs);
	if (!seal)
		return -ENOMEM;

	kref_get(&seal->ref);
	__module_get(THIS_MODULE);
	obj->funcs = &seal->funcs;

	return 0;
}

static bool rcar_du_scanout_seal_unused(const struct drm_device *dev)
{
	struct rcar_du_scanout_seal *seal;
	bool unused = true;

	guard(mutex)(&rcar_du_scanout_seals_mutex);

	list_for_each_entry(seal, &rcar_du_scanout_seals, link)
		unused &= seal->dev != dev || kref_read(&seal->ref) == 1;

	return unused;
}

/**
 * rcar_du_scanout_seal_close - Forget a DRM device
 * @dev: the device, whose framebuffers have been given back
 *
 * The last commit may still be about to free them. What somebody else keeps, on a plane of his,
 * stays sealed, and this module stays for it.
 *
 * Context: sleeps, a second at most.
 */
void rcar_du_scanout_seal_close(const struct drm_device *dev)
{
	struct rcar_du_scanout_seal *seal, *next;
	unsigned int ms = 0;

	while (!rcar_du_scanout_seal_unused(dev) &&
	       ms < RCAR_DU_SCANOUT_SEAL_PATIENCE) {
		msleep(RCAR_DU_SCANOUT_SEAL_INTERVAL);
		ms += RCAR_DU_SCANOUT_SEAL_INTERVAL;
	}

	guard(mutex)(&rcar_du_scanout_seals_mutex);

	list_for_each_entry_safe(seal, next, &rcar_du_scanout_seals, link) {
		if (seal->dev != dev)
			continue;

		list_del(&seal->link);
		kref_put(&seal->ref, rcar_du_scanout_seal_release);
	}
}
