// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random operations on a mediated device, for as long as wanted
 *
 * Usage: random_test [--seed N] [--round N] [--time SECONDS] [--rounds N]
 *	[--ops N] [--threads N] [--round-ms N] [--bound-ms N]
 *	[--type virtual|plane|channel] [--mode group|cdev]
 *	[--only OPERATIONS] [--without OPERATIONS] [--known] [--faults]
 *	[--trace] [--list]
 *
 * Each type with each way to open it is a test of some rounds. --time is for
 * all of them together, VFIO_GFX_RANDOM_MS for each in milliseconds. A round
 * that failed is done again by --seed, --type, --mode and --round with the
 * numbers that it printed, and --rounds 1; what threads do to one another is
 * another matter, so try --threads 1 as well.
 *
 * All devices that there are of these types are removed.
 */

#define _GNU_SOURCE

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "random/random.h"
#include "lib/vfio_gfx_screen.h"

/* How long a process that was killed may take to end. */
#define KILL_MS		30000

static struct random_options options = {
	.threads = 4,
	.round_ms = 1000,
	.bound_ms = VFIO_GFX_TIMEOUT_MS,
};

static unsigned int first_round, max_rounds, test_ms = 3000, total_s;
static const char *only_type, *only_mode;
static struct random_report *report;
static struct random_report sum;

static const struct random_target targets[] = {
	{ "virtual", VFIO_GFX_GROUP }, { "virtual", VFIO_GFX_CDEV },
	{ "plane", VFIO_GFX_GROUP }, { "plane", VFIO_GFX_CDEV },
	{ "channel", VFIO_GFX_GROUP }, { "channel", VFIO_GFX_CDEV },
};

static const char *mode_name(enum vfio_gfx_mode mode)
{
	return mode == VFIO_GFX_GROUP ? "group" : "cdev";
}

/* -----------------------------------------------------------------------------
 * Watching a round
 */

static void print_file(const char *fmt, pid_t pid, pid_t tid)
{
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), fmt, pid, tid);
	file = fopen(path, "r");
	if (!file)
		return;
	while (fgets(line, sizeof(line), file))
		ksft_print_msg("  %s", line);
	fclose(file);
}

/* False if an operation takes too long. */
static bool goes_on(pid_t pid)
{
	__u64 now = vfio_gfx_now_ms();
	bool good = true;
	unsigned int i;

	for (i = 0; i < options.threads; i++) {
		struct random_activity *a = &report->threads[i];
		__u64 start = __atomic_load_n(&a->start_ms, __ATOMIC_ACQUIRE);

		if (!start || now < start + options.bound_ms)
			continue;
		ksft_print_msg("operation %u:%llu, %s, takes more than %u ms\n",
			       a->stream, (unsigned long long)a->number,
			       random_op(a->op)->name, options.bound_ms);
		print_file("/proc/%d/task/%d/stack", pid, a->tid);
		good = false;
	}
	return good;
}

/* Whether it ended in time; the status is that of waitpid(). */
static bool wait_for(pid_t pid, unsigned int ms, int *status)
{
	__u64 end = vfio_gfx_now_ms() + ms;

	while (waitpid(pid, status, WNOHANG) != pid) {
		if (vfio_gfx_now_ms() > end)
			return false;
		vfio_gfx_sleep_ms(5);
	}
	return true;
}

static bool watch(pid_t pid)
{
	int status;

	while (!wait_for(pid, 100, &status)) {
		if (goes_on(pid))
			continue;
		/* What waits, and what runs, for the kernel's log */
		__vfio_gfx_write_file("/proc/sysrq-trigger", "w");
		__vfio_gfx_write_file("/proc/sysrq-trigger", "l");
		kill(pid, SIGKILL);
		if (!wait_for(pid, KILL_MS, &status)) {
			ksft_print_msg("and it cannot be killed\n");
			ksft_exit_fail_msg("a process hangs\n");
		}
		return false;
	}
	if (report->failures) {
		ksft_print_msg("%s\n", report->failure);
		return false;
	}
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	/* It kills itself now and then. */
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return true;
	ksft_print_msg("the round ended with status 0x%x\n", status);
	return false;
}

/* -----------------------------------------------------------------------------
 * Rounds
 */

/* What a process had open may be closed a moment after it was killed. */
static bool device_is_clean(void)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_SOON_MS;
	struct vfio_gfx_dev dev = { 0 };
	long long pinned;

	snprintf(dev.uuid, sizeof(dev.uuid), "%s", report->uuid);
	for (;;) {
		pinned = __vfio_gfx_stat(&dev, "bytes_pinned");
		/* Without debugfs, or when it was being removed, none is told. */
		if (pinned <= 0)
			return true;
		if (vfio_gfx_now_ms() > end)
			break;
		vfio_gfx_sleep_ms(20);
	}
	ksft_print_msg("%lld bytes are pinned for a closed device\n", pinned);
	return false;
}

