/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR MIT) */
/*
 * Virtual R-Car Display Unit (VDU): what a guest sees
 *
 * The VDU is a PCI display controller with the memory-fetching plane
 * interface of the R-Car DU (the Gen2 programming model) in BAR 0 and, in
 * BAR 2, what the SoC has outside the DU or has not at all. This header holds
 * constants only, so that drivers, device models and tests can share it.
 *
 * Register names, offsets and bits of BAR 0 are those of the R-Car DU manual.
 * All registers are 32 bits wide and little endian. Access rights are given as
 * RO, RW, W1C (write one to clear) or WO. Every register resets to 0 unless
 * said otherwise.
 */

#ifndef _UAPI_LINUX_RCAR_VDU_H
#define _UAPI_LINUX_RCAR_VDU_H

/* -----------------------------------------------------------------------------
 * PCI function
 */

/* The device id is the project's own choice and is not registered. */
#define RCAR_VDU_PCI_VENDOR_ID		0x1912	/* Renesas */
#define RCAR_VDU_PCI_DEVICE_ID		0x5644
#define RCAR_VDU_PCI_CLASS		0x038000 /* display controller, other */
#define RCAR_VDU_PCI_REVISION		0x01

#define RCAR_VDU_DU_BAR			0	/* DU registers */
#define RCAR_VDU_DU_BAR_SIZE		0x40000
#define RCAR_VDU_REGS_BAR		2	/* VDU registers */
#define RCAR_VDU_REGS_BAR_SIZE		0x4000
#define RCAR_VDU_SHADOW_BAR		4	/* shadow plane pages, since 1.1 */
#define RCAR_VDU_SHADOW_BAR_SIZE	0x10000

/*
 * COMMAND.Bus Master must be set for planes to be shown, and for MSI. Power
 * management and FLR are optional capabilities of conventional PCI. Since 1.4.
 */

/* -----------------------------------------------------------------------------
 * BAR 0: DU registers
 *
 * Channel 0 of group 0. Registers marked "internal update" are taken over
 * (latched) all together at the next vertical blank, or when the display is
 * started, and never while DSYSR.IUPD is 1. Offsets that are not listed
 * here read 0 and ignore writes.
 */

#define DSYSR				0x00000	/* RW, reset DRES */
#define DSYSR_IUPD			(1 << 16)
#define DSYSR_DRES			(1 << 9)
#define DSYSR_DEN			(1 << 8)
#define DSYSR_SCM_MASK			(3 << 4)
#define DSMR				0x00004	/* RW */
#define DSSR				0x00008	/* RO */
#define DSSR_FRM			(1 << 14)
#define DSSR_VBK			(1 << 11)
#define DSRCR				0x0000c	/* WO, clears bits of DSSR */
#define DSRCR_MASK			0x0000cbff
#define DIER				0x00010	/* RW, enables bits of DSSR */
#define CPCR				0x00014	/* RW */
#define DPPR				0x00018	/* RW, stored, not used: DORCR.DPRS = 1 */
#define DEFR				0x00020	/* RW */
#define DEFR2				0x00034	/* RW */
#define DEFR3				0x00038	/* RW */
#define DEFR4				0x0003c	/* RW */
#define DEFR5				0x000e0	/* RW */
#define DEFR6				0x000e8	/* RW */
#define DEFR7				0x000ec	/* RW */

/* Display timing: the frame has (HCR + 1) * (VCR + 1) dot clock cycles. */
#define HDSR				0x00040	/* RW */
#define HDER				0x00044	/* RW */
#define VDSR				0x00048	/* RW */
#define VDER				0x0004c	/* RW, VDER - VDSR lines are shown */
#define HCR				0x00050	/* RW */
#define HSWR				0x00054	/* RW */
#define VCR				0x00058	/* RW */
#define VSPR				0x0005c	/* RW */
#define DESR				0x00078	/* RW */
#define DEWR				0x0007c	/* RW, DEWR pixels are shown */

