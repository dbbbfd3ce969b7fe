"""Publishers' files read so that whatever is wrong with one is said plainly.

Walks in: the path of a CSV, Parquet or GeoJSON file, plain or gzipped. Walks out: its rows, indexed by their
number in the file (the header is row 1), or an `InputError` naming file, row, column and value.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.errors import ShapelyError

from sources.files.content import read_content, too_large
from sources.files.errors import InputError
from sources.files.missing_words import without_missing_words
from sources.files.parquet_table import MOST_CELLS, parse_parquet

LONGEST_CELL = 131_072  # characters; no cell of a table of a force comes near it
LARGEST = 10**9  # no count, number of people or score in any of the files comes near it
MOST_COLUMNS = 2_000  # of a CSV file; a wide file of fourteen years has 172
LONGEST_HEADER = 2**20  # bytes
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "upright strokes"}
LARGEST_SHAPES = 32 * 2**20  # bytes of a GeoJSON file, which takes fifty times that in memory


def read_table(path: Path, required: Sequence[str] = ()) -> pd.DataFrame:
    """Return the rows of a CSV file as text, or of a Parquet file as they are, indexed by row number.

    Words for missing (NA, NULL and the like: `sources.files.missing_words`) are read as empty cells.

    Raises
    ------
    InputError
        As `read_content`; if the file is not what its name says, is not UTF-8 text, has a row of too many
        cells, no row at all, a required column missing, or two columns of one name but for case.
    """
    return parse_table(read_content(path), path, required)


def parse_table(content: bytes, path: Path, required: Sequence[str] = ()) -> pd.DataFrame:
    """Return the rows of a file that was read already, as `read_table` does; `path` is where it was."""
    parquet = path.suffix == ".parquet"
    table = without_missing_words(parse_parquet(content, path), None) if parquet else _csv(content, path)
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
    content = read_content(path, LARGEST_SHAPES)
    try:
        _refuse_other_json(json.loads(content))
        shapes = gpd.read_file(io.BytesIO(content))
    except (ValueError, RuntimeError, ShapelyError) as error:
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
    if not np.abs(shapes.total_bounds).max() <= 180:
        raise InputError(
            "Coordinates are not longitude and latitude in degrees",
            file=path,
            value=float(np.abs(shapes.total_bounds).max()),
            remedy="Save the boundaries in WGS84 (EPSG:4326).",
        )
    return shapes


def _refuse_other_json(content: object) -> None:
    """Raise ValueError unless it is a collection of features: the reader of shapes takes other things without a word.

    A reference system that is a link would be looked up in the network.
    """
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        raise ValueError("not a collection of features")
    system = content.get("crs")
    if system is not None and not (isinstance(system, dict) and system.get("type") == "name"):
        raise ValueError("a reference system that is not given by its name")


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


def count_rows(path: Path) -> int:
    """Return the number of rows of a CSV file that hold anything, the header left out."""
    return sum(any(cells) for cells in _records(read_content(path), path)) - 1


def _csv(content: bytes, path: Path) -> pd.DataFrame:
    if b"\0" in content:
        raise _not_text(content, content.index(b"\0"), path)
    width = _width(content, path)
    lines = 1 + content.count(b"\n") + content.count(b"\r")
    if width * lines > MOST_CELLS:
        raise too_large(path, f"{lines:,} lines of {width} cells")
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
        raise _not_text(content, _first_not_text(content), path) from error
    except pd.errors.ParserError as error:
        raise _not_csv(error, path) from error
    rows.index += 1
    # pandas fills up a row cut short, which lacks its last cell at least; after a stray quotation mark it takes
    # many lines for one cell.
    if b'"' in content or (rows.iloc[:, -1] == "").any():
        _refuse_odd_rows(content, width, path)
    rows.columns = pd.Index(rows.iloc[0].str.strip().to_numpy())
    table = without_missing_words(rows.iloc[1:], "")
    return table[(table != "").any(axis="columns")]


def _width(content: bytes, path: Path) -> int:
    """Return the number of columns that the header names, read by itself: pandas takes very long over very many."""
    beginning = content[:LONGEST_HEADER]
    header = next(_records(beginning, path, errors="replace"), [])
    if not header or len(header) > MOST_COLUMNS or (len(beginning) < len(content) and b"\n" not in beginning):
        raise InputError(
            f"The first line names {len(header)} columns, where 1 to {MOST_COLUMNS:,} are possible",
            file=path,
            row=1,
            remedy="Obtain the file again: the names of its columns belong in the first line.",
        )
    if len(header) == 1 and (other := [name for sign, name in _SEPARATORS.items() if sign in header[0]]):
        raise InputError(
            f"The cells of the first line are separated by {other[0]}, not by commas",
            file=path,
            row=1,
            value=header[0][:80],
            remedy="Save the file as CSV with commas.",
        )
    return len(header)


def _refuse_odd_rows(content: bytes, width: int, path: Path) -> None:
    """Refuse rows of fewer cells than the header names, and cells of several lines."""
    quoted = b'"' in content
    last = content.rstrip(b"\r\n").count(b"\n") + 1
    for row, cells in enumerate(_records(content, path), start=1):
        broken = quoted and any(end in cell for cell in cells for end in "\r\n")
        if broken or 0 < len(cells) < width:
            cut = ": the file is cut short" if row == last else ""
            raise InputError(
                "A quotation mark opens a cell of several lines"
                if broken
                else f"The row has {len(cells)} cells where the header names {width} columns{cut}",
                file=path,
                row=row,
                remedy="Obtain the file again, whole." if cut else "Correct that line, or obtain the file again.",
            )


def _records(content: bytes, path: Path, errors: str = "strict") -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)  # one for the whole process, and other libraries move it
    try:
        yield from csv.reader(io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", errors, newline=""), strict=True)
    except csv.Error as error:
        raise _not_csv(error, path) from error


def _not_csv(error: Exception, path: Path) -> InputError:
    return InputError(
        f"The file cannot be read as CSV: {error}", file=path, remedy="Correct that line, or obtain the file again."
    )


def _not_text(content: bytes, place: int, path: Path) -> InputError:
    return InputError(
        "The file is not UTF-8 text",
        file=path,
        row=content.count(b"\n", 0, place) + 1,
        value=content[place : place + 4],
        remedy="Save it as CSV in UTF-8.",
    )


def _first_not_text(content: bytes) -> int:
    # pandas' own error counts from the beginning of the part that it was reading.
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return 0
