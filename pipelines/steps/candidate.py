"""A candidate: one recipe judged on past years, fitted at the last month, registered.

Walk in: a model's name, the panel and the tables it is judged by. Walk out: its scores, and a version of it in the
registry with its run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import gethostname
from tempfile import TemporaryDirectory

import pandas as pd
import pyarrow.dataset as ds

from features.panel import Panel
from models.backtest import backtest
from models.draws.all_recorded import parts_that_add_up
from models.explanation.importance import COLUMNS, importances
from models.fit import fit_at
from models.forecast.for_each import ForEach
from models.forecast.forecast import FittedModel
from models.recipes.catalogue import model_named
from models.recipes.model import Model, NoiseOf
from models.scoring.promotion import JUDGED_MONTHS, judged_origins
from models.scoring.scores import score, score_summary, scores_by_horizon
from models.scoring.track_record import COLUMNS as RECORD
from models.tracking import registry, run_record
from pipelines.code_version import code_version, commit, lock_hash
from pipelines.kept.draws_file import DrawsFile
from pipelines.running.prefect_step import step
from pipelines.running.progress import stage
from pipelines.settings import Settings
from pipelines.steps.past_years import past_years
from pipelines.steps.published_sums import told_sums
from pipelines.steps.recipe import recorded
from publication.charts.run_charts import pictures_of
from sources.catalogue.data_folder import vintage
from sources.files.errors import InputError
from sources.tables.force_tables import ForceTables

METRICS = ("wape", "wis", "bias", "coverage_80_randomised", "naive_wape")  # of each level, kept with a run


@dataclass(frozen=True)
class Judged:
    """A recipe's scores at the judged origins, its forecast of the last year judged, its record, its features' worth.

    past_years : whole years, as `models.scoring.track_record` has it, one to four years ahead.
    importance : columns of `models.explanation.importance`; empty for recipes that learn from no features.
    """

    scores: pd.DataFrame
    last_year: pd.DataFrame
    past_years: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=RECORD))
    importance: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))


@dataclass(frozen=True)
class Standing:
    """What a release tells of the model behind it: its run and recipe, and files of how it did and said last year.

    `accuracy`, `accuracy_by_horizon`, `last_year`, `past_years` and `importance` are Parquet files.
    """

    run_id: str
    recipe: str
    accuracy: Path
    accuracy_by_horizon: Path
    last_year: Path
    past_years: Path
    importance: Path


def keep_standing(judged: Judged, run_id: str, recipe: str, folder: Path, version: str) -> Standing:
    """Write how a version was judged into a folder, and return where."""
    names = ("accuracy", "accuracy-by-horizon", "last-year", "past-years", "importance")
    files = [folder / f"{name}-{version}.parquet" for name in names]
    tables = (
        score_summary(judged.scores),
        scores_by_horizon(judged.scores),
        judged.last_year,
        judged.past_years,
        judged.importance,
    )
    for file, table in zip(files, tables, strict=True):
        table.to_parquet(file, index=False)
    return Standing(run_id, recipe, *files)


def judged_on(panel: Panel, tables: ForceTables, settings: Settings) -> dict[str, str]:
    """Return what scores depend on besides the recipe: only scores that agree in it can be compared."""
    origins = judged_origins(panel, settings.judged_origins)
    return {
        "origin": f"{panel.last_month:%Y-%m}",
        "judged_origins": " ".join(f"{origin:%Y-%m}" for origin in origins),
        "data_vintage": vintage(tables.manifest),
        "draws": str(settings.draws),
    }


def workplace(settings: Settings) -> str:
    """Return a short name of the place where runs are made: this machine and its cache folder."""
    return hashlib.sha256(f"{gethostname()}:{settings.cache}".encode()).hexdigest()[:12]


def tags_of(tables: ForceTables, settings: Settings) -> dict[str, str]:
    """Return by what a run is known again: code, libraries, force and place."""
    return {
        "code_version": code_version(),
        "mlflow.source.git.commit": commit(),  # where MLflow's pages show it
        "lock_sha256": lock_hash(),
        "force": tables.force.name,
        "simulated": str(tables.force.simulated),
        registry.WORKPLACE: workplace(settings),
    }


@step("backtest on past years")
def judge(
    recipe: str | Model, panel: Panel, tables: ForceTables, settings: Settings, for_each: ForEach, noise_of: NoiseOf
) -> Judged:
    """Return how well a recipe forecast past years, each from the year before."""
    model = model_named(recipe)
    origins = judged_origins(panel, settings.judged_origins)
    sums = told_sums(panel.crime_types, settings)
    steps = len(origins) * panel.offences.sizes["crime_type"]
    wards = panel.areas["ward_code"].to_numpy()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "draws.parquet"
        with (
            stage(f"Judging {model.name} on {len(origins)} past year{'s' if len(origins) > 1 else ''}", steps) as step,
            DrawsFile(file, wards, settings.draws) as draws,
        ):
            forecasts = list(
                backtest(
                    model,
                    panel,
                    origins,
                    JUDGED_MONTHS,
                    draws=settings.draws,
                    seed=settings.seed,
                    for_each=for_each,
                    noise_of=noise_of,
                    sums=sums,
                    keep_draws=draws.write,
                    progress=step,
                )
            )
        with stage("Scoring"):
            told = pd.concat(forecasts, ignore_index=True)
            further = pd.MultiIndex.from_frame(told[["crime_level", "crime_type"]]).isin(list(sums))
            scores = score(
                told[~further],
                tables.offences,
                tables.areas,
                tables.crime_types,
                unlocated_offences=tables.unlocated_offences,
                draws=ds.dataset(file),
            )
        with stage("Shuffling features"):
            importance = importances(model, panel, origins)
    past = past_years(model, panel, tables, settings, for_each, noise_of, forecasts)
    return Judged(scores, forecasts[0], past, importance)


@step("fit the model")
def fit(recipe: str | Model, panel: Panel, noise_of: NoiseOf | None = None) -> FittedModel:
    """Return the recipe fitted at the last month; `noise_of` is that of `models.fit.fit_at`."""
    model = model_named(recipe)
    with stage(f"Fitting {model.name} at {panel.last_month:%Y-%m}"):
        return fit_at(model, panel, panel.last_month, noise_of)


@contextmanager
def tracked(recipe: Model, panel: Panel, tables: ForceTables, settings: Settings) -> Iterator[str]:
    """Open a run for a recipe, with its parameters, tags and data manifest, and give its id."""
    parameters = {**recorded(recipe, settings), "horizon": settings.horizon, "seed": settings.seed}
    parameters |= judged_on(panel, tables, settings)
    with registry.run(f"{recipe.name} {panel.last_month:%Y-%m}", parameters, tags_of(tables, settings)) as run_id:
        run_record.log_table(tables.manifest, "data_manifest")
        run_record.log_dataset(tables.offences, f"offences of {tables.force.name}", vintage(tables.manifest))
        yield run_id


def described(fitted: FittedModel, tables: ForceTables) -> str:
    """Return what a version is, in a line, for who reads the registry."""
    simulated = ", simulated" if tables.force.simulated else ""
    return (
        f"{fitted.model} for {tables.force.name}{simulated}, fitted on months to {fitted.origin:%Y-%m}; "
        f"data {vintage(tables.manifest)}, code {code_version()}"
    )


@dataclass(frozen=True)
class Candidate:
    """A recipe that was judged, fitted at the last month and registered with the open run."""

    judged: Judged
    fitted: FittedModel
    version: str


def candidate_of(
    recipe: Model,
    panel: Panel,
    tables: ForceTables,
    settings: Settings,
    for_each: ForEach,
    noise_of: NoiseOf,
    judged: Judged | None = None,
) -> Candidate:
    """Judge a recipe on past years, unless it is `judged` already, keep that with the open run, fit it, register it."""
    how = judge(recipe, panel, tables, settings, for_each, noise_of) if judged is None else judged
    log_judged(how, tables)
    fitted = fit(recipe, panel, noise_of)
    return Candidate(how, fitted, registry.register(fitted, described(fitted, tables)))


def log_judged(judged: Judged, tables: ForceTables) -> None:
    """Keep how a recipe did with the open run: scores as tables and metrics, pictures, and the last year as forecast.

    Metrics are `wis_ward_minor` and the like, of whole levels; `by_months_ahead/wis_ward_minor` has a step a month.
    """
    summary = score_summary(judged.scores)
    run_record.log_table(summary, "scores_by_level")
    run_record.log_table(scores_by_horizon(judged.scores), "scores_by_horizon")
    run_record.log_table(judged.scores, "scores")
    run_record.log_rows(judged.last_year, "last_year")
    run_record.log_rows(judged.past_years, "past_years")
    run_record.log_table(judged.importance, "importance")
    run_record.log_metrics(
        {
            f"{metric}_{level['area_level']}_{level['crime_level']}": level[metric]
            for level in summary.to_dict("records")
            for metric in METRICS
        }
    )
    run_record.log_metrics_by_step(_by_months_ahead(judged.scores))
    for name, figure in pictures_of(judged.scores, parts_that_add_up(judged.last_year), tables).items():
        run_record.log_figure(figure, name)


def _by_months_ahead(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of single months ahead, means over origins: metric, step (months ahead), value."""
    steps = scores[(scores["group"] == "horizon") & (scores["period"] == "month")]
    steps = steps.assign(step=steps["group_value"].astype(int))
    means = steps.groupby(["area_level", "crime_level", "step"])[list(METRICS)].mean()
    long = means.melt(ignore_index=False, var_name="score").reset_index()
    return long.assign(
        metric="by_months_ahead/" + long["score"] + "_" + long["area_level"] + "_" + long["crime_level"]
    )[["metric", "step", "value"]]


def read_judged(run_id: str) -> Judged:
    """Return what `log_judged` kept with a run; InputError where it is not there or cannot be read."""
    try:
        scores = run_record.read_table(run_id, "scores").astype({"origin": "datetime64[us]", "group_value": str})
        last_year, past = (run_record.read_rows(run_id, name) for name in ("last_year", "past_years"))
        return Judged(scores, last_year, past, run_record.read_table(run_id, "importance")[COLUMNS])
    except (KeyError, ValueError) as error:
        raise InputError(
            f"What the run kept of its scores is damaged: {error}", value=run_id, remedy="Train its recipe again."
        ) from error
