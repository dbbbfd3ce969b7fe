"""Decisions on places as tables of a plan: posts by ward and command units, on the plan's own draws.

Walk in: a force's tables, kept draws, a plan. Walk out: tables by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from models.draws.kept import KeptDraws
from pipelines.places.command_units import command_units
from pipelines.places.ward_posts import ward_posts
from pipelines.running.progress import stage
from planning.folder.check import Ground
from planning.folder.commands_file import CommandsFile, rules_of_folder
from planning.folder.posts_file import POSTS_FILE, PostsFile, read_posts, ward_officers
from planning.folder.read import PlanFolder
from planning.make import PlanResult
from planning.places.hours_of_types import hours_of_types
from planning.places.plan_draws import CRIME, PlaceDraws, place_draws
from planning.places.ward_posts.post_demand import HOURS, VICTIM_REPORTED, posted_types
from planning.work.quality import quality_by_function
from sources.files.errors import InputError
from sources.tables.force_tables import ForceTables

PER_WARD = 5, 2  # where nothing is said: five ward officers for every two wards
NEIGHBOURHOOD = "neighbourhood"


@dataclass(frozen=True, eq=False)
class Placing:
    """What decisions on places rest on: a plan, its draws, and tables whose crime types are those told of wards."""

    tables: ForceTables
    plan: PlanFolder
    folder: Path | None
    first_month: pd.Timestamp
    hours: pd.DataFrame
    quality_of_hours: str
    draws: PlaceDraws


def with_places(
    result: PlanResult,
    tables: ForceTables | None,
    kept: KeptDraws,
    ground: Ground,
    told_of_wards: Sequence[str],
    plan: PlanFolder,
    folder: Path | None,
    *,
    seed: int,
) -> PlanResult:
    """Return a plan's result with posts by ward and command units; where there can be none a note says why.

    tables : the force's, None if they are gone from the cache. told_of_wards : minor types that tables by ward may
    count. plan : as read from `folder`, if there is one. seed : of the plan, so that errors of hours are the plan's.

    Raises
    ------
    InputError
        Where the plan folder holds rules for places, and they cannot stand.
    """
    if tables is None:
        note = "Posts and command units: none, the tables of the release are no longer in the cache."
        return replace(result, notes=(*result.notes, note))
    with stage("Deciding on places"):
        told = tables.crime_types["crime_type"].isin(list(told_of_wards))
        tables = replace(tables, crime_types=tables.crime_types[told])
        first_month = pd.Timestamp(kept.origin) - pd.DateOffset(months=11)
        placing = Placing(
            tables,
            plan,
            folder,
            first_month,
            hours_of_types(plan.tables, ground.majors, first_month, plan.discovered),
            quality_by_function(plan.tables, ground.majors).get(NEIGHBOURHOOD, ""),
            place_draws(kept, plan, ground, posted_types(tables.crime_types, plan.discovered), seed),
        )
        for what, ruled, decide in (
            ("Posts by ward", folder is not None and (folder / POSTS_FILE).is_file(), posts_of_plan),
            ("Command units", rules_of_folder(folder) != CommandsFile(), commands_of_plan),
        ):
            found, notes = _decided(what, decide, placing, ruled=ruled)
            result = replace(result, tables={**result.tables, **found}, notes=(*result.notes, *notes))
    return result


def posts_of_plan(placing: Placing) -> tuple[dict[str, pd.DataFrame], tuple[str, ...]]:
    """Return the tables of posts by ward, and notes.

    Rules are those of `posts.toml` in the plan folder. Without it ward officers are two and a half for each ward,
    two of them its floor, by hours of neighbourhood work where these are measured, else by what victims report.

    Raises
    ------
    InputError
        Where rules contradict each other, or the force.
    """
    drawn = placing.draws.wards
    draws = {VICTIM_REPORTED if name == CRIME else name: draw for name, draw in drawn.items()}
    found = ward_posts(
        placing.tables,
        _post_rules(placing),
        first_month=placing.first_month,
        discovered=placing.plan.discovered,
        plan_folder=placing.folder,
        hours=placing.hours[NEIGHBOURHOOD],
        draws=draws,
    )
    return found.tables, found.notes


def commands_of_plan(placing: Placing) -> tuple[dict[str, pd.DataFrame], tuple[str, ...]]:
    """Return the tables of command units, and notes.

    Rules are those of `commands.toml` and the files beside it; without them commands are as many as today.

    Raises
    ------
    InputError
        Where rules contradict each other, or the force; or boundaries of boroughs are not there.
    """
    rules = rules_of_folder(placing.folder)
    units = command_units(
        placing.tables,
        rules,
        first_month=placing.first_month,
        plan_folder=placing.folder,
        hours=placing.hours.sum(axis=1),
        draws=placing.draws.boroughs,
        front=rules.front,
        costs=True,
    )
    return units.tables, (f"Command units: {units.said}",) if units.said else ()


def _decided(
    what: str,
    decide: Callable[[Placing], tuple[dict[str, pd.DataFrame], tuple[str, ...]]],
    placing: Placing,
    *,
    ruled: bool,
) -> tuple[dict[str, pd.DataFrame], tuple[str, ...]]:
    """Return what is decided; where nobody gave rules, what stands in the way is a note."""
    try:
        return decide(placing)
    except InputError as error:
        if ruled:
            raise
        return {}, (f"{what}: none. {error.problem}.",)


def _post_rules(placing: Placing) -> PostsFile:
    file = None if placing.folder is None else placing.folder / POSTS_FILE
    if file is not None and file.is_file():
        return read_posts(file)
    posts, wards = PER_WARD
    measured = placing.quality_of_hours == "measured"
    total = len(placing.tables.areas) * posts // wards
    return ward_officers(total=total, demand=HOURS if measured else VICTIM_REPORTED)
