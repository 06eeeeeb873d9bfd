/*
 * QTest of the map of the machine rcar-h3
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest-single.h"

#define RAM             0x48000000ULL
#define RAM_SIZE        0x78000000ULL
#define GICD            0xf1010000
#define GICD_TYPER      (GICD + 0x4)
#define GICC            0xf1020000
#define GICV            0xf1060000
#define IIDR            0xfc
#define IIDR_GICV2      0x0002043b
#define VIRTIO(n)       (0xf2000000 + 0x200 * (n))
#define VIRTIO_MAGIC    0x74726976

static void test_ram(void)
{
    qtest_start("-M rcar-h3");
    writel(RAM, 0x12345678);
    writel(RAM + RAM_SIZE - 4, 0x9abcdef0);
    g_assert_cmphex(readl(RAM), ==, 0x12345678);
    g_assert_cmphex(readl(RAM + RAM_SIZE - 4), ==, 0x9abcdef0);
    /* Nothing below and above */
    writel(RAM - 4, 0x12345678);
    g_assert_cmphex(readl(RAM - 4), ==, 0);
    writel(RAM + RAM_SIZE, 0x12345678);
    g_assert_cmphex(readl(RAM + RAM_SIZE), ==, 0);
    qtest_end();
}

static void test_gic(void)
{
    qtest_start("-M rcar-h3 -smp 8");
    /* 512 interrupts, 8 CPUs */
    g_assert_cmphex(readl(GICD_TYPER) & 0xff, ==, 7 << 5 | 15);
    /* The first page of a CPU interface fills 64 KiB */
    for (int i = 0; i < 16; i++) {
        g_assert_cmphex(readl(GICC + 0x1000 * i + IIDR), ==, IIDR_GICV2);
        g_assert_cmphex(readl(GICV + 0x1000 * i + IIDR), ==, IIDR_GICV2);
    }
    qtest_end();
}

static void test_virtio(void)
{
    qtest_start("-M rcar-h3 -device virtio-serial-device");
    for (int i = 0; i < 16; i++) {
        g_assert_cmphex(readl(VIRTIO(i)), ==, VIRTIO_MAGIC);
        g_assert_cmphex(readl(VIRTIO(i) + 4), ==, 2);
        /* The device is on the first transport */
        g_assert_cmphex(readl(VIRTIO(i) + 8), ==, i == 0 ? 3 : 0);
    }
    qtest_end();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/rcar-h3/ram", test_ram);
    qtest_add_func("/rcar-h3/gic", test_gic);
    qtest_add_func("/rcar-h3/virtio", test_virtio);
    return g_test_run();
}
