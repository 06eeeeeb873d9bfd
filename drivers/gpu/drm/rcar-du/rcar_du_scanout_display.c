// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: the display comes and goes
 *
 * Who opens a display need not know when its driver is bound, and the driver's unbinding
 * waits for nobody who has a part of it: the sinks show nothing from then on. When the
 * display comes back they do again.
 */

#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include <drm/drm_client.h>
#include <drm/drm_crtc.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_mode_config.h>
#include <drm/drm_plane.h>
#include <drm/drm_print.h>

#include "rcar_du_scanout_commit.h"
#include "rcar_du_scanout_connector.h"
#include "rcar_du_scanout_core.h"
#include "rcar_du_scanout_hook.h"
#include "rcar_du_scanout_left.h"
#include "rcar_du_scanout_rider.h"
#include "rcar_du_scanout_seal.h"

/* A driver that is being unloaded takes its display away within some of these, ms. */
#define RCAR_DU_SCANOUT_UNLOAD_DELAY	10

/* -----------------------------------------------------------------------------
 * What the display has
 */

static void rcar_du_scanout_pool_init(struct rcar_du_scanout *scanout,
				      struct drm_device *drm)
{
	struct rcar_du_scanout_pool *pool = &scanout->pool;
	struct drm_plane *plane;
	struct drm_crtc *crtc;

	drm_for_each_plane(plane, drm) {
		struct rcar_du_scanout_pool_plane *entry;

		if (pool->num_planes == ARRAY_SIZE(pool->planes))
			break;

		entry = &pool->planes[pool->num_planes];
		entry->overlay = plane->type == DRM_PLANE_TYPE_OVERLAY;
		if (plane->type != DRM_PLANE_TYPE_CURSOR)
			entry->crtcs = plane->possible_crtcs;
		scanout->planes[pool->num_planes++] = plane;
	}

	drm_for_each_crtc(crtc, drm) {
		unsigned int i;

		if (pool->num_crtcs == ARRAY_SIZE(pool->crtcs))
			break;

		for (i = 0; i < pool->num_planes; i++) {
			if (scanout->planes[i] == crtc->primary)
				pool->crtcs[pool->num_crtcs].primary = i;
		}
		pool->num_crtcs++;
	}
}

static void rcar_du_scanout_watch_work(struct work_struct *work)
{
	struct rcar_du_scanout *scanout =
		container_of(to_delayed_work(work), struct rcar_du_scanout,
			     watch_work);

	unsigned int i;

	rcar_du_scanout_sinks_retry(&scanout->sinks);
	/* A CRTC that goes on has no vertical blanks when its commit has begun. */
	for (i = 0; i < scanout->num_heads; i++) {
		rcar_du_scanout_head_tick(&scanout->heads[i]);
		if (rcar_du_scanout_left_num(&scanout->heads[i]))
			rcar_du_scanout_head_commit(&scanout->heads[i]);
	}

	queue_delayed_work(system_wq, &scanout->watch_work, HZ);
}

static const struct rcar_du_scanout_head_ops rcar_du_scanout_head_ops = {
	.commit = rcar_du_scanout_commit_frames,
	.wanted = rcar_du_scanout_sinks_wanted,
	.vblank = rcar_du_scanout_sinks_vblank,
};

static int rcar_du_scanout_heads_init(struct rcar_du_scanout *scanout)
{
	struct drm_crtc *crtc;
	int ret;

	drm_for_each_crtc(crtc, scanout->client.dev) {
		if (scanout->num_heads == scanout->pool.num_crtcs)
			break;

		ret = rcar_du_scanout_head_init(&scanout->heads[scanout->num_heads],
						crtc, &rcar_du_scanout_head_ops,
						&scanout->sinks);
		if (ret)
			return ret;

		scanout->num_heads++;
	}

	return 0;
}

static int rcar_du_scanout_ride(struct rcar_du_scanout *scanout)
{
	struct rcar_du_scanout_riders *riders = &scanout->riders;
	struct rcar_du_scanout_hook *hook;

	riders->sinks = &scanout->sinks;
	riders->heads = scanout->heads;
	riders->num_heads = scanout->num_heads;
	hook = rcar_du_scanout_hook_add(scanout->client.dev,
					&rcar_du_scanout_rider_ops, riders);
	if (IS_ERR(hook))
		return PTR_ERR(hook);

	scanout->sinks.hook = hook;

	return 0;
}

static void rcar_du_scanout_heads_fini(struct rcar_du_scanout *scanout)
{
	unsigned int i;

	for (i = 0; i < scanout->num_heads; i++)
		rcar_du_scanout_head_fini(&scanout->heads[i]);

	scanout->num_heads = 0;
	memset(scanout->heads, 0, sizeof(scanout->heads));
}

