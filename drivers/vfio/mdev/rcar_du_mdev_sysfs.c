// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: attributes of a device
 *
 * What the admin decides about a device. A user of the device finds decided what
 * he gets: it can't be changed while the device is open. Where it is on the
 * host's display is changed at any time.
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

	guard(mutex)(&rdev->open_mutex);

	if (rdev->opened)
		return -EBUSY;

	WRITE_ONCE(rdev->plane_api, api);

	return count;
}
static DEVICE_ATTR_RW(plane_api);

/* Changes a property that is constant while the device is open. */
static ssize_t rcar_du_mdev_store_bool(struct rcar_du_mdev_device *rdev,
				       bool *property, const char *buf,
				       size_t count)
{
	bool value;
	int ret;

	ret = kstrtobool(buf, &value);
	if (ret)
		return ret;

	guard(mutex)(&rdev->open_mutex);

	if (rdev->opened)
		return -EBUSY;

	WRITE_ONCE(*property, value);

	return count;
}

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

	return rcar_du_mdev_store_bool(rdev, &rdev->dmabuf_writable, buf, count);
}
static DEVICE_ATTR_RW(dmabuf_writable);

static ssize_t crc_show(struct device *dev, struct device_attribute *attr,
			char *buf)
{
	struct rcar_du_mdev_device *rdev = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%d\n", READ_ONCE(rdev->has_crc));
}

static ssize_t crc_store(struct device *dev, struct device_attribute *attr,
			 const char *buf, size_t count)
{
	struct rcar_du_mdev_device *rdev = dev_get_drvdata(dev);

	return rcar_du_mdev_store_bool(rdev, &rdev->has_crc, buf, count);
}
static DEVICE_ATTR_RW(crc);

static struct attribute *rcar_du_mdev_attrs[] = {
	&dev_attr_plane_api.attr,
	&dev_attr_dmabuf_writable.attr,
	&dev_attr_crc.attr,
	NULL
};

static const struct attribute_group rcar_du_mdev_group = {
	.attrs = rcar_du_mdev_attrs,
};

/* -----------------------------------------------------------------------------
 * Where it is on the host's display
 */

/* The guest of a channel knows its planes and its panel. */
static int rcar_du_mdev_set_crtc(struct rcar_du_mdev_device *rdev, int crtc)
{
	int ret;

	if (rdev->sink_kind == RCAR_DU_SCANOUT_PLANE)
		return rcar_du_scanout_set(rdev->sink, RCAR_DU_SCANOUT_CRTC,
					   crtc);

	guard(mutex)(&rdev->open_mutex);

	if (rdev->opened)
		return -EBUSY;

	ret = rcar_du_scanout_set(rdev->sink, RCAR_DU_SCANOUT_CRTC, crtc);
	rcar_du_mdev_vdu_set_planes(&rdev->vdu,
				    rcar_du_scanout_num_planes(rdev->sink));

	return ret;
}

struct rcar_du_mdev_prop_attr {
	struct device_attribute attr;
	enum rcar_du_scanout_prop prop;
};

static ssize_t prop_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct rcar_du_mdev_device *rdev = dev_get_drvdata(dev);
	struct rcar_du_mdev_prop_attr *prop =
		container_of(attr, struct rcar_du_mdev_prop_attr, attr);

	return sysfs_emit(buf, "%d\n",
			  rcar_du_scanout_get(rdev->sink, prop->prop));
}

static ssize_t prop_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	struct rcar_du_mdev_device *rdev = dev_get_drvdata(dev);
	struct rcar_du_mdev_prop_attr *prop =
		container_of(attr, struct rcar_du_mdev_prop_attr, attr);
	int value;
	int ret;

	ret = kstrtoint(buf, 0, &value);
	if (ret)
		return ret;

	if (prop->prop == RCAR_DU_SCANOUT_CRTC)
		ret = rcar_du_mdev_set_crtc(rdev, value);
	else
		ret = rcar_du_scanout_set(rdev->sink, prop->prop, value);

	return ret ?: count;
}

static ssize_t connector_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	struct rcar_du_mdev_device *rdev = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%s\n", rcar_du_scanout_connector(rdev->sink) ?:
			  "none");
}

static ssize_t connector_store(struct device *dev,
			       struct device_attribute *attr, const char *buf,
			       size_t count)
{
	struct rcar_du_mdev_device *rdev = dev_get_drvdata(dev);
	int crtc;
	int ret;

	crtc = rcar_du_scanout_find_crtc(rdev->sink, buf);
	if (crtc < 0)
		return crtc;

	ret = rcar_du_mdev_set_crtc(rdev, crtc);

	return ret ?: count;
}
static DEVICE_ATTR_RW(connector);

#define RCAR_DU_MDEV_PROP_ATTR(_name, _prop)				\
	static struct rcar_du_mdev_prop_attr rcar_du_mdev_attr_##_name = { \
		.attr = __ATTR(_name, 0644, prop_show, prop_store),	\
		.prop = _prop,						\
	}

RCAR_DU_MDEV_PROP_ATTR(x, RCAR_DU_SCANOUT_X);
RCAR_DU_MDEV_PROP_ATTR(y, RCAR_DU_SCANOUT_Y);
RCAR_DU_MDEV_PROP_ATTR(zpos, RCAR_DU_SCANOUT_ZPOS);
RCAR_DU_MDEV_PROP_ATTR(alpha, RCAR_DU_SCANOUT_ALPHA);
RCAR_DU_MDEV_PROP_ATTR(visible, RCAR_DU_SCANOUT_VISIBLE);
RCAR_DU_MDEV_PROP_ATTR(copy, RCAR_DU_SCANOUT_COPY);
RCAR_DU_MDEV_PROP_ATTR(crtc, RCAR_DU_SCANOUT_CRTC);

static struct attribute *rcar_du_mdev_display_attrs[] = {
	&rcar_du_mdev_attr_visible.attr.attr,
	&rcar_du_mdev_attr_copy.attr.attr,
	&rcar_du_mdev_attr_crtc.attr.attr,
	&dev_attr_connector.attr,
	NULL
};

static umode_t rcar_du_mdev_display_visible(struct kobject *kobj,
					    struct attribute *attr, int index)
{
	struct rcar_du_mdev_device *rdev = dev_get_drvdata(kobj_to_dev(kobj));

	return rdev->sink ? attr->mode : 0;
}

static const struct attribute_group rcar_du_mdev_display_group = {
	.attrs = rcar_du_mdev_display_attrs,
	.is_visible = rcar_du_mdev_display_visible,
};

static struct attribute *rcar_du_mdev_position_attrs[] = {
	&rcar_du_mdev_attr_x.attr.attr,
	&rcar_du_mdev_attr_y.attr.attr,
	&rcar_du_mdev_attr_zpos.attr.attr,
	&rcar_du_mdev_attr_alpha.attr.attr,
	NULL
};

static umode_t rcar_du_mdev_position_visible(struct kobject *kobj,
					     struct attribute *attr, int index)
{
	struct rcar_du_mdev_device *rdev = dev_get_drvdata(kobj_to_dev(kobj));

	return rdev->sink && rdev->sink_kind == RCAR_DU_SCANOUT_PLANE ?
	       attr->mode : 0;
}

static const struct attribute_group rcar_du_mdev_position_group = {
	.attrs = rcar_du_mdev_position_attrs,
	.is_visible = rcar_du_mdev_position_visible,
};

const struct attribute_group *rcar_du_mdev_groups[] = {
	&rcar_du_mdev_group,
	&rcar_du_mdev_display_group,
	&rcar_du_mdev_position_group,
	NULL
};
