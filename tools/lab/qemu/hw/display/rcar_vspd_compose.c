/*
 * Renesas R-Car Gen3 VSPD: from the pictures in memory to that of a WPF
 *
 * Nothing here runs because a frame passes, only because somebody looks: a
 * console, a write back to memory, or software that reads a check code.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <zlib.h>
#include "qemu/bswap.h"
#include "rcar_vspd_internal.h"
#include "trace.h"

/* A blend unit of a BRx, and where its source comes from */
typedef struct VSPDUnit {
    bool used;
    bool from_memory;           /* else a plane of the background colour */
    uint32_t bld;
    VSPDSource source;
} VSPDUnit;

typedef struct VSPDPipe {
    unsigned width, height;
    uint32_t background;
    unsigned num_units;
    VSPDUnit unit[5];
} VSPDPipe;

hwaddr vspd_wpf_brx(const uint32_t *regs, unsigned wpf)
{
    static const hwaddr base[] = { BRU_BASE, BRS_BASE };
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(base); i++) {
        if (vspd_sink(regs, brx_route(base[i])) == DPR_NODE_WPF + wpf) {
            return base[i];
        }
    }
    return 0;
}

int vspd_brx_rpf(const uint32_t *regs, hwaddr base, unsigned n)
{
    unsigned i;

    for (i = 0; i < RCAR_VSPD_NUM_RPF; i++) {
        if (vspd_sink(regs, A_DPR_RPF_ROUTE + i * DPR_STEP) ==
            brx_in_node(base, n)) {
            return i;
        }
    }
    return -1;
}

void vspd_wpf_size(const uint32_t *regs, unsigned wpf, unsigned *width,
                   unsigned *height)
{
    *width = FIELD_EX32(wpf_reg(regs, wpf, A_WPF_HSZCLIP), WPF_HSZCLIP, SIZE);
    *height = FIELD_EX32(wpf_reg(regs, wpf, A_WPF_VSZCLIP), WPF_HSZCLIP, SIZE);
}

/*
 * Input that source selector @sel of unit @n means. In the BRU the source of
 * unit B is wired to the output of the ROP unit, whose own selector counts.
 */
static unsigned unit_input(const uint32_t *regs, hwaddr base, unsigned n)
{
    uint32_t ctrl = vspd_reg(regs, base + BRX_CTRL(n));
    unsigned sel = FIELD_EX32(ctrl, BRX_CTRL, SRCSEL);

    if (base == BRU_BASE && n == 1) {
        sel = FIELD_EX32(vspd_reg(regs, base + BRU_ROP), BRX_CTRL, DSTSEL);
    }
    return sel;
}

static void unit_init(RCarVSPDState *s, const uint32_t *regs, hwaddr base,
                      unsigned n, VSPDUnit *unit)
{
    uint32_t ctrl = vspd_reg(regs, base + BRX_CTRL(n));
    unsigned input = unit_input(regs, base, n);
    int rpf;

    if (!(ctrl & R_BRX_CTRL_RBC_MASK)) {
        if (FIELD_EX32(ctrl, BRX_CTRL, CROP) ||
            FIELD_EX32(ctrl, BRX_CTRL, AROP)) {
            qemu_log_mask(LOG_UNIMP, "%s: raster operations\n", vspd_name(s));
        }
        return;
    }
    unit->bld = vspd_reg(regs, base + BRX_BLD(n));
    if (input == BRX_SEL_VRPF) {
        unit->used = true;
        return;
    }
    rpf = vspd_brx_rpf(regs, base, input < BRX_SEL_VRPF ? input : input - 1);
    if (rpf < 0 || !vspd_source_init(regs, rpf, &unit->source)) {
        return;
    }
    if (!vspd_source_map(&unit->source)) {
        trace_rcar_vspd_fetch_failed(vspd_name(s), rpf,
                                     unit->source.plane[0].addr);
        return;
    }
    unit->used = true;
    unit->from_memory = true;
}

