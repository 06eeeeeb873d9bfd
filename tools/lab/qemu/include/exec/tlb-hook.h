/*
 * A board that has to know of the stores of its CPUs to RAM
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXEC_TLB_HOOK_H
#define EXEC_TLB_HOOK_H

#include "exec/cpu-common.h"
#include "hw/core/cpu.h"

typedef struct TLBHook TLBHook;

/*
 * @full, the TLB entry of an access, has the attributes of the mapping. Both
 * functions are called by the thread of the CPU.
 */
struct TLBHook {
    /* @page gets a TLB entry: is @store to be called for stores through it? */
    bool (*fill)(TLBHook *hook, const CPUTLBEntryFull *full, ram_addr_t page);
    /*
     * Called before a store, which does not cross pages. Returns whether to
     * call it for the next one, too; after false it may still be called.
     */
    bool (*store)(TLBHook *hook, const CPUTLBEntryFull *full, ram_addr_t addr,
                  unsigned size);
};

/* Set before the first CPU runs, or NULL. In accel/tcg/cputlb.c. */
extern TLBHook *tlb_hook;

#endif
