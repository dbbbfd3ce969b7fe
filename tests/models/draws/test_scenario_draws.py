"""Draws of a scenario: as if drawn alone, and apart from the first one's only by what the scenario changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from models.draws.distribution import Drawer
from models.draws.scenario_draws import ScenarioDrawer
from models.forecast.forecast import Forecast, months_ahead
from models.forecast.hierarchy import AreaTree
from models.forecast.noise import Noise

pytestmark = pytest.mark.unit

ORIGIN = pd.Timestamp("2025-03-01")
MONTHS = 14


@pytest.fixture(scope="module")
def areas() -> pd.DataFrame:
    wards = [f"W{place}" for place in range(4)]
    boroughs = ["B0", "B0", "B1", "B1"]
    columns = {"ward": wards, "borough": boroughs, "bcu": ["C"] * 4, "force": ["F"] * 4}
    return pd.DataFrame({f"{level}_{what}": codes for level, codes in columns.items() for what in ("code", "name")})


def made_up(rate: float, exposure: np.ndarray, scenario: str, strength_sd: float = 0.0) -> Forecast:
    """A forecast of one type in four wards, `rate` times the exposure, (month), with shocks."""
    months, types = months_ahead(ORIGIN, MONTHS), ["THEFT"]
    wards = [f"W{place}" for place in range(4)]
    level = xr.DataArray(
        np.full((4, 1), rate),
        dims=("ward", "crime_type"),
        coords={"ward": wards, "crime_type": types, "major_type": ("crime_type", types)},
    )
    factor = xr.DataArray(
        np.broadcast_to(exposure, (4, MONTHS)), dims=("ward", "month"), coords={"ward": wards, "month": months}
    )
    unlocated = xr.DataArray(
        np.full((1, 1, MONTHS), 2.0),
        dims=("area", "crime_type", "month"),
        coords={"area": ["F"], "crime_type": types, "month": months},
    )
    noise = Noise.none(np.array(types))
    noise.own[:] = 0.01
    factors = {"level": level, "population": factor}
    return Forecast(ORIGIN, scenario, factors, unlocated, noise, exposure=factor, strength_sd=strength_sd)


def drawn_both(areas: pd.DataFrame, first: Forecast, other: Forecast, draws: int) -> tuple[np.ndarray, np.ndarray]:
    """Draws of the first whole year of both, (ward then unlocated area, draw)."""
    drawer = Drawer(first, AreaTree.of(areas), draws=draws, seed=3)
    drawn = drawer.draw("THEFT")
    return drawn.counts[:, :12].sum(axis=1), ScenarioDrawer(drawer, other).draw("THEFT", drawn).counts[:, 0]


@settings(max_examples=20, deadline=None)
@given(st.floats(0, 30), st.floats(0.0, 2.0), st.floats(0, 0.6))
def test_what_a_scenario_lowers_only_leaves_and_what_it_raises_only_joins(
    areas: pd.DataFrame, rate: float, ratio: float, strength_sd: float
) -> None:
    # Central exposure is 1, so that no draw's strength moves it; a scenario's is then on one side of it in all draws.
    first = made_up(rate, np.ones(MONTHS), "central")
    central, scenario = drawn_both(areas, first, made_up(rate, np.full(MONTHS, ratio), "other"), 50)
    difference = scenario - central
    assert (scenario >= 0).all()
    assert ((difference <= 0) if ratio <= 1 else (difference >= 0)).all()
    assert not difference[-1].any()


def test_the_same_scenario_is_the_same_in_every_draw(areas: pd.DataFrame) -> None:
    first = made_up(5.0, np.linspace(1, 1.1, MONTHS), "central", 0.5)
    central, scenario = drawn_both(areas, first, replace(first, scenario="other"), 200)
    np.testing.assert_array_equal(central, scenario)


@pytest.mark.parametrize("strength_sd", [0.0, 0.5])
@pytest.mark.parametrize("ends", [(1.0, 0.7), (1.0, 1.3), (0.8, 1.2)])
def test_a_scenario_is_drawn_as_it_would_be_alone(
    areas: pd.DataFrame, ends: tuple[float, float], strength_sd: float
) -> None:
    first = made_up(3.0, np.ones(MONTHS) * 1.02, "central", strength_sd)
    other = made_up(3.0, np.linspace(*ends, MONTHS), "other", strength_sd)
    _, coupled = drawn_both(areas, first, other, 20_000)
    alone = Drawer(other, AreaTree.of(areas), draws=20_000, seed=4).draw("THEFT").counts[:, :12].sum(axis=1)
    expected = 3.0 * np.linspace(*ends, MONTHS)[:12].sum()
    np.testing.assert_allclose(coupled[:-1].mean(axis=1), expected, rtol=0.01)
    np.testing.assert_allclose(coupled.std(axis=1), alone.std(axis=1), rtol=0.03)
    for quantile in (0.05, 0.25, 0.75, 0.95):
        np.testing.assert_allclose(
            np.quantile(coupled, quantile, axis=1), np.quantile(alone, quantile, axis=1), atol=1, rtol=0.03
        )


def test_a_draws_strength_moves_all_wards_together_and_keeps_the_mean(areas: pd.DataFrame) -> None:
    exposure = np.full(MONTHS, 1.5)
    certain, uncertain = (
        Drawer(made_up(200.0, exposure, "central", sd), AreaTree.of(areas), draws=20_000, seed=3).draw("THEFT")
        for sd in (0.0, 0.5)
    )
    np.testing.assert_allclose(uncertain.located.mean(axis=-1), certain.located.mean(axis=-1), rtol=0.01)
    moved = np.log(uncertain.counts[:-1].sum(axis=(0, 1)) / certain.counts[:-1].sum(axis=(0, 1)))
    assert moved.std() == pytest.approx(0.5 * np.log(1.5), rel=0.05)
