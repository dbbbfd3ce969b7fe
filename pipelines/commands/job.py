"""Commands of the main job: run it whole, or train alone.

Walks in: settings. Walks out: a release, or a registered model.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import (
    DataFolder,
    DrawsNumber,
    EngineName,
    ModelName,
    Scheduler,
    Seed,
    Workers,
    failures_explained,
    refuse_early,
    settings_of,
    shown,
)

app = typer.Typer()


@app.command()
def run(
    data: DataFolder = None,
    releases: Annotated[Path | None, typer.Option(help="Folder that holds the releases.")] = None,
    horizon: Annotated[int | None, typer.Option(help="Months to forecast.")] = None,
    model: ModelName = None,
    draws: DrawsNumber = None,
    seed: Seed = None,
    engine: EngineName = None,
    scheduler: Scheduler = None,
    workers: Workers = None,
) -> None:
    """Do the whole main job: read, build features, train, forecast, publish a release."""
    with failures_explained():
        flags = {
            "data": data,
            "releases": releases,
            "horizon": horizon,
            "model": model,
            "draws": draws,
            "seed": seed,
            "engine": engine,
            "scheduler": scheduler,
            "workers": workers,
        }
        settings = settings_of(**flags)
        refuse_early(settings)
        from pipelines.refresh import refresh

        with shown():
            release = refresh(settings)
        typer.echo(f"Release: {release}")
        typer.echo(f"Open {release / 'index.html'} in a browser.")


@app.command()
def train(
    data: DataFolder = None,
    model: ModelName = None,
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
            judged_origins=judged_origins,
            seed=seed,
            engine=engine,
            scheduler=scheduler,
            workers=workers,
        )
        refuse_early(settings)
        from pipelines.build_features import build_features
        from pipelines.ingest import ingest
        from pipelines.train import train as train_flow

        with shown():
            tables = ingest(settings.data, settings.cache)
            trained = train_flow(tables, build_features(tables), settings)
        typer.echo(f"Registered as version {trained.challenger}")
        typer.echo(f"{'Promoted' if trained.decision.promote else 'Not promoted'}: {trained.decision.reason}")
        if trained.version != trained.challenger:
            typer.echo(f"Version {trained.version} forecasts")
