// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car virtual Display Unit: device tree nodes for the stock rcar-du driver
 *
 * The board is: a DU, whose first output goes through a DAC to a connector with
 * a DDC bus. What differs from machine to machine (addresses, interrupts, clocks)
 * is not in the nodes but in resources and look-ups, see rcar_du_pci_drv.c.
 */

#include <linux/device.h>
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/pci.h>

#include "rcar_du_pci.h"

#define RCAR_DU_PCI_NO_REG	-1

/**
 * struct rcar_du_pci_node - A node of the board
 * @name: of the node; NULL for the board itself
 * @parent: index of the parent
 * @compatible: if it is a device
 * @flag: name of a property without a value, or NULL
 * @link: name of a property that refers to @target, or NULL
 * @target: index of a node
 * @reg: number of a port, or RCAR_DU_PCI_NO_REG
 */
struct rcar_du_pci_node {
	const char *name;
	unsigned int parent;
	const char *compatible;
	const char *flag;
	const char *link;
	unsigned int target;
	int reg;
};

#define RCAR_DU_PCI_NODE(_parent, _name, ...)				\
	{								\
		.parent = RCAR_DU_PCI_##_parent,			\
		.name = _name,						\
		.reg = RCAR_DU_PCI_NO_REG,				\
		__VA_ARGS__						\
	}

#define RCAR_DU_PCI_PORT(_parent, _reg)					\
	{								\
		.parent = RCAR_DU_PCI_##_parent,			\
		.name = "port@" #_reg,					\
		.reg = _reg,						\
	}

