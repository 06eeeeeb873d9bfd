/*
 * A board that has to know of what its CPUs do to RAM
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXEC_TLB_HOOK_H
#define EXEC_TLB_HOOK_H

#include "exec/cpu-common.h"
#include "hw/core/cpu.h"

typedef struct TLBHook TLBHook;

#define TLB_HOOK_STORE  1
#define TLB_HOOK_LOAD   2

/*
 * @full, the TLB entry of an access, has the attributes of the mapping. These
 * functions are called by the thread of the CPU, but @dma.
 */
struct TLBHook {
    /* @page gets a TLB entry: which accesses through it are to be told? */
    unsigned (*fill)(TLBHook *hook, const CPUTLBEntryFull *full,
                     ram_addr_t page);
    /*
     * Called before a store, which does not cross pages. Returns whether to
     * call it for the next one, too; after false it may still be called.
     */
    bool (*store)(TLBHook *hook, const CPUTLBEntryFull *full, ram_addr_t addr,
                  unsigned size);
    /* Called before a load, likewise, also if nobody asked. Not for atomics. */
    void (*load)(TLBHook *hook, CPUState *cpu, const CPUTLBEntryFull *full,
                 ram_addr_t addr, unsigned size, uintptr_t retaddr);
    /* A device of QEMU has written. */
    void (*dma)(TLBHook *hook, ram_addr_t addr, ram_addr_t size);
};

/* Set before the first CPU runs, or NULL. In accel/tcg/cputlb.c. */
extern TLBHook *tlb_hook;

#endif
