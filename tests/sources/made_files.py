"""Files of the simulated force as lines and cells, to be spoilt by tests."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from pathlib import Path

Rows = list[list[str]]


def read_rows(file: Path) -> Rows:
    """Return the cells of a CSV file, gzipped or not."""
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def write_rows(file: Path, rows: Rows) -> None:
    """Write cells as a CSV file, gzipped if its name says so."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    content = text.getvalue().encode()
    file.write_bytes(gzip.compress(content) if file.suffix == ".gz" else content)


def change(data: Path, pattern: str, how: Callable[[Rows], Rows]) -> None:
    """Rewrite every file of a pattern."""
    found = list(data.glob(pattern))
    assert found, pattern
    for file in found:
        write_rows(file, how(read_rows(file)))
