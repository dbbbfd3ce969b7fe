"""What is learnt of a stream at an origin, by a model of crime types on the stream's own history.

Walks in: a `StreamPanel`. Walks out: a `FittedStream`. Amounts are learnt in units in which they vary like counts; a
short history is lengthened by the crime types that it cuts across, from which season and noise are then borrowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
import xarray as xr

from features.breaks import months_of
from features.panel import Panel
from features.streams.lengthened import borrows, whole_history
from features.streams.panel import StreamPanel
from models.forecast.forecast import FittedModel, Forecast
from models.recipes.model import Model, NoiseOf
from models.recipes.three_speed import ThreeSpeed
from models.streams.amounts import poisson_unit
from models.streams.nested import NestedSeries, learn_nested
from models.uncertainty.past_errors import FIRST_ORIGIN, WARD_SPACING
from models.uncertainty.variances import estimate_noise


@dataclass(frozen=True, eq=False)
class FittedStream:
    """A model fitted to a stream at its origin.

    model : in counts, or for amounts in units of `unit`. nested : the nested series, holders first.
    borrowed : whether season and noise rest on related crime types, since the stream's own months are few.
    """

    name: str
    model: FittedModel
    unit: float
    is_amount: bool
    nested: list[NestedSeries]
    borrowed: bool

    @property
    def origin(self) -> pd.Timestamp:
        """The last month seen."""
        return self.model.origin

    def forecast(self, horizon: int) -> Forecast:
        """Return the forecast of the next `horizon` months, in the units of the model."""
        return self.model.forecast(horizon)


def fit_stream(
    panel: StreamPanel,
    origin: pd.Timestamp | None = None,
    model: Model | None = None,
    noise_of: NoiseOf | None = None,
) -> FittedStream:
    """Return what a model, by default the three-speed one, learns of a stream up to the origin, and nothing later.

    Raises
    ------
    InputError
        If the origin lies outside the stream's history, or this is too short to learn how far forecasts err.
    """
    known = panel.as_known_at(panel.last_month if origin is None else origin)
    is_amount = known.about.kind == "amount"
    values = known.panel.offences.transpose("ward", "crime_type", "month").to_numpy()
    unit = poisson_unit(values) if is_amount else 1.0
    history = usual_enough(whole_history(known), known.about.set_aside)
    history = replace(history, offences=history.offences / unit, unlocated=history.unlocated / unit)
    recipe = model or ThreeSpeed()
    # The path stands as the mean: raised to it by errors learnt on few years, streams were forecast too high.
    noise = (noise_of or estimate_noise)(recipe.judged_by, history)
    fitted = FittedModel(recipe.name, history.last_month, recipe.factors(history), noise)
    nested = learn_nested(known, recipe)
    return FittedStream(known.about.name, fitted, unit, is_amount, nested, borrows(known))


def usual_enough(history: Panel, set_aside: Mapping[str, str]) -> Panel:
    """Return the history, without its disruptions where no past year outside of them is left to judge errors on.

    Errors then hold what a disruption does, so that intervals are wide rather than missing. Months that were set aside
    stay apart.
    """
    unusual = months_of(history.breaks, "disruption", history.months).to_numpy()
    last = len(history.months)
    judged = range(last - WARD_SPACING, FIRST_ORIGIN - 1, -WARD_SPACING)
    if any(not unusual[seen - 1] and not unusual[seen:].all() for seen in judged):
        return history
    months = [pd.Timestamp(month) for month in set_aside]
    aside = history.breaks["first_month"].isin(months) & history.breaks["last_month"].isin(months)
    return replace(history, breaks=history.breaks[aside].reset_index(drop=True))


def scaled(forecast: Forecast, factor: float) -> Forecast:
    """Return the forecast with its expectation multiplied, and the same relative noise."""
    factors: dict[str, xr.DataArray] = dict(forecast.factors)
    factors["level"] = factors["level"] * factor
    return replace(forecast, factors=factors, unlocated=forecast.unlocated * factor)
