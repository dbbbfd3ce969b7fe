"""Coverage of entrants that have quantiles but no draws, ours among them so that all are judged alike.

Walks in: a forecast table and what was observed. Walks out: coverage of 50, 80, 90 and 95 % intervals by level.

Offences are whole numbers, so neither the coverage with an interval's ends nor that without can be held against the
promise (docs/scoring.md). Where quantiles are whole numbers too, the randomised coverage is approached from them:
the distribution function is taken to be linear between the nine quantiles, equal ones spread over the width of their
count. Continuous quantiles are judged with their ends.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.forecast.vocabulary import QUANTILES
from models.scoring.forecast_cells import blocks_by_origin
from models.scoring.interval_coverage import covered_by_pit, covered_inclusively
from models.scoring.observed import Observed
from models.scoring.scores import COVERAGES, MEDIAN

LEVELS = np.array([0.0, *QUANTILES.values(), 1.0])
LEAST_WIDTH = 1e-6


def coverage_by_level(forecast: pd.DataFrame, observed: Observed, *, continuous: bool) -> pd.DataFrame:
    """Return coverage_50, coverage_80, coverage_90, coverage_95 by origin, area_level and crime_level."""
    rows = []
    for origin, months, blocks in blocks_by_origin(forecast, observed):
        known = months[months <= observed.months[-1]]
        places = observed.months.get_indexer(known)
        for block in blocks:
            counts = observed.at(block.area_level, block.crime_level)
            actual = counts[observed.area_codes(block.area_level).get_indexer(block.area_codes)][..., places].ravel()
            quantiles = block.quantiles[:, :, : len(known)].reshape(-1, len(QUANTILES))
            covered = _by_ends(actual, quantiles) if continuous else _by_pit(actual, quantiles)
            shares = dict(zip((f"coverage_{share}" for share in COVERAGES), covered, strict=True))
            rows.append({"origin": origin, "area_level": block.area_level, "crime_level": block.crime_level, **shares})
    return pd.DataFrame(rows)


def distribution_at(quantiles: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Return the distribution function just above whole numbers, (cell,), from whole quantiles, (cell, quantile)."""
    rank, size = _among_equals(quantiles)
    place = quantiles - 0.5 + rank / (size + 1)
    first = np.maximum(np.minimum(2 * place[:, :1] - place[:, 1:2], place[:, :1] - 0.5), -0.5)
    last = np.maximum(2 * place[:, -1:] - place[:, -2:-1], place[:, -1:] + 0.5)
    places = np.concatenate([np.minimum(first, place[:, :1]), place, last], axis=1)
    at = value + 0.5
    right = np.clip((places <= at[:, None]).sum(axis=1), 1, len(LEVELS) - 1)
    cell = np.arange(len(at))
    low, high = places[cell, right - 1], places[cell, right]
    share = np.clip((at - low) / np.maximum(high - low, LEAST_WIDTH), 0, 1)
    return LEVELS[right - 1] + share * (LEVELS[right] - LEVELS[right - 1])


def _among_equals(quantiles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rank of each quantile among those equal to it, from 1, and how many they are."""
    equal = quantiles[:, 1:] == quantiles[:, :-1]
    rank = np.ones(quantiles.shape)
    for place in range(1, rank.shape[1]):
        rank[:, place] += np.where(equal[:, place - 1], rank[:, place - 1], 0)
    size = rank.copy()
    for place in range(rank.shape[1] - 2, -1, -1):
        size[:, place] = np.where(equal[:, place], size[:, place + 1], rank[:, place])
    return rank, size


def _by_pit(actual: np.ndarray, quantiles: np.ndarray) -> list[float]:
    upper = distribution_at(quantiles, actual)
    lower = np.minimum(distribution_at(quantiles, actual - 1), upper - LEAST_WIDTH)
    # Where the quantiles settle it, nothing is left to be approached.
    found = []
    for place, share in enumerate(COVERAGES):
        covered = covered_by_pit(lower, upper, share / 100)
        low, high = quantiles[:, MEDIAN - 1 - place], quantiles[:, MEDIAN + 1 + place]
        covered = np.where((low < actual) & (actual < high), 1.0, covered)
        found.append(float(np.where((actual < low) | (actual > high), 0.0, covered).mean()))
    return found


def _by_ends(actual: np.ndarray, quantiles: np.ndarray) -> list[float]:
    lower, upper = quantiles[:, MEDIAN - 1 :: -1], quantiles[:, MEDIAN + 1 :]
    return list(covered_inclusively(actual[:, None], lower, upper).mean(axis=0))
