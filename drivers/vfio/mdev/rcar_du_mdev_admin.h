/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: what the admin decides
 */

#ifndef __RCAR_DU_MDEV_ADMIN_H__
#define __RCAR_DU_MDEV_ADMIN_H__

#include <linux/cleanup.h>
#include <linux/mutex.h>
#include <linux/types.h>

/**
 * enum rcar_du_mdev_plane_api - How VMMs get at the planes
 * @RCAR_DU_MDEV_PLANE_API_DMABUF: as dma-bufs
 * @RCAR_DU_MDEV_PLANE_API_REGION: as a region; QEMU takes a device that has both for
 *	one with dma-bufs
 */
enum rcar_du_mdev_plane_api {
	RCAR_DU_MDEV_PLANE_API_DMABUF,
	RCAR_DU_MDEV_PLANE_API_REGION,
};

/**
 * enum rcar_du_mdev_setting - What is constant while the device is open
 * @RCAR_DU_MDEV_PLANE_API: enum rcar_du_mdev_plane_api
 * @RCAR_DU_MDEV_DMABUF_WRITABLE: 1 if dma-bufs can be written
 * @RCAR_DU_MDEV_CRC: 1 if the guest can have check codes
 * @RCAR_DU_MDEV_NO_SNOOP: 1 if who fetches the pictures of a device without a display
 *	does not snoop the CPU caches
 * @RCAR_DU_MDEV_NUM_SETTINGS: number of settings
 */
enum rcar_du_mdev_setting {
	RCAR_DU_MDEV_PLANE_API,
	RCAR_DU_MDEV_DMABUF_WRITABLE,
	RCAR_DU_MDEV_CRC,
	RCAR_DU_MDEV_NO_SNOOP,
	RCAR_DU_MDEV_NUM_SETTINGS
};

/**
 * struct rcar_du_mdev_admin - What the admin decides
 */
struct rcar_du_mdev_admin {
	/** @mutex: protects what follows */
	struct mutex mutex;
	/** @opened: the device is open */
	bool opened;
	/** @settings: written while it is not; read without the mutex, too */
	int settings[RCAR_DU_MDEV_NUM_SETTINGS];
};

/* guard(rcar_du_mdev_admin)(admin) holds the mutex: the device can't be opened. */
DEFINE_GUARD(rcar_du_mdev_admin, struct rcar_du_mdev_admin *,
	     mutex_lock(&_T->mutex), mutex_unlock(&_T->mutex))

void rcar_du_mdev_admin_init(struct rcar_du_mdev_admin *admin);
void rcar_du_mdev_admin_fini(struct rcar_du_mdev_admin *admin);
void rcar_du_mdev_admin_set_opened(struct rcar_du_mdev_admin *admin,
				   bool opened);
bool rcar_du_mdev_admin_opened_locked(const struct rcar_du_mdev_admin *admin);

int rcar_du_mdev_admin_get(const struct rcar_du_mdev_admin *admin,
			   enum rcar_du_mdev_setting setting);
int rcar_du_mdev_admin_set(struct rcar_du_mdev_admin *admin,
			   enum rcar_du_mdev_setting setting, int value);

#endif /* __RCAR_DU_MDEV_ADMIN_H__ */
