// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: what the admin decides
 *
 * The settings can't be changed while the device is open.
 */

#include <linux/errno.h>
#include <linux/lockdep.h>

#include "rcar_du_mdev_admin.h"

/**
 * rcar_du_mdev_admin_get - Get a setting
 * @admin: what the admin decides
 * @setting: the setting
 *
 * Return: its value.
 */
int rcar_du_mdev_admin_get(const struct rcar_du_mdev_admin *admin,
			   enum rcar_du_mdev_setting setting)
{
	return READ_ONCE(admin->settings[setting]);
}

/**
 * rcar_du_mdev_admin_set - Change a setting
 * @admin: what the admin decides
 * @setting: the setting
 * @value: its new value
 *
 * Return: 0, or -EBUSY if the device is open.
 */
int rcar_du_mdev_admin_set(struct rcar_du_mdev_admin *admin,
			   enum rcar_du_mdev_setting setting, int value)
{
	guard(rcar_du_mdev_admin)(admin);

	if (admin->opened)
		return -EBUSY;

	WRITE_ONCE(admin->settings[setting], value);

	return 0;
}

/**
 * rcar_du_mdev_admin_opened_locked - Tell if the device is open
 * @admin: what the admin decides, whose mutex the caller holds
 *
 * Return: true if it is.
 */
bool rcar_du_mdev_admin_opened_locked(const struct rcar_du_mdev_admin *admin)
{
	lockdep_assert_held(&admin->mutex);

	return admin->opened;
}

/**
 * rcar_du_mdev_admin_set_opened - The device is opened or closed
 * @admin: what the admin decides
 * @opened: it is open from now on
 */
void rcar_du_mdev_admin_set_opened(struct rcar_du_mdev_admin *admin,
				   bool opened)
{
	guard(rcar_du_mdev_admin)(admin);

	admin->opened = opened;
}

/**
 * rcar_du_mdev_admin_init - Prepare the settings of a new device
 * @admin: what the admin decides
 */
void rcar_du_mdev_admin_init(struct rcar_du_mdev_admin *admin)
{
	mutex_init(&admin->mutex);
}

/**
 * rcar_du_mdev_admin_fini - Undo rcar_du_mdev_admin_init()
 * @admin: what the admin decides
 */
void rcar_du_mdev_admin_fini(struct rcar_du_mdev_admin *admin)
{
	mutex_destroy(&admin->mutex);
}
