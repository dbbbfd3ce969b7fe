"""Alerts about streams: one that stalls, and a month that nobody expected."""

from __future__ import annotations

import pandas as pd
import pytest

from features.streams.arrivals import stalled_streams, surprising_streams
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.integration
LAST = pd.Timestamp("2025-03-01")


def test_a_stream_that_ends_early_is_told_and_one_that_is_up_to_date_is_not(simulated_tables: ForceTables) -> None:
    streams, values, areas = simulated_tables.streams, simulated_tables.stream_values, simulated_tables.areas
    assert stalled_streams(streams, values, LAST, areas).empty
    late = streams.assign(last=streams["last"].where(streams["stream"] != "calls_999", pd.Timestamp("2024-11-01")))
    alerts = stalled_streams(late, values, LAST, areas)
    assert list(alerts["said"]) == ["999 calls ends in November 2024, 4 months before the offences"]


@pytest.mark.parametrize(("low", "high", "alerts"), [(0.0, 1e9, 0), (0.0, 1.0, 1), (1e8, 1e9, 1)])
def test_a_month_outside_what_the_newest_release_said_is_told(
    simulated_tables: ForceTables, low: float, high: float, alerts: int
) -> None:
    rows = [
        {"stream": "minutes_taken", "series": "all", "month": LAST, "origin": origin, "q025": ends[0], "q975": ends[1]}
        for origin, ends in (("2025-01-01", (0.0, 0.5)), ("2025-02-01", (low, high)))
    ]
    said = pd.DataFrame(rows).astype({"month": "datetime64[us]"})
    found = surprising_streams(
        simulated_tables.stream_values, said, {"minutes_taken": "Minutes"}, simulated_tables.areas
    )
    assert len(found) == alerts
    assert all(text.startswith("Minutes: ") for text in found["said"])


def test_without_releases_there_is_nothing_to_hold_against(simulated_tables: ForceTables) -> None:
    assert surprising_streams(simulated_tables.stream_values, pd.DataFrame(), {}, simulated_tables.areas).empty
