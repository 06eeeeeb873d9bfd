// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that a guest can change at any time
 */

#include <sanitizer/asan_interface.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "guest.h"

static struct guest_area {
	uint8_t *allocated;
	uint8_t *begin;
	size_t size;
} areas[GUEST_MAX_AREAS];

static unsigned int num_areas;
static const struct guest_ops *watcher;

__attribute__((no_sanitize("address")))
void guest_poke(void *area, size_t offset, uint8_t value)
{
	((volatile uint8_t *)area)[offset] = value;
}

__attribute__((no_sanitize("address")))
uint8_t guest_peek(const void *area, size_t offset)
{
	return ((const volatile uint8_t *)area)[offset];
}

void *guest_new(size_t size, size_t shift, const uint8_t *data, size_t count)
{
	struct guest_area *area = &areas[num_areas];
	size_t i;

	must(num_areas < GUEST_MAX_AREAS);
	area->allocated = malloc(shift + size);
	must(area->allocated);
	area->begin = area->allocated + shift;
	area->size = size;
	num_areas++;

	for (i = 0; i < size; i++)
		area->begin[i] = count ? data[i % count] : 0;
	ASAN_POISON_MEMORY_REGION(area->begin, size);

	return area->begin;
}

void guest_free_all(void)
{
	while (num_areas) {
		struct guest_area *area = &areas[--num_areas];

		ASAN_UNPOISON_MEMORY_REGION(area->begin, area->size);
		free(area->allocated);
	}
	watcher = NULL;
}

void guest_watch(const struct guest_ops *ops)
{
	watcher = ops;
}

/* The area in which all of [@p, @p + @size) is, or NULL. */
static const struct guest_area *find_area(const volatile void *p, size_t size)
{
	unsigned int i;

	for (i = 0; i < num_areas; i++) {
		uintptr_t offset = (uintptr_t)p - (uintptr_t)areas[i].begin;

		if (offset < areas[i].size && size <= areas[i].size - offset)
			return &areas[i];
	}

	return NULL;
}

void guest_read_once(const volatile void *from, void *to, size_t size)
{
	const struct guest_area *area = find_area(from, size);
	uint64_t value = 0;
	size_t offset, i;

	if (!area) {
		/* Memory of the device, or out of bounds. */
		memcpy(to, (const void *)from, size);
		return;
	}

	offset = (uintptr_t)from - (uintptr_t)area->begin;
	if (watcher && watcher->read)
		watcher->read(offset, size);
	for (i = 0; i < size; i++)
		((uint8_t *)to)[i] = guest_peek(area->begin, offset + i);
	memcpy(&value, to, size);
	if (watcher && watcher->was_read)
		watcher->was_read(offset, size, value);
}

void guest_write_once(volatile void *to, const void *from, size_t size)
{
	const struct guest_area *area = find_area(to, size);
	size_t offset, i;

	if (!area) {
		memcpy((void *)to, from, size);
		return;
	}

	offset = (uintptr_t)to - (uintptr_t)area->begin;
	for (i = 0; i < size; i++)
		guest_poke(area->begin, offset + i, ((const uint8_t *)from)[i]);
	if (watcher && watcher->written)
		watcher->written(offset, size);
}
