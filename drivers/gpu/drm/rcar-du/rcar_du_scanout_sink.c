// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: what sinks want, and calls of their owners
 */

#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/string.h>

#include <drm/drm_connector.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_modes.h>
#include <drm/drm_plane.h>

#include "rcar_du_scanout_connector.h"
#include "rcar_du_scanout_head.h"
#include "rcar_du_scanout_sink.h"

/*
 * Protects the CRTC that somebody waits for who must not wait for prop_mutex: the
 * display does not go meanwhile.
 */
DEFINE_STATIC_SRCU(rcar_du_scanout_sinks_srcu);

/* -----------------------------------------------------------------------------
 * The display
 */

/**
 * rcar_du_scanout_sinks_init - Prepare the sinks of a display
 * @sinks: the sinks, of which there are none yet
 */
void rcar_du_scanout_sinks_init(struct rcar_du_scanout_sinks *sinks)
{
	mutex_init(&sinks->mutex);
	spin_lock_init(&sinks->lock);
	INIT_LIST_HEAD(&sinks->list);
}

/**
 * rcar_du_scanout_sinks_fini - Undo rcar_du_scanout_sinks_init()
 * @sinks: the sinks, of which there are none any more
 */
void rcar_du_scanout_sinks_fini(struct rcar_du_scanout_sinks *sinks)
{
	mutex_destroy(&sinks->mutex);
}

/**
 * rcar_du_scanout_sinks_synchronize - Wait for those who wait for a CRTC
 *
 * They have found it before the sinks were taken off.
 *
 * Context: sleeps, some seconds at most.
 */
void rcar_du_scanout_sinks_synchronize(void)
{
	synchronize_srcu(&rcar_du_scanout_sinks_srcu);
}

/**
 * rcar_du_scanout_sinks_hotplug - Tell owners that a display came or went
 * @sinks: the sinks
 */
void rcar_du_scanout_sinks_hotplug(struct rcar_du_scanout_sinks *sinks)
{
	struct rcar_du_scanout_sink *sink;

	guard(mutex)(&sinks->mutex);

	list_for_each_entry(sink, &sinks->list, link) {
		/* Another display has other modes. One that is not there has none. */
		if (sink->claim.kind == RCAR_DU_SCANOUT_CHANNEL && sink->head &&
		    sink->head->connector &&
		    sink->head->connector->status == connector_status_connected) {
			sink->mode_stale = true;
			rcar_du_scanout_sink_update_locked(sink);
		}
		sink->ops->hotplug(sink->data);
	}
}

/**
 * rcar_du_scanout_sinks_renew - Commit all states once more
 * @sinks: the sinks
 */
void rcar_du_scanout_sinks_renew(struct rcar_du_scanout_sinks *sinks)
{
	struct rcar_du_scanout_sink *sink;

	guard(mutex)(&sinks->mutex);

	list_for_each_entry(sink, &sinks->list, link)
		rcar_du_scanout_sink_update_locked(sink);
}

/**
 * rcar_du_scanout_sinks_retry - Look again after what has come to nothing
 * @sinks: the sinks
 *
 * The host may have left something that a refused state needs, and a commit of the host's
 * that waited for a fence may be on the screen.
 */
void rcar_du_scanout_sinks_retry(struct rcar_du_scanout_sinks *sinks)
{
	struct rcar_du_scanout_sink *sink;

	guard(mutex)(&sinks->mutex);

	list_for_each_entry(sink, &sinks->list, link) {
		if (sink->next.no_standby) {
			sink->next.no_standby = false;
			rcar_du_scanout_sink_update_locked(sink);
		}
		if (sink->claim.refused == sink->serial)
			sink->claim.refused = 0;
		else if (!sink->claim.committed || sink->claim.committed_told)
			continue;

		if (sink->head)
			rcar_du_scanout_head_commit(sink->head);
	}
}

