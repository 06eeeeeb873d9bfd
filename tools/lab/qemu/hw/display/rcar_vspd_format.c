/*
 * Renesas R-Car Gen3 VSPD: pixel formats
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "system/dma.h"
#include "rcar_vspd_internal.h"

/* The bus is 128 bits wide; DSWAP moves bytes within that. */
#define BUS_BYTES 16

#define RGB(code_, bytes_, ...) \
    { .code = code_, .layout = VSPD_RGB, .bytes = bytes_, .hsub = 1, \
      .vsub = 1, .argb = { __VA_ARGS__ } }
#define YUV(code_, layout_, bytes_, hsub_, vsub_) \
    { .code = code_, .layout = layout_, .bytes = bytes_, .hsub = hsub_, \
      .vsub = vsub_ }

static const VSPDFormat formats[] = {
    /*                       alpha      red       green     blue  */
    RGB(0x00, 1,            { 0, 0 },  { 5, 3 }, { 2, 3 }, { 0, 2 }),
    RGB(0x01, 2,            { 0, 0 },  { 8, 4 }, { 4, 4 }, { 0, 4 }),
    RGB(0x02, 2,            { 0, 0 },  { 12, 4 }, { 8, 4 }, { 4, 4 }),
    RGB(0x04, 2,            { 0, 0 },  { 10, 5 }, { 5, 5 }, { 0, 5 }),
    RGB(0x05, 2,            { 0, 0 },  { 11, 5 }, { 6, 5 }, { 1, 5 }),
    RGB(0x06, 2,            { 0, 0 },  { 11, 5 }, { 5, 6 }, { 0, 5 }),
    RGB(0x13, 4,            { 24, 8 }, { 16, 8 }, { 8, 8 }, { 0, 8 }),
    RGB(0x14, 4,            { 0, 8 },  { 24, 8 }, { 16, 8 }, { 8, 8 }),
    RGB(0x15, 3,            { 0, 0 },  { 16, 8 }, { 8, 8 }, { 0, 8 }),
    RGB(0x18, 3,            { 0, 0 },  { 0, 8 }, { 8, 8 }, { 16, 8 }),
    RGB(0x19, 2,            { 12, 4 }, { 8, 4 }, { 4, 4 }, { 0, 4 }),
    RGB(0x1a, 2,            { 0, 4 },  { 12, 4 }, { 8, 4 }, { 4, 4 }),
    RGB(0x1b, 2,            { 15, 1 }, { 10, 5 }, { 5, 5 }, { 0, 5 }),
    RGB(0x1c, 2,            { 0, 1 },  { 11, 5 }, { 6, 5 }, { 1, 5 }),
    RGB(0x1d, 2,            { 12, 4 }, { 0, 4 }, { 4, 4 }, { 8, 4 }),
    RGB(0x1e, 2,            { 0, 4 },  { 4, 4 }, { 8, 4 }, { 12, 4 }),
    RGB(0x1f, 2,            { 15, 1 }, { 0, 5 }, { 5, 5 }, { 10, 5 }),
    RGB(0x20, 2,            { 0, 1 },  { 1, 5 }, { 6, 5 }, { 11, 5 }),
    RGB(0x22, 4,            { 24, 8 }, { 0, 8 }, { 8, 8 }, { 16, 8 }),
    YUV(0x40, VSPD_Y_UV, 1, 1, 1),
    YUV(0x41, VSPD_Y_UV, 1, 2, 1),
    YUV(0x42, VSPD_Y_UV, 1, 2, 2),
    YUV(0x47, VSPD_YUYV, 2, 2, 1),
    YUV(0x4a, VSPD_Y_U_V, 1, 1, 1),
    YUV(0x4b, VSPD_Y_U_V, 1, 2, 1),
    YUV(0x4c, VSPD_Y_U_V, 1, 2, 2),
};

const VSPDFormat *vspd_format(unsigned code)
{
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(formats); i++) {
        if (formats[i].code == code) {
            return &formats[i];
        }
    }
    return NULL;
}

unsigned vspd_format_planes(const VSPDFormat *format)
{
    switch (format->layout) {
    case VSPD_Y_UV:
        return 2;
    case VSPD_Y_U_V:
        return 3;
    default:
        return 1;
    }
}

