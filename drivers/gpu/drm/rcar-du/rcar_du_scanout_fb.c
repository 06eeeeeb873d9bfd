// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: framebuffers of foreign memory, and of the display's
 */

#include <linux/dma-buf.h>
#include <linux/iommu.h>
#include <linux/iosys-map.h>
#include <linux/scatterlist.h>
#include <linux/sched.h>

#include <drm/drm_client.h>
#include <drm/drm_drv.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_gem.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_dma_helper.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_mode.h>
#include <drm/drm_mode_config.h>
#include <drm/drm_prime.h>
#include <drm/rcar_du_scanout.h>

#include "rcar_du_scanout_fb.h"
#include "rcar_du_scanout_seal.h"

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

static int rcar_du_scanout_fb_seal(struct drm_client_dev *client,
				   const struct drm_mode_fb_cmd2 *cmd)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(cmd->handles) && !ret; i++) {
		struct drm_gem_object *obj;

		if (!cmd->handles[i])
			continue;

		obj = drm_gem_object_lookup(client->file, cmd->handles[i]);
		if (!obj)
			return -ENOENT;

		ret = rcar_du_scanout_seal(obj);
		drm_gem_object_put(obj);
	}

	return ret;
}

/**
 * rcar_du_scanout_fb_create - Make a framebuffer of GEM objects
 * @client: the client whose handles they have
 * @cmd: what a user of the DRM device would ask for; its handles are deleted
 *
 * Nobody else gets a handle of the objects any more: others can find the framebuffer as soon
 * as there is one.
 *
 * Return: the framebuffer, which has references on the objects, or an ERR_PTR.
 */
struct drm_framebuffer *
rcar_du_scanout_fb_create(struct drm_client_dev *client,
			  const struct drm_mode_fb_cmd2 *cmd)
{
	struct drm_device *dev = client->dev;
	struct drm_framebuffer *fb;
	int ret;

	ret = rcar_du_scanout_fb_seal(client, cmd);
	fb = ret ? ERR_PTR(ret) :
	     rcar_du_fb_create(dev->mode_config.funcs, dev, client->file,
			       drm_format_info(cmd->pixel_format), cmd);
	rcar_du_scanout_drop_handles(client, cmd);

	return fb;
}

/**
 * rcar_du_scanout_fb_alloc - Make a framebuffer of memory of the display's own
 * @client: the client to make it by
 * @format: DRM fourcc, of one memory plane
 * @width: pixels
 * @height: lines
 *
 * Return: the framebuffer, with anything in it, or an ERR_PTR: -EOPNOTSUPP if the driver
 * has no such memory, -EINVAL if that is larger than it can be, or another error of the driver.
 */
struct drm_framebuffer *
rcar_du_scanout_fb_alloc(struct drm_client_dev *client, u32 format, u32 width,
			 u32 height)
{
	struct drm_device *dev = client->dev;
	struct drm_mode_create_dumb dumb = {
		.width = width,
		.height = height,
		.bpp = drm_format_info(format)->cpp[0] * 8,
	};
	struct drm_mode_fb_cmd2 cmd = {
		.width = width,
		.height = height,
		.pixel_format = format,
	};
	int ret;

	if (!dev->driver->dumb_create)
		return ERR_PTR(-EOPNOTSUPP);
	if (width > dev->mode_config.max_width ||
	    height > dev->mode_config.max_height)
		return ERR_PTR(-EINVAL);

	ret = dev->driver->dumb_create(client->file, dev, &dumb);
	if (ret)
		return ERR_PTR(ret);

	cmd.handles[0] = dumb.handle;
	cmd.pitches[0] = dumb.pitch;

	return rcar_du_scanout_fb_create(client, &cmd);
}

/**
 * rcar_du_scanout_fb_write - Write a picture to a framebuffer
 * @fb: the framebuffer, of rcar_du_scanout_fb_alloc()
 * @from: the picture, as large as the framebuffer
 * @pitch: bytes from one line of the picture to the next
 *
 * Return: 0, or an error of the driver.
 */
int rcar_du_scanout_fb_write(struct drm_framebuffer *fb, const void *from,
			     size_t pitch)
{
	struct iosys_map map[DRM_FORMAT_MAX_PLANES] = { };
	struct iosys_map data[DRM_FORMAT_MAX_PLANES] = { };
	size_t line = fb->width * fb->format->cpp[0];
	unsigned int y;
	int ret;

	ret = drm_gem_fb_vmap(fb, map, data);
	if (ret)
		return ret;

	for (y = 0; y < fb->height; y++) {
		iosys_map_memcpy_to(&data[0], (size_t)y * fb->pitches[0],
				    from + y * pitch, line);
		cond_resched();
	}
	drm_gem_fb_vunmap(fb, map);

	return 0;
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
