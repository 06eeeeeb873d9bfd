// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: what is, or is to be, on the planes of a sink
 */

#include <linux/string.h>

#include <drm/drm_framebuffer.h>

#include "rcar_du_scanout_state.h"

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
 * rcar_du_scanout_state_set - Have a state show a frame
 * @state: the state; the references of the frame that it had are the caller's
 * @frame: the frame; references are taken on its framebuffers
 */
void rcar_du_scanout_state_set(struct rcar_du_scanout_state *state,
			       const struct rcar_du_scanout_frame *frame)
{
	unsigned int i;

	state->frame = *frame;
	for (i = 0; i < frame->num_layers; i++)
		drm_framebuffer_get(frame->layers[i].fb);
}

/**
 * rcar_du_scanout_state_remove - Take a framebuffer off a state
 * @state: the state, which may have it on several layers, or on none
 * @fb: the framebuffer; the caller has a reference of its own
 */
void rcar_du_scanout_state_remove(struct rcar_du_scanout_state *state,
				  const struct drm_framebuffer *fb)
{
	struct rcar_du_scanout_frame *frame = &state->frame;
	unsigned int i, n = 0;

	for (i = 0; i < frame->num_layers; i++) {
		if (frame->layers[i].fb == fb)
			drm_framebuffer_put(frame->layers[i].fb);
		else
			frame->layers[n++] = frame->layers[i];
	}

	frame->num_layers = n;
}
