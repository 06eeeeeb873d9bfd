// SPDX-License-Identifier: GPL-2.0-only
/*
 * vdu-view: see what a virtual machine shows
 */

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <stdio.h>
#include <string.h>

#include "connect.h"
#include "image.h"
#include "listener.h"

#define VIEW_TICK_MS 100

static const char view_summary[] =
	"Shows a console of a QEMU with \"-display dbus\": waits for a picture,\n"
	"saves it, counts what came. The picture of a VFIO display is a dma-buf\n"
	"of guest memory; vdu-view maps it read-only and reads it in place.\n"
	"\n"
	"The watch ends when all of --wait-frames, --seconds and --until-stable\n"
	"that are given hold, without any at the first picture; SIGTERM or SIGINT\n"
	"ends it now. SIGUSR1 saves what there is, starts the statistics anew and\n"
	"goes on: the statistics file is the last that is written.";

static const char view_description[] =
	"Statistics (key=value):\n"
	"  frames          changes of the picture, found by hashing a sparse\n"
	"                  grid of its pixels at every update\n"
	"  buffers         distinct dma-bufs (64 at most)\n"
	"  scanout_dmabuf, update_dmabuf, scanout, update, disable,\n"
	"  cursor_define, mouse_set\n"
	"                  calls of QEMU\n"
	"  refused         calls with values that cannot be right\n"
	"  seconds         from the first picture to the end of the watch\n"
	"  width, height, stride, format, modifier, exporter\n"
	"                  of the picture that was saved\n"
	"\n"
	"Exit status: 0 done, 1 nothing to see in time or no QEMU, 2 usage.\n"
	"\n"
	"Examples:\n"
	"  vdu-view --address unix:path=/tmp/vm1.bus --save vm1.png\n"
	"  vdu-view --qmp /tmp/vm1.qmp --wait-frames 30 --until-stable 1000 \\\n"
	"           --raw vm1.raw --stats vm1.stats";

static struct {
	char *address;
	char *qmp;
	char *exporter;
	char *save;
	char *raw;
	char *stats;
	int console;
	int wait_frames;
	double seconds;
	int until_stable;
	double timeout;
} opt = { .timeout = 60 };

static const GOptionEntry view_options[] = {
	{ "address", 0, 0, G_OPTION_ARG_STRING, &opt.address,
	  "bus of QEMU (default: DBUS_SESSION_BUS_ADDRESS)", "ADDR" },
	{ "qmp", 0, 0, G_OPTION_ARG_FILENAME, &opt.qmp,
	  "no bus: ask QEMU (-display dbus,p2p=yes) by QMP", "SOCKET" },
	{ "console", 0, 0, G_OPTION_ARG_INT, &opt.console,
	  "number of the console (default: 0)", "N" },
	{ "exporter", 0, 0, G_OPTION_ARG_STRING, &opt.exporter,
	  "ignore all but dma-bufs of this exporter", "NAME" },
	{ "save", 0, 0, G_OPTION_ARG_FILENAME, &opt.save,
	  "write the last picture", "FILE.png" },
	{ "raw", 0, 0, G_OPTION_ARG_FILENAME, &opt.raw,
	  "write its bytes, lines without padding", "FILE" },
	{ "stats", 0, 0, G_OPTION_ARG_FILENAME, &opt.stats,
	  "write statistics, '-' for the standard output", "FILE" },
	{ "wait-frames", 0, 0, G_OPTION_ARG_INT, &opt.wait_frames,
	  "watch until the picture changed N times", "N" },
	{ "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &opt.seconds,
	  "watch for S seconds from the first picture", "S" },
	{ "until-stable", 0, 0, G_OPTION_ARG_INT, &opt.until_stable,
	  "watch until nothing changed for MS milliseconds", "MS" },
	{ "timeout", 0, 0, G_OPTION_ARG_DOUBLE, &opt.timeout,
	  "give up after S seconds (default: 60)", "S" },
	{ 0 }
};

