/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between supported kernels
 *
 * Forced in before every source file of an out-of-tree build. This is the only
 * file that looks at the kernel version. What has the name of something of the
 * kernel is for kernels that do not have it yet; what has a name of its own
 * stands for what has no name that all kernels agree on.
 */

#ifndef __RCAR_DU_COMPAT_H__
#define __RCAR_DU_COMPAT_H__

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#error "Linux 6.12 or newer is needed"
#endif

/*
 * Symbol namespaces became string literals in 6.13 (cdd30ebb1b9f "module:
 * Convert symbol namespace to string literal"). Can go when 6.13 is the oldest
 * kernel.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define RCAR_DU_MODULE_IMPORT_NS(ns)	MODULE_IMPORT_NS(ns)
#else
#define RCAR_DU_MODULE_IMPORT_NS(ns)	MODULE_IMPORT_NS(#ns)
#endif

/*
 * 7.2 renamed struct drm_atomic_state to struct drm_atomic_commit (5164f7e7ff8e).
 * The new name cannot be used on older kernels, where it is a function. Can go,
 * with the old name, when 7.2 is the oldest kernel.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 2, 0)
#define drm_atomic_state		drm_atomic_commit
#define drm_atomic_state_alloc		drm_atomic_commit_alloc
#define drm_atomic_state_put		drm_atomic_commit_put
#endif

/*
 * 6.17 added the format to drm_mode_config_funcs.fb_create() ("drm: Pass the
 * format info to .fb_create()"). Can go when 6.17 is the oldest kernel.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define rcar_du_fb_create(funcs, dev, file, info, cmd)			\
	((void)(info), (funcs)->fb_create(dev, file, cmd))
#else
#define rcar_du_fb_create(funcs, dev, file, info, cmd)			\
	((funcs)->fb_create(dev, file, info, cmd))
#endif

/*
 * 6.17 took pfn_t away ("mm: convert vmf_insert_mixed() from using pfn_t to pfn").
 * Can go when 6.17 is the oldest kernel.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#include <linux/pfn_t.h>
#define rcar_du_insert_mixed(vma, addr, pfn)				\
	vmf_insert_mixed(vma, addr, pfn_to_pfn_t(pfn))
#else
#define rcar_du_insert_mixed(vma, addr, pfn)				\
	vmf_insert_mixed(vma, addr, pfn)
#endif

/*
 * 6.19 gave planes a colour pipeline, one of several. Can go when 6.19 is the oldest
 * kernel.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
#define rcar_du_plane_bypass_color_pipeline(plane_state) ((void)(plane_state))
#else
#define rcar_du_plane_bypass_color_pipeline(plane_state)		\
	drm_atomic_set_colorop_for_plane(plane_state, NULL)
#endif

/*
 * The header moved in 6.14 (b86711c6d6e2). Can go when 6.14 is the oldest
 * kernel.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
#include <drm/drm_client_setup.h>
#else
#include <drm/clients/drm_client_setup.h>
#endif

/*
 * 6.13 added hrtimer_setup() (908a1d775422), 6.15 took hrtimer_init() away. Can
 * go when 6.13 is the oldest kernel.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#include <linux/hrtimer.h>

static inline void
hrtimer_setup(struct hrtimer *timer,
	      enum hrtimer_restart (*function)(struct hrtimer *),
	      clockid_t clock_id, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock_id, mode);
	timer->function = function;
}
#endif

/*
 * 7.1 renamed dma_buf_move_notify() (95308225e5ba) and the callback of importers
 * that it calls. Can go when 7.1 is the oldest kernel.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 1, 0)
#define dma_buf_invalidate_mappings	dma_buf_move_notify
#define invalidate_mappings		move_notify
#endif

/*
 * 7.2 made dma_coherent a flag that only functions change. Can go when 7.2 is the
 * oldest kernel. Architectures all of whose devices snoop have neither.
 */
#if defined(CONFIG_ARCH_HAS_SYNC_DMA_FOR_DEVICE) ||			\
	defined(CONFIG_ARCH_HAS_SYNC_DMA_FOR_CPU) ||			\
	defined(CONFIG_ARCH_HAS_SYNC_DMA_FOR_CPU_ALL)
#define RCAR_DU_HAS_NONCOHERENT_DMA	true
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 2, 0)
#define rcar_du_clear_dma_coherent(dev)	((dev)->dma_coherent = false)
#else
#define rcar_du_clear_dma_coherent(dev)	dev_clear_dma_coherent(dev)
#endif
#else
#define RCAR_DU_HAS_NONCOHERENT_DMA	false
#define rcar_du_clear_dma_coherent(dev)	((void)(dev))
#endif

/*
 * VFIO_DEVICE_GET_REGION_INFO was an ioctl of the driver. In 6.19 the VFIO core
 * took it over and calls vfio_device_ops.get_region_info_caps (775f726a742a
 * "vfio: Add get_region_info_caps op"). rcar_du_vfio_region_info() does on older
 * kernels what the core does now. Both can go when 6.19 is the oldest kernel,
 * with the case of the ioctl that they serve.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

static inline long
rcar_du_vfio_region_info(struct vfio_device *vdev,
			 struct vfio_region_info __user *arg,
			 int (*get_caps)(struct vfio_device *vdev,
					 struct vfio_region_info *info,
					 struct vfio_info_cap *caps))
{
	const size_t minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info = { };
	struct vfio_info_cap caps = { };
	long ret;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;

	if (info.argsz < minsz)
		return -EINVAL;

	ret = get_caps(vdev, &info, &caps);
	if (ret)
		goto out;

	if (caps.size) {
		info.flags |= VFIO_REGION_INFO_FLAG_CAPS;
		if (info.argsz < sizeof(info) + caps.size) {
			info.argsz = sizeof(info) + caps.size;
			info.cap_offset = 0;
		} else {
			vfio_info_cap_shift(&caps, sizeof(info));
			if (copy_to_user(arg + 1, caps.buf, caps.size)) {
				ret = -EFAULT;
				goto out;
			}
			info.cap_offset = sizeof(info);
		}
	}

	if (copy_to_user(arg, &info, minsz))
		ret = -EFAULT;

out:
	kfree(caps.buf);
	return ret;
}

#define RCAR_DU_VFIO_IOCTL_OPS(func, ...)				\
	.ioctl = func
#else
#include <linux/errno.h>

struct vfio_device;
struct vfio_info_cap;
struct vfio_region_info;

static inline long
rcar_du_vfio_region_info(struct vfio_device *vdev,
			 struct vfio_region_info __user *arg,
			 int (*get_caps)(struct vfio_device *vdev,
					 struct vfio_region_info *info,
					 struct vfio_info_cap *caps))
{
	return -ENOTTY;
}

#define RCAR_DU_VFIO_IOCTL_OPS(func, get_caps)				\
	.ioctl = func,							\
	.get_region_info_caps = get_caps
#endif

#endif /* __RCAR_DU_COMPAT_H__ */
