// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU scanout: who has which CRTC and which plane
 *
 * On R-Car H3 two CRTCs share the VSPDL: its planes can be shown by either, and
 * it has one blender with five inputs and one with two. Two CRTCs that have more
 * than two planes each would fight for the larger one (vsp1_du_pipeline_setup_brx()
 * of the vsp1 driver), and no atomic check tells. So of CRTCs that share planes
 * only one gets more than two, on any hardware.
 */

#include <kunit/visibility.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/export.h>

#include "rcar_du_scanout_pool.h"

/* The inputs of the smaller blender (BRS). */
#define RCAR_DU_SCANOUT_FEW_PLANES	2

static bool rcar_du_scanout_pool_share(const struct rcar_du_scanout_pool *pool,
				       unsigned int a, unsigned int b)
{
	unsigned int i;

	for (i = 0; i < pool->num_planes; i++) {
		if (pool->planes[i].crtcs & BIT(a) &&
		    pool->planes[i].crtcs & BIT(b))
			return true;
	}

	return false;
}

/* The primary plane counts whoever shows something there. */
static unsigned int
rcar_du_scanout_pool_inputs(const struct rcar_du_scanout_pool *pool,
			    unsigned int crtc)
{
	unsigned int inputs = 1 + pool->reserved;
	unsigned int i;

	for (i = 0; i < pool->num_planes; i++) {
		const struct rcar_du_scanout_pool_plane *plane =
			&pool->planes[i];

		inputs += plane->overlay && plane->owner && plane->crtc == crtc;
	}

	return inputs;
}

/* Overlays that nobody has but the CRTCs that are entitled to some. */
static unsigned int
rcar_du_scanout_pool_left(const struct rcar_du_scanout_pool *pool,
			  unsigned int crtc)
{
	unsigned int kept = 0;
	unsigned int left = 0;
	unsigned int i;

	for (i = 0; i < pool->num_planes; i++)
		left += pool->planes[i].overlay && !pool->planes[i].owner &&
			pool->planes[i].crtcs & BIT(crtc);

	for (i = 0; i < pool->num_crtcs; i++) {
		if (i == crtc || rcar_du_scanout_pool_share(pool, crtc, i))
			kept += pool->reserved;
	}

	return left > kept ? left - kept : 0;
}

/* One more plane on @crtc, with what its neighbours have now. */
static bool rcar_du_scanout_pool_fits(const struct rcar_du_scanout_pool *pool,
				      unsigned int crtc)
{
	unsigned int i;

	if (rcar_du_scanout_pool_inputs(pool, crtc) < RCAR_DU_SCANOUT_FEW_PLANES)
		return true;

	for (i = 0; i < pool->num_crtcs; i++) {
		if (i != crtc && rcar_du_scanout_pool_share(pool, crtc, i) &&
		    rcar_du_scanout_pool_inputs(pool, i) >
		    RCAR_DU_SCANOUT_FEW_PLANES)
			return false;
	}

	return true;
}

static int rcar_du_scanout_pool_take(struct rcar_du_scanout_pool *pool,
				     unsigned int crtc, unsigned int owner)
{
	unsigned int i;

	if (!rcar_du_scanout_pool_left(pool, crtc) ||
	    !rcar_du_scanout_pool_fits(pool, crtc))
		return -ENOSPC;

	for (i = 0; i < pool->num_planes; i++) {
		struct rcar_du_scanout_pool_plane *plane = &pool->planes[i];

		if (plane->overlay && !plane->owner &&
		    plane->crtcs & BIT(crtc)) {
			plane->owner = owner;
			plane->crtc = crtc;
			return i;
		}
	}

	return -ENOSPC;
}

/**
 * rcar_du_scanout_pool_take_plane - Take an overlay plane of a CRTC
 * @pool: the pool
 * @crtc: the CRTC
 * @owner: who takes it, not 0
 *
 * Return: the index of the plane, or -EINVAL if there is no such CRTC, -EBUSY if
 * it is somebody's channel, -ENOSPC if no plane is left.
 */
int rcar_du_scanout_pool_take_plane(struct rcar_du_scanout_pool *pool,
				    unsigned int crtc, unsigned int owner)
{
	if (crtc >= pool->num_crtcs)
		return -EINVAL;

	if (pool->crtcs[crtc].channel)
		return -EBUSY;

	return rcar_du_scanout_pool_take(pool, crtc, owner);
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_scanout_pool_take_plane);

