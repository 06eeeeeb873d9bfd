# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# The screens of the H3 machine, as tests and the demo see them inside L1. Sourced,
# never run.

# shellcheck source=tools/testing/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# What must be seen on head N is want.N.ppm in there, what is seen is seen.N.ppm.
work=/tmp/work

# h3-kms in the background: its process, the ends of its pipes, and the picture that
# is there, as it calls it
kms_pid=
kms_in=
kms_out=
kms_picture=

# show ARGUMENTS...: h3-kms in the background; it says when it is ready.
show() {
	coproc KMS { exec h3-kms "$@" 2>"$work/kms.log"; }
	kms_pid=$!
	kms_out=${KMS[0]}
	kms_in=${KMS[1]}
	shown
}

# shown: until the picture is there.
shown() {
	local word

	if ! read -r -t 60 -u "$kms_out" word kms_picture ||
	   [ "$word" != ready ]; then
		fail "h3-kms: $(cat "$work/kms.log")"
	fi
}

# next: the next picture of those that h3-kms has
next() {
	echo >&"$kms_in"
	shown
}

# hide: ends it.
hide() {
	local pid=$kms_pid

	kms_pid=
	exec {kms_in}>&-
	wait "$pid"
}

monitor_fd=

open_monitor() {
	exec {monitor_fd}<>"$LAB_QMP"
	monitor '{"execute": "qmp_capabilities"}'
}

# monitor COMMAND: an answer of the QEMU that L1 runs in
monitor() {
	local answer

	printf '%s\n' "$1" >&"$monitor_fd"
	while read -r -t 20 -u "$monitor_fd" answer; do
		case $answer in
		*'"return"'*) return 0 ;;
		*'"error"'*) fail "$answer"; return ;;
		esac
	done
	fail "QEMU does not answer"
}

# dump HEAD FILE [FORMAT]: what is on the screen
dump() {
	local name=dump.$1 format=${3-ppm}

	rm -f "$LAB_LOGS/$name"
	monitor "{\"execute\": \"screendump\", \"arguments\": {\"filename\": \
\"$LAB_HOST_LOGS/$name\", \"format\": \"$format\", \"device\": \"du\", \"head\": $1}}" || return
	mv "$LAB_LOGS/$name" "$2"
}

# seen HEAD [TOLERANCE]: is what must be seen on the screen?
seen() {
	dump "$1" "$work/seen.$1.ppm" || return
	cmp -s "$work/want.$1.ppm" "$work/seen.$1.ppm" ||
		h3-kms compare "$work/want.$1.ppm" "$work/seen.$1.ppm" \
			"${2-0}" || fail "head $1, $kms_picture: the picture differs"
} 2>&1

# soon HEAD [TRIES]: is what must be seen on the screen, after a moment?
soon() {
	local i

	for ((i = 0; i < ${2-20}; i++)); do
		seen "$1" >/dev/null && return
		sleep 0.1
	done
	seen "$1"
}
