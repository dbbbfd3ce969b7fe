"""The forecast of anti-social behaviour, by the recipe that forecasts crime, from its own history alone.

Walks in: the tables of a force and the name of a recipe. Walks out: a table, empty where no source gives incidents.
"""

from __future__ import annotations

import pandas as pd

from features.antisocial import antisocial_panel
from models.draws.all_recorded import parts_that_add_up
from models.recipes.catalogue import can_be_named
from models.scripting import fit, forecast, summarise
from pipelines.settings import Settings
from pipelines.steps.kept_noise import KeptNoise
from pipelines.steps.recipe import recipe_of
from publication.tables.tables import ANTISOCIAL_FORECAST
from sources.tables.force_tables import ForceTables


def forecast_antisocial(tables: ForceTables, recipe: str, settings: Settings) -> pd.DataFrame:
    """Return expected incidents by area, month and year with their intervals, columns `ANTISOCIAL_FORECAST`.

    recipe : of the release; one that is not in the catalogue gives way to the one that the settings name.
    """
    panel = antisocial_panel(tables)
    if panel is None:
        return pd.DataFrame(columns=ANTISOCIAL_FORECAST)
    chosen = recipe if can_be_named(recipe, settings.model) else settings.model
    fitted = fit(panel, recipe_of(settings, chosen), noise_of=KeptNoise(settings.cache / "noise"))
    table = summarise(
        forecast(fitted, panel, settings.horizon),
        panel,
        draws=settings.draws,
        seed=settings.seed,
        workers=settings.workers,
    )
    # One type alone: its minor, its major and all types together are the same rows.
    every = parts_that_add_up(table).loc[lambda rows: rows["crime_level"] == "all", ANTISOCIAL_FORECAST]
    return every.round({"mean": 6}).reset_index(drop=True)
