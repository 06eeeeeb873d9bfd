/*
 * QTest of the caches of the R-Car H3 machine, as its display path sees them
 *
 * A small program on the CPU, at EL2, does one instruction to a range of lines,
 * through a mapping that is write-back or one that is not cacheable. What the
 * test writes itself are accesses of a device: no cache knows of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "rcar-display.h"

#define PROGRAM     RAM
#define TABLE       (RAM + 0x1000)
#define MAILBOX     (RAM + 0x10000)
#define LIST(n)     (RAM + 0x100000 + (n) * 0x2000)
#define PICTURE     (RAM + 0x200000)
#define OUTPUT      (RAM + 0x300000)
#define SCRATCH     (RAM + 0x400000)
#define LINE        64
#define PITCH       (WIDTH * 4)

/* The same memory, mapped not cacheable */
#define NC(addr)    ((addr) - 0x40000000 + 0x100000000ULL)

/* Level 1 block descriptors of EL2, with attribute 0 and 1 of MAIR */
#define BLOCK_WB(addr)  ((addr) | 0x741)
#define BLOCK_NC(addr)  ((addr) | 0x745)

/* Instructions on the line at x3 */
#define STORE       0xf9000062          /* str x2, [x3] */
#define LOAD        0xf9400065          /* ldr x5, [x3] */
#define DC_ZVA      0xd50b7423
#define DC_CVAC     0xd50b7a23
#define DC_CIVAC    0xd50b7e23
#define DC_IVAC     0xd5087623

#define SLOT        (PROGRAM + 0x48)

static const uint32_t program[] = {
    0xd2889fe0, 0xd51ca200,             /* MAIR_EL2 = 0x44ff */
    0xd286a320, 0xf2b01000, 0xd51c2040, /* TCR_EL2 = 0x80803519 */
    0xd2820000, 0xf2a90000, 0xd51c2000, /* TTBR0_EL2 = TABLE */
    0xd5033fdf,                         /* isb */
    0xd28306a0, 0xf2a618a0, 0xd51c1000, /* SCTLR_EL2 = 0x30c51835 */
    0xd5033fdf,                         /* isb */
    0xd2a10021, 0xf2c00021,             /* x1 = NC(MAILBOX) */
    0xf9400022,                         /* wait: ldr x2, [x1] */
    0xb4ffffe2,                         /* cbz x2, wait */
    0xa9409023,                         /* ldp x3, x4, [x1, #8] */
    0xd503201f,                         /* slot: nop */
    0x91010063,                         /* add x3, x3, #64 */
    0xf1000484,                         /* subs x4, x4, #1 */
    0x54ffffa1,                         /* b.ne slot */
    0xd5033f9f,                         /* dsb sy */
    0xf900003f,                         /* str xzr, [x1] */
    0x17fffff7,                         /* b wait */
};

typedef struct Board {
    QTestState *qts;
    char *log;
    size_t seen;                /* bytes of the log */
    DisplayList list[2];
    unsigned current;
} Board;

static void wait_zero(QTestState *qts, uint64_t addr, uint32_t mask)
{
    int i;

    for (i = 0; qtest_readl(qts, addr) & mask; i++) {
        g_assert_cmpint(i, <, 10000);
        g_usleep(1000);
    }
}

/* The CPU does @insn to @count lines from @va on. */
static void cpu_does(Board *b, uint32_t insn, uint64_t va, uint64_t count)
{
    qtest_writel(b->qts, SLOT, insn);
    qtest_writeq(b->qts, MAILBOX + 8, va);
    qtest_writeq(b->qts, MAILBOX + 16, count);
    qtest_writeq(b->qts, MAILBOX, 1);
    wait_zero(b->qts, MAILBOX, 1);
}

/* What the machine has said since the last time: NULL, or one line */
static char *said(Board *b)
{
    g_autofree char *text = NULL;
    const char *from;
    size_t len;

    g_assert_true(g_file_get_contents(b->log, &text, &len, NULL));
    from = text + b->seen;
    b->seen = len;
    if (!*from) {
        return NULL;
    }
    g_assert_true(strchr(from, '\n') == text + len - 1);
    return g_strdup(from);
}

static void assert_silent(Board *b)
{
    g_autofree char *text = said(b);

    g_assert_cmpstr(text, ==, NULL);
}

static void assert_told(Board *b, const char *what)
{
    g_autofree char *text = said(b);

    g_assert_nonnull(text);
    g_assert_true(g_str_has_prefix(text, "rcar-strict: "));
    g_assert_nonnull(strstr(text, what));
}

