/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Just enough QMP to hand a socket to "-display dbus,p2p=yes"
 */

#ifndef VDU_VIEW_QMP_H
#define VDU_VIEW_QMP_H

#include <glib.h>
#include <stdbool.h>

/* Make QEMU speak D-Bus on its copy of @pass_fd. */
bool qmp_add_display(const char *path, int pass_fd, GError **error);

#endif
