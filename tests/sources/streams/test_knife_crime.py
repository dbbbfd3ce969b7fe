"""Knife crime as the scorecard counts it is the stream of that name, whole."""

from __future__ import annotations

import pandas as pd
import pytest

from sources.streams.knife_crime import SERIES, knife_crime_of
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.unit
AREAS = pd.DataFrame({"borough_code": ["E09000001", "E09000002"], "force_code": "E23000001"})


def test_a_borough_series_and_month_without_a_row_had_none() -> None:
    months = pd.to_datetime(["2024-01-01", "2024-02-01", "2024-02-01"]).astype("datetime64[us]")
    values = pd.DataFrame(
        {
            "stream": "knife_crime",
            "area_code": ["E09000001", "E09000002", "E23000001"],
            "series": ["Knife Crime", "Knife Crime with Injury", "Knife Crime"],
            "start": months,
            "value": [5.0, 3.0, 2.0],
        }
    )
    table = knife_crime_of(values, AREAS)
    counts = table.set_index(["area_code", "series", "month"])["count"]
    assert counts["E09000001", "knife crime", months[0]] == 5
    assert counts["E09000002", "knife crime", months[0]] == 0
    assert counts["E23000001", "knife crime", months[1]] == 2
    assert counts.sum() == 10
    assert len(counts) == 3 * len(SERIES) * 2


def test_without_the_stream_there_is_none(simulated_tables: ForceTables) -> None:
    assert knife_crime_of(simulated_tables.stream_values.iloc[:0], AREAS).empty
    of_force = simulated_tables.knife_crime
    stream = simulated_tables.stream_values.query("stream == 'knife_crime'")
    assert of_force["count"].sum() == stream["value"].sum()
