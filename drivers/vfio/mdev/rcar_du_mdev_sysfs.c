// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: attributes of a device
 *
 * What the admin decides about a device. Most of it can't be changed while the device is
 * open; where it is on the host's display, and how much it may pin, is changed at any
 * time.
 */

#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "rcar_du_mdev.h"
#include "rcar_du_mdev_sysfs.h"

static const char * const rcar_du_mdev_plane_apis[] = {
	[RCAR_DU_MDEV_PLANE_API_DMABUF] = "dmabuf",
	[RCAR_DU_MDEV_PLANE_API_REGION] = "region",
};

static struct rcar_du_mdev_device *rcar_du_mdev_from_dev(struct device *dev)
{
	return dev_get_drvdata(dev);
}

static ssize_t plane_api_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);
	int api = rcar_du_mdev_admin_get(&rdev->admin, RCAR_DU_MDEV_PLANE_API);

	return sysfs_emit(buf, "%s\n", rcar_du_mdev_plane_apis[api]);
}

static ssize_t plane_api_store(struct device *dev,
			       struct device_attribute *attr, const char *buf,
			       size_t count)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);
	int api, ret;

	api = sysfs_match_string(rcar_du_mdev_plane_apis, buf);
	if (api < 0)
		return api;

	ret = rcar_du_mdev_admin_set(&rdev->admin, RCAR_DU_MDEV_PLANE_API, api);

	return ret ?: count;
}
static DEVICE_ATTR_RW(plane_api);

static ssize_t rcar_du_mdev_show_bool(struct device *dev,
				      enum rcar_du_mdev_setting setting,
				      char *buf)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);

	return sysfs_emit(buf, "%d\n",
			  rcar_du_mdev_admin_get(&rdev->admin, setting));
}

static ssize_t rcar_du_mdev_store_bool(struct device *dev,
				       enum rcar_du_mdev_setting setting,
				       const char *buf, size_t count)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);
	bool value;
	int ret;

	ret = kstrtobool(buf, &value);
	if (ret)
		return ret;

	ret = rcar_du_mdev_admin_set(&rdev->admin, setting, value);

	return ret ?: count;
}

static ssize_t dmabuf_writable_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	return rcar_du_mdev_show_bool(dev, RCAR_DU_MDEV_DMABUF_WRITABLE, buf);
}

static ssize_t dmabuf_writable_store(struct device *dev,
				     struct device_attribute *attr,
				     const char *buf, size_t count)
{
	return rcar_du_mdev_store_bool(dev, RCAR_DU_MDEV_DMABUF_WRITABLE, buf,
				       count);
}
static DEVICE_ATTR_RW(dmabuf_writable);

static ssize_t crc_show(struct device *dev, struct device_attribute *attr,
			char *buf)
{
	return rcar_du_mdev_show_bool(dev, RCAR_DU_MDEV_CRC, buf);
}

static ssize_t crc_store(struct device *dev, struct device_attribute *attr,
			 const char *buf, size_t count)
{
	return rcar_du_mdev_store_bool(dev, RCAR_DU_MDEV_CRC, buf, count);
}
static DEVICE_ATTR_RW(crc);

static ssize_t snoop_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);
	bool display = rcar_du_mdev_output_sink(&rdev->output);

	return sysfs_emit(buf, "%d\n",
			  display ? rcar_du_mdev_snoops(dev->parent) :
			  !rcar_du_mdev_admin_get(&rdev->admin,
						  RCAR_DU_MDEV_NO_SNOOP));
}

static ssize_t snoop_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);
	bool value;
	int ret;

	ret = kstrtobool(buf, &value);
	if (ret)
		return ret;

	/* What has to be cleaned is cleaned for the parent. */
	if (!value && rcar_du_mdev_snoops(dev->parent))
		return -EOPNOTSUPP;

	ret = rcar_du_mdev_admin_set(&rdev->admin, RCAR_DU_MDEV_NO_SNOOP,
				     !value);

	return ret ?: count;
}
static DEVICE_ATTR_RW(snoop);

static ssize_t pin_rate_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);

	return sysfs_emit(buf, "%u\n",
			  rcar_du_mdev_budget_pin_rate(&rdev->cache.budget));
}

static ssize_t pin_rate_store(struct device *dev, struct device_attribute *attr,
			      const char *buf, size_t count)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);
	unsigned int pin_rate;
	int ret;

	ret = kstrtouint(buf, 0, &pin_rate);
	if (ret)
		return ret;

	rcar_du_mdev_budget_set_pin_rate(&rdev->cache.budget, pin_rate);

	return count;
}
static DEVICE_ATTR_RW(pin_rate);

static ssize_t frame_timeout_ms_show(struct device *dev,
				     struct device_attribute *attr, char *buf)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);

	return sysfs_emit(buf, "%u\n",
			  rcar_du_mdev_watchdog_timeout(&rdev->watchdog));
}

