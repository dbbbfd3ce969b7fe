"""Why single records of an extract are left out, and when there are too many of them.

Walks in: the records of an extract as text. Walks out: a reason for each, empty where it counts, or an `InputError`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from sources.files.errors import InputError
from sources.tables.set_aside import refuse_many

EARLIEST = date(1990, 1, 1)

IMPOSSIBLE_DATE = "an impossible date"
TOO_EARLY = f"a date before {EARLIEST:%Y}"
IN_THE_FUTURE = "a date in the future"
FRAUD = "an excluded type (fraud)"
REPEATED = "a reference that came before"
CONTRADICTING = "a reference that came before, with another date, type or place"
LEFT_OUT = "after the last month that force.toml names"

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TOLD_BY = ["recorded_date", "ward_code", "borough_code", "offence_type"]
# What is a slip of single rows, by the column that holds it and what to do if it is many's.
_SLIPS = {
    IMPOSSIBLE_DATE: (
        "recorded_date",
        "Write dates as 2025-03-31, not as a spreadsheet does: 31/03/2025.",
    ),
    TOO_EARLY: ("recorded_date", "Correct the dates, or leave these rows out of the file."),
    IN_THE_FUTURE: ("recorded_date", "Correct the dates, or leave these rows out of the file."),
    CONTRADICTING: ("reference", "Give every offence a reference of its own, and one row."),
}


def row_faults(
    records: pd.DataFrame, harmonised: Mapping[str, str], today: date, last_month: date | None, path: Path
) -> pd.Series:
    """Return why each row is left out, empty where it is not.

    records: as in `sources.crime.incidents`, indexed by row of the file. harmonised: the crime type of each name, empty
    for excluded ones. last_month: a month's first day; rows of later months are left out.

    Raises
    ------
    InputError
        An empty reference, an unknown offence type, or slips of one kind in more rows than may be set aside.
    """
    unnamed = records.index[records["reference"] == ""]
    if len(unnamed):
        raise InputError(
            "A reference is empty, so that a repeated row could not be told from a second offence",
            file=path,
            row=int(unnamed[0]),
            column="reference",
            remedy="Give every offence a reference of its own.",
        )
    unknown = records.index[~records["offence_type"].isin(harmonised)]
    if len(unknown):
        raise InputError(
            "An unknown offence type",
            file=path,
            row=int(unknown[0]),
            column="offence_type",
            remedy="Use a harmonised type of sources/crime/crime_types.csv, or a name the publisher uses now.",
        )
    dates = records["recorded_date"]
    of_days = {day: _date_fault(day, today, last_month) for day in dates.unique()}
    faults = dates.map(of_days).mask(records["offence_type"].map(harmonised) == "", FRAUD)
    repeated = records["reference"].duplicated()
    faults = faults.mask(repeated, REPEATED)
    faults = faults.mask(faults.index.isin(_contradicting(records, repeated)), CONTRADICTING)
    for fault, (column, remedy) in _SLIPS.items():
        refuse_many(faults.index[faults == fault], len(faults), fault, file=path, column=column, remedy=remedy)
    return faults


def _contradicting(records: pd.DataFrame, repeated: pd.Series) -> pd.Index:
    """Return the rows whose reference came before with another date, type or place."""
    first = records[~repeated].set_index("reference")[_TOLD_BY]
    later = records[repeated]
    other = later[_TOLD_BY].to_numpy() != first.loc[later["reference"]].to_numpy()
    return later.index[other.any(axis=1)]


def _date_fault(day: str, today: date, last_month: date | None) -> str:
    try:
        recorded = date.fromisoformat(day if _DAY.fullmatch(day) else "")  # by itself it would take weeks too
    except ValueError:
        return IMPOSSIBLE_DATE
    if recorded < EARLIEST:
        return TOO_EARLY
    if last_month is not None and (recorded.year, recorded.month) > (last_month.year, last_month.month):
        return LEFT_OUT
    return IN_THE_FUTURE if recorded > today else ""
