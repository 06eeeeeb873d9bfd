// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: framebuffers of foreign memory
 *
 * A dma-buf is imported as a GEM object once, and a framebuffer made of it, when
 * it is shown for the first time. Owners that show the same few pictures again
 * and again cause no work here.
 */

#include <linux/dma-buf.h>
#include <linux/iommu.h>
#include <linux/scatterlist.h>

#include <drm/drm_drv.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem.h>
#include <drm/drm_gem_dma_helper.h>
#include <drm/drm_mode_config.h>
#include <drm/drm_plane.h>
#include <drm/drm_prime.h>

#include "rcar_du_scanout_sink.h"

/*
 * Drivers with these objects have one base address for each of them (RPF base
 * address registers are 32 bits wide: VI6_RPF_SRCM_ADDR_Y). rcar-du imports
 * memory in pieces all the same, and shows what follows the first one.
 */
static int rcar_du_scanout_check_memory(struct drm_gem_object *obj)
{
	struct device *dev = obj->dev->dev;
	struct sg_table *sgt;

	if (!obj->funcs || obj->funcs->vm_ops != &drm_gem_dma_vm_ops)
		return 0;

	sgt = to_drm_gem_dma_obj(obj)->sgt;
	if (!sgt || drm_prime_get_contiguous_size(sgt) < obj->size)
		return -EMEDIUMTYPE;

	if (!device_iommu_mapped(dev) &&
	    sg_phys(sgt->sgl) + obj->size - 1 > DMA_BIT_MASK(32))
		return -EMEDIUMTYPE;

	return 0;
}

static int rcar_du_scanout_import_plane(struct drm_device *dev,
					struct drm_file *file,
					struct dma_buf *dmabuf, u32 *handle)
{
	struct drm_gem_object *obj;
	int ret;

	obj = dev->driver->gem_prime_import ?
	      dev->driver->gem_prime_import(dev, dmabuf) :
	      drm_gem_prime_import(dev, dmabuf);
	if (IS_ERR(obj))
		return PTR_ERR(obj);

	ret = rcar_du_scanout_check_memory(obj);
	if (!ret)
		ret = drm_gem_handle_create(file, obj, handle);
	/* The handle has a reference of its own. */
	drm_gem_object_put(obj);

	return ret;
}

static bool rcar_du_scanout_has_format(const struct drm_plane *plane,
				       u32 format)
{
	unsigned int i;

	for (i = 0; i < plane->format_count; i++) {
		if (plane->format_types[i] == format)
			return true;
	}

	return false;
}

static void rcar_du_scanout_drop_handles(struct drm_client_dev *client,
					 const struct drm_mode_fb_cmd2 *cmd)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cmd->handles); i++) {
		if (cmd->handles[i])
			drm_gem_handle_delete(client->file, cmd->handles[i]);
	}
}

/**
 * rcar_du_scanout_fb_create - Make a framebuffer of GEM objects
 * @client: the client whose handles they have
 * @cmd: what a user of the DRM device would ask for; its handles are deleted
 *
 * Return: the framebuffer, which has references on the objects, or an ERR_PTR.
 */
struct drm_framebuffer *
rcar_du_scanout_fb_create(struct drm_client_dev *client,
			  const struct drm_mode_fb_cmd2 *cmd)
{
	struct drm_device *dev = client->dev;
	struct drm_framebuffer *fb;

	fb = rcar_du_fb_create(dev->mode_config.funcs, dev, client->file,
			       drm_format_info(cmd->pixel_format), cmd);
	rcar_du_scanout_drop_handles(client, cmd);

	return fb;
}