/* All bus words that the plane touches; false if they are not RAM. */
bool vspd_plane_map(VSPDPlane *plane, bool write)
{
    hwaddr from = QEMU_ALIGN_DOWN(plane->addr, BUS_BYTES);
    hwaddr end = plane->addr + (hwaddr)plane->stride * (plane->rows - 1) +
                 plane->row_bytes;
    dma_addr_t len;

    plane->len = QEMU_ALIGN_UP(end, BUS_BYTES) - from;
    if (!vspd_is_ram(from, plane->len, write)) {
        return false;
    }
    len = plane->len;
    plane->base = dma_memory_map(&address_space_memory, from, &len,
                                 write ? DMA_DIRECTION_FROM_DEVICE :
                                         DMA_DIRECTION_TO_DEVICE,
                                 MEMTXATTRS_UNSPECIFIED);
    if (plane->base && len < plane->len) {
        plane->len = len;
        vspd_plane_unmap(plane, write);
    }
    return plane->base;
}

void vspd_plane_unmap(VSPDPlane *plane, bool write)
{
    if (plane->base) {
        dma_memory_unmap(&address_space_memory, plane->base, plane->len,
                         write ? DMA_DIRECTION_FROM_DEVICE :
                                 DMA_DIRECTION_TO_DEVICE,
                         write ? plane->len : 0);
        plane->base = NULL;
    }
}

/* Where byte @n of a row is in the string of bytes that starts at base */
static size_t plane_pos(const VSPDPlane *plane, unsigned row, size_t n)
{
    return plane->addr % BUS_BYTES + (size_t)row * plane->stride + n;
}

static uint8_t plane_byte(const VSPDPlane *plane, unsigned swap, unsigned row,
                          size_t n)
{
    return plane->base[plane_pos(plane, row, n) ^ swap];
}

static uint32_t mul255(uint32_t a, uint32_t b)
{
    return (a * b + 127) / 255;
}

/*
 * Plane alpha. Rounding is to the nearest; the H3 manual would be needed to
 * know what hardware does.
 */
static uint32_t multiply(uint32_t mult, uint8_t a, uint8_t r, uint8_t g,
                         uint8_t b)
{
    uint8_t ratio = mult & R_RPF_MULT_ALPHA_RATIO_MASK;
    unsigned p_mmd = FIELD_EX32(mult, RPF_MULT_ALPHA, P_MMD);
    unsigned factor = 255;

    if (p_mmd & 1) {
        factor = ratio;
    }
    if (p_mmd & 2) {
        factor = mul255(factor, a);
    }
    if (factor != 255) {
        r = mul255(r, factor);
        g = mul255(g, factor);
        b = mul255(b, factor);
    }
    if (FIELD_EX32(mult, RPF_MULT_ALPHA, A_MMD) == 1) {
        a = mul255(a, ratio);
    }
    return (uint32_t)a << 24 | r << 16 | g << 8 | b;
}

static uint8_t clamp8(int value)
{
    return MIN(MAX(value, 0), 255);
}

/*
 * Coefficients of the standards in 1/256. How hardware rounds, and how it makes
 * chroma for each pixel from subsampled chroma (INFMT.CIPM), is in the H3
 * manual only; the model repeats samples.
 */
static void yuv_to_rgb(uint32_t infmt, uint8_t y, uint8_t u, uint8_t v,
                       uint8_t rgb[3])
{
    static const struct {
        int offset, y, rv, gu, gv, bu;
    } table[4] = {
        { 16, 298, 409, 100, 208, 516 },        /* BT.601 */
        { 0, 256, 359, 88, 183, 454 },          /* BT.601, full range */
        { 16, 298, 459, 55, 136, 541 },         /* BT.709 */
        { 0, 256, 403, 48, 120, 475 },          /* BT.709, full range */
    };
    unsigned mode = FIELD_EX32(infmt, RPF_INFMT, RDTM) & 3;
    int luma = (y - table[mode].offset) * table[mode].y + 128;
    int cb = u - 128, cr = v - 128;

    if (!(infmt & R_RPF_INFMT_CSC_MASK)) {
        rgb[0] = v;
        rgb[1] = y;
        rgb[2] = u;
        return;
    }
    rgb[0] = clamp8((luma + table[mode].rv * cr) >> 8);
    rgb[1] = clamp8((luma - table[mode].gu * cb - table[mode].gv * cr) >> 8);
    rgb[2] = clamp8((luma + table[mode].bu * cb) >> 8);
}

