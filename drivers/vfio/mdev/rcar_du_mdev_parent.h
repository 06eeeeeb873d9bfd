/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: mdev parent and types
 */

#ifndef __RCAR_DU_MDEV_PARENT_H__
#define __RCAR_DU_MDEV_PARENT_H__

#include <linux/types.h>

struct mdev_driver;
struct mdev_type;
struct rcar_du_mdev_output;

unsigned int rcar_du_mdev_parent_available(struct mdev_type *type);
int rcar_du_mdev_parent_alloc(const struct mdev_type *type,
			      struct rcar_du_mdev_output *output);
void rcar_du_mdev_parent_free(const struct mdev_type *type,
			      struct rcar_du_mdev_output *output);
ssize_t rcar_du_mdev_parent_describe(struct mdev_type *type, char *buf);

int rcar_du_mdev_parent_register(struct mdev_driver *driver);
void rcar_du_mdev_parent_unregister(void);

#endif /* __RCAR_DU_MDEV_PARENT_H__ */