#define RCAR_DU_PCI_ENDPOINT(_parent, _target)				\
	RCAR_DU_PCI_NODE(_parent, "endpoint", .link = "remote-endpoint",	\
			 .target = RCAR_DU_PCI_##_target)

/*
 * How framebuffers are mapped is up to the host: rcar_du_pci_of_coherency(). An
 * analog DVI connector is the one that goes with a DAC and on which the DDC bus tells
 * whether a monitor is there.
 */
static const struct rcar_du_pci_node
rcar_du_pci_nodes[RCAR_DU_PCI_NUM_NODES] = {
	[RCAR_DU_PCI_DU] =
		RCAR_DU_PCI_NODE(BOARD, "display",
				 .compatible = "renesas,du-r8a7792"),
	[RCAR_DU_PCI_DU_PORTS] = RCAR_DU_PCI_NODE(DU, "ports"),
	[RCAR_DU_PCI_DU_PORT] = RCAR_DU_PCI_PORT(DU_PORTS, 0),
	[RCAR_DU_PCI_DU_OUT] = RCAR_DU_PCI_ENDPOINT(DU_PORT, DAC_IN),
	[RCAR_DU_PCI_DAC] =
		RCAR_DU_PCI_NODE(BOARD, "dac", .compatible = "dumb-vga-dac"),
	[RCAR_DU_PCI_DAC_PORTS] = RCAR_DU_PCI_NODE(DAC, "ports"),
	[RCAR_DU_PCI_DAC_PORT_IN] = RCAR_DU_PCI_PORT(DAC_PORTS, 0),
	[RCAR_DU_PCI_DAC_IN] = RCAR_DU_PCI_ENDPOINT(DAC_PORT_IN, DU_OUT),
	[RCAR_DU_PCI_DAC_PORT_OUT] = RCAR_DU_PCI_PORT(DAC_PORTS, 1),
	[RCAR_DU_PCI_DAC_OUT] =
		RCAR_DU_PCI_ENDPOINT(DAC_PORT_OUT, CONNECTOR_IN),
	[RCAR_DU_PCI_CONNECTOR] =
		RCAR_DU_PCI_NODE(BOARD, "connector",
				 .compatible = "dvi-connector",
				 .flag = "analog", .link = "ddc-i2c-bus",
				 .target = RCAR_DU_PCI_DDC),
	[RCAR_DU_PCI_CONNECTOR_PORT] = RCAR_DU_PCI_NODE(CONNECTOR, "port"),
	[RCAR_DU_PCI_CONNECTOR_IN] =
		RCAR_DU_PCI_ENDPOINT(CONNECTOR_PORT, DAC_OUT),
	[RCAR_DU_PCI_DDC] = RCAR_DU_PCI_NODE(BOARD, "i2c"),
};

/* Phandles are chosen and taken under this. */
static DEFINE_MUTEX(rcar_du_pci_of_lock);

/* The highest phandle in use */
static phandle rcar_du_pci_of_max_phandle(void)
{
	struct device_node *np = NULL;
	phandle max = 0;

	while ((np = of_find_all_nodes(np)))
		max = max(max, np->phandle);

	return max;
}

/*
 * Framebuffers are mapped as the host maps them, whatever the nodes above say:
 * cacheable, or write-combined if the display does not snoop.
 */
static int rcar_du_pci_of_coherency(struct rcar_du_pci *du)
{
	return of_changeset_add_prop_bool(&du->changeset,
					  du->nodes[RCAR_DU_PCI_DU],
					  du->no_snoop ? "dma-noncoherent" :
							 "dma-coherent");
}

static int rcar_du_pci_of_add(struct rcar_du_pci *du, unsigned int index,
			      phandle base)
{
	const struct rcar_du_pci_node *desc = &rcar_du_pci_nodes[index];
	struct of_changeset *ocs = &du->changeset;
	struct device_node *np;
	int ret;

	np = of_changeset_create_node(ocs, du->nodes[desc->parent], desc->name);
	if (!np)
		return -ENOMEM;

	du->nodes[index] = np;

	ret = of_changeset_add_prop_u32(ocs, np, "phandle", base + index);
	if (!ret && desc->compatible)
		ret = of_changeset_add_prop_string(ocs, np, "compatible",
						   desc->compatible);
	if (!ret && desc->flag)
		ret = of_changeset_add_prop_bool(ocs, np, desc->flag);
	if (!ret && desc->link)
		ret = of_changeset_add_prop_u32(ocs, np, desc->link,
						base + desc->target);
	if (!ret && desc->reg != RCAR_DU_PCI_NO_REG)
		ret = of_changeset_add_prop_u32(ocs, np, "reg", desc->reg);

	return ret;
}

static int rcar_du_pci_of_build(struct rcar_du_pci *du)
{
	phandle base = rcar_du_pci_of_max_phandle() + 1;
	struct device_node *board;
	unsigned int i;
	int ret;

	board = of_changeset_create_node(&du->changeset, of_root, du->name);
	if (!board)
		return -ENOMEM;

	/* The core makes devices of what is below the root, unless it is told. */
	of_node_set_flag(board, OF_POPULATED);
	du->nodes[RCAR_DU_PCI_BOARD] = board;

	for (i = RCAR_DU_PCI_BOARD + 1; i < RCAR_DU_PCI_NUM_NODES; i++) {
		ret = rcar_du_pci_of_add(du, i, base);
		if (ret)
			return ret;
	}

	ret = rcar_du_pci_of_coherency(du);
	if (ret)
		return ret;

	ret = of_changeset_apply(&du->changeset);
	if (ret)
		return ret;

	/*
	 * The core looks for the phandle of a node when it attaches it, but a
	 * changeset adds the properties later.
	 */
	for (i = RCAR_DU_PCI_BOARD + 1; i < RCAR_DU_PCI_NUM_NODES; i++)
		du->nodes[i]->phandle = base + i;

	return 0;
}

static void rcar_du_pci_of_free(struct rcar_du_pci *du)
{
	unsigned int i;

	of_changeset_destroy(&du->changeset);
	for (i = RCAR_DU_PCI_NUM_NODES; i--; )
		of_node_put(du->nodes[i]);
}

static void rcar_du_pci_of_fini(void *data)
{
	struct rcar_du_pci *du = data;

	of_changeset_revert(&du->changeset);
	rcar_du_pci_of_free(du);
}

/**
 * rcar_du_pci_of_init - Add the board to the device tree
 * @du: the VDU
 *
 * The nodes go away with the driver.
 *
 * Return: 0, or a negative error code.
 */
int rcar_du_pci_of_init(struct rcar_du_pci *du)
{
	struct device *dev = &du->pdev->dev;
	int ret;

	if (!of_root)
		return dev_err_probe(dev, -ENODEV, "there is no device tree\n");

	of_changeset_init(&du->changeset);

	mutex_lock(&rcar_du_pci_of_lock);
	ret = rcar_du_pci_of_build(du);
	mutex_unlock(&rcar_du_pci_of_lock);
	if (ret) {
		rcar_du_pci_of_free(du);
		return dev_err_probe(dev, ret, "no device tree nodes\n");
	}

	return devm_add_action_or_reset(dev, rcar_du_pci_of_fini, du);
}
