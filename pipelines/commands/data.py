"""Commands of input data: make a fictional force, cut out boroughs, check a folder, fetch the publishers' files.

Walks in: a folder. Walks out: files in it, or what was found in it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import DataFolder, failures_explained, settings_of, shown

app = typer.Typer()


@app.command()
def simulate(
    out: Annotated[Path, typer.Option(help="Folder to write the files to.")],
    wards: Annotated[int, typer.Option(help="Number of wards, 12 to 7500; of all forces together.")] = 120,
    months: Annotated[int, typer.Option(help="Months of history, 48 or more.")] = 120,
    seed: Annotated[int, typer.Option(help="Seed: the same seed gives the same force.")] = 1,
    forces: Annotated[int, typer.Option(min=1, help="Forces, each in a folder of its own if more than one.")] = 1,
    workers: Annotated[int | None, typer.Option(help="Forces to write side by side.")] = None,
) -> None:
    """Write the files of a fictional force, or of many, in the publishers' formats, from a known truth.

    The truth lies beside the data of a single force; of many it is left out, since it is as large as they are.
    """
    with failures_explained():
        from sources.files.errors import InputError
        from sources.simulated import simulate as write_force

        with shown():
            from pipelines.data.country import write_country
            from pipelines.running.progress import stage

            try:
                with stage("Simulating", forces) as step:
                    if forces > 1:
                        side_by_side = settings_of(workers=workers).workers
                        folder = write_country(out, forces, wards, months, seed, side_by_side, step)
                    else:
                        folder = write_force(out, wards=wards, months=months, seed=seed)
            except (ValueError, FileExistsError) as error:
                raise InputError(
                    str(error), remedy="Name an empty or new folder, and sizes that `wardcast simulate --help` allows."
                ) from error
        typer.echo(f"SIMULATED force{'s' if forces > 1 else ''}: {folder}")


@app.command()
def subset(
    borough: Annotated[list[str], typer.Option(help="Borough to keep, by its name; may be given again.")],
    out: Annotated[Path, typer.Option(help="Folder to write, which must not be there yet.")],
    since: Annotated[str, typer.Option(help="First month of offences to keep, as 2015-04; all without it.")] = "",
    data: DataFolder = None,
) -> None:
    """Write the data folder of some boroughs only, to try things on quickly."""
    with failures_explained():
        settings = settings_of(data=data)
        from sources.subset import subset as write_subset

        typer.echo(f"Subset: {write_subset(settings.data, borough, out, since=since)}")


@app.command()
def check(
    data: DataFolder = None,
    by_month: Annotated[bool, typer.Option("--by-month", help="Show the coverage of each month, too.")] = False,
) -> None:
    """Read a data folder and say what is doubtful and what was found: files, totals, overlaps, rows set aside."""
    with failures_explained():
        settings = settings_of(data=data)
        from pipelines.commands.tables_shown import show_findings
        from sources.read_force import read_force

        with shown():
            from pipelines.running.progress import stage

            with stage("Reading the force's files"):
                tables = read_force(settings.data, stops=settings.stops_as_evidence)
        show_findings(tables, settings.data, by_month=by_month)


@app.command()
def fetch(
    out: Annotated[Path, typer.Option(help="Data folder to download into.")],
    dataset: Annotated[
        list[str] | None, typer.Option(help="Dataset to fetch; all that have an address if none.")
    ] = None,
) -> None:
    """Download the publishers' files that the catalogue has addresses for."""
    with failures_explained():
        from pipelines.data.fetch import fetch_datasets

        for file in fetch_datasets(out, dataset or []):
            typer.echo(str(file))
