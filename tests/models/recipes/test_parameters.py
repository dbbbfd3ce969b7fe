"""Every recipe is an estimator in scikit-learn's sense, and refuses what its parameters do not allow."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, clone

from features.panel import Panel
from models.recipes.baselines import RecentMean
from models.recipes.boosted import Boosted
from models.recipes.catalogue import MODELS, model_named, recipe
from models.recipes.model import Model
from models.recipes.parameters import limits_of, same_recipe, values_of, with_parameters
from models.recipes.three_speed import ThreeSpeed
from sources.files.errors import InputError

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", MODELS)
def test_every_recipe_keeps_the_contract_of_an_estimator(name: str) -> None:
    model = MODELS[name]
    assert isinstance(model, BaseEstimator)
    copy = clone(model)
    assert copy is not model
    assert copy.get_params() == model.get_params() == type(model)().get_params()
    assert same_recipe(copy, model)
    assert repr(model) == f"{type(model).__name__}()"  # only what differs from the defaults is shown
    assert limits_of(model).keys() == model.get_params().keys()
    for parameter, limits in limits_of(model).items():
        assert limits.allow(getattr(model, parameter)), parameter
        assert len(limits.meaning) > 10


@pytest.mark.parametrize("name", [name for name in MODELS if MODELS[name].get_params()])
def test_parameters_change_a_copy_alone(name: str) -> None:
    parameter, default = next(iter(MODELS[name].get_params().items()))
    changed = recipe(name, **{parameter: default + 1 if default >= 1 else default / 2})
    assert not same_recipe(changed, MODELS[name])
    assert f"{parameter}=" in repr(changed)
    assert model_named(name).get_params()[parameter] == MODELS[name].get_params()[parameter] == default
    assert model_named(changed) is changed


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"tree": 3}, "no such parameter.*boosted.tree.*Perhaps trees is meant.*Its parameters are"),
        ({"trees": 0}, "boosted.trees, value 0.*a whole number, 1 or more: trees"),
        ({"trees": 2.5}, "boosted.trees, value 2.5.*a whole number"),
        ({"trees": True}, "boosted.trees, value True.*a whole number"),
        ({"damping": 1.01}, "boosted.damping.*a number, 0 to 1"),
        ({"damping": float("nan")}, "boosted.damping.*a number"),
        ({"learning_rate": 0.0}, "boosted.learning_rate.*more than 0, 1 at most"),
        ({"borough_half_life": "12"}, "boosted.borough_half_life.*a number, more than 0"),
    ],
)
def test_what_a_parameter_does_not_allow_is_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(InputError) as refused:
        with_parameters(MODELS["boosted"], given)
    assert re.search(said, str(refused.value), re.DOTALL)


def test_a_recipe_made_in_python_is_checked_too() -> None:
    with pytest.raises(InputError, match="value -3"):
        model_named(RecentMean(half_life=-3))
    with pytest.raises(InputError, match="has no parameters"):
        recipe("seasonal-naive", half_life=2)


def test_trees_are_judged_by_three_speeds_of_the_same_parameters() -> None:
    judged_by = Boosted(trees=5, damping=0.9).judged_by
    assert same_recipe(judged_by, ThreeSpeed(damping=0.9))
    assert type(judged_by) is ThreeSpeed


def test_parameters_act(simulated_panel: Panel) -> None:
    """Each parameter changes what is learnt: one that does not is read by nobody."""
    step = simulated_panel.breaks.iloc[[0]].assign(
        kind="step", crime_type="all", first_month=simulated_panel.months[60], known_from=simulated_panel.months[0]
    )
    panel = replace(simulated_panel, breaks=pd.concat([simulated_panel.breaks, step], ignore_index=True))
    base = recipe("boosted", fewest_in_leaf=40, ridge=1.0, trees=10)
    learnt = level_and_season(base, panel)
    for name, limits in limits_of(base).items():
        value = getattr(base, name)
        other = value + max(1, value) if limits.allow(value + max(1, value)) else value / 2
        changed = with_parameters(base, {name: other if limits.whole else float(other)})
        assert not all(map(np.array_equal, learnt, level_and_season(changed, panel))), name


def level_and_season(model: Model, panel: Panel) -> tuple[np.ndarray, ...]:
    factors = model.factors(panel)
    return tuple(part.to_numpy() for part in (factors.level, factors.season, factors.trend))


def test_a_recipe_of_ones_own_needs_no_limits() -> None:
    class Own(ThreeSpeed):
        name = "own"

        def __init__(self, base: object = None) -> None:
            self.base = base

    own = Own(base="anything")
    assert values_of(own) == {"base": '"anything"'}
    assert model_named(own) is own
