"""Corrected shares: trees of both kinds really learn, from the past alone, and wards still add up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from features.panel import Panel
from features.share_features import ShareFeatures
from models.recipes.boosted import Boosted
from models.recipes.corrected_shares import CorrectedShares
from models.recipes.hist_boosted import HistBoosted
from models.recipes.three_speed import Memory, ThreeSpeed
from tests.models.recipes.test_leakage import with_another_future

pytestmark = pytest.mark.integration

# Trees that split on the few wards of the simulated force.
SMALL = [kind(fewest_in_leaf=40, ridge=1.0) for kind in (Boosted, HistBoosted)]
either = pytest.mark.parametrize("model", SMALL, ids=lambda model: model.name)


@either
def test_trees_learn_and_the_force_stays_as_it_was(model: CorrectedShares, simulated_panel: Panel) -> None:
    plain, corrected = ThreeSpeed().factors(simulated_panel), model.factors(simulated_panel)
    assert not np.allclose(plain.level, corrected.level, rtol=1e-3)
    force = [(factors.level * factors.season).sum("ward") for factors in (plain, corrected)]
    xr.testing.assert_allclose(*force, rtol=1e-6)
    xr.testing.assert_identical(plain.trend, corrected.trend)


@either
def test_what_is_learnt_is_in_the_lessons(model: CorrectedShares, simulated_panel: Panel) -> None:
    memory = Memory()
    lessons = model.lessons(simulated_panel, [len(simulated_panel.months) - 12], memory)
    trees = model.learnt(simulated_panel, memory)
    assert lessons is not None
    assert trees is not None
    assert lessons.table.shape[1] == trees.n_features_in_
    told = trees.predict(lessons.table)
    assert (told > 0).all()
    error, without = (np.average((lessons.ratio - each) ** 2, weights=lessons.weight) for each in (told, 1.0))
    assert error < 0.98 * without


@either
def test_trees_that_really_split_see_nothing_past_the_origin(model: CorrectedShares, simulated_panel: Panel) -> None:
    origin: pd.Timestamp = simulated_panel.months[70]
    changed = with_another_future(simulated_panel, origin)
    before, after = (model.factors(panel.as_known_at(origin)) for panel in (simulated_panel, changed))
    xr.testing.assert_identical(before.level, after.level)
    xr.testing.assert_identical(before.season, after.season)


def test_too_short_a_history_teaches_nothing(simulated_panel: Panel) -> None:
    short = simulated_panel.as_known_at(simulated_panel.months[40])
    assert SMALL[0].learnt(short, Memory()) is None
    assert SMALL[0].lessons(short, [], Memory()) is None
    xr.testing.assert_identical(SMALL[0].factors(short).level, ThreeSpeed().factors(short).level)
    assert ShareFeatures().get_params() == {}
