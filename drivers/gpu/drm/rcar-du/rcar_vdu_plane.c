// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car virtual Display Unit: planes
 *
 * Any KMS plane can be on any plane page. Those of a format with two memory
 * planes take two pages, one after the other.
 */

#include <linux/align.h>
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/container_of.h>
#include <linux/err.h>
#include <linux/iosys-map.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_atomic_state_helper.h>
#include <drm/drm_blend.h>
#include <drm/drm_drv.h>
#include <drm/drm_fb_dma_helper.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_dma_helper.h>
#include <drm/drm_panic.h>
#include <drm/drm_plane.h>
#include <drm/drm_print.h>
#include <drm/drm_rect.h>

#include "rcar_vdu_format.h"
#include "rcar_vdu_hw.h"
#include "rcar_vdu_page.h"
#include "rcar_vdu_plane.h"

/**
 * struct rcar_vdu_plane - A plane
 * @base: DRM plane
 * @hw: registers
 * @pages: plane pages; this and @hw never change
 */
struct rcar_vdu_plane {
	struct drm_plane base;
	struct rcar_vdu_hw *hw;
	struct rcar_vdu_pages *pages;
};

/**
 * struct rcar_vdu_plane_state - State of a plane
 * @base: DRM plane state
 * @page: the plane page, or the first of two, if the plane is visible
 */
struct rcar_vdu_plane_state {
	struct drm_plane_state base;
	unsigned int page;
};

#define to_rcar_vdu_plane_state(s)					\
	container_of_const(s, struct rcar_vdu_plane_state, base)

static struct rcar_vdu_plane *to_rcar_vdu_plane(struct drm_plane *plane)
{
	return container_of(plane, struct rcar_vdu_plane, base);
}

/* -----------------------------------------------------------------------------
 * Checks
 */

/* The first pixel of a memory plane, as the device sees it. */
static u64 rcar_vdu_fb_addr(struct drm_framebuffer *fb, unsigned int index)
{
	return drm_fb_dma_get_gem_obj(fb, index)->dma_addr + fb->offsets[index];
}

/* Whoever an imported buffer is from may draw to it through the caches. */
static u32 rcar_vdu_fb_mapping(const struct rcar_vdu_hw *hw,
			       struct drm_framebuffer *fb, unsigned int index)
{
	return hw->write_combined &&
	       !drm_fb_dma_get_gem_obj(fb, index)->base.import_attach ?
	       RCAR_VDU_MAPPING_WRITE_COMBINED : RCAR_VDU_MAPPING_CACHEABLE;
}

static int rcar_vdu_plane_check_fb(const struct rcar_vdu_limits *limits,
				   struct drm_framebuffer *fb)
{
	const struct drm_format_info *info = fb->format;
	unsigned int cpp = info->cpp[0];
	unsigned int i;

	if (fb->pitches[0] % (cpp * limits->pitch_align) ||
	    fb->pitches[0] / cpp > limits->max_pitch) {
		drm_dbg_kms(fb->dev, "pitch %u is not supported\n",
			    fb->pitches[0]);
		return -EINVAL;
	}

	for (i = 0; i < info->num_planes; ++i) {
		if (fb->pitches[i] != fb->pitches[0]) {
			drm_dbg_kms(fb->dev, "pitches %u and %u differ\n",
				    fb->pitches[0], fb->pitches[i]);
			return -EINVAL;
		}

		if (!IS_ALIGNED(rcar_vdu_fb_addr(fb, i), limits->addr_align)) {
			drm_dbg_kms(fb->dev, "offset %u is misaligned\n",
				    fb->offsets[i]);
			return -EINVAL;
		}
	}

	return 0;
}

static int rcar_vdu_plane_check_src(const struct rcar_vdu_limits *limits,
				    const struct drm_plane_state *state)
{
	const struct drm_format_info *info = state->fb->format;
	unsigned int width = drm_rect_width(&state->src) >> 16;
	unsigned int height = drm_rect_height(&state->src) >> 16;
	unsigned int x = state->src.x1 >> 16;
	unsigned int y = state->src.y1 >> 16;

	if (!width || !height || width > limits->max_width ||
	    height > limits->max_height) {
		drm_dbg_kms(state->plane->dev, "%ux%u is not supported\n",
			    width, height);
		return -EINVAL;
	}

	if ((x | width) % info->hsub || (y | height) % info->vsub) {
		drm_dbg_kms(state->plane->dev,
			    "%ux%u+%u+%u cuts chroma samples\n",
			    width, height, x, y);
		return -EINVAL;
	}

	return 0;
}

