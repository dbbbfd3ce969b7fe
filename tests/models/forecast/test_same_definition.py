"""Offences with no known ward: learnt and judged in months of the same kind, on a force that changes its practice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from features.panel import Panel
from models.draws.distribution import Drawer
from models.forecast.forecast import FittedModel
from models.forecast.hierarchy import AreaTree
from models.forecast.noise import Noise
from models.forecast.same_definition import same_definition
from models.recipes.baselines import RecentMean, unlocated_level
from models.uncertainty.past_errors import past_errors
from models.uncertainty.variances import estimate_noise

pytestmark = pytest.mark.unit
CHANGE = 71  # months of the simulated force before its boroughs are told apart


def with_unlocated(panel: Panel, of_force: np.ndarray, of_boroughs: np.ndarray) -> Panel:
    """Return the panel with these offences of each crime type, by month; missing where not published."""
    by_area = np.tile(of_boroughs, (panel.unlocated.sizes["area"], 1))
    by_area[-1] = of_force
    dense = np.repeat(by_area[:, None, :], panel.unlocated.sizes["crime_type"], axis=1)
    order = panel.unlocated.transpose("area", "crime_type", "month")
    return replace(panel, unlocated=order.copy(data=dense))


@pytest.fixture
def changed(simulated_panel: Panel) -> Panel:
    """A force whose row holds 50 offences a month of each type, then 4 while each borough has 10."""
    before = np.arange(len(simulated_panel.months)) < CHANGE
    return with_unlocated(simulated_panel, np.where(before, 50.0, 4.0), np.where(before, np.nan, 10.0))


def test_a_borough_is_alike_where_published_and_a_force_where_the_same_boroughs_are() -> None:
    published = np.array([[0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [1, 1, 1, 0, 1]], dtype=bool)
    found = same_definition(published, 2)
    assert found.astype(int).tolist() == [[0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 0, 0]]
    assert not same_definition(published, 0)[:2].any(), "boroughs were not published then"


@pytest.mark.parametrize("months_since", [0, 1, 2, 3, 12])
def test_the_level_is_learnt_from_months_of_the_same_kind(changed: Panel, months_since: int) -> None:
    known = changed.as_known_at(changed.months[CHANGE - 1 + months_since])
    level = unlocated_level(known)
    force = changed.unlocated["area"].to_numpy()[-1]
    assert (level.sel(area=force) == (4 if months_since else 50)).all()
    boroughs = level.drop_sel(area=force)
    assert boroughs.sizes["area"] == (changed.unlocated.sizes["area"] - 1 if months_since else 0)
    assert (boroughs == 10).all()


def test_a_step_is_followed_within_half_a_year_and_one_odd_month_is_not(simulated_panel: Panel) -> None:
    months = np.arange(len(simulated_panel.months))
    stepped = np.where(months < len(months) - 6, 60.0, 6.0)
    odd = np.where(months == len(months) - 3, 900.0, 6.0)
    level = unlocated_level(with_unlocated(simulated_panel, stepped, odd))
    assert level.to_numpy() == pytest.approx(6.0)


def test_the_simulated_force_is_forecast_as_it_is_recorded(simulated_panel: Panel) -> None:
    origin = simulated_panel.months[CHANGE + 5]
    level = unlocated_level(simulated_panel.as_known_at(origin)).sum("crime_type")
    came = simulated_panel.unlocated.sel(month=simulated_panel.months[CHANGE + 6 :]).sum("crime_type").mean("month")
    assert float(level[:-1].sum()) == pytest.approx(float(came[:-1].sum()), rel=0.15)
    assert float(level[-1]) == pytest.approx(float(came[-1]), abs=6)


def test_errors_are_those_of_months_of_the_same_kind(changed: Panel) -> None:
    cases = past_errors(RecentMean(), changed, 36).unlocated
    assert {len(case.came) for case in cases} == {1, changed.unlocated.sizes["area"]}
    for case in cases:
        assert case.usable.any()
        np.testing.assert_allclose(case.came[:, :, case.usable], case.expected[:, :, case.usable])


def test_noise_is_never_less_than_that_of_boroughs(changed: Panel) -> None:
    origin = changed.months[60]
    without = replace(changed, unlocated=xr.full_like(changed.unlocated, np.nan))
    steady, none = (estimate_noise(RecentMean(), panel.as_known_at(origin)) for panel in (changed, without))
    # Offences that never vary have no errors of their own to learn from.
    assert (steady.unlocated.sum("part") > 0).all()
    assert (steady.unlocated >= none.unlocated).all()
    below = {"component": ["borough", "ward"]}  # the force alone is judged on all that was recorded
    xr.testing.assert_identical(steady.own.sel(below), none.own.sel(below))


def test_a_force_that_publishes_none_has_none_expected(simulated_panel: Panel) -> None:
    panel = replace(simulated_panel, unlocated=xr.full_like(simulated_panel.unlocated, np.nan))
    noise = Noise.none(panel.offences["crime_type"].to_numpy())
    parts = []
    for one in (panel, simulated_panel):
        fitted = FittedModel("recent-mean", one.last_month, RecentMean().factors(one), noise)
        drawer = Drawer(fitted.forecast(12), AreaTree.of(one.areas), draws=20, seed=1)
        parts.append(drawer.draw(panel.offences["crime_type"].to_numpy()[0]))
    assert parts[0].unlocated.shape[0] == 0
    assert len(parts[0].counts) == panel.offences.sizes["ward"]
    np.testing.assert_array_equal(parts[0].located, parts[1].located)


@pytest.mark.integration
def test_london_expects_what_the_last_half_year_held(london_panel: Panel) -> None:
    level = unlocated_level(london_panel.as_known_at(pd.Timestamp("2025-03-01"))).sum("crime_type")
    assert 150 <= float(level.sel(area="E23000001")) <= 250
    assert 1500 <= float(level.drop_sel(area="E23000001").sum()) <= 3800
    before = unlocated_level(london_panel.as_known_at(pd.Timestamp("2024-02-01")))
    assert before["area"].to_numpy().tolist() == ["E23000001"]
