// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the operations of a round share
 */

#define _GNU_SOURCE

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "random.h"

void random_failed(struct random_state *state, const char *fmt, ...)
{
	struct random_report *report = state->report;
	va_list args;

	if (__atomic_fetch_add(&report->failures, 1, __ATOMIC_RELAXED))
		return;
	va_start(args, fmt);
	vsnprintf(report->failure, sizeof(report->failure), fmt, args);
	va_end(args);
}

/* -----------------------------------------------------------------------------
 * Slots
 */

static void slots_init(struct random_slot *slots, unsigned int num)
{
	while (num--) {
		pthread_mutex_init(&slots[num].lock, NULL);
		slots[num].fd = -1;
	}
}

struct random_slot *random_slot_get(struct random_ctx *ctx,
				    struct random_slot *slots, bool full)
{
	unsigned int i, first = rnd_below(&ctx->rnd, RANDOM_SLOTS);

	for (i = 0; i < RANDOM_SLOTS; i++) {
		struct random_slot *slot = &slots[(first + i) % RANDOM_SLOTS];

		if (pthread_mutex_trylock(&slot->lock))
			continue;
		if (!full || slot->fd >= 0 || slot->map)
			return slot;
		pthread_mutex_unlock(&slot->lock);
	}
	return NULL;
}

void random_slot_put(struct random_slot *slot)
{
	pthread_mutex_unlock(&slot->lock);
}

void random_slot_clear(struct random_slot *slot)
{
	if (slot->map)
		munmap(slot->map, slot->size);
	if (slot->fd >= 0)
		close(slot->fd);
	slot->map = NULL;
	slot->fd = -1;
}

/*
 * The kernel's sw_sync signals the fences of a timeline that is closed with its lock held.
 * If the last reference on one is that of a poll() of its buffer, it takes the lock again,
 * for ever, with interrupts off (sw_sync_debugfs_release(), 6.12). One step over them all is
 * right: it has a reference of its own.
 */
static void fence_signal(struct random_slot *slot)
{
	__u32 steps = RANDOM_ALL_FENCES;

	if (slot->fd >= 0)
		ioctl(slot->fd, RANDOM_SW_SYNC_INC, &steps);
}

static void fence_clear(struct random_slot *slot)
{
	fence_signal(slot);
	random_slot_clear(slot);
}

void random_fences_signal(struct random_state *state)
{
	unsigned int i;

	for (i = 0; i < RANDOM_SLOTS; i++) {
		if (pthread_mutex_trylock(&state->fences[i].lock))
			continue;
		fence_signal(&state->fences[i]);
		pthread_mutex_unlock(&state->fences[i].lock);
	}
}

void random_fences_hold(struct random_state *state)
{
	unsigned int i;

	for (i = 0; i < RANDOM_SLOTS; i++) {
		pthread_mutex_lock(&state->fences[i].lock);
		fence_clear(&state->fences[i]);
	}
}

void random_fences_release(struct random_state *state)
{
	unsigned int i;

	for (i = 0; i < RANDOM_SLOTS; i++)
		pthread_mutex_unlock(&state->fences[i].lock);
}

static void slots_clear(struct random_slot *slots, unsigned int num)
{
	while (num--)
		random_slot_clear(&slots[num]);
}

/* -----------------------------------------------------------------------------
 * Memory that may have gone
 */

static __thread sigjmp_buf touch_env;
static __thread bool touching;

static void touch_handler(int sig)
{
	if (__atomic_load_n(&touching, __ATOMIC_RELAXED))
		siglongjmp(touch_env, sig);
	signal(sig, SIG_DFL);
	raise(sig);
}

void random_touch_init(void)
{
	struct sigaction action = { .sa_handler = touch_handler };

	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGSEGV, &action, NULL);
}

int random_touch(__u8 *p, bool write)
{
	int sig = sigsetjmp(touch_env, 1);

	if (!sig) {
		__u8 value;

		__atomic_store_n(&touching, true, __ATOMIC_SEQ_CST);
		value = __atomic_load_n(p, __ATOMIC_RELAXED);
		if (write)
			__atomic_store_n(p, value, __ATOMIC_RELAXED);
	}
	__atomic_store_n(&touching, false, __ATOMIC_SEQ_CST);
	return sig;
}

int random_store(__u32 *p, __u32 value)
{
	int sig = sigsetjmp(touch_env, 1);

	if (!sig) {
		__atomic_store_n(&touching, true, __ATOMIC_SEQ_CST);
		__atomic_store_n(p, value, __ATOMIC_RELEASE);
	}
	__atomic_store_n(&touching, false, __ATOMIC_SEQ_CST);
	return sig;
}

