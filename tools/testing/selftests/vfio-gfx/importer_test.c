// SPDX-License-Identifier: GPL-2.0-only
/*
 * Importers that map for a device
 *
 * vgem does. With swiotlb=force its device has a copy of what it imports.
 */

#include "kselftest_harness.h"

#include <stdio.h>

#include <drm/drm.h>
#include <drm/drm_mode.h>

#include "lib/importer_fixture.h"
#include "lib/vfio_gfx.h"

/* More than the DMA API has room for of one piece of memory */
#define IMPORTS	12

/* Errors that the debug kernel has seen in the use of the DMA API */
static long dma_api_errors(void)
{
	FILE *file = fopen("/sys/kernel/debug/dma-api/error_count", "r");
	long n = 0;

	if (file) {
		if (fscanf(file, "%li", &n) != 1)
			n = 0;
		fclose(file);
	}
	return n;
}

TEST_F(importer, many_imports)
{
	long errors = dma_api_errors();
	__u32 handles[IMPORTS];
	int drm[IMPORTS];
	unsigned int i;

	for (i = 0; i < IMPORTS; i++) {
		drm[i] = __vfio_gfx_drm_open("vgem");
		if (drm[i] < 0)
			SKIP(return, "no vgem");
		ASSERT_EQ(0, __vfio_gfx_import(drm[i], self->fd, &handles[i]));
	}
	EXPECT_EQ(0, sync_cpu(self->fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW));
	EXPECT_EQ(0, sync_cpu(self->fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW));

	/* The first is not the one that keeps it mapped. */
	for (i = 0; i < IMPORTS; i++) {
		vfio_gfx_release(drm[i], handles[i]);
		close(drm[i]);
		EXPECT_EQ(0, sync_cpu(self->fd, DMA_BUF_SYNC_START |
						DMA_BUF_SYNC_READ));
		EXPECT_EQ(0, sync_cpu(self->fd, DMA_BUF_SYNC_END |
						DMA_BUF_SYNC_READ));
	}
	EXPECT_EQ(errors, dma_api_errors());
}

TEST_F(importer, attach_revoked)
{
	int drm = __vfio_gfx_drm_open("vgem");
	__u32 handle;

	if (drm < 0)
		SKIP(return, "no vgem");
	vfio_gfx_reset(&self->dev);
	EXPECT_EQ(-ENODEV, __vfio_gfx_import(drm, self->fd, &handle));
	close(drm);
}

/* What the guest draws while somebody has an import stays. */
TEST_F(importer, end_of_import)
{
	int drm = __vfio_gfx_drm_open("vgem");
	__u32 handle;

	if (drm < 0)
		SKIP(return, "no vgem");
	if (is_writable(variant->writable))
		SKIP(return, "a device may have written");
	ASSERT_EQ(0, __vfio_gfx_import(drm, self->fd, &handle));
	fill(&self->ram, NEW);
	vfio_gfx_release(drm, handle);
	close(drm);
	EXPECT_TRUE(is_filled(&self->ram, NEW));
}

TEST_F(importer, look_at_import)
{
	int drm = __vfio_gfx_drm_open("vgem");
	__u32 handle;

	if (drm < 0)
		SKIP(return, "no vgem");
	if (is_writable(variant->writable))
		SKIP(return, "a device may have written");
	ASSERT_EQ(0, __vfio_gfx_import(drm, self->fd, &handle));
	fill(&self->ram, NEW);
	EXPECT_EQ(0, sync_cpu(self->fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ));
	EXPECT_EQ(0, sync_cpu(self->fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ));
	EXPECT_TRUE(is_filled(&self->ram, NEW));
	fill(&self->ram, OLD);
	EXPECT_EQ(0, sync_cpu(self->fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW));
	EXPECT_EQ(0, sync_cpu(self->fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW));
	EXPECT_TRUE(is_filled(&self->ram, OLD));
	vfio_gfx_release(drm, handle);
	close(drm);
}

/* With a file of its own, an importer maps for user space as the dma-buf does. */
TEST_F(importer, mmap_of_import)
{
	int drm = __vfio_gfx_drm_open("vgem");
	struct drm_mode_map_dumb map = { };

	if (drm < 0)
		SKIP(return, "no vgem");
	if (is_writable(variant->writable))
		SKIP(return, "may be written");
	ASSERT_EQ(0, __vfio_gfx_import(drm, self->fd, &map.handle));
	if (ioctl(drm, DRM_IOCTL_MODE_MAP_DUMB, &map))
		SKIP(return, "vgem does not map imports");
	EXPECT_EQ(-EACCES, __vfio_gfx_try_map(drm, SIZE, PROT_READ | PROT_WRITE,
					      MAP_SHARED, map.offset));
	vfio_gfx_release(drm, map.handle);
	close(drm);
}

TEST_HARNESS_MAIN
