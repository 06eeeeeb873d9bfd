// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: mdev parents and types
 *
 * The type "virtual" needs nothing of the host, and is there always, under a device of
 * our own. The displays that the parameter "parent" names come and go, and the types of
 * their parts with them.
 *
 * The mdev parent of a display is not its device, but another one of our own with its
 * name. Mediated devices have to be removed before their parent goes, which waits for
 * VMMs; nobody who unbinds a driver or removes a device is to wait for these. A parent
 * whose display has gone stays until the last of its mediated devices is removed.
 */

#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait_bit.h>
#include <linux/workqueue.h>

#include <drm/rcar_du_scanout.h>

#include "rcar_du_mdev_output.h"
#include "rcar_du_mdev_parent.h"
#include "rcar_du_mdev_regs.h"
#include "rcar_du_mdev_snoop.h"

#define RCAR_DU_MDEV_MAX_DISPLAYS	8

static char *parent[RCAR_DU_MDEV_MAX_DISPLAYS];
static unsigned int num_parents;
module_param_array(parent, charp, &num_parents, 0444);
MODULE_PARM_DESC(parent, "Display devices, each as platform/NAME, pci/NAME or faux/NAME, there or not");

static unsigned int max_instances = 8;
module_param(max_instances, uint, 0444);
MODULE_PARM_DESC(max_instances, "Displays of type virtual that can exist at a time (default 8)");

static unsigned int host_planes;
module_param(host_planes, uint, 0444);
MODULE_PARM_DESC(host_planes, "Overlay planes of each CRTC that stay with the host, above all others (default 0)");

enum {
	RCAR_DU_MDEV_TYPE_VIRTUAL,
	/* A parent without a display does not have these. */
	RCAR_DU_MDEV_TYPE_PLANE,
	RCAR_DU_MDEV_TYPE_CHANNEL,
	RCAR_DU_MDEV_NUM_TYPES
};

static const struct mdev_type rcar_du_mdev_types[RCAR_DU_MDEV_NUM_TYPES] = {
	[RCAR_DU_MDEV_TYPE_VIRTUAL] = {
		.sysfs_name = "virtual",
		.pretty_name = "R-Car virtual display",
	},
	[RCAR_DU_MDEV_TYPE_PLANE] = {
		.sysfs_name = "plane",
		.pretty_name = "Plane of an R-Car display",
	},
	[RCAR_DU_MDEV_TYPE_CHANNEL] = {
		.sysfs_name = "channel",
		.pretty_name = "Channel of an R-Car display",
	},
};

/* Displays of type virtual that can still be made. */
static atomic_t rcar_du_mdev_virtual_left;

struct rcar_du_mdev_display;

/**
 * struct rcar_du_mdev_parent - A device of our own that has types
 *
 * Freed when the last of its types is, see mdev_type_release().
 */
struct rcar_du_mdev_parent {
	/** @dev: the mdev parent */
	struct device dev;
	/** @driver: has the name that those of the types begin with; is bound to nothing */
	struct device_driver driver;
	/** @display: whose parts it offers, or NULL */
	struct rcar_du_mdev_display *display;
	/** @devices: mediated devices that there are, or less than 0: there can be no more */
	atomic_t devices;
	/** @mdev: it, for the mdev core */
	struct mdev_parent mdev;
	/** @types: its types */
	struct mdev_type types[RCAR_DU_MDEV_NUM_TYPES];
	/** @type_list: the same, for the mdev core */
	struct mdev_type *type_list[RCAR_DU_MDEV_NUM_TYPES];
};

/**
 * struct rcar_du_mdev_display - What the parameter "parent" names, there or not
 */
struct rcar_du_mdev_display {
	/** @driver: of the mediated devices */
	struct mdev_driver *driver;
	/** @scanout: the display */
	struct rcar_du_scanout *scanout;
	/** @changed: it came or went since @work has looked; atomic */
	int changed;
	/** @work: looks whether it is there, or its parent is not needed any more */
	struct work_struct work;
	/** @parent: offers its parts, or NULL; is @work's */
	struct rcar_du_mdev_parent *parent;
};

static struct rcar_du_mdev_display
rcar_du_mdev_displays[RCAR_DU_MDEV_MAX_DISPLAYS];

/* Parents that are not freed yet, which is done here */
static atomic_t rcar_du_mdev_num_parents;

/* That of the type virtual, which is there always */
static struct rcar_du_mdev_parent *rcar_du_mdev_own;

static const struct class rcar_du_mdev_class = {
	.name = "rcar-du-mdev",
};

/* -----------------------------------------------------------------------------
 * Parents
 */

