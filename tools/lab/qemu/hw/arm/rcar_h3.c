/*
 * Renesas R-Car H3 (r8a77951): a machine around its display path
 *
 * Cores, interrupts, clocks and console as far as the display path and KVM
 * need them, the four display heads, and virtio-mmio transports for all else.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "qemu/error-report.h"
#include "qemu/units.h"
#include "exec/address-spaces.h"
#include "hw/arm/rcar_h3.h"
#include "hw/misc/unimp.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "system/device_tree.h"
#include "system/qtest.h"
#include "system/system.h"
#include "system/tcg.h"
#include "target/arm/cpu-qom.h"
#include "target/arm/gtimer.h"

#include <libfdt.h>

/* PPIs, by their number in the device tree */
enum {
    PPI_MAINTENANCE = 9,
    PPI_HYP_TIMER = 10,
    PPI_VIRT_TIMER = 11,
    PPI_SEC_TIMER = 13,
    PPI_PHYS_TIMER = 14,
};

/* Module clocks and resets: 100 * register + bit, as in the manual */
#define MODULE(n) ((n) / 100 * 32 + (n) % 100)

static const int du_spi[RCAR_H3_NUM_DU_IRQS] = { 256, 268, 269, 270 };
static const int du_clock[RCAR_H3_NUM_DU_IRQS] = { 724, 723, 722, 721 };
static const int du_reset[] = { 724, 722 };

static qemu_irq rcar_h3_spi(RCarH3State *s, int n)
{
    return qdev_get_gpio_in(DEVICE(&s->gic), n);
}

static void rcar_h3_create_cpus(RCarH3State *s)
{
    MachineState *ms = MACHINE(s);

    for (int i = 0; i < ms->smp.cpus; i++) {
        Object *cpu = object_new(ms->cpu_type);
        g_autofree char *name = g_strdup_printf("cpu%d", i);

        object_property_add_child(OBJECT(s), name, cpu);
        /* KVM needs EL2; the firmware at EL3 is QEMU's PSCI */
        object_property_set_bool(cpu, "has_el3", false, &error_fatal);
        object_property_set_bool(cpu, "has_el2", true, &error_fatal);
        object_property_set_int(cpu, "reset-cbar", RCAR_H3_GICD & ~0xffffff,
                                &error_fatal);
        /* The generic counter runs from EXTAL / 2 */
        object_property_set_int(cpu, "cntfrq", 16666666 / 2, &error_fatal);
        qdev_realize(DEVICE(cpu), NULL, &error_fatal);
        s->cpu[i] = ARM_CPU(cpu);
        object_unref(cpu);
    }
}

static void rcar_h3_create_caches(RCarH3State *s)
{
    MachineState *ms = MACHINE(s);
    DeviceState *dev;

    if (s->caches == RCAR_H3_CACHES_AUTO) {
        s->caches = s->strict && tcg_enabled() ? RCAR_H3_CACHES_WATCHED :
                                                 RCAR_H3_CACHES_OFF;
    }
    if (s->caches == RCAR_H3_CACHES_OFF) {
        return;
    }
    if (!s->strict || !tcg_enabled()) {
        error_report("rcar-h3: caches need strict=on and TCG");
        exit(EXIT_FAILURE);
    }
    dev = qdev_new(TYPE_RCAR_CACHE);
    object_property_add_child(OBJECT(s), "cache", OBJECT(dev));
    object_property_set_link(OBJECT(dev), "ram", OBJECT(ms->ram),
                             &error_fatal);
    qdev_prop_set_uint64(dev, "base", RCAR_H3_RAM_BASE);
    qdev_prop_set_bit(dev, "exact", s->caches == RCAR_H3_CACHES_EXACT);
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    s->cache = RCAR_CACHE(dev);
    for (int i = 0; i < ms->smp.cpus; i++) {
        rcar_cache_add_cpu(s->cache, s->cpu[i]);
    }
}

/*
 * Each of the two pages of a CPU interface fills 64 KiB, so that an operating
 * system with pages of that size can protect them from each other.
 */
