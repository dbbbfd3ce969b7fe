"""How rates by age drift over the years: what past years say of the years since the evidence ended.

Walks in: people by band of age, year by year, and residents. Walks out: yearly changes of each band's rate relative to
all ages, and draws of the drift over some years, made of such changes.

Rates of the young and of adults do not move together: in London arrests of 10 to 17 year olds fell faster than those of
adults for a decade. No direction is assumed ahead, since carrying the fall on would have made past forecasts worse
(docs/ages.md). A draw takes as many years in a row of one group, since changes persist, and goes their way or the
opposite one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from models.people.person_years import periods_of, person_years

FEWEST_PEOPLE = 100  # in a band and year: with fewer, chance moves the rate more than drift does
FEWEST_CHANGES = 5


def yearly_counts(rows: pd.DataFrame, residents: xr.DataArray, youngest: int) -> tuple[np.ndarray, np.ndarray]:
    """Return people and person-years by year and band, both (year, band); years are counted back from the newest month.

    rows : `age_evidence` of one group. Years that are not whole are left out, as are bands that begin below `youngest`.
    """
    rows = rows[rows["age_low"] >= youngest]
    last = rows["last_month"].max()
    back = (last.year - rows["last_month"].dt.year) * 12 + last.month - rows["last_month"].dt.month
    people, lived = [], []
    for _, of_year in rows.groupby(back // 12):
        periods = periods_of(of_year)
        if not np.isclose(periods["years"].sum(), 1):
            continue
        bands = of_year.groupby(["age_low", "age_high"])["count"].sum()
        by_age = person_years(periods, residents)
        people.append(bands.to_numpy(float))
        lived.append([by_age[low : high + 1].sum() for low, high in bands.index])
    return np.array(people)[::-1], np.array(lived)[::-1]


def yearly_changes(people: np.ndarray, lived: np.ndarray) -> np.ndarray:
    """Return changes from year to year of the log rate of each band less that of all ages, (change, band).

    No change where a band had too few people in a year to tell.
    """
    if len(people) < 2 or people.min() < FEWEST_PEOPLE:
        return np.empty((0, people.shape[1] if people.ndim == 2 else 0))
    overall = np.log(people.sum(axis=1) / lived.sum(axis=1))
    return np.diff(np.log(people / lived) - overall[:, np.newaxis], axis=0)


def drawn_drift(changes: Sequence[np.ndarray], years: float, number: int, generator: np.random.Generator) -> np.ndarray:
    """Return draws of the drift over some years, (draw, band), in logarithms; nil where too few changes are known.

    changes : of each group that has the same bands.
    """
    if sum(map(len, changes)) < FEWEST_CHANGES or years <= 0:
        return np.zeros((number, changes[0].shape[1]))
    told = [each for each in changes if len(each)]
    groups = generator.choice(len(told), size=number, p=np.array([len(each) for each in told]) / sum(map(len, told)))
    starts, signs = generator.random(number), generator.choice([-1.0, 1.0], size=(number, 1))
    steps = int(np.ceil(years))
    runs = np.empty((number, changes[0].shape[1]))
    for place, each in enumerate(told):
        mine = groups == place
        rows = (starts[mine, np.newaxis] * len(each) + np.arange(steps)).astype(int) % len(each)
        runs[mine] = each[rows].sum(axis=1)
    return signs * runs * (years / steps)
