/*
 * R-Car Gen3 Serial Communication Interface with FIFO
 *
 * Characters are sent at once and without errors, whatever the bit rate. DMA,
 * modem lines and synchronous mode are not modelled.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "hw/char/rcar_scif.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/qdev-properties-system.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "trace.h"

REG32(SCSMR, 0x00)
REG32(SCBRR, 0x04)
REG32(SCSCR, 0x08)
    FIELD(SCSCR, REIE, 3, 1)
    FIELD(SCSCR, RE, 4, 1)
    FIELD(SCSCR, TE, 5, 1)
    FIELD(SCSCR, RIE, 6, 1)
    FIELD(SCSCR, TIE, 7, 1)
REG32(SCFTDR, 0x0c)
REG32(SCFSR, 0x10)
    FIELD(SCFSR, DR, 0, 1)
    FIELD(SCFSR, RDF, 1, 1)
    FIELD(SCFSR, BRK, 4, 1)
    FIELD(SCFSR, TDFE, 5, 1)
    FIELD(SCFSR, TEND, 6, 1)
REG32(SCFRDR, 0x14)
REG32(SCFCR, 0x18)
    FIELD(SCFCR, LOOP, 0, 1)
    FIELD(SCFCR, RFCL, 1, 1)
    FIELD(SCFCR, RTRG, 6, 2)
REG32(SCFDR, 0x1c)
REG32(SCSPTR, 0x20)
REG32(SCLSR, 0x24)
REG32(DL, 0x30)
REG32(CKS, 0x34)

/* How many characters set RDF, by SCFCR.RTRG */
static const uint8_t rx_trigger[] = { 1, 4, 8, 14 };

/*
 * What is sent leaves at once, so the transmit FIFO is always empty. Fewer
 * characters than the trigger are told by DR, with no wait for others.
 */
static uint16_t rcar_scif_status(RCarSCIFState *s)
{
    uint16_t value = s->status | R_SCFSR_TDFE_MASK | R_SCFSR_TEND_MASK;
    uint32_t trigger = rx_trigger[FIELD_EX16(s->regs[R_SCFCR], SCFCR, RTRG)];
    uint32_t used = fifo8_num_used(&s->rx);

    if (used >= trigger) {
        value |= R_SCFSR_RDF_MASK;
    } else if (used) {
        value |= R_SCFSR_DR_MASK;
    }
    return value;
}

static void rcar_scif_update(RCarSCIFState *s)
{
    uint16_t control = s->regs[R_SCSCR];
    uint16_t status = rcar_scif_status(s);
    bool level = false;

    if (FIELD_EX16(control, SCSCR, TIE)) {
        level |= FIELD_EX16(status, SCFSR, TDFE);
    }
    if (FIELD_EX16(control, SCSCR, RIE)) {
        level |= status & (R_SCFSR_RDF_MASK | R_SCFSR_DR_MASK);
    }
    if (control & (R_SCSCR_RIE_MASK | R_SCSCR_REIE_MASK)) {
        level |= FIELD_EX16(status, SCFSR, BRK);
    }
    qemu_set_irq(s->irq, level);
}

static int rcar_scif_can_receive(void *opaque)
{
    RCarSCIFState *s = opaque;

    if (!FIELD_EX16(s->regs[R_SCSCR], SCSCR, RE)) {
        return 0;
    }
    return fifo8_num_free(&s->rx);
}

static void rcar_scif_receive(void *opaque, const uint8_t *buf, int size)
{
    RCarSCIFState *s = opaque;

    fifo8_push_all(&s->rx, buf, size);
    rcar_scif_update(s);
}

static void rcar_scif_event(void *opaque, QEMUChrEvent event)
{
    RCarSCIFState *s = opaque;

    if (event == CHR_EVENT_BREAK &&
        FIELD_EX16(s->regs[R_SCSCR], SCSCR, RE)) {
        s->status |= R_SCFSR_BRK_MASK;
        rcar_scif_update(s);
    }
}

static void rcar_scif_send(RCarSCIFState *s, uint8_t c)
{
    if (!FIELD_EX16(s->regs[R_SCSCR], SCSCR, TE)) {
        qemu_log_mask(LOG_GUEST_ERROR,
                      "rcar-scif: transmission while SCSCR.TE is 0\n");
        return;
    }
    if (FIELD_EX16(s->regs[R_SCFCR], SCFCR, LOOP)) {
        if (!fifo8_is_full(&s->rx)) {
            fifo8_push(&s->rx, c);
        }
        return;
    }
    qemu_chr_fe_write_all(&s->chr, &c, 1);
}

