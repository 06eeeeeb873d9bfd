# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154
#
# The tests, each a function test_NAME and a line of text. A test prints what
# went wrong and returns non-zero, or what skip returns. Tests share guests, so any
# of them can be run alone. Sourced by run-l1.
#
# The guest runs on an emulated processor: it may be too slow to draw or to
# flip at each vertical blank. So the clock is tested tightly, for the pace of
# the flips it is enough that two of them came at consecutive vertical blanks.

CLOCK_TOLERANCE=2	# percent, rate of vertical blanks

# Exits to user space, by two runs: what happens in the short one happens once.
EXIT_FLIPS=200
EXIT_FLIPS_SHORT=20
EXITS_SHADOW=20		# less than that with shadow plane pages
EXITS_REGISTERS=12	# a frame, at most, by registers

MOTION_FRAMES=100
MOTION_SEEN=20		# of them, at least: QEMU looks every 30 ms
PAGES=8			# for planes, in the VDU

# add_h3 NAME TEXT: a test that needs the panels of --machine h3, and runs by
# default if there are any.
add_h3() {
	[[ ${LAB_MACHINE-} != h3* ]] || tests+=("$1")
	test_text[$1]=$2
}

uuid1=5e1f0001-0000-4000-8000-000000000001
uuid2=5e1f0002-0000-4000-8000-000000000002
uuid3=5e1f0003-0000-4000-8000-000000000003
uuid4=5e1f0004-0000-4000-8000-000000000004
uuid5=5e1f0005-0000-4000-8000-000000000005

# need NAME: a running guest.
need() {
	local uuid=$uuid1

	[ "$1" = vm1 ] || uuid=$uuid2
	vm_running "$1" && return
	[ -z "${vm_pid[$1]-}" ] || fail "$1 died: $(cat "$E2E_WORK/$1.log")" ||
		return
	if [ -z "$E2E_STANDIN" ] && [ ! -e "/sys/bus/mdev/devices/$uuid" ]; then
		mdev_start "$uuid" || return
	fi
	vm_start "$1" "$uuid" 1280 720 && vm_connect "$1" && view_start "$1"
}

need_mediator() {
	[ -n "$E2E_STANDIN" ] || return 0
	skip "the stand-in $E2E_STANDIN has no mediator"
}

# within VALUE WANTED PERCENT
within() {
	awk -v v="$1" -v w="$2" -v p="$3" \
		'BEGIN { d = v - w; exit !((d < 0 ? -d : d) * 100 <= p * w) }' ||
		fail "$1 is not within $3 % of $2"
}

# picture FORMAT MODE: a frozen frame, byte for byte.
picture() {
	need vm1 || return
	[ -z "$E2E_STANDIN" ] || [ "$1" = XR24 ] ||
		skip "the stand-in has no $1" || return
	draw vm1 "--mode $2 --format $1 --frames 30" || return
	same_picture vm1 || return
	[ "$(viewed vm1 format)" = "$1" ] ||
		fail "the host sees format $(viewed vm1 format)" || return
	[ "$(viewed vm1 width)x$(viewed vm1 height)" = "$2" ] ||
		fail "the host sees $(viewed vm1 width)x$(viewed vm1 height)"
}

add xr24_1080p "XR24 1920x1080: the host sees the bytes the guest drew"
test_xr24_1080p() { picture XR24 1920x1080; }

add xr24_720p "XR24 1280x720: the host sees the bytes the guest drew"
test_xr24_720p() { picture XR24 1280x720; }

add ar24 "AR24 800x600: the host sees the bytes the guest drew"
test_ar24() { picture AR24 800x600; }

add rg16 "RG16 1280x720: the host sees the bytes the guest drew"
test_rg16() { picture RG16 1280x720; }

add xr15 "XR15 800x600: the host sees the bytes the guest drew"
test_xr15() { picture XR15 800x600; }

add ar15 "AR15 800x600: the host sees the bytes the guest drew"
test_ar15() { picture AR15 800x600; }

add yuyv "YUYV 1280x720: the host sees the bytes the guest drew"
test_yuyv() { picture YUYV 1280x720; }

add uyvy "UYVY 640x480: the host sees the bytes the guest drew"
test_uyvy() { picture UYVY 640x480; }