static void yuv_row(const VSPDSource *source, unsigned row, uint32_t *argb)
{
    const VSPDFormat *format = source->format;
    bool uv_swap = source->infmt & R_RPF_INFMT_SPUVS_MASK;
    /* The natural order of the packed format is U, Y, V, Y. */
    unsigned yc_swap = source->infmt & R_RPF_INFMT_SPYCS_MASK ? 1 : 0;
    unsigned crow = row / format->vsub;
    unsigned x;

    for (x = 0; x < source->width; x++) {
        size_t c = x / format->hsub;
        uint8_t y, u, v, rgb[3];

        switch (format->layout) {
        case VSPD_YUYV:
            y = plane_byte(&source->plane[0], source->swap, row,
                           x * 2 + !yc_swap);
            u = plane_byte(&source->plane[0], source->swap, row,
                           c * 4 + yc_swap);
            v = plane_byte(&source->plane[0], source->swap, row,
                           c * 4 + 2 + yc_swap);
            break;
        case VSPD_Y_UV:
            y = plane_byte(&source->plane[0], source->swap, row, x);
            u = plane_byte(&source->plane[1], source->swap, crow, c * 2);
            v = plane_byte(&source->plane[1], source->swap, crow, c * 2 + 1);
            break;
        default:
            y = plane_byte(&source->plane[0], source->swap, row, x);
            u = plane_byte(&source->plane[1], source->swap, crow, c);
            v = plane_byte(&source->plane[2], source->swap, crow, c);
            break;
        }
        /* SPUVS has no effect with three planes: vsp1_rpf.c swaps them. */
        if (uv_swap && format->layout != VSPD_Y_U_V) {
            uint8_t t = u;

            u = v;
            v = t;
        }
        yuv_to_rgb(source->infmt, y, u, v, rgb);
        argb[x] = multiply(source->mult_alpha, source->alpha, rgb[0], rgb[1],
                           rgb[2]);
    }
}

static uint32_t pixel(const VSPDSource *source, unsigned row, unsigned x)
{
    unsigned bytes = source->format->bytes;
    uint32_t value = 0;
    unsigned i;

    for (i = 0; i < bytes; i++) {
        value = value << 8 | plane_byte(&source->plane[0], source->swap, row,
                                        (size_t)x * bytes + i);
    }
    return value;
}

/* The bits of a field of a pixel; extract32() refuses fields of no bits. */
static uint32_t field(uint32_t value, VSPDField f)
{
    return (value >> f.pos) & ((1u << f.len) - 1);
}

static void rgb_row(const VSPDSource *source, unsigned row, uint32_t *argb)
{
    const VSPDField *f = source->format->argb;
    unsigned x;

    for (x = 0; x < source->width; x++) {
        uint32_t value = pixel(source, row, x);
        uint8_t alpha = source->fixed_alpha ? source->alpha :
                        source->extend[0][field(value, f[0])];

        argb[x] = multiply(source->mult_alpha, alpha,
                           source->extend[1][field(value, f[1])],
                           source->extend[2][field(value, f[2])],
                           source->extend[3][field(value, f[3])]);
    }
}

/* ARGB8888 as CPUs have it, most pictures by far */
static bool argb_row(const VSPDSource *source, unsigned row, uint32_t *argb)
{
    size_t pos = plane_pos(&source->plane[0], row, 0);
    uint32_t keep = source->fixed_alpha ? 0x00ffffff : 0xffffffff;
    uint32_t set = source->fixed_alpha ? (uint32_t)source->alpha << 24 : 0;
    uint32_t mult = source->mult_alpha;
    const uint8_t *from = source->plane[0].base + pos;
    unsigned x;

    if (source->format->code != 0x13 || source->swap != 3 || pos % 4) {
        return false;
    }
    if (FIELD_EX32(mult, RPF_MULT_ALPHA, P_MMD) > 1 ||
        ((mult & (R_RPF_MULT_ALPHA_P_MMD_MASK | R_RPF_MULT_ALPHA_A_MMD_MASK)) &&
         (mult & R_RPF_MULT_ALPHA_RATIO_MASK) != 255)) {
        return false;
    }
    for (x = 0; x < source->width; x++) {
        argb[x] = (ldl_le_p(from + x * 4) & keep) | set;
    }
    return true;
}

void vspd_source_row(const VSPDSource *source, unsigned row, uint32_t *argb)
{
    if (source->format->layout != VSPD_RGB) {
        yuv_row(source, row, argb);
    } else if (!argb_row(source, row, argb)) {
        rgb_row(source, row, argb);
    }
}

/*
 * One row of the output of a WPF. What does not fit is cut off, as RNDCTRL.CBRM
 * is never set.
 */
