"""Past forecasts of weeks beside what came, from each origin as it knew the counts.

Walks in: a `WeekPanel`, origins and models. Walks out: one row a cell that came.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from features.streams.weeks import WeekPanel
from models.draws.distribution import Drawer
from models.forecast.hierarchy import AreaTree, sum_groups
from models.forecast.vocabulary import QUANTILES
from models.scoring.interval_coverage import covered_by_pit, pit_range
from models.scoring.metrics import weighted_interval_score
from models.streams.weeks import (
    HORIZON,
    MeanOfWeeks,
    WeekForecast,
    WeeklyPath,
    WeekModel,
    YearBefore,
    forecast_weeks,
)

JUDGED: Mapping[str, WeekModel] = {model.name: model for model in (WeeklyPath(), YearBefore(), MeanOfWeeks())}
COVERAGE = 0.8
LEVELS = list(QUANTILES.values())


def backtest_weeks(
    panel: WeekPanel,
    origins: Sequence[int],
    horizon: int = HORIZON,
    models: Mapping[str, WeekModel] = JUDGED,
    *,
    draws: int = 400,
    seed: int = 1,
    progress: Callable[[], None] = lambda: None,
) -> pd.DataFrame:
    """Return one row a model, origin, area level, area, type and week, or sum of all weeks ahead, that came.

    origins : positions of weeks. Columns: model, origin (Monday), area_level (`area`, `group`, `force`), area, series
    (`all` for the sum of several), period (`week`, `sum`), week, recorded, mean, wis, covered and the nine quantiles.
    """
    parts = []
    for origin in origins:
        known, came = panel.as_known_at(origin), panel.recorded()[:, :, origin + 1 : origin + 1 + horizon]
        for name, model in models.items():
            made = forecast_weeks(known, horizon, model)
            rows = _rows(draw_weeks(made, draws=draws, seed=seed), made, came, known.above)
            parts.append(rows.assign(model=name, origin=known.weeks[-1]))
            progress()
    return pd.concat(parts, ignore_index=True)


def draw_weeks(made: WeekForecast, *, draws: int, seed: int) -> dict[str, np.ndarray]:
    """Return draws by type, (area, week, draw) int32, of the same joint futures."""
    drawer = Drawer(made.forecast, AreaTree.of(made.areas), draws=draws, seed=seed)
    return {str(kind): drawer.draw(str(kind)).counts for kind in made.forecast.mean["crime_type"].to_numpy()}


def _rows(drawn: dict[str, np.ndarray], made: WeekForecast, came: np.ndarray, above: np.ndarray) -> pd.DataFrame:
    mean = made.forecast.mean.to_numpy()  # (area, type, week)
    names = list(drawn)
    series = [(name, drawn[name], mean[:, place], came[:, place]) for place, name in enumerate(names)]
    if len(names) > 1:
        series.append(("all", np.sum(list(drawn.values()), axis=0), mean.sum(axis=1), came.sum(axis=1)))
    blocks = []
    for name, draws, expected, actual in series:
        for level, codes, summed in _levels(above, list(made.areas["ward_code"])):
            by_draw, by_mean, by_week = (summed(values) for values in (draws, expected, actual))
            for period in ("week", "sum"):
                if period == "sum":
                    by_draw, by_mean, by_week = (x.sum(axis=1, keepdims=True) for x in (by_draw, by_mean, by_week))
                weeks = made.forecast.months[: by_week.shape[1]]
                labels = {"area_level": level, "series": name, "period": period}
                blocks.append(_cells(by_week, by_mean, by_draw, codes, weeks).assign(**labels))
    return pd.concat(blocks, ignore_index=True)


def _levels(above: np.ndarray, areas: list[str]) -> list[tuple[str, list[str], Callable[[np.ndarray], np.ndarray]]]:
    groups = [f"group {place}" for place in range(int(above.max()) + 1)]
    levels: list[tuple[str, list[str], Callable[[np.ndarray], np.ndarray]]] = [("area", areas, lambda values: values)]
    if len(groups) > 1:
        levels.append(("group", groups, lambda values: sum_groups(values, above)))
    return [*levels, ("force", ["all"], lambda values: values.sum(axis=0, keepdims=True))]


def _cells(
    came: np.ndarray, mean: np.ndarray, draws: np.ndarray, codes: list[str], weeks: pd.DatetimeIndex
) -> pd.DataFrame:
    quantiles = np.quantile(draws, LEVELS, axis=-1, method="inverted_cdf").transpose(1, 2, 0)
    covered = covered_by_pit(*pit_range(came, draws), COVERAGE)
    columns = {
        "area": np.repeat(codes, len(weeks)),
        "week": np.tile(weeks, len(codes)),
        "recorded": came.ravel(),
        "mean": mean.ravel(),
        "wis": weighted_interval_score(came, quantiles, LEVELS).ravel(),
        "covered": covered.ravel(),
    }
    columns |= {name: quantiles[..., place].ravel() for place, name in enumerate(QUANTILES)}
    return pd.DataFrame(columns)
