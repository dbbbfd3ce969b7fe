"""The scorecard of flags: recorded against the forecast of it, the quarter ahead, and who came in where."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from publication.numbers.record.stream_scorecard import COLUMNS, stream_scorecard
from publication.release.contents import Contents
from tests.publication.fictional_force import Publication

pytestmark = pytest.mark.unit


def tables(areas: pd.DataFrame, recorded: float) -> dict[str, pd.DataFrame]:
    """A flag of the first borough and the force: 12 months recorded, a year forecast at 100 (80 to 120)."""
    borough, force = areas.iloc[0], areas["force_code"].iloc[0]
    months = pd.date_range("2023-04-01", periods=24, freq="MS")
    cells = [("borough", borough["borough_code"], borough["borough_name"]), ("force", force, "Force")]
    rows = [
        {
            "stream": "knife", "origin": months[-1], "area_level": level, "area_code": code, "area_name": name,
            "series": "all", "period": period, "month": months[-1] + pd.DateOffset(months=1), "mean": 100.0,
            "q10": 80.0, "q50": 99.0, "q90": 120.0, "year_before": 90.0, "chance_of_rise": 0.7,
        }
        for level, code, name in cells
        for period in ("month", "quarter", "year")
    ]  # fmt: skip
    ahead = pd.DataFrame(rows)
    values = pd.DataFrame({"start": months, "value": recorded / 12}).assign(
        stream="knife", area_code=borough["borough_code"], series="all"
    )
    streams = pd.DataFrame({"stream": ["knife"], "title": ["Knife crime"], "overlaps": ["ROBBERY"]})
    return {
        "streams": streams,
        "stream_values": values,
        "stream_forecast": ahead,
        "stream_last_year": ahead.assign(month=months[12], origin=months[11]),
    }


@pytest.mark.parametrize(("recorded", "outcome"), [(100.0, "inside"), (132.0, "above"), (60.0, "below")])
def test_the_last_year_is_held_against_its_forecast(
    publication: Publication, reported: Callable[..., Contents], recorded: float, outcome: str
) -> None:
    contents = reported(publication)
    table = stream_scorecard(reported(publication, **tables(contents.geography.areas, recorded)))
    assert list(table.columns) == COLUMNS
    assert list(table["area_level"]) == ["force", "borough"]
    assert table["recorded"].tolist() == pytest.approx([recorded, recorded])
    assert set(table["outcome"]) == {outcome}
    assert set(table["chance_of_rise"]) == {0.7}
    assert table["first_month"].iloc[0] == pd.Timestamp("2024-04-01")


def test_without_flags_there_is_no_scorecard_of_them(
    publication: Publication, reported: Callable[..., Contents]
) -> None:
    assert stream_scorecard(reported(publication)).empty
