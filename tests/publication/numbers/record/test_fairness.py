"""Fifths of wards, and what is measured in them, against known truth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publication.numbers.record.fairness import bias_by_type, by_fifth, fifths
from publication.numbers.record.past_year import apart, past_months, past_year

pytestmark = pytest.mark.unit


@given(st.lists(st.floats(-5, 5), min_size=5, max_size=60))
def test_fifths_are_even_and_in_order(values: list[float]) -> None:
    table = pd.Series(values, index=[f"E{place}" for place in range(len(values))])
    found = fifths(table)
    sizes = found.value_counts()
    assert set(sizes.index) == {1, 2, 3, 4, 5}
    assert sizes.max() - sizes.min() <= 1
    highest, lowest = table.groupby(found).max(), table.groupby(found).min()
    assert (highest[:-1].to_numpy() <= lowest[1:].to_numpy()).all()


def test_error_bias_and_coverage_are_what_they_say() -> None:
    table = pd.DataFrame(
        {
            "fifth": [1, 1, 2, 2],
            "expected": [12.0, 8.0, 30.0, 10.0],
            "low": [8, 10, 20, 5],
            "high": [14, 12, 40, 15],
            "recorded": [10, 10, 20, 16],
        }
    )
    found = apart(table, ["fifth"]).set_index("fifth")
    assert found.loc[1, "error"] == pytest.approx(4 / 20)
    assert found.loc[1, "bias"] == pytest.approx(0)
    assert found.loc[2, "bias"] == pytest.approx(40 / 36 - 1)
    assert (found.loc[1, "coverage_low"], found.loc[1, "coverage_high"]) == (0.5, 1.0), "ends outside, then inside"
    assert (found.loc[2, "coverage_low"], found.loc[2, "coverage_high"]) == (0.0, 0.5)
    assert found.loc[1, "width"] == pytest.approx(8 / 20)


def test_the_past_year_is_what_was_forecast_beside_what_came(publication: Any, reported: Callable[..., Any]) -> None:
    contents = reported(publication)
    year, months = past_year(contents, "ward"), past_months(contents, "ward")
    total = publication.offences[publication.offences["month"] >= pd.Timestamp("2024-04-01")]["count"].sum()
    assert year[year["crime_level"] == "all"]["recorded"].sum() == total == months["recorded"].sum()
    assert len(months) == 12 * len(publication.areas)


def test_a_lean_in_one_fifth_is_found(make: Callable[..., Any], reported: Callable[..., Any]) -> None:
    made = make(wards=60, boroughs=6)
    contents = reported(made)
    recorded = past_year(contents, "ward").set_index(["area_code", "crime_level", "crime_type"])["recorded"]
    cells = contents.track_record.last_year
    keys = pd.MultiIndex.from_frame(cells[["area_code", "crime_level", "crime_type"]])
    truth = recorded.reindex(keys).to_numpy()
    codes = sorted(made.areas["ward_code"])
    high = cells["area_code"].isin(codes[:12]).to_numpy()
    yearly = ((cells["period"] == "year") & (cells["area_level"] == "ward")).to_numpy()
    mean = np.where(yearly, np.where(high, 1.5 * truth, truth), cells["mean"])
    found = by_fifth(reported(made, last_year=cells.assign(mean=mean)), "deprivation").set_index("fifth")
    assert found.loc[1, "bias"] == pytest.approx(0.5)
    assert found.loc[[2, 3, 4, 5], "bias"].abs().max() == pytest.approx(0, abs=1e-9)
    assert found.loc[1, "beyond_force_low"] > 0
    assert (found.loc[[2, 3, 4, 5], "beyond_force_high"] < 0).all()
    types = bias_by_type(reported(made, last_year=cells.assign(mean=mean)), "deprivation")
    assert np.allclose(types["1"].dropna(), 0.5)


def test_wards_without_profile_or_last_year_have_no_fifths(publication: Any, reported: Callable[..., Any]) -> None:
    contents = reported(publication)
    assert by_fifth(reported(publication, last_year=contents.track_record.last_year.iloc[:0]), "black").empty
    assert by_fifth(reported(publication, ward_profile=contents.geography.ward_profile.iloc[:0]), "black").empty