static bool rcar_du_scanout_pool_used(const struct rcar_du_scanout_pool *pool,
				      unsigned int crtc)
{
	unsigned int i;

	if (pool->crtcs[crtc].channel)
		return true;

	for (i = 0; i < pool->num_planes; i++) {
		if (pool->planes[i].owner && pool->planes[i].crtc == crtc)
			return true;
	}

	return false;
}

/* Whether a neighbour could still get the smaller blender's planes. */
static bool
rcar_du_scanout_pool_neighbours(const struct rcar_du_scanout_pool *pool,
				unsigned int crtc)
{
	unsigned int needed = 0;
	unsigned int i;

	for (i = 0; i < pool->num_crtcs; i++)
		needed += i != crtc && rcar_du_scanout_pool_share(pool, crtc, i) &&
			  rcar_du_scanout_pool_inputs(pool, i) <
			  RCAR_DU_SCANOUT_FEW_PLANES;

	return rcar_du_scanout_pool_left(pool, crtc) > needed;
}

/**
 * rcar_du_scanout_pool_take_channel - Take a CRTC with its planes
 * @pool: the pool
 * @crtc: the CRTC
 * @owner: who takes it, not 0
 *
 * Takes the primary plane and all overlay planes, or of those that other CRTCs
 * could use as well as many as leave two planes for each of them.
 *
 * Return: the number of planes, or -EINVAL if there is no such CRTC, -ENOTCONN
 * if it has no display, -EBUSY if somebody has it or a plane on it.
 */
int rcar_du_scanout_pool_take_channel(struct rcar_du_scanout_pool *pool,
				      unsigned int crtc, unsigned int owner)
{
	struct rcar_du_scanout_pool_plane *primary;
	unsigned int num_planes = 1;

	if (crtc >= pool->num_crtcs)
		return -EINVAL;

	if (!pool->crtcs[crtc].connected)
		return -ENOTCONN;

	primary = &pool->planes[pool->crtcs[crtc].primary];
	if (rcar_du_scanout_pool_used(pool, crtc) || primary->owner)
		return -EBUSY;

	pool->crtcs[crtc].channel = owner;
	primary->owner = owner;
	primary->crtc = crtc;

	while (rcar_du_scanout_pool_neighbours(pool, crtc) &&
	       rcar_du_scanout_pool_take(pool, crtc, owner) >= 0)
		num_planes++;

	return num_planes;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_scanout_pool_take_channel);

/**
 * rcar_du_scanout_pool_release - Give everything back that somebody has
 * @pool: the pool
 * @owner: who has it
 */
void rcar_du_scanout_pool_release(struct rcar_du_scanout_pool *pool,
				  unsigned int owner)
{
	unsigned int i;

	for (i = 0; i < pool->num_crtcs; i++) {
		if (pool->crtcs[i].channel == owner)
			pool->crtcs[i].channel = 0;
	}

	for (i = 0; i < pool->num_planes; i++) {
		if (pool->planes[i].owner == owner)
			pool->planes[i].owner = 0;
	}
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_scanout_pool_release);

/* A number that no owner has. */
#define RCAR_DU_SCANOUT_NOBODY		(~0u)

/**
 * rcar_du_scanout_pool_free_planes - How many planes could be taken
 * @pool: the pool
 *
 * Return: how often rcar_du_scanout_pool_take_plane() would succeed.
 */
unsigned int
rcar_du_scanout_pool_free_planes(const struct rcar_du_scanout_pool *pool)
{
	struct rcar_du_scanout_pool trial = *pool;
	unsigned int count = 0;
	unsigned int i;

	for (i = 0; i < trial.num_crtcs; i++) {
		while (rcar_du_scanout_pool_take_plane(&trial, i,
						       RCAR_DU_SCANOUT_NOBODY) >= 0)
			count++;
	}

	return count;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_scanout_pool_free_planes);

/**
 * rcar_du_scanout_pool_free_channels - How many channels could be taken
 * @pool: the pool
 *
 * Return: how often rcar_du_scanout_pool_take_channel() would succeed.
 */
unsigned int
rcar_du_scanout_pool_free_channels(const struct rcar_du_scanout_pool *pool)
{
	struct rcar_du_scanout_pool trial = *pool;
	unsigned int count = 0;
	unsigned int i;

	for (i = 0; i < trial.num_crtcs; i++)
		count += rcar_du_scanout_pool_take_channel(&trial, i,
							   RCAR_DU_SCANOUT_NOBODY) > 0;

	return count;
}
EXPORT_SYMBOL_IF_KUNIT(rcar_du_scanout_pool_free_channels);
