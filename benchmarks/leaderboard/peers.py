"""The peers, in their own environment: fit each at a level and an origin, and keep what it says.

Walks in: the panel file and a list of tasks, JSON of [peer, area level, crime level, origin, sampled]. Walks out: one
file a task (`levels.PeerForecast`); tasks whose file is there are not run again.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from levels import LONGEST, QUANTILES, SAMPLED_EVERY, Counts, PeerForecast, counts_of, file_of, read_panel

INTERVALS = [50, 80, 90, 95]
CONFORMAL_MONTHS = 12
CONFORMAL_WINDOWS = 2  # the default of both libraries
TRAINED_ON = 84  # months of history that LightGBM learns from
STATISTICAL = ("AutoETS", "AutoTheta", "DynamicOptimizedTheta", "MSTL", "TSB")
WITH_FITTED = ("DynamicOptimizedTheta",)  # what reconciliation starts from


def long_table(counts: Counts) -> pd.DataFrame:
    """Return counts as the peers' libraries want them: unique_id, ds, y."""
    months = len(counts.months)
    return pd.DataFrame(
        {
            "unique_id": np.repeat(np.arange(len(counts.series)), months),
            "ds": np.tile(counts.months.to_numpy("datetime64[ns]"), len(counts.series)),
            "y": counts.offences.ravel(),
        }
    )


def statistical(peer: str, counts: Counts) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
    """Return mean, quantiles and fitted values of a statsforecast model, each series by itself."""
    from statsforecast import StatsForecast, models
    from statsforecast.utils import ConformalIntervals

    table = long_table(counts)
    if peer == "TSB":
        mean = StatsForecast([models.TSB(0.1, 0.1)], freq="MS").forecast(df=table, h=LONGEST)
        conformal = ConformalIntervals(CONFORMAL_WINDOWS, CONFORMAL_MONTHS)
        if len(counts.months) <= (CONFORMAL_WINDOWS + 1) * CONFORMAL_MONTHS:
            return _values(mean, peer, len(counts.series)), None, None
        model = models.TSB(0.1, 0.1, prediction_intervals=conformal)
        ahead = StatsForecast([model], freq="MS").forecast(df=table, h=CONFORMAL_MONTHS, level=INTERVALS)
        return _values(mean, peer, len(counts.series)), _quantiles(ahead, peer, len(counts.series)), None
    season = [12] if peer == "MSTL" else 12
    forecaster = StatsForecast([getattr(models, peer)(season_length=season)], freq="MS")
    keep = peer in WITH_FITTED
    ahead = forecaster.forecast(df=table, h=LONGEST, level=INTERVALS, fitted=keep)
    fitted = forecaster.forecast_fitted_values()[peer].to_numpy() if keep else None
    series = len(counts.series)
    return (
        _values(ahead, peer, series),
        _quantiles(ahead, peer, series),
        None if fitted is None else fitted.reshape(series, -1),
    )


def boosted(peer: str, counts: Counts) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
    """Return mean and conformal quantiles of LightGBM, one model for all series of the level."""
    from lightgbm import LGBMRegressor
    from mlforecast import MLForecast
    from mlforecast.lag_transforms import ExponentiallyWeightedMean, RollingMean
    from mlforecast.utils import PredictionIntervals

    seen = Counts(counts.series, counts.months[-TRAINED_ON:], counts.offences[:, -TRAINED_ON:])
    table = long_table(seen)
    table["y"] = table["y"].astype("float32")
    table["crime_type"] = pd.Categorical(seen.series["crime_type"]).repeat(len(seen.months))
    model = LGBMRegressor(
        objective="poisson",
        n_estimators=200,
        num_leaves=63,
        learning_rate=0.05,
        min_child_samples=min(200, len(table) // 100),
        num_threads=1,
        verbosity=-1,
        seed=1,
    )
    forecaster = MLForecast(
        {peer: model},
        freq="MS",
        lags=[1, 2, 3, 6, 12],
        lag_transforms={1: [RollingMean(3), RollingMean(12), ExponentiallyWeightedMean(0.1)]},
        date_features=["month"],
        num_threads=1,
    )
    conformal = len(seen.months) >= 60 and len(seen.series) <= 10_000
    windows = PredictionIntervals(CONFORMAL_WINDOWS, CONFORMAL_MONTHS) if conformal else None
    forecaster.fit(table, static_features=["crime_type"], prediction_intervals=windows)
    mean = _values(forecaster.predict(LONGEST), peer, len(seen.series))
    if not conformal:
        return mean, None, None
    ahead = forecaster.predict(CONFORMAL_MONTHS, level=INTERVALS)
    return mean, _quantiles(ahead, peer, len(seen.series)), None


def _values(table: pd.DataFrame, column: str, series: int) -> np.ndarray:
    return table.sort_values(["unique_id", "ds"])[column].to_numpy(float).reshape(series, -1)


def _quantiles(table: pd.DataFrame, peer: str, series: int) -> np.ndarray:
    """Return the nine quantiles from central intervals; the median is the point forecast."""
    columns = []
    for level in QUANTILES.values():
        share = round(abs(1 - 2 * level) * 100)
        column = peer if level == 0.5 else f"{peer}-{'lo' if level < 0.5 else 'hi'}-{share}"
        columns.append(_values(table, column, series))
    return np.stack(columns, axis=-1)


def run(task: tuple[str, str, str, str, bool], panel: Callable[[str, str], Counts], folder: Path) -> None:
    """Run one task, unless its result is there."""
    peer, area_level, crime_level, month, sampled = task
    origin = pd.Timestamp(month)
    file = file_of(folder, peer, area_level, crime_level, origin, sampled)
    if file.exists():
        return
    counts = panel(area_level, crime_level).until(origin)
    if sampled:
        counts = counts.sample(SAMPLED_EVERY[area_level])
    started = time.process_time()
    mean, quantiles, fitted = (statistical if peer in STATISTICAL else boosted)(peer, counts)
    cpu = time.process_time() - started
    PeerForecast(
        counts.series["area_code"].to_numpy(str),
        counts.series["crime_type"].to_numpy(str),
        mean.astype("float32"),
        None if quantiles is None else quantiles.astype("float32"),
        None if fitted is None else fitted.astype("float32"),
        cpu,
    ).save(file)
    print(f"{file.stem}: {len(counts.series)} series, {cpu:.1f} s", flush=True)


def main() -> None:
    """Run the tasks of a file in turn."""
    warnings.filterwarnings("ignore")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("panel", type=Path)
    parser.add_argument("tasks", type=Path)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    panel = read_panel(arguments.panel)
    counts = lru_cache(None)(lambda area, crime: counts_of(panel, area, crime))
    _compile()
    for task in json.loads(arguments.tasks.read_text()):
        run(tuple(task), counts, arguments.folder)


def _compile() -> None:
    """Let compiled code be compiled before any time is taken."""
    few = Counts(
        pd.DataFrame({"area_code": ["a", "b"], "crime_type": "c"}),
        pd.date_range("2010-01", periods=60, freq="MS"),
        np.random.default_rng(1).poisson(5.0, (2, 60)).astype(float),
    )
    for peer in STATISTICAL:
        statistical(peer, few)


if __name__ == "__main__":
    main()
