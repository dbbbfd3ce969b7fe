"""Commands of the main job: run it whole, or train alone.

Walks in: settings. Walks out: a release, or a registered model.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.options import (
    DataFolder,
    DrawsNumber,
    EngineName,
    ModelName,
    Parameters,
    Scheduler,
    Seed,
    Workers,
    failures_explained,
    recipes_of,
    refuse_early,
    settings_of,
    shown,
)

if TYPE_CHECKING:
    from pipelines.settings import Settings

app = typer.Typer()


@app.command()
def run(
    data: DataFolder = None,
    releases: Annotated[Path | None, typer.Option(help="Folder that holds the releases.")] = None,
    horizon: Annotated[int | None, typer.Option(help="Months to forecast.")] = None,
    model: ModelName = None,
    parameters: Parameters = None,
    draws: DrawsNumber = None,
    seed: Seed = None,
    engine: EngineName = None,
    scheduler: Scheduler = None,
    workers: Workers = None,
    force: Annotated[
        list[str] | None, typer.Option(help="Folder in the data folder of forces; all of them if none is named.")
    ] = None,
) -> None:
    """Do the whole main job: read, build features, train, forecast, publish a release.

    Where the data folder holds data folders of forces, the job is done for each, and none of the others' failures
    matters to it.
    """
    with failures_explained():
        flags = {
            "data": data,
            "releases": releases,
            "horizon": horizon,
            "model": model,
            "recipes": recipes_of(parameters),
            "draws": draws,
            "seed": seed,
            "engine": engine,
            "scheduler": scheduler,
            "workers": workers,
        }
        settings = settings_of(**flags)
        from pipelines.running.many_forces import forces_in

        if forces := forces_in(settings.data, force or ()):
            _run_many(settings, flags, forces)
            return
        refuse_early(settings)
        from pipelines.running.prefect_server import start_own_server

        wait_for_server = start_own_server()
        from pipelines.flows.refresh import refresh

        wait_for_server()
        with shown():
            release = refresh(settings)
        typer.echo(f"Release: {release}")
        typer.echo(f"Open {release / 'index.html'} in a browser.")


def _run_many(settings: Settings, flags: Mapping[str, object], forces: list[str]) -> None:
    """Run every force's job, say of each what it came to, and end in failure if one failed."""
    from pipelines.commands.tables_shown import show_force_runs
    from pipelines.running.many_forces import run_forces
    from pipelines.running.progress import stage

    runs = []
    with shown(), stage("Running forces", len(forces)) as step:
        for done in run_forces(settings, flags, forces):
            runs.append(done)
            step()
    show_force_runs(runs)
    failed = [done for done in runs if done.exit_code]
    for done in failed:
        typer.secho(f"{done.force} failed: {done.said}\nIts log: {done.log}", fg="red", err=True)
    if failed:
        typer.secho(f"{len(failed)} of {len(runs)} forces failed; their last releases are still served.", err=True)
        raise typer.Exit(1)


@app.command()
def train(
    data: DataFolder = None,
    model: ModelName = None,
    parameters: Parameters = None,
    judged_origins: Annotated[int | None, typer.Option(help="Past years to judge it on.")] = None,
    seed: Seed = None,
    engine: EngineName = None,
    scheduler: Scheduler = None,
    workers: Workers = None,
) -> None:
    """Judge a model on past years, fit and register it, and promote it if it earns it; publish nothing."""
    with failures_explained():
        settings = settings_of(
            data=data,
            model=model,
            recipes=recipes_of(parameters),
            judged_origins=judged_origins,
            seed=seed,
            engine=engine,
            scheduler=scheduler,
            workers=workers,
        )
        refuse_early(settings)
        from pipelines.running.prefect_server import start_own_server

        wait_for_server = start_own_server()
        from pipelines.flows.build_features import build_features
        from pipelines.flows.ingest import ingest
        from pipelines.flows.train import train as train_flow
        from pipelines.running.refresh_lock import one_at_a_time

        wait_for_server()
        with shown(), one_at_a_time(settings.cache):
            tables = ingest(settings)
            trained = train_flow(tables, build_features(tables), settings)
        typer.echo(f"Registered as version {trained.challenger}")
        typer.echo(f"{'Promoted' if trained.decision.promote else 'Not promoted'}: {trained.decision.reason}")
        if trained.version != trained.challenger:
            typer.echo(f"Version {trained.version} forecasts")
