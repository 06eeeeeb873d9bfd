# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Modules of the project, in L1. Sourced, never run.

# load_deps NAME: what a module of the project depends on, be it the kernel's or
# the project's own, unless it is there.
load_deps() {
	local dep

	for dep in $(modinfo -F depends "$LAB_MODULES/$1.ko" | tr , ' '); do
		if [ ! -e "$LAB_MODULES/$dep.ko" ]; then
			modprobe "$dep"
		elif [ ! -e "/sys/module/$dep" ]; then
			load_deps "$dep"
			insmod "$LAB_MODULES/$dep.ko"
		fi
	done
}
