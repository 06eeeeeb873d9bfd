// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: VFIO device
 */

#include <linux/idr.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/uaccess.h>

#include "rcar_du_mdev.h"
#include "rcar_du_mdev_debugfs.h"
#include "rcar_du_mdev_gfx.h"
#include "rcar_du_mdev_irq.h"
#include "rcar_du_mdev_layout.h"
#include "rcar_du_mdev_parent.h"
#include "rcar_du_mdev_region.h"
#include "rcar_du_mdev_sysfs.h"
#include "rcar_du_mdev_unmap.h"

/* -----------------------------------------------------------------------------
 * What the parts tell
 */

static void rcar_du_mdev_frozen(struct rcar_du_mdev_watchdog *watchdog)
{
	struct rcar_du_mdev_device *rdev =
		container_of(watchdog, struct rcar_du_mdev_device, watchdog);

	rcar_du_mdev_screen_refresh(&rdev->screen);
}

static const struct rcar_du_mdev_watchdog_ops rcar_du_mdev_watchdog_ops = {
	.hides = rcar_du_mdev_frozen,
};

static void rcar_du_mdev_runs(struct rcar_du_mdev_vdu *vdu, bool runs)
{
	struct rcar_du_mdev_device *rdev =
		container_of(vdu, struct rcar_du_mdev_device, vdu);

	rcar_du_mdev_watchdog_runs(&rdev->watchdog, runs);
}

static void rcar_du_mdev_latched(struct rcar_du_mdev_vdu *vdu, bool again)
{
	struct rcar_du_mdev_device *rdev =
		container_of(vdu, struct rcar_du_mdev_device, vdu);

	if (!again)
		rcar_du_mdev_watchdog_latched(&rdev->watchdog);
	rcar_du_mdev_pipe_latched(&rdev->pipe);
}

static const struct rcar_du_mdev_vdu_ops rcar_du_mdev_vdu_ops = {
	.runs = rcar_du_mdev_runs,
	.latch = rcar_du_mdev_latched,
};

static void rcar_du_mdev_hotplug(struct rcar_du_mdev_output *output)
{
	struct rcar_du_mdev_device *rdev =
		container_of(output, struct rcar_du_mdev_device, output);

	rcar_du_mdev_monitor_changed(&rdev->monitor);
}

static void rcar_du_mdev_lost(struct rcar_du_mdev_output *output)
{
	struct rcar_du_mdev_device *rdev =
		container_of(output, struct rcar_du_mdev_device, output);

	guard(rcar_du_mdev_cache)(&rdev->cache);

	rcar_du_mdev_screen_unplug_locked(&rdev->screen);
}

static const struct rcar_du_mdev_output_ops rcar_du_mdev_output_ops = {
	.hotplug = rcar_du_mdev_hotplug,
	.lost = rcar_du_mdev_lost,
};

static struct rcar_du_mdev_device *
cache_to_rcar_du_mdev(struct rcar_du_mdev_cache *cache)
{
	return container_of(cache, struct rcar_du_mdev_device, cache);
}

static bool rcar_du_mdev_id_named(struct rcar_du_mdev_cache *cache, u32 id)
{
	struct rcar_du_mdev_device *rdev = cache_to_rcar_du_mdev(cache);

	return rcar_du_mdev_screen_named_locked(&rdev->screen, id);
}

static void rcar_du_mdev_fb_is_lost(struct rcar_du_mdev_cache *cache,
				    struct rcar_du_mdev_fb *fb)
{
	struct rcar_du_mdev_device *rdev = cache_to_rcar_du_mdev(cache);

	rcar_du_mdev_screen_lose_locked(&rdev->screen, fb);
}

static void rcar_du_mdev_fb_is_gone(struct rcar_du_mdev_cache *cache,
				    struct dma_buf *dmabuf)
{
	struct rcar_du_mdev_device *rdev = cache_to_rcar_du_mdev(cache);

	rcar_du_mdev_fbregion_zap(&rdev->fbregion);
	if (dmabuf)
		rcar_du_mdev_output_forget(&rdev->output, dmabuf);
}

static const struct rcar_du_mdev_cache_ops rcar_du_mdev_cache_ops = {
	.named = rcar_du_mdev_id_named,
	.lost = rcar_du_mdev_fb_is_lost,
	.gone = rcar_du_mdev_fb_is_gone,
};

