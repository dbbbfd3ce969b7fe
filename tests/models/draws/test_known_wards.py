"""Offences whose ward is not known: of the same crime as the rest, lost by a process of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from features.panel import Panel
from models.draws.distribution import Drawer, Draws
from models.forecast.forecast import FittedModel, Forecast
from models.forecast.hierarchy import AreaTree
from models.forecast.noise import COMPONENTS, PARTS, Noise
from models.recipes.baselines import RecentMean

pytestmark = pytest.mark.integration
HORIZON, DRAWS, LOST = 12, 1000, 0.1


def forecast_of(panel: Panel, *, crime: float, lost: float) -> Forecast:
    """Return a forecast in which a tenth has no known ward, with so much variance of the force and of what is lost."""
    factors = RecentMean().factors(panel)
    areas = [*dict.fromkeys(panel.areas["borough_code"]), panel.areas["force_code"].iloc[0]]
    by_borough = factors.level.groupby("borough").sum().rename(borough="area").reindex(area=areas, fill_value=0)
    none = Noise.none(panel.offences["crime_type"].to_numpy())
    own, unlocated = none.own.copy(), none.unlocated.copy()
    own[COMPONENTS.index("force"), PARTS.index("level")] = crime
    unlocated[PARTS.index("level")] = lost
    noise = replace(none, own=own, unlocated=unlocated)
    factors = replace(factors, unlocated=(LOST / (1 - LOST) * by_borough).transpose("area", "crime_type"))
    return FittedModel("made", panel.last_month, factors, noise).forecast(HORIZON)


def drawn_of(panel: Panel, crime_type: str, **variances: float) -> tuple[Forecast, Draws, np.ndarray, np.ndarray]:
    """Return a forecast, its draws, and the force's located and unlocated offences of the year, (draw)."""
    forecast = forecast_of(panel, **variances)
    drawn = Drawer(forecast, AreaTree.of(panel.areas), draws=DRAWS, seed=3).draw(crime_type)
    wards = len(panel.areas)
    return forecast, drawn, drawn.counts[:wards].sum(axis=(0, 1)), drawn.counts[wards:].sum(axis=(0, 1))


@pytest.fixture(scope="module")
def busiest(simulated_panel: Panel) -> str:
    totals = simulated_panel.offences.sum(["ward", "month"]).to_series()
    return str(totals.idxmax())


def test_what_is_not_located_moves_with_crime(simulated_panel: Panel, busiest: str) -> None:
    _, _, located, unlocated = drawn_of(simulated_panel, busiest, crime=0.04, lost=0.0)
    assert np.corrcoef(located, unlocated)[0, 1] > 0.9


def test_lost_wards_are_no_fall_in_crime(simulated_panel: Panel, busiest: str) -> None:
    forecast, _, located, unlocated = drawn_of(simulated_panel, busiest, crime=0.0, lost=0.3)
    recorded = located + unlocated
    assert np.corrcoef(located, unlocated)[0, 1] < -0.8
    chance = forecast.mean.sel(crime_type=busiest).sum() + forecast.unlocated.sel(crime_type=busiest).sum()
    assert recorded.var() == pytest.approx(chance.item(), rel=0.25)
    assert located.var() > 3 * recorded.var()


def test_both_keep_their_expectation(simulated_panel: Panel, busiest: str) -> None:
    forecast, drawn, *_ = drawn_of(simulated_panel, busiest, crime=0.01, lost=0.3)
    wards = len(simulated_panel.areas)
    expected = forecast.mean.sel(crime_type=busiest).sum().item()
    assert drawn.counts[:wards].sum() / DRAWS == pytest.approx(expected, rel=0.01)
    lost = forecast.unlocated.sel(crime_type=busiest).sum().item()
    assert drawn.counts[wards:].sum() / DRAWS == pytest.approx(lost, rel=0.05)


def test_crime_types_lose_their_wards_together(simulated_panel: Panel, busiest: str) -> None:
    types = simulated_panel.offences.sum(["ward", "month"]).to_series().nlargest(2).index
    shares = [
        unlocated / (located + unlocated)
        for *_, located, unlocated in (drawn_of(simulated_panel, kind, crime=0.0, lost=0.3) for kind in types)
    ]
    assert 0.4 < np.corrcoef(*shares)[0, 1] < 0.8


def test_without_offences_nothing_breaks(simulated_panel: Panel, busiest: str) -> None:
    forecast = forecast_of(simulated_panel, crime=0.01, lost=0.3)
    none = xr.where(forecast.factors["level"]["crime_type"] == busiest, 0.0, forecast.factors["level"])
    empty = replace(forecast, factors={**forecast.factors, "level": none.transpose("ward", "crime_type")})
    drawn = Drawer(empty, AreaTree.of(simulated_panel.areas), draws=20, seed=3).draw(busiest)
    assert np.isfinite(drawn.unlocated).all()
    assert drawn.counts[: len(simulated_panel.areas)].sum() == 0


def test_a_force_without_unlocated_offences_has_none(simulated_panel: Panel, busiest: str) -> None:
    forecast = forecast_of(simulated_panel, crime=0.01, lost=0.3)
    without = replace(forecast, unlocated=forecast.unlocated.isel(area=slice(0, 0)))
    drawn = Drawer(without, AreaTree.of(simulated_panel.areas), draws=20, seed=3).draw(busiest)
    assert len(drawn.counts) == len(simulated_panel.areas)
    assert isinstance(without.months, pd.DatetimeIndex)
