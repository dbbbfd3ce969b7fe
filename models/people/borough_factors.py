"""How the ages of victims and suspects in a borough differ from the force's, where a record-level extract tells.

Walks in: evidence by borough, the force's rates by age, residents. Walks out: for each borough, crime type and age a
factor on the force's rates, near one where a borough has few records.

People of an age group in a borough are taken as Poisson around the force's rates x the borough's residents x a factor
of mean one whose spread is common to all boroughs of the crime type; factors are its posterior means (gamma-Poisson
shrinkage, as in Clayton & Kaldor 1987, doi:10.2307/2532003).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from features.panel import Panel
from models.people.age_curves import AGES, FittedGroup
from models.people.person_years import periods_of, person_years

# First ages of the groups within which a borough's factor is one number.
STARTS = np.array([0, 10, 18, 25, 35, 45, 55, 65])
_HARDLY_ANYONE = 1e-9  # in place of nobody, where one divides


def residents_of_boroughs(residents_by_age: xr.DataArray, known: Panel) -> xr.DataArray:
    """Return residents by borough, age and year, boroughs in order of their codes, of residents by ward."""
    of_ward = known.areas.set_index("ward_code")["borough_code"].loc[residents_by_age["ward"].to_numpy()]
    return residents_by_age.groupby(xr.DataArray(of_ward.to_numpy(object), dims="ward", name="borough")).sum()


def borough_factors(group: FittedGroup, residents: xr.DataArray) -> np.ndarray:
    """Return the factor of each borough and age on the force's rates, (borough, age).

    The factors change who the people of a borough are, not how many: a forecast of the borough says that.
    residents : (borough, age, year) persons.
    """
    people = _people(group.group.rows, residents["borough"].to_numpy())
    periods = periods_of(group.group.rows)
    lived = [person_years(periods, of_borough + _HARDLY_ANYONE) for of_borough in residents]
    expected = np.add.reduceat(np.nan_to_num(group.rate) * np.array(lived), STARTS, axis=1)
    total = np.maximum(expected.sum(axis=1, keepdims=True), _HARDLY_ANYONE)
    share = expected / total
    expected = share * people.sum(axis=1, keepdims=True)
    factors = shrunk(people, expected)
    factors /= np.maximum((factors * share).sum(axis=1, keepdims=True), _HARDLY_ANYONE)
    return factors[:, np.searchsorted(STARTS, AGES, side="right") - 1]


def shrunk(people: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return posterior means of factors on expected people, (borough, group), each row of `expected` of the row's sum.

    The factors' variance is that by which squared differences exceed what chance makes, a row's sum being given.
    """
    rows = np.maximum(expected.sum(axis=1, keepdims=True), _HARDLY_ANYONE)
    by_chance = expected * (1 - expected / rows)
    variance = ((people - expected) ** 2 - by_chance).sum() / max((expected**2).sum(), _HARDLY_ANYONE)
    if variance <= 0:
        return np.ones_like(expected)
    return np.asarray((people + 1 / variance) / (expected + 1 / variance))


def _people(rows: pd.DataFrame, boroughs: np.ndarray) -> np.ndarray:
    """Return people by borough and age group, (borough, group); those of no known borough left out."""
    inside = rows[rows["borough_code"].isin(boroughs)]
    counts = np.zeros((len(boroughs), len(STARTS)))
    place = np.searchsorted(boroughs.astype(str), inside["borough_code"].to_numpy(str))
    group = np.searchsorted(STARTS, inside["age_low"].to_numpy(), side="right") - 1
    np.add.at(counts, (place, group), inside["count"].to_numpy())
    return counts
