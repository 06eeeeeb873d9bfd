// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: mdev parent and types
 *
 * The parent is the display device whose resources the mediated devices
 * share, named by the "parent" parameter. The type "virtual" needs none of them:
 * with no parameter a device of our own takes the place, so that the driver
 * works on a machine that has no display.
 */

#include <linux/device.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/string.h>

#include <drm/rcar_du_scanout.h>

#include "rcar_du_mdev_output.h"
#include "rcar_du_mdev_parent.h"
#include "rcar_du_mdev_regs.h"

static char *parent;
module_param(parent, charp, 0444);
MODULE_PARM_DESC(parent, "Parent device, platform/NAME or pci/NAME (default: one of the driver's own)");

static unsigned int max_instances = 8;
module_param(max_instances, uint, 0444);
MODULE_PARM_DESC(max_instances, "Displays of type virtual that can exist at a time (default 8)");

static unsigned int host_planes;
module_param(host_planes, uint, 0444);
MODULE_PARM_DESC(host_planes, "Overlay planes of each CRTC that stay with the host, above all others (default 0)");

static struct mdev_type rcar_du_mdev_type_virtual = {
	.sysfs_name = "virtual",
	.pretty_name = "R-Car virtual display",
};

static struct mdev_type rcar_du_mdev_type_plane = {
	.sysfs_name = "plane",
	.pretty_name = "Plane of an R-Car display",
};

static struct mdev_type rcar_du_mdev_type_channel = {
	.sysfs_name = "channel",
	.pretty_name = "Channel of an R-Car display",
};

/* A parent without a display has the first one only. */
static struct mdev_type *rcar_du_mdev_types[] = {
	&rcar_du_mdev_type_virtual,
	&rcar_du_mdev_type_plane,
	&rcar_du_mdev_type_channel,
};

/* Displays of type virtual that can still be made. */
static atomic_t rcar_du_mdev_virtual_left;

/* The display of the parent, or NULL. Constant while there are types. */
static struct rcar_du_scanout *rcar_du_mdev_display;

/*
 * Protects rcar_du_mdev_parent_dev: the parent goes when this module does, or
 * when its own device does, whichever comes first.
 */
static DEFINE_MUTEX(rcar_du_mdev_parent_mutex);
static struct device *rcar_du_mdev_parent_dev;
static struct mdev_parent rcar_du_mdev_parent;

/* The stand-in for a parent; its class is a part of the types' names. */
static struct device *rcar_du_mdev_own_dev;
static const struct class rcar_du_mdev_class = {
	.name = "rcar-du-mdev",
};

static const struct {
	const char *prefix;
	const struct bus_type *bus;
} rcar_du_mdev_buses[] = {
	{ "platform/", &platform_bus_type },
#if IS_ENABLED(CONFIG_PCI)
	{ "pci/", &pci_bus_type },
#endif
};

/* Returns the device with a reference. */
static struct device *rcar_du_mdev_parent_find(void)
{
	struct device *dev;
	unsigned int i;
	size_t len;

	for (i = 0; i < ARRAY_SIZE(rcar_du_mdev_buses); i++) {
		len = str_has_prefix(parent, rcar_du_mdev_buses[i].prefix);
		if (!len)
			continue;

		dev = bus_find_device_by_name(rcar_du_mdev_buses[i].bus, NULL,
					      parent + len);
		if (dev)
			return dev;

		pr_err("rcar_du_mdev: no device %s\n", parent);
		return ERR_PTR(-ENODEV);
	}

	pr_err("rcar_du_mdev: parent=%s is neither platform/NAME nor pci/NAME\n",
	       parent);
	return ERR_PTR(-EINVAL);
}

static struct device *rcar_du_mdev_parent_create(void)
{
	struct device *dev;
	int ret;

	ret = class_register(&rcar_du_mdev_class);
	if (ret)
		return ERR_PTR(ret);

	dev = device_create(&rcar_du_mdev_class, NULL, MKDEV(0, 0), NULL,
			    "rcar-du-mdev");
	if (IS_ERR(dev)) {
		class_unregister(&rcar_du_mdev_class);
		return dev;
	}

	rcar_du_mdev_own_dev = dev;

	return get_device(dev);
}

static void rcar_du_mdev_parent_destroy(void)
{
	if (!rcar_du_mdev_own_dev)
		return;

	device_unregister(rcar_du_mdev_own_dev);
	class_unregister(&rcar_du_mdev_class);
	rcar_du_mdev_own_dev = NULL;
}

static void rcar_du_mdev_parent_close_display(void)
{
	if (rcar_du_mdev_display)
		rcar_du_scanout_close(rcar_du_mdev_display);
	rcar_du_mdev_display = NULL;
}

/* Removes the mediated devices, and waits for their users to let go. */
static void rcar_du_mdev_parent_detach(void)
{
	guard(mutex)(&rcar_du_mdev_parent_mutex);

	if (!rcar_du_mdev_parent_dev)
		return;

	mdev_unregister_parent(&rcar_du_mdev_parent);
	rcar_du_mdev_parent_close_display();
	put_device(rcar_du_mdev_parent_dev);
	rcar_du_mdev_parent_dev = NULL;
}

static int rcar_du_mdev_parent_notify(struct notifier_block *nb,
				      unsigned long action, void *data)
{
	/*
	 * Reading the pointer without the mutex is fine: it only ever goes to
	 * NULL, and no other device can have its address while it is set.
	 */
	if (data == READ_ONCE(rcar_du_mdev_parent_dev) &&
	    (action == BUS_NOTIFY_UNBIND_DRIVER ||
	     action == BUS_NOTIFY_DEL_DEVICE))
		rcar_du_mdev_parent_detach();

	return NOTIFY_DONE;
}

