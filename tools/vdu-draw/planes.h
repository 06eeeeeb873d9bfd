/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Overlays and the cursor, over what the primary plane shows
 */

#ifndef VDU_DRAW_PLANES_H
#define VDU_DRAW_PLANES_H

#include "kms.h"

#define PLANES_MAX 8

/**
 * struct plane_want - a plane to show
 * @format: pixel format
 * @width: pixels
 * @height: lines
 * @x: position of the left edge
 * @y: position of the upper edge
 * @cursor: the cursor plane, not an overlay
 * @hot_x: the cursor's hotspot
 * @hot_y: the cursor's hotspot
 * @zpos: place among the planes, or -1 to leave it
 * @alpha: 0 to 65535, or -1 to leave it
 * @blend: "None", "Pre-multiplied", "Coverage", or empty to leave it
 */
struct plane_want {
	const struct format *format;
	int width;
	int height;
	int x;
	int y;
	bool cursor;
	int hot_x;
	int hot_y;
	int zpos;
	int alpha;
	char blend[16];
};

/* All return 0, or -1; planes_show() after a message. */
int planes_parse(const char *text, struct plane_want *want);

/* With @dump, the bytes of plane N go to the file @dump.N. */
int planes_show(struct kms *kms, const struct plane_want *wants,
		unsigned int count, const char *dump);

/* Turn the display off and, with no plane at all, on again. */
int planes_hide(struct kms *kms);

#endif
