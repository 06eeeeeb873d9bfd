/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ways to a QEMU, and the registration of a listener
 */

#ifndef VDU_VIEW_CONNECT_H
#define VDU_VIEW_CONNECT_H

#include <gio/gio.h>
#include <stdbool.h>

#include "listener.h"

/**
 * struct connect - a way to a QEMU
 * @address: address of the bus that QEMU is on, or NULL
 * @qmp: path of QEMU's QMP socket, for "-display dbus,p2p=yes", or NULL
 * @console: number of the console
 */
struct connect {
	const char *address;
	const char *qmp;
	unsigned int console;
};

/* Try once. It runs the default main context while it waits for QEMU. */
bool connect_listener(const struct connect *to, struct listener *listener,
		      GDBusConnection **conn, GError **error);

#endif
