/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The random tester
 *
 * A round is one process with a few threads, each of which does one operation
 * after the other on one mediated device. What an operation does follows from
 * the seed, the number of the round, the stream and the number in it, so that a
 * round can be done again. There is a stream for each thread, and one that all
 * threads take from.
 *
 * The process that starts the rounds knows nothing of what they do: it looks at
 * what they leave, and whether they go on.
 */

#ifndef RANDOM_H
#define RANDOM_H

#include <errno.h>
#include <pthread.h>

#include "../lib/vfio_gfx.h"

#define RANDOM_MAX_THREADS	8
#define RANDOM_MAX_OPS		64
#define RANDOM_SLOTS		6
#define RANDOM_BLOCKS		64
#define RANDOM_BLOCK_SIZE	(VFIO_GFX_RAM_SIZE / RANDOM_BLOCKS)
/* Memory that comes and goes lies behind guest RAM. */
#define RANDOM_HOLE_IOVA	(VFIO_GFX_RAM_IOVA + VFIO_GFX_RAM_SIZE)
#define RANDOM_HOLE_SIZE	(4ull << 20)
#define RANDOM_SHARED_STREAM	0xffff

/* An operation that had nothing to work on. */
#define RANDOM_NOTHING		1

struct rnd {
	__u64 state;
};

struct random_options {
	__u64 seed;
	unsigned int threads;
	__u64 ops;		/* of each thread, in a round; 0: no limit */
	unsigned int round_ms;
	unsigned int bound_ms;	/* what an operation may take */
	const char *only;	/* names of operations, or NULL */
	const char *without;
	bool known;		/* also what is known to go wrong */
	bool faults;		/* allocations may fail */
	bool trace;
};

/* What is tried. */
struct random_target {
	const char *type;	/* of the mediated device */
	enum vfio_gfx_mode mode;
};

/* What a thread is doing. */
struct random_activity {
	__u64 start_ms;		/* 0: between operations */
	__u64 number;
	unsigned int stream;
	unsigned int op;
	pid_t tid;
};

/* Shared with the process that looks at it from outside. */
struct random_report {
	struct random_activity threads[RANDOM_MAX_THREADS];
	__u64 good[RANDOM_MAX_OPS];
	__u64 bad[RANDOM_MAX_OPS];	/* ended with an error that may be */
	__u64 nothing[RANDOM_MAX_OPS];
	__u64 failed_allocations;
	char uuid[VFIO_GFX_UUID_LEN];
	unsigned int failures;
	char failure[256];		/* the first one */
};

/* Something that operations find, use and replace. */
struct random_slot {
	pthread_mutex_t lock;
	int fd;			/* -1: empty */
	__u32 handle;		/* imports */
	void *map;
	size_t size;
	bool writable;
};

/* A piece of guest RAM, all bytes of which are what the guest wrote last. */
struct random_block {
	pthread_mutex_t lock;
	__u8 value;
};

struct random_state {
	const struct random_options *options;
	const struct random_target *target;
	struct random_report *report;
	unsigned int round;
	__u64 end_ms;
	__u64 shared_next;
	bool may_fail;		/* this round has failing allocations */

	/* Held for reading by what uses the device, for writing to replace it */
	pthread_rwlock_t dev_lock;
	struct vfio_gfx_dev dev;
	bool open;

	int ram_fd;
	struct vfio_gfx_ram ram;
	struct vfio_gfx_ram hole;
	struct random_block blocks[RANDOM_BLOCKS];

	int vgem;
	__u32 ids[RANDOM_SLOTS];	/* of dma-bufs that were seen */
	struct random_slot bufs[RANDOM_SLOTS];
	struct random_slot maps[RANDOM_SLOTS];
	struct random_slot imports[RANDOM_SLOTS];
	struct random_slot fences[RANDOM_SLOTS];
	struct random_slot events[RANDOM_SLOTS];
	struct random_slot shadow;
};

