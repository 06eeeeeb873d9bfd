/*
 * Renesas R-Car Gen3 VSPD: display lists
 *
 * A list is a header and up to eight bodies in memory, a body is an array of
 * register writes. Each WPF executes one list at each frame: a new one if the
 * CPU has put its address into DL_HDR_ADDR since, else the one that the last
 * list names as its successor, most often itself. A list holds only what it
 * changes, so registers keep their values from frame to frame.
 *
 * Only header mode is modelled. Headerless mode (DL_CTRL.NH0) and the extended
 * commands for interlaced pictures are reported as not implemented.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "system/dma.h"
#include "rcar_vspd_internal.h"
#include "trace.h"

#define DL_MAX_BODIES 8
#define DL_MAX_BYTES  0x1ffff       /* width of the size field */
#define DL_ALIGN      8             /* what Linux guarantees for a body */

#define DL_FLAG_AUTO_START BIT(0)

#define DL_EXT_PRE_EXEC  BIT(9)
#define DL_EXT_POST_EXEC BIT(8)

typedef struct VSPDHeader {
    uint32_t num_lists;             /* less one */
    struct {
        uint32_t num_bytes;
        uint32_t addr;
    } lists[DL_MAX_BODIES];
    uint32_t next;
    uint32_t flags;
    uint32_t pad;
    uint32_t pre_num_flags;         /* this and the rest only with EXT */
    uint32_t pre_list;
    uint32_t post_num_flags;
    uint32_t post_list;
} VSPDHeader;

#define DL_WORDS     (offsetof(VSPDHeader, pad) / 4)
#define DL_WORDS_EXT (sizeof(VSPDHeader) / 4)

static void dl_complain(RCarVSPDState *s, unsigned wpf, const char *what,
                        uint32_t value)
{
    if (!s->list[wpf].complained) {
        s->list[wpf].complained = true;
        vspd_strict(s, "WPF%u: display list 0x%08x: %s (0x%x)", wpf,
                    s->list[wpf].header, what, value);
    }
}

/*
 * The bus is 64 bits wide and big-endian seen from the list decoder; LWS alone
 * gives 32-bit words in the order and with the byte order of the CPU.
 */
static bool dl_read(RCarVSPDState *s, uint32_t addr, uint32_t *words,
                    size_t count)
{
    uint32_t swap = vspd_reg(s->regs, A_DL_SWAP);
    size_t i;

    if (!vspd_is_ram(addr, count * 4, false) ||
        dma_memory_read(&address_space_memory, addr, words, count * 4,
                        MEMTXATTRS_UNSPECIFIED)) {
        return false;
    }
    for (i = 0; i < count; i++) {
        words[i] = le32_to_cpu(words[i]);
        if (swap & R_DL_SWAP_WDS_MASK) {
            words[i] = rol32(words[i], 16);
        }
        if (swap & R_DL_SWAP_BTS_MASK) {
            words[i] = ((words[i] & 0x00ff00ff) << 8) |
                       ((words[i] >> 8) & 0x00ff00ff);
        }
    }
    return true;
}

static bool dl_read_header(RCarVSPDState *s, unsigned wpf, VSPDHeader *header)
{
    uint32_t addr = s->list[wpf].header;
    bool ext = vspd_reg(s->regs, A_DL_EXT_CTRL + wpf * DL_EXT_CTRL_STEP) &
               R_DL_EXT_CTRL_EXT_MASK;

    memset(header, 0, sizeof(*header));
    if (addr % DL_ALIGN) {
        dl_complain(s, wpf, "header is not aligned", addr);
        return false;
    }
    if (!dl_read(s, addr, (uint32_t *)header, ext ? DL_WORDS_EXT : DL_WORDS)) {
        dl_complain(s, wpf, "header is not in RAM", addr);
        return false;
    }
    return true;
}

/*
 * A list that repeats itself may have been edited just now, and what is not
 * cleaned yet takes part in the next frame: only new lists are looked at.
 */
