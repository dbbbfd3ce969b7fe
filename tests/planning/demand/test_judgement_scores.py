"""Judgements are scored as forecasts are: with and without, against what came."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from planning.demand.judgement_scores import (
    FEWEST_BY_ROLE,
    by_kind,
    by_role,
    scored,
    table_of,
    weighted_interval_score,
)
from tests.planning.test_levers_and_judgement import judgement

pytestmark = pytest.mark.unit
LEVELS = np.array([0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975])


def _quantiles(months: int) -> np.ndarray:
    return np.tile(100 + 10 * np.array([-1.96, -1.64, -1.28, -0.67, 0, 0.67, 1.28, 1.64, 1.96]), (months, 1))


def test_a_judgement_that_comes_true_gains_and_one_that_does_not_loses() -> None:
    sure = {"multiplier": {"p10": 1.25, "p50": 1.3, "p90": 1.35}}
    right, wrong = (
        scored(judgement("one", **sure), LEVELS, _quantiles(6), np.ones(6), np.full(6, level), 1)
        for level in (130.0, 95.0)
    )
    assert right["wis_with"] < right["wis_without"]
    assert right["direction"] == "right"
    assert right["covered"] == 1.0
    assert wrong["wis_with"] > wrong["wis_without"]
    assert wrong["direction"] == "wrong"


def test_one_that_has_not_begun_changes_nothing() -> None:
    same = scored(judgement("one"), LEVELS, _quantiles(3), np.zeros(3), np.full(3, 104.0), 1)
    assert same["wis_with"] == pytest.approx(same["wis_without"], rel=0.02)


def test_the_interval_score_is_least_where_the_forecast_is_right() -> None:
    centre, off = (weighted_interval_score(LEVELS, _quantiles(1), np.array([level])) for level in (100.0, 150.0))
    assert centre < off
    point = np.tile([[100.0]], (1, 9))
    assert weighted_interval_score(LEVELS, point, np.array([110.0])) == pytest.approx(2 * 10 * LEVELS.mean())


def test_nobody_is_told_apart_by_a_few_judgements() -> None:
    row = {"kind": "emerging", "role": "lead", "months": 3, "wis_without": 2.0, "wis_with": 1.0}
    few = table_of([{**row, "id": str(one), "direction": "right"} for one in range(FEWEST_BY_ROLE - 1)])
    assert by_role(few).empty
    assert by_kind(few)["judgements"].tolist() == [FEWEST_BY_ROLE - 1]
    enough = pd.concat([few, few.iloc[:1]], ignore_index=True)
    assert by_role(enough)["right_direction"].tolist() == [1.0]
