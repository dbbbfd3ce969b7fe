"""Shares of age groups: they add up, follow the truth, and say what is not known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from features.panel import Panel
from features.population.age_groups import AgeGroup
from features.population.by_age import residents_by_age
from models.forecast.forecast import FittedModel, months_ahead
from models.forecast.noise import Noise
from models.people.age_rates import AgeRates, fit_age_rates
from models.people.age_shares import NOT_KNOWN, AgeShares, age_quality
from models.recipes.catalogue import MODELS
from sources.files.errors import InputError

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def shares(true_age_rates: AgeRates, simulated_panel: Panel) -> AgeShares:
    ages = AgeShares.ahead(true_age_rates, simulated_panel, months_ahead(simulated_panel.last_month, 27))
    assert ages is not None
    return ages


def test_shares_of_each_ward_year_and_draw_add_up(shares: AgeShares) -> None:
    for crime_type, basis in (("CRIMINAL DAMAGE", "victim"), ("ARSON", "suspect")):
        of = shares.of(crime_type, basis, draws=10)
        assert of.shape == (9, 24, 3, 10)
        assert (of >= 0).all()
        np.testing.assert_allclose(of.sum(axis=0), 1, atol=1e-6)


def test_shares_are_those_of_the_truth(shares: AgeShares, simulated_force: Path, simulated_panel: Panel) -> None:
    truth = pd.read_parquet(simulated_force / "truth" / "population.parquet").query("year == 2025")
    persons = truth.pivot_table(index="ward_code", columns="age", values="persons")
    persons = persons.reindex(simulated_panel.areas["ward_code"]).to_numpy()
    rate = shares.rates.rate.sel(basis="suspect", crime_type="CRIMINAL DAMAGE").to_numpy()
    expected = persons * rate
    expected /= expected.sum(axis=1, keepdims=True)
    known = float(shares.rates.known_share.sel(basis="suspect", crime_type="CRIMINAL DAMAGE"))
    of = shares.of("CRIMINAL DAMAGE", "suspect", draws=1)[:, :, 0, 0]
    for place, group in enumerate(shares.groups):
        truly = known * expected[:, group.low : group.high + 1].sum(axis=1)
        np.testing.assert_allclose(of[place].mean(), truly.mean(), atol=0.005)
        # Residents of a ward by age are themselves estimated.
        np.testing.assert_allclose(of[place], truly, atol=0.03)


def test_fitted_shares_recover_the_truth_within_their_uncertainty(
    simulated_force: Path, simulated_panel: Panel
) -> None:
    """Of the whole force in the year ahead, by all types and groups, with rates fitted to the record-level extract."""
    rates = fit_age_rates(simulated_panel, residents_by_age(simulated_panel, range(2017, 2027)), samples=100)
    shares = AgeShares.ahead(rates, simulated_panel, months_ahead(simulated_panel.last_month, 12))
    assert shares is not None
    truth = simulated_force / "truth"
    wards = simulated_panel.areas["ward_code"]
    persons = pd.read_parquet(truth / "population.parquet").query("year == 2025")
    persons = persons.pivot_table(index="ward_code", columns="age", values="persons").reindex(wards).to_numpy()
    true_rates = pd.read_parquet(truth / "age_rates.parquet").pivot(
        index=["crime_type", "basis"], columns="age", values="rate"
    )
    risks = pd.read_parquet(truth / "ward_risks.parquet").pivot(index="crime_type", columns="ward_code", values="risk")
    covered = []
    for crime_type, of_type in pd.read_parquet(truth / "crime_types.parquet").set_index("crime_type").iterrows():
        offences = risks.loc[crime_type, wards] * (persons @ true_rates.loc[crime_type, of_type["driven_by"]])
        for basis in ("victim", "suspect"):
            by_age = persons * true_rates.loc[crime_type, basis].to_numpy()
            by_age *= of_type[f"{basis}_age_known"] / by_age.sum(axis=1, keepdims=True)
            true_shares = (offences / offences.sum()).to_numpy() @ by_age
            drawn = shares.of(crime_type, basis, draws=100)[:, :, 0]
            estimated = dict(
                zip(
                    shares.labels(crime_type, basis),
                    np.einsum("gwd,w->gd", drawn, offences / offences.sum()),
                    strict=True,
                )
            )
            for group in shares.groups:
                truly = true_shares[group.low : group.high + 1].sum()
                if group.label in estimated and truly > 0:
                    low, high = np.quantile(estimated[group.label], [0.025, 0.975])
                    covered.append(low <= truly <= high)
    assert len(covered) > 300
    assert np.mean(covered) > 0.85


def test_what_is_not_known_is_not_told(shares: AgeShares, true_age_rates: AgeRates) -> None:
    assert shares.labels("BURGLARY BUSINESS AND COMMUNITY", "victim") == [NOT_KNOWN]
    assert (shares.of("BURGLARY BUSINESS AND COMMUNITY", "victim", draws=3) == 1).all()
    silent = true_age_rates.rate.where(true_age_rates.rate["age"] >= 10)
    unsaid = replace(shares, rates=replace(true_age_rates, rate=silent, samples=silent.expand_dims(sample=7)))
    labels = unsaid.labels("CRIMINAL DAMAGE", "victim")
    assert len(labels) == 8
    assert "under 10" not in labels
    of = unsaid.of("CRIMINAL DAMAGE", "victim", draws=4)
    np.testing.assert_allclose(of.sum(axis=0), 1, atol=1e-6)


def test_a_draw_takes_one_sample_everywhere(shares: AgeShares, true_age_rates: AgeRates) -> None:
    known = true_age_rates.known_share_samples[:3] * xr.DataArray([1.0, 0.5, 0.25], dims="sample")
    uneven = replace(
        shares, rates=replace(true_age_rates, samples=true_age_rates.samples[:3], known_share_samples=known)
    )
    for crime_type in ("ARSON", "CRIMINAL DAMAGE"):
        of = uneven.of(crime_type, "victim", draws=5)
        not_known = 1 - of[-1]
        np.testing.assert_allclose(not_known[..., 0] * 0.25, not_known[..., 2], rtol=1e-4)
        np.testing.assert_allclose(not_known[..., 3], not_known[..., 0])
        np.testing.assert_allclose(not_known[..., 4], not_known[..., 1])


def test_a_ward_without_residents_has_its_boroughs_shares(true_age_rates: AgeRates, simulated_panel: Panel) -> None:
    areas = simulated_panel.areas
    empty = areas["ward_code"].iloc[0]
    estimates = simulated_panel.ward_population
    persons = estimates["persons"].where(estimates["ward_code"] != empty, 0.0)
    without = replace(simulated_panel, ward_population=estimates.assign(persons=persons))
    ages = AgeShares.ahead(true_age_rates, without, months_ahead(without.last_month, 12))
    assert ages is not None
    neighbours = (areas["borough_code"] == areas["borough_code"].iloc[0]).to_numpy() & (areas["ward_code"] != empty)
    np.testing.assert_allclose(ages.residents[0], ages.residents[neighbours].sum(axis=0), rtol=1e-5)


def test_a_boroughs_own_ages_are_its_wards(shares: AgeShares, simulated_panel: Panel) -> None:
    boroughs = simulated_panel.areas["borough_code"]
    factor = xr.ones_like(shares.rates.rate).expand_dims(borough=boroughs.unique()).copy()
    factor.loc[{"borough": boroughs.iloc[0], "age": slice(0, 17)}] = 2.0
    plain, leaning = (
        replace(shares, rates=replace(shares.rates, borough_factor=of)).of("CRIMINAL DAMAGE", "suspect", draws=1)
        for of in (None, factor)
    )
    here = (boroughs == boroughs.iloc[0]).to_numpy()
    np.testing.assert_allclose(plain[:, ~here], leaning[:, ~here], rtol=1e-5)
    young, adult = (leaning[group, here] / plain[group, here] for group in (1, 2))
    np.testing.assert_allclose(young / adult, 2, rtol=1e-4)
    np.testing.assert_allclose(leaning[-1], plain[-1], atol=1e-6)


def test_groups_hold_every_age_once(true_age_rates: AgeRates, simulated_panel: Panel) -> None:
    months = months_ahead(simulated_panel.last_month, 12)
    with pytest.raises(InputError, match="leave ages out"):
        AgeShares.ahead(
            true_age_rates, simulated_panel, months, groups=[AgeGroup("young", 0, 20), AgeGroup("old", 30, 90)]
        )


def test_the_quality_of_a_total_is_that_of_its_split_parts(true_age_rates: AgeRates, simulated_panel: Panel) -> None:
    model, origin = MODELS["seasonal-naive"], simulated_panel.last_month
    noise = Noise.none(simulated_panel.crime_types["crime_type"].to_numpy())
    forecast = FittedModel(model.name, origin, model.factors(simulated_panel), noise).forecast(12)
    quality = true_age_rates.quality
    proxy = quality["quality"].mask((quality["crime_type"] == "ARSON") & (quality["basis"] == "victim"), "proxy")
    rates = replace(true_age_rates, quality=quality.assign(quality=proxy))
    table = age_quality(AgeShares(rates, np.array([]), np.ones((24, 1, 91))), forecast).set_index(
        ["crime_level", "crime_type", "basis"]
    )
    assert table.loc[("minor", "BURGLARY BUSINESS AND COMMUNITY", "victim"), "quality"] == "none"
    assert table.loc[("minor", "CRIMINAL DAMAGE", "victim"), "quality"] == "measured"
    assert table.loc[("major", "ARSON AND CRIMINAL DAMAGE", "victim"), "quality"] == "proxy"
    assert table.loc[("major", "ARSON AND CRIMINAL DAMAGE", "victim"), "split_share"] == pytest.approx(1)
    assert table.loc[("all", "all", "victim"), "quality"] == "proxy"
    assert 0.3 < table.loc[("all", "all", "victim"), "split_share"] < 1
    assert table.loc[("all", "all", "suspect"), "quality"] == "measured"