static int rcar_vdu_plane_atomic_check(struct drm_plane *plane,
				       struct drm_atomic_state *state)
{
	const struct rcar_vdu_limits *limits =
		&to_rcar_vdu_plane(plane)->hw->limits;
	struct drm_plane_state *new_state =
		drm_atomic_get_new_plane_state(state, plane);
	struct drm_crtc_state *crtc_state;
	int ret;

	if (!new_state->crtc) {
		new_state->visible = false;
		return 0;
	}

	crtc_state = drm_atomic_get_new_crtc_state(state, new_state->crtc);
	ret = drm_atomic_helper_check_plane_state(new_state, crtc_state,
						  DRM_PLANE_NO_SCALING,
						  DRM_PLANE_NO_SCALING,
						  true, true);
	if (ret || !new_state->visible)
		return ret;

	ret = rcar_vdu_plane_check_fb(limits, new_state->fb);
	if (ret)
		return ret;

	return rcar_vdu_plane_check_src(limits, new_state);
}

/* -----------------------------------------------------------------------------
 * Plane pages
 */

static unsigned int
rcar_vdu_plane_num_pages(const struct drm_plane_state *plane_state)
{
	return plane_state->visible ? plane_state->fb->format->num_planes : 0;
}

/**
 * rcar_vdu_planes_stay - Tell if a commit leaves all planes on their pages
 * @state: atomic commit, checked otherwise
 *
 * Return: true if the pages of all planes stay, and so does their order.
 */
bool rcar_vdu_planes_stay(struct drm_atomic_state *state)
{
	struct drm_plane_state *old_state, *new_state;
	struct drm_plane *plane;
	unsigned int i;

	for_each_oldnew_plane_in_state(state, plane, old_state, new_state, i) {
		unsigned int num_pages = rcar_vdu_plane_num_pages(new_state);

		if (num_pages != rcar_vdu_plane_num_pages(old_state) ||
		    (num_pages && new_state->normalized_zpos !=
				  old_state->normalized_zpos))
			return false;
	}

	return true;
}

/*
 * Pages in pairs come first, so that there is always room for them. Returns how
 * many pages are needed.
 */
static unsigned int rcar_vdu_planes_set_pages(struct drm_atomic_state *state)
{
	struct drm_plane_state *plane_state;
	unsigned int pages = 0;
	struct drm_plane *plane;
	unsigned int num, i;

	for (num = 2; num; --num) {
		for_each_new_plane_in_state(state, plane, plane_state, i) {
			if (rcar_vdu_plane_num_pages(plane_state) != num)
				continue;

			to_rcar_vdu_plane_state(plane_state)->page = pages;
			pages += num;
		}
	}

	return pages;
}

/* The lowest field of DS1PR is the top-most plane, with chroma above luma. */
static u32 rcar_vdu_planes_dspr(struct drm_atomic_state *state)
{
	const struct drm_plane_state *by_zpos[RCAR_VDU_NUM_PLANE_PAGES] = { };
	struct drm_plane_state *plane_state;
	struct drm_plane *plane;
	unsigned int i;
	u32 dspr = 0;

	for_each_new_plane_in_state(state, plane, plane_state, i) {
		if (plane_state->visible)
			by_zpos[plane_state->normalized_zpos] = plane_state;
	}

	for (i = 0; i < ARRAY_SIZE(by_zpos); ++i) {
		unsigned int page;

		if (!by_zpos[i])
			continue;

		page = to_rcar_vdu_plane_state(by_zpos[i])->page;
		dspr = dspr << 4 | (page + 1);
		if (rcar_vdu_plane_num_pages(by_zpos[i]) > 1)
			dspr = dspr << 4 | (page + 2);
	}

	return dspr;
}

/**
 * rcar_vdu_planes_assign - Give plane pages to the planes
 * @state: atomic commit with all planes, checked otherwise
 * @hw: registers of the VDU
 * @dspr: returns DS1PR
 *
 * Return: 0, or -EINVAL if there are not enough pages.
 */
int rcar_vdu_planes_assign(struct drm_atomic_state *state,
			   const struct rcar_vdu_hw *hw, u32 *dspr)
{
	unsigned int pages = rcar_vdu_planes_set_pages(state);

	if (pages > hw->limits.num_pages) {
		drm_dbg_kms(state->dev, "%u plane pages are not enough for %u\n",
			    hw->limits.num_pages, pages);
		return -EINVAL;
	}

	*dspr = rcar_vdu_planes_dspr(state);

	return 0;
}

/* -----------------------------------------------------------------------------
 * Update
 */

static u32 rcar_vdu_plane_role(const struct drm_plane *plane)
{
	switch (plane->type) {
	case DRM_PLANE_TYPE_PRIMARY:
		return RCAR_VDU_ROLE_PRIMARY;
	case DRM_PLANE_TYPE_CURSOR:
		return RCAR_VDU_ROLE_CURSOR;
	default:
		return RCAR_VDU_ROLE_OVERLAY;
	}
}

