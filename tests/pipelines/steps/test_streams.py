"""The step that forecasts streams: one table of all, each stream at its own origin, and why one is not forecast."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from models.streams.summary import STREAM_FORECAST
from models.uncertainty.variances import estimate_noise
from pipelines.kept.sealed_tables import write_sealed_tables
from pipelines.settings import Settings, load_settings
from pipelines.steps.streams import stream_tables
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load_settings(draws=60, horizon=12)


@pytest.fixture(scope="module")
def made(simulated_tables: ForceTables, settings: Settings) -> dict[str, pd.DataFrame]:
    return stream_tables(simulated_tables, settings, estimate_noise)


def test_a_stream_of_each_category_is_forecast(made: dict[str, pd.DataFrame]) -> None:
    ahead = made["stream_forecast"]
    assert list(ahead.columns) == STREAM_FORECAST
    assert set(ahead["stream"]) == set(made["streams"]["stream"])
    assert set(made["streams"]["category"]) == {"public", "protective", "internal"}
    assert made["streams"].set_index("stream")["borrowed"]["knife_crime"]
    flags = made["streams"].loc[made["streams"]["overlaps"] != "", "stream"]
    assert set(made["stream_last_year"]["stream"]) <= set(flags)


def test_each_stream_has_an_origin_of_its_own_and_a_short_one_says_why_not(
    simulated_tables: ForceTables, settings: Settings
) -> None:
    values = simulated_tables.stream_values
    kept = values["stream"].isin(["calls_999", "missing_people"])
    ends = pd.Timestamp("2024-12-01")
    cut = values[kept & ((values["stream"] != "calls_999") | (values["start"] <= ends))]
    late = pd.Timestamp("2023-12-01")
    cut = cut[(cut["stream"] != "missing_people") | (cut["start"] >= late)]
    streams = simulated_tables.streams[simulated_tables.streams["stream"].isin(["calls_999", "missing_people"])]
    made = stream_tables(replace(simulated_tables, streams=streams, stream_values=cut), settings, estimate_noise)
    assert set(made["stream_forecast"]["origin"]) == {ends}
    assert "too few" in made["streams"].set_index("stream")["not_forecast_because"]["missing_people"]


def test_the_folder_is_whole(made: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = write_sealed_tables(made, tmp_path_factory.mktemp("made") / "streams")
    again = pd.read_parquet(folder / "stream_forecast.parquet")
    pd.testing.assert_frame_equal(again, made["stream_forecast"], check_dtype=False)
    assert not list(folder.glob("*.part"))