/* -----------------------------------------------------------------------------
 * VFIO device operations
 */

/* Numbers of the devices: UUIDs are too long for names of workqueues. */
static DEFINE_IDA(rcar_du_mdev_numbers);

static int rcar_du_mdev_init_parts(struct rcar_du_mdev_device *rdev)
{
	struct vfio_device *vdev = &rdev->vdev;
	int ret;

	rcar_du_mdev_watchdog_init(&rdev->watchdog, vdev->dev,
				   &rcar_du_mdev_watchdog_ops);
	ret = rcar_du_mdev_vdu_init(&rdev->vdu, vdev->dev,
				    &rcar_du_mdev_vdu_ops);
	if (ret)
		return ret;

	ret = rcar_du_mdev_cache_init(&rdev->cache, vdev, &rdev->snoop,
				      rdev->number, &rcar_du_mdev_cache_ops);
	if (ret) {
		rcar_du_mdev_vdu_fini(&rdev->vdu);
		return ret;
	}

	ret = rcar_du_mdev_pipe_init(&rdev->pipe, rdev->number, &rdev->vdu,
				     &rdev->cache, &rdev->output,
				     &rdev->screen, &rdev->fbregion,
				     &rdev->crc);
	if (ret) {
		rcar_du_mdev_cache_fini(&rdev->cache);
		rcar_du_mdev_vdu_fini(&rdev->vdu);
		return ret;
	}

	rcar_du_mdev_admin_init(&rdev->admin);
	rcar_du_mdev_bar4_init(&rdev->bar4, vdev,
			       rcar_du_mdev_vdu_shadow(&rdev->vdu));
	rcar_du_mdev_pci_init(&rdev->pci, &rdev->vdu, &rdev->bar4,
			      &rdev->pipe);
	rcar_du_mdev_output_init(&rdev->output, &rdev->vdu,
				 &rcar_du_mdev_output_ops);
	rcar_du_mdev_picture_init(&rdev->picture, vdev->dev, &rdev->output);
	rcar_du_mdev_monitor_init(&rdev->monitor, &rdev->vdu, &rdev->output,
				  rcar_du_mdev_pipe_wq(&rdev->pipe));
	rcar_du_mdev_screen_init(&rdev->screen, &rdev->cache, &rdev->vdu,
				 &rdev->output, &rdev->watchdog);
	rcar_du_mdev_fbregion_init(&rdev->fbregion, vdev, &rdev->cache,
				   &rdev->screen);
	rcar_du_mdev_crc_init(&rdev->crc, &rdev->vdu, &rdev->cache,
			      &rdev->screen);

	return 0;
}

static int rcar_du_mdev_init_dev(struct vfio_device *vdev)
{
	struct rcar_du_mdev_device *rdev = to_rcar_du_mdev(vdev);
	int ret;

	ret = ida_alloc(&rcar_du_mdev_numbers, GFP_KERNEL);
	if (ret < 0)
		return ret;
	rdev->number = ret;

	ret = rcar_du_mdev_init_parts(rdev);
	if (ret)
		ida_free(&rcar_du_mdev_numbers, rdev->number);

	return ret;
}

static void rcar_du_mdev_release_dev(struct vfio_device *vdev)
{
	struct rcar_du_mdev_device *rdev = to_rcar_du_mdev(vdev);

	rcar_du_mdev_pci_fini(&rdev->pci);
	rcar_du_mdev_monitor_fini(&rdev->monitor);
	rcar_du_mdev_picture_fini(&rdev->picture);
	rcar_du_mdev_output_fini(&rdev->output);
	rcar_du_mdev_admin_fini(&rdev->admin);
	rcar_du_mdev_pipe_fini(&rdev->pipe);
	rcar_du_mdev_cache_fini(&rdev->cache);
	rcar_du_mdev_vdu_fini(&rdev->vdu);
	ida_free(&rcar_du_mdev_numbers, rdev->number);
}

/*
 * Who fetches the pictures is like the parent: the display for which that stands, or
 * whoever the admin means.
 */