/* Without the feature it stays as the DU does it. */
static u32 rcar_vdu_plane_blend(const struct drm_plane_state *state)
{
	if (!state->plane->blend_mode_property)
		return RCAR_VDU_BLEND_COVERAGE;

	switch (state->pixel_blend_mode) {
	case DRM_MODE_BLEND_PREMULTI:
		return RCAR_VDU_BLEND_PREMULTI;
	case DRM_MODE_BLEND_COVERAGE:
		return RCAR_VDU_BLEND_COVERAGE;
	default:
		return RCAR_VDU_BLEND_NONE;
	}
}

/* Counted from the visible part of the plane, which a hotspot may be outside of. */
static unsigned int rcar_vdu_hotspot(int hotspot, unsigned int src)
{
	return max(hotspot - (int)src, 0);
}

static void rcar_vdu_plane_stage(struct drm_plane_state *plane_state)
{
	struct rcar_vdu_plane *rplane = to_rcar_vdu_plane(plane_state->plane);
	struct drm_framebuffer *fb = plane_state->fb;
	struct rcar_vdu_plane_config config = {
		.page = to_rcar_vdu_plane_state(plane_state)->page,
		.role = rcar_vdu_plane_role(plane_state->plane),
		.alpha = plane_state->alpha,
		.blend = rcar_vdu_plane_blend(plane_state),
	};
	unsigned int i;

	config.fourcc = fb->format->format;
	for (i = 0; i < fb->format->num_planes; ++i) {
		config.addr[i] = rcar_vdu_fb_addr(fb, i);
		config.mapping[i] = rcar_vdu_fb_mapping(rplane->hw, fb, i);
	}
	config.pitch = fb->pitches[0] / fb->format->cpp[0];
	config.src_x = plane_state->src.x1 >> 16;
	config.src_y = plane_state->src.y1 >> 16;
	config.x = plane_state->dst.x1;
	config.y = plane_state->dst.y1;
	config.width = drm_rect_width(&plane_state->dst);
	config.height = drm_rect_height(&plane_state->dst);
	config.hot_x = rcar_vdu_hotspot(plane_state->hotspot_x, config.src_x);
	config.hot_y = rcar_vdu_hotspot(plane_state->hotspot_y, config.src_y);

	rcar_vdu_pages_stage(rplane->pages, &config);
}

static void rcar_vdu_plane_atomic_update(struct drm_plane *plane,
					 struct drm_atomic_state *state)
{
	struct drm_plane_state *new_state =
		drm_atomic_get_new_plane_state(state, plane);

	/* What is not in DS1PR is not shown. */
	if (new_state->visible)
		rcar_vdu_plane_stage(new_state);
}

/* -----------------------------------------------------------------------------
 * Panic
 */

/* The text goes where it is seen, which can be a part of the framebuffer. */
static int rcar_vdu_plane_get_scanout_buffer(struct drm_plane *plane,
					     struct drm_scanout_buffer *sb)
{
	const struct drm_plane_state *plane_state = plane->state;
	int ret;

	if (!plane_state || !plane_state->visible ||
	    !plane_state->crtc->state->active)
		return -ENODEV;

	ret = drm_fb_dma_get_scanout_buffer(plane, sb);
	if (ret)
		return ret;

	iosys_map_incr(&sb->map[0], plane_state->fb->offsets[0] +
		       (plane_state->src.y1 >> 16) * sb->pitch[0] +
		       (plane_state->src.x1 >> 16) * sb->format->cpp[0]);
	sb->width = drm_rect_width(&plane_state->dst);
	sb->height = drm_rect_height(&plane_state->dst);

	return 0;
}

/*
 * Show nothing but the plane with the text, whatever was shown and whichever
 * commit the panic has interrupted.
 */
static void rcar_vdu_plane_panic_flush(struct drm_plane *plane)
{
	struct rcar_vdu_pages *pages = to_rcar_vdu_plane(plane)->pages;
	int idx;

	if (!drm_dev_enter(plane->dev, &idx))
		return;

	rcar_vdu_plane_stage(plane->state);
	rcar_vdu_pages_panic(pages, to_rcar_vdu_plane_state(plane->state)->page);
	drm_dev_exit(idx);
}

static const struct drm_plane_helper_funcs rcar_vdu_plane_helper_funcs = {
	.atomic_check = rcar_vdu_plane_atomic_check,
	.atomic_update = rcar_vdu_plane_atomic_update,
};

static const struct drm_plane_helper_funcs rcar_vdu_primary_helper_funcs = {
	.atomic_check = rcar_vdu_plane_atomic_check,
	.atomic_update = rcar_vdu_plane_atomic_update,
	.get_scanout_buffer = rcar_vdu_plane_get_scanout_buffer,
	.panic_flush = rcar_vdu_plane_panic_flush,
};

