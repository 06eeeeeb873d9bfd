/*
 * QTest of the R-Car VSPD: registers, display lists, composition
 *
 * Pictures come out through the write back to memory and are compared with
 * what the test works out itself.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "rcar-display.h"

#define LIST(n)     (RAM + 0x100000 + (n) * 0x2000)
#define PICTURE(n)  (RAM + 0x200000 + (n) * 0x10000)
#define OUTPUT      (RAM + 0x300000)

#define SWAP_8  0xf
#define SWAP_16 0xe
#define SWAP_32 0xc

#define ARGB8888 0x13
#define INFMT_CSC 0x100

#define BLD_COVERAGE 0x323400ff
#define BLD_PREMUL   0x343400ff

/* One input of a blender */
typedef struct Layer {
    unsigned rpf;
    uint32_t infmt, swap, addr[3], stride[2];
    unsigned x, y, w, h;
    bool packed_alpha;
    uint8_t alpha;
    uint32_t mult, bld;
} Layer;

static void step_frame(QTestState *qts)
{
    qtest_clock_step(qts, frame_ns(1, 1) + 1);
}

static void add_layer(DisplayList *dl, const Layer *l, uint32_t brx, unsigned n)
{
    unsigned node = brx == 0x3900 ? 38 + n : n < 4 ? 23 + n : 49;
    uint32_t rpf = VI6_RPF(l->rpf);

    dl_add(dl, rpf + 0x00, l->w << 16 | l->h);
    dl_add(dl, rpf + 0x04, l->w << 16 | l->h);
    dl_add(dl, rpf + 0x08, l->infmt);
    dl_add(dl, rpf + 0x0c, l->swap);
    dl_add(dl, rpf + 0x10, l->x << 16 | l->y);
    dl_add(dl, rpf + 0x14, 1 << 18 | (l->packed_alpha ? 0 : 4u << 28));
    dl_add(dl, rpf + 0x18, (uint32_t)l->alpha << 24);
    dl_add(dl, rpf + 0x34, l->stride[0] << 16 | l->stride[1]);
    dl_add(dl, rpf + 0x3c, l->addr[0]);
    dl_add(dl, rpf + 0x40, l->addr[1]);
    dl_add(dl, rpf + 0x44, l->addr[2]);
    dl_add(dl, rpf + 0x6c, l->mult);
    dl_add(dl, 0x2000 + l->rpf * 4, node);
    dl_add(dl, brx + 0x10 + n * 8 + (n > 3 ? 4 : 0),
           1u << 31 | (n ? 0 : 4 << 20) |
           (brx == 0x2c00 && n == 1 ? 0 : (n < 4 ? n : n + 1) << 16));
    dl_add(dl, brx + 0x14 + n * 8 + (n > 3 ? 4 : 0), l->bld);
}

/* A whole pipe: layers, background, WPF, LIF */
static void add_pipe(DisplayList *dl, unsigned wpf, uint32_t brx,
                     uint32_t background, const Layer *layers, unsigned count)
{
    unsigned inputs = brx == 0x3900 ? 2 : 5, i;
    uint32_t srcrpf = brx == 0x3900 ? 2 << 24 : 2 << 28;

    dl_add(dl, brx + 0x0c, background);
    dl_add(dl, brx + 0x30, 1 << 20);
    for (i = 0; i < inputs; i++) {
        dl_add(dl, brx + 0x10 + i * 8 + (i > 3 ? 4 : 0), 0);
    }
    for (i = 0; i < count; i++) {
        add_layer(dl, &layers[i], brx, i);
        srcrpf |= 1 << (layers[i].rpf * 2);
    }
    dl_add(dl, brx == 0x3900 ? 0x2050 : 0x204c, 56 + wpf);
    dl_add(dl, VI6_WPF(wpf) + 0x00, srcrpf);
    dl_add(dl, VI6_WPF(wpf) + 0x04, 1 << 28 | WIDTH);
    dl_add(dl, VI6_WPF(wpf) + 0x08, 1 << 28 | HEIGHT);
    dl_add(dl, VI6_WPF_IRQ_STA(wpf), 0);
    dl_add(dl, VI6_WPF_IRQ_ENB(wpf), DFE);
    dl_add(dl, VI6_LIF(wpf), 3);
}

