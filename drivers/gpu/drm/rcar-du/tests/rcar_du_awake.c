// SPDX-License-Identifier: GPL-2.0-only
/*
 * The virtio devices of a test machine stay awake in a system sleep
 *
 * They hold the test and what it writes: 9p does not come back from a sleep. While this
 * module is loaded all other devices go to sleep without them.
 */

#include <linux/device.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/string.h>

static int awake_set(struct device *dev, void *awake)
{
	if (dev->driver && !strcmp(dev->driver->name, "virtio-mmio"))
		dev_pm_syscore_device(dev, !!awake);

	return 0;
}

static int __init awake_init(void)
{
	return bus_for_each_dev(&platform_bus_type, NULL, THIS_MODULE, awake_set);
}
module_init(awake_init);

static void __exit awake_exit(void)
{
	bus_for_each_dev(&platform_bus_type, NULL, NULL, awake_set);
}
module_exit(awake_exit);

MODULE_DESCRIPTION("Virtio devices stay awake in a system sleep");
MODULE_LICENSE("GPL");