static void rcar_h3_map_aliased(RCarH3State *s, MemoryRegion *container,
                                MemoryRegion *alias, const char *name,
                                int index, hwaddr base)
{
    MemoryRegion *mr = sysbus_mmio_get_region(SYS_BUS_DEVICE(&s->gic), index);

    memory_region_init(container, OBJECT(s), name, 128 * KiB);
    for (int i = 0; i < 32; i++) {
        memory_region_init_alias(&alias[i], OBJECT(s), name, mr,
                                 i / 16 * 4 * KiB, 4 * KiB);
        memory_region_add_subregion(container, i * 4 * KiB, &alias[i]);
    }
    memory_region_add_subregion(get_system_memory(), base, container);
}

static void rcar_h3_wire_cpu(RCarH3State *s, int i)
{
    static const int timer_ppi[] = {
        [GTIMER_PHYS] = PPI_PHYS_TIMER,
        [GTIMER_VIRT] = PPI_VIRT_TIMER,
        [GTIMER_HYP] = PPI_HYP_TIMER,
        [GTIMER_SEC] = PPI_SEC_TIMER,
    };
    SysBusDevice *gic = SYS_BUS_DEVICE(&s->gic);
    DeviceState *cpu = DEVICE(s->cpu[i]);
    int cpus = MACHINE(s)->smp.cpus;
    /* Inputs of the GIC: SPIs, then SGIs and PPIs of each CPU */
    int ppi = RCAR_H3_NUM_SPIS + i * GIC_INTERNAL + GIC_NR_SGIS;

    for (int n = 0; n < ARRAY_SIZE(timer_ppi); n++) {
        qdev_connect_gpio_out(cpu, n, qdev_get_gpio_in(DEVICE(gic),
                                                       ppi + timer_ppi[n]));
    }
    sysbus_connect_irq(gic, i, qdev_get_gpio_in(cpu, ARM_CPU_IRQ));
    sysbus_connect_irq(gic, i + cpus, qdev_get_gpio_in(cpu, ARM_CPU_FIQ));
    sysbus_connect_irq(gic, i + 2 * cpus, qdev_get_gpio_in(cpu, ARM_CPU_VIRQ));
    sysbus_connect_irq(gic, i + 3 * cpus, qdev_get_gpio_in(cpu, ARM_CPU_VFIQ));
    sysbus_connect_irq(gic, i + 4 * cpus,
                       qdev_get_gpio_in(DEVICE(gic), ppi + PPI_MAINTENANCE));
}

static void rcar_h3_create_gic(RCarH3State *s)
{
    MachineState *ms = MACHINE(s);
    DeviceState *gic;

    object_initialize_child(OBJECT(s), "gic", &s->gic, TYPE_ARM_GIC);
    gic = DEVICE(&s->gic);
    qdev_prop_set_uint32(gic, "revision", 2);
    qdev_prop_set_uint32(gic, "num-cpu", ms->smp.cpus);
    qdev_prop_set_uint32(gic, "num-irq", RCAR_H3_NUM_SPIS + GIC_INTERNAL);
    qdev_prop_set_bit(gic, "has-security-extensions", false);
    qdev_prop_set_bit(gic, "has-virtualization-extensions", true);
    sysbus_realize(SYS_BUS_DEVICE(gic), &error_fatal);

    sysbus_mmio_map(SYS_BUS_DEVICE(gic), 0, RCAR_H3_GICD);
    rcar_h3_map_aliased(s, &s->gicc, s->gic_alias[0], "gicc", 1,
                        RCAR_H3_GICC);
    sysbus_mmio_map(SYS_BUS_DEVICE(gic), 2, RCAR_H3_GICH);
    rcar_h3_map_aliased(s, &s->gicv, s->gic_alias[1], "gicv", 3,
                        RCAR_H3_GICV);
    for (int i = 0; i < ms->smp.cpus; i++) {
        rcar_h3_wire_cpu(s, i);
    }
}

