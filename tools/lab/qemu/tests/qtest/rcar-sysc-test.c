/*
 * QTest of the R-Car H3 SYSC
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest-single.h"

#define SYSC            0xe6180000
#define SYSCSR          (SYSC + 0x00)
#define SYSCISR         (SYSC + 0x04)
#define SYSCISCR        (SYSC + 0x08)
#define PWRSR(c)        (SYSC + (c) + 0x00)
#define PWROFFCR(c)     (SYSC + (c) + 0x04)
#define PWRONCR(c)      (SYSC + (c) + 0x0c)
#define PWRER(c)        (SYSC + (c) + 0x14)

/* Channel, bit in it, and bit of the interrupt of an area */
static const struct {
    const char *name;
    uint16_t channel;
    uint8_t bit, isr;
} areas[] = {
    { "3dg-a", 0x100, 0, 17 },
    { "3dg-e", 0x100, 4, 22 },
    { "a3ir", 0x180, 0, 24 },
    { "cr7", 0x240, 0, 13 },
    { "a3vp", 0x340, 0, 9 },
    { "a3vc", 0x380, 0, 14 },
    { "a2vc1", 0x3c0, 1, 26 },
};

static void test_switch(void)
{
    qtest_start("-M rcar-h3");
    for (int i = 0; i < ARRAY_SIZE(areas); i++) {
        uint16_t channel = areas[i].channel;
        uint32_t bit = 1u << areas[i].bit;
        uint32_t isr = 1u << areas[i].isr;

        g_assert_cmphex(readl(SYSCSR), ==, 3);
        g_assert_cmphex(readl(PWRSR(channel)) & bit, ==, 0);
        writel(PWROFFCR(channel), bit);
        g_assert_cmphex(readl(PWRER(channel)), ==, 0);
        g_assert_cmphex(readl(PWRSR(channel)) & bit, ==, bit);
        g_assert_cmphex(readl(SYSCISR), ==, isr);
        writel(SYSCISCR, isr);
        g_assert_cmphex(readl(SYSCISR), ==, 0);

        writel(PWRONCR(channel), bit);
        g_assert_cmphex(readl(PWRSR(channel)) & bit, ==, 0);
        g_assert_cmphex(readl(SYSCISR), ==, isr);
        writel(SYSCISCR, isr);
        g_assert_cmphex(readl(SYSCISR), ==, 0);
    }
    qtest_end();
}

static void test_read_only(void)
{
    qtest_start("-M rcar-h3");
    writel(SYSCSR, 0);
    g_assert_cmphex(readl(SYSCSR), ==, 3);
    writel(SYSCISR, 0xffffffff);
    g_assert_cmphex(readl(SYSCISR), ==, 0);
    writel(PWRSR(0x100), 0xffffffff);
    g_assert_cmphex(readl(PWRSR(0x100)), ==, 0);
    /* SYSCIER, SYSCIMR and the external mask are read back */
    writel(SYSC + 0x0c, 0x12345678);
    g_assert_cmphex(readl(SYSC + 0x0c), ==, 0x12345678);
    writel(SYSC + 0x10, 0x87654321);
    g_assert_cmphex(readl(SYSC + 0x10), ==, 0x87654321);
    writel(SYSC + 0x2f8, 1);
    g_assert_cmphex(readl(SYSC + 0x2f8), ==, 1);
    qtest_end();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/rcar-sysc/switch", test_switch);
    qtest_add_func("/rcar-sysc/read-only", test_read_only);
    return g_test_run();
}
