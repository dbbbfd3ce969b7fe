"""Rates by age: London's look like what criminology knows; a simulated force's come back within their intervals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from features.panel import Panel
from features.population.by_age import residents_by_age
from models.people.age_drift import drawn_drift, yearly_changes
from models.people.age_rates import AgeRates, fit_age_rates, rates_table
from models.people.borough_factors import shrunk
from models.people.evidence_groups import evidence_groups
from sources.ages.arrests import ARRESTS
from sources.ages.dashboards import CUSTODY_DISPOSALS, VAWG_VICTIMS
from sources.files.errors import InputError
from sources.tables.contracts import AGE_EVIDENCE, no_rows

pytestmark = pytest.mark.integration

TRUE_RATES = ["basis", "crime_type", "age"]


def population(panel: Panel) -> xr.DataArray:
    """Return residents by ward and age, 2011 to 2025."""
    residents = residents_by_age(panel, range(2011, 2026))
    assert residents is not None
    return residents


@pytest.fixture(scope="module")
def london_rates(london_panel: Panel) -> AgeRates:
    return fit_age_rates(london_panel, population(london_panel), samples=100)


@pytest.fixture(scope="module")
def true_residents(simulated_force: Path) -> xr.DataArray:
    table = pd.read_parquet(simulated_force / "truth" / "population.parquet").astype({"ward_code": object})
    array = table.set_index(["ward_code", "year", "age"])["persons"].to_xarray().rename(ward_code="ward")
    return array.transpose("ward", "age", "year").sel(year=slice(2022, 2025)).astype(float)


@pytest.fixture(scope="module")
def true_rates(simulated_force: Path) -> xr.DataArray:
    table = pd.read_parquet(simulated_force / "truth" / "age_rates.parquet").astype(dict.fromkeys(TRUE_RATES[:2], str))
    return table.set_index(TRUE_RATES)["rate"].to_xarray()


@pytest.fixture(scope="module")
def simulated_rates(simulated_panel: Panel, true_residents: xr.DataArray) -> AgeRates:
    return fit_age_rates(simulated_panel, true_residents)


def redrawn(rates: xr.DataArray, residents: xr.DataArray, seeds: range) -> Iterator[tuple[int, pd.DataFrame]]:
    """Yield evidence whose people are drawn anew from the true rates."""
    expected = (0.5 * rates * residents.sum("ward").sel(year=2024, drop=True)).to_dataframe("expected").reset_index()
    for seed in seeds:
        count = np.random.default_rng(seed).poisson(expected["expected"])
        rows = expected[TRUE_RATES].rename(columns={"age": "age_low"}).assign(
            age_high=expected["age"], count=count, first_month=pd.Timestamp("2024-04-01"),
            last_month=pd.Timestamp("2025-03-01"), borough_code="", quality="measured", source="incidents",
            known_from=pd.Timestamp("2025-03-31"),
        )  # fmt: skip
        yield seed, AGE_EVIDENCE.validate(rows[list(AGE_EVIDENCE.columns)])


def coverage(rates: AgeRates, truth: xr.DataArray, residents: xr.DataArray) -> float:
    """Return how often the 80 % interval of a rate's shape holds the truth, over ages, types and bases."""
    people = residents.sum("ward").isel(year=-1, drop=True)
    truth = truth.reindex_like(rates.rate)
    shape = truth / (truth * people).sum("age")
    sampled = (rates.samples / (rates.samples * people).sum("age")).fillna(0.0)
    low, high = sampled.quantile([0.1, 0.9], "sample")
    inside = ((shape >= low) & (shape <= high)).where(rates.rate.notnull() & (truth > 0))  # noqa: PD004
    return float(inside.mean())


def test_rates_of_a_simulated_force_come_back(
    simulated_panel: Panel, simulated_rates: AgeRates, true_rates: xr.DataArray, true_residents: xr.DataArray
) -> None:
    found = [coverage(simulated_rates, true_rates, true_residents)]
    for seed, evidence in redrawn(true_rates, true_residents, range(1)):
        fitted = fit_age_rates(replace(simulated_panel, age_evidence=evidence), true_residents, seed=seed)
        found.append(coverage(fitted, true_rates, true_residents))
    assert 0.7 <= np.mean(found) <= 0.9


