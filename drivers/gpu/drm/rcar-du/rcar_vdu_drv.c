// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car virtual Display Unit: guest KMS driver
 *
 * The VDU is a PCI device that the rcar_du_mdev driver of the host gives to
 * virtual machines, see include/uapi/linux/rcar_vdu.h. It shows framebuffers
 * from where they are in guest memory.
 */

#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pm.h>

#include <drm/drm_atomic_helper.h>
#include <drm/drm_drv.h>
#include <drm/drm_fbdev_dma.h>
#include <drm/drm_gem_dma_helper.h>
#include <drm/drm_modeset_helper.h>
#include <drm/drm_module.h>
#include <drm/drm_probe_helper.h>

#include "rcar_vdu_crtc.h"
#include "rcar_vdu_hw.h"
#include "rcar_vdu_kms.h"
#include "rcar_vdu_page.h"

static bool rcar_vdu_use_shadow = true;
module_param_named(shadow, rcar_vdu_use_shadow, bool, 0644);
MODULE_PARM_DESC(shadow, "Write planes to memory, not to registers, if the device can (default: true)");

static bool rcar_vdu_use_hotspot = true;
module_param_named(hotspot, rcar_vdu_use_hotspot, bool, 0644);
MODULE_PARM_DESC(hotspot, "Hide the cursor plane from atomic clients that set no hotspot (default: true)");

DEFINE_DRM_GEM_DMA_FOPS(rcar_vdu_fops);

static const struct drm_driver rcar_vdu_driver = {
	/* Viewers draw the cursor themselves, where their pointer is. */
	.driver_features = DRIVER_GEM | DRIVER_MODESET | DRIVER_ATOMIC |
			   DRIVER_CURSOR_HOTSPOT,
	.fops = &rcar_vdu_fops,
	.gem_create_object = rcar_vdu_gem_create_object,
	DRM_GEM_DMA_DRIVER_OPS_WITH_DUMB_CREATE(rcar_vdu_dumb_create),
	DRM_FBDEV_DMA_DRIVER_OPS,
	.name = "rcar-vdu",
	.desc = "R-Car virtual Display Unit",
	.major = 1,
	.minor = 0,
};

/* -----------------------------------------------------------------------------
 * Interrupts
 */

/*
 * Not guarded by drm_dev_enter(): events of the last commits must still be sent
 * while the device is being unbound. The handler is freed before the registers
 * are unmapped.
 */
static irqreturn_t rcar_vdu_irq(int irq, void *arg)
{
	struct rcar_vdu_device *vdu = arg;
	unsigned int irqs = rcar_vdu_hw_irq_ack(&vdu->hw);

	if (irqs & RCAR_VDU_IRQ_VBLANK)
		rcar_vdu_crtc_vblank(&vdu->crtc);

	if (irqs & RCAR_VDU_IRQ_HOTPLUG)
		return IRQ_WAKE_THREAD;

	return irqs ? IRQ_HANDLED : IRQ_NONE;
}

static irqreturn_t rcar_vdu_irq_thread(int irq, void *arg)
{
	struct rcar_vdu_device *vdu = arg;

	rcar_vdu_kms_hotplug(vdu);

	return IRQ_HANDLED;
}

/* -----------------------------------------------------------------------------
 * PCI device
 */

static int rcar_vdu_pci_init(struct rcar_vdu_device *vdu, struct pci_dev *pdev)
{
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "cannot be enabled\n");

	ret = rcar_vdu_hw_init(&vdu->hw, pdev);
	if (ret)
		return ret;

	ret = rcar_vdu_hw_init_dma(&vdu->hw, pdev);
	if (ret)
		return ret;

	ret = rcar_vdu_hw_init_irq(&vdu->hw, pdev);
	if (ret)
		return ret;

	if (rcar_vdu_use_shadow)
		rcar_vdu_hw_init_shadow(&vdu->hw, pdev);

	return 0;
}

