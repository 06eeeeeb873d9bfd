/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The org.qemu.Display1.Listener object, and what it saw
 */

#ifndef VDU_VIEW_LISTENER_H
#define VDU_VIEW_LISTENER_H

#include <gio/gio.h>
#include <stdbool.h>

#include "frame.h"

#define LISTENER_MAX_BUFFERS 64

/* Calls of QEMU, and what came out of them. */
struct listener_stats {
	unsigned int scanout;
	unsigned int update;
	unsigned int scanout_dmabuf;
	unsigned int update_dmabuf;
	unsigned int disable;
	unsigned int cursor_define;
	unsigned int mouse_set;
	unsigned int refused;
	unsigned int frames;	/* changes of the picture */
	unsigned int buffers;	/* distinct dma-bufs */
};

/**
 * struct listener - a listener of one console
 * @conn: peer-to-peer connection with QEMU
 * @frame: what the console shows
 * @stats: counters
 * @exporter: count and keep dma-bufs of this exporter only, NULL for all
 * @inodes: dma-bufs seen
 * @hash: hash of the picture seen last
 * @first_us: monotonic time of the first picture, 0 if there was none, or of
 *            the restart of the statistics
 * @last_us: monotonic time of the latest change
 * @closed: QEMU closed the connection
 */
struct listener {
	GDBusConnection *conn;
	struct frame frame;
	struct listener_stats stats;
	const char *exporter;
	ino_t inodes[LISTENER_MAX_BUFFERS];
	uint64_t hash;
	gint64 first_us;
	gint64 last_us;
	bool closed;
};

void listener_init(struct listener *listener, const char *exporter);
void listener_fini(struct listener *listener);

/* Count from zero, as if the picture that is on had been there before. */
void listener_restart_stats(struct listener *listener);

/* Serve QEMU on @conn. Takes over the reference. */
bool listener_start(struct listener *listener, GDBusConnection *conn,
		    GError **error);

#endif
