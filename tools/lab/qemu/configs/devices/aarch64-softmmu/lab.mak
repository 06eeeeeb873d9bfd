# SPDX-License-Identifier: GPL-2.0-or-later
# The devices of the lab: the board, and virtio over its MMIO transports.
CONFIG_ARM_VIRT=n
CONFIG_RCAR_H3=y
CONFIG_VIRTIO=y
CONFIG_VIRTIO_9P=y
CONFIG_VIRTIO_BLK=y
CONFIG_VIRTIO_NET=y
CONFIG_VIRTIO_RNG=y
CONFIG_VIRTIO_SERIAL=y
