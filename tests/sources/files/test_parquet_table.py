"""Parquet files read as plain tables, and refused where they are damaged or packed to do harm."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sources.files.errors import InputError
from sources.files.parquet_table import parse_parquet

pytestmark = pytest.mark.unit

FILE = Path("table.parquet")


def content_of(table: pa.Table) -> bytes:
    packed = io.BytesIO()
    pq.write_table(table, packed, compression="zstd")
    return packed.getvalue()


def test_types_are_kept_and_texts_are_text() -> None:
    table = pd.DataFrame(
        {
            "area": ["a", None],
            "kind": pd.Categorical(["x", "y"]),
            "count": [1, 2],
            "month": pd.to_datetime(["2024-01-01"] * 2),
        },
        index=[9, 9],
    )
    packed = io.BytesIO()
    table.to_parquet(packed)
    read = parse_parquet(packed.getvalue(), FILE)
    assert list(read) == list(table)
    assert read["area"].isna().tolist() == [False, True]
    assert read["kind"].tolist() == ["x", "y"]
    assert read["count"].dtype == "int64"
    assert read["month"].dtype == table["month"].dtype


def test_notes_that_pandas_left_are_passed_over() -> None:
    table = pa.table({"count": [5]}).replace_schema_metadata(
        {"pandas": '{"columns": [{"name": 7}], "index_columns": 5}'}
    )
    assert parse_parquet(content_of(table), FILE)["count"].tolist() == [5]


def test_a_text_repeated_until_it_fills_the_memory_is_refused() -> None:
    place = pa.array([0] * 5_000, pa.int32())
    table = pa.table({"name": pa.DictionaryArray.from_arrays(place, ["x" * 200_000])})
    content = content_of(table)
    assert len(content) < 100_000
    with pytest.raises(InputError, match="holds more than"):
        parse_parquet(content, FILE)


def test_rows_without_end_are_refused() -> None:
    content = content_of(pa.table({"count": pa.nulls(60_000_000, pa.int8())}))
    assert len(content) < 1_000_000
    with pytest.raises(InputError, match=r"60,000,000 cells"):
        parse_parquet(content, FILE)


def test_a_giant_page_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.files.parquet_table.LARGEST_CONTENT", 2**20)
    content = content_of(pa.table({"name": ["x" * 2**20]}))
    assert len(content) < 10_000
    with pytest.raises(InputError, match="holds more than"):
        parse_parquet(content, FILE)


@pytest.mark.parametrize("values", [[[1, 2]], [{"a": 1}], [b"\xff"]])
def test_columns_of_other_things_are_refused(values: list[object]) -> None:
    with pytest.raises(InputError, match="neither numbers nor text nor dates") as caught:
        parse_parquet(content_of(pa.table({"count": [1], "odd": values})), FILE)
    assert caught.value.column == "odd"


def test_bytes_that_are_no_text_are_refused() -> None:
    wrong = pa.array([b"Caf\xe9"]).view(pa.string())
    with pytest.raises(InputError, match="not Parquet, or is cut short or damaged"):
        parse_parquet(content_of(pa.table({"name": wrong})), FILE)
