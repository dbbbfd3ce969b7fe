"""Parameters of recipes: what each means, what it allows, and a recipe with others than its own.

Walk in: a recipe, and values by name from settings, flags or the record of a run. Walks out: a copy of the recipe with
them. A recipe's parameters are the arguments of its constructor, as for every estimator of scikit-learn.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from difflib import get_close_matches
from typing import Any

from sklearn.base import clone

from models.recipes.model import Model
from sources.files.errors import InputError


@dataclass(frozen=True)
class Limits:
    """What a parameter means and allows: numbers from `least` (`above`: more than it) to `most`; `whole`: integers."""

    meaning: str
    whole: bool
    least: float = -math.inf
    most: float = math.inf
    above: bool = False

    def allow(self, value: float) -> bool:
        """Whether a number lies within them."""
        return math.isfinite(value) and self.least <= value <= self.most and not (self.above and value == self.least)

    def __str__(self) -> str:
        if math.isinf(self.most):
            return f"more than {self.least:g}" if self.above else f"{self.least:g} or more"
        return f"more than {self.least:g}, {self.most:g} at most" if self.above else f"{self.least:g} to {self.most:g}"


def parameter(default: float, meaning: str, least: float = 0, most: float = math.inf, *, above: bool = False) -> Any:
    """Return a field of a recipe: its default, its meaning with the unit, and its limits (`above`: more than least).

    Where the default is an integer, only whole numbers are allowed.
    """
    return field(default=default, metadata={"limits": Limits(meaning, isinstance(default, int), least, most, above)})


def limits_of(model: Model) -> dict[str, Limits]:
    """Return the limits of the parameters that were declared with `parameter`, by name."""
    if not is_dataclass(model):
        return {}
    own = model.get_params(deep=False)  # a class of one's own may take fewer than the one that it inherits from
    return {one.name: one.metadata["limits"] for one in fields(model) if "limits" in one.metadata and one.name in own}


def values_of(model: Model) -> dict[str, str]:
    """Return the parameters' values as text (JSON), by name, as a run records them."""
    return {name: json.dumps(value, default=repr) for name, value in model.get_params(deep=False).items()}


def same_recipe(one: Model, other: Model) -> bool:
    """Whether two recipes have the same name and the same values of all parameters."""
    return (one.name, values_of(one)) == (other.name, values_of(other))


def checked(model: Model) -> Model:
    """Return the recipe itself; InputError where one of its parameters is not what it allows."""
    own = model.get_params(deep=False)
    for name in limits_of(model):
        _fitting(model, name, own[name])
    return model


def with_parameters(model: Model, given: Mapping[str, object]) -> Model:
    """Return a copy of the recipe with these values of parameters in place of its own.

    Raises
    ------
    InputError
        When the recipe has no such parameter, or the value is of another kind or outside its limits.
    """
    own = model.get_params(deep=False)
    for name, value in given.items():
        if name not in own:
            near = get_close_matches(name, own, n=1)
            raise InputError(
                f"The recipe {model.name} has no such parameter",
                column=f"{model.name}.{name}",
                value=value,
                remedy=(f"Perhaps {near[0]} is meant. " if near else "")
                + (f"Its parameters are: {', '.join(own)}." if own else "It has no parameters."),
            )
    return clone(model).set_params(**{name: _fitting(model, name, value) for name, value in given.items()})


def _fitting(model: Model, name: str, value: object) -> object:
    """Return the value in the kind of the parameter's default; InputError where it is none, or beyond the limits.

    A parameter without limits, as a recipe written elsewhere may have, takes any value.
    """
    limits = limits_of(model).get(name)
    if limits is None:
        return value
    kind = int if limits.whole else float
    if not isinstance(value, bool) and isinstance(value, int if limits.whole else int | float) and limits.allow(value):
        return kind(value)
    raise InputError(
        f"A parameter of the recipe {model.name} is wrong",
        column=f"{model.name}.{name}",
        value=value,
        remedy=f"It is {'a whole number' if limits.whole else 'a number'}, {limits}: {limits.meaning}.",
    )