#define DOOR				0x00090	/* RW */
#define CDER				0x00094	/* RW */
#define BPOR				0x00098	/* RW */

/* Plane pages: PLANE(n) + register, n = 0..7. All RW and internal update. */
#define RCAR_VDU_NUM_PLANE_PAGES	8
#define RCAR_VDU_PLANE_PAGE(n)		(0x00100 * ((n) + 1))
#define RCAR_VDU_PLANE_PAGE_SIZE	0x100
#define PnMR				0x00
#define PnMR_YCDF_YUYV			(1 << 20)
#define PnMR_SPIM_TP			(0 << 12)
#define PnMR_SPIM_ALP			(1 << 12)
#define PnMR_SPIM_EOR			(2 << 12)
#define PnMR_SPIM_TP_OFF		(1 << 14)
#define PnMR_SPIM_MASK			(7 << 12)
#define PnMR_BM_MD			(0 << 4)
#define PnMR_BM_MASK			(3 << 4)
#define PnMR_DDDF_8BPP			0
#define PnMR_DDDF_16BPP			1	/* 16 or, with PnDDCR4.EDF, 32 bpp */
#define PnMR_DDDF_ARGB			2	/* ARGB1555 */
#define PnMR_DDDF_YC			3
#define PnMR_DDDF_MASK			3
#define PnMWR				0x04	/* memory width (pitch) in pixels */
#define PnMWR_MASK			0x1fff
#define PnALPHAR			0x08
#define PnALPHAR_ABIT_1			(0 << 12)
#define PnALPHAR_ABIT_0			(1 << 12)
#define PnALPHAR_ABIT_X			(2 << 12)
#define PnALPHAR_ABIT_MASK		(3 << 12)
#define PnALPHAR_ALPHA_MASK		0xff
#define PnDSXR				0x10	/* display size, pixels */
#define PnDSYR				0x14	/* display size, lines */
#define PnDPXR				0x18	/* display position, pixels */
#define PnDPYR				0x1c	/* display position, lines */
#define PnDSXY_MASK			0x1fff
#define PnDSA0R				0x20	/* address bits 31:4 */
#define PnDSA1R				0x24	/* stored, not used */
#define PnDSA2R				0x28	/* stored, not used */
#define PnDSA_MASK			0xfffffff0
#define PnSPXR				0x30	/* start position, pixels */
#define PnSPYR				0x34	/* start position, lines; 32 bpp: lines * 2 */
#define PnSPXY_MASK			0x1fff
#define PnWASPR				0x38
#define PnWAMWR				0x3c
#define PnBTR				0x40
#define PnTC1R				0x44
#define PnTC2R				0x48
#define PnTC3R				0x4c
#define PnMLR				0x50
#define PnSWAPR				0x80
#define PnDDCR				0x84
#define PnDDCR2				0x88
#define PnDDCR2_CODE			0x77760000u
#define PnDDCR2_NV21			(1 << 5)
#define PnDDCR2_Y420			(1 << 4)
#define PnDDCR2_DIVU			(1 << 1)
#define PnDDCR2_DIVY			(1 << 0)
#define PnDDCR4				0x90
#define PnDDCR4_CODE			0x77660000u
#define PnDDCR4_EDF_NONE		0
#define PnDDCR4_EDF_ARGB8888		1
#define PnDDCR4_EDF_RGB888		2
#define PnDDCR4_EDF_MASK		7

/* Dot clock: frequency of the selected input / (ESCR.FRQSEL + 1). */
#define ESCR0				0x10000	/* RW */
#define ESCR_DCLKSEL_DCLKIN		(0 << 20) /* input: RCAR_VDU_DCLKIN */
#define ESCR_DCLKSEL_CLKS		(1 << 20) /* input: RCAR_VDU_CLKS */
#define ESCR_FRQSEL_MASK		0x3f
#define OTAR0				0x10004	/* RW */

