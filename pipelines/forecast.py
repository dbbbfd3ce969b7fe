"""Forecast: a registered model and the panel in, the forecast table out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from features.panel import Panel
from features.population import population_factor
from models import registry
from models.forecast import FittedModel, months_ahead
from models.summary import forecast_table
from pipelines.panel_files import load_panel
from pipelines.progress import stage
from pipelines.settings import Settings
from sources.contracts import InputError


@task(name="draw and summarise", cache_policy=NO_CACHE)
def draw_and_summarise(fitted: FittedModel, panel: Panel, settings: Settings) -> pd.DataFrame:
    """Return the forecast table of the fitted model over the horizon."""
    exposure = population_factor(panel, fitted.origin, months_ahead(fitted.origin, settings.horizon))
    with stage("Drawing possible futures", panel.offences.sizes["crime_type"]) as step:
        return forecast_table(
            fitted.forecast(settings.horizon, exposure),
            panel.areas,
            draws=settings.draws,
            seed=settings.seed,
            workers=settings.workers,
            progress=step,
        )


@flow(name="forecast", validate_parameters=False)
def forecast(panel_folder: Path, version: str, settings: Settings) -> Path:
    """Return the file of the forecast that a registered model version makes.

    Raises
    ------
    InputError
        When the model was fitted at another month than the data's last.
    """
    panel = load_panel(panel_folder)
    registry.open_store(settings.tracking_address, settings.mlruns)
    fitted = registry.load(version)
    if fitted.origin != panel.last_month:
        raise InputError(
            f"The model was fitted at {fitted.origin:%Y-%m}, the data end in {panel.last_month:%Y-%m}",
            value=f"version {version}",
            remedy="Train on these data first: `wardcast train`.",
        )
    table = draw_and_summarise(fitted, panel, settings)
    file = panel_folder / f"forecast-{version}.parquet"
    aside = file.with_suffix(".part")
    table.to_parquet(aside, index=False)
    aside.replace(file)
    return file
