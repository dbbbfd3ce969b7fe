"""An override: a person makes a version the champion against the rule, and says why.

Walks in: a version and a reason. Walks out: the champion switched, the reason kept with the version.
"""

from __future__ import annotations

from models.recipes.catalogue import can_be_named
from models.tracking import registry
from pipelines.running.journal import record
from pipelines.settings import Settings
from pipelines.steps.recipe import recipe_of_run
from sources.files.errors import InputError


def promoted(settings: Settings, version: str, reason: str) -> str:
    """Point the champion at a version, keep the reason with it, and return the one before, or nothing.

    Raises
    ------
    InputError
        When no reason is given, there is no such version, its file is not the one that was registered, or its recipe
        is neither Wardcast's nor the one chosen: the next refresh could not fit it anew.
    """
    if not reason.strip():
        raise InputError("An override needs a reason", remedy="Say why with --reason, in a sentence.")
    registry.open_store(settings.tracking_address, settings.mlruns)
    registry.load(version)  # a version that cannot be loaded must not become champion
    run = registry.of_run(version)
    recipe = run.parameters["model"]
    if not can_be_named(recipe, settings.model):
        raise InputError(
            "The recipe of this version is none that a refresh could fit anew",
            value=recipe,
            remedy=f"Name it in the settings, as model = {recipe!r}, or install the package that offers it.",
        )
    recipe_of_run(run)  # refuses parameters that today's recipe has not
    champion = registry.find(registry.CHAMPION)
    before = "" if champion is None else champion.version
    registry.tag_version(version, {"override_reason": reason, "override_before": before})
    registry.point(registry.CHAMPION, version)
    record(settings.mlruns, "promoted against the rule", version=version, before=before, reason=reason)
    return before
