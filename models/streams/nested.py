"""Nested series: each is a part of the series that holds it, draw by draw.

Walks in: a stream's panel as known at the origin, and the model. Walks out: each nested series' own expectation, and
how far its part of the holder has erred. A draw of it keeps each of the holder's draw with the chance that the two
expectations bear to one another, so a part is never more than the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr

from features.history import YEAR, recency_weights
from features.panel import Panel
from features.streams.lengthened import whole_history
from features.streams.panel import StreamPanel
from models.forecast.forecast import FittedModel, Forecast
from models.forecast.noise import Noise
from models.recipes.model import Model

HALF_LIFE = 12.0  # months
AREA_PRIOR = 200.0  # of the holder's counts with which an area's part leans on that of all areas
LEAST_VARIANCE = 1e-4  # of the logarithm of a chance over a year
TINY = 1e-9


@dataclass(frozen=True, eq=False)
class NestedSeries:
    """One nested series: the series that holds it, and its own fit.

    variance : of the logarithm of its part of the holder over a year. recent : (area) its part in recent months.
    """

    name: str
    holder: str
    fitted: FittedModel
    variance: float
    recent: np.ndarray

    def mean(self, horizon: int) -> np.ndarray:
        """Return its own expectation, (area, month), of the next `horizon` months."""
        expected: Forecast = self.fitted.forecast(horizon)
        return expected.mean.isel(crime_type=0).transpose("ward", "month").to_numpy()


def learn_nested(known: StreamPanel, model: Model) -> list[NestedSeries]:
    """Return a stream's nested series, holders before what they hold; none where it has none."""
    totals = {str(name): values for name, values in _totals(known)}
    learnt = []
    for name in [str(one) for one in known.nested["series"].to_numpy()]:
        history = whole_history(replace(known, panel=_alone(known, name)))
        fitted = FittedModel(model.name, history.last_month, model.factors(history), Noise.none(np.array([name])))
        holder = known.about.within[name]
        variance = _past_variance(totals[name], totals[holder])
        learnt.append(NestedSeries(name, holder, fitted, variance, _recent_part(known, name, holder)))
    return learnt


def draw_part(
    series: NestedSeries, whole: np.ndarray, chance: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """Return draws of a nested series, int32, from its holder's, (area then unlocated, month, draw).

    chance : (area then unlocated, month) of one of the holder's counts to be one of the series.
    """
    shock = generator.normal(0.0, np.sqrt(series.variance), whole.shape[-1])
    shock = np.exp(shock - series.variance / 2)
    return generator.binomial(whole, np.clip(chance[:, :, None] * shock, 0, 1)).astype(np.int32)


def chance_of(series: NestedSeries, whole: np.ndarray, unlocated: int) -> np.ndarray:
    """Return the chance, (area then unlocated, month), that one of the holder's counts is one of the series.

    whole : (area, month) the holder's expectation. It is the geometric mean of two: the part that the two expectations
    bear to one another, and that of recent months. What has no known area takes the chance of all areas together.
    """
    part = series.mean(whole.shape[1])
    located = np.sqrt(np.minimum(part / np.maximum(whole, TINY), 1.0) * series.recent[:, None])
    of_all = (located * whole).sum(axis=0) / np.maximum(whole.sum(axis=0), TINY)
    return np.concatenate([located, np.repeat(of_all[None], unlocated, axis=0)])


def _recent_part(known: StreamPanel, name: str, holder: str) -> np.ndarray:
    """Return each area's part of its holder in recent months, drawn towards that of all areas, (area)."""
    nested = set(known.nested["series"].to_numpy())
    whole = known.nested.sel(series=holder) if holder in nested else known.panel.offences.isel(crime_type=0)
    counts = [
        np.nan_to_num(each.transpose("ward", "month").to_numpy()) for each in (known.nested.sel(series=name), whole)
    ]
    weights = recency_weights(counts[0].shape[1], HALF_LIFE)
    part, held = (each @ weights for each in counts)
    of_all = part.sum() / max(held.sum(), TINY)
    return np.clip((part + AREA_PRIOR * of_all) / (held + AREA_PRIOR), 0, 1)


def _alone(known: StreamPanel, name: str) -> Panel:
    """Return the panel of one nested series."""
    values = known.nested.sel(series=[name]).rename(series="crime_type")
    top = known.panel.offences
    title = xr.DataArray(np.array([known.about.title], dtype=object), dims="crime_type")
    offences = values.assign_coords(borough=top["borough"], bcu=top["bcu"], major_type=title)
    unlocated = known.panel.unlocated.isel(crime_type=[0]).assign_coords(crime_type=[name]) * 0.0
    kinds = pd.DataFrame({"crime_type": [name], "major_type": known.about.title, "neighbourhood_crime": False})
    kinds = kinds.assign(finest_open_level=known.about.finest_open_level)
    return replace(known.panel, offences=offences, unlocated=unlocated, crime_types=kinds)


def _totals(known: StreamPanel) -> list[tuple[str, np.ndarray]]:
    """Return every series' sums over areas, (month)."""
    top = known.panel.offences.isel(crime_type=0)
    nested = [(str(name), known.nested.sel(series=name)) for name in known.nested["series"].to_numpy()]
    every = [(str(top["crime_type"].item()), top), *nested]
    return [(name, np.nan_to_num(values.sum("ward").to_numpy())) for name, values in every]


def _past_variance(part: np.ndarray, whole: np.ndarray) -> float:
    """Return how far the share of the next year erred at past origins, in logarithms, beyond the chance of counting."""
    errors = []
    for seen in range(YEAR, len(part) - 2):
        ahead, weights = slice(seen, seen + YEAR), recency_weights(seen, HALF_LIFE)
        expected = float((part[:seen] * weights).sum() / max((whole[:seen] * weights).sum(), TINY))
        size = whole[ahead].sum()
        if expected <= 0 or part[ahead].sum() <= 0:
            continue
        by_chance = (1 - expected) / (size * expected)
        errors.append(np.log(part[ahead].sum() / (size * expected)) ** 2 - by_chance)
    return max(float(np.mean(errors)), LEAST_VARIANCE) if errors else LEAST_VARIANCE
