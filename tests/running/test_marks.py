"""A mark is found in whatever a run may leave behind."""

from __future__ import annotations

import base64
import gzip
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import xarray as xr

from tests.running.marks import files_that_hold

pytestmark = pytest.mark.unit

MARK, NUMBER = "zqmarked", 51.498765432
BYTES = MARK.encode() + b"\xff\x00"  # no text, as a geometry is none
TABLE = pd.DataFrame({"text": ["plain", f"a {MARK.upper()} text"] * 600, "number": [1.5, NUMBER] * 600})


def packed(file: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.csv.gz", gzip.compress(TABLE.to_csv().encode()))


def page(file: Path) -> None:
    data = base64.b64encode(gzip.compress(TABLE.to_csv().encode()))
    file.write_bytes(b'ward("' + data + b'")')


def sqlite(file: Path) -> None:
    with sqlite3.connect(file) as database:
        TABLE.to_sql("kept", database)


def duck(file: Path) -> None:
    with duckdb.connect(str(file)) as database:
        database.register("given", TABLE)
        database.execute("CREATE TABLE kept AS SELECT * FROM given")


WRITERS: dict[str, Callable[[Path], object]] = {
    "text.log": lambda file: TABLE.to_csv(file),
    "text.csv.gz": lambda file: TABLE.to_csv(file),
    "table.parquet": lambda file: TABLE.to_parquet(file, compression="zstd"),
    "geometry.parquet": lambda file: TABLE.assign(text=[BYTES] * len(TABLE)).to_parquet(file),
    "book.xlsx": lambda file: TABLE.to_excel(file),
    "archive.zip": packed,
    "data.js": page,
    "store.db": sqlite,
    "wardcast.duckdb": duck,
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_mark_is_found(name: str, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    WRITERS[name](tmp_path / "inner" / name)
    assert files_that_hold(tmp_path, [MARK, "absent"], [NUMBER, 2.25]) == [
        f"inner/{name}: {NUMBER}",
        f"inner/{name}: {MARK}",
    ]


def test_a_number_is_found_in_arrays(tmp_path: Path) -> None:
    xr.Dataset({"kept": ("ward", [1.0, NUMBER])}).to_netcdf(tmp_path / "arrays.nc", engine="scipy")
    assert files_that_hold(tmp_path, [MARK], [NUMBER]) == [f"arrays.nc: {NUMBER}"]
