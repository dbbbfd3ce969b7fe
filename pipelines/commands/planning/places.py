"""Commands on where: boroughs for commands, officers for wards.

Walks in: a data folder, rules. Walks out: tables for a person, and files if a folder is named.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.options import DataFolder, failures_explained, settings_of, shown

if TYPE_CHECKING:
    import pandas as pd

    from sources.tables.force_tables import ForceTables

app = typer.Typer()
FirstMonth = Annotated[
    str, typer.Option("--since", help="First of the twelve months that count, as 2024-04; the latest if none.")
]
Rules = Annotated[Path | None, typer.Option("--rules", help="Folder with the rules and figures of a plan.")]
DrawsFile = Annotated[
    Path | None,
    typer.Option("--draws", help="Folder of a forecast in the cache, or file of draws of `wardcast backtest`."),
]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for all tables as CSV files.")]


@app.command()
def commands(
    data: DataFolder = None,
    count: Annotated[str, typer.Option(help="Numbers of commands, as 12 or 11-16; today's if none.")] = "",
    measure: Annotated[
        list[str] | None, typer.Option(help="What to balance: crime, harm, residents; again for the worst of several.")
    ] = None,
    keep: Annotated[list[str] | None, typer.Option(help="Boroughs to keep together, as Camden,Islington.")] = None,
    singles: Annotated[bool | None, typer.Option(help="Whether a borough may be a command alone.")] = None,
    barriers: Annotated[bool, typer.Option(help="Whether known barriers, such as the Thames, count.")] = True,
    front: Annotated[bool, typer.Option(help="Draw up the front of change against balance too.")] = False,
    costs: Annotated[bool, typer.Option(help="Say what each rule costs.")] = False,
    since: FirstMonth = "",
    rules: Rules = None,
    draws: DrawsFile = None,
    out: Out = None,
) -> None:
    """Group boroughs into commands as evenly as the rules allow, proved to be the best."""
    with failures_explained():
        settings = settings_of(data=data)
        from pipelines.commands.tables_shown import show_command_units
        from pipelines.places.command_units import command_units, write_command_units
        from pipelines.places.place_draws import draws_of_boroughs
        from planning.folder.commands_file import COMMANDS_FILE, CommandsFile, read_commands

        asked = read_commands(rules / COMMANDS_FILE) if rules is not None else CommandsFile()
        given = {
            "count": count or None,
            "measures": tuple(measure) if measure else None,
            "keep": (*asked.keep, *(tuple(each.split(",")) for each in keep)) if keep else None,
            "singles": singles,
            "barriers": None if barriers else (),
        }
        asked = asked.model_copy(update={name: value for name, value in given.items() if value is not None})
        with shown():
            tables, first = _read(settings.data, since)
            drawn = None
            if draws is not None:
                types = tables.crime_types["crime_type"].tolist()
                drawn = draws_of_boroughs(draws, tables.areas, types)
            found = command_units(
                tables, asked, first_month=first, plan_folder=rules, draws=drawn, front=front, costs=costs
            )
        if out is not None:
            write_command_units(found, tables, out)
        show_command_units(found)


@app.command()
def posts(
    data: DataFolder = None,
    total: Annotated[int | None, typer.Option(min=0, help="Ward officers there are; 1,700 if none.")] = None,
    floor: Annotated[int | None, typer.Option(min=0, help="Ward officers that every ward has; 2 if none.")] = None,
    cap: Annotated[int | None, typer.Option(min=0, help="Ward officers that a ward has at most.")] = None,
    survey: Annotated[Path | None, typer.Option(help="File of the Public Attitude Survey by borough.")] = None,
    since: FirstMonth = "",
    rules: Rules = None,
    draws: DrawsFile = None,
    out: Out = None,
) -> None:
    """Give posts to wards by three rules, and say how sure each is and why."""
    with failures_explained():
        settings = settings_of(data=data)
        from pipelines.commands.tables_shown import show_ward_posts
        from pipelines.places.place_draws import draws_of_wards
        from pipelines.places.ward_posts import ward_posts, write_ward_posts
        from planning.folder.posts_file import POSTS_FILE, read_posts, ward_officers
        from planning.places.ward_posts.asked_posts import posted_types
        from sources.files.errors import InputError

        if rules is not None and (total, floor, cap) != (None, None, None):
            raise InputError(
                "Totals, floors and caps are given twice",
                remedy=f"Give them in {POSTS_FILE} or as options, not in both.",
            )
        asked = read_posts(rules / POSTS_FILE) if rules is not None else ward_officers(total, floor, cap)
        with shown():
            tables, first = _read(settings.data, since)
            drawn = None
            if draws is not None:
                drawn = draws_of_wards(draws, tables.areas, posted_types(tables.crime_types))
            found = ward_posts(tables, asked, first_month=first, plan_folder=rules, survey=survey, draws=drawn)
        if out is not None:
            write_ward_posts(found, out)
        show_ward_posts(found)


def _read(data: Path, since: str) -> tuple[ForceTables, pd.Timestamp]:
    """Return the force's tables and the first of the twelve months that count."""
    import pandas as pd

    from pipelines.running.progress import stage
    from sources.files.errors import InputError
    from sources.read_force import read_force

    try:
        first = pd.Timestamp(pd.Period(since, "M").start_time) if since else None
    except ValueError as error:
        raise InputError("A month is given as 2024-04", value=since, remedy="Correct the month.") from error
    with stage("Reading the force's files"):
        tables = read_force(data)
    return tables, tables.offences["month"].max() - pd.DateOffset(months=11) if first is None else first