static void add_writeback(DisplayList *dl, unsigned wpf, uint32_t addr)
{
    dl_add(dl, VI6_WPF(wpf) + 0x0c, 1 << 23 | ARGB8888);
    dl_add(dl, VI6_WPF(wpf) + 0x10, SWAP_32);
    dl_add(dl, VI6_WPF(wpf) + 0x1c, WIDTH * 4);
    dl_add(dl, VI6_WPF(wpf) + 0x24, addr);
    dl_add(dl, VI6_WPF(wpf) + 0x34, 1);
}

/* A VSPD that runs @dl for its output @wpf, with the DU behind it */
static void start(QTestState *qts, unsigned vspd, unsigned wpf, DisplayList *dl)
{
    unsigned channel = wpf ? 3 : vspd;

    qtest_writel(qts, VSPD(vspd) + VI6_DL_SWAP, 4);
    dl_store(qts, dl, dl->addr);
    qtest_writel(qts, VSPD(vspd) + VI6_DL_HDR_ADDR(wpf), dl->addr);
    qtest_writel(qts, VSPD(vspd) + VI6_CMD(wpf), VI6_CMD_STRCMD);
    du_set_timing(qts, channel, 1);
    du_run(qts, channel, true);
}

/* Composes on VSPD0 and compares. */
static void compose(QTestState *qts, uint32_t background, const Layer *layers,
                    unsigned count, uint32_t *result)
{
    DisplayList dl = { .addr = LIST(0) };
    unsigned i;

    add_pipe(&dl, 0, 0x2c00, background, layers, count);
    add_writeback(&dl, 0, OUTPUT);
    start(qts, 0, 0, &dl);
    step_frame(qts);
    qtest_memread(qts, OUTPUT, result, WIDTH * HEIGHT * 4);
    for (i = 0; i < WIDTH * HEIGHT; i++) {
        result[i] = le32_to_cpu(result[i]);
    }
    qtest_writel(qts, VSPD(0) + VI6_SRESET, 1);
    for (i = 0; i < 5; i++) {
        qtest_writel(qts, VSPD(0) + 0x2000 + i * 4, 63);
    }
    du_run(qts, 0, false);
}

static void test_registers(void)
{
    QTestState *qts = rcar_start("");
    unsigned i;

    for (i = 0; i < 3; i++) {
        g_assert_cmphex(qtest_readl(qts, VSPD(i) + 0x3f00), ==,
                        i ? 0x1703 : 0x1903);
        qtest_writel(qts, VSPD(i) + 0x3f00, 0);
        g_assert_cmphex(qtest_readl(qts, VSPD(i) + 0x3f00), ==,
                        i ? 0x1703 : 0x1903);
        g_assert_cmphex(qtest_readl(qts, VSPD(i) + VI6_STATUS), ==, 0);
        g_assert_cmphex(qtest_readl(qts, VSPD(i) + 0x2000), ==, 63);
        qtest_writel(qts, VSPD(i) + 0x2400, 0x1234);
        g_assert_cmphex(qtest_readl(qts, VSPD(i) + 0x2400), ==, 0x1234);
    }
    qtest_quit(qts);
}

