"""What a panel knows of population, as arrays over its wards and boroughs.

Walks in: the panel's tables of estimates and projections. Walks out: `PopulationKnown`. The newest projection counts,
and where projections of wards are known they count instead of those of boroughs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.panel import Panel
from features.population.raking import sums_by_group
from sources.tables.contracts import OLDEST_AGE

ESTIMATE = "estimate"


@dataclass(frozen=True)
class AgeProjection:
    """A projection: `persons` (area, age 0..90, year), `years` ascending without gaps, when it was `made`.

    What stands in for a projection where none is known was never made.
    """

    persons: np.ndarray
    years: np.ndarray
    made: pd.Timestamp | None

    def at(self, year: int) -> np.ndarray:
        """Return persons in a year, (area, age); before its first and after its last year those of that year."""
        return self.persons[:, :, int(np.clip(year - self.years[0], 0, len(self.years) - 1))]


@dataclass(frozen=True)
class Census:
    """A census: residents of wards by band of age, (ward, band), and the first age of each band."""

    year: int
    starts: np.ndarray
    persons: np.ndarray


@dataclass(frozen=True)
class PopulationKnown:
    """Estimates and projections in the order of the panel's wards, and of boroughs as they first appear there.

    ward_totals : (ward) persons by year. ward_ages : (ward, age) by year, not rebased to the census.
    borough_ages : (borough, age) by year. borough : (ward) position of its borough.
    """

    wards: np.ndarray
    borough: np.ndarray
    ward_totals: Mapping[int, np.ndarray]
    ward_ages: Mapping[int, np.ndarray]
    census: Census | None
    borough_ages: Mapping[int, np.ndarray]
    projection: AgeProjection | None
    ward_projection: AgeProjection | None

    @classmethod
    def of(cls, panel: Panel) -> PopulationKnown:
        """Gather what the panel knows."""
        wards = panel.areas["ward_code"].to_numpy(object)
        borough, boroughs = pd.factorize(panel.areas["borough_code"])
        codes = boroughs.to_numpy(object)
        of_wards, of_boroughs = panel.ward_population_by_age, panel.borough_population_by_age
        ward_projection = _newest_projection(of_wards, wards)
        projection = _newest_projection(of_boroughs, codes)
        if ward_projection is not None:
            by_borough = sums_by_group(ward_projection.persons, borough)
            projection = AgeProjection(by_borough, ward_projection.years, ward_projection.made)
        return cls(
            wards=wards,
            borough=borough,
            ward_totals=_totals(panel.ward_population, wards),
            ward_ages=_by_age(_estimates(of_wards), wards),
            census=_newest_census(panel.ward_population_by_band, wards),
            borough_ages=_by_age(_estimates(of_boroughs), codes),
            projection=projection,
            ward_projection=ward_projection,
        )

    def within(self, years: Sequence[int]) -> list[int]:
        """Return the years, those before and after everything known replaced by the first and the last that are."""
        known = [*self.ward_totals, *self.ward_ages, *self.borough_ages]
        known += [self.census.year] if self.census else []
        known += [int(self.projection.years[0]), int(self.projection.years[-1])] if self.projection else []
        return [int(np.clip(year, min(known), max(known))) if known else int(year) for year in years]


def _estimates(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["variant"] == ESTIMATE]


def _totals(table: pd.DataFrame, wards: np.ndarray) -> dict[int, np.ndarray]:
    estimates = _estimates(table)
    years, when = np.unique(estimates["year"].to_numpy(), return_inverse=True)
    persons = np.zeros((len(wards), len(years)))
    persons[_places(estimates["ward_code"], wards), when] = estimates["persons"]
    return {int(year): persons[:, place] for place, year in enumerate(years)}


def _by_age(table: pd.DataFrame, areas: np.ndarray) -> dict[int, np.ndarray]:
    """Return (area, age) persons by year."""
    years, when = np.unique(table["year"].to_numpy(), return_inverse=True)
    persons = np.zeros((len(years), len(areas), OLDEST_AGE + 1))
    persons[when, _places(table["area_code"], areas), table["age"].to_numpy()] = table["persons"]
    return {int(year): persons[place] for place, year in enumerate(years)}


def _newest_projection(table: pd.DataFrame, areas: np.ndarray) -> AgeProjection | None:
    projected = table[table["variant"] != ESTIMATE]
    if projected.empty:
        return None
    made = projected["known_from"].max()
    by_year = _by_age(projected[projected["known_from"] == made], areas)
    return AgeProjection(np.stack(list(by_year.values()), axis=2), np.array(list(by_year)), made)


def _newest_census(table: pd.DataFrame, wards: np.ndarray) -> Census | None:
    if table.empty:
        return None
    year = int(table["year"].max())
    newest = table[table["year"] == year]
    starts, band = np.unique(newest["age_low"].to_numpy(), return_inverse=True)
    persons = np.zeros((len(wards), len(starts)))
    persons[_places(newest["area_code"], wards), band] = newest["persons"]
    return Census(year, starts, persons)


def _places(codes: pd.Series, areas: np.ndarray) -> np.ndarray:
    row, distinct = pd.factorize(codes)
    return pd.Index(areas).get_indexer(distinct)[row]