static void rcar_du_mdev_parent_release(struct device *dev)
{
	struct rcar_du_mdev_parent *parent =
		container_of(dev, struct rcar_du_mdev_parent, dev);

	of_node_put(dev->of_node);
	kfree_const(parent->driver.name);
	kfree(parent);

	if (atomic_dec_and_test(&rcar_du_mdev_num_parents))
		wake_up_var(&rcar_du_mdev_num_parents);
}

/* Makes a device that looks like that of a display, or one for no display. */
static struct rcar_du_mdev_parent *
rcar_du_mdev_parent_alloc_dev(struct device *display)
{
	struct rcar_du_mdev_parent *parent;
	int ret;

	parent = kzalloc(sizeof(*parent), GFP_KERNEL);
	if (!parent)
		return ERR_PTR(-ENOMEM);

	atomic_inc(&rcar_du_mdev_num_parents);
	device_initialize(&parent->dev);
	parent->dev.class = &rcar_du_mdev_class;
	parent->dev.release = rcar_du_mdev_parent_release;

	ret = dev_set_name(&parent->dev, "%s",
			   display ? dev_name(display) : "rcar-du-mdev");
	if (!ret && display) {
		device_set_of_node_from_dev(&parent->dev, display);
		rcar_du_mdev_snoop_like(&parent->dev, display);

		/* The mdev core names types after the driver of their parent. */
		parent->driver.name = kstrdup_const(dev_driver_string(display),
						    GFP_KERNEL);
		if (parent->driver.name)
			parent->dev.driver = &parent->driver;
		else
			ret = -ENOMEM;
	}
	if (ret) {
		put_device(&parent->dev);
		return ERR_PTR(ret);
	}

	return parent;
}

/* Offers the types of a display that is there, or those for which there is none. */
static struct rcar_du_mdev_parent *
rcar_du_mdev_parent_create(struct mdev_driver *driver,
			   struct rcar_du_mdev_display *display,
			   struct device *dev)
{
	struct rcar_du_mdev_parent *parent;
	unsigned int i;
	int ret;

	parent = rcar_du_mdev_parent_alloc_dev(dev);
	if (IS_ERR(parent))
		return parent;

	parent->display = display;
	for (i = 0; i < RCAR_DU_MDEV_NUM_TYPES; i++) {
		parent->types[i] = rcar_du_mdev_types[i];
		parent->type_list[i] = &parent->types[i];
	}

	ret = device_add(&parent->dev);
	if (ret) {
		put_device(&parent->dev);
		return ERR_PTR(ret);
	}

	ret = mdev_register_parent(&parent->mdev, &parent->dev, driver,
				   parent->type_list,
				   display ? RCAR_DU_MDEV_NUM_TYPES :
					     RCAR_DU_MDEV_TYPE_VIRTUAL + 1);
	if (ret) {
		device_unregister(&parent->dev);
		return ERR_PTR(ret);
	}

	return parent;
}

/* Removes the mediated devices, and waits for their users to let go. */
static void rcar_du_mdev_parent_destroy(struct rcar_du_mdev_parent *parent)
{
	mdev_unregister_parent(&parent->mdev);
	device_unregister(&parent->dev);
}

/* The same, but not while there are mediated devices. */
static bool rcar_du_mdev_parent_try_destroy(struct rcar_du_mdev_parent *parent)
{
	if (atomic_cmpxchg(&parent->devices, 0, -1))
		return false;

	rcar_du_mdev_parent_destroy(parent);

	return true;
}

/* As mdev_register_parent() does: persistent devices can be started. */
static void rcar_du_mdev_parent_announce(struct rcar_du_mdev_parent *parent)
{
	char *state = "MDEV_STATE=registered";
	char *envp[2] = { state };

	kobject_uevent_env(&parent->dev.kobj, KOBJ_CHANGE, envp);
}

/* -----------------------------------------------------------------------------
 * What a device gets of the parent
 */

static struct rcar_du_mdev_parent *
rcar_du_mdev_parent_of(const struct mdev_type *type)
{
	return container_of(type->parent, struct rcar_du_mdev_parent, mdev);
}

static bool rcar_du_mdev_parent_is(const struct mdev_type *type,
				   unsigned int index)
{
	return type == &rcar_du_mdev_parent_of(type)->types[index];
}

static enum rcar_du_scanout_kind
rcar_du_mdev_parent_kind(const struct mdev_type *type)
{
	return rcar_du_mdev_parent_is(type, RCAR_DU_MDEV_TYPE_CHANNEL) ?
	       RCAR_DU_SCANOUT_CHANNEL : RCAR_DU_SCANOUT_PLANE;
}

/**
 * rcar_du_mdev_parent_available - How many more devices there can be
 * @type: of this type
 *
 * Return: the number.
 */
