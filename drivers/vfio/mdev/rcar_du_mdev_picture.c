// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: a picture of the host, while the guest shows nothing
 *
 * It is read from a file of the host's when the admin names it, and not when it is needed:
 * a file system may be away then.
 */

#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/firmware.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include <drm/rcar_du_scanout.h>

#include "rcar_du_mdev_output.h"
#include "rcar_du_mdev_picture.h"
#include "rcar_du_mdev_ppm.h"

/**
 * struct rcar_du_mdev_picture_file - A file that was read
 * @name: of the file
 * @picture: what is in it, at @pixels
 * @pixels: as struct rcar_du_scanout_picture wants them
 */
struct rcar_du_mdev_picture_file {
	char *name;
	struct rcar_du_scanout_picture picture;
	u8 pixels[];
};

static void rcar_du_mdev_picture_file_free(struct rcar_du_mdev_picture_file *file)
{
	if (IS_ERR_OR_NULL(file))
		return;

	kfree(file->name);
	kvfree(file);
}

DEFINE_FREE(rcar_du_mdev_picture_file, struct rcar_du_mdev_picture_file *,
	    rcar_du_mdev_picture_file_free(_T))

static struct rcar_du_mdev_picture_file *
rcar_du_mdev_picture_file_make(const char *name, const struct firmware *firmware)
{
	struct rcar_du_mdev_picture_file *file;
	struct rcar_du_mdev_ppm ppm;
	size_t line, size;
	u32 y;
	int ret;

	ret = rcar_du_mdev_ppm_parse(firmware->data, firmware->size, &ppm);
	if (ret)
		return ERR_PTR(ret);

	line = (size_t)ppm.width * RCAR_DU_MDEV_PPM_CPP;
	size = line * ppm.height;
	file = kvzalloc(struct_size(file, pixels, size), GFP_KERNEL);
	if (!file)
		return ERR_PTR(-ENOMEM);

	file->name = kstrdup(name, GFP_KERNEL);
	if (!file->name) {
		rcar_du_mdev_picture_file_free(file);
		return ERR_PTR(-ENOMEM);
	}

	for (y = 0; y < ppm.height; y++) {
		rcar_du_mdev_ppm_read(&ppm, y, file->pixels + y * line);
		cond_resched();
	}
	file->picture.width = ppm.width;
	file->picture.height = ppm.height;
	file->picture.pixels = file->pixels;

	return file;
}

static struct rcar_du_mdev_picture_file *
rcar_du_mdev_picture_file_read(struct device *dev, const char *name)
{
	struct rcar_du_mdev_picture_file *file;
	const struct firmware *firmware;
	int ret;

	/* Nobody is asked who could let the admin wait. */
	ret = request_firmware_direct(&firmware, name, dev);
	if (ret)
		return ERR_PTR(ret);

	file = rcar_du_mdev_picture_file_make(name, firmware);
	release_firmware(firmware);

	return file;
}

static int rcar_du_mdev_picture_drop(struct rcar_du_mdev_picture *picture)
{
	guard(mutex)(&picture->mutex);

	if (picture->shown)
		return -EBUSY;

	rcar_du_mdev_picture_file_free(picture->file);
	picture->file = NULL;

	return 0;
}

/**
 * rcar_du_mdev_picture_load - Read a picture
 * @picture: the picture
 * @name: of the file, relative to where firmware is; "": there is to be none
 *
 * If there was one that is shown, the new one takes its place.
 *
 * Context: sleeps.
 * Return: 0; -EBUSY if there is to be none, but one is shown; -ENOENT or another error of
 * request_firmware_direct(); -EINVAL or -EFBIG if it is no such file, or is too large, or
 * if the display can't show it; -ENOMEM. With an error the picture is the one of before.
 */
int rcar_du_mdev_picture_load(struct rcar_du_mdev_picture *picture,
			      const char *name)
{
	struct rcar_du_mdev_picture_file *file __free(rcar_du_mdev_picture_file) = NULL;
	int ret;

	if (!*name)
		return rcar_du_mdev_picture_drop(picture);

	file = rcar_du_mdev_picture_file_read(picture->dev, name);
	if (IS_ERR(file))
		return PTR_ERR(file);

	guard(mutex)(&picture->mutex);

	if (picture->shown) {
		ret = rcar_du_mdev_output_set_picture(picture->output,
						      &file->picture);
		if (ret)
			return ret;
	}

	/* The one of before goes. */
	swap(picture->file, file);

	return 0;
}

/**
 * rcar_du_mdev_picture_show_locked - Show the picture while the guest shows nothing, or do not
 * @picture: the picture; the caller holds it
 * @show: show it, once more if the display had no room for it when it came back
 *
 * Context: sleeps.
 * Return: 0, -ENODATA if there is no picture, or an error of the display, which can't have
 * it.
 */
int rcar_du_mdev_picture_show_locked(struct rcar_du_mdev_picture *picture,
				     bool show)
{
	int ret;

	lockdep_assert_held(&picture->mutex);

	if (!show && !picture->shown)
		return 0;
	if (show && !picture->file)
		return -ENODATA;

	ret = rcar_du_mdev_output_set_picture(picture->output,
					      show ? &picture->file->picture : NULL);
	if (!ret)
		picture->shown = show;

	return ret;
}

/**
 * rcar_du_mdev_picture_name - Print which picture there is
 * @picture: the picture
 * @buf: the page of a sysfs attribute
 *
 * Return: number of bytes in @buf.
 */
ssize_t rcar_du_mdev_picture_name(struct rcar_du_mdev_picture *picture, char *buf)
{
	guard(mutex)(&picture->mutex);

	return sysfs_emit(buf, "%s\n", picture->file ? picture->file->name : "");
}

/**
 * rcar_du_mdev_picture_init - Prepare the picture of a new device
 * @picture: the picture, none yet
 * @dev: the device
 * @output: the device's output
 */
void rcar_du_mdev_picture_init(struct rcar_du_mdev_picture *picture,
			       struct device *dev,
			       struct rcar_du_mdev_output *output)
{
	picture->dev = dev;
	picture->output = output;
	mutex_init(&picture->mutex);
}

/**
 * rcar_du_mdev_picture_fini - Undo rcar_du_mdev_picture_init()
 * @picture: the picture, whose output has nothing of a display any more
 */
void rcar_du_mdev_picture_fini(struct rcar_du_mdev_picture *picture)
{
	rcar_du_mdev_picture_file_free(picture->file);
	mutex_destroy(&picture->mutex);
}
