"""Shares: how the offences of an area divide over the areas below it.

Walks in: monthly counts of children and of their parents, by crime type. Walks out: each child's share and its own
season. A share is slow, then moved by the ratio of recent to expected offences as far as their number can bear
(a gamma prior on a Poisson rate).

Arrays are (child, crime type, month) up to the origin; `siblings` numbers each child's parent 0, 1, ...
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.area_counts import recent_sum, within
from features.history import YEAR, recency_weights

TINY = 1e-9
HALF_PRIOR = 20.0  # offences added on both sides when seasons of half the years are compared
PRIOR_RANGE = (100.0, 30_000.0)  # offences
HALVINGS = 60  # of an interval, until numbers can be halved no more
SLOW_PRIOR = 2.0  # offences with which a slow share leans on the child's share of all crime types


@dataclass(frozen=True)
class Movement:
    """A correction of slow shares by recent offences: with `prior` offences at stake it goes half the way."""

    half_life: float
    prior: float
    all_types_together: bool = False


@dataclass(frozen=True)
class ShareRecipe:
    """A slow share, then its movements in order."""

    half_life: float
    movements: tuple[Movement, ...] = ()


def local_season(
    child: np.ndarray, parent: np.ndarray, usual: np.ndarray, *, half_life: float, prior: float | np.ndarray
) -> np.ndarray:
    """Return how a child's share of its parent varies over the year, (child, crime type, calendar month), mean one.

    Calendar months are counted from the first month given. For each, offences of the child over those that its share
    of the year around would give, both with `prior` offences added, so that few offences mean hardly any season.
    """
    came, expected = _calendar_sums(child, parent, recency_weights(child.shape[-1], half_life) * usual)
    season = (came + prior) / (expected + prior)
    return season / season.mean(axis=2, keepdims=True)


def season_prior(child: np.ndarray, parent: np.ndarray, usual: np.ndarray, *, half_life: float) -> np.ndarray:
    """Return the prior offences for `local_season` that each crime type's seasons bear out, (crime type).

    What seasons of even and of odd years have in common is signal, s; what is left is the noise of n expected offences,
    and n x noise / s offences weigh as much as the signal (empirical Bayes: Efron and Morris 1973).
    """
    months = child.shape[-1]
    weight = recency_weights(months, half_life) * usual
    odd = np.arange(months)[::-1] // YEAR % 2 == 1
    sums = [_calendar_sums(child, parent, weight * chosen) for chosen in (odd, ~odd)]
    one, other = (np.log((came + HALF_PRIOR) / (expected + HALF_PRIOR)) for came, expected in sums)
    (_, first), (_, second) = sums
    reliable = 1 / (1 / (first + HALF_PRIOR) + 1 / (second + HALF_PRIOR))

    def mean(values: np.ndarray) -> np.ndarray:
        return (reliable * values).sum(axis=(0, 2)) / reliable.sum(axis=(0, 2))

    signal = np.maximum(mean(one * other), 1e-5)
    noise = np.maximum(mean((one**2 + other**2) / 2) - signal, 1e-6)
    return np.clip(noise * mean((first + second) / 2) / signal, *PRIOR_RANGE)


def recent_share(
    child: np.ndarray, expected_parent: np.ndarray, siblings: np.ndarray, recipe: ShareRecipe
) -> np.ndarray:
    """Return each child's share, (child, crime type), before it is made to sum to one within siblings.

    `expected_parent`: offences of the parent times the child's season.
    """
    mine, parents = recent_sum(child, recipe.half_life), recent_sum(expected_parent, recipe.half_life)
    of_all_types = mine.sum(axis=1, keepdims=True) / np.maximum(within(mine, siblings).sum(axis=1, keepdims=True), TINY)
    share = (mine + SLOW_PRIOR * of_all_types) / (parents + SLOW_PRIOR)
    for movement in recipe.movements:
        came = recent_sum(child, movement.half_life)
        expected = recent_sum(expected_parent, movement.half_life) * share
        expected = expected * (within(came, siblings) + TINY) / (within(expected, siblings) + TINY)
        if movement.all_types_together:
            came, expected = came.sum(axis=1, keepdims=True), expected.sum(axis=1, keepdims=True)
        share = share * (came + movement.prior) / (expected + movement.prior)
    return share


def split(share: np.ndarray, season: np.ndarray, siblings: np.ndarray) -> np.ndarray:
    """Return share x season, (child, crime type, calendar month), summing to one within siblings in every month."""
    seasonal = share[:, :, None] * season
    return seasonal / np.maximum(within(seasonal, siblings), TINY)


def agreed(parts: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Return parts, (part, series), that sum to a total, (series), where each was measured by itself.

    Were the errors of parts in proportion to them, x of a part s would be likeliest at 1 / x = 1 / s + c, one c for all
    parts of a series: the least Itakura-Saito distance, the likelihood of gamma errors of one relative variance
    (Fevotte, Bertin and Durrieu 2009). Large parts give way most, none falls below zero, and parts of zero, or of a
    series without any, stay zero (TINY and less counts as zero).
    """
    usable = (parts > TINY) & (total > TINY)
    reciprocal = np.divide(1.0, parts, out=np.full(parts.shape, np.inf), where=usable)
    lowest = -reciprocal.min(axis=0, initial=np.inf)
    series = np.flatnonzero(usable.any(axis=0))
    agreeing = np.zeros(parts.shape)
    reciprocal, low = reciprocal[:, series], lowest[series]
    high = usable[:, series].sum(axis=0) / total[series]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        too_many = (1 / (reciprocal + middle)).sum(axis=0) > total[series]
        low, high = np.where(too_many, middle, low), np.where(too_many, high, middle)
    found = 1 / (reciprocal + high)
    agreeing[:, series] = found * (total[series] / found.sum(axis=0))
    return agreeing


def _calendar_sums(child: np.ndarray, parent: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return weighted offences that came and that the share of the year around gives, by calendar month."""
    months = child.shape[-1]
    position = np.arange(months)
    start = np.clip(position - YEAR // 2, 0, months - YEAR)
    share = _year_sums(child, start) / np.maximum(_year_sums(parent, start), TINY)
    of_calendar_month = (position[:, None] % YEAR == np.arange(YEAR)) * weight[:, None]
    return child @ of_calendar_month, (share * parent) @ of_calendar_month


def _year_sums(counts: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return sums over the year that begins at each start."""
    summed = np.concatenate([np.zeros((*counts.shape[:2], 1)), np.cumsum(counts, axis=2)], axis=2)
    return summed[:, :, start + YEAR] - summed[:, :, start]
