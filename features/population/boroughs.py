"""Residents of boroughs by single year of age, past and future.

Walks in: what is known of population. Walks out: residents by borough, age and year, whose sums over ages are those of
the wards' estimates where there are any. The projection gives the path, estimates give the level: the ratio of estimate
to projection, age by age, is carried from the years that have one to the others (`features.population.cohorts`).

Estimates made before a census drift off until the next. Its correction is spread evenly over the ten years before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from features.population.cohorts import between
from features.population.known import AgeProjection, Census, PopulationKnown
from features.population.raking import smoothly_to_bands, sums_by_group

CENSUS_YEARS = 10  # from one census to the next
_NOBODY = 0.1  # persons that stand for none, so that a logarithm can be taken


@dataclass(frozen=True)
class Anchors:
    """Log ratios, (area, age), by year: `settled` of a census and later, `drifting` of estimates made before it."""

    drifting: Mapping[int, np.ndarray]
    settled: Mapping[int, np.ndarray]

    def at(self, year: int) -> np.ndarray:
        """Return the log ratio in a year; that of the drifting years is corrected by what the census found."""
        first = min(self.settled, default=None)
        if first is None or not self.drifting:
            return between(self.settled or self.drifting, year)
        if year >= first:
            return between(self.settled, year)
        share = np.clip(1 - (first - year) / CENSUS_YEARS, 0.0, 1.0)
        return between(self.drifting, year) + share * self._correction

    @cached_property
    def _correction(self) -> np.ndarray:
        first = min(self.settled)
        return self.settled[first] - between(self.drifting, first)


@dataclass(frozen=True)
class BoroughPath:
    """Residents of boroughs by age in any year: `reference` x ratio x `scales`, which meet the wards' estimates.

    `last_estimate`: last year that is estimated, not projected.
    """

    reference: AgeProjection
    anchors: Anchors
    scales: Mapping[int, np.ndarray]
    last_estimate: int

    def at(self, year: int) -> np.ndarray:
        """Return residents in a year, (borough, age)."""
        return self.unscaled(year) * self._scale(year)[:, None]

    def unscaled(self, year: int) -> np.ndarray:
        """Return the same before the wards' estimates are met."""
        return self.reference.at(year) * np.exp(self.anchors.at(year))

    def _scale(self, year: int) -> np.ndarray:
        if not self.scales:
            return np.ones(len(self.reference.persons))
        years = sorted(self.scales)
        if year > years[-1] and max(self.anchors.settled, default=0) > years[-1]:
            return np.ones(len(self.reference.persons))
        table = np.stack([self.scales[each] for each in years], axis=1)
        return np.array([np.interp(year, years, row) for row in table])


def borough_path(known: PopulationKnown) -> BoroughPath | None:
    """Return the path of the boroughs' residents; None where nothing is known of their ages."""
    reference = _reference(known)
    if reference is None:
        return None
    path = BoroughPath(reference, _anchors(known, reference), {}, _last_estimate(known))
    scales = {}
    for year, totals in known.ward_totals.items():
        wanted, found = sums_by_group(totals, known.borough), path.unscaled(year).sum(axis=1)
        scales[year] = np.divide(wanted, found, out=np.ones_like(found), where=found > 0)
    return BoroughPath(path.reference, path.anchors, scales, path.last_estimate)


def census_bands(known: PopulationKnown, census: Census) -> np.ndarray:
    """Return a census by ward and band, scaled to the wards' estimates of its year where these are known."""
    persons = census.persons
    if census.year not in known.ward_totals:
        return persons
    sums = persons.sum(axis=1)
    scale = np.divide(known.ward_totals[census.year], sums, out=np.zeros_like(sums), where=sums > 0)
    return persons * scale[:, None]


def is_settled(known: PopulationKnown, year: int) -> bool:
    """Return whether an estimate of the year is made on the basis of the newest census known."""
    return known.census is not None and year >= known.census.year


def log_ratio(persons: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return the log of persons over reference, (area, age)."""
    return np.log(np.maximum(persons, _NOBODY) / np.maximum(reference, _NOBODY))


def _reference(known: PopulationKnown) -> AgeProjection | None:
    if known.projection is not None:
        return known.projection
    if known.borough_ages:
        year = max(known.borough_ages)
        steady = known.borough_ages[year]
    elif known.ward_ages:
        year = max(known.ward_ages)
        steady = sums_by_group(known.ward_ages[year], known.borough)
    else:
        return None
    return AgeProjection(steady[:, :, None], np.array([year]), None)


def _anchors(known: PopulationKnown, reference: AgeProjection) -> Anchors:
    estimates = {year: sums_by_group(ages, known.borough) for year, ages in known.ward_ages.items()}
    estimates |= known.borough_ages
    ratios = {year: log_ratio(ages, reference.at(year)) for year, ages in estimates.items()}
    if known.census is None:
        newest = set(known.borough_ages)
        return Anchors(
            _with_history(reference, {year: ratio for year, ratio in ratios.items() if year not in newest}),
            {year: ratio for year, ratio in ratios.items() if year in newest},
        )
    settled = {year: ratio for year, ratio in ratios.items() if is_settled(known, year)}
    drifting = {year: ratio for year, ratio in ratios.items() if not is_settled(known, year)}
    # A projection made after the census, with years before it, holds a past that is rebased already.
    rebased = reference.made is not None and reference.made.year > known.census.year > reference.years[0]
    drifting = {} if rebased else _with_history(reference, drifting)
    if known.census.year not in settled:
        settled[known.census.year] = _census_ratio(known, known.census, reference, settled or drifting)
    return Anchors(drifting, settled)


def _with_history(reference: AgeProjection, drifting: Mapping[int, np.ndarray]) -> dict[int, np.ndarray]:
    # Until the year before it was made a projection holds the estimates of then.
    if reference.made is None:
        return dict(drifting)
    base = min([reference.made.year, *drifting]) - 1
    if drifting and base < reference.years[0]:
        return dict(drifting)
    return {base: np.zeros(reference.persons.shape[:2])} | dict(drifting)


def _census_ratio(
    known: PopulationKnown, census: Census, reference: AgeProjection, others: Mapping[int, np.ndarray]
) -> np.ndarray:
    """Return the log ratio in the census year: single years of age as other years have them, bands as counted."""
    bands = sums_by_group(census_bands(known, census), known.borough)
    persons = reference.at(census.year)
    if others:
        persons = persons * np.exp(between(others, census.year))
    persons = smoothly_to_bands(persons, bands, census.starts)
    found = np.add.reduceat(persons, census.starts, axis=1)
    exact = np.divide(bands, found, out=np.zeros_like(found), where=found > 0)
    widths = np.diff([*census.starts, persons.shape[1]])
    return log_ratio(persons * np.repeat(exact, widths, axis=1), reference.at(census.year))


def _last_estimate(known: PopulationKnown) -> int:
    years = [*known.ward_totals, *known.ward_ages, *known.borough_ages]
    years += [known.census.year] if known.census else []
    if known.projection is not None and known.projection.made is not None:
        years = years or [known.projection.made.year - 1]
    return max(years)


def borough_residents(path: BoroughPath, years: Sequence[int], spread: np.ndarray) -> np.ndarray:
    """Return residents, (borough, age, year), `spread` (age) being the log ratio a year of lead to the central path."""
    lead = [max(0, year - path.last_estimate) for year in years]
    return np.stack([path.at(year) * np.exp(spread * ahead) for year, ahead in zip(years, lead, strict=True)], axis=2)
