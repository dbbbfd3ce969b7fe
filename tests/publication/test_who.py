"""Who is growing where, and what it implies: arithmetic that can be checked by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from publication.contents import EXCLUDING, Contents
from publication.dictionary import undescribed
from publication.waterfall import moving, two_legs
from publication.who import COLUMNS, mid_year, who_grows
from publication.who_page import write_who

pytestmark = pytest.mark.unit


def violent(cells: pd.DataFrame, name: str = "ROBBERY") -> pd.DataFrame:
    """The forecast with burglary named as one of the types that the page is about."""
    return cells.assign(crime_type=cells["crime_type"].replace({"BURGLARY": name}))


@pytest.fixture(scope="module")
def contents(publication: Any, reported: Callable[..., Contents]) -> Contents:
    made = reported(publication)
    return reported(publication, forecast_by_age=violent(made.forecast_by_age))


def test_growth_is_of_residents_and_wards_come_by_how_many_more(contents: Contents, publication: Any) -> None:
    table = who_grows(contents)
    assert list(table.columns) == COLUMNS
    wards = table[(table["area_level"] == "ward") & (table["age_group"] == "10-17") & (table["age_basis"] == "victim")]
    assert list(wards["area_code"]) == sorted(publication.areas["ward_code"], reverse=True), "the last grows most"
    last = wards.iloc[0]
    assert (last["from_year"], last["to_year"]) == (2025, 2026)
    assert (last["residents"], last["residents_ahead"]) == pytest.approx((600, 630))
    assert (last["residents_low"], last["residents_high"]) == pytest.approx((567, 693))
    assert last["growth"] == pytest.approx(0.05)
    boroughs = table[(table["area_level"] == "borough") & (table["age_basis"] == "victim")]
    assert boroughs["residents"].sum() == pytest.approx(2 * sum(range(100, 700, 100)))


def test_what_growth_implies_is_the_first_year_times_growth(contents: Contents) -> None:
    table = who_grows(contents)
    ward = table[(table["area_level"] == "ward") & (table["age_group"] == "18-24")].iloc[0]
    assert ward["implied"] == pytest.approx(ward["expected"] * ward["growth"])
    assert ward["implied_low"] == pytest.approx(ward["expected"] * (ward["residents_low"] / ward["residents"] - 1))
    assert ward["rate"] == pytest.approx(1000 * ward["expected"] / ward["residents"])
    assert ward["rate_misleads"] == "few", "600 residents are few"


def test_wards_tell_a_type_without_its_protected_ones_and_boroughs_the_whole(
    publication: Any, reported: Callable[..., Contents]
) -> None:
    ages = reported(publication).forecast_by_age
    whole, part = violent(ages), violent(ages, f"ROBBERY{EXCLUDING}")
    both = pd.concat([whole[whole["area_level"] != "ward"], part[part["crime_type"] == f"ROBBERY{EXCLUDING}"]])
    table = who_grows(reported(publication, forecast_by_age=both, protected_types=("ARSON",)))
    names = table.groupby("area_level")["crime_type"].unique()
    assert list(names["ward"]) == [f"ROBBERY{EXCLUDING}"]
    assert list(names["borough"]) == ["ROBBERY"]


def test_residents_without_offences_by_age_still_rank(publication: Any, reported: Callable[..., Contents]) -> None:
    table = who_grows(reported(publication, forecast_by_age=publication.forecast.iloc[:0]))
    assert len(table) == 2 * (6 + 3)
    assert table["expected"].isna().all()


def test_years_of_residents_are_those_within_the_twelve_months() -> None:
    assert mid_year(pd.Timestamp("2025-04-01")) == 2025
    assert mid_year(pd.Timestamp("2025-10-01")) == 2026


def test_two_legs_share_the_year_between_them() -> None:
    first = pd.DataFrame({"step": ["before", "rate", "after"], "offences": [100.0, -10.0, 90.0]})
    second = pd.DataFrame({"step": ["before", "age mix", "rate", "after"], "offences": [90.0, 5.0, 1.0, 96.0]})
    shown = moving(two_legs(first, second))
    assert list(shown["step"]) == ["before", "rate", "now", "age mix", "rate", "after"]
    assert list(shown["start"]) == [100, 100, 90, 90, 95, 96]
    assert list(shown["end"]) == [100, 90, 90, 95, 96, 96]


def test_the_page_has_its_pictures_or_says_that_there_are_none(
    contents: Contents, publication: Any, tmp_path: Path
) -> None:
    write_who(tmp_path, contents)
    page = (tmp_path / "who.html").read_text(encoding="utf-8")
    assert "pictures/demand_all.svg" in page
    assert (tmp_path / "pictures" / "demand_all.svg").exists()
    assert not [problem for problem in undescribed(tmp_path) if problem.startswith("who")]
    (tmp_path / "bare").mkdir()
    write_who(tmp_path / "bare", publication.contents())
    bare = (tmp_path / "bare" / "who.html").read_text(encoding="utf-8")
    assert "no residents by age ahead" in bare
    assert "does not take its change apart" in bare
