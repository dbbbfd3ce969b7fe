"""The command line: one command for each thing that people do with Wardcast.

Walks in: words typed by a person or a scheduler. Walks out: an exit code, 0 when all is well, and words for a person.
Heavy libraries are imported inside the commands, so that `wardcast --help` answers at once.
"""

from __future__ import annotations

import sys

import typer

from pipelines.commands import (
    data,
    job,
    journal,
    judging,
    new_force,
    registry,
    releases,
    schedule,
    settings,
)
from pipelines.commands.planning import places, plan

app = typer.Typer(
    name="wardcast",
    help="Forecast police demand for every ward of a force, by crime type, with honest uncertainty.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for commands in (job, plan, places, data, new_force, judging, registry, schedule, settings, journal):
    app.add_typer(commands.app)
app.add_typer(releases.app, name="releases", help="List, verify and roll back releases.")


if __name__ == "__main__":
    sys.exit(app())
