"""Marks looked for in every file, whatever it is packed in."""

from __future__ import annotations

import base64
import gzip
import io
import re
import sqlite3
import struct
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

_GZIPPED_TEXT = re.compile(rb"H4sI[A-Za-z0-9+/]{40,}={0,2}")  # base64 of gzip, as pages that open from disk have it


def files_that_hold(folder: Path, texts: Iterable[str], numbers: Iterable[float] = ()) -> list[str]:
    """Return the files below a folder, with the mark, that hold a text (in any case) or a number."""
    marks = {text: [text.lower().encode()] for text in texts}
    marks |= {str(number): [str(number).encode(), *_as_bytes(number)] for number in numbers}
    return [
        f"{file.relative_to(folder)}: {name}"
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.is_symlink()
        for name in _held(file, marks)
    ]


def _held(file: Path, marks: dict[str, list[bytes]]) -> list[str]:
    held = set()
    for content in contents(file):
        plain = content.lower()
        held |= {name for name, forms in marks.items() if any(form in content or form in plain for form in forms)}
    return sorted(held)


def _as_bytes(number: float) -> list[bytes]:
    return [struct.pack(f"{order}d", number) for order in "<>"]


def contents(file: Path) -> Iterator[bytes]:
    """Yield what a file holds: as it is, and unpacked as often as it is packed."""
    raw = file.read_bytes()
    yield from _unpacked(raw)
    if raw.startswith(b"SQLite format 3\0"):
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            yield "\n".join(database.iterdump()).encode()
    elif raw[8:12] == b"DUCK":
        with duckdb.connect(str(file), read_only=True, config={"file_search_path": str(file.parent)}) as database:
            for (name,) in database.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                yield database.table(name).df().to_csv().encode()


def _unpacked(content: bytes) -> Iterator[bytes]:
    yield content
    if content.startswith(b"\x1f\x8b"):
        yield from _unpacked(gzip.decompress(content))
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                yield name.encode()
                yield from _unpacked(packed.read(name))
    elif content.startswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(content))
        yield str(table.schema).encode()
        binary = [name for name, kind in zip(table.column_names, table.schema.types, strict=True) if _is_binary(kind)]
        for name in binary:
            yield b"".join(value for value in table[name].to_pylist() if value)
        lists = [name for name in table.column_names if pa.types.is_nested(table[name].type)]
        for name in lists:
            yield repr(table[name].to_pylist()).encode()
        sink = io.BytesIO()
        pacsv.write_csv(table.drop_columns([*binary, *lists]), sink)
        yield sink.getvalue()
    else:
        for text in _GZIPPED_TEXT.findall(content):
            yield from _unpacked(gzip.decompress(base64.b64decode(text)))


def _is_binary(kind: pa.DataType) -> bool:
    return pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
