# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Suites on the H3 machine: a test fails also if the drivers complain. Sourced by
# them, never run.

h3_lib=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tools/testing/lib/tap.sh
. "$h3_lib/tap.sh"
# shellcheck source=tools/testing/lib/screen.sh
. "$h3_lib/screen.sh"

h3_drivers='rcar[-_]du|vsp1|fcp|\.vsp|\.display|lvds|\[drm'
h3_complaints='timed? ?out|timeout|underrun|failed|error|\bBUG\b|WARNING'

# complaints MARK: what the drivers said since; nothing, if all is well.
complaints() {
	local said

	said=$(dmesg -t | sed "${1:+1,/$1/d}" | grep -E "$h3_drivers" |
		grep -iE "$h3_complaints")
	[ -z "$said" ] || fail "$said"
}

# strict_lines: prints what the models of the machine complained about, as it is
strict_lines() {
	grep -aF 'rcar-strict: ' "$LAB_LOGS/qemu-guest.log"
}

# strict_expected LINES: that is what a test wanted, once each: no fault of the run
strict_expected() {
	echo "$1" >>"$LAB_LOGS/expected"
}

# run_test NAME
run_test() {
	local name=$1 log=$work/$1.log status=0 start=$SECONDS

	echo "h3: test $name" >/dev/kmsg
	kms_pid=
	"test_$name" >"$log" 2>&1 || status=1
	[ -z "$kms_pid" ] || hide 2>/dev/null
	complaints "h3: test $name" >>"$log" || status=1
	sed 's/^/# /' "$log"
	tap "$status" "${test_text[$name]}"
	echo "# $((SECONDS - start)) s"
}

# run_tests CLEAN-UP NAME...: all these tests, and the command CLEAN-UP after each
run_tests() {
	local clean_up=$1 name

	shift
	echo "TAP version 13"
	echo "1..$#"
	open_monitor
	for name; do
		run_test "$name"
		"$clean_up"
	done
	echo "# $((tap_number - tap_failed)) passed, $tap_failed failed"
	[ "$tap_failed" -eq 0 ]
}