/* The pipe through a BRx, or from one RPF straight to the WPF */
static bool pipe_init(RCarVSPDState *s, unsigned wpf, VSPDPipe *pipe)
{
    const uint32_t *regs = s->latched[wpf];
    hwaddr base = vspd_wpf_brx(regs, wpf);
    unsigned i;

    memset(pipe, 0, sizeof(*pipe));
    vspd_wpf_size(regs, wpf, &pipe->width, &pipe->height);
    if (base) {
        pipe->background = vspd_reg(regs, base + BRX_VIRRPF_COL);
        pipe->num_units = brx_inputs(base);
        for (i = 0; i < pipe->num_units; i++) {
            unit_init(s, regs, base, i, &pipe->unit[i]);
        }
        return true;
    }
    for (i = 0; i < RCAR_VSPD_NUM_RPF; i++) {
        VSPDUnit *unit = &pipe->unit[0];

        if (vspd_sink(regs, A_DPR_RPF_ROUTE + i * DPR_STEP) !=
            DPR_NODE_WPF + wpf) {
            continue;
        }
        pipe->num_units = 1;
        /* D * 0 + S * 255 */
        unit->bld = 4 << R_BRX_BLD_CCMDX_SHIFT | 4 << R_BRX_BLD_CCMDY_SHIFT |
                    4 << R_BRX_BLD_ACMDX_SHIFT | 4 << R_BRX_BLD_ACMDY_SHIFT |
                    0xff;
        unit->from_memory = vspd_source_init(regs, i, &unit->source) &&
                            vspd_source_map(&unit->source);
        unit->used = unit->from_memory;
        return unit->used;
    }
    return false;
}

static void pipe_end(VSPDPipe *pipe)
{
    unsigned i;

    for (i = 0; i < pipe->num_units; i++) {
        vspd_source_unmap(&pipe->unit[i].source);
    }
}

static uint32_t coefficient(unsigned mode, uint8_t src, uint8_t dst,
                            uint8_t fixed)
{
    switch (mode) {
    case 0:
        return dst;
    case 1:
        return 255 - dst;
    case 2:
        return src;
    case 3:
        return 255 - src;
    default:
        return fixed;
    }
}

/*
 * One component. Rounding is to the nearest and what is too much is cut off;
 * the H3 manual would be needed to know what hardware does.
 */
static uint32_t mix(uint32_t dst, uint32_t x, uint32_t src, uint32_t y)
{
    return MIN((dst * x + src * y + 127) / 255, 255);
}

static uint32_t blend(uint32_t bld, uint32_t dst, uint32_t src)
{
    uint8_t da = dst >> 24, sa = src >> 24;
    uint8_t cx = FIELD_EX32(bld, BRX_BLD, COEFX);
    uint8_t cy = FIELD_EX32(bld, BRX_BLD, COEFY);
    uint32_t x = coefficient(FIELD_EX32(bld, BRX_BLD, CCMDX), sa, da, cx);
    uint32_t y = coefficient(FIELD_EX32(bld, BRX_BLD, CCMDY), sa, da, cy);
    uint32_t ax = coefficient(FIELD_EX32(bld, BRX_BLD, ACMDX), sa, da, cx);
    uint32_t ay = coefficient(FIELD_EX32(bld, BRX_BLD, ACMDY), sa, da, cy);

    return mix(da, ax, sa, ay) << 24 |
           mix((dst >> 16) & 255, x, (src >> 16) & 255, y) << 16 |
           mix((dst >> 8) & 255, x, (src >> 8) & 255, y) << 8 |
           mix(dst & 255, x, src & 255, y);
}

/* Linux's two formulas with an opaque source leave the source. */
static bool covers(uint32_t bld, uint32_t src)
{
    unsigned y = FIELD_EX32(bld, BRX_BLD, CCMDY);

    return src >> 24 == 255 && FIELD_EX32(bld, BRX_BLD, CCMDX) == 3 &&
           FIELD_EX32(bld, BRX_BLD, ACMDX) == 3 &&
           FIELD_EX32(bld, BRX_BLD, ACMDY) == 4 &&
           (y == 2 || y == 4) && FIELD_EX32(bld, BRX_BLD, COEFY) == 255;
}

