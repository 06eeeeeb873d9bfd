// SPDX-License-Identifier: GPL-2.0-only
/*
 * PLANE_ERROR: planes that cannot be shown, and those that can again
 */

#include "kselftest_harness.h"

#include "lib/vfio_gfx.h"

#define WIDTH	VFIO_GFX_BUF_WIDTH
#define HEIGHT	VFIO_GFX_BUF_HEIGHT

/* The mediator looks once a second whether a limit was raised. */
#define RETRY_MS	VFIO_GFX_TIMEOUT_MS

FIXTURE(error) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
};

FIXTURE_VARIANT(error) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(error, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(error, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(error)
{
	const char *missing = vfio_gfx_open_with_ram(&self->dev, &self->ram,
						     variant->mode);

	if (missing)
		SKIP(return, "no %s", missing);
	vfio_gfx_display_on(&self->dev);
}

FIXTURE_TEARDOWN(error)
{
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
}

static struct vfio_gfx_plane good(void)
{
	return (struct vfio_gfx_plane) {
		.fourcc = DRM_FORMAT_XRGB8888,
		.addr = VFIO_GFX_RAM_IOVA,
		.width = WIDTH,
		.height = HEIGHT,
	};
}

static bool is_off(struct vfio_gfx_dev *dev)
{
	struct vfio_device_gfx_plane_info info;

	return vfio_gfx_query_off(dev, VFIO_GFX_PRIMARY, &info);
}

static __u32 error_now(struct vfio_gfx_dev *dev, unsigned int page)
{
	return vfio_gfx_page_read(dev, RCAR_VDU_PLANE(page) +
				  RCAR_VDU_PLANE_ERROR);
}

/* -----------------------------------------------------------------------------
 * Planes
 */

struct bad_plane {
	const char *what;
	__u32 error;
	/* The register that makes it bad, in BAR 0 or, if page, in BAR 2. */
	bool page;
	__u32 reg;
	__u32 value;
};

static const struct bad_plane bad_planes[] = {
	{ "palette format", RCAR_VDU_ERROR_FORMAT, false, PnMR,
	  PnMR_DDDF_8BPP },
	{ "unknown format extension", RCAR_VDU_ERROR_FORMAT, false, PnDDCR4,
	  PnDDCR4_CODE | 7 },
	{ "no width", RCAR_VDU_ERROR_SIZE, false, PnDSXR, 0 },
	{ "no height", RCAR_VDU_ERROR_SIZE, false, PnDSYR, 0 },
	{ "biggest width", RCAR_VDU_ERROR_SIZE, false, PnDSXR, PnDSXY_MASK },
	{ "biggest height", RCAR_VDU_ERROR_SIZE, false, PnDSYR, PnDSXY_MASK },
	{ "no pitch", RCAR_VDU_ERROR_PITCH, false, PnMWR, 0 },
	{ "pitch below the width", RCAR_VDU_ERROR_PITCH, false, PnMWR,
	  WIDTH - 1 },
	{ "biggest pitch", RCAR_VDU_ERROR_PITCH, false, PnMWR, PnMWR_MASK },
	{ "address 0", RCAR_VDU_ERROR_ADDRESS, false, PnDSA0R, 0 },
	{ "address below RAM", RCAR_VDU_ERROR_ADDRESS, false, PnDSA0R,
	  VFIO_GFX_RAM_IOVA - 0x1000 },
	{ "address behind RAM", RCAR_VDU_ERROR_ADDRESS, false, PnDSA0R,
	  VFIO_GFX_RAM_IOVA + VFIO_GFX_RAM_SIZE },
	{ "end behind RAM", RCAR_VDU_ERROR_ADDRESS, false, PnDSA0R,
	  VFIO_GFX_RAM_IOVA + VFIO_GFX_RAM_SIZE - 0x1000 },
	{ "start position behind RAM", RCAR_VDU_ERROR_ADDRESS, false, PnMWR,
	  4000 },
	{ "address out of range", RCAR_VDU_ERROR_ADDRESS, true,
	  RCAR_VDU_PLANE_ADDR_HI, 1u << 31 },
	{ "last address", RCAR_VDU_ERROR_ADDRESS, true,
	  RCAR_VDU_PLANE_ADDR_HI, ~0 },
};

/* A plane that is good but for one register. */
static void write_bad_plane(struct vfio_gfx_dev *dev, unsigned int page,
			    const struct bad_plane *bad)
{
	struct vfio_gfx_plane plane = good();

	plane.page = page;
	if (bad->reg == PnMWR && bad->error == RCAR_VDU_ERROR_ADDRESS)
		plane.src_y = 4000;
	if (bad->page)
		plane.addr = 0xfffff000;
	vfio_gfx_plane_write(dev, &plane);
	if (bad->page)
		vfio_gfx_page_write(dev, RCAR_VDU_PLANE(page) + bad->reg,
				    bad->value);
	else
		vfio_gfx_du_write(dev, RCAR_VDU_PLANE_PAGE(page) + bad->reg,
				  bad->value);
}

TEST_F_TIMEOUT(error, errors, 60)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad_planes); i++) {
		struct vfio_device_gfx_plane_info info;
		struct vfio_gfx_plane plane = good();

		vfio_gfx_begin(&self->dev);
		write_bad_plane(&self->dev, 0, &bad_planes[i]);
		vfio_gfx_priority(&self->dev, 1);
		vfio_gfx_commit(&self->dev);
		EXPECT_EQ(bad_planes[i].error,
			  vfio_gfx_plane_error(&self->dev, 0))
			TH_LOG("%s", bad_planes[i].what);
		EXPECT_TRUE(is_off(&self->dev));

		/* and it recovers */
		vfio_gfx_show(&self->dev, &plane);
		vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT,
				  0, &info);
		EXPECT_EQ(RCAR_VDU_ERROR_NONE, error_now(&self->dev, 0))
			TH_LOG("%s", bad_planes[i].what);
	}
}

