"""Baselines say what their names say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from features.panel import Panel
from models.forecast.forecast import Forecast
from models.forecast.noise import Noise
from models.recipes.baselines import RecentMean, SeasonalNaive

pytestmark = pytest.mark.integration


def forecast_of(model: SeasonalNaive | RecentMean, panel: Panel, origin: pd.Timestamp) -> Forecast:
    factors = model.factors(panel.as_known_at(origin))
    season, trend = factors.ahead(origin, 12)
    named = {"level": factors.level, "season": season, "trend": trend}
    noise = Noise.none(panel.offences["crime_type"].to_numpy())
    return Forecast(origin, "central", named, factors.unlocated * trend, noise)


def test_seasonal_naive_is_the_year_before(simulated_panel: Panel) -> None:
    origin = simulated_panel.months[60]
    year = simulated_panel.offences.sel(month=slice(simulated_panel.months[49], origin))
    mean = forecast_of(SeasonalNaive(), simulated_panel, origin).mean
    assert mean.to_numpy() == pytest.approx(year.transpose("ward", "crime_type", "month").to_numpy(), abs=1e-9)


def test_recent_mean_follows_the_force_within_its_noise(simulated_panel: Panel) -> None:
    origin = simulated_panel.months[60]
    mean = float(forecast_of(RecentMean(), simulated_panel, origin).mean.sum())
    year = float(simulated_panel.offences.isel(month=slice(49, 61)).sum())
    assert mean == pytest.approx(year, rel=0.15)


def test_london_scores_of_the_baselines_are_those_measured_before(london_panel: Panel) -> None:
    """Seasonal naive .547 and recent mean .430 at ward and minor type, as first measured on these data."""
    for model, expected in ((SeasonalNaive(), 0.547), (RecentMean(), 0.430)):
        errors = []
        for month in ("2018-03", "2019-03", "2022-03", "2023-03", "2024-03"):
            mean = forecast_of(model, london_panel, pd.Timestamp(month)).mean
            came = london_panel.offences.sel(month=mean["month"]).transpose("ward", "crime_type", "month")
            errors.append(float(np.abs(mean - came).sum() / came.sum()))
        assert np.mean(errors) == pytest.approx(expected, abs=0.002)
