"""The forecasts of a force's streams, each at its own last month, and one made a year before that.

Walks in: the tables of a force. Walk out: `streams`, what each stream is; `stream_values`, what was recorded; and
`stream_forecast`, `stream_last_year`, in the form of `models.streams.summary`, and `stream_draws` of the force, which
plans need, in a folder.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from features.history import YEAR
from features.streams.panel import StreamPanel, stream_panel
from models.recipes.model import NoiseOf
from models.streams.draws import draw_stream
from models.streams.fit import fit_stream
from models.streams.summary import FORCE_DRAWS, STREAM_FORECAST, force_draws, stream_table
from pipelines.kept.kept_noise import KeptNoise
from pipelines.kept.read_once import tables_of
from pipelines.kept.sealed_tables import write_sealed_tables
from pipelines.running.prefect_step import step
from pipelines.running.progress import stage
from pipelines.settings import Settings
from sources.files.errors import InputError
from sources.streams.described import described
from sources.streams.tables import Stream, stream_named
from sources.tables.force_tables import ForceTables

FOLDER = "streams"


@step("forecast streams")
def forecast_streams(tables_folder: Path, settings: Settings) -> Path:
    """Return the folder of the streams' tables, beside the tables they were made from; empty tables without streams."""
    tables = tables_of(tables_folder)
    folder = tables_folder.with_name(tables_folder.name.replace("tables-", f"{FOLDER}-"))
    with stage("Forecasting streams", len(tables.streams)) as step_done:
        made = stream_tables(tables, settings, KeptNoise(settings.cache / "noise"), step_done)
    return write_sealed_tables(made, folder)


def stream_tables(
    tables: ForceTables, settings: Settings, noise_of: NoiseOf, progress: Callable[[], None] = lambda: None
) -> dict[str, pd.DataFrame]:
    """Return the tables by name.

    A stream that is not by month, by areas of its own or too short is told and not forecast; `streams` says why.
    """
    ahead, before, told, kept = [], [], [], []
    for name in tables.streams["stream"]:
        stream = stream_named(tables.streams, tables.stream_values, str(name))
        borrowed, why_not = False, ""
        try:
            panel = stream_panel(stream, tables)
            fitted = fit_stream(panel, noise_of=noise_of)
            borrowed = fitted.borrowed
            drawn = draw_stream(fitted, panel, settings.horizon, draws=settings.draws, seed=settings.seed)
            ahead.append(stream_table(str(name), panel, drawn))
            if not stream.about.overlaps:  # a flag earns no hours, so no plan asks for its draws
                kept.append(force_draws(str(name), panel, drawn))
            before += _a_year_ago(stream, panel, settings, noise_of)
        except InputError as refused:
            why_not = refused.problem if stream.about.forecast else stream.about.not_forecast_because
        told.append(described(stream, tables.streams, borrowed=borrowed, why_not=why_not))
        progress()
    none = pd.DataFrame(columns=STREAM_FORECAST)
    return {
        "streams": pd.DataFrame(told),
        "stream_values": tables.stream_values,
        "stream_forecast": pd.concat(ahead, ignore_index=True) if ahead else none,
        "stream_last_year": pd.concat(before, ignore_index=True) if before else none,
        "stream_draws": pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=FORCE_DRAWS),
    }


def _a_year_ago(stream: Stream, panel: StreamPanel, settings: Settings, noise_of: NoiseOf) -> list[pd.DataFrame]:
    """Return the forecast of a flag's last twelve months, made before them: what the scorecard holds it against."""
    if not stream.about.overlaps or len(panel.months) <= YEAR:
        return []
    origin = panel.months[-1 - YEAR]
    try:
        fitted = fit_stream(panel, origin, noise_of=noise_of)
    except InputError:
        return []  # too short then; the scorecard shows what was recorded alone
    drawn = draw_stream(fitted, panel, YEAR, draws=settings.draws, seed=settings.seed)
    return [stream_table(stream.about.name, panel, drawn)]
