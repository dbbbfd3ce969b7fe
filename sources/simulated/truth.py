"""The known truth: how many offences each ward expects, and who does and suffers them.

Walks in: a `City` and its `Residents`, the months, a seed. Walks out: a `Truth`, from which `offences`
draws counts.

    expected = persons by age x rate by age x ward risk x season x trend x recording x shocks

Shocks are common to all crime types, and of each type in the force, the borough and the ward; each is
log-normal, of mean one, and persists from month to month.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.signal import lfilter

from sources.crime.crime_types import read_crime_types
from sources.simulated.city import City
from sources.simulated.residents import AGES, BASE_YEAR, Residents

BASES = ("victim", "suspect")
YOUNGEST_SUSPECT = 10  # the age of criminal responsibility in England

# Standard deviation of the logarithm and month-to-month correlation of the shocks of each level.
SHOCKS = {"common": (0.03, 0.90), "force": (0.05, 0.90), "borough": (0.06, 0.85), "ward": (0.15, 0.95)}
RECORDING_BREAK = ("SHOPLIFTING", 1.4)  # this type rises by this factor at the change month

_DAYS_IN_MONTH = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_PLAIN = 0.05  # height of the plain on which the hump of a rate stands, relative to the hump's
_DOCKS_RISK = 100.0  # hardly anyone lives there, but people come


@dataclass(frozen=True)
class Calendar:
    """The months simulated, and the position among them of what happens to the publisher.

    At `change` a new recording system starts; at `rename` residential burglary gets new names and the
    airport a label of its own; in `bad` many offences lose their ward.
    """

    months: pd.DatetimeIndex
    change: int
    rename: int
    bad: int


@dataclass(frozen=True)
class Truth:
    """Each factor of the expected offences as an array.

    `crime_types` has one row a type: its name, major type and parameters. `rates` (type, basis, age 0..90)
    are offences per resident and year at the level of the last month; those of the basis that drives the
    type make its offences, those of the other tell the ages of the other side. `risk` (type, ward) has mean
    one over residents; `season` (type, January..December) mean one over months; `trend` and `recording`
    (type, month) end at one. `common_shock` (month), `force_shock` (type, month), `borough_shock` (type,
    borough, month). `unlocated` (type, month) is the share of offences that lose their ward.
    """

    city: City
    residents: Residents
    calendar: Calendar
    crime_types: pd.DataFrame
    rates: np.ndarray
    risk: np.ndarray
    season: np.ndarray
    trend: np.ndarray
    recording: np.ndarray
    common_shock: np.ndarray
    force_shock: np.ndarray
    borough_shock: np.ndarray
    unlocated: np.ndarray

    def driving_rates(self) -> np.ndarray:
        """Return the rates that make the offences, (type, age)."""
        basis = self.crime_types["driven_by"].map(BASES.index).to_numpy()
        return self.rates[np.arange(len(basis)), basis]

    def expected(self, generator: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield for each type the expected offences and the ward shocks in them, both (ward, month)."""
        resident_demand = self._resident_demand()
        season = self.season[:, self.calendar.months.month - 1]
        of_force = season * self.trend * self.recording * self.force_shock * self.common_shock
        for position in range(len(self.crime_types)):
            ward_shock = persistent_shocks("ward", (len(self.city.wards), len(self.calendar.months)), generator)
            by_borough = of_force[position] * self.borough_shock[position]
            level = resident_demand[position] * self.risk[position][:, np.newaxis]
            yield level * by_borough[self.city.borough] * ward_shock, ward_shock

    def _resident_demand(self) -> np.ndarray:
        # Sum over ages of persons x rate, a month's twelfth, (type, ward, month).
        rates = self.driving_rates() / 12
        years = range(self.calendar.months.year.min() - 1, self.calendar.months.year.max() + 2)
        yearly = np.stack([rates @ self.residents.persons(year).T for year in years], axis=-1)
        return between_years(yearly, years[0], self.calendar.months)


def between_years(yearly: np.ndarray, first_year: int, months: pd.DatetimeIndex) -> np.ndarray:
    """Return mid-month values on straight lines between those of 30 June (last dimension: years)."""
    position = (months.year - first_year) + (months.month - 6.5) / 12
    lower = np.floor(position).astype(int)
    weight = (position - lower).to_numpy()
    return yearly[..., lower] * (1 - weight) + yearly[..., lower + 1] * weight


