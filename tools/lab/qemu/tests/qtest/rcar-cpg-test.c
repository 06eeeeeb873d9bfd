/*
 * QTest of the R-Car CPG/MSSR, and of the gates that it drives
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest-single.h"

#define CPG             0xe6150000
#define SMSTPCR(n)      (CPG + smstpcr[n])
#define MSTPSR(n)       (CPG + mstpsr[n])
#define SRCR(n)         (CPG + srcr[n])
#define SRSTCLR(n)      (CPG + 0x940 + 4 * (n))
#define FCPVD(n)        (0xfea27000 + 0x8000 * (n))
#define FCP_CFG0        0x4

static const uint16_t mstpsr[] = {
    0x030, 0x038, 0x040, 0x048, 0x04c, 0x03c,
    0x1c0, 0x1c4, 0x9a0, 0x9a4, 0x9a8, 0x9ac,
};

static const uint16_t smstpcr[] = {
    0x130, 0x134, 0x138, 0x13c, 0x140, 0x144,
    0x148, 0x14c, 0x990, 0x994, 0x998, 0x99c,
};

static const uint16_t srcr[] = {
    0x0a0, 0x0a8, 0x0b0, 0x0b8, 0x0bc, 0x0c4,
    0x1c8, 0x1cc, 0x920, 0x924, 0x928, 0x92c,
};

static void test_standby(void)
{
    qtest_start("-M rcar-h3");
    for (int i = 0; i < ARRAY_SIZE(smstpcr); i++) {
        uint32_t value = 0x5a000001 + i;

        writel(SMSTPCR(i), value);
        g_assert_cmphex(readl(SMSTPCR(i)), ==, value);
        g_assert_cmphex(readl(MSTPSR(i)), ==, value);
        writel(MSTPSR(i), 0);
        g_assert_cmphex(readl(MSTPSR(i)), ==, value);
    }
    qtest_end();
}

static void test_software_reset(void)
{
    qtest_start("-M rcar-h3");
    for (int i = 0; i < ARRAY_SIZE(srcr); i++) {
        g_assert_cmphex(readl(SRCR(i)), ==, 0);
        writel(SRCR(i), 0x00000101);
        writel(SRCR(i), 0x80000000);
        g_assert_cmphex(readl(SRCR(i)), ==, 0x80000101);
        writel(SRSTCLR(i), 0x00000100);
        g_assert_cmphex(readl(SRCR(i)), ==, 0x80000001);
        g_assert_cmphex(readl(SRSTCLR(i)), ==, 0);
    }
    qtest_end();
}

static void test_defaults(void)
{
    qtest_start("-M rcar-h3");
    /* SCIF2, the watchdog and the interrupt controller run, all else not */
    g_assert_cmphex(readl(MSTPSR(3)), ==, ~(1u << 10));
    g_assert_cmphex(readl(MSTPSR(4)), ==, ~(1u << 2 | 1u << 8));
    g_assert_cmphex(readl(MSTPSR(6)), ==, 0xffffffff);
    g_assert_cmphex(readl(MSTPSR(7)), ==, 0xffffffff);
    /* PLLs are locked, and a kick is over at once */
    g_assert_cmphex(readl(CPG + 0xd0), ==, 0x1f1f);
    writel(CPG + 0x4, 0x80000123);
    g_assert_cmphex(readl(CPG + 0x4), ==, 0x123);
    qtest_end();
}

/* An FCP cannot be accessed with its clock stopped or its reset asserted. */
static void test_gate(void)
{
    qtest_start("-M rcar-h3");
    for (int i = 0; i < 3; i++) {
        uint32_t bit = 1u << (3 - i);

        writel(FCPVD(i) + FCP_CFG0, 0x11);
        writel(SMSTPCR(6), ~bit);
        g_assert_cmphex(readl(FCPVD(i) + FCP_CFG0), ==, 0);
        writel(FCPVD(i) + FCP_CFG0, 0x22);
        g_assert_cmphex(readl(FCPVD(i) + FCP_CFG0), ==, 0x22);

        writel(SRCR(6), bit);
        g_assert_cmphex(readl(FCPVD(i) + FCP_CFG0), ==, 0);
        writel(FCPVD(i) + FCP_CFG0, 0x33);
        writel(SRSTCLR(6), bit);
        g_assert_cmphex(readl(FCPVD(i) + FCP_CFG0), ==, 0x22);

        writel(SMSTPCR(6), 0xffffffff);
        g_assert_cmphex(readl(FCPVD(i) + FCP_CFG0), ==, 0);
    }
    qtest_end();
}

static void test_not_strict(void)
{
    qtest_start("-M rcar-h3,strict=off");
    writel(FCPVD(0) + FCP_CFG0, 0x11);
    g_assert_cmphex(readl(FCPVD(0) + FCP_CFG0), ==, 0x11);
    qtest_end();
}

/* A reset of the machine stops the clocks again, and the gates follow. */
static void test_machine_reset(void)
{
    qtest_start("-M rcar-h3");
    writel(SMSTPCR(6), 0);
    writel(SRCR(7), 0xff);
    writel(FCPVD(0) + FCP_CFG0, 0x11);
    g_assert_cmphex(readl(FCPVD(0) + FCP_CFG0), ==, 0x11);
    qtest_system_reset(global_qtest);
    g_assert_cmphex(readl(MSTPSR(6)), ==, 0xffffffff);
    g_assert_cmphex(readl(SRCR(7)), ==, 0);
    writel(FCPVD(0) + FCP_CFG0, 0x22);
    writel(SMSTPCR(6), 0);
    g_assert_cmphex(readl(FCPVD(0) + FCP_CFG0), ==, 0);
    qtest_end();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/rcar-cpg/standby", test_standby);
    qtest_add_func("/rcar-cpg/software-reset", test_software_reset);
    qtest_add_func("/rcar-cpg/defaults", test_defaults);
    qtest_add_func("/rcar-cpg/gate", test_gate);
    qtest_add_func("/rcar-cpg/not-strict", test_not_strict);
    qtest_add_func("/rcar-cpg/machine-reset", test_machine_reset);
    return g_test_run();
}
