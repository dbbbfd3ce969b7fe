"""The job's steps for a script: a recipe judged and tracked in MLflow, and its forecast published as a release.

Walk in: the tables of a force, and a recipe. Walk out: a `Tracked` candidate, now or in a later script, and a release.
The steps are those of the flows, called as plain functions (`fn`), so no Prefect server is needed and no flow run
recorded. Settings come from `wardcast.toml` and the environment as for the command line; the keywords beat both.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from features.panel import build_panel
from models.forecast.forecast import FittedModel
from models.recipes.catalogue import model_named
from models.recipes.model import Model
from models.scoring.scores import score_summary
from pipelines.settings import Settings, load_settings, prepare_environment
from pipelines.steps.recipe import recipe_of
from sources.files.errors import InputError
from sources.tables.force_tables import ForceTables, save


@dataclass(frozen=True)
class Tracked:
    """A recipe that was judged on past years, fitted at the last month and kept as a run in MLflow.

    run_id : the run; version : of the fitted model in the registry. recipe : name of the model.
    scores : `score`'s table of the judged years, with draws. last_year : `forecast` table of the newest of them.
    past_years : whole years of these and earlier origins beside what was recorded (`models.scoring.track_record`).
    importance : by how much the error grows when a feature is shuffled; empty for recipes that learn from none.
    """

    run_id: str
    version: str
    recipe: str
    fitted: FittedModel
    scores: pd.DataFrame
    last_year: pd.DataFrame
    past_years: pd.DataFrame
    importance: pd.DataFrame

    @property
    def summary(self) -> pd.DataFrame:
        """Scores of whole levels, one row an area level and crime level."""
        return score_summary(self.scores)


def track(
    model: str | Model,
    tables: ForceTables,
    *,
    mlruns: Path | None = None,
    judged_origins: int | None = None,
    draws: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
) -> Tracked:
    """Judge a recipe on past years, fit it at the last month, and keep both as a run in MLflow and a version.

    model : a name in `MODELS`, or a `Model` of one's own. mlruns : folder of the tracking database. judged_origins :
    how many past years to judge on. No alias is moved: which version forecasts is decided by `wardcast train` and
    `wardcast promote`. Raises InputError for an unknown name or a history too short to judge.
    """
    settings = _settings(mlruns=mlruns, judged_origins=judged_origins, draws=draws, seed=seed, workers=workers)
    recipe = recipe_of(settings, model) if isinstance(model, str) else model_named(model)
    from models.tracking import registry
    from pipelines.running.engines import engine_of
    from pipelines.running.refresh_lock import one_at_a_time
    from pipelines.steps import candidate
    from pipelines.steps.kept_noise import kept_noise

    panel = build_panel(tables)
    registry.open_store(settings.tracking_address, settings.mlruns)
    with (
        one_at_a_time(settings.cache),
        engine_of(settings) as for_each,
        candidate.tracked(recipe, panel, tables, settings) as run_id,
    ):
        judged = candidate.judge.fn(recipe, panel, tables, settings, for_each)
        candidate.log_judged(judged, tables)
        fitted = candidate.fit.fn(recipe, panel, kept_noise(settings, for_each))
        version = registry.register(fitted, candidate.described(fitted, tables))
    return Tracked(
        run_id, version, recipe.name, fitted, judged.scores, judged.last_year, judged.past_years, judged.importance
    )


def load_tracked(run: str, *, mlruns: Path | None = None) -> Tracked:
    """Return what was tracked before, by `track`, `wardcast train` or `wardcast run`.

    run : its id in MLflow, or the number or alias of its version: `champion` is the one that forecasts. mlruns : as for
    `track`. Raises InputError where the store has no such run, or what it kept is damaged.
    """
    settings = _settings(mlruns=mlruns)
    from models.tracking import registry
    from pipelines.steps.candidate import read_judged

    registry.open_store(settings.tracking_address, settings.mlruns)
    kept = registry.of_run(run)
    judged = read_judged(kept.run_id)
    fitted = registry.load(kept.version)
    return Tracked(
        kept.run_id,
        kept.version,
        kept.parameters["model"],
        fitted,
        judged.scores,
        judged.last_year,
        judged.past_years,
        judged.importance,
    )


def publish(
    tables: ForceTables,
    tracked: Tracked,
    *,
    releases: Path | None = None,
    horizon: int | None = None,
    draws: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
) -> Path:
    """Publish the forecast of a tracked candidate as a whole release, serve it as the latest, and return its folder.

    tables : those that it was fitted on. releases : folder that holds the releases. horizon : months, 1 to 60.
    Publishing the same candidate again changes nothing. Raises InputError when the tables end in another month than
    those of the fit or another refresh is at work, ReleaseError when the release cannot be written; then `latest` stays
    as it was.
    """
    settings = _settings(releases=releases, horizon=horizon, draws=draws, seed=seed, workers=workers)
    panel = build_panel(tables)
    if tracked.fitted.origin != panel.last_month:
        raise InputError(
            f"The model was fitted at {tracked.fitted.origin:%Y-%m}, the data end in {panel.last_month:%Y-%m}",
            value=f"version {tracked.version}",
            remedy="Track the recipe on these data first.",
        )
    from pipelines.flows import forecast as steps
    from pipelines.flows.publish import load_database, tell_journal, write
    from pipelines.running.refresh_lock import one_at_a_time
    from pipelines.steps.candidate import Judged, keep_standing
    from pipelines.steps.kept_noise import KeptNoise
    from pipelines.steps.published_sums import told_sums
    from pipelines.steps.release_contents import Made
    from pipelines.steps.streams import stream_tables, write_stream_tables
    from pipelines.steps.watching import look

    demography = steps.learn.fn(panel, settings)
    forecasts = steps.forecasts_of(tracked.fitted, demography, settings)
    sums = told_sums(panel.crime_types, settings)
    with one_at_a_time(settings.cache), TemporaryDirectory() as name:
        folder = Path(name)
        drawn = steps.draw_and_summarise.fn(forecasts, demography, panel, settings, sums, folder / "forecast")
        reasons = steps.explain_all.fn(forecasts, demography, panel, sums)
        save(tables, folder / "tables")
        of_streams = stream_tables(tables, settings, KeptNoise(settings.cache / "noise"))
        judged = Judged(tracked.scores, tracked.last_year, tracked.past_years, tracked.importance)
        made = Made(
            folder / "tables",
            steps.write_forecast(
                folder / "forecast", drawn, {**reasons, **steps.tables_of_ages(demography, forecasts[0])}
            ),
            keep_standing(judged, tracked.run_id, tracked.recipe, folder, tracked.version),
            look(tables, folder / "tables", settings),
            write_stream_tables(of_streams, folder / "streams"),
        )
        release = write.fn(made, settings)
        tell_journal(release, settings)
        if settings.database_address.get_secret_value():
            load_database.fn(release, settings)
    return release


def _settings(**flags: object) -> Settings:
    settings = load_settings(**flags)
    prepare_environment(settings)  # before MLflow and Prefect are imported, which read it
    return settings
