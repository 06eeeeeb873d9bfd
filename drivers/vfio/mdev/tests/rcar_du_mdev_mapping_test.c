// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: tests of framebuffers that devices have imported
 */

#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/scatterlist.h>

#include <kunit/device.h>
#include <kunit/test.h>

#include "../rcar_du_mdev_fb.h"
#include "../rcar_du_mdev_mapping.h"

#define NUM_PAGES	5

struct mapping_test {
	struct rcar_du_mdev_fb fb;
	struct page *pages[NUM_PAGES];
	struct device *dev[2];
};

static void mapping_test_exit(struct kunit *test)
{
	struct mapping_test *t = test->priv;
	unsigned int i;

	for (i = 0; i < NUM_PAGES; i++) {
		if (t->pages[i])
			__free_page(t->pages[i]);
	}
}

static int mapping_test_init(struct kunit *test)
{
	static const char * const names[] = { "importer-a", "importer-b" };
	struct mapping_test *t;
	unsigned int i;

	t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	test->priv = t;

	for (i = 0; i < NUM_PAGES; i++) {
		t->pages[i] = alloc_page(GFP_KERNEL);
		if (!t->pages[i])
			return -ENOMEM;
	}
	for (i = 0; i < ARRAY_SIZE(t->dev); i++) {
		t->dev[i] = kunit_device_register(test, names[i]);
		if (IS_ERR(t->dev[i]))
			return PTR_ERR(t->dev[i]);
		if (dma_coerce_mask_and_coherent(t->dev[i], DMA_BIT_MASK(64)))
			return -EIO;
	}

	mutex_init(&t->fb.mutex);
	INIT_LIST_HEAD(&t->fb.devices);
	t->fb.pages = t->pages;
	t->fb.npages = NUM_PAGES;
	t->fb.state = RCAR_DU_MDEV_FB_PINNED;

	return 0;
}

static struct sg_table *mapping_test_get(struct mapping_test *t, unsigned int n,
					 enum dma_data_direction dir)
{
	guard(mutex)(&t->fb.mutex);

	return rcar_du_mdev_mapping_get_locked(&t->fb, t->dev[n], dir);
}

static void mapping_test_put(struct mapping_test *t, unsigned int n,
			     struct sg_table *sgt)
{
	guard(mutex)(&t->fb.mutex);

	rcar_du_mdev_mapping_put_locked(&t->fb, t->dev[n], sgt);
}

static unsigned int mapping_test_clean(struct mapping_test *t,
				       bool write_combined)
{
	guard(mutex)(&t->fb.mutex);

	return rcar_du_mdev_mapping_clean_locked(&t->fb, write_combined);
}

/* What of all directions is mapped. */
static void mapping_test_expect(struct kunit *test, int to, int from, int both)
{
	const int expected[] = {
		[DMA_BIDIRECTIONAL] = both,
		[DMA_TO_DEVICE] = to,
		[DMA_FROM_DEVICE] = from,
	};
	struct mapping_test *t = test->priv;
	unsigned int dir;

	for (dir = 0; dir < ARRAY_SIZE(expected); dir++) {
		struct sg_table *sgt = mapping_test_get(t, 0, dir);

		KUNIT_EXPECT_EQ_MSG(test, PTR_ERR_OR_ZERO(sgt), expected[dir],
				    "direction %u", dir);
		if (!IS_ERR(sgt))
			mapping_test_put(t, 0, sgt);
	}
}

static void mapping_test_guest_only(struct kunit *test)
{
	mapping_test_expect(test, 0, -EACCES, 0);
}

static void mapping_test_writable(struct kunit *test)
{
	struct mapping_test *t = test->priv;

	t->fb.writable = true;
	mapping_test_expect(test, 0, 0, 0);
}

static void mapping_test_readonly(struct kunit *test)
{
	struct mapping_test *t = test->priv;

	t->fb.readonly = true;
	mapping_test_expect(test, 0, -EACCES, -EACCES);
}

/* All pages, in their order */
static void mapping_test_pages(struct kunit *test)
{
	struct mapping_test *t = test->priv;
	struct sg_table *sgt = mapping_test_get(t, 0, DMA_BIDIRECTIONAL);
	struct sg_page_iter iter;
	unsigned int n = 0;
	size_t size = 0;
	struct scatterlist *sg;
	int i;

	KUNIT_ASSERT_FALSE(test, IS_ERR(sgt));
	for_each_sgtable_page(sgt, &iter, 0) {
		KUNIT_ASSERT_LT(test, n, NUM_PAGES);
		KUNIT_EXPECT_PTR_EQ(test, sg_page_iter_page(&iter),
				    t->pages[n++]);
	}
	KUNIT_EXPECT_EQ(test, n, NUM_PAGES);
	for_each_sgtable_dma_sg(sgt, sg, i)
		size += sg_dma_len(sg);
	KUNIT_EXPECT_EQ(test, size, NUM_PAGES * PAGE_SIZE);
	mapping_test_put(t, 0, sgt);
}