def persistent_shocks(level: str, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
    """Return shocks of mean one; their logarithm is a stationary AR(1) over the last dimension."""
    spread, correlation = SHOCKS[level]
    noise = generator.normal(size=shape)
    noise[..., 1:] *= np.sqrt(1 - correlation**2)
    path = lfilter([1.0], [1.0, -correlation], noise, axis=-1)
    return np.exp(spread * path - spread**2 / 2)


def plan_truth(city: City, residents: Residents, calendar: Calendar, generator: np.random.Generator) -> Truth:
    """Return the truth of one city: parameters of `crime_types.csv` beside this module, the rest drawn."""
    types = read_crime_types()[["crime_type", "major_type"]].merge(
        pd.read_csv(Path(__file__).with_name("crime_types.csv")), on="crime_type", validate="one_to_one"
    )
    number, months = len(types), calendar.months
    years_before_last = np.arange(1 - len(months), 1) / 12
    recording = np.ones((number, len(months)))
    broken, factor = RECORDING_BREAK
    recording[types["crime_type"] == broken, : calendar.change] = 1 / factor
    shock_shape = (number, len(city.boroughs), len(months))
    return Truth(
        city=city,
        residents=residents,
        calendar=calendar,
        crime_types=types,
        rates=_age_rates(types, residents.persons(months[-1].year).sum(axis=0)),
        risk=_ward_risks(types, city, residents, generator),
        season=_seasons(types),
        trend=np.exp(types["trend_per_year"].to_numpy()[:, np.newaxis] * years_before_last),
        recording=recording,
        common_shock=persistent_shocks("common", (len(months),), generator),
        force_shock=persistent_shocks("force", (number, len(months)), generator),
        borough_shock=persistent_shocks("borough", shock_shape, generator),
        unlocated=_unlocated_shares(types, calendar, generator),
    )


def _age_rates(types: pd.DataFrame, persons: np.ndarray) -> np.ndarray:
    # A log-normal hump over ages on a low plain; suspects start at ten.
    rates = np.empty((len(types), len(BASES), len(AGES)))
    for position, basis in enumerate(BASES):
        peak, width = (types[f"{basis}_{part}"].to_numpy()[:, np.newaxis] for part in ("peak", "width"))
        start = YOUNGEST_SUSPECT - 3 if basis == "suspect" else -6
        years = np.maximum(AGES - start, 0.1) / (peak - start)
        shape = np.exp(-((np.log(years) / width) ** 2) / 2) + _PLAIN * np.exp(-AGES / 40)
        if basis == "suspect":
            shape[:, AGES < YOUNGEST_SUSPECT] = 0
        per_resident = (shape @ persons) / persons.sum()
        rates[:, position] = shape * (types["offences_per_1000"].to_numpy() / 1000 / per_resident)[:, np.newaxis]
    return rates


def _ward_risks(types: pd.DataFrame, city: City, residents: Residents, generator: np.random.Generator) -> np.ndarray:
    role = city.wards["role"].to_numpy()
    centre = np.select([role == "city centre", role == "town centre", role == "station"], [1.6, 1.0, 0.9], 0.0)
    logarithm = (
        np.outer(types["deprivation_effect"], city.wards["deprivation"])
        + types["risk_spread"].to_numpy()[:, np.newaxis] * generator.normal(size=(len(types), len(role)))
        + np.outer(np.log(types["centre_factor"]), centre)
    )
    logarithm[:, role == "airport"] += np.log(types[["airport_factor"]])
    logarithm[:, role == "docks"] += np.log(_DOCKS_RISK)
    risk = np.exp(logarithm)
    return risk / np.average(risk, axis=1, weights=residents.persons(BASE_YEAR).sum(axis=1))[:, np.newaxis]


def _seasons(types: pd.DataFrame) -> np.ndarray:
    angle = (np.arange(1, 13) - types[["season_peak"]].to_numpy()) * 2 * np.pi / 12
    season = (1 + types[["season_amplitude"]].to_numpy() * np.cos(angle)) * _DAYS_IN_MONTH
    return season / season.mean(axis=1, keepdims=True)


def _unlocated_shares(types: pd.DataFrame, calendar: Calendar, generator: np.random.Generator) -> np.ndarray:
    share = 0.015 * np.exp(generator.normal(0, 0.25, len(calendar.months)))
    share[calendar.change :] += 0.02
    share[calendar.bad] = 0.18
    return np.minimum(types[["unlocated_factor"]].to_numpy() * share, 0.5)