static void fill_list(DisplayList *dl)
{
    uint32_t rpf = VI6_RPF(0);

    dl_add(dl, rpf + 0x00, WIDTH << 16 | HEIGHT);
    dl_add(dl, rpf + 0x04, WIDTH << 16 | HEIGHT);
    dl_add(dl, rpf + 0x08, 0x13);
    dl_add(dl, rpf + 0x0c, 0xc);
    dl_add(dl, rpf + 0x34, PITCH << 16);
    dl_add(dl, rpf + 0x3c, PICTURE);
    dl_add(dl, 0x2000, 56);
    dl_add(dl, VI6_WPF(0) + 0x00, 2);
    dl_add(dl, VI6_WPF(0) + 0x04, 1 << 28 | WIDTH);
    dl_add(dl, VI6_WPF(0) + 0x08, 1 << 28 | HEIGHT);
    dl_add(dl, VI6_WPF(0) + 0x34, 0);
    dl_add(dl, VI6_LIF(0), 3);
}

static void list_store(Board *b, DisplayList *dl)
{
    dl_store(b->qts, dl, dl->addr);
}

/* VSPD0 gets the next list, and has begun a frame with it. */
static void present(Board *b)
{
    b->current = !b->current;
    qtest_writel(b->qts, VSPD(0) + VI6_DL_HDR_ADDR(0),
                 b->list[b->current].addr);
    wait_zero(b->qts, VSPD(0) + VI6_CMD(0), VI6_CMD_UPDHDR);
}

/* The CPU runs, and VSPD0 shows the picture. */
static void board_start(Board *b, const char *caches)
{
    g_autofree char *args = NULL;
    uint64_t table[8] = {
        [1] = cpu_to_le64(BLOCK_WB(0x40000000ULL)),
        [4] = cpu_to_le64(BLOCK_NC(0x40000000ULL)),
    };
    unsigned i;
    int fd;

    memset(b, 0, sizeof(*b));
    fd = g_file_open_tmp("rcar-cache-XXXXXX", &b->log, NULL);
    g_assert_cmpint(fd, >=, 0);
    close(fd);
    args = g_strdup_printf("-accel tcg -S -smp 1 -d guest_errors -D %s "
                           "-machine caches=%s "
                           "-global cortex-a57-arm-cpu.rvbar=0x%x", b->log,
                           caches, PROGRAM);
    b->qts = rcar_start(args);
    qtest_memwrite(b->qts, TABLE, table, sizeof(table));
    for (i = 0; i < ARRAY_SIZE(program); i++) {
        qtest_writel(b->qts, PROGRAM + i * 4, program[i]);
    }
    for (i = 0; i < 2; i++) {
        b->list[i].addr = LIST(i);
        fill_list(&b->list[i]);
        list_store(b, &b->list[i]);
    }
    qtest_qmp_assert_success(b->qts, "{ 'execute': 'cont' }");
    qtest_writel(b->qts, VSPD(0) + VI6_DL_SWAP, 4);
    qtest_writel(b->qts, VSPD(0) + VI6_DL_HDR_ADDR(0), b->list[0].addr);
    qtest_writel(b->qts, VSPD(0) + VI6_CMD(0), VI6_CMD_STRCMD);
    du_set_timing(b->qts, 0, 64);
    du_run(b->qts, 0, true);
    present(b);
    assert_silent(b);
}

static void board_stop(Board *b)
{
    qtest_quit(b->qts);
    unlink(b->log);
    g_free(b->log);
}

static void test_fetch(const void *caches)
{
    Board b;
    uint64_t row5 = PICTURE + 5 * PITCH;

    board_start(&b, caches);
    cpu_does(&b, STORE, row5 + LINE, 1);
    present(&b);
    assert_told(&b, "RPF0: plane 0: fetch of 0x48200540");
    cpu_does(&b, DC_CVAC, row5 + LINE, 1);
    present(&b);
    assert_silent(&b);

    /* Whoever cleans one line cleans no other. */
    cpu_does(&b, STORE, row5, 2);
    cpu_does(&b, DC_CVAC, row5, 1);
    present(&b);
    assert_told(&b, "(row 5)");
    cpu_does(&b, DC_CIVAC, row5 + LINE, 1);
    present(&b);
    assert_silent(&b);

    /* All of it, in another way. */
    cpu_does(&b, DC_ZVA, PICTURE, HEIGHT * PITCH / LINE);
    present(&b);
    assert_told(&b, "(row 0)");
    cpu_does(&b, DC_CVAC, PICTURE, HEIGHT * PITCH / LINE);
    present(&b);
    assert_silent(&b);
    board_stop(&b);
}

static void test_not_cached(const void *caches)
{
    Board b;

    board_start(&b, caches);
    cpu_does(&b, STORE, NC(PICTURE), HEIGHT * PITCH / LINE);
    present(&b);
    assert_silent(&b);

    /* Nor does it matter what is beside the picture, or who looks at it. */
    cpu_does(&b, STORE, PICTURE - LINE, 1);
    cpu_does(&b, STORE, PICTURE + HEIGHT * PITCH, 1);
    cpu_does(&b, LOAD, NC(PICTURE), HEIGHT * PITCH / LINE);
    present(&b);
    assert_silent(&b);
    board_stop(&b);
}

