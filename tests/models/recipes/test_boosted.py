"""The boosted model: its trees really learn, from the past alone, and wards still add up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from features.panel import Panel
from models.recipes.boosted import Boosted
from models.recipes.three_speed import Memory, ThreeSpeed
from tests.models.recipes.test_leakage import with_another_future

pytestmark = pytest.mark.integration


# Trees that split on the few wards of the simulated force.
SMALL = Boosted(fewest_in_leaf=40, ridge=1.0)


def test_trees_learn_and_the_force_stays_as_it_was(simulated_panel: Panel) -> None:
    plain, corrected = ThreeSpeed().factors(simulated_panel), SMALL.factors(simulated_panel)
    booster = SMALL._learn(simulated_panel, Memory())
    assert booster is not None
    assert booster.feature_importance().sum() > 20
    assert not np.allclose(plain.level, corrected.level, rtol=1e-3)
    force = [(factors.level * factors.season).sum("ward") for factors in (plain, corrected)]
    xr.testing.assert_allclose(*force, rtol=1e-6)
    xr.testing.assert_identical(plain.trend, corrected.trend)


def test_trees_that_really_split_see_nothing_past_the_origin(simulated_panel: Panel) -> None:
    origin: pd.Timestamp = simulated_panel.months[70]
    changed = with_another_future(simulated_panel, origin)
    before, after = (SMALL.factors(panel.as_known_at(origin)) for panel in (simulated_panel, changed))
    xr.testing.assert_identical(before.level, after.level)
    xr.testing.assert_identical(before.season, after.season)
