# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
#
# Virtual machines with a VDU, as tests and the demo use them inside L1.
# Sourced, never run.
#
# With E2E_STANDIN=virtio-gpu a virtio-gpu takes the place of the VDU: it tries
# out everything that does not need the mediator.

E2E_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tools/testing/lib/common.sh
. "$E2E_DIR/common.sh"

E2E_WORK=/tmp/work
E2E_BOOT_S=120
E2E_GUEST_S=120
E2E_STANDIN=${E2E_STANDIN-}
# What else a machine has: options of l2, arguments of QEMU.
E2E_L2=()
E2E_QEMU=()
# Its memory, in MiB of large pages, or nothing for what l2 gives it; and what of that
# is for framebuffers. Others after vm_contiguous.
E2E_MEM=
E2E_CMA=128M
[ "${LAB_DEBUG:-0}${LAB_GUEST_DEBUG:-0}" = 00 ] || E2E_BOOT_S=480 E2E_GUEST_S=480

declare -A vm_pid=() vm_in=() vm_back=() vm_bus=() vm_viewer=()
# The drivers of guests that do not have rcar-vdu
declare -A vm_kms=()

# --- mediated devices --------------------------------------------------------

# mdev_type KIND: prints "PARENT TYPE" of the first type of that kind.
mdev_type() {
	local types found

	types=$(mdevctl types)
	found=$(awk -v kind="$1" '
		/^[^ ]/ { parent = $1 }
		/^  [^ ]/ && $1 ~ "-" kind "$" { print parent, $1; exit }
	' <<<"$types")
	[ -n "$found" ] || fail "mdevctl knows no type *-$1:" "$types" || return
	echo "$found"
}

# mdev_start UUID [KIND]: virtual by default
mdev_start() {
	local found

	found=$(mdev_type "${2-virtual}") || fail "$found" || return
	mdevctl start -u "$1" -p "${found% *}" -t "${found#* }"
}

mdev_stop() {
	mdevctl stop -u "$1"
}

# stat_of UUID KEY: a figure of the mediator.
stat_of() {
	sed -n "s/^$2: *//p" "/sys/kernel/debug/rcar-du-mdev/$1/stats"
}

# --- QMP ---------------------------------------------------------------------

# qmp NAME COMMAND: QEMU's answer to a command in JSON.
qmp() {
	{ printf '%s\n' '{"execute":"qmp_capabilities"}' "$2"; sleep 0.5; } |
		socat - "UNIX-CONNECT:$E2E_WORK/$1.qmp"
}

# --- virtual machines --------------------------------------------------------

# vm_driver NAME
vm_driver() {
	case $E2E_STANDIN in
	virtio-gpu) echo virtio_gpu ;;
	*) echo "${vm_kms[$1]-rcar-vdu}" ;;
	esac
}

# vm_modules NAME: what the guest loads for its display.
vm_modules() {
	case $(vm_driver "$1") in
	rcar-vdu)
		modinfo -F depends "$LAB_GUEST/modules/rcar_vdu.ko" | tr , '\n'
		echo rcar_vdu
		;;
	rcar-du) printf '%s\n' display-connector simple-bridge rcar-du-drm rcar_du_pci ;;
	esac
}

# The device that -display dbus makes its buffers on; only vgem has one.
vm_rendernode() {
	set -- /dev/dri/renderD*
	[ -e "$1" ] || fail "there is no render node" || return
	echo "$1"
}

# bus_start NAME: a bus for the display of one machine, as QEMU has one name on
# a bus. Without one, viewers ask QEMU by QMP.
bus_start() {
	local address=unix:path=$E2E_WORK/$1.bus config=$E2E_WORK/$1.bus.conf

	cat >"$config" <<-EOF
		<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
		 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
		<busconfig>
		  <type>session</type>
		  <listen>$address</listen>
		  <auth>EXTERNAL</auth>
		  <policy context="default">
		    <allow send_destination="*" eavesdrop="true"/>
		    <allow eavesdrop="true"/>
		    <allow own="*"/>
		  </policy>
		</busconfig>
	EOF
	dbus-daemon --config-file="$config" --fork --nopidfile || return
	vm_bus[$1]=$address
}

# vm_contiguous COUNT: memory for as many guests of which a panel can show
# framebuffers, as these have to be contiguous: guest memory is of pages of 32 MiB,
# and the guest allocates framebuffers in one of them.
vm_contiguous() {
	local pages=/sys/kernel/mm/hugepages/hugepages-32768kB/nr_hugepages count

	E2E_MEM=256
	E2E_CMA=32M@0x4c000000-0x4e000000
	mkdir -p /dev/hugepages
	mountpoint -q /dev/hugepages ||
		mount -t hugetlbfs -o pagesize=32M hugetlbfs /dev/hugepages ||
		return
	count=$(($1 * E2E_MEM / 32))
	echo "$count" >"$pages"
	[ "$(<"$pages")" -eq "$count" ] ||
		fail "$(<"$pages") of $count pages of 32 MiB"
}

