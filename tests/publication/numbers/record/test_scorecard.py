"""The scorecard sets what was recorded against what was expected, and says where it came in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from publication.numbers.record.scorecard import COLUMNS, scorecard
from publication.numbers.recorded import NEIGHBOURHOOD
from publication.pages.scorecard_page import write_scorecard
from publication.release.contents import Contents
from publication.tables.dictionary import undescribed

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def contents(publication: Any, reported: Callable[..., Contents]) -> Contents:
    return reported(publication)


@pytest.fixture(scope="module")
def table(contents: Contents) -> pd.DataFrame:
    return scorecard(contents)


def test_boroughs_come_in_inside_above_or_below(table: pd.DataFrame) -> None:
    past = table[(table["part"] == "last_year") & (table["crime_level"] != "group")]
    inside = past["recorded"].between(past["low"], past["high"])
    assert (past[inside]["outcome"] == "inside").all()
    assert (past[past["recorded"] > past["high"]]["outcome"] == "above").all()
    assert (past[past["recorded"] < past["low"]]["outcome"] == "below").all()
    assert list(table.columns) == COLUMNS
    total = past[past["crime_level"] == "all"]
    assert list(total["area_level"]) == ["force", "borough", "borough", "borough"]
    assert total["recorded"].iloc[0] > total["recorded"].iloc[1:].sum(), "some have no known borough"
    assert (total["first_month"] == pd.Timestamp("2024-04-01")).all()


def test_the_sum_of_neighbourhood_crimes_has_an_interval_only_if_it_was_drawn(
    table: pd.DataFrame, contents: Contents, publication: Any, reported: Callable[..., Contents]
) -> None:
    made = table[(table["part"] == "last_year") & (table["crime_type"] == NEIGHBOURHOOD[1])]
    assert made["low"].isna().all()
    assert (made["outcome"] == "").all()
    burglary = table[(table["part"] == "last_year") & (table["crime_type"] == "RESIDENTIAL BURGLARY")]
    np.testing.assert_allclose(made["expected"], burglary["expected"])
    cells = contents.track_record.last_year_all_recorded
    drawn = cells[cells["crime_type"] == "RESIDENTIAL BURGLARY"]
    drawn = drawn.assign(crime_level=NEIGHBOURHOOD[0], crime_type=NEIGHBOURHOOD[1])
    given = scorecard(reported(publication, last_year_all_recorded=pd.concat([cells, drawn], ignore_index=True)))
    given = given[(given["part"] == "last_year") & (given["crime_type"] == NEIGHBOURHOOD[1])]
    assert given["low"].notna().all()
    assert list(given["outcome"]) == list(burglary["outcome"])


def test_the_next_quarter_is_three_months_beside_the_same_ones_last_year(
    table: pd.DataFrame, publication: Any, reported: Callable[..., Contents]
) -> None:
    ahead = table[(table["part"] == "next_quarter") & (table["crime_level"] == "all")]
    months = publication.all_recorded[publication.all_recorded["month"] < pd.Timestamp("2025-07-01")]
    months = months[(months["period"] == "month") & (months["area_level"] == "force")]
    assert ahead["expected"].iloc[0] == pytest.approx(months[months["crime_level"] == "all"]["mean"].sum())
    assert ahead["low"].isna().all()
    recent = publication.offences["month"].between(pd.Timestamp("2024-04-01"), pd.Timestamp("2024-06-01"))
    lost = publication.unlocated_offences
    lost = lost[lost["month"].between(pd.Timestamp("2024-04-01"), pd.Timestamp("2024-06-01"))]
    assert ahead["recorded_before"].iloc[0] == publication.offences[recent]["count"].sum() + lost["count"].sum()
    located, every = (
        table[(table["month"] == pd.Timestamp("2025-04-01")) & (table["period"] == "month")].assign(period="quarter")
        for table in (publication.forecast, publication.all_recorded)
    )
    both = pd.concat([publication.all_recorded, every], ignore_index=True)
    drawn = scorecard(reported(publication, quarters=located, all_recorded=both))
    drawn = drawn[(drawn["part"] == "next_quarter") & (drawn["crime_level"] == "all")]
    assert drawn["low"].notna().all()


def test_knife_crime_stands_apart_and_changes_only_beyond_chance(
    contents: Contents, publication: Any, reported: Callable[..., Contents]
) -> None:
    counts = contents.recorded.knife_crime
    rising = (counts["area_code"] == "E09000001") & (counts["month"] >= pd.Timestamp("2024-04-01"))
    table = scorecard(reported(publication, knife_crime=counts.assign(count=counts["count"].where(~rising, 9))))
    knife = table[table["part"] == "knife_crime"]
    knife = knife[knife["crime_type"] == "knife crime with injury"].set_index("area_code")
    assert knife.loc["E09000001", "outcome"] == "rose"
    assert knife.loc["E09000000", "outcome"] == "no more than chance"
    assert (knife["crime_level"] == "flag").all()
    assert knife["expected"].isna().all(), "no forecast is made of it"
    assert (
        knife[knife["area_level"] == "force"]["recorded"].iloc[0]
        == knife[knife["area_level"] != "force"]["recorded"].sum()
    )
    assert knife[knife["area_level"] == "unlocated"]["area_name"].iloc[0] == "No known borough"


def test_what_is_not_there_is_said(publication: Any, make: Callable[..., Any], tmp_path: Path) -> None:
    write_scorecard(tmp_path, make(horizon=2).contents())
    page = (tmp_path / "scorecard.html").read_text(encoding="utf-8")
    for sentence in (
        "nothing can be compared",
        "shorter than a quarter",
        "no figures of knife crime",
    ):
        assert sentence in page
    assert pd.read_csv(tmp_path / "scorecard-SIMULATED.csv").empty


def test_the_page_is_made_of_the_table(contents: Contents, tmp_path: Path) -> None:
    write_scorecard(tmp_path, contents)
    page = (tmp_path / "scorecard.html").read_text(encoding="utf-8")
    table = scorecard(contents)
    total = table[(table["part"] == "last_year") & (table["crime_level"] == "all")]
    for number in total["recorded"]:
        assert f">{number:,.0f}<" in page
    assert (tmp_path / "pictures" / "scorecard.svg").exists()
    assert not [problem for problem in undescribed(tmp_path) if problem.startswith("scorecard")]
