# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Modules of the project, in L1. Sourced, never run.

# module_file NAME: the file of a module, in whose name an underscore may be a dash.
module_file() {
	local file=$LAB_MODULES/$1.ko

	[ -e "$file" ] || file=$LAB_MODULES/${1//_/-}.ko
	echo "$file"
}

# load_deps NAME: what a module of the project depends on, be it the kernel's or
# the project's own, unless it is there.
load_deps() {
	local dep

	for dep in $(modinfo -F depends "$(module_file "$1")" | tr , ' '); do
		if [ ! -e "$(module_file "$dep")" ]; then
			modprobe "$dep"
		elif [ ! -e "/sys/module/${dep//-/_}" ]; then
			load_deps "$dep"
			insmod "$(module_file "$dep")"
		fi
	done
}
