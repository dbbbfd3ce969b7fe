"""Score tables made up to order, for whatever compares forecasts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

ScoresOf = Callable[..., pd.DataFrame]
LEVELS = [("ward", "minor"), ("force", "all"), ("unlocated", "minor")]


def score_table(wis: np.ndarray, origins: tuple[str, ...] = ("2020-03", "2021-11"), **columns: float) -> pd.DataFrame:
    """Return a score table with the WIS of each level, (level, origin, step), as shares of 1000 offences a month."""
    rows = []
    for level, (area_level, crime_level) in enumerate(LEVELS):
        for place, origin in enumerate(origins):
            labels = {"origin": pd.Timestamp(origin), "area_level": area_level, "crime_level": crime_level}
            numbers = {"cells": 600, "offences": 1000, "wape": 1.5 * wis[level, place].mean(), "naive_wape": 0.5}
            numbers |= {"coverage_80_randomised": 0.8} | columns
            rows.append(
                {**labels, "period": "month", "group": "overall", "group_value": "all", "wis": np.nan, **numbers}
            )
            for step, value in enumerate(wis[level, place], start=1):
                rows.append(
                    {**labels, "period": "month", "group": "horizon", "group_value": str(step), "wis": value, **numbers}
                )
    return pd.DataFrame(rows)


@pytest.fixture
def scores_of() -> ScoresOf:
    """The maker of score tables."""
    return score_table


@pytest.fixture
def swings() -> np.ndarray:
    """The WIS of each level, origin and step, which swings from month to month."""
    return np.random.default_rng(4).uniform(0.1, 0.5, (3, 2, 12))
