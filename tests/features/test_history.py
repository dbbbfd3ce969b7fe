"""Features of history: they look backwards only, and give what arithmetic says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from features.history import pooled_season, recency_weights, recent_mean

pytestmark = pytest.mark.unit


def monthly(values: np.ndarray) -> xr.DataArray:
    months = pd.date_range("2015-01-01", periods=values.shape[-1], freq="MS")
    return xr.DataArray(np.atleast_2d(values), dims=("ward", "month"), coords={"month": months})


def test_weights_halve_every_half_life() -> None:
    assert recency_weights(7, 3)[[0, 3, 6]] == pytest.approx([0.25, 0.5, 1.0])


def test_recent_mean_of_a_constant_is_the_constant_and_leaves_out_missing_months() -> None:
    values = np.full(24, 5.0)
    values[:10] = np.nan
    assert recent_mean(monthly(values), 6).item() == pytest.approx(5.0)


@given(st.lists(st.floats(0.5, 2.0), min_size=12, max_size=12), st.floats(10, 1000))
def test_season_of_a_seasonal_series_is_recovered(indices: list[float], level: float) -> None:
    season = np.array(indices) / np.mean(indices)
    counts = monthly(np.tile(season, 8) * level)
    found = pooled_season(counts, np.ones(96, dtype=bool))
    assert found.isel(ward=0).to_numpy() == pytest.approx(season, rel=1e-6)


def test_months_of_a_disruption_do_not_touch_the_season() -> None:
    counts = monthly(np.tile(np.linspace(0.8, 1.2, 12), 8) * 100)
    usual = np.ones(96, dtype=bool)
    usual[50:56] = False
    disturbed = counts.copy()
    disturbed[0, 53] *= 0.5
    usual_around = usual.copy()
    usual_around[44:62] = False  # every centred year that holds the odd month
    assert pooled_season(disturbed, usual_around).to_numpy() == pytest.approx(
        pooled_season(counts, usual_around).to_numpy()
    )


def test_a_type_without_offences_has_no_season() -> None:
    assert pooled_season(monthly(np.zeros(36)), np.ones(36, dtype=bool)).to_numpy() == pytest.approx(1.0)
