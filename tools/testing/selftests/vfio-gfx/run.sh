#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Usage: [PROGRAM...]
#
# Run the test programs that lie beside this script, or those named. The last
# line tells how many tests passed, failed and were skipped. The status is not
# 0 if one failed or is not there, or if none passed.

dir=$(dirname "$0")

if [ $# -eq 0 ]; then
	set -- info_test cfg_test regs_test irq_test plane_test error_test \
		dmabuf_test dmabuf_id_test revoke_test edid_test stress_test \
		unmap_test frame_test refresh_test region_test shadow_test \
		crc_test fault_test pci_test reset_test leak_test \
		importer_test importer_cpu_test snoop_test \
		hold_test budget_test frame_watch_test picture_test \
		scanout_test scanout_share_test scanout_client_test \
		scanout_life_test \
		random_test
	# The kernel's own, if it has it.
	[ ! -x "$dir/vfio_iommufd_setup_test" ] ||
		set -- "$@" vfio_iommufd_setup_test
fi

log=$(mktemp) || exit 1
hugepages=/proc/sys/vm/nr_hugepages
old=$(cat "$hugepages" 2>/dev/null)

cleanup() {
	rm -f "$log"
	[ "$old" != 0 ] || echo 0 >"$hugepages"
}
trap cleanup EXIT

# Guest RAM of 16 MiB; the test is skipped if there are none.
[ "$old" != 0 ] || echo 16 >"$hugepages"

passed=0 failed=0 skipped=0 n=0

# count EXTENDED_REGEX: lines of the log that match
count() {
	grep -cE "$1" "$log"
}

echo "TAP version 13"
echo "1..$#"
for prog; do
	n=$((n + 1))
	echo "# Subtest: $prog"
	: >"$log"
	status=127
	if [ -x "$dir/$prog" ]; then
		{ "$dir/$prog" 2>&1; echo "# status $?"; } | tee "$log" |
			sed -u 's/^/    /'
		status=$(sed -n '$s/^# status //p' "$log")
	fi

	skip=$(count '^ok [0-9]+ .*# SKIP')
	ok=$(($(count '^ok [0-9]+ ') - skip))
	bad=$(count '^not ok [0-9]+ ')
	plan=$(sed -n 's/^1\.\.//p' "$log" | tail -n 1)
	# Tests that did not report are failures, and so is a bad exit alone.
	lost=$((${plan:-1} - skip - ok - bad))
	bad=$((bad + (lost > 0 ? lost : 0)))
	[ "$bad" -gt 0 ] || [ "${status:-1}" -eq 0 ] ||
		[ "${status:-1}" -eq 4 ] || bad=1

	passed=$((passed + ok))
	failed=$((failed + bad))
	skipped=$((skipped + skip))

	if [ "$bad" -gt 0 ]; then
		echo "not ok $n $prog"
	elif [ "$ok" -eq 0 ]; then
		echo "ok $n $prog # SKIP"
	else
		echo "ok $n $prog"
	fi
done

echo "# vfio-gfx: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
