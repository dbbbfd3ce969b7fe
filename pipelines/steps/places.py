"""Decisions on places as tables of a plan: posts by ward and command units, on the draws that a forecast keeps.

Walk in: a force's tables, kept draws, a plan folder or none. Walk out: tables by name.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from models.draws.kept import KeptDraws
from pipelines.steps.command_units import command_units
from pipelines.steps.ward_posts import ward_posts
from planning.folder.commands_file import COMMANDS_FILE, CommandsFile, read_commands
from planning.folder.posts_file import POSTS_FILE, PostsFile, read_posts, ward_officers
from planning.places.kept_draws import kept_by_borough, kept_by_ward
from planning.places.ward_posts.asked_posts import posted_types
from sources.tables.force_tables import ForceTables


def place_tables(tables: ForceTables, kept: KeptDraws, folder: Path | None) -> dict[str, pd.DataFrame]:
    """Return `commands`, `command_ratios`, `posts`, `post_rules`, `post_fifths`, `post_flips` and `post_moves`.

    Rules are those of `commands.toml` and `posts.toml` in the plan folder. Without them commands are as many as today,
    and ward officers two and a half for each ward, two of them as its floor.

    Raises
    ------
    InputError
        Where rules contradict each other, or the force; or boundaries of boroughs are not there.
    """
    first_month = pd.Timestamp(kept.origin) - pd.DateOffset(months=11)
    by_ward = kept_by_ward(kept, posted_types(tables.crime_types))
    by_borough = kept_by_borough(kept, tables.areas)
    units = command_units(tables, _command_rules(folder), first_month=first_month, plan_folder=folder, draws=by_borough)
    posts = ward_posts(
        tables, _post_rules(folder, len(tables.areas)), first_month=first_month, plan_folder=folder, draws=by_ward
    )
    return {
        "commands": units.commands,
        "command_ratios": units.ratios,
        "posts": posts.posts,
        "post_rules": posts.rules,
        "post_fifths": posts.fifths,
        "post_flips": posts.flips,
        "post_moves": posts.moves,
    }


def _command_rules(folder: Path | None) -> CommandsFile:
    file = None if folder is None else folder / COMMANDS_FILE
    return read_commands(file) if file is not None and file.is_file() else CommandsFile()


def _post_rules(folder: Path | None, wards: int) -> PostsFile:
    file = None if folder is None else folder / POSTS_FILE
    return read_posts(file) if file is not None and file.is_file() else ward_officers(total=wards * 5 // 2)
