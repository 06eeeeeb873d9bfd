/*
 * Renesas R-Car Gen3 VSPD: what its source files share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_DISPLAY_RCAR_VSPD_INTERNAL_H
#define HW_DISPLAY_RCAR_VSPD_INTERNAL_H

#include "hw/display/rcar_vspd.h"
#include "hw/registerfields.h"
#include "qemu/log.h"

/* Registers that exist more than once: name_STEP is the distance. */
REG32(CMD, 0x0000)                          /* one for each WPF */
    FIELD(CMD, STRCMD, 0, 1)
    FIELD(CMD, UPDHDR, 4, 1)
#define CMD_STEP 4
REG32(SRESET, 0x0028)
REG32(STATUS, 0x0038)
    FIELD(STATUS, SYS_ACT, 8, 2)            /* one bit for each WPF */
REG32(WPF_IRQ_ENB, 0x0048)
REG32(WPF_IRQ_STA, 0x004c)
    FIELD(WPF_IRQ_STA, FRE, 0, 1)
    FIELD(WPF_IRQ_STA, DFE, 1, 1)
    FIELD(WPF_IRQ_STA, UND, 16, 1)
#define WPF_IRQ_STEP 12
#define WPF_IRQ_MASK 0x00010003
REG32(DISP_IRQ_STA, 0x007c)
#define DISP_IRQ_STEP 60

REG32(DL_CTRL, 0x0100)
    FIELD(DL_CTRL, DLE, 0, 1)
    FIELD(DL_CTRL, NH0, 1, 1)
    FIELD(DL_CTRL, CFM0, 2, 1)
REG32(DL_HDR_ADDR, 0x0104)
#define DL_HDR_ADDR_STEP 4
REG32(DL_SWAP, 0x0114)
    FIELD(DL_SWAP, BTS, 0, 1)
    FIELD(DL_SWAP, WDS, 1, 1)
    FIELD(DL_SWAP, LWS, 2, 1)
REG32(DL_EXT_CTRL, 0x011c)
    FIELD(DL_EXT_CTRL, EXT, 0, 1)
#define DL_EXT_CTRL_STEP 36

#define RPF_STEP 0x100
REG32(RPF_SRC_BSIZE, 0x0300)
    FIELD(RPF_SRC_BSIZE, V, 0, 13)
    FIELD(RPF_SRC_BSIZE, H, 16, 13)
REG32(RPF_SRC_ESIZE, 0x0304)
REG32(RPF_INFMT, 0x0308)
    FIELD(RPF_INFMT, RDFMT, 0, 7)
    FIELD(RPF_INFMT, CSC, 8, 1)
    FIELD(RPF_INFMT, RDTM, 9, 3)
    FIELD(RPF_INFMT, CEXT, 12, 2)
    FIELD(RPF_INFMT, SPUVS, 14, 1)
    FIELD(RPF_INFMT, SPYCS, 15, 1)
    FIELD(RPF_INFMT, VIR, 28, 1)
REG32(RPF_DSWAP, 0x030c)
    FIELD(RPF_DSWAP, P, 0, 4)
REG32(RPF_LOC, 0x0310)
    FIELD(RPF_LOC, V, 0, 13)
    FIELD(RPF_LOC, H, 16, 13)
REG32(RPF_ALPH_SEL, 0x0314)
    FIELD(RPF_ALPH_SEL, AEXT, 18, 2)
    FIELD(RPF_ALPH_SEL, ASEL, 28, 3)
REG32(RPF_VRTCOL_SET, 0x0318)
    FIELD(RPF_VRTCOL_SET, LAYA, 24, 8)
REG32(RPF_MSK_CTRL, 0x031c)
REG32(RPF_CKEY_CTRL, 0x0328)
REG32(RPF_SRCM_PSTRIDE, 0x0334)
    FIELD(RPF_SRCM_PSTRIDE, C, 0, 16)
    FIELD(RPF_SRCM_PSTRIDE, Y, 16, 16)
REG32(RPF_SRCM_ADDR_Y, 0x033c)              /* then C0 and C1 */
REG32(RPF_MULT_ALPHA, 0x036c)
    FIELD(RPF_MULT_ALPHA, RATIO, 0, 8)
    FIELD(RPF_MULT_ALPHA, P_MMD, 8, 2)
    FIELD(RPF_MULT_ALPHA, A_MMD, 12, 2)

#define WPF_STEP 0x100
REG32(WPF_SRCRPF, 0x1000)
    FIELD(WPF_SRCRPF, VIRACT2, 24, 2)
    FIELD(WPF_SRCRPF, VIRACT, 28, 2)
