"""A stream's backtest as a command: what past forecasts of it would have said, beside what came.

Walks in: a data folder and the name of a stream. Walks out: one row a cell on disk, and scores beside baselines.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from features.streams.panel import StreamPanel, stream_panel
from models.recipes.catalogue import model_named
from models.streams.backtest import JUDGED, backtest_stream, stream_scores
from pipelines.running.progress import stage
from pipelines.settings import Settings
from pipelines.workbench.backtest import parse_origin
from sources.files.errors import InputError
from sources.read_force import read_force
from sources.streams.tables import stream_named


def write_stream_backtest(
    settings: Settings, name: str, origins: Sequence[str], horizon: int, out: Path, model: str | None = None
) -> pd.DataFrame:
    """Forecast a stream at past origins by a model and the baselines, write every cell that came, return the scores.

    model : a name in `MODELS`; by default the three-speed one. Raises InputError for an unknown stream or model, an
    origin outside the stream's own history, or a folder to write to that is not there.
    """
    if not out.resolve().parent.is_dir():
        raise InputError("The folder to write to is not there", file=out, remedy="Create it first.")
    judged = dict(JUDGED) if model is None else {model: model_named(model), **JUDGED}
    months = [parse_origin(origin) for origin in dict.fromkeys(origins)]
    with stage("Reading the force's files"):
        panel = panel_of(settings.data, name)
    for month in months:
        panel.as_known_at(month)
    with stage("Forecasting", len(months) * len(judged)) as step:
        cells = backtest_stream(panel, months, horizon, judged, draws=settings.draws, seed=settings.seed, progress=step)
    aside = out.with_name(f".{out.name}.part")
    cells.to_parquet(aside, index=False)
    aside.replace(out)
    return stream_scores(cells)


def panel_of(data: Path, name: str) -> StreamPanel:
    """Return the panel of a stream of the force whose data folder this is; InputError as its readers."""
    tables = read_force(data)
    return stream_panel(stream_named(tables.streams, tables.stream_values, name), tables)
