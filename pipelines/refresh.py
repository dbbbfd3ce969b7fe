"""Refresh: the whole main job, in order."""

from __future__ import annotations

from pathlib import Path

from prefect import flow

from models import registry
from pipelines.build_features import build_features
from pipelines.forecast import forecast
from pipelines.ingest import ingest
from pipelines.journal import record
from pipelines.monitor import monitor
from pipelines.one_at_a_time import one_at_a_time
from pipelines.publish import publish, take_up
from pipelines.settings import Settings
from pipelines.train import train


@flow(name="refresh", validate_parameters=False)
def refresh(settings: Settings) -> Path:
    """Return the release made from the data folder that the settings name."""
    with one_at_a_time(settings.cache):
        registry.open_store(settings.tracking_address, settings.mlruns)  # if it is away, before any work is done
        take_up(settings)
        record(settings.mlruns, "ran", data=str(settings.data), model=settings.model)
        tables = ingest(settings.data, settings.cache)
        watch = monitor(tables, settings)
        panel = build_features(tables)
        trained = train(tables, panel, settings)
        tables_ahead = forecast(panel, trained.version, settings)
        return publish(tables, tables_ahead, trained, watch, settings)