/**
 * rcar_du_scanout_sink_alloc - Make a sink
 * @sinks: the sinks of the display; the new one is none of them yet
 * @client: the client to make framebuffers by
 * @kind: plane or channel
 * @ops: calls of the owner
 * @data: for them
 *
 * Return: the sink, or NULL.
 */
struct rcar_du_scanout_sink *
rcar_du_scanout_sink_alloc(struct rcar_du_scanout_sinks *sinks,
			   struct drm_client_dev *client,
			   enum rcar_du_scanout_kind kind,
			   const struct rcar_du_scanout_ops *ops, void *data)
{
	struct rcar_du_scanout_sink *sink;

	sink = kzalloc(sizeof(*sink), GFP_KERNEL);
	if (!sink)
		return NULL;

	sink->sinks = sinks;
	sink->claim.kind = kind;
	sink->ops = ops;
	sink->data = data;
	mutex_init(&sink->prop_mutex);
	rcar_du_scanout_cache_init(&sink->cache, client, ops);

	return sink;
}

/**
 * rcar_du_scanout_sink_close - Drop all that a sink has of a display that goes
 * @sink: the sink, which is on no CRTC any more
 *
 * Context: sleeps; no locks of the sinks are held.
 */
void rcar_du_scanout_sink_close(struct rcar_du_scanout_sink *sink)
{
	struct rcar_du_scanout_state old;

	/* Nothing is imported from here on, so that the owner gets nothing new. */
	rcar_du_scanout_cache_close(&sink->cache);
	sink->ops->display(sink->data, false);

	scoped_guard(mutex, &sink->sinks->mutex) {
		old = sink->next;
		memset(&sink->next.frame, 0, sizeof(sink->next.frame));
	}
	rcar_du_scanout_state_put(&old);
}

/**
 * rcar_du_scanout_sink_free - Free a sink
 * @sink: the sink, which is on no CRTC any more
 */
void rcar_du_scanout_sink_free(struct rcar_du_scanout_sink *sink)
{
	rcar_du_scanout_state_put(&sink->next);
	rcar_du_scanout_cache_fini(&sink->cache);
	mutex_destroy(&sink->prop_mutex);
	kfree(sink);
}

/**
 * rcar_du_scanout_sink_add_locked - Make a sink one of the display's
 * @sink: the sink; the caller holds rcar_du_scanout_sinks.mutex
 */
void rcar_du_scanout_sink_add_locked(struct rcar_du_scanout_sink *sink)
{
	lockdep_assert_held(&sink->sinks->mutex);

	scoped_guard(spinlock, &sink->sinks->lock)
		list_add_tail(&sink->link, &sink->sinks->list);
}

/**
 * rcar_du_scanout_sink_del_locked - Undo rcar_du_scanout_sink_add_locked()
 * @sink: the sink; the caller holds rcar_du_scanout_sinks.mutex
 *
 * The worker of its CRTC may have found it before.
 */
void rcar_du_scanout_sink_del_locked(struct rcar_du_scanout_sink *sink)
{
	lockdep_assert_held(&sink->sinks->mutex);

	scoped_guard(spinlock, &sink->sinks->lock)
		list_del(&sink->link);
}

/**
 * rcar_du_scanout_sink_move_locked - Put a sink on a CRTC
 * @sink: the sink; the caller holds its prop_mutex and rcar_du_scanout_sinks.mutex
 * @head: the CRTC, or NULL to take it off; the worker of the one it was on may
 *	have found it there before
 */
void rcar_du_scanout_sink_move_locked(struct rcar_du_scanout_sink *sink,
				      struct rcar_du_scanout_head *head)
{
	lockdep_assert_held(&sink->prop_mutex);
	lockdep_assert_held(&sink->sinks->mutex);

	scoped_guard(spinlock, &sink->sinks->lock)
		sink->head = head;
}

