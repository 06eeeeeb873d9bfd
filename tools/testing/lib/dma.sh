# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# What the kernel does for the DMA of a display that does not snoop, by its trace
# events: which buffers it maps for the display, and what it does to the caches. That
# needs no machine whose caches count. Sourced by suites in L1, never run.

dma_events=/sys/kernel/tracing/events/dma
dma_names=(dma_map_sg dma_unmap_sg dma_sync_sg_for_device dma_sync_sg_for_cpu
	dma_sync_single_for_device dma_sync_single_for_cpu)

# dma_enable 0|1
dma_enable() {
	local name

	for name in "${dma_names[@]}"; do
		echo "$1" >"$dma_events/$name/enable" ||
			fail "there is no trace event $name" || return
	done
}

# dma_traced COMMAND...: what the events say meanwhile goes to dma.log, as lines
# "EVENT: DEVICE dir=DIRECTION ...".
dma_traced() {
	local status=0

	dma_enable 1 && : >/sys/kernel/tracing/trace || return
	"$@" || status=1
	dma_enable 0 || return
	sed -nE 's/^[^#].*: (dma_[a-z_]+: .*)/\1/p' /sys/kernel/tracing/trace \
		>"$work/dma.log"
	return "$status"
}

# dma_syncs [WHICH]: prints how often something was done to the caches for a device
# by a sync: WHICH is part of the event's line.
dma_syncs() {
	grep '^dma_sync_' "$work/dma.log" | grep -cE "${1-.}"
}

# dma_only_read DEVICE: what the device may not write is mapped and synced TO_DEVICE
# only. Any other direction invalidates, and so destroys what a guest has drawn.
dma_only_read() {
	local wrong

	grep -qE "^dma_(un)?map_sg: $1 |^dma_sync_" "$work/dma.log" ||
		fail "nothing was mapped for $1" || return
	wrong=$(grep -E "^dma_sync_|: $1 " "$work/dma.log" |
		grep -v ' dir=TO_DEVICE ')
	[ -z "$wrong" ] || fail "$wrong"
}
