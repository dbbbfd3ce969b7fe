"""The population factor: one at the origin, weighted by rates, and of a strength that past origins show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from features.panel import Panel
from features.population.by_age import residents_by_age
from features.population.exposure import population_factor
from models.forecast.forecast import months_ahead
from models.people.age_rates import AgeRates
from models.people.population_factor import PRIOR_MEAN, PRIOR_SD, age_weights, demand_factor, factor_strength

pytestmark = pytest.mark.integration
BASES = ("victim", "suspect")


def rates_of(panel: Panel, suspect: np.ndarray, quality: str = "measured") -> AgeRates:
    """Return rates of which only those of suspects are known, the same for all crime types."""
    types = panel.offences["crime_type"].to_numpy()
    values = np.full((2, len(types), 91), np.nan)
    values[1] = suspect
    rate = xr.DataArray(values, dims=("basis", "crime_type", "age"), coords={"basis": list(BASES), "crime_type": types})
    rate = rate.assign_coords(age=np.arange(91))
    share = xr.ones_like(rate.isel(age=0, drop=True))
    rows = [(each, basis, quality if basis == "suspect" else "none") for each in types for basis in BASES]
    table = pd.DataFrame(rows, columns=["crime_type", "basis", "quality"]).assign(source="", note="")
    return AgeRates(rate, rate.expand_dims("sample"), share, share.expand_dims("sample"), table)


def test_alike_at_all_ages_it_is_the_factor_of_all_residents(simulated_panel: Panel) -> None:
    origin = simulated_panel.last_month
    months = months_ahead(origin, 48)
    expected = population_factor(simulated_panel, origin, months)
    for rates in (
        rates_of(simulated_panel, np.full(91, 0.02)),
        rates_of(simulated_panel, np.full(91, np.nan), quality="none"),
    ):
        factor = demand_factor(rates, simulated_panel, origin, months)
        assert factor.dims == ("ward", "crime_type", "month")
        np.testing.assert_allclose(factor.isel(crime_type=3), expected, rtol=1e-6)


def test_it_follows_the_ages_that_count(simulated_panel: Panel) -> None:
    origin = simulated_panel.last_month
    teenagers = ((np.arange(91) >= 15) & (np.arange(91) < 20)).astype(float)
    teenagers[:10] = np.nan  # nothing is known of children
    factor = demand_factor(rates_of(simulated_panel, teenagers), simulated_panel, origin, months_ahead(origin, 36))
    people = residents_by_age(simulated_panel, [2025, 2028])
    assert people is not None
    growth = people.sel(age=slice(15, 19)).sum("age")
    growth = growth.sel(year=2028) / growth.sel(year=2025)
    assert float(np.abs(factor.isel(crime_type=0, month=-1) / growth - 1).mean()) < 0.03
    at_once = factor.isel(month=0)
    assert float(abs(at_once - 1).max()) < 0.02


def test_suspects_come_before_victims_and_both_before_all(simulated_panel: Panel) -> None:
    rates = rates_of(simulated_panel, np.linspace(1, 0, 91))
    rates.rate.loc[{"basis": "victim"}] = 7.0
    types = rates.rate["crime_type"].to_numpy()
    measured = (rates.quality["basis"] == "suspect") & (rates.quality["crime_type"] == types[0])
    victims = (rates.quality["basis"] == "victim") & (rates.quality["crime_type"] == types[1])
    chosen = replace(rates, quality=rates.quality.assign(quality=np.where(measured | victims, "proxy", "none")))
    weights = age_weights(chosen).to_numpy()
    np.testing.assert_allclose(weights[0], np.linspace(1, 0, 91))
    np.testing.assert_allclose(weights[1:], 1.0)


def test_a_ward_without_residents_and_a_force_without_ages(simulated_panel: Panel) -> None:
    rates = rates_of(simulated_panel, np.linspace(1, 0, 91))
    origin = simulated_panel.last_month
    ward = simulated_panel.areas["ward_code"].iloc[0]
    totals = simulated_panel.ward_population
    empty = replace(
        simulated_panel,
        ward_population=totals.assign(persons=totals["persons"].where(totals["ward_code"] != ward, 0.0)),
    )
    factor = demand_factor(rates, empty, origin, months_ahead(origin, 12))
    assert np.all(factor.sel(ward=ward) == 1)
    assert np.isfinite(factor).all()
    ageless = replace(
        simulated_panel,
        borough_population_by_age=simulated_panel.borough_population_by_age.iloc[:0],
        ward_population_by_age=simulated_panel.ward_population_by_age.iloc[:0],
        ward_population_by_band=simulated_panel.ward_population_by_band.iloc[:0],
    )
    alike = demand_factor(rates, ageless, origin, months_ahead(origin, 12))
    expected = population_factor(ageless, origin, months_ahead(origin, 12))
    np.testing.assert_allclose(alike.isel(crime_type=0), expected)


def test_nothing_seen_leaves_the_prior(simulated_panel: Panel) -> None:
    early = simulated_panel.as_known_at(simulated_panel.months[20])
    strength = factor_strength(rates_of(early, np.ones(91)), early)
    assert (strength.mean, strength.sd) == (PRIOR_MEAN, PRIOR_SD)
    assert strength.by_horizon["seen"].isna().all()


@pytest.mark.parametrize("true_strength", [0.0, 1.0])
def test_a_known_strength_is_recovered(simulated_panel: Panel, true_strength: float) -> None:
    panel = with_demand_that_follows_residents(simulated_panel, true_strength)
    strength = factor_strength(rates_of(panel, np.ones(91)), panel)
    assert strength.sd < PRIOR_SD / 2
    assert abs(strength.mean - true_strength) < 3 * strength.sd
    assert strength.by_horizon["origins"].sum() > 0


def with_demand_that_follows_residents(panel: Panel, strength: float) -> Panel:
    """Return the panel with wards that grow at their own steady pace, known at once, and offences that follow."""
    generator = np.random.default_rng(3)
    wards = panel.areas["ward_code"].to_numpy()
    pace = generator.normal(0, 0.08, len(wards))
    years = np.arange(2011, 2030)
    residents = 10_000 * np.exp(np.outer(pace, years - 2016))
    table = pd.DataFrame(residents, index=wards, columns=years).rename_axis("ward_code").reset_index()
    table = table.melt("ward_code", var_name="year", value_name="persons")
    known_from = pd.Timestamp("2010-01-01")
    empty = panel.borough_population_by_age.iloc[:0]
    years_since = (panel.months.year.to_numpy() + (panel.months.month.to_numpy() - 0.5) / 12) - 2016.5
    expected = 30 * np.exp(strength * pace[:, None, None] * years_since) * np.ones((1, 29, 1))
    return replace(
        panel,
        offences=panel.offences.copy(data=generator.poisson(expected).astype(np.int32)),
        ward_population=table.assign(year=table["year"].astype("int64"), variant="estimate", known_from=known_from),
        borough_population_by_age=empty,
        ward_population_by_age=empty,
        ward_population_by_band=panel.ward_population_by_band.iloc[:0],
    )