REG32(WPF_HSZCLIP, 0x1004)
    FIELD(WPF_HSZCLIP, SIZE, 0, 13)
    FIELD(WPF_HSZCLIP, OFST, 16, 8)
    FIELD(WPF_HSZCLIP, EN, 28, 1)
REG32(WPF_VSZCLIP, 0x1008)
REG32(WPF_OUTFMT, 0x100c)
    FIELD(WPF_OUTFMT, WRFMT, 0, 7)
    FIELD(WPF_OUTFMT, CSC, 8, 1)
    FIELD(WPF_OUTFMT, ROTATION, 16, 3)
    FIELD(WPF_OUTFMT, PXA, 23, 1)
    FIELD(WPF_OUTFMT, PDV, 24, 8)
REG32(WPF_DSWAP, 0x1010)
    FIELD(WPF_DSWAP, P, 0, 4)
REG32(WPF_DSTM_STRIDE_Y, 0x101c)
REG32(WPF_DSTM_ADDR_Y, 0x1024)
REG32(WPF_WRBCK_CTRL, 0x1034)
    FIELD(WPF_WRBCK_CTRL, WBMD, 0, 1)

#define UIF_STEP 0x100
REG32(UIF_DOCMCR, 0x1c00)
    FIELD(UIF_DOCMCR, CMPR, 0, 1)
REG32(UIF_DOCMCCRCR, 0x1c1c)
REG32(UIF_DOCMSPXR, 0x1c20)                 /* then SPYR, SZXR, SZYR */

REG32(DPR_RPF_ROUTE, 0x2000)
REG32(DPR_BRU_ROUTE, 0x204c)
REG32(DPR_BRS_ROUTE, 0x2050)
REG32(DPR_UIF_ROUTE, 0x2074)
    FIELD(DPR_ROUTE, RT, 0, 6)
#define DPR_STEP 4
#define DPR_NODE_UIF    12
#define DPR_NODE_BRS_IN 38
#define DPR_NODE_WPF    56
#define DPR_NODE_UNUSED 63

/* Offsets of BRU and BRS; the blend units A to E follow BRX_CTRL. */
#define BRU_BASE 0x2c00
#define BRS_BASE 0x3900
#define BRX_VIRRPF_SIZE 0x04
#define BRX_VIRRPF_COL  0x0c
#define BRX_CTRL(n)     (0x10 + (n) * 8 + ((n) > 3 ? 4 : 0))
#define BRX_BLD(n)      (BRX_CTRL(n) + 4)
#define BRU_ROP         0x30
    FIELD(BRX_CTRL, AROP, 0, 4)
    FIELD(BRX_CTRL, CROP, 4, 4)
    FIELD(BRX_CTRL, SRCSEL, 16, 3)
    FIELD(BRX_CTRL, DSTSEL, 20, 3)
    FIELD(BRX_CTRL, RBC, 31, 1)
    FIELD(BRX_BLD, COEFY, 0, 8)
    FIELD(BRX_BLD, COEFX, 8, 8)
    FIELD(BRX_BLD, ACMDY, 16, 3)
    FIELD(BRX_BLD, ACMDX, 20, 3)
    FIELD(BRX_BLD, ABES, 23, 1)
    FIELD(BRX_BLD, CCMDY, 24, 3)
    FIELD(BRX_BLD, CCMDX, 28, 3)
    FIELD(BRX_BLD, CBES, 31, 1)
#define BRX_SEL_VRPF 4

REG32(LIF_CTRL, 0x3b00)                     /* LIF1 is below LIF0 */
    FIELD(LIF_CTRL, EN, 0, 1)
#define LIF_STEP (-0x100)

REG32(IP_VERSION, 0x3f00)
#define IP_VERSION_VSPD_H3  0x1703
#define IP_VERSION_VSPDL_H3 0x1903

