# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# QEMU's generic machine, with PCI and KVM for L1.

machine_qemu=qemu-system-aarch64
machine_args=(-M "virt,virtualization=on,gic-version=3$machine_properties"
	-cpu cortex-a57)
# A console on the emulated display would keep its vblank timer running.
machine_append="console=ttyAMA0 drm_kms_helper.fbdev_emulation=0"
# vkms of newer kernels is a faux device.
machine_parent=platform/vkms,faux/vkms

# How virtio devices are plugged in: pci or device (virtio-mmio).
machine_virtio=pci
