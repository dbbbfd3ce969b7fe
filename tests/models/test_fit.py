"""Forecasts are put around their mean, whatever the recipe's path is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from features.panel import Panel
from models.draws.distribution import Drawer
from models.fit import fit_at
from models.forecast.hierarchy import AreaTree
from models.forecast.noise import COMPONENTS, PARTS, Noise
from models.recipes.baselines import RecentMean
from models.recipes.model import Model

pytestmark = pytest.mark.integration
DRIFT, HORIZON = 0.01, 36


def force_drift(panel: Panel) -> Noise:
    """Return noise of nothing but a random walk of the force in each crime type."""
    none = Noise.none(panel.offences["crime_type"].to_numpy())
    own = none.own.copy()
    own[COMPONENTS.index("force"), PARTS.index("drift")] = DRIFT
    return replace(none, own=own)


class MedianPath(RecentMean):
    """The recent mean, taken for the median of what comes."""

    path_is_median = True


@pytest.mark.parametrize(("model", "above"), [(MedianPath(), 0.5), (RecentMean(), 0.38)])
def test_half_of_the_draws_lie_above_a_path_that_is_a_median(
    model: Model, above: float, simulated_panel: Panel
) -> None:
    noise = force_drift(simulated_panel)
    fitted = fit_at(model, simulated_panel, simulated_panel.last_month, lambda *_: noise)
    forecast = fitted.forecast(HORIZON)
    bare = model.factors(simulated_panel)
    season, trend = bare.ahead(simulated_panel.last_month, HORIZON)
    path = (bare.level * season * trend).sum("ward").isel(month=-1)
    busiest = str(path["crime_type"][int(path.argmax())].item())
    drawn = Drawer(forecast, AreaTree.of(simulated_panel.areas), draws=2000, seed=1).draw(busiest)
    totals = drawn.counts[: len(simulated_panel.areas), -1].sum(axis=0)
    expected = forecast.mean.sel(crime_type=busiest).isel(month=-1).sum("ward").item()
    assert (totals > path.sel(crime_type=busiest).item()).mean() == pytest.approx(above, abs=0.03)
    assert totals.mean() == pytest.approx(expected, rel=0.03)


def test_the_mean_lies_above_the_median_by_half_the_variance_of_the_force(simulated_panel: Panel) -> None:
    upwards = force_drift(simulated_panel).mean_over_median(np.array([1, 36]))
    expected = xr.zeros_like(upwards) + np.exp(DRIFT * xr.DataArray([1, 36], dims="step") / 2)
    assert upwards.dims == ("crime_type", "step")
    assert upwards.to_numpy() == pytest.approx(expected.to_numpy())
