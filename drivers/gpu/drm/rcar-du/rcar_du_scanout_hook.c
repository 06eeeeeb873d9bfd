// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: the seam to the DRM core
 */

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>
#include <linux/srcu.h>
#include <linux/suspend.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_managed.h>
#include <drm/drm_mode_config.h>
#include <drm/drm_modeset_lock.h>
#include <drm/drm_vblank.h>

#include "rcar_du_scanout_hook.h"

/*
 * struct rcar_du_scanout_hook - What the core calls
 *
 * Managed by the device, not by who adds it: the core reads @funcs without a lock.
 */
struct rcar_du_scanout_hook {
	/* The driver's, but for two */
	struct drm_mode_config_funcs funcs;
	/* The driver's */
	const struct drm_mode_config_funcs *original;
	struct drm_device *dev;
	const struct rcar_du_scanout_hook_ops *ops;
	/* NULL once nobody is to be called; READ_ONCE() */
	void *data;
	/* Is not to touch any commit; READ_ONCE() */
	bool quiet;
	/* The next commit of a duplicated state wakes the display up */
	bool suspending;
	struct notifier_block pm_nb;
};

/* Everybody who is in a function of a hook, and may use its data. */
DEFINE_STATIC_SRCU(rcar_du_scanout_hook_srcu);

static int rcar_du_scanout_hook_check(struct drm_device *dev,
				      struct drm_atomic_state *state);
/* A state that has no objects has no locks either, and can meet what goes. */
static struct rcar_du_scanout_hook *
rcar_du_scanout_hook_of(struct drm_device *dev)
{
	const struct drm_mode_config_funcs *funcs =
		READ_ONCE(dev->mode_config.funcs);

	if (READ_ONCE(funcs->atomic_check) != rcar_du_scanout_hook_check)
		return NULL;

	return container_of(funcs, struct rcar_du_scanout_hook, funcs);
}

/*
 * Everything goes off before the system sleeps or ends, and on again as it was. Whoever
 * does that is not to be told that something is ours.
 */
static bool rcar_du_scanout_hook_passes(const struct rcar_du_scanout_hook *hook,
					const struct drm_atomic_state *state)
{
	return READ_ONCE(hook->quiet) || state->duplicated ||
	       system_state > SYSTEM_RUNNING;
}

/* Tells an error that is about what was asked from those of the machine. */
static bool rcar_du_scanout_hook_refused(int error)
{
	switch (error) {
	case 0:
	case -EDEADLK:
	case -EINTR:
	case -ERESTARTSYS:
	case -ENOMEM:
		return false;
	default:
		return true;
	}
}

static int rcar_du_scanout_hook_do_check(struct drm_device *dev,
					 struct drm_atomic_state *state)
{
	struct rcar_du_scanout_hook *hook = rcar_du_scanout_hook_of(dev);
	bool passes;
	void *data;
	int ret;

	if (!hook)
		return dev->mode_config.funcs->atomic_check(dev, state);

	data = READ_ONCE(hook->data);
	if (!data)
		return hook->original->atomic_check(dev, state);

	passes = rcar_du_scanout_hook_passes(hook, state);
	if (!passes) {
		ret = hook->ops->check(data, state);
		if (ret)
			return ret;
	}

	/*
	 * What is ours is not to make what the host asks for fail. A driver may check a
	 * state twice.
	 */
	ret = hook->original->atomic_check(dev, state);
	if (!passes && rcar_du_scanout_hook_refused(ret) &&
	    hook->ops->withdraw(data, state))
		ret = hook->original->atomic_check(dev, state);
	if (!ret)
		hook->ops->checked(data, state);

	return ret;
}

static int rcar_du_scanout_hook_check(struct drm_device *dev,
				      struct drm_atomic_state *state)
{
	int idx, ret;

	idx = srcu_read_lock(&rcar_du_scanout_hook_srcu);
	ret = rcar_du_scanout_hook_do_check(dev, state);
	srcu_read_unlock(&rcar_du_scanout_hook_srcu, idx);

	return ret;
}

static int rcar_du_scanout_hook_do_commit(struct drm_device *dev,
					  struct drm_atomic_state *state,
					  bool nonblock)
{
	struct rcar_du_scanout_hook *hook = rcar_du_scanout_hook_of(dev);
	void *data;
	int ret;

	if (!hook)
		return dev->mode_config.funcs->atomic_commit(dev, state,
							     nonblock);

	data = READ_ONCE(hook->data);
	if (!data)
		return hook->original->atomic_commit(dev, state, nonblock);

	if (rcar_du_scanout_hook_passes(hook, state)) {
		ret = hook->original->atomic_commit(dev, state, nonblock);
		/* User space runs again before the notifier is called. */
		if (!ret && state->duplicated && READ_ONCE(hook->suspending))
			WRITE_ONCE(hook->quiet, false);
		return ret;
	}

	ret = hook->ops->begin(data, state, nonblock);
	if (!ret)
		ret = hook->original->atomic_commit(dev, state, nonblock);
	hook->ops->end(data, state, ret);

	return ret;
}

static int rcar_du_scanout_hook_commit(struct drm_device *dev,
				       struct drm_atomic_state *state,
				       bool nonblock)
{
	int idx, ret;

	idx = srcu_read_lock(&rcar_du_scanout_hook_srcu);
	ret = rcar_du_scanout_hook_do_commit(dev, state, nonblock);
	srcu_read_unlock(&rcar_du_scanout_hook_srcu, idx);

	return ret;
}

