# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# QEMU's generic machine with a clock that counts instructions, two ns each: a
# guest that flips is not late because L0 has other things to do.

# shellcheck source=tools/lab/machines/virt.sh disable=SC1091
. "$LAB_DIR/machines/virt.sh"
# The first of several accelerators is used.
machine_args+=(-accel "tcg,thread=single" -icount "shift=1,sleep=off")
