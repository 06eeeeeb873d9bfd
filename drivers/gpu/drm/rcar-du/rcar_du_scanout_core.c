// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: who has which part of a display
 */

#include <linux/cleanup.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include <drm/drm_blend.h>
#include <drm/drm_connector.h>
#include <drm/drm_plane.h>
#include <drm/drm_property.h>

#include "rcar_du_scanout_core.h"
#include "rcar_du_scanout_hook.h"
#include "rcar_du_scanout_left.h"
#include "rcar_du_scanout_standby.h"

static struct rcar_du_scanout *
rcar_du_scanout_of(const struct rcar_du_scanout_sink *sink)
{
	return container_of(sink->sinks, struct rcar_du_scanout, sinks);
}

/* -----------------------------------------------------------------------------
 * Parts
 */

/**
 * rcar_du_scanout_available - How many more sinks there can be
 * @scanout: the display
 * @kind: of which kind
 *
 * Return: the number, 0 while it is not there.
 */
unsigned int rcar_du_scanout_available(struct rcar_du_scanout *scanout,
				       enum rcar_du_scanout_kind kind)
{
	guard(mutex)(&scanout->sinks.mutex);

	if (!scanout->sinks.present)
		return 0;

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

	rcar_du_scanout_claim_clear(claim);
	/* Another panel has other modes. */
	sink->next.mode.clock = 0;
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
	const struct drm_property *zpos;

	lockdep_assert_held(&sink->sinks->mutex);

	zpos = sink->claim.planes[0]->zpos_property;

	*min = zpos ? zpos->values[0] : 0;
	*max = zpos ? zpos->values[1] : 0;
	/* What the host keeps for itself is above everything. */
	*max = max_t(int, *min, *max - rcar_du_scanout_of(sink)->pool.reserved);
}

/* Puts a sink on a CRTC. */
static int rcar_du_scanout_place_locked(struct rcar_du_scanout_sink *sink,
					unsigned int crtc)
{
	int *props = sink->next.props;
	int min, max, ret;

	lockdep_assert_held(&sink->sinks->mutex);

	if (!sink->sinks->present)
		return -ENODEV;

	ret = rcar_du_scanout_take_locked(sink, crtc);
	if (ret)
		return ret;

	rcar_du_scanout_assign_locked(sink, crtc);
	rcar_du_scanout_zpos_range_locked(sink, &min, &max);
	props[RCAR_DU_SCANOUT_ZPOS] = clamp(props[RCAR_DU_SCANOUT_ZPOS], min, max);
	rcar_du_scanout_sink_update_locked(sink);

	return 0;
}

/* The same, also if the panel of a channel is not plugged in now. */
static int rcar_du_scanout_place_again_locked(struct rcar_du_scanout_sink *sink)
{
	unsigned int crtc = sink->next.props[RCAR_DU_SCANOUT_CRTC];
	struct rcar_du_scanout_pool_crtc *entry;
	bool connected;
	int ret;

	lockdep_assert_held(&sink->sinks->mutex);

	if (crtc >= rcar_du_scanout_of(sink)->num_heads)
		return -EINVAL;

	entry = &rcar_du_scanout_of(sink)->pool.crtcs[crtc];
	connected = entry->connected;
	entry->connected = true;
	ret = rcar_du_scanout_place_locked(sink, crtc);
	entry->connected = connected;

	return ret;
}

/**
 * rcar_du_scanout_seat - Give a sink its part of a display that has come back
 * @sink: the sink, which has none; the caller holds rcar_du_scanout.mutex
 *
 * It gets the CRTC that it had, or none: its picture is to be on no panel that nobody has
 * chosen.
 */
void rcar_du_scanout_seat(struct rcar_du_scanout_sink *sink)
{
	int ret;

	lockdep_assert_held(&rcar_du_scanout_of(sink)->mutex);
	guard(mutex)(&sink->prop_mutex);

	scoped_guard(mutex, &sink->sinks->mutex)
		ret = rcar_du_scanout_place_again_locked(sink);
	if (ret)
		return;

	rcar_du_scanout_standby_show(sink, &rcar_du_scanout_of(sink)->client);
	rcar_du_scanout_head_tick(sink->head);
}

/**
 * rcar_du_scanout_unseat - Take a sink's part of the display away
 * @sink: the sink, which may have none; the caller holds rcar_du_scanout.mutex
 *
 * Nothing of it is on the screen on return, unless the driver refuses to turn it off, or a
 * commit of somebody else keeps the CRTC for longer than a second: then it goes later.
 */
void rcar_du_scanout_unseat(struct rcar_du_scanout_sink *sink)
{
	static const struct rcar_du_scanout_frame nothing;
	struct rcar_du_scanout *scanout = rcar_du_scanout_of(sink);
	struct rcar_du_scanout_head *head;
	int visible;

	lockdep_assert_held(&scanout->mutex);
	guard(mutex)(&sink->prop_mutex);

	head = sink->head;
	if (!head)
		return;

	rcar_du_scanout_standby_hide(sink);
	rcar_du_scanout_show(sink, &nothing);
	/* Also if it showed nothing before, and that was refused, and if it is always on. */
	scoped_guard(mutex, &scanout->sinks.mutex) {
		visible = sink->next.props[RCAR_DU_SCANOUT_VISIBLE];
		rcar_du_scanout_sink_set_locked(sink, RCAR_DU_SCANOUT_VISIBLE,
						false);
		rcar_du_scanout_sink_update_locked(sink);
	}
	/* The planes are off before somebody else can take them. */
	rcar_du_scanout_head_flush(head);

	scoped_guard(mutex, &scanout->sinks.mutex) {
		rcar_du_scanout_sink_move_locked(sink, NULL);
		rcar_du_scanout_pool_release(&scanout->pool, sink->id);
	}
	/* The worker may have started meanwhile, and found the sink on this CRTC. */
	rcar_du_scanout_head_flush(head);

	rcar_du_scanout_left_by(sink, head);
	scoped_guard(mutex, &scanout->sinks.mutex) {
		rcar_du_scanout_claim_clear(&sink->claim);
		rcar_du_scanout_sink_set_locked(sink, RCAR_DU_SCANOUT_VISIBLE,
						visible);
	}
}

