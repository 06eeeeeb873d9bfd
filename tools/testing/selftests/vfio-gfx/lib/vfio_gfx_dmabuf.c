// SPDX-License-Identifier: GPL-2.0-only
/*
 * dma-bufs: the buffers that tests show, and importers
 */

#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <drm/drm.h>

#include "internal.h"

/* -----------------------------------------------------------------------------
 * Buffers
 */

struct vfio_gfx_plane vfio_gfx_buffer(struct vfio_gfx_ram *ram, unsigned int n)
{
	memset(ram->va + n * VFIO_GFX_BUF_SIZE, n, VFIO_GFX_BUF_SIZE);
	return (struct vfio_gfx_plane) {
		.fourcc = DRM_FORMAT_XRGB8888,
		.addr = ram->iova + n * VFIO_GFX_BUF_SIZE,
		.width = VFIO_GFX_BUF_WIDTH,
		.height = VFIO_GFX_BUF_HEIGHT,
	};
}

__u32 vfio_gfx_show_id(struct vfio_gfx_dev *dev,
		       const struct vfio_gfx_plane *plane, __u32 not_id)
{
	struct vfio_device_gfx_plane_info info;

	vfio_gfx_show(dev, plane);
	vfio_gfx_query_on(dev, VFIO_GFX_PRIMARY, plane->width, plane->height,
			  not_id, &info);
	return info.dmabuf_id;
}

__u32 vfio_gfx_show_buffer(struct vfio_gfx_dev *dev, struct vfio_gfx_ram *ram,
			   unsigned int n, __u32 not_id)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(ram, n);

	return vfio_gfx_show_id(dev, &plane, not_id);
}

void *vfio_gfx_map(int fd, size_t size)
{
	void *p = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);

	if (p == MAP_FAILED)
		die("mmap of a dma-buf: %s", strerror(errno));
	return p;
}

int __vfio_gfx_try_map(int fd, size_t size, int prot, int flags, off_t offset)
{
	void *p = mmap(NULL, size, prot, flags, fd, offset);

	if (p == MAP_FAILED)
		return -errno;
	munmap(p, size);
	return 0;
}

bool vfio_gfx_gone(const __u8 *map, size_t size)
{
	__u8 value;

	return vfio_gfx_peek(map, &value) == SIGBUS &&
	       vfio_gfx_peek(map + size - 1, &value) == SIGBUS;
}

ino_t vfio_gfx_inode(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		die("fstat: %s", strerror(errno));
	return st.st_ino;
}

bool vfio_gfx_is_dmabuf(int fd)
{
	char path[32], target[64];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	len = readlink(path, target, sizeof(target));
	return len > 7 && !strncmp(target, "/dmabuf", 7);
}

int vfio_gfx_o_path(int fd)
{
	char path[32];
	int ret;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ret = open(path, O_PATH | O_CLOEXEC);
	if (ret < 0)
		die("O_PATH of %s: %s", path, strerror(errno));
	return ret;
}

/* -----------------------------------------------------------------------------
 * Importers
 */

bool vfio_gfx_vgem_maps(void)
{
	struct utsname name;

	return !uname(&name) && atoi(name.release) < 7;
}

int __vfio_gfx_drm_open(const char *driver)
{
	int ret = -ENOENT;
	glob_t nodes;
	size_t i;

	if (glob("/dev/dri/card*", 0, NULL, &nodes))
		return -ENOENT;

	for (i = 0; i < nodes.gl_pathc && ret < 0; i++) {
		char name[32] = "";
		struct drm_version version = {
			.name = name,
			.name_len = sizeof(name) - 1,
		};
		int fd = open(nodes.gl_pathv[i], O_RDWR | O_CLOEXEC);

		if (fd < 0)
			continue;
		if (!ioctl(fd, DRM_IOCTL_VERSION, &version) &&
		    !strcmp(name, driver))
			ret = fd;
		else
			close(fd);
	}
	globfree(&nodes);
	return ret;
}

int __vfio_gfx_import(int drm, int fd, __u32 *handle)
{
	struct drm_prime_handle args = { .fd = fd };

	if (ioctl(drm, DRM_IOCTL_PRIME_FD_TO_HANDLE, &args))
		return -errno;
	*handle = args.handle;
	return 0;
}

void vfio_gfx_release(int drm, __u32 handle)
{
	struct drm_gem_close args = { .handle = handle };

	ioctl(drm, DRM_IOCTL_GEM_CLOSE, &args);
}

#define IMPORTER	"/sys/kernel/debug/rcar-du-mdev-importer"

static int load_importer(void)
{
	const char *modules = getenv("LAB_MODULES");
	char command[256];

	if (!access(IMPORTER, F_OK))
		return 0;
	snprintf(command, sizeof(command),
		 "modprobe -q rcar_du_mdev_importer || insmod %s/rcar_du_mdev_importer.ko",
		 modules ?: ".");
	return system(command) ? -ENOENT : 0;
}

int __vfio_gfx_hold(int fd, unsigned int ms)
{
	char text[32];
	int ret = load_importer();

	if (ret)
		return ret;
	snprintf(text, sizeof(text), "%d %u", fd, ms);
	return __vfio_gfx_write_file(IMPORTER "/attach", text);
}

void vfio_gfx_let_go(void)
{
	__vfio_gfx_write_file(IMPORTER "/detach", "1");
}
