"""Train: the panel in, a judged and registered model out, and the choice of the one that forecasts.

Walks in: folders of tables and panel. Walks out: a run in MLflow with parameters, data manifest, scores, pictures and
the decision on its promotion; a version of the model in its registry; and the version to forecast with.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from features.panel import Panel
from models.forecast.for_each import ForEach
from models.recipes.model import Model, NoiseOf
from models.recipes.parameters import same_recipe
from models.scoring.promotion import Decision, decide, refuse_short_history
from models.tracking import registry, run_record
from models.tracking.registry import CHALLENGER, CHAMPION, Registered
from pipelines.kept.kept_noise import kept_noise
from pipelines.kept.read_once import panel_of, tables_of
from pipelines.running.engines import engine_of
from pipelines.running.journal import record
from pipelines.running.prefect_step import part, run_logger
from pipelines.running.run_names import name_run
from pipelines.settings import Settings
from pipelines.steps.candidate import (
    Judged,
    Standing,
    candidate_of,
    judge,
    judged_on,
    keep_standing,
    read_judged,
    tracked,
    workplace,
)
from pipelines.steps.recipe import can_be_fitted, recipe_of, recipe_of_run
from sources.catalogue.data_folder import vintage
from sources.files.errors import InputError
from sources.tables.force_tables import ForceTables


@dataclass(frozen=True)
class Trained:
    """What training left: the version to forecast with, and how its recipe stands.

    `challenger` is the version that was trained and judged by `decision`: the same one if it was promoted.
    """

    version: str
    standing: Standing
    challenger: str
    decision: Decision


@part("train")
def train(tables_folder: Path, panel_folder: Path, settings: Settings) -> Trained:
    """Judge the model on past years, fit it at the last month, register it and promote it by the rule, or say why not.

    The version becomes `challenger`, and `champion` if it is promoted. If it is not, the champion forecasts: as it
    stands if it was fitted on these very data, else its recipe fitted anew.
    """
    name_run(tables_folder)
    recipe = recipe_of(settings)
    tables, panel = tables_of(tables_folder), panel_of(panel_folder)
    refuse_short_history(len(panel.months))
    registry.open_store(settings.tracking_address, settings.mlruns)
    registry.close_abandoned(workplace(settings))  # by runs killed before: whoever trains holds the lock
    holder = registry.find(CHAMPION)
    champion = holder if holder is not None and _comparable(holder, tables, settings) else None
    with engine_of(settings) as for_each:
        noise_of = kept_noise(settings, for_each)
        with tracked(recipe, panel, tables, settings) as run_id:
            candidate = candidate_of(recipe, panel, tables, settings, for_each, noise_of)
            judged, version = candidate.judged, candidate.version
            reference = None
            if champion is not None:
                reference = _judged_champion(champion, judged, panel, tables, settings, for_each, noise_of)
            decision = _decided(recipe, judged, reference, holder, tables, settings)
            _log_decision(decision, holder)
        registry.point(CHALLENGER, version)
        challenger, standing = version, judged
        if decision.promote:
            registry.point(CHAMPION, version)
        elif champion is not None and reference is not None:
            recipe, standing = recipe_of_run(champion), reference
            if champion.parameters["data_vintage"] == vintage(tables.manifest):
                version = champion.version
            else:
                run_id, version = _refit(recipe, reference, panel, tables, settings, for_each, noise_of)
    record(
        settings.mlruns,
        "trained",
        run=run_id,
        challenger=challenger,
        promoted="yes" if decision.promote else "no",
        reason=decision.reason,
    )
    return Trained(version, keep_standing(standing, run_id, recipe.name, panel_folder, version), challenger, decision)


def _comparable(holder: Registered, tables: ForceTables, settings: Settings) -> bool:
    """Whether the champion is of this force and its recipe can still be fitted."""
    return holder.tags.get("force") == tables.force.name and can_be_fitted(holder, settings)


def _judged_champion(
    champion: Registered,
    judged: Judged,
    panel: Panel,
    tables: ForceTables,
    settings: Settings,
    for_each: ForEach,
    noise_of: NoiseOf,
) -> Judged:
    """Return how the champion did on the same origins and data: as kept with its run, else its recipe of today.

    Kept ones come first, since they are of the code that made the champion: a change of code that makes the same
    recipe worse shows in them alone.
    """
    if judged_on(panel, tables, settings).items() <= champion.parameters.items():
        try:
            return read_judged(champion.run_id)
        except InputError as damage:
            run_logger().warning("The champion is judged anew, by its recipe of today: %s", damage)
    recipe = recipe_of_run(champion)
    if same_recipe(recipe, recipe_of(settings)):
        return judged
    return judge(recipe, panel, tables, settings, for_each, noise_of)


def _decided(
    recipe: Model,
    judged: Judged,
    reference: Judged | None,
    holder: Registered | None,
    tables: ForceTables,
    settings: Settings,
) -> Decision:
    if tables.force.simulated and holder is not None and holder.tags.get("simulated") == "False":
        return Decision(False, "simulated", "a model of a simulated force never replaces a real force's champion")
    same = holder is not None and can_be_fitted(holder, settings) and same_recipe(recipe_of_run(holder), recipe)
    return decide(judged.scores, None if reference is None else reference.scores, same_recipe=same)


def _log_decision(decision: Decision, holder: Registered | None) -> None:
    """Keep the decision with the open run: what, by which rule, why, against which version, and the numbers."""
    registry.tag(
        {
            "promoted": "yes" if decision.promote else "no",
            "promotion_rule": decision.rule,
            "promotion_reason": decision.reason,
            "champion_before": "" if holder is None else holder.version,
        }
    )
    run_record.log_metrics({f"promotion_{name}": value for name, value in decision.numbers.items()})
    if not decision.by_level.empty:
        run_record.log_table(decision.by_level, "promotion_by_level")


def _refit(
    recipe: Model,
    judged: Judged,
    panel: Panel,
    tables: ForceTables,
    settings: Settings,
    for_each: ForEach,
    noise_of: NoiseOf,
) -> tuple[str, str]:
    """Fit the champion's recipe at the last month; it stays champion as a new version. Return its run and version."""
    with tracked(recipe, panel, tables, settings) as run_id:
        version = candidate_of(recipe, panel, tables, settings, for_each, noise_of, judged).version
        registry.tag({"promoted": "yes", "promotion_rule": "refit", "promotion_reason": "its challenger was refused"})
    registry.point(CHAMPION, version)
    return run_id, version