/* One operation */
struct random_ctx {
	struct random_state *state;
	struct rnd rnd;
	unsigned int thread;
};

enum random_flags {
	RANDOM_DEV = 1,		/* wants an open device */
	RANDOM_NO_FAULT = 2,	/* allocations of it may not fail */
};

struct random_op {
	const char *name;
	unsigned int weight;
	/* 0, RANDOM_NOTHING or a negative error code */
	int (*run)(struct random_ctx *ctx);
	const int *errors;	/* those that are documented, the last is 0 */
	unsigned int flags;
	const char *known;	/* what is wrong with it, or NULL */
};

/* Lists of operations end with one without a name. */
extern const struct random_op random_ioctl_ops[];
extern const struct random_op random_guest_ops[];
extern const struct random_op random_dmabuf_ops[];
extern const struct random_op random_import_ops[];
extern const struct random_op random_memory_ops[];
extern const struct random_op random_host_ops[];

/* Random numbers */

struct rnd rnd_of(__u64 seed, __u64 a, __u64 b, __u64 c);
__u64 rnd_next(struct rnd *rnd);
/* Less than n */
unsigned int rnd_below(struct rnd *rnd, unsigned int n);
/* True once in n times */
bool rnd_one_in(struct rnd *rnd, unsigned int n);
/* Mostly value, or something near it, or a border case. */
__u32 rnd_near(struct rnd *rnd, __u32 value);
void rnd_fill(struct rnd *rnd, void *buf, size_t size);
#define rnd_pick(rnd, array)						\
({									\
	const typeof(array) *__array = &(array);			\
	(*__array)[rnd_below(rnd, ARRAY_SIZE(*__array))];		\
})

/* State */

void random_state_init(struct random_state *state);
void random_state_fini(struct random_state *state);
int random_dev_open(struct random_state *state, unsigned int timeout_ms);
/* A slot that nobody uses, locked; NULL if the one that was picked is in use. */
struct random_slot *random_slot_get(struct random_ctx *ctx,
				    struct random_slot *slots, bool full);
void random_slot_put(struct random_slot *slot);
/* Close and unmap what is in it. */
void random_slot_clear(struct random_slot *slot);
/* Steps of a timeline, for its file: signals that many fences */
#define RANDOM_SW_SYNC_INC	_IOW('W', 1, __u32)
#define RANDOM_ALL_FENCES	1000
/* Signal the fences that nobody uses right now, before their files are closed. */
void random_fences_signal(struct random_state *state);
/*
 * Signal all fences, and let nobody make one: for what the kernel's core waits for
 * them in.
 */
void random_fences_hold(struct random_state *state);
void random_fences_release(struct random_state *state);
/* Read or write a byte: 0, or the signal that this raised. */
int random_touch(__u8 *p, bool write);
int random_store(__u32 *p, __u32 value);
void random_touch_init(void);
/* Record something that must not happen; the first one is told. */
void __printf(2, 3) random_failed(struct random_state *state,
				  const char *fmt, ...);
/* Guest RAM is what the guest wrote; false and a failure if it is not. */
bool random_block_check(struct random_state *state, unsigned int n);
void random_block_draw(struct random_state *state, unsigned int n);

/* Rounds */

unsigned int random_num_ops(void);
const struct random_op *random_op(unsigned int n);
/* Does one round, in a process of its own, and ends this process. */
void __noreturn random_round(struct random_state *state);

/* What is left */

struct random_traces {
	int kmsg;
	long long pinned;
	int dmabufs;
	long long module_refs;
	unsigned long taint;
	long slab_kib;
};

bool random_faults_available(void);
void random_faults_arm(struct random_ctx *ctx);
bool random_faults_disarm(void);
/* Remember what there is; complaints of the kernel are looked for from now on. */
void random_traces_begin(struct random_traces *traces);
/* False, with a comment, if there is more than there was. */
bool random_traces_check(struct random_traces *traces);
bool random_locked_none(struct random_state *state);

#endif /* RANDOM_H */
