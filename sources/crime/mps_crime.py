"""The Metropolitan Police's recorded crime by area and type: wide files, one column a month.

Walks in: a ward, borough or LSOA file (CSV or CSV.gz), identifiers in any order and case. Walks out: a
`WideTable` of checked counts under the published names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sources.crime.whole_months import STUB, stubs
from sources.files.errors import InputError
from sources.files.reading import LARGEST, numbers, read_table, refuse_repeats
from sources.tables.columns_read import refuse_unread
from sources.tables.contracts import quarantined

# The column that holds the area, by level. The publisher's LSOA files name the crime types differently too.
AREA_COLUMN = {"ward": "wardcode", "borough": "boroughname", "lsoa": "lsoa_code"}
MAJOR_COLUMNS = ("majortext", "major_category")
MINOR_COLUMNS = ("minortext", "minor_category")
WARD_BOROUGH_COLUMN = "lookup_boroughname"
# Known to be of no use: names beside codes, and the borough beside an LSOA.
NO_USE = ("wardname", "lsoa_name", "borough", "lookup_boroughcode", "boroughcode", "boroughname")

# Heathrow Villages is policed by an aviation unit: some editions list it under that unit's name as well as
# under its borough, and the two rows of a crime type are parts of one count.
SEPARATELY_POLICED = "AVIATION SECURITY (SO18)"

_MONTH = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])")
_NAMED_BY_MONTH = "Name each column of counts by its year and month, as 202503 (not Mar-25, 2025-03 or a quarter)."
_TYPE = ["published_major", "published_minor"]


@dataclass(frozen=True)
class WideTable:
    """A wide file, checked: one row per area and published type, one column of counts per month.

    level: ward, borough or lsoa. rows: area, published_major, published_minor (upper case), indexed by row of
    the file. counts: rows x months; an area and type without a row had no offence. months: those the file
    publishes, stubs left out. quarantine: as its contract.
    """

    path: Path
    level: str
    rows: pd.DataFrame
    counts: np.ndarray
    months: pd.DatetimeIndex
    quarantine: pd.DataFrame


def read_wide(path: Path) -> WideTable:
    """Read a wide file of recorded crime.

    Raises
    ------
    InputError
        An unreadable file; a missing identifier; a column that is neither a month nor known; month columns missing in
        the middle; a count
        that is not a whole number of at least zero; an area and type on two rows, unless known to be split; a
        month within the file that is nearly empty.
    """
    table = read_table(path)
    published = table.columns
    table.columns = published.str.lower()
    level = next((level for level, column in AREA_COLUMN.items() if column in table), None)
    if level is None:
        raise _missing(table, list(AREA_COLUMN.values()), path)
    _refuse_other_columns(table.set_axis(published, axis="columns"), path)
    columns = _month_columns(table, path)
    rows = _identifiers(table, level, path)
    counts = _counts(table, columns, path)
    months = pd.DatetimeIndex(pd.to_datetime(columns, format="%Y%m").astype("datetime64[us]"))
    volumes = pd.Series(counts.sum(axis=0), index=months)
    left_out = stubs(volumes, path)
    faults = [(f"column {month:%Y%m}", STUB, int(volumes[month])) for month in left_out]
    whole = ~months.isin(left_out)
    return WideTable(path, level, rows, counts[:, whole], months[whole], quarantined(path.name, faults))


def _missing(table: pd.DataFrame, names: Sequence[str], path: Path) -> InputError:
    return InputError(
        "An identifier column is missing",
        file=path,
        row=1,
        column=" or ".join(names),
        remedy=f"Add the column, or correct its name; the file has: {', '.join(table.columns[:12])}.",
    )


def _refuse_other_columns(table: pd.DataFrame, path: Path) -> None:
    """Refuse a column that neither identifies the row nor begins with a digit, as months do."""
    identifiers = {*AREA_COLUMN.values(), *MAJOR_COLUMNS, *MINOR_COLUMNS, WARD_BOROUGH_COLUMN, *NO_USE}
    numbered = {column for column in table.columns if column[:1].isdigit()}
    refuse_unread(table, identifiers | numbered, path, f"{_NAMED_BY_MONTH} Take a column that is not one out.")


def _month_columns(table: pd.DataFrame, path: Path) -> list[str]:
    """Return the month columns in the order of time."""
    numbered = [column for column in table.columns if column[:1].isdigit()]
    columns = sorted(column for column in numbered if _MONTH.fullmatch(column))
    no_month = [column for column in numbered if column not in columns]
    if no_month or not columns:
        raise InputError(
            "A column that begins with a digit is not a month" if no_month else "The file has no month column",
            file=path,
            row=1,
            column=no_month[0] if no_month else None,
            remedy=f"{_NAMED_BY_MONTH} Give each month once.",
        )
    expected = pd.period_range(columns[0], columns[-1], freq="M").strftime("%Y%m")
    missing = [month for month in expected if month not in columns]
    if missing:
        raise InputError(
            f"{len(missing)} of the month columns between {columns[0]} and {columns[-1]} are missing",
            file=path,
            row=1,
            column=", ".join(missing[:6]),
            remedy="Obtain the file again, whole: a month not published is not a month without offences.",
        )
    return columns


def _identifiers(table: pd.DataFrame, level: str, path: Path) -> pd.DataFrame:
    """Return area, published_major and published_minor; refuse empty names and repeated rows."""
    source = {"area": AREA_COLUMN[level]}
    for name, choices in zip(_TYPE, (MAJOR_COLUMNS, MINOR_COLUMNS), strict=True):
        present = [column for column in choices if column in table]
        if not present:
            raise _missing(table, choices, path)
        source[name] = present[0]
    rows = pd.DataFrame({name: _tidied(table[column]) for name, column in source.items()})
    for name, column in source.items():
        if (rows[name] == "").any():
            raise InputError(
                "An identifier is empty",
                file=path,
                row=int(rows.index[rows[name] == ""][0]),
                column=column,
                remedy="Fill it in; a row of totals does not belong in the file.",
            )
    key = rows.rename(columns=source)
    if WARD_BOROUGH_COLUMN in table:
        apart = _tidied(table[WARD_BOROUGH_COLUMN]) == SEPARATELY_POLICED
        key[WARD_BOROUGH_COLUMN] = np.where(apart, SEPARATELY_POLICED, "")
    refuse_repeats(key, list(key.columns), path)
    return rows


def _tidied(names: pd.Series) -> pd.Series:
    """Return names in upper case with single blanks, as categories."""
    return names.fillna("").astype("category").map(lambda name: " ".join(name.split()).upper()).astype("category")


def _counts(table: pd.DataFrame, months: list[str], path: Path) -> np.ndarray:
    """Return the counts, rows x months."""
    cells = pa.Table.from_pandas(table[months], preserve_index=False)
    counts = None
    if all(pc.all(pc.utf8_is_digit(cells[month])).as_py() for month in months):  # Arrow would take 0x1f for 31
        try:
            counts = np.column_stack([cells[month].cast(pa.int64()).to_numpy() for month in months])
        except pa.ArrowInvalid:
            counts = None
    if counts is None or not ((counts >= 0) & (counts <= LARGEST)).all():
        # Slower, and names the cell that is wrong.
        counts = numbers(table, months, path, whole=True).to_numpy().astype("int64")
    return counts
