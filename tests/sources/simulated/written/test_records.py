"""The record-level extract: it counts up to the wide files, and its ages are drawn from the truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sources.crime.crime_types import read_crime_vocabulary
from sources.simulated.written.records import EXTRACT

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def records(large_force: Path) -> pd.DataFrame:
    table = pd.read_csv(large_force / EXTRACT)
    vocabulary = read_crime_vocabulary().query("vocabulary == 'current_33'")
    harmonised = vocabulary.set_index("published_minor")["crime_type"]
    date = pd.to_datetime(table["recorded_date"], format="%Y-%m-%d")
    return table.assign(
        crime_type=table["offence_type"].map(harmonised),
        month=date.dt.to_period("M").dt.to_timestamp(),
        date=date,
    )


def test_records_have_the_columns_and_months_of_the_format(records: pd.DataFrame) -> None:
    assert list(records)[:7] == [
        "reference",
        "recorded_date",
        "ward_code",
        "borough_code",
        "offence_type",
        "victim_age",
        "suspect_age",
    ]
    assert records["reference"].is_unique
    assert records["date"].is_monotonic_increasing
    assert records["month"].nunique() == 24
    assert records["date"].max() == pd.Timestamp("2025-03-31")
    assert records["crime_type"].notna().all()


def test_records_count_up_to_the_truth(records: pd.DataFrame, large_truth: dict[str, pd.DataFrame]) -> None:
    counted = records[records["crime_type"] != ""]
    truth = large_truth["offences"].query("month >= '2023-04-01'").astype({"ward_code": str, "crime_type": str})
    keys = ["ward_code", "crime_type", "month"]
    located = counted[counted["ward_code"].notna()].groupby(keys).size()
    expected = truth[truth["located"] > 0].set_index(keys)["located"].sort_index()
    pd.testing.assert_series_equal(located, expected, check_names=False, check_dtype=False, check_index_type=False)
    lost = counted[counted["ward_code"].isna()]
    assert lost["borough_code"].isna().sum() == truth["nowhere"].sum()
    assert lost["borough_code"].notna().sum() == truth["borough_only"].sum()
    assert counted.loc[counted["ward_code"].notna(), "borough_code"].notna().all()


def test_ages_are_known_as_often_as_stated(records: pd.DataFrame, large_truth: dict[str, pd.DataFrame]) -> None:
    known = records[records["crime_type"] != ""].groupby("crime_type")[["victim_age", "suspect_age"]]
    number, share = known.size(), known.count().div(known.size(), axis=0)
    stated = large_truth["crime_types"].set_index("crime_type").loc[share.index]
    stated = stated[["victim_age_known", "suspect_age_known"]]
    error = np.sqrt(stated.mul(1 - stated).div(number, axis=0))
    assert (np.abs(share.to_numpy() - stated) <= 4.5 * error + 1e-12).all(axis=None)
    assert records.loc[records["crime_type"] == "", ["victim_age", "suspect_age"]].isna().all(axis=None)


def test_ages_are_possible(records: pd.DataFrame) -> None:
    assert records["victim_age"].dropna().between(0, 90).all()
    assert records["suspect_age"].dropna().between(10, 90).all()


@pytest.mark.parametrize("basis", ["victim", "suspect"])
@pytest.mark.parametrize("crime_type", ["VIOLENCE WITH INJURY", "ROBBERY OF PERSONAL PROPERTY", "RAPE"])
def test_rates_by_age_are_recovered(
    records: pd.DataFrame, large_truth: dict[str, pd.DataFrame], crime_type: str, basis: str
) -> None:
    """Offences by age / residents of that age is the true rate, up to one factor for all ages."""
    ages = records.loc[records["crime_type"] == crime_type, f"{basis}_age"].dropna()
    bands = [0, 10, 14, 18, 21, 25, 30, 35, 45, 55, 65, 91]
    counts = pd.cut(ages, bands, right=False).value_counts(sort=False)
    persons = large_truth["population"].query("year in (2023, 2024)").groupby("age")["persons"].sum()
    rates = large_truth["age_rates"].query("crime_type == @crime_type and basis == @basis").set_index("age")["rate"]
    expected = (persons * rates).groupby(pd.cut(persons.index, bands, right=False), observed=False).sum()
    expected *= counts.sum() / expected.sum()
    # Wards with more of an age than others are not equally risky, which moves shares by a few per cent.
    assert (np.abs(counts - expected) <= 4 * np.sqrt(expected) + 0.08 * expected).all()
    assert counts.corr(expected) > 0.98
