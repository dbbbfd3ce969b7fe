"""The models that there are. A new model is a module and a line here."""

from __future__ import annotations

from models.recipes.baselines import RecentMean, SeasonalNaive
from models.recipes.boosted import Boosted
from models.recipes.exponential_smoothing import ETS
from models.recipes.model import Model
from models.recipes.seasonal_trend import SeasonalTrend
from models.recipes.theta import Theta
from models.recipes.three_speed import ThreeSpeed
from sources.files.errors import InputError

MODELS: dict[str, Model] = {
    model.name: model
    for model in (SeasonalNaive(), RecentMean(), ETS(), Theta(), SeasonalTrend(), ThreeSpeed(), Boosted())
}


def model_named(name: str | Model) -> Model:
    """Return the model of this name, or the very model given; InputError lists the names there are."""
    if isinstance(name, Model):
        return name
    if name not in MODELS:
        raise InputError(
            "There is no such model",
            column="model",
            value=name,
            remedy=f"Choose one of: {', '.join(MODELS)}.",
        )
    return MODELS[name]
