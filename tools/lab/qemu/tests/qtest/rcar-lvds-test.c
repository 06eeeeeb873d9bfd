/*
 * QTest of the R-Car LVDS encoder
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "rcar-display.h"

static void test_registers(void)
{
    QTestState *qts = rcar_start("");
    unsigned i;

    for (i = 0; i < 0x14; i += 4) {
        g_assert_cmphex(qtest_readl(qts, LVDS0 + i), ==, 0);
    }
    for (i = 4; i < 0x14; i += 4) {
        qtest_writel(qts, LVDS0 + i, 0x100 + i);
        g_assert_cmphex(qtest_readl(qts, LVDS0 + i), ==, 0x100 + i);
    }
    qtest_writel(qts, LVDS0, 0x17);
    g_assert_cmphex(qtest_readl(qts, LVDS0), ==, 0x17);
    qtest_quit(qts);
}

static void test_clock(void)
{
    QTestState *qts = rcar_start("");

    qtest_writel(qts, LVDS0 + 8, 0xa45);
    qtest_writel(qts, SMSTPCR(7), 1 << 27);
    g_assert_cmphex(qtest_readl(qts, LVDS0 + 8), ==, 0);
    qtest_writel(qts, LVDS0 + 8, 0x123);
    qtest_writel(qts, SMSTPCR(7), 0);
    g_assert_cmphex(qtest_readl(qts, LVDS0 + 8), ==, 0xa45);
    qtest_quit(qts);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/rcar-lvds/registers", test_registers);
    qtest_add_func("/rcar-lvds/clock", test_clock);
    return g_test_run();
}
