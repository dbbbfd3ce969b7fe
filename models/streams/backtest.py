"""A stream's past forecasts beside what came: models judged at rolling origins, each from what was known then.

Walks in: a stream's panel, origins and models. Walk out: one row a cell that came, and their scores by level. Models
have the same calibration: their noise is estimated from their own past errors, by the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from features.streams.panel import StreamPanel
from models.forecast.vocabulary import QUANTILES
from models.forecast.years import sum_years
from models.recipes.baselines import SeasonalNaive
from models.recipes.model import Model
from models.recipes.three_speed import ThreeSpeed
from models.scoring.interval_coverage import covered_by_pit, pit_range
from models.scoring.metrics import weighted_interval_score
from models.streams.baselines import YearMean
from models.streams.draws import StreamDraws, draw_stream
from models.streams.fit import fit_stream
from models.streams.summary import places_of, summed_over_areas, with_their_sum

JUDGED: Mapping[str, Model] = {model.name: model for model in (ThreeSpeed(), SeasonalNaive(), YearMean())}
COVERAGE = 0.8
LEVELS = list(QUANTILES.values())
SCORES = ["stream", "model", "area_level", "series", "period", "origins", "cells", "wape", "wis", "bias", "coverage_80"]


def backtest_stream(
    panel: StreamPanel,
    origins: Sequence[pd.Timestamp],
    horizon: int = 12,
    models: Mapping[str, Model] = JUDGED,
    *,
    draws: int = 400,
    seed: int = 1,
    progress: Callable[[], None] = lambda: None,
) -> pd.DataFrame:
    """Return one row a model, origin, area, series and month or whole year of twelve that has come.

    Columns: stream, model, origin, area_level, area_code, series, period, month, recorded, mean, wis (in the stream's
    unit), covered (chance that the cell's randomised PIT lies in the 80 % interval), and the nine quantiles.

    Raises
    ------
    InputError
        If an origin lies outside the history, or the history before it is too short.
    """
    parts = []
    for origin in origins:
        for name, model in models.items():
            drawn = draw_stream(fit_stream(panel, origin, model), panel, horizon, draws=draws, seed=seed)
            parts += [part.assign(model=name, origin=origin) for part in _judged(panel, drawn)]
            progress()
    return pd.concat(parts, ignore_index=True).assign(stream=panel.about.name)


def stream_scores(judged: pd.DataFrame) -> pd.DataFrame:
    """Return scores, columns SCORES, by level, series and period: WAPE, WIS and bias relative to what came.

    Summed over all cells and origins; lower is better, and `coverage_80` should be 0.8.
    """
    keys = ["stream", "model", "area_level", "series", "period"]
    cells = judged.assign(
        error=(judged["mean"] - judged["recorded"]).abs(), surplus=judged["mean"] - judged["recorded"]
    )
    groups = cells.groupby(keys, sort=False)
    sums = groups[["recorded", "error", "surplus", "wis"]].sum()
    came = sums["recorded"].where(sums["recorded"] > 0)
    scores = pd.DataFrame(
        {
            "origins": groups["origin"].nunique(),
            "cells": groups.size(),
            "wape": sums["error"] / came,
            "wis": sums["wis"] / came,
            "bias": sums["surplus"] / came,
            "coverage_80": groups["covered"].mean(),
        }
    )
    return scores.reset_index()[SCORES]


def _judged(panel: StreamPanel, drawn: StreamDraws) -> Iterator[pd.DataFrame]:
    """Yield the rows of one model's draws from one origin, by series and period."""
    places, chosen = places_of(drawn.level, drawn.tree)
    came = _came(panel, drawn.months)
    for series, draws, mean in with_their_sum(drawn, panel):
        actual = summed_over_areas(came[series], drawn.tree, chosen)
        by_draw, expected = (summed_over_areas(values, drawn.tree, chosen) for values in (draws, mean))
        for period in ("month", "year"):
            if period == "year":
                actual, by_draw, expected = sum_years(actual), sum_years(by_draw), sum_years(expected)
            months = drawn.months[:: 12 if period == "year" else 1][: actual.shape[1]]
            known = np.isfinite(actual)
            area, when = np.nonzero(known)
            if not len(area):
                continue
            cells = by_draw[known]
            quantiles = np.quantile(cells, LEVELS, axis=-1, method="inverted_cdf").T
            yield pd.DataFrame(
                {
                    **{name: places[name].to_numpy()[area] for name in ("area_level", "area_code")},
                    "series": series,
                    "period": period,
                    "month": months[when],
                    "recorded": actual[known],
                    "mean": expected[known],
                    "wis": weighted_interval_score(actual[known], quantiles, LEVELS),
                    "covered": covered_by_pit(*pit_range(actual[known], cells), COVERAGE),
                    **{name: quantiles[:, place] for place, name in enumerate(QUANTILES)},
                }
            )


def _came(panel: StreamPanel, months: pd.DatetimeIndex) -> dict[str, np.ndarray]:
    """Return what came by series, (area then unlocated, month), missing where it is not known (yet)."""
    top = panel.panel.offences.reindex(month=months).transpose("crime_type", "ward", "month").to_numpy()
    nowhere = panel.panel.unlocated.reindex(month=months).transpose("crime_type", "area", "month")
    cube = np.concatenate([top, nowhere.to_numpy()], axis=1)
    names = [str(name) for name in panel.panel.offences["crime_type"].to_numpy()]
    came = {name: cube[place] for place, name in enumerate(names)}
    if len(names) > 1:
        came["all"] = cube.sum(axis=0)
    nested = panel.nested.reindex(month=months).transpose("series", "ward", "month")
    for place, name in enumerate(nested["series"].to_numpy()):
        came[str(name)] = nested.to_numpy()[place]
    return came
