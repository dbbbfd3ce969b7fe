"""What an open release tells of streams: nothing finer than declared, nothing recorded of a few people."""

from __future__ import annotations

import pandas as pd
import pytest

from publication.disclosure.streams import guarded, open_forecast, open_values

pytestmark = pytest.mark.unit
AREAS = pd.DataFrame(
    {
        "ward_code": ["W1", "W2", "W3"],
        "borough_code": ["B1", "B1", "B2"],
        "bcu_code": ["C1", "C1", "C1"],
        "force_code": "F",
    }
)
STREAMS = pd.DataFrame(
    {
        "stream": ["calls", "missing", "flag"],
        "area_level": ["ward", "ward", "borough"],
        "finest_open_level": ["borough", "borough", "borough"],
        "sensitive": [False, True, True],
        "openly_published": [False, False, True],
    }
)
MONTH = pd.Timestamp("2024-01-01")


def values(stream: str, by_area: dict[str, float]) -> pd.DataFrame:
    rows = [
        {"stream": stream, "area_code": area, "series": "all", "start": MONTH, "value": n}
        for area, n in by_area.items()
    ]
    return pd.DataFrame(rows)


def told(table: pd.DataFrame, smallest: int = 5) -> dict[str, float]:
    stream = STREAMS[STREAMS["stream"] == table["stream"].iloc[0]]
    return open_values(table, stream, AREAS, smallest).set_index("area_code")["value"].to_dict()


def test_values_are_summed_to_the_finest_open_level_and_no_total_changes() -> None:
    by_area = {"W1": 3.0, "W2": 4.0, "W3": 2.0, "B2": 1.0, "F": 6.0}
    assert told(values("calls", by_area)) == {"B1": 7.0, "B2": 3.0, "F": 6.0}


def test_of_a_sensitive_stream_that_nobody_published_only_the_force_is_told_and_no_small_number() -> None:
    assert told(values("missing", {"W1": 3.0, "W3": 2.0, "F": 6.0})) == {"F": 11.0}
    assert told(values("missing", {"W1": 3.0})) == {}
    assert told(values("flag", {"B1": 1.0})) == {"B1": 1.0}, "what a publisher has told is no secret"
    assert guarded(STREAMS) == {"missing"}


def test_forecasts_stop_at_the_finest_open_level_and_do_not_give_away_the_year_before() -> None:
    rows = [
        {"stream": stream, "area_level": level, "mean": 1.0, "year_before": 2.0, "chance_of_rise": 0.5}
        for stream in STREAMS["stream"]
        for level in ("ward", "borough", "bcu", "force")
    ]
    ahead = open_forecast(pd.DataFrame(rows), STREAMS)
    assert set(ahead["area_level"]) == {"borough", "bcu", "force"}
    hidden = ahead["stream"] == "missing"
    assert ahead.loc[hidden, ["year_before", "chance_of_rise"]].isna().all(axis=None)
    assert ahead.loc[~hidden, "year_before"].eq(2.0).all()
