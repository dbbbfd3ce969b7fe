"""Past errors: what was said at earlier origins stands beside what came, level by level."""

from __future__ import annotations

import numpy as np
import pytest

from features.area_counts import borough_of_ward, sum_groups
from features.panel import Panel
from models.recipes.baselines import RecentMean
from models.uncertainty.past_errors import FIRST_ORIGIN, HALF_LIFE, SPACING, PastErrors, past_errors

pytestmark = pytest.mark.unit
HORIZON = 12


@pytest.fixture(scope="module")
def errors(simulated_panel: Panel) -> PastErrors:
    return past_errors(RecentMean(), simulated_panel, HORIZON)


def test_what_came_is_what_the_panel_holds(errors: PastErrors, simulated_panel: Panel) -> None:
    months = len(simulated_panel.months)
    force = simulated_panel.offences.sum("ward").transpose("crime_type", "month").to_numpy()
    newest, second = errors.force[:2]
    assert newest.came.shape[2] == SPACING
    np.testing.assert_array_equal(newest.came[0], force[:, months - SPACING :])
    np.testing.assert_array_equal(second.came[0], force[:, months - 2 * SPACING :])
    assert all(case.came.shape[2] <= HORIZON for case in errors.force)


def test_origins_reach_back_to_the_first_and_lose_weight_with_age(errors: PastErrors, simulated_panel: Panel) -> None:
    ages = np.log2([case.weight for case in errors.force]) * -HALF_LIFE
    assert ages[0] == pytest.approx(SPACING)
    assert (np.diff(ages) >= SPACING - 1e-9).all()
    assert len(simulated_panel.months) - ages[-1] >= FIRST_ORIGIN
    assert len(errors.ward) < len(errors.force)


def test_each_level_is_judged_as_if_the_one_above_had_been_right(errors: PastErrors, simulated_panel: Panel) -> None:
    borough = borough_of_ward(simulated_panel.areas)
    for case in errors.borough:
        assert case.expected.sum(axis=0) == pytest.approx(case.came.sum(axis=0), rel=1e-6, abs=1e-6)
    for case in errors.ward:
        given, came = sum_groups(case.expected, borough), sum_groups(case.came, borough)
        assert given == pytest.approx(came, rel=1e-6, abs=1e-6)
