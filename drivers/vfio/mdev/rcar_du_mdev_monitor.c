// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: what is plugged into the VDU
 *
 * A monitor of which the VMM brings the EDID, or the panel of a channel.
 */

#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "rcar_du_mdev_monitor.h"
#include "rcar_du_mdev_output.h"
#include "rcar_du_mdev_vdu.h"

/* The monitor of a VDU whose VMM does not bring one. */
#define RCAR_DU_MDEV_DEFAULT_WIDTH	1920
#define RCAR_DU_MDEV_DEFAULT_HEIGHT	1080

/*
 * Shows the EDID and the link state to the guest. An EDID that makes no sense is
 * replaced: a link that is up must not leave the guest without modes. The guest of
 * a channel sees the panel's EDID, and not what the VMM says.
 */
static void
rcar_du_mdev_monitor_publish_locked(struct rcar_du_mdev_monitor *monitor)
{
	struct rcar_du_mdev_edid *edid = &monitor->edid;
	bool connected = edid->link_up;
	u32 size = 0;
	u8 *blob;

	lockdep_assert_held(&monitor->mutex);

	/* The blob stays as it was written, for those who read it. */
	blob = kmemdup(edid->blob, sizeof(edid->blob), GFP_KERNEL);
	if (!blob)
		return;

	if (rcar_du_mdev_output_is_channel(monitor->output)) {
		size = rcar_du_mdev_output_edid(monitor->output, blob,
						&connected);
	} else if (connected) {
		size = min_t(u32, edid->size, sizeof(edid->blob));
		size = rcar_du_mdev_edid_sanitise(blob, size);
		if (!size)
			size = rcar_du_mdev_edid_generate(blob, edid->max_xres,
							  edid->max_yres, 60);
	}

	rcar_du_mdev_vdu_set_edid(monitor->vdu, blob, size, connected);
	kfree(blob);
}

static void rcar_du_mdev_monitor_work(struct work_struct *work)
{
	struct rcar_du_mdev_monitor *monitor =
		container_of(work, struct rcar_du_mdev_monitor, work);

	guard(mutex)(&monitor->mutex);

	rcar_du_mdev_monitor_publish_locked(monitor);
}

/**
 * rcar_du_mdev_monitor_changed - Another panel was plugged in, or none is any more
 * @monitor: the monitor
 *
 * The guest is told later.
 *
 * Context: any.
 */
void rcar_du_mdev_monitor_changed(struct rcar_du_mdev_monitor *monitor)
{
	queue_work(monitor->wq, &monitor->work);
}

/**
 * rcar_du_mdev_monitor_plug_default - Plug in the default monitor
 * @monitor: the monitor
 */
void rcar_du_mdev_monitor_plug_default(struct rcar_du_mdev_monitor *monitor)
{
	guard(mutex)(&monitor->mutex);

	rcar_du_mdev_edid_init(&monitor->edid, RCAR_DU_MDEV_DEFAULT_WIDTH,
			       RCAR_DU_MDEV_DEFAULT_HEIGHT);
	rcar_du_mdev_monitor_publish_locked(monitor);
}

/**
 * rcar_du_mdev_monitor_read - Read from the EDID region
 * @monitor: the monitor
 * @offset: first byte, within the region
 * @buf: where to
 * @count: bytes, within the region
 */
void rcar_du_mdev_monitor_read(struct rcar_du_mdev_monitor *monitor, u32 offset,
			       u8 *buf, u32 count)
{
	guard(mutex)(&monitor->mutex);

	rcar_du_mdev_edid_read(&monitor->edid, offset, buf, count);
}

/**
 * rcar_du_mdev_monitor_write - Write to the EDID region
 * @monitor: the monitor
 * @offset: first byte, within the region
 * @buf: where from
 * @count: bytes, within the region
 */
void rcar_du_mdev_monitor_write(struct rcar_du_mdev_monitor *monitor,
				u32 offset, const u8 *buf, u32 count)
{
	guard(mutex)(&monitor->mutex);

	if (rcar_du_mdev_edid_write(&monitor->edid, offset, buf, count))
		rcar_du_mdev_monitor_publish_locked(monitor);
}

/**
 * rcar_du_mdev_monitor_init - Prepare the monitor of a new device
 * @monitor: the monitor
 * @vdu: the device's VDU
 * @output: the device's output
 * @wq: a workqueue that is flushed when the device is reset
 */
void rcar_du_mdev_monitor_init(struct rcar_du_mdev_monitor *monitor,
			       struct rcar_du_mdev_vdu *vdu,
			       struct rcar_du_mdev_output *output,
			       struct workqueue_struct *wq)
{
	monitor->wq = wq;
	monitor->vdu = vdu;
	monitor->output = output;
	INIT_WORK(&monitor->work, rcar_du_mdev_monitor_work);
	mutex_init(&monitor->mutex);
}

/**
 * rcar_du_mdev_monitor_stop - Look at no panel any more
 * @monitor: the monitor
 *
 * Context: sleeps.
 */
void rcar_du_mdev_monitor_stop(struct rcar_du_mdev_monitor *monitor)
{
	/* Hot-plug may be reported until the output is detached. */
	disable_work_sync(&monitor->work);
}

/**
 * rcar_du_mdev_monitor_fini - Undo rcar_du_mdev_monitor_init()
 * @monitor: the monitor, stopped
 */
void rcar_du_mdev_monitor_fini(struct rcar_du_mdev_monitor *monitor)
{
	mutex_destroy(&monitor->mutex);
}