/* -----------------------------------------------------------------------------
 * Guest RAM
 */

bool random_block_check(struct random_state *state, unsigned int n)
{
	struct random_block *block = &state->blocks[n];
	const __u8 *p = state->ram.va + n * RANDOM_BLOCK_SIZE;
	size_t i;
	bool same;

	pthread_mutex_lock(&block->lock);
	same = p[0] == block->value && !memcmp(p, p + 1, RANDOM_BLOCK_SIZE - 1);
	if (!same) {
		for (i = 0; i < RANDOM_BLOCK_SIZE - 1 &&
		     p[i] == block->value; i++)
			;
		random_failed(state, "RAM at 0x%llx + 0x%zx: 0x%02x, the guest wrote 0x%02x",
			      (unsigned long long)n * RANDOM_BLOCK_SIZE, i,
			      p[i], block->value);
		block->value = p[0];
	}
	pthread_mutex_unlock(&block->lock);
	return same;
}

void random_block_draw(struct random_state *state, unsigned int n)
{
	struct random_block *block = &state->blocks[n];

	pthread_mutex_lock(&block->lock);
	block->value++;
	memset(state->ram.va + n * RANDOM_BLOCK_SIZE, block->value,
	       RANDOM_BLOCK_SIZE);
	pthread_mutex_unlock(&block->lock);
}

/* udmabuf wants memory that cannot shrink. */
static int ram_init(struct random_state *state)
{
	unsigned int i;

	state->ram_fd = memfd_create("guest-ram",
				     MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (state->ram_fd < 0 || ftruncate(state->ram_fd, VFIO_GFX_RAM_SIZE))
		return -errno;
	state->ram.va = mmap(NULL, VFIO_GFX_RAM_SIZE, PROT_READ | PROT_WRITE,
			     MAP_SHARED, state->ram_fd, 0);
	if (state->ram.va == MAP_FAILED)
		return -errno;
	state->ram.iova = VFIO_GFX_RAM_IOVA;
	state->ram.size = VFIO_GFX_RAM_SIZE;
	for (i = 0; i < RANDOM_BLOCKS; i++)
		pthread_mutex_init(&state->blocks[i].lock, NULL);

	return __vfio_gfx_ram_alloc(&state->hole, VFIO_GFX_ANON,
				    RANDOM_HOLE_IOVA, RANDOM_HOLE_SIZE);
}

/* -----------------------------------------------------------------------------
 * The device
 */

int random_dev_open(struct random_state *state, unsigned int timeout_ms)
{
	__u64 end = vfio_gfx_now_ms() + timeout_ms;
	int ret;

	/* What was closed may be in use for a moment. */
	do {
		ret = __vfio_gfx_open_uuid(&state->dev, state->target->mode,
					   state->report->uuid);
		if (!ret)
			break;
		vfio_gfx_sleep_ms(2);
	} while (vfio_gfx_now_ms() < end);
	state->open = !ret;
	if (!ret)
		__vfio_gfx_dma_map(&state->dev, state->ram.va, state->ram.iova,
				   state->ram.size, true);
	return ret;
}

void random_state_init(struct random_state *state)
{
	pthread_rwlockattr_t attr;
	int ret;

	/* Who closes the device must not wait for ever. */
	pthread_rwlockattr_init(&attr);
	pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&state->dev_lock, &attr);
	slots_init(state->bufs, RANDOM_SLOTS);
	slots_init(state->maps, RANDOM_SLOTS);
	slots_init(state->imports, RANDOM_SLOTS);
	slots_init(state->fences, RANDOM_SLOTS);
	slots_init(state->events, RANDOM_SLOTS);
	slots_init(&state->shadow, 1);
	random_touch_init();
	state->vgem = __vfio_gfx_drm_open("vgem");
	ret = ram_init(state);
	if (!ret)
		ret = random_dev_open(state, 1000);
	if (ret)
		random_failed(state, "open: %s", strerror(-ret));
}

void random_state_fini(struct random_state *state)
{
	random_fences_signal(state);
	slots_clear(state->fences, RANDOM_SLOTS);
	slots_clear(state->imports, RANDOM_SLOTS);
	slots_clear(state->maps, RANDOM_SLOTS);
	slots_clear(state->bufs, RANDOM_SLOTS);
	slots_clear(state->events, RANDOM_SLOTS);
	slots_clear(&state->shadow, 1);
	if (state->vgem >= 0)
		close(state->vgem);
	if (state->open)
		vfio_gfx_close(&state->dev);
	vfio_gfx_ram_free(&state->ram);
	vfio_gfx_ram_free(&state->hole);
	if (state->ram_fd >= 0)
		close(state->ram_fd);
}
