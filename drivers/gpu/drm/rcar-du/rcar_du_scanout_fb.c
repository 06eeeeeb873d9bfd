// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: framebuffers of foreign memory
 */

#include <linux/dma-buf.h>
#include <linux/iommu.h>
#include <linux/scatterlist.h>

#include <drm/drm_client.h>
#include <drm/drm_drv.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_gem.h>
#include <drm/drm_gem_dma_helper.h>
#include <drm/drm_mode_config.h>
#include <drm/drm_prime.h>
#include <drm/rcar_du_scanout.h>

#include "rcar_du_scanout_fb.h"

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

/**
 * rcar_du_scanout_fb_import - Make a framebuffer of a picture in memory
 * @client: the client to make it by
 * @buffer: the picture
 *
 * Return: the framebuffer, which has references on the dma-bufs, or an ERR_PTR:
 * -EMEDIUMTYPE if the display can't fetch from this memory, or another error of
 * the import.
 */
struct drm_framebuffer *
rcar_du_scanout_fb_import(struct drm_client_dev *client,
			  const struct rcar_du_scanout_buffer *buffer)
{
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
