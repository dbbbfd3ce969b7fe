"""Classical models of one series: trends and seasons put in come out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from features.panel import Panel
from models.recipes.catalogue import MODELS
from models.recipes.classical.each_series import Classical

pytestmark = pytest.mark.unit
MONTHS = pd.date_range("2015-04", periods=96, freq="MS", unit="us")
ALL = [model for model in MODELS.values() if isinstance(model, Classical)]


@pytest.fixture(params=ALL, ids=lambda model: model.name)
def model(request: pytest.FixtureRequest) -> Classical:
    return request.param


def series(values: np.ndarray) -> xr.DataArray:
    return xr.DataArray(values, dims=("crime_type", "month"), coords={"crime_type": ["one", "two"], "month": MONTHS})


def test_there_are_three() -> None:
    assert [model.name for model in ALL] == ["ets", "theta", "stl"]


def test_a_season_and_a_level_go_on(model: Classical) -> None:
    season = 1 + 0.3 * np.sin(np.arange(12) / 12 * 2 * np.pi)
    true = np.outer([200.0, 5000.0], np.tile(season, 8))
    counts = series(np.random.default_rng(1).poisson(true).astype(float))
    found = model.season(counts, np.ones(len(MONTHS), dtype=bool))
    # History begins in April, seasons are numbered from January.
    assert found.sel(crime_type="two").to_numpy() == pytest.approx(np.roll(season, 3), rel=0.03)
    assert found.mean("month_of_year").to_numpy() == pytest.approx(1.0)
    path = model.path(counts, found)
    assert path.sel(crime_type="one").to_numpy()[:12] == pytest.approx(200.0, rel=0.08)
    assert path.sel(crime_type="two").to_numpy()[:12] == pytest.approx(5000.0, rel=0.02)


def test_growth_goes_on_and_fades(model: Classical) -> None:
    growing = np.log(1000 * 1.01 ** np.arange(len(MONTHS)))
    noise = np.random.default_rng(2).normal(0, 0.01, len(MONTHS))
    steps = np.diff(model.ahead(pd.Series(growing + noise, index=MONTHS)))
    assert steps[:6].mean() > 0.002
    assert 0 <= steps[-1] <= steps[0] + 1e-9


def test_the_force_path_is_spread_over_wards_whole(model: Classical, simulated_panel: Panel) -> None:
    factors = model.factors(simulated_panel)
    force = simulated_panel.offences.sum("ward").astype(float)
    path = model.path(force, model.season(force, np.ones(len(simulated_panel.months), dtype=bool)))
    whole = (factors.level.sum("ward") * factors.trend).transpose("crime_type", "step")
    assert (whole.sum("crime_type") / path.sum("crime_type")).to_numpy() == pytest.approx(1.0, abs=0.1)
