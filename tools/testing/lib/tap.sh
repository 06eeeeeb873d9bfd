# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Lists of tests, and their results as TAP. Sourced by suites, never run.

# shellcheck source=tools/testing/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# --- lists -------------------------------------------------------------------

# The tests that run by default, in their order, and what each of them is about:
# also of those that run only if they are asked for. A test is a function test_NAME.
tests=()
declare -A test_text=()

# add NAME TEXT
add() {
	tests+=("$1")
	test_text[$1]=$2
}

# add_named NAME TEXT: a test that runs only if it is asked for.
add_named() {
	test_text[$1]=$2
}

list_tests() {
	local name
	local -A named=()

	for name in "${!test_text[@]}"; do
		named[$name]=1
	done
	for name in "${tests[@]}"; do
		printf '%-22s %s\n' "$name" "${test_text[$name]}"
		unset "named[$name]"
	done
	for name in "${!named[@]}"; do
		printf '%-22s %s (by name only)\n' "$name" "${test_text[$name]}"
	done
}

# choose_tests VAR [--list] [TEST...]: reads the arguments of a suite. The array VAR
# becomes the tests that are named, or those that run by default.
# shellcheck disable=SC2034 # the caller uses VAR
choose_tests() {
	local -n chosen_tests=$1
	local name

	shift
	chosen_tests=("${tests[@]}")
	[ $# -gt 0 ] || return 0
	if [ "$1" = --list ]; then
		list_tests
		exit 0
	fi
	chosen_tests=("$@")
	for name; do
		[ -n "${test_text[$name]-}" ] || {
			echo "Bail out! there is no test $name"
			exit 2
		}
	done
}

# --- results -----------------------------------------------------------------

# How many there were so far, and how many of these failed or were skipped.
tap_number=0
tap_failed=0
tap_skipped=0

# tap_again LINE: a result "ok TEXT" or "not ok TEXT" of another program, with the
# number that it has here
tap_again() {
	tap_number=$((tap_number + 1))
	case $1 in
	"not ok "*) tap_failed=$((tap_failed + 1)) ;;
	*"# SKIP"*) tap_skipped=$((tap_skipped + 1)) ;;
	esac
	echo "${1%%ok *}ok $tap_number ${1#*ok }"
}

# tap STATUS TEXT [WHY]: a result. A test that succeeds and says WHY was skipped.
tap() {
	local word=ok

	[ "$1" -eq 0 ] || word="not ok"
	tap_again "$word - $2${3:+ # SKIP $3}"
}

# What a test that says skip returns, as kselftests do
TAP_SKIP=4

# skip WHY: to be said last by a test that cannot tell anything here
skip() {
	echo "SKIP: $*"
	return "$TAP_SKIP"
}

# skipped STATUS LOG: prints why a test was, and fails if it was not.
skipped() {
	local last

	[ "$1" -eq "$TAP_SKIP" ] || return
	last=$(tail -n 1 "$2")
	[[ $last = "SKIP: "* ]] && echo "${last#SKIP: }"
}
