"""The forecast of anti-social behaviour, by the recipe that forecasts crime, from its own history alone.

Walks in: the folder of a force's tables, and the name of a recipe. Walks out: `antisocial_forecast` in a folder of its
own, and a run in MLflow beside those of crime.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import pandas as pd

from features.antisocial import antisocial_panel
from features.panel import Panel
from models.draws.all_recorded import parts_that_add_up
from models.draws.summary import forecast_table
from models.forecast.for_each import ForEach
from models.recipes.catalogue import can_be_named
from models.recipes.model import Model
from models.scripting import fit, forecast
from models.tracking import registry, run_record
from pipelines.kept.kept_noise import kept_noise
from pipelines.kept.read_once import tables_of
from pipelines.kept.sealed_tables import write_sealed_tables
from pipelines.running.engines import engine_of
from pipelines.running.prefect_step import step
from pipelines.running.progress import stage
from pipelines.settings import Settings
from pipelines.steps.candidate import tags_of
from pipelines.steps.recipe import recipe_of, recorded
from publication.tables.tables import ANTISOCIAL_FORECAST
from sources.catalogue.data_folder import vintage
from sources.tables.force_tables import ForceTables

NAME = "antisocial_forecast"  # of the table, and of its file


@step("forecast anti-social behaviour")
def forecast_antisocial(tables_folder: Path, recipe: str, settings: Settings) -> Path | None:
    """Return the folder of the forecast, beside the tables it was made from; None where no source gives incidents.

    recipe : of the release; one that is not in the catalogue gives way to the one that the settings name.
    """
    tables = tables_of(tables_folder)
    panel = antisocial_panel(tables)
    if panel is None:
        return None
    chosen = recipe_of(settings, recipe if can_be_named(recipe, settings.model) else settings.model)
    registry.open_store(settings.tracking_address, settings.mlruns)
    with (
        stage("Forecasting anti-social behaviour"),
        engine_of(settings) as for_each,
        _run_of(chosen, panel, tables, settings),
    ):
        table = antisocial_table(panel, chosen, settings, for_each)
        run_record.log_table(table[table["area_level"] == "force"], NAME)
    folder = tables_folder.with_name(tables_folder.name.replace("tables-", "antisocial-"))
    return write_sealed_tables({NAME: table}, folder)


def antisocial_table(panel: Panel, recipe: Model, settings: Settings, for_each: ForEach) -> pd.DataFrame:
    """Return expected incidents by area, month and year with their intervals, columns `ANTISOCIAL_FORECAST`."""
    fitted = fit(panel, recipe, noise_of=kept_noise(settings, for_each))
    table = forecast_table(
        forecast(fitted, panel, settings.horizon),
        panel.areas,
        draws=settings.draws,
        seed=settings.seed,
        for_each=for_each,
    )
    # One type alone: its minor, its major and all types together are the same rows.
    every = parts_that_add_up(table).loc[lambda rows: rows["crime_level"] == "all", ANTISOCIAL_FORECAST]
    return every.round({"mean": 6}).reset_index(drop=True)


def _run_of(recipe: Model, panel: Panel, tables: ForceTables, settings: Settings) -> AbstractContextManager[str]:
    parameters = {
        **recorded(recipe, settings),
        "origin": f"{panel.last_month:%Y-%m}",
        "data_vintage": vintage(tables.manifest),
        "horizon": settings.horizon,
        "draws": settings.draws,
        "seed": settings.seed,
    }
    name = f"anti-social behaviour {panel.last_month:%Y-%m}"
    return registry.run(name, parameters, tags_of(tables, settings), experiment=registry.OTHER_DEMAND)
