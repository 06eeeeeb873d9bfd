// SPDX-License-Identifier: GPL-2.0-only
/*
 * A round: threads that do one operation after the other
 */

#define _GNU_SOURCE

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "random.h"

static const struct random_op *ops[RANDOM_MAX_OPS];
static unsigned int num_ops, total_weight;

static void add_ops(const struct random_op *list)
{
	for (; list->name; list++) {
		if (num_ops == RANDOM_MAX_OPS)
			abort();
		ops[num_ops++] = list;
	}
}

unsigned int random_num_ops(void)
{
	if (!num_ops) {
		add_ops(random_ioctl_ops);
		add_ops(random_guest_ops);
		add_ops(random_dmabuf_ops);
		add_ops(random_import_ops);
		add_ops(random_memory_ops);
		add_ops(random_host_ops);
	}
	return num_ops;
}

const struct random_op *random_op(unsigned int n)
{
	return ops[n];
}

/* -----------------------------------------------------------------------------
 * Which operation
 */

/* Whether a list of names with commas has it. */
static bool listed(const char *list, const char *name)
{
	size_t len = strlen(name);
	const char *p;

	for (p = list; p; p = strchr(p, ',')) {
		p += *p == ',';
		if (!strncmp(p, name, len) && (p[len] == ',' || !p[len]))
			return true;
	}
	return false;
}

static unsigned int weight_of(const struct random_options *options,
			      const struct random_op *op)
{
	if (options->only)
		return listed(options->only, op->name) ? op->weight : 0;
	if (op->known && !options->known)
		return 0;
	return listed(options->without, op->name) ? 0 : op->weight;
}

static unsigned int weights[RANDOM_MAX_OPS];

static void weigh(const struct random_options *options)
{
	unsigned int i;

	total_weight = 0;
	for (i = 0; i < random_num_ops(); i++) {
		weights[i] = weight_of(options, ops[i]);
		total_weight += weights[i];
	}
}

static unsigned int pick_op(struct rnd *rnd)
{
	unsigned int i, n = rnd_below(rnd, total_weight);

	for (i = 0; n >= weights[i]; i++)
		n -= weights[i];
	return i;
}

/* -----------------------------------------------------------------------------
 * One operation
 */

static int perform(struct random_ctx *ctx, const struct random_op *op)
{
	struct random_state *state = ctx->state;
	int ret = RANDOM_NOTHING;

	if (!(op->flags & RANDOM_DEV))
		return op->run(ctx);
	pthread_rwlock_rdlock(&state->dev_lock);
	if (state->open)
		ret = op->run(ctx);
	pthread_rwlock_unlock(&state->dev_lock);
	return ret;
}

/* Lack of memory, in the words of those who lack it */
static const int memory_errors[] = {
	ENOMEM, ENOSPC, EFAULT, EAGAIN, ENOENT, ENODEV, EIO, EINTR, EBUSY, 0
};

static bool error_in(const int *errors, int error)
{
	while (*errors && *errors != error)
		errors++;
	return *errors;
}

static void judge(struct random_ctx *ctx, unsigned int n, int ret, bool failed)
{
	struct random_report *report = ctx->state->report;
	const struct random_op *op = ops[n];

	if (ret == RANDOM_NOTHING) {
		__atomic_fetch_add(&report->nothing[n], 1, __ATOMIC_RELAXED);
		return;
	}
	if (ret >= 0) {
		__atomic_fetch_add(&report->good[n], 1, __ATOMIC_RELAXED);
		return;
	}
	__atomic_fetch_add(&report->bad[n], 1, __ATOMIC_RELAXED);
	/* From 512 on they are the kernel's own. */
	if (ret > -512) {
		if (!op->errors || error_in(op->errors, -ret))
			return;
		if (failed && error_in(memory_errors, -ret))
			return;
	}
	random_failed(ctx->state, "%s returned %d (%s)%s", op->name, ret,
		      strerror(-ret), failed ? ", an allocation failed" : "");
}