#define DORCR				0x11000	/* RW */
#define DORCR_DPRS			(1 << 0)
#define DPTSR				0x11004	/* RW */
/*
 * Plane priority, internal update. Eight 4-bit fields, the lowest one is the
 * top-most plane. A field holds the plane page number + 1 or 0 for none; the
 * two pages of NV12, NV21 and NV16 take two fields, chroma in the lower one.
 */
#define DS1PR				0x11020	/* RW */
#define DS2PR				0x11024	/* RW, stored, not used */
#define DEFR8				0x20020	/* RW */
#define DOFLR				0x20024	/* RW */
#define DIDSR				0x20028	/* RW */

/* -----------------------------------------------------------------------------
 * BAR 2: VDU registers
 *
 * MSI: one message for each interrupt source of DSSR and HEAD_INT_STATUS that
 * becomes pending while it is enabled, or enabled while it is pending, whatever
 * other sources are pending. INTx: asserted while an enabled source is pending.
 */

#define RCAR_VDU_MAGIC			0x0000	/* RO */
#define RCAR_VDU_MAGIC_VALUE		0x55445652u /* "RVDU" */
#define RCAR_VDU_VERSION		0x0004	/* RO, major << 16 | minor */
/*
 * A driver works with every minor version of the major version it knows: a
 * higher minor version only adds registers and feature bits.
 */
#define RCAR_VDU_VERSION_MAJOR		1
#define RCAR_VDU_VERSION_MINOR		4
#define RCAR_VDU_FEATURES		0x0008	/* RO, since 1.1 */
#define RCAR_VDU_FEATURE_BLEND		(1 << 0) /* PLANE_ALPHA and PLANE_BLEND */
#define RCAR_VDU_FEATURE_SHADOW		(1 << 1) /* BAR 4 */
#define RCAR_VDU_FEATURE_CRC		(1 << 2) /* CRC_*, since 1.2 */
#define RCAR_VDU_FEATURE_FRAME_TIME	(1 << 3) /* FRAME_TIME in BAR 4, since 1.3 */
#define RCAR_VDU_FEATURE_NO_SNOOP	(1 << 4) /* PLANE_MAPPING counts, since 1.4 */

/* Limits of the planes and of the display. */
#define RCAR_VDU_NUM_PLANES		0x0010	/* RO, usable plane pages, from page 0 */
#define RCAR_VDU_MAX_WIDTH		0x0014	/* RO, pixels */
#define RCAR_VDU_MAX_HEIGHT		0x0018	/* RO, lines */
#define RCAR_VDU_MAX_PITCH		0x001c	/* RO, pixels */
#define RCAR_VDU_PITCH_ALIGN		0x0020	/* RO, pixels */
#define RCAR_VDU_FORMATS		0x0024	/* RO, RCAR_VDU_FORMAT_* */
#define RCAR_VDU_FORMAT_RGB565		(1 << 0)
#define RCAR_VDU_FORMAT_ARGB1555	(1 << 1)
#define RCAR_VDU_FORMAT_XRGB1555	(1 << 2)
#define RCAR_VDU_FORMAT_XRGB8888	(1 << 3)
#define RCAR_VDU_FORMAT_ARGB8888	(1 << 4)
#define RCAR_VDU_FORMAT_UYVY		(1 << 5)
#define RCAR_VDU_FORMAT_YUYV		(1 << 6)
#define RCAR_VDU_FORMAT_NV12		(1 << 7)
#define RCAR_VDU_FORMAT_NV21		(1 << 8)
#define RCAR_VDU_FORMAT_NV16		(1 << 9)
#define RCAR_VDU_ADDR_BITS		0x0028	/* RO, width of a guest address */
#define RCAR_VDU_MIN_REFRESH		0x002c	/* RO, mHz */
#define RCAR_VDU_MAX_REFRESH		0x0030	/* RO, mHz */

/* Dot clock inputs, Hz. */
#define RCAR_VDU_CLKS			0x0040	/* RO, the clock of ESCR.DCLKSEL = CLKS */
#define RCAR_VDU_DCLKIN			0x0044	/* RW, the clock of ESCR.DCLKSEL = DCLKIN */