static void unit_row(const VSPDPipe *pipe, const VSPDUnit *unit, unsigned row,
                     uint32_t *out, uint32_t *line)
{
    const VSPDSource *source = &unit->source;
    unsigned from = 0, count = pipe->width, i;

    if (unit->from_memory) {
        if (row < source->y || row - source->y >= source->height ||
            source->x >= pipe->width) {
            return;
        }
        from = source->x;
        count = MIN(source->width, pipe->width - from);
        vspd_source_row(source, row - source->y, line);
    } else {
        for (i = 0; i < count; i++) {
            line[i] = pipe->background;
        }
    }
    for (i = 0; i < count; i++) {
        out[from + i] = covers(unit->bld, line[i]) ? line[i] :
                        blend(unit->bld, out[from + i], line[i]);
    }
}

static void pipe_row(const VSPDPipe *pipe, unsigned row, uint32_t *out,
                     uint32_t *line)
{
    unsigned i;

    for (i = 0; i < pipe->width; i++) {
        out[i] = pipe->background;
    }
    for (i = 0; i < pipe->num_units; i++) {
        if (pipe->unit[i].used) {
            unit_row(pipe, &pipe->unit[i], row, out, line);
        }
    }
}

/* A line can hold the widest source, which may exceed the canvas. */
#define LINE_PIXELS 8192

void rcar_vspd_compose(RCarVSPDState *s, unsigned wpf, uint32_t *pixels,
                       unsigned stride, unsigned width, unsigned height)
{
    g_autofree uint32_t *line = g_new(uint32_t, LINE_PIXELS);
    g_autofree uint32_t *out = g_new(uint32_t, LINE_PIXELS);
    g_autofree VSPDPipe *pipe = g_new(VSPDPipe, 1);
    unsigned row, count = 0;

    trace_rcar_vspd_compose(vspd_name(s), wpf, width, height);
    if (pipe_init(s, wpf, pipe)) {
        count = MIN(width, pipe->width);
    } else {
        pipe->height = 0;
    }
    for (row = 0; row < height; row++) {
        uint32_t *to = pixels + (size_t)row * stride;

        if (row < pipe->height) {
            pipe_row(pipe, row, out, line);
            memcpy(to, out, count * 4);
        }
        if (row >= pipe->height || count < width) {
            unsigned from = row < pipe->height ? count : 0;

            memset(to + from, 0, (width - from) * 4);
        }
    }
    pipe_end(pipe);
}

/*
 * Writes the picture of @wpf to memory as well. Without PXA the alpha or the
 * unused bits of a pixel are PDV.
 */
void vspd_writeback(RCarVSPDState *s, unsigned wpf)
{
    const uint32_t *regs = s->latched[wpf];
    uint32_t outfmt = wpf_reg(regs, wpf, A_WPF_OUTFMT);
    const VSPDFormat *format = vspd_format(FIELD_EX32(outfmt, WPF_OUTFMT,
                                                      WRFMT));
    unsigned swap = (wpf_reg(regs, wpf, A_WPF_DSWAP) & R_WPF_DSWAP_P_MASK) ^ 15;
    g_autofree uint32_t *pixels = NULL;
    unsigned width, height, row, x;
    VSPDPlane plane = {
        .addr = wpf_reg(regs, wpf, A_WPF_DSTM_ADDR_Y),
        .stride = wpf_reg(regs, wpf, A_WPF_DSTM_STRIDE_Y) & 0xffff,
    };

    vspd_wpf_size(regs, wpf, &width, &height);
    if (!format || format->layout != VSPD_RGB || !width || !height ||
        (outfmt & (R_WPF_OUTFMT_CSC_MASK | R_WPF_OUTFMT_ROTATION_MASK))) {
        qemu_log_mask(LOG_UNIMP, "%s: WPF%u: OUTFMT 0x%08x\n", vspd_name(s),
                      wpf, outfmt);
        return;
    }
    plane.row_bytes = width * format->bytes;
    plane.rows = height;
    if (plane.stride < plane.row_bytes || !vspd_plane_map(&plane, true)) {
        vspd_strict(s, "WPF%u: write back to 0x%" HWADDR_PRIx
                    ", %u bytes a line, is not possible", wpf, plane.addr,
                    plane.stride);
        return;
    }
    trace_rcar_vspd_writeback(vspd_name(s), wpf, plane.addr, width, height);
    pixels = g_new(uint32_t, (size_t)width * height);
    rcar_vspd_compose(s, wpf, pixels, width, width, height);
    for (row = 0; row < height; row++) {
        uint32_t *argb = pixels + (size_t)row * width;

        for (x = 0; x < width && !(outfmt & R_WPF_OUTFMT_PXA_MASK); x++) {
            argb[x] = (argb[x] & 0x00ffffff) |
                      (outfmt & R_WPF_OUTFMT_PDV_MASK);
        }
        vspd_pack_row(format, swap, &plane, row, argb, width);
    }
    vspd_plane_unmap(&plane, true);
    for (row = 0; s->cache && row < height; row++) {
        rcar_cache_written(s->cache, plane.addr + (hwaddr)plane.stride * row,
                           plane.row_bytes);
    }
}