void vspd_pack_row(const VSPDFormat *format, unsigned swap, VSPDPlane *plane,
                   unsigned row, const uint32_t *argb, unsigned width)
{
    unsigned x, i;

    for (x = 0; x < width; x++) {
        uint32_t value = 0;

        for (i = 0; i < 4; i++) {
            VSPDField f = format->argb[i];
            uint8_t component = argb[x] >> (24 - i * 8);

            value |= (uint32_t)(component >> (8 - f.len)) << f.pos;
        }
        for (i = 0; i < format->bytes; i++) {
            plane->base[plane_pos(plane, row, x * format->bytes + i) ^ swap] =
                value >> (8 * (format->bytes - 1 - i));
        }
    }
}

static void extend_init(uint8_t table[256], unsigned len, unsigned mode)
{
    unsigned i, bits;

    for (i = 0; i < 1u << len; i++) {
        table[i] = i << (8 - len);
        if (mode == 1) {                        /* repeat the upper bits */
            for (bits = len; len && bits < 8; bits += len) {
                table[i] |= (i << (8 - len)) >> bits;
            }
        } else if (mode == 2) {
            table[i] |= 0xff >> len;
        }
    }
}

static void planes_init(const uint32_t *regs, unsigned rpf, VSPDSource *source)
{
    const VSPDFormat *format = source->format;
    uint32_t stride = rpf_reg(regs, rpf, A_RPF_SRCM_PSTRIDE);
    unsigned i;

    for (i = 0; i < vspd_format_planes(format); i++) {
        VSPDPlane *plane = &source->plane[i];

        plane->addr = rpf_reg(regs, rpf, A_RPF_SRCM_ADDR_Y + i * 4);
        if (i == 0) {
            plane->stride = FIELD_EX32(stride, RPF_SRCM_PSTRIDE, Y);
            plane->row_bytes = source->width * format->bytes;
            plane->rows = source->height;
        } else {
            plane->stride = FIELD_EX32(stride, RPF_SRCM_PSTRIDE, C);
            plane->row_bytes = DIV_ROUND_UP(source->width, format->hsub) *
                               (format->layout == VSPD_Y_UV ? 2 : 1);
            plane->rows = DIV_ROUND_UP(source->height, format->vsub);
        }
    }
}

bool vspd_source_init(const uint32_t *regs, unsigned rpf, VSPDSource *source)
{
    uint32_t alph_sel = rpf_reg(regs, rpf, A_RPF_ALPH_SEL);
    uint32_t size = rpf_reg(regs, rpf, A_RPF_SRC_BSIZE);
    uint32_t loc = rpf_reg(regs, rpf, A_RPF_LOC);
    unsigned i;

    memset(source, 0, sizeof(*source));
    source->infmt = rpf_reg(regs, rpf, A_RPF_INFMT);
    source->format = vspd_format(FIELD_EX32(source->infmt, RPF_INFMT, RDFMT));
    source->width = FIELD_EX32(size, RPF_SRC_BSIZE, H);
    source->height = FIELD_EX32(size, RPF_SRC_BSIZE, V);
    if (!source->format || !source->width || !source->height) {
        return false;
    }
    source->x = FIELD_EX32(loc, RPF_LOC, H);
    source->y = FIELD_EX32(loc, RPF_LOC, V);
    /* Without any swap, the byte with the highest address comes first. */
    source->swap = (rpf_reg(regs, rpf, A_RPF_DSWAP) & R_RPF_DSWAP_P_MASK) ^
                   (BUS_BYTES - 1);
    source->fixed_alpha = FIELD_EX32(alph_sel, RPF_ALPH_SEL, ASEL) == 4 ||
                          source->format->layout != VSPD_RGB ||
                          !source->format->argb[0].len;
    source->alpha = FIELD_EX32(rpf_reg(regs, rpf, A_RPF_VRTCOL_SET),
                               RPF_VRTCOL_SET, LAYA);
    source->mult_alpha = rpf_reg(regs, rpf, A_RPF_MULT_ALPHA);
    for (i = 0; i < 4; i++) {
        extend_init(source->extend[i], source->format->argb[i].len,
                    i ? FIELD_EX32(source->infmt, RPF_INFMT, CEXT) :
                        FIELD_EX32(alph_sel, RPF_ALPH_SEL, AEXT));
    }
    planes_init(regs, rpf, source);
    return true;
}

void vspd_source_unmap(VSPDSource *source)
{
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(source->plane); i++) {
        vspd_plane_unmap(&source->plane[i], false);
    }
}

bool vspd_source_map(VSPDSource *source)
{
    unsigned i;

    for (i = 0; i < vspd_format_planes(source->format); i++) {
        if (!vspd_plane_map(&source->plane[i], false)) {
            vspd_source_unmap(source);
            return false;
        }
    }
    return true;
}
