"""The worst bug there could be: a forecast that saw what came after its origin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from features.coverage import coverage
from features.history import pooled_season, recent_mean
from features.panel import Panel
from features.population.exposure import population_factor
from models.fit import fit_at
from models.forecast.forecast import FittedModel, months_ahead
from models.recipes.catalogue import MODELS
from models.uncertainty.variances import estimate_noise

pytestmark = pytest.mark.integration
HORIZON = 12


def with_another_future(panel: Panel, origin: pd.Timestamp) -> Panel:
    """Return the panel with everything after the origin changed, and with news that comes after it."""
    generator = np.random.default_rng(0)
    later = panel.offences["month"] > origin
    strange = xr.DataArray(generator.poisson(50, panel.offences.shape), dims=panel.offences.dims)
    news = pd.Timestamp(origin) + pd.DateOffset(months=1)
    rumours = [
        panel.breaks.assign(first_month=panel.offences["month"].to_numpy()[5], kind=kind, known_from=news)
        for kind in ("disruption", "step")
    ]
    census = panel.ward_population.assign(persons=lambda t: t["persons"] * 3, variant="estimate", known_from=news)
    projection = panel.borough_population_by_age.assign(persons=7.0, variant="rumour", known_from=news)
    return replace(
        panel,
        offences=panel.offences.where(~later, strange.assign_coords(panel.offences.coords)).astype(np.int32),
        unlocated=panel.unlocated.where(panel.unlocated["month"] <= origin, 999.0),
        breaks=pd.concat([panel.breaks, *rumours], ignore_index=True),
        ward_population=pd.concat([panel.ward_population, census], ignore_index=True),
        borough_population_by_age=pd.concat([panel.borough_population_by_age, projection], ignore_index=True),
    )


@pytest.fixture(params=[50, 70, 83])
def origin(request: pytest.FixtureRequest, simulated_panel: Panel) -> pd.Timestamp:
    return simulated_panel.months[request.param]


def test_the_changed_future_is_really_another(simulated_panel: Panel) -> None:
    origin = simulated_panel.months[50]
    changed = with_another_future(simulated_panel, origin)
    assert not changed.offences.equals(simulated_panel.offences)
    assert changed.offences.sel(month=slice(None, origin)).equals(
        simulated_panel.offences.sel(month=slice(None, origin))
    )


@pytest.mark.parametrize("name", MODELS)
def test_no_model_sees_past_its_origin(name: str, simulated_panel: Panel, origin: pd.Timestamp) -> None:
    changed = with_another_future(simulated_panel, origin)
    means = [MODELS[name].factors(panel.as_known_at(origin)) for panel in (simulated_panel, changed)]
    for part in ("level", "season", "trend", "unlocated"):
        xr.testing.assert_identical(*(getattr(factors, part) for factors in means))


@pytest.mark.parametrize("name", ["recent-mean", "three-speed"])
def test_no_noise_is_estimated_past_its_origin(name: str, simulated_panel: Panel) -> None:
    origin = simulated_panel.months[70]
    changed = with_another_future(simulated_panel, origin)
    before, after = (estimate_noise(MODELS[name], panel.as_known_at(origin)) for panel in (simulated_panel, changed))
    for part in ("own", "common", "unlocated"):
        xr.testing.assert_identical(getattr(before, part), getattr(after, part))


@pytest.mark.parametrize("name", MODELS)
def test_factors_of_a_past_origin_are_those_that_origin_gave(name: str, simulated_panel: Panel) -> None:
    origins = simulated_panel.months[[52, 64]]
    together = list(MODELS[name].factors_at(simulated_panel, origins))
    for origin, factors in zip(origins, together, strict=True):
        alone = MODELS[name].factors(simulated_panel.as_known_at(origin))
        xr.testing.assert_allclose(alone.level, factors.level, rtol=1e-12)
        xr.testing.assert_allclose(alone.season, factors.season, rtol=1e-12)


def test_no_feature_sees_past_the_origin(simulated_panel: Panel, origin: pd.Timestamp) -> None:
    changed = with_another_future(simulated_panel, origin)
    for feature in (
        coverage,
        lambda known: recent_mean(known.offences, 6),
        lambda known: recent_mean(known.unlocated, 6),
        lambda known: pooled_season(known.offences.sum("ward").astype(float), np.ones(len(known.months), dtype=bool)),
        lambda known: population_factor(known, origin, months_ahead(origin, HORIZON)),
    ):
        xr.testing.assert_identical(*(feature(panel.as_known_at(origin)) for panel in (simulated_panel, changed)))


def test_the_fitted_model_carries_its_origin(simulated_panel: Panel, origin: pd.Timestamp) -> None:
    fitted: FittedModel = fit_at(MODELS["seasonal-naive"], simulated_panel, origin)
    assert fitted.origin == origin
    assert fitted.forecast(3).months[0] == origin + pd.DateOffset(months=1)
