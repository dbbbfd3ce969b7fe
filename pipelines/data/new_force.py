"""A place to start for a new force: settings with comments, an empty data folder, and what checks it.

Walks in: the force, and whether it forecasts by LSOA or by ward. Walks out: a folder to fill.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from pipelines.settings import PREFIX, SETTINGS_FILE, Settings, allowed
from sources.catalogue.catalogue import FORCE_ENTRY, load_catalogue
from sources.catalogue.entries import Dataset
from sources.catalogue.police_forces import PoliceForce
from sources.files.errors import InputError

DATA = "data"
FOLDERS = ("street_crime", "incidents", "lookups", "boundaries", "population", "derived", "streams")
CHECKER = "check.sh"
AREAS = ("lsoa", "ward")
EXAMPLE_OF_STREAMS = "streams.example.toml"

_CHECKER = """#!/bin/sh
# Says what the data folder holds, what it lacks and what is wrong with it; run it after every change.
cd "$(dirname "$0")" && exec wardcast check
"""
_WITHOUT = """
# Required files that the force does without. A release then says what that costs: without outlines there is no map of
# areas, without residents no effect of population, without ages nothing by age. Take a name out once its file is there.
"""
_STREAMS = """# Other demand than crime types: calls, missing people, hours taken from wards, flags such as knife crime.
# Copy this file to streams.toml, put calls_999.csv beside it, run ../../check.sh; docs/streams.md explains each line.
#
# area_code,month,value
# E05009317,2024-04,812
# E05009317,2024-05,847

[[stream]]
name = "calls_999"
title = "999 calls"
category = "public"           # public, protective or internal
unit = "calls"
kind = "count"                # count, or amount for minutes and money
areas = "ward"                # ward, borough, force, or own for areas that are none of the force's
period = "month"              # month, week or day: also the name of the column
file = "calls_999.csv"
publisher = "Your force"
licence = "Not published"
finest_open_level = "borough"  # no finer in open releases
sensitive = false
"""


def write_new_force(folder: Path, force: PoliceForce, areas: str) -> Path:
    """Write the folder of a new force and return it; `areas` is lsoa or ward.

    Raises
    ------
    InputError
        If the folder exists and is not empty, or `areas` is neither.
    """
    if areas not in AREAS:
        raise InputError("Areas are LSOAs or wards", column="areas", value=areas, remedy="Choose lsoa or ward.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            "The folder is there already and not empty",
            file=folder,
            remedy="Name another, so that nothing of yours is replaced.",
        )
    for name in FOLDERS:
        (folder / DATA / name).mkdir(parents=True)
    (folder / SETTINGS_FILE).write_text(commented_settings(force.name, DATA), encoding="utf-8")
    (folder / DATA / FORCE_ENTRY).write_text(force_entry(force), encoding="utf-8")
    (folder / DATA / "streams" / EXAMPLE_OF_STREAMS).write_text(_STREAMS, encoding="utf-8")
    (folder / "README.md").write_text(guide(force, areas), encoding="utf-8")
    (folder / CHECKER).write_text(_CHECKER, encoding="utf-8")
    (folder / CHECKER).chmod(0o755)
    return folder


def commented_settings(force: str, data: str | None = None) -> str:
    """Return a settings file that says what every setting means and allows.

    All are commented out but the data folder, where one is given.
    """
    lines = [
        f"# Settings of Wardcast for {force}. Each line shows a default: take away its # and change it.",
        f"# The environment ({PREFIX}HORIZON=24) and flags (--horizon 24) beat this file.",
    ]
    for name, field in Settings.model_fields.items():
        limits = f" Allowed: {words}." if (words := allowed(name)) else ""
        lines += ["", f"# {field.description}.{limits}"]
        if name == "data" and data is not None:
            lines.append(f"data = {_toml(data)}")
        elif field.default is None or field.default_factory is not None:
            lines.append(f"# {name} = ...")
        else:
            lines.append(f"# {name} = {_toml(field.default)}")
    return "\n".join([*lines, ""])


def force_entry(force: PoliceForce) -> str:
    """Return the `force.toml` of a force that has no more than its crime files so far."""
    dispensable = [dataset.id for dataset in load_catalogue().dataset if dataset.dispensable]
    street = f"street_force = {_toml(force.street_force)}  # what police.uk calls it in the names of files\n"
    if not force.home_office:
        street = ""  # none of the 43: police.uk has no files of it
    without = "\n".join(f"    {_toml(name)}," for name in dispensable)
    return (
        "# Who the force is. docs/bring-your-own-force.md explains every line.\n"
        f"name = {_toml(force.name)}\n"
        f"code = {_toml(force.code)}  # of the police force area, as the ONS gives it, or as the force calls itself\n"
        "simulated = false\n"
        f"{street}"
        f"{_WITHOUT}without = [\n{without}\n]\n\n"
        "# Where the folder holds another edition than the catalogue's: the day on which it became public.\n"
        "# [known_from]\n"
        "# ward_population = 2025-11-20\n"
    )


def guide(force: PoliceForce, areas: str) -> str:
    """Return what to put where, for the person who fills the folder."""
    catalogue = load_catalogue()
    by_lsoa = areas == "lsoa"
    areas, other = ("LSOAs", "wards") if by_lsoa else ("wards", "LSOAs")
    needed = [
        "street_archive",
        "lsoa_areas" if by_lsoa else "areas",
        "old_lsoas",
        *([] if by_lsoa else ["lsoa_weights"]),
    ]
    if not force.home_office:
        needed = ["incidents", "crime_types", "lsoa_areas" if by_lsoa else "areas"]
    instead = {"ward_boundaries": "lsoa_boundaries", "ward_population": "lsoa_population"} if by_lsoa else {}
    useful = [instead.get(dataset.id, dataset.id) for dataset in catalogue.dataset if dataset.dispensable]
    return "\n".join(
        [
            f"# {force.name}",
            "",
            "Fill the folder `data/`, then run `./check.sh`, which says what is found, what is missing and what is "
            "wrong; then `wardcast run`. docs/bring-your-own-force.md shows an example row of every file.",
            "",
            f"The areas are {areas}; for {other} see that page.",
            "",
            "Needed:",
            "",
            *(_line(catalogue[name]) for name in needed),
            "",
            "Useful; a force without one names it under `without` in data/force.toml:",
            "",
            *(_line(catalogue[name]) for name in useful),
            "",
            f"Other demand, such as calls or missing people: see `data/streams/{EXAMPLE_OF_STREAMS}`.",
            "",
        ]
    )


def _line(dataset: Dataset) -> str:
    return f"- `data/{dataset.path}`: {dataset.title} ({dataset.page})"


def _toml(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, SecretStr):
        return '""'
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {json.dumps(part)}" for key, part in value.items()) + "}"
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)