unsigned int rcar_du_mdev_parent_available(struct mdev_type *type)
{
	if (rcar_du_mdev_parent_is(type, RCAR_DU_MDEV_TYPE_VIRTUAL))
		return atomic_read(&rcar_du_mdev_virtual_left);

	return rcar_du_scanout_available(rcar_du_mdev_parent_of(type)->display->scanout,
					 rcar_du_mdev_parent_kind(type));
}

static int rcar_du_mdev_parent_take(const struct mdev_type *type,
				    struct rcar_du_mdev_output *output)
{
	struct rcar_du_mdev_parent *parent = rcar_du_mdev_parent_of(type);

	if (!rcar_du_mdev_parent_is(type, RCAR_DU_MDEV_TYPE_VIRTUAL))
		return rcar_du_mdev_output_attach(output,
						  parent->display->scanout,
						  rcar_du_mdev_parent_kind(type));

	return atomic_dec_if_positive(&rcar_du_mdev_virtual_left) < 0 ?
	       -EUSERS : 0;
}

static void rcar_du_mdev_parent_put(struct rcar_du_mdev_parent *parent)
{
	if (atomic_dec_and_test(&parent->devices) && parent->display)
		schedule_work(&parent->display->work);
}

/**
 * rcar_du_mdev_parent_alloc - Allocate what a device of a type has of the parent
 * @type: the type
 * @output: the device's output
 *
 * Return: 0, -ENODEV if the display has gone, -EUSERS or -ENOSPC if nothing is left,
 * -ENOMEM.
 */
int rcar_du_mdev_parent_alloc(const struct mdev_type *type,
			      struct rcar_du_mdev_output *output)
{
	struct rcar_du_mdev_parent *parent = rcar_du_mdev_parent_of(type);
	int ret;

	if (!atomic_inc_unless_negative(&parent->devices))
		return -ENODEV;

	ret = rcar_du_mdev_parent_take(type, output);
	if (ret)
		rcar_du_mdev_parent_put(parent);

	return ret;
}

/**
 * rcar_du_mdev_parent_free - Undo rcar_du_mdev_parent_alloc()
 * @type: the type
 * @output: the output of a device that is closed for good
 */
void rcar_du_mdev_parent_free(const struct mdev_type *type,
			      struct rcar_du_mdev_output *output)
{
	if (rcar_du_mdev_parent_is(type, RCAR_DU_MDEV_TYPE_VIRTUAL))
		atomic_inc(&rcar_du_mdev_virtual_left);
	else
		rcar_du_mdev_output_detach(output);

	rcar_du_mdev_parent_put(rcar_du_mdev_parent_of(type));
}

/**
 * rcar_du_mdev_parent_describe - Describe a type
 * @type: the type
 * @buf: a page of sysfs
 *
 * Return: number of characters.
 */
ssize_t rcar_du_mdev_parent_describe(struct mdev_type *type, char *buf)
{
	if (rcar_du_mdev_parent_is(type, RCAR_DU_MDEV_TYPE_PLANE))
		return sysfs_emit(buf, "a plane of the host's display, up to %ux%u\n",
				  RCAR_DU_MDEV_MAX_WIDTH,
				  RCAR_DU_MDEV_MAX_HEIGHT);

	if (rcar_du_mdev_parent_is(type, RCAR_DU_MDEV_TYPE_CHANNEL))
		return sysfs_emit(buf, "an output of the host with its planes, up to %ux%u\n",
				  RCAR_DU_MDEV_MAX_WIDTH,
				  RCAR_DU_MDEV_MAX_HEIGHT);

	return sysfs_emit(buf, "virtual R-Car display, 1 head, %u planes, up to %ux%u\n",
			  RCAR_VDU_NUM_PLANE_PAGES, RCAR_DU_MDEV_MAX_WIDTH,
			  RCAR_DU_MDEV_MAX_HEIGHT);
}

/* -----------------------------------------------------------------------------
 * Displays
 */

static void rcar_du_mdev_display_create(struct rcar_du_mdev_display *display,
					struct device *dev)
{
	struct rcar_du_mdev_parent *parent;

	parent = rcar_du_mdev_parent_create(display->driver, display, dev);
	if (IS_ERR(parent))
		dev_err(dev, "no mdev types: %pe\n", parent);
	else
		display->parent = parent;
}

static void rcar_du_mdev_display_work(struct work_struct *work)
{
	struct rcar_du_mdev_display *display =
		container_of(work, struct rcar_du_mdev_display, work);
	bool changed = xchg(&display->changed, 0);
	struct device *dev = rcar_du_scanout_parent(display->scanout);

	if (dev && !display->parent)
		rcar_du_mdev_display_create(display, dev);
	else if (dev && changed)
		rcar_du_mdev_parent_announce(display->parent);
	else if (!dev && display->parent &&
		 rcar_du_mdev_parent_try_destroy(display->parent))
		display->parent = NULL;

	put_device(dev);
}

