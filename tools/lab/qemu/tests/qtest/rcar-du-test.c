/*
 * QTest of the R-Car Display Unit
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "rcar-display.h"

#define DIVIDER 4

static void test_registers(void)
{
    QTestState *qts = rcar_start("");
    unsigned i;

    for (i = 0; i < 4; i++) {
        g_assert_cmphex(du_read(qts, i, DSYSR), ==, i % 2 ? 0x80 : 0x280);
        du_write(qts, i, DIER, VBK);
        g_assert_cmphex(du_read(qts, i, DIER), ==, VBK);
        du_write(qts, i, DSSR, 0xffffffff);
        g_assert_cmphex(du_read(qts, i, DSSR), ==, 0);
    }
    qtest_writel(qts, DU + 0x11000, 0x12345);
    g_assert_cmphex(qtest_readl(qts, DU + 0x11000), ==, 0x12345);

    /* Extension registers want their code. */
    qtest_writel(qts, DU + 0x20, 0x77730001);
    qtest_writel(qts, DU + 0x20, 0x11110000);
    g_assert_cmphex(qtest_readl(qts, DU + 0x20), ==, 0x77730001);
    qtest_quit(qts);
}

/* The register page of a group is there with the clock of either channel. */
static void test_clocks(void)
{
    QTestState *qts = rcar_start("");

    qtest_writel(qts, SMSTPCR(7), 1 << 24);             /* du.0 */
    qtest_writel(qts, DU + 0x11000, 5);
    g_assert_cmphex(qtest_readl(qts, DU + 0x11000), ==, 5);
    qtest_writel(qts, SMSTPCR(7), 1 << 23);             /* du.1 */
    du_write(qts, 1, DIER, VBK);
    g_assert_cmphex(qtest_readl(qts, DU + 0x11000), ==, 5);
    qtest_writel(qts, SMSTPCR(7), 3 << 23);
    g_assert_cmphex(qtest_readl(qts, DU + 0x11000), ==, 0);
    qtest_writel(qts, SMSTPCR(7), 0);
    g_assert_cmphex(du_read(qts, 1, DIER), ==, 0);

    qtest_writel(qts, SRCR7, 1 << 24);                  /* reset of group 0 */
    g_assert_cmphex(qtest_readl(qts, DU + 0x11000), ==, 0);
    qtest_writel(qts, SRSTCLR7, 1 << 24);
    g_assert_cmphex(qtest_readl(qts, DU + 0x11000), ==, 5);
    qtest_quit(qts);
}

/* The clock of a test begins at 0 and stands still but for these steps. */
static void step_to(QTestState *qts, int64_t *now, int64_t ns)
{
    *now = qtest_clock_step(qts, ns - *now);
}

/* VBK at the right time to the ns, for as long as one cares to look */
static void test_vblank(gconstpointer data)
{
    unsigned channel = GPOINTER_TO_UINT(data), i;
    static const unsigned frames[] = { 1, 2, 3, 100, 1001, 100003 };
    QTestState *qts = rcar_start("-M strict=off");
    int64_t now = 0;

    qtest_irq_intercept_out_named(qts, "/machine/du", "sysbus-irq");
    du_set_timing(qts, channel, DIVIDER);
    du_write(qts, channel, DIER, VBK);
    du_run(qts, channel, true);
    for (i = 0; i < ARRAY_SIZE(frames); i++) {
        step_to(qts, &now, frame_ns(frames[i], DIVIDER) - 1);
        du_write(qts, channel, DSRCR, 0xcbff);
        g_assert_cmphex(du_read(qts, channel, DSSR) & VBK, ==, 0);
        g_assert_false(qtest_get_irq(qts, channel));
        step_to(qts, &now, frame_ns(frames[i], DIVIDER));
        g_assert_cmphex(du_read(qts, channel, DSSR) & VBK, ==, VBK);
        g_assert_true(qtest_get_irq(qts, channel));
        du_write(qts, channel, DSRCR, VBK);
        g_assert_false(qtest_get_irq(qts, channel));
    }
    du_run(qts, channel, false);
    qtest_clock_step(qts, 1000000000);
    g_assert_cmphex(du_read(qts, channel, DSSR) & VBK, ==, 0);
    qtest_quit(qts);
}