/*
 * A new child of the machine, not yet realized. If there is no model of it,
 * NULL, and accesses to the region are logged only.
 */
static DeviceState *rcar_h3_new(RCarH3State *s, const char *type,
                                const char *name, hwaddr base, hwaddr size)
{
    DeviceState *dev;

    if (!module_object_class_by_name(type)) {
        create_unimplemented_device(name, base, size);
        return NULL;
    }
    dev = qdev_new(type);
    object_property_add_child(OBJECT(s), name, OBJECT(dev));
    if (object_property_find(OBJECT(dev), "strict")) {
        qdev_prop_set_bit(dev, "strict", s->strict);
    }
    return dev;
}

static void rcar_h3_realize(DeviceState *dev, hwaddr base)
{
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, base);
}

/* Connects input @n of "clock" and "reset" of a realized device to the CPG. */
static void rcar_h3_gate(RCarH3State *s, DeviceState *dev, const char *line,
                         int n, int module)
{
    const char *out = g_str_equal(line, "clock") ? "mstp" : "srst";

    if (s->cpg) {
        qdev_connect_gpio_out_named(s->cpg, out, MODULE(module),
                                    qdev_get_gpio_in_named(dev, line, n));
    }
}

static void rcar_h3_create_system(RCarH3State *s)
{
    static const struct {
        const char *type, *name;
        hwaddr base, size;
    } blocks[] = {
        { "rcar-cpg", "cpg", RCAR_H3_CPG, 0x1000 },
        { "rcar-rst", "rst", RCAR_H3_RST, 0x200 },
        { "rcar-sysc", "sysc", RCAR_H3_SYSC, 0x400 },
        { "rcar-prr", "prr", RCAR_H3_PRR, 4 },
    };
    DeviceState *dev;

    for (int i = 0; i < ARRAY_SIZE(blocks); i++) {
        dev = rcar_h3_new(s, blocks[i].type, blocks[i].name, blocks[i].base,
                          blocks[i].size);
        if (!dev) {
            continue;
        }
        rcar_h3_realize(dev, blocks[i].base);
        if (i == 0) {
            s->cpg = dev;
        }
    }

    dev = rcar_h3_new(s, "rcar-scif", "scif2", RCAR_H3_SCIF2, 0x40);
    if (dev) {
        qdev_prop_set_chr(dev, "chardev", serial_hd(0));
        rcar_h3_realize(dev, RCAR_H3_SCIF2);
        sysbus_connect_irq(SYS_BUS_DEVICE(dev), 0,
                           rcar_h3_spi(s, RCAR_H3_SPI_SCIF2));
    }
}

static void rcar_h3_create_vspds(RCarH3State *s,
                                 DeviceState *vspd[RCAR_H3_NUM_VSPD])
{
    for (int i = 0; i < RCAR_H3_NUM_VSPD; i++) {
        hwaddr fcp_base = RCAR_H3_FCPVD0 + i * RCAR_H3_VSPD_STRIDE;
        hwaddr base = RCAR_H3_VSPD0 + i * RCAR_H3_VSPD_STRIDE;
        g_autofree char *fcp_name = g_strdup_printf("fcpvd%d", i);
        g_autofree char *name = g_strdup_printf("vspd%d", i);
        DeviceState *fcp, *dev;

        fcp = rcar_h3_new(s, "rcar-fcp", fcp_name, fcp_base, 0x200);
        if (fcp) {
            rcar_h3_realize(fcp, fcp_base);
            rcar_h3_gate(s, fcp, "clock", 0, 603 - i);
            rcar_h3_gate(s, fcp, "reset", 0, 603 - i);
        }

        dev = rcar_h3_new(s, "rcar-vspd", name, base, 0x5000);
        vspd[i] = dev;
        if (!dev) {
            continue;
        }
        /* VSPD0 is the VSPDL: it feeds channel 0 and channel 3 */
        qdev_prop_set_bit(dev, "dual", i == 0);
        if (fcp && object_property_find(OBJECT(dev), "fcp")) {
            object_property_set_link(OBJECT(dev), "fcp", OBJECT(fcp),
                                     &error_fatal);
        }
        if (s->cache) {
            object_property_set_link(OBJECT(dev), "cache", OBJECT(s->cache),
                                     &error_fatal);
        }
        rcar_h3_realize(dev, base);
        sysbus_connect_irq(SYS_BUS_DEVICE(dev), 0,
                           rcar_h3_spi(s, RCAR_H3_SPI_VSPD0 + i));
        rcar_h3_gate(s, dev, "clock", 0, 623 - i);
        rcar_h3_gate(s, dev, "reset", 0, 623 - i);
    }
}

