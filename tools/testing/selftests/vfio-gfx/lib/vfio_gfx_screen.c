// SPDX-License-Identifier: GPL-2.0-only
/*
 * A mediated device with a part of the parent's display
 */

#define _GNU_SOURCE

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"
#include "vfio_gfx_screen.h"

const char *vfio_gfx_screen_missing(const char *type)
{
	int left = __vfio_gfx_mdev_available(type);

	if (left < 0)
		return "display that the driver's parent has";
	if (left == 0)
		return !strcmp(type, "plane") ? "overlay planes" : "CRTC";
	return NULL;
}

void vfio_gfx_screen_remove_all(void)
{
	vfio_gfx_mdev_remove_all("channel");
	vfio_gfx_mdev_remove_all("plane");
}

void vfio_gfx_screen_reopen(struct vfio_gfx_screen *screen,
			    enum vfio_gfx_mode mode)
{
	int ret = __vfio_gfx_open_uuid(&screen->dev, mode, screen->uuid);

	if (ret)
		die("open: %s", strerror(-ret));
	vfio_gfx_ram_map(&screen->dev, &screen->ram);
	vfio_gfx_screen_start(screen, screen->mode);
}

const char *vfio_gfx_screen_open(struct vfio_gfx_screen *screen,
				 const char *type, enum vfio_gfx_mode mode)
{
	const char *missing;
	int ret;

	memset(screen, 0, sizeof(*screen));
	screen->kms.fd = -1;
	screen->dev.fd = -1;
	screen->dev.group = -1;
	screen->dev.iommu = -1;

	vfio_gfx_screen_remove_all();
	missing = vfio_gfx_screen_missing(type);
	if (missing)
		return missing;
	if (__vfio_gfx_kms_open(&screen->kms, "vkms"))
		return "vkms";
	screen->mode = vfio_gfx_kms_mode(&screen->kms, VFIO_GFX_SCREEN_WIDTH,
					 VFIO_GFX_SCREEN_HEIGHT, 60);
	if (!screen->mode)
		die("no mode");

	ret = __vfio_gfx_mdev_create(type, screen->uuid);
	if (ret)
		die("create a %s: %s", type, strerror(-ret));
	ret = __vfio_gfx_open_uuid(&screen->dev, mode, screen->uuid);
	if (ret == -ENOENT)
		return mode == VFIO_GFX_GROUP ? "VFIO group and container" :
						"VFIO device node or iommufd";
	if (ret)
		die("open: %s", strerror(-ret));

	vfio_gfx_ram_alloc(&screen->ram, VFIO_GFX_RAM_IOVA, VFIO_GFX_RAM_SIZE);
	vfio_gfx_ram_map(&screen->dev, &screen->ram);
	vfio_gfx_screen_start(screen, screen->mode);
	return NULL;
}

void vfio_gfx_screen_close(struct vfio_gfx_screen *screen)
{
	vfio_gfx_close(&screen->dev);
	if (screen->uuid[0])
		__vfio_gfx_mdev_remove(screen->uuid);
	screen->uuid[0] = '\0';
	vfio_gfx_kms_close(&screen->kms);
	vfio_gfx_ram_free(&screen->ram);
}

/* -----------------------------------------------------------------------------
 * What the guest does
 */

void vfio_gfx_screen_start(struct vfio_gfx_screen *screen,
			   const struct drm_mode_modeinfo *mode)
{
	struct vfio_gfx_timing timing;

	vfio_gfx_kms_timing(mode, &timing);
	vfio_gfx_stop(&screen->dev);
	vfio_gfx_timing(&screen->dev, &timing);
	vfio_gfx_priority(&screen->dev, 0);
	vfio_gfx_start(&screen->dev);
}

void vfio_gfx_screen_show(struct vfio_gfx_screen *screen, unsigned int n)
{
	struct vfio_gfx_plane plane = {
		.fourcc = DRM_FORMAT_XRGB8888,
		.addr = screen->ram.iova + n * VFIO_GFX_SCREEN_SIZE,
		.width = VFIO_GFX_SCREEN_WIDTH,
		.height = VFIO_GFX_SCREEN_HEIGHT,
	};

	vfio_gfx_show(&screen->dev, &plane);
}

__u32 vfio_gfx_screen_show_new(struct vfio_gfx_screen *screen, unsigned int n,
			       __u32 not_fb)
{
	vfio_gfx_screen_show(screen, n);
	return vfio_gfx_kms_wait_new_fb(&screen->kms, not_fb,
					VFIO_GFX_TIMEOUT_MS);
}

void vfio_gfx_screen_flip(struct vfio_gfx_screen *screen, unsigned int n)
{
	vfio_gfx_screen_show(screen, n);
	vfio_gfx_wait_frames(&screen->dev, 1);
}

/* -----------------------------------------------------------------------------
 * What is left of it
 */

bool vfio_gfx_same_mode(const struct drm_mode_modeinfo *a,
			const struct drm_mode_modeinfo *b)
{
	return a->clock == b->clock && a->hdisplay == b->hdisplay &&
	       a->vdisplay == b->vdisplay && a->htotal == b->htotal &&
	       a->vtotal == b->vtotal;
}

long long vfio_gfx_pinned_pages(void)
{
	long long value, pinned = 0;
	char line[80], name[48];
	FILE *file;

	/* Each processor has numbers of its own. */
	__vfio_gfx_write_file("/proc/sys/vm/stat_refresh", "1");
	file = fopen("/proc/vmstat", "r");
	if (!file)
		die("/proc/vmstat: %s", strerror(errno));
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%47s %lld", name, &value) != 2)
			continue;
		if (!strcmp(name, "nr_foll_pin_acquired"))
			pinned += value;
		if (!strcmp(name, "nr_foll_pin_released"))
			pinned -= value;
	}
	fclose(file);
	return pinned;
}

int __vfio_gfx_num_dmabufs(void)
{
	char line[256];
	int n = -ENOENT;
	FILE *file = fopen("/sys/kernel/debug/dma_buf/bufinfo", "r");

	if (!file)
		return -errno;
	while (fgets(line, sizeof(line), file))
		sscanf(line, "Total %d objects", &n);
	fclose(file);
	return n;
}

bool vfio_gfx_wait_dmabufs(int wanted)
{
	__u64 end = vfio_gfx_now_ms() + VFIO_GFX_SOON_MS;

	while (__vfio_gfx_num_dmabufs() != wanted) {
		if (vfio_gfx_now_ms() > end)
			return false;
		vfio_gfx_sleep_ms(5);
	}
	return true;
}
