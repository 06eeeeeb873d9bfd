#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What tests of the H3 machine have in common: to be sourced, inside L1. The
# test has a list of "tests" and a "text" for each.
# shellcheck disable=SC2154

work=/tmp/work
pattern='timed? ?out|timeout|underrun|failed|error|\bBUG\b|WARNING'
drivers='rcar[-_]du|vsp1|fcp|\.vsp|\.display|lvds|\[drm'

# choose_tests [--list] [TEST...]: the arguments of the test
choose_tests() {
	local name

	if [ "${1-}" = --list ]; then
		for name in "${tests[@]}"; do
			printf '%-14s %s\n' "$name" "${text[$name]}"
		done
		exit 0
	fi
	[ $# -gt 0 ] || return 0
	for name; do
		[ -n "${text[$name]-}" ] || {
			echo "Bail out! there is no test $name"
			exit 2
		}
	done
	tests=("$@")
}

fail() {
	echo "$*"
	return 1
}

# show ARGUMENTS...: h3-kms in the background; it says when it is ready.
show() {
	coproc KMS { exec h3-kms "$@" 2>"$work/kms.log"; }
	kms_pid=$!
	kms_out=${KMS[0]}
	kms_in=${KMS[1]}
	shown
}

# shown: until the picture is there; sets "ready" to what it is.
shown() {
	local word

	if ! read -r -t 60 -u "$kms_out" word ready || [ "$word" != ready ]; then
		fail "h3-kms: $(cat "$work/kms.log")"
	fi
}

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

open_monitor() {
	exec {qmp}<>/dev/virtio-ports/qmp
	monitor '{"execute": "qmp_capabilities"}'
}

# monitor COMMAND: an answer of the QEMU that L1 runs in
monitor() {
	local answer

	printf '%s\n' "$1" >&"$qmp"
	while read -r -t 20 -u "$qmp" answer; do
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
			"${2-0}" || fail "head $1, ${ready-}: the picture differs"
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

# complaints MARK: what the drivers said since; nothing, if all is well.
complaints() {
	local said

	said=$(dmesg -t | sed "${1:+1,/$1/d}" | grep -E "$drivers" |
		grep -iE "$pattern")
	[ -z "$said" ] || fail "$said"
}

# --- results -----------------------------------------------------------------

number=0
failed=0

run_test() {
	local name=$1 log=$work/$1.log status=0 start=$SECONDS word=ok

	echo "h3: test $name" >/dev/kmsg
	kms_pid=
	"test_$name" >"$log" 2>&1 || status=1
	[ -z "$kms_pid" ] || hide 2>/dev/null
	complaints "h3: test $name" >>"$log" || status=1
	number=$((number + 1))
	[ "$status" -eq 0 ] || { word="not ok"; failed=$((failed + 1)); }
	sed 's/^/# /' "$log"
	echo "$word $number - ${text[$name]}"
	echo "# $((SECONDS - start)) s"
}

# run_tests COMMAND...: all tests that were chosen, and COMMAND after each
run_tests() {
	local name

	echo "TAP version 13"
	echo "1..${#tests[@]}"
	open_monitor
	for name in "${tests[@]}"; do
		run_test "$name"
		"$@"
	done
	echo "# $((number - failed)) passed, $failed failed"
	[ "$failed" -eq 0 ]
}
