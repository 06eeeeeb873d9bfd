/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registers that include/uapi/linux/rcar_vdu.h has, and no others
 */

#ifndef FUZZ_ABI_H
#define FUZZ_ABI_H

#include <stdbool.h>
#include <stdint.h>

#include "fuzz.h"

/**
 * struct abi_reg - A register
 * @offset: its offset
 * @mask: bits that can be written
 * @stored: it reads what was written to it
 */
struct abi_reg {
	uint32_t offset;
	uint32_t mask;
	bool stored;
};

/* The register number @index of a BAR; false if there are no more. */
typedef bool (*abi_bar)(unsigned int index, struct abi_reg *reg);

bool abi_bar0(unsigned int index, struct abi_reg *reg);
bool abi_bar2(unsigned int index, struct abi_reg *reg);

/* Whether @offset is a stored register, and what can be written of it. */
bool abi_find(abi_bar bar, uint32_t offset, uint32_t *mask);

/* A register of BAR 2 that reads something and is not stored. */
bool abi_read_only(uint32_t offset);

/* A register of the BAR, or any offset in it. */
uint32_t abi_take_offset(struct input *in, uint32_t size, abi_bar bar);

#endif