/* -----------------------------------------------------------------------------
 * It goes
 */

static void rcar_du_scanout_vacate(struct rcar_du_scanout *scanout)
{
	struct rcar_du_scanout_sink *sink;

	lockdep_assert_held(&scanout->mutex);

	list_for_each_entry(sink, &scanout->sinks.list, link)
		rcar_du_scanout_unseat(sink);

	rcar_du_scanout_sinks_synchronize();

	list_for_each_entry(sink, &scanout->sinks.list, link)
		rcar_du_scanout_sink_close(sink);
}

/* Frees what was made for the DRM device, which may go on return. */
static void rcar_du_scanout_release(struct rcar_du_scanout *scanout)
{
	unsigned int reserved = scanout->pool.reserved;

	lockdep_assert_held(&scanout->mutex);

	rcar_du_scanout_seal_close(scanout->client.dev);
	if (scanout->sinks.hook)
		rcar_du_scanout_hook_remove(scanout->sinks.hook);
	rcar_du_scanout_heads_fini(scanout);
	scanout->sinks.hook = NULL;
	memset(scanout->planes, 0, sizeof(scanout->planes));
	scoped_guard(mutex, &scanout->sinks.mutex) {
		memset(&scanout->pool, 0, sizeof(scanout->pool));
		scanout->pool.reserved = reserved;
	}

	drm_client_release(&scanout->client);
	memset(&scanout->client, 0, sizeof(scanout->client));
}

/*
 * The sinks leave the screen, and nothing of the DRM device is used any more. It is not
 * in the way of this whatever the owners of the sinks do.
 */
static void rcar_du_scanout_detach(struct rcar_du_scanout *scanout)
{
	lockdep_assert_held(&scanout->client.dev->clientlist_mutex);

	scoped_guard(mutex, &scanout->mutex) {
		scoped_guard(mutex, &scanout->sinks.mutex)
			scanout->sinks.present = false;

		cancel_delayed_work_sync(&scanout->watch_work);
		rcar_du_scanout_vacate(scanout);
		rcar_du_scanout_release(scanout);
	}

	scanout->ops->changed(scanout->data);
}

/*
 * The DRM core calls it for every driver, before the driver turns anything off, and
 * drm_client_dev_unregister() has taken the client off the list.
 */
static void rcar_du_scanout_unregister(struct drm_client_dev *client)
{
	rcar_du_scanout_detach(container_of(client, struct rcar_du_scanout,
					    client));
}

/*
 * The DRM core has no call for a client that goes before the device does. It unlinks
 * clients like this when the device goes.
 */
static void rcar_du_scanout_leave(struct rcar_du_scanout *scanout,
				  struct drm_device *drm)
{
	guard(mutex)(&drm->clientlist_mutex);

	if (scanout->client.dev != drm)
		return;

	list_del(&scanout->client.list);
	rcar_du_scanout_detach(scanout);
}

/* -----------------------------------------------------------------------------
 * It comes
 */

static int rcar_du_scanout_hotplug(struct drm_client_dev *client)
{
	struct rcar_du_scanout *scanout =
		container_of(client, struct rcar_du_scanout, client);
	unsigned int i;

	/* The display is there: the DRM core holds its clientlist_mutex. */
	for (i = 0; i < scanout->num_heads; i++) {
		struct drm_connector *connector = scanout->heads[i].connector;
		bool connected = rcar_du_scanout_connector_detect(connector);

		scoped_guard(mutex, &scanout->sinks.mutex)
			scanout->pool.crtcs[i].connected = connected;
	}

	rcar_du_scanout_sinks_hotplug(&scanout->sinks);

	return 0;
}

static const struct drm_client_funcs rcar_du_scanout_client_funcs = {
	.unregister = rcar_du_scanout_unregister,
	.hotplug = rcar_du_scanout_hotplug,
};

static int rcar_du_scanout_init(struct rcar_du_scanout *scanout,
				struct drm_device *drm)
{
	int ret;

	lockdep_assert_held(&scanout->mutex);

	if (scanout->client.dev)
		return -EEXIST;

	/* So that what follows knows what it has. */
	if (!rcar_du_scanout_hook_can(drm))
		return -EOPNOTSUPP;

	ret = drm_client_init(drm, &scanout->client, "rcar-du-scanout",
			      &rcar_du_scanout_client_funcs);
	if (ret) {
		memset(&scanout->client, 0, sizeof(scanout->client));
		return ret;
	}

	scoped_guard(mutex, &scanout->sinks.mutex)
		rcar_du_scanout_pool_init(scanout, drm);

	ret = rcar_du_scanout_heads_init(scanout);
	if (!ret)
		ret = rcar_du_scanout_ride(scanout);
	if (ret)
		rcar_du_scanout_release(scanout);

	return ret;
}

