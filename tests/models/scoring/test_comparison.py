"""A forecast that is better is found to be, one that is only luckier is not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from models.scoring.comparison import compare, gain_over_levels, monthly_losses
from sources.files.errors import InputError

pytestmark = pytest.mark.unit

LEVELS = [("ward", "minor"), ("force", "all"), ("unlocated", "minor")]
ScoresOf = Callable[..., pd.DataFrame]


def test_losses_are_of_the_month_they_fell_in(scores_of: ScoresOf, swings: np.ndarray) -> None:
    losses = monthly_losses(scores_of(swings))
    assert losses.loc[("ward", "minor", "2021-11-01", "2022-10-01"), "wis"] == pytest.approx(1000 * swings[0, 1, 10])
    assert losses.loc[("force", "all", "2020-03-01", "2020-04-01"), "wis"] == pytest.approx(1000 * swings[1, 0, 0])


def test_a_steady_gain_is_significant_at_every_level(scores_of: ScoresOf, swings: np.ndarray) -> None:
    table = compare(scores_of(0.95 * swings), scores_of(swings))
    assert list(zip(table["area_level"], table["crime_level"], strict=True)) == LEVELS
    np.testing.assert_allclose(table[["gain", "gain_low", "gain_high"]], 0.05)
    assert set(table["verdict"]) == {"better"}
    assert set(compare(scores_of(swings), scores_of(0.95 * swings))["verdict"]) == {"worse"}
    np.testing.assert_allclose(table["reference_wis"], swings.mean(axis=(1, 2)))
    assert list(table["months"]) == [24, 24, 24]


def test_luck_is_undecided(scores_of: ScoresOf, swings: np.ndarray) -> None:
    other = np.random.default_rng(5).permuted(swings, axis=2)
    assert set(compare(scores_of(other), scores_of(swings))["verdict"]) == {"undecided"}


def test_only_shared_months_count(scores_of: ScoresOf, swings: np.ndarray) -> None:
    table = compare(scores_of(0.9 * swings), scores_of(swings[:, 1:], origins=("2021-11",)))
    assert set(table["origins"]) == {1}
    np.testing.assert_allclose(table["gain"], 0.1)
    with pytest.raises(InputError, match="share no origin"):
        compare(scores_of(swings), scores_of(swings, origins=("2010-03", "2011-03")))


def test_a_month_seen_from_two_origins_is_one_month(scores_of: ScoresOf, swings: np.ndarray) -> None:
    table = compare(
        scores_of(swings, origins=("2020-03", "2020-09")), scores_of(swings, origins=("2020-03", "2020-09"))
    )
    assert set(table["months"]) == {18}


def test_levels_count_the_same_and_unlocated_not_at_all(scores_of: ScoresOf, swings: np.ndarray) -> None:
    better = swings * np.array([0.9, 1.0, 7.0])[:, None, None]
    gain, low, high = gain_over_levels(
        monthly_losses(scores_of(better))["wis"], monthly_losses(scores_of(swings))["wis"]
    )
    assert gain == pytest.approx(0.05)
    assert low <= gain <= high
