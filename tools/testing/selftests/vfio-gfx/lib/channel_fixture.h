/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fixture "channel": a guest that has a CRTC
 */

#ifndef CHANNEL_FIXTURE_H
#define CHANNEL_FIXTURE_H

#include "kselftest_harness.h"

#include "vfio_gfx_screen.h"

FIXTURE(channel) {
	struct vfio_gfx_screen s;
};

FIXTURE_VARIANT(channel) {
	enum vfio_gfx_mode mode;
};

FIXTURE_VARIANT_ADD(channel, group) {
	.mode = VFIO_GFX_GROUP,
};

FIXTURE_VARIANT_ADD(channel, cdev) {
	.mode = VFIO_GFX_CDEV,
};

FIXTURE_SETUP(channel)
{
	const char *missing = vfio_gfx_screen_open(&self->s, "channel",
						   variant->mode);

	if (missing)
		SKIP(return, "no %s", missing);
}

FIXTURE_TEARDOWN(channel)
{
	vfio_gfx_screen_close(&self->s);
}

#endif /* CHANNEL_FIXTURE_H */
