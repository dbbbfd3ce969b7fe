"""A blend of share recipes, whose weights are those that would have served past years best.

Walks in: what each recipe gave for past years, and what came. Walks out: non-negative weights by crime type that sum
to one, drawn towards those of all crime types together.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

RIDGE = 1e-4  # pull of a crime type's weights towards those of all
TINY = 1e-9


def blend_weights(
    past_years: list[tuple[int, np.ndarray, np.ndarray]], recipes: int, crime_types: int, half_life: float
) -> np.ndarray:
    """Return weights, (crime type, recipe).

    `past_years`: (months since the year began, given (recipe, ward, crime type), came (ward, crime type)), of which
    those `half_life` months ago count half. Least
    absolute deviations by one step of reweighted least squares, each ward's error over the larger of its error and
    its Poisson noise. Without past years all recipes weigh the same.
    """
    gram, cross = np.zeros((crime_types, recipes, recipes)), np.zeros((crime_types, recipes))
    for months_ago, given, came in past_years:
        centre = given.mean(axis=0)
        weight = 0.5 ** (months_ago / half_life) / np.maximum(np.abs(came - centre), np.sqrt(centre + 1))
        by_type = np.moveaxis(given, 2, 0)
        gram += (by_type * weight.T[:, None]) @ by_type.transpose(0, 2, 1)
        cross += np.einsum("rwc,wc->cr", given, came * weight)
    if not gram.any():
        return np.full((crime_types, recipes), 1 / recipes)
    scale = np.maximum(np.trace(gram, axis1=1, axis2=2), TINY)
    gram, cross = gram / scale[:, None, None], cross / scale[:, None]
    pooled = _non_negative(gram.mean(axis=0), cross.mean(axis=0))
    pull = RIDGE * np.eye(recipes)
    weights = np.stack(
        [_non_negative(one + pull, other + RIDGE * pooled) for one, other in zip(gram, cross, strict=True)]
    )
    total = weights.sum(axis=1, keepdims=True)
    return np.where(total > 0, weights / np.maximum(total, TINY), 1 / recipes)


def _non_negative(gram: np.ndarray, cross: np.ndarray) -> np.ndarray:
    root = np.linalg.cholesky(gram + TINY * np.eye(len(gram)))
    return nnls(root.T, np.linalg.solve(root, cross))[0]
