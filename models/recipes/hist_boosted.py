"""A challenger to the boosted model: the same lessons, learnt by the trees of scikit-learn.

Walks in: what past years teach of ward shares. Walks out: trees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from models.recipes.corrected_shares import CorrectedShares, Lessons
from models.recipes.parameters import parameter


@dataclass(kw_only=True, eq=False, repr=False)
class HistBoosted(CorrectedShares):
    """Three speeds, with ward shares corrected by histogram gradient boosting of Poisson deviance (scikit-learn)."""

    name = "hist-boosted"
    trees: int = parameter(120, "trees, one after another", 1)
    learning_rate: float = parameter(0.06, "part of what a tree finds that is taken up", 0, 1, above=True)
    leaves: int = parameter(15, "leaves of a tree, at most", 2)
    fewest_in_leaf: int = parameter(2000, "wards and types of past years in a leaf, at least", 1)
    ridge: float = parameter(50.0, "pull of leaves towards no correction")
    feature_fraction: float = parameter(0.6, "part of the features that a split may use", 0, 1, above=True)

    def learn(self, lessons: Lessons) -> Any:
        """Return the trees, the same whatever the machine's number of processors."""
        regressor = HistGradientBoostingRegressor(
            loss="poisson",
            max_iter=self.trees,
            learning_rate=self.learning_rate,
            max_leaf_nodes=self.leaves,
            min_samples_leaf=self.fewest_in_leaf,
            l2_regularization=self.ridge,
            max_features=self.feature_fraction,
            categorical_features=np.arange(lessons.table.shape[1]) == lessons.table.shape[1] - 1,
            early_stopping=False,
            random_state=1,
        )
        # Sums over threads would depend on their number in the last digits.
        with threadpool_limits(1, user_api="openmp"):
            return regressor.fit(lessons.table, lessons.ratio, sample_weight=lessons.weight)
