"""How well residents are projected, by ward and by age.

    .venv/bin/python benchmarks/population.py ../shared/data

Prints the tables of docs/population.md. Estimates of past years are those published since, rebased to the Census of
2021, and the projection was made in 2017 and knew 2011 to 2016: totals test how wards move within boroughs, not what
was knowable.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from features.panel import Panel, build_panel
from features.population.age_groups import population_groups
from features.population.boroughs import borough_path, census_bands
from features.population.by_age import residents_by_age
from features.population.cohorts import STAY, carried, smoothed
from features.population.exposure import borough_totals, ward_totals
from features.population.known import Census, PopulationKnown
from features.population.raking import sums_by_group, to_margins
from features.population.variants import typical_error
from sources.read_force import read_force
from sources.tables.contracts import OLDEST_AGE

LAST_TOTAL = 2022
STUDENTS = 0.4  # log of the share of 19 to 21 over the borough's, from which a ward is one of students


def error(found: np.ndarray, came: np.ndarray) -> float:
    """Return the sum of absolute errors over the sum of what came, per cent."""
    return 100 * float(np.abs(found - came).sum() / came.sum())


def totals_to_last(known: PopulationKnown) -> pd.DataFrame:
    """Return errors, per cent, of ward totals projected from each year from 2011 to 2017 to the last estimate."""
    came = known.ward_totals[LAST_TOTAL]
    boroughs = sums_by_group(came, known.borough)[:, None]
    rows = []

    def wards(known_then: PopulationKnown, boroughs: np.ndarray) -> np.ndarray:
        totals = ward_totals(known_then, [LAST_TOTAL], boroughs)
        assert totals is not None
        return totals[:, 0]

    for year in range(2011, 2018):
        seen = {each: persons for each, persons in known.ward_totals.items() if each <= year}
        then = replace(known, ward_totals=seen, census=None, borough_ages={}, ward_ages={})
        projected = borough_totals(then, [LAST_TOTAL], "central")
        assert projected is not None
        growth = projected[:, 0] / sums_by_group(seen[year], known.borough)
        rows.append(
            {
                "from": year,
                "no change": error(seen[year], came),
                "borough growth": error(seen[year] * growth[known.borough], came),
                "projected": error(wards(then, projected), came),
                "borough known, no ward change": error(_shared(seen[year], boroughs[:, 0], known.borough), came),
                "borough known, projected": error(wards(then, boroughs), came),
            }
        )
    return pd.DataFrame(rows).set_index("from")


def _shared(wards: np.ndarray, boroughs: np.ndarray, borough: np.ndarray) -> np.ndarray:
    return wards * (boroughs / sums_by_group(wards, borough))[borough]


def ages_to_census(known: PopulationKnown, first: int = 2017) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return errors, per cent, of wards' five-year bands in the census, by way of projecting; and the stay learnt.

    Net of re-basing: each way is raked to the census's totals of wards and of boroughs by band, so that only how ages
    lie within boroughs is judged. `learnt elsewhere`: the stay of each borough is fitted on all others.
    """
    census = known.census
    assert census is not None
    came, starts, years = census_bands(known, census), census.starts, census.year - first
    before = known.ward_ages[first]
    boroughs = sums_by_group(before, known.borough)[known.borough]
    lean = smoothed(_log_quotient(before, boroughs))
    now = _boroughs_of_census(known, census)[known.borough]
    learnt, _ = fitted_stay(lean, now, came, starts, years, np.ones(len(came), dtype=bool))
    elsewhere = np.concatenate(
        [
            carried(lean[at], years, fitted_stay(lean, now, came, starts, years, known.borough != borough)[0])
            for borough, at in ((each, known.borough == each) for each in range(known.borough.max() + 1))
        ]
    )
    order = np.concatenate([np.flatnonzero(known.borough == each) for each in range(known.borough.max() + 1)])
    ways = {
        "borough's ages": np.zeros_like(lean),
        "no change": _log_quotient(before, boroughs),
        "cohorts only": carried(lean, years, np.zeros(OLDEST_AGE + 1)),
        "projected": carried(lean, years),
        "learnt elsewhere": elsewhere[np.argsort(order)],
    }
    students = lean[:, 19:22].mean(axis=1) > STUDENTS
    bands = {
        way: _raked(np.add.reduceat(now * np.exp(each), starts, axis=1), came, known) for way, each in ways.items()
    }
    groups = {
        "all": slice(None),
        "0-14": slice(0, 3),
        "15-29": slice(3, 6),
        "30-44": slice(6, 9),
        "45+": slice(9, None),
    }
    rows = {name: {way: error(each[:, at], came[:, at]) for way, each in bands.items()} for name, at in groups.items()}
    rows["student wards"] = {way: error(each[students], came[students]) for way, each in bands.items()}
    middles = np.minimum(starts + 2, OLDEST_AGE)
    stay = pd.DataFrame({"age": middles, "learnt": learnt[middles], "used": STAY[middles]}).set_index("age")
    return pd.DataFrame(rows).T, stay


