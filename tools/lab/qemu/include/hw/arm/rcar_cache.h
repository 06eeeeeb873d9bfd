/*
 * Renesas R-Car H3: which lines of RAM are only in a cache of the CPUs
 *
 * The display path does not snoop: what it fetches from memory is not what a
 * CPU has stored if that is still in a cache. QEMU has no caches, so that the
 * picture is always right. This tells of what would be wrong on a board.
 *
 * Lines become dirty by stores through write-back mappings, and clean by DC
 * CVAC, CIVAC and IVAC. That lines are evicted some time is not modelled: what
 * may be stale counts as stale. Nor is it modelled which clean lines a cache
 * has: it may have fetched any of them, at any time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_RCAR_CACHE_H
#define HW_ARM_RCAR_CACHE_H

#include "exec/hwaddr.h"
#include "qom/object.h"
#include "target/arm/cpu-qom.h"

#define TYPE_RCAR_CACHE "rcar-cache"
OBJECT_DECLARE_SIMPLE_TYPE(RCarCacheState, RCAR_CACHE)

/* The DC instructions of @cpu, which is realized, work from now on. */
void rcar_cache_add_cpu(RCarCacheState *s, ARMCPU *cpu);

/*
 * A device works on @len bytes at @addr: from now on no store to these pages
 * goes unseen.
 */
void rcar_cache_watch(RCarCacheState *s, hwaddr addr, hwaddr len);

/*
 * Is a line of the @len bytes at @addr only in a cache? If so, @first is its
 * address. What is not RAM is not cached.
 */
bool rcar_cache_is_dirty(RCarCacheState *s, hwaddr addr, hwaddr len,
                         hwaddr *first);

/* A device that does not snoop has written @len bytes at @addr. */
void rcar_cache_written(RCarCacheState *s, hwaddr addr, hwaddr len);

#endif