static struct drm_framebuffer *
rcar_du_scanout_make(struct rcar_du_scanout_sink *sink,
		     const struct rcar_du_scanout_buffer *buffer)
{
	struct drm_client_dev *client = &sink->scanout->client;
	struct drm_mode_fb_cmd2 cmd = {
		.width = buffer->width,
		.height = buffer->height,
		.pixel_format = buffer->format,
	};
	unsigned int i;
	int ret;

	for (i = 0; i < buffer->num_planes; i++) {
		cmd.pitches[i] = buffer->pitch[i];
		cmd.offsets[i] = buffer->offset[i];
		ret = rcar_du_scanout_import_plane(client->dev, client->file,
						   buffer->dmabuf[i],
						   &cmd.handles[i]);
		if (ret) {
			rcar_du_scanout_drop_handles(client, &cmd);
			return ERR_PTR(ret);
		}
	}

	return rcar_du_scanout_fb_create(client, &cmd);
}

static bool rcar_du_scanout_same(const struct rcar_du_scanout_buffer *a,
				 const struct rcar_du_scanout_buffer *b)
{
	unsigned int i;

	if (a->format != b->format || a->width != b->width ||
	    a->height != b->height || a->num_planes != b->num_planes)
		return false;

	for (i = 0; i < a->num_planes; i++) {
		if (a->dmabuf[i] != b->dmabuf[i] ||
		    a->pitch[i] != b->pitch[i] || a->offset[i] != b->offset[i])
			return false;
	}

	return true;
}

static struct rcar_du_scanout_fb *
rcar_du_scanout_fb_find_locked(struct rcar_du_scanout_sink *sink,
			       const struct rcar_du_scanout_buffer *buffer)
{
	unsigned int i;

	lockdep_assert_held(&sink->fb_mutex);

	for (i = 0; i < ARRAY_SIZE(sink->fbs); i++) {
		struct rcar_du_scanout_fb *entry = &sink->fbs[i];

		if (entry->fb && rcar_du_scanout_same(&entry->buffer, buffer))
			return entry;
	}

	return NULL;
}

static void rcar_du_scanout_fb_drop_locked(struct rcar_du_scanout_sink *sink,
					   struct rcar_du_scanout_fb *entry)
{
	lockdep_assert_held(&sink->fb_mutex);

	if (entry->fb)
		drm_framebuffer_put(entry->fb);
	memset(entry, 0, sizeof(*entry));
}

/* Takes the place of the one that was not used for the longest time. */
static struct rcar_du_scanout_fb *
rcar_du_scanout_fb_slot_locked(struct rcar_du_scanout_sink *sink)
{
	struct rcar_du_scanout_fb *slot = &sink->fbs[0];
	unsigned int i;

	lockdep_assert_held(&sink->fb_mutex);

	for (i = 1; i < ARRAY_SIZE(sink->fbs); i++) {
		if (sink->fbs[i].used < slot->used)
			slot = &sink->fbs[i];
	}

	rcar_du_scanout_fb_drop_locked(sink, slot);

	return slot;
}

/**
 * rcar_du_scanout_import - Get a framebuffer for a picture in memory
 * @sink: the sink
 * @buffer: the picture
 * @copied: number of bytes that were copied, if the display can't fetch from
 *	this memory and RCAR_DU_SCANOUT_COPY allows to copy
 *
 * Makes it at the first time, and keeps it until rcar_du_scanout_forget() or
 * until others that are used later need its place.
 *
 * Context: sleeps; takes the reservation locks of the dma-bufs.
 * Return: the framebuffer with a reference, or an ERR_PTR: -EOPNOTSUPP if the
 * planes don't have the format, -EMEDIUMTYPE if the display can't fetch from
 * this memory (not contiguous, or not below 4 GiB), -EINVAL if it can't have
 * that geometry, -ENODEV if the memory has gone, -ENOMEM.
 */
