"""Draws of a stream: every series, area and month of the same joint futures.

Walks in: a fitted stream and its panel. Walks out: `StreamDraws`, whole numbers that add up over areas and series.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.streams.panel import StreamPanel
from models.draws.distribution import Drawer
from models.forecast.hierarchy import AreaTree
from models.streams.amounts import amounts_of_pieces
from models.streams.fit import FittedStream, scaled
from models.streams.nested import chance_of, draw_part


@dataclass(frozen=True, eq=False)
class StreamDraws:
    """Draws and expectations by series.

    level : of the areas, `ward`, `borough` or `force`.
    draws : by series, (area then unlocated, month, draw), whole. mean : by series, (area then unlocated, month).
    """

    level: str
    tree: AreaTree
    months: pd.DatetimeIndex
    draws: dict[str, np.ndarray]
    mean: dict[str, np.ndarray]


def draw_stream(fitted: FittedStream, panel: StreamPanel, horizon: int, *, draws: int, seed: int) -> StreamDraws:
    """Return the draws of the next `horizon` months; of the panel only its areas are read."""
    forecast = fitted.forecast(horizon)
    tree = AreaTree.of(panel.panel.areas)
    # A piece is half a unit, so there are twice as many of them.
    drawer = Drawer(scaled(forecast, 2.0) if fitted.is_amount else forecast, tree, draws=draws, seed=seed)
    drawn: dict[str, np.ndarray] = {}
    mean: dict[str, np.ndarray] = {}
    for name in [str(one) for one in forecast.mean["crime_type"].to_numpy()]:
        counts = drawer.draw(name).counts
        pieces = drawer.generator(f"pieces of {name}")
        drawn[name] = amounts_of_pieces(pieces, counts, fitted.unit) if fitted.is_amount else counts
        located = forecast.mean.sel(crime_type=name).transpose("ward", "month").to_numpy()
        unlocated = forecast.unlocated.sel(crime_type=name).transpose("area", "month").to_numpy()
        mean[name] = np.concatenate([located, unlocated]) * fitted.unit
    for series in fitted.nested:
        whole = mean[series.holder]
        chance = chance_of(series, whole[: tree.wards], len(whole) - tree.wards)
        mean[series.name] = whole * chance
        generator = drawer.generator(f"part {series.name}")
        drawn[series.name] = draw_part(series, drawn[series.holder], chance, generator)
    return StreamDraws(panel.about.areas, tree, forecast.months, drawn, mean)