def test_known_shares_of_a_simulated_force_come_back(simulated_rates: AgeRates, simulated_force: Path) -> None:
    types = pd.read_parquet(simulated_force / "truth" / "crime_types.parquet").set_index("crime_type")
    types = types.loc[simulated_rates.rate["crime_type"].to_numpy()]
    inside = []
    for basis in ("victim", "suspect"):
        share = types[f"{basis}_age_known"].to_numpy()
        low, high = simulated_rates.known_share_samples.sel(basis=basis).quantile([0.05, 0.95], "sample").to_numpy()
        inside += ((share >= low) & (share <= high))[share > 0].tolist()
        assert (simulated_rates.known_share.sel(basis=basis).to_numpy()[share == 0] == 0).all()
    assert np.mean(inside) > 0.75


def test_an_extract_replaces_every_other_source(simulated_panel: Panel, london_panel: Panel) -> None:
    both = pd.concat([simulated_panel.age_evidence, london_panel.age_evidence], ignore_index=True)
    groups = list(evidence_groups(both, simulated_panel.crime_types))
    assert {group.source for group in groups} == {"incidents"}
    assert {group.quality for group in groups} == {"measured", "few"}
    assert all((group.quality == "measured") == (group.people >= 200) for group in groups)


def test_types_without_evidence_are_none_and_have_no_rate(simulated_panel: Panel, simulated_rates: AgeRates) -> None:
    quality = simulated_rates.quality.set_index(["crime_type", "basis"])["quality"]
    assert quality["SHOPLIFTING", "victim"] == "none"
    assert simulated_rates.known_share.sel(crime_type="SHOPLIFTING", basis="victim") == 0
    nobody = replace(simulated_panel, age_evidence=no_rows(AGE_EVIDENCE))
    rates = fit_age_rates(nobody, population(simulated_panel), samples=5)
    assert set(rates.quality["quality"]) == {"none"}
    assert rates_table(rates).empty


def test_the_age_crime_curve_of_london(london_rates: AgeRates) -> None:
    suspects = london_rates.rate.sel(basis="suspect")
    peak = suspects.idxmax("age")
    young = ["ROBBERY OF PERSONAL PROPERTY", "POSSESSION OF WEAPONS", "POSSESSION OF DRUGS", "RESIDENTIAL BURGLARY"]
    assert (peak.sel(crime_type=young) >= 15).all()
    assert (peak.sel(crime_type=young) <= 19).all()
    assert (suspects.sel(age=slice(0, 9)) == 0).all()
    robbery = suspects.sel(crime_type="ROBBERY OF PERSONAL PROPERTY")
    assert (robbery.sel(age=slice(18, 90)).diff("age") < 0).all()
    assert robbery.sel(age=60) < robbery.sel(age=17) / 100


def test_londons_rates_keep_the_numbers_arrested(london_panel: Panel, london_rates: AgeRates) -> None:
    evidence = london_panel.age_evidence
    rows = evidence[(evidence["source"] == ARRESTS) & (evidence["crime_type"] == "ROBBERY")]
    rows = rows[rows["first_month"] >= "2015-04"]
    people = population(london_panel).sum("ward").sel(year=[2015, 2016, 2017]).mean("year")
    robbery = london_rates.rate.sel(
        basis="suspect", crime_type=["ROBBERY OF PERSONAL PROPERTY", "ROBBERY OF BUSINESS PROPERTY"]
    )
    by_band = [
        float((robbery * people).sel(age=slice(low, high)).sum()) for low, high in [(10, 17), (18, 20), (21, 90)]
    ]
    counted = rows[rows["age_low"] >= 10].groupby("age_low")["count"].sum() / 3
    np.testing.assert_allclose(by_band, counted, rtol=0.02)