def fitted_stay(
    lean: np.ndarray, now: np.ndarray, came: np.ndarray, starts: np.ndarray, years: int, wards: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the stay at each age, (age), that carries leans to the census best, by least squares band by band."""
    stayed, moved, seen = (
        _log_quotient(bands, np.broadcast_to(bands.sum(axis=0), bands.shape))
        for bands in (
            np.add.reduceat(now * np.exp(carried(lean, years, np.ones(OLDEST_AGE + 1))), starts, axis=1)[wards],
            np.add.reduceat(now * np.exp(carried(lean, years, np.zeros(OLDEST_AGE + 1))), starts, axis=1)[wards],
            came[wards],
        )
    )
    by_band = (came[wards] * (stayed - moved) * (seen - moved)).sum(axis=0)
    by_band = by_band / (came[wards] * (stayed - moved) ** 2).sum(axis=0)
    return np.interp(np.arange(OLDEST_AGE + 1), starts + 2, np.clip(by_band, 0.0, 1.0)), by_band


def _log_quotient(persons: np.ndarray, reference: np.ndarray) -> np.ndarray:
    like = reference / reference.sum(axis=1, keepdims=True) * persons.sum(axis=1, keepdims=True)
    return np.log((persons + 2) / (like + 2))


def _boroughs_of_census(known: PopulationKnown, census: Census) -> np.ndarray:
    path = borough_path(known)
    assert path is not None
    return path.at(census.year)


def _raked(bands: np.ndarray, came: np.ndarray, known: PopulationKnown) -> np.ndarray:
    return to_margins(bands, came.sum(axis=1), sums_by_group(came, known.borough), known.borough)


def growth_beside_ten_year_ages(panel: Panel, file: Path) -> pd.DataFrame:
    """Return London's residents by ten years of age, thousands, beside a regional projection of no stated date."""
    ours = residents_by_age(panel, [2023, 2025, 2028])
    assert ours is not None
    groups = [(f"{low}-{low + 9}", low, low + 9) for low in range(0, 80, 10)] + [("80 and over", 80, OLDEST_AGE)]
    ours_by_group = population_groups(ours, groups).sum("ward").to_pandas() / 1000
    theirs = pd.read_csv(file).iloc[:9].set_index(ours_by_group.index)[["2023", "2025", "2028"]]
    return ours_by_group.add_prefix("ours ").join(theirs.add_prefix("regional ")).round(0)


def variants(panel: Panel) -> pd.DataFrame:
    """Return London's residents, millions, by variant and year, and the typical error a year, per cent."""
    years = [2023, 2025, 2027, 2029]
    rows = {}
    for variant in ("low", "central", "high"):
        people = residents_by_age(panel, years, variant)
        assert people is not None
        rows[variant] = people.sum(("ward", "age")).to_pandas() / 1e6
    return pd.DataFrame(rows).T.round(3)


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data.resolve()
    panel = build_panel(read_force(data))
    known = PopulationKnown.of(panel)
    pd.set_option("display.width", 160, "display.max_columns", None)
    print(f"\nWard totals projected to {LAST_TOTAL}: error, per cent\n{totals_to_last(known).round(2)}")
    ages, stay = ages_to_census(known)
    print(f"\nAges of wards projected from 2017 to the census: error, per cent\n{ages.round(2)}\n\n{stay.round(2).T}")
    path = borough_path(known)
    assert path is not None
    typical = 100 * typical_error(path)
    print(f"\nResidents by variant, millions\n{variants(panel)}")
    shown = {age: round(float(typical[age]), 2) for age in (0, 10, 20, 30, 45, 65, 80)}
    print("Typical error a year of lead by age, per cent:", shown)
    ten_years = data / "population/ons_london_region_age10_projection_2022_2028.csv"
    print(f"\nLondon by ten years of age, thousands\n{growth_beside_ten_year_ages(panel, ten_years)}")
    started = time.perf_counter()
    residents_by_age(panel, range(2010, 2031))
    print(f"\nAll wards, ages and 21 years: {time.perf_counter() - started:.2f} seconds")


if __name__ == "__main__":
    main()
