"""Drivers and waterfalls: steps add up for every area and crime type, and each gets what it did."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from features.panel import Panel
from features.population.exposure import population_factor
from models.explanation.drivers import demand_waterfall, drivers_table
from models.explanation.explain import explain, minor_types_of, wards_of
from models.forecast.forecast import FittedModel, Forecast, months_ahead
from models.forecast.noise import Noise
from models.recipes.catalogue import MODELS
from sources.files.errors import InputError

pytestmark = pytest.mark.unit

CELL = ["area_level", "area_code", "crime_level", "crime_type"]
BACK = 3


@pytest.fixture(scope="module")
def fitted(simulated_panel: Panel) -> FittedModel:
    model, origin = MODELS["three-speed"], simulated_panel.last_month
    noise = Noise.none(simulated_panel.offences["crime_type"].to_numpy())
    return FittedModel(model.name, origin, model.factors(simulated_panel), noise)


@pytest.fixture(scope="module")
def residents(simulated_panel: Panel) -> xr.DataArray:
    origin = simulated_panel.last_month
    return population_factor(simulated_panel, origin, simulated_panel.months.union(months_ahead(origin, 26)))


@pytest.fixture(scope="module")
def exposure(residents: xr.DataArray, simulated_panel: Panel) -> xr.DataArray:
    """Residents, and an age mix that adds 1 % a year to robbery and nothing to others."""
    years = (residents["month"] - np.datetime64(simulated_panel.last_month)) / np.timedelta64(365, "D")
    types = simulated_panel.crime_types["crime_type"].to_numpy(object)
    rises = xr.DataArray(np.char.startswith(types.astype(str), "ROBBERY"), [("crime_type", types)])
    return (residents * xr.where(rises, 1.01**years, 1.0)).transpose("ward", "crime_type", "month")


@pytest.fixture(scope="module")
def forecast(fitted: FittedModel, exposure: xr.DataArray) -> Forecast:
    return fitted.forecast(26, exposure, strength=0.8)


@pytest.fixture(scope="module")
def waterfall(
    fitted: FittedModel, forecast: Forecast, simulated_panel: Panel, exposure: xr.DataArray, residents: xr.DataArray
) -> pd.DataFrame:
    fewer = fitted.forecast(26, exposure * 0.97, "low", strength=0.8)
    return demand_waterfall([forecast, fewer], simulated_panel, exposure, residents, years_back=BACK)


def adds_up(table: pd.DataFrame, cell: list[str]) -> None:
    parts = table[table["step"] != "after"].groupby(cell, observed=True)["offences"].sum()
    ends = table[table["step"] == "after"].set_index(cell)["offences"].reindex(parts.index)
    np.testing.assert_allclose(parts, ends, rtol=1e-9, atol=1e-9)


def test_steps_add_up_everywhere(forecast: Forecast, simulated_panel: Panel, exposure: xr.DataArray) -> None:
    table = drivers_table(forecast, simulated_panel, exposure)
    assert not table.duplicated([*CELL, "month", "step"]).any()
    adds_up(table, [*CELL, "month"])
    by_level = table.groupby(["area_level", "crime_level", "month", "step"], observed=True)["offences"].sum().unstack()
    for level in ("borough", "bcu", "force"):
        np.testing.assert_allclose(by_level.loc[level], by_level.loc["ward"], rtol=1e-9, atol=1e-6)
    for level in ("major", "all"):
        minor = by_level.xs("minor", level="crime_level")
        np.testing.assert_allclose(by_level.xs(level, level="crime_level"), minor, rtol=1e-9, atol=1e-6)


def test_drivers_are_those_that_explain_finds(
    forecast: Forecast, simulated_panel: Panel, exposure: xr.DataArray
) -> None:
    borough = simulated_panel.areas["borough_code"].iloc[-1]
    table = drivers_table(forecast, simulated_panel, exposure)
    rows = table[(table["area_code"] == borough) & (table["month"] == forecast.months[12])]
    rows = rows.query("crime_level == 'major' and crime_type == 'THEFT'")
    change = explain(forecast, simulated_panel, year=2, past=exposure)
    wards, _ = wards_of(simulated_panel.areas, borough)
    expected = change.steps(wards, minor_types_of(simulated_panel.crime_types, "THEFT")[0])
    assert rows["step"].tolist() == expected["step"].tolist()
    np.testing.assert_allclose(rows["offences"], expected["offences"])


def test_a_short_forecast_has_no_drivers(fitted: FittedModel, simulated_panel: Panel) -> None:
    assert drivers_table(fitted.forecast(11), simulated_panel).empty


def test_both_legs_of_the_waterfall_add_up_and_meet(waterfall: pd.DataFrame) -> None:
    leg = [*CELL, "scenario", "month_before"]
    adds_up(waterfall, leg)
    keys = [*CELL, "scenario"]
    first, last = sorted(waterfall["month_before"].unique())
    came = waterfall[(waterfall["month_before"] == first) & (waterfall["step"] == "after")].set_index(keys)["offences"]
    goes = waterfall[(waterfall["month_before"] == last) & (waterfall["step"] == "before")].set_index(keys)["offences"]
    pd.testing.assert_series_equal(came, goes)


def test_the_waterfall_ends_where_the_years_do(
    waterfall: pd.DataFrame, forecast: Forecast, simulated_panel: Panel
) -> None:
    force = waterfall.query("area_level == 'force' and crime_level == 'all' and scenario == 'central'")
    totals = force[force["step"].isin(["before", "after"])]["offences"].tolist()
    yearly = simulated_panel.offences.sum(["ward", "crime_type"]).to_numpy().reshape(-1, 12).sum(axis=1)
    expected = float(forecast.mean.isel(month=slice(12, 24)).sum())
    np.testing.assert_allclose(totals, [yearly[-1 - BACK], yearly[-1], yearly[-1], expected])


def test_the_age_mix_is_told_apart_from_size(waterfall: pd.DataFrame) -> None:
    central = waterfall.query("area_level == 'force' and crime_level == 'major' and scenario == 'central'")
    steps = central.groupby(["month_before", "crime_type", "step"], observed=True)["offences"].sum().unstack()
    for _, leg in steps.groupby(level=0):
        others = leg.drop(index="ROBBERY", level=1)
        assert others["age mix"].abs().max() < 1e-6
        robbery = leg.xs("ROBBERY", level=1).iloc[0]
        years = BACK if np.isnan(robbery["season"]) else 2
        # To the power of the strength, 0.8.
        average = (robbery["before"] + robbery["after"]) / 2
        assert robbery["age mix"] / average == pytest.approx(0.8 * years * np.log(1.01), rel=0.15)


def test_a_scenario_is_a_step_of_its_own(waterfall: pd.DataFrame) -> None:
    last = waterfall["month_before"].max()
    ahead = waterfall[(waterfall["month_before"] == last) & (waterfall["area_level"] == "force")]
    steps = ahead.query("crime_level == 'all'").pivot_table(index="scenario", columns="step", values="offences")
    assert steps.loc["central", "scenario"] == pytest.approx(0, abs=1e-9)
    difference = steps.loc["low", "after"] - steps.loc["central", "after"]
    assert steps.loc["low", "scenario"] == pytest.approx(difference)
    assert steps.loc["low", "scenario"] / steps.loc["central", "after"] == pytest.approx(0.97**0.8 - 1)


def test_too_short_a_history_is_refused(
    forecast: Forecast, simulated_panel: Panel, exposure: xr.DataArray, residents: xr.DataArray
) -> None:
    with pytest.raises(InputError, match="needs 9 recorded years"):
        demand_waterfall([forecast], simulated_panel, exposure, residents, years_back=8)
