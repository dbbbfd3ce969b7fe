"""Residents by age: controls met, cohorts grow older, truth recovered, and nothing seen before it was public."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from features.panel import Panel
from features.population.by_age import residents_by_age
from features.population.exposure import at_months, residents
from sources.files.errors import InputError
from sources.residents.projections import read_ward_projection

pytestmark = pytest.mark.integration
YEARS = range(2011, 2030)


def by_age(panel: Panel, years: range = YEARS, variant: str = "central") -> xr.DataArray:
    people = residents_by_age(panel, years, variant)
    assert people is not None
    return people


@pytest.fixture(scope="module")
def london_people(london_panel: Panel) -> xr.DataArray:
    return by_age(london_panel)


def of_borough(people: xr.DataArray, panel: Panel) -> pd.DataFrame:
    """Return persons, borough by age."""
    return people.to_pandas().groupby(panel.areas["borough_code"].to_numpy()).sum()


def test_every_ward_age_and_year_is_there_and_nobody_is_negative(london_people: xr.DataArray) -> None:
    assert dict(london_people.sizes) == {"ward": 679, "age": 91, "year": len(YEARS)}
    assert float(london_people.min()) >= 0
    assert np.isfinite(london_people).all()


def test_estimates_of_wards_boroughs_and_london_are_met(london_people: xr.DataArray, london_panel: Panel) -> None:
    estimates = london_panel.ward_population.pivot(index="ward_code", columns="year", values="persons")
    found = london_people.sum("age").sel(year=estimates.columns.to_numpy()).to_pandas()
    np.testing.assert_allclose(found, estimates.loc[found.index], rtol=1e-6)
    ages = london_panel.borough_population_by_age.query("variant == 'estimate'")
    boroughs = ages.pivot(index="area_code", columns="age", values="persons")
    mid_2023 = of_borough(london_people.sel(year=2023), london_panel)
    np.testing.assert_allclose(mid_2023, boroughs.loc[mid_2023.index], rtol=1e-6)
    assert float(london_people.sel(year=2023).sum()) == pytest.approx(boroughs.to_numpy().sum(), rel=1e-6)


def test_the_census_is_met_band_by_band(london_people: xr.DataArray, london_panel: Panel) -> None:
    people = london_people.sel(year=2021).to_pandas()
    census = london_panel.ward_population_by_band.pivot(index="area_code", columns="age_low", values="persons")
    counted = census.loc[people.index].to_numpy()
    bands = np.add.reduceat(people.to_numpy(), census.columns.to_numpy(), axis=1)
    scaled = counted * (people.to_numpy().sum(axis=1) / counted.sum(axis=1))[:, None]
    many = scaled > 20
    np.testing.assert_allclose(bands[many], scaled[many], rtol=1e-4)


def test_totals_are_those_of_residents(london_people: xr.DataArray, london_panel: Panel) -> None:
    months = pd.date_range("2012-01-01", "2029-06-01", freq="MS", unit="us")
    totals = residents(london_panel, months)
    assert totals is not None
    np.testing.assert_allclose(at_months(london_people.sum("age"), months), totals, rtol=1e-6)


def test_people_grow_older_and_students_do_not(london_people: xr.DataArray) -> None:
    now, later = london_people.sel(year=2023), london_people.sel(year=2029)
    students = (now.sel(age=slice(18, 22)).sum("age") / now.sum("age")).to_numpy().argsort()[-5:]
    for when in (now, later):
        share = when.isel(ward=students).sel(age=slice(18, 22)).sum() / when.isel(ward=students).sum()
        assert 0.2 < float(share) < 0.5
    settled = slice(45, 70)
    moved = later.sel(age=slice(51, 76)).to_numpy() / now.sel(age=settled).to_numpy().clip(1)
    assert 0.6 < np.quantile(moved, 0.02) < np.median(moved) < np.quantile(moved, 0.98) < 1.5


def test_births_are_plausible_and_no_age_sticks_out(london_people: xr.DataArray) -> None:
    newborn = london_people.sel(age=0, year=slice(2021, None)).sum("ward")
    assert 95_000 < float(newborn.min()) < float(newborn.max()) < 125_000
    until_born_in_1950 = slice(24, 79)  # births leapt after the war
    logs = np.log(london_people.sel(year=2029, age=until_born_in_1950).sum("ward"))
    assert float(abs(logs.diff("age", 2)).max()) < 0.08


def test_variants_are_ordered_and_part_with_lead(london_panel: Panel, london_people: xr.DataArray) -> None:
    low, high = (by_age(london_panel, range(2021, 2030), variant).sum(("ward", "age")) for variant in ("low", "high"))
    central = london_people.sel(year=slice(2021, None)).sum(("ward", "age"))
    np.testing.assert_allclose(low.sel(year=[2021, 2022, 2023]), central.sel(year=[2021, 2022, 2023]), rtol=1e-6)
    gap = np.log(high / low).to_numpy()
    assert (np.diff(gap[2:]) > 0).all()
    assert 0.05 < gap[-1] < 0.15
    with pytest.raises(InputError, match="no such variant"):
        residents_by_age(london_panel, [2024], "middling")


def test_the_truth_of_the_simulated_force_is_recovered(simulated_panel: Panel, simulated_force: Path) -> None:
    truth = pd.read_parquet(simulated_force / "truth/population.parquet").astype({"ward_code": str})
    for year, allowed in ((2018, 0.004), (2021, 0.004), (2023, 0.01)):
        came = truth[truth["year"] == year].pivot(index="ward_code", columns="age", values="persons")
        found = by_age(simulated_panel, range(year, year + 1)).isel(year=0).to_pandas().loc[came.index]
        assert np.abs(found - came).to_numpy().sum() / came.to_numpy().sum() < allowed
    last = truth[truth["year"] == 2028].groupby("age")["persons"].sum()
    found_last = by_age(simulated_panel, range(2028, 2029)).sum(("ward", "year")).to_pandas()
    # The simulated projection runs 0.9 % a year too high after the last estimate; its ages are right.
    np.testing.assert_allclose(found_last / found_last.sum(), last / last.sum(), rtol=0.03)


@pytest.mark.parametrize("origin", ["2014-03", "2017-09", "2019-03", "2021-12", "2023-03", "2024-08", "2025-03"])
def test_every_origin_has_what_was_known_then(london_panel: Panel, origin: str) -> None:
    known = london_panel.as_known_at(pd.Timestamp(f"{origin}-01"))
    people = residents_by_age(known, range(2017, 2026))
    if origin == "2014-03":
        assert people is None
        return
    assert people is not None
    assert np.isfinite(people).all()
    assert 8.6e6 < float(people.sel(year=2020).sum()) < 9.4e6
    totals = residents(known, pd.date_range("2018-01-01", "2024-12-01", freq="MS", unit="us"))
    assert totals is not None
    found = at_months(people.sum("age"), pd.DatetimeIndex(totals["month"].to_index()))
    np.testing.assert_allclose(found, totals, rtol=1e-6)


def test_news_changes_nothing_before_it_is_public(simulated_panel: Panel) -> None:
    origin = simulated_panel.months[70]
    news = pd.Timestamp(origin) + pd.DateOffset(months=1)
    told = replace(
        simulated_panel,
        **{
            name: pd.concat(
                [table, table.assign(persons=9.0, variant=variant, year=table["year"] + 1, known_from=news)]
            )
            for name, variant in (("ward_population_by_age", "rumour"), ("ward_population_by_band", "census"))
            for table in (getattr(simulated_panel, name),)
        },
    )
    before, after = (by_age(panel.as_known_at(origin), range(2018, 2027)) for panel in (simulated_panel, told))
    xr.testing.assert_identical(before, after)


def test_without_ages_of_wards_they_have_their_boroughs(simulated_panel: Panel) -> None:
    plain = replace(
        simulated_panel,
        ward_population_by_age=simulated_panel.ward_population_by_age.iloc[:0],
        ward_population_by_band=simulated_panel.ward_population_by_band.iloc[:0],
    )
    people = by_age(plain, range(2022, 2023)).isel(year=0)
    shares = people / people.sum("age")
    first = plain.areas["borough_code"] == plain.areas["borough_code"].iloc[0]
    assert float(shares.isel(ward=first.to_numpy()).std("ward").max()) < 1e-9


def test_a_ward_without_residents_has_none_of_any_age(simulated_panel: Panel) -> None:
    ward = simulated_panel.areas["ward_code"].iloc[0]
    empty = replace(
        simulated_panel,
        **{
            name: table.assign(persons=table["persons"].where(table[column] != ward, 0.0))
            for name, column in (
                ("ward_population", "ward_code"),
                ("ward_population_by_age", "area_code"),
                ("ward_population_by_band", "area_code"),
            )
            for table in (getattr(simulated_panel, name),)
        },
    )
    people = by_age(empty)
    assert np.isfinite(people).all()
    assert float(people.sel(ward=ward).sum()) == 0
    everyone = residents(empty, pd.DatetimeIndex(["2024-06-01", "2024-07-01"]))
    assert everyone is not None
    assert float(people.sel(year=2024).sum()) == pytest.approx(float(everyone.sum()) / 2, rel=1e-4)


def test_past_its_end_a_projection_is_held(simulated_panel: Panel) -> None:
    table = simulated_panel.borough_population_by_age
    short = replace(simulated_panel, borough_population_by_age=table[table["year"] <= 2026])
    people = by_age(short, range(2026, 2031))
    xr.testing.assert_allclose(people.isel(year=0, drop=True), people.isel(year=4, drop=True))
    xr.testing.assert_allclose(people.isel(year=0), by_age(simulated_panel, range(2026, 2027)).isel(year=0))


def test_a_newer_projection_that_says_the_same_changes_nothing(london_panel: Panel) -> None:
    years = range(2015, 2031)
    people = by_age(london_panel, years)
    codes = xr.DataArray(london_panel.areas["borough_code"].to_numpy(), dims="ward", name="area_code")
    same = people.groupby(codes).sum("ward").to_series().rename("persons").reset_index()
    table = london_panel.borough_population_by_age
    newer = same.assign(variant="newer", known_from=pd.Timestamp("2025-01-15"))[table.columns]
    told = replace(london_panel, borough_population_by_age=pd.concat([table, newer], ignore_index=True))
    xr.testing.assert_allclose(by_age(told, years), people, rtol=1e-6)


def test_a_projection_of_wards_is_used_in_place_of_the_boroughs(london: Path, simulated_panel: Panel) -> None:
    file = london / "population/gla_2016based_housing_led_ward_hackney_2011_2050.csv.gz"
    codes = pd.read_csv(file)["gss_code_ward"].unique()
    areas = simulated_panel.areas.head(len(codes)).assign(ward_code=codes, borough_code="E09000012")
    projection = read_ward_projection(file, pd.Timestamp("2017-07-31").date(), areas)
    projected = projection.pivot_table(index="area_code", columns=["year", "age"], values="persons").loc[codes]
    estimates = pd.DataFrame(
        {"ward_code": codes, "year": 2022, "persons": projected[2022].sum(axis="columns").to_numpy() * 0.9}
    ).assign(variant="estimate", known_from=pd.Timestamp("2024-11-25"))
    hackney = replace(
        simulated_panel,
        areas=areas,
        ward_population=estimates,
        borough_population_by_age=simulated_panel.borough_population_by_age.iloc[:0],
        ward_population_by_age=projection,
        ward_population_by_band=simulated_panel.ward_population_by_band.iloc[:0],
    )
    people = by_age(hackney, range(2022, 2030))
    growth = (people.sum("age").sel(year=2029) / people.sum("age").sel(year=2022)).to_numpy()
    expected = (projected[2029].sum(axis="columns") / projected[2022].sum(axis="columns")).to_numpy()
    np.testing.assert_allclose(growth, expected, rtol=1e-6)
    np.testing.assert_allclose(people.sel(year=2022), 0.9 * projected[2022], rtol=1e-6)