/* The PLL of channels 1 and 2: 33 MHz * 60 / 2 / 11 = 90 MHz */
static void test_dpll(gconstpointer data)
{
    unsigned channel = GPOINTER_TO_UINT(data);
    QTestState *qts = rcar_start("-M strict=off "
                                 "-global rcar-du.dclkin1-hz=33000000 "
                                 "-global rcar-du.dclkin2-hz=33000000");
    int64_t frame = 1000000000LL * HTOTAL * VTOTAL / 90000000;

    du_set_timing(qts, channel, 1);
    qtest_writel(qts, DU + channel / 2 * 0x40000 + 0x20044,
                 0x95000004 | 1 << 18 | 10 << 12 | 59 << 5 | 1 << 3 |
                 (channel == 1 ? 1 << 23 | 2 : 1 << 21));
    du_run(qts, channel, true);
    qtest_clock_step(qts, frame - 1);
    g_assert_cmphex(du_read(qts, channel, DSSR) & VBK, ==, 0);
    qtest_clock_step(qts, 1);
    g_assert_cmphex(du_read(qts, channel, DSSR) & VBK, ==, VBK);
    qtest_quit(qts);
}

/* Starting the second channel of a group restarts the first. */
static void test_group(void)
{
    QTestState *qts = rcar_start("-M strict=off");

    du_set_timing(qts, 2, DIVIDER);
    du_set_timing(qts, 3, DIVIDER);
    du_run(qts, 2, true);
    qtest_clock_step(qts, frame_ns(1, DIVIDER) / 2);
    du_write(qts, 3, DSYSR, 0);
    du_write(qts, 2, DSYSR, 0x200);
    du_write(qts, 2, DSYSR, 0x100);
    qtest_clock_step(qts, frame_ns(1, DIVIDER) - 1);
    g_assert_cmphex(du_read(qts, 2, DSSR) & VBK, ==, 0);
    g_assert_cmphex(du_read(qts, 3, DSSR) & VBK, ==, 0);
    qtest_clock_step(qts, 1);
    g_assert_cmphex(du_read(qts, 2, DSSR) & VBK, ==, VBK);
    g_assert_cmphex(du_read(qts, 3, DSSR) & VBK, ==, VBK);

    /* A channel that waits for sync signals makes no frames. */
    du_write(qts, 3, DSYSR, 0x40);
    du_write(qts, 2, DSRCR, VBK);
    du_write(qts, 3, DSRCR, VBK);
    qtest_clock_step(qts, 2 * frame_ns(1, DIVIDER));
    g_assert_cmphex(du_read(qts, 2, DSSR) & VBK, ==, VBK);
    g_assert_cmphex(du_read(qts, 3, DSSR) & VBK, ==, 0);
    qtest_quit(qts);
}

/* Timing without a picture, or without a clock, must not do harm. */
static void test_nonsense(void)
{
    QTestState *qts = rcar_start("-global rcar-du.dclkin0-hz=0");

    du_run(qts, 0, true);
    qtest_clock_step(qts, 1000000);
    du_run(qts, 0, false);
    du_set_timing(qts, 0, 1);
    du_write(qts, 0, 0x10000, 0);
    du_run(qts, 0, true);
    qtest_clock_step(qts, 1000000);
    g_assert_cmphex(du_read(qts, 0, DSSR), ==, 0);
    qtest_quit(qts);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/rcar-du/registers", test_registers);
    qtest_add_func("/rcar-du/clocks", test_clocks);
    qtest_add_data_func("/rcar-du/vblank/0", GUINT_TO_POINTER(0), test_vblank);
    qtest_add_data_func("/rcar-du/vblank/3", GUINT_TO_POINTER(3), test_vblank);
    qtest_add_data_func("/rcar-du/dpll/1", GUINT_TO_POINTER(1), test_dpll);
    qtest_add_data_func("/rcar-du/dpll/2", GUINT_TO_POINTER(2), test_dpll);
    qtest_add_func("/rcar-du/group", test_group);
    qtest_add_func("/rcar-du/nonsense", test_nonsense);
    return g_test_run();
}
