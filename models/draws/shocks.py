"""Shocks: what errors do to rates, with mean one, persisting as errors do.

Walk in: variances of what stays, what drifts and what passes. Walk out: shocks by place, month and draw.
"""

from __future__ import annotations

import numpy as np

from models.draws.stratified import normals


def shock_path(
    generator: np.random.Generator, variance: np.ndarray, scale: np.ndarray, months: int, draws: int
) -> np.ndarray:
    """Return mean-one shocks, (place, month, draw) float32, of the three variances level, drift, month.

    `scale`: (place) multiplies the variances. The log shock of the h-th month is normal with variance
    v = scale x (level + h x drift + month) and mean -v/2, so that the shock itself has mean one.
    """
    level, drift, month = (float(part) for part in variance)
    log_shock = np.zeros((len(scale), months, draws), dtype=np.float32)
    if level > 0:
        log_shock += np.float32(np.sqrt(level)) * normals(generator, (len(scale), 1, draws))
    if drift > 0:
        steps = normals(generator, log_shock.shape)
        for ahead in range(1, months):  # several times as fast as `cumsum`, and the same
            steps[:, ahead] += steps[:, ahead - 1]
        steps *= np.float32(np.sqrt(drift))
        log_shock += steps
    if month > 0:
        log_shock += np.float32(np.sqrt(month)) * normals(generator, log_shock.shape)
    scale = scale.astype(np.float32)[:, None, None]
    log_shock *= np.sqrt(scale)
    months_ahead = np.arange(1, months + 1, dtype=np.float32)[None, :, None]
    log_shock -= 0.5 * scale * (level + drift * months_ahead + month)
    return np.exp(log_shock, out=log_shock)
