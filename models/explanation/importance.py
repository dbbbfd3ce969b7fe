"""Importance: how much worse corrected shares would have been, had a feature said nothing.

Walk in: a recipe that corrects shares, a panel and past origins. Walks out: a table of features.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.inspection import permutation_importance
from sklearn.metrics import mean_poisson_deviance

from features.panel import Panel
from features.share_features import ShareFeatures, Shares
from models.recipes.corrected_shares import CorrectedShares
from models.recipes.model import Model
from models.recipes.three_speed import Memory

REPEATS = 3
ROWS = 5000  # wards and types that the error is measured on, at most
COLUMNS = ["feature", "importance", "sd"]


def importances(model: Model, panel: Panel, origins: Sequence[pd.Timestamp]) -> pd.DataFrame:
    """Return by how much the error grows when a feature is shuffled over wards and types: feature, importance, sd.

    At each origin the regression is learnt from what was known then and judged on the year after, by the mean Poisson
    deviance of the ratio of offences to the ward's share; importance is its growth as a share of it, mean over origins
    and repeats, largest first (permutation importance: Breiman 2001, doi:10.1023/A:1010933404324). Where there are more
    wards and types than `ROWS`, so many are drawn, the same each time. Empty for recipes that learn no correction, and
    where history is too short for one.
    """
    grown = []
    if isinstance(model, CorrectedShares):
        for origin in origins:
            grown += _at(model, panel, origin)
    if not grown:
        return pd.DataFrame(columns=COLUMNS)
    names = ShareFeatures().fit(_shares_of(panel)).get_feature_names_out()
    growth = np.concatenate(grown, axis=1)
    table = pd.DataFrame({"feature": names, "importance": growth.mean(axis=1), "sd": growth.std(axis=1)})
    return table.sort_values("importance", ascending=False, kind="stable", ignore_index=True)


def _at(model: CorrectedShares, panel: Panel, origin: pd.Timestamp) -> list[np.ndarray]:
    """Return the growth of the error, (feature, repeat), in a list, or an empty one where nothing was learnt."""
    memory, seen = Memory(), int(panel.months.searchsorted(origin)) + 1
    regressor = model.learnt(panel.as_known_at(origin), memory)
    lessons = model.lessons(panel, [seen], memory)
    if regressor is None or lessons is None:
        return []
    rows = rows_of(len(lessons.ratio))
    table, ratio, weight = lessons.table[rows], lessons.ratio[rows], lessons.weight[rows]
    shuffled = permutation_importance(
        regressor,
        table,
        ratio,
        scoring="neg_mean_poisson_deviance",
        n_repeats=REPEATS,
        random_state=1,
        sample_weight=weight,
    )
    return [shuffled.importances / mean_poisson_deviance(ratio, regressor.predict(table), sample_weight=weight)]


def rows_of(count: int) -> np.ndarray:
    """Return the rows, of `count` there are, that the error is measured on: all, or `ROWS` of them, in their order."""
    if count <= ROWS:
        return np.arange(count)
    return np.sort(np.random.default_rng(1).choice(count, ROWS, replace=False))


def _shares_of(panel: Panel) -> Shares:
    """Return shares that say nothing, from which columns can be named."""
    nothing = np.empty((0, 0))
    return Shares(panel, nothing, nothing)
