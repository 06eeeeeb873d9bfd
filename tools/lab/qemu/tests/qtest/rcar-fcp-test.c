/*
 * QTest of the R-Car FCPV
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest-single.h"

#define SMSTPCR6    0xe6150148
#define FCPVD(n)    (0xfea27000 + 0x8000 * (n))
#define CFG0        0x04
#define RST         0x10
#define STA         0x18

static void test_registers(void)
{
    qtest_start("-M rcar-h3");
    writel(SMSTPCR6, 0);
    for (int i = 0; i < 3; i++) {
        writel(FCPVD(i) + CFG0, 0x100 + i);
        writel(FCPVD(i) + STA, 0xffffffff);
        g_assert_cmphex(readl(FCPVD(i) + STA), ==, 0);
    }
    for (int i = 0; i < 3; i++) {
        g_assert_cmphex(readl(FCPVD(i) + CFG0), ==, 0x100 + i);
    }
    qtest_end();
}

static void test_soft_reset(void)
{
    qtest_start("-M rcar-h3");
    writel(SMSTPCR6, 0);
    writel(FCPVD(1) + CFG0, 0x55);
    writel(FCPVD(1) + RST, 0);
    g_assert_cmphex(readl(FCPVD(1) + CFG0), ==, 0x55);
    writel(FCPVD(1) + RST, 1);
    g_assert_cmphex(readl(FCPVD(1) + RST), ==, 0);
    g_assert_cmphex(readl(FCPVD(1) + STA), ==, 0);
    g_assert_cmphex(readl(FCPVD(1) + CFG0), ==, 0);
    qtest_end();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/rcar-fcp/registers", test_registers);
    qtest_add_func("/rcar-fcp/soft-reset", test_soft_reset);
    return g_test_run();
}
