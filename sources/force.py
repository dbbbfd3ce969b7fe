"""Everything known of one force, read from its data folder.

Walks in: a folder laid out as `catalogue.toml` says. Walks out: `ForceTables`, the canonical tables with what
was found on the way (manifest, overlaps of editions, quarantined rows), savable to and loadable from Parquet.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import pandas as pd

from sources.catalogue import FORCE_ENTRY, check_complete, load_catalogue, read_force_entry
from sources.contracts import POPULATION_BY_AGE, WARD_PROFILE, InputError, checked
from sources.crime_types import read_crime_types
from sources.demography import read_ward_profile
from sources.geography import read_areas, read_borough_boundaries, read_ward_boundaries
from sources.manifest import DataFolder, manifest
from sources.population import (
    read_borough_estimates_by_age,
    read_borough_projection,
    read_ward_population,
    read_ward_population_by_age,
    ward_population_from_lsoa,
)
from sources.recorded_crime import read_recorded_crime

FORCE_FILE = "force.json"


@dataclass(frozen=True)
class Force:
    """Who the force is: its name, its code (ONS police force area), and whether it is simulated."""

    name: str
    code: str
    simulated: bool


@dataclass(frozen=True)
class ForceTables:
    """The canonical tables of one force; each keeps the contract of the same name in `contracts.py`.

    `age_profile`: single years of age, of a record-level extract; empty where there is none.
    `overlaps`: columns dataset, other, month, offences, other_offences, difference (share of other).
    `ward_boundaries`, `borough_boundaries`: code, geometry (WGS84).
    """

    force: Force
    areas: pd.DataFrame
    crime_types: pd.DataFrame
    offences: pd.DataFrame
    unlocated_offences: pd.DataFrame
    borough_offences: pd.DataFrame
    age_profile: pd.DataFrame
    ward_population: pd.DataFrame
    ward_population_by_age: pd.DataFrame
    borough_population_by_age: pd.DataFrame
    ward_profile: pd.DataFrame
    ward_boundaries: gpd.GeoDataFrame
    borough_boundaries: gpd.GeoDataFrame
    overlaps: pd.DataFrame
    quarantine: pd.DataFrame
    manifest: pd.DataFrame


def read_force(data: Path, progress: Callable[[str], None] | None = None) -> ForceTables:
    """Read, check and join everything that a data folder holds of its force.

    `progress` is told each step as it begins.

    Raises
    ------
    InputError
        If the folder or a required file is missing, a reader refuses a file, `force.toml` names a borough
        that is not there, or the projection starts after the history ends.
    """
    tell = progress or (lambda step: None)
    catalogue = load_catalogue()
    check_complete(catalogue, data)
    folder = DataFolder(data, catalogue, read_force_entry(data, catalogue))
    force = Force(folder.force.name, folder.force.code, folder.force.simulated)

    tell("Reading wards, boroughs and their boundaries")
    areas = read_areas(folder.one("areas"), force)
    _refuse_unknown_boroughs(folder, areas)
    ward_boundaries = read_ward_boundaries(folder.one("ward_boundaries"), areas)
    borough_boundaries = read_borough_boundaries(folder.one("borough_boundaries"))

    tell("Reading residents and what wards are like")
    ward_population = _read_ward_population(folder, areas)
    ward_population_by_age = read_ward_population_by_age(*folder.dated("ward_population_by_age"), areas)
    estimates = read_borough_estimates_by_age(*folder.dated("borough_estimates_by_age"), areas)
    projection = read_borough_projection(*folder.dated("borough_projection"), areas)
    borough_population_by_age = pd.concat([estimates, projection], ignore_index=True)
    ward_profile = _read_ward_profile(folder, areas)

    tell("Reading recorded crime and joining its editions")
    history = read_recorded_crime(folder, areas)
    _refuse_late_projection(projection, history.offences["month"].max(), folder.one("borough_projection"))

    tell("Noting which files were read")
    spans = history.spans.set_index("file")[["first_month", "last_month"]]
    return ForceTables(
        force=force,
        areas=areas,
        crime_types=read_crime_types(),
        offences=history.offences,
        unlocated_offences=history.unlocated_offences,
        borough_offences=history.borough_offences,
        age_profile=history.age_profile,
        ward_population=ward_population,
        ward_population_by_age=ward_population_by_age,
        borough_population_by_age=checked(POPULATION_BY_AGE, borough_population_by_age, data),
        ward_profile=ward_profile,
        ward_boundaries=ward_boundaries,
        borough_boundaries=borough_boundaries,
        overlaps=history.overlaps,
        quarantine=history.quarantine,
        manifest=manifest(folder, {str(row.Index): (row[1], row[2]) for row in spans.itertuples()}),
    )


def save(tables: ForceTables, folder: Path) -> None:
    """Write the tables as Parquet, boundaries as GeoParquet, replacing the folder once all are written.

    Raises
    ------
    InputError
        If they cannot be written, as on a full disk; the folder then stays as it was.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as name:
            aside = Path(name) / "new"
            aside.mkdir()
            for field in _tables():
                getattr(tables, field).to_parquet(aside / f"{field}.parquet", index=False)
            (aside / FORCE_FILE).write_text(json.dumps(asdict(tables.force)), encoding="utf-8")
            if folder.exists():
                folder.rename(Path(name) / "old")
            aside.rename(folder)
    except OSError as error:
        raise InputError(
            f"The tables cannot be written: {error.strerror or error}",
            file=folder,
            remedy="Free some space, or see that the folder can be written to.",
        ) from error


