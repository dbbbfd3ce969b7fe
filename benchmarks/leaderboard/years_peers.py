"""Peers' sums of years, as far as monthly forecasts tell them.

Walks in: a peer's forecast by month. Walks out: cells as `far_years/cells.py` makes of ours.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from levels import LONGEST, QUANTILES, Counts, PeerForecast

from models.scoring.metrics import weighted_interval_score

YEAR = 12
LEVELS_OF_QUANTILES = np.array(list(QUANTILES.values()))
MEDIAN = list(QUANTILES).index("q50")
POINT = 1e-9  # width of the place of a recorded sum among continuous quantiles


def cells_of_peer(
    found: PeerForecast, counts: Counts, level: tuple[str, str], origin: pd.Timestamp, years: Sequence[int]
) -> pd.DataFrame:
    """Return the cells of a level at an origin: see `far_years/cells.cells_at`.

    The libraries give intervals of months, not of years. A year's quantile is taken for the sum of its months' ones, as
    if the months of a year erred together: nearly so a year or more ahead, where a path that has left its level stays
    away, and the widest that their intervals allow. What is recorded stands between two quantiles; where, is told
    by straight lines between them.
    """
    assert found.quantiles is not None
    seen = counts.months.get_loc(origin) + 1
    quantiles = np.maximum.accumulate(np.maximum(found.quantiles, 0).astype(float), axis=-1)
    mean = np.maximum(found.mean, 0).astype(float)
    parts = []
    for year in years:
        ahead = slice(YEAR * year, YEAR * (year + 1))
        if ahead.stop > LONGEST:
            continue
        observed = counts.offences[:, seen + ahead.start : seen + ahead.stop].sum(axis=1)
        of_year = quantiles[:, ahead].sum(axis=1)
        position = [
            np.interp(came, told, LEVELS_OF_QUANTILES, left=0.0, right=1.0)
            for came, told in zip(observed, of_year, strict=True)
        ]
        parts.append(
            pd.DataFrame(
                {
                    "origin": origin,
                    "area_level": level[0],
                    "area_code": found.area_code,
                    "crime_level": level[1],
                    "crime_type": found.crime_type,
                    "year": year + 1,
                    "month": 0,
                    "before": counts.offences[:, seen - YEAR : seen].sum(axis=1),
                    "observed": observed,
                    "mean": mean[:, ahead].sum(axis=1),
                    "median": of_year[:, MEDIAN],
                    "wis": weighted_interval_score(observed, of_year, tuple(LEVELS_OF_QUANTILES)),
                    "pit_low": position,
                    "pit_high": np.array(position) + POINT,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
