"""Curves by age of the groups of one source, with the share of offences that has a person of known age.

Walks in: the groups by which a source counts people, the panel as known at the origin, residents by age. Walks out: a
`FittedGroup` each: rates by single year of age and known shares, with joint draws of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
import xarray as xr

from features.panel import Panel
from models.people.adult_shape import SHAPE_FROM, adult_shapes
from models.people.age_drift import drawn_drift, yearly_changes, yearly_counts
from models.people.composite_link import Curve, Grouped, fit_curves, straight_before
from models.people.evidence_groups import EvidenceGroup
from models.people.person_years import offences_a_year, offences_of_force, periods_of, person_years
from models.people.recorded.rates import recorded_rates
from sources.ages.arrests import ARRESTS
from sources.ages.stops import STOPS_ENDING_IN_ARREST
from sources.crime.incidents import RECORD_LEVEL_EXTRACT
from sources.tables.contracts import OLDEST_AGE

YOUNGEST_SUSPECT = 10  # the age of criminal responsibility in England and Wales
ENOUGH_PEOPLE = 1000  # a year, for the newest year alone to tell the known share

AGES = np.arange(OLDEST_AGE + 1)
_LEVEL_ONLY_ABOVE = (ARRESTS, STOPS_ENDING_IN_ARREST)  # their adults take the shape of another source
_ROBUST = 0.6745  # a normal variable lies within so many standard deviations half of the time
_Rates: TypeAlias = tuple[np.ndarray, np.ndarray, np.ndarray | None]


@dataclass(frozen=True, eq=False)
class FittedGroup:
    """Rates of one group: rate (age,) people a year per resident of the age; samples (sample, age) of it.

    later : (sample, age) the logarithm of a factor by which the rates of a year drift until the next; None where the
        drift of years ahead is not told.

    known_share, known_share_samples : people a year for each offence a year, at most one. share_of_offences : of the
    offences that the group counts, those of each of its members.
    """

    group: EvidenceGroup
    rate: np.ndarray
    samples: np.ndarray
    known_share: float
    known_share_samples: np.ndarray
    share_of_offences: pd.Series
    later: np.ndarray | None = None


def fit_groups(
    groups: Sequence[EvidenceGroup],
    known: Panel,
    residents: xr.DataArray,
    samples: int,
    generator: np.random.Generator,
) -> list[FittedGroup]:
    """Return the fits of the groups of one source and basis. residents : (age, year) of the force on 30 June."""
    offences = offences_of_force(known)
    history = [_whole_history(group, known) for group in groups]
    recorded = groups[0].source == RECORD_LEVEL_EXTRACT
    rates_of = _recorded if recorded else _curved
    rates = rates_of(groups, history, known, residents, samples, generator)
    known_shares = _known_shares(groups, history, offences, known, samples, generator)
    fitted = []
    for group, (rate, sampled, later), shares in zip(groups, rates, known_shares, strict=True):
        counted = offences_a_year(offences, periods_of(group.rows), group.counted)
        share_of_offences = counted / counted.sum() if counted.sum() > 0 else counted * 0 + 1 / len(counted)
        fitted.append(FittedGroup(group, rate, sampled, *shares, share_of_offences, later))
    return fitted


def _recorded(
    groups: Sequence[EvidenceGroup],
    history: Sequence[pd.DataFrame],
    known: Panel,
    residents: xr.DataArray,
    samples: int,
    generator: np.random.Generator,
) -> list[_Rates]:
    """Return rates, samples and drift of a year for each group of an extract, all (..., age)."""
    basis = groups[0].basis
    youngest = YOUNGEST_SUSPECT if basis == "suspect" else 0
    ahead = known.last_month.year + (known.last_month.month + 6) / 12
    found = recorded_rates(history, residents, youngest, ahead, samples, generator)
    return [
        (
            _all_ages(each.rate[np.newaxis], youngest, basis)[0],
            _all_ages(each.samples, youngest, basis),
            np.pad(each.later, ((0, 0), (youngest, 0))),
        )
        for each in found
    ]


def _curved(
    groups: Sequence[EvidenceGroup],
    history: Sequence[pd.DataFrame],
    known: Panel,
    residents: xr.DataArray,
    samples: int,
    generator: np.random.Generator,
) -> list[_Rates]:
    """Return rates and samples of each group of a published source, from smooth curves."""
    basis, source = groups[0].basis, groups[0].source
    shapes = adult_shapes(known.age_evidence) if source in _LEVEL_ONLY_ABOVE else {}
    grouped = [_grouped(group, residents, shapes.get(group.name)) for group in groups]
    youngest = int(np.flatnonzero(grouped[0].person_years.any(axis=0))[0])
    told = [Grouped(each.count, each.person_years[:, youngest:], each.shape[youngest:]) for each in grouped]
    curves = fit_curves(told, AGES[youngest:], SHAPE_FROM if shapes else np.inf)
    changes = [_changes(rows, residents, basis) for rows in history]
    found: list[_Rates] = []
    for group, curve, each in zip(groups, curves, told, strict=True):
        since = _years_since(group.rows, known)
        drift = _drift(changes, group, curve, each.person_years.sum(axis=0), since, samples, generator)
        rate = _all_ages(np.exp(curve.log_rate[np.newaxis]), youngest, basis)[0]
        sampled = _all_ages(np.exp(curve.sampled(samples, generator) + drift), youngest, basis)
        found.append((rate, sampled, None))
    return found


def _grouped(group: EvidenceGroup, residents: xr.DataArray, adult_shape: np.ndarray | None) -> Grouped:
    lived = person_years(periods_of(group.rows), residents)
    bands = group.rows.groupby(["age_low", "age_high"])["count"].sum()
    count = bands.to_numpy(float)
    inside = np.array([(low <= AGES) & (high >= AGES) for low, high in bands.index], dtype=float)
    shape = np.zeros(len(AGES))
    if adult_shape is not None:
        shape[SHAPE_FROM:] = adult_shape
        shape[:SHAPE_FROM] = straight_before(SHAPE_FROM, adult_shape)
    return Grouped(count, inside * lived, shape)


def _all_ages(told: np.ndarray, youngest: int, basis: str) -> np.ndarray:
    """Return rates of all ages from those told: missing below the youngest, of suspects nil below ten."""
    rates = np.full((len(told), len(AGES)), np.nan)
    rates[:, youngest:] = told
    if basis == "suspect":
        rates[:, :YOUNGEST_SUSPECT] = 0.0
    return rates


def _whole_history(group: EvidenceGroup, known: Panel) -> pd.DataFrame:
    evidence = known.age_evidence
    same = (evidence["source"] == group.source) & (evidence["basis"] == group.basis)
    return evidence[same & (evidence["crime_type"] == group.name)]


def _changes(rows: pd.DataFrame, residents: xr.DataArray, basis: str) -> np.ndarray:
    return yearly_changes(*yearly_counts(rows, residents, YOUNGEST_SUSPECT if basis == "suspect" else 0))


def _drift(
    changes: Sequence[np.ndarray],
    group: EvidenceGroup,
    curve: Curve,
    lived: np.ndarray,
    years: float,
    samples: int,
    generator: np.random.Generator,
) -> np.ndarray:
    """Return draws of the log rate's drift from the evidence to the origin, (sample, age), the mean rate kept.

    Between the mean ages of the people of two bands the drift changes on a straight line.
    """
    youngest = OLDEST_AGE + 1 - len(lived)
    people = np.exp(curve.log_rate) * lived
    floor = YOUNGEST_SUSPECT if group.basis == "suspect" else 0
    bands = sorted({(low, high) for low, high in zip(group.rows["age_low"], group.rows["age_high"], strict=True)})
    bands = [(low - youngest, high - youngest) for low, high in bands if low >= floor]
    ages = AGES[youngest:]
    centres = [np.average(ages[low : high + 1], weights=people[low : high + 1]) for low, high in bands]
    by_band = drawn_drift(changes, years, samples, generator)
    drift = np.stack([np.interp(ages, centres, one) for one in by_band])
    return drift - np.log(np.exp(drift) @ people / people.sum())[:, np.newaxis]


def _years_since(rows: pd.DataFrame, known: Panel) -> float:
    periods = periods_of(rows)
    middle = float(np.average(periods["middle"], weights=periods["years"]))
    return max(known.last_month.year + known.last_month.month / 12 - middle, 0.0)


def _known_shares(
    groups: Sequence[EvidenceGroup],
    history: Sequence[pd.DataFrame],
    offences: pd.DataFrame,
    known: Panel,
    samples: int,
    generator: np.random.Generator,
) -> list[tuple[float, np.ndarray]]:
    """Return for each group the share of offences with a person of known age, and draws of it.

    Of an extract it is a share of records (Jeffreys' interval). Of a published count it is people for each offence, at
    most one, in the newest year; its logarithm then takes a random walk with the steps of past years.
    """
    found = []
    step = 0.0 if groups[0].source == RECORD_LEVEL_EXTRACT else _yearly_step(groups, history, offences)
    for group in groups:
        rows = group.rows
        if group.source == RECORD_LEVEL_EXTRACT:
            people, of_offences = _people_and_offences(rows, group, offences)
            of_offences = max(of_offences, people)
            draws = generator.beta(people + 0.5, of_offences - people + 0.5, size=samples)
        else:
            newest = rows[rows["last_month"] > rows["last_month"].max() - pd.DateOffset(months=12)]
            rows = newest if newest["count"].sum() >= ENOUGH_PEOPLE else rows
            people, of_offences = _people_and_offences(rows, group, offences)
            spread = np.sqrt(step**2 * _years_since(rows, known) + 1 / people + 1 / of_offences)
            draws = people / of_offences * np.exp(spread * generator.normal(size=samples))
        found.append((min(people / of_offences, 1.0), np.minimum(draws, 1.0)))
    return found


def _people_and_offences(rows: pd.DataFrame, group: EvidenceGroup, offences: pd.DataFrame) -> tuple[float, float]:
    """Return people of an age that counts, and the offences, one at least, that the group counts in the same months."""
    youngest = YOUNGEST_SUSPECT if group.basis == "suspect" else 0
    people = float(rows.loc[rows["age_high"] >= youngest, "count"].sum())
    periods = periods_of(rows)
    a_year = float(offences_a_year(offences, periods, group.counted).sum())
    return people, max(a_year * float(periods["years"].sum()), 1.0)


def _yearly_step(groups: Sequence[EvidenceGroup], history: Sequence[pd.DataFrame], offences: pd.DataFrame) -> float:
    """Return the standard deviation of a year's change of log known share, from the median change of all groups."""
    steps: list[float] = []
    for group, rows in zip(groups, history, strict=True):
        rows = rows[rows["first_month"] >= offences.index[0]]
        last = rows["last_month"].max()
        back = ((last.year - rows["last_month"].dt.year) * 12 + last.month - rows["last_month"].dt.month) // 12
        pairs = [_people_and_offences(of_year, group, offences) for _, of_year in rows.groupby(back)]
        shares = np.array([people / of_offences for people, of_offences in pairs if people >= ENOUGH_PEOPLE])
        steps += np.abs(np.diff(np.log(shares))).tolist()
    return float(np.median(steps)) / _ROBUST if steps else 0.0