# vm_start NAME UUID [WIDTH HEIGHT]: boot in the background. The VDU has a port of
# its own, as devices of the root bus cannot be unplugged. Without a size the
# mdev is in region mode, for which QEMU needs neither OpenGL nor a display; a
# size of 0 is for a guest that has a panel. With E2E_MEM the guest has that many
# MiB, of large pages.
vm_start() {
	local name=$1 uuid=$2 width=${3-} size=${3:+,xres=$3,yres=$4}
	local display="dbus,p2p=yes" l2=("${E2E_L2[@]}") device module mem=()

	# A panel has a size of its own.
	[ "$width" != 0 ] || size=
	if [ -n "$E2E_MEM" ]; then
		l2+=(--mem "$E2E_MEM")
		mem=(-machine memory-backend=mem -object
			"memory-backend-file,id=mem,mem-path=/dev/hugepages,\
size=${E2E_MEM}M,prealloc=on")
	fi

	[ -z "${vm_bus[$name]-}" ] || display="dbus,addr=${vm_bus[$name]}"
	if [ "$E2E_STANDIN" = virtio-gpu ]; then
		device=virtio-gpu-pci$size
	else
		for module in $(vm_modules "$name"); do
			l2+=(--module "$module.ko")
		done
		[ "$(vm_driver "$name")" != rcar-du ] ||
			l2+=(--file "$(command -v h3-kms):/usr/bin/h3-kms")
		device=vfio-pci,sysfsdev=/sys/bus/mdev/devices/$uuid,display=on$size
		device+=,bus=vdu-port
		if [ -n "$width" ]; then
			display+=,gl=on,rendernode=$(vm_rendernode) || return
		else
			display=none
		fi
	fi
	rm -f "$E2E_WORK/$name".{ctl,qmp,in,back} "$LAB_LOGS/$name.out"
	# Dumb buffers are contiguous; 1920x1080 is beyond the page allocator.
	"$LAB_L1/l2" --name "$name" --append "cma=$E2E_CMA" \
		--script "$E2E_DIR/guest" "${l2[@]}" \
		--file "$(command -v vdu-draw):/usr/bin/vdu-draw" \
		--display "$display" -- \
		"${E2E_QEMU[@]}" "${mem[@]}" \
		-device pcie-root-port,id=vdu-port -device "$device" \
		-chardev "socket,id=ctl,path=$E2E_WORK/$name.ctl,server=on,wait=off" \
		-device virtserialport,chardev=ctl,name=ctl \
		>"$E2E_WORK/$name.log" 2>&1 &
	vm_pid[$name]=$!
}

vm_running() {
	[ -n "${vm_pid[$1]-}" ] && kill -0 "${vm_pid[$1]}" 2>/dev/null
}

vm_started() {
	[ -S "$E2E_WORK/$1.ctl" ] || ! vm_running "$1"
}

# vm_connect NAME: open the way to the guest and wait for its answer.
vm_connect() {
	local name=$1 in back

	wait_for "$E2E_BOOT_S" vm_started "$name"
	vm_running "$name" || fail "$name did not start:" \
		"$(cat "$E2E_WORK/$name.log")" || return
	mkfifo "$E2E_WORK/$name.in" "$E2E_WORK/$name.back"
	exec {in}<>"$E2E_WORK/$name.in" {back}<>"$E2E_WORK/$name.back"
	socat STDIO "UNIX-CONNECT:$E2E_WORK/$name.ctl" <&"$in" >&"$back" \
		2>/dev/null {in}>&- {back}>&- &
	vm_in[$name]=$in
	vm_back[$name]=$back
	E2E_GUEST_S=$E2E_BOOT_S guest "$name" true || fail "$name: no guest:" \
		"$(tail -n 5 "$LAB_LOGS/$name.console.log")"
}

vm_disconnect() {
	local in=${vm_in[$1]} back=${vm_back[$1]}

	exec {in}>&- {back}>&-
}

# guest NAME COMMAND: run a command line in the guest, with its status.
guest() {
	local end=$((SECONDS + E2E_GUEST_S)) line='' part=''

	printf '%s\n' "$2" >&"${vm_in[$1]}"
	while [ "$SECONDS" -lt "$end" ]; do
		IFS= read -r -t 1 part <&"${vm_back[$1]}" || {
			line+=$part
			vm_running "$1" || { fail "$1 ended"; return; }
			continue
		}
		line+=$part
		case $line in
		"GUEST-STATUS "*) return "${line#* }" ;;
		*) printf '%s\n' "$line" ;;
		esac
		line=
	done
	fail "$1: no answer in $E2E_GUEST_S s to: $2"
}

vm_gone() {
	! vm_running "$1"
}

