# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# The R-Car H3 of tools/lab/qemu/, with the kernel's rcar-du on four heads.

qemu_dir=$("$LAB_DIR/qemu-build" --print)
lab_use "$qemu_dir"
machine_qemu=$qemu_dir/qemu-system-aarch64
machine_args=(-L "$qemu_dir" -M "rcar-h3$machine_properties")
# Connectors without a way to tell are taken for connected. Framebuffers are
# contiguous memory: four heads of 1920x1080 with two buffers, and overlays.
# A console on the display would keep its vblank interrupt on.
machine_append="console=ttySC0 cma=256M video=HDMI-A-1:e video=HDMI-A-2:e"
machine_append+=" drm_kms_helper.fbdev_emulation=0"
machine_parent=platform/feb00000.display
machine_virtio=device
# The display path fetches from 32-bit addresses.
machine_mem_max=1920

# What the parent consists of, and where it shows that it is complete.
machine_modules="rcar_fcp vsp1 panel_simple panel_lvds simple_bridge
	display_connector rcar_lvds rcar_du_drm"
machine_ready="/sys/bus/platform/devices/feb00000.display/drm/card*"

# What the models complain about, by the name that is searched for.
machine_complaint='rcar-strict: '

# But not this: vsp1_irq_handler() does not hold the device. Whoever it has told that a
# pipeline is stopped can suspend the VSP, on the other processor, before the handler has
# looked at the status of all WPFs and, in vsp1_dlm_irq_frame_end(), of the display list.
# It reads 0 then, and does nothing.
# shellcheck disable=SC2034
machine_excuse='vspd[0-2]: (read|write) of 0x(38|4c|58) with the reset asserted$'

# machine_prepare DIR: the device tree, with the bindings of the kernel in kdir.
# shellcheck disable=SC2154
machine_prepare() {
	"$LAB_DIR/dtb" "$LAB_DIR/qemu/rcar-h3.dts" "$kdir/source" "$1/machine" -q
	machine_args+=(-dtb "$1/machine.dtb"
		-d guest_errors -D "$1/logs/qemu-guest.log")
}
