"""Search: which values of a recipe's parameters would have erred least at past origins.

Walk in: a recipe, values to try, a panel. Walks out: a table of what each would have come to. Errors are those of the
expectation alone, which needs no noise and so takes seconds where judging takes minutes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from sklearn.model_selection import ParameterGrid

from features.area_counts import borough_of_ward, by_major, counts_of, sum_groups
from features.panel import Panel
from features.rolling_origin import RollingOrigin
from models.recipes.catalogue import model_named
from models.recipes.model import Model
from models.recipes.parameters import same_recipe, with_parameters
from models.scoring.promotion import SHORTEST_HISTORY
from sources.files.errors import InputError

ORIGINS = 3


def search(
    model: str | Model, values: Mapping[str, Sequence[float]], panel: Panel, splitter: RollingOrigin | None = None
) -> pd.DataFrame:
    """Return how far each combination of parameters would have erred at past origins, the best first.

    model : a recipe, or its name. values : to try, by parameter, as for scikit-learn's `ParameterGrid`. panel : what
    may be looked at; cut it (`panel.as_known_at`) before the years on which the outcome is to be judged, since a value
    that was chosen on a year looks good on it. splitter : the origins; by default the newest three, a year apart.

    Columns: the parameters; the mean over origins of the error (WAPE, a share of recorded offences) by level of area
    and crime; and gain, the mean over levels of 1 - error / error of the recipe as given, which is a row of its own.

    Raises
    ------
    InputError
        When the recipe does not allow a value, or the history has no such origin.
    """
    given = model_named(model)
    splitter = splitter or RollingOrigin(n_splits=ORIGINS, shortest=SHORTEST_HISTORY, breaks=panel.breaks)
    splits = list(splitter.split(panel.months))
    if not splits:
        raise InputError(
            f"The history of {len(panel.months)} months has no origin to search on",
            remedy="Supply a longer history, or a splitter with a smaller `shortest`.",
        )
    tried = [with_parameters(given, each) for each in ParameterGrid(dict(values))]
    recipes = [given, *(each for each in tried if not same_recipe(each, given))]
    errors = pd.DataFrame([_errors(recipe, panel, splits) for recipe in recipes])
    table = pd.DataFrame([{name: getattr(recipe, name) for name in values} for recipe in recipes]).join(errors)
    gain = (1 - errors / errors.iloc[0]).mean(axis=1)
    return table.assign(gain=gain).sort_values("gain", ascending=False, kind="stable", ignore_index=True)


def _errors(recipe: Model, panel: Panel, splits: list[tuple[np.ndarray, np.ndarray]]) -> dict[str, float]:
    """Return the error at each level, mean over origins."""
    counts = counts_of(panel)
    origins = [panel.months[seen[-1]] for seen, _ in splits]
    of_origins = []
    for (seen, ahead), origin, factors in zip(splits, origins, recipe.factors_at(panel, origins), strict=True):
        steps = ahead - len(seen)
        season, trend = factors.ahead(origin, int(steps[-1]) + 1)
        expected = (factors.level * season * trend).transpose("ward", "crime_type", "month").to_numpy()[:, :, steps]
        pairs = zip(_levels(expected, panel), _levels(counts[:, :, ahead], panel), strict=True)
        of_origins.append({name: np.abs(one - other).sum() / other.sum() for (name, one), (_, other) in pairs})
    return {str(name): float(error) for name, error in pd.DataFrame(of_origins).mean().items()}


def _levels(cells: np.ndarray, panel: Panel) -> Iterator[tuple[str, np.ndarray]]:
    """Yield counts by (area, crime type, month) at the levels that are looked at, from those of wards."""
    major = pd.factorize(panel.offences["major_type"].to_numpy())[0]
    borough = borough_of_ward(panel.areas)
    yield "ward_minor", cells
    yield "ward_all", cells.sum(axis=1, keepdims=True)
    yield "borough_major", by_major(sum_groups(cells, borough), major)
    yield "force_major", by_major(cells.sum(axis=0, keepdims=True), major)
