"""The published table: it adds up, is whole-numbered where draws are, and does not depend on the order of work."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from features.panel import Panel
from models.backtest import backtest
from models.draws.summary import forecast_table, quantiles_of
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
def table(fitted: FittedModel, simulated_panel: Panel, kept: dict[str, np.ndarray]) -> pd.DataFrame:
    return forecast_table(
        fitted.forecast(HORIZON),
        simulated_panel.areas,
        draws=80,
        keep_draws=lambda crime_type, drawn: kept.update({crime_type: drawn.copy()}),
    )


def test_every_cell_is_there_once(table: pd.DataFrame, simulated_panel: Panel) -> None:
    areas = simulated_panel.areas
    places = len(areas) + 2 * areas["borough_code"].nunique() + areas["bcu_code"].nunique() + 2
    kinds = 29 + 11 + 1
    assert len(table) == places * kinds * (HORIZON + 1)
    keys = ["area_level", "area_code", "crime_level", "crime_type", "period", "month"]
    assert not table.duplicated(keys).any()
    assert table.notna().all().all()


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
    fitted: FittedModel, simulated_panel: Panel, table: pd.DataFrame, backwards: ForEach
) -> None:
    other_way = forecast_table(fitted.forecast(HORIZON), simulated_panel.areas, draws=80, for_each=backwards)
    pd.testing.assert_frame_equal(other_way, table, check_exact=True)
    other = forecast_table(fitted.forecast(HORIZON), simulated_panel.areas, draws=80, seed=2)
    assert not other["q50"].equals(table["q50"])


@pytest.mark.parametrize(("draws", "expected"), [(400, 40), (7, 1), (10, 1)])
def test_a_quantile_is_the_smallest_draw_with_that_share_at_or_below(draws: int, expected: int) -> None:
    assert quantiles_of(np.arange(1, draws + 1)[::-1].copy())[2] == expected


def test_an_origin_at_the_last_month_can_be_forecast(simulated_panel: Panel) -> None:
    (table,) = backtest(MODELS["seasonal-naive"], simulated_panel, [simulated_panel.last_month], 3, draws=40)
    assert table["month"].min() == simulated_panel.last_month + pd.DateOffset(months=1)
    assert set(table["period"]) == {"month"}
