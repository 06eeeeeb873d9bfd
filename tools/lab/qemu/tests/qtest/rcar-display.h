/*
 * What the tests of the R-Car display models share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef RCAR_DISPLAY_H
#define RCAR_DISPLAY_H

#include "libqtest.h"
#include "qemu/bswap.h"

#define CPG         0xe6150000
#define SMSTPCR(n)  (CPG + ((n) == 6 ? 0x148 : 0x14c))
#define SRCR7       (CPG + 0x1cc)
#define SRSTCLR7    (CPG + 0x95c)
#define DU          0xfeb00000
#define LVDS0       0xfeb90000
#define VSPD(n)     (0xfea20000 + (n) * 0x8000)
#define RAM         0x48000000

#define VI6_CMD(n)          (0x0000 + (n) * 4)
#define VI6_CMD_STRCMD      1
#define VI6_CMD_UPDHDR      0x10
#define VI6_SRESET          0x0028
#define VI6_STATUS          0x0038
#define VI6_WPF_IRQ_ENB(n)  (0x0048 + (n) * 12)
#define VI6_WPF_IRQ_STA(n)  (0x004c + (n) * 12)
#define VI6_DL_HDR_ADDR(n)  (0x0104 + (n) * 4)
#define VI6_DL_SWAP         0x0114
#define VI6_RPF(n)          (0x0300 + (n) * 0x100)
#define VI6_WPF(n)          (0x1000 + (n) * 0x100)
#define VI6_LIF(n)          (0x3b00 - (n) * 0x100)
#define DFE                 2

#define DSYSR   0x00
#define DSSR    0x08
#define DSRCR   0x0c
#define DIER    0x10
#define DS1PR   0x11020
#define VBK     0x800

/* What a head shows in the tests */
#define WIDTH   64
#define HEIGHT  32
#define HTOTAL  100
#define VTOTAL  50
#define CLK_HZ  399999984ULL

static inline uint64_t du_channel(unsigned n)
{
    return DU + n / 2 * 0x40000 + n % 2 * 0x30000;
}

static inline void du_write(QTestState *qts, unsigned n, uint64_t reg,
                            uint32_t value)
{
    qtest_writel(qts, du_channel(n) + reg, value);
}

static inline uint32_t du_read(QTestState *qts, unsigned n, uint64_t reg)
{
    return qtest_readl(qts, du_channel(n) + reg);
}

static inline QTestState *rcar_start(const char *args)
{
    QTestState *qts = qtest_initf("-M rcar-h3 -display none -nodefaults %s",
                                  args);

    qtest_writel(qts, SMSTPCR(6), 0);
    qtest_writel(qts, SMSTPCR(7), 0);
    return qts;
}

/* Timing of channel 0 or 3, whose clock is that of the CPG over @divider */
static inline void du_set_timing(QTestState *qts, unsigned n, unsigned divider)
{
    du_write(qts, n, n % 2 ? 0x1000 : 0x10000, 1 << 20 | (divider - 1));
    du_write(qts, n, 0x40, 10);
    du_write(qts, n, 0x44, 10 + WIDTH);
    du_write(qts, n, 0x48, 5);
    du_write(qts, n, 0x4c, 5 + HEIGHT);
    du_write(qts, n, 0x50, HTOTAL - 1);
    du_write(qts, n, 0x58, VTOTAL - 1);
    du_write(qts, n, 0x78, 29);
    du_write(qts, n, 0x7c, WIDTH);
    qtest_writel(qts, DU + n / 2 * 0x40000 + DS1PR + n % 2 * 4,
                 n % 2 ? 3 : 1);
}

/* Start or stop a channel and its group. */
static inline void du_run(QTestState *qts, unsigned n, bool run)
{
    uint32_t den = run ? 0x100 : 0x200;

    if (n % 2) {
        du_write(qts, n, DSYSR, 0);
        du_write(qts, n - 1, DSYSR, den | 0x80);
    } else {
        du_write(qts, n, DSYSR, den);
    }
}

/* When frame @n ends, in ns after the start */
static inline int64_t frame_ns(uint64_t n, unsigned divider)
{
    return (__int128)n * HTOTAL * VTOTAL * divider * 1000000000 / CLK_HZ;
}

/* A display list: header at addr, body 0x100 above */
typedef struct DisplayList {
    uint32_t addr;
    unsigned count;
    uint32_t body[512];
} DisplayList;

static inline void dl_add(DisplayList *dl, uint32_t reg, uint32_t value)
{
    g_assert_cmpuint(dl->count, <, ARRAY_SIZE(dl->body));
    dl->body[dl->count++] = cpu_to_le32(reg);
    dl->body[dl->count++] = cpu_to_le32(value);
}

static inline void dl_store(QTestState *qts, DisplayList *dl, uint32_t next)
{
    uint32_t header[24] = {
        [1] = cpu_to_le32(dl->count * 4),
        [2] = cpu_to_le32(dl->addr + 0x100),
        [17] = cpu_to_le32(next),
        [18] = cpu_to_le32(3),
    };

    qtest_memwrite(qts, dl->addr, header, sizeof(header));
    qtest_memwrite(qts, dl->addr + 0x100, dl->body, dl->count * 4);
}

#endif
