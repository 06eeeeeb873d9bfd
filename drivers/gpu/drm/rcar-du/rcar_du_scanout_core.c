// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: the display, and who has which part of it
 */

#include <linux/device.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include <drm/drm_atomic.h>
#include <drm/drm_blend.h>
#include <drm/drm_client.h>
#include <drm/drm_crtc.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_mode_config.h>
#include <drm/drm_plane.h>

#include "rcar_du_scanout_commit.h"
#include "rcar_du_scanout_connector.h"
#include "rcar_du_scanout_head.h"
#include "rcar_du_scanout_hook.h"
#include "rcar_du_scanout_owner.h"
#include "rcar_du_scanout_pool.h"
#include "rcar_du_scanout_rider.h"
#include "rcar_du_scanout_sink.h"

/**
 * struct rcar_du_scanout - A display
 */
struct rcar_du_scanout {
	/** @client: holds the DRM device, and the DRM file that makes framebuffers */
	struct drm_client_dev client;
	/** @watch_work: looks after the CRTCs now and then */
	struct delayed_work watch_work;
	/** @num_heads: valid entries of @heads; does not change */
	unsigned int num_heads;
	/** @heads: the CRTCs, in the order of @pool */
	struct rcar_du_scanout_head heads[RCAR_DU_SCANOUT_MAX_CRTCS];
	/** @planes: the DRM planes, in the order of @pool; does not change */
	struct drm_plane *planes[RCAR_DU_SCANOUT_MAX_PLANES];
	/** @riders: what is ours, in commits of anybody */
	struct rcar_du_scanout_riders riders;
	/** @sinks: all sinks; their mutex protects @pool and @last_id, too */
	struct rcar_du_scanout_sinks sinks;
	/** @pool: who has what */
	struct rcar_du_scanout_pool pool;
	/** @last_id: the number of the newest sink */
	unsigned int last_id;
};

static struct rcar_du_scanout *
rcar_du_scanout_of(const struct rcar_du_scanout_sink *sink)
{
	return container_of(sink->sinks, struct rcar_du_scanout, sinks);
}

/* -----------------------------------------------------------------------------
 * Display
 */

/* The DRM core keeps the minor as driver data of its device. */
static int rcar_du_scanout_match(struct device *dev, void *data)
{
	struct drm_device **drm = data;
	struct drm_minor *minor;

	if (!dev->class || strcmp(dev->class->name, "drm") ||
	    !str_has_prefix(dev_name(dev), "card"))
		return 0;

	minor = dev_get_drvdata(dev);
	if (!minor || minor->type != DRM_MINOR_PRIMARY)
		return 0;

	*drm = minor->dev;
	drm_dev_get(*drm);

	return 1;
}

static int rcar_du_scanout_hotplug(struct drm_client_dev *client)
{
	struct rcar_du_scanout *scanout =
		container_of(client, struct rcar_du_scanout, client);
	unsigned int i;

	for (i = 0; i < scanout->num_heads; i++) {
		struct drm_connector *connector = scanout->heads[i].connector;
		bool connected = rcar_du_scanout_connector_detect(connector);

		scoped_guard(mutex, &scanout->sinks.mutex)
			scanout->pool.crtcs[i].connected = connected;
	}

	rcar_du_scanout_sinks_hotplug(&scanout->sinks);

	return 0;
}

static void rcar_du_scanout_unregister(struct drm_client_dev *client)
{
	/*
	 * Whoever opened the display is told before this that its device goes, and
	 * closes it then. If rcar_du_scanout_close() comes later all the same, it
	 * takes the client off a list on which the client is alone.
	 */
	INIT_LIST_HEAD(&client->list);
}

static const struct drm_client_funcs rcar_du_scanout_client_funcs = {
	.unregister = rcar_du_scanout_unregister,
	.hotplug = rcar_du_scanout_hotplug,
};

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

	rcar_du_scanout_sinks_retry(&scanout->sinks);
	queue_delayed_work(system_wq, &scanout->watch_work, HZ);
}

/* -----------------------------------------------------------------------------
 * CRTCs
 */

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
}

