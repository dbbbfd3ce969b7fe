"""Decisions on places as tables of a plan: posts by ward and command units, on the draws that a forecast keeps.

Walk in: a force's tables, kept draws, a plan folder or none. Walk out: tables by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from models.draws.kept import KeptDraws
from pipelines.kept.read_once import tables_of
from pipelines.places.command_units import command_units
from pipelines.places.ward_posts import ward_posts
from pipelines.running.progress import stage
from planning.folder.commands_file import COMMANDS_FILE, CommandsFile, read_commands
from planning.folder.posts_file import POSTS_FILE, PostsFile, read_posts, ward_officers
from planning.make import PlanResult
from planning.places.kept_draws import kept_by_borough, kept_by_ward
from planning.places.ward_posts.asked_posts import posted_types
from sources.files.errors import InputError
from sources.tables.force_tables import ForceTables


def with_places(
    result: PlanResult, tables_folder: Path | None, kept: KeptDraws, folder: Path | None, told_of_wards: Sequence[str]
) -> PlanResult:
    """Return a plan's result with the tables of `place_tables`; where there can be none a note says why.

    tables_folder : of the force's tables in the cache, None if they are gone. told_of_wards : the minor types that
    tables by ward may count.

    Raises
    ------
    InputError
        Where the plan folder holds rules for places, and they cannot stand.
    """
    if tables_folder is None:
        note = "Posts and command units: none, the tables of the release are no longer in the cache."
        return replace(result, notes=(*result.notes, note))
    try:
        with stage("Deciding on places"):
            places = place_tables(tables_of(tables_folder), kept, folder, told_of_wards)
    except InputError as error:
        if folder is not None and any((folder / name).is_file() for name in (COMMANDS_FILE, POSTS_FILE)):
            raise
        return replace(result, notes=(*result.notes, f"Posts and command units: none. {error.problem}."))
    return replace(result, tables={**result.tables, **places})


def place_tables(
    tables: ForceTables, kept: KeptDraws, folder: Path | None, told_of_wards: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Return `commands`, `command_ratios`, `posts`, `post_rules`, `post_fifths`, `post_flips` and `post_moves`.

    Rules are those of `commands.toml` and `posts.toml` in the plan folder. Without them commands are as many as today,
    and ward officers two and a half for each ward, two of them as its floor.

    Raises
    ------
    InputError
        Where rules contradict each other, or the force; or boundaries of boroughs are not there.
    """
    told = tables.crime_types["crime_type"].isin(list(told_of_wards))
    tables = replace(tables, crime_types=tables.crime_types[told])
    first_month = pd.Timestamp(kept.origin) - pd.DateOffset(months=11)
    by_ward = kept_by_ward(kept, posted_types(tables.crime_types))
    by_borough = kept_by_borough(kept, tables.areas)
    rules = _command_rules(folder)
    units = command_units(tables, rules, first_month=first_month, plan_folder=folder, draws=by_borough)
    terms = _post_rules(folder, len(tables.areas))
    posts = ward_posts(tables, terms, first_month=first_month, plan_folder=folder, draws=by_ward)
    found = {
        "commands": units.commands,
        "command_ratios": units.ratios,
        "posts": posts.posts,
        "post_rules": posts.rules,
        "post_fifths": posts.fifths,
        "post_flips": posts.flips,
        "post_moves": posts.moves,
    }
    return {name: table for name, table in found.items() if not table.empty}


def _command_rules(folder: Path | None) -> CommandsFile:
    file = None if folder is None else folder / COMMANDS_FILE
    return read_commands(file) if file is not None and file.is_file() else CommandsFile()


def _post_rules(folder: Path | None, wards: int) -> PostsFile:
    file = None if folder is None else folder / POSTS_FILE
    return read_posts(file) if file is not None and file.is_file() else ward_officers(total=wards * 5 // 2)
