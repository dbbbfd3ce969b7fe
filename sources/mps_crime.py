"""The Metropolitan Police's recorded crime by area and type: wide files, one column a month.

Walks in: a ward, borough or LSOA file (CSV or CSV.gz), identifiers in any order and case. Walks out: a
`WideTable` of checked counts under the published names, and from it the counts by harmonised type, long.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from sources.contracts import QUARANTINE, InputError, checked
from sources.reading import numbers, read_table, refuse_repeats

# The column that holds the area, by level. The publisher's LSOA files name the crime types differently too.
AREA_COLUMN = {"ward": "wardcode", "borough": "boroughname", "lsoa": "lsoa_code"}
MAJOR_COLUMNS = ("majortext", "major_category")
MINOR_COLUMNS = ("minortext", "minor_category")
WARD_BOROUGH_COLUMN = "lookup_boroughname"

# Heathrow Villages is policed by an aviation unit: some editions list it under that unit's name as well as
# under its borough, and the two rows of a crime type are parts of one count.
SEPARATELY_POLICED = "AVIATION SECURITY (SO18)"

# A rolling file may open with a month of a few dozen offences, or end with one just begun. No whole month
# comes near a twentieth of a usual one (London's lowest, in the first lockdown, held 73 %), unless a usual
# month holds next to nothing.
STUB_SHARE = 0.05
USUAL_MONTH = 20

_SIX_DIGITS = re.compile(r"\d{6}")
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
        An unreadable file; a missing identifier; month columns missing in the middle or not a month; a count
        that is not a whole number of at least zero; an area and type on two rows, unless known to be split; a
        month within the file that is nearly empty.
    """
    table = read_table(path)
    table.columns = table.columns.str.lower()
    level = next((level for level, column in AREA_COLUMN.items() if column in table), None)
    if level is None:
        raise _missing(table, list(AREA_COLUMN.values()), path)
    months = _month_columns(table, path)
    rows = _identifiers(table, level, path)
    counts = _counts(table, months, path)
    stub = _stubs(counts.sum(axis=0), months, path)
    reason = "a stub: the month holds under a twentieth of a usual month's offences, so all of it is left out"
    faults = [(f"column {months[i]}", reason, int(counts[:, i].sum())) for i in np.flatnonzero(stub)]
    kept = pd.to_datetime(np.array(months)[~stub], format="%Y%m").astype("datetime64[us]")
    return WideTable(path, level, rows, counts[:, ~stub], pd.DatetimeIndex(kept), quarantined(path.name, faults))


