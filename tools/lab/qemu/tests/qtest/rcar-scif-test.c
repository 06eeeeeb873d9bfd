/*
 * QTest of the R-Car SCIF, as SCIF2 of the machine rcar-h3
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"

#define SCIF2       0xe6e88000
#define SCSMR       (SCIF2 + 0x00)
#define SCBRR       (SCIF2 + 0x04)
#define SCSCR       (SCIF2 + 0x08)
#define SCFTDR      (SCIF2 + 0x0c)
#define SCFSR       (SCIF2 + 0x10)
#define SCFRDR      (SCIF2 + 0x14)
#define SCFCR       (SCIF2 + 0x18)
#define SCFDR       (SCIF2 + 0x1c)

#define SCSCR_RE    0x10
#define SCSCR_TE    0x20
#define SCSCR_RIE   0x40
#define SCSCR_TIE   0x80
#define SCFSR_DR    0x01
#define SCFSR_RDF   0x02
#define SCFSR_TDFE  0x20
#define SCFSR_TEND  0x40
#define SCFCR_LOOP  0x01
#define SCFCR_RFCL  0x02
#define SCFCR_RTRG  0xc0

#define GICD_ISPENDR(spi)   (0xf1010200 + ((spi) + 32) / 32 * 4)
#define SPI_SCIF2           164

static bool irq(QTestState *qts)
{
    return qtest_readl(qts, GICD_ISPENDR(SPI_SCIF2)) &
           (1u << (SPI_SCIF2 % 32));
}

static void wait_for(QTestState *qts, uint16_t flag)
{
    for (int i = 0; i < 500; i++) {
        if (qtest_readw(qts, SCFSR) & flag) {
            return;
        }
        g_usleep(10000);
    }
    g_assert_not_reached();
}

static void test_send(void)
{
    QTestState *qts;
    char buf[6] = "";
    int sock;

    qts = qtest_init_with_serial("-M rcar-h3", &sock);
    g_assert_cmphex(qtest_readb(qts, SCBRR), ==, 0xff);
    g_assert_cmphex(qtest_readw(qts, SCFSR), ==, SCFSR_TDFE | SCFSR_TEND);
    /* Nothing is sent before the transmitter is on */
    qtest_writeb(qts, SCFTDR, 'x');
    qtest_writew(qts, SCSCR, SCSCR_TE);
    for (const char *p = "hello"; *p; p++) {
        qtest_writeb(qts, SCFTDR, *p);
    }
    for (int n = 0; n < 5;) {
        n += read(sock, buf + n, 5 - n);
    }
    g_assert_cmpstr(buf, ==, "hello");
    /* Flags can be cleared, but there is room */
    qtest_writew(qts, SCFSR, 0);
    g_assert_cmphex(qtest_readw(qts, SCFSR), ==, SCFSR_TDFE | SCFSR_TEND);
    g_assert_false(irq(qts));
    qtest_writew(qts, SCSCR, SCSCR_TE | SCSCR_TIE);
    g_assert_true(irq(qts));
    qtest_writew(qts, SCSCR, SCSCR_TE);
    g_assert_false(irq(qts));
    close(sock);
    qtest_quit(qts);
}

static void test_receive(void)
{
    QTestState *qts;
    int sock;

    qts = qtest_init_with_serial("-M rcar-h3", &sock);
    g_assert_cmpint(write(sock, "abc", 3), ==, 3);
    /* Fewer than the trigger of 14 */
    qtest_writew(qts, SCFCR, SCFCR_RTRG);
    qtest_writew(qts, SCSCR, SCSCR_RE | SCSCR_RIE);
    wait_for(qts, SCFSR_DR);
    g_assert_true(irq(qts));
    g_assert_cmphex(qtest_readw(qts, SCFDR), ==, 3);
    g_assert_cmphex(qtest_readb(qts, SCFRDR), ==, 'a');
    /* Now as many as the trigger of 1 */
    qtest_writew(qts, SCFCR, 0);
    g_assert_cmphex(qtest_readw(qts, SCFSR) & (SCFSR_DR | SCFSR_RDF), ==,
                    SCFSR_RDF);
    g_assert_cmphex(qtest_readb(qts, SCFRDR), ==, 'b');
    g_assert_true(irq(qts));
    g_assert_cmphex(qtest_readb(qts, SCFRDR), ==, 'c');
    g_assert_false(irq(qts));
    g_assert_cmphex(qtest_readw(qts, SCFDR), ==, 0);
    close(sock);
    qtest_quit(qts);
}

static void test_fifo(void)
{
    QTestState *qts = qtest_init("-M rcar-h3");

    qtest_writew(qts, SCSCR, SCSCR_TE | SCSCR_RE);
    qtest_writew(qts, SCFCR, SCFCR_LOOP);
    for (int i = 0; i < 20; i++) {
        qtest_writeb(qts, SCFTDR, i);
    }
    /* 16 fit in */
    g_assert_cmphex(qtest_readw(qts, SCFDR), ==, 16);
    for (int i = 0; i < 16; i++) {
        g_assert_cmphex(qtest_readb(qts, SCFRDR), ==, i);
    }
    qtest_writeb(qts, SCFTDR, 1);
    qtest_writew(qts, SCFCR, SCFCR_LOOP | SCFCR_RFCL);
    g_assert_cmphex(qtest_readw(qts, SCFDR), ==, 0);
    qtest_quit(qts);
}

static void test_registers(void)
{
    QTestState *qts = qtest_init("-M rcar-h3");

    qtest_writew(qts, SCSMR, 0x28);
    g_assert_cmphex(qtest_readw(qts, SCSMR), ==, 0x28);
    qtest_writeb(qts, SCBRR, 0x10);
    g_assert_cmphex(qtest_readb(qts, SCBRR), ==, 0x10);
    qtest_system_reset(qts);
    g_assert_cmphex(qtest_readw(qts, SCSMR), ==, 0);
    g_assert_cmphex(qtest_readb(qts, SCBRR), ==, 0xff);
    qtest_quit(qts);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/rcar-scif/send", test_send);
    qtest_add_func("/rcar-scif/receive", test_receive);
    qtest_add_func("/rcar-scif/fifo", test_fifo);
    qtest_add_func("/rcar-scif/registers", test_registers);
    return g_test_run();
}
