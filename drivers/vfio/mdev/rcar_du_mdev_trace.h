/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: tracepoints
 */

#undef TRACE_SYSTEM
#define TRACE_SYSTEM rcar_du_mdev

#if !defined(__RCAR_DU_MDEV_TRACE_H__) || defined(TRACE_HEADER_MULTI_READ)
#define __RCAR_DU_MDEV_TRACE_H__

#include <linux/device.h>
#include <linux/tracepoint.h>

#include "rcar_du_mdev_frame.h"

TRACE_EVENT(rcar_du_mdev_write,
	TP_PROTO(const struct device *dev, unsigned int bar, u32 offset,
		 u32 value),
	TP_ARGS(dev, bar, offset, value),
	TP_STRUCT__entry(
		__string(dev, dev_name(dev))
		__field(unsigned int, bar)
		__field(u32, offset)
		__field(u32, value)
	),
	TP_fast_assign(
		__assign_str(dev);
		__entry->bar = bar;
		__entry->offset = offset;
		__entry->value = value;
	),
	TP_printk("%s: BAR%u+0x%05x = 0x%08x", __get_str(dev), __entry->bar,
		  __entry->offset, __entry->value)
);

TRACE_EVENT(rcar_du_mdev_vblank,
	TP_PROTO(const struct device *dev, u32 frame,
		 unsigned int events),
	TP_ARGS(dev, frame, events),
	TP_STRUCT__entry(
		__string(dev, dev_name(dev))
		__field(u32, frame)
		__field(unsigned int, events)
	),
	TP_fast_assign(
		__assign_str(dev);
		__entry->frame = frame;
		__entry->events = events;
	),
	TP_printk("%s: frame %u%s%s", __get_str(dev), __entry->frame,
		  __entry->events & RCAR_DU_MDEV_EV_LATCH ? " latch" : "",
		  __entry->events & RCAR_DU_MDEV_EV_RAISE ? " irq" : "")
);

TRACE_EVENT(rcar_du_mdev_frame,
	TP_PROTO(const struct device *dev,
		 const struct rcar_du_mdev_frame *frame),
	TP_ARGS(dev, frame),
	TP_STRUCT__entry(
		__string(dev, dev_name(dev))
		__field(u32, seq)
		__field(u32, frame)
		__field(unsigned int, num_planes)
		__field(u64, addr)
		__field(u32, error)
	),
	TP_fast_assign(
		__assign_str(dev);
		__entry->seq = frame->seq;
		__entry->frame = frame->frame;
		__entry->num_planes = frame->num_planes;
		__entry->addr = frame->num_planes ? frame->planes[0].addr[0] : 0;
		__entry->error = frame->num_planes ? frame->planes[0].error : 0;
	),
	TP_printk("%s: latch %u of frame %u: %u planes, lowest at 0x%llx, error %u",
		  __get_str(dev), __entry->seq, __entry->frame,
		  __entry->num_planes, __entry->addr, __entry->error)
);

TRACE_EVENT(rcar_du_mdev_pin,
	TP_PROTO(const struct device *dev, u64 iova,
		 unsigned long npages, unsigned int entries),
	TP_ARGS(dev, iova, npages, entries),
	TP_STRUCT__entry(
		__string(dev, dev_name(dev))
		__field(u64, iova)
		__field(unsigned long, npages)
		__field(unsigned int, entries)
	),
	TP_fast_assign(
		__assign_str(dev);
		__entry->iova = iova;
		__entry->npages = npages;
		__entry->entries = entries;
	),
	TP_printk("%s: 0x%llx, %lu pages in %u runs", __get_str(dev),
		  __entry->iova, __entry->npages, __entry->entries)
);

TRACE_EVENT(rcar_du_mdev_revoke,
	TP_PROTO(const struct device *dev, u64 iova,
		 unsigned long npages),
	TP_ARGS(dev, iova, npages),
	TP_STRUCT__entry(
		__string(dev, dev_name(dev))
		__field(u64, iova)
		__field(unsigned long, npages)
	),
	TP_fast_assign(
		__assign_str(dev);
		__entry->iova = iova;
		__entry->npages = npages;
	),
	TP_printk("%s: 0x%llx, %lu pages", __get_str(dev), __entry->iova,
		  __entry->npages)
);

#endif /* __RCAR_DU_MDEV_TRACE_H__ */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE rcar_du_mdev_trace
#include <trace/define_trace.h>