/**
 * rcar_du_scanout_open - Get the display of a device
 * @parent: the device that a KMS driver is bound to
 * @reserved: overlay planes for each CRTC that stay with the host
 *
 * The caller closes it before the driver is unbound.
 *
 * Return: the display, or an ERR_PTR: -ENODEV if the device has none,
 * -EOPNOTSUPP if its driver is not atomic, has commits of its own or no vertical
 * blanks, -ENOMEM.
 */
struct rcar_du_scanout *rcar_du_scanout_open(struct device *parent,
					     unsigned int reserved)
{
	struct rcar_du_scanout *scanout;
	struct drm_device *drm = NULL;
	int ret;

	device_for_each_child(parent, &drm, rcar_du_scanout_match);
	if (!drm)
		return ERR_PTR(-ENODEV);

	scanout = kzalloc(sizeof(*scanout), GFP_KERNEL);
	if (!scanout) {
		drm_dev_put(drm);
		return ERR_PTR(-ENOMEM);
	}

	rcar_du_scanout_sinks_init(&scanout->sinks);
	INIT_DELAYED_WORK(&scanout->watch_work, rcar_du_scanout_watch_work);
	scanout->pool.reserved = reserved;
	rcar_du_scanout_pool_init(scanout, drm);

	ret = drm_drv_uses_atomic_modeset(drm) ?
	      drm_client_init(drm, &scanout->client, "rcar-du-scanout",
			      &rcar_du_scanout_client_funcs) : -EOPNOTSUPP;
	/* The client has a reference of its own. */
	drm_dev_put(drm);
	if (ret) {
		kfree(scanout);
		return ERR_PTR(ret);
	}

	ret = rcar_du_scanout_heads_init(scanout);
	if (!ret)
		ret = rcar_du_scanout_ride(scanout);
	if (ret) {
		rcar_du_scanout_heads_fini(scanout);
		drm_client_release(&scanout->client);
		kfree(scanout);
		return ERR_PTR(ret);
	}

	drm_client_register(&scanout->client);
	queue_delayed_work(system_wq, &scanout->watch_work, HZ);

	return scanout;
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_open);

/**
 * rcar_du_scanout_close - Let a display go
 * @scanout: the display, without sinks
 */
void rcar_du_scanout_close(struct rcar_du_scanout *scanout)
{
	struct drm_device *drm = scanout->client.dev;

	/*
	 * The core has no call for a client that goes before the device does. It
	 * unlinks clients like this when the device goes.
	 */
	scoped_guard(mutex, &drm->clientlist_mutex)
		list_del_init(&scanout->client.list);

	rcar_du_scanout_hook_remove(scanout->sinks.hook);
	cancel_delayed_work_sync(&scanout->watch_work);
	rcar_du_scanout_heads_fini(scanout);
	drm_client_release(&scanout->client);
	rcar_du_scanout_sinks_fini(&scanout->sinks);
	kfree(scanout);
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_close);

/**
 * rcar_du_scanout_available - How many more sinks there can be
 * @scanout: the display
 * @kind: of which kind
 *
 * Return: the number.
 */
unsigned int rcar_du_scanout_available(struct rcar_du_scanout *scanout,
				       enum rcar_du_scanout_kind kind)
{
	guard(mutex)(&scanout->sinks.mutex);

	return kind == RCAR_DU_SCANOUT_CHANNEL ?
	       rcar_du_scanout_pool_free_channels(&scanout->pool) :
	       rcar_du_scanout_pool_free_planes(&scanout->pool);
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_available);

/* -----------------------------------------------------------------------------
 * Sinks
 */

/* Takes what a sink needs of a CRTC. Returns 0 or an error of the pool. */
static int rcar_du_scanout_take_locked(struct rcar_du_scanout_sink *sink,
				       unsigned int crtc)
{
	struct rcar_du_scanout_pool *pool = &rcar_du_scanout_of(sink)->pool;
	int ret;

	lockdep_assert_held(&sink->sinks->mutex);

	ret = sink->claim.kind == RCAR_DU_SCANOUT_CHANNEL ?
	      rcar_du_scanout_pool_take_channel(pool, crtc, sink->id) :
	      rcar_du_scanout_pool_take_plane(pool, crtc, sink->id);

	/* Which plane it is, or how many, is looked up in the pool. */
	return ret < 0 ? ret : 0;
}

