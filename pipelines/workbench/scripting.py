"""The job's steps for a script: a recipe judged and tracked in MLflow, and its forecast published as a release.

Walk in: the tables of a force, and a recipe. Walk out: a `Tracked` candidate, now or in a later script, and a release.
The steps and their order are those of the flows, as plain functions (`pipelines.running.prefect_step.plainly`), so no
Prefect server is needed and no flow run recorded. Settings come from `wardcast.toml` and the environment as for the
command line; the keywords beat both.
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
from sources.catalogue.data_folder import vintage
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
    from pipelines.kept.kept_noise import kept_noise
    from pipelines.running.engines import engine_of
    from pipelines.running.prefect_step import plainly
    from pipelines.running.refresh_lock import one_at_a_time
    from pipelines.steps import candidate

    panel = build_panel(tables)
    registry.open_store(settings.tracking_address, settings.mlruns)
    with (
        plainly(),
        one_at_a_time(settings.cache),
        engine_of(settings) as for_each,
        candidate.tracked(recipe, panel, tables, settings) as run_id,
    ):
        noise_of = kept_noise(settings, for_each)
        made = candidate.candidate_of(recipe, panel, tables, settings, for_each, noise_of)
    judged = made.judged
    return Tracked(
        run_id,
        made.version,
        recipe.name,
        made.fitted,
        judged.scores,
        judged.last_year,
        judged.past_years,
        judged.importance,
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
    data: Path | None = None,
    releases: Path | None = None,
    mlruns: Path | None = None,
    horizon: int | None = None,
    draws: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
) -> Path:
    """Publish the forecast of a tracked candidate as a whole release, serve it as the latest, and return its folder.

    tables : those that it was fitted on. data : their folder, for a plan of the force's own in it. releases : folder
    that holds the releases. mlruns : as for `track`. horizon : months, 1 to 60. The release is the one that `wardcast
    run` makes of the same version, its plan too: publishing the same candidate again, or one that a run has published,
    changes nothing. Raises InputError when the tables end in another month than those of the fit or another refresh is
    at work, ReleaseError when the release cannot be written; then `latest` stays as it was.
    """
    settings = _settings(
        data=data, releases=releases, mlruns=mlruns, horizon=horizon, draws=draws, seed=seed, workers=workers
    )
    last_month = pd.Timestamp(tables.offences["month"].max())
    if tracked.fitted.origin != last_month:
        raise InputError(
            f"The model was fitted at {tracked.fitted.origin:%Y-%m}, the data end in {last_month:%Y-%m}",
            value=f"version {tracked.version}",
            remedy="Track the recipe on these data first.",
        )
    from pipelines.flows.build_features import build_features
    from pipelines.flows.refresh import released
    from pipelines.kept.read_once import panel_of
    from pipelines.running.prefect_step import plainly
    from pipelines.running.refresh_lock import one_at_a_time
    from pipelines.steps.candidate import Judged, keep_standing
    from pipelines.steps.watching import look

    judged = Judged(tracked.scores, tracked.last_year, tracked.past_years, tracked.importance)
    # Apart from the cache's own tables, which are of files: a script may have changed these.
    with plainly(), one_at_a_time(settings.cache), TemporaryDirectory() as place:
        folder = Path(place) / f"tables-{vintage(tables.manifest)}"
        save(tables, folder)
        panel = build_features(folder)
        standing = keep_standing(judged, tracked.run_id, tracked.recipe, panel, tracked.version)
        watch = look(tables, panel_of(panel), folder, settings)
        return released(folder, panel, tracked.version, standing, watch, settings)


def _settings(**flags: object) -> Settings:
    settings = load_settings(**flags)
    prepare_environment(settings)  # before MLflow and Prefect are imported, which read it
    return settings