def to_offences(
    wide: WideTable, crosswalk: pd.DataFrame, area_codes: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return counts by area_code, crime_type and month, zeros left out, and the quarantine.

    crosswalk: that of the file's vocabulary, which must map every type that is not excluded. area_codes: the
    code of each area by its `area_key`; areas of one code are summed.

    Raises
    ------
    InputError
        An area without a code.
    """
    types = _mapped(wide, crosswalk)
    kept = (types["excluded"] == "").to_numpy()
    codes, names = _coded(wide, area_codes)[kept], types["crime_type"].astype("category")[kept]
    summed = pd.DataFrame(wide.counts[kept], index=codes.index).groupby([codes, names], observed=True).sum()
    counts = summed.to_numpy()
    row, month = np.nonzero(counts)
    offences = pd.DataFrame(
        {
            "area_code": summed.index.get_level_values(0).astype(str)[row],
            "crime_type": summed.index.get_level_values(1).astype(str)[row],
            "month": wide.months[month],
            "count": counts[row, month],
        }
    )
    left_out = types[~kept].assign(count=wide.counts[~kept].sum(axis=1))
    by_type = left_out.groupby(["published_minor", "excluded"], as_index=False)["count"].sum()
    faults = [
        (f"type {each.published_minor}", f"excluded: {each.excluded}", each.count)
        for each in by_type.itertuples(name="Excluded")
        if each.count
    ]
    return offences, quarantined(wide.path.name, faults)


def totals_by_area(wide: WideTable, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Return offences of all types but the excluded ones, areas (as published) x months."""
    kept = (_mapped(wide, crosswalk)["excluded"] == "").to_numpy()
    counts = pd.DataFrame(wide.counts[kept], columns=wide.months)
    return counts.groupby(wide.rows["area"].astype(str).to_numpy()[kept]).sum()


def area_key(area: str) -> str:
    """Return the form in which areas are compared: no case, single blanks, "and" for "&"."""
    return " ".join(area.replace("&", " and ").split()).casefold()


def quarantined(file: str, faults: Sequence[tuple[str, str, int]]) -> pd.DataFrame:
    """Return the (row, reason, count) faults of one file as a table that keeps the contract `QUARANTINE`."""
    table = pd.DataFrame(faults, columns=["row", "reason", "count"]).assign(file=file)
    return checked(QUARANTINE, table, file)


def _missing(table: pd.DataFrame, names: Sequence[str], path: Path) -> InputError:
    return InputError(
        "An identifier column is missing",
        file=path,
        row=1,
        column=" or ".join(names),
        remedy=f"Add the column, or correct its name; the file has: {', '.join(table.columns[:12])}.",
    )


def _month_columns(table: pd.DataFrame, path: Path) -> list[str]:
    """Return the month columns in the order of time; every other column identifies the row."""
    columns = sorted(column for column in table.columns if _SIX_DIGITS.fullmatch(column))
    no_month = [column for column in columns if not 1 <= int(column[4:]) <= 12]
    if no_month or not columns:
        raise InputError(
            "A column of six digits is not a month" if columns else "The file has no month column",
            file=path,
            row=1,
            column=no_month[0] if columns else None,
            remedy="Name the columns of counts by year and month, as 202503.",
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
    schema = pa.schema([(month, pa.int64()) for month in months])
    try:
        cast = pa.Table.from_pandas(table[months], preserve_index=False).cast(schema)
        counts = np.column_stack([cast[month].to_numpy() for month in months])
    except pa.ArrowInvalid:
        counts = None
    if counts is None or not (counts >= 0).all():
        # Slower, and names the cell that is wrong.
        counts = numbers(table, months, path, whole=True).to_numpy().astype("int64")
    return counts


def _stubs(volumes: np.ndarray, months: list[str], path: Path) -> np.ndarray:
    """Return which months are stubs; refuse one that lies within the file."""
    usual = float(np.median(volumes))
    stub = (volumes < STUB_SHARE * usual) & (usual >= USUAL_MONTH)
    if stub[1:-1].any():
        month = 1 + int(np.flatnonzero(stub[1:-1])[0])
        raise InputError(
            "A month within the file holds under a twentieth of a usual month's offences",
            file=path,
            column=months[month],
            value=int(volumes[month]),
            remedy="Obtain the file again, whole; only its first or last month may be unfinished.",
        )
    return stub


def _mapped(wide: WideTable, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Return the crosswalk's entry for every row of the file."""
    entries = wide.rows.merge(crosswalk, on=_TYPE, how="left").set_axis(wide.rows.index)
    if entries["excluded"].isna().any():
        raise ValueError(f"the crosswalk is not that of the vocabulary of {wide.path}")
    return entries


def _coded(wide: WideTable, area_codes: Mapping[str, str]) -> pd.Series:
    """Return the area code of every row of the file, as categories."""
    areas = wide.rows["area"]
    codes = areas.map({area: area_codes.get(area_key(area), "") for area in areas.cat.categories})
    unknown = areas[codes == ""]
    if len(unknown):
        names = list(dict.fromkeys(unknown))
        raise InputError(
            f"Not in the table of areas: {', '.join(names[:5])}{', and more' if names[5:] else ''}",
            file=wide.path,
            row=int(unknown.index[0]),
            column=AREA_COLUMN[wide.level],
            value=names[0],
            remedy="Use a file of the same vintage of areas, or correct the table of areas.",
        )
    return codes.astype("category")
