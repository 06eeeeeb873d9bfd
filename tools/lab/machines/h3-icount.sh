# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The R-Car H3 with a clock that counts instructions, two ns each: a frame is
# never lost because L0 has other things to do. Slower, as all processors of L1
# run in one thread.

# shellcheck source=tools/lab/machines/h3.sh disable=SC1091
. "$LAB_DIR/machines/h3.sh"
# The first of several accelerators is used.
machine_args+=(-accel "tcg,thread=single" -icount "shift=1,sleep=off")