static void add_up(void)
{
	unsigned int i;

	for (i = 0; i < random_num_ops(); i++) {
		sum.good[i] += report->good[i];
		sum.bad[i] += report->bad[i];
		sum.nothing[i] += report->nothing[i];
	}
	sum.failed_allocations += report->failed_allocations;
}

/* The log of the kernel tells which round it was, if it was the last one. */
static void announce(const struct random_target *target, unsigned int round)
{
	char text[160];

	snprintf(text, sizeof(text), "random_test: --seed %llu --round %u --type %s --mode %s",
		 (unsigned long long)options.seed, round, target->type,
		 mode_name(target->mode));
	__vfio_gfx_write_file("/dev/kmsg", text);
}

static void remove_all(void)
{
	vfio_gfx_mdev_remove_all("virtual");
	vfio_gfx_screen_remove_all();
}

static bool do_round(const struct random_target *target, unsigned int round)
{
	struct random_state state = {
		.options = &options,
		.target = target,
		.report = report,
		.round = round,
	};
	bool good;
	pid_t pid;
	int ret;

	announce(target, round);
	memset(report, 0, sizeof(*report));
	ret = __vfio_gfx_mdev_create(target->type, report->uuid);
	if (ret) {
		ksft_print_msg("create: %s\n", strerror(-ret));
		return false;
	}
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		ksft_exit_fail_msg("fork: %s\n", strerror(errno));
	if (!pid)
		random_round(&state);

	good = watch(pid);
	good &= device_is_clean();
	add_up();
	/* The process may have died between one device and the next. */
	remove_all();
	return good;
}

static void run_rounds(const struct random_target *target)
{
	__u64 end = vfio_gfx_now_ms() + test_ms;
	struct random_traces traces;
	unsigned int round = first_round, n = 0;
	bool good = true;

	random_traces_begin(&traces);
	do {
		good = do_round(target, round);
		if (!random_traces_check(&traces))
			good = false;
		if (!good)
			ksft_print_msg("failed: --seed %llu --round %u --type %s --mode %s%s\n",
				       (unsigned long long)options.seed, round,
				       target->type, mode_name(target->mode),
				       options.faults ? " --faults" : "");
		round++;
		n++;
	} while (good && (max_rounds ? n < max_rounds :
			  vfio_gfx_now_ms() < end));
	close(traces.kmsg);
	ksft_test_result(good, "%s_%s, %u rounds\n", target->type,
			 mode_name(target->mode), n);
}

static void run_target(const struct random_target *target)
{
	remove_all();
	/* The kernel hung with one, once in thirty rounds, and it is not known why. */
	if (!strcmp(target->type, "channel") && !only_type && !options.known)
		ksft_test_result_skip("%s_%s: only with --type or --known\n",
				      target->type, mode_name(target->mode));
	else if (__vfio_gfx_mdev_available(target->type) <= 0)
		ksft_test_result_skip("%s_%s: no such device\n", target->type,
				      mode_name(target->mode));
	else if (target->mode == VFIO_GFX_GROUP ?
		 access("/dev/vfio/vfio", F_OK) : access("/dev/iommu", F_OK))
		ksft_test_result_skip("%s_%s: not in this kernel\n",
				      target->type, mode_name(target->mode));
	else
		run_rounds(target);
}

static bool wanted(const struct random_target *target)
{
	return (!only_type || !strcmp(only_type, target->type)) &&
	       (!only_mode || !strcmp(only_mode, mode_name(target->mode)));
}

/* -----------------------------------------------------------------------------
 * What was done
 */

static void print_sum(void)
{
	unsigned long long all = 0;
	unsigned int i;

	ksft_print_msg("%-18s %10s %10s %10s\n", "operation", "done",
		       "refused", "nothing");
	for (i = 0; i < random_num_ops(); i++) {
		all += sum.good[i] + sum.bad[i];
		ksft_print_msg("%-18s %10llu %10llu %10llu\n",
			       random_op(i)->name,
			       (unsigned long long)sum.good[i],
			       (unsigned long long)sum.bad[i],
			       (unsigned long long)sum.nothing[i]);
	}
	ksft_print_msg("%llu operations, %llu allocations failed, seed %llu\n",
		       all, (unsigned long long)sum.failed_allocations,
		       (unsigned long long)options.seed);
}