static void dl_check_cache(RCarVSPDState *s, unsigned wpf, uint32_t addr,
                           uint32_t bytes)
{
    hwaddr first;

    if (s->cache && bytes) {
        rcar_cache_watch(s->cache, addr, bytes);
        if (rcar_cache_is_dirty(s->cache, addr, bytes, &first)) {
            dl_complain(s, wpf, "a line that is only in a cache", first);
        }
    }
}

static void dl_run_body(RCarVSPDState *s, unsigned wpf, uint32_t addr,
                        uint32_t bytes)
{
    g_autofree uint32_t *words = NULL;
    size_t i;

    if (addr % DL_ALIGN) {
        dl_complain(s, wpf, "body is not aligned", addr);
        return;
    }
    if (bytes % 8 || bytes > DL_MAX_BYTES) {
        dl_complain(s, wpf, "body of this size", bytes);
        return;
    }
    if (!bytes) {
        return;
    }
    words = g_malloc(bytes);
    if (!dl_read(s, addr, words, bytes / 4)) {
        dl_complain(s, wpf, "body is not in RAM", addr);
        return;
    }
    for (i = 0; i < bytes / 4; i += 2) {
        if (words[i] % 4 || words[i] >= RCAR_VSPD_MMIO_SIZE) {
            dl_complain(s, wpf, "no such register", words[i]);
            continue;
        }
        trace_rcar_vspd_dl_write(vspd_name(s), wpf, words[i], words[i + 1]);
        vspd_write(s, words[i], words[i + 1]);
    }
}

/* Which list is next; false if there is none. */
static bool dl_advance(RCarVSPDState *s, unsigned wpf)
{
    uint32_t *cmd = &s->regs[(A_CMD + wpf * CMD_STEP) / 4];
    RCarVSPDList *list = &s->list[wpf];
    VSPDHeader header;

    if (*cmd & R_CMD_UPDHDR_MASK) {
        list->header = vspd_reg(s->regs,
                                A_DL_HDR_ADDR + wpf * DL_HDR_ADDR_STEP);
        *cmd &= ~R_CMD_UPDHDR_MASK;
    } else if (!list->started) {
        /*
         * Read again at each frame: a driver may edit the header of the list
         * that repeats itself.
         */
        if (!dl_read_header(s, wpf, &header)) {
            return false;
        }
        if (!(header.flags & DL_FLAG_AUTO_START)) {
            s->regs[R_STATUS] &= ~(1 << (R_STATUS_SYS_ACT_SHIFT + wpf));
            return false;
        }
        list->header = header.next;
    }
    list->started = false;
    return true;
}

bool vspd_dl_run(RCarVSPDState *s, unsigned wpf)
{
    RCarVSPDList *list = &s->list[wpf];
    uint32_t old = list->started ? 0 : list->header;
    VSPDHeader header;
    bool fresh;
    unsigned i;

    if (vspd_reg(s->regs, A_DL_CTRL) &
        (R_DL_CTRL_NH0_MASK | R_DL_CTRL_CFM0_MASK)) {
        qemu_log_mask(LOG_UNIMP, "%s: headerless display lists\n",
                      vspd_name(s));
        return false;
    }
    if (!dl_advance(s, wpf)) {
        return false;
    }
    fresh = list->header != old;
    if (fresh) {
        list->complained = false;
    }
    trace_rcar_vspd_dl_run(vspd_name(s), wpf, list->header);
    if (!dl_read_header(s, wpf, &header)) {
        return false;
    }
    if (fresh) {
        dl_check_cache(s, wpf, list->header, DL_WORDS * 4);
    }
    if (header.num_lists >= DL_MAX_BODIES) {
        dl_complain(s, wpf, "number of bodies", header.num_lists + 1);
        return false;
    }
    if ((header.pre_num_flags >> 16) & (DL_EXT_PRE_EXEC | DL_EXT_POST_EXEC)) {
        qemu_log_mask(LOG_UNIMP, "%s: extended display list commands\n",
                      vspd_name(s));
    }
    for (i = 0; i <= header.num_lists; i++) {
        if (fresh) {
            dl_check_cache(s, wpf, header.lists[i].addr,
                           header.lists[i].num_bytes);
        }
        dl_run_body(s, wpf, header.lists[i].addr, header.lists[i].num_bytes);
    }
    return fresh;
}
