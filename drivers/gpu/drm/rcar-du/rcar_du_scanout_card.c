// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: DRM devices that come and go
 *
 * A display driver may be bound before or after somebody waits for its display. The
 * bus does not tell when the display is there: the DRM device is registered in the middle
 * of the driver's probe(), and some have no driver at all. The class of the DRM core's
 * devices tells, for every bus.
 */

#include <linux/device.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_sysfs.h>

#include "rcar_du_scanout_card.h"

/* The class tells of the device in the middle of drm_dev_register(). */
#define RCAR_DU_SCANOUT_CARD_DELAY	msecs_to_jiffies(10)

/* Held around changes of the interface, outside of the lock of the class */
static DEFINE_MUTEX(rcar_du_scanout_card_watch_mutex);

/*
 * Protects the list of those that are watched, and rcar_du_scanout_card.drm. Held with
 * the lock of the class held.
 */
static DEFINE_SPINLOCK(rcar_du_scanout_card_lock);
static LIST_HEAD(rcar_du_scanout_cards);

static bool rcar_du_scanout_card_has_name(const struct rcar_du_scanout_card *card,
					  const struct device *dev)
{
	size_t len = str_has_prefix(card->name, dev_bus_name(dev));

	return len && card->name[len] == '/' &&
	       !strcmp(card->name + len + 1, dev_name(dev));
}

/* The DRM device that has a primary minor, or NULL if it is something else. */
static struct drm_device *rcar_du_scanout_card_drm(struct device *dev)
{
	struct drm_minor *minor;

	/* Connectors are devices of the same class, below that of their minor. */
	if (!dev->parent || dev->parent->class == dev->class ||
	    !str_has_prefix(dev_name(dev), "card"))
		return NULL;

	/* The DRM core keeps the minor as driver data of its device. */
	minor = dev_get_drvdata(dev);

	return minor && minor->type == DRM_MINOR_PRIMARY ? minor->dev : NULL;
}

/* Gives a card another DRM device, or none, and returns the one that it had. */
static struct drm_device *
rcar_du_scanout_card_set_locked(struct rcar_du_scanout_card *card,
				struct drm_device *drm)
{
	struct drm_device *old = card->drm;

	lockdep_assert_held(&rcar_du_scanout_card_lock);

	if (drm)
		drm_dev_get(drm);
	card->drm = drm;

	return old;
}

static struct rcar_du_scanout_card *
rcar_du_scanout_card_find_locked(struct device *dev)
{
	struct rcar_du_scanout_card *card;

	lockdep_assert_held(&rcar_du_scanout_card_lock);

	list_for_each_entry(card, &rcar_du_scanout_cards, link) {
		if (rcar_du_scanout_card_has_name(card, dev->parent))
			return card;
	}

	return NULL;
}

static int rcar_du_scanout_card_add(struct device *dev)
{
	struct drm_device *drm = rcar_du_scanout_card_drm(dev);
	struct rcar_du_scanout_card *card;

	if (!drm)
		return 0;

	scoped_guard(spinlock, &rcar_du_scanout_card_lock) {
		card = rcar_du_scanout_card_find_locked(dev);
		/* A device with two of them is not known: the first one it is. */
		if (!card || card->drm)
			return 0;

		rcar_du_scanout_card_set_locked(card, drm);
		queue_delayed_work(system_wq, &card->work, 0);
	}

	return 0;
}

/*
 * What releases a DRM device is in its driver's module, which may be unloaded after this:
 * no reference is left.
 */
static void rcar_du_scanout_card_drop(struct rcar_du_scanout_card *card)
{
	struct drm_device *drm;

	cancel_delayed_work_sync(&card->work);
	scoped_guard(spinlock, &rcar_du_scanout_card_lock)
		drm = rcar_du_scanout_card_set_locked(card, NULL);
	drm_dev_put(drm);
}