struct drm_framebuffer *
rcar_du_scanout_import(struct rcar_du_scanout_sink *sink,
		       const struct rcar_du_scanout_buffer *buffer,
		       size_t *copied)
{
	struct rcar_du_scanout_fb *entry;
	struct drm_framebuffer *fb;

	*copied = 0;

	if (!rcar_du_scanout_has_format(sink->planes[0], buffer->format))
		return ERR_PTR(-EOPNOTSUPP);

	guard(mutex)(&sink->fb_mutex);

	entry = rcar_du_scanout_fb_find_locked(sink, buffer);
	if (!entry) {
		fb = rcar_du_scanout_make(sink, buffer);
		if (fb == ERR_PTR(-EMEDIUMTYPE) &&
		    rcar_du_scanout_get(sink, RCAR_DU_SCANOUT_COPY)) {
			fb = rcar_du_scanout_copy_locked(sink, buffer);
			if (!IS_ERR(fb))
				*copied = (size_t)fb->width * fb->height *
					  fb->format->cpp[0];
			return fb;
		}
		if (IS_ERR(fb))
			return fb;

		entry = rcar_du_scanout_fb_slot_locked(sink);
		entry->fb = fb;
		entry->buffer = *buffer;
	}

	entry->used = ++sink->fb_clock;
	drm_framebuffer_get(entry->fb);

	return entry->fb;
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_import);

static bool rcar_du_scanout_uses(const struct rcar_du_scanout_buffer *buffer,
				 const struct dma_buf *dmabuf)
{
	unsigned int i;

	for (i = 0; i < buffer->num_planes; i++) {
		if (buffer->dmabuf[i] == dmabuf)
			return true;
	}

	return false;
}

/* Takes a framebuffer off the frame that is to be shown. */
static void rcar_du_scanout_remove_locked(struct rcar_du_scanout_sink *sink,
					  const struct drm_framebuffer *fb)
{
	struct rcar_du_scanout_frame *frame = &sink->next.frame;
	unsigned int i, n = 0;

	lockdep_assert_held(&sink->scanout->mutex);

	for (i = 0; i < frame->num_layers; i++) {
		if (frame->layers[i].fb == fb)
			drm_framebuffer_put(frame->layers[i].fb);
		else
			frame->layers[n++] = frame->layers[i];
	}

	frame->num_layers = n;
}

/**
 * rcar_du_scanout_forget - Stop using a dma-buf
 * @sink: the sink
 * @dmabuf: the dma-buf, which is only compared; the caller has seen to it that
 *	nobody shows it any more
 *
 * On return it is neither on the screen nor imported.
 *
 * Context: sleeps until the next vertical blank if it was on the screen.
 */
void rcar_du_scanout_forget(struct rcar_du_scanout_sink *sink,
			    const struct dma_buf *dmabuf)
{
	struct rcar_du_scanout *scanout = sink->scanout;
	struct rcar_du_scanout_head *head;
	bool found = false;
	unsigned int i;

	scoped_guard(mutex, &sink->fb_mutex) {
		for (i = 0; i < ARRAY_SIZE(sink->fbs); i++) {
			struct rcar_du_scanout_fb *entry = &sink->fbs[i];

			if (!entry->fb ||
			    !rcar_du_scanout_uses(&entry->buffer, dmabuf))
				continue;

			scoped_guard(mutex, &scanout->mutex)
				rcar_du_scanout_remove_locked(sink, entry->fb);
			rcar_du_scanout_fb_drop_locked(sink, entry);
			found = true;
		}
	}

	if (!found)
		return;

	scoped_guard(mutex, &scanout->mutex) {
		head = sink->head;
		rcar_du_scanout_update_locked(sink);
	}
	if (head)
		flush_work(&head->commit_work);
}
EXPORT_SYMBOL_GPL(rcar_du_scanout_forget);

/**
 * rcar_du_scanout_fb_init - Prepare the framebuffers of a new sink
 * @sink: the sink
 */
void rcar_du_scanout_fb_init(struct rcar_du_scanout_sink *sink)
{
	mutex_init(&sink->fb_mutex);
}

/**
 * rcar_du_scanout_fb_fini - Drop all framebuffers of a sink
 * @sink: the sink, which shows nothing any more
 */
void rcar_du_scanout_fb_fini(struct rcar_du_scanout_sink *sink)
{
	unsigned int i;

	scoped_guard(mutex, &sink->fb_mutex) {
		for (i = 0; i < ARRAY_SIZE(sink->fbs); i++)
			rcar_du_scanout_fb_drop_locked(sink, &sink->fbs[i]);
		rcar_du_scanout_copy_fini(sink);
	}

	mutex_destroy(&sink->fb_mutex);
}
