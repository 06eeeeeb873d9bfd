// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: what is, or is to be, on the planes of a sink
 */

#include <linux/string.h>

#include <drm/drm_framebuffer.h>

#include "rcar_du_scanout_sink.h"

/**
 * rcar_du_scanout_state_put - Drop the references of a state
 * @state: the state; it shows nothing afterwards
 */
void rcar_du_scanout_state_put(struct rcar_du_scanout_state *state)
{
	unsigned int i;

	for (i = 0; i < state->frame.num_layers; i++)
		drm_framebuffer_put(state->frame.layers[i].fb);

	memset(&state->frame, 0, sizeof(state->frame));
}

/**
 * rcar_du_scanout_state_copy - Copy a state
 * @to: the copy; it shows nothing before
 * @from: the state
 */
void rcar_du_scanout_state_copy(struct rcar_du_scanout_state *to,
				const struct rcar_du_scanout_state *from)
{
	unsigned int i;

	*to = *from;
	for (i = 0; i < to->frame.num_layers; i++)
		drm_framebuffer_get(to->frame.layers[i].fb);
}