static int rcar_vdu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct rcar_vdu_device *vdu;
	int ret;

	vdu = devm_drm_dev_alloc(&pdev->dev, &rcar_vdu_driver,
				 struct rcar_vdu_device, drm);
	if (IS_ERR(vdu))
		return PTR_ERR(vdu);

	/* Without it the cursor plane is one like any other. */
	if (!rcar_vdu_use_hotspot)
		vdu->drm.driver_features &= ~DRIVER_CURSOR_HOTSPOT;

	pci_set_drvdata(pdev, vdu);

	ret = rcar_vdu_pci_init(vdu, pdev);
	if (ret)
		return ret;

	rcar_vdu_pages_init(&vdu->pages, &vdu->hw);

	ret = rcar_vdu_kms_init(vdu);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "cannot set up KMS\n");

	ret = devm_request_threaded_irq(&pdev->dev, vdu->hw.irq, rcar_vdu_irq,
					rcar_vdu_irq_thread, IRQF_SHARED,
					dev_name(&pdev->dev), vdu);
	if (ret)
		return ret;

	ret = drm_dev_register(&vdu->drm, 0);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "cannot register\n");

	/* Enables hot-plug events, which need a registered device. */
	drm_kms_helper_poll_init(&vdu->drm);
	drm_client_setup(&vdu->drm, NULL);

	return 0;
}

static void rcar_vdu_remove(struct pci_dev *pdev)
{
	struct rcar_vdu_device *vdu = pci_get_drvdata(pdev);

	drm_kms_helper_poll_fini(&vdu->drm);
	rcar_vdu_hw_synchronize_irq(&vdu->hw);

	drm_dev_unplug(&vdu->drm);
	drm_atomic_helper_shutdown(&vdu->drm);

	/* From now on KMS leaves the device alone. */
	rcar_vdu_hw_reset(&vdu->hw);
}

static void rcar_vdu_shutdown(struct pci_dev *pdev)
{
	struct rcar_vdu_device *vdu = pci_get_drvdata(pdev);

	drm_atomic_helper_shutdown(&vdu->drm);
}

/* -----------------------------------------------------------------------------
 * Suspend and reset
 */

/* The VMM may have reset the device. */
static void rcar_vdu_restart(struct rcar_vdu_device *vdu)
{
	rcar_vdu_hw_reset(&vdu->hw);
	rcar_vdu_pages_start(&vdu->pages);
	rcar_vdu_crtc_restore(&vdu->crtc);
}

static int rcar_vdu_suspend(struct device *dev)
{
	struct rcar_vdu_device *vdu = dev_get_drvdata(dev);

	return drm_mode_config_helper_suspend(&vdu->drm);
}

static int rcar_vdu_resume(struct device *dev)
{
	struct rcar_vdu_device *vdu = dev_get_drvdata(dev);

	rcar_vdu_restart(vdu);

	return drm_mode_config_helper_resume(&vdu->drm);
}

static DEFINE_SIMPLE_DEV_PM_OPS(rcar_vdu_pm_ops, rcar_vdu_suspend,
				rcar_vdu_resume);

static void rcar_vdu_reset_prepare(struct pci_dev *pdev)
{
	struct rcar_vdu_device *vdu = pci_get_drvdata(pdev);

	rcar_vdu_kms_reset_prepare(vdu);
}

static void rcar_vdu_reset_done(struct pci_dev *pdev)
{
	struct rcar_vdu_device *vdu = pci_get_drvdata(pdev);

	rcar_vdu_restart(vdu);
	rcar_vdu_kms_reset_done(vdu);
}

static const struct pci_error_handlers rcar_vdu_err_handler = {
	.reset_prepare = rcar_vdu_reset_prepare,
	.reset_done = rcar_vdu_reset_done,
};

/* -----------------------------------------------------------------------------
 * Module
 */

static const struct pci_device_id rcar_vdu_pci_ids[] = {
	{ PCI_DEVICE(RCAR_VDU_PCI_VENDOR_ID, RCAR_VDU_PCI_DEVICE_ID) },
	{ }
};
MODULE_DEVICE_TABLE(pci, rcar_vdu_pci_ids);

static struct pci_driver rcar_vdu_pci_driver = {
	.name = "rcar-vdu",
	.id_table = rcar_vdu_pci_ids,
	.probe = rcar_vdu_probe,
	.remove = rcar_vdu_remove,
	.shutdown = rcar_vdu_shutdown,
	.err_handler = &rcar_vdu_err_handler,
	.driver.pm = pm_sleep_ptr(&rcar_vdu_pm_ops),
};

drm_module_pci_driver(rcar_vdu_pci_driver);

MODULE_DESCRIPTION("R-Car virtual Display Unit");
MODULE_LICENSE("GPL");
