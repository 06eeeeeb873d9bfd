// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car virtual Display Unit: glue for the stock rcar-du driver
 *
 * Presents the VDU, a PCI device, as what rcar-du knows: the Display Unit of
 * an R-Car SoC with memory-fetching planes (r8a7792) on a board with a DAC and
 * a connector. BAR 0 and the interrupt become those of the platform device,
 * the dot clock and the EDID of the VDU registers a clock and a DDC bus. No access
 * to the display goes through here.
 *
 * The platform devices are made of a few device tree nodes, see
 * rcar_du_pci_of.c.
 */

#include <linux/bits.h>
#include <linux/clk-provider.h>
#include <linux/clkdev.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/i2c.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/pm.h>

#include <uapi/linux/rcar_vdu.h>

#include "rcar_du_pci.h"

/* Channel 1 of the DU is not there, but the driver wants its interrupt. */
#define RCAR_DU_PCI_NUM_CHANNELS	2

#define RCAR_DU_PCI_DU_NAME	"rcar-du-pci"

/* -----------------------------------------------------------------------------
 * DDC bus
 */

#define RCAR_DU_PCI_DDC_SEGMENT		0x30
#define RCAR_DU_PCI_DDC_EDID		0x50
#define RCAR_DU_PCI_DDC_SEGMENT_SIZE	256

static void rcar_du_pci_ddc_read(struct rcar_du_pci *du, struct i2c_msg *msg,
				 u32 offset)
{
	u32 size = min(readl(du->page + RCAR_VDU_EDID_SIZE),
		       RCAR_VDU_EDID_WINDOW_SIZE);
	unsigned int i;

	for (i = 0; i < msg->len; i++, offset++)
		msg->buf[i] = offset < size ?
			      readb(du->page + RCAR_VDU_EDID + offset) : 0xff;
}

/* As a monitor has it: the first byte written is the segment or the offset. */
static int rcar_du_pci_ddc_xfer(struct i2c_adapter *adapter,
				struct i2c_msg *msgs, int num)
{
	struct rcar_du_pci *du = i2c_get_adapdata(adapter);
	u32 segment = 0, offset = 0;
	int i;

	if (!(readl(du->page + RCAR_VDU_HEAD_STATUS) & RCAR_VDU_HEAD_CONNECTED))
		return -ENXIO;

	for (i = 0; i < num; i++) {
		struct i2c_msg *msg = &msgs[i];
		bool read = msg->flags & I2C_M_RD;

		if (msg->addr == RCAR_DU_PCI_DDC_SEGMENT && !read) {
			if (msg->len)
				segment = msg->buf[0];
		} else if (msg->addr != RCAR_DU_PCI_DDC_EDID) {
			return -ENXIO;
		} else if (read) {
			rcar_du_pci_ddc_read(du, msg, offset + segment *
					     RCAR_DU_PCI_DDC_SEGMENT_SIZE);
			offset += msg->len;
		} else if (msg->len) {
			offset = msg->buf[0];
		}
	}

	return num;
}

static u32 rcar_du_pci_ddc_functionality(struct i2c_adapter *adapter)
{
	return I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;
}

static const struct i2c_algorithm rcar_du_pci_ddc_algorithm = {
	.xfer = rcar_du_pci_ddc_xfer,
	.functionality = rcar_du_pci_ddc_functionality,
};

/*
 * The adapter has no owner: the connector, which uses it, is a device of this
 * driver, and would keep the module that it goes away with.
 */
static int rcar_du_pci_ddc_init(struct rcar_du_pci *du)
{
	struct i2c_adapter *ddc = &du->ddc;

	ddc->algo = &rcar_du_pci_ddc_algorithm;
	ddc->dev.parent = &du->pdev->dev;
	ddc->dev.of_node = du->nodes[RCAR_DU_PCI_DDC];
	strscpy(ddc->name, du->name, sizeof(ddc->name));
	i2c_set_adapdata(ddc, du);

	return devm_i2c_add_adapter(&du->pdev->dev, ddc);
}

/* -----------------------------------------------------------------------------
 * Clocks
 */

static struct rcar_du_pci *rcar_du_pci_from_dclkin(struct clk_hw *hw)
{
	return container_of(hw, struct rcar_du_pci, dclkin);
}

static unsigned long rcar_du_pci_dclkin_recalc_rate(struct clk_hw *hw,
						    unsigned long parent_rate)
{
	return readl(rcar_du_pci_from_dclkin(hw)->page + RCAR_VDU_DCLKIN);
}