/* Which list is executed when: UPDHDR, repetition, chains, reset */
static void test_lists(void)
{
    QTestState *qts = rcar_start("");
    DisplayList a = { .addr = LIST(0) }, b = { .addr = LIST(1) };
    DisplayList c = { .addr = LIST(2) };
    uint64_t v = VSPD(0);

    qtest_irq_intercept_out_named(qts, "/machine/vspd0", "sysbus-irq");
    add_pipe(&a, 0, 0x2c00, 0xff000000, NULL, 0);
    dl_add(&a, 0x2400, 1);
    dl_add(&b, 0x2400, 2);
    dl_add(&c, 0x2404, 3);
    dl_store(qts, &b, c.addr);
    dl_store(qts, &c, c.addr);
    start(qts, 0, 0, &a);
    g_assert_cmphex(qtest_readl(qts, v + VI6_STATUS), ==, 0x100);
    g_assert_cmphex(qtest_readl(qts, v + VI6_CMD(0)), ==, 0);

    step_frame(qts);
    g_assert_cmphex(qtest_readl(qts, v + 0x2400), ==, 1);
    g_assert_cmphex(qtest_readl(qts, v + VI6_WPF_IRQ_STA(0)), ==, DFE);
    g_assert_true(qtest_get_irq(qts, 0));
    qtest_writel(qts, v + VI6_WPF_IRQ_STA(0), 0x10001);
    g_assert_cmphex(qtest_readl(qts, v + VI6_WPF_IRQ_STA(0)), ==, 0);
    g_assert_false(qtest_get_irq(qts, 0));

    /* It repeats itself. */
    qtest_writel(qts, v + 0x2400, 0);
    step_frame(qts);
    g_assert_cmphex(qtest_readl(qts, v + 0x2400), ==, 1);

    /* A new one is taken with the next frame, not before. */
    qtest_writel(qts, v + VI6_DL_HDR_ADDR(0), b.addr);
    g_assert_cmphex(qtest_readl(qts, v + VI6_CMD(0)), ==, VI6_CMD_UPDHDR);
    g_assert_cmphex(qtest_readl(qts, v + 0x2400), ==, 1);
    step_frame(qts);
    g_assert_cmphex(qtest_readl(qts, v + VI6_CMD(0)), ==, 0);
    g_assert_cmphex(qtest_readl(qts, v + 0x2400), ==, 2);
    g_assert_cmphex(qtest_readl(qts, v + 0x2404), ==, 0);

    /* Then its successor, which leaves alone what it does not mention. */
    step_frame(qts);
    g_assert_cmphex(qtest_readl(qts, v + 0x2404), ==, 3);
    g_assert_cmphex(qtest_readl(qts, v + 0x2400), ==, 2);

    qtest_writel(qts, v + VI6_SRESET, 1);
    g_assert_cmphex(qtest_readl(qts, v + VI6_STATUS), ==, 0);
    qtest_writel(qts, v + VI6_WPF_IRQ_STA(0), 0);
    step_frame(qts);
    g_assert_cmphex(qtest_readl(qts, v + VI6_WPF_IRQ_STA(0)), ==, 0);
    qtest_quit(qts);
}

/* One pixel of each format, from the definition of the DRM format */
static const struct {
    const char *name;
    uint32_t infmt, swap;
    uint8_t bytes[4];
    bool alpha;
    uint32_t argb;
} rgb_formats[] = {
    { "RGB332", 0x00, SWAP_8, { 0xa6 }, false, 0x80a02080 },
    { "ARGB4444", 0x19, SWAP_16, { 0xc4, 0xf8 }, true, 0xff80c040 },
    { "XRGB4444", 0x01, SWAP_16, { 0xc4, 0xf8 }, false, 0x8080c040 },
    { "ARGB1555", 0x1b, SWAP_16, { 0x47, 0xf2 }, true, 0xffe09038 },
    { "XRGB1555", 0x04, SWAP_16, { 0x47, 0xf2 }, false, 0x80e09038 },
    { "RGB565", 0x06, SWAP_16, { 0x47, 0xf2 }, false, 0x80f04838 },
    { "BGR888", 0x15, SWAP_8, { 0x12, 0x34, 0x56 }, false, 0x80123456 },
    { "RGB888", 0x18, SWAP_8, { 0x12, 0x34, 0x56 }, false, 0x80563412 },
    { "BGRA8888", 0x13, SWAP_8, { 0xff, 0x12, 0x34, 0x56 }, true, 0xff123456 },
    { "BGRX8888", 0x13, SWAP_8, { 0xff, 0x12, 0x34, 0x56 }, false,
      0x80123456 },
    { "ABGR8888", 0x14, SWAP_8, { 0x12, 0x34, 0x56, 0xff }, true, 0xff123456 },
    { "XBGR8888", 0x14, SWAP_8, { 0x12, 0x34, 0x56, 0xff }, false,
      0x80123456 },
    { "ARGB8888", 0x13, SWAP_32, { 0x56, 0x34, 0x12, 0xff }, true,
      0xff123456 },
    { "XRGB8888", 0x13, SWAP_32, { 0x56, 0x34, 0x12, 0xff }, false,
      0x80123456 },
};

