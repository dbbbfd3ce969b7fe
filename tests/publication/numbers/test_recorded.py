"""What was recorded stands beside what is expected, and is never too small."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from models.forecast.vocabulary import EXCLUDING
from publication.numbers.recorded import (
    NEIGHBOURHOOD,
    all_recorded,
    last_twelve,
    members,
    recorded,
    told_types,
)
from publication.numbers.years import years_ahead

pytestmark = pytest.mark.unit
FIRST = pd.Timestamp("2024-04-01")


def test_counts_add_up_over_areas_and_crime_types(publication: Any) -> None:
    contents = publication.contents()
    by_level = {level: recorded(contents, level, FIRST) for level in ("ward", "borough", "bcu", "force")}
    total = publication.offences[publication.offences["month"] >= FIRST]["count"].sum()
    for counts in by_level.values():
        sums = counts.groupby(["crime_level", "crime_type"]).sum()
        assert sums["all", "all"] == sums["major"].sum() == sums["minor"].sum() == total
        assert sums[NEIGHBOURHOOD] == sums["minor", "RESIDENTIAL BURGLARY"]
    assert last_twelve(contents) == FIRST


def test_who_changes_a_table_that_others_share_changes_his_own(publication: Any) -> None:
    contents = publication.contents()
    counts = recorded(contents, "borough", FIRST)
    before = counts.copy(deep=True)
    counts.iloc[:] = -1.0
    pd.testing.assert_series_equal(recorded(contents, "borough", FIRST), before)
    none = publication.contents(offences=publication.offences.iloc[:0])
    assert recorded(none, "borough", FIRST).sum() == 0


def test_a_total_of_which_some_offences_are_withheld_is_missing(publication: Any) -> None:
    contents = publication.contents(protected_types=("ARSON",), withheld_counts=("ARSON",))
    counts = recorded(contents, "borough", FIRST)
    whole = counts.unstack(["crime_level", "crime_type"])
    assert whole["all", "all"].isna().all()
    assert whole["major", "ARSON AND CRIMINAL DAMAGE"].isna().all()
    assert (whole["major", "ARSON AND CRIMINAL DAMAGE" + EXCLUDING] == whole["minor", "CRIMINAL DAMAGE"]).all()
    assert whole["all", "all" + EXCLUDING].notna().all()
    told = told_types(contents.crime)
    assert ("all", "all") not in told
    assert ("all", "all" + EXCLUDING) in told
    assert ("major", "BURGLARY") in told


def test_nothing_is_withheld_where_counts_are_published(publication: Any) -> None:
    contents = publication.contents(protected_types=("ARSON",))
    assert ("all", "all" + EXCLUDING) in members(contents.crime)
    assert not [name for _, name in told_types(contents.crime) if name.endswith(EXCLUDING)]


def test_years_stand_side_by_side(publication: Any) -> None:
    table = years_ahead(publication.contents(), "borough")
    cells = publication.all_recorded[(publication.all_recorded["area_level"] == "borough")]
    cells = cells[(cells["period"] == "year") & (cells["month"] == pd.Timestamp("2026-04-01"))]
    expected = cells.set_index(["area_code", "crime_level", "crime_type"])["q50"]
    found = table.set_index(["area_code", "crime_level", "crime_type"])["2026/27 median"]
    np.testing.assert_allclose(found.sort_index(), expected.sort_index())
    assert list(table["crime_type"][:3]) == ["all", "ARSON AND CRIMINAL DAMAGE", "ARSON"], "in reading order"


def test_all_recorded_counts_each_offence_once_and_says_where_it_cannot_be_known(publication: Any) -> None:
    contents = publication.contents()
    lost = publication.unlocated_offences
    lost = lost[lost["month"] >= FIRST]
    of_force = all_recorded(contents, "force", FIRST).xs("all", level="crime_type").iloc[0]
    located = publication.offences[publication.offences["month"] >= FIRST]["count"].sum()
    assert of_force == located + lost["count"].sum()
    boroughs = all_recorded(contents, "borough", FIRST).xs("all", level="crime_type")
    assert boroughs.sum() == located + lost[lost["area_code"] != "E23000099"]["count"].sum()
    year_before = all_recorded(contents, "borough", FIRST - pd.DateOffset(years=1)).xs("all", level="crime_type")
    assert year_before.isna().all(), "boroughs published their unlocated offences for the last 13 months only"
    assert all_recorded(contents, "force", FIRST - pd.DateOffset(years=1)).notna().all()


def test_a_forecast_shorter_than_a_year_has_no_years(make: Callable[..., Any]) -> None:
    assert years_ahead(make(horizon=6).contents(), "force").empty