/* Looks up what the pool has given to a sink. The primary plane is lowest. */
static void rcar_du_scanout_assign_locked(struct rcar_du_scanout_sink *sink,
					  unsigned int crtc)
{
	struct rcar_du_scanout *scanout = rcar_du_scanout_of(sink);
	struct rcar_du_scanout_claim *claim = &sink->claim;
	struct rcar_du_scanout_pool *pool = &scanout->pool;
	unsigned int i;

	lockdep_assert_held(&scanout->sinks.mutex);

	claim->num_planes = 0;
	if (claim->kind == RCAR_DU_SCANOUT_CHANNEL)
		claim->planes[claim->num_planes++] =
			scanout->planes[pool->crtcs[crtc].primary];

	for (i = 0; i < pool->num_planes; i++) {
		if (pool->planes[i].owner == sink->id &&
		    pool->planes[i].overlay &&
		    claim->num_planes < ARRAY_SIZE(claim->planes))
			claim->planes[claim->num_planes++] = scanout->planes[i];
	}

	rcar_du_scanout_sink_set_locked(sink, RCAR_DU_SCANOUT_CRTC, crtc);
	rcar_du_scanout_sink_move_locked(sink, &scanout->heads[crtc]);
}

static int rcar_du_scanout_take_first_locked(struct rcar_du_scanout_sink *sink,
					     bool connected)
{
	struct rcar_du_scanout_pool *pool = &rcar_du_scanout_of(sink)->pool;
	unsigned int crtc;

	lockdep_assert_held(&sink->sinks->mutex);

	for (crtc = 0; crtc < pool->num_crtcs; crtc++) {
		if (pool->crtcs[crtc].connected == connected &&
		    !rcar_du_scanout_take_locked(sink, crtc)) {
			rcar_du_scanout_assign_locked(sink, crtc);
			return 0;
		}
	}

	return -ENOSPC;
}

/* Takes the first CRTC that will do, one with a display if there is any. */
static int rcar_du_scanout_take_any_locked(struct rcar_du_scanout_sink *sink)
{
	int ret;

	ret = rcar_du_scanout_take_first_locked(sink, true);
	if (ret)
		ret = rcar_du_scanout_take_first_locked(sink, false);

	return ret;
}

static void rcar_du_scanout_zpos_range_locked(struct rcar_du_scanout_sink *sink,
					      int *min, int *max)
{
	const struct drm_property *zpos = sink->claim.planes[0]->zpos_property;

	lockdep_assert_held(&sink->sinks->mutex);

	*min = zpos ? zpos->values[0] : 0;
	*max = zpos ? zpos->values[1] : 0;
	/* What the host keeps for itself is above everything. */
	*max = max_t(int, *min, *max - rcar_du_scanout_of(sink)->pool.reserved);
}

static int rcar_du_scanout_add_locked(struct rcar_du_scanout *scanout,
				      struct rcar_du_scanout_sink *sink)
{
	int min, max, ret;

	lockdep_assert_held(&scanout->sinks.mutex);

	sink->id = ++scanout->last_id;
	ret = rcar_du_scanout_take_any_locked(sink);
	if (ret)
		return ret;

	rcar_du_scanout_zpos_range_locked(sink, &min, &max);
	rcar_du_scanout_sink_set_locked(sink, RCAR_DU_SCANOUT_ZPOS,
					min(max, min + 1));
	rcar_du_scanout_sink_set_locked(sink, RCAR_DU_SCANOUT_ALPHA,
					DRM_BLEND_ALPHA_OPAQUE);
	rcar_du_scanout_sink_set_locked(sink, RCAR_DU_SCANOUT_VISIBLE, true);
	rcar_du_scanout_sink_add_locked(sink);

