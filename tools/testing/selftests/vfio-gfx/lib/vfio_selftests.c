// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own selftests/vfio on the program's mediated device: stands in
 * for what looks a PCI device up.
 */

#define _GNU_SOURCE

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvfio.h>

#include "internal.h"

const char *vfio_selftests_get_bdf(int *argc, char *argv[])
{
	(void)argc;
	(void)argv;
	return vfio_gfx_uuid();
}

const char *vfio_pci_get_cdev_path(const char *bdf)
{
	char pattern[128], *path = NULL;
	glob_t found;

	snprintf(pattern, sizeof(pattern),
		 "/sys/bus/mdev/devices/%s/vfio-dev/vfio*", bdf);
	if (glob(pattern, 0, NULL, &found))
		die("%s has no character device", bdf);
	if (asprintf(&path, "/dev/vfio/devices/%s",
		     strrchr(found.gl_pathv[0], '/') + 1) < 0)
		die("no memory");
	globfree(&found);
	return path;
}
