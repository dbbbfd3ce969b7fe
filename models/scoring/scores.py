"""Scores of a forecast table against what happened, by level, crime type, volume and horizon.

Walk in: a forecast table, the canonical tables it is judged by and, for CRPS and PIT, draws. Walk out: the
tidy table of scores, and the short one that people read. Definitions: docs/scoring.md.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow.dataset as ds

from features.breaks import months_of
from models.draws.summary import MONTHS_A_YEAR
from models.forecast.forecast import months_ahead
from models.forecast.vocabulary import AREA_LEVELS, CRIME_LEVELS, QUANTILES
from models.scoring.draw_scores import draw_scores
from models.scoring.forecast_cells import Block, blocks_by_origin
from models.scoring.interval_coverage import covered_by_pit, covered_inclusively, covered_strictly
from models.scoring.metrics import bias, relative, rmsse, wape, weighted_interval_score
from models.scoring.observed import Observed
from models.scoring.scored_cells import ScoredCells, scored_cells
from sources.files.errors import InputError

MEDIAN = list(QUANTILES).index("q50")
# The intervals that the quantiles beside the median make, from the inside out.
COVERAGES = (50, 80, 90, 95)
# Mean offences a month in the year before the origin. Errors under 20 % need about 30 (Gorr et al. 2003).
VOLUME_BANDS = {
    "under 0.5": 0.5,
    "0.5 to 2": 2,
    "2 to 10": 10,
    "10 to 30": 30,
    "30 and over": np.inf,
}
HORIZON_BLOCKS = (3, 6, 12, 24, 36, 48, 60)  # last months ahead of blocks that are told together
SUMMARISED = (
    "floor",
    "naive_wape",
    "wape",
    "wis",
    "bias",
    "coverage_80_strict",
    "coverage_80_inclusive",
    "coverage_80_randomised",
)
KEYS = ("origin", "period", "area_level", "crime_level", "group", "group_value")
METRICS = (
    "cells",
    "cells_without_actuals",
    "offences",
    "wape",
    "wape_median",
    "bias",
    "rmsse",
    "wis",
    "crps",
    *(f"coverage_{share}_{kind}" for share in COVERAGES for kind in ("strict", "inclusive", "randomised")),
    "naive_wape",
    "naive_rmsse",
    "floor",
)


def score(
    forecast: pd.DataFrame,
    offences: pd.DataFrame,
    areas: pd.DataFrame,
    crime_types: pd.DataFrame,
    *,
    unlocated_offences: pd.DataFrame | None = None,
    draws: ds.Dataset | None = None,
) -> pd.DataFrame:
    """Return the scores of a `forecast` table (design, section 4), one row a group of cells.

    Columns: origin, period (month, year), area_level, crime_level, group (overall, crime_type, volume_band,
    horizon), group_value (horizon: months or years ahead), and `METRICS`. `offences` is the number that
    happened; wape, bias, wis and crps are shares of it. Metrics that cannot be known are missing: crps and
    randomised coverage without draws, shares of nothing. Cells without actuals are not scored, but counted in
    the overall row: those past the last actual month, and unlocated areas that were not published, or not with the
    same meaning (`same_definition`), throughout the scored months and the year before. Levels without any actuals
    have no rows; a forecast without any gives an empty table.

    The other tables are canonical (`sources.tables.contracts`), months after the origin included. `draws`: see
    `draw_scores`.

    Raises
    ------
    InputError
        For a forecast table that is not whole or not a forecast (`blocks_by_origin`), for draws that are not
        whole (`draw_scores`), or when there is no year of history before an origin for seasonal naive.
    """
    observed = Observed.of(offences, areas, crime_types, unlocated_offences)
    rows: list[dict[str, object]] = []
    for origin, months, blocks in blocks_by_origin(forecast, observed):
        known = months[months <= observed.months[-1]]
        if known.empty:
            continue
        if origin < observed.months[0] + pd.DateOffset(months=MONTHS_A_YEAR - 1):
            raise InputError(
                f"The offences hold less than a year up to origin {origin:%Y-%m}",
                value=f"first month {observed.months[0]:%Y-%m}",
                remedy="Supply earlier months, or leave this origin out.",
            )
        by_draws = {} if draws is None else draw_scores(draws, origin, known, observed)
        comparable = observed.as_defined_at(origin)
        for block in blocks:
            cells = scored_cells(block, comparable, len(known), by_draws.get(block.period))
            rows.extend(_block_rows(block, cells))
    return pd.DataFrame(rows, columns=[*KEYS, *METRICS])


def score_summary(scores: pd.DataFrame, period: str = "month") -> pd.DataFrame:
    """Return the scores of whole levels for people to read, the mean over origins of `score`'s table.

    One row an area level and crime level, finest first: area_level, crime_level, origins, cells,
    cells_without_actuals (sums), floor, naive_wape, wape, wis, bias and the three kinds of coverage_80.
    """
    overall = scores[(scores["group"] == "overall") & (scores["period"] == period)]
    levels = overall.groupby(["area_level", "crime_level"], as_index=False)
    summary = levels.agg(
        origins=("origin", "nunique"),
        cells=("cells", "sum"),
        cells_without_actuals=("cells_without_actuals", "sum"),
        **{name: (name, "mean") for name in SUMMARISED},
    )
    place = summary["area_level"].map(AREA_LEVELS.index) * len(CRIME_LEVELS)
    place += summary["crime_level"].map(CRIME_LEVELS.index)
    summary["cells_without_actuals"] = summary["cells_without_actuals"].astype("int64")
    return summary.iloc[place.to_numpy().argsort()].reset_index(drop=True)


def scores_by_horizon(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of single months by how far ahead they lie, from `score`'s table.

    One row an area level, crime level and block of months ahead: area_level, crime_level, horizon_from, horizon_to,
    origins, cells, then `SUMMARISED`: means over origins and months, errors weighted by offences, coverage by cells.
    """
    steps = _by_month_ahead(scores)
    ahead = steps["ahead"]
    last = pd.cut(ahead, [0, *HORIZON_BLOCKS], labels=HORIZON_BLOCKS).astype(float)
    steps = steps.assign(horizon_to=last, horizon_from=ahead.groupby(last).transform("min"))
    summary = _weighed(steps, ["area_level", "crime_level", "horizon_from", "horizon_to"])
    return summary.astype({"horizon_from": "int64", "horizon_to": "int64"})


