"""The canonical tables of one force, kept as Parquet between the steps of a run.

Walks in: what `sources.read_force` read. Walks out: the same tables, saved whole or not at all, and loaded again.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import pandas as pd

from sources.files.checksums import refuse_damaged, seal
from sources.files.errors import InputError
from sources.tables.contracts import FORMER_WARDS, POSTCODES, no_rows
from sources.tables.stream_contracts import STREAM_VALUES, STREAMS

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

    `age_evidence`: ages of victims and suspects, of all sources; empty where there is none, as are `severity` and
    `knife_crime` where the folder does not hold them.
    `antisocial_behaviour`: incidents apart from offences; empty where no source gives them.
    `streams`, `stream_values`: every other demand (`sources.streams`), apart from offences; empty where there is none.
    `overlaps`: columns dataset, other, month, offences, other_offences, difference (share of other).
    `ward_boundaries`, `borough_boundaries`: code, geometry (WGS84).
    `former_wards`, `postcodes`: other names of places, for a search; empty where no file gives them.
    """

    force: Force
    areas: pd.DataFrame
    crime_types: pd.DataFrame
    offences: pd.DataFrame
    unlocated_offences: pd.DataFrame
    borough_offences: pd.DataFrame
    antisocial_behaviour: pd.DataFrame
    age_evidence: pd.DataFrame
    ward_population: pd.DataFrame
    ward_population_by_age: pd.DataFrame
    ward_population_by_band: pd.DataFrame
    borough_population_by_age: pd.DataFrame
    ward_profile: pd.DataFrame
    severity: pd.DataFrame
    knife_crime: pd.DataFrame
    ward_boundaries: gpd.GeoDataFrame
    borough_boundaries: gpd.GeoDataFrame
    overlaps: pd.DataFrame
    quarantine: pd.DataFrame
    manifest: pd.DataFrame
    streams: pd.DataFrame = field(default_factory=lambda: no_rows(STREAMS))
    stream_values: pd.DataFrame = field(default_factory=lambda: no_rows(STREAM_VALUES))
    former_wards: pd.DataFrame = field(default_factory=lambda: no_rows(FORMER_WARDS))
    postcodes: pd.DataFrame = field(default_factory=lambda: no_rows(POSTCODES))


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
            for table in _tables():
                getattr(tables, table).to_parquet(aside / f"{table}.parquet", index=False)
            (aside / FORCE_FILE).write_text(json.dumps(asdict(tables.force)), encoding="utf-8")
            seal(aside)
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
    remedy = "Delete this folder; `wardcast run` makes it anew from the data folder."
    refuse_damaged(folder, remedy)
    try:
        force = Force(**json.loads((folder / FORCE_FILE).read_text(encoding="utf-8")))
        tables = {table: _load(folder / f"{table}.parquet") for table in _tables()}
    except (OSError, ValueError) as error:  # sealed, and yet not whole: written by another version
        raise InputError(f"The tables of the force cannot be loaded: {error}", file=folder, remedy=remedy) from error
    return ForceTables(force=force, **tables)


def force_and_month(folder: Path) -> tuple[Force, pd.Timestamp]:
    """Return whose tables lie in a folder that `save` wrote, and their last month; nothing else is read."""
    force = Force(**json.loads((folder / FORCE_FILE).read_text(encoding="utf-8")))
    return force, pd.Timestamp(pd.read_parquet(folder / "offences.parquet", columns=["month"])["month"].max())


def _tables() -> list[str]:
    return [each.name for each in fields(ForceTables) if each.name != "force"]


def _load(file: Path) -> pd.DataFrame:
    return gpd.read_parquet(file) if file.stem.endswith("boundaries") else pd.read_parquet(file)
