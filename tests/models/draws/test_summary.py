"""The published table: it adds up, is whole-numbered where draws are, and does not depend on the order of work."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from features.panel import Panel
from models.backtest import backtest
from models.draws.all_recorded import parts_that_add_up
from models.draws.rows import quantiles_of
from models.draws.summary import forecast_table
from models.forecast.for_each import ForEach
from models.forecast.forecast import FittedModel
from models.forecast.vocabulary import QUANTILES
from models.recipes.catalogue import MODELS
from models.uncertainty.variances import estimate_noise

pytestmark = pytest.mark.integration
HORIZON = 15


@pytest.fixture(scope="module")
def fitted(simulated_panel: Panel) -> FittedModel:
    model = MODELS["three-speed"]
    factors = model.factors(simulated_panel)
    return FittedModel(model.name, simulated_panel.last_month, factors, estimate_noise(model, simulated_panel))


@pytest.fixture(scope="module")
def kept() -> dict[str, np.ndarray]:
    return {}


@pytest.fixture(scope="module")
def told(fitted: FittedModel, simulated_panel: Panel, kept: dict[str, np.ndarray]) -> pd.DataFrame:
    return forecast_table(
        fitted.forecast(HORIZON),
        simulated_panel.areas,
        draws=80,
        keep_draws=lambda crime_type, drawn: kept.update({crime_type: drawn.copy()}),
    )


@pytest.fixture(scope="module")
def table(told: pd.DataFrame) -> pd.DataFrame:
    return parts_that_add_up(told)


def test_every_cell_is_there_once(told: pd.DataFrame, simulated_panel: Panel) -> None:
    areas = simulated_panel.areas
    places = len(areas) + 2 * areas["borough_code"].nunique() + areas["bcu_code"].nunique() + 2
    kinds = 29 + 11 + 1
    every = told["measure"] == "all recorded"
    assert (~every).sum() == places * kinds * (HORIZON + 1)
    of_all = told.loc[every, ["area_level", "area_code"]].drop_duplicates()
    assert set(of_all["area_level"]) <= {"borough", "bcu", "force"}
    assert every.sum() == len(of_all) * kinds * (HORIZON + 1)
    keys = ["measure", "area_level", "area_code", "crime_level", "crime_type", "period", "month"]
    assert not told.duplicated(keys).any()
    assert told.notna().all().all()


@pytest.mark.parametrize(("finer", "coarser"), [("ward", "borough"), ("borough", "bcu"), ("bcu", "force")])
def test_means_add_up_the_areas(table: pd.DataFrame, finer: str, coarser: str) -> None:
    cell = ["crime_level", "crime_type", "period", "month"]
    sums = [
        table[table["area_level"] == level].groupby(cell, observed=True)["mean"].sum() for level in (finer, coarser)
    ]
    pd.testing.assert_series_equal(*sums, rtol=1e-9)


def test_means_add_up_the_crime_types_and_the_months(table: pd.DataFrame) -> None:
    by_level = table.groupby(["crime_level", "area_level", "area_code", "period", "month"], observed=True)["mean"].sum()
    pd.testing.assert_series_equal(by_level["minor"], by_level["all"], rtol=1e-9)
    pd.testing.assert_series_equal(by_level["major"], by_level["all"], rtol=1e-9)
    first_year = table["month"] < table["month"].min() + pd.DateOffset(months=12)
    cell = ["area_level", "area_code", "crime_level", "crime_type"]
    months = table[first_year & (table["period"] == "month")].groupby(cell, observed=True)["mean"].sum()
    years = table[table["period"] == "year"].set_index(cell)["mean"]
    pd.testing.assert_series_equal(months.sort_index(), years.sort_index(), rtol=1e-9)


def test_quantiles_are_whole_numbers_in_order(table: pd.DataFrame) -> None:
    quantiles = table[list(QUANTILES)].to_numpy()
    assert np.issubdtype(quantiles.dtype, np.integer)
    assert (quantiles >= 0).all()
    assert (np.diff(quantiles, axis=1) >= 0).all()


def test_quantiles_of_a_total_are_those_of_summed_draws(
    table: pd.DataFrame, kept: dict[str, np.ndarray], simulated_panel: Panel
) -> None:
    borough = simulated_panel.areas["borough_code"].iloc[0]
    wards = (simulated_panel.areas["borough_code"] == borough).to_numpy()
    summed = sum(drawn[wards].sum(axis=0) for drawn in kept.values())
    year = summed[:12].sum(axis=0)
    row = table.query("area_level == 'borough' and area_code == @borough and crime_level == 'all' and period == 'year'")
    assert row[list(QUANTILES)].to_numpy()[0].tolist() == quantiles_of(year.copy()).tolist()


def test_draws_scatter_around_the_mean(table: pd.DataFrame) -> None:
    force = table.query("area_level == 'force' and crime_level == 'major' and period == 'year'")
    assert (force["q025"] < force["mean"]).all()
    assert (force["mean"] < force["q975"]).all()


def test_the_order_of_work_changes_nothing(
    fitted: FittedModel, simulated_panel: Panel, told: pd.DataFrame, backwards: ForEach
) -> None:
    other_way = forecast_table(fitted.forecast(HORIZON), simulated_panel.areas, draws=80, for_each=backwards)
    pd.testing.assert_frame_equal(other_way, told, check_exact=True)
    other = forecast_table(fitted.forecast(HORIZON), simulated_panel.areas, draws=80, seed=2)
    assert not other["q50"].equals(told["q50"])


@pytest.mark.parametrize(("draws", "expected"), [(400, 40), (7, 1), (10, 1)])
def test_a_quantile_is_the_smallest_draw_with_that_share_at_or_below(draws: int, expected: int) -> None:
    assert quantiles_of(np.arange(1, draws + 1)[::-1].copy())[2] == expected


def test_an_origin_at_the_last_month_can_be_forecast(simulated_panel: Panel) -> None:
    (table,) = backtest(MODELS["seasonal-naive"], simulated_panel, [simulated_panel.last_month], 3, draws=40)
    assert table["month"].min() == simulated_panel.last_month + pd.DateOffset(months=1)
    assert set(table["period"]) == {"month"}


def test_all_recorded_is_the_sum_of_the_same_draws(told: pd.DataFrame) -> None:
    """Means add up exactly; quantiles are of the sum, so they lie inside the sums of its parts' quantiles."""
    of_force = told[(told["area_level"] == "force") & (told["crime_type"] == "all")].set_index(["period", "month"])
    every = of_force[of_force["measure"] == "all recorded"]
    located = of_force[of_force["measure"] == "located"].loc[every.index]
    lost = told[(told["area_level"] == "unlocated") & (told["crime_type"] == "all")]
    lost = lost.groupby(["period", "month"], observed=True)[["mean", "q10", "q90"]].sum().loc[every.index]
    np.testing.assert_allclose(every["mean"], located["mean"] + lost["mean"])
    assert (every["q90"] <= located["q90"] + lost["q90"]).mean() > 0.9
    assert (every["q10"] >= located["q10"] + lost["q10"]).mean() > 0.9
    assert (every["q50"] > located["q50"]).all()
