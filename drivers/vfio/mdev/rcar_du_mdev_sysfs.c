// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: attributes of a device
 *
 * What the admin decides about a device. A user of the device finds it decided:
 * nothing can be changed while the device is open.
 */

#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/sysfs.h>

#include "rcar_du_mdev.h"

static const char * const rcar_du_mdev_plane_apis[] = {
	[RCAR_DU_MDEV_PLANE_API_DMABUF] = "dmabuf",
	[RCAR_DU_MDEV_PLANE_API_REGION] = "region",
};

static ssize_t plane_api_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	struct rcar_du_mdev_device *rdev = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%s\n",
			  rcar_du_mdev_plane_apis[READ_ONCE(rdev->plane_api)]);
}

static ssize_t plane_api_store(struct device *dev,
			       struct device_attribute *attr, const char *buf,
			       size_t count)
{
	struct rcar_du_mdev_device *rdev = dev_get_drvdata(dev);
	int api;

	api = sysfs_match_string(rcar_du_mdev_plane_apis, buf);
	if (api < 0)
		return api;

	guard(mutex)(&rdev->fb_mutex);

	if (rdev->opened)
		return -EBUSY;

	WRITE_ONCE(rdev->plane_api, api);

	return count;
}
static DEVICE_ATTR_RW(plane_api);

static ssize_t dmabuf_writable_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	struct rcar_du_mdev_device *rdev = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%d\n", READ_ONCE(rdev->dmabuf_writable));
}

static ssize_t dmabuf_writable_store(struct device *dev,
				     struct device_attribute *attr,
				     const char *buf, size_t count)
{
	struct rcar_du_mdev_device *rdev = dev_get_drvdata(dev);
	bool writable;
	int ret;

	ret = kstrtobool(buf, &writable);
	if (ret)
		return ret;

	guard(mutex)(&rdev->fb_mutex);

	if (rdev->opened)
		return -EBUSY;

	WRITE_ONCE(rdev->dmabuf_writable, writable);

	return count;
}
static DEVICE_ATTR_RW(dmabuf_writable);

static struct attribute *rcar_du_mdev_attrs[] = {
	&dev_attr_plane_api.attr,
	&dev_attr_dmabuf_writable.attr,
	NULL
};

static const struct attribute_group rcar_du_mdev_group = {
	.attrs = rcar_du_mdev_attrs,
};

const struct attribute_group *rcar_du_mdev_groups[] = {
	&rcar_du_mdev_group,
	NULL
};
