"""Refresh: the whole main job, in order."""

from __future__ import annotations

from pathlib import Path

from prefect import flow

from models.tracking import registry
from pipelines.flows.build_features import build_features
from pipelines.flows.forecast import forecast
from pipelines.flows.ingest import ingest
from pipelines.flows.monitor import monitor
from pipelines.flows.plan import default_plan
from pipelines.flows.publish import publish, take_up
from pipelines.flows.train import train
from pipelines.running.journal import record
from pipelines.running.refresh_lock import one_at_a_time
from pipelines.running.run_names import name_run
from pipelines.settings import Settings
from pipelines.steps.antisocial import forecast_antisocial
from pipelines.steps.candidate import Standing
from pipelines.steps.release_contents import Made
from pipelines.steps.streams import forecast_streams
from pipelines.steps.watching import Watch


@flow(name="refresh", validate_parameters=False)
def refresh(settings: Settings) -> Path:
    """Return the release made from the data folder that the settings name."""
    with one_at_a_time(settings.cache):
        registry.open_store(settings.tracking_address, settings.mlruns)  # if it is away, before any work is done
        take_up(settings)
        record(settings.mlruns, "ran", data=str(settings.data), model=settings.model)
        tables = ingest(settings)
        name_run(tables)
        return release_of(tables, settings)


def release_of(tables: Path, settings: Settings) -> Path:
    """Return the release made from a folder of canonical tables: the order of the main job, however it was started."""
    panel = build_features(tables)
    watch = monitor(tables, panel, settings)
    trained = train(tables, panel, settings)
    return released(tables, panel, trained.version, trained.standing, watch, settings)


def released(tables: Path, panel: Path, version: str, standing: Standing, watch: Watch, settings: Settings) -> Path:
    """Return the release of a version's forecast: the second half of the job, for commands, schedule and scripts.

    tables, panel : their folders. standing : how the version's recipe was judged. watch : what the monitor found.
    """
    ahead = forecast(panel, version, settings)
    streams = forecast_streams(tables, settings)
    default_plan(tables, ahead, settings, streams)
    antisocial = forecast_antisocial(tables, standing.recipe, settings)
    return publish(Made(tables, ahead, standing, watch, streams, antisocial), settings)