static int rcar_du_pci_dclkin_determine_rate(struct clk_hw *hw,
					     struct clk_rate_request *req)
{
	req->rate = min_t(unsigned long, req->rate, U32_MAX);

	return 0;
}

static int rcar_du_pci_dclkin_set_rate(struct clk_hw *hw, unsigned long rate,
				       unsigned long parent_rate)
{
	writel(rate, rcar_du_pci_from_dclkin(hw)->page + RCAR_VDU_DCLKIN);

	return 0;
}

static const struct clk_ops rcar_du_pci_dclkin_ops = {
	.recalc_rate = rcar_du_pci_dclkin_recalc_rate,
	.determine_rate = rcar_du_pci_dclkin_determine_rate,
	.set_rate = rcar_du_pci_dclkin_set_rate,
};

static void rcar_du_pci_clk_fini(void *data)
{
	struct rcar_du_pci *du = data;

	clk_hw_unregister(&du->dclkin);
	clk_hw_unregister_fixed_rate(du->clks);
}

/*
 * The clocks have no device, as that would be their owner: like the DDC bus,
 * who uses them goes away with them.
 */
static int rcar_du_pci_clk_register(struct rcar_du_pci *du)
{
	struct device *dev = &du->pdev->dev;
	struct clk_init_data init = { .ops = &rcar_du_pci_dclkin_ops };
	const char *name;
	int ret;

	name = devm_kasprintf(dev, GFP_KERNEL, "%s.clks", du->name);
	init.name = devm_kasprintf(dev, GFP_KERNEL, "%s.dclkin", du->name);
	if (!name || !init.name)
		return -ENOMEM;

	du->clks = clk_hw_register_fixed_rate(NULL, name, NULL, 0,
					      readl(du->page + RCAR_VDU_CLKS));
	if (IS_ERR(du->clks))
		return PTR_ERR(du->clks);

	du->dclkin.init = &init;
	ret = clk_hw_register(NULL, &du->dclkin);
	if (ret) {
		clk_hw_unregister_fixed_rate(du->clks);
		return ret;
	}

	return devm_add_action_or_reset(dev, rcar_du_pci_clk_fini, du);
}

static int rcar_du_pci_clk_init(struct rcar_du_pci *du)
{
	struct device *dev = &du->pdev->dev;
	int ret;

	ret = rcar_du_pci_clk_register(du);
	if (ret)
		return ret;

	ret = devm_clk_hw_register_clkdev(dev, du->clks, "du.0", du->name);
	if (!ret)
		ret = devm_clk_hw_register_clkdev(dev, du->clks, "du.1",
						  du->name);
	if (!ret)
		ret = devm_clk_hw_register_clkdev(dev, &du->dclkin, "dclkin.0",
						  du->name);

	return ret;
}

/* -----------------------------------------------------------------------------
 * Interrupts
 */

/*
 * The handler of the channel looks for itself what there is to do, as after
 * each message it has to.
 */
static irqreturn_t rcar_du_pci_irq(int irq, void *arg)
{
	struct rcar_du_pci *du = arg;
	u16 status;

	if (!pci_dev_msi_enabled(du->pdev)) {
		pci_read_config_word(du->pdev, PCI_STATUS, &status);
		if (!(status & PCI_STATUS_INTERRUPT))
			return IRQ_NONE;
	}

	generic_handle_domain_irq(du->domain, 0);

	return IRQ_HANDLED;
}

static int rcar_du_pci_irq_map(struct irq_domain *domain, unsigned int virq,
			       irq_hw_number_t hwirq)
{
	irq_set_chip_and_handler(virq, &dummy_irq_chip, handle_simple_irq);

	return 0;
}

static const struct irq_domain_ops rcar_du_pci_irq_ops = {
	.map = rcar_du_pci_irq_map,
};

static void rcar_du_pci_irq_fini(void *data)
{
	struct rcar_du_pci *du = data;
	unsigned int i;

	for (i = 0; i < RCAR_DU_PCI_NUM_CHANNELS; i++)
		irq_dispose_mapping(irq_find_mapping(du->domain, i));
	irq_domain_remove(du->domain);
}