def scores_of_first_months(scores: pd.DataFrame, months: int) -> pd.DataFrame:
    """Return the scores of single months at most so many months ahead, from `score`'s table.

    One row an area level and crime level, with the columns and units of `scores_by_horizon` but for months ahead.
    months : 1 or more; where fewer were scored, all of them.
    """
    steps = _by_month_ahead(scores)
    return _weighed(steps[steps["ahead"] <= months], ["area_level", "crime_level"])


def _by_month_ahead(scores: pd.DataFrame) -> pd.DataFrame:
    steps = scores[(scores["group"] == "horizon") & (scores["period"] == "month")]
    return steps.assign(ahead=steps["group_value"].astype(int))


def _weighed(steps: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return `SUMMARISED` by keys: means over rows, errors weighted by offences, coverage by cells."""
    summary = steps.groupby(keys).agg(origins=("origin", "nunique"), cells=("cells", "sum"))
    for name in SUMMARISED:
        weight = steps["cells" if name.startswith("coverage") else "offences"].where(steps[name].notna())
        weighed = steps.assign(value=steps[name] * weight, weight=weight).groupby(keys)
        summary[name] = weighed["value"].sum(min_count=1) / weighed["weight"].sum()
    return summary.reset_index()


def apart_from_disruption(scores: pd.DataFrame, breaks: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the scores of origins whose months ahead were ordinary, and of those that a disruption such as COVID hit.

    `breaks`: the list of `features.breaks`. Months ahead are those that were scored.
    """
    steps = scores[scores["group"] == "horizon"]
    ahead = steps["group_value"].astype(int) * steps["period"].map({"month": 1, "year": MONTHS_A_YEAR}).astype(int)
    horizons: pd.Series = ahead.groupby(steps["origin"]).max()
    hit = [
        origin
        for origin, horizon in zip(pd.DatetimeIndex(horizons.index), horizons, strict=True)
        if months_of(breaks, "disruption", months_ahead(origin, horizon)).any()
    ]
    disrupted = scores["origin"].isin(hit)
    return scores[~disrupted], scores[disrupted]


def _block_rows(block: Block, cells: ScoredCells) -> Iterator[dict[str, object]]:
    if not cells.actual.size:
        return
    labels = {name: getattr(block, name) for name in ("origin", "period", "area_level", "crime_level")}
    unscored = {"cells_without_actuals": block.mean.size - cells.actual.size}
    for group, value, part in _groups(block, cells):
        counted = unscored if group == "overall" else {}
        yield {**labels, "group": group, "group_value": value, **_metrics(part), **counted}


def _groups(block: Block, cells: ScoredCells) -> Iterator[tuple[str, str, ScoredCells]]:
    yield "overall", "all", cells
    for code, crime_type in enumerate(block.crime_types):
        yield "crime_type", crime_type, cells.part(series=cells.crime_type == code)
    band_of_series = np.digitize(cells.volume, list(VOLUME_BANDS.values()))
    for code, band in enumerate(VOLUME_BANDS):
        chosen = band_of_series == code
        if chosen.any():
            yield "volume_band", band, cells.part(series=chosen)
    for step in range(cells.actual.shape[1]):
        yield "horizon", str(step + 1), cells.part(months=slice(step, step + 1))


def _metrics(cells: ScoredCells) -> dict[str, float]:
    actual = cells.actual
    found = {
        "cells": actual.size,
        "offences": int(actual.sum()),
        "wape": wape(actual, cells.mean),
        "wape_median": wape(actual, cells.quantiles[..., MEDIAN]),
        "bias": bias(actual, cells.mean),
        "rmsse": _weighted(rmsse(actual, cells.mean, cells.scale), cells.volume),
        "wis": relative(weighted_interval_score(actual, cells.quantiles, list(QUANTILES.values())), actual),
        "crps": relative(cells.crps, actual),
        "naive_wape": wape(actual, cells.naive),
        "naive_rmsse": _weighted(rmsse(actual, cells.naive, cells.scale), cells.volume),
        "floor": relative(cells.floor, actual),
    }
    each = actual[..., None]
    lower, upper = cells.quantiles[..., MEDIAN - 1 :: -1], cells.quantiles[..., MEDIAN + 1 :]
    nominal = np.array(COVERAGES) / 100
    covered = {
        "strict": covered_strictly(each, lower, upper),
        "inclusive": covered_inclusively(each, lower, upper),
        "randomised": covered_by_pit(cells.pit_lower[..., None], cells.pit_upper[..., None], nominal),
    }
    for kind, by_interval in covered.items():
        for interval, share in zip(COVERAGES, by_interval.mean(axis=(0, 1)), strict=True):
            found[f"coverage_{interval}_{kind}"] = float(share)
    return found


def _weighted(values: np.ndarray, weights: np.ndarray) -> float:
    """Return the mean of known values by weight; missing where nothing has weight."""
    known = np.isfinite(values)
    total = weights[known].sum()
    return float((values[known] * weights[known]).sum() / total) if total > 0 else float("nan")
