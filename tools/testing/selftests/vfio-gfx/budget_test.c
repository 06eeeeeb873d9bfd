// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a guest can make the host do, in pins, in work and in lines of its log
 */

#include "kselftest_harness.h"

#include <fcntl.h>

#include "lib/vfio_gfx.h"

#define WIDTH	VFIO_GFX_BUF_WIDTH
#define HEIGHT	VFIO_GFX_BUF_HEIGHT
#define SIZE	VFIO_GFX_BUF_SIZE

/* For how long a guest is at the limit. A line a second is seen. */
#define LIMIT_MS	8000
/* What VFIO itself says in that time: once, and once more if it is asked again. */
#define MAX_VFIO_LINES	2
/* What does not wait for the rate. */
#define SOON_MS		5000

FIXTURE(budget) {
	struct vfio_gfx_dev dev;
	struct vfio_gfx_ram ram;
	char pin_rate[32];	/* as it was */
};

FIXTURE_VARIANT(budget) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(budget, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(budget, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(budget)
{
	const char *missing = vfio_gfx_open_with_ram(&self->dev, &self->ram,
						     variant->mode);

	if (missing)
		SKIP(return, "no %s", missing);
	ASSERT_EQ(0, __vfio_gfx_attr("pin_rate", self->pin_rate,
				     sizeof(self->pin_rate)));
	vfio_gfx_display_on(&self->dev);
}

FIXTURE_TEARDOWN(budget)
{
	__vfio_gfx_set_attr("pin_rate", self->pin_rate);
	vfio_gfx_close(&self->dev);
	vfio_gfx_ram_free(&self->ram);
}

/* -----------------------------------------------------------------------------
 * Locked memory
 */

static int log_end(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

#define MAX_LINE	1024

struct lines {
	unsigned int own;	/* of the device */
	unsigned int all;
	char text[MAX_LINE];	/* the first own one */
};

/* Lines of the log that name the limit. */
static void count_lines(int log, const char *uuid, struct lines *lines)
{
	char text[MAX_LINE];
	ssize_t n;

	memset(lines, 0, sizeof(*lines));
	while ((n = read(log, text, sizeof(text) - 1)) > 0) {
		text[n] = 0;
		if (!strstr(text, "RLIMIT_MEMLOCK"))
			continue;
		lines->all++;
		if (!strstr(text, uuid))
			continue;
		if (!lines->own++)
			strcpy(lines->text, text);
	}
}

/* A guest with one buffer that may be locked, and one that may not. */
TEST_F_TIMEOUT(budget, one_line_at_the_limit, 60)
{
	struct vfio_gfx_plane big = vfio_gfx_buffer(&self->ram, 0);
	struct vfio_gfx_plane small = big;
	unsigned int asked = 0;
	struct lines lines;
	__u64 start;
	int log;

	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	if (__vfio_gfx_limit_memlock(1 << 20))
		SKIP(return, "cannot limit locked memory");
	vfio_gfx_ram_map(&self->dev, &self->ram);
	log = log_end();
	if (log < 0)
		SKIP(return, "no kernel log");

	big.width = 1920;
	big.height = 1080;
	start = vfio_gfx_now_ms();
	while (vfio_gfx_now_ms() - start < LIMIT_MS) {
		vfio_gfx_show(&self->dev, &big);
		ASSERT_EQ(RCAR_VDU_ERROR_LIMIT,
			  vfio_gfx_plane_error(&self->dev, 0));
		vfio_gfx_show_id(&self->dev, &small, 0);
		asked++;
	}
	EXPECT_LE(4, asked);

	count_lines(log, vfio_gfx_uuid(), &lines);
	EXPECT_EQ(1, lines.own);
	EXPECT_GE(1 + MAX_VFIO_LINES, lines.all);
	/* The limit, and what it has to be at least. */
	EXPECT_NE(NULL, strstr(lines.text, " 1024 KiB"));
	EXPECT_NE(NULL, strstr(lines.text, "8100 KiB"));
	EXPECT_LT(0, __vfio_gfx_stat(&self->dev, "memlock_skips"));
	close(log);
}

/* -----------------------------------------------------------------------------
 * Pins
 */

/* Shows that many buffers, the first of which is not shown, and returns how long it takes. */
static __u64 show_new(struct vfio_gfx_dev *dev, struct vfio_gfx_ram *ram,
		      unsigned int first, unsigned int n)
{
	struct vfio_device_gfx_plane_info info;
	__u64 start = vfio_gfx_now_ms();
	unsigned int i;
	__u32 id;

	vfio_gfx_query(dev, VFIO_GFX_PRIMARY, &info);
	id = info.dmabuf_id;
	for (i = 0; i < n; i++)
		id = vfio_gfx_show_buffer(dev, ram, first + i, id);
	return vfio_gfx_now_ms() - start;
}

TEST_F_TIMEOUT(budget, pin_rate, 90)
{
	const unsigned int pages = SIZE / vfio_gfx_page_size();
	const unsigned int n = 20;
	char rate[32];
	__u64 ms;

	/* Four buffers a second; those of the first second are had at once. */
	snprintf(rate, sizeof(rate), "%u", 4 * (pages + 1));
	ASSERT_EQ(0, __vfio_gfx_set_attr("pin_rate", rate));
	ms = show_new(&self->dev, &self->ram, 0, n);
	EXPECT_LE((n - 5) * 250, ms);
	EXPECT_EQ(0, vfio_gfx_page_read(&self->dev, RCAR_VDU_PLANE(0) +
					RCAR_VDU_PLANE_ERROR));
	EXPECT_LT(0, __vfio_gfx_stat(&self->dev, "pin_delays"));

	/* What is pinned already costs nothing. */
	show_new(&self->dev, &self->ram, n - 2, 2);
	EXPECT_GT(SOON_MS, show_new(&self->dev, &self->ram, n - 2, 2));

	/* The admin changes it while a guest waits. */
	ASSERT_EQ(0, __vfio_gfx_set_attr("pin_rate", "0"));
	EXPECT_GT(ms, show_new(&self->dev, &self->ram, n, n));
}

/* What pinning costs, and what the rate makes of it */
TEST_F(budget, pin_cost)
{
	struct vfio_gfx_plane plane = vfio_gfx_buffer(&self->ram, 0);
	long long before = __vfio_gfx_stat(&self->dev, "pin_ns");
	long long ns;

	plane.width = 1920;
	plane.height = 1080;
	vfio_gfx_show_id(&self->dev, &plane, 0);
	ns = (__vfio_gfx_stat(&self->dev, "pin_ns") - before) /
	     (1920 * 1080 * 4 / (long long)vfio_gfx_page_size());
	TH_LOG("%lld ns a page, %lld %% of a processor", ns,
	       ns * strtol(self->pin_rate, NULL, 0) / 10000000);
	EXPECT_LT(0, ns);
}

/* Shows something that will not be pinned for a long time. */
/* Returns whether a plane waits now. */
static bool wait_for_rate(struct vfio_gfx_dev *dev, struct vfio_gfx_ram *ram)
{
	long long before = __vfio_gfx_stat(dev, "pin_delays");
	struct vfio_gfx_plane plane;
	__u64 start = vfio_gfx_now_ms();

	__vfio_gfx_set_attr("pin_rate", "1");
	vfio_gfx_show_buffer(dev, ram, 1, 0);
	plane = vfio_gfx_buffer(ram, 2);
	vfio_gfx_show(dev, &plane);
	while (__vfio_gfx_stat(dev, "pin_delays") == before &&
	       vfio_gfx_now_ms() - start < VFIO_GFX_TIMEOUT_MS)
		vfio_gfx_sleep_ms(10);
	return __vfio_gfx_stat(dev, "pin_delays") > before;
}

/* Whoever takes the memory away does not wait for what the guest waits for. */
TEST_F(budget, pin_rate_reset)
{
	__u64 start;

	ASSERT_TRUE(wait_for_rate(&self->dev, &self->ram));
	start = vfio_gfx_now_ms();
	vfio_gfx_reset(&self->dev);
	EXPECT_GT(SOON_MS, vfio_gfx_now_ms() - start);
}

TEST_F(budget, pin_rate_unmap)
{
	__u64 start;

	ASSERT_TRUE(wait_for_rate(&self->dev, &self->ram));
	start = vfio_gfx_now_ms();
	vfio_gfx_ram_unmap(&self->dev, &self->ram);
	EXPECT_GT(SOON_MS, vfio_gfx_now_ms() - start);
}

TEST_F(budget, pin_rate_close)
{
	__u64 start;

	ASSERT_TRUE(wait_for_rate(&self->dev, &self->ram));
	start = vfio_gfx_now_ms();
	vfio_gfx_close(&self->dev);
	EXPECT_GT(SOON_MS, vfio_gfx_now_ms() - start);
}

TEST_F(budget, pin_rate_attr)
{
	char value[32];

	EXPECT_EQ(0, __vfio_gfx_set_attr("pin_rate", "12345"));
	EXPECT_EQ(0, __vfio_gfx_attr("pin_rate", value, sizeof(value)));
	EXPECT_EQ(12345, strtol(value, NULL, 0));
	EXPECT_EQ(-EINVAL, __vfio_gfx_set_attr("pin_rate", "fast"));
	EXPECT_EQ(-EINVAL, __vfio_gfx_set_attr("pin_rate", "-1"));
	EXPECT_EQ(-ERANGE, __vfio_gfx_set_attr("pin_rate", "4294967296"));
}

/* -----------------------------------------------------------------------------
 * Work
 */

/* The admin says where the work of a device runs. */
TEST_F(budget, workqueues)
{
	static const char * const queues[] = { "", "-unpin" };
	char name[32], path[128];
	unsigned int i;

	ASSERT_EQ(0, __vfio_gfx_attr("workqueue", name, sizeof(name)));
	name[strcspn(name, "\n")] = 0;
	for (i = 0; i < ARRAY_SIZE(queues); i++) {
		snprintf(path, sizeof(path),
			 "/sys/devices/virtual/workqueue/%s%s/cpumask", name,
			 queues[i]);
		EXPECT_EQ(0, __vfio_gfx_write_file(path, "1"));
		snprintf(path, sizeof(path),
			 "/sys/devices/virtual/workqueue/%s%s/nice", name,
			 queues[i]);
		EXPECT_EQ(0, __vfio_gfx_write_file(path, "10"));
	}
	show_new(&self->dev, &self->ram, 0, 4);
	vfio_gfx_ram_unmap(&self->dev, &self->ram);
}

TEST_HARNESS_MAIN