TEST_F_TIMEOUT(error, bad_overlay, 60)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_plane plane = good();
	unsigned int i;
	__u32 id;

	vfio_gfx_show(&self->dev, &plane);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, 0, &info);
	id = info.dmabuf_id;

	for (i = 0; i < ARRAY_SIZE(bad_planes); i++) {
		vfio_gfx_begin(&self->dev);
		write_bad_plane(&self->dev, 2, &bad_planes[i]);
		vfio_gfx_priority(&self->dev, 0x13);
		vfio_gfx_commit(&self->dev);
		EXPECT_EQ(bad_planes[i].error,
			  vfio_gfx_plane_error(&self->dev, 2))
			TH_LOG("%s", bad_planes[i].what);
		vfio_gfx_query(&self->dev, VFIO_GFX_PRIMARY, &info);
		EXPECT_EQ(id, info.dmabuf_id)
			TH_LOG("%s", bad_planes[i].what);

		vfio_gfx_begin(&self->dev);
		vfio_gfx_priority(&self->dev, 0x1);
		vfio_gfx_commit(&self->dev);
		EXPECT_TRUE(vfio_gfx_poll(&self->dev, VFIO_GFX_PAGE,
					  RCAR_VDU_PLANE(2) +
					  RCAR_VDU_PLANE_ERROR, ~0,
					  RCAR_VDU_ERROR_NONE, true));
	}
}

TEST_F(error, chroma_page_missing)
{
	struct vfio_gfx_plane plane = good();

	plane.fourcc = DRM_FORMAT_NV12;
	plane.chroma = plane.addr + 0x100000;
	vfio_gfx_begin(&self->dev);
	vfio_gfx_plane_write(&self->dev, &plane);
	vfio_gfx_priority(&self->dev, 0x1);
	vfio_gfx_commit(&self->dev);
	EXPECT_EQ(RCAR_VDU_ERROR_PAIR, vfio_gfx_plane_error(&self->dev, 0));
}

TEST_F(error, chroma_page_mismatch)
{
	struct vfio_gfx_plane plane = good();

	plane.fourcc = DRM_FORMAT_NV12;
	plane.chroma = plane.addr + 0x100000;
	vfio_gfx_begin(&self->dev);
	vfio_gfx_plane_write(&self->dev, &plane);
	vfio_gfx_du_write(&self->dev, RCAR_VDU_PLANE_PAGE(1) + PnMR,
			  PnMR_DDDF_16BPP);
	vfio_gfx_du_write(&self->dev, RCAR_VDU_PLANE_PAGE(1) + PnDDCR2,
			  PnDDCR2_CODE);
	vfio_gfx_priority(&self->dev, 0x12);
	vfio_gfx_commit(&self->dev);
	EXPECT_EQ(RCAR_VDU_ERROR_PAIR, vfio_gfx_plane_error(&self->dev, 0));
}

TEST_F(error, chroma_outside_ram)
{
	struct vfio_gfx_plane plane = good();

	plane.fourcc = DRM_FORMAT_NV12;
	plane.chroma = VFIO_GFX_RAM_IOVA - 0x100000;
	vfio_gfx_show(&self->dev, &plane);
	EXPECT_EQ(RCAR_VDU_ERROR_ADDRESS, vfio_gfx_plane_error(&self->dev, 0));
}

TEST_F(error, named_twice)
{
	struct vfio_gfx_plane plane = good();

	vfio_gfx_begin(&self->dev);
	vfio_gfx_plane_write(&self->dev, &plane);
	vfio_gfx_priority(&self->dev, 0x11);
	vfio_gfx_commit(&self->dev);
	EXPECT_EQ(RCAR_VDU_ERROR_PRIORITY, vfio_gfx_plane_error(&self->dev, 0));
}

/* Eight pages can be named, and a field can hold more. */
TEST_F(error, no_such_page)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_plane plane = good();

	vfio_gfx_begin(&self->dev);
	vfio_gfx_plane_write(&self->dev, &plane);
	vfio_gfx_priority(&self->dev, 0x1f);
	vfio_gfx_commit(&self->dev);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, 0, &info);
}