/* -----------------------------------------------------------------------------
 * State
 */

static struct drm_plane_state *
rcar_vdu_plane_duplicate_state(struct drm_plane *plane)
{
	const struct rcar_vdu_plane_state *old =
		to_rcar_vdu_plane_state(plane->state);
	struct rcar_vdu_plane_state *new;

	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return NULL;

	__drm_atomic_helper_plane_duplicate_state(plane, &new->base);
	new->page = old->page;

	return &new->base;
}

static void rcar_vdu_plane_destroy_state(struct drm_plane *plane,
					 struct drm_plane_state *plane_state)
{
	__drm_atomic_helper_plane_destroy_state(plane_state);
	kfree(to_rcar_vdu_plane_state(plane_state));
}

static void rcar_vdu_plane_reset(struct drm_plane *plane)
{
	struct rcar_vdu_plane_state *state;

	if (plane->state)
		rcar_vdu_plane_destroy_state(plane, plane->state);
	plane->state = NULL;

	state = kzalloc(sizeof(*state), GFP_KERNEL);
	if (state)
		__drm_atomic_helper_plane_reset(plane, &state->base);
}

static const struct drm_plane_funcs rcar_vdu_plane_funcs = {
	.update_plane = drm_atomic_helper_update_plane,
	.disable_plane = drm_atomic_helper_disable_plane,
	.reset = rcar_vdu_plane_reset,
	.atomic_duplicate_state = rcar_vdu_plane_duplicate_state,
	.atomic_destroy_state = rcar_vdu_plane_destroy_state,
};

/* -----------------------------------------------------------------------------
 * Creation
 */

/**
 * rcar_vdu_num_planes - Number of KMS planes
 * @hw: registers of the VDU
 *
 * Return: as many as there are plane pages.
 */
unsigned int rcar_vdu_num_planes(const struct rcar_vdu_hw *hw)
{
	return hw->limits.num_pages;
}

static int rcar_vdu_plane_init_properties(struct rcar_vdu_plane *rplane,
					  unsigned int zpos)
{
	struct drm_plane *plane = &rplane->base;
	int ret;

	ret = drm_plane_create_zpos_property(plane, zpos, 0,
					     rcar_vdu_num_planes(rplane->hw) - 1);
	if (ret || !rcar_vdu_hw_has(rplane->hw, RCAR_VDU_FEATURE_BLEND))
		return ret;

	ret = drm_plane_create_alpha_property(plane);
	if (ret)
		return ret;

	return drm_plane_create_blend_mode_property(plane,
						    BIT(DRM_MODE_BLEND_PIXEL_NONE) |
						    BIT(DRM_MODE_BLEND_PREMULTI) |
						    BIT(DRM_MODE_BLEND_COVERAGE));
}

/**
 * rcar_vdu_plane_create - Create a plane
 * @drm: DRM device
 * @hw: registers of the VDU
 * @pages: plane pages
 * @type: its type; cursors are ARGB8888 or XRGB8888
 * @zpos: place among the other planes
 *
 * Return: the plane, or an error pointer.
 */
struct drm_plane *rcar_vdu_plane_create(struct drm_device *drm,
					struct rcar_vdu_hw *hw,
					struct rcar_vdu_pages *pages,
					enum drm_plane_type type,
					unsigned int zpos)
{
	static const u64 modifiers[] = {
		DRM_FORMAT_MOD_LINEAR,
		DRM_FORMAT_MOD_INVALID,
	};
	u32 formats[RCAR_VDU_MAX_FORMATS] = {
		DRM_FORMAT_ARGB8888, DRM_FORMAT_XRGB8888,
	};
	unsigned int num_formats = 2;
	struct rcar_vdu_plane *rplane;
	int ret;

	if (type != DRM_PLANE_TYPE_CURSOR)
		num_formats = rcar_vdu_hw_formats(hw, formats);

	rplane = drmm_universal_plane_alloc(drm, struct rcar_vdu_plane, base,
					    BIT(0), &rcar_vdu_plane_funcs,
					    formats, num_formats, modifiers,
					    type, NULL);
	if (IS_ERR(rplane))
		return ERR_CAST(rplane);

	rplane->hw = hw;
	rplane->pages = pages;
	drm_plane_helper_add(&rplane->base, type == DRM_PLANE_TYPE_PRIMARY ?
			     &rcar_vdu_primary_helper_funcs :
			     &rcar_vdu_plane_helper_funcs);

	ret = rcar_vdu_plane_init_properties(rplane, zpos);

	return ret ? ERR_PTR(ret) : &rplane->base;
}