static void list_ops(void)
{
	unsigned int i;

	for (i = 0; i < random_num_ops(); i++) {
		const struct random_op *op = random_op(i);

		printf("%-18s %2u%s%s\n", op->name, op->weight,
		       op->known ? "  not done: " : "", op->known ?: "");
	}
}

/* -----------------------------------------------------------------------------
 * Options
 */

enum {
	OPT_SEED = 1, OPT_ROUND, OPT_TIME, OPT_ROUNDS, OPT_OPS, OPT_THREADS,
	OPT_ROUND_MS, OPT_BOUND_MS, OPT_TYPE, OPT_MODE, OPT_ONLY, OPT_WITHOUT,
	OPT_KNOWN, OPT_FAULTS, OPT_TRACE, OPT_LIST,
};

static const struct option long_options[] = {
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "round", required_argument, NULL, OPT_ROUND },
	{ "time", required_argument, NULL, OPT_TIME },
	{ "rounds", required_argument, NULL, OPT_ROUNDS },
	{ "ops", required_argument, NULL, OPT_OPS },
	{ "threads", required_argument, NULL, OPT_THREADS },
	{ "round-ms", required_argument, NULL, OPT_ROUND_MS },
	{ "bound-ms", required_argument, NULL, OPT_BOUND_MS },
	{ "type", required_argument, NULL, OPT_TYPE },
	{ "mode", required_argument, NULL, OPT_MODE },
	{ "only", required_argument, NULL, OPT_ONLY },
	{ "without", required_argument, NULL, OPT_WITHOUT },
	{ "known", no_argument, NULL, OPT_KNOWN },
	{ "faults", no_argument, NULL, OPT_FAULTS },
	{ "trace", no_argument, NULL, OPT_TRACE },
	{ "list", no_argument, NULL, OPT_LIST },
	{ 0 }
};

static void set_number(int opt, __u64 value)
{
	switch (opt) {
	case OPT_SEED:
		options.seed = value;
		break;
	case OPT_ROUND:
		first_round = value;
		break;
	case OPT_TIME:
		total_s = value;
		break;
	case OPT_ROUNDS:
		max_rounds = value;
		break;
	case OPT_OPS:
		options.ops = value;
		break;
	case OPT_THREADS:
		options.threads = value;
		break;
	case OPT_ROUND_MS:
		options.round_ms = value;
		break;
	case OPT_BOUND_MS:
		options.bound_ms = value;
		break;
	}
}

static void set_option(int opt)
{
	switch (opt) {
	case OPT_TYPE:
		only_type = optarg;
		break;
	case OPT_MODE:
		only_mode = optarg;
		break;
	case OPT_ONLY:
		options.only = optarg;
		break;
	case OPT_WITHOUT:
		options.without = optarg;
		break;
	case OPT_KNOWN:
		options.known = true;
		break;
	case OPT_FAULTS:
		options.faults = true;
		break;
	case OPT_TRACE:
		options.trace = true;
		break;
	case OPT_LIST:
		list_ops();
		exit(0);
	case '?':
		exit(2);
	default:
		set_number(opt, strtoull(optarg, NULL, 0));
		break;
	}
}

static void parse(int argc, char **argv)
{
	const char *ms = getenv("VFIO_GFX_RANDOM_MS");
	const char *seed = getenv("VFIO_GFX_SEED");
	int opt;

	options.seed = time(NULL) ^ getpid();
	if (seed)
		options.seed = strtoull(seed, NULL, 0);
	if (ms)
		test_ms = strtoul(ms, NULL, 0);
	while ((opt = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		set_option(opt);
	if (!options.threads || options.threads > RANDOM_MAX_THREADS) {
		fprintf(stderr, "1 to %u threads\n", RANDOM_MAX_THREADS);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	unsigned int i, num = 0;

	random_num_ops();
	parse(argc, argv);
	for (i = 0; i < ARRAY_SIZE(targets); i++)
		num += wanted(&targets[i]);
	if (total_s && num)
		test_ms = total_s * 1000ull / num;

	ksft_print_header();
	ksft_set_plan(num);
	ksft_print_msg("seed %llu\n", (unsigned long long)options.seed);
	if (options.faults && !random_faults_available())
		ksft_exit_skip("no fault injection\n");
	report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (report == MAP_FAILED)
		ksft_exit_fail_msg("no memory\n");

	for (i = 0; i < ARRAY_SIZE(targets); i++) {
		if (wanted(&targets[i]))
			run_target(&targets[i]);
	}
	print_sum();
	ksft_finished();
}
