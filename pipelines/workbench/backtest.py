"""Backtest and score as commands: forecasts of the past in the published form, and how good they were.

Walks in: a data folder and origins, or a file of forecasts. Walks out: a `forecast` table on disk, with its draws if
wanted, and scores.
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from features.panel import build_panel
from models.backtest import backtest
from models.scoring.scores import score
from pipelines.kept.draws_file import DrawsFile
from pipelines.kept.kept_noise import kept_noise
from pipelines.running.engines import engine_of
from pipelines.running.progress import stage
from pipelines.settings import Settings
from pipelines.steps.recipe import recipe_of
from sources.files.errors import InputError
from sources.read_force import read_force
from sources.tables.force_tables import ForceTables

ORIGIN_FORMAT = "%Y-%m"


def parse_origin(text: str) -> pd.Timestamp:
    """Return the month that a text such as 2023-03 names; InputError otherwise."""
    try:
        return pd.Timestamp(pd.to_datetime(text, format=ORIGIN_FORMAT)).as_unit("us")
    except ValueError as error:
        raise InputError("An origin is a month", column="origin", value=text, remedy="Write it as 2023-03.") from error


def write_backtest(
    settings: Settings, origins: list[str], horizon: int, out: Path, draws_out: Path | None
) -> tuple[pd.DataFrame, ForceTables]:
    """Forecast at each origin, write the table (and the draws), and return the table and the force's tables.

    Files are written aside and moved into place when they are whole.
    """
    recipe = recipe_of(settings)
    months = [parse_origin(origin) for origin in dict.fromkeys(origins)]
    for file in (out, draws_out):
        if file is not None and not file.resolve().parent.is_dir():
            raise InputError("The folder to write to is not there", file=file, remedy="Create it first.")
        if file is not None and file.exists() and not file.is_file():
            raise InputError("That is no file to write to", file=file, remedy="Name a file, new or to be replaced.")
    with stage("Reading the force's files"):
        tables = read_force(settings.data, stops=settings.stops_as_evidence)
    panel = build_panel(tables)
    for month in months:
        panel.as_known_at(month)  # refuses a month outside the history before any work is done
    wards = panel.areas["ward_code"].to_numpy()
    draws_aside = None if draws_out is None else draws_out.with_name(f".{draws_out.name}.part")
    drawn = nullcontext() if draws_aside is None else DrawsFile(draws_aside, wards, settings.draws)
    try:
        steps = len(months) * panel.offences.sizes["crime_type"]
        with engine_of(settings) as for_each, stage("Forecasting", steps) as step, drawn as draws_file:
            forecasts = backtest(
                recipe,
                panel,
                months,
                horizon,
                draws=settings.draws,
                seed=settings.seed,
                for_each=for_each,
                noise_of=kept_noise(settings, for_each),
                keep_draws=None if draws_file is None else draws_file.write,
                progress=step,
            )
            table = pd.concat(list(forecasts), ignore_index=True)
        aside = out.with_name(f".{out.name}.part")
        table.to_parquet(aside, index=False)
        aside.replace(out)
        if draws_aside is not None and draws_out is not None:
            draws_aside.replace(draws_out)
    finally:
        for leftover in (draws_aside, out.with_name(f".{out.name}.part")):
            if leftover is not None:
                leftover.unlink(missing_ok=True)
    return table, tables


def score_table(table: pd.DataFrame, tables: ForceTables, draws: Path | None = None) -> pd.DataFrame:
    """Return the scores of a forecast table against the force's offences."""
    with stage("Scoring"):
        try:
            return score(
                table,
                tables.offences,
                tables.areas,
                tables.crime_types,
                unlocated_offences=tables.unlocated_offences,
                draws=None if draws is None else _opened(draws),
            )
        except (pa.ArrowException, OSError) as error:  # draws are read as they are scored
            raise _unreadable(draws) from error


def _opened(draws: Path) -> ds.Dataset:
    try:
        return ds.dataset(draws)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(draws) from error


def _unreadable(draws: Path | None) -> InputError:
    return InputError(
        "The draws cannot be read as Parquet", file=draws, remedy="Name a file that `wardcast backtest` wrote, whole."
    )


def read_forecast(file: Path) -> pd.DataFrame:
    """Return a forecast table from a Parquet file, ours or anyone's.

    Raises
    ------
    InputError
        When the file is missing or is no Parquet file.
    """
    if not file.is_file():
        raise InputError(
            "The forecast file is not there", file=file, remedy="Name a file that `wardcast backtest` wrote."
        )
    try:
        return pq.read_table(file).to_pandas(ignore_metadata=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(
            "The forecast file cannot be read as Parquet", file=file, remedy="Supply a Parquet file, whole."
        ) from error