static void rcar_du_mdev_open_snoop(struct rcar_du_mdev_device *rdev)
{
	bool like_parent = rcar_du_mdev_output_sink(&rdev->output) ||
			   rcar_du_mdev_admin_get(&rdev->admin,
						  RCAR_DU_MDEV_NO_SNOOP);

	rcar_du_mdev_snoop_open(&rdev->snoop,
				like_parent ? rdev->vdev.dev->parent : NULL);
	rcar_du_mdev_vdu_set_no_snoop(&rdev->vdu,
				      rcar_du_mdev_snoop_offers_wc(&rdev->snoop));
}

static int rcar_du_mdev_open_device(struct vfio_device *vdev)
{
	struct rcar_du_mdev_device *rdev = to_rcar_du_mdev(vdev);
	struct rcar_du_mdev_admin *admin = &rdev->admin;
	int api;

	/* The settings are constant from here on. */
	rcar_du_mdev_admin_set_opened(admin, true);
	api = rcar_du_mdev_admin_get(admin, RCAR_DU_MDEV_PLANE_API);
	rcar_du_mdev_fbregion_open(&rdev->fbregion,
				   api == RCAR_DU_MDEV_PLANE_API_REGION);
	rcar_du_mdev_cache_open(&rdev->cache,
				rcar_du_mdev_admin_get(admin,
						       RCAR_DU_MDEV_DMABUF_WRITABLE));
	rcar_du_mdev_screen_open(&rdev->screen);
	rcar_du_mdev_vdu_renew(&rdev->vdu);
	rcar_du_mdev_vdu_set_crc(&rdev->vdu,
				 rcar_du_mdev_admin_get(admin, RCAR_DU_MDEV_CRC));
	rcar_du_mdev_open_snoop(rdev);

	rcar_du_mdev_output_start(&rdev->output);
	/*
	 * Each user finds the default monitor plugged in, and no event that tells
	 * if there was another one before.
	 */
	rcar_du_mdev_monitor_plug_default(&rdev->monitor);
	rcar_du_mdev_vdu_reset(&rdev->vdu);

	return 0;
}

static void rcar_du_mdev_close_device(struct vfio_device *vdev)
{
	struct rcar_du_mdev_device *rdev = to_rcar_du_mdev(vdev);

	rcar_du_mdev_output_stop(&rdev->output);
	rcar_du_mdev_vdu_stop(&rdev->vdu);
	rcar_du_mdev_irq_close(rcar_du_mdev_vdu_irq(&rdev->vdu));
	rcar_du_mdev_pci_reset(&rdev->pci);
	rcar_du_mdev_cache_close(&rdev->cache);

	rcar_du_mdev_admin_set_opened(&rdev->admin, false);
}

static void rcar_du_mdev_request(struct vfio_device *vdev, unsigned int count)
{
	struct rcar_du_mdev_device *rdev = to_rcar_du_mdev(vdev);

	rcar_du_mdev_irq_request(rcar_du_mdev_vdu_irq(&rdev->vdu), count);
}

