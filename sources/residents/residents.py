"""Residents of one force, from whichever of its files there are.

Walks in: a data folder and its areas. Walks out: `Residents`; a table whose file the force lacks has no rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from sources.catalogue.data_folder import DataFolder
from sources.files.errors import InputError
from sources.places.geography import is_lsoa
from sources.residents.agreement import force_totals, refuse_disagreement
from sources.residents.census_bands import read_ward_population_by_band
from sources.residents.estimates import (
    ESTIMATE,
    known_year_by_year,
    lsoa_population,
    read_borough_estimates_by_age,
    read_ward_population,
    read_ward_population_by_age,
    ward_population_from_lsoa,
)
from sources.residents.projections import read_borough_projection, read_ward_projection
from sources.tables.contracts import POPULATION_BY_AGE, POPULATION_BY_BAND, WARD_POPULATION, checked, no_rows


@dataclass(frozen=True)
class Residents:
    """Residents by ward and by borough; each table keeps its contract in `contracts.py`."""

    of_wards: pd.DataFrame
    of_wards_by_age: pd.DataFrame
    of_wards_by_band: pd.DataFrame
    of_boroughs_by_age: pd.DataFrame


def read_residents(folder: DataFolder, areas: pd.DataFrame) -> Residents:
    """Return everything that the folder holds of residents.

    Raises
    ------
    InputError
        When a file cannot be read, or lacks a ward, borough, year or age that it should have; when two files are of
        different people.
    """
    estimates = _read_by_age(folder, "borough_estimates_by_age", read_borough_estimates_by_age, areas)
    projection = _read_by_age(folder, "borough_projection", read_borough_projection, areas)
    boroughs = pd.concat([estimates, projection], ignore_index=True)
    residents = Residents(
        of_wards=_read_ward_population(folder, areas),
        of_wards_by_age=_read_ward_population_by_age(folder, areas),
        of_wards_by_band=_read_ward_population_by_band(folder, areas),
        of_boroughs_by_age=checked(POPULATION_BY_AGE, boroughs, folder.path),
    )
    refuse_disagreement(_totals(residents))
    return residents


def _totals(residents: Residents) -> dict[str, pd.Series]:
    """Return persons of the whole force by year, by the name of each dataset."""
    estimated = {
        name: table["variant"] == ESTIMATE
        for name, table in (("wards", residents.of_wards_by_age), ("boroughs", residents.of_boroughs_by_age))
    }
    tables = {
        "ward_population": residents.of_wards,
        "ward_population_by_age": residents.of_wards_by_age[estimated["wards"]],
        "ward_projection": residents.of_wards_by_age[~estimated["wards"]],
        "ward_population_by_band": residents.of_wards_by_band,
        "borough_estimates_by_age": residents.of_boroughs_by_age[estimated["boroughs"]],
        "borough_projection": residents.of_boroughs_by_age[~estimated["boroughs"]],
    }
    return {name: force_totals(table) for name, table in tables.items()}


def refuse_late_projection(folder: DataFolder, residents: Residents, last_month: pd.Timestamp) -> None:
    """Raise InputError where the boroughs' projection starts after the last month of history."""
    by_age = residents.of_boroughs_by_age
    projection = by_age[by_age["variant"] != ESTIMATE]
    if projection.empty:
        return
    first = int(projection["year"].min())
    if pd.Timestamp(first, 6, 30) > last_month + pd.offsets.MonthEnd(0):
        raise InputError(
            f"The projection starts on 30 June {first}, after the history ends in {last_month:%Y-%m}",
            file=folder.one("borough_projection"),
            column=str(first),
            remedy="Supply a projection that has a year within the history, so that the two can be joined.",
        )


def _read_by_age(
    folder: DataFolder, name: str, read: Callable[[Path, date, pd.DataFrame], pd.DataFrame], areas: pd.DataFrame
) -> pd.DataFrame:
    """Return residents by age from one dataset, none where the force has no such file."""
    return read(*folder.dated(name), areas) if folder.has(name) else no_rows(POPULATION_BY_AGE)


def _read_ward_population(folder: DataFolder, areas: pd.DataFrame) -> pd.DataFrame:
    """Return residents by ward as supplied, or made of LSOAs where only these are, or none where the force has none."""
    if folder.has("ward_population"):
        return read_ward_population(*folder.dated("ward_population"), areas)
    if not folder.has("lsoa_population"):
        return no_rows(WARD_POPULATION)
    lsoas, day = folder.dated("lsoa_population")
    if is_lsoa(areas["ward_code"]).all():
        return lsoa_population(lsoas, day, areas)
    return ward_population_from_lsoa(lsoas, folder.one("lsoa_weights"), day, areas)


def _read_ward_population_by_age(folder: DataFolder, areas: pd.DataFrame) -> pd.DataFrame:
    """Return residents by ward and single year of age: estimates, and the projection where the folder has one."""
    estimates = _read_by_age(folder, "ward_population_by_age", read_ward_population_by_age, areas)
    if "ward_population_by_age" not in folder.force.known_from:
        estimates = known_year_by_year(estimates, folder.catalogue["ward_population_by_age"].known_from_by_year)
    projection = _read_by_age(folder, "ward_projection", read_ward_projection, areas)
    return checked(POPULATION_BY_AGE, pd.concat([estimates, projection], ignore_index=True), folder.path)


def _read_ward_population_by_band(folder: DataFolder, areas: pd.DataFrame) -> pd.DataFrame:
    """Return residents by ward and band of age at the census, or an empty table where the folder has no such file."""
    if not folder.has("ward_population_by_band"):
        return no_rows(POPULATION_BY_BAND)
    return read_ward_population_by_band(*folder.dated("ward_population_by_band"), areas)