/* The picture of WPF @wpf, if it passes through UIF @uif; else NULL */
static uint32_t *uif_wpf_picture(RCarVSPDState *s, unsigned uif, unsigned wpf,
                                 unsigned *width, unsigned *height)
{
    const uint32_t *regs = s->latched[wpf];
    hwaddr base = vspd_wpf_brx(regs, wpf);
    uint32_t *pixels;

    if (!base || (vspd_reg(regs, brx_route(base)) & R_DPR_ROUTE_RT_MASK) !=
                 DPR_NODE_UIF + uif) {
        return NULL;
    }
    vspd_wpf_size(regs, wpf, width, height);
    pixels = g_new(uint32_t, (size_t)*width * *height);
    rcar_vspd_compose(s, wpf, pixels, *width, *width, *height);
    return pixels;
}

/* The picture of the RPF that UIF @uif is behind, if it goes to @wpf */
static uint32_t *uif_rpf_picture(RCarVSPDState *s, unsigned uif, unsigned wpf,
                                 unsigned *width, unsigned *height)
{
    const uint32_t *regs = s->latched[wpf];
    uint32_t srcrpf = wpf_reg(regs, wpf, A_WPF_SRCRPF);
    VSPDSource source;
    uint32_t *pixels;
    unsigned i, row;

    for (i = 0; i < RCAR_VSPD_NUM_RPF; i++) {
        if (((srcrpf >> (i * 2)) & 3) == 0 ||
            (vspd_reg(regs, A_DPR_RPF_ROUTE + i * DPR_STEP) &
             R_DPR_ROUTE_RT_MASK) != DPR_NODE_UIF + uif ||
            !vspd_source_init(regs, i, &source) || !vspd_source_map(&source)) {
            continue;
        }
        *width = source.width;
        *height = source.height;
        pixels = g_new(uint32_t, (size_t)*width * *height);
        for (row = 0; row < *height; row++) {
            vspd_source_row(&source, row, pixels + (size_t)row * *width);
        }
        vspd_source_unmap(&source);
        return pixels;
    }
    return NULL;
}

/*
 * The polynomial of hardware is not published: software may compare check codes
 * for equality only, and so CRC-32 will do.
 */
uint32_t vspd_uif_crc(RCarVSPDState *s, unsigned uif)
{
    const uint32_t *window = &s->regs[(A_UIF_DOCMSPXR + uif * UIF_STEP) / 4];
    g_autofree uint32_t *pixels = NULL;
    unsigned width, height, row, x, cols, rows, wpf;
    uint32_t crc = 0;

    for (wpf = 0; wpf < vspd_num_wpf(s) && !pixels; wpf++) {
        pixels = uif_wpf_picture(s, uif, wpf, &width, &height) ?:
                 uif_rpf_picture(s, uif, wpf, &width, &height);
    }
    if (!pixels || window[0] >= width || window[1] >= height) {
        return 0;
    }
    cols = MIN(window[2], width - window[0]);
    rows = MIN(window[3], height - window[1]);
    for (row = window[1]; row < window[1] + rows; row++) {
        uint32_t *line = pixels + (size_t)row * width + window[0];

        for (x = 0; x < cols; x++) {
            line[x] = cpu_to_le32(line[x]);
        }
        crc = crc32(crc, (uint8_t *)line, cols * 4);
    }
    trace_rcar_vspd_crc(vspd_name(s), uif, crc);
    return crc;
}
