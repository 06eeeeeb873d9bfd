/*
 * Renesas R-Car Gen3 VSPD: what hardware would not forgive
 *
 * Hardware given one of these shows garbage, stops or writes where it should
 * not. The model goes on as well as it can, and says so: with the first frame
 * of each new display list, not with each of its repetitions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/rcu.h"
#include "exec/address-spaces.h"
#include "rcar_vspd_internal.h"

#define MAX_SIZE 8190

bool vspd_is_ram(hwaddr addr, hwaddr len, bool write)
{
    RCU_READ_LOCK_GUARD();

    while (len) {
        hwaddr offset, part = len;
        MemoryRegion *mr = address_space_translate(&address_space_memory, addr,
                                                   &offset, &part, write,
                                                   MEMTXATTRS_UNSPECIFIED);

        if (!memory_region_is_ram(mr) || memory_region_is_ram_device(mr) ||
            (write && mr->readonly)) {
            return false;
        }
        addr += part;
        len -= part;
    }
    return true;
}

/*
 * Is a row of @plane, or a part of it, only in a cache? @row and @first say
 * which. All stores to it are seen from now on.
 */
static bool plane_is_cached(RCarVSPDState *s, const VSPDPlane *plane,
                            unsigned *row, hwaddr *first)
{
    if (!s->cache) {
        return false;
    }
    rcar_cache_watch(s->cache, plane->addr, (hwaddr)plane->stride *
                     (plane->rows - 1) + plane->row_bytes);
    for (*row = 0; *row < plane->rows; (*row)++) {
        if (rcar_cache_is_dirty(s->cache, plane->addr +
                                (hwaddr)plane->stride * *row,
                                plane->row_bytes, first)) {
            return true;
        }
    }
    return false;
}

static void check_planes(RCarVSPDState *s, unsigned rpf,
                         const VSPDSource *source)
{
    unsigned i, row;
    hwaddr first;

    for (i = 0; i < vspd_format_planes(source->format); i++) {
        const VSPDPlane *plane = &source->plane[i];
        unsigned bytes = i ? 1 : source->format->bytes;

        if (plane->stride < plane->row_bytes) {
            vspd_strict(s, "RPF%u: plane %u: stride %u, a line has %u bytes",
                        rpf, i, plane->stride, plane->row_bytes);
        }
        /*
         * DSWAP would tear a pixel apart. Planes of the packed formats of three
         * bytes may begin anywhere. That the hardware has no further rules is
         * what Linux takes for granted; the H3 manual would be needed to know.
         */
        if (is_power_of_2(bytes) && plane->addr % bytes) {
            vspd_strict(s, "RPF%u: plane %u: address 0x%" HWADDR_PRIx
                        " is not aligned", rpf, i, plane->addr);
        }
        if (!vspd_is_ram(plane->addr, (hwaddr)plane->stride *
                         (plane->rows - 1) + plane->row_bytes, false)) {
            vspd_strict(s, "RPF%u: plane %u: fetch from 0x%" HWADDR_PRIx
                        ", not RAM", rpf, i, plane->addr);
        }
        if (plane_is_cached(s, plane, &row, &first)) {
            vspd_strict(s, "RPF%u: plane %u: fetch of 0x%" HWADDR_PRIx
                        ", a line that is only in a cache (row %u)", rpf, i,
                        first, row);
        }
    }
}

static void check_rpf(RCarVSPDState *s, const uint32_t *regs, unsigned rpf,
                      unsigned width, unsigned height)
{
    uint32_t infmt = rpf_reg(regs, rpf, A_RPF_INFMT);
    VSPDSource source;

    if (!vspd_source_init(regs, rpf, &source)) {
        vspd_strict(s, "RPF%u: format 0x%x or size 0x%08x is not possible",
                    rpf, infmt, rpf_reg(regs, rpf, A_RPF_SRC_BSIZE));
        return;
    }
    if (source.width > MAX_SIZE || source.height > MAX_SIZE) {
        vspd_strict(s, "RPF%u: %ux%u pixels are too many", rpf, source.width,
                    source.height);
    }
    if (source.width % source.format->hsub ||
        source.height % source.format->vsub) {
        vspd_strict(s, "RPF%u: %ux%u pixels, with subsampled chroma", rpf,
                    source.width, source.height);
    }
    if (source.x + source.width > width || source.y + source.height > height) {
        vspd_strict(s, "RPF%u: %ux%u+%u+%u exceeds the canvas of %ux%u", rpf,
                    source.width, source.height, source.x, source.y, width,
                    height);
    }
    if (rpf_reg(regs, rpf, A_RPF_SRC_BSIZE) !=
        rpf_reg(regs, rpf, A_RPF_SRC_ESIZE)) {
        qemu_log_mask(LOG_UNIMP, "%s: RPF%u: scaling\n", vspd_name(s), rpf);
    }
    if ((infmt & R_RPF_INFMT_VIR_MASK) || rpf_reg(regs, rpf, A_RPF_MSK_CTRL) ||
        rpf_reg(regs, rpf, A_RPF_CKEY_CTRL)) {
        qemu_log_mask(LOG_UNIMP, "%s: RPF%u: virtual input, mask or colour "
                      "key\n", vspd_name(s), rpf);
    }
    check_planes(s, rpf, &source);
}

