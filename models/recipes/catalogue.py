"""The models that there are. A new model is a module and a line here."""

from __future__ import annotations

from sklearn.base import clone

from models.recipes.baselines import RecentMean, SeasonalNaive
from models.recipes.boosted import Boosted
from models.recipes.exponential_smoothing import ETS
from models.recipes.hist_boosted import HistBoosted
from models.recipes.model import Model
from models.recipes.parameters import checked, with_parameters
from models.recipes.seasonal_trend import SeasonalTrend
from models.recipes.theta import Theta
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


def model_named(name: str | Model) -> Model:
    """Return a recipe of this name, with its default parameters, or the very model given.

    Raises
    ------
    InputError
        When there is no such name, saying which there are; or when a parameter of the model given is beyond its limits.
    """
    if isinstance(name, Model):
        return checked(name)
    if name not in MODELS:
        raise InputError(
            "There is no such model",
            column="model",
            value=name,
            remedy=f"Choose one of: {', '.join(MODELS)}.",
        )
    return clone(MODELS[name])  # a copy: to set its parameters must not change the catalogue


def recipe(name: str, **parameters: object) -> Model:
    """Return the recipe of this name with these values of parameters in place of their defaults.

    `recipe("boosted", trees=200)`; names and limits: `wardcast recipes`. Raises InputError for a name, a parameter or a
    value that there is not.
    """
    return with_parameters(model_named(name), parameters)
