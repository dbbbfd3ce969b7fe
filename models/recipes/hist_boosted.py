"""A challenger to the boosted model: the same lessons, learnt by the trees of scikit-learn.

Walks in: what past years teach of ward shares. Walks out: trees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from models.recipes.corrected_shares import CorrectedByTrees, Lessons
from models.recipes.parameters import parameter


@dataclass(kw_only=True, eq=False, repr=False)
class HistBoosted(CorrectedByTrees):
    """Three speeds, with ward shares corrected by histogram gradient boosting of Poisson deviance (scikit-learn)."""

    name = "hist-boosted"
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