static struct notifier_block rcar_du_mdev_parent_nb = {
	.notifier_call = rcar_du_mdev_parent_notify,
};

/* -----------------------------------------------------------------------------
 * What a device gets of the parent
 */

static enum rcar_du_scanout_kind
rcar_du_mdev_parent_kind(const struct mdev_type *type)
{
	return type == &rcar_du_mdev_type_channel ? RCAR_DU_SCANOUT_CHANNEL :
						    RCAR_DU_SCANOUT_PLANE;
}

/**
 * rcar_du_mdev_parent_available - How many more devices there can be
 * @type: of this type
 *
 * Return: the number.
 */
unsigned int rcar_du_mdev_parent_available(struct mdev_type *type)
{
	if (type == &rcar_du_mdev_type_virtual)
		return atomic_read(&rcar_du_mdev_virtual_left);

	return rcar_du_scanout_available(rcar_du_mdev_display,
					 rcar_du_mdev_parent_kind(type));
}

/**
 * rcar_du_mdev_parent_alloc - Allocate what a device of a type has of the parent
 * @type: the type
 * @output: the device's output
 *
 * Return: 0, -EUSERS or -ENOSPC if nothing is left, -ENOMEM.
 */
int rcar_du_mdev_parent_alloc(const struct mdev_type *type,
			      struct rcar_du_mdev_output *output)
{
	if (type != &rcar_du_mdev_type_virtual)
		return rcar_du_mdev_output_attach(output, rcar_du_mdev_display,
						  rcar_du_mdev_parent_kind(type));

	return atomic_dec_if_positive(&rcar_du_mdev_virtual_left) < 0 ?
	       -EUSERS : 0;
}

/**
 * rcar_du_mdev_parent_free - Undo rcar_du_mdev_parent_alloc()
 * @type: the type
 * @output: the output of a device that is closed for good
 */
void rcar_du_mdev_parent_free(const struct mdev_type *type,
			      struct rcar_du_mdev_output *output)
{
	if (type == &rcar_du_mdev_type_virtual)
		atomic_inc(&rcar_du_mdev_virtual_left);
	else
		rcar_du_mdev_output_detach(output);
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
	if (type == &rcar_du_mdev_type_plane)
		return sysfs_emit(buf, "a plane of the host's display, up to %ux%u\n",
				  RCAR_DU_MDEV_MAX_WIDTH,
				  RCAR_DU_MDEV_MAX_HEIGHT);

	if (type == &rcar_du_mdev_type_channel)
		return sysfs_emit(buf, "an output of the host with its planes, up to %ux%u\n",
				  RCAR_DU_MDEV_MAX_WIDTH,
				  RCAR_DU_MDEV_MAX_HEIGHT);

	return sysfs_emit(buf, "virtual R-Car display, 1 head, %u planes, up to %ux%u\n",
			  RCAR_VDU_NUM_PLANE_PAGES, RCAR_DU_MDEV_MAX_WIDTH,
			  RCAR_DU_MDEV_MAX_HEIGHT);
}

/* -----------------------------------------------------------------------------
 * Registration
 */

/* It is fine if the parent has no display, or none whose planes can be shared. */
static unsigned int rcar_du_mdev_parent_open_display(struct device *dev)
{
	struct rcar_du_scanout *display;

	display = rcar_du_scanout_open(dev, host_planes);
	if (IS_ERR(display))
		return 1;

	rcar_du_mdev_display = display;

	return ARRAY_SIZE(rcar_du_mdev_types);
}

/**
 * rcar_du_mdev_parent_register - Offer the mdev types
 * @driver: the mdev driver
 *
 * Return: 0, or -ENODEV if the parent does not exist, -EINVAL if its name is
 * malformed, -ENOMEM.
 */
int rcar_du_mdev_parent_register(struct mdev_driver *driver)
{
	unsigned int num_types;
	struct device *dev;
	int ret;

	dev = parent ? rcar_du_mdev_parent_find() : rcar_du_mdev_parent_create();
	if (IS_ERR(dev))
		return PTR_ERR(dev);

	atomic_set(&rcar_du_mdev_virtual_left, max_instances);
	num_types = rcar_du_mdev_parent_open_display(dev);

	ret = mdev_register_parent(&rcar_du_mdev_parent, dev, driver,
				   rcar_du_mdev_types, num_types);
	if (ret) {
		rcar_du_mdev_parent_close_display();
		put_device(dev);
		rcar_du_mdev_parent_destroy();
		return ret;
	}

	rcar_du_mdev_parent_dev = dev;
	if (dev->bus)
		bus_register_notifier(dev->bus, &rcar_du_mdev_parent_nb);

	return 0;
}

/**
 * rcar_du_mdev_parent_unregister - Withdraw the mdev types
 */
void rcar_du_mdev_parent_unregister(void)
{
	unsigned int i;

	/* Harmless on the bus it was not registered with. */
	for (i = 0; i < ARRAY_SIZE(rcar_du_mdev_buses); i++)
		bus_unregister_notifier(rcar_du_mdev_buses[i].bus,
					&rcar_du_mdev_parent_nb);

	rcar_du_mdev_parent_detach();
	rcar_du_mdev_parent_destroy();
}
