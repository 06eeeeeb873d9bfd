// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car DU mediated device: tracepoints
 */

#define CREATE_TRACE_POINTS
#include "rcar_du_mdev_trace.h"