	return 0;
}

/**
 * rcar_du_scanout_create - Take a part of the display
 * @scanout: the display
 * @kind: which part
 * @ops: calls of the owner
 * @data: for them
 *
 * Return: the sink, or an ERR_PTR: -ENOSPC if nothing is left, -ENOMEM.
 */
struct rcar_du_scanout_sink *
rcar_du_scanout_create(struct rcar_du_scanout *scanout,
		       enum rcar_du_scanout_kind kind,
		       const struct rcar_du_scanout_ops *ops, void *data)
{
	struct rcar_du_scanout_sink *sink;
	int ret;

	sink = rcar_du_scanout_sink_alloc(&scanout->sinks, &scanout->client,
					  kind, ops, data);
	if (!sink)
		return ERR_PTR(-ENOMEM);

	scoped_guard(mutex, &sink->prop_mutex) {
		guard(mutex)(&scanout->sinks.mutex);
		ret = rcar_du_scanout_add_locked(scanout, sink);
	}
	if (ret) {
		rcar_du_scanout_sink_free(sink);
		return ERR_PTR(ret);
	}

	return sink;
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_create);

/**
 * rcar_du_scanout_destroy - Give a part of the display back
 * @sink: the sink
 *
 * Nothing of it is on the screen on return.
 */
void rcar_du_scanout_destroy(struct rcar_du_scanout_sink *sink)
{
	static const struct rcar_du_scanout_frame nothing;
	struct rcar_du_scanout *scanout = rcar_du_scanout_of(sink);
	unsigned int crtc = rcar_du_scanout_get(sink, RCAR_DU_SCANOUT_CRTC);

	rcar_du_scanout_stop(sink);
	rcar_du_scanout_show(sink, &nothing);
	/* The planes are off before somebody else can take them. */
	rcar_du_scanout_head_flush(&scanout->heads[crtc]);

	scoped_guard(mutex, &scanout->sinks.mutex) {
		rcar_du_scanout_sink_del_locked(sink);
		rcar_du_scanout_pool_release(&scanout->pool, sink->id);
	}
	/* A check may have started meanwhile, and found the sink in the list. */
	rcar_du_scanout_head_flush(&scanout->heads[crtc]);

	rcar_du_scanout_sink_free(sink);
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_destroy);

/**
 * rcar_du_scanout_dma_dev - Get the device for which a sink maps dma-bufs
 * @sink: the sink
 *
 * It is there as long as the display is open. Whether it fetches pictures itself, or
 * a CPU does for it, is not known here.
 *
 * Return: the device.
 */
struct device *rcar_du_scanout_dma_dev(struct rcar_du_scanout_sink *sink)
{
	return rcar_du_scanout_of(sink)->client.dev->dev;
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_dma_dev);

/* -----------------------------------------------------------------------------
 * Properties
 */

/**
 * rcar_du_scanout_find_crtc - Find the CRTC of a connector
 * @sink: a sink of the display
 * @connector: name of the connector, as in /sys/class/drm but for the card
 *
 * Return: the index of the CRTC, or -EINVAL.
 */
int rcar_du_scanout_find_crtc(struct rcar_du_scanout_sink *sink,
			      const char *connector)
{
	struct rcar_du_scanout *scanout = rcar_du_scanout_of(sink);
	unsigned int i;

	for (i = 0; i < scanout->num_heads; i++) {
		if (scanout->heads[i].connector &&
		    sysfs_streq(scanout->heads[i].connector->name, connector))
			return i;
	}

	return -EINVAL;
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_find_crtc);

