/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that a guest can change at any time
 *
 * It is poisoned: what reads it in another way than by READ_ONCE(), or beyond its end,
 * is found by AddressSanitizer.
 */

#ifndef FUZZ_GUEST_H
#define FUZZ_GUEST_H

#include <stddef.h>
#include <stdint.h>

#define GUEST_MAX_AREAS		16

/**
 * struct guest_ops - What a target wants to know of accesses to guest memory
 * @read: called before each read of an area, and may change it
 * @was_read: called with what was read
 * @written: called after each write
 */
struct guest_ops {
	void (*read)(size_t offset, size_t size);
	void (*was_read)(size_t offset, size_t size, uint64_t value);
	void (*written)(size_t offset, size_t size);
};

/* A new area, its bytes are @data repeated. @shift: its address modulo 16. */
void *guest_new(size_t size, size_t shift, const uint8_t *data, size_t count);
void guest_free_all(void);
void guest_watch(const struct guest_ops *ops);

/* As the guest does it: neither watched nor checked. */
void guest_poke(void *area, size_t offset, uint8_t value);
uint8_t guest_peek(const void *area, size_t offset);

void guest_read_once(const volatile void *from, void *to, size_t size);
void guest_write_once(volatile void *to, const void *from, size_t size);

#endif
