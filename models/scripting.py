"""The steps of a forecast, for those who script: fit, forecast, summarise, score.

Walk in: a panel, or what the step before left. Walk out: a fitted model, its forecast with the part that population
has in it, the `forecast` table, and scores.
"""

from __future__ import annotations

import pandas as pd

from features.panel import Panel
from models.draws.summary import forecast_table
from models.fit import fit_at
from models.forecast.for_each import Threads
from models.forecast.forecast import FittedModel, Forecast, months_ahead
from models.people.population_demand import learn_population_demand
from models.recipes.catalogue import model_named
from models.recipes.model import Model, NoiseOf
from models.scoring import scores
from sources.tables.force_tables import ForceTables


def fit(
    panel: Panel, model: str | Model = "boosted", origin: pd.Timestamp | None = None, noise_of: NoiseOf | None = None
) -> FittedModel:
    """Return what a model learns from the panel as it was known at the origin, by default its last month.

    model: a name in `MODELS`, or a `Model` of one's own. `noise_of`: see `models.fit.fit_at`. Raises InputError for an
    unknown name, an origin outside the history, or a history too short to learn how far forecasts err.
    """
    return fit_at(model_named(model), panel, panel.last_month if origin is None else origin, noise_of)


def forecast(fitted: FittedModel, panel: Panel, horizon: int = 12) -> Forecast:
    """Return the forecast of the months after the fit, following the central projection of residents.

    horizon: months, 1 to 60. Of the panel only what was known at the fitted model's origin is read.
    """
    demand = learn_population_demand(panel.as_known_at(fitted.origin))
    return fitted.forecast(
        horizon,
        demand.factor(months_ahead(fitted.origin, horizon)),
        strength=demand.strength.mean,
        strength_sd=demand.strength.sd,
    )


def summarise(forecast: Forecast, panel: Panel, *, draws: int = 400, seed: int = 1, workers: int = 2) -> pd.DataFrame:
    """Return the published table of a forecast: mean and quantiles of every area, crime type, month and year.

    Offences; one row a cell, from `draws` joint draws: the same seed gives the same table whatever the `workers`.
    Columns are those of `forecast.parquet` in a release (docs/releases.md).
    """
    return forecast_table(forecast, panel.areas, draws=draws, seed=seed, for_each=Threads(workers))


def score(table: pd.DataFrame, tables: ForceTables) -> pd.DataFrame:
    """Return how well a forecast table did against what the force has recorded since, one row a group of cells.

    Columns and units: see `models.scoring.scores.score`, or docs/scoring.md; `score_summary` condenses them for people.
    Raises InputError for a table that is no forecast of this force.
    """
    return scores.score(
        table, tables.offences, tables.areas, tables.crime_types, unlocated_offences=tables.unlocated_offences
    )