static ssize_t frame_timeout_ms_store(struct device *dev,
				      struct device_attribute *attr,
				      const char *buf, size_t count)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);
	unsigned int ms;
	int ret;

	ret = kstrtouint(buf, 0, &ms);
	if (ret)
		return ret;

	ret = rcar_du_mdev_watchdog_set_timeout(&rdev->watchdog, ms);

	return ret ?: count;
}
static DEVICE_ATTR_RW(frame_timeout_ms);

static ssize_t frame_state_show(struct device *dev,
				struct device_attribute *attr, char *buf)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);

	return sysfs_emit(buf, "%s\n",
			  rcar_du_mdev_watchdog_state(&rdev->watchdog));
}
static DEVICE_ATTR_RO(frame_state);

static ssize_t workqueue_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	return sysfs_emit(buf, "rcar-du-mdev%u\n",
			  rcar_du_mdev_from_dev(dev)->number);
}
static DEVICE_ATTR_RO(workqueue);

static struct attribute *rcar_du_mdev_attrs[] = {
	&dev_attr_plane_api.attr,
	&dev_attr_dmabuf_writable.attr,
	&dev_attr_crc.attr,
	&dev_attr_snoop.attr,
	&dev_attr_pin_rate.attr,
	&dev_attr_frame_timeout_ms.attr,
	&dev_attr_frame_state.attr,
	&dev_attr_workqueue.attr,
	NULL
};

/* Of a display it is known whether it snoops. */
static umode_t rcar_du_mdev_visible(struct kobject *kobj,
				    struct attribute *attr, int index)
{
	struct rcar_du_mdev_device *rdev =
		rcar_du_mdev_from_dev(kobj_to_dev(kobj));

	return attr == &dev_attr_snoop.attr &&
	       rcar_du_mdev_output_sink(&rdev->output) ? 0444 : attr->mode;
}

static const struct attribute_group rcar_du_mdev_group = {
	.attrs = rcar_du_mdev_attrs,
	.is_visible = rcar_du_mdev_visible,
};

/* -----------------------------------------------------------------------------
 * Where it is on the host's display
 */

/* The guest of a channel knows its planes and its panel. */
static int rcar_du_mdev_set_crtc(struct rcar_du_mdev_device *rdev, int crtc)
{
	if (rcar_du_mdev_output_is_plane(&rdev->output))
		return rcar_du_scanout_set(rcar_du_mdev_output_sink(&rdev->output),
					   RCAR_DU_SCANOUT_CRTC, crtc);

	guard(rcar_du_mdev_admin)(&rdev->admin);

	if (rcar_du_mdev_admin_opened_locked(&rdev->admin))
		return -EBUSY;

	return rcar_du_mdev_output_set_crtc(&rdev->output, crtc);
}

struct rcar_du_mdev_prop_attr {
	struct device_attribute attr;
	enum rcar_du_scanout_prop prop;
};

static ssize_t prop_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);
	struct rcar_du_mdev_prop_attr *prop =
		container_of(attr, struct rcar_du_mdev_prop_attr, attr);

	return sysfs_emit(buf, "%d\n",
			  rcar_du_scanout_get(rcar_du_mdev_output_sink(&rdev->output),
					      prop->prop));
}

static ssize_t prop_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);
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
		ret = rcar_du_scanout_set(rcar_du_mdev_output_sink(&rdev->output),
					  prop->prop, value);

	return ret ?: count;
}

static ssize_t connector_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);
	char name[32];

	rcar_du_scanout_connector(rcar_du_mdev_output_sink(&rdev->output), name,
				  sizeof(name));

	return sysfs_emit(buf, "%s\n", name[0] ? name : "none");
}

static ssize_t connector_store(struct device *dev,
			       struct device_attribute *attr, const char *buf,
			       size_t count)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);
	int crtc;
	int ret;

	crtc = rcar_du_scanout_find_crtc(rcar_du_mdev_output_sink(&rdev->output),
					 buf);
	if (crtc < 0)
		return crtc;

	ret = rcar_du_mdev_set_crtc(rdev, crtc);

	return ret ?: count;
}
static DEVICE_ATTR_RW(connector);

static const char * const rcar_du_mdev_modes[] = { "guest", "fixed" };

static ssize_t mode_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);
	int fixed;

	fixed = rcar_du_scanout_get(rcar_du_mdev_output_sink(&rdev->output),
				    RCAR_DU_SCANOUT_FIXED);

	return sysfs_emit(buf, "%s\n", rcar_du_mdev_modes[fixed]);
}

/* The guest has been told of other modes. */
static ssize_t mode_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);
	int fixed, ret;

	fixed = sysfs_match_string(rcar_du_mdev_modes, buf);
	if (fixed < 0)
		return fixed;

	guard(rcar_du_mdev_admin)(&rdev->admin);

	if (rcar_du_mdev_admin_opened_locked(&rdev->admin))
		return -EBUSY;

	ret = rcar_du_scanout_set(rcar_du_mdev_output_sink(&rdev->output),
				  RCAR_DU_SCANOUT_FIXED, fixed);

	return ret ?: count;
}
static DEVICE_ATTR_RW(mode);

