"""Draws of a posterior that is nearly normal but, where data are few, far from it: elliptical slice sampling.

Walks in: the logarithm of a density, its mode, and the precision of the normal approximation there. Walks out: draws,
each the end of a chain of its own, so that they are independent of each other.

Each step moves on an ellipse through the point that it is at and a draw of the normal approximation, to a place that
the density allows (Murray, Adams and MacKay 2010, with the normal approximation in place of a prior, as in Nishihara,
Murray and Adams 2014, jmlr.org/papers/v15/nishihara14a.html). No step is refused and none has a size to be chosen.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.linalg import solve_triangular

_STEPS = 10  # of each chain: twice as many change no quantile by more than chance does
_MOST_TRIALS = 60  # of a step: the bracket has then shrunk to nothing, and the point stays


def slice_draws(
    log_density: Callable[[np.ndarray], np.ndarray],
    mode: np.ndarray,
    precision: np.ndarray,
    number: int,
    generator: np.random.Generator,
) -> np.ndarray:
    """Return draws, (draw, coefficient).

    log_density : of points, (draw, coefficient), up to a constant; minus infinity where there is none.
    """
    factor = np.linalg.cholesky(precision)

    def points(normal: np.ndarray) -> np.ndarray:
        return np.asarray(mode + solve_triangular(factor, normal.T, lower=True, trans="T").T)

    def beyond(normal: np.ndarray) -> np.ndarray:
        return np.asarray(log_density(points(normal)) + (normal**2).sum(axis=-1) / 2)

    at = generator.normal(size=(number, len(mode)))
    reached = beyond(at)
    for _ in range(_STEPS):
        at, reached = _moved(beyond, at, reached, generator)
    return points(at)


def _moved(
    beyond: Callable[[np.ndarray], np.ndarray], at: np.ndarray, reached: np.ndarray, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return each point after one step, and how far the density there goes beyond the normal one, (draw,)."""
    number = len(at)
    across = generator.normal(size=at.shape)
    least = reached - generator.exponential(size=number)
    angle = generator.uniform(0, 2 * np.pi, number)
    low, high = angle - 2 * np.pi, angle.copy()
    moved, found = at.copy(), reached.copy()
    left = np.arange(number)
    for _ in range(_MOST_TRIALS):
        turn = angle[left, np.newaxis]
        trial = at[left] * np.cos(turn) + across[left] * np.sin(turn)
        value = beyond(trial)
        good = value > least[left]
        moved[left[good]], found[left[good]] = trial[good], value[good]
        left = left[~good]
        if not len(left):
            break
        below = angle[left] < 0
        low[left[below]], high[left[~below]] = angle[left[below]], angle[left[~below]]
        angle[left] = generator.uniform(low[left], high[left])
    return moved, found
