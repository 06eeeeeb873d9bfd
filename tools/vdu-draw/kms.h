/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A CRTC, its mode, its buffers and its page flips
 */

#ifndef VDU_DRAW_KMS_H
#define VDU_DRAW_KMS_H

#include <stdbool.h>
#include <stdint.h>
#include <xf86drmMode.h>

#include "format.h"

/**
 * struct kms - a connected display of a DRM device
 * @fd: the device
 * @connector: id of the connector
 * @crtc: id of the CRTC
 * @plane: id of the CRTC's primary plane
 * @prop_fb: id of that plane's FB_ID property
 * @atomic: flip by atomic commits
 * @mode: what is shown
 */
struct kms {
	int fd;
	uint32_t connector;
	uint32_t crtc;
	uint32_t plane;
	uint32_t prop_fb;
	bool atomic;
	drmModeModeInfo mode;
};

struct kms_buffer {
	uint32_t fb;
	struct format_target target;
};

/* A page flip that is done: its vertical blank, and when it was. */
struct kms_event {
	unsigned int sequence;
	double seconds;
};

/* Mode to look for, 0 for any; no size is the preferred mode. */
struct kms_want {
	int width;
	int height;
	int refresh;
};

/* All return 0, or -1 after a message. */
int kms_open(struct kms *kms, const char *driver, bool atomic);
int kms_pick_mode(struct kms *kms, const struct kms_want *want);
int kms_create_buffer(struct kms *kms, const struct format *format,
		      int width, int height, struct kms_buffer *buffer);
int kms_show(struct kms *kms, const struct kms_buffer *buffer);
int kms_flip(struct kms *kms, const struct kms_buffer *buffer);
int kms_wait_flip(struct kms *kms, struct kms_event *event);

/* The id of a property, or 0. Sets @value too, if there is such a property. */
uint32_t kms_find_property(struct kms *kms, uint32_t object, uint32_t type,
			   const char *name, uint64_t *value);

#endif