static const char * const rcar_du_mdev_frame_policies[] = {
	[RCAR_DU_MDEV_FRAME_LAST] = "last",
	[RCAR_DU_MDEV_FRAME_OFF] = "off",
	[RCAR_DU_MDEV_FRAME_PICTURE] = "picture",
};

/* The screen is at no time without what it is to show by either policy. */
static int rcar_du_mdev_set_frame_policy(struct rcar_du_mdev_device *rdev,
					 enum rcar_du_mdev_frame_policy policy)
{
	bool picture = policy == RCAR_DU_MDEV_FRAME_PICTURE;
	int ret = 0;

	guard(rcar_du_mdev_picture)(&rdev->picture);

	if (picture)
		ret = rcar_du_mdev_picture_show_locked(&rdev->picture, true);
	if (ret)
		return ret;

	rcar_du_mdev_watchdog_set_policy(&rdev->watchdog, policy);

	return picture ? 0 :
	       rcar_du_mdev_picture_show_locked(&rdev->picture, false);
}

static ssize_t frame_policy_show(struct device *dev,
				 struct device_attribute *attr, char *buf)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);
	int policy = rcar_du_mdev_watchdog_policy(&rdev->watchdog);

	return sysfs_emit(buf, "%s\n", rcar_du_mdev_frame_policies[policy]);
}

static ssize_t frame_policy_store(struct device *dev,
				  struct device_attribute *attr,
				  const char *buf, size_t count)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);
	int policy, ret;

	policy = sysfs_match_string(rcar_du_mdev_frame_policies, buf);
	if (policy < 0)
		return policy;

	ret = rcar_du_mdev_set_frame_policy(rdev, policy);

	return ret ?: count;
}
static DEVICE_ATTR_RW(frame_policy);

static ssize_t picture_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	return rcar_du_mdev_picture_name(&rcar_du_mdev_from_dev(dev)->picture,
					 buf);
}

static ssize_t picture_store(struct device *dev, struct device_attribute *attr,
			     const char *buf, size_t count)
{
	struct rcar_du_mdev_device *rdev = rcar_du_mdev_from_dev(dev);
	char *name;
	int ret;

	name = kstrndup(buf, count, GFP_KERNEL);
	if (!name)
		return -ENOMEM;

	ret = rcar_du_mdev_picture_load(&rdev->picture, strim(name));
	kfree(name);

	return ret ?: count;
}
static DEVICE_ATTR_RW(picture);

#define RCAR_DU_MDEV_PROP_ATTR(_name, _prop)				\
	static struct rcar_du_mdev_prop_attr rcar_du_mdev_attr_##_name = { \
		.attr = __ATTR(_name, 0644, prop_show, prop_store),	\
		.prop = _prop,						\
	}

RCAR_DU_MDEV_PROP_ATTR(x, RCAR_DU_SCANOUT_X);
RCAR_DU_MDEV_PROP_ATTR(y, RCAR_DU_SCANOUT_Y);
RCAR_DU_MDEV_PROP_ATTR(width, RCAR_DU_SCANOUT_WIDTH);
RCAR_DU_MDEV_PROP_ATTR(height, RCAR_DU_SCANOUT_HEIGHT);
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
	&dev_attr_frame_policy.attr,
	&dev_attr_picture.attr,
	&dev_attr_mode.attr,
	NULL
};

static umode_t rcar_du_mdev_display_visible(struct kobject *kobj,
					    struct attribute *attr, int index)
{
	struct rcar_du_mdev_device *rdev =
		rcar_du_mdev_from_dev(kobj_to_dev(kobj));

	/* The mode of a plane's CRTC is the host's. */
	if (attr == &dev_attr_mode.attr &&
	    rcar_du_mdev_output_is_plane(&rdev->output))
		return 0;

	return rcar_du_mdev_output_sink(&rdev->output) ? attr->mode : 0;
}

static const struct attribute_group rcar_du_mdev_display_group = {
	.attrs = rcar_du_mdev_display_attrs,
	.is_visible = rcar_du_mdev_display_visible,
};

static struct attribute *rcar_du_mdev_position_attrs[] = {
	&rcar_du_mdev_attr_x.attr.attr,
	&rcar_du_mdev_attr_y.attr.attr,
	&rcar_du_mdev_attr_width.attr.attr,
	&rcar_du_mdev_attr_height.attr.attr,
	&rcar_du_mdev_attr_zpos.attr.attr,
	&rcar_du_mdev_attr_alpha.attr.attr,
	NULL
};

static umode_t rcar_du_mdev_position_visible(struct kobject *kobj,
					     struct attribute *attr, int index)
{
	struct rcar_du_mdev_device *rdev =
		rcar_du_mdev_from_dev(kobj_to_dev(kobj));

	return rcar_du_mdev_output_is_plane(&rdev->output) ? attr->mode : 0;
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
