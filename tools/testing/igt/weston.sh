# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# Weston, a Wayland compositor, in a guest that has a VDU and a pointer. What the host
# sees is compared with what is known of its picture: clients have the whole screen, and
# nothing moves. Sourced by clients.

# As in weston.ini. The console has another mode.
weston_mode=640x480
weston_colour=205080

# What Weston says of everything else that is wrong: that the EDID, which is made by
# QEMU, has bytes where there should be none, and that a display has no renderer.
weston_excuse="EDID for the following head fails conformity|\
failed to query rendering device from EGL"

# host WORDS...: ask the host, as guest-l1 says.
host() {
	local ask=$LAB_LOGS/host.ask answer=$LAB_LOGS/host.answer

	rm -f "$answer"
	echo "$*" >"$ask.new"
	mv "$ask.new" "$ask"
	wait_for 60 test -e "$answer" || return
	head -n -1 "$answer"
	return "$(tail -n 1 "$answer")"
}

# host_sees FILE: the picture has these bytes.
host_sees() {
	host picture >"$log" &&
		grep -qx "sha256=$(sha256sum <"$1" | cut -c 1-64)" "$log"
}

# Weston looks for devices in the database of udev.
udev_start() {
	export SYSTEMD_IGNORE_CHROOT=1

	mkdir -p /run/udev
	/usr/lib/systemd/systemd-udevd --daemon &&
		udevadm trigger --subsystem-match=drm --subsystem-match=input &&
		udevadm settle
} >"$log" 2>&1

# Each line of the picture is another one, so that none can be at another place.
weston_pictures() {
	"$dir/weston-picture" "${weston_mode%x*}" "${weston_mode#*x}" /tmp/picture &&
		python3 -c "import sys
sys.stdout.buffer.write(bytes.fromhex('$weston_colour') * (${weston_mode/x/*}))" \
			>/tmp/colour.rgb
}

# weston_run RENDERER
weston_run() {
	export LIBSEAT_BACKEND=builtin WAYLAND_DISPLAY=weston

	weston_log=$LAB_LOGS/weston-$1.log
	weston --backend=drm --renderer="$1" --config="$dir/weston.ini" \
		--socket="$WAYLAND_DISPLAY" --log="$weston_log" >"$log" 2>&1 &
	weston=$!
	wait_for 60 shows weston XR24 && wait_for 20 host_sees /tmp/colour.rgb
}

weston_start() {
	export XDG_RUNTIME_DIR=/tmp/xdg

	mkdir -m 700 "$XDG_RUNTIME_DIR"
	udev_start && weston_pictures && weston_run pixman
}

# weston_image: a client with the picture, until the client is killed.
weston_image() {
	weston-image /tmp/picture.png >/tmp/image.log 2>&1 &
	image=$!
	wait_for 15 host_sees /tmp/picture.rgb
}

# weston_background: it goes, and the colour comes back.
weston_background() {
	kill "$image"
	wait "$image" 2>/dev/null
	wait_for 20 host_sees /tmp/colour.rgb
}

# The client is told of each of its frames when it was shown (p2p is the time since
# the one before, us), at which vertical blank (seq), and how that is known: s it was
# one, c it is the kernel's time, e the kernel's event.
weston_presents() {
	local before after frames

	before=$(host stat latches) || return
	timeout 2 stdbuf -oL weston-presentation-shm >"$log" 2>&1
	after=$(host stat latches) || return
	frames=$(awk '
		/ p2p / {
			if ($0 !~ /\[sce.\], seq [0-9]+$/ || (n && $NF <= seq)) exit 1
			if (n++ && $NF == seq + 1) near++
			seq = $NF
		}
		END { if (near * 2 > n) print n }' "$log") || return
	echo "# $frames frames in $((after - before)) latches"
	[ "${frames:-0}" -ge 50 ] && [ $((after - before)) -ge "$frames" ]
}

weston_stop() {
	kill "$weston" && wait "$weston" || return
	! grep -iE "fail|error|could ?n[o']t|time(d )?out|assert" "$weston_log" |
		grep -vE "$weston_excuse" >"$log"
}

# --- the cursor --------------------------------------------------------------

# hotspots NUMBER: bind the driver again, with them (1) or without.
hotspots() {
	echo "$1" >/sys/module/rcar_vdu/parameters/hotspot
	rebind && udevadm settle
}

# cursor_at: prints where the host has the cursor plane, "X Y".
cursor_at() {
	host planes | sed -n 's/^plane .: cursor .* at \([0-9]*\),\([0-9]*\) .*/\1 \2/p'
}

# point X Y FROM: the pointer moves there, of 32768 each, and the cursor with it from
# its place FROM. Prints the new place. Its picture may be another one a moment later,
# and so the place of its corner.
point() {
	host pointer "$1" "$2" >"$log" && wait_for 10 cursor_moved "$3" || return
	sleep 1
	cursor_at
}

# cursor_moved FROM
cursor_moved() {
	[ "$(cursor_at)" != "$1" ]
}

primary_plane() {
	host planes | grep '^plane .: primary '
}

# Half of the screen is between the two places. The primary plane is not drawn again
# meanwhile: it shows the same buffer.
weston_cursor() {
	local at from to primary

	weston_image && at=$(point 4096 4096 "") || return
	from=$(point 8192 8192 "$at") && primary=$(primary_plane) || return
	to=$(point 24576 24576 "$from") || return
	echo "# from $from to $to"
	[ $((${to% *} - ${from% *})) -eq $((${weston_mode%x*} / 2)) ] &&
		[ $((${to#* } - ${from#* })) -eq $((${weston_mode#*x} / 2)) ] &&
		primary_plane >"$log" && [ "$(<"$log")" = "$primary" ]
}

udev_stop() {
	udevadm control --exit >"$log" 2>&1
}

weston_tests() {
	try "weston shows a colour, as the host sees it" weston_start
	try "weston shows a client, byte for byte as the host sees it" weston_image
	try "weston shows the colour again without the client" weston_background
	try "weston tells a client of vertical blanks, which the host counts" \
		weston_presents
	try "weston ends and has no error in its log" weston_stop
	try "the console is back after it" wait_for 10 console
	try "the driver is bound again, without hotspots" hotspots 0
	try "weston draws with OpenGL" weston_run gl
	try "weston shows the cursor on its own plane" weston_cursor
	try "weston with OpenGL ends and has no error in its log" weston_stop
	try "the driver is bound again, with hotspots" hotspots 1
	udev_stop
}
