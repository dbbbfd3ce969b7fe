"""Stratified random numbers: over the draws of a place and month, one from each equal part of the distribution.

Walks in: a random stream and a shape whose last dimension is the draw. Walk out: numbers distributed as independent
ones, but spread evenly over the draws, so that quantiles of a few hundred draws are near those of many thousand (Latin
hypercube sampling: McKay, Beckman and Conover 1979).
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

SMALL_RATE = 10.0  # above it the expansion of the quantile is right but for one count in some hundreds
# Nearer to one, sums of 32-bit probabilities may never reach the level.
LARGEST_LEVEL = np.float32(1 - 2e-6)
PLACES_AT_ONCE = 32  # few enough to stay in the processor's cache


def uniforms(generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Return numbers between 0 and 1, float32: along the last dimension one in each of its equal parts, shuffled."""
    draws = shape[-1]
    parts = np.empty(shape, dtype=np.float32)
    parts[...] = np.arange(draws, dtype=np.float32)
    generator.permuted(parts, axis=-1, out=parts)
    parts += generator.random(shape, dtype=np.float32)
    parts /= draws
    return np.clip(parts, 1 - LARGEST_LEVEL, LARGEST_LEVEL, out=parts)


def normals(generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Return standard normal numbers, float32, stratified along the last dimension."""
    return ndtri(uniforms(generator, shape))


def poisson(generator: np.random.Generator, rate: np.ndarray) -> np.ndarray:
    """Return Poisson counts of the rates, (place, ..., draw), as int32, stratified along the last dimension.

    Counts are quantiles of their rate at stratified levels: added up from zero where rates are small, else by the
    normal expansion of the Poisson quantile (Giles 2016, equation 4), whose error there is far below that of a draw.
    """
    level = uniforms(generator, rate.shape)
    counts = np.empty(rate.shape, dtype=np.int32)
    # Places of like rates together: how many steps are taken is decided by the largest.
    order = np.argsort(rate.max(axis=tuple(range(1, rate.ndim))), kind="stable")
    for first in range(0, len(order), PLACES_AT_ONCE):
        places = order[first : first + PLACES_AT_ONCE]
        counts[places] = _quantile(level[places], rate[places])
    return counts


def _quantile(level: np.ndarray, rate: np.ndarray) -> np.ndarray:
    small = rate <= SMALL_RATE
    if small.all():
        return _added_up(level, rate)
    if not small.any():
        return _expanded(level, rate)
    counts = np.empty(rate.shape, dtype=np.int32)
    counts[small] = _added_up(level[small], rate[small])
    counts[~small] = _expanded(level[~small], rate[~small])
    return counts


def _added_up(level: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """Return the smallest counts whose cumulative probability reaches the level, by adding up from zero."""
    probability = np.exp(-rate)
    reached = probability.copy()
    counts = np.zeros(rate.shape, dtype=np.int32)
    count = 0
    while (more := level > reached).any():
        counts += more
        count += 1
        probability *= rate
        probability /= np.float32(count)
        reached += probability
    return counts


def _expanded(level: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """Return the counts at the level by the quantile's expansion around the normal."""
    normal = ndtri(level)
    root = np.sqrt(rate)
    quantile = rate + root * normal + (2 + normal**2) / 6 - (normal**3 + 2 * normal) / (72 * root)
    return np.floor(np.maximum(quantile, 0)).astype(np.int32)
