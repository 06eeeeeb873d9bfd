/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the fuzz targets share
 */

#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define must(cond)							\
	do {								\
		if (!(cond)) {						\
			fprintf(stderr, "%s:%d: must be: %s\n",		\
				__FILE__, __LINE__, #cond);		\
			abort();					\
		}							\
	} while (0)

/* The same with two values to be printed. */
#define must_equal(a, b)						\
	do {								\
		unsigned long long _a = (a), _b = (b);			\
									\
		if (_a != _b) {						\
			fprintf(stderr,					\
				"%s:%d: must be equal: %s, %s: %#llx, %#llx\n", \
				__FILE__, __LINE__, #a, #b, _a, _b);	\
			abort();					\
		}							\
	} while (0)

/**
 * struct input - What is left of the input
 * @data: the next byte
 * @size: bytes
 */
struct input {
	const uint8_t *data;
	size_t size;
};

static inline uint8_t take8(struct input *in)
{
	if (!in->size)
		return 0;

	in->size--;
	return *in->data++;
}

/* Little endian, whatever the machine is: the seeds are the same. */
static inline uint16_t take16(struct input *in)
{
	uint16_t low = take8(in);

	return low | take8(in) << 8;
}

static inline uint32_t take32(struct input *in)
{
	uint32_t low = take16(in);

	return low | (uint32_t)take16(in) << 16;
}

/* At most @count bytes. */
static inline const uint8_t *take_bytes(struct input *in, size_t *count)
{
	const uint8_t *bytes = in->data;

	if (*count > in->size)
		*count = in->size;
	in->data += *count;
	in->size -= *count;

	return bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
