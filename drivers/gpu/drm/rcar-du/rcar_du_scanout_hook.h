/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: the seam to the DRM core
 *
 * A CRTC takes one commit for each frame, so what is ours has to be in commits of
 * others. The core has no call for that. So the two functions of the driver that see
 * all commits are called from here. What the core would need instead is told in
 * Documentation/gpu/rcar-du-scanout.rst.
 */

#ifndef __RCAR_DU_SCANOUT_HOOK_H__
#define __RCAR_DU_SCANOUT_HOOK_H__

#include <linux/types.h>

struct drm_atomic_state;
struct drm_device;
struct rcar_du_scanout_hook;

/**
 * struct rcar_du_scanout_hook_ops - What is done with a commit of anybody
 *
 * In all that have a state the caller holds the modeset locks of everything that is in
 * it. Sleeping is allowed, taking modeset locks only with the state's context.
 */
struct rcar_du_scanout_hook_ops {
	/**
	 * @check: look at what is asked, and add what is ours. A state that is only
	 * tested comes here, too. Returns 0, -EDEADLK, -EBUSY, or an error of the core.
	 */
	int (*check)(void *data, struct drm_atomic_state *state);
	/**
	 * @withdraw: the driver refuses the state: leave on the planes what they show.
	 * Returns whether there was something new.
	 */
	bool (*withdraw)(void *data, struct drm_atomic_state *state);
	/**
	 * @checked: the state will do, and this is the last to change it. Those that are
	 * left as they are while the system sleeps come here, too.
	 */
	void (*checked)(void *data, struct drm_atomic_state *state);
	/** @begin: about to be committed. Returns 0 or -ERESTARTSYS. */
	int (*begin)(void *data, struct drm_atomic_state *state, bool nonblock);
	/** @end: it was committed, or was not and why */
	void (*end)(void *data, struct drm_atomic_state *state, int error);
	/**
	 * @quiesce: rcar_du_scanout_hook_quiet() has changed, as the system goes to
	 * sleep or has woken up; no locks are held
	 */
	void (*quiesce)(void *data, bool quiesce);
};

bool rcar_du_scanout_hook_can(struct drm_device *dev);
struct rcar_du_scanout_hook *
rcar_du_scanout_hook_add(struct drm_device *dev,
			 const struct rcar_du_scanout_hook_ops *ops, void *data);
void rcar_du_scanout_hook_remove(struct rcar_du_scanout_hook *hook);
bool rcar_du_scanout_hook_quiet(const struct rcar_du_scanout_hook *hook);

#endif /* __RCAR_DU_SCANOUT_HOOK_H__ */
