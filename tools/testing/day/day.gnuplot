# SPDX-License-Identifier: GPL-2.0-only
#
# The curves of a long day: figures and picture are file names, step is how many
# minutes are one point.

set terminal svg size 800,900 font "sans,12" background "white"
set output picture
set multiplot layout 5,1
set lmargin 12
set rmargin 4
set key outside top center horizontal
set xtics 6
set grid ytics
set format y "%.0f"

hours(minute) = minute / 60.0

set ylabel "MiB"
set yrange [0:*]
plot figures using (hours($1)):($2 / 1024) every step::1 with lines title "available"
plot figures using (hours($1)):($3 / 1024) every step::1 with lines title "slab", \
     "" using (hours($1)):($4 / 1024) every step::1 with lines title "of it unreclaimable"
set ylabel ""
plot figures using (hours($1)):5 every step::1 with lines title "open files", \
     "" using (hours($1)):6 every step::1 with lines title "of the client", \
     "" using (hours($1)):10 every step::1 with lines title "tasks"
set ylabel "KiB"
plot figures using (hours($1)):($7 * 4) every step::1 with lines title "pinned", \
     "" using (hours($1)):8 every step::1 with lines title "by the devices", \
     "" using (hours($1)):9 every step::1 with lines title "locked"
set ylabel "lines"
set xlabel "hours of virtual time"
set yrange [0:10<*]
plot figures using (hours($1)):11 every step::1 with lines title "kernel log"
unset multiplot
