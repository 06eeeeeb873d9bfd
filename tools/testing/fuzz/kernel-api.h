/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the pure files of the mediator take from the kernel, for user space
 *
 * The Makefile makes each header of the kernel that they include one line, which
 * includes this file.
 *
 * Memory that a guest writes may be accessed by READ_ONCE() and WRITE_ONCE() only, and
 * within its bounds: it is poisoned for everything else (guest.h).
 */

#ifndef FUZZ_KERNEL_API_H
#define FUZZ_KERNEL_API_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "guest.h"

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef u16 __le16;
typedef u32 __le32;

#define U64_MAX			UINT64_MAX

/* linux/bits.h, align.h, array_size.h, math.h */
#define BITS_PER_BYTE		8
#define BIT(n)			(1UL << (n))
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define IS_ALIGNED(x, to)	((x) % (to) == 0)
#define lower_32_bits(n)	((u32)(n))
#define upper_32_bits(n)	((u32)((u64)(n) >> 32))
#define PAGE_SIZE		4096

static inline u32 ALIGN(u32 x, u32 to)
{
	return (x + to - 1) / to * to;
}

static inline u32 DIV_ROUND_UP(u32 n, u32 d)
{
	return (n + d - 1) / d;
}

static inline u32 DIV_ROUND_CLOSEST(u32 n, u32 d)
{
	return (n + d / 2) / d;
}

/* linux/minmax.h */
#define min_t(type, a, b)						\
	({ type _a = (a); type _b = (b); _a < _b ? _a : _b; })
#define max_t(type, a, b)						\
	({ type _a = (a); type _b = (b); _a > _b ? _a : _b; })
#define min(a, b)							\
	({ __auto_type _a = (a); __auto_type _b = (b); _a < _b ? _a : _b; })
#define max(a, b)							\
	({ __auto_type _a = (a); __auto_type _b = (b); _a > _b ? _a : _b; })
#define clamp(x, low, high)						\
	({ __auto_type _x = (x);					\
	   _x = max(_x, (__typeof__(_x))(low));				\
	   min(_x, (__typeof__(_x))(high)); })

/* linux/math64.h, time64.h */
#define USEC_PER_SEC		1000000L
#define NSEC_PER_SEC		1000000000L

static inline u64 div_u64(u64 n, u32 d)
{
	return n / d;
}

/* linux/export.h, kunit/visibility.h */
#define EXPORT_SYMBOL_IF_KUNIT(name)	_Static_assert(1, #name)
#define static_assert(cond)		_Static_assert(cond, #cond)

/* linux/compiler.h, asm/barrier.h */
#define READ_ONCE(x)							\
	({ __auto_type _from = &(x); __typeof_unqual__(*_from) _once;	\
	   guest_read_once(_from, &_once, sizeof(_once)); _once; })
#define WRITE_ONCE(x, value)						\
	do {								\
		__auto_type _to = &(x);					\
		__typeof_unqual__(*_to) _once = (value);		\
									\
		guest_write_once(_to, &_once, sizeof(_once));		\
	} while (0)
/* There is one thread only, */
#define virt_rmb()		do { } while (0)
/* whose guest sees and writes in order. */
#define virt_wmb()		do { } while (0)

/* asm/byteorder.h, linux/unaligned.h */
#define cpu_to_le32(x)		htole32(x)
#define le32_to_cpu(x)		le32toh(x)
#define le16_to_cpu(x)		le16toh(x)

static inline void cpu_to_le32_array(u32 *words, unsigned int count)
{
	while (count--)
		words[count] = htole32(words[count]);
}

static inline u16 get_unaligned_le16(const void *p)
{
	u16 value;

	memcpy(&value, p, sizeof(value));
	return le16toh(value);
}

static inline u32 get_unaligned_le32(const void *p)
{
	u32 value;

	memcpy(&value, p, sizeof(value));
	return le32toh(value);
}

static inline void put_unaligned_le16(u16 value, void *p)
{
	value = htole16(value);
	memcpy(p, &value, sizeof(value));
}

static inline void put_unaligned_le32(u32 value, void *p)
{
	value = htole32(value);
	memcpy(p, &value, sizeof(value));
}

/* linux/string.h, crc32.h */
static inline void memset32(u32 *words, u32 value, size_t count)
{
	while (count--)
		*words++ = value;
}

static inline u32 crc32_le(u32 crc, const u8 *bytes, size_t count)
{
	unsigned int i;

	while (count--) {
		crc ^= *bytes++;
		for (i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}

	return crc;
}

/* drm/drm_blend.h, drm_plane.h */
#define DRM_MODE_BLEND_PREMULTI		0
#define DRM_MODE_BLEND_COVERAGE		1
#define DRM_MODE_BLEND_PIXEL_NONE	2

enum drm_plane_type {
	DRM_PLANE_TYPE_OVERLAY,
	DRM_PLANE_TYPE_PRIMARY,
	DRM_PLANE_TYPE_CURSOR,
};

#endif
