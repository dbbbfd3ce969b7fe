"""Judgements of a plan: listed, confirmed, and scored on what was recorded since.

Walks in: a plan folder and the releases. Walks out: tables, or a line more in `judgements.toml`.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.dataset as ds

from models.draws.rows import QUANTILES
from pipelines.flows.plan import plan_folder_of
from pipelines.flows.plan_basis import basis_of_release, release_named
from pipelines.settings import Settings
from planning.assumed import Errors
from planning.demand.judgement import begun_of
from planning.demand.judgement_scores import scored, table_of
from planning.demand.standing import standing_judgements
from planning.folder.entries import FORCE, Judgement
from planning.folder.read import JUDGEMENTS, read_plan
from planning.folder.toml_file import entries
from planning.folder.vocabulary import ALL
from sources.files.errors import InputError
from sources.tables.force_tables import ForceTables


def listed(settings: Settings, name: str, release: str | None) -> pd.DataFrame:
    """Return every judgement of a plan with its status on a release, and why."""
    basis = basis_of_release(release_named(settings, release), settings)
    plan = read_plan(plan_folder_of(settings, name), basis.ground)
    errors = Errors(basis.kept.by_month.sizes["draw"], settings.seed)
    ground = basis.ground
    _, table = standing_judgements(plan.judgements, basis.kept, ground.areas, ground.majors, errors, settings.seed)
    return table


def confirm(settings: Settings, name: str, judgement: str, day: pd.Timestamp, review_on: str | None) -> Path:
    """Write into a plan's `judgements.toml` that a judgement still held on a day, and when it is reviewed next."""
    folder = plan_folder_of(settings, name)
    assert folder is not None
    file = folder / JUDGEMENTS
    if judgement not in {one.id for one in entries(file, "judgement", Judgement)}:
        raise InputError(
            "There is no such judgement", file=file, value=judgement, remedy="`wardcast judgements` lists them."
        )
    changes = {"confirmed_on": f"{day:%Y-%m-%d}"} | ({"review_on": review_on} if review_on else {})
    text = _with_keys(file.read_text(encoding="utf-8"), judgement, changes)
    aside = file.with_suffix(".part")
    aside.write_text(text, encoding="utf-8")
    entries(aside, "judgement", Judgement)  # refuses before anything is replaced
    aside.replace(file)
    return file


def scores_of(settings: Settings, name: str, tables: ForceTables) -> pd.DataFrame:
    """Return the scores of a plan's judgements whose months have come, against the release that each was made on.

    Raises
    ------
    InputError
        Where that release is gone, or a judgement names none.
    """
    folder = plan_folder_of(settings, name)
    assert folder is not None
    last = tables.offences["month"].max()
    rows = []
    for one in entries(folder / JUDGEMENTS, "judgement", Judgement):
        if not one.base_release:
            raise InputError(
                "A judgement cannot be scored without the release that it was made on",
                file=folder / JUDGEMENTS,
                row=one.id,
                column="base_release",
                remedy="Name the release; `wardcast releases list` lists them.",
            )
        said = _said(release_named(settings, one.base_release), one)
        said = said[said["month"] <= last].sort_values("month")
        begun = begun_of(one, pd.DatetimeIndex(said["month"]))
        said, begun = said[begun > 0], begun[begun > 0]
        if len(said):
            recorded = recorded_of(tables, one).reindex(said["month"]).fillna(0).to_numpy(float)
            quantiles = said[list(QUANTILES)].to_numpy(float)
            rows.append(scored(one, np.array(list(QUANTILES.values())), quantiles, begun, recorded, settings.seed))
    return table_of(rows)


def _said(release: Path, judgement: Judgement) -> pd.DataFrame:
    """Return what a release said of a judgement's cell by month: located offences, which is what it scored."""
    of_force = judgement.area == FORCE
    area = (ds.field("area_level") == FORCE) if of_force else (ds.field("area_code") == judgement.area)
    of_all = judgement.crime == ALL
    crime = (ds.field("crime_level") == ALL) if of_all else (ds.field("crime_type") == judgement.crime)
    shown = area & crime & (ds.field("period") == "month") & (ds.field("scenario") == "central")
    table = ds.dataset(release / "forecast.parquet").to_table(filter=shown).to_pandas()
    table = table[table["area_level"] != "unlocated"].drop_duplicates("month")  # a name may be minor and major
    if table.empty:
        raise InputError(
            "The release says nothing of what the judgement is on",
            file=release / "forecast.parquet",
            value=f"{judgement.area}, {judgement.crime}",
            remedy="Name an area by its code, and a crime type that the release tells there.",
        )
    return table


def recorded_of(tables: ForceTables, judgement: Judgement) -> pd.Series:
    """Return offences with a known ward by month, of a judgement's area and crime."""
    areas = tables.areas
    columns = ["ward_code", "borough_code", "bcu_code", "force_code"]
    inside = (areas[columns] == judgement.area).any(axis=1) | (judgement.area == FORCE)
    types = tables.crime_types
    of = (types[["crime_type", "major_type"]] == judgement.crime).any(axis=1) | (judgement.crime == ALL)
    offences = tables.offences
    chosen = offences["ward_code"].isin(areas.loc[inside, "ward_code"])
    chosen &= offences["crime_type"].isin(types.loc[of, "crime_type"])
    return offences[chosen].groupby("month")["count"].sum()


def _with_keys(text: str, judgement: str, changes: dict[str, str]) -> str:
    """Return the file's text with keys of one entry set; all else, comments too, stays as it is."""
    start = re.search(rf'^id\s*=\s*["\']{re.escape(judgement)}["\']\s*(#.*)?$', text, re.MULTILINE)
    assert start is not None
    following = re.compile(r"^\[\[", re.MULTILINE).search(text, start.end())
    end = following.start() if following else len(text)
    entry = text[start.end() : end]
    for key, value in changes.items():
        entry = re.sub(rf"^{key}\s*=.*\n?", "", entry, flags=re.MULTILINE)
        entry = f'\n{key} = "{value}"' + entry
    return text[: start.end()] + entry + text[end:]
