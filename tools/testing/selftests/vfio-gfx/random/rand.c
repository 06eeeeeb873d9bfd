// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random numbers that are the same everywhere
 */

#include <string.h>

#include "random.h"

/* Mixes all bits of a counter: the finalizer of splitmix64. */
static __u64 mix(__u64 x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9ull;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

struct rnd rnd_of(__u64 seed, __u64 a, __u64 b, __u64 c)
{
	return (struct rnd) {
		mix(mix(mix(mix(seed + 1) + a) + b) + c),
	};
}

__u64 rnd_next(struct rnd *rnd)
{
	rnd->state += 0x9e3779b97f4a7c15ull;
	return mix(rnd->state);
}

unsigned int rnd_below(struct rnd *rnd, unsigned int n)
{
	return rnd_next(rnd) % n;
}

bool rnd_one_in(struct rnd *rnd, unsigned int n)
{
	return !rnd_below(rnd, n);
}

__u32 rnd_near(struct rnd *rnd, __u32 value)
{
	static const __u32 borders[] = {
		0, 1, 0x7fffffff, 0x80000000, 0xfffff000, 0xffffffff,
	};

	switch (rnd_below(rnd, 16)) {
	case 0:
		return value + 1;
	case 1:
		return value - 1;
	case 2:
		return value ^ 1u << rnd_below(rnd, 32);
	case 3:
		return rnd_pick(rnd, borders);
	case 4:
		return rnd_next(rnd);
	default:
		return value;
	}
}

void rnd_fill(struct rnd *rnd, void *buf, size_t size)
{
	__u8 *p = buf;

	while (size) {
		__u64 value = rnd_next(rnd);
		size_t n = size < sizeof(value) ? size : sizeof(value);

		memcpy(p, &value, n);
		p += n;
		size -= n;
	}
}
