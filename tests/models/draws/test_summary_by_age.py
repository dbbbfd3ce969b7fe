"""The tables by age group and by scenario: they add up in every draw, and leave the rest as it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from features.area_counts import sum_groups
from features.panel import Panel
from models.draws.all_recorded import parts_that_add_up
from models.draws.distribution import Draws
from models.draws.figures import ABOVE_BY_MONTH, ABOVE_BY_YEAR, EVERYWHERE_BY_YEAR, WARDS_BY_YEAR, FigureMaker, Figures
from models.draws.summary import ForecastTables, forecast_table, forecast_tables, quantiles_of
from models.forecast.for_each import ForEach
from models.forecast.forecast import FittedModel, Forecast, months_ahead
from models.forecast.hierarchy import AreaTree
from models.forecast.noise import Noise
from models.forecast.vocabulary import QUANTILES
from models.people.age_rates import AgeRates
from models.people.age_shares import NOT_KNOWN, AgeShares
from models.recipes.catalogue import MODELS

pytestmark = pytest.mark.integration

HORIZON, DRAWS = 15, 40  # a year and a quarter
SPLIT, UNSPLIT = "CRIMINAL DAMAGE", "BURGLARY BUSINESS AND COMMUNITY"  # the latter has no victims of known age
CELL = ["scenario", "area_level", "area_code", "crime_level", "crime_type", "month", "period"]


@pytest.fixture(scope="module")
def forecasts(simulated_panel: Panel) -> list[Forecast]:
    model, origin = MODELS["three-speed"], simulated_panel.last_month
    noise = Noise.none(simulated_panel.crime_types["crime_type"].to_numpy())
    noise.own[:] = 0.004
    fitted = FittedModel(model.name, origin, model.factors(simulated_panel), noise)
    months = months_ahead(origin, HORIZON)
    wards = simulated_panel.areas["ward_code"].to_numpy(object)

    def growing(a_year: float) -> xr.DataArray:
        path = (1 + a_year) ** (np.arange(1, HORIZON + 1) / 12)
        return xr.DataArray(np.tile(path, (len(wards), 1)), [("ward", wards), ("month", months)])

    growth = {"central": 0.01, "low": -0.02, "high": 0.03}
    return [fitted.forecast(HORIZON, growing(a_year), name, strength_sd=0.3) for name, a_year in growth.items()]


@pytest.fixture(scope="module")
def ages(true_age_rates: AgeRates, simulated_panel: Panel) -> dict[str, AgeShares]:
    months = months_ahead(simulated_panel.last_month, HORIZON)
    shares = {
        name: AgeShares.ahead(true_age_rates, simulated_panel, months, name) for name in ("central", "low", "high")
    }
    return {name: of for name, of in shares.items() if of is not None}


@pytest.fixture(scope="module")
def tables(forecasts: list[Forecast], ages: dict[str, AgeShares], simulated_panel: Panel) -> ForecastTables:
    return forecast_tables(forecasts, simulated_panel.areas, ages=ages, draws=DRAWS)


@pytest.fixture(scope="module")
def tree(simulated_panel: Panel) -> AreaTree:
    return AreaTree.of(simulated_panel.areas)


@pytest.fixture(scope="module")
def drawn(forecasts: list[Forecast], ages: dict[str, AgeShares], tree: AreaTree) -> dict[str, tuple[Draws, Figures]]:
    maker = FigureMaker(forecasts, ages, tree, draws=DRAWS, seed=1)
    return {
        crime_type: ((draws := maker.draw(crime_type)), maker.of(crime_type, draws)) for crime_type in (SPLIT, UNSPLIT)
    }


def grouped(figures: Figures, detail: tuple[bool, bool, bool], basis: str, scenario: str = "central") -> np.ndarray:
    found = [figure.draws for kind, figure in figures.by_kind.items() if kind[1:6] == (scenario, *detail, basis)]
    return np.stack(found)


@pytest.mark.parametrize("crime_type", [SPLIT, UNSPLIT])
@pytest.mark.parametrize("basis", ["victim", "suspect"])
def test_groups_add_up_in_every_draw(
    drawn: dict[str, tuple[Draws, Figures]], tree: AreaTree, crime_type: str, basis: str
) -> None:
    total, figures = drawn[crime_type]
    years = np.add.reduceat(total.counts, [0, 12], axis=1)
    wards, above = (grouped(figures, detail, basis) for detail in (WARDS_BY_YEAR, ABOVE_BY_MONTH))
    np.testing.assert_array_equal(wards.sum(axis=0), years[: tree.wards])
    boroughs = sum_groups(total.counts[: tree.wards], tree.borough_of_ward)
    np.testing.assert_array_equal(above.sum(axis=0), np.concatenate([boroughs, total.counts[tree.wards :]]))
    months_of_boroughs = np.add.reduceat(above[:, : tree.boroughs], [0, 12], axis=2)
    wards_of_boroughs = np.stack([sum_groups(group, tree.borough_of_ward) for group in wards])
    np.testing.assert_array_equal(months_of_boroughs, wards_of_boroughs)


@pytest.mark.parametrize("scenario", ["low", "high"])
def test_groups_of_a_scenario_add_up_in_every_draw(
    drawn: dict[str, tuple[Draws, Figures]], tree: AreaTree, scenario: str
) -> None:
    _, figures = drawn[SPLIT]
    years = next(
        figure.draws
        for kind, figure in figures.by_kind.items()
        if kind[:5] == ("forecast", scenario, *EVERYWHERE_BY_YEAR)
    )
    boroughs = np.concatenate([sum_groups(years[: tree.wards], tree.borough_of_ward), years[tree.wards :]])
    np.testing.assert_array_equal(grouped(figures, ABOVE_BY_YEAR, "victim", scenario).sum(axis=0), boroughs)


def test_means_of_groups_add_up_to_all_ages(tables: ForecastTables) -> None:
    everyone = parts_that_add_up(tables.forecast).set_index(CELL)["mean"]
    for basis in ("victim", "suspect"):
        rows = tables.by_age[tables.by_age["age_basis"] == basis]
        sums = rows.groupby(CELL, observed=True)["mean"].sum()
        np.testing.assert_allclose(sums, everyone.reindex(sums.index), rtol=1e-5)


def test_means_add_up_areas_months_and_crime_types(tables: ForecastTables) -> None:
    rows = tables.by_age[tables.by_age["scenario"] == "central"]
    keys = ["age_basis", "age_group", "crime_level", "crime_type", "month", "period"]
    by_level = rows.groupby(["area_level", *keys], observed=True)["mean"].sum()
    for finer, coarser in (("borough", "bcu"), ("bcu", "force")):
        pd.testing.assert_series_equal(by_level[finer], by_level[coarser], rtol=1e-9)
    wards = by_level["ward"]
    pd.testing.assert_series_equal(wards, by_level["force"].reindex(wards.index), rtol=1e-6)

    first = rows[(rows["month"] < rows["month"].min() + pd.DateOffset(months=12)) & (rows["area_level"] != "ward")]
    cell = ["area_level", "area_code", "crime_level", "crime_type", "age_basis", "age_group"]
    by_period = first.groupby(["period", *cell], observed=True)["mean"].sum()
    pd.testing.assert_series_equal(by_period["month"], by_period["year"], rtol=1e-9)

    majors = rows.query("crime_level == 'major'").groupby([*cell[:2], *cell[4:], "month", "period"], observed=True)
    every = rows.query("crime_level == 'all'").set_index([*cell[:2], *cell[4:], "month", "period"])["mean"]
    known = every[every.index.get_level_values("age_group") != NOT_KNOWN]
    np.testing.assert_allclose(majors["mean"].sum().reindex(known.index), known, rtol=1e-9, atol=1e-12)


def test_types_without_ages_have_no_rows_but_count_in_what_is_not_known(tables: ForecastTables) -> None:
    rows = tables.by_age
    told = rows.groupby("crime_type", observed=True)["age_basis"].unique().map(set)
    assert told[SPLIT] == {"victim", "suspect"}
    assert told[UNSPLIT] == {"suspect"}
    assert told["all"] == {"victim", "suspect"}


def test_a_group_that_one_part_does_not_tell_is_not_told_of_the_total(
    true_age_rates: AgeRates, forecasts: list[Forecast], ages: dict[str, AgeShares], simulated_panel: Panel
) -> None:
    rate = true_age_rates.rate.copy()
    rate.loc[{"crime_type": "ARSON", "basis": "victim", "age": slice(0, 9)}] = np.nan
    shares = replace(ages["central"], rates=replace(true_age_rates, rate=rate))
    rows = forecast_tables(forecasts[:1], simulated_panel.areas, ages={"central": shares}, draws=DRAWS).by_age
    told = rows[rows["age_group"] == "under 10"].groupby("age_basis", observed=True)["crime_type"].unique().map(set)
    assert "CRIMINAL DAMAGE" in told["victim"]
    assert not told["victim"] & {"ARSON", "ARSON AND CRIMINAL DAMAGE", "all"}
    assert told["suspect"] > {"ARSON", "ARSON AND CRIMINAL DAMAGE", "all"}
    force = rows[(rows["age_basis"] == "victim") & (rows["area_level"] == "force") & (rows["period"] == "year")]
    by_level = force.groupby("crime_level", observed=True)["mean"].sum()
    everyone = forecasts[0].mean.isel(month=slice(0, 12)).sum()
    assert by_level["all"] == pytest.approx(float(everyone))


def test_draws_scatter_around_the_means(tables: ForecastTables) -> None:
    force = tables.by_age.query("area_level == 'force' and period == 'year' and mean > 200")
    assert len(force) > 100
    inside = (force["q025"] <= force["mean"]) & (force["mean"] <= force["q975"])
    assert inside.mean() > 0.97


def test_details_are_those_of_the_contents(tables: ForecastTables) -> None:
    rows = tables.by_age
    assert not rows.duplicated([*CELL, "age_group", "age_basis"]).any()
    assert set(rows.query("area_level == 'ward'")["period"]) == {"year"}
    assert set(rows.query("area_level == 'unlocated'")["period"]) == {"month", "year"}
    others = tables.forecast[tables.forecast["scenario"] != "central"]
    assert set(others["period"]) == {"year"}
    assert set(others["scenario"]) == {"low", "high"} == set(tables.differences["scenario"])
    assert len(tables.differences) == len(parts_that_add_up(others))


def test_differences_are_those_of_draws(
    tables: ForecastTables, drawn: dict[str, tuple[Draws, Figures]], simulated_panel: Panel
) -> None:
    by_scenario = parts_that_add_up(tables.forecast.query("period == 'year'")).set_index(CELL[1:])
    first = by_scenario[by_scenario["scenario"] == "central"]["mean"]
    for scenario, sign in (("low", -1), ("high", 1)):
        rows = tables.differences[tables.differences["scenario"] == scenario].set_index(CELL[1:])
        other = by_scenario[by_scenario["scenario"] == scenario]["mean"]
        np.testing.assert_allclose(rows["mean"], (other - first).reindex(rows.index), atol=1e-9)
        assert (sign * rows["mean"] >= 0).all()
    years = [
        next(figure.draws for kind, figure in drawn[SPLIT][1].by_kind.items() if kind[:2] == ("forecast", name))
        for name in ("central", "low")
    ]
    wards = len(simulated_panel.areas)
    difference = years[1][:wards, 0].sum(axis=0) - years[0][:wards, :12].sum(axis=(0, 1))
    row = tables.differences.query(
        "scenario == 'low' and area_level == 'force' and crime_type == @SPLIT",
        local_dict={"SPLIT": SPLIT},
    )
    assert row[list(QUANTILES)].to_numpy()[0].tolist() == quantiles_of(difference).tolist()


def test_neither_order_of_work_nor_ages_nor_scenarios_change_what_is_there(
    tables: ForecastTables,
    forecasts: list[Forecast],
    ages: dict[str, AgeShares],
    simulated_panel: Panel,
    backwards: ForEach,
) -> None:
    areas = simulated_panel.areas
    other_way = forecast_tables(forecasts, areas, ages=ages, draws=DRAWS, for_each=backwards)
    for name in ("forecast", "by_age", "differences"):
        assert getattr(other_way, name).equals(getattr(tables, name))
    plain = forecast_table(forecasts[0], areas, draws=DRAWS)
    central = tables.forecast[tables.forecast["scenario"] == "central"]
    kept = [*CELL, "mean", *QUANTILES]
    assert plain[kept].astype({"scenario": str}).equals(central[kept].reset_index(drop=True).astype({"scenario": str}))