/**
 * rcar_du_scanout_sink_set_locked - Set a property in a sink's next state
 * @sink: the sink; the caller holds rcar_du_scanout_sinks.mutex
 * @prop: the property
 * @value: its new value
 */
void rcar_du_scanout_sink_set_locked(struct rcar_du_scanout_sink *sink,
				     enum rcar_du_scanout_prop prop, int value)
{
	lockdep_assert_held(&sink->sinks->mutex);

	sink->next.props[prop] = value;
}

/**
 * rcar_du_scanout_sink_update_locked - Have a sink's next state committed
 * @sink: the sink; the caller holds rcar_du_scanout_sinks.mutex
 */
void rcar_du_scanout_sink_update_locked(struct rcar_du_scanout_sink *sink)
{
	lockdep_assert_held(&sink->sinks->mutex);

	/* 0 is no state. */
	if (!++sink->serial)
		sink->serial = 1;
	/* It has none while it moves from one CRTC to another. */
	if (sink->head)
		rcar_du_scanout_head_commit(sink->head);
}

/**
 * rcar_du_scanout_sink_refuse_locked - Take note that a state can't be committed
 * @sink: the sink; the caller holds rcar_du_scanout_sinks.mutex
 * @serial: the state
 * @seq: its frame
 * @error: why
 *
 * A guest is to be off the screen when it shows nothing, also if the host's picture can't
 * take its place: then nothing does, and the picture has another chance a second later.
 *
 * Return: true if there is something to tell, false if there is another state to commit.
 */
bool rcar_du_scanout_sink_refuse_locked(struct rcar_du_scanout_sink *sink,
					u32 serial, u32 seq, int error)
{
	lockdep_assert_held(&sink->sinks->mutex);

	if (error != -EBUSY && serial == sink->serial &&
	    rcar_du_scanout_claim_stands_by(&sink->claim, &sink->next)) {
		sink->next.no_standby = true;
		rcar_du_scanout_sink_update_locked(sink);
		return false;
	}

	rcar_du_scanout_claim_refuse(&sink->claim, serial, seq, error);

	return true;
}

/**
 * rcar_du_scanout_sink_dirty_locked - Tell whether a sink has something new
 * @sink: the sink; the caller holds rcar_du_scanout_sinks.mutex
 *
 * Return: true if its state is neither committed nor refused.
 */
bool rcar_du_scanout_sink_dirty_locked(const struct rcar_du_scanout_sink *sink)
{
	lockdep_assert_held(&sink->sinks->mutex);

	return sink->serial != sink->claim.committed &&
	       sink->serial != sink->claim.refused;
}

/**
 * rcar_du_scanout_sink_decided_locked - Tell whether it is known what a sink wants
 * @sink: the sink; the caller holds rcar_du_scanout_sinks.mutex
 *
 * Return: true, or false if a mode for the newest frame was not looked for yet.
 */
bool rcar_du_scanout_sink_decided_locked(const struct rcar_du_scanout_sink *sink)
{
	lockdep_assert_held(&sink->sinks->mutex);

	return sink->claim.kind == RCAR_DU_SCANOUT_PLANE ||
	       sink->mode_serial == sink->serial ||
	       (!sink->next.frame.on &&
		!rcar_du_scanout_claim_stays_on(&sink->next));
}

/**
 * rcar_du_scanout_sink_insists_locked - Tell whether only a commit of ours will do
 * @sink: the sink, with something new; the caller holds rcar_du_scanout_sinks.mutex
 *
 * Commits of the host do not take what is not ours yet, nor set a guest's mode.
 *
 * Return: true if it has to be made, whatever the host does.
 */
bool rcar_du_scanout_sink_insists_locked(const struct rcar_du_scanout_sink *sink)
{
	const struct rcar_du_scanout_claim *claim = &sink->claim;
	bool on = rcar_du_scanout_claim_on(&sink->next);

	lockdep_assert_held(&sink->sinks->mutex);

	if (claim->kind == RCAR_DU_SCANOUT_PLANE)
		return !claim->taken || claim->stuck;

	return on != claim->lit ||
	       (on && !drm_mode_equal(&claim->lit_mode, &sink->next.mode));
}