def load(folder: Path) -> ForceTables:
    """Return the tables that `save` wrote.

    Raises
    ------
    InputError
        If the folder or one of its tables is missing or damaged.
    """
    try:
        force = Force(**json.loads((folder / FORCE_FILE).read_text(encoding="utf-8")))
        tables = {field: _load(folder / f"{field}.parquet") for field in _tables()}
    except (OSError, ValueError) as error:  # pyarrow's errors are of these kinds
        raise InputError(
            f"The tables of the force cannot be loaded: {error}",
            file=folder,
            remedy="Read the data folder again with `wardcast ingest`.",
        ) from error
    return ForceTables(force=force, **tables)


def _tables() -> list[str]:
    return [field.name for field in fields(ForceTables) if field.name != "force"]


def _load(file: Path) -> pd.DataFrame:
    return gpd.read_parquet(file) if file.stem.endswith("boundaries") else pd.read_parquet(file)


def _read_ward_population(folder: DataFolder, areas: pd.DataFrame) -> pd.DataFrame:
    """Return residents by ward as supplied, or made of LSOAs where only these are."""
    if folder.has("ward_population"):
        return read_ward_population(*folder.dated("ward_population"), areas)
    lsoas, day = folder.dated("lsoa_population")
    return ward_population_from_lsoa(lsoas, folder.one("lsoa_weights"), day, areas)


def _read_ward_profile(folder: DataFolder, areas: pd.DataFrame) -> pd.DataFrame:
    """Return what wards are like, or an empty table where neither of its two files is there."""
    if not folder.has("deprivation") and not folder.has("ethnic_groups"):
        return checked(WARD_PROFILE, pd.DataFrame(columns=list(WARD_PROFILE.columns)), folder.path)
    deprivation, deprivation_day = folder.dated("deprivation")
    ethnic, ethnic_day = folder.dated("ethnic_groups")
    return read_ward_profile(
        deprivation, ethnic, deprivation_known_from=deprivation_day, ethnic_known_from=ethnic_day, areas=areas
    )


def _refuse_unknown_boroughs(folder: DataFolder, areas: pd.DataFrame) -> None:
    for alias, borough in folder.force.borough_aliases.items():
        if borough not in set(areas["borough_name"]):
            raise InputError(
                f"{alias!r} is said to be part of a borough that the ward lookup does not have",
                file=folder.path / FORCE_ENTRY,
                column="borough_aliases",
                value=borough,
                remedy="Name the force and its boroughs in force.toml; a folder without one is London's.",
            )


def _refuse_late_projection(projection: pd.DataFrame, last_month: pd.Timestamp, file: Path) -> None:
    first = int(projection["year"].min())
    if pd.Timestamp(first, 6, 30) > last_month + pd.offsets.MonthEnd(0):
        raise InputError(
            f"The projection starts on 30 June {first}, after the history ends in {last_month:%Y-%m}",
            file=file,
            column=str(first),
            remedy="Supply a projection that has a year within the history, so that the two can be joined.",
        )