static void rcar_du_mdev_display_changed(void *data)
{
	struct rcar_du_mdev_display *display = data;

	xchg(&display->changed, 1);
	schedule_work(&display->work);
}

static const struct rcar_du_scanout_display_ops rcar_du_mdev_display_ops = {
	.changed = rcar_du_mdev_display_changed,
};

static int rcar_du_mdev_display_open(struct rcar_du_mdev_display *display,
				     struct mdev_driver *driver,
				     const char *name)
{
	display->driver = driver;
	INIT_WORK(&display->work, rcar_du_mdev_display_work);
	/* Until we know the display. */
	disable_work(&display->work);

	display->scanout = rcar_du_scanout_open(name, host_planes,
						&rcar_du_mdev_display_ops,
						display);
	if (IS_ERR(display->scanout))
		return PTR_ERR(display->scanout);

	enable_and_queue_work(system_wq, &display->work);
	flush_work(&display->work);
	if (!display->parent)
		pr_info("rcar_du_mdev: no display %s yet\n", name);

	return 0;
}

static void rcar_du_mdev_display_close(struct rcar_du_mdev_display *display)
{
	disable_work_sync(&display->work);
	if (display->parent)
		rcar_du_mdev_parent_destroy(display->parent);
	rcar_du_scanout_close(display->scanout);
	memset(display, 0, sizeof(*display));
}

/* -----------------------------------------------------------------------------
 * Registration
 */

static int rcar_du_mdev_check_names(void)
{
	static const char * const buses[] = { "platform/", "pci/", "faux/" };
	unsigned int i, j;

	for (i = 0; i < num_parents; i++) {
		for (j = 0; j < ARRAY_SIZE(buses); j++) {
			size_t len = str_has_prefix(parent[i], buses[j]);

			if (len && parent[i][len])
				break;
		}
		if (j == ARRAY_SIZE(buses)) {
			pr_err("rcar_du_mdev: parent=%s is neither platform/NAME nor pci/NAME nor faux/NAME\n",
			       parent[i]);
			return -EINVAL;
		}

		for (j = 0; j < i; j++) {
			if (!strcmp(parent[i], parent[j])) {
				pr_err("rcar_du_mdev: parent=%s is there twice\n",
				       parent[i]);
				return -EINVAL;
			}
		}
	}

	return 0;
}

static int rcar_du_mdev_open_displays(struct mdev_driver *driver)
{
	unsigned int i;
	int ret;

	for (i = 0; i < num_parents; i++) {
		ret = rcar_du_mdev_display_open(&rcar_du_mdev_displays[i],
						driver, parent[i]);
		if (ret) {
			while (i--)
				rcar_du_mdev_display_close(&rcar_du_mdev_displays[i]);
			return ret;
		}
	}

	return 0;
}

static void rcar_du_mdev_parent_unregister_own(void)
{
	rcar_du_mdev_parent_destroy(rcar_du_mdev_own);
	class_unregister(&rcar_du_mdev_class);
	/* Types may have references for some time. */
	wait_var_event(&rcar_du_mdev_num_parents,
		       !atomic_read(&rcar_du_mdev_num_parents));
}

/**
 * rcar_du_mdev_parent_register - Offer the mdev types
 * @driver: the mdev driver
 *
 * Return: 0, -EINVAL if the name of a display is malformed, -ENOMEM.
 */
int rcar_du_mdev_parent_register(struct mdev_driver *driver)
{
	int ret;

	ret = rcar_du_mdev_check_names();
	if (ret)
		return ret;

	ret = class_register(&rcar_du_mdev_class);
	if (ret)
		return ret;

	atomic_set(&rcar_du_mdev_virtual_left, max_instances);
	rcar_du_mdev_own = rcar_du_mdev_parent_create(driver, NULL, NULL);
	if (IS_ERR(rcar_du_mdev_own)) {
		class_unregister(&rcar_du_mdev_class);
		return PTR_ERR(rcar_du_mdev_own);
	}

	ret = rcar_du_mdev_open_displays(driver);
	if (ret)
		rcar_du_mdev_parent_unregister_own();

	return ret;
}

/**
 * rcar_du_mdev_parent_unregister - Withdraw the mdev types
 */
void rcar_du_mdev_parent_unregister(void)
{
	unsigned int i;

	for (i = 0; i < num_parents; i++)
		rcar_du_mdev_display_close(&rcar_du_mdev_displays[i]);

	rcar_du_mdev_parent_unregister_own();
}
