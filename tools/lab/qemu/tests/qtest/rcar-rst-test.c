/*
 * QTest of the R-Car RST and PRR
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest-single.h"

#define RST         0xe6160000
#define WDTRSTCR    (RST + 0x54)
#define MODEMR      (RST + 0x60)
#define PRR         0xfff00044

static void test_rst(void)
{
    qtest_start("-M rcar-h3");
    g_assert_cmphex(readl(MODEMR), ==, 0);
    writel(MODEMR, 0xffffffff);
    g_assert_cmphex(readl(MODEMR), ==, 0);
    writel(WDTRSTCR, 0xa55a0002);
    g_assert_cmphex(readl(WDTRSTCR), ==, 0xa55a0002);
    qtest_system_reset(global_qtest);
    g_assert_cmphex(readl(WDTRSTCR), ==, 0);
    qtest_end();
}

static void test_mode_pins(void)
{
    qtest_start("-M rcar-h3 -global rcar-rst.modemr=0x6000");
    g_assert_cmphex(readl(MODEMR), ==, 0x6000);
    qtest_end();
}

static void test_prr(void)
{
    qtest_start("-M rcar-h3");
    g_assert_cmphex(readl(PRR), ==, 0x4f20);
    writel(PRR, 0);
    g_assert_cmphex(readl(PRR), ==, 0x4f20);
    qtest_end();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/rcar-rst/registers", test_rst);
    qtest_add_func("/rcar-rst/mode-pins", test_mode_pins);
    qtest_add_func("/rcar-prr/value", test_prr);
    return g_test_run();
}
