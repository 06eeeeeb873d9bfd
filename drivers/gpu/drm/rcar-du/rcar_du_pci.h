/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car virtual Display Unit: glue for the stock rcar-du driver
 */

#ifndef __RCAR_DU_PCI_H__
#define __RCAR_DU_PCI_H__

#include <linux/clk-provider.h>
#include <linux/i2c.h>
#include <linux/of.h>

struct irq_domain;
struct pci_dev;

/* The device tree nodes of the board that the display is on */
enum {
	RCAR_DU_PCI_BOARD,
	RCAR_DU_PCI_DU,
	RCAR_DU_PCI_DU_PORTS,
	RCAR_DU_PCI_DU_PORT,
	RCAR_DU_PCI_DU_OUT,
	RCAR_DU_PCI_DAC,
	RCAR_DU_PCI_DAC_PORTS,
	RCAR_DU_PCI_DAC_PORT_IN,
	RCAR_DU_PCI_DAC_IN,
	RCAR_DU_PCI_DAC_PORT_OUT,
	RCAR_DU_PCI_DAC_OUT,
	RCAR_DU_PCI_CONNECTOR,
	RCAR_DU_PCI_CONNECTOR_PORT,
	RCAR_DU_PCI_CONNECTOR_IN,
	RCAR_DU_PCI_DDC,
	RCAR_DU_PCI_NUM_NODES
};

/**
 * struct rcar_du_pci - A VDU that rcar-du drives
 * @pdev: the VDU
 * @name: of the DU's platform device
 * @id: number of the platform devices
 * @page: BAR 2
 * @no_snoop: the display does not snoop the CPU caches
 * @changeset: what was added to the device tree
 * @nodes: the nodes that were added
 * @ddc: the bus that the EDID is read on
 * @clks: the clock of the channels, and a dot clock input
 * @dclkin: the dot clock input whose frequency can be chosen
 * @domain: interrupts of the channels
 */
struct rcar_du_pci {
	struct pci_dev *pdev;
	const char *name;
	int id;
	void __iomem *page;
	bool no_snoop;
	struct of_changeset changeset;
	struct device_node *nodes[RCAR_DU_PCI_NUM_NODES];
	struct i2c_adapter ddc;
	struct clk_hw *clks;
	struct clk_hw dclkin;
	struct irq_domain *domain;
};

int rcar_du_pci_of_init(struct rcar_du_pci *du);

#endif /* __RCAR_DU_PCI_H__ */
