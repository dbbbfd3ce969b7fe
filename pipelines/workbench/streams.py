"""A stream's backtest as a command: what past forecasts of it would have said, beside what came.

Walks in: a data folder and the name of a stream. Walks out: one row a cell on disk, and scores beside baselines.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from features.streams.panel import ABOVE, stream_panel
from features.streams.weeks import WeekPanel, week_panel
from models.recipes.catalogue import model_named
from models.streams.backtest import JUDGED, backtest_stream, stream_scores
from models.streams.weeks_backtest import JUDGED as WEEKLY
from models.streams.weeks_backtest import backtest_weeks
from pipelines.running.progress import stage
from pipelines.settings import Settings
from pipelines.workbench.backtest import parse_origin
from sources.files.errors import InputError
from sources.read_force import read_force
from sources.streams.school_holidays import SCHOOL_HOLIDAYS, read_school_holidays
from sources.streams.tables import Stream, stream_named
from sources.tables.force_tables import ForceTables


def write_stream_backtest(
    settings: Settings, name: str, origins: Sequence[str], horizon: int, out: Path, model: str | None = None
) -> pd.DataFrame:
    """Forecast a stream at past origins by a model and the baselines, write every cell that came, return the scores.

    model : a name in `MODELS`; by default the three-speed one. A stream counted by week or day is forecast by week,
    13 weeks ahead from the last whole week of each origin month. Raises InputError for an unknown stream or model, an
    origin outside the stream's own history, or a folder to write to that is not there.
    """
    if not out.resolve().parent.is_dir():
        raise InputError("The folder to write to is not there", file=out, remedy="Create it first.")
    months = [parse_origin(origin) for origin in dict.fromkeys(origins)]
    with stage("Reading the force's files"):
        tables = read_force(settings.data)
    stream = stream_named(tables.streams, tables.stream_values, name)
    by_month = stream.about.period == "month"
    if by_month:
        cells = _months(stream, tables, months, horizon, settings, model)
    else:
        cells = _weeks(stream, tables, months, settings)
    aside = out.with_name(f".{out.name}.part")
    cells.to_parquet(aside, index=False)
    aside.replace(out)
    return stream_scores(cells)


def _months(
    stream: Stream, tables: ForceTables, months: list[pd.Timestamp], horizon: int, settings: Settings, model: str | None
) -> pd.DataFrame:
    judged = dict(JUDGED) if model is None else {model: model_named(model), **JUDGED}
    panel = stream_panel(stream, tables)
    for month in months:
        panel.as_known_at(month)  # refuses a month outside the history before any work is done
    with stage("Forecasting", len(months) * len(judged)) as step:
        return backtest_stream(panel, months, horizon, judged, draws=settings.draws, seed=settings.seed, progress=step)


def _weeks(stream: Stream, tables: ForceTables, months: list[pd.Timestamp], settings: Settings) -> pd.DataFrame:
    panel = week_panel_of(stream, tables, settings.data)
    origins = []
    for month in months:
        ends = panel.weeks + pd.Timedelta(days=6) <= month + pd.offsets.MonthEnd(0)
        if not ends.any() or (ends.all() and panel.weeks[-1] + pd.Timedelta(days=37) < month + pd.offsets.MonthEnd(0)):
            raise InputError(
                f"The origin {month:%Y-%m} is not a month of the history",
                value=f"{month:%Y-%m}",
                remedy=f"Choose a month from {panel.weeks[0]:%Y-%m} to {panel.weeks[-1]:%Y-%m}.",
            )
        origins.append(int(ends.sum()) - 1)
    with stage("Forecasting", len(months) * len(WEEKLY)) as step:
        cells = backtest_weeks(panel, origins, draws=settings.draws, seed=settings.seed, progress=step)
    return cells.assign(stream=stream.about.name)


def week_panel_of(stream: Stream, tables: ForceTables, data: Path) -> WeekPanel:
    """Return the weeks of a stream by week or day, its areas within those above them, with the folder's holidays."""
    level = stream.about.areas
    above = {}
    if level != "own":
        codes = tables.areas[[f"{level}_code", f"{ABOVE[level]}_code"]]
        above = dict(zip(*(codes[name] for name in codes), strict=True))
    last = stream.table["start"].max() + pd.Timedelta(days=6 * (stream.about.period == "week"))
    holidays = read_school_holidays(data / "streams" / SCHOOL_HOLIDAYS)
    return week_panel(stream.table, above=above, school_holidays=holidays, until=last)
