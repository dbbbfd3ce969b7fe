"""Population exposure: how many people live in each ward in each month of history and horizon.

Walks in: estimates and projections as known at the origin. Walks out: residents by ward and month, and their factor,
which is residents relative to the origin's. Ages are `features.population.by_age`'s, with the same totals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from features.panel import Panel
from features.population.boroughs import borough_path, borough_residents
from features.population.known import PopulationKnown
from features.population.raking import sums_by_group
from features.population.variants import variant_spread

MOMENTUM = 0.3  # share of a ward's growth beyond its borough's that goes on after the last estimate
_MOMENTUM_YEARS = 5  # over which that growth is taken


def residents(panel: Panel, months: pd.DatetimeIndex, variant: str = "central") -> xr.DataArray | None:
    """Return residents of each ward in each month, (ward, month) persons; None where nothing is known at all.

    Residents of 30 June are joined by straight lines; years before and after everything known are like the first and
    the last that are. `variant` is central, low or high. Raises `InputError` for any other.
    """
    known = PopulationKnown.of(panel)
    years = years_around(months)
    when = known.within(years)
    totals = ward_totals(known, when, borough_totals(known, when, variant))
    if totals is None:
        return None
    by_year = xr.DataArray(totals, dims=("ward", "year"), coords={"ward": known.wards, "year": years})
    return at_months(by_year, months).rename("residents")


def population_factor(
    panel: Panel, origin: pd.Timestamp, months: pd.DatetimeIndex, variant: str = "central"
) -> xr.DataArray:
    """Return residents relative to those of the origin month, (ward, month); 1 where no population is known.

    `panel` must be as known at the origin. A ward without residents (an airport, a station) keeps the factor 1.
    """
    wanted = months.union([origin])
    people = residents(panel, wanted, variant)
    if people is None:
        ones = np.ones((len(panel.areas), len(months)))
        wards = panel.areas["ward_code"].to_numpy(object)
        return xr.DataArray(ones, dims=("ward", "month"), coords={"ward": wards, "month": months})
    base = people.sel(month=origin, drop=True)
    return (people.sel(month=months) / base.where(base > 0)).fillna(1.0).rename("population")


def at_months(by_year: xr.DataArray, months: pd.DatetimeIndex) -> xr.DataArray:
    """Return an array of 30 June of some years, with the dimension month in place of year, joined by straight lines.

    Months stand at their middle; before the first and after the last year given the ends are held.
    """
    years = by_year["year"].to_numpy() + 0.5
    when = months.year.to_numpy() + (months.month.to_numpy() - 0.5) / 12
    right = np.clip(np.searchsorted(years, when), 1, max(len(years) - 1, 1))
    left = right - 1
    right = np.minimum(right, len(years) - 1)
    span = np.where(right > left, years[right] - years[left], 1.0)
    weight = xr.DataArray(np.clip((when - years[left]) / span, 0.0, 1.0), dims="month", coords={"month": months})
    before, after = (by_year.isel(year=xr.DataArray(place, dims="month")).drop_vars("year") for place in (left, right))
    return (before * (1 - weight) + after * weight).transpose(*("month" if d == "year" else d for d in by_year.dims))


def borough_totals(known: PopulationKnown, years: Sequence[int], variant: str) -> np.ndarray | None:
    """Return residents of boroughs, (borough, year); None where nothing is known of the ages of any borough."""
    path = borough_path(known)
    if path is None:
        return None
    return borough_residents(path, years, variant_spread(path, variant)).sum(axis=1)


def ward_totals(known: PopulationKnown, years: Sequence[int], boroughs: np.ndarray | None) -> np.ndarray | None:
    """Return residents of wards on 30 June, (ward, year) persons, whose sums are those of `boroughs`, (borough, year).

    A ward's share of its borough is that of the estimates, joined by straight lines. It is held before the first; after
    the last it goes on moving, by part of its pace in the five years before, or as the projection of wards has it.
    Where no estimate of wards is known yet, a borough's wards are alike: then only growth means anything.
    """
    estimates = _estimates_of_wards(known)
    if boroughs is None:
        if not estimates:
            return None
        boroughs = np.stack([sums_by_group(_joined(estimates, year), known.borough) for year in years], axis=1)
    shares = np.stack([_weight(known, estimates, year) for year in years], axis=1)
    sums = sums_by_group(shares, known.borough)[known.borough]
    shares = np.divide(shares, sums, out=np.zeros_like(shares), where=sums > 0)
    return shares * boroughs[known.borough]


def _estimates_of_wards(known: PopulationKnown) -> Mapping[int, np.ndarray]:
    """Return residents of wards by year; before the estimates of all ages are known, of what is known by age."""
    if known.ward_totals:
        return known.ward_totals
    by_age = {year: ages.sum(axis=1) for year, ages in known.ward_ages.items()}
    if known.census is None or not by_age:
        return by_age if known.census is None else {known.census.year: known.census.persons.sum(axis=1)}
    # The census says how many they are, the estimates before it how they had moved until their last year.
    counted, last = known.census.persons.sum(axis=1), max(by_age)
    earlier = {
        year: counted * np.divide(persons, by_age[last], out=np.ones_like(persons), where=by_age[last] > 0)
        for year, persons in by_age.items()
        if year < known.census.year
    }
    return earlier | {known.census.year: counted}


def _joined(estimates: Mapping[int, np.ndarray], year: int) -> np.ndarray:
    years = sorted(estimates)
    if year in estimates or not years[0] < year < years[-1]:
        return estimates[int(np.clip(year, years[0], years[-1]))]
    after = next(each for each in years if each > year)
    before = max(each for each in years if each < year)
    weight = (year - before) / (after - before)
    return estimates[before] * (1 - weight) + estimates[after] * weight


def _weight(known: PopulationKnown, estimates: Mapping[int, np.ndarray], year: int) -> np.ndarray:
    """Return what wards weigh within their borough in a year, (ward)."""
    if not estimates:
        return np.ones(len(known.wards)) if known.ward_projection is None else known.ward_projection.at(year).sum(1)
    last = max(estimates)
    held = _joined(estimates, year)
    if year <= last:
        return held
    if known.ward_projection is not None:
        now, then = (known.ward_projection.at(each).sum(axis=1) for each in (year, last))
        return held * np.divide(now, then, out=np.ones_like(then), where=then > 0)
    return held * np.exp(MOMENTUM * _pace(estimates, last) * (year - last))


def _pace(estimates: Mapping[int, np.ndarray], last: int) -> np.ndarray:
    """Return log growth a year up to the last estimate, (ward); zero where there was nobody or is but one estimate."""
    first = min(year for year in estimates if year >= last - _MOMENTUM_YEARS)
    if first == last:
        return np.zeros(len(estimates[last]))
    before, after = estimates[first], estimates[last]
    lived_in = (before > 0) & (after > 0)
    return np.where(lived_in, np.log(np.where(lived_in, after / np.where(before > 0, before, 1), 1)), 0) / (
        last - first
    )


def years_around(months: pd.DatetimeIndex) -> list[int]:
    """Return the years whose 30 June the months lie between."""
    return list(range(months[0].year - 1, months[-1].year + 2))
