"""How much of past years' shares of ages to carry into the next: learnt from how past years followed each other.

Walks in: people by crime type, year and age group, and what a smooth curve says of each type. Walks out: a `Memory`,
and the shares of the year ahead with how sure they are.

The true shares of a type start around its curve and drift from year to year; both spreads are measured in people. A
year's shares, of N people, move what is believed by N / (N + s), where s is how many people the belief was worth:

    worth at first = departure;   after a year: worth + N;   a year later: 1 / (1 / worth + 1 / drift)

which is the Kalman filter of shares whose errors have a Dirichlet's variances. With many people who drift little it
tends to the shares of all years, with many who drift fast to those of the last one, with few to the curve.
Departure, drift and `carried`, the part of the last move that goes on for another year, are those under which past
years, each predicted from the years before it, were most likely (Dirichlet-multinomial; Mosimann 1962,
doi:10.1093/biomet/49.1-2.65).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

# Where nothing is known, and its spread in logarithms: what convictions by single year of age in Scotland, predicted
# year by year from 1993 to 2007, said of 35 crimes (benchmarks/ages_scored.py judges on the years after them).
USUAL_DEPARTURE, USUAL_DRIFT = 150.0, 1100.0
_SPREAD = 1.5
_OF_ONE_TYPE = 1.0  # by how much, in logarithms, a type departs from all types
_DEPARTURES = np.exp(np.linspace(2, 10, 9))
_DRIFTS = np.exp(np.linspace(3, 12, 10))
_CARRIED = (0.0, 0.25, 0.5)
_DEBT_OF_CARRYING = 2.0  # logarithm of odds against a part carried on, for each quarter
_LEAST = 1e-9


@dataclass(frozen=True, eq=False)
class Memory:
    """Departure and drift of each type, (type,), in people; and the part of the last move that is carried on."""

    departure: np.ndarray
    drift: np.ndarray
    carried: float


@dataclass(frozen=True, eq=False)
class PastYear:
    """A year that came, and what was known before it: curve (type, group) shares, people (type, year, group), gaps.

    gaps : (year,) years from the middle of each known year to the next, the last one to the middle of the year that
    came. came : (type, group) its people.
    """

    curve: np.ndarray
    people: np.ndarray
    gaps: np.ndarray
    came: np.ndarray


def believed(
    curve: np.ndarray, people: np.ndarray, gaps: np.ndarray, memory: Memory
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the shares of the year ahead, (..., type, group), their worth in people and the curve's part, (..., type).

    curve : (type, group) shares, with any dimensions before. people : (type, year, group). gaps : as of `PastYear`.
    """
    departure, drift = memory.departure, memory.drift
    worth = departure.astype(float)
    mean = np.broadcast_to(curve, np.broadcast_shapes(curve.shape, (*worth.shape, curve.shape[-1]))).astype(float)
    part, move = np.ones_like(worth), np.zeros_like(mean)
    for year, gap in enumerate(gaps):
        total = people[:, year].sum(axis=-1)
        gain = total / (total + worth)
        shares = people[:, year] / np.maximum(total, 1)[:, np.newaxis]
        move = gain[..., np.newaxis] * (shares - mean)
        mean, part = mean + move, part * (1 - gain)
        worth = 1 / (1 / (worth + total) + gap / drift)
    if len(gaps) > 1:  # the first move is from the curve, which is of no year
        mean = np.maximum(mean + memory.carried * move, 0)
        mean = mean / mean.sum(axis=-1, keepdims=True)
    return mean, worth, part


def learned(past: Sequence[PastYear], types: int) -> Memory:
    """Return what past years say; where there are none, what is usual. types : how many of them."""
    departure, drift = (each.ravel() for each in np.meshgrid(_DEPARTURES, _DRIFTS, indexing="ij"))
    usual = -(np.log(departure / USUAL_DEPARTURE) ** 2 + np.log(drift / USUAL_DRIFT) ** 2) / (2 * _SPREAD**2)
    grid = Memory(np.tile(departure[:, np.newaxis], types), np.tile(drift[:, np.newaxis], types), 0.0)
    likely = np.zeros((len(_CARRIED), len(departure), types))
    for place, carried in enumerate(_CARRIED):
        tried = Memory(grid.departure, grid.drift, carried)
        for year in past:
            mean, worth, _ = believed(year.curve, year.people, year.gaps, tried)
            likely[place] += _likelihood(mean * worth[..., np.newaxis], year.came)
    of_all = likely.sum(axis=-1) + usual - _DEBT_OF_CARRYING * np.arange(len(_CARRIED))[:, np.newaxis]
    carried, best = np.unravel_index(of_all.argmax(), of_all.shape)
    apart = np.log(departure / departure[best]) ** 2 + np.log(drift / drift[best]) ** 2
    chance = likely[carried] - (apart / (2 * _OF_ONE_TYPE**2))[:, np.newaxis]
    chance = np.exp(chance - chance.max(axis=0))
    chance /= chance.sum(axis=0)
    # Means of variances, which are one over these: what is not sure widens draws.
    return Memory(1 / ((1 / departure) @ chance), 1 / ((1 / drift) @ chance), _CARRIED[carried])


def _likelihood(weights: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Return the logarithm of the chance of counts, (..., type), up to a constant; both (..., type, group)."""
    weights = np.maximum(weights, _LEAST)
    whole = weights.sum(axis=-1)
    parts = (gammaln(weights + people) - gammaln(weights)).sum(axis=-1)
    return np.asarray(gammaln(whole) - gammaln(whole + people.sum(axis=-1)) + parts)