TEST_F(error, no_guest_ram)
{
	struct vfio_gfx_plane plane = good();

	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	vfio_gfx_show(&self->dev, &plane);
	EXPECT_EQ(RCAR_VDU_ERROR_ADDRESS, vfio_gfx_plane_error(&self->dev, 0));
	EXPECT_TRUE(is_off(&self->dev));
}

TEST_F(error, memlock_limit)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_plane plane = good();

	/* What a VMM may lock counts when it maps guest RAM. */
	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	if (__vfio_gfx_limit_memlock(1 << 20))
		SKIP(return, "cannot limit locked memory");
	vfio_gfx_ram_map(&self->dev, &self->ram);

	plane.width = 1920;
	plane.height = 1080;
	vfio_gfx_show(&self->dev, &plane);
	EXPECT_EQ(RCAR_VDU_ERROR_LIMIT, vfio_gfx_plane_error(&self->dev, 0));
	EXPECT_TRUE(is_off(&self->dev));

	/* What fits is still shown. */
	plane = good();
	vfio_gfx_show(&self->dev, &plane);
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, WIDTH, HEIGHT, 0, &info);
	EXPECT_EQ(RCAR_VDU_ERROR_NONE, error_now(&self->dev, 0));
}

TEST_F(error, memlock_limit_raised)
{
	struct vfio_device_gfx_plane_info info;
	struct vfio_gfx_plane plane = good();
	__u64 start;

	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	if (__vfio_gfx_limit_memlock(1 << 20))
		SKIP(return, "cannot limit locked memory");
	vfio_gfx_ram_map(&self->dev, &self->ram);

	plane.width = 1920;
	plane.height = 1080;
	vfio_gfx_show(&self->dev, &plane);
	ASSERT_EQ(RCAR_VDU_ERROR_LIMIT, vfio_gfx_plane_error(&self->dev, 0));
	/* Not only once. */
	vfio_gfx_sleep_ms(1500);
	ASSERT_EQ(RCAR_VDU_ERROR_LIMIT, error_now(&self->dev, 0));

	if (__vfio_gfx_limit_memlock(VFIO_GFX_RAM_SIZE))
		SKIP(return, "cannot raise a limit");
	start = vfio_gfx_now_ms();
	vfio_gfx_query_on(&self->dev, VFIO_GFX_PRIMARY, plane.width,
			  plane.height, 0, &info);
	EXPECT_GE(RETRY_MS, vfio_gfx_now_ms() - start);
	EXPECT_EQ(RCAR_VDU_ERROR_NONE, error_now(&self->dev, 0));
}

/* -----------------------------------------------------------------------------
 * Reset
 */

static void expect_no_error(struct __test_metadata *_metadata,
			    struct vfio_gfx_dev *dev, unsigned int round)
{
	unsigned int page;

	for (page = 0; page < RCAR_VDU_NUM_PLANE_PAGES; page++) {
		__u32 error = error_now(dev, page);

		ASSERT_EQ(RCAR_VDU_ERROR_NONE, error)
			TH_LOG("plane %u in round %u", page, round);
	}
}

TEST_F(error, reset)
{
	struct vfio_gfx_plane plane = good();

	plane.addr = VFIO_GFX_RAM_IOVA - 0x100000;
	vfio_gfx_show(&self->dev, &plane);
	ASSERT_EQ(RCAR_VDU_ERROR_ADDRESS, vfio_gfx_plane_error(&self->dev, 0));
	vfio_gfx_reset(&self->dev);
	expect_no_error(_metadata, &self->dev, 0);
}

/* A reset while the mediator looks at planes of which one is bad. */
TEST_F_TIMEOUT(error, reset_while_latching, 300)
{
	unsigned int i;

	for (i = 0; i < 60; i++) {
		struct vfio_gfx_plane plane = good();

		vfio_gfx_display_on(&self->dev);
		vfio_gfx_begin(&self->dev);
		plane.page = 3;
		plane.addr = VFIO_GFX_RAM_IOVA - 0x100000;
		vfio_gfx_plane_write(&self->dev, &plane);

		/* Big ones, which take their time, behind the bad one. */
		plane.width = 1920;
		plane.height = 1080;
		for (plane.page = 0; plane.page < 3; plane.page++) {
			plane.addr = VFIO_GFX_RAM_IOVA + 0x200000 * plane.page;
			vfio_gfx_plane_write(&self->dev, &plane);
		}
		vfio_gfx_priority(&self->dev, 0x1234);
		vfio_gfx_commit(&self->dev);

		vfio_gfx_sleep_ms(i % 12);
		vfio_gfx_reset(&self->dev);
		expect_no_error(_metadata, &self->dev, i);
		vfio_gfx_sleep_ms(10);
		expect_no_error(_metadata, &self->dev, i);
	}
}

TEST_HARNESS_MAIN