static uint32_t mul(uint32_t a, uint32_t b)
{
    return (a * b + 127) / 255;
}

/* One pixel over a background, as the test understands the blenders */
static uint32_t reference(uint32_t dst, uint32_t src, bool premultiplied)
{
    uint32_t a = src >> 24, result = 0;
    int shift;

    for (shift = 0; shift < 24; shift += 8) {
        uint32_t d = (dst >> shift) & 255, s = (src >> shift) & 255;
        uint32_t sum = d * (255 - a) + s * (premultiplied ? 255 : a);

        result |= MIN((sum + 127) / 255, 255) << shift;
    }
    return 0xff000000 | result;
}

static void test_rgb(void)
{
    QTestState *qts = rcar_start("");
    g_autofree uint32_t *out = g_new(uint32_t, WIDTH * HEIGHT);
    unsigned i, j;

    for (i = 0; i < ARRAY_SIZE(rgb_formats); i++) {
        unsigned size = rgb_formats[i].infmt == 0 ? 1 :
                        rgb_formats[i].swap == SWAP_16 ? 2 :
                        rgb_formats[i].bytes[3] ? 4 : 3;
        Layer layer = {
            .rpf = i % 5, .infmt = rgb_formats[i].infmt,
            .swap = rgb_formats[i].swap, .addr = { PICTURE(0) },
            .stride = { 8 * size }, .x = 3, .y = 2, .w = 8, .h = 1,
            .packed_alpha = rgb_formats[i].alpha, .alpha = 0x80,
            .bld = BLD_COVERAGE,
        };

        for (j = 0; j < 8; j++) {
            qtest_memwrite(qts, PICTURE(0) + j * size, rgb_formats[i].bytes,
                           size);
        }
        compose(qts, 0xff102030, &layer, 1, out);
        g_test_message("%s", rgb_formats[i].name);
        g_assert_cmphex(out[2 * WIDTH + 2], ==, 0xff102030);
        g_assert_cmphex(out[2 * WIDTH + 11], ==, 0xff102030);
        for (j = 3; j < 11; j++) {
            g_assert_cmphex(out[2 * WIDTH + j], ==,
                            reference(0xff102030, rgb_formats[i].argb, false));
        }
    }
    qtest_quit(qts);
}

/*
 * Y 81, U 90, V 240 is red, Y 145, U 54, V 34 is green (BT.601). A picture of
 * 4x2: the left half red, the right half green.
 */