static int rcar_du_scanout_add_locked(struct rcar_du_scanout *scanout,
				      struct rcar_du_scanout_sink *sink)
{
	int min, max, ret;

	lockdep_assert_held(&scanout->sinks.mutex);

	if (!scanout->sinks.present)
		return -ENODEV;

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
 * Return: the sink, or an ERR_PTR: -ENODEV if the display is not there, -ENOSPC if
 * nothing is left, -ENOMEM.
 */
struct rcar_du_scanout_sink *
rcar_du_scanout_create(struct rcar_du_scanout *scanout,
		       enum rcar_du_scanout_kind kind,
		       const struct rcar_du_scanout_ops *ops, void *data)
{
	struct rcar_du_scanout_sink *sink;
	int ret;

	guard(mutex)(&scanout->mutex);

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
 * As with rcar_du_scanout_unseat(), nothing of it is on the screen on return.
 */
void rcar_du_scanout_destroy(struct rcar_du_scanout_sink *sink)
{
	struct rcar_du_scanout *scanout = rcar_du_scanout_of(sink);

	guard(mutex)(&scanout->mutex);

	rcar_du_scanout_stop(sink);
	rcar_du_scanout_unseat(sink);
	scoped_guard(mutex, &scanout->sinks.mutex)
		rcar_du_scanout_sink_del_locked(sink);
	rcar_du_scanout_sink_free(sink);
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_destroy);

/* -----------------------------------------------------------------------------
 * Properties
 */

/**
 * rcar_du_scanout_find_crtc - Find the CRTC of a connector
 * @sink: a sink of the display
 * @connector: name of the connector, as in /sys/class/drm but for the card
 *
 * Return: the index of the CRTC, -EINVAL if there is no such connector, or -ENODEV if
 * the sink has no part of the display now.
 */
int rcar_du_scanout_find_crtc(struct rcar_du_scanout_sink *sink,
			      const char *connector)
{
	struct rcar_du_scanout *scanout = rcar_du_scanout_of(sink);
	unsigned int i;

	guard(mutex)(&sink->prop_mutex);

	if (!sink->head)
		return -ENODEV;

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

	if (!sink->claim.num_planes)
		return -ENODEV;

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
	case RCAR_DU_SCANOUT_FIXED:
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

	/* The display is not there, or had no room when it came back. */
	if (!sink->head) {
		scoped_guard(mutex, &sink->sinks->mutex)
			ret = rcar_du_scanout_place_locked(sink, crtc);
		if (!ret)
			rcar_du_scanout_standby_show(sink, &scanout->client);
		return ret;
	}

	if (crtc >= scanout->num_heads)
		return -EINVAL;
	if (crtc == old)
		return 0;
	if (rcar_du_scanout_hook_quiet(scanout->sinks.hook))
		return -EBUSY;

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
		if (sink->claim.lit || sink->claim.refused == sink->serial) {
			rcar_du_scanout_sink_update_locked(sink);
			return -EBUSY;
		}
		rcar_du_scanout_sink_move_locked(sink, NULL);
	}
	/* The worker may have started meanwhile, and found the sink on this CRTC. */
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
 * else or the sink can't leave its own now, or has no planes left; -ENODEV if the sink
 * has no part of the display now.
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

	/* It may be one that a guest has set. */
	if (prop == RCAR_DU_SCANOUT_FIXED && value != sink->next.props[prop])
		sink->mode_stale = true;
	rcar_du_scanout_sink_set_locked(sink, prop, value);
	rcar_du_scanout_sink_update_locked(sink);

	return 0;
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_set);

/**
 * rcar_du_scanout_set_picture - Set what a sink shows while its owner shows nothing
 * @sink: the sink
 * @picture: the picture, or NULL: nothing
 *
 * It takes the place of frames without layers. The panel of a channel stays on with it, in
 * the mode of the last frame or in the one that the panel prefers, in the middle. A plane
 * has it where its layers are.
 *
 * The caller keeps @picture until it has set another one, or has destroyed the sink.
 *
 * Context: sleeps.
 * Return: 0, or, with the picture as it was, an error of the display's driver if it can't
 * have such a framebuffer.
 */
int rcar_du_scanout_set_picture(struct rcar_du_scanout_sink *sink,
				const struct rcar_du_scanout_picture *picture)
{
	guard(mutex)(&sink->prop_mutex);

	return rcar_du_scanout_standby_set(sink, sink->head ?
					   &rcar_du_scanout_of(sink)->client : NULL,
					   picture);
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_set_picture);

/* Functions that objects call when they go have given the module back before they end. */
static void __exit rcar_du_scanout_exit(void)
{
	synchronize_rcu_tasks();
}
module_exit(rcar_du_scanout_exit);

RCAR_DU_MODULE_IMPORT_NS(DMA_BUF);
MODULE_DESCRIPTION("R-Car DU scanout of foreign memory");
MODULE_LICENSE("GPL");
