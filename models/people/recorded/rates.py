"""Rates by age of a record-level extract: a smooth curve and the counts themselves, each as far as past years bear out.

Walks in: people by crime type, year and single year of age, and residents. Walks out: rates of the year ahead with
joint draws, and by how much they drift in a year after it.

Three steps. A curve for each type, which where few were recorded falls back to the curve of all types together. Shares
of bands of ages, moved from the curve towards what was recorded as far as a `Memory` of past years says. Draws: of the
curve, from its posterior; of the shares, around what is believed, as wide as that memory and the drift to come make
them. Recorded years are taken as if each had had the residents by age of the newest one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from models.people.composite_link import Curve, Grouped, fit_curves
from models.people.person_years import periods_of, person_years
from models.people.recorded.bands import bands_within, drawn_around
from models.people.recorded.memory import Memory, PastYear, believed, learned
from sources.tables.contracts import OLDEST_AGE

STARTS = np.array([0, 10, 18, 25, 35, 45, 55, 65])  # ages at which the groups begin by which memory is learnt
CURVE_MONTHS = 36  # of a curve: few enough to be of today
MOST_YEARS = 8  # of memory
# People of a band that is given a rate of its own: one that stood on fewer could be told back from a published rate.
ENOUGH_FOR_A_BAND = 50
_FURTHEST = 2.0  # of a draw of a log rate from the middle one: see `_kept_near`
_DEEPEST = -12.0  # of the shape of all types: where nobody at all was recorded it would fall without end


@dataclass(frozen=True, eq=False)
class RecordedRates:
    """Of one type: rate (age,) people a year per resident in the year ahead, samples (sample, age) of it.

    later : (sample, age) the logarithm of a factor by which the rates of a year after that drift from these.
    """

    rate: np.ndarray
    samples: np.ndarray
    later: np.ndarray


@dataclass(frozen=True, eq=False)
class _Years:
    """Recorded years, oldest first: people (type, year, age) and, for newest residents, standard; lived (year, age)."""

    people: np.ndarray
    standard: np.ndarray
    lived: np.ndarray
    lengths: np.ndarray
    middles: np.ndarray

    def until(self, year: int) -> _Years:
        """Return the years before the one at a place."""
        of_types = self.people[:, :year], self.standard[:, :year]
        return _Years(*of_types, self.lived[:year], self.lengths[:year], self.middles[:year])

    def of_curve(self) -> slice:
        """Return the newest years that together make up the months of a curve."""
        back = self.lengths[::-1].cumsum()
        return slice(len(back) - max(int((back <= CURVE_MONTHS / 12 + 1e-6).sum()), 1), len(back))


def recorded_rates(
    rows: Sequence[pd.DataFrame],
    residents: xr.DataArray,
    youngest: int,
    middle_ahead: float,
    samples: int,
    generator: np.random.Generator,
) -> list[RecordedRates]:
    """Return the rates of each type, from the youngest age on.

    rows : `age_evidence` of each type, all its years. residents : (age, year) of the force. middle_ahead : the middle
    of the year ahead, as a year. Types without people in the months of the curve are not for this function.
    """
    years = _years_of(rows, residents, youngest)
    starts = np.unique(np.maximum(STARTS - youngest, 0))
    curves = _curves(years)
    memory = learned(_past(years, starts), len(rows))
    gaps = np.diff([*years.middles, middle_ahead])
    return [_one(place, curve, years, gaps, memory, starts, samples, generator) for place, curve in enumerate(curves)]


def _one(
    place: int,
    curve: Curve,
    years: _Years,
    gaps: np.ndarray,
    memory: Memory,
    starts: np.ndarray,
    samples: int,
    generator: np.random.Generator,
) -> RecordedRates:
    newest, used, tiny = years.lived[-1] / years.lengths[-1], years.of_curve(), np.finfo(float).tiny
    smooth = _shares(_kept_near(curve.sampled(samples, generator)), newest)
    people = years.standard[place]
    bands = bands_within(people.sum(axis=0), starts, ENOUGH_FOR_A_BAND)
    widths = np.diff([*bands, len(newest)])
    of_curve = np.add.reduceat(smooth, bands, axis=1)
    only = Memory(memory.departure[[place]], memory.drift[[place]], memory.carried)
    in_bands = np.add.reduceat(people, bands, axis=1)[np.newaxis]
    mean, worth, _ = believed(of_curve[:, np.newaxis], in_bands, gaps, only)
    inside = smooth / np.repeat(np.maximum(of_curve, tiny), widths, axis=1)
    shares = inside * np.repeat(mean[:, 0], widths, axis=1)
    shares /= shares.sum(axis=1, keepdims=True)
    total = float(years.people[place, used].sum())
    level = total / float(years.lengths[used].sum()) * generator.gamma(total, 1 / total, size=(samples, 1))
    drawn = drawn_around(shares, float(worth[0]), starts, generator)
    rates = drawn * level / newest
    mean_shares = shares.mean(axis=0)
    later = drawn_around(np.tile(mean_shares, (samples, 1)), float(only.drift[0]), starts, generator)
    moved = np.log(np.maximum(later, tiny)) - np.log(np.maximum(mean_shares, tiny))
    return RecordedRates(rates.mean(axis=0), rates, moved)


def _years_of(rows: Sequence[pd.DataFrame], residents: xr.DataArray, youngest: int) -> _Years:
    """Return the newest years that any type has rows of; a year without rows of a type has nobody of it."""
    periods = periods_of(pd.concat(rows, ignore_index=True)).iloc[-MOST_YEARS:]
    ages = np.arange(youngest, residents.sizes["age"])
    lived = np.array([person_years(periods.iloc[[year]], residents)[youngest:] for year in range(len(periods))])
    lengths = periods["years"].to_numpy()
    index = pd.MultiIndex.from_product([periods["last_month"], ages])
    people = np.array(
        [
            of_type.groupby(["last_month", "age_low"])["count"].sum().reindex(index, fill_value=0).to_numpy(float)
            for of_type in rows
        ]
    ).reshape(len(rows), len(periods), len(ages))
    standard = people * (lived[-1] / lengths[-1]) / (lived / lengths[:, np.newaxis])
    kept = people.sum(axis=-1, keepdims=True) / np.maximum(standard.sum(axis=-1, keepdims=True), 1e-9)
    return _Years(people, standard * kept, lived, lengths, periods["middle"].to_numpy())


def _curves(years: _Years) -> list[Curve]:
    """Return the curve of each type over its newest years, which falls back to that of all types together."""
    used = years.of_curve()
    people, lived = years.people[:, used].sum(axis=1), years.lived[used].sum(axis=0)
    ages = np.arange(OLDEST_AGE + 1 - people.shape[1], OLDEST_AGE + 1)
    nothing = np.zeros(len(ages))
    whole = fit_curves([Grouped(people.sum(axis=0), np.diag(lived), nothing)], ages)[0].log_rate
    shape = np.maximum(whole - whole.max(), _DEEPEST)
    return fit_curves([Grouped(of_type, np.diag(lived), shape) for of_type in people], ages, -np.inf)


def _past(years: _Years, starts: np.ndarray) -> list[PastYear]:
    """Return each year but the first with what was known before it."""
    found = []
    for year in range(1, len(years.middles)):
        before = years.until(year)
        if not before.people[:, before.of_curve()].sum():
            continue
        curve = np.array([_shares(each.log_rate, before.lived[-1]) for each in _curves(before)])
        found.append(
            PastYear(
                curve=np.add.reduceat(curve, starts, axis=1),
                people=np.add.reduceat(before.standard, starts, axis=2),
                gaps=np.diff(years.middles[: year + 1]),
                came=np.add.reduceat(years.people[:, year], starts, axis=1),
            )
        )
    return found


def _kept_near(log_rates: np.ndarray) -> np.ndarray:
    """Return draws, (sample, age), none further from the middle one of its age than a factor of seven.

    Far from all ages that were recorded a log rate is drawn as a normal variable of any width. If its deviation is
    above 2.56 the mean of the rate lies above nine in ten of its own draws; cut so, it never does.
    """
    middle = np.median(log_rates, axis=0)
    return np.asarray(middle + np.clip(log_rates - middle, -_FURTHEST, _FURTHEST))


def _shares(log_rates: np.ndarray, lived: np.ndarray) -> np.ndarray:
    people = np.exp(log_rates - log_rates.max(axis=-1, keepdims=True)) * lived
    return np.asarray(people / people.sum(axis=-1, keepdims=True))