static const struct {
    const char *name;
    uint32_t infmt;
    unsigned planes, stride[2];
    unsigned bytes[3];
    uint8_t data[3][16];
} yuv_formats[] = {
    { "UYVY", 0x47, 1, { 8 }, { 16 },
      { { 90, 81, 240, 81, 54, 145, 34, 145,
          90, 81, 240, 81, 54, 145, 34, 145 } } },
    { "YUYV", 0x8047, 1, { 8 }, { 16 },
      { { 81, 90, 81, 240, 145, 54, 145, 34,
          81, 90, 81, 240, 145, 54, 145, 34 } } },
    { "YVYU", 0xc047, 1, { 8 }, { 16 },
      { { 81, 240, 81, 90, 145, 34, 145, 54,
          81, 240, 81, 90, 145, 34, 145, 54 } } },
    { "NV12", 0x42, 2, { 4, 4 }, { 8, 4 },
      { { 81, 81, 145, 145, 81, 81, 145, 145 }, { 90, 240, 54, 34 } } },
    { "NV21", 0x4042, 2, { 4, 4 }, { 8, 4 },
      { { 81, 81, 145, 145, 81, 81, 145, 145 }, { 240, 90, 34, 54 } } },
    { "NV16", 0x41, 2, { 4, 4 }, { 8, 8 },
      { { 81, 81, 145, 145, 81, 81, 145, 145 },
        { 90, 240, 54, 34, 90, 240, 54, 34 } } },
    { "NV61", 0x4041, 2, { 4, 4 }, { 8, 8 },
      { { 81, 81, 145, 145, 81, 81, 145, 145 },
        { 240, 90, 34, 54, 240, 90, 34, 54 } } },
    { "YUV420", 0x4c, 3, { 4, 2 }, { 8, 2, 2 },
      { { 81, 81, 145, 145, 81, 81, 145, 145 }, { 90, 54 }, { 240, 34 } } },
    { "YUV422", 0x4b, 3, { 4, 2 }, { 8, 4, 4 },
      { { 81, 81, 145, 145, 81, 81, 145, 145 }, { 90, 54, 90, 54 },
        { 240, 34, 240, 34 } } },
    { "YUV444", 0x4a, 3, { 4, 4 }, { 8, 8, 8 },
      { { 81, 81, 145, 145, 81, 81, 145, 145 },
        { 90, 90, 54, 54, 90, 90, 54, 54 },
        { 240, 240, 34, 34, 240, 240, 34, 34 } } },
};

/* Rounding may be off by one. */
static void assert_near(uint32_t value, uint32_t expected)
{
    int shift;

    for (shift = 0; shift < 32; shift += 8) {
        int d = ((value >> shift) & 255) - ((expected >> shift) & 255);

        if (ABS(d) > 1) {
            g_assert_cmphex(value, ==, expected);
        }
    }
}

static void test_yuv(void)
{
    QTestState *qts = rcar_start("");
    g_autofree uint32_t *out = g_new(uint32_t, WIDTH * HEIGHT);
    unsigned i, j, x, y;

    for (i = 0; i < ARRAY_SIZE(yuv_formats); i++) {
        Layer layer = {
            .rpf = 1, .infmt = yuv_formats[i].infmt | INFMT_CSC,
            .swap = SWAP_8, .alpha = 0xff, .bld = BLD_COVERAGE,
            .stride = { yuv_formats[i].stride[0], yuv_formats[i].stride[1] },
            .x = 10, .y = 20, .w = 4, .h = 2,
        };

        g_test_message("%s", yuv_formats[i].name);
        for (j = 0; j < yuv_formats[i].planes; j++) {
            layer.addr[j] = PICTURE(j);
            qtest_memwrite(qts, PICTURE(j), yuv_formats[i].data[j],
                           yuv_formats[i].bytes[j]);
        }
        compose(qts, 0xff000000, &layer, 1, out);
        for (y = 20; y < 22; y++) {
            for (x = 10; x < 14; x++) {
                assert_near(out[y * WIDTH + x],
                            x < 12 ? 0xfffe0000 : 0xff00ff01);
            }
        }
    }
    qtest_quit(qts);
}

