// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a round must not leave, and allocations that fail
 */

#define _GNU_SOURCE

#include <fcntl.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "random.h"
#include "../lib/vfio_gfx_screen.h"

/* Machine check, bad page, oops, warning, soft lockup; KASAN counts as bad page. */
#define TAINT_MASK	((1ul << 4) | (1ul << 5) | (1ul << 7) | (1ul << 9) | \
			 (1ul << 14))

/* What the tester itself may make the kernel use, and what caches grow by */
#define SLAB_KIB	(64 * 1024)

/* What the kernel says when it has found a mistake */
#define COMPLAINT	"^(WARNING: |BUG: |BUG [a-z]|Oops|Internal error: |" \
			"Unable to handle kernel|INFO: (possible|inconsistent|" \
			"task|rcu|suspicious|trying|lockdep)|KASAN: |KCSAN: |" \
			"UBSAN: |ODEBUG: |refcount_t: |usercopy: |" \
			"list_(add|del) corruption|possible (circular|recursive)|" \
			"DMA-API: .*(driver|dma_map|cacheline|exceed|mapping))"

static long long read_number(const char *path, const char *key)
{
	long long value = -1;
	char line[128];
	FILE *file = fopen(path, "r");

	if (!file)
		return -1;
	while (value < 0 && fgets(line, sizeof(line), file)) {
		if (!strncmp(line, key, strlen(key)))
			value = strtoll(line + strlen(key), NULL, 0);
	}
	fclose(file);
	return value;
}

static long long module_refs(void)
{
	return read_number("/sys/module/rcar_du_mdev/refcnt", "");
}

/* -----------------------------------------------------------------------------
 * Failing allocations
 */

#define DEBUG	"/sys/kernel/debug/"

bool random_faults_available(void)
{
	return !__vfio_gfx_write_file(DEBUG "failslab/ignore-gfp-wait", "N") &&
	       !__vfio_gfx_write_file(DEBUG "failslab/verbose", "0") &&
	       !__vfio_gfx_write_file(DEBUG "fail_page_alloc/ignore-gfp-wait",
				      "N") &&
	       !__vfio_gfx_write_file(DEBUG "fail_page_alloc/min-order", "0") &&
	       !__vfio_gfx_write_file(DEBUG "fail_page_alloc/verbose", "0");
}

/* One of the next allocations of this thread fails. */
void random_faults_arm(struct random_ctx *ctx)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", 1 + rnd_below(&ctx->rnd, 24));
	__vfio_gfx_write_file("/proc/thread-self/fail-nth", text);
}

bool random_faults_disarm(void)
{
	bool failed = !read_number("/proc/thread-self/fail-nth", "");

	__vfio_gfx_write_file("/proc/thread-self/fail-nth", "0");
	return failed;
}

/* -----------------------------------------------------------------------------
 * The kernel's complaints
 */

/* The next line of the log, or NULL; some may have been lost. */
static char *next_line(int kmsg, char *buf, size_t size)
{
	ssize_t len;
	char *text;

	do {
		len = read(kmsg, buf, size - 1);
	} while (len < 0 && errno == EPIPE);
	if (len <= 0)
		return NULL;
	buf[len] = '\0';
	text = strchr(buf, ';');
	text = text ? text + 1 : buf;
	text[strcspn(text, "\n")] = '\0';
	return text;
}

static bool complaints(int kmsg)
{
	static regex_t regex;
	static bool compiled;
	char buf[4096];
	bool found = false;
	char *line;

	if (!compiled)
		compiled = !regcomp(&regex, COMPLAINT, REG_EXTENDED | REG_NOSUB);
	for (line = next_line(kmsg, buf, sizeof(buf)); line;
	     line = next_line(kmsg, buf, sizeof(buf))) {
		if (regexec(&regex, line, 0, NULL, 0))
			continue;
		ksft_print_msg("the kernel says: %s\n", line);
		found = true;
	}
	return found;
}

static unsigned long taint(void)
{
	return read_number("/proc/sys/kernel/tainted", "") & TAINT_MASK;
}

/* Lockdep turns itself off when it has found something. */
static bool lockdep_off(void)
{
	FILE *file = fopen("/proc/lockdep_stats", "r");
	int on = 1;
	char line[128];

	if (!file)
		return false;
	while (fgets(line, sizeof(line), file))
		sscanf(line, " debug_locks: %d", &on);
	fclose(file);
	return !on;
}

/* -----------------------------------------------------------------------------
 * What is left
 */

static long slab_kib(void)
{
	return read_number("/proc/meminfo", "SUnreclaim:");
}

void random_traces_begin(struct random_traces *traces)
{
	*traces = (struct random_traces) {
		.kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC),
		.pinned = vfio_gfx_pinned_pages(),
		.dmabufs = __vfio_gfx_num_dmabufs(),
		.module_refs = module_refs(),
		.taint = taint(),
		.slab_kib = slab_kib(),
	};
	lseek(traces->kmsg, 0, SEEK_END);
}

/* What is freed a moment later has some time. */
static bool same_after_a_while(long long (*now)(void), long long wanted,
			       const char *what)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_SOON_MS;
	long long seen;

	for (;;) {
		seen = now();
		if (seen == wanted)
			return true;
		if (vfio_gfx_now_ms() > end)
			break;
		vfio_gfx_sleep_ms(20);
	}
	ksft_print_msg("%s: %lld, were %lld\n", what, seen, wanted);
	return false;
}

static long long num_dmabufs(void)
{
	return __vfio_gfx_num_dmabufs();
}

bool random_traces_check(struct random_traces *traces)
{
	bool good = !complaints(traces->kmsg);

	good &= same_after_a_while(vfio_gfx_pinned_pages, traces->pinned,
				   "pinned pages");
	good &= same_after_a_while(num_dmabufs, traces->dmabufs, "dma-bufs");
	good &= same_after_a_while(module_refs, traces->module_refs,
				   "references to the module");
	if (taint() != traces->taint) {
		ksft_print_msg("the kernel is tainted: 0x%lx\n", taint());
		good = false;
	}
	if (lockdep_off()) {
		ksft_print_msg("lockdep is off\n");
		good = false;
	}
	if (slab_kib() - traces->slab_kib > SLAB_KIB) {
		ksft_print_msg("slabs have %ld KiB, had %ld\n", slab_kib(),
			       traces->slab_kib);
		good = false;
	}
	return good;
}

/* After everything was closed nothing is charged any more. */
bool random_locked_none(struct random_state *state)
{
	long long locked = read_number("/proc/self/status", "VmLck:");
	long long pinned = read_number("/proc/self/status", "VmPin:");

	if (locked <= 0 && pinned <= 0)
		return true;
	random_failed(state, "%lld KiB locked and %lld KiB pinned are still charged",
		      locked, pinned);
	return false;
}