/* Does the data of @rpf arrive at @wpf? */
static bool rpf_arrives(const uint32_t *regs, unsigned rpf, unsigned wpf)
{
    hwaddr base = vspd_wpf_brx(regs, wpf);
    unsigned node = vspd_sink(regs, A_DPR_RPF_ROUTE + rpf * DPR_STEP);
    unsigned i;

    if (node == DPR_NODE_WPF + wpf) {
        return true;
    }
    for (i = 0; base && i < brx_inputs(base); i++) {
        if (brx_in_node(base, i) == node) {
            return true;
        }
    }
    return false;
}

/* Blend units that wait for an input which nobody feeds */
static void check_brx(RCarVSPDState *s, const uint32_t *regs, unsigned wpf,
                      hwaddr base)
{
    unsigned i;

    for (i = 0; i < brx_inputs(base); i++) {
        if ((vspd_reg(regs, base + BRX_CTRL(i)) & R_BRX_CTRL_RBC_MASK) &&
            vspd_brx_rpf(regs, base, i) < 0) {
            vspd_strict(s, "WPF%u: input %u of its %s has no RPF", wpf, i,
                        base == BRU_BASE ? "BRU" : "BRS");
        }
    }
}

static void check_writeback(RCarVSPDState *s, const uint32_t *regs,
                            unsigned wpf, unsigned width, unsigned height)
{
    unsigned code = FIELD_EX32(wpf_reg(regs, wpf, A_WPF_OUTFMT), WPF_OUTFMT,
                               WRFMT);
    const VSPDFormat *format = vspd_format(code);
    unsigned row;
    hwaddr first;
    VSPDPlane plane = {
        .addr = wpf_reg(regs, wpf, A_WPF_DSTM_ADDR_Y),
        .stride = wpf_reg(regs, wpf, A_WPF_DSTM_STRIDE_Y) & 0xffff,
        .row_bytes = format ? width * format->bytes : 0,
        .rows = height,
    };

    /* Once it is evicted it is in the place of what was written back. */
    if (plane.row_bytes && height && plane_is_cached(s, &plane, &row, &first)) {
        vspd_strict(s, "WPF%u: write back to 0x%" HWADDR_PRIx ", a line that "
                    "is only in a cache (row %u)", wpf, first, row);
    }
}

void vspd_check_wpf(RCarVSPDState *s, unsigned wpf, unsigned width,
                    unsigned height)
{
    const uint32_t *regs = s->latched[wpf];
    uint32_t srcrpf = wpf_reg(regs, wpf, A_WPF_SRCRPF);
    hwaddr base = vspd_wpf_brx(regs, wpf);
    unsigned w, h, i;

    vspd_wpf_size(regs, wpf, &w, &h);
    if (width && (w != width || h != height)) {
        vspd_strict(s, "WPF%u: %ux%u pixels, the DU shows %ux%u", wpf, w, h,
                    width, height);
    }
    if (base) {
        check_brx(s, regs, wpf, base);
    }
    if (wpf_reg(regs, wpf, A_WPF_WRBCK_CTRL) & R_WPF_WRBCK_CTRL_WBMD_MASK) {
        check_writeback(s, regs, wpf, w, h);
    }
    for (i = 0; i < RCAR_VSPD_NUM_RPF; i++) {
        if (!((srcrpf >> (i * 2)) & 3)) {
            continue;
        }
        if (!rpf_arrives(regs, i, wpf)) {
            vspd_strict(s, "WPF%u: waits for RPF%u, which goes elsewhere",
                        wpf, i);
            continue;
        }
        check_rpf(s, regs, i, w, h);
    }
}