/* Premultiplied and coverage, plane alpha, order, clipping */
static void test_blend(void)
{
    QTestState *qts = rcar_start("");
    g_autofree uint32_t *out = g_new(uint32_t, WIDTH * HEIGHT);
    g_autofree uint32_t *in = g_new(uint32_t, 32 * 16);
    uint32_t expected[WIDTH * HEIGHT];
    Layer layers[5];
    unsigned i, j;

    for (i = 0; i < WIDTH * HEIGHT; i++) {
        expected[i] = 0xff405060;
    }
    for (i = 0; i < 5; i++) {
        bool premul = i & 1;
        uint8_t ratio = 255 - i * 40;

        layers[i] = (Layer) {
            .rpf = 4 - i, .infmt = ARGB8888, .swap = SWAP_32,
            .addr = { PICTURE(i) }, .stride = { 32 * 4 },
            .x = i * 8, .y = i * 4, .w = 32, .h = 16, .packed_alpha = true,
            .alpha = ratio, .bld = premul ? BLD_PREMUL : BLD_COVERAGE,
            .mult = 1 << 12 | (premul ? 1 << 8 : 0) | ratio,
        };
        for (j = 0; j < 32 * 16; j++) {
            uint8_t a = j * 7 + i * 31, c[3] = { j, j * 3, j * 5 + i };
            uint32_t at = (layers[i].y + j / 32) * WIDTH + layers[i].x + j % 32;
            int k;

            for (k = 0; premul && k < 3; k++) {
                c[k] = mul(c[k], a);
            }
            in[j] = cpu_to_le32((uint32_t)a << 24 | c[0] << 16 | c[1] << 8 |
                                c[2]);
            for (k = 0; premul && k < 3; k++) {
                c[k] = mul(c[k], ratio);
            }
            expected[at] = reference(expected[at],
                                     (uint32_t)mul(a, ratio) << 24 |
                                     c[0] << 16 | c[1] << 8 | c[2], premul);
        }
        qtest_memwrite(qts, PICTURE(i), in, 32 * 16 * 4);
    }
    compose(qts, 0xff405060, layers, 5, out);
    for (i = 0; i < WIDTH * HEIGHT; i++) {
        if (out[i] != expected[i]) {
            g_test_message("at %u,%u", i % WIDTH, i / WIDTH);
            g_assert_cmphex(out[i], ==, expected[i]);
        }
    }
    qtest_quit(qts);
}

/* Two outputs of VSPD0 at once, the second through the BRS */
static void test_dual(void)
{
    QTestState *qts = rcar_start("");
    DisplayList a = { .addr = LIST(0) }, b = { .addr = LIST(1) };
    Layer layer = {
        .infmt = ARGB8888, .swap = SWAP_32, .stride = { 8 * 4 }, .w = 8,
        .h = 8, .alpha = 0xff, .bld = BLD_COVERAGE,
    };
    uint64_t v = VSPD(0);

    qtest_memset(qts, PICTURE(0), 0x11, 8 * 8 * 4);
    qtest_memset(qts, PICTURE(1), 0x22, 8 * 8 * 4);
    layer.addr[0] = PICTURE(0);
    add_pipe(&a, 0, 0x2c00, 0xff0000aa, &layer, 1);
    add_writeback(&a, 0, OUTPUT);
    layer.addr[0] = PICTURE(1);
    layer.rpf = 1;
    layer.x = 56;
    add_pipe(&b, 1, 0x3900, 0xff0000bb, &layer, 1);
    add_writeback(&b, 1, OUTPUT + 0x10000);
    start(qts, 0, 0, &a);
    start(qts, 0, 1, &b);
    g_assert_cmphex(qtest_readl(qts, v + VI6_STATUS), ==, 0x300);
    step_frame(qts);
    g_assert_cmphex(qtest_readl(qts, v + VI6_WPF_IRQ_STA(0)), ==, DFE);
    g_assert_cmphex(qtest_readl(qts, v + VI6_WPF_IRQ_STA(1)), ==, DFE);
    g_assert_cmphex(qtest_readl(qts, OUTPUT), ==, 0xff111111);
    g_assert_cmphex(qtest_readl(qts, OUTPUT + 60 * 4), ==, 0xff0000aa);
    g_assert_cmphex(qtest_readl(qts, OUTPUT + 0x10000), ==, 0xff0000bb);
    g_assert_cmphex(qtest_readl(qts, OUTPUT + 0x10000 + 60 * 4), ==,
                    0xff222222);

    qtest_writel(qts, v + VI6_SRESET, 2);
    g_assert_cmphex(qtest_readl(qts, v + VI6_STATUS), ==, 0x100);
    qtest_quit(qts);
}

