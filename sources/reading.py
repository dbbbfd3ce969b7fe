"""Publishers' files read so that whatever is wrong with one is said plainly.

Walks in: the path of a CSV, Parquet or GeoJSON file, plain or gzipped. Walks out: its rows, indexed by their
number in the file (the header is row 1), or an `InputError` naming file, row, column and value.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from pyarrow import ArrowException

from sources.contracts import InputError

LARGEST = 10**9  # no count, number of people or score in any of the files comes near it

_GZIP_MAGIC = b"\x1f\x8b"


def read_content(path: Path) -> bytes:
    """Return the content of a file, unpacked if it is gzipped.

    Raises
    ------
    InputError
        If the file is missing, unreadable, empty, or a gzip file that is cut short.
    """
    try:
        packed = path.read_bytes()
        content = gzip.decompress(packed) if packed.startswith(_GZIP_MAGIC) else packed
    except FileNotFoundError as error:
        raise InputError(
            "There is no such file",
            file=path,
            remedy="Put the file there, or fetch it with `wardcast fetch`.",
        ) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(
            "The compressed file is cut short or damaged", file=path, remedy="Obtain the file again, whole."
        ) from error
    except OSError as error:
        raise InputError(
            f"The file cannot be opened: {error.strerror}",
            file=path,
            remedy="Check what it is and its permissions.",
        ) from error
    if not content.strip():
        raise InputError("The file is empty", file=path, remedy="Obtain the file again, whole.")
    return content


def read_table(path: Path, required: Sequence[str] = ()) -> pd.DataFrame:
    """Return the rows of a CSV file as text, or of a Parquet file as they are, indexed by row number.

    Raises
    ------
    InputError
        As `read_content`; if the file is not what its name says, is not UTF-8 text, has a row of too many
        cells, no row at all, a required column missing, or two columns of one name but for case.
    """
    return parse_table(read_content(path), path, required)


def parse_table(content: bytes, path: Path, required: Sequence[str] = ()) -> pd.DataFrame:
    """Return the rows of a file that was read already, as `read_table` does; `path` is where it was."""
    table = _parquet(content, path) if path.suffix == ".parquet" else _csv(content, path)
    columns = table.columns
    repeated = columns[columns.str.casefold().duplicated() & (columns != "")]
    if len(repeated):
        raise InputError(
            "Two columns have the same name, but perhaps for capitals",
            file=path,
            row=1,
            column=repeated[0],
            remedy="Keep one of them, or rename one.",
        )
    missing = [column for column in required if column not in columns]
    if missing:
        raise InputError(
            f"The file lacks a column that is needed; it has {', '.join(columns[:12])}",
            file=path,
            column=", ".join(missing),
            remedy="Obtain the file in the form that docs/data.md describes, or give its column this name.",
        )
    if table.empty:
        raise InputError("The file has a header but no rows", file=path, remedy="Obtain the file again, whole.")
    return table


def read_polygons(path: Path) -> gpd.GeoDataFrame:
    """Return the polygons of a GeoJSON file with their properties, in WGS84.

    Raises
    ------
    InputError
        As `read_content`; if the file is not GeoJSON, a feature is no polygon, or coordinates are not
        degrees.
    """
    content = read_content(path)
    try:
        json.loads(content)  # the reader of shapes would take other formats, and files cut short, without a word
        shapes = gpd.read_file(io.BytesIO(content))
    except (ValueError, RuntimeError) as error:
        raise InputError(
            "The file is not GeoJSON, or is cut short", file=path, remedy="Obtain the file again, whole."
        ) from error
    if not isinstance(shapes, gpd.GeoDataFrame) or shapes.empty:
        raise InputError("The file holds no shapes", file=path, remedy="Obtain the file again, whole.")
    strange = ~shapes.geom_type.isin(["Polygon", "MultiPolygon"]) | shapes.is_empty
    if strange.any():
        first = int(np.flatnonzero(strange)[0])
        raise InputError(
            "A feature is not a polygon",
            file=path,
            row=f"feature {first + 1}",
            value=str(shapes.geom_type.iloc[first]),
            remedy="Supply boundaries as polygons.",
        )
    shapes = shapes.to_crs("EPSG:4326")
    if np.abs(shapes.total_bounds).max() > 180:
        raise InputError(
            "Coordinates are not longitude and latitude in degrees",
            file=path,
            value=float(np.abs(shapes.total_bounds).max()),
            remedy="Save the boundaries in WGS84 (EPSG:4326).",
        )
    return shapes


def numbers(
    table: pd.DataFrame, columns: Sequence[str], file: Path, *, negative: bool = False, whole: bool = False
) -> pd.DataFrame:
    """Return columns as floats, (row, column), index kept.

    Raises
    ------
    InputError
        At the first cell that is empty, text or beyond `LARGEST`; or negative or fractional, unless these are
        allowed.
    """
    cells = table[list(columns)]
    values = cells.apply(pd.to_numeric, errors="coerce").astype(float)
    cell_values = values.to_numpy()
    wrong = ~(np.abs(cell_values) <= LARGEST)  # neither is what is not a number
    if not negative:
        wrong |= cell_values < 0
    if whole:
        wrong |= cell_values != np.floor(cell_values)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        kind = f"{'whole ' if whole else ''}number{'' if negative else ' of at least zero'}"
        too_large = np.isfinite(cell_values[row, column]) and abs(cell_values[row, column]) > LARGEST
        raise InputError(
            f"The cell holds more than {LARGEST:,}" if too_large else f"The cell does not hold a {kind}",
            file=file,
            row=int(table.index[row]),
            column=str(columns[column]),
            value=str(cells.iloc[row, column]),
            remedy="Correct the cell, or obtain the file again.",
        )
    return values


def refuse_repeats(table: pd.DataFrame, keys: Sequence[str], file: Path) -> None:
    """Refuse rows that give the same keys twice, naming the later row."""
    repeated = table.index[table.duplicated(list(keys))]
    if len(repeated):
        key = ", ".join(str(value) for value in table.loc[repeated[0], list(keys)])
        raise InputError(
            f"{len(repeated)} rows repeat what an earlier row gives",
            file=file,
            row=int(repeated[0]),
            column=", ".join(keys),
            value=key,
            remedy="Keep one row for each.",
        )


def _csv(content: bytes, path: Path) -> pd.DataFrame:
    # The header is read as a row, so that pandas neither renames repeated columns nor takes one for an index.
    try:
        rows = pd.read_csv(
            io.BytesIO(content),
            header=None,
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
            encoding="utf-8-sig",
        )
    except UnicodeDecodeError as error:
        place = _first_not_text(content)
        raise InputError(
            "The file is not UTF-8 text",
            file=path,
            row=content.count(b"\n", 0, place) + 1,
            value=content[place : place + 4],
            remedy="Save it as CSV in UTF-8.",
        ) from error
    except pd.errors.ParserError as error:
        raise InputError(
            f"The file cannot be read as CSV: {error}",
            file=path,
            remedy="Correct that line, or obtain the file again.",
        ) from error
    rows.index += 1
    rows.columns = pd.Index(rows.iloc[0].str.strip().to_numpy())
    table = rows.iloc[1:]
    return table[(table != "").any(axis="columns")]


def _first_not_text(content: bytes) -> int:
    # pandas' own error counts from the beginning of the part that it was reading.
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _parquet(content: bytes, path: Path) -> pd.DataFrame:
    try:
        table = pd.read_parquet(io.BytesIO(content))
    except (ArrowException, OSError, ValueError) as error:
        raise InputError(
            "The file is not Parquet, or is cut short", file=path, remedy="Obtain the file again, whole."
        ) from error
    return table.set_axis(pd.RangeIndex(1, len(table) + 1)).rename(columns=str)
