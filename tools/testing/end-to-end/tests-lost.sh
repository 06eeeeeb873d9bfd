# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# Tests in which a guest or its driver loses the display and gets it back.
# Sourced by tests.sh.

# display_is UUID STATE: on or off, as the mediator sees it
display_is() {
	grep -q "^display: $2\$" "/sys/kernel/debug/rcar-du-mdev/$1/state"
}

# off_while UUID COMMAND...: the display is off at some time while COMMAND runs,
# and on afterwards.
off_while() {
	local uuid=$1 runs off=

	shift
	display_is "$uuid" on || fail "the display is off" || return
	"$@" &
	runs=$!
	wait_for 60 display_is "$uuid" off && off=1
	wait "$runs" || fail "failed: $*" || return
	[ -n "$off" ] || fail "the display stayed on" || return
	display_is "$uuid" on || fail "the display stays off"
}

# suspend NAME: all but the last step, after which the guest had nothing to wake it
# up: it stays there for two seconds.
suspend() {
	guest "$1" "echo 2 >/sys/module/suspend/parameters/pm_test_delay && \
echo platform >/sys/power/pm_test && echo freeze >/sys/power/state"
}

# reset_function NAME
reset_function() {
	guest "$1" "cd /sys/bus/pci/drivers/rcar-vdu/*:* && echo 1 >reset"
}

# lost_and_found WAY OFF...: the display of `region` is lost the WAY given. Flips
# must go on, and a picture must be there again. OFF watches the display meanwhile.
lost_and_found() {
	local way=$1 latch

	shift
	flip_on region && "$@" "$way" region && flips_go_on "$uuid5" || return
	draw region "--mode 640x480 --frames 20 --scene $scene" &&
		fetch region && same_screenshot region || return
	latch=$(stat_of "$uuid5" latches)
	"$@" "$way" region || return
	wait_for 10 flips_since "$uuid5" $((latch + 2)) ||
		fail "not shown again" || return
	same_screenshot region
}

# in_both_ways COMMAND...: with shadow pages, and by registers
in_both_ways() {
	local scene=cluster

	need_mediator && need_region && "$@" || return 1
	scene=navigation
	set_shadow region 0 && "$@" && set_shadow region 1
}

add suspend "a guest suspends: no display meanwhile, then the picture, and flips go on"
test_suspend() {
	# Its virtio console misses after a suspend that the host has a port open, so
	# that the guest cannot be told anything, and says nothing.
	[[ ${LAB_KERNEL-} != 7* ]] ||
		{ skip="the ports of such a guest are dead after it"; return; }
	in_both_ways lost_and_found suspend off_while "$uuid5"
}

add function_reset "a guest resets the function: the picture is there again, flips go on"
test_function_reset() { in_both_ways lost_and_found reset_function; }
