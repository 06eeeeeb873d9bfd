/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car virtual Display Unit: timing, interrupts, head
 */

#ifndef __RCAR_VDU_HW_H__
#define __RCAR_VDU_HW_H__

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/io.h>
#include <linux/types.h>

#include <drm/drm_modes.h>

#include <uapi/linux/rcar_vdu.h>

#include "rcar_vdu_format.h"

struct pci_dev;

/* What rcar_vdu_hw_irq_ack() found. */
#define RCAR_VDU_IRQ_VBLANK	BIT(0)
#define RCAR_VDU_IRQ_HOTPLUG	BIT(1)

/**
 * struct rcar_vdu_limits - What the device can show
 * @num_pages: usable plane pages
 * @max_width: pixels, of the display and of a plane
 * @max_height: lines, of the display and of a plane
 * @max_pitch: largest framebuffer pitch, pixels
 * @pitch_align: divisor of every framebuffer pitch, pixels
 * @addr_align: divisor of every framebuffer address, bytes
 * @addr_bits: width of a framebuffer address
 * @formats: RCAR_VDU_FORMAT_*
 * @min_refresh: lowest frame rate, mHz
 * @max_refresh: highest frame rate, mHz
 * @features: RCAR_VDU_FEATURE_*
 */
struct rcar_vdu_limits {
	unsigned int num_pages;
	unsigned int max_width;
	unsigned int max_height;
	unsigned int max_pitch;
	unsigned int pitch_align;
	unsigned int addr_align;
	unsigned int addr_bits;
	u32 formats;
	unsigned int min_refresh;
	unsigned int max_refresh;
	u32 features;
};

/**
 * struct rcar_vdu_hw - Registers of a VDU, and what was written to them
 * @du: DU registers, BAR 0
 * @vdu: VDU registers, BAR 2
 * @shadow: shadow plane pages, BAR 4, or NULL if planes are written to registers
 * @irq: interrupt number
 * @write_combined: buffers are mapped so, as the display does not snoop
 * @limits: what the device can show; this and all above is constant after probe
 * @dsysr: DSYSR; belongs to the running atomic commit
 * @dier: DIER; written with the DRM core's vblank_time_lock held, and read by the
 *	interrupt handler without
 * @head_int: HEAD_INT_ENABLE; written by the probe helpers, and read by the
 *	interrupt handler without a lock
 * @frame_count: FRAME_COUNT when it was read last; written with vblank_time_lock
 *	held or, once the device is unplugged, by the interrupt handler without
 * @shadow_frame: RCAR_VDU_SHADOW_FRAME_COUNT at the last interrupt; belongs to the
 *	interrupt handler
 *
 * rcar_vdu_hw_reset() writes @dsysr, @dier and @head_int, too: its callers make sure
 * that there are no commits, no vertical blanks, and no probe helpers.
 */
struct rcar_vdu_hw {
	void __iomem *du;
	void __iomem *vdu;
	void *shadow;
	int irq;
	bool write_combined;
	struct rcar_vdu_limits limits;

	u32 dsysr;
	u32 dier;
	u32 head_int;
	u32 frame_count;
	u32 shadow_frame;
};

static inline u32 rcar_vdu_du_read(struct rcar_vdu_hw *hw, u32 reg)
{
	return readl(hw->du + reg);
}

static inline void rcar_vdu_du_write(struct rcar_vdu_hw *hw, u32 reg,
				     u32 value)
{
	writel(value, hw->du + reg);
}

static inline u32 rcar_vdu_read(struct rcar_vdu_hw *hw, u32 reg)
{
	return readl(hw->vdu + reg);
}

static inline void rcar_vdu_write(struct rcar_vdu_hw *hw, u32 reg,
				  u32 value)
{
	writel(value, hw->vdu + reg);
}

/* What is in BAR 4 can be read and written by both sides at any time. */
static inline u32 rcar_vdu_shadow_read(struct rcar_vdu_hw *hw, u32 offset)
{
	return le32_to_cpu(READ_ONCE(*(__le32 *)(hw->shadow + offset)));
}

static inline void rcar_vdu_shadow_write(struct rcar_vdu_hw *hw,
					 u32 offset, u32 value)
{
	WRITE_ONCE(*(__le32 *)(hw->shadow + offset), cpu_to_le32(value));
}

/* Whether planes are written to memory, and not to registers. */
static inline bool rcar_vdu_hw_has_shadow(const struct rcar_vdu_hw *hw)
{
	return hw->shadow;
}

static inline bool rcar_vdu_hw_has(const struct rcar_vdu_hw *hw, u32 feature)
{
	return hw->limits.features & feature;
}

/* Callers make sure that the device is there, see drm_dev_enter(). */
int rcar_vdu_hw_init(struct rcar_vdu_hw *hw, struct pci_dev *pdev);
int rcar_vdu_hw_init_irq(struct rcar_vdu_hw *hw, struct pci_dev *pdev);
int rcar_vdu_hw_init_dma(struct rcar_vdu_hw *hw, struct pci_dev *pdev);
void rcar_vdu_hw_init_shadow(struct rcar_vdu_hw *hw, struct pci_dev *pdev);
void rcar_vdu_hw_reset(struct rcar_vdu_hw *hw);

unsigned int rcar_vdu_hw_formats(const struct rcar_vdu_hw *hw,
				 u32 formats[RCAR_VDU_MAX_FORMATS]);
enum drm_mode_status
rcar_vdu_hw_mode_valid(const struct rcar_vdu_hw *hw,
		       const struct drm_display_mode *mode);

void rcar_vdu_hw_enable(struct rcar_vdu_hw *hw,
			const struct drm_display_mode *mode);
void rcar_vdu_hw_disable(struct rcar_vdu_hw *hw);
void rcar_vdu_hw_hold(struct rcar_vdu_hw *hw, bool hold);

void rcar_vdu_hw_enable_vblank(struct rcar_vdu_hw *hw, bool enable);
void rcar_vdu_hw_read_frame_count(struct rcar_vdu_hw *hw);
u32 rcar_vdu_hw_frame_count(const struct rcar_vdu_hw *hw);
bool rcar_vdu_hw_frame_time(struct rcar_vdu_hw *hw, u32 *frame_time);
unsigned int rcar_vdu_hw_irq_ack(struct rcar_vdu_hw *hw);
void rcar_vdu_hw_synchronize_irq(struct rcar_vdu_hw *hw);

void rcar_vdu_hw_enable_hotplug(struct rcar_vdu_hw *hw, bool enable);
bool rcar_vdu_hw_connected(struct rcar_vdu_hw *hw);
int rcar_vdu_hw_read_edid(struct rcar_vdu_hw *hw, u8 *buf, size_t offset,
			  size_t len);

#endif /* __RCAR_VDU_HW_H__ */
