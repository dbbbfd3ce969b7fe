"""A force's own stream: one long table beside `streams.toml`.

Walks in: a CSV or Parquet file with the columns area_code, month (or week, day), value, and series where there are
several. Walk out: rows of a stream.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sources.crime.months import EARLIEST, LATEST, months_of
from sources.files.errors import InputError
from sources.files.reading import numbers, read_table, refuse_repeats
from sources.streams.entries import StreamEntry
from sources.streams.tables import ONE_SERIES

AREA, VALUE, SERIES = "area_code", "value", "series"


def read_long_table(file: Path, about: StreamEntry, areas: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a long table: area_code, series, start, value.

    Areas are codes of the stream's level, of the force where the area is not known, or any where they are its own.

    Raises
    ------
    InputError
        If a column is missing or unknown, a row repeats another, an area is unknown, a period cannot be told, or a
        value is no number of at least zero, whole where the stream counts.
    """
    table = read_table(file, [AREA, about.period, VALUE])
    if unknown := [column for column in table if column not in (AREA, about.period, VALUE, SERIES)]:
        raise InputError(
            "The file has a column that is not known",
            file=file,
            row=1,
            column=str(unknown[0]),
            remedy=f"Keep {AREA}, {about.period}, {VALUE} and {SERIES} alone.",
        )
    if SERIES not in table:
        table = table.assign(**{SERIES: ONE_SERIES})
    rows = pd.DataFrame(
        {
            AREA: table[AREA].astype(str).str.strip(),
            SERIES: table[SERIES].astype(str).str.strip(),
            "start": starts_of(table, about, file),
            VALUE: numbers(table, [VALUE], file, whole=about.kind == "count")[VALUE],
        }
    )
    for column in (AREA, SERIES):
        refuse_empty(rows, column, file)
    refuse_repeats(rows, [AREA, SERIES, "start"], file)
    refuse_unknown_areas(rows, about, areas, file)
    return rows


def starts_of(table: pd.DataFrame, about: StreamEntry, file: Path) -> pd.Series:
    """Return the first day of each row's period; InputError at the first cell that holds none."""
    if about.period == "month":
        return months_of(table, about.period, file)
    return days_of(table, about.period, file)


def days_of(table: pd.DataFrame, column: str, file: Path) -> pd.Series:
    """Return days given as a date or as 2024-05-31; InputError at the first cell that is none."""
    cells = table[column]
    days = pd.to_datetime(cells, format=None if cells.dtype.kind == "M" else "%Y-%m-%d", errors="coerce")
    wrong = ~days.dt.year.between(EARLIEST, LATEST)
    if wrong.any():
        first = cells.index[wrong][0]
        raise InputError(
            "A day cannot be told",
            file=file,
            row=int(first),
            column=column,
            value=str(cells[first]),
            remedy=f"Write days as 2024-05-31, of the years {EARLIEST} to {LATEST}.",
        )
    return days.astype("datetime64[us]")


def refuse_empty(rows: pd.DataFrame, column: str, file: Path) -> None:
    """Refuse a row whose cell of a column is empty."""
    empty = rows.index[rows[column] == ""]
    if len(empty):
        raise InputError(
            "The cell is empty", file=file, row=int(empty[0]), column=column, value="", remedy="Fill the cell."
        )


def refuse_unknown_areas(rows: pd.DataFrame, about: StreamEntry, areas: pd.DataFrame, file: Path) -> None:
    """Refuse a row whose area is none of the level that the stream declares, nor stands for no known one."""
    if about.areas == "own":
        return
    levels = {"ward": ["ward_code", "borough_code", "force_code"], "borough": ["borough_code", "force_code"]}
    known = {code for column in levels.get(about.areas, ["force_code"]) for code in areas[column]}
    strange = rows.index[~rows[AREA].isin(known)]
    if len(strange):
        raise InputError(
            f"The area is no {about.areas} of the force",
            file=file,
            row=int(strange[0]),
            column=AREA,
            value=rows.loc[strange[0], AREA],
            remedy="Give the code of the area, or the force's where it is not known; "
            'or declare `areas = "own"` for areas of another kind.',
        )
