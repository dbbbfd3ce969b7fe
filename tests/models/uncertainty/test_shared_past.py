"""What origins of one history share is worked out once, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from features.panel import Panel
from models.forecast.forecast import Factors
from models.recipes.baselines import RecentMean
from models.recipes.three_speed import ThreeSpeed
from models.uncertainty.past_errors import past_errors
from models.uncertainty.shared_past import SharedPast
from models.uncertainty.variances import estimate_noise, likelihoods

pytestmark = pytest.mark.unit


class Counting(RecentMean):
    """A recipe that counts the origins at which it was asked."""

    asked: list[pd.Timestamp] = []  # noqa: RUF012, of all its copies

    def factors_at(self, known: Panel, origins: Sequence[pd.Timestamp]) -> Iterator[Factors]:
        """Yield the factors of each origin, and remember it."""
        for origin, factors in zip(origins, super().factors_at(known, origins), strict=True):
            self.asked.append(origin)
            yield factors


def test_noise_is_the_same_whatever_was_estimated_before(simulated_panel: Panel) -> None:
    model, shared = ThreeSpeed(), SharedPast()
    estimate_noise(model, simulated_panel.as_known_at(simulated_panel.months[47]), shared=shared)
    for months in (60, 54):
        known = simulated_panel.as_known_at(simulated_panel.months[months - 1])
        alone, after_others = estimate_noise(model, known), estimate_noise(model, known, shared=shared)
        for part in ("common", "own", "unlocated"):
            xr.testing.assert_identical(getattr(after_others, part), getattr(alone, part))


def test_past_origins_of_an_earlier_origin_are_not_asked_again(simulated_panel: Panel) -> None:
    shared, earlier = SharedPast(), simulated_panel.as_known_at(simulated_panel.months[71])
    Counting.asked.clear()
    past_errors(Counting(), earlier, 12, shared)
    before = len(Counting.asked)
    past_errors(Counting(), simulated_panel, 12, shared)
    # Three stood so near the earlier origin that their year had not come to its end; four have come since.
    assert len(Counting.asked) - before == 3 + 4
    assert before > 7


def test_another_recipe_or_parameter_is_another_question(simulated_panel: Panel) -> None:
    shared = SharedPast()
    for model in (RecentMean(), RecentMean(half_life=3.0)):
        alone = past_errors(model, simulated_panel, 12).ward[0].expected
        assert np.array_equal(past_errors(model, simulated_panel, 12, shared).ward[0].expected, alone)


def test_likelihoods_are_of_what_a_case_holds_and_of_its_component(simulated_panel: Panel) -> None:
    shared = SharedPast()
    first, second = past_errors(RecentMean(), simulated_panel, 12).borough[:2]
    other = replace(first, came=first.came + 1, weight=0.25)
    for cases, component in (([first, second], "borough"), ([first, second], "ward"), ([other, first], "borough")):
        alone = likelihoods(cases, component)
        assert np.array_equal(likelihoods(cases, component, shared=shared), alone)
