// SPDX-License-Identifier: GPL-2.0-only
/*
 * Planes over each other
 */

#include <stdlib.h>

#include "h3-kms.h"

/*
 * A "pixel blend mode" is given by number: the driver makes the enumeration in
 * the order of the kernel's DRM_MODE_BLEND_*.
 */
void layer_set(drmModeAtomicReq *req, struct device *dev, struct head *head,
	       const struct layer *layer)
{
	static const uint64_t modes[] = {
		[BLEND_PREMULTIPLIED] = 0,
		[BLEND_COVERAGE] = 1,
		[BLEND_NONE] = 2,
	};
	uint32_t plane = layer->plane->id;

	set_plane(req, dev, head, layer->plane, &layer->buffer, layer->x,
		  layer->y);
	set(req, dev, plane, "zpos", layer->zpos);
	set(req, dev, plane, "alpha", layer->alpha);
	set(req, dev, plane, "pixel blend mode", modes[layer->blend]);
}

static int by_zpos(const void *a, const void *b)
{
	const struct layer *x = a, *y = b;

	return (int)x->zpos - (int)y->zpos;
}

static uint32_t scale(uint32_t a, uint32_t b)
{
	return (a * b + 127) / 255;
}

/*
 * A pixel without alpha of its own has that of the plane. If it is to be taken
 * as premultiplied nobody multiplies its colour: rcar-du leaves that out, and
 * so the result is brighter than DRM says. Callers avoid that case.
 */
static uint32_t blend(uint32_t under, uint32_t over, unsigned int alpha,
		      bool has_alpha, bool premultiplied)
{
	uint32_t a = has_alpha ? scale(over >> 24, alpha) : alpha;
	uint32_t result = 0;

	for (int shift = 0; shift < 24; shift += 8) {
		uint32_t s = over >> shift & 255;
		uint32_t d = under >> shift & 255;
		uint32_t sum;

		if (premultiplied && has_alpha)
			s = scale(s, alpha);
		sum = d * (255 - a) + s * (premultiplied ? 255 : a);
		sum = (sum + 127) / 255;
		result |= (sum > 255 ? 255 : sum) << shift;
	}
	return result;
}

static void layer_compose(const struct layer *layer, struct picture *picture)
{
	const struct buffer *buffer = &layer->buffer;
	bool has_alpha = format_layout(buffer->format)->alpha &&
			 layer->blend != BLEND_NONE;

	for (int y = 0; y < buffer->height; y++) {
		int to_y = layer->y + y;

		if (to_y < 0 || to_y >= picture->height)
			continue;
		for (int x = 0; x < buffer->width; x++) {
			int to_x = layer->x + x;
			uint32_t *to;

			if (to_x < 0 || to_x >= picture->width)
				continue;
			to = &picture->pixels[(size_t)to_y * picture->width +
					      to_x];
			*to = blend(*to, buffer_pixel(buffer, x, y),
				    layer->alpha >> 8, has_alpha,
				    layer->blend == BLEND_PREMULTIPLIED);
		}
	}
}

void layers_compose(struct layer *layers, unsigned int count,
		    struct picture *picture)
{
	qsort(layers, count, sizeof(*layers), by_zpos);
	for (unsigned int i = 0; i < count; i++)
		layer_compose(&layers[i], picture);
}
