/*
 * Renesas R-Car H3 Display Unit: dot clocks and frames
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "rcar_du_internal.h"
#include "trace.h"

/*
 * The dot clock as a fraction in Hz. Channels 1 and 2 have a PLL for their HDMI
 * output and no ESCR; the others divide the CPG's clock or that of a pin.
 *
 * That the PLL makes fin * (N + 1) / (M + 1) / (FDPLL + 1) is Linux's opinion
 * (rcar_du_dpll_divider). A driver for QNX says it makes twice that; the H3
 * manual would be needed to know.
 */
static void du_dot_clock(RCarDUState *s, unsigned channel, uint64_t *hz,
                         uint64_t *divider)
{
    uint32_t dpll = du_group_reg(s, channel, A_DPLLCR);
    uint32_t escr = du_channel_reg(s, channel,
                                   channel % 2 ? ESCR_ODD : ESCR_EVEN);
    bool pll = dpll & (channel % 2 ? R_DPLLCR_PLCS1_MASK : R_DPLLCR_PLCS0_MASK);

    if ((channel == 1 || channel == 2) && pll &&
        (dpll & R_DPLLCR_CLKE_MASK)) {
        *hz = s->dclkin_hz[channel / 2 * 2 + FIELD_EX32(dpll, DPLLCR, INCS)] *
              (FIELD_EX32(dpll, DPLLCR, N) + 1);
        *divider = (FIELD_EX32(dpll, DPLLCR, M) + 1) *
                   (FIELD_EX32(dpll, DPLLCR, FDPLL) + 1);
        return;
    }
    *hz = escr & R_ESCR_DCLKSEL_MASK ? s->clk_hz : s->dclkin_hz[channel];
    *divider = FIELD_EX32(escr, ESCR, FRQSEL) + 1;
}

/*
 * The fraction cannot overflow: totals have 13 bits, a second has 30 and the
 * divider 8.
 */
static bool du_timing_read(RCarDUChannel *c)
{
    RCarDUState *s = c->du;
    uint64_t htotal = (du_channel_reg(s, c->index, A_HCR) & TIMING_MASK) + 1;
    uint64_t vtotal = (du_channel_reg(s, c->index, A_VCR) & TIMING_MASK) + 1;
    uint32_t hds = du_channel_reg(s, c->index, A_HDSR);
    uint32_t hde = du_channel_reg(s, c->index, A_HDER);
    uint32_t vds = du_channel_reg(s, c->index, A_VDSR);
    uint32_t vde = du_channel_reg(s, c->index, A_VDER);
    uint64_t divider;

    c->width = hde - hds;
    c->height = vde - vds;
    if (hde <= hds || vde <= vds || c->width >= htotal ||
        c->height >= vtotal) {
        du_strict(s, "channel %u: no picture: %u-%u of %" PRIu64
                  ", %u-%u of %" PRIu64, c->index, hds, hde, htotal, vds, vde,
                  vtotal);
        return false;
    }
    if (du_channel_reg(s, c->index, A_DEWR) != c->width) {
        du_strict(s, "channel %u: DE is %u wide, the picture %u", c->index,
                  du_channel_reg(s, c->index, A_DEWR), c->width);
    }
    du_dot_clock(s, c->index, &c->denominator, &divider);
    if (!c->denominator) {
        du_strict(s, "channel %u: no dot clock", c->index);
        return false;
    }
    c->numerator = htotal * vtotal * NANOSECONDS_PER_SECOND * divider;
    return true;
}

static void du_timing_advance(RCarDUChannel *c)
{
    c->next_ns += c->numerator / c->denominator;
    c->rest += c->numerator % c->denominator;
    if (c->rest >= c->denominator) {
        c->rest -= c->denominator;
        c->next_ns++;
    }
}

/*
 * A frame that the host was too slow for is lost: delivered late and at once
 * with the next one it would be something that no hardware does.
 */
static void du_timing_tick(void *opaque)
{
    RCarDUChannel *c = opaque;
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    trace_rcar_du_frame(c->index, c->frames, now);
    c->frames++;
    du_channel_frame(c);
    du_timing_advance(c);
    while (c->next_ns <= now) {
        c->lost++;
        du_timing_advance(c);
    }
    timer_mod(&c->timer, c->next_ns);
}

static void du_timing_start(RCarDUChannel *c)
{
    if (!du_timing_read(c)) {
        return;
    }
    c->running = true;
    c->next_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    c->rest = 0;
    c->frames = 0;
    c->lost = 0;
    trace_rcar_du_start(c->index, c->width, c->height, c->numerator,
                        c->denominator);
    du_timing_advance(c);
    timer_mod(&c->timer, c->next_ns);
}

void du_timing_stop(RCarDUChannel *c)
{
    if (c->running) {
        trace_rcar_du_stop(c->index, c->frames, c->lost);
    }
    c->running = false;
    timer_del(&c->timer);
}

/*
 * A channel runs if its group is enabled and not in reset, and if it makes its
 * sync signals itself. Enabling a group again starts both channels anew.
 */
void du_timing_update(RCarDUState *s, unsigned group)
{
    uint32_t dsysr = du_group_reg(s, group * 2, A_DSYSR);
    bool enabled = (dsysr & R_DSYSR_DEN_MASK) && !(dsysr & R_DSYSR_DRES_MASK);
    unsigned i;

    for (i = group * 2; i < group * 2 + 2; i++) {
        RCarDUChannel *c = &s->channel[i];
        uint32_t own = du_channel_reg(s, i, A_DSYSR);
        bool master = FIELD_EX32(own, DSYSR, TVM) == DSYSR_TVM_MASTER;

        if (enabled && master && !c->running) {
            du_timing_start(c);
        } else if (c->running && !(enabled && master)) {
            du_timing_stop(c);
        }
    }
}

void du_timing_init(RCarDUChannel *c)
{
    timer_init_ns(&c->timer, QEMU_CLOCK_VIRTUAL, du_timing_tick, c);
}