static int rcar_du_scanout_check_prop_locked(struct rcar_du_scanout_sink *sink,
					     enum rcar_du_scanout_prop prop,
					     int value)
{
	int min = 0, max = 1;

	lockdep_assert_held(&sink->sinks->mutex);

	switch (prop) {
	case RCAR_DU_SCANOUT_X:
	case RCAR_DU_SCANOUT_Y:
		/* Wider than any screen, and far from an overflow. */
		min = -S16_MAX;
		max = S16_MAX;
		break;
	case RCAR_DU_SCANOUT_WIDTH:
	case RCAR_DU_SCANOUT_HEIGHT:
		max = S16_MAX;
		break;
	case RCAR_DU_SCANOUT_ZPOS:
		rcar_du_scanout_zpos_range_locked(sink, &min, &max);
		break;
	case RCAR_DU_SCANOUT_ALPHA:
		max = DRM_BLEND_ALPHA_OPAQUE;
		break;
	case RCAR_DU_SCANOUT_VISIBLE:
	case RCAR_DU_SCANOUT_COPY:
		break;
	default:
		return -EINVAL;
	}

	return value < min || value > max ? -ERANGE : 0;
}

/* Moves a sink to another CRTC, or leaves it where it is. */
static int rcar_du_scanout_move(struct rcar_du_scanout_sink *sink,
				unsigned int crtc)
{
	struct rcar_du_scanout *scanout = rcar_du_scanout_of(sink);
	unsigned int old = rcar_du_scanout_get(sink, RCAR_DU_SCANOUT_CRTC);
	int visible = rcar_du_scanout_get(sink, RCAR_DU_SCANOUT_VISIBLE);
	int ret;

	lockdep_assert_held(&sink->prop_mutex);

	if (crtc >= scanout->num_heads)
		return -EINVAL;
	if (crtc == old)
		return 0;

	/* The planes have to be off before another CRTC can have them. */
	scoped_guard(mutex, &scanout->sinks.mutex) {
		rcar_du_scanout_sink_set_locked(sink, RCAR_DU_SCANOUT_VISIBLE,
						false);
		rcar_du_scanout_sink_update_locked(sink);
	}
	rcar_du_scanout_head_flush(&scanout->heads[old]);

	scoped_guard(mutex, &scanout->sinks.mutex) {
		rcar_du_scanout_sink_set_locked(sink, RCAR_DU_SCANOUT_VISIBLE,
						visible);
		rcar_du_scanout_sink_move_locked(sink, NULL);
	}
	/* A check may have started meanwhile, and found the sink on this CRTC. */
	rcar_du_scanout_head_flush(&scanout->heads[old]);

	scoped_guard(mutex, &scanout->sinks.mutex) {
		struct rcar_du_scanout_pool before = scanout->pool;

		rcar_du_scanout_pool_release(&scanout->pool, sink->id);
		ret = rcar_du_scanout_take_locked(sink, crtc);
		if (ret) {
			scanout->pool = before;
			crtc = old;
		}
		rcar_du_scanout_assign_locked(sink, crtc);
		rcar_du_scanout_sink_update_locked(sink);
	}

	rcar_du_scanout_head_tick(&scanout->heads[crtc]);

	return ret;
}

/**
 * rcar_du_scanout_set - Change a property at the next vertical blank
 * @sink: the sink
 * @prop: the property
 * @value: its new value
 *
 * RCAR_DU_SCANOUT_CRTC changes at once.
 *
 * Return: 0, -ERANGE if the value is out of range, -EINVAL if there is no such
 * CRTC; -ENOTCONN, -EBUSY or -ENOSPC if it has no display, belongs to somebody
 * else, or has no planes left.
 */
int rcar_du_scanout_set(struct rcar_du_scanout_sink *sink,
			enum rcar_du_scanout_prop prop, int value)
{
	int ret;

	guard(mutex)(&sink->prop_mutex);

	if (prop == RCAR_DU_SCANOUT_CRTC)
		return value < 0 ? -EINVAL : rcar_du_scanout_move(sink, value);

	guard(mutex)(&sink->sinks->mutex);

	ret = rcar_du_scanout_check_prop_locked(sink, prop, value);
	if (ret)
		return ret;

	rcar_du_scanout_sink_set_locked(sink, prop, value);
	rcar_du_scanout_sink_update_locked(sink);

	return 0;
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_set);

RCAR_DU_MODULE_IMPORT_NS(DMA_BUF);
MODULE_DESCRIPTION("R-Car DU scanout of foreign memory");
MODULE_LICENSE("GPL");
