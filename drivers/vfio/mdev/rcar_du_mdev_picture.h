/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: a picture of the host, while the guest shows nothing
 */

#ifndef __RCAR_DU_MDEV_PICTURE_H__
#define __RCAR_DU_MDEV_PICTURE_H__

#include <linux/cleanup.h>
#include <linux/mutex.h>
#include <linux/types.h>

struct device;
struct rcar_du_mdev_output;
struct rcar_du_mdev_picture_file;

/**
 * struct rcar_du_mdev_picture - A picture of the host, while the guest shows nothing
 */
struct rcar_du_mdev_picture {
	/** @dev: the device, which asks for the file */
	struct device *dev;
	/** @output: where it is shown */
	struct rcar_du_mdev_output *output;
	/** @mutex: protects what follows, and serializes changes of the policy */
	struct mutex mutex;
	/** @file: the picture, or NULL */
	struct rcar_du_mdev_picture_file *file;
	/** @shown: the output has it */
	bool shown;
};

/* guard(rcar_du_mdev_picture)(picture) holds it: nobody else sets or shows it. */
DEFINE_GUARD(rcar_du_mdev_picture, struct rcar_du_mdev_picture *,
	     mutex_lock(&_T->mutex), mutex_unlock(&_T->mutex))

void rcar_du_mdev_picture_init(struct rcar_du_mdev_picture *picture,
			       struct device *dev,
			       struct rcar_du_mdev_output *output);
void rcar_du_mdev_picture_fini(struct rcar_du_mdev_picture *picture);
int rcar_du_mdev_picture_load(struct rcar_du_mdev_picture *picture,
			      const char *name);
int rcar_du_mdev_picture_show_locked(struct rcar_du_mdev_picture *picture,
				     bool show);
ssize_t rcar_du_mdev_picture_name(struct rcar_du_mdev_picture *picture, char *buf);

#endif /* __RCAR_DU_MDEV_PICTURE_H__ */
