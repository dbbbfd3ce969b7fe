"""What runs by itself: the daily look for new files, the monthly refresh, the quarterly retraining.

Walks in: nothing but the settings in force where the schedule was started, so that no secret is ever a parameter.
Walks out: a release if a new month has arrived, a judged challenger, or words that say why not. A run that was missed
and is caught up later finds its work done and does nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from prefect import flow, get_run_logger

from models.recipes.catalogue import MODELS
from models.recipes.model import Model
from models.tracking import registry
from pipelines.flows.build_features import build_features
from pipelines.flows.ingest import ingest
from pipelines.flows.monitor import tell
from pipelines.flows.publish import follow_up, take_up
from pipelines.flows.refresh import release_of
from pipelines.flows.train import train
from pipelines.kept.read_once import tables_of
from pipelines.running.failures import explained
from pipelines.running.journal import record
from pipelines.running.refresh_lock import one_at_a_time
from pipelines.running.run_names import name_run
from pipelines.settings import Settings, load_settings, prepare_environment, releases_of
from pipelines.steps.recipe import can_be_fitted, recipe_of, recipe_of_run, settings_with
from pipelines.steps.watching import overdue, refused_input
from publication.release.release import latest, list_releases, read_manifest
from sources.catalogue.data_folder import FilesChangedError, vintage
from sources.files.errors import InputError


@dataclass(frozen=True)
class Arrival:
    """What the data folder holds that the newest release does not.

    `tables`: folder of the canonical tables. `month`: the data's last. `new_month`, `changed`: beside the release.
    """

    tables: Path
    month: pd.Timestamp
    new_month: bool
    changed: bool

    def __str__(self) -> str:
        """Say it in a sentence."""
        if self.new_month:
            return f"A new month has arrived: the data reach {self.month:%Y-%m}."
        if self.changed:
            return f"Files have changed, but the data still end in {self.month:%Y-%m}: `wardcast run` publishes them."
        return f"Nothing new: a release already has {self.month:%Y-%m}."


def arrival(settings: Settings) -> Arrival:
    """Read the data folder and say what in it is newer than the newest release.

    The newest, not the one that is served: who went back to an earlier release does not want the later one again.

    Raises
    ------
    InputError
        When a file cannot be used, such as for a crime type that no vocabulary knows; it is told as an alert first.
    """
    try:
        folder = ingest(settings)
    except FilesChangedError:
        raise  # files still arriving are no refused input: the next check reads them
    except InputError as refused:
        tell(refused_input(refused))
        raise
    name_run(folder)
    tables = tables_of(folder)
    month = pd.Timestamp(tables.offences["month"].max())
    releases = list_releases(releases_of(settings))
    if not releases:
        return Arrival(folder, month, new_month=True, changed=True)
    manifest = read_manifest(releases[-1])
    known = vintage(tables.manifest) in manifest["data_vintage"]
    return Arrival(folder, month, new_month=month > pd.Timestamp(manifest["origin"]), changed=not known)


@flow(name="daily check")
def daily_check() -> str:
    """Look for new input files; refresh if they bring a new month, else say what was found."""
    return refresh_if_new(_settings())


@flow(name="monthly refresh")
def monthly_refresh() -> str:
    """Refresh if a new month has arrived: what the daily check would have done, had it not run."""
    return refresh_if_new(_settings())


@flow(name="quarterly retraining")
def quarterly_retraining() -> str:
    """Judge every recipe on past years as challenger to the champion; the rule decides, and its reason is kept."""
    settings = _settings()
    with one_at_a_time(settings.cache):
        found = arrival(settings)
        panel = build_features(found.tables)
        said, failures = [], []
        for chosen in _champion_first(settings):
            recipe = chosen.model
            try:
                trained = train(found.tables, panel, chosen)
            except Exception as failure:  # one recipe's failure is that recipe's
                failures.append(failure)
                said.append(f"{recipe}: FAILED, and is judged no further: {explained(failure)}")
                get_run_logger().error("%s", said[-1])
                continue
            verdict = "promoted" if trained.decision.promote else "not promoted"
            said.append(f"{recipe}, version {trained.challenger}: {verdict}: {trained.decision.reason}")
    if len(failures) == len(said):
        raise failures[0]
    return _told("\n".join(said))


def _champion_first(settings: Settings) -> list[Settings]:
    """Return settings for each recipe, one's own among them, the champion's first: it is judged whatever others do."""
    first = settings_with(settings, _recipe(settings))
    others = [name for name in dict.fromkeys([*MODELS, settings.model]) if name != first.model]
    return [first, *(settings.model_copy(update={"model": name}) for name in others)]


def refresh_if_new(settings: Settings) -> str:
    """Publish a release with the champion's recipe if a new month has arrived, and say what was done."""
    with one_at_a_time(settings.cache):
        take_up(settings)
        found = arrival(settings)
        if not found.new_month:
            # No month, no refresh: without this nobody would hear that none has come for long.
            if len(late := overdue(tables_of(found.tables))):
                tell(late)
            if served := latest(releases_of(settings)):
                follow_up(served, settings)  # should the run that made it have been stopped before
            return _told(str(found))
        settings = settings_with(settings, _recipe(settings))
        record(settings.mlruns, "ran by the schedule", data=str(settings.data), model=settings.model)
        release = release_of(found.tables, settings)
    return _told(f"{found} Released: {release}")


def _recipe(settings: Settings) -> Model:
    """Return the champion's recipe and parameters, or those of the settings where no champion can be fitted."""
    registry.open_store(settings.tracking_address, settings.mlruns)
    champion = registry.find(registry.CHAMPION)
    if champion is None:
        return recipe_of(settings)
    if can_be_fitted(champion, settings):
        return recipe_of_run(champion)
    get_run_logger().warning(
        "The champion's recipe, %s, or one of its parameters cannot be fitted here; %s is fitted in its place",
        champion.parameters["model"],
        settings.model,
    )
    return recipe_of(settings)


def _settings() -> Settings:
    settings = load_settings()
    prepare_environment(settings)
    return settings


def _told(words: str) -> str:
    get_run_logger().info(words)
    return words
