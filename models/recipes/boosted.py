"""The boosted model: three speeds, then ward shares corrected by boosted trees.

Walks in: what past years teach of ward shares. Walks out: trees. Shares far from the ward's share of all crime draw
back towards it, more so where offences are few. Boroughs and the force are left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lightgbm import LGBMRegressor

from models.recipes.corrected_shares import CorrectedByTrees, Lessons
from models.recipes.parameters import parameter


@dataclass(kw_only=True, eq=False, repr=False)
class Boosted(CorrectedByTrees):
    """Three speeds, with ward shares corrected by boosted trees (LightGBM: Ke et al. 2017)."""

    name = "boosted"
    feature_fraction: float = parameter(0.6, "part of the features that a tree may use", 0, 1, above=True)
    row_fraction: float = parameter(0.6, "part of the wards and types that a tree learns from", 0, 1, above=True)

    def learn(self, lessons: Lessons) -> Any:
        """Return the trees of LightGBM, the same whatever the machine's number of processors."""
        regressor = LGBMRegressor(
            objective="poisson",
            n_estimators=self.trees,
            learning_rate=self.learning_rate,
            num_leaves=self.leaves,
            min_child_samples=self.fewest_in_leaf,
            reg_lambda=self.ridge,
            colsample_bytree=self.feature_fraction,
            subsample=self.row_fraction,
            subsample_freq=1,
            max_bin=63,
            random_state=1,
            deterministic=True,
            force_row_wise=True,
            n_jobs=1,
            verbose=-1,
        )
        category = [lessons.table.shape[1] - 1]
        return regressor.fit(lessons.table, lessons.ratio, sample_weight=lessons.weight, categorical_feature=category)
