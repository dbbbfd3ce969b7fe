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
    import xarray as xr

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
        list[str] | None,
        typer.Option(help="What to balance: crime, harm, hours, residents; again for the worst of several."),
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
        from planning.folder.commands_file import rules_of_folder

        asked = rules_of_folder(_folder(rules))
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
            drawn: dict[str, xr.DataArray] = {}
            if draws is not None:
                types = tables.crime_types["crime_type"].tolist()
                drawn = {"crime": draws_of_boroughs(draws, tables.areas, types)}
            found = command_units(
                tables,
                asked,
                first_month=first,
                plan_folder=rules,
                hours=_hours(tables, first).sum(axis=1),
                draws=drawn,
                front=front or asked.front,
                costs=costs,
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
    by: Annotated[
        str, typer.Option(help="What ward officers go by: victim-reported, harm, hours, anti-social behaviour.")
    ] = "",
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
        from planning.folder.defaults import discovered_types
        from planning.folder.posts_file import POSTS_FILE, read_posts, ward_officers
        from planning.places.ward_posts.post_demand import VICTIM_REPORTED, posted_types
        from sources.files.errors import InputError

        if rules is not None and (total, floor, cap, by) != (None, None, None, ""):
            raise InputError(
                "Totals, floors, caps and what posts go by are given twice",
                remedy=f"Give them in {POSTS_FILE} or as options, not in both.",
            )
        officers = ward_officers(total, floor, cap, by or VICTIM_REPORTED)
        asked = read_posts(rules / POSTS_FILE) if rules is not None else officers
        with shown():
            tables, first = _read(settings.data, since)
            drawn: dict[str, xr.DataArray] = {}
            if draws is not None:
                types = posted_types(tables.crime_types, discovered_types())
                drawn = {VICTIM_REPORTED: draws_of_wards(draws, tables.areas, types)}
            found = ward_posts(
                tables,
                asked,
                first_month=first,
                discovered=discovered_types(),
                plan_folder=_folder(rules),
                survey=survey,
                hours=_hours(tables, first)["neighbourhood"],
                draws=drawn,
            )
        if out is not None:
            write_ward_posts(found, out)
        show_ward_posts(found)


def _folder(rules: Path | None) -> Path | None:
    """Return the folder of rules; `InputError` where it is named and not there."""
    from sources.files.errors import InputError

    if rules is not None and not rules.is_dir():
        raise InputError("There is no such folder of rules", file=rules, remedy="Name the folder of a plan.")
    return rules


def _hours(tables: ForceTables, first_month: pd.Timestamp) -> pd.DataFrame:
    """Return hours of a case by crime type and function, as the defaults have them."""
    from planning.folder.contracts import TABLES
    from planning.folder.defaults import default_table, discovered_types
    from planning.places.hours_of_types import hours_of_types

    defaults = {name: default_table(name, tables.force.code).assign(of_force=False) for name in TABLES}
    majors = dict(zip(tables.crime_types["crime_type"], tables.crime_types["major_type"], strict=True))
    return hours_of_types(defaults, majors, first_month, discovered_types())


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
