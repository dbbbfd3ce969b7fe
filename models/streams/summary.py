"""The published table of a stream: means and quantiles of every area, series, month, quarter and year.

Walks in: a stream's draws and its panel. Walks out: one long table, STREAM_FORECAST. Rows of the force count what has
no known area too; those of the areas below it only what has one.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from features.streams.panel import ABOVE, StreamPanel
from models.draws.rows import quantiles_of
from models.forecast.hierarchy import AreaTree
from models.forecast.vocabulary import QUANTILES
from models.forecast.years import (
    MONTHS_A_QUARTER,
    MONTHS_A_YEAR,
    sum_quarters,
    sum_years,
    whole_quarters,
    whole_years,
)
from models.streams.draws import StreamDraws

ALL_SERIES = "all"
KEYS = ["stream", "origin", "area_level", "area_code", "area_name", "series", "period", "month"]
FORCE_DRAWS = ["stream", "series", "month", "draws"]
STREAM_FORECAST = [*KEYS, "mean", *QUANTILES, "year_before", "chance_of_rise"]


def stream_table(name: str, panel: StreamPanel, drawn: StreamDraws) -> pd.DataFrame:
    """Return the table of a stream's forecast, columns STREAM_FORECAST.

    series : each, and `all` where several add up. year_before : what the same months held a year before them, missing
    where that is not known at the origin. chance_of_rise : the share of draws above that, ties counted by half.
    """
    known = panel.as_known_at(drawn.months[0] - pd.DateOffset(months=1))
    before = _recorded(known)
    parts = [
        _rows(drawn, series, draws, mean, before.get(series)) for series, draws, mean in with_their_sum(drawn, known)
    ]
    table = pd.concat(parts, ignore_index=True)
    return table.assign(stream=name, origin=known.last_month)[STREAM_FORECAST]


def force_draws(name: str, panel: StreamPanel, drawn: StreamDraws) -> pd.DataFrame:
    """Return the draws of the whole force, what has no known area among them: columns FORCE_DRAWS, a row a month."""
    known = panel.as_known_at(drawn.months[0] - pd.DateOffset(months=1))
    parts = [
        pd.DataFrame({"month": drawn.months, "draws": list(draws.sum(axis=0).astype(np.float64))}).assign(series=series)
        for series, draws, _ in with_their_sum(drawn, known)
    ]
    return pd.concat(parts, ignore_index=True).assign(stream=name)[FORCE_DRAWS]


def places_of(about_level: str, tree: AreaTree) -> tuple[pd.DataFrame, np.ndarray]:
    """Return area_level, area_code and area_name of a stream's areas, and their rows in `AreaTree.sum_up`."""
    levels = {"ward": about_level, "borough": ABOVE[about_level], "bcu": "bcu", "force": "force"}
    table = tree.table.assign(area_level=tree.table["area_level"].map(levels))
    kept = ~table.duplicated(["area_level", "area_code"])
    return table[kept].reset_index(drop=True), np.flatnonzero(kept)


def with_their_sum(drawn: StreamDraws, known: StreamPanel) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    for series, draws in drawn.draws.items():
        yield series, draws, drawn.mean[series]
    own = [series for series in drawn.draws if series not in known.about.within]
    if len(own) > 1:
        draws = np.sum([drawn.draws[series] for series in own], axis=0, dtype=drawn.draws[own[0]].dtype)
        yield ALL_SERIES, draws, np.sum([drawn.mean[series] for series in own], axis=0)


def _recorded(known: StreamPanel) -> dict[str, np.ndarray]:
    """Return the last year by series, (area then unlocated, month), and by ALL_SERIES; nested ones of known areas."""
    year = {"month": slice(-MONTHS_A_YEAR, None)}
    top = known.panel.offences.isel(year).transpose("crime_type", "ward", "month")
    nowhere = known.panel.unlocated.isel(year).transpose("crime_type", "area", "month")
    cube = np.concatenate([top.to_numpy(), nowhere.to_numpy()], axis=1)
    by_series = {str(name): cube[place] for place, name in enumerate(top["crime_type"].to_numpy())}
    if len(by_series) > 1:
        by_series[ALL_SERIES] = cube.sum(axis=0)
    nested = known.nested.isel(year).transpose("series", "ward", "month")
    return by_series | {str(name): nested.to_numpy()[place] for place, name in enumerate(nested["series"].to_numpy())}


def _rows(
    drawn: StreamDraws, series: str, draws: np.ndarray, mean: np.ndarray, before: np.ndarray | None
) -> pd.DataFrame:
    """Return the rows of one series."""
    places, chosen = places_of(drawn.level, drawn.tree)
    summed, expected = summed_over_areas(draws, drawn.tree, chosen), summed_over_areas(mean, drawn.tree, chosen)
    year = np.full((len(summed), MONTHS_A_YEAR), np.nan)
    if before is not None and before.shape[1] == MONTHS_A_YEAR:
        year = summed_over_areas(before, drawn.tree, chosen)
    blocks = []
    for period, draws_of, mean_of, before_of, months in _periods(summed, expected, year, drawn.months):
        told = before_of[:, : draws_of.shape[1]]
        told = np.pad(told, ((0, 0), (0, draws_of.shape[1] - told.shape[1])), constant_values=np.nan)
        above = (draws_of > told[..., None]).mean(axis=-1) + (draws_of == told[..., None]).mean(axis=-1) / 2
        columns = {
            "period": period,
            "month": np.tile(months, len(places)),
            "series": series,
            "mean": mean_of.ravel(),
            "year_before": told.ravel(),
            "chance_of_rise": np.where(np.isnan(told), np.nan, above).ravel(),
        }
        quantiles = quantiles_of(draws_of.copy()).reshape(-1, len(QUANTILES))
        columns |= {name: quantiles[:, place] for place, name in enumerate(QUANTILES)}
        repeated = places.loc[places.index.repeat(len(months))].reset_index(drop=True)
        blocks.append(pd.concat([repeated, pd.DataFrame(columns)], axis=1))
    return pd.concat(blocks, ignore_index=True)


def _periods(
    draws: np.ndarray, mean: np.ndarray, before: np.ndarray, months: pd.DatetimeIndex
) -> Iterator[tuple[str, np.ndarray, np.ndarray, np.ndarray, pd.DatetimeIndex]]:
    yield "month", draws, mean, before, months
    if quarters := whole_quarters(len(months)):
        first = months[::MONTHS_A_QUARTER][:quarters]
        yield "quarter", sum_quarters(draws), sum_quarters(mean), sum_quarters(before)[:, :quarters], first
    if years := whole_years(len(months)):
        yield "year", sum_years(draws), sum_years(mean), sum_years(before), months[::MONTHS_A_YEAR][:years]


def summed_over_areas(values: np.ndarray, tree: AreaTree, chosen: np.ndarray) -> np.ndarray:
    """Return values of the areas that are told, (area, ...): the force's with what has no known area."""
    located, nowhere = values[: tree.wards], values[tree.wards :]
    summed = tree.sum_up(located)[chosen]
    summed[-1] += nowhere.sum(axis=0, dtype=summed.dtype)
    return summed