def test_victims_under_ten_are_missing_not_zero(london_rates: AgeRates) -> None:
    victims = london_rates.rate.sel(basis="victim", crime_type="VIOLENCE WITH INJURY")
    assert victims.sel(age=slice(0, 9)).isnull().all()  # noqa: PD003
    assert victims.sel(age=slice(10, 90)).notnull().all()  # noqa: PD004
    table = rates_table(london_rates)
    assert table[(table["basis"] == "victim") & (table["crime_type"] == "RAPE")]["age"].min() == 10
    assert (table["low"] <= table["high"]).all()
    assert (table[["rate", "low"]] >= 0).all().all()


def test_qualities_of_london(london_rates: AgeRates) -> None:
    quality = london_rates.quality.set_index(["crime_type", "basis"])["quality"]
    assert quality["HOMICIDE", "victim"] == quality["HOMICIDE", "suspect"] == "measured"
    assert quality["VIOLENCE WITH INJURY", "victim"] == quality["RAPE", "victim"] == "proxy"
    assert quality["RESIDENTIAL BURGLARY", "victim"] == "none"
    assert quality["RESIDENTIAL BURGLARY", "suspect"] == "measured"
    assert quality["SHOPLIFTING", "suspect"] == "proxy"
    assert quality["ARSON", "suspect"] == "proxy"  # a twentieth of arson and criminal damage
    assert len(quality) == 58


def test_custody_makes_no_rate(london_panel: Panel) -> None:
    sources = {group.source for group in evidence_groups(london_panel.age_evidence, london_panel.crime_types)}
    assert CUSTODY_DISPOSALS not in sources
    assert VAWG_VICTIMS in sources


def test_later_evidence_changes_nothing(london_panel: Panel) -> None:
    """Ages published after the origin, however wild, leave the rates of the origin as they were."""
    origin = pd.Timestamp("2019-06-01")
    evidence = london_panel.age_evidence
    later = evidence["known_from"] > pd.Timestamp("2019-06-30")
    wild = replace(london_panel, age_evidence=evidence.assign(count=evidence["count"].where(~later, 10**6)))
    residents = population(london_panel)
    rates, same = (fit_age_rates(panel.as_known_at(origin), residents, samples=5) for panel in (london_panel, wild))
    xr.testing.assert_identical(rates.samples, same.samples)
    xr.testing.assert_identical(rates.known_share_samples, same.known_share_samples)


def test_an_age_without_residents_is_refused(london_panel: Panel) -> None:
    residents = population(london_panel)
    residents[:, 37] = 0
    with pytest.raises(InputError, match="no residents") as refused:
        fit_age_rates(london_panel, residents, samples=5)
    assert refused.value.value == 37


def test_boroughs_alike_are_left_alike_and_others_told_apart(simulated_rates: AgeRates) -> None:
    assert simulated_rates.borough_factor is not None
    assert abs(np.log(simulated_rates.borough_factor)).mean() < 0.03  # in truth they do not differ
    expected = np.full((30, 4), 200.0)
    alike = np.random.default_rng(1).multinomial(800, [0.25] * 4, size=30)
    assert np.abs(shrunk(alike, expected) - 1).max() < 0.1
    unlike = alike + np.array([150, -50, -50, -50]) * np.where(np.arange(30) % 2, 1, -1)[:, np.newaxis]
    assert np.abs(shrunk(unlike, expected)[:, 0] - 1).mean() > 0.5


def test_drift_is_nil_where_too_little_is_known_and_grows_with_years() -> None:
    generator = np.random.default_rng(1)
    few = np.full((4, 3), 50.0)
    assert len(yearly_changes(few, np.ones((4, 3)))) == 0
    assert (drawn_drift([np.empty((0, 3))], 5.0, 10, generator) == 0).all()
    changes = [generator.normal([-0.1, 0, 0.02], 0.1, (10, 3))]
    one, many = (drawn_drift(changes, years, 2000, generator).std(axis=0) for years in (1.0, 6.0))
    assert (many > one).all()
    assert abs(drawn_drift(changes, 6.0, 4000, generator).mean(axis=0)).max() < 0.05  # no direction
