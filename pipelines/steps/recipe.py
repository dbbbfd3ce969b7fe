"""The recipe that settings or the record of a run name, with its parameters.

Walk in: settings, or a run. Walks out: the recipe, and what a run records of it.
"""

from __future__ import annotations

import json

from models.recipes.catalogue import MODELS, can_be_named, model_named
from models.recipes.model import Model
from models.recipes.parameters import values_of, with_parameters
from models.tracking.registry import Registered
from pipelines.settings import Settings
from sources.files.errors import InputError


def recipe_of(settings: Settings, name: str | None = None) -> Model:
    """Return a recipe, by default the one that forecasts, with the parameters that the settings give it.

    Raises
    ------
    InputError
        When there is no such recipe or parameter, or a value is beyond its limits.
    """
    model = model_named(settings.model if name is None else name)
    return with_parameters(model, settings.recipes.get(model.name, {}))


def check_recipes(settings: Settings) -> None:
    """Refuse settings of recipes or parameters that there are not, of whichever recipe."""
    for name in {settings.model, *settings.recipes}:
        recipe_of(settings, name)


def name_of(model: Model, settings: Settings) -> str:
    """Return the name that finds a recipe again: the settings' where they name one of the user's own, else its own."""
    own = settings.model not in MODELS and model_named(settings.model).name == model.name
    return settings.model if own else model.name


def recorded(model: Model, settings: Settings) -> dict[str, str]:
    """Return what a run records of its recipe: `model`, and each parameter as `boosted.trees`, the words of `--set`."""
    return {"model": name_of(model, settings)} | {
        f"{model.name}.{name}": value for name, value in values_of(model).items()
    }


def recipe_of_run(run: Registered) -> Model:
    """Return the recipe of a run with the parameters that it recorded; one of before they were has the defaults.

    Raises
    ------
    InputError
        When today's catalogue has no such recipe or parameter.
    """
    model = model_named(run.parameters["model"])
    start = f"{model.name}."
    given = {key.removeprefix(start): value for key, value in run.parameters.items() if key.startswith(start)}
    return with_parameters(model, {key: json.loads(value) for key, value in given.items()})


def can_be_fitted(run: Registered, settings: Settings) -> bool:
    """Whether the recipe of a run, with its parameters, can be fitted anew by today's code."""
    if not can_be_named(run.parameters["model"], settings.model):
        return False
    try:
        recipe_of_run(run)
    except InputError:
        return False
    return True


def settings_with(settings: Settings, model: Model) -> Settings:
    """Return the settings with this recipe and its parameters in place of theirs."""
    parameters = {model.name: model.get_params(deep=False)}
    return settings.model_copy(
        update={"model": name_of(model, settings), "recipes": {**settings.recipes, **parameters}}
    )