/* -----------------------------------------------------------------------------
 * The CRTC
 */

/**
 * rcar_du_scanout_sink_shown - Tell the owner of a claim what became of a frame
 * @claim: the claim of a sink; what is told is in its report
 * @count: the vertical blank since which it is shown
 * @time_ns: when that was
 */
void rcar_du_scanout_sink_shown(struct rcar_du_scanout_claim *claim, u64 count,
				u64 time_ns)
{
	struct rcar_du_scanout_sink *sink =
		container_of(claim, struct rcar_du_scanout_sink, claim);

	sink->ops->shown(sink->data, claim->report_seq, count, time_ns,
			 claim->report_error);
}

/**
 * rcar_du_scanout_sinks_planes - List the planes of the sinks on a CRTC
 * @sinks: the sinks
 * @head: the CRTC
 * @all: also of those whose planes are the host's now
 * @planes: returns the planes
 *
 * Return: the number of planes.
 */
unsigned int
rcar_du_scanout_sinks_planes(struct rcar_du_scanout_sinks *sinks,
			     const struct rcar_du_scanout_head *head, bool all,
			     struct drm_plane *planes[RCAR_DU_SCANOUT_MAX_PLANES])
{
	struct rcar_du_scanout_sink *sink;
	unsigned int num = 0, i;

	guard(mutex)(&sinks->mutex);

	list_for_each_entry(sink, &sinks->list, link) {
		if (sink->head != head ||
		    !(all || rcar_du_scanout_claim_owned(&sink->claim)))
			continue;

		for (i = 0; i < sink->claim.num_planes; i++)
			planes[num++] = sink->claim.planes[i];
	}

	return num;
}

/**
 * rcar_du_scanout_sinks_wanted - Tell whether somebody wants vertical blanks
 * @head: the CRTC
 *
 * Return: true if there is a sink on the CRTC that does.
 */
bool rcar_du_scanout_sinks_wanted(struct rcar_du_scanout_head *head)
{
	struct rcar_du_scanout_sinks *sinks = head->data;
	struct rcar_du_scanout_sink *sink;
	bool wanted = false;

	scoped_guard(spinlock, &sinks->lock) {
		list_for_each_entry(sink, &sinks->list, link)
			wanted |= sink->head == head && sink->started;
	}

	return wanted;
}

/**
 * rcar_du_scanout_sinks_vblank - Tell of a vertical blank
 * @head: the CRTC
 * @count: its number
 * @time_ns: when it was
 */
void rcar_du_scanout_sinks_vblank(struct rcar_du_scanout_head *head, u64 count,
				  u64 time_ns)
{
	struct rcar_du_scanout_sinks *sinks = head->data;
	struct rcar_du_scanout_sink *sink;

	scoped_guard(spinlock, &sinks->lock) {
		list_for_each_entry(sink, &sinks->list, link) {
			if (sink->head == head && sink->started)
				sink->ops->vblank(sink->data, count, time_ns);
		}
	}
}

/* -----------------------------------------------------------------------------
 * The owner
 */

static bool rcar_du_scanout_nothing(const struct rcar_du_scanout_frame *frame)
{
	return !frame->on && !frame->num_layers;
}

/**
 * rcar_du_scanout_show - Show a frame at the next vertical blank
 * @sink: the sink
 * @frame: the frame; references are taken on its framebuffers
 *
 * Takes the place of a frame that is not on its way to the screen yet. While there is
 * no display nothing is kept.
 */
