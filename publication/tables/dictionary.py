"""The data dictionary: every column of every table in a release, described.

Walk in: `dictionary.toml` and `dictionary_*.toml` beside this module, and a release's folder. Walk out:
`data_dictionary.csv`, and the list of columns that are published but not described, or described but not published.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

DICTIONARY = "data_dictionary.csv"
COLUMNS = ["file", "column", "type", "unit", "meaning", "allowed"]
TYPES = ["text", "date", "whole number", "number", "true or false"]


def data_dictionary() -> pd.DataFrame:
    """The descriptions, one row a file and column: file, column, type, unit, meaning, allowed."""
    rows = [
        {**entry, "column": entry["name"], "file": file, "order": order}
        for order, entry in enumerate(_descriptions()["column"])
        for file in entry["files"]
    ]
    table = pd.DataFrame(rows).sort_values(["file", "order"], ignore_index=True)
    return table.reindex(columns=COLUMNS).fillna("")


def file_meanings() -> dict[str, str]:
    """What each file of a release holds, by its path or pattern, the more particular first."""
    return {entry["name"]: entry["meaning"] for entry in _descriptions()["file"]}


def write_dictionary(folder: Path) -> None:
    """Write `data_dictionary.csv` into a release's folder."""
    data_dictionary().to_csv(folder / DICTIONARY, index=False, lineterminator="\n")


def undescribed(folder: Path) -> list[str]:
    """What the dictionary and the tables of a release do not agree on; empty when all is described as it is.

    Compares the columns of every Parquet and CSV file, and the types that Parquet states.
    """
    dictionary = data_dictionary()
    described = {
        str(file): dict(zip(rows["column"], rows["type"], strict=True)) for file, rows in dictionary.groupby("file")
    }
    found: dict[str, dict[str, str | None]] = {}
    problems = []
    for path, columns in _published(folder):
        name = path.relative_to(folder).as_posix()
        entry = next((file for file in described if fnmatch(name, file)), None)
        if entry is None:
            problems.append(f"{name}: is not described")
            continue
        found[entry] = columns
        problems += [f"{name}: column {column} is not described" for column in columns.keys() - described[entry].keys()]
        problems += [f"{name}: column {column} is absent" for column in described[entry].keys() - columns.keys()]
        problems += [
            f"{name}: column {column} is {kind}, described as {described[entry][column]}"
            for column, kind in columns.items()
            if kind is not None and kind != described[entry].get(column, kind)
        ]
    absent = described.keys() - found.keys() - _optional()
    return sorted(problems + [f"{file}: is described but absent" for file in absent])


def _optional() -> set[str]:
    """The files that a run may have nothing for."""
    return {entry["name"] for entry in _descriptions()["file"] if entry.get("optional", False)}


@cache
def _descriptions() -> dict:
    parts = [
        tomllib.loads(file.read_text(encoding="utf-8"))
        for file in sorted(Path(__file__).parent.glob("dictionary*.toml"))
    ]
    return {kind: [entry for part in parts for entry in part.get(kind, [])] for kind in ("column", "file")}


def _published(folder: Path) -> Iterator[tuple[Path, dict[str, str | None]]]:
    """Each table of a release with its columns and, where the file states them, their types."""
    for path in sorted(folder.rglob("*.parquet")):
        yield path, {field.name: _type(field.type) for field in pq.read_schema(path)}
    for path in sorted(folder.rglob("*.csv")):
        yield path, dict.fromkeys(pd.read_csv(path, nrows=0).columns)


def _type(kind: pa.DataType) -> str:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    checks = [
        ("text", pa.types.is_string(kind) or pa.types.is_large_string(kind)),
        ("date", pa.types.is_timestamp(kind)),
        ("whole number", pa.types.is_integer(kind)),
        ("number", pa.types.is_floating(kind)),
        ("true or false", pa.types.is_boolean(kind)),
    ]
    return next((name for name, holds in checks if holds), str(kind))
