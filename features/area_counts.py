"""Counts of areas as plain arrays, and their sums: what shares of areas and the learning table are made of.

Walks in: a panel, or counts by (area, crime type, month). Walk out: arrays of the same dimensions, sums of groups of
areas or of crime types, sums over recent months.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.history import YEAR, recency_weights
from features.panel import Panel


def counts_of(known: Panel) -> np.ndarray:
    """Return the located offences of a panel, (ward, crime type, month)."""
    return known.offences.transpose("ward", "crime_type", "month").to_numpy().astype(float)


def borough_of_ward(areas: pd.DataFrame) -> np.ndarray:
    """Return each ward's borough, numbered 0, 1, ... in the order of their first wards."""
    return pd.factorize(areas["borough_code"])[0]


def sum_groups(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return sums over the first dimension by group, (group, ...); groups are 0, 1, ... and none is empty."""
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(group.max() + 1))
    ordered = values if np.array_equal(order, np.arange(len(order))) else values[order]
    if not np.issubdtype(values.dtype, np.integer):
        return np.add.reduceat(ordered, starts, axis=0, dtype=values.dtype)
    # The same sums, six times as fast where there are many draws; of other numbers the last digits would be others.
    sums = np.empty((len(starts), *values.shape[1:]), dtype=values.dtype)
    for place, (first, end) in enumerate(zip(starts, [*starts[1:], len(ordered)], strict=True)):
        sums[place] = ordered[first:end].sum(axis=0, dtype=values.dtype)
    return sums


def within(values: np.ndarray, siblings: np.ndarray) -> np.ndarray:
    """Return for each child the sum over itself and its siblings."""
    return sum_groups(values, siblings)[siblings]


def by_major(counts: np.ndarray, major: np.ndarray) -> np.ndarray:
    """Return sums over the crime types of each major type, (area, major type, ...)."""
    return np.moveaxis(sum_groups(np.moveaxis(counts, 1, 0), major), 0, 1)


def recent_sum(counts: np.ndarray, half_life: float) -> np.ndarray:
    """Return exponentially weighted sums over the months, newest counting one."""
    return counts @ recency_weights(counts.shape[-1], half_life)


def seasonal(parent: np.ndarray, season: np.ndarray) -> np.ndarray:
    """Return parents' counts, (child, crime type, month), times the child's season of each month."""
    return parent * season[:, :, np.arange(parent.shape[2]) % YEAR]