# QEMU has no way to see these, so the mediator is asked.
add planar "NV12, NV21 and NV16 640x480: the mediator shows both memory planes"
test_planar() {
	local format state

	need_mediator && need vm1 || return
	for format in NV12 NV21 NV16; do
		draw vm1 "--mode 640x480 --format $format --frames 5" || return
		state=$(<"/sys/kernel/debug/rcar-du-mdev/$uuid1/state")
		grep -q "^plane [0-7]: primary zpos 0 $format .* 640x480 at 0,0" \
			<<<"$state" || fail "no $format:" "$state" || return
	done
}

add planes "overlays and the cursor: the mediator sees them as the guest placed them"
test_planes() {
	local state=/sys/kernel/debug/rcar-du-mdev/$uuid1/state line

	need_mediator && need vm1 || return
	draw vm1 "--mode 1280x720 --frames 2 \
--plane XR24:256x128+64+32,zpos=3,alpha=32768 \
--plane RG16:128x64-20+690,zpos=1 \
--plane NV12:64x32+500+300,zpos=2 \
--plane AR24:64x64+700+100,cursor,hot=3+5,blend=Coverage" || return
	while read -r line; do
		grep -q "$line" "$state" ||
			fail "not there: $line:" "$(<"$state")" || return
	done <<-'END'
		primary zpos 0 XR24 .* 1280x720 at 0,0 .* alpha 0xffff blend none
		overlay zpos 1 RG16 .* 108x30 at 0,690 .* alpha 0xffff blend none
		overlay zpos 2 NV12 .* 64x32 at 500,300 .* alpha 0xffff blend none
		overlay zpos 3 XR24 .* 256x128 at 64,32 .* alpha 0x8000 blend none
		cursor zpos 4 AR24 .* 64x64 at 700,100 .* alpha 0xffff blend coverage
	END
	# They are enough for the primary plane and three pairs, but not for four.
	draw vm1 "--mode 1280x720 --frames 2 --plane NV12:64x32+0+0 \
--plane NV21:64x32+64+0 --plane NV16:64x32+128+0" || return
	[ "$(grep -c "overlay .* NV.. .* 64x32 at" "$state")" -eq 3 ] ||
		fail "not three:" "$(<"$state")" || return
	! draw vm1 "--mode 1280x720 --frames 2 --plane NV12:64x32+0+0 \
--plane NV21:64x32+64+0 --plane NV16:64x32+128+0 --plane NV16:64x32+0+64" ||
		fail "nine pages of $PAGES"
}

add atomic "flips by atomic commits, three buffers: the last frame is seen"
test_atomic() {
	need vm1 || return
	draw vm1 "--atomic --buffers 3 --frames 31 --scene cluster" || return
	same_picture vm1
}

