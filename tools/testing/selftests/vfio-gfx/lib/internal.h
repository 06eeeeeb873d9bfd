/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the library share
 */

#ifndef VFIO_GFX_INTERNAL_H
#define VFIO_GFX_INTERNAL_H

#include "vfio_gfx.h"

#define die(...)	vfio_gfx_fail(__FILE__, __LINE__, __VA_ARGS__)

#endif /* VFIO_GFX_INTERNAL_H */