void rcar_du_scanout_show(struct rcar_du_scanout_sink *sink,
			  const struct rcar_du_scanout_frame *frame)
{
	struct rcar_du_scanout_state old;

	scoped_guard(mutex, &sink->sinks->mutex) {
		/* The CRTC of a channel that is off may be somebody else's. */
		if (!rcar_du_scanout_sink_dirty_locked(sink) &&
		    rcar_du_scanout_nothing(frame) &&
		    rcar_du_scanout_nothing(&sink->next.frame))
			return;
		if (!sink->sinks->present && !rcar_du_scanout_nothing(frame))
			return;

		old = sink->next;
		rcar_du_scanout_state_set(&sink->next, frame);
		rcar_du_scanout_sink_update_locked(sink);
	}

	rcar_du_scanout_state_put(&old);
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_show);

static bool rcar_du_scanout_has_format(const struct drm_plane *plane,
				       u32 format)
{
	unsigned int i;

	for (i = 0; i < plane->format_count; i++) {
		if (plane->format_types[i] == format)
			return true;
	}

	return false;
}

/**
 * rcar_du_scanout_import - Get a framebuffer for a picture in memory
 * @sink: the sink
 * @buffer: the picture
 * @copied: number of bytes that were copied, if the display can't fetch from
 *	this memory and RCAR_DU_SCANOUT_COPY allows to copy
 *
 * Makes it the first time, and keeps it until rcar_du_scanout_forget() or
 * until others that are used later need its place.
 *
 * Context: sleeps; takes the reservation locks of the dma-bufs.
 * Return: the framebuffer with a reference, or an ERR_PTR: -EOPNOTSUPP if the
 * planes don't have the format, -EMEDIUMTYPE if the display can't fetch from
 * this memory (not contiguous, or not below 4 GiB), -EINVAL if it can't have
 * that geometry, -ENODEV if the memory has gone, -ENOTCONN if there is no display now,
 * -ENOMEM.
 */
struct drm_framebuffer *
rcar_du_scanout_import(struct rcar_du_scanout_sink *sink,
		       const struct rcar_du_scanout_buffer *buffer,
		       size_t *copied)
{
	bool copy;

	*copied = 0;

	scoped_guard(mutex, &sink->sinks->mutex) {
		if (!sink->claim.num_planes)
			return ERR_PTR(-ENOTCONN);
		if (!rcar_du_scanout_has_format(sink->claim.planes[0],
						buffer->format))
			return ERR_PTR(-EOPNOTSUPP);
		copy = sink->next.props[RCAR_DU_SCANOUT_COPY];
	}

	return rcar_du_scanout_cache_get(&sink->cache, buffer, copy, copied);
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_import);

/*
 * The display may not take what is left of a frame, or the host's picture: then it goes on with
 * what it had. No driver refuses to show nothing. Returns whether that is new.
 */
static bool rcar_du_scanout_give_up(struct rcar_du_scanout_sink *sink, u32 serial)
{
	const struct rcar_du_scanout_claim *claim = &sink->claim;
	struct rcar_du_scanout_state old;

	scoped_guard(mutex, &sink->sinks->mutex) {
		/* The guest may have shown another frame since. */
		if (claim->refused_busy ||
		    (s32)(claim->committed - serial) >= 0 ||
		    (s32)(claim->refused - serial) < 0)
			return false;

		old = sink->next;
		sink->next.frame.num_layers = 0;
		sink->next.no_standby = true;
		rcar_du_scanout_sink_update_locked(sink);
	}

	rcar_du_scanout_state_put(&old);

	return true;
}

static void rcar_du_scanout_take_off(struct rcar_du_scanout_sink *sink,
				     const struct dma_buf *dmabuf)
{
	struct drm_framebuffer *fbs[RCAR_DU_SCANOUT_NUM_FBS];
	struct rcar_du_scanout_head *head;
	unsigned int i, num;
	u32 serial;

	num = rcar_du_scanout_cache_forget(&sink->cache, dmabuf, fbs);
	if (!num)
		return;

	scoped_guard(mutex, &sink->sinks->mutex) {
		for (i = 0; i < num; i++)
			rcar_du_scanout_state_remove(&sink->next, fbs[i]);
		head = sink->head;
		rcar_du_scanout_sink_update_locked(sink);
		serial = sink->serial;
	}

	for (i = 0; i < num; i++)
		drm_framebuffer_put(fbs[i]);
	if (!head)
		return;

	rcar_du_scanout_head_wait(head);
	if (rcar_du_scanout_give_up(sink, serial))
		rcar_du_scanout_head_wait(head);
}

