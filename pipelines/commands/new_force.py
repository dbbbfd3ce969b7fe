"""The command that starts a new force.

Walks in: the name of a police force. Walks out: a folder with its settings, an empty data folder and a checker.
"""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import failures_explained

app = typer.Typer()


@app.command()
def new_force(
    name: Annotated[str, typer.Argument(help='Name of the force, as "Kent", city-of-london or "Police Scotland".')],
    out: Annotated[Path | None, typer.Option(help="Folder to write; named after the force if none.")] = None,
    areas: Annotated[
        str, typer.Option(help="Areas to forecast for: lsoa or ward; wards if none, where police.uk has no such force.")
    ] = "",
) -> None:
    """Write a commented settings file and an empty data folder with its checker, for a force to fill."""
    with failures_explained():
        from pipelines.data.new_force import write_new_force
        from sources.catalogue.police_forces import police_force_named, read_police_forces

        force = police_force_named(name)
        if not force.home_office:
            near = get_close_matches(name.casefold(), [each.street_force for each in read_police_forces()], n=1)
            hint = f"; {near[0]} is meant?" if near else ""
            typer.echo(f"None of the 43 forces of England and Wales is called {name!r}{hint}", err=True)
        chosen = areas or ("lsoa" if force.home_office else "ward")
        folder = write_new_force(out or Path(force.street_force), force, chosen)
        typer.echo(f"{force.name}: {folder}")
        typer.echo(f"Fill {folder / 'data'} as {folder / 'README.md'} says, then run {folder / 'check.sh'}.")
