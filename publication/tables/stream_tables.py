"""The tables of streams in a release: what each is, what was recorded, and what is expected.

Walk in: `Contents`. Walk out: `streams.csv`, `stream_values.parquet`, `stream_forecast.parquet` in a release's folder,
there where the force has streams. None of them is recorded crime, and no stream is part of another or of a crime type.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from models.forecast.vocabulary import QUANTILES
from models.streams.summary import STREAM_FORECAST
from publication.release.contents import Contents
from publication.tables.forecast_files import marked, sorted_categories, write_csv
from sources.tables.stream_contracts import STREAM_VALUES

STREAMS = ["stream", "title", "category", "unit", "kind", "area_level", "period", "first", "last", "total", "set_aside"]
STREAMS += ["overlaps", "within", "finest_open_level", "sensitive", "openly_published", "publisher", "licence"]
STREAMS += ["borrowed", "not_forecast_because"]


def write_stream_tables(folder: Path, contents: Contents) -> None:
    """Write the tables of streams into a release's folder; none for a force without streams."""
    if contents.other_demand.streams.empty:
        return
    mark = contents.facts.mark
    write_csv(folder / "streams.csv", contents.other_demand.streams[STREAMS])
    _write(folder / "stream_values.parquet", contents.other_demand.stream_values, mark)
    _write(folder / "stream_forecast.parquet", contents.other_demand.stream_forecast, mark)


def no_streams() -> dict[str, pd.DataFrame]:
    """Return the tables of streams without rows, their columns typed, as a force without streams has them."""
    dates, flags = {"first", "last", "start", "origin", "month"}, {"sensitive", "openly_published", "borrowed"}
    figures = {"total", "set_aside", "value", "mean", *QUANTILES, "year_before", "chance_of_rise"}

    def empty(columns: list[str]) -> pd.DataFrame:
        kinds = {
            name: "datetime64[us]" if name in dates else bool if name in flags else float if name in figures else str
            for name in columns
        }
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})

    return {
        "streams": empty(STREAMS),
        "stream_values": empty(list(STREAM_VALUES.columns)),
        "stream_forecast": empty(STREAM_FORECAST),
    }


def _write(path: Path, table: pd.DataFrame, mark: str) -> None:
    typed = table.copy(deep=False)
    for name in table:
        if name in ("origin", "month", "start"):
            typed[name] = table[name].astype("datetime64[us]")
        elif table[name].dtype.kind not in "iuf":
            typed[name] = sorted_categories(table[name].astype(str))
        else:
            typed[name] = table[name].astype("float64")
    pq.write_table(marked(typed, mark), path, compression="zstd", compression_level=9)
