"""The interface of every recipe: a way to learn the factors of a forecast from what was known at an origin."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

import pandas as pd
from sklearn.base import BaseEstimator

from features.panel import Panel
from models.forecast.forecast import Factors
from models.forecast.noise import Noise


class Model(BaseEstimator, ABC):
    """A way to forecast; it learns nothing itself, so that one object serves every origin.

    An estimator of scikit-learn: its parameters are its constructor's arguments, read with `get_params`, changed with
    `set_params` on a `clone`. Recipes of ours are keyword-only dataclasses whose fields are `parameter(...)`.
    """

    name: ClassVar[str]
    # Whether the force's path is smoothed in logarithms, so that as many outcomes are expected above it as below.
    path_is_median: ClassVar[bool] = False

    @abstractmethod
    def factors(self, known: Panel) -> Factors:
        """Learn the factors from a panel as known at the origin, its last month."""

    def factors_at(self, known: Panel, origins: Sequence[pd.Timestamp]) -> Iterator[Factors]:
        """Yield the factors at several past origins, each from what was known then."""
        for origin in origins:
            yield self.factors(known.as_known_at(origin))

    @property
    def judged_by(self) -> Model:
        """The model whose past errors tell this one's noise: itself, unless running it in the past takes too long."""
        return self


NoiseOf = Callable[[Model, Panel], Noise]
