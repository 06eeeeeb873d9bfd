/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU mediated device: dma-buf exporter
 */

#ifndef __RCAR_DU_MDEV_DMABUF_H__
#define __RCAR_DU_MDEV_DMABUF_H__

#include <linux/types.h>

struct dma_buf;
struct rcar_du_mdev_fb;

struct dma_buf *rcar_du_mdev_dmabuf_get(struct rcar_du_mdev_fb *fb,
					bool *exported);
bool rcar_du_mdev_dmabuf_exported(struct rcar_du_mdev_fb *fb);
unsigned int rcar_du_mdev_dmabuf_refresh(struct rcar_du_mdev_fb *fb,
					 bool write_combined);
void *rcar_du_mdev_dmabuf_map_pages(struct dma_buf *dmabuf);
void rcar_du_mdev_dmabuf_unmap_pages(struct dma_buf *dmabuf, void *vaddr);
void rcar_du_mdev_dmabuf_revoke(struct rcar_du_mdev_fb *fb);

#endif /* __RCAR_DU_MDEV_DMABUF_H__ */