static void test_list(const void *caches)
{
    Board b;
    DisplayList *next;

    board_start(&b, caches);
    next = &b.list[!b.current];
    cpu_does(&b, STORE, next->addr, 1);
    list_store(&b, next);
    present(&b);
    assert_told(&b, "WPF0: display list");
    cpu_does(&b, DC_CVAC, next->addr, 1);

    /* The last line of the body of the other one */
    next = &b.list[!b.current];
    cpu_does(&b, STORE, next->addr + 0x100 + next->count * 4 - 8, 1);
    list_store(&b, next);
    present(&b);
    assert_told(&b, "WPF0: display list");
    board_stop(&b);
}

static void test_writeback(const void *caches)
{
    Board b;
    DisplayList *next;

    board_start(&b, caches);
    next = &b.list[!b.current];
    dl_add(next, VI6_WPF(0) + 0x0c, 1 << 23 | 0x13);
    dl_add(next, VI6_WPF(0) + 0x10, 0xc);
    dl_add(next, VI6_WPF(0) + 0x1c, PITCH);
    dl_add(next, VI6_WPF(0) + 0x24, OUTPUT);
    dl_add(next, VI6_WPF(0) + 0x34, 1);
    list_store(&b, next);
    cpu_does(&b, STORE, OUTPUT + 7 * PITCH, 1);
    /* Of a list that repeats itself, and this does, it is told once. */
    present(&b);
    present(&b);
    assert_told(&b, "WPF0: write back to 0x48300700");
    cpu_does(&b, DC_CVAC, OUTPUT + 7 * PITCH, 1);
    present(&b);
    present(&b);
    assert_silent(&b);

    /* A cache may have the picture that was there before. */
    cpu_does(&b, LOAD, OUTPUT, HEIGHT * PITCH / LINE);
    if (g_str_equal(caches, "exact")) {
        assert_told(&b, "of 0x48300000, a line that a cache may have");
    }
    assert_silent(&b);
    board_stop(&b);
}

static void test_invalidate(const void *caches)
{
    Board b;

    board_start(&b, caches);
    cpu_does(&b, STORE, SCRATCH, 8);
    cpu_does(&b, DC_IVAC, SCRATCH - 4 * LINE, 20);
    assert_told(&b, "DC IVAC at pc 0x48000048 throws away 0x48400000");
    cpu_does(&b, DC_IVAC, SCRATCH, 8);
    assert_silent(&b);
    board_stop(&b);
}

#define STALE "load at pc 0x48000048 (EL2) of 0x48400000"

/* What is in memory is newer than what a cache may have. */
static void test_stale(void)
{
    Board b;

    board_start(&b, "exact");
    cpu_does(&b, STORE, NC(SCRATCH), 100);
    cpu_does(&b, LOAD, NC(SCRATCH), 100);
    assert_silent(&b);
    cpu_does(&b, LOAD, SCRATCH, 100);
    assert_told(&b, STALE);
    cpu_does(&b, STORE, NC(SCRATCH), 1);
    cpu_does(&b, DC_CVAC, SCRATCH, 1);
    cpu_does(&b, LOAD, SCRATCH, 1);
    assert_told(&b, STALE);

    /* Invalidated, replaced by the CPU, and by a coherent device */
    cpu_does(&b, STORE, NC(SCRATCH), 2);
    cpu_does(&b, DC_IVAC, SCRATCH, 1);
    cpu_does(&b, DC_CIVAC, SCRATCH + LINE, 1);
    cpu_does(&b, LOAD, SCRATCH, 2);
    cpu_does(&b, STORE, NC(SCRATCH), 2);
    cpu_does(&b, STORE, SCRATCH, 1);
    qtest_writel(b.qts, SCRATCH + LINE, 1);
    cpu_does(&b, LOAD, SCRATCH, 2);
    assert_silent(&b);
    board_stop(&b);
}

static void test_off(void)
{
    Board b;

    board_start(&b, "off");
    cpu_does(&b, STORE, PICTURE, 8);
    present(&b);
    cpu_does(&b, DC_IVAC, PICTURE, 8);
    assert_silent(&b);
    board_stop(&b);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*test)(const void *);
    } tests[] = {
        { "fetch", test_fetch },
        { "not-cached", test_not_cached },
        { "list", test_list },
        { "writeback", test_writeback },
        { "invalidate", test_invalidate },
    };
    static const char *const modes[] = { "watched", "exact" };
    unsigned i, j;

    g_test_init(&argc, &argv, NULL);
    for (i = 0; i < ARRAY_SIZE(modes); i++) {
        for (j = 0; j < ARRAY_SIZE(tests); j++) {
            g_autofree char *path = g_strdup_printf("/rcar-cache/%s/%s",
                                                    modes[i], tests[j].name);

            qtest_add_data_func(path, modes[i], tests[j].test);
        }
    }
    qtest_add_func("/rcar-cache/exact/stale", test_stale);
    qtest_add_func("/rcar-cache/off", test_off);
    return g_test_run();
}