/* Head. */
#define RCAR_VDU_HEAD_STATUS		0x0050	/* RO */
#define RCAR_VDU_HEAD_CONNECTED		(1 << 0)
#define RCAR_VDU_HEAD_BAD_TIMING	(1 << 1) /* refresh rate out of limits, clamped */
#define RCAR_VDU_HEAD_NO_MODE		(1 << 2) /* the panel has no such mode and is off */
#define RCAR_VDU_HEAD_INT_STATUS	0x0054	/* W1C */
#define RCAR_VDU_HEAD_INT_HOTPLUG	(1 << 0) /* CONNECTED or the EDID changed */
#define RCAR_VDU_HEAD_INT_ENABLE	0x0058	/* RW, same bits as HEAD_INT_STATUS */
#define RCAR_VDU_EDID_SIZE		0x005c	/* RO, valid bytes in the EDID window */

/*
 * Frame clock. The time stamp is that of the vertical blank that FRAME_COUNT
 * counted last, in nanoseconds of a clock of the device that a guest may use
 * differences of only. Reading _LO freezes the value that _HI returns.
 */
#define RCAR_VDU_FRAME_COUNT		0x0060	/* RO, vertical blanks, wraps */
#define RCAR_VDU_LATCH_COUNT		0x0064	/* RO, latched changes, wraps */
#define RCAR_VDU_FRAME_TIME_LO		0x0068	/* RO */
#define RCAR_VDU_FRAME_TIME_HI		0x006c	/* RO */

/* Shadow plane pages, see BAR 4. */
#define RCAR_VDU_SHADOW_CTRL		0x0080	/* RW */
#define RCAR_VDU_SHADOW_CTRL_ENABLE	(1 << 0) /* planes are those of BAR 4 */
#define RCAR_VDU_SHADOW_CTRL_MESSAGES	(1 << 1) /* MSI at each VBK, pending or not */
#define RCAR_VDU_SHADOW_DOORBELL	0x0084	/* WO, look at BAR 4 now */

/*
 * Check codes of what is shown. Reading CRC_FRAMES freezes the values that
 * CRC_FRAME and CRC_VALUE return.
 */
#define RCAR_VDU_CRC_CTRL		0x0090	/* RW */
#define RCAR_VDU_CRC_CTRL_ENABLE	(1 << 0)
#define RCAR_VDU_CRC_FRAMES		0x0094	/* RO, frames that have CRC_VALUE, or 0 */
#define RCAR_VDU_CRC_FRAME		0x0098	/* RO, FRAME_COUNT of the first of them */
#define RCAR_VDU_CRC_VALUE		0x009c	/* RO */

