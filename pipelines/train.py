"""Train: the panel in, a scored and registered model out.

Walks in: folders of tables and panel. Walks out: a run in MLflow with parameters, data manifest, scores and pictures,
and a version of the model in its registry.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from features.panel import Panel
from models import registry
from models.backtest import backtest
from models.catalogue import model_named
from models.forecast import FittedModel
from models.scores import score, score_summary
from pipelines.code_version import code_version
from pipelines.panel_files import load_panel
from pipelines.progress import stage
from pipelines.settings import Settings
from publication.charts import fan_chart
from sources.force import ForceTables, load
from sources.manifest import vintage

JUDGED_MONTHS = 12


@dataclass(frozen=True)
class Trained:
    """What training left: its run, the version of the model, and the file of its scores by level."""

    run_id: str
    version: str
    accuracy: Path


@task(name="backtest on the last year", cache_policy=NO_CACHE)
def judge(panel: Panel, tables: ForceTables, settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the forecast of the last year, made a year ago, and its scores."""
    origin = panel.months[-1 - JUDGED_MONTHS]
    model = model_named(settings.model)
    with stage("Forecasting the last year from the year before", panel.offences.sizes["crime_type"]) as step:
        (table,) = backtest(
            model,
            panel,
            [origin],
            JUDGED_MONTHS,
            draws=settings.draws,
            seed=settings.seed,
            workers=settings.workers,
            progress=step,
        )
    scores = score(
        table, tables.offences, tables.areas, tables.crime_types, unlocated_offences=tables.unlocated_offences
    )
    return table, scores


@task(name="fit the model", cache_policy=NO_CACHE)
def fit(panel: Panel, settings: Settings) -> FittedModel:
    """Return the model fitted at the last month."""
    with stage(f"Fitting {settings.model} at {panel.last_month:%Y-%m}"):
        return model_named(settings.model).fit(panel, panel.last_month)


@flow(name="train", validate_parameters=False)
def train(tables_folder: Path, panel_folder: Path, settings: Settings) -> Trained:
    """Judge the model on the last year, fit it at the last month and register it.

    The version becomes `challenger`.
    """
    tables, panel = load(tables_folder), load_panel(panel_folder)
    registry.open_store(settings.tracking_address, settings.mlruns)
    parameters = settings.model_dump(include={"model", "horizon", "draws", "seed"}, mode="json")
    parameters |= {"origin": f"{panel.last_month:%Y-%m}", "data_vintage": vintage(tables.manifest)}
    tags = {
        "code_version": code_version(),
        "force": tables.force.name,
        "simulated": str(tables.force.simulated),
    }
    with registry.run(f"{settings.model} {panel.last_month:%Y-%m}", parameters, tags) as run_id:
        registry.log_table(tables.manifest, "data_manifest")
        table, scores = judge(panel, tables, settings)
        summary = score_summary(scores)
        _log_scores(summary, scores)
        registry.log_figure(last_year_as_forecast(table, panel, tables), "last_year_as_forecast")
        version = registry.register(fit(panel, settings))
    registry.point(registry.CHALLENGER, version)
    accuracy = panel_folder / f"accuracy-{version}.parquet"
    summary.to_parquet(accuracy, index=False)
    return Trained(run_id, version, accuracy)


def _log_scores(summary: pd.DataFrame, scores: pd.DataFrame) -> None:
    registry.log_table(summary, "scores_by_level")
    registry.log_table(scores, "scores")
    registry.log_metrics(
        {
            f"{metric}_{level['area_level']}_{level['crime_level']}": level[metric]
            for level in summary.to_dict("records")
            for metric in ("wape", "wis", "bias", "naive_wape")
        }
    )


def last_year_as_forecast(table: pd.DataFrame, panel: Panel, tables: ForceTables) -> Figure:
    """Return the picture of the force's last year beside the forecast made of it a year before."""
    force = table.query("area_level == 'force' and crime_level == 'all' and period == 'month'")
    return fan_chart(
        panel.offences.sum(["ward", "crime_type"]).to_series(),
        force,
        title=f"The last year as forecast a year before, {tables.force.name}",
        source=f"Source: {tables.force.name}, recorded crime excluding fraud, offences with a known ward.",
        simulated=tables.force.simulated,
    )