static int rcar_du_scanout_hook_pm(struct notifier_block *nb,
				   unsigned long action, void *unused)
{
	struct rcar_du_scanout_hook *hook =
		container_of(nb, struct rcar_du_scanout_hook, pm_nb);

	switch (action) {
	case PM_HIBERNATION_PREPARE:
	case PM_SUSPEND_PREPARE:
	case PM_RESTORE_PREPARE:
		/* Before a hibernation ends the display wakes up only to sleep again. */
		WRITE_ONCE(hook->suspending, action == PM_SUSPEND_PREPARE);
		WRITE_ONCE(hook->quiet, true);
		hook->ops->quiesce(hook->data, true);
		break;
	case PM_POST_HIBERNATION:
	case PM_POST_SUSPEND:
	case PM_POST_RESTORE:
		WRITE_ONCE(hook->quiet, false);
		hook->ops->quiesce(hook->data, false);
		break;
	}

	return NOTIFY_DONE;
}

/* Every commit that has any object holds a modeset lock from begin to end. */
static void rcar_du_scanout_hook_set(struct drm_device *dev,
				     const struct drm_mode_config_funcs *funcs)
{
	struct drm_modeset_acquire_ctx ctx;
	int ret;

	DRM_MODESET_LOCK_ALL_BEGIN(dev, ctx, 0, ret);
	WRITE_ONCE(dev->mode_config.funcs, funcs);
	DRM_MODESET_LOCK_ALL_END(dev, ctx, ret);
}

/**
 * rcar_du_scanout_hook_can - Tell whether all commits of a device can be seen
 * @dev: the device
 *
 * The driver has to use the helpers' commits, as it is their tracking that tells when a
 * frame is on the screen, and vertical blanks, which are the frame clock.
 *
 * Return: true if they can.
 */
bool rcar_du_scanout_hook_can(struct drm_device *dev)
{
	const struct drm_mode_config_funcs *funcs = dev->mode_config.funcs;

	return drm_drv_uses_atomic_modeset(dev) && drm_dev_has_vblank(dev) &&
	       funcs->atomic_check &&
	       funcs->atomic_commit == drm_atomic_helper_commit;
}

/**
 * rcar_du_scanout_hook_add - See all commits of a device
 * @dev: the device; rcar_du_scanout_hook_can() is true
 * @ops: what is done with them
 * @data: for them
 *
 * Context: takes all modeset locks.
 * Return: the hook, or an ERR_PTR: -ENOMEM.
 */
struct rcar_du_scanout_hook *
rcar_du_scanout_hook_add(struct drm_device *dev,
			 const struct rcar_du_scanout_hook_ops *ops, void *data)
{
	const struct drm_mode_config_funcs *original = dev->mode_config.funcs;
	struct rcar_du_scanout_hook *hook;

	hook = drmm_kzalloc(dev, sizeof(*hook), GFP_KERNEL);
	if (!hook)
		return ERR_PTR(-ENOMEM);

	hook->funcs = *original;
	hook->funcs.atomic_check = rcar_du_scanout_hook_check;
	hook->funcs.atomic_commit = rcar_du_scanout_hook_commit;
	hook->original = original;
	hook->dev = dev;
	hook->ops = ops;
	hook->data = data;
	rcar_du_scanout_hook_set(dev, &hook->funcs);

	hook->pm_nb.notifier_call = rcar_du_scanout_hook_pm;
	/* Can't fail. */
	register_pm_notifier(&hook->pm_nb);

	return hook;
}

/**
 * rcar_du_scanout_hook_remove - Undo rcar_du_scanout_hook_add()
 * @hook: the hook, of a device that may be about to go
 *
 * On return none of its functions is called.
 *
 * Context: takes all modeset locks.
 */
void rcar_du_scanout_hook_remove(struct rcar_du_scanout_hook *hook)
{
	struct drm_device *dev = hook->dev;

	unregister_pm_notifier(&hook->pm_nb);

	/* Somebody who has taken a copy of ours since calls this module for ever. */
	if (WARN_ON(dev->mode_config.funcs != &hook->funcs)) {
		WRITE_ONCE(hook->data, NULL);
		synchronize_srcu(&rcar_du_scanout_hook_srcu);
		__module_get(THIS_MODULE);
		return;
	}

	rcar_du_scanout_hook_set(dev, hook->original);
	/* Who has read the old pointer, and calls us later, is right all the same. */
	WRITE_ONCE(hook->funcs.atomic_check, hook->original->atomic_check);
	WRITE_ONCE(hook->funcs.atomic_commit, hook->original->atomic_commit);

	/* Those on their way to the first instruction, then those inside. */
	synchronize_rcu_tasks();
	synchronize_srcu(&rcar_du_scanout_hook_srcu);
}

/**
 * rcar_du_scanout_hook_quiet - Tell whether there are to be no commits of ours
 * @hook: the hook
 *
 * Return: true while the system goes to sleep, sleeps, wakes up, or ends.
 */
bool rcar_du_scanout_hook_quiet(const struct rcar_du_scanout_hook *hook)
{
	return READ_ONCE(hook->quiet) || system_state > SYSTEM_RUNNING;
}