static int rcar_du_pci_irq_init(struct rcar_du_pci *du)
{
	struct pci_dev *pdev = du->pdev;
	struct device_node *board = du->nodes[RCAR_DU_PCI_BOARD];
	unsigned int i;
	int ret;

	du->domain = irq_domain_create_linear(of_fwnode_handle(board),
					      RCAR_DU_PCI_NUM_CHANNELS,
					      &rcar_du_pci_irq_ops, du);
	if (!du->domain)
		return -ENOMEM;

	ret = devm_add_action_or_reset(&pdev->dev, rcar_du_pci_irq_fini, du);
	if (ret)
		return ret;

	for (i = 0; i < RCAR_DU_PCI_NUM_CHANNELS; i++)
		if (!irq_create_mapping(du->domain, i))
			return -ENOMEM;

	/* Freed by pcim_enable_device(). */
	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI | PCI_IRQ_INTX);
	if (ret < 0)
		return ret;

	return devm_request_irq(&pdev->dev, pci_irq_vector(pdev, 0),
				rcar_du_pci_irq, IRQF_SHARED | IRQF_NO_THREAD,
				dev_name(&pdev->dev), du);
}

/* -----------------------------------------------------------------------------
 * Platform devices
 */

static void rcar_du_pci_unregister(void *data)
{
	platform_device_unregister(data);
}

static int rcar_du_pci_register(struct rcar_du_pci *du, unsigned int node,
				const char *name, const struct resource *res,
				unsigned int num_res)
{
	struct device *dev = &du->pdev->dev;
	const struct platform_device_info info = {
		.parent = dev,
		.fwnode = of_fwnode_handle(du->nodes[node]),
		.name = name,
		.id = du->id,
		.res = res,
		.num_res = num_res,
		.dma_mask = DMA_BIT_MASK(32),
	};
	struct platform_device *platform;

	platform = platform_device_register_full(&info);
	if (IS_ERR(platform))
		return PTR_ERR(platform);

	return devm_add_action_or_reset(dev, rcar_du_pci_unregister, platform);
}

/*
 * BAR 0 is not requested here, so that rcar-du can do it. The DU comes last, as
 * it looks for the others, and so goes first.
 */
static int rcar_du_pci_devices_init(struct rcar_du_pci *du)
{
	struct resource *bar = pci_resource_n(du->pdev, RCAR_VDU_DU_BAR);
	struct resource res[1 + RCAR_DU_PCI_NUM_CHANNELS] = {
		DEFINE_RES_MEM(bar->start, RCAR_VDU_DU_BAR_SIZE),
		DEFINE_RES_IRQ(0),
		DEFINE_RES_IRQ(0),
	};
	unsigned int i;
	int ret;

	res[0].parent = bar;
	for (i = 0; i < RCAR_DU_PCI_NUM_CHANNELS; i++) {
		res[1 + i].start = irq_find_mapping(du->domain, i);
		res[1 + i].end = res[1 + i].start;
	}

	ret = rcar_du_pci_register(du, RCAR_DU_PCI_CONNECTOR,
				   RCAR_DU_PCI_DU_NAME "-connector", NULL, 0);
	if (!ret)
		ret = rcar_du_pci_register(du, RCAR_DU_PCI_DAC,
					   RCAR_DU_PCI_DU_NAME "-dac", NULL, 0);
	if (!ret)
		ret = rcar_du_pci_register(du, RCAR_DU_PCI_DU,
					   RCAR_DU_PCI_DU_NAME, res,
					   ARRAY_SIZE(res));

	return ret;
}

/* -----------------------------------------------------------------------------
 * PCI device
 */

/*
 * rcar-du does not know of mappings. Its own buffers are write-combined then, and
 * others are cleaned in the guest for a device that is not coherent: by their
 * exporter when they are imported, and by DMA_BUF_IOCTL_SYNC of who draws. So nothing
 * is in a cache, as on the SoC.
 */
static void rcar_du_pci_set_mapping(struct rcar_du_pci *du)
{
	unsigned int i;

	if (!du->no_snoop)
		return;

	for (i = 0; i < RCAR_VDU_NUM_PLANE_PAGES; i++)
		writel(RCAR_VDU_MAPPING_WRITE_COMBINED, du->page +
		       RCAR_VDU_PLANE(i) + RCAR_VDU_PLANE_MAPPING);
}