static long rcar_du_mdev_info(struct vfio_device_info __user *arg)
{
	const unsigned long minsz = offsetofend(struct vfio_device_info,
						num_irqs);
	struct vfio_device_info info = { };

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;

	if (info.argsz < minsz)
		return -EINVAL;

	info.flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = RCAR_DU_MDEV_NUM_REGIONS;
	info.num_irqs = RCAR_DU_MDEV_NUM_IRQS;

	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long rcar_du_mdev_ioctl(struct vfio_device *vdev, unsigned int cmd,
			       unsigned long arg)
{
	struct rcar_du_mdev_device *rdev = to_rcar_du_mdev(vdev);
	void __user *uarg = (void __user *)arg;

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return rcar_du_mdev_info(uarg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return rcar_du_vfio_region_info(vdev, uarg,
						rcar_du_mdev_region_info_caps);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return rcar_du_mdev_irq_info(uarg);
	case VFIO_DEVICE_SET_IRQS:
		return rcar_du_mdev_irq_set(rcar_du_mdev_vdu_irq(&rdev->vdu),
					    uarg);
	case VFIO_DEVICE_RESET:
		rcar_du_mdev_pci_reset(&rdev->pci);
		return 0;
	case VFIO_DEVICE_QUERY_GFX_PLANE:
		return rcar_du_mdev_gfx_query(rdev, uarg);
	case VFIO_DEVICE_GET_GFX_DMABUF:
		return rcar_du_mdev_gfx_get_dmabuf(rdev, uarg);
	default:
		return -ENOTTY;
	}
}

static void rcar_du_mdev_dma_unmap(struct vfio_device *vdev, u64 iova,
				   u64 length)
{
	rcar_du_mdev_unmap(&to_rcar_du_mdev(vdev)->cache, iova, length);
}

static const struct vfio_device_ops rcar_du_mdev_ops = {
	.name = "vfio-rcar-du-mdev",
	.init = rcar_du_mdev_init_dev,
	.release = rcar_du_mdev_release_dev,
	.open_device = rcar_du_mdev_open_device,
	.close_device = rcar_du_mdev_close_device,
	.read = rcar_du_mdev_region_read,
	.write = rcar_du_mdev_region_write,
	.mmap = rcar_du_mdev_region_mmap,
	.device_feature = rcar_du_mdev_gfx_feature,
	RCAR_DU_VFIO_IOCTL_OPS(rcar_du_mdev_ioctl,
			       rcar_du_mdev_region_info_caps),
	.request = rcar_du_mdev_request,
	.dma_unmap = rcar_du_mdev_dma_unmap,
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
};

/* -----------------------------------------------------------------------------
 * mdev driver
 */

static void rcar_du_mdev_put(struct mdev_device *mdev,
			     struct rcar_du_mdev_device *rdev)
{
	rcar_du_mdev_monitor_stop(&rdev->monitor);
	rcar_du_mdev_watchdog_stop(&rdev->watchdog);
	rcar_du_mdev_parent_free(mdev->type, &rdev->output);
	vfio_put_device(&rdev->vdev);
}

static int rcar_du_mdev_probe(struct mdev_device *mdev)
{
	struct rcar_du_mdev_device *rdev;
	int ret;

	rdev = vfio_alloc_device(rcar_du_mdev_device, vdev, mdev_dev(mdev),
				 &rcar_du_mdev_ops);
	if (IS_ERR(rdev))
		return PTR_ERR(rdev);

	ret = rcar_du_mdev_parent_alloc(mdev->type, &rdev->output);
	if (ret) {
		vfio_put_device(&rdev->vdev);
		return ret;
	}

	ret = vfio_register_emulated_iommu_dev(&rdev->vdev);
	if (ret) {
		rcar_du_mdev_put(mdev, rdev);
		return ret;
	}

	dev_set_drvdata(mdev_dev(mdev), rdev);
	rcar_du_mdev_debugfs_add(rdev);

	return 0;
}

static void rcar_du_mdev_remove(struct mdev_device *mdev)
{
	struct rcar_du_mdev_device *rdev = dev_get_drvdata(mdev_dev(mdev));

	rcar_du_mdev_debugfs_remove(rdev);
	/* Waits until user space has closed the device. */
	vfio_unregister_group_dev(&rdev->vdev);
	rcar_du_mdev_put(mdev, rdev);
}

static struct mdev_driver rcar_du_mdev_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.probe = rcar_du_mdev_probe,
	.remove = rcar_du_mdev_remove,
	.show_description = rcar_du_mdev_parent_describe,
	.get_available = rcar_du_mdev_parent_available,
	.driver = {
		.name = "rcar_du_mdev",
		.dev_groups = rcar_du_mdev_groups,
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static int __init rcar_du_mdev_init(void)
{
	int ret;

	ret = rcar_du_mdev_watchdog_register();
	if (ret)
		return ret;

	rcar_du_mdev_debugfs_register();

	ret = mdev_register_driver(&rcar_du_mdev_driver);
	if (ret)
		goto err_debugfs;

	ret = rcar_du_mdev_parent_register(&rcar_du_mdev_driver);
	if (ret)
		goto err_driver;

	return 0;

err_driver:
	mdev_unregister_driver(&rcar_du_mdev_driver);
err_debugfs:
	rcar_du_mdev_debugfs_unregister();
	rcar_du_mdev_watchdog_unregister();

	return ret;
}
module_init(rcar_du_mdev_init);

static void __exit rcar_du_mdev_exit(void)
{
	rcar_du_mdev_parent_unregister();
	mdev_unregister_driver(&rcar_du_mdev_driver);
	rcar_du_mdev_debugfs_unregister();
	rcar_du_mdev_watchdog_unregister();
}
module_exit(rcar_du_mdev_exit);

MODULE_DESCRIPTION("R-Car DU mediated display device");
MODULE_LICENSE("GPL");
MODULE_SOFTDEP("pre: mdev");
