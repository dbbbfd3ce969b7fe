"""Whether intervals hold what they promise: coverage of counts, and the probability integral transform (PIT).

Walk in: actual counts with the bounds of an interval, or with draws. Walk out: for each cell, whether it was
covered, or the range of its PIT.

Counts are whole numbers, so an honest 80 % interval that includes its ends covers more than 80 % of them, and
one without its ends fewer. The PIT spreads each count evenly over the probability that the forecast gave it,
which makes the nominal value the right one for counts too.
"""

from __future__ import annotations

import numpy as np


def covered_strictly(actual: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """Return, for each cell, whether it lies inside the interval and not on its ends."""
    return (lower < actual) & (actual < upper)


def covered_inclusively(actual: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """Return, for each cell, whether it lies inside the interval or on its ends."""
    return (lower <= actual) & (actual <= upper)


def pit_range(actual: np.ndarray, draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the two ends of each cell's PIT, (...,) within 0..1, from draws, (..., draw).

    The forecast's distribution function just below the count and at it, F(y - 1) and F(y), counted among the
    n draws and the count itself: b / (n + 1) and (b + t + 1) / (n + 1) with b draws below the count and t
    equal to it. With the count among them the PIT is exactly uniform for any n when count and draws come from
    one distribution. Source: Czado, Gneiting and Held (2009), "Predictive model assessment for count data",
    Biometrics 65.
    """
    total = draws.shape[-1] + 1
    below = (draws < actual[..., None]).sum(axis=-1)
    up_to = (draws <= actual[..., None]).sum(axis=-1)
    return below / total, (up_to + 1) / total


def randomised_pit(actual: np.ndarray, draws: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return each cell's PIT, drawn evenly from its `pit_range`: uniform if the forecast is calibrated."""
    lower, upper = pit_range(actual, draws)
    return generator.uniform(lower, upper)


def covered_by_pit(lower: np.ndarray, upper: np.ndarray, coverage: float | np.ndarray) -> np.ndarray:
    """Return, for each cell, the probability, 0..1, that its randomised PIT lies in the central interval.

    The share of the PIT's range, of width above zero, within (1 - coverage) / 2 .. (1 + coverage) / 2. It is
    the coverage by randomised PIT averaged over the randomisation, so it needs no seed and repeats exactly.
    """
    tail = (1 - coverage) / 2
    inside = np.minimum(upper, 1 - tail) - np.maximum(lower, tail)
    return np.clip(inside / (upper - lower), 0, 1)