/* Gives the sinks back what they had. */
static void rcar_du_scanout_occupy(struct rcar_du_scanout *scanout)
{
	struct rcar_du_scanout_sink *sink;

	guard(mutex)(&scanout->mutex);

	/* It may have gone again. */
	if (!scanout->client.dev)
		return;

	scoped_guard(mutex, &scanout->sinks.mutex)
		scanout->sinks.present = true;

	list_for_each_entry(sink, &scanout->sinks.list, link) {
		rcar_du_scanout_cache_open(&sink->cache, &scanout->client);
		rcar_du_scanout_seat(sink);
		sink->ops->display(sink->data, true);
	}

	queue_delayed_work(system_wq, &scanout->watch_work, HZ);
}

static void rcar_du_scanout_attach(struct rcar_du_scanout_card *card,
				   struct drm_device *drm)
{
	struct rcar_du_scanout *scanout =
		container_of(card, struct rcar_du_scanout, card);
	int ret;

	scoped_guard(mutex, &scanout->mutex)
		ret = rcar_du_scanout_init(scanout, drm);
	if (ret) {
		if (ret != -EEXIST)
			drm_info(drm, "no display for mediated devices: %d\n",
				 ret);
		return;
	}

	/* Takes clientlist_mutex, and looks what is plugged in. */
	drm_client_register(&scanout->client);
	rcar_du_scanout_occupy(scanout);
	scanout->ops->changed(scanout->data);

	/* What is unregistered meanwhile may have been through with its clients. */
	if (!READ_ONCE(drm->registered))
		rcar_du_scanout_leave(scanout, drm);
}

/* -----------------------------------------------------------------------------
 * Opening
 */

/**
 * rcar_du_scanout_open - Wait for a display, and take it
 * @name: the device that a KMS driver is or will be bound to, BUS/NAME; stays valid
 * @reserved: overlay planes for each CRTC that stay with the host
 * @ops: calls of who opens it
 * @data: for them
 *
 * If the display is there already, that was told on return.
 *
 * Return: the display, or an ERR_PTR: -ENOMEM.
 */
struct rcar_du_scanout *
rcar_du_scanout_open(const char *name, unsigned int reserved,
		     const struct rcar_du_scanout_display_ops *ops, void *data)
{
	struct rcar_du_scanout *scanout;
	int ret;

	scanout = kzalloc(sizeof(*scanout), GFP_KERNEL);
	if (!scanout)
		return ERR_PTR(-ENOMEM);

	scanout->ops = ops;
	scanout->data = data;
	scanout->pool.reserved = reserved;
	scanout->card.name = name;
	scanout->card.found = rcar_du_scanout_attach;
	mutex_init(&scanout->mutex);
	rcar_du_scanout_sinks_init(&scanout->sinks);
	INIT_DELAYED_WORK(&scanout->watch_work, rcar_du_scanout_watch_work);

	ret = rcar_du_scanout_card_watch(&scanout->card);
	if (ret) {
		rcar_du_scanout_sinks_fini(&scanout->sinks);
		mutex_destroy(&scanout->mutex);
		kfree(scanout);
		return ERR_PTR(ret);
	}

	return scanout;
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_open);

/*
 * Returns false if the display's driver is being unloaded. Its module has what
 * releases the DRM device, so that no reference may be taken any more.
 */
static bool rcar_du_scanout_try_leave(struct rcar_du_scanout *scanout)
{
	struct drm_device *drm;
	struct module *owner;

	scoped_guard(mutex, &scanout->mutex) {
		drm = scanout->client.dev;
		if (!drm)
			return true;
		if (!try_module_get(drm->driver->fops->owner))
			return false;
		drm_dev_get(drm);
	}

	owner = drm->driver->fops->owner;
	rcar_du_scanout_leave(scanout, drm);
	drm_dev_put(drm);
	module_put(owner);

	return true;
}

/**
 * rcar_du_scanout_close - Let a display go
 * @scanout: the display, without sinks
 */
void rcar_du_scanout_close(struct rcar_du_scanout *scanout)
{
	rcar_du_scanout_card_unwatch(&scanout->card);
	while (!rcar_du_scanout_try_leave(scanout))
		msleep(RCAR_DU_SCANOUT_UNLOAD_DELAY);

	rcar_du_scanout_sinks_fini(&scanout->sinks);
	mutex_destroy(&scanout->mutex);
	kfree(scanout);
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_close);

/**
 * rcar_du_scanout_parent - Get the device of a display
 * @scanout: the display
 *
 * Return: the device with a reference, or NULL if there is no display now.
 */
struct device *rcar_du_scanout_parent(struct rcar_du_scanout *scanout)
{
	guard(mutex)(&scanout->mutex);

	return scanout->client.dev ? get_device(scanout->client.dev->dev) : NULL;
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_parent);
