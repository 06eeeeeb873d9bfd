// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: an importer that takes its time, for the selftests
 *
 * "FD MS" written to attach in debugfs attaches a dma-buf. When its exporter takes the
 * memory away, the importer lets go after MS milliseconds, as one whose hardware has
 * to come to rest does. Whatever is written to detach detaches it.
 */

#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/dma-buf.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/uaccess.h>

static struct platform_device *importer_dev;
static struct dentry *importer_dir;

static DEFINE_MUTEX(importer_mutex);
static struct dma_buf_attachment *importer_attachment;
static unsigned int importer_ms;

static void importer_invalidate(struct dma_buf_attachment *attach)
{
	msleep(importer_ms);
}

static const struct dma_buf_attach_ops importer_ops = {
	.invalidate_mappings = importer_invalidate,
};

static void importer_detach_locked(void)
{
	struct dma_buf *dmabuf;

	lockdep_assert_held(&importer_mutex);

	if (!importer_attachment)
		return;

	dmabuf = importer_attachment->dmabuf;
	dma_buf_detach(dmabuf, importer_attachment);
	dma_buf_put(dmabuf);
	importer_attachment = NULL;
}

static int importer_attach_locked(int fd)
{
	struct dma_buf_attachment *attach;
	struct dma_buf *dmabuf;

	lockdep_assert_held(&importer_mutex);

	dmabuf = dma_buf_get(fd);
	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);

	attach = dma_buf_dynamic_attach(dmabuf, &importer_dev->dev,
					&importer_ops, NULL);
	if (IS_ERR(attach)) {
		dma_buf_put(dmabuf);
		return PTR_ERR(attach);
	}
	importer_attachment = attach;

	return 0;
}

static ssize_t importer_attach_write(struct file *file, const char __user *ubuf,
				     size_t count, loff_t *ppos)
{
	char buf[32] = { };
	unsigned int ms;
	int fd, ret;

	if (count >= sizeof(buf))
		return -EINVAL;
	if (copy_from_user(buf, ubuf, count))
		return -EFAULT;
	if (sscanf(buf, "%d %u", &fd, &ms) != 2)
		return -EINVAL;

	guard(mutex)(&importer_mutex);

	importer_detach_locked();
	importer_ms = ms;
	ret = importer_attach_locked(fd);

	return ret ?: count;
}

static const struct file_operations importer_attach_fops = {
	.owner = THIS_MODULE,
	.write = importer_attach_write,
};

static ssize_t importer_detach_write(struct file *file, const char __user *ubuf,
				     size_t count, loff_t *ppos)
{
	guard(mutex)(&importer_mutex);

	importer_detach_locked();

	return count;
}

static const struct file_operations importer_detach_fops = {
	.owner = THIS_MODULE,
	.write = importer_detach_write,
};

static int __init importer_init(void)
{
	importer_dev = platform_device_register_simple("rcar-du-mdev-importer",
						       PLATFORM_DEVID_NONE,
						       NULL, 0);
	if (IS_ERR(importer_dev))
		return PTR_ERR(importer_dev);

	importer_dir = debugfs_create_dir("rcar-du-mdev-importer", NULL);
	debugfs_create_file("attach", 0200, importer_dir, NULL,
			    &importer_attach_fops);
	debugfs_create_file("detach", 0200, importer_dir, NULL,
			    &importer_detach_fops);

	return 0;
}
module_init(importer_init);

static void __exit importer_exit(void)
{
	debugfs_remove_recursive(importer_dir);
	scoped_guard(mutex, &importer_mutex)
		importer_detach_locked();
	platform_device_unregister(importer_dev);
}
module_exit(importer_exit);

RCAR_DU_MODULE_IMPORT_NS(DMA_BUF);
MODULE_DESCRIPTION("R-Car DU mediated device: an importer that takes its time");
MODULE_LICENSE("GPL");