# vm_stop NAME: end the guest; fails unless it ends well.
vm_stop() {
	local name=$1 status=0

	vm_running "$name" || { unset "vm_pid[$name]"; return 0; }
	[ -z "${vm_viewer[$name]-}" ] || view_end "$name"
	printf 'quit\n' >&"${vm_in[$name]}"
	wait_for 20 vm_gone "$name" ||
		qmp "$name" '{"execute":"quit"}' >/dev/null
	wait "${vm_pid[$name]}" || status=$?
	vm_disconnect "$name"
	unset "vm_pid[$name]"
	[ "$status" -eq 0 ] || fail "$name ended with status $status:" \
		"$(cat "$E2E_WORK/$name.log")"
}

# vm_exits NAME: how often the guest has left for user space so far, for a register
# of a device.
vm_exits() {
	local dir pid

	for dir in /sys/kernel/debug/kvm/*-*; do
		pid=${dir##*/}
		if tr '\0' '\n' <"/proc/${pid%%-*}/cmdline" |
		   grep -q "/$1\.qmp"; then
			cat "$dir/mmio_exit_user"
			return
		fi
	done
	fail "KVM has no $1"
}

# --- pictures ----------------------------------------------------------------

# draw NAME OPTIONS: the guest draws, leaves the bytes of the last frame in
# /tmp/frame and keeps that frame on the screen.
draw() {
	guest "$1" "while killall -q vdu-draw; do sleep 0.1; done; \
vdu-draw --driver $(vm_driver "$1") --background --dump /tmp/frame $2"
}

# fetch NAME [FILE]: bring the guest's /tmp/frame or FILE to $E2E_WORK/NAME.dump.
fetch() {
	local out=$LAB_LOGS/$1.out start

	start=$(stat -c %s "$out")
	guest "$1" "dd if=${2-/tmp/frame} of=/dev/virtio-ports/out bs=32k 2>&1" ||
		return
	tail -c "+$((start + 1))" "$out" >"$E2E_WORK/$1.dump"
}

# view_start NAME [OPTIONS...]: watch the display, until view_end NAME. There is
# one viewer in a guest's life, as QEMU 10.0 goes on polling for those that left.
view_start() {
	local name=$1 way=(--qmp "$E2E_WORK/$1.qmp")

	shift
	[ -z "${vm_bus[$name]-}" ] || way=(--address "${vm_bus[$name]}")
	[ -n "$E2E_STANDIN" ] || way+=(--exporter rcar_du_mdev)
	vdu-view "${way[@]}" --timeout 100000 --seconds 100000 \
		--raw "$E2E_WORK/$name.raw" --stats "$E2E_WORK/$name.view" "$@" &
	vm_viewer[$name]=$!
}

# view NAME: what is on the screen goes to $E2E_WORK/NAME.raw, what was counted
# since the last time to $E2E_WORK/NAME.view.
view() {
	rm -f "$E2E_WORK/$1".{raw,view}
	if ! kill -USR1 "${vm_viewer[$1]}" ||
	   ! wait_for 30 test -e "$E2E_WORK/$1.view"; then
		fail "the viewer of $1 does not answer"
	fi
}

view_end() {
	local viewer=${vm_viewer[$1]}

	unset "vm_viewer[$1]"
	kill "$viewer"
	wait "$viewer"
}

# viewed NAME KEY
viewed() {
	sed -n "s/^$2=//p" "$E2E_WORK/$1.view"
}

# xrgb_pixels FILE: red, green and blue of each pixel of XRGB8888.
xrgb_pixels() {
	python3 -c '
import sys
data = open(sys.argv[1], "rb").read()
out = bytearray(len(data) // 4 * 3)
for i in range(3):
    out[i::3] = data[2 - i::4]
sys.stdout.buffer.write(out)' "$1"
}

same_hash() {
	view "$1" && [ "$(sha256sum <"$E2E_WORK/$1.raw")" = "$2" ]
} 2>/dev/null

# same_picture NAME: what the host sees is what the guest drew last. The hash
# goes first, as moving megabytes out of an emulated guest takes long. QEMU looks for a
# new picture every 30 ms, or later when the machine is busy: it may have seen but one of
# the flips. Its D-Bus display says Disable after the first buffer that makes it forget
# an old one, which the next flip repairs.
same_picture() {
	local name=$1 hash

	hash=$(guest "$name" "sha256sum </tmp/frame") || fail "$hash" || return
	wait_for 5 same_hash "$name" "$hash" && return
	if [ "$(viewed "$name" format)" = none ]; then
		echo "# the display of $name is disabled"
		guest "$name" "killall -USR1 vdu-draw" &&
			wait_for 5 same_hash "$name" "$hash" && return
	fi
	fetch "$name" && cmp "$E2E_WORK/$name.dump" "$E2E_WORK/$name.raw"
	fail "picture differs: $(tr '\n' ' ' <"$E2E_WORK/$name.view")"
}
