"""Residents of wards by single year of age, past and future.

Walks in: a panel, which holds estimates and projections as known at its origin. Walks out: residents by ward, age and
year on 30 June. Totals of wards and ages of boroughs are met exactly; within them a ward's ages lean from its borough's
as estimates and census found them to, carried along cohorts (`features.population.cohorts`). docs/population.md
tells the method.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from features.panel import Panel
from features.population.age_groups import AGE_GROUPS, population_groups
from features.population.boroughs import (
    Anchors,
    BoroughPath,
    borough_path,
    borough_residents,
    census_bands,
    is_settled,
    log_ratio,
)
from features.population.cohorts import between, smoothed
from features.population.exposure import ward_totals
from features.population.known import Census, PopulationKnown
from features.population.raking import smoothly_to_bands, sums_by_group, to_bands_and_columns, to_margins
from features.population.variants import variant_spread
from sources.tables.contracts import OLDEST_AGE

__all__ = ["AGE_GROUPS", "population_groups", "residents_by_age"]

_FEW = 2.0  # persons of each age added before a ward's lean is taken: chance is no lean


def residents_by_age(panel: Panel, years: Sequence[int], variant: str = "central") -> xr.DataArray | None:
    """Return residents on 30 June by ward and single year of age, (ward, age 0..90, year) persons; 90 is 90 and over.

    None where nothing is known of anyone's age. `variant` is central, low or high; years before and after everything
    known are like the first and the last that are. A ward without residents has none of any age. Raises `InputError`
    for any other variant.
    """
    known = PopulationKnown.of(panel)
    path = borough_path(known)
    if path is None:
        return None
    when = known.within(years)
    boroughs = borough_residents(path, when, variant_spread(path, variant))
    totals = ward_totals(known, when, boroughs.sum(axis=1))
    assert totals is not None
    leans = _leans(known, path)
    persons = [
        to_margins(
            _reference(known, boroughs[:, :, place], year) * np.exp(leans.at(year)),
            totals[:, place],
            boroughs[:, :, place],
            known.borough,
        )
        for place, year in enumerate(when)
    ]
    return xr.DataArray(
        np.stack(persons, axis=2),
        dims=("ward", "age", "year"),
        coords={"ward": known.wards, "age": np.arange(OLDEST_AGE + 1), "year": list(years)},
        name="residents",
    )


def _reference(known: PopulationKnown, boroughs: np.ndarray, year: int) -> np.ndarray:
    """Return what wards' ages are compared with, (ward, age): their borough's, or the projection of wards."""
    return boroughs[known.borough] if known.ward_projection is None else known.ward_projection.at(year)


def _lean(known: PopulationKnown, persons: np.ndarray, year: int, few: float = 0.0) -> np.ndarray:
    """Return the log of each ward's persons over its reference's of the same size, (ward, age), `few` added to both."""
    reference = _reference(known, sums_by_group(persons, known.borough), year)
    sizes, reference_sizes = persons.sum(axis=1, keepdims=True), reference.sum(axis=1, keepdims=True)
    like = reference * np.divide(sizes, reference_sizes, out=np.zeros_like(sizes), where=reference_sizes > 0)
    return log_ratio(persons + few, like + few)


def _leans(known: PopulationKnown, path: BoroughPath) -> Anchors:
    estimated = {year: smoothed(_lean(known, ages, year, _FEW)) for year, ages in known.ward_ages.items()}
    settled = {year: lean for year, lean in estimated.items() if is_settled(known, year)}
    drifting = {year: lean for year, lean in estimated.items() if not is_settled(known, year)}
    if known.census is not None and known.census.year not in settled:
        year = known.census.year
        settled[year] = _lean(known, _census_ages(known, known.census, path, drifting or settled), year)
    if not drifting and not settled:
        drifting[path.last_estimate] = np.zeros((len(known.wards), OLDEST_AGE + 1))
    return Anchors(drifting, settled)


def _census_ages(known: PopulationKnown, census: Census, path: BoroughPath, leans: dict[int, np.ndarray]) -> np.ndarray:
    """Return residents of the census year, (ward, age): bands as counted, single years as of other estimates."""
    bands = census_bands(known, census)
    columns = _columns_of_bands(path.at(census.year), sums_by_group(bands, known.borough), census.starts)
    guess = columns[known.borough] if known.ward_projection is None else known.ward_projection.at(census.year)
    if leans:
        guess = guess * np.exp(between(leans, census.year))
    guess = smoothly_to_bands(guess, bands, census.starts)
    return to_bands_and_columns(guess, bands, census.starts, columns, known.borough)


def _columns_of_bands(boroughs: np.ndarray, bands: np.ndarray, starts: np.ndarray) -> np.ndarray:
    # They agree but for rounding, unless an estimate by age stands in the census year itself.
    found = np.add.reduceat(boroughs, starts, axis=1)
    scale = np.divide(bands, found, out=np.zeros_like(found), where=found > 0)
    return boroughs * np.repeat(scale, np.diff([*starts, boroughs.shape[1]]), axis=1)