static void one_op(struct random_state *state, unsigned int thread,
		   unsigned int stream, __u64 number)
{
	const struct random_options *options = state->options;
	struct random_activity *activity = &state->report->threads[thread];
	struct random_ctx ctx = {
		.state = state,
		.thread = thread,
		.rnd = rnd_of(options->seed, state->round, stream, number),
	};
	unsigned int n = pick_op(&ctx.rnd);
	bool arm, failed = false;
	int ret;

	activity->stream = stream;
	activity->number = number;
	activity->op = n;
	__atomic_store_n(&activity->start_ms, vfio_gfx_now_ms(),
			 __ATOMIC_RELEASE);
	if (options->trace)
		fprintf(stderr, "# %u:%u:%llu %s\n", state->round, stream,
			(unsigned long long)number, ops[n]->name);

	arm = state->may_fail && !(ops[n]->flags & RANDOM_NO_FAULT) &&
	      rnd_one_in(&ctx.rnd, 4);
	if (arm)
		random_faults_arm(&ctx);
	ret = perform(&ctx, ops[n]);
	if (arm)
		failed = random_faults_disarm();
	if (failed)
		__atomic_fetch_add(&state->report->failed_allocations, 1,
				   __ATOMIC_RELAXED);
	if (options->trace)
		fprintf(stderr, "# %u:%u:%llu %s = %d\n", state->round, stream,
			(unsigned long long)number, ops[n]->name, ret);
	judge(&ctx, n, ret, failed);
	__atomic_store_n(&activity->start_ms, 0, __ATOMIC_RELEASE);
}

/* -----------------------------------------------------------------------------
 * Threads
 */

struct worker {
	struct random_state *state;
	unsigned int thread;
	pthread_t id;
};

static void *work(void *data)
{
	struct worker *worker = data;
	struct random_state *state = worker->state;
	const struct random_options *options = state->options;
	__u64 i;

	state->report->threads[worker->thread].tid = syscall(SYS_gettid);
	for (i = 0; !options->ops || i < options->ops; i++) {
		struct rnd rnd = rnd_of(~options->seed, state->round,
					worker->thread, i);
		unsigned int stream = worker->thread;
		__u64 number = i;

		if (vfio_gfx_now_ms() >= state->end_ms ||
		    __atomic_load_n(&state->report->failures, __ATOMIC_RELAXED))
			break;
		if (rnd_one_in(&rnd, 4)) {
			stream = RANDOM_SHARED_STREAM;
			number = __atomic_fetch_add(&state->shared_next, 1,
						    __ATOMIC_RELAXED);
		}
		one_op(state, worker->thread, stream, number);
	}
	return NULL;
}

void random_round(struct random_state *state)
{
	struct rnd rnd = rnd_of(state->options->seed, state->round, 0, 0);
	struct worker workers[RANDOM_MAX_THREADS];
	unsigned int i;

	random_num_ops();
	weigh(state->options);
	state->may_fail = state->options->faults && rnd_one_in(&rnd, 2);
	state->end_ms = vfio_gfx_now_ms() + state->options->round_ms;
	random_state_init(state);
	for (i = 0; i < state->options->threads; i++) {
		workers[i] = (struct worker) { .state = state, .thread = i };
		if (pthread_create(&workers[i].id, NULL, work, &workers[i]))
			_exit(2);
	}

	/* A VMM that is killed leaves everything to the kernel. */
	if (rnd_one_in(&rnd, 4)) {
		vfio_gfx_sleep_ms(rnd_below(&rnd, state->options->round_ms));
		random_fences_signal(state);
		raise(SIGKILL);
	}
	for (i = 0; i < state->options->threads; i++)
		pthread_join(workers[i].id, NULL);
	for (i = 0; i < RANDOM_BLOCKS; i++)
		random_block_check(state, i);
	random_state_fini(state);
	random_locked_none(state);
	_exit(state->report->failures ? 1 : 0);
}