/* The write back lasts for the frame that asks for it. */
static void test_writeback(void)
{
    QTestState *qts = rcar_start("");
    DisplayList a = { .addr = LIST(0) }, b = { .addr = LIST(1) };
    uint64_t v = VSPD(1);

    add_pipe(&a, 0, 0x2c00, 0xff123456, NULL, 0);
    add_writeback(&a, 0, OUTPUT);
    dl_add(&b, VI6_WPF(0) + 0x34, 0);
    dl_store(qts, &b, b.addr);
    dl_store(qts, &a, b.addr);
    qtest_writel(qts, v + VI6_DL_SWAP, 4);
    qtest_writel(qts, v + VI6_DL_HDR_ADDR(0), a.addr);
    qtest_writel(qts, v + VI6_CMD(0), VI6_CMD_STRCMD);
    du_set_timing(qts, 1, 1);
    qtest_writel(qts, DU + 0x20044, 0x95000004 | 1 << 18 | 1 << 12 | 39 << 5 |
                 1 << 23 | 2);
    du_run(qts, 1, true);
    qtest_clock_step(qts, 10000);
    g_assert_cmphex(qtest_readl(qts, OUTPUT), ==, 0xff123456);
    g_assert_cmphex(qtest_readl(qts, OUTPUT + WIDTH * HEIGHT * 4), ==, 0);
    qtest_writel(qts, OUTPUT, 0);
    qtest_clock_step(qts, 50000);
    g_assert_cmphex(qtest_readl(qts, OUTPUT), ==, 0);
    qtest_quit(qts);
}

static uint32_t frame_crc(QTestState *qts)
{
    step_frame(qts);
    return qtest_readl(qts, VSPD(0) + 0x1c1c);
}

static void test_crc(void)
{
    QTestState *qts = rcar_start("");
    DisplayList dl = { .addr = LIST(0) };
    Layer layer = {
        .infmt = ARGB8888, .swap = SWAP_32, .stride = { 8 * 4 }, .w = 8,
        .h = 8, .alpha = 0xff, .bld = BLD_COVERAGE, .addr = { PICTURE(0) },
    };
    uint32_t first;

    add_pipe(&dl, 0, 0x2c00, 0xff000000, &layer, 1);
    dl_add(&dl, 0x204c, 12);
    dl_add(&dl, 0x2074, 56);
    dl_add(&dl, 0x1c28, WIDTH);
    dl_add(&dl, 0x1c2c, HEIGHT);
    dl_add(&dl, 0x1c00, 1);
    start(qts, 0, 0, &dl);
    first = frame_crc(qts);
    g_assert_cmphex(first, !=, 0);
    g_assert_cmphex(frame_crc(qts), ==, first);
    qtest_writel(qts, PICTURE(0) + 8, 0x010000);
    g_assert_cmphex(qtest_readl(qts, VSPD(0) + 0x1c1c), ==, first);
    g_assert_cmphex(frame_crc(qts), !=, first);
    qtest_writel(qts, PICTURE(0) + 8, 0);
    g_assert_cmphex(frame_crc(qts), ==, first);
    qtest_quit(qts);
}

/*
 * Linux takes the BRU away from one output with a list that says at each frame
 * that the BRU is unused; the other output must not care.
 */
static void test_released(void)
{
    QTestState *qts = rcar_start("");
    DisplayList a = { .addr = LIST(0) }, b = { .addr = LIST(1) };
    uint32_t first;

    add_pipe(&a, 0, 0x2c00, 0xff123456, NULL, 0);
    dl_add(&a, 0x204c, 12);
    dl_add(&a, 0x2074, 56);
    dl_add(&a, 0x1c28, WIDTH);
    dl_add(&a, 0x1c2c, HEIGHT);
    dl_add(&a, 0x1c00, 1);
    add_pipe(&b, 1, 0x3900, 0xff654321, NULL, 0);
    dl_add(&b, 0x204c, 63);
    start(qts, 0, 0, &a);
    first = frame_crc(qts);
    g_assert_cmphex(first, !=, 0);
    qtest_clock_step(qts, frame_ns(1, 1) / 2);
    start(qts, 0, 1, &b);
    step_frame(qts);
    g_assert_cmphex(qtest_readl(qts, VSPD(0) + 0x204c), ==, 63);
    g_assert_cmphex(qtest_readl(qts, VSPD(0) + 0x1c1c), ==, first);
    qtest_clock_step(qts, frame_ns(1, 1) / 2);
    g_assert_cmphex(qtest_readl(qts, VSPD(0) + 0x204c), ==, 12);
    g_assert_cmphex(qtest_readl(qts, VSPD(0) + 0x1c1c), ==, first);
    qtest_quit(qts);
}

