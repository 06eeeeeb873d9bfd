/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * R-Car DU scanout: atomic commits
 */

#ifndef __RCAR_DU_SCANOUT_COMMIT_H__
#define __RCAR_DU_SCANOUT_COMMIT_H__

struct rcar_du_scanout_head;

void rcar_du_scanout_commit_frames(struct rcar_du_scanout_head *head);

#endif /* __RCAR_DU_SCANOUT_COMMIT_H__ */
