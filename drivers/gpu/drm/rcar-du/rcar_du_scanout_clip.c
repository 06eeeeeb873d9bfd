// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: what a window, or a screen, leaves of a picture
 *
 * Pictures are clipped here, not by the display: drivers clip at the edges of the
 * CRTC only. There is no scaling, so what is cut off on the CRTC is cut off of the
 * picture, too.
 */

#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/math.h>
#include <linux/minmax.h>

#include "rcar_du_scanout_clip.h"

/**
 * rcar_du_scanout_clip - Clip a picture to a window, in one direction
 * @span: the picture
 * @begin: where the window begins on the CRTC
 * @size: size of the window, pixels or lines; 0: it does not clip
 * @step: the picture can be cut at multiples of it only, a power of two
 *
 * What can't be cut at an edge of the window is cut within it: nothing is ever
 * shown outside.
 *
 * Return: true if something is left, and @span is what is left; false otherwise.
 */
bool rcar_du_scanout_clip(struct rcar_du_scanout_span *span, s32 begin,
			  u32 size, u32 step)
{
	/* All sums of what @span and the window can have fit in. */
	s64 from = span->pos;
	s64 end = from + span->size;
	s64 window_end = (s64)begin + size;
	s64 cut = 0;

	if (!size)
		return span->size;

	if (from < begin)
		cut = round_up(begin - from, (s64)step);
	from += cut;
	if (end > window_end)
		end = from + round_down(window_end - from, (s64)step);
	if (end <= from)
		return false;

	span->pos = from;
	span->src += cut;
	span->size = end - from;

	return true;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_scanout_clip);

/**
 * rcar_du_scanout_centre - Put a picture in the middle of a screen, in one direction
 * @span: the picture; @size is set, the rest is returned, with what is left of it
 * @size: size of the screen, pixels or lines
 */
void rcar_du_scanout_centre(struct rcar_du_scanout_span *span, u32 size)
{
	u32 left = min(span->size, size);

	span->pos = (size - left) / 2;
	span->src = (span->size - left) / 2;
	span->size = left;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_scanout_centre);