static int rcar_du_pci_enable(struct rcar_du_pci *du)
{
	struct pci_dev *pdev = du->pdev;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "cannot be enabled\n");

	if (pci_resource_len(pdev, RCAR_VDU_DU_BAR) < RCAR_VDU_DU_BAR_SIZE ||
	    pci_resource_len(pdev, RCAR_VDU_REGS_BAR) < RCAR_VDU_REGS_BAR_SIZE)
		return dev_err_probe(&pdev->dev, -ENODEV,
				     "BARs are too small\n");

	du->page = pcim_iomap_region(pdev, RCAR_VDU_REGS_BAR,
				     RCAR_DU_PCI_DU_NAME);
	if (IS_ERR(du->page))
		return dev_err_probe(&pdev->dev, PTR_ERR(du->page),
				     "cannot map the VDU registers\n");

	if (readl(du->page + RCAR_VDU_MAGIC) != RCAR_VDU_MAGIC_VALUE ||
	    readl(du->page + RCAR_VDU_VERSION) >> 16 != RCAR_VDU_VERSION_MAJOR)
		return dev_err_probe(&pdev->dev, -ENODEV, "no VDU of version %u\n",
				     RCAR_VDU_VERSION_MAJOR);

	/* Nobody would clear these sources. */
	writel(0, du->page + RCAR_VDU_HEAD_INT_ENABLE);
	/* An architecture without such devices has no write-combined buffers for it. */
	du->no_snoop = RCAR_DU_HAS_NONCOHERENT_DMA &&
		       readl(du->page + RCAR_VDU_FEATURES) &
		       RCAR_VDU_FEATURE_NO_SNOOP;
	rcar_du_pci_set_mapping(du);
	pci_set_master(pdev);

	return 0;
}

static int rcar_du_pci_probe(struct pci_dev *pdev,
			     const struct pci_device_id *id)
{
	struct device *dev = &pdev->dev;
	struct rcar_du_pci *du;
	int ret;

	/* An IOMMU would take the DMA of the platform device for somebody else's. */
	if (device_iommu_mapped(dev))
		return dev_err_probe(dev, -EOPNOTSUPP,
				     "rcar-du can't go through an IOMMU here\n");

	du = devm_kzalloc(dev, sizeof(*du), GFP_KERNEL);
	if (!du)
		return -ENOMEM;

	du->pdev = pdev;
	pci_set_drvdata(pdev, du);
	du->id = pci_domain_nr(pdev->bus) << 16 | pci_dev_id(pdev);
	du->name = devm_kasprintf(dev, GFP_KERNEL, RCAR_DU_PCI_DU_NAME ".%d",
				  du->id);
	if (!du->name)
		return -ENOMEM;

	ret = rcar_du_pci_enable(du);
	if (ret)
		return ret;

	ret = rcar_du_pci_of_init(du);
	if (ret)
		return ret;

	ret = rcar_du_pci_ddc_init(du);
	if (ret)
		return dev_err_probe(dev, ret, "no DDC bus\n");

	ret = rcar_du_pci_clk_init(du);
	if (ret)
		return dev_err_probe(dev, ret, "no clocks\n");

	ret = rcar_du_pci_irq_init(du);
	if (ret)
		return dev_err_probe(dev, ret, "no interrupt\n");

	ret = rcar_du_pci_devices_init(du);
	if (ret)
		return dev_err_probe(dev, ret, "no platform devices\n");

	return 0;
}

/* The VMM may have reset the device. */
static int rcar_du_pci_resume(struct device *dev)
{
	rcar_du_pci_set_mapping(dev_get_drvdata(dev));

	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(rcar_du_pci_pm_ops, NULL, rcar_du_pci_resume);

/*
 * Without MODULE_DEVICE_TABLE(): the driver of the VDU is rcar_vdu, this one is
 * loaded by who wants it.
 */
static const struct pci_device_id rcar_du_pci_ids[] = {
	{ PCI_DEVICE(RCAR_VDU_PCI_VENDOR_ID, RCAR_VDU_PCI_DEVICE_ID) },
	{ }
};

static struct pci_driver rcar_du_pci_driver = {
	.name = RCAR_DU_PCI_DU_NAME,
	.id_table = rcar_du_pci_ids,
	.probe = rcar_du_pci_probe,
	.driver.pm = pm_sleep_ptr(&rcar_du_pci_pm_ops),
};

module_pci_driver(rcar_du_pci_driver);

MODULE_DESCRIPTION("R-Car DU driver on a virtual Display Unit");
MODULE_LICENSE("GPL");
