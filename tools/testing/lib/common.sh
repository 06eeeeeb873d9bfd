# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What all scripts of the tests share. Sourced, never run.

# Seconds between two looks of wait_for
wait_step=0.1

# fail WHY...: to be said by what fails, as in "step || fail WHY || return"
fail() {
	echo "$*"
	return 1
}

# wait_for SECONDS COMMAND...: until COMMAND succeeds.
wait_for() {
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep "$wait_step"
	done
}