#define vspd_strict(s, fmt, ...) \
    rcar_gate_complain(&(s)->gate, fmt, ## __VA_ARGS__)

static inline const char *vspd_name(RCarVSPDState *s)
{
    return object_get_canonical_path_component(OBJECT(s));
}

/* Registers as they are now, or as they were when a frame began */
static inline uint32_t vspd_reg(const uint32_t *regs, hwaddr offset)
{
    return regs[offset / 4];
}

static inline uint32_t rpf_reg(const uint32_t *regs, unsigned n, hwaddr offset)
{
    return vspd_reg(regs, offset + n * RPF_STEP);
}

static inline uint32_t wpf_reg(const uint32_t *regs, unsigned n, hwaddr offset)
{
    return vspd_reg(regs, offset + n * WPF_STEP);
}

static inline unsigned vspd_num_wpf(const RCarVSPDState *s)
{
    return s->dual ? 2 : 1;
}

/*
 * Pixel formats. A memory word is a string of bytes, the first of which is the
 * most significant; where the bytes lie is DSWAP's business.
 */
typedef enum VSPDLayout {
    VSPD_RGB,           /* one plane */
    VSPD_YUYV,          /* one plane, two pixels share their chroma */
    VSPD_Y_UV,          /* luma and interleaved chroma */
    VSPD_Y_U_V,         /* three planes */
} VSPDLayout;

typedef struct VSPDField {
    uint8_t pos;
    uint8_t len;
} VSPDField;

typedef struct VSPDFormat {
    uint8_t code;
    VSPDLayout layout;
    uint8_t bytes;              /* for each pixel, in the first plane */
    uint8_t hsub, vsub;
    VSPDField argb[4];
} VSPDFormat;

const VSPDFormat *vspd_format(unsigned code);
unsigned vspd_format_planes(const VSPDFormat *format);

/* One plane of pixels in memory, from a 16 byte boundary on */
typedef struct VSPDPlane {
    uint8_t *base;
    hwaddr len;
    hwaddr addr;                /* of the first pixel */
    unsigned stride;
    unsigned row_bytes;
    unsigned rows;
} VSPDPlane;

/* An RPF, decoded from its registers */
typedef struct VSPDSource {
    const VSPDFormat *format;
    unsigned width, height;
    unsigned x, y;
    unsigned swap;              /* exclusive or of byte addresses */
    uint32_t infmt;
    bool fixed_alpha;
    uint8_t alpha;
    uint32_t mult_alpha;
    uint8_t extend[4][256];     /* of a, r, g, b to eight bits */
    VSPDPlane plane[3];
} VSPDSource;

bool vspd_plane_map(VSPDPlane *plane, bool write);
void vspd_plane_unmap(VSPDPlane *plane, bool write);
bool vspd_source_init(const uint32_t *regs, unsigned rpf, VSPDSource *source);
bool vspd_source_map(VSPDSource *source);
void vspd_source_unmap(VSPDSource *source);
void vspd_source_row(const VSPDSource *source, unsigned row, uint32_t *argb);
void vspd_pack_row(const VSPDFormat *format, unsigned swap, VSPDPlane *plane,
                   unsigned row, const uint32_t *argb, unsigned width);

/* The node that data goes to from where route register @reg is, past an UIF */
static inline unsigned vspd_sink(const uint32_t *regs, hwaddr reg)
{
    unsigned node = vspd_reg(regs, reg) & R_DPR_ROUTE_RT_MASK;

    if (node >= DPR_NODE_UIF && node < DPR_NODE_UIF + RCAR_VSPD_NUM_UIF) {
        node = vspd_reg(regs, A_DPR_UIF_ROUTE +
                        (node - DPR_NODE_UIF) * DPR_STEP) &
               R_DPR_ROUTE_RT_MASK;
    }
    return node;
}

static inline unsigned brx_in_node(hwaddr base, unsigned n)
{
    return base == BRS_BASE ? DPR_NODE_BRS_IN + n : n < 4 ? 23 + n : 49;
}

static inline hwaddr brx_route(hwaddr base)
{
    return base == BRS_BASE ? A_DPR_BRS_ROUTE : A_DPR_BRU_ROUTE;
}

static inline unsigned brx_inputs(hwaddr base)
{
    return base == BRS_BASE ? 2 : 5;
}

/* The blender that feeds @wpf, 0 if there is none. */
hwaddr vspd_wpf_brx(const uint32_t *regs, unsigned wpf);
/* The RPF at input @n of the blender at @base, or -1. */
int vspd_brx_rpf(const uint32_t *regs, hwaddr base, unsigned n);
void vspd_wpf_size(const uint32_t *regs, unsigned wpf, unsigned *width,
                   unsigned *height);
uint32_t vspd_uif_crc(RCarVSPDState *s, unsigned uif);
void vspd_writeback(RCarVSPDState *s, unsigned wpf);

/* Say what is wrong with the programming of @wpf. */
void vspd_check_wpf(RCarVSPDState *s, unsigned wpf, unsigned width,
                    unsigned height);
bool vspd_is_ram(hwaddr addr, hwaddr len, bool write);

/* Returns true if the list differs from that of the frame before. */
bool vspd_dl_run(RCarVSPDState *s, unsigned wpf);
void vspd_write(RCarVSPDState *s, hwaddr offset, uint32_t value);

#endif
