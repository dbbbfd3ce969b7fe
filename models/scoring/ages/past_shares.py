"""Shares of ages as past origins would have forecast them, for each series of people that is counted by age.

Walks in: a panel, origins and residents. Walks out: the table of shares that `score_shares` judges. A series is what
one publisher counts together: a crime type in an extract, a group of arrests elsewhere. Its bands of ages are
the publisher's; single years of age are put into age groups.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from features.panel import Panel
from features.population.age_groups import AGE_GROUPS, AgeGroup
from features.population.exposure import at_months
from models.people.age_curves import AGES, YOUNGEST_SUSPECT, FittedGroup
from models.people.age_rates import fit_age_groups

COLUMNS = [
    "origin", "basis", "source", "series", "quality",
    "first_month", "last_month", "age_low", "age_high", "share", "draws",
]  # fmt: skip
Residents = Callable[[Panel], xr.DataArray]


def past_shares(
    panel: Panel,
    origins: Sequence[pd.Timestamp],
    years: int,
    residents_of: Residents,
    groups: Sequence[AgeGroup] = AGE_GROUPS,
    *,
    samples: int = 200,
    seed: int = 1,
    progress: Callable[[], None] = lambda: None,
) -> pd.DataFrame:
    """Return the table of `COLUMNS`, one row an origin, series, year ahead and band of ages.

    share : of people of known age, as expected; draws : list of as many joint draws of it as `samples`.
    residents_of : residents by (ward, age 0..90, year), of a panel as known at an origin. Raises InputError where an
    origin lies outside the history.
    """
    parts = []
    for origin in origins:
        known = panel.as_known_at(origin)
        residents = residents_of(known)
        for fit in fit_age_groups(known, residents, samples=samples, seed=seed):
            parts += _of_group(fit, known, residents.sum("ward"), origin, years, groups)
        progress()
    return pd.DataFrame(parts, columns=COLUMNS)


def bands_of(rows: pd.DataFrame, basis: str, groups: Sequence[AgeGroup] = AGE_GROUPS) -> list[tuple[int, int]]:
    """Return the bands by which a series is judged, each by its first and last age.

    Those of its rows, without the ages of which no suspect can be; of rows by single year of age the age groups.
    """
    floor = YOUNGEST_SUSPECT if basis == "suspect" else 0
    if (rows["age_low"] == rows["age_high"]).all():
        return [(group.low, group.high) for group in groups if group.high >= floor]
    bands = sorted(set(zip(rows["age_low"], rows["age_high"], strict=True)))
    return [(int(low), int(high)) for low, high in bands if low >= floor]


def _of_group(
    fit: FittedGroup,
    known: Panel,
    residents: xr.DataArray,
    origin: pd.Timestamp,
    years: int,
    groups: Sequence[AgeGroup],
) -> list[tuple[object, ...]]:
    group = fit.group
    found: list[tuple[object, ...]] = []
    for year in range(years):
        first = origin + pd.DateOffset(months=1 + 12 * year)
        months = pd.date_range(first, periods=12, freq="MS")
        persons = at_months(residents, months).mean("month").transpose("age").to_numpy()
        rates = np.nan_to_num(fit.samples)
        if fit.later is not None:
            rates = rates * np.exp(np.sqrt(year) * fit.later)
        bands = bands_of(group.rows, group.basis, groups)
        people = np.stack([(rates * persons)[:, (low <= AGES) & (high >= AGES)].sum(axis=1) for low, high in bands])
        shares = people / people.sum(axis=0)
        for (low, high), draws in zip(bands, shares, strict=True):
            labels = (origin, group.basis, group.source, group.name, group.quality, first, months[-1], low, high)
            found.append((*labels, float(draws.mean()), draws.astype(np.float32)))
    return found
