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

# lost_and_found SCENE WAY OFF...: the display of `region` is lost the WAY given. Flips
# must go on, and a picture of SCENE must be there again. OFF watches the display
# meanwhile.
lost_and_found() {
	local scene=$1 way=$2 latch again=2	# latches that show it again

	shift 2
	flip_on region || return
	"$@" "$way" region || fail "$way, with flips" || return
	flips_go_on "$uuid5" || return
	draw region "--mode 640x480 --frames 20 --scene $scene" || return
	fetch region || fail "no picture from the guest" || return
	same_screenshot region || fail "not what it drew" || return
	latch=$(stat_of "$uuid5" latches)
	"$@" "$way" region || fail "$way, with a picture" || return
	wait_for 10 flips_since "$uuid5" $((latch + again)) ||
		fail "not shown again" || return
	same_screenshot region || fail "not the picture again"
}

# in_both_ways COMMAND ARGS...: COMMAND SCENE ARGS with shadow pages, and by registers
in_both_ways() {
	local command=$1

	shift
	need_mediator && need_region || return
	"$command" cluster "$@" || return
	set_shadow region 0 || return
	"$command" navigation "$@" || fail "by registers" || return
	set_shadow region 1
}

add suspend "a guest suspends: no display meanwhile, then the picture, and flips go on"
test_suspend() {
	# Its virtio console misses after a suspend that the host has a port open, so
	# that the guest cannot be told anything, and says nothing.
	[[ ${LAB_KERNEL-} != 7* ]] ||
		skip "the ports of such a guest are dead after it" || return
	in_both_ways lost_and_found suspend off_while "$uuid5"
}

add function_reset "a guest resets the function: the picture is there again, flips go on"
test_function_reset() { in_both_ways lost_and_found reset_function; }

# vm1_remove: the guest's PCI bus loses the display, of which a client has buffers.
vm1_remove() {
	guest vm1 "echo 1 >/sys/bus/pci/devices/$1/remove" && no_card && return
	fail "the display is still there"
}

# vm1_rescan
vm1_rescan() {
	guest vm1 "echo 1 >/sys/bus/pci/rescan; ls /dev/dri/card*"
}

# The driver's data outlive the device as long as a client has it open.
add remove "the display is removed from the guest's bus under two clients, and comes back"
test_remove() {
	local device

	need_mediator && need vm1 || return
	device=$(guest vm1 "cd /sys/bus/pci/drivers/rcar-vdu && echo 0*:*") ||
		fail "$device" || return
	flip_on vm1 && vm1_remove "$device" || return
	wait_for 30 no_client vm1 || fail "the client goes on" || return
	guest vm1 "grep 'No such device' /tmp/flips" ||
		fail "no ENODEV: $(guest vm1 "cat /tmp/flips")" || return
	vm1_rescan || fail "it does not come back" || return
	draw vm1 "--mode 1280x720 --frames 20" && same_picture vm1 || return
	vm1_remove "$device" || return
	guest vm1 "pidof vdu-draw && ! rmmod rcar_vdu 2>/dev/null" ||
		fail "the client is gone, or the driver" || return
	guest vm1 "while killall -q vdu-draw; do sleep 0.1; done; \
rmmod rcar_vdu && insmod /lib/modules/rcar_vdu.ko" ||
		fail "the driver can't be loaded again" || return
	vm1_rescan || fail "it does not come back to the new driver" || return
	draw vm1 "--mode 1280x720 --frames 20 --scene navigation" &&
		same_picture vm1
}

# panic_seen: the host sees text, white on black, and nothing else.
panic_seen() {
	view vm1 && python3 -c '
import sys
data = open(sys.argv[1], "rb").read()
pixels = [data[i:i + 3] for i in range(0, len(data), 4)]
white = pixels.count(b"\xff\xff\xff")
black = pixels.count(b"\0\0\0")
sys.exit(white < 1000 or white > len(pixels) // 20 or
         white + black != len(pixels))' "$E2E_WORK/vm1.raw"
} 2>/dev/null

# The kernel writes into the framebuffer as it does in a panic.
add panic "the text of a panic is seen, alone: no other plane covers it"
test_panic() {
	local state=/sys/kernel/debug/rcar-du-mdev/$uuid1/state

	need_mediator && need vm1 || return
	draw vm1 "--mode 1280x720 --frames 20 --scene navigation \
--plane XR24:800x600+200+100,zpos=2" || return
	grep -q "^plane .: overlay" "$state" ||
		fail "no overlay before:" "$(<"$state")" || return
	! panic_seen || fail "what is seen before is like a panic" || return
	guest vm1 "echo 1 >/sys/kernel/debug/dri/0/drm_panic_plane_0" || return
	wait_for 10 panic_seen || {
		cat "$state" "$E2E_WORK/vm1.view"
		fail "no text"
	} || return
	[ "$(grep -c "^plane" "$state")" -eq 1 ] ||
		fail "not alone:" "$(<"$state")" || return
	draw vm1 "--mode 1280x720 --frames 20" && same_picture vm1
}
