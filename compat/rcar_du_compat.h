/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between supported kernels
 *
 * Forced in before every source file of an out-of-tree build. This is the only
 * file that looks at the kernel version.
 */

#ifndef __RCAR_DU_COMPAT_H__
#define __RCAR_DU_COMPAT_H__

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#error "Linux 6.12 or newer is needed"
#endif

/*
 * Symbol namespaces became string literals in 6.13 (cdd30ebb1b9f "module:
 * Convert symbol namespace to string literal").
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define RCAR_DU_MODULE_IMPORT_NS(ns)	MODULE_IMPORT_NS(ns)
#else
#define RCAR_DU_MODULE_IMPORT_NS(ns)	MODULE_IMPORT_NS(#ns)
#endif

/*
 * 7.2 renamed struct drm_atomic_state to struct drm_atomic_commit (5164f7e7ff8e).
 * The new name cannot be defined for older kernels, where it is a function.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 2, 0)
#define rcar_du_atomic_state		drm_atomic_state
#else
#define rcar_du_atomic_state		drm_atomic_commit
#endif

/* The header moved in 6.14 (b86711c6d6e2). */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
#include <drm/drm_client_setup.h>
#else
#include <drm/clients/drm_client_setup.h>
#endif

#endif /* __RCAR_DU_COMPAT_H__ */
