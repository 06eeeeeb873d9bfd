# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154
#
# Guests on the panels of the H3 machine. Sourced, after h3.sh, never run.
#
# vdu-guest takes the place of the guests: it does to the mediated device what a VMM and
# a guest do.

display=feb00000.display
parent=/sys/class/mdev_bus/$display
types=$parent/mdev_supported_types

# Of a plane: the "alpha" attribute
OPAQUE=65535
HALF=32896
# A guest that puts a picture in memory which the DU cannot fetch from
ERROR_MEMORY=9		# RCAR_VDU_ERROR_MEMORY
# HEAD_STATUS of a guest's head
HEAD_LOST=0x0
HEAD_CONNECTED=0x1
HEAD_NO_MODE=0x5	# connected, but the panel does not have the mode
# Vertical blanks that may go by without a flip, of a guest that is not disturbed
SLACK=4

# --- guests ------------------------------------------------------------------

# Of each guest, by its name: the process and the ends of its pipes, and the device
declare -A guest_pid guest_in guest_out guest_uuid

# create NAME TYPE: makes a mediated device
create() {
	local dir

	guest_uuid[$1]=$(</proc/sys/kernel/random/uuid)
	for dir in "$types"/*-"$2"; do
		echo "${guest_uuid[$1]}" >"$dir/create" || fail "no $2 left"
		return
	done
}

# attr NAME ATTRIBUTE VALUE
attr() {
	echo "$3" >"/sys/bus/mdev/devices/${guest_uuid[$1]}/$2" ||
		fail "$1: $2 can't be $3"
}

# start NAME WIDTH HEIGHT [RATE]
start() {
	local name=$1 in out

	shift
	mkfifo "$work/$name.in" "$work/$name.out"
	VFIO_GFX_MDEV=${guest_uuid[$name]} vdu-guest "$@" <"$work/$name.in" \
		>"$work/$name.out" 2>"$work/$name.err" &
	guest_pid[$name]=$!
	exec {in}>"$work/$name.in" {out}<"$work/$name.out"
	guest_in[$name]=$in
	guest_out[$name]=$out
	answer "$name"
}

# answer NAME: prints what the guest says, as "guest NAME: ..."
answer() {
	local word said

	if ! read -r -t 120 -u "${guest_out[$1]}" word said ||
	   [ "$word" != ready ]; then
		fail "guest $1: $(cat "$work/$1.err")"
		return
	fi
	echo "guest $1: $said"
}

# post NAME COMMAND...: without waiting for the answer
post() {
	local name=$1

	shift
	echo "$*" >&"${guest_in[$name]}"
}

# tell NAME COMMAND...: prints the answer.
tell() {
	post "$@"
	answer "$1"
}

# quit NAME: the guest ends, and its device stays.
quit() {
	local name=$1 in=${guest_in[$1]-} out=${guest_out[$1]-}

	# Other guests have inherited the pipe, so it won't end.
	[ -z "$in" ] || echo end >&"$in"
	[ -z "$in" ] || exec {in}>&-
	[ -z "${guest_pid[$name]-}" ] || wait "${guest_pid[$name]}"
	[ -z "$out" ] || exec {out}<&-
	rm -f "$work/$name.in" "$work/$name.out"
	unset "guest_in[$name]" "guest_out[$name]" "guest_pid[$name]"
}

# end NAME: the guest ends, and its device goes.
end() {
	quit "$1"
	echo 1 >"/sys/bus/mdev/devices/${guest_uuid[$1]}/remove"
	unset "guest_uuid[$1]"
}

end_all() {
	local name

	for name in "${!guest_uuid[@]}"; do
		end "$name"
	done
} 2>/dev/null

# --- pictures ----------------------------------------------------------------

# Each picture is another one: the seed of the last. Those of the host are smaller.
seed=10

# layer NAME WIDTH HEIGHT [SEED]: draws a picture
layer() {
	seed=$((seed + 1))
	h3-kms draw "${4-$seed}" "$2" "$3" "$work/$1.ppm" ||
		fail "no picture for $1"
}

# plane_guest NAME WIDTH HEIGHT [ATTRIBUTE=VALUE]...: a guest on a plane, and the
# picture that it is to show
plane_guest() {
	local name=$1 width=$2 height=$3 pair

	shift 3
	create "$name" plane || return
	for pair; do
		attr "$name" "${pair%=*}" "${pair#*=}" || return
	done
	start "$name" "$width" "$height" && layer "$name" "$width" "$height"
}

# paint NAME: the guest shows its picture.
paint() {
	tell "$1" show "$work/$1.ppm" 0 0
}

# want HEAD [LAYER X Y ALPHA]...: what is to be on the panel over the pattern
want() {
	local head=$1 args=()

	shift
	while [ $# -gt 0 ]; do
		args+=("$work/$1.ppm" "$2" "$3" "$4")
		shift 4
	done
	h3-kms compose "$work/want.$head.ppm" "$work/base.$head.ppm" "${args[@]}" ||
		fail "cannot compose what is wanted on head $head"
}

# panel WHAT HEAD [LAYER X Y ALPHA]...: this comes to be on the panel. WHAT says what
# is wrong if it does not.
panel() {
	local what=$1

	shift
	want "$@" || return
	soon "$1" || fail "$what"
}

# still WHAT HEAD: what was wanted last is there, still or again.
still() {
	soon "$2" || fail "$1"
}

# host HEAD...: the host shows a pattern on these heads.
host() {
	local head

	show pattern "$work/base" "$@" || return
	for head; do
		cp "$work/base.$head.ppm" "$work/want.$head.ppm"
		still "no pattern of the host" "$head" || return
	done
}

# figures ANSWER: of flips, prints how many there were, in how many frames, and how
# many frames were shown
figures() {
	sed -nE 's/.* ([0-9]+) flips in ([0-9]+) frames, (-?[0-9]+) shown$/\1 \2 \3/p' \
		<<<"$1"
}

# flip_each NAME COMMAND COUNT SLACK: each of the flips is shown, and no more than
# SLACK vertical blanks go by without one.
flip_each() {
	local said flips frames shown

	said=$(tell "$1" "$2" "$3") || fail "$said" || return
	echo "$said"
	read -r flips frames shown < <(figures "$said") ||
		fail "no flips" || return
	[ "$flips" -eq "$3" ] || fail "$1 did not flip $3 times" || return
	[ "$shown" -eq "$flips" ] || fail "not all flips of $1 are shown" || return
	[ "$frames" -le $((flips + $4)) ] ||
		fail "more vertical blanks than flips of $1"
}

# mode HEAD: prints width, height and rate of the panel.
mode() {
	h3-kms list |
		awk -v head="$1" '$2 == head { sub("x", " ", $(NF - 1))
			print $(NF - 1), $NF }'
}

# head_soon NAME STATUS: this becomes the guest's HEAD_STATUS, within 10 s if the
# kernel's poll worker came in between (DRM_OUTPUT_POLL_PERIOD).
head_soon() {
	local said

	for _ in {1..150}; do
		said=$(tell "$1" status) || fail "$said" || return
		[[ $said == *" head $2" ]] && return
		sleep 0.1
	done
	fail "$said: not head $2"
}

# boot NAME HEAD: a guest starts in the mode of a panel.
boot() {
	local width height rate

	read -r width height rate < <(mode "$2") ||
		fail "head $2 has no mode" || return
	start "$1" "$width" "$height" "$rate"
}

# drive NAME HEAD: a guest drives a panel.
drive() {
	local name=$1 head=$2 width height rate

	read -r width height rate < <(mode "$head") ||
		fail "head $head has no mode" || return
	create "$name" channel && attr "$name" crtc "$head" || return
	start "$name" "$width" "$height" "$rate" &&
		layer "$name" "$width" "$height" && paint "$name" || return
	cp "$work/$name.ppm" "$work/want.$head.ppm"
	still "$name is not on panel $head" "$head" || return
	tell "$name" flip 10 || return
	still "$name is not on panel $head after flips" "$head"
}

# --- the host's picture ---------------------------------------------------------

# black HEAD: the panel is to be on, and black.
black() {
	local width height

	read -r width height _ < <(mode "$1") || fail "head $1 has no mode" ||
		return
	{
		printf 'P6\n%u %u\n255\n' "$width" "$height"
		head -c $((width * height * 3)) /dev/zero
	} >"$work/base.$1.ppm"
	cp "$work/base.$1.ppm" "$work/want.$1.ppm"
}

# picture_dir: pictures are read from where the tests have theirs.
picture_dir() {
	echo -n "$work" >/sys/module/firmware_class/parameters/path ||
		fail "the kernel loads no pictures"
}

# standby NAME HEAD: a picture is in the middle of the panel while the guest shows nothing.
standby() {
	local width height

	black "$2" && layer standby 320 240 && picture_dir || return
	attr "$1" picture standby.ppm && attr "$1" frame_policy picture || return
	read -r width height _ < <(mode "$2")
	panel "no picture" "$2" standby $(((width - 320) / 2)) \
		$(((height - 240) / 2)) "$OPAQUE"
}
