"""Files counted a second time, without any of the readers: by Python's own csv and json modules, and by DuckDB.

Walks in: the path of a file, damaged or not. Walk out: its rows as text by column, from which a case sums up what its
reader should have found. What cannot be counted here is an `UncountableError`.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

Row = dict[str, str]


class UncountableError(Exception):
    """The file is none that can be counted."""


def text_of(path: Path) -> str:
    """Return the text of a file, gzipped or not."""
    content = path.read_bytes()
    try:
        return (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise UncountableError(error) from error


def rows_of(path: Path) -> list[Row]:
    """Return the rows of a CSV or Parquet file that hold anything, as text by column."""
    return _parquet(path) if path.suffix == ".parquet" else rows_of_text(text_of(path))


def rows_of_text(text: str) -> list[Row]:
    """Return the rows of CSV text that hold anything."""
    csv.field_size_limit(10**9)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise UncountableError(error) from error
    if not lines:
        raise UncountableError("no line")
    header = [name.strip() for name in lines[0]]
    rows = [line for line in lines[1:] if any(line)]
    if any(len(row) != len(header) for row in rows):
        raise UncountableError("a row of another width than the header")
    return [dict(zip(header, row, strict=True)) for row in rows]


def rows_of_zip(path: Path, ending: str) -> list[Row]:
    """Return the rows of all files in a zip whose names end so."""
    try:
        with zipfile.ZipFile(path) as archive:
            contents = [archive.read(name) for name in archive.namelist() if name.endswith(ending)]
        return [row for content in contents for row in rows_of_text(content.decode("utf-8-sig"))]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError) as error:
        raise UncountableError(error) from error


def features_of(path: Path) -> list[dict[str, Any]]:
    """Return the features of a GeoJSON file."""
    try:
        return list(json.loads(text_of(path))["features"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UncountableError(error) from error


def coordinates(shape: Any) -> list[float]:
    """Return all numbers of nested lists of coordinates; only the first two of a point."""
    if isinstance(shape[0], list):
        return [number for part in shape for number in coordinates(part)]
    return shape[:2]


def number(cell: str) -> Decimal:
    """Return the number that a cell holds."""
    try:
        return Decimal(cell.strip())
    except InvalidOperation as error:
        raise UncountableError(f"no number: {cell[:40]!r}") from error


def total(rows: Iterable[Row], columns: Collection[str]) -> float:
    """Return the sum of the columns over the rows."""
    return float(sum((number(row[column]) for row in rows for column in columns), Decimal(0)))


def columns_like(rows: list[Row], pattern: str) -> list[str]:
    """Return the columns whose names are of the pattern."""
    return [column for column in rows[0] if re.fullmatch(pattern, column)] if rows else []


@lru_cache
def _database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1, "memory_limit": "1GB"})


def _parquet(path: Path) -> list[Row]:
    try:
        found = _database().execute("SELECT * FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in found.description or ()]
        return [
            {name: "" if cell is None else str(cell) for name, cell in zip(names, row, strict=True)}
            for row in found.fetchall()
        ]
    except (duckdb.Error, UnicodeDecodeError, ValueError, OverflowError) as error:
        raise UncountableError(error) from error
