// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: what is on the screen and why
 */

#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/seq_file.h>

#include <drm/drm_blend.h>
#include <drm/drm_plane.h>

#include "rcar_du_mdev.h"
#include "rcar_du_mdev_debugfs.h"

static struct dentry *rcar_du_mdev_debugfs_root;

static int stats_show(struct seq_file *m, void *unused)
{
	struct rcar_du_mdev_device *rdev = m->private;
	struct rcar_du_mdev_cache_stats *stats = &rdev->cache.stats;
	struct rcar_du_mdev_budget *budget = &rdev->cache.budget;
	u32 latches, vblanks;

	rcar_du_mdev_vdu_counters(&rdev->vdu, &latches, &vblanks);

	seq_printf(m, "latches: %u\n", latches);
	seq_printf(m, "vblanks: %u\n", vblanks);
	seq_printf(m, "pins: %lld\n", atomic64_read(&stats->pins));
	seq_printf(m, "pin_ns: %lld\n", atomic64_read(&stats->pin_ns));
	seq_printf(m, "bytes_pinned: %lld\n",
		   atomic64_read(&stats->bytes_pinned));
	seq_printf(m, "sgt_entries: %lld\n",
		   atomic64_read(&stats->sgt_entries));
	seq_printf(m, "fb_cache_hits: %lld\n",
		   atomic64_read(&stats->cache_hits));
	seq_printf(m, "exports: %lld\n", atomic64_read(&stats->exports));
	seq_printf(m, "revocations: %lld\n",
		   atomic64_read(&stats->revocations));
	seq_printf(m, "pin_errors: %lld\n",
		   atomic64_read(&stats->pin_errors));
	seq_printf(m, "pin_delays: %lld\n", atomic64_read(&budget->delays));
	seq_printf(m, "pin_delay_ns: %lld\n",
		   atomic64_read(&budget->delay_ns));
	seq_printf(m, "memlock_skips: %lld\n", atomic64_read(&budget->skips));
	seq_printf(m, "bytes_copied: %lld\n",
		   atomic64_read(&rdev->fbregion.bytes_copied) +
		   atomic64_read(&rdev->output.bytes_copied));
	seq_printf(m, "scanout_frames: %lld\n",
		   atomic64_read(&rdev->output.frames));
	seq_printf(m, "scanout_refused: %lld\n",
		   atomic64_read(&rdev->output.refused));
	seq_printf(m, "pin_cleans: %lld\n",
		   atomic64_read(&rdev->snoop.pin_cleans));
	seq_printf(m, "pin_clean_ns: %lld\n",
		   atomic64_read(&rdev->snoop.pin_clean_ns));
	seq_printf(m, "cleans: %lld\n",
		   atomic64_read(&rdev->output.cleans));
	seq_printf(m, "clean_ns: %lld\n",
		   atomic64_read(&rdev->output.clean_ns));
	seq_printf(m, "freezes: %llu\n",
		   rcar_du_mdev_watchdog_freezes(&rdev->watchdog));
	seq_printf(m, "crcs: %lld\n", atomic64_read(&rdev->crc.count));
	seq_printf(m, "intx_signals: %llu\n",
		   rcar_du_mdev_irq_intx_signals(rcar_du_mdev_vdu_irq(&rdev->vdu)));

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

static const char * const rcar_du_mdev_roles[] = {
	[DRM_PLANE_TYPE_OVERLAY] = "overlay",
	[DRM_PLANE_TYPE_PRIMARY] = "primary",
	[DRM_PLANE_TYPE_CURSOR] = "cursor",
};

static const char * const rcar_du_mdev_blends[] = {
	[DRM_MODE_BLEND_PREMULTI] = "pre-multiplied",
	[DRM_MODE_BLEND_COVERAGE] = "coverage",
	[DRM_MODE_BLEND_PIXEL_NONE] = "none",
};

static int state_show(struct seq_file *m, void *unused)
{
	struct rcar_du_mdev_device *rdev = m->private;
	const struct rcar_du_mdev_frame *frame;
	u64 period = rcar_du_mdev_vdu_frame_period(&rdev->vdu);
	unsigned int i;

	guard(rcar_du_mdev_cache)(&rdev->cache);

	frame = rcar_du_mdev_screen_frame_locked(&rdev->screen);
	seq_printf(m, "display: %s\n", period ? "on" : "off");
	seq_printf(m, "frame period: %llu ns\n", period);
	seq_printf(m, "size: %ux%u\n", frame->width, frame->height);
	seq_printf(m, "latch: %u at frame %u\n", frame->seq, frame->frame);

	for (i = 0; i < frame->num_planes; i++) {
		const struct rcar_du_mdev_plane *plane = &frame->planes[i];
		const struct rcar_du_mdev_shown *shown =
			rcar_du_mdev_screen_shown_locked(&rdev->screen, plane);

		seq_printf(m, "plane %u: %s zpos %u ", plane->index,
			   rcar_du_mdev_roles[plane->role], plane->zpos);
		if (plane->error) {
			seq_printf(m, "error %u\n", plane->error);
			continue;
		}
		seq_printf(m, "%p4cc %ux%u at %u,%u pitch %u address 0x%llx id %u alpha 0x%04x blend %s mapping %s\n",
			   &plane->format, plane->width, plane->height,
			   plane->x, plane->y, plane->pitch[0], plane->addr[0],
			   shown->id, plane->alpha,
			   rcar_du_mdev_blends[plane->blend],
			   plane->write_combined[0] ? "write-combined" :
						      "cacheable");
	}

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(state);

/**
 * rcar_du_mdev_debugfs_add - Make the debugfs directory of a device
 * @rdev: the device
 */
void rcar_du_mdev_debugfs_add(struct rcar_du_mdev_device *rdev)
{
	rdev->debugfs = debugfs_create_dir(dev_name(rdev->vdev.dev),
					   rcar_du_mdev_debugfs_root);
	debugfs_create_file("stats", 0400, rdev->debugfs, rdev, &stats_fops);
	debugfs_create_file("state", 0400, rdev->debugfs, rdev, &state_fops);
}

/**
 * rcar_du_mdev_debugfs_remove - Remove the debugfs directory of a device
 * @rdev: the device
 */
void rcar_du_mdev_debugfs_remove(struct rcar_du_mdev_device *rdev)
{
	debugfs_remove_recursive(rdev->debugfs);
}

/**
 * rcar_du_mdev_debugfs_register - Make the driver's debugfs directory
 */
void rcar_du_mdev_debugfs_register(void)
{
	rcar_du_mdev_debugfs_root = debugfs_create_dir("rcar-du-mdev", NULL);
}

/**
 * rcar_du_mdev_debugfs_unregister - Remove the driver's debugfs directory
 */
void rcar_du_mdev_debugfs_unregister(void)
{
	debugfs_remove_recursive(rcar_du_mdev_debugfs_root);
}
