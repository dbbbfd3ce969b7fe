"""The truth: its factors are what they are said to be, and simple estimates find them in the counts."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sources.simulated.offences import negative_binomial
from sources.simulated.truth import SHOCKS, between_years, persistent_shocks

pytestmark = pytest.mark.unit

COMMON_TYPES = ["VIOLENCE WITH INJURY", "OTHER THEFT", "THEFT FROM THE PERSON", "CRIMINAL DAMAGE"]


@pytest.fixture(scope="module")
def recorded(large_truth: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return large_truth["offences"].eval("all = located + borough_only + nowhere")


def test_expected_offences_are_the_product_of_the_factors(large_truth: dict[str, pd.DataFrame]) -> None:
    ward, borough, crime_type = "E05990007", "E09990001", "ROBBERY OF PERSONAL PROPERTY"
    months = pd.date_range("2022-01-01", periods=12, freq="MS")

    def cells(table: str, **keys: str) -> pd.DataFrame:
        found = large_truth[table]
        for column, value in keys.items():
            found = found[found[column] == value]
        return found[found["month"].isin(months)] if "month" in found else found

    assert cells("wards", ward_code=ward)["borough_code"].item() == borough
    driver = cells("crime_types", crime_type=crime_type)["driven_by"].item()
    rates = cells("age_rates", crime_type=crime_type, basis=driver)["rate"].to_numpy()
    persons = cells("population", ward_code=ward).pivot(index="year", columns="age", values="persons")
    demand = between_years(persons.to_numpy(float) @ rates / 12, int(persons.index[0]), months)
    of_force = cells("force_factors", crime_type=crime_type)
    of_ward = cells("offences", crime_type=crime_type, ward_code=ward)
    product = (
        demand
        * cells("ward_risks", crime_type=crime_type, ward_code=ward)["risk"].item()
        * cells("seasons", crime_type=crime_type)["index"].to_numpy()
        * of_force[["trend", "recording", "common_shock", "force_shock"]].prod(axis=1).to_numpy()
        * cells("borough_shocks", crime_type=crime_type, borough_code=borough)["shock"].to_numpy()
        * of_ward["ward_shock"].to_numpy()
    )
    np.testing.assert_allclose(of_ward["expected"], product, rtol=1e-4)


def test_values_between_years_lie_on_straight_lines() -> None:
    months = pd.DatetimeIndex(["2020-06-01", "2020-07-01", "2020-12-01", "2021-01-01"])
    found = between_years(np.array([[0.0, 120.0, 360.0]]), 2019, months)
    np.testing.assert_allclose(found, [[115.0, 130.0, 230.0, 250.0]])


@pytest.mark.parametrize("level", list(SHOCKS))
def test_shocks_have_mean_one_and_persist(level: str) -> None:
    spread, correlation = SHOCKS[level]
    shocks = persistent_shocks(level, (4000, 60), np.random.default_rng(1))
    logarithm = np.log(shocks)
    assert shocks.mean() == pytest.approx(1, abs=0.003)
    np.testing.assert_allclose(logarithm.std(axis=0), spread, rtol=0.06)
    found = [np.corrcoef(logarithm[:, lag], logarithm[:, lag + 1])[0, 1] for lag in (0, 30, 58)]
    np.testing.assert_allclose(found, correlation, atol=0.03)


def test_counts_vary_as_a_negative_binomial() -> None:
    counts = negative_binomial(np.full(200_000, 10.0), 5.0, np.random.default_rng(1))
    assert counts.mean() == pytest.approx(10, rel=0.01)
    assert counts.var() == pytest.approx(10 + 10**2 / 5, rel=0.02)


def test_total_is_as_expected(recorded: pd.DataFrame) -> None:
    by_type = recorded.groupby("crime_type", observed=True)[["expected", "all"]].sum()
    common = by_type[by_type["expected"] > 5_000]
    assert len(common) > 15
    np.testing.assert_allclose(common["all"] / common["expected"], 1, atol=0.03)
    assert by_type["all"].sum() / by_type["expected"].sum() == pytest.approx(1, abs=0.003)


def test_volumes_are_those_of_a_big_city(recorded: pd.DataFrame, large_truth: dict[str, pd.DataFrame]) -> None:
    last_year = recorded[recorded["month"] > "2024-03-31"]
    assert 70 < last_year["all"].sum() / 12 / 80 < 150
    residents = large_truth["wards"]["residents"]
    assert 11_000 < residents.mean() < 15_000
    by_role = (
        last_year.groupby("ward_code", observed=True)["all"]
        .sum()
        .groupby(large_truth["wards"].set_index("ward_code")["role"])
        .mean()
    )
    assert by_role["city centre"] > by_role["town centre"] > 1.5 * by_role["residential"]


@pytest.mark.parametrize("crime_type", COMMON_TYPES)
def test_dispersion_is_recovered(recorded: pd.DataFrame, large_truth: dict[str, pd.DataFrame], crime_type: str) -> None:
    cells = recorded[recorded["crime_type"] == crime_type]
    surplus = ((cells["all"] - cells["expected"]) ** 2 - cells["expected"]).sum() / (cells["expected"] ** 2).sum()
    dispersion = large_truth["crime_types"].set_index("crime_type").loc[crime_type, "dispersion"]
    assert surplus == pytest.approx(1 / dispersion, rel=0.35)


@pytest.mark.parametrize("crime_type", ["BICYCLE THEFT", "RESIDENTIAL BURGLARY", "VIOLENCE WITH INJURY"])
def test_seasons_are_recovered(recorded: pd.DataFrame, large_truth: dict[str, pd.DataFrame], crime_type: str) -> None:
    by_month = recorded[recorded["crime_type"] == crime_type].groupby("month")["all"].sum()
    level = by_month.rolling(12, center=True).mean()
    found = (by_month / level).groupby(by_month.index.month).mean()
    truth = large_truth["seasons"].query("crime_type == @crime_type").set_index("calendar_month")["index"]
    assert found.corr(truth) > 0.9
    np.testing.assert_allclose(found / found.mean(), truth, atol=0.09)


def test_ward_risks_are_recovered(recorded: pd.DataFrame, large_truth: dict[str, pd.DataFrame]) -> None:
    offences = recorded.query("crime_type == 'OTHER THEFT'").groupby("ward_code", observed=True)["all"].sum()
    rate = offences / large_truth["wards"].set_index("ward_code")["residents"]
    risk = large_truth["ward_risks"].query("crime_type == 'OTHER THEFT'").set_index("ward_code")["risk"]
    assert np.corrcoef(np.log(rate), np.log(risk.reindex(rate.index)))[0, 1] > 0.95


def test_risks_and_seasons_average_to_one(large_truth: dict[str, pd.DataFrame]) -> None:
    seasons = large_truth["seasons"].groupby("crime_type", observed=True)["index"].mean()
    np.testing.assert_allclose(seasons, 1)
    residents = large_truth["wards"].set_index("ward_code")["residents"]
    risks = large_truth["ward_risks"].pivot(index="ward_code", columns="crime_type", values="risk")
    np.testing.assert_allclose(np.average(risks, axis=0, weights=residents.reindex(risks.index)), 1, rtol=1e-4)


def test_one_type_is_recorded_more_from_the_change_month(
    large_force: Path, recorded: pd.DataFrame, large_truth: dict[str, pd.DataFrame]
) -> None:
    parameters = json.loads((large_force / "truth/parameters.json").read_text())
    broken, change = parameters["recording_break"], pd.Timestamp(parameters["change_month"])
    assert change == pd.Timestamp("2024-03-01")
    cells = recorded.merge(large_truth["force_factors"], on=["crime_type", "month"])
    cells["unbroken"] = cells["expected"] / cells["recording"]
    sums = cells.groupby(["crime_type", cells["month"] >= change], observed=True)[["all", "unbroken"]].sum()
    level = (sums["all"] / sums["unbroken"]).unstack()
    rise = (level[True] / level[False])[sums["all"].unstack().min(axis=1) > 3_000]
    assert rise[broken["crime_type"]] == pytest.approx(broken["factor"], rel=0.03)
    assert rise.drop(broken["crime_type"]).between(0.95, 1.05).all()


def test_many_locations_are_lost_in_one_month(
    large_force: Path, recorded: pd.DataFrame, large_truth: dict[str, pd.DataFrame]
) -> None:
    parameters = json.loads((large_force / "truth/parameters.json").read_text())
    by_month = recorded.groupby("month")[["all", "located", "borough_only"]].sum()
    lost = 1 - by_month["located"] / by_month["all"]
    bad, change = (pd.Timestamp(parameters[key]) for key in ("month_of_lost_locations", "change_month"))
    assert lost.idxmax() == bad
    assert 0.1 < lost[bad] < 0.25
    assert lost.drop(bad).max() < 0.08
    assert (by_month["borough_only"] > 0).equals(pd.Series(by_month.index >= change, by_month.index))
    share = large_truth["force_factors"].set_index(["crime_type", "month"])["unlocated_share"]
    counts = recorded.groupby(["crime_type", "month"], observed=True)[["all", "located"]].sum()
    common = counts["all"] > 1000
    found = 1 - counts["located"] / counts["all"]
    error = np.sqrt(share * (1 - share) / counts["all"])
    assert (np.abs(found - share)[common] < 4.5 * error[common]).all()
