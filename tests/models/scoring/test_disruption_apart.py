"""Origins whose months ahead a disruption hit are told apart, and only those."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from models.scoring.scores import apart_from_disruption

pytestmark = pytest.mark.unit

BREAKS = pd.DataFrame(
    {
        "kind": ["disruption", "coverage"],
        "crime_type": ["all", "all"],
        "first_month": pd.to_datetime(["2020-03-01", "2022-01-01"]),
        "last_month": pd.to_datetime(["2021-07-01", "2023-01-01"]),
    }
)


@pytest.mark.parametrize(
    ("origin", "hit"),
    [
        ("2019-02", False),
        ("2019-03", True),
        ("2020-06", True),
        ("2021-06", True),
        ("2021-07", False),
        ("2022-03", False),
    ],
)
def test_an_origin_is_hit_by_what_comes_after_it(
    scores_of: Callable[..., pd.DataFrame], swings: np.ndarray, origin: str, hit: bool
) -> None:
    ordinary, disrupted = apart_from_disruption(scores_of(swings[:, :1], origins=(origin,)), BREAKS)
    assert (ordinary.empty, disrupted.empty) == (hit, not hit)


def test_both_parts_make_up_the_whole(scores_of: Callable[..., pd.DataFrame], swings: np.ndarray) -> None:
    scores = scores_of(swings, origins=("2019-06", "2021-11"))
    parts = apart_from_disruption(scores, BREAKS)
    assert [set(part["origin"]) for part in parts] == [{pd.Timestamp("2021-11")}, {pd.Timestamp("2019-06")}]
    pd.testing.assert_frame_equal(pd.concat(parts).sort_index(), scores)


def test_no_scores_are_no_scores(scores_of: Callable[..., pd.DataFrame], swings: np.ndarray) -> None:
    assert [len(part) for part in apart_from_disruption(scores_of(swings).iloc[:0], BREAKS)] == [0, 0]