/* Planes: RCAR_VDU_PLANE(n) + register. RW ones are internal update. */
#define RCAR_VDU_PLANE(n)		(0x0100 + 0x20 * (n))
#define RCAR_VDU_PLANE_ADDR_HI		0x00	/* RW, bits 63:32 of the PnDSA0R address */
#define RCAR_VDU_PLANE_ROLE		0x04	/* RW */
#define RCAR_VDU_ROLE_AUTO		0	/* the lowest plane is primary if none says so */
#define RCAR_VDU_ROLE_PRIMARY		1
#define RCAR_VDU_ROLE_OVERLAY		2
#define RCAR_VDU_ROLE_CURSOR		3
#define RCAR_VDU_PLANE_HOT_X		0x08	/* RW, cursor hotspot, pixels */
#define RCAR_VDU_PLANE_HOT_Y		0x0c	/* RW, cursor hotspot, lines */
#define RCAR_VDU_PLANE_ERROR		0x10	/* RO, of the last latched state */
#define RCAR_VDU_ERROR_NONE		0
#define RCAR_VDU_ERROR_FORMAT		1	/* no such pixel format or blend mode */
#define RCAR_VDU_ERROR_SIZE		2	/* zero, or over a limit */
#define RCAR_VDU_ERROR_PITCH		3	/* over a limit, or narrower than the plane */
#define RCAR_VDU_ERROR_ADDRESS		4	/* misaligned, or not in guest RAM */
#define RCAR_VDU_ERROR_PAIR		5	/* chroma page missing or not matching */
#define RCAR_VDU_ERROR_LIMIT		6	/* the VM may not pin that much memory */
#define RCAR_VDU_ERROR_PRIORITY		7	/* page named twice, or beyond NUM_PLANES */
#define RCAR_VDU_ERROR_INTERNAL		8	/* out of resources, or the display refuses it */
#define RCAR_VDU_ERROR_MEMORY		9	/* the display can't fetch from there */
#define RCAR_VDU_PLANE_ALPHA		0x14	/* RW, opacity, resets to 0xffff (opaque) */
#define RCAR_VDU_PLANE_ALPHA_MASK	0xffff
#define RCAR_VDU_PLANE_BLEND		0x18	/* RW */
#define RCAR_VDU_BLEND_COVERAGE		0	/* as the DU: alpha is not multiplied into pixels */
#define RCAR_VDU_BLEND_PREMULTI		1	/* alpha is multiplied into pixels already */
#define RCAR_VDU_BLEND_NONE		2	/* the alpha of pixels does not count */
/*
 * How the guest maps the buffer. It counts only with RCAR_VDU_FEATURE_NO_SNOOP: the
 * display does not see what is only in a CPU cache then, and the host cleans
 * buffers that may have something there.
 */
#define RCAR_VDU_PLANE_MAPPING		0x1c	/* RW */
#define RCAR_VDU_MAPPING_CACHEABLE	0
#define RCAR_VDU_MAPPING_WRITE_COMBINED	1	/* nothing of it is in a cache */

#define RCAR_VDU_EDID			0x1000	/* RO, EDID window */
#define RCAR_VDU_EDID_WINDOW_SIZE	0x1000

/* -----------------------------------------------------------------------------
 * BAR 4: shadow plane pages
 *
 * Memory that driver and device share, little endian. Accesses need not leave the
 * guest. While SHADOW_CTRL.ENABLE is 1 the device takes DS1PR and the plane pages
 * that it names from here, as if the driver had written the registers: before
 * each vertical blank, when the display is started, and for a doorbell.
 *
 * The driver makes SHADOW_SEQ odd, writes, and makes it even with the next
 * number, each after the one before can be seen. The device takes what is
 * there only if SHADOW_SEQ is even, new, and the same before and after it read.
 */

#define RCAR_VDU_SHADOW_SEQ		0x0000	/* driver: odd while it writes */
#define RCAR_VDU_SHADOW_DS1PR		0x0004	/* driver */
#define RCAR_VDU_SHADOW_AWAKE		0x0040	/* device: 0 if it looks after a doorbell only */
#define RCAR_VDU_SHADOW_DONE		0x0044	/* device: SHADOW_SEQ shown since the last VBK */
#define RCAR_VDU_SHADOW_FRAME_COUNT	0x0048	/* device: FRAME_COUNT, while AWAKE */
#define RCAR_VDU_SHADOW_HEAD_INT_STATUS	0x004c	/* device: HEAD_INT_STATUS */
/*
 * Device: FRAME_TIME, while AWAKE. It is that of FRAME_COUNT, read before, if
 * FRAME_BEGUN, read after, is the same number.
 */
#define RCAR_VDU_SHADOW_FRAME_TIME_LO	0x0050
#define RCAR_VDU_SHADOW_FRAME_TIME_HI	0x0054
#define RCAR_VDU_SHADOW_FRAME_BEGUN	0x0058
/* Driver: RCAR_VDU_PLANE_PAGE(n) is as in BAR 0, what BAR 2 has of planes is here: */
#define RCAR_VDU_SHADOW_PLANE(n)	(0x1000 + RCAR_VDU_PLANE(n))

#endif /* _UAPI_LINUX_RCAR_VDU_H */
