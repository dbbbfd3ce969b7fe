"""Commands of the model registry: promote a version by hand, make a run again, open MLflow's pages.

Walks in: a version or a run. Walks out: the champion switched, what differs, or a server on this machine.
"""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.commands.options import DataFolder, failures_explained, settings_of, shown

app = typer.Typer()


@app.command()
def promote(
    version: Annotated[str, typer.Argument(help="Version of the model that shall forecast from now on.")],
    reason: Annotated[str, typer.Option(help="Why the rule is overridden; kept with the version.")],
) -> None:
    """Make a registered version the champion against the rule, giving a reason."""
    with failures_explained():
        settings = settings_of()
        from pipelines.workbench.override import promoted

        before = promoted(settings, version, reason)
        typer.echo(f"Champion: version {version} (before: {before or 'none'})")


@app.command()
def reproduce(
    run: Annotated[str, typer.Argument(help="Id of a run in MLflow.")],
    data: DataFolder = None,
) -> None:
    """Make a run again from its record and say what differs; exit 1 if anything does."""
    with failures_explained():
        settings = settings_of(data=data)
        from pipelines.commands.tables_shown import show_differences
        from pipelines.workbench.reproduce import reproduced

        with shown():
            again = reproduced(settings, run)
        for change in again.changed_since:
            typer.echo(f"Not as it was: {change}")
        if not again.differing.empty:
            show_differences(again.differing)
            raise typer.Exit(1)
        typer.echo(f"Reproduced: {again.scores:,} scores and {again.arrays} arrays of the fitted model are the same.")


@app.command()
def ui(
    port: Annotated[int, typer.Option(min=1024, max=65535, help="Port on this machine.")] = 5000,
) -> None:
    """Open MLflow's pages of the tracking store to this machine alone, until Ctrl-C."""
    with failures_explained():
        settings = settings_of()
        from pipelines.running.mlflow_pages import serve_pages

        typer.echo(f"MLflow at http://127.0.0.1:{port}, to this machine alone. Stop it with Ctrl-C.")
        raise typer.Exit(serve_pages(settings, port))