add clock "vertical blanks come at the programmed refresh rate, within $CLOCK_TOLERANCE %"
test_clock() {
	local out rate

	need_mediator && need vm1 || return
	out=$(draw vm1 "--mode 1280x720 --frames 120 --cycle") || fail "$out" ||
		return
	echo "$out"
	rate=$(awk -F'[= ]' '
		/^mode/ { wanted = $6 }
		/^flips/ { rate = ($2 - 1 + $8) / $4 }
		END { print rate, wanted }' <<<"$out")
	# shellcheck disable=SC2086 # two words
	within $rate "$CLOCK_TOLERANCE"
}

add pace "the guest can flip at consecutive vertical blanks"
test_pace() {
	local out

	need_mediator && need vm1 || return
	out=$(draw vm1 "--mode 1280x720 --frames 120 --cycle") || fail "$out" ||
		return
	echo "$out"
	grep -q 'fastest=1$' <<<"$out" && return
	awk -F'[= ]' '/^mode/ { wanted = $6 } /^flips/ { got = $6 }
		END { exit !(got * 2 < wanted) }' <<<"$out" ||
		fail "a flip takes more than one vertical blank" || return
	skip "the guest is too slow: $(tail -n 1 <<<"$out")"
}

# draw_exits FRAMES: prints how often vm1 left for user space meanwhile, and the
# number of vertical blanks.
draw_exits() {
	local before after out missed

	before=$(vm_exits vm1) || fail "$before" || return
	out=$(draw vm1 "--mode 1280x720 --frames $1 --cycle") || fail "$out" ||
		return
	after=$(vm_exits vm1) || fail "$after" || return
	missed=$(sed -n 's/.* missed=\([0-9]*\).*/\1/p' <<<"$out")
	[ -n "$missed" ] || fail "no figures: $out" || return
	echo "$((after - before)) $(($1 + missed))"
}

# flip_exits WHAT: the same of EXIT_FLIPS flips alone. A slow machine does not flip at
# each vertical blank.
flip_exits() {
	local short long exits blanks

	short=$(draw_exits "$EXIT_FLIPS_SHORT") || fail "$short" || return
	long=$(draw_exits $((EXIT_FLIPS_SHORT + EXIT_FLIPS))) || fail "$long" ||
		return
	exits=$((${long% *} - ${short% *}))
	blanks=$((${long#* } - EXIT_FLIPS_SHORT))
	echo "# $1: $exits exits to user space for $EXIT_FLIPS flips in $blanks frames" >&3
	echo "$exits $blanks"
}

# set_shadow NAME VALUE: bind the guest's driver again with that module parameter.
set_shadow() {
	local driver=/sys/bus/pci/drivers/rcar-vdu

	guest "$1" "while killall -q vdu-draw; do sleep 0.1; done; \
echo $2 >/sys/module/rcar_vdu/parameters/shadow; \
for i in $driver/*:*; do d=\${i##*/}; echo \$d >$driver/unbind; \
echo \$d >$driver/bind; done"
}

add exits "flips do not leave the guest for user space, by registers $EXITS_REGISTERS times a frame at most"
test_exits() {
	local counted exits blanks

	need_mediator && need vm1 || return
	counted=$(flip_exits "shadow plane pages") || fail "$counted" || return
	exits=${counted% *}
	[ "$exits" -lt "$EXITS_SHADOW" ] ||
		fail "$exits exits with shadow plane pages" || return
	set_shadow vm1 0 || return
	counted=$(flip_exits "registers") || fail "$counted" || return
	exits=${counted% *} blanks=${counted#* }
	# Each flip is an exit at least, else there is something else that counts.
	[ "$exits" -ge "$EXIT_FLIPS" ] ||
		fail "only $exits exits by registers" || return
	[ "$exits" -le $((EXITS_REGISTERS * blanks)) ] ||
		fail "$exits exits by registers in $blanks frames" || return
	set_shadow vm1 1
}

add latches "every flip of the guest is latched by the mediator"
test_latches() {
	local flips=50 before after

	need_mediator && need vm1 || return
	before=$(stat_of "$uuid1" latches)
	draw vm1 "--mode 1280x720 --frames $flips --cycle" || return
	after=$(stat_of "$uuid1" latches)
	[ $((after - before)) -ge "$flips" ] ||
		fail "$flips flips, but latches went from $before to $after"
}

add motion "a viewer sees the picture move, in the guest's own buffers"
test_motion() {
	local buffers=3

	need vm1 || return
	draw vm1 "--mode 1280x720 --frames 10" && same_picture vm1 || return
	draw vm1 "--mode 1280x720 --frames $MOTION_FRAMES --buffers $buffers" ||
		return
	view vm1 || return
	cat "$E2E_WORK/vm1.view"
	[ "$(viewed vm1 frames)" -ge "$MOTION_SEEN" ] ||
		fail "the viewer saw less than $MOTION_SEEN of $MOTION_FRAMES frames" ||
		return
	[ -n "$E2E_STANDIN" ] || [ "$(viewed vm1 buffers)" -ge "$buffers" ] ||
		fail "the viewer did not get all $buffers buffers"
}

add pins "flips among three buffers pin each of them once"
test_pins() {
	local flips=50 buffers=3 before after

	need_mediator && need vm1 || return
	before=$(stat_of "$uuid1" pins)
	draw vm1 "--mode 1280x720 --frames $flips --buffers $buffers" || return
	after=$(stat_of "$uuid1" pins)
	[ $((after - before)) -le "$buffers" ] ||
		fail "pins went from $before to $after in $flips flips"
}

add copies "the mediator has not copied a byte so far"
test_copies() {
	local bytes

	need_mediator && need vm1 || return
	draw vm1 "--frames 10" && same_picture vm1 || return
	bytes=$(stat_of "$uuid1" bytes_copied)
	[ "$bytes" = 0 ] || fail "it copied '$bytes' bytes"
}

add two_vms "two guests show their own pictures"
test_two_vms() {
	need vm1 && need vm2 || return
	draw vm1 "--mode 1280x720 --frames 20 --scene cluster" || return
	draw vm2 "--mode 800x600 --frames 20 --scene navigation" || return
	same_picture vm1 || fail "vm1" || return
	same_picture vm2 || fail "vm2"
}

# still NAME: no change for a second. A picture can be right before it is still:
# the guest may have drawn it in the buffer of an older frame, which the viewer
# still shows and compares.
still() {
	view "$1" && sleep 1 && view "$1" && [ "$(viewed "$1" frames)" -eq 0 ]
}

add calm "a frozen picture stays while the other guest flips"
test_calm() {
	need vm1 && need vm2 || return
	draw vm1 "--mode 1280x720 --frames 20 --scene cluster" &&
		same_picture vm1 || return
	wait_for 10 still vm1 || fail "the picture of vm1 is not still" || return
	draw vm2 "--mode 800x600 --frames 50" && view vm1 || return
	[ "$(viewed vm1 frames)" -eq 0 ] ||
		fail "the picture of vm1 changed" || return
	same_picture vm1
}

add mdev_comes_and_goes "an mdev that comes and goes leaves a running guest alone"
test_mdev_comes_and_goes() {
	need_mediator && need vm1 || return
	draw vm1 "--mode 1280x720 --frames 20" || return
	for _ in 1 2 3; do
		mdev_start "$uuid3" && mdev_stop "$uuid3" || return
	done
	same_picture vm1 && draw vm1 "--frames 20" && same_picture vm1
}

# ppm_pixels FILE: red, green and blue of each pixel of a P6 picture.
ppm_pixels() {
	python3 -c '
import sys
data = open(sys.argv[1], "rb").read()
head = data.split(b"\n", 3)
assert head[0] == b"P6" and head[2] == b"255"
sys.stdout.buffer.write(head[3])' "$1"
}

# need_region: a guest in region mode. A screenshot is of what is there now, while
# a viewer may wait for a flip, see same_picture.
need_region() {
	vm_running region && return
	[ -e "/sys/bus/mdev/devices/$uuid5" ] || mdev_start "$uuid5" || return
	echo region >"/sys/bus/mdev/devices/$uuid5/plane_api" || return
	vm_start region "$uuid5" && vm_connect region
}

# same_screenshot NAME: QEMU's screenshot is what fetch has brought.
same_screenshot() {
	local shot=$E2E_WORK/$1.ppm

	rm -f "$shot"
	qmp "$1" '{"execute":"screendump","arguments":{"filename":"'"$shot"'"}}' ||
		return
	wait_for 10 test -s "$shot" || fail "no screenshot" || return
	cmp <(ppm_pixels "$shot") <(xrgb_pixels "$E2E_WORK/$1.dump")
}

add region "region mode: QEMU without OpenGL takes a screenshot of what the guest drew"
test_region() {
	need_mediator && need_region || return
	draw region "--mode 640x480 --frames 20 --scene cluster" &&
		fetch region && same_screenshot region
}

# flip_on NAME: the guest goes on flipping, until it cannot or is told to stop.
flip_on() {
	guest "$1" "while killall -q vdu-draw; do sleep 0.1; done; \
vdu-draw --cycle --frames 1000000 >/tmp/flips 2>&1 & sleep 3; kill -0 \$!" ||
		fail "$1 does not flip: $(guest "$1" "cat /tmp/flips")"
}

flips_since() {
	[ "$(stat_of "$1" latches)" -ge "$2" ]
}

# flips_go_on UUID: ten flips more
flips_go_on() {
	local before

	before=$(stat_of "$1" latches)
	wait_for 20 flips_since "$1" $((before + 10)) ||
		fail "flips stopped at $before"
}

add reset "after a reset the guest shows a picture again"
test_reset() {
	need vm1 || return
	draw vm1 "--mode 1280x720 --frames 20 --scene cluster" || return
	qmp vm1 '{"execute":"set-action","arguments":{"reboot":"reset"}}
{"execute":"system_reset"}' || return
	E2E_GUEST_S=$E2E_BOOT_S guest vm1 true ||
		fail "no guest: $(tail -n 5 "$LAB_LOGS/vm1.console.log")" ||
		return
	draw vm1 "--mode 1280x720 --frames 20 --scene navigation" &&
		same_picture vm1
}

add shutdown "a guest that shows a picture shuts down, its mdev goes away"
test_shutdown() {
	need vm2 || return
	draw vm2 "--frames 20" || return
	vm_stop vm2 || return
	[ -n "$E2E_STANDIN" ] || mdev_stop "$uuid2"
}

ended() {
	! kill -0 "$1" 2>/dev/null
}

no_card() {
	guest vm1 "! ls /dev/dri/card* 2>/dev/null"
}

no_client() {
	guest "$1" "! pidof vdu-draw >/dev/null"
}

# The guest's driver lets go while a client flips, which is told so.
add rebind "the guest's driver is unbound while a client flips, and bound again"
test_rebind() {
	local driver=/sys/bus/pci/drivers/rcar-vdu device

	need_mediator && need vm1 || return
	device=$(guest vm1 "cd $driver && echo 0*:*") && flip_on vm1 || return
	guest vm1 "echo $device >$driver/unbind" && no_card ||
		fail "the display is still there" || return
	wait_for 30 no_client vm1 || fail "the client goes on" || return
	guest vm1 "echo $device >$driver/bind" &&
		draw vm1 "--mode 1280x720 --frames 20 --scene navigation" &&
		same_picture vm1
}

# shellcheck source=tools/testing/end-to-end/tests-lost.sh
. "$dir/tests-lost.sh"

# vm1_add UUID: another display in the place of the one that is gone, which the
# guest's port has to notice first
vm1_add() {
	local answer

	answer=$(qmp vm1 '{"execute":"device_add","arguments":{"driver":"vfio-pci",
"sysfsdev":"/sys/bus/mdev/devices/'"$1"'","display":"on","bus":"vdu-port"}}')
	[[ $answer != *'"error"'* ]] || fail "$answer"
}

new_card() {
	guest vm1 "ls /dev/dri/card* 2>/dev/null"
}

# The mediator asks QEMU to let go, QEMU asks the guest. QEMU 10.0 keeps the
# device open even then, until it ends.
add unplug "an mdev that is removed leaves a guest that flips; another one takes its place"
test_unplug() {
	local remover

	need_mediator && need vm1 || return
	flip_on vm1 || return
	mdev_stop "$uuid1" &
	remover=$!
	wait_for 60 no_card || fail "the guest still has its display:" \
		"$(tail -n 3 "$LAB_LOGS/vm1.qemu.log")" || return
	wait_for 30 no_client vm1 || fail "the client goes on" || return
	mdev_start "$uuid3" && wait_for 30 vm1_add "$uuid3" || return
	wait_for 60 new_card || fail "the new display does not come" || return
	draw vm1 "--frames 20" || return
	grep "^plane 0: primary .* XR24" \
		"/sys/kernel/debug/rcar-du-mdev/$uuid3/state" || return
	vm_stop vm1 && mdev_stop "$uuid3" || return
	wait_for 30 ended "$remover" || fail "the mdev is still there" || return
	wait "$remover"
}

# --- the kernel's own rcar-du in the guest -----------------------------------

# need_du: a guest whose display rcar-du drives
need_du() {
	vm_kms[du]=rcar-du
	vm_running du && return
	[ -e "/sys/bus/mdev/devices/$uuid4" ] || mdev_start "$uuid4" || return
	vm_start du "$uuid4" 1280 720 && vm_connect du && view_start du
}

# smpte_pixels WIDTH HEIGHT: red, green and blue of the colour bars of modetest,
# from the standard: seven bars, seven castellations, and the lowest ones.
smpte_pixels() {
	python3 -c '
import sys
width, height = int(sys.argv[1]), int(sys.argv[2])
grey, yellow, cyan, green, magenta, red, blue = (
    (192, 192, 192), (192, 192, 0), (0, 192, 192), (0, 192, 0),
    (192, 0, 192), (192, 0, 0), (0, 0, 192))
black = (19, 19, 19)
bars = grey, yellow, cyan, green, magenta, red, blue
castellations = blue, black, magenta, black, cyan, black, grey
wide = (0, 33, 76), (255, 255, 255), (50, 0, 106), black
pluge = (9, 9, 9), black, (29, 29, 29), black
top, middle, bottom = bytearray(), bytearray(), bytearray()
for x in range(width):
    top += bytes(bars[x * 7 // width])
    middle += bytes(castellations[x * 7 // width])
    if x < width * 5 // 7:
        bottom += bytes(wide[x * 4 // (width * 5 // 7)])
    elif x < width * 6 // 7:
        bottom += bytes(pluge[(x - width * 5 // 7) * 3 // (width // 7)])
    else:
        bottom += bytes(black)
lines = height * 6 // 9, height * 7 // 9
sys.stdout.buffer.write(top * lines[0] + middle * (lines[1] - lines[0]) +
                        bottom * (height - lines[1]))' "$@"
}

same_smpte() {
	view du && cmp -s <(smpte_pixels 1280 720) <(xrgb_pixels "$E2E_WORK/du.raw")
} 2>/dev/null

add du_modetest "rcar-du, unmodified: the host sees modetest's colour bars byte for byte"
test_du_modetest() {
	need_mediator && need_du || return
	guest du "connector=\$(modetest -M rcar-du -c | awk '\$3 == \"connected\" \
{ print \$1 }'); (sleep 1000 | modetest -M rcar-du -F smpte \
-s \$connector:1280x720 >/tmp/modetest 2>&1) & sleep 2; cat /tmp/modetest" ||
		return
	wait_for 10 same_smpte || {
		cmp <(smpte_pixels 1280 720) <(xrgb_pixels "$E2E_WORK/du.raw")
		fail "picture differs: $(tr '\n' ' ' <"$E2E_WORK/du.view")"
	} || return
	guest du "killall sleep modetest; while pidof modetest; do sleep 0.1; done"
}

# QEMU has to see some of the flips, as same_picture tells, and looks every 30 ms.
add du_formats "rcar-du: all packed formats, three modes: the host sees the bytes the guest drew"
test_du_formats() {
	local format mode

	need_mediator && need_du || return
	for format in XR24 AR24 RG16 XR15 AR15 YUYV UYVY; do
		case $format in
		XR24) mode=1920x1080 ;;
		RG16 | YUYV) mode=800x600 ;;
		*) mode=640x480 ;;
		esac
		draw du "--mode $mode --format $format --frames 30" &&
			same_picture du || return
		[ "$(viewed du format)" = "$format" ] ||
			fail "the host sees format $(viewed du format)" ||
			return
	done
}

# du_flips NUMBER: each flip is latched, and its event comes. A flip of rcar-du is
# some twenty accesses of registers, which takes its time when the processor is
# emulated.
du_flips() {
	local before after out E2E_GUEST_S=$((E2E_GUEST_S * 3))

	need_mediator && need_du || return
	before=$(stat_of "$uuid4" latches)
	out=$(draw du "--mode 640x480 --frames $1 --cycle") || fail "$out" ||
		return
	after=$(stat_of "$uuid4" latches)
	echo "$out, latches $((after - before))"
	grep -q "^flips=$1 " <<<"$out" || fail "not all events came" || return
	[ $((after - before)) -ge "$1" ] || fail "not all are latched" || return
	same_picture du
}

add du_flips "rcar-du: 100 page flips, each latched and with its event"
test_du_flips() { du_flips 100; }

add_named du_flips_1000 "rcar-du: 1000 page flips, each latched and with its event"
test_du_flips_1000() { du_flips 1000; }

# du_there, du_gone: command lines that tell whether there is a display
du_there="ls /dev/dri/card*"
du_gone="[ -z \"\$(ls -d /dev/dri/card* /proc/device-tree/rcar-du-pci* 2>/dev/null)\" ]"

add du_unload "rcar-du: unbound, unloaded and loaded again, the guest shows a picture"
test_du_unload() {
	local driver=/sys/bus/pci/drivers/rcar-du-pci device

	need_mediator && need_du || return
	draw du "--mode 1280x720 --frames 30" && same_picture du || return
	guest du "while killall -q vdu-draw; do sleep 0.1; done"
	device=$(guest du "cd $driver && echo 0*") || fail "$device" || return
	guest du "echo $device >$driver/unbind && $du_gone" ||
		fail "unbound, but not gone" || return
	guest du "echo $device >$driver/bind && $du_there" ||
		fail "bound, but not back" || return
	guest du "rmmod rcar_du_pci && $du_gone && rmmod rcar_du_drm" ||
		fail "unloaded, but not gone" || return
	guest du "cd /lib/modules && insmod rcar_du_pci.ko && \
insmod rcar-du-drm.ko && $du_there" || fail "loaded, but not back" || return
	draw du "--mode 1280x720 --frames 30 --scene cluster" && same_picture du
}

# need_panel NAME UUID HEAD: a guest whose display is on a panel
need_panel() {
	vm_contiguous 1 && mdev_start "$2" channel || return
	echo "$3" >"/sys/bus/mdev/devices/$2/crtc" ||
		fail "$1 can't have head $3" || return
	vm_start "$1" "$2" 0 0 && vm_connect "$1"
}

add hide "a display that is turned on without a plane shows none of those before"
test_hide() {
	local state=/sys/kernel/debug/rcar-du-mdev/$uuid1/state

	need_mediator && need vm1 || return
	draw vm1 "--mode 1280x720 --frames 2 --hide" || return
	sleep 0.2
	grep -q "^display: on" "$state" || fail "the display is off" || return
	! grep "^plane" "$state" || fail "there is a plane"
}

# panel_layer FORMAT WIDTHxHEIGHT FILE: what vm3 has drawn there, as a picture
panel_layer() {
	fetch vm3 "$3" && h3-kms convert "$1" "${2%x*}" "${2#*x}" \
		"$E2E_WORK/vm3.dump" "$E2E_WORK/${3##*/}.ppm"
}

# What vm3 has on its panel: a primary plane, two overlays and a cursor. "dump" of
# vdu-draw leaves the picture of overlay N, in the order of its options, in FILE.N.
PANEL_SIZE=640x480
PANEL_UPPER=(RG16 256x128 64 32)
PANEL_UPPER_ALPHA=32768
PANEL_LOWER=(XR24 128x160 200 60)
PANEL_CURSOR=(AR24 64x64 300 100)

# plane_option FORMAT SIZE X Y: as vdu-draw wants it
plane_option() {
	printf '%s:%s%+d%+d' "$@"
}

# panel_composed HEAD: is what vm3 has drawn on the panel? As layers_on_panel.
panel_composed() {
	local picture=$E2E_WORK/frame opaque=65535

	# shellcheck source=tools/testing/lib/screen.sh
	. "$LAB_TESTLIB/screen.sh"
	open_monitor
	panel_layer XR24 "$PANEL_SIZE" /tmp/frame || return
	panel_layer "${PANEL_UPPER[@]:0:2}" /tmp/frame.0 || return
	panel_layer "${PANEL_LOWER[@]:0:2}" /tmp/frame.1 || return
	# All of its pixels are opaque: XR24 tells the same.
	panel_layer XR24 "${PANEL_CURSOR[1]}" /tmp/frame.2 || return
	h3-kms compose "$E2E_WORK/want.$1.ppm" "$picture.ppm" \
		"$picture.1.ppm" "${PANEL_LOWER[@]:2}" "$opaque" \
		"$picture.0.ppm" "${PANEL_UPPER[@]:2}" "$PANEL_UPPER_ALPHA" \
		"$picture.2.ppm" "${PANEL_CURSOR[@]:2}" "$opaque" ||
		fail "cannot compose the picture" || return
	soon "$1"
}

add_h3 panel "a panel shows a guest's planes in their order, blended, byte for byte"
test_panel() {
	need_mediator && need_panel vm3 "$uuid3" 1 || return
	draw vm3 "--mode $PANEL_SIZE --frames 2 \
--plane $(plane_option "${PANEL_UPPER[@]}"),zpos=2,alpha=$PANEL_UPPER_ALPHA \
--plane $(plane_option "${PANEL_LOWER[@]}"),zpos=1 \
--plane $(plane_option "${PANEL_CURSOR[@]}"),cursor,blend=Coverage" || return
	(panel_composed 1) || return
	vm_stop vm3 && mdev_stop "$uuid3"
}

# panel_is HEAD HASH
panel_is() {
	dump "$1" "$E2E_WORK/panel.ppm" &&
		[ "$(sha256sum <"$E2E_WORK/panel.ppm")" = "$2" ]
}

# layers_on_panel HEAD: overlays of three formats, in three orders. To be called in
# a shell of its own, because of what screen.sh defines.
layers_on_panel() {
	local seed hash

	# shellcheck source=tools/testing/lib/screen.sh
	. "$LAB_TESTLIB/screen.sh"
	open_monitor
	guest du "mkfifo /tmp/next; (sleep 1000 >/tmp/next & \
h3-kms layers /tmp/want 0 1 2 3 </tmp/next >/tmp/said 2>&1 &)" || return
	for seed in 1 2 3; do
		guest du "until grep -q 'ready $seed' /tmp/said; do \
pidof h3-kms >/dev/null || exit 1; sleep 0.2; done" ||
			fail "$(guest du "cat /tmp/said")" || return
		hash=$(guest du "sha256sum </tmp/want.0.ppm")
		wait_for 10 panel_is "$1" "$hash" || {
			cat "/sys/kernel/debug/rcar-du-mdev/$uuid4/state"
			fail "seed $seed: the picture differs"
		} || return
		guest du "echo >/tmp/next"
	done
}

add_h3 du_overlays "rcar-du: overlays in each order, with alpha, are on the panel byte for byte"
test_du_overlays() {
	vm_kms[du]=rcar-du
	need_mediator && need_panel du "$uuid4" 1 || return
	(layers_on_panel 1) || return
	vm_stop du && mdev_stop "$uuid4"
}

# past_caches NAME UUID FLIPS: the guest maps write-combined, and says so. Buffers are
# cleaned when they are pinned, and no flip costs anything.
past_caches() {
	local device=/sys/kernel/debug/rcar-du-mdev/$2 work=$E2E_WORK
	local pins cleaned cleans syncs

	pins=$(stat_of "$2" pins) cleaned=$(stat_of "$2" pin_cleans)
	cleans=$(stat_of "$2" cleans)
	dma_traced draw "$1" "--mode $PANEL_SIZE --frames $3" || return
	syncs=$(dma_syncs ': feb00000\.display ')
	pins=$(($(stat_of "$2" pins) - pins))
	cleaned=$(($(stat_of "$2" pin_cleans) - cleaned))
	cleans=$(($(stat_of "$2" cleans) - cleans))
	echo "syncs $syncs, pins $pins, cleaned $cleaned, and for flips $cleans"
	guest "$1" "grep -q dma-coherent /proc/vmallocinfo" ||
		fail "the guest's buffers are cacheable" || return
	grep "^plane .* mapping write-combined$" "$device/state" ||
		fail "$(cat "$device/state")" || return
	[[ $pins -gt 0 && $cleaned -eq $pins ]] ||
		fail "not each pin is cleaned" || return
	[[ $cleans -eq 0 && $syncs -eq 0 ]] || fail "flips cost something"
}

add_h3 past_caches "a panel's guest draws past the caches: none of 50 flips is cleaned"
test_past_caches() {
	need_mediator && need_panel vm3 "$uuid3" 1 || return
	past_caches vm3 "$uuid3" 50 || return
	set_shadow vm3 0 && past_caches vm3 "$uuid3" 10 ||
		fail "by registers" || return
	vm_stop vm3 && mdev_stop "$uuid3"
}

add_h3 du_past_caches "rcar-du: the same"
test_du_past_caches() {
	vm_kms[du]=rcar-du
	need_mediator && need_panel du "$uuid4" 1 || return
	guest du "ls /proc/device-tree/rcar-du-pci*/display/dma-noncoherent" ||
		fail "the node does not say so" || return
	past_caches du "$uuid4" 20 || return
	vm_stop du && mdev_stop "$uuid4"
}