/* The imports of a device have one mapping and tables of their own. */
static void mapping_test_shared(struct kunit *test)
{
	struct mapping_test *t = test->priv;
	struct sg_table *a = mapping_test_get(t, 0, DMA_TO_DEVICE);
	struct sg_table *b = mapping_test_get(t, 0, DMA_BIDIRECTIONAL);

	KUNIT_ASSERT_FALSE(test, IS_ERR(a));
	KUNIT_ASSERT_FALSE(test, IS_ERR(b));
	KUNIT_EXPECT_PTR_NE(test, a, b);
	KUNIT_EXPECT_PTR_NE(test, a->sgl, b->sgl);
	KUNIT_EXPECT_EQ(test, sg_dma_address(a->sgl), sg_dma_address(b->sgl));
	KUNIT_EXPECT_TRUE(test, list_is_singular(&t->fb.devices));
	KUNIT_EXPECT_EQ(test, t->fb.mappings, 2);

	mapping_test_put(t, 0, a);
	KUNIT_EXPECT_TRUE(test, list_is_singular(&t->fb.devices));
	mapping_test_put(t, 0, b);
	KUNIT_EXPECT_TRUE(test, list_empty(&t->fb.devices));
	KUNIT_EXPECT_EQ(test, t->fb.mappings, 0);
}

static void mapping_test_two_devices(struct kunit *test)
{
	struct mapping_test *t = test->priv;
	struct sg_table *a = mapping_test_get(t, 0, DMA_TO_DEVICE);
	struct sg_table *b = mapping_test_get(t, 1, DMA_TO_DEVICE);

	KUNIT_ASSERT_FALSE(test, IS_ERR(a));
	KUNIT_ASSERT_FALSE(test, IS_ERR(b));
	KUNIT_EXPECT_EQ(test, list_count_nodes(&t->fb.devices), 2);
	mapping_test_put(t, 0, a);
	KUNIT_EXPECT_TRUE(test, list_is_singular(&t->fb.devices));
	mapping_test_put(t, 1, b);
	KUNIT_EXPECT_TRUE(test, list_empty(&t->fb.devices));
}

/* Caches are cleaned once for each device that does not snoop, if there is a cause. */
static void mapping_test_cleans(struct kunit *test)
{
	struct mapping_test *t = test->priv;
	unsigned int once = dev_is_dma_coherent(t->dev[0]) ? 0 : 1;
	struct sg_table *a, *b;

	KUNIT_EXPECT_EQ(test, mapping_test_clean(t, false), 0);
	a = mapping_test_get(t, 0, DMA_TO_DEVICE);
	b = mapping_test_get(t, 0, DMA_TO_DEVICE);
	KUNIT_ASSERT_FALSE(test, IS_ERR(a));
	KUNIT_ASSERT_FALSE(test, IS_ERR(b));
	KUNIT_EXPECT_EQ(test, mapping_test_clean(t, false), once);
	KUNIT_EXPECT_EQ(test, mapping_test_clean(t, true), 0);
	mapping_test_put(t, 0, a);
	mapping_test_put(t, 0, b);
	KUNIT_EXPECT_EQ(test, mapping_test_clean(t, false), 0);
}

static struct kunit_case mapping_test_cases[] = {
	KUNIT_CASE(mapping_test_guest_only),
	KUNIT_CASE(mapping_test_writable),
	KUNIT_CASE(mapping_test_readonly),
	KUNIT_CASE(mapping_test_pages),
	KUNIT_CASE(mapping_test_shared),
	KUNIT_CASE(mapping_test_two_devices),
	KUNIT_CASE(mapping_test_cleans),
	{}
};

static struct kunit_suite mapping_test_suite = {
	.name = "rcar_du_mdev_mapping",
	.init = mapping_test_init,
	.exit = mapping_test_exit,
	.test_cases = mapping_test_cases,
};

kunit_test_suite(mapping_test_suite);

RCAR_DU_MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("R-Car DU mediated device: tests of framebuffers that devices have imported");
MODULE_LICENSE("GPL");