static void rcar_h3_create_display(RCarH3State *s)
{
    DeviceState *vspd[RCAR_H3_NUM_VSPD];
    DeviceState *dev;

    rcar_h3_create_vspds(s, vspd);
    dev = rcar_h3_new(s, "rcar-du", "du", RCAR_H3_DU, 0x80000);
    if (dev) {
        for (int i = 0; i < RCAR_H3_NUM_VSPD; i++) {
            g_autofree char *name = g_strdup_printf("vspd%d", i);

            object_property_set_link(OBJECT(dev), name, OBJECT(vspd[i]),
                                     &error_fatal);
        }
        rcar_h3_realize(dev, RCAR_H3_DU);
        for (int i = 0; i < RCAR_H3_NUM_DU_IRQS; i++) {
            sysbus_connect_irq(SYS_BUS_DEVICE(dev), i,
                               rcar_h3_spi(s, du_spi[i]));
            rcar_h3_gate(s, dev, "clock", i, du_clock[i]);
        }
        for (int i = 0; i < ARRAY_SIZE(du_reset); i++) {
            rcar_h3_gate(s, dev, "reset", i, du_reset[i]);
        }
    }

    dev = rcar_h3_new(s, "rcar-lvds", "lvds0", RCAR_H3_LVDS0, 0x14);
    if (dev) {
        rcar_h3_realize(dev, RCAR_H3_LVDS0);
        rcar_h3_gate(s, dev, "clock", 0, 727);
        rcar_h3_gate(s, dev, "reset", 0, 727);
    }
}

static void rcar_h3_create_virtio(RCarH3State *s)
{
    /* A device on the command line takes the transport created last */
    for (int i = RCAR_H3_NUM_VIRTIO - 1; i >= 0; i--) {
        DeviceState *dev = qdev_new("virtio-mmio");

        qdev_prop_set_bit(dev, "force-legacy", false);
        rcar_h3_realize(dev, RCAR_H3_VIRTIO + i * RCAR_H3_VIRTIO_SIZE);
        sysbus_connect_irq(SYS_BUS_DEVICE(dev), 0,
                           rcar_h3_spi(s, RCAR_H3_SPI_VIRTIO + i));
    }
}

/* The device tree has all cores of the machine: remove those that are not. */
static void rcar_h3_modify_dtb(const struct arm_boot_info *info, void *fdt)
{
    int cpus = fdt_path_offset(fdt, "/cpus");
    int node, next, seen = 0;

    if (cpus < 0) {
        return;
    }
    for (node = fdt_first_subnode(fdt, cpus); node >= 0; node = next) {
        const char *name = fdt_get_name(fdt, node, NULL);

        next = fdt_next_subnode(fdt, node);
        if (g_str_has_prefix(name, "cpu@") &&
            seen++ >= current_machine->smp.cpus) {
            fdt_nop_node(fdt, node);
        }
    }
}