static bool view_usage(const char *message)
{
	g_printerr("vdu-view: %s (see vdu-view --help)\n", message);
	return false;
}

static bool view_parse(int argc, char **argv)
{
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;

	g_option_context_set_summary(context, view_summary);
	g_option_context_set_description(context, view_description);
	g_option_context_add_main_entries(context, view_options, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error))
		return view_usage(error->message);
	if (argc > 1)
		return view_usage("there are no arguments, only options");
	if (opt.console < 0 || opt.wait_frames < 0 || opt.seconds < 0 ||
	    opt.until_stable < 0 || opt.timeout <= 0)
		return view_usage("a number is negative");
	if (opt.address && opt.qmp)
		return view_usage("--address and --qmp exclude each other");
	if (!opt.address)
		opt.address = g_strdup(g_getenv("DBUS_SESSION_BUS_ADDRESS"));
	if (!opt.address && !opt.qmp)
		return view_usage("which QEMU? no --address, no --qmp");
	return true;
}

static bool view_told_to_end, view_told_to_save;

static gboolean view_on_signal(gpointer told)
{
	*(bool *)told = true;
	return G_SOURCE_CONTINUE;
}

static gboolean view_tick(gpointer data)
{
	(void)data;
	return G_SOURCE_CONTINUE;
}

static void view_pause(void)
{
	gint64 end = g_get_monotonic_time() + 200 * G_TIME_SPAN_MILLISECOND;

	while (g_get_monotonic_time() < end)
		g_main_context_iteration(NULL, TRUE);
}

/* QEMU may be starting: try until it answers. */
static GDBusConnection *view_connect(struct listener *listener, gint64 deadline)
{
	struct connect to = {
		.address = opt.qmp ? NULL : opt.address,
		.qmp = opt.qmp,
		.console = opt.console,
	};
	g_autoptr(GError) error = NULL;
	GDBusConnection *conn;

	for (;;) {
		if (connect_listener(&to, listener, &conn, &error))
			return conn;
		if (view_told_to_end || g_get_monotonic_time() > deadline)
			break;
		g_clear_error(&error);
		listener_fini(listener);
		listener_init(listener, opt.exporter);
		view_pause();
	}
	g_printerr("vdu-view: no QEMU in %g s: %s\n", opt.timeout,
		   error->message);
	return NULL;
}

static bool view_save(const struct frame *frame, GError **error)
{
	g_autofree uint8_t *pixels = NULL;
	size_t size;

	if (!opt.save && !opt.raw)
		return true;
	pixels = frame_copy(frame, &size, error);
	if (!pixels)
		return false;
	if (opt.raw && !g_file_set_contents(opt.raw, (char *)pixels, size,
					    error))
		return false;
	return !opt.save ||
	       image_write_png(opt.save, frame->format, frame->geo.width,
			       frame->geo.height, pixels, error);
}

static void view_print_stats(const struct listener *listener, FILE *file)
{
	const struct listener_stats *stats = &listener->stats;
	const struct frame *frame = &listener->frame;
	gint64 us = 0;
	char name[5] = "none";

	if (listener->first_us)
		us = g_get_monotonic_time() - listener->first_us;
	if (frame->format)
		pixel_name(frame->format->fourcc, name);
	fprintf(file, "frames=%u\nbuffers=%u\n", stats->frames, stats->buffers);
	fprintf(file, "scanout_dmabuf=%u\nupdate_dmabuf=%u\n",
		stats->scanout_dmabuf, stats->update_dmabuf);
	fprintf(file, "scanout=%u\nupdate=%u\ndisable=%u\n", stats->scanout,
		stats->update, stats->disable);
	fprintf(file, "cursor_define=%u\nmouse_set=%u\nrefused=%u\n",
		stats->cursor_define, stats->mouse_set, stats->refused);
	fprintf(file, "seconds=%.3f\n", us / 1e6);
	fprintf(file, "width=%u\nheight=%u\nstride=%u\nformat=%s\n",
		frame->geo.width, frame->geo.height, frame->geo.stride, name);
	fprintf(file, "modifier=0x%" G_GINT64_MODIFIER "x\nexporter=%s\n",
		frame->geo.modifier,
		frame->exporter[0] ? frame->exporter : "none");
}

