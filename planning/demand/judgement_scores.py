"""Judgements scored against what was recorded since, beside the frozen forecast of the release they were made on.

Walk in: judgements, that release's quantiles of their cells, and what was recorded. Walk out: scores with and without.

The interval score of the nine published quantiles (Bracher and others 2021) is taken with and without the judgement:
with it, quantiles are of the forecast's distribution, joined by straight lines, times the multiplier.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planning.assumed import Errors, positive, row_of
from planning.demand.judgement import KEPT_BY_GRADE
from planning.folder.entries import Judgement

FEWEST_BY_ROLE = 20  # judgements; fewer would judge a person, not a way of judging
POINTS = 401
COLUMNS = ["id", "kind", "role", "months", "wis_without", "wis_with", "gain", "direction", "covered"]


def scored(
    judgement: Judgement, levels: np.ndarray, quantiles: np.ndarray, begun: np.ndarray, recorded: np.ndarray, seed: int
) -> dict[str, object]:
    """Return the scores of one judgement over the months that have come.

    levels : (quantile); quantiles : (month, quantile) of the judgement's cells together, as the release said; begun :
    (month) 0 to 1; recorded : (month). `direction` is whether it moved the forecast the way it had to go.
    """
    errors = Errors(POINTS, seed)
    drawn = positive(row_of(judgement.multiplier.model_dump(), judgement.id), errors)[0]
    if judgement.kind == "prevention":
        drawn = drawn ** KEPT_BY_GRADE[judgement.grade]
    happens = np.arange(POINTS) < judgement.chance * POINTS
    factors = np.where(np.random.default_rng(seed).permutation(happens), drawn, 1.0)
    at = (np.arange(POINTS) + 0.5) / POINTS
    judged = np.empty_like(quantiles)
    for month, row in enumerate(quantiles):
        sample = np.interp(at, levels, row) * (1 + begun[month] * (factors - 1))
        judged[month] = np.quantile(sample, levels)
    without, with_it = (float(weighted_interval_score(levels, rows, recorded).mean()) for rows in (quantiles, judged))
    middle = int(np.argmin(np.abs(levels - 0.5)))
    wanted, moved = recorded.sum() - quantiles[:, middle].sum(), judged[:, middle].sum() - quantiles[:, middle].sum()
    low, high = (int(np.argmin(np.abs(levels - share))) for share in (0.1, 0.9))
    inside = (recorded >= judged[:, low]) & (recorded <= judged[:, high])
    return {
        "id": judgement.id,
        "kind": judgement.kind,
        "role": judgement.by,
        "months": len(recorded),
        "wis_without": without,
        "wis_with": with_it,
        "gain": 1 - with_it / without if without > 0 else np.nan,
        "direction": "right" if wanted * moved > 0 else "wrong",
        "covered": float(inside.mean()),
    }


def weighted_interval_score(levels: np.ndarray, quantiles: np.ndarray, recorded: np.ndarray) -> np.ndarray:
    """Return the mean over quantiles of twice the quantile score, (month): less is better; unit: offences."""
    below = recorded[:, None] < quantiles
    return 2 * ((below - levels) * (quantiles - recorded[:, None])).mean(axis=1)


def by_kind(scores: pd.DataFrame) -> pd.DataFrame:
    """Return kind, judgements, mean scores with and without, and the share that moved the right way."""
    return _summary(scores, "kind")


def by_role(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the same by role, of roles with twenty judgements or more."""
    counts = scores["role"].map(scores["role"].value_counts())
    return _summary(scores[counts >= FEWEST_BY_ROLE], "role")


def _summary(scores: pd.DataFrame, key: str) -> pd.DataFrame:
    right = scores.assign(right=scores["direction"] == "right")
    return right.groupby(key, as_index=False).agg(
        judgements=("id", "size"),
        wis_without=("wis_without", "mean"),
        wis_with=("wis_with", "mean"),
        right_direction=("right", "mean"),
    )


def table_of(rows: Sequence[dict[str, object]]) -> pd.DataFrame:
    """Return scores as a table."""
    return pd.DataFrame(list(rows), columns=COLUMNS)