static void rcar_h3_init(MachineState *ms)
{
    RCarH3State *s = RCAR_H3_MACHINE(ms);

    if (ms->ram_size > RCAR_H3_RAM_MAX) {
        error_report("rcar-h3: at most %d MiB of RAM",
                     (int)(RCAR_H3_RAM_MAX / MiB));
        exit(EXIT_FAILURE);
    }
    if (ms->kernel_filename && !ms->dtb) {
        error_report("rcar-h3: -kernel needs -dtb");
        exit(EXIT_FAILURE);
    }
    memory_region_add_subregion(get_system_memory(), RCAR_H3_RAM_BASE,
                                ms->ram);
    rcar_h3_create_cpus(s);
    rcar_h3_create_caches(s);
    rcar_h3_create_gic(s);
    rcar_h3_create_system(s);
    rcar_h3_create_display(s);
    rcar_h3_create_virtio(s);

    s->bootinfo.ram_size = ms->ram_size;
    s->bootinfo.loader_start = RCAR_H3_RAM_BASE;
    s->bootinfo.board_id = -1;
    s->bootinfo.psci_conduit = QEMU_PSCI_CONDUIT_SMC;
    s->bootinfo.modify_dtb = rcar_h3_modify_dtb;
    if (!qtest_enabled()) {
        arm_load_kernel(s->cpu[0], ms, &s->bootinfo);
    }
}

static bool rcar_h3_get_strict(Object *obj, Error **errp)
{
    return RCAR_H3_MACHINE(obj)->strict;
}

static void rcar_h3_set_strict(Object *obj, bool value, Error **errp)
{
    RCAR_H3_MACHINE(obj)->strict = value;
}

static const QEnumLookup rcar_h3_caches = {
    .array = (const char *const[]) { "off", "watched", "exact", "auto" },
    .size = RCAR_H3_CACHES_AUTO + 1,
};

static int rcar_h3_get_caches(Object *obj, Error **errp)
{
    return RCAR_H3_MACHINE(obj)->caches;
}

static void rcar_h3_set_caches(Object *obj, int value, Error **errp)
{
    RCAR_H3_MACHINE(obj)->caches = value;
}

static void rcar_h3_instance_init(Object *obj)
{
    RCAR_H3_MACHINE(obj)->strict = true;
    RCAR_H3_MACHINE(obj)->caches = RCAR_H3_CACHES_AUTO;
}

static void rcar_h3_class_init(ObjectClass *oc, void *data)
{
    static const char * const valid_cpu_types[] = {
        ARM_CPU_TYPE_NAME("cortex-a57"),
        NULL
    };
    MachineClass *mc = MACHINE_CLASS(oc);

    mc->desc = "Renesas R-Car H3 (Cortex-A57), display path";
    mc->init = rcar_h3_init;
    mc->default_cpus = 2;
    mc->max_cpus = RCAR_H3_MAX_CPUS;
    mc->default_cpu_type = ARM_CPU_TYPE_NAME("cortex-a57");
    mc->valid_cpu_types = valid_cpu_types;
    mc->default_ram_size = RCAR_H3_RAM_MAX;
    mc->default_ram_id = "rcar-h3.ram";
    mc->block_default_type = IF_VIRTIO;
    mc->no_cdrom = true;
    mc->no_floppy = true;
    mc->no_parallel = true;

    object_class_property_add_bool(oc, "strict", rcar_h3_get_strict,
                                   rcar_h3_set_strict);
    object_class_property_set_description(oc, "strict",
        "log what the hardware would punish, such as an access to a block "
        "with its clock stopped");
    object_class_property_add_enum(oc, "caches", "RCarH3Caches",
                                   &rcar_h3_caches, rcar_h3_get_caches,
                                   rcar_h3_set_caches);
    object_class_property_set_description(oc, "caches",
        "off, or log when a device works on what is only in a cache of the "
        "CPUs: watched (with strict the default) or exact (slower)");
}

static const TypeInfo rcar_h3_type = {
    .name = TYPE_RCAR_H3_MACHINE,
    .parent = TYPE_MACHINE,
    .instance_size = sizeof(RCarH3State),
    .instance_init = rcar_h3_instance_init,
    .class_init = rcar_h3_class_init,
};

static void rcar_h3_register_types(void)
{
    type_register_static(&rcar_h3_type);
}

type_init(rcar_h3_register_types)
