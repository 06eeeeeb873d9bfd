// SPDX-License-Identifier: GPL-2.0-only
/*
 * A VDU mediated device seen as a VFIO user sees it, without a VM
 */

#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <linux/iommufd.h>
#include <linux/pci_regs.h>

#include "internal.h"

#define MDEV_DEVICES	"/sys/bus/mdev/devices"
#define MDEV_TYPES	"/sys/class/mdev_bus/*/mdev_supported_types/*"

void vfio_gfx_fail(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "# %s:%d: ", file, line);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

/* -----------------------------------------------------------------------------
 * Mediated devices
 */

static char own_uuid[VFIO_GFX_UUID_LEN];
static pid_t creator;

int __vfio_gfx_write_file(const char *path, const char *text)
{
	int fd, ret = 0;

	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

int __vfio_gfx_read_file(const char *path, char *text, size_t size)
{
	ssize_t len;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read(fd, text, size - 1);
	close(fd);
	if (len < 0)
		return -errno;
	text[len] = '\0';
	return 0;
}

int __vfio_gfx_mdev_create(const char *type, char *uuid)
{
	char pattern[128];
	glob_t types;
	size_t i;
	int ret;

	ret = __vfio_gfx_read_file("/proc/sys/kernel/random/uuid", uuid,
				   VFIO_GFX_UUID_LEN);
	if (ret)
		return ret;
	snprintf(pattern, sizeof(pattern), MDEV_TYPES "-%s/create", type);
	if (glob(pattern, 0, NULL, &types))
		return -ENODEV;

	ret = -ENODEV;
	for (i = 0; i < types.gl_pathc && ret; i++)
		ret = __vfio_gfx_write_file(types.gl_pathv[i], uuid);
	globfree(&types);

	if (ret)
		uuid[0] = '\0';
	return ret;
}

int __vfio_gfx_mdev_available(const char *type)
{
	char pattern[128], text[16];
	int ret = -ENODEV;
	glob_t types;

	snprintf(pattern, sizeof(pattern),
		 MDEV_TYPES "-%s/available_instances", type);
	if (glob(pattern, 0, NULL, &types))
		return ret;

	ret = __vfio_gfx_read_file(types.gl_pathv[0], text, sizeof(text));
	globfree(&types);
	return ret ?: atoi(text);
}

void vfio_gfx_mdev_remove_all(const char *type)
{
	char pattern[128];
	glob_t devices;
	size_t i;

	snprintf(pattern, sizeof(pattern), MDEV_TYPES "-%s/devices/*/remove",
		 type);
	if (glob(pattern, 0, NULL, &devices))
		return;

	for (i = 0; i < devices.gl_pathc; i++)
		__vfio_gfx_write_file(devices.gl_pathv[i], "1");
	globfree(&devices);
}

int __vfio_gfx_mdev_remove(const char *uuid)
{
	char path[128];

	snprintf(path, sizeof(path), MDEV_DEVICES "/%s/remove", uuid);
	return __vfio_gfx_write_file(path, "1");
}

bool vfio_gfx_mdev_exists(const char *uuid)
{
	char path[128];

	snprintf(path, sizeof(path), MDEV_DEVICES "/%s", uuid);
	return !access(path, F_OK);
}

const char *vfio_gfx_uuid(void)
{
	return own_uuid;
}

static void __attribute__((constructor)) vfio_gfx_init(void)
{
	const char *uuid = getenv("VFIO_GFX_MDEV");
	int ret;

	if (uuid) {
		snprintf(own_uuid, sizeof(own_uuid), "%s", uuid);
		return;
	}

	ret = __vfio_gfx_mdev_create("virtual", own_uuid);
	if (ret)
		fprintf(stderr, "# no mediated device: %s\n", strerror(-ret));
	else
		creator = getpid();
}

static void __attribute__((destructor)) vfio_gfx_fini(void)
{
	if (creator == getpid())
		__vfio_gfx_mdev_remove(own_uuid);
}

/* -----------------------------------------------------------------------------
 * Opening and closing
 */

static int open_group(struct vfio_gfx_dev *dev)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char path[128], target[256];
	ssize_t len;

	dev->iommu = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	if (dev->iommu < 0)
		return -errno;

	snprintf(path, sizeof(path), MDEV_DEVICES "/%s/iommu_group", dev->uuid);
	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0)
		return -errno;
	target[len] = '\0';

	snprintf(path, sizeof(path), "/dev/vfio/%s", strrchr(target, '/') + 1);
	dev->group = open(path, O_RDWR | O_CLOEXEC);
	if (dev->group < 0)
		return -errno;

	if (ioctl(dev->group, VFIO_GROUP_GET_STATUS, &status) ||
	    !(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		die("group is not viable");
	if (ioctl(dev->group, VFIO_GROUP_SET_CONTAINER, &dev->iommu))
		return -errno;
	if (ioctl(dev->iommu, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return -errno;

	dev->fd = ioctl(dev->group, VFIO_GROUP_GET_DEVICE_FD, dev->uuid);
	return dev->fd < 0 ? -errno : 0;
}

static int open_cdev(struct vfio_gfx_dev *dev)
{
	struct vfio_device_bind_iommufd bind = { .argsz = sizeof(bind) };
	struct vfio_device_attach_iommufd_pt attach = {
		.argsz = sizeof(attach),
	};
	struct iommu_ioas_alloc alloc = { .size = sizeof(alloc) };
	char path[128];
	glob_t names;

	dev->iommu = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	if (dev->iommu < 0)
		return -errno;

	snprintf(path, sizeof(path), MDEV_DEVICES "/%s/vfio-dev/vfio*",
		 dev->uuid);
	if (glob(path, 0, NULL, &names))
		return -ENOENT;
	snprintf(path, sizeof(path), "/dev/vfio/devices/%s",
		 strrchr(names.gl_pathv[0], '/') + 1);
	globfree(&names);

	dev->fd = open(path, O_RDWR | O_CLOEXEC);
	if (dev->fd < 0)
		return -errno;

	bind.iommufd = dev->iommu;
	if (ioctl(dev->fd, VFIO_DEVICE_BIND_IOMMUFD, &bind))
		return -errno;
	if (ioctl(dev->iommu, IOMMU_IOAS_ALLOC, &alloc))
		return -errno;
	dev->ioas = alloc.out_ioas_id;

	attach.pt_id = dev->ioas;
	if (ioctl(dev->fd, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach))
		return -errno;
	return 0;
}

int __vfio_gfx_open_uuid(struct vfio_gfx_dev *dev, enum vfio_gfx_mode mode,
			 const char *uuid)
{
	unsigned int i;
	int ret;

	memset(dev, 0, sizeof(*dev));
	dev->mode = mode;
	dev->fd = -1;
	dev->iommu = -1;
	dev->group = -1;
	snprintf(dev->uuid, sizeof(dev->uuid), "%s", uuid);

	ret = mode == VFIO_GFX_GROUP ? open_group(dev) : open_cdev(dev);
	if (ret) {
		vfio_gfx_close(dev);
		return ret;
	}

	for (i = 0; i < ARRAY_SIZE(dev->offset); i++) {
		struct vfio_region_info info = {
			.argsz = sizeof(info),
			.index = i,
		};

		if (!ioctl(dev->fd, VFIO_DEVICE_GET_REGION_INFO, &info))
			dev->offset[i] = info.offset;
	}

	vfio_gfx_cfg_write16(dev, PCI_COMMAND,
			     PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	return 0;
}

const char *vfio_gfx_open(struct vfio_gfx_dev *dev, enum vfio_gfx_mode mode)
{
	int ret;

	if (!own_uuid[0])
		return "VDU mediated device";

	ret = __vfio_gfx_open_uuid(dev, mode, own_uuid);
	if (ret == -ENOENT)
		return mode == VFIO_GFX_GROUP ? "VFIO group and container" :
						"VFIO device node or iommufd";
	if (ret)
		die("open: %s", strerror(-ret));
	return NULL;
}

const char *vfio_gfx_open_with_ram(struct vfio_gfx_dev *dev,
				   struct vfio_gfx_ram *ram,
				   enum vfio_gfx_mode mode)
{
	const char *missing = vfio_gfx_open(dev, mode);

	if (missing)
		return missing;

	vfio_gfx_ram_alloc(ram, VFIO_GFX_RAM_IOVA, VFIO_GFX_RAM_SIZE);
	vfio_gfx_ram_map(dev, ram);
	return NULL;
}

void vfio_gfx_close_device(struct vfio_gfx_dev *dev)
{
	if (dev->fd >= 0)
		close(dev->fd);
	dev->fd = -1;
}

void vfio_gfx_close(struct vfio_gfx_dev *dev)
{
	vfio_gfx_close_device(dev);
	if (dev->group >= 0)
		close(dev->group);
	if (dev->iommu >= 0)
		close(dev->iommu);
	dev->group = -1;
	dev->iommu = -1;
}

int __vfio_gfx_reset(struct vfio_gfx_dev *dev)
{
	return ioctl(dev->fd, VFIO_DEVICE_RESET) ? -errno : 0;
}

void vfio_gfx_reset(struct vfio_gfx_dev *dev)
{
	int ret = __vfio_gfx_reset(dev);

	if (ret)
		die("reset: %s", strerror(-ret));
	vfio_gfx_cfg_write16(dev, PCI_COMMAND,
			     PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
}

static void attr_path(const char *uuid, const char *name, char *path,
		      size_t size)
{
	snprintf(path, size, MDEV_DEVICES "/%s/%s", uuid, name);
}

int __vfio_gfx_mdev_set_attr(const char *uuid, const char *name,
			     const char *value)
{
	char path[128];

	attr_path(uuid, name, path, sizeof(path));
	return __vfio_gfx_write_file(path, value);
}

int __vfio_gfx_mdev_attr(const char *uuid, const char *name, char *value,
			 size_t size)
{
	char path[128];

	attr_path(uuid, name, path, sizeof(path));
	return __vfio_gfx_read_file(path, value, size);
}

int __vfio_gfx_set_attr(const char *name, const char *value)
{
	return __vfio_gfx_mdev_set_attr(vfio_gfx_uuid(), name, value);
}

int __vfio_gfx_attr(const char *name, char *value, size_t size)
{
	return __vfio_gfx_mdev_attr(vfio_gfx_uuid(), name, value, size);
}

long long __vfio_gfx_stat(struct vfio_gfx_dev *dev, const char *name)
{
	size_t len = strlen(name);
	char path[128], text[4096];
	char *line, *save = NULL;
	int ret;

	snprintf(path, sizeof(path), "/sys/kernel/debug/rcar-du-mdev/%s/stats",
		 dev->uuid);
	ret = __vfio_gfx_read_file(path, text, sizeof(text));
	if (ret)
		return ret;

	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (strncmp(line, name, len) || !strchr(": \t=", line[len]))
			continue;
		return strtoll(line + len + strspn(line + len, ": \t="),
			       NULL, 0);
	}
	return -ENOENT;
}

/* -----------------------------------------------------------------------------
 * Registers
 */

ssize_t __vfio_gfx_pread(struct vfio_gfx_dev *dev, unsigned int region,
			 __u64 offset, void *buf, size_t count)
{
	ssize_t ret = pread(dev->fd, buf, count, dev->offset[region] + offset);

	return ret < 0 ? -errno : ret;
}

ssize_t __vfio_gfx_pwrite(struct vfio_gfx_dev *dev, unsigned int region,
			  __u64 offset, const void *buf, size_t count)
{
	ssize_t ret = pwrite(dev->fd, buf, count, dev->offset[region] + offset);

	return ret < 0 ? -errno : ret;
}

__u32 vfio_gfx_read(struct vfio_gfx_dev *dev, unsigned int region,
		    __u64 offset)
{
	__u32 value;
	ssize_t ret;

	ret = __vfio_gfx_pread(dev, region, offset, &value, sizeof(value));
	if (ret != sizeof(value))
		die("read of region %u + 0x%llx returned %zd", region,
		    (unsigned long long)offset, ret);
	return value;
}

void vfio_gfx_write(struct vfio_gfx_dev *dev, unsigned int region,
		    __u64 offset, __u32 value)
{
	ssize_t ret;

	ret = __vfio_gfx_pwrite(dev, region, offset, &value, sizeof(value));
	if (ret != sizeof(value))
		die("write to region %u + 0x%llx returned %zd", region,
		    (unsigned long long)offset, ret);
}

__u32 vfio_gfx_du_read(struct vfio_gfx_dev *dev, __u32 reg)
{
	return vfio_gfx_read(dev, VFIO_GFX_DU, reg);
}

void vfio_gfx_du_write(struct vfio_gfx_dev *dev, __u32 reg, __u32 value)
{
	vfio_gfx_write(dev, VFIO_GFX_DU, reg, value);
}

__u32 vfio_gfx_page_read(struct vfio_gfx_dev *dev, __u32 reg)
{
	return vfio_gfx_read(dev, VFIO_GFX_PAGE, reg);
}

void vfio_gfx_page_write(struct vfio_gfx_dev *dev, __u32 reg, __u32 value)
{
	vfio_gfx_write(dev, VFIO_GFX_PAGE, reg, value);
}

__u16 vfio_gfx_cfg_read16(struct vfio_gfx_dev *dev, __u32 reg)
{
	__u16 value;

	if (__vfio_gfx_pread(dev, VFIO_GFX_CONFIG, reg, &value, 2) != 2)
		die("read of config space 0x%x failed", reg);
	return value;
}

void vfio_gfx_cfg_write16(struct vfio_gfx_dev *dev, __u32 reg,
			  __u16 value)
{
	if (__vfio_gfx_pwrite(dev, VFIO_GFX_CONFIG, reg, &value, 2) != 2)
		die("write to config space 0x%x failed", reg);
}

bool vfio_gfx_poll(struct vfio_gfx_dev *dev, unsigned int region,
		   __u64 offset, __u32 mask, __u32 value, bool equal)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_TIMEOUT_MS;

	for (;;) {
		bool late = vfio_gfx_now_ms() > end;
		__u32 seen = vfio_gfx_read(dev, region, offset);

		if (((seen & mask) == value) == equal)
			return true;
		if (late)
			return false;
		vfio_gfx_sleep_ms(1);
	}
}

/* -----------------------------------------------------------------------------
 * Interrupts
 */

int __vfio_gfx_set_irqs(struct vfio_gfx_dev *dev, __u32 flags,
			__u32 index, __u32 start, __u32 count,
			const void *data, size_t size)
{
	union {
		struct vfio_irq_set set;
		__u8 bytes[sizeof(struct vfio_irq_set) + 16];
	} arg = { .set = {
		.argsz = sizeof(struct vfio_irq_set) + size,
		.flags = flags,
		.index = index,
		.start = start,
		.count = count,
	} };

	if (size > sizeof(arg) - sizeof(arg.set))
		die("too much data");
	if (size)
		memcpy(arg.bytes + sizeof(arg.set), data, size);
	return ioctl(dev->fd, VFIO_DEVICE_SET_IRQS, &arg) ? -errno : 0;
}

int __vfio_gfx_irq_eventfd(struct vfio_gfx_dev *dev, __u32 index, int fd)
{
	__s32 data = fd;

	return __vfio_gfx_set_irqs(dev, VFIO_IRQ_SET_DATA_EVENTFD |
				   VFIO_IRQ_SET_ACTION_TRIGGER,
				   index, 0, 1, &data, sizeof(data));
}

int vfio_gfx_eventfd(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		die("eventfd: %s", strerror(errno));
	return fd;
}

__u64 vfio_gfx_eventfd_wait(int fd, unsigned int timeout_ms)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	__u64 count = 0;

	if (poll(&poller, 1, timeout_ms) != 1)
		return 0;
	return read(fd, &count, sizeof(count)) == sizeof(count) ? count : 0;
}

/* -----------------------------------------------------------------------------
 * Regions with a type
 */

/* The caller frees *info. */
int __vfio_gfx_region_info(struct vfio_gfx_dev *dev, __u32 index,
			   struct vfio_region_info **info)
{
	__u32 size = sizeof(**info);

	for (;;) {
		struct vfio_region_info *buf = calloc(1, size);
		int ret;

		if (!buf)
			die("no memory");
		buf->argsz = size;
		buf->index = index;
		if (ioctl(dev->fd, VFIO_DEVICE_GET_REGION_INFO, buf)) {
			ret = -errno;
			free(buf);
			return ret;
		}
		if (buf->argsz <= size) {
			*info = buf;
			return 0;
		}
		/* The answer needs more room: ask again with that much. */
		size = buf->argsz;
		free(buf);
	}
}

int __vfio_gfx_region_by_type(struct vfio_gfx_dev *dev, __u32 type,
			      __u32 subtype, struct vfio_region_info *found)
{
	struct vfio_device_info dev_info = { .argsz = sizeof(dev_info) };
	__u32 i;

	if (ioctl(dev->fd, VFIO_DEVICE_GET_INFO, &dev_info))
		return -errno;

	for (i = VFIO_PCI_NUM_REGIONS; i < dev_info.num_regions; i++) {
		struct vfio_region_info_cap_type *cap;
		struct vfio_region_info *info;
		__u32 offset;
		bool match = false;

		if (__vfio_gfx_region_info(dev, i, &info))
			continue;
		offset = info->flags & VFIO_REGION_INFO_FLAG_CAPS ?
			 info->cap_offset : 0;
		while (offset && offset + sizeof(*cap) <= info->argsz) {
			cap = (void *)((__u8 *)info + offset);
			if (cap->header.id == VFIO_REGION_INFO_CAP_TYPE &&
			    cap->type == type && cap->subtype == subtype)
				match = true;
			offset = cap->header.next;
		}
		*found = *info;
		free(info);
		if (match)
			return 0;
	}
	return -ENOENT;
}

/* -----------------------------------------------------------------------------
 * Odds and ends
 */

static sigjmp_buf peek_env;

static void peek_handler(int sig)
{
	siglongjmp(peek_env, sig);
}

int vfio_gfx_peek(const __u8 *p, __u8 *value)
{
	struct sigaction action = { .sa_handler = peek_handler };
	struct sigaction bus, segv;
	int sig;

	sigaction(SIGBUS, &action, &bus);
	sigaction(SIGSEGV, &action, &segv);
	sig = sigsetjmp(peek_env, 1);
	if (!sig)
		*value = __atomic_load_n(p, __ATOMIC_RELAXED);
	sigaction(SIGBUS, &bus, NULL);
	sigaction(SIGSEGV, &segv, NULL);
	return sig;
}

size_t vfio_gfx_page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

__u64 vfio_gfx_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

void vfio_gfx_sleep_ms(unsigned int ms)
{
	struct timespec ts = {
		.tv_sec = ms / 1000,
		.tv_nsec = (ms % 1000) * 1000000l,
	};

	nanosleep(&ts, NULL);
}
