"""The record counts years inside their ranges, last year and long, side by side."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from publication.numbers.record.track_record import record_in_words, record_table, track_record

pytestmark = pytest.mark.unit


def years(origin: str, ahead: int, hits: int, of: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "origin": pd.Timestamp(origin),
            "years_ahead": ahead,
            "area_level": "force",
            "area_code": "F",
            "crime_level": "major",
            "crime_type": [f"TYPE {number}" for number in range(of)],
            "measure": "all recorded",
            "middle": 100,
            "low": 90,
            "high": 110,
            "recorded": [105.0] * hits + [150.0] * (of - hits),
        }
    )


def test_last_year_and_the_long_record_are_told_apart(publication: Any) -> None:
    past = pd.concat([years("2024-03-01", 1, 6, 11), years("2023-03-01", 1, 10, 11), years("2023-03-01", 2, 5, 11)])
    contents = publication.contents(past_years=past)
    table = record_table(contents.track_record)
    assert table["Last year: in range"].tolist() == ["6 of 11 (54.5\N{NO-BREAK SPACE}%)"]
    assert table["Long record, one year ahead: in range"].tolist() == ["16 of 22 (72.7\N{NO-BREAK SPACE}%)"]
    words = record_in_words(contents)
    assert "6 came in inside" in words
    assert "two years ahead 5 of 11 over one past forecast (too few: ranges were too narrow)" in words
    found = track_record(contents.track_record)
    assert found.loc[found["which"] == "newest", "inside"].tolist() == [6]


def test_a_run_without_a_record_says_nothing(publication: Any) -> None:
    assert record_table(publication.contents().track_record).empty
    assert record_in_words(publication.contents()) == ""
