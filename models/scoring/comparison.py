"""Two forecasts compared: is one better, or only luckier.

Walk in: the scores of two forecasts of the same months. Walks out: the gain of one over the other by level, with
intervals from resampling whole months, so that errors which wards and crime types share in a month are not counted as
many.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.forecast.vocabulary import AREA_LEVELS, CRIME_LEVELS
from models.scoring.bootstrap import gain_interval
from sources.files.errors import InputError

LEVEL = ["area_level", "crime_level"]
SEED = 1  # of the resampling, so that the same forecasts are judged the same each time


def monthly_losses(scores: pd.DataFrame) -> pd.DataFrame:
    """Return summed losses by level and month ahead, from `models.scoring.scores.score`'s table.

    Index: area_level, crime_level, origin, month. Columns, in offences: offences, wis, wape and naive_wape, the last
    two being sums of absolute errors. Months in which a level had no offences at all are left out.
    """
    steps = scores[(scores["group"] == "horizon") & (scores["period"] == "month") & (scores["offences"] > 0)].copy()
    ahead = steps["group_value"].astype(int)
    place = steps["origin"].dt.year * 12 + steps["origin"].dt.month - 1 + ahead
    steps["month"] = pd.to_datetime({"year": place // 12, "month": place % 12 + 1, "day": 1})
    for name in ("wis", "wape", "naive_wape"):
        steps[name] *= steps["offences"]
    return steps.set_index([*LEVEL, "origin", "month"])[["offences", "wis", "wape", "naive_wape"]]


def compare(scores: pd.DataFrame, reference_scores: pd.DataFrame) -> pd.DataFrame:
    """Return the gain in WIS of a forecast over a reference, one row a level, finest first.

    Both tables are from `models.scoring.scores.score`, on the same data; what counts is the months, origins and levels
    that they share. Columns: area_level, crime_level, origins, months, wis, reference_wis (shares of offences), gain
    (1 - ratio of the two), gain_low, gain_high (95 % interval, whole months resampled over all origins, areas and
    crime types at once; too narrow where errors last longer than a month) and verdict (better, worse, undecided).
    Raises InputError when they share nothing.
    """
    both = monthly_losses(scores).join(monthly_losses(reference_scores).add_suffix("_reference"), how="inner")
    if both.empty:
        raise InputError(
            "The two forecasts share no origin, month and level that has been recorded",
            remedy="Compare forecasts made at the same origins of months that are over.",
        )
    rows = [_level_row(part) for _, part in both.groupby(level=LEVEL, observed=True)]
    table = pd.DataFrame(rows)
    place = table["area_level"].map(AREA_LEVELS.index) * len(CRIME_LEVELS)
    place += table["crime_level"].map(CRIME_LEVELS.index)
    return table.iloc[place.to_numpy().argsort()].reset_index(drop=True)


def gain_over_levels(losses: pd.Series, reference_losses: pd.Series) -> tuple[float, float, float]:
    """Return the gain over a reference, 1 - ratio, with its 95 % interval, every located level counting the same.

    Both by level, origin and month, in offences, of the same cells. A level's losses are taken as shares of the
    reference's there, so that fine levels, whose losses are larger, do not decide alone; the same months are resampled
    at all levels. Source of the resampling: `models.scoring.bootstrap`.
    """
    located = reference_losses.index.get_level_values("area_level") != "unlocated"
    reference_losses = reference_losses[located]
    totals = reference_losses.groupby(level=LEVEL, observed=True).transform("sum")
    by_month = [
        (one / totals).groupby(level="month").sum().to_numpy()
        for one in (losses.reindex(reference_losses.index), reference_losses)
    ]
    low, high = gain_interval(by_month[0], by_month[1], np.random.default_rng(SEED))
    return float(1 - by_month[0].sum() / by_month[1].sum()), low, high


def _level_row(part: pd.DataFrame) -> dict[str, object]:
    by_month = part.groupby(level="month").sum()
    ours, theirs = by_month["wis"].to_numpy(), by_month["wis_reference"].to_numpy()
    low, high = gain_interval(ours, theirs, np.random.default_rng(SEED))
    return {
        **{name: part.index.get_level_values(name)[0] for name in LEVEL},
        "origins": part.index.unique("origin").size,
        "months": len(by_month),
        "wis": ours.sum() / by_month["offences"].sum(),
        "reference_wis": theirs.sum() / by_month["offences_reference"].sum(),
        "gain": 1 - ours.sum() / theirs.sum(),
        "gain_low": low,
        "gain_high": high,
        "verdict": "better" if low > 0 else "worse" if high < 0 else "undecided",
    }
