/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * VFIO, with what the R-Car DU mediated device adds to it
 *
 * The additions follow the kernel's own header. Numbers of features are given
 * out by the kernel from the bottom, so ours is from the top.
 */

#ifndef _RCAR_DU_UAPI_VFIO_H
#define _RCAR_DU_UAPI_VFIO_H

#ifdef __KERNEL__
#include_next <uapi/linux/vfio.h>
#else
#include_next <linux/vfio.h>
#endif

/* ------------------------------------------------------------------------- */
/* Additions: begin */

/*
 * Interrupts beyond those of the bus are found by their type. If flags of
 * VFIO_DEVICE_GET_IRQ_INFO has VFIO_IRQ_INFO_FLAG_CAPS, struct
 * vfio_irq_info_caps is what the argument points to, and a chain of
 * capabilities follows it as for VFIO_DEVICE_GET_REGION_INFO: when argsz is too
 * small for them, cap_offset is 0 and argsz is set to what is needed. A caller
 * whose argsz is that of struct vfio_irq_info gets that much.
 */
#define VFIO_IRQ_INFO_FLAG_CAPS		(1 << 4)

/**
 * struct vfio_irq_info_caps - VFIO_DEVICE_GET_IRQ_INFO with capabilities
 * @info: what callers that do not know capabilities get
 * @cap_offset: offset of the first capability in the argument, or 0
 * @reserved: 0
 */
struct vfio_irq_info_caps {
	struct vfio_irq_info info;
	__u32 cap_offset;
	__u32 reserved;
};

#define VFIO_IRQ_INFO_CAP_TYPE		1

/**
 * struct vfio_irq_info_cap_type - What an interrupt is for
 * @header: id VFIO_IRQ_INFO_CAP_TYPE, version 1
 * @type: VFIO_IRQ_TYPE_*
 * @subtype: VFIO_IRQ_SUBTYPE_*, within @type
 */
struct vfio_irq_info_cap_type {
	struct vfio_info_cap_header header;
	__u32 type;
	__u32 subtype;
};

#define VFIO_IRQ_TYPE_GFX		1

/*
 * Refresh event: signalled once for each frame that VFIO_DEVICE_QUERY_GFX_PLANE
 * and VFIO_DEVICE_FEATURE_GFX_FRAME newly show, at most once for each vertical
 * blank, and when the display or a plane turns off. A client that comes late
 * sees the newest frame; the sequence number tells what it missed. Nothing is
 * signalled while the guest does not change the picture by its registers:
 * drawing into a buffer that is shown is not seen.
 */
#define VFIO_IRQ_SUBTYPE_GFX_REFRESH	1

/*
 * VFIO_DEVICE_FEATURE_GFX_FRAME
 *
 * GET returns one consistent snapshot of all planes of the frame that is shown.
 * It never waits. dmabuf_id can be passed to VFIO_DEVICE_GET_GFX_DMABUF; unlike
 * the ids of VFIO_DEVICE_QUERY_GFX_PLANE it names a buffer and not a geometry:
 * it stays the same as long as the device keeps the buffer, whatever is shown
 * of it, and another buffer never gets it.
 */
#define VFIO_DEVICE_FEATURE_GFX_FRAME	0xd000

#define VFIO_GFX_FRAME_MAX_PLANES		8
#define VFIO_GFX_FRAME_MAX_MEMORY_PLANES	4

/**
 * struct vfio_device_gfx_frame_memory - One memory plane of a format
 * @dmabuf_id: the buffer, never 0
 * @pitch: bytes from one line to the next
 * @offset: where the first visible pixel is in the buffer, bytes
 */
struct vfio_device_gfx_frame_memory {
	__u32 dmabuf_id;
	__u32 pitch;
	__u64 offset;
};

/**
 * struct vfio_device_gfx_frame_plane - One plane of a frame
 * @type: DRM_PLANE_TYPE_*: 0 overlay, 1 primary, 2 cursor
 * @index: number of the plane, as the guest knows it
 * @zpos: position in the stack, 0 is the lowest plane
 * @error: why the plane is not shown, as the guest is told (for this device
 *	RCAR_VDU_ERROR_*), or 0. If @num_memory_planes is not 0 there is a
 *	picture all the same, which only the host's own display cannot show;
 *	if it is, the fields from @drm_format on mean nothing
 * @num_memory_planes: valid entries of @memory
 * @drm_format: DRM fourcc
 * @drm_format_mod: DRM format modifier
 * @src_x: first shown column of the buffer, pixels after @memory's offset
 * @src_y: first shown line of the buffer, lines after @memory's offset
 * @src_width: shown columns of the buffer, pixels
 * @src_height: shown lines of the buffer
 * @dst_x: where the plane is on the display, pixels
 * @dst_y: where the plane is on the display, lines
 * @dst_width: pixels
 * @dst_height: lines
 * @alpha: opacity of the plane, 0 to 0xffff (opaque)
 * @pixel_blend_mode: VFIO_GFX_BLEND_*
 * @hot_x: hotspot of a cursor, pixels
 * @hot_y: hotspot of a cursor, lines
 * @memory: memory planes
 */
struct vfio_device_gfx_frame_plane {
	__u32 type;
	__u32 index;
	__u32 zpos;
	__u32 error;
	__u32 num_memory_planes;
	__u32 drm_format;
	__u64 drm_format_mod;
	__u32 src_x;
	__u32 src_y;
	__u32 src_width;
	__u32 src_height;
	__s32 dst_x;
	__s32 dst_y;
	__u32 dst_width;
	__u32 dst_height;
	__u32 alpha;
	__u32 pixel_blend_mode;
#define VFIO_GFX_BLEND_NONE		0	/* pixels have no alpha */
#define VFIO_GFX_BLEND_COVERAGE		1	/* alpha not multiplied in */
#define VFIO_GFX_BLEND_PREMULTI		2	/* alpha multiplied in */
	__u32 hot_x;
	__u32 hot_y;
	struct vfio_device_gfx_frame_memory memory[VFIO_GFX_FRAME_MAX_MEMORY_PLANES];
};

/**
 * struct vfio_device_feature_gfx_frame - A frame
 * @flags: VFIO_GFX_FRAME_*
 * @sequence: counts the states that the device latched, wraps
 * @vblank: counts the vertical blanks, wraps; that of the latch
 * @num_planes: valid entries of @planes
 * @time_ns: when it was latched, CLOCK_MONOTONIC
 * @width: size of the display, pixels, 0 if it is off
 * @height: size of the display, lines, 0 if it is off
 * @planes: all planes that the guest has turned on, the lowest first
 */
struct vfio_device_feature_gfx_frame {
	__u32 flags;
#define VFIO_GFX_FRAME_ON		(1 << 0)	/* the display runs */
#define VFIO_GFX_FRAME_COPIED		(1 << 1)	/* the host's display shows copies */
	__u32 sequence;
	__u32 vblank;
	__u32 num_planes;
	__u64 time_ns;
	__u32 width;
	__u32 height;
	struct vfio_device_gfx_frame_plane planes[VFIO_GFX_FRAME_MAX_PLANES];
};

/* Additions: end */
/* ------------------------------------------------------------------------- */

#endif /* _RCAR_DU_UAPI_VFIO_H */
