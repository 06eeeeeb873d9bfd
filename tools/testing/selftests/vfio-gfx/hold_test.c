// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest memory goes away while importers hold on to it
 */

#include "kselftest_harness.h"

#include "lib/vfio_gfx.h"

#define WIDTH	VFIO_GFX_BUF_WIDTH
#define HEIGHT	VFIO_GFX_BUF_HEIGHT
#define SIZE	VFIO_GFX_BUF_SIZE

/* With type1 the device waits 10 s for an importer, and then lets type1 call again. */
#define HOLD_MS	11500

FIXTURE(hold) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
	int fd;			/* of what is shown */
};

FIXTURE_VARIANT(hold) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(hold, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(hold, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(hold)
{
	const char *missing = vfio_gfx_open_with_ram(&self->dev, &self->ram,
						     variant->mode);

	if (missing)
		SKIP(return, "no %s", missing);
	vfio_gfx_display_on(&self->dev);
	self->fd = vfio_gfx_get(&self->dev,
				vfio_gfx_show_buffer(&self->dev, &self->ram, 1,
						     0));
}

FIXTURE_TEARDOWN(hold)
{
	vfio_gfx_let_go();
	close(self->fd);
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
}

/* It can be shown again. */
static void expect_works(struct __test_metadata *_metadata,
			 struct vfio_gfx_dev *dev, struct vfio_gfx_ram *ram)
{
	__u32 id = vfio_gfx_show_buffer(dev, ram, 2, 0);
	int fd = vfio_gfx_get(dev, id);
	__u8 *map = vfio_gfx_map(fd, SIZE);

	EXPECT_EQ(2, map[0]);
	munmap(map, SIZE);
	close(fd);
}

/* Memory is unmapped when nobody has it any more, however long that takes. */
TEST_F_TIMEOUT(hold, unmap, 90)
{
	__u8 *map = vfio_gfx_map(self->fd, SIZE);
	__u64 start;

	if (__vfio_gfx_hold(self->fd, HOLD_MS))
		SKIP(return, "no slow importer");
	start = vfio_gfx_now_ms();
	EXPECT_EQ(0, __vfio_gfx_dma_unmap(&self->dev, self->ram.iova,
					  self->ram.size));
	EXPECT_LE(HOLD_MS, vfio_gfx_now_ms() - start);
	EXPECT_TRUE(vfio_gfx_gone(map, SIZE));
	munmap(map, SIZE);

	vfio_gfx_ram_map(&self->dev, &self->ram);
	expect_works(_metadata, &self->dev, &self->ram);
}

/* iommufd calls once and takes the memory away then. */
TEST_F_TIMEOUT(hold, detach, 90)
{
	__u8 *map = vfio_gfx_map(self->fd, SIZE);
	__u64 start;

	if (variant->mode != VFIO_GFX_CDEV)
		SKIP(return, "type1 does not detach");
	if (__vfio_gfx_hold(self->fd, HOLD_MS))
		SKIP(return, "no slow importer");
	start = vfio_gfx_now_ms();
	EXPECT_EQ(0, __vfio_gfx_detach(&self->dev));
	EXPECT_LE(HOLD_MS, vfio_gfx_now_ms() - start);
	EXPECT_TRUE(vfio_gfx_gone(map, SIZE));
	munmap(map, SIZE);

	ASSERT_EQ(0, __vfio_gfx_attach(&self->dev));
	expect_works(_metadata, &self->dev, &self->ram);
}

/* An importer that keeps its mapping keeps nobody waiting. */
TEST_F(hold, detach_under_import)
{
	int drm = __vfio_gfx_drm_open("vgem");
	__u32 handle = 0;
	__u64 start;

	if (variant->mode != VFIO_GFX_CDEV)
		SKIP(return, "type1 does not detach");
	if (drm < 0)
		SKIP(return, "no vgem");
	ASSERT_EQ(0, __vfio_gfx_import(drm, self->fd, &handle));
	start = vfio_gfx_now_ms();
	EXPECT_EQ(0, __vfio_gfx_detach(&self->dev));
	EXPECT_GT(HOLD_MS / 2, vfio_gfx_now_ms() - start);
	EXPECT_EQ(0, __vfio_gfx_stat(&self->dev, "bytes_pinned"));

	ASSERT_EQ(0, __vfio_gfx_attach(&self->dev));
	expect_works(_metadata, &self->dev, &self->ram);
	vfio_gfx_release(drm, handle);
	close(drm);
}

/* While the guest changes what it shows. */
TEST_F(hold, detach_while_pinning)
{
	struct vfio_gfx_plane plane;
	unsigned int i;

	if (variant->mode != VFIO_GFX_CDEV)
		SKIP(return, "type1 does not detach");
	for (i = 0; i < 50; i++) {
		plane = vfio_gfx_buffer(&self->ram, 3 + i);
		vfio_gfx_show(&self->dev, &plane);
		ASSERT_EQ(0, __vfio_gfx_detach(&self->dev));
		EXPECT_EQ(0, __vfio_gfx_stat(&self->dev, "bytes_pinned"));
		ASSERT_EQ(0, __vfio_gfx_attach(&self->dev));
	}
	expect_works(_metadata, &self->dev, &self->ram);
}

TEST_HARNESS_MAIN
