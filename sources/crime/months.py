"""Months as publishers write them.

Walks in: a column of dates or of texts. Walks out: the first day of each row's month, or an `InputError` at the first
cell that is none, or of a year that no file can be of.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sources.files.errors import InputError

EARLIEST, LATEST = 1980, 2100  # years; a slip in a year would else make a history of thousands of months

_FORMATS = ("%Y-%m", "%b-%y", "%Y-%m-%d")


def months_of(table: pd.DataFrame, column: str, path: Path) -> pd.Series:
    """Return the first day of each row's month, given as a date or as text: "2021-01", "Jan-03" or "2021-01-31".

    Raises
    ------
    InputError
        At the first cell that holds no month, or one outside the years from `EARLIEST` to `LATEST`.
    """
    cells = table[column]
    days = cells
    if not pd.api.types.is_datetime64_any_dtype(cells):
        text = cells.astype("str").str.strip()
        days = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[us]")
        for form in _FORMATS:
            days = days.fillna(pd.to_datetime(text, format=form, errors="coerce").astype("datetime64[us]"))
    wrong = ~days.dt.year.between(EARLIEST, LATEST)
    if wrong.any():
        first = cells.index[wrong][0]
        raise InputError(
            "A month cannot be told",
            file=path,
            row=str(first),
            column=column,
            value=str(cells[first]),
            remedy=f"Write months as Jan-03 or 2003-01, of the years {EARLIEST} to {LATEST}.",
        )
    return days.dt.tz_localize(None).dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")
