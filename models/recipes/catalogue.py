"""The models that there are: Wardcast's own, and any that a package or a module of the user's brings.

A new model of Wardcast's is a module and a line here. One of the user's is named as `package.module:Class`, or by the
name under which an installed package offers it as an entry point of the group `wardcast.models`.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from sklearn.base import clone

from models.recipes.baselines import RecentMean, SeasonalNaive
from models.recipes.boosted import Boosted
from models.recipes.classical.exponential_smoothing import ETS
from models.recipes.classical.seasonal_trend import SeasonalTrend
from models.recipes.classical.theta import Theta
from models.recipes.hist_boosted import HistBoosted
from models.recipes.model import Model
from models.recipes.parameters import checked, with_parameters
from models.recipes.three_speed import ThreeSpeed
from sources.files.errors import InputError

MODELS: dict[str, Model] = {
    model.name: model
    for model in (
        SeasonalNaive(),
        RecentMean(),
        ETS(),
        Theta(),
        SeasonalTrend(),
        ThreeSpeed(),
        HistBoosted(),
        Boosted(),
    )
}
ENTRY_POINTS = "wardcast.models"
OF_A_MODULE = ":"  # between the module and the class


def model_named(name: str | Model) -> Model:
    """Return a recipe of this name, with its default parameters, or the very model given.

    Raises
    ------
    InputError
        If there is none, listing the names there are; if a module of the user's cannot be imported, lacks the class, or
        it is no model; or when a parameter of the model given is beyond its limits.
    """
    if isinstance(name, Model):
        return checked(name)
    if name in MODELS:
        return clone(MODELS[name])  # a copy: to set its parameters must not change the catalogue
    if OF_A_MODULE in name:
        return _imported(EntryPoint(name, name, ENTRY_POINTS))
    offered = {each.name: each for each in entry_points(group=ENTRY_POINTS)}
    if name in offered:
        return _imported(offered[name])
    raise InputError(
        "There is no such model",
        column="model",
        value=name,
        remedy=f"Choose one of: {', '.join([*MODELS, *offered])}; or one of your own, as package.module:Class.",
    )


def recipe(name: str, **parameters: object) -> Model:
    """Return the recipe of this name with these values of parameters in place of their defaults.

    `recipe("boosted", trees=200)`; names and limits: `wardcast recipes`. Raises InputError for a name, a parameter or a
    value that there is not.
    """
    return with_parameters(model_named(name), parameters)


def can_be_named(name: str, chosen: str) -> bool:
    """Whether a recipe that a record names can be fitted anew: ours, an installed package's, or the one chosen.

    A module that a record names and nobody chose is not imported: whoever writes records would run code here.
    """
    return name in MODELS or name == chosen or name in {each.name for each in entry_points(group=ENTRY_POINTS)}


def _imported(offered: EntryPoint) -> Model:
    try:
        import_module(offered.module)
        found = offered.load()
    except Exception as error:  # whatever a module of the user's does
        raise InputError(
            f"The model cannot be imported: {type(error).__name__}: {error}",
            column="model",
            value=offered.value,
            remedy="Name it as package.module:Class, installed or in the folder where the command is given.",
        ) from error
    model = found() if isinstance(found, type) and issubclass(found, Model) else found
    if not isinstance(model, Model) or not getattr(model, "name", ""):
        raise InputError(
            "What is named is no model",
            column="model",
            value=offered.value,
            remedy="Derive the class from wardcast.Model, and give it a name; docs/python.md shows one.",
        )
    return model