/* Programming that hardware would not survive; the log has it. */
static void test_strict(void)
{
    g_autofree char *log = g_strdup_printf("%s/rcar-vspd-XXXXXX",
                                           g_get_tmp_dir());
    g_autofree char *args = NULL;
    g_autofree char *text = NULL;
    DisplayList dl = { .addr = LIST(0) };
    Layer layer = {
        .infmt = 0x42 | INFMT_CSC, .swap = SWAP_8, .stride = { 4, 8 }, .w = 5,
        .h = 8, .alpha = 0xff, .bld = BLD_COVERAGE,
        .addr = { PICTURE(0), 0xfeb00000 },
    };
    static const uint32_t bad[] = { 0, LIST(1) + 4, 0xfeb00000, 0xfffffff8 };
    uint64_t v = VSPD(0);
    QTestState *qts;
    unsigned i;
    int fd;

    fd = g_mkstemp(log);
    g_assert_cmpint(fd, >=, 0);
    close(fd);
    args = g_strdup_printf("-d guest_errors -D %s", log);
    qts = rcar_start(args);
    add_pipe(&dl, 0, 0x2c00, 0xff000000, &layer, 1);
    dl_add(&dl, 0x5000, 1);
    dl_add(&dl, 0x2402, 1);
    start(qts, 0, 0, &dl);
    step_frame(qts);
    for (i = 0; i < ARRAY_SIZE(bad); i++) {
        qtest_writel(qts, v + VI6_DL_HDR_ADDR(0), bad[i]);
        step_frame(qts);
        step_frame(qts);
    }
    /* A body that is too long, and one that is not there */
    dl.addr = LIST(2);
    dl_store(qts, &dl, dl.addr);
    qtest_writel(qts, dl.addr + 4, 0x20000);
    qtest_writel(qts, v + VI6_DL_HDR_ADDR(0), dl.addr);
    step_frame(qts);
    qtest_writel(qts, dl.addr + 4, 64);
    qtest_writel(qts, dl.addr + 8, 0xfeb00000);
    step_frame(qts);
    qtest_writel(qts, dl.addr, 8);
    step_frame(qts);
    qtest_writel(qts, v + 0x2400, 5);
    g_assert_cmphex(qtest_readl(qts, v + 0x2400), ==, 5);
    qtest_writel(qts, SMSTPCR(6), 1 << 23);
    g_assert_cmphex(qtest_readl(qts, v + 0x2400), ==, 0);
    step_frame(qts);
    qtest_quit(qts);

    g_assert_true(g_file_get_contents(log, &text, NULL, NULL));
    g_assert_nonnull(strstr(text, "rcar-strict: vspd0: "));
    g_assert_nonnull(strstr(text, "fetch from 0xfeb00000, not RAM"));
    g_assert_nonnull(strstr(text, "subsampled chroma"));
    g_assert_nonnull(strstr(text, "no such register (0x5000)"));
    g_assert_nonnull(strstr(text, "header is not aligned"));
    g_assert_nonnull(strstr(text, "header is not in RAM"));
    g_assert_nonnull(strstr(text, "body of this size (0x20000)"));
    g_assert_nonnull(strstr(text, "with the clock stopped"));
    unlink(log);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/rcar-vspd/registers", test_registers);
    qtest_add_func("/rcar-vspd/lists", test_lists);
    qtest_add_func("/rcar-vspd/rgb", test_rgb);
    qtest_add_func("/rcar-vspd/yuv", test_yuv);
    qtest_add_func("/rcar-vspd/blend", test_blend);
    qtest_add_func("/rcar-vspd/dual", test_dual);
    qtest_add_func("/rcar-vspd/writeback", test_writeback);
    qtest_add_func("/rcar-vspd/crc", test_crc);
    qtest_add_func("/rcar-vspd/released", test_released);
    qtest_add_func("/rcar-vspd/strict", test_strict);
    return g_test_run();
}
