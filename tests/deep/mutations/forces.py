"""The cases of whole forces: one file of a folder is damaged, and all of the folder is read as the product reads it.

Walks in: the path of the damaged file among all the others. Walks out: a `Reading` of every table that the file has no
part in, which must be as without the damage.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import pandas as pd

from sources.read_force import read_force
from sources.tables.force_tables import ForceTables
from tests.deep.mutations.publishers import CASES, Case, Reading

OF_CRIME = ("offences", "unlocated_offences", "borough_offences", "antisocial_behaviour", "age_evidence", "overlaps")
OF_RESIDENTS = (
    "ward_population",
    "ward_population_by_age",
    "ward_population_by_band",
    "borough_population_by_age",
)
TABLES = (*OF_CRIME, *OF_RESIDENTS, "areas", "ward_profile", "severity", "knife_crime", "ward_boundaries")
# The tables that the files of each folder have a part in. The lookups have one in all.
TOUCHED = {
    "mps_recorded_crime": OF_CRIME,
    "incidents": OF_CRIME,
    "street_crime": OF_CRIME,
    "derived": (*OF_RESIDENTS, "ward_profile"),
    "population": (*OF_RESIDENTS, "overlaps"),
    "harm_weights": ("severity",),
    "home_office": ("severity", "age_evidence"),
    "scotland": ("age_evidence",),
    "mps_dashboards": ("age_evidence", "knife_crime"),
    "police_uk": ("age_evidence",),
    "boundaries": ("ward_boundaries",),
    "lookups": TABLES,
}


def _digests(tables: ForceTables, file: str) -> dict[str, float]:
    others = [name for name in TABLES if name not in TOUCHED[file.partition("/")[0]]]
    return {name: _digest(pd.DataFrame(getattr(tables, name))) for name in others}


def _digest(table: pd.DataFrame) -> float:
    rows = table.sort_values(list(table.columns[:-1])) if len(table) else table
    return float(int(hashlib.sha256(rows.to_csv(index=False).encode()).hexdigest()[:12], 16))


@lru_cache
def _undamaged(folder: Path) -> ForceTables:
    return read_force(folder, stops=True)


def _case(of: Case) -> Case:
    def read(file: Path, folder: Path) -> Reading:
        workspace = file.parents[of.file.count("/")]
        tables = read_force(workspace, stops=True)
        return Reading(_digests(tables, of.file), int(tables.quarantine["count"].sum()))

    def recount(file: Path, folder: Path) -> dict[str, float]:
        return _digests(_undamaged(folder), of.file)

    return Case(f"whole force, {of.name}", of.corpus, of.file, read, recount, companions=".")


# One file of each folder, for each time the whole force is read, which is the slowest.
FORCE_CASES = tuple(_case(of) for of in {of.file.partition("/")[0]: of for of in CASES}.values())