/**
 * rcar_du_scanout_forget - Stop using a dma-buf
 * @sink: the sink
 * @dmabuf: the dma-buf, which is only compared; the caller has seen to it that
 *	nobody shows it any more
 *
 * On return it is not on the screen, unless somebody else's commit keeps the CRTC for a second:
 * then it goes with the next one. The import goes when the driver drops what was on the screen.
 *
 * Context: sleeps until the next vertical blank if it was on the screen, a second at most.
 */
void rcar_du_scanout_forget(struct rcar_du_scanout_sink *sink,
			    const struct dma_buf *dmabuf)
{
	int index = srcu_read_lock(&rcar_du_scanout_sinks_srcu);

	rcar_du_scanout_take_off(sink, dmabuf);
	srcu_read_unlock(&rcar_du_scanout_sinks_srcu, index);
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_forget);

/**
 * rcar_du_scanout_num_planes - How many layers a sink can show
 * @sink: the sink
 *
 * Return: the number.
 */
unsigned int rcar_du_scanout_num_planes(struct rcar_du_scanout_sink *sink)
{
	guard(mutex)(&sink->sinks->mutex);

	return sink->claim.num_planes;
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_num_planes);

/**
 * rcar_du_scanout_start - Ask for vertical blanks
 * @sink: the sink
 */
void rcar_du_scanout_start(struct rcar_du_scanout_sink *sink)
{
	guard(mutex)(&sink->prop_mutex);

	scoped_guard(spinlock, &sink->sinks->lock)
		sink->started = true;

	if (sink->head)
		rcar_du_scanout_head_tick(sink->head);
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_start);

/**
 * rcar_du_scanout_stop - Ask for no more vertical blanks
 * @sink: the sink
 *
 * None is told on return.
 */
void rcar_du_scanout_stop(struct rcar_du_scanout_sink *sink)
{
	scoped_guard(spinlock, &sink->sinks->lock)
		sink->started = false;
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_stop);

/**
 * rcar_du_scanout_monitor - Tell what is plugged to a sink's CRTC
 * @sink: the sink
 * @monitor: what it is
 *
 * Context: sleeps.
 */
void rcar_du_scanout_monitor(struct rcar_du_scanout_sink *sink,
			     struct rcar_du_scanout_monitor *monitor)
{
	struct drm_connector *connector;

	memset(monitor, 0, sizeof(*monitor));

	/* Nobody moves it meanwhile. */
	guard(mutex)(&sink->prop_mutex);

	connector = sink->head ? sink->head->connector : NULL;
	if (connector)
		rcar_du_scanout_connector_monitor(connector, monitor);
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_monitor);

/**
 * rcar_du_scanout_connector - Name the connector of a sink's CRTC
 * @sink: the sink
 * @name: returns its name, or "" if there is none
 * @size: of @name
 */
void rcar_du_scanout_connector(struct rcar_du_scanout_sink *sink, char *name,
			       size_t size)
{
	guard(mutex)(&sink->prop_mutex);

	strscpy(name, sink->head && sink->head->connector ?
		      sink->head->connector->name : "", size);
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_connector);

/**
 * rcar_du_scanout_get - Read a property
 * @sink: the sink
 * @prop: the property
 *
 * Return: its value.
 */
int rcar_du_scanout_get(struct rcar_du_scanout_sink *sink,
			enum rcar_du_scanout_prop prop)
{
	guard(mutex)(&sink->sinks->mutex);

	return sink->next.props[prop];
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_get);