static uint64_t rcar_scif_read(void *opaque, hwaddr addr, unsigned size)
{
    RCarSCIFState *s = opaque;
    uint16_t value;

    switch (addr) {
    case A_SCFSR:
        value = rcar_scif_status(s);
        break;
    case A_SCFRDR:
        value = fifo8_is_empty(&s->rx) ? 0 : fifo8_pop(&s->rx);
        rcar_scif_update(s);
        qemu_chr_fe_accept_input(&s->chr);
        break;
    case A_SCFDR:
        value = fifo8_num_used(&s->rx);
        break;
    case A_SCFTDR:
    case A_SCLSR:
        /* Write-only; and there is no overrun */
        value = 0;
        break;
    default:
        value = s->regs[addr / 4];
        break;
    }
    trace_rcar_scif_read(addr, value);
    return value;
}

static void rcar_scif_write(void *opaque, hwaddr addr, uint64_t value,
                            unsigned size)
{
    RCarSCIFState *s = opaque;

    trace_rcar_scif_write(addr, value);
    switch (addr) {
    case A_SCFTDR:
        rcar_scif_send(s, value);
        break;
    case A_SCFSR:
        /* 0 clears; flags of what is in a FIFO come back at once */
        s->status &= value;
        break;
    case A_SCFRDR:
    case A_SCFDR:
        qemu_log_mask(LOG_GUEST_ERROR,
                      "rcar-scif: write of 0x%" HWADDR_PRIx
                      ", which is read-only\n", addr);
        break;
    case A_SCLSR:
        break;
    case A_SCFCR:
        if (FIELD_EX16(value, SCFCR, RFCL)) {
            fifo8_reset(&s->rx);
        }
        /* fall through */
    default:
        s->regs[addr / 4] = value;
        break;
    }
    rcar_scif_update(s);
    if (addr == A_SCSCR || addr == A_SCFCR) {
        qemu_chr_fe_accept_input(&s->chr);
    }
}

static const MemoryRegionOps rcar_scif_ops = {
    .read = rcar_scif_read,
    .write = rcar_scif_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 1,
    .valid.max_access_size = 2,
    .impl.min_access_size = 1,
    .impl.max_access_size = 2,
};

static void rcar_scif_reset_enter(Object *obj, ResetType type)
{
    RCarSCIFState *s = RCAR_SCIF(obj);

    memset(s->regs, 0, sizeof(s->regs));
    s->regs[R_SCBRR] = 0xff;
    s->status = 0;
    fifo8_reset(&s->rx);
}

static void rcar_scif_reset_hold(Object *obj, ResetType type)
{
    rcar_scif_update(RCAR_SCIF(obj));
}

static const VMStateDescription vmstate_rcar_scif = {
    .name = TYPE_RCAR_SCIF,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_FIFO8(rx, RCarSCIFState),
        VMSTATE_UINT16_ARRAY(regs, RCarSCIFState, RCAR_SCIF_SIZE / 4),
        VMSTATE_UINT16(status, RCarSCIFState),
        VMSTATE_END_OF_LIST()
    },
};

static const Property rcar_scif_properties[] = {
    DEFINE_PROP_CHR("chardev", RCarSCIFState, chr),
};

static void rcar_scif_init(Object *obj)
{
    RCarSCIFState *s = RCAR_SCIF(obj);

    memory_region_init_io(&s->iomem, obj, &rcar_scif_ops, s, TYPE_RCAR_SCIF,
                          RCAR_SCIF_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    fifo8_create(&s->rx, RCAR_SCIF_FIFO);
}

static void rcar_scif_finalize(Object *obj)
{
    fifo8_destroy(&RCAR_SCIF(obj)->rx);
}

static void rcar_scif_realize(DeviceState *dev, Error **errp)
{
    RCarSCIFState *s = RCAR_SCIF(dev);

    qemu_chr_fe_set_handlers(&s->chr, rcar_scif_can_receive,
                             rcar_scif_receive, rcar_scif_event, NULL, s,
                             NULL, true);
}

static void rcar_scif_class_init(ObjectClass *oc, void *data)
{
    ResettableClass *rc = RESETTABLE_CLASS(oc);
    DeviceClass *dc = DEVICE_CLASS(oc);

    dc->desc = "R-Car Gen3 SCIF";
    dc->realize = rcar_scif_realize;
    dc->vmsd = &vmstate_rcar_scif;
    device_class_set_props(dc, rcar_scif_properties);
    set_bit(DEVICE_CATEGORY_INPUT, dc->categories);
    rc->phases.enter = rcar_scif_reset_enter;
    rc->phases.hold = rcar_scif_reset_hold;
}

static const TypeInfo rcar_scif_type = {
    .name = TYPE_RCAR_SCIF,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(RCarSCIFState),
    .instance_init = rcar_scif_init,
    .instance_finalize = rcar_scif_finalize,
    .class_init = rcar_scif_class_init,
};

static void rcar_scif_register_types(void)
{
    type_register_static(&rcar_scif_type);
}

type_init(rcar_scif_register_types)
