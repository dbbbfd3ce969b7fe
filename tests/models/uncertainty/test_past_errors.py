"""Past errors: what was said at earlier origins stands beside what came, level by level."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from features.area_counts import borough_of_ward, sum_groups
from features.panel import Panel
from models.recipes.baselines import RecentMean
from models.recipes.three_speed import ThreeSpeed
from models.uncertainty.past_errors import FIRST_ORIGIN, HALF_LIFE, SPACING, PastErrors, past_errors

pytestmark = pytest.mark.unit
HORIZON = 12


@pytest.fixture(scope="module")
def errors(simulated_panel: Panel) -> PastErrors:
    return past_errors(RecentMean(), simulated_panel, HORIZON)


def test_what_came_is_what_the_panel_holds(errors: PastErrors, simulated_panel: Panel) -> None:
    months = len(simulated_panel.months)
    recorded = simulated_panel.offences.sum("ward") + simulated_panel.unlocated.sum("area")
    force = recorded.transpose("crime_type", "month").to_numpy()
    newest, second = errors.force[:2]
    assert newest.came.shape[2] == SPACING
    np.testing.assert_array_equal(newest.came[0], force[:, months - SPACING :])
    np.testing.assert_array_equal(second.came[0], force[:, months - 2 * SPACING :])
    assert all(case.came.shape[2] <= HORIZON for case in errors.force)


def test_lost_wards_are_no_error_of_the_force(simulated_panel: Panel) -> None:
    """The same offences, a fifth of whose wards are lost from some month on, err no more at the force."""
    lost = simulated_panel.offences // 5
    lost = lost.where(lost["month"] >= simulated_panel.months[60], 0)
    force = simulated_panel.unlocated["area"].to_numpy()[-1]
    published = simulated_panel.unlocated.fillna(0.0) + 1.0
    whole = replace(simulated_panel, unlocated=published)
    there = xr.DataArray((published["area"] == force).to_numpy(), dims="area")
    fewer = replace(
        simulated_panel, offences=simulated_panel.offences - lost, unlocated=published + lost.sum("ward") * there
    )
    errors = [past_errors(ThreeSpeed(), panel, 12).force for panel in (whole, fewer)]
    for case, other in zip(*errors, strict=True):
        np.testing.assert_allclose(case.came, other.came)
        np.testing.assert_allclose(case.expected.sum(axis=1), other.expected.sum(axis=1), rtol=0.03)


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