static void rcar_du_scanout_card_remove(struct device *dev)
{
	struct drm_device *drm = rcar_du_scanout_card_drm(dev);
	struct rcar_du_scanout_card *card;

	if (!drm)
		return;

	/* It stays in the list: that changes while the class tells of nothing. */
	scoped_guard(spinlock, &rcar_du_scanout_card_lock) {
		card = rcar_du_scanout_card_find_locked(dev);
		if (!card || card->drm != drm)
			return;
	}

	rcar_du_scanout_card_drop(card);
}

static struct class_interface rcar_du_scanout_card_interface = {
	.add_dev = rcar_du_scanout_card_add,
	.remove_dev = rcar_du_scanout_card_remove,
};

static void rcar_du_scanout_card_work(struct work_struct *work)
{
	struct rcar_du_scanout_card *card =
		container_of(to_delayed_work(work), struct rcar_du_scanout_card,
			     work);
	struct drm_device *drm;

	scoped_guard(spinlock, &rcar_du_scanout_card_lock)
		drm = card->drm;
	if (!drm)
		return;

	/* If it never is, or not any more, the class tells that it goes. */
	if (!READ_ONCE(drm->registered)) {
		queue_delayed_work(system_wq, &card->work,
				   RCAR_DU_SCANOUT_CARD_DELAY);
		return;
	}

	card->found(card, drm);

	scoped_guard(spinlock, &rcar_du_scanout_card_lock)
		drm = rcar_du_scanout_card_set_locked(card, NULL);
	drm_dev_put(drm);
}

static void rcar_du_scanout_card_free(struct device *dev)
{
	kfree(dev);
}

/*
 * The DRM core does not export its class, but has a call that adds devices to it. One
 * without a name gets the class, and is refused.
 */
static const struct class *rcar_du_scanout_card_class(void)
{
	const struct class *class;
	struct device *dev;

	dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		return NULL;

	dev->release = rcar_du_scanout_card_free;
	if (drm_class_device_register(dev) == -ENOENT) {
		/* Not even initialized: there is no such class. */
		kfree(dev);
		return NULL;
	}
	class = dev->class;
	put_device(dev);

	return class;
}

/**
 * rcar_du_scanout_card_watch - Wait for a DRM device
 * @card: the DRM device that is waited for; its name and call are set
 *
 * If it is there already, that was told on return.
 *
 * Return: 0, -ENOMEM, or an error of class_interface_register().
 */
int rcar_du_scanout_card_watch(struct rcar_du_scanout_card *card)
{
	struct class_interface *interface = &rcar_du_scanout_card_interface;
	int ret;

	INIT_DELAYED_WORK(&card->work, rcar_du_scanout_card_work);
	card->drm = NULL;

	scoped_guard(mutex, &rcar_du_scanout_card_watch_mutex) {
		if (!interface->class)
			interface->class = rcar_du_scanout_card_class();
		if (!interface->class)
			return -ENOMEM;

		/* Of those that are there it tells when it is registered. */
		if (!list_empty(&rcar_du_scanout_cards))
			class_interface_unregister(interface);
		scoped_guard(spinlock, &rcar_du_scanout_card_lock)
			list_add_tail(&card->link, &rcar_du_scanout_cards);

		ret = class_interface_register(interface);
		if (ret) {
			scoped_guard(spinlock, &rcar_du_scanout_card_lock)
				list_del(&card->link);
			return ret;
		}
	}

	flush_delayed_work(&card->work);

	return 0;
}

/**
 * rcar_du_scanout_card_unwatch - Do not wait for a DRM device any more
 * @card: the DRM device that is waited for
 *
 * No call is made on return.
 */
void rcar_du_scanout_card_unwatch(struct rcar_du_scanout_card *card)
{
	struct class_interface *interface = &rcar_du_scanout_card_interface;

	guard(mutex)(&rcar_du_scanout_card_watch_mutex);

	class_interface_unregister(interface);
	scoped_guard(spinlock, &rcar_du_scanout_card_lock)
		list_del(&card->link);
	if (!list_empty(&rcar_du_scanout_cards) &&
	    class_interface_register(interface))
		pr_warn("rcar_du_scanout: displays that come are not seen\n");

	rcar_du_scanout_card_drop(card);
}