/* A reader never sees half of the file. */
static bool view_write_stats(const struct listener *listener)
{
	g_autofree char *temporary = NULL;
	FILE *file;

	if (!opt.stats)
		return true;
	if (!strcmp(opt.stats, "-")) {
		view_print_stats(listener, stdout);
		return !fflush(stdout);
	}
	temporary = g_strconcat(opt.stats, ".new", NULL);
	file = fopen(temporary, "we");
	if (file) {
		view_print_stats(listener, file);
		if (!fclose(file) && !rename(temporary, opt.stats))
			return true;
	}
	g_printerr("vdu-view: cannot write %s: %s\n", opt.stats,
		   g_strerror(errno));
	return false;
}

static bool view_output(const struct listener *listener)
{
	g_autoptr(GError) error = NULL;

	if (view_save(&listener->frame, &error))
		return view_write_stats(listener);
	g_printerr("vdu-view: %s\n", error->message);
	return false;
}

/* A picture that is off has no bytes to save, but statistics. */
static bool view_snapshot(struct listener *listener)
{
	bool done = listener->frame.format ? view_output(listener) :
					     view_write_stats(listener);

	view_told_to_save = false;
	listener_restart_stats(listener);
	return done;
}

static bool view_complete(const struct listener *listener)
{
	gint64 now = g_get_monotonic_time();

	if (!listener->first_us || !listener->frame.format)
		return false;
	if (view_told_to_end)
		return true;
	return listener->stats.frames >= (unsigned int)opt.wait_frames &&
	       now - listener->first_us >= opt.seconds * G_TIME_SPAN_SECOND &&
	       now - listener->last_us >=
		       opt.until_stable * G_TIME_SPAN_MILLISECOND;
}

static bool view_watch(struct listener *listener, gint64 deadline)
{
	const struct listener_stats *stats = &listener->stats;

	while (!view_complete(listener)) {
		if (listener->closed) {
			g_printerr("vdu-view: QEMU closed the display after %u frames\n",
				   stats->frames);
			return false;
		}
		if (view_told_to_end || g_get_monotonic_time() > deadline) {
			g_printerr("vdu-view: ended within %g s: ", opt.timeout);
			g_printerr("%u frames, %u dma-buf scanouts, %u refused, picture %s\n",
				   stats->frames,
				   stats->scanout_dmabuf, stats->refused,
				   listener->frame.format ? "on" : "off");
			return false;
		}
		g_main_context_iteration(NULL, TRUE);
		if (view_told_to_save && !view_snapshot(listener))
			return false;
	}
	return true;
}

static bool view_run(struct listener *listener)
{
	gint64 deadline = g_get_monotonic_time() +
			  opt.timeout * G_TIME_SPAN_SECOND;
	g_autoptr(GDBusConnection) conn = view_connect(listener, deadline);

	if (!conn)
		return false;
	if (view_watch(listener, deadline))
		return view_output(listener);
	view_write_stats(listener);
	return false;
}

int main(int argc, char **argv)
{
	struct listener listener;
	bool done;

	if (!view_parse(argc, argv))
		return 2;
	g_timeout_add(VIEW_TICK_MS, view_tick, NULL);
	g_unix_signal_add(SIGTERM, view_on_signal, &view_told_to_end);
	g_unix_signal_add(SIGINT, view_on_signal, &view_told_to_end);
	g_unix_signal_add(SIGUSR1, view_on_signal, &view_told_to_save);
	listener_init(&listener, opt.exporter);
	done = view_run(&listener);
	listener_fini(&listener);
	return done ? 0 : 1;
}
