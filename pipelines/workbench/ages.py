"""Shares of ages of past origins as a command: what they would have been, beside what came and shares unchanged.

Walks in: a data folder and origins, or a file of shares. Walks out: a table of shares on disk, and scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import xarray as xr

from features.panel import Panel, build_panel
from features.population.age_groups import AgeGroup
from features.population.by_age import residents_by_age
from features.population.exposure import years_around
from models.scoring.ages.past_shares import Residents, past_shares
from models.scoring.ages.share_scores import score_shares
from pipelines.running.progress import stage
from pipelines.settings import Settings
from pipelines.workbench.backtest import parse_origin, read_forecast
from sources.files.errors import InputError
from sources.read_force import read_force


def write_past_shares(settings: Settings, origins: Sequence[str], horizon: int, out: Path) -> pd.DataFrame:
    """Forecast the shares of ages at each origin, for whole years ahead, write the table, return the scores.

    Raises InputError for an origin outside the history, a horizon under a year, a folder to write to that is not there,
    or a force of which no residents by age are known.
    """
    if not out.resolve().parent.is_dir():
        raise InputError("The folder to write to is not there", file=out, remedy="Create it first.")
    if horizon < 12:
        raise InputError("Shares of ages are told by year", value=horizon, remedy="Give --horizon as 12 or more.")
    months = [parse_origin(origin) for origin in dict.fromkeys(origins)]
    with stage("Reading the force's files"):
        tables = read_force(settings.data, stops=settings.stops_as_evidence)
    panel = build_panel(tables)
    for month in months:
        panel.as_known_at(month)  # refuses a month outside the history before any work is done
    groups = [AgeGroup(label, *ends) for label, ends in settings.age_groups.items()]
    with stage("Forecasting", len(months)) as step:
        table = past_shares(
            panel, months, horizon // 12, _residents_of(horizon), groups, seed=settings.seed, progress=step
        )
    aside = out.with_name(f".{out.name}.part")
    table.to_parquet(aside, index=False)
    aside.replace(out)
    return score_shares(table, panel.age_evidence)


def scored_shares(settings: Settings, file: Path) -> pd.DataFrame:
    """Return the scores of a table of shares of ages, ours or another's, against the evidence of a data folder."""
    table = read_forecast(file)
    with stage("Reading the force's files"):
        tables = read_force(settings.data, stops=settings.stops_as_evidence)
    return score_shares(table, tables.age_evidence)


def _residents_of(horizon: int) -> Residents:
    def residents(known: Panel) -> xr.DataArray:
        evidence = known.age_evidence
        ends = pd.concat([evidence["first_month"], evidence["last_month"], pd.Series([known.last_month])])
        months = pd.DatetimeIndex([ends.min(), ends.max() + pd.DateOffset(months=horizon)])
        found = residents_by_age(known, years_around(months))
        if found is None:
            raise InputError(
                "No residents by age were known at an origin",
                value=f"{known.last_month:%Y-%m}",
                remedy="Add population by age (docs/data.md), or choose a later origin.",
            )
        return found

    return residents
